"""The notes are the log: dated contacts and promises, read from the items of a note's body.

A contact's own note is read under its log heading, a dated note is read everywhere. Who is meant by a
dated note's links is not decided here: the links are kept by position and resolved later.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import dates
from mdmentor.core.log_entries import in_log, without_origin
from mdmentor.core.model import WARNING, Interaction, Item, Link, Problem, Promise

MARKS = ("gave", "got", "thanked", "sent", "private")
OWN_TAGS = frozenset({*MARKS, "waiting", "mention"})  # ours in a line, and no tags of the note
ABOVE = "item above"  # the field of a link that stands in an item further out; no key of a note is spelled so
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
_TARGET = r"\[\[[^\[\]]*\]\]|\]\([^()\s]*\)"
_TICKS_OR_ESCAPE = re.compile(r"\\.|`+", re.DOTALL)
_MENTION = r"(?i)#(?<![\w#/]#)mention(?![\w/-])"
_WAITING = re.compile(r"#(?<![\w#/]#)waiting(?![\w/-])", re.IGNORECASE)
_CHANNEL = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)?)(\s*[:–—]\s*|\s+-\s+|\s+|$)")
_CHANNEL_OF_WORDS = re.compile(r"([^\W\d_]+(?:[ -][^\W\d_]+){1,2}):\s+")
_LEAD = re.compile(r"[\s:–—,|*_-]*")
_BLANKS = r"\s{2,}"
# The words by which Logseq begins a task.
_TO_DO = re.compile(r"(?:TODO|DOING|NOW|LATER|WAITING|WAIT|IN-PROGRESS|CANCELED|CANCELLED) ")
# What Logseq writes below an item for itself.
_OWN_PROPERTIES = (
    r"\s(?:(?:id|collapsed|created-at|updated-at):: \S+|:LOGBOOK:.*?:END:|(?:SCHEDULED|DEADLINE): <[^<>]*>)"
)
_BAD_DUE = r"(?i)(?:[📅📆🗓]\ufe0f?|\bdue\b:{0,2}|\bby\b)\s*(\d{4}-\d{1,2}-\d{1,2})(?!\d)"
# A line that opens with a date which no calendar has, or which may mean two days.
_DATE_LIKE = r"\W{0,4}(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4})(?!\d)"


def find_marks(*texts: str) -> tuple[str, ...]:
    """The marks of a line, or of one and those nested in it, lower case, each once, as they stand.

    A mark in code or in a link's target is none; but `#private`, which guards, is one wherever it stands.
    """
    found: dict[str, None] = {}
    for text in texts:
        for match in _MARK.finditer(text) if "#" in text else ():
            mark = match[1].lower()
            if mark == "private" or _outside_code(text)[match.start()] == "#":
                found.setdefault(mark)
    return tuple(found)


@lru_cache(maxsize=64)  # the same text is asked for its marks, for being a mention, for its words
def _outside_code(text: str) -> str:
    """The text with a backtick for each character of code, of a link's target and of what a backslash escapes.

    So it is as long as before. Linear: no run of backticks is searched for twice.
    """
    if "[" in text:
        text = re.sub(_TARGET, lambda match: "`" * len(match[0]) if "`" not in match[0] else match[0], text)
    if "`" not in text and "\\" not in text:
        return text
    closing: dict[int, list[int]] = {}  # length of a run of backticks -> where such runs begin, last first
    for run in reversed(list(re.finditer(r"`+", text))):
        closing.setdefault(len(run[0]), []).append(run.start())
    pieces, at = list[str](), 0
    while match := _TICKS_OR_ESCAPE.search(text, at):
        begin, end = match.span()
        pieces.append(text[at:begin])
        ends = closing.get(end - begin, []) if match[0][0] == "`" else []
        while ends and ends[-1] < end:
            ends.pop()
        at = ends[-1] + end - begin if ends else end
        pieces.append("`" * (at - begin))
    return "".join(pieces) + text[at:]


def read_own_log(
    path: str, items: Sequence[Item], links: Sequence[Link], hidden: Collection[int] = ()
) -> tuple[tuple[Interaction, ...], tuple[Problem, ...]]:
    """The entries of a contact's log and the entries whose date does not exist.

    An entry is a list item that starts with a date together with what is nested in it, or a heading that
    starts with one together with all that stands below it. A task that is open or was dropped is none. What of an entry stands on
    `hidden` lines is no part of it; a mark there is an entry of its own, on its own line.
    """
    entries: list[Interaction] = []
    problems: list[Problem] = []
    places = _LinkPlaces(links)
    number = 0
    while number < len(items):
        item = items[number]
        number += 1
        if item.kind == "paragraph" or not item.has_happened or not in_log(item.sections):
            continue
        found = dates.find_leading_date(item.text)
        if found is None:
            problems += _bad_date(path, item)
            continue
        below = _below(items, number)
        if item.kind == "heading":
            number += len(below)
        elif below:
            below = _without_dated(below)
        if _is_mention(item.text):
            continue
        day, end = found
        parts = [part for part in below if _counts(part)]
        apart: list[Item] = []
        if hidden and item.line not in hidden:
            apart = [part for part in parts if part.line in hidden]
            parts = [part for part in parts if part.line not in hidden]
        words = item.text[end:]
        channel, text = _split_channel(words)
        if not text and parts:
            text = parts[0].text
        text = without_origin(text)
        if item.task:
            text = dates.without_task_signs(text)
        marks = find_marks(words, *[part.text for part in parts])
        within = tuple([n for part in (item, *parts) for n in places.within(part)])
        entries.append(Interaction(day, channel, _without_marks(text), marks, item.line, within, path))
        for part in apart:
            # private parts of an open entry are shown nowhere, but a `#thanked` among them still counts
            marks = find_marks(part.text)
            if set(marks) - {"private"}:
                within, text = tuple(places.within(part)), _without_marks(part.text)
                entries.append(Interaction(day, "", text, marks, part.line, within, path))
    return tuple(entries), tuple(problems)


def _bad_date(path: str, item: Item) -> list[Problem]:
    """The problem of an entry that begins with what only looks like a date."""
    bad = re.match(_DATE_LIKE, item.text)
    if bad is None or dates.parse_date(bad[1]) is not None:
        return []
    what = f'log entry starts with "{bad[1]}", which is no date'
    days = " or ".join(f'"{day}"' for day in dates.readings(bad[1]))
    fix = f"write it as {days}" if days else "write a day that the calendar has, as in 2026-10-14"
    return [Problem(path, item.line, 1, WARNING, "log-date", what, fix)]


def _below(items: Sequence[Item], number: int) -> Sequence[Item]:
    """What belongs to the item before `number`: all that is nested in a list item, a dated heading's section."""
    item = items[number - 1]
    end = number
    while end < len(items) and (
        not _ends_entry(items[end], item.level)
        if item.kind == "heading"
        else _is_within(items[end], item.depth)
    ):
        end += 1
    return items[number:end]


