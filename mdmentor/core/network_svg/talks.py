"""The small chart of talks: how many there were in each of the last twelve months.

It counts days, not words: what was said never comes near it. A day with one person is one talk, however
many notes tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core.model import Person
from mdmentor.core.text import counted, month_text

MONTHS = 12

_WIDTH, _HEIGHT = 640.0, 220.0
_SIDE, _TOP, _BASE = (
    24.0,
    34.0,
    164.0,
)  # the left and right margin; where the tallest bar ends; where all stand
_BAR = 26.0
_FONT, _FONT_NARROW = 12.0, 20.0


def talks_per_month(persons: Iterable[Person], today: date) -> tuple[tuple[str, int], ...]:
    """The last twelve months as ("2026-11", talks), the oldest first, the month of `today` last.

    A day with one person counts once; with two people twice. Private lines count. What lies in the future
    is a plan. Talks with confidential people are not counted: even a number would tell of them.
    """
    return sum_up((months_of(person, today) for person in persons), today)


def months_of(person: Person, today: date) -> dict[str, int]:
    """What one person brings to `talks_per_month`: the months in which there was a talk."""
    counts: dict[str, int] = {}
    if person.contact.confidential or not person.interactions:
        return counts
    first, year = _last_months(today)[0], today.year - 1
    for day in {talk.date for talk in person.interactions if talk.date <= today}:
        if day.year >= year and (month := day.isoformat()[:7]) >= first:
            counts[month] = counts.get(month, 0) + 1
    return counts


def sum_up(people: Iterable[Mapping[str, int]], today: date) -> tuple[tuple[str, int], ...]:
    """The last twelve months with the talks of all these people."""
    counts = dict.fromkeys(_last_months(today), 0)
    for told in people:
        for month, count in told.items():
            if month in counts:
                counts[month] += count
    return tuple(counts.items())


@lru_cache(maxsize=4)
def _last_months(today: date) -> tuple[str, ...]:
    latest = today.year * 12 + today.month - 1
    months = range(max(latest - MONTHS + 1, 12), latest + 1)  # the calendar begins with January of year 1
    return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in months)


def month_name(month: str) -> str:
    """ "2026-11" as "November 2026"."""
    return month_text(date(int(month[:4]), int(month[5:]), 1))


def tell_talks(talks: Sequence[tuple[str, int]]) -> str:
    """The chart in one sentence: the sum, and the month with most of them."""
    total = sum(count for _, count in talks)
    if not total:
        return "No talk is noted in the last twelve months."
    most = max(count for _, count in talks)
    best = [month_name(month) for month, count in talks if count == most]
    told = f"{counted(total, 'talk')} in the last twelve months"
    return f"{told}, most in {best[0]} ({most})." if len(best) == 1 and len(talks) > 1 else f"{told}."


def render_talks_svg(talks: Sequence[tuple[str, int]]) -> str:
    """The chart as one SVG file, a bar for each month with its number above and its name below."""
    # not for those who only count
    from mdmentor.core.network_svg import svg
    from mdmentor.core.network_svg.boxes import tenth
    from mdmentor.core.network_svg.svg import number

    most = max((count for _, count in talks), default=0) or 1
    step = (_WIDTH - 2 * _SIDE) / max(len(talks), 1)
    body = [f'<path class="ring" d="M{number(_SIDE)} {number(_BASE)}H{number(_WIDTH - _SIDE)}"/>']
    year = ""
    for place, (month, count) in enumerate(talks):
        middle = tenth(_SIDE + step * (place + 0.5))
        height = tenth((_BASE - _TOP) * count / most)
        x = number(middle)
        if count:
            left, top = number(middle - _BAR / 2), _BASE - height
            round_ = min(4.0, height)
            body.append(
                f'<path class="bar" d="M{left} {number(_BASE)}V{number(top + round_)}'
                f"q0-{number(round_)} {number(round_)}-{number(round_)}h{number(_BAR - 2 * round_)}"
                f'q{number(round_)} 0 {number(round_)} {number(round_)}V{number(_BASE)}Z">'
                f"<title>{month_name(month)}: {counted(count, 'talk')}</title></path>"
            )
        above = number(_BASE - height - 7)
        body.append(f'<text class="{"text" if count else "quiet"}" x="{x}" y="{above}">{count}</text>')
        name = month_name(month)
        body.append(_told_twice(x, number(_BASE + 20), name[:3], name[:1]))
        if name[-4:] != year:
            year = name[-4:]
            body.append(_told_twice(x, number(_BASE + 42), year, f"’{year[2:]}"))
    rules = (
        f"text{{font-size:{_FONT}px;text-anchor:middle}}",
        f"@media (max-width:{svg.NARROW_BELOW}px){{text{{font-size:{_FONT_NARROW}px}}}}",
        ".ring{fill:none}",
    )
    return svg.document(_WIDTH, _HEIGHT, "Talks per month", tell_talks(talks), rules, body)


def _told_twice(x: str, y: str, wide: str, narrow: str) -> str:
    """A text below the bars, with a shorter form for a narrow screen."""
    both = f'<tspan class="w">{wide}</tspan><tspan class="n">{narrow}</tspan>'
    return f'<text class="quiet" x="{x}" y="{y}">{both}</text>'
