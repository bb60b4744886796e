"""Who gets one of today's places, out of the assessments of everybody.

Two steps: `shortlist` sorts everybody into pools and keeps the best of each, which an index can do in SQL;
`choose` gives the places. Neither looks at a note, and neither changes an assessment.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import add_days
from mdmentor.core.model import Assessment, Choice, Reason
from mdmentor.core.ranking import DUTIES, TABLE, Constants

ACTIVE, DORMANT, SPARE = "active", "dormant", "spare"  # pools
PAUSED, SNOOZED, NO_RHYTHM, NOT_DUE = "paused", "snoozed", "no rhythm", "not due"  # why somebody is held back


def is_duty(reason: Reason, table: Constants = TABLE) -> bool:
    """Whether something is owed now. Somebody without any date is new, but owed nothing."""
    return reason.kind in DUTIES and reason.points > table.undated


def has_duty(assessment: Assessment) -> bool:
    """Whether something is owed to the person: a promise near, a follow-up, thanks, a birthday.

    The reasons of a confidential contact are hidden, so the score decides: as many points as the least duty gives
    may be one. Better a place for somebody who is only late than a promise pushed out.
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

    `size` should be at least `per_day` and the number of people shown as coming up, together. The index has the
    same in SQL.
    """

    def best(people: Iterable[Assessment], key: Callable[[Assessment], object]) -> tuple[Assessment, ...]:
        ranked = sorted(people, key=lambda one: (key(one), names.fold(one.name), one.path))
        return tuple(ranked[:size])

    def by_score(one: Assessment) -> float:
        return -one.score

    everybody = list(assessments)
    free = [one for one in everybody if not one.held]
    active = [one for one in free if one.pool == ACTIVE]
    not_yet = [one for one in everybody if one.held in (NOT_DUE, NO_RHYTHM)]
    spare = [one for one in free if one.pool == SPARE]
    return Shortlist(
        today,
        active=best(active, by_score),
        duties=best(filter(has_duty, active), by_score),
        dormant=best((one for one in free if one.pool == DORMANT), lambda one: one.turn),
        spare=best(spare, by_score),
        coming_up=best((one for one in not_yet + spare if one.due and one.due > today), lambda one: one.due),
        snoozed=best((one for one in everybody if one.held == SNOOZED), lambda one: one.snooze),
        active_count=len(active),
        excluded=tuple(sorted(Counter(one.held for one in everybody if one.held).items())),
        newest_contact=max((one.last_contact for one in everybody if one.last_contact), default=None),
        revived=sum(one.revived for one in everybody),
    )


def choose(short: Shortlist, per_day: int, table: Constants = TABLE) -> Choice:
    """Today's list: at most `per_day` people, those of pool "spare" last.

    - The places go to active people by score.
    - One dormant person an ISO week, the first of the week's queue, until a dormant tie is taken up again: on
      any day with a place to spare, and on two weekdays (Tuesday and Friday) in the last place even when
      others are waiting for it, but never in that of somebody to whom something is owed. So a week in which
      those two days are full of duties passes without.
    - What is still free goes to "a good moment", by score.

    After an absence (no contact anywhere for two weeks, more people due than three days can hold) the list is
    a fresh start: all duties come before those who are only late or wanted for a goal.
    """
    places = max(0, per_day)
    fresh = _is_fresh_start(short, places, table)
    queue = short.active
    if fresh:
        owed = {one.path for one in short.duties}
        queue = short.duties + tuple(one for one in short.active if one.path not in owed)
    chosen = queue[:places]
    if short.dormant and not short.revived:
        is_the_day = short.today.weekday() in table.dormant_weekdays
        if is_the_day and chosen and len(chosen) == places and not has_duty(chosen[-1]):
            chosen = chosen[:-1]
        if len(chosen) < places:
            chosen += short.dormant[:1]
    active_placed = sum(one.pool == ACTIVE for one in chosen)
    chosen += short.spare[: places - len(chosen)]
    listed = {one.path for one in chosen}
    soon = add_days(short.today, table.soon)
    return Choice(
        short.today,
        chosen,
        short.active_count - active_placed,
        tuple(one for one in short.coming_up if one.path not in listed and one.due and one.due <= soon),
        short.snoozed,
        short.excluded,
        fresh,
    )


def _is_fresh_start(short: Shortlist, places: int, table: Constants) -> bool:
    if short.newest_contact is None or (short.today - short.newest_contact).days < table.fresh_quiet:
        return False
    return short.active_count > table.fresh_budgets * places


def explain(assessment: Assessment, choice: Choice) -> tuple[str, ...]:
    """Sentences why somebody is not on today's list; none for somebody who is.

    What is held back, and until when, comes last.
    """
    if any(one.path == assessment.path for one in choice.suggestions):
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
