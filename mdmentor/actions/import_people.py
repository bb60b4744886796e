"""Imports people from other programs: a plan of all it would do, then one edit that does it.

Each person in the file is new, somebody who is there (the gaps in their note are filled), perhaps somebody who is there
(left for the user to decide), or skipped with the reason. Nothing is written before the plan is carried out, all of it
or nothing, and one `undo` takes it back.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import chain, count
from typing import NamedTuple

from mdmentor.actions.edit import NoteEditor, refusing
from mdmentor.actions.fill_gaps import GapFiller, Kept, says_all
from mdmentor.actions.history import Change
from mdmentor.actions.imported_notes import NoteMaker, plain_line, values_of
from mdmentor.actions.notes import clean_name
from mdmentor.core.model import Contact
from mdmentor.core.names import fold, fold_plain, key_of, stem
from mdmentor.core.same_person import SAME, Directory, Identity, Match, identity_of, uid_of
from mdmentor.core.trust import company_key
from mdmentor.errors import RefusedToWrite
from mdmentor.formats.content_lines import COLLEAGUE
from mdmentor.formats.person import FormatPerson, Unreadable
from mdmentor.formats.text import unique
from mdmentor.index import find, people
from mdmentor.reindex.workers import Workers

_MOST_JOINED = 1000  # values of one kind that a person gets from several places of a file
_LONGEST_NOTES = 100_000  # characters of free text to which more is added
_MANY = 1000  # new notes, from which more processes are worth their start
_FIRST = 300  # of these made by one process
_CARD = "urn:uuid:"  # and the UID of a card: how another one names it
_COMPARED = ("name", "aliases", "uid", "email", "phone", "linkedin", "url", "company", "birthday")
_LONGEST_NAME = 120  # bytes of a file's name, which sync tools and phones can hold with room to spare


class Choices(NamedTuple):
    """What the user asked of an import."""

    only: str = ""  # a company
    since: date | None = None  # met on this day or later
    limit: int | None = None  # how many new people at most
    take: tuple[str, ...] = ()  # keys whose values are taken from the file
    makes_unsure: bool = False  # makes new notes of people who may be there already
    is_strict: bool = False  # writes nothing where a note cannot be changed
    writes: bool = False  # else it is a preview, which keeps none of the notes that it makes


class New(NamedTuple):
    name: str
    path: str


class Filled(NamedTuple):
    path: str
    keys: tuple[str, ...]


class Unsure(NamedTuple):
    name: str
    path: str  # of who may be the same person
    why: str


class ImportPlan:
    """All that an import would do, and what it leaves."""

    def __init__(self) -> None:
        self.new: list[New] = []
        self.filled: list[Filled] = []
        self.same = 0  # people who are there already, with all that the file says
        self.unsure: list[Unsure] = []
        self.skipped: list[Unreadable] = []
        self.kept: list[Kept] = []  # values that stay though the file says otherwise
        self.left_out: Counter[str] = Counter()  # what there is no place for
        self.not_asked_for = 0  # people whom --only, --since or --limit leave out
        self.companies: Counter[str] = Counter()  # of the new people
        self.refused: list[RefusedToWrite] = []  # notes that cannot be changed safely
        self.changes: list[Change] = []  # none in a preview


class Importer:
    """Plans an import: takes people one by one, then makes the notes."""

    def __init__(self, editor: NoteEditor, choices: Choices, now: datetime) -> None:
        self._editor = editor
        self._choices = choices
        self._maker = NoteMaker(editor, now)
        self._contacts = {contact.path: contact for contact in people.contacts(editor.queries.index)}
        # a card of our own export has the UID that was made for it
        known = (identity_of(one)._replace(uid=uid_of(one)) for one in self._contacts.values())
        self._directory = Directory(known)
        self._drafts: dict[str, FormatPerson] = {}  # by the path of their note
        self._known: dict[str, FormatPerson] = {}  # by the path of a note that is there
        self._taken = {key_of(path) for path in find.note_paths(editor.queries.index)}  # keys of notes
        self._numbers: dict[str, count[int]] = {}  # by folded name: those that the next of them may have
        self._plan = ImportPlan()

    def add(self, person: FormatPerson | Unreadable) -> None:
        """One more of the file, tidied."""
        if isinstance(person, Unreadable):
            self._plan.skipped.append(person)
            return
        if not self._is_wanted(person):
            self._plan.not_asked_for += 1
            return
        self._plan.left_out.update(person.left_out)
        identity = _identity(f"{person.file}:{person.line}", person)
        matches = self._directory.find(identity)
        same = next((match for match in matches if match.verdict == SAME), None)
        if same is None and matches and self._is_made_of(matches[0].path, person):
            same = matches[0]
        is_text_needed = self._choices.writes or (same and same.path in self._contacts)
        person = person._replace(left_out=(), notes=person.notes if is_text_needed else "")
        if same is not None:
            self._add_to(same, person)
        elif matches and not self._choices.makes_unsure:
            why = ", ".join(matches[0].evidence)
            self._plan.unsure.append(Unsure(person.name, matches[0].path, why))
        elif self._choices.limit is not None and len(self._drafts) >= self._choices.limit:
            self._plan.not_asked_for += 1
        elif path := self._path_for(person):
            self._drafts[path] = person
            self._directory.add(identity, path)
        else:
            self._skip(person, f'no note can be called "{person.name}"')

    def _skip(self, person: FormatPerson, why: str) -> None:
        self._plan.skipped.append(Unreadable(person.line, why, person.file))

    def _is_wanted(self, person: FormatPerson) -> bool:
        only, since = self._choices.only, self._choices.since
        key, word = company_key(only), fold_plain(only)
        if only and not any(key == company_key(one) or word in fold_plain(one) for one in person.company):
            return False
        return since is None or (person.met_on is not None and person.met_on >= since)

    def _is_made_of(self, path: str, person: FormatPerson) -> bool:
        """Whether the note there was made of this person before: it says all that the file does.

        Of a name alone, or one that is called otherwise, that proves nothing unless notes are made of the unsure, too.
        """
        if not self._choices.makes_unsure:
            name = self._directory.person(path).name
            if not (person.email or person.phone) or fold_plain(name) != fold_plain(person.name):
                return False
        if draft := self._drafts.get(path):
            return values_of(person) == values_of(draft)
        return says_all(self._contacts[path], values_of(person))

    def _add_to(self, match: Match, person: FormatPerson) -> None:
        """Somebody who is there, or who came before in the file."""
        path = match.path
        drafts = self._drafts if path in self._drafts else self._known
        if draft := drafts.get(path):
            self._plan.same += 1
            drafts[path] = _joined(draft, person)
        else:
            drafts[path] = person
        before = self._directory.person(path)
        self._directory.add(_with_keys(before, _identity(path, person)))

    def _path_for(self, person: FormatPerson) -> str:
        """A free path for the note of somebody new, with the company where the name is taken; "" for none."""
        name = _short(clean_name(person.name.replace("/", " ")))
        if not name:
            return ""
        company = _short(clean_name(next(iter(person.company), "").replace("/", " ")), _LONGEST_NAME // 3)
        beside = [f"{name} ({company})"] if company else []
        numbers = self._numbers.setdefault(fold(name), count(2))
        for called in chain([name, *beside], (f"{name} {number}" for number in numbers)):
            path = f"{self._maker.folder}/{called}.md".lstrip("/")
            key = key_of(path)
            if key not in self._taken and not self._is_there(path):
                self._taken.add(key)
                return path
        return ""

    def _is_there(self, path: str) -> bool:
        """Whether a file has this path. Raises RefusedToWrite for a note made since the index was brought up to date."""
        editor = self._editor
        if not os.path.lexists(editor.vault.absolute(path)):
            return False
        if path in editor.vault.look((path,), editor.queries.settings).notes:
            raise RefusedToWrite(f'"{path}" was made meanwhile, so nothing was imported', "try again")
        return True

    def plan(self, progress: Callable[[int, int], None], workers: Workers) -> ImportPlan:
        """The plan for the people added so far."""
        plan, total = self._plan, len(self._drafts) + len(self._known)
        made = zip([*self._drafts], self._make_notes(self._links(), workers), strict=True)
        for done, (path, note) in enumerate(made, 1):
            person = self._drafts.pop(path)
            if isinstance(note, str):
                self._skip(person, f"{person.name}: {note}")
                continue
            if self._choices.writes:
                plan.changes.append(Change(path, None, note))
            plan.new.append(New(person.name, path))
            plan.companies.update(person.company[:1])
            progress(done, total)
        for path, person in self._known.items():
            try:
                change, filler = self._fill(path, person)
            except RefusedToWrite as error:
                plan.refused.append(error)
                self._skip(person, error.what)
                continue
            plan.kept += filler.kept
            plan.left_out.update(filler.left_out)
            plan.same += not filler.keys
            if filler.keys:
                plan.changes += [change] if self._choices.writes else []
                plan.filled.append(Filled(path, tuple(filler.keys)))
        plan.skipped.sort(key=lambda skipped: (skipped.file, skipped.line))
        return plan

    def _make_notes(self, links: dict[str, str], workers: Workers) -> Iterator[bytes | str]:
        """The notes of all who are new; of many by several processes, which begin with the forms of the first."""
        jobs = [(path, _linked(person, links)) for path, person in self._drafts.items()]
        yield from self._maker.make_all(jobs[:_FIRST])
        for batch in workers.map(self._maker.make_all, jobs[_FIRST:], are_many=len(jobs) > _MANY):
            yield from batch

    def _fill(self, path: str, person: FormatPerson) -> tuple[Change, GapFiller]:
        editor = self._editor
        before = editor.read(path)
        queries, known = editor.queries, editor.queries.person(path)
        if path in queries.colleague_paths():  # which an export says as a tag
            person = person._replace(tags=tuple(tag for tag in person.tags if tag != COLLEAGUE))
        with refusing(path, before):
            filler = GapFiller(path, before, known, self._choices.take, queries.settings, queries.today)
            filler.fill(person, values_of(person), self._maker.spelling)
        if filler.data != before:
            editor.vault.check_writable(path)
        return Change(path, before, filler.data), filler

    def _links(self) -> dict[str, str]:
        """What the file calls related people, folded: a name or a card's UID -> a link to the note of the one who has it."""
        drafts = self._drafts
        related = (name for one in drafts.values() for _, name in (*one.relations, ("", one.introduced_by)))
        found: dict[str, set[str]] = {fold_plain(name): set() for name in related if name}
        if not found:
            return {}
        for path, one in chain[tuple[str, Contact | FormatPerson]](self._contacts.items(), drafts.items()):
            for name in (one.name, f"{_CARD}{one.uid.removeprefix(_CARD)}"):
                found.get(fold_plain(name), set()).add(path)
        stems = Counter(map(key_of, (*self._contacts, *drafts)))
        single = ((name, *paths) for name, paths in found.items() if len(paths) == 1)
        return {name: f"[[{stem(path)}]]" for name, path in single if stems[key_of(path)] == 1}


