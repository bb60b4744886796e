"""Three versions of the page Reach out next become one: ours, with the boxes that were ticked on the other side.

Its words are rendered again after the merge, but a tick waits to be carried out. One whose suggestion is not on our page
goes below a heading of its own.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.ticks import DONE, ELSEWHERE, KEPT, Tick, find_typed_text, page_day, read_entries


class _Box(NamedTuple):
    """A box on a page: a person's own, or a small one below it."""

    tick: Tick
    is_own: bool
    number: int  # of its line
    line: str
    person: str  # the line of the person's own box

    @property
    def answer(self) -> tuple[str, str, str]:
        return self.tick.path, self.tick.action, self.tick.words


def merge_page(base: str, ours: str, theirs: str) -> str:
    """Our page with every tick, and all that was typed, that theirs has and the common ancestor had not."""
    mine = _boxes(ours)
    known = [box for box in (*_boxes(base), *mine) if box.tick.is_answer]
    ticked = {box.answer for box in known if box.tick.is_ticked}
    typed = {box.answer for box in known}
    lines = [[line] for line in ours.split("\n")]  # with what is added behind each
    day = page_day(theirs)
    note = [f"  - Found on {day}, on the page of {day}"] if day and day != page_day(ours) else []
    homeless = []
    for box in _boxes(theirs):
        if not box.tick.is_answer or box.answer in (ticked if box.tick.is_ticked else typed):
            continue
        at = next((n for n, one in enumerate(mine) if _is_for(one, box)), -1)
        if at < 0:
            homeless.append(box)
        else:
            _set(lines[mine[at].number - 1], mine[at], box, note)
            mine[at] = box._replace(number=mine[at].number)
    merged = "\n".join(_with_homeless([line for here in lines for line in here], homeless, note))
    known_texts = {*find_typed_text(base), *find_typed_text(ours)}
    new = [text for text in find_typed_text(theirs) if text not in known_texts]
    return "\n".join([merged.rstrip("\n"), "", *(f"- {text}" for text in new), ""]) if new else merged


def _boxes(text: str) -> list[_Box]:
    lines = text.split("\n")
    return [
        _Box(tick, tick is entry.boxes[0], number, lines[number - 1], lines[entry.numbers[0][0] - 1])
        for entry in read_entries(lines)
        for tick, (number, *_) in zip(entry.boxes, entry.numbers, strict=True)
    ]


def _is_for(ours: _Box, box: _Box) -> bool:
    """Whether this box of our page is the one that was ticked on the other side."""
    is_same = (ours.tick.path, ours.tick.action, ours.is_own) == (box.tick.path, box.tick.action, box.is_own)
    return is_same and (box.tick.action != KEPT or box.tick.words.startswith(ours.tick.words))


def _set(lines: list[str], ours: _Box, box: _Box, note: Sequence[str]) -> None:
    """Ticks a box of our page, whose line is the first; what both sides said in different words is kept twice."""
    mine, other = ours.tick, box.tick
    if box.is_own and mine.words and other.words and mine.words != other.words:
        lines += [f"  - [{'x' if other.is_ticked else ' '}] {DONE}: {other.words}", *note]
    elif box.is_own:
        line = box.line if other.words else lines[0]
        is_ticked = mine.is_ticked or other.is_ticked
        lines[:1] = [re.sub(r"\[.", "[x", line, count=1) if is_ticked else line, *note]
    elif not mine.is_ticked and other.words.startswith(mine.words):
        lines[:1] = [box.line, *note]
    else:
        lines += [box.line, *note]


def _with_homeless(lines: list[str], boxes: Sequence[_Box], note: Sequence[str]) -> list[str]:
    """The page with boxes below a heading of their own, above the links at its foot."""
    if not boxes:
        return lines
    section: list[str] = [] if ELSEWHERE in lines else [ELSEWHERE, ""]
    for box in boxes:
        if box.person not in section:
            section.append(box.person)
        section += note if box.is_own else [box.line, *note]
    rules = [place for place, line in enumerate(lines) if line == "---"]
    foot = rules[-1] if len(rules) > 2 else len(lines) - (not lines[-1])
    gap = [""] if foot and lines[foot - 1] else []
    return [*lines[:foot], *gap, *section, *([""] if foot < len(lines) - 1 else []), *lines[foot:]]
