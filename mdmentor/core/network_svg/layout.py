"""Where each person of the picture stands: marks with their names, none over another.

Values in, places out: marks that know their sector, ring and name go in, coordinates come back. It knows
nothing of SVG, of colours or of what a ring means. A name that finds no room is left out, a mark that
finds none is counted.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.network_svg.boxes import Box, Taken, tenth
from mdmentor.core.network_svg.disc import MIDDLE, MOST, Disc, Mark, arc, depths, is_colleague, radius_at
from mdmentor.core.network_svg.lettering import ASCENT, DESCENT, Label, shorten, text_width

FONT = 12.5  # of the names, in units of the picture; one unit is a pixel where it is shown at full size
LONGEST = 12.0  # widest name, in font sizes; longer ones are shortened ...
_LONGER = (30.0, 22.0, 16.0)  # ... but where nobody else wants the room
LONGEST_NARROW = 8.5  # the same on a narrow screen
NARROW_MARK = 1.4  # how much larger marks are drawn there

_MAX_DRAWN = MOST  # marks drawn one by one; the rest is counted per sector and ring
_MAX_NAMED = 110  # more names than this are no longer a picture but a list
_MAX_NAMED_NARROW = 28  # the same on a narrow screen
_DOT = 5.0  # half the size of a mark
_REACH = 8.5  # from the middle of a mark to where its name begins

Spots = Sequence[tuple[float, float, float]]  # along an arc, each with how far it is off the middle
Row = tuple[float, list[tuple[float, float]]]  # a depth in a ring, the spots along it


class Place(NamedTuple):
    """Where a mark stands, with its name in the wide and in the narrow picture; None where it has no room."""

    x: float
    y: float
    label: Label | None = None
    narrow: Label | None = None
    is_covered: bool = False  # in the narrow picture, by a name: not drawn there


class More(NamedTuple):
    """People of one sector and ring who are only counted; the label is None where even that has no room."""

    sector: int
    ring: int
    people: int
    label: Label | None


def share(counts: Sequence[int], total: int) -> tuple[int, ...]:
    """How many of each group are drawn: all, or as many as the others have, at most `total` together."""
    if sum(counts) <= total:
        return tuple(counts)
    level = 0
    while sum(min(count, level + 1) for count in counts) <= total:
        level += 1
    return tuple(min(count, level) for count in counts)


def arrange(
    marks: Sequence[Mark], disc: Disc, reserved: Sequence[Box]
) -> tuple[tuple[Place | None, ...], tuple[More, ...]]:
    """A place for each mark, in their order, and what is only counted, by sector and ring.

    Nothing stands in the reserved boxes. First the counts that are certain, then marks with their names,
    then the other marks; these are people too, and a name gives way where one of them found no room.
    """
    cells: dict[tuple[int, int], list[int]] = {}
    for number, mark in enumerate(marks):
        cells.setdefault((mark.sector, mark.ring), []).append(number)
    keys = sorted(cells)
    contributions = dict(zip(keys, share([len(cells[key]) for key in keys], _MAX_DRAWN), strict=True))
    taken = Taken(reserved)
    counts = {
        key: _place_count(disc, key, len(cells[key]) - contributions[key], taken)
        for key in keys
        if contributions[key] < len(cells[key])
    }
    turn = {number: rank for key in keys for rank, number in enumerate(cells[key][: contributions[key]])}
    order = sorted(turn, key=lambda number: (turn[number] // 4, marks[number].ring, turn[number], number))
    places: dict[int, Place] = {}
    free: dict[tuple[int, float], Spots] = {}
    for number in order:
        if len(places) == _MAX_NAMED:
            break
        place = _place_named(disc, marks[number], taken, free, min(60.0, 560 / math.sqrt(len(order))))
        if place is not None:
            places[number] = place
    rows: dict[tuple[int, int], list[Row]] = {}
    for number in order:
        if number not in places:
            mark = marks[number]
            cell = mark.sector, mark.ring
            if cell not in rows:
                rows[cell] = _rows(disc, *cell)
            place = _place_bare(mark, turn[number], rows[cell], taken)
            if place is None:
                place = _make_room(_rows(disc, *cell), places, taken)
                rows.pop(cell)
            if place is not None:
                places[number] = place
    _lengthen(marks, places, disc, taken)
    counted = []
    for key in keys:
        missing = sum(number not in places for number in cells[key])
        if missing:
            label = counts[key] if key in counts else _place_count(disc, key, missing, taken)
            if label is not None:
                label = label._replace(text=_count_text(missing))
            counted.append(More(*key, missing, label))
    everybody = tuple(places.get(number) for number in range(len(marks)))
    by_turn = sorted(turn, key=lambda number: (turn[number], marks[number].ring, number))
    return _with_narrow(marks, everybody, by_turn, disc, reserved), tuple(counted)


def _place_named(
    disc: Disc, mark: Mark, taken: Taken, free: dict[tuple[int, float], Spots], spread: float
) -> Place | None:
    """The roomiest place within sector and ring for a mark with its name; None where there is none.

    `free` are the spots of a sector's arcs that were not taken when one of them was sought last.
    """
    text = shorten(mark.name, LONGEST)
    width = text_width(text, FONT)
    first, last = disc.sectors[mark.sector]
    best: tuple[float, float, float, str] | None = None
    for radius in depths(disc, mark, 3):
        spots = free.get((mark.sector, radius), arc(radius, first, last, 8.0, 36))
        free[mark.sector, radius] = [
            spot for spot in spots if taken.is_free_around(spot[0], spot[1], _DOT + 2)
        ]
        for x, y, off in free[mark.sector, radius]:
            for side in ("right", "left"):
                box = _beside(x, y, side, width)
                if not is_colleague(box, disc.radius - 3) or not taken.is_free(box):
                    continue
                around = Box(min(box.x0, x - _DOT), box.y0, max(box.x1, x + _DOT), box.y1)
                room = taken.room(around, spread)
                outward = (side == "right") == (x >= 0)
                score = tenth(room + (10 if outward else 0) - 0.4 * spread * off * off)
                if best is None or score > best[0]:
                    best = score, x, y, side
        if best is not None:
            break  # the true distance from the middle, where it has any room, comes before a roomier one
    if best is None:
        return None
    _, x, y, side = best
    place = Place(x, y, _label(text, x, y, side, FONT))
    taken.add(_dot(x, y, 2))
    taken.add(_name_box(place))
    return place


def _beside(x: float, y: float, side: str, width: float) -> Box:
    """What `_name_box` says of a place with a name so wide; asked thousands of times for each that is chosen."""
    left = tenth(x + (_REACH + 1)) if side == "right" else tenth(x - (_REACH + 1)) - width
    line = tenth(y + 0.34 * FONT)
    return Box(left - 3, line - ASCENT * FONT - 2, left + width + 3, line + DESCENT * FONT + 2)


def _lengthen(marks: Sequence[Mark], places: dict[int, Place], disc: Disc, taken: Taken) -> None:
    """Gives shortened names the room that is left when everybody has a place."""
    for number, place in places.items():
        if place.label is None or place.label.text == marks[number].name:
            continue
        own = _dot(place.x, place.y, 2)
        taken.remove(own)
        taken.remove(_name_box(place))
        sides = ("right", "left") if place.label.anchor == "start" else ("left", "right")
        texts = dict.fromkeys(shorten(marks[number].name, ems) for ems in _LONGER)
        for label in (_label(text, place.x, place.y, side, FONT) for text in texts for side in sides):
            box = label.box(FONT).grown(3, 2)
            if is_colleague(box, disc.radius - 3) and taken.is_free(box):
                places[number] = place._replace(label=label)
                break
        taken.add(own)
        taken.add(_name_box(places[number]))


def _dot(x: float, y: float, margin: float) -> Box:
    half = _DOT + margin
    return Box(x - half, y - half, x + half, y + half)


def _name_box(place: Place) -> Box:
    assert place.label is not None
    return place.label.box(FONT).grown(3, 2)


def _rows(disc: Disc, sector: int, ring: int) -> list[Row]:
    """The spots of a sector's ring where a mark may stand, row by row from the inside out."""
    inner = disc.radii[ring - 1] if ring else MIDDLE
    count = max(3, int((disc.radii[ring] - inner) / 6))
    return [
        (depth, [(x, y) for x, y, _ in arc(radius_at(disc, ring, depth), *disc.sectors[sector], 5.0, 120)])
        for depth in ((row + 0.5) / count for row in range(count))
    ]


