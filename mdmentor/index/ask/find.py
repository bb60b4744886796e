"""Which note a name typed by a person may mean, and which names look like it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from mdmentor.core import names

MOST_FOUND = 30  # by a part of a name; more than that nobody reads
_NEAR = 0.75  # how alike two names are, as difflib counts it, for one to be meant by the other


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
    at_word = f"{joined} WHERE (m.plain LIKE ?1 || '%' ESCAPE '\\' OR m.plain LIKE '% ' || ?1 || '%' ESCAPE '\\'){only}"
    queries.append((f"{at_word} ORDER BY n.title, n.path LIMIT {MOST_FOUND}", like))
    queries.append(
        (
            f"{joined} WHERE m.plain LIKE '%' || ? || '%' ESCAPE '\\'{only} ORDER BY n.title, n.path LIMIT {MOST_FOUND}",
            like,
        )
    )
    for query, value in queries:
        found = sql.execute(query, (value,)).fetchall()
        if found:
            return found
    return []


def near_names(sql: sqlite3.Connection, name: str, *, contacts_only: bool = False) -> list[str]:
    """Names of the vault that look like `name`, the nearest first; for "did you mean"."""
    from difflib import get_close_matches

    plain = names.fold_plain(names.unlink(name).rsplit("/", 1)[-1])
    if len(plain) < 3:
        return []
    names_ = "SELECT m.text, m.plain FROM name m"
    if contacts_only:
        names_ += " JOIN note n ON n.id = m.note AND n.kind = 'contact'"
    told: dict[str, str] = {}
    tail = plain.rsplit(" ", 1)[-1]
    for text, folded in sql.execute(
        f"{names_} WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111) LIMIT 400",
        (plain[:2],),
    ):
        told.setdefault(folded, text)
    if tail != plain and len(tail) > 2 and len(told) < 400:
        for text, folded in sql.execute(
            f"{names_} WHERE m.last = ? LIMIT 100",
            (tail,),
        ):
            told.setdefault(folded, text)
    likely = list(filter(_near_filter(plain), told))
    return [told[found] for found in get_close_matches(plain, likely, n=3, cutoff=_NEAR)]


def _near_filter(name: str) -> Callable[[str], bool]:
    """Says quickly which names cannot be near: most. Of those left, difflib decides.

    No more of two names can match than the letters that both have, each as often as the one that has it less.
    """
    letters, length = [(letter, name.count(letter)) for letter in set(name)], len(name)
    without = str.maketrans("", "", name)

    def may_be_near(other: str) -> bool:
        least = _NEAR * (length + len(other)) / 2
        # how many letters of the other one there are at all is found out sooner than how many of each
        if min(length, len(other) - len(other.translate(without))) < least:
            return False
        return sum([min(many, other.count(letter)) for letter, many in letters]) >= least

    return may_be_near


def alias_owner(sql: sqlite3.Connection, name: str) -> str | None:
    """The path of the one note that bears this name as an alias; None where none or several do."""
    found = sql.execute(
        "SELECT DISTINCT n.path FROM name m JOIN note n ON n.id = m.note WHERE m.plain = ? LIMIT 2",
        (names.fold_plain(name),),
    ).fetchall()
    return found[0][0] if len(found) == 1 else None


def names_that_begin(sql: sqlite3.Connection, begin: str, *, contacts_only: bool) -> list[str]:
    """Names and aliases for a shell to complete, at most fifty."""
    only = " AND n.kind = 'contact'" if contacts_only else ""
    found = sql.execute(
        "SELECT DISTINCT m.text FROM name m JOIN note n ON n.id = m.note"
        f" WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111){only} ORDER BY m.plain LIMIT 50",
        (names.fold_plain(begin),),
    )
    return [row[0] for row in found]
