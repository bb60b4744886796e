"""The log of a contact's note, merged entry by entry: what both sides logged is kept, in the note's order.

A stretch of entries is taken out of each version and one line stands for it while git merges the rest; then
the merged entries go back in its place. Only stretches of dated items or dated headings under a log's
heading are touched; anything else between entries is the text merge's to keep.
"""

from __future__ import annotations

from mdmentor.core.log_headings import LOG_HEADINGS, log_key
from mdmentor.core.origin import tick_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdmentor.core.merge.frontmatter import TextMerge

# No regular expressions in here: compiling them would take longer than the merge.
_ANEW = (">", "```", "~~~", "<!--", "%%", "---", "===", "\ue000")

# Where one stretch stands: the headings above, and which stretch it is below them.
Place = tuple[tuple[str, ...], int]


class Logged:
    """One entry of the log with all lines that belong to it."""

    __slots__ = ("day", "gap", "lines")

    def __init__(self, day: str, gap: int, lines: list[str]) -> None:
        self.day = day  # its digits: 20261014
        self.gap = gap  # blank lines above it
        self.lines = lines


class Stretch:
    """Entries that follow each other with nothing but blank lines between, and the lines they fill."""

    __slots__ = ("end", "entries", "start")

    def __init__(self, start: int, end: int, entries: list[Logged]) -> None:
        self.start = start  # positions from 0
        self.end = end
        self.entries = entries


def find_stretches(lines: Sequence[str]) -> dict[Place, Stretch]:
    """The stretches of log entries in a body's lines."""
    found: dict[Place, Stretch] = {}
    in_code = code_lines(lines)
    above: list[tuple[int, str]] = []
    log = 0  # level of the log's heading; 0 outside
    counts: dict[tuple[str, ...], int] = {}
    place = 0
    while place < len(lines):
        heading = None if place in in_code else _heading(lines[place])
        entry_level = 0
        if heading is not None:
            level, text = heading
            if log and level > log and _day_of(text):
                entry_level = level
            else:
                above = [(n, name) for n, name in above if n < level] + [(level, log_key(text))]
                logs = [n for n, name in above if name in LOG_HEADINGS]
                log = logs[0] if logs else 0
        is_entry = log and place not in in_code and (entry_level or _item(lines[place]))
        if not is_entry:
            place += 1
            continue
        stretch = _read_stretch(lines, place, in_code, entry_level)
        path = tuple(name for _, name in above)
        counts[path] = counts.get(path, 0) + 1
        found[path, counts[path]] = stretch
        place = stretch.end
    return found


