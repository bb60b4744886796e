"""Values to rows and back: contacts, goals and standings as compact JSON, without what is default."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from mdmentor.core.dates import iso
from mdmentor.core.model import (
    Birthday,
    Contact,
    Goal,
    Interaction,
    Note,
    Person,
    Promise,
    Reason,
    Standing,
    make,
)

# What an entry is: a talk, or a promise with what is said of it.
TALK, PROMISE, THEIRS, PRIVATE = 0, 1, 2, 4
# Of a person: number, path, title and data of the note, and rows of talks and promises told in it and elsewhere:
# number, what it is, line, day, channel, text, marks, and of those elsewhere the path of the note.
Told = tuple[int, str, str, str, list[tuple[Any, ...]], list[tuple[Any, ...]]]

Row = tuple[Any, ...]  # of any table

_DATES = frozenset({"met_on", "last_contact", "next", "snooze", "first_date"})
_DEFAULTS = Contact._field_defaults


def to_json(value: object) -> str:
    """A value of the index as JSON, as short as it can be."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def note_data(note: Note) -> str | None:
    """What the index keeps of a note beyond the columns; None for most that are neither contact nor goal."""
    if note.contact is not None:
        return contact_to_json(note.contact)
    if note.goal is not None:
        told: dict[str, object] = {"topics": note.goal.topics, "active": note.goal.active}
        return to_json({**told, "confidential": True} if note.confidential else told)
    return to_json({"confidential": True}) if note.confidential else None


def is_confidential(data: str | None) -> bool:
    """Whether only the name of the note with this data may be shown."""
    # a text that holds these characters has its quotes escaped, so that it holds others
    return data is not None and '"confidential":true' in data


def contact_to_json(contact: Contact) -> str:
    told: dict[str, object] = {}
    for (name, default), value in zip(_DEFAULTS.items(), contact[2:], strict=True):
        if value is default or value == default:
            continue
        told[name] = iso(value) if isinstance(value, date) else value
    return to_json(told)


def contact_from_row(path: str, title: str, data: str) -> Contact:
    told = json.loads(data)
    for key, value in told.items():
        if isinstance(value, list):
            told[key] = tuple(value)
    for key in _DATES.intersection(told):
        told[key] = date.fromisoformat(told[key])
    if "birthday" in told:
        told["birthday"] = Birthday(*told["birthday"])
    return Contact(path, title, **told)


def goal_from_row(path: str, title: str, data: str) -> Goal:
    told = json.loads(data)
    confidential = bool(told.get("confidential"))
    return Goal(path, title, tuple(told["topics"]), bool(told["active"]), confidential)


def standing_to_json(standing: Standing) -> str:
    """What the index keeps of a standing beyond the columns it sorts by."""
    reasons = [(r.kind, r.text, r.points) for r in standing.reasons]
    return to_json((standing.cadence_days, reasons, standing.notes, standing.confidential))


def standing_from_row(
    today: date, path: str, name: str, score: float, pool: str, held: str, due: str | None, last: str | None,
    snooze: str | None, turn: int, revived: int, data: str,
) -> Standing:  # fmt: skip
    cadence, reasons, notes, confidential = json.loads(data)
    return Standing(
        path=path,
        name=name,
        today=today,
        score=score,
        pool=pool,
        held=held,
        due=_date(due),
        last_contact=_date(last),
        cadence_days=cadence,
        reasons=tuple(Reason(*reason) for reason in reasons),
        notes=tuple(notes),
        snooze=_date(snooze),
        turn=turn,
        revived=bool(revived),
        confidential=confidential,
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def person_of(told: Told) -> Person:
    """The person of whom this is told."""
    _, path, title, data, own, linked = told
    entries = [(*row, path) for row in own] + linked
    # the days of a note that links the person twice in one line are told once
    talks = {
        (day, where, line, channel, text, marks)
        for _, what, line, day, channel, text, marks, where in entries
        if what == TALK
    }
    owed = {
        (day is None, day, where, line, text, what & THEIRS, what & PRIVATE)
        for _, what, line, day, _, text, _, where in entries
        if what != TALK
    }
    return Person(
        contact_from_row(path, title, data),
        # lists, as a generator takes longer to run dry
        tuple(
            [
                interaction_from_row(where, line, day, channel, text, marks)
                for day, where, line, channel, text, marks in sorted(talks)
            ]
        ),
        tuple(
            [
                promise_from_row(where, line, day, text, theirs, private)
                for _, day, where, line, text, theirs, private in sorted(owed)
            ]
        ),
    )


def interaction_from_row(path: str, line: int, day: str, channel: str, text: str, marks: str) -> Interaction:
    told = tuple(marks.split()) if marks else ()
    return make(Interaction, (date.fromisoformat(day), channel, text, told, line, (), path))


def promise_from_row(path: str, line: int, day: str | None, text: str, theirs: int, private: int) -> Promise:
    return Promise(
        text, date.fromisoformat(day) if day else None, bool(theirs), line, bool(private), (), path
    )
