"""Front matter that is not valid YAML, read entry by entry, so that one bad line costs only itself.

YAML's parsers differ in what they report and where, so each problem is in our own words, at the place of the value.
"""

from __future__ import annotations

import re

from mdmentor.core import names
from mdmentor.core.conflict_marks import FIX, parse_mark
from mdmentor.core.frontmatter import Fault, line_and_column
from mdmentor.core.frontmatter.fields import MOST_PROBLEMS, TEMPLATE, Reading, find_links, read_values
from mdmentor.core.frontmatter.keys import FALSE, SPELLED, TYPE_KEYS, canonical_key
from mdmentor.core.frontmatter.values import items, quoted
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem

_LONGEST = 60  # characters of the user's words that a problem repeats
_MOST_ENTRIES = 1_000  # each costs a call of the parser
_LARGEST_CARD = 64 * 1024  # characters in which keys are looked for
# Keys that say what a note is or whom it guards: one of them at the margin shows that front matter was meant.
_IDENTITY = frozenset({"tags", "confidential"})

_NAME = r"[^\W\d][\w .-]{0,40}"
_KEY = (
    r"""[ \t{]*(?P<key>"[^"\n]+"|'[^'\n]+'|-?[^\s"'#:\[\]{},&*!|>%@`-][^:\n]{0,60}?)"""
    r"""[ \t]*:(?:[ \t]+(?P<value>[^\n]*))?$"""
)
_NEXT_ENTRY = r"\n(?=[^ \t\n#\]}-])"
_ITEM = r"[ \t]*-(?:[ \t]+(?P<value>[^\n]*))?$"
_MEANT = rf"[\"']?{_NAME}[\"']?[ \t]*:(?!//)"
_AT_MARGIN = rf"(?m)^[\"']?(?P<key>{_NAME})[\"']?[ \t]*:(?=\s|\Z)"
_KEY_IN_LIST = rf"(?m)^- (?={_NAME}:(?:\s|\Z))"
_NO_BLANK = r"([^\W\d][\w-]{0,30}):(?=[^\s:/])"
_BLOCK_VALUE = r"[|>][+-]?[0-9]?[+-]?(?:[ \t]+#.*)?$"
_COMMENT = r"(?:^|\s)#.*$"
_CONFIDENTIAL = (
    rf"""(?im)^[ \t]*["']?(?:{"|".join(SPELLED["confidential"])})["']?[ \t]*:[ \t]*["']?"""
    rf"""(?!(?:{"|".join(FALSE)}|null|~)\b)([^\s"'#]+)"""
)


def is_meant(text: str) -> bool:
    """True for a block meant as front matter, False for prose below a rule of dashes.

    Meant are JSON, a block that is half keys (the first line or two of them), and one with a key that says what the
    note is or that guards somebody. What is below a key, indented or as a list, belongs to it.
    """
    if text.lstrip().startswith("{") and text.rstrip().endswith("}"):
        return True
    lines = [line for line in text.split("\n", 200)[:200] if line.strip()]
    lines = [line for line in lines if line.lstrip()[0] not in "#-]}" and not parse_mark(line.strip())]
    if not lines:
        return False
    margin = min(map(_indent, lines))
    at_margin = [line for line in lines if _indent(line) == margin]
    return _is_half_keys(lines) or _is_half_keys(at_margin) or _has_known_keys(text)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_half_keys(lines: list[str]) -> bool:
    are_keys = [bool(re.match(_MEANT, line.strip())) for line in lines]
    count = sum(are_keys)
    return 2 * count >= len(lines) and (count > 1 or are_keys[0])


def _has_known_keys(text: str) -> bool:
    """True where a line at the margin says what the note is, and where the first, or two, hold any key of ours."""
    known = 0
    for match in re.finditer(_AT_MARGIN, text[:_LARGEST_CARD]):
        key = canonical_key(names.fold_key(match["key"]))
        if match["key"].lower() in TYPE_KEYS or key in _IDENTITY:
            return True
        known += bool(key)
        if known > 1 or (key and not text[: match.start()].strip()):
            return True
    return False


def with_confidential(fields: tuple[Field, ...], text: str, first_line: int) -> tuple[Field, ...]:
    """The fields and the one that says `confidential`, found even where nothing else can be read."""
    found = re.search(_CONFIDENTIAL, text)
    if not found or any(field.key in SPELLED["confidential"] for field in fields):
        return fields
    place = line_and_column(text, found.start(1), first_line)
    return (*fields, Field("confidential", "confidential", ("true",), False, *place))


