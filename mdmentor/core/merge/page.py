"""Three versions of a page of ours become one: ours, with the boxes that were ticked on the other side.

A page is rendered again after the merge, so its words do not matter; a tick does, since it waits to be carried
out. One whose suggestion is not on our page goes below a heading of its own, to be carried out from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.ticks import LABEL, PERSON

ELSEWHERE = "## Ticked elsewhere"


class _Tick(NamedTuple):
    """A box that is ticked, or has words typed after it; the text is "" for the suggestion's own box."""

    target: str
    text: str
    lines: list[str]
    suggestion: str  # its line


class _Box(NamedTuple):
    """A task on the page."""

    is_empty: bool
    text: str
    target: str  # of a suggestion; "" for one of the small tasks below it


def merge_page(base: str, ours: str, theirs: str) -> str:
    """Our page with every tick that theirs has and the common ancestor had not."""
    known = {(tick.target, tick.text) for tick in (*_ticks(base), *_ticks(ours))}
    new = [tick for tick in _ticks(theirs) if (tick.target, tick.text) not in known]
    lines = ours.split("\n")
    day = _day(theirs)
    if day and day != _day(ours):  # as `core/ticks.py` reads it
        note = f"  - Found on {day}, on the page of {day}"
        new = [tick._replace(lines=[*tick.lines, note]) for tick in new]
    homeless = [tick for tick in new if not _set(lines, tick)]
    return "\n".join(_with_homeless(lines, homeless) if homeless else lines)


def _day(text: str) -> str:
    """The day in a page's front matter, as it is written."""
    return next((line[5:].strip() for line in text.split("\n", 5)[:5] if line.startswith("day: ")), "")


def _ticks(text: str) -> list[_Tick]:
    found: list[_Tick] = []
    target = suggestion = ""
    for line in text.splitlines():
        box = _box(line)
        if box and box.target:
            target, suggestion = box.target, line
            if not box.is_empty:
                found.append(_Tick(target, "", [line], line))
        elif box and target and (not box.is_empty or _words(box.text)):
            found.append(_Tick(target, box.text, [line], suggestion))
        elif line.startswith("#"):
            target = ""
    return found


def _box(line: str) -> _Box | None:
    parts = split_line(line)
    if not parts.box_at:
        return None
    person = None if parts.indent else re.match(PERSON, parts.text)
    target = (person["angle"] or person["target"] or "") if person else ""
    return _Box(parts.box[1] == " ", parts.text.rstrip(), target) if parts.indent or target else None


def _words(text: str) -> str:
    """What is typed after the label of a small box."""
    label = re.fullmatch(LABEL, text)
    return (label["words"] if label else text).strip()


def _set(lines: list[str], tick: _Tick) -> bool:
    """Ticks the same box on our page; False where there is none."""
    boxes = [_box(line) for line in lines]
    start = next((place for place, box in enumerate(boxes) if box and box.target == tick.target), None)
    if start is None:
        return False
    if not tick.text:
        mark = tick.lines[0].partition("[")[2][0]
        lines[start] = re.sub(r"\[.", lambda _: f"[{mark}", lines[start], count=1)
        return True
    for place in range(start + 1, len(lines)):
        if lines[place][:1] not in ("", " ", "\t"):
            return False
        box = boxes[place]
        if box and box.is_empty and tick.text.startswith(box.text):
            lines[place : place + 1] = tick.lines
            return True
        if box and not box.is_empty and box.text.split()[:2] == tick.text.split()[:2]:
            lines[place + 1 : place + 1] = tick.lines  # ticked on both sides with different words: keep both
            return True
    return False


def _with_homeless(lines: list[str], ticks: Sequence[_Tick]) -> list[str]:
    """The page with ticks below a heading of their own, above the links at its foot."""
    section: list[str] = [] if ELSEWHERE in lines else [ELSEWHERE, ""]
    for tick in ticks:
        if tick.suggestion not in section:
            section.append(tick.suggestion)
        section += tick.lines if tick.text else []
    rules = [place for place, line in enumerate(lines) if line == "---"]
    foot = rules[-1] if len(rules) > 2 else len(lines) - (not lines[-1])
    gap = [""] if foot and lines[foot - 1] else []
    return [*lines[:foot], *gap, *section, *([""] if foot < len(lines) - 1 else []), *lines[foot:]]
