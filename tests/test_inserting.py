"""How rows go in: what is empty is NULL, and full-text search holds back what it may until the end."""

from __future__ import annotations

import sqlite3

import pytest

from mdmentor.index import inserting, tables

VALUES = {"note": 14, "link": 15, "entry": 11, "name": 6, "topic": 4, "standing": 14, "share": 11, "body": 4}


def rows(table: str, count: int, rest: str) -> list[inserting.Row]:
    return [(number, number, *[rest] * (VALUES[table] - 2)) for number in range(count)]


@pytest.fixture
def sql() -> sqlite3.Connection:
    connection = tables.in_memory("vault")
    connection.execute("BEGIN")
    inserting.expect(connection, ["people/Ada.md"], 1)
    return connection


@pytest.mark.parametrize("is_expected", [True, False])
@pytest.mark.parametrize("table", VALUES)
def test_no_row_has_full_text_search_write_down_what_it_holds_back(
    sql: sqlite3.Connection, table: str, is_expected: bool
) -> None:
    def written() -> int:
        return int(sql.execute("SELECT count(*) FROM words_data").fetchone()[0])

    inserting.insert(sql, "words", [(1, "Ada", "tea", "")])
    before = written()
    inserting.insert(sql, table, rows(table, 33, "x"), is_expected=is_expected)
    assert sql.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 33
    assert written() == before
    sql.execute("SAVEPOINT one")  # of which it is told, whereupon it does
    assert written() > before


@pytest.mark.parametrize("table", ["note", "link", "standing", "share"])
@pytest.mark.parametrize("count", [1, 16])
def test_what_is_empty_in_most_rows_is_null_in_the_index(
    sql: sqlite3.Connection, table: str, count: int
) -> None:
    inserting.insert(sql, table, rows(table, count, ""))
    columns = [row[1] for row in sql.execute(f"PRAGMA table_info({table})")]
    for place, column in enumerate(columns, 1):
        is_null = place in inserting._MOSTLY_NULL[table] or (table == "link" and place > 14)
        found = sql.execute(f"SELECT count(*) FROM {table} WHERE {column} IS NULL").fetchone()[0]
        assert found == (count if is_null else 0), column


def test_what_is_not_empty_goes_in_as_it_is(sql: sqlite3.Connection) -> None:
    row: inserting.Row = (1, "a.md", "a", "contact", "A", "2026-11-23", "", "{}", 0, 0, 0, 0, 0, "")
    inserting.insert(sql, "note", [row])
    assert sql.execute("SELECT * FROM note").fetchone() == row
    link: inserting.Row = (1, 0, 3, 1, "wikilink", "[[Ada]]", "Ada", "ada", "", "Ada", "", 0, 0, 1, "")
    inserting.insert(sql, "link", [link], is_expected=True)
    assert sql.execute("SELECT entry, target FROM link").fetchone() == (0, 1)
