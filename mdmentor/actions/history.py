"""The journal of recent edits, with the bytes before and after each: for `undo`, and to roll back one cut short.

It lies beside the index in the user's cache folder, one folder an edit, as plain files that can be copied back by
hand. Nothing in here decides what is written; it only remembers.
"""

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any, NamedTuple

from mdmentor.errors import WorldFailed
from mdmentor.private_files import make_folder, opener
from mdmentor.vault.folders import lock

DOING = "doing"  # not finished; the next command rolls it back
DONE = "done"
UNDOING = "undoing"
UNDONE = "undone"
REDOING = "redoing"
DROPPED = "dropped"  # cut short, and not wholly rolled back since a note was changed meanwhile
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
    """A note or folder that gets another path, after all changes of its edit."""

    old: str
    new: str

    def path_of(self, path: str) -> str:
        """Where a note lies after the move."""
        if path == self.old:
            return self.new
        return self.new + path[len(self.old) :] if path.startswith(f"{self.old}/") else path


class JournalEntry(NamedTuple):
    """One edit as the user asked for it: all of it is done, or nothing."""

    number: int
    what: str  # "log Ada Lovelace": what `undo` prints
    state: str
    changes: tuple[Change, ...] = ()
    move: Move | None = None
    made: tuple[str, ...] = ()  # folders that were not there before, outermost first

    @property
    def is_several(self) -> bool:
        return len(self.changes) + (self.move is not None) > 1


