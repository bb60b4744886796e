"""The head of a note: where its front matter is, its fields, and where the body begins.

Never raises: what people and other programs leave there is read as far as it can be.
"""

import re
from typing import NamedTuple

from mdmentor.core import conflict_marks
from mdmentor.core.frontmatter import Fault, line_and_column
from mdmentor.core.frontmatter.broken import (
    fields_in_list,
    is_meant,
    read_conflicted,
    read_lines,
    with_confidential,
)
from mdmentor.core.frontmatter.fields import read_values
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem, new

NONE = "none"
OK = "ok"
BAD = "bad"
UNCLOSED = "unclosed"
NOT_MAPPING = "not-mapping"

LARGEST = 64 * 1024  # characters: a head is a card, not a book

# Blank lines before the fence and more than three dashes are read, as python-frontmatter does. A merge may
# have left its mark above the fence.
_OPEN = re.compile(rf"(?:[ \t]*+\n)*(?P<merging>{conflict_marks.BEGIN})?(?P<dashes>-{{3,}}+)[ \t]*+(?:\n|\Z)")
# "..." is the end of a document to YAML, and how Pandoc closes front matter.
# The match begins with the end of the line above, to which the engine can skip.
_CLOSE = re.compile(r"\n(?:(?:\.{3}[ \t]*+\n)?-{3,}+|\.{3})[ \t]*+$", re.MULTILINE)
# What YAML refuses, and the ends of line that it knows and editors do not; named one by one, as a set of all the
# others takes ten times as long to compile.
_STRANGE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = "\r\x85\u2028\u2029"
_PARAGRAPH_END = re.compile(r"\n\n+(?![ \t\n])")
_DASHES = r"-{3,}[ \t]+"
_NO_BLANK = r"\s*[^\W\d][\w-]{0,30}:(?!//)\S"


class Head(NamedTuple):
    """A note's front matter, and where its body begins.

    `state` is "none" (no block), "ok", "bad" (no valid YAML: the fields are those that could be read), "unclosed" or
    "not-mapping" (a rule of dashes opens the note). In the last two all the text is body, but a field `confidential`
    counts even then.
    """

    state: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()  # of kind "frontmatter"
    problems: tuple[Problem, ...] = ()
    body_line: int = 1  # of the body's first line, also where the body is empty
    body_start: int = 0  # offset in characters
    end_line: int = 0  # of the closing fence; 0 where all the text is body


def read_head(path: str, text: str) -> Head:
    """The head of the note at `path`, whose `text` is decoded, without BOM, its newlines "\\n"."""
    fences = find_fences(text)
    if fences is None:
        return _not_opened(path, text) if text.startswith("---") else Head(NONE)
    opened, closed = fences
    start = opened.end()
    line = text.count("\n", 0, start) + 1
    if closed is None:
        return _unclosed(path, text[start : start + LARGEST], line)
    block, end_line = text[start : closed.start() + 1], text.count("\n", 0, closed.end()) + 1
    below = end_line + 1, min(closed.end() + 1, len(text)), end_line
    return _read_block(path, block, line, opened, below)


def find_fences(text: str) -> tuple[re.Match[str], re.Match[str] | None] | None:
    """The opening and the closing fence of a note's front matter; None without one, the second where it is not closed.

    The match of the closing fence begins with the end of the line above it.
    """
    opened = _OPEN.match(text)
    return None if opened is None else (opened, _CLOSE.search(text, opened.end() - 1))


def _read_block(path: str, block: str, line: int, opened: re.Match[str], below: tuple[int, int, int]) -> Head:
    """The head whose block begins in `line`; `below` is the rest of one with fields."""
    if len(block) > LARGEST:
        return _too_big(path, block, line, below)
    problems = () if opened[0] == "---\n" else _odd_fence(path, opened)
    if not block.replace("\n", "").isprintable() and _STRANGE.search(block):
        problems += _strange_problems(path, block, line)
        block = _STRANGE.sub(" ", block)
    is_split = bool(opened["merging"]) or conflict_marks.find_conflict(block) is not None
    reading = read_values(path, block, line)
    state = OK
    if is_split and is_meant(block):
        state, reading = BAD, read_conflicted(path, block, line)
    elif isinstance(reading, Fault):
        if not reading.refused and not is_meant(block):
            return _not_mapping(path, block, line)
        state, reading = BAD, read_lines(path, block, line, reading)
    if reading.root == "other":
        return _not_mapping(path, block, line)
    fields = with_confidential(reading.fields, block, line) if state == BAD else reading.fields
    return new(Head, (state, fields, reading.links, problems + reading.problems, *below))


