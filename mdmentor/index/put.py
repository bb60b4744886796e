"""Writing to the index: rows of a note in, rows of a note out, and links resolved by their key.

All of a run happens in one transaction. A new name touches only the links that bear its key; whoever's
ties may have changed by it is collected, so that nobody else needs to be looked at again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import partial

from mdmentor.core.model import CONTACT, Note, Problem
from mdmentor.core.names import search_form
from mdmentor.core.resolve import key_of
from mdmentor.index import inserting, linking, tables
from mdmentor.index.bearing import NOTHING, Bearing, bearing, related_otherwise
from mdmentor.index.note_rows import FIRST, NoteRows, Row, Stamp, add_rows, no_rows, problem_row

_BATCH = 128  # notes whose rows are held back, so that they go in together
_OF_NOTES = ("link", "entry", "name", "topic", "block", "problem", "body")
_FILLED = "'note', 'name', 'topic', 'link', 'entry', 'block', 'problem'"  # by notes, and with indexes
# Indexes that stay all the while: of few of the rows, or asked for before all others are there again.
_KEPT = {
    "note_key", "note_kind", "note_racy", "name_plain", "name_last", "link_none", "link_target", "link_introducer",
    "block_note", "problem_note",
}  # fmt: skip
# How many parts of equal size the full-text index may have before it joins them bit by bit; 0 leaves them be, up to 16.
_MERGE = "INSERT INTO words (words, rank) VALUES ('automerge', ?)"
_USUAL_MERGE = 4
_FEW = 100  # changed notes of which it is asked one by one what they bear on
_MANY = 500  # changed notes from which whole-table statements are cheaper than one by one


class Writer:
    """One transaction's worth of changes."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        newest = sql.execute("SELECT max(id) FROM note").fetchone()[0]
        self.was_empty = newest is None  # so no path can be known already
        self._next_id = FIRST if newest is None else newest + 1
        self._held: NoteRows = {}
        self._held_notes = 0
        self.changed: set[int] = set()  # notes put in
        self.ties: set[int] = set()  # notes whose interactions or promises may have changed
        self.linked: set[int] = set()  # notes whose backlinks may have changed
        self.lost_people = False  # somebody is no contact any more
        self.bears_on_posts = False  # what "Posts and people" draws from a post, a goal or a person, or what links or shares a topic with them
        self.relations_changed = False  # a goal, what a post is called, or the topics of anybody
        self.related: set[int] = set()  # people who may relate otherwise to a post that changed
        self.introducers_changed = False  # who introduced whom, as links tell it
        self.problems_changed = False  # a problem, a link to nothing, or a name that may be offered for one
        self.unsettled: set[str] = set()  # folders of which a note or file is known otherwise than before
        self.is_much = False  # more than anybody can be told of one by one
        self._borne: dict[int, list[Row]] = {}  # names of changed notes, as they were
        self._bore: dict[int, Bearing] = {}  # of notes that changed or went: how they bore on others
        self._outdated: list[int] = []  # notes whose former rows go before those held back go in
        self._has_other_topics = False
        self._keys: set[str] = set()  # keys that name other notes than before
        self._indexes: dict[str, str] = {}  # by name, to be made again when all rows of notes are in
        self._last_indexes: dict[str, str] = {}  # and those of what is made of these rows
        self._expected = 0  # notes that go into an empty index; 0 where it cannot be relied upon
        self._prepare: Callable[[], None] | None = None  # what is to be done before the first of many go in
        self._is_filling = False  # many go into an empty index

    def put(self, note: Note, stamp: Stamp, hash_: str, racy: bool) -> None:
        """Takes a note in, in place of what was known of its path."""
        self._expected = 0  # not the number that links to it went in with
        number, _ = self.number_of(note.path)
        rows = no_rows()
        add_rows(rows, number, note, stamp, hash_, racy)
        self.take(rows)

    def start_over(self) -> None:
        """Forgets all notes, so that all go in as into an empty index."""
        for table in ("note", *_OF_NOTES, "standing", "share"):
            rest = " WHERE note IS NOT NULL" if table == "problem" else ""
            self._sql.execute(f"DELETE FROM {table}{rest}")
        self._sql.execute("INSERT INTO words (words) VALUES ('delete-all')")
        self.was_empty, self._next_id = True, FIRST

    def expect(self, paths: Sequence[str]) -> Iterator[tuple[str, int, str | None]]:
        """Each of these paths with the number under which its note goes in, and the hash it is known with, if it is.

        Many notes go faster into empty tables while these have no indexes yet. And which of them a plain link
        names is told by their paths alone, so that their links go in with their targets.
        """
        if not self.was_empty:
            return ((path, *self.number_of(path)) for path in paths)
        first = self._next_id
        self._next_id += len(paths)
        if len(paths) > _MANY:
            self.is_much = self.problems_changed = self._is_filling = True
            # not yet, as helpers can begin to read meanwhile
            self._expected, self._prepare = len(paths), partial(self._make_ready, paths, first)
        return ((path, number, None) for number, path in enumerate(paths, first))

    def _make_ready(self, paths: Sequence[str], first: int) -> None:
        """Leaves the empty tables without what only slows their filling down; which note bears a name alone is told."""
        from mdmentor.index import standings

        self._prepare = None
        found = self._sql.execute(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({_FILLED})"
        ).fetchall()
        for name, made in found:
            if name not in _KEPT:
                self._sql.execute(f"DROP INDEX {name}")
                self._indexes[name] = made
        # now, as full-text search writes down all that it holds back when an index goes
        self.make_last(standings.all_anew(self._sql))
        self._sql.execute(_MERGE, (0,))
        inserting.expect(self._sql, paths, first)

    def number_of(self, path: str) -> tuple[int, str | None]:
        """The number under which the note at this path goes in, and the hash it is known with, if it is."""
        if not self.was_empty:
            row = self._sql.execute("SELECT id, hash FROM note WHERE path = ?", (path,)).fetchone()
            if row is not None:
                return int(row[0]), row[1]
        self._next_id += 1
        return self._next_id - 1, None

    def take(self, rows: NoteRows) -> None:
        """Takes in the rows of some notes, under the numbers that `number_of` gave; each path once."""
        notes = rows["note"]
        borne: dict[object, list[Row]] = {}
        for row in rows["name"] if not self._is_filling else ():
            borne.setdefault(row[0], []).append(row)
        for row in notes:
            number, path, key, kind = row[:4]
            assert isinstance(number, int) and isinstance(path, str) and isinstance(key, str)
            self._unsettle(path)
            if not self._is_filling:
                self._replace(number, key, str(kind), borne.get(number, []))
            if kind == CONTACT:
                self.ties.add(number)
        self.problems_changed |= bool(rows["problem"])
        for table, held in rows.items():
            self._held.setdefault(table, []).extend(held)
        self._held_notes += len(notes)
        if self._held_notes >= _BATCH:
            self.flush()

    def _replace(self, number: int, key: str, kind: str, borne: list[Row]) -> None:
        """Has a note, with the names that it has now, take the place of what was known under its number."""
        former = None
        if self.is_much:
            if not self.was_empty:
                self._outdated.append(number)
        elif not self.was_empty:
            former = self._sql.execute("SELECT kind FROM note WHERE id = ?", (number,)).fetchone()
        if former is not None:
            self._forget_rows(number)
            self._sql.execute("DELETE FROM note WHERE id = ?", (number,))
            if kind != CONTACT:
                self._forget_standing(number)
                self.lost_people |= former[0] == CONTACT
        else:
            self._keys.update(() if self.is_much else (key,))
        if not self.is_much:
            # one by one only as far as anybody is told of them so: the rest of a large vault costs no memory
            self.changed.add(number)
            self.is_much = len(self.changed) + len(self._keys) > _MANY
        self.problems_changed |= self._borne.pop(number, []) != borne

    def touch(self, path: str, stamp: Stamp, racy: bool) -> None:
        """The note is the same, only its stamp is new."""
        self._unsettle(path)
        self._sql.execute(
            "UPDATE note SET size = ?, mtime = ?, ctime = ?, inode = ?, racy = ? WHERE path = ?",
            (*stamp, int(racy), path),
        )

    def remove(self, path: str) -> str:
        """Forgets a note that is gone; its kind, "" where none was known."""
        self.flush()
        row = self._sql.execute("SELECT id, key, kind FROM note WHERE path = ?", (path,)).fetchone()
        if row is None:
            return ""
        number, key, kind = row
        self.lost_people |= kind == CONTACT
        self._unsettle(path)
        self._forget_rows(number)
        self._sql.execute("DELETE FROM note WHERE id = ?", (number,))
        self._forget_standing(number)
        self._keys.add(key)
        self.changed.discard(number)
        return str(kind)

    def add_problem(self, problem: Problem) -> None:
        """Tells a problem of a note whose rows stay as they are; once, however often it is met."""
        number = self._sql.execute("SELECT id FROM note WHERE path = ?", (problem.path,)).fetchone()[0]
        self.problems_changed = True
        self._sql.execute("DELETE FROM problem WHERE note = ? AND code = ?", (number, problem.code))
        self._sql.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", problem_row(number, problem))

    def keep(self, path: str, stamp: Stamp, hash_: str, racy: bool, problems: Iterable[Problem]) -> None:
        """The note is seen as it lies there now, with these problems; what was read of it before stays."""
        self.problems_changed = True
        self.touch(path, stamp, racy)
        self._sql.execute("UPDATE note SET hash = ? WHERE path = ?", (hash_, path))
        number = self._sql.execute("SELECT id FROM note WHERE path = ?", (path,)).fetchone()[0]
        self._sql.execute("DELETE FROM problem WHERE note = ?", (number,))
        self._sql.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (problem_row(number, p) for p in problems)
        )

    def put_attachments(self, known: Set[str], now: Set[str]) -> None:
        """Makes of the attachments known somewhere those that are there now."""
        for path in known - now:
            self._sql.execute("DELETE FROM attachment WHERE path = ?", (path,))
        self._sql.executemany("INSERT INTO attachment VALUES (?, ?)", ((p, key_of(p)) for p in now - known))
        for path in known ^ now:
            self._keys.add(key_of(path))
            self._unsettle(path)

    def put_problems(self, problems: Iterable[Problem]) -> None:
        """Makes the problems that belong to no note exactly these."""
        self._sql.execute("DELETE FROM problem WHERE note IS NULL")
        self._sql.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (problem_row(None, p) for p in problems)
        )

    def finish(self) -> None:
        """Resolves every link that may name another note than before; some indexes may still be to be made."""
        self.flush()
        self.is_much |= len(self.changed) + len(self._keys) > _MANY
        if self.is_much:
            self._sql.execute(f"PRAGMA cache_size = {tables.CACHE_FOR_MUCH}")
            if not (self._expected and self._has_all_expected()):
                linking.resolve_plain(self._sql)
            links = linking.not_plain(self._sql)
            if not self.was_empty:
                people = self._sql.execute("SELECT id FROM note WHERE kind = 'contact'")
                self.ties.update(number for (number,) in people)
        else:
            links = linking.in_question(self._sql, self.changed, self._keys)
        resolved = linking.resolve(self._sql, links)
        self.linked |= resolved.linked
        self.ties |= resolved.ties
        if not (self.is_much or resolved.sources <= self.changed):
            # a note that was not touched names another one than before: whatever that is
            self.relations_changed = self.introducers_changed = self.bears_on_posts = True
        self._compare_bearing()
        if self.is_much or self._has_other_topics:
            self._sql.execute(
                "INSERT OR REPLACE INTO meta VALUES ('notes with topics',"
                " (SELECT count(DISTINCT note) FROM topic WHERE kind = 'topic'))"
            )
        has_new = self.problems_changed or bool(self._keys) or any(map(self._has_problems, self.changed))
        self.problems_changed = has_new
        self._keys.clear()

    def make_last(self, indexes: dict[str, str]) -> None:
        """Takes on the making of these, by name, when all others are made."""
        self._last_indexes.update(indexes)

    def make_index(self) -> bool:
        """Makes the next of the indexes that are still to be made; False where there is none."""
        if self._indexes:
            self._sql.execute(self._indexes.popitem()[1])
        return bool(self._indexes)

    def make_indexes(self) -> None:
        """Makes all that are still to be made. While a question to the index is open, only `make_index` can be asked."""
        while self.make_index():
            pass
        self._indexes, self._last_indexes = self._last_indexes, {}
        while self.make_index():
            pass
        if self._is_filling:
            self._is_filling = False
            inserting.expect_no_more(self._sql)
            self._sql.execute(_MERGE, (_USUAL_MERGE,))

    def flush(self) -> None:
        """Hands the rows held back to SQLite."""
        if self._prepare is not None:
            self._prepare()
        self._forget_outdated()
        for table, rows in self._held.items():
            inserting.insert(self._sql, table, rows, is_expected=self._is_filling)
        self._held.clear()
        self._held_notes = 0

    def _unsettle(self, path: str) -> None:
        """What a walk once found in the folder of this path is not what is known any more."""
        folder = path.rpartition("/")[0]
        if folder not in self.unsettled:
            self.unsettled.add(folder)
            # the folder stays known: if it goes before it is settled again, its notes are gone with it
            self._sql.execute("INSERT OR REPLACE INTO folder VALUES (?, x'')", (folder,))

    def _forget_rows(self, number: int) -> None:
        sql = self._sql
        for target, entry in sql.execute(
            "SELECT target, entry FROM link WHERE note = ? AND target IS NOT NULL", (number,)
        ).fetchall():
            self.linked.add(target)
            if entry is not None:
                self.ties.add(target)
        borne = sql.execute(
            "SELECT note, text, plain, what, last, first FROM name WHERE note = ? ORDER BY rowid", (number,)
        )
        self._borne[number] = borne.fetchall()
        if number not in self._bore:
            self._bore[number] = bearing(sql, number) if len(self._bore) < _FEW else NOTHING
        self.problems_changed |= self._has_problems(number)
        body = sql.execute("SELECT title, shown, private FROM body WHERE note = ?", (number,)).fetchone()
        if body is not None:
            sql.execute(
                "INSERT INTO words (words, rowid, title, shown, private) VALUES ('delete', ?, ?, ?, ?)",
                (number, *map(search_form, body)),
            )
        for table in _OF_NOTES:
            sql.execute(f"DELETE FROM {table} WHERE note = ?", (number,))

    def _forget_outdated(self) -> None:
        """As `_forget_rows` for many notes at once, where nobody asks any more what each of them bore on."""
        if not self._outdated:
            return
        sql, these = self._sql, ", ".join(map(str, self._outdated))
        bodies = sql.execute(
            f"SELECT note, title, shown, private FROM body WHERE note IN ({these})"
        ).fetchall()
        sql.executemany(
            "INSERT INTO words (words, rowid, title, shown, private) VALUES ('delete', ?, ?, ?, ?)",
            ((number, *map(search_form, body)) for number, *body in bodies),
        )
        for table in _OF_NOTES:
            sql.execute(f"DELETE FROM {table} WHERE note IN ({these})")
        sql.execute(f"DELETE FROM note WHERE id IN ({these})")
        people = {row[0] for row in self._held.get("note", ()) if row[3] == CONTACT}
        others = ", ".join(str(number) for number in self._outdated if number not in people)
        for table in ("standing", "share"):
            sql.execute(f"DELETE FROM {table} WHERE note IN ({others})")
        self._outdated.clear()

    def _compare_bearing(self) -> None:
        """Tells what the notes that changed or went bear on, by how they did before and do now."""
        if self.is_much:
            return
        if len(self._bore) > _FEW:
            self.relations_changed = self.introducers_changed = self.bears_on_posts = True
            self._has_other_topics = True
            return
        for number in self.changed | self._bore.keys():
            before, now = self._bore.get(number, NOTHING), bearing(self._sql, number)
            has_other_topics = before.topics != now.topics
            self._has_other_topics |= has_other_topics
            related = related_otherwise(before, now)
            self.related.update(related or ())
            self.relations_changed |= related is None or has_other_topics
            self.introducers_changed |= before.introducers != now.introducers
            is_talk = not (now.is_read or now.is_person) and (before.links_posts or now.links_posts)
            is_other = now.reading is None or before.reading != now.reading
            self.bears_on_posts |= is_talk or has_other_topics or is_other

    def _has_problems(self, number: int) -> bool:
        """Whether the note has a problem or a link that names nothing."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM problem WHERE note = ?1)"
            " OR EXISTS (SELECT 1 FROM link WHERE note = ?1 AND target IS NULL AND file IS NULL)"
        )
        return bool(self._sql.execute(query, (number,)).fetchone()[0])

    def _forget_standing(self, number: int) -> None:
        for table in ("standing", "share"):
            self._sql.execute(f"DELETE FROM {table} WHERE note = ?", (number,))

    def _has_all_expected(self) -> bool:
        """Whether the notes are those that were expected: one may have gone meanwhile."""
        return bool(self._sql.execute("SELECT count(*) FROM note").fetchone()[0] == self._expected)
