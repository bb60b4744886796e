"""Values to rows and back: notes, contacts, goals, and people with their interactions and promises."""

from __future__ import annotations

import json
import sys
from collections.abc import Container
from datetime import date
from itertools import compress
from operator import ne
from typing import Any

from mdmentor.core import model, names
from mdmentor.core.names import key_of
from mdmentor.files import stamp_key

Row = tuple[Any, ...]  # of any table
# Id, path, title and data of a contact, and as JSON the entries in their own note and those about them in others, each
# with whether it is a talk, day, the path of the note, line, channel, text, marks, theirs, private, ticked, due.
PersonRow = tuple[int, str, str, str, str, str]

_NO_DAY = "~"  # in an entry, so that it comes behind all days
_DATES = frozenset({"met_on", "last_contact", "next", "snooze", "snoozed_on", "first_date"})
_json = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=date.isoformat
)


def to_json(value: object) -> str:
    """A value as compact JSON; a date in ISO form, a named tuple as a list."""
    return _json.encode(value)


def to_date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def note_data(note: model.Note) -> str | None:
    """The column `data` of a note: the fields of a contact or goal, and whether the note is confidential."""
    data: dict[str, object] = {}
    if note.contact is not None:
        said = map(ne, note.contact[2:], model.Contact._field_defaults.values())
        return to_json(dict(compress(zip(model.Contact._fields[2:], note.contact[2:], strict=True), said)))
    if note.goal is not None:
        data = {"topics": note.goal.topics, "active": note.goal.active}
    if note.confidential:
        data["confidential"] = True
    return to_json(data) if data else None


# In SQL, for a note `n`. A text that holds these characters has its quotes escaped, so that it holds others.
NOT_CONFIDENTIAL = "NOT instr(coalesce(n.data, ''), '\"confidential\":true')"

# Whose names are looked for in texts: plain notes are often called by a common word.
NAMED_KINDS = (model.CONTACT, model.POST, model.GOAL)

HINTS = "('same-name', 'same-person')"  # codes of the problems of a note that come from other notes


def is_confidential(data: str | None) -> bool:
    """Whether only the name of the note with this data may be shown."""
    return data is not None and '"confidential":true' in data


def contact_from_row(path: str, title: str, data: str) -> model.Contact:
    fields = json.loads(data)
    for key, value in fields.items():
        if isinstance(value, list):
            fields[key] = model.Birthday(*value) if key == "birthday" else tuple(value)
        elif key in _DATES:
            fields[key] = date.fromisoformat(value)
    return model.Contact(path, title, **fields)


def goal_from_row(path: str, title: str, data: str) -> model.Goal:
    fields = json.loads(data)
    return model.Goal(path, title, tuple(fields["topics"]), fields["active"], "confidential" in fields)


def person_from_row(row: PersonRow) -> model.Person:
    """A contact with interactions and promises by day, path and line; promises without a date last.

    Tasks that only say to get in touch are planned talks, no promises.
    """
    _, path, title, data, own, others = row
    contact = contact_from_row(path, title, data)
    entries = sorted(set(map(tuple, json.loads(own) + json.loads(others))))
    interactions, tasks = [], []
    for is_talk, day, where, line, channel, text, marks, theirs, private, ticked, due in entries:
        when = None if day == _NO_DAY else date.fromisoformat(day)
        if is_talk:
            said = when, channel, text, tuple(marks.split()) if marks else (), line, (), where
            days = date.fromisoformat(ticked) if ticked else None, date.fromisoformat(due) if due else None
            interactions.append(model.new(model.Interaction, said + days))
        else:
            tasks.append(model.Promise(text, when, bool(theirs), line, bool(private), (), where))
    promises, planned = tasks, []
    if tasks:
        from mdmentor.core.planned_talks import is_planned_talk  # few people have tasks

        planned = [task for task in tasks if is_planned_talk(task, contact)]
        promises = [task for task in tasks if task not in planned]
    return model.Person(contact, tuple(interactions), tuple(promises), tuple(planned))


Stamp = tuple[int, int, int, int]
NoteRows = dict[str, list[Row]]  # table -> rows of some notes

