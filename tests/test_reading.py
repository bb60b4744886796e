"""Work shared with other processes: the same results in the same order as without, also where one ends too early."""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from mdmentor.core.model import Settings
from mdmentor.index import find
from mdmentor.reindex import reading, workers
from mdmentor.reindex.workers import Workers
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk
from tests.test_index import BODIES, content

NOTES = 400


@pytest.fixture
def many(vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> VaultOnDisk:
    """A vault of a few hundred notes of every sort, with workers from the first one on."""
    for number in range(NOTES):
        body = BODIES[number % len(BODIES)]
        folder = ("people/", "posts/", "daily/", "")[number % 4]
        vault.add(
            f"{folder}Note {number} é.md",
            body if number % 7 else b"<<<<<<< ours\na\n=======\nb\n>>>>>>> x\n",
        )
    monkeypatch.setattr(reading, "MANY_NOTES", 1)
    return vault


def batches(vault: VaultOnDisk, jobs: list[reading.Job]) -> list[reading.Batch]:
    with Workers() as pool:
        return list(read_notes(vault, pool, jobs))


def read_notes(vault: VaultOnDisk, pool: Workers, jobs: list[reading.Job]) -> Iterator[reading.Batch]:
    return pool.map(reader_of(vault).read, jobs, are_many=len(jobs) >= reading.MANY_NOTES)


def outcomes(told: list[reading.Batch]) -> list[reading.Outcome]:
    return [outcome for some, _ in told for outcome in some]


def reader_of(vault: VaultOnDisk) -> reading.Reader:
    # an hour on no file was saved so shortly before that its stamp is doubtful
    return reading.Reader(str(vault.root.resolve()), Settings(), time.time_ns() + 3600 * 10**9)


def jobs_of(vault: VaultOnDisk) -> list[reading.Job]:
    paths = sorted(Vault(vault.root.resolve()).scan(Settings()).notes)
    return [(path, number, None) for number, path in enumerate([*paths, "gone.md"], 1)]


def test_workers_find_what_one_process_finds(many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = jobs_of(many)
    told = batches(many, jobs)
    monkeypatch.setattr(reading, "MANY_NOTES", NOTES * 10)
    assert told == batches(many, jobs)
    assert [path for _, path, *_ in outcomes(told)] == [path for path, *_ in jobs]
    assert {what for what, *_ in outcomes(told)} == {reading.READ, reading.NEEDS_REVIEW, reading.GONE}
    for some, rows in told:
        with_rows = [path for what, path, *_ in some if what == reading.READ]
        assert [row[1] for row in rows["note"]] == with_rows


def test_a_note_with_the_hash_that_is_known_is_not_parsed(many: VaultOnDisk) -> None:
    hashes = {row[1]: row[-1] for _, rows in batches(many, jobs_of(many)) for row in rows["note"]}
    known = [(path, number, hashes.get(path)) for path, number, _ in jobs_of(many)]
    told = batches(many, known)  # type: ignore[arg-type]
    assert {what for what, path, *_ in outcomes(told) if path in hashes} == {reading.SAME}
    assert not any(held for _, rows in told for held in rows.values())


def test_an_index_made_with_workers_is_the_one_made_without(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with_workers = content(many)
    monkeypatch.setattr(reading, "MANY_NOTES", NOTES * 10)
    assert with_workers == content(VaultOnDisk(many.root, tmp_path / "other cache"))


def test_an_index_in_which_most_notes_changed_at_once_is_the_one_made_from_nothing(
    many: VaultOnDisk, tmp_path: Path
) -> None:
    content(many)
    indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with many.queries() as queries:
        before = queries.index.column(indexes)
    paths = sorted(path for path in many.root.rglob("*.md") if b"<<<<" not in path.read_bytes())
    for path in paths[: len(paths) // 4]:
        path.unlink()
    for path in paths[len(paths) // 4 : -20]:
        path.write_bytes(b"tea with [[Note 8 \xc3\xa9]]\n\n" + path.read_bytes())
    assert content(many) == content(VaultOnDisk(many.root, tmp_path / "other cache"))
    with many.queries() as queries:
        assert queries.index.column(indexes) == before


def test_a_note_in_conflict_stays_as_it_was_when_most_notes_change_at_once(many: VaultOnDisk) -> None:
    many.add("people/Torn.md", "# Torn\n\n- 2026-11-02 call: a zebra\n")
    content(many)
    for path in many.root.rglob("*.md"):
        path.write_bytes(path.read_bytes() + b"\nmore\n")
    many.add("people/Torn.md", "# Torn\n\n<<<<<<< a\n- a\n=======\n- b\n>>>>>>> b\n")
    with many.queries() as queries:
        assert [row["path"] for row in find.search(queries.index, "zebra", 10)] == ["people/Torn.md"]
        assert [talk.text for talk in queries.person("people/Torn.md").interactions] == ["a zebra"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_that_ends_too_early_costs_no_note(
    many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    jobs = jobs_of(many)
    expected = batches(many, jobs)
    # with another thread there is nothing to fork
    threads = 1 if method == "fork" else 2
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    with Workers() as pool:
        found = read_notes(many, pool, jobs)
        first = next(found)
        assert pool._pool is not None
        for process in pool._pool._processes.values():
            process.kill()
        assert [first, *found] == expected


def add_up(numbers: list[int]) -> int:
    """The sum; another process is killed when it has written half of it."""
    if multiprocessing.parent_process() is not None:

        def write_half(self: Connection, message: bytes) -> None:
            os.write(self.fileno(), struct.pack("!i", 1000) + message[:10])
            os.kill(os.getpid(), signal.SIGKILL)

        Connection._send_bytes = write_half
    return sum(numbers)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_worker_that_is_killed_while_it_answers_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    threads = 1 if method == "fork" else 2
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    with Workers() as pool:
        sums = [*pool.map(add_up, range(1000), are_many=True)]
    assert sum(sums) == sum(range(1000))


def test_without_a_pool_everything_is_read_here(many: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = jobs_of(many)
    expected = batches(many, jobs)

    def refuse() -> None:
        raise OSError("no processes here")

    monkeypatch.setattr(workers, "_start", refuse)
    assert batches(many, jobs) == expected


def test_no_worker_is_left_when_the_work_is_given_up(many: VaultOnDisk) -> None:
    with Workers() as pool:
        next(read_notes(many, pool, jobs_of(many)))
        assert pool._pool is not None
        processes = list(pool._pool._processes.values())
    assert processes and not any(process.is_alive() for process in processes)


def test_workers_end_with_a_run_that_was_killed() -> None:
    code = """
import os, signal
from mdmentor.reindex.workers import Workers
with Workers() as pool:
    next(pool.map(len, [1] * 4000, are_many=True))
    print(*pool._pool._processes, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    assert run.returncode == -signal.SIGKILL  # and the pipe was closed by everybody who held it
    pids = [int(pid) for pid in run.stdout.split()]
    assert pids
    ends = time.monotonic() + 30
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_an_index_for_which_workers_assessed_people_is_the_one_made_without(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number, body in enumerate(BODIES * 10):
        vault.add(f"people/Note {number} é.md", body)
        vault.add(
            f"daily/2026-10-{number % 28 + 1:02} {number}.md", f"- call with [[Note {number} é]] #got help"
        )
    vault.add("goals/Grow.md", "---\ntype: goal\ntopics: [python, career]\n---\n")
    without = content(vault)
    started = []
    start = workers._start
    monkeypatch.setattr(workers, "_start", lambda: started.append(True) or start())
    monkeypatch.setattr(reading, "MANY_PEOPLE", 1)
    assert without == content(VaultOnDisk(vault.root, tmp_path / "other cache"))
    assert started