class History:
    """The journal of one vault. `warning` says in a line why nothing can be recorded, where that is so."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.warning = ""
        self.reason = ""  # what the system said, where there is a warning
        try:
            make_folder(folder)
            _touch(self._file("lock"))
        except OSError as error:
            self._warn("edits cannot be kept", "so undo will not know of this one", error)

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Lets one process at a time edit notes. Raises WorldFailed after a minute of waiting."""
        if self.warning:
            yield
            return
        with open(self._file("lock"), "a+b") as file:
            if not lock(file.fileno(), LONGEST_WAIT):
                raise WorldFailed("another mdmentor has been changing notes for a minute", "try again later")
            yield

    def is_held(self) -> bool:
        """Whether another process is changing notes just now."""
        if self.warning:
            return False
        with open(self._file("lock"), "rb") as file:
            return not lock(file.fileno(), 0)

    def begin(
        self, what: str, changes: tuple[Change, ...], move: Move | None = None, made: tuple[str, ...] = ()
    ) -> JournalEntry:
        """Records an edit before it is carried out. `warning` says so where that is not possible."""
        entry = JournalEntry(1, what, DOING, changes, move, made)
        if self.warning:
            return entry
        try:
            numbers = _numbers(self.folder)
            entry = entry._replace(number=max(numbers, default=0) + 1)
            _touch(self._file(_OPEN))
            for change in changes:
                for side, data in (("before", change.before), ("after", change.after)):
                    if data is not None:
                        _write(self._bytes(entry.number, side, change.path), data, is_sure=side == "before")
            self._put_plan(entry)
            for number in numbers[: max(0, len(numbers) + 1 - MOST_KEPT)]:
                self._remove(number)
        except OSError as error:
            with contextlib.suppress(OSError):
                self.forget(entry)
            self._warn("the edit could not be kept", "so undo will not know of it", error)
        return entry

    def put_state(self, entry: JournalEntry, state: str) -> JournalEntry:
        """Records the entry in a new state. Raises WorldFailed where what is about to be done cannot be recorded.

        If an end cannot be recorded, the entry stays under way, and the next command finds out that it is finished.
        """
        after = entry._replace(state=state)
        if self.warning:
            return after
        try:
            if state in UNDER_WAY:
                _touch(self._file(_OPEN))
            elif entry.state == DOING:
                self._forget_undone()
            self._put_plan(after)
            if state not in UNDER_WAY:
                self.close()
        except OSError as error:
            if state in UNDER_WAY:
                what = f"{self.folder} cannot be written ({error.strerror or error})"
                raise WorldFailed(what, "nothing was changed") from error
        return after

    def _forget_undone(self) -> None:
        """Removes entries that were undone: after another edit they cannot be done again."""
        with contextlib.suppress(WorldFailed):  # reported to the user who wants to undo it
            for number, state in self._states():
                if state == UNDONE:
                    self._remove(number)
                elif state not in ("", DOING):
                    return

    def forget(self, entry: JournalEntry) -> None:
        self._remove(entry.number)
        self.close()

    def close(self) -> None:
        """Records that no edit is under way."""
        with contextlib.suppress(OSError):
            os.unlink(self._file(_OPEN))

    def last_done(self) -> JournalEntry | None:
        """The newest entry that is done, which undo takes back. Raises WorldFailed for one that cannot be read."""
        return self._read(next((n for n, state in self._states() if state in (DONE, DAMAGED)), None))

    def first_undone(self) -> JournalEntry | None:
        """The oldest entry that was undone since the last one done, which redo does again."""
        found = None
        for number, state in self._states():
            if state == DONE:
                break
            found = number if state in (UNDONE, DAMAGED) else found
        return self._read(found)

    def unfinished(self) -> JournalEntry | None:
        """An entry that was cut short while it was done, undone or done again."""
        if self.warning or not os.path.exists(self._file(_OPEN)):
            return None
        return self._read(next((n for n, state in self._states() if state in UNDER_WAY), None))

    def old_bytes(self, entry: JournalEntry, path: str) -> str:
        """The file with the bytes that a note had before an edit."""
        return self._bytes(entry.number, "before", path)

    def _states(self) -> Iterator[tuple[int, str]]:
        """(number, state) of each entry, the newest first; the state is "" for one whose edit was never begun."""
        try:
            numbers = [] if self.warning else _numbers(self.folder)
        except OSError as error:
            raise self._unreadable(self.folder, error) from error
        for number in reversed(numbers):
            try:
                yield number, str(_read_plan(self._place(number))["state"])
            except (FileNotFoundError, NotADirectoryError):
                yield number, ""
            except OSError as error:
                raise self._unreadable(os.path.join(self._place(number), _PLAN), error) from error
            except (ValueError, KeyError, TypeError):
                yield number, DAMAGED

    def _read(self, number: int | None) -> JournalEntry | None:
        """An entry as recorded; None for None. Raises WorldFailed where it cannot be read."""
        if number is None:
            return None
        place = self._place(number)
        try:
            plan = _read_plan(place)
            changes = tuple(
                Change(
                    path,
                    _read_file(self._bytes(number, "before", path)) if has_before else None,
                    _read_file(self._bytes(number, "after", path)) if has_after else None,
                )
                for path, has_before, has_after in plan["changes"]
            )
            move = Move(*plan["move"]) if plan["move"] else None
            return JournalEntry(number, plan["what"], plan["state"], changes, move, tuple(plan["made"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._unreadable(place, error) from error

    def _put_plan(self, entry: JournalEntry) -> None:
        plan = {
            "what": entry.what,
            "state": entry.state,
            "changes": [(c.path, c.before is not None, c.after is not None) for c in entry.changes],
            "move": entry.move,
            "made": entry.made,
        }
        place = self._place(entry.number)
        file = os.path.join(place, _PLAN)
        is_sure = entry.state in UNDER_WAY
        _write(f"{file}.new", json.dumps(plan).encode(), is_sure=is_sure)
        os.replace(f"{file}.new", file)
        if is_sure and entry.is_several:
            _sync(place)
            _sync(self.folder)

    def _remove(self, number: int) -> None:
        """Removes an entry, its plan first: the rest counts for nothing without it if this is cut short."""
        import shutil  # slow to load, and `next` reads no more than whether an edit is under way

        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self._place(number), _PLAN))
        shutil.rmtree(self._place(number), ignore_errors=True)

    def _warn(self, what: str, so: str, error: OSError) -> None:
        self.reason = error.strerror or str(error)
        self.warning = f"{what} in {self.folder} ({self.reason}), {so}"

    def _unreadable(self, what: str, error: Exception) -> WorldFailed:
        reason = getattr(error, "strerror", None) or "it is damaged"
        return WorldFailed(
            f"the edits kept for undo cannot be read: {what} ({reason})",
            "nothing was changed; repair or delete it, and that edit can be taken back by hand alone",
        )

    def _file(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _place(self, number: int) -> str:
        return self._file(f"{number:06}")

    def _bytes(self, number: int, side: str, path: str) -> str:
        """The file with a note's bytes "before" or "after" an edit."""
        return os.path.join(self._place(number), side, *path.split("/"))


def _numbers(folder: str) -> list[int]:
    return sorted(int(name) for name in os.listdir(folder) if name.isdigit())


def _read_plan(place: str) -> Any:
    return json.loads(_read_file(os.path.join(place, _PLAN)))


def _touch(file: str) -> None:
    """Makes the file if it is missing, for the user alone to read."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _read_file(file: str) -> bytes:
    with open(file, "rb") as handle:
        return handle.read()


def _write(file: str, data: bytes, *, is_sure: bool) -> None:
    """Writes a file of the journal; `is_sure` waits until the disk has it."""
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


def history_folder(index: str | os.PathLike[str]) -> str:
    """The folder of the journal, beside the index."""
    return f"{os.fspath(index).removesuffix('.sqlite')}.edits"


def has_open_edit(index: str | os.PathLike[str]) -> bool:
    """Whether an edit of notes is under way, or was cut short."""
    return os.path.exists(os.path.join(history_folder(index), _OPEN))


def is_as_left(folder: str, path: str, data: bytes, since: float) -> bool:
    """Whether `data` is what the newest edit of a note left there, if that was made since that moment.

    `folder` is that of the journal, the moment is in seconds since the epoch. An edit under way left nothing.
    """
    try:
        for number in reversed(_numbers(folder)):
            place = os.path.join(folder, f"{number:06}")
            if os.stat(os.path.join(place, _PLAN)).st_mtime < since:
                continue
            plan = _read_plan(place)
            is_moved = plan["move"] and plan["state"] == DONE
            for old, *_ in plan["changes"]:
                if path == (Move(*plan["move"]).path_of(old) if is_moved else old):
                    side = {DONE: "after", UNDONE: "before"}[plan["state"]]
                    return _read_file(os.path.join(place, side, *old.split("/"))) == data
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return False
