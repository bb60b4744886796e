"""The card that an editor shows at the cursor: of a person, a post, a key, a date, a link without a note."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from mdmentor.core import pages
from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.dates import parse_date
from mdmentor.core.entries import Card
from mdmentor.core.frontmatter.meanings import accepted, meaning_of
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.model import CONTACT, POST, Assessment, Link
from mdmentor.core.names import folder, stem, without_md
from mdmentor.core.text import ago, every, long_day, md, plain_words, span_text

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
        if link.line in buffer.hidden:
            return "a link on a private line names no note"
        near = model.near(stem(without_md(link.target.replace("\\", "/"))))
        found = f'; did you mean "{near}"?' if near else ""
        return md(f'no note named "{without_md(link.target)}"{found}')
    kind, title = model.kind_and_title(path)
    if kind == CONTACT:
        return person_text(model.card(path), buffer.path)
    if kind == POST:
        return _post_text(path, title, buffer.path, model)
    note = model.note(path)
    if note is None or note.confidential:
        return f"**{md(title or path)}**" + (f"\n\n{pages.CONFIDENTIAL}" if note else "")
    body = note.text.split("\n")[read_head(path, note.text).body_line - 1 :]
    shown = "\n".join(list(filter(str.strip, body))[:_MOST_LINES])
    return f"**{md(title)}** · {md(path)}\n\n{shown}"


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
    if assessment.confidential:
        return ""
    if assessment.snooze and assessment.snooze > today:
        return f"Snoozed until {assessment.snooze.isoformat()}."
    if due is None:
        return "Never suggested." if assessment.held == "paused" else ""
    days = (today - due).days
    rhythm = f" ({every(assessment.cadence_days)})" if assessment.cadence_days else ""
    when = f"Due for {span_text(days)}" if days > 0 else "Due today" if not days else f"Due {ago(due, today)}"
    return f"{when}{rhythm}."


def _post_text(path: str, title: str, source: str, model: ReadModel) -> str:
    entry = model.post(path)
    if entry.confidential:
        return f"**{md(title)}**\n\n{pages.CONFIDENTIAL}"
    lines = [f"{md(one.title)}: {md(plain_words('; '.join(one.reasons)))}" for one in entry.people[:8]]
    topics = pages.labelled("Topics", md(", ".join(entry.topics)))
    helpers = "Nobody in your notes can help with this yet."
    if lines:
        helpers = "Who can help:\n\n" + "\n".join(pages.bullets(lines))
    return "\n\n".join(filter(None, (f"**{md(title)}**", topics, helpers)))


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
