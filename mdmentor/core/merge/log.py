"""The log of a contact's note, merged entry by entry: what both sides logged is kept, in the note's order.

A stretch of entries is taken out of each version and one line stands for it while git merges the rest; then
the merged entries go back in its place. Anything else between entries is left to the text merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mdmentor.core.log_entries import iter_entries, log_key, read_page, tick_of
from mdmentor.core.merge import TextMerge

# Where a stretch stands: the headings above, and which stretch it is below them.
Place = tuple[tuple[str, ...], int]
# The first line of an entry, and which of the entries with that line it is.
Key = tuple[str, int]


class Logged(NamedTuple):
    """One entry of the log with all lines that belong to it."""

    day: str  # 2026-10-14
    gap: int  # blank lines above it
    lines: list[str]


class Stretch(NamedTuple):
    """Entries that follow each other with nothing but blank lines between, and the lines they fill."""

    start: int  # positions from 0
    end: int
    entries: list[Logged]


def find_stretches(lines: Sequence[str]) -> dict[Place, Stretch]:
    """The stretches of log entries in a body's lines; all entries of one are items of one list, or headings."""
    found: dict[Place, Stretch] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    place: Place | None = None
    kind: tuple[int, str] | None = None
    page = read_page(lines)
    for entry in iter_entries(page):
        start, end = entry.first - 1, entry.last
        source = lines[start]
        own_kind = entry.level, source[: len(source) - len(source.lstrip())]
        previous = found[place] if place and kind == own_kind else None
        if place and previous and all(page.is_blank(row) for row in range(previous.end, start)):
            logged = Logged(str(entry.day), start - previous.end, list(lines[start:end]))
            found[place] = Stretch(previous.start, end, [*previous.entries, logged])
            continue
        above = tuple(log_key(heading) for heading in entry.sections)
        counts[above] += 1
        place, kind = (above, counts[above]), own_kind
        found[place] = Stretch(start, end, [Logged(str(entry.day), 0, list(lines[start:end]))])
    return found


def merge_entries(
    base: Sequence[Logged], ours: Sequence[Logged], theirs: Sequence[Logged], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The lines of the merged stretch, and whether the words below an entry are in conflict.

    Kept is every entry of either side that the other did not take out; one that was reworded on both sides
    stands in both wordings. Two entries are the same if their first lines are. A tick that both sides carried
    out, each on its own day, is one entry, under the earlier day.
    """
    was, mine, other = _by_line(base), _by_line(ours), _by_line(theirs)
    kept, has_conflict = _kept_of_ours(was, mine, other, merge_text)
    new = {
        key: entry for key, entry in other.items() if key not in mine and not _is_same(was.get(key), entry)
    }
    kept = _without_later(kept, list(new.values()))
    ticks = {tick for entry in kept if (tick := tick_of(entry.lines, entry.day))}
    gap = _usual_gap(ours) if len(ours) > 1 else _usual_gap(theirs)
    newest_first = _is_newest_first(ours, theirs, base)
    above: list[str] = []  # the first lines of their entries so far
    for key, entry in other.items():
        if key in new and tick_of(entry.lines, entry.day) not in ticks:
            entry = entry._replace(gap=gap)
            place = _place_for(kept, entry, newest_first, above)
            if place == 0 and kept:
                kept[0] = kept[0]._replace(gap=max(kept[0].gap, gap))
            kept.insert(place, entry)
        above.append(key[0])
    lines: list[str] = []
    for entry in kept:
        lines += [""] * (entry.gap if lines else 0) + entry.lines
    return lines, has_conflict


def _kept_of_ours(
    was: Mapping[Key, Logged], mine: Mapping[Key, Logged], other: Mapping[Key, Logged], merge_text: TextMerge
) -> tuple[list[Logged], bool]:
    """Our entries without those that the other side took out, and whether the words below one are in conflict."""
    kept: list[Logged] = []
    has_conflict = False
    for key, entry in mine.items():
        before, also = was.get(key), other.get(key)
        if also is not None:
            base = before.lines if before else entry.lines[:1]
            lines, is_open = _merge_below(base, entry.lines, also.lines, merge_text)
            has_conflict |= is_open
            kept.append(entry._replace(lines=lines))
        elif not _is_same(before, entry):
            kept.append(entry)
    return kept, has_conflict


def _is_same(before: Logged | None, entry: Logged) -> bool:
    return before is not None and before.lines == entry.lines


def _without_later(kept: Sequence[Logged], others: Sequence[Logged]) -> list[Logged]:
    """Our entries without those ticks that the other side carried out on an earlier day."""
    days = {tick: entry.day for entry in others if (tick := tick_of(entry.lines, entry.day))}
    return [e for e in kept if not days or days.get(tick_of(e.lines, e.day), e.day) >= e.day]


def _by_line(entries: Sequence[Logged]) -> dict[Key, Logged]:
    """Entries by their first line; of equal ones each is the first, second ... of its kind."""
    found: dict[Key, Logged] = {}
    counts: Counter[str] = Counter()
    for entry in entries:
        line = entry.lines[0].rstrip()
        counts[line] += 1
        found[line, counts[line]] = entry
    return found


def _merge_below(
    base: list[str], ours: list[str], theirs: list[str], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """An entry that both sides have, with what stands below its first line."""
    if ours == theirs or theirs == base:
        return ours, False
    if ours == base:
        return theirs, False
    text, has_conflict = merge_text(
        *("\n".join([*lines[1:], ""]) if lines[1:] else "" for lines in (base, ours, theirs))
    )
    return [ours[0], *text.split("\n")[:-1]], has_conflict


def _usual_gap(entries: Sequence[Logged]) -> int:
    is_heading = bool(entries) and entries[0].lines[0].lstrip().startswith("#")
    return min((entry.gap for entry in entries[1:]), default=1 if is_heading else 0)


def _is_newest_first(*sides: Sequence[Logged]) -> bool:
    """The order of the first side that shows one; a log of one day, or none, grows downwards."""
    for entries in sides:
        if entries and entries[0].day != entries[-1].day:
            return entries[0].day > entries[-1].day
    return False


def _place_for(kept: Sequence[Logged], entry: Logged, newest_first: bool, before: Sequence[str]) -> int:
    """Where an entry of theirs goes: by its day in a log that is in order, else behind its neighbour."""
    days = [e.day for e in kept]
    if days == sorted(days, reverse=newest_first):
        if newest_first:
            return sum(day >= entry.day for day in days)
        return sum(day <= entry.day for day in days)
    for line in reversed(before):
        for place, other in enumerate(kept):
            if other.lines[0].rstrip() == line:
                return place + 1
    return 0 if newest_first else len(kept)
