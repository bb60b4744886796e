"""A three-way merge of front matter, key by key, on the text as written.

The ordinary reader says what each value means, but no YAML is dumped: comments, quotes and list styles of both sides
stay. What is not plainly one key a line, with its value on it and below, is refused, and the note merged as text.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import parse_date
from mdmentor.core.frontmatter import Fault
from mdmentor.core.frontmatter.fields import read_values
from mdmentor.core.frontmatter.keys import CANONICAL, KEYS, Key
from mdmentor.core.merge.lines import OURS, TextMerge, changed_side, merge_lines
from mdmentor.core.model import Field

# The label of marks that hold values of the front matter, so that the front matter itself stays readable.
HEAD_LABEL = "(front matter)"
_UNKNOWN = Key("")  # a key that means nothing to us

_ANCHOR = r"\s*[&*][^\s\[\]{},]+(?:\s|\Z)"
_MARKED = r"\A[&*!]\S*\s*"  # an anchor, an alias or a tag
_KEY = re.compile(r"""("[^"]+"|'[^']+'|[^\s"'#&*!|>%@`\[\]{},?:<=-](?:[^#\t]|(?<! )\#)*?)[ ]*:(?=[ \t]|\Z)""")
# What is before a value in a line below its key.
_BELOW = re.compile(r"\s*(?:- +)*(?:[^\s\"'#:][^\"'#:]*:(?: +|\Z))?")
_DASHED = re.compile(r" *- +(.*)")
_QUOTED = r'"(?:[^"\\]|\\.)*"|' r"'(?:[^']|'')*'"
_LINK = r"\[\[[^\[\]]+\]\]"  # without quotes a list in a list to YAML
_COMMENT = r"(?P<comment>\s+#.*?)?\s*"
# The text after a key: a quoted text, a list in brackets or any other text.
_VALUE = re.compile(rf"\s*(?P<source>{_QUOTED}|\[(?:{_QUOTED}|[^\"'])*?\]|(?!#).*?){_COMMENT}")
_ITEM = re.compile(
    rf"(?P<lead> *- +)(?P<source>{_QUOTED}|{_LINK}|[^\s\[\]{{}}|>&*!?#\"'-](?:(?!:\s|:\Z|\s#).)*?){_COMMENT}"
)
_ITEM_IN_BRACKETS = re.compile(
    rf"\s*(?P<source>{_QUOTED}|{_LINK}|[^\s,\[\]{{}}\"'][^,\[\]{{}}]*?)?\s*(?:,|\Z)|(?P<odd>.)"
)


class KeyConflict(NamedTuple):
    """A key to which each side gave its own value; no lines where a side removed it."""

    key: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


class Entry(NamedTuple):
    """One key with all lines that belong to it, and the comment lines above."""

    key: str
    above: list[str]
    lines: list[str]
    start: int  # offset after the colon, in the first line
    field: Field | None = None  # what it says, where that is a text or a list


class Split(NamedTuple):
    """Front matter taken apart: its entries by key, and the comment lines below the last."""

    entries: dict[str, Entry]
    tail: list[str]

    def lines(self) -> list[str]:
        return [line for entry in self.entries.values() for line in (*entry.above, *entry.lines)] + self.tail


def split_head(lines: Sequence[str], *, with_anchors: bool = False) -> Split | None:
    """The lines between two fences by key; None for what cannot be taken apart with certainty.

    That is a key that appears twice, a line that belongs to no key, a quote that is never closed, and an anchor. With
    `with_anchors` a value with one is an entry without a field.
    """
    starts = [n for n, line in enumerate(lines) if line.strip() and line[0] not in " \t#-]}"]
    above = list(lines[: starts[0]] if starts else lines)
    if any(line.strip() and line[0] != "#" for line in above):
        return None
    entries: dict[str, Entry] = {}
    for start, end in pairwise([*starts, len(lines)]):
        last = end
        while not lines[last - 1].strip() or lines[last - 1][0] == "#":
            last -= 1  # what is above the next key belongs to that
        entry = read_entry(above, list(lines[start:last]), with_anchors=with_anchors)
        if entry is None or entry.key in entries:
            return None
        entries[entry.key] = entry
        above = list(lines[last:end])
    return Split(entries, above)


