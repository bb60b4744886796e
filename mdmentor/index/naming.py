"""Which notes name another one in their text, without a link: its title, found as a phrase by full-text search."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mdmentor.core.pattern import pattern
from mdmentor.index.note_rows import spaced

MOST_WORDS_OF_A_NAME = 30
MOST_NOTES = 200
_WORD = pattern(r"[\w']+")


def notes_naming(sql: sqlite3.Connection, title: str, kinds: Sequence[str]) -> list[int]:
    """Notes of these kinds whose text holds the title as a phrase; the first MOST_NOTES, however many others do.

    A title of one short word would be named by chance, and nobody writes out one of very many words.
    """
    phrase = _phrase(title)
    if not phrase:
        return []
    found = sql.execute(
        "SELECT w.rowid FROM words w CROSS JOIN note n ON n.id = w.rowid WHERE words MATCH ?"
        f" AND n.kind IN ({', '.join('?' * len(kinds))}) ORDER BY w.rowid LIMIT {MOST_NOTES}",
        (phrase, *kinds),
    )
    return [row[0] for row in found]


def names_in_text(sql: sqlite3.Connection, title: str, number: int) -> bool:
    """Whether the text of the note with this number holds the title, as `notes_naming` has it."""
    phrase = _phrase(title)
    query = "SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?"
    return bool(phrase) and sql.execute(query, (phrase, number)).fetchone() is not None


def _phrase(title: str) -> str:
    words = _WORD.findall(title)
    if not words or (len(words) == 1 and len(title) < 5) or len(words) > MOST_WORDS_OF_A_NAME:
        return ""
    phrase = spaced(" ".join(words)).replace('"', " ")
    return f'{{shown}} : "{phrase}"'
