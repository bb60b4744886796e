"""A made-up world of ties, and what the user's notes tell of it: drawn by a seed, the same for every rule.

What is hidden (how fast a tie fades, who answers, who can help) is drawn apart from what the notes tell (a
kind for most, a cadence for few, a log for half), so that no rule reads the world's mind. The numbers are
judgment where RESULTS.md names no source; `World` scales them, which is how their weight is tried out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from mdmentor.core.model import Birthday, Contact, Interaction, Person

START = date(2026, 1, 5)  # a Monday
TOPICS = ("raise", "hiring", "writing", "python", "moving abroad", "leading", "funding", "design")
KIND_COMPANIES = ("boss", "coworker", "client", "event", "interviewer", "other")


@dataclass(frozen=True, slots=True)
class Kind:
    """What people of one kind have in common; days are medians."""

    name: str
    contribution: float  # of all contacts
    half_life: float  # days of silence in which the tie loses half its strength
    rhythm: float  # days between contacts that both find natural
    queries: float  # share of messages that find an answer
    value: float
    helped: float  # share of talks in which the user gets help
    dormant: float  # share that has been quiet for over a year when the year begins
    told: float  # share whose kind the notes tell


KINDS = (
    Kind("family", 0.12, 900, 40, 0.92, 1.3, 0.08, 0.05, 0.9),
    Kind("close", 0.06, 260, 24, 0.92, 1.6, 0.12, 0.0, 0.7),
    Kind("mentor", 0.06, 220, 75, 0.8, 1.8, 0.35, 0.15, 0.9),
    Kind("friend", 0.18, 180, 90, 0.8, 1.0, 0.1, 0.2, 0.75),
    Kind("boss", 0.08, 200, 150, 0.7, 1.2, 0.2, 0.3, 0.8),
    Kind("coworker", 0.2, 150, 190, 0.7, 0.8, 0.12, 0.35, 0.7),
    Kind("client", 0.08, 130, 100, 0.65, 0.9, 0.1, 0.25, 0.8),
    Kind("event", 0.1, 110, 190, 0.5, 0.6, 0.08, 0.4, 0.7),
    Kind("interviewer", 0.05, 110, 200, 0.5, 0.7, 0.12, 0.4, 0.8),
    Kind("other", 0.07, 150, 180, 0.6, 0.7, 0.1, 0.3, 0.0),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BRIDGE_HALF_LIFE = 110  # the only contact at a company: nine of ten gone after a year (Burt 2002)


@dataclass(frozen=True, slots=True)
class World:
    """A seed, and factors by which the world differs from the one described above."""

    seed: int
    size: int = 80
    half_life: float = 1.0
    queries: float = 1.0
    rhythm: float = 1.0
    promises: float = 1.0
    thanks: float = 1.0
    goals: float = 1.0
    calls: float = 1.0  # how often the others call
    kind_told: float = 1.0
    log_told: float = 1.0
    details_told: float = 1.0  # what people help with, birthdays
    bridges: bool = True  # whether the only contact at a company fades as fast as Burt found
    parties: int = 3
    skip: float = 0.3  # share of listed calls that the user leaves out
    remembered: float = 0.25  # share of what is owed that the user does without any list
    setup: bool = False  # the user typed a cadence, near the natural rhythm, for everybody


@dataclass(slots=True)
class Coins:
    """Luck drawn beforehand: by the day for what the calendar brings, else by turns.

    The third talk with somebody finds the same luck on whatever day a rule brings it about, so that two rules
    differ in what they advise and hardly in luck.
    """

    by_day: dict[str, list[float]]
    by_turn: dict[str, list[float]]
    turns: dict[str, int] = field(default_factory=dict)

    def on(self, what: str, day: int) -> float:
        return self.by_day[what][day]

    def next(self, what: str) -> float:
        turn = self.turns.get(what, 0)
        self.turns[what] = turn + 1
        row = self.by_turn[what]
        return row[turn % len(row)]


@dataclass(slots=True)
class ContactStats:
    """One person: what is hidden, what happens, and what the notes tell."""

    number: int
    path: str
    kind: Kind
    half_life: float
    rhythm: float
    queries: float
    value: float
    depth: float  # how close it ever was: old closeness is quickly back (Levin et al. 2011)
    strength: float
    topics: frozenset[str]
    birthday: tuple[int, int]
    contact: Contact
    log: list[Interaction]
    coins: Coins
    last: int  # day of the last contact, counted from START; before it for most
    appears: int = 0  # the first day on which the person is known
    is_fresh: bool = False  # met at a party, not yet talked to
    promised: list[tuple[int, int]] = field(default_factory=list)  # (due, line)
    helped: list[int] = field(default_factory=list)  # days of help not thanked yet
    unanswered: int = 0
    last_sent: int = -9999
    noted: int | None = None  # the day of the last contact as the notes tell it
    talks: int = 0  # lines of the log
    person: Person | None = None  # as last built for a rule; None after a change


def day_of(number: int) -> date:
    return START + timedelta(number)


def draw_goals(world: World, days: int) -> tuple[tuple[int, int, str], ...]:
    """Goals as (first day, last day, topic)."""
    rng = random.Random(f"{world.seed} goals")
    count = round(3 * world.goals)
    topics = rng.sample(TOPICS, min(count, len(TOPICS)))
    goals = []
    for number, topic in enumerate(topics):
        first = int((number + rng.random()) * days / max(1, count))
        goals.append((first, first + rng.randint(60, 90), topic))
    return tuple(goals)


def draw_absences(world: World, days: int) -> tuple[tuple[int, int], ...]:
    """Two fortnights in which nobody looks at the list."""
    rng = random.Random(f"{world.seed} absences")
    firsts = (rng.randint(40, days // 2 - 20), rng.randint(days // 2, days - 20)) if days > 120 else ()
    return tuple((first, first + 13) for first in firsts)


def draw_ties(world: World, days: int) -> list[ContactStats]:
    """Everybody of the year, those of the parties last."""
    rng = random.Random(f"{world.seed} people")
    kinds = rng.choices(KINDS, [kind.contribution for kind in KINDS], k=world.size)
    companies = [_company(rng, kind, world.size) for kind in kinds]
    ties = [
        _draw_tie(rng, world, number, kind, company, companies.count(company) == 1, days)
        for number, (kind, company) in enumerate(zip(kinds, companies, strict=True))
    ]
    for party in range(world.parties):
        day = int((party + rng.random()) * days / max(1, world.parties))
        # Thirty people at one of them, whatever else one has; fewer at the others.
        guests = 30 if party == 0 else max(3, rng.randint(5, 15) * world.size // 80)
        for _ in range(guests):
            tie = _draw_tie(rng, world, len(ties), BY_NAME["event"], "", False, days)
            ties.append(_met_at_party(tie, day))
    return ties


def _company(rng: random.Random, kind: Kind, size: int) -> str:
    if kind.name not in KIND_COMPANIES:
        return ""
    # A few companies hold many contacts, many hold one: about three in ten work ties are the only one.
    return f"Company {int(size * 0.6 * rng.random() ** 2.2)}"


def _draw_tie(
    rng: random.Random, world: World, number: int, kind: Kind, company: str, is_alone: bool, days: int
) -> ContactStats:
    is_bridge = world.bridges and company and is_alone
    half_life = min(kind.half_life, BRIDGE_HALF_LIFE) if is_bridge else kind.half_life
    half_life *= rng.lognormvariate(0, 0.35) * world.half_life
    rhythm = max(7.0, kind.rhythm * rng.lognormvariate(0, 0.5) * world.rhythm)
    queries = min(0.98, max(0.05, rng.gauss(kind.queries, 0.15)) * world.queries)
    is_dormant = rng.random() < kind.dormant
    quiet = int(rng.uniform(370, 1400)) if is_dormant else int(rng.random() * rhythm * 1.6) + 1
    depth = min(1.0, max(0.05, rng.gauss({"close": 0.9, "family": 0.8}.get(kind.name, 0.5), 0.2)))
    strength = (0.45 + 0.5 * depth) * 0.5 ** (quiet / half_life)
    topics = frozenset(rng.sample(TOPICS, rng.choice((1, 2)))) if rng.random() < 0.4 else frozenset()
    birthday = (rng.randint(1, 12), rng.randint(1, 28))
    path = f"people/Person {number:03}.md"
    log = _draw_past(rng, path, quiet, rhythm, queries)
    contact = _draw_contact(rng, world, path, kind, company, rhythm, topics, birthday, log)
    told_log = log if rng.random() < 0.5 * world.log_told else []
    coins = Coins(
        {what: [rng.random() for _ in range(days)] for what in ("call", "remembers")},
        {
            what: [rng.random() for _ in range(120)]
            for what in ("skip", "answer", "promise", "help", "does", "asks", "spread")
        },
    )
    value = kind.value * rng.lognormvariate(0, 0.5)
    tie = ContactStats(
        number,
        path,
        kind,
        half_life,
        rhythm,
        queries,
        value,
        depth,
        strength,
        topics,
        birthday,
        contact,
        told_log,
        coins,
        -quiet,
    )
    tie.talks = len(told_log)
    tie.noted = -quiet if told_log or contact.last_contact else None
    return tie


def _draw_past(rng: random.Random, path: str, quiet: int, rhythm: float, queries: float) -> list[Interaction]:
    """The talks of three years before the year, oldest first, and half of the messages without an answer."""
    log: list[Interaction] = []
    back = quiet
    while back < quiet + 1100 and len(log) < 12:
        log.append(Interaction(day_of(-back), "call", "", (), 1000 - len(log), (), path))
        gap = max(4, int(rhythm * rng.lognormvariate(0, 0.5)))
        if rng.random() > queries and rng.random() < 0.5:
            log.append(
                Interaction(day_of(-back - gap // 3), "mail", "", ("sent",), 1000 - len(log), (), path)
            )
        back += gap
    return log[::-1]


def _draw_contact(
    rng: random.Random,
    world: World,
    path: str,
    kind: Kind,
    company: str,
    rhythm: float,
    topics: frozenset[str],
    birthday: tuple[int, int],
    log: list[Interaction],
) -> Contact:
    """The note: more is told of it than real vaults tell on the whole (one in 53 has a cadence)."""
    is_told = rng.random() < kind.told * world.kind_told
    is_dated = rng.random() < 0.95
    typed = max(3, round(rhythm * rng.lognormvariate(0, 0.3)))
    has_cadence = rng.random() < 0.06
    tells_help = rng.random() < 0.5 * world.details_told
    tells_birthday = rng.random() < 0.35 * world.details_told
    source = {"close": "friend", "mentor": "", "other": ""}.get(kind.name, kind.name)
    return Contact(
        path=path,
        name=path[7:-3],
        source=(source,) if is_told and source else (),
        tier="close" if is_told and kind.name == "close" else "",
        mentor="ongoing" if is_told and kind.name == "mentor" else "",
        company=(company,) if company else (),
        cadence_days=typed if world.setup or has_cadence else None,
        last_contact=log[-1].date if is_dated and log else None,
        helps_with=tuple(sorted(topics)) if tells_help else (),
        birthday=Birthday(*birthday) if tells_birthday else None,
    )


def _met_at_party(tie: ContactStats, day: int) -> ContactStats:
    """The same person as somebody met once: no past, a faint tie, a note that tells where."""
    contact = Contact(
        path=tie.path,
        name=tie.contact.name,
        source=("event",),
        met_on=day_of(day),
        helps_with=tie.contact.helps_with,
        cadence_days=tie.contact.cadence_days,
    )
    tie.contact = contact
    tie.log = []
    tie.talks = 0
    tie.noted = None
    tie.strength = 0.35
    tie.last = day
    tie.appears = day
    tie.is_fresh = True
    return tie
