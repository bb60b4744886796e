"""Questions to the index, one statement a function, rows turned into values at once.

What is private stays out unless a function's argument asks for it: links, entries and texts of private
lines and confidential notes are marked as such when they are put in.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter

from mdmentor.core import names
from mdmentor.core.model import Backlink, Contact, Goal, Interaction, Mention, Person, Problem, Promise
from mdmentor.core.pages.frame import PAGES
from mdmentor.core.related import Evidence
from mdmentor.index import rows
from mdmentor.index.put import spaced

Stamp = tuple[int, int, int, int]

_WORD = re.compile(r"[\w']+")
# A topic that more notes have than this tells nothing of two of them, and would cost most.
_COMMON = 300

# Links to nothing. Links to our own pages are none, whether or not these have been written yet; a template's
# links are as unfilled as the rest of it.
_LOOSE = (
    "l.target IS NULL AND l.file IS NULL AND l.kind != 'attendee' AND n.why != 'in a templates folder'"
    f" AND l.key NOT IN ({', '.join(repr(names.fold(title)) for title in PAGES)})"
)

_TALKS = (
    "SELECT e.note AS who, n.path, e.line, e.day, e.channel, e.text, e.marks FROM entry e JOIN note n ON n.id = e.note"
    " WHERE e.own AND e.kind = 'talk'{own} UNION"
    " SELECT l.target, n.path, e.line, e.day, e.channel, e.text, e.marks FROM link l"
    " JOIN entry e ON e.note = l.note AND e.seq = l.entry JOIN note n ON n.id = l.note"
    " WHERE l.target IS NOT NULL AND NOT e.own AND e.kind = 'talk'{linked} ORDER BY 1, 4, 2, 3"
)
_PROMISES = (
    "SELECT * FROM (SELECT e.note AS who, n.path AS path, e.line AS line, e.day AS day, e.text, e.theirs, e.private"
    " FROM entry e JOIN note n ON n.id = e.note WHERE e.own AND e.kind = 'promise'{own} UNION"
    " SELECT l.target, n.path, e.line, e.day, e.text, e.theirs, e.private FROM link l"
    " JOIN entry e ON e.note = l.note AND e.seq = l.entry JOIN note n ON n.id = l.note"
    " WHERE l.target IS NOT NULL AND NOT e.own AND e.kind = 'promise'{linked}) ORDER BY who, day IS NULL, day, path, line"
)


def stamps(sql: sqlite3.Connection) -> dict[str, Stamp]:
    """Every note known, with the stamp it was read under."""
    return {row[0]: row[1:] for row in sql.execute("SELECT path, size, mtime, ctime, inode FROM note")}


def racy_paths(sql: sqlite3.Connection) -> set[str]:
    """Notes that had been saved so shortly before they were read that their stamp proves nothing yet."""
    return {row[0] for row in sql.execute("SELECT path FROM note WHERE racy")}


def hash_of(sql: sqlite3.Connection, path: str) -> bytes | None:
    row = sql.execute("SELECT hash FROM note WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None


def attachments(sql: sqlite3.Connection) -> set[str]:
    return {row[0] for row in sql.execute("SELECT path FROM attachment")}


def meta(sql: sqlite3.Connection, key: str) -> str:
    row = sql.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def set_meta(sql: sqlite3.Connection, key: str, value: str) -> None:
    sql.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def pages(sql: sqlite3.Connection) -> dict[str, Stamp]:
    """The pages as they were written last."""
    return {row[0]: row[1:] for row in sql.execute("SELECT path, size, mtime, ctime, inode FROM page")}


def put_page(sql: sqlite3.Connection, path: str, stamp: Stamp) -> None:
    sql.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", (path, *stamp))


def forget_page(sql: sqlite3.Connection, path: str) -> None:
    sql.execute("DELETE FROM page WHERE path = ?", (path,))


def counts(sql: sqlite3.Connection) -> dict[str, int]:
    """How many notes there are of each kind, pages included."""
    return dict(sql.execute("SELECT kind, count(*) FROM note GROUP BY kind ORDER BY kind"))


def rules(sql: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """(kind, rule, how many) for every rule by which notes were told to be of a kind."""
    return list(
        sql.execute(
            "SELECT kind, why, count(*) FROM note WHERE why != '' GROUP BY kind, why ORDER BY 1, 3 DESC, 2"
        )
    )


def note_row(sql: sqlite3.Connection, path: str) -> tuple[int, str, str, str] | None:
    """(id, path, kind, title) of a note; None where there is none."""
    return sql.execute("SELECT id, path, kind, title FROM note WHERE path = ?", (path,)).fetchone()  # type: ignore[no-any-return]


def path_of(sql: sqlite3.Connection, number: int) -> str:
    return str(sql.execute("SELECT path FROM note WHERE id = ?", (number,)).fetchone()[0])


def contact(sql: sqlite3.Connection, path: str) -> Contact | None:
    row = sql.execute(
        "SELECT path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
    ).fetchone()
    return rows.contact_from_row(*row) if row else None


def goals(sql: sqlite3.Connection) -> tuple[Goal, ...]:
    """All goals, by title."""
    found = sql.execute("SELECT path, title, data FROM note WHERE kind = 'goal' ORDER BY title, path")
    return tuple(rows.goal_from_row(*row) for row in found)


def live_topics(sql: sqlite3.Connection) -> dict[str, str]:
    """Folded topic -> title of the active goal that makes it live; the first goal by title where several do."""
    live: dict[str, str] = {}
    for goal in goals(sql):
        if goal.active:
            for topic in goal.topics:
                live.setdefault(names.fold_topic(topic), goal.title)
    return live


def people(sql: sqlite3.Connection, paths: Iterable[str] | None = None) -> Iterator[Person]:
    """Everybody with their interactions and promises, or only those at `paths`; by id, one at a time in memory."""
    if paths is None:
        yield from _merge(
            sql.execute("SELECT id, path, title, data FROM note WHERE kind = 'contact' ORDER BY id"),
            sql.execute(_TALKS.format(own="", linked="")),
            sql.execute(_PROMISES.format(own="", linked="")),
        )
        return
    for path in paths:
        row = sql.execute(
            "SELECT id, path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
        ).fetchone()
        if row is None:
            continue
        own, linked = " AND e.note = :id", " AND l.target = :id"
        yield from _merge(
            iter([row]),
            sql.execute(_TALKS.format(own=own, linked=linked), {"id": row[0]}),
            sql.execute(_PROMISES.format(own=own, linked=linked), {"id": row[0]}),
        )


def _merge(
    contacts: Iterator[tuple[int, str, str, str]],
    talks: Iterator[tuple[object, ...]],
    promises: Iterator[tuple[object, ...]],
) -> Iterator[Person]:
    told = groupby(talks, itemgetter(0))
    owed = groupby(promises, itemgetter(0))
    next_talks: tuple[object, Iterator[tuple[object, ...]]] | None = next(told, None)
    next_promises = next(owed, None)
    for number, path, title, data in contacts:
        while next_talks is not None and next_talks[0] < number:  # type: ignore[operator]
            next_talks = next(told, None)
        interactions: tuple[Interaction, ...] = ()
        if next_talks is not None and next_talks[0] == number:
            interactions = tuple(rows.interaction_from_row(*row[1:]) for row in next_talks[1])  # type: ignore[arg-type]
            next_talks = next(told, None)
        while next_promises is not None and next_promises[0] < number:
            next_promises = next(owed, None)
        kept: tuple[Promise, ...] = ()
        if next_promises is not None and next_promises[0] == number:
            kept = tuple(rows.promise_from_row(*row[1:]) for row in next_promises[1])  # type: ignore[arg-type]
            next_promises = next(owed, None)
        yield Person(rows.contact_from_row(path, title, data), interactions, kept)


def find_notes(sql: sqlite3.Connection, name: str, *, contacts_only: bool) -> list[tuple[str, str, str]]:
    """(path, kind, title) of the notes that a name typed by a person may mean, the surest way that finds any.

    In turn: the path; the file's name; a name or alias; a part of one.
    """
    only = " AND n.kind = 'contact'" if contacts_only else ""
    columns = "SELECT DISTINCT n.path, n.kind, n.title FROM note n"
    path = name.strip().removeprefix("./").replace("\\", "/")
    for wanted in (path, path + ".md"):
        found = sql.execute(f"{columns} WHERE n.path = ?{only}", (wanted,)).fetchall()
        if found:
            return found
    plain = names.fold_plain(names.unlink(name))
    if not plain:
        return []
    joined = f"{columns} JOIN name m ON m.note = n.id"
    queries: list[tuple[str, str]] = [(f"{joined} WHERE m.plain = ?{only} ORDER BY n.title, n.path", plain)]
    if not contacts_only:
        queries.insert(
            0, (f"{columns} WHERE n.key = ? ORDER BY length(n.path), n.path", names.fold(names.stem(path)))
        )
    else:
        queries.append((f"{columns} WHERE n.key = ?{only} ORDER BY n.path", names.fold(names.stem(path))))
    like = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    at_word = f"{joined} WHERE (m.plain LIKE ? || '%' ESCAPE '\\' OR m.plain LIKE '% ' || ?1 || '%' ESCAPE '\\'){only}"
    queries.append((f"{at_word} ORDER BY n.title, n.path LIMIT 30", like))
    queries.append(
        (
            f"{joined} WHERE m.plain LIKE '%' || ? || '%' ESCAPE '\\'{only} ORDER BY n.title, n.path LIMIT 30",
            like,
        )
    )
    for query, value in queries:
        found = sql.execute(query.replace("?1", "?1").replace("LIKE ? ||", "LIKE ?1 ||"), (value,)).fetchall()
        if found:
            return found
    return []


def near_names(sql: sqlite3.Connection, name: str, *, contacts_only: bool = False) -> list[str]:
    """Names of the vault that look like `name`, the nearest first; for "did you mean"."""
    from difflib import get_close_matches

    plain = names.fold_plain(names.unlink(name).rsplit("/", 1)[-1])
    if len(plain) < 3:
        return []
    only = " AND n.kind = 'contact'" if contacts_only else ""
    told: dict[str, str] = {}
    tail = plain.rsplit(" ", 1)[-1]
    for text, folded in sql.execute(
        f"SELECT m.text, m.plain FROM name m JOIN note n ON n.id = m.note WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111){only} LIMIT 400",
        (plain[:2],),
    ):
        told.setdefault(folded, text)
    if tail != plain and len(tail) > 2 and len(told) < 400:
        for text, folded in sql.execute(
            f"SELECT m.text, m.plain FROM name m JOIN note n ON n.id = m.note WHERE m.plain LIKE '% ' || ?{only} LIMIT 100",
            (tail,),
        ):
            told.setdefault(folded, text)
    return [told[found] for found in get_close_matches(plain, list(told), n=3, cutoff=0.75)]


def links(
    sql: sqlite3.Connection, path: str | None = None, *, private: bool = False
) -> Iterator[dict[str, object]]:
    """The links of a note, or of all, as their JSON shape; `target` is None for a placeholder."""
    where = ["l.kind != 'attendee'"]
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
        "SELECT DISTINCT n.path, n.title, l.line, b.shown, b.private FROM link l JOIN note t ON t.id = l.target"
        f" JOIN note n ON n.id = l.note LEFT JOIN body b ON b.note = n.id WHERE t.path = ? AND l.note != t.id{hidden}"
        " ORDER BY n.path, l.line",
        (path,),
    )
    told = []
    for source, title, line, shown, secret in found:
        context = _line(shown, line) or (_line(secret, line) if private else "")
        told.append(Backlink(source, title, line, context.strip()))
    return tuple(told)


def _line(text: str | None, line: int) -> str:
    lines = (text or "").split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def evidence(sql: sqlite3.Connection, path: str, kinds: tuple[str, ...]) -> list[Evidence]:
    """All that speaks for a relation of the note at `path` with notes of these kinds."""
    row = note_row(sql, path)
    if row is None:
        return []
    number, _, kind, title = row
    found: dict[int, Evidence] = {}
    known: dict[int, tuple[str, str, str]] = {}

    def about(other: int) -> Evidence | None:
        if other == number:
            return None
        if other not in known:
            known[other] = sql.execute("SELECT path, kind, title FROM note WHERE id = ?", (other,)).fetchone()
        if known[other][1] not in kinds:
            return None
        return found.setdefault(other, Evidence(*known[other]))

    for (other,) in sql.execute(
        "SELECT DISTINCT target FROM link WHERE note = ? AND target IS NOT NULL AND NOT private", (number,)
    ).fetchall():
        if item := about(other):
            item.links_there = True
    for (other,) in sql.execute(
        "SELECT DISTINCT note FROM link WHERE target = ? AND NOT private", (number,)
    ).fetchall():
        if item := about(other):
            item.links_here = True
    for other, day in sql.execute(
        # another's own log, or a dated note, where both are linked; the note's own log; a contact's log that links it
        "SELECT o.target, e.day FROM link l JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " JOIN link o ON o.note = l.note AND o.entry = l.entry WHERE l.target = ?1 AND e.kind = 'talk' AND NOT e.private AND o.target IS NOT NULL"
        " UNION SELECT l.target, e.day FROM entry e JOIN link l ON l.note = e.note AND l.entry = e.seq"
        " WHERE e.note = ?1 AND e.own AND e.kind = 'talk' AND NOT e.private AND l.target IS NOT NULL"
        " UNION SELECT e.note, e.day FROM link l JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE l.target = ?1 AND e.own AND e.kind = 'talk' AND NOT e.private ORDER BY 2 DESC",
        (number,),
    ).fetchall():
        if item := about(other):
            item.days = (*item.days, date.fromisoformat(day))
    for key, text in sql.execute(
        "SELECT key, min(text) FROM topic WHERE note = ? AND kind = 'topic' GROUP BY key ORDER BY key",
        (number,),
    ).fetchall():
        many = sql.execute(
            "SELECT count(DISTINCT note) FROM topic WHERE key = ? AND kind = 'topic'", (key,)
        ).fetchone()[0]
        if many > _COMMON:
            others = [
                n
                for n in found
                if sql.execute(
                    "SELECT 1 FROM topic WHERE note = ? AND key = ? AND kind = 'topic'", (n, key)
                ).fetchone()
            ]
        else:
            others = [
                n
                for (n,) in sql.execute(
                    "SELECT DISTINCT note FROM topic WHERE key = ? AND kind = 'topic'", (key,)
                )
            ]
        for other in others:
            if item := about(other):
                item.topics = (*item.topics, (text, many))
    for other in _naming(sql, title):
        if item := about(other):
            item.is_mentioned = True
    del kind
    return list(found.values())


def _naming(sql: sqlite3.Connection, title: str) -> list[int]:
    """Notes whose text holds the title as a phrase. A title of one short word would be named by chance."""
    words = _WORD.findall(title)
    if not words or (len(words) == 1 and len(title) < 5):
        return []
    phrase = spaced(" ".join(words)).replace('"', " ")
    query = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid LIMIT 200"
    return [row[0] for row in sql.execute(query, (f'{{shown}} : "{phrase}"',))]


def notes_with_topics(sql: sqlite3.Connection) -> int:
    return int(sql.execute("SELECT count(DISTINCT note) FROM topic WHERE kind = 'topic'").fetchone()[0])


def topics(sql: sqlite3.Connection) -> list[dict[str, object]]:
    """Every topic with the posts, people and goals that have it, most first."""
    found: dict[str, dict[str, object]] = {}
    for key, text, kind, title, path in sql.execute(
        "SELECT t.key, t.text, n.kind, n.title, n.path FROM topic t JOIN note n ON n.id = t.note"
        " WHERE t.kind = 'topic' AND n.kind IN ('contact', 'post', 'goal') AND t.key != '' GROUP BY t.key, n.id ORDER BY t.key, n.title, n.path"
    ):
        told = found.setdefault(key, {"topic": text, "contacts": [], "posts": [], "goals": []})
        told[f"{kind}s"].append({"path": path, "name": title})  # type: ignore[attr-defined]
    return sorted(
        found.values(), key=lambda t: (-len(t["contacts"]) - len(t["posts"]), str(t["topic"]).casefold())
    )  # type: ignore[arg-type]


def search(
    sql: sqlite3.Connection, words: str, limit: int, *, private: bool = False
) -> list[dict[str, object]]:
    """Notes that hold all the words, or words that begin so; best first, with the line that fits best."""
    tokens = [names.fold_plain(word) for word in _WORD.findall(words)]
    tokens = [token.strip("'") for token in tokens if token.strip("'")]
    if not tokens:
        return []
    columns = "{title shown private}" if private else "{title shown}"
    query = " AND ".join(f'{columns} : "{spaced(token).strip()}"*' for token in tokens)
    found = sql.execute(
        "SELECT n.path, n.title, b.shown, b.private FROM (SELECT rowid, bm25(words, 8.0, 1.0, 1.0) AS best FROM words"
        " WHERE words MATCH ? ORDER BY best, rowid LIMIT ?) f JOIN note n ON n.id = f.rowid JOIN body b ON b.note = n.id"
        " ORDER BY f.best, n.path",
        (query, limit),
    ).fetchall()
    told = []
    for path, title, shown, secret in found:
        line, text = _best_line(shown, tokens)
        if private and not text:
            line, text = _best_line(secret, tokens)
        told.append({"path": path, "title": title, "line": line, "snippet": text})
    return told


def _best_line(text: str, tokens: list[str]) -> tuple[int, str]:
    """The first line that holds most of the tokens; (1, "") where none holds any: the title fits."""
    best, place, found = 0, 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        plain = names.fold_plain(line)
        fits = sum(token in plain for token in tokens)
        if fits > best:
            best, place, found = fits, number, line
            if fits == len(tokens):
                break
    if len(found) > 200:
        at = max(
            0,
            min(
                (names.fold_plain(found).find(token) for token in tokens if token in names.fold_plain(found)),
                default=0,
            )
            - 60,
        )
        found = ("..." if at else "") + found[at : at + 180].strip() + "..."
    return place, found.strip()


def mentions(sql: sqlite3.Connection, post: str, limit: int) -> tuple[Mention, ...]:
    """Where a post came up in the log, newest first, with the person it came up with."""
    told = " JOIN entry e ON e.note = l.note AND e.seq = l.entry JOIN note n ON n.id = l.note"
    where = " WHERE l.target = :post AND e.kind = 'talk' AND NOT e.private AND NOT l.private"
    found = sql.execute(
        f"SELECT e.day, n.path, n.title, n.path, e.line, e.text FROM link l{told}{where} AND e.own UNION"
        f" SELECT e.day, c.path, c.title, n.path, e.line, e.text FROM link l{told}"
        " JOIN link o ON o.note = l.note AND o.entry = l.entry JOIN note c ON c.id = o.target AND c.kind = 'contact'"
        f"{where} AND NOT e.own ORDER BY 1 DESC, 4, 5, 2 LIMIT :limit",
        {"post": row[0] if (row := note_row(sql, post)) else 0, "limit": limit},
    )
    return tuple(Mention(date.fromisoformat(day), *rest) for day, *rest in found)


def posts_talked_of(sql: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """(path, title) of the posts that came up in the log last, newest first."""
    return sql.execute(
        "SELECT p.path, p.title FROM note p JOIN link l ON l.target = p.id JOIN entry e ON e.note = l.note AND e.seq = l.entry"
        " WHERE p.kind = 'post' AND e.kind = 'talk' AND NOT e.private GROUP BY p.id ORDER BY max(e.day) DESC, p.title, p.path LIMIT ?",
        (limit,),
    ).fetchall()


def introducers(sql: sqlite3.Connection) -> dict[str, str]:
    """Contact -> the contact who introduced them, both as paths, where the note links them."""
    found = sql.execute(
        "SELECT n.path, t.path FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        " WHERE l.field = 'introducedby' AND n.kind = 'contact' AND t.kind = 'contact' AND NOT l.private ORDER BY l.note, l.seq DESC"
    )
    return dict(found.fetchall())


def notes_of_kind(sql: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """(path, title) by title."""
    return sql.execute(
        "SELECT path, title FROM note WHERE kind = ? ORDER BY title COLLATE NOCASE, path", (kind,)
    ).fetchall()


def topics_of(sql: sqlite3.Connection, path: str) -> tuple[str, ...]:
    found = sql.execute(
        "SELECT DISTINCT t.text FROM topic t JOIN note n ON n.id = t.note WHERE n.path = ? AND t.kind = 'topic' ORDER BY t.rowid",
        (path,),
    )
    return tuple(row[0] for row in found)


def notes_with_topic(sql: sqlite3.Connection, keys: Iterable[str], kind: str) -> list[tuple[str, str, str]]:
    """(path, title, topic) of the notes of a kind that have one of the topics, by title."""
    found: dict[str, tuple[str, str, str]] = {}
    for key in keys:
        for row in sql.execute(
            "SELECT n.path, n.title, t.text FROM topic t JOIN note n ON n.id = t.note WHERE t.key = ? AND t.kind = 'topic' AND n.kind = ?",
            (key, kind),
        ):
            found.setdefault(row[0], row)
    return sorted(found.values(), key=lambda row: (row[1].casefold(), row[0]))


def companies(sql: sqlite3.Connection) -> dict[str, str]:
    """Folded alias -> title, for every note that bears further names: by which a company may be told."""
    found = sql.execute(
        "SELECT m.text, n.title FROM name m JOIN note n ON n.id = m.note WHERE n.kind = 'note' AND m.text != n.title ORDER BY n.path"
    )
    return {names.fold(text): names.fold(title) for text, title in found}


def blocks(sql: sqlite3.Connection) -> list[tuple[str, str]]:
    """(path, kind) of every block, by path."""
    return sql.execute(
        "SELECT n.path, b.kind FROM block b JOIN note n ON n.id = b.note ORDER BY n.path, b.rowid"
    ).fetchall()


def problems(sql: sqlite3.Connection, limit: int = -1) -> list[Problem]:
    """What is wrong in the notes themselves: errors first, then by place."""
    found = sql.execute(
        "SELECT path, line, col, severity, code, what, mend FROM problem"
        " ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, path, line, col, code LIMIT ?",
        (limit,),
    )
    return [Problem(*row) for row in found]


def loose_links(sql: sqlite3.Connection, limit: int = -1) -> list[tuple[str, int, int, str, str, str, int]]:
    """(path, line, column, kind, raw, wanted, private) of the links that name no note and no file."""
    return sql.execute(
        "SELECT n.path, l.line, l.col, l.kind, l.raw, l.wanted, l.private FROM link l JOIN note n ON n.id = l.note"
        f" WHERE {_LOOSE} ORDER BY n.path, l.line, l.col, l.seq LIMIT ?",
        (limit,),
    ).fetchall()


def count_problems(sql: sqlite3.Connection) -> int:
    return int(
        sql.execute(
            "SELECT (SELECT count(*) FROM problem)"
            f" + (SELECT count(*) FROM link l JOIN note n ON n.id = l.note WHERE {_LOOSE})"
        ).fetchone()[0]
    )


def alias_owner(sql: sqlite3.Connection, name: str) -> str | None:
    """The path of the one note that bears this name as an alias; None where none or several do."""
    found = sql.execute(
        "SELECT DISTINCT n.path FROM name m JOIN note n ON n.id = m.note WHERE m.plain = ? LIMIT 2",
        (names.fold_plain(name),),
    ).fetchall()
    return found[0][0] if len(found) == 1 else None


def paths_of(sql: sqlite3.Connection, numbers: Iterable[int]) -> list[str]:
    """The paths of those notes that are still there, by path."""
    found = (sql.execute("SELECT path FROM note WHERE id = ?", (number,)).fetchone() for number in numbers)
    return sorted(row[0] for row in found if row)


def names_that_begin(sql: sqlite3.Connection, begin: str, *, contacts_only: bool) -> list[str]:
    """Names and aliases for a shell to complete, at most fifty."""
    only = " AND n.kind = 'contact'" if contacts_only else ""
    found = sql.execute(
        "SELECT DISTINCT m.text FROM name m JOIN note n ON n.id = m.note"
        f" WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111){only} ORDER BY m.plain LIMIT 50",
        (names.fold_plain(begin),),
    )
    return [row[0] for row in found]


def count_entries(sql: sqlite3.Connection, kind: str) -> int:
    """How many talks or promises the notes hold, whether or not they name somebody who is a contact."""
    return int(sql.execute("SELECT count(*) FROM entry WHERE kind = ?", (kind,)).fetchone()[0])
