"""The one way in which an action changes notes: all that was asked or nothing, recorded for `undo`.

A note is read, edited and replaced only if it is still what was read; if it changed in between, the edit is made
again on what it holds now. A note that an editor holds with unsaved changes is left alone.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from mdmentor.actions.history import Change, History, Move
from mdmentor.actions.undo import carry_out, roll_back
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.model import PAGE
from mdmentor.core.privacy import hidden_lines
from mdmentor.core.text import plain_newlines
from mdmentor.errors import RefusedToWrite
from mdmentor.index import notes
from mdmentor.queries import Queries
from mdmentor.unsaved import refuse_unsaved
from mdmentor.vault import Vault

TRIES = 20  # times that an edit is made because the note changed meanwhile

# The note's bytes -> its bytes after the edit, and the line (from 1) to be shown; 0 for none.
EditNote = Callable[[bytes], tuple[bytes, int]]
Edits = Mapping[str, EditNote]  # by path


class EditedLine(NamedTuple):
    """One line that was written, for showing to the user."""

    path: str
    line: int  # from 1; 0 where the whole note is meant
    text: str  # "" for a private line, and in a confidential note: the output may end in a log

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text}" if self.text else place


class NoteEditor:
    """A vault with its index and its journal of edits: what every action works with."""

    def __init__(self, vault: Vault, queries: Queries) -> None:
        self.vault = vault
        self.queries = queries
        vault.refuse_unsaved = partial(refuse_unsaved, queries.index.path)
        self.history = History(queries.index.path)
        self.has_written = False
        self.warnings: list[str] = []  # what the user should know besides what was written

    def edit(
        self, what: str, edits: Edits, new: Mapping[str, bytes] | None = None, *, all_entries: bool = False
    ) -> list[EditedLine]:
        """Makes one edit of several notes, as a whole; returns the lines written. Equal bytes are no edit.

        `new` holds the bytes of notes to be created by the same edit. With `all_entries` the lines are all the list
        items that are new or different. Raises RefusedToWrite with nothing changed.
        """
        with self._locked():
            for left in reversed(range(TRIES)):
                changes: list[Change] = []
                lines: list[EditedLine] = []
                for path, edit in edits.items():
                    fresh = (new or {}).get(path)
                    if fresh is not None:
                        self._refuse_taken(path)
                    before = self.read(path) if fresh is None else None
                    after, line = self.apply(path, before or fresh or b"", edit)
                    if after != before:
                        changes.append(Change(path, before, after))
                        entries = changed_lines(Change(path, before or fresh, after), entries_only=True)
                        lines += entries if all_entries else [shown_line(path, after, line)]
                if not changes:
                    return []
                try:
                    self._carry_out(what, changes)
                    return lines
                except RefusedToWrite:
                    if not left or all(self.read(c.path) == c.before for c in changes if c.before):
                        raise
        raise AssertionError("the last try returns or raises")

    def change(self, what: str, changes: Iterable[Change], move: Move | None = None) -> None:
        """Makes changes that were planned before, and moves a note or folder, as a whole.

        Raises RefusedToWrite where a note is no longer what the plan was made for.
        """
        with self._locked():
            planned = list(changes)
            self._refuse_taken(*(change.path for change in planned if change.before is None))
            for place, change in enumerate(planned):
                if change.before is not None:
                    self.vault.check_writable(change.path)
                if change.after is None:
                    planned[place] = change._replace(mode=self.vault.mode(change.path))
            self._carry_out(what, planned, move)

    def read(self, path: str) -> bytes:
        """A note's bytes now. Raises RefusedToWrite where it is gone or cannot be read."""
        try:
            return self.vault.read(path)[0]
        except FileNotFoundError as error:
            raise RefusedToWrite(f"{path}: the note is gone", "nothing changed") from error
        except OSError as error:
            what = f"{path}: the note cannot be read ({error.strerror or error})"
            raise RefusedToWrite(what, "look at its permissions") from error

    def apply(self, path: str, before: bytes, edit: EditNote) -> tuple[bytes, int]:
        """The note's bytes after an edit. Raises RefusedToWrite for one that is not safe."""
        with refusing(path, before):
            after, line = edit(before)
        if after != before:
            refuse_page(self.queries, path)
            self.vault.check_writable(path)
        return after, line

    def _refuse_taken(self, *paths: str) -> None:
        for path in paths:
            if os.path.lexists(self.vault.absolute(path)):
                raise RefusedToWrite(f'"{path}" is there already', "choose another name")
        self.vault.refuse_if_being_edited(*paths)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self.history.holding():
            rolled = roll_back(self.vault, self.history)
            self.warnings += rolled.messages if rolled else ()
            yield

    def _carry_out(self, what: str, changes: list[Change], move: Move | None = None) -> None:
        new = [change.path for change in changes if change.before is None] + ([move.new] if move else [])
        folders = {path[:at] for path in new for at, sign in enumerate(path) if sign == "/"}
        missing = (folder for folder in sorted(folders) if not os.path.isdir(self.vault.absolute(folder)))
        entry = self.history.begin(what, tuple(changes), move, tuple(missing))
        carry_out(self.vault, self.history, entry, [*changes, move] if move else changes)
        self.has_written = True


