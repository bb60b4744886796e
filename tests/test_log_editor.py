"""A log gets one entry more, in its own style, and no other byte of the note changes."""

import os
from datetime import date, timedelta
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch, mark, raises, skip

from mdmentor.core import log_editor
from mdmentor.core.day_formats import period_for
from mdmentor.core.edit import OpenNote, UnsafeEdit
from mdmentor.core.frontmatter.editor import set_field
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.log import read_own_log
from mdmentor.core.log_editor import LogLine, add_log_line, remove_lines
from mdmentor.core.log_entries import LogEntry, iter_entries, read_page, with_titles
from mdmentor.core.markdown import read_body
from mdmentor.core.model import Interaction

TODAY = date(2026, 10, 14)


def logged(note: str, channel: str = "call", text: str = "asked #got", day: date = TODAY) -> str:
    data, number = add_log_line(note.encode(), LogLine(day, channel, text))
    result = data.decode()
    assert day.strftime("%m") in result.replace("\r\n", "\n").split("\n")[number - 1]
    return result


def read_log(data: bytes) -> tuple[Interaction, ...]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    head = read_head("ada.md", text)
    body = read_body("ada.md", text[head.body_start :], head.body_line)
    return read_own_log("ada.md", tuple(with_titles(body.items)), body.links)[0]


def entries_of(data: bytes) -> list[LogEntry]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return list(iter_entries(read_page(text.split("\n"), read_head("", text).body_line)))


# Where it goes


def test_dates_below_a_heading_that_names_a_way_of_being_in_touch_are_a_log() -> None:
    note = "## Meetings\n\n- **2025-01-02** asked\n- **2025-01-01** asked\n"
    assert logged(note) == "## Meetings\n\n- **2026-10-14** call: asked #got\n" + note.split("\n\n")[1]


def test_dates_below_another_heading_get_a_log_beside_them() -> None:
    note = "## Kids\n\n- 2012-01-02 Eve\n- 2015-01-01 Max\n"
    assert logged(note) == note + "\n## Log\n\n- 2026-10-14 call: asked #got\n"


def test_a_log_with_its_newest_entry_last_grows_downwards() -> None:
    note = "# Ada\n\n## Log\n- 2026-09-01 call: a\n- 2026-10-01 mail: b\n\n## Notes\nx\n"
    assert logged(note) == note.replace("mail: b\n", "mail: b\n- 2026-10-14 call: asked #got\n")


def test_a_log_with_its_newest_entry_first_grows_upwards() -> None:
    note = "## Log\n\n- 2026-10-01 mail: b\n- 2026-09-01 call: a\n"
    assert logged(note) == note.replace("- 2026-10-01", "- 2026-10-14 call: asked #got\n- 2026-10-01")


def test_a_log_of_one_entry_grows_downwards() -> None:
    assert logged("## Log\n- 2026-09-01 a\n") == "## Log\n- 2026-09-01 a\n- 2026-10-14 call: asked #got\n"


def test_an_older_day_goes_where_it_belongs() -> None:
    note = "## Log\n- 2026-09-01 call: a\n- 2026-11-01 call: b\n"
    assert logged(note) == note.replace("- 2026-11", "- 2026-10-14 call: asked #got\n- 2026-11")
    note = "## Log\n- 2026-11-01 call: a\n- 2026-09-01 call: b\n"
    assert logged(note) == note.replace("- 2026-09", "- 2026-10-14 call: asked #got\n- 2026-09")


def test_a_log_in_no_order_grows_at_the_end_where_its_newest_entries_are() -> None:
    note = "## Log\n- 2026-01-01 a\n- 2026-03-01 b\n- 2026-02-01 c\n"
    assert logged(note) == note + "- 2026-10-14 call: asked #got\n"


def test_what_hangs_on_an_entry_stays_with_it() -> None:
    note = "## Log\n- 2026-09-01 call: a\n  goes on\n  - nested\n\n    and a paragraph\n\nwords\n"
    assert logged(note) == note.replace("paragraph\n", "paragraph\n- 2026-10-14 call: asked #got\n")


