"""The day in the path of a daily note: the usual forms in a name, read without any settings."""

from __future__ import annotations

import re
from datetime import date

from mdmentor.core import dates, names

_MONTH = f"(?P<month_name>{dates.any_of(dates.MONTHS)})"
_DAY = r"(?P<day>[0-9]{1,2})"
_TH = "(?:st|nd|rd|th)?"
_GAP = "[ ._,-]{0,3}"
_CENTURY = "(?:19|20)[0-9]{2}"
# One alternative matches at a place; each has its own names for the groups, so they are tried one by one.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)  # else İ would pass for an i
    for form in (
        r"(?P<year>[0-9]{4})(?P<sep>[-_.])(?P<month>[0-9]{2})(?P=sep)(?P<day>[0-9]{2})(?![0-9])",
        rf"(?P<year>{_CENTURY})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?![0-9])",
        r"(?P<first>[0-9]{1,2})(?P<sep>[-_.])(?P<second>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4})(?![0-9])",
        rf"(?P<year>[0-9]{{4}}){_GAP}{_MONTH}{_GAP}{_DAY}{_TH}(?![0-9])",
        rf"{_DAY}{_TH}{_GAP}(?:of )?{_MONTH}{_GAP}(?P<year>[0-9]{{4}})(?![0-9])",
        rf"{_MONTH}{_GAP}{_DAY}{_TH}[ ._,-]{{1,3}}(?P<year>[0-9]{{4}})(?![0-9])",
    )
)
_LEAD = re.compile(rf"[(\[]?(?:(?:{dates.any_of(dates.WEEKDAYS)})\b[ ._,-]{{1,3}})?", re.IGNORECASE)
# Where a form may begin inside a name: at a number or a month that no letter or longer number runs into.
_INSIDE = re.compile(
    rf"(?<![^\W_])(?<![0-9][-_.])(?=[0-9]|(?:{dates.any_of(dates.MONTHS)})[ ._,0-9-])", re.IGNORECASE
)
_FOLDERS = re.compile(
    rf"(?:.*/)?(?P<year>{_CENTURY})/(?P<month>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}})"
    rf"(?:[ ._-]+(?:{dates.any_of(dates.WEEKDAYS)}))?",
    re.IGNORECASE,
)
_LONGEST_FORM = 40


def usual_day(path: str) -> tuple[date, str] | None:
    """The day that a file's name starts or ends with, or that its folders give (`2026/11/22.md`), and the rule.

    None without one, for an impossible one, and for one such as `03-04-2026` that may be two days. With dots the
    day comes first. `202611221530 idea.md`, the name of a slip-box note, has none: the digits go on.
    """
    stem = names.stem(path)
    if not re.search("[0-9]", stem):
        return None
    lead = _LEAD.match(stem)
    for start in {lead.end() if lead else 0, 0}:
        if found := _day_at(stem, start):
            return found[0], "name starts with a date"
    end = stem.rstrip(")]")
    for match in _INSIDE.finditer(end, max(0, len(end) - _LONGEST_FORM)):
        if (found := _day_at(end, match.start())) and found[1] == len(end):
            return found[0], "name ends with a date"
    folder = names.folder(path)
    in_folders = _FOLDERS.fullmatch(f"{folder}/{stem}") if folder else None
    day = _day_of(in_folders) if in_folders else None
    return (day, "folders and name are a date") if day else None


def _day_at(text: str, start: int) -> tuple[date, int] | None:
    """The day that one of the forms gives at a place of the text, and where the form ends."""
    for form in _FORMS:
        if match := form.match(text, start):
            day = _day_of(match)
            return (day, match.end()) if day else None
    return None


def _day_of(match: re.Match[str]) -> date | None:
    found = match.groupdict()
    if "first" in found:
        first, second, year = int(found["first"]), int(found["second"]), found["year"]
        if found["sep"] == ".":
            return dates.calendar_day(int(year), second, first)
        days = dates.readings(f"{first}-{second}-{year}")
        return date.fromisoformat(days[0]) if len(days) == 1 else None
    month = dates.MONTHS[found["month_name"].lower()] if "month_name" in found else int(found["month"])
    return dates.calendar_day(int(found["year"]), month, int(found["day"]))
