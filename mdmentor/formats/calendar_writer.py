"""A calendar written as iCalendar (RFC 5545): whole-day events, the same bytes for the same events.

Nothing in it comes from the clock: `DTSTAMP` is the event's own day. Days have no time zone, and no event makes anybody
look busy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.formats.content_lines import MADE_BY, escape, escape_lines, render_lines


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
    return render_lines(_lines(calendar))


def _lines(calendar: Calendar) -> Iterator[str]:
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
