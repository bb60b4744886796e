"""Dates as people write them: in front matter, at the head of a log line, at the end of a task.

A date is a local calendar date, never a moment. What could mean two days, as 03/04/2026 does, is no date
here, and neither is a day that no calendar has: both come back as None, and it is for callers to say so.
Spans of time are read by `spans.py` and words like "last friday" by `when.py`; both are told here too.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import cache, lru_cache

from mdmentor.core import names
from mdmentor.core.model import Birthday
from mdmentor.core.spans import (
    MONTHS,
    SPANS,
    WEEKDAYS,
    add_months,
    is_no_cadence,
    parse_span,
    read_number,
    read_unit,
)

__all__ = [
    "SPANS",
    "add_days",
    "add_months",
    "age_on",
    "birthday_in",
    "find_date",
    "find_due",
    "find_leading_date",
    "is_no_cadence",
    "iso",
    "next_birthday",
    "parse_birthday",
    "parse_date",
    "parse_month_day",
    "parse_span",
    "parse_when",
    "without_task_signs",
]

# Years in which programs store a birthday whose year they do not know: 0 for none, 1604 for Apple's.
_NO_YEARS = (0, 1604)
_OLDEST = 130  # nobody turns more: the year of birth is a slip

# Any word that begins like a month or a weekday; whether it is a month is looked up.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+"
_TH = r"(?:st|nd|rd|th)?"
_NAMED = rf"(?:{_WEEKDAY})?(?:[0-9]{{1,2}}{_TH}\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+[0-9]{{1,2}}{_TH}(?![0-9]))"
_NUMERIC = r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{8})(?![0-9])"
_DATE = rf"(?:{_NUMERIC}|{_NAMED},?\s+[0-9]{{4}}(?![0-9]))"
_TIME = r"(?:[T ]\s?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?![0-9:]))?"
_IN_LINK = rf"\[\[(?:[^\[\]|#]*/)?(?P<link>{_DATE})(?:[#|][^\[\]]*)?\]\]"
_LINKED = rf"(?:\[\[)?{_DATE}(?:\]\])?"

_WHOLE_NUMERIC = rf"({_NUMERIC}){_TIME}(?:T[0-9]{{4,6}}Z?)?"
_MONTH_DAY = r"(?:--)?([0-9]{1,2})-([0-9]{1,2})|--([0-9]{2})([0-9]{2})"
_DAY_OR_MONTH = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})"
# What nearly all dates look like, behind which no time of day and no sign follows that belongs to them.
_PLAINLY_LEADING = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?= [^\W\d_]|:|\Z)"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
# How nearly all tasks tell by when, and what may tell it before that.
_PLAINLY_DUE = (
    r"📅\ufe0f?\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9]|\]\])|\((?:due|by) ([0-9]{4}-[0-9]{2}-[0-9]{2})\)"
)
_OTHER_DUE = ("due", "by", "[", "(", "📅", "📆", "🗓")
# The first letters of every month and weekday.
_BEGINNINGS = frozenset(
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
    ]
)
_BLANKS = r"\s+"
_WORD = r"[a-z]+"
_DIGITS = r"[0-9]+"
_YEAR = r"[0-9]{4}"  # without one there is no whole date
# Compiled when they are first asked for: many commands never do.
_WHOLE_NAMED = rf"({_NAMED})(?:,?\s+([0-9]{{4}}))?"
_ANYWHERE = rf"{_IN_LINK}|(?<![0-9\w/.-]){_DATE}"
# Behind stars or in brackets; the brackets may be those of a Markdown link.
_LEADING = (
    rf"\s*(?:[\u2300-\u23ff\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?\s*)?(?P<mark>\*\*|__|\*|_)?(?:{_IN_LINK}|(?P<open>[\[(])?(?:{_WEEKDAY})?(?P<date>{_DATE}){_TIME})"
    rf"(?(open)[\])](?:\([^()\s]*\))?){_TIME}(?(mark)(?::?(?P=mark))?)"
)
_DUE = (
    rf"[📅📆🗓]\ufe0f?\s*{_LINKED}"
    rf"|\[\s*due\s*::\s*{_LINKED}\s*\]"
    rf"|\(\s*(?:due\b\s*:{{0,2}}|(?:due\s+)?(?:by|on)\b)\s*{_LINKED}\s*\)"
    rf"|(?<![\w#])(?:due\s*:{{1,2}}|due(?:\s+(?:by|on))?\b|by\b)\s*{_LINKED}"
)

# Of the plugin Tasks, in its two ways of writing: created, start, scheduled, done, cancelled, how often, how urgent.
_TASK_SIGNS = (
    rf"[➕🛫⏳✅❌]\ufe0f?\s*{_LINKED}"
    r"|🔁\ufe0f?[^📅📆🗓➕🛫⏳✅❌🔺⏫🔼🔽⏬🆔⛔🏁#\[(]*"
    r"|[🔺⏫🔼🔽⏬]\ufe0f?"
    r"|[🆔⛔🏁]\ufe0f?\s*[\w,-]+"
    r"|[\[(]\s*(?:created|start|scheduled|completion|cancelled|priority|repeat|id|dependsOn|onCompletion)\s*::"
    r"[^\])\n]*[\])]"
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=4096)  # some years of days; a vault names each many times
def iso(day: date) -> str:
    """The day as `2026-10-14`."""
    return day.isoformat()


def parse_date(text: str) -> date | None:
    """The one day that the whole text names, be it linked or with a time of day behind it.

    Read: `2026-10-14`, `2026/10/14`, `20261014`, `2026-10-14T09:30`, `[[Daily/2026-10-14]]`, `14 Oct 2026`,
    `Wednesday, October 14th, 2026`. A time zone is left aside: it is the day that was written down.
    """
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # no such day, or some other text of ten signs
    return _parse_written_date(text)


@lru_cache(maxsize=1024)  # a vault tells many values that begin like a date, and few that differ
def _parse_written_date(text: str) -> date | None:
    text = names.unlink(text)
    if len(text) < 8:  # "2026-1-1" is as short as a date can be
        return None
    if match := re.fullmatch(_WHOLE_NUMERIC, text):
        return _day(*_numbers(match[1]))
    match = _compiled(_WHOLE_NAMED).fullmatch(text)
    if match and match[2]:
        month, day = _month_and_day(match[1])
        return _day(int(match[2]), month, day)
    return None


def readings(text: str) -> tuple[str, ...]:
    """The days that a date like `3.4.2026` may mean, day first; none where the text is no such date."""
    match = re.fullmatch(_DAY_OR_MONTH, text)
    if match is None:
        return ()
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    days = (_day(year, month, day) for day, month in ((first, second), (second, first)))
    return tuple(dict.fromkeys(day.isoformat() for day in days if day))


def parse_month_day(text: str) -> tuple[int, int] | None:
    """Month and day of a date without a year: `10-14`, `--10-14`, `14 Oct`, `October 14th`, `02-29`."""
    text = text.strip()
    if match := re.fullmatch(_MONTH_DAY, text):
        month, day = (int(group) for group in match.groups() if group)
    elif (match := _compiled(_WHOLE_NAMED).fullmatch(text)) and not match[2]:
        month, day = _month_and_day(match[1])
    else:
        return None
    return (month, day) if _day(2000, month, day) else None


def parse_birthday(text: str) -> Birthday | None:
    """The birthday that the text names, without a year where there is none or one that stands for none."""
    text = names.unlink(text)
    year, month, day = 0, 0, 0
    if match := re.fullmatch(_WHOLE_NUMERIC, text):
        year, month, day = _numbers(match[1])
    elif (match := _compiled(_WHOLE_NAMED).fullmatch(text)) and match[2]:
        year, (month, day) = int(match[2]), _month_and_day(match[1])
    elif found := parse_month_day(text):
        month, day = found
    if year in _NO_YEARS:
        return Birthday(month, day) if _day(2000, month, day) else None
    return Birthday(month, day, year) if _day(year, month, day) else None


def birthday_in(birthday: Birthday, year: int) -> date | None:
    """The day on which it is kept in a year: 29 February on the 28th in short years. None outside the calendar."""
    return _day(year, birthday.month, birthday.day) or _day(year, birthday.month, 28)


def next_birthday(birthday: Birthday, today: date) -> date | None:
    """The day on which it is kept next, today included; None at the end of the calendar."""
    days = (birthday_in(birthday, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day is not None and day >= today), None)


def age_on(birthday: Birthday, day: date) -> int | None:
    """The age that somebody turns on a birthday; None without a year of birth, or with one that is a slip."""
    age = day.year - birthday.year if birthday.year is not None else 0
    return age if 0 < age < _OLDEST else None


def add_days(day: date, days: int) -> date:
    """The date so many days on, or the calendar's first or last date where it ends before."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min


