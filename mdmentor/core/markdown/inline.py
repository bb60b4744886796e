"""What notes write that Markdown does not know, and what both ways of reading a body share.

`body` reads most notes line by line, `markdown` reads the rest with a parser. Links, tags and our own blocks
become values here and only here, so that the two cannot tell the same text differently. Nothing is resolved or
looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.model import ERROR, HINT, WARNING, Block, Link, Problem, make

# What stands in a wikilink: a lone "]" does not close it, "[[" inside begins another, and it never goes over the end
# of a line. Unrolled, so that an endless line without "]]" is read in linear time: early versions of Python 3.11 do
# not match possessive groups as they should.
IN_WIKILINK = r"(?!\[|\]\])[^\[\]\n]*+(?:(?:\](?!\])|\[(?!\[))[^\[\]\n]*+)*"
WIKILINK = re.compile(rf"\[\[({IN_WIKILINK})\]\]")
# Obsidian's own class of what a tag may hold; the caller sees to what stands before the "#".
TAG = re.compile(r"""#([^\u2000-\u206f\u2e00-\u2e7f\s'!"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]+)""")
# Any mark but one that would mean something to the text behind it.
TASK = re.compile(r"\[([^\n\[\]`$\\])\](?:[ \t]+|\Z)")

BLOCK_KINDS = ("backlinks", "related", "next", "card")
_OPENING = r"[ \t]*<!--[ \t]*mdmentor:[ \t]*([^>]*?)[ \t]*-->[ \t]*\Z"
_CLOSING = r"[ \t]*<!--[ \t]*/mdmentor(?::[^>]*)?[ \t]*-->[ \t]*\Z"

_PIPE = r"\\?\|"
# One letter before the colon is a drive of Windows, which is a file and so a link.
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+:|//"
# In a wikilink a colon may belong to a title (`[[Re: raise]]`): only what is surely an address counts.
_ADDRESS = (
    r"(?i)//|[A-Za-z][A-Za-z0-9+.-]+://|(?:mailto|tel|sms|magnet|obsidian|file|data|javascript|urn):(?=\S)"
)


# The lines of a heading, paragraph or list item while a body is being read: its kind, its first line, its lines
# without outer blanks, each with the number of its own (which of a stretch that is read as a whole is its last),
# its task, the level of a heading, and in how many list items it stands. A plain tuple, as nearly every line makes one.
Stretch = tuple[str, int, list[tuple[int, str]], str, int, int]


class Found:
    """What has been found so far in one body; line numbers are the file's."""

    __slots__ = ("blocks", "first_line", "items", "lines", "links", "path", "problems", "stretches", "tags")

    def __init__(self, path: str, first_line: int, lines: list[str], items: bool) -> None:
        self.path, self.first_line, self.lines = path, first_line, lines
        self.items = items  # paragraphs and list items are wanted, not only headings
        self.links: list[Link] = []
        self.tags: dict[str, str] = {}  # folded -> as first spelled
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self.stretches: list[Stretch] = []


def split_wikilink(inner: str) -> tuple[str, str] | None:
    """Name with fragment, and shown text, of what stands between double brackets; None if it names nothing.

    In a table the bar is written `\\|`; the backslash is part of neither.
    """
    shown = ""
    if "|" in inner:
        inner, shown = re.split(_PIPE, inner, maxsplit=1) if "\\|" in inner else inner.split("|", 1)
    named = inner.strip()
    if not named or (named[0] == "#" and not named.strip("# \t")):
        return None
    return named, shown.strip() or named


def add_wikilink(found: Found, line: int, column: int, raw: str, parts: tuple[str, str]) -> None:
    """Keeps the wikilink or embed `raw`; an address in double brackets is no note and told as a hint."""
    named, text = parts
    if (":" in named or named[0] == "/") and re.match(_ADDRESS, named):
        what = f'"{raw}" is an address, not a note'
        fix = f'write "[words]({named})"'
        found.problems.append(Problem(found.path, line, column, HINT, "external-wikilink", what, fix))
        return
    kind = "embed" if raw[0] == "!" else "wikilink"
    if "#" not in named:
        found.links.append(make(Link, (line, column, kind, raw, named, "", text, "")))
        return
    target, _, fragment = named.partition("#")
    found.links.append(Link(line, column, kind, raw, target.rstrip(), fragment.strip(), text))


