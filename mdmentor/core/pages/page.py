"""What all pages share: the front matter, the title, the line of links below, and how days are told.

A page is the same text for the same notes, settings and day, on every machine: no clock, no locale, no
path outside the vault. What stands between title and links is each page's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mdmentor.core import text as phrases
from mdmentor.core.model import REACH_OUT
from mdmentor.core.text import link_target

GENERATED = "generated-by: mdmentor"
_GENERATED_WITHIN = 600  # characters from the start of a page, also where git left conflict marks there

MENTORS = "Mentors"
TWO_WAY = "Two-way street"
POSTS = "Posts and people"
DATES = "Dates"
NETWORK = "Network"
PROBLEMS = "Problems"
# In the order in which the links at the foot of a page name them.
PAGES = (REACH_OUT, MENTORS, TWO_WAY, POSTS, DATES, NETWORK, PROBLEMS)
LEFT_OVER = "Could not be carried out"  # a heading on the first page, for ticks that say what cannot be
_FOOT = "*This page is made anew from your notes: what you write on it{} does not stay. Write in the notes.*"

# Spelled out here, as the names that the standard library gives depend on the machine's language.
# fmt: off
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
# fmt: on
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def is_generated(content: str | bytes | None) -> bool:
    """True for the content of a page or picture that mdmentor wrote."""
    start = (content or "")[:_GENERATED_WITHIN]
    return GENERATED in (start.decode("utf-8", "replace") if isinstance(start, bytes) else start)


def page(
    title: str,
    body_lines: Iterable[str],
    *,
    intro: str = "",
    pages: Sequence[str] = (),
    day: date | None = None,
) -> str:
    """A whole page: front matter, title, `intro` as a paragraph, the body, at its foot links to the other `pages` there are.

    Texts must be escaped already; `title` is one of `PAGES`. Runs of empty lines become one. `day` goes
    into the front matter of a page that is acted upon later and must say of which day it is.
    """
    head = ["---", GENERATED, *([f"day: {day.isoformat()}"] if day else []), "---"]
    others = navigation(title, pages)
    stays = ", but for ticks and words behind them," if title == REACH_OUT else ""
    foot = ["---", "", others, "", _FOOT.format(stays)] if others else []
    lines = [*head, "", f"# {title}", "", intro, "", *body_lines, "", *foot]
    return "\n".join(_single_spaced(lines)) + "\n"


def _single_spaced(lines: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def navigation(title: str, pages: Sequence[str]) -> str:
    """One line with a link to each page of `pages` in the order of `PAGES`, this one without; "" for none."""
    others = [name for name in PAGES if name in pages and name != title]
    return " · ".join(f"[{name}]({link_target('', f'{name}.md')})" for name in others)


def long_day(day: date) -> str:
    """`Monday, 23 November 2026`."""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(day: date) -> str:
    """`November 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def full_day(day: date) -> str:
    """`14 Oct 2026`: for text that must not change as the days go by, such as a block in a user's note."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def day_text(day: date, today: date) -> str:
    """`14 Oct`; with the weekday within the six days ahead (`Fri 27 Nov`), with the year if not this one."""
    if 0 <= (day - today).days <= 6:
        return f"{_WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"
    return full_day(day) if day.year != today.year else full_day(day)[: -len(f" {day.year}")]


def ago(day: date, today: date) -> str:
    """`today`, `yesterday`, `5 weeks ago`, `in 3 days`: how far a day is, as one says it."""
    days = (today - day).days
    if days in (-1, 0, 1):
        return ("today", "yesterday", "tomorrow")[days]
    return f"{span_text(days)} ago" if days > 0 else f"in {span_text(-days)}"


def span_text(days: int) -> str:
    """A number of days as one says it, rounded: `10 days`, `5 weeks`, `3 months`, `a year`, `2 years`."""
    text = phrases.about(days)
    return "a year" if text == "12 months" else text


def rhythm_text(days: int) -> str:
    """A cadence in days as one says it: `every month`, `every half year`, `every 6 weeks`."""
    return phrases.every(days)