def read_entry(above: list[str], lines: list[str], *, with_anchors: bool = False) -> Entry | None:
    """One key with its lines; None where it is not certain that the value ends with them."""
    match = _KEY.match(lines[0])
    if match is None:
        return None
    key, start = match[1].strip("\"'"), match.end()
    reading = read_values("", "\n".join([*lines, ""]), 1)
    if with_anchors:
        below = (_BELOW.sub("", line, count=1) for line in lines[1:])
        values = [value for value in (lines[0][start:].strip(), *below) if value]
        if any(value[0] in "&*!" for value in values):
            is_certain = re.match(_ANCHOR, lines[0][start:]) or not any(
                _opens(re.sub(_MARKED, "", value)) for value in values
            )
            return Entry(key, above, lines, start) if is_certain else None
    if isinstance(reading, Fault):
        # Not valid YAML, as in `twitter: @ada`: take it as text.
        items = [_DASHED.fullmatch(line) for line in lines[1:]]
        values = [lines[0][start:], *(item[1] for item in items if item)]
        is_certain = all(items) and not any(_opens(value.strip()) for value in values)
        return Entry(key, above, lines, start) if is_certain else None
    if reading.unsafe or reading.root != "mapping":
        return None
    is_one = len(reading.fields) == 1 and reading.fields[0].name == key
    return Entry(key, above, lines, start, reading.fields[0] if is_one else None)


def _opens(value: str) -> bool:
    """True for a value that may continue on the next line, such as an open quote."""
    return value[:1] in ("'", '"', "[", "{", "&", "*", "!", "|", ">") and not value.startswith("[[")


def merge_heads(
    base: Split, ours: Split, theirs: Split, merge_text: TextMerge, take: Mapping[str, str]
) -> tuple[Split, list[KeyConflict]]:
    """The merged front matter, in our order, each key that they added after the one it follows there.

    `take` decides conflicts: key (or "" for all) -> OURS or THEIRS. An undecided key keeps our value (theirs
    where we removed the key), and is returned as a conflict.
    """
    conflicts: list[KeyConflict] = []
    entries: dict[str, Entry] = {}
    orphans: list[str] = []  # new comments above or in a key that the other side removed
    for key in _order(base, ours, theirs):
        b, o, t = base.entries.get(key), ours.entries.get(key), theirs.entries.get(key)
        lines = _merge_entry(b, o, t, KEYS.get(CANONICAL.get(names.fold_key(key), ""), _UNKNOWN), merge_text)
        if lines is None:
            side = take.get(key) or take.get("")
            if not side:
                conflicts.append(KeyConflict(key, tuple(_lines(o)), tuple(_lines(t))))
            lines = _lines(o or t) if not side else _lines(o if side == OURS else t)
        above = merge_comments(b.above if b else [], o.above if o else None, t.above if t else None)
        if lines:
            entries[key] = Entry(key, orphans + above, lines, 0)
            orphans = []
        else:
            before = b.above if b else []
            orphans += [line for line in above if line not in before]
            before = [line.strip() for line in _lines(b)]
            remarks = map(str.strip, _lines(o or t)[1:])  # between the items of a list
            orphans += [line for line in remarks if line.startswith("#") and line not in before]
    tail = merge_comments(base.tail, ours.tail, theirs.tail)
    return Split(entries, orphans + tail), conflicts


def _lines(entry: Entry | None) -> list[str]:
    return entry.lines if entry else []


def _order(base: Split, ours: Split, theirs: Split) -> list[str]:
    """All keys, ours first; each that only theirs has comes after the key that it follows there.

    Theirs first where ours are as they were: then it may have been theirs that put them in order.
    """
    if list(ours.entries) == list(base.entries):
        ours, theirs = theirs, ours
    order = list(ours.entries)
    before = ""
    for key in theirs.entries:
        if key not in ours.entries:
            place = order.index(before) + 1 if before else 0
            while place < len(order) and order[place] not in theirs.entries:
                place += 1
            order.insert(place, key)
        before = key
    return order


