"""What an editor shows of a note besides its text: symbols, links to follow, hints at the ends of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.assist.hover import due_words
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.model import CONTACT, Assessment
from mdmentor.core.text import ago, plain_words, shorten


class Symbol(NamedTuple):
    name: str
    kind: str  # "heading" or "talk"
    level: int  # of a heading; of a talk one below the heading that it is under
    start: int
    end: int  # of the line
    last: int  # the end of its section


class Target(NamedTuple):
    """A place in the text that leads to an address, or to the path of a note or file."""

    start: int
    end: int
    address: str = ""
    path: str = ""


class Hint(NamedTuple):
    at: int
    text: str


def symbols(buffer: Buffer) -> list[Symbol]:
    """Headings and log entries, in order; of a private entry only its day, of a confidential note only its name."""
    note = buffer.note
    if note.confidential:
        return [Symbol(note.title, "heading", 1, 0, buffer.bounds(1)[1], len(buffer.text))]
    found = [
        (heading.line, heading.level, plain_words(heading.text), "heading")
        for heading in note.headings
        if heading.line not in buffer.hidden
    ]
    lines = {heading.line for heading in note.headings}
    for talk in note.interactions if note.kind == CONTACT else ():
        if talk.line in lines or talk.line < buffer.head.body_line:
            continue
        words = ": ".join(filter(None, (talk.channel, shorten(plain_words(talk.text), 60))))
        if talk.is_private or talk.line in buffer.hidden:
            words = ""
        level = next((h.level for h in reversed(note.headings) if h.line < talk.line), 0) + 1
        found.append((talk.line, level, f"{talk.date.isoformat()} {words}".strip(), "talk"))
    found.sort()
    shown = []
    for n, (line, level, name, kind) in enumerate(found, 1):
        below = (other[0] for other in found[n:] if other[1] <= level)
        last = buffer.bounds(next(below, len(buffer.starts) + 1) - 1)[1]
        start, end = buffer.bounds(line)
        shown.append(Symbol(name or "-", kind, level, start, end, max(last, end)))
    return shown


def targets(buffer: Buffer, model: ReadModel) -> Iterator[Target]:
    """The addresses in fields, then the links that name a note or file."""
    for field in buffer.note.fields:
        for value in field.values:
            if address := _address(canonical_key(field.key), value):
                start = buffer.text.find(value, buffer.offset(*field.place_of(value)))
                if start >= 0:
                    yield Target(start, start + len(value), address)
    for link in buffer.links():
        if path := model.resolve(link, buffer.path):
            yield Target(*buffer.link_span(link), "", path)


def _address(key: str, value: str) -> str:
    value = value.strip()
    if key == "email" and re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", value):
        return f"mailto:{value}"
    if key == "phone" and re.fullmatch(r"\+?[0-9][0-9 ()/.-]{3,30}", value):
        return "tel:" + re.sub(r"[^0-9+]", "", value)
    if key in ("linkedin", "url"):
        if re.fullmatch(r"https?://\S+", value, re.IGNORECASE):
            return value
        if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", value, re.IGNORECASE):
            return f"https://{value}"
        if key == "linkedin" and re.fullmatch(r"[\w-]+", value):
            return f"https://www.linkedin.com/in/{value}"
    return ""


def hints(buffer: Buffer, model: ReadModel) -> list[Hint]:
    """The state of the tie at a contact's title, how far away its day is at a promise."""
    note, today = buffer.note, model.today
    found = [
        Hint(buffer.bounds(promise.line)[1], ago(promise.due, today))
        for promise in note.promises
        if promise.due and not promise.private and promise.line not in buffer.hidden
    ]
    tie = model.assessment(buffer.path) if note.kind == CONTACT else None
    if tie and (text := tie_words(tie)):
        found.insert(0, Hint(buffer.bounds(title_line(buffer))[1], text))
    return found


def tie_words(assessment: Assessment) -> str:
    """`last talk 8 weeks ago · due for 3 weeks`; "" of a confidential contact."""
    if assessment.confidential:
        return ""
    last = assessment.last_contact
    talk = f"last talk {ago(last, assessment.today)}" if last else "no talk yet"
    due = due_words(assessment).rstrip(".").split(" (")[0]
    return " · ".join(filter(None, (talk, due[:1].lower() + due[1:])))


def title_line(buffer: Buffer) -> int:
    """The line that names the note: its first heading, else the field `name`, else the first below the front matter."""
    first = (heading.line for heading in buffer.note.headings if heading.level == 1)
    named = (field.line for field in buffer.note.fields if field.key == "name")
    return next(chain(first, named), min(buffer.head.body_line, len(buffer.starts)))
