"""The days worth knowing beforehand: birthdays, plans, promises with a date, dates the user chose.

Pure counting of days over what the notes tell. A confidential contact has no occasions at all, private
lines make none, and somebody with `contact: never` has no birthday here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from mdmentor.core.dates import age_on, next_birthday
from mdmentor.core.model import Contact, Occasion, Person
from mdmentor.core.text import plain_words

BIRTHDAY = "birthday"
NEXT = "next"
PLAN = "plan"
PROMISE = "promise"

FARTHEST = 730  # days: as far ahead as anybody may ask


def upcoming(persons: Iterable[Person], today: date, days: int = 60) -> tuple[Occasion, ...]:
    """What falls on `today` or one of the `days` days after it, by day, kind, name and path.

    A plan is an interaction dated after today. The text of a promise tells whose it is: "you promised: ..."
    or "they promised: ...". A plan told twice with the same words is one.
    """
    return in_order(o for person in persons for o in occasions_of(person, today, days))


def occasions_of(person: Person, today: date, days: int = 60) -> tuple[Occasion, ...]:
    """What one person brings to `upcoming`."""
    return tuple(_occasions(person, today, _last_day(today, days)))


@lru_cache(maxsize=16)  # the same for everybody
def _last_day(today: date, days: int) -> date:
    return today + timedelta(days=min(days, (date.max - today).days))


def in_order(occasions: Iterable[Occasion]) -> tuple[Occasion, ...]:
    """Each once, by day, kind, name and path."""
    found = set(occasions)
    return tuple(sorted(found, key=lambda o: (o.day, o.kind, o.name.casefold(), o.path, o.text)))


def _occasions(person: Person, today: date, last: date) -> Iterator[Occasion]:
    contact = person.contact
    if contact.confidential:
        return
    if contact.birthday is not None and not contact.paused:
        day = next_birthday(contact.birthday, today)
        if day is not None and day <= last:
            age = age_on(contact.birthday, day)
            yield _occasion(contact, day, BIRTHDAY, f"turns {age}" if age else "")
    if contact.next is not None and not contact.paused and today <= contact.next <= last:
        yield _occasion(contact, contact.next, NEXT, "")
    for told in person.interactions:
        if today < told.date <= last and not told.is_private:
            words = ": ".join(filter(None, (told.channel, plain_words(told.text))))
            yield _occasion(contact, told.date, PLAN, words)
    for promise in person.promises:
        if promise.due is not None and today <= promise.due <= last and not promise.private:
            who = "they promised" if promise.theirs else "you promised"
            text = plain_words(promise.text)
            yield _occasion(contact, promise.due, PROMISE, f"{who}: {text}" if text else who)


def _occasion(contact: Contact, day: date, kind: str, text: str) -> Occasion:
    return Occasion(day, kind, contact.path, contact.name, text)
