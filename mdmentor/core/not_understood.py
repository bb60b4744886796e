"""Hints at what starts with a date in a person's note and is read neither as a contact nor as a plan."""

import re
from collections.abc import Collection, Sequence

from mdmentor.core import dates, day_words
from mdmentor.core.log_entries import holds_talks
from mdmentor.core.model import HINT, Item, Problem

_MONTH = rf"(?:{dates.any_of(day_words.MONTHS)})\.?"
_DAY_OF_MONTH = rf"\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:(?:of|de)\s+)?{_MONTH}"
_WITH_YEAR = (
    r"(?:\d{4}(?P<sign>[-/.–])\d{1,2}(?P=sign)\d{1,2}|\d{1,2}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{2}(?:\d\d)?|(?:19|20)\d{6}"
    rf"|{_DAY_OF_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?![\w/])"
)
# `14/8`, `14 Aug`; no fraction.
_WITHOUT_YEAR = (
    r"(?:(?!24/7)(?:(?:[12]?\d|0\d|3[01])/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:[12]?\d|3[01]))(?!\s+of\b)"
    rf"|{_DAY_OF_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?![\w/%])"
)
_DAY_WITH_DOTS = r"\d{1,2}\.\d{1,2}\.(?![\w/%])"  # in a heading it is the number of a section
_MONTH_ALONE = rf"(?:{_MONTH},?\s+(?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|1[0-2]))(?![\w/%-])"  # also of `- 14. Oktober 2026`, a list within a list
# With which all of the patterns begin.
_DAY_START = re.compile(rf"(?i)[\s*_\[(<]{{0,4}}{dates.ON}(\d|[^\W\d_]{{3}})")
_STARTS_OF_MONTHS = frozenset({"den", *[word[:3] for word in day_words.MONTHS]})  # and a word before a day
_DAYS_AT_START = {
    kind: rf"(?i)[\s*_\[(<]{{0,4}}{dates.ON if kind == 'item' else ''}(?P<day>{days})"
    for kind, days in (
        ("paragraph", _WITH_YEAR),
        ("heading", f"{_WITH_YEAR}|{_WITHOUT_YEAR}"),
        ("row", f"{_WITH_YEAR}|{_WITHOUT_YEAR}|{_DAY_WITH_DOTS}"),
        ("item", f"{_WITH_YEAR}|{_WITHOUT_YEAR}|{_DAY_WITH_DOTS}|{_MONTH_ALONE}"),
    )
}


def find_not_understood(path: str, items: Sequence[Item], understood: Collection[int]) -> tuple[Problem, ...]:
    """A hint for each item that starts with a date, but for those on the lines that are understood.

    The items are those of `with_titles`. The text below a dated heading is a part of that entry. Open tasks are promises,
    and what is below a heading such as Plans is no contact on purpose.
    """
    found: list[Problem] = []
    level = 0  # of the heading of the entry that this item belongs to
    for item in items:
        if item.kind == "heading":
            level = 0 if item.level <= level else level
            if not level and item.line in understood:
                level = item.level
        if level or item.line in understood or (item.kind == "paragraph" and item.depth):
            continue
        letters = item.text[:3].lower()
        is_word = letters.isalpha() and letters not in _STARTS_OF_MONTHS  # as most lines begin with
        start = None if is_word else _DAY_START.match(item.text)
        may_be_day = start and (start[1].isdecimal() or start[1].lower() in _STARTS_OF_MONTHS)
        if may_be_day and item.has_happened and holds_talks(item.sections):
            found += _hint(path, item)
    return tuple(found)


def _hint(path: str, item: Item) -> list[Problem]:
    is_no_talk = (item.kind == "row" and item.level) or "#mention" in item.text.lower()
    match = None if is_no_talk else re.match(_DAYS_AT_START[item.kind], item.text)
    if match is None:
        return []
    what = f'"{match["day"]}" at the start of the line is not understood as the day of a contact or plan'
    if dates.find_leading_date(item.text) is None:
        days = " or ".join(f'"{day}"' for day in day_words.readings(match["day"]))
        fix = f"write it as {days}" if days else "write the whole day, as in 2026-10-14"
    else:
        fix = 'begin the line with "- " if it is a contact'
    return [Problem(path, item.line, 1, HINT, "not-understood", what, fix)]
