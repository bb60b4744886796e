"""Who is where in the picture of the network, how many talks there were a month, and the words for both.

A person becomes a dot: a name, a kind, the quiet days against their own rhythm. Nothing is drawn here and nothing
decides who is due. Of a confidential person only the name goes on: no kind and no distance, since every place in the
picture would reveal something. Of talks only days are counted: what was said never comes near it.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core import words
from mdmentor.core.model import Assessment, Contact, Person
from mdmentor.core.names import unlink
from mdmentor.core.ranking import TABLE
from mdmentor.core.text import clean, counted, every, month_text, span_text

FAMILY, MENTOR, WORK, MEMBER = "family", "mentor", "work", "member"
INTERVIEW, EVENT, OTHER = "interview", "event", "other"


class Kind(NamedTuple):
    """A sector of the circle: where one knows people from."""

    word: str
    title: str
    short: str  # title of a small sector
    shape: str  # what its marks are called in words
    sources: str  # words of the field `source` that lead here


# In their order around the circle, clockwise from the top.
KINDS = (
    Kind(FAMILY, "Family and friends", "Friends", "circle", "family friend"),
    Kind(MENTOR, "Mentors and teachers", "Mentors", "star", "teacher"),
    Kind(WORK, "Work", "Work", "square", "boss coworker client associate"),
    Kind(MEMBER, "Groups", "Groups", "triangle", "member"),
    Kind(INTERVIEW, "Interviews", "Interviews", "diamond", "informational-interview interviewer"),
    Kind(EVENT, "Events", "Events", "cross", "event"),
    Kind(OTHER, "Others", "Others", "ring", ""),
)
_KIND_OF_SOURCE = {source: kind.word for kind in KINDS for source in kind.sources.split()}

LATELY, IN_RHYTHM, LATER, LONG, YEAR, NEVER = range(6)
RING_TEXTS = (
    "within half a rhythm",
    "within one rhythm",
    "within two rhythms",
    "longer than two rhythms",
    "over a year",
    "no talk yet",
)


class Dot(NamedTuple):
    """One person in the picture; of a confidential one only path and name are given."""

    path: str
    name: str
    kind: str
    quiet_days: int | None  # None for somebody never talked to
    cadence_days: int | None  # None for somebody without a rhythm
    introduced_by: str  # the path of the one who did, "" for nobody known
    mentor: str
    confidential: bool
    groups: tuple[str, ...] = ()  # tags, folder and company of somebody without a source


class Network(NamedTuple):
    """What the picture and the page beside it show."""

    dots: Sequence[Dot]  # in any order
    paused: int = 0  # people who are paused or never to be contacted, and so not among the dots
    colleagues: Collection[str] = ()  # paths of those who work where the user works


def dot_of(contact: Contact, assessment: Assessment, sources: Collection[str]) -> Dot | None:
    """The dot of one person, known from these sources, without who introduced them; None for somebody who is paused."""
    if contact.paused:
        return None
    if contact.confidential:
        return Dot(contact.path, contact.name, OTHER, None, None, "", "", True)
    last = assessment.last_contact
    quiet = max(0, (assessment.today - last).days) if last else None
    cadence = assessment.cadence_days
    groups = () if sources else _groups_of(contact)
    kind = _kind_of(contact.mentor, sources)
    return Dot(contact.path, contact.name, kind, quiet, cadence, "", contact.mentor, False, groups)


_OF_ALL = words.PERSON | {"crm", "example"}


def _groups_of(contact: Contact) -> tuple[str, ...]:
    """What somebody may be grouped by: `#climbing`, `Folder Team`, `Acme`; no tag or folder that all contacts have."""
    tags = [tag.lstrip("#") for tag in contact.tags]
    tags = [f"#{tag}" for tag in tags if not words.has(tag, _OF_ALL)]
    folder = contact.path.rpartition("/")[0].rpartition("/")[2]
    folders = [f"Folder {folder}"] if folder and not words.has(folder, words.CONTACT_FOLDER) else []
    return (*tags, *folders, *(unlink(company) for company in contact.company[:1]))


def with_introducers(dots: Iterable[Dot], introducers: Mapping[str, str]) -> tuple[Dot, ...]:
    """The dots by name, then path, each with who introduced them; `introducers` are paths by path.

    Confidential people are left out, and so is an introduction by one of them.
    """
    dots = sorted(dots, key=by_name)
    silent = {dot.path for dot in dots if dot.confidential}
    pairs = {to: by for to, by in introducers.items() if by != to and silent.isdisjoint((to, by))}
    return tuple(dot._replace(introduced_by=pairs.get(dot.path, "")) for dot in dots if not dot.confidential)


def _kind_of(mentor: str, sources: Collection[str]) -> str:
    """A mentor by their step or a teacher first, else the first source that is known.

    A candidate is no mentor yet and is where you know them from.
    """
    if mentor not in ("", "candidate") or "teacher" in sources:
        return MENTOR
    return next((_KIND_OF_SOURCE[word] for word in sources if word in _KIND_OF_SOURCE), OTHER)


def ring_of(dot: Dot) -> tuple[int, float]:
    """The ring of a person and how deep they are in it: 0.0 at its inner edge, 1.0 at its outer.

    Quiet days against the cadence up to two rhythms; beyond, the distance grows with each doubling.
    """
    if dot.quiet_days is None:
        return NEVER, 0.5
    cadence = dot.cadence_days or TABLE.other
    dormant = max(TABLE.dormant, int(TABLE.dormant_cadences * cadence))
    quiet = dot.quiet_days / cadence
    if dot.quiet_days > dormant:
        return YEAR, min(1.0, round(math.log2(dot.quiet_days / dormant) / 3, 3))
    if quiet <= 0.5:
        return LATELY, round(quiet / 0.5, 3)
    if quiet <= 1:
        return IN_RHYTHM, round((quiet - 0.5) / 0.5, 3)
    if quiet <= 2:
        return LATER, round(quiet - 1, 3)
    return LONG, min(1.0, round(math.log2(quiet / 2) / 2.5, 3))


def quiet_text(dot: Dot) -> str:
    """How things are with a person: "3 weeks quiet, every month"."""
    quiet = "no talk yet" if dot.quiet_days is None else f"{span_text(dot.quiet_days)} quiet"
    rhythm = "" if dot.cadence_days is None else every(dot.cadence_days)
    return ", ".join(filter(None, ("talked today" if dot.quiet_days == 0 else quiet, rhythm)))


def shown_name(dot: Dot) -> str:
    """The name on one line; the path for a name without a letter to show."""
    return clean(dot.name) or clean(dot.path)


def by_name(dot: Dot) -> tuple[str, str]:
    return dot.name, dot.path


def describe(network: Network) -> str:
    """The picture in one paragraph of plain text: how many people are in which ring and sector."""
    dots = network.dots
    if not dots:
        return "You, and nobody around you yet."
    counts = Counter(ring_of(dot)[0] for dot in dots)
    rings = [f"{text} {counts[ring]}" for ring, text in enumerate(RING_TEXTS) if counts[ring]]
    of_kind = Counter(dot.kind for dot in dots)
    parts = {
        "By time since the last talk": ", ".join(rings),
        "By kind": ", ".join(f"{kind.title} {of_kind[kind.word]}" for kind in KINDS if of_kind[kind.word]),
        "Paused and left out": network.paused,
        "Working where you work": sum(dot.path in network.colleagues for dot in dots),
    }
    intro = f"You in the middle of {counted(len(dots), 'person', 'people')}."
    return " ".join([intro, *(f"{title}: {part}." for title, part in parts.items() if part)])


# --- talks by month ---------------------------------------------------------------------------------------


def months_of(person: Person, today: date) -> dict[str, int]:
    """The talks with one person by month, "2026-11", of the last twelve months.

    Several on one day count once. Private lines count; days in the future are plans and do not. Of confidential
    people nothing is counted: even a number would reveal something.
    """
    if person.contact.confidential:
        return {}
    first = date.fromisoformat(f"{_last_months(today)[0]}-01")
    days = {talk.date for talk in person.interactions if first <= talk.date <= today}
    return dict(sorted(Counter(day.isoformat()[:7] for day in days).items()))


def sum_up(people: Iterable[Mapping[str, int]], today: date) -> tuple[tuple[str, int], ...]:
    """The last twelve months, the oldest first, with the talks of all these people."""
    counts: Counter[str] = Counter()
    for months in people:
        counts.update(months)
    return tuple((month, counts[month]) for month in _last_months(today))


@lru_cache(maxsize=8)  # asked for every person on one day
def _last_months(today: date) -> tuple[str, ...]:
    latest = today.year * 12 + today.month - 1
    months = range(max(latest - 11, 12), latest + 1)  # the calendar begins with January of year 1
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in months)


def month_name(month: str) -> str:
    """ "2026-11" as "November 2026"."""
    return month_text(date(int(month[:4]), int(month[5:]), 1))


def talks_text(talks: Sequence[tuple[str, int]]) -> str:
    """The chart in one sentence: the sum, and the month with most of them."""
    counts = [count for _, count in talks]
    if not any(counts):
        return "No talk is noted in the last twelve months."
    best = [f", most in {month_name(month)}" for month, count in talks if count == max(counts)]
    text = f"{counted(sum(counts), 'talk')} in the last twelve months"
    return f"{text}{best[0] if len(best) == 1 and len(talks) > 1 else ''}."