def code_lines(lines: Sequence[str]) -> frozenset[int]:
    """Positions of the lines in fenced code, its fences too."""
    inside: set[int] = set()
    fence = ""
    for place, line in enumerate(lines):
        text = line.lstrip(" ")
        sign = text[:1]
        length = len(text) - len(text.lstrip(sign)) if sign in ("`", "~") and len(line) - len(text) < 4 else 0
        if fence:
            inside.add(place)
            if sign == fence[0] and length >= len(fence) and not text[length:].strip():
                fence = ""
        elif length > 2:
            inside.add(place)
            fence = sign * length
    return frozenset(inside)


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words of a line that is a heading."""
    text = line.lstrip(" ")
    if text[:1] != "#" or len(line) - len(text) > 3:
        return None
    words = text.lstrip("#")
    level = len(text) - len(words)
    if level > 6 or (words and words[0] not in " \t"):
        return None
    words = words.strip()
    bare = words.rstrip("#")
    return level, bare.rstrip() if bare != words and (not bare or bare[-1] in " \t") else words


def _item(line: str) -> tuple[int, str] | None:
    """Indentation and day of a line that is an entry of a log as a list item."""
    text = line.lstrip(" ")
    indent = len(line) - len(text)
    mark = text[:1]
    rest = text[1:]
    if mark.isdigit():
        digits = text.lstrip("0123456789")
        rest = digits[1:] if digits[:1] in (".", ")") and len(text) - len(digits) < 10 else ""
    elif mark not in ("-", "*", "+"):
        return None
    if indent > 3 or rest[:1] not in (" ", "\t"):
        return None
    rest = rest.lstrip(" \t")
    if rest[:1] == "[" and rest[2:3] == "]" and rest[3:4] in (" ", "\t"):
        if rest[1] == " ":
            return None  # an open task is no entry
        rest = rest[3:].lstrip(" \t")
    day = _day_of(rest)
    return (indent, day) if day else None


def _day_of(text: str) -> str:
    """The digits of the date that a text begins with, be it dressed as a link or in bold; "" for none."""
    if text[:1] in ("*", "_"):
        text = text[1:].removeprefix(text[0])
    if text.startswith("[["):
        inner = text[2:].partition("]]")[0]
        text = inner.rpartition("/")[2] if "#" not in inner and "|" not in inner else inner
    elif text[:1] in ("[", "("):
        text = text[1:]
    for gap in ("-", "/", ""):
        length = 8 + 2 * len(gap)
        parts = (text[:4], text[4 + len(gap) : 6 + len(gap)], text[length - 2 : length])
        if text.startswith(gap.join(parts)) and all(part.isdecimal() for part in parts):
            day = "".join(parts)
            if day.isascii() and len(day) == 8 and not text[length : length + 1].isdigit():
                return day
    return ""


def _read_stretch(lines: Sequence[str], start: int, in_code: frozenset[int], level: int) -> Stretch:
    entries: list[Logged] = []
    place = end = start
    indent = 0
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        day = _day_at(lines[place], level) if place not in in_code else ""
        item = None if level else _item(lines[place])
        if not day or (item and entries and item[0] != indent):
            break
        indent = item[0] if item else 0
        last = _end_of_heading(lines, place, in_code, level) if level else _end_of_item(lines, place, indent)
        entries.append(Logged(day, place - end if entries else 0, list(lines[place:last])))
        place = end = last
    return Stretch(start, end, entries)


def _day_at(line: str, level: int) -> str:
    """The day of the entry that a line begins; "" where it begins none of that sort."""
    if not level:
        item = _item(line)
        return item[1] if item else ""
    heading = _heading(line)
    return _day_of(heading[1]) if heading and heading[0] == level else ""


def _end_of_item(lines: Sequence[str], start: int, indent: int) -> int:
    """Behind the last line of an item: what is indented deeper, and text that goes on without a gap."""
    end = place = start + 1
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
            continue
        depth = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        if depth <= indent and (place > end or _starts_anew(line)):
            break
        if depth == indent + 1 and place > end:
            break
        place += 1
        end = place
    return end


def _starts_anew(line: str) -> bool:
    """True for a line that does not go on with the text above it."""
    text = line.lstrip()
    bullet = text.lstrip("0123456789")
    if text[:1] in ("-", "*", "+") or (bullet != text and bullet[:1] in (".", ")")):
        rest = text[1:] if bullet == text else bullet[1:]
        if not rest or rest[0] in " \t":
            return True
    return text.startswith(_ANEW) or _heading(line) is not None


def _end_of_heading(lines: Sequence[str], start: int, in_code: frozenset[int], level: int) -> int:
    """Behind the last line of words below a dated heading."""
    end = place = start + 1
    while place < len(lines):
        heading = None if place in in_code else _heading(lines[place])
        if heading and (heading[0] <= level or _day_of(heading[1])):
            break
        place += 1
        if lines[place - 1].strip():
            end = place
    return end


def merge_entries(
    base: Sequence[Logged], ours: Sequence[Logged], theirs: Sequence[Logged], merge_text: TextMerge
) -> tuple[list[str], bool]:
    """The lines of the merged stretch, and whether the words below an entry are in conflict.

    Kept is every entry of either side that the other did not take out; one that was reworded on both sides
    stands in both wordings. Two entries are the same if their first lines are. A tick that both sides carried
    out, each on its own day, is one entry, under the earlier day.
    """
    was, mine, other = _by_line(base), _by_line(ours), _by_line(theirs)
    has_conflict = False
    kept: list[Logged] = []
    for key, entry in mine.items():
        before, also = was.get(key), other.get(key)
        if also is not None:
            lines, is_open = _merge_below(
                before.lines if before else entry.lines[:1], entry.lines, also.lines, merge_text
            )
            has_conflict |= is_open
            kept.append(Logged(entry.day, entry.gap, lines))
        elif before is None or before.lines != entry.lines:
            kept.append(entry)
    gap = _usual_gap(ours) if len(ours) > 1 else _usual_gap(theirs)
    newest_first = _is_newest_first(ours, theirs, base)
    keys = [*other]
    kept = _without_later(kept, [entry for key, entry in other.items() if key not in mine])
    ticks = {tick for entry in kept if (tick := tick_of(entry.lines, entry.day))}
    for number, (key, entry) in enumerate(other.items()):
        before = was.get(key)
        if key in mine or (before is not None and before.lines == entry.lines):
            continue
        if tick_of(entry.lines, entry.day) in ticks:
            continue
        known = {id(e) for e in kept}
        neighbours = [other[k].lines[0].rstrip() for k in keys[:number]]
        place = _place_for(kept, entry, newest_first, neighbours)
        kept.insert(place, Logged(entry.day, gap, entry.lines))
        if place == 0 and len(kept) > 1 and id(kept[1]) in known:
            kept[1] = Logged(kept[1].day, max(kept[1].gap, gap), kept[1].lines)
    told: list[str] = []
    for entry in kept:
        told += [""] * (entry.gap if told else 0) + entry.lines
    return told, has_conflict


def _without_later(kept: Sequence[Logged], others: Sequence[Logged]) -> list[Logged]:
    """Our entries without those ticks that the other side carried out on an earlier day."""
    days = {tick: entry.day for entry in others if (tick := tick_of(entry.lines, entry.day))}
    return [e for e in kept if not days or days.get(tick_of(e.lines, e.day), e.day) >= e.day]


def _by_line(entries: Sequence[Logged]) -> dict[tuple[str, int], Logged]:
    """Entries by their first line; of equal ones each is the first, second ... of its kind."""
    found: dict[tuple[str, int], Logged] = {}
    counts: dict[str, int] = {}
    for entry in entries:
        line = entry.lines[0].rstrip()
        counts[line] = counts.get(line, 0) + 1
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
