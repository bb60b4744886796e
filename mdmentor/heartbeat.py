"""Whether somebody watches a vault: a lock that is held as long as the watcher lives, and what it says of itself.

The lock decides: the file of a killed watcher means nothing.
"""

import contextlib
import json
import os
import time
from pathlib import Path
from typing import NamedTuple

from mdmentor import files
from mdmentor.errors import WorldFailed, failing

_FILE, _LOCK = ".watcher.json", ".watcher.lock"  # beside the index


class Beat(NamedTuple):
    """What a watcher says of itself. Times are local, ISO 8601 to the second; "" where there is none yet."""

    pid: int
    since: str
    mode: str = "events"  # or "polling"
    why: str = ""  # why it polls, and how to fix it
    last_run: str = ""
    last_problem: str = ""

    def in_words(self) -> str:
        """One line for `status`."""
        words = f"Watcher: running since {self.since} (process {self.pid})"
        words += f", last run {self.last_run}" if self.last_run else ", first run in progress"
        if self.mode == "polling":
            words += f"; it looks for changes at intervals, because {self.why}"
        return words + (f"; last problem: {self.last_problem}" if self.last_problem else "")


class Heartbeat:
    """The watcher's side: the lock, and the file with its `Beat`."""

    def __init__(self, index: Path) -> None:
        """Takes the lock. Raises WorldFailed where another watcher holds it, or it cannot be kept there."""
        self._file = index.with_suffix(_FILE)
        fix = "name another folder with MDMENTOR_CACHE"
        with failing(f"the watcher cannot keep its lock in {index.parent}", fix):
            files.make_folder(index.parent)
            files.tighten(os.fspath(index.parent))
            self._lock = open(index.with_suffix(_LOCK), "a+b", opener=files.opener)  # noqa: SIM115 - held for life
        # `status` holds the lock for a moment when it looks, so one refusal proves nothing
        for _ in range(20):
            if files.take_lock(self._lock.fileno()):
                break
            time.sleep(0.05)
        else:
            self._lock.close()
            other = read_beat(index)
            who = f" (process {other.pid}, since {other.since})" if other else ""
            raise WorldFailed(f"this vault is watched already{who}", "stop that watcher first")
        self._beat = Beat(os.getpid(), now())
        self.update()

    def update(self, **facts: str) -> None:
        """Changes fields of the `Beat`. A disk that does not take them is no reason to stop watching."""
        self._beat = self._beat._replace(**facts)  # type: ignore[arg-type]
        temporary = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            with open(temporary, "w", encoding="utf-8", opener=files.opener) as file:
                file.write(json.dumps(self._beat._asdict()))
            temporary.replace(self._file)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)
        self._lock.close()


def read_beat(index: Path) -> Beat | None:
    """What the watcher of the vault with this index says; None where none is alive."""
    try:
        with index.with_suffix(_LOCK).open("r+b") as lock:
            if files.take_lock(lock.fileno()):
                return None
        return Beat(**json.loads(index.with_suffix(_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # there is none, it has just begun, or it is of another version


def now() -> str:
    """The current local time, to the second."""
    return time.strftime("%Y-%m-%d %H:%M:%S")
