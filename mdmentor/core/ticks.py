"""The boxes ticked on the page Reach out next, read from its text, and those left over.

Any editor may have written the page back: with tabs, other bullets, a done date of its own behind a ticked
task. Only the link of a task says whom a tick means. What a tick does is decided in `actions/fields`.

Three versions of the page become one here as well: ours, with the boxes that were ticked on the other side. Its words
are rendered again after the merge, but a tick waits to be carried out. One whose suggestion is not on our page goes
below a heading of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.dates import parse_date
from mdmentor.core.edit import one_line
from mdmentor.core.markdown.blocks import indent_of, split_line
from mdmentor.core.text import find_linked_path, md, md_link
from mdmentor.core.typed import find_typed

# The small tasks below a person on the page, in their order. What is typed after the first becomes the log's text.
DONE = "reached out"
SNOOZE = "snooze 2 weeks"
SKIP = "not this one"
TICKS = (DONE, SNOOZE, SKIP)
LEFT_OVER = "Could not be carried out"  # a heading on the page, for ticks that say what cannot be
ELSEWHERE = "## Ticked elsewhere"  # for ticks that a merge brought, of people who are not on the page

PERSON = r"[*_]*\[(?P<name>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angle>[^<>]*)>|(?P<target>[^()\s]*))\)[*_]*"
# "snooze 4 weeks", typed over "snooze 2 weeks", is a snooze too.
LABEL = rf"(?i)[*_]*(?P<label>{'|'.join(TICKS)}|snooze)(?!\w)[*_]*(?P<words>.*)"
_TICKED = frozenset("xX✓✔☑v")
_DONE_ON = r"(?:[✅☑✔]\ufe0f?\s*|\[completion::\s*)(?P<day>\d{4}-\d\d-\d\d)\]?"
_CREATED = r"➕\ufe0f?\s*\d{4}-\d\d-\d\d"
_LEAD = r"\A[\s:,;–—-]+"
_DAY = r"day:[ \t]*[\"']?(\d{4}-\d\d-\d\d)"
_FOUND = r"Found on (?P<found>\d{4}-\d\d-\d\d), on the page of (?P<day>\d{4}-\d\d-\d\d)(?:\. (?P<reason>.+))?"
_ESCAPED = r"\\([!-/:-@\[-`{-~])"


class Tick(NamedTuple):
    """One answer on the page: what was ticked for whom, with the words typed behind it.

    Words behind a box that is not ticked come with `is_ticked` false: they stay on the page and are not carried out.
    """

    path: str  # of the contact, by the link
    name: str
    action: str  # one of TICKS
    words: str = ""
    is_ticked: bool = True
    day: date | None = None  # the day of the page on which it was ticked
    found: date | None = None  # the day on which it was found first, for one that was left over
    done_on: date | None = None  # the day that the editor wrote behind it
    reason: str = ""  # of one that was left over


class Left(NamedTuple):
    """A tick that could not be carried out, with the reason."""

    tick: Tick
    reason: str


@dataclass(slots=True)
class _Entry:
    """A person's task on the page, while it is read."""

    name: str
    path: str
    indent: int
    is_ticked: bool
    ticks: list[Tick] = field(default_factory=list)
    last_indent: int = 0  # of the box read last


def find_ticks(text: str, folder: str) -> tuple[Tick, ...]:
    """All answers on the page's text, from top to bottom; `folder` is the page's own."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    of_day = re.search(_DAY, text.split("\n---", 1)[0])
    day = parse_date(of_day[1]) if of_day else None
    entries = _read_entries(text.split("\n"), folder, day, set())
    return tuple(tick for entry in entries for tick in _answers(entry, day))


def find_typed_text(text: str) -> tuple[str, ...]:
    """What was typed on a page, of this or any other kind, and is no tick and none of the words behind one."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    read: set[int] = set()
    _read_entries(text.split("\n"), "", None, read)
    return find_typed(text, read)


def _read_entries(lines: Iterable[str], folder: str, day: date | None, read: set[int]) -> list[_Entry]:
    """The people on the page with their boxes; `read` receives the numbers of the lines that were of use."""
    entries: list[_Entry] = []
    entry: _Entry | None = None
    is_elsewhere = False
    for number, line in enumerate(lines, 1):
        if not line.strip() or parse_mark(line):
            continue  # both sides of an unfinished merge count
        parts, indent = split_line(line), indent_of(line)
        has_box = bool(parts.box_at)
        is_ticked = has_box and parts.box[1] in _TICKED
        if entry is None or indent <= entry.indent:
            person = re.match(PERSON, parts.text) if has_box else None
            entry = _entry(person, folder, indent, is_ticked) if person else None
            entries += [entry] if entry else []
            is_elsewhere = line == ELSEWHERE or (is_elsewhere and person is not None)
            if not is_elsewhere and (person is None or person.end() < len(parts.text)):
                continue
        elif has_box and (label := re.fullmatch(LABEL, parts.text)):
            entry.ticks.append(_tick(entry, label, is_ticked, day))
            entry.last_indent = indent
        elif entry.ticks and (found := re.search(_FOUND, line)):
            reason = re.sub(_ESCAPED, r"\1", found["reason"] or "")
            entry.ticks[-1] = entry.ticks[-1]._replace(
                found=parse_date(found["found"]), day=parse_date(found["day"]), reason=reason
            )
        elif entry.ticks and indent > entry.last_indent:
            more = one_line(parts.box + parts.text if parts.is_item else line)
            words = " ".join(filter(None, (entry.ticks[-1].words, more)))
            entry.ticks[-1] = entry.ticks[-1]._replace(words=words)
        else:
            continue
        read.add(number)
    return entries


