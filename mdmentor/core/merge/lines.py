"""A three-way merge of a note's body: what only one side changed, our blocks, and the log entry by entry.

Each block and each stretch of log entries is replaced by one line while git merges the rest. Then the content to keep and
the merged entries go back: what both sides logged, in the note's order. All else is merged as text.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from mdmentor.core.conflict_marks import split_conflicts
from mdmentor.core.log_entries import iter_entries, log_key, read_page, tick_of
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import EDITED, block_state, split_line
from mdmentor.core.text import split_lines

T = TypeVar("T")
K = TypeVar("K")
Lines = list[str]

# base, ours, theirs -> the merged text, and whether it holds a conflict
TextMerge = Callable[[str, str, str], tuple[str, bool]]

# Begins a line in place of what is merged apart; a note that holds this character is merged as text.
SIGN = "\ue000"
OURS, THEIRS = "ours", "theirs"


def changed_side(base: T, ours: T, theirs: T) -> str:
    """The side whose version the merge is; "" where both changed it, each in its own way."""
    if theirs in (ours, base):
        return OURS
    return THEIRS if ours == base else ""


def merge_lines(base: Lines, ours: Lines, theirs: Lines, merge_text: TextMerge) -> tuple[Lines, bool]:
    """The merged lines, and whether they hold a conflict."""
    if side := changed_side(base, ours, theirs):
        return (ours if side == OURS else theirs), False
    versions = ("".join(f"{line}\n" for line in lines) for lines in (base, ours, theirs))
    text, has_conflict = merge_text(*versions)
    return split_lines(text), has_conflict


def merge_bodies(base: Lines, ours: Lines, theirs: Lines, merge_text: TextMerge) -> tuple[Lines, bool]:
    """The merged lines below the front matter, and whether they hold a conflict."""
    if changed_side(base, ours, theirs):
        return merge_lines(base, ours, theirs, merge_text)
    blocks, versions = _without_blocks(base, ours, theirs)
    merged = _merge_around_log(versions, merge_text) or merge_lines(*_same_ticks(versions), merge_text)
    return _put_back(merged[0], blocks), merged[1]


def _with_signs(lines: Lines, spans: Mapping[K, tuple[int, int]], signs: Mapping[K, str]) -> Lines:
    """The lines with a sign in place of each span that has one."""
    result = list(lines)
    for key, (start, end) in sorted(spans.items(), key=lambda item: item[1], reverse=True):
        if key in signs:
            result[start:end] = [signs[key]]
    return result


def _put_back(lines: Lines, contents: Mapping[str, Lines]) -> Lines:
    return [inner for line in lines for inner in contents.get(line, [line])]


def _same_ticks(versions: Sequence[Lines]) -> tuple[Lines, Lines, Lines]:
    """The versions with every box that only one side ticked in its merged state.

    A text merge would take two boxes ticked on neighbouring lines for a conflict.
    """
    base, ours, theirs = map(list, versions)
    b, o, t = map(_boxes, (base, ours, theirs))
    for task in b.keys() & o.keys() & t.keys():
        boxes = b[task][1], o[task][1], t[task][1]
        if side := changed_side(*boxes):
            for lines, found in ((base, b), (ours, o), (theirs, t)):
                place = found[task][0]
                line, at = lines[place], split_line(lines[place]).box_at
                lines[place] = line[:at] + boxes[1 if side == OURS else 2] + line[at + 1 :]
    return base, ours, theirs


def _boxes(lines: Lines) -> dict[str, tuple[int, str]]:
    """Tasks that occur once: the line without its box -> position, box."""
    found: dict[str, list[tuple[int, str]]] = {}
    for place, line in enumerate(lines):
        if at := split_line(line).box_at:
            found.setdefault(line[:at] + line[at + 1 :].rstrip(), []).append((place, line[at]))
    return {task: boxes[0] for task, boxes in found.items() if len(boxes) == 1}


def _without_blocks(*versions: Lines) -> tuple[dict[str, Lines], list[Lines]]:
    """Sign -> content of each block, and the versions (base, ours, theirs) with the sign in its place.

    A block that both sides edited, or one edited and the other removed, is merged as text.
    """
    sides = [(lines, blocks_in(lines)) for lines in versions]
    signs: dict[tuple[str, int], str] = {}
    kept: dict[str, Lines] = {}
    for key in dict.fromkeys(key for _, side in sides for key in side):
        content = _block_to_keep(
            *(lines[slice(*side[key])] if key in side else None for lines, side in sides)
        )
        if content is not None:
            signs[key] = f"{SIGN}block {len(signs)}"
            kept[signs[key]] = content
    return kept, [_with_signs(lines, side, signs) for lines, side in sides]


def _block_to_keep(base: Lines | None, ours: Lines | None, theirs: Lines | None) -> Lines | None:
    """The content to keep of a block; None where it is merged as text."""
    if ours == theirs:
        return ours
    is_mine, is_other = _is_edited(ours), _is_edited(theirs)
    if ours is None or theirs is None:
        return None if is_mine or is_other else (ours or theirs or [])
    if is_mine and is_other:
        side = changed_side(base, ours, theirs)
        return ours if side == OURS else theirs if side else None
    return theirs if is_other else ours


def _is_edited(content: Lines | None) -> bool:
    return content is not None and block_state("\n".join(content)) == EDITED


def blocks_in(lines: Sequence[str]) -> dict[tuple[str, int], tuple[int, int]]:
    """The kind of each block, with its number among these -> the positions of its content."""
    blocks = read_body("", "\n".join(lines)).blocks if any("mdmentor" in line for line in lines) else ()
    return _numbered((block.kind, (block.line, block.last - 1)) for block in blocks)


def _numbered(found: Iterable[tuple[K, T]]) -> dict[tuple[K, int], T]:
    """Values by their key and their number among those with this key."""
    counts: Counter[K] = Counter()
    result = {}
    for key, value in found:
        result[key, counts[key]] = value
        counts[key] += 1
    return result


# The log

# The place of a stretch: the headings above, and its number below these.
Place = tuple[tuple[str, ...], int]


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
        """Identifies the tick that the entry comes from; "" where it comes from none."""
        return tick_of(self.lines)


class Stretch(NamedTuple):
    """Entries with nothing but blank lines between them, and the lines they fill."""

    start: int  # positions from 0
    end: int
    entries: list[Logged]


def find_stretches(lines: Sequence[str]) -> dict[Place, Stretch]:
    """The stretches of log entries in a body; the entries of one are all items of one list, or all headings."""
    found: list[tuple[tuple[str, ...], Stretch]] = []
    last_kind: tuple[int, str] | None = None
    page = read_page(lines)
    for entry in iter_entries(page):
        start, end = entry.first - 1, entry.last
        source = lines[start]
        kind = entry.level, source[: len(source) - len(source.lstrip())]
        if kind != last_kind or not all(page.is_blank(row) for row in range(found[-1][1].end, start)):
            found.append((tuple(map(log_key, entry.sections)), Stretch(start, start, [])))
            last_kind = kind
        above, stretch = found[-1]
        logged = Logged(str(entry.day), start - stretch.end, list(lines[start:end]))
        stretch.entries.append(logged)
        found[-1] = above, stretch._replace(end=end)
    return _numbered(found)


def _merge_around_log(versions: Sequence[Lines], merge_text: TextMerge) -> tuple[Lines, bool] | None:
    """The body with its log merged by entry; None where it has none, or the log's place is in doubt."""
    logs = [find_stretches(lines) for lines in versions]
    signs = {place: f"{SIGN}log {n}" for n, place in enumerate(dict.fromkeys(chain(*logs)))}
    if not signs:
        return None
    spans = [{place: (stretch.start, stretch.end) for place, stretch in log.items()} for log in logs]
    rest = [_with_signs(lines, places, signs) for lines, places in zip(versions, spans, strict=True)]
    lines, has_conflict = merge_lines(*_same_ticks(rest), merge_text)
    outside = split_conflicts(lines) or [] if has_conflict else lines
    merged: dict[str, Lines] = {}
    for place, sign in signs.items():
        b, o, t = (log[place].entries if place in log else [] for log in logs)
        merged[sign], is_open = merge_entries(b, o, t, merge_text)
        is_certain = lines.count(sign) == outside.count(sign) == 1
        if not is_certain and (merged[sign] or sign in lines):
            return None
        has_conflict |= is_open
    return _put_back(lines, merged), has_conflict


