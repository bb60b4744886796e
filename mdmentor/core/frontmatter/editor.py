"""Sets, adds to or removes one key of the front matter; every other byte of the note stays.

Only the span of the value is replaced, in the style it is written in; YAML is never dumped. Each result is read again:
unless only the wanted value differs, the change is refused with UnsafeEdit. So is what cannot be changed with
certainty: broken YAML, duplicate keys, tabs, anchors.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.edit import (
    Edit,
    OpenNote,
    UnsafeEdit,
    differing,
    edited,
    line_end,
    line_start,
    line_starts,
    next_line,
    replaced_items,
)
from mdmentor.core.frontmatter import (
    ALIAS,
    LIST,
    MAP,
    SCALAR,
    Fault,
    Node,
    is_template,
    is_wikilink,
    parse_tree,
    quote,
)
from mdmentor.core.frontmatter.keys import key_named
from mdmentor.core.frontmatter.reader import NONE

# As Hugo reads it: a YAML block above would hide it there.
_TOML = r"(?m)\+\+\+[ \t]*\n(?s:.*?)^\+\+\+[ \t]*$"
_TAB_INDENT = re.compile(r"(?m)^ *\t[ \t]*(?=\S)")
_BY_HAND = "change it in your editor"
_FIX = "fix the front matter in your editor, then try again"
_Value = str | tuple[str, ...] | None
_LONGEST_KEY = 128  # YAML takes keys of up to 1024 bytes; nobody writes one


class Entry(NamedTuple):
    """One key of the front matter with its value."""

    key: str
    start: int
    colon: int  # behind the colon
    value: Node
    end: int  # behind the value, or behind the colon where there is none


class FrontMatter(NamedTuple):
    """A note's front matter, located by offsets in its text."""

    opening: int  # where the opening fence's line begins
    end: int  # where the closing fence's line begins
    body: int  # behind the closing fence's line
    indent: str = ""  # before each key
    entries: tuple[Entry, ...] = ()

    def find(self, key: str) -> Entry | None:
        """The entry of a key as written; None where there is none."""
        return next((entry for entry in self.entries if entry.key == key), None)


def set_field(data: bytes, key: str, value: str | Sequence[str] | None) -> bytes:
    """The note with one key of its front matter set to a text or a list of texts, or removed with None.

    `key` is compared as written. A new key is put before the closing fence, in a new block where the note has no front
    matter. Returns the same bytes where the key has this value already. Raises UnsafeEdit.
    """
    note, front = _read(data)
    wanted = value if value is None or isinstance(value, str) else tuple(value)
    entry = front.find(key) if front else None
    if front is None or entry is None:
        if wanted is None:
            return data
        edits = _added(note.text, front, key, wanted)
    else:
        _refuse_unclear(entry)
        if wanted is not None and wanted == _value_of(entry.value, note.text):
            return data
        edits = _changed(note.text, front, entry, wanted)
    return _verified(note, front, edits, key, wanted)


def add_to_list(data: bytes, key: str, item: str) -> bytes:
    """The note with an item added to the end of a key's list; the same bytes where the item is in it.

    A text becomes the list's first item (of tags and aliases also `a, b`); an empty last item, as templates leave it,
    is filled. Raises UnsafeEdit.
    """
    note, front = _read(data)
    entry = front.find(key) if front else None
    value = _value_of(entry.value, note.text) if entry else ()
    if value is None:
        raise UnsafeEdit(f'"{key}" is not just text or a list of texts', _BY_HAND)
    if entry and value in ("", "~", "null") and not entry.value.style:
        # `tags: #person` is a comment to YAML, but we read it as a tag; another tag beside it would end that
        comment = re.compile(r"[ \t]*(#[^\s#].*)").match(note.text, entry.end)
        if comment and names.fold_key(key) in ("tags", "tag"):
            raise UnsafeEdit(f'"{comment[1].strip()}" is a comment', "leave out the #, then try again")
        value = ()
    items = _parts(key, value) if isinstance(value, str) else value
    if item in items:
        return data
    return set_field(data, key, (*(items[:-1] if items[-1:] == ("",) else items), item))


