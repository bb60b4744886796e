"""Changes to a note's text as values: which characters are replaced by which, and when a note is left alone.

Editors see a text whose newlines are all "\\n". Whatever no edit names stays byte for byte when it is written back:
newlines of any kind, byte order mark, blanks at line ends, a missing last newline. Nothing here opens or writes a file,
and a note that cannot be understood with certainty is refused, never repaired.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.core import conflict_marks
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.log_entries import LogPage, read_page
from mdmentor.core.markdown.blocks import marker_kind, split_line
from mdmentor.core.markdown.inline import task_of
from mdmentor.core.marks import find_due, without_task_signs
from mdmentor.core.model import ERROR
from mdmentor.core.text import one_line, plain_newlines, split_lines

if TYPE_CHECKING:
    from mdmentor.core.frontmatter.inline import Place

_BOM = b"\xef\xbb\xbf"
CHANGED = "the note has changed meanwhile, try again"


class UnsafeEdit(Exception):
    """A change that might touch more than was requested; nothing changed."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason}; {fix}")
        self.reason = reason
        self.fix = fix


def safe_words(text: str) -> str:
    """Words as they may be written. Raises UnsafeEdit for those that would hide what is below them."""
    text = one_line(text)
    if "<!--" in text or "-->" in text or text.count("%%") % 2 or text.startswith("```"):
        reason = "the words would open or close a comment in the note"
        raise UnsafeEdit(reason, "leave out <!--, -->, %% and ```")
    return text


class OpenNote:
    """A note read for an edit: its text, with "\\n" newlines and as it stands in the file, and what is read in it."""

    def __init__(self, data: bytes) -> None:
        """Raises UnsafeEdit where no byte may change.

        That is a note that is not UTF-8, that holds marks of an unfinished merge, or whose front matter has an
        error: a key that appears twice, YAML that cannot be read, a fence that was never closed.
        """
        self.bom = data.startswith(_BOM)
        self.source = _decode(data.removeprefix(_BOM))  # both texts are without the byte order mark
        self.text = plain_newlines(self.source)
        line = conflict_marks.find_conflict(self.text)
        if line is not None:
            raise UnsafeEdit(f"line {line} is the mark of an unfinished merge", conflict_marks.FIX)
        self.head = read_head("", self.text)
        for problem in self.head.problems:
            if problem.severity == ERROR:
                raise UnsafeEdit(f"line {problem.line}: {problem.what}", problem.fix)

    @cached_property
    def page(self) -> LogPage:
        """Its lines and body."""
        return read_page(split_lines(self.text), self.head.body_line)

    @cached_property
    def places(self) -> "list[Place]":
        """The fields in its text, those of tasks and entries too."""
        if "::" not in self.text:
            return []
        from mdmentor.core.frontmatter.inline import find_places  # its patterns take a millisecond

        return find_places(self.page.body.items, self.page.lines)


class Edit(NamedTuple):
    """The characters from `start` up to `end` (offsets from 0 in the note's text) become `text`."""

    start: int
    end: int
    text: str


