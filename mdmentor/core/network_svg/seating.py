"""Who stands where in the picture: people become marks, marks find their places.

One plan serves the picture and the page beside it, which tells in words what found no room.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core.network_svg import layout
from mdmentor.core.network_svg.boxes import Box, tenth
from mdmentor.core.network_svg.disc import MOST, Disc, Mark, measure
from mdmentor.core.network_svg.layout import More, Place
from mdmentor.core.network_svg.lettering import Label
from mdmentor.core.network_svg.people import KINDS, NEVER, YEAR, Dot, by_name, ring_of, shown_name

YOU = 22.0  # radius of the middle, where you stand
CAPTION = 10.5  # font size of the rings' captions
# What each ring's outer edge means; the outermost ring says what it is.
_EDGES = ("half a rhythm", "one rhythm", "two rhythms", "a year")
_NEVER_TEXT = "no talk yet"
_SECTORS = {kind.word: sector for sector, kind in enumerate(KINDS)}


class Plan(NamedTuple):
    """Who stands where: `places` are those of `shown`, None for somebody who is only counted in `more`."""

    shown: tuple[Dot, ...]
    silent: tuple[Dot, ...]  # the confidential people, who stand beside the rings
    disc: Disc
    captions: tuple[Label, ...]
    captions_narrow: tuple[Label, ...]
    places: tuple[Place | None, ...]
    more: tuple[More, ...]

    @property
    def named(self) -> int:
        return sum(place is not None and place.label is not None for place in self.places)

    @property
    def named_narrow(self) -> int:
        return sum(place is not None and place.narrow is not None for place in self.places)

    @property
    def grouped(self) -> int:
        return sum(item.people for item in self.more)


def plan(dots: Iterable[Dot]) -> Plan:
    """The places of all the people; the order of `dots` does not matter."""
    return _plan(tuple(sorted(dots, key=by_name)))


@lru_cache(maxsize=1)  # the picture and the page beside it ask for the same one
def _plan(dots: tuple[Dot, ...]) -> Plan:
    shown = tuple(sorted((dot for dot in dots if not dot.confidential), key=_weight_of(dots)))
    marks = _marks(shown)
    rings = NEVER + 1 if any(mark.ring == NEVER for mark in marks) else NEVER
    disc = measure(marks, len(KINDS), rings)
    wide, narrow = _captions(disc, CAPTION), _captions(disc, caption_narrow(disc))
    reserved = [Box(-YOU, -YOU, YOU, YOU)]
    reserved += [label.box(CAPTION).grown(3, 0) for label in wide]
    reserved += [label.box(caption_narrow(disc)) for label in narrow]
    places, more = layout.arrange(marks, disc, reserved)
    return Plan(shown, tuple(dot for dot in dots if dot.confidential), disc, wide, narrow, places, more)


def _marks(shown: Sequence[Dot]) -> list[Mark]:
    """A mark for each; without a name for whoever could be nothing but counted, in a cell of too many."""
    there: Counter[tuple[int, int]] = Counter()
    marks = []
    for turn, dot in enumerate(shown):
        ring, depth = ring_of(dot)
        if ring == NEVER:
            # without a talk there is no distance: they are spread over the whole ring, a golden section on
            depth = round(turn * 0.618034 % 1, 3)
        cell = _SECTORS[dot.kind], ring
        there[cell] += 1
        marks.append(Mark(*cell, depth, shown_name(dot) if there[cell] <= MOST else ""))
    return marks


def _weight_of(dots: Sequence[Dot]) -> Callable[[Dot], tuple[bool, bool, float, str, str]]:
    """The order in which people choose their places: mentors, introductions, the nearer ones, by name."""
    tied = {dot.introduced_by for dot in dots if dot.introduced_by}

    def weight(dot: Dot) -> tuple[bool, bool, float, str, str]:
        is_tied = dot.path in tied or bool(dot.introduced_by)
        ring, depth = ring_of(dot)
        return not dot.mentor, not is_tied, ring + depth, dot.name, dot.path

    return weight


def _captions(disc: Disc, size: float) -> tuple[Label, ...]:
    """What the rings mean, on their edges at the top; one that would touch another is left out."""
    found: list[Label] = []
    for ring, text in reversed(list(enumerate(_EDGES))):
        found.append(Label(text, 0.0, tenth(0.3 * size - disc.radii[ring]), "middle"))
    if len(disc.radii) > NEVER:
        middle = (disc.radii[YEAR] + disc.radii[NEVER]) / 2
        found.insert(0, Label(_NEVER_TEXT, 0.0, tenth(0.3 * size - middle), "middle"))
    kept: list[Label] = []
    for label in found:
        if not any(label.box(size).overlaps(other.box(size)) for other in kept) and label.y < -YOU - size:
            kept.append(label)
    return tuple(kept)


def caption_narrow(disc: Disc) -> float:
    """The font size of the captions on a narrow screen."""
    return tenth(disc.narrow_font * 0.72)
