"""Moves what somebody typed on a generated page into the inbox note, before the page is written again.

The inbox is written first. Where a run is killed in between, the next one finds the text in both places, and an item
that is in the inbox note already is not added again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, changed_lines, text_of
from mdmentor.actions.history import Change
from mdmentor.actions.inbox import inbox_path
from mdmentor.core import names
from mdmentor.core.inbox import INBOX
from mdmentor.core.log_editor import add_item
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.markdown.targets import Paths, link_words
from mdmentor.core.text import find_linked_path, one_line
from mdmentor.index import find
from mdmentor.queries import Queries
from mdmentor.vault import Vault

_LINK = r"\[(?P<words>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angle>[^<>]*)>|(?P<target>[^()\s]*))\)"
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


def move_typed_text(vault: Vault, queries: Queries, typed: Mapping[str, Iterable[str]]) -> list[EditedLine]:
    """Adds what was typed on each page (its path) to the inbox note; the lines that were added.

    The note is the one with a heading Inbox, else Home.md, else Inbox.md, and is made if need be. Raises RefusedToWrite
    or WorldFailed, with nothing changed.
    """
    editor = NoteEditor(vault, queries)
    path = inbox_path(queries) or _new_inbox(queries)
    texts = [_text_for(queries, path, page, text) for page, found in typed.items() for text in found]
    adding = _adding(texts)
    what = f"move what was typed on {', '.join(map(names.stem, typed))}"
    before = None if vault.stamp(path) is None else editor.read(path)
    if not editor.edit(what, {path: adding}, {path: b""} if before is None else {}):
        return []
    return list(changed_lines(Change(path, before, editor.read(path)), entries_only=True))


def _new_inbox(queries: Queries) -> str:
    at_root = {names.fold(path): path for path in find.note_paths(queries.index) if "/" not in path}
    return at_root.get("home.md") or at_root.get("inbox.md") or "Inbox.md"


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
    text = text.replace("%%", "%\\%")
    return text.strip("` ") if text.startswith("```") else text
