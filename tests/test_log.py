"""The notes are the log: what counts as contact, what never does, and what is promised."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core import dates
from mdmentor.core import log as talks
from mdmentor.core.model import Note, Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.privacy import private_lines
from tests.conftest import VaultOnDisk


def ada(text: str) -> Note:
    return parse_note("people/Ada.md", text.encode(), Settings())


def log(*lines: str, heading: str = "## Log") -> list[tuple[str, str, str, tuple[str, ...]]]:
    note = ada("# Ada\n\n" + heading + "\n\n" + "\n".join(lines) + "\n")
    return [(str(i.date), i.channel, i.text, i.marks) for i in note.interactions]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- 2026-10-14 call: asked about it", ("call", "asked about it")),
        ("- [[2026-10-14]] call: asked about it", ("call", "asked about it")),
        ("- **2026-10-14** call - asked about it", ("call", "asked about it")),
        ("* 2026-10-14: asked about it", ("", "asked about it")),
        ("- <2026-10-14 Wed> call :: asked about it", ("call", "asked about it")),
        ("+ 2026-10-14 – coffee – asked about it", ("coffee", "asked about it")),
        ("1. 2026-10-14 lunch asked about it", ("", "lunch asked about it")),
        ("- [x] 2026-10-14 Call: asked about it", ("call", "asked about it")),
        ("- 2026-10-14 asked about it", ("", "asked about it")),
        ("- 2026-10-14 Grace: asked about it", ("", "Grace: asked about it")),
        ("- 2026-10-14 pigeon: asked about it", ("pigeon", "asked about it")),
        ("- 2026-10-14 video call: asked about it", ("video call", "asked about it")),
        ("- 2026-10-14 team lunch: asked about it", ("team lunch", "asked about it")),
        ("- 2026-10-14 call with Bob: asked", ("", "call with Bob: asked")),
        ("- 2026-10-14 called her, said thanks", ("", "called her, said thanks")),
        ("- 2026-10-14 Lunch - asked about it", ("lunch", "asked about it")),
        ("- 2026-10-14 https://example.org said", ("", "https://example.org said")),
        ("- 14.10.2026 call: asked about it", ("call", "asked about it")),
        ("- 14 Oktober 2026: asked about it", ("", "asked about it")),
        ("### 14. Oktober 2026: asked about it", ("", "asked about it")),
        ("- 14. Oktober 2026: asked about it", ("", "asked about it")),
        ("* 14. Okt. 2026 call: asked about it", ("call", "asked about it")),
        ("- 2026-10-14 → asked about it", ("", "asked about it")),
        ("- Mi, 14.10.2026 – asked about it", ("", "asked about it")),
        ("- <2026-10-14 Wed> call: asked about it", ("call", "asked about it")),
        ("- <2026-10-14 Wed 10:30> asked about it", ("", "asked about it")),
        ("- [2026-10-14 Mi.] asked about it", ("", "asked about it")),
        ("- 📞 2026-10-14 call: asked about it", ("call", "asked about it")),
        ("- Wed 2026-10-14 call: asked about it", ("call", "asked about it")),
        ("- 2026-10-14", ("", "")),
        ("- 2026-10-14 call", ("call", "")),
    ],
)
def test_an_entry_is_a_date_a_channel_and_a_text(line: str, expected: tuple[str, str]) -> None:
    assert [(i[1], i[2]) for i in log(line)] == [expected]
    assert log(line)[0][0] == "2026-10-14"


@pytest.mark.parametrize(
    "heading",
    [
        "## Log",
        "# log",
        "### Interactions",
        "## Interaction Log",
        "## Contact log:",
        "## HISTORY",
        "## Timeline",
    ],
)
def test_the_log_stands_under_one_of_these_headings(heading: str) -> None:
    assert len(log("- 2026-10-14 call", heading=heading)) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "## Notes",
        "## Meetings",
        "# Ada",
        "## Notizen",
        "### 2026",
        "## Plans\n### Log",
        "## What we plan to do together",
    ],
)
def test_a_dated_item_is_a_talk_under_any_heading_or_none(heading: str) -> None:
    assert log("- 2026-10-14 call: asked", heading=heading) == [("2026-10-14", "call", "asked", ())]


@pytest.mark.parametrize(
    "heading",
    [
        "## To do", "## TODO", "## Todos", "## Next", "## Next steps", "## Plans", "## Ideas", "## Reminders", "## Dates",
        "## Important dates", "## Pläne", "## Aufgaben", "## Geburtstage", "## Plans:", "## 📅 Dates", "## **Next**",
        "## Plans\n### 2026", "## Log\n### Next", "## Career", "## Bio", "## Lebenslauf",
        "## Plans for 2026", "## Ideas / gifts", "## TODOs", "## To-Do list", "## Things to do", "## Open tasks",
        "## Next meeting", "## Ideen für Geschenke",
        "## Dates importantes", "## Fechas importantes",
    ],
)  # fmt: skip
def test_below_a_heading_for_plans_a_date_is_no_talk(heading: str) -> None:
    assert log("- 2026-10-14 call: asked", "", "#### 2026-10-15 tea", heading=heading) == []


def test_the_log_may_be_parted_by_headings_and_entries_may_be_headings() -> None:
    told = log(
        "### 2026",
        "- 2026-10-14 call",
        "### 2026-10-20 coffee",
        "We talked of the raise. #got",
        "- and more",
        "### 2026-11-01",
        "words",
    )
    assert [t[:3] for t in told] == [
        ("2026-10-14", "call", ""),
        ("2026-10-20", "coffee", "We talked of the raise."),
        ("2026-11-01", "", "words"),
    ]
    assert told[1][3] == ("got",)


@pytest.mark.parametrize("title", ["Plans", "## Career", "**Next steps**", "Geburtstage", "Life events:"])
def test_below_a_list_item_called_like_a_heading_for_plans_a_date_is_no_talk(title: str) -> None:
    assert log(f"- {title}", "  - 2026-10-14 call: asked", "    - 2026-10-15 tea", heading="") == []
    assert len(log(f"- {title}", "  - one", "- 2026-10-14 call: asked", heading="")) == 1
    assert len(log(f"- {title}", "  - Log", "    - 2026-10-14 call: asked", heading="")) == 1


def test_a_day_with_a_dot_has_what_is_nested_below_it() -> None:
    found = log(
        "- 14. Oktober 2026: the raise", "  - read my page #got", "- 15. Oktober 2026", "    - tea #gave"
    )
    assert [(day, text, marks) for day, _, text, marks in found] == [
        ("2026-10-14", "the raise", ("got",)),
        ("2026-10-15", "tea", ("gave",)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] 2026-10-14 call her",
        "> - 2026-10-14 call",
        "```\n- 2026-10-14 call\n```",
        "    - 2026-10-14 call",
        "<!-- - 2026-10-14 call -->",
        "%% - 2026-10-14 call %%",
        "- 2026-10-14 read about her #mention",
        "- call on 2026-10-14",
        "paragraph",
    ],
)
def test_these_never_count(line: str) -> None:
    assert log(line) == []


def test_marks_are_read_in_any_case_and_kept_out_of_the_text() -> None:
    assert log("- 2026-10-14 tea #Got #gave #thanked #sent #other #gotten")[0][2:] == (
        "tea #other #gotten",
        ("got", "gave", "thanked", "sent"),
    )


def test_a_date_that_no_calendar_has_is_told_with_its_place() -> None:
    problems = [str(p) for p in ada("# Ada\n\n## Log\n- 2026-02-30 call\n").problems]
    assert problems == [
        'people/Ada.md:4:1: log entry starts with "2026-02-30", which is not a date;'
        " write a day that the calendar has, as in 2026-10-14"
    ]


@pytest.mark.parametrize(
    ("line", "text", "due", "theirs"),
    [
        ("- [ ] send the paper 📅 2026-11-30", "send the paper", date(2026, 11, 30), False),
        ("- [ ] send the paper due:: 2026-11-30", "send the paper", date(2026, 11, 30), False),
        ("- [ ] send the paper (by 2026-11-30)", "send the paper", date(2026, 11, 30), False),
        ("- [ ] #waiting the draft (by 2026-11-30)", "the draft", date(2026, 11, 30), True),
        ("* [ ] call back", "call back", None, False),
    ],
)
def test_an_open_task_in_a_contacts_note_is_a_promise(
    line: str, text: str, due: date | None, theirs: bool
) -> None:
    promise = ada(f"# Ada\n\n{line}\n- [x] done already\n").promises
    assert [(p.text, p.due, p.theirs) for p in promise] == [(text, due, theirs)]


def test_elsewhere_an_open_task_counts_for_the_person_it_links(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("todo.md", "- [ ] send [[Ada]] the paper 📅 2026-11-30\n- [ ] buy milk\n")
    told = vault.json("promises")["promises"]
    assert [(p["name"], p["due"], p["by"], p["path"], p["line"]) for p in told] == [
        ("Ada", "2026-11-30", "me", "todo.md", 1)
    ]


def contacted(vault: VaultOnDisk, name: str = "Ada") -> list[tuple[str, str]]:
    return [(i["date"], i["path"]) for i in vault.json("show", name)["interactions"]]


@pytest.mark.parametrize(
    "line",
    [
        "- tea with [[Ada]]",
        "Tea with [[people/Ada|her]].",
        "- [x] call [Ada](../people/Ada.md)",
        "## Call with [[Ada]]",
    ],
)
def test_a_link_in_a_dated_note_counts_on_its_day(vault: VaultOnDisk, line: str) -> None:
    vault.add("people/Ada.md", "")
    vault.add("journal/2026-11-20.md", line + "\n")
    assert contacted(vault) == [("2026-11-20", "journal/2026-11-20.md")]


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] call [[Ada]]",
        "> as [[Ada]] said",
        "`[[Ada]]`",
        "```\n[[Ada]]\n```",
        "![[Ada]]",
        "- read of [[Ada]] #mention",
        "%% [[Ada]] %%",
        "<!-- [[Ada]] -->",
    ],
)
def test_these_links_in_a_dated_note_never_count(vault: VaultOnDisk, line: str) -> None:
    vault.add("people/Ada.md", "")
    vault.add("journal/2026-11-20.md", line + "\n")
    assert contacted(vault) == []


def test_one_item_counts_for_each_person_it_links(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("people/Grace.md", "")
    vault.add("2026-11-20.md", "- lunch with [[Ada]] and [[Grace]], [[Ada]] paid\n")
    assert contacted(vault) == contacted(vault, "Grace") == [("2026-11-20", "2026-11-20.md")]


def test_journal_mentions_can_be_turned_off(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("2026-11-20.md", "- lunch with [[Ada]]\n")
    vault.add("mdmentor.toml", "[journal]\nmentions = false\n")
    assert contacted(vault) == []


def test_a_meetings_attendees_count_however_they_are_written(vault: VaultOnDisk) -> None:
    for name in ("Ada", "Grace Hopper", "Cem"):
        vault.add(f"people/{name}.md", "")
    vault.add(
        "Review.md",
        '---\ntype: meeting\ndate: 2026-11-20\nattendees: ["[[Ada]]", Grace Hopper, Nobody]\n---\nAlso [[Cem]].\n',
    )
    assert (
        contacted(vault)
        == contacted(vault, "grace")
        == contacted(vault, "Cem")
        == [("2026-11-20", "Review.md")]
    )
    assert vault.json("links", "Review.md")[0]["raw"] == "[[Ada]]"
    assert vault.problems() == []


def test_the_same_day_told_in_two_notes_is_one_contact_day_and_a_plan_is_none(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md",
        "---\nlast_contact: 2026-09-01\n---\n## Log\n- 2026-11-20 tea\n- 2026-12-24 dinner\n- 2026-01-01 call\n",
    )
    vault.add("2026-11-20.md", "- tea with [[Ada]]\n")
    assert vault.json("show", "Ada")["last_contact"] == "2026-11-20"
    assert [(o["date"], o["kind"]) for o in vault.json("dates")] == [("2026-12-24", "plan")]


def test_private_lines_take_their_continuation_and_what_is_nested_with_them() -> None:
    text = "- one #private\n  goes on\n  - nested\n\n  - after a blank\n- two\n\nA text\nwith #private in it\nand its end\n\nanother\n## Heading #private\nopen\n"
    assert private_lines(text) == {1, 2, 3, 4, 5, 8, 9, 10, 13, 14, 15}


@pytest.mark.parametrize("above", ["#", "##", "# ", "# A", "A\n=", "-", "1.", "> #", "A\nB\n---"])
def test_a_private_line_right_below_anything_is_private(above: str) -> None:
    number = above.count("\n") + 2
    for end in ("", "\n", "\nand this\n"):
        assert number in private_lines(f"{above}\nb #private{end}")


@given(st.text(alphabet="ab -*#\n>`", max_size=80))
def test_every_line_that_says_private_is_private(text: str) -> None:
    text = text.replace("b", " #private ")
    hidden = private_lines(text)
    for number, line in enumerate(text.split("\n"), 1):
        if " #private " in line:
            assert number in hidden


@given(st.text())
def test_no_text_makes_parsing_fail(text: str) -> None:
    for path in ("people/a.md", "2026-01-01.md", "posts/a.md", "goals/a.md", "a.md"):
        parse_note(path, text.encode("utf-8", "replace"), Settings())


@given(st.binary())
def test_no_bytes_make_parsing_fail(data: bytes) -> None:
    parse_note("people/a.md", data, Settings())


def test_an_entry_carries_the_marks_and_links_of_what_is_nested_in_it(vault: VaultOnDisk) -> None:
    vault.add("posts/Raise.md", "")
    vault.add(
        "people/Ada.md",
        "# Ada\n\n## Log\n- 2026-10-14 call: the raise\n  - read my page #got\n    - see [[Raise]]\n\n"
        "  A second paragraph. #gave\n- 2026-10-01 tea\n",
    )
    told = vault.json("show", "Ada")["interactions"]
    assert [(i["date"], i["text"], i["marks"], i["line"]) for i in told] == [
        ("2026-10-01", "", [], 9),
        ("2026-10-14", "the raise", ["got", "gave"], 4),
    ]
    assert "came up on 14 Oct 2026" in vault.json("related", "Ada")[0]["reasons"]


def test_a_nested_day_is_an_entry_of_its_own() -> None:
    told = log(
        "- 2026-10-14 began #got", "  - 2026-10-15 went on #gave", "    - and more #thanked", "  - end #sent"
    )
    assert [(day, marks) for day, _, _, marks in told] == [
        ("2026-10-14", ("got", "sent")),
        ("2026-10-15", ("gave", "thanked")),
    ]


def test_an_open_task_and_a_mention_below_an_entry_are_no_part_of_it() -> None:
    assert log("- 2026-10-14 tea", "  - [ ] thank her #thanked", "  - read of it #got #mention") == [
        ("2026-10-14", "tea", "", ())
    ]


def test_an_entry_with_a_private_part_is_told_without_it_and_a_mark_there_still_settles(
    vault: VaultOnDisk,
) -> None:
    vault.add(
        "people/Ada.md",
        "## Log\n- 2026-10-14 call: open #got\n  - told her all #thanked #private\n    - and [[Grace]] #gave\n",
    )
    told = vault.json("show", "Ada")["interactions"]
    assert [(i["text"], i["marks"], i["line"]) for i in told] == [("open", ["got"], 2)]
    assert vault.json("promises")["thanks"] == []


def test_what_is_nested_below_a_person_in_a_dated_note_is_about_the_same_person(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("posts/Raise.md", "")
    vault.add(
        "2026-11-20.md",
        "- tea with [[Ada]]\n  - told her of [[Raise]] #gave\n  - a plain remark\n    - read my page #got\n"
        "- [[Ada]] once more #mention\n  - of [[Raise]] #thanked\n- alone #sent\n",
    )
    told = vault.json("show", "Ada")["interactions"]
    assert [(i["line"], i["text"], i["marks"]) for i in told] == [
        (1, "tea with [[Ada]]", []),
        (2, "told her of [[Raise]]", ["gave"]),
        (4, "read my page", ["got"]),
    ]
    why = {relation["path"]: relation["reasons"] for relation in vault.json("related", "Ada")}
    assert why["posts/Raise.md"] == ["came up on 20 Nov 2026"]
    # a link counts where it stands, and nowhere else
    assert vault.backlinks("people/Ada.md") == ["2026-11-20.md:1", "2026-11-20.md:5"]
    assert len(vault.json("links", "2026-11-20.md")) == 4


def test_a_task_nested_below_a_person_in_a_dated_note_is_a_promise_to_them(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add(
        "2026-11-20.md", "- tea with [[Ada]]\n  - [ ] send the paper\n    - [ ] sign it\n- [ ] buy milk\n"
    )
    vault.add("todo.md", "- [[Ada]]\n  - [ ] of a plan, not of a day\n")
    told = vault.json("promises")["promises"]
    assert [(p["name"], p["text"], p["line"]) for p in told] == [("Ada", "send the paper", 2)]


def test_a_link_to_nobody_that_is_carried_below_is_told_once(vault: VaultOnDisk) -> None:
    vault.add("2026-11-20.md", "- tea with [[Nobody]]\n  - see this #got\n")
    assert [p.split(" ")[0] for p in vault.problems()] == ["2026-11-20.md:1:12:"]


@pytest.mark.parametrize("box", ["[-]", "[>]", "[<]", "[/]", "[ ]"])
def test_a_talk_that_was_cancelled_moved_or_only_planned_is_no_contact(box: str) -> None:
    assert log(f"- {box} 2026-10-14 call: asked about it #got") == []


def test_a_task_under_way_is_a_promise_and_a_dropped_one_is_none() -> None:
    note = ada("- [/] send the paper 📅 2026-11-30\n- [-] lend the book\n- [>] call back\n")
    assert [p.text for p in note.promises] == ["send the paper"]


def test_a_dropped_task_in_the_journal_is_no_contact(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("2026-11-20.md", "- [-] coffee with [[Ada]]\n")
    assert vault.json("show", "Ada")["last_contact"] is None


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("- 03/04/2026 call: asked", 'write it as "2026-04-03" or "2026-03-04"'),
        ("- 2026-02-30 call: asked", "write a day that the calendar has, as in 2026-10-14"),
    ],
)
def test_an_entry_whose_date_cannot_be_told_is_a_problem(line: str, fix: str) -> None:
    note = ada(f"## Log\n{line}\n")
    assert note.interactions == ()
    assert [(p.line, p.code, p.fix) for p in note.problems] == [(2, "log-date", fix)]


@pytest.mark.parametrize("day", ["14/10/2026", "10/14/2026", "14-10-2026", "14.10.2026", "**14/10/2026**"])
def test_a_day_in_numbers_that_can_be_one_day_alone_counts(day: str) -> None:
    (talk,) = ada(f"## Log\n- {day} call: asked\n").interactions
    assert (talk.date.isoformat(), talk.channel, talk.text) == ("2026-10-14", "call", "asked")


def test_a_line_that_is_struck_out_is_neither_contact_nor_problem() -> None:
    note = ada("## Log\n- ~~2026-10-14 call: asked~~\n")
    assert (note.interactions, note.problems) == ((), ())


def test_a_promise_due_on_a_day_that_does_not_exist_is_told() -> None:
    note = ada(
        "- [ ] send it 📅 2026-02-30\n- [ ] call (by 2026-13-01)\n- [ ] write (by Friday)\n- [x] 📅 2026-02-30\n"
    )
    assert [p.due for p in note.promises] == [None, None, None]
    assert [(p.line, p.severity, p.code) for p in note.problems] == [
        (1, "warning", "due-date"),
        (2, "warning", "due-date"),
    ]


def test_attendees_may_stand_in_one_text_with_commas(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("people/Bob.md", "")
    vault.add("m.md", "---\ntype: meeting\ndate: 2026-11-07\nattendees: Ada, Bob\n---\n")
    assert [c["last_contact"] for c in vault.json("contacts")] == ["2026-11-07", "2026-11-07"]


@pytest.mark.parametrize("name", ["2026_11_07", "2026.11.07", "2026-11-07 tea", "20261107"])
def test_a_journal_may_be_named_as_logseq_names_it(vault: VaultOnDisk, name: str) -> None:
    vault.add("people/Ada.md", "")
    vault.add(f"journals/{name}.md", "- tea with [[Ada]]\n")
    assert vault.json("show", "Ada")["last_contact"] == "2026-11-07"


def test_tasks_of_logseq_are_no_contact_and_its_properties_are_no_words(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add(
        "journals/2026_11_07.md",
        "- TODO call [[Ada]]\n- LATER write to [[Ada]]\n- CANCELED tea with [[Ada]]\n"
        "- DONE met [[Ada]]\n  id:: 6651e92e-fb34-4d24-a386-d9698c2e93f7\n  collapsed:: true\n"
        "  :LOGBOOK:\n  CLOCK: [2023-11-04 Sat 07:11:29]\n  :END:\n- tea with [[Ada]], rating:: good\n",
    )
    told = vault.json("show", "Ada")
    assert [t["text"] for t in told["interactions"]] == [
        "DONE met [[Ada]]",
        "tea with [[Ada]], rating:: good",
    ]
    assert told["promises"] == []


def test_emphasis_right_behind_the_day_is_shown_as_written(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md", "- **2026-10-14**: _tea_\n- **2026-10-15:** call\n- 2026-10-16 **long** walk\n"
    )
    told = vault.json("show", "Ada")["interactions"]
    assert [(t["channel"], t["text"]) for t in told] == [("", "_tea_"), ("call", ""), ("", "**long** walk")]


def test_the_id_of_a_block_is_no_word(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md",
        "- 2026-10-14 call: the raise ^b1\n- 2026-10-15 call ^b2\n- [ ] send it 📅 2026-12-01 ^b-3\n",
    )
    vault.add("2026-10-16.md", "- tea with [[Ada]] ^b4\n- [[Ada]] says x^2 #got ^b5\n")
    told = vault.json("show", "Ada")
    assert [(t["channel"], t["text"]) for t in told["interactions"]] == [
        ("call", "the raise"),
        ("call", ""),
        ("", "tea with [[Ada]]"),
        ("", "[[Ada]] says x^2"),
    ]
    assert [p["text"] for p in told["promises"]] == ["send it"]
    vault.add("note.md", "[[Ada#^b1]]\n")
    assert not [problem for problem in vault.problems() if "b1" in problem]


@pytest.mark.parametrize(
    "word",
    ["TODO", "DOING", "NOW", "LATER", "WAITING", "WAIT", "IN-PROGRESS", "CANCELED", "CANCELLED"],
)
def test_what_logseq_calls_a_task_begins_with_no_date(word: str) -> None:
    text = f"{word} 2026-10-14"
    assert re.match(talks._NO_TALK, text)
    assert dates.find_leading_date(text) is None and not re.match(talks._DATE_LIKE, text)


@pytest.mark.parametrize(
    ("words", "text", "marks"),
    [
        ("tags are written `#got`", "tags are written `#got`", ()),
        ("``#got ` `` and #gave", "``#got ` `` and", ("gave",)),
        ("a ` and #got", "a ` and", ("got",)),
        ("`a` #got `#sent`", "`a` `#sent`", ("got",)),
        ("\\`#got` said", "\\`` said", ("got",)),
        ("\\\\`#got` said", "\\\\`#got` said", ()),
        ("an \\#got", "an \\#got", ()),
        ("see [[Notes#got]] and [x](#got)", "see [[Notes#got]] and [x](#got)", ()),
        ("see [[#got]], #thanked", "see [[#got]],", ("thanked",)),
        ("[[Eve]] #got [[Bob]]", "[[Eve]] [[Bob]]", ("got",)),  # links of one length are no code
        ("``` #got ```", "``` #got ```", ()),
    ],
)
def test_a_mark_in_code_is_none(words: str, text: str, marks: tuple[str, ...]) -> None:
    assert log(f"- 2026-10-14 {words}") == [("2026-10-14", "", text, marks)]


def test_a_mark_in_code_over_two_lines_or_below_is_none() -> None:
    assert log("- 2026-10-14 a `b", "  #got` c")[0][3] == ()
    assert log("- 2026-10-14 a ` b", "  - #got ` c")[0][3] == ("got",)
    assert log("- 2026-10-14 met", "  - `#got` c")[0][3] == ()


def test_a_mark_in_code_makes_no_promise_theirs_and_no_talk_a_mention(vault: VaultOnDisk) -> None:
    assert [p.theirs for p in ada("- [ ] explain `#waiting`\n- [ ] send #waiting\n").promises] == [
        False,
        True,
    ]
    assert log("- 2026-10-14 explained `#mention`")[0][2] == "explained `#mention`"
    vault.add("people/Ada.md", "")
    vault.add("2026-11-20.md", "- explained `#mention` to [[Ada]]\n")
    assert contacted(vault) == [("2026-11-20", "2026-11-20.md")]


def test_private_in_code_keeps_the_line_back_all_the_same() -> None:
    note = ada("## Log\n- 2026-10-14 call: secret `#private`\n")
    assert note.interactions[0].is_private and "secret" not in note.text


def test_a_link_to_a_daily_note_in_the_vaults_own_format_is_a_day() -> None:
    text = (
        "# Ada\n\n## Log\n- [[03-08-2026]] call: pay #got\n- **[[04-08-2026|Tue]]** tea\n- [[Days/05-08-2026]] mail\n"
        "- [[2026_08_06]] walk\n- [[07-08-2026 Team]] lunch\n### [[09-08-2026]]\nThe fair.\n"
    )
    note = parse_note("people/Ada.md", text.encode(), Settings(day_formats=(("Days", "DD-MM-YYYY"),)))
    assert [(str(one.date), one.channel, one.text) for one in note.interactions] == [
        ("2026-08-03", "call", "pay"),
        ("2026-08-04", "tea", ""),
        ("2026-08-05", "mail", ""),
        ("2026-08-06", "walk", ""),
        ("2026-08-09", "", "The fair."),
    ]
    assert [str(one.date) for one in ada(text).interactions] == ["2026-08-06"]


def test_a_task_that_names_who_is_to_do_it_is_theirs() -> None:
    lines = "- [ ] [[Ann]] to send the numbers\n- [ ] [Bob](Bob.md) will ask\n- [ ] [[Ann]]: send it\n- [ ] [[Ann]] to Bob\n"
    assert [one.theirs for one in ada(lines).promises] == [True, True, False, False]


def test_a_dated_item_below_a_dated_heading_is_an_entry_of_its_own() -> None:
    text = "# Ada\n\n## 2026-10-01 call\nThe fair.\n- a detail #got\n- 2026-10-14 mail: sent it\n  - the draft #gave\n\n"
    for underlined in (text, text.replace("## 2026-10-01 call\n", "2026-10-01 call\n---\n")):
        found = [(str(one.date), one.text, one.marks) for one in ada(underlined).interactions]
        assert found == [("2026-10-01", "The fair.", ("got",)), ("2026-10-14", "sent it", ("gave",))]


def test_what_is_logged_below_an_underlined_date_counts(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "Ada\n===\n\n2026-10-01\n----------\nThe fair.\n\nTODO\n----\n- milk\n")
    assert vault.run("log", "ada", "call: pay", "--date", "2026-10-14").code == 0
    assert vault.json("show", "Ada")["last_contact"] == "2026-10-14"


@pytest.mark.parametrize(
    ("line", "channel", "text"),
    [
        ("- standup: spoke with [[Ada]]", "", "standup: spoke with [[Ada]]"),
        ("- call: [[Ada]] asked", "call", "[[Ada]] asked"),
        ("attendees:: [[Ada]], [[Grace]]", "", "Review"),
        ("date:: 2026-11-20\nWith:: [[Ada]]", "", "Review"),
        ("person:: [[Ada]]", "", "Review"),
        ("Teilnehmer:: [[Ada]]", "", "Review"),
    ],
)
def test_what_is_said_in_a_dated_note_is_shown_once(
    vault: VaultOnDisk, line: str, channel: str, text: str
) -> None:
    vault.add("people/Ada.md", "")
    vault.add("2026-11-20 Review.md", f"---\ntype: meeting\n---\n{line}\n")
    (talk,) = vault.json("show", "Ada")["interactions"]
    assert (talk["channel"], talk["text"]) == (channel, text)


def test_plain_attendees_are_found_by_any_name_that_one_person_alone_has(vault: VaultOnDisk) -> None:
    def met() -> list[str]:
        shown = vault.json("contacts")
        return [one["path"] for one in shown if one["last_contact"] == "2026-11-20"]

    vault.add("2026-11-20 Sync.md", "---\ntype: meeting\nattendees: [Ali, George Pappas, Bob Stone]\n---\n")
    assert met() == []
    vault.add("people/Alice Wong.md", "---\naliases: [Ali]\n---\n")
    vault.add("people/George.md", "---\nname: George Pappas\n---\n")
    vault.add("people/bob-stone.md", "")
    everybody = ["people/Alice Wong.md", "people/George.md", "people/bob-stone.md"]
    assert sorted(met()) == everybody
    vault.add("people/Alison.md", "---\naliases: [Ali]\n---\n")
    assert sorted(met()) == everybody[1:], "it may be either"
    vault.add("people/Alison.md", "")
    vault.add("people/George.md", "---\nname: Georg Pappas\n---\n")
    assert sorted(met()) == [everybody[0], everybody[2]]
    (vault.root / "people/bob-stone.md").unlink()
    assert met() == [everybody[0]]
