"""Dates, birthdays and spans of time as people write them: every form is read here and nowhere else.

A date is a calendar day without a time zone. An ambiguous date such as 03/04/2026 and a day that is in no calendar
are both read as None; the caller reports them. A span is a whole number of days, since a cadence need not be exact:
a month counts 30 days, half a year 182.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from mdmentor.core import day_words, names
from mdmentor.core.day_words import MONTH_NAMES, MONTHS, WEEKDAYS, WEEKDAYS_CUT, calendar_day
from mdmentor.core.model import Birthday

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "other": 2, "second": 2, "three": 3, "third": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "zwei": 2, "drei": 3, "vier": 4, "sechs": 6, "acht": 8,
}  # fmt: skip
_UNIT_WORDS = (
    "day d tag tage", "week w wk woche wochen", "fortnight", "month m mo mth monat monate", "quarter q quartal quartale",
    "year y yr jahr jahre",
)  # fmt: skip
_UNITS = {short: words.split()[0] for words in _UNIT_WORDS for short in words.split()}


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of the words, the longest that fits."""
    return "|".join(sorted(words, key=len, reverse=True))


# Any word that begins like a month; whether it is one is looked up. English alone has the month before the day.
_MONTH = rf"(?:{any_of({word[:3] for word in MONTHS})})[^\W\d_]{{0,7}}\.?"
_ENGLISH_MONTH = rf"(?:{any_of(name[:3] for name in MONTH_NAMES)})[a-z]{{0,6}}\.?"
_WEEKDAY = rf"(?:{any_of([*WEEKDAYS, *WEEKDAYS_CUT])})(?:\.,?|,)?\s+(?:de[nm]\s+)?"
_TH = r"(?:st|nd|rd|th)?"
_NAMED = (
    rf"(?:{_WEEKDAY})?(?:[0-9]{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s+(?:(?:of|de)\s+)?{_MONTH}"
    rf"|{_ENGLISH_MONTH}\s+[0-9]{{1,2}}{_TH}(?![0-9]))"
)
_FOUR_DIGITS = re.compile("[0-9][0-9]{3}")  # as whole dates have; the engine skips to the first
_CHINESE = r"([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日"  # and Japanese
_NUMERIC = (
    r"(?:(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{4}_[0-9]{2}_[0-9]{2}|[0-9]{8})(?![0-9])"
    rf"|[0-9]{{4}}\. ?[0-9]{{1,2}}\. ?[0-9]{{1,2}}\b(?!\.[0-9])\.?|[0-9]{{4}} ?年 ?{_CHINESE.replace('(', '(?:')})"
)
_YEAR_BEHIND = r",?\s+(?:del?\s+)?[0-9]{4}(?![0-9])"
_EITHER_WAY = r"[0-9]{1,2}(?:/[0-9]{1,2}/|-[0-9]{1,2}-|\.[0-9]{1,2}\.)[0-9]{4}(?![0-9]|\.[0-9])"
_DATE = rf"(?:{_NUMERIC}|{_EITHER_WAY}|{_NAMED}{_YEAR_BEHIND})"
_TIME = (
    r"(?:[T ]\s?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2}|\s?[AaPp][Mm]\b)?(?![0-9:]))?"
)
# Also of a daily note whose name has the weekday: `[[2026-10-14 Wednesday]]`.
_IN_LINK = (
    rf"\[\[(?:[^\[\]|#]*[/.])?(?:{_WEEKDAY})?(?P<link>{_DATE})(?:[ ,_-]{{1,3}}(?:{any_of(WEEKDAYS)}))?"
    r"(?:[#|][^\[\]]*)?\]\]"
)
LINKED = rf"(?:\[\[)?({_DATE})(?:\]\])?"

