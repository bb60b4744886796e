"""The head of a note: its front matter as fields with their places, and where the body begins.

Reads what people and other programs really leave there, and never raises. It tells when a head may be edited
line by line, and it never writes; what the fields mean is for `schema.py`.
"""

import re
from typing import NamedTuple

from mdmentor.core import conflict_marks
from mdmentor.core.frontmatter.plain import read_plain
from mdmentor.core.frontmatter.values import Fault, Reading
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem

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
# It begins with the end of the line above, to which the engine can skip.
_CLOSE = re.compile(r"\n(?:(?:\.{3}[ \t]*+\n)?-{3,}+|\.{3})[ \t]*+$", re.MULTILINE)
# What YAML refuses, and the ends of line that it knows and editors do not.
_STRANGE = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Of ASCII these are all of them, and quicker to compile than the others are.
_STRANGE_ASCII = re.compile(r"[^\t\n\x20-\x7e]")
_LINE_ENDS = "\r\x85\u2028\u2029"
_PARAGRAPH_END = re.compile(r"\n\n+(?![ \t\n])")
_DASHES = r"-{3,}[ \t]+"
_NO_BLANK = r"\s*[^\W\d][\w-]{0,30}:(?!//)\S"


class Head(NamedTuple):
    """A note's front matter, and where its body begins.

    `state` is "none" (no block), "ok", "bad" (no valid YAML: the fields are those that could be read),
    "unclosed" or "not-mapping" (a rule of dashes opens the note). In the last two all the text is body; a
    field `confidential` is told even then, since what was meant to be guarded is guarded.
    """

    state: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()  # of kind "frontmatter"
    problems: tuple[Problem, ...] = ()
    body_line: int = 1  # of the body's first line, also where the body is empty
    body_start: int = 0  # offset in characters
    end_line: int = 0  # of the closing fence; 0 where all the text is body
    unsafe: str = ""  # why it may not be edited, to be told after "front matter:"; "" where it may

    @property
    def is_safe(self) -> bool:
        """True where one line can be changed and the others keep their sense, or where there is no block."""
        return not self.unsafe


def read_head(path: str, text: str) -> Head:
    """The head of the note at `path`, whose `text` is decoded, without BOM, its newlines "\\n"."""
    fences = find_fences(text)
    if fences is None:
        return _not_opened(path, text) if text.startswith("---") else Head(NONE)
    opened, closed = fences
    line = text.count("\n", 0, opened.end()) + 1
    if closed is None:
        return _unclosed(path, text, opened)
    block = text[opened.end() : closed.start() + 1]
    end_line = line + block.count("\n") + closed[0].count("\n") - 1
    place = end_line + 1, min(closed.end() + 1, len(text)), end_line
    if len(block) > LARGEST:
        return _too_big(path, block, line, place)
    return _read_block(path, block, line, place, opened)


def find_fences(text: str) -> tuple[re.Match[str], re.Match[str] | None] | None:
    """The opening and the closing fence of a note's front matter; None without one, the second where it is not closed.

    The match of the closing fence begins with the end of the line above it.
    """
    if not text.startswith("---") and text[:1] not in ("\n", " ", "\t", "<"):
        return None
    opened = _OPEN.match(text)
    return None if opened is None else (opened, _CLOSE.search(text, opened.end() - 1))


def read_values(path: str, block: str, line: int) -> Reading | Fault:
    """What a block that begins in `line` says, if it is valid YAML."""
    reading = read_plain(block, line)
    if reading is not None:
        return reading
    from mdmentor.core.frontmatter.yaml_reader import read_yaml

    return read_yaml(path, block, line)


def _read_block(path: str, block: str, line: int, place: tuple[int, int, int], opened: re.Match[str]) -> Head:
    """The head whose block begins in `line`; `place` is where the body and where the block ends, as `Head` has it."""
    problems = _odd_fence(path, opened) if opened.end() > 4 else ()
    unsafe = ""
    if (_STRANGE_ASCII if block.isascii() else _STRANGE).search(block):
        block, told = _without_strange(path, block, line)
        problems += told
        unsafe = "it holds control characters" if told else ""
    is_split = bool(opened["merging"]) or conflict_marks.find_conflict(block) is not None
    outcome = read_values(path, block, line)
    if isinstance(outcome, Reading) and not is_split:
        state, reading = OK, outcome
    else:
        state, reading = _read_by_lines(path, block, line, outcome, is_split)
    if reading.root == "other":
        return _not_mapping(path, block, line)
    fields = reading.fields
    if state == BAD and not any(f.key == "confidential" for f in fields):
        from mdmentor.core.frontmatter.tree import confidential_field

        fields += confidential_field(block, line)
    return Head(
        state,
        fields,
        reading.links,
        problems + reading.problems,
        *place,
        reading.unsafe or unsafe,
    )


def _read_by_lines(
    path: str, block: str, line: int, outcome: Reading | Fault, is_split: bool
) -> tuple[str, Reading]:
    """The state and what can be read of a block that is no valid YAML, or that a merge left undecided."""
    from mdmentor.core.frontmatter import tree

    is_meant = tree.is_meant(block)
    if is_split and is_meant:
        return BAD, tree.read_conflicted(path, block, line)
    if isinstance(outcome, Reading):
        return OK, outcome
    if outcome.refused or is_meant:
        return BAD, tree.read_lines(path, block, line, outcome)
    return OK, Reading("other")


