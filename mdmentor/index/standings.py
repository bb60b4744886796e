"""Where everybody stands today, kept in the index so that a list needs the best few and not everybody.

The orders here are those that `core.choose.shortlist` names; a test holds the two to the same answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

from mdmentor.core import names
from mdmentor.core.dates import iso
from mdmentor.core.model import Standing
from mdmentor.core.ranking.pools import has_duty
from mdmentor.core.ranking.select import Shortlist
from mdmentor.index import rows

_COLUMNS = "SELECT path, name, score, pool, held, due, last, snooze, turn, revived, data FROM standing"
_BEST = "ORDER BY score DESC, name_key, path LIMIT ?"


def row(number: int, s: Standing) -> rows.Row:
    """The row of a standing of the person whose note bears this number."""
    return (
        number, s.path, s.name, names.fold(s.name), s.pool, s.held, s.score, int(has_duty(s)), s.turn, _text(s.due),
        _text(s.snooze), _text(s.last_contact), int(s.revived), rows.standing_to_json(s),
    )  # fmt: skip


def _text(day: date | None) -> str | None:
    return iso(day) if day else None


def one(sql: sqlite3.Connection, today: date, path: str) -> Standing | None:
    found = sql.execute(f"{_COLUMNS} WHERE path = ?", (path,)).fetchone()
    return rows.standing_from_row(today, *found) if found else None


def everybody(sql: sqlite3.Connection, today: date) -> Iterator[Standing]:
    """All standings, by path."""
    for found in sql.execute(f"{_COLUMNS} ORDER BY path"):
        yield rows.standing_from_row(today, *found)


def shortlist(sql: sqlite3.Connection, today: date, size: int) -> Shortlist:
    """The best `size` of each pool and the counts of everybody, as `core.choose.shortlist` has them."""

    def best(index: str, where: str, order: str, *values: object) -> tuple[Standing, ...]:
        # left to itself SQLite takes one index for all of these, and sorts thousands for the best few
        found = sql.execute(f"{_COLUMNS} INDEXED BY {index} WHERE {where} {order}", (*values, size))
        return tuple(rows.standing_from_row(today, *one) for one in found)

    count = sql.execute("SELECT count(*) FROM standing WHERE held = '' AND pool = 'active'").fetchone()[0]
    excluded = sql.execute(
        "SELECT held, count(*) FROM standing WHERE held > '' GROUP BY held ORDER BY held"
    ).fetchall()
    newest = sql.execute("SELECT max(last) FROM standing").fetchone()[0]
    return Shortlist(
        today,
        active=best("standing_best", "held = '' AND pool = 'active'", _BEST),
        duties=best("standing_duty", "held = '' AND pool = 'active' AND duty", _BEST),
        dormant=best(
            "standing_turn", "held = '' AND pool = 'dormant'", "ORDER BY turn, name_key, path LIMIT ?"
        ),
        spare=best("standing_best", "held = '' AND pool = 'spare'", _BEST),
        coming_up=best(
            "standing_soon",
            "(held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare') AND due > ?",
            "ORDER BY due, name_key, path LIMIT ?",
            today.isoformat(),
        ),
        snoozed=best("standing_snooze", "held = 'snoozed'", "ORDER BY snooze, name_key, path LIMIT ?"),
        active_count=count,
        excluded=tuple(excluded),
        newest_contact=date.fromisoformat(newest) if newest else None,
        revived=sql.execute("SELECT count(*) FROM standing WHERE revived").fetchone()[0],
    )
