"""Where one person stands today: what speaks for reaching out, what holds it back, and when they come round.

A pure function of the person, the live goals, the settings and the day. It looks at one person at a time and
gives no places: that is `choose`. Of a confidential note it tells that something speaks, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mdmentor.core.model import Assessment, Contact, Person, Reason, Settings
from mdmentor.core.ranking.constants import TABLE, Constants
from mdmentor.core.ranking.reasons import find_reasons, find_spare
from mdmentor.core.ranking.select import ACTIVE, DORMANT, NO_RHYTHM, NOT_DUE, PAUSED, SNOOZED, SPARE, is_duty
from mdmentor.core.ranking.stats import (
    ContactStats,
    dormant_after,
    draw,
    find_tie,
    is_revived,
    monday_of,
    rhythm_day,
)
from mdmentor.core.text import short_day
from mdmentor.core.trust import has_private_lines

__all__ = ["KINDS", "TABLE", "Constants", "assess"]

# Reasons of equal points stand in this order.
KINDS = (
    "promise",
    "new",
    "thanks",
    "birthday",
    "goal",
    "rhythm",
    "spare",
    "confidential",
    "waiting",
    "drift",
)
_ORDER = {kind: place for place, kind in enumerate(KINDS)}

# Of a confidential note only the name may get out: no words, no dates, no topics, not even what kind of
# thing speaks for it.
CONFIDENTIAL = "confidential"
_HUSHED = "It would be good to be in touch; the note says why."
_HUSHED_NOTE = "The note is confidential, so nothing more of it is told here."


def assess(
    person: Person,
    today: date,
    live_topics: Mapping[str, str],
    settings: Settings,
    table: Constants = TABLE,
) -> Assessment:
    """The person's standing on `today`, the same for any order of interactions and promises.

    `live_topics` maps a folded topic to the title of an active goal. In the standing
    - `reasons` come by descending points, then in the order of `KINDS`; each kind gives points once, and the
      score is their sum. "waiting", "drift" and promises without a date or not near it give none.
    - `held` is "" or one of "paused" (contact: never), "snoozed", "no rhythm" (cadence: none and nothing else
      speaks) and "not due" (nothing speaks, and there is not yet half a cadence or the quiet guard is on).
      What a snooze or a guard holds back is told in `notes`.
    - `due` is the earliest of: the day the rhythm comes round (staggered) or, in its place, the date the user
      chose; the date of each dated promise of one's own; the day after a first meeting; the day of help that
      has not been thanked; a birthday that is told today; today for somebody without any date. A goal makes
      nobody due. None where there is none of these.
    - `cadence_days` is the cadence in use (given, by tier, or the default), None only for "cadence: none"; it
      is not doubled where messages found no answer, though `due` is.
    - `turn` orders dormant people within a week, smallest first (see `choose`).

    A plain contact logged at a later date, with all else equal, never raises the score, except where it is
    the first contact of all (before it nothing was known of the tie), the answer to a run of messages (which
    ends the doubling), or the one that a chosen date asked for (from then on the rhythm, in whose place that date
    stood, counts again). A #got brings the duty to thank.
    """
    person = _without_private_duties(person)
    contact = person.contact
    tie = find_tie(person, today, settings, table)
    if contact.paused:
        return _tell(person, tie, today, PAUSED, notes=("The note asks not to be in touch.",))
    chosen = contact.next
    if chosen is not None and tie.days and tie.days[-1] >= chosen:
        chosen = None  # there was contact on that day or since: it is done
    comes_round = chosen or rhythm_day(contact.path, tie, table)
    speaking, notes, days = find_reasons(person, tie, chosen, comes_round, today, live_topics, table)
    if comes_round is not None:
        days.append(comes_round)
    held = ""
    pool = ACTIVE
    is_owed = any(is_duty(reason, table) for reason in speaking)
    if tie.since is not None and not is_owed and (today - tie.since).days > dormant_after(tie, table):
        pool = DORMANT
    if not any(reason.points for reason in speaking):
        spare = find_spare(contact, tie, chosen, comes_round, today, table) if pool == ACTIVE else None
        if spare is not None:
            pool = SPARE
            speaking.append(spare)
        else:
            held = NO_RHYTHM if contact.cadence_none and chosen is None else NOT_DUE
            notes.append(_not_yet(tie, chosen, comes_round, today))
    if contact.snooze is not None and today < contact.snooze:
        held = SNOOZED
        until = short_day(contact.snooze, today)
        duties = [reason.text for reason in speaking if is_duty(reason, table)]
        notes = [f"Snoozed until {until}.", *(f"Held back until then: {text}" for text in duties)]
    if tie.stretch > 1:
        notes.append(f"{tie.unanswered} messages without an answer yet, so the rhythm is taken slower.")
    turn = _turn(contact.path, tie, speaking, today, table) if pool == DORMANT else 0
    return _tell(person, tie, today, held, pool, min(days, default=None), speaking, tuple(notes), turn, table)


def _without_private_duties(person: Person) -> Person:
    """The person without what a private line alone would make a duty of: its promise, and thanks for its #got.

    Its day still counts as contact, and a #thanked, #gave or #sent in it still settles or stretches: without
    these the user would be sent to somebody they spoke to yesterday. None of it can be read off a sentence.
    """
    if not has_private_lines(person):
        return person
    return person._replace(
        interactions=tuple(
            told._replace(text="", channel="", marks=tuple(mark for mark in told.marks if mark != "got"))
            if told.is_private
            else told
            for told in person.interactions
        ),
        promises=tuple(promise for promise in person.promises if not promise.private),
    )


def _tell(
    person: Person,
    tie: ContactStats,
    today: date,
    held: str,
    pool: str = ACTIVE,
    due: date | None = None,
    speaking: Sequence[Reason] = (),
    notes: tuple[str, ...] = (),
    turn: int = 0,
    table: Constants = TABLE,
) -> Assessment:
    contact = person.contact
    reasons = tuple(sorted(speaking, key=_by_points))
    if contact.confidential:
        points = round(sum(reason.points for reason in reasons), 2)
        reasons = (Reason(CONFIDENTIAL, _HUSHED, points),) if points else ()
        notes = (_HUSHED_NOTE,)
    return Assessment(
        path=contact.path,
        name=contact.name,
        today=today,
        score=round(sum((reason.points for reason in reasons), 0.0), 2),
        pool=pool,
        held=held,
        due=due,
        last_contact=tie.last,
        cadence_days=tie.cadence,
        reasons=reasons,
        notes=notes,
        snooze=contact.snooze,
        turn=turn,
        revived=_is_revived(contact, tie, today, table),
        confidential=contact.confidential,
    )


def _by_points(reason: Reason) -> tuple[float, int]:
    return -reason.points, _ORDER[reason.kind]


def _is_revived(contact: Contact, tie: ContactStats, today: date, table: Constants) -> bool:
    return bool(tie.days) and is_revived(tie, contact, monday_of(today), table)


def _not_yet(tie: ContactStats, chosen: date | None, comes_round: date | None, today: date) -> str:
    """Why nothing speaks for the person today."""
    if chosen is not None:
        return f"You chose {short_day(chosen, today)} to be in touch."
    if tie.cadence is None:
        return "The note wishes for no rhythm, and nothing else speaks for today."
    if tie.since is None or comes_round is None:
        return "Nothing speaks for today."
    since = "You were last in touch on" if tie.last == tie.since else "The note begins on"
    return (
        f"{since} {short_day(tie.since, today)}; the rhythm comes round on {short_day(comes_round, today)}."
    )


def _turn(path: str, tie: ContactStats, speaking: Sequence[Reason], today: date, table: Constants) -> int:
    """The place in the week's queue of dormant people: who helps with a goal first, then by a draw.

    The draw is a checksum of the path and the week: the same person all week, another one the next. Whoever
    has not answered, or became dormant in this very week, comes after the others.
    """
    year, week, _ = today.isocalendar()
    place = 0 if any(reason.kind == "goal" for reason in speaking) else 1
    if tie.unanswered:
        place += 2
    if tie.since is not None and (monday_of(today) - tie.since).days <= dormant_after(tie, table):
        place += 4
    return (place << 32) + draw(f"{year}-{week} {path}")
