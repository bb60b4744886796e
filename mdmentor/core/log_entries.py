"""The entries of a contact's log with all the lines that belong to each, as `log.read_own_log` reads them.

Adding to a log and merging two logs both start from here. Talks that are written as records are read here, too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core import names, words
from mdmentor.core.dates import find_leading_date, parse_date
from mdmentor.core.frontmatter import LIST, MAP, SCALAR, Fault, Node, parse_tree
from mdmentor.core.frontmatter.reader import find_fences
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import indent_of
from mdmentor.core.marks import CHANNELS, find_marks, is_mention, split_channel, without_marks
from mdmentor.core.model import HINT, Block, Body, Interaction, Item, Note, Problem

_GAPS = str.maketrans("-_", "  ")


@lru_cache(maxsize=256)  # a vault has many notes and few headings
def log_key(heading: str) -> str:
    """A heading to compare with LOG_HEADINGS, without case, accents, gaps and adornment: `**Log**`, `📞 Log:`."""
    found = re.search(r"(?s)[^\W_](?:.*[^\W_])?", heading)
    return names.fold_plain(found[0].translate(_GAPS)).replace(" ", "") if found else ""


LOG_HEADINGS = frozenset(map(log_key, words.LOG))
_NO_TALKS = words.PLANS | words.LIFE


@lru_cache(maxsize=256)
def in_log(sections: tuple[str, ...]) -> bool:
    """True below these headings if one of them opens a log."""
    return not LOG_HEADINGS.isdisjoint(map(log_key, sections))


@lru_cache(maxsize=256)
def holds_talks(sections: tuple[str, ...]) -> bool:
    """True where a date below these headings is a talk: the innermost for a log, for plans or for a life decides."""
    for heading in reversed(sections):
        if log_key(heading) in LOG_HEADINGS:
            return True
        if words.whole(heading) in _NO_TALKS or _is_for_plans(heading):
            return False
    return True


def _is_for_plans(heading: str) -> bool:
    """Whether a heading of several words is for plans: `Plans for 2026`, `Things to do`, `TODOs`."""
    name = "" if heading[:1].isdecimal() else words.whole(heading)  # a dated one is a talk
    parts = name.split("-")
    is_to_do = name.startswith("to-do-") or name.endswith("-to-do") or log_key(heading) in words.PLANS_OF
    return is_to_do or not words.PLANS_OF.isdisjoint((parts[0], parts[-1]))


_LONGEST_TITLE = 40


def with_titles(items: Sequence[Item]) -> Iterator[Item]:
    """The items; what is nested in a list item that is called like a heading (`- Plans`) has that above it, too.

    Outlines are written so, and in Logseq headings are: `- ## Career`.
    """
    titles: list[Item] = []
    for number, item in enumerate(items, 1):
        while titles and not is_within(item, titles[-1].depth):
            titles.pop()
        if titles:
            item = item._replace(sections=(*item.sections, *[title.text for title in titles]))
        yield item
        if item.kind != "item" or len(item.text) > _LONGEST_TITLE:
            continue
        has_more = number < len(items) and is_within(items[number], item.depth)
        if has_more and (log_key(item.text) in LOG_HEADINGS or words.whole(item.text) in _NO_TALKS):
            titles.append(item)


def is_within(item: Item, depth: int) -> bool:
    """True for a part of the list item of this depth that was met last."""
    return item.depth > depth or (item.kind == "paragraph" and item.depth == depth > 0)


class LogPage(NamedTuple):
    """A note's lines, and what its body holds."""

    lines: tuple[str, ...]  # without their newlines
    body: Body

    def is_blank(self, row: int) -> bool:
        return not self.lines[row].strip()

    def source(self, number: int) -> str:
        return self.lines[number - 1]

    def outside(self, first: int, last: int, moved: int = 0) -> tuple[object, ...]:
        """What the body holds outside the lines `first` to `last`, those below `moved` lines further down."""

        def at(line: int) -> int:
            return line if line < first else line + moved

        links = [
            link._replace(line=at(link.line)) for link in self.body.links if not first <= link.line <= last
        ]
        others: tuple[Item | Block, ...] = (*self.body.items, *self.body.blocks)
        found = [o._replace(line=at(o.line), last=at(o.last)) for o in others if not first <= o.line <= last]
        return links, found


