"""A ticked box on the page is an answer: carried out once, for the right person, or left with its reason."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import fixture, mark

from mdmentor.core.merge import merge_note
from mdmentor.core.ticks import DONE, SNOOZE, Tick, find_ticks, render_left
from mdmentor.git import text_merge
from tests.conftest import TODAY, VaultOnDisk

PAGE = "reach-out/Reach out next.md"
ADA = "people/Ada Lovelace.md"
LINK = "<!-- ticked 2026-11-23 -->"
NOTE = "---\ncadence: monthly\n---\n# Ada Lovelace\n\n## Log\n\n- 2026-05-01 coffee: plans\n"


def page(*lines: str) -> str:
    return (
        "---\ngenerated-by: mdmentor\nday: 2026-11-23\n---\n\n# Reach out next\n\n" + "\n".join(lines) + "\n"
    )


def told(*lines: str) -> list[tuple[str, str, str]]:
    return [(t.path, t.action, t.words) for t in find_ticks(page(*lines), "reach-out") if t.is_ticked]


ENTRY = "- [ ] **[Ada Lovelace](../people/Ada%20Lovelace.md)**"


def test_a_ticked_box_names_its_person_by_the_link() -> None:
    assert told(ENTRY, "  - **Why:** x", "  - [x] reached out", "  - [ ] snooze 2 weeks") == [(ADA, DONE, "")]


@mark.parametrize(
    "line",
    [
        "  - [x] reached out: coffee, she said yes #got",
        "  - [X] reached out - coffee, she said yes #got",
        "\t* [x] **reached out** coffee, she said yes #got ✅ 2026-11-24",
        "    - [✓] Reached out, coffee, she said yes #got",
        "  - [x] reached out\n    - coffee, she said yes #got",
        "  - [x] reached out\r\n    coffee, she said yes #got\r",
    ],
)
def test_the_words_behind_a_tick_are_read_in_whatever_way_an_editor_wrote_them(line: str) -> None:
    assert told(ENTRY, line) == [(ADA, DONE, "coffee, she said yes #got")]


def test_a_done_date_of_the_editor_is_read() -> None:
    (tick,) = find_ticks(page(ENTRY, "  - [x] reached out ✅ 2026-11-24"), "reach-out")
    assert (tick.done_on, tick.day, tick.words) == (date(2026, 11, 24), date(2026, 11, 23), "")


def test_the_box_of_the_person_alone_means_reached_out() -> None:
    ticked = ENTRY.replace("[ ]", "[x]")
    assert told(ticked, "  - [ ] reached out: words", "  - [ ] snooze 2 weeks") == [(ADA, DONE, "words")]
    assert told(ticked, "  - [ ] reached out", "  - [x] snooze 2 weeks") == [
        (ADA, DONE, ""),
        (ADA, SNOOZE, ""),
    ]
    everything = ("  - [x] reached out", "  - [x] snooze 2 weeks")
    assert told(ticked, *everything) == [(ADA, DONE, "")]


def test_another_span_typed_over_the_snooze_counts() -> None:
    assert told(ENTRY, "  - [x] snooze 4 weeks") == [(ADA, SNOOZE, "4 weeks")]


def test_nothing_else_on_the_page_is_an_answer() -> None:
    others = ("- [x] [Ada](https://x.org) y", "- [x] reached out", "- [Ada](../people/Ada.md), 3 Dec", "text")
    assert [t for t in told(*others) if t[1] != DONE] == []
    assert told("- [x] reached out", "## Snoozed", "- [Ada](../people/Ada.md)") == []


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).map(str.strip)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["people/Ada (2).md", "people/Zoë.md", "a b/[x] #1.md"]),
    st.sampled_from(["Ada [x]", "Zoë *", "O'B_"]),
    st.sampled_from([DONE, SNOOZE]),
    WORDS,
    st.sampled_from(["it is gone; log it by hand", 'line 3: key "a*b" appears twice; x']),
)
def test_what_is_left_over_is_read_again_as_it_was(
    path: str, name: str, action: str, words: str, reason: str
) -> None:
    tick = Tick(path, name, action, "", True, TODAY, TODAY + timedelta(2))
    lines = render_left([tick._replace(reason=reason)], "reach-out", TODAY)
    (again,) = find_ticks(page(*lines), "reach-out")
    assert (again.path, again.name, again.action, again.found, again.day) == (
        path,
        name,
        action,
        tick.found,
        TODAY,
    )
    assert again.is_ticked and again.reason
    first = render_left(
        [Tick(path, name, action, words, True, TODAY, TODAY, None, reason)], "reach-out", TODAY
    )
    (read,) = find_ticks(page(*first), "reach-out")
    second = render_left([read], "reach-out", TODAY)
    (twice,) = find_ticks(page(*second), "reach-out")
    assert twice.words == read.words


@fixture
def ticked(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add(ADA, NOTE)
    vault.reindex()
    return vault


NAME = "**[Ada Lovelace](../people/Ada%20Lovelace.md)**"


def tick(vault: VaultOnDisk, label: str, words: str = "") -> None:
    text = vault.read(PAGE)
    box = NAME if label == DONE else label
    assert f"- [ ] {box}\n" in text
    vault.add(PAGE, text.replace(f"- [ ] {box}\n", f"- [x] {box}{words}\n", 1))


def test_reached_out_is_logged_on_the_day_it_was_found_and_the_page_is_renewed(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, ": called, she said yes #got")
    report = ticked.reindex()
    line = f"- 2026-11-23 called: she said yes #got {LINK}"
    assert ticked.read(ADA) == f"{NOTE}{line}\n"
    assert report.words == [f"carried out: {ADA}:9: {line}"]
    assert "[x]" not in ticked.page("Reach out next")
    assert ticked.reindex().pages_written == []
    assert ticked.run("undo").code == 0
    assert ticked.read(ADA) == NOTE


def test_a_bare_tick_is_logged_in_its_own_words(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    ticked.reindex()
    assert ticked.read(ADA) == NOTE + f"- 2026-11-23: reached out {LINK}\n"


def test_a_snooze_counts_from_the_day_of_the_page(ticked: VaultOnDisk) -> None:
    ticked.today = TODAY + timedelta(1)
    tick(ticked, SNOOZE)
    ticked.reindex()
    assert "snooze: 2026-12-07 # ticked 2026-11-23\n" in ticked.read(ADA)
    assert ticked.run("snooze", "Ada", "2026-12-20", "--today", "2026-11-25").code == 0
    assert "snooze: 2026-12-20\n" in ticked.read(ADA), "this day was never ticked"


def test_a_snooze_from_a_page_of_long_ago_counts_from_today(ticked: VaultOnDisk) -> None:
    tick(ticked, SNOOZE)
    ticked.today = TODAY + timedelta(30)
    ticked.reindex()
    assert "snooze: 2027-01-06 # ticked 2026-11-23\n" in ticked.read(ADA)


def test_a_longer_snooze_stays(ticked: VaultOnDisk) -> None:
    tick(ticked, SNOOZE)
    note = NOTE.replace("cadence", "snooze: 2027-03-01\ncadence")
    ticked.add(ADA, note)
    ticked.reindex()
    assert ticked.read(ADA) == note


@mark.parametrize("label", [DONE, SNOOZE])
def test_the_same_page_found_again_changes_nothing(ticked: VaultOnDisk, label: str) -> None:
    tick(ticked, label)
    page_with_tick = ticked.read(PAGE)
    ticked.reindex()
    after = ticked.read(ADA)
    assert after != NOTE
    for days in (0, 1, 3):
        ticked.today = TODAY + timedelta(days)
        ticked.add(PAGE, page_with_tick)
        ticked.reindex()
        assert ticked.read(ADA) == after


@mark.parametrize("label", [DONE, SNOOZE])
def test_two_machines_that_find_a_tick_on_one_day_write_the_same_bytes(
    ticked: VaultOnDisk, tmp_path: Path, label: str
) -> None:
    tick(ticked, label)
    shutil.copytree(ticked.root, tmp_path / "other")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "other-cache")
    ticked.reindex()
    other.reindex()
    assert ticked.read(ADA) == other.read(ADA) != NOTE
    assert ticked.read(PAGE) == other.read(PAGE)


def test_a_machine_that_finds_the_tick_later_sees_that_it_was_carried_out(
    ticked: VaultOnDisk, tmp_path: Path
) -> None:
    tick(ticked, DONE, ": coffee: plans for spring")
    shutil.copytree(ticked.root, tmp_path / "other")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "other-cache")
    ticked.reindex()
    # the note comes first, the page is still the one with the tick, and it is another day
    other.add(ADA, ticked.read(ADA))
    other.today = TODAY + timedelta(2)
    other.reindex()
    assert other.read(ADA) == ticked.read(ADA)
    assert other.read(ADA).count("plans for spring") == 1


@mark.parametrize("words", ["", ": coffee", ": coffee: plans for spring", ": sent her the paper #sent"])
def test_two_machines_that_find_a_tick_on_different_days_have_one_line_after_the_merge(
    ticked: VaultOnDisk, tmp_path: Path, words: str
) -> None:
    tick(ticked, DONE, words)
    shutil.copytree(ticked.root, tmp_path / "other")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "other-cache")
    other.today = TODAY + timedelta(2)
    ticked.reindex()
    other.reindex()
    sides = ticked.read(ADA), other.read(ADA)
    assert sides[0] != sides[1] and LINK in sides[1]
    for ours, theirs in (sides, sides[::-1]):
        merged = merge_note(NOTE.encode(), ours.encode(), theirs.encode(), text_merge)
        assert merged is not None and merged.is_clean
        assert merged.data.decode() == sides[0]


def test_two_ticks_with_the_same_words_on_two_pages_stay_two_talks(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, ": coffee: plans")
    ticked.reindex()
    ours = ticked.read(ADA)
    later = "- 2026-11-25 coffee: plans <!-- ticked 2026-11-25 -->\n"
    merged = merge_note(NOTE.encode(), ours.encode(), (NOTE + later).encode(), text_merge)
    assert merged is not None and merged.data.decode() == ours + later


def test_the_line_links_no_page_and_its_words_are_shown_alone(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, ": coffee: plans for spring")
    ticked.reindex()
    assert ticked.backlinks(PAGE) == []
    last = ticked.json("show", "ada")["interactions"][-1]
    assert (last["date"], last["channel"], last["text"]) == ("2026-11-23", "coffee", "plans for spring")
    assert ticked.problems() == []
    assert (
        "plans for spring" in ticked.run("search", "spring").out
        and "ticked" not in ticked.run("show", "ada").out
    )


def test_a_day_in_the_words_keeps_the_day_of_the_page_beside_it(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, " coffee yesterday")
    ticked.reindex()
    assert ticked.read(ADA) == NOTE + f"- 2026-11-22 coffee {LINK}\n"


def test_a_tick_for_an_earlier_day_counts_once_on_two_machines(ticked: VaultOnDisk) -> None:
    done = NOTE + f"- 2026-11-22 coffee {LINK}\n"
    ticked.add(ADA, done)
    tick(ticked, DONE, " coffee yesterday")
    ticked.reindex()
    assert ticked.read(ADA) == done


@mark.parametrize(
    "words",
    ["coffee on Thursday agreed", "coffee on 5 December agreed", "call tomorrow agreed", "lunch 4 Jan"],
)
def test_a_day_ahead_or_before_the_last_talk_is_part_of_the_words(ticked: VaultOnDisk, words: str) -> None:
    before = NOTE + "- 2026-11-20 mail: asked\n"
    ticked.add(ADA, before)
    tick(ticked, DONE, f" {words}")
    ticked.reindex()
    assert ticked.read(ADA) == before + f"- 2026-11-23: {words} {LINK}\n"


def test_the_same_words_of_an_earlier_talk_do_not_hide_a_tick(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, ": coffee: plans")
    ticked.reindex()
    assert ticked.read(ADA) == NOTE + f"- 2026-11-23 coffee: plans {LINK}\n"


def test_a_tick_counts_for_the_person_even_when_the_note_has_moved(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    (ticked.root / "crm").mkdir()
    (ticked.root / ADA).rename(ticked.root / "crm/Ada Lovelace.md")
    ticked.reindex()
    assert ticked.read("crm/Ada Lovelace.md").endswith(f"- 2026-11-23: reached out {LINK}\n")


def test_a_tick_for_a_note_renamed_by_us_counts_for_it(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    assert ticked.run("rename", "Ada Lovelace", "Ada King").code == 0
    ticked.reindex()
    assert ticked.read("people/Ada King.md").endswith(f"- 2026-11-23: reached out {LINK}\n")


def test_what_cannot_be_carried_out_stays_with_its_reason_until_it_can(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE, ": coffee, yes")
    ticked.add(ADA, "<<<<<<< HEAD\n" + NOTE)
    (said,) = ticked.reindex().words
    assert said.startswith("not carried out: reached out, Ada Lovelace: ") and "unfinished merge" in said
    text = ticked.page("Reach out next")
    assert "## Could not be carried out" in text
    assert "  - [x] reached out: coffee, yes" in text and "unfinished merge" in text
    ticked.today = TODAY + timedelta(1)
    assert ticked.reindex().words == [], "said once"
    assert "  - [x] reached out: coffee, yes" in ticked.page("Reach out next")
    assert ticked.reindex().pages_written == []
    ticked.add(ADA, NOTE)
    ticked.reindex()
    assert ticked.read(ADA) == NOTE + f"- 2026-11-23 coffee: yes {LINK}\n", "dated with the day it was found"
    assert "Could not" not in ticked.page("Reach out next")


def test_the_reason_why_a_note_cannot_be_changed_stands_without_its_path(ticked: VaultOnDisk) -> None:
    (ticked.root / ADA).write_bytes(NOTE.encode() + b"\xe4\n")
    tick(ticked, DONE)
    ticked.reindex()
    assert "the page of 2026-11-23. Byte 0xe4 in line 9 is not UTF-8; save" in ticked.page("Reach out next")


def test_a_person_who_is_gone_is_reported_until_the_user_removes_it(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    (ticked.root / ADA).unlink()
    ticked.reindex()
    text = ticked.page("Reach out next")
    assert "There is no contact at people/Ada Lovelace.md any more" in text
    start = text.index("- [ ] **[Ada")
    ticked.add(PAGE, text[:start] + text[text.index("\n\n", start) :])
    ticked.reindex()
    assert "Could not" not in ticked.page("Reach out next")


def test_words_without_a_tick_stay(ticked: VaultOnDisk) -> None:
    text = ticked.read(PAGE).replace(f"{NAME}\n", f"{NAME}: half a sente\n", 1)
    ticked.add(PAGE, text)
    assert ticked.reindex().words == [], "it may be in the middle of being typed"
    assert ticked.read(ADA) == NOTE
    assert "[ ] reached out: half a sente\n" in ticked.page("Reach out next")
    assert ticked.reindex().pages_written == []
    ticked.add(PAGE, ticked.read(PAGE).replace("[ ] reached out: half", "[x] reached out: half"))
    ticked.reindex()
    assert ticked.read(ADA).endswith(f"- 2026-11-23: half a sente {LINK}\n")


def test_check_carries_nothing_out_and_reports_the_page_as_stale(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    report = ticked.reindex(check=True)
    assert PAGE in report.stale
    assert ticked.read(ADA) == NOTE and "[x]" in ticked.read(PAGE)


def test_reading_commands_carry_nothing_out(ticked: VaultOnDisk) -> None:
    tick(ticked, DONE)
    ticked.run("next")
    assert ticked.read(ADA) == NOTE and "[x]" in ticked.read(PAGE)


def test_a_users_own_file_in_the_pages_place_is_no_page(ticked: VaultOnDisk) -> None:
    text = ticked.read(PAGE).replace("generated-by: mdmentor\n", "").replace("[ ] **", "[x] **")
    ticked.add(PAGE, text)
    ticked.reindex()
    assert ticked.read(ADA) == NOTE and ticked.read(PAGE) == text