def find_date(text: str) -> tuple[date, int, int] | None:
    """The first whole date anywhere in the text, and where it begins and ends, its brackets included."""
    if not re.search(_YEAR, text):
        return None
    if re.match(_ISO, text) and (day := parse_date(text[:10])) is not None:
        return day, 0, 10
    for match in _compiled(_ANYWHERE).finditer(text):
        inner = _compiled(_DATE).search(match[0])
        day = parse_date(inner[0]) if inner else None
        if day is not None:
            return day, match.start(), match.end()
    return None


def find_leading_date(text: str) -> tuple[date, int] | None:
    """The date that the text begins with and the offset behind it, its brackets, stars and time of day.

    None as well where the day is in no calendar.
    """
    if re.match(_PLAINLY_LEADING, text):
        day = parse_date(text[:10])
        return None if day is None else (day, 10)
    return _find_adorned_date(text) if _may_lead_with_date(text) else None


def _may_lead_with_date(text: str) -> bool:
    """False for a text without a year, and for one that begins with the letters of no month and no weekday."""
    begin = text.lstrip()[:3]
    is_word = begin.isascii() and begin[:1].isalpha()
    return bool(re.search(_YEAR, text)) and (not is_word or begin.lower() in _BEGINNINGS)


def _find_adorned_date(text: str) -> tuple[date, int] | None:
    match = _compiled(_LEADING).match(text)
    if match is None:
        return None
    day = parse_date(match["link"] or match["date"])
    return None if day is None else (day, match.end())


