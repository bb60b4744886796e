"""What undo and redo take back and do again after a reindex in between, a full disk, a damaged store, a kill."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mdmentor.actions.history import DONE, Change, History, JournalEntry
from mdmentor.files import DOING, REDOING, UNDOING
from tests.conftest import VaultOnDisk, index_file, with_tick

DAY = ("--today", "2026-11-23")
ADA = (
    "---\ntags: [person]\ncadence: 30\n---\n# Ada\n\n- [ ] send the paper 📅 2026-11-20\n- 2026-01-01 call\n"
)
BLOCK = "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n"


@pytest.fixture
def ada(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("people/Ada.md", ADA)
    vault.add("a.md", "[[Ada]]\n")
    vault.add("z.md", "[[Ada]] and [[people/Ada]]\n")
    vault.reindex()
    return vault


def notes_of(vault: VaultOnDisk) -> dict[str, bytes]:
    """All bytes but those of pages."""
    files = (f for f in vault.root.rglob("*.md") if f.parent.name != "reach-out")
    return {str(f.relative_to(vault.root)): f.read_bytes() for f in files}


def store_of(vault: VaultOnDisk) -> History:
    return History(index_file(vault.root.resolve(), vault.cache))


class TestPagesAndBlocks:
    def test_a_rename_is_taken_back_and_done_again_though_pages_were_made_in_between(
        self, ada: VaultOnDisk
    ) -> None:
        before = notes_of(ada)
        assert ada.run("rename", "Ada", "crm/Eve", *()).code == 0
        ada.reindex()
        assert "Eve" in ada.page("Reach out next")
        after = notes_of(ada)
        run = ada.run("undo")
        assert run.code == 0, run.err
        assert notes_of(ada) == before and "reach-out" not in run.out
        assert ada.reindex().pages_written and "../people/Ada.md" in ada.page("Reach out next")
        assert ada.run("undo", "--redo").code == 0
        assert notes_of(ada) == after
        ada.reindex()
        assert ada.run("undo").code == 0 and notes_of(ada) == before

    @pytest.mark.parametrize("new", ["Eve", "crm/Ada", "crm/deep/Eve"])
    def test_a_tick_on_the_page_means_the_same_person_after_a_rename_and_after_its_undo(
        self, ada: VaultOnDisk, new: str
    ) -> None:
        there = f"{new}.md" if "/" in new else f"people/{new}.md"
        for is_undone in (False, True):
            page = ada.page("Reach out next")
            ada.add("reach-out/Reach out next.md", with_tick(page, ": tea"))
            assert ada.run("rename", "Ada", new).code == 0
            if is_undone:
                assert ada.run("undo").code == 0
            assert ada.reindex().left == {}
            assert "tea" in ada.read("people/Ada.md" if is_undone else there)
            if not is_undone:
                assert ada.run("undo").code == 0, "first the tick"
                assert ada.run("undo").code == 0
                ada.reindex()

    def test_a_rename_does_not_make_the_watcher_wait_with_the_page(self, ada: VaultOnDisk) -> None:
        page = ada.root / "reach-out/Reach out next.md"
        os.utime(page, (1_700_000_000, 1_700_000_000))
        assert ada.run("rename", "Ada", "Eve").code == 0
        assert "people/Eve.md" in page.read_text() and page.stat().st_mtime == 1_700_000_000
        assert "reach-out/Reach out next.md" in ada.reindex().pages_written

    def test_a_tick_means_the_same_person_when_a_folder_is_renamed(self, ada: VaultOnDisk) -> None:
        page = ada.page("Reach out next")
        ada.add("reach-out/Reach out next.md", with_tick(page, ": tea"))
        ada.add("other/Ada.md", "somebody else\n")
        assert ada.run("rename", "people", "crm/people").code == 0
        ada.reindex()
        assert "tea" in ada.read("crm/people/Ada.md")

    def test_the_users_own_file_in_the_place_of_the_page_is_a_note_like_others(
        self, ada: VaultOnDisk
    ) -> None:
        mine = "mine: [Ada](../people/Ada.md) `](../people/Ada.md)`\n"
        ada.add("reach-out/Reach out next.md", mine)
        assert ada.run("rename", "Ada", "Eve").code == 0
        assert ada.page("Reach out next") == "mine: [Ada](../people/Eve.md) `](../people/Ada.md)`\n"
        assert ada.run("undo").code == 0
        assert ada.page("Reach out next") == mine

    @pytest.mark.parametrize("edit", [("rename", "Ada", "Eve"), ("log", "Ada", "call: about [[z]]", *DAY)])
    def test_a_block_that_was_renewed_in_between_is_no_change_by_the_user(
        self, ada: VaultOnDisk, edit: tuple[str, ...]
    ) -> None:
        for path in ("people/Ada.md", "z.md"):
            ada.add(path, f"{ada.read(path)}\n{BLOCK}")
        ada.reindex()
        before = notes_of(ada)
        assert ada.run(*edit).code == 0
        assert {"people/Ada.md", "people/Eve.md", "z.md"} & set(ada.reindex().pages_written)
        run = ada.run("undo")
        assert run.code == 0, run.err
        ada.reindex()
        assert notes_of(ada) == before
        assert ada.run("undo", "--redo").code == 0

    def test_words_typed_into_a_block_are_a_change_by_the_user(self, ada: VaultOnDisk) -> None:
        ada.add("z.md", f"[[Ada]]\n{BLOCK}")
        ada.reindex()
        assert ada.run("rename", "Ada", "Eve").code == 0
        ada.add("z.md", ada.read("z.md").replace("<!-- /mdmentor", "mine\n<!-- /mdmentor"))
        run = ada.run("undo")
        assert run.code == 4 and '"z.md" was changed after' in run.err

    def test_a_page_kept_in_an_edit_of_an_older_version_does_not_count(self, ada: VaultOnDisk) -> None:
        page = ada.page("Reach out next").encode()
        store = store_of(ada)
        changes = (
            Change("z.md", b"old\n", ada.read("z.md").encode()),
            Change("reach-out/Reach out next.md", b"x", page),
        )
        store.put_state(store.begin("rename Ada to Eve", changes), "done")
        assert ada.run("undo").code == 0
        assert ada.read("z.md") == "old\n" and ada.page("Reach out next").encode() == page


def test_undo_of_a_new_note_takes_its_folder_too(ada: VaultOnDisk) -> None:
    shutil.rmtree(ada.root / "people")
    (ada.root / "z.md").unlink()
    before = sorted(ada.root.rglob("*"))
    assert ada.run("new", "contact", "Eve").code == 0
    assert ada.run("undo").code == 0
    assert sorted(ada.root.rglob("*")) == before
    assert ada.run("undo", "--redo").code == 0 and ada.run("show", "Eve").code == 0


class TestNoPlanNoEdit:
    @pytest.mark.parametrize(
        "edit", [("rename", "Ada", "Eve"), ("log", "Ada, Grace", "dinner", *DAY), ("inbox", "--yes", *DAY)]
    )
    def test_an_edit_of_several_notes_is_not_begun_without_room_for_its_plan(
        self, ada: VaultOnDisk, edit: tuple[str, ...]
    ) -> None:
        ada.add("people/Grace.md", "# Grace\n")
        ada.add("Home.md", "## Inbox\n- coffee with Ada: plans\n")
        before = notes_of(ada)
        store = store_of(ada)
        os.mkdir(os.path.join(store.folder, "new"))  # as a full disk, it lets no plan be kept
        run = ada.run(*edit)
        assert run.code == 5 and len(run.err.splitlines()) == 1
        assert store.folder in run.err and "nothing changed" in run.err
        assert notes_of(ada) == before
        os.rmdir(os.path.join(store.folder, "new"))
        assert ada.run("undo").out == "Nothing to undo.\n"
        assert ada.run(*edit).code == 0

    def test_an_edit_of_one_note_is_done_and_said_not_to_be_kept(self, ada: VaultOnDisk) -> None:
        os.mkdir(os.path.join(store_of(ada).folder, "new"))
        run = ada.run("log", "Ada", "call", *DAY)
        assert run.code == 0 and "undo cannot take it back" in run.err
        assert "- 2026-11-23 call" in ada.read("people/Ada.md")

    def test_what_was_taken_back_stays_where_the_next_edit_is_refused(self, ada: VaultOnDisk) -> None:
        ada.run("log", "Ada", "call", *DAY)
        ada.run("undo")
        ada.add("people/Grace.md", b"caf\xe9\n")
        assert ada.run("log", "Ada, Grace", "dinner", *DAY).code == 4
        assert "redone: log Ada" in ada.run("undo", "--redo").out


class TestUnreadableStore:
    def test_a_folder_that_cannot_be_had_is_told(self, ada: VaultOnDisk) -> None:
        ada.run("log", "Ada", "call", *DAY)
        folder = store_of(ada).folder
        shutil.rmtree(folder)
        Path(folder).write_text("in the way")
        for flags in ((), ("--redo",)):
            run = ada.run("undo", *flags)
            assert (run.code, run.out) == (5, "")
            assert f"cannot be read: {folder} (" in run.err

    @pytest.mark.parametrize("damage", ["text", "list", "folder"])
    def test_an_edit_that_cannot_be_read_is_told_and_the_one_before_is_not_taken_back(
        self, ada: VaultOnDisk, damage: str
    ) -> None:
        ada.add("people/Grace.md", "# Grace\n")
        ada.run("log", "Ada", "call: one", *DAY)
        ada.run("log", "Grace", "call: two", *DAY)
        after = notes_of(ada)
        place = Path(store_of(ada).folder, "000002.done.json")
        if damage == "folder":
            place.unlink()
            place.mkdir()
        else:
            place.write_text("{" if damage == "text" else "[1, 2, 3, 4]")
        run = ada.run("undo")
        assert (run.code, run.out) == (5, "") and str(place) in run.err
        assert notes_of(ada) == after
        assert ada.run("log", "Ada", "call: three", *DAY).code == 0, "other edits go on"
        assert ada.run("undo").code == 0
        shutil.rmtree(place) if damage == "folder" else place.unlink()
        assert ada.run("undo").code == 0, "as the line says, the edit before it can be taken back then"
        assert ada.read("people/Ada.md") == ADA


def cut_short(vault: VaultOnDisk, record: JournalEntry, state: str) -> None:
    """Leaves the store as a kill would, right after `state` was kept."""
    store_of(vault).put_state(record, state)


def newest(vault: VaultOnDisk) -> JournalEntry:
    store = store_of(vault)
    record = store.first_undone() or store.newest(DONE)
    assert record is not None
    return record


_KILLED = """
import os, sys
from mdmentor.actions import undo
from mdmentor.cli import main
undo._put_end = lambda *_, **__: os._exit(9)
main(sys.argv[1:])
"""


def kill_after_last_write(vault: VaultOnDisk, *command: str) -> None:
    """Runs a command that dies when its notes are written, and before that is recorded."""
    run = subprocess.run(
        [sys.executable, "-c", _KILLED, *command, "--vault", str(vault.root)],
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (9, b"")


class TestCutShort:
    @pytest.mark.parametrize("is_moved", [False, True])
    def test_an_undo_is_told_of_and_the_edit_stays_done(self, ada: VaultOnDisk, is_moved: bool) -> None:
        before = notes_of(ada)
        ada.run("rename", "Ada", "crm/Eve")
        ada.reindex()
        after = notes_of(ada)
        cut_short(ada, newest(ada), UNDOING)
        if is_moved:
            os.rename(ada.root / "crm/Eve.md", ada.root / "people/Ada.md")
            ada.add("z.md", before["z.md"])
        for command in (
            ["contacts"],
            ["next"],
            ["check"],
            ["status"],
            ["show", "Ada" if is_moved else "Eve"],
        ):
            (line,) = ada.run(*command).err.splitlines()[:1]
            assert line == (
                'mdmentor: undo of "rename Ada to Eve" was cut short and may be half done;'
                " take it back with: mdmentor reindex"
            )
        assert "was cut short" in ada.run("reindex", "--check").err
        report = ada.reindex()
        assert report.words == [
            'undo of "rename Ada to Eve" was cut short, so nothing was taken back; ask for it again'
        ]
        assert notes_of(ada) == after
        assert "crm/Eve.md" in ada.page("Reach out next"), "the pages tell of the notes as they are now"
        assert ada.reindex().pages_written == [] and ada.run("contacts").err == ""
        assert ada.run("undo").code == 0 and notes_of(ada) == before

    @pytest.mark.parametrize("changed", [(), ("a.md",), ("a.md", "z.md")])
    def test_a_redo_is_told_of_and_can_be_asked_for_again(
        self, ada: VaultOnDisk, changed: tuple[str, ...]
    ) -> None:
        before = notes_of(ada)
        ada.run("rename", "Ada", "crm/Eve")
        after = notes_of(ada)
        ada.run("undo")
        ada.reindex()
        cut_short(ada, newest(ada), REDOING)
        for path in changed:
            ada.add(path, after[path])
        assert 'redo of "rename Ada to Eve" was cut short and may be half done' in ada.run("contacts").err
        assert ada.reindex().words == [
            'redo of "rename Ada to Eve" was cut short, so nothing was done again; ask for it again'
        ]
        assert notes_of(ada) == before
        assert ada.run("undo", "--redo").code == 0 and notes_of(ada) == after

    def test_undo_takes_back_what_was_cut_short_and_no_edit_before_it(self, ada: VaultOnDisk) -> None:
        ada.run("log", "Ada", "call", *DAY)
        before = notes_of(ada)
        after = {"a.md": b"[[Eve]]\n", "z.md": b"[[Eve]]\n"}
        store_of(ada).begin("merge", tuple(Change(p, before[p], data) for p, data in after.items()))
        ada.add("a.md", after["a.md"])
        run = ada.run("undo")
        assert run.code == 0 and "undone: merge" in run.out and "was cut short" in run.err
        assert notes_of(ada) == before
        assert "undone: log Ada" in ada.run("undo").out

    def test_an_undo_cut_short_at_its_end_is_not_followed_by_another(self, ada: VaultOnDisk) -> None:
        ada.run("log", "Ada", "call: one", *DAY)
        once = notes_of(ada)
        ada.run("log", "Ada", "call: two", *DAY)
        twice = notes_of(ada)
        ada.run("undo")
        cut_short(ada, newest(ada), UNDOING)
        assert ada.run("contacts").err == (
            'mdmentor: undo of "log Ada" was cut short, but it is complete: people/Ada.md\n'
        )
        assert ada.run("undo").out == "undone: log Ada\npeople/Ada.md\n"
        assert notes_of(ada) == once
        ada.run("undo", "--redo")
        cut_short(ada, newest(ada), REDOING)
        assert ada.run("undo", "--redo").out == "redone: log Ada\npeople/Ada.md\n"
        assert notes_of(ada) == twice
        assert ada.run("undo").code == 0 and notes_of(ada) == once

    @pytest.mark.parametrize("command", [("next",), ("log", "Ada", "call", *DAY), ("reindex",), ("undo",)])
    def test_the_next_command_says_that_an_edit_killed_after_its_last_write_is_complete(
        self, ada: VaultOnDisk, command: tuple[str, ...]
    ) -> None:
        before = notes_of(ada)
        kill_after_last_write(ada, "log", "Ada", "call", *DAY)
        once = notes_of(ada)
        assert ada.read("people/Ada.md").count("2026-11-23 call") == 1
        run = ada.run(*command)
        assert run.code == 0
        assert run.err == 'mdmentor: "log Ada" was cut short, but it is complete: people/Ada.md\n'
        ada.reindex()
        assert "cut short" not in ada.run("next").err
        if command[0] == "undo":
            assert notes_of(ada) == before
        else:
            assert ada.run("undo").code == 0
            assert notes_of(ada) == (once if command[0] == "log" else before)

    def test_a_rename_killed_after_its_last_write_is_named_by_its_new_path(self, ada: VaultOnDisk) -> None:
        kill_after_last_write(ada, "rename", "Ada", "crm/Eve")
        line = '"rename Ada to Eve" was cut short, but it is complete: crm/Eve.md and 2 other notes'
        assert line in ada.run("contacts").err
        assert ada.reindex().words == [line]

    def test_a_note_changed_since_is_told_by_undo_and_nothing_else_is_touched(self, ada: VaultOnDisk) -> None:
        before = notes_of(ada)
        store_of(ada).begin("merge", tuple(Change(p, before[p], b"new\n") for p in ("a.md", "z.md")))
        ada.add("a.md", "new\n")
        ada.add("z.md", "mine\n")
        run = ada.run("undo")
        assert run.code == 4 and "left as it is" in run.err
        assert ada.read("a.md") == "[[Ada]]\n" and ada.read("z.md") == "mine\n"
        assert ada.run("contacts").err == ""

    def test_folders_made_for_an_edit_that_was_cut_short_go_with_it(self, ada: VaultOnDisk) -> None:
        store_of(ada).begin("new Eve", (Change("crm/x/Eve.md", None, b"x\n"),), None, ("crm", "crm/x"))
        (ada.root / "crm/x").mkdir(parents=True)
        ada.reindex()
        assert not (ada.root / "crm").exists()

    def test_an_edit_that_another_process_is_making_is_not_told_as_cut_short(self, ada: VaultOnDisk) -> None:
        store = store_of(ada)
        with store.holding():
            store.begin("log Ada", (Change("a.md", ada.read("a.md").encode(), b"x\n"),))
            assert ada.run("contacts").err == ""
        assert "cut short" in ada.run("contacts").err

    def test_a_plan_says_what_is_under_way(self, ada: VaultOnDisk) -> None:
        store = store_of(ada)
        record = store.begin("log Ada", (Change("a.md", b"1", b"2"),))
        assert "000001.doing.json" in os.listdir(store.folder) and record.state == DOING
        assert store.newest(DOING) == record
