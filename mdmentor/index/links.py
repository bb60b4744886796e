"""Links, backlinks, and what relates two notes. Private lines stay out unless asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from mdmentor.core.entries import Mention
from mdmentor.core.model import CONTACT, Backlink, Link
from mdmentor.core.names import search_form, search_words
from mdmentor.core.relations import Evidence
from mdmentor.index import Index, rows

ATTENDEE = "attendee"  # the kind of a plain name among a meeting's attendees, which counts as a link
MOST_WORDS_OF_A_NAME = 30
# A topic that more notes have than this is looked up for the notes that are related anyway.
_COMMON = 300

# What counts as a link of the text: neither a plain name among attendees, nor the item that a line is nested below.
_IN_TEXT = "l.field != 'item above'"
_BINDS = "NOT private AND field IS NOT 'distinctfrom'"  # a link that tells two people apart relates nobody


def links(index: Index, path: str | None = None, *, private: bool = False) -> Iterator[dict[str, object]]:
    """The links of a note, or of all, as their JSON shape; `target` is None for a placeholder."""
    only = "" if path is None else " AND n.path = ?"
    hidden = "" if private else " AND NOT l.private"
    found = index.execute(
        "SELECT n.path, l.line, l.col, l.kind, l.raw, coalesce(t.path, l.file), l.fragment, l.text FROM link l"
        " JOIN note n ON n.id = l.note LEFT JOIN note t ON t.id = l.target"
        f" WHERE l.kind != 'attendee' AND {_IN_TEXT}{only}{hidden} ORDER BY n.path, l.line, l.col, l.seq",
        () if path is None else (path,),
    )
    keys = ("source", "line", "column", "kind", "raw", "target", "fragment", "text")
    return (dict(zip(keys, row, strict=True)) for row in found)


def links_of(index: Index, path: str) -> list[tuple[str, Link, str | None]]:
    """(note, link, the path it names) for every link in a note, private ones too."""
    return _links(index, "n.path = ?", path)


def links_with_keys(index: Index, keys: Iterable[str]) -> Iterator[tuple[str, Link, str | None]]:
    """(note, link, the path it names) for every link with one of these keys, private ones too."""
    for key in keys:
        yield from _links(index, "l.key = ?", key)


def _links(index: Index, where: str, value: str) -> list[tuple[str, Link, str | None]]:
    found = index.execute(
        "SELECT n.path, l.line, l.col, l.kind, l.raw, l.wanted, l.fragment, l.text, l.field,"
        " coalesce(t.path, l.file) FROM link l JOIN note n ON n.id = l.note"
        f" LEFT JOIN note t ON t.id = l.target WHERE {where} AND {_IN_TEXT} ORDER BY n.path, l.seq",
        (value,),
    )
    return [(path, Link(*link), target) for path, *link, target in found]


def backlinks(index: Index, path: str, *, private: bool = False) -> tuple[Backlink, ...]:
    """Links from other notes to this one, by source and line, each line once, with the line's text."""
    hidden = "" if private else " AND NOT l.private"
    found = index.execute(
        "SELECT DISTINCT n.id, n.path, n.title, l.line FROM link l JOIN note t ON t.id = l.target"
        f" JOIN note n ON n.id = l.note WHERE t.path = ? AND l.note != t.id AND {_IN_TEXT}{hidden}"
        " ORDER BY n.path, l.line",
        (path,),
    ).fetchall()
    lines: dict[int, list[list[str]]] = {}  # of each source: its lines, then the private ones if asked for
    backlinks = []
    for number, source, title, line in found:
        if number not in lines:
            columns = "shown, private" if private else "shown"
            texts = index.execute(f"SELECT {columns} FROM body WHERE note = ?", (number,)).fetchone() or ()
            lines[number] = [(text or "").split("\n") for text in texts]
        context = next((text[line - 1] for text in lines[number] if text[line - 1 : line] > [""]), "")
        backlinks.append(Backlink(source, title, line, context.strip()))
    return tuple(backlinks)


def links_to(index: Index, path: str) -> list[tuple[str, Link]]:
    """(note, link) for every link that names this note, those in it too, but for private ones; by place."""
    found = _links(index, "t.path = ? AND NOT l.private", path)
    return sorted(((source, link) for source, link, _ in found), key=lambda one: (one[0], one[1][:2]))


