"""Markers of blocks that stand where no block can begin: beside other text, in a quote, behind a bullet.

Whoever wrote one waits for a block, so it is told. In code a marker is an example, and nothing is said.
"""

from __future__ import annotations

import re

from mdmentor.core.model import HINT, Block, Problem

# A marker that opens, with what keeps it from being alone on its line: bullets, quote signs, text behind it.
_MISPLACED = (
    r"(?i)[ ]{0,3}(?P<before>(?:(?:>|[-*+]|\d{1,9}[.)]) ?)*)<!--[ \t]*mdmentor:(?P<kind>backlinks|related|next|card)"
    r"[ \t]*-->[ \t]*(?P<behind>.*)"
)
_FENCE = r"[ \t>]*(`{3,}|~{3,})"


def misplaced_markers(path: str, text: str, first_line: int, blocks: tuple[Block, ...]) -> list[Problem]:
    """A hint for each marker in the body `text` that begins no block for where it stands."""
    if "<" not in text or "<!--" not in text or ("mdmentor:" not in text and "MDMENTOR:" not in text):
        return []
    known = {line for block in blocks for line in range(block.line, block.last + 1)}
    found: list[Problem] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), first_line):
        mark = re.match(_FENCE, line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif number not in known and (match := re.fullmatch(_MISPLACED, line.rstrip())):
            kind = match["kind"].lower()
            is_alone = not (match["before"] or match["behind"])
            if not is_alone or f"mdmentor:{kind}" not in line:
                why = "is not in small letters" if is_alone else "does not stand alone on its line"
                what = f'the marker of the block "{kind}" {why}, so no block begins here'
                mend = (
                    f"write <!-- mdmentor:{kind} --> and <!-- /mdmentor --> on a line each, outside of quotes"
                )
                found.append(Problem(path, number, 1, HINT, "block-place", what, mend))
    return found
