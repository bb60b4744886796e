"""Standard streams that never stop a command: closed ones become the null device, and a failed write is remembered.

A note may be changed before its line is printed. If the line cannot be printed, the exit code must still be that of
what was done, so output that fails is dropped, and `failure` gives the reason at the end.
"""

from __future__ import annotations

import io
import os
import select
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer


class _Sink(io.FileIO):
    """A file descriptor to write to; after the first failure all further output is dropped."""

    failure: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        if self.failure is None:
            try:
                while (written := super().write(data)) is None:  # a full pipe that does not block
                    select.select([], [self.fileno()], [])
                return written
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


_sinks: dict[int, _Sink] = {}
_edited = False


def prepare() -> None:
    """Makes the three standard streams usable, whatever they are."""
    for number in (0, 1, 2):
        _open_if_closed(number)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    if os.name == "posix" and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.stdout = _guarded(sys.stdout, 1)
    sys.stderr = _guarded(sys.stderr, 2)


def failure() -> OSError | None:
    """Why some output to stdout was lost; None also where its reader has closed the pipe, as `head` does."""
    sink = _sinks.get(1)
    found = sink.failure if sink else None
    return None if isinstance(found, BrokenPipeError) else found


def mark_edited() -> None:
    """Notes were changed as asked: the command has succeeded, whatever happens to its output."""
    global _edited
    _edited = True


def has_edited() -> bool:
    return _edited


def _open_if_closed(number: int) -> None:
    """Opens the null device where a stream is closed; else the next file opened, perhaps the index, would take its place."""
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        else:
            os.set_inheritable(null, True)


def _guarded(stream: TextIO | None, number: int) -> TextIO:
    if stream is not None and (os.name != "posix" or stream.fileno() != number):
        return stream  # a Windows console, or a stream that was replaced
    sink = _sinks[number] = _Sink(number, "w", closefd=False)
    is_terminal = stream is not None and stream.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(sink),
        encoding="utf-8",  # as the notes are, whatever PYTHONIOENCODING or the locale says
        errors="backslashreplace",
        newline=None,
        line_buffering=number == 2 or is_terminal,
    )