def add_inline(found: Found, line: int, column: int, raw: str, destination: str, text: str) -> None:
    """Keeps the Markdown link or image `raw`, unless it leads out of the vault or nowhere."""
    if (":" in destination or destination[:1] == "/") and re.match(_SCHEME, destination):
        return
    target, _, fragment = destination.partition("#")
    if "%" in destination:
        from urllib.parse import unquote  # as slow to load as all of this module, and needed by few notes

        target, fragment = unquote(target), unquote(fragment)
    target, fragment = target.strip(), fragment.strip()
    if not target and not fragment:
        return
    kind = "embed" if raw[0] == "!" else "inline" if raw[-1] == ")" else "reference"
    found.links.append(Link(line, column, kind, raw, target, fragment, text))


def add_tag(found: Found, tag: str) -> None:
    """Keeps a tag, unless it is all digits (`#1984` is a number)."""
    if not tag.isdigit():
        found.tags.setdefault(tag.casefold(), tag)


def task_of(mark: str) -> str:
    """What the checkbox `[mark]` says, as the plugin Tasks and bullet journals have it.

    A blank one is open, and so is one under way (`/`). Dropped is what was cancelled (`-`), moved to another
    day (`>`) or only planned (`<`). Any other mark, those of decorated lists too, is done.
    """
    if mark.isspace() or mark == "/":
        return "open"
    return "dropped" if mark in "-<>" else "done"


class Markers(NamedTuple):
    """The lines that look like markers of our blocks, by position in the body, and how far each reaches."""

    kinds: dict[int, str]  # "" for a closing one
    order: list[int]
    closing: dict[int, int]  # opening -> the next closing one below
    spent: set[int]  # those already told of as part of a damaged block

    def next(self, index: int) -> int:
        """The next marker below, -1 if there is none."""
        place = bisect_right(self.order, index)
        return self.order[place] if place < len(self.order) else -1


def find_markers(text: str, lines: list[str]) -> Markers:
    """The markers in `text`; whether one stands in code, and so is none, is for the reader to know."""
    kinds: dict[int, str] = {}
    for index, line in enumerate(lines if "<" in text and "<!--" in text and "mdmentor" in text else ()):
        if "mdmentor" in line:
            if opening := re.match(_OPENING, line):
                kinds[index] = opening[1]
            elif re.match(_CLOSING, line):
                kinds[index] = ""
    closing: dict[int, int] = {}
    end = -1
    for index in reversed(kinds):
        if not kinds[index]:
            end = index
        elif end >= 0:
            closing[index] = end
    return Markers(kinds, list(kinds), closing, set())


def meet_marker(found: Found, markers: Markers, index: int) -> int:
    """Keeps the block that begins at a marker; the position of the last line that is not the user's own text.

    Only the two markers of a sound block enclose something. A damaged one is told as a problem and takes away
    nothing but the marker's own line, so that no text of the user's is lost behind a slip.
    """
    if index in markers.spent:
        return index
    kind, end = markers.kinds[index], markers.closing.get(index)
    if not kind:
        _blame(found, index, "block-stray-end", "a block ends here that has not begun", "remove the line")
        return index
    inside = markers.next(index)
    if kind not in BLOCK_KINDS:
        fix = "write one of " + ", ".join(BLOCK_KINDS)
        _blame(found, index, "block-unknown", f'there is no block "{kind}"', fix)
        if inside == end:
            markers.spent.add(inside)
        return index
    if end is None:
        fix = "add a line <!-- /mdmentor --> where it should end"
        _blame(found, index, "block-open", f'the block "{kind}" has no end', fix)
        return index
    if inside != end:
        while inside != end:
            what = f'the block "{markers.kinds[inside]}" begins inside the block "{kind}"'
            _blame(
                found, inside, "block-nested", what, "end the first one before it, or remove one of the two"
            )
            markers.spent.add(inside)
            inside = markers.next(inside)
        markers.spent.add(end)
        return index
    content = "\n".join(found.lines[index + 1 : end])
    found.blocks.append(Block(kind, found.first_line + index, found.first_line + end, content))
    return end