def _decode(data: bytes) -> str:
    """The text of a note's bytes. Raises UnsafeEdit for anything but UTF-8 text.

    NUL is valid UTF-8, but only a damaged note, UTF-16 without its mark or a binary file holds it.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} in line {line} is not UTF-8"
        raise UnsafeEdit(reason, "save the note as UTF-8 in your editor") from error
    if "\0" in text:
        line = plain_newlines(text[: text.index("\0")]).count("\n") + 1
        raise UnsafeEdit(f"line {line} has a NUL byte in it", "delete it in your editor")
    return text


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


def edited(note: OpenNote, edits: Sequence[Edit]) -> bytes:
    """The bytes of the note with every edit made. Raises UnsafeEdit for what UTF-8 cannot hold.

    A new line ends as the one above it does, else as most lines of the note do.
    """
    if "\r" in note.source:
        # of each newline of two characters, its offset in the text
        pairs = [found.start() - n for n, found in enumerate(re.finditer("\r\n", note.source))]
        counts = Counter(re.findall("\r\n|\n|\r", note.source))
        usual = max(("\r\n", "\n", "\r"), key=counts.__getitem__)
        edits = [_in_source(note.source, edit, pairs, usual) for edit in edits]
    try:
        data = apply(note.source, edits).encode()
    except UnicodeEncodeError as error:
        raise UnsafeEdit("the new text has a character that UTF-8 cannot hold", "type it again") from error
    return _BOM + data if note.bom else data


def _in_source(source: str, edit: Edit, pairs: Sequence[int], usual: str) -> Edit:
    """An edit of the text as one of the source."""
    start, end = (place + bisect_left(pairs, place) for place in edit[:2])
    above = re.search(r"\r?\n\Z|\r\Z", source[max(0, start - 2) : start])
    return Edit(start, end, edit.text.replace("\n", above[0] if above else usual))


def changed_lines(before: str, after: str) -> list[Edit]:
    """The edits, top to bottom, that replace the lines in which two texts differ, none larger than need be."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first, last, new_last = differing(old, new)
    middle = SequenceMatcher(None, old[first:last], new[first:new_last], False)
    starts = [0, *accumulate(map(len, old))]
    edits = []
    for tag, *block in middle.get_opcodes():
        a, b, c, d = block
        # as many lines as before change one by one: no edit holds the text between two changes
        lines = [[a + n, a + n + 1, c + n, c + n + 1] for n in range(b - a)] if b - a == d - c else [block]
        for a, b, c, d in lines if tag != "equal" else ():
            text = "".join(new[first + c : first + d])
            edits.append(_narrowed(before, Edit(starts[first + a], starts[first + b], text)))
    return [edit for edit in edits if edit.start < edit.end or edit.text]


def _narrowed(text: str, edit: Edit) -> Edit:
    """The edit without what it would replace by the same."""
    first, last, new_last = differing(text[edit.start : edit.end], edit.text)
    return Edit(edit.start + first, edit.start + last, edit.text[first:new_last])


def differing(old: Sequence[object], new: Sequence[object]) -> tuple[int, int, int]:
    """Where two texts or lists begin to differ, and where in each the part begins that is the same again."""
    shorter = min(len(old), len(new))
    first = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    same = next((n for n in range(shorter - first) if old[-1 - n] != new[-1 - n]), shorter - first)
    return first, len(old) - same, len(new) - same


def replaced_items(
    spans: Sequence[tuple[int, int]], first: int, last: int, added: Sequence[str], separator: str
) -> Edit:
    """The edit that puts texts in place of the items `first` up to `last` of a list; what stays keeps its place."""
    text = separator.join(added)
    if first < last and added:
        return Edit(spans[first][0], spans[last - 1][1], text)
    if first:
        end = spans[first - 1][1]
        return Edit(end, end, separator + text) if added else Edit(end, spans[last - 1][1], "")
    start = spans[0][0]
    return Edit(start, start, text + separator) if added else Edit(start, spans[last][0], "")


def line_starts(text: str) -> list[int]:
    """Where each line of a text begins; behind a last newline there is one more, which is empty."""
    return [0, *(newline.end() for newline in re.finditer("\n", text))]


def line_start(text: str, offset: int) -> int:
    """Where the line that holds `offset` begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line that holds `offset` ends, before its newline."""
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def next_line(text: str, offset: int) -> int:
    """Where the line after the one that holds `offset` begins; the text's end where there is none."""
    return min(line_end(text, offset) + 1, len(text))


_BEHIND_TASK = r"(?:\s+\^[\w-]+)?\s*\Z"  # the id of a block comes last
_BEHIND_ROW = r"\s*(?:(?<!\\)\|)?\s*\Z"
_INLINE_FIELD = r"\[\s*\w+\s*::"