def backlink_counts(index: Index) -> dict[str, int]:
    """How many lines of other notes link to each contact, without private ones; contacts without any are left out."""
    found = index.execute(
        "SELECT t.path, count(DISTINCT l.note || ':' || l.line) FROM link l JOIN note t ON t.id = l.target"
        f" WHERE t.kind = '{CONTACT}' AND l.note != t.id AND {_IN_TEXT} AND NOT l.private GROUP BY t.id"
    )
    return dict(found.fetchall())


def evidence(index: Index, path: str, kinds: Sequence[str]) -> list[Evidence]:
    """All that relates the note at `path` to notes of these kinds.

    The statements are the same for every note, so that SQLite compiles each once.
    """
    number = index.value("SELECT id FROM note WHERE path = ?", (path,))
    if number is None:
        return []
    found: dict[int, Evidence] = {}

    def about(query: str, *values: object) -> Iterator[tuple[Evidence, str]]:
        """The evidence about each note that the query names, with the second value of its row."""
        rows_ = index.execute(
            f"WITH found (note, value) AS ({query}) SELECT n.id, f.value, n.path, n.kind, n.title, n.data"
            f" FROM found f CROSS JOIN note n ON n.id = f.note WHERE n.id != ?"
            f" AND n.kind IN ({_marks(kinds)}) ORDER BY f.value DESC",
            (*values, number, *kinds),
        )
        for other, value, path, kind, title, data in rows_.fetchall():
            if other not in found:
                found[other] = Evidence(path, kind, title, rows.is_confidential(data))
            yield found[other], value

    def about_each(numbers: Iterable[int]) -> Iterator[tuple[Evidence, str]]:
        return about("SELECT value, '' FROM json_each(?)", json.dumps(list(numbers)))

    for item, _ in about(f"SELECT DISTINCT target, '' FROM link WHERE note = ? AND {_BINDS}", number):
        item.links_there = True
    for item, _ in about(f"SELECT DISTINCT note, '' FROM link WHERE target = ? AND {_BINDS}", number):
        item.links_here = True
    for item, day in about(_TOGETHER, number, number):
        item.days.append(date.fromisoformat(day))
    own = "SELECT key, min(text) FROM topic WHERE note = ? AND kind = 'topic' GROUP BY key ORDER BY key"
    for key, text in index.execute(own, (number,)).fetchall():
        count = index.value("SELECT count(DISTINCT note) FROM topic WHERE key = ? AND kind = 'topic'", (key,))
        with_topic, values = "SELECT DISTINCT note, '' FROM topic WHERE key = ? AND kind = 'topic'", [key]
        if count > _COMMON:
            with_topic += " AND note IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(found)))
        for item, _ in about(with_topic, *values):
            item.topics.append((text, count))
    apart = _told_apart(index, number)
    naming = notes_naming(index, names_borne(index, number), kinds)
    for item, _ in about_each(other for other in naming if other not in apart):
        item.is_mentioned = True
    for item, _ in about_each(other for other in notes_named(index, number, kinds) if other not in apart):
        item.is_named = True
    return list(found.values())


# (note, day) of the talks with a link to this note, each once, however many links it has: for the other people linked in
# them, and for the person in whose log they are. Then for the people linked in the note's own log.
_TOGETHER = """
    WITH talk AS (
        SELECT DISTINCT e.note, e.seq, e.day, e.own FROM link l JOIN entry e ON e.note = l.note AND e.seq = l.entry
        WHERE l.target = ? AND e.kind = 'talk' AND NOT e.private
    )
    SELECT o.target, t.day FROM talk t JOIN link o INDEXED BY link_entry ON o.note = t.note AND o.entry = t.seq
    UNION SELECT note, day FROM talk WHERE own
    UNION SELECT l.target, e.day FROM entry e JOIN link l ON l.note = e.note AND l.entry = e.seq
    WHERE e.note = ? AND e.own AND e.kind = 'talk' AND NOT e.private
"""


def _told_apart(index: Index, number: int) -> frozenset[int]:
    """The notes that name this one, or that it names, only to say that these are two people."""
    query = "SELECT target FROM link WHERE note = ?1 AND field = 'distinctfrom'"
    query += " UNION SELECT note FROM link WHERE target = ?1 AND field = 'distinctfrom'"
    return frozenset(index.column(query, (number,)))