def _blame(found: Found, index: int, code: str, what: str, fix: str) -> None:
    line = found.lines[index]
    column = len(line) - len(line.lstrip()) + 1
    found.problems.append(Problem(found.path, found.first_line + index, column, WARNING, code, what, fix))


def report_conflict(found: Found, in_code: set[int]) -> None:
    """Keeps one problem for the first conflict marker outside fenced code; the others are of the same merge.

    A line `=======` alone is not looked for: it underlines a heading.
    """
    for index, line in enumerate(found.lines):
        mark = parse_mark(line)
        if mark and mark.is_certain and index not in in_code:
            what = f'a merge is not finished: the line begins with "{mark.sign * 7}"'
            fix = "finish the merge: keep the lines you want and remove the marker lines"
            number = found.first_line + index
            found.problems.append(Problem(found.path, number, 1, ERROR, "conflict-markers", what, fix))
            return


# What a line with links or tags must not hold for them to be certain.
_ESCAPE = r"\\[][()`<>!#$%&|\\]"
_MATH = r"\S\$(?!\d)"

# Each branch begins with a literal, which lets the engine skip to it. The last group tells what was met; a
# "doubt" is a sign that may open something the pattern does not know.
_RICH = re.compile(
    rf"\[(?:\[(?P<inner>{IN_WIKILINK})\]\](?P<wikilink>)"
    r"|(?P<text>[^\[\]`<\\]*)\]\( *(?:(?:<(?P<angle>[^<>\\&]*)>|(?P<plain>[^\x00-\x20\x7f()<>\\&]+))"
    r"(?: +\"[^\"\\&]*\")?)? *\)(?P<inline>))"
    r"|`(?:(?<!``)(?P<ticks>`*)(?!`).*?(?<!`)`(?P=ticks)(?!`)(?P<code>)|(?P<doubt_tick>))"
    r"|<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*>(?P<address>)"
    r"|(?=[ <]|\Z|[0-9]+(?:[ ,)]|\Z))(?P<sign>)|(?P<doubt_tag>))"
    r"|\](?=\()(?P<doubt_link>)"
)


def has_signs(text: str) -> bool:
    """False for text in which no link ends and no tag begins, as most is."""
    return "]" in text or "#" in text or "`" in text or "<" in text


def read_inline(found: Found, index: int, start: int) -> bool:
    """Keeps links and tags of one line from `start` on; False if one may go on over the end of the line."""
    line = found.lines[index]
    has_brackets = "]" in line
    if "`" in line or "<" in line or (has_brackets and "](" in line):
        links = _RICH
    elif has_brackets and "[[" in line:
        links = WIKILINK
    elif "#" in line:
        if "$" in line and _may_be_math(line):
            return False
        _read_tags(found, line[start:])
        return True
    else:
        return True
    if ("$" in line and _may_be_math(line)) or ("\\" in line and re.search(_ESCAPE, line)):
        return False
    number = found.first_line + index
    has_tags = "#" in line and line.find("#", start) >= 0
    rest, at = "", start
    for match in links.finditer(line, start):
        kind = match.lastgroup
        begin, end = match.span()
        if kind is None or kind == "wikilink":
            if begin > start and line[begin - 1] == "!":
                begin -= 1
            parts = split_wikilink(match[1])
            if parts is None:
                return False
            add_wikilink(found, number, begin + 1, line[begin:end], parts)
        elif kind == "inline":
            if begin > start and line[begin - 1] == "!":
                begin -= 1
            destination = match["angle"] or match["plain"] or ""
            add_inline(found, number, begin + 1, line[begin:end], destination, match["text"])
        elif kind.startswith("doubt"):
            return False
        if has_tags:
            rest += line[at:begin] + "`"
            at = end
    if has_tags:
        _read_tags(found, rest + line[at:])
    return True


def _read_tags(found: Found, text: str) -> None:
    for match in TAG.finditer(text):
        if not match.start() or text[match.start() - 1].isspace():
            add_tag(found, match[1])


def _may_be_math(line: str) -> bool:
    return line.count("$") > 1 and re.search(_MATH, line) is not None
