"""Templates of notes filled in: `{{title}}`, `{{name}}`, `{{date}}`, `{{time}}`, in Obsidian's date formats.

In front matter a value is set as a value, so that no name can break it. Placeholders of other programs stay as they
are, for those to fill.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from mdmentor.core.day_formats import day_tokens, fill_format
from mdmentor.core.edit import Edit, OpenNote, UnsafeEdit, edited, line_end, line_starts
from mdmentor.core.frontmatter import quote
from mdmentor.core.frontmatter.editor import set_field

_PLACEHOLDER = re.compile(
    r"\{\{\s*(?P<word>title|name|date|time)\s*(?::(?P<format>[^{}]*))?\}\}"
    r"|<%[-_*+]?\s*tp\.file\.title\s*[-_]?%>"
    r"|<%[-_*+]?\s*tp\.date\.now\(\s*(?:[\"'](?P<now>[^\"']*)[\"'])?\s*\)\s*[-_]?%>",
    re.IGNORECASE,
)
LEFT = r"(?s)\{\{[^{}\r\n]*\}\}|<%.*?%>"


def format_moment(form: str, now: datetime, words: Mapping[str, str] | None = None) -> str | None:
    """A moment in the format of Moment.js, `dddd D MMMM YYYY`; None for a token not known here.

    In English but for the tokens whose `words` are given.
    """
    hour = (now.hour - 1) % 12 + 1
    known = day_tokens(now) | {
        "HH": f"{now.hour:02}", "H": str(now.hour), "hh": f"{hour:02}", "h": str(hour),
        "mm": f"{now.minute:02}", "m": str(now.minute), "ss": f"{now.second:02}", "s": str(now.second),
        "A": "AM" if now.hour < 12 else "PM", "a": "am" if now.hour < 12 else "pm",
    }  # fmt: skip
    return fill_format(form, {**known, **(words or {})})


def fill_template(data: bytes, title: str, now: datetime) -> bytes:
    """The template with its placeholders filled. Raises UnsafeEdit for one whose front matter is broken."""

    def filled(text: str) -> str:
        return _PLACEHOLDER.sub(lambda match: _value(match, title, now), text)

    for field in OpenNote(data).head.fields:
        if any(_PLACEHOLDER.search(value) for value in field.values):
            values = tuple(map(filled, field.values))
            try:
                data = set_field(data, field.name, values if field.is_list else values[0])
            except UnsafeEdit:
                data = _with_items(data, field.line, filled)
    note = OpenNote(data)
    edits = [
        Edit(match.start(), match.end(), _value(match, title, now))
        for match in _PLACEHOLDER.finditer(note.text, note.head.body_start)
    ]
    return edited(note, edits)


def _with_items(data: bytes, line: int, filled: Callable[[str], str]) -> bytes:
    """The note with the placeholders filled that are whole items of a list in brackets, `[{{title}}, other]`.

    To YAML such an item is a map in a map, which no edit of a value will touch.
    """
    note = OpenNote(data)
    start = line_starts(note.text)[line - 1]
    end = line_end(note.text, start)
    edits = [
        Edit(match.start(), match.end(), quote(filled(match[0]), in_flow=True))
        for match in _PLACEHOLDER.finditer(note.text, start, end)
        if re.search(r"[\[,]\s*\Z", note.text[start : match.start()])
        and re.match(r"\s*[\],]", note.text[match.end() : end])
    ]
    result = edited(note, edits)
    OpenNote(result)  # raises UnsafeEdit
    return result


def _value(match: re.Match[str], title: str, now: datetime) -> str:
    """What a placeholder stands for; itself where its format is not known."""
    word = (match["word"] or "").lower()
    if word in ("title", "name") or (not word and "tp.date" not in match[0].lower()):
        return title
    form = match["format"] or match["now"] or ("HH:mm" if word == "time" else "YYYY-MM-DD")
    return format_moment(form.strip(), now) or match[0]