def merge_comments(base: list[str], ours: list[str] | None, theirs: list[str] | None) -> list[str]:
    """Comment lines: with what either side added, without what either removed; None: no such key."""
    if ours is None or theirs is None:
        return ours or theirs or []
    if side := changed_side(base, ours, theirs):
        return ours if side == OURS else theirs
    kept = [line for line in ours if line in theirs or line not in base or not line.strip()]
    return kept + [line for line in theirs if line.strip() and line not in ours and line not in base]


def _merge_entry(
    b: Entry | None, o: Entry | None, t: Entry | None, meaning: Key, merge_text: TextMerge
) -> list[str] | None:
    """The lines of one key, none where it is gone; None for two values between which only the user can choose."""
    side = changed_side(*([line.rstrip() for line in _lines(entry)] for entry in (b, o, t)))
    if side:
        return _lines(o if side == OURS else t)
    found = later(b, o, t) if meaning.later_wins else None
    if found is None:
        found = _merge_lists(b, o, t, meaning)
    if found is not None or o is None or t is None:
        return found
    mine = text_of(o)
    if mine is not None and mine == text_of(t):  # two spellings of one value
        return [with_comment_of(o, t, b)]
    if b is not None and min(len(b.lines), len(o.lines), len(t.lines)) > 1:
        lines, has_conflict = merge_lines(b.lines, o.lines, t.lines, merge_text)
        return None if has_conflict else lines
    return None


def later(b: Entry | None, o: Entry | None, t: Entry | None) -> list[str] | None:
    """The entry with the later day, where none or an empty one is the earliest. None where a value is no day."""
    mine, other = _day_of(o), _day_of(t)
    if mine is None or other is None:
        return None
    winner, loser = (t, o) if other > mine else (o, t)
    if winner is None or loser is None:
        return _lines(winner or loser)
    return [with_comment_of(winner, loser, b), *winner.lines[1:]]


def _day_of(entry: Entry | None) -> tuple[date, str] | None:
    """A day, and the text after it, so that times differ; None for any other value."""
    value = text_of(entry) if entry else ""
    if not value:
        return None if value is None else (date.min, "")
    value = names.unlink(value)
    day = parse_date(value)
    return None if day is None else (day, value[10:] if value.startswith(str(day)) else "")


def text_of(entry: Entry) -> str | None:
    """The text of a key on one line, "" for none; None for a list or any other value."""
    if entry.field is None or entry.field.is_list or len(entry.lines) > 1:
        return None
    return entry.field.values[0] if entry.field.values else ""


def with_comment_of(entry: Entry, other: Entry, base: Entry | None) -> str:
    """The first line of an entry, with the comment that the other side has there."""
    line, mine = entry.lines[0], _source_of(entry)[1]
    comment = both_comments(_source_of(base)[1] if base else "", mine, _source_of(other)[1])
    return line if comment == mine else line.removesuffix(mine).rstrip() + comment


def _source_of(entry: Entry) -> tuple[str, str]:
    """The text after the key in its line: the value, and the comment with the blanks before it."""
    match = _VALUE.fullmatch(entry.lines[0], entry.start)
    return (match["source"], match["comment"] or "") if match else ("", "")


def both_comments(base: str, ours: str, theirs: str) -> str:
    """The comment after a value, merged: both where both sides changed it."""
    if side := changed_side(base, ours, theirs):
        return ours if side == OURS else theirs
    if not ours or not theirs or theirs.strip() in ours:
        return ours or theirs
    return f"{ours}; {theirs.lstrip('# ')}"


class WrittenItem(NamedTuple):
    value: str
    source: str  # with its quotes
    comment: str = ""  # with the blanks before it
    above: Sequence[str] = ()  # comment lines


class WrittenList(NamedTuple):
    """The items of a list as they are written."""

    style: str  # "block", "flow", "comma", "scalar" or "empty"
    items: Sequence[WrittenItem] = ()
    comment: str = ""  # after the key or the closing bracket
    lead: str = "  - "  # of the lines of a block list


