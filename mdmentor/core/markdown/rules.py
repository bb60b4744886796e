"""The rules of Markdown for the parser: CommonMark and tables, with the marks that notes add to it.

Each rule runs inside markdown-it and records what it finds in the `Reading` of the body at hand.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, heading, html_block, lheading, paragraph, reference, table
from markdown_it.rules_inline import StateInline, html_inline, image, link

from mdmentor.core.markdown.blocks import Markers, read_block
from mdmentor.core.markdown.inline import (
    TAG,
    WIKILINK,
    Found,
    add_inline,
    add_tag,
    add_wikilink,
    split_wikilink,
)

DEEPEST = 100  # a list takes two levels, a quote one
_BRACKETS = 10

_STOP = re.compile(r"[\[\]`<\\$]|!(?=\[)|%(?=%)|(?<!\S)#")
# Pandoc's rule: no blank behind the opening sign nor before the closing one, no digit behind that.
_MATH_END = re.compile(r"(?<=[^\s\\])\$(?!\d)")

_BlockRule = Callable[[StateBlock, int, int, bool], bool]


@dataclass(slots=True)
class Reading:
    """One body while it is read: what the parser's rules need and what they record."""

    found: Found
    text: str
    offsets: list[int]  # where each line begins in `text`
    markers: Markers
    # The parser's own: it carries this reading to the rules, and the references it finds.
    env: MutableMapping[str, object] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)  # line -> where its content begins in `text`
    # Of the inline text at hand: where its lines begin, within it and in `text`, and what is known of it.
    inner: list[int] = field(default_factory=list)
    outer: list[int] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    has_box: bool = False  # it begins with a checkbox, which is no reference
    depth: int = 0  # in how many links' texts: tags there are none
    last_link: int = -1  # behind it no inline link can begin
    no_math: int = 0  # up to here no math can begin

    def end_of(self, line: int) -> int:
        return self.offsets[line] + len(self.found.lines[line])

    def place(self, position: int) -> tuple[int, int]:
        """The file's line and column of a position in the inline text at hand."""
        n = bisect_right(self.inner, position) - 1
        offset = self.outer[n] + position - self.inner[n]
        line = bisect_right(self.offsets, offset) - 1
        return self.found.first_line + line, offset - self.offsets[line] + 1


def _reading_of(state: StateInline | StateBlock) -> Reading:
    """The reading for which the parser runs a rule."""
    reading = state.env["reading"]
    assert isinstance(reading, Reading)
    return reading


class _Markdown(MarkdownIt):
    """Takes destinations as they are written: whether they lead to a note is decided elsewhere."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url


@cache
def block_parser() -> _Markdown:
    """The parser of blocks, which leaves lists and quotes nested deeper than DEEPEST unread."""
    md = _Markdown("commonmark", {"maxNesting": DEEPEST})
    ruler = md.block.ruler
    anywhere = ["paragraph", "reference", "blockquote", "list"]
    for name, rule in (("own", _own_block), ("comment", _comment_block), ("math", _math_block)):
        ruler.before("fence", name, rule, {"alt": anywhere})
    ruler.enable("table")
    ruler.at("table", _placing(table), {"alt": ["paragraph", "reference"]})
    ruler.at("reference", _reference)
    ruler.at("html_block", _html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("heading", _placing(heading), {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("lheading", _placing(lheading))
    ruler.at("paragraph", _placing(paragraph))
    return md


@cache
def inline_parser() -> _Markdown:
    """The parser of the text in a block; brackets nested deeper than _BRACKETS are plain text to it."""
    md = _Markdown("commonmark", {"maxNesting": _BRACKETS})
    ruler = md.inline.ruler
    added = {"wikilink": _wikilink, "comment": _comment, "math": _math, "tag": _tag}
    for name, rule in added.items():
        ruler.before("link", name, rule)
    replaced = {"text": _text, "link": _link, "image": _image, "html_inline": _html_inline}
    for name, rule in replaced.items():
        ruler.at(name, rule)
    ruler.enableOnly([*added, *replaced, "escape", "backticks", "autolink"])
    md.inline.ruler2.enableOnly([])
    return md


def _placing(rule: _BlockRule) -> _BlockRule:
    """The rule, which then also records where the content of its lines begins."""

    def placing(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if not silent:
            starts = _reading_of(state).starts
            for line in range(start, state.line):
                starts[line] = state.bMarks[line] + state.tShift[line]
        return True

    return placing


def _own_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of ours or a stray marker; it ends a paragraph, a list item and raw HTML."""
    reading = _reading_of(state)
    if start not in reading.markers.kinds or state.is_code_block(start):
        return False
    if not silent:
        state.line = read_block(reading.found, reading.markers, start) + 1
        state.push("own", "", 0)
    return True


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`%%` that begins a line and continues on the next: to the next `%%`, else to the end as in Obsidian."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("%%", begin) or state.is_code_block(start):
        return False
    close = state.src.find("%%", begin + 2)
    if 0 <= close < state.eMarks[start]:
        return False
    if silent:
        return True
    last = bisect_left(state.eMarks, close, start) if close >= 0 else end
    if last >= end:
        state.line = end
    elif not state.src[close + 2 : state.eMarks[last]].strip(" \t"):
        state.line = last + 1
    else:  # what is behind the comment begins a line of its own
        rest = state.src[close + 2 : state.eMarks[last]]
        state.bMarks[last], state.tShift[last] = close + 2, len(rest) - len(rest.lstrip(" \t"))
        state.sCount[last] = state.blkIndent
        state.line = last
    state.push("comment", "", 0)
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`$$` that begins a line, to the next one if that ends a line: formulas may hold empty lines."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", begin) or state.is_code_block(start):
        return False
    close = state.src.find("$$", begin + 2)
    last = bisect_left(state.eMarks, close, start)
    if close < 0 or last == start or last >= end or state.src[close + 2 : state.eMarks[last]].strip(" \t"):
        return False
    if not silent:
        state.line = last + 1
        state.push("math", "", 0)
    return True


