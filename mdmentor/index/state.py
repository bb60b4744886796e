"""What the index knows of itself: what it was made under, and the stamps of notes, attachments and pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from mdmentor.core.model import Problem

Stamp = tuple[int, int, int, int]


class IndexState(NamedTuple):
    """The one row of the table `state`."""

    read_under: str = ""  # digest of the settings that decide how a note is read
    assessed_for: str = ""  # the day, the settings and the version by which people were assessed
    live_topics: str = ""  # digest of the topics of active goals
    revision: int = 0  # grows with every change that pages may show
    pages_revision: int = -1  # the revision that all pages and blocks show


def load(sql: sqlite3.Connection) -> IndexState:
    row = sql.execute(
        "SELECT read_under, assessed_for, live_topics, revision, pages_revision FROM state"
    ).fetchone()
    return IndexState(*row) if row else IndexState()


def save(sql: sqlite3.Connection, state: IndexState) -> None:
    sql.execute("DELETE FROM state")
    sql.execute(
        "INSERT INTO state (read_under, assessed_for, live_topics, revision, pages_revision)"
        " VALUES (?, ?, ?, ?, ?)",
        state,
    )


def stamps(sql: sqlite3.Connection, only: Collection[str] | None = None) -> tuple[dict[str, Stamp], set[str]]:
    """Every note, or those of `only` that are known, with its stamp; and the notes whose stamp proves nothing yet."""
    columns = "SELECT path, size, mtime, ctime, inode, racy FROM note"
    if only is None:
        rows = sql.execute(columns).fetchall()
    else:
        found = (sql.execute(f"{columns} WHERE path = ?", (path,)).fetchone() for path in only)
        rows = [row for row in found if row]
    return {row[0]: row[1:5] for row in rows}, {row[0] for row in rows if row[5]}


def attachments(sql: sqlite3.Connection) -> set[str]:
    return {row[0] for row in sql.execute("SELECT path FROM attachment")}


def is_attachment(sql: sqlite3.Connection, path: str) -> bool:
    return sql.execute("SELECT 1 FROM attachment WHERE path = ?", (path,)).fetchone() is not None


def problems_of_no_note(sql: sqlite3.Connection, path: str | None = None) -> list[Problem]:
    """The problems of the settings, and of files and folders as a whole, in the order they were put in.

    With `path` those of this file or folder.
    """
    columns = "SELECT path, line, col, severity, code, what, fix FROM problem WHERE note IS NULL"
    if path is None:
        rows = sql.execute(f"{columns} ORDER BY rowid")
    else:
        rows = sql.execute(f"{columns} AND path = ? ORDER BY rowid", (path,))
    return [Problem(*row) for row in rows]


def pages(sql: sqlite3.Connection) -> dict[str, Stamp]:
    """The pages as they were written last."""
    return {row[0]: row[1:] for row in sql.execute("SELECT path, size, mtime, ctime, inode FROM page")}


def page_stamp(sql: sqlite3.Connection, path: str) -> Stamp | None:
    """The stamp under which we wrote a page last; None for what is no page."""
    row = sql.execute("SELECT size, mtime, ctime, inode FROM page WHERE path = ?", (path,)).fetchone()
    return tuple(row) if row else None


def put_page(sql: sqlite3.Connection, path: str, stamp: Stamp) -> None:
    sql.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", (path, *stamp))


def forget_page(sql: sqlite3.Connection, path: str) -> None:
    sql.execute("DELETE FROM page WHERE path = ?", (path,))


# Told of a note whose earlier rows stay.
KEPT = "a merge is not finished here, so what the note said before it still counts"


def is_known_whole(sql: sqlite3.Connection, path: str) -> bool:
    """True where what is known of a note was read from it without marks of a merge in it."""
    row = sql.execute(
        "SELECT count(*) FROM problem p JOIN note n ON n.id = p.note"
        " WHERE n.path = ? AND p.code = 'conflict-markers' AND p.what != ?",
        (path, KEPT),
    ).fetchone()
    return not row[0]
