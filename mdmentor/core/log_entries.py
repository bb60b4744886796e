"""The entries of a contact's log with all the lines that belong to each, as `interactions.read_own_log` reads them.

Adding to a log and merging two logs both start from here.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mdmentor.core.dates import find_leading_date
from mdmentor.core.log_headings import LOG_HEADINGS, log_key
from mdmentor.core.model import Body, Item


class LogPage(NamedTuple):
    """A note's lines, and what its body holds."""

    lines: tuple[str, ...]  # without their newlines
    body: Body

    def is_blank(self, row: int) -> bool:
        return not self.lines[row].strip()

    def source(self, number: int) -> str:
        return self.lines[number - 1]


class LogEntry(NamedTuple):
    """An entry of the log with all lines that belong to it (numbers from 1)."""

    first: int
    last: int
    day: date
    level: int  # of a heading; 0 for a list item
    sections: tuple[str, ...]  # the headings above


def log_items(body: Body) -> Iterator[tuple[Item, date]]:
    """The list items and headings that are entries of a log, each with its day."""
    for item in body.items:
        if item.kind == "paragraph" or item.task == "open":
            continue
        found = find_leading_date(item.text)
        if found and any(log_key(heading) in LOG_HEADINGS for heading in item.sections):
            yield item, found[0]


def iter_entries(page: LogPage) -> Iterator[LogEntry]:
    """The log's entries from top to bottom; a dated line within an entry is a part of that one."""
    last = 0
    ends = {item.line: item.last for item in page.body.items}
    for item, day in log_items(page.body):
        if item.line > last:
            last = (
                _end_below_heading(page, item) if item.kind == "heading" else _end_of_item(page, item, ends)
            )
            yield LogEntry(item.line, last, day, item.level, item.sections)


def _end_of_item(page: LogPage, item: Item, ends: dict[int, int]) -> int:
    """The last line that hangs on a list item: its continuation and all that is indented deeper."""
    depth = _indent(page.source(item.line))
    last = item.last
    for number in range(last + 1, len(page.lines) + 1):
        if page.is_blank(number - 1) or number <= last:
            continue
        if _indent(page.source(number)) <= depth:
            break
        last = max(number, ends.get(number, 0))
    return last


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _end_below_heading(page: LogPage, item: Item) -> int:
    """The last line of words below a dated heading, up to the next entry or section or a block of ours."""
    stops = [
        heading.line
        for heading in page.body.headings
        if heading.line > item.line and (heading.level <= item.level or find_leading_date(heading.text))
    ]
    stops += [block.line for block in page.body.blocks if block.line > item.line]
    end = min(stops, default=len(page.lines) + 1) - 1
    while end > item.last and page.is_blank(end - 1):
        end -= 1
    return max(end, item.last)
