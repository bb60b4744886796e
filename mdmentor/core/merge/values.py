"""Values of front matter that both sides changed: lists joined as sets, and what is written around a value.

A value is looked at as text with its quotes and comments, never as YAML gives it, so that what comes together
stands in the dress of the note. Loaded only where two sides changed one key.
"""

from __future__ import annotations

from mdmentor.core.merge.split import Entry, is_unclosed, merge_comments, split_item, without_comment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# A single text here is a list of one, so that two of them are no contradiction.
_LISTS = frozenset({"aliases", "tags", "email", "phone", "url", "helps_with", "wants"})
_COMMA_LISTS = frozenset({"aliases", "tags"})  # older vaults hold `tags: a, b`


class _List:
    """The items of a list as they are written."""

    __slots__ = ("comment", "items", "style")

    def __init__(self, style: str, items: list[_Item], comment: str = "") -> None:
        self.style = style  # "block", "flow", "comma", "scalar" or "empty"
        self.items = items
        self.comment = comment  # behind the key or the closing bracket


class _Item:
    __slots__ = ("above", "comment", "line", "source", "value")

    def __init__(self, source: str, comment: str = "", line: str = "", above: Sequence[str] = ()) -> None:
        self.source = source  # with its quotes
        self.value = _unquoted(source)
        self.comment = comment
        self.line = line  # of a block list, the whole of it
        self.above = tuple(above)


def merge_lists(b: Entry | None, o: Entry | None, t: Entry | None, meaning: str) -> list[str] | None:
    """Both sides' lists as sets, in the style of ours; [] where nothing is left, None for what is no list."""
    before = _read_list(b, meaning) if b else _List("empty", [])
    mine = _read_list(o, meaning) if o else _List("empty", [])
    other = _read_list(t, meaning) if t else _List("empty", [])
    if before is None or mine is None or other is None:
        return None
    if not (meaning in _LISTS or any(side.style in ("block", "flow") for side in (mine, other))):
        return None
    # One text given up for another is a contradiction where the key does not mean a list by itself.
    if meaning not in _LISTS and "scalar" in (mine.style, other.style):
        return None
    was = {item.value: item for item in before.items}
    theirs = {item.value: item for item in other.items}
    kept = [_joined(item, theirs.get(item.value), was.get(item.value)) for item in mine.items]
    kept = [item for item in kept if item.value in theirs or item.value not in was]
    known = {item.value for item in mine.items}
    added = [item for item in theirs.values() if item.value not in known and item.value not in was]
    told = o or t
    assert told is not None
    if not kept and not added and (o is None or t is None):
        return []
    model = mine if mine.style in ("block", "flow") else other if other.style in ("block", "flow") else mine
    start = told.lines[0][: told.start]
    lines = _written(start, [*kept, *added], model, _either(before.comment, mine.comment, other.comment))
    return lines


def _joined(item: _Item, other: _Item | None, before: _Item | None) -> _Item:
    """An item of both sides with what either wrote beside or above it."""
    if other is None:
        return item
    comment = _either(before.comment if before else "", item.comment, other.comment)
    above = tuple(merge_comments(list(before.above) if before else [], list(item.above), list(other.above)))
    if comment == item.comment and above == item.above:
        return item
    if comment == item.comment:
        return _Item(item.source, comment, item.line, above)
    start = item.line[: item.line.find(item.source) + len(item.source)] if item.line else ""
    return _Item(item.source, comment, f"{start}  {comment}" if start else "", above)


def _either(base: str, ours: str, theirs: str) -> str:
    """A comment behind a value: that of the side that changed it, both where both did."""
    if ours == theirs or theirs == base:
        return ours
    if ours == base or not ours:
        return theirs
    return ours if not theirs or theirs in ours else f"{ours}; {theirs.lstrip('# ')}"


def _written(start: str, items: list[_Item], model: _List, comment: str) -> list[str]:
    """The lines of a list; an item that comes from another style gets the dress of its neighbours."""
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
    sample = next((item.line for item in model.items if item.line), "  - x")
    lead = split_item(sample)[0] or "  - "
    lines = [start + behind]
    for item in items:
        margin = lead[: len(lead) - len(lead.lstrip())]
        lines += [margin + line.strip() for line in item.above]
        own = item.line if item.line.startswith(lead) else ""
        lines.append(own or f"{lead}{item.source}{'  ' + item.comment if item.comment else ''}".rstrip())
    return lines