def _merge_lists(b: Entry | None, o: Entry | None, t: Entry | None, meaning: Key) -> list[str] | None:
    """Both lists merged as sets, in our style; no lines where nothing is left, None where a value is no list."""
    found = [read_list(entry, meaning) if entry else WrittenList("empty") for entry in (b, o, t)]
    before, mine, other = found
    if before is None or mine is None or other is None:
        return None
    listed = [side for side in (mine, other) if side.style in ("block", "flow")]
    # One text given up for another is a contradiction where the key does not mean a list by itself.
    if not meaning.shape and (not listed or "scalar" in (mine.style, other.style)):
        return None
    was = {item.value: item for item in before.items}
    theirs = {item.value: item for item in other.items}
    kept = [
        with_remarks(item, theirs.get(item.value), was.get(item.value))
        for item in mine.items
        if item.value in theirs or item.value not in was
    ]
    known = {item.value for item in mine.items} | set(was)
    items = [*kept, *(item for value, item in theirs.items() if value not in known)]
    side = o or t
    if side is None or (not items and (o is None or t is None)):
        return []
    comment = both_comments(before.comment, mine.comment, other.comment)
    model = (*listed, mine)[0]._replace(items=items, comment=comment)
    return write_list(side.lines[0][: side.start], model)


def with_remarks(item: WrittenItem, other: WrittenItem | None, before: WrittenItem | None) -> WrittenItem:
    """An item with the comments of both sides after and above it."""
    if other is None:
        return item
    comment = both_comments(before.comment if before else "", item.comment, other.comment)
    above = merge_comments(list(before.above) if before else [], list(item.above), list(other.above))
    return item._replace(comment=comment, above=above)


def write_list(start: str, found: WrittenList) -> list[str]:
    """The lines of a list, with its key."""
    items, comment = found.items, found.comment
    if found.style == "comma" or (found.style in ("scalar", "empty") and len(items) < 2):
        return [f"{start} {', '.join(item.source for item in items)}".rstrip() + comment]
    if not items or (found.style != "block" and not any(item.comment or item.above for item in items)):
        return [f"{start} [{', '.join(flow_source(item.source) for item in items)}]{comment}"]
    margin = found.lead[: found.lead.index("-")]
    lines = [start + comment]
    for item in items:
        lines += [margin + line.strip() for line in item.above]
        lines.append(f"{found.lead}{item.source}{item.comment}")
    return lines


def flow_source(source: str) -> str:
    """An item as written within brackets."""
    is_odd = set(source) & set(",[]{}") or ": " in source or source[-1:] == ":" or " #" in source
    if source[:1] in ("'", '"') or not is_odd or re.fullmatch(_LINK, source):
        return source
    return '"' + source.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_list(entry: Entry, meaning: Key) -> WrittenList | None:
    """An entry as a list; None for any other value."""
    field = entry.field
    if field is None:
        return None
    source, comment = _source_of(entry)
    if len(entry.lines) > 1:
        return _read_block(entry.lines[1:], field.values, comment) if field.is_list and not source else None
    if not source or not field.values:
        return WrittenList("empty", comment=comment)
    if field.is_list:
        matches = list(_ITEM_IN_BRACKETS.finditer(source[1:-1]))
        sources = [match["source"] for match in matches if (match["source"] or "").strip("\"'")]
        if any(match["odd"] for match in matches) or len(sources) != len(field.values):
            return None
        return WrittenList("flow", list(map(WrittenItem, field.values, sources)), comment)
    if meaning.has_commas and "," in source and source[0] not in "\"'":
        parts = [part.strip() for part in source.split(",") if part.strip()]
        return WrittenList("comma", list(map(WrittenItem, parts, parts)), comment)
    return WrittenList("scalar", [WrittenItem(field.values[0], source)], comment)


def _read_block(lines: Sequence[str], values: Sequence[str], comment: str) -> WrittenList | None:
    """A list with one item a line; None where one is more than a text in its line."""
    items: list[WrittenItem] = []
    above: list[str] = []
    lead = ""
    for line in filter(str.strip, lines):
        if line.lstrip()[0] == "#":
            above.append(line)
            continue
        match = _ITEM.fullmatch(line)
        if match is None or len(items) == len(values):
            return None
        items.append(WrittenItem(values[len(items)], match["source"], match["comment"] or "", above))
        lead = lead or match["lead"]
        above = []
    return None if above or len(items) != len(values) else WrittenList("block", items, comment, lead)
