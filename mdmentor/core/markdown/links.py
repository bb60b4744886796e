"""What links say: their targets after a rename, and links that name no note written so that they name one.

A link is changed where it was read, and only the part that names the note is replaced: heading, shown text,
brackets, title and quoting stay. After a rename the note's links are read again; unless exactly those asked for
name another note, the whole change is refused with UnsafeEdit.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from mdmentor.core import names
from mdmentor.core.edit import CHANGED, Edit, OpenNote, UnsafeEdit, edited, line_starts
from mdmentor.core.frontmatter import SCALAR
from mdmentor.core.frontmatter.editor import FrontMatter, locate
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown.targets import Naming, Paths, is_markdown, is_wikilink, target_for
from mdmentor.core.model import Link

_BY_HAND = "change the link in your editor"

_WIKILINK = re.compile(r"!?\[\[[ \t]*(?P<target>[^\r\n]*?)[ \t]*(?=\\?\||#|\]\])")
_NOT_IN_WIKILINK = r"[\[\]|#^\r\n]|%%|\\$"
_TITLE = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"
_DESTINATION = r"(?:<(?P<angle>(?:[^<>\\\r\n]|\\.)*)>|(?P<bare>[^\s<]\S*?|))"
_INLINE_END = re.compile(rf"\]\(\s*{_DESTINATION}(?:\s+{_TITLE})?\s*\)\Z", re.DOTALL)
_DEFINITION = (
    rf"(?m)^[ \t>]*(?:[-*+][ \t]+)?\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:"
    rf"[ \t]*(?:(?:\r\n|\n|\r)[ \t>]*)?{_DESTINATION}(?=[ \t]*(?:[\r\n]|\Z)|[ \t]+[\"'(])"
)
_ESCAPE = r"\\([!-/:-@\[-`{-~])"
# In front matter, by the quotes around a value.
_ESCAPED = {"'": str.maketrans({"'": "''"}), '"': str.maketrans({"\\": "\\\\", '"': '\\"'})}
_ENCODED = frozenset(' ()<>"\\%#?^`{}|[]&:')


def rename_links(data: bytes, links: Sequence[tuple[Link, str]]) -> bytes:
    """The note with each link naming what is given beside it: a wikilink's words, or a Markdown link's path.

    The new target is plain text; it is escaped or percent-encoded as its place needs and the old one was.
    For a reference link the definition changes, and with it all links that use it. Raises UnsafeEdit.
    """
    note = OpenNote(data)
    before = _read_links(note)
    front = locate(note) if any(link.kind == "frontmatter" for link, _ in links) else None
    numbers = {_place(link): number for number, link in enumerate(before)}
    starts = line_starts(note.text)
    wanted: dict[int, str] = {}
    edits: set[Edit] = set()
    for link, new in links:
        number = numbers.get(_place(link))
        if number is None:
            raise UnsafeEdit(f'line {link.line} has no link "{link.raw}"', CHANGED)
        wanted[number] = new.strip()
        start = starts[link.line - 1] + link.column - 1
        edits.add(find_target(note.text, start, front, before[number], new.strip()))
    ordered = sorted(edits)
    if any(below.start < above.end or below.start == above.start for above, below in pairwise(ordered)):
        raise UnsafeEdit("two links share one place and are to name different notes", _BY_HAND)
    result = edited(note, ordered)
    after = OpenNote(result)
    _check(before, _read_links(after), wanted)
    shape, new_shape = (
        [(f.name, f.is_list, len(f.values)) for f in one.fields] for one in (note.head, after.head)
    )
    if shape != new_shape:
        raise UnsafeEdit("the front matter would read otherwise with the new name in it", _BY_HAND)
    return result


def _place(link: Link) -> tuple[int, int, str]:
    return link.line, link.column, link.raw


def _read_links(note: OpenNote) -> tuple[Link, ...]:
    """All links of a note, from top to bottom, as they are read everywhere."""
    return tuple(sorted((*note.head.links, *note.page.body.links), key=lambda link: (link.line, link.column)))


def _check(before: Sequence[Link], after: Sequence[Link], wanted: dict[int, str]) -> None:
    """Raises UnsafeEdit unless just the links wanted name another note now."""
    shared = {before[n].target: new for n, new in wanted.items() if _is_reference(before[n])}
    is_same = len(before) == len(after)
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        target = wanted.get(number, old.target)
        if number not in wanted and _is_reference(old) and new.target != old.target:
            target = shared.get(old.target, old.target)
        same_words = new.text == old.text or is_wikilink(old)
        is_same &= same_words and (new.target, new.kind, new.fragment) == (target, old.kind, old.fragment)
    if not is_same:
        raise UnsafeEdit("a link would not read as it should with the new name in it", _BY_HAND)


def _is_reference(link: Link) -> bool:
    return not is_wikilink(link) and not link.raw.endswith(")")


def find_target(text: str, start: int, front: FrontMatter | None, link: Link, new: str) -> Edit:
    """The edit of the link at `start`: its target replaced by the new one, as it has to be written there."""
    from html import unescape
    from urllib.parse import unquote

    if not link.target or not new:
        raise UnsafeEdit(f'"{link.raw}" points to a place in its own note, not to another note', _BY_HAND)
    if is_wikilink(link):
        return _wikilink_target(text, start, front, link, new)
    matches = _definitions(text, link) if _is_reference(link) else _inline_ends(text, start, link)
    for match in matches:
        group = "bare" if match["angle"] is None else "angle"
        first, path = match.start(group), match[group].split("#", 1)[0]
        if unquote(unescape(re.sub(_ESCAPE, r"\1", path))).strip() == link.target:
            return Edit(first, first + len(path), encoded_path(new, path, group == "angle"))
    raise UnsafeEdit(f'the path of "{link.raw}" was not found', _BY_HAND)


def _wikilink_target(text: str, start: int, front: FrontMatter | None, link: Link, new: str) -> Edit:
    if re.search(_NOT_IN_WIKILINK, new):
        raise UnsafeEdit(f'a wikilink cannot name "{new}"', "leave out [ ] | # ^ and %%")
    found = _WIKILINK.match(text, start)
    if found is None:
        raise UnsafeEdit(f'"{link.raw}" spans several lines', _BY_HAND)
    written = new
    for entry in front.entries if front else ():
        for node in entry.value.walk():
            if node.kind == SCALAR and node.start <= start < node.end:
                written = new.translate(_ESCAPED.get(node.style, {}))
    return Edit(found.start("target"), found.end("target"), written)


def _inline_ends(text: str, start: int, link: Link) -> Iterator[re.Match[str]]:
    """What may be the end of an inline link with its destination: from each "](" to the link's end."""
    end = link_end(text, start, link)
    for bracket in re.compile(r"\](?=\()").finditer(text, start, end):
        if match := _INLINE_END.match(text, bracket.start(), end):
            yield match


