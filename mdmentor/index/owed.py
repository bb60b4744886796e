"""What the pages still owe: which of the things they tell of changed since they were last brought up to date.

Whoever renews the index adds to it, in the same transaction; whoever then writes the pages settles it. So a
page is made again only where something it tells of is another, however many runs and readers lie between.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

ALL = "all"  # a new day, new settings, others who work where the user works: every page and block
POSTS = "posts"  # what bears on a post or goal: its own note, what a person's says of it, a link, a topic
RELATIONS = "relations"  # how posts and people bear on each other, beyond the notes named by `person`
PROBLEMS = "problems"  # a problem, or a name that may be offered as its mend
INTRODUCERS = "introducers"  # who introduced whom
BLOCKS = "blocks"  # more single notes than are named one by one: every block
# Besides these: the parts of a share (`shares.PARTS`), and for single notes what follows.

MOST = 500  # single notes named one by one; of more, every block is looked at


def person(number: int) -> str:
    """The ties or the note of one person."""
    return f"person {number}"


def backlinks(number: int) -> str:
    """The links to one note."""
    return f"backlinks {number}"


def add(sql: sqlite3.Connection, things: Iterable[str], turn: int) -> None:
    """Notes in this turn of the index that these things changed."""
    sql.executemany("INSERT OR REPLACE INTO owed VALUES (?, ?)", ((thing, turn) for thing in things))


def told(sql: sqlite3.Connection) -> frozenset[str]:
    """Everything that changed and is on no page yet."""
    return frozenset(row[0] for row in sql.execute("SELECT thing FROM owed"))


def settle(sql: sqlite3.Connection, turn: int) -> None:
    """The pages tell what the index knew in this turn; what changed later is still owed."""
    sql.execute("DELETE FROM owed WHERE turn <= ?", (turn,))
