"""What can be done at the cursor: log a talk, snooze, thank, tick a promise, link a name in the text, fix a problem.

A fix is tried first: after it the problem has to be gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from mdmentor.core import names
from mdmentor.core.assist.buffer import Action, Buffer, ReadModel
from mdmentor.core.dates import add_days
from mdmentor.core.edit import Edit, UnsafeEdit, add_behind, apply, tick
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.frontmatter.inline_editor import write_field
from mdmentor.core.frontmatter.schema import WRITE_LIST
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.log_editor import add_log_line
from mdmentor.core.log_style import LogLine
from mdmentor.core.marks import find_marks
from mdmentor.core.model import CONTACT, Problem
from mdmentor.core.text import plain_words, shorten

SNOOZE_DAYS = 14
_MOST_WORDS = 5  # of a name in the text
_QUOTED = r'"([^"]+)"'


def actions(buffer: Buffer, start: int, end: int, model: ReadModel) -> list[Action]:
    """What can be done safely at this selection."""
    if buffer.is_too_large:
        return []
    found = list(_of_lines_at(buffer, buffer.line_at(start), buffer.line_at(end), model.today))
    wanted = {"Log a talk today": log_today, "Snooze for 2 weeks": snooze}
    if thanks_owed(buffer.note.interactions, model.today):
        wanted["Mark as thanked"] = _thank
    for title, change in wanted.items() if buffer.note.kind == CONTACT else ():
        with suppress(UnsafeEdit):
            data, line = change(buffer, model.today)
            if edits := buffer.edits_to(data):
                found.append(Action(title, edits, line))
    return found + list(_of_name(buffer, start, end, model))


def log_today(buffer: Buffer, today: date) -> tuple[bytes, int]:
    """The note with an entry of today in its log, to be filled in, and the line of it. Raises UnsafeEdit."""
    return add_log_line(buffer.data, LogLine(today, "", ""))


def snooze(buffer: Buffer, today: date) -> tuple[bytes, int]:
    """The note snoozed for two weeks, in its own spelling of the key. Raises UnsafeEdit."""
    field, day = field_of(buffer.note.fields, "snooze"), add_days(today, SNOOZE_DAYS).isoformat()
    return write_field(buffer.data, field or "snooze", day), 0


def _thank(buffer: Buffer, today: date) -> tuple[bytes, int]:
    return add_log_line(buffer.data, LogLine(today, "", "said thanks #thanked"))[0], 0


def _of_lines_at(buffer: Buffer, first: int, last: int, today: date) -> Iterator[Action]:
    for promise in buffer.note.promises:
        if first <= promise.line <= last:
            is_secret = promise.private or promise.line in buffer.hidden
            words = "" if is_secret else f": {shorten(plain_words(promise.text), 40)}"
            with suppress(UnsafeEdit):
                data = tick(buffer.data, promise.line, promise.text, today)
                yield Action(f"Tick the promise{words}", buffer.edits_to(data))
    for talk in buffer.note.interactions:
        is_thanked = "thanked" in find_marks(buffer.line(first))
        if first == talk.line == last and "got" in talk.marks and not is_thanked:
            with suppress(UnsafeEdit):
                yield Action(
                    "Mark this as thanked", buffer.edits_to(add_behind(buffer.data, first, "#thanked"))
                )


def _of_name(buffer: Buffer, start: int, end: int, model: ReadModel) -> Iterator[Action]:
    """Makes a known name in plain text a link, here or in the whole note, unless two people have the name."""
    line = buffer.line_at(start)
    if line < buffer.head.body_line or buffer.line_at(end) != line or buffer.link_at(start):
        return
    first, last, path = _name_at(buffer, start, end, model)
    typed = buffer.text[first:last]
    spots = _plain_spots(buffer, typed) if path else []
    if first not in spots or path == buffer.path:
        return
    words = model.link_words(path, buffer.path)
    link = f"[[{words}]]" if words == typed else f"[[{words}|{typed}]]"
    yield Action(f"Link {typed} to {words}", (Edit(first, last, link),))
    if len(spots) > 1:
        edits = tuple(Edit(at, at + len(typed), link) for at in spots)
        yield Action(f"Link all {len(spots)} of {typed} to {words}", edits)


def _name_at(buffer: Buffer, start: int, end: int, model: ReadModel) -> tuple[int, int, str]:
    """The longest run of words around the selection that is the name of one contact alone: its place, their path.

    The path is "" where there is none.
    """
    found = re.compile(r"[\w'’-]+").finditer(buffer.text, *buffer.bounds(buffer.line_at(start)))
    words = [word.span() for word in found]
    near = [n for n, (a, b) in enumerate(words) if a <= end and b >= start]
    runs = [
        (words[i][0], words[j][1])
        for i in range(len(words))
        for j in range(i, min(i + _MOST_WORDS, len(words)))
        if near and i <= near[0] and near[-1] <= j
    ]
    for a, b in sorted(runs, key=lambda run: run[0] - run[1]):
        text = buffer.text[a:b]
        people = model.named(text, contacts_only=True)
        paths = {one.path for one in people if names.fold_plain(one.name) == names.fold_plain(text)}
        if paths:
            return a, b, paths.pop() if len(paths) == 1 else ""
    return start, end, ""


def _plain_spots(buffer: Buffer, text: str) -> list[int]:
    """Where the text is whole words, outside links, code and front matter."""
    begin = buffer.bounds(buffer.head.body_line)[0]
    words = re.compile(rf"(?<![\w\[|]){re.escape(text)}(?![\w\]|])")
    links = [buffer.link_span(link) for link in buffer.links()]
    places = [
        found.span()
        for found in words.finditer(buffer.text, begin)
        if not any(first <= found.start() < last for first, last in links)
    ]
    return [start for start, _ in buffer.places_for_links(places)]


def fixes(buffer: Buffer, problem: Problem, model: ReadModel) -> list[Action]:
    """The fixes of a problem, one for each thing that may be meant."""
    if problem.code in ("alias-link", "missing-note"):
        return list(_of_link(buffer, problem, model))
    if found := [fix for fix in _of_lines(buffer, problem) if _helps(buffer, problem, fix)]:
        return found
    texts, is_sure = _replacements(problem)
    return [fix for text in texts if (fix := _replacing(buffer, problem, text, is_sure=is_sure))]


def _of_link(buffer: Buffer, problem: Problem, model: ReadModel) -> Iterator[Action]:
    link = buffer.links_by_place.get((problem.line, problem.column))
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
    """Fixes that do not depend on the words of the note."""
    code, text = problem.code, buffer.text
    if code == "nul-byte":
        yield Action("delete it", tuple(Edit(*f.span(), "") for f in re.finditer("\0", text)), is_sure=True)
    elif code == "control-character":
        at = buffer.offset(problem.line, problem.column)
        yield Action("delete it", (Edit(at, at + 1, ""),), is_sure=True)
    elif below := re.search(r"write --- on a line of its own below line (\d+)", problem.fix):
        end = buffer.bounds(int(below[1]))[1]
        newline = "\r\n" if "\r\n" in text else "\n"
        yield Action("close the front matter with ---", (Edit(end, end, f"{newline}---"),), is_sure=True)
    elif code == "fence" and (fence := re.match(r"\ufeff?\s*-{3,}[ \t]*", text)):
        yield Action("begin the note with ---", (Edit(buffer.has_mark, fence.end(), "---"),), is_sure=True)
    elif closing := re.match(r"write \"?([]\"'])\"? at its end", problem.fix):
        end = buffer.bounds(problem.line)[1]
        yield Action(f"write {closing[1]} at its end", (Edit(end, end, closing[1]),))
    elif problem.fix == "remove the line":
        first, last = buffer.bounds(problem.line)[0], buffer.bounds(problem.line + 1)[0]
        yield Action("remove the line", (Edit(first, last, ""),), is_sure=True)
    elif problem.fix.startswith('begin the line with "- "'):
        first = buffer.bounds(problem.line)[0]
        yield Action("make it an item of the log", (Edit(first, first, "- "),))


def _replacements(problem: Problem) -> tuple[list[str], bool]:
    """What the problem's fix says to write, and whether that is certain."""
    code, fix, quoted = problem.code, problem.fix, re.findall(_QUOTED, problem.fix)
    if code == "not-a-list":
        return [fix.removeprefix(WRITE_LIST)], True
    if fix.startswith("quote it: "):
        return [fix.removeprefix("quote it: ")], True
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
