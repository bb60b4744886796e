"""A talk put on record: one line in the log of each who took part, or one line in the day's note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.actions.edit import EditNote, Hands, Written
from mdmentor.core import names
from mdmentor.core.capture import Capture, find_unread_day, read_capture
from mdmentor.core.edit_log_style import LogLine
from mdmentor.core.log_editor import add_log_line
from mdmentor.core.model import CONTACT
from mdmentor.core.names import stem
from mdmentor.core.renaming import Paths, link_words
from mdmentor.errors import UnknownName
from mdmentor.index import ask, moving
from mdmentor.queries import Answers

_BETWEEN_NAMES = r"(?i)\s*,\s*(?:and\s+)?|\s+(?:and|&|\+)\s+"


def find_people(answers: Answers, told: str) -> tuple[str, ...]:
    """The notes that "Ada" or "Ada, Grace and Mary" mean. Raises UnknownName or AmbiguousName; never guesses.

    A note that is no contact's is found by its path alone.
    """
    sql = answers.sql
    parts = [part for part in re.split(_BETWEEN_NAMES, told.strip(" ,")) if part.strip()]
    is_whole = (
        ask.notes_called(sql, told, contacts_only=True)
        or ask.notes_at(sql, told)
        or _is_one_path(told, parts)
    )
    if is_whole or len(parts) < 2:
        return (_find_one(answers, told),)
    are_whole = all(ask.notes_called(sql, part, contacts_only=True) for part in parts)
    if not are_whole and ask.find_notes(sql, told, contacts_only=True):  # "Lovelace, A" is a part of one name
        return (_find_one(answers, told),)
    return tuple(dict.fromkeys(_find_one(answers, part) for part in parts))


def _is_one_path(told: str, parts: Sequence[str]) -> bool:
    """Whether all of it is one path, with a comma or an "and" in the file's name; not "Ada, people/Grace.md"."""
    file = told.replace("\\", "/").rsplit("/", 1)[-1]
    has_ended = any(part.lower().endswith(".md") for part in parts[:-1])
    return ask.is_path(told) and re.search(_BETWEEN_NAMES, file) is not None and not has_ended


def _find_one(answers: Answers, name: str) -> str:
    try:
        return answers.find_contact(name)
    except UnknownName:
        found = ask.notes_at(answers.sql, name)
        if len(found) != 1:
            raise
        return found[0][0]


def log(hands: Hands, people: Sequence[str], text: str, day: date | None) -> tuple[LogLine, list[Written]]:
    """Adds the line to the log of each note of `people`, as one edit; what was logged and what was written.

    The day is told in the words or by `day`; without either it is today. Raises UnknownName for an empty
    text, RefusedToWrite where a note cannot be changed safely.
    """
    today = hands.answers.today
    line = log_line(read_capture(text, today), day, today)
    edits = {path: adding(line) for path in people}
    return line, hands.edit(f"log {', '.join(map(stem, people))}", edits)


def log_line(told: Capture, day: date | None, today: date) -> LogLine:
    """What goes into the log. Raises UnknownName where nothing but a day was told, or two days were."""
    if not told.text and not told.channel:
        raise UnknownName("there is nothing to log", 'say what it was: mdmentor log NAME "coffee: ..."')
    if day is not None and told.day is not None and told.day != day:
        raise UnknownName(f"the words tell of {told.day}, and --date of {day}", "leave out one of the two")
    return LogLine(told.day or day or today, told.channel, told.text, told.runs_on)


def adding(line: LogLine) -> EditNote:
    def edit(data: bytes) -> tuple[bytes, int]:
        return add_log_line(data, line)

    return edit


def journal(
    hands: Hands, people: Sequence[str], text: str, day: date | None
) -> tuple[LogLine, list[Written]]:
    """Writes one line with a link to each of `people` into the day's note, which is made if need be."""
    from mdmentor.actions import daily
    from mdmentor.core.item_editor import add_item

    answers = hands.answers
    line = log_line(read_capture(text, answers.today), day, answers.today)
    path, fresh = daily.find_note(hands, line.date)
    paths = Paths(moving.note_paths(answers.sql), ())
    links = [_link(answers, person, path, paths) for person in people]
    who = ", ".join(links[:-1]) + " and " + links[-1] if len(links) > 1 else links[0]
    start = f"{line.channel} with {who}" if line.channel else who
    words = f"{start}: {line.text}" if line.text else start
    what = f"log {', '.join(map(stem, people))} in {path}"
    if fresh is None:
        return line, hands.edit(what, {path: lambda data: add_item(data, words, daily.HEADINGS)})
    data, number = hands.made(path, fresh, lambda data: add_item(data, words, daily.HEADINGS))
    hands.create(what, path, data)
    return line, [Written(path, number, data.decode().splitlines()[number - 1])]


def _link(answers: Answers, person: str, source: str, paths: Paths) -> str:
    """A wikilink to somebody under their name."""
    row = ask.note_row(answers.sql, person)
    title = row[3] if row is not None and row[2] == CONTACT else stem(person)
    words = link_words(person, source, paths)
    is_plain = names.fold(title) == names.fold(words) or any(c in title for c in "[]|")
    return f"[[{words}]]" if is_plain else f"[[{words}|{title}]]"


def said(line: LogLine, text: str, day: date | None, today: date) -> str:
    """What the user should know of a line, logged from `text`, beyond the line itself; "" for nothing."""
    if line.date > today:
        return f"{line.date.isoformat()} is still to come, so this is a plan and counts as no contact yet"
    unread = find_unread_day(text, read_capture(text, today), today) if day is None else None
    if unread is not None:
        words, then = unread
        return (
            f'"{words}" was kept as words, and the line stands under today; if the talk was on {then.isoformat()},'
            f" run mdmentor undo, then log it with --date {then.isoformat()}"
        )
    return ""
