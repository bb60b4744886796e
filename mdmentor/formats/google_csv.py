"""Contacts of Google as CSV, in both generations of its headers, of Outlook and of Thunderbird: the columns differ."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile

from mdmentor.core.dates import parse_birthday
from mdmentor.core.names import fold_key
from mdmentor.formats.person import FormatPerson, Unreadable
from mdmentor.formats.text import Row, one_line, read_people, read_table, unique

_BETWEEN = re.compile(r"\s*:::\s*")  # several values in one cell
_BIRTH = ("Birth Year", "Birth Month", "Birth Day")  # Thunderbird's
_OTHER_WEB = ("Web Page", "Personal Web Page", "Web Page 1", "Web Page 2")
_MOST_NUMBERED = 30  # columns such as "E-mail 12 - Value"
_OTHER_MAIL = ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address", "Primary Email", "Secondary Email")
_OTHER_PHONE = (
    *("Mobile Phone", "Mobile Number", "Work Phone", "Primary Phone"),
    *("Business Phone", "Business Phone 2", "Home Phone", "Home Phone 2"),
    *("Other Phone", "Company Main Phone"),
)
_NO_PHONE = r"(?i)\b(?:fax|pager)\b"  # the label of a number
_NOT_READ = {
    "Photo": "photo", "Anniversary": "anniversary", "Event 1 - Value": "event", "Business Fax": "fax", "Home Fax": "fax",
    "Fax Number": "fax", "Pager": "pager", "Pager Number": "pager", "Children": "children", "Hobby": "hobby",
}  # fmt: skip
_RELATIVES = {"Spouse": "spouse", "Manager's Name": "manager", "Assistant's Name": "assistant"}
_ANY_ORDER = r"(\d\d?)/(\d\d?)/(\d{4})"  # a birthday in the order of the country
_MOST_HELD = 1000  # rows in which that order shows itself
_PLACE = (("Street", "Address"), ("City",), ("Region", "State"), ("Postal Code", "ZipCode"))
_COLUMNS = (  # of which an export has at least one
    "email1value phone1value groupmembership labels organizationname organization1name primaryemail emailaddress"
)


def is_google_header(columns: set[str]) -> bool:
    """Whether these columns, folded, are those of an export of contacts by Google, Outlook or Thunderbird."""
    has_name = {"givenname", "familyname"} <= columns or {"firstname", "lastname"} <= columns
    return has_name and not columns.isdisjoint(_COLUMNS.split()) and "connectedon" not in columns


def read_google_csv(lines: Iterable[bytes]) -> Iterator[FormatPerson | Unreadable]:
    """Everybody in the table; a row that names nobody is `Unreadable`."""
    rows = read_table(lines, is_google_header)
    first = list(islice(rows, _MOST_HELD))
    order = _order_of_days(first)
    return read_people(chain(first, rows), lambda row: _person(row, order))


def _order_of_days(rows: Iterable[Row]) -> str:
    """What makes ISO days of birthdays such as `5/17/1972`: a number above 12 in any of them is a day."""
    found = [match for row in rows if (match := re.fullmatch(_ANY_ORDER, row.get("Birthday")))]
    is_day = [any(int(match[place]) > 12 for match in found) for place in (1, 2)]
    return r"\g<0>" if is_day[0] == is_day[1] else r"\3-\2-\1" if is_day[0] else r"\3-\1-\2"


def _person(row: Row, order: str) -> FormatPerson:
    parts = ("Name Prefix", "Given Name", "Middle Name", "Additional Name", "Family Name", "Name Suffix")
    if not row.get("Given Name", "Family Name"):
        parts = ("Name Prefix", "First Name", "Middle Name", "Last Name", "Name Suffix", "Suffix")
    written = " ".join(filter(None, (row.get(part) for part in parts)))
    aliases = unique(_values(row, "Nickname"))
    company = _all(row, "Organization", "Name", "Organization Name", "Company", "Organization")
    emails = _all(row, "E-mail", "Value", *_OTHER_MAIL)
    phones = _all(row, "Phone", "Value", *_OTHER_PHONE)
    roles = _all(row, "Organization", "Title", "Organization Title", "Job Title", "Position", "Profession")
    departments = _all(row, "Organization", "Department", "Organization Department", "Department")
    websites = _all(row, "Website", "Value", *_OTHER_WEB)
    linkedin = next((url for url in websites if "linkedin.com/" in url.lower()), "")
    name, (town, address) = row.get("Name", "Display Name"), _place(row)
    # "Birth Day" and "Birthday" are one column when folded
    is_parted = row.get("Birth Month")
    day_first = re.sub("[/-]", ".", row.get("Birthday day first"))
    birthday = "-".join(filter(None, map(row.get, _BIRTH))) if is_parted else row.get("Birthday") or day_first
    day = parse_birthday(re.sub(_ANY_ORDER, order, birthday))
    odd = [] if day or not birthday.strip("0./") else [f'birthday "{birthday[:40]}"']
    faxes = ["fax" for label, _ in _labelled(row, "Phone", "Value") if re.search(_NO_PHONE, label)]
    not_read = [what for column, what in _NOT_READ.items() if row.get(column).strip("0./")]
    extra = {"department": departments, "postal_address": address}
    return FormatPerson(
        name=name or written or next(iter((*aliases, *company, *emails, *phones)), ""),
        aliases=aliases,
        email=emails,
        phone=phones,
        url=tuple(url for url in websites if url != linkedin),
        linkedin=linkedin,
        company=company,
        role=next(iter(roles), ""),
        location=town,
        birthday=day,
        tags=unique(_tags(row)),
        relations=(
            *((label.lstrip("* ").lower(), value) for label, value in _labelled(row, "Relation", "Value")),
            *((kind, value) for column, kind in _RELATIVES.items() if (value := row.get(column))),
        ),
        notes=row.cells.get("notes", "").strip(),
        more=tuple((key, values) for key, values in extra.items() if values),
        line=row.line,
        left_out=(*odd, *faxes, *not_read),
    )


def _values(row: Row, *columns: str) -> list[str]:
    """All values in these cells."""
    return [value for column in columns for value in _BETWEEN.split(row.get(column)) if value]


def _all(row: Row, kind: str, part: str, *columns: str) -> tuple[str, ...]:
    """All values of `E-mail 1 - Value` ..., those marked as the main ones first, then those of other columns."""
    numbered = sorted(_labelled(row, kind, part), key=lambda pair: not pair[0].startswith("*"))
    wanted = (value for label, value in numbered if not re.search(_NO_PHONE, label))
    return unique([*wanted, *_values(row, *columns)])


def _labelled(row: Row, kind: str, part: str) -> Iterator[tuple[str, str]]:
    """Label and value of `Relation 1 - Label`, `Relation 1 - Value` ..."""
    for start in _starts(row, kind, part):
        label = row.get(f"{start}Type", f"{start}Label")
        for value in _values(row, start + part):
            yield label, value


def _starts(row: Row, kind: str, *parts: str) -> Iterator[str]:
    """`Relation 1 - `, `Relation 2 - ` ..., as far as the table has one of these parts of them."""
    starts = (f"{kind} {number} - " for number in range(1, _MOST_NUMBERED + 1))
    return takewhile(lambda start: any(fold_key(start + part) in row.cells for part in parts), starts)


def _place(row: Row) -> tuple[str, tuple[str, ...]]:
    """Town and country, and whole addresses that say more."""
    town, whole = row.get("Location"), []
    for start in (*_starts(row, "Address", "City", "Street", "Formatted"), "Business ", "Work ", "Home "):
        street, city, region, code = (row.get(*(start + name for name in names)) for names in _PLACE)
        country = row.get(f"{start}Country", f"{start}Country/Region")
        town = town or ", ".join(filter(None, (city or region, country)))
        formatted = one_line(row.cells.get(fold_key(f"{start}Formatted"), "").replace("\n", ", "))
        if street or code:
            whole.append(", ".join(filter(None, (street, f"{code} {city}".strip(), region, country))))
        elif formatted and not city:
            whole.append(formatted)
    return town, unique(whole)


def _tags(row: Row) -> list[str]:
    """Labels that the user gave: Google's own begin with a star."""
    found = _values(row, "Group Membership", "Labels")
    found += [part for value in _values(row, "Categories") for part in value.split(";")]
    return [tag.strip() for tag in found if tag.strip() and not tag.startswith("*")]
