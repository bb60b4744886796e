"""The journal of recent edits, with the bytes before and after each: for `undo`, and to roll back an interrupted one.

It is kept beside the index in the user's cache folder, one JSON file an edit, whose name holds its number and state.
Nothing here decides what is written into a note.
"""

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from mdmentor.core.model import is_generated
from mdmentor.errors import WorldFailed
from mdmentor.files import (
    DOING,
    REDOING,
    UNDER_WAY,
    UNDOING,
    history_folder,
    lock,
    make_folder,
    opener,
    sync,
)

DONE = "done"
UNDONE = "undone"
DROPPED = "dropped"  # interrupted, and only partly rolled back since a note was changed meanwhile

MOST_KEPT = 50  # edits
LONGEST_WAIT = 60.0  # seconds for another mdmentor to finish its edit

_ENTRY = r"(\d{6})\.([a-z]+)\.json"  # number, state


class Change(NamedTuple):
    """The bytes of one note before and after an edit; None where there is no note."""

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0o666  # of a note that the edit makes, as far as the umask lets it


class Move(NamedTuple):
    """A note or folder that gets another path, after all changes of its edit."""

    old: str
    new: str

    def path_of(self, path: str) -> str:
        """The path of a note after the move."""
        if path == self.old:
            return self.new
        return self.new + path[len(self.old) :] if path.startswith(f"{self.old}/") else path


Step = Change | Move


def inverse(steps: Iterable[Step]) -> list[Step]:
    """The steps that take these back."""
    return [
        Move(step.new, step.old)
        if isinstance(step, Move)
        else step._replace(before=step.after, after=step.before)
        for step in reversed(list(steps))
    ]


class JournalEntry(NamedTuple):
    """One edit as the user asked for it: all of it is done, or nothing."""

    number: int
    what: str  # "log Ada Lovelace": what `undo` prints
    state: str
    changes: tuple[Change, ...] = ()
    move: Move | None = None
    made: tuple[str, ...] = ()  # folders that were missing before, outermost first

    @property
    def is_several(self) -> bool:
        return len(self.changes) + (self.move is not None) > 1

    @property
    def title(self) -> str:
        before = {UNDOING: "undo of ", REDOING: "redo of "}.get(self.state, "")
        return f'{before}"{self.what}"'

    @property
    def steps(self) -> list[Step]:
        """The changes, then the move; the inverse for an undo.

        Without generated pages: the next reindex writes them, and one in between is not a change by the user.
        """
        notes = [c for c in self.changes if not is_generated(c.before) and not is_generated(c.after)]
        steps: list[Step] = [*notes, self.move] if self.move else [*notes]
        return inverse(steps) if self.state == UNDOING else steps

    def path_now(self, path: str) -> str:
        """The path, after the edit, of a note that it changed."""
        return self.move.path_of(path) if self.move and self.state in (DONE, UNDOING) else path


