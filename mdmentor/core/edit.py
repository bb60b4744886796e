"""Changes to a note's text as values: which characters give way to which, and when a note is left alone.

Everything works on the text as decoded from the file's bytes, so that whatever no edit names stays byte
for byte: newlines, byte order mark, blanks at line ends, a missing last newline. Nothing here opens or
writes a file, and a note that cannot be understood with certainty is refused, never mended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from mdmentor.core import conflict_marks
from mdmentor.core.dates import find_due, without_task_signs
from mdmentor.core.frontmatter.reader import Head, read_head
from mdmentor.core.markdown.inline import task_of
from mdmentor.core.model import ERROR

_BOM = b"\xef\xbb\xbf"
_NEWLINE = re.compile(r"\r\n|\n|\r")


class UnsafeEdit(Exception):
    """A change that would not be certain to touch only what was asked; nothing was changed."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}")
        self.reason = reason
        self.fix = fix


class RawNote(NamedTuple):
    """A note's text as it stands in the file, newlines and all."""

    text: str  # without the byte order mark
    bom: bool
    newline: str  # the one that ends most of its lines; "\n" where there is none


class Edit(NamedTuple):
    """The characters from `start` up to `end` (offsets from 0 in the raw text) become `text`."""

    start: int
    end: int
    text: str


class Line(NamedTuple):
    """Where one line stands in the raw text, as offsets from 0."""

    start: int
    end: int  # behind its last character, before the newline
    next: int  # where the next line begins; equals `end` for a last line without newline


def decode_raw(data: bytes) -> RawNote:
    """The text of a note's bytes. Raises UnsafeEdit for anything but UTF-8 text.

    NUL is valid UTF-8, but only a damaged note, UTF-16 without its mark or a binary file holds it.
    """
    bom = data.startswith(_BOM)
    try:
        text = data[len(_BOM) :].decode() if bom else data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} in line {line} is not UTF-8"
        raise UnsafeEdit(reason, "save the note as UTF-8 in your editor") from error
    if "\0" in text:
        line = len(_NEWLINE.findall(text[: text.index("\0")])) + 1
        raise UnsafeEdit(f"line {line} holds a NUL byte", "delete it in your editor")
    return RawNote(text, bom, _usual_newline(text))


def encode_raw(note: RawNote) -> bytes:
    """The bytes of a note: the way back from `decode_raw`. Raises UnsafeEdit for what UTF-8 cannot hold."""
    try:
        data = note.text.encode()
    except UnicodeEncodeError as error:
        raise UnsafeEdit("the new text holds a character that UTF-8 cannot hold", "type it again") from error
    return _BOM + data if note.bom else data


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with every edit made; insertions at one place keep their order.

    Raises ValueError for edits that overlap or lie outside the text.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if not done <= edit.start <= edit.end <= len(text):
            raise ValueError(f"edits overlap or lie outside the text: {edit.start} to {edit.end}")
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def find_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text, ended by LF, CRLF or CR as in Markdown; none for an empty text."""
    lines: list[Line] = []
    start = 0
    for newline in _NEWLINE.finditer(text):
        lines.append(Line(start, newline.start(), newline.end()))
        start = newline.end()
    if start < len(text):
        lines.append(Line(start, len(text), len(text)))
    return tuple(lines)


def line_start(text: str, offset: int) -> int:
    """Where the line that holds `offset` begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line that holds `offset` ends, before its newline."""
    newline = _NEWLINE.search(text, offset)
    return newline.start() if newline else len(text)


def next_line(text: str, offset: int) -> int:
    """Where the line after the one that holds `offset` begins; the text's end where there is none."""
    newline = _NEWLINE.search(text, offset)
    return newline.end() if newline else len(text)


def newline_before(note: RawNote, offset: int) -> str:
    """The newline that a line put in at `offset` should have: that of the line above, else the usual one."""
    before = note.text[max(0, offset - 2) : offset]
    if before == "\r\n":
        return before
    return before[-1] if before[-1:] in ("\n", "\r") else note.newline


def read_for_edit(data: bytes) -> tuple[RawNote, Head]:
    """A note's raw text, with its head as it is read everywhere. Raises UnsafeEdit where no byte may change.

    That is a note that is no UTF-8, that holds marks of an unfinished merge, or whose front matter has an
    error: a key that stands twice, YAML that cannot be read, a fence that was never closed.
    """
    note = decode_raw(data)
    line = conflict_marks.find_conflict(note.text)
    if line is not None:
        reason = f"line {line} holds the mark of an unfinished merge"
        raise UnsafeEdit(reason, conflict_marks.FIX)
    head = read_head("", note.text.replace("\r\n", "\n").replace("\r", "\n"))
    for problem in head.problems:
        if problem.severity == ERROR:
            raise UnsafeEdit(f"line {problem.line}: {problem.what}", problem.fix)
    return note, head


def _usual_newline(text: str) -> str:
    crlf = text.count("\r\n")
    lf, cr = text.count("\n") - crlf, text.count("\r") - crlf
    if crlf and crlf >= lf and crlf >= cr:
        return "\r\n"
    return "\r" if cr > lf else "\n"


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
