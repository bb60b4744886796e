"""What a note's body holds: headings, items, links, tags, our blocks, and what is wrong with them.

Most notes are plain enough to be read line by line, which this module does, a hundred times as fast as a parser.
Where it cannot decide for certain (raw HTML, comments, math, tables, escapes, definitions ...) it gives up on the
whole note, and `parser` reads that one. The two always agree, and tests hold them to it.
"""

from __future__ import annotations

import re

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.markdown.blocks import ATX, BULLET, RULE, fence_end, find_markers, read_block
from mdmentor.core.markdown.inline import TASK, Found, Undecided, read_inline, task_of
from mdmentor.core.model import Body

# Longer lines are left to the parser: the patterns below may walk a line more than once. So are lists nested deeper.
_LONGEST = 5000
_DEEPEST = 40

_TABLE = r"\|[^|\n]*\n[ \t>]*[-|:][-|: \t]*(?:\n|\Z)"

# Characters at which a line may begin something else than plain text.
_LEADS = frozenset("#>-+*0123456789`~<=_")
_BLANK = " \t"
_HTML = r"<(?!https?://)[A-Za-z/!?]"
_UNDERLINE = r"(?:=+|-+)[ \t]*\Z"
# The content of a list item or a quote that begins a block of its own.
_INNER_BLOCK = r"[ \t]|>|```|~~~|<(?!https?://|[0-9])"
_IN_ITEM = rf"{_INNER_BLOCK}|(?:{ATX}|{BULLET})(?:[ \t]|\Z)|{RULE}"
_IN_QUOTE = re.compile(rf"{_INNER_BLOCK}|{BULLET}(?:\t| {{5}}| {{1,4}}(?:{_IN_ITEM}))")
_ITEM_START = re.compile(rf"{BULLET}(?:[ \t]|\Z)")
_ITEM = re.compile(rf"({BULLET}) {{1,4}}(?!\Z|(?=[ \t>`~<#*+0-9_-])(?:{_IN_ITEM}))(?:{TASK.pattern}|)")


def read_body(path: str, text: str, first_line: int = 1) -> Body:
    """What `text`, the body of the note at `path`, holds; every line and column is one of the file.

    `first_line` is the file's line number of the body's first line. A carriage return within a line counts as a
    blank. Any text can be read; lists nested deeper than 50, which nobody writes, are a problem and left unread.
    """
    text = text.replace("\r", " ")
    return read_plainly(path, text, first_line) or read_fully(path, text, first_line)


def read_plainly(path: str, text: str, first_line: int) -> Body | None:
    """The body if its lines can be read one by one, else None."""
    found = Found(path, first_line, text)
    has_long_line = len(text) > _LONGEST and max(map(len, found.lines)) > _LONGEST
    if has_long_line or may_hold_marks(text) or _needs_parser(text):
        return None
    try:
        _LineReader(found).read()
    except Undecided:
        return None
    return found.body()


def read_fully(path: str, text: str, first_line: int) -> Body:
    """The body as the parser reads it."""
    from mdmentor.core.markdown import parser  # its import alone takes 60 ms

    found = Found(path, first_line, text)
    parser.read_tokens(found)
    return found.body()


def _needs_parser(text: str) -> bool:
    return (
        # a search for one character is many times as fast as one for two
        ("%" in text and "%%" in text)
        or ("$" in text and "$$" in text)
        or ("\\" in text and "\\]" in text and "]:" in text)
        or ("|" in text and re.search(_TABLE, text) is not None)
    )


