"""The two-way street: what was given and got with a person, what is promised, where thanks are open.

Facts and words, never a score: a tie is no account to be settled. Private lines and confidential notes are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core.model import Interaction, Person, Promise
from mdmentor.core.trust import public_log, public_person


def thanks_owed(interactions: Iterable[Interaction], today: date) -> tuple[Interaction, ...]:
    """Every `#got` with no later `#thanked` or `#gave`, oldest first.

    "Later" is a later day; `#thanked` on the same day, in the same line or another, counts too, since one
    thanks people at the table. `#gave` on the same day does not: help that went both ways at one table
    was still help. A private `#got` is never owed, a private `#thanked` or `#gave` settles.
    """
    past = [line for line in interactions if line.date <= today]
    thanked = max((line.date for line in past if "thanked" in line.marks), default=date.min)
    gave = max((line.date for line in past if "gave" in line.marks), default=date.min)
    owed = [
        line
        for line in past
        if "got" in line.marks and not line.is_private and line.date > thanked and line.date >= gave
    ]
    return tuple(sorted(owed, key=lambda line: (line.date, line.path, line.line, line.text)))


def find_thanks_owed(interactions: Iterable[Interaction], today: date) -> Interaction | None:
    """The first of `thanks_owed`; None where all is settled."""
    return next(iter(thanks_owed(interactions, today)), None)


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
        """Nothing was given, got, thanked for or promised, as far as it may be shown."""
        return not (self.gave or self.got or self.thanked or self.promises_mine or self.promises_theirs)


def exchange(person: Person, today: date) -> Exchange:
    """What went either way with the person up to today; only path and name for a confidential contact.

    Nobody is asked to thank somebody who is never to be contacted: it may be too late for that.
    Give it the whole person: a private `#thanked` or `#gave` is not shown, but it does settle a debt, so
    that nobody is asked to give thanks twice.
    """
    contact = person.contact
    if contact.confidential:
        return Exchange(contact.path, contact.name, confidential=True)
    public = public_person(person)
    log = public_log(person, today)
    got, gave, thanked = (
        tuple(line for line in log if mark in line.marks) for mark in ("got", "gave", "thanked")
    )
    owed = find_thanks_owed(person.interactions, today)
    thanks_line = None if contact.paused else owed
    is_thanked = bool(got and thanked) and thanked[-1].date >= got[-1].date
    is_given_back = bool(got and gave) and gave[-1].date > got[-1].date
    return Exchange(
        contact.path,
        contact.name,
        gave=gave,
        got=got,
        thanked=thanked,
        thanks_owed_since=thanks_line.date if thanks_line else None,
        thanks_line=thanks_line,
        promises_mine=tuple(promise for promise in public.promises if not promise.theirs),
        promises_theirs=tuple(promise for promise in public.promises if promise.theirs),
        is_settled=owed is None,
        given_back=is_given_back and not is_thanked and owed is None,
    )


def balance_words(exchange: Exchange) -> str:
    """`You helped twice, they once; you thanked them.` in words, not in a number; "" where nothing is noted."""
    gave, got = times(exchange.gave), times(exchange.got)
    if not got:
        return f"You helped {_times_word(gave)}." if gave else ""
    they = (
        f"You helped {_times_word(gave)}, they {_times_word(got)}"
        if gave
        else f"They helped {_times_word(got)}"
    )
    if exchange.thanks_owed_since:
        return f"{they}; thanks are still open."
    if not exchange.is_settled:
        return f"{they}."
    if exchange.given_back:
        return f"{they}; you gave back since."
    is_thanked = bool(exchange.thanked) and exchange.thanked[-1].date >= exchange.got[-1].date
    return f"{they}; {'you thanked them' if is_thanked else 'nothing is open'}."


def times(lines: Iterable[Interaction]) -> int:
    """How often something happened. A day in two notes counts once; two lines of one note and day count twice."""
    lines_of = Counter((line.date, line.path) for line in lines)
    most: dict[date, int] = {}
    for (day, _), count in lines_of.items():
        most[day] = max(count, most.get(day, 0))
    return sum(most.values())


_TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times")


def _times_word(number: int) -> str:
    return _TIMES[number] if number < len(_TIMES) else "often"
