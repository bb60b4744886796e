"""One year lived by a list: ties fade, people call, promises are made, and the user does what the list says.

The rule sees what the notes tell on the day; this module alone knows what happens. The same seed draws the
same coins for every rule, so that two rules are compared in the same luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zlib import crc32

from benchmarks.ranking.world import START, ContactStats, World, day_of, draw_absences, draw_goals, draw_ties
from mdmentor.core.model import Interaction, Person, Promise

DAYS = 365
LOST = 0.15

# How well a duty is done: told by the list, or not told while one is in touch anyway.
TOLD = 0.95
UNTOLD = 0.5
UNTOLD_BIRTHDAY = 0.3


@dataclass(frozen=True, slots=True)
class Worth:
    """Points a year; tie strength counts one point a tie and year, times its value."""

    strength: float = 1.0
    lost: float = -0.4
    kept: float = 0.5
    late: float = -0.25
    broken: float = -0.5
    thanked: float = 0.3
    unthanked: float = -0.2
    birthday: float = 0.2
    goal: float = 0.5  # the first talk with somebody about a goal; each further one 0.4 of it
    new: float = 0.2
    nudge: float = -0.3
    soon: float = -0.15


WORTH = Worth()


@dataclass(frozen=True, slots=True)
class Pick:
    """A person on the list, and the duties that it tells of."""

    path: str
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on the desk when the list is made: the notes, and the day."""

    number: int
    today: date
    per_day: int
    ties: Sequence[ContactStats]  # rules read only what the notes tell of them; the bound reads all
    topics: Mapping[str, str]  # of the live goals
    days: int


class Rule:
    """Says whom to call. A fresh one is made for every year, so it may remember what it listed."""

    name = "none"

    def pick(self, desk: Desk) -> list[Pick]:
        """The list, best first, as long as the rule makes it; the user reads the first `per_day`."""
        return []

    def birthdays(self, desk: Desk) -> list[str]:
        """Whose birthday is shown besides the list, today's and tomorrow's: a line each, which takes no place."""
        return []


@dataclass(slots=True)
class Year:
    """What came of a year."""

    strength: float = 0.0  # mean over ties and days, weighted by value
    in_rhythm: float = 0.0  # share of days within 1.25 times the natural rhythm
    lost: float = 0.0  # share of ties under LOST at the end
    promises: list[float] = field(default_factory=list)  # 1 kept, 0.5 late, 0 broken
    thanks: list[bool] = field(default_factory=list)  # given within 14 days
    birthdays: list[bool] = field(default_factory=list)
    told_birthdays: list[bool] = field(default_factory=list)  # of those that stand in a note
    wishes: int = 0  # written besides the list
    goal_talks: int = 0
    new: list[bool] = field(default_factory=list)  # followed up within 3 days
    nudges: int = 0
    soon: int = 0
    longest: int = 0
    calls: int = 0
    worth: float = 0.0


def live(world: World, rule: Rule, per_day: int, days: int = DAYS, worth: Worth = WORTH) -> Year:
    """The year of one rule: lists on weekdays, but not in two fortnights away."""
    return _Life(world, rule, per_day, days, worth).run()


def _drawn(text: str) -> float:
    """A number from 0 to 1 drawn by the text."""
    return crc32(text.encode()) / 2**32