class _LineReader:
    """Reads a body line by line; knows what is open, and so what the next line may continue."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.lines = found.lines.copy()  # code and blocks of ours, which hold no links, become blank
        self.markers = find_markers(found)
        self.columns: list[int] = []  # where the content of each open list item begins, outermost first
        # What the next line may continue: a "text", a "quote" even without its sign, an item that is "bare" so far.
        self.above = ""
        self.open = ""  # the kind of item that a line of text continues; "" where it begins one

    def read(self) -> None:
        """Reads all lines. Raises Undecided as soon as one cannot be decided."""
        found = self.found
        for number, line in enumerate(self.lines, found.first_line):
            body = line.strip(_BLANK)
            if not body:
                self.above = ""
                continue
            lead, indent = body[0], 0
            if line != body:
                indent = len(line[: line.index(lead)].expandtabs(4))
                if indent and self.above and self.above != "text":
                    raise Undecided
            may_be_more = lead in _LEADS and (indent < 4 or not self.above or self.columns)
            if may_be_more and self._read_special(number, lead, body, indent):
                pass
            elif self.above == "quote":
                raise Undecided
            elif self.above == "text":
                if self.open:
                    found.continue_item(body.strip(), number)
            else:
                if indent or self.columns:
                    self._leave_items(indent)
                self.above = "text"
                if self.open == "item":  # which a paragraph continues that is not indented for it
                    found.continue_item(body.strip(), number)
                else:
                    self.open = "paragraph"
                    found.add_item("paragraph", body.strip(), number, number, "", 0, len(self.columns))
        read_inline(found, self.lines)

    def _leave_items(self, indent: int) -> None:
        """Closes the list items that a line so far to the right is outside of."""
        columns = self.columns
        while columns and indent < columns[-1]:
            columns.pop()
            self.open = ""
        if indent >= 4 and indent - (columns[-1] if columns else 0) >= 4:
            raise Undecided  # it may be code

    def _read_special(self, number: int, lead: str, body: str, indent: int) -> bool:
        """Reads a line that may be more than text; whether it is."""
        if lead in "-+*0123456789":
            if body[-1] not in "-*" or not self._is_rule(body):
                return self._read_item(number, body, indent)
        elif lead == "#":
            text = body.lstrip("#")
            level = len(body) - len(text)
            if level > 6 or text[:1] not in _BLANK:
                return False
            opening = text.rstrip("#")
            text = opening if opening[-1:] in _BLANK else text
            self.found.add_heading(level, text.strip(), number, number)
        elif lead in "_=" and self._is_rule(body):
            pass
        elif lead == ">":
            # whatever a quote is within, only its links and tags count, as long as it is no code
            if _IN_QUOTE.match(body[1:].removeprefix(" ")) or body[1:2] == "#":
                raise Undecided
        elif (row := number - self.found.first_line) in self.markers.kinds:
            self._skip(row, read_block(self.found, self.markers, row) + 1)
        elif re.match(_HTML, body):
            raise Undecided
        else:
            end = fence_end(self.found.lines, row)
            if end == row:
                return False
            self._skip(row, end)
        if indent >= 4 or (indent and self.columns):
            raise Undecided
        self.columns.clear()
        self.open = ""
        self.above = "quote" if lead == ">" and len(body) > 1 else ""
        return True

    def _skip(self, row: int, end: int) -> None:
        self.lines[row:end] = [""] * (end - row)

    def _is_rule(self, body: str) -> bool:
        if self.above == "text" and re.match(_UNDERLINE, body):
            raise Undecided  # it makes the paragraph a heading
        return re.match(RULE, body) is not None

    def _read_item(self, number: int, body: str, indent: int) -> bool:
        match = _ITEM.match(body)
        if match is None:
            start = _ITEM_START.match(body)
            if start is None:
                return False
            if self.above in ("text", "quote") or start.end() < len(body):
                raise Undecided
            self._leave_items(indent)
            self.above, self.open = "bare", ""
            return True
        mark, box = match.groups()
        if len(mark) > 1:  # a number
            is_inside = not self.columns or indent >= self.columns[-1]
            if self.above == "quote" or (self.above == "text" and is_inside and mark[:-1] != "1"):
                raise Undecided  # continues the paragraph, as a sentence that happens to break before "7. "
        self._leave_items(indent)
        columns, end = self.columns, match.end()
        if len(columns) > _DEEPEST:
            raise Undecided
        columns.append(indent + (match.start(2) - 1 if box else end))
        self.above, self.open = "text", "item"
        task = task_of(box) if box else ""
        self.found.add_item("item", body[end:].strip(), number, number, task, 0, len(columns))
        return True
