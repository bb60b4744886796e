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
from mdmentor.core.entries import Choice
from mdmentor.core.model import Assessment, Reason
from mdmentor.core.ranking import DUTIES, TABLE, Constants

ACTIVE, DORMANT, SPARE = "active", "dormant", "spare"  # pools
# Why somebody is held back.
PAUSED, SNOOZED, NO_RHYTHM, NOT_DUE, DONE_TODAY = "paused", "snoozed", "no rhythm", "not due", "done today"
OTHERS_NAMED = 5  # of those who are due and found no place


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
    """The best of each pool and the counts of everybody: all that is needed to give today's places.

    Those about whom anything was done today are `touched`, and in no pool and no count but `snoozed` and `coming_up`.
    """

    today: date
    active: tuple[Assessment, ...] = ()
    duties: tuple[Assessment, ...] = ()  # of the active: those to whom something is owed
    dormant: tuple[Assessment, ...] = ()
    spare: tuple[Assessment, ...] = ()
    coming_up: tuple[Assessment, ...] = ()
    snoozed: tuple[Assessment, ...] = ()
    touched: tuple[Assessment, ...] = ()
    active_count: int = 0
    excluded: tuple[tuple[str, int], ...] = ()  # held-back people by reason, in the reasons' order
    newest_contact: date | None = None  # of the whole vault
    revived: int = 0  # dormant ties taken up again this ISO week
    is_return: bool = True  # a talk came in since the first run: a quiet time may be an absence


def shortlist(assessments: Iterable[Assessment], today: date, size: int) -> Shortlist:
    """At most `size` people of each pool, best first, and the counts; the order of the input does not matter.

    `size` should be at least `per_day` and the number of people shown as coming up or also due, together. The index
    has the same in SQL.
    """

    def best(people: Iterable[Assessment], key: Callable[[Assessment], object]) -> tuple[Assessment, ...]:
        return _sorted(people, key)[:size]

    everybody = list(assessments)
    rest = [one for one in everybody if one.morning is None]
    free = [one for one in rest if not one.held]
    active = [one for one in free if one.pool == ACTIVE]
    not_yet = [one for one in everybody if one.held in (NOT_DUE, NO_RHYTHM, DONE_TODAY)]
    spare = [one for one in free if one.pool == SPARE]
    return Shortlist(
        today,
        active=best(active, _by_score),
        duties=best(filter(has_duty, active), _by_score),
        dormant=best((one for one in free if one.pool == DORMANT), lambda one: one.turn),
        spare=best(spare, _by_score),
        coming_up=best((one for one in not_yet + spare if one.due and one.due > today), lambda one: one.due),
        snoozed=best((one for one in everybody if one.held == SNOOZED), lambda one: one.snooze),
        touched=_sorted((one for one in everybody if one.morning), _by_score),
        active_count=len(active),
        excluded=tuple(sorted(Counter(one.held for one in everybody if one.held).items())),
        newest_contact=max((one.last_contact for one in rest if one.last_contact), default=None),
        revived=sum(one.revived for one in rest),
    )


def _sorted(people: Iterable[Assessment], key: Callable[[Assessment], object]) -> tuple[Assessment, ...]:
    return tuple(sorted(people, key=lambda one: (key(one), names.fold(one.name), one.path)))


def _by_score(one: Assessment) -> float:
    return -one.score


def as_ticked(assessment: Assessment, held: str) -> Assessment:
    """Somebody whose box is ticked on the page: it will make them `held`, and a place of today was theirs."""
    morning = assessment.morning or assessment
    is_reached = assessment.is_reached or held == DONE_TODAY
    return assessment._replace(held=held, morning=morning, is_reached=is_reached, has_place=True)


