"""Values to rows and back: contacts, goals and standings as compact JSON, without what is default."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from mdmentor.core import names
from mdmentor.core.model import (
    CONTACT,
    DATED,
    PAGE,
    Assessment,
    Birthday,
    Contact,
    Goal,
    Interaction,
    Note,
    Person,
    Problem,
    Promise,
    Reason,
    make,
)
from mdmentor.core.names import key_of

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
        told[name] = value.isoformat() if isinstance(value, date) else value
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


def assessment_to_json(assessment: Assessment) -> str:
    """What the index keeps of a standing beyond the columns it sorts by."""
    reasons = [(r.kind, r.text, r.points) for r in assessment.reasons]
    return to_json((assessment.cadence_days, reasons, assessment.notes, assessment.confidential))


def assessment_from_row(
    today: date, path: str, name: str, score: float, pool: str, held: str, due: str | None, last: str | None,
    snooze: str | None, turn: int, revived: int, data: str,
) -> Assessment:  # fmt: skip
    cadence, reasons, notes, confidential = json.loads(data)
    return Assessment(
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


Stamp = tuple[int, int, int, int]
NoteRows = dict[str, list[Row]]  # table -> rows of some notes; values that every process can hand to another

_TABLES = ("note", "link", "entry", "name", "topic", "block", "problem", "body", "words")


def no_rows() -> NoteRows:
    """Every table that notes have rows in, without any."""
    return {table: [] for table in _TABLES}


def add_rows(rows: NoteRows, number: int, note: Note, stamp: Stamp, hash_: str, racy: bool) -> None:
    """Adds the rows of the note that bears this number, read under this stamp from bytes with this hash.

    A page of ours is known by its path alone: nothing it says is anybody's word.
    """
    day = note.day.isoformat() if note.day else None
    row: Row = (
        number, note.path, key_of(note.path), note.kind, note.title, day, note.why_kind, note_data(note), *stamp,
        int(racy), hash_,
    )  # fmt: skip
    rows["note"].append(row)
    if note.kind == PAGE:
        return
    private = _private_lines(note)
    entries = _add_entries(rows, number, note, private)
    rows["link"] += [
        (
            number, place, line, column, kind, raw, target, key_of(target), fragment, text, field, entries.get(place),
            int(private is None or line in private), None, None,
        )
        for place, (line, column, kind, raw, target, fragment, text, field) in enumerate(note.links)
    ]  # fmt: skip
    _add_names(rows, number, note)
    if note.blocks:
        rows["block"] += [(number, block.kind) for block in note.blocks]
    if note.problems:
        rows["problem"] += [problem_row(number, problem) for problem in note.problems]
    body = (note.title, note.text, note.private_text)
    rows["body"].append((number, *body))
    rows["words"].append((number, *map(names.search_form, body)))


def problem_row(number: int | None, p: Problem) -> Row:
    return number, p.path, p.line, p.column, p.severity, p.code, p.what, p.fix


def _private_lines(note: Note) -> frozenset[int] | None:
    """The numbers of the lines that may be shown nowhere else; None where that is all of them."""
    if not note.private_text:
        return frozenset()
    if not note.text:
        return None
    return frozenset(n for n, line in enumerate(note.private_text.split("\n"), 1) if line.strip())


def _add_entries(rows: NoteRows, number: int, note: Note, private: frozenset[int] | None) -> dict[int, int]:
    """Adds talks and promises; answers which entry each link, by its position in the note, belongs to."""
    own = int(note.kind == CONTACT)
    found: list[Row] = []
    entries: dict[int, int] = {}
    for day, channel, text, marks, line, links, _ in note.interactions:
        if links:
            entries.update(dict.fromkeys(links, len(found)))
        is_private = int("private" in marks or private is None or line in private)
        found.append(
            (
                number,
                len(found),
                "talk",
                line,
                day.isoformat(),
                channel,
                text,
                " ".join(marks),
                0,
                is_private,
                own,
            )
        )
    for text, due, theirs, line, is_marked, links, _ in note.promises:
        entries.update(dict.fromkeys(links, len(found)))
        is_private = int(is_marked or private is None or line in private)
        by = due.isoformat() if due else None
        found.append((number, len(found), "promise", line, by, "", text, "", int(theirs), is_private, own))
    rows["entry"] += found
    return entries


def _add_names(rows: NoteRows, number: int, note: Note) -> None:
    """Adds the names and topics by which a note is found; of a confidential one only its name."""
    if note.kind == CONTACT:
        told_names = dict.fromkeys((note.title, *note.aliases, names.stem(note.path)))
        kinds = ("name", *["alias"] * (len(told_names) - 1))
        rows["name"] += [_name_row(number, text, what) for what, text in zip(kinds, told_names, strict=True)]
    elif note.kind != DATED or note.aliases:
        told_names = dict.fromkeys((note.title, *note.aliases))
        rows["name"] += [_name_row(number, text, "title") for text in told_names]
    if note.confidential:
        return
    rows["topic"] += [
        (number, names.fold_topic(text), names.unlink(text).lstrip("#"), kind)
        for kind, texts in (("topic", note.topics), ("tag", note.tags))
        for text in texts
    ]
    if note.contact is not None:
        rows["topic"] += [
            (number, names.fold_topic(text), names.unlink(text), "wants") for text in note.contact.wants
        ]


def _name_row(number: int, text: str, what: str) -> Row:
    plain = names.fold_plain(text)
    _, gap, last = plain.rpartition(" ")
    return number, text, plain, what, last if gap else None, next(iter(names.search_words(text)), "")
