"""Lines added to a note: an entry of a contact's log, in the log's own style, or a list item; lines taken out.

The place is found as the log is read later. The note is read again afterwards, and unless everything else reads
as before and the new line counts, the change is refused with UnsafeEdit. No other line is changed or moved.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core import edit, log_entries, names
from mdmentor.core.day_formats import period_for
from mdmentor.core.edit import Edit, OpenNote, UnsafeEdit, edited, line_starts
from mdmentor.core.log_entries import LogEntry, LogPage, iter_entries, log_key
from mdmentor.core.log_style import LogLine, LogStyle, style_of, written
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.marks import CHANNELS
from mdmentor.core.model import Block, Heading
from mdmentor.core.text import one_line

# The entries of a log by the line of the heading above them; 0 for none.
LogLists = Mapping[int, Sequence[LogEntry]]


class Insertion(NamedTuple):
    """Lines to come before the line at position `row` (from 0)."""

    row: int
    lines: tuple[str, ...]
    new: int = 0  # the position among them of the line that was asked for


def add_log_line(data: bytes, line: LogLine) -> tuple[bytes, int]:
    """The note's bytes with one more entry in its log, and the number of its line.

    The entry goes where its date belongs: to the end, or to the top of a log that has its newest entry
    first; a log of one day only, or none, grows downwards. It is written as the nearest entry is. Without
    a log a heading `Log` is added at the note's end. Raises UnsafeEdit, with nothing changed.
    """
    note = OpenNote(data)
    line = line._replace(channel=one_line(line.channel), text=edit.safe_words(line.text))

    def is_entry(after: LogPage, number: int, end: int) -> bool:
        found = log_entries.log_items(after.body)
        return any(item.line == number and item.last <= end and day == line.date for item, day in found)

    return _insert(note, insertion_for(note.page, line), is_entry)


def add_item(data: bytes, words: str, under: Collection[str], heading: str = "") -> tuple[bytes, int]:
    """The note with one more list item, and the number of its line.

    It goes to the end of the list below the first heading whose folded text is in `under`, else to the note's
    end, below a new `heading` where one is given. An empty bullet there stays below it. Raises UnsafeEdit.
    """
    note = OpenNote(data)
    page, body_line = note.page, note.head.body_line
    words = edit.safe_words(words)
    atx = (heading for heading in page.body.headings if _is_atx(page, heading))
    start = next((h.line + 1 for h in atx if names.fold_key(h.text.rstrip(":")) in under), body_line)
    box = split_line(f"- {words}").box
    stops = page.body.headings if start > body_line else ()
    end = _end_before(page, start, (*stops, *page.body.blocks))

    def is_item(after: LogPage, number: int, end: int) -> bool:
        text = words.removeprefix(box)
        return any(i.line == number and i.kind == "item" and i.text == text for i in after.body.items)

    item = f"{_usual_bullet(page)} {words}"
    if heading and start == body_line:
        return _insert(note, _section(page, f"## {heading}", item), is_item)
    return _insert(note, _append(page, start, end, item), is_item)


def remove_lines(data: bytes, first: int, last: int, text: str) -> bytes:
    """The note without its lines `first` to `last` (from 1), which hold items; the first reads `text`.

    Raises UnsafeEdit where they no longer do.
    """
    note = OpenNote(data)
    if not any(item.line == first and item.text == text for item in note.page.body.items):
        raise UnsafeEdit(f"line {first} does not hold what it held", edit.CHANGED)
    starts = [*line_starts(note.text), len(note.text)]
    result = edited(note, [Edit(starts[first - 1], starts[last], "")])
    around = note.page.outside(first, last, first - last - 1)
    if OpenNote(result).page.outside(first, first - 1) != around:
        reason = f"without line {first} the lines around it would read otherwise"
        raise UnsafeEdit(reason, "take it out by hand")
    return result


def _insert(
    note: OpenNote, insertion: Insertion, is_read: Callable[[LogPage, int, int], bool]
) -> tuple[bytes, int]:
    """The note with these lines, and with blank lines around them where needed, and the number of the new line.

    `is_read` says whether the new line, by its number and that of the last line put in, counts.
    """
    row, page = insertion.row, note.page
    ways: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), ()), ((), ("",)), (("",), ()), (("",), ("",))]
    if _needs_room(page, insertion):
        ways.sort(key=lambda way: not way[1])
    starts = line_starts(note.text)
    is_open = row >= len(starts)  # at the end of a note without a last newline, which stays without one
    place = len(note.text) if is_open else starts[row]
    for above, below in ways:
        lines = (*above, *insertion.lines, *below)
        text = "".join(f"\n{line}" if is_open else f"{line}\n" for line in lines)
        result = edited(note, [Edit(place, place, text)])
        after = OpenNote(result)
        number, end = row + len(above) + insertion.new + 1, row + len(lines)
        if (
            after.head.body_line == note.head.body_line
            and is_read(after.page, number, end)
            and after.page.outside(row + 1, end) == page.outside(row + 1, row, len(lines))
        ):
            return result, number
    raise UnsafeEdit(
        "a line put here would not be read as one, or would change how the lines around it read",
        "close what is left open (a code block, a comment), or write the line in your editor",
    )


def _needs_room(page: LogPage, insertion: Insertion) -> bool:
    """Whether a new list item would be right above a heading, in a note that has blank lines around its headings."""
    row, headings = insertion.row, page.body.headings
    is_item = insertion.lines[-1] != "" and split_line(insertion.lines[insertion.new]).mark[:1] != "#"
    if not is_item or not any(heading.line == row + 1 for heading in headings):
        return False
    edges = [row - 1, *(h.line - 2 for h in headings), *(h.last for h in headings)]
    is_below_heading = any(heading.last == row for heading in headings)
    return is_below_heading or any(0 <= edge < len(page.lines) and page.is_blank(edge) for edge in edges)


# Where a line goes

# Headings that mean a log even above other words; under "History" there may be a life.
_SURELY_LOG = frozenset({"log", "interactions", "interactionlog", "contactlog"})
_NEAREST = 50  # entries whose style is looked at
# A text that begins so is a paragraph and nothing else.
_PARAGRAPH = r"[^\W\d_]|\[\[|[\"“‘(@]"


def _append(page: LogPage, start: int, end: int, text: str) -> Insertion:
    """A list item as the last of the lines `start` to `end`; blank lines there stay around it."""
    filled = [number for number in range(start, end + 1) if not page.is_blank(number - 1)]
    if not filled:
        has_room = end - start >= 1 or (end >= start and end == len(page.lines))
        return Insertion(start if has_room else start - 1, (text,))
    last = filled[-1]
    parts = split_line(page.source(last))
    if parts.is_item and not (parts.box or parts.text) and len(parts.indent) <= 3:
        return Insertion(last - 1, (text,))  # a template's empty bullet stays last
    if any(heading.line == last for heading in page.body.headings):
        return Insertion(last + (last < end and page.is_blank(last)), (text,))
    if any(item.kind == "item" and item.line <= last <= item.last for item in page.body.items):
        return Insertion(last, (text,))
    return Insertion(last, ("", text), 1)


def _end_before(page: LogPage, start: int, stops: Sequence[Heading | Block]) -> int:
    """The last line before the next of these headings and blocks from line `start` on."""
    return min((stop.line for stop in stops if stop.line >= start), default=len(page.lines) + 1) - 1


def _is_atx(page: LogPage, heading: Heading) -> bool:
    return split_line(page.source(heading.line)).mark.startswith("#")


def _usual_bullet(page: LogPage) -> str:
    marks = (split_line(page.source(item.line)).mark for item in page.body.items if item.kind == "item")
    return next((mark for mark in marks if mark in ("-", "*", "+")), "-")


def insertion_for(page: LogPage, line: LogLine, lists: LogLists | None = None) -> Insertion:
    """The place of a new entry: in the list that holds the newest entries of a log, else below a log's heading.

    Without either it is a list elsewhere that looks like a log, or a new section. `lists` are the page's, where they
    are known already.
    """
    lists = find_lists(page) if lists is None else lists
    if lists:
        newest = max(lists, key=lambda first: max(entry.day for entry in lists[first]))
        return _beside(page, newest, lists[newest], line)
    entry = written(LogStyle(f"{_usual_bullet(page)} "), line)
    if place := find_bare_log(page):
        return _append(page, *place, entry)
    levels = [heading.level for heading in page.body.headings]
    has_title = levels[:1] == [1] and levels.count(1) == 1  # sections are below it, not beside
    level = min(levels[1:] if has_title else levels, default=2)
    return _section(page, f"{'#' * level} Log", entry)


def find_lists(page: LogPage) -> LogLists:
    """The entries of the log; those of lists elsewhere that look like one where the note has no log, nor a heading for it."""
    in_logs, elsewhere = dict[int, list[LogEntry]](), dict[int, list[LogEntry]]()
    entries = tuple(iter_entries(page))
    dated = {entry.first for entry in entries}
    logs = _log_headings(page)
    others = [heading for heading in page.body.headings if heading.line not in dated]
    for entry in entries:
        found, above = (in_logs, logs) if log_entries.in_log(entry.sections) else (elsewhere, others)
        first = max((heading.line for heading in above if heading.line < entry.first), default=0)
        found.setdefault(first, []).append(entry)
    if in_logs or find_bare_log(page):
        return in_logs
    return {first: entries for first, entries in elsewhere.items() if _is_like_log(page, first, entries)}


def find_bare_log(page: LogPage) -> tuple[int, int] | None:
    """The first and last line below the heading of a log in a note that has no entries in one yet; None without."""
    for log in _log_headings(page):
        start = log.last + (1 if _is_atx(page, log) else 2)  # behind the line that underlines it
        end = _end_before(page, start, (*page.body.headings, *page.body.blocks))
        if log_key(log.text) in _SURELY_LOG or all(map(page.is_blank, range(start - 1, end))):
            return start, end
    return None


def _log_headings(page: LogPage) -> list[Heading]:
    return [heading for heading in page.body.headings if log_key(heading.text) in log_entries.LOG_HEADINGS]


def _is_like_log(page: LogPage, first: int, entries: Sequence[LogEntry]) -> bool:
    """Whether entries outside of a log are one: by the heading above (none, a title, Meetings, Calls), or by a channel."""
    above = next((heading for heading in page.body.headings if heading.line == first), None)
    is_meant = above is None or above.level == 1 or log_key(above.text).removesuffix("s") in CHANNELS
    return is_meant or any(style_of(page.source(entry.first)).has_channel for entry in entries)


def _beside(page: LogPage, above: int, entries: Sequence[LogEntry], line: LogLine) -> Insertion:
    """A new entry before or behind one of the log's entries."""
    days = [entry.day for entry in entries]
    newest_first = days[0] > days[-1]
    is_sorted = days == sorted(days, reverse=newest_first)
    earlier = [number for number, day in enumerate(days) if day <= line.date]
    if newest_first:
        number = 0 if not is_sorted else earlier[0] if earlier else len(days)
    else:
        number = len(days) if not is_sorted else earlier[-1] + 1 if earlier else 0
    is_behind = number > 0 and (not newest_first or number == len(days))
    near = entries[number - 1 if is_behind else number]
    texts = _entry_lines(page, near, entries, line, is_behind)
    gap = ("",) * _gap(page, near, entries)
    period = _period(page, above, near)
    title = period_for(period.text, line.date) if period else ""
    if period and number in (0, len(days)) and title != period.text:
        start = page.source(period.line).replace(period.text, title, 1)
        below = ("",) if page.is_blank(period.line) else ()
        if is_behind:
            return Insertion(near.last, ("", start, *below, *texts), 2 + len(below))
        return Insertion(period.line - 1, (start, *below, *texts, ""), 1 + len(below))
    if is_behind:
        return Insertion(near.last, (*gap, *texts), len(gap))
    return Insertion(near.first - 1, (*texts, *gap))


