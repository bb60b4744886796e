"""Contacts with all that the vault tells of them, and the goals they may help with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from mdmentor.core import names
from mdmentor.core.model import Contact, Goal, Interaction, Person, Promise
from mdmentor.index import rows

_TALKS = (
    "SELECT e.note AS who, n.path, e.line, e.day, e.channel, e.text, e.marks FROM entry e JOIN note n ON n.id = e.note"
    " WHERE e.own AND e.kind = 'talk'{own} UNION"
    " SELECT l.target, n.path, e.line, e.day, e.channel, e.text, e.marks FROM link l"
    " JOIN entry e ON e.note = l.note AND e.seq = l.entry JOIN note n ON n.id = l.note"
    " WHERE l.target IS NOT NULL AND NOT e.own AND e.kind = 'talk'{linked} ORDER BY 1, 4, 2, 3"
)
_PROMISES = (
    "SELECT * FROM (SELECT e.note AS who, n.path AS path, e.line AS line, e.day AS day, e.text, e.theirs, e.private"
    " FROM entry e JOIN note n ON n.id = e.note WHERE e.own AND e.kind = 'promise'{own} UNION"
    " SELECT l.target, n.path, e.line, e.day, e.text, e.theirs, e.private FROM link l"
    " JOIN entry e ON e.note = l.note AND e.seq = l.entry JOIN note n ON n.id = l.note"
    " WHERE l.target IS NOT NULL AND NOT e.own AND e.kind = 'promise'{linked}) ORDER BY who, day IS NULL, day, path, line"
)


def contact(sql: sqlite3.Connection, path: str) -> Contact | None:
    row = sql.execute(
        "SELECT path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
    ).fetchone()
    return rows.contact_from_row(*row) if row else None


def goals(sql: sqlite3.Connection) -> tuple[Goal, ...]:
    """All goals, by title."""
    found = sql.execute("SELECT path, title, data FROM note WHERE kind = 'goal' ORDER BY title, path")
    return tuple(rows.goal_from_row(*row) for row in found)


def live_topics(sql: sqlite3.Connection) -> dict[str, str]:
    """Folded topic -> title of the active goal that makes it live; the first goal by title where several do."""
    live: dict[str, str] = {}
    for goal in goals(sql):
        if goal.active:
            for topic in goal.topics:
                live.setdefault(names.fold_topic(topic), goal.title)
    return live


def people(sql: sqlite3.Connection, paths: Iterable[str] | None = None) -> Iterator[Person]:
    """Everybody with their interactions and promises, or only those at `paths`; by id, one at a time in memory."""
    if paths is None:
        yield from _merge(
            sql.execute("SELECT id, path, title, data FROM note WHERE kind = 'contact' ORDER BY id"),
            sql.execute(_TALKS.format(own="", linked="")),
            sql.execute(_PROMISES.format(own="", linked="")),
        )
        return
    for path in paths:
        row = sql.execute(
            "SELECT id, path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
        ).fetchone()
        if row is None:
            continue
        own, linked = " AND e.note = :id", " AND l.target = :id"
        yield from _merge(
            iter([row]),
            sql.execute(_TALKS.format(own=own, linked=linked), {"id": row[0]}),
            sql.execute(_PROMISES.format(own=own, linked=linked), {"id": row[0]}),
        )


def _merge(
    contacts: Iterator[tuple[int, str, str, str]],
    talks: Iterator[tuple[object, ...]],
    promises: Iterator[tuple[object, ...]],
) -> Iterator[Person]:
    told = groupby(talks, itemgetter(0))
    owed = groupby(promises, itemgetter(0))
    next_talks: tuple[object, Iterator[tuple[object, ...]]] | None = next(told, None)
    next_promises = next(owed, None)
    for number, path, title, data in contacts:
        while next_talks is not None and next_talks[0] < number:  # type: ignore[operator]
            next_talks = next(told, None)
        interactions: tuple[Interaction, ...] = ()
        if next_talks is not None and next_talks[0] == number:
            interactions = tuple(rows.interaction_from_row(*row[1:]) for row in next_talks[1])  # type: ignore[arg-type]
            next_talks = next(told, None)
        while next_promises is not None and next_promises[0] < number:
            next_promises = next(owed, None)
        kept: tuple[Promise, ...] = ()
        if next_promises is not None and next_promises[0] == number:
            kept = tuple(rows.promise_from_row(*row[1:]) for row in next_promises[1])  # type: ignore[arg-type]
            next_promises = next(owed, None)
        yield Person(rows.contact_from_row(path, title, data), interactions, kept)


def introducers(sql: sqlite3.Connection) -> dict[str, str]:
    """Contact -> the contact who introduced them, both as paths, where the note links them."""
    found = sql.execute(
        "SELECT n.path, t.path FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        " WHERE l.field = 'introducedby' AND n.kind = 'contact' AND t.kind = 'contact' AND NOT l.private ORDER BY l.note, l.seq DESC"
    )
    return dict(found.fetchall())


def companies(sql: sqlite3.Connection) -> dict[str, str]:
    """Folded alias -> title, for every note that bears further names: by which a company may be told."""
    found = sql.execute(
        "SELECT m.text, n.title FROM name m JOIN note n ON n.id = m.note WHERE n.kind = 'note' AND m.text != n.title ORDER BY n.path"
    )
    return {names.fold(text): names.fold(title) for text, title in found}
