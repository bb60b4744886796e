"""Three versions of a note's front matter become one, key by key, on the text as it is written.

The ordinary reader says what each value means. Nothing is dumped from that, so comments, quotes and list styles
of both sides stay. What is not plainly one key a line, with what hangs below it, is refused: the note is then
merged as text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import parse_date
from mdmentor.core.frontmatter.fields import read_values
from mdmentor.core.frontmatter.keys import CANONICAL, KEYS
from mdmentor.core.frontmatter.tree import Fault
from mdmentor.core.merge import TextMerge
from mdmentor.core.merge.values import Entry, merge_comments, merge_lists, text_of, with_comment_of

OURS, THEIRS = "ours", "theirs"
# The label of marks that hold values of the front matter, so that the front matter itself stays readable.
HEAD_LABEL = "(front matter)"

_KEY = re.compile(r"""("[^"]+"|'[^']+'|[^\s"'#&*!|>%@`\[\]{},?:<=-](?:[^#\t]|(?<! )\#)*?)[ ]*:(?=[ \t]|\Z)""")
_DASHED = re.compile(r" *- +(.*)")


class KeyConflict(NamedTuple):
    """A key to which both sides gave a value of their own; no lines where a side took the key out."""

    key: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


class Split(NamedTuple):
    """Front matter taken apart: its entries by key, and the comment lines below the last."""

    entries: dict[str, Entry]
    tail: list[str]

    def lines(self) -> list[str]:
        return [line for entry in self.entries.values() for line in (*entry.above, *entry.lines)] + self.tail


def split_head(lines: Sequence[str]) -> Split | None:
    """The lines between two fences by key; None for what cannot be taken apart with certainty.

    That is a key that stands twice, a line that belongs to no key, anchors, a quote that is never closed.
    """
    starts = [n for n, line in enumerate(lines) if line.strip() and line[0] not in " \t#-]}"]
    above = list(lines[: starts[0]] if starts else lines)
    if any(line.strip() and line[0] != "#" for line in above):
        return None
    entries: dict[str, Entry] = {}
    for start, end in pairwise([*starts, len(lines)]):
        last = end
        while not lines[last - 1].strip() or lines[last - 1][0] == "#":
            last -= 1  # what stands above the next key belongs to that
        entry = _read_entry(above, list(lines[start:last]))
        if entry is None or entry.key in entries:
            return None
        entries[entry.key] = entry
        above = list(lines[last:end])
    return Split(entries, above)


def _read_entry(above: list[str], lines: list[str]) -> Entry | None:
    """One key with its lines; None where it is not certain that the value ends with them."""
    match = _KEY.match(lines[0])
    if match is None:
        return None
    key, start = match[1].strip("\"'"), match.end()
    reading = read_values("", "\n".join([*lines, ""]), 1)
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
    """True for a value that may go on in the next line, as a quote does that is not closed."""
    return value[:1] in ("'", '"', "[", "{", "&", "*", "!", "|", ">") and not value.startswith("[[")


def merge_heads(
    base: Split, ours: Split, theirs: Split, merge_text: TextMerge, take: Mapping[str, str]
) -> tuple[Split, list[KeyConflict]]:
    """The merged front matter, in the order of ours with what theirs added behind the key it stands behind.

    `take` decides conflicts: key (or "" for all) -> OURS or THEIRS. An undecided key keeps our value (theirs
    where we took the key out), and is returned as a conflict.
    """
    conflicts: list[KeyConflict] = []
    entries: dict[str, Entry] = {}
    orphans: list[str] = []  # comments newly written above or in a key that the other side took out
    for key in _order(base, ours, theirs):
        b, o, t = base.entries.get(key), ours.entries.get(key), theirs.entries.get(key)
        above = merge_comments(b.above if b else [], o.above if o else None, t.above if t else None)
        lines = _merge_entry(key, b, o, t, merge_text, take, conflicts)
        if lines is None:
            kept = b.above if b else []
            orphans += [line for line in above if line not in kept]
            orphans += _new_comments(b, o or t)
            continue
        entries[key] = Entry(key, orphans + above, lines, 0)
        orphans = []
    tail = merge_comments(base.tail, ours.tail, theirs.tail)
    return Split(entries, orphans + tail), conflicts


def _new_comments(base: Entry | None, side: Entry | None) -> list[str]:
    """The remarks between the items of a list that were not there before."""
    before = [line.strip() for line in base.lines] if base else []
    lines = (line.strip() for line in side.lines[1:]) if side else ()
    return [line for line in lines if line.startswith("#") and line not in before]


def _order(base: Split, ours: Split, theirs: Split) -> list[str]:
    """All keys, ours first; each that only theirs has comes behind the key that it follows there.

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


def _merge_entry(
    key: str,
    b: Entry | None,
    o: Entry | None,
    t: Entry | None,
    merge_text: TextMerge,
    take: Mapping[str, str],
    conflicts: list[KeyConflict],
) -> list[str] | None:
    """The lines of one key; None where it is gone."""
    if _equal(o, t) or _equal(t, b):
        return o.lines if o else None
    if _equal(o, b):
        return t.lines if t else None
    meaning = CANONICAL.get(names.fold_key(key), "")  # "" for a key that means nothing to us
    found = _later(b, o, t) if meaning and KEYS[meaning].later_wins else None
    if found is None:
        found = merge_lists(b, o, t, meaning)
    if found is None and o and t:
        found = _merge_alike(b, o, t, merge_text)
    if found is not None:
        return found or None
    side = take.get(key) or take.get("")
    if side:
        chosen = o if side == OURS else t
        return chosen.lines if chosen else None
    conflicts.append(KeyConflict(key, tuple(o.lines) if o else (), tuple(t.lines) if t else ()))
    kept = o or t
    return kept.lines if kept else None


def _equal(one: Entry | None, other: Entry | None) -> bool:
    return one is other if one is None or other is None else one.is_same(other)


def _later(b: Entry | None, o: Entry | None, t: Entry | None) -> list[str] | None:
    """The entry with the later day; one that is empty or gone is no day. None where a value is no day."""
    mine, other = _day_of(o), _day_of(t)
    if mine is None or other is None:
        return None
    winner, loser = (t, o) if other > mine else (o, t)
    if winner is None or loser is None:
        kept = winner or loser
        return kept.lines if kept else None
    return [with_comment_of(winner, loser, b), *winner.lines[1:]]


def _day_of(entry: Entry | None) -> tuple[date, str] | None:
    """A day, and the text after it, so that times differ; None for any other value."""
    value = text_of(entry) if entry else ""
    if not value:
        return None if value is None else (date.min, "")
    value = names.unlink(value)
    day = parse_date(value)
    return None if day is None else (day, value[10:] if value.startswith(str(day)) else "")


def _merge_alike(b: Entry | None, o: Entry, t: Entry, merge_text: TextMerge) -> list[str] | None:
    """Two spellings of one value, or two texts of several lines that git can join; else None."""
    mine, other = text_of(o), text_of(t)
    if mine is not None and mine == other:
        return [with_comment_of(o, t, b)]
    if b is not None and min(len(b.lines), len(o.lines), len(t.lines)) > 1:
        text, has_conflict = merge_text(*("\n".join([*e.lines, ""]) for e in (b, o, t)))
        if not has_conflict:
            return text.split("\n")[:-1]
    return None
