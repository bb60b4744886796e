"""Writing to the index: rows of notes in, rows of notes out, and links resolved by their key.

A run is one transaction. A new name touches only the links that have its key; the people whose interactions or
promises may have changed are collected, so that only they need to be assessed again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from functools import lru_cache
from sqlite3 import OperationalError

from mdmentor.core.model import CONTACT, Note, Problem
from mdmentor.core.names import by_folded_path, fold_plain, key_of, resolve_among, search_form
from mdmentor.errors import WorldFailed
from mdmentor.files import stamp_key
from mdmentor.index import Index
from mdmentor.index.links import ATTENDEE
from mdmentor.index.rows import HINTS, NoteRows, Row, Stamp, add_rows, no_rows, problem_row
from mdmentor.index.schema import USE_WAL, drop_indexes, make_indexes

_OF_NOTES = ("link", "entry", "name", "topic", "block", "body")
_OF_PEOPLE = ("assessment", "contribution")
_COLUMNS = {  # that rows go in with, where a table has others
    "words": "rowid, title, shown, private",
    "link": "note, seq, line, col, kind, raw, wanted, fragment, text, field, key, entry, private",
}
_BODIES = "SELECT note, title, shown, private FROM body WHERE note"
_AMONG = "IN (SELECT value FROM json_each(?))"  # of the ids in a JSON array
_MANY = 500  # changed notes and keys from which all links are resolved again, and everybody is assessed

# What two contacts are compared by, and the people that a contact is distinct from.
_PERSON = """
    SELECT title, json_extract(data, '$.uid', '$.aliases', '$.email', '$.phone', '$.linkedin', '$.url', '$.company',
        '$.birthday', '$.confidential'),
        (SELECT json_group_array(target) FROM link WHERE note = n.id AND field = 'distinctfrom')
    FROM note n WHERE id = ? AND kind = 'contact'
"""

# Which note a link without a folder names, where only one note has its key, at a path that is compared as it is written:
# what `_resolve` would find, in a fraction of the time.
_RESOLVE_PLAIN = """
    WITH one AS MATERIALIZED (
        SELECT key, min(id) AS id FROM note WHERE key > '' GROUP BY key
        HAVING count(*) = 1 AND substr(lower('/' || path), -length(key) - 4) = '/' || key || '.md'
    )
    UPDATE link SET target = (SELECT id FROM one WHERE one.key = link.key)
    WHERE NOT instr(wanted, '/') AND NOT instr(wanted, '\\') AND field IS NOT 'distinctfrom'
