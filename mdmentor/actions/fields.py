"""Sets a key in a note's front matter or text, a snooze, or the box of a promise.

A value is read as it will be read from the note, and one that does not fit its key is refused with a fix.
The spelling that the note already uses is the one that is changed.
"""

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, text_of
from mdmentor.core import names
from mdmentor.core.dates import parse_date, parse_span, parse_when
from mdmentor.core.day_words import days_in_numbers
from mdmentor.core.edit import differing
from mdmentor.core.edit import tick as tick_task
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.keys import LIST, NEVER, PAST, canonical_key, key_named, nearest_key
from mdmentor.core.frontmatter.values import field_of, items
from mdmentor.core.log_entries import without_snooze_origin
from mdmentor.core.model import CONTACT, HINT, Field, Promise
from mdmentor.core.parse import parse_note
from mdmentor.core.text import plain_words
from mdmentor.errors import AmbiguousName, UnknownName

# Only these words make `met` a day: "how we met" may hold one too.
_IN_DAYS = {"days", "prmcadence"}  # ends of keys whose tools read a number of days
_RELATIVE = r"(?i)today|yesterday|(?:the )?day before yesterday|last .+|.+ ago"
_COMMA = r"\s*,\s*(?![^\[]*\]\])"
_OFF = frozenset({"off", "none", "no", "now", "wake", "clear", "end", "stop", ""})
_FOR_GOOD = frozenset({"forever", "never", "always", "for good", "ever"})
# How the plugin Tasks marks a recurring task; it writes the next one when the box is ticked there.
_RECURRING = r"🔁|[\[(]\s*repeat\s*::"
_PLACE = r"(?:(?P<path>.+):)?(?P<line>\d+)"


