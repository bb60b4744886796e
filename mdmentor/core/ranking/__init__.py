"""The rule that decides whom to reach out to next: its constants, each with its reason, and the facts of a tie.

`TABLE` is the rule as it runs; another one is tried out with a changed copy (`TABLE._replace`). Points only order people
against each other and are never shown as a mark for a person. The facts (when there was contact, how often there should
be, how long it has been quiet, what was done today) count and compare dates; they give no points.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple
from zlib import crc32

from mdmentor.core import names
from mdmentor.core.dates import add_days, birthday_in
from mdmentor.core.model import Birthday, Contact, Person, Promise, Settings

# All kinds of reasons; those of equal points are listed in this order.
KINDS = (
    "promise", "new", "thanks", "birthday", "goal", "rhythm", "spare", "confidential", "waiting", "drift",
)  # fmt: skip
# What is owed to somebody. A guard never holds it back, and it never waits for a dormant place.
DUTIES = frozenset({"promise", "new", "thanks", "birthday"})


class Constants(NamedTuple):
    """Points, and spans in whole days unless said otherwise."""

    # Duties. They outrank all lateness: with few places a day nothing else decided as much about how many
    # promises were kept (benchmarks/ranking/RESULTS.md).
    promise: float = 60.0  # a word given goes first; two such promises to one person are still one talk
    promise_ahead: int = 5  # days before its date: time to do the thing; one day ahead left many broken
    promises_listed: int = 5  # to one person, and by one person: more are counted
    new: float = 50.0  # a first meeting fades within weeks when nothing follows it
    new_days: int = 3  # days on which the follow-up is still easy to write ("it was good to meet you")
    new_later: float = 20.0  # after that it is worth about as much as a goal
    new_ahead: int = 1  # the day after: on the day itself they still have you in mind
    new_ends: int = 30  # after a month it is no follow-up any more, and the rhythm takes over
    undated: float = 10.0  # nothing is known of the tie: it ranks as one whose rhythm has just come round
    rest: int = 7  # days after a talk that left thanks open: the user saw them, and they may follow in a week
    thanks: float = 40.0  # thanks are more welcome than people expect (Kumar & Epley 2018)
    birthday: float = 25.0  # a good occasion, but one that comes again
    birthday_around: int = 1  # days before and after on which one still speaks of the birthday

    # Wishes.
    goal: float = 20.0  # who helps with what is wanted now goes before a tie that is only late
    goal_rest: int = 21  # days after a talk on which the goal is left alone: asking each week wears a tie out
    rhythm: float = 10.0  # the rhythm has come round
    rhythm_doubling: float = 5.0  # each time the quiet has doubled: twice late is the same for any cadence
    rhythm_cap: float = 25.0  # reached at eight times late, so that lateness never outweighs a thank-you

    # Guards. They hold back what can wait, never a duty.
    guard_share: float = 0.25  # of the cadence after a contact: weekly ties rest two days, others longer
    guard_days: float = 14.0  # and never longer than this
    unanswered: int = 2  # messages sent on so many days without an answer ...
    unanswered_stretch: int = 2  # ... make cadence and guard so many times as long: a third would nag,
    unanswered_rest: int = 90  # and the guard is this long at least: asking once more can wait a season
    spare_share: float = 0.5  # of the cadence: from here a free place may go to somebody who is not due
    stagger_share: float = 0.1  # of the cadence: thirty people of one party come round on different days

    # Old ties.
    dormant: int = 365  # quiet for a year (Levin et al. 2011 ask for three; few vaults are that old)
    dormant_cadences: float = 1.5  # and beyond so many cadences: a yearly tie is not dormant at a year
    # Tuesday and Friday: an old tie may take a place from a living one, as duties may fill one of the days.
    dormant_weekdays: tuple[int, ...] = (1, 4)
    soon: int = 60  # days ahead that "coming up" looks, as far as the page of dates does
    fresh_quiet: int = 14  # no talk logged for so long ...
    fresh_budgets: int = 3  # ... and more people due than places in so many days: the page begins afresh

    # Silence out of their own rhythm: only a sentence, as points for it made the list no better. The bounds
    # are those of Obsidian's OPC plugin: clearly longer than usual, not so long that usual means nothing.
    drift: float = 0.0  # no points: see above
    drift_gaps: int = 3  # fewer gaps are no rhythm
    drift_last: int = 30  # of the newest gaps: people's rhythms change
    drift_median: int = 7  # a median shorter than a week is a trip or a project, no rhythm
    drift_times: float = 2  # silent for twice the usual gap ...
    drift_more: int = 14  # ... and two weeks more than it
    drift_times_most: float = 12  # beyond a dozen gaps ...
    drift_more_most: int = 90  # ... and a season more, the old rhythm is over

    # The cadence where the note names none.
    mentor: int = 60  # a mentor stays one by talking, through ups and downs
    # By where one met; of several the shortest counts.
    sources: Mapping[str, int] = MappingProxyType(
        {
            "family": 60,  # kin fades slowly but is meant to be near
            "friend": 60,  # friendships fade soonest with less contact (Roberts & Dunbar 2011)
            "boss": 120,  # ties of former work: three talks a year (Sivers' lists say two to six)
            "coworker": 120,
            "client": 120,
            "event": 90,  # a bridge with nothing else to carry it (Burt 2002)
            "informational-interview": 90,
            "interviewer": 90,
        }
    )
    other: int = 180  # twice a year, as nothing is known of the tie
    # The user's own word for how near somebody is: monthly, each season, twice a year.
    tiers: Mapping[str, int] = MappingProxyType({"close": 30, "warm": 90, "casual": 180})


TABLE = Constants()


# --- the facts of one tie on one day --------------------------------------------------------------------

GIVEN, TIER, DEFAULT = "given", "tier", "default"  # where the cadence comes from

# A first meeting is known by where one met, or by the words of the only line there is.
_MET_ONCE = frozenset({"event", "informational-interview", "interviewer"})
_MET_WORDS = frozenset({"met", "introduced", "party", "conference", "meetup", "event", "intro"})


class ContactStats(NamedTuple):
    """What the notes say about one tie up to `today`; later dates are plans and do not count."""

    person: Person
    today: date
    table: Constants
    contact: Contact
    days: tuple[date, ...]  # with contact, by the log or the front matter: oldest first, each once
    last: date | None  # of these
    met_on: date | None
    # The day from which the quiet is counted: the last contact or the meeting, whichever is later; without either, the
    # first date in the note; None without any.
    since: date | None
    quiet: int  # days since then; 0 without any date
    unanswered: int  # days on which something was sent after the last answer
    stretch: int  # how many times as long cadence and guard count after these
    cadence: int | None  # in days; None for "cadence: none"
    origin: str  # of the cadence: GIVEN, TIER or DEFAULT
    chosen: date | None  # on which the user chose to be in touch, unless there was contact on it or since

    @property
    def comes_round(self) -> date | None:
        """The date that the user chose, else the day on which the rhythm comes round; None without a rhythm."""
        if self.chosen is not None or self.since is None or self.cadence is None:
            return self.chosen
        cadence = self.cadence * self.stretch
        if self.origin != GIVEN:  # a cadence that the user wrote is kept to the day
            cadence += draw(self.contact.path) % (int(cadence * self.table.stagger_share) + 1)
        return add_days(self.since, cadence)

    @property
    def guard_ends(self) -> date:
        """The first day on which the quiet guard holds nothing back; the calendar's first without a contact."""
        if self.last is None:
            return date.min
        length = self.table.guard_days
        if self.cadence is not None:
            length = min(length, self.cadence * self.table.guard_share)
        if self.stretch > 1:
            length = max(length * self.stretch, self.table.unanswered_rest)
        return add_days(self.last, math.ceil(length))

    def until(self, day: date) -> date | None:
        """The day, where it is still to come."""
        return day if self.today < day else None

    def duty_rests_until(self, due: date) -> date | None:
        """Until when a duty with a date rests that was near already at the last talk and was left open; None: not now.

        Until the day before its date; where that is over, until the day after the talk.
        """
        if self.last is None or (due - self.last).days > self.table.promise_ahead:
            return None
        eve = add_days(due, -1)
        if eve.weekday() >= 5:
            eve = add_days(eve, 4 - eve.weekday())
        return self.until(max(eve, add_days(self.last, 1)))

    @property
    def dormant_after(self) -> int:
        """More days of quiet than this make a tie dormant."""
        return max(self.table.dormant, int((self.cadence or 0) * self.table.dormant_cadences))

    @property
    def is_revived(self) -> bool:
        """Whether a dormant tie was taken up again in this ISO week."""
        monday = monday_of(self.today)
        if self.last is None or self.last < monday:
            return False
        this_week = [day for day in self.days if day >= monday]
        before = [day for day in self.days if day < monday]
        noted = (self.contact.met_on, self.contact.first_date)
        known = before or [day for day in noted if day is not None and day < monday]
        return bool(known) and (this_week[0] - max(known)).days > self.dormant_after


