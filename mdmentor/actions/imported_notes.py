"""Notes made from what another program says of a person, by the user's own template.

Every value that comes in is text and nothing else: no front matter, link, template, mark or task comes out of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from mdmentor.actions.edit import NoteEditor, refusing, text_of
from mdmentor.actions.new import as_kind, folder_for, template_for
from mdmentor.core.edit import Edit, OpenNote, UnsafeEdit, edited
from mdmentor.core.frontmatter import quote
from mdmentor.core.frontmatter.editor import set_field
from mdmentor.core.frontmatter.keys import KEYS, PRIVATE_TAGS, canonical_key
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.frontmatter.schema import read_tags
from mdmentor.core.frontmatter.values import Fields, field_of
from mdmentor.core.kinds import kind_of
from mdmentor.core.log_editor import add_log_line
from mdmentor.core.log_style import LogLine
from mdmentor.core.model import CONTACT, Field
from mdmentor.core.names import fold_key, stem
from mdmentor.core.parse import parse_note
from mdmentor.core.templates import fill_template
from mdmentor.core.text import clean, md
from mdmentor.errors import RefusedToWrite
from mdmentor.formats.person import BESIDE, NOTES, FormatPerson, Talk
from mdmentor.index import find

Values = dict[str, tuple[str, ...]]  # canonical key -> its values, at least one
Job = tuple[str, FormatPerson]  # path of a note to be made, whose it is

_BESIDE = {fold_key(key): key for key in BESIDE}
_LISTS = frozenset({"aliases", "tags", "helps_with", "wants", "support"})
_NOT_FROM_FILES = {"name", "first_name", "last_name", "created", "deceased", "paused", "distinct_from"}
_FURTHER = {*KEYS, *BESIDE} - _NOT_FROM_FILES  # what a file may set besides
_MAIL = r"(?:[^<>@]*<)?(?:mailto:)?([^\s<>()\[\],;]+@[^\s<>()\[\],;]+?)>?"
# Two words or more that a file's name, a heading and a value say alike: no slug, id or `people.` in front.
_USUAL_NAME = r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?: [^\W_]{1,30}(?:['’.-][^\W_]{1,30})*\.?)+"
_TEXTS = ("name", "uid", "linkedin", "role", "location", "met", "introduced_by")  # of a `FormatPerson`
_SEVERAL = ("aliases", "phone", "url", "company", "source")
_KEYS = (  # of a note that is made, in their order
    *("aliases", "tags", "email", "phone", "linkedin", "url", "company", "role", "location", "birthday"),
    *("met", "source", "introduced_by", "next", "confidential"),
)
_SAMPLES = 40  # notes whose spelling of the keys is looked at

# What means something wherever it stands in a note, with a blank put into it: links, templates, marks, comments.
# Each branch begins with a plain character: the engine skips to these.
_MARK = r"(?=(?i:private|got|gave|thanked|sent|waiting|mention)(?![^\W_]|-))"
_MEANINGFUL = re.compile(rf"\[(?=\[)|\](?=[\](])|\{{(?=[{{%#])|<(?=%|!--)|%(?=%)|--(?=>)|#{_MARK}|＃{_MARK}")


def plain_value(text: str) -> str:
    """The text for the front matter, on one line: whatever it holds, it is read as these words."""
    return _MEANINGFUL.sub(lambda match: f"{match[0]} ", clean(text))


def plain_line(text: str) -> str:
    """The text for a line of the body, as Markdown that shows just these words."""
    return md(plain_value(text))


def tidy(person: FormatPerson) -> FormatPerson:
    """The person with values that are safe to write; an invalid e-mail address is counted as left out."""
    own = dict(person.more)
    if introducer := own.pop("introduced_by", ()):
        person = person._replace(introduced_by=introducer[0], more=tuple(own.items()))
    mails = {text: re.fullmatch(_MAIL, text.strip(), re.IGNORECASE) for text in person.email}
    more = [
        (key, tuple(filter(None, map(plain_value, values)))) for key, values in person.more if key in _FURTHER
    ]
    unknown = [key for key, _ in person.more if key not in _FURTHER]
    values: dict[str, Any] = {name: plain_value(getattr(person, name)) for name in _TEXTS}
    values |= {name: _plain(getattr(person, name)) for name in _SEVERAL}
    return person._replace(
        **values,
        email=_plain(match[1] for match in mails.values() if match),
        tags=_plain(_tag(text, person.confidential) for text in person.tags),
        relations=tuple((plain_value(kind), plain_value(name)) for kind, name in person.relations),
        more=tuple((key, values) for key, values in more if values),
        left_out=(
            *person.left_out,
            *(f'e-mail "{clean(text)[:60]}"' for text, match in mails.items() if not match),
            *unknown,
        ),
    )


def _plain(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(plain_value, texts))))


def _tag(text: str, is_confidential: bool) -> str:
    """A category as a tag. A phone's category "Private" says that somebody is no colleague, and keeps nothing back."""
    tag = re.sub(r"[^\w/-]+", "-", text.strip().lstrip("#")).strip("-/")
    top, _, below = tag.partition("/")
    is_kept_back = is_confidential or top.lower() not in PRIVATE_TAGS
    return tag if is_kept_back else "/".join(filter(None, (f"{top}-contact", below)))


