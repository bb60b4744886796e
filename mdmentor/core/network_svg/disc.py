"""The ground of the picture: a disc of rings and sectors around a middle, as large as its people need.

Angles run clockwise from the top, in radians; (0, 0) is the middle. What a ring or a sector means is not
known here.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core.network_svg.boxes import Box, tenth

MIDDLE = 30.0  # radius kept free around the middle
MOST = 300  # more people than this make the disc no larger
NARROW_SHOWN = 350.0  # the width of a phone's column in pixels ...
NARROW_PIXELS = 10.8  # ... and how tall names are to be there
EDGE = 7.5  # from the edge of a ring to the middle of a mark within it

_EVEN = 0.5  # how far rings are of even width rather than of even density


class Mark(NamedTuple):
    """A person to be placed. The sequence they come in is the order in which they choose their place."""

    sector: int
    ring: int
    depth: float  # 0.0 at the inner edge of the ring, 1.0 at the outer
    name: str


class Disc(NamedTuple):
    """The ground of the picture, with (0, 0) in its middle and angles clockwise from the top, in radians."""

    radii: tuple[float, ...]  # the outer edge of each ring
    sectors: tuple[tuple[float, float], ...]  # first and last angle of each; equal for an empty one
    narrow_font: float

    @property
    def radius(self) -> float:
        return self.radii[-1]

    @property
    def margin(self) -> float:
        """What the sectors' titles need around the disc."""
        return tenth(self.narrow_font * 1.25 + 14)

    @property
    def width(self) -> float:
        return 2 * (self.radius + self.margin)


def point(radius: float, angle: float) -> tuple[float, float]:
    return tenth(radius * math.sin(angle)), tenth(-radius * math.cos(angle))


def measure(marks: Sequence[Mark], sectors: int, rings: int) -> Disc:
    """The disc for these marks: wider rings and sectors where there are more people.

    Its area grows with the number of people. A ring's area follows the people in it, half of the way: the
    other half is an even width, so that an empty ring is still seen to be empty.
    """
    in_ring = [0] * rings
    in_sector = [0] * sectors
    for mark in marks:
        in_ring[mark.ring] += 1
        in_sector[mark.sector] += 1
    radius = tenth(226 + 13 * math.sqrt(min(len(marks), MOST)))
    even = (radius - MIDDLE) / rings
    people = len(marks)
    radii = []
    reached = 0
    for ring, count in enumerate(in_ring):
        reached += count
        share_of_area = (reached + ring + 1) / (people + rings)
        by_area = math.sqrt(MIDDLE * MIDDLE + (radius * radius - MIDDLE * MIDDLE) * share_of_area)
        radii.append(tenth(_EVEN * (MIDDLE + even * (ring + 1)) + (1 - _EVEN) * by_area))
    return Disc(tuple(radii), _angles(in_sector), tenth(_narrow_font(radius)))


def _narrow_font(radius: float) -> float:
    # solves font = NARROW_PIXELS * width / NARROW_SHOWN, where the width holds margins made for that font
    scale = NARROW_PIXELS / NARROW_SHOWN
    return scale * 2 * (radius + 14) / (1 - 2.5 * scale)


def _angles(counts: Sequence[int]) -> tuple[tuple[float, float], ...]:
    weights = [count**0.75 for count in counts]
    full = sum(1 for count in counts if count)
    least = min(0.62, 2 * math.pi / max(full, 1))
    spare = 2 * math.pi - least * full
    angles = []
    reached = 0.0
    for weight in weights:
        wide = least + spare * weight / sum(weights) if weight else 0.0
        angles.append((round(reached, 5), round(reached + wide, 5)))
        reached += wide
    return tuple(angles)


def radius_at(disc: Disc, ring: int, depth: float) -> float:
    inner = disc.radii[ring - 1] if ring else MIDDLE
    return inner + EDGE + depth * (disc.radii[ring] - inner - 2 * EDGE)


def depths(disc: Disc, mark: Mark, others: int) -> Iterator[float]:
    """The radius of the mark's own depth first, then others of its ring, the nearer ones before."""
    yield radius_at(disc, mark.ring, mark.depth)
    steps = [(step + 0.5) / others for step in range(others)]
    for depth in sorted(steps, key=lambda depth: (abs(depth - mark.depth), depth)):
        yield radius_at(disc, mark.ring, depth)


@lru_cache(maxsize=256)  # everybody of a sector looks along the same few
def arc(
    radius: float, first: float, last: float, step: float, most: int
) -> tuple[tuple[float, float, float], ...]:
    """Points along an arc, `step` apart, with how far each is off the arc's middle (0.0 to 1.0)."""
    edge = min(10.0 / radius, (last - first) * 0.3)
    span = last - first - 2 * edge
    count = max(1, min(most, int(span * radius / step)))
    found = []
    for number in range(count):
        along = (number + 0.5) / count
        found.append((*point(radius, first + edge + span * along), abs(2 * along - 1)))
    return tuple(found)


def is_colleague(box: Box, radius: float) -> bool:
    x, y = max(abs(box.x0), abs(box.x1)), max(abs(box.y0), abs(box.y1))
    return x * x + y * y <= radius * radius