def locate(note: OpenNote) -> FrontMatter | None:
    """The front matter of a note; None without. Raises UnsafeEdit."""
    text, head = note.text, note.head
    if head.state == NONE:
        return None
    if not head.end_line:
        raise UnsafeEdit("the note begins with a rule of dashes", "write words above it")
    starts = line_starts(text)
    opening = next(place for place in starts if text[place : line_end(text, place)].strip(" \t"))
    start, (above, end) = next_line(text, opening), starts[head.end_line - 2 : head.end_line]
    body = next_line(text, end)
    if above >= start and text[above : end - 1].rstrip(" \t") == "...":
        end = above
    if re.search("[\x85\u2028\u2029\ufeff]", text[start:end]):
        raise UnsafeEdit("the front matter has a character in it that editors do not show", _FIX)
    try:
        root = parse_tree(text, start, end)
    except Fault as fault:
        raise UnsafeEdit("the front matter is not valid YAML", _FIX) from fault
    if root is None:
        return FrontMatter(opening, end, body)
    _refuse_unsafe(text, start, end, root)
    indent = text[max(line_start(text, root.start), start) : root.start]
    return FrontMatter(opening, end, body, indent, tuple(_read_entries(text, root)))


def plain_text(node: Node, text: str) -> str | None:
    """A value as one text, also an unquoted wikilink; None for a list or map."""
    if node.kind == SCALAR:
        return node.text
    return text[node.start : node.end] if is_wikilink(node) else None


def _refuse_unsafe(text: str, start: int, end: int, root: Node) -> None:
    """Raises UnsafeEdit for a tree that YAML parsers do not all read alike."""
    if root.kind != MAP:
        raise UnsafeEdit("the front matter has no keys", _FIX)
    if root.style == "flow":
        raise UnsafeEdit("the front matter is written in braces", "write one key a line, then try again")
    blocks = [(n.start, n.end) for n in root.walk() if n.kind == SCALAR and n.style in ("|", ">")]
    for tab in _TAB_INDENT.finditer(text, start, end):
        if not any(first <= tab.start() < last for first, last in blocks):
            raise UnsafeEdit("the front matter is indented with a tab", "use spaces, then try again")
    for node in root.walk():
        keys = [key.text for key in node.children[::2] if key.kind == SCALAR] if node.kind == MAP else []
        for key in keys:
            if keys.count(key) > 1:
                raise UnsafeEdit(f'key "{key}" appears twice', "keep one of them, then try again")


def _read_entries(text: str, root: Node) -> Iterator[Entry]:
    for key, value in zip(root.children[::2], root.children[1::2], strict=True):
        if key.kind != SCALAR or key.is_marked or key.style not in ("", "'", '"'):
            raise UnsafeEdit("a key of the front matter is not a plain word", _FIX)
        colon = re.compile(r"[ \t]*:").match(text, key.end)
        before = text[max(line_start(text, key.start), root.start) : key.start]
        if colon is None or before.strip():
            raise UnsafeEdit(f'key "{key.text}" has a question mark or takes several lines', _FIX)
        if key.text == "<<" and not key.style:
            raise UnsafeEdit('the front matter merges other values in ("<<")', _FIX)
        yield Entry(key.text, key.start, colon.end(), value, max(colon.end(), value.end))


def _parts(key: str, value: str) -> tuple[str, ...]:
    """The items that one text stands for in the list it is about to become."""
    meaning = key_named(key)
    if not meaning.has_commas:
        return (value,) if value else ()
    parts = re.split(r"[,\s]+" if meaning.name == "tags" else ",", value)
    return tuple(part.strip() for part in parts if part.strip())


def _read(data: bytes) -> tuple[OpenNote, FrontMatter | None]:
    note = OpenNote(data)
    if re.match(_TOML, note.text):
        raise UnsafeEdit("the front matter is written in TOML, between +++", "write it as YAML, between ---")
    return note, locate(note)


def _value_of(node: Node, text: str) -> _Value:
    """A value as a text or a list of texts; None for anything else."""
    if node.kind != LIST or is_wikilink(node):
        return plain_text(node, text)
    items = [plain_text(child, text) for child in node.children]
    found = tuple(item for item in items if item is not None)
    return found if len(found) == len(items) else None


def _refuse_unclear(entry: Entry) -> None:
    """Raises UnsafeEdit for a value with anchors, aliases or tags, or with keys of its own."""
    for node in entry.value.walk():
        if node.is_marked or node.kind == ALIAS:
            raise UnsafeEdit(f'"{entry.key}" is written with a YAML anchor, alias or tag', _BY_HAND)
    if entry.value.kind == MAP and not is_template(entry.value):
        raise UnsafeEdit(f'"{entry.key}" has keys of its own', _BY_HAND)


