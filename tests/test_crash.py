"""Killed at any moment, on a full disk, with a damaged cache: notes stay whole, the next run heals."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk, index_file
from tests.watched import Process, fresh, known, wait_until, watched

POSIX = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
KILLS = int(os.environ.get("MDMENTOR_TEST_KILLS", "24"))
BLOCK = "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n"


def contact(number: int, turn: int) -> str:
    return (
        f"---\ntags: [person]\n---\n# Nr {number}\n\nknows [[{(number + 1) % 60}]]\n\n{BLOCK}\n"
        f"## Log\n\n- 2026-10-{turn % 28 + 1:02} call: {'tea ' * 50}\n"
    )


@pytest.fixture
def busy(vault: VaultOnDisk) -> VaultOnDisk:
    """A vault in which each run has many files to write: blocks in the notes, and every page."""
    vault.add("mdmentor.toml", "")
    for number in range(60):
        vault.add(f"people/{number}.md", contact(number, 0))
    return vault


def without_blocks(text: str) -> str:
    """The user's own bytes of a note: all but what stands between our markers."""
    before, _, rest = text.partition("<!-- mdmentor:backlinks -->\n")
    _, _, after = rest.partition("<!-- /mdmentor -->\n")
    return before + after


def assert_whole(vault: VaultOnDisk, wanted: dict[str, str]) -> None:
    """Every note holds the user's bytes, and every page is a whole one of ours."""
    for path, text in wanted.items():
        assert without_blocks(vault.read(path)) == without_blocks(text), path
    for page in (vault.root / "reach-out").glob("*"):
        if not page.name.startswith("."):
            data = page.read_text()
            assert data.endswith("\n"), page
            assert "generated-by: mdmentor" in data[:600], page


def heals(vault: VaultOnDisk) -> None:
    """One run more brings everything into order: index, pages, blocks, temporary files."""
    for file in vault.root.rglob(".mdmentor-*"):
        os.utime(file, (1, 1))  # younger ones may be another run's, so they are left for a minute
    vault.reindex()
    assert list(vault.root.rglob(".mdmentor-*")) == []
    assert known(index_file(vault.root.resolve(), vault.cache)) == fresh(vault)
    again = vault.reindex()
    assert again.pages_written == [] and vault.reindex(check=True).stale == []


@POSIX
def test_a_killed_reindex_leaves_old_or_new_and_the_next_run_heals(busy: VaultOnDisk) -> None:
    chance = random.Random(1)
    busy.reindex()
    started = time.monotonic()
    busy.reindex(full=True)
    longest = 0.4 + 2 * (time.monotonic() - started)
    wanted: dict[str, str] = {}
    for turn in range(KILLS):
        for number in chance.sample(range(60), 12):
            path = f"people/{number}.md"
            wanted[path] = contact(number, turn)
            busy.add(path, wanted[path])
        process = Process(busy, "reindex", "--full")
        time.sleep(chance.uniform(0.1, longest))
        process.process.kill()
        process.end()
        assert_whole(busy, wanted)
        if turn % 6 == 5:
            heals(busy)
            assert_whole(busy, wanted)
    heals(busy)


