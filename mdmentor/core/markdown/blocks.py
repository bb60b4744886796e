"""What a block of ours holds, told from the sum in its last line: ours, or somebody's own words.

Apart from `pages/blocks.py` because a merge asks it too, and must not load what draws the blocks.
"""

from __future__ import annotations

import re

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
