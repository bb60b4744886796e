"""Three versions of a note become one: front matter per key, the log per entry, the rest by git's text merge.

What cannot be taken apart with certainty is left to the text merge as a whole, and a contradiction stays
one: `merge_note` never guesses and never drops a line that a side added. Nothing here runs git; how texts
are merged is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mdmentor.core.conflict_marks import Conflict, find_conflict, split_conflicts
from mdmentor.core.frontmatter.reader import find_fences
from mdmentor.core.merge import SIGN, TextMerge
from mdmentor.core.merge.frontmatter import (
    HEAD_LABEL,
    OURS,
    THEIRS,
    KeyConflict,
    Split,
    merge_heads,
    split_head,
)
from mdmentor.core.merge.log import Place, Stretch, find_stretches, merge_entries
from mdmentor.core.merge.sides import without_blocks

_BOM = b"\xef\xbb\xbf"
_TASK = re.compile(r"(\s*(?:[-*+]|\d+[.)])\s*\[)(.)(\][ \t].*)")


class Merged(NamedTuple):
    """A merged note and what is left to decide in it."""

    data: bytes
    keys: tuple[KeyConflict, ...]  # keys of the front matter with two values
    in_body: bool  # git's marks stand in the text

    @property
    def is_clean(self) -> bool:
        return not self.keys and not self.in_body


class _Note(NamedTuple):
    """One version of a note: its fences and front matter, its body, and how its lines end."""

    opening: str  # "" without front matter
    head: Split
    closing: str
    body: list[str]
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
    """The merged note; None where only a text merge of the whole is safe, which is then the caller's to do.

    That is: a version that is no UTF-8, that ends its lines in two ways, that holds marks of another merge,
    or whose front matter cannot be taken apart. `take` decides what would be a conflict: a key of the front
    matter (or "" for all that is left, in the body too) -> OURS or THEIRS.
    """
    b, o, t = (_read(data) for data in (base, ours, theirs))
    if b is None or o is None or t is None:
        return None
    take = take or {}
    head, keys = merge_heads(b.head, o.head, t.head, merge_text, take)
    body, in_body = _merge_bodies(b.body, o.body, t.body, merge_text)
    if in_body and take.get(""):
        body, in_body = _side(body, take[""]), False
    lines = _head_lines(head, b, o, t)
    if keys:
        lines += _key_marks(keys, marker_size)
    ends = t.ends if o.ends == b.ends else o.ends
    has_end = ends or bool(keys) or in_body
    lines += body
    text = "\n".join(lines) + ("\n" if has_end and lines else "")
    newline = t.newline if o.newline in ("", b.newline) and t.newline else o.newline
    data = text.replace("\n", newline or "\n").encode()
    has_bom = t.bom if o.bom == b.bom else o.bom
    return Merged(_BOM + data if has_bom else data, tuple(keys), in_body)


def _read(data: bytes) -> _Note | None:
    """A version taken apart; None for one that is only safe to merge as text."""
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
        return _Note("", Split({}, []), "", _lines(text), bom, newline, ends)
    head = split_head(_lines(text[opened.end() : closed.start() + 1]))
    if head is None:
        return None
    fences = opened[0].removesuffix("\n"), closed[0].removeprefix("\n")
    return _Note(fences[0], head, fences[1], _lines(text[closed.end() + 1 :]), bom, newline, ends)


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _head_lines(head: Split, b: _Note, o: _Note, t: _Note) -> list[str]:
    """The front matter with its fences; none where a side took it out and nothing is left in it."""
    inside = head.lines()
    if not inside and not (o.opening and t.opening) and not (not b.opening and (o.opening or t.opening)):
        return []
    opening = o.opening or t.opening or b.opening
    return [opening, *inside, o.closing or t.closing or b.closing] if opening else []


def _key_marks(keys: Sequence[KeyConflict], size: int) -> list[str]:
    """Git's marks around both values of each key, for below the front matter: YAML stays valid so."""
    lines: list[str] = []
    for conflict in keys:
        lines += ["<" * size + f" ours {HEAD_LABEL}", *conflict.ours, "=" * size, *conflict.theirs]
        lines += [">" * size + f" theirs {HEAD_LABEL}"]
    return lines


