"""The notes are the log: dated contacts and promises, read from the items of a note's body.

A contact's own note is read everywhere but below headings for plans, a dated note everywhere. Who is meant by a
dated note's links is not decided here: the links are kept by position and resolved later.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import compress

from mdmentor.core import dates, day_words, names
from mdmentor.core.frontmatter.keys import BIRTH_PARTS, is_date_of_the_tie
from mdmentor.core.log_entries import holds_talks, in_log, is_within, read_row
from mdmentor.core.marks import (
    CHANNELS,
    find_done_day,
    find_due,
    find_marks,
    is_mention,
    is_waiting,
    split_channel,
    without_marks,
    without_task_signs,
    without_waiting,
)
from mdmentor.core.model import WARNING, Interaction, Item, Link, Problem, Promise, new
from mdmentor.core.plans import talked_of

ABOVE = "item above"  # the field of a link in an item further out; no key of a note is spelled so
ATTENDEE_KEYS = names.word_set(
    "attendees attendee people person with contact contacts participants guests teilnehmer asistentes partecipanti"
)
_ATTENDEES = rf"(?i)(?<!\w)(?:{dates.any_of(ATTENDEE_KEYS)})::"  # as a field in the text

# The words by which Logseq begins a task, and what begins its embeds and queries.
_NO_TALK = re.compile(
    r"(?:TODO|DOING|NOW|LATER|WAITING|WAIT|IN-PROGRESS|CANCELED|CANCELLED) |\{\{(?:embed|query) "
)
_BAD_DUE = r"(?i)(?:[📅📆🗓]\ufe0f?|\bdue\b:{0,2}|\bby\b)\s*(\d{4}-\d{1,2}-\d{1,2})(?!\d)"
# A line that opens with a date which no calendar has, or which may mean two days.
_DATE_LIKE = r"\W{0,4}(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}([./-])\d{1,2}\2\d{4})(?!\d)"
_WRITTEN_DATE = r"(?<![\w-])[12][0-9]{3}-[01][0-9]-[0-3][0-9](?![\w-])"
_BORN = rf"(?i)\bdied\b|🎂|🎉|{BIRTH_PARTS.replace(' ', '|')}"


def read_own_log(
    path: str, items: Sequence[Item], links: Sequence[Link], hidden: Collection[int] = ()
) -> tuple[tuple[Interaction, ...], tuple[Problem, ...]]:
    """The talks in a contact's own note, and the entries of its log whose date does not exist.

    The items are those of `with_titles`. A talk is a list item that starts with a date together with what is nested
    in it, or a heading that starts with one together with all else that is below it, or a row of a table with a cell that
    is one. A task that is open or was dropped is none, nor is what is below a heading for plans. What of an entry is
    on `hidden` lines is no part of it; a mark there is an entry of its own, on its own line.
    """
    entries: list[Interaction] = []
    problems: list[Problem] = []
    places = _LinkPlaces(links)
    last = 0  # of the items that are part of a dated heading
    header: Item | None = None  # of the table at hand
    for number, item in enumerate(items, 1):
        if item.kind == "row" and number > last and holds_talks(item.sections):
            if item.level:
                header = item
            else:
                entries += read_row(path, header, item, places.within(item))
        if item.kind not in ("item", "heading") or (item.task and not item.has_happened):
            continue
        found = dates.find_leading_date(item.text)
        found = None if found and _is_title(item) else found
        if number <= last and (found is None or item.kind == "heading"):
            continue
        if found is None:
            entries += _kept(path, item, places) if item.task else ()
            problems += () if item.text[:1].isalpha() else _bad_date(path, item)
            continue
        if not holds_talks(item.sections):
            continue
        below = _below(items, number)
        if item.kind == "heading":
            last = number + len(below)
        if is_mention(item.text):
            continue
        day, end = found
        parts = [part for part in _without_dated(below) if _counts(part)] if below else []
        apart: list[Item] = []
        if hidden and item.line not in hidden:
            apart = [part for part in parts if part.line in hidden]
            parts = [part for part in parts if part.line not in hidden]
        words = item.text[end:]
        channel, text = split_channel(words)
        if not text:
            text = next((part.text for part in parts if part.kind != "row"), "")
        if item.task:
            text = without_task_signs(text)
        marks = find_marks(words, *[part.text for part in parts])
        within = tuple([n for part in (item, *parts) for n in places.within(part)])
        text = without_marks(text)
        entries.append(new(Interaction, (day, channel, text, marks, item.line, within, path, None, None)))
        for part in apart:
            # private parts of an open entry are shown nowhere, but a `#thanked` among them still counts
            marks = find_marks(part.text)
            if set(marks) - {"private"}:
                within, text = tuple(places.within(part)), without_marks(part.text)
                entries.append(Interaction(day, "", text, marks, part.line, within, path))
    return tuple(entries), tuple(problems)


def _is_title(item: Item) -> bool:
    """Whether an item with a date is a note's title, such as somebody's name: `# On 14 October 2026`."""
    return item.kind == "heading" and item.level == 1 and bool(re.match(f"(?i){dates.BEFORE}", item.text))


def _kept(path: str, item: Item, places: _LinkPlaces) -> list[Interaction]:
    """A task that says on which day it was ticked, as a contact on that day; none for any other item."""
    day = find_done_day(item.text) if item.task == "done" and not is_mention(item.text) else None
    if day is None:
        return []
    due, text = find_due(item.text)
    text = without_marks(without_waiting(without_task_signs(text)))
    links = tuple(places.within(item))
    due = None if is_waiting(item.text) else due
    return [Interaction(day, "", text, find_marks(item.text), item.line, links, path, due=due)]


def read_kept(path: str, items: Sequence[Item], links: Sequence[Link]) -> tuple[Interaction, ...]:
    """What a note that is no contact's and has no day says of people: the tasks with links that say when they were done."""
    tasks = [item for item in items if item.task == "done"] if links else []
    places = _LinkPlaces(links if tasks else ())
    return tuple([one for item in tasks for one in _kept(path, item, places) if one.links])