class History:
    """The journal beside a vault's index. `reason` is the system's error where nothing can be recorded."""

    def __init__(self, index: str | os.PathLike[str]) -> None:
        self.folder = history_folder(index)
        self.reason = ""
        try:
            make_folder(self.folder)
            open(self._file("lock"), "ab", opener=opener).close()
        except OSError as error:
            self.reason = error.strerror or str(error)

    @property
    def warning(self) -> str:
        so = "so undo cannot take it back"
        return f"the edit could not be saved in {self.folder} ({self.reason}), {so}" if self.reason else ""

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Lets one process at a time edit notes. Raises WorldFailed after a minute of waiting."""
        if self.reason:
            yield
            return
        with open(self._file("lock"), "ab") as file:
            if not lock(file.fileno(), LONGEST_WAIT):
                what = "another mdmentor has been changing notes for over a minute"
                raise WorldFailed(what, "try again later")
            yield

    def is_held(self) -> bool:
        """Whether another process is changing notes just now."""
        with open(self._file("lock"), "rb") as file:
            return not lock(file.fileno(), 0)

    def begin(
        self, what: str, changes: tuple[Change, ...], move: Move | None = None, made: tuple[str, ...] = ()
    ) -> JournalEntry:
        """Records an edit before it is carried out; where that is not possible, `warning` says so.

        Raises WorldFailed where an edit of several notes cannot be recorded: a kill could leave half of it.
        """
        entry = JournalEntry(1, what, DOING, changes, move, made)
        try:
            numbers = [number for number, _ in self._entries()]
            entry = entry._replace(number=max(numbers, default=0) + 1)
            if not self.reason:
                for number in numbers[MOST_KEPT - 1 :]:
                    self._remove(number)
                self._write(entry)
        except OSError as error:
            self.reason = error.strerror or str(error)
        if self.reason and entry.is_several:
            raise WorldFailed(
                f"the plan of this edit could not be saved in {self.folder} ({self.reason})",
                "nothing changed; make room there, or name another folder with MDMENTOR_CACHE",
            )
        return entry

    def put_state(self, entry: JournalEntry, state: str) -> JournalEntry:
        """Records the entry in a new state, or forgets it for "".

        Raises WorldFailed where what is about to be done cannot be recorded. If an end cannot be, the entry stays
        under way, and the next command sees that it is finished.
        """
        after = entry._replace(state=state)
        if self.reason:
            return after
        try:
            if not state:
                self._remove(entry.number)
                return after
            if entry.state == DOING and state == DONE:
                # after another edit, what was undone cannot be done again
                for number, other in takewhile(lambda one: one[1] in (DOING, UNDONE), self._entries()):
                    if other == UNDONE:
                        self._remove(number)
            os.utime(self._file_of(entry.number, entry.state))
            os.replace(self._file_of(entry.number, entry.state), self._file_of(entry.number, state))
            if entry.is_several and state in UNDER_WAY:
                sync(self.folder)
        except OSError as error:
            if state in UNDER_WAY:
                what = f"{self.folder} cannot be written ({error.strerror or error})"
                raise WorldFailed(what, "nothing changed") from error
        return after

    def newest(self, *states: str) -> JournalEntry | None:
        """The newest entry in one of these states. Raises WorldFailed for one that cannot be read."""
        found = next((entry for entry in self._entries() if entry[1] in states), None)
        return self._read(*found) if found else None

    def first_undone(self) -> JournalEntry | None:
        """The oldest entry that was undone since the last one done, which redo does again."""
        since = takewhile(lambda entry: entry[1] != DONE, self._entries())
        found = [entry for entry in since if entry[1] == UNDONE]
        return self._read(*found[-1]) if found else None

    def copy_old(self, entry: JournalEntry, path: str) -> str:
        """A file with the bytes that a note had before an edit, made for the user; "" where there was no note."""
        for number, change in enumerate(entry.changes, 1):
            if change.path == path and change.before is not None:
                file = self._file(f"{entry.number:06}.{number}.md")
                with contextlib.suppress(OSError), open(file, "wb", opener=opener) as handle:
                    handle.write(change.before)
                return file
        return ""

    def is_as_left(self, path: str, data: bytes, since: float) -> bool:
        """Whether `data` is what the newest edit of a note left there, if made since then (seconds since the epoch).

        An edit under way left nothing.
        """
        with contextlib.suppress(OSError, WorldFailed):
            for number, state in self._entries():
                if os.stat(self._file_of(number, state)).st_mtime >= since:
                    entry = self._read(number, state)
                    for change in entry.changes:
                        if entry.path_now(change.path) == path:
                            return {DONE: change.after, UNDONE: change.before}.get(state) == data
        return False

    def _entries(self) -> list[tuple[int, str]]:
        """(number, state) of each entry, the newest first."""
        names = [] if self.reason else os.listdir(self.folder)
        found = (re.fullmatch(_ENTRY, name) for name in names)
        return sorted(((int(match[1]), match[2]) for match in found if match), reverse=True)

    def _read(self, number: int, state: str) -> JournalEntry:
        """An entry as recorded. Raises WorldFailed where it cannot be read."""
        file = self._file_of(number, state)
        try:
            with open(file, "rb") as handle:
                what, changes, move, made = json.load(handle)
            notes = (Change(path, _to_bytes(old), _to_bytes(new), mode) for path, old, new, mode in changes)
            return JournalEntry(number, what, state, tuple(notes), Move(*move) if move else None, tuple(made))
        except (OSError, ValueError, TypeError) as error:
            reason = getattr(error, "strerror", None) or "it is damaged"
            raise WorldFailed(
                f"the edits kept for undo cannot be read: {file} ({reason})",
                "nothing changed; repair it, or delete it and undo that edit by hand",
            ) from error

    def _write(self, entry: JournalEntry) -> None:
        temporary = self._file("new")
        with open(temporary, "w", encoding="utf-8", opener=opener) as handle:
            recorded = entry.what, entry.changes, entry.move, entry.made
            # as one text, which takes an eighth of the time that `json.dump` takes
            handle.write(json.dumps(recorded, default=lambda data: data.decode("utf-8", "surrogateescape")))
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(temporary, self._file_of(entry.number, entry.state))
        if entry.is_several:
            sync(self.folder)

    def _remove(self, number: int) -> None:
        """Removes an entry with the copies made of it."""
        for name in os.listdir(self.folder):
            if name.startswith(f"{number:06}."):
                os.unlink(self._file(name))

    def _file(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _file_of(self, number: int, state: str) -> str:
        return self._file(f"{number:06}.{state}.json")


def _to_bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf-8", "surrogateescape")
