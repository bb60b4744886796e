"""What notes write within a line: links, tags, checkboxes. Shared by both ways of reading a body.

The package reads most notes line by line, `parser` reads the rest. Links and tags become values here and
only here, so that the two agree. No link is resolved here.
"""

from __future__ import annotations

import re
from collections.abc import Container

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.model import ERROR, HINT, Block, Body, Heading, Item, Link, Problem, new

# The text of a wikilink: a lone "]" does not close it, "[[" inside begins another, and it never goes over the end
# of a line. Unrolled, so that an endless line without "]]" is read in linear time: early versions of Python 3.11 do
# not match possessive groups as they should.
_IN_WIKILINK = r"(?!\[|\]\])[^\[\]\n]*+(?:(?:\](?!\])|\[(?!\[))[^\[\]\n]*+)*"
WIKILINK = re.compile(rf"\[\[(?P<inner>[^\[\]\n]++(?=\]\])|{_IN_WIKILINK})\]\](?P<wikilink>)")
# Obsidian's own class of what a tag may hold.
TAG = re.compile(r"""#(?<!\S#)([^\u2000-\u206f\u2e00-\u2e7f\s'!"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]+)""")
# Any mark but one that would mean something to the text behind it.
TASK = re.compile(r"\[([^\n\[\]`$\\])\](?:[ \t]+|\Z)")

# One letter before the colon is a drive of Windows, which is a file and so a link.
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+:|//"
# In a wikilink a colon may belong to a title (`[[Re: raise]]`): only what is surely an address counts.
_ADDRESS = r"(?i)//|[a-z][a-z0-9+.-]+://|(?:mailto|tel|sms|magnet|obsidian|file|data|javascript|urn):(?=\S)"


class Found:
    """What has been found so far in one body; line numbers are the file's."""

    def __init__(self, path: str, first_line: int, text: str) -> None:
        self.path, self.first_line, self.text = path, first_line, text
        self.lines = text.split("\n")
        self.headings: list[Heading] = []
        self.items: list[Item] = []
        self.links: list[Link] = []
        self.tags: dict[str, str] = {}  # folded -> as first spelled
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self._sections: tuple[str, ...] = ()  # the headings above what follows
        # for each of those its level and the texts down to it
        self._above: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        self._more: list[str] = []  # further lines of the last item
        self._last = 0

    def add_heading(self, level: int, text: str, line: int, last: int) -> None:
        above = self._above
        while above[-1][0] >= level:
            above.pop()
        sections = above[-1][1]
        heading = new(Item, ("heading", line, last, text, "", sections, level, 0))
        self._sections = (*sections, text)
        above.append((level, self._sections))
        self.headings.append(heading)
        if self._more:
            self._end_item()
        self.items.append(heading)

    def add_item(
        self, kind: str, text: str, line: int, last: int, task: str = "", level: int = 0, depth: int = 0
    ) -> None:
        if self._more:
            self._end_item()
        self.items.append(new(Item, (kind, line, last, text, task, self._sections, level, depth)))

    def continue_item(self, text: str, last: int) -> None:
        """Adds text to the last item, up to the line `last`."""
        self._more.append(text)
        self._last = last

    def _end_item(self) -> None:
        item = self.items[-1]
        text = " ".join(filter(None, [item.text, *self._more]))
        self.items[-1] = item._replace(last=self._last, text=text)
        self._more = []

    def body(self) -> Body:
        """All that was found; items without text are left out."""
        if self._more:
            self._end_item()
        self.problems.sort(key=lambda problem: (problem.line, problem.column))
        return Body(
            tuple(self.headings),
            tuple([item for item in self.items if item.text]),
            tuple(self.links),
            tuple(self.tags.values()),
            tuple(self.blocks),
            tuple(self.problems),
        )


def split_wikilink(inner: str) -> tuple[str, str] | None:
    """Name with fragment, and shown text, of the text between double brackets; None if it names nothing.

    In a table the bar is written `\\|`; the backslash is part of neither.
    """
    named, bar, shown = inner.partition("|")
    named = named.removesuffix("\\").strip() if bar else named.strip()
    return (named, shown.strip() or named) if named.strip("# \t") else None


def add_wikilink(found: Found, line: int, column: int, raw: str, parts: tuple[str, str]) -> None:
    """Adds the wikilink or embed `raw`; an address in double brackets is no note but a hint."""
    named, text = parts
    if (":" in named or named[0] == "/") and re.match(_ADDRESS, named):
        what = f'"{raw}" is an address, not a note'
        fix = f'write "[words]({named})"'
        found.problems.append(Problem(found.path, line, column, HINT, "external-wikilink", what, fix))
        return
    target, _, fragment = named.partition("#")
    kind = "embed" if raw[0] == "!" else "wikilink"
    found.links.append(new(Link, (line, column, kind, raw, target.rstrip(), fragment.strip(), text, "")))