def _ends_entry(item: Item, level: int) -> bool:
    return item.kind == "heading" and (item.level <= level or dates.find_leading_date(item.text) is not None)


def _is_within(item: Item, depth: int) -> bool:
    """True for what stands in the list item of this depth that was met last."""
    return item.depth > depth or (item.kind == "paragraph" and item.depth == depth > 0)


def _without_dated(below: Sequence[Item]) -> list[Item]:
    """Without the nested items that are entries of their own, and what is nested in these."""
    rest: list[Item] = []
    dated = 0  # the depth of the last one
    for item in below:
        if dated and _is_within(item, dated):
            continue
        dated = item.depth if item.kind == "item" and dates.find_leading_date(item.text) else 0
        if not dated:
            rest.append(item)
    return rest


def read_dated(
    path: str, day: date, title: str, items: Sequence[Item], links: Sequence[Link], *, mentions: bool
) -> tuple[tuple[Interaction, ...], tuple[Link, ...]]:
    """What a dated note says of people, its attendees and each item that holds a link, and all its links.

    An item nested in such an item is about the same people, where it has a mark or links of its own: their
    links are repeated for it, as links `ABOVE`. With `mentions` off only the attendees named in the front
    matter count.
    """
    talks: list[Interaction] = []
    attending = tuple([n for n, link in enumerate(links) if link.field in ATTENDEE_KEYS])
    if attending:
        talks.append(Interaction(day, "", title, (), links[attending[0]].line, attending, path))
    outline = _Outline(links)
    for item in items if mentions else ():
        own, above = outline.enter(item)
        marks = find_marks(item.text) if own or above else ()
        if not _counts(item) or not (own or (above and marks)):
            continue
        channel, text = _split_channel(item.text)
        if not text or channel not in CHANNELS:
            text = item.text
        if item.task:
            text = dates.without_task_signs(text)
        within = (*own, *outline.repeat(above, item))
        talks.append(Interaction(day, channel, _without_marks(text), marks, item.line, within, path))
    return tuple(talks), tuple(outline.links)