_WHOLE_NUMERIC = rf"({_NUMERIC}){_TIME}(?:T[0-9]{{4,6}}Z?)?"
_WHOLE_NAMED = rf"(?i)({_NAMED})(?:(?P<year>{_YEAR_BEHIND}){_TIME})?"
_MONTH_DAY = rf"(?:--)?([0-9]{{1,2}})-([0-9]{{1,2}})|--([0-9]{{2}})([0-9]{{2}})|{_CHINESE}"
_BIRTHDAY_DOTS = r"([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4}))?"
_ANYWHERE = rf"(?i){_IN_LINK}|(?<![0-9\w/.-])({_DATE})"
# Behind an emoji, stars or in brackets; the brackets may be those of a Markdown link, or of org-mode with a weekday in
# them. With dots the day comes first.
_DOTS = r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})(?![0-9]|\.[0-9])"
# What a sentence has before a date, as in English "on": German, French, Spanish, Italian, Portuguese, Dutch.
BEFORE = r"(?:(?:on(?: the)?|am|den|le|el(?: d[ií]a)?|il|em|no dia|op)\s+|l['’])"
ON = f"{BEFORE}?"
_LEADING = (
    r"(?i)\s*(?:[\u2300-\u23ff\u2600-\u27bf\U0001f000-\U0001faff]\ufe0f?\s*|@)?(?P<mark>\*\*|__|\*|_)?"
    rf"{ON}(?:{_IN_LINK}|(?P<open>[\[(<])?(?:{_WEEKDAY})?(?P<date>{_DATE}|{_DOTS})"
    rf"(?(open)(?:\s[^\W\d_]{{2,12}}\.?(?=[\s\])>]))?){_TIME})"
    rf"(?(open)[\])>](?:\([^()\s]*\))?){_TIME}(?(mark)(?::?(?P=mark))?)"
)
_LEADING_NUMERIC = rf"({_NUMERIC}){_TIME}{_TIME}"
_LEADING_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?= [^\W\d])")
_FIRST_LETTERS = re.compile(r"[^\W\d_]{1,3}")
# The letters with which a word begins that can stand before the first digit of a date.
_WORDS_BEFORE = {*WEEKDAYS, *WEEKDAYS_CUT, *MONTH_NAMES, *names.word_set("on am den le el il l em no op")}
_BEFORE_DATE = frozenset(word[:3].lower() for word in _WORDS_BEFORE)
# Years in which programs store a birthday without a year: 0, and Apple's 1604.
_NO_YEARS = (0, 1604)
_OLDEST = 130


@lru_cache(maxsize=8192)  # the days of twenty years, which come again and again
def parse_date(text: str) -> date | None:
    """The one day that the whole text names, also as a link or with a time of day.

    Read: `2026-10-14`, `2026/10/14`, `20261014`, `2026-10-14T09:30`, `[[Daily/2026-10-14]]`, `14 Oct 2026`,
    `Wednesday, October 14th, 2026`, `14.10.2026`, and `31/12/2026`, which can be one day alone. A time zone is ignored:
    the day that was written down counts.
    """
    text = _without_link(text)
    if iso := _iso_day(text):
        return iso
    year, month, day = _year_month_day(text)
    return calendar_day(year, month, day) if year else day_words.only_reading(re.sub(f"{_TIME}$", "", text))


def _without_link(text: str) -> str:
    """The text of a link alone; of one to a day that day, whose signs may be slashes: `[[2026/10/14]]`."""
    linked = re.fullmatch(f"(?i){_IN_LINK}", text.strip()) if "[[" in text else None
    return linked["link"] if linked else names.unlink(text)


