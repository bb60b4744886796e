"""vCards (RFC 6350, version 4.0) and calendars (iCalendar, RFC 5545) written: the same bytes for the same values.

Both are lines of escaped texts, folded at 75 octets and ended by CR LF. What vCard has no property for is in properties
of our own, `X-MDMENTOR-CADENCE` and so on, which an import reads back. Nothing in a calendar comes from the clock:
`DTSTAMP` is the event's own day. Its days have no time zone, and no event makes anybody look busy.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.core.text import clean
from mdmentor.formats.person import FormatPerson

MADE_BY = "PRODID:-//mdmentor//mdmentor//EN"
COLLEAGUE = "colleague"  # the category of those who work where the user works
_OCTETS = 75
_CARETS = str.maketrans({"^": "^^", '"': "^'"})  # RFC 6868: what no parameter can hold


def escape(text: str) -> str:
    """One line of text as a value: whatever it holds, it ends no value, component or line."""
    text = clean(text).replace("\\", "\\\\")
    return text.replace(",", "\\,").replace(";", "\\;")


def escape_lines(lines: Iterable[str]) -> str:
    """Several lines of text as one value."""
    return "\\n".join(map(escape, lines))


def render_lines(lines: Iterable[str]) -> str:
    """The content lines, folded where they are too long: no character of several octets is cut."""
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    if len(line) <= _OCTETS and (line.isascii() or len(line.encode()) <= _OCTETS):
        return line
    pieces, begin, size = [], 0, 0
    for place, character in enumerate(line):
        octets = len(character.encode())
        if size + octets > _OCTETS:
            pieces.append(line[begin:place])
            begin, size = place, 1  # the blank that the next line begins with
        size += octets
    return "\r\n ".join([*pieces, line[begin:]])


def render_vcard(person: FormatPerson) -> str:
    """The card of one person, who has a name and a UID."""
    return render_lines(_card(person))


def _card(person: FormatPerson) -> Iterator[str]:
    yield from ("BEGIN:VCARD", "VERSION:4.0", MADE_BY, f"UID:{escape(person.uid)}")
    yield f"FN:{escape(person.name)}"
    given, _, family = clean(person.name).rpartition(" ")
    # one word is a given name: phones sort and greet by it
    yield f"N:{escape(family if given else '')};{escape(given or family)};;;"
    if person.aliases:
        yield f"NICKNAME:{_list(person.aliases)}"
    yield from (f"EMAIL:{escape(email)}" for email in person.email)
    yield from (f"TEL:{escape(phone)}" for phone in person.phone)
    more = dict(person.more)
    departments = more.pop("department", ())
    if len(person.company) == 1 == len(departments):
        yield f"ORG:{escape(person.company[0])};{escape(departments[0])}"
    else:
        yield from (f"ORG:{escape(company)}" for company in person.company)
        more |= {"department": departments}
    yield from (f"TITLE:{escape(role)}" for role in person.says("role"))
    yield from (f"ADR:;;;{escape(town)};;;" for town in person.says("location"))
    yield from (f"X-SOCIALPROFILE;TYPE=linkedin:{escape_address(url)}" for url in person.says("linkedin"))
    yield from (f"URL:{escape_address(url)}" for url in person.url)
    yield from (f"ADR:;;{escape(address)};;;;" for address in more.pop("postal_address", ()))
    if person.birthday:
        # `19720517`, or `--0517` without a year: the forms that khard and khal read, too
        month, day, year = person.birthday
        yield f"BDAY:{f'{year:04d}' if year else '--'}{month:02d}{day:02d}"
    if tags := dict.fromkeys((*person.tags, *[COLLEAGUE] * person.colleague)):
        yield f"CATEGORIES:{_list(tags)}"
    for kind, name in person.relations:
        yield f'RELATED;VALUE=text;TYPE="{clean(kind).translate(_CARETS)}":{escape(name)}'
    if person.notes:
        yield f"NOTE:{escape_lines(person.notes.splitlines())}"
    own = {key: person.says(key) for key in ("met", "source", "introduced_by", "next")}
    own |= more | {"confidential": person.says("confidential")}
    yield from (f"X-MDMENTOR-{key.upper().replace('_', '-')}:{_list(own[key])}" for key in own if own[key])
    yield "END:VCARD"


def _list(values: Iterable[str]) -> str:
    return ",".join(map(escape, values))


def escape_address(url: str) -> str:
    """A web address: its commas and semicolons are its own."""
    return clean(url).replace("\\", "%5C").replace(" ", "%20")


class Event(NamedTuple):
    uid: str
    day: date  # of one that comes every year the first
    summary: str
    description: tuple[str, ...] = ()  # lines
    is_yearly: bool = False


class Calendar(NamedTuple):
    name: str
    description: str
    events: tuple[Event, ...]
    alarm: int | None = None  # minutes after midnight; None for no alarms


def render_calendar(calendar: Calendar) -> str:
    return render_lines(_calendar(calendar))


def _calendar(calendar: Calendar) -> Iterator[str]:
    name, description = escape(calendar.name), escape(calendar.description)
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", MADE_BY, "CALSCALE:GREGORIAN")
    yield from (f"NAME:{name}", f"X-WR-CALNAME:{name}")
    yield from (f"DESCRIPTION:{description}", f"X-WR-CALDESC:{description}")
    yield from ("REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
    for event in calendar.events:
        yield from _event(event, calendar.alarm)
    yield "END:VCALENDAR"


def _event(event: Event, alarm: int | None) -> Iterator[str]:
    day, summary = f"{event.day:%Y%m%d}".zfill(8), escape(event.summary)
    yield from ("BEGIN:VEVENT", f"UID:{escape(event.uid)}", f"DTSTAMP:{day}T000000Z")
    yield f"DTSTART;VALUE=DATE:{day}"
    if event.is_yearly:
        # on the last day of February, also in a short year
        is_leap = (event.day.month, event.day.day) == (2, 29)
        yield "RRULE:FREQ=YEARLY" + (";BYMONTH=2;BYMONTHDAY=-1" if is_leap else "")
    yield f"SUMMARY:{summary}"
    if event.description:
        yield f"DESCRIPTION:{escape_lines(event.description)}"
    yield from ("TRANSP:TRANSPARENT", "CLASS:PRIVATE")
    if alarm is not None:
        hours, minutes = divmod(alarm, 60)
        after = "".join((f"{hours}H" if hours else "", f"{minutes}M" if minutes or not hours else ""))
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{summary}", f"TRIGGER:PT{after}")
        yield "END:VALARM"
    yield "END:VEVENT"
