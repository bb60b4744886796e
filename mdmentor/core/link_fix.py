"""A link that names no note, written so that it names one, with the heading and the shown text that it has.

Pure. The target is chosen and written by the rules of a rename (`renaming`, `edit_links`). In front matter what is
written is read again in its place, since quotes there have rules of their own.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mdmentor.core import names
from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown.links import Naming, Paths, encoded_path, find_target, is_markdown, target_for
from mdmentor.core.model import Link

_EMPTY_BAR = re.compile(r"\\?\|[ \t]*(?=\]\])")
_LABEL = re.compile(r"(?P<label>!?\[.*\])\[[^\[\]]*\]", re.DOTALL)
_DELIMITER = re.compile(r"[ \t>]*(?=[^\n]*\|)\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


class Text:
    """The text of a note, with the lines that are rows of a table."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.rows = frozenset(_table_rows(self.lines))


def _table_rows(lines: list[str]) -> Iterator[int]:
    """The numbers, from 1, of the lines from a table's header down to the next blank line."""
    is_in = False
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t>"):
            is_in = False
        elif not is_in and number > 1 and "|" in lines[number - 2] and _DELIMITER.fullmatch(line):
            is_in = True
            yield number - 1
        if is_in:
            yield number


def link_to(link: Link, source: str, path: str, paths: Paths, text: Text, shown: str) -> str:
    """The link in the note `source` written so that it names the note at `path`; "" where no link can.

    `paths` need only hold the notes and files that bear the name of that note. `shown` is what the link shows where
    it does not say so itself.
    """
    relative = posixpath.relpath(path, names.folder(source) or ".")
    try:
        if is_markdown(link):
            return _markdown_link(link, f"/{path}" if link.target.startswith("/") else relative)
        target = target_for(Naming(source, link, None), source, path, paths)
        if link.kind != "frontmatter":
            return _wikilink(link, target, shown, "\\|" if link.line in text.rows else "|")
        return next(
            (raw for raw in _in_quotes(link, target, shown) if _reads_as(raw, target, link, text, shown)), ""
        )
    except UnsafeEdit:
        # a name with "#" or "]" in it, which a wikilink cannot hold
        is_plain = link.kind in ("wikilink", "embed") and not set(link.text or shown) & set("[]`\\")
        mark = "!" if link.kind == "embed" else ""
        return _with_path(f"{mark}[{_own_text(link) or shown}]", relative, link.fragment) if is_plain else ""


def _own_text(link: Link) -> str:
    """The text that a wikilink says it shows; "" where it shows what it names."""
    return link.text if "|" in _EMPTY_BAR.sub("", link.raw) else ""


def _wikilink(link: Link, target: str, shown: str, bar: str) -> str:
    place = find_target(link.raw, 0, None, link, target)
    before, after = link.raw[: place.start], _EMPTY_BAR.sub("", link.raw[place.end :])
    if "|" not in after and shown != target:
        after = f"{after.removesuffix(']]')}{bar}{shown}]]"
    return before + target + after


def _in_quotes(link: Link, target: str, shown: str) -> Iterator[str]:
    """The wikilink as it may have to stand in front matter: plain, in single quotes, in double quotes."""
    single, double = str.maketrans({"'": "''"}), str.maketrans({"\\": "\\\\", '"': '\\"'})
    for escaped in ({}, single, double):
        yield _wikilink(link, target.translate(escaped), shown.translate(escaped), "|")


def _reads_as(raw: str, target: str, link: Link, text: Text, shown: str) -> bool:
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
        return _in_a_line(link.raw[: place.start] + place.written + link.raw[place.end :])
    found = _LABEL.fullmatch(link.raw)
    return _with_path(_in_a_line(found["label"] if found else link.raw), path, link.fragment)


def _with_path(label: str, path: str, fragment: str) -> str:
    heading = f"#{encoded_path(fragment, '', False)}" if fragment else ""
    return f"{label}({encoded_path(path, '', False)}{heading})"


def _in_a_line(raw: str) -> str:
    return " ".join(raw.split("\n"))
