"""The rows that notes make in the index: a pure function of the notes, whichever process reads them.

Nothing is looked up and nothing is written here. What depends on other notes - which note a link names, whom
an entry concerns - is left open in the rows, and filled in when all notes are there.
"""

from __future__ import annotations

from mdmentor.core import names
from mdmentor.core.dates import iso
from mdmentor.core.model import CONTACT, DATED, PAGE, Note, Problem
from mdmentor.core.resolve import key_of
from mdmentor.index.rows import note_data

Stamp = tuple[int, int, int, int]
Row = tuple[str | int | float | None, ...]
NoteRows = dict[str, list[Row]]  # table -> rows of some notes; values that every process can hand to another

_TABLES = ("note", "link", "entry", "name", "topic", "block", "problem", "body", "words")


def no_rows() -> NoteRows:
    """Every table that notes have rows in, without any."""
    return {table: [] for table in _TABLES}


def add_rows(rows: NoteRows, number: int, note: Note, stamp: Stamp, hash_: str, racy: bool) -> None:
    """Adds the rows of the note that bears this number, read under this stamp from bytes with this hash.

    A page of ours is known by its path alone: nothing it says is anybody's word.
    """
    day = iso(note.day) if note.day else None
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
    return number, p.path, p.line, p.column, p.severity, p.code, p.what, p.mend


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
            (number, len(found), "talk", line, iso(day), channel, text, " ".join(marks), 0, is_private, own)
        )
    for text, due, theirs, line, is_marked, links, _ in note.promises:
        entries.update(dict.fromkeys(links, len(found)))
        is_private = int(is_marked or private is None or line in private)
        by = iso(due) if due else None
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