def test_a_date_within_an_entry_is_no_entry() -> None:
    note = "## Log\n- 2026-09-01 call: a\n  - 2026-09-05 she wrote back\n"
    assert logged(note) == note + "- 2026-10-14 call: asked #got\n"


def test_an_empty_log_is_filled_below_its_heading() -> None:
    assert logged("## Log\n\n## Notes\n") == "## Log\n- 2026-10-14 call: asked #got\n\n## Notes\n"
    assert logged("## Log\n\n\n## Notes\n") == "## Log\n\n- 2026-10-14 call: asked #got\n\n## Notes\n"
    assert logged("# Ada\n## Interactions:\n") == "# Ada\n## Interactions:\n- 2026-10-14 call: asked #got\n"
    assert logged("Log\n---\n") == "Log\n---\n- 2026-10-14 call: asked #got\n"


def test_the_empty_bullet_of_a_template_goes_on_waiting() -> None:
    assert logged("## Log\n\n- \n\n## Notes\n") == "## Log\n\n- 2026-10-14 call: asked #got\n- \n\n## Notes\n"


def test_words_below_the_heading_stay_above_the_first_entry() -> None:
    assert logged("## Log\nOur talks.\n\n## Notes\n") == (
        "## Log\nOur talks.\n\n- 2026-10-14 call: asked #got\n\n## Notes\n"
    )


def test_a_block_of_ours_at_the_end_stays_at_the_end() -> None:
    block = "\n<!-- mdmentor:related -->\n<!-- /mdmentor -->\n"
    assert logged("## Log\n" + block) == "## Log\n- 2026-10-14 call: asked #got\n" + block
    note = "## Log\n### 2026-09-01 call\n\nwords\n"
    assert logged(note + block) == note + "\n### 2026-10-14 call\n\nasked #got\n" + block


def test_the_log_with_the_newest_entry_is_the_log() -> None:
    note = "# History\n- 1990-01-01 born\n# Interactions\n- 2026-09-01 call: a\n# Timeline\n"
    assert logged(note) == note.replace("call: a\n", "call: a\n- 2026-10-14 call: asked #got\n")


def test_a_history_told_in_words_is_no_log() -> None:
    note = "# Ada\n\n## History\n\nBorn in 1815.\n"
    assert logged(note) == note + "\n## Log\n\n- 2026-10-14 call: asked #got\n"


# A heading made where there is none


@mark.parametrize(
    ("note", "added"),
    [
        ("# Ada\n", "\n## Log\n\n{}\n"),
        ("# Ada\nhi\n## Bio\nx\n", "\n## Log\n{}\n"),
        ("# Ada\n\n### Bio\n\nx\n", "\n### Log\n\n{}\n"),
        ("# Bio\n\nx\n\n# Notes\n\ny", "\n\n# Log\n\n{}"),
        ("## Books\n\nx\n\n# Clippings\n\ny\n\n", "# Log\n\n{}\n"),
        ("---\nname: Ada\n---\n", "\n## Log\n\n{}\n"),
        ("---\nname: Ada\n---", "\n\n## Log\n\n{}"),
        ("\ufeff", "## Log\n\n{}\n"),
        ("* a bullet\r\n", "\r\n## Log\r\n\r\n{}\r\n"),
        ("", "## Log\n\n{}\n"),
    ],
)
def test_a_note_without_a_log_gets_one_at_its_end(note: str, added: str) -> None:
    bullet = "*" if note.startswith("*") else "-"
    assert logged(note) == note + added.format(f"{bullet} 2026-10-14 call: asked #got")


# How it is written


