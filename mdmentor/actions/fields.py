"""One key of a note's front matter set, and a contact left in peace until a day.

A value is read as it will be read from the note, and one that does not fit its key is refused with the mend.
The spelling that the note has already is the one that is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.actions.edit import EditedLine, NoteEditor
from mdmentor.core import names
from mdmentor.core.dates import parse_date, parse_when
from mdmentor.core.edit import decode_raw, find_lines
from mdmentor.core.frontmatter.editor import add_to_list, set_field
from mdmentor.core.frontmatter.keys import NEVER, canonical_key
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.model import CONTACT, HINT, Field
from mdmentor.core.parse import parse_note
from mdmentor.errors import UnknownName

_LISTS = frozenset({"tags", "aliases", "helps_with", "wants", "support", "topics"})
_AHEAD = frozenset({"next", "snooze"})
_BACK = frozenset({"last_contact", "met"})
# Of these alone `met` is made a day: "how we met" may well be told in words that hold one.
_RELATIVE = r"(?i)today|yesterday|(?:the )?day before yesterday|last .+|.+ ago"
_COMMA = r"\s*,\s*(?![^\[]*\]\])"
_OFF = frozenset({"off", "none", "no", "never", "now", "wake", "clear", "end", "stop", ""})
_FOR_GOOD = frozenset({"forever", "always", "for good", "ever"})


def set_value(
    hands: NoteEditor, path: str, key: str, value: str | None, *, add: bool = False
) -> tuple[list[EditedLine], tuple[str, ...]]:
    """Sets a key of the note at `path`, removes it with None, or adds to its list with `add`.

    Gives what was written, and hints at what was written as asked and will probably not do what is wanted.
    Raises UnknownName, with the mend, for a value that does not fit; then nothing is changed.
    """
    settings = hands.queries.settings
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
        wanted = _wanted(value, canonical or names.fold_key(key), field, hands.queries.today)
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
            hints['only "contact: never" means something here; other words are kept'] = None
        line = _changed_line(data, after, last=add) if field else 0
        return after, line or _line_of(after, name)

    what = f"set {names.stem(path)} {key}"
    written = hands.edit(what, {path: edit})
    if value is None:
        written = [EditedLine(w.path, w.line, f"{key} is gone") for w in written]
    return written, tuple(hints)


def _field_to_set(fields: Sequence[Field], key: str, canonical: str, title: str) -> Field | None:
    """The field that holds what `key` means: the one spelt so, else one under another spelling."""
    folded = names.fold_key(key)
    exact = next((field for field in fields if field.key == folded), None)
    if exact is not None or not canonical:
        return exact
    # `title: Ada Lovelace` is the note's title, not what Ada does
    told = [
        field
        for field in fields
        if field.key != "title" or names.fold_plain("".join(field.values)) != names.fold_plain(title)
    ]
    return field_of(told, canonical)


def _wanted(value: str, canonical: str, field: Field | None, today: date) -> str | tuple[str, ...]:
    """The value as it is to stand in the note: days as dates, lists as lists."""
    value = value.strip()
    is_day = canonical in _AHEAD | _BACK and (canonical != "met" or re.fullmatch(_RELATIVE, value))
    if is_day and parse_date(value) is None:
        day = parse_when(value, today, past=canonical in _BACK)
        value = day.isoformat() if day else value
    is_list = field.is_list if field is not None and field.values else canonical in _LISTS
    if is_list:
        return tuple(part for part in re.split(_COMMA, value) if part)
    return value


def _changed_line(before: bytes, after: bytes, *, last: bool) -> int:
    """The first line, or the last, of a note's lines after an edit that says something else; 0 for none."""
    old, new = (_texts(data) for data in (before, after))
    if last:
        same = next((n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), -1)
        return len(new) - same if same >= 0 else 0
    return next((n for n, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b), 0)


def _texts(data: bytes) -> list[str]:
    text = decode_raw(data).text
    return [text[line.start : line.end] for line in find_lines(text)]


def _line_of(data: bytes, name: str) -> int:
    return next(
        (field.line for field in read_head("", "\n".join(_texts(data))).fields if field.name == name), 0
    )


def snooze(hands: NoteEditor, path: str, when: str) -> list[EditedLine]:
    """Leaves a contact in peace until a day told as "month", "2w" or "until 2026-12-24"; "off" ends it.

    Without words for two weeks, as the page's box does. Raises UnknownName for words that name no day to come.
    """
    day = snooze_day(when.strip() or "2 weeks", hands.queries.today)
    return set_value(hands, path, "snooze", day.isoformat() if day else None)[0]


def snooze_day(when: str, today: date) -> date | None:
    """The first day on which somebody is suggested again; None for "off"."""
    words = re.sub(r"\A(?:until|till|for|to|on|after)\s+", "", when.strip(), flags=re.IGNORECASE)
    if words.lower() in _OFF:
        return None
    day = parse_date(words) or parse_when(words, today, past=False)
    if day is None:  # "week": one from now
        day = parse_when(f"in one {words}", today, past=False)
    if words.lower() in _FOR_GOOD:
        raise UnknownName("a snooze ends some day", "for good, write: mdmentor set NAME contact never")
    if day is None:
        raise UnknownName(f'"{when}" is no day', 'write "2 weeks", "until 2026-12-24" or "tomorrow"')
    if day <= today:
        told = "" if words == day.isoformat() else f'"{when}" is '
        raise UnknownName(f"{told}{day.isoformat()}, which is not to come", "name a later day")
    return day