def find_due(text: str) -> tuple[date | None, str]:
    """The day by which a task is due, and its words without that: "send the paper (by 2026-11-30)".

    Read: a calendar emoji before a date, `due:: DATE` bare or in brackets, `(by DATE)`, `(due DATE)`, `by
    DATE`.
    """
    if not re.search(_YEAR, text):
        return None, text
    plain = re.search(_PLAINLY_DUE, text)
    if plain:
        before = text[: plain.start()].lower()
        day = None if [sign for sign in _OTHER_DUE if sign in before] else parse_date(plain[1] or plain[2])
        if day is not None:
            return day, _without(text, plain)
    for match in _compiled(_DUE).finditer(text):
        inner = _compiled(_DATE).search(match[0])
        day = parse_date(inner[0]) if inner else None
        if day is not None:
            return day, _without(text, match)
    return None, text


def _without(text: str, match: re.Match[str]) -> str:
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    gap = "" if after[:1] in (",", ".", ";", ":", "!", "?", ")") else " "
    return re.sub(_BLANKS, " ", before + gap + after).strip()


def without_task_signs(text: str) -> str:
    """The words of a task without what task plugins keep behind them: other dates, priority, recurrence, ids."""
    if text.isascii() and "::" not in text:
        return text
    return re.sub(_BLANKS, " ", _compiled(_TASK_SIGNS).sub(" ", text)).strip()


def parse_when(text: str, today: date, past: bool) -> date | None:
    """The day that people mean by "yesterday", "last friday", "3 days ago", "in 2 weeks", "2w" or "14 oct".

    Where the words do not say whether it is gone or to come, `past` does: a log looks back, a snooze ahead. A
    weekday's name never means today. A month is a calendar month, clipped to its last day.
    """
    pass

    return parse_date(text) or find_day(text, parse_month_day(text), today, past)


def _numbers(text: str) -> tuple[int, int, int]:
    """Year, month and day of `2026-10-14`, `2026/10/14` or `20261014`."""
    if text.isdigit():
        return int(text[:4]), int(text[4:6]), int(text[6:])
    year, month, day = text.replace("/", "-").split("-")
    return int(year), int(month), int(day)


def _month_and_day(text: str) -> tuple[int, int]:
    """Month and day of `14 Oct`, `Wednesday, October 14th`; month 0 for a word that only begins like one."""
    month = next((MONTHS[word] for word in re.findall(_WORD, text.lower()) if word in MONTHS), 0)
    return month, int(re.findall(_DIGITS, text)[0])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
_WHEN_WEEKDAY = r"(?P<weekday>[a-z]+)\.?,? (?=[0-9])"
_BACK = frozenset({"last", "past", "previous", "ago", "back", "before"})
_AHEAD = frozenset({"next", "coming", "in", "from now", "later", "hence", "from today"})


def find_day(text: str, month_day: tuple[int, int] | None, today: date, past: bool) -> date | None:
    """The day that `text` means on the day `today`; None for words that it does not know.

    `month_day` is what the text says as a day without a year. `past` decides where the words do not.
    """
    words = " ".join(text.lower().split())
    if (weekday := re.match(_WHEN_WEEKDAY, words)) and weekday["weekday"] in WEEKDAYS:
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
