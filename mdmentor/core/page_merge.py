"""Three versions of the page Reach out next become one: ours, with the boxes that were ticked on the other side.

Its words are rendered again after the merge, but a tick waits to be carried out. One whose suggestion is not on our page
goes below a heading of its own.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.ticks import DONE, ELSEWHERE, KEPT, LABEL, PERSON, find_typed_text


class _Box(NamedTuple):
    """A task on a page: that of a suggestion, or one of the small tasks below it."""

    line: str
    is_empty: bool
    text: str  # behind the box; of the suggestion's own what was typed behind the name
    target: str  # of the suggestion
    is_own: bool = False  # the suggestion's own box
    suggestion: str = ""  # its line
    note: tuple[str, ...] = ()  # a line to be put below


def merge_page(base: str, ours: str, theirs: str) -> str:
    """Our page with every tick, and all that was typed, that theirs has and the common ancestor had not."""
    known = {(box.target, box.text) for box in (*_set_boxes(base), *_set_boxes(ours))}
    new = [box for box in _set_boxes(theirs) if (box.target, box.text) not in known]
    lines = ours.split("\n")
    day = _page_day(theirs)
    if day and day != _page_day(ours):
        note = f"  - Found on {day}, on the page of {day}"
        new = [box._replace(note=(note,)) for box in new]
    homeless = [box for box in new if not _set(lines, box)]
    merged = "\n".join(_with_homeless(lines, homeless) if homeless else lines)
    known_texts = {*find_typed_text(base), *find_typed_text(ours)}
    typed = [text for text in find_typed_text(theirs) if text not in known_texts]
    return "\n".join([merged.rstrip("\n"), "", *(f"- {text}" for text in typed), ""]) if typed else merged


def _page_day(text: str) -> str:
    """The day in a page's front matter, as it is written."""
    return next((line[5:].strip() for line in text.split("\n", 5)[:5] if line.startswith("day: ")), "")


def _set_boxes(text: str) -> list[_Box]:
    """The boxes that are ticked, or have words typed after them."""
    found: list[_Box] = []
    target = suggestion = ""
    for line in text.splitlines():
        box = _box(line)
        if box and box.is_own:
            target, suggestion = box.target, line
        elif line.startswith("#"):
            target = ""
        if box and target and (not box.is_empty or _typed(box)):
            found.append(box._replace(target=target, suggestion=suggestion))
    return found


def _box(line: str) -> _Box | None:
    parts = split_line(line)
    person = re.match(PERSON, parts.text) if parts.box_at and not parts.indent else None
    target = (person["angle"] or person["target"] or "") if person else ""
    if not parts.box_at or not (parts.indent or target):
        return None
    text = parts.text[person.end() :] if person else parts.text
    return _Box(line, parts.box[1] == " ", text.rstrip(), target, is_own=bool(target))


def _typed(box: _Box) -> str:
    """What is typed behind a name, or behind the label of a small box; the words behind `kept` are the page's own."""
    label = None if box.is_own else re.fullmatch(LABEL, box.text)
    if label and label["label"].lower() == KEPT:
        return ""
    return (label["words"] if label else box.text).strip()


def _set(lines: list[str], tick: _Box) -> bool:
    """Ticks the same box on our page; False where there is none."""
    boxes = [_box(line) for line in lines]
    start = next((n for n, box in enumerate(boxes) if box and box.is_own and box.target == tick.target), None)
    if start is None:
        return False
    if tick.is_own:
        return _set_own(lines, start, tick)
    for place in range(start + 1, len(lines)):
        if lines[place][:1] not in ("", " ", "\t"):
            return False
        box = boxes[place]
        if box and box.is_empty and tick.text.startswith(box.text):
            lines[place : place + 1] = [tick.line, *tick.note]
            return True
        if box and not box.is_empty and box.text.split()[:2] == tick.text.split()[:2]:
            # ticked on both sides with different words: keep both
            lines[place + 1 : place + 1] = [tick.line, *tick.note]
            return True
    return False


def _set_own(lines: list[str], start: int, tick: _Box) -> bool:
    """Ticks the suggestion's own box. Other words than ours go into a small box below."""
    ours = _box(lines[start])
    words = _typed(tick)
    if ours and words and _typed(ours) not in ("", words):
        box = "[ ]" if tick.is_empty else "[x]"
        lines[start + 1 : start + 1] = [f"  - {box} {DONE}: {words}", *tick.note]
        return True
    if ours and words:
        lines[start] = lines[start][: len(lines[start]) - len(ours.text)].rstrip() + tick.text
    if not tick.is_empty:
        mark = tick.line.partition("[")[2][0]
        lines[start] = re.sub(r"\[.", lambda _: f"[{mark}", lines[start], count=1)
    lines[start + 1 : start + 1] = tick.note
    return True


def _with_homeless(lines: list[str], ticks: Sequence[_Box]) -> list[str]:
    """The page with ticks below a heading of their own, above the links at its foot."""
    section: list[str] = [] if ELSEWHERE in lines else [ELSEWHERE, ""]
    for tick in ticks:
        if tick.suggestion not in section:
            section.append(tick.suggestion)
        section += tick.note if tick.is_own else [tick.line, *tick.note]
    rules = [place for place, line in enumerate(lines) if line == "---"]
    foot = rules[-1] if len(rules) > 2 else len(lines) - (not lines[-1])
    gap = [""] if foot and lines[foot - 1] else []
    return [*lines[:foot], *gap, *section, *([""] if foot < len(lines) - 1 else []), *lines[foot:]]
