"""People: contacts with all that the vault says about them, their assessment today, and what they contribute to pages.

A test compares pages made from contributions with those made from the people themselves.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from mdmentor.core import names
from mdmentor.core.entries import Occasion
from mdmentor.core.model import Assessment, Contact, Goal, Interaction, Person, Promise, Reason
from mdmentor.core.ranking.select import Shortlist, has_duty
from mdmentor.index import Index, rows

if TYPE_CHECKING:
    from mdmentor.core.contribution import Contribution
    from mdmentor.core.exchange import Exchange
    from mdmentor.core.mentoring import MentorStep, Turn
    from mdmentor.core.network_svg import Dot

PartRow = tuple[
    str, str, str
]  # path and name of somebody, and as JSON a part of what they contribute to pages

# The entries `e` as JSON, with the path of the note that they are in.
_ENTRIES = """
    json_group_array(json_array(e.kind = 'talk', coalesce(e.day, '~'), {}, e.line, e.channel, e.text, e.marks, e.theirs,
        e.private, e.ticked, e.due))
"""
# A contact, the entries in its own note, and those of other notes with a link to it; each once, however many links it
# has. What another contact's own log says is about that one alone.
_PEOPLE = f"""
    SELECT id, path, title, data,
        (SELECT {_ENTRIES.format("n.path")} FROM entry e WHERE e.note = n.id AND e.own),
        (
            SELECT {_ENTRIES.format("o.path")}
            FROM (SELECT DISTINCT note, entry FROM link WHERE target = n.id AND entry IS NOT NULL) l
            CROSS JOIN entry e ON e.note = l.note AND e.seq = l.entry AND NOT e.own JOIN note o ON o.id = l.note
        )
    FROM note n WHERE kind = 'contact'
