"""Moves the lines below the heading Inbox into the logs of the people they name.

All lines of a run, and the contacts that are made for them, are one edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, changed_lines, one_after_another, text_of
from mdmentor.actions.history import Change
from mdmentor.actions.log import adding, log_line
from mdmentor.actions.new import draft
from mdmentor.core import names
from mdmentor.core.inbox import INBOX, Jotting, Proposal, Who, find_jottings, propose
from mdmentor.core.log_editor import remove_lines
from mdmentor.core.model import CONTACT, PAGE
from mdmentor.core.names import key_of, resolve_target, stem
from mdmentor.index import find, people
from mdmentor.queries import Queries


class Inbox(NamedTuple):
    """The note that holds the inbox, "" where there is none, and what its lines probably say."""

    path: str
    proposals: tuple[Proposal, ...] = ()


def read_inbox(editor: NoteEditor) -> Inbox:
    """The inbox of the vault, with what its lines say."""
    path = inbox_path(editor.queries)
    if not path:
        return Inbox("")
    who = _who(editor.queries, path)
    jottings = find_jottings(text_of(editor.read(path)))
    return Inbox(path, tuple(propose(jotting, editor.queries.today, who) for jotting in jottings))


def inbox_path(queries: Queries) -> str:
    """`Home.md`, or the note with a heading Inbox nearest to the root; "" where there is none."""
    found = find.notes_with_heading(queries.index, INBOX)
    paths = [path for path, kind in found if kind != PAGE]
    return min(paths, key=lambda p: (names.fold(p) != "home.md", p.count("/"), p), default="")


def _who(queries: Queries, source: str) -> Who:
    """Finds contacts by a link in the note `source`, or by name, alias or a first or last name."""
    whole: dict[str, list[str]] = {}
    part: dict[str, list[str]] = {}
    for plain, path, _ in find.contact_names(queries.index):
        whole.setdefault(plain, []).append(path)
        for word in plain.split():
            part.setdefault(word, []).append(path)

    def find_who(words: str) -> Sequence[str]:
        if words.startswith("[["):
            target = words[2:-2]
            found = [p for p, _ in find.paths_with_key(queries.index, key_of(target))]
            path = resolve_target(target, source, found, is_markdown=False)
            if path is not None:
                return (path,) if people.contact(queries.index, path) is not None else ()
            if "/" in target:
                return ()
        plain = names.fold_plain(names.unlink(words))
        return tuple(dict.fromkeys(whole.get(plain) or part.get(plain) or []))

    return find_who


class Filing:
    """Lines of the inbox to be moved into the logs together, and contacts to be made for them, as one edit."""

    def __init__(self, editor: NoteEditor, inbox: Inbox) -> None:
        self._editor = editor
        self._inbox = inbox
        self._edits: dict[str, list[EditNote]] = {}
        self._drafts: dict[str, bytes] = {}  # of new contacts
        self._who = _who(editor.queries, inbox.path)

    @property
    def today(self) -> date:
        return self._editor.queries.today

    def create(self, name: str, now: datetime) -> str:
        """Adds a contact to be made; the path of the note. Raises RefusedToWrite or UnknownName."""
        path, data = draft(self._editor, CONTACT, name, now)
        self._drafts[path] = data
        self._edits.setdefault(path, [])
        return path

    def propose(self, proposal: Proposal, words: str, day: date | None = None) -> Proposal:
        """What the line says with `words` in place of its own, and with the new contacts."""
        found = propose(proposal.jotting._replace(words=words), self.today, self._find_who, day)
        return found._replace(jotting=proposal.jotting)

    def _find_who(self, words: str) -> Sequence[str]:
        plain = names.fold_plain(names.unlink(words))
        titles = {path: names.fold_plain(stem(path)) for path in self._drafts}
        whole = tuple(path for path, title in titles.items() if title == plain)
        part = tuple(path for path, title in titles.items() if plain in title.split())
        return whole or self._who(words) or part

    def add(self, proposal: Proposal, day: date | None = None) -> None:
        """Adds a line, of a talk on `day` where its words leave that open.

        Raises RefusedToWrite or UnknownName, and leaves it out, where it cannot be moved.
        """
        line = log_line(proposal.words, day, self._editor.queries.today)
        edits = {path: list(known) for path, known in self._edits.items()}
        for path in proposal.people:
            edits.setdefault(path, []).append(adding(line))
        edits.setdefault(self._inbox.path, []).append(_taking_out(proposal.jotting))
        for path in (*proposal.people, self._inbox.path):
            self._editor.apply(path, self._before(path), one_after_another(edits[path]))
        self._edits = edits

    def _before(self, path: str) -> bytes:
        draft = self._drafts.get(path)
        return self._editor.read(path) if draft is None else draft

    def carry_out(self) -> list[EditedLine]:
        """Does all that was added; returns the new notes and the lines of the logs. Raises RefusedToWrite."""
        if not self._edits:
            return []
        people = [stem(path) for path in self._edits if path != self._inbox.path]
        before = {path: self._before(path) for path in self._edits}
        joined = {path: one_after_another(edits) for path, edits in self._edits.items()}
        self._editor.edit(f"inbox: log {', '.join(people)}", joined, self._drafts)
        changes = (Change(path, before[path], self._editor.read(path)) for path in self._edits)
        lines = (changed_lines(change, entries_only=True) for change in changes)
        return [*(EditedLine(path, 0, "made") for path in self._drafts), *chain.from_iterable(lines)]


def _taking_out(jotting: Jotting) -> EditNote:
    """Removes a jotting from the inbox, wherever lines filed before it have left it."""

    def edit(data: bytes) -> tuple[bytes, int]:
        same = [j for j in find_jottings(text_of(data)) if (j.words, j.text) == (jotting.words, jotting.text)]
        here = min(same, key=lambda j: abs(j.line - jotting.line), default=jotting)
        return remove_lines(data, here.line, here.last, here.text), 0

    return edit