def add_behind(data: bytes, line: int, text: str, before: str = "") -> bytes:
    """The note with `text` behind a gap at the end of line `line` (from 1), but before what begins with `before`.

    It is in the last cell of a table's row, and before the id of a block.
    """
    note = OpenNote(data)
    words = split_lines(note.text)[line - 1]
    words = words.partition(before)[0] if before else words
    ending = _BEHIND_ROW if words.lstrip().startswith("|") else _BEHIND_TASK
    end = line_starts(note.text)[line - 1] + len(re.sub(ending, "", words, count=1))
    return edited(note, [Edit(end, end, f" {text}")])


def tick(data: bytes, line: int, text: str, day: date | None = None) -> bytes:
    """The note with the open task in line `line` (from 1) ticked: one character differs.

    With `day` its line also says when it was done, as the plugin Tasks writes it. `text` is the task as it was read,
    with or without its date and marks: its words have to be in the line and those that continue it, in this order.
    Raises UnsafeEdit where the line is not that task any more.
    """
    note = OpenNote(data)
    lines = split_lines(note.text)
    parts = split_line(lines[line - 1]) if 0 < line <= len(lines) else None
    if parts is None or not parts.box_at:
        raise UnsafeEdit(f"line {line} has no task in it", CHANGED)
    if task_of(parts.box[1]) != "open":
        raise UnsafeEdit(f"the task in line {line} is ticked already", "nothing is left to do")
    below = (one.strip(" \t>") for one in lines[line:])
    continued = takewhile(lambda one: one and not split_line(one).mark, below)
    if not _holds_words(" ".join([parts.text, *continued]), text):
        raise UnsafeEdit(f'line {line} has a different task than "{text}"', CHANGED)
    start, source = line_starts(note.text)[line - 1], lines[line - 1]
    place = start + parts.box_at
    edits = [Edit(place, place + 1, "x")]
    if day is not None:
        behind = start + len(re.sub(_BEHIND_TASK, "", source))
        done = f"[completion:: {day}]" if re.search(_INLINE_FIELD, source) else f"✅ {day}"
        edits.append(Edit(behind, behind, f" {done}"))
    return edited(note, edits)


def _holds_words(text: str, wanted: str) -> bool:
    """Whether the words of `wanted` are in `text` in the same order; no words match a text without words."""
    words = re.findall(r"\w+", wanted)
    if not words:
        # a task may be nothing but its date or its marks
        left = without_task_signs(find_due(text)[1])
        return not re.search(r"\w", re.sub(r"#\w+", "", left)) or wanted.strip() == text.strip()
    rest = iter(re.findall(r"\w+", text))
    return all(word in rest for word in words)


def replace_blocks(data: bytes, blocks: Sequence[tuple[int, int, str]]) -> bytes:
    """The note with new lines between pairs of our markers: their line numbers, and the content (newlines "\\n").

    The lines get the indentation and the newline of the opening marker's line. Equal content gives back the
    same bytes. Raises UnsafeEdit where the lines are not an opening and a closing marker with none between.
    """
    note = OpenNote(data)
    lines, starts = split_lines(note.text), line_starts(note.text)
    return edited(note, [_fill(lines, starts, *block) for block in blocks])


def _fill(lines: Sequence[str], starts: Sequence[int], first_line: int, last_line: int, content: str) -> Edit:
    """The edit that puts `content` between the markers in these lines."""
    texts = lines[max(first_line - 1, 0) : last_line]
    kinds = [marker_kind(text) for text in texts]
    is_block = 0 < first_line < last_line <= len(lines) and bool(kinds[0]) and kinds[-1] == ""
    if not is_block or any(kind is not None for kind in kinds[1:-1]):
        raise UnsafeEdit("the block is not where it was", CHANGED)
    inside = content.removesuffix("\n").split("\n") if content else []
    if "\r" in content or any(marker_kind(text) is not None for text in inside):
        raise UnsafeEdit("the block's new content would end it early", "report this, with the note's name")
    indent = texts[0][: len(texts[0]) - len(texts[0].lstrip())]
    filled = "".join(f"{indent if text else ''}{text}\n" for text in inside)
    return Edit(starts[first_line], starts[last_line - 1], filled)
