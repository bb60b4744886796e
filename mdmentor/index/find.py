"""Finding notes: by a name that somebody typed, by words of their text, by a topic."""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from mdmentor.core import names
from mdmentor.core.entries import TopicEntry
from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.core.names import fold, fold_path, key_of, logseq_page, search_words
from mdmentor.index import Index

Found = tuple[str, str, str]  # path, kind, title

MOST_FOUND = 30  # by a part of a name; more than that nobody reads
_FOUND = "SELECT DISTINCT n.path, n.kind, n.title FROM note n"
_MARKDOWN_LINK = r"\[[^\[\]]*\]\(<?(?P<target>[^<>]+?)>?\)"


def find_notes(index: Index, name: str, *, contacts_only: bool) -> list[Found]:
    """(path, kind, title) of the notes that a name typed by a person may mean, the surest way that finds any.

    In turn: a whole name or alias; a path; a part of a name. The file name of a path that is not there finds nothing.
    """
    return (
        notes_called(index, name, contacts_only=contacts_only)
        or notes_at(index, name, contacts_only=contacts_only)
        or _notes_partly_called(index, name, contacts_only)
    )


def notes_called(index: Index, name: str, *, contacts_only: bool) -> list[Found]:
    """The notes with this whole name or alias; for notes that are not contacts the file's name is tried first."""
    word = typed_word(name)
    plain = names.fold_plain(word)
    if not plain:
        return []
    if not contacts_only:
        at_root = () if "/" in word else index.execute(f"{_FOUND} WHERE n.path = ?", (f"{word}.md",))
        by_key = f"{_FOUND} WHERE n.key = ? ORDER BY length(n.path), n.path"
        if found := [*at_root] or index.execute(by_key, (names.fold(word),)).fetchall():
            return found
    by_name = f"{_FOUND} JOIN name m ON m.note = n.id WHERE m.plain = ?{only_contacts(contacts_only)} ORDER BY n.title, n.path"
    return index.execute(by_name, (plain,)).fetchall()


def notes_at(index: Index, name: str, *, contacts_only: bool = False) -> list[Found]:
    """The note at this path, from the vault's root or absolute; `.md` may be left out, and case does not matter."""
    word, only = typed_word(name), only_contacts(contacts_only)
    path = path_in_vault(index, word)
    for wanted in (word, path, f"{path}.md"):
        if found := index.execute(f"{_FOUND} WHERE n.path = ?{only}", (wanted,)).fetchall():
            return found
    by_key = index.execute(f"{_FOUND} WHERE n.key = ?{only}", (key_of(path),)).fetchall()
    wanted = fold_path(path)
    here = [row for row in by_key if fold_path(row[0]) == wanted]
    return here or [row for row in by_key if "/" in path and fold(logseq_page(row[0])) == wanted]


def is_path(name: str) -> bool:
    """Whether a name is given as a path: with a folder or with `.md`."""
    word = typed_word(name)
    return "/" in word or "\\" in word or word[-3:].lower() == ".md"


def path_in_vault(index: Index, word: str) -> str:
    """The path from the vault's root that a path means; "" for one that leads out of the vault."""
    if os.path.isabs(word):
        folder, file = os.path.split(os.path.normpath(word))
        for parent in (folder, os.path.realpath(folder)):
            with contextlib.suppress(ValueError):  # another drive of Windows
                inside = os.path.relpath(os.path.join(parent, file), index.root).replace(os.sep, "/")
                if not inside.startswith("../"):
                    return inside
        return ""
    path = posixpath.normpath(word.replace("\\", "/"))
    return "" if path.startswith(("../", "/")) or path in (".", "..") else path


def typed_word(name: str) -> str:
    """The name as it was typed; of a link what it leads to."""
    name = name.strip()
    if name.startswith("[[") and name.endswith("]]"):
        target = name[2:-2].split("|", 1)[0].split("#", 1)[0].strip()
        return names.stem(target) if "/" not in target else target
    if name.startswith("[") and (link := re.fullmatch(_MARKDOWN_LINK, name)):
        from urllib.parse import unquote

        return unquote(link["target"])
    return name


def _notes_partly_called(index: Index, name: str, contacts_only: bool) -> list[Found]:
    """The notes with a name or alias in which a word begins so; without any, those that hold it anywhere."""
    plain = names.fold_plain(typed_word(name))
    if not plain:
        return []
    anywhere = "m.plain LIKE '%' || ?1 || '%' ESCAPE '\\'"
    for fits in (_AT_WORD, anywhere):
        query = f"{_FOUND} JOIN name m ON m.note = n.id WHERE {fits}{only_contacts(contacts_only)}"
        query += f" ORDER BY n.title, n.path LIMIT {MOST_FOUND}"
        if found := index.execute(query, (_like(plain),)).fetchall():
            return found
    return []


