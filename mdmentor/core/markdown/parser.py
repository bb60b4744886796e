"""The full reading of a body with a parser: CommonMark and tables, with the marks that notes add to it.

The truth wherever `body` cannot read line by line. The parser tells the blocks and runs the inline rules;
places come from where a line's content begins, never from what the parser makes of the text. Renders nothing.

Where it is bounded: lists and quotes nested deeper than `_DEEPEST` levels are left unread, which is told;
brackets nested deeper than `_BRACKETS` in one paragraph are plain text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, heading, html_block, lheading, paragraph, reference, table
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token

from mdmentor.core.conflict_marks import may_hold_marks
from mdmentor.core.markdown.inline import (
    TASK,
    Found,
    add_inline,
    find_markers,
    meet_marker,
    report_conflict,
    task_of,
)
from mdmentor.core.markdown.inline_rules import (
    Reading,
    comment_rule,
    math_rule,
    reading_of,
    tag_rule,
    text_rule,
    wikilink_rule,
)
from mdmentor.core.model import HINT, Problem

_DEEPEST = 100  # a list takes two levels, a quote one
_BRACKETS = 10

_CELL_END = re.compile(r"(?<!\\)\|")

_BlockRule = Callable[[StateBlock, int, int, bool], bool]


def read_tokens(found: Found, text: str) -> None:
    """Finds all that `text`, whose lines are `found.lines`, holds."""
    ends = list(accumulate(len(line) + 1 for line in found.lines))
    reading = Reading(found, text, [0, *ends[:-1]], find_markers(text, found.lines))
    reading.env["reading"] = reading
    tokens: list[Token] = []
    _blocks().block.parse(text, _blocks(), reading.env, tokens)
    _walk(reading, tokens)
    found.links.sort(key=lambda one: (one.line, one.column))
    if may_hold_marks(text):
        in_code = {n for token in tokens if token.type == "fence" and token.map for n in range(*token.map)}
        report_conflict(found, in_code)


# From the parser's tokens to stretches of text.


@dataclass(slots=True)
class _Frame:
    """A list item on the way: its own text goes on until something else than a paragraph stands in it."""

    is_fresh: bool = True
    parts: list[tuple[int, str]] | None = None


_OWN_TEXT = frozenset({"inline", "paragraph_open", "paragraph_close", "heading_open", "heading_close"})


def _walk(reading: Reading, tokens: list[Token]) -> None:
    frames: list[_Frame] = []
    quotes = 0
    cells: list[tuple[int, int]] | None = None  # of the table's row at hand
    above: Token | None = None
    for token in tokens:
        kind = token.type
        if kind == "list_item_close":
            frames.pop()
        if frames and kind not in _OWN_TEXT:
            frames[-1].is_fresh, frames[-1].parts = False, None
        if kind == "inline" and above is not None and token.map:
            if cells is not None:
                _read_inline(reading, [cells.pop(0)] if cells else [])
            else:
                _read_stretch(reading, token, above, None if quotes else frames)
        elif kind == "tr_open" and token.map:
            cells = _cells(reading, token.map[0])
        elif kind == "tr_close":
            cells = None
        elif kind == "list_item_open":
            frames.append(_Frame())
        elif kind in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        above = token
    deepest = max(tokens, key=lambda one: one.level, default=None)
    if deepest and deepest.level >= _DEEPEST - 1 and deepest.map:
        what = f"lists or quotes nest more than {_DEEPEST // 2} deep here, and what is deeper is not read"
        line = reading.found.first_line + deepest.map[0]
        problem = Problem(reading.found.path, line, 1, HINT, "too-deep", what, "nest them less deep")
        reading.found.problems.append(problem)


def _read_stretch(reading: Reading, token: Token, above: Token, frames: list[_Frame] | None) -> None:
    """One heading or paragraph; without `frames` it stands in a quote, where only links and tags count."""
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
    found = reading.found
    start, last = found.first_line + first, found.first_line + end - 1
    parts = [(last, part.strip()) for part in text.split("\n")]
    if frames is None:
        return
    if frame is None and is_heading:
        found.stretches.append(("heading", start, parts, "", int(above.tag[1]), 0))
    elif not found.items:
        return
    elif frame is not None and frame.parts is not None and not is_heading:
        frame.parts += parts
    else:
        kind = "item" if frame is not None and frame.is_fresh else "paragraph"
        task = task_of(box[1]) if box else ""
        found.stretches.append((kind, start, parts, task, 0, len(frames)))
        if frame is not None:
            frame.is_fresh = False
            frame.parts = parts if kind == "item" and not is_heading else None


def _cells(reading: Reading, line: int) -> list[tuple[int, int]]:
    """Where the cells of a table's row stand in the text."""
    text, start, end = reading.text, reading.starts[line], reading.end_of(line)
    while end > start and text[end - 1] in " \t":
        end -= 1
    bars = [match.start() for match in _CELL_END.finditer(text, start, end)]
    spans = list(zip([start, *(bar + 1 for bar in bars)], [*bars, end], strict=True))
    if len(spans) > 1 and spans[0][0] == spans[0][1]:
        del spans[0]
    if len(spans) > 1 and spans[-1][0] == spans[-1][1]:
        del spans[-1]
    return spans