def _iso_day(text: str) -> date | None:
    """The day of `2026-10-14`, as most are written."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _year_month_day(text: str) -> tuple[int, int, int]:
    """Year, month and day as the text has them, also of no calendar day; zeros for any other text."""
    if match := re.fullmatch(_WHOLE_NUMERIC, text):
        match = re.fullmatch(r"([0-9]{4})\D{0,3}([0-9]{1,2})\D{0,3}([0-9]{1,2})\D{0,2}", match[1])
        assert match
        return int(match[1]), int(match[2]), int(match[3])
    match = _match_named(text)
    return (int(match["year"][-4:]), *_month_and_day(match[1])) if match and match["year"] else (0, 0, 0)


def _match_named(text: str) -> re.Match[str] | None:
    """The match of a text that is a date with the name of its month; for digits alone the pattern is not compiled."""
    may_be = re.search("[0-9]", text) and re.search(r"[^\W\d_]", text)
    return re.fullmatch(_WHOLE_NAMED, text) if may_be else None


def _month_and_day(text: str) -> tuple[int, int]:
    """Month and day of `14 Oct`, `Wednesday, October 14th`; month 0 for a word that only begins like one."""
    found = [MONTHS[word] for word in re.findall(r"[^\W\d_]+", text.lower()) if word in MONTHS]
    return found[-1] if found else 0, int(re.findall("[0-9]+", text)[0])


def parse_month_day(text: str) -> tuple[int, int] | None:
    """Month and day of a date without a year: `10-14`, `--10-14`, `14 Oct`, `October 14th`, `02-29`."""
    text = text.strip()
    if match := re.fullmatch(_MONTH_DAY, text):
        month, day = (int(group) for group in match.groups() if group)
    else:
        match = _match_named(text)
        if not match or match["year"] or text.lower().split()[-1] in day_words.DOUBTFUL_MONTHS:
            return None
        month, day = _month_and_day(match[1])
    return (month, day) if calendar_day(2000, month, day) else None


@lru_cache(maxsize=1024)
def parse_birthday(text: str) -> Birthday | None:
    """The birthday that the text names; without a year where it has none, or one that programs store for none."""
    text = _without_link(text)
    if (iso := _iso_day(text)) and iso.year not in _NO_YEARS:
        return Birthday(iso.month, iso.day, iso.year)
    if match := re.fullmatch(_BIRTHDAY_DOTS, text):  # `10.12.1985`, `10.12.`: the day comes first
        text = f"{match[3] or '0000'}-{match[2]}-{match[1]}"
    if found := parse_month_day(text):
        return Birthday(*found)
    if only := day_words.only_birthday(text):
        return Birthday(*only)
    year, month, day = _year_month_day(text)
    if year in _NO_YEARS:
        return Birthday(month, day) if calendar_day(2000, month, day) else None
    return Birthday(month, day, year) if calendar_day(year, month, day) else None


def birthday_in(birthday: Birthday, year: int) -> date | None:
    """The day on which it is celebrated in a year: 29 February on the 28th in a short one; None beyond the calendar."""
    return calendar_day(year, birthday.month, birthday.day) or calendar_day(year, birthday.month, 28)


def next_birthday(birthday: Birthday, today: date) -> date | None:
    """The day on which it is celebrated next, today included."""
    days = (birthday_in(birthday, year) for year in (today.year, today.year + 1))
    return next((day for day in days if day and day >= today), None)


def age_on(birthday: Birthday, day: date) -> int | None:
    """The age that somebody turns on a birthday; None without a year of birth, or with one that must be a slip."""
    age = day.year - birthday.year if birthday.year is not None else 0
    return age if 0 < age < _OLDEST else None


def find_date(text: str, pattern: str = _ANYWHERE) -> tuple[date, int, int] | None:
    """The first whole date anywhere in the text, and where it begins and ends, its brackets included.

    Of another pattern the last group is the date.
    """
    if _FOUR_DIGITS.search(text):  # the patterns are slow to compile
        for match in re.finditer(pattern, text):
            if day := parse_date(match[match.lastindex or 0]):
                return day, match.start(), match.end()
    return None


def name_later_days(text: str, day: date) -> str:
    """The text with "tomorrow" for each whole date after `day` that is no link."""

    def named(match: re.Match[str]) -> str:
        found = None if match["link"] else parse_date(match[0])
        return "tomorrow" if found and found > day else match[0]

    return re.sub(_ANYWHERE, named, text) if _FOUR_DIGITS.search(text) else text


def find_leading_date(text: str) -> tuple[date, int] | None:
    """The date that the text begins with, and the offset after it and its brackets, stars and time of day."""
    if _LEADING_ISO.match(text):  # as most do; the other patterns are slow to compile
        return (day, 10) if (day := parse_date(text[:10])) else None
    letters = None if text[:1].isdecimal() else _FIRST_LETTERS.match(text)
    if (letters and letters[0].lower() not in _BEFORE_DATE) or not _FOUR_DIGITS.search(text):
        return None
    if match := re.match(_LEADING_NUMERIC, text):
        day = parse_date(match[1])
        return (day, match.end()) if day else None
    if not (match := re.match(_LEADING, text)):
        return None
    if match["day"]:
        day = calendar_day(int(match["year"]), int(match["month"]), int(match["day"]))
    else:
        day = parse_date(match["link"] or match["date"])
    return (day, match.end()) if day else None


_DAYS_AWAY = {
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "last night": -1,
    "today": 0, "now": 0, "tonight": 0, "this morning": 0,
    "tomorrow": 1, "the day after tomorrow": 2, "day after tomorrow": 2, **day_words.DAYS_AWAY,
}  # fmt: skip
_SIDED = r"(?:(?P<side>last|past|previous|next|coming|this|on) )?(?P<word>[^\W\d_]+(?:-feira)?)"
_AWAY = (
    r"(?P<before>in )?(?:(?P<count>[0-9]{1,5}|[a-z]+) |(?P<digits>[0-9]{1,5}) ?)(?:of )?(?P<unit>[a-z]+)"
    r"(?: (?P<after>ago|back|before|from now|later|hence|from today))?"
)
_WEEKEND = r"(?:(?:at|on|over|during) )?(?:the )?(?:(?P<side>last|past|previous|next|coming|this) )?week-?end"
_WHEN_WEEKDAY = rf"(?:{any_of(WEEKDAYS)})\.?,? (?=[0-9])"
_BACK = frozenset({"last", "past", "previous", "ago", "back", "before"})
_AHEAD = frozenset({"next", "coming", "in", "from now", "later", "hence", "from today"})


def parse_when(text: str, today: date, past: bool) -> date | None:
    """The day that people mean by "yesterday", "last friday", "3 days ago", "in 2 weeks", "2w" or "14 oct".

    Where the words leave open whether the day is in the past or the future, `past` decides. A weekday's name
    never means today. A month is a calendar month, clipped to its last day.
    """
    if day := parse_date(text):
        return day
    words = " ".join(text.lower().split())
    words = re.sub(rf"\A{_WHEN_WEEKDAY}", "", words)
    try:
        if days := day_words.days_in_numbers(words, today, past=past):
            return days[0] if len(days) == 1 else None
        words = words.rstrip(".,:;").replace("half a year", "6 months")
        if weekend := re.fullmatch(_WEEKEND, words):
            return _weekend(weekend["side"], today, past)
        if words in _DAYS_AWAY:
            return today + timedelta(days=_DAYS_AWAY[words])
        if month_day := parse_month_day(text):
            return day_words.nearest(*month_day, today, past)
        if match := re.fullmatch(_SIDED, words):
            return _sided(match["side"], match["word"], today, past)
        if match := re.fullmatch(_AWAY, words):
            count = _read_number(match["count"] or match["digits"])
            side = (match["before"] or "").strip() or match["after"]
            return _away(count, match["unit"], today, _is_back(side, past))
    except (ValueError, OverflowError):  # beyond the calendar
        return None
    return None


def _sided(side: str | None, word: str, today: date, past: bool) -> date | None:
    """The day of "friday", "last october" or "next week"."""
    back = _is_back(side, past)
    if word in WEEKDAYS:
        days = WEEKDAYS[word] - today.weekday()
        return today - timedelta(days=-days % 7 or 7) if back else today + timedelta(days=days % 7 or 7)
    if word in MONTHS:
        return day_words.nearest(MONTHS[word], 1, today, back)
    return _away(1, word, today, back) if side in _BACK or side in _AHEAD else None


def _weekend(side: str | None, today: date, past: bool) -> date:
    """Its Saturday; on a weekend "last weekend" is the one before."""
    since = (today.weekday() - 5) % 7
    if _is_back(side, past):
        return today - timedelta(days=since + (7 if since < 2 and side in _BACK else 0))
    return today + timedelta(days=-since % 7 or 7 * (side in _AHEAD))


def _is_back(side: str | None, past: bool) -> bool:
    return side in _BACK or (past and side not in _AHEAD)


def _away(count: int, word: str, today: date, back: bool) -> date | None:
    unit, count = _read_unit(word), -count if back else count
    if not unit or not count:
        return None
    if unit in ("day", "week", "fortnight"):
        return today + timedelta(days=count * _DAYS[unit])
    return add_months(today, count * {"month": 1, "quarter": 3, "year": 12}[unit])


def add_months(day: date, months: int) -> date:
    """The same day so many months later or earlier, clipped to the last of a short month.

    31 January and one month is 28 February. Raises ValueError beyond the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    days = (calendar_day(year, month + 1, last) for last in (day.day, 30, 29, 28))
    return next(filter(None, days), None) or date(year, month + 1, day.day)  # which raises it


