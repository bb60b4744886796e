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
from mdmentor.private_files import make_folder, opener

DOING = "doing"  # not finished; whoever finds it so takes it back
DONE = "done"
UNDOING = "undoing"
UNDONE = "undone"
REDOING = "redoing"  # as UNDOING: if it is cut short, the edit is again as it was before
DROPPED = "dropped"  # cut short, and not wholly taken back since a note was changed meanwhile
DAMAGED = "damaged"
UNDER_WAY = (DOING, UNDOING, REDOING)

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


class JournalEntry(NamedTuple):
    """One edit as the user asked for it: all of it is done, or nothing."""

    number: int
    what: str  # "log Ada Lovelace": for telling the user what is taken back
    state: str
    changes: tuple[Change, ...] = ()
    move: Move | None = None
    made: tuple[str, ...] = ()  # folders that were not there before, outermost first

    @property
    def is_several(self) -> bool:
        return len(self.changes) + (self.move is not None) > 1


class History:
    """The kept edits of one vault. `warning` says in a line why none can be kept, where that is so."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.warning = ""
        self.reason = ""  # what the system said, where there is a warning
        try:
            make_folder(folder)
            _make(self._file("lock"))
        except OSError as error:
            self.reason = error.strerror or str(error)
            self.warning = (
                f"edits cannot be kept in {folder} ({self.reason}), so undo will not know of this one"
            )

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

    def is_held(self) -> bool:
        """Whether another process is changing notes just now."""
        if self.warning or os.name != "posix":
            return False
        import fcntl

        with open(self._file("lock"), "rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def begin(
        self, what: str, changes: tuple[Change, ...], move: Move | None = None, made: tuple[str, ...] = ()
    ) -> JournalEntry:
        """Keeps what is about to be done, before it is done. `warning` says so where that is not possible."""
        record = JournalEntry(1, what, DOING, changes, move, made)
        if self.warning:
            return record
        try:
            numbers = self._listed()
        except OSError as error:
            self._warn(error)
            return record
        record = record._replace(number=max(numbers, default=0) + 1)
        try:
            _make(self._file(_OPEN))
            for change in changes:
                for name, data in (("before", change.before), ("after", change.after)):
                    if data is not None:
                        _keep(self._bytes(record.number, name, change.path), data, is_sure=name == "before")
            self._put_plan(record)
            for number in numbers[: max(0, len(numbers) + 1 - MOST_KEPT)]:
                self._remove(number)
        except OSError as error:
            with contextlib.suppress(OSError):
                self.forget(record)
            self._warn(error)
        return record

    def _warn(self, error: OSError) -> None:
        self.reason = error.strerror or str(error)
        self.warning = (
            f"the edit could not be kept in {self.folder} ({self.reason}), so undo will not know of it"
        )

    def put_state(self, record: JournalEntry, state: str) -> JournalEntry:
        """The record in its new state, kept so. Raises WorldFailed where what is about to be done cannot be kept.

        An end that cannot be kept is found out by whoever comes next: the edit is still under way for them.
        """
        after = record._replace(state=state)
        if self.warning:
            return after
        try:
            if state in UNDER_WAY:
                _make(self._file(_OPEN))
            elif record.state == DOING:
                self._forget_undone()
            self._put_plan(after)
            if state not in UNDER_WAY:
                self.close()
        except OSError as error:
            if state in UNDER_WAY:
                raise WorldFailed(
                    f"{self.folder} cannot be written ({error.strerror or error})", "nothing was changed"
                ) from error
        return after

    def _forget_undone(self) -> None:
        """What was taken back before is not done again once something else is."""
        for number in reversed(self._listed()):
            try:
                state = self._state(number)
            except WorldFailed:
                break  # it is told to whoever wants to take it back
            if state == UNDONE:
                self._remove(number)
            elif state not in ("", DOING):
                break

    def forget(self, record: JournalEntry) -> None:
        self._remove(record.number)
        self.close()

    def close(self) -> None:
        """Says that no edit is under way."""
        with contextlib.suppress(OSError):
            os.unlink(self._file(_OPEN))

    def last_done(self) -> JournalEntry | None:
        """The edit that undo takes back: the newest that is done. Raises WorldFailed for one that cannot be read."""
        return self._find(lambda states: next((n for n, state in states if state in (DONE, DAMAGED)), None))

    def first_undone(self) -> JournalEntry | None:
        """The edit that is done again: the oldest of those taken back since the last one done."""

        def find(states: Iterable[tuple[int, str]]) -> int | None:
            found = None
            for number, state in states:
                if state == DONE:
                    break
                found = number if state in (UNDONE, DAMAGED) else found
            return found

        return self._find(find)

    def unfinished(self) -> JournalEntry | None:
        """An edit that was cut short, or that was being taken back or done again."""
        if self.warning or not os.path.exists(self._file(_OPEN)):
            return None
        return self._find(lambda states: next((n for n, state in states if state in UNDER_WAY), None))

    def _find(self, find: Callable[[Iterable[tuple[int, str]]], int | None]) -> JournalEntry | None:
        """The edit that `find` picks by number from (number, state), the newest first."""
        number = find((number, self._state(number)) for number in reversed(self._numbers()))
        return None if number is None else self._read(number)

    def old_bytes(self, record: JournalEntry, path: str) -> str:
        """Where the bytes lie that a note had before an edit."""
        return self._bytes(record.number, "before", path)

    def _numbers(self) -> list[int]:
        if self.warning:
            return []
        try:
            return self._listed()
        except OSError as error:
            raise self._unreadable(self.folder, error) from error

    def _listed(self) -> list[int]:
        return sorted(int(name) for name in os.listdir(self.folder) if name.isdigit())

    def _unreadable(self, what: str, error: Exception) -> WorldFailed:
        reason = getattr(error, "strerror", None) or "it is damaged"
        return WorldFailed(
            f"the edits kept for undo cannot be read: {what} ({reason})",
            "nothing was changed; repair or delete it, and that edit can be taken back by hand alone",
        )

    def _file(self, *names: str) -> str:
        return os.path.join(self.folder, *names)

    def _place(self, number: int) -> str:
        return self._file(f"{number:06}")

    def _bytes(self, number: int, when: str, path: str) -> str:
        """Where a note's bytes are kept: those "before" an edit, or those "after" it."""
        return os.path.join(self._place(number), when, *path.split("/"))

    def _remove(self, number: int) -> None:
        """Removes an edit, its plan first: without one the rest counts for nothing, wherever this is cut short."""
        import shutil  # slow to load, and most edits remove none

        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self._place(number), _PLAN))
        shutil.rmtree(self._place(number), ignore_errors=True)

    def _state(self, number: int) -> str:
        """The state of an edit; "" for one that was never wholly kept, and so never begun."""
        plan = os.path.join(self._place(number), _PLAN)
        try:
            return str(json.loads(_read(plan))["state"])
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise self._unreadable(plan, error) from error
        except (ValueError, KeyError, TypeError):
            return DAMAGED

    def _read(self, number: int) -> JournalEntry:
        """An edit as kept. Raises WorldFailed where it cannot be read."""
        try:
            told = json.loads(_read(os.path.join(self._place(number), _PLAN)))
            changes = []
            for path, has_before, has_after in told["changes"]:
                before = _read(self._bytes(number, "before", path)) if has_before else None
                after = _read(self._bytes(number, "after", path)) if has_after else None
                changes.append(Change(path, before, after))
            move = Move(*told["move"]) if told["move"] else None
            return JournalEntry(
                number, told["what"], told["state"], tuple(changes), move, tuple(told["made"])
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable(self._place(number), error) from error

    def _put_plan(self, record: JournalEntry) -> None:
        told = {
            "what": record.what,
            "state": record.state,
            "changes": [(c.path, c.before is not None, c.after is not None) for c in record.changes],
            "move": (record.move.old, record.move.new) if record.move else None,
            "made": record.made,
        }
        place = self._place(record.number)
        make_folder(place)
        plan = os.path.join(place, _PLAN)
        is_sure = record.state in UNDER_WAY
        _keep(f"{plan}.new", json.dumps(told).encode(), is_sure=is_sure)
        os.replace(f"{plan}.new", plan)
        if is_sure and record.is_several:
            _sync(place)
            _sync(self.folder)


def _make(file: str) -> None:
    """Sees to it that the file is there, for the user alone to read."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _read(file: str) -> bytes:
    with open(file, "rb") as handle:
        return handle.read()


def _keep(file: str, data: bytes, *, is_sure: bool) -> None:
    """Writes a file of the store; `is_sure` waits until the disk has it."""
    make_folder(os.path.dirname(file))
    with open(file, "wb", opener=opener) as handle:
        handle.write(data)
        if is_sure:
            handle.flush()
            os.fsync(handle.fileno())


def _sync(folder: str) -> None:
    """Waits until the disk has the names in a folder, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def store_folder(index: str | os.PathLike[str]) -> str:
    """The folder of the kept edits, beside the index."""
    return f"{os.fspath(index).removesuffix('.sqlite')}.edits"


def has_open_edit(index: str | os.PathLike[str]) -> bool:
    """Whether an edit of notes is under way, or was cut short."""
    return os.path.exists(os.path.join(store_folder(index), _OPEN))


def is_as_left(folder: str, path: str, data: bytes, since: float) -> bool:
    """Whether `data` is what the newest edit of a note, made since that moment, left there.

    `folder` is the store's, the moment is in seconds since the epoch. An edit that is not finished left nothing.
    """
    try:
        numbers = sorted((name for name in os.listdir(folder) if name.isdigit()), key=int, reverse=True)
        for number in numbers:
            place = os.path.join(folder, number)
            if os.stat(os.path.join(place, _PLAN)).st_mtime < since:
                continue
            told = json.loads(_read(os.path.join(place, _PLAN)))
            for changed, *_ in told["changes"]:
                here = changed
                if told["state"] == DONE and told["move"] and f"{changed}/".startswith(f"{told['move'][0]}/"):
                    here = told["move"][1] + changed[len(told["move"][0]) :]
                if here == path:
                    side = {DONE: "after", UNDONE: "before"}[told["state"]]
                    return _read(os.path.join(place, side, *changed.split("/"))) == data
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return False
