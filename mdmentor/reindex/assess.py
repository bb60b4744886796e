"""Assessing people: where each stands today, and what each brings to the pages, as rows of the index.

Nothing is looked up and nothing is written here, so that other processes can assess as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from mdmentor.core.contribution import contribution_of
from mdmentor.core.model import Settings
from mdmentor.core.ranking.assess import assess as assess_person
from mdmentor.index import people as assessments
from mdmentor.index import people as contributions
from mdmentor.index import rows

if TYPE_CHECKING:
    from mdmentor.reindex.workers import Workers

MANY = 1_000  # people from which other processes are worth their start
_BATCH = 64  # people handed over at once

Row = tuple[Any, ...]


class Assessor(NamedTuple):
    """Assesses people on one day under one set of settings, in whatever process it is called."""

    settings: Settings
    today: date
    live_topics: Mapping[str, str]

    def assess(self, people: list[rows.Told]) -> list[tuple[Row, Row]]:
        """The rows of standing and share of each."""
        return [self._assess(told) for told in people]

    def _assess(self, told: rows.Told) -> tuple[Row, Row]:
        person = rows.person_of(told)
        assessment = assess_person(person, self.today, self.live_topics, self.settings)
        return assessments.assessment_row(told[0], assessment), contributions.contribution_row(
            told[0], contribution_of(person, assessment, self.today)
        )


def assess_people(
    assessor: Assessor, workers: Workers, people: Iterable[rows.Told], count: int
) -> Iterator[tuple[Row, Row]]:
    """The rows of standing and share of so many people, in their order."""
    left = iter(people)
    batches = iter(lambda: list(islice(left, _BATCH)), [])
    return chain.from_iterable(
        workers.map(assessor.assess, batches) if count >= MANY else map(assessor.assess, batches)
    )
