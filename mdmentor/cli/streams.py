"""Standard streams that never stop a command: closed ones are opened on nothing, and a failed write is remembered.

A note may be changed before its line is printed. Whoever cannot be shown the line must still get the exit code of
what was done, so output that fails is dropped, and `failure` says at the end why.
"""

from __future__ import annotations

import io
import os
import sys

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer


class _Sink(io.FileIO):
    """A file descriptor to write to; after the first failure everything more is dropped."""

    failure: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        if self.failure is None:
            try:
                while (written := super().write(data)) is None:  # full, and not to be waited for
                    _wait_for_room(self.fileno())
                return written
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


_sinks: dict[int, _Sink] = {}
_edited = False


def prepare() -> None:
    """Makes the three streams of this process usable whatever they are."""
    for number in (0, 1, 2):
        _open_if_closed(number)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    if os.name == "posix" and isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.stdout = _guarded(sys.stdout, 1)
    sys.stderr = _guarded(sys.stderr, 2)


def failure() -> OSError | None:
    """Why some of what went to stdout did not arrive; None also where its reader has merely seen enough."""
    sink = _sinks.get(1)
    found = sink.failure if sink else None
    return None if isinstance(found, BrokenPipeError) else found


def tell_edited() -> None:
    """Says that notes were changed as asked: the command has not failed then, whatever happens to its output."""
    global _edited
    _edited = True


def has_edited() -> bool:
    return _edited


def _open_if_closed(number: int) -> None:
    """Puts the null device where a stream is closed: else the next file opened, the index perhaps, would be it."""
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
        return stream  # a console of Windows, or somebody else's stream
    sink = _sinks[number] = _Sink(number, "w", closefd=False)
    is_terminal = stream is not None and stream.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(sink),
        encoding="utf-8",  # as the notes are, whatever PYTHONIOENCODING or the locale says
        errors="backslashreplace",
        newline=None,
        line_buffering=number == 2 or is_terminal,
    )


def _wait_for_room(number: int) -> None:
    import select

    select.select([], [number], [])
