"""Links, backlinks, and what speaks for two notes bearing on each other. Private lines stay out unless asked for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from mdmentor.core.model import CONTACT, GOAL, POST, Backlink, Mention
from mdmentor.core.names import search_form, search_words
from mdmentor.core.relations import Evidence
from mdmentor.index import rows, schema
from mdmentor.index.ask.notes import note_row

MOST_WORDS_OF_A_NAME = 30
# A text is asked for the names of these alone: plain notes are often called by a common word.
NAMED_KINDS = (CONTACT, POST, GOAL)
_NAMING_AT_ONCE = 500  # words of a text looked up together
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
    for at in range(0, len(firsts), _NAMING_AT_ONCE):
        some = firsts[at : at + _NAMING_AT_ONCE]
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


# A topic that more notes have than this tells nothing of two of them, and would cost most.
_COMMON = 300
_AT_ONCE = 1000  # notes looked up together
_WITH_TOPIC = "SELECT DISTINCT note FROM topic WHERE key = ? AND kind = 'topic'"


def links(
    sql: sqlite3.Connection, path: str | None = None, *, private: bool = False
) -> Iterator[dict[str, object]]:
    """The links of a note, or of all, as their JSON shape; `target` is None for a placeholder."""
    where = ["l.kind != 'attendee'", "l.field != 'item above'"]
    if path is not None:
        where.append("n.path = ?")
    if not private:
        where.append("NOT l.private")
    query = (
        "SELECT n.path, l.line, l.col, l.kind, l.raw, coalesce(t.path, l.file), l.fragment, l.text FROM link l"
        " JOIN note n ON n.id = l.note LEFT JOIN note t ON t.id = l.target"
        f" WHERE {' AND '.join(where)} ORDER BY n.path, l.line, l.col, l.seq"
    )
    keys = ("source", "line", "column", "kind", "raw", "target", "fragment", "text")
    for row in sql.execute(query, () if path is None else (path,)):
        yield dict(zip(keys, row, strict=True))


def backlinks(sql: sqlite3.Connection, path: str, *, private: bool = False) -> tuple[Backlink, ...]:
    """Links from other notes to this one, by source and line, each line once, with the line's text."""
    hidden = "" if private else " AND NOT l.private"
    found = sql.execute(
        "SELECT DISTINCT n.id, n.path, n.title, l.line FROM link l JOIN note t ON t.id = l.target"
        f" JOIN note n ON n.id = l.note WHERE t.path = ? AND l.note != t.id AND l.field != 'item above'{hidden}"
        " ORDER BY n.path, l.line",
        (path,),
    ).fetchall()
    lines: dict[
        int, tuple[list[str], list[str]]
    ] = {}  # of each source: those that may be shown, and private ones
    backlinks = []
    for number, source, title, line in found:
        if number not in lines:
            body = sql.execute("SELECT shown, private FROM body WHERE note = ?", (number,)).fetchone()
            shown, secret = body or ("", "")
            lines[number] = (shown or "").split("\n"), (secret or "").split("\n")
        shown_lines, secret_lines = lines[number]
        context = _line(shown_lines, line) or (_line(secret_lines, line) if private else "")
        backlinks.append(Backlink(source, title, line, context.strip()))
    return tuple(backlinks)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


