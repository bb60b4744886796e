"""Looking at people: where each stands today, and what each brings to the pages, as rows of the index.

Nothing is looked up and nothing is written here, so that a helper can look as well (see `crew`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mdmentor.crew import Crew, Setting, Work
from mdmentor.index import rows, shares, standings

MANY = 1_000  # people from which helpers are worth their start
_CHUNK = 64  # people handed over at once

Row = tuple[Any, ...]


def assess_people(
    crew: Crew, told: Iterable[rows.Told], live_topics: Mapping[str, str], count: int
) -> Iterator[tuple[Row, Row]]:
    """The rows of standing and share of so many people, in their order, each looked at as `rows.person_of` reads what is told."""
    jobs = ((person, live_topics) for person in told)
    return crew.do("assess", jobs, count, many=MANY, chunk=_CHUNK)


def begin(setting: Setting) -> Work:
    """What looks at the people of a chunk of jobs."""
    # not before helpers have been given something to do
    from mdmentor.core.rank import assess
    from mdmentor.core.share import share_of

    settings, today = setting.settings, setting.today

    def look_at(job: tuple[rows.Told, Mapping[str, str]]) -> tuple[Row, Row]:
        told, live = job
        person = rows.person_of(told)
        standing = assess(person, today, live, settings)
        return standings.row(told[0], standing), shares.row(told[0], share_of(person, standing, today))

    return lambda jobs: [look_at(job) for job in jobs]
