"""Fills gaps in a contact's note with what another program says of the person.

A value that the note has stays, but for the keys that the user asked to take; what differs is kept and reported. More
addresses, numbers, aliases and tags are added to those there are. Free text and relations are left out: the note's
text is the user's own. Nothing is filled in beside a private line.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import NamedTuple

from mdmentor.actions.edit import text_of
from mdmentor.actions.imported_notes import Values, means, plain_line, shaped, tidy, values_of, with_talks
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.model import CONTACT, Contact, Field, Person, Settings
from mdmentor.core.names import fold, fold_plain, stem, unlink
from mdmentor.core.parse import parse_note
from mdmentor.core.same_person import email_key, is_one_number, phone_of, profile_of
from mdmentor.core.text import plain_words
from mdmentor.core.trust import company_key
from mdmentor.exports import person_of
from mdmentor.formats.person import FormatPerson, texts_of

ADDED_TO = ("aliases", "email", "phone", "url", "tags")  # a value more takes nothing away
# Keys whose values stand in the contact.
_TYPED = (
    *(*ADDED_TO, "linkedin", "company", "role", "location", "source", "introduced_by", "uid"),
    *("birthday", "met", "next", "confidential"),
)
LOG = "log"


class Kept(NamedTuple):
    """A value of a note that stays though the file says otherwise."""

    path: str
    key: str
    kept: str  # "" where the note must not be quoted
    file: str  # what the file says


class GapFiller:
    """One contact's note, filled from what another program says of the person.

    Raises UnsafeEdit where the note cannot be read or changed safely.
    """

    def __init__(
        self, path: str, data: bytes, known: Person, take: Collection[str], settings: Settings, today: date
    ) -> None:
        self.path = path
        self.data = data
        self.keys: dict[str, None] = {}  # canonical; LOG for lines of the log
        self.kept: list[Kept] = []
        self.left_out: list[str] = []
        self._take = take
        self._settings = settings
        talks = known.interactions
        self._talks = {key for one in talks for key in _talk_keys(one.date, one.channel, one.text)}
        self._said = values_of(tidy(person_of(known, today)))  # as an export of ours has it
        self._read()

    def _read(self) -> None:
        fields = read_fields(self.data)
        note = parse_note(self.path, self.data, self._settings)
        if note.contact is None:
            raise UnsafeEdit("the note is not a contact any more", "try again")
        self._contact = note.contact
        # `title: Ada Lovelace` is the note's title, not Ada's position
        title = fold_plain(note.title)
        self._fields = [f for f in fields if f.key != "title" or fold_plain("".join(f.values)) != title]

    def fill(self, person: FormatPerson, values: Values, spelling: Mapping[str, str]) -> None:
        if fold_plain(person.name) not in map(fold_plain, _names(self._contact)) and "@" not in person.name:
            self._keep("name", self._contact.name, person.name)
        for key, wanted in values.items():
            before = self.data
            named = [field for field in self._fields if means(field, key)]
            empty = named[0].name if named else spelling.get(key, key)
            where = next((field for field in named if field.values), empty)
            if key in ADDED_TO:
                self._add(key, where, [text for text in wanted if text not in self._said.get(key, ())])
            elif self._said.get(key) != wanted and not self._is_known_better(key, wanted, person):
                self._set(key, where, wanted)
            if self.data != before:
                self.keys[key] = None
                self._read()
        self._log(person)
        self._leave_out_text(person)
        if parse_note(self.path, self.data, self._settings).kind != CONTACT:
            raise UnsafeEdit("with these values the note would not be a contact", "fill them in by hand")

    def _is_known_better(self, key: str, wanted: tuple[str, ...], person: FormatPerson) -> bool:
        """True for a guess where the note gives a source, and for a last contact that its log goes beyond."""
        if key == "last_contact":
            return any(day.isoformat() >= wanted[0][:10] for day, _ in self._talks)
        return bool(key == "source" and person.source_guess and self._contact.source)

    def _add(self, key: str, where: Field | str, wanted: Collection[str]) -> None:
        """Adds the values that the note does not have."""
        known = _known(self._contact, key, where)
        has = (*known, *_names(self._contact)) if key == "aliases" else known
        missing = tuple(text for text in wanted if not any(_is_one(key, text, other) for other in has))
        if not missing:
            return
        if key != "tags" and bool(known) == isinstance(where, str):  # on a private line
            self._keep(key, "", ", ".join(missing))
        elif isinstance(where, str):
            self.data = write_field(self.data, where, shaped(key, missing))
        else:
            self.data = add_to_field(self.data, where, missing)

    def _set(self, key: str, where: Field | str, wanted: tuple[str, ...]) -> None:
        """Sets a key that the note does not have, or that is to be taken from the file."""
        known = _known(self._contact, key, where)
        if known and all(any(_is_one(key, text, other) for other in known) for text in wanted):
            return
        if not known if isinstance(where, str) else key in self._take:
            self.data = write_field(self.data, where, shaped(key, wanted))
        elif key != "uid":
            self._keep(key, ", ".join(known), ", ".join(wanted))

    def _keep(self, key: str, value: str, other: str) -> None:
        value = "" if self._contact.confidential else value
        self.kept.append(Kept(self.path, key, value, other))

    def _log(self, person: FormatPerson) -> None:
        keys = [_talk_keys(one.day, one.channel, plain_line(one.text) or "talked") for one in person.talks]
        new = [talk for talk, own in zip(person.talks, keys, strict=True) if own.isdisjoint(self._talks)]
        if new:
            self.data = with_talks(self.data, new)
            self._talks.update(*keys)
            self.keys[LOG] = None
            self._read()

    def _leave_out_text(self, person: FormatPerson) -> None:
        """Counts the free text and the relations as left out, unless the note says them somewhere."""
        texts = {"free text": person.notes.splitlines(), "relations": [name for _, name in person.relations]}
        has = _words(text_of(self.data)) if any(texts.values()) else ""
        left = (what for what, lines in texts.items() if not all(_words(line) in has for line in lines))
        self.left_out += (f"{what} for {self.path}" for what in left)


def _words(text: str) -> str:
    """The text's words alone, folded, each between blanks."""
    return " ".join(["", *re.findall(r"[^\W_]+", fold_plain(text)), ""])


