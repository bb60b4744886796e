"""How rows of notes go in: several at once, and links with the notes that they name where all notes are known before.

Where many go into an empty index, the paths of all are told first; so nearly every link goes in resolved.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

from mdmentor.core.resolve import fold_path, key_of
from mdmentor.index.note_rows import Row as Row

_TOGETHER = 16  # rows that go in at once: to ask SQLite for each alone takes longer than most take to go in
# The note that bears the link's key, the eighth of its values, if no other does, and if nothing but the key counts,
# as the fourteenth says, or it lies where the fifteenth, which is no column, says.
_TARGET = "(SELECT id FROM temp.expected WHERE key = ?{key} AND (?{is_bare} OR path = ?{path}))"
_LINK_COLUMNS = 14  # of those that a link goes in with
# Columns, from 1, that hold nothing in most rows. There "" goes in for it, and becomes NULL on the way: for each value
# that is neither text nor number Python looks for one that could stand for it, in vain, and that takes ten times as long.
_MOSTLY_NULL = {"note": (6, 8), "link": (12,), "standing": (11,), "share": (6, 7, 8, 9, 10)}


def expect(sql: sqlite3.Connection, paths: Iterable[str], first: int) -> None:
    """Tells which notes will go in, by path, and from which number on."""
    sql.execute("CREATE TEMP TABLE expected (key TEXT PRIMARY KEY, id INTEGER, path TEXT) WITHOUT ROWID")
    sql.executemany(
        "INSERT INTO expected VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET id = NULL",
        ((key_of(path), number, fold_path(path)) for number, path in enumerate(paths, first)),
    )


def expect_no_more(sql: sqlite3.Connection) -> None:
    sql.execute("DROP TABLE IF EXISTS temp.expected")


def insert(sql: sqlite3.Connection, table: str, rows: Sequence[Row], *, is_expected: bool = False) -> None:
    """Puts rows in; links with what they name where `expect` told of all notes."""
    # long texts take no less time together, and full-text search none at all
    whole = len(rows) - len(rows) % _TOGETHER if table != "words" else 0
    if whole:
        statement = _statement(table, len(rows[0]), _TOGETHER, is_expected)
        sql.executemany(
            statement, [tuple(chain(*rows[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER)]
        )
    if rows[whole:]:
        sql.executemany(_statement(table, len(rows[0]), 1, is_expected), rows[whole:])


def replace(sql: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Puts rows in, in place of those with the same key."""
    if told := list(rows):
        sql.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({_values(table, 0, len(told[0]))})", told)


@cache
def _statement(table: str, values: int, rows: int, is_expected: bool) -> str:
    """The statement by which so many rows of a table go in, each of so many values.

    If one cannot, all of a run goes with it: so SQLite need not be ready to take back this statement alone, for
    which it would have full-text search write down what it holds back, each time.
    """
    if table == "link":
        told = (_link(before, values, is_expected) for before in range(0, values * rows, values))
        return f"INSERT OR FAIL INTO link VALUES {', '.join(told)}"
    into = "words (rowid, title, shown, private)" if table == "words" else table
    told = (f"({_values(table, before, values)})" for before in range(0, values * rows, values))
    return f"INSERT OR FAIL INTO {into} VALUES {', '.join(told)}"


def _values(table: str, before: int, values: int) -> str:
    """The values of one row, of which so many of others stand before."""
    mostly_null = _MOSTLY_NULL.get(table, ())
    # no function: for what may fail SQLite keeps itself ready to take a statement back
    return ", ".join(
        f"CASE ?{before + place} WHEN '' THEN NULL ELSE ?{before + place} END"
        if place in mostly_null
        else f"?{before + place}"
        for place in range(1, values + 1)
    )


def _link(before: int, values: int, is_expected: bool) -> str:
    """The values of one link, of which so many of others stand before."""
    key, is_bare, path = before + 8, before + 14, before + values
    columns = _values("link", before, _LINK_COLUMNS)
    told = _TARGET.format(key=key, is_bare=is_bare, path=path)
    target = told if is_expected else f"CASE WHEN 0 THEN ?{path} END"  # nothing yet
    return f"({columns}, {target}, NULL)"