def fields_in_list(path: str, text: str, first_line: int) -> tuple[Field, ...]:
    """The fields of a block whose keys are the items of a list; none where front matter was not meant."""
    plain = re.sub(_KEY_IN_LIST, "  ", text)
    return read_lines(path, plain, first_line).fields if plain != text and is_meant(plain) else ()


def read_conflicted(path: str, text: str, first_line: int) -> Reading:
    """What both sides of an unfinished merge say, one after the other; the common ancestor is left out."""
    lines = text.split("\n")
    first_mark = 0
    in_base = False
    for number, line in enumerate(lines):
        if mark := parse_mark(line):
            first_mark = first_mark or first_line + number
            in_base = mark.sign == "|" or (in_base and mark.sign != "=")
        if mark or in_base:
            lines[number] = ""
    text = "\n".join(lines)
    what = "notes are being merged by git, and the front matter has both sides in it"
    # without a mark in the block, it is above the fence
    problem = Problem(path, first_mark or 1, 1, ERROR, "conflict-markers", what, FIX)
    reading = read_values(path, text, first_line, keep_all=True)
    if isinstance(reading, Fault) or reading.root == "other":
        reading = read_lines(path, text, first_line)
    problems = (problem, *(p for p in reading.problems if p.severity != ERROR))
    return Reading("mapping", reading.fields, reading.links, problems)


def read_lines(path: str, text: str, first_line: int, fault: Fault | None = None) -> Reading:
    """The fields of each top-level entry that can be read, with what is wrong with those that cannot.

    At most one problem is an error: the first that nothing explains, or why the whole was refused.
    """
    found = _Found(path)
    fault = fault or Fault(first_line)
    if fault.refused:
        what = f"front matter {fault.refused}, so not all of it is read"
        found.error(fault.line, 1, what, "write one key a line, with a text or a list of texts")
    line, lines = first_line, list[str]()
    for entry in re.split(_NEXT_ENTRY, text, maxsplit=_MOST_ENTRIES)[:_MOST_ENTRIES]:
        line, lines = line + len(lines), entry.split("\n")
        reading = read_values(path, entry, line, keep_all=True)
        if isinstance(reading, Fault):
            _read_words(found, line, lines, reading)
        elif reading.root == "mapping":
            found.fields += reading.fields
            found.links += reading.links
            found.problems += reading.problems
        elif reading.root == "other" and not lines[0].lstrip().startswith("- "):
            if match := re.match(_NO_BLANK, lines[0]):
                found.value(match[1], lines[0][match.end() :].strip(), line, match.end() + 1)
            what = f"{quoted(lines[0])} is not a key with a value"
            found.error(line, 1, what, 'write it as "key: value"')
    if not any(p.code in ("yaml", "unquoted-link", "unfilled-template") for p in found.problems):
        found.error(fault.line, 1, "front matter cannot be read here", 'write "key: value", one key a line')
    return Reading("mapping", tuple(found.fields), tuple(found.links), tuple(found.problems[:MOST_PROBLEMS]))