def _place_bare(mark: Mark, turn: int, rows: list[Row], taken: Taken) -> Place | None:
    """A place for a mark without a name, as near to its true distance as there is room.

    One after the other looks at another angle of the sector, a golden section on, so that they do not
    crowd around one. Spots that are taken are dropped from `rows`.
    """
    start = (0.5 + turn * 0.618034) % 1
    for _, spots in sorted(rows, key=lambda row: (abs(row[0] - mark.depth), row[0])):
        spots[:] = [(x, y) for x, y in spots if taken.is_free_around(x, y, _DOT + 1)]
        if spots:
            x, y = spots[int(start * len(spots))]
            taken.add(_dot(x, y, 1))
            return Place(x, y)
    return None


def _make_room(rows: Sequence[Row], places: dict[int, Place], taken: Taken) -> Place | None:
    """A place where only a name is in the way of a mark: the last placed of these, which is taken back."""
    owners = {_name_box(place): number for number, place in places.items() if place.label is not None}
    turns = {number: turn for turn, number in enumerate(places)}
    found: tuple[int, Box, Place] | None = None
    for _, spots in rows:
        for x, y in spots:
            blocking = taken.blocking(_dot(x, y, 1))
            if len(blocking) == 1 and (box := blocking.pop()) in owners:
                turn = turns[owners[box]]
                if found is None or turn > found[0]:
                    found = turn, box, Place(x, y)
    if found is None:
        return None
    _, box, place = found
    taken.remove(box)
    taken.add(_dot(place.x, place.y, 1))
    places[owners[box]] = places[owners[box]]._replace(label=None)
    return place