def contact_stats(person: Person, today: date, settings: Settings, table: Constants) -> ContactStats:
    """The facts of the tie on `today`; the order of the interactions does not matter.

    An answer is anything but a #sent, on the same day or later, in the log or as the front matter's last contact.
    """
    contact = person.contact
    past = [line for line in person.interactions if line.date <= today]
    sent = {line.date for line in past if "sent" in line.marks}
    answered = {line.date for line in past if "sent" not in line.marks}
    noted = contact.last_contact
    if noted is not None and noted <= today and noted not in sent:
        answered.add(noted)
    last_answer = max(answered, default=date.min)
    cadence, origin = find_cadence(contact, settings, table)
    unanswered = sum(day > last_answer for day in sent)
    days = sorted(sent | answered)
    last = days[-1] if days else None
    met = contact.met_on if (contact.met_on or date.max) <= today else None
    first = contact.first_date if (contact.first_date or date.max) <= today else None
    since = max([day for day in (met, last) if day], default=first)
    quiet = (today - since).days if since else 0
    stretch = table.unanswered_stretch if unanswered >= table.unanswered else 1
    chosen = None if contact.next and last and last >= contact.next else contact.next
    return ContactStats(
        person, today, table, contact, tuple(days), last, met, since, quiet, unanswered, stretch, cadence,
        origin, chosen,
    )  # fmt: skip


