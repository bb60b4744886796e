"""Which notes name another one in their text, without a link: its title, found as a phrase by full-text search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from mdmentor.core.pattern import pattern
from mdmentor.index import tables
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


def named_in_text(sql: sqlite3.Connection, titles: Iterable[tuple[int, str]], number: int) -> tuple[int, ...]:
    """Of these notes, told by number and title, those that the text of the note with this number names.

    As `notes_naming` has it, which would look through the words of all notes for each: these are looked for in a
    copy of the one text, read by the same rules.
    """
    row = sql.execute("SELECT shown FROM body WHERE note = ?", (number,)).fetchone()
    if row is None or not row[0]:
        return ()
    sql.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.own USING fts5(shown, tokenize={tables.TOKENS})")
    sql.execute("DELETE FROM temp.own")
    sql.execute("INSERT INTO temp.own VALUES (?)", (spaced(row[0]),))
    query = "SELECT 1 FROM temp.own WHERE own MATCH ?"
    phrases = ((note, _phrase(title)) for note, title in titles)
    return tuple(note for note, phrase in phrases if phrase and sql.execute(query, (phrase,)).fetchone())


def _phrase(title: str) -> str:
    words = _WORD.findall(title)
    if not words or (len(words) == 1 and len(title) < 5) or len(words) > MOST_WORDS_OF_A_NAME:
        return ""
    phrase = spaced(" ".join(words)).replace('"', " ")
    return f'{{shown}} : "{phrase}"'