def link_end(text: str, start: int, link: Link) -> int:
    """Where the link at `start` ends, perhaps lines below; `start` where it is not there."""
    if text.startswith(link.raw, start):
        return start + len(link.raw)
    lines = (re.escape(line) for line in link.raw.split("\n"))
    found = re.compile(r"(?:\r\n|\n|\r)[ \t>]*".join(lines)).match(text, start)
    return found.end() if found else start


def _definitions(text: str, link: Link) -> Iterator[re.Match[str]]:
    """The definitions that a reference link may use."""
    named = re.search(r"\]\[([^\[\]]+)\]\Z", link.raw)
    label = named[1] if named else link.raw.removeprefix("!").removesuffix("[]")[1:-1]
    key = label.casefold().split()
    return (match for match in re.finditer(_DEFINITION, text) if match["label"].casefold().split() == key)


def encoded_path(path: str, old: str, is_angle: bool) -> str:
    """A path as the destination of a Markdown link, with as little encoded as the old one had.

    Letters beyond ASCII stay readable unless the old path had them encoded.
    """
    from urllib.parse import quote  # slow to load, and needed only where a link is edited

    with_letters = bool(re.search(r"%[89A-Fa-f][0-9A-Fa-f]", old))
    unencoded = ' ()[]{}|^`"?&:' if is_angle and "%" not in old else ""

    def is_plain(character: str) -> bool:
        if character > "\x7f":
            return character.isprintable() and not with_letters
        return character >= " " and (character not in _ENCODED or character in unencoded)

    return "".join(c if is_plain(c) else quote(c, safe="") for c in path)