@mark.parametrize(
    ("entry", "with_channel", "without"),
    [
        ("- 2026-09-01 call: a", "- 2026-10-14 call: asked", "- 2026-10-14: asked"),
        ("* 2026-09-01 call - a", "* 2026-10-14 call - asked", "* 2026-10-14 - asked"),
        ("+   2026-09-01 a", "+   2026-10-14 call: asked", "+   2026-10-14 asked"),
        ("- 2026-09-01: a", "- 2026-10-14 call: asked", "- 2026-10-14: asked"),
        ("- 2026-09-01 – a", "- 2026-10-14 call – asked", "- 2026-10-14 – asked"),
        ("- 2026-09-01 — mail — a", "- 2026-10-14 — call — asked", "- 2026-10-14 — asked"),
        ("- [[2026-09-01]] call: a", "- [[2026-10-14]] call: asked", "- [[2026-10-14]]: asked"),
        (
            "- [[Daily/2026-09-01|1 Sep]]: a",
            "- [[Daily/2026-10-14]] call: asked",
            "- [[Daily/2026-10-14]]: asked",
        ),
        ("- **2026-09-01** a", "- **2026-10-14** call: asked", "- **2026-10-14** asked"),
        ("- **2026-09-01:** a", "- **2026-10-14:** call: asked", "- **2026-10-14:** asked"),
        ("- **2026-09-01**: a", "- **2026-10-14** call: asked", "- **2026-10-14**: asked"),
        ("- 2026-09-01 10:30 call: a", "- 2026-10-14 call: asked", "- 2026-10-14: asked"),
        ("- (2026-09-01) a", "- (2026-10-14) call: asked", "- (2026-10-14) asked"),
        ("- 2026/09/01 a", "- 2026/10/14 call: asked", "- 2026/10/14 asked"),
        ("- 20260901 a", "- 20261014 call: asked", "- 20261014 asked"),
        ("- <2026-09-01 Tue> a", "- <2026-10-14 Wed> call: asked", "- <2026-10-14 Wed> asked"),
        ("- [2026-09-01 Tue 10:30] call: a", "- [2026-10-14 Wed] call: asked", "- [2026-10-14 Wed] asked"),
        ("- <2026-09-01 Di> a", "- <2026-10-14> call: asked", "- <2026-10-14> asked"),
        ("- Tue 2026-09-01 a", "- Wed 2026-10-14 call: asked", "- Wed 2026-10-14 asked"),
        (
            "- **Tuesday, 2026-09-01** a",
            "- **Wednesday, 2026-10-14** call: asked",
            "- **Wednesday, 2026-10-14** asked",
        ),
        (
            "- [[2026-09-01 Dienstag]]: a",
            "- [[2026-10-14 Mittwoch]] call: asked",
            "- [[2026-10-14 Mittwoch]]: asked",
        ),
        (
            "- [[2026-09-01-mardi]] a",
            "- [[2026-10-14-mercredi]] call: asked",
            "- [[2026-10-14-mercredi]] asked",
        ),
        ("- 1 September 2026: a", "- 2026-10-14 call: asked", "- 2026-10-14: asked"),
        ("- 2026-09-01 call", "- 2026-10-14 call: asked", "- 2026-10-14 asked"),
        ("- 2026-09-01 coffee with Mary", "- 2026-10-14 call: asked", "- 2026-10-14 asked"),
        ("- [x] 2026-09-01 call: a", "- 2026-10-14 call: asked", "- 2026-10-14: asked"),
        ("1. 2026-09-01 call: a", "2. 2026-10-14 call: asked", "2. 2026-10-14: asked"),
        ("  - 2026-09-01 call: a", "  - 2026-10-14 call: asked", "  - 2026-10-14: asked"),
        ("### 2026-09-01 call: a", "\n### 2026-10-14 call: asked", "\n### 2026-10-14: asked"),
    ],
)
def test_an_entry_is_written_as_the_last_one_is(entry: str, with_channel: str, without: str) -> None:
    note = f"## Log\n\n{entry}\n"
    assert logged(note, "call", "asked") == f"{note}{with_channel}\n"
    assert logged(note, "", "asked") == f"{note}{without}\n"


def test_a_weekday_that_is_one_in_two_languages_is_left_out() -> None:
    assert logged("- [[2026-09-05 sábado]] a\n", "", "b").endswith("\n- [[2026-10-14]] b\n")


