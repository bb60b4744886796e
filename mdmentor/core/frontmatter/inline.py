"""Fields in the text of a note: `key:: value` on a line or list item of its own, `[key:: value]` and `(key:: value)`.

Dataview and Logseq write them so. They are looked for in the items of the body, so none is found in code, comments or
quotes. Those of a task or of a dated entry belong to that, and count for the note only where they guard somebody.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import find_leading_date
from mdmentor.core.frontmatter.keys import (
    GUARD_TAGS,
    LIST,
    SPELLED,
    TEXTS,
    TYPE_KEYS,
    canonical_key,
    guards,
    key_named,
)
from mdmentor.core.frontmatter.values import filled
from mdmentor.core.log import ATTENDEE_KEYS
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.marks import outside_code
from mdmentor.core.model import Field, Item

SIGN = "::"  # a text without it has no such fields

_KEY = r"[^\W_](?:[\w \t/-]{0,60}?\w)?"
# `**Key**:: value` and `**Key::** value` as well.
_ON_A_LINE = re.compile(
    rf"(?P<dress>\*\*|__|[*_]|)(?P<key>{_KEY})(?:(?P=dress)[ \t]*::(?!:)|[ \t]*::(?!:)(?P=dress))[ \t]*"
)
_IN_BRACKETS = re.compile(rf"[\[(][ \t]*(?P<key>{_KEY})[ \t]*::(?!:)[ \t]*")
_LINK = r"\[\[[^\[\]\n]*\]\]|\[[^\[\]\n]*\]\([^()\s]*\)"
# One that is not closed here may go on below, as far as one knows.
_COMMENT = re.compile(r"%%.*?(?:%%|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDDEN, _COMMENTED = "`", "\x01"
_MARK_BEHIND = re.compile(r"\^[\w-]+|#private", re.IGNORECASE)  # of a block, or of a private line
_QUOTED = r'"[^"\n]*"'
_WIKILINK = r"\[\[[^\[\]\n]*\]\]"
_LISTED = re.compile(rf"(?:{_QUOTED}|{_WIKILINK})(?:\s*,\s*(?:{_QUOTED}|{_WIKILINK}))+")
_ITEM = re.compile(
    rf"{_QUOTED}(?=\s*(?:[,;]|\Z))|(?:{_WIKILINK}|[^,;\s])(?:[^,;\S]*(?:{_WIKILINK}|[^,;\s]))*"
)
_TAG_ITEM = re.compile(rf"{_QUOTED}(?=[\s,;]|\Z)|(?:{_WIKILINK}|[^,;\s])+")
_TEXT_ITEM = re.compile(r"[^\s,;].*?(?=\s*(?:,\s|;|\Z))")


class Place(NamedTuple):
    """A field with its places in its line, as offsets from 0."""

    field: Field
    start: int  # of the whole, with bracket or key
    end: int
    value: int  # where the value begins, or would
    value_end: int
    items: tuple[tuple[int, int], ...]  # of each value, with its quotes
    bracket: str  # that closes it; "" for a field with a line of its own
    is_own: bool  # the note's, not that of a task or of a dated entry


def with_inline(head: Sequence[Field], places: Sequence[Place]) -> tuple[Field, ...]:
    """The fields of the front matter, and the note's own in its text that it gives no value, or that guard somebody."""
    taken = {_meaning(field) for field in head if filled(field).values}
    found = list(head)
    for field in (place.field for place in places if place.is_own):
        if _meaning(field) not in taken or guards(field.key):
            found.append(field)
        elif field.key in SPELLED["tags"]:
            tags = tuple(tag for tag in field.values if names.fold_key(tag.lstrip("#")) in GUARD_TAGS)
            found += [field._replace(values=tags, places=())] if tags else []
    return tuple(found)


def _meaning(field: Field) -> str:
    return "type" if field.key in TYPE_KEYS else canonical_key(field.key) or field.key


def find_places(items: Sequence[Item], lines: Sequence[str]) -> list[Place]:
    """All fields in these items, those of tasks and entries too, from top to bottom; `lines` are the whole note's."""
    found: list[Place] = []
    for item, is_own in _with_owner(items):
        if SIGN not in item.text or item.kind not in ("item", "paragraph"):
            continue
        source = "\n".join(lines[item.line - 1 : item.last])
        masked = _masked(source).split("\n")
        for number, mask in enumerate(masked, item.line):
            for place in _in_line(lines[number - 1], mask, number) if SIGN in mask else ():
                key = place.field.key
                says_kind = key in TYPE_KEYS or canonical_key(key) == "tags"
                # `- Ada [type:: person]` in a list of people is about Ada
                is_about_item = says_kind and bool(place.bracket) and item.depth > 0
                mine = (is_own and not is_about_item) or guards(key)
                if key != "generatedby":
                    found.append(place._replace(is_own=mine))
    return found


