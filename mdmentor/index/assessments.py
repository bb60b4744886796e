"""The assessment of each contact as of the last run: who is to be suggested today, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from mdmentor.core import names
from mdmentor.core.model import Assessment, Reason
from mdmentor.core.ranking.select import Shortlist, has_duty
from mdmentor.index import Index
from mdmentor.index.rows import Row, to_date, to_json

_COLUMNS = "SELECT path, name, score, pool, held, due, last, snooze, turn, revived, data FROM assessment"


def assessment_row(number: int, s: Assessment) -> Row:
    """The row of the table `assessment` for the contact with this id."""
    data = to_json((s.cadence_days, s.reasons, s.notes, s.confidential))
    days = [day.isoformat() if day else None for day in (s.due, s.snooze, s.last_contact)]
    key, duty = names.fold(s.name), int(has_duty(s))
    return number, s.path, s.name, key, s.pool, s.held, s.score, duty, s.turn, *days, int(s.revived), data


def _assessment(today: date, row: Row) -> Assessment:
    path, name, score, pool, held, due, last, snooze, turn, revived, data = row
    cadence, reasons, notes, confidential = json.loads(data)
    return Assessment(
        path=path,
        name=name,
        today=today,
        score=score,
        pool=pool,
        held=held,
        due=to_date(due),
        last_contact=to_date(last),
        cadence_days=cadence,
        reasons=tuple(Reason(*reason) for reason in reasons),
        notes=tuple(notes),
        snooze=to_date(snooze),
        turn=turn,
        revived=bool(revived),
        confidential=confidential,
    )


def find_assessment(index: Index, today: date, path: str) -> Assessment | None:
    row = index.execute(f"{_COLUMNS} WHERE path = ?", (path,)).fetchone()
    return _assessment(today, row) if row else None


def assessments(index: Index, today: date) -> Iterator[Assessment]:
    """All of them, by path."""
    return (_assessment(today, row) for row in index.execute(f"{_COLUMNS} ORDER BY path"))


def shortlist(index: Index, today: date, size: int) -> Shortlist:
    """The best `size` of each pool and the counts of everybody, as `core.ranking.select.shortlist` has them."""

    def best(where: str, order: str = "score DESC", *values: object) -> tuple[Assessment, ...]:
        statement = f"{_COLUMNS} WHERE {where} ORDER BY {order}, name_key, path LIMIT ?"
        return tuple(_assessment(today, row) for row in index.execute(statement, (*values, size)))

    is_soon = "(held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare') AND due > ?"
    excluded = "SELECT held, count(*) FROM assessment WHERE held > '' GROUP BY held ORDER BY held"
    counts = "SELECT total(held = '' AND pool = 'active'), total(revived), max(last) FROM assessment"
    active_count, revived, newest = index.execute(counts).fetchone()
    return Shortlist(
        today,
        active=best("held = '' AND pool = 'active'"),
        duties=best("held = '' AND pool = 'active' AND duty"),
        dormant=best("held = '' AND pool = 'dormant'", "turn"),
        spare=best("held = '' AND pool = 'spare'"),
        coming_up=best(is_soon, "due", today.isoformat()),
        snoozed=best("held = 'snoozed'", "snooze"),
        active_count=int(active_count),
        excluded=tuple(index.execute(excluded).fetchall()),
        newest_contact=to_date(newest),
        revived=int(revived),
    )
