"""The links and tags of one line, where they can be told without the parser.

What may go on over the end of the line, or may be something else than it looks, is left to it: the two never tell
the same text differently, and tests hold them to it.
"""

from __future__ import annotations

import re

from mdmentor.core.markdown.inline import (
    IN_WIKILINK,
    TAG,
    WIKILINK,
    Found,
    add_inline,
    add_tag,
    add_wikilink,
    split_wikilink,
)

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
