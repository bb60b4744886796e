"""What a note's body holds: headings, items, links, tags, our blocks, and what is wrong with them.

Most notes are plain enough to be read line by line, which this module does. Whatever it cannot decide for
certain (raw HTML, comments, math, tables, escapes, definitions ...) makes it give up on the whole note, and
`markdown` reads that one with a full parser. The two never tell the same text differently, and tests hold
them to it.
"""

from __future__ import annotations

import re

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.markdown.inline import (
    TASK,
    Found,
    Markers,
    find_markers,
    has_signs,
    meet_marker,
    read_inline,
    task_of,
)
from mdmentor.core.model import Body, Heading, Item, make

# Longer lines are left to the parser: the patterns below may walk a line more than once.
_LONGEST = 5000

# So are lists nested deeper: what is too deep is the parser's to say.
_DEEPEST = 40

# What a note read line by line must not hold.
_DEFINITION = r"(?m)^[ \t>+*\d.)-]*\[(?!\^)[^][]*\]:"
_TABLE = r"\|[^|\n]*\n[ \t>]*[-|:][-|: \t]*(?:\n|\Z)"

_BULLET = re.compile(r"(?:[-+*]|([0-9]{1,9})[.)])(?:( {1,4})(?=[^ \t])|[ \t]*\Z)")
_BULLETISH = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|\Z)")
_RULE = r"([-*_])[ \t]*(?:\1[ \t]*){2,}\Z"
_FENCE = r"(`{3,})[^`]*\Z|(~{3,})"
_FENCE_END = r" {0,3}(`{3,}|~{3,})[ \t]*\Z"
_HEADING = re.compile(r"(#{1,6})(?:[ \t]+|\Z)")
_HEADING_END = r"(?:\A|[ \t]+)#+[ \t]*\Z"
_AUTOLINK = r"<https?://"
# What a quote begins with when its lines cannot be told apart one by one.
_QUOTE_DOUBT = r"[ \t]|>|```|~~~|<(?!https?://)"
# A list item that begins so holds a block of its own.
_BLOCKISH = re.compile(
    r"[ \t]|#{1,6}(?:[ \t]|\Z)|>|```|~~~|<(?!https?://)|(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|\Z)"
    r"|([-*_])[ \t]*(?:\1[ \t]*){2,}\Z"
)
# Characters at which a line may begin something else than plain text, and those with which what looks like a
# rule or underlines a heading must end.
_BULLETS = frozenset("-*+")
_LEADS = frozenset(" \t#>-+*0123456789`~<=_")
_ENDS = frozenset("-*_= \t")


def read_body(path: str, text: str, first_line: int = 1, *, items: bool = True) -> Body:
    """What `text`, the body of the note at `path`, holds; every line and column is one of the file.

    `first_line` is the file's line number of the body's first line. Without `items` there are none in the
    answer, for notes in which nobody asks for them. A carriage return within a line counts as a blank. Any
    text can be read; lists nested deeper than 50, which nobody writes, are told as a problem and left unread.
    """
    if "\r" in text:
        text = text.replace("\r", " ")
    return read_plainly(path, text, first_line, items) or read_fully(path, text, first_line, items)


def read_plainly(path: str, text: str, first_line: int, items: bool) -> Body | None:
    """The body as far as its lines can be read one by one, else None."""
    lines = text.split("\n")
    if len(text) > _LONGEST and max(map(len, lines)) > _LONGEST:
        return None
    if may_hold_marks(text) or _needs_parser(text):
        return None
    found = Found(path, first_line, lines, items)
    return _close(found) if _read_lines(found, text) else None


def read_fully(path: str, text: str, first_line: int, items: bool) -> Body:
    """The body as the parser reads it, a hundred times as slow; its import alone takes 60 ms."""
    from mdmentor.core.markdown import parser

    found = Found(path, first_line, text.split("\n"), items)
    parser.read_tokens(found, text)
    return _close(found)


def _needs_parser(text: str) -> bool:
    return (
        ("%" in text and "%%" in text)
        or ("$" in text and "$$" in text)
        or ("]:" in text and ("\\]" in text or _has_definition(text)))
        or ("|" in text and re.search(_TABLE, text) is not None)
    )


def _has_definition(text: str) -> bool:
    """True where `[label]: ...` may make every `[label]` a link; `[[Ada]]: said ...` is far more common."""
    return text.count("]:") > text.count("]]:") and re.search(_DEFINITION, text) is not None


