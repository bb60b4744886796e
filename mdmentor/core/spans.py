"""Spans of time as people write them, and the words for months, weekdays and numbers that they use.

A span is a number of days, since a cadence need not be exact: a month counts 30 of them, half a year 182.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from mdmentor.core import names

WEEK, MONTH, QUARTER, HALF_YEAR, YEAR = 7, 30, 90, 182, 365
LONGEST = 100 * YEAR


def _numbered(words: str, first: int) -> dict[str, int]:
    """Each word of "a an|b" with the number of its group."""
    return {word: n for n, group in enumerate(words.split("|"), first) for word in group.split()}


MONTHS = _numbered(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct"
    "|november nov|december dec",
    1,
)
WEEKDAYS = _numbered(
    "monday mon|tuesday tues tue|wednesday weds wed|thursday thurs thur thu|friday fri|saturday sat|sunday"
    " sun",
    0,
)
NUMBERS = _numbered(
    "a an one|two couple other second|three third|four|five|six|seven|eight|nine|ten|eleven|twelve", 1
)

UNITS = {
    **dict.fromkeys(("d", "day"), "day"),
    **dict.fromkeys(("w", "wk", "week"), "week"),
    "fortnight": "fortnight",
    **dict.fromkeys(("m", "mo", "mth", "month"), "month"),
    **dict.fromkeys(("q", "quarter"), "quarter"),
    **dict.fromkeys(("y", "yr", "year"), "year"),
}
_DAYS = {"day": 1, "week": WEEK, "fortnight": 2 * WEEK, "quarter": QUARTER, "year": YEAR}

_RHYTHMS = {
    "daily": 1,
    "weekly": WEEK,
    **dict.fromkeys(("biweekly", "bi weekly", "fortnightly"), 2 * WEEK),
    "monthly": MONTH,
    **dict.fromkeys(("bimonthly", "bi monthly"), 2 * MONTH),
    "quarterly": QUARTER,
    **dict.fromkeys(("half yearly", "halfyearly", "half year", "half a year", "biannually"), HALF_YEAR),
    **dict.fromkeys(("semiannually", "semi annually", "semiannual", "biannual"), HALF_YEAR),
    **dict.fromkeys(("yearly", "annually", "annual"), YEAR),
}
# What a misspelt span is compared with.
SPANS = tuple(word for word in _RHYTHMS if " " not in word) + tuple(
    f"every {word}"
    for word in ("day", "week", "month", "quarter", "year", "2 weeks", "6 weeks", "3 months", "6 months")
)

_NO_CADENCE = frozenset({"none", "never", "no", "off", "false", "0", "-", "n/a"})
_DASH = r"(?<=[a-z0-9])[-_](?=[a-z0-9])"
_PREFIX = r"(?:(?:about|roughly|around|approx|every|each|once|per|~)\b ?)+|~ ?"
_COUNTED = r"(?:(?P<count>[0-9]{1,5}|[a-z]+) )?(?P<unit>[a-z]+)|(?P<number>[0-9]{1,5})(?P<short>[a-z]*)"
_TIMES = r"(?:(?P<twice>twice)|(?P<count>[0-9]{1,2}|[a-z]+) times) (?:a|an|per|every|each) (?P<unit>[a-z]+)"


@lru_cache(maxsize=1024)  # a vault has many contacts and few rhythms
def parse_span(text: str) -> int | None:
    """Days of a cadence: `30`, `30d`, `6 weeks`, `3 months`, `monthly`, `every other week`, `twice a year`.

    At least one day, at most a hundred years; None for anything else, "none" included (see `is_no_cadence`).
    """
    words = re.sub(_DASH, " ", names.fold_plain(text))
    if words in _RHYTHMS:
        return _RHYTHMS[words]
    if match := re.fullmatch(_TIMES, words):
        times = 2 if match["twice"] else read_number(match["count"])
        days = _days_of(1, match["unit"])
        return max(1, days // times) if times and days else None
    words = words[match.end() :] if (match := re.match(_PREFIX, words)) else words
    if words in _RHYTHMS:
        return _RHYTHMS[words]
    match = re.fullmatch(_COUNTED, words)
    if match is None:
        return None
    if match["number"]:
        days = _days_of(int(match["number"]), match["short"] or "day")
    else:
        days = _days_of(read_number(match["count"] or "one"), match["unit"])
    return days if 1 <= days <= LONGEST else None


def is_no_cadence(text: str) -> bool:
    """True for `none`, `never`, `no`, `off`: the rhythm is not to count."""
    return names.fold_plain(text) in _NO_CADENCE


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or earlier; clipped to the last of a short month.

    31 January and one month is 28 February. Raises ValueError beyond the years that a calendar has.
    """
    from calendar import monthrange

    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("beyond the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_number(word: str) -> int:
    """A number in digits or as a word up to twelve; 0 for anything else."""
    return int(word) if word.isdecimal() else NUMBERS.get(word, 0)


def read_unit(word: str) -> str:
    """The unit (one of the values of `UNITS`) that a word, its plural or its short form names; else ""."""
    return UNITS.get(word) or UNITS.get(word.removesuffix("s"), "")


def _days_of(count: int, word: str) -> int:
    unit = read_unit(word)
    if unit != "month":
        return count * _DAYS.get(unit, 0)
    years, months = divmod(count, 12)
    halves, months = divmod(months, 6)
    return years * YEAR + halves * HALF_YEAR + months * MONTH
