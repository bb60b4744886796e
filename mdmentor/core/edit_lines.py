"""Single lines of a note changed on purpose: a task ticked, the inside of one of our blocks renewed.

Whoever asks has read the note before; the lines are looked at again here, and what is not there any more is
refused with UnsafeEdit rather than searched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mdmentor.core.dates import find_due, without_task_signs
from mdmentor.core.edit import Edit, Line, RawNote, UnsafeEdit, apply, encode_raw, find_lines, read_for_edit
from mdmentor.core.markdown.inline import task_of

_TASK = re.compile(
    r"(?:[ \t]|>[ \t]?)*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<mark>[^\r\n])\](?:[ \t]+(?P<text>.*))?"
)
# As the reader of bodies takes them; "/" opens a closing one.
_MARKER = r"[ \t]*<!--[ \t]*(?P<closing>/)?mdmentor(?::[^>]*)?[ \t]*-->[ \t]*"
_WORD = r"\w+"
_AGAIN = "the note has changed meanwhile, try again"


def tick(data: bytes, line: int, text: str) -> bytes:
    """The note with the open task in line `line` (from 1) ticked: one character differs.

    `text` is the task as it was read, be it without its date or marks: its words have to stand in the line
    and those that continue it, in this order. Raises UnsafeEdit where the line is not that task any more.
    """
    note, _ = read_for_edit(data)
    lines = find_lines(note.text)
    task = (
        _TASK.fullmatch(note.text, lines[line - 1].start, lines[line - 1].end)
        if 0 < line <= len(lines)
        else None
    )
    if task is None:
        raise UnsafeEdit(f"line {line} holds no task", _AGAIN)
    if task_of(task["mark"]) != "open":
        raise UnsafeEdit(f"the task in line {line} is ticked already", "nothing is left to do")
    words = " ".join([task["text"] or "", *_continued(note, lines[line:])])
    if not _stand_in(text, words):
        raise UnsafeEdit(f'line {line} holds another task than "{text}"', _AGAIN)
    place = task.start("mark")
    return encode_raw(note._replace(text=apply(note.text, [Edit(place, place + 1, "x")])))


def _continued(note: RawNote, lines: tuple[Line, ...]) -> list[str]:
    """The lines below a task up to a blank one or the next item."""
    found: list[str] = []
    for line in lines:
        text = note.text[line.start : line.end].strip(" \t>")
        if not text or re.match(r"(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]", text):
            break
        found.append(text)
    return found


def _stand_in(text: str, words: str) -> bool:
    """Whether the words of `text` stand in `words` in the same order; none stand in none only."""
    rest = iter(re.findall(_WORD, words))
    wanted = re.findall(_WORD, text)
    if not wanted:
        # a task may be nothing but its date or its marks
        left = without_task_signs(find_due(words)[1])
        return not re.search(_WORD, re.sub(r"#\w+", "", left)) or text.strip() == words.strip()
    return all(word in rest for word in wanted)


def replace_between(data: bytes, first_line: int, last_line: int, content: str) -> bytes:
    """The note with `content` as the lines between two of our markers, as `replace_blocks` does it for several."""
    return replace_blocks(data, [(first_line, last_line, content)])


def replace_blocks(data: bytes, blocks: Sequence[tuple[int, int, str]]) -> bytes:
    """The note with new lines between pairs of our markers: their line numbers, and the content (newlines "\\n").

    The lines get the indentation and the newline of the opening marker's line. Equal content gives back the
    same bytes. Raises UnsafeEdit where the lines are not an opening and a closing marker with none between.
    """
    note, _ = read_for_edit(data)
    lines = find_lines(note.text)
    edits = [_fill(note, lines, *block) for block in blocks]
    return encode_raw(note._replace(text=apply(note.text, edits)))


def _fill(note: RawNote, lines: Sequence[Line], first_line: int, last_line: int, content: str) -> Edit:
    """The edit that puts `content` between the markers in these lines."""
    if not 0 < first_line < last_line <= len(lines):
        raise UnsafeEdit("the block is not where it was", _AGAIN)
    texts = [note.text[line.start : line.end] for line in lines[first_line - 1 : last_line]]
    markers = [number for number, text in enumerate(texts) if re.fullmatch(_MARKER, text)]
    if markers != [0, len(texts) - 1] or _is_closing(texts[0]) or not _is_closing(texts[-1]):
        raise UnsafeEdit("the block is not where it was", _AGAIN)
    inside = content.removesuffix("\n").split("\n") if content else []
    if "\r" in content or any(re.fullmatch(_MARKER, text) for text in inside):
        raise UnsafeEdit("the block's new content would end it early", "report this, with the note's name")
    opening, closing = lines[first_line - 1], lines[last_line - 1]
    newline = note.text[opening.end : opening.next]
    indent = texts[0][: len(texts[0]) - len(texts[0].lstrip())]
    told = "".join((indent + text if text else "") + newline for text in inside)
    return Edit(opening.next, closing.start, told)


def _is_closing(marker: str) -> bool:
    found = re.fullmatch(_MARKER, marker)
    return found is not None and found["closing"] is not None
