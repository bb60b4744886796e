"""Many commands at once on one vault: all succeed, one index serves them all, no line is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import AbstractContextManager
from importlib import import_module

import pytest

from mdmentor.index import Index, schema
from mdmentor.index.writer import Writer, writing
from tests.conftest import VaultOnDisk, index_file
from tests.test_index import content, fresh, known
from tests.watched import Process

READERS = (
    ("next",),
    ("contacts", "--json"),
    ("search", "tea"),
    ("check", "--json"),
    ("promises",),
    ("related", "Ada"),
)
WRITERS = 6


@pytest.fixture
def busy(vault: VaultOnDisk) -> VaultOnDisk:
    """Forty people and a few pictures, not indexed yet."""
    for number in range(40):
        links = f"[[P{(number + 1) % 40}]] and ![[pic{number % 5}.png]]"
        vault.add(
            f"people/P{number}.md", f"---\ntags: [person]\n---\n{links}\n\n## Log\n- 2026-10-14 call: tea\n"
        )
    vault.add("people/Ada.md", "---\ntags: [person]\n---\n")
    for number in range(5):
        vault.add(f"img/pic{number}.png", b"png")
    return vault


def start(vault: VaultOnDisk, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache)},
    )


def all_at_once(vault: VaultOnDisk, *commands: tuple[str, ...]) -> None:
    """Runs these commands at the same time; each must succeed, and none may have anything to say of the index."""
    running = [(command, start(vault, *command)) for command in commands]
    for command, process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, (command, out[-300:], err[-600:])
        assert "index" not in err, err


def add_pictures(vault: VaultOnDisk) -> None:
    for number in range(5):
        vault.add(f"img/new{number}.png", b"png")


@pytest.mark.parametrize("state", ["cold", "warm", "old schema", "garbage"])
def test_readers_writers_and_a_watcher_by_the_dozen_share_one_index(busy: VaultOnDisk, state: str) -> None:
    file = index_file(busy.root.resolve(), busy.cache)
    if state != "cold":
        busy.reindex()
    if state == "warm":
        add_pictures(busy)
    elif state == "old schema":
        with sqlite3.connect(file) as sql:
            sql.execute("DROP TABLE link")
            sql.execute("PRAGMA user_version = 3")
        sql.close()
    elif state == "garbage":
        file.write_bytes(b"garbage" * 4000)
    inode = file.stat().st_ino if state == "warm" else None
    watcher = Process(busy, "watch")
    writers = [("log", "Ada", f"call: line {number}") for number in range(WRITERS)]
    all_at_once(busy, *READERS, *writers, ("reindex",), *READERS)
    watcher.says("watching")
    watcher.process.send_signal(signal.SIGTERM)
    assert watcher.process.wait(timeout=60) == 0, watcher.text()
    log = busy.read("people/Ada.md")
    assert sorted(line[-6:] for line in log.splitlines() if "line " in line) == [
        f"line {number}" for number in range(WRITERS)
    ]
    assert list(busy.cache.glob("*.sqlite")) == [file]
    assert inode in (None, file.stat().st_ino), "the index was replaced while others had it open"
    busy.reindex()
    assert known(busy) == fresh(busy)


def test_what_another_process_wrote_since_the_walk_is_looked_up_in_the_transaction(
    busy: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stops a run between its walk and its transaction, and lets a whole other run pass."""
    busy.reindex()
    add_pictures(busy)
    (busy.root / "people/P3.md").unlink()
    others: list[str] = []

    def after_another(index: Index) -> AbstractContextManager[Writer]:
        if not others:
            others.append("a run")
            busy.add("people/New.md", "![[new1.png]]\n")
            busy.reindex()
            (busy.root / "img/new0.png").unlink()
        return writing(index)

    monkeypatch.setattr(import_module("mdmentor.reindex.update_index"), "writing", after_another)
    inode = index_file(busy.root.resolve(), busy.cache).stat().st_ino
    with busy.queries() as queries:
        paths = {row[0] for row in queries.index.execute("SELECT path FROM note")}
    assert others and "people/New.md" in paths and "people/P3.md" not in paths
    assert index_file(busy.root.resolve(), busy.cache).stat().st_ino == inode
    assert content(busy) == fresh(busy)  # what was deleted since the walk is found missing by the next run


FILL_AND_DIE = """
import os, signal, sys
from mdmentor.index import Index
from mdmentor.index.writer import writing

with writing(index := Index(*sys.argv[1:])):
    index.executemany("INSERT INTO body VALUES (?, '', ?, '')", ((n, "text " * 2_000) for n in range(1_000)))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name != "posix", reason="no SIGKILL elsewhere")
def test_a_first_run_that_is_killed_leaves_an_empty_index(busy: VaultOnDisk) -> None:
    file = index_file(busy.root.resolve(), busy.cache)
    died = subprocess.run([sys.executable, "-c", FILL_AND_DIE, busy.root.resolve(), busy.cache], check=False)
    assert died.returncode == -signal.SIGKILL and file.stat().st_size > 1_000_000
    index = Index(busy.root.resolve(), busy.cache)
    assert index.column("SELECT * FROM body") == [] and index.value("PRAGMA journal_mode") == "wal"
    index.close()
    busy.reindex()
    assert known(busy) == fresh(busy)


def test_a_new_index_is_filled_without_wal_and_kept_with_it(busy: VaultOnDisk) -> None:
    index = Index(busy.root.resolve(), busy.cache)
    with writing(index):
        assert index.value("PRAGMA journal_mode") == "delete"
    assert index.value("PRAGMA journal_mode") == "wal"
    index.close()


def test_a_constraint_error_is_not_damage(busy: VaultOnDisk) -> None:
    index = Index(busy.root.resolve(), busy.cache)
    with pytest.raises(sqlite3.IntegrityError) as caught:
        index.execute("INSERT INTO meta VALUES ('root', 'twice')")
    index.close()
    assert not schema.is_damage(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file cannot be replaced")
@pytest.mark.parametrize("harm", ["another version", "damaged later"])
def test_an_index_that_another_process_has_open_is_not_replaced(
    busy: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(schema, "PATIENCE", 0.1)
    busy.reindex()
    other = Index(busy.root.resolve(), busy.cache)
    inode = os.stat(other.path).st_ino
    if harm == "another version":
        other.execute("PRAGMA user_version = 999")
        run = busy.run("contacts")
        assert run.code == 0 and "P7" in run.out
        assert "still has it open" in run.err and len(run.err.splitlines()) == 1
    else:
        mine = Index(busy.root.resolve(), busy.cache)
        mine.start_over()
        assert "still has it open" in mine.warning
        mine.close()
    assert os.stat(other.path).st_ino == inode
    other.close()
    run = busy.run("contacts")
    assert run.code == 0 and run.err == ""


def test_a_damaged_index_is_replaced_once_however_many_find_it_damaged(busy: VaultOnDisk) -> None:
    busy.reindex()
    first, second = (Index(busy.root.resolve(), busy.cache) for _ in range(2))
    second.close()
    first.start_over()
    first.close()
    inode = os.stat(first.path).st_ino
    second.start_over()
    second.close()
    assert os.stat(second.path).st_ino == inode and not second.warning
