"""A person as vCard, CSV and JSON carry them: the value that every reader here returns and every writer takes.

Fields that are keys of a contact's front matter have the key's name.
"""

from datetime import date
from typing import NamedTuple

from mdmentor.core.model import Birthday
from mdmentor.core.serialize import birthday

BESIDE = ("department", "postal_address")  # keys of a note that say what no key of a contact does
NOTES = "Imported notes"  # the heading in a note below which the free text and the relations of a file stand


class Talk(NamedTuple):
    """One dated line of what happened with a person."""

    day: date
    channel: str  # "call", "coffee", ...; "" for none
    text: str  # one line


class FormatPerson(NamedTuple):
    """Values are as the file has them; each writer escapes them for its own format."""

    name: str = ""
    uid: str = ""
    aliases: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    url: tuple[str, ...] = ()
    linkedin: str = ""  # the address of a profile
    company: tuple[str, ...] = ()
    role: str = ""
    location: str = ""
    birthday: Birthday | None = None
    tags: tuple[str, ...] = ()
    met: str = ""  # the words
    met_on: date | None = None
    source: tuple[str, ...] = ()  # words of keys.SOURCES, else the user's
    source_guess: str = ""  # what the source was guessed from, in words; "" for one that the file gives
    next: date | None = None
    introduced_by: str = ""  # a name
    relations: tuple[tuple[str, str], ...] = ()  # (kind, name): ("child", "Ann Smith")
    notes: str = ""  # free text of any number of lines
    talks: tuple[Talk, ...] = ()
    # Further keys of a contact's front matter, under their canonical names: cadence, tier, mentor, helps_with ...
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()
    confidential: bool = False
    colleague: bool = False  # works where the user works; only written
    line: int = 0  # where they begin in the file, from 1; 0 where that is not known
    file: str = ""
    left_out: tuple[str, ...] = ()  # what was not read, a word each: "photo", "sound"

    def says(self, key: str) -> tuple[str, ...]:
        """What the front matter of a contact says under a key that is a field here."""
        if key == "met":
            return texts_of(" ".join(filter(None, (*texts_of(self.met_on), self.met))))
        return texts_of(getattr(self, key))


def texts_of(value: object) -> tuple[str, ...]:
    """A value as front matter has it; none for a value that is not given."""
    if not value:
        return ()
    if isinstance(value, Birthday):
        return texts_of(birthday(value))
    if isinstance(value, tuple):
        return tuple(filter(None, value))
    return ("true",) if value is True else (str(value),)


class Unreadable(NamedTuple):
    """One person in a file who cannot be read, with the reason."""

    line: int
    why: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"
