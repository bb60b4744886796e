"""One key of a note's front matter set, and a contact left in peace until a day.

A value is read as it will be read from the note, and one that does not fit its key is refused with the mend.
The spelling that the note has already is the one that is changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.core import names
from mdmentor.core.dates import parse_date, parse_when
from mdmentor.core.edit import decode_raw, find_lines
from mdmentor.core.edit_head import add_to_list, set_field
from mdmentor.core.fields import canonical_key, field_of
from mdmentor.core.head import read_head
from mdmentor.core.model import CONTACT, Field
from mdmentor.core.parse import parse_note
from mdmentor.errors import UnknownName
from mdmentor.hands.write import Hands, Written

_LISTS = frozenset({"tags", "aliases", "helps_with", "wants", "support", "topics"})
_AHEAD = frozenset({"next", "snooze"})
_BACK = frozenset({"last_contact"})
_COMMA = re.compile(r"\s*,\s*(?![^\[]*\]\])")
_OFF = frozenset({"off", "none", "no", "never", "now", "wake", ""})


def set_value(hands: Hands, path: str, key: str, value: str | None, *, add: bool = False) -> list[Written]:
    """Sets a key of the note at `path`, removes it with None, or adds to its list with `add`.

    Raises UnknownName, with the mend, for a value that does not fit; then nothing is changed.
    """
    settings = hands.answers.settings
    if not key.strip():
        raise UnknownName("a key needs a name", "write: mdmentor set NAME cadence monthly")

    def edit(data: bytes) -> tuple[bytes, int]:
        before = parse_note(path, data, settings)
        canonical = canonical_key(names.fold_key(key)) if before.kind == CONTACT else ""
        field = _field_to_set(before.fields, key, canonical, before.title)
        name = field.name if field else key.strip()
        if value is None:
            return set_field(data, name, None), field.line if field else 0
        wanted = _wanted(value, canonical or names.fold_key(key), field, hands.answers.today)
        if add:
            after = data
            for item in (wanted,) if isinstance(wanted, str) else wanted:
                after = add_to_list(after, name, item)
        else:
            after = set_field(data, name, wanted)
        known = {(p.code, p.what) for p in before.problems}
        for problem in parse_note(path, after, settings).problems:
            if (problem.code, problem.what) not in known and problem.severity != "hint":
                raise UnknownName(problem.what, problem.mend)
        return after, _line_of(after, name)

    what = f"set {names.stem(path)} {key}"
    written = hands.edit(what, {path: edit})
    return [Written(w.path, w.line, f"{key} is gone" if value is None else w.text) for w in written]


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
    if canonical in _AHEAD | _BACK and parse_date(value) is None:
        day = parse_when(value, today, past=canonical in _BACK)
        value = day.isoformat() if day else value
    is_list = field.is_list if field is not None and field.values else canonical in _LISTS
    if is_list:
        return tuple(part for part in _COMMA.split(value) if part)
    return value


def _line_of(data: bytes, name: str) -> int:
    note = decode_raw(data)
    text = "\n".join(note.text[line.start : line.end] for line in find_lines(note.text))
    return next((field.line for field in read_head("", text).fields if field.name == name), 0)


def snooze(hands: Hands, path: str, when: str) -> list[Written]:
    """Leaves a contact in peace until a day told as "month", "2w" or "until 2026-12-24"; "off" ends it.

    Without words for two weeks, as the page's box does. Raises UnknownName for words that name no day to come.
    """
    day = snooze_day(when.strip() or "2 weeks", hands.answers.today)
    return set_value(hands, path, "snooze", day.isoformat() if day else None)


def snooze_day(when: str, today: date) -> date | None:
    """The first day on which somebody is suggested again; None for "off"."""
    words = re.sub(r"\A(?:until|till|for|to|on)\s+", "", when.strip(), flags=re.IGNORECASE)
    if words.lower() in _OFF:
        return None
    day = parse_date(words) or parse_when(words, today, past=False)
    if day is None:  # "week": one from now
        day = parse_when(f"in one {words}", today, past=False)
    if day is None:
        raise UnknownName(f'"{when}" is no day', 'write "2 weeks", "until 2026-12-24" or "tomorrow"')
    if day <= today:
        raise UnknownName(f'"{when}" is {day.isoformat()}, which is not to come', "name a later day")
    return day