_AT_WORD = "(m.plain LIKE ?1 || '%' ESCAPE '\\' OR m.plain LIKE '% ' || ?1 || '%' ESCAPE '\\')"


def _like(text: str) -> str:
    """The text as part of a pattern for LIKE with ESCAPE '\\', in which it stands for itself."""
    return re.sub(r"[\\%_]", r"\\\g<0>", text)


def only_contacts(contacts_only: bool) -> str:
    return " AND n.kind = 'contact'" if contacts_only else ""


def paths_called(index: Index, name: str) -> list[str]:
    """The notes with this name as their title or an alias, or of contacts as the file's name; at most ten."""
    query = "SELECT DISTINCT n.path FROM name m JOIN note n ON n.id = m.note WHERE m.plain = ? ORDER BY 1 LIMIT 10"
    return index.column(query, (names.fold_plain(name),))


def names_that_begin(index: Index, begin: str, *, contacts_only: bool) -> list[str]:
    """Names and aliases for a shell to complete, at most fifty."""
    return index.column(
        "SELECT DISTINCT m.text FROM name m JOIN note n ON n.id = m.note"
        f" WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111){only_contacts(contacts_only)}"
        " ORDER BY m.plain, m.text LIMIT 50",
        (names.fold_plain(begin),),
    )


def names_like(
    index: Index, part: str, limit: int, *, contacts_only: bool
) -> list[tuple[str, str, str, str]]:
    """(name, path, kind, title) of notes with a name in which a word begins so, for an editor to offer.

    People come before other notes, names that begin so before others, short ones first. A dated note is found by its
    file's name.
    """
    like = _like(names.fold_plain(part))
    kinds = "n.kind = 'contact'" if contacts_only else "n.kind != 'page'"
    found = index.execute(
        "SELECT m.text, n.path, n.kind, n.title, m.what FROM name m JOIN note n ON n.id = m.note"
        f" WHERE {kinds} AND {_AT_WORD}"
        " ORDER BY n.kind != 'contact', m.plain NOT LIKE ?1 || '%' ESCAPE '\\', length(m.plain), m.plain, m.what = 'alias', n.path"
        " LIMIT ?2",
        (like, limit),
    ).fetchall()
    rows = [row[:4] for row in found]
    if not contacts_only and len(rows) < limit:
        dated = index.execute(
            "SELECT key, path, kind, title FROM note WHERE kind = 'dated' AND key LIKE ? || '%' ESCAPE '\\'"
            " ORDER BY key DESC, path LIMIT ?",
            (like, limit - len(rows)),
        )
        rows += [(names.stem(path), path, kind, title) for _, path, kind, title in dated]
    return rows


def paths_like(index: Index, part: str, limit: int) -> list[str]:
    """The notes and files with a folder or name that begins so, whatever the case; the shortest path first."""
    return index.column(
        "SELECT path FROM (SELECT path FROM note WHERE kind != 'page' UNION SELECT path FROM attachment)"
        " WHERE path LIKE ?1 || '%' ESCAPE '\\' OR path LIKE '%/' || ?1 || '%' ESCAPE '\\'"
        " OR path LIKE '% ' || ?1 || '%' ESCAPE '\\' ORDER BY length(path), path LIMIT ?2",
        (_like(part.lower()), limit),
    )


def topic_words(index: Index, kind: str) -> list[str]:
    """The words of all topics of this kind, "tag" or "topic", each once, the most frequent first."""
    query = "SELECT min(text) FROM topic WHERE kind = ? AND key != '' GROUP BY key ORDER BY count(*) DESC, 1 LIMIT 500"
    return index.column(query, (kind,))


def headings_like(index: Index, words: str, limit: int) -> list[tuple[str, str, str, int]]:
    """(heading, path, title, line) of headings that hold all the words, or words that begin so; private ones left out."""
    phrases = list(filter(None, map(_phrase, words.split())))
    found: list[tuple[str, str, str, int]] = []
    for path, title, shown, _ in _fitting(index, "{shown}", phrases, 20 * limit) if phrases else ():
        for heading in re.finditer(r"(?m)^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", shown):
            if all(_holds(heading[1], phrase) for phrase in phrases):
                found.append((heading[1], path, title, shown.count("\n", 0, heading.start()) + 1))
    return found[:limit]


def note_paths(index: Index) -> list[str]:
    return index.column("SELECT path FROM note ORDER BY path")


def contact_names(index: Index) -> Iterator[tuple[str, str, str]]:
    """(plain name or alias, path, title) of every contact."""
    yield from index.execute(
        "SELECT m.plain, n.path, n.title FROM name m JOIN note n ON n.id = m.note WHERE n.kind = 'contact'"
        " ORDER BY n.title, n.path"
    )