def read_page(lines: Sequence[str], body_line: int = 1) -> LogPage:
    """The lines of a note, whose body begins in line `body_line`."""
    return LogPage(tuple(lines), read_body("", "\n".join(lines[body_line - 1 :]), body_line))


class LogEntry(NamedTuple):
    """An entry of the log with all lines that belong to it (numbers from 1)."""

    first: int
    last: int
    day: date
    level: int  # of a heading; 0 for a list item
    sections: tuple[str, ...]  # the headings above


def log_items(body: Body) -> Iterator[tuple[Item, date]]:
    """The list items and headings that are entries of a log, each with its day."""
    for item in with_titles(body.items):
        if item.kind not in ("item", "heading") or item.task == "open":
            continue
        found = find_leading_date(item.text)
        if found and holds_talks(item.sections):
            yield item, found[0]


def iter_entries(page: LogPage) -> Iterator[LogEntry]:
    """The log's entries from top to bottom; a dated line within an entry is a part of that one."""
    last = 0
    ends = {item.line: item.last for item in page.body.items}
    for item, day in log_items(page.body):
        if item.line > last:
            is_heading = item.kind == "heading"
            last = _end_below_heading(page, item) if is_heading else _end_of_item(page, item, ends)
            yield LogEntry(item.line, last, day, item.level, item.sections)


def _end_of_item(page: LogPage, item: Item, ends: dict[int, int]) -> int:
    """The last line of a list item: its continuation and all that is indented deeper."""
    depth = indent_of(page.source(item.line))
    last = item.last
    for number in range(last + 1, len(page.lines) + 1):
        if number > last and not page.is_blank(number - 1):
            if indent_of(page.source(number)) <= depth:
                break
            last = max(number, ends.get(number, 0))
    return last


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


# Behind a line that a tick wrote: the day of the page, in a comment, which no reader of the note sees.
ORIGIN = "<!-- ticked "
_TICKED = r"[ \t]*<!-- ticked (\d{4}-\d\d-\d\d) -->[ \t]*$"
_SNOOZE_TICKED = r"[ \t]+(?:#|<!--) ticked (\d{4}-\d\d-\d\d)(?: -->)?[ \t]*(?=[\r\n]*\Z)"
_BEFORE_WORDS = " \t#-*+0123456789./()[]:_–—"


def render_origin(page_day: date) -> str:
    """What stands behind the words of a line that was a tick on the page of this day."""
    return f"{ORIGIN}{page_day.isoformat()} -->"


def render_snooze_origin(page_day: date) -> str:
    """What stands behind a snooze in front matter that was a tick on the page of this day: a comment of YAML."""
    return f"# ticked {page_day.isoformat()}"


def find_snooze_origin(line: str) -> date | None:
    """The day of the page on which a snooze was ticked, by its line; None where it was not."""
    found = re.search(_SNOOZE_TICKED, line)
    return parse_date(found[1]) if found else None


def without_snooze_origin(data: bytes, line: int) -> bytes:
    """A note without the comment behind its snooze in line `line` (from 1)."""
    lines = data.splitlines(keepends=True)
    if 0 < line <= len(lines):
        text = lines[line - 1].decode("utf-8", "surrogateescape")
        lines[line - 1] = re.sub(_SNOOZE_TICKED, "", text).encode("utf-8", "surrogateescape")
    return b"".join(lines)


def take_origins(text: str) -> tuple[str, dict[int, date]]:
    """A note's text without the origins of its ticks, and the page's day for each line that had one."""
    if "<" not in text or ORIGIN not in text:
        return text, {}
    days: dict[int, date] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = re.search(_TICKED, line)
        day = parse_date(found[1]) if found else None
        if found and day:
            days[number], lines[number - 1] = day, line[: found.start()]
    return "\n".join(lines), days


def tick_of(lines: Sequence[str]) -> str:
    """What makes two entries of a log the same tick, whatever their days; "" for an entry that was none.

    `lines` are those of the entry.
    """
    text = " ".join(line.strip() for line in lines if line.strip())
    found = re.search(_TICKED, text)
    return f"{found[1]} {text[: found.start()].lstrip(_BEFORE_WORDS)}" if found else ""


# Talks that are written as records: rows of a table with a cell that is a day, and the list `interactions` of front matter.
KEY = "interactions"
_BAR = r"(?<!\\)\|"


