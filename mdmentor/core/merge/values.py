"""One key of the front matter as it is written, and lists that both sides changed, joined as sets.

What a value says comes from the ordinary reader; how it is written, with its quotes and comments, is kept and
compared as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.frontmatter.keys import KEYS
from mdmentor.core.model import Field

_QUOTED = r'"(?:[^"\\]|\\.)*"|' r"'(?:[^']|'')*'"
_LINK = r"\[\[[^\[\]]+\]\]"  # without quotes a list in a list to YAML
_COMMENT = r"(?:\s+(?P<comment>#.*))?\s*"
# What stands behind a key: a quoted text, a list in brackets or any other text.
_VALUE = re.compile(rf"\s*(?P<source>{_QUOTED}|\[(?:{_QUOTED}|[^\"'])*?\]|(?!#).*?){_COMMENT}")
_ITEM = re.compile(
    rf"(?P<lead> *- +)(?P<source>{_QUOTED}|{_LINK}|[^\s\[\]{{}}|>&*!?#\"'-](?:(?!:\s|:\Z|\s#).)*?){_COMMENT}"
)
_ITEM_IN_BRACKETS = re.compile(
    rf"\s*(?P<source>{_QUOTED}|{_LINK}|[^\s,\[\]{{}}\"'][^,\[\]{{}}]*?)?\s*(?:,|\Z)|(?P<odd>.)"
)


class Entry(NamedTuple):
    """One key with all lines that belong to it, and the comment lines above."""

    key: str
    above: list[str]
    lines: list[str]
    start: int  # offset behind the colon, in the first line
    field: Field | None = None  # what it says, where that is a text or a list

    def is_same(self, other: Entry) -> bool:
        return [line.rstrip() for line in self.lines] == [line.rstrip() for line in other.lines]


class _Item(NamedTuple):
    value: str
    source: str  # with its quotes
    comment: str = ""
    line: str = ""  # of a block list, the whole of it
    above: Sequence[str] = ()  # comment lines


class _List(NamedTuple):
    """The items of a list as they are written."""

    style: str  # "block", "flow", "comma", "scalar" or "empty"
    items: list[_Item]
    comment: str = ""  # behind the key or the closing bracket


def text_of(entry: Entry) -> str | None:
    """What a key says in one line, "" for nothing; None for a list or any other value."""
    if entry.field is None or entry.field.is_list or len(entry.lines) > 1:
        return None
    return entry.field.values[0] if entry.field.values else ""


def with_comment_of(entry: Entry, other: Entry, base: Entry | None) -> str:
    """The first line of an entry with what the other side wrote as a comment behind its own."""
    line, mine = entry.lines[0], _source_of(entry)[1]
    comment = _either(_source_of(base)[1] if base else "", mine, _source_of(other)[1])
    return line if comment == mine else f"{line[: len(line) - len(mine)].rstrip()}  {comment}".rstrip()


def _source_of(entry: Entry) -> tuple[str, str]:
    """What stands behind the key in its line: the value and the comment."""
    match = _VALUE.fullmatch(entry.lines[0], entry.start)
    return (match["source"], match["comment"] or "") if match else ("", "")


def merge_comments(base: list[str], ours: list[str] | None, theirs: list[str] | None) -> list[str]:
    """Comment lines: what either side added, without what either took out; None: no such key."""
    if ours is None or theirs is None:
        return ours or theirs or []
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    kept = [line for line in ours if line in theirs or line not in base or not line.strip()]
    return kept + [line for line in theirs if line.strip() and line not in ours and line not in base]


def merge_lists(b: Entry | None, o: Entry | None, t: Entry | None, meaning: str) -> list[str] | None:
    """Both sides' lists as sets, in the style of ours; [] where nothing is left, None for what is no list."""
    before = _read_list(b, meaning) if b else _List("empty", [])
    mine = _read_list(o, meaning) if o else _List("empty", [])
    other = _read_list(t, meaning) if t else _List("empty", [])
    if before is None or mine is None or other is None:
        return None
    is_set = bool(meaning and KEYS[meaning].shape)
    if not (is_set or any(side.style in ("block", "flow") for side in (mine, other))):
        return None
    # One text given up for another is a contradiction where the key does not mean a list by itself.
    if not is_set and "scalar" in (mine.style, other.style):
        return None
    was = {item.value: item for item in before.items}
    theirs = {item.value: item for item in other.items}
    kept = [_joined(item, theirs.get(item.value), was.get(item.value)) for item in mine.items]
    kept = [item for item in kept if item.value in theirs or item.value not in was]
    known = {item.value for item in mine.items}
    added = [item for item in theirs.values() if item.value not in known and item.value not in was]
    side = o or t
    assert side is not None
    if not kept and not added and (o is None or t is None):
        return []
    model = mine if mine.style in ("block", "flow") else other if other.style in ("block", "flow") else mine
    start = side.lines[0][: side.start]
    return _written(start, [*kept, *added], model, _either(before.comment, mine.comment, other.comment))


