"""Reads front matter that is no valid YAML: entry by entry, so that one bad line costs only itself.

What is wrong is told in words of its own, with the place of the value, since YAML's parsers differ in both.
The fields are good enough to know a person by, and no ground to write to the note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mdmentor.core import names
from mdmentor.core.conflict_marks import FIX, parse_mark
from mdmentor.core.frontmatter.fields import canonical_key
from mdmentor.core.frontmatter.keys import TYPE_KEYS
from mdmentor.core.frontmatter.values import WIKILINK, Fault, Reading, as_link, find_links
from mdmentor.core.frontmatter.yaml_reader import MOST_PROBLEMS, TEMPLATE, read_yaml
from mdmentor.core.model import ERROR, HINT, WARNING, Field, Link, Problem

LONGEST = 60  # characters of the user's words that a problem repeats
MOST_ENTRIES = 1_000  # each costs a call of the parser
LARGEST_CARD = 64 * 1024  # characters in which keys are looked for
# Keys that say what a note is or whom it guards: who wrote one of them at the margin meant front matter.
_IDENTITY = frozenset({"tags", "confidential"})

_KEY = (
    r"""[ \t{]*(?P<key>"[^"\n]+"|'[^'\n]+'|-?[^\s"'#:\[\]{},&*!|>%@`-][^:\n]{0,60}?)"""
    r"""[ \t]*:(?:[ \t]+(?P<value>[^\n]*))?$"""
)
_ITEM = r"[ \t]*-(?:[ \t]+(?P<value>[^\n]*))?$"
_MEANT = r"[\"']?[^\W\d][\w .-]{0,40}[\"']?[ \t]*:(?!//)"
_AT_MARGIN = r"""(?m)^["']?(?P<key>[^\W\d][\w .-]{0,40})["']?[ \t]*:(?=\s|\Z)"""
_BLOCK_VALUE = r"[|>][+-]?[0-9]?[+-]?(?:[ \t]+#.*)?$"
_NO_BLANK = r"([^\W\d][\w-]{0,30}):(?=[^\s:/])"
_KEY_IN_LIST = r"(?m)^- (?=[^\W\d][\w .-]{0,40}:(?:\s|\Z))"
_COMMENT = r"(?:^|\s)#.*$"
_LINKS_ONLY = r"(?:\[\[[^\[\]]+\]\][,;\s]*){2,}"
_BETWEEN_COMMAS = r"(?:\[\[[^\[\]]{1,200}\]\]|[^,])+"
_CONFIDENTIAL = (
    r"""(?im)^[ \t]*["']?confidential["']?[ \t]*:[ \t]*["']?(?!(?:false|no|off|n|0|null|~)\b)([^\s"'#]+)"""
)


def is_meant(text: str) -> bool:
    """True for a block meant as front matter, False for prose below a rule of dashes.

    Meant is JSON; lines of which half are keys, the first or two of them; and any block in which a key says what the
    note is, or whom it guards. What stands below a key, indented or as a list, belongs to it.
    """
    if text.lstrip().startswith("{") and text.rstrip().endswith("}"):
        return True
    lines = text.split("\n", 200)[:200]
    lines = [
        line
        for line in lines
        if line.strip() and line.lstrip()[0] not in "#-]}" and not parse_mark(line.strip())
    ]
    if not lines:
        return False
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    return (
        _is_half_keys([line.strip() for line in lines])
        or _is_half_keys([line.strip() for line in lines if not line[margin].isspace()])
        or _has_known_keys(text)
    )


def _is_half_keys(lines: list[str]) -> bool:
    keys = sum(1 for line in lines if re.match(_MEANT, line))
    return 2 * keys >= len(lines) and (keys > 1 or bool(re.match(_MEANT, lines[0])))


def _has_known_keys(text: str) -> bool:
    """True where a line at the margin says what the note is, and where the first, or two, hold any key of ours."""
    known = 0
    for match in re.finditer(_AT_MARGIN, text[:LARGEST_CARD]):
        key = canonical_key(names.fold_key(match["key"]))
        if match["key"].lower() in TYPE_KEYS or key in _IDENTITY:
            return True
        known += bool(key)
        if known > 1 or (key and not text[: match.start()].strip()):
            return True
    return False


def confidential_field(text: str, first_line: int) -> tuple[Field, ...]:
    """The field that says `confidential`, looked for where nothing else can be read: it stays guarded."""
    found = re.search(_CONFIDENTIAL, text)
    if not found:
        return ()
    line = first_line + text.count("\n", 0, found.start(1))
    column = found.start(1) - text.rfind("\n", 0, found.start(1))
    return (Field("confidential", "confidential", ("true",), False, line, column),)


def fields_in_list(path: str, text: str, first_line: int) -> tuple[Field, ...]:
    """The fields of a block whose keys are the items of a list; none where front matter was not meant."""
    plain = re.sub(_KEY_IN_LIST, "  ", text)
    if plain == text or not is_meant(plain):
        return ()
    return read_lines(path, plain, first_line, Fault(first_line)).fields


