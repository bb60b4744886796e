"""Writing to the index: rows of a note in, rows of a note out, and links resolved by their key.

All of a run happens in one transaction. A new name touches only the links that bear its key; whoever's
ties may have changed by it is collected, so that nobody else needs to be looked at again.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from mdmentor.core import names
from mdmentor.core.model import CONTACT, DATED, PAGE, Note, Problem
from mdmentor.core.parse import is_private_line
from mdmentor.core.resolve import key_of, resolve_target
from mdmentor.index.rows import note_data

Stamp = tuple[int, int, int, int]

_CJK = re.compile(
    "([\u1100-\u11ff\u2e80-\u2fdf\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e7f\U00020000-\U0003ffff])"
)
_BATCH = 400  # notes whose rows are held back, so that they go in together
_MANY = 500  # changed notes from which whole-table statements are cheaper than one by one


def spaced(text: str) -> str:
    """The text as full-text search sees it: scripts written without blanks are cut into characters.

    So a part of a name (`山田` of `山田太郎`) is found as a phrase.
    """
    return text if text.isascii() else _CJK.sub(r" \1 ", text)


class Writer:
    """One transaction's worth of changes."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        self._next_id = (sql.execute("SELECT max(id) FROM note").fetchone()[0] or 0) + 1
        self._held: dict[str, list[tuple[object, ...]]] = {}
        self._held_notes = 0
        self.changed: set[int] = set()  # notes put in
        self.ties: set[int] = set()  # notes whose interactions or promises may have changed
        self.linked: set[int] = set()  # notes whose backlinks may have changed
        self._bears_names = False  # a note with further names came or went: a company may be told by them
        self.people_changed = False  # somebody's ties, or a name by which people and companies are told
        self._keys: set[str] = set()  # keys that name other notes than before

    def put(self, note: Note, stamp: Stamp, hash_: bytes, racy: bool) -> None:
        """Takes a note in, in place of what was known of its path."""
        known = self._sql.execute("SELECT id FROM note WHERE path = ?", (note.path,)).fetchone()
        key = key_of(note.path)
        if known is not None:
            number = int(known[0])
            self._forget_rows(number)
            self._sql.execute("DELETE FROM note WHERE id = ?", (number,))
        else:
            number = self._next_id
            self._next_id += 1
            self._keys.add(key)
        day = note.day.isoformat() if note.day else None
        self._hold(
            "note",
            number,
            note.path,
            key,
            note.kind,
            note.title,
            day,
            note.why_kind,
            note_data(note),
            *stamp,
            int(racy),
            hash_,
        )
        self.changed.add(number)
        if note.kind != PAGE:
            self._put_rows(number, note)
        self._held_notes += 1
        if self._held_notes >= _BATCH:
            self.flush()

    def touch(self, path: str, stamp: Stamp, racy: bool) -> None:
        """The note is the same, only its stamp is new."""
        self._sql.execute(
            "UPDATE note SET size = ?, mtime = ?, ctime = ?, inode = ?, racy = ? WHERE path = ?",
            (*stamp, int(racy), path),
        )

    def remove(self, path: str) -> None:
        """Forgets a note that is gone."""
        self.flush()
        row = self._sql.execute("SELECT id, key FROM note WHERE path = ?", (path,)).fetchone()
        if row is None:
            return
        number, key = row
        self._forget_rows(number)
        self._sql.execute("DELETE FROM note WHERE id = ?", (number,))
        self._sql.execute("DELETE FROM standing WHERE note = ?", (number,))
        self._keys.add(key)
        self.changed.discard(number)

    def add_problem(self, problem: Problem) -> None:
        """Tells a problem of a note whose rows stay as they are; once, however often it is met."""
        number = self._sql.execute("SELECT id FROM note WHERE path = ?", (problem.path,)).fetchone()[0]
        self._sql.execute("DELETE FROM problem WHERE note = ? AND code = ?", (number, problem.code))
        self._sql.execute("INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(number, problem))

    def put_attachments(self, paths: Iterable[str]) -> None:
        """Makes the known attachments exactly these."""
        known = {row[0] for row in self._sql.execute("SELECT path FROM attachment")}
        now = set(paths)
        for path in known - now:
            self._sql.execute("DELETE FROM attachment WHERE path = ?", (path,))
        self._sql.executemany("INSERT INTO attachment VALUES (?, ?)", ((p, key_of(p)) for p in now - known))
        self._keys.update(key_of(path) for path in known ^ now)

    def put_problems(self, problems: Iterable[Problem]) -> None:
        """Makes the problems that belong to no note exactly these."""
        self._sql.execute("DELETE FROM problem WHERE note IS NULL")
        self._sql.executemany(
            "INSERT INTO problem VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (_row(None, p) for p in problems)
        )

    def finish(self) -> None:
        """Resolves every link that may name another note than before."""
        self.flush()
        if len(self.changed) + len(self._keys) > _MANY:
            self._resolve_plain()
            pending = self._sql.execute(
                "SELECT l.note, l.seq, l.wanted, substr(l.raw, 1, 3), l.kind, l.key, l.target, l.file, l.entry, n.path"
                " FROM link l JOIN note n ON n.id = l.note WHERE l.target IS NULL OR l.simple = 0 OR l.key IN"
                " (SELECT key FROM note GROUP BY key HAVING count(*) > 1)"
            ).fetchall()
            self.ties.update(
                row[0] for row in self._sql.execute("SELECT id FROM note WHERE kind = 'contact'")
            )
            self.linked.update(self.changed)
        else:
            pending = []
            columns = "SELECT l.note, l.seq, l.wanted, substr(l.raw, 1, 3), l.kind, l.key, l.target, l.file, l.entry, n.path FROM link l JOIN note n ON n.id = l.note"
            for number in self.changed:
                pending += self._sql.execute(f"{columns} WHERE l.note = ?", (number,)).fetchall()
            for key in self._keys:
                pending += self._sql.execute(f"{columns} WHERE l.key = ?", (key,)).fetchall()
        self._resolve(pending)
        self.people_changed = bool(self.ties or self._keys or self._bears_names)
        self._keys.clear()

    def _put_rows(self, number: int, note: Note) -> None:
        entries: dict[int, int] = {}  # position of a link -> entry it belongs to
        own = int(note.kind == CONTACT)
        seq = 0
        for told in note.interactions:
            day, marks = told.date.isoformat(), " ".join(told.marks)
            self._hold(
                "entry",
                number,
                seq,
                "talk",
                told.line,
                day,
                told.channel,
                told.text,
                marks,
                0,
                int(told.is_private or is_private_line(note, told.line)),
                own,
            )
            entries.update(dict.fromkeys(told.links, seq))
            seq += 1
        for promise in note.promises:
            due = promise.due.isoformat() if promise.due else None
            self._hold(
                "entry",
                number,
                seq,
                "promise",
                promise.line,
                due,
                "",
                promise.text,
                "",
                int(promise.theirs),
                int(promise.private or is_private_line(note, promise.line)),
                own,
            )
            entries.update(dict.fromkeys(promise.links, seq))
            seq += 1
        if seq and own:
            self.ties.add(number)
        for place, link in enumerate(note.links):
            self._hold(
                "link", number, place, link.line, link.column, link.kind, link.raw, link.target, key_of(link.target), link.fragment,
                link.text, link.field, entries.get(place), int(is_private_line(note, link.line)),
                int("/" not in link.target and "\\" not in link.target and link.target.strip() != ""), None, None,
            )  # fmt: skip
        confidential = note.contact is not None and note.contact.confidential
        if note.kind == CONTACT:
            self.ties.add(number)
            aliases = () if confidential else note.aliases
            told_names = dict.fromkeys((note.title, *aliases, names.stem(note.path)))
            for what, text in zip(("name", *["alias"] * (len(told_names) - 1)), told_names, strict=True):
                self._hold("name", number, text, names.fold_plain(text), what)
        elif note.kind != DATED or note.aliases:
            for text in dict.fromkeys((note.title, *note.aliases)):
                self._hold("name", number, text, names.fold_plain(text), "title")
            self._bears_names |= bool(note.aliases)
        if not confidential:
            for kind, texts in (("topic", note.topics), ("tag", note.tags)):
                for text in texts:
                    self._hold("topic", number, names.fold_topic(text), names.unlink(text).lstrip("#"), kind)
            if note.contact is not None:
                for text in note.contact.wants:
                    self._hold("topic", number, names.fold_topic(text), names.unlink(text), "wants")
        for block in note.blocks:
            self._hold("block", number, block.kind)
        for problem in note.problems:
            self._hold("problem", *_row(number, problem))
        plain = names.fold_plain(note.title)
        title = note.title if plain == note.title.lower() else f"{note.title} {plain}"
        self._hold("body", number, title, note.text, note.private_text)
        self._hold("words", number, spaced(title), spaced(note.text), spaced(note.private_text))

    def _hold(self, table: str, *row: object) -> None:
        self._held.setdefault(table, []).append(row)

    def flush(self) -> None:
        """Hands the rows held back to SQLite."""
        for table, rows in self._held.items():
            columns = "(rowid, title, shown, private) " if table == "words" else ""
            marks = ", ".join("?" * len(rows[0]))
            self._sql.executemany(f"INSERT INTO {table} {columns}VALUES ({marks})", rows)
        self._held.clear()
        self._held_notes = 0

    def _forget_rows(self, number: int) -> None:
        if self._held:
            self.flush()
        sql = self._sql
        for target, entry in sql.execute(
            "SELECT target, entry FROM link WHERE note = ? AND target IS NOT NULL", (number,)
        ).fetchall():
            self.linked.add(target)
            if entry is not None:
                self.ties.add(target)
        self._bears_names |= (
            sql.execute("SELECT count(*) FROM name WHERE note = ?", (number,)).fetchone()[0] > 1
        )
        body = sql.execute("SELECT title, shown, private FROM body WHERE note = ?", (number,)).fetchone()
        if body is not None:
            sql.execute(
                "INSERT INTO words (words, rowid, title, shown, private) VALUES ('delete', ?, ?, ?, ?)",
                (number, *(spaced(text) for text in body)),
            )
        for table in ("link", "entry", "name", "topic", "block", "problem", "body"):
            sql.execute(f"DELETE FROM {table} WHERE note = ?", (number,))

    def _resolve_plain(self) -> None:
        """Links without a folder whose key one note bears: the resolver could answer nothing else."""
        self._sql.execute(
            "CREATE TEMP TABLE single AS SELECT key, min(id) AS id FROM note GROUP BY key HAVING count(*) = 1"
        )
        self._sql.execute("CREATE UNIQUE INDEX temp.single_key ON single(key)")
        self._sql.execute(
            "UPDATE link SET target = NULL, file = NULL WHERE target IS NOT NULL OR file IS NOT NULL"
        )
        self._sql.execute(
            "UPDATE link SET target = single.id FROM single WHERE single.key = link.key AND link.simple"
        )
        self._sql.execute("DROP TABLE single")

    def _resolve(
        self, pending: list[tuple[int, int, str, str, str, str, int | None, str | None, int | None, str]]
    ) -> None:
        candidates: dict[str, tuple[dict[str, int], list[str]]] = {}
        changes = []
        for note, seq, wanted, opening, kind, key, old, old_file, entry, source in pending:
            target: int | None = None
            file: str | None = None
            if not wanted.strip():
                target = note
            else:
                if key not in candidates:
                    found = {
                        p: i for p, i in self._sql.execute("SELECT path, id FROM note WHERE key = ?", (key,))
                    }
                    files = [
                        p for (p,) in self._sql.execute("SELECT path FROM attachment WHERE key = ?", (key,))
                    ]
                    candidates[key] = found, files
                found, files = candidates[key]
                is_markdown = kind in ("inline", "reference") or (kind == "embed" and opening != "![[")
                if found:
                    path = resolve_target(wanted, source, list(found), is_markdown=is_markdown)
                    target = found[path] if path is not None else None
                if target is None and files:
                    file = resolve_target(wanted, source, files, is_markdown=is_markdown)
            if target != old or file != old_file:
                changes.append((target, file, note, seq))
            for number in (old, target):
                if number is not None:
                    self.linked.add(number)
                    if entry is not None:
                        self.ties.add(number)
        self._sql.executemany("UPDATE link SET target = ?, file = ? WHERE note = ? AND seq = ?", changes)


def _row(number: int | None, p: Problem) -> tuple[object, ...]:
    return number, p.path, p.line, p.column, p.severity, p.code, p.what, p.mend
