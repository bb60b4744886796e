"""Carries out the boxes ticked on the page Reach out next: logs talks, settles duties, snoozes people.

What is ticked for one person becomes one line of their log a day. Two machines may find the same tick: a line with the
same words on or after the page's day, a line without words where there was a talk, a promise that is ticked, or a
snooze that lasts at least as long counts as carried out elsewhere, and nothing is written. What cannot be carried out
is left on the page with its reason.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, one_after_another, text_of
from mdmentor.actions.fields import snooze_day, ticking
from mdmentor.core.capture import Capture, read_capture
from mdmentor.core.dates import add_days
from mdmentor.core.edit import add_behind
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.frontmatter.inline_editor import read_fields, write_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.log_editor import add_log_line
from mdmentor.core.log_entries import ORIGIN, render_origin, render_snooze_origin, without_snooze_origin
from mdmentor.core.log_style import LogLine
from mdmentor.core.model import Interaction, Person, Promise, Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.ranking import TABLE
from mdmentor.core.ticks import (
    DONE,
    KEPT,
    SETTLED,
    THANKED,
    WISHED,
    Tick,
    find_ticks,
    label_of,
    split_kept,
)
from mdmentor.errors import MdmentorError, RefusedToWrite
from mdmentor.index import people
from mdmentor.queries import Queries, read_reach_out
from mdmentor.vault import Vault

SNOOZE_DAYS = 14
LONGEST_AGO = 60  # days that somebody's first talk may be ago when it is ticked

_NOT_TICKED = (
    "it is not ticked, so the words are kept here: tick it to have them logged, or delete these lines"
)
_SECRET = "the note cannot be changed safely; see: mdmentor check"
_NO_PROMISE = "no open promise has these words any more", "tick it in its note, or delete these lines"


class TickedPage:
    """The page Reach out next as it was read, what was left on it before, and what its ticks led to."""

    def __init__(self, vault: Vault, queries: Queries) -> None:
        folder = queries.settings.pages_folder
        self.path, self.seen = read_reach_out(vault, folder)
        self.ticks = find_ticks(self.seen.decode(errors="replace"), folder)
        self.left = [tick for tick in self.ticks if tick.reason]
        self.written: list[EditedLine] = []

    def refused(self) -> list[str]:
        """A line for each tick that could not be carried out, unless it was left on the page before."""
        before = {tick[:5] for tick in self.ticks if tick.reason}
        new = (tick for tick in self.left if tick.is_ticked and tick[:5] not in before)
        return [f"not carried out: {tick.action}, {tick.name}: {tick.reason}" for tick in new]


def carry_out_ticks(vault: Vault, queries: Queries, page: TickedPage) -> None:
    """Carries out every tick on the page; those that could not be are `left`.

    Ticks already carried out, here or on another machine, change nothing and are not left either.
    """
    found = [tick._replace(found=tick.found or queries.today) for tick in page.ticks]
    left = [tick._replace(reason=_NOT_TICKED) for tick in found if not tick.is_ticked]
    talks_and_snoozes: dict[tuple[str, bool], list[Tick]] = defaultdict(list)
    for tick in found:
        if tick.is_ticked:
            talks_and_snoozes[tick.path, tick.is_snooze].append(tick)
    for (path, _), ticks in talks_and_snoozes.items():
        try:
            page.written += _carry_out(NoteEditor(vault, queries), ticks)
        except MdmentorError as error:
            contact = people.contact(queries.index, path)
            is_secret = contact is not None and contact.confidential
            reason = _SECRET if is_secret else str(error).removeprefix(f"{path}: ")
            left += (tick._replace(reason=reason) for tick in ticks)
    page.left = list(dict.fromkeys(left))


def _carry_out(editor: NoteEditor, ticks: Sequence[Tick]) -> list[EditedLine]:
    """What was ticked for one person: one edit."""
    path = editor.queries.path_of_tick(ticks[0])
    if not path:
        what = f"there is no contact at {ticks[0].path} any more"
        raise RefusedToWrite(what, "log it by hand, or delete these lines")
    what = f"tick: {', '.join(dict.fromkeys(tick.action for tick in ticks))}, {ticks[0].name}"
    if ticks[0].is_snooze:
        snoozes = [_snoozing(editor.queries, path, tick) for tick in ticks]
        return editor.edit(what, {path: one_after_another(snoozes)})
    person = editor.queries.person(path)
    talk = _Talk(person, ticks, editor.queries.today)
    edits: dict[str, list[EditNote]] = defaultdict(list)
    for promise in talk.kept:
        edits[promise.path].append(ticking(promise))
    edits[path].append(_logging(editor.queries.settings, person, talk))
    return editor.edit(what, {path: one_after_another(parts) for path, parts in edits.items()})


class _Talk:
    """What the boxes of one person say together."""

    def __init__(self, person: Person, ticks: Sequence[Tick], today: date) -> None:
        """Raises RefusedToWrite for a promise that is not there any more, unless another machine carried it out."""
        first = ticks[0]
        done_on = next((tick.done_on for tick in ticks if tick.done_on and tick.done_on <= today), None)
        day = done_on or first.found or today
        page_day = first.day or day
        self.day, self.page_day = day, page_day  # of the line, and of the page
        self.since = min(day, page_day)  # a line from this day on counts as the same
        self.words: list[str] = []  # typed behind the boxes
        self.deeds: list[str] = []  # what is settled, in words for the log
        self.kept: list[Promise] = []
        self.is_thanks = False
        mine = [promise for promise in person.promises if not promise.theirs]
        for tick in ticks:
            words = tick.words
            if tick.action == KEPT:
                found = split_kept(words, [label_of(promise.text) for promise in mine])
                if found is not None:
                    self.kept.append(mine.pop(found[0]))
                    self.deeds.append(f"kept: {label_of(self.kept[-1].text)}")
                    words = found[1]
                elif any(line.ticked == page_day for line in person.interactions):
                    words = ""
                else:
                    raise RefusedToWrite(*_NO_PROMISE)
            elif tick.action == SETTLED:
                self.kept += [p for p in mine if p.due and (p.due - today).days <= TABLE.promise_ahead]
                self.is_thanks = bool(thanks_owed(person.interactions, today))
            elif tick.action == THANKED:
                self.is_thanks = True
            self.deeds += [tick.action] if tick.action in (THANKED, WISHED, SETTLED) else []
            self.words += [words] if words else []


def _logging(settings: Settings, person: Person, talk: _Talk) -> EditNote:
    """Adds one line for all that was ticked.

    A day in the words is that of the talk where it may be: since the last one. Words that are there already are not
    written again. Without words any talk of the day is the same one: it gets the
    mark that thanks were said.
    """
    words = "; ".join(talk.words)
    before = [one.date for one in person.interactions if one.date < talk.since]
    capture = read_capture(words, talk.day)
    if capture.day and not max(before, default=add_days(talk.day, -LONGEST_AGO)) <= capture.day <= talk.day:
        capture = Capture(None, "", words)  # "coffee on Thursday agreed" is a plan
    day = capture.day or talk.day
    text = capture.text or ("" if capture.channel else ", ".join([DONE, *talk.deeds]))
    marks = ["#thanked"] if talk.is_thanks and "#thanked" not in text.lower() else []
    said = LogLine(day, capture.channel, " ".join([text, *marks]).strip(), capture.runs_on or not text)
    path = person.contact.path
    elsewhere = [talk for talk in person.interactions if talk.path != path]

    def edit(data: bytes) -> tuple[bytes, int]:
        found = parse_note(path, data, settings).interactions
        logged = [one for one in found if one.date >= talk.since or one.ticked == talk.page_day]
        here = [one for one in logged if one.date <= day]
        there = [one for one in elsewhere if talk.since <= one.date <= day]
        all_day = [*there, *(one for one in here if one.date >= talk.since)]
        if talk.words:
            is_logged = _holds(logged, said)
        elif here and talk.is_thanks and not any("thanked" in one.marks for one in all_day):
            return add_behind(data, here[-1].line, "#thanked", ORIGIN), here[-1].line
        else:
            is_logged = bool(here or (there and not talk.is_thanks))
        if is_logged:
            return data, 0
        after, line = add_log_line(data, said)
        return add_behind(after, line, render_origin(talk.page_day)), line

    return edit


def _holds(logged: Iterable[Interaction], line: LogLine) -> bool:
    """Whether the same words are logged, whatever the day."""
    alone, _ = add_log_line(b"## Log\n", line)
    said = parse_note("people/x.md", alone, Settings()).interactions
    wanted = {(one.channel, one.text, one.marks) for one in said}
    return any((one.channel, one.text, one.marks) in wanted for one in logged)


def _snoozing(queries: Queries, path: str, tick: Tick) -> EditNote:
    """Sets the snooze unless the note is snoozed as long already.

    Counted from the page's day, so that two machines write the same; from today where that would be over. A comment
    behind it says of which day the page was: its place is not given away on that day.
    """
    today = queries.today
    base = tick.day or today
    least = (snooze_day(tick.words, base) if tick.words else None) or add_days(base, SNOOZE_DAYS)
    until = least if least > today else add_days(today, SNOOZE_DAYS)

    def edit(data: bytes) -> tuple[bytes, int]:
        note = parse_note(path, data, queries.settings)
        if note.contact and note.contact.snooze and note.contact.snooze >= least:
            return data, 0
        known = field_of(note.fields, "snooze")
        name = known.name if known else "snooze"
        data = without_snooze_origin(data, known.line if known else 0)
        after = write_field(data, known or "snooze", until.isoformat())
        field = next((one for one in read_fields(after) if one.name == name), known)
        line = field.line if field else 0
        origin = render_origin(base) if field and field.is_inline else render_snooze_origin(base)
        is_plain = re.search(rf":[ \t]*[\"']?{until}[\"']?[ \t]*\Z", text_of(after).split("\n")[line - 1])
        return add_behind(after, line, origin) if is_plain else after, line

    return edit
