"""What notes, pages and attachments there are, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mdmentor.core import names
from mdmentor.core.model import PAGES, Link, Problem
from mdmentor.index import Index
from mdmentor.index.rows import HINTS, is_confidential

# What counts among the links that name no note and no file. Links to our own pages do not, whether or not these have
# been written yet, nor do those of templates.
_COUNTS = (
    "l.kind != 'attendee' AND l.field != 'item above' AND n.why != 'in a templates folder'"
    f" AND l.key NOT IN ({', '.join(repr(names.fold(title)) for title in PAGES)})"
    # a path on a website; a note would end in .md
    " AND NOT (substr(l.wanted, 1, 1) = '/' AND l.raw NOT LIKE '[[%' AND l.raw NOT LIKE '![[%' AND l.wanted NOT LIKE '%.md')"
    # a day without a daily note
    " AND l.key NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'"
)
_PROBLEMS = "SELECT path, line, col, severity, code, what, fix FROM problem"
_LOOSE = f"FROM link l JOIN note n ON n.id = l.note WHERE l.target IS NULL AND l.file IS NULL AND {_COUNTS}"


def counts(index: Index) -> dict[str, int]:
    """How many notes there are of each kind, pages included."""
    return dict(index.execute("SELECT kind, count(*) FROM note GROUP BY kind ORDER BY kind").fetchall())


def note_rules(index: Index) -> list[tuple[str, str, str, str, bool]]:
    """(path, kind, title, rule, whether it is confidential) of every note, pages included, by path."""
    query = "SELECT path, kind, title, why, data FROM note ORDER BY path"
    rows = index.execute(query).fetchall()
    return [(path, kind, title, why, is_confidential(data)) for path, kind, title, why, data in rows]


def note_row(index: Index, path: str) -> tuple[int, str, str, str] | None:
    """(id, path, kind, title) of a note; None where there is none."""
    return index.execute("SELECT id, path, kind, title FROM note WHERE path = ?", (path,)).fetchone()  # type: ignore[no-any-return]


def notes_of_kind(index: Index, kind: str) -> list[tuple[str, str]]:
    """(path, title) by title."""
    query = "SELECT path, title FROM note WHERE kind = ? ORDER BY title COLLATE NOCASE, path"
    return index.execute(query, (kind,)).fetchall()


def paths_of(index: Index, numbers: Iterable[int]) -> list[str]:
    """The paths of the notes with these ids that are still there, by path."""
    query = "SELECT path FROM note WHERE id = ?"
    return sorted(path for number in numbers for path in index.column(query, (number,)))


def notes_with_blocks(index: Index) -> list[str]:
    """The paths of the notes with a block, in their order."""
    query = "SELECT DISTINCT n.path FROM block b CROSS JOIN note n ON n.id = b.note ORDER BY n.path"
    return index.column(query)


def shown_text(index: Index, path: str) -> str:
    """The text of a note, with empty lines for what is private and for our own blocks."""
    query = "SELECT b.shown FROM body b JOIN note n ON n.id = b.note WHERE n.path = ?"
    return index.value(query, (path,)) or ""


def contact_texts(index: Index, words: Sequence[str]) -> list[tuple[str, str, str]]:
    """Path, public and private text of each contact's note with one of these words, `_` for any one character."""
    found = " OR ".join("b.shown || b.private LIKE ?" for _ in words)
    query = f"SELECT n.path, b.shown, b.private FROM note n JOIN body b ON b.note = n.id WHERE n.kind = 'contact' AND ({found})"
    return index.execute(query, tuple(f"%{word}%" for word in words)).fetchall()


def private_text(index: Index, path: str) -> str:
    """What of a note's text may not be shown: all of a confidential one."""
    query = "SELECT b.private FROM note n JOIN body b ON b.note = n.id WHERE n.path = ?"
    return index.value(query, (path,)) or ""


def problems(index: Index, limit: int = -1) -> list[Problem]:
    """What is wrong in the notes themselves: errors first, then by place."""
    order = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, path, line, col, code"
    return [Problem(*row) for row in index.execute(f"{_PROBLEMS} ORDER BY {order} LIMIT ?", (limit,))]


def problems_beside(index: Index, path: str) -> list[Problem]:
    """What is wrong with a note but not in its text: its name, its place, another contact of its name."""
    query = f"{_PROBLEMS} WHERE path = ? AND (note IS NULL OR code IN {HINTS})"
    return [Problem(*row) for row in index.execute(query, (path,))]


def counts_as_loose(index: Index, link: Link, why_kind: str) -> bool:
    """Whether a link in a note of this rule, which names no note and no file, is one of `loose_links`."""
    query = f"SELECT {_COUNTS} FROM (SELECT ? kind, ? field, ? key, ? wanted, ? raw) l, (SELECT ? why) n"
    key = names.key_of(link.target)
    return bool(index.value(query, (link.kind, link.field, key, link.target, link.raw, why_kind)))


def loose_links(index: Index, limit: int = -1) -> list[tuple[str, Link, bool]]:
    """The links that name no note and no file, each with its note's path, and whether its line is private."""
    found = index.execute(
        "SELECT n.path, l.private, l.line, l.col, l.kind, l.raw, l.wanted, l.fragment, l.text, l.field"
        f" {_LOOSE} ORDER BY n.path, l.line, l.col, l.seq LIMIT ?",
        (limit,),
    )
    return [(path, Link(*link), bool(private)) for path, private, *link in found]


def has_problems(index: Index) -> bool:
    queries = ("SELECT 1 FROM problem", f"SELECT 1 {_LOOSE}")
    return any(index.value(f"{query} LIMIT 1") for query in queries)


def count_problems(index: Index) -> tuple[int, int, int]:
    """How many problems there are, how many hints, and how many links that name no note and no file."""
    row: tuple[int, int, int] = index.execute(
        "SELECT (SELECT count(*) FROM problem WHERE severity != 'hint'),"
        f" (SELECT count(*) FROM problem WHERE severity = 'hint'), (SELECT count(*) {_LOOSE})"
    ).fetchone()
    return row


def count_entries(index: Index, kind: str) -> int:
    """How many talks or promises the notes hold, whether or not they name a contact."""
    return int(index.value("SELECT count(*) FROM entry WHERE kind = ?", (kind,)))
