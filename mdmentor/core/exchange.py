"""The two-way street: what was given and got with a person, what is promised, where thanks are open.

Facts and words, never a score: a tie is no account to be settled. A private line is not told here, nor is
anything of a confidential note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core.model import Interaction, Person, Promise
from mdmentor.core.trust import past_log, public_person


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


_TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times")


class Exchange(NamedTuple):
    """What went either way between the user and one person; lines are oldest first."""

    path: str
    name: str
    gave: tuple[Interaction, ...] = ()
    got: tuple[Interaction, ...] = ()
    thanked: tuple[Interaction, ...] = ()
    thanks_owed_since: date | None = None
    thanks_line: Interaction | None = None  # the first `#got` that no thanks followed
    promises_mine: tuple[Promise, ...] = ()  # by date, undated last
    promises_theirs: tuple[Promise, ...] = ()
    is_settled: bool = True  # all that was got has been thanked for or given back
    given_back: bool = False  # and it was no thanks but a gift that settled it
    confidential: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was given, got, thanked for or promised, as far as may be told."""
        return not (self.gave or self.got or self.thanked or self.promises_mine or self.promises_theirs)


class Glimpse(NamedTuple):
    """What of an exchange tells whether a page shows it, and where: the rest is asked for the few that it shows.

    Days are ISO dates, "" where there is none.
    """

    path: str
    name: str
    thanks: str = ""  # the day of the line for which thanks are owed
    mine: tuple[str, ...] = ()  # the days of the promises, in their order
    theirs: tuple[str, ...] = ()
    last: str = ""  # when something was given, got or thanked for last; "" where nobody helped
    confidential: bool = False


def exchange(person: Person, today: date) -> Exchange:
    """What went either way with the person up to today; only path and name for a confidential contact.

    Nobody is asked to thank somebody who is never to be contacted: it may be too late for that.
    Give it the whole person: a private `#thanked` or `#gave` is not told, but it does settle a debt, so
    that nobody is asked to give thanks twice.
    """
    contact = person.contact
    if contact.confidential:
        return Exchange(contact.path, contact.name, confidential=True)
    public = public_person(person)
    told = past_log(public, today)
    owed = find_thanks_owed(person.interactions, today)
    got = _marked(told, "got")
    gave = _marked(told, "gave")
    thanked = _marked(told, "thanked")
    is_thanked = bool(got and thanked and thanked[-1].date >= got[-1].date)
    return Exchange(
        contact.path,
        contact.name,
        gave=gave,
        got=got,
        thanked=thanked,
        thanks_owed_since=owed.date if owed and not contact.paused else None,
        thanks_line=None if contact.paused else owed,
        promises_mine=tuple(promise for promise in public.promises if not promise.theirs),
        promises_theirs=tuple(promise for promise in public.promises if promise.theirs),
        is_settled=owed is None,
        given_back=bool(got and gave and not owed and not is_thanked and gave[-1].date > got[-1].date),
    )


def balance_words(exchange: Exchange) -> str:
    """`You helped twice, they once; you thanked them.` in words, not in a number; "" where nothing is noted."""
    gave, got = times(exchange.gave), times(exchange.got)
    if not gave and not got:
        return ""
    if not got:
        return f"You helped {_times_word(gave)}."
    words = f"You helped {_times_word(gave)}, they {_times_word(got)}" if gave else ""
    words = words or f"They helped {_times_word(got)}"
    if exchange.thanks_owed_since:
        return f"{words}; thanks are still open."
    if not exchange.is_settled:
        return f"{words}."
    if exchange.given_back:
        return f"{words}; you gave back since."
    is_thanked = bool(exchange.thanked) and exchange.thanked[-1].date >= exchange.got[-1].date
    return f"{words}; you thanked them." if is_thanked else f"{words}; nothing is open."


def times(lines: Sequence[Interaction]) -> int:
    """How often something happened. One day told in two notes happened once; two lines of one note, twice."""
    days: dict[date, dict[str, int]] = {}
    for told in lines:
        notes = days.setdefault(told.date, {})
        notes[told.path] = notes.get(told.path, 0) + 1
    return sum(max(notes.values()) for notes in days.values())


def _times_word(number: int) -> str:
    return _TIMES[number] if number < len(_TIMES) else "often"


def _marked(told: Iterable[Interaction], mark: str) -> tuple[Interaction, ...]:
    return tuple(line for line in told if mark in line.marks)
