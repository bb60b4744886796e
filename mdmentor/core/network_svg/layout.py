"""The places of the people in the picture: at most `SHOWN` marks with their names, none over another.

Values in, places out; SVG and colours are not known here. (0, 0) is the middle, angles run clockwise from the top,
in radians. Coordinates are rounded to a tenth before they are compared, so that every machine decides alike.
No font is measured, since nobody knows which one a viewer has: a small table of widths, on the generous side, is
for all of them.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from mdmentor.core.network_svg import KINDS, NEVER, YEAR, Dot, ring_of, shown_name

SHOWN = 80  # people in the picture: more names are no longer a picture but a list
RADIUS = 300.0  # of the outermost ring
MIDDLE = 32.0  # radius kept free around the middle
YOU = 24.0  # radius of the middle, where you are
LARGE = 20.0  # font size of names on a small screen, for those that have the room
CAPTION, CAPTION_LARGE = 11.0, 15.0  # the same of the rings' captions

_SECTOR = 8  # people of each sector who are chosen before anybody's ninth
_MARK = 6.0  # half of the square that a mark takes, with the space around it
_BARE_MARK = 4.8
_REACH = 9.5  # from the middle of a mark to its name
_MOST_SPOTS = 48  # along an arc
_ASCENT, _DESCENT = 0.46, 0.58  # of a line of text above and below its middle, in its font size
# What the outer edge of each ring means; the outermost ring says what it is.
_EDGES = ("half a rhythm", "one rhythm", "two rhythms", "a year")

# Widths of Latin letters in thousandths of the font size. Source: the metrics that Helvetica, Arial and
# Liberation Sans share, in steps; the margin in `text_width` covers system fonts, which differ.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 225),
    **dict.fromkeys("fItr.,:;!/\\()[]-`·", 320),
    **dict.fromkeys(" ", 280),
    **dict.fromkeys('ckJsvxyz*"°', 500),
    **dict.fromkeys("abdeghnopquL0123456789?_$#+<>=~", 560),
    **dict.fromkeys("ABEFKPSTVXYZ&", 667),
    **dict.fromkeys("CDHNRUw", 722),
    **dict.fromkeys("GOQ", 780),
    **dict.fromkeys("MmωψжшщюфмыЖШЩЮФМЫ", 835),
    **dict.fromkeys("W%@", 960),
    "…": 1000,
}


def tenth(value: float) -> float:
    """Rounded to a tenth; the shift keeps sums that end on 0.05 from hanging on a machine's last bit."""
    return math.floor(value * 10 + 0.5 + 1e-4) / 10


@lru_cache(maxsize=256)  # one name is tried in hundreds of places
def text_width(text: str, size: float) -> float:
    """The width of a line of text in a plain sans serif font, on the generous side.

    CJK counts one font size a character, combining marks and joiners nothing, letters of other scripts as a wide
    Latin one. Fonts differ by a tenth from one system to the next; that much is added.
    """
    return sum(map(_char_width, text)) * size * 1.08 / 1000


def _char_width(char: str) -> int:
    if char in _WIDTHS:
        return _WIDTHS[char]
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    if ord(char) >= 0x1F000:
        return 1300  # emoji are wider than ideographs
    if unicodedata.east_asian_width(char) in "WF":
        return 1000
    base = unicodedata.normalize("NFD", char)[0]
    return _WIDTHS.get(base, 720 if char.isupper() else 600)


def fit(text: str, ems: float) -> str:
    """The text, cut with an ellipsis to at most `ems` font sizes; a combining mark stays with its letter."""
    if text_width(text, 1.0) <= ems:
        return text
    end = min(len(text), 400)  # no line in a picture holds so many
    while end and (text_width(text[:end].rstrip() + "…", 1.0) > ems or unicodedata.combining(text[end])):
        end -= 1
    return text[:end].rstrip() + "…"


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: Box) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1

    def room_among(self, others: Iterable[Box], most: float) -> float:
        """The distance to the nearest of the others, at most `most`; height counts more, as lines of text do."""
        x0, y0, x1, y1 = self
        for left, top, right, bottom in others:
            x = max(left - x1, x0 - right, 0.0)
            y = max(top - y1, y0 - bottom, 0.0) * 1.5
            if x < most and y < most:
                most = min(most, math.hypot(x, y))
        return most

    def is_within(self, radius: float) -> bool:
        """True if the circle of this radius around the middle holds the whole box."""
        return math.hypot(max(-self.x0, self.x1), max(-self.y0, self.y1)) <= radius


class Label(NamedTuple):
    """A line of text and its place: the start, middle or end of its middle line."""

    text: str
    x: float
    y: float
    anchor: str  # "start", "middle" or "end", counted from left to right whatever the script

    def box(self, size: float) -> Box:
        width = text_width(self.text, size)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - _ASCENT * size, left + width, self.y + _DESCENT * size)


