"""The assessment of one person today: the reasons to reach out, what holds them back, and when they are due.

A pure function of the person, the live goals, the settings and the day. Who gets a place on the list is decided in
`select`. Each `_find_*` below looks for one kind of reason and says it in words: a new reason is one more of them, with
its kind and its points in the table of constants.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names, ranking
from mdmentor.core.dates import add_days, age_on
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.model import Assessment, Person, Promise, Reason, Settings
from mdmentor.core.phrasing import planned, promised
from mdmentor.core.ranking import DUTIES, GIVEN, KINDS, TABLE, TIER, Constants, ContactStats, select
from mdmentor.core.text import about, every, plain, plain_words, short_day, weekday_text
from mdmentor.core.trust import without_private_duties

_ORDER = {kind: place for place, kind in enumerate(KINDS)}

# Of a confidential note only the name may get out: no words, no dates, no topics, not even the kind of reason.
_CONFIDENTIAL_REASON = "It would be good to be in touch; the note says why."
_CONFIDENTIAL_NOTE = "The note is confidential, so nothing more of it is shown here."


def assess(
    person: Person, today: date, live_topics: Mapping[str, str], settings: Settings, table: Constants = TABLE
) -> Assessment:
    """The person's assessment on `today`, the same for any order of interactions and promises.

    `live_topics` maps a folded topic to the title of an active goal. In the assessment
    - `reasons` come by descending points, then in the order of `KINDS`; each kind gives points once, and the
      score is their sum. "waiting", "drift" and promises without a date or not near it give none.
    - `held` is "", "paused" (contact: never), "snoozed", "done today", "no rhythm" (cadence: none and no reason) or
      "not due" (no reason, before half a cadence or within the quiet guard). `notes` say what it holds back.
    - `due` is the earliest day of any reason, of the rhythm (staggered) or of the date the user chose; a goal makes
      nobody due. `coming` is the sentence for it.
    - `morning` is the assessment without what was done today, where anything was.
    - `cadence_days` is the cadence in use, None only for "cadence: none"; messages without an answer stretch `due`, not
      this.
    - `turn` orders dormant people within a week, smallest first (see `choose`).

    A plain contact logged at a later date never raises the score, unless it is the first of all, the answer to a run
    of messages (which ends the stretch), or the one that a chosen date asked for (the rhythm then counts again).
    """
    now = _assess(person, today, live_topics, settings, table)
    is_reached, has_place = ranking.was_reached(person, today), ranking.has_place(person, today)
    if not (is_reached or has_place):
        return now
    morning = _assess(ranking.before_today(person, today), today, live_topics, settings, table)
    if is_reached and now.held not in (select.PAUSED, select.SNOOZED):
        now = now._replace(held=select.DONE_TODAY)
    return now._replace(morning=morning, is_reached=is_reached, has_place=has_place)


def _assess(
    person: Person, today: date, live_topics: Mapping[str, str], settings: Settings, table: Constants
) -> Assessment:
    stats = ranking.contact_stats(without_private_duties(person), today, settings, table)
    contact = stats.contact
    if contact.paused:
        return _assessment(stats, select.PAUSED, notes=["Your note says never to suggest them."])
    found = _find_reasons(stats, live_topics)
    reasons = [one.reason for one in found if one.waits_until is None]
    waiting = [(short_day(one.waits_until, today), one.reason) for one in found if one.waits_until]
    notes = [f"Waits until {when}, as you were in touch recently: {reason.text}" for when, reason in waiting]
    # what is owed is shown wherever the person is
    reasons += [reason._replace(points=0.0) for _, reason in waiting if reason.kind in DUTIES]
    due, coming = _what_is_due(stats, found)
    duties = [reason.text for reason in reasons if select.is_duty(reason, table)]
    held = ""
    pool = select.DORMANT if stats.quiet > stats.dormant_after and not duties else select.ACTIVE
    if not any(reason.points for reason in reasons):
        spare = _find_spare(stats) if pool == select.ACTIVE else None
        if spare is not None:
            pool, reasons = select.SPARE, [*reasons, spare]
        else:
            held = select.NO_RHYTHM if contact.cadence_none and stats.chosen is None else select.NOT_DUE
            notes.append(_not_yet(stats))
    if contact.snooze is not None and today < contact.snooze:
        held = select.SNOOZED
        notes = [f"Snoozed until {short_day(contact.snooze, today)}."]
        notes += [f"Held back until then: {text}" for text in duties]
    if stats.stretch > 1:
        notes.append(f"{stats.unanswered} messages without an answer yet, so the rhythm slows down.")
    return _assessment(stats, held, pool, due, reasons, notes, coming)


def _what_is_due(stats: ContactStats, found: "Sequence[_Finding]") -> tuple[date | None, str]:
    """The earliest day on which anything is due, with the sentence for it."""
    days = [(max(one.due, one.waits_until or one.due), one.reason.text) for one in found if one.due]
    first = min(days, key=lambda pair: pair[0], default=(None, ""))
    rhythm = stats.comes_round
    if rhythm is None or (first[0] is not None and first[0] <= rhythm):
        return first  # of the rhythm itself too, once it has come round
    return rhythm, _rhythm_text(stats) if stats.chosen is None else _chosen_text(stats)


def _assessment(
    stats: ContactStats,
    held: str,
    pool: str = select.ACTIVE,
    due: date | None = None,
    reasons: Sequence[Reason] = (),
    notes: Sequence[str] = (),
    coming: str = "",
) -> Assessment:
    contact = stats.contact
    score = round(sum((reason.points for reason in reasons), 0.0), 2)
    turn = _turn(stats, reasons) if pool == select.DORMANT else 0
    if contact.confidential:
        reasons = [Reason("confidential", _CONFIDENTIAL_REASON, score)] if score else []
        notes, coming = [_CONFIDENTIAL_NOTE], ""
    return Assessment(
        path=contact.path,
        name=contact.name,
        today=stats.today,
        score=score,
        pool=pool,
        held=held,
        due=due,
        last_contact=stats.last,
        cadence_days=stats.cadence,
        reasons=tuple(sorted(reasons, key=lambda reason: (-reason.points, _ORDER[reason.kind]))),
        notes=tuple(notes),
        snooze=contact.snooze,
        turn=turn,
        revived=stats.is_revived,
        confidential=contact.confidential,
        coming=coming,
    )


def _not_yet(stats: ContactStats) -> str:
    """Why there is no reason to reach out today."""
    if stats.chosen is not None:
        return _chosen_text(stats)
    if stats.cadence is None:
        return "The note asks for no rhythm, and there is no other reason to reach out today."
    if stats.since is None or stats.comes_round is None:
        return "There is no reason to reach out today."
    since = "You were last in touch on" if stats.last == stats.since else "The note begins on"
    comes_round = short_day(stats.comes_round, stats.today)
    return f"{since} {short_day(stats.since, stats.today)}; the rhythm comes round on {comes_round}."


def _turn(stats: ContactStats, reasons: Sequence[Reason]) -> int:
    """The place in the week's queue of dormant people: who helps with a goal first, then by a draw.

    The draw is a checksum of the path and the week: the same person all week, another one the next. Those who
    have not answered, or became dormant in this very week, come after the others.
    """
    year, week, _ = stats.today.isocalendar()
    is_new = (
        stats.since is not None and (ranking.monday_of(stats.today) - stats.since).days <= stats.dormant_after
    )
    has_goal = any(reason.kind == "goal" for reason in reasons)
    place = 4 * is_new + 2 * (stats.unanswered > 0) + (not has_goal)
    return (place << 32) + ranking.draw(f"{year}-{week} {stats.contact.path}")


# --- the reasons ------------------------------------------------------------------------------------------


class _Finding(NamedTuple):
    reason: Reason
    due: date | None = None  # since when, or on which day
    waits_until: date | None = None  # the guard holds it back until then


def _find_reasons(stats: ContactStats, live_topics: Mapping[str, str]) -> list[_Finding]:
    """All reasons, in no order. A date that the user chose replaces rhythm, drift and the follow-up of a first meeting."""
    found = [*_with_points_once((*_find_chosen(stats), *_find_promises(stats), *_find_planned(stats)))]
    found += [*_find_waiting(stats), *_find_thanks(stats), *_find_birthday(stats)]
    found += _find_goal(stats, live_topics)
    if stats.chosen is None:
        found += [*_find_new(stats), *_find_rhythm(stats), *_find_drift(stats)]
    return found


def _with_points_once(found: Iterable[_Finding]) -> Iterator[_Finding]:
    """Only the first has its points: two promises to one person are still one talk."""
    is_first = True
    for one in found:
        yield one if is_first else one._replace(reason=one.reason._replace(points=0.0))
        is_first &= not one.reason.points or one.waits_until is not None


def _find_chosen(stats: ContactStats) -> Iterator[_Finding]:
    """The date that the user chose, which counts as a promise."""
    if stats.chosen is not None and stats.chosen <= stats.today:
        yield _Finding(Reason("promise", _chosen_text(stats), stats.table.promise))


def _chosen_text(stats: ContactStats) -> str:
    return f"You chose {short_day(stats.chosen or stats.today, stats.today)} to be in touch."


def _find_planned(stats: ContactStats) -> Iterator[_Finding]:
    """Talks that a task plans; each counts as a date that the user chose, until there was contact on it or since."""
    today, table, last = stats.today, stats.table, stats.last or date.min
    open_talks = [talk for talk in stats.person.planned if not talk.due or talk.due > last]
    for talk in sorted(open_talks, key=_by_due)[: table.promises_listed]:
        points = table.promise if talk.due is not None and talk.due <= today else 0.0
        when = f" on {short_day(talk.due, today)}" if talk.due is not None else ""
        deed, thing = planned(talk.text)
        text = f"You planned {deed}{when}." if deed else f"You planned{when}: {thing}."
        yield _Finding(Reason("promise", text, points), talk.due)


def _find_promises(stats: ContactStats) -> Iterator[_Finding]:
    """What the user promised."""
    today, table = stats.today, stats.table
    mine = sorted((p for p in stats.person.promises if not p.theirs), key=_by_due)
    for promise in mine[: table.promises_listed]:
        is_near = promise.due is not None and (promise.due - today).days <= table.promise_ahead
        rests = stats.duty_rests_until(promise.due) if promise.due and is_near else None
        when = f" by {short_day(promise.due, today)}" if promise.due is not None else ""
        deed, thing = promised(plain_words(promise.text).removeprefix(f"{stats.contact.name}: "))
        text = f"You promised {deed}{when}." if deed else f"You promised{when}: {thing or 'see the note'}."
        reason = Reason("promise", text, table.promise if is_near else 0.0)
        yield _Finding(reason, promise.due, rests)
    more = len(mine) - table.promises_listed
    if more > 0:
        yield _Finding(Reason("promise", f"{more} more of your promises are open.", 0.0))


def _find_waiting(stats: ContactStats) -> Iterator[_Finding]:
    """What they promised and is late: only a sentence."""
    late = [(p.due, p) for p in stats.person.promises if p.theirs and p.due and p.due < stats.today]
    for due, promise in sorted(late, key=lambda pair: _by_due(pair[1]))[: stats.table.promises_listed]:
        text = f"You have been waiting since {short_day(due, stats.today)} for: {plain(promise.text)}."
        yield _Finding(Reason("waiting", text, 0.0))


def _by_due(promise: Promise) -> tuple[date, str, int, str]:
    return promise.due or date.max, promise.path, promise.line, promise.text


def _find_new(stats: ContactStats) -> Iterator[_Finding]:
    """The follow-up after a first meeting; also somebody of whom the notes have no date at all."""
    today, table = stats.today, stats.table
    if stats.since is None and stats.cadence is not None:
        text = "New: nothing is logged yet, and the note has no date."
        yield _Finding(Reason("new", text, table.undated), today)
    start = ranking.first_meeting(stats)
    if start is None or not table.new_ahead <= (today - start).days <= table.new_ends:
        return
    when = short_day(start, today)
    points = table.new if (today - start).days <= table.new_days else table.new_later
    if start == stats.contact.met_on:
        text = f"You met on {when} and have not followed up yet."
    elif stats.days:
        text = f"You first talked on {when} and have not followed up yet."
    else:
        # The first date of a note need not be a meeting: it may be when an old friend was written down.
        text = f"New: in your notes since {when}, and nothing is logged yet."
        points = table.new_later
    yield _Finding(Reason("new", text, points), add_days(start, table.new_ahead))


def _find_thanks(stats: ContactStats) -> Iterator[_Finding]:
    """Help that was not thanked; `exchange.thanks_owed` says what settles it."""
    owed = thanks_owed(stats.person.interactions, stats.today)
    if owed:
        what = plain(owed[-1].text, 60)
        when = f"{short_day(owed[-1].date, stats.today)}{f' ({what})' if what else ''}"
        text = f"You got help on {when} and have not said thanks yet."
        is_left_open = stats.last and owed[-1].date < stats.last
        rests = stats.until(add_days(stats.last, stats.table.rest)) if stats.last and is_left_open else None
        yield _Finding(Reason("thanks", text, stats.table.thanks), owed[0].date, rests)


def _find_birthday(stats: ContactStats) -> Iterator[_Finding]:
    """The birthday, until there was contact on the day or after it: a talk the day before is no wish."""
    birthday, today = stats.contact.birthday, stats.today
    born_on = ranking.birthday_near(birthday, today, stats.table) if birthday is not None else None
    if birthday is None or born_on is None or (stats.last is not None and stats.last >= born_on):
        return
    gap = (born_on - today).days
    when = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(gap, f"on {weekday_text(born_on)}")
    text = f"Their birthday {'was' if gap < 0 else 'is'} {when}, {short_day(born_on, today)}"
    if age := age_on(birthday, born_on):
        text += f" ({'turned' if gap < 0 else 'turning'} {age})"
    rests = stats.duty_rests_until(born_on)
    yield _Finding(Reason("birthday", f"{text}.", stats.table.birthday), born_on, rests)


def _find_goal(stats: ContactStats, live_topics: Mapping[str, str]) -> Iterator[_Finding]:
    """Help with a live goal: the first of their topics that one is about. It rests for a while after a talk."""
    for topic in stats.contact.helps_with:
        goal = live_topics.get(names.fold_topic(topic))
        if goal is not None:
            text = f'Can help with {plain(names.unlink(topic))}, for your goal "{plain(goal)}".'
            rests = add_days(stats.last, stats.table.goal_rest) if stats.last else date.min
            free = stats.until(max(rests, stats.guard_ends))
            yield _Finding(Reason("goal", text, stats.table.goal), waits_until=free)
            return


def _find_rhythm(stats: ContactStats) -> Iterator[_Finding]:
    """The rhythm, once it has come round."""
    day = stats.comes_round
    if day is not None and stats.today >= day:
        yield _Finding(Reason("rhythm", _rhythm_text(stats), _lateness(stats)), day)


def _rhythm_text(stats: ContactStats) -> str:
    rhythm = every(stats.cadence or 0)
    wish = {
        GIVEN: f"you wanted to be in touch {rhythm}",
        TIER: f"the tier {plain(stats.contact.tier)} means {rhythm}",
    }.get(stats.origin, f"the note names no rhythm, so {rhythm} is assumed")
    return f"{_since_text(stats)}; {wish}."


def _find_drift(stats: ContactStats) -> Iterator[_Finding]:
    """A sentence when the silence is out of the rhythm that the log shows."""
    gap = ranking.usual_gap(stats)
    if stats.cadence is None or stats.last is None or gap is None:
        return
    quiet = (stats.today - stats.last).days
    if ranking.is_adrift(gap, quiet, stats.table):
        text = f"You used to talk about every {about(gap)}; now it has been {about(quiet)}."
        yield _Finding(Reason("drift", text, stats.table.drift))


def _find_spare(stats: ContactStats) -> Reason | None:
    """The reason for a free place: past half the cadence and outside the quiet guard."""
    if stats.chosen is not None or stats.since is None or stats.cadence is None:
        return None
    half = stats.cadence * stats.stretch * stats.table.spare_share
    if stats.quiet < half or stats.today < stats.guard_ends:
        return None
    text = f"{_since_text(stats)}; nothing is due, but it is a good moment."
    return Reason("spare", text, _lateness(stats))


def _lateness(stats: ContactStats) -> float:
    """The points of quiet: those of the rhythm when one cadence is over, five fewer at half of it, capped."""
    table = stats.table
    late = max(1, stats.quiet) / ((stats.cadence or 1) * stats.stretch)
    points = table.rhythm + table.rhythm_doubling * math.log2(late)
    return round(min(table.rhythm_cap, max(0.01, points)), 2)


def _since_text(stats: ContactStats) -> str:
    when = short_day(stats.since or stats.today, stats.today)
    if stats.last == stats.since:
        talk = "wrote on {}, with no answer yet" if stats.unanswered else "talked on {}"
        return f"You last {talk.format(when)}"
    if stats.contact.met_on == stats.since:
        return f"You met on {when}, and nothing has been logged since"
    return f"New: in your notes since {when}, and nothing is logged yet"
