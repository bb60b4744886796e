"""The one way in which a use case changes notes: all that was asked or nothing, kept for `undo`.

A note is read, edited and swapped in only if it is still what was read; if it changed in between, the edit
is made anew on what it holds now. A note that an editor holds with unsaved changes is left alone.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from mdmentor.actions.generated import follow_move, is_same
from mdmentor.actions.history import (
    DOING,
    DONE,
    DROPPED,
    REDOING,
    UNDOING,
    UNDONE,
    Change,
    History,
    JournalEntry,
    Move,
    has_open_edit,
    store_folder,
)
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.kinds import is_generated
from mdmentor.core.model import PAGE
from mdmentor.core.privacy import hidden_lines
from mdmentor.errors import MdmentorError, RefusedToWrite, WorldFailed
from mdmentor.index import ask
from mdmentor.queries import Queries
from mdmentor.vault import Vault

TRIES = 20  # times that an edit is made anew because the note changed under it

# The note's bytes -> its bytes after the edit, and the line (from 1) to be told; 0 for none.
EditNote = Callable[[bytes], tuple[bytes, int]]


class EditedLine(NamedTuple):
    """One line that was written, for telling the user."""

    path: str
    line: int  # from 1; 0 where the whole note is meant
    text: str  # "" for a private line, and in a confidential note: what is told may end in a log

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}" if self.text else place


class NoteEditor:
    """A vault with its answers and the store of edits: what every use case works with."""

    def __init__(self, vault: Vault, queries: Queries) -> None:
        self.vault = vault
        self.queries = queries
        self.store = History(store_folder(queries.index.path))
        self.has_written = False
        self.words: list[str] = []  # what the user should know besides what was written

    def edit(self, what: str, edits: Mapping[str, EditNote]) -> list[EditedLine]:
        """Makes one edit of several notes, as a whole; the lines written. Equal bytes are no edit.

        Raises RefusedToWrite, with the reason and the mend, and then no note is changed.
        """
        with self.store.holding():
            recover(self.vault, self.store)
            for left in reversed(range(TRIES)):
                changes, told = [], []
                for path, edit in edits.items():
                    before = self.read(path)
                    after, line = self.made(path, before, edit)
                    if after != before:
                        changes.append(Change(path, before, after))
                        told.append(EditedLine(path, line, told_line(path, after, line)))
                if not changes:
                    return []
                try:
                    self._carry_out(what, tuple(changes))
                except RefusedToWrite:
                    if left and any(self.read(c.path) != c.before for c in changes):
                        continue
                    raise
                return told
        raise AssertionError("the last try returns or raises")

    def create(self, what: str, path: str, data: bytes) -> EditedLine:
        """Makes a note that is not there yet. Raises RefusedToWrite where it is."""
        with self.store.holding():
            recover(self.vault, self.store)
            if os.path.lexists(self.vault.absolute(path)):
                raise RefusedToWrite(f'"{path}" is there already', "choose another name")
            self._carry_out(what, (Change(path, None, data),))
        return EditedLine(path, 0, "made")

    def rearrange(self, what: str, changes: Sequence[Change], move: Move | None) -> None:
        """Makes changes that were planned before, and moves a note or folder, as a whole.

        Raises RefusedToWrite where a note does not hold any more what the plan was made for.
        """
        with self.store.holding():
            recover(self.vault, self.store)
            for change in changes:
                refuse_if_being_edited(self.vault, change.path)
                self.vault.check_writable(change.path)
            self._carry_out(what, tuple(changes), move)

    def read(self, path: str) -> bytes:
        """A note's bytes now. Raises RefusedToWrite where they cannot be had."""
        try:
            return self.vault.read(path)[0]
        except FileNotFoundError as error:
            raise RefusedToWrite(f"{path}: the note is gone", "nothing was changed") from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise RefusedToWrite(
                f"{path}: the note cannot be read ({reason})", "look at its permissions"
            ) from error

    def made(self, path: str, before: bytes, edit: EditNote) -> tuple[bytes, int]:
        """The note's bytes with an edit made. Raises RefusedToWrite for one that is not safe."""
        try:
            after, line = edit(before)
        except UnsafeEdit as error:
            raise refusal(path, before, error) from error
        if after != before:
            refuse_page(self.queries, path)
            refuse_if_being_edited(self.vault, path)
            self.vault.check_writable(path)
        return after, line

    def _carry_out(self, what: str, changes: tuple[Change, ...], move: Move | None = None) -> None:
        """Makes an edit. One of several notes is not begun unless its plan is kept: else a kill could leave half of it."""
        made = _missing_folders(self.vault, [c.path for c in changes if c.before is None], move)
        record = self.store.begin(what, changes, move, made)
        if self.store.warning and record.is_several:
            raise WorldFailed(
                f"the plan of this edit could not be kept in {self.store.folder} ({self.store.reason})",
                "nothing was changed; make room there, or name another folder with MDMENTOR_CACHE",
            )
        try:
            _do(self.vault, record)
        except BaseException as error:
            if self.store.warning:
                raise
            if _has_traces(self.vault, record):
                raise _half_done(record, error) from error
            self.store.forget(record)
            raise
        self.store.put_state(record, DONE)
        self.has_written = True