"""

# The problem of a note with conflict marks whose previous rows stay.
KEPT = "a merge is not finished here, so what the note said before it still counts"


@contextmanager
def writing(index: Index) -> Iterator[Writer]:
    """One transaction: all of it or nothing. Waits for other processes that write, for a minute at most."""
    try:
        index.execute("BEGIN IMMEDIATE")
    except OperationalError as error:
        what = f"the index cannot be written ({error})"
        raise WorldFailed(what, "nothing changed; try again later") from error
    try:
        yield Writer(index)
        index.execute("COMMIT")
        # a new index has none yet; while others use it, this is left to the next opening
        index.execute_if_free(USE_WAL)
    except BaseException:
        if index.in_transaction:
            index.execute("ROLLBACK")
        raise


@contextmanager
def trying(index: Index) -> Iterator[Writer]:
    """As `writing`, but what was changed is rolled back in the end: the index as it would be."""
    with suppress(_RolledBack), writing(index) as writer:
        yield writer
        raise _RolledBack


class _RolledBack(Exception):
    """Ends a transaction that was not meant to last."""


class Writer:
    """The changes of one transaction."""

    def __init__(self, index: Index) -> None:
        self._index = index
        newest = index.value("SELECT max(id) FROM note")
        self._is_empty = newest is None
        self._has_indexes = not self._is_empty  # and words for full-text search of all notes
        self._next_id = (newest or 0) + 1
        self._changed: set[int] = set()  # notes put in
        self._ties: set[int] = set()  # people whose interactions or promises may have changed
        self._keys: set[str] = set()  # keys that name other notes than before
        self._people_before: dict[int, Row | None] = {}  # `_person` of some notes before they changed

    def number_of(self, path: str) -> tuple[int, str | None]:
        """The id under which the note at this path goes in, and its hash in the index, if it is there."""
        if not self._is_empty:
            row = self._index.execute("SELECT id, hash FROM note WHERE path = ?", (path,)).fetchone()
            if row is not None:
                return row[0], row[1]
        self._next_id += 1
        return self._next_id - 1, None

    def drop_indexes(self) -> None:
        """Leaves full-text search and most indexes to `complete`: where most notes change, that takes less time."""
        if self._has_indexes:
            drop_indexes(self._index.execute)
            self._index.execute("INSERT INTO words (words) VALUES ('delete-all')")
            self._has_indexes = False

    def put(self, note: Note, stamp: Stamp, hash_: str, racy: bool) -> None:
        """Replaces the rows of one note."""
        rows = no_rows()
        add_rows(rows, self.number_of(note.path)[0], note, stamp, hash_, racy)
        self.take(rows)

    def take(self, rows: NoteRows) -> None:
        """Replaces the rows of some notes, under the ids that `number_of` gave; each path once."""
        numbers = [row[0] for row in rows["note"]]
        for number in numbers:
            self._remember_person(number)
        called = self._names_of_people(numbers)
        kinds = {} if self._is_empty else self._forget(numbers)
        for number, _, key, kind, *_ in rows["note"]:
            if len(self._changed) <= _MANY:  # with more, all links are resolved again
                self._changed.add(number)
            if kind == CONTACT:
                self._ties.add(number)
            elif kinds.get(number) == CONTACT:
                self._forget_person(number)
            if not self._is_empty and number not in kinds:
                self._keys.add(key)
        for table, some in rows.items():
            insert(self._index, table, some)
        self._keys.update(key for _, key in called ^ self._names_of_people(numbers))

    def touch(self, path: str, stamp: Stamp, racy: bool) -> bool:
        """Updates the stamp of a note whose bytes are the same; True if it could not be read before."""
        update = "UPDATE note SET stamp = ?, racy = ? WHERE path = ?"
        self._index.execute(update, (stamp_key(path, stamp), int(racy), path))
        unread = "DELETE FROM problem WHERE path = ? AND code = 'unreadable'"
        return self._index.execute(unread, (path,)).rowcount > 0

    def remove(self, path: str) -> str:
        """Removes the rows of a note that is gone; its kind, "" where it had none."""
        row = self._index.execute("SELECT id, key FROM note WHERE path = ?", (path,)).fetchone()
        if row is None:
            return ""
        number, key = row
        self._remember_person(number)
        self._keys.update(key for _, key in self._names_of_people([number]))
        kind = self._forget([number])[number]
        self._forget_person(number)
        self._keys.add(key)
        self._changed.discard(number)
        return kind

    def add_problem(self, problem: Problem) -> None:
        """Adds a problem of a note whose rows stay as they are; in place of an earlier one with its code."""
        number, _ = self.number_of(problem.path)
        self._index.execute("DELETE FROM problem WHERE note = ? AND code = ?", (number, problem.code))
        insert(self._index, "problem", [problem_row(number, problem)])

    def keep(self, path: str, stamp: Stamp, hash_: str, racy: bool, problems: Iterable[Problem]) -> None:
        """Records stamp, hash and problems of a note whose other rows stay as they are."""
        self.touch(path, stamp, racy)
        number, _ = self.number_of(path)
        self._index.execute("UPDATE note SET hash = ? WHERE id = ?", (hash_, number))
        self._index.execute(f"DELETE FROM problem WHERE note = ? AND code NOT IN {HINTS}", (number,))
        insert(self._index, "problem", [problem_row(number, problem) for problem in problems])

    def is_known_whole(self, path: str) -> bool:
        """True where the rows of a note were read from it without conflict marks in it."""
        of_note = "note = (SELECT id FROM note WHERE path = ?)"
        found = f"SELECT 1 FROM problem WHERE {of_note} AND code = 'conflict-markers' AND what != ?"
        return self._index.value(found, (path, KEPT)) is None

    def put_assessed(self, people: Sequence[tuple[Row, Row]]) -> None:
        """Replaces the rows of some people in `assessment` and `contribution`."""
        insert(self._index, "assessment", [assessment for assessment, _ in people])
        insert(self._index, "contribution", [contribution for _, contribution in people])

    def put_attachments(self, known: Set[str], now: Set[str]) -> None:
        """Replaces those of the attachments that are `known` by those that are there now."""
        new = [(path, key_of(path)) for path in now - known]
        self._index.executemany("DELETE FROM attachment WHERE path = ?", ((path,) for path in known - now))
        self._index.executemany("INSERT OR IGNORE INTO attachment VALUES (?, ?)", new)
        self._keys.update(map(key_of, known ^ now))

    def put_problems(self, problems: Iterable[Problem]) -> None:
        """Replaces the problems that belong to no note."""
        self._index.execute("DELETE FROM problem WHERE note IS NULL")
        insert(self._index, "problem", [problem_row(None, problem) for problem in problems])

    def complete(self, *, everywhere: bool) -> Iterator[None]:
        """Makes step by step what is missing of full-text search and the indexes, and the hints at two notes of one person.

        Links are resolved already; people may be assessed between two steps. Hints are looked for only if what they
        come from has changed.
        """
        if not self._has_indexes:
            if not self._is_empty:  # its words were put in already
                others = self._index.execute(f"{_BODIES} NOT IN (SELECT rowid FROM words)")
                put_in = f"INSERT INTO words ({_COLUMNS['words']}) VALUES (?, ?, ?, ?)"
                self._index.executemany(put_in, map(_words_row, others))
            yield from make_indexes(self._index.execute)
        self._is_empty, self._has_indexes = False, True
        before, self._people_before = self._people_before, {}
        if everywhere or len(before) > _MANY or any(self._person(n) != row for n, row in before.items()):
            from mdmentor.index.duplicates import hints  # slow to load, for its tables

            self._index.execute(f"DELETE FROM problem WHERE code IN {HINTS}")
            insert(self._index, "problem", [problem_row(*found) for found in hints(self._index)])

    def _remember_person(self, number: int) -> None:
        if number not in self._people_before and len(self._people_before) <= _MANY:
            self._people_before[number] = None if self._is_empty else self._person(number)

    def _person(self, number: int) -> Row | None:
        """What two contacts are compared by."""
        row: Row | None = self._index.execute(_PERSON, (number,)).fetchone()
        return row

    def resolve_links(self) -> None:
        """Resolves every link that may name another note than before."""
        links = "SELECT l.note, l.seq, l.wanted, l.raw, l.kind, l.key, l.target, l.file, l.entry, l.field, n.path FROM link l"
        links += " JOIN note n ON n.id = l.note"
        if len(self._changed) + len(self._keys) > _MANY:
            old = "target IS NOT NULL OR file IS NOT NULL"
            self._index.execute(f"UPDATE link SET target = NULL, file = NULL WHERE {old}")
            self._index.execute(_RESOLVE_PLAIN)
            pending: Iterable[Row] = self._index.execute(f"{links} WHERE l.target IS NULL")
            self._ties.update(self._index.column("SELECT id FROM note WHERE kind = 'contact'"))
        else:
            pending = [
                row
                for column, values in (("note", self._changed), ("key", self._keys))
                for value in values
                for row in self._index.execute(f"{links} WHERE l.{column} = ?", (value,))
            ]
        self._resolve(pending)
        self._changed.clear()
        self._keys.clear()

    def _resolve(self, pending: Iterable[Row]) -> None:
        """Writes what each of these links names, where it is another note or file than before."""

        @lru_cache(maxsize=2_000)
        def notes(key: str) -> tuple[dict[str, int], dict[str, str]]:
            ids = dict(self._index.execute("SELECT path, id FROM note WHERE key = ?", (key,)))
            return ids, by_folded_path(ids)

        @lru_cache(maxsize=2_000)
        def files(key: str) -> dict[str, str]:
            return by_folded_path(self._index.column("SELECT path FROM attachment WHERE key = ?", (key,)))

        changes = []
        for note, seq, wanted, raw, kind, key, old, old_file, entry, field, source in pending:
            target: int | None = None
            file: str | None = None
            if not wanted.strip():
                target = note
            else:
                ids, paths = notes(key)
                is_image = kind == "embed" and not raw.startswith("![[")
                is_markdown = is_image or kind in ("inline", "reference")
                path = resolve_among(wanted, source, paths, is_markdown=is_markdown) if paths else None
                if path is not None:
                    target = ids[path]
                elif attached := files(key):
                    file = resolve_among(wanted, source, attached, is_markdown=is_markdown)
                elif kind == ATTENDEE:
                    target = self._person_called(wanted, key)
            if (target, file) != (old, old_file):
                changes.append((target, file, note, seq))
                if field == "distinctfrom":
                    self._people_before.setdefault(note, None)
            if entry is not None:
                self._ties.update(number for number in (old, target) if number is not None)
        self._index.executemany("UPDATE link SET target = ?, file = ? WHERE note = ? AND seq = ?", changes)

    def _names_of_people(self, numbers: Sequence[int]) -> set[tuple[int, str]]:
        """The ids of those of these notes that are contacts, each with the key of one of their names."""
        if self._is_empty:
            return set()
        query = f"SELECT n.id, m.text FROM note n JOIN name m ON m.note = n.id WHERE n.id {_AMONG} AND n.kind = 'contact'"
        found = self._index.execute(query, (json.dumps(numbers),))
        return {(number, key_of(text)) for number, text in found}

    def _person_called(self, name: str, key: str) -> int | None:
        """The only contact with this name or alias, for a plain name among attendees."""
        query = "SELECT n.id, m.text FROM name m JOIN note n ON n.id = m.note WHERE m.plain = ? AND n.kind = 'contact'"
        found = {
            number for number, text in self._index.execute(query, (fold_plain(name),)) if key_of(text) == key
        }
        return found.pop() if len(found) == 1 else None

    def take_ties(self) -> set[int]:
        """The people whose interactions or promises may have changed since this was asked last."""
        ties, self._ties = self._ties, set()
        return ties

    def _forget(self, numbers: list[int]) -> dict[int, str]:
        """Removes all rows of these notes; the kinds of those that there were."""
        these = (json.dumps(numbers),)
        kinds = dict(self._index.execute(f"SELECT id, kind FROM note WHERE id {_AMONG}", these).fetchall())
        named = f"SELECT target FROM link WHERE note {_AMONG} AND target IS NOT NULL AND entry IS NOT NULL"
        self._ties.update(self._index.column(named, these))
        if self._has_indexes:
            take_out = "INSERT INTO words (words, rowid, title, shown, private) VALUES ('delete', ?, ?, ?, ?)"
            bodies = self._index.execute(f"{_BODIES} {_AMONG}", these).fetchall()
            self._index.executemany(take_out, map(_words_row, bodies))
        for table in _OF_NOTES:
            self._index.execute(f"DELETE FROM {table} WHERE note {_AMONG}", these)
        self._index.execute(f"DELETE FROM problem WHERE note {_AMONG} AND code NOT IN {HINTS}", these)
        self._index.execute(f"DELETE FROM note WHERE id {_AMONG}", these)
        return kinds

    def _forget_person(self, number: int) -> None:
        for table in _OF_PEOPLE:
            self._index.execute(f"DELETE FROM {table} WHERE note = ?", (number,))


def _words_row(body: Row) -> Row:
    """The row of the table `words` for a row of the table `body`."""
    number, *texts = body
    return number, *map(search_form, texts)


def insert(index: Index, table: str, rows: Sequence[Row]) -> None:
    """Puts rows into a table; those of people replace the ones that are there."""
    if not rows:
        return
    into = f"{table} ({_COLUMNS[table]})" if table in _COLUMNS else table
    verb = "INSERT OR REPLACE" if table in _OF_PEOPLE else "INSERT"
    index.executemany(f"{verb} INTO {into} VALUES ({', '.join('?' * len(rows[0]))})", rows)
