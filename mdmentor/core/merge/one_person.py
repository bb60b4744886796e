"""Two notes about one person joined into one, with all that either says.

`keys` joins the front matter and `texts` the texts. The result is read again: unless it has every item, link, talk and
private line of both notes as it was, and is a contact of the same name, nothing is joined.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.edit import OpenNote, UnsafeEdit, changed_lines, edited
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.keys import key_named
from mdmentor.core.frontmatter.reader import NONE, OK
from mdmentor.core.frontmatter.values import field_of, items
from mdmentor.core.log import read_own_log
from mdmentor.core.merge import NoteParts, read_parts
from mdmentor.core.merge.frontmatter import Split
from mdmentor.core.merge.keys import GONE, AreOne, Choices, counts_alone, join_heads, meaning_of
from mdmentor.core.merge.texts import Title, join_bodies, label_with_two_meanings
from mdmentor.core.model import CONTACT, Field, Note, Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.privacy import private_lines

_BY_HAND = "join the two notes in your editor"
_NAMES = frozenset({"name", "first_name", "last_name"})
# A field of the note that stays, and what it gets: items of a list, or a text
_Value = tuple[Field, tuple[str, ...] | str]


class Opened(NamedTuple):
    """A contact's note, read so that it can be joined with another."""

    path: str
    data: bytes
    raw: OpenNote
    parts: NoteParts
    note: Note
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The person's names here, without aliases."""
        return tuple(dict.fromkeys((self.note.title, names.stem(self.path))))

    @property
    def private(self) -> frozenset[int]:
        """The numbers of its private lines."""
        return private_lines(self.raw.text, self.raw.head.body_line)


def open_note(path: str, data: bytes, settings: Settings) -> Opened:
    """The note at `path`. Raises UnsafeEdit for one that cannot be read or taken apart with certainty."""
    raw = OpenNote(data)
    parts = read_parts(raw.text.encode(), with_anchors=True)
    if parts is None or raw.head.state not in (NONE, OK) or (raw.head.state == OK) != bool(parts.opening):
        raise UnsafeEdit("its front matter cannot be taken apart key by key", _BY_HAND)
    if raw.text.startswith("+++"):
        raise UnsafeEdit("its front matter is written in TOML", "write it as YAML, between ---")
    note = parse_note(path, data, settings)
    if note.kind != CONTACT:
        raise UnsafeEdit("the note is not a contact any more", "try again")
    return Opened(path, data, raw, parts, note, read_fields(data))


def join_notes(gone: Opened, kept: Opened, choices: Choices, are_one: AreOne, settings: Settings) -> bytes:
    """The bytes of the note that stays, with all that the other one says.

    Where choices are left to make it has the values of the note that stays. Raises UnsafeEdit.
    """
    if label := label_with_two_meanings(kept.parts.body, gone.parts.body):
        raise UnsafeEdit(f"both notes say what [{label}] means", "give it another label in one of them")
    takes_name = choices.side("name") == GONE
    new_name = gone.note.title if takes_name else kept.note.title
    apart = tuple(_in_text(gone, kept))
    without = {f.name for f in gone.fields if _says_name(f, gone, kept)}
    without |= {f.name for f in kept.fields if _says_name(f, kept, kept)}
    without |= {field.name for field, _ in apart if not field.is_inline}
    head = join_heads(kept.parts.head, gone.parts.head, without, choices, are_one)
    is_same = names.fold_plain(gone.note.title) == names.fold_plain(new_name)
    words = f"From {names.without_md(gone.path)}" if is_same else gone.note.title
    called = Title(words, 0, frozenset(map(names.fold_plain, gone.names)))
    wanted = [*_chosen(apart, choices, gone.private), *choices.to_add]
    fault: UnsafeEdit | None = None
    for moves_log, level in product((True, False), (0, 1, 2)):
        title = called._replace(level=level)
        body = join_bodies(kept.parts.body, gone.parts.body, title, moves_log=moves_log)
        data = _assembled(gone, kept, head, body)
        try:
            _verify(data, gone, kept)
            data = _with_values(data, wanted, are_one)
            data = _with_names(data, gone, kept, new_name)
            data = _guarded(data, gone, kept, settings)
            note = parse_note(kept.path, data, settings)
            if note.kind == CONTACT and names.fold(note.title) == names.fold(new_name):
                return data
            raise UnsafeEdit(f'joined, the note would not be the contact "{new_name}" any more', _BY_HAND)
        except UnsafeEdit as error:
            fault = fault or error
    assert fault
    raise fault


def _says_name(field: Field, note: Opened, kept: Opened) -> bool:
    """Whether a key only says what the person, or the note, is called."""
    meaning = key_named(field.name).name
    if field.key == "title":
        return names.fold_plain("".join(field.values)) in map(names.fold_plain, note.names)
    if meaning in ("first_name", "last_name") and note is not kept:
        # beside a whole name these add nothing to it
        return not any(key_named(f.name).name == "name" and " " in "".join(f.values) for f in kept.fields)
    return meaning in _NAMES


def _in_text(gone: Opened, kept: Opened) -> Iterator[tuple[Field, Field]]:
    """The fields that both notes have, one of them in the text: that of the note that goes, and that of the other."""
    for field in gone.fields:
        for other in kept.fields:
            is_same = meaning_of(field.name) == meaning_of(other.name) and field.values and other.values
            if is_same and (field.is_inline or other.is_inline) and not _says_name(field, gone, kept):
                yield field, other
                break