def values_of(person: FormatPerson) -> Values:
    """What the person's note says, by canonical key."""
    values = {key: person.says(key) for key in _KEYS}
    for key, more in person.more:
        values[key] = values.get(key) or more
    values["uid"] = person.says("uid")
    return {key: texts for key, texts in values.items() if texts}


def means(field: Field, key: str) -> bool:
    """Whether a field of a note is this key, in any spelling."""
    return key in _keys_of(field)


def _keys_of(field: Field) -> tuple[str, str]:
    """The canonical key, and the key as written here for those without one, such as `postal_address`."""
    return canonical_key(field.key), _BESIDE.get(field.key, "")


def shaped(key: str, values: tuple[str, ...]) -> str | tuple[str, ...]:
    """The values as they are written: a list where the key always has one or there are several."""
    is_list = key in _LISTS or len(values) > 1 or (key == "phone" and re.search("[,;]", values[0]))
    return values if is_list else values[0]


class NoteMaker:
    """Makes notes from the user's own template, in the vault's folder and spelling of keys."""

    def __init__(self, editor: NoteEditor, now: datetime) -> None:
        self._settings = editor.queries.settings
        self._now = now
        self._template, self._origin = template_for(editor, CONTACT)
        self._forms: dict[object, str] = {}
        self._read_before: dict[str, tuple[str, ...]] = {}  # a form -> the keys of a contact's note of it
        self._is_titled = False
        self._has: dict[str, tuple[str, ...]] = {}  # lists that the template has begun
        self.folder = folder_for(editor, CONTACT)
        self.spelling = _usual_spelling(editor)
        self._prepare()

    def _prepare(self) -> None:
        """Takes the day of today out of a template's `met`: nobody in a file was met today."""
        with refusing(self._origin):
            head = OpenNote(self._template).head
            for field in head.fields:
                value = "".join(field.values)
                self._is_titled |= bool(re.search(r"(?i)\{\{\s*(title|name)|tp\.file\.title", value))
                key = canonical_key(field.key)
                if key in _LISTS:
                    self._has[key] = field.values
                if key and KEYS[key].day and key != "created" and ("{{" in value or "<%" in value):
                    text = set_field(self._template, field.name, "").decode()
                    written = rf"(?m)^(\s*{re.escape(field.name)}:)[ \t]*(?:\"\"|'')"
                    self._template = re.sub(written, r"\1", text, count=1).encode()

    def make_all(self, jobs: list[Job]) -> list[bytes | str]:
        """The note of each person who is new; where there can be none, the reason."""
        made: list[bytes | str] = []
        for path, person in jobs:
            try:
                made.append(self.make(path, person, values_of(person)))
            except UnsafeEdit as error:
                made.append(error.reason)
        return made

    def make(self, path: str, person: FormatPerson, values: Values) -> bytes:
        """The note of a person who is new. Raises UnsafeEdit where no note with these values can be made."""
        title = stem(path)
        has = {key: self._has.get(key, ()) for key in values}
        new = {key: tuple(one for one in texts if one not in has[key]) for key, texts in values.items()}
        filled = {key: texts for key, texts in new.items() if texts}
        form, data = self._filled(title, filled, person.source_guess)
        fields = self._fields_of_contact(form, path, data) if title == person.name else None
        if fields is None:
            data, fields = self._as_contact(form, path, data, person.name)
        read = {(key, text) for field in fields for key in _keys_of(field) for text in field.values}
        for key, wanted in values.items():
            if not all((key, text) in read for text in wanted):
                raise UnsafeEdit(f"{key} would not be read as it is written", "add them by hand")
        return _with_body(data, person)

    def _as_contact(self, form: str, path: str, data: bytes, name: str) -> tuple[bytes, tuple[Field, ...]]:
        """The note as a contact's of this name, and its fields; it is read as a whole."""
        settings = self._settings
        note, is_as_filled = parse_note(path, data, settings), True
        if note.kind != CONTACT:
            data, is_as_filled = as_kind(settings, CONTACT, path, data), False
            note = parse_note(path, data, settings)
        if note.kind != CONTACT:
            raise UnsafeEdit("a note with this name would not be a contact", "add them by hand")
        if note.title != name:
            field = field_of(note.fields, "name")
            data = set_field(data, field.name if field else self.spelling.get("name", "name"), name)
        elif is_as_filled:
            self._read_before[form] = tuple(field.key for field in note.fields)
        return data, note.fields

    def _fields_of_contact(self, form: str, path: str, data: bytes) -> tuple[Field, ...] | None:
        """The fields of a note that is a contact's of the path's name; None where it takes reading the whole to know.

        Notes of one form that was read before, by usual names, differ in the values of their front matter alone.
        """
        if form not in self._read_before or not re.fullmatch(_USUAL_NAME, stem(path)):
            return None
        fields = read_head(path, text_of(data)).fields
        kind, _ = kind_of(path, fields, read_tags(Fields(path, fields)), self._settings)
        is_alike = tuple(field.key for field in fields) == self._read_before[form]
        return fields if kind == CONTACT and is_alike else None

    def _filled(self, title: str, values: Values, guess: str) -> tuple[str, bytes]:
        """The form that was filled, and the note."""
        shape = tuple((key, len(texts)) for key, texts in values.items())
        is_listed = isinstance(shaped("phone", values["phone"]), tuple) if "phone" in values else False
        place = (shape, is_listed, guess, title if self._is_titled else "")
        if place not in self._forms:
            self._forms[place] = self._form(title, values, guess)
        texts = {_token(key, n): text for key, found in values.items() for n, text in enumerate(found)}
        form = self._forms[place]

        def fill(match: re.Match[str]) -> str:
            line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
            return quote(texts[match[2]], match[1], in_flow="[" in line)

        return form, re.sub(_TOKENS, fill, form.replace(_TITLE, title)).encode()

    def _form(self, title: str, values: Values, guess: str) -> str:
        """The template filled, with a word of its own in place of each value; made once for all who have the same keys."""
        with refusing(self._origin):
            data = fill_template(self._template, title if self._is_titled else _TITLE, self._now)
            for key, texts in values.items():
                head = OpenNote(data).head
                field = field_of(head.fields, key)
                tokens = tuple(_token(key, n) for n in range(len(texts)))
                kept = tuple(filter(None, field.values)) if field and key in _LISTS else ()
                wanted = (*kept, *tokens) if isinstance(shaped(key, texts), tuple) else tokens[0]
                name = field.name if field else self.spelling.get(key, key)
                data = set_field(data, name, wanted)
        text = data.decode()
        if guess and len(values.get("source", ())) == 1:
            end = rf"({_token('source', 0)}[\"']?)(?=\r?\n)"
            text = re.sub(end, rf"\1  # a guess: {guess}", text, count=1)
        return text