@POSIX
def test_a_killed_watcher_leaves_old_or_new_and_the_next_one_heals(busy: VaultOnDisk) -> None:
    chance = random.Random(2)
    wanted: dict[str, str] = {}
    for turn in range(KILLS // 3):
        process = Process(busy, "watch")
        if turn % 2:
            process.says("watching")
        for number in chance.sample(range(60), 6):
            path = f"people/{number}.md"
            wanted[path] = contact(number, turn)
            busy.add(path, wanted[path])
        time.sleep(chance.uniform(0, 0.6))
        process.process.kill()
        process.end()
        assert_whole(busy, wanted)
    with watched(busy) as it:
        it.comes_true()
    heals(busy)
    assert_whole(busy, wanted)


@POSIX
def test_a_stopped_run_undoes_its_transaction(busy: VaultOnDisk) -> None:
    process = Process(busy, "reindex")
    process.process.send_signal(signal.SIGTERM)
    process.end()
    heals(busy)


def test_pages_that_a_killed_run_did_not_write_are_written_by_the_next(busy: VaultOnDisk) -> None:
    busy.reindex()
    busy.add("people/new.md", "---\nmentor: candidate\n---\n# Somebody new\n")
    with busy.queries():
        pass  # the index is up to date, and whoever did that wrote no page
    assert "reach-out/Mentors.md" in busy.reindex().pages_written
    assert "Somebody new" in busy.page("Mentors")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_costs_a_line_and_no_note(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        vault = VaultOnDisk(disk / "vault", tmp_path / "cache")
        notes = {f"people/{number}.md": contact(number, 0) for number in range(10)}
        for path, text in notes.items():
            vault.add(path, text)
        filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            while True:
                os.write(filler, b"x" * 4096)
        os.close(filler)
        run = vault.run("reindex")
        assert run.code == 5
        assert "could not be written (No space left on device); nothing changed" in run.err
        assert len(run.err.splitlines()) == 1
        assert {path: vault.read(path) for path in notes} == notes
        assert list(vault.root.rglob(".mdmentor-*")) == []
        (disk / "filler").unlink()
        assert vault.run("reindex").code == 0
        assert_whole(vault, notes)
        heals(vault)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_under_the_index_costs_a_line(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        vault = VaultOnDisk(tmp_path / "vault", disk / "cache")
        notes = {f"people/{number}.md": contact(number, 0) for number in range(300)}
        for path, text in notes.items():
            vault.add(path, text)
        run = vault.run("next")
        assert run.code in (0, 5) and len(run.err.splitlines()) == 1
        assert {path: vault.read(path) for path in notes} == notes
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@POSIX
def test_a_cache_that_cannot_be_written_is_told_once_and_all_works(busy: VaultOnDisk, tmp_path: Path) -> None:
    busy.cache = tmp_path / "file"
    busy.cache.write_text("in the way")
    run = busy.run("contacts")
    assert run.code == 0 and "Nr 7" in run.out
    assert len(run.err.splitlines()) == 1 and "MDMENTOR_CACHE" in run.err
    run = busy.run("watch")
    assert run.code == 5 and "MDMENTOR_CACHE" in run.err


@pytest.mark.parametrize(
    "garbage", [b"", b"garbage" * 5000, b"SQLite format 3\0" + b"\0" * 4096], ids=["empty", "text", "zeroes"]
)
def test_garbage_in_place_of_the_index_heals(busy: VaultOnDisk, garbage: bytes) -> None:
    busy.reindex()
    file = index_file(busy.root.resolve(), busy.cache)
    for tail in ("-wal", "-shm"):
        Path(f"{file}{tail}").unlink(missing_ok=True)
    file.write_bytes(garbage)
    heals(busy)


def test_bytes_overwritten_within_the_index_heal(busy: VaultOnDisk) -> None:
    busy.reindex()
    file = index_file(busy.root.resolve(), busy.cache)
    whole = file.read_bytes()
    chance = random.Random(3)
    for _ in range(6):
        data = bytearray(whole)
        for _ in range(3):
            place = chance.randrange(4096, len(data) - 4096)
            data[place : place + 4096] = chance.randbytes(4096)
        for tail in ("-wal", "-shm"):
            Path(f"{file}{tail}").unlink(missing_ok=True)
        file.write_bytes(data)
        run = busy.run("reindex")
        assert run.code == 0, run.err
        assert_whole(busy, {})


def test_words_of_damage_that_are_no_text_heal(busy: VaultOnDisk) -> None:
    busy.reindex()
    file = index_file(busy.root.resolve(), busy.cache)
    data = file.read_bytes()
    name = b"\xff\xa0" + b"x" * 13  # of as many bytes as the index's that it takes the place of
    assert b"assessment_best" in data
    data = data.replace(b"assessment_best", name).replace(
        name + b" ON assessment(", name + b" ON assessment)"
    )
    file.write_bytes(data)
    with pytest.raises(UnicodeDecodeError):  # as SQLite's words on it begin with that name
        sqlite3.connect(file).execute("SELECT * FROM meta")
    run = busy.run("contacts")
    assert run.code == 0 and "Nr 7" in run.out and run.err == ""
    heals(busy)


def test_a_damaged_list_of_pages_heals(busy: VaultOnDisk) -> None:
    busy.reindex()
    busy.reindex()
    file = index_file(busy.root.resolve(), busy.cache)
    sql = sqlite3.connect(file)
    ((number,),) = sql.execute("SELECT rootpage FROM sqlite_master WHERE name = 'page'").fetchall()
    ((size,),) = sql.execute("PRAGMA page_size").fetchall()
    sql.close()
    data = bytearray(file.read_bytes())
    data[(number - 1) * size : number * size] = b"\xff" * size
    file.write_bytes(data)
    run = busy.run("reindex")
    assert run.code == 0, run.err
    heals(busy)


def test_the_index_may_vanish_under_a_watcher(busy: VaultOnDisk) -> None:
    with watched(busy) as it:
        for tail in ("", "-wal", "-shm"):
            Path(f"{it.index}{tail}").unlink(missing_ok=True)
        busy.add("people/late.md", "x\n")
        it.comes_true()
        it.index.write_bytes(b"garbage" * 3000)
        busy.add("people/later.md", "x\n")
        it.comes_true()


def test_a_clock_that_jumps_changes_nothing(busy: VaultOnDisk) -> None:
    busy.reindex()
    for number, moment in enumerate((2**32, 0, 2**31)):
        file = busy.add(f"people/{number}.md", contact(number, 3))
        os.utime(file, (moment, moment))
    heals(busy)
    wait_until(lambda: busy.reindex().pages_written == [], "a second run writes nothing")


def test_temporary_files_of_a_killed_run_are_removed_wherever_they_lie(busy: VaultOnDisk) -> None:
    left = busy.add("people/.mdmentor-123-abc", "half a no")
    young = busy.add("people/.mdmentor-456-def", "half a no")
    os.utime(left, (1, 1))
    busy.reindex()
    assert not left.exists() and young.exists()
    shutil.rmtree(busy.cache)