_EMPTY_BAR = re.compile(r"\\?\|[ \t]*(?=\]\])")
_LABEL = re.compile(r"(?P<label>!?\[.*\])\[[^\[\]]*\]", re.DOTALL)
_DELIMITER = re.compile(r"[ \t>]*(?=[^\n]*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


class NoteText:
    """The text of a note, with the lines from a table's header down to the next blank line."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.rows: set[int] = set()  # numbers from 1
        for number, (above, line) in enumerate(pairwise(self.lines), 2):
            is_below = number - 1 in self.rows or ("|" in above and _DELIMITER.fullmatch(line))
            if is_below and line.strip(" \t>"):
                self.rows |= {number - 1, number}


def link_to(link: Link, source: str, path: str, paths: Paths, text: NoteText, shown: str) -> str:
    """The link in the note `source` written so that it names the note at `path`; "" where no link can.

    `paths` need only hold the notes and files with the name of that note. `shown` is what the link shows where it
    has no text of its own. In front matter the result is read again, since quotes there have rules of their own.
    """
    relative = posixpath.relpath(path, names.folder(source) or ".")
    try:
        if is_markdown(link):
            return _markdown_link(link, f"/{path}" if link.target.startswith("/") else relative)
        target = target_for(Naming(source, link, None), source, path, paths)
        if link.kind != "frontmatter":
            return _wikilink(link, target, shown, "\\|" if link.line in text.rows else "|")
        for escaped in ({}, *_ESCAPED.values()):  # plain, in single quotes, in double quotes
            raw = _wikilink(link, target.translate(escaped), shown.translate(escaped), "|")
            if _reads_as(raw, target, link, text, shown):
                return raw
        return ""
    except UnsafeEdit:
        # a name with "#" or "]" in it, which a wikilink cannot hold
        is_plain = link.kind in ("wikilink", "embed") and not set(link.text or shown) & set("[]`\\")
        mark = "!" if link.kind == "embed" else ""
        return _with_path(f"{mark}[{_own_text(link) or shown}]", relative, link.fragment) if is_plain else ""


def rename_fragment(link: Link, heading: str) -> Edit | None:
    """The edit of a link's own text that makes it name another heading; None where its heading is written elsewhere."""
    if _is_reference(link):
        return None
    at = link.raw.find("#", 2)
    end = min((place for sign in ("\\|", "|", "]]") if (place := link.raw.find(sign, at)) > 0), default=-1)
    if not is_wikilink(link):
        closing = _INLINE_END.search(link.raw)
        if closing is None:
            return None
        group = "bare" if closing["angle"] is None else "angle"
        at, end = link.raw.find("#", closing.start(group)), closing.end(group)
        heading = encoded_path(heading, "", group == "angle")
    return Edit(at + 1, end, heading) if 0 < at < end else None


def _own_text(link: Link) -> str:
    """The text that a wikilink says it shows; "" where it shows what it names."""
    return link.text if "|" in _EMPTY_BAR.sub("", link.raw) else ""


def _wikilink(link: Link, target: str, shown: str, bar: str) -> str:
    place = find_target(link.raw, 0, None, link, target)
    before, after = link.raw[: place.start], _EMPTY_BAR.sub("", link.raw[place.end :])
    if "|" not in after and shown != target:
        after = f"{after.removesuffix(']]')}{bar}{shown}]]"
    return before + target + after


def _reads_as(raw: str, target: str, link: Link, text: NoteText, shown: str) -> bool:
    """Whether `raw` in place of the link in the front matter is read as a link to this target, with its text."""
    lines = list(text.lines)
    line = lines[link.line - 1] if link.line <= len(lines) else ""
    start, end = link.column - 1, link.column - 1 + len(link.raw)
    if line[start:end] != link.raw:
        return False
    lines[link.line - 1] = line[:start] + raw + line[end:]
    wanted = (link.line, link.column, target, link.fragment, _own_text(link) or shown)
    before, after = read_head("", "\n".join(text.lines)), read_head("", "\n".join(lines))
    if len(after.problems) > len(before.problems):
        return False
    return any((one.line, one.column, one.target, one.fragment, one.text) == wanted for one in after.links)


def _markdown_link(link: Link, path: str) -> str:
    """The Markdown link with another path; a reference link becomes one that says its path itself."""
    if link.raw.endswith(")"):
        place = find_target(link.raw, 0, None, link, path)
        return (link.raw[: place.start] + place.text + link.raw[place.end :]).replace("\n", " ")
    found = _LABEL.fullmatch(link.raw)
    label = found["label"] if found else link.raw
    return _with_path(label.replace("\n", " "), path, link.fragment)


def _with_path(label: str, path: str, fragment: str) -> str:
    heading = f"#{encoded_path(fragment, '', False)}" if fragment else ""
    return f"{label}({encoded_path(path, '', False)}{heading})"
