"""The rules that teach the Markdown parser about wikilinks, tags, comments and math.

A rule that is asked in silence only says whether it applies. What is found becomes a value in `inline`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mdmentor.core.markdown.inline import TAG, WIKILINK, Found, Markers, add_tag, add_wikilink, split_wikilink

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

_STOP = re.compile(r"[\[\]`<\\$]|!(?=\[)|%(?=%)|(?<!\S)#")
# Pandoc's rule: no blank behind the opening sign nor before the closing one, no digit behind that.
_MATH_END = re.compile(r"(?<=[^\s\\])\$(?!\d)")


@dataclass(slots=True)
class Reading:
    """One body while it is read: what the parser's rules ask for and what they leave behind."""

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


def reading_of(state: StateInline | StateBlock) -> Reading:
    """The reading in whose course the parser asks a rule."""
    reading = state.env["reading"]
    assert isinstance(reading, Reading)
    return reading


def text_rule(state: StateInline, silent: bool) -> bool:
    """Whatever no other rule can begin with; a "#" only where a tag may stand."""
    stop = _STOP.search(state.src, state.pos, state.posMax)
    end = stop.start() if stop else state.posMax
    if end == state.pos:
        return False
    state.pos = end
    return True


def wikilink_rule(state: StateInline, silent: bool) -> bool:
    begin = state.pos + (state.src[state.pos] == "!")
    match = WIKILINK.match(state.src, begin, state.posMax)
    parts = split_wikilink(match[1]) if match else None
    if match is None or parts is None:
        return False
    if not silent:
        reading = reading_of(state)
        raw = state.src[state.pos : match.end()]
        add_wikilink(reading.found, *reading.place(state.pos), raw, parts)
    state.pos = match.end()
    return True


def comment_rule(state: StateInline, silent: bool) -> bool:
    close = state.src.find("%%", state.pos + 2, state.posMax) if state.src.startswith("%%", state.pos) else -1
    if close < 0:
        return False
    if not silent:
        reading_of(state).comments.append((state.pos, close + 2))
    state.pos = close + 2
    return True


def math_rule(state: StateInline, silent: bool) -> bool:
    """`$$..$$`, and `$..$` within one line."""
    src, pos = state.src, state.pos
    if src[pos] != "$":
        return False
    if src.startswith("$$", pos):
        close = src.find("$$", pos + 2, state.posMax)
        state.pos = close + 2 if close >= 0 else min(pos + 2, state.posMax)
        return True
    reading = reading_of(state)
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


def tag_rule(state: StateInline, silent: bool) -> bool:
    src, pos = state.src, state.pos
    match = TAG.match(src, pos, state.posMax)
    if match is None:
        return False
    reading = reading_of(state)
    if not silent and not reading.depth:
        add_tag(reading.found, match[1])
    state.pos = match.end()
    return True