def choose(short: Shortlist, per_day: int, table: Constants = TABLE, number: int | None = None) -> Choice:
    """Today's list: at most `per_day` people, those of pool "spare" last.

    The places are given as the notes have it without what was done today: a person of the list who is done keeps
    their place, so that nobody new comes the same day. With `number` the list is shorter, or goes on beyond the places
    of the day.
    """
    places = max(0, per_day)
    morning = _this_morning(short)
    is_away = (short.today - (morning.newest_contact or short.today)).days >= table.fresh_quiet
    fresh = short.is_return and is_away and morning.active_count > table.fresh_budgets * places
    chosen = _give_places(morning, places, fresh, table)
    if number is not None and number > places:
        paths = {one.path for one in chosen}
        more = [one for one in _give_places(morning, number, fresh, table) if one.path not in paths]
        chosen = (*chosen, *more[: number - len(chosen)])
    touched = {one.path: one for one in short.touched}
    suggestions = tuple(one for one in chosen if one.path not in touched)
    used = [touched[one.path] for one in chosen if one.path in touched]
    if number is not None:
        suggestions = suggestions[:number]
    listed = {one.path for one in suggestions}
    soon = add_days(short.today, table.soon)
    return Choice(
        short.today,
        tuple(sorted(suggestions, key=lambda one: one.pool == SPARE)),
        short.active_count - sum(one.pool == ACTIVE for one in suggestions),
        tuple(one for one in short.coming_up if one.path not in listed and one.due and one.due <= soon),
        short.snoozed,
        short.excluded,
        fresh and not used,
        done=tuple(one for one in used if one.is_reached),
        others_due=tuple(one for one in short.active if one.path not in listed)[:OTHERS_NAMED],
        has_begun=bool(used),
    )


def _this_morning(short: Shortlist) -> Shortlist:
    """The shortlist without what was done today. Only people who certainly had a place are left in `touched`."""
    mornings = [one.morning for one in short.touched if one.morning and not one.has_place]
    free = [one for one in mornings if not one.held]
    active = [one for one in free if one.pool == ACTIVE]
    dormant = [one for one in free if one.pool == DORMANT]
    days = [one.morning.last_contact for one in short.touched if one.morning and one.morning.last_contact]
    return short._replace(
        active=_sorted((*short.active, *active), _by_score),
        duties=_sorted((*short.duties, *filter(has_duty, active)), _by_score),
        dormant=_sorted((*short.dormant, *dormant), lambda one: one.turn),
        spare=_sorted((*short.spare, *(one for one in free if one.pool == SPARE)), _by_score),
        active_count=short.active_count + len(active),
        newest_contact=max(filter(None, (short.newest_contact, *days)), default=None),
        revived=short.revived + sum(one.revived for one in mornings),
    )


def _give_places(short: Shortlist, places: int, fresh: bool, table: Constants) -> tuple[Assessment, ...]:
    """The people who get the day's places.

    - First those of whom it is certain that they had one.
    - The places go to active people by score.
    - One dormant person an ISO week, the first of the week's queue, until a dormant tie is taken up again: on
      any day with a place to spare, and on two weekdays (Tuesday and Friday) in the last place even when
      others are waiting for it, but never in that of somebody to whom something is owed. So a week in which
      those two days are full of duties passes without.
    - What is still free goes to "a good moment", by score.

    After an absence (no contact anywhere for two weeks, more people due than three days can hold) the list is
    a fresh start: all duties come before those who are only late or wanted for a goal.
    """
    held = tuple(one.morning for one in short.touched if one.morning and one.has_place)
    places = max(0, places - len(held))
    queue = short.active
    if fresh:
        owed = {one.path for one in short.duties}
        queue = short.duties + tuple(one for one in short.active if one.path not in owed)
    chosen = queue[:places]
    if short.dormant and not short.revived and all(one.pool != DORMANT for one in held):
        is_the_day = short.today.weekday() in table.dormant_weekdays
        if is_the_day and chosen and len(chosen) == places and not has_duty(chosen[-1]):
            chosen = chosen[:-1]
        if len(chosen) < places:
            chosen += short.dormant[:1]
    return (*held, *chosen, *short.spare[: places - len(chosen)])


def explain(assessment: Assessment, choice: Choice) -> tuple[str, ...]:
    """Sentences why somebody is not on today's list; none for somebody who is.

    What is held back, and until when, comes last.
    """
    if any(one.path == assessment.path for one in choice.suggestions):
        return ()
    return (_why_not(assessment, choice), *assessment.notes)


_HELD = {
    PAUSED: "Never suggested.",
    DONE_TODAY: "Done for today: you were in touch today.",
    SNOOZED: "Not suggested while snoozed.",
}


def _why_not(assessment: Assessment, choice: Choice) -> str:
    if assessment.held:
        return _HELD.get(assessment.held, "Nothing is due today.")
    if assessment.pool == DORMANT:
        one_a_week = "only one such person is suggested a week, and it is not their turn today"
        return f"Quiet for over a year: {one_a_week}."
    if assessment.pool == SPARE:
        return "Nothing is due, and today has no place left for a good moment."
    count = len(choice.suggestions) + len(choice.done)
    if count == 1:
        return "Today's one place went to somebody else first."
    return f"Today's {count} places went to others first." if count else "Today has no places."
