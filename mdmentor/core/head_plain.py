"""Reads the front matter that most notes have: keys at the margin, and behind each a text or a list of texts.

YAML reads that as well, with several times the work and an import that takes longer than a note. So only forms
are known here in which a text means itself to YAML and ends with its line. A block that holds anything else is
left to `head_yaml.py` as a whole. The two never tell the same block differently, and tests hold them to it.
"""

from __future__ import annotations

import re

from mdmentor.core import names
from mdmentor.core.head_links import as_link, find_links
from mdmentor.core.head_reading import Reading
from mdmentor.core.model import Field, Link

LONGEST = 8 * 1024  # characters, among which there is no room for more values than YAML would be asked for

# A text begins with what opens nothing in YAML, and holds neither ": " nor " #", at which YAML would end it.
# "{" and "<" may open a template, which is told as a problem. In brackets more signs mean something.
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
_ESCAPED = re.compile(r"\\(.)")
_ITEM = re.compile(rf"- ++({_VALUE})")
_ITEM_IN_BRACKETS = re.compile(_IN_BRACKETS)


def read_plain(text: str, first_line: int) -> Reading | None:
    """What `read_yaml` tells of `text`, which begins at line `first_line` of the note; None where only that can."""
    if not text or len(text) > LONGEST:
        return None
    fields: dict[str, Field] = {}
    links: list[Link] = []
    start, line = 0, first_line
    while start < len(text):
        entry = _ENTRY.match(text, start)
        if entry is None or entry[1] in fields:
            return None
        name, value, in_brackets, indent, items = entry.groups()
        key = names.fold_key(name)
        if items:
            found = [
                (item[1], line + n, len(indent) + item.start(1) - item.start() + 1)
                for n, item in enumerate(_ITEM.finditer(items), 1)
            ]
            place = line + 1, len(indent) + 1
        elif in_brackets is not None:
            begin = entry.start(3)
            found = [
                (item[0], line, begin + item.start() - start + 1)
                for item in _ITEM_IN_BRACKETS.finditer(in_brackets)
            ]
            place = line, begin - start
        elif value:
            place = line, entry.start(2) - start + 1
            found = [(value, *place)]
        else:
            place, found = (line, 1), []
        values, places = [], []
        for raw, at, column in found:
            words = _words_of(raw)
            if words == "null" == raw.rstrip():
                return None  # nothing to YAML
            if "[[" in words:
                links += [
                    as_link(link, inner, at, column + offset, key)
                    for offset, link, inner in find_links(raw, words)
                ]
            if words:
                values.append(words)
                places.append((at, column))
        is_list = in_brackets is not None or items is not None
        fields[name] = Field(
            name,
            key,
            tuple(values),
            is_list,
            *(place if values else (line, 1)),
            tuple(places) if is_list else (),
        )
        start, line = entry.end(), line + 1 + items.count("\n") if items else line + 1
    return Reading("mapping", tuple(fields.values()), tuple(links))


def _words_of(raw: str) -> str:
    """The value without its quotes and outer blanks."""
    if raw[0] == '"':
        inner = raw.rstrip(" ")[1:-1]
        return (_ESCAPED.sub(r"\1", inner) if "\\" in inner else inner).strip()
    if raw[0] == "'":
        return raw.rstrip(" ")[1:-1].replace("''", "'").strip()
    return raw.strip()