def read_row(path: str, header: Item | None, row: Item, links: Sequence[int]) -> list[Interaction]:
    """The talk in a row of a table; none where no cell is a day."""
    cells = _cells(row)
    columns = _cells(header) if header else []
    columns += [""] * (len(cells) - len(columns))
    return _talk(path, row.line, list(zip(columns, cells, strict=False)), tuple(links))


def _cells(row: Item) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(_BAR, row.text)]


def read_listed(note: Note) -> tuple[tuple[Interaction, ...], tuple[Problem, ...]]:
    """The talks in the list `interactions` of a note's front matter, and a hint for each entry without a day.

    An entry is a map with a date, or a text that starts with one.
    """
    field = next((field for field in note.fields if field.key == KEY and field.is_list), None)
    if field is None:
        return (), ()
    nodes, lines = _listed(note.text), [line for line, _ in field.places]
    if len(lines) != len(nodes):
        lines = [field.line] * len(nodes)
    links: dict[int, list[int]] = {}  # the number of a node -> its links
    for n, link in enumerate(note.links):
        if link.field == KEY:
            links.setdefault(bisect_right(lines, link.line) - 1, []).append(n)
    found: list[Interaction] = []
    problems: list[Problem] = []
    for number, (node, line) in enumerate(zip(nodes, lines, strict=True)):
        cells = [(key.text, _words(value, note.text)) for key, value in _pairs(node)]
        text = ": ".join(cells[0]) if cells else _words(node, note.text)
        if start := find_leading_date(text):  # `- 2026-10-14 call: asked`, to YAML a map
            cells = [("", text[: start[1]]), ("", text[start[1] :].strip()), *cells[1:]]
        talk = _talk(note.path, line, cells, tuple(links.get(number, ())))
        found += talk
        if not talk and not is_mention(" ".join(cell for _, cell in cells) or text):
            what, fix = (
                f"entry {number + 1} of {field.name} has no day that is understood",
                "write it as 2026-10-14",
            )
            problems.append(Problem(note.path, line, 1, HINT, "not-understood", what, fix))
    return tuple(found), tuple(problems)


def _listed(text: str) -> list[Node]:
    fences = find_fences(text)
    if fences is None or fences[1] is None:
        return []
    try:
        root = parse_tree(text, fences[0].end(), fences[1].start() + 1)
    except Fault:
        return []
    for key, value in _pairs(root):
        if names.fold_key(key.text) == KEY and value.kind == LIST:
            return value.children
    return []


def _pairs(node: Node | None) -> Iterator[tuple[Node, Node]]:
    children = node.children if node and node.kind == MAP else []
    return zip(children[::2], children[1::2], strict=True)


def _words(value: Node, text: str) -> str:
    return " ".join((value.text if value.kind == SCALAR else text[value.start : value.end]).split())


def _talk(
    path: str, line: int, cells: Sequence[tuple[str, str]], links: tuple[int, ...]
) -> list[Interaction]:
    """The talk of cells with the names of their columns: a day, perhaps a channel, and the words of all others."""
    said: list[str] = []
    day: date | None = None
    channel = ""
    for column, cell in cells:
        if day is None and (day := _day_in(column, cell)):
            if any(words.whole(label) in words.NO_TALK_COLUMN for label in said):
                return []  # of a table of facts: `| Birthday | 1985-10-14 |`
            continue
        is_first = day is not None and not said and len(cells) > 2
        is_channel = words.has(column, words.CHANNEL_COLUMN) or (is_first and cell.lower() in CHANNELS)
        if is_channel and not channel:
            channel = " ".join(cell.lower().split())
        elif cell:
            said.append(cell)
    if day is None or is_mention(" ".join(said)):
        return []
    text = " – ".join(said)
    if not channel:
        channel, text = split_channel(text)
    return [Interaction(day, channel, without_marks(text), find_marks(*said), line, links, path)]


def _day_in(column: str, cell: str) -> date | None:
    """The day that a cell holds and nothing else; None below a name that says that it is no day of a talk."""
    found = find_leading_date(cell)
    if found is None or re.search(r"\w", cell[found[1] :]) or words.has(column, words.NO_TALK_COLUMN):
        return None
    return found[0]
