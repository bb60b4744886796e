"""Generated blocks in a merge: their content is rendered again afterwards, so it takes no part.

Only words that somebody wrote into a block count, and those are never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from mdmentor.core.markdown.blocks import EDITED, block_state
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.merge import SIGN


def without_blocks(
    base: list[str], ours: list[str], theirs: list[str]
) -> tuple[dict[str, list[str]], tuple[list[str], list[str], list[str]]]:
    """Sign -> content of each block, and the versions with the sign in its place.

    A block that somebody wrote in takes part in the merge as any text does, unless just one side did.
    """
    sides = [blocks_in(lines) for lines in (base, ours, theirs)]
    if not any(sides):
        return {}, (base, ours, theirs)
    kept: dict[str, list[str]] = {}
    results = [list(base), list(ours), list(theirs)]
    places: list[list[tuple[int, int, str]]] = [[], [], []]
    for number, key in enumerate(dict.fromkeys(key for side in sides for key in side)):
        contents = [lines[side[key][0] : side[key][1]] if key in side else None
                    for lines, side in zip((base, ours, theirs), sides, strict=True)]  # fmt: skip
        content = _block_to_keep(*contents)
        if content is not None:
            sign = f"{SIGN}block {number}"
            kept[sign] = content
            for place, side in zip(places, sides, strict=True):
                if key in side:
                    place.append((*side[key], sign))
    for result, place in zip(results, places, strict=True):
        for start, end, sign in sorted(place, reverse=True):
            result[start:end] = [sign]
    return kept, (results[0], results[1], results[2])


def _block_to_keep(
    base: list[str] | None, ours: list[str] | None, theirs: list[str] | None
) -> list[str] | None:
    """The content that a block goes on with; None where it takes part in the merge as text."""
    if ours is None and theirs is None:
        return None
    if ours is not None and ours == theirs:
        return ours
    is_mine, is_other = _is_edited(ours), _is_edited(theirs)
    if ours is None or theirs is None:
        return None if is_mine or is_other else (ours or theirs or [])
    if is_mine and is_other:
        return ours if theirs == base else theirs if ours == base else None
    return theirs if is_other else ours


def _is_edited(content: list[str] | None) -> bool:
    return content is not None and block_state("\n".join(content)) == EDITED


def blocks_in(lines: Sequence[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """The kind of each block and which of its kind it is -> the positions of what stands inside."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    counts: Counter[str] = Counter()
    blocks = read_body("", "\n".join(lines)).blocks if any("mdmentor" in line for line in lines) else ()
    for block in blocks:
        found[block.kind, counts[block.kind]] = block.line, block.last - 1
        counts[block.kind] += 1
    return found