class Place(NamedTuple):
    """The place of a person, with their name; None where the name has no room."""

    dot: Dot
    x: float
    y: float
    label: Label | None
    is_large: bool = False  # the name has room in the large type of a small screen, too

    def mark(self) -> Box:
        return Box(self.x - _MARK, self.y - _MARK, self.x + _MARK, self.y + _MARK)


class Plan(NamedTuple):
    """The whole picture, to be drawn."""

    places: tuple[Place, ...]
    counts: Counter[str]  # all people by their kind
    radii: tuple[float, ...]  # the outer edge of each ring
    sectors: dict[str, tuple[float, float]]  # first and last angle of each kind that there is
    captions: tuple[Label, ...]  # of the rings
    font: float  # size of the names


def plan(dots: Iterable[Dot]) -> Plan:
    """The places of those who matter most; the order of `dots` does not matter."""
    people = [dot for dot in dots if not dot.confidential]
    chosen = _choose(people)
    radii, sectors = _rings(chosen), _sectors(chosen)
    captions = _captions(radii)
    font = tenth(min(15.0, max(11.0, 16.3 - len(chosen) / 15)))
    reserved = [Box(-YOU, -YOU, YOU, YOU), *(label.box(CAPTION_LARGE) for label in captions)]
    taken = list(reserved)
    places = []
    for turn, dot in enumerate(chosen):
        ring, depth = ring_of(dot)
        if ring == NEVER:  # without a talk there is no distance: spread over the ring, a golden section on
            depth = turn * 0.618034 % 1
        longest = 22.0 if len(chosen) <= 30 else 12.0
        for text in dict.fromkeys((*(fit(shown_name(dot), ems) for ems in (longest, 8.0)), "")):
            spots = _spots(radii, ring, depth, sectors[dot.kind], font)
            found = _roomiest(spots, text, font, taken, min(60.0, 560 / math.sqrt(len(chosen))))
            if found:
                x, y, anchor, box = found
                beside = tenth(x + _REACH if anchor == "start" else x - _REACH)
                places.append(Place(dot, x, y, Label(text, beside, y, anchor) if text else None))
                taken.append(box)
                break
    counts = Counter(dot.kind for dot in people)
    return Plan(_with_large(places, reserved), counts, radii, sectors, captions, font)