def add_inline(found: Found, line: int, column: int, raw: str, destination: str, text: str) -> None:
    """Adds the Markdown link or image `raw`, unless it leads out of the vault or nowhere."""
    target, _, fragment = destination.partition("#")
    if "%" in destination:
        from urllib.parse import unquote  # slow to load for the merge driver, and few notes need it

        target, fragment = unquote(target), unquote(fragment)
    target, fragment = target.strip(), fragment.strip()
    if (target or fragment) and not re.match(_SCHEME, destination):
        kind = "embed" if raw[0] == "!" else "inline" if raw[-1] == ")" else "reference"
        found.links.append(Link(line, column, kind, raw, target, fragment, text))


def add_tag(found: Found, tag: str) -> None:
    """Adds a tag, unless it is all digits (`#1984` is a number)."""
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


def report_conflict(found: Found, in_code: Container[int]) -> None:
    """Adds one problem for the first conflict mark on a row outside fenced code; the others are of the same merge.

    A line `=======` alone is not looked for: it underlines a heading.
    """
    for row, line in enumerate(found.lines):
        mark = parse_mark(line)
        if mark and mark.is_certain and row not in in_code:
            what = f'a merge is not finished: the line begins with "{mark.sign * 7}"'
            fix = "finish the merge: keep the lines you want and remove the marker lines"
            problem = Problem(found.path, found.first_line + row, 1, ERROR, "conflict-markers", what, fix)
            found.problems.append(problem)
            return


class Undecided(Exception):
    """What a line means depends on more than the lines above: the full parser has to read the body."""


# What a line with links or tags must not hold for them to be certain. `[label]: ...` may make every `[label]` of the body
# a link; `[[Ada]]: said ...` is far more common.
_DEFINITION = r"(?m)^[ \t>+*\d.)-]*\[(?!\^)[^][]*\]:"
_ESCAPE = re.compile(r"\\[][()`<>!#$%&|\\]")
_MATH = re.compile(r"\$.*\S\$(?!\d)")

# The last group says what was found; a "doubt" is a sign that may open something the pattern does not know. Each
# branch begins with a literal, which lets the engine skip to it.
_INLINE = re.compile(
    rf"{WIKILINK.pattern}"
    r"|\[(?P<text>[^\[\]`<\\]*)\]\( *(?:(?:<(?P<angle>[^<>\\&]*)>|(?P<plain>[^\x00-\x20\x7f()<>\\&]+))"
    r"(?: +\"[^\"\\&]*\")?)? *\)(?P<inline>)"
    r"|`(?:(?<!``)(?P<ticks>`*)(?!`).*?(?<!`)`(?P=ticks)(?!`)(?P<code>)|(?P<doubt_tick>))"
    r"|<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^<>\x00-\x20]*>(?P<address>)"
    r"|(?=[ <]|\Z|[0-9]+(?:[ ,)]|\Z)|[0-9]+-[0-9]+-[0-9]+[ >])(?P<sign>)|(?P<doubt_tag>))"
    r"|\](?=\()(?P<doubt_link>)"
)


def read_inline(found: Found, lines: list[str]) -> None:
    """Adds the links and tags of the body's lines, code being blank. Raises Undecided where one may continue on the next."""
    text = "\n".join(lines)
    has_signs, has_tags = "`" in text or "<" in text or "](" in text, TAG.search(text) is not None
    may_be_odd = "\\" in text or "$" in text
    if "]:" in text and text.count("]:") > text.count("]]:") and re.search(_DEFINITION, found.text):
        raise Undecided
    for number, line in enumerate(lines, found.first_line):
        is_plain = not has_signs or not ("`" in line or "<" in line or "](" in line)
        if is_plain and "]" not in line and not (has_tags and "#" in line):
            continue
        if may_be_odd and (_ESCAPE.search(line) or _MATH.search(line)):
            raise Undecided
        pattern, at = WIKILINK if is_plain else _INLINE, 0
        while match := pattern.search(line, at):
            at, kind, raw, column = match.end(), match.lastgroup or "", match[0], match.start() + 1
            if line[column - 2 : column - 1] == "!":
                raw, column = f"!{raw}", column - 1
            if kind == "wikilink" and (parts := split_wikilink(match[1])):
                add_wikilink(found, number, column, raw, parts)
            elif kind == "inline":
                destination = match["angle"] or match["plain"] or ""
                add_inline(found, number, column, raw, destination, match["text"])
            elif kind not in ("code", "address", "sign"):
                raise Undecided
        if has_tags and "#" in line:
            for tag in TAG.findall(pattern.sub("`", line)):
                add_tag(found, tag)
