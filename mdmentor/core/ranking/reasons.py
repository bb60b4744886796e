"""The parts of the rule: each looks at one thing that may speak for a person today, and says it in words.

A part gives a reason with its points, or nothing. It never weighs one part against another, decides about no
place on a list, and never repeats a private line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from mdmentor.core import names
from mdmentor.core import text as phrases
from mdmentor.core.dates import add_days, age_on
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.model import Contact, Interaction, Person, Promise, Reason
from mdmentor.core.ranking.constants import Constants
from mdmentor.core.ranking.stats import (
    GIVEN,
    TIER,
    ContactStats,
    birthday_near,
    first_meeting,
    guard_ends,
    is_adrift,
    own_median,
)
from mdmentor.core.text import plain, short_day

_PROMISES_TOLD = 5


# What a part of the rule finds: its reason, if any, and the day since when or on which it is due.
Found = tuple[Reason, date] | None


def find_reasons(
    person: Person,
    tie: ContactStats,
    chosen: date | None,
    comes_round: date | None,
    today: date,
    live_topics: Mapping[str, str],
    table: Constants,
) -> tuple[list[Reason], list[str], list[date]]:
    """The reasons in no order, sentences about what is held back, and the days of what is owed.

    A date the user chose takes the place of the rhythm, of drift and of the follow-up after a first meeting.
    """
    contact = person.contact
    notes: list[str] = []
    reasons: list[Reason] = []
    days: list[date] = []
    if chosen is not None or person.promises:
        reasons += find_promises(person.promises, chosen, today, table)
        days += [p.due for p in person.promises if p.due is not None and not p.theirs]
    for found in (
        find_new(person, tie, today, table) if chosen is None else None,
        find_thanks(person.interactions, today, table),
        find_birthday(contact, tie, today, table),
    ):
        if found is not None:
            reasons.append(found[0])
            days.append(found[1])
    if live_topics and contact.helps_with:
        goal = find_goal(contact, live_topics, table)
        free = _goal_rests(tie, table)
        if goal is not None and today < free:
            notes.append(f"Waits until {short_day(free, today)}, as you were in touch lately: {goal.text}")
        elif goal is not None:
            reasons.append(goal)
    if chosen is None and comes_round is not None:
        if today >= comes_round:
            text = f"{_since_text(contact, tie, today)}; {_wish_text(contact, tie)}."
            reasons.append(Reason("rhythm", text, lateness(tie, today, table)))
        drift = find_drift(tie, today, table)
        if drift is not None:
            reasons.append(drift)
    return reasons, notes, days


def find_promises(
    promises: tuple[Promise, ...], chosen: date | None, today: date, table: Constants
) -> list[Reason]:
    """Promises in both directions, and the date the user chose, which counts as one.

    The nearest gives the points of all: two promises to one person are still one talk.
    """
    reasons: list[Reason] = []
    points = table.promise
    if chosen is not None and chosen <= today:
        reasons.append(Reason("promise", f"You chose {short_day(chosen, today)} to be in touch.", points))
        points = 0.0
    mine = sorted((p for p in promises if not p.theirs), key=_by_due)
    for promise in mine[:_PROMISES_TOLD]:
        is_near = promise.due is not None and (promise.due - today).days <= table.promise_ahead
        reasons.append(Reason("promise", _promise_text(promise, today), points if is_near else 0.0))
        points = 0.0 if is_near else points
    if len(mine) > _PROMISES_TOLD:
        reasons.append(
            Reason("promise", f"{len(mine) - _PROMISES_TOLD} more of your promises are open.", 0.0)
        )
    late = [(p.due, p) for p in sorted(promises, key=_by_due) if p.theirs and p.due is not None]
    for due, promise in late[:_PROMISES_TOLD]:
        if due < today:
            text = f"You have been waiting since {short_day(due, today)} for: {plain(promise.text)}."
            reasons.append(Reason("waiting", text, 0.0))
    return reasons


def _by_due(promise: Promise) -> tuple[date, str, int, str]:
    return promise.due or date.max, promise.path, promise.line, promise.text


def _promise_text(promise: Promise, today: date) -> str:
    when = f" by {short_day(promise.due, today)}" if promise.due is not None else ""
    deed, thing = phrases.promised(promise.text)
    if deed:
        return f"You promised {deed}{when}."
    return f"You promised{when}: {thing or 'see the note'}."


def find_new(person: Person, tie: ContactStats, today: date, table: Constants) -> Found:
    """The follow-up after a first meeting; also somebody of whom the notes tell no date at all."""
    contact = person.contact
    if tie.since is None:
        if tie.cadence is None:
            return None
        text = "New: nothing is logged yet, and the note has no date."
        return Reason("new", text, table.undated), today
    if (today - tie.since).days > table.new_ends:
        return None  # cheap, and so for nearly everybody
    start = first_meeting(contact, tie, person.interactions, today)
    if start is None or not table.new_ahead <= (today - start).days <= table.new_ends:
        return None
    when = short_day(start, today)
    points = table.new if (today - start).days <= table.new_days else table.new_later
    if start == contact.met_on:
        text = f"You met on {when} and have not followed up yet."
    elif tie.days:
        text = f"You first talked on {when} and have not followed up yet."
    else:
        # The first date of a note need not be a meeting: it may be when an old friend was written down.
        text = f"New: in your notes since {when}, and nothing is logged yet."
        points = table.new_later
    return Reason("new", text, points), add_days(start, table.new_ahead)


def find_thanks(interactions: tuple[Interaction, ...], today: date, table: Constants) -> Found:
    """Help that was not thanked; what settles it is `exchange.thanks_owed`'s to say."""
    owed = thanks_owed(interactions, today)
    if not owed:
        return None
    newest = owed[-1]
    what = plain(newest.text, 60)
    told = f" ({what})" if what else ""
    text = f"You got help on {short_day(newest.date, today)}{told} and have not said thanks yet."
    return Reason("thanks", text, table.thanks), owed[0].date


