"""The log of a contact's note, merged entry by entry: what both sides logged is kept, in the note's order.

A stretch of entries is taken out of each version and one line takes its place while git merges the rest; then
the merged entries go back in its place. Anything else between entries is left to the text merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core.log_entries import iter_entries, log_key, read_page, tick_of
from mdmentor.core.merge.sides import TextMerge, merge_lines

# The place of a stretch: the headings above, and which stretch it is below them.
Place = tuple[tuple[str, ...], int]
# The first line of an entry, and which of the entries with that line it is.
Key = tuple[str, int]


class Logged(NamedTuple):
    """One entry of the log with all lines that belong to it."""

    day: str  # 2026-10-14
    gap: int  # blank lines above it
    lines: list[str]

    @property
    def first(self) -> str:
        return self.lines[0].rstrip()

    @property
    def tick(self) -> str:
        """The same for two entries that come from one tick; "" for an entry that comes from none."""
        return tick_of(self.lines, self.day)


class Stretch(NamedTuple):
    """Entries that follow each other with nothing but blank lines between, and the lines they fill."""

    start: int  # positions from 0
    end: int
    entries: list[Logged]


def find_stretches(lines: Sequence[str]) -> dict[Place, Stretch]:
    """The stretches of log entries in a body's lines; all entries of one are items of one list, or headings."""
    found: dict[Place, Stretch] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    place: Place = (), 0
    kind: tuple[int, str] | None = None
    page = read_page(lines)
    for entry in iter_entries(page):
        start, end = entry.first - 1, entry.last
        source = lines[start]
        own_kind = entry.level, source[: len(source) - len(source.lstrip())]
        previous = found[place] if kind == own_kind else None
        if previous is None or not all(page.is_blank(row) for row in range(previous.end, start)):
            above = tuple(log_key(heading) for heading in entry.sections)
            counts[above] += 1
            place, kind = (above, counts[above]), own_kind
            previous = Stretch(start, start, [])
        logged = Logged(str(entry.day), start - previous.end, list(lines[start:end]))
        found[place] = Stretch(previous.start, end, [*previous.entries, logged])
    return found


def merge_entries(
    base: Sequence[Logged], ours: Sequence[Logged], theirs: Sequence[Logged], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The lines of the merged stretch, and whether the words below an entry are in conflict.

    Kept is every entry of either side that the other did not take out; one that was reworded on both sides
    is kept in both wordings. Two entries are the same if their first lines are. A tick that both sides carried
    out, each on its own day, is one entry, under the earlier day.
    """
    was, mine, other = _by_line(base), _by_line(ours), _by_line(theirs)
    kept: list[Logged] = []
    has_conflict = False
    for key, entry in mine.items():
        before, also = was.get(key), other.get(key)
        if also:
            below = before.lines[1:] if before else []
            lines, is_open = merge_lines(below, entry.lines[1:], also.lines[1:], merge_text)
            has_conflict |= is_open
            kept.append(entry._replace(lines=[entry.lines[0], *lines]))
        elif before is None or before.lines != entry.lines:
            kept.append(entry)
    new = {k: e for k, e in other.items() if k not in mine and (k not in was or was[k].lines != e.lines)}
    days = {entry.tick: entry.day for entry in new.values() if entry.tick}
    kept = [entry for entry in kept if days.get(entry.tick, entry.day) >= entry.day]
    ticks = {entry.tick for entry in kept} - {""}
    gap = _usual_gap(ours if len(ours) > 1 else theirs)
    newest_first = _is_newest_first(ours, theirs, base)
    above: list[str] = []  # the first lines of their entries so far
    for key, entry in other.items():
        if key in new and entry.tick not in ticks:
            place = _place_for(kept, entry, newest_first, above)
            if place == 0 and kept:
                kept[0] = kept[0]._replace(gap=max(kept[0].gap, gap))
            kept.insert(place, entry._replace(gap=gap))
        above.append(entry.first)
    gaps = [0, *(entry.gap for entry in kept[1:])]
    return [
        line for gap, entry in zip(gaps, kept, strict=False) for line in [""] * gap + entry.lines
    ], has_conflict


def _by_line(entries: Sequence[Logged]) -> dict[Key, Logged]:
    """Entries by their first line; of equal ones each is the first, second ... of its kind."""
    counts: Counter[str] = Counter()
    found: dict[Key, Logged] = {}
    for entry in entries:
        counts[entry.first] += 1
        found[entry.first, counts[entry.first]] = entry
    return found


def _usual_gap(entries: Sequence[Logged]) -> int:
    is_heading = bool(entries) and entries[0].first.lstrip().startswith("#")
    return min((entry.gap for entry in entries[1:]), default=1 if is_heading else 0)


def _is_newest_first(*sides: Sequence[Logged]) -> bool:
    """The order of the first side that shows one; a log of one day, or none, grows downwards."""
    ends = [(entries[0].day, entries[-1].day) for entries in sides if entries]
    return next((first > last for first, last in ends if first != last), False)


def _place_for(kept: Sequence[Logged], entry: Logged, newest_first: bool, above: Sequence[str]) -> int:
    """Where an entry of theirs goes: by its day in a log that is in order, else after its neighbour."""
    days = [e.day for e in kept]
    if days == sorted(days, reverse=newest_first):
        return sum(day >= entry.day if newest_first else day <= entry.day for day in days)
    firsts = [e.first for e in kept]
    neighbour = next((line for line in reversed(above) if line in firsts), None)
    if neighbour is None:
        return 0 if newest_first else len(kept)
    return firsts.index(neighbour) + 1
