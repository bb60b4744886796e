"""What a note's body holds: headings, items, links, tags, our blocks, and what is wrong with them.

Most notes are plain enough to be read line by line, which this module does, a hundred times as fast as a parser.
Where it cannot decide for certain (raw HTML, comments, math, tables, escapes, definitions ...) it gives up on the
whole note, and `parser` reads that one. The two always agree, and tests hold them to it.
"""

from __future__ import annotations

import re

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.markdown.blocks import ATX, BULLET, RULE, fence_end, find_markers, read_block
from mdmentor.core.markdown.inline import TASK, Found, Stretch, Undecided, read_inline, task_of
from mdmentor.core.model import Body, Heading, Item

# Longer lines are left to the parser: the patterns below may walk a line more than once. So are lists nested deeper.
_LONGEST = 5000
_DEEPEST = 40

_DEFINITION = r"(?m)^[ \t>+*\d.)-]*\[(?!\^)[^][]*\]:"
_TABLE = r"\|[^|\n]*\n[ \t>]*[-|:][-|: \t]*(?:\n|\Z)"

# Characters at which a line may begin something else than plain text.
_LEADS = frozenset("#>-+*0123456789`~<=_")
_HEADING = re.compile(rf"({ATX})(?:[ \t]+|\Z)")
_HTML = r"<(?!https?://)[A-Za-z/!?]"
_UNDERLINE = r"(?:=+|-+)[ \t]*\Z"
# The content of a list item or a quote that begins a block of its own.
_INNER_BLOCK = r"[ \t]|>|```|~~~|<(?!https?://)"
_IN_ITEM = rf"{_INNER_BLOCK}|(?:{ATX}|{BULLET})(?:[ \t]|\Z)|{RULE}"
_IN_QUOTE = re.compile(rf"{_INNER_BLOCK}|{BULLET}(?:\t| {{5}}| {{1,4}}(?:{_IN_ITEM}))")
_ITEM_START = re.compile(rf"{BULLET}(?:[ \t]|\Z)")
_ITEM = re.compile(rf"({BULLET}) {{1,4}}(?!\Z|{_IN_ITEM})(?:{TASK.pattern})?")


def read_body(path: str, text: str, first_line: int = 1, *, items: bool = True) -> Body:
    """What `text`, the body of the note at `path`, holds; every line and column is one of the file.

    `first_line` is the file's line number of the body's first line. Without `items` the body has none, for notes
    in which nobody asks for them. A carriage return within a line counts as a blank. Any text can be read; lists
    nested deeper than 50, which nobody writes, are a problem and left unread.
    """
    text = text.replace("\r", " ")
    return read_plainly(path, text, first_line, items) or read_fully(path, text, first_line, items)


def read_plainly(path: str, text: str, first_line: int, items: bool) -> Body | None:
    """The body if its lines can be read one by one, else None."""
    found = Found(path, first_line, text, items)
    if (
        (len(text) > _LONGEST and max(map(len, found.lines)) > _LONGEST)
        or may_hold_marks(text)
        or _needs_parser(text)
    ):
        return None
    try:
        _LineReader(found).read()
    except Undecided:
        return None
    return _body_of(found)


def read_fully(path: str, text: str, first_line: int, items: bool) -> Body:
    """The body as the parser reads it."""
    from mdmentor.core.markdown import parser  # its import alone takes 60 ms

    found = Found(path, first_line, text, items)
    parser.read_tokens(found)
    return _body_of(found)


def _needs_parser(text: str) -> bool:
    return (
        # a search for one character is many times as fast as one for two
        ("%" in text and "%%" in text)
        or ("$" in text and "$$" in text)
        or ("]:" in text and ("\\]" in text or _has_definition(text)))
        or ("|" in text and re.search(_TABLE, text) is not None)
    )


def _has_definition(text: str) -> bool:
    """True where `[label]: ...` may make every `[label]` a link; `[[Ada]]: said ...` is far more common."""
    return text.count("]:") > text.count("]]:") and re.search(_DEFINITION, text) is not None


