"""What a rename asks of the index: where everything lies, and the links that another name may touch."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from mdmentor.core.model import Link
from mdmentor.core.names import search_words

ATTENDEE = "attendee"  # the kind of a plain name among a meeting's attendees, which counts as a link


def note_paths(sql: sqlite3.Connection) -> list[str]:
    return [row[0] for row in sql.execute("SELECT path FROM note ORDER BY path")]


def file_paths(sql: sqlite3.Connection) -> list[str]:
    return [row[0] for row in sql.execute("SELECT path FROM attachment ORDER BY path")]


def links_of(sql: sqlite3.Connection, path: str) -> Iterator[tuple[str, Link, str | None]]:
    """(note, link, the path it names) for every link in a note, private ones too."""
    yield from _links(sql, "n.path = ?", path)


def links_with_keys(sql: sqlite3.Connection, keys: Iterable[str]) -> Iterator[tuple[str, Link, str | None]]:
    """(note, link, the path it names) for every link that bears one of these keys, private ones too."""
    for key in keys:
        yield from _links(sql, "l.key = ?", key)


def _links(sql: sqlite3.Connection, where: str, value: str) -> Iterator[tuple[str, Link, str | None]]:
    found = sql.execute(
        "SELECT n.path, l.line, l.col, l.kind, l.raw, l.wanted, l.fragment, l.text, l.field,"
        " coalesce(t.path, l.file) FROM link l JOIN note n ON n.id = l.note"
        " LEFT JOIN note t ON t.id = l.target"
        f" WHERE {where} AND l.field != 'item above' ORDER BY n.path, l.seq",
        (value,),
    )
    for path, *link, target in found:
        yield path, Link(*link), target


def contact_names(sql: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """(plain name or alias, path, title) of every contact."""
    yield from sql.execute(
        "SELECT m.plain, n.path, n.title FROM name m JOIN note n ON n.id = m.note WHERE n.kind = 'contact'"
        " ORDER BY n.title, n.path"
    )


def paths_with_key(sql: sqlite3.Connection, key: str) -> list[tuple[str, str]]:
    """(path, kind) of the notes that a link of this key may name."""
    return sql.execute("SELECT path, kind FROM note WHERE key = ? ORDER BY path", (key,)).fetchall()


def files_with_key(sql: sqlite3.Connection, key: str) -> list[str]:
    """The attachments that a link of this key may name."""
    return [row[0] for row in sql.execute("SELECT path FROM attachment WHERE key = ? ORDER BY path", (key,))]


def links_to(sql: sqlite3.Connection, key: str) -> bool:
    """Whether any link waits for a note of this key."""
    return bool(sql.execute("SELECT 1 FROM link WHERE key = ? LIMIT 1", (key,)).fetchone())


def paths_of_kind(sql: sqlite3.Connection, kind: str) -> list[str]:
    return [row[0] for row in sql.execute("SELECT path FROM note WHERE kind = ? ORDER BY path", (kind,))]


def templates(sql: sqlite3.Connection) -> list[str]:
    """The notes in folders of templates."""
    return [
        row[0]
        for row in sql.execute("SELECT path FROM note WHERE why = 'in a templates folder' ORDER BY path")
    ]


def notes_with_heading(sql: sqlite3.Connection, heading: str) -> list[tuple[str, str]]:
    """(path, kind) of the notes that have such a heading, whatever its level and case; templates left out."""
    found = sql.execute(
        "SELECT n.path, n.kind, b.shown || char(10) || b.private FROM words w JOIN note n ON n.id = w.rowid"
        " JOIN body b ON b.note = n.id WHERE words MATCH ? AND n.why != 'in a templates folder'"
        " ORDER BY n.path",
        (f'"{" ".join(search_words(heading))}"',),
    )
    line = re.compile(
        rf"^ {{0,3}}#{{1,6}}[ \t]+{re.escape(heading)}:?[ \t]*#*[ \t]*$", re.IGNORECASE | re.MULTILINE
    )
    return [(path, kind) for path, kind, text in found if line.search(text)]
