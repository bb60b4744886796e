"""Who gets one of today's places, out of everybody's standing.

Two steps: `shortlist` sorts everybody into pools and keeps the best of each, which an index can do in SQL;
`choose` gives the places. Neither looks at a note, and neither changes a standing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.model import Assessment, Choice, Reason
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


def has_duty(assessment: Assessment) -> bool:
    """Whether something is owed to the person: a promise near, a follow-up, thanks, a birthday.

    What speaks for a confidential contact is not told, so the points must do: as many as the least duty gives
    may be one. Better a place kept for somebody who is only late than a promise pushed out.
    """
    if assessment.confidential:
        return assessment.pool == ACTIVE and assessment.score >= TABLE.new_later
    return any(is_duty(reason) for reason in assessment.reasons)


class Shortlist(NamedTuple):
    """The best of each pool and the counts of everybody: all that is needed to give today's places."""

    today: date
    active: tuple[Assessment, ...] = ()
    duties: tuple[Assessment, ...] = ()  # of the active: those to whom something is owed
    dormant: tuple[Assessment, ...] = ()
    spare: tuple[Assessment, ...] = ()
    coming_up: tuple[Assessment, ...] = ()
    snoozed: tuple[Assessment, ...] = ()
    active_count: int = 0
    excluded: tuple[tuple[str, int], ...] = ()  # held-back people by reason, in the reasons' order
    newest_contact: date | None = None  # of the whole vault
    revived: int = 0  # dormant ties taken up again this ISO week


def shortlist(assessments: Iterable[Assessment], today: date, size: int) -> Shortlist:
    """At most `size` people of each pool, best first, and the counts; the order of the input does not matter.

    `size` should be at least `per_day` and the number of people shown as coming up, together.
    The same in SQL, over one row a person with the columns pool, held, score, duty (`has_duty`), turn,
    name_key (`names.fold(name)`), path, due, snooze, last_contact, revived; with LIMIT size:

    - active, spare: held = '' AND pool = P ORDER BY score DESC, name_key, path
    - duties: held = '' AND pool = 'active' AND duty ORDER BY score DESC, name_key, path
    - dormant: held = '' AND pool = 'dormant' ORDER BY turn, name_key, path
    - coming_up: due > today AND (held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare')
      ORDER BY due, name_key, path
    - snoozed: held = 'snoozed' ORDER BY snooze, name_key, path
    - active_count: COUNT of held = '' AND pool = 'active'
    - excluded: held, COUNT where held <> '' GROUP BY held ORDER BY held
    - newest_contact: MAX(last_contact); revived: SUM(revived)
    """
    from collections import Counter
    from heapq import nsmallest

    everybody = list(assessments)
    free = [s for s in everybody if not s.held]
    active = [s for s in free if s.pool == ACTIVE]
    soon = [
        s
        for s in everybody
        if s.due is not None
        and s.due > today
        and (s.held in (NOT_DUE, NO_RHYTHM) or (not s.held and s.pool == SPARE))
    ]
    held = Counter(s.held for s in everybody if s.held)
    return Shortlist(
        today,
        tuple(nsmallest(size, active, key=_by_score)),
        tuple(nsmallest(size, (s for s in active if has_duty(s)), key=_by_score)),
        tuple(nsmallest(size, (s for s in free if s.pool == DORMANT), key=_by_turn)),
        tuple(nsmallest(size, (s for s in free if s.pool == SPARE), key=_by_score)),
        tuple(nsmallest(size, soon, key=_by_due)),
        tuple(nsmallest(size, (s for s in everybody if s.held == SNOOZED), key=_by_snooze)),
        len(active),
        tuple(sorted(held.items())),
        max((s.last_contact for s in everybody if s.last_contact is not None), default=None),
        sum(s.revived for s in everybody),
    )


def _by_score(assessment: Assessment) -> tuple[float, str, str]:
    return -assessment.score, names.fold(assessment.name), assessment.path


def _by_turn(assessment: Assessment) -> tuple[int, str, str]:
    return assessment.turn, names.fold(assessment.name), assessment.path


def _by_due(assessment: Assessment) -> tuple[date, str, str]:
    return assessment.due or date.max, names.fold(assessment.name), assessment.path


def _by_snooze(assessment: Assessment) -> tuple[date, str, str]:
    return assessment.snooze or date.max, names.fold(assessment.name), assessment.path


def choose(short: Shortlist, per_day: int, table: Constants = TABLE) -> Choice:
    """Today's list: at most `per_day` people, those of pool "spare" last.

    - The places go to active people by score.
    - One dormant person an ISO week, the first of the week's queue, until a dormant tie is taken up again: on
      any day with a place to spare, and on two weekdays (Tuesday and Friday) in the last place even when
      others are waiting for it, but never in that of somebody to whom something is owed. So a week in which
      those two days are full of duties passes without.
    - What is still free goes to "a good moment", by score.

    After an absence (no contact anywhere for two weeks, more people due than three days can hold) the list is
    a fresh start: all duties come before whoever is only late or wanted for a goal.
    """
    places = max(0, per_day)
    fresh = _is_fresh_start(short, places, table)
    queue = short.active
    if fresh:
        owed = {s.path for s in short.duties}
        queue = short.duties + tuple(s for s in short.active if s.path not in owed)
    chosen = queue[:places]
    if short.dormant and not short.revived:
        is_full = len(chosen) == places
        is_the_day = short.today.weekday() in table.dormant_weekdays
        if is_full and is_the_day and chosen and not has_duty(chosen[-1]):
            chosen = chosen[:-1]
            is_full = False
        if not is_full:
            chosen += short.dormant[:1]
    active_placed = sum(s.pool == ACTIVE for s in chosen)
    chosen += short.spare[: places - len(chosen)]
    listed = {s.path for s in chosen}
    return Choice(
        short.today,
        chosen,
        short.active_count - active_placed,
        tuple(s for s in short.coming_up if s.path not in listed and _is_soon(s, short.today, table)),
        short.snoozed,
        short.excluded,
        fresh,
    )


def _is_soon(assessment: Assessment, today: date, table: Constants) -> bool:
    return assessment.due is not None and (assessment.due - today).days <= table.soon


def _is_fresh_start(short: Shortlist, places: int, table: Constants) -> bool:
    if short.newest_contact is None or (short.today - short.newest_contact).days < table.fresh_quiet:
        return False
    return short.active_count > table.fresh_budgets * places


def explain(assessment: Assessment, choice: Choice) -> tuple[str, ...]:
    """Sentences why somebody is not on today's list; none for somebody who is.

    What is held back, and until when, is told last.
    """
    if any(s.path == assessment.path for s in choice.suggestions):
        return ()
    return (_why_not(assessment, choice), *assessment.notes)


def _why_not(assessment: Assessment, choice: Choice) -> str:
    if assessment.held == PAUSED:
        return "Never suggested."
    if assessment.held == SNOOZED:
        return "Not suggested while snoozed."
    if assessment.held:
        return "Nothing is due today."
    if assessment.pool == DORMANT:
        return (
            "Quiet for over a year: one such person is suggested a week, and this is another's turn or day."
        )
    if assessment.pool == SPARE:
        return "Nothing is due, and today has no place left for a good moment."
    count = len(choice.suggestions)
    if count == 1:
        return "Today's one place went to somebody else first."
    return f"Today's {count} places went to others first." if count else "Today has no places."
