"""How rows of notes go in: several at once, and links with the notes that they name where all notes are known before.

Where many go into an empty index, the paths of all are told first; so nearly every link goes in resolved.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain

from mdmentor.core.resolve import fold_path, key_of
from mdmentor.index.note_rows import Row

_TOGETHER = 16  # rows that go in at once: to ask SQLite for each alone takes longer than most take to go in
# The note that bears the link's key, the eighth of its values, if no other does, and if nothing but the key counts,
# as the fourteenth says, or it lies where the fifteenth, which is no column, says.
_TARGET = "(SELECT id FROM temp.expected WHERE key = ?{key} AND (?{is_bare} OR path = ?{path}))"
_LINK_COLUMNS = 14  # of those that a link goes in with


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


@cache
def _statement(table: str, values: int, rows: int, is_expected: bool) -> str:
    """The statement by which so many rows of a table go in, each of so many values.

    If one cannot, all of a run goes with it: so SQLite need not be ready to take back this statement alone, for
    which it would have full-text search write down what it holds back, each time.
    """
    if table == "link":
        told = (_link(before, values, is_expected) for before in range(0, values * rows, values))
        return f"INSERT OR FAIL INTO link VALUES {', '.join(told)}"
    marks = f"({', '.join('?' * values)})"
    into = "words (rowid, title, shown, private)" if table == "words" else table
    return f"INSERT OR FAIL INTO {into} VALUES {', '.join([marks] * rows)}"


def _link(before: int, values: int, is_expected: bool) -> str:
    """The values of one link, of which so many of others stand before."""
    key, is_bare, path = before + 8, before + 14, before + values
    columns = ", ".join([f"?{before + place}" for place in range(1, _LINK_COLUMNS + 1)])
    target = (
        _TARGET.format(key=key, is_bare=is_bare, path=path) if is_expected else f"nullif(?{path}, ?{path})"
    )
    return f"({columns}, {target}, NULL)"