class _Life:
    def __init__(self, world: World, rule: Rule, per_day: int, days: int, worth: Worth) -> None:
        self.world = world
        self.rule = rule
        self.per_day = per_day
        self.days = days
        self.worth = worth
        self.ties = draw_ties(world, days)
        self.by_path = {tie.path: tie for tie in self.ties}
        self.goals = draw_goals(world, days)
        self.away = draw_absences(world, days)
        self.year = Year()
        self.line = 1000
        self.is_ticking = False
        self.asked: set[tuple[str, str]] = set()
        self.wished: dict[str, int] = {}
        self.to_wish: set[str] = set()  # tomorrow, which is no day of lists
        self.helped_on: dict[tuple[str, int], int | None] = {}
        self.birthdays = {
            tie.path: [(date(2026 + n, *tie.birthday) - START).days for n in (-1, 0, 1)] for tie in self.ties
        }

    def run(self) -> Year:
        weighted = total = in_rhythm = known_days = 0.0
        for day in range(self.days):
            known = [tie for tie in self.ties if tie.appears <= day]
            for tie in known:
                tie.strength *= 0.5 ** (1 / (30.0 if tie.is_fresh else tie.half_life))
                weighted += tie.value * tie.strength
                total += tie.value
                in_rhythm += day - tie.last <= 1.25 * tie.rhythm
                known_days += 1
                self._calls_itself(tie, day)
            for path in sorted(self.to_wish):
                self._wish(self.by_path[path], day)
            self.to_wish.clear()
            if self._is_list_day(day):
                self._follow_the_list(day, known)
            for tie in known:
                self._end_of_day(tie, day)
        year = self.year
        year.strength = weighted / total
        year.in_rhythm = in_rhythm / known_days
        lost = [tie for tie in self.ties if tie.strength < LOST]
        year.lost = len(lost) / len(self.ties)
        year.worth += self.worth.strength * weighted / 365 + self.worth.lost * sum(tie.value for tie in lost)
        for (_, got), thanked in self.helped_on.items():
            if thanked is None and got + 14 < self.days:
                year.thanks.append(False)
                year.worth += self.worth.unthanked
        return year

    # --- the user's side ----------------------------------------------------------------------------------

    def _follow_the_list(self, day: int, known: list[ContactStats]) -> None:
        for tie in known:
            if tie.person is None:
                tie.person = self._person(tie)
        topics = {topic: f"Goal {topic}" for first, last, topic in self.goals if first <= day <= last}
        desk = Desk(day, day_of(day), self.per_day, known, topics, self.days)
        listed = self.rule.pick(desk)
        shown = self.rule.birthdays(desk)
        self.year.longest = max(self.year.longest, len(listed))
        for pick in listed[: self.per_day]:
            tie = self.by_path[pick.path]
            if tie.coins.next("skip") >= self.world.skip:
                self.is_ticking = True
                self._reach(tie, day, pick.told)
                self.is_ticking = False
        for path in shown:
            if self._birthday_gap(self.by_path[path], day) == 0:
                self._wish(self.by_path[path], day)
            elif not self._is_list_day(day + 1):
                self.to_wish.add(path)

    def _is_list_day(self, day: int) -> bool:
        return day % 7 < 5 and not any(first <= day <= last for first, last in self.away)

    def _wish(self, tie: ContactStats, day: int) -> None:
        """A message on somebody's birthday, which is less than a talk; none to somebody who was reached that day."""
        if tie.last == day or _drawn(f"wishes {tie.path} {day}") >= TOLD:
            return
        self.year.wishes += 1
        self.wished[tie.path] = day
        is_answered = _drawn(f"answers {tie.path} {day}") < tie.queries
        tie.strength += (0.15 if is_answered else 0.04) * (1 - tie.strength)
        tie.unanswered *= not is_answered
        self._write(tie, day, ())

    def _reach(self, tie: ContactStats, day: int, told: frozenset[str]) -> None:
        year = self.year
        year.calls += 1
        is_new = tie.is_fresh and tie.noted is None
        is_owed = bool(tie.promised or tie.helped or is_new or self._is_birthday(tie, day))
        if tie.unanswered >= 2 and day - tie.last_sent < 90 and not is_owed:
            year.nudges += 1
            year.worth += self.worth.nudge
        elif day - tie.last < 10 and not is_owed:
            year.soon += 1
            year.worth += self.worth.soon
        if is_new and day - tie.appears <= 3:
            year.new.append(True)
            year.worth += self.worth.new
        if tie.coins.next("answer") < tie.queries:
            self._talk(tie, day, told)
        else:
            tie.strength += 0.04 * (1 - tie.strength)
            tie.unanswered += 1
            tie.last_sent = day
            marks = ("sent", "thanked") if self._does_duties(tie, day, told) else ("sent",)
            self._write(tie, day, marks)

    def _calls_itself(self, tie: ContactStats, day: int) -> None:
        rate = 0.35 * self.world.calls * tie.strength / tie.rhythm
        if tie.coins.on("call", day) < rate:
            self._talk(tie, day, frozenset())

    def _talk(self, tie: ContactStats, day: int, told: frozenset[str]) -> None:
        """A talk restores about half of what is missing; less after a long gap, and less within ten days."""
        gap = max(0, day - tie.last)
        slow = 1 + 0.35 * (1 - tie.depth) * math.log1p(gap / 90)
        tie.strength += 0.45 * (1 - tie.strength) * min(1.0, gap / 10) / slow
        tie.unanswered = 0
        has_thanked = self._does_duties(tie, day, told)
        self._about_goals(tie, day, told)
        marks: tuple[str, ...] = ("thanked",) if has_thanked else ()
        is_helped = tie.coins.next("help") < tie.kind.helped * self.world.thanks
        if is_helped and not has_thanked:
            marks = ("got",)
            tie.helped.append(day)
            self.helped_on[tie.path, day] = None
        if tie.coins.next("promise") < 0.2 * self.world.promises:
            self.line += 1
            due = day + 5 + int(tie.coins.next("spread") * 17)
            tie.promised.append((due, self.line))
        tie.is_fresh = False
        self._write(tie, day, marks)

    def _about_goals(self, tie: ContactStats, day: int, told: frozenset[str]) -> None:
        for first, last, topic in self.goals:
            if not first <= day <= last or topic not in tie.topics:
                continue
            if tie.coins.next("asks") < (TOLD if "goal" in told else UNTOLD):
                again = (tie.path, topic) in self.asked
                self.asked.add((tie.path, topic))
                self.year.goal_talks += 1
                self.year.worth += self.worth.goal * (0.4 if again else 1.0)

    def _does_duties(self, tie: ContactStats, day: int, told: frozenset[str]) -> bool:
        """Does what is owed, if the list tells of it or one thinks of it; whether thanks were said."""
        coin = tie.coins.next("does")
        if tie.promised and coin < (TOLD if "promise" in told else UNTOLD):
            for due, _ in tie.promised:
                self._promise_done(due, day)
            tie.promised = []
        if self._is_birthday(tie, day) and coin < (TOLD if "birthday" in told else UNTOLD_BIRTHDAY):
            self.wished[tie.path] = day
        if tie.helped and coin < (TOLD if "thanks" in told else UNTOLD):
            self._thanks_said(tie, day)
            return True
        return False

    # --- what becomes of the duties -----------------------------------------------------------------------

    def _end_of_day(self, tie: ContactStats, day: int) -> None:
        """What the user remembers alone, and what is too late now."""
        remembers = tie.coins.on("remembers", day) < self.world.remembered
        for due, line in list(tie.promised):
            if due == day and remembers:
                self._promise_done(due, day)
            elif day - due > 30:
                self.year.promises.append(0.0)
                self.year.worth += self.worth.broken
            else:
                continue
            tie.promised.remove((due, line))
            tie.person = None
        if tie.helped and tie.helped[0] + 7 == day and remembers:
            self._thanks_said(tie, day)
            self._write(tie, day, ("thanked",))
        if self._birthday_gap(tie, day) == -1:
            met = remembers or day - self.wished.get(tie.path, -99) <= 2
            self.year.birthdays.append(met)
            if tie.contact.birthday is not None:
                self.year.told_birthdays.append(met)
            self.year.worth += self.worth.birthday * met
        if tie.is_fresh and tie.noted is None and day - tie.appears == 4:
            self.year.new.append(False)

    def _promise_done(self, due: int, day: int) -> None:
        self.year.promises.append(1.0 if day <= due else 0.5)
        self.year.worth += self.worth.kept if day <= due else self.worth.late

    def _thanks_said(self, tie: ContactStats, day: int) -> None:
        for got in tie.helped:
            self.helped_on[tie.path, got] = day
            in_time = day - got <= 14
            self.year.thanks.append(in_time)
            self.year.worth += self.worth.thanked if in_time else self.worth.unthanked
        tie.helped = []

    def _birthday_gap(self, tie: ContactStats, day: int) -> int:
        """Days to the nearest birthday, negative after it."""
        return min((number - day for number in self.birthdays[tie.path]), key=abs)

    def _is_birthday(self, tie: ContactStats, day: int) -> bool:
        return abs(self._birthday_gap(tie, day)) <= 1

    # --- the notes ----------------------------------------------------------------------------------------

    def _write(self, tie: ContactStats, day: int, marks: tuple[str, ...]) -> None:
        self.line += 1
        # as if the box of the list was ticked: the place was used
        ticked = day_of(day) if self.is_ticking else None
        tie.log.append(Interaction(day_of(day), "call", "", marks, self.line, (), tie.path, ticked))
        tie.last = tie.noted = day
        tie.talks += 1
        tie.person = None

    def _person(self, tie: ContactStats) -> Person:
        promises = tuple(
            Promise("send the paper", day_of(due), False, line, False, (), tie.path)
            for due, line in sorted(tie.promised)
        )
        return Person(tie.contact, tuple(tie.log), promises)
