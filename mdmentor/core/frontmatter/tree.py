"""Front matter as a tree of values, each with its place in the text: the one parser for reading and for editing.

Most notes hold keys at the margin, each with a text or a list of texts. A pattern reads those; python-frontmatter and
PyYAML, whose import takes longer than reading a note, read everything else. The two agree on every block that both
read, and tests hold them to it. Values stay text, so that `NO`, `0123`, `12:30` and `2024-02-30` are what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml
    from yaml._yaml import Mark as CMark

SCALAR, LIST, MAP, ALIAS = "scalar", "list", "map", "alias"

DEEPEST = 50  # levels of lists and maps; people write three
MOST_VALUES = 20_000  # an alias counts as all that it names
TOO_DEEP, TOO_MANY = "is nested too deep", "holds too many values"

# A text that YAML takes as it is: its first character opens nothing, and it holds neither ": " nor " #".
_FIRST = r"[\w+(/.$]"
_TEXT = rf"{_FIRST}[^\n\t:#]*+(?:(?::(?![ \n\t])|(?<! )#)[^\n\t:#]*+)*"
_TEXT_IN_BRACKETS = rf"{_FIRST}[^\n\t:#{{}},?\[\]]*+"
_QUOTED = r"(?:\"[^\n\t\"\\]*+(?:\\[\"\\][^\n\t\"\\]*+)*\"|'[^\n\t']*+(?:''[^\n\t']*+)*') *+"
_VALUE = rf"(?:{_TEXT}|{_QUOTED})"
_IN_BRACKETS = rf"(?:{_TEXT_IN_BRACKETS}|{_QUOTED})"
_ENTRY = re.compile(
    rf"(?P<key>[^\W_](?:[\w -]{{0,60}}\w)?):(?:"
    rf" ++(?:(?P<value>{_VALUE})|(?P<flow>\[ *+(?:{_IN_BRACKETS}(?:, *+{_IN_BRACKETS})*)?\]) *+)\n"
    rf"| *+\n(?P<block>(?P<indent> *+)- ++{_VALUE}\n(?:(?P=indent)- ++{_VALUE}\n)*)?)"
)
_ITEM = re.compile(rf"- ++({_VALUE})")
_ITEM_IN_BRACKETS = re.compile(_IN_BRACKETS)


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

    Raises Fault, with the line from 0 in the block, for what is no valid YAML.
    """
    return _parse_plain(text, start, end) or _parse_yaml(text, start, end)


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


def _parse_plain(text: str, start: int, end: int) -> Node | None:
    """The tree of a block of plain keys; None for any other block."""
    if text.find("\r", start, end) >= 0:
        return None
    root = Node(MAP, start, start, "block")
    while start < end:
        entry = _ENTRY.match(text, start, end)
        if entry is None:
            return None
        key_end = entry.end("key")
        if entry["value"]:
            node = _plain_scalar(text, *entry.span("value"))
        elif entry["flow"]:
            node = Node(LIST, *entry.span("flow"), "flow")
            items = _ITEM_IN_BRACKETS.finditer(text, node.start + 1, node.end - 1)
            node.children = [_plain_scalar(text, *item.span()) for item in items]
        elif entry["block"]:
            items = _ITEM.finditer(text, *entry.span("block"))
            node = Node(LIST, entry.end("indent"), 0, "block")
            node.children = [_plain_scalar(text, *item.span(1)) for item in items]
            node.end = node.children[-1].end
        else:
            node = Node(SCALAR, key_end + 1, key_end + 1)
        root.children += [Node(SCALAR, start, key_end, "", text[start:key_end]), node]
        root.end, start = node.end, entry.end()
    return root if root.children else None


def _plain_scalar(text: str, start: int, end: int) -> Node:
    raw = text[start:end].rstrip(" ")
    style = raw[0] if raw[0] in "\"'" else ""
    value = raw[1:-1] if style else raw
    if style == "'":
        value = value.replace("''", "'")
    elif style and "\\" in value:
        value = re.sub(r"\\(.)", r"\1", value)
    return Node(SCALAR, start, start + len(raw), style, value)


def _parse_yaml(text: str, start: int, end: int) -> Node | None:
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
            if isinstance(event, yaml.CollectionEndEvent):
                node = open_nodes.pop()
                # PyYAML lets a block run on over the blank lines and comments behind it
                last = node.children[-1].end if node.children else node.start
                node.end = _mark(event.end_mark).index if node.style == "flow" else last
            elif isinstance(event, yaml.NodeEvent):
                node = self._node_of(event)
                open_nodes[-1].children.append(node)
                if node.kind in (LIST, MAP):
                    open_nodes.append(node)
            if len(top.children) > 1:
                raise Fault(_mark(event.start_mark).line)  # several documents
            if len(open_nodes) > DEEPEST + 1:
                raise Fault(0, TOO_DEEP)
            if count > 2 * MOST_VALUES:
                raise Fault(0, TOO_MANY)
        return top.children[0] if top.children else None

    def dispose(self) -> None:
        """Nothing to close."""

    def _node_of(self, event: yaml.NodeEvent) -> Node:
        """The node that an event is, or begins."""
        import yaml

        mark = _mark(event.start_mark)
        node = Node(ALIAS, mark.index, _mark(event.end_mark).index)
        if isinstance(event, yaml.AliasEvent):
            node.target = self._anchors.get(event.anchor or "")
            if node.target is None:
                raise Fault(mark.line)
            return node
        if isinstance(event, yaml.ScalarEvent):
            node.kind, node.style, node.text = SCALAR, event.style or "", event.value
            if node.style in ("|", ">"):
                # the mark lies behind the blank lines that follow
                node.end = node.start + len(self._text[node.start : node.end].rstrip(" \t\r\n"))
        elif isinstance(event, yaml.CollectionStartEvent):
            node.kind = LIST if isinstance(event, yaml.SequenceStartEvent) else MAP
            node.style = "flow" if event.flow_style else "block"
        node.is_marked = self._text[node.start : node.start + 1] in ("&", "!")
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node


def _mark(mark: yaml.Mark | CMark | None) -> yaml.Mark | CMark:
    """A place that both parsers always give."""
    assert mark is not None
    return mark


# Words that some YAML parser reads as something other than text. "true" and "false" mean themselves.
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
_MUST_ESCAPE = '["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]'


def quote(text: str, style: str = "", *, in_flow: bool = False) -> str:
    """A text as a YAML value on one line, in the style asked where that can hold it, else in double quotes.

    `style` is "", "'" or '"'. Plain is for what parsers of YAML 1.1 and 1.2 both read as the same
    text, and for true, false and dates, whose type is meant. A wikilink is always quoted.
    """
    if style == "'" and not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", text):
        return "'" + text.replace("'", "''") + "'"
    if style == "" and is_plain(text) and not (in_flow and re.search(r"[,\[\]{}:?]", text)):
        return text
    import json  # only the editor needs it

    return '"' + re.sub(_MUST_ESCAPE, lambda match: json.dumps(match[0])[1:-1], text) + '"'


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
    """True for an existing day or time in the one spelling that every parser reads."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        return day.isoformat() == text
    except ValueError:
        return False