def read_promises(
    path: str, items: Sequence[Item], links: Sequence[Link], *, own: bool, nested: bool = False
) -> tuple[tuple[Promise, ...], tuple[Link, ...]]:
    """The open tasks, all of a contact's own note, elsewhere those that hold a link; and all links.

    With `nested`, for a dated note, an open task without a link is towards the people of the item that it is
    nested in.
    """
    if "open" not in [item.task for item in items]:
        return (), tuple(links)
    promises: list[Promise] = []
    outline = _Outline(links)
    for item in items:
        if item.task != "open" and not nested:
            continue
        own_links, above = outline.enter(item)
        if item.task != "open":
            continue
        within = own_links or (outline.repeat(above, item) if nested else ())
        if not own and not within:
            continue
        due, text = dates.find_due(item.text)
        text = dates.without_task_signs(text)
        theirs = "#" in text and _WAITING.search(_outside_code(text)) is not None
        text = _without_marks(text)
        if theirs:
            text = re.sub(_BLANKS, " ", _without(_WAITING, text)).strip()
        private = "private" in find_marks(item.text)
        promises.append(Promise(text, due, theirs, item.line, private, within, path))
    return tuple(promises), tuple(outline.links)


def _counts(item: Item) -> bool:
    """True for what has happened and is no mere mention: no task that is open or dropped, in Markdown or Logseq."""
    return item.has_happened and not _TO_DO.match(item.text) and not _is_mention(item.text)


def _is_mention(text: str) -> bool:
    return "#" in text and re.search(_MENTION, _outside_code(text)) is not None


def misdated(promises: Iterable[Promise]) -> list[Problem]:
    """A problem for each promise that is due on a day which no calendar has."""
    problems = []
    for promise in promises:
        bad = re.search(_BAD_DUE, promise.text) if promise.due is None else None
        if bad and dates.parse_date(bad[1]) is None:
            what = f'the promise is due on "{bad[1]}", which is no date'
            fix = "write a day that the calendar has, as in 2026-11-30"
            problems.append(Problem(promise.path, promise.line, 1, WARNING, "due-date", what, fix))
    return problems


class _Outline:
    """Finds, item by item, the links that an item holds and those above it, in the items it is nested in."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.links = list(links)
        self._places = _LinkPlaces(links)
        self._open: list[tuple[int, list[int]]] = []  # depth and links of the items around, outermost first

    def enter(self, item: Item) -> tuple[tuple[int, ...], list[int]]:
        """Positions of the item's own links and of those above it, which count for what is nested in it too."""
        while self._open and not _is_within(item, self._open[-1][0]):
            self._open.pop()
        above = self._open[-1][1] if self._open else []
        own = [n for n in self._places.within(item) if self.links[n].kind != "embed"]
        if item.kind == "item":
            passed_on = [*own, *self._others(above, own)] if (own or above) and _counts(item) else []
            self._open.append((item.depth, passed_on))
        return tuple(own), above

    def repeat(self, above: Sequence[int], item: Item) -> tuple[int, ...]:
        """Positions of copies of the links above that the item does not hold itself."""
        start = len(self.links)
        others = self._others(above, self._places.within(item)) if above else []
        self.links += [self.links[n]._replace(line=item.line, field=ABOVE) for n in others]
        return tuple(range(start, len(self.links)))

    def _others(self, above: Sequence[int], own: Sequence[int]) -> list[int]:
        """Those of the links above whose target none of its own has."""
        targets = {self.links[n].target for n in own}
        return [n for n in above if self.links[n].target not in targets]


class _LinkPlaces:
    """Finds the links that stand within an item's lines."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._numbers = [n for n, link in enumerate(links) if not link.field]
        self._lines = [links[n].line for n in self._numbers]

    def within(self, item: Item) -> list[int]:
        """The positions of these links."""
        return self._numbers[bisect_left(self._lines, item.line) : bisect_right(self._lines, item.last)]


def _split_channel(text: str) -> tuple[str, str]:
    """("call", "asked ...") of " call: asked ..."; ("", text) where no channel is named.

    A word is a channel when it is a known one, or any lower-case word before a colon or dash: people
    invent their own, but `Grace: said ...` names a person. Of two or three words before a colon, as in
    `video call: ...`, one has to be known.
    """
    text = _LEAD.sub("", text, count=1)
    several = _CHANNEL_OF_WORDS.match(text) if ":" in text else None
    if several and several[1] == several[1].lower() and CHANNELS.intersection(several[1].split()):
        return several[1], text[several.end() :].strip()
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
    if "::" in text or ": <" in text or ":END:" in text:
        text = re.sub(_OWN_PROPERTIES, "", text)
    return re.sub(_BLANKS, " ", _without(_MARK, text)).strip() if "#" in text else text.strip()


def _without(marks: re.Pattern[str], text: str) -> str:
    """The text without these marks, except for those in code, which are words."""
    found = list(marks.finditer(text))
    outside = _outside_code(text) if found else ""
    for match in reversed(found):
        if outside[match.start()] == "#":
            text = text[: match.start()] + text[match.end() :]
    return text
