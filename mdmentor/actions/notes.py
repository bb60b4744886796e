"""Renames notes and folders with every link that names them, as one edit: all of it or nothing."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.actions.edit import EditedLine, NoteEditor, changed_lines, refuse_page, refusing
from mdmentor.actions.history import Change, Move
from mdmentor.core import names
from mdmentor.core.edit import Edit, OpenNote, edited, line_starts
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.markdown.links import rename_links
from mdmentor.core.markdown.targets import Naming, Paths, new_targets
from mdmentor.core.model import CONTACT, GOAL, PAGE, POST
from mdmentor.core.parse import parse_note
from mdmentor.errors import RefusedToWrite, UnknownName
from mdmentor.files import NotPlain, read_plain_file
from mdmentor.index import find, people, state
from mdmentor.index.links import ATTENDEE, links_of, links_with_keys
from mdmentor.vault.folders import refuse_links

if TYPE_CHECKING:
    from mdmentor.core.merge.keys import Difference

# What no link can hold, or no file's name on every system.
_NO_NAME = r'[\[\]|#^\\:*?"<>\x00-\x1f\x7f]|%%'
_HEADING = r"(?P<mark> {0,3}#[ \t]+)(?P<text>.*?)(?P<end>[ \t]*#*[ \t]*)\Z"


class Plan(NamedTuple):
    """All that a rename or a merge would write, before it is written; nothing is while differences are open."""

    what: str  # for the journal of edits
    move: Move  # in a merge from the note that is deleted to the one that stays
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()

    def lines(self) -> Iterator[EditedLine]:
        """Every line that would change, under the path that it will have, those of the joined note first."""
        for change in sorted(self.changes, key=lambda c: (c.after is None, c.path != self.move.new, c.path)):
            if change.after is None:
                yield EditedLine(change.path, 0, f"deleted; all it says is in {self.move.new}")
                continue
            for line in changed_lines(change):
                yield line._replace(path=self.move.path_of(line.path))

    def carry_out(self, editor: NoteEditor) -> None:
        """Raises RefusedToWrite, with nothing changed, where a note changed meanwhile."""
        is_merge = any(change.after is None for change in self.changes)
        for path in self.move if is_merge else ():
            editor.vault.refuse_if_open(path)
        editor.change(self.what, self.changes, None if is_merge else self.move)


def plan_rename(editor: NoteEditor, old: str, new: str, *, keep_alias: bool = False) -> Plan:
    """What renaming `old`, a note or a folder, to `new`, a name or a path, would change.

    Raises UnknownName for a name that no link can hold, RefusedToWrite where something is there already or
    a note that has to change cannot be changed safely.
    """
    move = _find_move(editor, old, new)
    moves = Moves(editor, [move])
    changes = moves.changes(keep_alias=keep_alias)
    what = f"rename {names.stem(move.old)} to {names.stem(move.new)}"
    return Plan(what, move, tuple(changes), (*moves.kinds_lost(), *moves.files_naming()))


class Moves:
    """Notes and files that get other paths, and what has to change with them.

    A note may get the path of another one, which is then what its links name.
    """

    def __init__(self, editor: NoteEditor, moves: Sequence[Move]) -> None:
        self._editor, self._queries, index = editor, editor.queries, editor.queries.index
        self._paths = paths = Paths(find.note_paths(index), sorted(state.attachments(index)))
        every = (*paths.notes, *paths.files)
        new = ((path, move.path_of(path)) for move in reversed(moves) for path in every)
        self._moves = {path: there for path, there in new if there != path}

    def changes(self, *, keep_alias: bool = False, links_only: bool = False) -> list[Change]:
        """The changes in notes; raises RefusedToWrite for one that cannot be changed safely.

        With `links_only` nothing but links changes.
        """
        stems = {path: (names.stem(path), names.stem(there)) for path, there in self._moves.items()}
        stems = {path: pair for path, pair in stems.items() if pair[0] != pair[1]}
        renamed = {path for path in stems if path.lower().endswith(".md") and not links_only}
        links = self._links()
        wanted = new_targets((n for n in links if n.link.kind != ATTENDEE), self._paths, self._moves)
        plain: dict[str, list[tuple[str, str, str]]] = defaultdict(
            list
        )  # names without a link: key, old, new
        for source, link, target in links:
            if link.kind == ATTENDEE and target in stems:
                plain[source].append((link.field, link.raw, stems[target][1]))
        for source, old, new in self._introducers(stems):
            plain[source].append(("introduced_by", old, new))
        changes = []
        pages = set(find.paths_of_kind(self._queries.index, PAGE))
        for path in sorted({*wanted, *plain, *renamed} - pages):
            before = self._editor.read(path)
            with refusing(path, before):
                after = rename_links(before, wanted[path]) if wanted.get(path) else before
                for value in plain.get(path, ()):
                    after = _with_value(after, *value)
                if path in renamed:
                    after = _with_own_name(after, *stems[path], keep_alias=keep_alias)
            if after != before:
                changes.append(Change(path, before, after))
        return changes

    def _links(self) -> list[Naming]:
        """Every link that the moves may touch, once: in a note that moves, or of an old or a new name."""
        index = self._queries.index
        keys = dict.fromkeys(names.key_of(path) for pair in self._moves.items() for path in pair)
        found = chain(links_with_keys(index, keys), *(links_of(index, path) for path in self._moves))
        once = {(n.source, n.link.line, n.link.column, n.link.raw): n for n in starmap(Naming, found)}
        return list(once.values())

    def _introducers(self, stems: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
        """(contact, old name, new name) where somebody is said to be introduced by a name that only a moved note has."""
        index = self._queries.index
        called: dict[str, str] = {}
        for path, there in self._moves.items():
            one, other = people.contact(index, path), people.contact(index, there)
            pairs = [stems[path]] if one and path in stems else []
            pairs += [(one.name, other.name)] if one and other else []  # in a merge
            for old, new in pairs:
                found = (find.notes_called(index, old, contacts_only=only) for only in (True, False))
                if {row[0] for row in chain(*found)} <= {path, there}:
                    called[old] = new
        for who in people.contacts(index) if called else ():
            for name in who.introduced_by.split(", "):
                if name in called:
                    yield who.path, name, called[name]

    def kinds_lost(self) -> Iterator[str]:
        """A warning where notes would no longer be contacts, posts or goals."""
        queries = self._queries
        kinds = {p: kind for kind in (CONTACT, POST, GOAL) for p in find.paths_of_kind(queries.index, kind)}
        moved = ((path, there) for path, there in self._moves.items() if path in kinds)
        now = ((p, parse_note(there, self._editor.read(p), queries.settings).kind) for p, there in moved)
        if lost := [path for path, kind in now if kind != kinds[path]]:
            yield (
                f"{len(lost)} of these notes would no longer be a {kinds[lost[0]]}, for example {lost[0]}: their"
                " kind comes from the folder; name the new folder in mdmentor.toml, or give the notes a type"
            )

    def files_naming(self) -> Iterator[str]:
        """A warning for each canvas or base that names an old path, or cannot be searched for it."""
        for path in self._paths.files:
            if not path.lower().endswith((".canvas", ".base")):
                continue
            try:
                text = read_plain_file(self._editor.vault.folder, path).decode(errors="replace")
            except FileNotFoundError:
                continue  # a link to nothing
            except NotPlain as error:
                yield f"{path} {error}, so it was not searched for the old path"
                continue
            if any(f'"{old}"' in text for old in self._moves):
                yield f"{path} names the old path too; open it and choose the note again"


def _find_move(editor: NoteEditor, old: str, new: str) -> Move:
    vault, queries = editor.vault, editor.queries
    here, there = find.path_in_vault(queries.index, old.strip()), new.strip().replace("\\", "/")
    if here in ("", ".") and not find.is_path(old.strip(" /.")):
        raise UnknownName(f'"{old}" is not a note or folder in the vault', "name one")
    folder = Path(vault.absolute(here))
    if not here or not folder.is_dir() or folder.with_name(f"{folder.name}.md").is_file():
        here = queries.find_note(old)
        refuse_page(queries, here)
        there = there if there.lower().endswith(".md") else f"{there}.md"
        if "/" not in there:
            there = f"{names.folder(here)}/{there}".lstrip("/")
    elif "/" not in there and "/" in here:
        there = f"{names.folder(here)}/{there}"
    there = there.removeprefix("./").strip("/")
    refuse_bad_name(there)
    if there == here:
        raise UnknownName(f'"{here}" is already called that', "name another one")
    if there.startswith(f"{here}/"):
        raise UnknownName(f'"{there}" is inside "{here}"', "name another folder")
    for path in (here, there):
        refuse_links(vault.folder, path)
    now, then = Path(vault.absolute(here)), Path(vault.absolute(there))
    is_same = names.fold(here) == names.fold(there)
    if os.path.lexists(then) and not (is_same and then.samefile(now)):
        raise RefusedToWrite(f'"{there}" is there already', "choose another name")
    return Move(here, there)


def refuse_bad_name(path: str) -> None:
    """Raises UnknownName, with a name that would do, for a path that links or file systems cannot hold."""
    for part in path.split("/"):
        name = part[:-3] if part.lower().endswith(".md") else part
        clean = clean_name(name)
        if not clean or name != clean or len(part.encode()) > 240:
            found = re.search(_NO_NAME, name)
            what = f'a name with "{found[0]}" in it' if found else f'"{name[:40]}" as a name'
            fits = " ".join(clean.encode()[:200].decode(errors="ignore").split())
            fix = f'try "{fits}"' if fits else "choose another one"
            raise UnknownName(f"{what} cannot be linked, or saved on every system", fix)


def clean_name(name: str) -> str:
    """The name without what links or file systems cannot hold; "" where nothing is left."""
    clean = " ".join(re.sub(_NO_NAME, " ", name).split()).strip(". ")
    if names.is_reserved(clean):
        start, dot, rest = clean.partition(".")
        clean = f"{start.rstrip()}_{dot}{rest}"
    return clean


def _with_value(data: bytes, key: str, old: str, new: str) -> bytes:
    """The note with one of a field's values changed."""
    for field in read_fields(data):
        if key in (field.key, canonical_key(field.key)) and old in field.values:
            values = tuple(new if value == old else value for value in field.values)
            return write_field(data, field, values if field.is_list else values[0])
    return data


def _with_own_name(data: bytes, before: str, after: str, *, keep_alias: bool) -> bytes:
    """The renamed note with its name, title and first heading renamed where they said the old name."""
    for field in read_fields(data):
        if field.key in ("name", "title") and field.values == (before,) and not field.is_list:
            data = write_field(data, field, after)
    if keep_alias:
        aliases = field_of(read_fields(data), "aliases")
        data = add_to_field(data, aliases or "aliases", (before,))
    note = OpenNote(data)
    for start in line_starts(note.text)[note.head.body_line - 1 :]:
        text = note.text[start:].partition("\n")[0]
        heading = re.match(_HEADING, text)
        if heading and heading["text"].strip() == before:
            first, last = heading.span("text")
            return edited(note, [Edit(start + first, start + last, after)])
        if text.strip():
            break
    return data
