"""The front matter with the place of every part of it, and values as YAML text.

PyYAML's events tell where each value begins and ends; here they become a tree whose ends are exact, since
PyYAML lets a block list run on over blank lines and comments. What cannot be changed with certainty
(broken YAML, a key told twice, tabs, several documents) is refused; nothing is ever dumped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.core.edit import UnsafeEdit, find_lines, line_start
from mdmentor.core.frontmatter.reader import NONE, Head

if TYPE_CHECKING:
    from yaml import Mark, NodeEvent
    from yaml._yaml import Mark as CMark

SCALAR, LIST, MAP, ALIAS = "scalar", "list", "map", "alias"

_ODD_BREAK = re.compile("[\x85\u2028\u2029]")
_WIKILINK = r"\[\[[^\[\]\r\n]+\]\]"
_TAB_INDENT = re.compile(r"(?m)^ *\t[ \t]*(?=[^\s])")
_TAB = "a tab stands in the front matter where its readers want blanks"
_BY_HAND = "mend the front matter in your editor, then try again"


@dataclass(slots=True)
class Node:
    """A value of the front matter and where it stands (offsets in the note's raw text)."""

    kind: str
    start: int
    end: int  # exact: behind the last character that belongs to it
    style: str  # of a scalar: "", "'", '"', "|" or ">"; of a list or map: "flow" or "block"
    text: str = ""  # of a scalar, as YAML reads it, untyped
    marked: bool = False  # carries an anchor or a tag
    children: list[Node] = field(default_factory=list)  # of a map: key, value, key, value ...

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack += node.children


class Entry(NamedTuple):
    """One key of the front matter with its value."""

    key: str
    key_node: Node
    colon: int  # behind the colon
    value: Node

    @property
    def start(self) -> int:
        return self.key_node.start

    @property
    def end(self) -> int:
        """Behind the value, or behind the colon where there is none."""
        return max(self.colon, self.value.end)


class FrontMatter(NamedTuple):
    """A note's front matter, located."""

    opening: int  # where the opening fence's line begins
    start: int  # behind that line
    end: int  # where the closing fence's line begins
    body: int  # behind the closing fence's line
    indent: str  # before each key
    entries: tuple[Entry, ...]

    def find(self, key: str) -> Entry | None:
        """The entry of a key as written; None where there is none."""
        return next((entry for entry in self.entries if entry.key == key), None)


def locate(text: str, head: Head) -> FrontMatter | None:
    """The front matter of a note's raw text, which was read as `head`; None for a note without.

    Raises UnsafeEdit for front matter of which no key can be changed with certainty.
    """
    if head.state == NONE:
        return None
    if not head.end_line:
        raise UnsafeEdit(
            "the note begins with a line of dashes that opens no front matter", "write words above it"
        )
    opening, start, end, body = _find_fences(text, head)
    if _ODD_BREAK.search(text, start, end):
        raise UnsafeEdit("the front matter holds a line break that editors do not show", _BY_HAND)
    root = _read_tree(text[start:end], start)
    if root is None:
        return FrontMatter(opening, start, end, body, "", ())
    if root.kind != MAP:
        raise UnsafeEdit("the front matter holds no keys", _BY_HAND)
    if root.style == "flow":
        raise UnsafeEdit(
            "the front matter is written in braces, as JSON", "write one key a line, then try again"
        )
    _refuse_tabs(text, start, end, root)
    _refuse_twins(root)
    entries = tuple(_read_entries(text, root))
    indent = text[max(line_start(text, root.start), start) : root.start]
    return FrontMatter(opening, start, end, body, indent, entries)


def plain_text(node: Node, text: str) -> str | None:
    """A value as one text; None for a list or map.

    An unquoted wikilink, a list in a list to YAML, is the text it was meant to be.
    """
    if node.kind == SCALAR:
        return node.text
    source = text[node.start : node.end]
    return source if node.kind == LIST and re.fullmatch(_WIKILINK, source) else None


def _find_fences(text: str, head: Head) -> tuple[int, int, int, int]:
    """Before and behind the opening fence's line, and the same of the closing one (with a "..." above it)."""
    lines = find_lines(text)
    opening = next(line for line in lines if text[line.start : line.end].strip(" \t"))
    closing = last = lines[head.end_line - 1]
    above = lines[head.end_line - 2]
    if above.start >= opening.next and text[above.start : above.end].rstrip(" \t") == "...":
        closing = above
    return opening.start, opening.next, closing.start, last.next


def _read_tree(source: str, offset: int) -> Node | None:
    """The tree of a YAML text whose first character is at `offset` of the note; None for an empty one."""
    import yaml

    root: Node | None = None
    open_nodes: list[Node] = []
    try:
        for event in yaml.parse(source, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None or event.explicit or event.version or event.tags:
                    raise UnsafeEdit("the front matter holds several YAML documents", _BY_HAND)
            elif isinstance(event, yaml.DocumentEndEvent) and event.explicit:
                raise UnsafeEdit("the front matter holds several YAML documents", _BY_HAND)
            elif isinstance(event, yaml.CollectionEndEvent):
                node = open_nodes.pop()
                last = node.children[-1].end if node.children else node.start
                node.end = _index(event.end_mark) + offset if node.style == "flow" else last
            elif isinstance(event, yaml.NodeEvent):
                node = _node_of(event, source, offset)
                if open_nodes:
                    open_nodes[-1].children.append(node)
                else:
                    root = node
                if isinstance(event, yaml.CollectionStartEvent):
                    open_nodes.append(node)
    except yaml.MarkedYAMLError as error:
        if "'\\t'" in str(error.problem):
            raise UnsafeEdit(_TAB, "use blanks, then try again") from error
        mark = error.problem_mark or error.context_mark
        place = f" ({error.problem}, {mark.line + 1} lines below its fence)" if mark else ""
        raise UnsafeEdit(f"the front matter is no valid YAML{place}", _BY_HAND) from error
    except (yaml.YAMLError, ValueError, OverflowError, IndexError, RecursionError) as error:
        raise UnsafeEdit("the front matter is no valid YAML", _BY_HAND) from error
    return root


def _node_of(event: NodeEvent, source: str, offset: int) -> Node:
    """The node that an event begins, or is."""
    import yaml

    start, end = _index(event.start_mark), _index(event.end_mark)
    marked = event.anchor is not None
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        if style in ("|", ">"):
            # The mark lies behind the blank lines that follow; those stay where they are.
            end = start + len(source[start:end].rstrip(" \t\r\n"))
        return Node(SCALAR, start + offset, end + offset, style, event.value, marked or event.tag is not None)
    if isinstance(event, yaml.CollectionStartEvent):
        kind = LIST if isinstance(event, yaml.SequenceStartEvent) else MAP
        style = "flow" if event.flow_style else "block"
        return Node(kind, start + offset, end + offset, style, marked=marked or event.tag is not None)
    return Node(ALIAS, start + offset, end + offset, "")


def _index(mark: Mark | CMark | None) -> int:
    """A mark's offset in characters; the parser written in Python, which is used here, gives one always."""
    assert mark is not None
    return mark.index


def _read_entries(text: str, root: Node) -> Iterator[Entry]:
    for key, value in zip(root.children[::2], root.children[1::2], strict=True):
        if key.kind != SCALAR or key.marked or key.style not in ("", "'", '"'):
            raise UnsafeEdit("a key of the front matter is no plain word", _BY_HAND)
        colon = re.compile(r"[ \t]*:").match(text, key.end)
        before = text[max(line_start(text, key.start), root.start) : key.start]
        if colon is None or before.strip():
            raise UnsafeEdit(
                f'the key "{key.text}" is written with a question mark or over several lines', _BY_HAND
            )
        if key.text == "<<" and not key.style:
            raise UnsafeEdit('the front matter merges other values in ("<<")', _BY_HAND)
        yield Entry(key.text, key, colon.end(), value)


def _refuse_twins(root: Node) -> None:
    """YAML readers keep one of two equal keys in silence, and not all the same one."""
    for node in root.walk():
        if node.kind == MAP:
            keys = [key.text for key in node.children[::2] if key.kind == SCALAR]
            twin = next((key for key in keys if keys.count(key) > 1), None)
            if twin is not None:
                reason = f'the front matter holds the key "{twin}" twice'
                raise UnsafeEdit(reason, "keep one of them, then try again")


def _refuse_tabs(text: str, start: int, end: int, root: Node) -> None:
    """YAML's readers differ on a tab as indentation; within a block of text it is a letter like any other."""
    blocks = [(n.start, n.end) for n in root.walk() if n.kind == SCALAR and n.style in ("|", ">")]
    for tab in _TAB_INDENT.finditer(text, start, end):
        if not any(first <= tab.start() < last for first, last in blocks):
            raise UnsafeEdit(_TAB, "use blanks, then try again")


# Words that some YAML reader takes for something else than text. "true" and "false" are what they say.
_READ_OTHERWISE = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"))
_NUMBER = r"(?i)[-+]?(?:\d[\d_]*|0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.[\d_]+)(?:e[-+]?\d+)?|\.(?:inf|nan))"
_BASE_60 = r"[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?"
_DATE_LIKE = r"\d{4}-\d\d?-\d\d?"
_TIME_LIKE = r"\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d.*"
_EXACT_INTEGER = r"0|-?[1-9]\d{0,14}"  # JavaScript is exact up to 15 digits
_EXACT_DECIMAL = r"-?(?:0|[1-9]\d{0,8})\.\d{0,5}[1-9]"
_PLAIN_FIRST = r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=\d)"
_NOT_PLAIN = r":(?=[ \t]|$)|[ \t]#|\[\[|[\t\r\n]|[^\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_BREAKS_OR_UNSEEN = "[\x85\u2028\u2029\ufeff]"
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MUST_ESCAPE = '["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]'


def quote(text: str, style: str = "", *, in_flow: bool = False) -> str:
    """A text as a YAML value on one line, in the style asked where that can hold it, else in double quotes.

    `style` is "", "'" or '"'. Plain is kept for what readers of YAML 1.1 and 1.2 both give back as the
    same text, and for true, false and dates, whose type is meant. A wikilink is always quoted.
    """
    if style == "'" and not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text):
        return "'" + text.replace("'", "''") + "'"
    if style == "" and is_plain(text) and not (in_flow and re.search(r"[,\[\]{}:?]", text)):
        return text
    return '"' + re.sub(_MUST_ESCAPE, _escape, text) + '"'


def is_plain(text: str) -> bool:
    """Whether a text needs no quotes as a value in a block of YAML."""
    if not text or text != text.strip() or not re.match(_PLAIN_FIRST, text) or text.startswith("..."):
        return False
    if re.search(_NOT_PLAIN, text) or re.search(_BREAKS_OR_UNSEEN, text):
        return False
    if text in ("true", "false") or re.fullmatch(_EXACT_INTEGER, text) or re.fullmatch(_EXACT_DECIMAL, text):
        return True
    if re.fullmatch(_DATE_LIKE, text) or re.fullmatch(_TIME_LIKE, text):
        return _is_moment(text)
    return (
        text.lower() not in _READ_OTHERWISE
        and not re.fullmatch(_NUMBER, text)
        and not re.fullmatch(_BASE_60, text)
    )


def _is_moment(text: str) -> bool:
    """True for a day or time of the calendar in the one spelling that every reader takes."""
    try:
        day = len(text) == 10
        return (
            date.fromisoformat(text).isoformat() == text
            if day
            else datetime.fromisoformat(text).isoformat() == text
        )
    except ValueError:
        return False


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