def find_birthday(contact: Contact, tie: ContactStats, today: date, table: Constants) -> Found:
    """The birthday, until there was contact on the day or after it: a talk the day before is no wish."""
    birthday = contact.birthday
    if birthday is None:
        return None
    day = birthday_near(birthday, today, table)
    if day is None or (tie.days and tie.days[-1] >= day):
        return None
    gap = (day - today).days
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(gap, f"on {phrases.weekday_text(day)}")
    text = f"Their birthday {'was' if gap < 0 else 'is'} {when}, {short_day(day, today)}"
    if age := age_on(birthday, day):
        text += f" ({'turned' if gap < 0 else 'turning'} {age})"
    return Reason("birthday", f"{text}.", table.birthday), day


def find_goal(contact: Contact, live_topics: Mapping[str, str], table: Constants) -> Reason | None:
    """Help with a live goal: the first of their topics that one is about."""
    for topic in contact.helps_with:
        goal = live_topics.get(_fold(topic))
        if goal is not None:
            text = f"Can help with {plain(names.unlink(topic))}, which your goal {plain(goal)} is about."
            return Reason("goal", text, table.goal)
    return None


@lru_cache(maxsize=4096)
def _fold(topic: str) -> str:
    return names.fold_topic(topic)


def _goal_rests(tie: ContactStats, table: Constants) -> date:
    """The first day on which a goal may speak again after the last contact."""
    if not tie.days:
        return date.min
    return max(add_days(tie.days[-1], table.goal_rest), guard_ends(tie, table))


def find_spare(
    contact: Contact,
    tie: ContactStats,
    chosen: date | None,
    comes_round: date | None,
    today: date,
    table: Constants,
) -> Reason | None:
    """The reason for a free place: past half the cadence and outside the quiet guard."""
    if chosen is not None or comes_round is None or tie.since is None or tie.cadence is None:
        return None
    half = tie.cadence * tie.stretch * table.spare_share
    if (today - tie.since).days < half or today < guard_ends(tie, table):
        return None
    text = f"{_since_text(contact, tie, today)}; nothing is due, but it is a good moment."
    return Reason("spare", text, lateness(tie, today, table))


def lateness(tie: ContactStats, today: date, table: Constants) -> float:
    """The points of quiet: those of the rhythm when one cadence is over, five fewer at half of it, capped."""
    if tie.since is None or tie.cadence is None:
        return 0.0
    late = max(1, (today - tie.since).days) / (tie.cadence * tie.stretch)
    points = table.rhythm + table.rhythm_doubling * math.log2(late)
    return round(min(table.rhythm_cap, max(0.01, points)), 2)


def find_drift(tie: ContactStats, today: date, table: Constants) -> Reason | None:
    """A sentence when the silence is out of the rhythm that the log shows."""
    median = own_median(tie.days, table)
    if median is None:
        return None
    quiet = (today - tie.days[-1]).days
    if not is_adrift(median, quiet, table):
        return None
    text = f"You used to talk about every {phrases.about(median)}; now it has been {phrases.about(quiet)}."
    return Reason("drift", text, table.drift)


def _since_text(contact: Contact, tie: ContactStats, today: date) -> str:
    when = short_day(tie.since or today, today)
    if tie.last == tie.since:
        return (
            f"You last wrote on {when}, with no answer yet"
            if tie.unanswered
            else f"You last talked on {when}"
        )
    if contact.met_on == tie.since:
        return f"You met on {when}, and nothing is logged since"
    return f"New: in your notes since {when}, and nothing is logged yet"


def _wish_text(contact: Contact, tie: ContactStats) -> str:
    rhythm = phrases.every(tie.cadence or 0)
    if tie.origin == GIVEN:
        return f"you wanted to be in touch {rhythm}"
    if tie.origin == TIER:
        return f"the tier {plain(contact.tier)} means {rhythm}"
    return f"the note names no rhythm, so {rhythm} is assumed"
