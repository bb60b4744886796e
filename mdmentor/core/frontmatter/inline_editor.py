"""Sets, adds to or removes a field where it is: in the front matter, or in the text as `key:: value`.

In the text only the value's own characters are replaced; of a list what stays keeps its place and its quotes. Each
result is read again: unless only the wanted value differs, the change is refused with UnsafeEdit.
"""

import re
from collections.abc import Sequence

from mdmentor.core import names
from mdmentor.core.edit import (
    CHANGED,
    Edit,
    OpenNote,
    UnsafeEdit,
    differing,
    edited,
    line_starts,
    next_line,
    replaced_items,
)
from mdmentor.core.frontmatter.editor import add_to_list, set_field
from mdmentor.core.frontmatter.inline import SIGN, Place, is_listed, with_inline
from mdmentor.core.frontmatter.keys import TEXTS, key_named
from mdmentor.core.frontmatter.reader import NONE
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.model import Field

_Value = str | tuple[str, ...] | None


def read_fields(data: bytes) -> tuple[Field, ...]:
    """The fields of a note, those in its text too. Raises UnsafeEdit where no byte may change."""
    note = OpenNote(data)
    return with_inline(note.head.fields, note.places)


def write_field(data: bytes, where: Field | str, value: str | Sequence[str] | None) -> bytes:
    """The note with a field set to a text or a list of texts, or removed with None.

    `where` is the field to change, as it was read from `data`, or the name of one that it does not have: an empty field
    of this name in the text is filled, or the key of the front matter is set, or in a note that begins with properties
    as Logseq writes them, put below these. Returns the same bytes where it has this value already. Raises UnsafeEdit.
    """
    wanted = value if value is None or isinstance(value, str) else tuple(value)
    name, field = _found(data, where)
    if field is not None and field.is_inline:
        return _set_inline(data, field, wanted)
    added = _with_property(data, name, wanted) if field is None and wanted is not None else None
    return added or set_field(data, name, wanted)


def add_to_field(data: bytes, where: Field | str, items: Sequence[str]) -> bytes:
    """The note with items added to the end of a field's list, but for those that it has. Raises UnsafeEdit."""
    name, field = _found(data, where)
    if field is None and (added := _with_property(data, name, tuple(items))):
        return added
    if field is None or not field.is_inline:
        for item in items:
            data = add_to_list(data, name, item)
        return data
    known = [value.lstrip("#") for value in field.values]
    new = [item for item in dict.fromkeys(items) if item.lstrip("#") not in known]
    return _set_inline(data, field, (*field.values, *new)) if new else data


def _found(data: bytes, where: Field | str) -> tuple[str, Field | None]:
    """The name of a field, and the field; of a new one the empty field in the text that a template leaves for it."""
    if isinstance(where, Field):
        return where.name, where
    fields = read_fields(data) if SIGN.encode() in data else ()
    named = [field for field in fields if field.key == names.fold_key(where)]
    return where, named[0] if named and named[0].is_inline and not named[0].values else None


def _set_inline(data: bytes, field: Field, value: _Value) -> bytes:
    """The note with a field in its text changed."""
    before = OpenNote(data)
    number = next((n for n, place in enumerate(before.places) if place.field == field), -1)
    if number < 0:
        raise UnsafeEdit(f'"{field.name}" is not where it was', CHANGED)
    if value == field.values or (isinstance(value, str) and (value,) == (field.values or ("",))):
        return data
    value = tuple(filter(None, value)) if isinstance(value, tuple) else value
    if isinstance(value, tuple) and field.values and all(old.startswith("#") for old in field.values):
        value = tuple(item if item.startswith(("#", "[[")) else f"#{item}" for item in value)
    for edit in _edits(before, before.places[number], value):
        result = edited(before, [edit])
        if _is_as_asked(before, OpenNote(result), number, value):
            return result
    raise UnsafeEdit(
        f'"{field.name}" cannot be changed without touching other text', "change it in your editor"
    )


