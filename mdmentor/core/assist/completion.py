"""What can be completed at the cursor: names of people and notes, headings, keys, values, marks, paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.assist.buffer import Buffer, ReadModel
from mdmentor.core.frontmatter import quote
from mdmentor.core.frontmatter.meanings import accepted, meaning_of, missing_keys
from mdmentor.core.frontmatter.reader import find_fences
from mdmentor.core.log import ATTENDEE_KEYS
from mdmentor.core.log_entries import iter_entries, read_page
from mdmentor.core.markdown.blocks import split_line
from mdmentor.core.markdown.links import encoded_path
from mdmentor.core.model import CONTACT, DATED, NOTE, Link, Note
from mdmentor.core.trust import COLLEAGUE_MARK

MOST = 60  # offered at once; the client asks again with each key
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
_HASH = re.compile(r"(?<![\w#/&\[(\\])(?!\A#\Z)#(?P<typed>[\w/-]*)\Z")
_KEY = re.compile(r"([\w][\w -]*)?\Z")
_VALUE = re.compile(r"(?P<key>[\w][^:#]*?):[ \t]+(?P<value>.*)\Z")
_ANYTHING = re.compile(r"")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)\Z")
_CLOSE = re.compile(r"[^\[\]|#\n]*?(?=\\?[|#][^\[\]\n]*\]\]|\]\])")  # the rest of a link that is closed


class Completion(NamedTuple):
    """A text for the place of the characters from `start` to `end`."""

    label: str
    text: str
    start: int
    end: int
    kind: str  # "person", "note", "heading", "block", "key", "value", "mark", "tag" or "path"
    detail: str = ""
    typed: str = ""  # what the client compares with what was typed, if not the label


_Option = tuple[str, str, str, str]  # label, text, detail, kind


def complete(
    buffer: Buffer, offset: int, model: ReadModel, *, links: bool = True, people: bool = True
) -> list[Completion]:
    """What is offered at the offset, at most `MOST`; `links` and `people` switch these parts on."""
    if buffer.is_too_large:
        return []
    line = buffer.line_at(offset)
    start, end = buffer.bounds(line)
    in_head = _in_head(buffer, line)
    cursor = _Cursor(buffer, model, offset, line, in_head, buffer.text[start:offset], buffer.text[offset:end])
    for pattern, is_on, answer in (
        (_WIKILINK, links, cursor.in_wikilink),
        (_PATH, links and not in_head, cursor.in_path),
        (_ANYTHING, people and in_head, cursor.in_front_matter),
        (_AT, people, cursor.at_sign),
        (_HASH, people, cursor.hash_sign),
    ):
        found = pattern.search(cursor.before) if is_on else None
        if found and (in_head or buffer.places_for_links([(start + found.start(), offset)])):
            return answer(found)
    return []


def _in_head(buffer: Buffer, line: int) -> bool:
    """Whether the line is in the front matter, closed or not."""
    fences = find_fences(buffer.plain)
    if fences is None:
        return False
    opened, closed = fences
    first = buffer.plain.count("\n", 0, opened.end()) + 1
    if closed is not None:
        return first <= line <= buffer.plain.count("\n", 0, closed.start()) + 1
    return line >= first and all(buffer.line(number).strip() for number in range(first, line))


def _is_log(buffer: Buffer, line: int) -> bool:
    """Whether a line may log a contact: in a dated note any, in a contact's note the log's entries and tasks."""
    if buffer.note.kind == DATED:
        return bool(buffer.line(line).strip())
    if buffer.note.kind != CONTACT or split_line(buffer.line(line)).box_at:
        return buffer.note.kind == CONTACT
    page = read_page(buffer.plain.split("\n"), buffer.head.body_line)
    return any(entry.first <= line <= entry.last for entry in iter_entries(page))


class _Cursor(NamedTuple):
    buffer: Buffer
    model: ReadModel
    offset: int
    line: int
    in_head: bool
    before: str  # of the line
    after: str

    def in_wikilink(self, found: re.Match[str]) -> list[Completion]:
        target, fragment = found["target"], found["fragment"]
        if fragment is not None:
            return self._in_fragment(target, fragment, is_markdown=False)
        closed = _CLOSE.match(self.after)
        end = closed.end() if closed else 0
        tail = "" if closed and self.after[end] in "|#\\" else "]]"
        if closed and tail:
            end += 2
        quote = self.before[: found.start()][-1:]
        if self.in_head and tail and quote in ('"', "'") and not self.after[end:].startswith(quote):
            tail += quote
        shown = not (closed and self.after[end : end + 1] in ("|", "\\"))
        options = self._names(target.strip(), f"%s{tail}", contacts_only=False, shown=shown)
        return self._offer(options, target, end)

    def _offer(self, options: Iterable[_Option], typed: str, after: int = 0) -> list[Completion]:
        """The options, in place of what was typed and of `after` characters behind the cursor."""
        found: dict[tuple[str, str], Completion] = {}
        start, end = self.offset - len(typed), self.offset + after
        for label, text, detail, kind in options:
            compared = "" if typed.casefold() in label.casefold() else typed
            found.setdefault((label, text), Completion(label, text, start, end, kind, detail, compared))
            if len(found) == MOST:
                break
        return list(found.values())

    def _names(
        self, begin: str, form: str, *, contacts_only: bool = True, shown: bool = True
    ) -> Iterator[_Option]:
        """Names that begin like this, with a link to the note written into the form; `shown` if it shows the name.

        The detail is the path, behind the note's title if that is not the name; and the mark of a colleague.
        """
        bar = "\\|" if self.before.lstrip().startswith("|") else "|"  # in a table
        for one in self.model.named(begin, contacts_only=contacts_only):
            words = self.model.link_words(one.path, self.buffer.path)
            if shown and names.fold(one.name) != names.fold(words) and not set(one.name) & set("[]|\n"):
                words += f"{bar}{one.name}"
            title = f"{one.title}, " if names.fold(one.title) != names.fold(one.name) else ""
            detail = f"{title}{one.path} {COLLEAGUE_MARK if one.is_colleague else ''}".rstrip()
            yield one.name, form % words, detail, "person" if one.kind == CONTACT else "note"

    def _in_fragment(self, target: str, typed: str, *, is_markdown: bool) -> list[Completion]:
        link = Link(self.line, 1, "inline" if is_markdown else "wikilink", "", target.strip(), "", "")
        path = self.model.resolve(link, self.buffer.path)
        note = self.buffer.note if path == self.buffer.path else self.model.note(path) if path else None
        if note is None:
            return []
        end, tail = self._end(r"[^\[\]|\n()]*?(?=\]\]|\)|\|)", ")" if is_markdown else "]]")
        found = _block_ids(note) if typed.startswith("^") else _headings(note)
        typed = typed.removeprefix("^")
        options = (
            (shown, (encoded_path(text, "", False) if is_markdown else text) + tail, detail, kind)
            for text, shown, detail, kind in found
            if names.fold_plain(typed) in names.fold_plain(shown)
        )
        return self._offer(options, typed, end)

    def _end(self, rest: str, tail: str) -> tuple[int, str]:
        """How many characters behind the cursor are the rest of what is completed; and what to end it with if there are none."""
        found = re.match(rest, self.after)
        return (found.end(), "") if found else (0, tail)

    def in_path(self, found: re.Match[str]) -> list[Completion]:
        from urllib.parse import unquote

        target, fragment = unquote(found["target"]), found["fragment"]
        if fragment is not None:
            return self._in_fragment(target, unquote(fragment), is_markdown=True)
        end, tail = self._end(r"[^()\[\]\s#]*?(?=\)|#)", ")")
        here = names.folder(self.buffer.path)
        wanted = posixpath.normpath(posixpath.join(here, target)) if target.startswith(".") else target
        paths = (path for path in self.model.paths(wanted) if path != self.buffer.path)
        relative = (posixpath.relpath(path, here or ".") for path in paths)
        options = ((path, encoded_path(path, "", False) + tail, "", "path") for path in relative)
        return self._offer(options, found["target"], end)

    def at_sign(self, found: re.Match[str]) -> list[Completion]:
        if not _is_log(self.buffer, self.line):
            return []
        people = self._names(found["typed"], "[[%s]]")
        options = ((f"@{name}", link, detail, kind) for name, link, detail, kind in people)
        return self._offer(options, f"@{found['typed']}")

    def hash_sign(self, found: re.Match[str]) -> list[Completion]:
        typed, marks = f"#{found['typed']}", _MARKS if _is_log(self.buffer, self.line) else {}
        tags = {tag: "" for tag in self.model.values("tags") if tag.lower() not in marks}
        options = (
            (f"#{word}", f"#{word}", means, "mark" if word in marks else "tag")
            for word, means in {**marks, **tags}.items()
            if f"#{word}".lower().startswith(typed.lower())
        )
        return self._offer(options, typed)

    def in_front_matter(self, _: re.Match[str]) -> list[Completion]:
        if found := _VALUE.match(self.before):
            return self._value(found["key"], found["value"])
        if found := _ITEM.match(self.before):
            above = (self.buffer.line(number) for number in range(self.line - 1, 0, -1))
            key = next((line.split(":")[0] for line in above if re.match(r"\w[^:#]*:\s*$", line)), "")
            return self._value(key, found["value"])
        if self.after.strip() or not _KEY.match(self.before):
            return []
        typed, note = self.before, self.buffer.note
        written = [one.name for one in note.fields if one.line != self.line and "." not in one.name]
        may_be_person = note.kind == NOTE and "not a contact" not in note.why_kind
        options = (
            (key, f"{key}: ", means, "key")
            for key, means in missing_keys(written, CONTACT if may_be_person else note.kind)
            if names.fold_key(key).startswith(names.fold_key(typed))
        )
        return self._offer(options, typed)

    def _value(self, name: str, value: str) -> list[Completion]:
        key, means = meaning_of(name, self.buffer.note.kind)
        is_flow = value.startswith("[") and not value.startswith("[[")
        typed = re.split(r"[\[,]\s*", value)[-1] if is_flow else value
        if key in ("introduced_by", "distinct_from") or names.fold_key(name) in ATTENDEE_KEYS:
            end = len(self.after) if re.fullmatch(r"[\]\"']*", self.after) else 0
            return self._offer(self._names(typed.strip("\"'["), '"[[%s]]"'), typed, end)
        values = dict(accepted(key, self.buffer.settings, self.model.today))
        if key == "tags" and not self.buffer.note.tags:
            values["person"] = "makes the note a contact"
        if key in ("helps_with", "wants", "topics", "company", "tags"):
            known = self.model.values("helps_with" if key in ("wants", "topics") else key)
            values.update((text, values.get(text, "")) for text in known)
        wanted = names.fold_plain(typed.strip("\"'"))
        options = (
            (text, quote(text, in_flow=is_flow), detail or means, "value")
            for text, detail in values.items()
            if wanted in names.fold_plain(text)
        )
        return self._offer(options, typed)


def _headings(note: Note) -> Iterator[_Option]:
    """Each heading that is not private: what a link to it says, and its text."""
    shown = note.text.split("\n")
    for heading in note.headings:
        if heading.line <= len(shown) and shown[heading.line - 1].strip():
            text = re.sub(r"[\[\]|#^]+", " ", names.unlink(heading.text))
            yield " ".join(text.split()), heading.text, "#" * heading.level, "heading"


def _block_ids(note: Note) -> Iterator[_Option]:
    return (
        (found[1], f"^{found[1]}", line.strip()[:80], "block")
        for line in note.text.split("\n")
        if (found := re.search(r"(?:^|\s)\^([A-Za-z0-9-]+)\s*$", line))
    )