def add_days(day: date, days: int) -> date:
    """The date so many days later or earlier, or the calendar's first or last date where it ends before."""
    try:
        return day + timedelta(days)
    except OverflowError:
        return date.max if days > 0 else date.min


_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 90, "half year": 182, "year": 365}
_LONGEST = 100 * _DAYS["year"]
_CADENCES = {
    "daily": 1, "weekly": 7, "biweekly": 14, "bi weekly": 14, "fortnightly": 14, "monthly": 30, "bimonthly": 60,
    "bi monthly": 60, "quarterly": 90, "half yearly": 182, "halfyearly": 182, "half year": 182, "half a year": 182,
    "biannually": 182, "semiannually": 182, "semi annually": 182, "semiannual": 182, "biannual": 182,
    "yearly": 365, "annually": 365, "annual": 365,
}  # fmt: skip
# Folded, so without dots. Apart, so that no English misspelling is taken for one of these.
_GERMAN_CADENCES = {
    "taglich": 1, "wochentlich": 7, "monatlich": 30, "vierteljahrlich": 90, "halbjahrlich": 182, "jahrlich": 365,
}  # fmt: skip
# What a misspelt span is compared with.
SPANS = tuple(word for word in _CADENCES if " " not in word) + tuple(
    f"every {word}"
    for word in ("day", "week", "month", "quarter", "year", "2 weeks", "6 weeks", "3 months", "6 months")
)
_NO_CADENCE = frozenset({"none", "never", "no", "off", "false", "0", "-", "n/a"})
_DASH = r"(?<=[a-z0-9])[-_](?=[a-z0-9])"
_PREFIX = r"(?:(?:about|roughly|around|approx|every|each|once|per|alle|jede[nrs]?|~)\b ?)+|~ ?"
_COUNTED = r"(?:(?P<count>[0-9]{1,5}|[a-z]+) )?(?P<unit>[a-z]+)|(?P<number>[0-9]{1,5})(?P<short>[a-z]*)"
_TIMES = r"(?:(?P<twice>twice)|(?P<count>[0-9]{1,2}|[a-z]+) times) (?:a|an|per|every|each) (?P<unit>[a-z]+)"


