"""What somebody typed on a generated page is moved to the inbox note, once, and nothing of it is lost."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from mdmentor.core.page_merge import merge_page
from mdmentor.core.ticks import find_typed_text, sums_of
from mdmentor.reindex import Events
from tests.conftest import VaultOnDisk

DAY = ("--today", "2026-11-23")
NEXT = "Reach out next"
HOME = "# Home\n\n## Inbox\n\n- first\n\n## After\n"
ADA = "---\ncadence: monthly\nrole: Analyst\n---\n# Ada\n\n## Log\n\n- 2026-01-05 call: a\n"


@pytest.fixture
def ada(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("Home.md", HOME)
    vault.add("people/Ada.md", ADA)
    vault.add("people/Bob.md", ADA.replace("Ada", "Bob"))
    vault.reindex()
    return vault


def edit(vault: VaultOnDisk, title: str, old: str, new: str) -> None:
    page = vault.page(title)
    assert old in page
    vault.add(f"reach-out/{title}.md", page.replace(old, new, 1))


def inbox(vault: VaultOnDisk) -> list[str]:
    section = vault.read("Home.md").split("## Inbox\n\n", 1)[1].split("\n## ", 1)[0]
    return section.strip().split("\n")


def append(vault: VaultOnDisk, title: str, text: str) -> None:
    vault.add(f"reach-out/{title}.md", vault.page(title) + text)


@pytest.mark.parametrize("title", [NEXT, "Mentors", "Dates", "Two-way street", "Posts and people", "Network"])
def test_text_on_any_page_is_moved_below_the_inbox_heading_and_named(ada: VaultOnDisk, title: str) -> None:
    before = ada.page(title)
    append(ada, title, "\nAsk Carla about the flat\n")
    run = ada.run("reindex", *DAY)
    assert run.code == 0 and f"reach-out/{title}.md" in run.err + run.out
    assert "Ask Carla about the flat" in run.err + run.out
    assert inbox(ada) == ["- first", "- Ask Carla about the flat"] and ada.page(title) == before
    assert "## After" in ada.read("Home.md")
    run = ada.run("reindex", *DAY)
    assert "Carla" not in run.err + run.out and inbox(ada) == ["- first", "- Ask Carla about the flat"]


def test_paragraphs_items_and_headings_are_each_one_item(ada: VaultOnDisk) -> None:
    text = "## My plan\n\none line\nand another\n\n- [ ] buy a card\n  - a nice one\n- call\n\n> quoted\n"
    edit(ada, "Dates", "# Dates\n", f"# Dates\n\n{text}\n")
    ada.reindex()
    assert inbox(ada)[1:] == [
        "- My plan", "- one line and another", "- [ ] buy a card; a nice one", "- call", "- quoted",
    ]  # fmt: skip


def test_what_hangs_below_a_name_keeps_the_name(ada: VaultOnDisk) -> None:
    edit(ada, NEXT, "  - [ ] snooze", "  - she likes tea\n  - [ ] snooze")
    ada.reindex()
    (line,) = inbox(ada)[1:]
    assert re.fullmatch(r"- \[\[(Ada|Bob)\]\]: she likes tea", line)


def test_words_behind_a_name_wait_for_its_tick(ada: VaultOnDisk) -> None:
    edit(ada, NEXT, "[Ada](../people/Ada.md)**", "[Ada](../people/Ada.md)** moved to Rome")
    ada.reindex()
    assert inbox(ada) == ["- first"]
    assert "reached out: moved to Rome" in ada.page(NEXT)


@pytest.mark.parametrize(
    ("new", "moved"),
    [
        ("kept: send the map, by post", "kept: send the map, by post"),
        ("kept: send the map\n    by post", "by post"),
        ("kept: send the map\n    - by post", "by post"),
    ],
)
def test_words_behind_an_open_box_for_a_promise_are_moved(ada: VaultOnDisk, new: str, moved: str) -> None:
    ada.add("people/Bob.md", ADA.replace("Ada", "Bob") + "- [ ] send the map 📅 2026-11-23\n")
    ada.reindex()
    edit(ada, NEXT, "kept: send the map", new)
    ada.reindex()
    assert inbox(ada)[1:] == [f"- [[Bob]]: {moved}"]
    assert "post" not in ada.page(NEXT) and "- [ ] send the map" in ada.read("people/Bob.md")
    ada.reindex()
    assert len(inbox(ada)) == 2


@pytest.mark.parametrize("is_gone", [True, False])
def test_text_is_moved_where_the_last_line_was_changed_or_deleted(ada: VaultOnDisk, is_gone: bool) -> None:
    page = ada.page("Dates").rstrip("\n")
    sums = page.rsplit("\n", 1)[-1]
    assert sums.startswith("[//]: # (")
    ada.add(
        "reach-out/Dates.md", page.replace(sums, "") + "call Carla\n" if is_gone else f"{page} call Carla\n"
    )
    ada.reindex()
    assert inbox(ada)[1:] == ["- call Carla"] and ada.page("Dates").rstrip("\n") == page


def test_what_is_added_to_the_front_matter_of_a_page_is_moved(ada: VaultOnDisk) -> None:
    edit(ada, NEXT, "day: ", "tags:\n  - green\nday: ")
    edit(ada, "Dates", "generated-by: mdmentor\n", "generated-by: mdmentor\nnote: call Carla\n")
    ada.reindex()
    assert sorted(inbox(ada)[1:]) == ["- note: call Carla", "- tags:; green"]


def test_boxes_and_words_behind_them_are_carried_out_and_not_moved(ada: VaultOnDisk) -> None:
    edit(
        ada,
        NEXT,
        "- [ ] **[Ada](../people/Ada.md)**",
        "- [x] **[Ada](../people/Ada.md)** long talk ✅ 2026-11-23",
    )
    ada.reindex()
    assert inbox(ada) == ["- first"]
    assert "long talk" in ada.read("people/Ada.md")


def test_what_a_formatter_or_a_rename_changes_is_not_typed(ada: VaultOnDisk) -> None:
    for title in (NEXT, "Network"):
        page = re.sub(r"(?m)^(\s*)- ", r"\1* ", ada.page(title)).replace("*Generated", "_Generated")
        ada.add(f"reach-out/{title}.md", page.replace("\n", "\r\n").replace("| ", "|   "))
    ada.reindex()
    assert inbox(ada) == ["- first"]
    assert ada.run("rename", "Ada", "people/Ada Byron").code == 0
    ada.reindex()
    assert inbox(ada) == ["- first"]


def test_it_needs_no_index_and_no_same_day(ada: VaultOnDisk) -> None:
    append(ada, NEXT, "\ntyped on the phone\n")
    shutil.rmtree(ada.cache)
    ada.add("people/Cleo.md", ADA.replace("Ada", "Cleo"))
    ada.today = date(2026, 12, 5)
    ada.reindex()
    assert inbox(ada) == ["- first", "- typed on the phone"] and "typed on" not in ada.page(NEXT)


def test_a_kill_between_inbox_and_page_does_not_double_it(ada: VaultOnDisk) -> None:
    append(ada, NEXT, "\ntyped\n")
    typed = ada.page(NEXT)
    ada.reindex()
    ada.add(f"reach-out/{NEXT}.md", typed)  # as if the page had not been written any more
    ada.reindex()
    assert inbox(ada) == ["- first", "- typed"]
    assert "\ntyped\n" not in ada.page(NEXT)


def test_reading_commands_and_check_move_nothing(ada: VaultOnDisk) -> None:
    append(ada, NEXT, "\ntyped\n")
    page = ada.page(NEXT)
    for command in (("next",), ("contacts",), ("status",), ("reindex", "--check")):
        ada.run(*command)
    assert ada.page(NEXT) == page and ada.read("Home.md") == HOME


def test_a_page_on_which_somebody_types_waits(ada: VaultOnDisk) -> None:
    append(ada, "Dates", "\ntyped\n")
    report = ada.reindex(events=Events(is_resting=lambda path: not path.endswith("Dates.md")))
    assert report.waiting == ["reach-out/Dates.md"] and "\ntyped\n" in ada.page("Dates")
    assert inbox(ada) == ["- first"]
    ada.reindex()
    assert inbox(ada) == ["- first", "- typed"]


def test_where_the_inbox_cannot_be_written_the_page_stays(ada: VaultOnDisk) -> None:
    ada.add("Home.md", HOME + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n")
    append(ada, "Dates", "\ntyped\n")
    run = ada.run("reindex")
    assert "reach-out/Dates.md cannot be moved" in run.err + run.out and "\ntyped\n" in ada.page("Dates")
    ada.add("Home.md", HOME)
    ada.reindex()
    assert inbox(ada) == ["- first", "- typed"] and "\ntyped\n" not in ada.page("Dates")


def test_without_an_inbox_a_heading_or_a_note_is_made(ada: VaultOnDisk) -> None:
    ada.add("Home.md", "# Home\n\nhello\n")
    append(ada, NEXT, "\none\n")
    ada.reindex()
    assert ada.read("Home.md") == "# Home\n\nhello\n\n## Inbox\n\n- one\n"
    (ada.root / "Home.md").unlink()
    append(ada, NEXT, "\ntwo\n")
    ada.reindex()
    assert ada.read("Inbox.md") == "## Inbox\n\n- two\n"
    append(ada, NEXT, "\nthree\n")
    ada.reindex()
    assert ada.read("Inbox.md") == "## Inbox\n\n- two\n- three\n"


def test_what_would_hide_the_rest_of_the_note_is_made_harmless(ada: VaultOnDisk) -> None:
    append(ada, "Dates", "\n<!-- a\n\n%% b\n\n```\ncode\n```\n")
    ada.reindex()
    assert len(inbox(ada)) == 4 and "<!-- a" not in ada.read("Home.md") and "code" in ada.read("Home.md")
    assert "## After" in ada.read("Home.md")


def page_of(*lines: str) -> str:
    return "\n".join(["---", "generated-by: mdmentor", "---", "", *lines, "", sums_of(lines), ""])


def test_a_merge_keeps_what_was_typed_on_both_sides_once() -> None:
    base = page_of("# Dates", "- one", "- two")
    ours, theirs = (
        base + "\nmine\n",
        page_of("# Dates", "- two", "- three") + "\nyours\n- [Ada](../Ada.md)\n  - tea\n",
    )
    merged = merge_page(base, ours, theirs)
    assert find_typed_text(merged) == ("mine", "yours", "[Ada](../Ada.md); tea")
    assert merge_page(base, merged, theirs) == merged
    assert merge_page(theirs, page_of("# Dates"), theirs) == page_of("# Dates"), "ours has moved it already"


def test_both_sides_of_an_unfinished_merge_count_as_written() -> None:
    one, two = page_of("# Dates", "- one"), page_of("# Dates", "- two")
    marked = f"<<<<<<< HEAD\n{one}=======\n{two}>>>>>>> x\ntyped\n"
    assert find_typed_text(marked)[-1] == "typed" and "- one" not in find_typed_text(marked)


def test_a_page_of_an_earlier_version_has_no_sums_and_nothing_typed() -> None:
    assert find_typed_text("---\ngenerated-by: mdmentor\n---\n\n# Dates\n\nhello\n") == ()


def test_undo_takes_the_lines_out_again(ada: VaultOnDisk) -> None:
    append(ada, NEXT, "\ntyped\n")
    ada.reindex()
    run = ada.run("undo")
    assert run.code == 0 and "move what was typed" in run.out and ada.read("Home.md") == HOME


def test_a_page_in_a_folder_that_was_left_behind_is_searched_too(ada: VaultOnDisk) -> None:
    append(ada, "Dates", "\ntyped\n")
    ada.add("mdmentor.toml", '[pages]\nfolder = "out"\n')
    ada.reindex()
    assert inbox(ada) == ["- first", "- typed"] and Path(ada.root / "out/Dates.md").exists()


def test_a_box_that_waits_with_words_may_be_moved_anywhere(ada: VaultOnDisk) -> None:
    edit(ada, NEXT, "[Ada](../people/Ada.md)**", "[Ada](../people/Ada.md)** moved to Rome")
    ada.reindex()
    box = "  - [ ] reached out: moved to Rome\n"
    edit(ada, NEXT, box, "")
    append(ada, NEXT, f"\n{box.strip()}\n")
    ada.reindex()
    assert inbox(ada) == ["- first", "- reached out: moved to Rome"] and "Rome" not in ada.page(NEXT)


def test_words_behind_a_box_that_an_editor_ticked_with_the_others_are_moved(ada: VaultOnDisk) -> None:
    ada.add("people/Ada.md", ADA + "- [ ] send the map 📅 2026-11-23\n")
    ada.reindex()
    page = ada.page(NEXT).replace("kept: send the map", "kept: send the map, by post").replace("[ ]", "[x]")
    ada.add(f"reach-out/{NEXT}.md", page)
    ada.reindex()
    assert "by post" in inbox(ada)[-1] and len(inbox(ada)) == 2


def test_of_two_snoozes_none_is_dropped_unread(ada: VaultOnDisk) -> None:
    edit(ada, NEXT, "  - [ ] snooze 2 weeks", "  - [x] snooze 2 weeks\n  - [x] snooze a word")
    ada.reindex()
    assert ": a word" in ada.page(NEXT)


def test_text_before_the_sums_in_the_last_line_is_moved(ada: VaultOnDisk) -> None:
    edit(ada, "Dates", "[//]: # (", "call Carla [//]: # (")
    ada.reindex()
    assert inbox(ada)[1:] == ["- call Carla"]


def test_what_would_be_read_as_a_definition_is_moved_as_words(ada: VaultOnDisk) -> None:
    edit(ada, "Dates", "[//]: # (", "[//]: # (call ")
    append(ada, NEXT, "\n[map]: https://map.example\n")
    ada.reindex()
    assert any("call" in line for line in inbox(ada)) and "- [map]\\: https://map.example" in inbox(ada)


def test_a_page_without_sums_stays_where_the_inbox_cannot_be_written(ada: VaultOnDisk) -> None:
    ada.add("Home.md", HOME + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n")
    edit(ada, "Dates", "[//]: # (", "[//]: # (call ")
    ada.reindex()
    assert "(call " in ada.page("Dates")
