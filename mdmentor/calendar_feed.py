"""What the calendar shows: today's few, planned talks, promises both ways and birthdays, each as an event.

The rule of `core/trust.py` decides who is in it. The UID of an event is made of the fact it tells of, so that it stays
while the fact does and its day may move.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from mdmentor.core.contribution import FARTHEST, occasions_of
from mdmentor.core.dates import add_days, age_on, birthday_in, next_birthday
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.model import Assessment, Birthday, Contact, Person, Promise
from mdmentor.core.same_person import uid_of
from mdmentor.core.text import full_day, listing, plain_words, sentence, shorten
from mdmentor.core.trust import COLLEAGUE, OUTWARD, public_log, public_person
from mdmentor.exports import Exporter
from mdmentor.formats.calendar_writer import Calendar, Event
from mdmentor.index import people
from mdmentor.queries import Queries

_NAME = "Reach out"
_ABOUT = "Whom to reach out to, what is planned and promised, and birthdays, from your notes."
_TOLD_WITHIN = 60  # days before a birthday from which on its description has the last talk, too
_AGES = 8  # birthdays whose ages are given
_FIRST_YEAR = 1900  # programs know no calendar much older than they are
_NO_YEAR = 2000  # a leap year, for birthdays without a year
_LONGEST = 160  # characters of a line from the notes
# Reasons that quote nothing: what is owed and planned has its own lines.
_TOLD = frozenset({"new", "birthday", "goal", "rhythm", "drift", "spare"})


class Options(NamedTuple):
    asked: bool = False  # include confidential people, this once
    alarm: int | None = None  # minutes after midnight
    weekdays: bool = False  # put what falls to a weekend on the Monday after it


def calendar_of(queries: Queries, options: Options) -> tuple[Calendar, int]:
    """The calendar, and how many people are confidential: left out of it, or in it where that was asked for."""
    feed = _Feed(queries, options)
    events = tuple(sorted(feed.events(), key=lambda one: (one.day, one.summary.casefold(), one.uid)))
    about, number = _ABOUT, feed.exporter.confidential
    if number and not options.asked:
        are = "person is" if number == 1 else "people are"
        about += f" {number} confidential {are} left out."
    return Calendar(_NAME, about, events, options.alarm), number


class _Feed:
    def __init__(self, queries: Queries, options: Options) -> None:
        self.exporter = Exporter(queries, "ics", asked=options.asked)
        self._queries, self._options, self._today = queries, options, queries.today
        self._colleagues = queries.colleague_paths()
        self._people: dict[str, Person] = {}
        self._owed: dict[str, str] = {}  # path -> what thanks are owed for
        self._uids: set[str] = set()

    def events(self) -> Iterator[Event]:
        contacts = {who.path: who for who in self.exporter.contacts}
        choice = self._queries.todays()
        few = [one for one in choice.suggestions if one.path in contacts and one.pool != "spare"]
        busy = {one.path for one in (*few, *choice.done)}
        yield from self._reach_outs(few, is_fresh=choice.fresh_start)
        for path in sorted(self._with_days(contacts)):
            yield from self._planned(path, is_busy=path in busy)
            yield from self._promised(path)
        for who in contacts.values():
            if who.birthday and not who.paused:
                yield from self._birthday(who)

    def _with_days(self, contacts: dict[str, Contact]) -> set[str]:
        """The people with whom something is planned or promised for a day."""
        index = self._queries.index
        occasions = people.occasions(index, add_days(self._today, FARTHEST))
        found = {one.path for one in occasions if one.kind != "birthday"}
        for street in self._queries.exchanges():
            if any(one.due for one in (*street.promises_mine, *street.promises_theirs)):
                found.add(street.path)
        found |= {path for path, who in contacts.items() if who.confidential}
        return found & contacts.keys()

    def _person(self, path: str) -> Person:
        """The person as the door shows them; a person who may pass is open from here on."""
        if path not in self._people:
            whole = self._queries.person(path)
            shown = self.exporter.without_names(public_person(whole, OUTWARD, asked=self._options.asked))
            owed = thanks_owed(whole.interactions, self._today)
            if owed and not whole.contact.paused:
                self._owed[path] = plain_words(self.exporter.without_links(owed[0].text)) or "help"
            self._people[path] = shown._replace(contact=shown.contact._replace(confidential=False))
        return self._people[path]

    def _reach_outs(self, few: list[Assessment], *, is_fresh: bool) -> Iterator[Event]:
        day = self._on_weekday(self._today)
        if is_fresh and few:
            names = listing([plain_words(one.name) for one in few])
            lines = tuple(line for one in few for line in (plain_words(one.name), *self._about(one), ""))
            uid = self._uid("fresh start", self._today.isoformat())
            yield Event(uid, day, f"Start afresh with {names}", lines[:-1])
            return
        for one in few:
            person = self._person(one.path)
            last = max((line.date for line in person.interactions if line.date <= self._today), default=None)
            uid = self._uid("reach out", uid_of(person.contact), str(last or ""))
            yield Event(uid, day, f"Reach out to {plain_words(one.name)}", tuple(self._about(one)))

    def _on_weekday(self, day: date) -> date:
        is_weekend = self._options.weekdays and day.weekday() > 4
        return add_days(day, 7 - day.weekday()) if is_weekend else day

    def _about(self, one: Assessment) -> Iterator[str]:
        yield from (reason.text for reason in one.reasons if reason.kind in _TOLD)
        yield from self._tie(one.path)
        contact = self._person(one.path).contact
        reach = [plain_words(text) for text in (*contact.email, *contact.phone)]
        if reach:
            yield f"Reach them: {', '.join(reach)}"

    def _tie(self, path: str) -> Iterator[str]:
        """The last talk in a line, what is owed both ways, and a word of caution about colleagues."""
        person = self._person(path)
        if path in self._colleagues:
            yield sentence(COLLEAGUE)
        log = public_log(person, self._today)
        if log:
            parts = ("Last talk", log[-1].date.isoformat(), log[-1].channel, plain_words(log[-1].text))
            yield shorten(": ".join(filter(None, parts)), _LONGEST)
        for promise in person.promises:
            by = f" (by {promise.due.isoformat()})" if promise.due else ""
            yield f"{'They' if promise.theirs else 'You'} promised: {_words(promise)}{by}"
        if path in self._owed:
            yield shorten(f"Thanks owed for: {self._owed[path]}", _LONGEST)

    def _planned(self, path: str, *, is_busy: bool) -> Iterator[Event]:
        """The day the user chose, and dated plans. For today, the list of the day decides."""
        person = self._person(path)
        name, key = plain_words(person.contact.name), uid_of(person.contact)
        for one in occasions_of(person, self._today, FARTHEST):
            if one.day == self._today and (is_busy or one.kind == "next"):
                continue
            if one.kind == "next":
                about = tuple(self._tie(path))
                yield Event(self._uid("next", key), one.day, f"Be in touch with {name}", about)
            elif one.kind == "plan":
                uid = self._uid("plan", key, one.day.isoformat(), one.text)
                summary = shorten(": ".join(filter(None, (name, one.text))), _LONGEST)
                yield Event(uid, one.day, summary, tuple(self._tie(path)))

    def _promised(self, path: str) -> Iterator[Event]:
        person = self._person(path)
        name = plain_words(person.contact.name)
        for one in person.promises:
            if one.due is None:
                continue
            uid = self._uid("promise", uid_of(person.contact), str(one.theirs), one.text)
            promised = f"{name} promised" if one.theirs else f"Promised to {name}"
            yield Event(uid, one.due, f"{promised}: {_words(one)}", tuple(self._tie(path)))

    def _birthday(self, who: Contact) -> Iterator[Event]:
        born, name = who.birthday, plain_words(who.name)
        assert born is not None
        coming = next_birthday(born, self._today)
        year = born.year if born.year and born.year >= _FIRST_YEAR else _NO_YEAR
        day = birthday_in(born, year)
        if day is None or coming is None:
            return
        lines = [_ages(born, coming)] if age_on(born, coming) else []
        if (coming - self._today).days <= _TOLD_WITHIN:
            lines += self._tie(who.path)
        since = f" ({born.year})" if age_on(born, coming) else ""
        uid = self._uid("birthday", uid_of(who))
        yield Event(uid, day, f"{name}'s birthday{since}", tuple(filter(None, lines)), is_yearly=True)

    def _uid(self, *fact: str) -> str:
        """One for each fact; several with the same words are numbered."""
        number = 0
        while True:
            words = "\n".join((*fact, *([str(number)] if number else [])))
            uid = f"{uuid5(NAMESPACE_URL, f'mdmentor:{words}')}@mdmentor"
            if uid not in self._uids:
                self._uids.add(uid)
                return uid
            number += 1


def _ages(born: Birthday, coming: date) -> str:
    """`Turns 50 on 14 October 2027, 51 in 2028 ...`: one text stands on the event of every year."""
    later = [birthday_in(born, coming.year + number) for number in range(1, _AGES)]
    ages = [f"{age} in {day.year}" for day in later if day and (age := age_on(born, day))]
    return ", ".join((f"Turns {age_on(born, coming)} on {full_day(coming)}", *ages)) + "."


def _words(promise: Promise) -> str:
    return shorten(plain_words(promise.text), _LONGEST)