def _read_inline(reading: Reading, spans: list[tuple[int, int]], *, has_box: bool = False) -> str:
    """Finds links and tags in the text that stands at `spans`, one a line; that text without its comments."""
    content = "\n".join([reading.text[a:b] for a, b in spans])
    if not ("[" in content or "#" in content or "%%" in content or "<!--" in content):
        return content
    reading.outer = [a for a, _ in spans]
    reading.inner = [0, *accumulate(b - a + 1 for a, b in spans)][: len(spans)]
    reading.comments = []
    reading.has_box, reading.depth, reading.no_math = has_box, 0, 0
    reading.last_link = content.rfind("](")
    _inlines().inline.parse(content, _inlines(), reading.env, [])
    if not reading.comments:
        return content
    kept, at = "", 0
    for begin, end in reading.comments:
        kept = (kept + content[at:begin]).rstrip(" ")
        at = end
    return kept + content[at:]


# The parser, and those of its rules that keep to Markdown.


class _Markdown(MarkdownIt):
    """Takes destinations as they are written: which of them lead to a note is not the parser's to say."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url


@cache
def _blocks() -> _Markdown:
    md = _Markdown("commonmark", {"maxNesting": _DEEPEST})
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
def _inlines() -> _Markdown:
    md = _Markdown("commonmark", {"maxNesting": _BRACKETS})
    ruler = md.inline.ruler
    added = {"wikilink": wikilink_rule, "comment": comment_rule, "math": math_rule, "tag": tag_rule}
    for name, rule in added.items():
        ruler.before("link", name, rule)
    replaced = {"text": text_rule, "link": _link, "image": _image, "html_inline": _html_inline}
    for name, rule in replaced.items():
        ruler.at(name, rule)
    ruler.enableOnly([*added, *replaced, "escape", "backticks", "autolink"])
    md.inline.ruler2.enableOnly([])
    return md


def _placing(rule: _BlockRule) -> _BlockRule:
    """The rule, which then also leaves behind where the content of its lines begins."""

    def placing(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rule(state, start, end, silent):
            return False
        if not silent:
            starts = reading_of(state).starts
            for line in range(start, state.line):
                starts[line] = state.bMarks[line] + state.tShift[line]
        return True

    return placing


def _own_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block of ours, or a marker that encloses none; it ends a paragraph, a list item and raw HTML."""
    reading = reading_of(state)
    if start not in reading.markers.kinds or state.is_code_block(start):
        return False
    if not silent:
        state.line = meet_marker(reading.found, reading.markers, start) + 1
        state.push("own", "", 0)
    return True


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`%%` that begins a line and goes on over its end: to the next `%%`, else to the end as in Obsidian."""
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
    else:  # what stands behind the comment begins a line of its own
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
    marker = reading_of(state).markers.next(start)
    return html_block(state, start, min(end, marker) if marker >= 0 else end, silent)


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A definition; `[^1]: ...` is a footnote, whose text is text."""
    if state.src.startswith("[^", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _link(state: StateInline, silent: bool) -> bool:
    """A Markdown link. In its text an embed counts too; another link there wins over it, as in CommonMark."""
    begin, end = state.pos, state.posMax
    reading = reading_of(state)
    if state.src[begin] != "[" or (reading.has_box and begin == 0) or not _may_link(reading, begin):
        return False
    if not link(state, True):
        return False
    if silent:
        return True
    after = state.pos
    close = state.md.helpers.parseLinkLabel(state, begin, True)
    _keep_link(state, begin, begin + 1, close, after)
    reading.depth += 1
    state.pos, state.posMax = begin + 1, close
    state.md.inline.tokenize(state)
    state.pos, state.posMax = after, end
    reading.depth -= 1
    return True


def _image(state: StateInline, silent: bool) -> bool:
    """An image; links in the text shown in its stead are none."""
    begin = state.pos
    if state.src[begin] != "!" or not _may_link(reading_of(state), begin) or not image(state, True):
        return False
    if not silent:
        after = state.pos
        close = state.md.helpers.parseLinkLabel(state, begin + 1, False)
        _keep_link(state, begin, begin + 2, close, after)
    return True


def _may_link(reading: Reading, position: int) -> bool:
    """False where no link can begin; asking the parser for each of 50,000 brackets would take minutes."""
    return position < reading.last_link or "references" in reading.env


def _keep_link(state: StateInline, begin: int, label: int, close: int, after: int) -> None:
    reading, src = reading_of(state), state.src
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
        reading_of(state).comments.append((begin, state.pos))
    return True
