"""Boxes around what is drawn, and which of the room on the paper they take.

Coordinates are rounded to a tenth before anything is compared, so that two machines decide alike.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple


def tenth(value: float) -> float:
    """Rounded to a tenth; the shift keeps sums that end on 0.05 from hanging on a machine's last bit."""
    return math.floor(value * 10 + 0.5 + 1e-4) / 10


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: "Box") -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def grown(self, x: float, y: float) -> "Box":
        return Box(self.x0 - x, self.y0 - y, self.x1 + x, self.y1 + y)


class Taken:
    """The boxes that are taken, in a grid, so that a question looks at the neighbours only.

    A box is found in every cell that it touches or comes near to, by half the height of a line. So whoever
    asks for a mark looks into the one cell of its middle, and for a line of text into a single row of cells.
    """

    _STEP = 40.0
    _NEAR = 9.0

    def __init__(self, boxes: Sequence[Box] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        for cell in self._found_in(box):
            self._cells.setdefault(cell, []).append(box)

    def remove(self, box: Box) -> None:
        for cell in self._found_in(box):
            self._cells[cell].remove(box)

    def is_free_around(self, x: float, y: float, half: float) -> bool:
        """As `is_free` for the square around a point that reaches so far, at most `_NEAR`, to each side."""
        # Asked tens of thousands of times for one picture, hence `overlaps` written out, here and below.
        found = self._cells.get((math.floor(x / self._STEP), math.floor(y / self._STEP)))
        if not found:
            return True
        x0, y0, x1, y1 = x - half, y - half, x + half, y + half
        for a0, b0, a1, b1 in found:  # noqa: SIM110 - `all` would make a generator each time
            if x0 < a1 and a0 < x1 and y0 < b1 and b0 < y1:
                return False
        return True

    def is_free(self, box: Box) -> bool:
        x0, y0, x1, y1 = box
        cells = self._cells
        for cell in self._looked_at(x0, y0, x1, y1):
            for a0, b0, a1, b1 in cells.get(cell, ()):
                if x0 < a1 and a0 < x1 and y0 < b1 and b0 < y1:
                    return False
        return True

    def blocking(self, box: Box) -> set[Box]:
        return {
            other
            for cell in self._looked_at(*box)
            for other in self._cells.get(cell, ())
            if box.overlaps(other)
        }

    def room(self, box: Box, most: float) -> float:
        """The distance to the nearest taken box, at most `most`; height counts more, as lines of text do."""
        nearest = most * most
        x0, y0, x1, y1 = box
        for cell in self._looked_at(*box.grown(most, most / 1.5)):
            for a0, b0, a1, b1 in self._cells.get(cell, ()):
                x = max(0.0, a0 - x1, x0 - a1)
                y = max(0.0, b0 - y1, y0 - b1) * 1.5
                if x * x + y * y < nearest:
                    nearest = x * x + y * y
        return math.sqrt(nearest)

    def _found_in(self, box: Box) -> list[tuple[int, int]]:
        # a little more, so that no rounding at the edge of a cell can hide a neighbour
        return self._cells_of(*box.grown(self._NEAR + 0.01, self._NEAR + 0.01))

    def _looked_at(self, x0: float, y0: float, x1: float, y1: float) -> list[tuple[int, int]]:
        """Cells of which one at least holds each taken box that overlaps."""
        near = self._NEAR
        if x1 - x0 > 2 * near:
            x0, x1 = x0 + near, x1 - near
        else:
            x0 = x1 = (x0 + x1) / 2
        if y1 - y0 > 2 * near:
            y0, y1 = y0 + near, y1 - near
        else:
            y0 = y1 = (y0 + y1) / 2
        return self._cells_of(x0, y0, x1, y1)

    def _cells_of(self, x0: float, y0: float, x1: float, y1: float) -> list[tuple[int, int]]:
        step = self._STEP
        rows = range(math.floor(y0 / step), math.floor(y1 / step) + 1)
        columns = range(math.floor(x0 / step), math.floor(x1 / step) + 1)
        return [(column, row) for column in columns for row in rows]