def _added(text: str, front: FrontMatter | None, key: str, value: str | tuple[str, ...]) -> list[Edit]:
    if front is None:
        lines = ["---", *_written(key, value, "", "block", "  "), "---"]
        return [Edit(0, 0, "".join(f"{line}\n" for line in lines))]
    if (parent := front.find(key.split(".", 1)[0])) and parent.value.kind == MAP:
        raise UnsafeEdit(f'"{key}" is inside another key', _BY_HAND)
    lines = _written(key, value, front.indent, *_usual_list(text, front))
    return [Edit(front.end, front.end, "".join(f"{line}\n" for line in lines))]


def _written(key: str, value: str | tuple[str, ...], margin: str, style: str, indent: str) -> list[str]:
    """The lines of a new key."""
    if not key or len(key) > _LONGEST_KEY:
        raise UnsafeEdit(f'"{key[:40]}" cannot be the name of a key', "choose a short word")
    start = f"{margin}{quote(key)}:"
    if isinstance(value, str):
        return [f"{start} {quote(value)}" if value else start]
    if style == "flow" or not value:
        return [f"{start} {_flow(value)}"]
    return [start, *(f"{margin}{indent}- {quote(item)}" for item in value)]


def _flow(items: Sequence[str]) -> str:
    return f"[{', '.join(quote(item, in_flow=True) for item in items)}]"


def _usual_list(text: str, front: FrontMatter) -> tuple[str, str]:
    """The style and indentation of the note's first list; without one, a block as Obsidian writes it."""
    for entry in front.entries:
        node = entry.value
        if node.kind == LIST and node.children and not is_wikilink(node):
            if node.style == "flow":
                return "flow", ""
            indent = text[line_start(text, node.start) : node.start]
            if not indent.strip() and indent.startswith(front.indent):
                return "block", indent[len(front.indent) :]
    return "block", "  "


def _changed(text: str, front: FrontMatter, entry: Entry, value: _Value) -> list[Edit]:
    """The edits that give an existing key its new value, or remove it."""
    node = entry.value
    if value is None:
        return [Edit(line_start(text, entry.start), next_line(text, entry.end), "")]
    style = node.style if node.kind == LIST and not is_wikilink(node) else ""
    if isinstance(value, str) or not value:
        written = _in_style_of(node, value) if isinstance(value, str) else "[]"
        if style == "block":
            return [_filled(text, entry.colon, written), _lines_removed(text, node)]
        return _replaced(text, node, entry.colon, written)
    if style:
        return _flow_changed(text, entry, value) if style == "flow" else _block_changed(text, entry, value)
    style, indent = _usual_list(text, front)
    if style == "flow" or node.end > line_end(text, entry.colon):
        return _replaced(text, node, entry.colon, _flow(value))
    place = next_line(text, entry.colon)
    rows = Edit(place, place, "".join(f"{front.indent}{indent}- {quote(item)}\n" for item in value))
    if node.start == node.end:
        return [rows]
    has_comment = bool(text[node.end : line_end(text, node.end)].strip())
    return [Edit(node.start if has_comment else entry.colon, node.end, ""), rows]


def _in_style_of(node: Node, value: str, *, in_flow: bool = False) -> str:
    """A text quoted as the value beside it or before it is."""
    return quote(value, node.style if node.style in ("'", '"') else "", in_flow=in_flow)


def _replaced(text: str, node: Node, after: int, written: str) -> list[Edit]:
    """A value on one line in place of any value but a block list; `after` is behind the colon or dash."""
    if node.style in ("|", ">"):
        # `notes: | # why`: the mark gives way to the value, its comment stays, its lines go
        below = next_line(text, node.start)
        mark = text[node.start : below].rstrip()
        end = node.start + len(mark) - len(mark.lstrip("|>-+0123456789"))
        return [Edit(node.start, end, written), _lines_removed(text, node, below)]
    if node.start == node.end:
        return [_filled(text, after, written)]
    return [Edit(node.start, node.end, written)]