def _with_owner(items: Sequence[Item]) -> Iterator[tuple[Item, bool]]:
    """Each item, and whether its fields are the note's: not in a task or dated entry, nor within one."""
    level = depth = 0  # of the dated heading, and of the task or dated list item, that is open
    for item in items:
        if item.kind == "heading":
            if not level or item.level <= level:
                level = item.level if item.level > 1 and find_leading_date(item.text) else 0
            depth = 0
        elif not depth or not (item.depth > depth or (item.kind == "paragraph" and item.depth == depth)):
            is_apart = item.kind == "item" and (item.task or find_leading_date(item.text))
            depth = item.depth if is_apart else 0
        yield item, not (level or depth)


def _masked(source: str) -> str:
    """The text with a sign in place of each character of code, of links and of comments."""
    found = outside_code(source)
    if "]" in source:
        found = _covered(found, re.finditer(_LINK, source), _HIDDEN)
    if "%%" in found or "<!--" in found:
        found = _covered(found, _COMMENT.finditer(found), _COMMENTED)
    return found


def _covered(text: str, matches: Iterator[re.Match[str]], sign: str) -> str:
    """The text with a sign in place of each character, but for the ends of lines, of what was matched."""
    pieces, at = list[str](), 0
    for match in matches:
        start, end = match.span()
        pieces += text[at:start], re.sub(r"[^\n]", sign, text[start:end])
        at = end
    return "".join(pieces) + text[at:]


def _in_line(line: str, mask: str, number: int) -> list[Place]:
    """The fields in one line: those in brackets, and before the first of these one at the line's start."""
    found: list[Place] = []
    closed = _closing_brackets(mask)
    at = 0
    while match := _IN_BRACKETS.search(mask, at):
        at = match.end()
        end = closed.get(match.start(), -1)
        if end >= at:
            stop = at + len(mask[at:end].rstrip())
            place = _place(line, number, match, (match.start(), end + 1), stop)
            found.append(place._replace(bracket=mask[end]))
            at = end + 1
    parts = split_line(line)
    start = len(line) - len(parts.text)
    if match := _ON_A_LINE.match(mask, start):
        last = found[0].start if found else len(line)
        comment = mask.find(_COMMENTED, match.end())
        last = min(last, comment) if comment >= 0 else last
        last = match.end() + len(_value(line[match.end() : last]))
        if last > match.end() or not found:  # `Contact:: [email:: a@b.org]` is a word before a field
            found.insert(0, _place(line, number, match, (start, last), last))
    return found


def _value(text: str) -> str:
    """The rest of a line without what is behind the value: blanks, a backslash that breaks the line, marks."""
    text = text.rstrip().removesuffix("\\").rstrip()
    while (words := text.rsplit(None, 1)) and _MARK_BEHIND.fullmatch(words[-1]):
        text = words[0].rstrip() if len(words) > 1 else ""
    return text


def _closing_brackets(mask: str) -> dict[int, int]:
    """Where each bracket that is closed is closed."""
    closed: dict[int, int] = {}
    is_open: dict[str, list[int]] = {"]": [], ")": []}
    for match in re.finditer(r"[][()]", mask):
        if match[0] in "[(":
            is_open["]" if match[0] == "[" else ")"].append(match.start())
        elif is_open[match[0]]:
            closed[is_open[match[0]].pop()] = match.start()
    return closed


def _place(line: str, number: int, match: re.Match[str], whole: tuple[int, int], end: int) -> Place:
    """The field whose key was matched and whose value ends at `end`."""
    name, start = match["key"], match.end()
    items = _items(name, line, start, end)
    values = tuple(_unquoted(line[a:b]) for a, b in items)
    is_list = len(items) > 1 or is_listed(name)
    column = start + 1 if values else match.start("key") + 1
    places = tuple((number, a + 1) for a, _ in items) if is_list else ()
    field = Field(name, names.fold_key(name), values, is_list, number, column, places, is_inline=True)
    return Place(field, *whole, start, end, tuple(items), "", True)


def is_listed(name: str) -> bool:
    """Whether a comma in the value of this key parts two values."""
    return key_named(name).shape == LIST or names.fold_key(name) in ATTENDEE_KEYS


def _items(name: str, line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each value under a key is: of a list between commas, of tags between blanks too."""
    if start >= end:
        return []
    value = line[start:end]
    meaning = key_named(name)
    if is_listed(name) or _LISTED.fullmatch(value):
        if value[0] == "[" and value[-1] == "]" and value[1] != "[":
            start, end = start + 1, end - 1
        pattern = _TAG_ITEM if meaning.name == "tags" else _ITEM
    elif meaning.shape == TEXTS:
        pattern = _TEXT_ITEM
    else:
        return [(start, end)]
    return [match.span() for match in pattern.finditer(line, start, end)]


def _unquoted(text: str) -> str:
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