def _merge_bodies(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The merged lines below the front matter, and whether they hold a conflict."""
    if ours == theirs or theirs == base:
        return ours, False
    if ours == base:
        return theirs, False
    blocks, (base, ours, theirs) = without_blocks(base, ours, theirs)
    merged = _merge_around_log(base, ours, theirs, merge_text)
    if merged is None:
        merged = _merge_lines(*_same_ticks(base, ours, theirs), merge_text)
    lines, has_conflict = merged
    return [inner for line in lines for inner in blocks.get(line, [line])], has_conflict


def _merge_lines(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool]:
    if ours == theirs or theirs == base:
        return ours, False
    if ours == base:
        return theirs, False
    text, has_conflict = merge_text(
        *("\n".join([*lines, ""]) if lines else "" for lines in (base, ours, theirs))
    )
    return _lines(text), has_conflict


def _merge_around_log(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool] | None:
    """The body with its log merged by entry; None where no log is in it, or its place is in doubt."""
    logs = [find_stretches(lines) for lines in (base, ours, theirs)]
    places = list(dict.fromkeys(place for log in logs for place in log))
    if not places:
        return None
    signs = {place: f"{SIGN}log {number}" for number, place in enumerate(places)}
    rest = [_with_signs(lines, log, signs) for lines, log in zip((base, ours, theirs), logs, strict=True)]
    lines, has_conflict = _merge_lines(*_same_ticks(*rest), merge_text)
    outside = split_conflicts(lines) or [] if has_conflict else lines
    for place in places:
        b, o, t = ((log[place].entries if place in log else []) for log in logs)
        entries, is_open = merge_entries(b, o, t, merge_text)
        count = lines.count(signs[place])
        if (count != 1 or outside.count(signs[place]) != 1) and (entries or count):
            return None
        has_conflict |= is_open
        if count:
            at = lines.index(signs[place])
            lines[at : at + 1] = entries
    return lines, has_conflict


def _with_signs(lines: list[str], log: Mapping[Place, Stretch], signs: Mapping[Place, str]) -> list[str]:
    """The lines with one sign in place of each stretch of the log."""
    result = list(lines)
    for place, stretch in sorted(log.items(), key=lambda item: -item[1].start):
        result[stretch.start : stretch.end] = [signs[place]]
    return result


def _side(lines: list[str], side: str) -> list[str]:
    """The lines as one side has them, without marks."""
    parts = split_conflicts(lines)
    assert parts is not None
    found: list[str] = []
    for part in parts:
        found += (part.ours if side == OURS else part.theirs) if isinstance(part, Conflict) else [part]
    return found


def _same_ticks(
    base: list[str], ours: list[str], theirs: list[str]
) -> tuple[list[str], list[str], list[str]]:
    """The versions with every box that one side alone ticked in the state it will have.

    To a text merge two changed lines beside each other are a conflict, and two boxes of a list are no such
    thing.
    """
    boxes = [_boxes(lines) for lines in (base, ours, theirs)]
    settled: dict[str, str] = {}
    for task, (_, was) in boxes[0].items():
        if task in boxes[1] and task in boxes[2]:
            mine, other = boxes[1][task][1], boxes[2][task][1]
            if mine != other and was in (mine, other):
                settled[task] = other if mine == was else mine
    results = []
    for lines, found in zip((base, ours, theirs), boxes, strict=True):
        result = list(lines)
        for task, box in settled.items():
            place = found[task][0]
            result[place] = _TASK.sub(rf"\g<1>{box}\g<3>", result[place])
        results.append(result)
    return results[0], results[1], results[2]


def _boxes(lines: list[str]) -> dict[str, tuple[int, str]]:
    """Tasks that stand in the text once: the line without its box -> position, box."""
    found: dict[str, tuple[int, str]] = {}
    twice: set[str] = set()
    for place, line in enumerate(lines):
        match = _TASK.fullmatch(line)
        if match:
            task = match[1] + match[3].rstrip()
            if task in found:
                twice.add(task)
            found[task] = (place, match[2])
    return {task: box for task, box in found.items() if task not in twice}


__all__ = ["OURS", "THEIRS", "KeyConflict", "Merged", "merge_note"]
