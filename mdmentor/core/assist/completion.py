"""What may be written at the cursor: names of people and notes, headings, keys, values, marks, paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.assist.buffer import Buffer, Named, ReadModel
from mdmentor.core.frontmatter.meanings import accepted, meaning_of, missing_keys
from mdmentor.core.frontmatter.reader import find_fences
from mdmentor.core.log import ATTENDEE_KEYS
from mdmentor.core.log_entries import iter_entries, read_page
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.markdown.links import encoded_path
from mdmentor.core.model import CONTACT, DATED, NOTE, Link, Note
from mdmentor.core.trust import COLLEAGUE_MARK

MOST = 60  # that are offered at once; the list is asked for again with each key typed
_MARKS = {
    "got": "they gave you something: advice, an introduction, time",
    "gave": "you gave them something",
    "thanked": "you thanked them",
    "sent": "you wrote and there is no answer yet",
    "private": "this line never leaves its note",
    "mention": "they are mentioned, but you were not in touch",
    "waiting": "the promise is theirs to keep",
}
_WIKILINK = re.compile(r"!?\[\[(?P<target>[^\[\]|#\n]*)(?:#(?P<fragment>[^\[\]|\n]*))?\Z")
_PATH = re.compile(r"\]\((?P<target>[^()\s#]*)(?:#(?P<fragment>[^()\s]*))?\Z")
_AT = re.compile(r"(?<![\w@/.`\\])@(?P<typed>[\w'’.-]*(?: [\w'’.-]+){0,2})\Z")
_HASH = re.compile(r"(?<![\w#/&\[(\\])#(?P<typed>[\w/-]*)\Z")
_KEY = re.compile(r"(?P<typed>[\w][\w -]*)?\Z")
_VALUE = re.compile(r"(?P<key>[\w][^:#]*?):[ \t]+(?P<value>.*)\Z")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)\Z")
_CLOSE = re.compile(r"[^\[\]|#\n]*?(?=\\?[|#][^\[\]\n]*\]\]|\]\])")  # of a link that has its end already


class Completion(NamedTuple):
    """One text that may stand in place of the characters from `start` to `end`."""

    label: str
    text: str
    start: int
    end: int
    kind: str  # "person", "note", "heading", "block", "key", "value", "mark", "tag" or "path"
    detail: str = ""
    typed: str = ""  # what a client shall compare with what was typed, where that is not the label


class Completions(NamedTuple):
    items: tuple[Completion, ...] = ()
    is_incomplete: bool = False


def complete(
    buffer: Buffer, offset: int, model: ReadModel, *, links: bool = True, people: bool = True
) -> Completions:
    """What is offered at the offset; `links` and `people` say which parts are wanted."""
    line = buffer.line_at(offset)
    start, end = buffer.bounds(line)
    before, after = buffer.text[start:offset], buffer.text[offset:end]
    if buffer.is_too_large:
        return Completions()
    cursor = _Cursor(buffer, model, offset, line, before, after)
    in_head = _in_head(buffer, line)
    if links and (found := _WIKILINK.search(before)) and (in_head or _is_text(cursor, found.start())):
        return cursor.in_wikilink(found, in_head)
    if links and not in_head and (found := _PATH.search(before)) and _is_text(cursor, found.start()):
        return cursor.in_path(found)
    if not people:
        return Completions()
    if in_head:
        return cursor.in_front_matter()
    if (found := _AT.search(before)) and _is_log(buffer, line) and _is_text(cursor, found.start()):
        return cursor.at_sign(found)
    if (found := _HASH.search(before)) and _is_text(cursor, found.start()):
        return cursor.hash_sign(found) if found.start() or found["typed"] else Completions()
    return Completions()


def _in_head(buffer: Buffer, line: int) -> bool:
    """Whether the line is one of the front matter, be that closed already or not."""
    fences = find_fences(buffer.plain)
    if fences is None:
        return False
    opened, closed = fences
    first = buffer.plain.count("\n", 0, opened.end()) + 1
    if closed is not None:
        return first <= line <= buffer.plain.count("\n", 0, closed.start()) + 1
    return line >= first and all(buffer.line(number).strip() for number in range(first, line))


def _is_text(cursor: _Cursor, at: int) -> bool:
    """Whether a link could begin here: not in code, comments, math or raw HTML."""
    buffer, head, row = cursor.buffer, cursor.buffer.head, cursor.line - 1
    lines = buffer.plain.split("\n")
    lines[row] = f"{cursor.before[:at]}[[x]]{cursor.before[at:].replace('[', ' ')}{cursor.after}"
    text = "\n".join(lines[head.body_line - 1 :])
    if not re.search(r"[`<%$~\\]| {4}|\t", text):
        return True
    found = read_body("", text, head.body_line)
    return any(link.line == cursor.line and link.raw == "[[x]]" for link in found.links)


def _is_log(buffer: Buffer, line: int) -> bool:
    """Whether a line tells of contact: in a dated note each, in a contact's note the entries of the log and the tasks."""
    note = buffer.note
    if note.kind == DATED:
        return bool(buffer.line(line).strip())
    if note.kind != CONTACT:
        return False
    if any(promise.line == line for promise in note.promises) or split_line(buffer.line(line)).box_at:
        return True
    page = read_page(buffer.plain.split("\n"), buffer.head.body_line)
    return any(entry.first <= line <= entry.last for entry in iter_entries(page))