"""


def contact(index: Index, path: str) -> Contact | None:
    query = "SELECT path, title, data FROM note WHERE path = ? AND kind = 'contact'"
    return next((rows.contact_from_row(*row) for row in index.execute(query, (path,))), None)


def contacts(index: Index) -> Iterator[Contact]:
    """All contacts without log and promises, by id, one at a time in memory."""
    for row in index.execute("SELECT path, title, data FROM note WHERE kind = 'contact' ORDER BY id"):
        yield rows.contact_from_row(*row)


def contacts_born_near(index: Index, days: Iterable[date]) -> Iterator[Contact]:
    """The contacts whose birthday may be on one of these days; one of 29 February may be on the 28th."""
    born = {(day.month, day.day) for day in days}
    born |= {(2, 29)} if (2, 28) in born else set()
    query = "SELECT path, title, data FROM note INDEXED BY note_birthday WHERE kind = 'contact'"
    query += " AND json_extract(data, '$.birthday') BETWEEN ?1 AND ?1 || '~'"
    for month, day in sorted(born):
        for row in index.execute(query, (f"[{month},{day},",)):
            yield rows.contact_from_row(*row)


def is_confidential(index: Index, path: str) -> bool:
    """True for a note of any kind if only its name may be shown."""
    return rows.is_confidential(index.value("SELECT data FROM note WHERE path = ?", (path,)))


def confidential_paths(index: Index) -> frozenset[str]:
    """The paths of all confidential contacts."""
    found = index.execute("SELECT path, data FROM note WHERE kind = 'contact'")
    return frozenset(path for path, data in found if rows.is_confidential(data))


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
    if paths is None:
        yield from index.execute(f"{_PEOPLE} ORDER BY id")
    for path in paths or ():
        yield from index.execute(f"{_PEOPLE} AND path = ?", (path,)).fetchall()  # may be left unread


def introducers(index: Index) -> dict[str, str]:
    """Contact -> the contact who introduced them, both as paths, where the note links them."""
    found = index.execute(
        "SELECT n.path, t.path FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        # the plus keeps SQLite from reading all links of all contacts: the index on the field holds a few
        " WHERE l.field = 'introducedby' AND +n.kind = 'contact' AND +t.kind = 'contact' AND NOT l.private"
        " ORDER BY l.note, l.seq DESC"
    )
    return dict(found.fetchall())


def apart(index: Index) -> list[tuple[str, str, str]]:
    """(contact, contact, the link's target as written) for each link that says that these are two people."""
    return index.execute(
        "SELECT n.path, t.path, l.wanted FROM link l JOIN note n ON n.id = l.note JOIN note t ON t.id = l.target"
        " WHERE l.field = 'distinctfrom' ORDER BY l.note, l.seq"
    ).fetchall()


def names_beginning(index: Index, begins: Iterable[str]) -> Iterator[tuple[int, str]]:
    """(note, name) of every title, alias and file name that begins so, to find the names of a company.

    Without the aliases of confidential notes, which are shown nowhere.
    """
    by_name = "SELECT note, text FROM name WHERE plain >= ?1 AND plain < ?1 || char(1114111)"
    by_file = "SELECT id, key FROM note WHERE key >= ?1 AND key < ?1 || char(1114111)"
    for begin in begins:
        yield from index.execute(by_name, (names.fold_plain(begin),))
        yield from index.execute(by_file, (names.fold(begin),))


def names_of(index: Index, numbers: Iterable[int]) -> list[tuple[str, ...]]:
    """All names of each of these notes: title, file name, aliases."""
    found = []
    for number in sorted(numbers):
        path, title = index.execute("SELECT path, title FROM note WHERE id = ?", (number,)).fetchone()
        aliases = index.column("SELECT text FROM name WHERE note = ?", (number,))
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


def assessment_row(number: int, s: Assessment) -> rows.Row:
    """The row of the table `assessment` for the contact with this id."""
    data = rows.to_json(
        (s.cadence_days, s.reasons, s.notes, s.confidential, s.coming, s.is_reached, s.has_place)
    )
    morning = rows.to_json(assessment_row(number, s.morning)) if s.morning else None
    days = [day.isoformat() if day else None for day in (s.due, s.snooze, s.last_contact)]
    place = s.pool, s.held, s.score, int(has_duty(s)), s.turn
    return number, s.path, s.name, names.fold(s.name), *place, *days, int(s.revived), data, morning


def _assessment(today: date, row: rows.Row) -> Assessment:
    """The assessment that `assessment_row` made this row of."""
    _, path, name, _, pool, held, score, _, turn, due, snooze, last, revived, data, morning = row
    cadence, reasons, notes, confidential, coming, is_reached, has_place = json.loads(data)
    return Assessment(
        path=path,
        name=name,
        today=today,
        score=score,
        pool=pool,
        held=held,
        due=rows.to_date(due),
        last_contact=rows.to_date(last),
        cadence_days=cadence,
        reasons=tuple(Reason(*reason) for reason in reasons),
        notes=tuple(notes),
        snooze=rows.to_date(snooze),
        turn=turn,
        revived=bool(revived),
        confidential=confidential,
        coming=coming,
        morning=_assessment(today, tuple(json.loads(morning))) if morning else None,
        is_reached=is_reached,
        has_place=has_place,
    )


def find_assessment(index: Index, today: date, path: str) -> Assessment | None:
    found = index.execute("SELECT * FROM assessment WHERE path = ?", (path,))
    return next((_assessment(today, row) for row in found), None)


def assessments(index: Index, today: date) -> Iterator[Assessment]:
    """All of them, by path."""
    return (_assessment(today, row) for row in index.execute("SELECT * FROM assessment ORDER BY path"))


def shortlist(index: Index, today: date, size: int, waiting: Collection[Assessment] = ()) -> Shortlist:
    """The best `size` of each pool and the counts of everybody, as `core.ranking.select.shortlist` has them.

    No rule of the day is here: who was done today is handed on as `touched`, with both of their assessments, and so
    are those for whom a tick is `waiting`, as they will be then.
    """
    paths = [one.path for one in waiting]
    others = f"path NOT IN ({', '.join('?' * len(paths))})"

    def best(where: str, order: str = "score DESC", *values: object) -> tuple[Assessment, ...]:
        statement = (
            f"SELECT * FROM assessment WHERE {where} AND {others} ORDER BY {order}, name_key, path LIMIT ?"
        )
        return tuple(_assessment(today, row) for row in index.execute(statement, (*values, *paths, size)))

    is_spare = "held = '' AND pool = 'spare' AND morning IS NULL"
    is_soon = f"(held IN ('not due', 'no rhythm', 'done today') OR {is_spare})"
    free = "held = '' AND morning IS NULL AND pool"
    done = (
        f"SELECT * FROM assessment WHERE morning IS NOT NULL AND {others} ORDER BY score DESC, name_key, path"
    )
    excluded = "SELECT held, count(*) FROM assessment WHERE held > '' GROUP BY held ORDER BY held"
    active_count, revived, newest, first_newest = index.execute(
        f"SELECT count(*) FILTER (WHERE held = '' AND pool = 'active' AND {others}),"
        " count(*) FILTER (WHERE revived), max(last),"
        " (SELECT first_newest FROM state) FROM assessment WHERE morning IS NULL",
        paths,
    ).fetchone()
    touched = (*(_assessment(today, row) for row in index.execute(done, paths)), *waiting)
    last_days = [newest or "", *(str(one.last_contact or "") for one in touched)]
    return Shortlist(
        today,
        active=best(f"{free} = 'active'"),
        duties=best(f"{free} = 'active' AND duty"),
        dormant=best(f"{free} = 'dormant'", "turn"),
        spare=best(is_spare),
        coming_up=best(f"{is_soon} AND due > ?", "due", today.isoformat()),
        snoozed=best("held = 'snoozed'", "snooze"),
        touched=touched,
        active_count=active_count,
        excluded=tuple(index.execute(excluded).fetchall()),
        newest_contact=rows.to_date(newest),
        revived=revived,
        # whether there is a later talk than the latest that the index held when it was made
        is_return=max(last_days) > (first_newest or ""),
    )


def newest_contact(index: Index) -> str:
    """The day of the latest contact in the vault; "" for none."""
    return str(index.value("SELECT max(last) FROM assessment") or "")


def contribution_row(number: int, s: Contribution) -> rows.Row:
    """The row of the table `contribution` for the contact with this id; NULL for an empty part."""
    days = [(day.day, day.kind, day.text) for day in s.occasions]
    parts = (s.dot, s.sources, s.months, s.step, s.support, s.street, days)
    return (
        number,
        s.path,
        s.name,
        int(s.is_left_out),
        *(rows.to_json(part) if part else None for part in parts),
    )


def part_rows(index: Index, part: str) -> list[PartRow]:
    """The rows of everybody who contributes to this part, in no order."""
    return index.execute(f"SELECT path, name, {part} FROM contribution WHERE {part} IS NOT NULL").fetchall()


def parts(index: Index, part: str) -> Iterator[tuple[str, str, Any]]:
    """(path, name, value) of everybody who contributes to this part, in no order."""
    return ((path, name, json.loads(data)) for path, name, data in part_rows(index, part))


def steps(index: Index) -> Iterator[tuple[Turn, MentorStep]]:
    """Everybody on a step of mentoring, each with their turn; whether they are a colleague is not known here."""
    from mdmentor.core.mentoring import MentorStep

    for _, _, (turn, fields) in parts(index, "step"):
        step = MentorStep(*fields)
        said_on = rows.to_date(fields[MentorStep._fields.index("said_on")])
        where = step.said_where and (step.said_where[0], step.said_where[1])
        yield turn, step._replace(said_on=said_on, said_where=where, support=tuple(step.support))


def months(found: Iterable[PartRow]) -> Iterator[dict[str, int]]:
    """For each person the months in which there was a talk, with how many."""
    return (dict(json.loads(part)) for _, _, part in found)


def dots(found: Iterable[PartRow]) -> list[Dot]:
    """Everybody in the network diagram, without who introduced them."""
    from mdmentor.core.network_svg import Dot

    dots = [Dot(*json.loads(part)) for _, _, part in found]
    return [dot._replace(groups=tuple(dot.groups)) for dot in dots]


def count_left_out(index: Index) -> int:
    """How many people the network diagram leaves out, since they are paused."""
    return int(index.value("SELECT count(*) FROM contribution WHERE is_left_out"))


def occasions(index: Index, last: date) -> Iterator[Occasion]:
    """Birthdays and plans up to the day `last`, in no order."""
    for path, name, part in parts(index, "days"):
        for day, kind, text in part:
            if day <= last.isoformat():
                yield Occasion(date.fromisoformat(day), kind, path, name, text)


def exchanges(found: Iterable[PartRow]) -> Iterator[Exchange]:
    """What was given, received and promised, for everybody with whom anything was."""
    return (_exchange(json.loads(part)) for _, _, part in found)


def _exchange(part: list[Any]) -> Exchange:
    from mdmentor.core.exchange import Exchange

    whole = Exchange(*part)
    return whole._replace(
        gave=tuple(map(_interaction, whole.gave)),
        got=tuple(map(_interaction, whole.got)),
        thanked=tuple(map(_interaction, whole.thanked)),
        thanks_line=_interaction(whole.thanks_line) if whole.thanks_line else None,
        promises_mine=tuple(map(_promise, whole.promises_mine)),
        promises_theirs=tuple(map(_promise, whole.promises_theirs)),
    )


def _interaction(fields: Any) -> Interaction:
    day, channel, text, marks, line, _, path, *_ = fields
    return Interaction(date.fromisoformat(day), channel, text, tuple(marks), line, (), path)


def _promise(fields: Any) -> Promise:
    text, due, theirs, line, private, _, path = fields
    return Promise(text, rows.to_date(due), theirs, line, private, (), path)
