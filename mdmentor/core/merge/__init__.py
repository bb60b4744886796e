"""A three-way merge of a note: front matter by key, the log by entry, the rest by git's text merge.

What cannot be taken apart with certainty is merged as text, and a contradiction stays a conflict: `merge_note` never
guesses and never drops a line that a side added. Nothing here runs git; the text merge is passed in.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mdmentor.core.conflict_marks import Conflict, find_conflict, split_conflicts
from mdmentor.core.frontmatter.reader import find_fences, read_head
from mdmentor.core.markdown.blocks import EDITED, block_state
from mdmentor.core.merge.frontmatter import HEAD_LABEL, KeyConflict, Split, merge_heads, split_head
from mdmentor.core.merge.lines import (
    OURS,
    SIGN,
    Lines,
    TextMerge,
    blocks_in,
    changed_side,
    merge_bodies,
)
from mdmentor.core.text import split_lines

_BOM = b"\xef\xbb\xbf"


class Merged(NamedTuple):
    """A merged note and its conflicts."""

    data: bytes
    keys: tuple[KeyConflict, ...]  # keys of the front matter with two values
    in_body: bool  # git's marks are in the text

    @property
    def is_clean(self) -> bool:
        return not self.keys and not self.in_body


class NoteParts(NamedTuple):
    """One version of a note: its fences and front matter, its body, and how its lines end."""

    opening: str  # "" without front matter
    head: Split
    closing: str
    body: Lines
    bom: bool
    newline: str  # "" for a single line
    ends: bool  # the last line ends with a newline


def merge_note(
    base: bytes,
    ours: bytes,
    theirs: bytes,
    merge_text: TextMerge,
    marker_size: int = 7,
    take: Mapping[str, str] | None = None,
) -> Merged | None:
    """The merged note; None where only a text merge of the whole is safe.

    That is where a version is not UTF-8, ends its lines in two ways, holds marks of another merge, or has front
    matter that cannot be taken apart. `take` decides conflicts: a key of the front matter (or "" for all others
    and the body) -> OURS or THEIRS.
    """
    b, o, t = (read_parts(data) for data in (base, ours, theirs))
    if b is None or o is None or t is None:
        return None
    take = take or {}
    head, keys = merge_heads(b.head, o.head, t.head, merge_text, take)
    body, in_body = merge_bodies(b.body, o.body, t.body, merge_text)
    if in_body and (side := take.get("")) and (parts := split_conflicts(body)):
        body, in_body = _chosen(parts, lambda one: one.ours if side == OURS else one.theirs), False
    lines = [*_head_lines(head, b, o, t), *_key_marks(keys, marker_size), *body]
    ends = o.ends if changed_side(b.ends, o.ends, t.ends) == OURS else t.ends
    text = "\n".join(lines) + ("\n" if lines and (ends or keys or in_body) else "")
    newline = t.newline if o.newline in ("", b.newline) and t.newline else o.newline
    bom = o.bom if changed_side(b.bom, o.bom, t.bom) == OURS else t.bom
    data = text.replace("\n", newline or "\n").encode()
    return Merged(_BOM + data if bom else data, tuple(keys), in_body)


def read_parts(data: bytes, *, with_anchors: bool = False) -> NoteParts | None:
    """A version taken apart; None where it is only safe to merge it as text."""
    bom = data.startswith(_BOM)
    try:
        text = data.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        return None
    crlf = text.count("\r\n")
    if text.count("\r") != crlf or (crlf and text.count("\n") != crlf):
        return None
    newline = "\r\n" if crlf else "\n" if "\n" in text else ""
    text = text.replace("\r\n", "\n")
    if SIGN in text or "\0" in text or find_conflict(text) is not None:
        return None
    ends = text.endswith("\n") or not text
    opened, closed = find_fences(text) or (None, None)
    if opened and (opened["dashes"] != "---" or opened.start("dashes")):
        return None  # front matter to some readers and none to others
    if opened is None or closed is None:
        return NoteParts("", Split({}, []), "", split_lines(text), bom, newline, ends)
    head = split_head(split_lines(text[opened.end() : closed.start() + 1]), with_anchors=with_anchors)
    if head is None:
        return None
    fences = opened[0].removesuffix("\n"), closed[0].removeprefix("\n")
    return NoteParts(fences[0], head, fences[1], split_lines(text[closed.end() + 1 :]), bom, newline, ends)


def _head_lines(head: Split, b: NoteParts, o: NoteParts, t: NoteParts) -> list[str]:
    """The front matter with its fences; no lines where a side removed it and nothing is left in it."""
    inside = head.lines()
    if not inside and not (o.opening and t.opening) and not (not b.opening and (o.opening or t.opening)):
        return []
    opening = o.opening or t.opening or b.opening
    return [opening, *inside, o.closing or t.closing or b.closing] if opening else []


def _key_marks(keys: Sequence[KeyConflict], size: int) -> Lines:
    """Git's marks around both values of each key; below the front matter, so that its YAML stays valid."""
    return [
        line
        for key in keys
        for line in (
            f"{'<' * size} ours {HEAD_LABEL}",
            *(*key.ours, "=" * size, *key.theirs),
            f"{'>' * size} theirs {HEAD_LABEL}",
        )
    ]