def _talk_keys(day: date, channel: str, text: str) -> set[tuple[date, str]]:
    """What identifies a talk: its words alone, and with the channel, since `2026-10-14: tea` has only a channel."""
    written = (plain_words(part) for part in (text, f"{channel} {text}"))
    return {(day, words) for part in written if (words := _words(part).strip() or fold_plain(part).strip())}


def _names(contact: Contact) -> tuple[str, ...]:
    return (contact.name, *contact.aliases, stem(contact.path))


def _known(contact: Contact, key: str, where: Field | str = "") -> tuple[str, ...]:
    """What the note says under a key, as far as it may be read."""
    if key not in _TYPED:
        return where.values if isinstance(where, Field) else ()
    return texts_of(contact.met_on if key == "met" and contact.met_on else getattr(contact, key))


def says_all(contact: Contact, values: Values) -> bool:
    """Whether a contact has all these values, as far as a contact has them at all."""
    return all(
        any(_is_one(key, text, known) for known in _known(contact, key))
        for key, texts in values.items()
        if key in _TYPED
        for text in texts
    )


def _is_one(key: str, one: str, known: str) -> bool:
    """Whether a value of the file is one that the note has, in whatever notation."""
    if key == "phone":
        number, other = phone_of(one), phone_of(known)
        return is_one_number(number, other) if number and other else fold(one) == fold(known)
    if key == "birthday":
        return one in (known, known[5:])
    alike: Callable[[str], object] = _ALIKE.get(key, lambda text: fold_plain(unlink(text)))
    return alike(one) == alike(known)


def _address(url: str) -> str:
    text = fold(url).removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
    return profile_of(url) or text


# What is the same of two notations of one value.
_ALIKE: dict[str, Callable[[str], object]] = {
    "email": email_key, "url": _address, "linkedin": _address, "company": company_key, "met": lambda text: text[:10],
}  # fmt: skip


def is_one_address(key: str, known: str, other: str) -> bool:
    """Whether another value of a key adds nothing to a known one; addresses are compared in any notation."""
    if key in ("email", "url", "linkedin"):
        return _is_one(key, known, other)
    one, two = phone_of(known), phone_of(other)
    if key == "phone" and one and two:
        return is_one_number(one, two) and (one.has_country or not two.has_country)
    return fold(known.lstrip("#")) == fold(other.lstrip("#"))
