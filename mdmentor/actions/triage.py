"""People without a cadence or tier, most mentioned first, and one answer for each.

Every answer is an ordinary edit of one note, which `undo` takes back. The people skipped are listed in a file beside the
index, so that they come last the next time; losing that file does no harm.
"""

import contextlib
import json
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, NoteEditor
from mdmentor.actions.fields import set_value
from mdmentor.actions.history import DONE
from mdmentor.actions.undo import undo
from mdmentor.core.model import Contact, Interaction, Note
from mdmentor.core.parse import parse_note
from mdmentor.core.ranking import TABLE
from mdmentor.core.trust import public_log, public_person
from mdmentor.errors import RefusedToWrite
from mdmentor.files import opener
from mdmentor.index import links, people
from mdmentor.queries import Queries

NEVER = "never"
_SKIP = -1  # in place of the number of an edit


class Unsorted(NamedTuple):
    """Somebody without a cadence or tier, and how much the notes speak of them; of a confidential contact the name."""

    path: str
    name: str
    talks: int
    backlinks: int
    last_contact: date | None
    last_talk: Interaction | None
    company: tuple[str, ...]
    role: str
    colleague: bool
    confidential: bool


def needs_sorting(contact: Contact) -> bool:
    """Whether nothing says how often the user wants to be in touch with somebody."""
    return not (contact.paused or contact.tier or contact.cadence_none or contact.cadence_days)


def find_unsorted(queries: Queries) -> list[Unsorted]:
    """Everybody who needs sorting, by talks and backlinks, the most first."""
    spoken_of, assessments, found = links.backlink_counts(queries.index), queries.assessments(), []
    for person in people.people(queries.index):
        if not needs_sorting(person.contact):
            continue
        who, log = public_person(person).contact, public_log(person, queries.today)
        found.append(
            Unsorted(
                path=who.path,
                name=who.name,
                talks=len(log),
                backlinks=0 if who.confidential else spoken_of.get(who.path, 0),
                last_talk=log[-1] if log else None,
                last_contact=None if who.confidential else assessments[who.path].last_contact,
                company=who.company,
                role=who.role,
                colleague=not who.confidential and queries.is_colleague(who.path),
                confidential=who.confidential,
            )
        )
    return sorted(found, key=lambda who: (-who.talks - who.backlinks, who.name.casefold(), who.path))


def days_of(queries: Queries, tier: str) -> int:
    """The cadence of a tier in days, as the settings have it."""
    return dict(queries.settings.tiers).get(tier) or TABLE.tiers[tier]


class Triage:
    """A session: who is to be sorted, and the steps taken so far."""

    def __init__(self, editor: NoteEditor) -> None:
        self.editor = editor
        self._file = f"{editor.queries.index.path}".removesuffix(".sqlite") + ".skipped"
        everybody = {who.path: who for who in find_unsorted(editor.queries)}
        self._skipped = [path for path in self._load() if path in everybody]  # they come last
        first = (path for path in everybody if path not in self._skipped)
        self.people = [everybody[path] for path in (*first, *self._skipped)]  # in the order of the questions
        # each person who was asked about, and the number of the edit; _SKIP, or 0 for no record
        self._steps: list[tuple[Unsorted, int]] = []

    @property
    def left(self) -> int:
        """How many people are still to be sorted."""
        return len({who.path for who in self.people}.union(self._skipped))

    @property
    def sorted(self) -> int:
        """How many were sorted in this session."""
        return sum(edit != _SKIP for _, edit in self._steps)

    def current(self, say: Callable[[str], object]) -> Unsorted | None:
        """The person to ask about now; None at the end. Leaves out those who were sorted elsewhere meanwhile."""
        while self.people:
            try:
                if self._read_unsorted() is not None:
                    return self.people[0]
            except RefusedToWrite as error:
                say(str(error))
            self._leave()
        return None

    def answer(self, answer: str) -> list[EditedLine]:
        """Writes the answer into the current person's note; [] where the note has one meanwhile.

        Raises RefusedToWrite, and goes on with the next person, for a note that cannot be changed.
        """
        try:
            note = self._read_unsorted()
            written = set_value(self.editor, note.path, *_value_of(answer, note)) if note else []
        except RefusedToWrite:
            self._leave(is_skipped=True)
            raise
        who = self._leave()
        if note:
            self._steps.append((who, self._last_edit()))
        return written

    def skip(self) -> None:
        """Puts the current person at the end, and last in the next session."""
        who = self._leave(is_skipped=True)
        if not self._has_step(who):
            self.people.append(who)
        self._steps.append((who, _SKIP))

    def undo(self) -> str:
        """Takes back the last step of this session; the name of that person, who is current again, "" for no step.

        Raises RefusedToWrite where their note, or another one, was changed since.
        """
        if not self._steps:
            return ""
        who, edit = self._steps[-1]
        if edit != _SKIP:
            if not edit or edit != self._last_edit():
                what = "the last edit is not that one any more"
                raise RefusedToWrite(what, f"change the note by hand: {who.path}")
            undo(self.editor.vault, self.editor.history)
        self._steps.pop()
        self.people = [who, *(other for other in self.people if other.path != who.path)]
        if edit == _SKIP and not self._has_step(who):
            self._remember(who, is_skipped=False)
        return who.name

    def _has_step(self, who: Unsorted) -> bool:
        return any(other.path == who.path for other, _ in self._steps)

    def _last_edit(self) -> int:
        """The number of the last edit in the history; 0 where nothing is recorded."""
        history = self.editor.history
        entry = None if history.reason else history.newest(DONE)
        return entry.number if entry else 0

    def _read_unsorted(self) -> Note | None:
        """The current person's note; None where it needs no sorting any more."""
        path = self.people[0].path
        note = parse_note(path, self.editor.read(path), self.editor.queries.settings)
        return note if note.contact is not None and needs_sorting(note.contact) else None

    def _leave(self, *, is_skipped: bool = False) -> Unsorted:
        """Takes the current person off the list; who is skipped comes last in the next session."""
        who = self.people.pop(0)
        self._remember(who, is_skipped=is_skipped)
        return who

    def _remember(self, who: Unsorted, *, is_skipped: bool) -> None:
        skipped = [*(path for path in self._skipped if path != who.path), *[who.path] * is_skipped]
        if skipped != self._skipped:
            self._skipped = skipped
            with contextlib.suppress(OSError), open(self._file, "w", encoding="utf-8", opener=opener) as file:
                json.dump(skipped, file)

    def _load(self) -> list[str]:
        with contextlib.suppress(OSError, ValueError), open(self._file, encoding="utf-8") as file:
            found = json.load(file)
            return list(dict.fromkeys(map(str, found))) if isinstance(found, list) else []
        return []


def _value_of(answer: str, note: Note) -> tuple[str, str]:
    """The key and the value that an answer is written as.

    A note whose key `contact` holds something else, such as an address, keeps it.
    """
    if answer != NEVER:
        return "tier", answer
    is_used = any(field.key == "contact" and field.values for field in note.fields)
    return ("paused", "true") if is_used else ("contact", NEVER)
