"""Logs a conversation: a line in the log of each person, or one line in the day's note."""

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor
from mdmentor.core import names
from mdmentor.core.capture import find_doubt, read_capture
from mdmentor.core.log_editor import add_item, add_log_line
from mdmentor.core.log_style import LogLine
from mdmentor.core.markdown.targets import Paths, link_words
from mdmentor.core.model import CONTACT
from mdmentor.core.text import listing
from mdmentor.errors import UnknownName
from mdmentor.index import find, notes
from mdmentor.queries import Queries

_BETWEEN_NAMES = r"(?i)\s*,\s*(?:and\s+)?|\s+(?:and|&|\+)\s+"
# Headings below which a line about people belongs in a daily note, folded as keys are.
_HEADINGS = {"people", "contacts", "log", "interactions", "interactionlog", "contactlog", "journal"}


def find_people(queries: Queries, text: str) -> tuple[str, ...]:
    """The notes that "Ada" or "Ada, Grace and Mary" mean. Raises UnknownName or AmbiguousName; never guesses.

    A note that is not a contact's is found by its path alone.
    """
    index = queries.index
    parts = [part for part in re.split(_BETWEEN_NAMES, text.strip(" ,")) if part.strip()]
    # one path, with a comma or an "and" in the file's name, is not "Ada, people/Grace.md"
    is_joined = re.search(_BETWEEN_NAMES, re.split(r"[\\/]", text)[-1]) is not None
    is_one = (
        len(parts) < 2
        or find.notes_called(index, text, contacts_only=True)
        or find.notes_at(index, text)
        or (find.is_path(text) and is_joined and not any(p.lower().endswith(".md") for p in parts[:-1]))
        or (
            # "Lovelace, A" is a part of one name
            not all(find.notes_called(index, part, contacts_only=True) for part in parts)
            and find.find_notes(index, text, contacts_only=True)
        )
    )
    return tuple(dict.fromkeys(_find_one(queries, name) for name in ([text] if is_one else parts)))


def _find_one(queries: Queries, name: str) -> str:
    try:
        return queries.find_contact(name)
    except UnknownName:
        found = find.notes_at(queries.index, name)
        if len(found) != 1:
            raise
        return found[0][0]


def log(editor: NoteEditor, people: Sequence[str], text: str, day: date | None) -> list[EditedLine]:
    """Adds the line to the log of each note of `people`, as one edit. Warns of a day in the future.

    The day comes from the words or from `day`; without either it is today. Raises UnknownName for an empty
    text, RefusedToWrite where a note cannot be changed safely.
    """
    line = log_line(text, day, editor.queries.today)
    written = editor.edit(f"log {', '.join(map(names.stem, people))}", dict.fromkeys(people, adding(line)))
    _warn_of_future(editor, line.date)
    return written


def _warn_of_future(editor: NoteEditor, day: date) -> None:
    if day > editor.queries.today:
        words = f"{day.isoformat()} is in the future, so this is a plan and does not count as contact yet"
        editor.warnings.append(words)


def log_line(text: str, day: date | None, today: date) -> LogLine:
    """What goes into the log; `day` decides where the words leave it open.

    Raises UnknownName where the text holds nothing but a day, where two days are given, and where its words hold a
    day that was not understood and none is given: the talk was probably not today.
    """
    capture = read_capture(text, today, day)
    if not capture.text and not capture.channel:
        raise UnknownName("there is nothing to log", 'say what it was: mdmentor log NAME "coffee: ..."')
    if day is not None and capture.day is not None and capture.day != day:
        raise UnknownName(f"the text says {capture.day}, and --date says {day}", "leave out one of the two")
    if (doubt := find_doubt(text, today, day)) is not None:
        if day is None:
            days = ", ".join(f"--date {day}" for day in doubt.days or ("DAY",))
            raise UnknownName(str(doubt), f"say which day it was: {days}, or --date today")
        if len(doubt.days) > 1:
            raise UnknownName(f"{doubt}, and --date says {day}", "leave out one of the two")
    return LogLine(capture.day or day or today, capture.channel, capture.text, capture.runs_on)


def adding(line: LogLine) -> EditNote:
    return lambda data: add_log_line(data, line)


def journal(editor: NoteEditor, people: Sequence[str], text: str, day: date | None) -> list[EditedLine]:
    """As `log`, in one line with a link to each of `people` in the day's note, which is made if need be."""
    from mdmentor.actions.new import daily_note

    queries = editor.queries
    line = log_line(text, day, queries.today)
    path, fresh = daily_note(editor, line.date)
    paths = Paths(find.note_paths(queries.index), ())
    who = listing([_link(queries, person, path, paths) for person in people])
    start = f"{line.channel} with {who}" if line.channel else who
    words = f"{start}: {line.text}" if line.text else start
    what = f"log {', '.join(map(names.stem, people))} in {path}"
    new = {} if fresh is None else {path: fresh}
    written = editor.edit(what, {path: lambda data: add_item(data, words, _HEADINGS)}, new)
    _warn_of_future(editor, line.date)
    return written


def _link(queries: Queries, person: str, source: str, paths: Paths) -> str:
    """A wikilink to somebody under their name."""
    row = notes.note_row(queries.index, person)
    title = row[3] if row is not None and row[2] == CONTACT else names.stem(person)
    words = link_words(person, source, paths)
    is_plain = names.fold(title) == names.fold(words) or any(c in title for c in "[]|")
    return f"[[{words}]]" if is_plain else f"[[{words}|{title}]]"
