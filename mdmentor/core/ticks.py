"""The boxes ticked on the page Reach out next, as its text tells them, and those left over.

Any editor may have written the page back: with tabs, other bullets, a done date of its own behind a ticked
task. Whom a tick means is told by the link of its task alone. Nothing here decides what a tick does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.dates import parse_date
from mdmentor.core.log_editor import one_line
from mdmentor.core.text import find_linked_path, md, md_link

# The small tasks below a person on the page, in their order. What is typed after the first becomes the log's text.
DONE = "reached out"
SNOOZE = "snooze 2 weeks"
SKIP = "not this one"
TICKS = (DONE, SNOOZE, SKIP)
LEFT_OVER = "Could not be carried out"  # a heading on the page, for ticks that say what cannot be

ITEM = r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?P<text>.*)"
BOX = r"\[(?P<mark>[^\]])\][ \t]+(?P<text>.*)"
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

    Words behind a box that is not ticked come with `is_ticked` false: they are kept, not carried out.
    """

    path: str  # of the contact, as the link tells it
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
    ticks: list[Tick]
    last_indent: int = -1  # of the box read last


def find_ticks(text: str, folder: str) -> tuple[Tick, ...]:
    """All answers on the page's text, from top to bottom; `folder` is the page's own."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    told = re.search(_DAY, text.split("\n---", 1)[0])
    day = parse_date(told[1]) if told else None
    found: list[Tick] = []
    for entry in _iter_entries(text.split("\n"), folder, day):
        found += _answers(entry, day)
    return tuple(found)


def _iter_entries(lines: Sequence[str], folder: str, day: date | None) -> Iterator[_Entry]:
    entry: _Entry | None = None
    for line in lines:
        if parse_mark(line):
            continue  # both sides of a merge that is not finished are heard
        item = re.fullmatch(ITEM, line)
        indent = len(item["indent"].expandtabs(4)) if item else len(line) - len(line.lstrip())
        box = re.fullmatch(BOX, item["text"]) if item else None
        person = re.match(PERSON, box["text"]) if box else None
        if box and person and (entry is None or indent <= entry.indent):
            if entry is not None:
                yield entry
            target = person["angle"] if person["angle"] is not None else person["target"]
            name = re.sub(_ESCAPED, r"\1", person["name"])
            is_ticked = box["mark"] in _TICKED
            entry = _Entry(name, find_linked_path(target, folder), indent, is_ticked, [])
        elif entry is None or not line.strip():
            continue
        elif indent <= entry.indent:
            yield entry
            entry = None
        elif box and (label := re.fullmatch(LABEL, box["text"])):
            entry.ticks.append(_tick(entry, label, box["mark"] in _TICKED, day))
            entry.last_indent = indent
        elif (told := re.search(_FOUND, line)) and entry.ticks:
            last = entry.ticks[-1]
            reason = re.sub(_ESCAPED, r"\1", told["reason"] or "")
            days = parse_date(told["found"]), parse_date(told["day"])
            entry.ticks[-1] = last._replace(found=days[0], day=days[1], reason=reason)
        elif entry.ticks and indent > entry.last_indent >= 0:
            last = entry.ticks[-1]
            more = item["text"] if item else line.strip()
            entry.ticks[-1] = last._replace(words=" ".join(filter(None, (last.words, one_line(more)))))
    if entry is not None:
        yield entry


def _tick(entry: _Entry, label: re.Match[str], is_ticked: bool, day: date | None) -> Tick:
    words = label["words"]
    done = re.search(_DONE_ON, words)
    words = re.sub(_CREATED, "", re.sub(_DONE_ON, "", words))
    words = re.sub(_LEAD, "", one_line(words)).strip()
    done_on = parse_date(done["day"]) if done else None
    action = next(tick for tick in TICKS if tick.startswith(label["label"].lower()))
    return Tick(entry.path, entry.name, action, words, is_ticked, day, None, done_on)


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
    kept = [tick for tick in entry.ticks if tick.is_ticked or tick.words]
    if DONE in ticked or SNOOZE in ticked:
        # who has been reached, or is to be left for two weeks, is not left for one
        kept = [tick for tick in kept if tick.action != SKIP or not tick.is_ticked]
    return kept


def render_left(left: Sequence[Left], folder: str, today: date) -> list[str]:
    """The lines that tell what could not be carried out, as `find_ticks` reads them again; none for none."""
    if not left:
        return []
    lines = [f"## {LEFT_OVER}", ""]
    for one in left:
        tick = one.tick
        words = f": {_harmless(tick.words)}" if tick.words else ""
        found = tick.found or today
        lines += [
            f"- [ ] **{md_link(tick.name, folder, tick.path)}**",
            f"  - [{'x' if tick.is_ticked else ' '}] {tick.action}{words}",
            f"  - Found on {found}, on the page of {tick.day or found}. {md(_sentence(one.reason))}",
            "",
        ]
    return lines


def _harmless(words: str) -> str:
    """The words as they were typed, but for what would hide the rest of the page."""
    return one_line(words).replace("<!--", "<!\\--").replace("-->", "--\\>").replace("%%", "%\\%")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
