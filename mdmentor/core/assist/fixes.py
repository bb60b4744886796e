"""The changes that put a problem right, each tried: the note is read again, and the problem has to be gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.edit import Edit, UnsafeEdit, apply
from mdmentor.core.frontmatter.inline_editor import write_field
from mdmentor.core.frontmatter.schema import WRITE_LIST
from mdmentor.core.model import Field, Link, Problem

_NEAR = re.compile(r'did you mean "(?P<near>[^"]+)"\?')
_CHOICES = re.compile(r"write (?P<words>[\w-]+(?:, [\w-]+)*(?:,? or [\w-]+)?)(?=$|,|\s*$)")
_QUOTED = re.compile(r'"([^"]+)"')
_LINKS = ("alias-link", "missing-note")


class Fix(NamedTuple):
    title: str
    edits: tuple[Edit, ...]
    is_sure: bool  # it is the only thing that can be meant, and may be applied with others


def fixes(buffer: Buffer, problem: Problem, model: ReadModel) -> list[Fix]:
    """What puts the problem right; of what is not sure each possibility."""
    if problem.code in _LINKS:
        return list(_of_link(buffer, problem, model))
    return [fix for fix in _candidates(buffer, problem) if _helps(buffer, problem, fix)]


def _of_link(buffer: Buffer, problem: Problem, model: ReadModel) -> Iterator[Fix]:
    link = _link_of(buffer, problem)
    if link is None or problem.line in buffer.hidden:
        return
    written, is_sure = model.rewrites(link, buffer.path)
    for raw in written:
        edit = Edit(*buffer.link_span(link), raw)
        yield Fix(f"write {raw}", (edit,), is_sure and len(written) == 1)


def _link_of(buffer: Buffer, problem: Problem) -> Link | None:
    place = problem.line, problem.column
    return next((link for link in buffer.links() if (link.line, link.column) == place), None)


def _helps(buffer: Buffer, problem: Problem, fix: Fix) -> bool:
    after = Buffer(buffer.path, apply(buffer.text, fix.edits), buffer.settings).note.problems
    before = buffer.note.problems
    same = [p for p in after if p.code == problem.code and p.what == problem.what]
    was = [p for p in before if p.code == problem.code and p.what == problem.what]
    known = {(p.code, p.what) for p in before}
    return len(same) < len(was) and all((p.code, p.what) in known for p in after)


def _candidates(buffer: Buffer, problem: Problem) -> Iterator[Fix]:
    code, line = problem.code, problem.line
    if code in ("nul-byte", "control-character"):
        found = [
            m.start()
            for m in re.finditer(
                r"\0" if code == "nul-byte" else r"[^\S\n\r \t]|[\x00-\x08\x0e-\x1f\x7f-\x9f]", buffer.text
            )
        ]
        if code == "control-character":
            found = [at for at in found if at == buffer.offset(line, problem.column)]
        yield Fix("delete it", tuple(Edit(at, at + 1, "") for at in found), True)
    elif below := re.search(r"write --- on a line of its own below line (\d+)", problem.fix):
        end = buffer.bounds(int(below[1]))[1]
        yield Fix("close the front matter with ---", (Edit(end, end, f"{_newline(buffer)}---"),), True)
    elif code == "fence":
        found_fence = re.match(r"\ufeff?\s*-{3,}[ \t]*", buffer.text)
        if found_fence:
            yield Fix(
                "begin the note with ---",
                (Edit(buffer.text.startswith("\ufeff"), found_fence.end(), "---"),),
                True,
            )
    elif code == "external-wikilink":
        yield from _address_link(buffer, problem)
    elif code in ("log-date", "not-understood"):
        yield from _at_start_of_line(buffer, problem)
    elif field := _field_of(buffer, problem):
        yield from _of_field(buffer, problem, *field)


def _newline(buffer: Buffer) -> str:
    return "\r\n" if "\r\n" in buffer.text else "\n"


def _address_link(buffer: Buffer, problem: Problem) -> Iterator[Fix]:
    raw, wanted = _QUOTED.search(problem.what), _QUOTED.search(problem.fix)
    start = buffer.offset(problem.line, problem.column)
    if raw and wanted and buffer.text.startswith(raw[1], start):
        address = wanted[1][len("[words](") : -1]
        words = raw[1].strip("![]").partition("|")[2].strip() or address
        text = f"[{words}]({address})"
        yield Fix(f"write {text}", (Edit(start, start + len(raw[1]), text),), True)


def _at_start_of_line(buffer: Buffer, problem: Problem) -> Iterator[Fix]:
    start, _ = buffer.bounds(problem.line)
    quoted = _QUOTED.search(problem.what)
    at = buffer.line(problem.line).find(quoted[1]) if quoted else -1
    if problem.fix.startswith("begin the line"):
        yield Fix("make it an item of the log", (Edit(start, start, "- "),), False)
    elif quoted and at >= 0:
        days = _QUOTED.findall(problem.fix) if problem.fix.startswith("write it as") else []
        for day in days:
            yield Fix(f"write {day}", (Edit(start + at, start + at + len(quoted[1]), day),), len(days) == 1)


def _field_of(buffer: Buffer, problem: Problem) -> tuple[Field, int] | None:
    """The field whose value the problem is about, and which of its values."""
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
        wanted = quoted[-1] if quoted else ""
        key = re.compile(rf"(?m)^[ \t]*{re.escape(field.name)}(?=\s*:)")
        found = [m for m in key.finditer(buffer.text) if buffer.line_at(m.start()) <= field.line]
        if found and wanted:
            end = found[-1].end()
            edit = Edit(end - len(field.name), end, wanted)
            yield Fix(f"write {wanted}", (edit,), problem.fix.startswith("write"))
        return
    if problem.code == "not-a-list":
        written = problem.fix.removeprefix(WRITE_LIST)
        start = buffer.offset(field.line, field.column)
        if field.values and buffer.text.startswith(field.values[0], start):
            edit = Edit(start, start + len(field.values[0]), written)
            yield Fix(f"write {written}", (edit,), True)
        return
    for text, is_sure in _values(problem):
        values = (*field.values[:at], text, *field.values[at + 1 :])
        yield from _set(buffer, field, values if field.is_list else text, f"write {text}", is_sure=is_sure)


def _values(problem: Problem) -> list[tuple[str, bool]]:
    """The values that the problem's fix names, and whether there can be no other."""
    if near := _NEAR.search(problem.fix):
        return [(near["near"], False)]
    if problem.code == "not-a-date":
        days = _QUOTED.findall(problem.fix) if problem.fix.startswith("write it as") else []
        return [(day, len(days) == 1) for day in days]
    if problem.code == "not-yes-or-no":
        answers = re.findall(r"\b(true|false)\b", problem.fix)
        return [(word, answers == ["true"] and "snooze" not in problem.fix) for word in answers]
    found = _CHOICES.search(problem.fix) if problem.code in ("unknown-word", "unknown-type") else None
    words = re.split(r", (?:or )?| or ", found["words"]) if found else []
    return [(word, False) for word in words if word not in ("another", "give")]


def _set(
    buffer: Buffer, field: Field, value: str | Sequence[str], title: str, *, is_sure: bool
) -> Iterator[Fix]:
    try:
        edits = buffer.edits_to(write_field(buffer.data, field.name, field, value))
    except UnsafeEdit:
        return
    yield Fix(title, tuple(edits), is_sure)
