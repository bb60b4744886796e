"""Boxes around what is drawn, and which of the room on the paper they take.

Coordinates are rounded to a tenth before anything is compared, so that two machines decide alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


def tenth(value: float) -> float:
    """Rounded to a tenth; the shift keeps sums that end on 0.05 from hanging on a machine's last bit."""
    return math.floor(value * 10 + 0.5 + 1e-4) / 10


@dataclass(frozen=True, slots=True)
class Box:
    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def grown(self, x: float, y: float) -> Box:
        return Box(self.x0 - x, self.y0 - y, self.x1 + x, self.y1 + y)


class Taken:
    """The boxes that are taken, in a grid, so that a question looks at the neighbours only."""

    _STEP = 40.0

    def __init__(self, boxes: Sequence[Box] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        for cell in self._covered(box):
            self._cells.setdefault(cell, []).append(box)

    def is_free(self, box: Box) -> bool:
        # Asked tens of thousands of times for one picture, hence `overlaps` and `_covered` written out.
        step, cells = self._STEP, self._cells
        x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
        rows = range(math.floor(y0 / step), math.floor(y1 / step) + 1)
        for column in range(math.floor(x0 / step), math.floor(x1 / step) + 1):
            for row in rows:
                for other in cells.get((column, row), ()):
                    if x0 < other.x1 and other.x0 < x1 and y0 < other.y1 and other.y0 < y1:
                        return False
        return True

    def blocking(self, box: Box) -> set[Box]:
        return {
            other for cell in self._covered(box) for other in self._cells.get(cell, ()) if box.overlaps(other)
        }

    def remove(self, box: Box) -> None:
        for cell in self._covered(box):
            self._cells[cell].remove(box)

    def room(self, box: Box, most: float) -> float:
        """The distance to the nearest taken box, at most `most`; height counts more, as lines of text do."""
        nearest = most * most
        for cell in self._covered(box.grown(most, most / 1.5)):
            for other in self._cells.get(cell, ()):
                x = max(0.0, other.x0 - box.x1, box.x0 - other.x1)
                y = max(0.0, other.y0 - box.y1, box.y0 - other.y1) * 1.5
                nearest = min(nearest, x * x + y * y)
        return math.sqrt(nearest)

    def _covered(self, box: Box) -> Iterator[tuple[int, int]]:
        step = self._STEP
        for column in range(math.floor(box.x0 / step), math.floor(box.x1 / step) + 1):
            for row in range(math.floor(box.y0 / step), math.floor(box.y1 / step) + 1):
                yield column, row
