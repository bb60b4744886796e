"""Change detection: what a walk found that the index does not hold yet.

A note is the same while its stamp (size, mtime, ctime, inode) is, unless it was saved so shortly before it was read
that the stamp proves nothing (git's "racy" rule). Nothing is written here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import NamedTuple

from mdmentor.core.model import Problem
from mdmentor.index import state
from mdmentor.vault import Scan, Stamp


class ChangeSet(NamedTuple):
    """What differs between the vault and the index."""

    known: dict[str, Stamp]  # the notes in the index, as far as they were looked up
    changed: list[str]  # in the order of the walk; new notes too
    gone: list[str]
    files: set[str]  # the attachments in the index, without those in folders that could not be listed
    has_other_files: bool
    has_other_problems: bool  # of the settings, or of files and folders as a whole

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.has_other_files or self.has_other_problems)


def find_changes(
    sql: sqlite3.Connection,
    scan: Scan,
    problems: Sequence[Problem],
    *,
    only: Collection[str] = (),
    everything: bool = False,
) -> ChangeSet:
    """What the scan found; `problems` are those that belong to no note.

    With `only` the scan looked at these notes alone. With `everything` each note counts as changed.
    """
    if only:
        known, racy = state.stamps(sql, only)
        files, has_other_files, has_other_problems = set[str](), False, False
    else:
        known, racy = state.stamps(sql)
        files = {path for path in state.attachments(sql) if not scan.is_unknown(path)}
        has_other_files = files != scan.attachments
        has_other_problems = state.problems_of_no_note(sql) != list(problems)
    changed = [p for p, stamp in scan.notes.items() if everything or p in racy or known.get(p) != stamp]
    gone = [path for path in known if path not in scan.notes and not scan.is_unknown(path)]
    return ChangeSet(known, changed, gone, files, has_other_files, has_other_problems)
