"""Strategies for the values of mdmentor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from mdmentor.core.contribution import in_order, occasions_of, sources_of
from mdmentor.core.entries import Occasion
from mdmentor.core.exchange import exchange
from mdmentor.core.mentoring import (
    MentorStep,
    Place,
    Support,
    fill_places,
    fill_support,
    in_turn,
    mentor_step,
)
from mdmentor.core.model import Person

T = TypeVar("T")


def built(
    kind: Callable[..., T], *parts: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """Values of this kind; fields that are not given have their defaults, which `st.builds` would not leave them."""
    return st.builds(lambda *told, **named: kind(*told, **named), *parts, **fields)


def mentor_steps(
    persons: Iterable[Person], today: date, colleagues: Collection[str] = ()
) -> tuple[MentorStep, ...]:
    """Everybody on a step, as the page has them."""
    return in_turn(
        filter(None, (mentor_step(person, exchange(person, today), today) for person in persons)), colleagues
    )


def places(persons: Iterable[Person]) -> tuple[Place, ...]:
    return fill_places((p.contact.path, p.contact.name, sources_of(p.contact)) for p in persons)


def supports(persons: Iterable[Person]) -> tuple[Support, ...]:
    shown = (c for c in (p.contact for p in persons) if not (c.confidential or c.paused))
    return fill_support((c.path, c.name, c.support) for c in shown)


def upcoming(persons: Iterable[Person], today: date, days: int = 60) -> tuple[Occasion, ...]:
    """The occasions of everybody, as the page has them."""
    return in_order(one for person in persons for one in occasions_of(person, today, days))