def find_cadence(contact: Contact, settings: Settings, table: Constants) -> tuple[int | None, str]:
    """The cadence in days and where it comes from: the note, else the tier, else mentor and source.

    Several sources give the shortest of their cadences. A past mentor counts by source.
    """
    if contact.cadence_none:
        return None, GIVEN
    if contact.cadence_days is not None:
        return max(1, contact.cadence_days), GIVEN
    tier = names.fold(contact.tier)
    if days := dict(settings.tiers).get(tier) or table.tiers.get(tier):
        return max(1, days), TIER
    defaults = [table.sources.get(source, table.other) for source in contact.source]
    if contact.mentor and contact.mentor != "past":
        defaults.append(table.mentor)
    return min(defaults, default=table.other), DEFAULT


def draw(text: str) -> int:
    """A number of 32 bits drawn by the text; the same in every run and on every machine.

    `hash` differs from run to run and file systems spell é in two ways, hence a checksum of the NFC form.
    """
    return crc32(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass"))


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return add_days(day, -day.weekday())


def first_meeting(stats: ContactStats) -> date | None:
    """The day of a first meeting that nothing has followed yet; None where there is none.

    That is `met`; without contact, the first date in the note; and without either the only contact day of the log,
    where the source is one of a single meeting or the line says so. One logged call with an old friend is no
    first meeting.
    """
    contact, last = stats.contact, stats.last
    if stats.met_on is not None:
        return stats.met_on if last is None or last <= stats.met_on else None
    if last is None:
        return stats.since
    is_known = contact.last_contact is not None or contact.tier or contact.mentor
    if len(stats.days) > 1 or is_known or (contact.first_date is not None and contact.first_date < last):
        return None
    if contact.source:
        return None if _MET_ONCE.isdisjoint(contact.source) else last
    lines = [line for line in stats.person.interactions if line.date == last and not line.is_private]
    words = re.findall(r"\w+", " ".join(f"{line.channel} {line.text}" for line in lines).lower())
    return None if _MET_WORDS.isdisjoint(words) else last


def usual_gap(stats: ContactStats) -> float | None:
    """The median of the newest gaps between contact days, in days; None for fewer gaps than make a rhythm."""
    newest = stats.days[-stats.table.drift_last - 1 :]
    gaps = sorted([(after - before).days for before, after in pairwise(newest)])
    if len(gaps) < stats.table.drift_gaps:
        return None
    return (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2


def is_adrift(gap: float, quiet: int, table: Constants) -> bool:
    """Whether `quiet` days are out of a rhythm of this usual gap, yet not so long that it means nothing."""
    least = max(table.drift_times * gap, gap + table.drift_more)
    most = max(table.drift_times_most * gap, gap + table.drift_more_most)
    return gap >= table.drift_median and least < quiet <= most


def birthday_near(birthday: Birthday, today: date, table: Constants) -> date | None:
    """The birthday to speak of today, if any: from the day before to the day after.

    A weekend is bridged: what would begin on a Saturday or Sunday begins on the Friday, what would end there
    ends on the Monday, so a Sunday's birthday counts from Friday to Monday.
    """
    if 1 < (birthday.month - today.month) % 12 < 11:
        return None  # neither in this month nor in one beside it, as most are
    for year in (today.year - 1, today.year, today.year + 1):
        day = birthday_in(birthday, year)
        if day is None:
            continue
        opens = add_days(day, -table.birthday_around)
        ends = add_days(day, table.birthday_around)
        if opens.weekday() >= 5:
            opens = add_days(opens, 4 - opens.weekday())
        if ends.weekday() >= 5:
            ends = add_days(ends, 7 - ends.weekday())
        if opens <= today <= ends:
            return day
    return None


# What was done today: the list of a day is the one that the notes give without that, so that it is the same all day and on
# every machine.


def was_reached(person: Person, today: date) -> bool:
    """Whether there was a talk today, or one was ticked on today's page, whatever day its words named."""
    is_logged = any(today in (line.date, line.ticked) for line in person.interactions)
    return is_logged or person.contact.last_contact == today


def has_place(person: Person, today: date) -> bool:
    """Whether one of today's places was theirs for certain: a box of today's page was ticked."""
    return person.contact.snoozed_on == today or any(line.ticked == today for line in person.interactions)


def before_today(person: Person, today: date) -> Person:
    """The person without today's talks, with the promises kept today, and without a snooze ticked on today's page."""
    contact = person.contact
    if contact.last_contact == today:
        contact = contact._replace(last_contact=None)
    if contact.snoozed_on == today:
        contact = contact._replace(snooze=None)
    talks = tuple(line for line in person.interactions if today not in (line.date, line.ticked))
    kept = [line for line in person.interactions if line.due and today in (line.date, line.ticked)]
    promises = (Promise(x.text, x.due, False, x.line, x.is_private, (), x.path) for x in kept)
    return person._replace(contact=contact, interactions=talks, promises=(*person.promises, *promises))
