"""What notes, pages and attachments there are, and what is wrong in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from mdmentor.core import names
from mdmentor.core.model import PAGES, Link, Problem

# Links to nothing. Links to our own pages are none, whether or not these have been written yet; a template's
# links are as unfilled as the rest of it.
_LOOSE = (
    "l.target IS NULL AND l.file IS NULL AND l.kind != 'attendee' AND l.field != 'item above' AND n.why != 'in a templates folder'"
    f" AND l.key NOT IN ({', '.join(repr(names.fold(title)) for title in PAGES)})"
    # a path on a website; a note would end in .md
    " AND NOT (substr(l.wanted, 1, 1) = '/' AND l.raw NOT LIKE '[[%' AND l.raw NOT LIKE '![[%' AND l.wanted NOT LIKE '%.md')"
    # a day that no daily note was kept for
    " AND l.key NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"
)


def hash_of(sql: sqlite3.Connection, path: str) -> str | None:
    row = sql.execute("SELECT hash FROM note WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None


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


def notes_of_kind(sql: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """(path, title) by title."""
    return sql.execute(
        "SELECT path, title FROM note WHERE kind = ? ORDER BY title COLLATE NOCASE, path", (kind,)
    ).fetchall()


def blocks(sql: sqlite3.Connection) -> list[tuple[str, str]]:
    """(path, kind) of every block, by path."""
    return sql.execute(
        "SELECT n.path, b.kind FROM block b CROSS JOIN note n ON n.id = b.note ORDER BY n.path, b.rowid"
    ).fetchall()


def problems(sql: sqlite3.Connection, limit: int = -1) -> list[Problem]:
    """What is wrong in the notes themselves: errors first, then by place."""
    found = sql.execute(
        "SELECT path, line, col, severity, code, what, fix FROM problem"
        " ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, path, line, col, code LIMIT ?",
        (limit,),
    )
    return [Problem(*row) for row in found]


def loose_links(sql: sqlite3.Connection, limit: int = -1) -> list[tuple[str, Link, bool]]:
    """The links that name no note and no file, each with its note's path, and whether its line is private."""
    found = sql.execute(
        "SELECT n.path, l.private, l.line, l.col, l.kind, l.raw, l.wanted, l.fragment, l.text, l.field"
        " FROM link l JOIN note n ON n.id = l.note"
        f" WHERE {_LOOSE} ORDER BY n.path, l.line, l.col, l.seq LIMIT ?",
        (limit,),
    )
    return [(path, Link(*link), bool(private)) for path, private, *link in found]


def shown_text(sql: sqlite3.Connection, path: str) -> str:
    """The text of a note, with empty lines for what is private and for our own blocks."""
    row = sql.execute(
        "SELECT b.shown FROM body b JOIN note n ON n.id = b.note WHERE n.path = ?", (path,)
    ).fetchone()
    return row[0] or "" if row else ""


def has_problems(sql: sqlite3.Connection) -> bool:
    """Whether there is anything to count."""
    question = f"SELECT 1 FROM link l JOIN note n ON n.id = l.note WHERE {_LOOSE} LIMIT 1"
    return any(sql.execute(one).fetchone() for one in ("SELECT 1 FROM problem LIMIT 1", question))


def count_problems(sql: sqlite3.Connection) -> tuple[int, int, int]:
    """How many problems there are, how many hints, and how many links that name no note and no file."""
    problems, hints, loose = sql.execute(
        "SELECT (SELECT count(*) FROM problem WHERE severity != 'hint'),"
        " (SELECT count(*) FROM problem WHERE severity = 'hint'),"
        f" (SELECT count(*) FROM link l JOIN note n ON n.id = l.note WHERE {_LOOSE})"
    ).fetchone()
    return problems, hints, loose


def paths_of(sql: sqlite3.Connection, numbers: Iterable[int]) -> list[str]:
    """The paths of those notes that are still there, by path."""
    found = (sql.execute("SELECT path FROM note WHERE id = ?", (number,)).fetchone() for number in numbers)
    return sorted(row[0] for row in found if row)


def count_entries(sql: sqlite3.Connection, kind: str) -> int:
    """How many talks or promises the notes hold, whether or not they name somebody who is a contact."""
    return int(sql.execute("SELECT count(*) FROM entry WHERE kind = ?", (kind,)).fetchone()[0])
