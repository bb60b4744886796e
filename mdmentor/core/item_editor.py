"""One list item put into a note, or some of its lines taken out: for daily notes and the inbox.

The note is read again afterwards; unless everything else reads as it did before, the change is refused with
UnsafeEdit. Lines that nobody named are not touched.
"""

import re
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.edit import (
    Edit,
    RawNote,
    UnsafeEdit,
    apply,
    encode_raw,
    find_lines,
    newline_before,
    read_for_edit,
)
from mdmentor.core.frontmatter.reader import Head
from mdmentor.core.log_editor import LogLine, cleaned
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import Body

_EMPTY_ITEM = r" {0,3}[-*+][ \t]*"
_BULLET = r"(?P<indent>[ \t]*)(?P<bullet>[-*+])[ \t]"
_ATX = r" {0,3}#{1,6}(?:[ \t]|\Z)"
_ANY_DAY = date(2000, 1, 1)  # a line's words are cleaned whatever its day
_AGAIN = "the note has changed meanwhile, try again"


class _Page(NamedTuple):
    """A note as it is looked at here: lines without their newlines, and what its body holds."""

    lines: tuple[str, ...]
    body: Body


def add_item(data: bytes, words: str, under: Collection[str]) -> tuple[bytes, int]:
    """The note with one list item more, and the number of its line.

    It goes to the end of the list below the first heading whose folded text is in `under`, else to the note's
    end. A bullet that waits there empty goes on waiting below it. Raises UnsafeEdit.
    """
    note, head = read_for_edit(data)
    page = _read_page(note, head)
    words = cleaned(LogLine(_ANY_DAY, "", words)).text
    row, is_below_words, is_below_item = _place(page, head, under)
    item = f"{_usual_bullet(page)} {words}"
    for above, below in (((), ()), ((), ("",)), (("",), ()), (("",), ("",))):
        if is_below_words and not is_below_item and not above:
            continue
        texts = (*above, item, *below)
        result = encode_raw(note._replace(text=apply(note.text, [_insertion(note, row, texts)])))
        number = row + len(above) + 1
        after = _read_page(*read_for_edit(result))
        is_item = any(i.line == number and i.kind == "item" and i.text == words for i in after.body.items)
        if is_item and _rest(after, row + 1, row + len(texts)) == _rest(page, row + 1, row, len(texts)):
            return result, number
    raise UnsafeEdit("a line put here would not be read as one", "write it in your editor")


def remove_lines(data: bytes, first: int, last: int, text: str) -> bytes:
    """The note without its lines `first` to `last` (from 1), which hold the items whose first reads `text`.

    Raises UnsafeEdit where they do not any more.
    """
    note, head = read_for_edit(data)
    page = _read_page(note, head)
    if not any(item.line == first and item.text == text for item in page.body.items):
        raise UnsafeEdit(f"line {first} does not hold what it held", _AGAIN)
    lines = find_lines(note.text)
    edit = Edit(lines[first - 1].start, lines[last - 1].next, "")
    result = encode_raw(note._replace(text=apply(note.text, [edit])))
    after = _read_page(*read_for_edit(result))
    if _rest(after, first, first - 1) != _rest(page, first, last, first - last - 1):
        raise UnsafeEdit(
            f"without line {first} the lines around it would read otherwise", "take it out by hand"
        )
    return result


def _read_page(note: RawNote, head: Head) -> _Page:
    lines = tuple(note.text[line.start : line.end] for line in find_lines(note.text))
    return _Page(lines, read_body("", "\n".join(lines[head.body_line - 1 :]), head.body_line))


def _rest(page: _Page, first: int, last: int, moved: int = 0) -> tuple[object, ...]:
    """What the body holds outside the lines `first` to `last`, those below `moved` lines further down."""

    def at(line: int) -> int:
        return line if line < first else line + moved

    def is_outside(line: int) -> bool:
        return not first <= line <= last

    body = page.body
    return (
        [i._replace(line=at(i.line), last=at(i.last)) for i in body.items if is_outside(i.line)],
        [link._replace(line=at(link.line)) for link in body.links if is_outside(link.line)],
        [b._replace(line=at(b.line), last=at(b.last)) for b in body.blocks if is_outside(b.line)],
    )


def _place(page: _Page, head: Head, under: Collection[str]) -> tuple[int, bool, bool]:
    """The row (from 0) before which an item goes, whether words stand above, and whether they are a list."""
    start, end = head.body_line, len(page.lines)
    for number, heading in enumerate(page.body.headings):
        is_atx = re.match(_ATX, page.lines[heading.line - 1])
        if is_atx and names.fold_key(heading.text.rstrip(":")) in under:
            start = heading.line + 1
            below = page.body.headings[number + 1 :]
            end = below[0].line - 1 if below else end
            break
    for block in page.body.blocks:
        if start <= block.line <= end:
            end = block.line - 1
    filled = [n for n in range(start, end + 1) if page.lines[n - 1].strip()]
    if not filled:
        has_room = end - start >= 1 or (end >= start and end == len(page.lines))
        return (start if has_room else start - 1), False, False
    last = filled[-1]
    if re.fullmatch(_EMPTY_ITEM, page.lines[last - 1]):
        above = [n for n in filled if n < last]
        return last - 1, bool(above), True
    is_list = any(i.kind == "item" and i.line <= last <= i.last for i in page.body.items)
    if any(h.line == last for h in page.body.headings):
        has_room = last < end and not page.lines[last].strip()
        return last + has_room, True, True
    return last, True, is_list


def _usual_bullet(page: _Page) -> str:
    bullets = (
        re.match(_BULLET, page.lines[item.line - 1]) for item in page.body.items if item.kind == "item"
    )
    return next((found["bullet"] for found in bullets if found), "-")


def _insertion(note: RawNote, row: int, texts: tuple[str, ...]) -> Edit:
    lines = find_lines(note.text)
    at_end = row >= len(lines)
    place = len(note.text) if at_end else lines[row].start
    newline = newline_before(note, place)
    if at_end and lines and lines[-1].end == lines[-1].next:
        return Edit(place, place, "".join(newline + text for text in texts))
    return Edit(place, place, "".join(text + newline for text in texts))
