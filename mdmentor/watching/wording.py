"""The watcher's log lines: what changed and what was written, in a line or two; nothing for nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from mdmentor.core.pages.frame import counted
from mdmentor.errors import MdmentorError
from mdmentor.report import Report

MOST_NAMES = 3


def told(report: Report, pages_folder: str) -> Iterator[str]:
    """What a run changed in the index, and what it wrote."""
    moved = [
        f"{number} {word}"
        for number, word in (
            (report.added, "new"),
            (report.changed, "changed"),
            (report.removed, "gone"),
        )
        if number
    ]
    changes = ", ".join(moved)
    pages = [path for path in report.pages_written if path.startswith(f"{pages_folder}/")]
    blocks = [path for path in report.pages_written if path not in pages]
    if changes:
        total = report.added + report.changed + report.removed
        named = f": {', '.join(sorted(report.paths))}" if total <= MOST_NAMES else ""
        yield f"{changes}{named} ({counted(report.notes, 'note')} in all)"
    if pages:
        yield f"wrote {_listed([path.removeprefix(f'{pages_folder}/') for path in pages], pages_folder)}"
    if blocks:
        yield f"renewed the blocks in {_names(blocks)}"
    if report.waiting:
        yield f"waiting for a rest in {_names(report.waiting)}"


def _listed(names: list[str], folder: str) -> str:
    return f"{_names(names)} in {folder}/"


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown} and {len(names) - MOST_NAMES} more"


def trouble(error: Exception) -> str:
    """A failure of the world in a line, and that it is tried again."""
    if isinstance(error, MdmentorError):
        return f"{error}; trying again"
    if isinstance(error, sqlite3.Error):
        return f"the index could not be used ({error}); trying again"
    if isinstance(error, OSError):
        return f"the disk or the system said no ({error.strerror or error}); trying again"
    return f"this should not happen ({type(error).__name__}: {error}); trying again"