def _bad_date(path: str, item: Item) -> list[Problem]:
    """The problem of an entry of the log that begins with what only looks like a date."""
    bad = re.match(_DATE_LIKE, item.text) if in_log(item.sections) else None
    if bad is None or dates.parse_date(bad[1]) is not None:
        return []
    what = f'log entry starts with "{bad[1]}", which is not a date'
    days = " or ".join(f'"{day}"' for day in day_words.readings(bad[1]))
    fix = f"write it as {days}" if days else "write a day that the calendar has, as in 2026-10-14"
    return [Problem(path, item.line, 1, WARNING, "log-date", what, fix)]


def _below(items: Sequence[Item], number: int) -> Sequence[Item]:
    """What belongs to the item before `number`: all that is nested in a list item, a dated heading's section."""
    item = items[number - 1]
    end = number
    while end < len(items) and _is_part(items[end], item):
        end += 1
    return items[number:end]


def _is_part(below: Item, item: Item) -> bool:
    if item.kind != "heading":
        return is_within(below, item.depth)
    return below.kind != "heading" or (below.level > item.level and not dates.find_leading_date(below.text))


def _without_dated(below: Sequence[Item]) -> list[Item]:
    """Without the nested items that are entries of their own, and what is nested in these."""
    rest: list[Item] = []
    dated = 0  # the depth of the last one
    for item in below:
        if dated and is_within(item, dated):
            continue
        dated = item.depth if item.kind == "item" and dates.find_leading_date(item.text) else 0
        if not dated:
            rest.append(item)
    return rest


def read_dated(
    path: str,
    day: date,
    title: str,
    items: Sequence[Item],
    links: Sequence[Link],
    *,
    mentions: bool,
    is_meeting: bool = False,
) -> tuple[tuple[Interaction, ...], tuple[Link, ...]]:
    """What a dated note says of people, its attendees and each item that holds a link, and all its links.

    An item nested in such an item is about the same people, where it has a mark or links of its own: their
    links are repeated for it, as links `ABOVE`. With `mentions` off only the attendees named in the front
    matter count. Unless the note is of a meeting, a line about a plan or a thought alone is no talk.
    """
    talks: list[Interaction] = []
    attending = tuple([n for n, link in enumerate(links) if link.field in ATTENDEE_KEYS])
    if attending:
        words, line = _without_day(title, day), links[attending[0]].line
        talks.append(Interaction(day, "", words, (), line, attending, path))
    outline = _Outline(links)
    for item in items if mentions and links else ():
        if item.kind == "row":
            continue
        own, above = outline.enter(item)
        if not own and not above:
            continue
        marks = find_marks(item.text)
        if not (own or marks) or not _counts(item):
            continue
        channel, text = split_channel(item.text)
        if "::" in item.text and re.search(_ATTENDEES, item.text):
            channel, text = "", _without_day(title, day)  # as where the front matter names them
        elif not text or channel not in CHANNELS:
            channel, text = "", item.text
            if own and not (is_meeting or item.task or set(marks) - {"private"}):
                are_talks = talked_of(dates.name_later_days(text, day), len(own))
                own = tuple(compress(own, are_talks))
                if not own:
                    continue
        if item.task:
            text = without_task_signs(text)
        within = (*own, *outline.repeat(above, item)) if above else own
        done_on = find_done_day(item.text) if item.task == "done" else None
        due = find_due(item.text)[0] if done_on and not is_waiting(item.text) else None
        when, text = done_on or day, without_marks(text)
        talks.append(new(Interaction, (when, channel, text, marks, item.line, within, path, None, due)))
    return tuple(talks), tuple(outline.links)


