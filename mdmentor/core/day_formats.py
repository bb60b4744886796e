"""The day in the path of a daily note: in the vault's own format, or in one of the usual forms.

A format is one of Moment.js, as Obsidian has it: `dddd, MMMM Do YYYY`, `YYYY/MM/[Day] DD`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import dates, day_words, names
from mdmentor.core.day_words import MONTH_NAMES, WEEKDAY_NAMES, calendar_day, only_reading, readings

_MONTH = f"(?P<month_name>{dates.any_of(day_words.MONTHS)})"
_DAY = r"(?P<day>[0-9]{1,2})"
_TH = "(?:st|nd|rd|th)?"
_GAP = "[ ._,-]{0,3}"
_CENTURY = "(?:19|20)[0-9]{2}"
# One alternative matches at a place; each has its own names for the groups, so they are tried one by one. `re` compiles
# them when they are needed, which for a vault without daily notes is never.
_FORMS = (
    r"(?P<year>[0-9]{4})(?P<sep>[-_.])(?P<month>[0-9]{2})(?P=sep)(?P<day>[0-9]{2})(?![0-9])",
    rf"(?P<year>{_CENTURY})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?![0-9])",
    r"(?P<first>[0-9]{1,2})(?P<sep>[-_.])(?P<second>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4})(?![0-9])",
    rf"(?P<year>[0-9]{{4}}){_GAP}{_MONTH}{_GAP}{_DAY}{_TH}(?![0-9])",
    rf"{_DAY}(?:st|nd|rd|th|er|º)?{_GAP}(?:(?:of|de) )?{_MONTH}(?: del? |{_GAP})(?P<year>[0-9]{{4}})(?![0-9])",
    r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日",
    rf"{_MONTH}{_GAP}{_DAY}{_TH}[ ._,-]{{1,3}}(?P<year>[0-9]{{4}})(?![0-9])",
)
# At the start of a word, or behind a month. It begins with a digit, to which the engine can skip.
_YEAR = re.compile(r"[0-9][0-9]{3}(?:(?<![^\W_][0-9]{4})|(?<=[^\W\d_]{3}[0-9]{4}))")
_LEAD = rf"(?i)[(\[]?(?:(?:{dates.any_of(day_words.WEEKDAYS)})\b[ ._,-]{{1,3}})?"
# Where a form may begin inside a name: at a number or a month that no letter or longer number runs into.
_INSIDE = rf"(?i)(?<![^\W_])(?<![0-9][-_.])(?=[0-9]|(?:{dates.any_of(day_words.MONTHS)})[ ._,0-9-])"
_FOLDERS = (
    rf"(?i)(?:.*/)?(?P<year>{_CENTURY})/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})"
    rf"(?:[ ._-]+(?:{dates.any_of(day_words.WEEKDAYS)}))?"
)
_LONGEST_FORM = 40
_YEAR_LAST = r"(?<![0-9])([0-9]{1,2})([-_])([0-9]{1,2})\2[0-9]{4}(?![0-9])"


@lru_cache(maxsize=64)  # asked for the kind of a note, and then for its day
def usual_day(path: str, order: str = "") -> tuple[date, str] | None:
    """The day that a file's name starts or ends with, or that its folders give (`2026/11/22.md`), and the rule.

    None without one, for an impossible one, and for one such as `03-04-2026` that may be two days, unless `order`
    says whether the "day" or the "month" comes first. With dots the day does. `202611221530 idea.md`, the name of a
    slip-box note, has none: the digits go on.
    """
    stem = names.stem(path)
    if _YEAR.search(stem):  # each form has one
        lead = None if stem[0].isdecimal() else re.match(_LEAD, stem)
        begins = re.compile(_INSIDE)
        for start in {lead.end() if lead else 0, 0}:
            if begins.match(stem, start) and (found := _day_at(stem, start, order)):
                return found[0], "name starts with a date"
        end = stem.rstrip(")]")
        for match in begins.finditer(end, max(0, len(end) - _LONGEST_FORM)):
            if (found := _day_at(end, match.start(), order)) and found[1] == len(end):
                return found[0], "name ends with a date"
    in_folders = re.fullmatch(_FOLDERS, names.without_md(path)) if stem[:1].isdecimal() else None
    day = _day_of(in_folders) if in_folders else None
    return (day, "folders and name are a date") if day else None


def _day_at(text: str, start: int, order: str) -> tuple[date, int] | None:
    """The day that one of the forms gives at a place of the text, and where the form ends."""
    for form in _FORMS:
        if match := re.compile(f"(?ai){form}").match(text, start):  # ASCII, else İ would pass for an i
            day = _day_of(match, order)
            return (day, match.end()) if day else None
    return None


def _day_of(match: re.Match[str], order: str = "") -> date | None:
    found = match.groupdict()
    if "first" in found:
        first, second, year = found["first"], found["second"], found["year"]
        if found["sep"] == ".":
            return calendar_day(int(year), int(second), int(first))
        text = f"{first}-{second}-{year}"
        days = readings(text)
        return date.fromisoformat(days[order == "month"]) if order and days[1:] else only_reading(text)
    month = day_words.MONTHS[found["month_name"].lower()] if "month_name" in found else int(found["month"])
    return calendar_day(int(found["year"]), month, int(found["day"]))


def day_orders(paths: Iterable[str]) -> dict[str, str]:
    """For each folder whether its names have the "day" or the "month" first, by those that can be one day only.

    A folder with names of both kinds, or of none, is left out.
    """
    found: dict[str, set[str]] = {}
    for path in paths:
        numbers = two_numbers(path)
        if numbers and max(numbers) > 12 >= min(numbers):
            found.setdefault(names.folder(path), set()).add("day" if numbers[0] > 12 else "month")
    return {folder: orders.pop() for folder, orders in found.items() if len(orders) == 1}


def two_numbers(path: str) -> tuple[int, int] | None:
    """The first two of a date of three numbers with the year last in a note's name: of `03-04-2026` 3 and 4."""
    match = re.search(_YEAR_LAST, names.stem(path))
    return (int(match[1]), int(match[3])) if match else None


