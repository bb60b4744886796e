"""A vault with a real watcher on it, in this process or one of its own, and waiting on conditions."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

from mdmentor.heartbeat import read_beat
from mdmentor.vault import Vault
from mdmentor.watch import Timing, Watcher
from tests.conftest import TODAY, VaultOnDisk, index_file
from tests.test_index import TABLES

DEADLINE = 60.0  # seconds; far more than anything here takes, on a busy machine too
QUICK = Timing(quiet=0.05, most=1.0, rest=0.3, merge=0.05, retry=0.1)


def wait_until(is_so: Callable[[], bool], what: str, deadline: float = DEADLINE) -> None:
    """Returns when the condition holds; fails after the deadline, with what was waited for."""
    end = time.monotonic() + deadline
    while not is_so():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


class Watched:
    """A vault that is being watched by a thread of this process."""

    def __init__(self, vault: VaultOnDisk, *, polls: bool = False, timing: Timing = QUICK) -> None:
        self.vault = vault
        self.lines: list[str] = []
        self.day = TODAY
        self.watcher = Watcher(
            Vault(vault.root.resolve()),
            vault.cache,
            self.lines.append,
            today=lambda: self.day,
            polls=polls,
            timing=timing,
        )
        self.error: BaseException | None = None
        self._wrong: object = None
        self._again_at = 0.0
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.watcher.run()
        except BaseException as error:
            self.error = error

    def start(self) -> None:
        self._thread.start()
        wait_until(lambda: self.error is not None or self.last_run() != "", "the watcher's first run")
        assert self.error is None, self.error

    def last_run(self) -> str:
        beat = read_beat(self.index)
        return beat.last_run if beat else ""

    @property
    def index(self) -> Path:
        return index_file(self.vault.root.resolve(), self.vault.cache)

    def stop(self) -> None:
        self.watcher.stop()
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()
        assert self.error is None, self.error

    def is_true(self) -> bool:
        """Whether the index, as it stands, is the one that would be built from nothing.

        Building takes the processor that the watcher needs, so one that was found wrong is given a second.
        """
        now = known(self.index)
        if now == self._wrong and time.monotonic() < self._again_at:
            return False
        is_so = now == fresh(self.vault)
        self._wrong, self._again_at = None if is_so else now, time.monotonic() + 1
        return is_so

    def comes_true(self, what: str = "the index equals a fresh one") -> None:
        wait_until(self.is_true, what)


@contextlib.contextmanager
def watched(vault: VaultOnDisk, *, polls: bool = False, timing: Timing = QUICK) -> Iterator[Watched]:
    it = Watched(vault, polls=polls, timing=timing)
    it.start()
    try:
        yield it
    finally:
        it.stop()


def known(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that an index knows as it stands, without a look at the vault, and without its own numbers."""
    import sqlite3

    try:
        sql = sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.OperationalError:
        return {}
    try:
        sql.execute("BEGIN")  # one moment of it
        told = {}
        for table, query in TABLES.items():
            rows = [tuple(row) for row in sql.execute(query)]
            if table == "entry":
                rows = [row[:1] + row[2:] for row in rows]
            told[table] = sorted(rows, key=repr)
        return told
    except sqlite3.DatabaseError:
        return {}
    finally:
        sql.close()


def fresh(vault: VaultOnDisk) -> dict[str, list[tuple[object, ...]]]:
    """The same of an index built from nothing for the vault as it is."""
    other = VaultOnDisk(vault.root, vault.cache.with_name("fresh"))
    shutil.rmtree(other.cache, ignore_errors=True)
    with other.queries() as queries:
        file = Path(queries.index.path)
    return known(file)


def paths(file: Path) -> set[str]:
    """The notes that an index knows as it stands."""
    return {str(row[0]) for row in known(file).get("note", [])}


class Process:
    """`mdmentor` in a process of its own, its lines read as they come."""

    def __init__(self, vault: VaultOnDisk, *arguments: str) -> None:
        environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache)}
        environment.pop("PYTHONUNBUFFERED", None)  # a service has none either
        self.log = vault.cache.with_name(f"{'-'.join(a for a in arguments if a.isalnum())}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def says(self, words: str) -> None:
        wait_until(lambda: words in self.text() or self.process.poll() is not None, f'it says "{words}"')
        assert words in self.text(), self.text()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