def carry_out(editor: NoteEditor, plan: ImportPlan, name: str) -> None:
    """Writes everything, as one edit. Raises RefusedToWrite, with nothing changed, where a note changed meanwhile."""
    if plan.changes:
        what = f"import {name}: {len(plan.new)} new, {len(plan.filled)} filled"
        editor.change(what, plan.changes)


def _identity(path: str, person: FormatPerson) -> Identity:
    return identity_of(Contact(path, **{key: getattr(person, key) for key in _COMPARED}))


def _with_keys(one: Identity, other: Identity) -> Identity:
    """The first person, known by the addresses of the second as well."""
    return one._replace(
        uid=one.uid or other.uid,
        emails=unique((*one.emails, *other.emails)),
        phones=unique((*one.phones, *other.phones)),
        urls=unique((*one.urls, *other.urls)),
    )


def _joined(one: FormatPerson, other: FormatPerson) -> FormatPerson:
    """Two descriptions of one person in a file as one: the first counts, the second fills its gaps."""
    values: dict[str, object] = {}
    for name in one._fields:
        mine, theirs = getattr(one, name), getattr(other, name)
        if name in ("email", "phone", "url", "aliases", "tags", "relations", "talks"):
            values[name] = tuple(dict.fromkeys((*mine, *theirs)))[:_MOST_JOINED]
        elif name == "notes" and theirs not in mine and len(mine) < _LONGEST_NOTES:
            values[name] = "\n\n".join(filter(None, (mine, theirs)))
        elif not mine and name != "line":
            values[name] = theirs
    if other.name != one.name and fold_plain(other.name) != fold_plain(one.name):
        aliases = (*one.aliases, *other.aliases, other.name)
        values["aliases"] = tuple(dict.fromkeys(alias for alias in aliases if alias != one.name))
    return one._replace(**values)  # type: ignore[arg-type]


def _linked(person: FormatPerson, links: dict[str, str]) -> FormatPerson:
    """The person with links in place of the names of related people who have a note."""
    if not person.relations and not person.introduced_by:
        return person
    relations = ((kind, links.get(fold_plain(name)) or plain_line(name)) for kind, name in person.relations)
    introducer = links.get(fold_plain(person.introduced_by)) or person.introduced_by
    return person._replace(relations=tuple(relations), introduced_by=introducer)


def _short(name: str, most: int = _LONGEST_NAME) -> str:
    """The name cut to so many bytes, not within a character."""
    return name.encode()[:most].decode(errors="ignore").strip(" .")
