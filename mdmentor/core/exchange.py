"""The two-way street: what was given and got with a person, what is promised, where thanks are open.

Facts and words, never a score: a tie is no account to be settled. Private lines and confidential notes are left out.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core.model import Interaction, Person, Promise
from mdmentor.core.trust import public_log


def thanks_owed(interactions: Iterable[Interaction], today: date) -> tuple[Interaction, ...]:
    """Every `#got` with no later `#thanked` or `#gave`, oldest first.

    "Later" is a later day; `#thanked` on the same day, in the same line or another, counts too, since one
    thanks people at the table. `#gave` on the same day does not: help that went both ways at one table
    was still help. A private `#got` is never owed, a private `#thanked` or `#gave` settles.
    """
    past = [line for line in interactions if line.marks and line.date <= today]
    if not past:
        return ()
    thanked = max((line.date for line in past if "thanked" in line.marks), default=date.min)
    gave = max((line.date for line in past if "gave" in line.marks), default=date.min)
    got = [line for line in past if "got" in line.marks and not line.is_private]
    owed = [line for line in got if line.date > thanked and line.date >= gave]
    return tuple(sorted(owed, key=lambda line: (line.date, line.path, line.line, line.text)))


class Exchange(NamedTuple):
    """What went either way between the user and one person; lines are oldest first."""

    path: str
    name: str
    gave: tuple[Interaction, ...] = ()
    got: tuple[Interaction, ...] = ()
    thanked: tuple[Interaction, ...] = ()
    thanks_line: Interaction | None = None  # the first `#got` that no thanks followed
    promises_mine: tuple[Promise, ...] = ()  # by date, undated last
    promises_theirs: tuple[Promise, ...] = ()
    is_settled: bool = True  # all that was got has been thanked for or given back
    confidential: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was given, got, thanked for or promised, as far as it may be shown."""
        return not (self.gave or self.got or self.thanked or self.promises_mine or self.promises_theirs)


def exchange(person: Person, today: date) -> Exchange:
    """What went either way with the person, given whole, up to today; path and name alone of a confidential contact.

    A private `#thanked` or `#gave` is not shown, but it does settle a debt, so that nobody is asked to give thanks
    twice. Nobody is asked to thank somebody who is never to be contacted: it may be too late for that.
    """
    contact = person.contact
    if contact.confidential:
        return Exchange(contact.path, contact.name, confidential=True)
    marked = tuple([line for line in person.interactions if line.marks])
    log = public_log(Person(contact, marked), today) if marked else ()
    promises = [promise for promise in person.promises if not promise.private]
    owed = next(iter(thanks_owed(marked, today)), None)
    return Exchange(
        contact.path,
        contact.name,
        gave=tuple([line for line in log if "gave" in line.marks]),
        got=tuple([line for line in log if "got" in line.marks]),
        thanked=tuple([line for line in log if "thanked" in line.marks]),
        thanks_line=None if contact.paused else owed,
        promises_mine=tuple([promise for promise in promises if not promise.theirs]),
        promises_theirs=tuple([promise for promise in promises if promise.theirs]),
        is_settled=owed is None,
    )


def balance_words(exchange: Exchange) -> str:
    """`You helped twice, they once; you thanked them.` in words, not in a number; "" where nothing is noted."""
    gave, got = times(exchange.gave), times(exchange.got)
    if not got:
        return f"You helped {_times_word(gave)}." if gave else ""
    they = f"You helped {_times_word(gave)}, they" if gave else "They helped"
    they += f" {_times_word(got)}"
    if exchange.thanks_line:
        return f"{they}; thanks are still open."
    if not exchange.is_settled:
        return f"{they}."
    last_got = exchange.got[-1].date
    if exchange.thanked and exchange.thanked[-1].date >= last_got:
        return f"{they}; you thanked them."
    is_given_back = exchange.gave and exchange.gave[-1].date > last_got
    return f"{they}; {'you gave back since' if is_given_back else 'nothing is open'}."


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


def owed(
    exchanges: Iterable[Exchange], *, mine: bool = False, theirs: bool = False
) -> tuple[list[tuple[Promise, Exchange]], list[tuple[Interaction, Exchange]]]:
    """Open promises by date, and thanks owed by the line they are for; with `mine` or `theirs` one side's promises alone."""
    promises, thanks = [], []
    for who in exchanges:
        promises += [(p, who) for p in who.promises_mine if not theirs]
        promises += [(p, who) for p in who.promises_theirs if not mine]
        if who.thanks_line and not mine and not theirs:
            thanks.append((who.thanks_line, who))
    promises.sort(key=lambda o: (o[0].due or date.max, o[1].name.casefold(), o[0].path, o[0].line))
    thanks.sort(key=lambda o: (o[0].date, o[1].name.casefold(), o[1].path))
    return promises, thanks
