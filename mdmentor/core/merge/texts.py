"""The texts of two notes about one person joined: one log, in order, and the rest of one note below a heading in the other.

Lines move, but none is reworded. An entry that is in both logs is kept once, every other line of either text as well.
Entries of another shape than the log, and private ones, stay with the rest of their note.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence, Set
from datetime import date
from typing import NamedTuple

from mdmentor.core import log_entries, names
from mdmentor.core.log_editor import LogLists, find_bare_log, find_lists, insertion_for
from mdmentor.core.log_entries import LogEntry, LogPage, iter_entries, log_key, read_page
from mdmentor.core.log_style import LogLine
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import EDITED, block_state, split_line
from mdmentor.core.model import Heading
from mdmentor.core.privacy import private_lines

_DEFINITION = r"(?m)^ {0,3}\[([^\]\n]+)\]:[ \t]*(.*?)[ \t]*$"


class Title(NamedTuple):
    """The heading above the text of the note that goes."""

    words: str
    level: int  # 0 for the one that fits
    own: Collection[str]  # the folded names of the note that goes: a heading of one of them is its title


class _Addition(NamedTuple):
    """An entry for a log, or more lines of one, with the lines needed before and behind it."""

    row: int  # where it goes
    day: date  # the calendar's first for more lines of an entry
    before: tuple[str, ...]
    lines: tuple[str, ...]
    behind: tuple[str, ...]


def join_bodies(kept: Sequence[str], gone: Sequence[str], title: Title, *, moves_log: bool) -> list[str]:
    """The lines of both notes; with `moves_log` their logs become one."""
    mine, other = read_page(kept), read_page(gone)
    left: list[str | None] = list(gone)  # None for a line that was removed

    def take(first: int, last: int) -> None:
        left[first - 1 : last] = [None] * (last - first + 1)

    kinds = {block.kind for block in mine.body.blocks}
    for block in other.body.blocks:
        if block.kind in kinds and block_state(block.content) != EDITED:
            take(block.line, block.last)
    heading = _title_of(other, title)
    if heading is not None:
        take(heading.line, heading.last)
    result, section = list(kept), list[str]()
    moved: list[tuple[LogEntry, _Addition | None]] = []
    if moves_log:
        if not (find_lists(mine) or find_bare_log(mine)):
            for first, last in _log_sections(other):
                section += [*([""] if section else []), *gone[first - 1 : last]]
                take(first, last)
        moved = [] if section else list(_moved(mine, other))
        result = _with_entries(mine, moved)
        for entry, _ in moved:
            take(entry.first, entry.last)
    emptied = {log_key(heading) for entry, _ in moved for heading in entry.sections[-1:]}
    known = {log_key(heading.text) for heading in mine.body.headings}
    rest = _without_empty(_joined_up(left), log_entries.LOG_HEADINGS | emptied | known)
    levels = [h.level for h in read_body("", "\n".join(rest)).headings]
    if rest:
        announced = f"{'#' * (title.level or max(1, min(levels, default=3) - 1))} {title.words}"
        if heading and not title.level and names.fold_plain(heading.text) == names.fold_plain(title.words):
            announced = other.source(heading.line)
        rest = [announced, "", *rest]
    for part in (section, rest):
        if part:
            result += ["", *part] if result and result[-1].strip() else part
    return result


def label_with_two_meanings(kept: Sequence[str], gone: Sequence[str]) -> str:
    """A label of a link or footnote that the two texts define differently; "" where there is none."""
    ours, theirs = (
        {names.fold(label): said for label, said in re.findall(_DEFINITION, "\n".join(lines))}
        for lines in (kept, gone)
    )
    return next((label for label, said in theirs.items() if ours.get(label, said) != said), "")


def _title_of(page: LogPage, title: Title) -> Heading | None:
    """The heading that opens the note and holds its person's name, in one line."""
    first = next((row for row in range(len(page.lines)) if not page.is_blank(row)), -1)
    found = next((h for h in page.body.headings if h.line == h.last == first + 1 and h.level == 1), None)
    is_own = (
        found and names.fold_plain(found.text) in title.own and page.source(found.line).lstrip()[0] == "#"
    )
    return found if is_own else None


def _log_sections(page: LogPage) -> Iterator[tuple[int, int]]:
    """First and last line of every section that is a log."""
    end = 0
    pure = _sections_of_entries(page)
    for heading in page.body.headings:
        is_log = log_key(heading.text) in log_entries.LOG_HEADINGS or (
            heading.level > 1 and heading.line in pure
        )
        if heading.line > end and is_log:
            below = (h.line for h in page.body.headings if h.line > heading.line and h.level <= heading.level)
            end = min(below, default=len(page.lines) + 1) - 1
            last = end
            while page.is_blank(last - 1):
                last -= 1
            if any(entry.first > heading.line and entry.last <= last for entry in iter_entries(page)):
                yield heading.line, last


