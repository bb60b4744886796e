"""One vault of the server: its index, kept up to date, and the notes that are open in the editor.

It is the read model of `core.assist`. An open note is as the editor has it, any other as on disk.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from functools import cache
from typing import Any

from pygls.uris import from_fs_path, to_fs_path

from mdmentor.actions.edit import NoteEditor
from mdmentor.core.assist.buffer import Buffer, Named
from mdmentor.core.assist.completion import MOST
from mdmentor.core.entries import Card, PostEntry
from mdmentor.core.ignore import membership
from mdmentor.core.markdown.targets import link_words
from mdmentor.core.model import CONTACT, PAGE, POST, Link, Note, Problem
from mdmentor.core.names import without_md
from mdmentor.errors import WorldFailed
from mdmentor.index import Index, cache_path, find, notes, people, state
from mdmentor.link_problems import LinkProblems
from mdmentor.lsp.documents import Document
from mdmentor.queries import Queries
from mdmentor.reindex import Run, plan_run
from mdmentor.reindex.update_index import as_if_saved, bring_up_to_date
from mdmentor.unsaved import UnsavedNotes
from mdmentor.vault import Vault

_PATIENCE = 0.1  # seconds to wait for another process that writes the index
_SMALL = 2_000  # notes of a vault that is scanned before every answer, which takes about 20 ms
_LARGEST_TRIED = 100_000  # characters of unsaved text that are put into the index for an answer


class Session:
    """A vault with its index, and the open notes in it."""

    def __init__(self, root: str, today: Callable[[], date]) -> None:
        self.vault = Vault(root)
        self.root = self.vault.folder
        self._shown = self.vault.absolute("")  # the folder as the client names it, perhaps by a symbolic link
        self.documents: dict[str, Document] = {}  # open notes by path
        self._today = today
        self._state: tuple[int, date] | None = None  # the revision and day of the last answer
        self.index = Index(self.root, cache_path(os.environ.get("MDMENTOR_CACHE")))
        self.unsaved = UnsavedNotes(self.index.path)
        self.refresh()

    def close(self) -> None:
        self.unsaved.close()
        self.index.close()

    def refresh(self) -> bool:
        """Brings the index up to date with the disk; whether anything has changed."""
        self.index.wait_at_most(_PATIENCE if self._state else 60)
        self.run: Run = plan_run(self.vault, self.index, self._today())
        found = self.healing(self._update), self.run.today
        if found == self._state:
            return False
        self._state = found
        self._forget()
        self.is_small = sum(notes.counts(self.index).values()) < _SMALL
        return True

    def _update(self) -> int:
        with suppress(WorldFailed):  # another process is writing: the next answer will know
            bring_up_to_date(self.run)
        return state.load(self.index).revision

    def healing(self, ask: Callable[[], Any]) -> Any:
        """The answer; where the index turns out to be damaged, that of a new one."""
        try:
            return ask()
        except sqlite3.DatabaseError as error:
            self.index.start_over(error)
        self._update()
        self._forget()
        return ask()

    def _forget(self) -> None:
        """Drops what was kept of an earlier state of the index."""
        self.settings, self.today = self.run.settings, self.run.today
        self.queries = Queries(self.index, self.settings, self.today)
        self._texts: dict[str, str] = {}
        self._about = LinkProblems(self.index, self._texts)
        self.values = cache(self._read_values)  # companies take 25 ms in 10,000 notes

    @contextmanager
    def with_unsaved(self) -> Iterator[None]:
        """Within it the index is as if the open notes had been saved, unless they are very long."""
        unsaved = [self.buffer(path) for path, document in self.documents.items() if not document.is_saved]
        with ExitStack() as stack:
            if unsaved and sum(len(buffer.text) for buffer in unsaved) <= _LARGEST_TRIED:
                with suppress(WorldFailed):  # another process is writing
                    stack.enter_context(as_if_saved(self.run, [buffer.note for buffer in unsaved]))
                    stack.callback(self._forget)
                    self._forget()
            yield

    def inside(self, file: str) -> str:
        """The path of a file or folder from the vault's root; "" for the root and what is outside."""
        start = self.vault.absolute("")
        return file.removeprefix(start).replace(os.sep, "/") if file.startswith(start) else ""

    def path_of(self, file: str) -> str:
        """The path of a file that belongs to the vault; "" for any other."""
        path = self.inside(file)
        if not path.lower().endswith(".md") or notes.note_row(self.index, path) or path in self.documents:
            return path
        if self.vault.stamp(path) is None:  # not saved yet
            return path if membership(self.settings)(path) else ""
        return path if path in self.vault.look((path,), self.settings).notes else ""

    def uri(self, path: str) -> str:
        return str(from_fs_path(self._shown + path))

    def take(self, path: str, document: Document) -> None:
        """Takes the open document for the note at this path."""
        self.documents[path] = document
        file = (to_fs_path(document.uri) or "").replace(os.sep, "/")
        self._shown = file.removesuffix(path) if file.endswith(f"/{path}") else self._shown
        document.stamp = self.vault.stamp(path)
        try:
            data = self.vault.read(path)[0]
            document.is_saved = data.decode("utf-8-sig") == document.text.removeprefix("\ufeff")
        except OSError:
            document.is_saved = False
        except UnicodeDecodeError:
            document.data = data  # the editor guessed the encoding; `check` reads the bytes

    def overtaken(self) -> list[str]:
        """The open notes with unsaved changes that something else has written since the last call."""
        found = []
        for path, document in self.documents.items():
            before = document.stamp
            if not document.is_saved and self.vault.stamp(path) != before:
                self.take(path, document)
                if before is not None and not document.is_saved:
                    found.append(path)
        return found

    def buffer(self, path: str) -> Buffer:
        """An open note as the editor has it, any other as on disk. Raises OSError."""
        if path in self.documents:
            return self.documents[path].buffer(path, self.settings)
        data = self.vault.read(path)[0]
        return Buffer(path, data.decode("utf-8-sig", "replace"), self.settings, data)

    def problems(self, buffer: Buffer) -> list[Problem]:
        """As `check` would list them for this note if it were saved; none of a page of ours."""
        if buffer.note.kind == PAGE:
            return []
        self._texts[buffer.path] = buffer.plain
        return self.queries.problems_of(buffer.note, buffer.hidden, self._about)

    # The read model

    def named(self, begin: str, *, contacts_only: bool) -> Sequence[Named]:
        found = find.names_like(self.index, begin, MOST + 1, contacts_only=contacts_only)
        return [Named(*row, row[2] == CONTACT and self.queries.is_colleague(row[1])) for row in found]

    def link_words(self, path: str, source: str) -> str:
        same = self._about.paths(path)
        return without_md(path) if len(same.notes) > 1 else link_words(path, source, same)

    def resolve(self, link: Link, source: str) -> str | None:
        return self._about.opens(link, source)

    def note(self, path: str) -> Note | None:
        with suppress(OSError):
            return self.buffer(path).note if path.lower().endswith(".md") else None
        return None

    def about(self, path: str) -> Card | PostEntry | Note | None:
        _, _, kind, title = notes.note_row(self.index, path) or (0, path, "", path)
        if kind == CONTACT:
            return self.queries.card(path)
        return self.queries.post_entry(path, title) if kind == POST else self.note(path)

    def paths(self, begin: str) -> Sequence[str]:
        return find.paths_like(self.index, begin, MOST + 1)

    def _read_values(self, key: str) -> Sequence[str]:
        if key == "company":
            return sorted({name for _, name in people.companies(self.index)}, key=str.casefold)
        return find.topic_words(self.index, "tag" if key == "tags" else "topic")

    def rewrites(self, link: Link, source: str) -> tuple[list[str], bool]:
        return self._about.rewrites(link, source)

    def problem(self, source: str, link: Link, is_private: bool) -> Problem:
        return self._about.problem(source, link, is_private)


class Planner(NoteEditor):
    """Plans changes of notes as the editor has them, and writes none."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.vault, session.queries)
        self._session = session

    def read(self, path: str) -> bytes:
        return self._session.buffer(path).data if path in self._session.documents else super().read(path)
