"""What our rule does not do, tried out: learn from each person's own log, and from the vault as a whole.

Each idea changes what the rule is told of a person, or a score, just before the list is made; nothing else
differs. For some there is also an oracle, which is told what the idea has to guess: where not even that
helps, no way of learning can. RESULTS.md tells what became of them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from statistics import median

from benchmarks.ranking.life import Desk, Pick, Rule
from benchmarks.ranking.rules import SETTINGS, Mdmentor, quiet
from benchmarks.ranking.world import ContactStats
from mdmentor.core import names
from mdmentor.core.model import Assessment, Person
from mdmentor.core.ranking import DUTIES, TABLE, Constants, select
from mdmentor.core.ranking.assess import assess


class Beyond(Mdmentor):
    """Our rule with one idea more."""

    reaches_goals = False  # whether points are weighed for those who are wanted for a goal, too
    is_below = True  # whether points lift nobody who is only late above the least duty

    def __init__(self, table: Constants = TABLE) -> None:
        super().__init__(table)

    def pick(self, desk: Desk) -> list[Pick]:
        topics = {names.fold_topic(topic): title for topic, title in desk.topics.items()}
        self.look_around(desk)
        assessments = []
        for tie in desk.ties:
            if tie.person is not None:
                assessment = assess(self.told(tie.person), desk.today, topics, SETTINGS, self.table)
                if not assessment.held:
                    assessment = assessment._replace(score=self._score(tie, desk, assessment))
                assessments.append(assessment)
        short = select.shortlist(assessments, desk.today, desk.per_day + 1)
        chosen = select.choose(short, desk.per_day, self.table).suggestions
        return [Pick(s.path, frozenset(r.kind for r in s.reasons if r.points)) for s in chosen]

    def _score(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        kinds = {reason.kind for reason in assessment.reasons if reason.points}
        if kinds & DUTIES:
            return assessment.score + self.weigh_duty(tie, desk, assessment)
        if "goal" in kinds:
            return assessment.score + self.reaches_goals * self.weigh(tie, desk, assessment)
        # No idea lifts whoever is only late above what is owed or wanted for a goal.
        least = self.table.new_later if self.is_below else math.inf
        return min(max(least - 0.01, assessment.score), assessment.score + self.weigh(tie, desk, assessment))

    def look_around(self, desk: Desk) -> None:
        """Learns what only the whole vault tells."""

    def told(self, person: Person) -> Person:
        return person

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        """Points more or less for somebody to whom nothing is owed."""
        return 0.0

    def weigh_duty(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        """Points more or less for somebody to whom something is owed."""
        return 0.0


# --- their own rhythm -------------------------------------------------------------------------------------


class OwnRhythm(Beyond):
    """The median gap of the log as cadence where the note names none, kept near the defaults."""

    least, most, gaps = 30, 200, 3

    def told(self, person: Person) -> Person:
        if person.contact.cadence_days is not None:
            return person
        days = sorted({told.date for told in person.interactions if "sent" not in told.marks})
        gaps = [(after - before).days for before, after in pairwise(days)][-12:]
        if len(gaps) < self.gaps:
            return person
        own = int(min(self.most, max(self.least, median(gaps))))
        return person._replace(contact=person.contact._replace(cadence_days=own))


class TrueRhythm(Beyond):
    """Oracle: the rhythm that both find natural as cadence."""

    def look_around(self, desk: Desk) -> None:
        self.rhythm = {tie.path: tie.rhythm for tie in desk.ties}

    def told(self, person: Person) -> Person:
        contact = person.contact
        if contact.cadence_days is not None:
            return person
        return person._replace(contact=contact._replace(cadence_days=int(self.rhythm[contact.path])))


# --- who answers ------------------------------------------------------------------------------------------


class WhoAnswers(Beyond):
    """Points by the share of contact days in the log that were no message without an answer."""

    points = 4.0

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        sent = sum("sent" in told.marks for told in tie.log)
        contribution = (len(tie.log) - sent + 2) / (len(tie.log) + 3)
        return self.points * math.log2(contribution / 0.67)


class WhoAnswersToo(WhoAnswers):
    """The same for those who are wanted for a goal, too."""

    reaches_goals = True


class TrueAnswers(Beyond):
    """Oracle: who answers how often."""

    points = 8.0

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return self.points * math.log2(tie.queries / 0.67)


# --- bridges ----------------------------------------------------------------------------------------------


class Bridges(Beyond):
    """Points for the only contact at a company or for a topic, as such ties fade soonest."""

    points = 5.0

    def look_around(self, desk: Desk) -> None:
        self.count = Counter(name for tie in desk.ties for name in tie.contact.company)

    def is_bridge(self, tie: ContactStats) -> bool:
        return any(self.count[name] == 1 for name in tie.contact.company)

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return self.points * self.is_bridge(tie)


class TrueFading(Beyond):
    """Oracle: whose tie fades fastest."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return -4.0 * math.log2(tie.half_life / 180)


