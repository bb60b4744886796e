"""Which note a link names, written beside the link: for links that may name another note than before.

A link is kept by the key that it names, so a new name touches only the links that bear its key.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mdmentor.core.resolve import by_folded_path, resolve_among

_KEYS = 2_000  # names of which the notes that bear them are kept at hand while links are resolved
_LINKS = (
    "SELECT l.note, l.seq, l.wanted, substr(l.raw, 1, 3), l.kind, l.key, l.target, l.file, l.entry, n.path"
    " FROM link l JOIN note n ON n.id = l.note"
)
Pending = tuple[int, int, str, str, str, str, int | None, str | None, int | None, str]


class Resolved(NamedTuple):
    """Whom it concerns that links were resolved, by number."""

    linked: set[int]  # the notes that a link names or did name
    ties: set[int]  # those of them that one in a talk or promise does
    sources: set[int]  # the notes in which a link names another note or file than before


def resolve_plain(sql: sqlite3.Connection) -> None:
    """Resolves the links without a folder whose key one note bears: the resolver could answer nothing else."""
    sql.execute("DROP TABLE IF EXISTS temp.single")
    sql.execute(
        "CREATE TEMP TABLE single AS SELECT key, min(id) AS id FROM note GROUP BY key HAVING count(*) = 1"
    )
    sql.execute("CREATE UNIQUE INDEX temp.single_key ON single(key)")
    sql.execute("UPDATE link SET target = NULL, file = NULL WHERE target IS NOT NULL OR file IS NOT NULL")
    sql.execute("UPDATE link SET target = single.id FROM single WHERE single.key = link.key AND link.simple")
    sql.execute("DROP TABLE single")


def not_plain(sql: sqlite3.Connection) -> Iterator[Pending]:
    """The links that `resolve_plain` leaves, once it has been asked."""
    return sql.execute(f"{_LINKS} WHERE l.target IS NULL AND l.file IS NULL")


def in_question(sql: sqlite3.Connection, changed: Iterable[int], keys: Iterable[str]) -> Iterator[Pending]:
    """The links in the notes that changed, and those whose key is borne by other notes than before."""
    for number in changed:
        yield from sql.execute(f"{_LINKS} WHERE l.note = ?", (number,))
    for key in keys:
        yield from sql.execute(f"{_LINKS} WHERE l.key = ?", (key,))


def resolve(sql: sqlite3.Connection, pending: Iterable[Pending]) -> Resolved:
    """Looks up what each of these links names, and writes it where it is another note or file than before."""
    candidates: dict[str, tuple[dict[str, int], dict[str, str], dict[str, str]]] = {}
    changes = []
    resolved = Resolved(set(), set(), set())
    has_files = sql.execute("SELECT EXISTS (SELECT 1 FROM attachment)").fetchone()[0]
    for note, seq, wanted, opening, kind, key, old, old_file, entry, source in pending:
        target: int | None = None
        file: str | None = None
        if not wanted.strip():
            target = note
        else:
            if len(candidates) > _KEYS:
                candidates.clear()
            if key not in candidates:
                found = dict(sql.execute("SELECT path, id FROM note WHERE key = ?", (key,)))
                query = "SELECT path FROM attachment WHERE key = ?"
                files = [path for (path,) in sql.execute(query, (key,))] if has_files else []
                candidates[key] = found, by_folded_path(found), by_folded_path(files)
            found, notes, others = candidates[key]
            is_markdown = kind in ("inline", "reference") or (kind == "embed" and opening != "![[")
            if found:
                path = resolve_among(wanted, source, notes, is_markdown=is_markdown)
                target = found[path] if path is not None else None
            if target is None and others:
                file = resolve_among(wanted, source, others, is_markdown=is_markdown)
        if target != old or file != old_file:
            changes.append((target, file, note, seq))
            resolved.sources.add(note)
        for number in (old, target):
            if number is not None:
                resolved.linked.add(number)
                if entry is not None:
                    resolved.ties.add(number)
    sql.executemany("UPDATE link SET target = ?, file = ? WHERE note = ? AND seq = ?", changes)
    return resolved
