"""Who stands where in the picture of the network, and how that is told in words.

A person becomes a dot: a name, a kind, the quiet days against their own rhythm. Nothing is drawn here and
nothing decides who is due. Of a confidential person only the name goes on: no kind and no distance, since
every place in the picture would tell something.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from mdmentor.core.mentoring import known_from
from mdmentor.core.model import Assessment, Contact, Person
from mdmentor.core.text import clean, counted, every, span_text

FAMILY, MENTOR, WORK, MEMBER = "family", "mentor", "work", "member"
INTERVIEW, EVENT, OTHER = "interview", "event", "other"


class Kind(NamedTuple):
    """A sector of the circle: where one knows people from."""

    word: str
    title: str
    short: str  # title of a small sector
    shape: str  # what its marks are called in words


# In the order in which they stand around the circle, clockwise from the top.
KINDS = (
    Kind(FAMILY, "Family and friends", "Friends", "circle"),
    Kind(MENTOR, "Mentors and teachers", "Mentors", "star"),
    Kind(WORK, "Work", "Work", "square"),
    Kind(MEMBER, "Groups", "Groups", "triangle"),
    Kind(INTERVIEW, "Interviews", "Interviews", "diamond"),
    Kind(EVENT, "Events", "Events", "cross"),
    Kind(OTHER, "Others", "Others", "ring"),
)
_KIND_OF_SOURCE = {
    "family": FAMILY,
    "friend": FAMILY,
    "teacher": MENTOR,
    "boss": WORK,
    "coworker": WORK,
    "client": WORK,
    "associate": WORK,
    "member": MEMBER,
    "informational-interview": INTERVIEW,
    "interviewer": INTERVIEW,
    "event": EVENT,
}

LATELY, IN_RHYTHM, LATER, LONG, YEAR, NEVER = range(6)
RING_TEXTS = (
    "within half a rhythm",
    "within one rhythm",
    "within two rhythms",
    "longer than two rhythms",
    "over a year",
    "no talk yet",
)
_NO_RHYTHM = 180  # days, for people whose rhythm never counts: what any tie has that names none
_YEAR_DAYS = 365
_DORMANT_RHYTHMS = 1.5  # a yearly tie is not an old one on the day after its year


class Dot(NamedTuple):
    """One person as the picture sees them.

    `quiet_days` is None for somebody never talked to, `cadence_days` for one whose rhythm never counts.
    Of a confidential person path and name are told and nothing else.
    """

    path: str
    name: str
    kind: str
    quiet_days: int | None
    cadence_days: int | None
    introduced_by: str  # the path of the one who did, "" for nobody known
    mentor: str
    confidential: bool


def dots(
    persons: Iterable[Person], assessments: Mapping[str, Assessment], introducers: Mapping[str, str]
) -> tuple[Dot, ...]:
    """The people of the picture by name, then path, without those who are paused.

    `standings` and `introducers` (the path of who introduced them) are by path. An introduction by or of
    a confidential person is not told.
    """
    found = (dot_of(person.contact, assessments.get(person.contact.path)) for person in persons)
    return with_introducers([dot for dot in found if dot is not None], introducers)


def dot_of(contact: Contact, assessment: Assessment | None) -> Dot | None:
    """One person as the picture sees them, without who introduced them; None for whoever is paused."""
    if contact.paused:
        return None
    if contact.confidential:
        return Dot(contact.path, contact.name, OTHER, None, None, "", "", True)
    cadence = assessment.cadence_days if assessment else None
    quiet = _quiet_days(assessment)
    return Dot(contact.path, contact.name, _kind_of(contact), quiet, cadence, "", contact.mentor, False)


def with_introducers(dots: Sequence[Dot], introducers: Mapping[str, str]) -> tuple[Dot, ...]:
    """The dots by name, then path, each with who introduced them, where that may be told."""
    silent = {dot.path for dot in dots if dot.confidential}
    found = []
    for dot in dots:
        introducer = introducers.get(dot.path, "")
        if introducer and not dot.confidential and introducer not in silent and introducer != dot.path:
            dot = dot._replace(introduced_by=introducer)
        found.append(dot)
    return tuple(sorted(found, key=by_name))


def count_left_out(persons: Iterable[Person]) -> int:
    """How many people `dots` leaves out, since they are paused or never to be contacted."""
    return sum(person.contact.paused for person in persons)


def _quiet_days(assessment: Assessment | None) -> int | None:
    if assessment is None or assessment.last_contact is None:
        return None
    return max(0, (assessment.today - assessment.last_contact).days)


def _kind_of(contact: Contact) -> str:
    """A mentor by their standing or a teacher first, else the first source that is known.

    A candidate is no mentor yet and stands where you know them from.
    """
    sources = known_from(contact)
    if contact.mentor not in ("", "candidate") or "teacher" in sources:
        return MENTOR
    known = (_KIND_OF_SOURCE[word] for word in sources if word in _KIND_OF_SOURCE)
    return next(known, OTHER)


def ring_of(dot: Dot) -> tuple[int, float]:
    """The ring a person stands in and how deep: 0.0 at its inner edge, 1.0 at its outer.

    Quiet days against the cadence up to two rhythms; beyond, the distance grows with each doubling.
    """
    return (NEVER, 0.5) if dot.quiet_days is None else _ring_at(dot.quiet_days, dot.cadence_days)


@lru_cache(maxsize=8192)  # days are whole, and whoever stands somewhere is asked for several times
def _ring_at(quiet_days: int, cadence_days: int | None) -> tuple[int, float]:
    cadence = cadence_days or _NO_RHYTHM
    year = max(_YEAR_DAYS, int(_DORMANT_RHYTHMS * cadence))
    quiet = quiet_days / cadence
    if quiet_days > year:
        return YEAR, min(1.0, round(math.log2(quiet_days / year) / 3, 3))
    if quiet <= 0.5:
        return LATELY, round(quiet / 0.5, 3)
    if quiet <= 1:
        return IN_RHYTHM, round((quiet - 0.5) / 0.5, 3)
    if quiet <= 2:
        return LATER, round(quiet - 1, 3)
    return LONG, min(1.0, round(math.log2(quiet / 2) / 2.5, 3))


def quiet_text(dot: Dot) -> str:
    """How things stand, in plain words: "3 weeks quiet, every month"; "" for a confidential person."""
    if dot.confidential:
        return ""
    told = [] if dot.cadence_days is None else [every(dot.cadence_days)]
    if dot.quiet_days is None:
        return ", ".join(["no talk yet", *told])
    quiet = "talked today" if dot.quiet_days == 0 else f"{span_text(dot.quiet_days)} quiet"
    return ", ".join([quiet, *told])


def shown_name(dot: Dot) -> str:
    """The name on one line; the path for a name without a letter to show."""
    return clean(dot.name) or clean(dot.path)


by_name: Callable[[Dot], tuple[str, str]] = attrgetter("name", "path")


def tell_kinds(dots: Sequence[Dot]) -> str:
    """How many people there are of each kind: "Family and friends 12, Work 3"; without confidential ones."""
    counts = Counter(dot.kind for dot in dots if not dot.confidential)
    return ", ".join(f"{kind.title} {counts[kind.word]}" for kind in KINDS if counts[kind.word])


def describe(dots: Sequence[Dot], left_out: int = 0) -> str:
    """The picture in one paragraph of plain text: how many people stand in which ring and sector."""
    shown = [dot for dot in dots if not dot.confidential]
    if not dots:
        return "You, and nobody around you yet."
    counts = [0] * len(RING_TEXTS)
    for dot in shown:
        counts[ring_of(dot)[0]] += 1
    rings = [f"{text} {count}" for text, count in zip(RING_TEXTS, counts, strict=True) if count]
    told = [f"You in the middle of {counted(len(dots), 'person', 'people')}."]
    if shown:
        told += [f"By time since the last talk: {', '.join(rings)}.", f"By kind: {tell_kinds(shown)}."]
    if len(dots) > len(shown):
        told.append(f"By name only: {len(dots) - len(shown)}.")
    if left_out:
        told.append(f"Paused and left out: {left_out}.")
    return " ".join(told)
