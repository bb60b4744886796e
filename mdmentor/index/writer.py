"""Writing to the index: rows of notes in, rows of notes out, and links resolved by their key.

All of a run happens in one transaction. A new name touches only the links that have its key; the people whose
interactions or promises may have changed by it are collected, so that nobody else needs to be assessed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set

from mdmentor.core.model import CONTACT, Note, Problem
from mdmentor.core.names import by_folded_path, key_of, resolve_among, search_form
from mdmentor.index import state, writer
from mdmentor.index.rows import NoteRows, Row, Stamp, add_rows, no_rows, problem_row

_OF_NOTES = ("link", "entry", "name", "topic", "block", "problem", "body")
_OF_PEOPLE = ("assessment", "contribution")
_MANY = 500  # changed notes and keys from which all links are resolved again, and everybody is assessed


class Writer:
    """One transaction's worth of changes."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        newest = sql.execute("SELECT max(id) FROM note").fetchone()[0]
        self._is_empty = newest is None
        self._next_id = (newest or 0) + 1
        self._changed: set[int] = set()  # notes put in
        self._ties: set[int] = set()  # people whose interactions or promises may have changed
        self._keys: set[str] = set()  # keys that name other notes than before

    def number_of(self, path: str) -> tuple[int, str | None]:
        """The number under which the note at this path goes in, and the hash it is known with, if it is."""
        if not self._is_empty:
            row = self._sql.execute("SELECT id, hash FROM note WHERE path = ?", (path,)).fetchone()
            if row is not None:
                return int(row[0]), row[1]
        self._next_id += 1
        return self._next_id - 1, None

    def put(self, note: Note, stamp: Stamp, hash_: str, racy: bool) -> None:
        """Takes a note in, in place of what was known of its path."""
        number, _ = self.number_of(note.path)
        rows = no_rows()
        add_rows(rows, number, note, stamp, hash_, racy)
        self.take(rows)

    def take(self, rows: NoteRows) -> None:
        """Takes in the rows of some notes, under the numbers that `number_of` gave; each path once."""
        for row in rows["note"]:
            number, _, key, kind = row[:4]
            assert isinstance(number, int) and isinstance(key, str)
            former = None if self._is_empty else self._forget(number)
            if former is None:
                self._keys.add(key)
            if kind == CONTACT:
                self._ties.add(number)
            else:
                self._forget_person(number)
            self._changed.add(number)
        for table, some in rows.items():
            insert(self._sql, table, some)

    def touch(self, path: str, stamp: Stamp, racy: bool) -> None:
        """The note is the same, only its stamp is new."""
        self._sql.execute(
            "UPDATE note SET size = ?, mtime = ?, ctime = ?, inode = ?, racy = ? WHERE path = ?",
            (*stamp, int(racy), path),
        )

    def remove(self, path: str) -> str:
        """Forgets a note that is gone; its kind, "" where none was known."""
        row = self._sql.execute("SELECT id, key FROM note WHERE path = ?", (path,)).fetchone()
        if row is None:
            return ""
        number, key = row
        kind = self._forget(number)
        self._forget_person(number)
        self._keys.add(key)
        self._changed.discard(number)
        return kind or ""

    def add_problem(self, problem: Problem) -> None:
        """Tells a problem of a note whose rows stay as they are; once, however often it is met."""
        number = self._sql.execute("SELECT id FROM note WHERE path = ?", (problem.path,)).fetchone()[0]
        self._sql.execute("DELETE FROM problem WHERE note = ? AND code = ?", (number, problem.code))
        insert(self._sql, "problem", [problem_row(number, problem)])

    def keep(self, path: str, stamp: Stamp, hash_: str, racy: bool, problems: Iterable[Problem]) -> None:
        """The note is seen as it lies there now, with these problems; what was read of it before stays."""
        self.touch(path, stamp, racy)
        self._sql.execute("UPDATE note SET hash = ? WHERE path = ?", (hash_, path))
        number = self._sql.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()[0]
        self._sql.execute("DELETE FROM problem WHERE note = ?", (number,))
        insert(self._sql, "problem", [problem_row(number, problem) for problem in problems])

    def is_known_whole(self, path: str) -> bool:
        """True where what is known of a note was read from it without conflict marks in it."""
        return state.is_known_whole(self._sql, path)

    def put_assessed(self, people: Sequence[tuple[Row, Row]]) -> None:
        """Takes in what was found of some people: rows of `standing` and of `share`."""
        insert(self._sql, "assessment", [assessment for assessment, _ in people])
        insert(self._sql, "contribution", [contribution for _, contribution in people])

    def put_attachments(self, known: Set[str], now: Set[str]) -> None:
        """Makes of the attachments known somewhere those that are there now."""
        self._sql.executemany("DELETE FROM attachment WHERE path = ?", ((path,) for path in known - now))
        self._sql.executemany(
            "INSERT OR IGNORE INTO attachment VALUES (?, ?)", ((path, key_of(path)) for path in now - known)
        )
        self._keys.update(map(key_of, known ^ now))

    def put_problems(self, problems: Iterable[Problem]) -> None:
        """Makes the problems that belong to no note exactly these."""
        self._sql.execute("DELETE FROM problem WHERE note IS NULL")
        insert(self._sql, "problem", [problem_row(None, problem) for problem in problems])

    def finish(self) -> None:
        """Resolves every link that may name another note than before."""
        if len(self._changed) + len(self._keys) > _MANY:
            links = writer.all_links(self._sql)
            people = self._sql.execute("SELECT id FROM note WHERE kind = 'contact'")
            self._ties.update(number for (number,) in people)
        else:
            links = writer.in_question(self._sql, self._changed, self._keys)
        self._ties |= writer.resolve(self._sql, links)
        self._changed.clear()
        self._keys.clear()
        self._is_empty = False

    def take_ties(self) -> set[int]:
        """The people whose interactions or promises may have changed since this was asked last."""
        ties, self._ties = self._ties, set()
        return ties

    def _forget(self, number: int) -> str | None:
        """Takes out the note with this number and all its rows; its kind, None where there is none."""
        sql = self._sql
        row = sql.execute("SELECT kind FROM note WHERE id = ?", (number,)).fetchone()
        if row is None:
            return None
        named = sql.execute(
            "SELECT target FROM link WHERE note = ? AND target IS NOT NULL AND entry IS NOT NULL", (number,)
        )
        self._ties.update(target for (target,) in named)
        body = sql.execute("SELECT title, shown, private FROM body WHERE note = ?", (number,)).fetchone()
        if body is not None:
            sql.execute(
                "INSERT INTO words (words, rowid, title, shown, private) VALUES ('delete', ?, ?, ?, ?)",
                (number, *map(search_form, body)),
            )
        for table in _OF_NOTES:
            sql.execute(f"DELETE FROM {table} WHERE note = ?", (number,))
        sql.execute("DELETE FROM note WHERE id = ?", (number,))
        return str(row[0])

    def _forget_person(self, number: int) -> None:
        for table in _OF_PEOPLE:
            self._sql.execute(f"DELETE FROM {table} WHERE note = ?", (number,))


def insert(sql: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Puts rows into a table; of a person's, in place of the former ones."""
    if not rows:
        return
    into = "words (rowid, title, shown, private)" if table == "words" else table
    verb = "INSERT OR REPLACE" if table in _OF_PEOPLE else "INSERT"
    sql.executemany(f"{verb} INTO {into} VALUES ({', '.join('?' * len(rows[0]))})", rows)


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