def _body_of(found: Found) -> Body:
    """What was found as a value: headings and items with the headings above them."""
    headings: list[Heading] = []
    items: list[Item] = []
    above: list[Heading] = []
    sections: tuple[str, ...] = ()
    for one in found.stretches:
        text = one.texts[0] if len(one.texts) == 1 else " ".join(filter(None, one.texts))
        is_heading = one.kind == "heading"
        if is_heading:
            while above and above[-1].level >= one.level:
                above.pop()
            sections = tuple([heading.text for heading in above])
        if found.items and text:
            items.append(Item(one.kind, one.line, one.last, text, one.task, sections, one.level, one.depth))
        if is_heading:
            headings.append(Heading(one.level, text, one.line, one.last))
            above.append(headings[-1])
            sections = (*sections, text)
    found.problems.sort(key=lambda problem: (problem.line, problem.column))
    return Body(
        tuple(headings),
        tuple(items),
        tuple(found.links),
        tuple(found.tags.values()),
        tuple(found.blocks),
        tuple(found.problems),
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
        self.stretch: Stretch | None = None  # what a line that continues is added to

    def read(self) -> None:
        """Reads all lines. Raises Undecided as soon as one cannot be decided."""
        after = 0
        for row, line in enumerate(self.found.lines):
            if row < after:
                continue
            body = line.lstrip(" \t")
            if not body:
                self.in_paragraph = self.in_quote = self.is_bare = False
                continue
            indent = len(line) - len(body)
            if indent:
                if "\t" in line:
                    indent = len(line[:indent].expandtabs(4))
                if self.is_bare or self.in_quote:
                    raise Undecided
            if body[0] in _LEADS and (indent < 4 or not self.in_paragraph or self.columns):
                after = self._read_special(row, body, indent)
            if after <= row:
                self._read_text(row, body, indent)

    def _read_text(self, row: int, body: str, indent: int) -> None:
        """A line of a paragraph; it may continue a list item that it is not indented for."""
        found, number = self.found, self.found.first_line + row
        if not self.in_paragraph:
            if self.in_quote:
                raise Undecided
            self._leave_items(indent)
            self.in_paragraph, self.is_bare = True, False
            if found.items and (self.stretch is None or self.stretch.kind != "item"):
                self.stretch = Stretch("paragraph", number, number, [], "", 0, len(self.columns))
                found.stretches.append(self.stretch)
        if self.stretch is not None:
            self.stretch.last = number
            self.stretch.texts.append(body.strip())
        read_inline(found, row, body)

    def _leave_items(self, indent: int) -> None:
        """Closes the list items that a line so far to the right is outside of."""
        while self.columns and indent < self.columns[-1]:
            self.columns.pop()
            self.stretch = None
        if indent - (self.columns[-1] if self.columns else 0) >= 4:
            raise Undecided  # it may be code

    def _read_special(self, row: int, body: str, indent: int) -> int:
        """Reads a line that may be more than text: the row to continue at, `row` itself if it is text after all."""
        lead, lines = body[0], self.found.lines
        may_be_rule = lead in "-*_=" and body[-1] in "-*_= \t"
        if may_be_rule and self.in_paragraph and re.match(_UNDERLINE, body):
            raise Undecided  # it makes the paragraph a heading
        if may_be_rule and re.match(RULE, body):
            after = row + 1
        elif lead in "-+*0123456789":
            return self._read_item(row, body, indent)
        elif lead == "#" and (match := _HEADING.match(body)):
            self._read_heading(row, body, match)
            after = row + 1
        elif lead == ">":
            self._read_quoted(row, body)
            after = row + 1
        elif row in self.markers.kinds:
            after = read_block(self.found, self.markers, row) + 1
        elif re.match(_HTML, body):
            raise Undecided
        else:
            after = fence_end(lines, row)
        if after > row:
            if indent >= 4 or (indent and self.columns):
                raise Undecided
            self.columns.clear()
            self.in_paragraph = self.is_bare = False
            self.stretch = None
            self.in_quote = lead == ">" and bool(body[1:].strip(" \t"))
        return after

    def _read_heading(self, row: int, body: str, match: re.Match[str]) -> None:
        text = body[match.end() :].rstrip(" \t")
        opening = text.rstrip("#")
        if not opening or opening[-1] in " \t":
            text = opening
        number = self.found.first_line + row
        stretch = Stretch("heading", number, number, [text.strip()], "", len(match[1]))
        self.found.stretches.append(stretch)
        read_inline(self.found, row, body[match.end() :])

    def _read_quoted(self, row: int, body: str) -> None:
        """A line of a quote: whatever it is within, only its links and tags count, as long as it is no code."""
        rest = body[1:].removeprefix(" ")
        if not rest.strip(" \t"):
            return
        if _IN_QUOTE.match(rest):
            raise Undecided
        read_inline(self.found, row, rest)

    def _read_item(self, row: int, body: str, indent: int) -> int:
        match = _ITEM.match(body)
        if match is None:
            start = _ITEM_START.match(body)
            if start is None:
                return row
            if self.in_paragraph or self.in_quote or body[start.end() :].strip(" \t"):
                raise Undecided
            self._leave_items(indent)
            self.is_bare, self.stretch = True, None
            return row + 1
        mark, box = match.groups()
        if mark[0].isdigit():
            is_inside = not self.columns or indent >= self.columns[-1]
            if self.in_quote or (self.in_paragraph and is_inside and mark[:-1] != "1"):
                raise Undecided  # continues the paragraph, as a sentence that happens to break before "7. "
        self._leave_items(indent)
        if len(self.columns) > _DEEPEST:
            raise Undecided
        self.columns.append(indent + (match.start(2) - 1 if box else match.end()))
        self.in_paragraph, self.in_quote, self.is_bare = True, False, False
        task = task_of(box) if box else ""
        number = self.found.first_line + row
        text = body[match.end() :].strip()
        self.stretch = Stretch("item", number, number, [text], task, 0, len(self.columns))
        self.found.stretches.append(self.stretch)
        read_inline(self.found, row, body[match.end() :])
        return row + 1
