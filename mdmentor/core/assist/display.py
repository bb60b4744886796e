"""What an editor shows besides the text: cards at the cursor, symbols, links to follow, hints at the ends of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.core import pages
from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.dates import parse_date
from mdmentor.core.entries import Card, PostEntry
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.frontmatter.meanings import accepted, meaning_of
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.model import CONTACT, Assessment, Link
from mdmentor.core.names import folder
from mdmentor.core.text import ago, every, long_day, md, plain_words, shorten, span_text

_MOST_LINES = 12  # of a note that is neither a person nor a post
_DATE = re.compile(r"(?<![\w-])\d{4}-\d\d-\d\d(?![\w-])|(?<![\w.])\d{1,2}\.\d{1,2}\.\d{4}(?![\w.])")


class Hover(NamedTuple):
    text: str  # Markdown
    start: int
    end: int


def hover(buffer: Buffer, offset: int, model: ReadModel, *, people: bool = True) -> Hover | None:
    """The card at the offset, if any."""
    if buffer.is_too_large:
        return None
    day = _day_at(buffer, offset, model.today) if people else None
    if day is None and (link := buffer.link_at(offset)):
        return Hover(_of_link(link, buffer, model), *buffer.link_span(link))
    return day or (_key_at(buffer, offset, model) if people else None)


def _of_link(link: Link, buffer: Buffer, model: ReadModel) -> str:
    path = model.resolve(link, buffer.path)
    if path is None:
        problem = model.problem(buffer.path, link, link.line in buffer.hidden)
        is_alias = problem.code == "alias-link"
        what = f'no note named "{link.target}", which is an alias' if is_alias else problem.what
        return md(f"{what}; {problem.fix}")
    found = model.about(path)
    if isinstance(found, Card):
        return person_text(found, buffer.path)
    if isinstance(found, PostEntry):
        return _post_text(found)
    if found is None or found.confidential:
        return f"**{md(found.title)}**\n\n{pages.CONFIDENTIAL}" if found else f"**{md(path)}**"
    body = found.text.split("\n")[read_head(path, found.text).body_line - 1 :]
    shown = "\n".join(list(filter(str.strip, body))[:_MOST_LINES])
    return f"**{md(found.title)}** · {md(path)}\n\n{shown}"


def person_text(card: Card, source: str) -> str:
    """A person's card in Markdown: work, the last talk, whether they are due and why, what is owed, posts."""
    contact, assessment = card.person.contact, card.assessment
    if contact.confidential:
        return f"**{md(contact.name)}**\n\n{pages.CONFIDENTIAL}"
    today = assessment.today

    def day_words(day: date) -> str:
        return f"{day.isoformat()}, {ago(day, today)}"

    lines = [
        pages.labelled("Last talk", pages.last_talk_text(card, day_words)),
        pages.labelled("Today", " ".join(filter(None, (md(due_words(assessment)), pages.why_text(card))))),
        *pages.owed_lines(card, day_words),
        pages.labelled("Posts", pages.posts_text(card.posts, folder(source))),
    ]
    head = " · ".join(
        filter(None, (f"**{md(contact.name)}**", pages.work_text(contact), pages.colleague_text(card)))
    )
    return "\n\n".join([head, "\n".join(pages.bullets(lines))])


def due_words(assessment: Assessment) -> str:
    """`Due for 3 weeks.`, `Due in 5 days.`, `Snoozed until ...`: where somebody stands today; "" without a rhythm."""
    today, due = assessment.today, assessment.due
    if assessment.snooze and assessment.snooze > today:
        return f"Snoozed until {assessment.snooze.isoformat()}."
    if due is None:
        return "Never suggested." if assessment.held == "paused" else ""
    days = (today - due).days
    rhythm = f" ({every(assessment.cadence_days)})" if assessment.cadence_days else ""
    when = f"Due for {span_text(days)}" if days > 0 else "Due today" if not days else f"Due {ago(due, today)}"
    return f"{when}{rhythm}."


def _post_text(entry: PostEntry) -> str:
    title = f"**{md(entry.title)}**"
    if entry.confidential:
        return f"{title}\n\n{pages.CONFIDENTIAL}"
    lines = [f"{md(one.title)}: {md(plain_words('; '.join(one.reasons)))}" for one in entry.people[:8]]
    topics = pages.labelled("Topics", md(", ".join(entry.topics)))
    helpers = "Nobody in your notes can help with this yet."
    if lines:
        helpers = "Who can help:\n\n" + "\n".join(pages.bullets(lines))
    return "\n\n".join(filter(None, (title, topics, helpers)))


def _key_at(buffer: Buffer, offset: int, model: ReadModel) -> Hover | None:
    line = buffer.line_at(offset)
    if not 1 < line < buffer.head.body_line:
        return None
    start, _ = buffer.bounds(line)
    found = re.match(r"(?P<key>\w[^:#]*?):", buffer.line(line))
    if not found or offset > start + found.end():
        return None
    key, means = meaning_of(found["key"], buffer.note.kind)
    if not means:
        return None
    values = ", ".join(f"`{value}`" for value, _ in accepted(key, buffer.settings, model.today))
    text = "\n\n".join(filter(None, (f"**{md(key)}**: {md(means)}", pages.labelled("Values", values))))
    return Hover(text, start, start + found.end("key"))


def _day_at(buffer: Buffer, offset: int, today: date) -> Hover | None:
    for found in _DATE.finditer(buffer.text, *buffer.bounds(buffer.line_at(offset))):
        if found.start() <= offset <= found.end() and (day := parse_date(found[0])):
            return Hover(f"{long_day(day)}, {ago(day, today)}", *found.span())
    return None


class Symbol(NamedTuple):
    name: str
    kind: str  # "heading" or "talk"
    level: int  # of a heading; of a talk one below the heading that it is under
    start: int
    end: int  # of the line
    last: int  # the end of its section


class Lead(NamedTuple):
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


def targets(buffer: Buffer, model: ReadModel) -> Iterator[Lead]:
    """The addresses in fields, then the links that name a note or file."""
    for field in buffer.note.fields:
        for value in field.values:
            if address := pages.address_of(canonical_key(field.key), value.strip()):
                start = buffer.text.find(value, buffer.offset(*field.place_of(value)))
                if start >= 0:
                    yield Lead(start, start + len(value), address)
    for link in buffer.links():
        if path := model.resolve(link, buffer.path):
            yield Lead(*buffer.link_span(link), "", path)


def hints(buffer: Buffer, model: ReadModel) -> list[Hint]:
    """When the last talk was and the next is due, at a contact's title; how far away its day is, at a promise."""
    note, today = buffer.note, model.today
    found = [
        Hint(buffer.bounds(promise.line)[1], ago(promise.due, today))
        for promise in note.promises
        if promise.due and not promise.private and promise.line not in buffer.hidden
    ]
    card = model.about(buffer.path) if note.kind == CONTACT else None
    if isinstance(card, Card) and (text := tie_words(card.assessment)):
        found.insert(0, Hint(buffer.bounds(buffer.title_line)[1], text))
    return found


def tie_words(assessment: Assessment) -> str:
    """`last talk 8 weeks ago · due for 3 weeks`; "" of a confidential contact."""
    if assessment.confidential:
        return ""
    last = assessment.last_contact
    talk = f"last talk {ago(last, assessment.today)}" if last else "no talk yet"
    due = due_words(assessment).rstrip(".").split(" (")[0]
    return " · ".join(filter(None, (talk, due[:1].lower() + due[1:])))
