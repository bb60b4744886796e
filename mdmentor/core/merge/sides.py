"""Which side of a merge changed something, and what is set apart while the rest is merged as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import EDITED, block_state

T = TypeVar("T")

# base, ours, theirs -> the merged text, and whether it holds a conflict
TextMerge = Callable[[str, str, str], tuple[str, bool]]

# Begins a line in place of what is merged separately; a note with this character in it is merged as text.
SIGN = "\ue000"
OURS, THEIRS = "ours", "theirs"


def changed_side(base: T, ours: T, theirs: T) -> str:
    """The side whose version the merge is; "" where both changed it, each in its own way."""
    if theirs in (ours, base):
        return OURS
    return THEIRS if ours == base else ""


def merge_lines(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The merged lines, and whether they hold a conflict."""
    if side := changed_side(base, ours, theirs):
        return (ours if side == OURS else theirs), False
    versions = ("".join(f"{line}\n" for line in lines) for lines in (base, ours, theirs))
    text, has_conflict = merge_text(*versions)
    return lines_of(text), has_conflict


def lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


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