def _chosen(parts: Sequence[str | Conflict], choose: Callable[[Conflict], Lines]) -> Lines:
    """The lines with some of each conflict in its place."""
    return [line for part in parts for line in (choose(part) if isinstance(part, Conflict) else [part])]


# A note with conflict marks: a phone or a web page merges without our driver and leaves marks around many lines. The
# sides are restored from these, and from the marks that we leave for a key, for a merge by key.


class Sides(NamedTuple):
    """Both versions of a text, and what is known of their base."""

    ours: str
    theirs: str
    common: str  # the text outside the marks
    base: str | None  # where the marks show it (git's style "diff3")


def sides_of(text: str) -> Sides | None:
    """The two sides of a text with marks; None without marks, or where they do not fit together."""
    parts = split_conflicts(text.split("\n")) or []
    conflicts = [part for part in parts if isinstance(part, Conflict)]
    if not conflicts:
        return None
    heads = [part for part in conflicts if part.label.endswith(HEAD_LABEL)]
    rest = [part for part in parts if part not in heads]
    common, base = _chosen(rest, lambda one: []), _chosen(rest, lambda one: one.base or [])
    ours, theirs = _chosen(rest, lambda one: one.ours), _chosen(rest, lambda one: one.theirs)
    for head in heads:
        ours, theirs = _with_key(ours, head.ours, head.theirs), _with_key(theirs, head.theirs, head.ours)
        common = _with_key(common, [], head.ours or head.theirs)
    has_base = all(part.base is not None for part in conflicts)
    return Sides("\n".join(ours), "\n".join(theirs), "\n".join(common), "\n".join(base) if has_base else None)


def without_block_marks(text: str) -> str:
    """The text without the marks inside our blocks, where both sides are as we wrote them.

    Our side is kept, since the block is rendered again anyway.
    """
    if sides_of(text) is None:
        return text
    lines = text.split("\n")
    plain = [line.rstrip("\r") for line in lines]
    body = read_head("", "\n".join(plain)).body_line - 1
    for first, last in sorted(blocks_in(plain[body:]).values(), reverse=True):
        start, end = body + first, body + last
        inside = "\n".join(lines[start:end])
        sides = sides_of(inside)
        if sides and EDITED not in (block_state(sides.ours), block_state(sides.theirs)):
            lines[start:end] = sides.ours.split("\n")
    return "\n".join(lines)


def _with_key(lines: list[str], wanted: list[str], other: list[str]) -> list[str]:
    """The note's lines with one key of the front matter as a side had it."""
    text = "\n".join(lines)
    opened, closed = find_fences(text) or (None, None)
    if opened is None or closed is None:
        return lines
    start, end = opened[0].count("\n"), text.count("\n", 0, closed.start() + 1)
    conflict, head = split_head(wanted or other), split_head(lines[start:end])
    if conflict is None or head is None or not conflict.entries:
        return lines
    key = next(iter(conflict.entries))
    entry = head.entries.get(key)
    if entry is None:
        return [*lines[:end], *wanted, *lines[end:]]
    head.entries[key] = entry._replace(lines=wanted)
    return [*lines[:start], *head.lines(), *lines[end:]]
