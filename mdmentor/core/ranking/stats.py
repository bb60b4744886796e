"""The facts of one tie on one day: when there was contact, how often there should be, since when it is quiet.

It counts and compares dates; it gives no points and decides nothing about today's list.
"""

import math
import re
import unicodedata
from binascii import crc32
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import add_days, birthday_in
from mdmentor.core.model import Birthday, Contact, Interaction, Person, Settings
from mdmentor.core.ranking.constants import Constants

GIVEN = "given"
TIER = "tier"
DEFAULT = "default"

# A first meeting is told by where one met, or by the words of the only line there is.
_MET_ONCE = frozenset({"event", "informational-interview", "interviewer"})
_MET_WORDS = frozenset({"met", "introduced", "party", "conference", "meetup", "event", "intro"})


class ContactStats(NamedTuple):
    """What the notes tell of one tie up to a day.

    `days` are the contact days, oldest first, each once: the log's, and the front matter's last contact.
    `since` is the day from which the quiet is counted: the last contact or the meeting, whichever is later;
    for somebody never contacted the day one met, else the first date in the note; None without any date.
    """

    days: tuple[date, ...]
    since: date | None
    cadence: int | None  # in days; None for "cadence: none"
    origin: str  # of the cadence: GIVEN, TIER or DEFAULT
    stretch: int  # how many times as long cadence and guard count after messages without an answer
    unanswered: int  # days on which something was sent after the last answer

    @property
    def last(self) -> date | None:
        return self.days[-1] if self.days else None


def find_tie(person: Person, today: date, settings: Settings, table: Constants) -> ContactStats:
    """The tie as it stands on `today`; what is dated later is a plan and does not count.

    An answer is anything but a #sent, on the same day or later, in the log or as the front matter's last
    contact. The order of the interactions does not matter.
    """
    contact = person.contact
    days: set[date] = set()
    sent: set[date] = set()
    answered = date.min
    for interaction in person.interactions:
        day = interaction.date
        if day <= today:
            days.add(day)
            if "sent" in interaction.marks:
                sent.add(day)
            elif day > answered:
                answered = day
    told = contact.last_contact
    if told is not None and told <= today:
        days.add(told)
        if told not in sent and told > answered:
            answered = told
    unanswered = sum(day > answered for day in sent)
    ordered = tuple(sorted(days))
    cadence, origin = find_cadence(contact, settings, table)
    return ContactStats(
        ordered,
        _quiet_since(contact, ordered[-1] if ordered else None, today),
        cadence,
        origin,
        table.unanswered_stretch if unanswered >= table.unanswered else 1,
        unanswered,
    )


def _quiet_since(contact: Contact, last: date | None, today: date) -> date | None:
    met = contact.met_on
    if met is not None and met <= today:
        return met if last is None else max(last, met)
    if last is not None:
        return last
    first = contact.first_date
    return first if first is not None and first <= today else None


def find_cadence(contact: Contact, settings: Settings, table: Constants) -> tuple[int | None, str]:
    """The cadence in days and where it is from: the note, else the tier, else mentor and source.

    Several sources give the shortest of their cadences. A past mentor counts by source.
    """
    if contact.cadence_none:
        return None, GIVEN
    if contact.cadence_days is not None:
        return max(1, contact.cadence_days), GIVEN
    if contact.tier:
        tier = names.fold(contact.tier)
        days = dict(settings.tiers).get(tier) or table.tiers.get(tier)
        if days:
            return max(1, days), TIER
    shortest = table.mentor if contact.mentor and contact.mentor != "past" else 0
    for source in contact.source:
        days = table.sources.get(source, table.other)
        if not shortest or days < shortest:
            shortest = days
    return shortest or table.other, DEFAULT


def stagger(path: str, cadence: int, table: Constants) -> int:
    """Days by which this note comes round later than its cadence says, drawn by its path; never earlier."""
    room = int(cadence * table.stagger_share)
    return draw(path) % (room + 1) if room else 0


