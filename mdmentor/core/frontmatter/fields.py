"""From a block of front matter to its fields, its links and its problems.

Most notes hold keys at the margin, each with a text or a list of texts: a pattern reads those. YAML reads every other
block. The two agree on every block that both read, and tests hold them to it.
"""

import re
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.frontmatter import (
    ALIAS,
    DEEPEST,
    LIST,
    MAP,
    MOST_VALUES,
    SCALAR,
    TOO_DEEP,
    TOO_MANY,
    Fault,
    Node,
    is_template,
    is_wikilink,
    line_and_column,
    parse_tree,
)
from mdmentor.core.frontmatter.keys import GUARD_TAGS, SPELLED, guards
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem, new

MOST_PROBLEMS = 30  # of one block; who fixes these sees the rest

# A text that YAML takes as it is: its first character opens nothing, and it holds neither ": " nor " #".
_FIRST = r"[\w+(/.$]"
_TEXT = rf"{_FIRST}[^\n\t:#]*+(?:(?::(?![ \n\t])|(?<! )#)[^\n\t:#]*+)*"
_TEXT_IN_BRACKETS = rf"{_FIRST}[^\n\t:#{{}},?\[\]]*+"
_QUOTED = r"(?:\"[^\n\t\"\\]*+(?:\\[\"\\][^\n\t\"\\]*+)*\"|'[^\n\t']*+(?:''[^\n\t']*+)*') *+"
_VALUE = rf"(?:{_TEXT}|{_QUOTED})"
_IN_BRACKETS = rf"(?:{_TEXT_IN_BRACKETS}|{_QUOTED})"
_ENTRY = re.compile(
    rf"(?m)^([^\W_](?:[\w -]{{0,60}}\w)?):(?:"
    rf"( ++)(?:({_VALUE})|(\[ *+(?:{_IN_BRACKETS}(?:, *+{_IN_BRACKETS})*)?\]) *+)\n"
    rf"| *+\n((?P<indent> *+)- ++{_VALUE}\n(?:(?P=indent)- ++{_VALUE}\n)*)?)"
)
_ITEM_IN_BRACKETS = re.compile(_IN_BRACKETS)
_NOTHING = frozenset({"~", "null"})

TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}|<%.{0,200}?%>", re.DOTALL)
# A lone "]" does not end a link. A tool that folds long lines may have broken one in the middle.
_WIKILINK = r"(?s)\[\[((?:(?!\]\]|\[\[).){1,500}?)\]\](?!\])"
# In a quoted value of several lines: a line at the margin that looks like a key, which YAML takes for the value's text.
_KEY_IN_QUOTES = r"\n[^\W\d][\w .-]{0,40}:(?=\s)"
_TAG_GAPS = r"[,;\s]+"
_TAG_COMMENT = re.compile(r"[ \t]*(#[^\s#][^\n]*)")