def _close(found: Found) -> Body:
    """What was found as a value: headings and items with the headings above them."""
    headings: list[Heading] = []
    items: list[Item] = []
    above: list[Heading] = []
    sections: tuple[str, ...] = ()
    for kind, first, parts, task, level, depth in found.stretches:
        last, text = parts[-1]
        if len(parts) > 1:
            text = " ".join([part for _, part in parts if part])
        if kind == "heading":
            while above and above[-1].level >= level:
                above.pop()
            sections = tuple([heading.text for heading in above]) if found.items else ()
        if found.items and text:
            items.append(make(Item, (kind, first, last, text, task, sections, level, depth)))
        if kind == "heading":
            heading = Heading(level, text, first, last)
            headings.append(heading)
            above.append(heading)
            sections = (*sections, text)
    if len(found.problems) > 1:
        found.problems.sort(key=lambda problem: (problem.line, problem.column))
    return Body(
        tuple(headings),
        tuple(items),
        tuple(found.links),
        tuple(found.tags.values()),
        tuple(found.blocks),
        tuple(found.problems),
    )


class _Spot:
    """Where the reading of lines stands: what is open, and what the next line may go on with."""

    __slots__ = ("columns", "in_item", "in_quote", "is_bare", "is_open", "parts")

    def __init__(self) -> None:
        self.columns: list[int] = []  # where the content of each open list item begins, outermost first
        self.is_open = False  # a paragraph, which the next line goes on with
        self.in_quote = False  # a quote, which the next line may go on with even without its sign
        self.is_bare = False  # a list item that holds nothing yet
        self.in_item = False  # what is met last is a list item's own text
        self.parts: list[tuple[int, str]] | None = None  # what a line that goes on is added to

    def close(self) -> None:
        self.columns.clear()
        self.is_open = self.in_quote = self.is_bare = False
        self.parts = None

    def leave(self, indent: int) -> bool:
        """Leaves the list items that a line so far to the right is outside of; False if it may be code."""
        columns = self.columns
        keep = len(columns)
        while keep and indent < columns[keep - 1]:
            keep -= 1
        if keep < len(columns):
            self.parts = None
            del columns[keep:]
        return indent - (columns[-1] if columns else 0) < 4


def _read_lines(found: Found, text: str) -> bool:
    """Reads line by line; False as soon as one cannot be decided."""
    markers = find_markers(text, found.lines)
    spot = _Spot()
    resume = 0
    for index, line in enumerate(found.lines):
        if index < resume:
            continue
        body, indent, lead = line, 0, line[:1]
        if lead not in _LEADS:
            if not lead:
                spot.is_open = spot.in_quote = spot.is_bare = False
            elif not found.items and not spot.columns and not spot.in_quote:
                spot.is_open, spot.is_bare = True, False
                if has_signs(line) and not read_inline(found, index, 0):
                    return False
            elif not _read_text(found, spot, index, line, 0):
                return False
            continue
        if lead in _BULLETS and line[1:2] == " " and line[-1] not in _ENDS:
            content = line[2:]
            if content[0] not in _LEADS or (content[4:5] == "-" and content[:4].isdecimal()):
                # as nearly all items are written, and entries of a log
                spot.columns.clear()
                if not _begin_item(found, spot, index, content, 2):
                    return False
                continue
        if lead == " " or lead == "\t":
            body = line.lstrip(" \t")
            lead = body[:1]
            indent = len(line) - len(body)
            if "\t" in line:
                indent = len(line[:indent].expandtabs(4))
        if not lead:
            spot.is_open = spot.in_quote = spot.is_bare = False
            continue
        if indent and (spot.is_bare or spot.in_quote):
            return False
        if lead in _LEADS and not (indent >= 4 and spot.is_open and not spot.columns):
            resume = _read_special(found, spot, markers, index, body, indent)
            if resume < 0:
                return False
            if resume > index:
                continue
        if not _read_text(found, spot, index, body, indent):
            return False
    return True


def _read_text(found: Found, spot: _Spot, index: int, body: str, indent: int) -> bool:
    """A line of a paragraph; it may go on with a list item that it is not indented for."""
    number = found.first_line + index
    columns = spot.columns
    if spot.is_open:
        if spot.parts:
            spot.parts.append((number, body.strip()))
    elif spot.in_quote or not (spot.leave(indent) if columns else indent < 4):
        return False
    else:
        spot.is_open, spot.is_bare = True, False
        if found.items:
            if spot.parts and spot.in_item:
                spot.parts.append((number, body.strip()))
            else:
                spot.parts, spot.in_item = [(number, body.strip())], False
                found.stretches.append(("paragraph", number, spot.parts, "", 0, len(columns)))
    return not has_signs(body) or read_inline(found, index, len(found.lines[index]) - len(body))