def one_after_another(edits: Sequence[EditNote]) -> EditNote:
    """Several edits of one note as one; the line of the last that has one is shown."""

    def edit(data: bytes) -> tuple[bytes, int]:
        line = 0
        for part in edits:
            data, number = part(data)
            line = number or line
        return data, line

    return edit


def refuse_page(queries: Queries, path: str) -> None:
    """Raises RefusedToWrite for a generated page: the next run replaces what is written into it."""
    row = notes.note_row(queries.index, path)
    if row is not None and row[2] == PAGE:
        what = f"{path}: this page is generated by mdmentor"
        raise RefusedToWrite(what, "change the notes that it is made from")


@contextmanager
def refusing(path: str, data: bytes = b"") -> Iterator[None]:
    """Raises RefusedToWrite for an edit within it that is not safe, and quotes nothing from a note with private lines."""
    try:
        yield
    except UnsafeEdit as error:
        if hidden_lines(path, text_of(data)) and '"' in error.reason + error.fix:
            what = f"{path}: this change cannot be made safely in this note"
            raise RefusedToWrite(what, "make it in your editor") from error
        raise RefusedToWrite(f"{path}: {error.reason}", error.fix) from error


def text_of(data: bytes) -> str:
    """A note's text with plain newlines; bytes that cannot be decoded are replaced."""
    return plain_newlines(data.decode("utf-8-sig", "replace"))


def shown_line(path: str, data: bytes, number: int) -> EditedLine:
    """A line as it may be shown, from 1; 0 for the note."""
    text = text_of(data)
    lines = dict(enumerate(text.split("\n"), 1))
    return EditedLine(path, number, "" if number in hidden_lines(path, text) else lines.get(number, ""))


def changed_lines(change: Change, *, entries_only: bool = False) -> Iterator[EditedLine]:
    """The lines that are new or different after a change, as they may be shown; or the list items among them.

    Then those that went with nothing in their place, under the numbers that they had.
    """
    from difflib import SequenceMatcher

    texts = [text_of(data or b"") for data in (change.before, change.after)]
    before, after = (text.split("\n") for text in texts)
    were_hidden, hidden = (hidden_lines(change.path, text) for text in texts)
    removed = []
    for tag, old, old_end, new, new_end in SequenceMatcher(None, before, after, False).get_opcodes():
        for row in range(new, new_end) if tag != "equal" else ():
            if not entries_only or split_line(after[row]).mark.strip("#"):
                yield EditedLine(change.path, row + 1, "" if row + 1 in hidden else after[row])
        for row in range(old, old_end) if tag == "delete" and not entries_only else ():
            text = "" if row + 1 in were_hidden else f"{before[row]} (removed)"
            removed.append(EditedLine(change.path, row + 1, text))
    yield from removed
