"""What the index holds of each note, as texts that do not depend on how its tables are laid out.

The queries here follow the tables when these change. What they print must not change then.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from mdmentor.core.model import Assessment
from mdmentor.index import people

# one aspect of the notes each, as rows of (path of the note, text) in the order in which they are shown
_QUERIES = {
    "notes": """
        SELECT path, printf('%s by %s, "%s", day %s', kind, why, title, coalesce(day, 'none')) FROM note ORDER BY path
    """,
    "names": """
        SELECT note.path, printf('%s "%s", found as "%s"', name.what, name.text, name.plain)
        FROM name JOIN note ON note.id = name.note ORDER BY note.path, name.what, name.text, name.plain
    """,
    "topics": """
        SELECT note.path, printf('%s "%s", found as "%s"', topic.kind, topic.text, topic.key)
        FROM topic JOIN note ON note.id = topic.note ORDER BY note.path, topic.kind, topic.key, topic.text
    """,
    "links": """
        SELECT note.path, printf('%d:%d %s %s -> %s', link.line, link.col, link.kind, link.raw,
                coalesce(target.path, link.file, 'nothing'))
            || CASE WHEN link.fragment > '' THEN printf(' #%s', link.fragment) ELSE '' END
            || printf(' "%s"', link.text)
            || CASE WHEN link.field > '' THEN printf(' in field %s', link.field) ELSE '' END
            || CASE WHEN link.entry IS NOT NULL THEN printf(' in entry %d', link.entry) ELSE '' END
            || CASE WHEN link.private THEN ' private' ELSE '' END
        FROM link JOIN note ON note.id = link.note LEFT JOIN note target ON target.id = link.target
        ORDER BY note.path, link.line, link.col, link.seq
    """,
    "entries": """
        SELECT note.path, printf('%d: %s %s %s "%s" %s', entry.line, entry.kind, coalesce(entry.day, '-'),
                coalesce(entry.channel, '-'), coalesce(entry.text, ''), coalesce(entry.marks, ''))
            || CASE WHEN entry.theirs THEN ' theirs' ELSE '' END
            || CASE WHEN entry.private THEN ' private' ELSE '' END
            || CASE WHEN entry.own THEN '' ELSE ' not their own' END
        FROM entry JOIN note ON note.id = entry.note ORDER BY note.path, entry.seq
    """,
    "blocks": """
        SELECT note.path, block.kind FROM block JOIN note ON note.id = block.note ORDER BY note.path, block.kind
    """,
    "problems": """
        SELECT path, printf('%d:%d %s %s: %s; %s', line, col, severity, code, what, fix)
        FROM problem ORDER BY path, line, col, code, what
    """,
    "attachments": "SELECT path, 'a file that is no note' FROM attachment ORDER BY path",
}
_BODIES = """
    SELECT note.path, body.title, body.shown, body.private FROM body JOIN note ON note.id = body.note ORDER BY note.path
"""


def dump(sql: sqlite3.Connection, today: date) -> dict[str, str]:
    """For each aspect a text with the lines of every note of which there is something to say, by path."""
    return {
        **{aspect: _text(sql.execute(query)) for aspect, query in _QUERIES.items()},
        "text": _text((path, _digests(texts)) for path, *texts in sql.execute(_BODIES)),
        "assessments": _text(
            (one.path, line) for one in people.assessments(sql, today) for line in _assessment(one)
        ),
    }


def _text(rows: Iterable[tuple[str, str]]) -> str:
    shown = []
    for path, lines in groupby(rows, key=lambda row: row[0]):
        shown.append(f"{path}\n")
        shown.extend(f"  {line}\n" for _, line in lines)
    return "".join(shown)


def _digests(texts: Iterable[str | None]) -> str:
    return " ".join(hashlib.sha256(text.encode()).hexdigest()[:12] if text else "-" for text in texts)


def _assessment(one: Assessment) -> Iterator[str]:
    yield (
        f"score {one.score:g}, pool {one.pool or 'none'}, held back as {one.held or 'nothing'}, due {one.due},"
        f" last contact {one.last_contact}, cadence {one.cadence_days}, snooze {one.snooze},"
        f" place in the queue {one.turn}" + ", revived" * one.revived + ", confidential" * one.confidential
    )
    for reason in one.reasons:
        yield f"{reason.points:g} {reason.kind}: {reason.text}"
    for note in one.notes:
        yield f"also: {note}"