def read_conflicted(path: str, text: str, first_line: int) -> Reading:
    """What both sides of an unfinished merge say, one after the other; what was there before is left out."""
    lines = text.split("\n")
    found = {number: parse_mark(line) for number, line in enumerate(lines)}
    marks = {number: mark.sign for number, mark in found.items() if mark}
    in_base = False
    for number in range(len(lines)):
        sign = marks.get(number)
        in_base = (in_base or sign == "|") and sign != "="
        if sign or in_base:
            lines[number] = ""
    at = first_line + next(iter(marks)) if marks else 1  # the mark may stand above the fence
    what = "notes are being merged by git, and both sides stand in the front matter"
    problem = Problem(path, at, 1, ERROR, "conflict-markers", what, FIX)
    text = "\n".join(lines)
    reading = read_yaml(path, text, first_line, keep_all=True)
    if isinstance(reading, Fault) or reading.root == "other":
        reading = read_lines(path, text, first_line, Fault(first_line))
    problems = (problem, *(p for p in reading.problems if p.severity != ERROR))
    return Reading("mapping", reading.fields, reading.links, problems, "a merge is not finished in it")


def read_lines(path: str, text: str, first_line: int, fault: Fault) -> Reading:
    """The fields of each top-level entry that can be read, with what is wrong with those that cannot.

    At most one problem is an error: the first that nothing explains, or why the whole was refused.
    """
    found = _Found(path)
    if fault.refused:
        what = f"front matter {fault.refused}, so not all of it is read"
        found.problem(
            fault.line, 1, ERROR, "yaml", what, "write one key a line, with a text or a list of texts"
        )
    for line, lines in _entries(text, first_line):
        reading = read_yaml(path, "\n".join(lines), line, keep_all=True)
        if isinstance(reading, Fault):
            _read_words(found, line, lines, reading)
        elif reading.root == "mapping":
            found.fields += reading.fields
            found.links += reading.links
            found.problems += reading.problems
        elif reading.root == "other" and not lines[0].lstrip().startswith("- "):
            if match := re.match(_NO_BLANK, lines[0]):
                found.value(match[1], lines[0][match.end() :].strip(), line, match.end() + 1)
            said = _short(lines[0].strip())
            found.error(line, 1, f'"{said}" is no key with a value', 'write it as "key: value"')
    if not any(p.code in ("yaml", "unquoted-link", "unfilled-template") for p in found.problems):
        found.error(fault.line, 1, "front matter cannot be read here", 'write "key: value", one key a line')
    problems = tuple(found.problems[:MOST_PROBLEMS])
    return Reading("mapping", tuple(found.fields), tuple(found.links), problems, "it is no valid YAML")


@dataclass(slots=True)
class _Found:
    """What the entries hold, gathered while they are read."""

    path: str
    fields: list[Field] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    has_error: bool = False

    def value(self, name: str, value: str, line: int, column: int, is_list: bool = False) -> None:
        """Adds one value as it stands in its line, to the list of that name or as a field of its own."""
        key = names.fold_key(name)
        for offset, raw, inner in find_links(value):
            self.links.append(as_link(raw, inner, line, column + offset, key))
        values = tuple(v for v in (_spoken(v) for v in _split(value)) if v)
        last = self.fields[-1] if self.fields else None
        if is_list and last and last.name == name:
            self.fields[-1] = Field(name, key, last.values + values, True, last.line, last.column)
        else:
            self.fields.append(Field(name, key, values, is_list or len(values) > 1, line, column))

    def error(self, line: int, column: int, what: str, fix: str) -> None:
        if not self.has_error:
            self.problem(line, column, ERROR, "yaml", what, fix)

    def problem(self, line: int, column: int, severity: str, code: str, what: str, fix: str) -> None:
        self.has_error |= severity == ERROR
        self.problems.append(Problem(self.path, line, column, severity, code, what, fix))


def _entries(text: str, first_line: int) -> Iterator[tuple[int, list[str]]]:
    """Each top-level key with the lines that belong to it, and the number of its first line."""
    start, lines, count = first_line, list[str](), 0
    for number, line in enumerate(text.split("\n"), first_line):
        if line and line[0] not in " \t#-]}" and lines:
            yield start, lines
            start, lines, count = number, [], count + 1
            if count >= MOST_ENTRIES:
                return
        lines.append(line)
    if any(line.strip() for line in lines):
        yield start, lines


