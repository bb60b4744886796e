"""Which note a link names, written beside the link: for links that may name another note than before.

A link is kept by the key that it names, so a new name touches only the links that bear its key.
"""

import sqlite3
from collections.abc import Iterable, Iterator

from mdmentor.core.resolve import by_folded_path, resolve_among

_KEYS = 2_000  # names of which the notes that bear them are kept at hand while links are resolved
_LINKS = (
    "SELECT l.note, l.seq, l.wanted, substr(l.raw, 1, 3), l.kind, l.key, l.target, l.file, l.entry, n.path"
    " FROM link l JOIN note n ON n.id = l.note"
)
Pending = tuple[int, int, str, str, str, str, int | None, str | None, int | None, str]


def all_links(sql: sqlite3.Connection) -> Iterator[Pending]:
    return sql.execute(_LINKS)


def in_question(sql: sqlite3.Connection, changed: Iterable[int], keys: Iterable[str]) -> Iterator[Pending]:
    """The links in the notes that changed, and those whose key is borne by other notes than before."""
    for number in changed:
        yield from sql.execute(f"{_LINKS} WHERE l.note = ?", (number,))
    for key in keys:
        yield from sql.execute(f"{_LINKS} WHERE l.key = ?", (key,))


def resolve(sql: sqlite3.Connection, pending: Iterable[Pending]) -> set[int]:
    """Looks up what each of these links names, and writes it where it is another note or file than before.

    The people, by number, whom a link in a talk or promise names or did name.
    """
    candidates: dict[str, tuple[dict[str, int], dict[str, str], dict[str, str]]] = {}
    changes = []
    ties: set[int] = set()
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
                files = [path for (path,) in sql.execute("SELECT path FROM attachment WHERE key = ?", (key,))]
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
        if entry is not None:
            ties.update(number for number in (old, target) if number is not None)
    sql.executemany("UPDATE link SET target = ?, file = ? WHERE note = ? AND seq = ?", changes)
    return ties