def draw(text: str) -> int:
    """A number of 32 bits drawn by the text; the same in every run and on every machine.

    `hash` differs from run to run and file systems spell é in two ways, hence a checksum of the NFC form.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return crc32(text.encode("utf-8", "surrogatepass"))


def rhythm_day(path: str, tie: ContactStats, table: Constants) -> date | None:
    """The day on which the rhythm comes round; None without a cadence or a date to count from."""
    if tie.since is None or tie.cadence is None:
        return None
    cadence = tie.cadence * tie.stretch
    return add_days(tie.since, cadence + stagger(path, cadence, table))


def guard_ends(tie: ContactStats, table: Constants) -> date:
    """The first day on which the quiet guard holds nothing back; the calendar's first without a contact."""
    if not tie.days:
        return date.min
    length = table.guard_days
    if tie.cadence is not None:
        length = min(length, tie.cadence * table.guard_share)
    if tie.stretch > 1:
        length = max(length * tie.stretch, table.unanswered_rest)
    return add_days(tie.days[-1], math.ceil(length))


def dormant_after(tie: ContactStats, table: Constants) -> int:
    """More days of quiet than this make a tie dormant."""
    return max(table.dormant, int((tie.cadence or 0) * table.dormant_cadences))


def is_revived(tie: ContactStats, contact: Contact, monday: date, table: Constants) -> bool:
    """Whether a dormant tie was taken up again in the week that began on `monday`."""
    if not tie.days or tie.days[-1] < monday:
        return False
    before = [day for day in tie.days if day < monday]
    first = tie.days[len(before)]
    known = before[-1:] or [d for d in (contact.met_on, contact.first_date) if d is not None and d < monday]
    return bool(known) and (first - max(known)).days > dormant_after(tie, table)


def first_meeting(
    contact: Contact, tie: ContactStats, interactions: Iterable[Interaction], today: date
) -> date | None:
    """The day of a first meeting that nothing has followed yet; None where there is none.

    That is `met`; for somebody never contacted else the first date in the note; and without either the only
    contact day of the log, where the source is one of a single meeting or the line says so. One logged call
    with an old friend is no first meeting.
    """
    last = tie.last
    met = contact.met_on
    if met is not None and met <= today:
        return met if last is None or last <= met else None
    if last is None:
        return tie.since
    if len(tie.days) > 1 or contact.last_contact is not None or contact.tier or contact.mentor:
        return None
    if contact.first_date is not None and contact.first_date < last:
        return None
    if any(source in _MET_ONCE for source in contact.source):
        return last
    if contact.source:
        return None
    for told in interactions:
        if told.date != last or told.is_private:
            continue
        if not _MET_WORDS.isdisjoint(re.findall(r"\w+", f"{told.channel} {told.text}".lower())):
            return last
    return None


def own_median(days: tuple[date, ...], table: Constants) -> float | None:
    """The median of the newest gaps between contact days, in days; None for fewer gaps than make a rhythm."""
    if len(days) <= table.drift_gaps:
        return None
    newest = days[-table.drift_last - 1 :]
    gaps = sorted([(after - before).days for before, after in pairwise(newest)])
    middle = len(gaps) // 2
    return gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2


def is_adrift(median: float, quiet: int, table: Constants) -> bool:
    """Whether `quiet` days are out of a rhythm of this median gap, yet not so long that it means nothing."""
    if median < table.drift_median:
        return False
    least = max(table.drift_times * median, median + table.drift_more)
    return least < quiet <= max(table.drift_times_most * median, median + table.drift_more_most)


def birthday_near(birthday: Birthday, today: date, table: Constants) -> date | None:
    """The birthday that is told today, if any: from the day before to the day after.

    A weekend is bridged: what would begin on a Saturday or Sunday begins on the Friday, what would end there
    ends on the Monday, so a Sunday's birthday is told from Friday to Monday. In a short year 29 February is
    kept on the 28th.
    """
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


def monday_of(day: date) -> date:
    """The Monday of the day's ISO week."""
    return add_days(day, -day.weekday())