def _without_day(title: str, day: date) -> str:
    """The title of a dated note in words: of `2026-11-12 Meeting with Ann` all but the day, which alone says nothing."""
    found = dates.find_date(title)
    if found is None or found[0] != day:
        return title
    return f"{title[: found[1]]} {title[found[2] :]}".strip(" -–—:_,.()")


def read_promises(
    path: str, items: Sequence[Item], links: Sequence[Link], *, own: bool, nested: bool = False
) -> tuple[tuple[Promise, ...], tuple[Link, ...]]:
    """The open tasks, all of a contact's own note, elsewhere those that hold a link; and all links.

    With `nested`, for a dated note, an open task without a link is towards the people of the item that it is
    nested in.
    """
    tasks = [item for item in items if item.task == "open"] if own or links else []
    if not tasks:
        return (), tuple(links)
    promises: list[Promise] = []
    outline = _Outline(links)
    nested = nested and max(item.depth for item in tasks) > 1
    for item in items if nested else tasks:
        own_links, above = outline.enter(item)
        if item.task != "open":
            continue
        within = own_links or (outline.repeat(above, item) if nested else ())
        if not own and not within:
            continue
        due, text = find_due(item.text)
        text = without_task_signs(text)
        theirs = is_waiting(text)
        text = without_marks(text)
        if theirs:
            text = without_waiting(text)
        private = "private" in find_marks(item.text)
        promises.append(Promise(text, due, theirs, item.line, private, within, path))
    return tuple(promises), tuple(outline.links)


def _counts(item: Item) -> bool:
    """True for what has happened: no mere mention, no open or dropped task, in Markdown or Logseq, and no macro."""
    return item.has_happened and not _NO_TALK.match(item.text) and not is_mention(item.text)


def misdated(promises: Iterable[Promise]) -> list[Problem]:
    """A problem for each promise that is due on a day which no calendar has."""
    problems = []
    for promise in promises:
        bad = re.search(_BAD_DUE, promise.text) if promise.due is None else None
        if bad and dates.parse_date(bad[1]) is None:
            what = f'the promise is due on "{bad[1]}", which is not a date'
            fix = "write a day that the calendar has, as in 2026-11-30"
            problems.append(Problem(promise.path, promise.line, 1, WARNING, "due-date", what, fix))
    return problems


def first_date_in_words(items: Sequence[Item], hidden: frozenset[int]) -> date | None:
    """The first date in the body's own words, for a note without any other; no plan, no birthday, nothing private."""
    for item in items:
        is_hidden = not hidden.isdisjoint(range(item.line, item.last + 1))
        if item.task == "open" or item.kind == "row" or is_hidden:
            continue
        if (match := re.search(_WRITTEN_DATE, item.text)) and not re.search(_BORN, item.text):
            key = item.text[: match.start()].rstrip(" *_[")
            if key.endswith(":") and not is_date_of_the_tie(names.fold_key(key.strip(" *_:"))):
                continue
            if day := dates.parse_date(match[0]):
                return day
    return None


class _Outline:
    """Finds, item by item, the links that an item holds and those above it, in the items it is nested in."""

    def __init__(self, links: Sequence[Link]) -> None:
        self.links = list(links)
        self._places = _LinkPlaces(links)
        self._open: list[tuple[Item, Sequence[int]]] = []  # the items around and their links, outermost first

    def enter(self, item: Item) -> tuple[tuple[int, ...], Sequence[int]]:
        """Positions of the item's own links and of those above it, which count for what is nested in it too."""
        outer = self._open
        while outer and not is_within(item, outer[-1][0].depth):
            outer.pop()
        above = outer[-1][1] if outer and _counts(outer[-1][0]) else ()
        within = self._places.within(item)
        own = tuple([n for n in within if self.links[n].kind != "embed"]) if within else ()
        if item.kind == "item" and (own or above):
            outer.append((item, [*own, *self._others(above, own)] if above else own))
        return own, above

    def repeat(self, above: Sequence[int], item: Item) -> tuple[int, ...]:
        """Positions of copies of the links above that the item does not hold itself."""
        start = len(self.links)
        for n in self._others(above, self._places.within(item)):
            self.links.append(self.links[n]._replace(line=item.line, field=ABOVE))
        return tuple(range(start, len(self.links)))

    def _others(self, above: Sequence[int], own: Sequence[int]) -> list[int]:
        """Those of the links above whose target none of its own has."""
        targets = {self.links[n].target for n in own} if above else ()
        return [n for n in above if self.links[n].target not in targets]


class _LinkPlaces:
    """Finds the links within an item's lines."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._at: dict[int, list[int]] = {}  # line -> positions of its links
        for n, link in enumerate(links):
            if not link.field:
                self._at.setdefault(link.line, []).append(n)

    def within(self, item: Item) -> Sequence[int]:
        """The positions of these links."""
        if item.line == item.last:
            return self._at.get(item.line, ())
        return [n for line in range(item.line, item.last + 1) for n in self._at.get(line, ())]
