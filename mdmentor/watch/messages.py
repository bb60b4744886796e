"""The watcher's log lines: what changed and what was written, in a line or two; nothing for nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator

from mdmentor.core.text import counted
from mdmentor.errors import MdmentorError
from mdmentor.reindex.report import Report

MOST_NAMES = 3


class Told:
    """What was said of files that are left as they are, so that each is said once, however often it is met."""

    def __init__(self) -> None:
        self._of: dict[str, str] = {}

    def news_of(self, report: Report) -> Iterator[str]:
        """The words of a run that were not said before, or whose cause was gone meanwhile."""
        for path in report.looked_at - report.left.keys():
            self._of.pop(path, None)
        known = {why for path, why in report.left.items() if self._of.get(path) == why}
        self._of |= report.left
        yield from (words for words in report.words if words not in known)


def changes_of(report: Report, pages_folder: str, waiting: Collection[str]) -> Iterator[str]:
    """What a run changed in the index, and what it wrote. What is `waiting` already was said to do so."""
    found = report.changes
    numbers = {"new": found.added, "changed": found.changed, "gone": found.removed}
    changes = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
    written = [path for path in report.pages_written if path not in report.taken_away]
    pages = [path for path in written if path.startswith(f"{pages_folder}/")]
    blocks = [path for path in written if path not in pages]
    if changes:
        total = sum(numbers.values())
        named = f": {_names(sorted(found.paths), total)}" if found.paths else ""
        yield f"{changes}{named} ({counted(report.notes, 'note')} in all)"
    if pages:
        yield f"wrote {_listed([path.removeprefix(f'{pages_folder}/') for path in pages], pages_folder)}"
    if report.taken_away:
        yield f"took away {_names(report.taken_away)}"
    if blocks:
        yield f"renewed the blocks in {_names(blocks)}"
    if late := [path for path in report.waiting if path not in waiting]:
        yield f"waiting for a rest in {_names(late)}"


def _listed(names: list[str], folder: str) -> str:
    return f"{_names(names)} in {folder}/"


def _names(names: list[str], total: int = 0) -> str:
    """The first few names, and how many more there are; `names` need not hold all of the `total`."""
    more = max(total, len(names)) - len(names[:MOST_NAMES])
    shown = ", ".join(names[:MOST_NAMES])
    return f"{shown} and {more} more" if more else shown


def trouble(error: Exception) -> str:
    """A failure of the world in a line, and that it is tried again."""
    if isinstance(error, MdmentorError):
        return f"{error}; trying again"
    if isinstance(error, sqlite3.Error):
        return f"the index could not be used ({error}); trying again"
    if isinstance(error, OSError):
        return f"the disk or the system said no ({error.strerror or error}); trying again"
    return f"this should not happen ({type(error).__name__}: {error}); trying again"
