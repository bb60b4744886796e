"""Looking at the folders that differ finds what looking at every note would find."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from mdmentor.comparing import MANY, Difference, Walked, compare
from mdmentor.comparing import settled as settled_folders
from mdmentor.core.settings import Settings
from mdmentor.index import Index, kept
from mdmentor.reindex import reindex
from mdmentor.vault import Scan, Vault
from tests.conftest import VaultOnDisk

# Folders whose names begin alike, with what comes before and behind "/" in the order of characters.
FOLDERS = ["", "people", "people/a", "people-x", "people0", "a/b/c", "reach-out", "Ä"]
FILES = ["Ada.md", "Bea.md", "2026-11-20.md", "x.png", "Ada.sync-conflict-20261120-101010-ABC.md"]
TEXTS = ["", "[[Ada]]\n", "## Log\n- 2026-11-20 call\n", "![[x.png]]\n"]


def look(vault: VaultOnDisk) -> tuple[Index, Scan]:
    root = vault.root.resolve()
    index = Index(root, vault.cache)
    return index, Vault(root).scan(Settings(), settled_folders(index.sql))


def news(index: Index, scan: Scan) -> Difference:
    found = compare(index.sql, scan)
    assert found is not None
    return found


class Folders(RuleBasedStateMachine):
    """Files come, change and go in any order, and are taken in by every way there is."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")
        self.vault.add("mdmentor.toml", "")

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(folder=st.sampled_from(FOLDERS), file=st.sampled_from(FILES), text=st.sampled_from(TEXTS))
    def write(self, folder: str, file: str, text: str) -> None:
        self.vault.add(f"{folder}/{file}".lstrip("/"), text)

    @rule(folder=st.sampled_from(FOLDERS), file=st.sampled_from(FILES))
    def remove(self, folder: str, file: str) -> None:
        (self.vault.root / folder / file).unlink(missing_ok=True)

    @rule(folder=st.sampled_from(FOLDERS[1:]), other=st.sampled_from(FOLDERS[1:]))
    def move(self, folder: str, other: str) -> None:
        here, there = self.vault.root / folder, self.vault.root / other
        if here.is_dir() and not there.exists() and not other.startswith(f"{folder}/"):
            there.parent.mkdir(parents=True, exist_ok=True)
            here.rename(there)

    @rule()
    def grow_old(self) -> None:
        long_ago = time.time_ns() - 10**12
        for file in self.vault.root.rglob("*"):
            if file.is_file():
                os.utime(file, ns=(long_ago, long_ago))

    @rule()
    def reindex(self) -> None:
        self.vault.reindex()

    @rule(folder=st.sampled_from(FOLDERS), file=st.sampled_from(FILES))
    def look_at_one(self, folder: str, file: str) -> None:
        self.vault.reindex(only=[f"{folder}/{file}".lstrip("/")])

    @rule()
    def ask(self) -> None:
        self.vault.run("next", "--today", self.vault.today.isoformat())

    @invariant()
    def the_same_is_found_by_looking_at_all(self) -> None:
        index, scan = look(self.vault)
        try:
            found = news(index, scan)
            scan = Vault(self.vault.root.resolve()).scan(Settings())
            known, young = kept.stamps(index.sql), kept.racy(index.sql)
            changed = {
                path for path, stamp in scan.notes.items() if known.get(path) != stamp or path in young
            }
            assert sorted(found.changed) == sorted(changed)
            assert set(found.gone) == known.keys() - scan.notes.keys()
            assert all(known[path] == stamp for path, stamp in found.before.items())
            assert {path for path in changed if path in known} <= found.before.keys()
            is_other = kept.attachments(index.sql) != scan.attachments
            assert found.has_new_files or not is_other
        finally:
            index.close()


TestFolders = Folders.TestCase
TestFolders.settings = settings(
    max_examples=25, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


def settled(vault: VaultOnDisk) -> None:
    for _ in range(60):
        vault.reindex()
        index, scan = look(vault)
        found = news(index, scan)
        index.close()
        if not found.is_news():
            return
        time.sleep(0.1)
    raise AssertionError("the index never settles")


def test_one_run_more_settles_what_is_young_and_the_pages_written(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    vault.reindex()
    time.sleep(2.1)
    vault.reindex()
    index, scan = look(vault)
    assert not news(index, scan).is_news()
    index.close()


def test_only_the_notes_of_a_folder_that_differs_are_looked_up(vault: VaultOnDisk) -> None:
    for name in ("a/1", "a/2", "b/1", "a/c/1"):
        vault.add(f"{name}.md", "")
    settled(vault)
    vault.add("a/3.md", "")
    index, scan = look(vault)
    found = news(index, scan)
    index.close()
    assert (found.folders, found.changed, found.gone) == (["a"], ["a/3.md"], [])
    assert set(found.before) == {"a/1.md", "a/2.md"}


def test_a_folder_that_is_gone_takes_its_notes_with_it(vault: VaultOnDisk) -> None:
    for name in ("a/1", "b/1"):
        vault.add(f"{name}.md", "")
    settled(vault)
    shutil.rmtree(vault.root / "a")
    index, scan = look(vault)
    found = news(index, scan)
    index.close()
    assert (found.left, found.changed, found.gone) == (["a"], [], ["a/1.md"])


def test_very_many_folders_at_once_are_found_too(vault: VaultOnDisk) -> None:
    vault.add("a/1.md", "")
    settled(vault)
    for number in range(MANY + 1):
        vault.add(f"{number}/x.md", "")
    index, scan = look(vault)
    found = news(index, scan)
    index.close()
    assert len(found.changed) == MANY + 1 and not found.gone


def test_what_a_walk_saw_is_not_kept_where_another_has_written_since(vault: VaultOnDisk) -> None:
    vault.add("a/1.md", "")
    settled(vault)
    (vault.root / "a").rename(vault.root / "b")
    index, scan = look(vault)
    found = news(index, scan)
    other = Index(vault.root.resolve(), vault.cache)
    other.sql.execute("INSERT INTO meta VALUES ('x', 'y')")
    other.close()
    assert kept.moment(index.sql) != found.moment
    with index.writing():
        assert kept.moment(index.sql) != found.moment
    index.close()


def test_what_a_walk_left_aside_is_looked_at_where_it_is_not_settled_any_more(vault: VaultOnDisk) -> None:
    vault.add("a/1.md", "")
    settled(vault)
    index, scan = look(vault)
    walked = Walked(scan, kept.moment(index.sql))
    assert not scan.notes
    other = Index(vault.root.resolve(), vault.cache)
    with other.writing() as writer:
        writer.remove("a/1.md")
        writer.finish()
    other.close()
    assert compare(index.sql, scan) is None
    with closing(index):
        assert reindex(Vault(vault.root.resolve()), index, vault.today, walked=walked).added == 1


def test_a_folder_that_cannot_be_listed_keeps_its_notes_and_files(vault: VaultOnDisk) -> None:
    vault.add("a/1.md", "")
    vault.add("a/x.png", b"png")
    settled(vault)
    (vault.root / "a").rename(vault.root / "b")
    index, scan = look(vault)
    scan.unknown.append("a")
    found = news(index, scan)
    assert not found.gone and "a/x.png" not in found.files
    index.close()
