"""Reads a block of YAML into fields: python-frontmatter reads it, the marks of YAML's nodes tell the places.

Values stay text, so that `NO`, `0123`, `12:30` and `2024-02-30` are what the user typed. Nothing that a
note says is run, aliases are followed only so far, and whatever the block holds comes back as a value: a
`Reading`, or a `Fault` where reading stopped. To import this is to import yaml, so `head.py` does it only
for a block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml
from frontmatter.default_handlers import YAMLHandler
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mdmentor.core import names
from mdmentor.core.frontmatter.values import Fault, Reading, as_link, find_links
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem

if TYPE_CHECKING:
    from yaml import CBaseLoader as _BaseLoader
else:
    _BaseLoader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the slower one where libyaml is missing

DEEPEST = 50  # levels of lists and maps; what people write has three
TOO_DEEP = "is nested too deep"
MOST_VALUES = 20_000  # values looked at, counted each time an alias names them again
MOST_PROBLEMS = 30  # told of one block; whoever mends these sees the rest

# Only a block with one of these can be nested too deep; any other skips the slower look at its depth.
_BRACKETS = 40
_COMPACT = re.compile(r"^ *(?:[-?:][ \t]++){3}", re.MULTILINE)
_INDENT = " " * _BRACKETS

TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}|<%.{0,200}?%>", re.DOTALL)
# In a quoted value of several lines: a line at the margin that looks like a key, which YAML takes for the value's text.
_KEY_IN_QUOTES = re.compile(r"\n[^\W\d][\w .-]{0,40}:(?=\s)")
_TAG_GAPS = re.compile(r"[,;\s]+")
_TAG_COMMENT = re.compile(r"[ \t]*(#[^\s#][^\n]*)")
_HANDLER = YAMLHandler()


class _NodeLoader(_BaseLoader):
    """Hands over the tree of nodes in place of Python values: text and places are all that is wanted."""

    def get_single_data(self) -> Node | None:
        return self.get_single_node()


class _Swallowed(Exception):
    """A quote that is closed too late holds the keys below it; raised with its line and caught in here."""


class _Refused(Exception):
    """The block is nested too deep or too large; raised and caught in here."""


def read_yaml(path: str, text: str, first_line: int, *, keep_all: bool = False) -> Reading | Fault:
    """The fields, links and problems of `text`, which begins at line `first_line` of the note.

    `text` holds no line breaks but newlines and no control characters. A key that stands twice keeps its last
    value, with an error, or the stricter one where it guards somebody; `keep_all` keeps each without a word, for a block in which a merge left both sides.
    """
    try:
        if text.count("[") + text.count("{") > _BRACKETS or _INDENT in text or _COMPACT.search(text):
            _check_depth(text)
        root: object = _HANDLER.load(text, Loader=_NodeLoader)
        if root is None or (isinstance(root, ScalarNode) and not root.value):
            return Reading("empty")
        if not isinstance(root, MappingNode):
            return Reading("other")
        walk = _Walk(path, text, first_line, keep_all)
        walk.mapping(root, "", 1)
        return walk.reading(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # libyaml has a limit of its own since 0.2.6, and reads far enough ahead to reach it before ours
        refused = TOO_DEEP if "nesting depth" in (error.problem or "") else ""
        return Fault(first_line + (0 if refused or not mark else mark.line), refused)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Fault(first_line)
    except _Swallowed as swallowed:
        return Fault(first_line + int(str(swallowed)))
    except _Refused as refused:
        return Fault(first_line, str(refused))


def _check_depth(text: str) -> None:
    """Goes over the parser's events, which needs no stack, before any nodes are built, which does."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_NodeLoader)):
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(TOO_DEEP)
        if count > 2 * MOST_VALUES:
            raise _Refused("holds too many values")


