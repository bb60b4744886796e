"""Assessing people: where each stands today, and what each contributes to the pages, as rows of the index.

Nothing is looked up and nothing is written here, so that other processes can assess as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.core.contribution import contribution_of
from mdmentor.core.model import Settings
from mdmentor.core.ranking.assess import assess
from mdmentor.index.assessments import assessment_row
from mdmentor.index.contributions import contribution_row
from mdmentor.index.rows import PersonRow, Row, person_from_row

if TYPE_CHECKING:
    from mdmentor.reindex.workers import Workers

MANY = 1_000  # people from which a process pool is worth its start
_BATCH = 64  # people handed over at once


class Assessor(NamedTuple):
    """Assesses people on one day under one set of settings, in whatever process it is called."""

    settings: Settings
    today: date
    live_topics: Mapping[str, str]

    def assess(self, people: list[PersonRow]) -> list[tuple[Row, Row]]:
        """The rows of assessment and contribution of each."""
        return [self._assess(row) for row in people]

    def _assess(self, row: PersonRow) -> tuple[Row, Row]:
        person = person_from_row(row)
        assessment = assess(person, self.today, self.live_topics, self.settings)
        contribution = contribution_of(person, assessment, self.today)
        return assessment_row(row[0], assessment), contribution_row(row[0], contribution)


def assess_people(
    assessor: Assessor, workers: Workers, people: Iterable[PersonRow], count: int
) -> Iterator[tuple[Row, Row]]:
    """The rows of assessment and contribution of so many people, in their order."""
    left = iter(people)
    batches = iter(lambda: list(islice(left, _BATCH)), [])
    return chain.from_iterable(
        workers.map(assessor.assess, batches) if count >= MANY else map(assessor.assess, batches)
    )
