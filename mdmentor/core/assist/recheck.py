"""What is wrong in a long note after some of its lines changed: these are read again, and the rest stays as it was.

What a changed line means elsewhere shows when the whole note is read again, which the shell does in the next pause.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from mdmentor.core.assist.buffer import Buffer
from mdmentor.core.model import Problem

LONG = 20_000  # characters of a note that is worth it
_MOST = 200  # lines that are read again
# Lines on which the meaning of others depends: they stay, and a change of one wants the whole note.
_FRAME = re.compile(
    r"(?mi)^[ \t>]*(?:#{1,6}[ \t]|```|~~~|(?:=+|-+)[ \t]*$)|<(?!https?:)[a-z/!?]|-->|%%|\$\$|\]:|#private"
)


class Checked(NamedTuple):
    """A note that was read whole, and each problem in it with the length of the text that it is about."""

    buffer: Buffer
    lines: Sequence[str]
    frame: frozenset[int]  # rows of such lines, from 0
    found: Sequence[tuple[Problem, int]]


class Part(NamedTuple):
    """A note with empty lines in place of those far from the change; `first` to `last` are read again."""

    buffer: Buffer
    first: int
    last: int
    moved: int  # how many lines further down stands what follows

    def place_of(self, line: int) -> int:
        """Where a line of before stands now; 0 for one of those that are read again."""
        if line < self.first:
            return line
        return line + self.moved if line > self.last - self.moved else 0


def checked(buffer: Buffer, problems: Sequence[Problem]) -> Checked:
    text, rows = buffer.plain, set[int]()
    lines = text.split("\n")
    if len(text) >= LONG:
        starts = [0, *accumulate(len(line) + 1 for line in lines)]
        for found in _FRAME.finditer(text):
            row = bisect_right(starts, found.start()) - 1
            rows.update(range(row - 2, row + 1))  # with the lines above, which it may underline or continue
    return Checked(buffer, lines, frozenset(rows), with_lengths(buffer, problems))


def with_lengths(buffer: Buffer, problems: Sequence[Problem]) -> list[tuple[Problem, int]]:
    """Each problem with how much of the text it is about: a link, else the rest of the line."""
    links = {(link.line, link.column): link for link in buffer.links()}
    found = []
    for problem in problems:
        start = buffer.offset(problem.line, problem.column)
        end = buffer.bounds(problem.line)[1]
        length = len(buffer.text[start:end].rstrip())
        if link := links.get((problem.line, problem.column)):
            first, end = buffer.link_span(link)
            length = end - first
        found.append((problem, length))
    return found


def changed_part(before: Checked, buffer: Buffer) -> Part | None:
    """What of the note has to be read again; None where that is all of it."""
    old, new = before.lines, buffer.plain.split("\n")
    least = min(len(old), len(new))
    first = next((row for row in range(least) if old[row] != new[row]), least)
    same = next((n for n in range(least - first) if old[-1 - n] != new[-1 - n]), least - first)
    body, last, moved = buffer.head.body_line - 1, len(new) - same, len(new) - len(old)
    changed = "\n".join([*old[first : len(old) - same], *new[first:last]])
    if len(buffer.text) < LONG or first < body or _FRAME.search(changed):
        return None
    for _ in range(2):  # blocks on either side
        first = next((row for row in range(first - 1, body, -1) if _begins_block(new, row)), body)
        last = next((row for row in range(last + 1, len(new)) if _begins_block(new, row)), len(new))
    if last - first > _MOST:
        return None
    kept = [*new[:body], *[""] * (len(new) - body)]
    kept[first:last] = new[first:last]
    for row in before.frame:
        row += moved if row >= last - moved else 0
        kept[row] = new[row] if 0 <= row < len(new) else kept[row]
    part = Part(Buffer(buffer.path, "\n".join(kept), buffer.settings), first + 1, last, moved)
    was = {line for line in map(part.place_of, before.buffer.hidden) if line}
    beside = {line for line in buffer.hidden if not part.first <= line <= last}
    within = {line for line in part.buffer.hidden if part.first <= line <= last}
    return part if was | within == beside | within == buffer.hidden else None


def _begins_block(lines: Sequence[str], row: int) -> bool:
    line = lines[row]
    return line[:1] not in ("", " ", "\t") and (line[:2] in ("- ", "* ", "+ ") or not lines[row - 1].strip())


def rechecked(before: Checked, part: Part, problems: Sequence[Problem]) -> list[tuple[Problem, int]]:
    """The problems of the part that was read again, and of the rest those of before, where they stand now."""
    found = with_lengths(part.buffer, [one for one in problems if part.first <= one.line <= part.last])
    for problem, length in before.found:
        if line := part.place_of(problem.line):
            found.append((problem._replace(line=line), length))
    return found