# --- what a tie is worth ----------------------------------------------------------------------------------


class CloseFirst(Beyond):
    """Points for mentors, close ties, former bosses and family."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        contact = tie.contact
        if contact.mentor or contact.tier:
            return 4.0
        return 2.0 if {"boss", "family"} & set(contact.source) else 0.0


class HelpedOften(Beyond):
    """Points for those whose log tells of help."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return 3.0 * min(2, sum("got" in told.marks for told in tie.log))


class TrueWorth(Beyond):
    """Oracle: what the tie is worth to the user."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return 4.0 * math.log2(tie.value)


class QuietBeside(Beyond):
    """Points by plain days of quiet beside the quiet in cadences."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return 2.5 * math.log2(max(1, quiet(tie, desk)) / 90)


class QuietAlone(Beyond):
    """Whoever is due or may have a good moment by plain days of quiet, and not by cadences."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return quiet(tie, desk) / 50 - assessment.score


class QuietSpare(Beyond):
    """The same for a good moment only."""

    def weigh(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        return quiet(tie, desk) / 50 - assessment.score if assessment.pool == "spare" else 0.0


# --- what is owed, in what order --------------------------------------------------------------------------


class LastDay(Beyond):
    """Of two promises the one whose date is nearest, and none that is past before one that can be kept."""

    def weigh_duty(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        left = [due - desk.number for due, _ in tie.promised if due - desk.number <= 5]
        if not left:
            return 0.0
        ahead = [days for days in left if days >= 0]
        return 9.0 - min(ahead) if ahead else 0.0


class FreshThanks(Beyond):
    """Thanks while the help is fresh."""

    def weigh_duty(self, tie: ContactStats, desk: Desk, assessment: Assessment) -> float:
        if not any(reason.kind == "thanks" for reason in assessment.reasons):
            return 0.0
        return 5.0 if any(desk.number - got <= 14 for got in tie.helped) else 0.0


def changed(**values: float) -> Callable[[], Rule]:
    """Our rule with other constants."""
    return lambda: Mdmentor(TABLE._replace(**values))  # type: ignore[arg-type]


IDEAS: dict[str, Callable[[], Rule]] = {
    "own rhythm": OwnRhythm,
    "oracle: true rhythm": TrueRhythm,
    "who answers": WhoAnswers,
    "oracle: who answers": TrueAnswers,
    "bridges first": Bridges,
    "oracle: who fades": TrueFading,
    "oracle: what a tie is worth": TrueWorth,
    "days of quiet beside lateness": QuietBeside,
    "the nearest promise first": LastDay,
    "no longer rest after two unanswered": changed(unanswered_rest=0),
    "old ties as any other": changed(dormant=10**6),
}
# These did nothing on the seeds that ideas were looked at with, and went no further.
DROPPED: dict[str, Callable[[], Rule]] = {
    "who answers, for goals too": WhoAnswersToo,
    "close ones first": CloseFirst,
    "who helped often": HelpedOften,
    "days of quiet alone": QuietAlone,
    "the same for a good moment": QuietSpare,
    "thanks while fresh": FreshThanks,
    "goals again after 14 days": changed(goal_rest=14),
}
