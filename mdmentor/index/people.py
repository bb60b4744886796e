"""What each person brings to the pages of people, kept so that a page is made without looking at everybody again.

Each page asks for its own part alone. The parts are those that `core.share` makes; a test holds pages made of
them to those made of the people themselves.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from mdmentor.core import names
from mdmentor.core.contribution import Contribution
from mdmentor.core.exchange import Exchange, Glimpse
from mdmentor.core.mentoring import MentorStep, Turn
from mdmentor.core.model import Assessment, Interaction, Occasion, Promise
from mdmentor.core.network_svg.people import Dot
from mdmentor.core.ranking.select import Shortlist, has_duty
from mdmentor.index import rows
from mdmentor.index.rows import Row, to_json

_AT_ONCE = 1_000  # people of whom a part is read at once


def contribution_row(number: int, s: Contribution) -> Row:
    """The row of a share of the person whose note bears this number."""
    dot = (
        None
        if s.dot is None
        else to_json((s.dot.kind, s.dot.quiet_days, s.dot.cadence_days, s.dot.mentor, s.dot.confidential))
    )
    days = None if not s.occasions else to_json([(o.day.isoformat(), o.kind, o.text) for o in s.occasions])
    return (
        number, s.path, s.name, int(s.is_left_out), dot, _words_to_json(s.sources) if s.sources else None,
        to_json(s.months) if s.months else None, _step_to_json(s) if s.step else None,
        _words_to_json(s.support) if s.support else None, _street_to_json(s.street) if s.street else None, days,
    )  # fmt: skip


@lru_cache(maxsize=1024)  # many people, and few places to know them from
def _words_to_json(words: tuple[str, ...]) -> str:
    return to_json(words)


def _step_to_json(contribution: Contribution) -> str:
    assert contribution.step is not None
    turn, s = contribution.step
    said_on = s.said_on and s.said_on.isoformat()
    return to_json(
        (turn, s.step, s.said, said_on, s.said_where, s.next_step, s.support, s.inferred, s.confidential)
    )


def steps(sql: sqlite3.Connection) -> Iterator[tuple[Turn, MentorStep]]:
    """Everybody on the way of mentoring, each with their turn; who works where the user works is not told."""
    for path, name, part in _parts(sql, "step"):
        turn, step, said, said_on, where, next_step, support, inferred, confidential = part
        day = date.fromisoformat(said_on) if said_on else None
        found = MentorStep(
            step, path, name, said, day, (where[0], where[1]) if where else None, next_step, tuple(support),
            inferred, False, confidential,
        )  # fmt: skip
        yield (turn[0], turn[1], turn[2]), found


def sources(sql: sqlite3.Connection) -> Iterator[tuple[str, str, list[str]]]:
    """(path, name, sources) of everybody who stands in one of the eight places."""
    yield from _parts(sql, "sources")


def supports(sql: sqlite3.Connection) -> Iterator[tuple[str, str, list[str]]]:
    """(path, name, kinds) of everybody who is there for something."""
    yield from _parts(sql, "support")


def months(sql: sqlite3.Connection) -> Iterator[dict[str, int]]:
    """Of each person the months in which there was a talk."""
    for _, _, part in _parts(sql, "months"):
        yield dict(part)


def dots(sql: sqlite3.Connection) -> list[Dot]:
    """Everybody in the picture, without who introduced them."""
    return [
        Dot(path, name, kind, quiet, cadence, "", mentor, confidential)
        for path, name, (kind, quiet, cadence, mentor, confidential) in _parts(sql, "dot")
    ]


def count_left_out(sql: sqlite3.Connection) -> int:
    """How many people the picture leaves out, since they are paused."""
    return int(sql.execute("SELECT count(*) FROM contribution WHERE is_left_out").fetchone()[0])


def occasions(sql: sqlite3.Connection, last: date) -> Iterator[Occasion]:
    """The days worth knowing beforehand, as far as the last one asked for, in no order."""
    until = last.isoformat()
    for path, name, part in _parts(sql, "days"):
        for day, kind, text in part:
            if day <= until:
                yield Occasion(date.fromisoformat(day), kind, path, name, text)


def streets(sql: sqlite3.Connection) -> Iterator[Exchange]:
    """What went either way with each person with whom something did."""
    for path, name, part in _parts(sql, "street"):
        yield _street_of(path, name, part)


def street(sql: sqlite3.Connection, path: str) -> Exchange:
    """As `streets`, of one of them."""
    found = "SELECT name, street FROM contribution WHERE note = (SELECT id FROM note WHERE path = ?)"
    name, part = sql.execute(found, (path,)).fetchone()
    return _street_of(path, name, json.loads(part))


def glimpses(sql: sqlite3.Connection) -> Iterator[Glimpse]:
    """As `streets`, no more than a glimpse of each."""
    for path, name, part in _parts(sql, "street"):
        yield _glimpse_of(path, name, part)


def _parts(sql: sqlite3.Connection, part: str) -> Iterator[tuple[str, str, Any]]:
    """(path, name, value) of everybody who brings something to this part, in no order."""
    found = sql.execute(f"SELECT path, name, {part} FROM contribution WHERE {part} IS NOT NULL")
    while rows := found.fetchmany(_AT_ONCE):
        # one text of many values is read in a third of the time that many texts take
        values = json.loads(f"[{','.join([data for _, _, data in rows])}]")
        for (path, name, _), value in zip(rows, values, strict=True):
            yield path, name, value


def _street_to_json(e: Exchange) -> str:
    if e.confidential:
        return "[]"
    lines = dict.fromkeys((*e.gave, *e.got, *e.thanked, *((e.thanks_line,) if e.thanks_line else ())))
    number = {line: place for place, line in enumerate(lines)}
    return to_json(
        (
            [(i.date.isoformat(), i.channel, i.text, i.marks, i.line, "" if i.path == e.path else i.path) for i in lines],
            [[number[line] for line in part] for part in (e.gave, e.got, e.thanked)],
            e.thanks_owed_since and e.thanks_owed_since.isoformat(),
            number[e.thanks_line] if e.thanks_line else None,
            [
                [(p.text, p.due and p.due.isoformat(), p.line, "" if p.path == e.path else p.path) for p in part]
                for part in (e.promises_mine, e.promises_theirs)
            ],
            e.is_settled,
            e.given_back,
        )
    )  # fmt: skip


def _glimpse_of(path: str, name: str, told: Any) -> Glimpse:
    if not told:
        return Glimpse(path, name, confidential=True)
    lines, (gave, got, thanked), _, thanks, (mine, theirs), _, _ = told
    return Glimpse(
        path,
        name,
        "" if thanks is None else lines[thanks][0],
        tuple([due or "" for _, due, _, _ in mine]),
        tuple([due or "" for _, due, _, _ in theirs]),
        max([lines[number][0] for number in (*gave, *got, *thanked)]) if gave or got else "",
    )


def _street_of(path: str, name: str, told: Any) -> Exchange:
    if not told:
        return Exchange(path, name, confidential=True)
    lines, parts, since, thanks, promised, settled, given_back = told
    said = [
        Interaction(date.fromisoformat(day), channel, text, tuple(marks), line, (), where or path)
        for day, channel, text, marks, line, where in lines
    ]
    gave, got, thanked = (tuple(said[number] for number in part) for part in parts)
    mine, theirs = (
        tuple(
            Promise(
                text, date.fromisoformat(due) if due else None, bool(which), line, False, (), where or path
            )
            for text, due, line, where in part
        )
        for which, part in enumerate(promised)
    )
    return Exchange(
        path, name, gave, got, thanked, date.fromisoformat(since) if since else None,
        None if thanks is None else said[thanks], mine, theirs, settled, given_back,
    )  # fmt: skip


_COLUMNS = "SELECT path, name, score, pool, held, due, last, snooze, turn, revived, data FROM assessment"
_BEST = "ORDER BY score DESC, name_key, path LIMIT ?"


def assessment_row(number: int, s: Assessment) -> rows.Row:
    """The row of a standing of the person whose note bears this number."""
    return (
        number, s.path, s.name, names.fold(s.name), s.pool, s.held, s.score, int(has_duty(s)), s.turn, _text(s.due),
        _text(s.snooze), _text(s.last_contact), int(s.revived), rows.assessment_to_json(s),
    )  # fmt: skip


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def one(sql: sqlite3.Connection, today: date, path: str) -> Assessment | None:
    found = sql.execute(f"{_COLUMNS} WHERE path = ?", (path,)).fetchone()
    return rows.assessment_from_row(today, *found) if found else None


def everybody(sql: sqlite3.Connection, today: date) -> Iterator[Assessment]:
    """All standings, by path."""
    for found in sql.execute(f"{_COLUMNS} ORDER BY path"):
        yield rows.assessment_from_row(today, *found)


def shortlist(sql: sqlite3.Connection, today: date, size: int) -> Shortlist:
    """The best `size` of each pool and the counts of everybody, as `core.choose.shortlist` has them."""

    def best(index: str, where: str, order: str, *values: object) -> tuple[Assessment, ...]:
        # left to itself SQLite takes one index for all of these, and sorts thousands for the best few
        found = sql.execute(f"{_COLUMNS} INDEXED BY {index} WHERE {where} {order}", (*values, size))
        return tuple(rows.assessment_from_row(today, *one) for one in found)

    count = sql.execute("SELECT count(*) FROM assessment WHERE held = '' AND pool = 'active'").fetchone()[0]
    excluded = sql.execute(
        "SELECT held, count(*) FROM assessment WHERE held > '' GROUP BY held ORDER BY held"
    ).fetchall()
    newest = sql.execute("SELECT max(last) FROM assessment").fetchone()[0]
    return Shortlist(
        today,
        active=best("assessment_best", "held = '' AND pool = 'active'", _BEST),
        duties=best("assessment_duty", "held = '' AND pool = 'active' AND duty", _BEST),
        dormant=best(
            "assessment_turn", "held = '' AND pool = 'dormant'", "ORDER BY turn, name_key, path LIMIT ?"
        ),
        spare=best("assessment_best", "held = '' AND pool = 'spare'", _BEST),
        coming_up=best(
            "assessment_soon",
            "(held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare') AND due > ?",
            "ORDER BY due, name_key, path LIMIT ?",
            today.isoformat(),
        ),
        snoozed=best("assessment_snooze", "held = 'snoozed'", "ORDER BY snooze, name_key, path LIMIT ?"),
        active_count=count,
        excluded=tuple(excluded),
        newest_contact=date.fromisoformat(newest) if newest else None,
        revived=sql.execute("SELECT count(*) FROM assessment WHERE revived").fetchone()[0],
    )
