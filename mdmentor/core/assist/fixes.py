"""The edits that fix a problem, each tried first: after it the problem has to be gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from mdmentor.core.assist.buffer import Action, Buffer, ReadModel
from mdmentor.core.edit import Edit, apply
from mdmentor.core.frontmatter.schema import WRITE_LIST
from mdmentor.core.model import Problem

_CONTROL = r"[^\S\n\r \t]|[\x00-\x08\x0e-\x1f\x7f-\x9f]"
_QUOTED = r'"([^"]+)"'


def fixes(buffer: Buffer, problem: Problem, model: ReadModel) -> list[Action]:
    """The fixes of a problem, one for each thing that may be meant."""
    if problem.code in ("alias-link", "missing-note"):
        return list(_of_link(buffer, problem, model))
    if found := [fix for fix in _of_lines(buffer, problem) if _helps(buffer, problem, fix)]:
        return found
    texts, is_sure = _replacements(problem)
    return [fix for text in texts if (fix := _replacing(buffer, problem, text, is_sure=is_sure))]


def _of_link(buffer: Buffer, problem: Problem, model: ReadModel) -> Iterator[Action]:
    link = buffer.link_of(problem)
    if link and problem.line not in buffer.hidden:
        written, is_sure = model.rewrites(link, buffer.path)
        for raw in written:
            edit = Edit(*buffer.link_span(link), raw)
            yield Action(f"write {raw}", (edit,), is_sure=is_sure and len(written) == 1)


def _helps(buffer: Buffer, problem: Problem, fix: Action) -> bool:
    """Whether a fix removes the problem and causes no other."""
    fixed = Buffer(buffer.path, apply(buffer.text, fix.edits), buffer.settings)
    before, after = (Counter((p.code, p.what) for p in one.note.problems) for one in (buffer, fixed))
    this = problem.code, problem.what
    return after[this] < before[this] and after.keys() <= before.keys()


def _of_lines(buffer: Buffer, problem: Problem) -> Iterator[Action]:
    """Fixes that put in or take out what does not depend on the words of the note."""
    code, text = problem.code, buffer.text
    if code == "nul-byte":
        yield Action("delete it", tuple(Edit(*f.span(), "") for f in re.finditer("\0", text)), is_sure=True)
    elif code == "control-character":
        at = buffer.offset(problem.line, problem.column)
        if re.match(_CONTROL, text[at : at + 1]):
            yield Action("delete it", (Edit(at, at + 1, ""),), is_sure=True)
    elif below := re.search(r"write --- on a line of its own below line (\d+)", problem.fix):
        end = buffer.bounds(int(below[1]))[1]
        newline = "\r\n" if "\r\n" in text else "\n"
        yield Action("close the front matter with ---", (Edit(end, end, f"{newline}---"),), is_sure=True)
    elif code == "fence" and (fence := re.match(r"\ufeff?\s*-{3,}[ \t]*", text)):
        yield Action("begin the note with ---", (Edit(buffer.has_mark, fence.end(), "---"),), is_sure=True)
    elif problem.fix.startswith('begin the line with "- "'):
        first = buffer.bounds(problem.line)[0]
        yield Action("make it an item of the log", (Edit(first, first, "- "),))


def _replacements(problem: Problem) -> tuple[list[str], bool]:
    """What the problem's fix says to write, and whether that is certain."""
    code, fix, quoted = problem.code, problem.fix, re.findall(_QUOTED, problem.fix)
    if code == "not-a-list":
        return [fix.removeprefix(WRITE_LIST)], True
    if code == "external-wikilink":
        link, address = re.findall(_QUOTED, problem.what)[0], quoted[0][len("[words](") : -1]
        words = link.strip("![]").partition("|")[2].strip() or address
        return [f"[{words}]({address})"], True
    if code == "not-yes-or-no":
        answers = re.findall(r"\b(true|false)\b", fix)
        return answers, answers == ["true"] and "snooze" not in fix
    if fix.startswith("did you mean"):
        return quoted[:1], False
    if fix.startswith("write it as"):
        return [text for text in quoted if re.fullmatch(r"[\w-]+", text)], len(quoted) == 1
    return re.findall(r"[\w-]+", fix) if code in ("unknown-word", "unknown-type") else [], False


def _replacing(buffer: Buffer, problem: Problem, text: str, *, is_sure: bool) -> Action | None:
    """The fix that writes the text in place of what the problem quotes, or of the value at its place."""
    place = problem.line, problem.column
    values = [v for field in buffer.note.fields for v in field.values if field.place_of(v) == place]
    start, end = buffer.offset(*place), buffer.bounds(problem.line)[1]
    for old in (*re.findall(_QUOTED, problem.what)[:1], *values):
        # a key may be above the line of its first value
        for at in (buffer.text.find(old, start, end), buffer.text.rfind(old, 0, end)):
            fix = Action(f"write {text}", (Edit(at, at + len(old), text),), is_sure=is_sure)
            if at >= 0 and _helps(buffer, problem, fix):
                return fix
    return None
