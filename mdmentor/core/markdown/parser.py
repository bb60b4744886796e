"""The full reading of a body with a parser, used where reading line by line cannot decide.

The parser finds the blocks and runs the inline rules; places come from where a line's content begins, never from
what the parser makes of the text. Renders nothing. Lists and quotes nested too deep are left unread and reported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from markdown_it.token import Token

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.day_words import MONTHS
from mdmentor.core.markdown.blocks import find_markers
from mdmentor.core.markdown.inline import TASK, Found, report_conflict, task_of
from mdmentor.core.markdown.rules import DEEPEST, Reading, block_parser, inline_parser
from mdmentor.core.model import HINT, Problem

_CELL_END = re.compile(r"(?<!\\)\|")


def read_tokens(found: Found) -> None:
    """Reads the whole body."""
    ends = list(accumulate(len(line) + 1 for line in found.lines))
    reading = Reading(found, found.text, [0, *ends[:-1]], find_markers(found))
    reading.env["reading"] = reading
    tokens: list[Token] = []
    block_parser().block.parse(found.text, block_parser(), reading.env, tokens)
    _walk(reading, tokens)
    found.links.sort(key=lambda one: (one.line, one.column))
    if may_hold_marks(found.text):
        in_code = {n for token in tokens if token.type == "fence" and token.map for n in range(*token.map)}
        report_conflict(found, in_code)


@dataclass(slots=True)
class _Frame:
    """An open list item: its own text continues until it holds something else than a paragraph."""

    is_fresh: bool = True
    is_open: bool = False  # more text of its own may follow


_OWN_TEXT = frozenset({"inline", "paragraph_open", "paragraph_close", "heading_open", "heading_close"})


def _walk(reading: Reading, tokens: list[Token]) -> None:
    frames: list[_Frame] = []
    quotes = 0
    cells: list[tuple[int, int]] | None = None  # of the table's row at hand
    row: list[str] = []  # their texts so far
    line, is_header = 0, False
    above: Token | None = None
    for token in tokens:
        kind = token.type
        if kind == "list_item_close":
            frames.pop()
        if frames and kind not in _OWN_TEXT:
            frames[-1].is_fresh = frames[-1].is_open = False
        if kind == "inline" and above is not None and token.map:
            if cells is not None:
                row.append(_read_inline(reading, [cells.pop(0)] if cells else []).strip())
            else:
                _read_stretch(reading, token, above, None if quotes else frames)
        elif kind == "tr_open" and token.map:
            cells, row = _cells(reading, token.map[0]), []
            line = reading.found.first_line + token.map[0]
            is_header = above is not None and above.type == "thead_open"
        elif kind == "tr_close":
            cells = None
            if any(row) and not quotes:
                text = " | ".join(row)
                reading.found.add_item("row", text, line, line, level=int(is_header), depth=len(frames))
        elif kind == "list_item_open":
            frames.append(_Frame())
        elif kind in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        above = token
    deepest = max(tokens, key=lambda one: one.level, default=None)
    if deepest and deepest.level >= DEEPEST - 1 and deepest.map:
        what = f"lists or quotes nest more than {DEEPEST // 2} deep here, and what is deeper is not read"
        line = reading.found.first_line + deepest.map[0]
        problem = Problem(reading.found.path, line, 1, HINT, "too-deep", what, "nest them less deep")
        reading.found.problems.append(problem)


def _read_stretch(reading: Reading, token: Token, above: Token, frames: list[_Frame] | None) -> None:
    """One heading or paragraph; without `frames` it is in a quote, where only links and tags count."""
    assert token.map
    first, end = token.map
    spans = [(reading.starts[line], reading.end_of(line)) for line in range(first, end)]
    is_heading = above.type == "heading_open"
    if is_heading and above.markup[0] == "#":
        begin = reading.text.index(token.content, spans[0][0] + len(above.markup))
        spans = [(begin, begin + len(token.content))]
    frame = frames[-1] if frames else None
    content = reading.text[slice(*spans[0])] if spans else ""
    box = TASK.match(content) if frame and frame.is_fresh and not is_heading else None
    text = _read_inline(reading, spans, has_box=box is not None)
    if box:
        text = text[box.end() :]
    if frames is None:
        return
    found = reading.found
    start, last = found.first_line + first, found.first_line + end - 1
    text = " ".join(filter(None, map(str.strip, text.split("\n"))))
    if frame is None and is_heading:
        found.add_heading(int(above.tag[1]), text, start, last)
    elif frame and frame.is_open and not is_heading:
        found.continue_item(text, last)
    else:
        kind = "item" if frame and frame.is_fresh else "paragraph"
        number = _number_of_day(reading, first, text) if kind == "item" and len(frames) > 1 else ""
        depth = len(frames) - bool(number)
        found.add_item(kind, number + text, start, last, task_of(box[1]) if box else "", depth=depth)
        if frame:
            frame.is_fresh, frame.is_open = False, kind == "item" and not is_heading


def _number_of_day(reading: Reading, line: int, text: str) -> str:
    """The "14. " of `- 14. Oktober 2026: ...`, a day to people and to Markdown a list in a list; "" for other items."""
    before = reading.text[reading.offsets[line] : reading.starts[line]]
    number = re.fullmatch(r"[ \t]*[-+*][ \t]+([0-9]{1,2}\.)[ \t]+", before)
    month = text.split(maxsplit=1)[0].rstrip(".,:").lower() if number and text else ""
    return f"{number[1]} " if number and month in MONTHS else ""


def _cells(reading: Reading, line: int) -> list[tuple[int, int]]:
    """Where the cells of a table's row are in the text."""
    start = reading.starts[line]
    end = start + len(reading.text[start : reading.end_of(line)].rstrip(" \t"))
    bars = [match.start() for match in _CELL_END.finditer(reading.text, start, end)]
    spans = list(zip([start, *(bar + 1 for bar in bars)], [*bars, end], strict=True))
    first = int(spans[0][0] == spans[0][1])
    return spans[first : -1 if spans[-1][0] == spans[-1][1] else None] if bars else spans


def _read_inline(reading: Reading, spans: list[tuple[int, int]], *, has_box: bool = False) -> str:
    """Finds links and tags in the text at `spans`, one a line; that text without its comments."""
    content = "\n".join([reading.text[a:b] for a, b in spans])
    reading.outer = [a for a, _ in spans]
    reading.inner = [0, *accumulate(b - a + 1 for a, b in spans)][: len(spans)]
    reading.comments = []
    reading.has_box, reading.depth, reading.no_math = has_box, 0, 0
    reading.last_link = content.rfind("](")
    inline_parser().inline.parse(content, inline_parser(), reading.env, [])
    text, at = "", 0
    for begin, end in reading.comments:
        text = (text + content[at:begin]).rstrip(" ")
        at = end
    return text + content[at:]
