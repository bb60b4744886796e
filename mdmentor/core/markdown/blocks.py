"""What a line of Markdown can begin, and our own blocks between two markers in a user's note.

The patterns of list items, headings and code fences are here for the whole package.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.markdown.inline import Found
from mdmentor.core.model import HINT, WARNING, Block, Problem

BULLET = r"(?:[-*+]|[0-9]{1,9}+[.)])"
ATX = r"#{1,6}"
RULE = r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z"

_LINE = re.compile(
    rf"(?P<indent>(?:[ \t]|>[ \t]?)*)(?:(?P<mark>{BULLET}|{ATX})(?P<gap>[ \t]+|$))?"
    r"(?:\[(?P<box>[^\]\r\n])\](?P<box_gap>[ \t]+|$))?(?P<text>.*)"
)
_FENCE = re.compile(r"(?P<indent>[ \t>]*)(?P<fence>`{3,}(?=[^`]*\Z)|~{3,})(?P<info>.*)")


class LineParts(NamedTuple):
    """A line taken apart: its parts, joined, are the line again."""

    indent: str  # with the signs of quotes
    mark: str  # the bullet or number of a list item, or the "#" of a heading; "" for other lines
    gap: str  # the blanks behind it
    box: str  # "[ ] " with the blanks behind it; "" without one
    text: str

    @property
    def is_item(self) -> bool:
        return bool(self.mark) and self.mark[0] != "#"

    @property
    def box_at(self) -> int:
        """The offset in the line of the mark in the checkbox of a list item; 0 without one."""
        return len(self.indent + self.mark + self.gap) + 1 if self.is_item and self.box else 0


def split_line(line: str) -> LineParts:
    """The parts of a line."""
    match = _LINE.match(line)
    assert match
    indent, mark, gap, box, box_gap, text = match.groups(default="")
    return LineParts(indent, mark, gap, f"[{box}]{box_gap}" if box else "", text)


def indent_of(line: str) -> int:
    """How far a line is indented; a tab goes to the next multiple of four."""
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def fence_end(lines: Sequence[str], row: int) -> int:
    """The row behind the fenced code that begins in `row`; `row` itself where none begins.

    Code without an end extends to the last line.
    """
    opening = _FENCE.match(lines[row])
    if opening is None:
        return row
    for end in range(row + 1, len(lines)):
        closing = _FENCE.match(lines[end])
        if (
            closing
            and closing["fence"].startswith(opening["fence"])
            and not closing["info"].strip(" \t")
            and closing["indent"].count(">") == opening["indent"].count(">")
            and len(closing["indent"].expandtabs(4)) <= max(3, len(opening["indent"].expandtabs(4)))
        ):
            return end + 1
    return len(lines)


BLOCK_KINDS = ("backlinks", "related", "next", "card")
_MARKER = re.compile(
    r"[ \t]*<!--[ \t]*(?:mdmentor:[ \t]*(?P<kind>[^>]*?)|/mdmentor(?::[^>]*)?)[ \t]*-->[ \t]*\Z"
)


def marker_kind(line: str) -> str | None:
    """The kind of block that a line opens; "" for a line that closes one, None for any other line."""
    match = _MARKER.match(line)
    return (match["kind"] or "") if match else None


def may_hold_markers(text: str) -> bool:
    """False for nearly every text, quickly: there is no need to look at its lines."""
    return "<" in text and ("mdmentor" in text or "MDMENTOR" in text)


class Markers(NamedTuple):
    """The lines that look like markers of our blocks, by their rows in the body."""

    kinds: dict[int, str]  # "" for a closing one
    rows: list[int]
    last_end: int  # the last closing one, -1 without one
    reported: set[int]  # those that belong to a damaged block above

    def next(self, row: int) -> int:
        """The next marker below, -1 if there is none."""
        place = bisect_right(self.rows, row)
        return self.rows[place] if place < len(self.rows) else -1


_NO_MARKERS = Markers({}, [], -1, set())


def find_markers(found: Found) -> Markers:
    """The markers; one in code is none, which is for the reader to know."""
    if not may_hold_markers(found.text):
        return _NO_MARKERS
    lines = ((row, line) for row, line in enumerate(found.lines) if "mdmentor" in line)
    kinds = {row: kind for row, line in lines if (kind := marker_kind(line)) is not None}
    return Markers(kinds, list(kinds), max([row for row in kinds if not kinds[row]], default=-1), set())


def read_block(found: Found, markers: Markers, row: int) -> int:
    """Adds the block that begins at a marker; the last row that is not the user's own text.

    Only the two markers of a sound block enclose something. A damaged one is a problem and hides nothing
    but the marker's own line, so that no text of the user's is lost.
    """

    def report(row: int, code: str, what: str, fix: str) -> None:
        column = len(found.lines[row]) - len(found.lines[row].lstrip()) + 1
        found.problems.append(Problem(found.path, found.first_line + row, column, WARNING, code, what, fix))

    kind, end = markers.kinds[row], markers.next(row)
    if row in markers.reported:
        return row
    if not kind:
        report(row, "block-stray-end", "a block ends here that has not begun", "remove the line")
    elif kind not in BLOCK_KINDS:
        report(row, "block-unknown", f'there is no block "{kind}"', "write one of " + ", ".join(BLOCK_KINDS))
        if end >= 0 and not markers.kinds[end]:
            markers.reported.add(end)
    elif row > markers.last_end:
        fix = "add a line <!-- /mdmentor --> where it should end"
        report(row, "block-open", f'the block "{kind}" never ends', fix)
    elif markers.kinds[end]:
        while nested := markers.kinds[end]:
            what = f'the block "{nested}" begins inside the block "{kind}"'
            report(end, "block-nested", what, "end the first one before it, or remove one of the two")
            markers.reported.add(end)
            end = markers.next(end)
        markers.reported.add(end)
    else:
        content = "\n".join(found.lines[row + 1 : end])
        found.blocks.append(Block(kind, found.first_line + row, found.first_line + end, content))
        return end
    return row


# An opening marker, with what keeps it from being alone on its line: bullets, quote signs, text behind it.
_MISPLACED = re.compile(
    rf"[ ]{{0,3}}(?P<before>(?:(?:>|{BULLET}) ?)*)<!--[ \t]*mdmentor:(?P<kind>{'|'.join(BLOCK_KINDS)})"
    r"[ \t]*-->[ \t]*(?P<after>.*)",
    re.IGNORECASE,
)


def block_problems(path: str, text: str, first_line: int, blocks: tuple[Block, ...]) -> list[Problem]:
    """A problem for each of the blocks in the body `text` that was edited by hand, and for each marker that begins none."""
    if not may_hold_markers(text):
        return []
    what = "the block {} was edited by hand, so it is not updated"
    fix = "delete the lines between the markers to update it, or the markers to keep the text"
    edited = (block for block in blocks if block_state(block.content) == EDITED)
    problems = [Problem(path, b.line, 1, WARNING, "block-edited", what.format(b.kind), fix) for b in edited]
    known = {line for block in blocks for line in range(block.line, block.last + 1)}
    lines = text.split("\n")
    row = 0
    while row < len(lines):
        line, number, start = lines[row].rstrip(), first_line + row, row
        row = fence_end(lines, row)
        if row > start:
            continue
        row += 1
        match = _MISPLACED.fullmatch(line) if "<!--" in line and number not in known else None
        kind = match["kind"].lower() if match else ""
        is_alone = match is not None and not (match["before"] or match["after"])
        if match and not (is_alone and f"mdmentor:{kind}" in line):
            why = "is not in small letters" if is_alone else "is not alone on its line"
            what = f'the marker of the block "{kind}" {why}, so no block begins here'
            fix = f"write <!-- mdmentor:{kind} --> and <!-- /mdmentor --> on a line each, outside of quotes"
            problems.append(Problem(path, number, 1, HINT, "block-place", what, fix))
    return problems


EMPTY = "empty"
OURS = "ours"
EDITED = "edited"

SUM = re.compile(r"<!-- sum ([0-9a-f]{8}) -->")


def block_state(content: str) -> str:
    """What a block holds: EMPTY, OURS (as we wrote it) or EDITED (the user's words: leave them).

    Blank lines at either end, blanks at line ends and the kind of newline do not make it edited: editors
    and git change those by themselves.
    """
    lines = block_lines(content)
    if not lines:
        return EMPTY
    found = SUM.fullmatch(lines[-1].lstrip())
    return OURS if found and found[1] == sum_of(lines[:-1]) else EDITED


def block_lines(content: str) -> list[str]:
    """The lines without blanks at their ends, and without empty lines before the first and after the last."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\n|\r", content)]
    filled = [row for row, line in enumerate(lines) if line]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def sum_of(lines: list[str]) -> str:
    """The checksum of a block's lines: eight hexadecimal digits."""
    from hashlib import blake2b  # slow to load for the merge driver, and few notes have blocks

    # Without indent, as a block within a list item is deeper than its body; an empty line at the end is
    # what formatters put before a comment.
    text = "\n".join(line.strip() for line in lines).strip("\n")
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
