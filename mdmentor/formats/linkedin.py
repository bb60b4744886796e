"""LinkedIn's archive: `Connections.csv`, with one's own `Positions.csv` and `Education.csv` beside it.

Whom one knows from where is a guess: a colleague where somebody works at a company while the user worked there and
connected then, a teacher or a fellow student where they are at the user's school. The value says that it is one.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import parse_date
from mdmentor.core.day_words import MONTHS
from mdmentor.core.names import fold_plain
from mdmentor.core.trust import company_key
from mdmentor.formats.person import FormatPerson, Unreadable
from mdmentor.formats.text import Row, read_people, read_table

_TEACHES = r"\b(professor|prof|lecturer|teacher|instructor|tutor|dozent\w*|docent|professeur|profesor\w*|lehrer\w*)\b"
_STUDIES = (
    r"\b(student\w*|phd|doctoral|undergraduate|graduate|postgraduate|candidate|etudiant\w*|estudiante)\b"
)
_AMERICAN = r"(\d\d?)/(\d\d?)/(\d\d), .*"  # `5/17/18, 2:05 PM`, in archives until 2018


class Stay(NamedTuple):
    """A time at a company or school."""

    key: str  # of its name
    first: date
    last: date


def is_connections_header(columns: set[str]) -> bool:
    return {"firstname", "lastname", "connectedon"} <= columns


def read_linkedin(
    connections: Iterable[bytes], positions: Iterable[bytes] = (), education: Iterable[bytes] = ()
) -> Iterator[FormatPerson | Unreadable]:
    """Everybody the user is connected to; a row without a name is `Unreadable`."""
    works = list(_stays(positions, "Company Name", "Started On", "Finished On"))
    schools = list(_stays(education, "School Name", "Start Date", "End Date"))

    nobody = "the row names nobody: they hide their profile"
    rows = read_table(connections, is_connections_header)
    return read_people(rows, lambda row: _with_source(_person(row), works, schools), nobody)


def _person(row: Row) -> FormatPerson:
    when = row.get("Connected On")
    met_on = parse_date(re.sub(_AMERICAN, r"20\3-\1-\2", when))
    company, email = row.get("Company"), row.get("Email Address")
    return FormatPerson(
        name=f"{row.get('First Name')} {row.get('Last Name')}".strip(),
        email=(email,) if email else (),
        linkedin=row.get("URL"),
        company=(company,) if company else (),
        role=row.get("Position"),
        met_on=met_on,
        line=row.line,
        left_out=(f'date "{when[:40]}"',) if when and not met_on else (),
    )


def _stays(lines: Iterable[bytes], name: str, start: str, end: str) -> Iterator[Stay]:
    wanted = "".join(name.lower().split())
    for row in read_table(lines, lambda columns: wanted in columns):
        if key := company_key(row.get(name)):
            yield Stay(key, _month(row.get(start), date.min), _month(row.get(end), date.max, is_last=True))


def _month(text: str, otherwise: date, *, is_last: bool = False) -> date:
    """The first or last day of `Jan 2018` or `2018`."""
    match = re.fullmatch(r"(?:(\w+)\.? )?(\d{4})", text)
    if match is None or not 1 <= int(match[2]) <= 9999:
        return parse_date(text) or otherwise
    year, month = int(match[2]), MONTHS.get((match[1] or "").lower(), 0)
    month = month or (12 if is_last else 1)
    return date(year, month, monthrange(year, month)[1] if is_last else 1)


def _with_source(person: FormatPerson, works: list[Stay], schools: list[Stay]) -> FormatPerson:
    """The person with a source, where it can be guessed."""
    keys, role = {company_key(name) for name in person.company}, fold_plain(person.role)
    if any(school.key in keys for school in schools):
        if re.search(_TEACHES, role):
            return person._replace(source=("teacher",), source_guess="they teach at your school")
        if re.search(_STUDIES, role):
            return person._replace(source=("classmate",), source_guess="they study at your school")
    met = person.met_on
    if met and any(stay.key in keys and stay.first <= met <= stay.last for stay in works):
        guess = "you connected while you worked at the same company"
        return person._replace(source=("coworker",), source_guess=guess)
    return person