def _read_words(found: _Found, first: int, lines: list[str], fault: Fault) -> None:
    """Takes an entry that YAML cannot read by its words, and says what is wrong with it."""
    problems = len(found.problems)
    outer = name = ""
    below = -1  # how far a long value is indented at least, whose lines were read already
    for line, text in enumerate(lines, first):
        if below >= 0 and (not text.strip() or below <= len(text) - len(text.lstrip())):
            continue
        below = -1
        match = re.match(_ITEM, text) if name else None
        is_item = match is not None
        match = match or re.match(_KEY, text)
        if match is None:
            continue
        value = (match["value"] or "").strip()
        if not is_item:
            name = outer + _spoken(match["key"])
            if line == first and not value:
                outer = name + "."  # what is indented below belongs to it
        if value and not is_item and re.match(_BLOCK_VALUE, value):
            found.value(name, _block_value(lines, line - first), line, match.start("value") + 1)
            below, name = len(text) - len(text.lstrip()) + 1, ""
        elif value and not fault.refused:
            if value[0] in "\"'[{":
                value = value.rstrip(",}" if text.lstrip().startswith(("{", '"')) else ",")  # as in JSON
            column = match.start("value") + 1
            found.value(name, value, line, column, is_item)
            if len(found.problems) < MOST_PROBLEMS:
                _explain(found, line, column, value)
        elif not is_item:
            found.value(name, "", line, match.start("key") + 1)
    if fault.refused:
        found.error(first, 1, f"front matter {fault.refused}", "write a text or a list of texts")
    elif len(found.problems) == problems:
        _explain_entry(found, first, lines, fault)


def _block_value(lines: list[str], number: int) -> str:
    """The text of a value that begins behind "|" or ">" in this line: the lines that are indented deeper."""
    depth = len(lines[number]) - len(lines[number].lstrip())
    told = []
    for line in lines[number + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        told.append(line.strip())
    return " ".join(filter(None, told))


def _explain(found: _Found, line: int, column: int, value: str) -> None:
    """Says what YAML has against a value of one line, if it has."""
    if not isinstance(read_yaml(found.path, f"k: {value}", line), Fault):
        return
    what = f'"{_short(value)}" '
    if template := TEMPLATE.search(value):
        what = f'"{template[0]}" is a template that was not filled in'
        found.problem(line, column, HINT, "unfilled-template", what, "write the value, or leave it empty")
    elif value.startswith("[["):
        what += "starts with a link that has no quotes"
        found.problem(line, column, WARNING, "unquoted-link", what, _quote(value))
    elif value[0] in "\"'":
        _explain_quote(found, line, column, value)
    elif value[0] == "[":
        fix = "leave out the #" if "#" in value else 'write "]" at its end, or quote its items'
        found.error(line, column, what + "is not a whole list", fix)
    elif value[0] in "@`%*&!|>,]}{?-":
        what += f'starts with "{value[0]}", which means something else in front matter'
        found.error(line, column, what, _quote(value))
    elif ": " in value or value.endswith(":"):
        found.error(line, column, what + "has a colon that reads as a key", _quote(value))


def _explain_quote(found: _Found, line: int, column: int, value: str) -> None:
    quote = value[0]
    inside = value[1:-1].replace("\\" + quote, "").replace(2 * quote, "")
    if quote not in value[1:]:
        found.error(line, column, "the value opens a quote that is not closed", f"write {quote} at its end")
    elif quote in inside or value[-1] != quote:
        fix = "write two of them: ''" if quote == "'" else 'write \\" for each quote inside'
        found.error(line, column, "the value has a quote in its middle", fix)
    else:
        found.error(line, column, "the value cannot be read", "write it without backslashes")


def _explain_entry(found: _Found, first: int, lines: list[str], fault: Fault) -> None:
    """Says what is wrong with an entry of several lines."""
    for line, text in enumerate(lines, first):
        if "\t" in text[: len(text) - len(text.lstrip())]:
            found.error(line, 1, "a tab stands where front matter wants blanks", "write blanks in its place")
            return
    number = min(max(fault.line, first), first + len(lines) - 1)
    while number > first and not lines[number - first].strip():
        number -= 1
    said = _short(lines[number - first].strip())
    found.error(number, 1, f'front matter cannot be read at "{said}"', 'write "key: value", one key a line')


def _quote(value: str) -> str:
    """How to quote a value; no quotes stand inside the quotes, so that they can be left out as one."""
    if '"' in value or "\\" in value:
        return "put it in single quotes"
    return f'quote it: "{value}"' if len(value) <= LONGEST else "put it in quotes"


def _split(value: str) -> list[str]:
    """The items of a list on one line, be it closed or not; any other value alone."""
    if value.startswith("[[") and re.fullmatch(_LINKS_ONLY, value):
        return [match[0] for match in re.finditer(WIKILINK, value)]
    if value.startswith("[") and not value.startswith("[["):
        return re.findall(_BETWEEN_COMMAS, value[1:].removesuffix("]"))
    return [value]


def _spoken(value: str) -> str:
    """A value without its quotes and without the comment behind it."""
    value = value.strip()
    if value[:1] in ("'", '"'):
        quote = value[0]
        return value[1:].removesuffix(quote).strip()
    if value.startswith("#"):
        return value
    return re.sub(_COMMENT, "", value).strip()


def _short(text: str) -> str:
    text = text.replace('"', "'")
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
