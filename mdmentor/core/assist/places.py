"""What stands at a place of a note: the target of a link, a heading, the note's own name."""

from __future__ import annotations

import re
from itertools import chain
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.model import Heading, Link, Note


def title_line(buffer: Buffer) -> int:
    """The line that names the note: its first heading, else the field `name`, else the first below the front matter."""
    first = (heading.line for heading in buffer.note.headings if heading.level == 1)
    named = (field.line for field in buffer.note.fields if field.key == "name")
    return next(chain(first, named), min(buffer.head.body_line, len(buffer.starts)))


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
    """What a link, a heading or the note's name at the offset names; None elsewhere, and at a link to nothing."""
    if link := buffer.link_at(offset):
        return _target_of_link(buffer, link, offset, model)
    line = buffer.line_at(offset)
    for heading in buffer.note.headings:
        if heading.line <= line <= heading.last:
            is_title = heading.line == title_line(buffer) and heading.text.strip() == names.stem(buffer.path)
            return Target(buffer.path, None if is_title else heading, *heading_span(buffer, heading))
    for field in buffer.note.fields:
        name = names.stem(buffer.path)
        if field.line == line and field.key in ("name", "title") and field.values == (name,):
            at = buffer.text.find(name, buffer.offset(*field.place_of(name)))
            return Target(buffer.path, None, at, at + len(name))
    return None


def _target_of_link(buffer: Buffer, link: Link, offset: int, model: ReadModel) -> Target | None:
    path = model.resolve(link, buffer.path)
    if not path:
        return None
    start, end = buffer.link_span(link)
    if found := re.search(r"#([^#|\])\\]*)[|\])\\]", link.raw):
        note = model.note(path)
        heading = next((h for h in note.headings if names_heading(link, h)), None) if note else None
        if heading and start + found.start() < offset <= start + found.end(1):
            return Target(path, heading, start + found.start(1), start + found.end(1))
    name = link.target.strip()
    at = start + link.raw.find(name)
    return Target(path, None, *((at, at + len(name)) if at <= offset <= at + len(name) else (start, end)))


def heading_span(buffer: Buffer, heading: Heading) -> tuple[int, int]:
    """The place of a heading's text."""
    bounds = buffer.bounds(heading.line)
    found = re.compile(r" {0,3}#*[ \t]*(.*?)[ \t]*#*[ \t]*\Z").match(buffer.text, *bounds)
    return found.span(1) if found else bounds