def refuse_page(queries: Queries, path: str) -> None:
    """Raises RefusedToWrite for a page of ours: what is written into it is gone with the next run."""
    row = ask.note_row(queries.sql, path)
    if row is not None and row[2] == PAGE:
        raise RefusedToWrite(f"{path}: this is a page of mdmentor's own", "change the notes that it tells of")


def refuse_if_being_edited(vault: Vault, path: str) -> None:
    """Raises RefusedToWrite for a note that vim or Emacs holds with changes that are not saved yet.

    Emacs leaves a link `.#name` while a buffer is modified; vim's swap file says so in its byte 1007. Other
    editors say nothing, and then comparing bytes has to do.
    """
    folder, name = os.path.split(vault.absolute(path))
    lock, swap = f".#{name}", f".{name}.swp"
    editor, mark = ("Emacs", lock) if os.path.islink(os.path.join(folder, lock)) else ("", lock)
    with suppress(OSError), open(os.path.join(folder, swap), "rb") as file:
        head = file.read(1008)
        if head[:2] == b"b0" and head[1007:] == b"\x55":
            editor, mark = "vim", swap
    if editor:
        raise RefusedToWrite(
            f"{path}: the note is open in {editor} with changes that are not saved",
            f"save it there, or delete {mark} if {editor} is not running",
        )


Say = Callable[[str], object]


class CutShort(NamedTuple):
    """An edit that was found cut short, and what became of it."""

    record: JournalEntry  # as it was found
    end: str = ""  # its state now, "" where it is forgotten
    words: tuple[str, ...] = ()  # for the user


def undo(vault: Vault, store: History, say: Say = len) -> JournalEntry | None:
    """Takes back the last edit; None where there is none. Raises RefusedToWrite if a note changed since.

    What was cut short, an edit or an undo, is the last one: where it is taken back by now, none before it is.
    """
    with store.holding():
        cut = _recover(vault, store, say)
        if cut is not None and cut.end != DONE:
            return cut.record
        record = store.last_done()
        return None if record is None else _turn(vault, store, record, UNDOING, UNDONE)


def redo(vault: Vault, store: History, say: Say = len) -> JournalEntry | None:
    """Does again what `undo` took back last, wholly or in part; None where there is nothing."""
    with store.holding():
        cut = _recover(vault, store, say)
        if cut is not None and cut.end == DONE and cut.record.state != DOING:
            return cut.record
        record = store.first_undone()
        return None if record is None else _turn(vault, store, record, REDOING, DONE)


def _recover(vault: Vault, store: History, say: Say) -> CutShort | None:
    """What was cut short, if anything. Raises RefusedToWrite where it could not be taken back as a whole."""
    if store.warning:
        raise WorldFailed(
            f"the edits kept for undo cannot be read: {store.folder} ({store.reason})", "nothing was changed"
        )
    cut = _take_back(vault, store)
    for line in cut.words if cut else ():
        say(line)
    if cut is not None and cut.end == DROPPED:
        raise RefusedToWrite(
            f'"{cut.record.what}" could not be taken back as a whole', "see above; nothing else was changed"
        )
    return cut


