"""Whether somebody watches a vault: a lock held as long as the watcher lives, and what it tells of itself.

The lock is the truth: a file that a killed watcher left behind says nothing. Also the question a command
may put to the watcher, whether the index holds everything that was saved before the question.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from mdmentor import private_files
from mdmentor.errors import WorldFailed

PATIENCE = 0.05  # seconds a command waits for the watcher's word before it walks the vault itself
YES, NO = ".yes", ".no"


class Beat(NamedTuple):
    """What a watcher tells of itself. Times are local, ISO 8601 to the second; "" where there is none yet."""

    pid: int
    since: str
    mode: str = "events"  # or "polling"
    why: str = ""  # why it polls, with the mend
    last_run: str = ""
    last_problem: str = ""
    queries: bool = False  # it can say whether the index holds all that was saved

    def to_json(self) -> dict[str, object]:
        return self._asdict()

    def in_words(self) -> str:
        """One line for `status`."""
        told = f"Watcher: runs since {self.since} (process {self.pid})"
        told += f", last run {self.last_run}" if self.last_run else ", first run under way"
        if self.mode == "polling":
            told += f"; it looks for changes at intervals, because {self.why}"
        return told + (f"; last problem: {self.last_problem}" if self.last_problem else "")


class Heartbeat:
    """The watcher's side: the lock, the facts, and the folder in which it is asked."""

    def __init__(self, index: Path) -> None:
        """Takes the lock. Raises WorldFailed where another watcher holds it, or nothing can be kept there."""
        self._facts = _facts(index)
        self.questions = _questions(index)
        try:
            private_files.make_folder(index.parent)
            private_files.tighten(os.fspath(index.parent))
            self._lock = open(_lock(index), "a+b", opener=private_files.opener)  # noqa: SIM115 - held as long as the watcher lives
        except OSError as error:
            raise WorldFailed(
                f"the watcher cannot keep its lock in {index.parent} ({error.strerror or error})",
                "name another folder with MDMENTOR_CACHE",
            ) from error
        # `status` holds the lock for a moment when it looks, so one refusal proves nothing.
        for _ in range(20):
            if _take(self._lock.fileno()):
                break
            time.sleep(0.05)
        else:
            self._lock.close()
            other = read_beat(index)
            who = f" (process {other.pid}, since {other.since})" if other else ""
            raise WorldFailed(f"this vault is watched already{who}", "stop that watcher first")
        self.beat = Beat(os.getpid(), now())
        self._clear()
        self.tell()

    def tell(self, **facts: object) -> None:
        """Takes new facts in. A disk that does not take them is no reason to stop watching."""
        self.beat = self.beat._replace(**facts)  # type: ignore[arg-type]
        temporary = self._facts.with_name(f"{self._facts.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            with open(temporary, "w", encoding="utf-8", opener=private_files.opener) as file:
                file.write(json.dumps(self.beat.to_json()))
            temporary.replace(self._facts)

    def answer(self, question: str, *, is_current: bool) -> None:
        """Answers a question put as a file of this name."""
        with contextlib.suppress(OSError):
            file = self.questions / question
            file.rename(file.with_name(question + (YES if is_current else NO)))

    def _clear(self) -> None:
        """An empty folder for questions; what a killed command left in it is gone."""
        with contextlib.suppress(OSError):
            self.questions.mkdir(mode=0o700, exist_ok=True)
            for file in self.questions.iterdir():
                file.unlink(missing_ok=True)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._facts.unlink(missing_ok=True)
        self._lock.close()


def read_beat(index: Path) -> Beat | None:
    """What the watcher of the vault with this index says; None where none is alive."""
    if not _is_held(_lock(index)):
        return None
    try:
        told = json.loads(_facts(index).read_text(encoding="utf-8"))
        return Beat(**told)
    except (OSError, ValueError, TypeError):
        return None  # it has just begun, or is of another version


def vouches(index: Path) -> bool:
    """True if a live watcher says that the index holds everything saved until now.

    The question is a file in a folder that is watched along with the vault. Events come in the order in
    which things happened, so when the watcher reads this one, it has read those of every save before it.
    False where nobody answers at once: the caller looks for itself.
    """
    beat = read_beat(index)
    if beat is None or not beat.queries:
        return False
    with _question(_questions(index)) as file:
        if file is None:
            return False
        yes, no = file.with_name(file.name + YES), file.with_name(file.name + NO)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if yes.exists():
                return True
            if no.exists():
                return False
            time.sleep(0.0005)
    return False


@contextmanager
def _question(folder: Path) -> Iterator[Path | None]:
    file = folder / f"{os.getpid()}-{os.urandom(6).hex()}"
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError:
        yield None
        return
    try:
        yield file
    finally:
        for name in (file.name, file.name + YES, file.name + NO):
            with contextlib.suppress(OSError):
                file.with_name(name).unlink(missing_ok=True)


def now() -> str:
    """This moment in local time, to the second."""
    return time.strftime("%Y-%m-%d %H:%M:%S")


def _facts(index: Path) -> Path:
    return index.with_suffix(".watcher.json")


def _lock(index: Path) -> Path:
    return index.with_suffix(".watcher.lock")


def _questions(index: Path) -> Path:
    return index.with_suffix(".watcher.asked")


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("r+b") as file:
            return not _take(file.fileno())
    except OSError:
        return False


def _take(handle: int) -> bool:
    """Locks an open file for this process, without waiting; False where another one holds it."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
