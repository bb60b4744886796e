"""What of a note bears on others, and so on pages that tell of those: asked before it changes and after."""

import sqlite3
from typing import NamedTuple

from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.index import kept
from mdmentor.index.naming import NAMED_KINDS, named_in_text, names_borne, notes_named

POSTS_TOLD = "posts told"  # the fact that names the notes of which "Posts and people" tells
LIST_TOLD = (
    "list told"  # the fact that names what "Reach out next" tells: a digest, and whose cards, by number
)
_NAMES = "SELECT m.note, m.text FROM name m JOIN note n ON n.id = m.note"
_MOST_CARDS = 50  # people whose names are looked for in a post


class Bearing(NamedTuple):
    """What others are told by. Of a note that is not there, all of it is empty."""

    kind: str = ""
    topics: tuple[tuple[str, str], ...] = ()
    links_posts: bool = False  # or goals
    introducers: tuple[int, ...] = ()
    # Of a post, goal or person: all that "Posts and people" draws from the note itself; None where that cannot be told.
    reading: tuple[object, ...] | None = ()
    # Of a post: what it is called, the notes it links, and whom it names of the people on cards; None as above.
    identity: tuple[object, ...] = ()
    linked: frozenset[int] = frozenset()
    named: frozenset[int] | None = frozenset()

    @property
    def is_person(self) -> bool:
        return self.kind == CONTACT

    @property
    def is_read(self) -> bool:
        """Whether it is a post or a goal."""
        return self.kind in (POST, GOAL)


NOTHING = Bearing()


def related_otherwise(before: Bearing, now: Bearing) -> frozenset[int] | None:
    """The people who may relate to a post or goal otherwise than before, by number; None where it may be anybody."""
    if not (before.is_read or now.is_read):
        return frozenset()
    if before.named is None or now.named is None or not before.kind == now.kind == POST:
        return None
    if before.identity != now.identity:
        return None
    return (before.linked ^ now.linked) | (before.named ^ now.named)


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
    if row[0] == POST:
        return _bearing_of_post(sql, number, tuple(topics.fetchall()), bool(links_posts))
    if row[0] == GOAL:
        reading: tuple[object, ...] | None = _reading(sql, number)
    else:
        reading = _said_of_posts(sql, number) if row[0] == CONTACT else ()
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


def _bearing_of_post(
    sql: sqlite3.Connection, number: int, topics: tuple[tuple[str, str], ...], links_posts: bool
) -> Bearing:
    row = sql.execute("SELECT path, title, data FROM note WHERE id = ?", (number,)).fetchone()
    identity = (*row, names_borne(sql, number))
    linked = sql.execute(
        "SELECT DISTINCT target FROM link WHERE note = ? AND NOT private AND target IS NOT NULL", (number,)
    )
    told = kept.fact(sql, POSTS_TOLD)
    if told and str(number) not in told.split(","):
        # the page does not tell of the post itself, but may name it where it tells of goals
        reading: tuple[object, ...] = (identity, *_said_of_goals(sql, number))
    else:
        reading = _reading(sql, number)
    return Bearing(
        POST,
        topics,
        links_posts,
        (),
        reading,
        identity,
        frozenset(n for (n,) in linked),
        _named_on_cards(sql, number),
    )


def _said_of_goals(sql: sqlite3.Connection, number: int) -> tuple[object, ...]:
    """Which goals the note links, and which its text names."""
    links = sql.execute(
        "SELECT DISTINCT l.target FROM link l JOIN note t ON t.id = l.target"
        " WHERE l.note = ? AND NOT l.private AND t.kind = 'goal' ORDER BY 1",
        (number,),
    )
    return tuple(links.fetchall()), _goals_named(sql, number)


def _goals_named(sql: sqlite3.Connection, number: int) -> tuple[int, ...]:
    goals = sql.execute(f"{_NAMES} WHERE n.kind = 'goal' ORDER BY n.id").fetchall()
    return named_in_text(sql, goals, number)


def _named_on_cards(sql: sqlite3.Connection, number: int) -> frozenset[int] | None:
    """Whom the note names of the people on whose cards related posts are shown; None where these are not known, or many."""
    told = kept.fact(sql, LIST_TOLD)
    if not told:
        return None
    cards = {int(shown) for shown in told.split()[1:]}
    cards.update(note for (note,) in sql.execute("SELECT DISTINCT note FROM block WHERE kind = 'card'"))
    if len(cards) > _MOST_CARDS:
        return None
    people = f"{_NAMES} WHERE n.id IN ({', '.join(map(str, cards))}) ORDER BY n.id"
    return frozenset(named_in_text(sql, sql.execute(people).fetchall(), number))


def _reading(sql: sqlite3.Connection, number: int) -> tuple[object, ...]:
    """Names and data, what is linked, what is told in entries, and whom and what the text names."""
    questions = (
        "SELECT path, title, data FROM note WHERE id = ?",
        "SELECT DISTINCT target FROM link WHERE note = ? AND NOT private ORDER BY target",
        "SELECT line, day, kind, text, private FROM entry WHERE note = ? ORDER BY seq",
    )
    told = (tuple(sql.execute(question, (number,)).fetchall()) for question in questions)
    return *told, names_borne(sql, number), notes_named(sql, number, NAMED_KINDS)


def _said_of_posts(sql: sqlite3.Connection, number: int) -> tuple[object, ...] | None:
    """Who the person is, which posts and goals the note links, what is said where it does, and which it names.

    None while it is not known of which posts the page tells: to look for the names of all would take too long.
    """
    told = kept.fact(sql, POSTS_TOLD)
    if not told:
        return None
    told_of = f"{_NAMES} WHERE n.kind = 'goal' OR n.id IN ({told}) ORDER BY n.id"
    about = "SELECT l.entry FROM link l JOIN note t ON t.id = l.target WHERE l.note = ?1 AND t.kind IN ('post', 'goal')"
    questions = (
        "SELECT path, title, data LIKE '%\"confidential\":true%' FROM note WHERE id = ?1",
        "SELECT DISTINCT l.target, l.private FROM link l JOIN note t ON t.id = l.target"
        " WHERE l.note = ?1 AND t.kind IN ('post', 'goal') ORDER BY 1, 2",
        f"SELECT seq, line, day, kind, text, private FROM entry WHERE note = ?1 AND seq IN ({about}) ORDER BY seq",
        f"SELECT entry, target, private FROM link WHERE note = ?1 AND entry IN ({about}) ORDER BY seq",
    )
    said = (tuple(sql.execute(question, (number,)).fetchall()) for question in questions)
    return *said, names_borne(sql, number), named_in_text(sql, sql.execute(told_of).fetchall(), number)