def _turn(vault: Vault, store: History, record: JournalEntry, state: str, end: str) -> JournalEntry:
    """Takes an edit back, or does it again."""
    turned = _inverse(record) if state == UNDOING else record
    changes = []
    for change in turned.changes:
        here = moved(change.path, record.move) if state == UNDOING and record.move else change.path
        now = _now(vault, here)
        if is_generated(change.before) or is_generated(now):
            continue  # pages are made again
        if not is_same(here, now, change.before):
            where = store.old_bytes(record, change.path)
            old = (
                f"what it held before is in {where}"
                if os.path.exists(where)
                else "the edit had made the note anew"
            )
            raise RefusedToWrite(
                f'"{here}" was changed after "{record.what}", so nothing was taken back', old
            )
        refuse_if_being_edited(vault, here)
        changes.append(change._replace(before=now))
    turned = turned._replace(changes=tuple(changes))
    was = record.state
    record = store.put_state(record, state)
    try:
        _do(vault, turned, move_first=state == UNDOING)
    except BaseException as error:
        if _has_traces(vault, turned):
            raise _half_done(record, error) from error
        store.put_state(record, was)
        raise
    if state == UNDOING:
        vault.remove_empty(record.made)
    return store.put_state(record, end)


def fix(vault: Vault, index: str | os.PathLike[str]) -> list[str]:
    """As `recover`, for a run that may edit nothing itself; one look at the disk where all is well."""
    if not has_open_edit(index):
        return []
    store = History(store_folder(index))
    with store.holding():
        return recover(vault, store)


def told_of_cut_short(vault: Vault, index: str | os.PathLike[str]) -> str:
    """A line about an edit that was cut short, for a command that changes nothing; "" where all is well."""
    if not has_open_edit(index):
        return ""
    store = History(store_folder(index))
    if store.warning or store.is_held():
        return ""
    try:
        record = store.unfinished()
    except WorldFailed as error:
        return f"an edit was cut short and may be half done, but {error}"
    if record is None or _is_finished(vault, record):
        return ""
    return f"{_name_of(record)} was cut short and may be half done; take it back with: mdmentor reindex"


def recover(vault: Vault, store: History) -> list[str]:
    """Takes back an edit that was cut short, so that all of it or nothing is done; words for the user.

    Whoever calls this holds the store. An edit whose last write did happen is simply done. An undo that was cut
    short leaves the edit done, and a redo leaves it undone: either can be asked for again.
    """
    cut = _take_back(vault, store)
    return list(cut.words) if cut else []


def _take_back(vault: Vault, store: History) -> CutShort | None:
    record = store.unfinished()
    if record is None:
        if not store.warning:
            store.close()
        return None
    name, is_undoing = _name_of(record), record.state == UNDOING
    if _is_finished(vault, record):
        done = _inverse(record) if is_undoing else record
        if done.move is not None:
            follow_move(vault, done.move)
        if is_undoing:
            vault.remove_empty(record.made)
        end, words = UNDONE if is_undoing else DONE, []
    elif words := _restore(vault, store, record):
        end = DROPPED
    elif is_undoing:
        end, words = DONE, [f"{name} was cut short, so nothing was taken back; ask for it again"]
    else:
        vault.remove_empty(record.made)
        if record.state == DOING:
            store.forget(record)
            words = [f"{name} was cut short before it was done, so nothing of it was kept"]
            return CutShort(record, "", tuple(words))
        end, words = UNDONE, [f"{name} was cut short, so nothing was done again; ask for it again"]
    store.put_state(record, end)
    return CutShort(record, end, tuple(words))


def _restore(vault: Vault, store: History, record: JournalEntry) -> list[str]:
    """Brings the notes of an edit that was cut short back to what they were; words where one was changed meanwhile."""
    is_undoing = record.state == UNDOING
    wanted = _inverse(record) if is_undoing else record
    move = record.move
    # An undo moves first, and an edit last: notes lie at their new path only where an undo had not begun to move.
    is_moved = move is not None and not os.path.lexists(vault.absolute(move.old))
    words = []
    for change in reversed(wanted.changes):
        here = moved(change.path, move) if is_moved and move is not None else change.path
        now = _now(vault, here)
        if is_generated(change.before) or is_generated(now) or is_same(here, now, change.before):
            continue
        try:
            if not is_same(here, now, change.after):
                raise RefusedToWrite(f'"{here}" was changed after', "it was left as it is")
            _put(vault, here, change.before, now)
        except MdmentorError as error:
            where = store.old_bytes(record, change.path)
            words.append(f"{_name_of(record)} was cut short; {error}; what it held before is in {where}")
    if is_undoing and move is not None and not is_moved:
        try:
            vault.move(move.old, move.new)
        except MdmentorError as error:
            words.append(f"{_name_of(record)} was cut short; {error}")
    if move is not None:
        follow_move(vault, move if is_undoing else Move(move.new, move.old))
    return words