def _moved(mine: LogPage, other: LogPage) -> Iterator[tuple[LogEntry, _Addition | None]]:
    """The entries that leave the other note, each with what is added here; None for a double."""
    known: dict[object, list[LogEntry]] = defaultdict(list)
    for words, entry in _by_words(mine):
        known[words].append(entry)
    hidden = private_lines("\n".join(other.lines))
    pure = {line for lines in _sections_of_entries(other).values() for line in lines}
    lists = find_lists(mine)
    for words, entry in _by_words(other):
        levels = {heading.level for heading in other.body.headings if heading.text in entry.sections}
        is_below_title = levels <= {1} and len(entry.sections) < 2  # alone, or below nothing
        if not (log_entries.in_log(entry.sections) or is_below_title or entry.first in pure):
            continue
        lines = other.lines[entry.first - 1 : entry.last]
        alone = {number + entry.first - 1 for number in private_lines("\n".join(lines))}
        if {n for n in hidden if entry.first <= n <= entry.last} != alone:
            continue  # private because of the lines around it
        if doubles := known[words]:
            double = doubles.pop(0)
            there = {line.strip() for line in mine.lines[double.first - 1 : double.last]}
            more = [line for line in lines[1:] if line.strip() and line.strip() not in there]
            shifted = _shifted(more, lines[0], mine.source(double.first))
            yield entry, _Addition(double.last, date.min, (), shifted, ()) if more else None
        elif (place := _place(mine, lists, entry, lines)) is not None:
            yield entry, place


def _sections_of_entries(page: LogPage) -> dict[int, range]:
    """The lines of each section with dated list items alone, a log whatever it is called; by its heading's line."""
    entries = [entry for entry in iter_entries(page) if not entry.level]
    covered = {line for entry in entries for line in range(entry.first, entry.last + 1)}
    found: dict[int, range] = {}
    for number, heading in enumerate(page.body.headings, 1):
        below = page.body.headings[number : number + 1]
        inside = range(heading.last + 1, below[0].line if below else len(page.lines) + 1)
        if not covered.isdisjoint(inside) and all(n in covered or page.is_blank(n - 1) for n in inside):
            found[heading.line] = inside
    return found


def _by_words(page: LogPage) -> list[tuple[tuple[bool, str, str], LogEntry]]:
    """The entries, each with what two equal ones share: whether they are headings, their box and their words."""
    items = {item.line: item for item in page.body.items}
    return [
        ((bool(entry.level), items[entry.first].task, items[entry.first].text), entry)
        for entry in iter_entries(page)
    ]


def _place(page: LogPage, lists: LogLists, entry: LogEntry, lines: Sequence[str]) -> _Addition | None:
    """Where an entry goes in the log of a note; None where that log has another shape."""
    found = insertion_for(page, LogLine(entry.day, "", "x"), lists)
    sample = split_line(found.lines[found.new])
    if (len(sample.mark) if sample.mark.startswith("#") else 0) != entry.level:
        return None
    behind = len(found.lines)
    while not found.lines[behind - 1]:
        behind -= 1
    shifted = _shifted(lines, lines[0], found.lines[found.new])
    return _Addition(found.row, entry.day, found.lines[: found.new], shifted, found.lines[behind:])


def _shifted(lines: Sequence[str], own: str, like: str) -> tuple[str, ...]:
    """Lines of the entry `own`, indented like the entry `like`."""
    old, new = split_line(own).indent, split_line(like).indent
    return tuple(new + line.removeprefix(old) if line.strip() else line for line in lines)


def _with_entries(page: LogPage, moved: Sequence[tuple[LogEntry, _Addition | None]]) -> list[str]:
    """The lines of a note with entries added to its log, in the log's order."""
    days = [entry.day for entry in iter_entries(page)]
    theirs = [entry.day for entry, _ in moved]
    shown = days or theirs
    newest_first = bool(shown) and shown[0] > shown[-1]
    rows: dict[int, list[_Addition]] = defaultdict(list)
    for _, place in moved:
        if place is not None:
            rows[place.row].append(place)
    result = list(page.lines)
    for row in sorted(rows, reverse=True):
        more = [line for one in rows[row] if one.day == date.min for line in one.lines]
        new = [one for one in rows[row] if one.day != date.min]
        new.sort(key=lambda one: one.day, reverse=newest_first)
        added: list[str] = []
        for number, one in enumerate(new):
            last = new[number - 1] if number else None
            if last and one.before == last.before and (any(one.before) or not days):
                del added[len(added) - len(last.behind) :]  # below the same new heading
            else:
                added += one.before
            added += (*one.lines, *one.behind)
        result[row:row] = [*more, *added]
    return result


def _joined_up(lines: Sequence[str | None]) -> list[str]:
    """The lines that are left, with one blank line where some were on both sides of what was removed."""
    result: list[str] = []
    is_joint = True
    for line in lines:
        if line is None:
            is_joint = True
        elif line.strip() or not (is_joint and (not result or not result[-1].strip())):
            result.append(line)
            is_joint = False
    while result and not result[-1].strip():
        result.pop()
    return result


def _without_empty(lines: list[str], known: Set[str]) -> list[str]:
    """The lines without empty sections at or below these headings."""
    while True:
        page = read_page(lines)
        headings = page.body.headings
        for number, heading in reversed(list(enumerate(headings))):
            end = headings[number + 1].line - 1 if number + 1 < len(headings) else len(lines)
            has_below = number + 1 < len(headings) and headings[number + 1].level > heading.level
            is_bare = all(not split_line(line).text.strip() for line in lines[heading.last : end])
            above = _headings_above(headings[: number + 1])
            if is_bare and not has_below and not known.isdisjoint(above):
                lines = _joined_up([*lines[: heading.line - 1], None, *lines[end:]])
                break
        else:
            return lines if any(map(str.strip, lines)) else []


def _headings_above(headings: Sequence[Heading]) -> list[str]:
    """The keys of the last of these headings and of those above it, outermost first."""
    found: list[Heading] = []
    for heading in reversed(headings):
        if not found or heading.level < found[0].level:
            found.insert(0, heading)
    return [log_key(heading.text) for heading in found]
