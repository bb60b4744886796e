"""The rules that are compared: ours, called for real, those of other tools, and a bound that sees nearly all.

Each is written as generously as it can be read. Promises and birthdays stand on top of the tools' lists,
though most show them in another tab; a rule that needs a cadence gets one typed in for everybody (`setup`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from benchmarks.ranking.life import LOST, TOLD, WORTH, Desk, Pick, Rule, Worth
from benchmarks.ranking.world import ContactStats
from mdmentor.core import names
from mdmentor.core.dates import add_days, birthday_in
from mdmentor.core.entries import Choice
from mdmentor.core.model import Settings
from mdmentor.core.ranking import DUTIES, TABLE, Constants, birthday_near, select
from mdmentor.core.ranking.assess import assess

SETTINGS = Settings()


class Mdmentor(Rule):
    """Our rule: assess everybody, make the shortlist, give the places."""

    name = "mdmentor"

    def __init__(self, table: Constants = TABLE) -> None:
        self.table = table

    def pick(self, desk: Desk) -> list[Pick]:
        chosen = self.choose(desk).suggestions
        return [Pick(s.path, frozenset(r.kind for r in s.reasons if r.points)) for s in chosen]

    def choose(self, desk: Desk) -> Choice:
        """Today's list as it stands now: whoever was reached today is done, and keeps the place."""
        topics = {names.fold_topic(topic): title for topic, title in desk.topics.items()}
        people = (tie.person for tie in desk.ties)
        assessments = (assess(p, desk.today, topics, SETTINGS, self.table) for p in people if p)
        short = select.shortlist(assessments, desk.today, desk.per_day + 1)
        return select.choose(short, desk.per_day, self.table)

    def birthdays(self, desk: Desk) -> list[str]:
        days = (desk.today, add_days(desk.today, 1))
        born = ((tie.path, tie.contact.birthday) for tie in desk.ties)
        return [
            path for path, birthday in born if birthday and birthday_in(birthday, desk.today.year) in days
        ]


# --- what the notes tell, for the other rules -------------------------------------------------------------


def quiet(tie: ContactStats, desk: Desk) -> int:
    """Days since the last contact in the notes, else since one met; long where nothing is dated."""
    if tie.noted is not None:
        return desk.number - tie.noted
    met = tie.contact.met_on
    return (desk.today - met).days if met else 999


def duties(tie: ContactStats, desk: Desk, ahead: int = 1) -> frozenset[str]:
    """What a tool with tasks and birthdays tells: a promise from the day before, a birthday on its day."""
    told = set()
    if any(due - desk.number <= ahead for due, _ in tie.promised):
        told.add("promise")
    born = tie.contact.birthday
    if born is not None and (born.month, born.day) == (desk.today.month, desk.today.day):
        told.add("birthday")
    return frozenset(told)


def all_duties(tie: ContactStats, desk: Desk) -> frozenset[str]:
    """What our notes hold: the same with wider windows, thanks owed and first meetings."""
    told = set(duties(tie, desk, TABLE.promise_ahead))
    if tie.contact.birthday and birthday_near(tie.contact.birthday, desk.today, TABLE):
        told.add("birthday")
    if tie.helped:
        told.add("thanks")
    if tie.contact.met_on and tie.noted is None and 1 <= (desk.today - tie.contact.met_on).days <= 30:
        told.add("new")
    return frozenset(told)


def wanted(tie: ContactStats, desk: Desk) -> bool:
    return any(topic in desk.topics for topic in tie.contact.helps_with)


class ByLateness(Rule):
    """People by a number, largest first, with what the tool tells on top; None is nobody to list.

    A rule to which nobody is ever not due lists just the budget.
    """

    def __init__(
        self,
        name: str,
        lateness: Callable[[ContactStats, Desk], float | None],
        told: Callable[[ContactStats, Desk], frozenset[str]] | None = None,
    ) -> None:
        self.name = name
        self.lateness = lateness
        self.told = told

    def pick(self, desk: Desk) -> list[Pick]:
        ranked = []
        for tie in desk.ties:
            told = self.told(tie, desk) if self.told else frozenset()
            late = self.lateness(tie, desk)
            if told or late is not None:
                ranked.append((not told, -(late or 0.0), tie.path, told))
        ranked.sort(key=lambda row: row[:3])
        most = desk.per_day if len(ranked) == len(desk.ties) else len(ranked)
        return [Pick(path, told) for _, _, path, told in ranked[:most]]