def test_an_entry_without_words_ends_with_its_channel() -> None:
    assert logged("## Log\n- 2026-09-01 call: a\n", text="").endswith("a\n- 2026-10-14 call\n")
    assert logged("## Log\n", "", "").endswith("\n- 2026-10-14\n")


def test_an_entry_without_a_channel_is_written_as_the_last_one_without() -> None:
    note = "## Log\n- 2026-08-01 – a\n- 2026-09-01 call: a\n"
    assert logged(note, "", "asked") == note + "- 2026-10-14 – asked\n"


def test_entries_that_stand_apart_stay_apart() -> None:
    note = "## Log\n\n- 2026-08-01 a\n\n- 2026-09-01 b\n\n## Notes\n"
    assert logged(note) == note.replace("b\n", "b\n\n- 2026-10-14 call: asked #got\n")


def test_headings_with_words_below_are_followed() -> None:
    note = "# Log\n\n## 2026-10-01 mail\n\nsent it\n\n## 2026-09-01 call\n\ntalked\n"
    assert logged(note) == note.replace("# Log\n\n", "# Log\n\n## 2026-10-14 call\n\nasked #got\n\n")
    note = "# Log\n## 2026-09-01 call\n* talked\n* long\n"
    assert logged(note) == note + "\n## 2026-10-14 call\n* asked #got\n"


def test_a_log_divided_by_years_gets_a_new_year() -> None:
    note = "# Log\n\n## 2025\n\n- 2025-03-01 call: a\n\n## 2024\n\n- 2024-03-01 call: b\n"
    assert logged(note) == note.replace("## 2025", "## 2026\n\n- 2026-10-14 call: asked #got\n\n## 2025")
    note = "# Log\n## 2024\n- 2024-03-01 call: a\n## 2025\n- 2025-03-01 call: b\n# Notes\n"
    assert logged(note) == note.replace("# Notes", "\n## 2026\n- 2026-10-14 call: asked #got\n# Notes")
    note = "# Log\n## 2026\n- 2026-03-01 call: a\n"
    assert logged(note) == note + "- 2026-10-14 call: asked #got\n"


def test_a_log_divided_by_months_gets_a_new_month() -> None:
    note = "# Log\n\n### September 2026\n\n- 2026-09-02 call: a\n\n### August 2026\n\n- 2026-08-01 mail: b\n"
    new = "### October 2026\n\n- 2026-10-14 call: asked #got\n\n### September 2026"
    assert logged(note) == note.replace("### September 2026", new)
    note = "## Log\n### Aug. 2026\n- 2026-08-01 call: a\n### Sept. 2026\n- 2026-09-01 call: b\n"
    assert logged(note) == note + "\n### Oct. 2026\n- 2026-10-14 call: asked #got\n"
    note = "## Log\n### October 2026\n- 2026-10-01 call: a\n"
    assert logged(note) == note + "- 2026-10-14 call: asked #got\n"
    # an earlier day goes where it belongs
    assert logged(note, day=date(2025, 10, 31)) == (
        "## Log\n### October 2025\n- 2025-10-31 call: asked #got\n\n### October 2026\n- 2026-10-01 call: a\n"
    )
    # what names no month, or two years, divides nothing
    for heading in ("Mentor 2026", "2025 May 2026", "May", "Maybe 2026"):
        note = f"## Log\n### {heading}\n- 2025-05-01 call: a\n"
        assert logged(note) == note + "- 2026-10-14 call: asked #got\n"


@mark.parametrize(
    ("heading", "day", "told"),
    [
        ("2026", date(2027, 1, 2), "2027"),
        ("2026-12", date(2027, 1, 2), "2027-01"),
        ("May 2026", date(2026, 6, 1), "June 2026"),
        ("2026 Oct", date(2027, 1, 2), "2027 Jan"),
        ("OCTOBER, 2026", date(2026, 11, 1), "NOVEMBER, 2026"),
        ("sept 2026", date(2026, 9, 30), "sept 2026"),
        ("sept 2026", date(2026, 11, 1), "nov 2026"),
        ("Octobre 2026", date(2026, 11, 1), ""),
        ("", date(2026, 11, 1), ""),
    ],
)
def test_a_new_period_is_named_as_the_ones_before(heading: str, day: date, told: str) -> None:
    assert period_for(heading, day) == told


