"""People as a table (RFC 4180), one row each under the keys of a contact's front matter.

A spreadsheet takes a cell that begins with "=", "+", "-", "@" or a tab for a formula; such a text has an apostrophe in
front, which says that it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mdmentor.core.serialize import birthday
from mdmentor.core.text import clean
from mdmentor.formats.person import FormatPerson

# Of these the first are fields of a `FormatPerson`, the others keys in its `more`.
_FURTHER = (
    *("cadence", "tier", "last_contact", "snooze", "contact"),
    *("helps_with", "wants", "mentor", "support"),
)
COLUMNS = (
    *("name", "aliases", "tags", "email", "phone", "linkedin", "url", "company", "role", "location"),
    *("birthday", "met_on", "met", "source", "introduced_by", "next"),
    *_FURTHER,
    *("colleague", "confidential", "uid"),
)
HEADER = f"{','.join(COLUMNS)}\r\n"
BETWEEN = "; "  # several values in one cell
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def render_csv(people: Iterable[FormatPerson]) -> Iterator[str]:
    """The lines of the table, its header first."""
    yield HEADER
    for person in people:
        yield f"{','.join(map(_cell, _row(person)))}\r\n"


def _row(person: FormatPerson) -> Iterator[str]:
    more = dict(person.more)
    yield person.name
    for values in (person.aliases, person.tags, person.emails, person.phones):
        yield BETWEEN.join(values)
    yield person.linkedin
    yield from (BETWEEN.join(person.urls), BETWEEN.join(person.company), person.role, person.location)
    yield birthday(person.birthday) or ""
    yield from (str(person.met_on or ""), person.met, BETWEEN.join(person.source), person.introduced_by)
    yield str(person.next or "")
    for key in _FURTHER:
        yield BETWEEN.join(more.get(key, ()))
    yield from ("yes" if person.colleague else "", "yes" if person.confidential else "", person.uid)


def _cell(text: str) -> str:
    text = clean(text)
    if _FORMULA.match(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",;\r\n]', text) else text