def _gap(page: LogPage, near: LogEntry, entries: Sequence[LogEntry]) -> int:
    """How many blank lines are between two entries; between headings one where there are none yet."""
    gaps = [
        below.first - above.last - 1
        for above, below in pairwise(entries)
        if all(page.is_blank(row) for row in range(above.last, below.first - 1))
    ]
    return min(gaps, default=1 if near.level else 0)


def _period(page: LogPage, first: int, near: LogEntry) -> Heading | None:
    """The heading of the year or month above an entry, in a log that is divided so."""
    above = [heading for heading in page.body.headings if first < heading.line < near.first]
    if above and period_for(above[-1].text, near.day) and _is_atx(page, above[-1]):
        return above[-1]
    return None


def _entry_lines(
    page: LogPage, near: LogEntry, entries: Sequence[LogEntry], line: LogLine, is_behind: bool
) -> tuple[str, ...]:
    """The lines of a new entry, written as the entries nearest to its place are."""
    alike = [entry for entry in entries if bool(entry.level) == bool(near.level)]
    alike.sort(key=lambda entry: abs(entry.first - near.first))
    styles = [style_of(page.source(entry.first)) for entry in alike[:_NEAREST]]
    styles = [style for style in styles if style.has_text] or styles
    style = next((style for style in styles if style.has_channel == bool(line.channel)), styles[0])
    if is_behind and not near.level:
        lead = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), style.lead, count=1)
        style = style._replace(lead=lead)
    above = next((entry for entry in alike if entry.last > entry.first), None)
    if not near.level or style.has_text or above is None or not re.match(_PARAGRAPH, line.text):
        return (written(style, line),)
    below = next(row for row in range(above.first, above.last) if not page.is_blank(row))
    mark = split_line(page.lines[below]).mark
    text = f"{mark} {line.text}" if mark in ("-", "*", "+") else line.text
    return (written(style, line._replace(text="")), *[""] * (below - above.first), text)


def _section(page: LogPage, title: str, item: str) -> Insertion:
    """A new section at the note's end, with the blank lines that the others have."""
    end = len(page.lines)
    below = Counter(page.is_blank(h.line) for h in page.body.headings if h.line < end)
    texts = [title, item]
    if below[True] >= below[False]:
        texts.insert(1, "")
    if end and not page.is_blank(end - 1):
        texts.insert(0, "")
    return Insertion(end, tuple(texts), len(texts) - 1)
