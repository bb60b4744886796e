"""What a note's body holds: headings, items, links, tags, our blocks, and what is wrong with them.

Most notes are plain enough to be read line by line, which this module does, a hundred times as fast as a parser.
Where it cannot decide for certain (raw HTML, comments, math, tables, escapes, definitions ...) it gives up on the
whole note, and `parser` reads that one. The two always agree, and tests hold them to it.
"""

from __future__ import annotations

import re

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.markdown.blocks import ATX, BULLET, RULE, fence_end, find_markers, read_block
from mdmentor.core.markdown.inline import TAG, TASK, Found, Undecided, read_inline, task_of
from mdmentor.core.model import Body

# Longer lines are left to the parser: the patterns below may walk a line more than once. So are lists nested deeper.
_LONGEST = 5000
_DEEPEST = 40

_TABLE = r"\|[^|\n]*\n[ \t>]*[-|:][-|: \t]*(?:\n|\Z)"

# Characters at which a line may begin something else than plain text.
_LEADS = frozenset("#>-+*0123456789`~<=_")
_HEADING = re.compile(rf"({ATX})(?:[ \t]+|\Z)")
_HTML = r"<(?!https?://)[A-Za-z/!?]"
_UNDERLINE = r"(?:=+|-+)[ \t]*\Z"
# The content of a list item or a quote that begins a block of its own.
_INNER_BLOCK = r"[ \t]|>|```|~~~|<(?!https?://|[0-9])"
_IN_ITEM = rf"{_INNER_BLOCK}|(?:{ATX}|{BULLET})(?:[ \t]|\Z)|{RULE}"
_IN_QUOTE = re.compile(rf"{_INNER_BLOCK}|{BULLET}(?:\t| {{5}}| {{1,4}}(?:{_IN_ITEM}))")
_ITEM_START = re.compile(rf"{BULLET}(?:[ \t]|\Z)")
_ITEM = re.compile(rf"({BULLET}) {{1,4}}(?!\Z|(?=[ \t>`~<#*+0-9_-])(?:{_IN_ITEM}))(?:{TASK.pattern})?")


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
        self.markers = find_markers(found)
        self.columns: list[int] = []  # where the content of each open list item begins, outermost first
        self.in_paragraph = False  # which the next line continues
        self.in_quote = False  # which the next line may continue even without its sign
        self.is_bare = False  # a list item that holds nothing yet
        self.open = ""  # the kind of item that a line of text continues; "" where it begins one
        self.after = 0  # the row behind the last code or block of ours, which hold no links

    def read(self) -> None:
        """Reads all lines. Raises Undecided as soon as one cannot be decided."""
        text, first_line = self.found.text, self.found.first_line
        has_signs, has_tags = "`" in text or "<" in text, TAG.search(text) is not None
        for row, line in enumerate(self.found.lines):
            if row < self.after:
                continue
            body = line.strip(" \t")
            if not body:
                self.in_paragraph = self.in_quote = self.is_bare = False
                continue
            indent = 0
            if line[0] in " \t":
                indent = len(line[: line.index(body[0])].expandtabs(4))
                if self.is_bare or self.in_quote:
                    raise Undecided
            may_be_more = body[0] in _LEADS and (indent < 4 or not self.in_paragraph or self.columns)
            if not (may_be_more and self._read_special(row, body, indent)):
                self._read_text(row, body, indent)
            has_sign = (
                "]" in line or (has_tags and "#" in line) or (has_signs and ("`" in line or "<" in line))
            )
            if has_sign and row >= self.after:
                read_inline(self.found, line, first_line + row)

    def _read_text(self, row: int, body: str, indent: int) -> None:
        """A line of a paragraph; it may continue a list item that it is not indented for."""
        found, number = self.found, self.found.first_line + row
        if not self.in_paragraph:
            if self.in_quote:
                raise Undecided
            self._leave_items(indent)
            self.in_paragraph, self.is_bare = True, False
            if self.open != "item":
                self.open = "paragraph"
                found.add_item("paragraph", body.strip(), number, number, "", 0, len(self.columns))
                return
        if self.open:
            found.continue_item(body.strip(), number)

    def _leave_items(self, indent: int) -> None:
        """Closes the list items that a line so far to the right is outside of."""
        columns = self.columns
        while columns and indent < columns[-1]:
            columns.pop()
            self.open = ""
        if indent >= 4 and indent - (columns[-1] if columns else 0) >= 4:
            raise Undecided  # it may be code

    def _read_special(self, row: int, body: str, indent: int) -> bool:
        """Reads a line that may be more than text; whether it is."""
        lead = body[0]
        may_be_rule = lead in "-*_=" and body[-1] in "-*_="
        if may_be_rule and self.in_paragraph and re.match(_UNDERLINE, body):
            raise Undecided  # it makes the paragraph a heading
        if may_be_rule and re.match(RULE, body):
            pass
        elif lead in "-+*0123456789":
            return self._read_item(row, body, indent)
        elif lead == "#" and (match := _HEADING.match(body)):
            number, text = self.found.first_line + row, body[match.end() :]
            opening = text.rstrip("#")
            text = opening if opening[-1:] in " \t" else text
            self.found.add_heading(len(match[1]), text.strip(), number, number)
        elif lead == ">":
            # whatever a quote is within, only its links and tags count, as long as it is no code
            if _IN_QUOTE.match(body[1:].removeprefix(" ")) or body[1:2] == "#":
                raise Undecided
        elif row in self.markers.kinds:
            self.after = read_block(self.found, self.markers, row) + 1
        elif re.match(_HTML, body):
            raise Undecided
        else:
            self.after = fence_end(self.found.lines, row)
            if self.after == row:
                return False
        if indent >= 4 or (indent and self.columns):
            raise Undecided
        self.columns.clear()
        self.in_paragraph = self.is_bare = False
        self.open = ""
        self.in_quote = lead == ">" and len(body) > 1
        return True

    def _read_item(self, row: int, body: str, indent: int) -> bool:
        match = _ITEM.match(body)
        if match is None:
            start = _ITEM_START.match(body)
            if start is None:
                return False
            if self.in_paragraph or self.in_quote or start.end() < len(body):
                raise Undecided
            self._leave_items(indent)
            self.is_bare, self.open = True, ""
            return True
        mark, box = match.groups()
        if mark[0].isdigit():
            is_inside = not self.columns or indent >= self.columns[-1]
            if self.in_quote or (self.in_paragraph and is_inside and mark[:-1] != "1"):
                raise Undecided  # continues the paragraph, as a sentence that happens to break before "7. "
        self._leave_items(indent)
        if len(self.columns) > _DEEPEST:
            raise Undecided
        self.columns.append(indent + (match.start(2) - 1 if box else match.end()))
        self.in_paragraph, self.in_quote, self.is_bare, self.open = True, False, False, "item"
        number, task = self.found.first_line + row, task_of(box) if box else ""
        text = body[match.end() :].strip()
        self.found.add_item("item", text, number, number, task, 0, len(self.columns))
        return True
