"""vCards written: version 4.0, one card a person, the same bytes for the same person.

What vCard has no property for is in properties of our own, `X-MDMENTOR-CADENCE` and so on, which an import reads back.
"""

from __future__ import annotations

from collections.abc import Iterator

from mdmentor.core.model import Birthday
from mdmentor.core.text import clean
from mdmentor.formats.content_lines import MADE_BY, escape, escape_lines, render_lines
from mdmentor.formats.person import FormatPerson

COLLEAGUE = "colleague"  # the category of those who work where the user works

_CARETS = str.maketrans({"^": "^^", '"': "^'"})  # RFC 6868: what no parameter can hold


def render_vcard(person: FormatPerson) -> str:
    """The card of one person, who has a name and a UID."""
    return render_lines(_lines(person))


def _lines(person: FormatPerson) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", MADE_BY, f"UID:{escape(person.uid)}")
    yield f"FN:{escape(person.name)}"
    given, _, family = clean(person.name).rpartition(" ")
    # one word is a given name: phones sort and greet by it
    yield f"N:{escape(family if given else '')};{escape(given or family)};;;"
    if person.aliases:
        yield f"NICKNAME:{_list(person.aliases)}"
    for email in person.email:
        yield f"EMAIL:{escape(email)}"
    for phone in person.phone:
        yield f"TEL:{escape(phone)}"
    more = dict(person.more)
    departments = more.pop("department", ())
    if len(person.company) == 1 == len(departments):
        yield f"ORG:{escape(person.company[0])};{escape(departments[0])}"
    else:
        yield from (f"ORG:{escape(company)}" for company in person.company)
        more |= {"department": departments}
    if person.role:
        yield f"TITLE:{escape(person.role)}"
    if person.location:
        yield f"ADR:;;;{escape(person.location)};;;"
    if person.linkedin:
        yield f"X-SOCIALPROFILE;TYPE=linkedin:{escape_address(person.linkedin)}"
    for url in person.url:
        yield f"URL:{escape_address(url)}"
    for address in more.pop("postal_address", ()):
        yield f"ADR:;;{escape(address)};;;;"
    if person.birthday:
        yield f"BDAY:{_birthday(person.birthday)}"
    tags = dict.fromkeys((*person.tags, *((COLLEAGUE,) if person.colleague else ())))
    if tags:
        yield f"CATEGORIES:{_list(tuple(tags))}"
    for kind, name in person.relations:
        yield f'RELATED;VALUE=text;TYPE="{clean(kind).translate(_CARETS)}":{escape(name)}'
    if person.notes:
        yield f"NOTE:{escape_lines(person.notes.splitlines())}"
    own = {key: person.says(key) for key in ("met", "source", "introduced_by", "next")}
    own |= more | {"confidential": person.says("confidential")}
    yield from (f"X-MDMENTOR-{key.upper().replace('_', '-')}:{_list(own[key])}" for key in own if own[key])
    yield "END:VCARD"


def _list(values: tuple[str, ...]) -> str:
    return ",".join(map(escape, values))


def escape_address(url: str) -> str:
    """A web address: its commas and semicolons are its own."""
    return clean(url).replace("\\", "%5C").replace(" ", "%20")


def _birthday(day: Birthday) -> str:
    """`19720517`, or `--0517` without a year: the forms that khard and khal read, too."""
    year = f"{day.year:04d}" if day.year else "--"
    return f"{year}{day.month:02d}{day.day:02d}"
