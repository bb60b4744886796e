"""Ticks on the page Reach out next carried out: a talk logged, a snooze set, each once.

Two machines may find the same tick. Whatever the notes say already is not said again: a log line with the
same words on or after the page's day, or a snooze that lasts at least as long, is the same tick carried out
elsewhere. What cannot be carried out is left on the page with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor
from mdmentor.actions.fields import snooze_day
from mdmentor.core.capture import read_capture
from mdmentor.core.dates import add_days
from mdmentor.core.frontmatter.editor import set_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.kinds import is_generated
from mdmentor.core.log_editor import LogLine, add_log_line
from mdmentor.core.log_entries import render_origin
from mdmentor.core.markdown.links import Paths, link_words
from mdmentor.core.model import CONTACT, REACH_OUT, Settings
from mdmentor.core.names import key_of
from mdmentor.core.parse import parse_note
from mdmentor.core.ticks import DONE, LEFT_OVER, SNOOZE, Left, Tick, find_ticks
from mdmentor.errors import MdmentorError, RefusedToWrite
from mdmentor.index import contacts, find, state
from mdmentor.queries import Queries
from mdmentor.vault import Vault

if TYPE_CHECKING:
    from mdmentor.actions.edit import EditedLine
    from mdmentor.core.ticks import Left


class Carried:
    """What the page's ticks led to; `seen` is the page as it was read, "" for no page.

    A page `is_bare` that is as we wrote it, with nothing left over: no box on it is ticked.
    """

    def __init__(
        self, left: Iterable[Left] = (), path: str = "", seen: bytes = b"", *, is_bare: bool = False
    ) -> None:
        self.written: list[EditedLine] = []
        self.left = list(left)
        self.path, self.seen, self.is_bare = path, seen, is_bare


def look_at_ticks(vault: Vault, queries: Queries) -> Carried:
    """The page as it is, and what was left on it before; nothing is carried out."""
    folder = queries.settings.pages_folder
    path = f"{folder}/{REACH_OUT}.md"
    try:
        data, stamp = vault.read(path)
    except OSError:
        return Carried()
    if not is_generated(data):
        return Carried()
    if stamp == state.page_stamp(queries.index, path) and LEFT_OVER.encode() not in data:
        return Carried(path=path, seen=data, is_bare=True)
    from mdmentor.core.ticks import Left, find_ticks

    before = (tick for tick in find_ticks(data.decode(errors="replace"), folder) if tick.reason)
    return Carried([Left(tick, tick.reason) for tick in before], path, data)


SNOOZE_DAYS = 14
SKIP_DAYS = 7

_NOT_TICKED = (
    "it is not ticked, so the words are kept here: tick it to have them logged, or delete these lines"
)

_SECRET = "the note cannot be changed safely; see: mdmentor check"


def carry_out_ticks(vault: Vault, queries: Queries) -> Carried:
    """Carries out every tick on the page, and tells which could not be.

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
            contact = contacts.contact(queries.index, found.path)
            is_secret = contact is not None and contact.confidential
            left[Left(found, _SECRET if is_secret else str(error))] = None
    carried.left = list(left)
    return carried


def _carry_out(editor: NoteEditor, tick: Tick) -> list[EditedLine]:
    path = _find_contact(editor.queries, tick)
    edit = _logging(editor, path, tick) if tick.action == DONE else _snoozing(editor, path, tick)
    return editor.edit(f"tick: {tick.action}, {tick.name}", {path: edit})


def _find_contact(queries: Queries, tick: Tick) -> str:
    """The contact whom a tick means: the note that its link names, else the only one of that name."""
    if contacts.contact(queries.index, tick.path) is not None:
        return tick.path
    found = [p for p, kind in find.paths_with_key(queries.index, key_of(tick.path)) if kind == CONTACT]
    if len(found) != 1:
        raise RefusedToWrite(
            f"there is no contact at {tick.path} any more", "log it by hand, or delete these lines"
        )
    return found[0]


def _logging(editor: NoteEditor, path: str, tick: Tick) -> EditNote:
    """Adds the line unless it, or one with its words since the page's day, is there."""
    today = editor.queries.today
    told = read_capture(tick.words, today)
    done_on = tick.done_on if tick.done_on and tick.done_on <= today else None
    day = told.day or done_on or tick.found or today
    text = told.text or ("" if told.channel else DONE)
    page_day = tick.day or day
    origin = render_origin(_page_link(editor.queries, path), page_day.isoformat(), day.isoformat())
    line = LogLine(day, told.channel, f"{text} {origin}".strip(), told.runs_on or not text)
    since = min(day, page_day)

    def edit(data: bytes) -> tuple[bytes, int]:
        if is_logged(path, data, line, since, editor.queries.settings):
            return data, 0
        return add_log_line(data, line)

    return edit


def _page_link(queries: Queries, source: str) -> str:
    """What a wikilink to the page has to say in the note `source`."""
    page = f"{queries.settings.pages_folder}/{REACH_OUT}.md"
    namesakes = (found for found, _ in find.paths_with_key(queries.index, key_of(page)))
    return link_words(page, source, Paths({page, *namesakes}, ()))


def is_logged(path: str, data: bytes, line: LogLine, since: date, settings: Settings) -> bool:
    """Whether a note's log tells the same words on a day from `since` on."""
    alone, _ = add_log_line(b"## Log\n", line)
    wanted = parse_note("people/x.md", alone, Settings()).interactions
    told = parse_note(path, data, settings).interactions
    return any(
        one.date >= since and (one.channel, one.text, one.marks) == (new.channel, new.text, new.marks)
        for one in told
        for new in wanted
    )


def _snoozing(editor: NoteEditor, path: str, tick: Tick) -> EditNote:
    """Sets the snooze unless the note is snoozed as long already.

    Counted from the page's day, so that two machines write the same; from today where that would be over.
    """
    today = editor.queries.today
    base = tick.day or today
    days = SNOOZE_DAYS if tick.action == SNOOZE else SKIP_DAYS
    least = add_days(base, days)
    if tick.action == SNOOZE and tick.words:
        least = snooze_day(tick.words, base) or least
    until = least if least > today else add_days(today, days)

    def edit(data: bytes) -> tuple[bytes, int]:
        note = parse_note(path, data, editor.queries.settings)
        now = note.contact.snooze if note.contact is not None else None
        if now is not None and now >= least:
            return data, 0
        known = field_of(note.fields, "snooze")
        after = set_field(data, known.name if known else "snooze", until.isoformat())
        fields = parse_note(path, after, editor.queries.settings).fields
        told = field_of(fields, "snooze")
        return after, told.line if told else 0

    return edit
