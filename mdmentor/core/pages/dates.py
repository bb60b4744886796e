"""The page "Dates": birthdays, plans, promises and chosen dates of the weeks ahead, month by month.

A plain list; which days are on it was decided before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby

from mdmentor.core.model import DATES, Occasion
from mdmentor.core.pages.page import page
from mdmentor.core.pages.person import colleague_foot, marked_link
from mdmentor.core.text import long_day, md, month_text, shorten, weekday_text

_TEXT_LENGTH = 160
_MOST = 120  # days told; more is a list that nobody reads
# What is said of a day where the kind does not say it all.
_KINDS = {"birthday": "birthday", "next": "the day you chose to be in touch", "plan": "", "promise": ""}


def render_dates(
    occasions: Sequence[Occasion],
    today: date,
    folder: str,
    pages: Sequence[str],
    days: int = 60,
    inside: Collection[str] = (),
) -> str:
    """The page for `occasions`, in their order, of the `days` days from `today` on; marks people `inside`."""
    intro = f"The {days} days from {long_day(today)}."
    if not occasions:
        return page(DATES, [f"No birthday, plan or promise falls in the next {days} days."], pages=pages)
    lines: list[str] = []
    for month, of_month in groupby(occasions[:_MOST], key=lambda o: month_text(o.day)):
        lines += [f"## {month}", "", *(_line(occasion, today, folder, inside) for occasion in of_month), ""]
    if occasions[_MOST:]:
        lines += [f"And {len(occasions) - _MOST} more in these days: `mdmentor dates` tells them all.", ""]
    return page(DATES, [*lines, *colleague_foot(lines)], intro=intro, pages=pages)


def _line(occasion: Occasion, today: date, folder: str, inside: Collection[str]) -> str:
    kind = _KINDS.get(occasion.kind, occasion.kind)
    told = ", ".join(filter(None, (kind, shorten(occasion.text, _TEXT_LENGTH)))) or occasion.kind
    day = "Today" if occasion.day == today else f"{weekday_text(occasion.day)[:3]} {occasion.day.day}"
    return f"- **{day}** {marked_link(occasion.name, folder, occasion.path, inside)}: {md(told)}"