def _flow_source(item: _Item) -> str:
    """An item as it may stand within brackets."""
    source = item.source
    is_odd = set(source) & set(",[]{}") or ": " in source or source[-1:] == ":" or " #" in source
    if source[:1] in ("'", '"') or not is_odd or _is_wikilink(source):
        return source
    return '"' + source.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _read_list(entry: Entry, meaning: str) -> _List | None:
    """An entry as a list; None for any other value."""
    first, comment = without_comment(entry.lines[0][entry.start :])
    if len(entry.lines) > 1:
        items = None if first else _block_items(entry.lines[1:])
        return None if items is None else _List("block", items, comment)
    if not first or first in ("[]", "~", "null"):
        return _List("empty", [], comment)
    if first[0] == "[" and not _is_wikilink(first):
        sources = _flow_items(first)
        return None if sources is None else _List("flow", [_Item(s) for s in sources], comment)
    if first[0] in "{|>":
        return None
    if meaning in _COMMA_LISTS and "," in first and first[0] not in "\"'":
        return _List("comma", [_Item(part.strip()) for part in first.split(",") if part.strip()], comment)
    return _List("scalar", [_Item(first)], comment)


def _block_items(lines: Sequence[str]) -> list[_Item] | None:
    """The items of a list with one a line; None where one holds more than a text."""
    items: list[_Item] = []
    above: list[str] = []
    depth = ""
    for line in lines:
        if not line.strip() or line.lstrip()[0] == "#":
            above += [line] if line.strip() else []
            continue
        lead, told = split_item(line)
        if not lead or (items and lead.rstrip() != depth):
            return None
        depth = lead.rstrip()
        source, comment = without_comment(told)
        is_text = source[:1] in ("'", '"') or not (
            source[:1] in ("[", "{", "|", ">", "&", "*", "!", "-", "?")
            or ": " in source
            or source[-1:] == ":"
        )
        if not source or is_unclosed(source) or not (is_text or _is_wikilink(source)):
            return None
        items.append(_Item(source, comment, line, above))
        above = []
    return None if above else items


def _flow_items(text: str) -> list[str] | None:
    """The items of `[a, "b, c"]` as they are written; None for lists in lists and maps."""
    if not text.endswith("]"):
        return None
    inside = text[1:-1]
    if not set(inside) & set("\"'[]{}"):
        return [part.strip() for part in inside.split(",") if part.strip()]
    import re

    found: list[str] = []
    for match in re.finditer(
        r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[\[[^\[\]]+\]\]|[^,\[\]{}"'\s][^,\[\]{}]*)?\s*(,|$)|(?P<odd>.)""",
        inside,
    ):
        if match["odd"]:
            return None
        if match[1]:
            found.append(match[1].strip())
    return found


def _is_wikilink(source: str) -> bool:
    """True for `[[Ada]]` without quotes, a list in a list to YAML."""
    inside = source[2:-2]
    return source.startswith("[[") and source.endswith("]]") and bool(inside) and not set(inside) & set("[]")


def scalar(entry: Entry) -> str | None:
    """A value of one line without quotes and comment; None for any other."""
    if len(entry.lines) > 1:
        return None
    source = without_comment(entry.lines[0][entry.start :])[0]
    if source[:1] in ("[", "{", "|", ">") and not _is_wikilink(source):
        return None
    return _unquoted(source)


def _unquoted(source: str) -> str:
    if len(source) > 1 and source[0] == source[-1] == "'":
        return source[1:-1].replace("''", "'")
    if len(source) > 1 and source[0] == source[-1] == '"' and "\\" not in source:
        return source[1:-1]
    return source


def with_comment_of(line: str, other: Entry, base: Entry | None) -> str:
    """A line with what the other side wrote as a comment behind its own."""
    mine = without_comment(line)[1]
    before = without_comment(base.lines[0][base.start :])[1] if base else ""
    comment = _either(before, mine, without_comment(other.lines[0][other.start :])[1])
    return line if comment == mine else f"{line[: len(line) - len(mine)].rstrip()}  {comment}".rstrip()
