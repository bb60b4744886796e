"""What is kept between runs to spare the next one work: what the last walk found, and answers already given.

All of it is true for one state of the index alone, and forgotten with it. This module loads nothing but SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

Line = tuple[str, str, str, str]  # kind, text, indent and first indent of a line to be printed


def facts(sql: sqlite3.Connection) -> dict[str, str]:
    """All that the index knows of itself."""
    return dict(sql.execute("SELECT key, value FROM meta").fetchall())


def has_racy(sql: sqlite3.Connection) -> bool:
    """Whether a note is known under a stamp that proves nothing yet."""
    return sql.execute("SELECT 1 FROM note WHERE racy LIMIT 1").fetchone() is not None


def has_owed(sql: sqlite3.Connection) -> bool:
    """Whether something changed that is on no page yet."""
    return sql.execute("SELECT 1 FROM owed LIMIT 1").fetchone() is not None


def put_facts(sql: sqlite3.Connection, told: Mapping[str, str]) -> None:
    sql.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", told.items())


def answer(sql: sqlite3.Connection, state: str, question: str) -> list[Line]:
    """The lines kept for a question in this very state; none where nothing is kept."""
    return sql.execute(
        "SELECT kind, text, indent, first FROM kept WHERE state = ? AND question = ? ORDER BY seq",
        (state, question),
    ).fetchall()


def put_answer(sql: sqlite3.Connection, state: str, question: str, lines: Sequence[Line]) -> None:
    """Keeps an answer, and forgets those of other states."""
    sql.execute("DELETE FROM kept WHERE state != ? OR question = ?", (state, question))
    rows = ((state, question, seq, *line) for seq, line in enumerate(lines))
    sql.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def written_pages(sql: sqlite3.Connection) -> list[tuple[str, int, int, int, int]]:
    """Path and stamp of every page as we wrote it last."""
    return sql.execute("SELECT path, size, mtime, ctime, inode FROM page").fetchall()
