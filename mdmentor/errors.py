"""What can fail outside, one class a cause, each with its exit code.

A mistake in the user's notes is never one of these: it is a `Problem`, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class MdmentorError(Exception):
    """A failure that the user sees as one line, without a traceback."""

    exit_code = 5

    def __init__(self, what: str, fix: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(f"{what}; {fix}" if fix else what)
        self.what = what
        self.fix = fix
        self.candidates = candidates  # lines to print below it


class NoVault(MdmentorError):
    """No folder that is a vault was found where one was looked for."""

    exit_code = 3


class UnknownName(MdmentorError):
    """A name that fits no note, or an argument that makes no sense."""

    exit_code = 2


class AmbiguousName(MdmentorError):
    """A name that fits several notes; `candidates` holds a line for each."""

    exit_code = 2


class NeedsChoice(MdmentorError):
    """Two notes that contradict each other, for the user to decide; nothing was written."""

    exit_code = 1


class RefusedToWrite(MdmentorError):
    """A note that cannot be changed safely; nothing was written."""

    exit_code = 4


class WorldFailed(MdmentorError):
    """Disk, lock or permission: nothing is lost, the same command may work later."""


@contextmanager
def failing(what: str, fix: str) -> Iterator[None]:
    """Raises WorldFailed for an OSError within it, with the system's reason."""
    try:
        yield
    except OSError as error:
        raise WorldFailed(f"{what} ({error.strerror or error})", fix) from error


class PagesNotWritten(WorldFailed):
    """Pages or blocks that could not be written; `words` say what the run did besides."""

    def __init__(self, what: str, fix: str, words: tuple[str, ...]) -> None:
        super().__init__(what, fix)
        self.words = words


def describe_failure(error: Exception) -> tuple[str, bool]:
    """A failure in words, and whether it is of a kind that is expected: of the disk, the system or the index."""
    import sqlite3

    if isinstance(error, MdmentorError):
        return str(error), True
    if isinstance(error, sqlite3.Error):
        return f"the index could not be used ({error})", True
    if isinstance(error, OSError):
        return f"a file or device failed ({error.strerror or error})", True
    return f"this should not happen ({type(error).__name__}: {error})", False
