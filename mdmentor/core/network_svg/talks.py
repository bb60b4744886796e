"""The small chart of talks: how many there were in each of the last twelve months.

It counts days, not words: what was said never comes near it. A day with one person is one talk, however many notes
mention it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from mdmentor.core.model import Person
from mdmentor.core.network_svg.layout import tenth
from mdmentor.core.network_svg.svg import SMALL_SCREEN, document, number
from mdmentor.core.text import counted, month_text

_WIDTH, _HEIGHT = 640.0, 220.0
_SIDE, _TOP, _BASE = 24.0, 34.0, 164.0  # margin left and right; top of the tallest bar; the foot of the bars
_BAR = 26.0


def months_of(person: Person, today: date) -> dict[str, int]:
    """The talks with one person by month, "2026-11", of the last twelve months.

    Several on one day count once. Private lines count; days in the future are plans and do not. Of confidential
    people nothing is counted: even a number would reveal something.
    """
    if person.contact.confidential:
        return {}
    days = {talk.date for talk in person.interactions if talk.date <= today}
    counts = Counter(day.isoformat()[:7] for day in days)
    return {month: counts[month] for month in _last_months(today) if counts[month]}


def sum_up(people: Iterable[Mapping[str, int]], today: date) -> tuple[tuple[str, int], ...]:
    """The last twelve months, the oldest first, with the talks of all these people."""
    counts: Counter[str] = Counter()
    for months in people:
        counts.update(months)
    return tuple((month, counts[month]) for month in _last_months(today))


def _last_months(today: date) -> list[str]:
    latest = today.year * 12 + today.month - 1
    months = range(max(latest - 11, 12), latest + 1)  # the calendar begins with January of year 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]


def month_name(month: str) -> str:
    """ "2026-11" as "November 2026"."""
    return month_text(date(int(month[:4]), int(month[5:]), 1))


def talks_text(talks: Sequence[tuple[str, int]]) -> str:
    """The chart in one sentence: the sum, and the month with most of them."""
    counts = [count for _, count in talks]
    if not any(counts):
        return "No talk is noted in the last twelve months."
    best = [f", most in {month_name(month)} ({count})" for month, count in talks if count == max(counts)]
    text = f"{counted(sum(counts), 'talk')} in the last twelve months"
    return f"{text}{best[0] if len(best) == 1 and len(talks) > 1 else ''}."


def render_talks_svg(talks: Sequence[tuple[str, int]]) -> str:
    """The chart as one SVG file, a bar for each month with its number above and its name below."""
    most = max((count for _, count in talks), default=0) or 1
    step = (_WIDTH - 2 * _SIDE) / max(len(talks), 1)
    body = [f'<path class="ring" d="M{number(_SIDE)} {number(_BASE)}H{number(_WIDTH - _SIDE)}"/>']
    year = ""
    for place, (month, count) in enumerate(talks):
        middle = tenth(_SIDE + step * (place + 0.5))
        height = tenth((_BASE - _TOP) * count / most)
        name = month_name(month)
        if count:
            body.append(_bar(middle, height, f"{name}: {counted(count, 'talk')}"))
        text = f'x="{number(middle)}" y="{number(_BASE - height - 7)}">{count}</text>'
        body.append(f'<text class="{"text" if count else "quiet"}" {text}')
        body.append(_below(middle, 20, name[:3], name[:1]))
        if name[-4:] != year:
            year = name[-4:]
            body.append(_below(middle, 42, year, f"’{year[2:]}"))
    rules = (
        "text{font-size:12px;text-anchor:middle}.short{display:none}.ring{fill:none}",
        f"@media (max-width:{SMALL_SCREEN}px){{text{{font-size:20px}}.long{{display:none}}",
        ".short{display:inline}}",
    )
    return document(_WIDTH, _HEIGHT, "Talks per month", talks_text(talks), rules, body)


def _bar(middle: float, height: float, title: str) -> str:
    """A bar with round corners at its top."""
    left, bend = number(middle - _BAR / 2), min(4.0, height)
    b = number(bend)
    return (
        f'<path class="bar" d="M{left} {number(_BASE)}V{number(_BASE - height + bend)}q0-{b} {b}-{b}'
        f'h{number(_BAR - 2 * bend)}q{b} 0 {b} {b}V{number(_BASE)}Z"><title>{title}</title></path>'
    )


def _below(x: float, y: float, long: str, short: str) -> str:
    """A text below the bars, with a shorter form for a small screen."""
    both = f'<tspan class="long">{long}</tspan><tspan class="short">{short}</tspan>'
    return f'<text class="quiet" x="{number(x)}" y="{number(_BASE + y)}">{both}</text>'