def _joined(item: _Item, other: _Item | None, before: _Item | None) -> _Item:
    """An item of both sides with what either wrote beside or above it."""
    if other is None:
        return item
    comment = _either(before.comment if before else "", item.comment, other.comment)
    above = tuple(merge_comments(list(before.above) if before else [], list(item.above), list(other.above)))
    if comment == item.comment:
        return item._replace(above=above)
    start = item.line[: item.line.find(item.source) + len(item.source)] if item.line else ""
    return item._replace(comment=comment, line=f"{start}  {comment}" if start else "", above=above)


def _either(base: str, ours: str, theirs: str) -> str:
    """A comment behind a value: that of the side that changed it, both where both did."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base or not ours:
        return theirs
    return ours if not theirs or theirs in ours else f"{ours}; {theirs.lstrip('# ')}"


def _written(start: str, items: list[_Item], model: _List, comment: str) -> list[str]:
    """The lines of a list; an item of another style is written as its neighbours are."""
    behind = f"  {comment}" if comment else ""
    if model.style in ("comma", "scalar", "empty"):
        if len(items) > 1 and model.style != "comma":
            return [f"{start} [{', '.join(_flow_source(item) for item in items)}]{behind}"]
        return [f"{start} {', '.join(item.source for item in items)}".rstrip() + behind]
    remarks = [line for item in items for line in item.above]
    if model.style == "flow" and not remarks and not any(item.comment for item in items):
        return [f"{start} [{', '.join(_flow_source(item) for item in items)}]{behind}"]
    if not items:
        return [f"{start} []{behind}"]
    sample = next((item.line for item in model.items if item.line), "  - ")
    margin, dash, gap = re.findall(r"^( *)(-)( +)", sample)[0]
    lead = margin + dash + gap
    lines = [start + behind]
    for item in items:
        lines += [margin + line.strip() for line in item.above]
        own = item.line if item.line.startswith(lead) else ""
        lines.append(own or f"{lead}{item.source}{'  ' + item.comment if item.comment else ''}".rstrip())
    return lines


def _flow_source(item: _Item) -> str:
    """An item as it may stand within brackets."""
    source = item.source
    is_odd = set(source) & set(",[]{}") or ": " in source or source[-1:] == ":" or " #" in source
    if source[:1] in ("'", '"') or not is_odd or re.fullmatch(_LINK, source):
        return source
    return '"' + source.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_list(entry: Entry, meaning: str) -> _List | None:
    """An entry as a list; None for any other value."""
    field = entry.field
    if field is None:
        return None
    source, comment = _source_of(entry)
    if len(entry.lines) > 1:
        items = _block_items(entry.lines[1:], field.values) if field.is_list and not source else None
        return None if items is None else _List("block", items, comment)
    if not source or not field.values:
        return _List("empty", [], comment)
    if field.is_list:
        matches = list(_ITEM_IN_BRACKETS.finditer(source[1:-1]))
        sources = [match["source"] for match in matches if (match["source"] or "").strip("\"'")]
        if any(match["odd"] for match in matches) or len(sources) != len(field.values):
            return None
        return _List("flow", [_Item(*item) for item in zip(field.values, sources, strict=True)], comment)
    if meaning and KEYS[meaning].has_commas and "," in source and source[0] not in "\"'":
        parts = [part.strip() for part in source.split(",") if part.strip()]
        return _List("comma", [_Item(part, part) for part in parts], comment)
    return _List("scalar", [_Item(field.values[0], source)], comment)


def _block_items(lines: Sequence[str], values: Sequence[str]) -> list[_Item] | None:
    """The items of a list with one item a line; None where one is more than a text in its line."""
    items: list[_Item] = []
    above: list[str] = []
    for line in lines:
        if not line.strip() or line.lstrip()[0] == "#":
            above += [line] if line.strip() else []
            continue
        match = _ITEM.fullmatch(line)
        if match is None or len(items) == len(values):
            return None
        items.append(_Item(values[len(items)], match["source"], match["comment"] or "", line, above))
        above = []
    return None if above or len(items) != len(values) else items