def _html_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Raw HTML, as far as the next marker of ours."""
    marker = _reading_of(state).markers.next(start)
    return html_block(state, start, min(end, marker) if marker >= 0 else end, silent)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A definition; `[^1]: ...` is a footnote, whose text is text."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _link(state: StateInline, silent: bool) -> bool:
    """A Markdown link. An embed in its text counts too; another link in its text wins, as in CommonMark."""
    begin, end = state.pos, state.posMax
    reading = _reading_of(state)
    if state.src[begin] != "[" or (reading.has_box and begin == 0) or not _may_link(reading, begin):
        return False
    if not link(state, True):
        return False
    if silent:
        return True
    after = state.pos
    close = state.md.helpers.parseLinkLabel(state, begin, True)
    _add_link(state, begin, begin + 1, close, after)
    reading.depth += 1
    state.pos, state.posMax = begin + 1, close
    state.md.inline.tokenize(state)
    state.pos, state.posMax = after, end
    reading.depth -= 1
    return True


def _image(state: StateInline, silent: bool) -> bool:
    """An image; links in its alternative text do not count."""
    begin = state.pos
    if state.src[begin] != "!" or not _may_link(_reading_of(state), begin) or not image(state, True):
        return False
    if not silent:
        after = state.pos
        close = state.md.helpers.parseLinkLabel(state, begin + 1, False)
        _add_link(state, begin, begin + 2, close, after)
    return True


def _may_link(reading: Reading, position: int) -> bool:
    """False where no link can begin: running the parser for each of 50,000 brackets would take minutes."""
    return position < reading.last_link or "references" in reading.env


def _add_link(state: StateInline, begin: int, label: int, close: int, after: int) -> None:
    reading, src = _reading_of(state), state.src
    if src[after - 1] == ")":
        position = close + 2
        while src[position] in " \t\n":
            position += 1
        destination = state.md.helpers.parseLinkDestination(src, position, state.posMax).str
    else:
        # The label is in the second brackets, else in the first; in the last of `[a](b c[id]`, which the
        # parser takes for a reference too.
        last = src.rfind("[", close, after) + 1
        names = (src[close + 2 : after - 1], src[last : after - 1] if last else "", src[label:close])
        references = (state.env["references"].get(normalizeReference(name)) for name in names if name)
        destination = next((one["href"] for one in references if one), "")
    text = " ".join(src[label:close].split("\n"))
    add_inline(reading.found, *reading.place(begin), src[begin:after], destination, text)


def _html_inline(state: StateInline, silent: bool) -> bool:
    begin = state.pos
    if not html_inline(state, silent):
        return False
    if not silent and state.src.startswith("<!--", begin):
        _reading_of(state).comments.append((begin, state.pos))
    return True


def _text(state: StateInline, silent: bool) -> bool:
    """Text up to where another rule can begin; a "#" only where a tag may begin."""
    stop = _STOP.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == state.pos:
        return False
    state.pos = end
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    begin = state.pos + (state.src[state.pos] == "!")
    match = WIKILINK.match(state.src, begin, state.posMax)
    parts = split_wikilink(match[1]) if match else None
    if match is None or parts is None:
        return False
    if not silent:
        reading = _reading_of(state)
        raw = state.src[state.pos : match.end()]
        add_wikilink(reading.found, *reading.place(state.pos), raw, parts)
    state.pos = match.end()
    return True


def _comment(state: StateInline, silent: bool) -> bool:
    close = state.src.find("%%", state.pos + 2, state.posMax) if state.src.startswith("%%", state.pos) else -1
    if close < 0:
        return False
    if not silent:
        _reading_of(state).comments.append((state.pos, close + 2))
    state.pos = close + 2
    return True


def _math(state: StateInline, silent: bool) -> bool:
    """`$$..$$`, and `$..$` within one line."""
    src, pos = state.src, state.pos
    if src[pos] != "$":
        return False
    if src.startswith("$$", pos):
        close = src.find("$$", pos + 2, state.posMax)
        state.pos = close + 2 if close >= 0 else min(pos + 2, state.posMax)
        return True
    reading = _reading_of(state)
    if pos < reading.no_math or not src[pos + 1 : pos + 2].strip():
        return False
    newline = src.find("\n", pos, state.posMax)
    end = newline if newline >= 0 else state.posMax
    match = _MATH_END.search(src, pos + 1, end)
    if match is None:
        reading.no_math = end
        return False
    state.pos = match.end()
    return True


def _tag(state: StateInline, silent: bool) -> bool:
    src, pos = state.src, state.pos
    match = TAG.match(src, pos, state.posMax)
    if match is None:
        return False
    reading = _reading_of(state)
    if not silent and not reading.depth:
        add_tag(reading.found, match[1])
    state.pos = match.end()
    return True