def _place_count(disc: Disc, cell: tuple[int, int], count: int, taken: Taken) -> Label | None:
    """Room for "+14 more" at the end of the ring's sector, going back from there."""
    sector, ring = cell
    first, last = disc.sectors[sector]
    text = _count_text(max(count, 100))  # room for a count that may still grow
    for depth, is_centred in ((0.5, True), (0.75, True), (0.25, True), (0.9, False)):
        radius = radius_at(disc, ring, depth)
        for x, y, _ in reversed(arc(radius, first, last, 6.0, 90)):
            # where the ring runs upright it is narrower than the text, which then ends at its outer edge
            anchor = "middle" if is_centred else "end" if x > 0 else "start"
            label = Label(text, x, tenth(y + 0.3 * FONT), anchor)
            box = label.box(FONT).grown(4, 2)
            if is_colleague(box, disc.radius - 3) and taken.is_free(box):
                taken.add(box)
                return label
    return None


def _count_text(count: int) -> str:
    return f"+{count} more"


def _with_narrow(
    marks: Sequence[Mark],
    places: Sequence[Place | None],
    order: Sequence[int],
    disc: Disc,
    reserved: Sequence[Box],
) -> tuple[Place | None, ...]:
    """The same places with the names that fit in the large type of a narrow screen.

    A name may cover a few marks that have none there; they are not drawn then. Where people are few
    nobody is covered.
    """
    found = list(places)
    size = disc.narrow_font
    half = _DOT * NARROW_MARK
    dots = {
        number: Box(place.x - half, place.y - half, place.x + half, place.y + half)
        for number, place in enumerate(places)
        if place is not None
    }
    taken = Taken(reserved)
    coverable = 0 if len(dots) <= 30 else 2 if len(dots) <= 100 else 4
    covered: set[int] = set()
    named = 0
    for number in order:
        place = places[number]
        if place is None or place.label is None or number in covered or not taken.is_free(dots[number]):
            continue
        text = shorten(marks[number].name, LONGEST_NARROW)
        best: tuple[int, Label, Box, set[int]] | None = None
        for turn, side in enumerate(_sides(place)):
            label = _label(text, place.x, place.y, side, size, NARROW_MARK)
            box = label.box(size).grown(2, 1)
            if not is_colleague(box, disc.radius) or not taken.is_free(box):
                continue
            under = {other for other, dot in dots.items() if dot.overlaps(box)} - covered - {number}
            # a name beside its mark is told to belong to it at once, above or below it only where that helps
            cost = len(under) + (turn > 1) + (turn > 3)
            if len(under) <= coverable and (best is None or cost < best[0]):
                best = cost, label, box, under
        if best is None:
            continue
        if named == _MAX_NAMED_NARROW:
            break
        _, label, box, under = best
        taken.add(box)
        taken.add(dots[number])
        covered |= under
        found[number] = place._replace(narrow=label)
        named += 1
    for number in covered:
        place = found[number]
        if place is not None:
            found[number] = place._replace(is_covered=True)
    return tuple(found)


def _sides(place: Place) -> tuple[str, ...]:
    sides = ("right", "left") if place.x >= 0 else ("left", "right")
    return (*sides, "above", "below", *(f"{where} {side}" for where in ("above", "below") for side in sides))


def _label(text: str, x: float, y: float, side: str, size: float, mark_scale: float = 1.0) -> Label:
    reach = _REACH * mark_scale + 1
    if side == "right":
        return Label(text, tenth(x + reach), tenth(y + 0.34 * size), "start")
    if side == "left":
        return Label(text, tenth(x - reach), tenth(y + 0.34 * size), "end")
    where, _, towards = side.partition(" ")
    line = y - reach - DESCENT * size * 0.5 if where == "above" else y + reach + ASCENT * size
    anchor = {"right": "start", "left": "end"}.get(towards, "middle")
    return Label(text, x, tenth(line), anchor)