def _not_opened(path: str, text: str) -> Head:
    """A first line that holds more than dashes opens nothing; keys in it or below it were meant, and count."""
    from mdmentor.core.frontmatter import tree

    dashes = re.match(_DASHES, text)
    start = dashes.end() if dashes else 0
    if not tree.is_meant(text[start:].split("\n", 1)[0]):
        start = text.find("\n") + 1
    block = _STRANGE.sub(" ", _first_paragraph(text[start : start + LARGEST])) if start else ""
    if block[:1] == "\n" or not tree.is_meant(block):
        return Head(NONE)
    what = "front matter begins in a first line that holds more than ---"
    problem = Problem(path, 1, 1, ERROR, "unclosed", what, "write --- alone on the first line")
    line = text.count("\n", 0, start) + 1
    fields = [
        field._replace(column=field.column + start) if field.line == 1 else field
        for field in tree.read_lines(path, block, line, Fault(line)).fields
    ]
    return Head(UNCLOSED, tuple(fields), (), (problem,), unsafe="its first line holds more than ---")


def _unclosed(path: str, text: str, opened: re.Match[str]) -> Head:
    """All is text; where front matter was meant, what its first paragraph says counts all the same."""
    from mdmentor.core.frontmatter import tree

    start = opened.end()
    line = text.count("\n", 0, start) + 1
    paragraph = _first_paragraph(text[start : start + LARGEST])
    if not tree.is_meant(paragraph):
        is_rule = not paragraph.split("\n", 1)[0].strip()
        problems = () if is_rule else (_rule_of_dashes(path, line - 1),)
        fields = tree.confidential_field(text[start : start + LARGEST], line)
        return Head(UNCLOSED, fields, (), problems, unsafe="it is not closed")
    last = line + paragraph.rstrip().count("\n")
    what = "front matter is opened and never closed"
    fix = f"write --- on a line of its own below line {last}"
    problem = Problem(path, line - 1, 1, ERROR, "unclosed", what, fix)
    block = _STRANGE.sub(" ", paragraph)
    fields = tree.read_lines(path, block, line, Fault(line)).fields
    if not any(field.key == "confidential" for field in fields):
        fields += tree.confidential_field(text[start : start + LARGEST], line)
    return Head(UNCLOSED, fields, (), (problem,), unsafe="it is not closed")


def _first_paragraph(text: str) -> str:
    """The text up to an empty line, and on behind it where what follows is indented: it belongs to a value."""
    end = _PARAGRAPH_END.search(text, len(text) - len(text.lstrip("\n")))
    return text[: end.start()] if end else text


def _rule_of_dashes(path: str, line: int) -> Problem:
    what = "the note opens with a rule of dashes, which other programs take for front matter"
    fix = 'write *** for a rule, or "key: value" lines between two lines of dashes'
    return Problem(path, line, 1, HINT, "not-mapping", what, fix)


def _not_mapping(path: str, block: str, line: int) -> Head:
    """A note that opens with a rule of dashes; keys without a blank, or in a list, were meant as front matter."""
    from mdmentor.core.frontmatter import tree

    if match := re.match(_NO_BLANK, block):
        what = "front matter needs a blank after the colon, so this is read as text"
        at = line + block.count("\n", 0, len(match[0]) - len(match[0].lstrip()))
        problem = Problem(path, at, 1, WARNING, "not-mapping", what, 'write it as "key: value"')
        fields = tree.read_lines(path, block, line, Fault(line)).fields
    elif fields := tree.fields_in_list(path, block, line):
        what = "front matter is a list, so this is read as text"
        fix = 'write "key: value" without the dash before it'
        problem = Problem(path, fields[0].line, 1, WARNING, "not-mapping", what, fix)
    else:
        problem = _rule_of_dashes(path, line - 1)
    if not any(field.key == "confidential" for field in fields):
        fields += tree.confidential_field(block, line)
    return Head(NOT_MAPPING, fields, (), (problem,), unsafe="the note opens with something else")


def _too_big(path: str, block: str, line: int, place: tuple[int, int, int]) -> Head:
    from mdmentor.core.frontmatter import tree

    if not tree.is_meant(block[:4096].rpartition("\n")[0]):
        fields = tree.confidential_field(block[:LARGEST], line)
        problem = _rule_of_dashes(path, line - 1)
        return Head(NOT_MAPPING, fields, (), (problem,), unsafe="the note opens with something else")
    what = f"front matter has {len(block)} characters and is not read beyond {LARGEST}"
    problem = Problem(path, line, 1, ERROR, "yaml", what, "move what is long into the note below it")
    begin = _STRANGE.sub(" ", block[:LARGEST].rpartition("\n")[0])
    fields = tree.read_lines(path, begin, line, Fault(line)).fields
    if not any(field.key == "confidential" for field in fields):
        fields += tree.confidential_field(block, line)
    return Head(BAD, fields, (), (problem,), *place, "it is too large")


def _odd_fence(path: str, opened: re.Match[str]) -> tuple[Problem, ...]:
    """A hint where this opens front matter here and nowhere else."""
    if opened["merging"] or (opened["dashes"] == "---" and opened[0].startswith("---")):
        return ()
    line = opened[0].rstrip("\n").count("\n") + 1
    what = "other programs find front matter only behind three dashes in the first line"
    return (Problem(path, line, 1, HINT, "fence", what, "begin the note with --- in its first line"),)


def _without_strange(path: str, block: str, line: int) -> tuple[str, tuple[Problem, ...]]:
    """The block with a blank for each character that YAML cannot read, the first of them as a problem."""
    found = next((m for m in _STRANGE.finditer(block) if m[0] not in _LINE_ENDS), None)
    clean = _STRANGE.sub(" ", block)
    if found is None:
        return clean, ()
    at = found.start()
    place = line + block.count("\n", 0, at), at - block.rfind("\n", 0, at)
    what = f"front matter holds the control character U+{ord(found[0]):04X}, read as a blank"
    return clean, (Problem(path, *place, ERROR, "control-character", what, "take it out"),)
