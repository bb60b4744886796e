"""The days that words stand for, seen from a given day: "yesterday", "next friday", "in 2 weeks", "14 oct".

Only words whose meaning is one day are known; what day it is comes from the caller.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, date, timedelta

from mdmentor.core.spans import (
    MONTHS,
    WEEKDAYS,
    add_months,
    read_number,
    read_unit,
)

_DAYS_AWAY = {
    "today": 0,
    "now": 0,
    "tonight": 0,
    "this morning": 0,
    "yesterday": -1,
    "last night": -1,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
}
_SIDED = r"(?:(?P<side>last|past|previous|next|coming|this|on) )?(?P<word>[a-z]+)"
_AWAY = (
    r"(?P<before>in )?(?:(?P<count>[0-9]{1,5}|[a-z]+) |(?P<digits>[0-9]{1,5}) ?)(?:of )?(?P<unit>[a-z]+)"
    r"(?: (?P<after>ago|back|before|from now|later|hence|from today))?"
)
# Day and month with dots are told in this order wherever they are written so.
_DOTTED = r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\.(?: ?(?P<year>[0-9]{4}))?"
_WEEKDAY = r"(?P<weekday>[a-z]+)\.?,? (?=[0-9])"
_BACK = frozenset({"last", "past", "previous", "ago", "back", "before"})
_AHEAD = frozenset({"next", "coming", "in", "from now", "later", "hence", "from today"})


def find_day(text: str, month_day: tuple[int, int] | None, today: date, past: bool) -> date | None:
    """The day that `text` means on the day `today`; None for words that it does not know.

    `month_day` is what the text says as a day without a year. `past` decides where the words do not.
    """
    words = " ".join(text.lower().split())
    if (weekday := re.match(_WEEKDAY, words)) and weekday["weekday"] in WEEKDAYS:
        words = words[weekday.end() :]
    dotted = re.fullmatch(_DOTTED, words)
    words = words.rstrip(".,:;").replace("half a year", "6 months")
    try:
        if dotted and dotted["year"]:
            return date(int(dotted["year"]), int(dotted["month"]), int(dotted["day"]))
        if dotted:
            return _nearest(int(dotted["month"]), int(dotted["day"]), today, past)
        if words in _DAYS_AWAY:
            return today + timedelta(days=_DAYS_AWAY[words])
        if month_day:
            return _nearest(*month_day, today, past)
        if match := re.fullmatch(_SIDED, words):
            return _sided(match["side"], match["word"], today, past)
        if match := re.fullmatch(_AWAY, words):
            count = read_number(match["count"] or match["digits"])
            side = (match["before"] or "").strip() or match["after"]
            return _away(count, match["unit"], today, _is_back(side, past))
    except (ValueError, OverflowError):  # beyond the years that a calendar has
        return None
    return None


def _sided(side: str | None, word: str, today: date, past: bool) -> date | None:
    """The day of "friday", "last october" or "next week"."""
    back = _is_back(side, past)
    if word in WEEKDAYS:
        return _weekday(WEEKDAYS[word], today, back)
    if word in MONTHS:
        return _nearest(MONTHS[word], 1, today, back)
    return _away(1, word, today, back) if side in _BACK or side in _AHEAD else None


def _is_back(side: str | None, past: bool) -> bool:
    return side in _BACK or (past and side not in _AHEAD)


def _weekday(weekday: int, today: date, back: bool) -> date:
    if back:
        return today - timedelta(days=(today.weekday() - weekday) % 7 or 7)
    return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)


def _nearest(month: int, day: int, today: date, back: bool) -> date | None:
    """The nearest such day before or after today, today included; 29 February waits for its year."""
    step = -1 if back else 1
    for year in range(today.year, today.year + 10 * step, step):
        if not MINYEAR <= year <= MAXYEAR:
            return None
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today if back else found >= today:
            return found
    return None


def _away(count: int, word: str, today: date, back: bool) -> date | None:
    unit = read_unit(word)
    if not unit or not count:
        return None
    count = -count if back else count
    if unit in ("day", "week", "fortnight"):
        return today + timedelta(days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])
    return add_months(today, count * {"month": 1, "quarter": 3, "year": 12}[unit])
