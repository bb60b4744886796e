"""The open documents, and positions in them: our offsets as lines and units of the client's encoding."""

from __future__ import annotations

import os
from collections.abc import Iterable

from lsprotocol import types as t
from pygls.uris import to_fs_path

from mdmentor.core.assist.buffer import Buffer
from mdmentor.core.model import Settings

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


class Encoding:
    """The units in which the client counts the characters of a line."""

    def __init__(self, name: str) -> None:
        self._codec, self._size = _CODECS[name]

    def position(self, buffer: Buffer, offset: int) -> t.Position:
        line = buffer.line_at(offset)
        before = self._encoded(buffer.text[buffer.starts[line - 1] : offset])
        return t.Position(line - 1, len(before) // self._size)

    def offset(self, buffer: Buffer, place: t.Position) -> int:
        """The offset of a position, at most that of the line's end; before a character that the position cuts in two."""
        if place.line >= len(buffer.starts):
            return len(buffer.text)
        start, end = buffer.bounds(place.line + 1)
        before = self._encoded(buffer.text[start:end])[: place.character * self._size]
        return start + len(before.decode(self._codec, "ignore"))

    def range(self, buffer: Buffer, start: int, end: int) -> t.Range:
        return t.Range(self.position(buffer, start), self.position(buffer, end))

    def _encoded(self, text: str) -> bytes:
        return text.encode(self._codec, "surrogatepass")


class Document:
    """One open document."""

    def __init__(self, uri: str, text: str, version: int | None) -> None:
        self.uri, self.version = uri, version
        self.is_saved = True
        self.stamp: object = None  # of the file when last looked at
        self.data: bytes | None = None  # of a file that is not UTF-8, until it is changed
        self.shown: list[t.Diagnostic] = []  # published last, moved with the text since
        self._buffer = Buffer("", text, Settings())

    @property
    def text(self) -> str:
        return self._buffer.text

    def change(self, params: t.DidChangeTextDocumentParams, encoding: Encoding) -> None:
        for change in params.content_changes:
            if isinstance(change, t.TextDocumentContentChangePartial):
                start = encoding.offset(self._buffer, change.range.start)
                end = max(start, encoding.offset(self._buffer, change.range.end))
                text = self.text[:start] + change.text + self.text[end:]
                self.shown = _moved(self.shown, change)
            else:
                text, self.shown = change.text, []
            self._buffer = Buffer(self._buffer.path, text, self._buffer.settings)
        self.version, self.is_saved, self.data = params.text_document.version, False, None

    def buffer(self, path: str, settings: Settings) -> Buffer:
        """The text as a note at this path, kept until it changes."""
        if (self._buffer.path, self._buffer.settings) != (path, settings):
            self._buffer = Buffer(path, self.text, settings, self.data)
        return self._buffer


def _moved(shown: Iterable[t.Diagnostic], change: t.TextDocumentContentChangePartial) -> list[t.Diagnostic]:
    """The diagnostics where they are after a change, without those of the changed lines."""
    first, last = change.range.start.line, change.range.end.line
    more = change.text.count("\n") - (last - first)
    kept = [one for one in shown if one.range.end.line < first or one.range.start.line > last]
    for one in kept:
        if one.range.start.line > last:
            one.range.start.line += more
            one.range.end.line += more
    return kept


def file_of(uri: str) -> str:
    """The absolute path of a file URI, with symbolic links in its folders resolved; "" for any other URI."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    if not path or "\0" in path:
        return ""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)