def test_words_on_several_lines_become_one() -> None:
    assert (
        logged("## Log\n", text=" a\r\n b\tc\x1b[31m\u2028d ") == "## Log\n- 2026-10-14 call: a  b c[31m d\n"
    )


# Every byte


def test_newlines_byte_order_mark_and_a_missing_last_newline_stay() -> None:
    note = b"\xef\xbb\xbf---\r\nname: Ada\r\n---\r\n## Log\r\n- 2026-09-01 call: a"
    assert add_log_line(note, LogLine(TODAY, "", "b")) == (note + b"\r\n- 2026-10-14: b", 6)


@mark.parametrize(
    "note",
    [
        "## Log\n<<<<<<< HEAD\n- 2026-09-01 a\n=======\n- 2026-09-02 b\n>>>>>>> other\n",
        "---\nname: @ada\n---\n## Log\n",
        "---\nname: Ada\nname: Eve\n---\n## Log\n",
        "---\nname: Ada\n",
        "```\n## Log\n",
        "words\n\n<!-- open\n",
        "%%\nhidden\n",
    ],
)
def test_a_note_that_cannot_be_read_safely_is_left_alone(note: str) -> None:
    with raises(UnsafeEdit):
        add_log_line(note.encode(), LogLine(TODAY, "call", "a"))


@mark.parametrize("text", ["a <!-- b", "50 %% off", "--> c"])
def test_words_that_would_hide_the_rest_are_refused(text: str) -> None:
    with raises(UnsafeEdit, match="comment"):
        add_log_line(b"## Log\n", LogLine(TODAY, "call", text))


@mark.parametrize(
    ("note", "row"),
    [
        ("## Log\n\n- 2026-01-01 a\n  b\n- 2026-01-02 c\n", 3),  # parts an entry from its second line
        ("## Log\n\n- 2026-01-01 a\n\n  ```\n  x\n  ```\n", 5),  # opens up what was code
        (
            "## Log\n\n- 2026-01-01 a\n\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
            5,
        ),  # within a block of ours
        ("---\na: 1\n---\n## Log\n\n- 2026-01-01 a\n", 2),  # within the front matter
        ("## Log\n\n- 2026-01-01 a\n\nNotes\n---\n\n- x\n", 5),  # between a heading and its underline
    ],
)
def test_a_place_where_a_line_would_change_what_stands_around_it_is_refused(
    monkeypatch: MonkeyPatch, note: str, row: int
) -> None:
    """The note is read again: should the place ever be wrong, no note suffers."""
    wrong = log_editor.Insertion(row, ("- 2026-10-14 call: asked",), 0)
    monkeypatch.setattr(log_editor, "insertion_for", lambda page, line: wrong)
    with raises(UnsafeEdit):
        add_log_line(note.encode(), LogLine(TODAY, "call", "asked"))


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert logged("---\n\nwords\n") == "---\n\nwords\n\n## Log\n\n- 2026-10-14 call: asked #got\n"


@mark.parametrize(
    ("note", "expected"),
    [
        ("- 2026-09-01 call: x\n", "- 2026-09-01 call: x\n- 2026-10-14 call: asked #got\n"),
        ("# Ada\n- 14.9.2026 tea\n\nwords\n", "# Ada\n- 14.9.2026 tea\n- 2026-10-14 call: asked #got\n\nwords\n"),
        ("## Chats\n- 2026-09-01 tea: x\n", "## Chats\n- 2026-09-01 tea: x\n- 2026-10-14 call: asked #got\n"),
        ("## Work\n- 2020-01-01 Acme\n", "## Work\n- 2020-01-01 Acme\n\n## Log\n- 2026-10-14 call: asked #got\n"),
        ("- 2026-09-01 tea\n\n## Log\n", "- 2026-09-01 tea\n\n## Log\n- 2026-10-14 call: asked #got\n"),
        ("## Plans\n- 2026-12-01 tea: x\n", "## Plans\n- 2026-12-01 tea: x\n\n## Log\n- 2026-10-14 call: asked #got\n"),
    ],
)  # fmt: skip
def test_without_a_log_an_entry_goes_to_the_dated_list_that_is_like_one(note: str, expected: str) -> None:
    assert logged(note) == expected


DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
WORDS = st.sampled_from(
    ["asked", "see [[Ask for a raise]]", "#got", "山田 é", "`code` & <b>", "*a*", "https://x.org/#a", ""]
)
FORMATS = st.sampled_from(
    [
        "- {day} {channel}: {text}",
        "* {day} {channel} - {text}",
        "+ [[{day}]] {channel}: {text}",
        "- **{day}** {text}",
        "- {day}: {text}",
        "- [[Daily/{day}|x]] – {text}",
        "1. {day} {channel}: {text}",
        "### {day} {channel}: {text}",
        "### {day} {channel}\n\n{text}",
        "- {day} {channel}: {text}\n  - more\n\n    words",
        "- {day} {text}\n  goes on",
    ]
)
AROUND = st.sampled_from(
    [
        "",
        "# Ada\n",
        "hi\n\n",
        "- [ ] a task\n",
        "```\n## Log\n```\n",
        "> ## Log\n",
        "## Notes\n\n- a\n- b\n\n",
        "| a |\n|---|\n\n",
        "<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
        "%% - 2026-01-01 x %%\n",
        "\n\n",
        "text\n---\n",
        "- 2026-01-01 no log\n",
    ]
)


@st.composite
def logs(draw: st.DrawFn) -> bytes:
    days = draw(st.lists(DAYS, max_size=5))
    order = draw(st.sampled_from(["up", "down", "none"]))
    if order != "none":
        days.sort(reverse=order == "down")
    form = draw(FORMATS)
    gap = draw(st.sampled_from(["\n", "\n\n"]))
    entries = [
        form.format(day=day, channel=draw(st.sampled_from(["call", "mail"])), text=draw(WORDS))
        for day in days
    ]
    heading = draw(
        st.sampled_from(
            [
                *(
                    "## Log\n",
                    "## Log\n\n",
                    "Interactions\n---\n",
                    "## contact log:\n",
                    "",
                    "## History ##\n",
                ),
                *("## Meetings\n\n", "# Ada\n", "## Plans\n"),
            ]
        )
    )
    head = draw(st.sampled_from(["", "---\nname: Ada\n---\n", "---\ntags: [a]\n---\n\n"]))
    text = (
        head
        + draw(AROUND)
        + heading
        + gap.join(entries)
        + draw(st.sampled_from(["", "\n", "\n\n"]))
        + draw(AROUND)
    )
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.replace("\n", newline).encode()


def holds_promise(note: bytes, line: LogLine) -> None:
    result, number = add_log_line(note, line)
    start = next((n for n, (a, b) in enumerate(zip(note, result, strict=False)) if a != b), len(note))
    added = len(result) - len(note)
    assert added > 0 and any(result[:n] + result[n + added :] == note for n in range(start + 1))
    before, after = read_log(note), read_log(result)
    mine = [entry for entry in after if entry.line == number and entry.date == line.date]
    assert len(mine) == 1 or "#mention" in line.text
    rest = [entry for entry in after if entry.line != number]
    assert [(e.date, e.channel, e.text, e.marks) for e in rest] == [
        (e.date, e.channel, e.text, e.marks) for e in before
    ]


@settings(max_examples=200, deadline=None)
@given(logs(), DAYS, st.sampled_from(["call", "coffee", ""]), WORDS)
def test_taking_the_new_lines_out_gives_the_old_note(note: bytes, day: date, channel: str, text: str) -> None:
    try:
        holds_promise(note, LogLine(day, channel, text))
    except UnsafeEdit as refused:
        assert b"```" in note or b"%%" in note, refused


