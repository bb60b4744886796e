"""The notes are the log: dated contacts and promises, read from the items of a note's body.

A contact's own note is read under its log heading, a dated note is read everywhere. Who is meant by a
dated note's links is not decided here: the links are kept by position and resolved later.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from mdmentor.core import dates
from mdmentor.core.log_headings import LOG_HEADINGS, log_key
from mdmentor.core.model import WARNING, Interaction, Item, Link, Problem, Promise

MARKS = ("gave", "got", "thanked", "sent", "private")
OWN_TAGS = frozenset({*MARKS, "waiting", "mention"})  # ours in a line, and no tags of the note
ATTENDEE_KEYS = frozenset({"attendees", "attendee", "people", "with", "participants"})

# Words that name a way of being in touch without a colon behind them.
CHANNELS = frozenset(
    [
        "call",
        "called",
        "phone",
        "coffee",
        "tea",
        "lunch",
        "dinner",
        "breakfast",
        "brunch",
        "drinks",
        "drink",
        "beer",
        "email",
        "mail",
        "chat",
        "message",
        "text",
        "sms",
        "meeting",
        "meet",
        "met",
        "video",
        "zoom",
        "teams",
        "visit",
        "visited",
        "letter",
        "postcard",
        "card",
        "intro",
        "walk",
        "walked",
        "event",
        "party",
        "dm",
        "linkedin",
        "whatsapp",
        "signal",
        "telegram",
        "slack",
        "talk",
        "talked",
        "conference",
        "interview",
        "workshop",
        "conversation",
        "catch-up",
        "catchup",
    ]
)

# Each begins with its "#", which lets the engine skip to it, and only then looks at what stands before.
_MARK = re.compile(r"#(?<![\w#/]#)(gave|got|thanked|sent|private)(?![\w/-])", re.IGNORECASE)
_MENTION = re.compile(r"#(?<![\w#/]#)mention(?![\w/-])", re.IGNORECASE)
_WAITING = re.compile(r"#(?<![\w#/]#)waiting(?![\w/-])", re.IGNORECASE)
_CHANNEL = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?)(\s*[:–—]\s*|\s+-\s+|\s+|$)")
_LEAD = re.compile(r"[\s:–—,|*_-]+")
_BLANKS = re.compile(r"\s{2,}")
# A line that opens with a whole date which no calendar has.
_DATE_LIKE = re.compile(r"\W{0,4}(\d{4}-\d{1,2}-\d{1,2})(?!\d)")


def find_marks(text: str) -> tuple[str, ...]:
    """The marks of a line, lower case, each once, as they stand."""
    if "#" not in text:
        return ()
    return tuple(dict.fromkeys(m.lower() for m in _MARK.findall(text)))


def read_own_log(
    path: str, items: Sequence[Item], links: Sequence[Link]
) -> tuple[tuple[Interaction, ...], tuple[Problem, ...]]:
    """The entries of a contact's log and the entries whose date does not exist.

    An entry is a list item that starts with a date, or a heading that starts with one together with
    all that stands below it. An open task is none.
    """
    entries: list[Interaction] = []
    problems: list[Problem] = []
    where = _LinkPlaces(links)
    number = 0
    while number < len(items):
        item = items[number]
        number += 1
        if item.kind == "paragraph" or item.task == "open" or not _in_log(item):
            continue
        below: list[Item] = []
        found = dates.find_leading_date(item.text)
        if item.kind == "heading":
            if found is None:
                continue
            while number < len(items) and not _ends_entry(items[number], item.level):
                if items[number].task != "open":
                    below.append(items[number])
                number += 1
        if found is None:
            bad = _DATE_LIKE.match(item.text)
            if bad:
                what = f'log entry starts with "{bad.group(1)}", which is no date'
                mend = "write a day that the calendar has, as in 2026-10-14"
                problems.append(Problem(path, item.line, 1, WARNING, "log-date", what, mend))
            continue
        day, end = found
        whole = " ".join([item.text[end:], *(i.text for i in below)])
        if _MENTION.search(whole):
            continue
        channel, text = _split_channel(item.text[end:])
        if not text and below:
            text = below[0].text
        if item.task:
            text = dates.without_task_signs(text)
        spot = tuple(n for i in [item, *below] for n in where.within(i))
        entries.append(
            Interaction(day, channel, _without_marks(text), find_marks(whole), item.line, spot, path)
        )
    return tuple(entries), tuple(problems)


def read_dated(
    path: str, day: date, title: str, items: Sequence[Item], links: Sequence[Link], *, mentions: bool
) -> tuple[Interaction, ...]:
    """What a dated note tells of people: its attendees, and each item that holds a link.

    With `mentions` off only the attendees named in the front matter count.
    """
    told: list[Interaction] = []
    attending = tuple(n for n, link in enumerate(links) if link.field in ATTENDEE_KEYS)
    if attending:
        told.append(Interaction(day, "", title, (), links[attending[0]].line, attending, path))
    if not mentions:
        return tuple(told)
    where = _LinkPlaces(links)
    for item in items:
        if item.task == "open" or _MENTION.search(item.text):
            continue
        spot = tuple(n for n in where.within(item) if links[n].kind != "embed")
        if spot:
            channel, text = _split_channel(item.text)
            if not text or channel not in CHANNELS:
                text = item.text
            if item.task:
                text = dates.without_task_signs(text)
            told.append(
                Interaction(day, channel, _without_marks(text), find_marks(item.text), item.line, spot, path)
            )
    return tuple(told)


def read_promises(
    path: str, items: Sequence[Item], links: Sequence[Link], *, own: bool
) -> tuple[Promise, ...]:
    """The open tasks: all of a contact's own note, elsewhere those that hold a link."""
    promises: list[Promise] = []
    where: _LinkPlaces | None = None
    for item in items:
        if item.task != "open":
            continue
        where = where or _LinkPlaces(links)
        spot = tuple(n for n in where.within(item) if links[n].kind != "embed")
        if not own and not spot:
            continue
        due, text = dates.find_due(item.text)
        text = dates.without_task_signs(text)
        theirs = bool(_WAITING.search(text))
        text = _BLANKS.sub(" ", _WAITING.sub("", _without_marks(text))).strip()
        private = "private" in find_marks(item.text)
        promises.append(Promise(text, due, theirs, item.line, private, spot, path))
    return tuple(promises)