def _filled(text: str, after: int, written: str) -> Edit:
    """A value where there is none yet; a blank that waits behind the colon or dash is used."""
    rest = text[after : line_end(text, after)]
    if rest.startswith(" ") and not rest.strip():
        return Edit(after + 1, after + 1, written)
    return Edit(after, after, " " + written)


def _lines_removed(text: str, node: Node, first: int | None = None) -> Edit:
    """All lines of a node gone, from its own first one or from the offset `first`."""
    start = line_start(text, node.start) if first is None else first
    return Edit(start, max(start, next_line(text, node.end)) if node.end > start else start, "")


def _flow_changed(text: str, entry: Entry, new: tuple[str, ...]) -> list[Edit]:
    """The edits of a list in brackets: what stays keeps its quotes and its place."""
    node, items = entry.value, entry.value.children
    first, last, added = _difference(text, entry, new)
    if not items:
        is_blank = not text[node.start + 1 : node.end - 1].strip(" \t")
        end = node.end if is_blank else node.start + 1
        return [Edit(node.start, end, _flow(added) if is_blank else _flow(added)[:-1])]
    between = text[items[-2].end : items[-1].start] if len(items) > 1 else ""
    comma = between if re.fullmatch(r"\s*,\s+", between) else ", "
    near = items[first] if first < last else items[max(first - 1, 0)]
    written = [_in_style_of(near, value, in_flow=True) for value in added]
    return [replaced_items([(item.start, item.end) for item in items], first, last, written, comma)]


def _block_changed(text: str, entry: Entry, new: tuple[str, ...]) -> list[Edit]:
    """The edits of a list with one item a line: what stays keeps its line."""
    items = entry.value.children
    first, last, added = _difference(text, entry, new)
    edits: list[Edit] = []
    for item, value in zip(items[first:last], added, strict=False):
        edits += _replaced(text, item, _dash(text, item, entry)[1], _in_style_of(item, value))
    done = min(last, first + len(added))
    edits += [_lines_removed(text, item) for item in items[done:last] if _dash(text, item, entry)]
    more = added[done - first :]
    if more:
        near = items[done - 1] if done else items[0]
        start, behind = _dash(text, near, entry)
        gap = text[behind : near.start] or " "
        place = next_line(text, near.end) if done else start
        lines = (f"{text[start:behind]}{gap}{_in_style_of(near, value)}\n" for value in more)
        edits.append(Edit(place, place, "".join(lines)))
    return edits


def _dash(text: str, item: Node, entry: Entry) -> tuple[int, int]:
    """Where an item's line begins, and the offset behind its dash."""
    start = line_start(text, item.start)
    dash = re.compile(r"[ ]*-(?=[ \t\n])").match(text, start)
    if dash is None or text[dash.end() : item.start].strip(" \t"):
        raise UnsafeEdit(f'the list "{entry.key}" is not written with one item a line', _BY_HAND)
    return start, dash.end()


def _difference(text: str, entry: Entry, new: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """The old items from `first` up to `last` that are replaced, and the texts that replace them."""
    old = [plain_text(item, text) for item in entry.value.children]
    first, last, new_last = differing(old, new)
    if None in old[first:last]:
        raise UnsafeEdit(f'"{entry.key}" is not just text or a list of texts', _BY_HAND)
    return first, last, new[first:new_last]


def _verified(
    note: OpenNote, front: FrontMatter | None, edits: list[Edit], key: str, wanted: _Value
) -> bytes:
    """The bytes with the edits made, once reading them again shows that only the wanted value differs."""
    data = edited(note, edits)
    after_note, after = _read(data)
    if after is not None and after_note.bom == note.bom:
        entry = after.find(key)
        value = _value_of(entry.value, after_note.text) if entry else None
        is_as_asked = value == wanted and (entry is None) == (wanted is None)
        if is_as_asked and _around(note.text, front, key) == _around(after_note.text, after, key):
            return data
    raise UnsafeEdit(f'"{key}" cannot be changed without touching other text', _BY_HAND)


def _around(text: str, front: FrontMatter | None, key: str) -> list[object]:
    """All that must stay: what is above and below the front matter, every other key's source and value."""
    if front is None:
        return ["", text]
    others = [entry for entry in front.entries if entry.key != key]
    senses = [(text[e.start : e.end], [(n.kind, n.text, n.style) for n in e.value.walk()]) for e in others]
    return [text[: front.opening], text[front.body :], *senses]
