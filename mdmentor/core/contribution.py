"""What one person brings to the pages about everybody, so that these need not look at everybody again.

A contribution depends on the person, their assessment and the day alone; what depends on others as well - who
introduced them, where the user works - is added when a page is made. Of confidential contacts and private lines nothing
but the name goes on.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import add_days, age_on, next_birthday
from mdmentor.core.entries import Occasion
from mdmentor.core.exchange import Exchange, exchange
from mdmentor.core.mentoring import MentorStep, Turn, known_from, mentor_step
from mdmentor.core.model import Assessment, Contact, Person
from mdmentor.core.network_svg import Dot, dot_of, months_of
from mdmentor.core.text import plain_words
from mdmentor.core.trust import public_person

FARTHEST = 730  # days: as far ahead as anybody may ask


class Contribution(NamedTuple):
    """One person's part in the pages of people."""

    path: str
    name: str
    is_left_out: bool  # of the picture, as they are paused
    dot: Dot | None  # without who introduced them
    sources: tuple[str, ...]  # for the eight places
    months: tuple[tuple[str, int], ...]  # "2026-11" -> talks
    step: tuple[Turn, MentorStep] | None  # without whether they work where the user works
    support: tuple[str, ...]  # what they are there for
    street: Exchange | None  # None where nothing went either way
    occasions: tuple[Occasion, ...]  # as far ahead as anybody may ask


def contribution_of(person: Person, assessment: Assessment, today: date) -> Contribution:
    """What the person, with all private lines, brings to the pages on `today`."""
    contact, public, sources = person.contact, public_person(person), sources_of(person.contact)
    street = exchange(person, today)
    return Contribution(
        path=public.contact.path,
        name=public.contact.name,
        is_left_out=public.contact.paused,
        dot=dot_of(public.contact, assessment, sources),
        sources=sources,
        months=tuple(months_of(public, today).items()),
        step=mentor_step(person, street, today),
        support=() if contact.confidential or contact.paused else contact.support,
        street=None if street.is_empty and not street.confidential else street,
        occasions=occasions_of(public, today, FARTHEST),
    )


def sources_of(contact: Contact) -> tuple[str, ...]:
    """Where somebody is known from, for the places: nothing of somebody confidential or never to be contacted."""
    return () if contact.confidential or contact.paused else known_from(contact)


def occasions_of(person: Person, today: date, days: int = 60) -> tuple[Occasion, ...]:
    """What falls on `today` or one of the `days` days after it: birthdays, plans, promises, the date the user chose.

    A plan is an interaction dated after today. The text of a promise says whose it is: "you promised: ..." or "they
    promised: ...". Somebody with `contact: never` has no birthday here.
    """
    contact = person.contact
    if contact.confidential:
        return ()
    last = add_days(today, days)
    found: list[tuple[date, str, str]] = []
    if not contact.paused:
        if contact.next:
            found.append((contact.next, "next", ""))
        if contact.birthday and (day := next_birthday(contact.birthday, today)):
            age = age_on(contact.birthday, day)
            found.append((day, "birthday", f"turns {age}" if age else ""))
    for line in person.interactions:
        if today < line.date <= last and not line.is_private:
            found.append((line.date, "plan", ": ".join(filter(None, (line.channel, plain_words(line.text))))))
    for promise in person.promises:
        if promise.due and today <= promise.due <= last and not promise.private:
            who = "they promised" if promise.theirs else "you promised"
            found.append((promise.due, "promise", ": ".join(filter(None, (who, plain_words(promise.text))))))
    for task in person.planned:
        if task.due and not task.private:
            found.append((task.due, "plan", plain_words(task.text)))
    near = [(day, kind, text) for day, kind, text in found if today <= day <= last]
    return tuple(Occasion(day, kind, contact.path, contact.name, text) for day, kind, text in near)


def in_order(occasions: Iterable[Occasion]) -> tuple[Occasion, ...]:
    """By day, kind, name and path; a plan with the same words in two notes is one."""
    return tuple(sorted(set(occasions), key=lambda o: (o.day, o.kind, o.name.casefold(), o.path, o.text)))