def have_two_numbers(paths: Iterable[str]) -> bool:
    """Whether one of the paths may have `two_numbers`: of many this takes a tenth of the time."""
    return re.search(r"([-_])[0-9]{1,2}\1[0-9]{4}", "\n".join(paths)) is not None


TOKEN = (
    r"\[(?P<literal>[^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DDDD|DDD|Do|DD|D|dddd|ddd|dd|HH|H|hh|h|mm|m|ss|s|A|a"
    r"|gggg|GGGG|ww|WW|w|W|Q|[A-Za-z]"
)
_ONE, _TWO, _WORD = "[0-9]{1,2}", "[0-9]{2}", r"[^\W\d_]{2,20}\.?"
# What each token may stand for in a path. A word may be of any language where numbers give the month.
_PATTERNS = {
    "YYYY": "[0-9]{4}", "YY": _TWO, "MMMM": _WORD, "MMM": _WORD, "MM": _TWO, "M": _ONE, "DDDD": "[0-9]{3}",
    "DDD": "[0-9]{1,3}", "Do": f"{_ONE}(?:st|nd|rd|th)", "DD": _TWO, "D": _ONE, "dddd": _WORD, "ddd": _WORD, "dd": _WORD,
    "HH": _TWO, "H": _ONE, "hh": _TWO, "h": _ONE, "mm": _TWO, "m": _ONE, "ss": _TWO, "s": _ONE, "A": "[AP]M",
    "a": "[ap]m", "GGGG": "[0-9]{4}", "gggg": "[0-9]{4}", "WW": _TWO, "ww": _TWO, "W": _ONE, "w": _ONE, "Q": "[1-4]",
}  # fmt: skip
_WORDS_BEHIND = r"(?:[ _,–—-]+[^\W\d][^/]*)?"  # "2026-01-05 Monday planning"
_LONGEST_FORMAT, _MOST_TOKENS, _MOST_WORDS = 200, 12, 4  # with more, matching may take long
# Days on which a format that reads some other day than it writes is found out.
_SAMPLES = tuple(date(2026, month, day) for month in (1, 2, 10, 11, 12) for day in (1, 2, 11, 12, 21, 22))
_SAMPLE_REST = {
    "HH": "00", "H": "0", "hh": "12", "h": "12", "mm": "00", "m": "0", "ss": "00", "s": "0", "A": "AM", "a": "am",
    "gggg": "2026", "ww": "01", "w": "1",  # a week's number depends on the locale, so that we only read it
}  # fmt: skip


