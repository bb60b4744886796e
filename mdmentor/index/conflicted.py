"""Notes in which a merge is not finished: what was known of them stays, unlike a first reading."""

from __future__ import annotations

import sqlite3

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