@lru_cache(maxsize=1024)
def parse_span(text: str) -> int | None:
    """Days of a cadence: `30`, `30d`, `6 weeks`, `3 months`, `monthly`, `every other week`, `twice a year`.

    At least one day, at most a hundred years; None for anything else, "none" included (see `is_no_cadence`).
    """
    words = re.sub(_DASH, " ", names.fold_plain(text))
    if match := re.fullmatch(_TIMES, words):
        times = 2 if match["twice"] else _read_number(match["count"])
        days = _days_of(1, match["unit"])
        return max(1, days // times) if times and days else None
    for name in (words, re.sub(rf"\A(?:{_PREFIX})", "", words)):
        if named := _CADENCES.get(name) or _GERMAN_CADENCES.get(name):
            return named
    if not (match := re.fullmatch(_COUNTED, name)):
        return None
    count = int(match["number"]) if match["number"] else _read_number(match["count"] or "one")
    days = _days_of(count, match["unit"] or match["short"] or "day")
    return days if 1 <= days <= _LONGEST else None


def is_no_cadence(text: str) -> bool:
    """True for `none`, `never`, `no`, `off`: the contact has no cadence on purpose."""
    return names.fold_plain(text) in _NO_CADENCE


def _days_of(count: int, word: str) -> int:
    unit = _read_unit(word)
    if unit != "month":
        return count * _DAYS.get(unit, 0)
    years, months = divmod(count, 12)
    halves, months = divmod(months, 6)
    return years * _DAYS["year"] + halves * _DAYS["half year"] + months * _DAYS["month"]


def _read_number(word: str) -> int:
    """A number in digits or as a word up to twelve; 0 for anything else."""
    return int(word) if word.isdecimal() else _NUMBERS.get(word, 0)


def _read_unit(word: str) -> str:
    """The unit that a word, its plural or its short form names; else ""."""
    return _UNITS.get(word) or _UNITS.get(word.removesuffix("s"), "")
