"""The read model: what the index holds, turned into the values that commands and pages show.

Every person leaves here as a public person, unless the caller asks for the private lines by name. Imports that few
queries need is in these, since every command waits for the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from mdmentor.core import names, trust
from mdmentor.core.dates import add_days, age_on, birthday_in
from mdmentor.core.entries import BirthdayNear, Card, Choice, GoalEntry, Occasion, PostEntry
from mdmentor.core.model import (
    CONTACT,
    DATED,
    ERROR,
    GOAL,
    HINT,
    NOTE,
    POST,
    REACH_OUT,
    WARNING,
    Assessment,
    Contact,
    Note,
    Person,
    Problem,
    Relation,
    Settings,
    is_generated,
)
from mdmentor.core.ranking import select
from mdmentor.core.relations import relate
from mdmentor.core.trust import SHOW, is_colleague
from mdmentor.index import Index, find, links, notes, people, state
from mdmentor.vault import Vault
from mdmentor.vault.folders import Scan

if TYPE_CHECKING:
    from mdmentor.core.mentoring import MentorStep, Place, Support
    from mdmentor.core.ticks import Tick
    from mdmentor.link_problems import LinkProblems

COMING_UP = 7
POSTS_ON_A_CARD = 3
_ORDER = {ERROR: 0, WARNING: 1, HINT: 2}
POSTS_ON_THE_PAGE = 30  # more is a list that nobody reads; `related` covers each of the others


def read_reach_out(vault: Vault, folder: str) -> tuple[str, bytes]:
    """The path and the bytes of the page Reach out next in a folder; "" and b"" where it is not there, or not ours."""
    path = f"{folder}/{REACH_OUT}.md"
    try:
        data, _ = vault.read(path)
    except OSError:
        return "", b""
    return (path, data) if is_generated(data) else ("", b"")


class Queries:
    """The index of one day under one set of settings."""

    def __init__(
        self,
        index: Index,
        settings: Settings,
        today: date,
        vault: Vault | None = None,
        scan: Scan | None = None,
    ) -> None:
        """With a vault, ticks that wait on the page Reach out next count as carried out.

        `scan` is what was found in the vault when the index was brought up to date.
        """
        self.index, self.settings, self.today = index, settings, today
        self._vault, self.scan = vault, scan
        self._colleagues: frozenset[str] | None = None

    @cached_property
    def todays(self) -> Choice:
        """Today's list, as long as the settings say."""
        return self.choice()

    def choice(self, number: int | None = None, topic: str | None = None) -> Choice:
        """As `todays`, for `number` people; with a topic, only those who help with it."""
        per_day = self.settings.per_day
        size = max(number or 0, per_day) + COMING_UP
        if topic is not None:
            helpers = find.notes_with_topic(self.index, (names.fold_topic(topic),), CONTACT)
            short = select.shortlist((self.assessment(path) for path, _, _ in helpers), self.today, size)
            return select.choose(short._replace(is_return=False), number or per_day)
        short = people.shortlist(self.index, self.today, size, self.waiting.values())
        choice = select.choose(short, per_day, number=number)
        choice = choice._replace(birthdays=self.birthdays())
        return choice._replace(tomorrow=self._tomorrows()) if choice.is_over else choice

    def birthdays(self) -> tuple[BirthdayNear, ...]:
        """Everybody whose birthday is today or tomorrow, but those who are never to be contacted."""
        days = (self.today, add_days(self.today, 1))
        found = [
            BirthdayNear(who.path, who.name, day, None if who.confidential else age_on(who.birthday, day))
            for who in people.contacts_born_near(self.index, days)
            for day in days
            if who.birthday and birthday_in(who.birthday, day.year) == day and not who.paused
        ]
        return tuple(sorted(found, key=lambda one: (one.day, names.fold(one.name), one.path)))

    def _tomorrows(self) -> tuple[Assessment, ...]:
        """Who is on tomorrow's list as the notes stand, with the ticks that wait carried out."""
        from mdmentor.core.ranking.assess import assess
        from mdmentor.core.ticks import after_ticks

        tomorrow, live = add_days(self.today, 1), people.live_topics(self.index)
        everybody = (
            after_ticks(who, self._ticks.get(who.contact.path, ()), self.today)
            for who in people.people(self.index)
            if not who.contact.paused
        )
        assessments = (assess(who, tomorrow, live, self.settings) for who in everybody)
        per_day = self.settings.per_day
        short = select.shortlist(assessments, tomorrow, per_day + COMING_UP)
        return select.choose(short._replace(is_return=False), per_day).suggestions

    @cached_property
    def _ticks(self) -> dict[str, list[Tick]]:
        """The ticks on the page that wait to be carried out, by the contact's path."""
        found: dict[str, list[Tick]] = {}
        folder = self.settings.pages_folder
        data = read_reach_out(self._vault, folder)[1] if self._vault else b""
        if re.search(rb"\[[^ ]\]", data):
            from mdmentor.core.ticks import find_ticks  # slow to load, and most days nothing is ticked

            for tick in find_ticks(data.decode(errors="replace"), folder):
                if tick.is_ticked and not tick.reason and (path := self.path_of_tick(tick)):
                    found.setdefault(path, []).append(tick)
        return found

    @cached_property
    def waiting(self) -> dict[str, Assessment]:
        """Everybody for whom a tick on the page waits to be carried out, as they will be then."""
        waiting = {}
        for path, ticks in self._ticks.items():
            held = select.SNOOZED if all(tick.is_snooze for tick in ticks) else select.DONE_TODAY
            if found := people.find_assessment(self.index, self.today, path):
                waiting[path] = select.as_ticked(found, held)
        return waiting

    def path_of_tick(self, tick: Tick) -> str:
        """The contact whom a tick means: the note that its link names, else the only one of that name; "" for none."""
        if people.contact(self.index, tick.path) is not None:
            return tick.path
        key = names.key_of(tick.path)
        found = [p for p, kind in find.paths_with_key(self.index, key) if kind == CONTACT]
        return found[0] if len(found) == 1 else ""

    def assessment(self, path: str) -> Assessment:
        """The assessment of a contact today."""
        found = self.waiting.get(path) or people.find_assessment(self.index, self.today, path)
        assert found is not None, f"{path} is a contact without an assessment"
        return found

    def assessments(self) -> dict[str, Assessment]:
        return {one.path: one for one in people.assessments(self.index, self.today)} | self.waiting

    def person(self, path: str) -> Person:
        return next(people.people(self.index, (path,)))

    def card(self, path: str, *, private: bool = False) -> Card:
        """Everything that is shown of one person."""
        from mdmentor.core.opener import opener

        whole = self.person(path)
        card = self._plain_card(whole, SHOW, asked=private)
        if not self.settings.openers or (card.person.contact.confidential and not private):
            return card
        words = opener(whole, card.assessment, card.posts, self.today, colleague=card.colleague)
        return card._replace(opener=words)

    def plain_cards(self, paths: Iterable[str], door: str = SHOW, *, asked: bool = False) -> Iterator[Card]:
        """The cards of many without openers, in the order of their paths, one at a time in memory."""
        self.colleague_paths()  # once for all of them
        return (self._plain_card(whole, door, asked=asked) for whole in people.people(self.index, paths))

    def _plain_card(self, whole: Person, door: str, *, asked: bool) -> Card:
        """The card as a door may show it; `asked` as in `may_pass`."""
        person = trust.public_person(whole, door, asked=asked)
        path, assessment = whole.contact.path, self.assessment(whole.contact.path)
        if person.contact.confidential and not asked:
            return Card(person, assessment)
        # a post without a reason is confidential: nobody should be advised to read it
        posts = tuple(post for post in self.related(path, (POST,)) if post.reasons)[:POSTS_ON_A_CARD]
        return Card(person, assessment, posts, self.is_colleague(path))

    def cards(self, assessed: Iterable[Assessment]) -> dict[str, Card]:
        return {assessment.path: self.card(assessment.path) for assessment in assessed}

    def contacts(self, *, private: bool = False) -> Iterator[Contact]:
        """All contacts without log and promises, in no particular order."""
        return (trust.public_contact(who, SHOW, asked=private) for who in people.contacts(self.index))

    def occasions(self, days: int) -> tuple[Occasion, ...]:
        """Birthdays and plans of the next days, in their order."""
        from mdmentor.core.contribution import in_order

        last = self.today + timedelta(days=min(days, (date.max - self.today).days))
        return in_order(people.occasions(self.index, last))

    def mentor_steps(self) -> tuple[MentorStep, ...]:
        """Who is on which step, in the order of the page."""
        from mdmentor.core.mentoring import in_turn

        return in_turn(people.steps(self.index), self.colleague_paths())

    def supports(self) -> tuple[Support, ...]:
        """Who is there for the job, for the career and for ups and downs."""
        from mdmentor.core.mentoring import fill_support

        return fill_support(people.parts(self.index, "support"))

    def places(self) -> tuple[Place, ...]:
        """The eight places where mentors are found, with who is there."""
        from mdmentor.core.mentoring import fill_places

        return fill_places(people.parts(self.index, "sources"))

    def why(self, path: str) -> tuple[Card, tuple[str, ...], bool]:
        """A contact's card, why they are not on today's list (nothing if they are), and whether they are."""
        choice, card = self.choice(), self.card(path)
        for suggestion in choice.suggestions:
            if suggestion.path == path:
                return card._replace(assessment=suggestion), (), True
        return card, select.explain(card.assessment, choice), False

    def find_contacts(
        self, tag: str | None, topic: str | None, source: str | None, due: bool, *, sort: str, private: bool
    ) -> list[tuple[Contact, Assessment]]:
        """The contacts that fit: with a tag or one below it, a topic, a source, or due today.

        `sort` is "name", "due" or "last", with the earliest day first and those without one at the end.
        """
        fold, fold_topic = names.fold, names.fold_topic
        assessments, found = self.assessments(), []
        for who in self.contacts(private=private):
            assessment = assessments[who.path]
            is_due = not assessment.held and assessment.due is not None and assessment.due <= self.today
            if (
                (not tag or any(f"{fold(t)}/".startswith(f"{fold(tag)}/") for t in who.tags))
                and (not topic or fold_topic(topic) in map(fold_topic, who.helps_with))
                and (not source or fold_topic(source) in map(fold_topic, who.source))
                and (not due or is_due)
            ):
                found.append((who, assessment))

        def day(who: Contact, assessment: Assessment) -> date:
            if sort == "name" or (who.confidential and not private) or who.paused:
                return date.max  # of a confidential contact not even the order tells a day
            return (assessment.due if sort == "due" else assessment.last_contact) or date.max

        return sorted(found, key=lambda pair: (day(*pair), pair[0].name.casefold(), pair[0].path))

    def colleague_paths(self) -> frozenset[str]:
        """The contacts who work where the user works; none without an employer in the settings."""
        if self._colleagues is None:
            keys = self._employer_keys
            found = people.companies(self.index) if keys else ()
            self._colleagues = frozenset(path for path, company in found if is_colleague((company,), keys))
        return self._colleagues

    def is_colleague(self, path: str) -> bool:
        """As `colleague_paths`, for one contact."""
        if self._colleagues is not None:
            return path in self._colleagues
        keys = self._employer_keys
        return bool(keys) and is_colleague([name for _, name in people.companies(self.index, path)], keys)

    @cached_property
    def _employer_keys(self) -> frozenset[str]:
        own = trust.employer_keys(self.settings.employer)
        begins = {begin for key in own for begin in trust.first_letters(key)}
        found = people.names_beginning(self.index, sorted(begins))
        companies = {number for number, name in found if trust.company_key(name) in own}
        return trust.employer_keys(self.settings.employer, people.names_of(self.index, companies))

    @cached_property
    def _have_topics(self) -> int:
        return state.load(self.index).have_topics

    def related(
        self, path: str, kinds: tuple[str, ...] = (CONTACT, POST, GOAL, NOTE, DATED)
    ) -> tuple[Relation, ...]:
        """The notes related to a note, heaviest first; of a confidential note without reasons."""
        row = notes.note_row(self.index, path)
        found = relate(links.evidence(self.index, path, kinds), self._have_topics, row[2] if row else NOTE)
        if people.is_confidential(self.index, path):
            return tuple(relation._replace(reasons=()) for relation in found)
        return found

    def posts_shown(self) -> tuple[list[tuple[str, str]], int]:
        """(path, title) of the posts on the page, and how many others there are.

        Those of live topics come first, then those that came up in the log last.
        """
        posts = notes.notes_of_kind(self.index, POST)
        if len(posts) <= POSTS_ON_THE_PAGE:
            return posts, 0
        live = find.notes_with_topic(self.index, people.live_topics(self.index), POST)
        recent = links.posts_talked_of(self.index, POSTS_ON_THE_PAGE)
        first = dict.fromkeys([*((path, title) for path, title, _ in live), *recent, *posts])
        return list(first)[:POSTS_ON_THE_PAGE], len(posts) - POSTS_ON_THE_PAGE

    def post_entry(self, path: str, title: str) -> PostEntry:
        """A post with who can help and where it came up; of a confidential one the title alone."""
        if people.is_confidential(self.index, path):
            return PostEntry(path, title, (), (), confidential=True)
        topics, helpers = find.topics_of(self.index, path), self._open_people(path)
        return PostEntry(path, title, topics, helpers, links.mentions(self.index, path))

    def goal_entries(self) -> tuple[GoalEntry, ...]:
        """Every live goal with the people for it and the posts to read first; of a confidential one the title alone."""
        return tuple(
            GoalEntry(goal, (), ())
            if goal.confidential
            else GoalEntry(goal, self._open_people(goal.path), self.related(goal.path, (POST,)))
            for goal in people.goals(self.index)
            if goal.active
        )

    def _open_people(self, path: str) -> tuple[Relation, ...]:
        """The people related to a note, without those who are confidential."""
        return tuple(person for person in self.related(path, (CONTACT,)) if person.reasons)

    def problems(self, limit: int = -1) -> list[Problem]:
        """All problems, errors first, links without a note last among their kind."""
        from mdmentor.link_problems import LinkProblems

        own = notes.problems(self.index, limit)
        about = LinkProblems(self.index)
        rest = -1 if limit < 0 else max(limit - len(own), 0)
        loose = [about.problem(*row) for row in notes.loose_links(self.index, rest)]
        return sorted([*own, *loose], key=lambda p: (_ORDER[p.severity], p.path, p.line, p.column, p.code))

    def problems_of(self, note: Note, hidden: Collection[int], about: LinkProblems) -> list[Problem]:
        """As `problems`, for one note, saved or not; its lines `hidden` are not quoted."""
        loose = [
            about.problem(note.path, link, note.confidential or link.line in hidden)
            for link in note.links
            if about.opens(link, note.path) is None and notes.counts_as_loose(self.index, link, note.why_kind)
        ]
        found = {*note.problems, *notes.problems_beside(self.index, note.path), *loose}
        return sorted(found, key=lambda p: (_ORDER[p.severity], p.line, p.column, p.code))

    def find_contact(self, name: str) -> str:
        """The path of the one contact that `name` means. Raises UnknownName or AmbiguousName; never guesses."""
        return self._find(name, contacts_only=True)

    def find_note(self, name: str) -> str:
        """The path of the one note that `name` means. Raises UnknownName or AmbiguousName."""
        return self._find(name, contacts_only=False)

    def _find(self, name: str, *, contacts_only: bool) -> str:
        found = find.find_notes(self.index, name, contacts_only=contacts_only)
        if len(found) == 1:
            return found[0][0]
        from mdmentor.index.near import explain_not_found  # needed after a mistake only

        raise explain_not_found(self.index, name, found, contacts_only=contacts_only)