_TITLE = "zqtitleqz"
_TOKENS = r"([\"']?)\b(zq[a-z_]+[0-9]+qz)\b\1"


def _token(key: str, number: int) -> str:
    return f"zq{key}{number}qz"


def _usual_spelling(editor: NoteEditor) -> Mapping[str, str]:
    """Canonical key -> how most of the vault's contacts write it."""
    counts: dict[str, Counter[str]] = {}
    for path in find.paths_of_kind(editor.queries.index, CONTACT)[:_SAMPLES]:
        try:
            head = read_head(path, text_of(editor.read(path)))
        except RefusedToWrite:
            continue
        for field in head.fields:
            key = canonical_key(field.key)
            if key and re.fullmatch(r"[^\W\d]+(?:[ _-][^\W\d]+)*", field.name):
                counts.setdefault(key, Counter())[field.name] += 1
    return {key: min(found, key=lambda name: (-found[name], name)) for key, found in counts.items()}


def _with_body(data: bytes, person: FormatPerson) -> bytes:
    """The note with what there is no key for: talks in its log, free text and relations below."""
    data = with_talks(data, person.talks)
    lines = [plain_line(line) for line in person.notes.splitlines()]
    paragraphs = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    relations = [f"- {plain_line(kind) or 'related'}: {name}" for kind, name in person.relations if name]
    parts = list(filter(None, (paragraphs, "\n".join(relations))))
    if not parts:
        return data
    note = OpenNote(data)
    section = "\n\n".join([f"## {NOTES}", *parts]) + "\n"
    gap = "" if note.text.endswith("\n\n") else "\n" if note.text.endswith("\n") else "\n\n"
    return edited(note, [Edit(len(note.text), len(note.text), gap + section)])


def with_talks(data: bytes, talks: Iterable[Talk]) -> bytes:
    """The note with more lines in its log. Raises UnsafeEdit."""
    for talk in talks:
        channel = re.sub(r"[^\w -]", "", talk.channel)
        data, _ = add_log_line(data, LogLine(talk.day, channel, plain_line(talk.text) or "talked"))
    return data