class Lore:
    """What several questions for evidence look up again and again, for as long as nothing is written."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._notes: dict[int, tuple[str, str, str, bool]] = {}
        self._topics: dict[str, int] = {}
        self._on: dict[str, list[int]] = {}

    def learn(self, numbers: Iterable[int]) -> None:
        """Looks up all of these notes at once that were not looked up yet."""
        new = iter({number for number in numbers if number not in self._notes})
        while some := ", ".join(map(str, islice(new, _AT_ONCE))):
            query = f"SELECT id, path, kind, title, data FROM note WHERE id IN ({some})"
            for number, path, kind, title, data in self._sql.execute(query):
                self._notes[number] = path, kind, title, rows.is_confidential(data)

    def note(self, number: int) -> tuple[str, str, str, bool]:
        """Path, kind and title of a note, and whether it is confidential."""
        if number not in self._notes:
            query = "SELECT path, kind, title, data FROM note WHERE id = ?"
            path, kind, title, data = self._sql.execute(query, (number,)).fetchone()
            self._notes[number] = path, kind, title, rows.is_confidential(data)
        return self._notes[number]

    def notes_about(self, topic: str) -> int:
        """How many notes have the topic with this key."""
        if topic not in self._topics:
            query = "SELECT count(DISTINCT note) FROM topic WHERE key = ? AND kind = 'topic'"
            self._topics[topic] = self._sql.execute(query, (topic,)).fetchone()[0]
        return self._topics[topic]

    def notes_on(self, topic: str) -> list[int]:
        """These notes."""
        if topic not in self._on:
            self._on[topic] = [n for (n,) in self._sql.execute(_WITH_TOPIC, (topic,))]
        return self._on[topic]


def evidence(
    sql: sqlite3.Connection, path: str, kinds: tuple[str, ...], lore: Lore | None = None
) -> list[Evidence]:
    """All that speaks for a relation of the note at `path` with notes of these kinds."""
    lore = lore or Lore(sql)
    row = note_row(sql, path)
    if row is None:
        return []
    number = row[0]
    found: dict[int, Evidence] = {}

    def about(other: int) -> Evidence | None:
        if other == number:
            return None
        told = lore.note(other)
        if told[1] not in kinds:
            return None
        return found.setdefault(other, Evidence(*told))

    there = sql.execute(
        "SELECT DISTINCT target FROM link WHERE note = ? AND target IS NOT NULL AND NOT private", (number,)
    ).fetchall()
    here = sql.execute(
        "SELECT DISTINCT note FROM link WHERE target = ? AND NOT private", (number,)
    ).fetchall()
    together = sql.execute(
        # the talks that link this note, each once, however often: then who else is linked in them, whose own log
        # they stand in, and whom this note's own log links
        "WITH talk AS (SELECT DISTINCT e.note, e.seq, e.day, e.own FROM link l"
        " JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE l.target = ?1 AND e.kind = 'talk' AND NOT e.private)"
        " SELECT o.target, t.day FROM talk t JOIN link o INDEXED BY link_entry ON o.note = t.note AND o.entry = t.seq"
        " WHERE o.target IS NOT NULL"
        " UNION SELECT note, day FROM talk WHERE own"
        " UNION SELECT l.target, e.day FROM entry e JOIN link l ON l.note = e.note AND l.entry = e.seq"
        " WHERE e.note = ?1 AND e.own AND e.kind = 'talk' AND NOT e.private AND l.target IS NOT NULL"
        " ORDER BY 2 DESC",
        (number,),
    ).fetchall()
    lore.learn(other for other, *_ in (*there, *here, *together))
    for (other,) in there:
        if item := about(other):
            item.links_there = True
    for (other,) in here:
        if item := about(other):
            item.links_here = True
    for other, day in together:
        if item := about(other):
            item.days.append(date.fromisoformat(day))
    for key, text in sql.execute(
        "SELECT key, min(text) FROM topic WHERE note = ? AND kind = 'topic' GROUP BY key ORDER BY key",
        (number,),
    ).fetchall():
        many = lore.notes_about(key)
        if many > _COMMON:
            only = f" AND note IN ({', '.join(map(str, found))})"
            others = [n for (n,) in sql.execute(_WITH_TOPIC + only, (key,))]
        else:
            others = lore.notes_on(key)
        lore.learn(others)
        for other in others:
            if item := about(other):
                item.topics.append((text, many))
    naming, named = notes_naming(sql, names_borne(sql, number), kinds), notes_named(sql, number, kinds)
    lore.learn((*naming, *named))
    for other in naming:
        if item := about(other):
            item.is_mentioned = True
    for other in named:
        if item := about(other):
            item.is_named = True
    return list(found.values())


def mentions(sql: sqlite3.Connection, post: str) -> tuple[Mention, ...]:
    """Where a post came up in the log, newest first, with the person it came up with; nobody confidential."""
    open_only = " AND NOT instr(coalesce({}.data, ''), '\"confidential\":true')"
    # the talks that link the post, each once: in a contact's own log, or with the contacts linked beside it
    found = sql.execute(
        "WITH talk AS (SELECT DISTINCT e.note, e.seq, e.day, e.line, e.text, e.own FROM link l"
        " JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE l.target = (SELECT id FROM note WHERE path = ?) AND e.kind = 'talk' AND NOT e.private AND NOT l.private)"
        " SELECT t.day, n.path, n.title, n.path, t.line, t.text FROM talk t JOIN note n ON n.id = t.note"
        f" WHERE t.own{open_only.format('n')}"
        " UNION SELECT t.day, c.path, c.title, n.path, t.line, t.text FROM talk t JOIN note n ON n.id = t.note"
        " JOIN (SELECT DISTINCT note, entry, target FROM link) o ON o.note = t.note AND o.entry = t.seq"
        " JOIN note c ON c.id = o.target AND c.kind = 'contact'"
        f" WHERE NOT t.own{open_only.format('c')} ORDER BY 1 DESC, 4, 5, 2",
        (post,),
    )
    return tuple(Mention(date.fromisoformat(day), *rest) for day, *rest in found)


def posts_talked_of(sql: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """(path, title) of the posts that came up in the log last, newest first."""
    newest: dict[tuple[str, str], str] = {}
    # walks back through the days, and no further than it must
    for path, title, day in sql.execute(
        "SELECT p.path, p.title, e.day FROM entry e INDEXED BY entry_day CROSS JOIN link l ON l.note = e.note AND l.entry = e.seq"
        " JOIN note p ON p.id = l.target WHERE p.kind = 'post' AND e.kind = 'talk' AND NOT e.private ORDER BY e.day DESC"
    ):
        if len(newest) >= limit and day < min(newest.values()):
            break
        newest.setdefault((path, title), day)
    by_title = sorted(newest, key=lambda post: (post[1], post[0]))
    return sorted(by_title, key=lambda post: newest[post], reverse=True)[:limit]