def _chosen(
    apart: Iterable[tuple[Field, Field]], choices: Choices, private: frozenset[int]
) -> Iterator[_Value]:
    """What the fields in the texts add to those of the note that stays (items), or replace there (a text)."""
    for field, other in apart:
        meaning = key_named(other.name)
        if field.line in private:
            if not field.is_inline:
                what = f'"{field.name}" is private in one note and in the text of the other'
                raise UnsafeEdit(what, _BY_HAND)
        elif meaning.shape or field.is_list or other.is_list or meaning.name == "source":
            yield other, field.values
        elif not meaning.guards:
            mine, theirs = ", ".join(other.values), ", ".join(field.values)
            side = choices.side(other.name) or counts_alone(other.name, mine, theirs)
            if side == GONE:
                yield other, theirs
            elif not side:
                choices.ask(other.name, theirs, mine)


def _with_values(data: bytes, wanted: Iterable[_Value], are_one: AreOne) -> bytes:
    for field, value in wanted:
        fields = (f for f in read_fields(data) if (f.name, f.is_inline) == (field.name, field.is_inline))
        now = next(fields, None)
        if now and isinstance(value, str):
            data = write_field(data, now, value)
        elif now and not isinstance(value, str):
            meaning = key_named(now.name)
            known = list(items(now.values, split=meaning.has_commas and not now.is_list))
            found = items(value, split=meaning.has_commas)
            new = [item for item in found if not any(are_one(meaning.name, one, item) for one in known)]
            data = add_to_field(data, now, new) if new else data
    return data


def _assembled(gone: Opened, kept: Opened, head: Split, body: list[str]) -> bytes:
    """The bytes of the note that stays, with this front matter and this text, and its own newlines."""
    inside = head.lines()
    fences = gone.parts if inside and not kept.parts.opening else kept.parts
    lines = [fences.opening, *inside, fences.closing, *body] if fences.opening else body
    ends = kept.parts.ends if kept.raw.text else gone.parts.ends
    text = "\n".join(lines) + ("\n" if lines and ends else "")
    like = kept.raw
    if "\n" not in like.text:
        like = OpenNote(gone.data)
        like.bom = kept.raw.bom
    return edited(like, changed_lines(like.text, text))


def _with_names(data: bytes, gone: Opened, kept: Opened, new_name: str) -> bytes:
    """The note with its new name, and all other names of both as aliases."""
    if new_name != kept.note.title:
        field = field_of(read_fields(data), "name")
        data = write_field(data, field or "name", new_name)
    fields = read_fields(data)
    aliases = field_of([field for field in fields if field.key in ("aliases", "alias")], "aliases")
    stem = names.stem(kept.path)
    known = {names.fold_topic(name) for name in (new_name, stem)}
    called = [name for field in fields if key_named(field.name).name == "aliases" for name in field.values]
    known |= {names.fold_topic(name) for name in items(called, split=True)}
    new: list[str] = []
    for name in (kept.note.title, *gone.names):
        words = names.fold_topic(name)
        is_title = name == names.stem(gone.path) and words.endswith(f" {names.fold_topic(gone.note.title)}")
        if words not in known and not is_title:
            known.add(words)
            new.append(name)
    return add_to_field(data, aliases or "aliases", new) if new else data


def _guarded(data: bytes, gone: Opened, kept: Opened, settings: Settings) -> bytes:
    """The note made confidential, and never suggested, where either of the two was."""
    was_confidential = gone.note.confidential or kept.note.confidential
    if was_confidential and not parse_note(kept.path, data, settings).confidential:
        data = write_field(data, field_of(read_fields(data), "confidential") or "confidential", "true")
    was_paused = any(_is_paused(one.path, one.data, settings) for one in (gone, kept))
    if was_paused and not _is_paused(kept.path, data, settings):
        data = write_field(data, field_of(read_fields(data), "contact") or "contact", "never")
    return data


def _is_paused(path: str, data: bytes, settings: Settings) -> bool:
    contact = parse_note(path, data, settings).contact
    return contact is not None and contact.paused


def _facts(note: OpenNote) -> tuple[Counter[tuple[object, ...]], ...]:
    """What must be found again: talks and items, each with whether it is private, and links."""
    body, hidden = note.page.body, private_lines(note.text, note.head.body_line)
    talks, _ = read_own_log("", body.items, body.links, hidden)
    return (
        Counter((t.date, t.channel, t.text, t.marks, t.line in hidden) for t in talks),
        Counter((i.kind, i.text, i.task, i.line in hidden) for i in body.items if i.kind != "heading"),
        Counter((link.raw, link.target, link.fragment) for link in body.links),
    )


def _verify(data: bytes, gone: Opened, kept: Opened) -> None:
    """Raises UnsafeEdit unless the joined note has all that the text of either says."""
    theirs, ours, found = (_facts(one) for one in (gone.raw, kept.raw, OpenNote(data)))
    for one, other, now in zip(theirs, ours, found, strict=True):
        if (one | other) - now:
            what = "a line of one would not read as it does now below the other"
            fix = f"close what is left open in either (a code block, a comment), or {_BY_HAND}"
            raise UnsafeEdit(what, fix)
    if found[0] - (theirs[0] + ours[0]):
        raise UnsafeEdit("talks would be counted that neither note tells of", _BY_HAND)
