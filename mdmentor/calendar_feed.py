"""What the calendar shows: today's few, planned talks, promises both ways and birthdays, each as an event.

The rule of `core/trust.py` decides who is in it. The UID of an event is made of the fact it tells of, so that it stays
while the fact does and its day may move.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from mdmentor.core.contribution import FARTHEST, occasions_of
from mdmentor.core.dates import add_days, age_on, birthday_in, next_birthday
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.model import Assessment, Birthday, Person, Promise
from mdmentor.core.same_person import uid_of
from mdmentor.core.text import counted, full_day, listing, plain_words, sentence, shorten
from mdmentor.core.trust import COLLEAGUE, last_day, public_log
from mdmentor.exports import Exporter
from mdmentor.formats.content_lines import Calendar, Event
from mdmentor.index import people
from mdmentor.queries import Queries

_NAME = "Reach out"
_ABOUT = "Whom to reach out to, what is planned and promised, and birthdays, from your notes."
_TOLD_WITHIN = 60  # days before a birthday from which on its description has the last talk, too
_AGES = 8  # birthdays whose ages are given
_FIRST_YEAR = 1900  # programs know no calendar much older than they are
_NO_YEAR = 2000  # a leap year, for birthdays without a year
_LONGEST = 160  # characters of a line from the notes
# Kinds of reasons whose text quotes no note; what is owed and planned has its own lines.
_QUOTE_NOTHING = frozenset({"new", "birthday", "goal", "rhythm", "drift", "spare"})
_OF_LAST_CONTACT = frozenset({"rhythm", "drift", "spare"})  # name its day


class Options(NamedTuple):
    asked: bool = False  # include confidential people, this once
    alarm: int | None = None  # minutes after midnight
    weekdays: bool = False  # put what falls to a weekend on the Monday after it


class _Shown(NamedTuple):
    """Somebody as the calendar shows them."""

    name: str
    key: str  # for the UIDs of their events
    person: Person
    owed: str  # what thanks are owed for


def calendar_of(queries: Queries, options: Options) -> tuple[Calendar, int]:
    """The calendar, and how many people are confidential: left out of it, or in it where that was asked for."""
    feed = _Feed(queries, options)
    events = tuple(sorted(feed.events(), key=lambda one: (one.day, one.summary.casefold(), one.uid)))
    about, number = _ABOUT, feed.exporter.confidential
    if number and not options.asked:
        about += f" {counted(number, 'confidential person is', 'confidential people are')} left out."
    return Calendar(_NAME, about, events, options.alarm), number


class _Feed:
    def __init__(self, queries: Queries, options: Options) -> None:
        self.exporter = Exporter(queries, "ics", asked=options.asked)
        self._queries, self._options, self._today = queries, options, queries.today
        self._colleagues = queries.colleague_paths()
        self._facts: Counter[tuple[str, ...]] = Counter()

    def events(self) -> Iterator[Event]:
        paths = sorted(who.path for who in self.exporter.contacts)
        choice = self._queries.todays
        few = [one for one in choice.suggestions if one.path in paths and one.pool != "spare"]
        busy = {one.path for one in (*few, *choice.done)}
        suggested = [self._shown(self._queries.person(one.path)) for one in few]
        yield from self._reach_outs([*zip(suggested, few, strict=True)], is_fresh=choice.fresh_start)
        for who in map(self._shown, people.people(self._queries.index, paths)):
            yield from self._planned(who, is_busy=who.person.contact.path in busy)
            yield from self._promised(who)
            if who.person.contact.birthday and not who.person.contact.paused:
                yield from self._birthday(who, who.person.contact.birthday)

    def _shown(self, whole: Person) -> _Shown:
        """The person as the door shows them; a person who may pass is open from here on."""
        shown = self.exporter.public(whole)
        contact = shown.contact._replace(confidential=False)
        thanks = () if whole.contact.paused else thanks_owed(whole.interactions, self._today)
        owed = plain_words(self.exporter.without_links(thanks[0].text)) or "help" if thanks else ""
        return _Shown(plain_words(contact.name), uid_of(contact), shown._replace(contact=contact), owed)

    def _reach_outs(self, few: list[tuple[_Shown, Assessment]], *, is_fresh: bool) -> Iterator[Event]:
        day = self._today
        if self._options.weekdays and day.weekday() > 4:
            day = add_days(day, 7 - day.weekday())
        if is_fresh and few:
            names = listing([plain_words(one.name) for _, one in few])
            lines = tuple(line for who, one in few for line in (who.name, *self._about(who, one), ""))
            uid = self._uid("fresh start", self._today.isoformat())
            yield Event(uid, day, f"Start afresh with {names}", lines[:-1])
            return
        for who, one in few:
            past = [line.date for line in who.person.interactions if line.date <= self._today]
            uid = self._uid("reach out", who.key, str(max(past, default="")))
            yield Event(uid, day, f"Reach out to {plain_words(one.name)}", tuple(self._about(who, one)))

    def _about(self, who: _Shown, one: Assessment) -> Iterator[str]:
        is_private = one.last_contact != last_day(who.person, self._today)
        kinds = _QUOTE_NOTHING - _OF_LAST_CONTACT if is_private else _QUOTE_NOTHING
        yield from (reason.text for reason in one.reasons if reason.kind in kinds)
        yield from self._tie(who)
        contact = who.person.contact
        if reach := ", ".join(map(plain_words, (*contact.email, *contact.phone))):
            yield f"Reach them: {reach}"

    def _tie(self, who: _Shown) -> Iterator[str]:
        """The last talk in a line, what is owed both ways, and a word of caution about colleagues."""
        if who.person.contact.path in self._colleagues:
            yield sentence(COLLEAGUE)
        if log := public_log(who.person, self._today):
            parts = ("Last talk", log[-1].date.isoformat(), log[-1].channel, plain_words(log[-1].text))
            yield shorten(": ".join(filter(None, parts)), _LONGEST)
        for promise in who.person.promises:
            by = f" (by {promise.due.isoformat()})" if promise.due else ""
            yield f"{'They' if promise.theirs else 'You'} promised: {_words(promise)}{by}"
        if who.owed:
            yield shorten(f"Thanks owed for: {who.owed}", _LONGEST)

    def _planned(self, who: _Shown, *, is_busy: bool) -> Iterator[Event]:
        """The day the user chose, and dated plans. For today, the list of the day decides."""
        for one in occasions_of(who.person, self._today, FARTHEST):
            if one.day == self._today and (is_busy or one.kind == "next"):
                continue
            if one.kind == "next":
                uid, summary = self._uid("next", who.key), f"Be in touch with {who.name}"
                yield Event(uid, one.day, summary, tuple(self._tie(who)))
            elif one.kind == "plan":
                uid = self._uid("plan", who.key, one.day.isoformat(), one.text)
                summary = shorten(": ".join(filter(None, (who.name, one.text))), _LONGEST)
                yield Event(uid, one.day, summary, tuple(self._tie(who)))

    def _promised(self, who: _Shown) -> Iterator[Event]:
        for one in who.person.promises:
            if one.due is not None:
                uid = self._uid("promise", who.key, str(one.theirs), one.text)
                promised = f"{who.name} promised" if one.theirs else f"Promised to {who.name}"
                yield Event(uid, one.due, f"{promised}: {_words(one)}", tuple(self._tie(who)))

    def _birthday(self, who: _Shown, born: Birthday) -> Iterator[Event]:
        coming = next_birthday(born, self._today)
        year = born.year if born.year and born.year >= _FIRST_YEAR else _NO_YEAR
        day = birthday_in(born, year)
        if day is None or coming is None:
            return
        has_age = bool(age_on(born, coming))
        lines = [_ages(born, coming)] if has_age else []
        if (coming - self._today).days <= _TOLD_WITHIN:
            lines += self._tie(who)
        summary = f"{who.name}'s birthday{f' ({born.year})' if has_age else ''}"
        yield Event(self._uid("birthday", who.key), day, summary, tuple(filter(None, lines)), is_yearly=True)

    def _uid(self, *fact: str) -> str:
        """One for each fact; several with the same words are numbered."""
        number = self._facts[fact]
        self._facts[fact] += 1
        words = "\n".join((*fact, str(number)) if number else fact)
        return f"{uuid5(NAMESPACE_URL, f'mdmentor:{words}')}@mdmentor"


def _ages(born: Birthday, coming: date) -> str:
    """`Turns 50 on 14 October 2027, 51 in 2028 ...`: one text stands on the event of every year."""
    later = [birthday_in(born, coming.year + number) for number in range(1, _AGES)]
    ages = [f"{age} in {day.year}" for day in later if day and (age := age_on(born, day))]
    return ", ".join((f"Turns {age_on(born, coming)} on {full_day(coming)}", *ages)) + "."


def _words(promise: Promise) -> str:
    return shorten(plain_words(promise.text), _LONGEST)