def day_tokens(day: date) -> dict[str, str]:
    """What the tokens of a format that are about the day stand for, in English."""
    month, weekday = MONTH_NAMES[day.month - 1], WEEKDAY_NAMES[day.weekday()]
    week, of_year = day.isocalendar(), day.timetuple().tm_yday
    ordinal = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return {
        "YYYY": f"{day.year:04}", "YY": f"{day.year % 100:02}", "MMMM": month, "MMM": month[:3],
        "MM": f"{day.month:02}", "M": str(day.month), "DDDD": f"{of_year:03}", "DDD": str(of_year),
        "DD": f"{day.day:02}", "D": str(day.day), "Do": f"{day.day}{ordinal}", "dddd": weekday, "ddd": weekday[:3], "dd": weekday[:2],
        "GGGG": f"{week.year:04}", "WW": f"{week.week:02}", "W": str(week.week), "Q": str((day.month + 2) // 3),
    }  # fmt: skip


def fill_format(form: str, known: Mapping[str, str]) -> str | None:
    """The format with its tokens replaced; None for a token that is not known."""
    tokens = list(re.finditer(TOKEN, form))
    if any(token["literal"] is None and token[0] not in known for token in tokens):
        return None
    return re.sub(TOKEN, lambda token: known.get(token[0], token["literal"]), form)


def day_in_format(path: str, folder: str, form: str) -> date | None:
    """The day of a note whose path is one of the format in the folder; None for any other note.

    Words may follow the day. Where the format has the year in full, a note that was moved to another folder counts as well.
    """
    pattern = _pattern_of(form)
    if pattern is None:
        return None
    parts = names.without_md(path).split("/")
    own = form.count("/") + 1
    where = "/".join(parts[:-own])
    if folder and "YYYY" not in form and names.fold(where) != names.fold(folder):
        return None
    return _read(pattern, "/".join(parts[-own:]))


def words_of_format(path: str, form: str, day: date) -> dict[str, str] | None:
    """The words for weekday and month in a path that is this day in the format and no more; None for any other."""
    pattern = _pattern_of(form)
    text = "/".join(names.without_md(path).split("/")[-form.count("/") - 1 :])
    match = pattern[0].fullmatch(text) if pattern else None
    if pattern is None or match is None:
        return None
    groups = zip(pattern[1], match.groups(), strict=True)
    said = {token: word for token, word in groups if _PATTERNS[token] == _WORD}
    return said if fill_format(form, day_tokens(day) | _SAMPLE_REST | said) == text else None


def with_iso_day(text: str, formats: Sequence[str]) -> str:
    """The text with the link that opens it as `[[2026-10-14]]`, where that names a daily note: `[[14-10-2026]]`."""
    found = re.match(r"(\**\[\[)([^\[\]|#]+)", text)
    if found is None:
        return text
    path = f"{found[2].strip()}.md"
    for form in formats:
        if (day := day_in_format(path, "", form)) and words_of_format(path, form, day) is not None:
            return f"{found[1]}{day}{text[found.end() :]}"
    return text


@lru_cache(maxsize=64)
def _pattern_of(form: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    """The regular expression for a format and the token of each group; None if it does not name one whole day."""
    if len(form) > _LONGEST_FORMAT:
        return None
    written, tokens, last = "", [], 0
    for match in re.finditer(TOKEN, form):
        written += re.escape(form[last : match.start()])
        last = match.end()
        if match["literal"] is not None:
            written += re.escape(match["literal"])
        elif match[0] in _PATTERNS:
            written += f"({_PATTERNS[match[0]]})"
            tokens.append(match[0])
        else:
            return None
    if len(tokens) > _MOST_TOKENS or sum(_PATTERNS[token] == _WORD for token in tokens) > _MOST_WORDS:
        return None
    pattern = re.compile(written + re.escape(form[last:]) + _WORDS_BEHIND, re.IGNORECASE), tuple(tokens)
    for day in _SAMPLES:
        text = fill_format(form, day_tokens(day) | _SAMPLE_REST)
        if text is None or _read(pattern, text) != day:
            return None
    return pattern


def _read(pattern: tuple[re.Pattern[str], tuple[str, ...]], text: str) -> date | None:
    """The day that a text names in a format; None if it is another text, or its parts contradict each other."""
    match = pattern[0].fullmatch(text)
    if match is None:
        return None
    found: dict[str, int] = {}
    for token, value in zip(pattern[1], match.groups(), strict=True):
        what, number = _number(token, value)
        if number and found.setdefault(what, number) != number:
            return None
    if "of year" in found and "year" in found:
        day = dates.add_days(date(max(found["year"], 1), 1, 1), found["of year"] - 1)
        return day if day.year == found["year"] else None
    return calendar_day(found.get("year", 0), found.get("month", 0), found.get("day", 0))


def _number(token: str, value: str) -> tuple[str, int]:
    """What a token gives of the day, and its number; 0 for a word that is not English, and for weeks and times."""
    if token in ("MMMM", "MMM"):
        return "month", day_words.MONTHS.get(value.lower().rstrip("."), 0)
    what = {"Y": "year", "M": "month", "D": "day"}.get(token[0], "")
    number = int(re.sub("[^0-9]", "", value)) if what else 0
    return "of year" if token in ("DDDD", "DDD") else what, number + (2000 if token == "YY" else 0)


_LOGSEQ = r"'(?P<literal>[^']*)'|yyyy|yy|MMMM|MMM|MM|M|do|dd|d|EEEE|EEE|EE|E|[A-Za-z]"
_AS_MOMENT = {
    "yyyy": "YYYY", "yy": "YY", "do": "Do", "dd": "DD", "d": "D", "EEEE": "dddd", "EEE": "ddd", "EE": "ddd",
    "E": "ddd",
}  # fmt: skip


def format_of_logseq(form: str) -> str:
    """A format of Logseq, such as `MMM do, yyyy` or `yyyy_MM_dd`, as one of Moment.js."""

    def moment(token: re.Match[str]) -> str:
        literal = token["literal"]
        return _AS_MOMENT.get(token[0], token[0]) if literal is None else f"[{literal}]"

    return re.sub(_LOGSEQ, moment, form)


# The headings by which a log may be divided.
_PERIOD = r"[0-9]{4}(?:-[0-9]{2})?"
_NAMED_PERIOD = r"(?P<before>[0-9]{4})?[ ,-]*(?P<month>[A-Za-z]{3,9})\.?[ ,-]*(?P<after>[0-9]{4})?"


def period_for(text: str, day: date) -> str:
    """What a heading like this says where the day belongs below it: `November 2026` for one like `October 2026`.

    "" where the text names neither a year nor a month of one. A month may be cut short, as in `Oct. 2026`.
    """
    if re.fullmatch(_PERIOD, text):
        return day.isoformat()[: len(text)]
    found = re.fullmatch(_NAMED_PERIOD, text)
    word = found["month"] if found else ""
    month = day_words.MONTHS.get(word.lower())
    if found is None or month is None or bool(found["before"]) == bool(found["after"]):
        return ""
    if not MONTH_NAMES[month - 1].lower().startswith(word.lower()):
        return ""  # of a language in which the other months' names are not known here
    year = found["before"] or found["after"]
    if (int(year), month) == (day.year, day.month):
        return text
    name = MONTH_NAMES[day.month - 1]
    name = name if word.lower() == MONTH_NAMES[month - 1].lower() else name[:3]
    name = name.upper() if word.isupper() else name.lower() if word.islower() else name
    title = f"{text[: found.start('month')]}{name}{text[found.end('month') :]}"
    return title.replace(year, f"{day.year:04}", 1)
