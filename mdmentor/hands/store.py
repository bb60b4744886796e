"""The edits made lately, with the bytes before and after: for `undo`, and to mend one that was cut short.

Lies beside the index in the user's cache folder, as plain files that can be copied back by hand. Nothing in
here decides what is written; it only remembers, one folder an edit.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mdmentor.errors import WorldFailed

DOING = "doing"  # not finished; whoever finds it so takes it back
DONE = "done"
UNDOING = "undoing"
UNDONE = "undone"
DROPPED = "dropped"  # cut short, and not wholly taken back since a note was changed meanwhile

MOST_KEPT = 50  # edits
LONGEST_WAIT = 60.0  # seconds for another mdmentor to finish its edit

_PLAN = "plan.json"
_OPEN = "open"  # there while an edit is under way


class Change(NamedTuple):
    """The bytes of one note before and after an edit; None where there is no note."""

    path: str
    before: bytes | None
    after: bytes | None


class Move(NamedTuple):
    """A note or folder that got another path, after all changes of its edit."""

    old: str
    new: str


class Record(NamedTuple):
    """One edit as the user asked for it: all of it is done, or nothing."""

    number: int
    what: str  # "log Ada Lovelace": for telling the user what is taken back
    state: str
    changes: tuple[Change, ...] = ()
    move: Move | None = None
    made: tuple[str, ...] = ()  # folders made for the move, outermost first

    @property
    def is_several(self) -> bool:
        return len(self.changes) + (self.move is not None) > 1


class Store:
    """The kept edits of one vault. `warning` says in a line why none can be kept, where that is so."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.warning = ""
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            _make(self._file("lock"))
        except OSError as error:
            reason = error.strerror or str(error)
            self.warning = f"edits cannot be kept in {folder} ({reason}), so undo will not know of this one"

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """One process at a time edits notes by hand. Raises WorldFailed after a minute of waiting."""
        if self.warning or os.name != "posix":
            yield
            return
        import fcntl

        with open(self._file("lock"), "a+b") as lock:
            until = time.monotonic() + LONGEST_WAIT
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() > until:
                        raise WorldFailed(
                            "another mdmentor has been changing notes for a minute", "try again later"
                        ) from error
                    time.sleep(0.005)
            yield

    def begin(self, what: str, changes: tuple[Change, ...], move: Move | None = None) -> Record:
        """Keeps what is about to be done, before it is done. What was taken back before is forgotten now."""
        record = Record(1, what, DOING, changes, move)
        if self.warning:
            return record
        try:
            numbers = self._numbers()
            for number in reversed(numbers):
                if self._state(number) != UNDONE:
                    break
                self._remove(number)
            record = record._replace(number=max(numbers, default=0) + 1)
            _make(self._file(_OPEN))
            for change in changes:
                for name, data in (("before", change.before), ("after", change.after)):
                    if data is not None:
                        _keep(self._bytes(record.number, name, change.path), data, is_sure=name == "before")
            self._put_plan(record)
            for number in numbers[: max(0, len(numbers) + 1 - MOST_KEPT)]:
                self._remove(number)
        except OSError as error:
            reason = error.strerror or str(error)
            self.warning = (
                f"the edit could not be kept in {self.folder} ({reason}), so undo will not know of it"
            )
        return record

    def put_state(self, record: Record, state: str) -> Record:
        """The record in its new state, kept so."""
        record = record._replace(state=state)
        if not self.warning:
            with contextlib.suppress(OSError):
                if state in (DOING, UNDOING):
                    _make(self._file(_OPEN))
                self._put_plan(record)
                if state not in (DOING, UNDOING):
                    self.close()
        return record

    def forget(self, record: Record) -> None:
        self._remove(record.number)
        self.close()

    def close(self) -> None:
        """Says that no edit is under way."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._file(_OPEN))

    def last_done(self) -> Record | None:
        """The edit that undo takes back: the newest that is done."""
        return self._find(lambda states: next((n for n, state in states if state == DONE), None))

    def first_undone(self) -> Record | None:
        """The edit that is done again: the oldest of those taken back since the last one done."""

        def find(states: Iterable[tuple[int, str]]) -> int | None:
            found = None
            for number, state in states:
                if state == DONE:
                    break
                found = number if state == UNDONE else found
            return found

        return self._find(find)

    def unfinished(self) -> Record | None:
        """An edit that was cut short, or that was being taken back."""
        if self.warning or not os.path.exists(self._file(_OPEN)):
            return None
        return self._find(lambda states: next((n for n, state in states if state in (DOING, UNDOING)), None))

    def _find(self, find: Callable[[Iterable[tuple[int, str]]], int | None]) -> Record | None:
        """The edit that `find` picks by number from (number, state), the newest first."""
        number = find((number, self._state(number)) for number in reversed(self._numbers()))
        return None if number is None else self._read(number)

    def old_bytes(self, record: Record, path: str) -> str:
        """Where the bytes lie that a note had before an edit."""
        return self._bytes(record.number, "before", path)

    def _numbers(self) -> list[int]:
        if self.warning:
            return []
        return sorted(int(name) for name in os.listdir(self.folder) if name.isdigit())

    def _file(self, *names: str) -> str:
        return os.path.join(self.folder, *names)

    def _place(self, number: int) -> str:
        return self._file(f"{number:06}")

    def _bytes(self, number: int, when: str, path: str) -> str:
        """Where a note's bytes are kept: those "before" an edit, or those "after" it."""
        return os.path.join(self._place(number), when, *path.split("/"))

    def _remove(self, number: int) -> None:
        import shutil  # slow to load, and most edits remove none

        shutil.rmtree(self._place(number), ignore_errors=True)

    def _state(self, number: int) -> str:
        try:
            return str(json.loads(_read(os.path.join(self._place(number), _PLAN)))["state"])
        except (OSError, ValueError, KeyError):
            return ""

    def _read(self, number: int) -> Record | None:
        """An edit as kept; None for one that was never wholly kept, and so never begun."""
        try:
            told = json.loads(_read(os.path.join(self._place(number), _PLAN)))
            changes = []
            for path, has_before, has_after in told["changes"]:
                before = _read(self._bytes(number, "before", path)) if has_before else None
                after = _read(self._bytes(number, "after", path)) if has_after else None
                changes.append(Change(path, before, after))
            move = Move(*told["move"]) if told["move"] else None
            return Record(number, told["what"], told["state"], tuple(changes), move, tuple(told["made"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _put_plan(self, record: Record) -> None:
        told = {
            "what": record.what,
            "state": record.state,
            "changes": [(c.path, c.before is not None, c.after is not None) for c in record.changes],
            "move": (record.move.old, record.move.new) if record.move else None,
            "made": record.made,
        }
        place = self._place(record.number)
        os.makedirs(place, mode=0o700, exist_ok=True)
        plan = os.path.join(place, _PLAN)
        _keep(f"{plan}.new", json.dumps(told).encode(), is_sure=record.state in (DOING, UNDOING))
        os.replace(f"{plan}.new", plan)


def _make(file: str) -> None:
    """Sees to it that the file is there, for the user alone to read."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _read(file: str) -> bytes:
    with open(file, "rb") as handle:
        return handle.read()


def _keep(file: str, data: bytes, *, is_sure: bool) -> None:
    """Writes a file of the store; `is_sure` waits until the disk has it."""
    os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
    with open(file, "wb") as handle:
        handle.write(data)
        if is_sure:
            handle.flush()
            os.fsync(handle.fileno())


def is_open(folder: str) -> bool:
    """Whether an edit is under way in the store in `folder`, or was cut short."""
    return os.path.exists(os.path.join(folder, _OPEN))
