"""What each contact contributes to the pages about people, so that a page is made without looking at everybody again.

A test compares pages made from contributions with those made from the people themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from mdmentor.core.contribution import Contribution
from mdmentor.core.exchange import Exchange
from mdmentor.core.mentoring import MentorStep, Turn
from mdmentor.core.model import Interaction, Occasion, Promise
from mdmentor.core.network_svg import Dot
from mdmentor.index import Index
from mdmentor.index.rows import Row, to_date, to_json


def contribution_row(number: int, s: Contribution) -> Row:
    """The row of the table `contribution` for the contact with this id; NULL for an empty part."""
    days = [(day.day, day.kind, day.text) for day in s.occasions]
    parts = (s.dot, s.sources, s.months, s.step, s.support, s.street, days)
    return number, s.path, s.name, int(s.is_left_out), *(to_json(part) if part else None for part in parts)


def _parts(index: Index, part: str) -> Iterator[tuple[str, str, Any]]:
    """(path, name, value) of everybody who contributes to this part, in no order."""
    found = index.execute(f"SELECT path, name, {part} FROM contribution WHERE {part} IS NOT NULL")
    for path, name, data in found:
        yield path, name, json.loads(data)


def steps(index: Index) -> Iterator[tuple[Turn, MentorStep]]:
    """Everybody on a step of mentoring, each with their turn; whether they are a colleague is not known here."""
    for _, _, (turn, fields) in _parts(index, "step"):
        step = MentorStep(*fields)
        where = step.said_where
        yield (
            (turn[0], turn[1], turn[2]),
            step._replace(
                said_on=to_date(fields[MentorStep._fields.index("said_on")]),
                said_where=(where[0], where[1]) if where else None,
                support=tuple(step.support),
            ),
        )


def sources(index: Index) -> Iterator[tuple[str, str, list[str]]]:
    """(path, name, sources) of everybody who stands in one of the eight places."""
    return _parts(index, "sources")


def supports(index: Index) -> Iterator[tuple[str, str, list[str]]]:
    """(path, name, kinds) of everybody who is there for something."""
    return _parts(index, "support")


def months(index: Index) -> Iterator[dict[str, int]]:
    """For each person the months in which there was a talk, with how many."""
    return (dict(part) for _, _, part in _parts(index, "months"))


def dots(index: Index) -> list[Dot]:
    """Everybody in the network diagram, without who introduced them."""
    return [Dot(*part) for _, _, part in _parts(index, "dot")]


def count_left_out(index: Index) -> int:
    """How many people the network diagram leaves out, since they are paused."""
    return int(index.execute("SELECT count(*) FROM contribution WHERE is_left_out").fetchone()[0])


def occasions(index: Index, last: date) -> Iterator[Occasion]:
    """Birthdays and plans up to the day `last`, in no order."""
    for path, name, part in _parts(index, "days"):
        for day, kind, text in part:
            if day <= last.isoformat():
                yield Occasion(date.fromisoformat(day), kind, path, name, text)


def exchanges(index: Index) -> Iterator[Exchange]:
    """What was given, received and promised, for everybody with whom anything was."""
    return (_exchange(part) for _, _, part in _parts(index, "exchange"))


def _exchange(part: list[Any]) -> Exchange:
    whole = Exchange(*part)
    return whole._replace(
        gave=tuple(map(_interaction, whole.gave)),
        got=tuple(map(_interaction, whole.got)),
        thanked=tuple(map(_interaction, whole.thanked)),
        thanks_owed_since=to_date(part[Exchange._fields.index("thanks_owed_since")]),
        thanks_line=_interaction(whole.thanks_line) if whole.thanks_line else None,
        promises_mine=tuple(map(_promise, whole.promises_mine)),
        promises_theirs=tuple(map(_promise, whole.promises_theirs)),
    )


def _interaction(fields: Any) -> Interaction:
    day, channel, text, marks, line, _, path = fields
    return Interaction(date.fromisoformat(day), channel, text, tuple(marks), line, (), path)


def _promise(fields: Any) -> Promise:
    text, due, theirs, line, private, _, path = fields
    return Promise(text, to_date(due), theirs, line, private, (), path)
