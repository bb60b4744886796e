"""The lines that git writes around two versions of some text: <<<<<<<, |||||||, ======= and >>>>>>>.

The only place that recognizes them. A mark is seven or more of one character at the start of a line, then the
end of the line or a blank and a label. A line of "=" may also underline a heading and a line of "|" may be the
row of a table, so neither shows by itself that a merge is unfinished.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

# A line that begins a conflict, as part of a larger pattern.
BEGIN = r"<{7,}+(?:[ \t][^\n]*+)?\n"
FIX = "choose what to keep, and delete the lines <<<<<<<, ======= and >>>>>>>"

_MARK = re.compile(r"(<{7,}|\|{7,}|={7,}|>{7,})(?:[ \t](.*))?\Z")
_LINE_END = re.compile(r"\r\n|\n|\r")


class Mark(NamedTuple):
    """One mark: its character, how often it is repeated, and the label after it."""

    sign: str  # "<", "|", "=" or ">"
    size: int
    label: str

    @property
    def is_certain(self) -> bool:
        """True for a mark that shows by itself that a merge is unfinished."""
        return self.sign in "<>" or (self.sign == "|" and self.size == 7 and bool(self.label))


class Conflict(NamedTuple):
    """Two versions of some lines, as they are between the marks."""

    ours: list[str]
    base: list[str] | None  # what was there before, where the marks show it (git's style "diff3")
    theirs: list[str]
    label: str  # of the first mark


def parse_mark(line: str) -> Mark | None:
    """The mark that a line is; None for any other line."""
    if line[:7] not in ("<<<<<<<", "|||||||", "=======", ">>>>>>>"):
        return None
    match = _MARK.match(line.rstrip("\r"))
    return Mark(line[0], len(match[1]), match[2] or "") if match else None


def may_hold_marks(text: str) -> bool:
    """False for nearly every text, quickly: there is no need to look at its lines."""
    # a search for one character is many times as fast as one for seven
    return (
        ("<" in text and "<<<<<<<" in text)
        or (">" in text and ">>>>>>>" in text)
        or ("|" in text and "|||||||" in text)
    )


def find_conflict(text: str) -> int | None:
    """The line, from 1, of the first mark of an unfinished merge; None without one."""
    if not may_hold_marks(text):
        return None
    return next((number for number, mark in _find_all(text) if mark.is_certain), None)


def find_marks(text: str) -> tuple[int, ...]:
    """The lines, from 1, in which a conflict begins."""
    return tuple(number for number, mark in _find_all(text) if mark.sign == "<")


def _find_all(text: str) -> list[tuple[int, Mark]]:
    return [(n, mark) for n, line in enumerate(_LINE_END.split(text), 1) if (mark := parse_mark(line))]


def split_conflicts(lines: Sequence[str]) -> list[str | Conflict] | None:
    """The lines, with each conflict as one value; None where the marks do not fit together.

    The marks of one conflict have one size: others are text.
    """
    parts: list[str | Conflict] = []
    state, size, label = "", 0, ""
    sides: dict[str, list[str]] = {}
    for line in lines:
        mark = parse_mark(line)
        sign = mark.sign if mark and (not state or mark.size == size) else ""
        if mark and sign == "<" and not state:
            state, size, label = "<", mark.size, mark.label
            sides = {"<": [], ">": []}
        elif sign == "|" and state == "<":
            state = "|"
            sides["|"] = []
        elif sign == "=" and state in ("<", "|"):
            state = ">"
        elif sign == ">" and state == ">":
            state = ""
            parts.append(Conflict(sides["<"], sides.get("|"), sides[">"], label))
        elif sign in ("<", ">") and (state or sign == ">"):
            return None
        elif state:
            sides[state].append(line)
        else:
            parts.append(line)
    return None if state else parts
