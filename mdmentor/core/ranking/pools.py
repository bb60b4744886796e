"""The words of a standing: the pools that share out a day's places, what holds somebody back, what is owed.

A module of its own because a list is read with these alone, without the rule that gave everybody their standing.
"""

from __future__ import annotations

from mdmentor.core.model import Reason, Standing
from mdmentor.core.ranking.constants import TABLE, Constants

ACTIVE = "active"
DORMANT = "dormant"
SPARE = "spare"

PAUSED = "paused"
SNOOZED = "snoozed"
NO_RHYTHM = "no rhythm"
NOT_DUE = "not due"

# What is owed to somebody. A guard never holds it back, and it never waits for a dormant place.
DUTIES = frozenset({"promise", "new", "thanks", "birthday"})


def is_duty(reason: Reason, table: Constants = TABLE) -> bool:
    """Whether the reason tells of something owed now. Somebody without any date is new, but owed nothing."""
    return reason.kind in DUTIES and reason.points > table.undated


def has_duty(standing: Standing) -> bool:
    """Whether something is owed to the person: a promise near, a follow-up, thanks, a birthday.

    What speaks for a confidential contact is not told, so the points must do: as many as the least duty gives
    may be one. Better a place kept for somebody who is only late than a promise pushed out.
    """
    if standing.confidential:
        return standing.pool == ACTIVE and standing.score >= TABLE.new_later
    return any(is_duty(reason) for reason in standing.reasons)
