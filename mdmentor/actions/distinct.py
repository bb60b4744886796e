"""Marks two notes as about different people, by a link in each to the other, so that nothing asks again."""

from __future__ import annotations

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor
from mdmentor.core import names
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.markdown.targets import Paths, link_words
from mdmentor.core.names import stem
from mdmentor.errors import UnknownName
from mdmentor.index import find, people

KEY = "distinct_from"


def distinct(editor: NoteEditor, one: str, other: str) -> list[EditedLine]:
    """Marks both notes in one edit. Raises UnknownName for one note twice."""
    _refuse_one(one, other)
    paths = Paths(find.note_paths(editor.queries.index), ())
    said = {(path, target) for path, target, _ in people.apart(editor.queries.index)}

    def adding(path: str, target: str) -> EditNote:
        link = f"[[{link_words(target, path, paths)}]]"

        def edit(data: bytes) -> tuple[bytes, int]:
            field = field_of(read_fields(data), KEY)
            after = add_to_field(data, field.name if field else KEY, field, (link,))
            written = field_of(read_fields(after), KEY)
            return after, written.place_of(link)[0] if written else 0

        return edit

    pairs = ((one, other), (other, one))
    edits = {path: adding(path, target) for path, target in pairs if (path, target) not in said}
    return editor.edit(f"distinct {stem(one)}, {stem(other)}", edits)


def no_longer_distinct(editor: NoteEditor, one: str, other: str) -> list[EditedLine]:
    """Removes the mark from both notes in one edit. Raises UnknownName where neither has it."""
    _refuse_one(one, other)
    wanted: dict[str, set[str]] = {}
    for path, target, words in people.apart(editor.queries.index):
        if {path, target} == {one, other}:
            wanted.setdefault(path, set()).add(names.fold_key(names.without_md(words)))
    if not wanted:
        what = f"neither note says that {stem(one)} and {stem(other)} are two people"
        raise UnknownName(what, "see the pairs with: mdmentor duplicates")

    def removing(path: str) -> EditNote:
        def edit(data: bytes) -> tuple[bytes, int]:
            field = field_of(read_fields(data), KEY)
            if field is None:
                return data, 0
            left = tuple(value for value in field.values if _target(value) not in wanted[path])
            return write_field(data, field.name, field, left or None), 0

        return edit

    what = f"distinct {stem(one)}, {stem(other)} --remove"
    written = editor.edit(what, {path: removing(path) for path in sorted(wanted)})
    named = {one: other, other: one}
    return [EditedLine(w.path, w.line, f"{KEY} {stem(named[w.path])} is gone") for w in written]


def _target(value: str) -> str:
    """What the link in a value names, as it is folded for comparing."""
    inner = value.strip().removeprefix("[[").removesuffix("]]").split("|", 1)[0].split("#", 1)[0]
    return names.fold_key(names.without_md(inner.strip()))


def _refuse_one(one: str, other: str) -> None:
    if one == other:
        raise UnknownName(f"both names mean {one}", "give two people, by name or path")
