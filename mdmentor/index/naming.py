"""Which notes name another one in their text, without a link: its title, another name or an alias, found as a phrase."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence

from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.core.names import search_form, search_words
from mdmentor.index import schema

MOST_WORDS_OF_A_NAME = 30
# A text is asked for the names of these alone: plain notes are often called by a common word.
NAMED_KINDS = (CONTACT, POST, GOAL)
_AT_ONCE = 500  # words of a text looked up together
_WORD = r"[\w']+"


def names_borne(sql: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """The title, the aliases, and of a contact the file's name."""
    borne = sql.execute(
        "SELECT title FROM note WHERE id = ?1 UNION SELECT text FROM name WHERE note = ?1 ORDER BY 1",
        (number,),
    )
    return tuple(name for (name,) in borne)


def notes_naming(sql: sqlite3.Connection, called: Iterable[str], kinds: Sequence[str]) -> list[int]:
    """Notes of these kinds whose text holds one of these names as a phrase.

    A name of one short word would be found by chance, and nobody writes out one of very many words.
    """
    phrases = [phrase for name in called if (phrase := _phrase(name))]
    if not phrases:
        return []
    found = sql.execute(
        "SELECT w.rowid FROM words w CROSS JOIN note n ON n.id = w.rowid WHERE words MATCH ?"
        f" AND n.kind IN ({', '.join('?' * len(kinds))}) ORDER BY w.rowid",
        (" OR ".join(phrases), *kinds),
    )
    return [row[0] for row in found]


def notes_named(sql: sqlite3.Connection, number: int, kinds: Sequence[str]) -> tuple[int, ...]:
    """The notes of these kinds that the text of the note with this number names: the reverse of `notes_naming`."""
    text = _shown(sql, number)
    firsts = sorted(set(search_words(text)))
    candidates: list[tuple[int, str]] = []
    wanted = [kind for kind in kinds if kind in NAMED_KINDS]
    for at in range(0, len(firsts), _AT_ONCE):
        some = firsts[at : at + _AT_ONCE]
        candidates += sql.execute(
            "SELECT m.note, m.text FROM name m JOIN note n ON n.id = m.note"
            f" WHERE m.first IN ({', '.join('?' * len(some))}) AND n.kind IN ({', '.join('?' * len(wanted))})",
            (*some, *wanted),
        )
    found = named_in_text(sql, sorted(candidates), number) if candidates else ()
    return tuple(note for note in found if note != number)


def named_in_text(sql: sqlite3.Connection, called: Iterable[tuple[int, str]], number: int) -> tuple[int, ...]:
    """Of these notes, each with a name that it bears, those that the text of the note with this number names.

    As `notes_naming` has it, which would look through the words of all notes for each: these are looked for in a
    copy of the one text, read by the same rules.
    """
    text = _shown(sql, number)
    if not text:
        return ()
    sql.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.own USING fts5(shown, tokenize={schema.TOKENS})")
    sql.execute("DELETE FROM temp.own")
    sql.execute("INSERT INTO temp.own VALUES (?)", (search_form(text),))
    query = "SELECT 1 FROM temp.own WHERE own MATCH ?"
    phrases = ((note, _phrase(name)) for note, name in called)
    found = (note for note, phrase in phrases if phrase and sql.execute(query, (phrase,)).fetchone())
    return tuple(dict.fromkeys(found))


def _shown(sql: sqlite3.Connection, number: int) -> str:
    row = sql.execute("SELECT shown FROM body WHERE note = ?", (number,)).fetchone()
    return row[0] or "" if row else ""


def _phrase(name: str) -> str:
    words = re.findall(_WORD, name)
    is_short = len(words) == 1 and len(name) < (2 if " " in search_form(name).strip() else 5)
    if not words or is_short or len(words) > MOST_WORDS_OF_A_NAME:
        return ""
    return f'{{shown}} : "{" ".join(search_words(name))}"'
