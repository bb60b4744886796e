"""Contacts with all that the vault tells of them, and the goals they may help with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from mdmentor.core import names
from mdmentor.core.model import Contact, Goal, Person
from mdmentor.index import rows

# Talks and promises in a contact's own note, and in other notes with each note that they link, as `rows.Told` has
# them. Indexes give either in the order of whom they concern. Each column more takes as long as three of its values.
_WHAT = f"CASE e.kind WHEN 'talk' THEN {rows.TALK} ELSE {rows.PROMISE} + {rows.THEIRS} * e.theirs + {rows.PRIVATE} * e.private END"
_OWN = (
    f"SELECT e.note, {_WHAT}, e.line, e.day, e.channel, e.text, e.marks FROM entry e"
    " WHERE e.own{one} ORDER BY e.note, e.seq"
)
_LINKED = (
    f"SELECT l.target, {_WHAT}, e.line, e.day, e.channel, e.text, e.marks, n.path"
    # in this order, as most such links stand in contacts' own logs, whose entries lie all over the table
    " FROM (SELECT DISTINCT target, note, entry FROM link WHERE target IS NOT NULL AND entry IS NOT NULL{one}) l"
    " CROSS JOIN note n ON n.id = l.note CROSS JOIN entry e ON e.note = l.note AND e.seq = l.entry"
    " WHERE n.kind != 'contact' ORDER BY l.target"
)
_Row = tuple[Any, ...]


def contact(sql: sqlite3.Connection, path: str) -> Contact | None:
    row = sql.execute(
        "SELECT path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
    ).fetchone()
    return rows.contact_from_row(*row) if row else None


def contacts(sql: sqlite3.Connection) -> Iterator[Contact]:
    """Everybody as their own notes tell them, without log and promises; by id, one at a time in memory."""
    for row in sql.execute("SELECT path, title, data FROM note WHERE kind = 'contact' ORDER BY id"):
        yield rows.contact_from_row(*row)


def is_confidential(sql: sqlite3.Connection, path: str) -> bool:
    """True for a note, of any kind, of which only the name may be shown."""
    row = sql.execute("SELECT data FROM note WHERE path = ?", (path,)).fetchone()
    return row is not None and rows.is_confidential(row[0])


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
    return map(rows.person_of, told_of_people(sql, paths))


def told_of_people(sql: sqlite3.Connection, paths: Iterable[str] | None = None) -> Iterator[rows.Told]:
    """As `people`, as the rows of which a person is made."""
    if paths is None:
        yield from _gather(
            sql.execute("SELECT id, path, title, data FROM note WHERE kind = 'contact' ORDER BY id"),
            sql.execute(_OWN.format(one="")),
            sql.execute(_LINKED.format(one="")),
        )
        return
    for path in paths:
        row = sql.execute(
            "SELECT id, path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
        ).fetchone()
        if row is not None:
            yield from _gather(
                iter([row]),
                sql.execute(_OWN.format(one=" AND e.note = ?"), row[:1]),
                sql.execute(_LINKED.format(one=" AND target = ?"), row[:1]),
            )


def _gather(
    contacts: Iterator[tuple[int, str, str, str]], own: Iterator[_Row], linked: Iterator[_Row]
) -> Iterator[rows.Told]:
    """Each contact with what is told of them, all three sorted by the contact's id."""
    of_own, of_linked = _Groups(own), _Groups(linked)
    for number, path, title, data in contacts:
        yield number, path, title, data, of_own.of(number), of_linked.of(number)


class _Groups:
    """Rows in the order of whom they concern, handed out person by person."""

    def __init__(self, rows_: Iterator[_Row]) -> None:
        self._groups = groupby(rows_, itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, number: int) -> list[_Row]:
        """The rows of this one; those of any before are passed over."""
        while self._next is not None and self._next[0] < number:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != number:
            return []
        found = list(self._next[1])
        self._next = next(self._groups, None)
        return found


def introducers(sql: sqlite3.Connection) -> dict[str, str]:
    """Contact -> the contact who introduced them, both as paths, where the note links them."""
    found = sql.execute(
        "SELECT n.path, t.path FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        # the plus keeps SQLite from going through everybody's links, where an index holds the few that count
        " WHERE l.field = 'introducedby' AND +n.kind = 'contact' AND +t.kind = 'contact' AND NOT l.private"
        " ORDER BY l.note, l.seq DESC"
    )
    return dict(found.fetchall())


def names_beginning(sql: sqlite3.Connection, begins: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(note, name) of every title, alias and file name that begins so: by which a company may be told.

    Of a confidential note the aliases are not among them, as they are not told anywhere.
    """
    for begin in begins:
        yield from sql.execute(
            "SELECT note, text FROM name WHERE plain >= ?1 AND plain < ?1 || char(1114111)",
            (names.fold_plain(begin),),
        )
        yield from sql.execute(
            "SELECT id, key FROM note WHERE key >= ?1 AND key < ?1 || char(1114111)", (names.fold(begin),)
        )


def names_of(sql: sqlite3.Connection, numbers: Iterable[int]) -> list[tuple[str, ...]]:
    """All names of each of these notes: title, file name, aliases."""
    found = []
    for number in sorted(numbers):
        path, title = sql.execute("SELECT path, title FROM note WHERE id = ?", (number,)).fetchone()
        borne = sql.execute("SELECT text FROM name WHERE note = ?", (number,))
        found.append(tuple(dict.fromkeys((title, names.stem(path), *(row[0] for row in borne)))))
    return found


def companies(sql: sqlite3.Connection, path: str | None = None) -> Iterator[tuple[str, str]]:
    """(path, company) for everybody who says where they work now, or for one person; several where there are several.

    Of a link both its target and the words it shows. Nothing of confidential contacts.
    """
    from mdmentor.core.frontmatter.keys import SPELLED

    only = "" if path is None else " AND n.path = ?"
    given = () if path is None else (path,)
    told = f"n.kind = 'contact' AND NOT instr(n.data, '\"confidential\":true'){only}"
    yield from sql.execute(
        "SELECT n.path, c.value FROM note n, json_each(n.data, '$.company') c"
        f" WHERE instr(n.data, '\"company\":') AND {told}",
        given,
    )
    marks = ", ".join(repr(key) for key in sorted(SPELLED["company"]))
    yield from sql.execute(
        "SELECT n.path, l.text FROM note n JOIN link l ON l.note = n.id"
        f" WHERE l.field IN ({marks}) AND instr(l.raw, '|') AND NOT l.private AND {told}",
        given,
    )