class _LinkPlaces:
    """Finds the links that stand within an item's lines."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._numbers = [n for n, link in enumerate(links) if not link.field]
        self._lines = [links[n].line for n in self._numbers]

    def within(self, item: Item) -> Iterator[int]:
        start = bisect_right(self._lines, item.line - 1)
        while start < len(self._lines) and self._lines[start] <= item.last:
            yield self._numbers[start]
            start += 1


def _in_log(item: Item) -> bool:
    return any(log_key(heading) in LOG_HEADINGS for heading in item.sections)


def _ends_entry(item: Item, level: int) -> bool:
    return item.kind == "heading" and (item.level <= level or dates.find_leading_date(item.text) is not None)


def _split_channel(text: str) -> tuple[str, str]:
    """("call", "asked ...") of " call: asked ..."; ("", text) where no channel is told.

    A word is a channel when it is a known one, or any lower-case word before a colon or dash: people
    invent their own, but `Grace: said ...` names a person.
    """
    lead = _LEAD.match(text)
    if lead:
        text = text[lead.end() :]
    match = _CHANNEL.match(text)
    if match:
        word, gap = match.groups()
        lower = word.lower()
        if lower in CHANNELS or (gap.strip() and word == lower):
            rest = text[match.end() :]
            if gap.isspace() and rest[:1] in ":–—-":
                rest = _LEAD.sub("", rest, count=1)
            return lower, rest.strip()
    return "", text.strip()


def _without_marks(text: str) -> str:
    if "#" not in text:
        return text.strip()
    return _BLANKS.sub(" ", _MARK.sub("", text)).strip()
