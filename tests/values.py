"""Strategies for the values of mdmentor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from mdmentor.core.exchange import Exchange, Glimpse

T = TypeVar("T")


def built(
    kind: Callable[..., T], *parts: st.SearchStrategy[Any], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[T]:
    """Values of this kind; fields that are not given have their defaults, which `st.builds` would not leave them."""
    return st.builds(lambda *told, **named: kind(*told, **named), *parts, **fields)


def glimpse(one: Exchange) -> Glimpse:
    """What of an exchange the index tells before the rest is asked for."""
    days = [line.date.isoformat() for line in (*one.gave, *one.got, *one.thanked)]
    mine, theirs = (
        tuple(promise.due.isoformat() if promise.due else "" for promise in promises)
        for promises in (one.promises_mine, one.promises_theirs)
    )
    thanks = one.thanks_line.date.isoformat() if one.thanks_line else ""
    last = max(days) if one.gave or one.got else ""
    return Glimpse(one.path, one.name, thanks, mine, theirs, last, one.confidential)