def names_borne(index: Index, number: int) -> tuple[str, ...]:
    """The title, the aliases, and the file's name where the note is a contact."""
    query = "SELECT title FROM note WHERE id = ?1 UNION SELECT text FROM name WHERE note = ?1 ORDER BY 1"
    return tuple(index.column(query, (number,)))


def notes_naming(index: Index, called: Iterable[str], kinds: Sequence[str]) -> list[int]:
    """Notes of these kinds whose text holds one of these names as a phrase."""
    phrases = [f'{{shown}} : "{phrase}"' for name in called if (phrase := _phrase(name))]
    if not phrases:
        return []
    return index.column(
        "SELECT w.rowid FROM words w CROSS JOIN note n ON n.id = w.rowid WHERE words MATCH ?"
        f" AND n.kind IN ({_marks(kinds)}) ORDER BY w.rowid",
        (" OR ".join(phrases), *kinds),
    )


def notes_named(index: Index, number: int, kinds: Sequence[str]) -> list[int]:
    """The notes of these kinds that the text of the note with this id names: the reverse of `notes_naming`."""
    words = search_words(index.value("SELECT shown FROM body WHERE note = ?", (number,)) or "")
    wanted = [kind for kind in kinds if kind in rows.NAMED_KINDS]
    short = short_phrases(words)
    candidates = index.execute(
        "SELECT m.note, m.text FROM json_each(?) w CROSS JOIN name m ON m.begins = w.value"
        f" CROSS JOIN note n ON n.id = m.note WHERE n.kind IN ({_marks(wanted)})",
        (json.dumps(list(short)), *wanted),
    )
    return sorted(named_in(words, short, candidates) - {number})


def short_phrases(words: Sequence[str]) -> set[str]:
    """All phrases of one word or two in a text of these words."""
    return {*words, *map(" ".join, pairwise(words))}


def named_in(words: Sequence[str], short: Container[str], called: Iterable[tuple[int, str]]) -> set[int]:
    """Of these notes, each with one of its names, those that a text of these words, and `short_phrases`, names."""
    text = f" {' '.join(words)} "
    phrases = ((note, _phrase(name)) for note, name in called)
    return {note for note, phrase in phrases if phrase and (phrase in short or f" {phrase} " in text)}


@lru_cache(maxsize=16_384)  # for one page the same names are compared with many texts
def _phrase(name: str) -> str:
    """The words to search for a name; "" for one of a short word, found by chance, and for one of very many words."""
    words = re.findall(r"[\w']+", name)
    is_short = len(words) == 1 and len(name) < (2 if " " in search_form(name).strip() else 5)
    return "" if is_short or len(words) > MOST_WORDS_OF_A_NAME else " ".join(search_words(name))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def mentions(index: Index, post: str) -> tuple[Mention, ...]:
    """Where a post came up in the log, newest first, with the person it came up with; without confidential people."""
    found = index.execute(
        "WITH talk AS (SELECT DISTINCT e.note, e.seq, e.day, e.line, e.text, e.own FROM link l"
        " JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE l.target = (SELECT id FROM note WHERE path = ?) AND e.kind = 'talk' AND NOT e.private AND NOT l.private)"
        " SELECT t.day, n.path, n.title, n.path, t.line, t.text FROM talk t JOIN note n ON n.id = t.note"
        f" WHERE t.own AND {rows.NOT_CONFIDENTIAL}"
        " UNION SELECT t.day, n.path, n.title, s.path, t.line, t.text FROM talk t JOIN note s ON s.id = t.note"
        " JOIN note n ON n.kind = 'contact'"
        " AND n.id IN (SELECT target FROM link o INDEXED BY link_entry WHERE o.note = t.note AND o.entry = t.seq)"
        f" WHERE NOT t.own AND {rows.NOT_CONFIDENTIAL} ORDER BY 1 DESC, 4, 5, 2",
        (post,),
    )
    return tuple(Mention(date.fromisoformat(day), *rest) for day, *rest in found)


def posts_talked_of(index: Index, limit: int) -> list[tuple[str, str]]:
    """(path, title) of the posts that came up in the log last, newest first."""
    return index.execute(
        "SELECT p.path, p.title FROM note p JOIN link l ON l.target = p.id"
        " JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE p.kind = 'post' AND e.kind = 'talk' AND NOT e.private"
        " GROUP BY p.id ORDER BY max(e.day) DESC, p.title, p.path LIMIT ?",
        (limit,),
    ).fetchall()
