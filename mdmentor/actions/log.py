"""A talk put on record: one line in the log of each who took part, or one line in the day's note."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor
from mdmentor.config import DAILY_FILE, read_json
from mdmentor.core import names
from mdmentor.core.capture import Capture, find_unread_day, read_capture
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.kinds import day_of_name
from mdmentor.core.log_editor import LogLine, add_log_line
from mdmentor.core.markdown.links import Paths, link_words
from mdmentor.core.model import CONTACT, DATED
from mdmentor.core.names import stem
from mdmentor.core.templates import fill_template, format_moment
from mdmentor.errors import RefusedToWrite, UnknownName
from mdmentor.index import find, notes
from mdmentor.plain_file import read_plain_file
from mdmentor.queries import Queries

_BETWEEN_NAMES = r"(?i)\s*,\s*(?:and\s+)?|\s+(?:and|&|\+)\s+"


def find_people(queries: Queries, told: str) -> tuple[str, ...]:
    """The notes that "Ada" or "Ada, Grace and Mary" mean. Raises UnknownName or AmbiguousName; never guesses.

    A note that is no contact's is found by its path alone.
    """
    sql = queries.index
    parts = [part for part in re.split(_BETWEEN_NAMES, told.strip(" ,")) if part.strip()]
    is_whole = (
        find.notes_called(sql, told, contacts_only=True)
        or find.notes_at(sql, told)
        or _is_one_path(told, parts)
    )
    if is_whole or len(parts) < 2:
        return (_find_one(queries, told),)
    are_whole = all(find.notes_called(sql, part, contacts_only=True) for part in parts)
    if not are_whole and find.find_notes(
        sql, told, contacts_only=True
    ):  # "Lovelace, A" is a part of one name
        return (_find_one(queries, told),)
    return tuple(dict.fromkeys(_find_one(queries, part) for part in parts))


def _is_one_path(told: str, parts: Sequence[str]) -> bool:
    """Whether all of it is one path, with a comma or an "and" in the file's name; not "Ada, people/Grace.md"."""
    file = told.replace("\\", "/").rsplit("/", 1)[-1]
    has_ended = any(part.lower().endswith(".md") for part in parts[:-1])
    return find.is_path(told) and re.search(_BETWEEN_NAMES, file) is not None and not has_ended


def _find_one(queries: Queries, name: str) -> str:
    try:
        return queries.find_contact(name)
    except UnknownName:
        found = find.notes_at(queries.index, name)
        if len(found) != 1:
            raise
        return found[0][0]


def log(
    editor: NoteEditor, people: Sequence[str], text: str, day: date | None
) -> tuple[LogLine, list[EditedLine]]:
    """Adds the line to the log of each note of `people`, as one edit; what was logged and what was written.

    The day is told in the words or by `day`; without either it is today. Raises UnknownName for an empty
    text, RefusedToWrite where a note cannot be changed safely.
    """
    today = editor.queries.today
    line = log_line(read_capture(text, today), day, today)
    edits = {path: adding(line) for path in people}
    return line, editor.edit(f"log {', '.join(map(stem, people))}", edits)


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
    editor: NoteEditor, people: Sequence[str], text: str, day: date | None
) -> tuple[LogLine, list[EditedLine]]:
    """Writes one line with a link to each of `people` into the day's note, which is made if need be."""
    from mdmentor.actions import log
    from mdmentor.core.log_editor import add_item

    queries = editor.queries
    line = log_line(read_capture(text, queries.today), day, queries.today)
    path, fresh = log.find_note(editor, line.date)
    paths = Paths(find.note_paths(queries.index), ())
    links = [_link(queries, person, path, paths) for person in people]
    who = ", ".join(links[:-1]) + " and " + links[-1] if len(links) > 1 else links[0]
    start = f"{line.channel} with {who}" if line.channel else who
    words = f"{start}: {line.text}" if line.text else start
    what = f"log {', '.join(map(stem, people))} in {path}"
    if fresh is None:
        return line, editor.edit(what, {path: lambda data: add_item(data, words, log.HEADINGS)})
    data, number = editor.apply(path, fresh, lambda data: add_item(data, words, log.HEADINGS))
    editor.create(what, path, data)
    return line, [EditedLine(path, number, data.decode().splitlines()[number - 1])]


def _link(queries: Queries, person: str, source: str, paths: Paths) -> str:
    """A wikilink to somebody under their name."""
    row = notes.note_row(queries.index, person)
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


# Headings below which a line about people belongs, folded as keys are.
HEADINGS = frozenset({"people", "contacts", "log", "interactions", "interactionlog", "contactlog", "journal"})

_ISO = "YYYY-MM-DD"


def find_note(editor: NoteEditor, day: date) -> tuple[str, bytes | None]:
    """The path of the day's note, and the bytes it begins with where there is none yet."""
    told, _ = read_json(editor.vault.folder, DAILY_FILE)
    dated = find.paths_of_kind(editor.queries.index, DATED)
    folder = told.get("folder", "").strip("/") if told else _usual_folder(dated)
    midnight = datetime.combine(day, time())
    name = format_moment(told.get("format") or _ISO, midnight) or day.isoformat()
    path = f"{folder}/{name}.md" if folder else f"{name}.md"
    if editor.vault.stamp(path) is not None:
        return path, None
    here = [p for p in dated if names.stem(p) == day.isoformat()]
    if len(here) == 1 and editor.vault.stamp(here[0]) is not None:
        return here[0], None
    if not names.fits_everywhere(path):
        fix = "change folder or format of daily notes in Obsidian's settings"
        raise RefusedToWrite(f'"{path}" as a daily note cannot be kept on every system', fix)
    return path, _fresh(editor, told.get("template", "").strip().strip("/"), names.stem(path), midnight)


def _usual_folder(dated: list[str]) -> str:
    """The folder in which most notes named for a day alone lie."""
    plain = [
        names.folder(p) for p in dated if re.fullmatch(r"\d{4}-\d\d-\d\d", names.stem(p)) and day_of_name(p)
    ]
    return min(Counter(plain).items(), key=lambda t: (-t[1], t[0]))[0] if plain else "journal"


def _fresh(editor: NoteEditor, template: str, title: str, now: datetime) -> bytes:
    """A new daily note: the vault's template filled in, else nothing but a heading."""
    known = find.templates(editor.queries.index)
    wanted = [template if template.lower().endswith(".md") else f"{template}.md"] if template else []
    wanted += [p for p in known if names.fold_key(names.stem(p)) in ("daily", "dailynote", "journal", "day")]
    for path in wanted:
        data = read_template(editor, path, is_named=bool(template) and path == wanted[0])
        if data is not None:
            try:
                return fill_template(data, title, now)
            except UnsafeEdit as error:
                raise RefusedToWrite(f"{path}: {error.reason}", error.fix) from error
    return f"# {title}\n\n".encode()


def read_template(editor: NoteEditor, path: str, *, is_named: bool = False) -> bytes | None:
    """The bytes of a template in the vault; None, with words for the user, where it cannot be used.

    One that `is_named` in settings and is not there is told as well.
    """
    try:
        return read_plain_file(editor.vault.folder, path)
    except FileNotFoundError:
        if is_named:
            editor.warnings.append(f"{path}: the template is not there, so it is not used")
        return None
    except OSError as error:
        reason = f"cannot be read ({error.strerror})" if error.strerror else str(error)
        editor.warnings.append(f"{path}: the template {reason}, so it is not used")
        return None
