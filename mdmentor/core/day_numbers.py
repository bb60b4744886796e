"""Days in numbers alone (`14/8`, `31/12/1980`, `14.8.26`): every day that one may mean.

With dots the day comes first. With other signs it may be the month, so that only some can be one day alone.
"""

from __future__ import annotations

import re
from datetime import date

_DAY_OR_MONTH = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
_SHORT = (
    r"([0-9]{1,2})(?:/([0-9]{1,2})(?:/([0-9]{4}|[0-9]{2}))?|\. ?([0-9]{1,2})\.(?: ?([0-9]{4}|[0-9]{2}))?)"
)
_OLDEST_SHORT = 30  # a short year of birth above it is one of the last century


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day of these numbers; None where no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def readings(text: str) -> tuple[str, ...]:
    """The days that a date like `3/4/2026` may mean, day first; none where the text is no such date."""
    match = re.fullmatch(_DAY_OR_MONTH, text)
    if match is None:
        return ()
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    days = [day for day in (calendar_day(year, second, first), calendar_day(year, first, second)) if day]
    return tuple(dict.fromkeys(day.isoformat() for day in days[: 1 if match[2] == "." else 2]))


def only_reading(text: str) -> date | None:
    """The day of `31/12/1980` or `12/31/1980`, which can be one day alone."""
    days = readings(text)
    return date.fromisoformat(days[0]) if len(days) == 1 else None


def only_birthday(text: str) -> tuple[int, int, int | None] | None:
    """Month, day and year (None without one) of `31/12`, `12/31/80` and the like, where it can be one day alone."""
    if day := only_reading(text.strip()):
        return day.month, day.day, day.year
    orders, year = _read_short(text)
    found = {order for order in orders if calendar_day(2000, *order)}
    if len(found) != 1:
        return None
    if len(year) == 2:
        year = f"{19 if int(year) > _OLDEST_SHORT else 20}{year}"
    return (*found.pop(), int(year) if year else None)


def _read_short(text: str) -> tuple[list[tuple[int, int]], str]:
    """Each month and day that `14/8` or `14.8.26` may mean, and its year, if any; none for any other text."""
    match = re.fullmatch(_SHORT, text.strip())
    if match is None:
        return [], ""
    first, second, year = int(match[1]), int(match[2] or match[4]), match[3] or match[5] or ""
    return [(second, first), (first, second)] if match[2] else [(second, first)], year


def days_in_numbers(text: str, today: date, *, past: bool) -> tuple[date, ...]:
    """The days that `14/8`, `8/14`, `11/12/26` or `14.8.26` may mean; none for any other text or no day at all.

    Without a year it is the nearest such day before `today` or after it, today included.
    """
    orders, year = _read_short(text)
    if not orders:
        return tuple(map(date.fromisoformat, readings(text.strip())))
    if year:
        whole = int(year) + (2000 if len(year) == 2 else 0)
        found = [calendar_day(whole, *order) for order in orders]
    else:
        found = [nearest(*order, today, past) for order in orders]
    return tuple(dict.fromkeys(day for day in found if day))


def nearest(month: int, day: int, today: date, back: bool) -> date | None:
    """The nearest such day before or after today, today included; 29 February waits for its year."""
    years = (today.year - n if back else today.year + n for n in range(10))
    days = (found for year in years if (found := calendar_day(year, month, day)))
    return next((found for found in days if (found <= today if back else found >= today)), None)