def _read_special(found: Found, spot: _Spot, markers: Markers, index: int, body: str, indent: int) -> int:
    """Reads a line that may be more than text: the index to go on at, `index` itself if it is text after all.

    -1 if it cannot be decided.
    """
    lead, may_be_rule = body[0], body[-1] in _ENDS
    if may_be_rule and lead in "-=" and spot.is_open and not body.rstrip(" \t").strip(lead):
        return -1  # underlines a heading
    if may_be_rule and lead in "-*_" and re.match(_RULE, body):
        after = index + 1
    elif lead in "-+*" or lead.isdigit():
        return _read_item(found, spot, index, body, indent)
    elif lead == "#" and (match := _HEADING.match(body)):
        if not _read_heading(found, index, body, match):
            return -1
        after = index + 1
    elif lead == ">":
        if not _read_quoted(found, index, body):
            return -1
        after = index + 1
    elif lead in "`~" and (match := re.match(_FENCE, body)):
        after = _fence_end(found.lines, index + 1, match[0][0], len(match[1] or match[2]))
    elif lead == "<" and index in markers.kinds:
        after = meet_marker(found, markers, index) + 1
    elif (
        lead == "<"
        and body[1:2]
        and (body[1].isalpha() or body[1] in "/!?")
        and not re.match(_AUTOLINK, body)
    ):
        return -1
    else:
        return index
    if indent >= 4 or (indent and spot.columns):
        return -1
    spot.close()
    spot.in_quote = lead == ">" and bool(body[1:].strip(" \t"))
    return after


def _read_heading(found: Found, index: int, body: str, match: re.Match[str]) -> bool:
    text = body[match.end() :].rstrip(" \t")
    if text.endswith("#"):
        text = re.sub(_HEADING_END, "", text)
    number = found.first_line + index
    found.stretches.append(("heading", number, [(number, text.strip())], "", len(match[1]), 0))
    return not has_signs(text) or read_inline(found, index, len(found.lines[index]) - len(body) + match.end())


def _read_quoted(found: Found, index: int, body: str) -> bool:
    """A line of a quote: whatever it is within, only its links and tags count, as long as it is no code."""
    rest = body[2:] if body[1:2] == " " else body[1:]
    if not rest.strip(" \t"):
        return True
    match = _BULLET.match(rest)
    if re.match(_QUOTE_DOUBT, rest) or (match and _BLOCKISH.match(rest, match.end())):
        return False
    if not match and _BULLETISH.match(rest):
        return False
    return read_inline(found, index, len(found.lines[index]) - len(rest))


def _fence_end(lines: list[str], index: int, sign: str, length: int) -> int:
    """The position behind the fence's last line; an unclosed one goes to the end."""
    while index < len(lines):
        line = lines[index]
        index += 1
        if (
            sign in line
            and (match := re.match(_FENCE_END, line))
            and match[1][0] == sign
            and len(match[1]) >= length
        ):
            break
    return index


def _read_item(found: Found, spot: _Spot, index: int, body: str, indent: int) -> int:
    match = _BULLET.match(body)
    if match is None:
        return -1 if _BULLETISH.match(body) else index
    columns = spot.columns
    number_sign, gap = match.groups()
    if gap is None:
        if spot.is_open or spot.in_quote or not spot.leave(indent):
            return -1
        spot.is_bare, spot.parts = True, None
        return index + 1
    if number_sign and (
        spot.in_quote or (spot.is_open and number_sign != "1" and (not columns or indent >= columns[-1]))
    ):
        return -1  # goes on with the paragraph, as a sentence that happens to break before "7. "
    begin = match.end()
    content = body[begin:]
    if not (spot.leave(indent) if columns else indent < 4) or len(columns) > _DEEPEST:
        return -1
    if content[0] in _LEADS and _BLOCKISH.match(content):
        return -1
    return index + 1 if _begin_item(found, spot, index, content, indent + begin) else -1


def _begin_item(found: Found, spot: _Spot, index: int, content: str, column: int) -> bool:
    """Begins a list item whose content begins in a column, counted from 0; False if its links cannot be decided."""
    spot.columns.append(column)
    spot.is_open, spot.in_quote, spot.is_bare, spot.parts = True, False, False, None
    task = ""
    if content[0] == "[" and (box := TASK.match(content)):
        task = task_of(box[1])
        content = content[box.end() :]
    if found.items:
        number = found.first_line + index
        spot.parts, spot.in_item = [(number, content.strip())], True
        found.stretches.append(("item", number, spot.parts, task, 0, len(spot.columns)))
    return not has_signs(content) or read_inline(found, index, len(found.lines[index]) - len(content))