def _choose(people: Sequence[Dot]) -> list[Dot]:
    """The people to be shown: mentors first, then introductions, then the nearest, with a part for each sector.

    They come in the order in which they get their places: mentors, then the inner rings, which have least room.
    """
    tied = {dot.introduced_by for dot in people if dot.introduced_by}

    def weight(dot: Dot) -> tuple[bool, bool, float, str, str]:
        is_tied = dot.path in tied or bool(dot.introduced_by)
        return not dot.mentor, not is_tied, sum(ring_of(dot)), dot.name, dot.path

    before: Counter[str] = Counter()
    rounds: dict[int, list[Dot]] = {}
    for dot in sorted(people, key=weight):
        rounds.setdefault(before[dot.kind] // _SECTOR, []).append(dot)
        before[dot.kind] += 1
    chosen = [dot for number in sorted(rounds) for dot in rounds[number]][:SHOWN]
    return sorted(chosen, key=lambda dot: (not dot.mentor, ring_of(dot)[0]))


def _rings(people: Sequence[Dot]) -> tuple[float, ...]:
    """The outer edge of each ring: mostly by the people in it, partly of even width.

    So a full ring has room, and an empty one is still seen to be empty.
    """
    counts = Counter(ring_of(dot)[0] for dot in people)
    rings = NEVER + 1 if counts[NEVER] else NEVER
    reached = 0
    radii = []
    for ring in range(rings):
        reached += counts[ring]
        even = MIDDLE + (RADIUS - MIDDLE) * (ring + 1) / rings
        area = (reached + ring + 1) / (len(people) + rings)
        by_area = math.sqrt(MIDDLE * MIDDLE + (RADIUS * RADIUS - MIDDLE * MIDDLE) * area)
        radii.append(tenth(0.3 * even + 0.7 * by_area))
    return tuple(radii)


def _sectors(people: Sequence[Dot]) -> dict[str, tuple[float, float]]:
    """First and last angle of each kind: a least part of the circle each, the rest by the number of people."""
    counts = Counter(dot.kind for dot in people)
    weights = {kind.word: counts[kind.word] ** 0.75 for kind in KINDS if counts[kind.word]}
    least = min(0.62, 2 * math.pi / max(len(weights), 1))
    spare = 2 * math.pi - least * len(weights)
    parts = (least + spare * weight / sum(weights.values()) for weight in weights.values())
    edges = [round(edge, 5) for edge in accumulate(parts, initial=0.0)]
    return dict(zip(weights, pairwise(edges), strict=True))


def _captions(radii: Sequence[float]) -> tuple[Label, ...]:
    """What the rings mean, on their edges at the top; one that would touch another is left out."""
    found = [Label(text, 0.0, -radii[ring], "middle") for ring, text in enumerate(_EDGES)]
    if len(radii) > NEVER:
        found.append(Label("no talk yet", 0.0, tenth(-(radii[YEAR] + radii[NEVER]) / 2), "middle"))
    kept: list[Label] = []
    for label in reversed(found):
        box = label.box(CAPTION_LARGE)
        if box.y1 < -YOU and not any(box.overlaps(other.box(CAPTION_LARGE)) for other in kept):
            kept.append(label)
    return tuple(kept)


def point(radius: float, angle: float) -> tuple[float, float]:
    return tenth(radius * math.sin(angle)), tenth(-radius * math.cos(angle))


Spots = list[tuple[float, float, float]]  # along an arc: x, y, and how far off its middle (0.0 to 1.0)


def _spots(
    radii: Sequence[float], ring: int, depth: float, sector: tuple[float, float], font: float
) -> Iterator[Spots]:
    """Spots of the ring within the sector, arc by arc: first that of the true depth, then the nearest ones."""
    inner, outer = (radii[ring - 1] if ring else MIDDLE) + _MARK, radii[ring] - _MARK
    rows = max(3, int((outer - inner) / (1.5 * font)))
    depths = sorted(((row + 0.5) / rows for row in range(rows)), key=lambda other: abs(other - depth))
    first, last = sector
    for radius in (inner + each * (outer - inner) for each in (depth, *depths)):
        edge = min(10.0 / radius, (last - first) * 0.3)
        yield _arc(radius, first + edge, last - edge)


@lru_cache(maxsize=128)  # most people of one ring and sector have the same ones
def _arc(radius: float, first: float, last: float) -> Spots:
    """The spots between two angles."""
    count = max(1, min(_MOST_SPOTS, int((last - first) * radius / 8)))
    along = [(number + 0.5) / count for number in range(count)]
    return [(*point(radius, first + (last - first) * part), abs(2 * part - 1)) for part in along]


def _roomiest(
    arcs: Iterable[Spots], text: str, font: float, taken: Sequence[Box], spread: float
) -> tuple[float, float, str, Box] | None:
    """The place with most room for a mark with this text, with its anchor and what it takes; None without any room.

    The anchor is "" for a bare mark. The true distance from the middle, where it has any room, comes before a roomier
    place.
    """
    sides = _sides(text, font)
    others = list(taken)
    for spots in arcs:
        best: tuple[float, float, float, str, Box] | None = None
        for x, y, off in spots:
            for anchor, (left, top, right, bottom) in sides:
                edges = x + left, y + top, x + right, y + bottom
                if not _is_free(*edges, others) or not (box := Box(*edges)).is_within(RADIUS - 3):
                    continue
                room = box.room_among(others, spread)
                is_outward = (anchor == "start") == (x >= 0)
                score = tenth(room + (10 if is_outward else 0) - 0.4 * spread * off * off)
                if room and (best is None or score > best[0]):
                    best = score, x, y, anchor, box
        if best:
            return best[1:]
    return None


def _sides(text: str, font: float) -> tuple[tuple[str, Box], ...]:
    """What a mark at (0, 0) takes with its name behind or before it, or alone where it has none; each with its anchor."""
    if not text:
        return (("", Box(-_BARE_MARK, -_BARE_MARK, _BARE_MARK, _BARE_MARK)),)
    width = _REACH + text_width(text, font) + 3
    above, below = max(_MARK, _ASCENT * font + 1), max(_MARK, _DESCENT * font + 1)
    return ("start", Box(-_MARK, -above, width, below)), ("end", Box(-width, -above, _MARK, below))


def _is_free(x0: float, y0: float, x1: float, y1: float, others: list[Box]) -> bool:
    """Whether these edges overlap no other box. One that they do comes to the front: the next ones mostly do, too.

    Without this the picture of 3,000 people takes three times as long.
    """
    for at, (left, top, right, bottom) in enumerate(others):
        if x0 < right and left < x1 and y0 < bottom and top < y1:
            others[0], others[at] = others[at], others[0]
            return False
    return True


def _with_large(places: Sequence[Place], reserved: Sequence[Box]) -> tuple[Place, ...]:
    """The same places, with the names marked that have room in large type among all marks and each other."""
    taken = [*reserved, *(place.mark() for place in places)]
    found = []
    for place in places:
        box = place.label.box(LARGE) if place.label else None
        if box and box.is_within(RADIUS) and not any(box.overlaps(other) for other in taken):
            taken.append(box)
            place = place._replace(is_large=True)
        found.append(place)
    return tuple(found)
