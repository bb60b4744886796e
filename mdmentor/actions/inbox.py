"""Moves the lines below the heading Inbox into the logs of the people they name, and what was typed on a page into the inbox.

All lines of a run, and the contacts that are made for them, are one edit.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, one_after_another, text_of
from mdmentor.actions.log import adding, log_line
from mdmentor.actions.new import draft
from mdmentor.core import names
from mdmentor.core.inbox import INBOX, Jotting, Proposal, find_jottings, propose
from mdmentor.core.log_editor import add_item, remove_lines
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.markdown.targets import Paths, link_words
from mdmentor.core.model import CONTACT, PAGE
from mdmentor.core.text import find_linked_path, one_line
from mdmentor.index import find, people
from mdmentor.queries import Queries
from mdmentor.vault import Vault

_LINK = r"\[(?P<words>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angle>[^<>]*)>|(?P<target>[^()\s]*))\)"
_DEFINITION = r"\A(\[[^\[\]]+\]):"  # of a link: no words
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


def inbox_path(queries: Queries) -> str:
    """`Home.md`, or the note with a heading Inbox nearest to the root; "" where there is none."""
    paths = [path for path, kind in find.notes_with_heading(queries.index, INBOX) if kind != PAGE]
    return min(paths, key=lambda p: (names.fold(p) != "home.md", p.count("/"), p), default="")


class Filing:
    """The inbox, the lines of it to be moved into logs together, and contacts to be made for them, as one edit."""

    def __init__(self, editor: NoteEditor) -> None:
        self._editor = editor
        self._edits: dict[str, list[EditNote]] = {}
        self._drafts: dict[str, bytes] = {}  # of new contacts
        # contacts by name and alias, and by each word of these
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._part: dict[str, list[str]] = defaultdict(list)
        for plain, path, _ in find.contact_names(editor.queries.index):
            self._know(plain, path)
        self.path = inbox_path(editor.queries)  # of the note that holds the inbox; "" where there is none
        jottings = find_jottings(text_of(editor.read(self.path))) if self.path else ()
        self.proposals = [propose(jotting, self.today, self._find_who) for jotting in jottings]

    def _know(self, plain: str, path: str) -> None:
        self._whole[plain].append(path)
        for word in plain.split():
            self._part[word].append(path)

    def _find_who(self, words: str) -> Sequence[str]:
        """Contacts by a link in the inbox note, or by name, alias or a first or last name."""
        index = self._editor.queries.index
        if words.startswith("[["):
            target = words[2:-2]
            found = [p for p, _ in find.paths_with_key(index, names.key_of(target))]
            path = names.resolve_among(target, self.path, names.by_folded_path(found), is_markdown=False)
            if path is not None:
                return (path,) if people.contact(index, path) is not None else ()
            if "/" in target:
                return ()
        plain = names.fold_plain(names.unlink(words))
        return tuple(dict.fromkeys(self._whole.get(plain) or self._part.get(plain) or ()))

    @property
    def today(self) -> date:
        return self._editor.queries.today

    def create(self, name: str, now: datetime) -> str:
        """Adds a contact to be made; the path of the note. Raises RefusedToWrite or UnknownName."""
        path, data = draft(self._editor, CONTACT, name, now)
        self._drafts[path] = data
        self._edits.setdefault(path, [])
        self._know(names.fold_plain(names.stem(path)), path)
        return path

    def propose(self, proposal: Proposal, words: str, day: date | None = None) -> Proposal:
        """What the line says with `words` in place of its own, and with the new contacts."""
        found = propose(proposal.jotting._replace(words=words), self.today, self._find_who, day)
        return found._replace(jotting=proposal.jotting)

    def add(self, proposal: Proposal, day: date | None = None) -> None:
        """Adds a line, of a talk on `day` where its words leave that open.

        Raises RefusedToWrite or UnknownName, and leaves it out, where it cannot be moved.
        """
        line = log_line(proposal.words, day, self._editor.queries.today)
        edits = {path: list(known) for path, known in self._edits.items()}
        for path in proposal.people:
            edits.setdefault(path, []).append(adding(line))
        edits.setdefault(self.path, []).append(_taking_out(proposal.jotting))
        for path in (*proposal.people, self.path):
            before = self._drafts[path] if path in self._drafts else self._editor.read(path)
            self._editor.apply(path, before, one_after_another(edits[path]))
        self._edits = edits

    def carry_out(self) -> list[EditedLine]:
        """Does all that was added; returns the new notes and the lines of the logs. Raises RefusedToWrite."""
        if not self._edits:
            return []
        people = [names.stem(path) for path in self._edits if path != self.path]
        joined = {path: one_after_another(edits) for path, edits in self._edits.items()}
        lines = self._editor.edit(f"inbox: log {', '.join(people)}", joined, self._drafts, all_entries=True)
        return [*(EditedLine(path, 0, "made") for path in self._drafts), *lines]


def _taking_out(jotting: Jotting) -> EditNote:
    """Removes a jotting from the inbox, wherever lines filed before it have left it."""

    def edit(data: bytes) -> tuple[bytes, int]:
        same = [j for j in find_jottings(text_of(data)) if (j.words, j.text) == (jotting.words, jotting.text)]
        here = min(same, key=lambda j: abs(j.line - jotting.line), default=jotting)
        return remove_lines(data, here.line, here.last, here.text), 0

    return edit


def move_typed_text(vault: Vault, queries: Queries, typed: Mapping[str, Iterable[str]]) -> list[EditedLine]:
    """Adds what was typed on each page (its path) to the inbox note; the lines that were added.

    The note is the one with a heading Inbox, else Home.md, else Inbox.md, and is made if need be. A run that is killed
    before the pages are written leaves the text in both places, so an item that is in the note already is not added
    again. Raises RefusedToWrite or WorldFailed, with nothing changed.
    """
    editor = NoteEditor(vault, queries)
    at_root = {names.fold(path): path for path in find.note_paths(queries.index) if "/" not in path}
    path = inbox_path(queries) or at_root.get("home.md") or at_root.get("inbox.md") or "Inbox.md"
    texts = [_text_for(queries, path, page, text) for page, found in typed.items() for text in found]
    new = {path: b""} if vault.stamp(path) is None else {}
    what = f"move what was typed on {', '.join(map(names.stem, typed))}"
    return editor.edit(what, {path: _adding(texts)}, new, all_entries=True)


def _adding(texts: Iterable[str]) -> EditNote:
    """Adds each text as an item below the heading Inbox, unless the note has it already."""

    def edit(data: bytes) -> tuple[bytes, int]:
        line = 0
        for text in texts:
            if text not in _inbox_texts(text_of(data)):
                data, line = add_item(data, text, {INBOX}, heading="Inbox")
        return data, line

    return edit


def _inbox_texts(text: str) -> set[str]:
    """The texts of the lines below the heading Inbox, with their boxes."""
    is_in, found = False, set()
    for parts in map(split_line, text.split("\n")):
        if parts.mark.startswith("#"):
            is_in = names.fold_key(parts.text.rstrip("#: ")) == INBOX
        elif is_in:
            found.add(f"{parts.box}{parts.text}".strip())
    return found


def _text_for(queries: Queries, inbox: str, page: str, text: str) -> str:
    """The text as it may be written in the inbox note: links to notes as wikilinks, and no comment left open."""
    folder, index = names.folder(page), queries.index
    paths = Paths(find.note_paths(index), ())

    def link(found: re.Match[str]) -> str:
        target = found["angle"] if found["angle"] is not None else found["target"]
        path = find_linked_path(target, folder)
        words = re.sub(_ESCAPED, r"\1", found["words"])
        if not find.notes_at(index, path):
            return found[0]
        name = link_words(path, inbox, paths)
        return f"[[{name}]]" if names.fold(name) == names.fold(words) else f"[[{name}|{words}]]"

    text = one_line(re.sub(_LINK, link, text)).replace("<!--", "<!\\--").replace("-->", "--\\>")
    text = re.sub(_DEFINITION, r"\1\\:", text.replace("%%", "%\\%"))
    return text.strip("` ") if text.startswith("```") else text