_TABLES = ("note", "link", "entry", "name", "topic", "block", "problem", "body", "words")


def no_rows() -> NoteRows:
    """No rows for each table that notes have rows in."""
    return {table: [] for table in _TABLES}


def add_rows(rows: NoteRows, number: int, note: model.Note, stamp: Stamp, hash_: str, racy: bool) -> None:
    """Adds the rows of a note with this id, read under this stamp from bytes with this hash.

    A page of ours gets no row but its own: the user did not write it.
    """
    day = note.day.isoformat() if note.day else None
    rows["note"].append((
        number, note.path, key_of(note.path), note.kind, note.title, day, note.why_kind, note_data(note),
        stamp_key(note.path, stamp), racy, hash_,
    ))  # fmt: skip
    if note.kind == model.PAGE:
        return
    private = _private_lines(note)
    entries = _add_entries(rows, number, note, private)
    rows["link"] += [
        (
            number, place, line, column, kind, raw, target, fragment, text, field, key_of(target), entries.get(place),
            line in private,
        )
        for place, (line, column, kind, raw, target, fragment, text, field) in enumerate(note.links)
    ]  # fmt: skip
    _add_names(rows, number, note)
    rows["block"] += [(number, block.kind) for block in note.blocks]
    rows["problem"] += [problem_row(number, problem) for problem in note.problems]
    body = (note.title, note.text, note.private_text)
    rows["body"].append((number, *body))
    rows["words"].append((number, *map(names.search_form, body)))


def problem_row(number: int | None, p: model.Problem) -> Row:
    return number, p.path, p.line, p.column, p.severity, p.code, p.what, p.fix


def _private_lines(note: model.Note) -> Container[int]:
    """The numbers of the private lines."""
    if not note.private_text:
        return frozenset()
    if not note.text:
        return range(sys.maxsize)
    return frozenset(n for n, line in enumerate(note.private_text.split("\n"), 1) if line.strip())


def _add_entries(rows: NoteRows, number: int, note: model.Note, private: Container[int]) -> dict[int, int]:
    """Adds talks and promises; the entry that each link belongs to, by the link's position in the note."""
    own = note.kind == model.CONTACT
    found: list[Row] = []
    entries: dict[int, int] = {}
    for day, channel, text, marks, line, links, _, ticked, due in note.interactions:
        place = len(found)
        for link in links:
            entries[link] = place
        found.append((
            number, place, "talk", line, day.isoformat(), channel, text, " ".join(marks), False,
            "private" in marks or line in private, own, ticked.isoformat() if ticked else "", due.isoformat() if due else "",
        ))  # fmt: skip
    for text, due, theirs, line, is_marked, links, _ in note.promises:
        entries.update(dict.fromkeys(links, len(found)))
        task = "promise", line, due.isoformat() if due else None, "", text, "", theirs
        found.append((number, len(found), *task, is_marked or line in private, own, "", ""))
    rows["entry"] += found
    return entries


def _add_names(rows: NoteRows, number: int, note: model.Note) -> None:
    """Adds the names and topics by which a note is found; of a confidential one only the names."""
    if note.kind == model.CONTACT:
        called = dict.fromkeys((note.title, *note.aliases, names.stem(note.path)))
        rows["name"] += [_name_row(number, t, "name" if t == note.title else "alias") for t in called]
    elif note.kind != model.DATED or note.aliases:
        called = dict.fromkeys((note.title, *note.aliases))
        is_sought = note.kind in NAMED_KINDS
        rows["name"] += [_name_row(number, text, "title", is_sought) for text in called]
    if note.confidential:
        return
    wants = note.contact.wants if note.contact else ()
    for kind, texts in (("topic", note.topics), ("tag", note.tags), ("wants", wants)):
        rows["topic"] += [(number, names.fold_topic(t), names.unlink(t).lstrip("#"), kind) for t in texts]


def _name_row(number: int, text: str, what: str, is_sought: bool = True) -> Row:
    words = names.search_words(text) or [""]
    return number, text, names.fold_plain(text), what, " ".join(words[:2]) if is_sought else "", words[-1]
