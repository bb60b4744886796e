"""What a block of ours holds, told from the sum in its last line: ours, or somebody's own words.

Apart from `pages/blocks.py` because a merge asks it too, and must not load what draws the blocks.
"""

from __future__ import annotations

import re

from mdmentor.core.model import HINT, Block, Problem

EMPTY = "empty"
OURS = "ours"
EDITED = "edited"

SUM = re.compile(r"<!-- sum ([0-9a-f]{8}) -->")


def block_state(content: str) -> str:
    """What a block holds: EMPTY, OURS (as we wrote it) or EDITED (somebody's words: leave them).

    Blank lines at either end, blanks at line ends and the kind of newline do not make it edited: editors
    and git change those by themselves.
    """
    lines = block_lines(content)
    if not lines:
        return EMPTY
    told = SUM.fullmatch(lines[-1].lstrip())
    return OURS if told and told[1] == sum_of(lines[:-1]) else EDITED


def block_lines(content: str) -> list[str]:
    """The lines without blanks at their ends, and without empty lines before the first and after the last."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\n|\r", content)]
    while lines and not lines[-1]:
        lines.pop()
    first = next((number for number, line in enumerate(lines) if line), 0)
    return lines[first:]


def sum_of(lines: list[str]) -> str:
    """The sum of a block's lines: eight hexadecimal digits."""
    from hashlib import blake2b

    # Without indent, as a block within a list item stands deeper than its body; an empty line at the end is
    # what formatters put before a comment.
    told = "\n".join(line.strip() for line in lines).strip("\n")
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


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
                fix = (
                    f"write <!-- mdmentor:{kind} --> and <!-- /mdmentor --> on a line each, outside of quotes"
                )
                found.append(Problem(path, number, 1, HINT, "block-place", what, fix))
    return found
