"""The page "Dates": birthdays, plans, promises and chosen dates of the weeks ahead, month by month.

A plain list; which days are on it was decided before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from mdmentor.core.escape import md, md_link, shorten
from mdmentor.core.model import Occasion
from mdmentor.core.pages.frame import DATES, long_day, month_text, page
from mdmentor.core.phrases import weekday_text

_TEXT_LENGTH = 160
# What is said of a day where the kind does not say it all.
_KINDS = {"birthday": "birthday", "next": "the day you chose to be in touch", "plan": "", "promise": ""}


def render_dates(
    occasions: Sequence[Occasion], today: date, folder: str, pages: Sequence[str], days: int = 60
) -> str:
    """The page for `occasions`, in their order, of the `days` days from `today` on."""
    intro = f"The {days} days from {long_day(today)}."
    if not occasions:
        return page(DATES, [f"No birthday, plan or promise falls in the next {days} days."], pages=pages)
    lines: list[str] = []
    for month, of_month in groupby(occasions, key=lambda o: month_text(o.day)):
        lines += [f"## {month}", "", *(_line(occasion, today, folder) for occasion in of_month), ""]
    return page(DATES, lines, intro=intro, pages=pages)


def _line(occasion: Occasion, today: date, folder: str) -> str:
    kind = _KINDS.get(occasion.kind, occasion.kind)
    told = ", ".join(filter(None, (kind, shorten(occasion.text, _TEXT_LENGTH)))) or occasion.kind
    day = "Today" if occasion.day == today else f"{weekday_text(occasion.day)[:3]} {occasion.day.day}"
    return f"- **{day}** {md_link(occasion.name, folder, occasion.path)}: {md(told)}"
