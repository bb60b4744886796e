"""What somebody typed on a page of ours: the lines of the page that were not written there.

A page ends with a line that no reader shows and that holds a sum of each of its lines, so that any machine finds what was typed, with or
without an index, and also where the notes have changed since. Boxes are not typed: `ticks` reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple
from zlib import crc32

from mdmentor.core.conflict_marks import parse_mark
from mdmentor.core.dates import without_task_signs
from mdmentor.core.markdown.blocks import indent_of, split_line
from mdmentor.core.text import one_line

# A definition of a link that nothing uses: no Markdown reader shows it.
_SUMS = r"\[//\]: # \(((?:[0-9a-f]{5} ?)+)\)"
# What a formatter changes by itself, and what a rename does: the target of a link.
_FORMATTING = r"[\s*_\\|:-]+|(?<=\])\([^()\s]*\)|(?<=\])\(<[^<>]*>\)"
_PERSON = r"[*_]*(?P<link>\[(?:[^\[\]\\]|\\.)*\]\((?:<[^<>]*>|[^()\s]*)\))[*_]*"


class _Line(NamedTuple):
    """A line of the page's body with text in it."""

    number: int  # from 1
    source: str
    sum: str


def sums_of(lines: Sequence[str]) -> str:
    """The last line of a page: the sums of its lines."""
    sums = (_sum(line) for line in lines)
    return f"[//]: # ({' '.join(filter(None, sums))})"


def _sum(line: str) -> str:
    """Five hexadecimal digits for a line's text; "" for a line without any. Boxes, marks and spaces do not count."""
    text = re.sub(_FORMATTING, "", without_task_signs(split_line(line).text))
    return f"{crc32(text.encode('utf-8', 'replace')) & 0xFFFFF:05x}" if text else ""


def find_typed(text: str, read: Collection[int]) -> tuple[str, ...]:
    """What was typed on a page, each item or paragraph on one line; its `read` lines are read as boxes.

    Of a page without sums nothing is known. What is indented below somebody's name begins with the link to them.
    """
    lines = text.split("\n")
    found = (re.fullmatch(_SUMS, line.strip()) for line in lines)
    written = [one for sums in found if sums for one in sums[1].split()]
    if not written:
        return ()
    here = [line for line in _body(lines) if line.number not in read]
    matcher = SequenceMatcher(None, written, [line.sum for line in here], False)
    same = {b + n for _, b, size in matcher.get_matching_blocks() for n in range(size)}
    moved = Counter(written) - Counter(here[row].sum for row in same)
    typed: list[_Line] = []
    for row, line in enumerate(here):
        if row in same:
            continue
        if moved[line.sum]:
            moved[line.sum] -= 1
        else:
            typed.append(line)
    return tuple(_with_person(lines, item) for item in _items(typed))


def _body(lines: Sequence[str]) -> Iterator[_Line]:
    start = 0
    if lines[0].rstrip() == "---":
        start = 2 + sum(1 for _ in takewhile(lambda line: line.rstrip() != "---", lines[1:]))
    for number, line in enumerate(lines[start:], start + 1):
        if not parse_mark(line) and not re.fullmatch(_SUMS, line.strip()) and (found := _sum(line)):
            yield _Line(number, line, found)


def _items(typed: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines of each item with what hangs on it, and of each paragraph."""
    item: list[_Line] = []
    for line in typed:
        is_next = item and line.number == item[-1].number + 1
        is_inside = item and indent_of(line.source) > indent_of(item[0].source)
        if item and not (is_next and (is_inside or not split_line(line.source).mark)):
            yield item
            item = []
        item.append(line)
    if item:
        yield item


def _with_person(lines: Sequence[str], item: Sequence[_Line]) -> str:
    """The words of an item, behind the link of the person below whose name it is."""
    first, *others = (split_line(line.source) for line in item)
    is_person = re.match(_PERSON, first.text)
    words = "" if is_person else first.box
    words += re.sub(_PERSON, lambda found: found["link"], first.text, count=1) if is_person else first.text
    for part in others:
        words += f"{'; ' if part.mark else ' '}{part.text}"
    indent = indent_of(item[0].source)
    for line in reversed(lines[: item[0].number - 1]):
        if line.strip() and indent_of(line) < indent:
            person = re.match(_PERSON, split_line(line).text)
            indent = indent_of(line)
            if person and not is_person:
                box = first.box
                return one_line(f"{box}{person['link']}: {words.removeprefix(box)}")
    return one_line(words)
