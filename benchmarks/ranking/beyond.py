"""What our rule does not do, tried out: learn from each person's own log, and from the vault as a whole.

Each idea changes what the rule is told of a person, or a score, just before the list is made; nothing else
differs. RESULTS.md tells which of them held on seeds and worlds that had no part in choosing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from statistics import median

from benchmarks.ranking.life import Desk, Pick, Rule
from benchmarks.ranking.rules import SETTINGS, Mdmentor, quiet
from benchmarks.ranking.world import Tie
from mdmentor.core import choose, names
from mdmentor.core.model import Person, Standing
from mdmentor.core.rank import DUTIES, TABLE, Constants, assess
from mdmentor.core.rhythm import find_cadence


class Beyond(Mdmentor):
    """Our rule with one idea more."""

    def __init__(self, table: Constants = TABLE) -> None:
        super().__init__(table)

    def pick(self, desk: Desk) -> list[Pick]:
        topics = {names.fold_topic(topic): title for topic, title in desk.topics.items()}
        self.look_around(desk)
        standings = []
        for tie in desk.ties:
            if tie.person is not None:
                standing = assess(self.told(tie.person), desk.today, topics, SETTINGS, self.table)
                if not standing.held and not any(r.kind in DUTIES for r in standing.reasons if r.points):
                    standing = replace(standing, score=standing.score + self.weigh(tie, desk, standing))
                standings.append(standing)
        short = choose.shortlist(standings, desk.today, desk.per_day + 1)
        chosen = choose.choose(short, desk.per_day, self.table).suggestions
        return [Pick(s.path, frozenset(r.kind for r in s.reasons if r.points)) for s in chosen]

    def look_around(self, desk: Desk) -> None:
        """Learns what only the whole vault tells."""

    def told(self, person: Person) -> Person:
        return person

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        """Points more or less for somebody to whom nothing is owed."""
        return 0.0


class OwnRhythm(Beyond):
    """The median gap of the log as cadence where the note names none."""

    least, most, gaps = 30, 200, 3

    def told(self, person: Person) -> Person:
        if person.contact.cadence_days is not None:
            return person
        days = sorted({told.date for told in person.interactions if "sent" not in told.marks})
        gaps = [(after - before).days for before, after in pairwise(days)][-12:]
        if len(gaps) < self.gaps:
            return person
        own = int(min(self.most, max(self.least, median(gaps))))
        return replace(person, contact=replace(person.contact, cadence_days=own))


class WideOwnRhythm(OwnRhythm):
    """The same without bounds that keep it near the defaults."""

    least, most = 14, 365


class Bridges(Beyond):
    """A shorter cadence for the only contact at a company, as bridges fade soonest."""

    share = 0.7

    def look_around(self, desk: Desk) -> None:
        self.count = Counter(name for tie in desk.ties for name in tie.contact.company)

    def told(self, person: Person) -> Person:
        contact = person.contact
        if contact.cadence_days is not None or not contact.company:
            return person
        if any(self.count[name] > 1 for name in contact.company):
            return person
        cadence, _ = find_cadence(contact, SETTINGS, self.table)
        return replace(person, contact=replace(contact, cadence_days=int((cadence or 0) * self.share)))


class WhoAnswers(Beyond):
    """Points by the share of contacts in the log that were no message without an answer."""

    points = 4.0

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        sent = sum("sent" in told.marks for told in tie.log)
        share = (len(tie.log) - sent + 2) / (len(tie.log) + 3)
        return self.points * math.log2(share / 0.67)


class LongestQuiet(Beyond):
    """Points by plain days of quiet beside the quiet in cadences."""

    points = 5.0

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        return self.points * math.log2(max(1, quiet(tie, desk)) / 90)


class LongLogs(Beyond):
    """Points by the length of the log, which is how another tool tells depth."""

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        return math.log2(1 + len(tie.log))


class CloseFirst(Beyond):
    """Points for mentors, close ties, former bosses and family."""

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        contact = tie.contact
        if contact.mentor or contact.tier:
            return 4.0
        return 2.0 if {"boss", "family"} & set(contact.source) else 0.0


class AllOfThem(WhoAnswers):
    """Who answers and the longest quiet together."""

    def weigh(self, tie: Tie, desk: Desk, standing: Standing) -> float:
        return super().weigh(tie, desk, standing) + LongestQuiet.weigh(LongestQuiet(), tie, desk, standing)


def changed(**values: float) -> Callable[[], Rule]:
    """Our rule with other constants."""
    return lambda: Mdmentor(replace(TABLE, **values))  # type: ignore[arg-type]


IDEAS: dict[str, Callable[[], Rule]] = {
    "mdmentor": Mdmentor,
    "no rest after two unanswered": changed(unanswered_rest=0),
    "own rhythm": OwnRhythm,
    "own rhythm, unbounded": WideOwnRhythm,
    "bridges sooner": Bridges,
    "who answers": WhoAnswers,
    "longest quiet": LongestQuiet,
    "who answers + longest quiet": AllOfThem,
    "long logs": LongLogs,
    "close ones first": CloseFirst,
    "goals again after 14 days": changed(goal_rest=14),
    "a good moment from a third": changed(spare_share=0.33),
}