def _name_of(record: JournalEntry) -> str:
    before = {UNDOING: "undo of ", REDOING: "redo of "}.get(record.state, "")
    return f'{before}"{record.what}"'


def _is_finished(vault: Vault, record: JournalEntry) -> bool:
    is_undoing = record.state == UNDOING
    if record.move is not None:
        is_moved = not os.path.lexists(vault.absolute(record.move.old))
        if not is_undoing:
            return is_moved and os.path.lexists(vault.absolute(record.move.new))
        if is_moved:
            return False
    wanted = _inverse(record) if is_undoing else record
    return all(
        is_generated(c.after) or is_generated(c.before) or is_same(c.path, _now(vault, c.path), c.after)
        for c in wanted.changes
    )


def _has_traces(vault: Vault, record: JournalEntry) -> bool:
    """Whether anything is as an edit that failed would have had it."""
    move = record.move
    if move is not None and not os.path.lexists(vault.absolute(move.old)):
        return True
    return any(c.after != c.before and _now(vault, c.path) == c.after for c in record.changes)


def _half_done(record: JournalEntry, error: BaseException) -> BaseException:
    """What is raised where an edit failed and could not be wholly taken back: the next command tries that again."""
    if not isinstance(error, MdmentorError):
        return error
    return WorldFailed(
        f"{error.what}, and {_name_of(record)} is half done", "take it back with: mdmentor reindex"
    )


def _do(vault: Vault, record: JournalEntry, *, move_first: bool = False) -> None:
    """Makes all changes and the move, or none: what was done is taken back where a step fails."""
    done: list[Change] = []
    is_moved = False
    move = record.move
    try:
        if move is not None and move_first:
            vault.move(move.old, move.new)
            is_moved = True
        for change in record.changes:
            _put(vault, change.path, change.after, change.before)
            done.append(change)
        if move is not None and not move_first:
            vault.move(move.old, move.new)
            is_moved = True
        if move is not None:
            follow_move(vault, move)
    except BaseException:
        if is_moved and not move_first and move is not None:
            with suppress(MdmentorError):
                vault.move(move.new, move.old)
        for change in reversed(done):
            with suppress(MdmentorError):
                _put(vault, change.path, change.before, change.after)
        if is_moved and move_first and move is not None:
            with suppress(MdmentorError):
                vault.move(move.new, move.old)
        vault.remove_empty(record.made)
        raise


def _missing_folders(vault: Vault, paths: Sequence[str], move: Move | None) -> tuple[str, ...]:
    """The folders that an edit will make for new notes and for what it moves, outermost first."""
    found: set[str] = set()
    for path in (*paths, *([move.new] if move else [])):
        folder = path.rpartition("/")[0]
        while folder and not os.path.isdir(vault.absolute(folder)):
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(found))


def _inverse(record: JournalEntry) -> JournalEntry:
    changes = tuple(Change(c.path, c.after, c.before) for c in reversed(record.changes))
    move = Move(record.move.new, record.move.old) if record.move else None
    return record._replace(changes=changes, move=move)


def moved(path: str, move: Move) -> str:
    """Where a note lies after a move."""
    if path == move.old:
        return move.new
    return move.new + path[len(move.old) :] if path.startswith(f"{move.old}/") else path


def _put(vault: Vault, path: str, data: bytes | None, expected: bytes | None) -> None:
    if data is None:
        assert expected is not None
        vault.remove(path, expected)
    else:
        vault.write(path, data, expected)


def refusal(path: str, data: bytes, error: UnsafeEdit) -> RefusedToWrite:
    """What is told of an edit that is not safe: no word of a note of which some are to stay in it."""
    if hidden_lines(path, text_of(data)) and '"' in error.reason + error.fix:
        what = f"{path}: this change is not safe in what the note holds"
        return RefusedToWrite(what, "make it in your editor")
    return RefusedToWrite(f"{path}: {error.reason}", error.fix)


def text_of(data: bytes) -> str:
    """A note's text with plain newlines, whatever cannot be decoded replaced."""
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def told_line(path: str, data: bytes, number: int) -> str:
    """The line as the user may be told of it."""
    text = text_of(data)
    lines = text.split("\n")
    is_told = 0 < number <= len(lines) and number not in hidden_lines(path, text)
    return lines[number - 1] if is_told else ""


def _now(vault: Vault, path: str) -> bytes | None:
    try:
        return vault.read(path)[0]
    except OSError:
        return None
