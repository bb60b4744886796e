"""A real `mdmentor watch` in a process of its own, and what it has taken in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.floors import walk
from benchmarks.trial import PYTHON, Trial, Vault, program
from mdmentor.files import stamp_key
from mdmentor.vault.folders import stamp_of

PATIENCE = 300.0  # seconds
STEP = 0.0005  # seconds between two looks


@dataclass
class Watcher:
    """A running watcher. Its index is only read."""

    trial: Trial
    pid: int
    sql: sqlite3.Connection

    def has_all(self) -> bool:
        """Whether the index has every note as it lies on the disk now."""
        rows = self.sql.execute("SELECT path, stamp FROM note WHERE path NOT LIKE 'reach-out/%'")
        return dict(rows) == self.on_disk()

    def on_disk(self) -> dict[str, int]:
        """`stamp_key` of all notes."""
        root = f"{self.trial.root}/"
        found = walk(str(self.trial.root))
        paths = ((path.removeprefix(root), info) for path, info in found)
        return {p: stamp_key(p, stamp_of(info)) for p, info in paths if not p.startswith("reach-out/")}

    def version(self) -> int:
        """Changes with each commit of the watcher."""
        return int(self.sql.execute("PRAGMA data_version").fetchone()[0])


@contextlib.contextmanager
def watching(trial: Trial) -> Iterator[Watcher]:
    """Starts a watcher, waits for the end of its first run, and stops it in the end."""
    process = subprocess.Popen(
        [*program(), "watch"], env={**os.environ, **trial.environment}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: bool(last_run(trial.cache)))
        with contextlib.closing(index_of(trial.cache)) as sql:
            yield Watcher(trial, process.pid, sql)
    finally:
        process.terminate()
        process.wait(60)


def index_of(cache: Path) -> sqlite3.Connection:
    return sqlite3.connect(next(cache.glob("*.sqlite")), timeout=60, isolation_level=None)


def last_run(cache: Path) -> str:
    """When the watcher's last run was; "" before the first one is over."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        return str(json.loads(next(cache.glob("*.watcher.json")).read_text())["last_run"])
    return ""


def wait_for(is_so: Callable[[], bool], step: float = STEP, patience: float = PATIENCE) -> float:
    """Seconds until the condition holds."""
    started = time.perf_counter()
    while not is_so():
        if time.perf_counter() - started > patience:
            raise SystemExit("waited in vain for the watcher")
        time.sleep(step)
    return time.perf_counter() - started


def digest(vault: Vault, cache: Path) -> str:
    """A digest of what an index tells: every link with its target, every contact, every problem."""
    sums = []
    for words in ("links", "contacts", "check"):
        command = vault.command(words, "--json")
        environment = {**os.environ, **vault.environment, "MDMENTOR_CACHE": str(cache)}
        with subprocess.Popen(command.words, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout
            sums.append(hashlib.file_digest(process.stdout, "sha256").hexdigest())  # type: ignore[arg-type]
    return " ".join(sums)


def quiet_period() -> float:
    """Milliseconds that the watcher waits on purpose after the last event."""
    code = "from mdmentor.watch import Timing; print(Timing().quiet * 1000)"
    return float(subprocess.run([PYTHON, "-c", code], check=True, stdout=subprocess.PIPE).stdout)