def paths_with_key(index: Index, key: str) -> list[tuple[str, str]]:
    """(path, kind) of the notes that a link of this key may name."""
    return index.execute("SELECT path, kind FROM note WHERE key = ? ORDER BY path", (key,)).fetchall()


def files_with_key(index: Index, key: str) -> list[str]:
    """The attachments that a link of this key may name."""
    return index.column("SELECT path FROM attachment WHERE key = ? ORDER BY path", (key,))


def paths_of_kind(index: Index, kind: str) -> list[str]:
    return index.column("SELECT path FROM note WHERE kind = ? ORDER BY path", (kind,))


def templates(index: Index) -> list[str]:
    """The notes in folders of templates."""
    return index.column("SELECT path FROM note WHERE why = 'in a templates folder' ORDER BY path")


def notes_with_heading(index: Index, heading: str) -> list[tuple[str, str]]:
    """(path, kind) of the notes that have such a heading, whatever its level and case; templates left out."""
    found = index.execute(
        "SELECT n.path, n.kind, b.shown || char(10) || b.private FROM words w JOIN note n ON n.id = w.rowid"
        " JOIN body b ON b.note = n.id WHERE words MATCH ? AND n.why != 'in a templates folder'"
        " ORDER BY n.path",
        (f'"{" ".join(search_words(heading))}"',),
    )
    line = rf"(?im)^ {{0,3}}#{{1,6}}[ \t]+{re.escape(heading)}:?[ \t]*#*[ \t]*$"
    return [(path, kind) for path, kind, text in found if re.search(line, text)]


def notes_with_topics(index: Index) -> int:
    """How many notes have a topic."""
    # in the order of this index no note has to be remembered; left to itself SQLite takes another one
    counted = "SELECT count(DISTINCT note) FROM topic INDEXED BY topic_note WHERE kind = 'topic'"
    return int(index.value(counted))


_OF_TOPICS = (CONTACT, POST, GOAL)


def topics(index: Index) -> list[TopicEntry]:
    """Every topic with the posts, people and goals that have it, most first."""
    rows = index.execute(
        "SELECT t.key, min(t.text), n.kind, n.title, n.path FROM topic t JOIN note n ON n.id = t.note"
        " WHERE t.kind = 'topic' AND n.kind IN ('contact', 'post', 'goal') AND t.key != '' GROUP BY t.key, n.id ORDER BY t.key, n.title, n.path"
    )
    entries = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        found = list(group)
        notes = [tuple((path, title) for *_, of, title, path in found if of == kind) for kind in _OF_TOPICS]
        entries.append(TopicEntry(found[0][1], *notes))
    return sorted(entries, key=lambda t: (-len(t.contacts) - len(t.posts), t.topic.casefold()))


def search(index: Index, words: str, limit: int, *, private: bool = False) -> list[dict[str, object]]:
    """Notes that hold all the words, or words that begin so, with the line that fits best; words without a letter or digit are ignored.

    Notes whose title holds them all come first, then the best.
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
    lines = text.split("\n")
    fits = [sum(_holds(line, phrase) for phrase in phrases) for line in lines]
    if not any(fits):
        return 1, ""
    place = fits.index(max(fits))
    found = lines[place]
    if len(found) > 200:
        end = min(_end_of(found, phrase) for phrase in phrases if _holds(found, phrase))
        at = max(0, end - 90)
        found = ("..." if at else "") + found[at : at + 180].strip() + "..."
    return place + 1, found.strip()


def _holds(text: str, phrase: str) -> bool:
    if text.isascii() and phrase.partition(" ")[0] not in text.lower():  # most texts hold no word of it
        return False
    return f" {phrase}" in f" {_phrase(text)}"


def _end_of(line: str, phrase: str) -> int:
    """Where the phrase first ends in a line that holds it: the shortest beginning of the line that does."""
    from bisect import bisect_left

    return bisect_left(range(len(line)), True, key=lambda end: _holds(line[:end], phrase))


def topics_of(index: Index, path: str) -> tuple[str, ...]:
    query = "SELECT DISTINCT t.text FROM topic t JOIN note n ON n.id = t.note WHERE n.path = ? AND t.kind = 'topic' ORDER BY t.rowid"
    return tuple(index.column(query, (path,)))


def notes_with_topic(index: Index, keys: Iterable[str], kind: str) -> list[tuple[str, str, str]]:
    """(path, title, topic) of the notes of a kind that have one of the topics, by title."""
    query = "SELECT n.path, n.title, t.text FROM topic t JOIN note n ON n.id = t.note WHERE t.key = ? AND t.kind = 'topic' AND n.kind = ?"
    found: dict[str, tuple[str, str, str]] = {}
    for key in keys:
        for row in index.execute(query, (key, kind)):
            found.setdefault(row[0], row)
    return sorted(found.values(), key=lambda row: (row[1].casefold(), row[0]))