def _entry(person: re.Match[str], folder: str, indent: int, is_ticked: bool) -> _Entry:
    target = person["angle"] if person["angle"] is not None else person["target"]
    name = re.sub(_ESCAPED, r"\1", person["name"])
    return _Entry(name, find_linked_path(target, folder), indent, is_ticked)


def _tick(entry: _Entry, label: re.Match[str], is_ticked: bool, day: date | None) -> Tick:
    done = re.search(_DONE_ON, label["words"])
    words = re.sub(_CREATED, "", re.sub(_DONE_ON, "", label["words"]))
    return Tick(
        entry.path,
        entry.name,
        next(action for action in TICKS if action.startswith(label["label"].lower())),
        re.sub(_LEAD, "", one_line(words)).strip(),
        is_ticked,
        day,
        done_on=parse_date(done["day"]) if done else None,
    )


def _answers(entry: _Entry, day: date | None) -> list[Tick]:
    """What the boxes of one person say together.

    The box of the person alone means "reached out". Some editors tick what hangs on a ticked task with it:
    then that is all it means.
    """
    ticked = {tick.action for tick in entry.ticks if tick.is_ticked}
    if entry.is_ticked and (not ticked or ticked == set(TICKS)):
        done = next((tick for tick in entry.ticks if tick.action == DONE), None)
        done = done or Tick(entry.path, entry.name, DONE, day=day)
        others = (t for t in entry.ticks if t.action != DONE and not t.is_ticked and t.words)
        return [done._replace(is_ticked=True), *others]
    answers = [tick for tick in entry.ticks if tick.is_ticked or tick.words]
    if DONE in ticked or SNOOZE in ticked:
        # somebody who was reached, or is to be left for two weeks, is not left for one
        return [tick for tick in answers if tick.action != SKIP or not tick.is_ticked]
    return answers


def render_left(left: Sequence[Left], folder: str, today: date) -> list[str]:
    """The lines about what could not be carried out, as `find_ticks` reads them again; none for none."""
    lines = [f"## {LEFT_OVER}", ""] if left else []
    for tick, reason in left:
        words = f": {_harmless(tick.words)}" if tick.words else ""
        found = tick.found or today
        lines += [
            f"- [ ] **{md_link(tick.name, folder, tick.path)}**",
            f"  - [{'x' if tick.is_ticked else ' '}] {tick.action}{words}",
            f"  - Found on {found}, on the page of {tick.day or found}. {md(_sentence(reason))}",
            "",
        ]
    return lines


def _harmless(words: str) -> str:
    """The words as they were typed, but for what would hide the rest of the page."""
    return one_line(words).replace("<!--", "<!\\--").replace("-->", "--\\>").replace("%%", "%\\%")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


# Three versions of a page become one


class _Box(NamedTuple):
    """A task on a page: that of a suggestion, or one of the small tasks below it."""

    line: str
    is_empty: bool
    text: str  # "" for the suggestion's own box
    target: str  # of the suggestion
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
        if box and box.target:
            target, suggestion = box.target, line
        elif line.startswith("#"):
            target = ""
        if box and target and (not box.is_empty or (not box.target and _typed(box.text))):
            text = "" if box.target else box.text
            found.append(box._replace(text=text, target=target, suggestion=suggestion))
    return found


def _box(line: str) -> _Box | None:
    parts = split_line(line)
    person = re.match(PERSON, parts.text) if parts.box_at and not parts.indent else None
    target = (person["angle"] or person["target"] or "") if person else ""
    if not parts.box_at or not (parts.indent or target):
        return None
    return _Box(line, parts.box[1] == " ", parts.text.rstrip(), target)


def _typed(text: str) -> str:
    """What is typed after the label of a small box."""
    label = re.fullmatch(LABEL, text)
    return (label["words"] if label else text).strip()


def _set(lines: list[str], tick: _Box) -> bool:
    """Ticks the same box on our page; False where there is none."""
    boxes = [_box(line) for line in lines]
    start = next((place for place, box in enumerate(boxes) if box and box.target == tick.target), None)
    if start is None:
        return False
    if not tick.text:
        mark = tick.line.partition("[")[2][0]
        lines[start] = re.sub(r"\[.", lambda _: f"[{mark}", lines[start], count=1)
        return True
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


def _with_homeless(lines: list[str], ticks: Sequence[_Box]) -> list[str]:
    """The page with ticks below a heading of their own, above the links at its foot."""
    section: list[str] = [] if ELSEWHERE in lines else [ELSEWHERE, ""]
    for tick in ticks:
        if tick.suggestion not in section:
            section.append(tick.suggestion)
        section += [tick.line, *tick.note] if tick.text else []
    rules = [place for place, line in enumerate(lines) if line == "---"]
    foot = rules[-1] if len(rules) > 2 else len(lines) - (not lines[-1])
    gap = [""] if foot and lines[foot - 1] else []
    return [*lines[:foot], *gap, *section, *([""] if foot < len(lines) - 1 else []), *lines[foot:]]
