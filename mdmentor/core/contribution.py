"""What one person brings to the pages about everybody, so that these need not look at everybody again.

A contribution depends on the person, their assessment and the day alone; what depends on others as well - who
introduced them, where the user works - is added when a page is made.
"""

from datetime import date
from typing import NamedTuple

from mdmentor.core.exchange import Exchange, exchange
from mdmentor.core.mentoring import MentorStep, Turn, mentor_step, sources_of, support_of
from mdmentor.core.model import Assessment, Occasion, Person
from mdmentor.core.network_svg.people import Dot, dot_of
from mdmentor.core.network_svg.talks import months_of
from mdmentor.core.occasions import FARTHEST, occasions_of
from mdmentor.core.trust import public_person


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
    public = public_person(person)
    street = exchange(person, today)
    return Contribution(
        path=public.contact.path,
        name=public.contact.name,
        is_left_out=public.contact.paused,
        dot=dot_of(public.contact, assessment),
        sources=sources_of(person.contact),
        months=tuple(sorted(months_of(public, today).items())),
        step=mentor_step(person, today),
        support=support_of(person.contact),
        street=None if street.is_empty and not street.confidential else street,
        occasions=occasions_of(public, today, FARTHEST),
    )
