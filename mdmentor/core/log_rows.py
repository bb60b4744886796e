"""Talks that are written as records: the rows of a table, and the list `interactions` of front matter.

A row is a talk if one of its cells is a day; the column's name may say that the day is another one, as Due or Born.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from mdmentor.core import dates, names, words
from mdmentor.core.frontmatter import LIST, MAP, SCALAR, Fault, Node, parse_tree
from mdmentor.core.frontmatter.reader import find_fences
from mdmentor.core.marks import CHANNELS, find_marks, is_mention, split_channel, without_marks
from mdmentor.core.model import Interaction, Item, Note

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


def read_listed(note: Note) -> list[Interaction]:
    """The talks in the list `interactions` of a note's front matter: maps with a date, or texts that start with one."""
    field = next((field for field in note.fields if field.key == KEY and field.is_list), None)
    if field is None:
        return []
    nodes, lines = _listed(note.text), [line for line, _ in field.places]
    if len(lines) != len(nodes):
        lines = [field.line] * len(nodes)
    links: dict[int, list[int]] = {}  # the number of a node -> its links
    for n, link in enumerate(note.links):
        if link.field == KEY:
            links.setdefault(bisect_right(lines, link.line) - 1, []).append(n)
    found: list[Interaction] = []
    for number, (node, line) in enumerate(zip(nodes, lines, strict=True)):
        cells = [(key.text, _words(value, note.text)) for key, value in _pairs(node)]
        text = ": ".join(cells[0]) if cells else _words(node, note.text)
        if start := dates.find_leading_date(text):  # `- 2026-10-14 call: asked`, to YAML a map
            cells = [("", text[: start[1]]), ("", text[start[1] :].strip()), *cells[1:]]
        found += _talk(note.path, line, cells, tuple(links.get(number, ())))
    return found


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
    found = dates.find_leading_date(cell)
    if found is None or re.search(r"\w", cell[found[1] :]) or words.has(column, words.NO_TALK_COLUMN):
        return None
    return found[0]
