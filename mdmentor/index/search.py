"""Full-text search and topics. Private lines stay out unless asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from mdmentor.core import names
from mdmentor.core.model import CONTACT, GOAL, POST, TopicEntry
from mdmentor.index import Index


def notes_with_topics(index: Index) -> int:
    """How many notes have a topic."""
    # in the order of this index no note has to be remembered; left to itself SQLite takes another one
    counted = "SELECT count(DISTINCT note) FROM topic INDEXED BY topic_note WHERE kind = 'topic'"
    return int(index.execute(counted).fetchone()[0])


def topics(index: Index) -> list[TopicEntry]:
    """Every topic with the posts, people and goals that have it, most first."""
    words: dict[str, str] = {}
    found: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for key, text, kind, title, path in index.execute(
        "SELECT t.key, min(t.text), n.kind, n.title, n.path FROM topic t JOIN note n ON n.id = t.note"
        " WHERE t.kind = 'topic' AND n.kind IN ('contact', 'post', 'goal') AND t.key != '' GROUP BY t.key, n.id ORDER BY t.key, n.title, n.path"
    ):
        words.setdefault(key, text)
        found.setdefault(key, {CONTACT: [], POST: [], GOAL: []})[kind].append((path, title))
    entries = [
        TopicEntry(words[key], *(tuple(notes[kind]) for kind in (CONTACT, POST, GOAL)))
        for key, notes in found.items()
    ]
    return sorted(entries, key=lambda t: (-len(t.contacts) - len(t.posts), t.topic.casefold()))


def search(index: Index, words: str, limit: int, *, private: bool = False) -> list[dict[str, object]]:
    """Notes that hold all the words, or words that begin so, with the line that fits best; words of signs aside.

    Those whose title holds them all come first, then the best.
    """
    phrases = list(filter(None, map(_phrase, words.split())))
    if not phrases:
        return []
    columns = "{title shown private}" if private else "{title shown}"
    found = {row[0]: row for where in ("{title}", columns) for row in _fitting(index, where, phrases, limit)}
    shapes: list[dict[str, object]] = []
    for path, title, shown, secret in list(found.values())[:limit]:
        line, text = _best_line(shown, phrases)
        if private and not text:
            line, text = _best_line(secret, phrases)
        shapes.append({"path": path, "title": title, "line": line, "snippet": text})
    return shapes


def words_of_signs(words: str) -> list[str]:
    """Those of the words that hold no letter and no digit, so that nothing can be searched for."""
    return [word for word in words.split() if not _phrase(word)]


def _phrase(word: str) -> str:
    """What full-text search makes of one word as it is written, `e mail` of `E-mail`."""
    return " ".join(names.search_words(word))


def _fitting(index: Index, columns: str, phrases: list[str], limit: int) -> list[tuple[str, str, str, str]]:
    """(path, title, text, private text) of the notes that hold all the phrases in these columns, best first."""
    query = " AND ".join(f'{columns} : "{phrase}"*' for phrase in phrases)
    return index.execute(
        "SELECT n.path, n.title, b.shown, b.private FROM"
        " (SELECT h.path, h.title, h.id, bm25(words, 8.0, 1.0, 1.0) AS best FROM words JOIN note h ON h.id = words.rowid"
        " WHERE words MATCH ? ORDER BY best, h.path LIMIT ?) n JOIN body b ON b.note = n.id ORDER BY n.best, n.path",
        (query, limit),
    ).fetchall()


def _best_line(text: str, phrases: list[str]) -> tuple[int, str]:
    """The first line that holds most of the phrases; (1, "") where none holds any: the title fits."""
    best, place, found = 0, 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        fits = sum(_holds(line, phrase) for phrase in phrases)
        if fits > best:
            best, place, found = fits, number, line
            if fits == len(phrases):
                break
    if len(found) > 200:
        end = min(_end_of(found, phrase) for phrase in phrases if _holds(found, phrase))
        at = max(0, end - 90)
        found = ("..." if at else "") + found[at : at + 180].strip() + "..."
    return place, found.strip()


def _holds(text: str, phrase: str) -> bool:
    return f" {phrase}" in f" {_phrase(text)}"


def _end_of(line: str, phrase: str) -> int:
    """Where the phrase first ends in a line that holds it: the shortest beginning of the line that does."""
    return bisect_left(range(len(line)), True, key=lambda end: _holds(line[:end], phrase))


def topics_of(index: Index, path: str) -> tuple[str, ...]:
    found = index.execute(
        "SELECT DISTINCT t.text FROM topic t JOIN note n ON n.id = t.note WHERE n.path = ? AND t.kind = 'topic' ORDER BY t.rowid",
        (path,),
    )
    return tuple(row[0] for row in found)


def notes_with_topic(index: Index, keys: Iterable[str], kind: str) -> list[tuple[str, str, str]]:
    """(path, title, topic) of the notes of a kind that have one of the topics, by title."""
    found: dict[str, tuple[str, str, str]] = {}
    for key in keys:
        for row in index.execute(
            "SELECT n.path, n.title, t.text FROM topic t JOIN note n ON n.id = t.note WHERE t.key = ? AND t.kind = 'topic' AND n.kind = ?",
            (key, kind),
        ):
            found.setdefault(row[0], row)
    return sorted(found.values(), key=lambda row: (row[1].casefold(), row[0]))
