"""The days worth knowing beforehand: birthdays, plans, promises with a date, dates the user chose.

A confidential contact has no occasions at all, private lines make none, and somebody with `contact: never` has no
birthday here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mdmentor.core.dates import add_days, age_on, next_birthday
from mdmentor.core.model import Occasion, Person
from mdmentor.core.text import plain_words

BIRTHDAY = "birthday"
NEXT = "next"
PLAN = "plan"
PROMISE = "promise"

FARTHEST = 730  # days: as far ahead as anybody may ask


def occasions_of(person: Person, today: date, days: int = 60) -> tuple[Occasion, ...]:
    """What falls on `today` or one of the `days` days after it; a plan is an interaction dated after today.

    The text of a promise says whose it is: "you promised: ..." or "they promised: ...".
    """
    contact = person.contact
    if contact.confidential:
        return ()
    found: list[tuple[date | None, str, str]] = []
    if not contact.paused:
        found.append((contact.next, NEXT, ""))
        if contact.birthday is not None:
            day = next_birthday(contact.birthday, today)
            age = age_on(contact.birthday, day) if day else None
            found.append((day, BIRTHDAY, f"turns {age}" if age else ""))
    for line in person.interactions:
        if line.date > today and not line.is_private:
            words = ": ".join(filter(None, (line.channel, plain_words(line.text))))
            found.append((line.date, PLAN, words))
    for promise in person.promises:
        if not promise.private:
            who = "they promised" if promise.theirs else "you promised"
            text = plain_words(promise.text)
            found.append((promise.due, PROMISE, f"{who}: {text}" if text else who))
    last = add_days(today, days)
    return tuple(
        Occasion(day, kind, contact.path, contact.name, text)
        for day, kind, text in found
        if day is not None and today <= day <= last
    )


def in_order(occasions: Iterable[Occasion]) -> tuple[Occasion, ...]:
    """By day, kind, name and path; a plan that stands in two notes with the same words is one."""
    return tuple(sorted(set(occasions), key=lambda o: (o.day, o.kind, o.name.casefold(), o.path, o.text)))