def set_value(
    editor: NoteEditor,
    path: str,
    key: str,
    value: str | None,
    *,
    add: bool = False,
    remove: bool = False,
    force: bool = False,
) -> list[EditedLine]:
    """Sets a key of the note at `path` or removes it with None; `add` and `remove` change one value of its list.

    Warns of what was written as asked but probably does not do what is wanted. Raises UnknownName, with a fix and
    nothing changed, for a value that does not fit, and without `force` for a key probably meant for a known one.
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
        if field and canonical == "snooze":
            data = without_snooze_origin(data, field.line)  # it was ticked for another day
        if value is None or remove:
            left = None if value is None else _without(field, key, value)
            return write_field(data, field or name, left), field.line if field else 0
        if before.kind == CONTACT and not force:
            _refuse_near_key(key)
        wanted = _wanted(value, key, field, editor.queries.today)
        if add:
            after = add_to_field(data, field or name, (wanted,) if isinstance(wanted, str) else wanted)
        else:
            after = write_field(data, field or name, wanted)
        others = before
        if field is not None and not add:
            others = parse_note(path, write_field(data, field, None), settings)
        known = {(p.code, p.what) for p in others.problems}
        for problem in parse_note(path, after, settings).problems:
            if (problem.code, problem.what) in known:
                continue
            if problem.severity != HINT:
                raise UnknownName(problem.what, problem.fix)
            hints[f"{problem.what}; {problem.fix}"] = None
        if canonical == "contact" and names.fold_topic(value) not in NEVER:
            hints['only "contact: never" means anything to mdmentor; other words are just kept'] = None
        line = _changed_line(data, after, last=add) if field else 0
        return after, line or next((one.line for one in read_fields(after) if one.name == name), 0)

    done_as = f"snooze {names.stem(path)}" if key == "snooze" else f"set {names.stem(path)} {key}"
    written = editor.edit(done_as, {path: edit})
    editor.warnings += hints
    if value is None or (remove and written and not written[0].text.strip()):
        return [line._replace(text=f"{value or key} is gone") for line in written]
    return written


def _field_to_set(fields: Sequence[Field], key: str, canonical: str, title: str) -> Field | None:
    """The field that holds what `key` means: the one of that name, else one under another spelling."""
    folded = names.fold_key(key)
    exact = next((field for field in fields if field.key == folded), None)
    if exact is None or not exact.values:
        # a field in the text counts where the front matter has an empty one
        in_text = (field for field in fields if field.is_inline and field.values)
        exact = next((f for f in in_text if canonical_key(f.key) == canonical or f.key == folded), exact)
    if exact is not None or not canonical:
        return exact
    # `title: Ada Lovelace` is the note's title, not Ada's position
    plain = names.fold_plain(title)
    others = [f for f in fields if f.key != "title" or names.fold_plain("".join(f.values)) != plain]
    return field_of(others, canonical)


def _wanted(value: str, key: str, field: Field | None, today: date) -> str | tuple[str, ...]:
    """The value as it is written into the note: days as dates, lists as lists."""
    value = value.strip()
    meaning = key_named(key)
    is_day = meaning.day and (meaning.name != "met" or re.fullmatch(_RELATIVE, value))
    if is_day and parse_date(value) is None:
        day = parse_when(value, today, past=meaning.day == PAST)
        value = day.isoformat() if day else value
    if meaning.name == "cadence" and field is not None and _IN_DAYS & {field.key, field.key[-4:]}:
        value = str(parse_span(value) or value)
    is_list = field.is_list if field is not None and field.values else meaning.shape == LIST
    return tuple(part for part in re.split(_COMMA, value) if part) if is_list else value


def _refuse_near_key(key: str) -> None:
    """Raises UnknownName for a key that means nothing and is nearly one that does."""
    near = "" if key_named(key).name else nearest_key(names.fold_key(key))
    if near:
        fix = f'did you mean "{near}"? to set it as it is written, add --force'
        raise UnknownName(f'key "{key.strip()}" is not known', fix)


def _without(field: Field | None, key: str, value: str) -> str | tuple[str, ...] | None:
    """The field's values without the given one, or several, separated by commas; None for the last one of a text.

    Raises UnknownName where the field does not hold it.
    """
    values = field.values if field else ()
    is_text = field is not None and not field.is_list
    if is_text and key_named(key).has_commas:
        values = tuple(items(values, split=True))

    def fold(text: str) -> str:
        return names.fold_topic(names.unlink(text).lstrip("#"))

    here = {fold(one) for one in values}
    wanted = {fold(value)}
    if not wanted <= here:
        wanted = {fold(part) for part in re.split(_COMMA, value.strip()) if part}
    if not wanted <= here:
        holds = f"it has {', '.join(values)}" if values else "it has no value"
        raise UnknownName(f'"{value.strip()}" is not in {field.name if field else key.strip()}', holds)
    left = tuple(one for one in values if fold(one) not in wanted)
    return (", ".join(left) or None) if is_text else left


def _changed_line(before: bytes, after: bytes, *, last: bool) -> int:
    """The first line, or the last, that is different after an edit; 0 for none."""
    old, new = (text_of(data).split("\n") for data in (before, after))
    first, _, end = differing(old, new)
    return 0 if old == new else end if last else min(first + 1, len(new))


def snooze(editor: NoteEditor, path: str, when: str) -> list[EditedLine]:
    """Hides a contact until a day such as "month", "2w" or "until 2026-12-24"; "off" ends it.

    Without words for two weeks, as the page's box does. Raises UnknownName for words that name no future day.
    """
    day = snooze_day(when.strip() or "2 weeks", editor.queries.today)
    return set_value(editor, path, "snooze", day.isoformat() if day else None)


def snooze_day(when: str, today: date) -> date | None:
    """The first day on which somebody is suggested again; None for "off"."""
    words = re.sub(r"\A(?:until|till|for|to|on|after)\s+", "", when.strip(), flags=re.IGNORECASE)
    if words.lower() in _OFF:
        return None
    # "week": one from now
    day = parse_date(words) or parse_when(words, today, past=False)
    day = day or parse_when(f"in one {words}", today, past=False)
    if words.lower() in _FOR_GOOD:
        fix = "to stop suggesting them, write: mdmentor set NAME contact never"
        raise UnknownName("a snooze has to end", fix)
    if day is None and (days := days_in_numbers(words, today, past=False)):
        raise UnknownName(f'"{when}" may be {" or ".join(map(str, days))}', "write the one you mean")
    if day is None:
        raise UnknownName(f'"{when}" is not a day', 'write "2 weeks", "until 2026-12-24" or "tomorrow"')
    if day <= today:
        shown = f"{day}" if words == f"{day}" else f'"{when}" ({day})'
        raise UnknownName(f"{shown} is {'today' if day == today else 'in the past'}", "give a later date")
    return day


def done(editor: NoteEditor, path: str, words: str) -> list[EditedLine]:
    """Ticks the one open promise between the user and a contact that has all the words, or is on that line.

    The ticked line gets the day, so that it counts as contact on that day, in any note.
    Raises UnknownName where no promise fits, AmbiguousName with all of them where several do.
    """
    person = editor.queries.person(path)
    found = find_promises((*person.promises, *person.planned), words)
    name = person.contact.name
    if not found:
        which = f' with "{words.strip()}" in it' if words.strip() else ""
        what = f"there is no open promise between you and {name}{which}"
        raise UnknownName(what, "see them all with: mdmentor promises")
    if len(found) > 1:
        rows = (f"{p.path}:{p.line}: {'a private line' if p.private else plain_words(p.text)}" for p in found)
        fix = "say which, by its words or its line"
        raise AmbiguousName(f"{len(found)} promises match", fix, tuple(rows))
    promise = found[0]
    written = editor.edit(f"done {name}", {promise.path: ticking(promise, editor.queries.today)})
    if re.search(_RECURRING, text_of(editor.read(promise.path)).split("\n")[promise.line - 1]):
        hint = "this promise recurs, and the next one was not written; add it if you still mean to"
        editor.warnings.append(hint)
    return written


def ticking(promise: Promise, today: date | None = None) -> EditNote:
    """Ticks the box of a promise; with a day, which is put behind it, the line counts as contact then."""
    return lambda data: (tick_task(data, promise.line, promise.text, today), promise.line)


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
