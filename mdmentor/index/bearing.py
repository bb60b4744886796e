"""What of a note bears on others, and so on pages that tell of those: asked before it changes and after."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.index.naming import names_in_text


class Bearing(NamedTuple):
    """What others are told by. Of a note that is not there, all of it is empty."""

    kind: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    links_posts: bool = False  # or goals
    introducers: tuple[int, ...] = ()
    reading: tuple[
        object, ...
    ] = ()  # of a post or goal: all that "Posts and people" draws from the note itself

    @property
    def is_person(self) -> bool:
        return self.kind == CONTACT

    @property
    def is_read(self) -> bool:
        """Whether it is a post or a goal."""
        return self.kind in (POST, GOAL)


NOTHING = Bearing()


def bearing(sql: sqlite3.Connection, number: int) -> Bearing:
    """How the note with this number bears on others, as the index has it now."""
    row = sql.execute("SELECT kind FROM note WHERE id = ?", (number,)).fetchone()
    if row is None:
        return NOTHING
    topics = sql.execute(
        "SELECT key, text FROM topic WHERE note = ? AND kind = 'topic' ORDER BY rowid", (number,)
    )
    links_posts = sql.execute(
        "SELECT EXISTS (SELECT 1 FROM link l JOIN note t ON t.id = l.target WHERE l.note = ? AND t.kind IN ('post', 'goal'))",
        (number,),
    ).fetchone()[0]
    reading = _reading(sql, number) if row[0] in (POST, GOAL) else ()
    introducers = sql.execute(
        "SELECT target FROM link WHERE note = ? AND field = 'introducedby' AND target IS NOT NULL ORDER BY seq",
        (number,),
    )
    return Bearing(
        row[0],
        tuple(topics.fetchall()),
        bool(links_posts),
        tuple(target for (target,) in introducers),
        reading,
    )


def _reading(sql: sqlite3.Connection, number: int) -> tuple[object, ...]:
    """Title and data, what is linked, what is told in entries, and which goals the text names."""
    questions = (
        "SELECT path, title, data FROM note WHERE id = ?",
        "SELECT DISTINCT target FROM link WHERE note = ? AND NOT private ORDER BY target",
        "SELECT line, day, kind, text, private FROM entry WHERE note = ? ORDER BY seq",
    )
    told = (tuple(sql.execute(question, (number,)).fetchall()) for question in questions)
    goals = sql.execute("SELECT id, title FROM note WHERE kind = 'goal' ORDER BY id").fetchall()
    return *told, tuple(goal for goal, title in goals if names_in_text(sql, title, number))