@settings(max_examples=200, deadline=None)
@given(logs(), st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_a_log_kept_day_by_day_stays_in_its_order(note: bytes, gaps: list[int]) -> None:
    assume(b"no log" not in note)  # the entries stand in one list
    days = [entry.date for entry in read_log(note)]
    assume(days in (sorted(days), sorted(days, reverse=True)))
    newest_first = bool(days) and days[0] > days[-1]
    day = max(days, default=TODAY)
    for gap in gaps:
        day += timedelta(gap)
        try:
            note, _ = add_log_line(note, LogLine(day, "call", "asked"))
        except UnsafeEdit:
            assume(False)
    # dates that do not look like a log, as in a life under a heading of its own, get one beside them
    lists: dict[tuple[str, ...], list[date]] = {}
    for entry in entries_of(note):
        lists.setdefault(entry.sections, []).append(entry.day)
    for days in lists.values():
        assert days in (sorted(days), sorted(days, reverse=True))
    if len(lists) == 1:
        assert days == sorted(days, reverse=newest_first)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60) | st.text("#- \n\r\t*`~><!%|$\\[]26-01Loglx:=é", max_size=80).map(str.encode),
    st.text(max_size=20),
)
def test_any_bytes_and_any_words_are_refused_or_logged_as_promised(note: bytes, text: str) -> None:
    try:
        holds_promise(note, LogLine(TODAY, "call", text))
    except UnsafeEdit:
        return


# Notes that people really wrote


def test_real_notes_take_a_field_and_a_log_line() -> None:
    """Runs where MDMENTOR_REAL_VAULTS names a folder of vaults; they are only read."""
    folder = os.environ.get("MDMENTOR_REAL_VAULTS")
    if not folder:
        skip("MDMENTOR_REAL_VAULTS is not set")
    refused: list[str] = []
    count = 0
    for path in sorted(Path(folder).rglob("*.md")):
        note = path.read_bytes()
        count += 1
        try:
            OpenNote(note)
            holds_promise(note, LogLine(TODAY, "call", "asked #got"))
            changed = set_field(note, "mdmentor-test", "2026-12-01")
            assert note.startswith(b"---") is False or set_field(changed, "mdmentor-test", None) == note
            assert set_field(changed, "mdmentor-test", "2026-12-01") == changed
        except UnsafeEdit as error:
            refused.append(f"{path.name}: {error}")
    print(f"{count} notes, {len(refused)} refused", *refused, sep="\n")
    assert count and len(refused) <= count // 20


@mark.parametrize(
    ("note", "after"),
    [
        ("## Log\n\n## Other\n", "## Log\n- 2026-10-14 call: asked #got\n\n## Other\n"),
        ("## Log\n## Other\n", "## Log\n- 2026-10-14 call: asked #got\n\n## Other\n"),
        (
            "## Log\n- 2026-01-01 a\n\n## Other\n",
            "## Log\n- 2026-01-01 a\n- 2026-10-14 call: asked #got\n\n## Other\n",
        ),
        (
            "## Log\n- 2026-01-01 a\n## Other\n",
            "## Log\n- 2026-01-01 a\n- 2026-10-14 call: asked #got\n## Other\n",
        ),
        (
            "## Log\n\n- 2026-01-01 a\n## B\n",
            "## Log\n\n- 2026-01-01 a\n- 2026-10-14 call: asked #got\n\n## B\n",
        ),
        ("## Log\r\n\r\n## Other\r\n", "## Log\r\n- 2026-10-14 call: asked #got\r\n\r\n## Other\r\n"),
    ],
)
def test_a_new_line_at_the_end_of_a_section_leaves_a_blank_line_before_the_next_heading(
    note: str, after: str
) -> None:
    assert logged(note) == after


@mark.parametrize("text, line", [("b", 1), ("a", 2), ("b", 4)])
def test_a_line_that_holds_something_else_by_now_is_not_taken_out(text: str, line: int) -> None:
    note = b"- a\n- b\n"
    assert remove_lines(note, 1, 1, "a") == b"- b\n"
    with raises(UnsafeEdit, match="does not hold what it held"):
        remove_lines(note, line, line, text)
