"""Reads the front matter that most notes have: keys at the margin, and behind each a text or a list of texts.

YAML reads that as well, with several times the work and an import that takes longer than a note. So only forms
are known here in which a text means itself to YAML and ends with its line. A block that holds anything else is
left to `head_yaml.py` as a whole. The two never tell the same block differently, and tests hold them to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mdmentor.core import names
from mdmentor.core.frontmatter.values import Reading, as_link, find_links
from mdmentor.core.model import Field, Link, make

LONGEST = 8 * 1024  # characters, among which there is no room for more values than YAML would be asked for

# A text begins with what opens nothing in YAML, and holds neither ": " nor " #", at which YAML would end it.
# "{" and "<" may open a template, which is told as a problem. In brackets more signs mean something. A "null"
# is nothing to YAML, so that no block with that word in it is read here.
_FIRST = r"[\w+(/.$]"
_TEXT = rf"{_FIRST}[^\n\t:#{{<]*+(?:(?::(?![ \n\t])|(?<! )#)[^\n\t:#{{<]*+)*"
_TEXT_IN_BRACKETS = rf"{_FIRST}[^\n\t:#{{<}},?\[\]]*+"
_QUOTED = r"(?:\"[^\n\t{<\"\\]*+(?:\\[\"\\][^\n\t{<\"\\]*+)*\"|'[^\n\t{<']*+(?:''[^\n\t{<']*+)*') *+"
_VALUE = rf"(?:{_TEXT}|{_QUOTED})"
_IN_BRACKETS = rf"(?:{_TEXT_IN_BRACKETS}|{_QUOTED})"
_ENTRY = re.compile(
    rf"([^\W_](?:[\w -]{{0,60}}\w)?):(?:"
    rf" ++(?:({_VALUE})|\[( *+(?:{_IN_BRACKETS}(?:, *+{_IN_BRACKETS})*)?)\] *+)\n"
    rf"| *+\n(?:( *+)(- ++{_VALUE}\n(?:\4- ++{_VALUE}\n)*))?)"
)
# Its source, its words, its line and its column.
_Told = tuple[str, str, int, int]

_QUOTES = "\"'"
_ESCAPED = re.compile(r"\\(.)")
_ITEM = re.compile(rf"- ++({_VALUE})")
_ITEM_IN_BRACKETS = re.compile(_IN_BRACKETS)


def read_plain(text: str, first_line: int) -> Reading | None:
    """What `read_yaml` tells of `text`, which begins at line `first_line` of the note; None where only that can."""
    if not text or len(text) > LONGEST or "null" in text:
        return None
    has_links = "[[" in text
    fields: dict[str, Field] = {}
    told: Sequence[_Told]
    links: list[Link] = []
    start, line, fold_key = 0, first_line, names.fold_key
    while start < len(text):
        entry = _ENTRY.match(text, start)
        if entry is None:
            return None
        name, value, in_brackets, indent, items = entry.groups()
        if name in fields:
            return None
        key = fold_key(name)
        if value:
            column = entry.start(2) - start + 1
            words = value.strip() if value[0] not in _QUOTES else _words_of(value)
            told = [(value, words, line, column)] if has_links else ()
            field = make(
                Field, (name, key, (words,) if words else (), False, line, column if words else 1, ())
            )
        elif items:
            told = [
                (item[1], _words_of(item[1]), line + n, len(indent) + item.start(1) - item.start() + 1)
                for n, item in enumerate(_ITEM.finditer(items), 1)
            ]
            field = _list_of(name, key, told, line + 1, len(indent) + 1, line)
        elif in_brackets is not None:
            column = entry.start(3) - start
            told = [
                (item[0], _words_of(item[0]), line, column + item.start() + 1)
                for item in _ITEM_IN_BRACKETS.finditer(in_brackets)
            ]
            field = _list_of(name, key, told, line, column, line)
        else:
            told = ()
            field = Field(name, key, (), False, line, 1)
        if has_links:
            links += _links_in(told, key)
        fields[name] = field
        start, line = entry.end(), line + 1 + (items.count("\n") if items else 0)
    return Reading("mapping", tuple(fields.values()), tuple(links))


def _list_of(name: str, key: str, told: Sequence[_Told], line: int, column: int, key_line: int) -> Field:
    """The field whose list begins at this place; an empty one stands where its key does."""
    values = tuple([words for _, words, _, _ in told if words])
    if not values:
        return Field(name, key, (), True, key_line, 1)
    places = tuple([(at, column) for _, words, at, column in told if words])
    return make(Field, (name, key, values, True, line, column, places))


def _links_in(told: Sequence[_Told], key: str) -> Iterator[Link]:
    for raw, words, line, column in told:
        if "[[" in words:
            for offset, link, inner in find_links(raw, words):
                yield as_link(link, inner, line, column + offset, key)


def _words_of(raw: str) -> str:
    """The value without its quotes and outer blanks."""
    if raw[0] == '"':
        inner = raw.rstrip(" ")[1:-1]
        return (_ESCAPED.sub(r"\1", inner) if "\\" in inner else inner).strip()
    if raw[0] == "'":
        return raw.rstrip(" ")[1:-1].replace("''", "'").strip()
    return raw.strip()