class _Found:
    """What the entries hold."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.fields: list[Field] = []
        self.links: list[Link] = []
        self.problems: list[Problem] = []
        self.has_error = False

    def value(self, name: str, value: str, line: int, column: int, is_list: bool = False) -> None:
        """Adds one value as written, to the list of that name or as a field of its own."""
        key = names.fold_key(name)
        self.links += find_links(value, value, line, column, key)
        values = tuple(filter(None, map(_unquoted, _split(value))))
        last = self.fields[-1] if self.fields else None
        if is_list and last and last.name == name:
            self.fields[-1] = last._replace(values=last.values + values, is_list=True, places=())
        else:
            self.fields.append(Field(name, key, values, is_list or len(values) > 1, line, column))

    def error(self, line: int, column: int, what: str, fix: str) -> None:
        """The one error of the block: those after the first are left out."""
        if not self.has_error:
            self.has_error = True
            self.problem(line, column, ERROR, "yaml", what, fix)

    def problem(self, line: int, column: int, severity: str, code: str, what: str, fix: str) -> None:
        self.problems.append(Problem(self.path, line, column, severity, code, what, fix))


def _read_words(found: _Found, first: int, lines: list[str], fault: Fault) -> None:
    """Reads an entry that is not valid YAML word by word, and says what is wrong with it."""
    problems = len(found.problems)
    outer = name = ""
    below = -1  # the least indentation of the lines of a long value that was read already
    for line, text in enumerate(lines, first):
        if below >= 0 and (not text.strip() or below <= _indent(text)):
            continue
        below = -1
        item = re.match(_ITEM, text) if name else None
        match = item or re.match(_KEY, text)
        if match is None:
            continue
        value = (match["value"] or "").strip()
        if not item:
            name = outer + _unquoted(match["key"])
            if line == first and not value:
                outer = name + "."  # what is indented below belongs to it
        if value and not item and re.match(_BLOCK_VALUE, value):
            found.value(name, _block_value(lines[line - first :]), line, match.start("value") + 1)
            below, name = _indent(text) + 1, ""
        elif value and not fault.refused:
            if value[0] in "\"'[{":
                value = value.rstrip(",}" if text.lstrip().startswith(("{", '"')) else ",")  # as in JSON
            column = match.start("value") + 1
            found.value(name, value, line, column, is_list=bool(item))
            if len(found.problems) < MOST_PROBLEMS:
                _explain(found, line, column, value)
        elif not item:
            found.value(name, "", line, match.start("key") + 1)
    if fault.refused:
        found.error(first, 1, f"front matter {fault.refused}", "write a text or a list of texts")
    elif len(found.problems) == problems:
        _explain_entry(found, first, lines, fault)


def _block_value(lines: list[str]) -> str:
    """The text of a value that begins behind "|" or ">" in the first line: the lines that are indented deeper."""
    words = []
    for line in lines[1:]:
        if line.strip() and _indent(line) <= _indent(lines[0]):
            break
        words.append(line.strip())
    return " ".join(filter(None, words))


def _explain(found: _Found, line: int, column: int, value: str) -> None:
    """Says what is wrong with a value of one line, where it is no YAML."""
    if not isinstance(read_values(found.path, f"k: {value}", line), Fault):
        return
    said, quote = quoted(value), value[0]
    if template := TEMPLATE.search(value):
        what = f'"{template[0]}" is a template that was not filled in'
        found.problem(line, column, HINT, "unfilled-template", what, "write the value, or leave it empty")
    elif value.startswith("[["):
        what = f"{said} starts with an unquoted link"
        found.problem(line, column, WARNING, "unquoted-link", what, _quote(value))
    elif quote in "\"'" and quote not in value[1:]:
        found.error(line, column, "the value has no closing quote", f"write {quote} at its end")
    elif quote in "\"'":
        inside = value[1:-1].replace("\\" + quote, "").replace(2 * quote, "")
        if quote in inside or value[-1] != quote:
            fix = "write two of them: ''" if quote == "'" else 'write \\" for each quote inside'
            found.error(line, column, "the value has a quote in its middle", fix)
        else:
            found.error(line, column, "the value cannot be read", "write it without backslashes")
    elif quote == "[":
        fix = "leave out the #" if "#" in value else 'write "]" at its end, or quote its items'
        found.error(line, column, f"{said} is not a complete list", fix)
    elif quote in "@`%*&!|>,]}{?-":
        what = f'{said} starts with "{quote}", which means something else in front matter'
        found.error(line, column, what, _quote(value))
    elif ": " in value or value.endswith(":"):
        found.error(line, column, f"{said} has a colon that reads as a key", _quote(value))


def _explain_entry(found: _Found, first: int, lines: list[str], fault: Fault) -> None:
    """Says what is wrong with an entry of several lines."""
    for line, text in enumerate(lines, first):
        if "\t" in text[: _indent(text)]:
            found.error(line, 1, "front matter is indented with a tab", "use spaces")
            return
    number = min(max(fault.line, first), first + len(lines) - 1)
    while number > first and not lines[number - first].strip():
        number -= 1
    what = f"front matter cannot be read at {quoted(lines[number - first])}"
    found.error(number, 1, what, 'write "key: value", one key a line')


def _quote(value: str) -> str:
    """How to quote a value; there are no quotes inside the quotes, so that they can be left out as one."""
    if '"' in value or "\\" in value:
        return "put it in single quotes"
    return f'quote it: "{value}"' if len(value) <= _LONGEST else "put it in quotes"


def _split(value: str) -> list[str]:
    """The items of a list on one line, closed or not, or of links in a row; any other value alone."""
    is_list = value.startswith("[") and not value.startswith("[[")
    return list(items([value[1:].removesuffix("]") if is_list else value], split=is_list))


def _unquoted(value: str) -> str:
    """A value without its quotes and without the comment behind it."""
    value = value.strip()
    if value[:1] in ("'", '"'):
        return value[1:].removesuffix(value[0]).strip()
    return value if value.startswith("#") else re.sub(_COMMENT, "", value).strip()
