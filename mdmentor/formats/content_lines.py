"""The lines that vCard and iCalendar share (RFC 6350, RFC 5545): escaped texts, folded at 75 octets, ended by CR LF."""

from __future__ import annotations

from collections.abc import Iterable

from mdmentor.core.text import clean

MADE_BY = "PRODID:-//mdmentor//mdmentor//EN"
_OCTETS = 75


def escape(text: str) -> str:
    """One line of text as a value: whatever it holds, it ends no value, component or line."""
    text = clean(text).replace("\\", "\\\\")
    return text.replace(",", "\\,").replace(";", "\\;")


def escape_lines(lines: Iterable[str]) -> str:
    """Several lines of text as one value."""
    return "\\n".join(map(escape, lines))


def render_lines(lines: Iterable[str]) -> str:
    """The content lines, folded where they are too long: no character of several octets is cut."""
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    if len(line) <= _OCTETS and (line.isascii() or len(line.encode()) <= _OCTETS):
        return line
    pieces, begin, size = [], 0, 0
    for place, character in enumerate(line):
        octets = len(character.encode())
        if size + octets > _OCTETS:
            pieces.append(line[begin:place])
            begin, size = place, 1  # the blank that the next line begins with
        size += octets
    return "\r\n ".join([*pieces, line[begin:]])