def longest_quiet(tie: ContactStats, desk: Desk) -> float:
    return quiet(tie, desk)


def drawn(tie: ContactStats, desk: Desk) -> float:
    return crc32(f"{tie.path} {desk.number}".encode())


def days_overdue(tie: ContactStats, desk: Desk) -> float | None:
    """OPC's queue: days past the cadence; who has none never appears."""
    cadence = tie.contact.cadence_days
    late = quiet(tie, desk) - cadence if cadence else -1
    return late if late >= 0 else None


def times_overdue(tie: ContactStats, desk: Desk) -> float | None:
    """Bonds: the same, divided by the cadence."""
    late = days_overdue(tie, desk)
    return None if late is None else late / (tie.contact.cadence_days or 1)


def fixed_reminder(tie: ContactStats, desk: Desk) -> float | None:
    """Monica 4: every so many days from the day it was set, whatever was logged; a week on the list."""
    cadence = tie.contact.cadence_days
    if not cadence:
        return None
    since = (desk.number - tie.appears + crc32(tie.path.encode()) % cadence) % cadence
    return None if since >= 7 else since


class TwoPools(Rule):
    """PingCRM: three places for living ties and two for those quiet 1-5 years, each with cooldowns."""

    name = "two pools"

    def __init__(self) -> None:
        self.suggested: dict[str, int] = {}

    def pick(self, desk: Desk) -> list[Pick]:
        living, old = [], []
        for tie in desk.ties:
            since = quiet(tie, desk)
            told = duties(tie, desk)
            lately = min(since, desk.number - self.suggested.get(tie.path, -99))
            if not told and (lately < 14 or tie.unanswered >= 3 or (tie.unanswered == 2 and since < 60)):
                continue
            if told or since <= 365:
                depth = tie.talks
                weight = depth + (1000 if depth >= 10 and since > 90 else 500 if depth >= 10 else 0)
                living.append((-(weight + 1500 * bool(told)), tie.path, told))
            elif since <= 5 * 365:
                weight = tie.talks + (1000 if tie.talks >= 8 else 500 if tie.talks >= 4 else 0)
                old.append((-weight, tie.path, told))
        living.sort()
        old.sort()
        listed: list[Pick] = []
        for place in range(max(desk.per_day, 1)):
            first, second = (living, old) if (place + desk.number) % 5 in (0, 2, 4) else (old, living)
            pool = first or second
            if pool:
                _, path, told = pool.pop(0)
                listed.append(Pick(path, told))
        for pick in listed:
            self.suggested[pick.path] = desk.number
        return listed


class Control(Rule):
    """No ranking at all: what our notes know to be owed, on top of whoever is quiet longest."""

    def __init__(self, with_goals: bool) -> None:
        self.with_goals = with_goals
        self.name = "control+goals" if with_goals else "control"

    def pick(self, desk: Desk) -> list[Pick]:
        ranked = []
        for tie in desk.ties:
            told = all_duties(tie, desk)
            since = quiet(tie, desk)
            if self.with_goals and since >= TABLE.goal_rest and wanted(tie, desk):
                told |= {"goal"}
            owed = 2 if told & DUTIES else 1 if told else 0
            ranked.append((-owed, -since, tie.path, told))
        ranked.sort(key=lambda row: row[:3])
        return [Pick(path, told) for _, _, path, told in ranked[: desk.per_day]]


@dataclass(frozen=True, slots=True)
class Horizon:
    """How a bound looks ahead: weights on tie strength and how early promises and thanks are done."""

    strength: float
    ahead: int


HORIZONS = (Horizon(1.0, 4), Horizon(1.0, 12))