class _Cursor(NamedTuple):
    buffer: Buffer
    model: ReadModel
    offset: int
    line: int
    before: str  # of the line
    after: str

    def in_wikilink(self, found: re.Match[str], in_head: bool) -> Completions:
        target, fragment = found["target"], found["fragment"]
        if fragment is not None:
            return self._in_fragment(target, fragment, is_markdown=False)
        start = self.offset - len(target)
        closed = _CLOSE.match(self.after)
        rest = self.after[closed.end() :] if closed else self.after
        end = self.offset + (closed.end() if closed else 0)
        tail = "" if closed and rest[:1] in ("|", "#", "\\") else "]]"
        if closed and rest.startswith("]]"):
            end += 2
            rest = rest[2:]
        quote = self.before[: found.start()][-1:]
        if in_head and tail and quote in ('"', "'") and not rest.startswith(quote):
            tail += quote
        items = (
            Completion(
                one.name, self._link(one, shown=rest[:1] not in ("|", "\\")) + tail, start, end,
                "person" if one.kind == CONTACT else "note", _detail(one),
                _filter(one.name, target),
            )
            for one in self.model.named(target.strip(), contacts_only=False)
        )  # fmt: skip
        return _capped(items)

    def _link(self, one: Named, *, shown: bool = True) -> str:
        words = self.model.link_words(one.path, self.buffer.path)
        is_plain = names.fold(one.name) == names.fold(words) or any(c in one.name for c in "[]|\n")
        bar = "\\|" if self.before.lstrip().startswith("|") else "|"  # in a table
        return words if is_plain or not shown else f"{words}{bar}{one.name}"

    def _in_fragment(self, target: str, typed: str, *, is_markdown: bool) -> Completions:
        link = Link(self.line, 1, "inline" if is_markdown else "wikilink", "", target.strip(), "", "")
        path = self.model.resolve(link, self.buffer.path)
        note = self.buffer.note if path == self.buffer.path else self.model.note(path) if path else None
        if note is None:
            return Completions()
        is_block = typed.startswith("^")
        start, end = self.offset - len(typed) + is_block, self.offset
        closed = re.match(r"[^\[\]|\n()]*?(?=\]\]|\)|\|)", self.after)
        end += closed.end() if closed else 0
        tail = "" if closed or self.after.startswith(("]]", "|", ")")) else ")" if is_markdown else "]]"
        options = _block_ids(note) if is_block else _headings(note)
        begin = names.fold_plain(typed.lstrip("^"))
        items = (
            Completion(
                shown, (encoded_path(text, "", False) if is_markdown else text) + tail, start, end,
                "block" if is_block else "heading", detail, _filter(text, typed.lstrip("^")),
            )
            for text, shown, detail in options
            if begin in names.fold_plain(shown)
        )  # fmt: skip
        return _capped(items)

    def in_path(self, found: re.Match[str]) -> Completions:
        from urllib.parse import unquote

        target, fragment = unquote(found["target"]), found["fragment"]
        if fragment is not None:
            return self._in_fragment(target, unquote(fragment), is_markdown=True)
        if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            return Completions()
        start = self.offset - len(found["target"])
        closed = re.match(r"[^()\[\]\s#]*?(?=\)|#)", self.after)
        end = self.offset + (closed.end() if closed else 0)
        tail = "" if closed else ")"
        here = names.folder(self.buffer.path)
        wanted = posixpath.normpath(posixpath.join(here, target)) if target.startswith(".") else target
        items = (
            Completion(
                relative, encoded_path(relative, "", False) + tail, start, end, "path", "",
                _filter(relative, found["target"]),
            )
            for path in self.model.paths(wanted.removeprefix("./").removeprefix("../"))
            if path != self.buffer.path
            for relative in [posixpath.relpath(path, here or ".")]
        )  # fmt: skip
        return _capped(items)

    def at_sign(self, found: re.Match[str]) -> Completions:
        typed = found["typed"]
        items = (
            Completion(
                f"@{one.name}", f"[[{self._link(one)}]]", self.offset - len(typed) - 1, self.offset, "person",
                _detail(one), _filter(f"@{one.name}", f"@{typed}"),
            )
            for one in self.model.named(typed, contacts_only=True)
        )  # fmt: skip
        return _capped(items)

    def hash_sign(self, found: re.Match[str]) -> Completions:
        typed, start = found["typed"], self.offset - len(found["typed"]) - 1
        marks = _MARKS if _is_log(self.buffer, self.line) else {}
        tags = [tag for tag in self.model.values("tags") if tag.lower() not in marks]
        items = [
            Completion(f"#{m}", f"#{m}", start, self.offset, "mark", means) for m, means in marks.items()
        ]
        items += [Completion(f"#{tag}", f"#{tag}", start, self.offset, "tag") for tag in tags]
        return _capped(item for item in items if item.label.lower().startswith(f"#{typed.lower()}"))

    def in_front_matter(self) -> Completions:
        if found := _VALUE.match(self.before):
            return self._value(found["key"], found["value"])
        if found := _ITEM.match(self.before):
            above = (self.buffer.line(number) for number in range(self.line - 1, 0, -1))
            key = next((line.split(":")[0] for line in above if re.match(r"\w[^:#]*:\s*$", line)), "")
            return self._value(key, found["value"], in_list=True)
        found = _KEY.match(self.before)
        if not found or self.after.strip():
            return Completions()
        typed = found["typed"] or ""
        written = [
            field.name
            for field in self.buffer.note.fields
            if field.line != self.line and "." not in field.name
        ]
        kind = self.buffer.note.kind
        items = (
            Completion(key, f"{key}: ", self.offset - len(typed), self.offset, "key", means)
            for key, means in missing_keys(
                written, CONTACT if kind == NOTE and _is_person(self.buffer) else kind
            )
            if names.fold_key(key).startswith(names.fold_key(typed))
        )
        return _capped(items, complete=True)

    def _value(self, name: str, value: str, *, in_list: bool = False) -> Completions:
        key, means = meaning_of(name, self.buffer.note.kind)
        is_flow = value.startswith("[") and not value.startswith("[[")
        typed = re.split(r"[\[,]\s*", value)[-1] if is_flow else value
        start = self.offset - len(typed)
        if key in ("introduced_by", "distinct_from") or names.fold_key(name) in ATTENDEE_KEYS:
            return self._people_as_values(typed.strip("\"'["), start)
        options = list(accepted(key, self.buffer.settings, self.model.today))
        if key in ("helps_with", "wants", "topics", "company", "tags"):
            options += [
                (text, "") for text in self.model.values("helps_with" if key in ("wants", "topics") else key)
            ]
        if key == "tags" and not self.buffer.note.tags:
            options.insert(0, ("person", "makes the note a contact"))
        wanted = names.fold_plain(typed.strip("\"'"))
        items = (
            Completion(
                text, _quoted(text), start, self.offset, "value", detail or means, _filter(text, typed)
            )
            for text, detail in dict(options).items()
            if wanted in names.fold_plain(text)
        )
        return _capped(items, complete=not in_list)

    def _people_as_values(self, typed: str, start: int) -> Completions:
        end = self.offset + len(self.after) if re.fullmatch(r"[\]\"']*", self.after) else self.offset
        items = (
            Completion(
                one.name, f'"[[{self._link(one)}]]"', start, end, "person", _detail(one), _filter(one.name, typed)
            )
            for one in self.model.named(typed, contacts_only=True)
        )  # fmt: skip
        return _capped(items)


