"""What the index knows of single paths: enough to tell whether an event on one of them is news at all.

Reads a handful of rows, never the whole table: the watcher asks this after each quiet moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

Stamp = tuple[int, int, int, int]


def stamps_of(sql: sqlite3.Connection, paths: Iterable[str]) -> dict[str, tuple[Stamp, bool]]:
    """Of these notes those that are known, each with its stamp and whether that proves nothing yet."""
    found = {}
    for path in paths:
        row = sql.execute(
            "SELECT size, mtime, ctime, inode, racy FROM note WHERE path = ?", (path,)
        ).fetchone()
        if row is not None:
            found[path] = (tuple(row[:4]), bool(row[4]))
    return found


def page_stamp(sql: sqlite3.Connection, path: str) -> Stamp | None:
    """The stamp under which we wrote a page last; None for what is no page."""
    row = sql.execute("SELECT size, mtime, ctime, inode FROM page WHERE path = ?", (path,)).fetchone()
    return tuple(row) if row else None


def is_attachment(sql: sqlite3.Connection, path: str) -> bool:
    return sql.execute("SELECT 1 FROM attachment WHERE path = ?", (path,)).fetchone() is not None


def has_problem_of_its_own(sql: sqlite3.Connection, paths: Iterable[str]) -> bool:
    """True where a scan had something to say of one of these paths itself, whatever is in the notes."""
    return any(
        sql.execute("SELECT 1 FROM problem WHERE note IS NULL AND path = ?", (path,)).fetchone()
        for path in paths
    )


def has_kept(sql: sqlite3.Connection) -> bool:
    """Whether there may be a note of which the index holds more than can be read of it now."""
    held = (
        "SELECT 1 FROM problem WHERE note IS NOT NULL AND code IN ('unreadable', 'conflict-markers') LIMIT 1"
    )
    return sql.execute(held).fetchone() is not None