def merge_entries(
    base: Sequence[Logged], ours: Sequence[Logged], theirs: Sequence[Logged], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The lines of the merged stretch, and whether the words below an entry are in conflict.

    Every entry of either side stays unless the other removed it; one that both sides reworded stays in both
    wordings. Two entries are the same if their first lines are. A tick that both sides carried out, each on its
    own day, is one entry, under the earlier day.
    """
    was, mine, other = (_numbered((entry.first, entry) for entry in side) for side in (base, ours, theirs))
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
    spaced_like = ours if len(ours) > 1 else theirs
    is_heading = spaced_like[:1] and spaced_like[0].first.lstrip().startswith("#")
    gap = min((entry.gap for entry in spaced_like[1:]), default=1 if is_heading else 0)
    newest_first = _is_newest_first(ours, theirs, base)
    above: list[str] = []  # the first lines of their entries so far
    for key, entry in other.items():
        if key in new and entry.tick not in ticks:
            place = _place_for(kept, entry, newest_first, above)
            if place == 0 and kept:
                kept[0] = kept[0]._replace(gap=max(kept[0].gap, gap))
            kept.insert(place, entry._replace(gap=gap))
        above.append(entry.first)
    spaced = [[""] * (entry.gap if number else 0) + entry.lines for number, entry in enumerate(kept)]
    return list(chain.from_iterable(spaced)), has_conflict


def _is_newest_first(*sides: Sequence[Logged]) -> bool:
    """The order of the first side that has one; a log without an order grows downwards."""
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
