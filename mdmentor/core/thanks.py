"""Help that nobody has thanked for yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mdmentor.core.model import Interaction


def find_thanks_owed(interactions: Iterable[Interaction], today: date) -> Interaction | None:
    """The first `#got` with no later `#thanked` or `#gave`; None where all is settled."""
    return next(iter(thanks_owed(interactions, today)), None)


def thanks_owed(interactions: Iterable[Interaction], today: date) -> tuple[Interaction, ...]:
    """Every `#got` with no later `#thanked` or `#gave`, oldest first.

    "Later" is a later day; `#thanked` on the same day, in the same line or another, counts too, since one
    thanks people at the table. `#gave` on the same day does not: help that went both ways at one table
    was still help. A private `#got` is never owed aloud, a private `#thanked` or `#gave` settles.
    """
    past = [told for told in interactions if told.marks and told.date <= today]
    if not past:
        return ()
    thanked = max((told.date for told in past if "thanked" in told.marks), default=date.min)
    gave = max((told.date for told in past if "gave" in told.marks), default=date.min)
    owed = [
        told
        for told in past
        if "got" in told.marks and not told.is_private and told.date > thanked and told.date >= gave
    ]
    return tuple(sorted(owed, key=lambda told: (told.date, told.path, told.line, told.text)))
