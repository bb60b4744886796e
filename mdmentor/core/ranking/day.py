"""What was done today, and how long what was left open rests after a talk.

The list of a day is the one that the notes give without what was done on that day, so that it is the same all day and
on every machine. A pure function of one person and the day; who gets a place is decided in `select`.
"""

from __future__ import annotations

from datetime import date

from mdmentor.core.dates import add_days
from mdmentor.core.model import Interaction, Person, Promise
from mdmentor.core.ranking import Constants


def was_reached(person: Person, today: date) -> bool:
    """Whether there was a talk today, or one was ticked on today's page, whatever day its words named."""
    is_logged = any(_is_todays(line, today) for line in person.interactions)
    return is_logged or person.contact.last_contact == today


def has_place(person: Person, today: date) -> bool:
    """Whether one of today's places was theirs for certain: a box of today's page was ticked."""
    return person.contact.snoozed_on == today or any(line.ticked == today for line in person.interactions)


def before_today(person: Person, today: date) -> Person:
    """The person without today's talks, with the promises kept today, and without a snooze ticked on today's page."""
    contact = person.contact
    if contact.last_contact == today:
        contact = contact._replace(last_contact=None)
    if contact.snoozed_on == today:
        contact = contact._replace(snooze=None)
    talks = tuple(line for line in person.interactions if not _is_todays(line, today))
    kept = [line for line in person.interactions if line.due and _is_todays(line, today)]
    promises = (Promise(x.text, x.due, False, x.line, x.is_private, (), x.path) for x in kept)
    return person._replace(contact=contact, interactions=talks, promises=(*person.promises, *promises))


def _is_todays(line: Interaction, today: date) -> bool:
    return today in (line.date, line.ticked)


def dated_rests_until(due: date, last: date | None, table: Constants) -> date:
    """Until when a duty with a date rests, where it was near already at the last talk and was left open.

    Until the day before its date; where that is over, until the day after the talk.
    """
    if last is None or (due - last).days > table.promise_ahead:
        return date.min
    eve = add_days(due, -1)
    if eve.weekday() >= 5:
        eve = add_days(eve, 4 - eve.weekday())
    return max(eve, add_days(last, 1))


def undated_rests_until(since: date, last: date | None, table: Constants) -> date:
    """Until when what is owed since a day, without a date, rests: a week after a talk that left it open."""
    return date.min if last is None or since >= last else add_days(last, table.rest)
