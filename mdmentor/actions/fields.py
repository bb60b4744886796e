"""One thing changed in one note: a key of its front matter, a snooze, or the box of a promise.

A value is read as it will be read from the note, and one that does not fit its key is refused with a fix.
The spelling that the note already uses is the one that is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.actions.edit import EditedLine, NoteEditor, text_of
from mdmentor.core import names
from mdmentor.core.dates import parse_date, parse_when
from mdmentor.core.edit import tick
from mdmentor.core.frontmatter.editor import add_to_list, set_field
from mdmentor.core.frontmatter.keys import LIST, NEVER, PAST, canonical_key, key_named
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.model import CONTACT, HINT, Field, Promise
from mdmentor.core.parse import parse_note
from mdmentor.core.text import plain_words
from mdmentor.errors import AmbiguousName, UnknownName

# Only these words make `met` a day: "how we met" may hold one too.
_RELATIVE = r"(?i)today|yesterday|(?:the )?day before yesterday|last .+|.+ ago"
_COMMA = r"\s*,\s*(?![^\[]*\]\])"
_OFF = frozenset({"off", "none", "no", "never", "now", "wake", "clear", "end", "stop", ""})
_FOR_GOOD = frozenset({"forever", "always", "for good", "ever"})
# How the plugin Tasks marks a recurring task; it writes the next one when the box is ticked there.
_RECURRING = r"🔁|[\[(]\s*repeat\s*::"
_PLACE = r"(?:(?P<path>.+):)?(?P<line>\d+)"


def set_value(
    editor: NoteEditor, path: str, key: str, value: str | None, *, add: bool = False
) -> tuple[list[EditedLine], tuple[str, ...]]:
    """Sets a key of the note at `path`, removes it with None, or adds to its list with `add`.

    Returns what was written, and hints at what was written as asked and will probably not do what is wanted.
    Raises UnknownName, with a fix, for a value that does not fit; then nothing is changed.
    """
    settings = editor.queries.settings
    hints: dict[str, None] = {}
    if not key.strip():
        raise UnknownName("a key needs a name", "write: mdmentor set NAME cadence monthly")

    def edit(data: bytes) -> tuple[bytes, int]:
        before = parse_note(path, data, settings)
        canonical = canonical_key(names.fold_key(key)) if before.kind == CONTACT else ""
        field = _field_to_set(before.fields, key, canonical, before.title)
        name = field.name if field else key.strip()
        if value is None:
            return set_field(data, name, None), field.line if field else 0
        wanted = _wanted(value, key, field, editor.queries.today)
        if add:
            after = data
            for item in (wanted,) if isinstance(wanted, str) else wanted:
                after = add_to_list(after, name, item)
        else:
            after = set_field(data, name, wanted)
        known = {(p.code, p.what) for p in before.problems}
        for problem in parse_note(path, after, settings).problems:
            if (problem.code, problem.what) in known:
                continue
            if problem.severity != HINT:
                raise UnknownName(problem.what, problem.fix)
            hints[f"{problem.what}; {problem.fix}"] = None
        if canonical == "contact" and names.fold_topic(value) not in NEVER:
            hints['only "contact: never" has a meaning here; other words are stored'] = None
        line = _changed_line(data, after, last=add) if field else 0
        return after, line or line_of_field(after, name)

    written = editor.edit(f"set {names.stem(path)} {key}", {path: edit})
    if value is None:
        written = [EditedLine(w.path, w.line, f"{key} is gone") for w in written]
    return written, tuple(hints)


def _field_to_set(fields: Sequence[Field], key: str, canonical: str, title: str) -> Field | None:
    """The field that holds what `key` means: the one of that name, else one under another spelling."""
    folded = names.fold_key(key)
    exact = next((field for field in fields if field.key == folded), None)
    if exact is not None or not canonical:
        return exact
    # `title: Ada Lovelace` is the note's title, not Ada's position
    plain = names.fold_plain(title)
    others = [f for f in fields if f.key != "title" or names.fold_plain("".join(f.values)) != plain]
    return field_of(others, canonical)


def _wanted(value: str, key: str, field: Field | None, today: date) -> str | tuple[str, ...]:
    """The value as it is to stand in the note: days as dates, lists as lists."""
    value = value.strip()
    meaning = key_named(key)
    is_day = meaning.day and (meaning.name != "met" or re.fullmatch(_RELATIVE, value))
    if is_day and parse_date(value) is None:
        day = parse_when(value, today, past=meaning.day == PAST)
        value = day.isoformat() if day else value
    is_list = field.is_list if field is not None and field.values else meaning.shape == LIST
    return tuple(part for part in re.split(_COMMA, value) if part) if is_list else value


def _changed_line(before: bytes, after: bytes, *, last: bool) -> int:
    """The first line, or the last, that is different after an edit; 0 for none."""
    old, new = (text_of(data).split("\n") for data in (before, after))
    if last:
        old, new = old[::-1], new[::-1]
    line = next((n for n, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b), 0)
    return len(new) + 1 - line if line and last else line


def line_of_field(data: bytes, name: str) -> int:
    return next((field.line for field in read_head("", text_of(data)).fields if field.name == name), 0)


def snooze(editor: NoteEditor, path: str, when: str) -> list[EditedLine]:
    """Hides a contact until a day such as "month", "2w" or "until 2026-12-24"; "off" ends it.

    Without words for two weeks, as the page's box does. Raises UnknownName for words that name no future day.
    """
    day = snooze_day(when.strip() or "2 weeks", editor.queries.today)
    return set_value(editor, path, "snooze", day.isoformat() if day else None)[0]


def snooze_day(when: str, today: date) -> date | None:
    """The first day on which somebody is suggested again; None for "off"."""
    words = re.sub(r"\A(?:until|till|for|to|on|after)\s+", "", when.strip(), flags=re.IGNORECASE)
    if words.lower() in _OFF:
        return None
    # "week": one from now
    day = parse_date(words) or parse_when(words, today, past=False)
    day = day or parse_when(f"in one {words}", today, past=False)
    if words.lower() in _FOR_GOOD:
        raise UnknownName("a snooze ends some day", "for good, write: mdmentor set NAME contact never")
    if day is None:
        raise UnknownName(f'"{when}" is no day', 'write "2 weeks", "until 2026-12-24" or "tomorrow"')
    if day <= today:
        shown = f"{day}" if words == f"{day}" else f'"{when}" ({day})'
        raise UnknownName(f"{shown} is {'today' if day == today else 'in the past'}", "give a later date")
    return day


def done(editor: NoteEditor, path: str, words: str) -> tuple[list[EditedLine], str]:
    """Ticks the one open promise between the user and a contact that holds all the words, or stands in that line.

    Returns what was written, and what the user should know beyond it; "" for nothing. Raises UnknownName where no
    promise fits, AmbiguousName with all of them where several do.
    """
    person = editor.queries.person(path)
    found = find_promises(person.promises, words)
    name = person.contact.name
    if not found:
        which = f' with "{words.strip()}" in it' if words.strip() else ""
        what = f"there is no open promise between you and {name}{which}"
        raise UnknownName(what, "see them all with: mdmentor promises")
    if len(found) > 1:
        lines = (
            f"{p.path}:{p.line}: {'a private line' if p.private else plain_words(p.text)}" for p in found
        )
        raise AmbiguousName(
            f"{len(found)} promises fit", "say which, by words of its own or its line", tuple(lines)
        )
    promise = found[0]
    recurs = False

    def edit(data: bytes) -> tuple[bytes, int]:
        nonlocal recurs
        after = tick(data, promise.line, promise.text)
        line = data.decode(errors="replace").splitlines()[promise.line - 1]
        recurs = re.search(_RECURRING, line) is not None
        return after, promise.line

    written = editor.edit(f"done {name}", {promise.path: edit})
    hint = "this promise recurs, and the next one was not written; add it if you still mean to"
    return written, hint if recurs else ""


def find_promises(promises: Sequence[Promise], words: str) -> list[Promise]:
    """The promises that hold every word, or where several do, the one that is just these words.

    Where the words do not name one, they may be a line's number, or path and number as they are listed.
    """
    wanted = names.fold_plain(words).split()
    found = [p for p in promises if all(word in names.fold_plain(p.text) for word in wanted)]
    exact = [p for p in found if names.fold_plain(plain_words(p.text)) == names.fold_plain(words)]
    found = exact if len(exact) == 1 else found
    place = re.fullmatch(_PLACE, words.strip()) if len(found) != 1 else None
    if place is None:
        return found
    there = [p for p in promises if p.line == int(place["line"]) and place["path"] in (None, p.path)]
    return there or found
