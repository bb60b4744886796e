"""Answers for commands and pages: what the index knows, turned into the values that are shown.

Every person leaves here as a public person, unless the caller asks for the private lines by name. What only
some answers need is loaded by these: most commands want one of them.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mdmentor.core import names
from mdmentor.core.model import (
    CONTACT,
    DATED,
    ERROR,
    GOAL,
    HINT,
    NOTE,
    POST,
    UNREAD,
    WARNING,
    Assessment,
    Card,
    Choice,
    Contact,
    GoalEntry,
    Interaction,
    Occasion,
    Person,
    PostEntry,
    Problem,
    Promise,
    Relation,
    Settings,
)
from mdmentor.core.trust import (
    company_key,
    employer_keys,
    first_letters,
    is_colleague,
    public_contact,
    public_person,
)
from mdmentor.errors import AmbiguousName, RefusedToWrite, UnknownName
from mdmentor.index import Index, ask

if TYPE_CHECKING:
    from mdmentor.core.exchange import Exchange, Glimpse
    from mdmentor.core.mentoring import MentorStep, Place, Support

COMING_UP = 7
POSTS_ON_A_CARD = 3
POSTS_ON_THE_PAGE = 30  # more is a list that nobody reads; `related` tells of each


class Queries:
    """The index asked on one day under one set of settings."""

    def __init__(self, index: Index, settings: Settings, today: date) -> None:
        self.index = index
        self.sql = index.sql
        self.settings = settings
        self.today = today
        self._employer: frozenset[str] | None = None
        self._inside: frozenset[str] | None = None
        self._topic_notes: int | None = None
        self._todays: Choice | None = None
        self._posts_told: tuple[list[tuple[str, str]], int] | None = None
        self._lore = ask.Lore(self.sql)

    def todays(self) -> Choice:
        """Today's list, as long as the settings say."""
        if self._todays is None:
            self._todays = self.choice()
        return self._todays

    def choice(self, per_day: int | None = None, topic: str | None = None) -> Choice:
        """As `todays`, of so many; with `topic` of those only who help with it."""
        from mdmentor.core.ranking.select import choose, shortlist
        from mdmentor.index import people as assessments

        places = per_day or self.settings.per_day
        if topic is None:
            return choose(assessments.shortlist(self.sql, self.today, places + COMING_UP), places)
        key = names.fold_topic(topic)
        paths = [path for path, _, _ in ask.notes_with_topic(self.sql, (key,), CONTACT)]
        found = [assessments.one(self.sql, self.today, path) for path in paths]
        return choose(shortlist([s for s in found if s], self.today, places + COMING_UP), places)

    def assessment(self, path: str) -> Assessment:
        """Where a contact stands today."""
        from mdmentor.index import people as assessments

        found = assessments.one(self.sql, self.today, path)
        assert found is not None, f"{path} is a contact without a standing"
        return found

    def person(self, path: str) -> Person:
        return next(ask.people(self.sql, (path,)))

    def card(self, path: str, *, private: bool = False) -> Card:
        """Everything that is shown of one person."""
        whole = self.person(path)
        told = self._plain_card(whole, private=private)
        if told.person.contact.confidential and not private:
            return told
        from mdmentor.core.opener import opener

        words = opener(whole, told.assessment, told.posts, self.today, colleague=told.colleague)
        return told._replace(opener=words)

    def plain_cards(self, paths: Iterable[str], *, private: bool = False) -> Iterator[Card]:
        """The cards of many without openers, in the order of their paths, one at a time in memory."""
        self.colleague_paths()  # once for all of them
        return (self._plain_card(whole, private=private) for whole in ask.people(self.sql, paths))

    def _plain_card(self, whole: Person, *, private: bool) -> Card:
        person = whole if private else public_person(whole)
        path, assessment = whole.contact.path, self.assessment(whole.contact.path)
        if person.contact.confidential and not private:
            return Card(person, assessment)
        # a post without a reason is a confidential one: nobody is to be told to read it, or to write of it
        posts = tuple(post for post in self.related(path, (POST,)) if post.reasons)[:POSTS_ON_A_CARD]
        return Card(person, assessment, posts, self.is_colleague(path))

    def cards(self, assessments: Iterable[Assessment]) -> dict[str, Card]:
        return {assessment.path: self.card(assessment.path) for assessment in assessments}

    def contacts(self, *, private: bool = False) -> Iterator[Contact]:
        """Everybody without log and promises, in no particular order; public, unless asked for otherwise."""
        told = ask.contacts(self.sql)
        return told if private else map(public_contact, told)

    def occasions(self, days: int) -> tuple[Occasion, ...]:
        """The days worth knowing beforehand, from today on, in their order."""
        from mdmentor.core.occasions import in_order
        from mdmentor.index import people as contributions

        last = self.today + timedelta(days=min(days, (date.max - self.today).days))
        return in_order(contributions.occasions(self.sql, last))

    def exchanges(self) -> Iterator[Exchange]:
        """What went either way with everybody with whom something did."""
        from mdmentor.index import people as contributions

        return contributions.streets(self.sql)

    def exchange(self, path: str) -> Exchange:
        """As `exchanges`, with one of them."""
        from mdmentor.index import people as contributions

        return contributions.street(self.sql, path)

    def glimpses(self) -> Iterator[Glimpse]:
        """As `exchanges`, no more than a glimpse of each."""
        from mdmentor.index import people as contributions

        return contributions.glimpses(self.sql)

    def mentor_steps(self) -> tuple[MentorStep, ...]:
        """Who stands on which step, in the order of the page."""
        from mdmentor.core.mentoring import in_turn
        from mdmentor.index import people as contributions

        return in_turn(contributions.steps(self.sql), self.colleague_paths())

    def supports(self) -> tuple[Support, ...]:
        """Who is there for the job, for the career and for ups and downs."""
        from mdmentor.core.mentoring import fill_support
        from mdmentor.index import people as contributions

        return fill_support(contributions.supports(self.sql))

    def places(self) -> tuple[Place, ...]:
        """The eight places where mentors are found, with who is there."""
        from mdmentor.core.mentoring import fill_places
        from mdmentor.index import people as contributions

        return fill_places(contributions.sources(self.sql))

    def assessments(self) -> dict[str, Assessment]:
        from mdmentor.index import people as assessments

        return {s.path: s for s in assessments.everybody(self.sql, self.today)}

    def why(self, path: str) -> tuple[Card, tuple[str, ...], bool]:
        """A contact's card, why they are not on today's list (nothing if they are), and whether they are."""
        from mdmentor.core.ranking.select import explain

        choice, card = self.choice(), self.card(path)
        for suggestion in choice.suggestions:
            if suggestion.path == path:
                return card._replace(assessment=suggestion), (), True
        return card, explain(card.assessment, choice), False

    def find_contacts(
        self, tag: str | None, topic: str | None, source: str | None, due: bool, *, private: bool
    ) -> list[tuple[Contact, Assessment]]:
        """The contacts that fit, by name: with a tag or one below it, a topic, a source, or due today."""
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
        return sorted(found, key=lambda pair: (pair[0].name.casefold(), pair[0].path))

    def owed(
        self, *, mine: bool, theirs: bool
    ) -> tuple[list[tuple[Promise, Exchange]], list[tuple[date, Exchange, Interaction | None]]]:
        """Open promises by date, and thanks owed; with `mine` or `theirs` the promises of one side alone."""
        promises, thanks = [], []
        for who in self.exchanges():
            promises += [(p, who) for p in who.promises_mine if not theirs]
            promises += [(p, who) for p in who.promises_theirs if not mine]
            if who.thanks_owed_since and not mine and not theirs:
                thanks.append((who.thanks_owed_since, who, who.thanks_line))
        promises.sort(key=lambda o: (o[0].due or date.max, o[1].name.casefold(), o[0].path, o[0].line))
        thanks.sort(key=lambda o: (o[0], o[1].name.casefold(), o[1].path))
        return promises, thanks

    def introducers(self) -> dict[str, str]:
        return ask.introducers(self.sql)

    def colleague_paths(self) -> frozenset[str]:
        """The contacts who work where the user works, for whoever tells of many; none without an employer."""
        if self._inside is None:
            keys = self._employer_keys()
            told = ask.companies(self.sql) if keys else ()
            self._inside = frozenset(path for path, company in told if is_colleague((company,), keys))
        return self._inside

    def is_colleague(self, path: str) -> bool:
        """As `inside_paths`, for one contact alone."""
        if self._inside is not None:
            return path in self._inside
        keys = self._employer_keys()
        return bool(keys) and is_colleague((company for _, company in ask.companies(self.sql, path)), keys)

    def _employer_keys(self) -> frozenset[str]:
        if self._employer is None:
            own = employer_keys(self.settings.employer)
            begins = {begin for key in own for begin in first_letters(key)}
            borne = ask.names_beginning(self.sql, sorted(begins))
            notes = {number for number, name in borne if company_key(name) in own}
            self._employer = employer_keys(self.settings.employer, ask.names_of(self.sql, notes))
        return self._employer

    def related(
        self, path: str, kinds: tuple[str, ...] = (CONTACT, POST, GOAL, NOTE, DATED)
    ) -> tuple[Relation, ...]:
        """What bears on a note, heaviest first."""
        from mdmentor.core.relations import relate

        if self._topic_notes is None:
            self._topic_notes = ask.notes_with_topics(self.sql)
        row = ask.note_row(self.sql, path)
        kind = row[2] if row else NOTE
        found = relate(ask.evidence(self.sql, path, kinds, self._lore), self._topic_notes, kind)
        if ask.is_confidential(self.sql, path):
            return tuple(relation._replace(reasons=()) for relation in found)
        return found

    def posts_told(self) -> tuple[list[tuple[str, str]], int]:
        """(path, title) of the posts that the page tells of, and how many others there are.

        Those of live topics come first, then those talked of last.
        """
        if self._posts_told is None:
            posts = told = ask.notes_of_kind(self.sql, POST)
            if len(posts) > POSTS_ON_THE_PAGE:
                live = ask.notes_with_topic(self.sql, ask.live_topics(self.sql), POST)
                first = dict.fromkeys((path, title) for path, title, _ in live)
                first |= dict.fromkeys(ask.posts_talked_of(self.sql, POSTS_ON_THE_PAGE))
                told = list(dict.fromkeys([*first, *posts]))[:POSTS_ON_THE_PAGE]
            self._posts_told = told, len(posts) - len(told)
        return self._posts_told

    def post_entry(self, path: str, title: str) -> PostEntry:
        """A post with who can help and where it came up; of a confidential one the title alone."""
        if ask.is_confidential(self.sql, path):
            return PostEntry(path, title, (), (), confidential=True)
        people = self._open_people(path)
        return PostEntry(path, title, ask.topics_of(self.sql, path), people, ask.mentions(self.sql, path))

    def goal_entries(self) -> tuple[GoalEntry, ...]:
        """Every live goal with the people for it and the posts to read first.

        Of a confidential one the title alone.
        """
        entries = []
        for goal in ask.goals(self.sql):
            if not goal.active:
                continue
            if goal.confidential:
                entries.append(GoalEntry(goal, (), ()))
                continue
            entries.append(GoalEntry(goal, self._open_people(goal.path), self.related(goal.path, (POST,))))
        return tuple(entries)

    def _open_people(self, path: str) -> tuple[Relation, ...]:
        """The people related to a note, but for those who are confidential: of these no reason may be told."""
        return tuple(person for person in self.related(path, (CONTACT,)) if person.reasons)

    def problems(self, limit: int = -1) -> list[Problem]:
        """All problems, errors first, links without a note last among their kind."""
        own = ask.problems(self.sql, limit)
        rest = -1 if limit < 0 else max(limit - len(own), 0)
        from mdmentor.link_problems import LinkProblems

        about = LinkProblems(self.sql)
        loose = [about.problem(*row) for row in ask.loose_links(self.sql, rest)]
        order = {ERROR: 0, WARNING: 1, HINT: 2}
        return sorted([*own, *loose], key=lambda p: (order[p.severity], p.path, p.line, p.column, p.code))

    def find_contact(self, name: str) -> str:
        """The path of the one contact that `name` means. Raises UnknownName or AmbiguousName; never guesses."""
        return self._find(name, contacts_only=True)

    def find_note(self, name: str) -> str:
        """The path of the one note that `name` means. Raises UnknownName or AmbiguousName."""
        return self._find(name, contacts_only=False)

    def _find(self, name: str, *, contacts_only: bool) -> str:
        found = ask.find_notes(self.sql, name, contacts_only=contacts_only)
        if len(found) == 1:
            return found[0][0]
        word = "contact" if contacts_only else "note"
        if found:
            lines = tuple(f"{title}: {path}" for path, _, title in found)
            many = len(found) if len(found) < ask.MOST_FOUND else f"{ask.MOST_FOUND} or more"
            raise AmbiguousName(
                f'"{name}" fits {many} {word}s', "say which, by the whole name or the path", lines
            )
        if contacts_only:
            self._refuse_unread(name)
        if ask.is_path(name):
            raise self._no_note_at(name, contacts_only=contacts_only)
        near = ask.near_names(self.sql, name, contacts_only=contacts_only)
        if near:
            fix = f'did you mean "{near[0]}"?'
        elif contacts_only:
            fix = "see them all with: mdmentor contacts"
        elif not any(map(str.isalnum, name)):
            fix = "see what there is with: mdmentor status"
        else:
            fix = f"look for its words with: mdmentor search {shlex.quote(name)}"
        raise UnknownName(f'no {word} is called "{name}"', fix)

    def _refuse_unread(self, name: str) -> None:
        """Raises RefusedToWrite, with the reason, where `name` means a note of which nothing could be read."""
        found = ask.notes_called(self.sql, name, contacts_only=False) or ask.notes_at(self.sql, name)
        unread = {p.path: p for p in ask.problems(self.sql) if p.code in UNREAD} if found else {}
        for path, kind, _ in found:
            if path in unread and kind == NOTE:
                raise RefusedToWrite(f"{path}: {unread[path].what}", unread[path].fix)

    def _no_note_at(self, path: str, *, contacts_only: bool) -> UnknownName:
        """What is wrong with a path that leads to no note, or to one that is no contact's."""
        if there := ask.notes_at(self.sql, path):
            return UnknownName(f"{there[0][0]} is no contact's note", "see them all with: mdmentor contacts")
        near = ask.near_paths(self.sql, path, contacts_only=contacts_only) or ask.near_names(
            self.sql, path, contacts_only=contacts_only
        )
        meant = " or ".join(f'"{name}"' for name in near)
        fix = f"did you mean {meant}?" if meant else "give its path from the vault's root"
        return UnknownName(f'no note is at "{path}"', fix)
