"""Front matter as a tree of values, each with its place in the text, and texts written as YAML values.

python-frontmatter and PyYAML, whose import takes longer than reading a note, parse it; `fields` reads plain blocks
without them. Values stay text, so that `NO`, `0123`, `12:30` and `2024-02-30` are what was typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

SCALAR, LIST, MAP, ALIAS = "scalar", "list", "map", "alias"

DEEPEST = 50  # levels of lists and maps; people write three
MOST_VALUES = 20_000  # an alias counts as all that it names
TOO_DEEP, TOO_MANY = "is nested too deep", "has too many values"


class Node:
    """A value and its place in the text, by offsets."""

    __slots__ = ("children", "end", "is_marked", "kind", "start", "style", "target", "text")

    def __init__(self, kind: str, start: int, end: int, style: str = "", text: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end  # behind the last character that belongs to it
        self.style = style  # of a scalar: "", "'", '"', "|" or ">"; of a list or map: "flow" or "block"
        self.text = text  # of a scalar, as YAML reads it
        self.children: list[Node] = []  # of a map: key, value, key, value ...
        self.target: Node | None = None  # of an alias
        self.is_marked = False  # carries an anchor or a tag

    def walk(self) -> Iterator[Node]:
        """The node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


class Fault(Exception):
    """The line in which YAML could not go on; `refused` says why the block was not read at all, if so."""

    def __init__(self, line: int, refused: str = "") -> None:
        super().__init__(line, refused)
        self.line = line
        self.refused = refused


def parse_tree(text: str, start: int, end: int) -> Node | None:
    """The root of the block of front matter between two offsets of a text; None for a block without a value.

    Raises Fault, with the line from 0 in the block, for what is not valid YAML.
    """
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        root: Node | None = YAMLHandler().load(text[start:end], Loader=_TreeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # libyaml has a limit of its own since 0.2.6, and reads far enough ahead to reach it before ours
        refused = TOO_DEEP if "nesting depth" in (error.problem or "") else ""
        raise Fault(0 if refused or not mark else mark.line, refused) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Fault(0) from error
    for node in root.walk() if root else ():
        node.start += start
        node.end += start
    return root


def line_and_column(text: str, offset: int, first_line: int = 1) -> tuple[int, int]:
    """The place of an offset in a text that begins in `first_line`."""
    return first_line + text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset)


def is_wikilink(node: Node) -> bool:
    """True for `[[Ada]]` without quotes, to YAML a list whose only item is a list."""
    if node.kind != LIST or len(node.children) != 1:
        return False
    inner = node.children[0]  # [[[Ada]]] is a list of one link
    return _encloses(node, inner, LIST) and bool(inner.children) and not is_wikilink(inner)


def is_template(node: Node) -> bool:
    """True for `{{date}}`, to YAML a map whose only key is a map."""
    return node.kind == MAP and len(node.children) == 2 and _encloses(node, node.children[0], MAP)


def _encloses(outer: Node, inner: Node, kind: str) -> bool:
    return inner.kind == kind and (inner.start, inner.end) == (outer.start + 1, outer.end - 1)


class _TreeLoader:
    """What python-frontmatter loads a block with: builds our tree from PyYAML's events, and runs nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._anchors: dict[str, Node] = {}

    def get_single_data(self) -> Node | None:
        """The tree, its offsets counted from the start of the block."""
        import yaml

        top = Node(LIST, 0, 0)
        open_nodes = [top]
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the slower one where libyaml is missing
        for count, event in enumerate(yaml.parse(self._text, Loader=loader)):
            start_mark: Any = event.start_mark  # both marks are always there
            end_mark: Any = event.end_mark
            if isinstance(event, yaml.CollectionEndEvent):
                node = open_nodes.pop()
                if node.style == "flow":
                    node.end = end_mark.index
                elif node.children:  # the mark is behind the blank lines and comments that follow
                    node.end = node.children[-1].end
            elif isinstance(event, yaml.NodeEvent):
                node = self._node_of(event, start_mark, end_mark)
                open_nodes[-1].children.append(node)
                if node.kind in (LIST, MAP):
                    open_nodes.append(node)
            if len(top.children) > 1:
                raise Fault(start_mark.line)  # several documents
            if len(open_nodes) > DEEPEST + 1:
                raise Fault(0, TOO_DEEP)
            if count > 2 * MOST_VALUES:
                raise Fault(0, TOO_MANY)
        return top.children[0] if top.children else None

    def dispose(self) -> None:
        """Nothing to close."""

    def _node_of(self, event: Any, start_mark: Any, end_mark: Any) -> Node:
        """The node that an event is, or begins."""
        import yaml

        start, end = start_mark.index, end_mark.index
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise Fault(start_mark.line)
            node = Node(ALIAS, start, end)
            node.target = self._anchors[event.anchor]
            return node
        if isinstance(event, yaml.ScalarEvent):
            if event.style in ("|", ">"):
                # the mark is behind the blank lines that follow
                end = start + len(self._text[start:end].rstrip(" \t\r\n"))
            node = Node(SCALAR, start, end, event.style or "", event.value)
        else:
            kind = LIST if isinstance(event, yaml.SequenceStartEvent) else MAP
            node = Node(kind, start, start, "flow" if event.flow_style else "block")
        node.is_marked = self._text[start : start + 1] in ("&", "!")
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node


# What means something to YAML at the start of a value or inside it.
_NOT_PLAIN = (
    r"(?s)[\s,\[\]{}#&*!|>'\"%@`]|-(?!\d)|[?:]|\.\.\."
    r"|.*(?::(?:\s|\Z)|\s#|\[\[|[\t\n\r\x85\u2028\u2029\ufeff])"
)
# What PyYAML takes for text and other parsers do not, or not all of them.
_NOT_TEXT = r"(?i)[yn=]|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|0o[0-7]+|\d{4}-\d\d?-\d\d?"
# Texts that begin with a letter and are something else to YAML.
_WORDS_OF_YAML = frozenset(("y", "n", "yes", "no", "true", "false", "on", "off", "null"))
_PHONE = r"\+?[0-9][0-9()./-]*(?: [0-9()./-]+)+"
_MUST_ESCAPE = '["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]'


def quote(text: str, style: str = "", *, in_flow: bool = False) -> str:
    """A text as a YAML value on one line, in the style asked where that can hold it, else in double quotes.

    `style` is "", "'" or '"'. Plain is for what parsers of YAML 1.1 and 1.2 both read as the same
    text, and for true, false and dates, whose type is meant. A wikilink is always quoted.
    """
    if style == "'" and not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text):
        return "'" + text.replace("'", "''") + "'"
    if style == "" and _is_plain(text) and not (in_flow and re.search(r"[,\[\]{}:?]", text)):
        return text
    return '"' + re.sub(_MUST_ESCAPE, lambda match: json.dumps(match[0])[1:-1], text) + '"'


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes as a value in a block of YAML."""
    if re.match(_NOT_PLAIN, text):
        return False
    # as most values are; PyYAML would take a hundred times as long to say so
    if re.match("[A-Za-z]", text) and text.isprintable() and text.lower() not in _WORDS_OF_YAML:
        return text == text.strip()
    if re.fullmatch(_PHONE, text):  # no number or day has a blank without a colon
        return True
    with suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:
            return True
    import yaml

    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return False
    if isinstance(value, str):
        return value == text == text.strip() and not re.fullmatch(_NOT_TEXT, text)
    if isinstance(value, int | float):
        return json.dumps(value) == text and len(text) <= 15 and not text.endswith(".0")
    return isinstance(value, date) and value.isoformat() == text
