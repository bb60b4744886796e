"""People without a cadence or tier, most mentioned first, and one answer for each.

Every answer is an ordinary edit of one note, which `undo` takes back. The people skipped are listed in a file beside the
index, so that they come last the next time; losing that file does no harm.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, NoteEditor
from mdmentor.actions.fields import set_value
from mdmentor.actions.undo import undo
from mdmentor.core.frontmatter.keys import TIERS
from mdmentor.core.model import Contact, Interaction, Note
from mdmentor.core.parse import parse_note
from mdmentor.core.ranking import TABLE
from mdmentor.core.trust import public_log, public_person
from mdmentor.errors import RefusedToWrite
from mdmentor.files import opener
from mdmentor.index import links, people
from mdmentor.queries import Queries

NEVER = "never"
ANSWERS = (*TIERS, NEVER)


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


class _Step(NamedTuple):
    """What was done with one person: an edit of that number in the history, or they were skipped."""

    who: Unsorted
    is_skip: bool
    edit: int = 0  # 0 where nothing was recorded


class Triage:
    """A session: who is to be sorted, and the steps taken so far."""

    def __init__(self, editor: NoteEditor) -> None:
        self.editor = editor
        self._file = f"{editor.queries.index.path}".removesuffix(".sqlite") + ".skipped"
        everybody = {who.path: who for who in find_unsorted(editor.queries)}
        self._skipped = [path for path in self._load() if path in everybody]
        last = set(self._skipped)
        self._queue = [who for path, who in everybody.items() if path not in last]
        self._queue += [everybody[path] for path in self._skipped]
        self._steps: list[_Step] = []

    @property
    def left(self) -> int:
        """How many people are still to be sorted."""
        return len({who.path for who in self._queue}.union(self._skipped))

    @property
    def people(self) -> list[Unsorted]:
        return list(self._queue)

    @property
    def sorted(self) -> int:
        """How many were sorted in this session."""
        return sum(not step.is_skip for step in self._steps)

    def current(self, say: Callable[[str], object]) -> Unsorted | None:
        """The person to ask about now; None at the end. Leaves out those who were sorted elsewhere meanwhile."""
        while self._queue:
            who = self._queue[0]
            try:
                contact = self._read(who.path).contact
            except RefusedToWrite as error:
                say(str(error))
                contact = None
            if contact is not None and needs_sorting(contact):
                return who
            self._drop(who)
        return None

    def answer(self, answer: str) -> list[EditedLine]:
        """Writes the answer into the current person's note; [] where the note has one meanwhile.

        Raises RefusedToWrite, and goes on with the next person, for a note that cannot be changed.
        """
        who = self._queue[0]
        try:
            note = self._read(who.path)
            if note.contact is None or not needs_sorting(note.contact):
                self._drop(who)
                return []
            written = set_value(self.editor, who.path, *_value_of(answer, note))
        except RefusedToWrite:
            self._put_off()
            raise
        entry = None if self.editor.history.reason else self.editor.history.last_done()
        self._steps.append(_Step(who, is_skip=False, edit=entry.number if entry else 0))
        self._drop(who)
        return written

    def skip(self) -> None:
        """Puts the current person at the end, and last in the next session."""
        who = self._put_off()
        if all(step.who.path != who.path for step in self._steps):
            self._queue.append(who)
        self._steps.append(_Step(who, is_skip=True))

    def undo(self) -> str:
        """Takes back the last step of this session; the name of that person, who is current again, "" for no step.

        Raises RefusedToWrite where their note, or another one, was changed since.
        """
        if not self._steps:
            return ""
        step, history = self._steps[-1], self.editor.history
        if not step.is_skip:
            last = None if history.reason else history.last_done()
            if last is None or last.number != step.edit:
                what = "the last edit is not that one any more"
                raise RefusedToWrite(what, f"change the note by hand: {step.who.path}")
            undo(self.editor.vault, history)
        self._steps.pop()
        self._queue = [step.who, *(who for who in self._queue if who.path != step.who.path)]
        if step.is_skip and all(other.who.path != step.who.path for other in self._steps):
            self._skipped = [path for path in self._skipped if path != step.who.path]
            self._save()
        return step.who.name

    def _read(self, path: str) -> Note:
        return parse_note(path, self.editor.read(path), self.editor.queries.settings)

    def _put_off(self) -> Unsorted:
        """Takes the current person out of the queue, to come last in the next session."""
        who = self._queue.pop(0)
        self._skipped = [*(path for path in self._skipped if path != who.path), who.path]
        self._save()
        return who

    def _drop(self, who: Unsorted) -> None:
        self._queue.pop(0)
        if who.path in self._skipped:
            self._skipped.remove(who.path)
            self._save()

    def _load(self) -> list[str]:
        with contextlib.suppress(OSError, ValueError), open(self._file, encoding="utf-8") as file:
            found = json.load(file)
            return list(dict.fromkeys(map(str, found))) if isinstance(found, list) else []
        return []

    def _save(self) -> None:
        with contextlib.suppress(OSError), open(self._file, "w", encoding="utf-8", opener=opener) as file:
            json.dump(self._skipped, file)


def _value_of(answer: str, note: Note) -> tuple[str, str]:
    """The key and the value that an answer is written as.

    A note whose key `contact` holds something else, such as an address, keeps it.
    """
    if answer != NEVER:
        return "tier", answer
    is_used = any(field.key == "contact" and field.values for field in note.fields)
    return ("paused", "true") if is_used else ("contact", NEVER)
