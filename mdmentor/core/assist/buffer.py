"""A note as an editor holds it, saved or not, what is at an offset in it, and what is asked of the vault.

Places are offsets in characters of the editor's text, from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, Protocol

from mdmentor.core import names
from mdmentor.core.edit import Edit, UnsafeEdit, changed_lines
from mdmentor.core.entries import Card, PostEntry
from mdmentor.core.frontmatter.reader import Head, read_head
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.links import find_target, link_end, rename_fragment
from mdmentor.core.model import Heading, Link, Note, Problem, Settings
from mdmentor.core.parse import MOST_BYTES, parse_note
from mdmentor.core.privacy import hidden_lines
from mdmentor.core.text import plain_newlines

_NEWLINE = re.compile(r"\r\n|\n|\r")


class Named(NamedTuple):
    """A note under one of its names, as it may be offered."""

    name: str
    path: str
    kind: str
    title: str
    is_colleague: bool = False


class Action(NamedTuple):
    """Something that the user may do, as edits."""

    title: str
    edits: tuple[Edit, ...]
    line: int = 0  # of the text after the edits: where to go on writing; 0 for where the cursor is
    is_sure: bool = False  # nothing else can be meant, so that the fix may be applied with others


class ReadModel(Protocol):
    """What `assist` asks of the vault."""

    @property
    def today(self) -> date: ...
    def named(self, begin: str, *, contacts_only: bool) -> Sequence[Named]:
        """Notes with a name in which a word begins like this, people first; a few more than are offered."""

    def link_words(self, path: str, source: str) -> str:
        """The target of a wikilink in `source` to the note: its name, or its path where others have that name."""

    def resolve(self, link: Link, source: str) -> str | None:
        """The path of the note or file that the link names."""

    def note(self, path: str) -> Note | None:
        """Another note, read; None where it cannot be."""

    def about(self, path: str) -> Card | PostEntry | Note | None:
        """The card of a person, the entry of a post, any other note; None for a file."""

    def paths(self, begin: str) -> Sequence[str]:
        """Notes and files whose path or name begins like this."""

    def values(self, key: str) -> Sequence[str]:
        """The values that notes have under "tags", "helps_with" or "company"."""

    def rewrites(self, link: Link, source: str) -> tuple[list[str], bool]:
        """What to write in place of a link that opens no note; whether that is certain to be meant."""

    def problem(self, source: str, link: Link, is_private: bool) -> Problem:
        """What is wrong with a link that opens no note; nothing is quoted from a private one."""


class Buffer:
    """A note's text at its path, parsed when first needed."""

    def __init__(self, path: str, text: str, settings: Settings, data: bytes | None = None) -> None:
        """`data` are the bytes that the text was decoded from, where encoding it does not give them back."""
        self._data = data
        self.path, self.text, self.settings = path, text, settings
        self.starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]
        self.has_mark = text.startswith("\ufeff")  # a byte order mark, which most editors hide

    @cached_property
    def data(self) -> bytes:
        return self.text.encode(errors="replace") if self._data is None else self._data

    @cached_property
    def note(self) -> Note:
        return parse_note(self.path, self.data, self.settings)

    @cached_property
    def plain(self) -> str:
        """The text as notes are read: without byte order mark, its newlines "\\n"."""
        return plain_newlines(self.text.removeprefix("\ufeff"))

    @cached_property
    def head(self) -> Head:
        return read_head(self.path, self.plain)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The numbers of the private lines."""
        return frozenset() if self.is_too_large else hidden_lines(self.path, self.plain)

    @property
    def is_too_large(self) -> bool:
        return len(self.text) > MOST_BYTES

    def line_at(self, offset: int) -> int:
        """The number, from 1, of the line that holds the offset."""
        return bisect_right(self.starts, offset)

    def bounds(self, line: int) -> tuple[int, int]:
        """Where a line begins and ends, without its newline."""
        line = min(max(line, 1), len(self.starts))
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start, start + len(self.text[start:end].rstrip("\r\n"))

    def line(self, number: int) -> str:
        start, end = self.bounds(number)
        return self.text[start:end]

    def offset(self, line: int, column: int) -> int:
        """The offset of a place as notes are read: line and column from 1."""
        start, end = self.bounds(line)
        return min(start + column - 1 + (self.has_mark and line == 1), end)

    def link_span(self, link: Link) -> tuple[int, int]:
        start = self.offset(link.line, link.column)
        return start, link_end(self.text, start, link)

    @cached_property
    def links_by_place(self) -> dict[tuple[int, int], Link]:
        """The links by line and column, for the problems at these."""
        return {(link.line, link.column): link for link in self.links()}

    def problem_span(self, problem: Problem) -> tuple[int, int]:
        """The place that a problem is about: a link, else the rest of the line."""
        if link := self.links_by_place.get((problem.line, problem.column)):
            return self.link_span(link)
        start, end = self.offset(problem.line, problem.column), self.bounds(problem.line)[1]
        return start, start + len(self.text[start:end].rstrip())

    @cached_property
    def title_line(self) -> int:
        """The line that names the note: its first heading, else the field `name`, else the first below the front matter."""
        first = (heading.line for heading in self.note.headings if heading.level == 1)
        named = (field.line for field in self.note.fields if field.key == "name")
        return next(chain(first, named), min(self.head.body_line, len(self.starts)))

    def heading_span(self, heading: Heading) -> tuple[int, int]:
        """The place of a heading's text."""
        bounds = self.bounds(heading.line)
        found = re.compile(r" {0,3}#*[ \t]*(.*?)[ \t]*#*[ \t]*\Z").match(self.text, *bounds)
        return found.span(1) if found else bounds

    def links(self) -> Iterator[Link]:
        """The links as written, without plain names of attendees and the links of an item above."""
        return (link for link in self.note.links if link.kind != "attendee" and link.field != "item above")

    def link_at(self, offset: int) -> Link | None:
        """The innermost link around the offset, its ends included."""
        line = self.line_at(offset)
        near = (link for link in self.links() if link.line <= line <= link.line + link.raw.count("\n"))
        spans = ((*self.link_span(link), link) for link in near)
        around = [(end - start, link) for start, end, link in spans if start <= offset <= end]
        return min(around, key=itemgetter(0), default=(0, None))[1]

    def places_for_links(self, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The places, in their order, where a link would be read as one: not in code, comments, math or HTML."""
        if not re.search(r"[`<%$~\\]| {4}|\t", self.text):
            return list(places)
        written, last, starts = "", 0, []
        for start, end in places:
            written += self.text[last:start]
            starts.append(len(written))
            written, last = f"{written}[[x]]", end
        after = Buffer(self.path, written + self.text[last:], self.settings)
        body = read_body("", after.plain[after.head.body_start :], after.head.body_line)
        found = {after.offset(link.line, link.column) for link in body.links if link.raw == "[[x]]"}
        return [place for place, start in zip(places, starts, strict=True) if start in found]

    def edits_to(self, data: bytes) -> tuple[Edit, ...]:
        """The edits that turn this text into that of `data`, in as few lines as possible."""
        after = data.decode()
        if not self.has_mark:
            after = after.removeprefix("\ufeff")
        return tuple(changed_lines(self.text, after))


def heading_key(text: str) -> str:
    """A heading, or the last part of the fragment of a link, folded for comparing."""
    return " ".join(re.sub(r"[\[\]|#^:\s]+", " ", names.unlink(text)).casefold().split())


def names_heading(link: Link, heading: Heading) -> bool:
    return bool(link.fragment) and heading_key(link.fragment.rsplit("#", 1)[-1]) == heading_key(heading.text)


def line_named(link: Link, note: Note) -> int:
    """The line of the block or heading of a note that the link names; 1 where it names none."""
    if link.fragment.startswith("^"):
        lines = enumerate(note.text.split("\n"), 1)
        return next((number for number, text in lines if text.rstrip().endswith(link.fragment)), 1)
    return next((heading.line for heading in note.headings if names_heading(link, heading)), 1)


class Target(NamedTuple):
    """A note, or a heading in it, and where its name is in this document."""

    path: str
    heading: Heading | None
    start: int
    end: int


def target_at(buffer: Buffer, offset: int, model: ReadModel) -> Target | None:
    """What a link, a heading or the note's name at the offset names; None elsewhere, and at a link to no note."""
    if link := buffer.link_at(offset):
        return _target_of_link(buffer, link, offset, model)
    line = buffer.line_at(offset)
    for heading in buffer.note.headings:
        if heading.line <= line <= heading.last:
            is_title = heading.line == buffer.title_line and heading.text.strip() == names.stem(buffer.path)
            return Target(buffer.path, None if is_title else heading, *buffer.heading_span(heading))
    for field in buffer.note.fields:
        name = names.stem(buffer.path)
        if field.line == line and field.key in ("name", "title") and field.values == (name,):
            at = buffer.text.find(name, buffer.offset(*field.place_of(name)))
            return Target(buffer.path, None, at, at + len(name))
    return None


def _target_of_link(buffer: Buffer, link: Link, offset: int, model: ReadModel) -> Target | None:
    path = model.resolve(link, buffer.path)
    if not path or not path.lower().endswith(".md"):
        return None
    start, end = buffer.link_span(link)
    if (place := rename_fragment(link, "")) and place.start <= offset - start <= place.end:
        note = model.note(path)
        heading = next((h for h in note.headings if names_heading(link, h)), None) if note else None
        if heading:
            return Target(path, heading, start + place.start, start + place.end)
    with suppress(UnsafeEdit):
        place = find_target(link.raw, 0, None, link, path)
        if place.start <= offset - start <= place.end:
            return Target(path, None, start + place.start, start + place.end)
    return Target(path, None, start, end)