def _capped(items: Iterable[Completion], *, complete: bool = False) -> Completions:
    found: dict[tuple[str, str], Completion] = {}
    for item in items:
        found.setdefault((item.label, item.text), item)
        if len(found) == MOST:
            break
    return Completions(tuple(found.values()), not complete)


def _detail(one: Named) -> str:
    """The path, and the name where another one is offered; whether they work where the user works."""
    title = f"{one.title}, " if names.fold(one.title) != names.fold(one.name) else ""
    mark = f" {COLLEAGUE_MARK}" if one.is_colleague else ""
    return f"{title}{one.path}{mark}"


def _filter(label: str, typed: str) -> str:
    """What was typed, where a client that compares letters would not find it in the label."""
    return typed if typed.casefold() not in label.casefold() else ""


def _is_person(buffer: Buffer) -> bool:
    return "not a contact" not in buffer.note.why_kind


def _quoted(text: str) -> str:
    is_plain = re.fullmatch(r"\w[^:#\[\]{},\"']*", text)
    return text if is_plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _headings(note: Note) -> Iterator[tuple[str, str, str]]:
    """(what a link says, what is shown, detail) for each heading that may be shown."""
    shown = note.text.split("\n")
    for heading in note.headings:
        if heading.line <= len(shown) and shown[heading.line - 1].strip():
            text = re.sub(r"[\[\]|#^]+", " ", names.unlink(heading.text))
            yield " ".join(text.split()), heading.text, "#" * heading.level


def _block_ids(note: Note) -> Sequence[tuple[str, str, str]]:
    return [
        (found[1], f"^{found[1]}", line.strip()[:80])
        for line in note.text.split("\n")
        if (found := re.search(r"(?:^|\s)\^([A-Za-z0-9-]+)\s*$", line))
    ]
