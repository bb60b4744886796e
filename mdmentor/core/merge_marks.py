"""The two sides of a note that git's marks still stand in, taken apart again.

A phone or a web page merges without our driver and leaves marks around whole stretches of lines. From those
both sides are told, and from marks that we left for a key of the front matter too, so that the merge per
key can be made afterwards. A note whose marks do not fit together gives nothing.
"""

import re
from typing import NamedTuple

from mdmentor.core.block_sum import EDITED, block_state
from mdmentor.core.merge_blocks import blocks_in
from mdmentor.core.merge_head import HEAD_LABEL
from mdmentor.core.merge_split import split_head
from mdmentor.core.pattern import pattern

_MARK = pattern(r"(?P<sign><{7,}|\|{7,}|={7,}|>{7,})(?: (?P<label>.*))?$")
_FENCE = pattern(r"(?:---|\.\.\.)[ \t]*$")


class Sides(NamedTuple):
    """Both versions of a text, and what is known of the one they come from."""

    ours: str
    theirs: str
    common: str  # what both have: the text without the stretches between marks
    base: str | None  # what was there before, where the marks tell it (git's style "diff3")


def find_marks(text: str) -> tuple[int, ...]:
    """The lines, from 1, in which a stretch with two versions begins."""
    return tuple(n for n, line in enumerate(text.split("\n"), 1) if re.match(r"<{7,}(?: |\r?$)", line))


def sides_of(text: str) -> Sides | None:
    """The two sides of a text with marks; None without marks, or where they do not fit together.

    A line `=======` counts only between the other marks: elsewhere it underlines a heading.
    """
    sides: dict[str, list[str]] = {"<": [], "|": [], ">": []}
    common: list[str] = []
    heads: list[tuple[list[str], list[str]]] = []
    state, size, is_head, seen_base = "", 0, False, False
    has_base, has_marks = True, False
    hunk: dict[str, list[str]] = {}
    for line in text.split("\n"):
        match = _MARK.match(line.rstrip("\r"))
        sign = match["sign"][0] if match and (not state or len(match["sign"]) == size) else ""
        if match and sign == "<" and not state:
            state, size, has_marks = "<", len(match["sign"]), True
            is_head = (match["label"] or "").endswith(HEAD_LABEL)
            hunk = {"<": [], "|": [], ">": []}
            seen_base = False
        elif sign == "|" and state == "<":
            state, seen_base = "|", True
        elif sign == "=" and state in ("<", "|"):
            state = ">"
        elif sign == ">" and state == ">":
            state = ""
            if is_head:
                heads.append((hunk["<"], hunk[">"]))
            else:
                has_base &= seen_base
                for key, lines in hunk.items():
                    sides[key] += lines
        elif sign in ("<", ">") and (state or sign == ">"):
            return None
        elif state:
            hunk[state].append(line)
        else:
            for lines in (common, *sides.values()):
                lines.append(line)
    if state or not has_marks:
        return None
    ours, theirs, base = sides["<"], sides[">"], sides["|"]
    for mine, other in heads:
        ours, theirs = _with_key(ours, mine, other), _with_key(theirs, other, mine)
        common = _with_key(common, [], mine or other)
    told = "\n".join(base) if has_base and not heads else None
    return Sides("\n".join(ours), "\n".join(theirs), "\n".join(common), told)


def without_block_marks(text: str) -> str:
    """The text without the marks that stand inside a block of ours, where both sides are as we wrote them.

    Of such a block ours is kept: it is made anew anyway. Any other text with marks comes back as it is.
    """
    if sides_of(text) is None:
        return text
    lines = text.split("\n")
    for start, end in sorted(blocks_in([line.rstrip("\r") for line in lines]).values(), reverse=True):
        inside = "\n".join(lines[start:end])
        sides = sides_of(inside)
        if sides and EDITED not in (block_state(sides.ours), block_state(sides.theirs)):
            lines[start:end] = sides.ours.split("\n")
    return "\n".join(lines)


def _with_key(lines: list[str], wanted: list[str], other: list[str]) -> list[str]:
    """The note's lines with one key of the front matter as a side had it."""
    end = next((n for n in range(1, len(lines)) if _FENCE.match(lines[n])), 0)
    told, head = split_head(wanted or other), split_head(lines[1:end])
    if told is None or head is None or not told.entries or not end:
        return lines
    key = next(iter(told.entries))
    entry = head.entries.get(key)
    if entry is None:
        return [*lines[:end], *wanted, *lines[end:]]
    entry.lines = wanted
    return [lines[0], *head.lines(), *lines[end:]]