def _with_property(data: bytes, name: str, value: str | tuple[str, ...]) -> bytes | None:
    """The note with one more line below the properties that it begins with; None where it does not, or for no such key."""
    if SIGN.encode() not in data:
        return None
    before = OpenNote(data)
    count = 0
    for place in before.places if before.head.state == NONE else ():
        count += place.field.line == count + 1 and place.start == 0 and not place.bracket
    if not count:
        return None
    new = f"{name}:: {value if isinstance(value, str) else ', '.join(value)}".rstrip()
    end = len("\n".join(before.page.lines[:count]))
    result = edited(before, [Edit(end, end, f"\n{new}")])
    after = OpenNote(result)
    states = _states(after.places)
    added = states.pop(count) if len(states) > count else None
    wanted = (name, value if isinstance(value, tuple) else (value,), "", True)
    last = before.page.body.items[0].last
    is_same = after.page.outside(1, last + 1) == before.page.outside(1, last, 1)
    is_same &= states == _states(before.places) and before.head == after.head
    return result if added == wanted and is_same else None


def _edits(read: OpenNote, place: Place, value: _Value) -> list[Edit]:
    """The edits that may give a field its value, the best first."""
    number = place.field.line - 1
    first, text = line_starts(read.text)[number], read.page.lines[number]

    def edit(start: int, end: int, new: str) -> Edit:
        return Edit(first + start, first + end, new)

    emptied = edit(place.value, place.value_end, "")
    if value is None:
        before, behind = text[: place.start], text[place.end :]
        if len(text) - len(split_line(text).text) == len(before) and not behind.strip(" \t\\"):
            return [Edit(first, next_line(read.text, first), ""), emptied]
        has_gap = before.endswith(" ") and behind[:1] in ("", " ")
        return [edit(place.start - has_gap, place.end, ""), emptied] if place.bracket else [emptied]
    if not value:
        return [emptied]
    if isinstance(value, tuple):
        if place.items and (place.field.is_list or key_named(place.field.name).shape):
            begin, end, new_end = differing(place.field.values, value)
            added = [_quoted(place.field, item) for item in value[begin:new_end]]
            return [edit(*replaced_items(place.items, begin, end, added, _separator(place, text)))]
        value = _separator(place, text).join(_quoted(place.field, item) for item in value)
    elif place.items and text[place.value] == '"' and '"' not in value:
        value = f'"{value}"'
    before = "" if place.items or text[place.value - 1 : place.value] in (" ", "\t") else " "
    behind = "" if place.bracket or text[place.value_end :][:1] in ("", " ", "\t", "\\") else " "
    return [edit(place.value, place.value_end, f"{before}{value}{behind}")]


def _separator(place: Place, text: str) -> str:
    """What is between the items of a list: as it is there, else a comma, or a blank between tags with their sign."""
    if len(place.items) > 1:
        return text[place.items[0][1] : place.items[1][0]]
    is_tag = key_named(place.field.name).name == "tags" and text[place.value : place.value + 1] == "#"
    return " " if is_tag else ", "


def _quoted(field: Field, item: str) -> str:
    """An item as it may be written into a list: in quotes where a comma in it would end it."""
    meaning = key_named(field.name)
    if re.fullmatch(r"\[\[[^\[\]]*\]\]", item):
        return item
    has_commas = is_listed(field.name) or meaning.shape == TEXTS
    ends = r"[,;]" if meaning.name != "tags" else r"[,;\s]"
    return item if has_commas and not re.search(ends, item) else f'"{item}"'


def _is_as_asked(before: OpenNote, after: OpenNote, number: int, value: _Value) -> bool:
    """Whether only the wanted value differs, as both are read."""
    old, new = _states(before.places), _states(after.places)
    was = old.pop(number)
    if len(new) > len(old):
        new.pop(number)
        field = after.places[number].field
        wanted = value if isinstance(value, tuple) else (value,) if value else ()
        # `a@x.org, b@x.org` is a list to the reader
        is_value = field.values == wanted or (len(field.values) > 1 and ", ".join(field.values) == value)
        is_value &= field.name == was[0]
    else:
        is_value = value is None
    line, page, new_page = before.places[number].field.line, before.page, after.page
    gone = len(page.lines) - len(new_page.lines)
    around = next(item for item in page.body.items if item.line <= line <= item.last)
    starts_there = bool(gone) and around.line == line < around.last  # what is left of the item
    others = page.outside(around.line, line, -gone)
    is_same = old == new and others == new_page.outside(around.line, line - gone + starts_there)
    return is_value and is_same and before.head == after.head


def _states(places: Sequence[Place]) -> list[tuple[object, ...]]:
    return [(place.field.name, place.field.values, place.bracket, place.is_own) for place in places]