class _Walk:
    """One walk over the nodes of one block, gathering what it meets."""

    __slots__ = (
        "_anchors",
        "_count",
        "_doubled",
        "_fields",
        "_first_line",
        "_keep_all",
        "_links",
        "_path",
        "_problems",
        "_text",
        "_unsafe",
    )

    def __init__(self, path: str, text: str, first_line: int, keep_all: bool) -> None:
        self._path = path
        self._text = text
        self._first_line = first_line
        self._keep_all = keep_all
        self._fields: list[Field] = []
        self._links: dict[int, Link] = {}  # by offset: an alias leads to the same place again
        self._problems: list[Problem] = []
        self._doubled: dict[str, int] = {}  # name -> how many fields there were when it came again
        self._unsafe = ""
        self._count = 0
        self._anchors = "&" in text or "!" in text  # an alias needs its anchor, a tag its "!"

    def mapping(self, node: Node, prefix: str, depth: int) -> None:
        if depth > DEEPEST:
            raise _Refused(TOO_DEEP)
        self._meet(2 * len(node.value))
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if self._anchors:
                self._look_for_anchors(key_node, value_node)
            is_plain = type(key_node) is ScalarNode
            name = prefix + (key_node.value.strip() if is_plain else self._raw(key_node))
            if name in seen and not self._keep_all:
                self._report_double(name, seen[name], key_node)
            seen[name] = key_node.start_mark.line
            self._entry(name, key_node, value_node, depth)

    def reading(self, root: MappingNode) -> Reading:
        """All that was met on the way."""
        if root.flow_style or self._text.lstrip().startswith("{"):
            self._unsafe = self._unsafe or "it is written as JSON"
        fields = self._fields
        if self._doubled:
            told = [_guarding(f) if self._is_overwritten(f.name, n) else f for n, f in enumerate(fields)]
            fields = [f for f in told if f is not None]
        problems = tuple(self._problems[:MOST_PROBLEMS])
        return Reading("mapping", tuple(fields), tuple(self._links.values()), problems, self._unsafe)

    def _entry(self, name: str, key_node: Node, node: Node, depth: int) -> None:
        key = names.fold_key(name)
        kind = type(node)
        if kind is ScalarNode:
            value = self._scalar(node, key)
            self._add(name, key, (value,) if value else (), False, node if value else key_node)
        elif kind is SequenceNode and not _is_wikilink(node):
            values, places = self._items(node, key)
            self._add(name, key, values, True, node if values else key_node, places)
        elif kind is MappingNode and not node.value:
            self._add(name, key, (), False, key_node)
        elif kind is MappingNode and not _is_template(node):
            self.mapping(node, name + ".", depth + 1)
        else:
            self._add(name, key, (self._unquoted(node, key),), False, node)

    def _items(self, node: Node, key: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
        """The items that say something, and where each of them stands."""
        self._meet(len(node.value))
        if self._anchors:
            self._look_for_anchors(*node.value)
        values, places = [], []
        for item in node.value:
            if type(item) is ScalarNode:
                value = self._scalar(item, key)
            elif _is_wikilink(item) or _is_template(item):
                value = self._unquoted(item, key)
            else:  # a map or a list in a list is told in the user's words, on one line
                raw = self._raw(item)
                self._find_links(item, raw, "", key)
                value = " ".join(raw.split()) if item.value else ""
            if value:
                values.append(value)
                mark = item.start_mark
                places.append((self._first_line + mark.line, mark.column + 1))
        return tuple(values), tuple(places)

    def _scalar(self, node: Node, key: str) -> str:
        value: str = node.value.strip()
        if "[[" in value:
            self._find_links(node, self._raw(node), value, key)
        if "{{" in value or "<%" in value:
            self._report_template(value, node)
        if isinstance(node, ScalarNode) and node.style:
            first = node.start_mark.line
            if node.style in "\"'" and first < node.end_mark.line and _KEY_IN_QUOTES.search(self._raw(node)):
                raise _Swallowed(first)
            return value
        if node.value in ("~", "null"):
            return ""
        if not value and key in ("tags", "tag"):
            return self._commented_tags(node)
        return value

    def _unquoted(self, node: Node, key: str) -> str:
        """The text again of a `[[wikilink]]` or `{{template}}`, to YAML a list in a list, a map in a map."""
        raw = self._raw(node)
        self._find_links(node, raw, "", key)
        value = " ".join(raw.split())
        if type(node) is MappingNode:
            self._report_template(value, node)
        else:
            what = f'link "{value}" stands without quotes, so other programs take it for a list'
            self._report(node, HINT, "unquoted-link", what, f'quote it: "{value}"')
        return value

    def _commented_tags(self, node: Node) -> str:
        """What stands behind `tags:` as `#person`: a comment to YAML, a tag to whoever wrote it."""
        found = _TAG_COMMENT.match(self._text, node.start_mark.index)
        if not found:
            return ""
        value = found[1].strip()
        what = f'"{value}" is a comment in front matter; it is read as tags here, and by no other program'
        mark = node.start_mark
        place = self._first_line + mark.line, mark.column + found.start(1) - found.start() + 1
        self._problems.append(Problem(self._path, *place, WARNING, "commented-tag", what, "leave out the #"))
        return value

    def _meet(self, count: int) -> None:
        self._count += count
        if self._count > MOST_VALUES:
            raise _Refused("holds too many values")

    def _look_for_anchors(self, *nodes: Node) -> None:
        for node in nodes:
            if self._text[node.start_mark.index : node.start_mark.index + 1] in ("&", "!"):
                self._unsafe = self._unsafe or "it uses anchors or tags of YAML"

    def _raw(self, node: Node) -> str:
        return self._text[node.start_mark.index : node.end_mark.index].rstrip()

    def _add(
        self,
        name: str,
        key: str,
        values: tuple[str, ...],
        is_list: bool,
        at: Node,
        places: tuple[tuple[int, int], ...] = (),
    ) -> None:
        mark = at.start_mark
        line = self._first_line + mark.line
        self._fields.append(Field(name, key, values, is_list, line, mark.column + 1, places))

    def _find_links(self, node: Node, raw: str, value: str, key: str) -> None:
        for offset, link, inner in find_links(raw, value):
            at = node.start_mark.index + offset
            if at not in self._links:
                line = self._first_line + self._text.count("\n", 0, at)
                column = at - self._text.rfind("\n", 0, at)
                self._links[at] = as_link(link, inner, line, column, key)

    def _is_overwritten(self, name: str, number: int) -> bool:
        parts = name.split(".")
        return any(self._doubled.get(".".join(parts[:n]), 0) > number for n in range(1, len(parts) + 1))

    def _report_double(self, name: str, earlier: int, key_node: Node) -> None:
        self._doubled[name] = len(self._fields)
        self._unsafe = f'key "{name}" stands twice'
        what = f'key "{name}" stands twice, first in line {self._first_line + earlier}'
        counts = "the stricter" if _is_guard(names.fold_key(name)) else "the last"
        self._report(
            key_node, ERROR, "duplicate-key", what, f"keep one of them; {counts} one counts until then"
        )

    def _report_template(self, value: str, node: Node) -> None:
        if found := TEMPLATE.search(value):
            what = f'"{" ".join(found[0].split())}" is a template that was not filled in'
            self._report(node, HINT, "unfilled-template", what, "write the value, or leave it empty")

    def _report(self, node: Node, severity: str, code: str, what: str, fix: str) -> None:
        mark = node.start_mark
        place = self._first_line + mark.line, mark.column + 1
        self._problems.append(Problem(self._path, *place, severity, code, what, fix))


def _is_guard(key: str) -> bool:
    """Whether a folded key guards somebody, so that of two values the stricter one counts."""
    from mdmentor.core.frontmatter.keys import KEYS, near_key

    guards = ("confidential", "contact", "paused", "deceased")
    return any(key in KEYS[guard] for guard in guards) or near_key(key) == "confidential"


def _guarding(field: Field) -> Field | None:
    """What still counts of a field whose key comes again: all of one that guards somebody, the tags that do."""
    from mdmentor.core.frontmatter.keys import NEVER_TAGS, SPELLED

    if _is_guard(field.key):
        return field
    if field.key not in SPELLED["tags"]:
        return None
    words = [word.lstrip("#") for value in field.values for word in _TAG_GAPS.split(value)]
    tags = tuple(word for word in words if names.fold_key(word) in NEVER_TAGS)
    return field._replace(values=tags, is_list=True, places=()) if tags else None


def _is_wikilink(node: Node) -> bool:
    """True for `[[Ada]]`, to YAML a list whose only item is a list."""
    if type(node) is not SequenceNode or len(node.value) != 1 or type(node.value[0]) is not SequenceNode:
        return False
    inner = node.value[0]
    return (
        bool(inner.value)
        and not _is_wikilink(inner)  # [[[Ada]]] is a list of one link
        and inner.start_mark.index == node.start_mark.index + 1
        and inner.end_mark.index == node.end_mark.index - 1
    )


def _is_template(node: Node) -> bool:
    """True for `{{date}}`, to YAML a map whose only key is a map."""
    if type(node) is not MappingNode or len(node.value) != 1 or type(node.value[0][0]) is not MappingNode:
        return False
    inner = node.value[0][0]
    return (
        inner.start_mark.index == node.start_mark.index + 1
        and inner.end_mark.index == node.end_mark.index - 1
    )
