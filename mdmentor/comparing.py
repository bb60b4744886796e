"""What a walk found that the index does not know yet.

Of each folder the index keeps a digest of what a walk found right in it when every note there was known as it
lay there; whoever changes what is known of a note empties the digest of its folder. So only the notes of
folders that differ are looked up, however large the vault. This module loads next to nothing, and writes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice

from mdmentor.digests import digest_of
from mdmentor.index import kept, known
from mdmentor.vault.walk import Scan, Stamp

# From so many folders on it is quicker to look all notes up at once.
MANY = 100


class Difference:
    """What is not in the index as it lies in the vault.

    `before` holds the notes of the folders that differ as the index knows them. `folders` are those to be
    settled once the rest is taken in, `left` those that are no more, and `moment` tells whether somebody else
    has written since.
    """

    def __init__(self, moment: int) -> None:
        self.moment = moment
        self.before: dict[str, Stamp] = {}
        self.changed: list[str] = []  # in the order of the walk; new notes too
        self.gone: list[str] = []
        self.has_new_files = False  # attachments, or problems of files and folders as a whole
        self.folders: list[str] = []
        self.left: list[str] = []

    def is_news(self) -> bool:
        """False where the folders differ in nothing that the index tells of."""
        return bool(self.changed or self.gone or self.has_new_files)

    def differs(self) -> bool:
        """Whether a folder is not as it was settled, for whatever reason."""
        return bool(self.folders or self.left)


def compare(sql: sqlite3.Connection, scan: Scan, *, whole: bool = False) -> Difference:
    """What the scan found that the index does not know; with `whole` every note is looked up and counts as changed."""
    found = Difference(kept.moment(sql))
    settled = kept.folders(sql)
    found.folders = [path for path, told in scan.folders.items() if settled.get(path) != told[0]]
    found.left = [path for path in settled if path not in scan.folders]
    if whole:
        found.before, found.changed = kept.stamps(sql), list(scan.notes)
    else:
        differ = found.folders + found.left
        found.before = kept.stamps(sql) if len(differ) > MANY else kept.stamps_in(sql, differ)
        notes = _notes_in(scan, found.folders) if len(differ) <= MANY else scan.notes
        found.changed = [path for path, stamp in notes.items() if found.before.get(path) != stamp]
        # a stamp so young that it proves nothing yet lies in the folder's digest like any other
        young = kept.racy(sql)
        found.changed += [path for path, stamp in young.items() if scan.notes.get(path) == stamp]
        found.before |= young
    found.gone = [path for path in found.before if path not in scan.notes and not scan.is_unknown(path)]
    found.has_new_files = kept.fact(sql, "scan") != problems_digest(scan) or (
        bool(found.folders or found.left) and kept.attachments(sql) != scan.attachments
    )
    return found


def problems_digest(scan: Scan) -> str:
    """Of what the walk had to say of files and folders as a whole."""
    return digest_of([str(problem) for problem in scan.problems])


def _notes_in(scan: Scan, folders: list[str]) -> dict[str, Stamp]:
    """The notes found right in these folders."""
    found: dict[str, Stamp] = {}
    for folder in folders:
        _, first, end = scan.folders[folder]
        found.update(islice(scan.notes.items(), first, end))
    return found


def compare_named(sql: sqlite3.Connection, scan: Scan, paths: Iterable[str]) -> Difference:
    """As `compare`, of the notes at these paths alone, which `scan` looked at."""
    found = Difference(kept.moment(sql))
    known_as = known.stamps_of(sql, paths)
    found.before = {path: stamp for path, (stamp, _) in known_as.items()}
    racy = {path for path, (_, is_racy) in known_as.items() if is_racy}
    found.changed = [p for p, stamp in scan.notes.items() if p in racy or found.before.get(p) != stamp]
    found.gone = [path for path in found.before if path not in scan.notes and not scan.is_unknown(path)]
    return found