class Reading(NamedTuple):
    """What a block holds. `root` is "mapping", "empty" or "other"; only a mapping has fields."""

    root: str
    fields: tuple[Field, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    unsafe: bool = False  # JSON, anchors, tags or duplicate keys: lines cannot be changed one by one


def read_values(path: str, block: str, first_line: int, *, keep_all: bool = False) -> Reading | Fault:
    """The fields, links and problems of a block that begins in `first_line`; a Fault where it is not valid YAML.

    `block` holds no line breaks but newlines, and no control characters. `keep_all` keeps every value of a
    duplicate key, for a block in which a merge left both sides.
    """
    return _read_plain(block, first_line) or _read_yaml(path, block, first_line, keep_all)


def _read_plain(block: str, first_line: int) -> Reading | None:
    """What a block of plain keys holds, each of them once; None for any other block."""
    if "\r" in block or ("{" in block and "{{" in block) or ("<" in block and "<%" in block):
        return None
    block = block if block[-1:] == "\n" else f"{block}\n"
    fields: dict[str, Field] = {}
    links: list[Link] = []
    line, entries = first_line, _ENTRY.findall(block)
    for name, gap, value, flow, rows, indent in entries:
        key, column = names.fold_key(name), len(name) + len(gap) + 2
        if value:
            text = _plain_text(value)
            if "[[" in text:
                links += find_links(value, text, line, column, key)
            values = (text,) if text else ()
            field = new(Field, (name, key, values, False, line, column if text else 1, (), False))
        else:
            if flow:
                matches = _ITEM_IN_BRACKETS.finditer(flow, 1, len(flow) - 1)
                items = [(match[0], line, column + match.start()) for match in matches]
            else:
                source = [(row, row.lstrip(" -")) for row in rows.split("\n")[:-1]]
                items = [(raw, n, len(row) - len(raw) + 1) for n, (row, raw) in enumerate(source, line + 1)]
            texts: list[str] = []
            places: list[tuple[int, int]] = []
            for raw, row, start in items:
                if text := _plain_text(raw):
                    texts.append(text)
                    places.append((row, start))
                    if "[[" in text:
                        links += find_links(raw, text, row, start, key)
            place = ((line + 1, len(indent) + 1) if rows else (line, column)) if texts else (line, 1)
            field = new(Field, (name, key, tuple(texts), bool(flow or rows), *place, tuple(places), False))
            line += len(items) if rows else 0
        line += 1
        fields[name] = field
    is_whole = len(fields) == len(entries) and line - first_line == block.count("\n")
    return Reading("mapping", tuple(fields.values()), tuple(links)) if is_whole else None


def _plain_text(raw: str) -> str:
    """The text that the source of a plain value stands for."""
    raw, sign = raw.rstrip(" "), raw[0]
    if sign == "'":
        return raw[1:-1].replace("''", "'").strip()
    if sign == '"':
        raw = raw[1:-1]
        return (re.sub(r"\\.", lambda pair: pair[0][1], raw) if "\\" in raw else raw).strip()
    return "" if raw in _NOTHING else raw.strip()


def _read_yaml(path: str, block: str, first_line: int, keep_all: bool) -> Reading | Fault:
    try:
        root = parse_tree(block, 0, len(block))
        if root is None or (root.kind == SCALAR and not root.text):
            return Reading("empty")
        if root.kind != MAP:
            return Reading("other")
        walk = _Walk(path, block, first_line, keep_all)
        walk.mapping(root, "", 1)
    except Fault as fault:
        return Fault(first_line + fault.line, fault.refused)
    links, problems = tuple(walk.links.values()), tuple(walk.problems[:MOST_PROBLEMS])
    unsafe = walk.unsafe or root.style == "flow"
    return Reading("mapping", walk.kept_fields(), links, problems, unsafe)


def find_links(raw: str, value: str, line: int, column: int, key: str) -> list[Link]:
    """The wikilinks of a value under the folded `key`; `raw` is its source, at this place."""
    if "[[" not in value:
        return []
    found = []
    # the source of a block of text may run over into the comment behind it
    words = [match[1] for match in re.finditer(_WIKILINK, value)]
    for match, inner in zip(re.finditer(_WIKILINK, raw), words, strict=False):
        row, at = line_and_column(raw, match.start(), line)
        place = row, at if row > line else column + match.start()
        named, *shown = re.split(r"\\?\|", " ".join(inner.split()), maxsplit=1)
        target, _, fragment = named.partition("#")
        text = shown[0].strip() if shown else named.strip()
        found.append(Link(*place, "frontmatter", match[0], target.strip(), fragment.strip(), text, key))
    return found


class _Walk:
    """One walk over the nodes of one block, gathering what it finds."""

    def __init__(self, path: str, text: str, first_line: int, keep_all: bool) -> None:
        self.path, self.text, self.first_line = path, text, first_line
        self.keep_all = keep_all
        self.fields: list[Field] = []
        self.links: dict[tuple[int, int], Link] = {}  # by place: an alias leads to the same one again
        self.problems: list[Problem] = []
        self.unsafe = False
        self.doubled: dict[str, int] = {}  # name -> how many fields there were when it came again
        self.count = 0

    def mapping(self, node: Node, prefix: str, depth: int) -> None:
        if depth > DEEPEST:
            raise Fault(0, TOO_DEEP)
        self._count(node)
        seen: dict[str, int] = {}
        children = map(self._resolve, node.children)
        for key_node, value in zip(children, children, strict=True):
            name = prefix + (key_node.text.strip() if key_node.kind == SCALAR else self._raw(key_node))
            if name in seen and not self.keep_all:
                self._report_double(name, seen[name], key_node)
            seen[name] = key_node.start
            self._entry(name, key_node, value, depth)

    def _entry(self, name: str, key_node: Node, node: Node, depth: int) -> None:
        if node.kind == MAP and node.children and not is_template(node):
            self.mapping(node, name + ".", depth + 1)
            return
        key = names.fold_key(name)
        is_list = node.kind == LIST and not is_wikilink(node)
        if is_list:
            self._count(node)
        items = [self._resolve(item) for item in node.children] if is_list else [node]
        read = [(value, item) for item in items if (value := self._item(item, key))]
        place = self._place(node.start if read else key_node.start)
        places = tuple([self._place(item.start) for _, item in read]) if is_list else ()
        self.fields.append(Field(name, key, tuple([value for value, _ in read]), is_list, *place, places))

    def _item(self, node: Node, key: str) -> str:
        """The text of one value."""
        if node.kind == SCALAR:
            return self._scalar(node, key)
        if not node.children:
            return ""
        raw = self._raw(node)
        self._find_links(node, raw, raw, key)
        value = " ".join(raw.split())
        if is_template(node):
            self._report_template(value, node)
        elif is_wikilink(node):
            what = f'link "{value}" is not quoted, so other programs read it as a list'
            self._report(node.start, HINT, "unquoted-link", what, f'quote it: "{value}"')
        return value  # a map or a list in a list is read as it is written, on one line

    def _scalar(self, node: Node, key: str) -> str:
        value = node.text.strip()
        self._find_links(node, self._raw(node), value, key)
        if "{{" in value or "<%" in value:
            self._report_template(value, node)
        if node.style in ("'", '"') and re.search(_KEY_IN_QUOTES, self._raw(node)):
            raise Fault(self._place(node.start)[0] - self.first_line)
        if node.style:
            return value
        if not value and key in ("tags", "tag"):
            return self._commented_tags(node)
        return "" if node.text in _NOTHING else value

    def _commented_tags(self, node: Node) -> str:
        """The `#person` behind `tags:`: a comment to YAML, but meant as a tag."""
        found = _TAG_COMMENT.match(self.text, node.start)
        if not found:
            return ""
        value = found[1].strip()
        what = f'"{value}" is a comment in front matter; only mdmentor reads it as tags'
        self._report(found.start(1), WARNING, "commented-tag", what, "leave out the #")
        return value

    def _count(self, node: Node) -> None:
        self.count += len(node.children)
        if self.count > MOST_VALUES:
            raise Fault(0, TOO_MANY)

    def _resolve(self, node: Node) -> Node:
        """The node that an alias names; any other is returned as it is."""
        if node.is_marked or node.kind == ALIAS:
            self.unsafe = True
        return node.target or node

    def _place(self, offset: int) -> tuple[int, int]:
        return line_and_column(self.text, offset, self.first_line)

    def _raw(self, node: Node) -> str:
        return self.text[node.start : node.end]

    def _find_links(self, node: Node, raw: str, value: str, key: str) -> None:
        for link in find_links(raw, value, *self._place(node.start), key) if "[[" in value else ():
            self.links.setdefault((link.line, link.column), link)

    def _report_double(self, name: str, earlier: int, key_node: Node) -> None:
        self.doubled[name] = len(self.fields)
        self.unsafe = True
        counts = "the stricter" if guards(names.fold_key(name)) else "the last"
        what = f'key "{name}" appears twice, first in line {self._place(earlier)[0]}'
        fix = f"keep one of them; {counts} one counts until then"
        self._report(key_node.start, ERROR, "duplicate-key", what, fix)

    def _report_template(self, value: str, node: Node) -> None:
        if found := TEMPLATE.search(value):
            what = f'"{" ".join(found[0].split())}" is a template that was not filled in'
            self._report(node.start, HINT, "unfilled-template", what, "write the value, or leave it empty")

    def _report(self, start: int, severity: str, code: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.path, *self._place(start), severity, code, what, fix))

    def kept_fields(self) -> tuple[Field, ...]:
        """The fields; of a key that appears twice the last one, and what of the first guards somebody."""
        if not self.doubled:
            return tuple(self.fields)
        kept: list[Field] = []
        for number, found in enumerate(self.fields):
            parts = found.name.split(".")
            outer = (".".join(parts[:n]) for n in range(1, len(parts) + 1))
            if not any(self.doubled.get(name, 0) > number for name in outer) or guards(found.key):
                kept.append(found)
            elif found.key in SPELLED["tags"]:
                words = [word.lstrip("#") for value in found.values for word in re.split(_TAG_GAPS, value)]
                tags = tuple(word for word in words if names.fold_key(word) in GUARD_TAGS)
                kept += [found._replace(values=tags, is_list=True, places=())] if tags else []
        return tuple(kept)
