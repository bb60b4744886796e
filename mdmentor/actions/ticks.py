"""Ticks on the page Reach out next carried out: a talk logged, a snooze set, each once.

Two machines may find the same tick. So a log line with the same words on or after the page's day, or a snooze that
lasts at least as long, counts as the same tick carried out elsewhere, and nothing is written. What cannot be carried
out is left on the page with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor
from mdmentor.actions.fields import line_of_field, snooze_day
from mdmentor.core.capture import read_capture
from mdmentor.core.dates import add_days
from mdmentor.core.frontmatter.editor import set_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.log_editor import LogLine, add_log_line
from mdmentor.core.log_entries import render_origin
from mdmentor.core.markdown.links import Paths, link_words
from mdmentor.core.model import CONTACT, REACH_OUT, Settings, is_generated
from mdmentor.core.names import key_of
from mdmentor.core.parse import parse_note
from mdmentor.core.ticks import DONE, SNOOZE, Left, Tick, find_ticks
from mdmentor.errors import MdmentorError, RefusedToWrite
from mdmentor.index import find, people
from mdmentor.queries import Queries
from mdmentor.vault import Vault

SNOOZE_DAYS = 14
SKIP_DAYS = 7

_NOT_TICKED = (
    "it is not ticked, so the words are kept here: tick it to have them logged, or delete these lines"
)
_SECRET = "the note cannot be changed safely; see: mdmentor check"


@dataclass
class Carried:
    """What the page's ticks led to."""

    path: str = ""  # of the page; "" where there is none
    seen: bytes = b""  # the page as it was read
    left: list[Left] = field(default_factory=list)
    written: list[EditedLine] = field(default_factory=list)


def look_at_ticks(vault: Vault, queries: Queries) -> Carried:
    """The page as it is, and what was left on it before; nothing is carried out."""
    folder = queries.settings.pages_folder
    path = f"{folder}/{REACH_OUT}.md"
    try:
        data, _ = vault.read(path)
    except OSError:
        return Carried()
    if not is_generated(data):
        return Carried()
    ticks = find_ticks(data.decode(errors="replace"), folder)
    return Carried(path, data, [Left(tick, tick.reason) for tick in ticks if tick.reason])


def carry_out_ticks(vault: Vault, queries: Queries) -> Carried:
    """Carries out every tick on the page; those that could not be are in `left`.

    Ticks already carried out, here or on another machine, change nothing and are not left either.
    """
    carried = look_at_ticks(vault, queries)
    ticks = find_ticks(carried.seen.decode(errors="replace"), queries.settings.pages_folder)
    if not ticks:
        return carried
    editor = NoteEditor(vault, queries)
    left: dict[Left, None] = {}
    for tick in ticks:
        found = tick._replace(found=tick.found or queries.today)
        if not tick.is_ticked:
            left[Left(found, _NOT_TICKED)] = None
            continue
        try:
            carried.written += _carry_out(editor, found)
        except MdmentorError as error:
            contact = people.contact(queries.index, found.path)
            is_secret = contact is not None and contact.confidential
            left[Left(found, _SECRET if is_secret else str(error))] = None
    carried.left = list(left)
    return carried


def _carry_out(editor: NoteEditor, tick: Tick) -> list[EditedLine]:
    path = _find_contact(editor.queries, tick)
    edit = (
        _logging(editor.queries, path, tick) if tick.action == DONE else _snoozing(editor.queries, path, tick)
    )
    return editor.edit(f"tick: {tick.action}, {tick.name}", {path: edit})


def _find_contact(queries: Queries, tick: Tick) -> str:
    """The contact whom a tick means: the note that its link names, else the only one of that name."""
    if people.contact(queries.index, tick.path) is not None:
        return tick.path
    found = [p for p, kind in find.paths_with_key(queries.index, key_of(tick.path)) if kind == CONTACT]
    if len(found) != 1:
        what = f"there is no contact at {tick.path} any more"
        raise RefusedToWrite(what, "log it by hand, or delete these lines")
    return found[0]


def _logging(queries: Queries, path: str, tick: Tick) -> EditNote:
    """Adds the line unless it, or one with its words since the page's day, is there."""
    today = queries.today
    capture = read_capture(tick.words, today)
    done_on = tick.done_on if tick.done_on and tick.done_on <= today else None
    day = capture.day or done_on or tick.found or today
    text = capture.text or ("" if capture.channel else DONE)
    page_day = tick.day or day
    origin = render_origin(_page_link(queries, path), page_day.isoformat(), day.isoformat())
    line = LogLine(day, capture.channel, f"{text} {origin}".strip(), capture.runs_on or not text)
    since = min(day, page_day)

    def edit(data: bytes) -> tuple[bytes, int]:
        if _is_logged(path, data, line, since, queries.settings):
            return data, 0
        return add_log_line(data, line)

    return edit


def _page_link(queries: Queries, source: str) -> str:
    """The target of a wikilink to the page in the note `source`."""
    page = f"{queries.settings.pages_folder}/{REACH_OUT}.md"
    namesakes = (found for found, _ in find.paths_with_key(queries.index, key_of(page)))
    return link_words(page, source, Paths({page, *namesakes}, ()))


def _is_logged(path: str, data: bytes, line: LogLine, since: date, settings: Settings) -> bool:
    """Whether a note's log holds the same words on a day from `since` on."""
    alone, _ = add_log_line(b"## Log\n", line)
    wanted = {
        (one.channel, one.text, one.marks)
        for one in parse_note("people/x.md", alone, Settings()).interactions
    }
    logged = parse_note(path, data, settings).interactions
    return any(one.date >= since and (one.channel, one.text, one.marks) in wanted for one in logged)


def _snoozing(queries: Queries, path: str, tick: Tick) -> EditNote:
    """Sets the snooze unless the note is snoozed as long already.

    Counted from the page's day, so that two machines write the same; from today where that would be over.
    """
    today = queries.today
    base = tick.day or today
    days = SNOOZE_DAYS if tick.action == SNOOZE else SKIP_DAYS
    least = add_days(base, days)
    if tick.action == SNOOZE and tick.words:
        least = snooze_day(tick.words, base) or least
    until = least if least > today else add_days(today, days)

    def edit(data: bytes) -> tuple[bytes, int]:
        note = parse_note(path, data, queries.settings)
        now = note.contact.snooze if note.contact is not None else None
        if now is not None and now >= least:
            return data, 0
        known = field_of(note.fields, "snooze")
        name = known.name if known else "snooze"
        after = set_field(data, name, until.isoformat())
        return after, line_of_field(after, name)

    return edit
