"""The edits that fix a problem, each tried first: after it the problem has to be gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.edit import Edit, UnsafeEdit, apply
from mdmentor.core.frontmatter.inline_editor import write_field
from mdmentor.core.frontmatter.schema import WRITE_LIST
from mdmentor.core.model import Field, Problem

_NEAR = re.compile(r'did you mean "(?P<near>[^"]+)"\?')
_CHOICES = re.compile(r"write (?P<words>[\w-]+(?:, [\w-]+)*(?:,? or [\w-]+)?)(?=$|,|\s*$)")
_CONTROL = r"[^\S\n\r \t]|[\x00-\x08\x0e-\x1f\x7f-\x9f]"
_QUOTED = re.compile(r'"([^"]+)"')
_LINKS = ("alias-link", "missing-note")


class Fix(NamedTuple):
    title: str
    edits: tuple[Edit, ...]
    is_sure: bool  # nothing else can be meant, so it may be applied with others


def fixes(buffer: Buffer, problem: Problem, model: ReadModel) -> list[Fix]:
    """The fixes of a problem, one for each thing that may be meant."""
    if problem.code in _LINKS:
        return list(_of_link(buffer, problem, model))
    return [fix for fix in _candidates(buffer, problem) if _helps(buffer, problem, fix)]


def _of_link(buffer: Buffer, problem: Problem, model: ReadModel) -> Iterator[Fix]:
    link = buffer.link_of(problem)
    if link is None or problem.line in buffer.hidden:
        return
    written, is_sure = model.rewrites(link, buffer.path)
    for raw in written:
        edit = Edit(*buffer.link_span(link), raw)
        yield Fix(f"write {raw}", (edit,), is_sure and len(written) == 1)


def _helps(buffer: Buffer, problem: Problem, fix: Fix) -> bool:
    """Whether a fix removes the problem and causes no other."""
    fixed = Buffer(buffer.path, apply(buffer.text, fix.edits), buffer.settings)
    before, after = (Counter((p.code, p.what) for p in one.note.problems) for one in (buffer, fixed))
    this = problem.code, problem.what
    return after[this] < before[this] and after.keys() <= before.keys()


def _candidates(buffer: Buffer, problem: Problem) -> Iterator[Fix]:
    code, text = problem.code, buffer.text
    first, last = buffer.bounds(problem.line)
    if code in ("nul-byte", "control-character"):
        at = 0 if code == "nul-byte" else buffer.offset(problem.line, problem.column)
        end = len(text) if code == "nul-byte" else at + 1
        found = re.compile("\0" if code == "nul-byte" else _CONTROL).finditer(text, at, end)
        yield Fix("delete it", tuple(Edit(*one.span(), "") for one in found), True)
    elif below := re.search(r"write --- on a line of its own below line (\d+)", problem.fix):
        end = buffer.bounds(int(below[1]))[1]
        newline = "\r\n" if "\r\n" in text else "\n"
        yield Fix("close the front matter with ---", (Edit(end, end, f"{newline}---"),), True)
    elif code == "fence" and (fence := re.match(r"\ufeff?\s*-{3,}[ \t]*", text)):
        yield Fix("begin the note with ---", (Edit(buffer.has_mark, fence.end(), "---"),), True)
    elif code in ("log-date", "not-understood") and problem.fix.startswith("begin the line"):
        yield Fix("make it an item of the log", (Edit(first, first, "- "),), False)
    elif code in ("log-date", "not-understood", "external-wikilink"):
        quoted = _QUOTED.search(problem.what)
        at = text.find(quoted[1], first, last) if quoted else -1
        if quoted and at >= 0:
            for words, is_sure in _values(problem):
                yield Fix(f"write {words}", (Edit(at, at + len(quoted[1]), words),), is_sure)
    elif field := _field_of(buffer, problem):
        yield from _of_field(buffer, problem, *field)


def _field_of(buffer: Buffer, problem: Problem) -> tuple[Field, int] | None:
    """The field that the problem is about, and which of its values."""
    place = problem.line, problem.column
    for field in buffer.note.fields:
        if place == (field.line, field.column):
            return field, 0
        if place in field.places:
            return field, field.places.index(place)
    return None


def _of_field(buffer: Buffer, problem: Problem, field: Field, at: int) -> Iterator[Fix]:
    if problem.code == "near-key":
        quoted = _QUOTED.findall(problem.fix)
        key = re.compile(rf"(?m)^[ \t]*{re.escape(field.name)}(?=\s*:)")
        keys = [found.end() for found in key.finditer(buffer.text, 0, buffer.bounds(field.line)[1] + 1)]
        if keys and quoted:
            edit = Edit(keys[-1] - len(field.name), keys[-1], quoted[-1])
            yield Fix(f"write {quoted[-1]}", (edit,), problem.fix.startswith("write"))
        return
    if problem.code == "not-a-list":
        written = problem.fix.removeprefix(WRITE_LIST)
        start = buffer.offset(field.line, field.column)
        if field.values and buffer.text.startswith(field.values[0], start):
            yield Fix(f"write {written}", (Edit(start, start + len(field.values[0]), written),), True)
        return
    for text, is_sure in _values(problem):
        values = (*field.values[:at], text, *field.values[at + 1 :])
        with suppress(UnsafeEdit):
            after = write_field(buffer.data, field.name, field, values if field.is_list else text)
            yield Fix(f"write {text}", tuple(buffer.edits_to(after)), is_sure)


def _values(problem: Problem) -> list[tuple[str, bool]]:
    """What the problem's fix says to write, and whether that is certain."""
    quoted = _QUOTED.findall(problem.fix)
    if problem.code == "external-wikilink":
        link, address = _QUOTED.findall(problem.what)[0], quoted[0][len("[words](") : -1]
        words = link.strip("![]").partition("|")[2].strip() or address
        return [(f"[{words}]({address})", True)]
    if near := _NEAR.search(problem.fix):
        return [(near["near"], False)]
    if problem.fix.startswith("write it as"):
        return [(day, len(quoted) == 1) for day in quoted]
    if problem.code == "not-yes-or-no":
        answers = re.findall(r"\b(true|false)\b", problem.fix)
        return [(word, answers == ["true"] and "snooze" not in problem.fix) for word in answers]
    found = _CHOICES.search(problem.fix) if problem.code in ("unknown-word", "unknown-type") else None
    words = re.split(r", (?:or )?| or ", found["words"]) if found else []
    return [(word, False) for word in words if word not in ("another", "give")]
