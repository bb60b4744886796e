"""People as a table (RFC 4180), one row each under the keys of a contact's front matter.

A spreadsheet takes a cell that begins with "=", "+", "-", "@" or a tab for a formula; such a text has an apostrophe in
front, which says that it is text.
"""

import re
from collections.abc import Iterable, Iterator

from mdmentor.core.text import clean
from mdmentor.formats.person import FormatPerson, texts_of

COLUMNS = (
    *("name", "aliases", "tags", "email", "phone", "linkedin", "url", "company", "role", "location"),
    *("birthday", "met_on", "met", "source", "introduced_by", "next"),
    *("cadence", "tier", "last_contact", "snooze", "contact"),
    *("helps_with", "wants", "mentor", "support"),
    *("colleague", "confidential", "uid"),
)
HEADER = f"{','.join(COLUMNS)}\r\n"
BETWEEN = "; "  # several values in one cell
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def render_csv(people: Iterable[FormatPerson]) -> Iterator[str]:
    """The lines of the table, its header first."""
    yield HEADER
    for person in people:
        more = dict(person.more)
        more |= {key: ("yes",) for key in ("colleague", "confidential") if getattr(person, key)}
        texts = (more[key] if key in more else texts_of(getattr(person, key, "")) for key in COLUMNS)
        yield f"{','.join(_cell(BETWEEN.join(found)) for found in texts)}\r\n"


def _cell(text: str) -> str:
    text = clean(text)
    if _FORMULA.match(text):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",;\r\n]', text) else text
