"""What can be done at the cursor besides fixes: log a talk, snooze, thank, tick a promise, link a name in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from mdmentor.core import names
from mdmentor.core.assist.buffer import Action, Buffer, ReadModel
from mdmentor.core.dates import add_days
from mdmentor.core.edit import Edit, UnsafeEdit, tick
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.frontmatter.inline_editor import write_field
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.log_editor import add_log_line
from mdmentor.core.log_style import LogLine
from mdmentor.core.marks import find_marks
from mdmentor.core.model import CONTACT
from mdmentor.core.text import plain_words, shorten

SNOOZE_DAYS = 14
_MOST_WORDS = 5  # of a name in the text


def actions(buffer: Buffer, start: int, end: int, model: ReadModel) -> list[Action]:
    """What can be done safely at this selection."""
    if buffer.is_too_large:
        return []
    found = list(_of_promises(buffer, buffer.line_at(start), buffer.line_at(end)))
    if buffer.note.kind == CONTACT:
        found += _of_contact(buffer, model.today)
    return found + list(_of_name(buffer, start, end, model))


def _of_contact(buffer: Buffer, today: date) -> Iterator[Action]:
    wanted = {"Log a talk today": log_today, "Snooze for 2 weeks": snooze}
    if thanks_owed(buffer.note.interactions, today):
        wanted["Mark as thanked"] = _thank
    for title, change in wanted.items():
        with suppress(UnsafeEdit):
            data, line = change(buffer, today)
            if edits := buffer.edits_to(data):
                yield Action(title, edits, line)


def log_today(buffer: Buffer, today: date) -> tuple[bytes, int]:
    """The note with an entry of today in its log, to be filled in, and the line of it. Raises UnsafeEdit."""
    return add_log_line(buffer.data, LogLine(today, "", ""))


def snooze(buffer: Buffer, today: date) -> tuple[bytes, int]:
    """The note snoozed for two weeks, in its own spelling of the key. Raises UnsafeEdit."""
    field, day = field_of(buffer.note.fields, "snooze"), add_days(today, SNOOZE_DAYS).isoformat()
    return write_field(buffer.data, field.name if field else "snooze", field, day), 0


def _thank(buffer: Buffer, today: date) -> tuple[bytes, int]:
    return add_log_line(buffer.data, LogLine(today, "", "said thanks #thanked"))[0], 0


def _of_promises(buffer: Buffer, first: int, last: int) -> Iterator[Action]:
    for promise in buffer.note.promises:
        if first <= promise.line <= last:
            is_secret = promise.private or promise.line in buffer.hidden
            words = "" if is_secret else f": {shorten(plain_words(promise.text), 40)}"
            with suppress(UnsafeEdit):
                data = tick(buffer.data, promise.line, promise.text)
                yield Action(f"Tick the promise{words}", buffer.edits_to(data))
    line = buffer.line(first)
    for talk in buffer.note.interactions:
        if first == talk.line == last and "got" in talk.marks and "thanked" not in find_marks(line):
            at = buffer.bounds(first)[0] + len(line.rstrip())
            yield Action("Mark this as thanked", (Edit(at, at, " #thanked"),))


def _of_name(buffer: Buffer, start: int, end: int, model: ReadModel) -> Iterator[Action]:
    """A known name in plain text made a link, here or in the whole note; nothing where two people have the name."""
    line = buffer.line_at(start)
    if line < buffer.head.body_line or buffer.line_at(end) != line or buffer.link_at(start):
        return
    first, last, path = _name_at(buffer, start, end, model)
    typed = buffer.text[first:last]
    spots = _plain_spots(buffer, typed) if path else []
    if first not in spots or path == buffer.path:
        return
    words = model.link_words(path, buffer.path)
    link = f"[[{words}]]" if words == typed else f"[[{words}|{typed}]]"
    yield Action(f"Link {typed} to {words}", (Edit(first, last, link),))
    if len(spots) > 1:
        edits = tuple(Edit(at, at + len(typed), link) for at in spots)
        yield Action(f"Link all {len(spots)} of {typed} to {words}", edits)


def _name_at(buffer: Buffer, start: int, end: int, model: ReadModel) -> tuple[int, int, str]:
    """The longest run of words around the selection that is the name of one contact alone: its place, their path.

    The path is "" where there is none.
    """
    found = re.compile(r"[\w'’-]+").finditer(buffer.text, *buffer.bounds(buffer.line_at(start)))
    words = [word.span() for word in found]
    near = [n for n, (a, b) in enumerate(words) if a <= end and b >= start]
    runs = [
        (words[i][0], words[j][1])
        for i in range(len(words))
        for j in range(i, min(i + _MOST_WORDS, len(words)))
        if near and i <= near[0] and near[-1] <= j
    ]
    for a, b in sorted(runs, key=lambda run: run[0] - run[1]):
        text = buffer.text[a:b]
        people = model.named(text, contacts_only=True)
        paths = {one.path for one in people if names.fold_plain(one.name) == names.fold_plain(text)}
        if paths:
            return a, b, paths.pop() if len(paths) == 1 else ""
    return start, end, ""


def _plain_spots(buffer: Buffer, text: str) -> list[int]:
    """Where the text is whole words, outside links, code and front matter."""
    begin = buffer.bounds(buffer.head.body_line)[0]
    words = re.compile(rf"(?<![\w\[|]){re.escape(text)}(?![\w\]|])")
    links = [buffer.link_span(link) for link in buffer.links()]
    places = [
        found.span()
        for found in words.finditer(buffer.text, begin)
        if not any(first <= found.start() < last for first, last in links)
    ]
    return [start for start, _ in buffer.places_for_links(places)]