def _not_opened(path: str, text: str) -> Head:
    """A first line that holds more than dashes opens nothing; keys in it or below it were meant, and count."""
    dashes = re.match(_DASHES, text)
    start = dashes.end() if dashes else 0
    if not is_meant(text[start:].split("\n", 1)[0]):
        start = text.find("\n") + 1
    block = _first_paragraph(text[start : start + LARGEST]) if start else ""
    if block[:1] == "\n" or not is_meant(block):
        return Head(NONE)
    line = text.count("\n", 0, start) + 1
    fields = tuple(
        field._replace(column=field.column + start) if field.line == 1 else field
        for field in read_lines(path, _STRANGE.sub(" ", block), line).fields
    )
    what = "the first line of the front matter has more on it than ---"
    problem = Problem(path, 1, 1, ERROR, "unclosed", what, "write --- alone on the first line")
    return Head(UNCLOSED, fields, (), (problem,))


def _unclosed(path: str, text: str, line: int) -> Head:
    """All is text; where front matter was meant, what its first paragraph says counts all the same.

    `text` is what follows the fence and begins in `line`.
    """
    paragraph = _first_paragraph(text)
    problems: tuple[Problem, ...] = ()
    fields: tuple[Field, ...] = ()
    if is_meant(paragraph):
        last = line + paragraph.rstrip().count("\n")
        what = "front matter is never closed"
        fix = f"write --- on a line of its own below line {last}"
        problems = (Problem(path, line - 1, 1, ERROR, "unclosed", what, fix),)
        fields = read_lines(path, _STRANGE.sub(" ", paragraph), line).fields
    elif paragraph.split("\n", 1)[0].strip():
        problems = (_rule_of_dashes(path, line - 1),)
    return Head(UNCLOSED, with_confidential(fields, text, line), (), problems)


def _first_paragraph(text: str) -> str:
    """The text up to an empty line, and on behind it where what follows is indented: it belongs to a value."""
    end = _PARAGRAPH_END.search(text, len(text) - len(text.lstrip("\n")))
    return text[: end.start()] if end else text


def _rule_of_dashes(path: str, line: int) -> Problem:
    what = "the note begins with a rule of dashes, which other programs read as front matter"
    fix = 'write *** for a rule, or "key: value" lines between two lines of dashes'
    return Problem(path, line, 1, HINT, "not-mapping", what, fix)


def _not_mapping(path: str, block: str, line: int) -> Head:
    """A note that begins with a rule of dashes; keys without a space, or in a list, were meant as front matter."""
    fields: tuple[Field, ...] = ()
    if match := re.match(_NO_BLANK, block):
        fields = read_lines(path, block, line).fields
        at = line + block.count("\n", 0, len(match[0]) - len(match[0].lstrip()))
        what = "front matter needs a space after the colon, so this is read as text"
        problem = Problem(path, at, 1, WARNING, "not-mapping", what, 'write it as "key: value"')
    elif fields := fields_in_list(path, block, line):
        what = "front matter is a list, so this is read as text"
        fix = 'write "key: value" without the dash before it'
        problem = Problem(path, fields[0].line, 1, WARNING, "not-mapping", what, fix)
    else:
        problem = _rule_of_dashes(path, line - 1)
    return Head(NOT_MAPPING, with_confidential(fields, block, line), (), (problem,))


def _too_big(path: str, block: str, line: int, below: tuple[int, int, int]) -> Head:
    begin = _STRANGE.sub(" ", block[:LARGEST].rpartition("\n")[0])
    if not is_meant(begin[:4096].rpartition("\n")[0]):
        fields = with_confidential((), block[:LARGEST], line)
        return Head(NOT_MAPPING, fields, (), (_rule_of_dashes(path, line - 1),))
    what = f"front matter has {len(block)} characters and is not read beyond {LARGEST}"
    problem = Problem(path, line, 1, ERROR, "yaml", what, "move what is long into the note below it")
    fields = with_confidential(read_lines(path, begin, line).fields, block, line)
    return Head(BAD, fields, (), (problem,), *below)


def _odd_fence(path: str, opened: re.Match[str]) -> tuple[Problem, ...]:
    """A hint where this opens front matter here and nowhere else."""
    if opened["merging"] or (opened["dashes"] == "---" and opened[0].startswith("---")):
        return ()
    line = opened[0].rstrip("\n").count("\n") + 1
    what = "other programs find front matter only after three dashes in the first line"
    return (Problem(path, line, 1, HINT, "fence", what, "begin the note with --- on its first line"),)


def _strange_problems(path: str, block: str, line: int) -> tuple[Problem, ...]:
    """The first character of the block that YAML cannot read, as a problem."""
    found = next((m for m in _STRANGE.finditer(block) if m[0] not in _LINE_ENDS), None)
    if found is None:
        return ()
    place = line_and_column(block, found.start(), line)
    what = f"front matter has the control character U+{ord(found[0]):04X}, read as a space"
    return (Problem(path, *place, ERROR, "control-character", what, "delete it"),)
