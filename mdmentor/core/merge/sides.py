"""The two sides of a note with conflict marks.

A phone or a web page merges without our driver and leaves marks around many lines. The sides are restored from
those, and from the marks that we leave for a key of the front matter, so that the merge per key can be done
afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.conflict_marks import Conflict, split_conflicts
from mdmentor.core.frontmatter.reader import find_fences, read_head
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import EDITED, block_state
from mdmentor.core.merge import OURS, SIGN, changed_side
from mdmentor.core.merge.frontmatter import HEAD_LABEL, split_head


def without_blocks(*versions: list[str]) -> tuple[dict[str, list[str]], list[list[str]]]:
    """Sign -> content of each block, and the versions (base, ours, theirs) with the sign in its place.

    A block that somebody wrote in takes part in the merge as any text does, unless just one side did.
    """
    sides = [blocks_in(lines) for lines in versions]
    signs: dict[tuple[str, int], str] = {}
    kept: dict[str, list[str]] = {}
    for key in dict.fromkeys(key for side in sides for key in side):
        contents = (
            lines[slice(*side[key])] if key in side else None
            for lines, side in zip(versions, sides, strict=True)
        )
        content = _block_to_keep(*contents)
        if content is not None:
            signs[key] = f"{SIGN}block {len(signs)}"
            kept[signs[key]] = content
    results = []
    for lines, side in zip(versions, sides, strict=True):
        results.append(list(lines))
        for key in sorted(side.keys() & signs, key=side.__getitem__, reverse=True):
            results[-1][slice(*side[key])] = [signs[key]]
    return kept, results


def _block_to_keep(
    base: list[str] | None, ours: list[str] | None, theirs: list[str] | None
) -> list[str] | None:
    """The content that a block goes on with; None where it takes part in the merge as text."""
    if ours == theirs:
        return ours
    is_mine, is_other = _is_edited(ours), _is_edited(theirs)
    if ours is None or theirs is None:
        return None if is_mine or is_other else (ours or theirs or [])
    if is_mine and is_other:
        side = changed_side(base, ours, theirs)
        return ours if side == OURS else theirs if side else None
    return theirs if is_other else ours


def _is_edited(content: list[str] | None) -> bool:
    return content is not None and block_state("\n".join(content)) == EDITED


def blocks_in(lines: Sequence[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """The kind of each block and which of its kind it is -> the positions of what is inside."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    counts: Counter[str] = Counter()
    blocks = read_body("", "\n".join(lines)).blocks if any("mdmentor" in line for line in lines) else ()
    for block in blocks:
        found[block.kind, counts[block.kind]] = block.line, block.last - 1
        counts[block.kind] += 1
    return found


class Sides(NamedTuple):
    """Both versions of a text, and what is known of the one they come from."""

    ours: str
    theirs: str
    common: str  # what both have: the text without the stretches between marks
    base: str | None  # what was there before, where the marks show it (git's style "diff3")


def sides_of(text: str) -> Sides | None:
    """The two sides of a text with marks; None without marks, or where they do not fit together."""
    parts = split_conflicts(text.split("\n"))
    conflicts = [part for part in parts or () if isinstance(part, Conflict)]
    if parts is None or not conflicts:
        return None
    heads = [part for part in conflicts if part.label.endswith(HEAD_LABEL)]
    common: list[str] = []
    ours: list[str] = []
    theirs: list[str] = []
    base: list[str] = []
    for part in parts:
        if isinstance(part, str):
            for lines in (common, ours, theirs, base):
                lines.append(part)
        elif part not in heads:
            ours += part.ours
            theirs += part.theirs
            base += part.base or []
    for head in heads:
        ours, theirs = _with_key(ours, head.ours, head.theirs), _with_key(theirs, head.theirs, head.ours)
        common = _with_key(common, [], head.ours or head.theirs)
    has_base = all(part.base is not None for part in conflicts)
    return Sides("\n".join(ours), "\n".join(theirs), "\n".join(common), "\n".join(base) if has_base else None)


def without_block_marks(text: str) -> str:
    """The text without the marks inside a block of ours, where both sides are as we wrote them.

    Ours is kept, since the block is rendered again anyway. Any other text with marks is returned unchanged.
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