class Bound(Rule):
    """Near-clairvoyant and greedy: sees all but the coins, and calls where a call adds most."""

    def __init__(self, horizon: Horizon, worth: Worth = WORTH) -> None:
        self.name = "bound"
        self.horizon = horizon
        self.worth = worth
        self.asked: dict[tuple[str, str], int] = {}

    def pick(self, desk: Desk) -> list[Pick]:
        ranked = sorted(
            ((-self._adds(tie, desk), tie.path, tie) for tie in desk.ties), key=lambda row: row[:2]
        )
        listed = []
        for adds, path, tie in ranked[: desk.per_day]:
            if adds < 0:
                for topic in desk.topics.keys() & tie.topics:
                    self.asked[path, topic] = desk.number
                listed.append(Pick(path, frozenset({"promise", "thanks", "birthday", "goal", "new"})))
        return listed

    def _adds(self, tie: ContactStats, desk: Desk) -> float:
        """What a call today is expected to add to the year."""
        worth = self.worth
        gap = max(0, desk.number - tie.last)
        owed = self._owed(tie, desk)
        adds = owed + self._strengthens(tie, desk.days - desk.number, gap)
        for topic in desk.topics.keys() & tie.topics:
            again = (tie.path, topic) in self.asked
            adds += tie.queries * TOLD * worth.goal * (0.4 if again else 1.0) * (not again or gap >= 10)
        if not owed and tie.unanswered >= 2 and desk.number - tie.last_sent < 90:
            adds += worth.nudge
        elif not owed and gap < 10:
            adds += worth.soon
        return adds

    def _strengthens(self, tie: ContactStats, left: int, gap: int) -> float:
        """The strength won, summed over the `left` days in which it fades again, and a tie not lost."""
        slow = 1 + 0.35 * (1 - tie.depth) * math.log1p(gap / 90)
        missing = 1 - tie.strength
        won = tie.queries * 0.45 * missing * min(1.0, gap / 10) / slow + (1 - tie.queries) * 0.04 * missing
        fades = math.pow(0.5, left / tie.half_life)
        kept = tie.queries * tie.strength * 0.7 if tie.is_fresh else 0.0  # a first talk stops the fast fading
        ahead = (won + kept) * tie.half_life / math.log(2) * (1 - fades)
        adds = self.horizon.strength * self.worth.strength * tie.value * ahead / 365
        if tie.strength * fades < LOST <= (tie.strength + won) * fades:
            adds -= self.worth.lost * tie.value
        return adds

    def _owed(self, tie: ContactStats, desk: Desk) -> float:
        """What is owed and would be done; 0.75 of it, as the user remembers the rest alone."""
        worth, day = self.worth, desk.number
        owed = 0.0
        for due, _ in tie.promised:
            if day <= due <= day + self.horizon.ahead:
                owed += 0.75 * (worth.kept - worth.broken)
            elif due < day:
                owed += worth.late - worth.broken
        owed += 0.75 * (worth.thanked - worth.unthanked) * sum(day - got <= 14 for got in tie.helped)
        birthdays = [date(desk.today.year + n, *tie.birthday) for n in (-1, 0, 1)]
        if any(abs((birthday - desk.today).days) <= 1 for birthday in birthdays):
            owed += 0.75 * worth.birthday
        if tie.is_fresh and tie.noted is None and day - tie.appears <= 3:
            owed += worth.new
        return TOLD * owed


# --- the field --------------------------------------------------------------------------------------------

RULES: dict[str, tuple[Callable[[], Rule], bool]] = {
    # name: a fresh rule, and whether the user typed a cadence for everybody
    "none": (Rule, False),
    "random": (lambda: ByLateness("random", drawn), False),
    "longest quiet": (lambda: ByLateness("longest quiet", longest_quiet), False),
    "days overdue": (lambda: ByLateness("days overdue", days_overdue, duties), False),
    "days overdue+setup": (lambda: ByLateness("days overdue", days_overdue, duties), True),
    "times overdue+setup": (lambda: ByLateness("times overdue", times_overdue, duties), True),
    "fixed reminders+setup": (lambda: ByLateness("fixed reminders", fixed_reminder, duties), True),
    "two pools": (TwoPools, False),
    "control": (lambda: Control(False), False),
    "control+goals": (lambda: Control(True), False),
    "mdmentor": (Mdmentor, False),
    "mdmentor+setup": (Mdmentor, True),
}
