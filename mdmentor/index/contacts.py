"""Contacts with all that the vault says about them, and the goals they may help with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mdmentor.core import names
from mdmentor.core.model import Contact, Goal, Person
from mdmentor.index import Index, rows

# The entries in a contact's own note, and those of other notes with a link to the contact; each once, however many
# links it has. What another contact's own log says is about that one alone.
_ENTRIES = """
    SELECT kind, line, day, channel, text, marks, theirs, private, ?2 FROM entry WHERE note = ?1 AND own
    UNION ALL
    SELECT e.kind, e.line, e.day, e.channel, e.text, e.marks, e.theirs, e.private, n.path
    FROM (SELECT DISTINCT note, entry FROM link WHERE target = ?1 AND entry IS NOT NULL) l
    CROSS JOIN entry e ON e.note = l.note AND e.seq = l.entry AND NOT e.own JOIN note n ON n.id = l.note
"""


def contact(index: Index, path: str) -> Contact | None:
    found = index.execute(
        "SELECT path, title, data FROM note WHERE path = ? AND kind = 'contact'", (path,)
    ).fetchone()
    return rows.contact_from_row(*found) if found else None


def contacts(index: Index) -> Iterator[Contact]:
    """All contacts without log and promises, by id, one at a time in memory."""
    for row in index.execute("SELECT path, title, data FROM note WHERE kind = 'contact' ORDER BY id"):
        yield rows.contact_from_row(*row)


def is_confidential(index: Index, path: str) -> bool:
    """True for a note, of any kind, of which only the name may be shown."""
    found = index.execute("SELECT data FROM note WHERE path = ?", (path,)).fetchone()
    return found is not None and rows.is_confidential(found[0])


def goals(index: Index) -> tuple[Goal, ...]:
    """All goals, by title."""
    found = index.execute("SELECT path, title, data FROM note WHERE kind = 'goal' ORDER BY title, path")
    return tuple(rows.goal_from_row(*row) for row in found)


def live_topics(index: Index) -> dict[str, str]:
    """Folded topic -> title of the active goal that makes it live; the first goal by title where several do."""
    live: dict[str, str] = {}
    for goal in goals(index):
        if goal.active:
            for topic in goal.topics:
                live.setdefault(names.fold_topic(topic), goal.title)
    return live


def people(index: Index, paths: Iterable[str] | None = None) -> Iterator[Person]:
    """All contacts with their interactions and promises, or those at `paths`; one at a time in memory."""
    return map(rows.person_from_row, person_rows(index, paths))


def person_rows(index: Index, paths: Iterable[str] | None = None) -> Iterator[rows.PersonRow]:
    """As `people`, as the rows from which a person is made."""
    columns = "SELECT id, path, title, data FROM note WHERE kind = 'contact'"
    if paths is None:
        found: Iterable[rows.Row] = index.execute(f"{columns} ORDER BY id")
    else:
        found = (row for path in paths for row in index.execute(f"{columns} AND path = ?", (path,)))
    for number, path, title, data in found:
        yield number, path, title, data, index.execute(_ENTRIES, (number, path)).fetchall()


def introducers(index: Index) -> dict[str, str]:
    """Contact -> the contact who introduced them, both as paths, where the note links them."""
    found = index.execute(
        "SELECT n.path, t.path FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        # the plus keeps SQLite from reading all links of all contacts: the index on the field holds a few
        " WHERE l.field = 'introducedby' AND +n.kind = 'contact' AND +t.kind = 'contact' AND NOT l.private"
        " ORDER BY l.note, l.seq DESC"
    )
    return dict(found.fetchall())


def names_beginning(index: Index, begins: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(note, name) of every title, alias and file name that begins so, to find the names of a company.

    Without the aliases of confidential notes, which are shown nowhere.
    """
    for begin in begins:
        for table, column, value in (
            ("note, text FROM name", "plain", names.fold_plain(begin)),
            ("id, key FROM note", "key", names.fold(begin)),
        ):
            yield from index.execute(
                f"SELECT {table} WHERE {column} >= ?1 AND {column} < ?1 || char(1114111)", (value,)
            )


def names_of(index: Index, numbers: Iterable[int]) -> list[tuple[str, ...]]:
    """All names of each of these notes: title, file name, aliases."""
    found = []
    for number in sorted(numbers):
        path, title = index.execute("SELECT path, title FROM note WHERE id = ?", (number,)).fetchone()
        aliases = [text for (text,) in index.execute("SELECT text FROM name WHERE note = ?", (number,))]
        found.append(tuple(dict.fromkeys((title, names.stem(path), *aliases))))
    return found


def companies(index: Index, path: str | None = None) -> Iterator[tuple[str, str]]:
    """(path, company) for each company of all contacts, or of one; without confidential contacts.

    Of a link both its target and the words it shows.
    """
    from mdmentor.core.frontmatter.keys import SPELLED  # most vaults ask for no company

    only = f"n.kind = 'contact' AND {rows.NOT_CONFIDENTIAL}{'' if path is None else ' AND n.path = ?'}"
    values = () if path is None else (path,)
    yield from index.execute(
        "SELECT n.path, c.value FROM note n, json_each(n.data, '$.company') c"
        f" WHERE instr(n.data, '\"company\":') AND {only}",
        values,
    )
    fields = ", ".join(repr(key) for key in sorted(SPELLED["company"]))
    yield from index.execute(
        "SELECT n.path, l.text FROM note n JOIN link l ON l.note = n.id"
        f" WHERE l.field IN ({fields}) AND instr(l.raw, '|') AND NOT l.private AND {only}",
        values,
    )
