"""What a walk found that the index does not know yet.

Of each folder the index keeps a digest of what a walk found right in it when every note there was known as it
lay there; whoever changes what is known of a note empties the digest of its folder. So only the notes of
folders that differ are looked up, however large the vault. This module loads next to nothing, and writes nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from mdmentor.digests import digest_of
from mdmentor.index import kept, known
from mdmentor.vault.walk import Scan, Stamp

# From so many folders on it is quicker to look all notes up at once.
MANY = 100


class Walked:
    """A walk, and the moment of the index before it; once another process has written, the walk is out of date."""

    def __init__(self, scan: Scan, moment: int) -> None:
        self.scan, self.moment = scan, moment


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
        self.files: set[str] = set()  # the attachments known in the folders that differ
        self.folders: list[str] = []
        self.left: list[str] = []

    def is_news(self) -> bool:
        """False where the folders differ in nothing that the index tells of."""
        return bool(self.changed or self.gone or self.has_new_files)

    def differs(self) -> bool:
        """Whether a folder is not as it was settled, for whatever reason."""
        return bool(self.folders or self.left)


def settled(sql: sqlite3.Connection) -> dict[str, bytes]:
    """The folders in which nothing needs to be looked at while a walk finds them as they were, with the digest of that."""
    found = kept.folders(sql)
    for path in kept.racy(sql):
        # a stamp so young that it proves nothing yet lies in the digest like any other
        found.pop(path.rpartition("/")[0], None)
    return found


def compare(sql: sqlite3.Connection, scan: Scan) -> Difference | None:
    """What the scan found that the index does not know.

    None where the scan left folders aside that are not settled any more: somebody else has written meanwhile.
    """
    found = Difference(kept.moment(sql))
    before = kept.folders(sql)
    aside = {path for path, digest in scan.folders.items() if scan.settled.get(path) == digest}
    if any(before.get(path) != scan.folders[path] for path in aside):
        return None
    found.folders = [path for path in scan.folders if path not in aside]
    found.left = [path for path in before if path not in scan.folders]
    differ = found.folders + found.left
    is_much = len(differ) > MANY
    found.before = kept.stamps(sql) if is_much else kept.stamps_in(sql, differ)
    if is_much and aside:
        found.before = {p: stamp for p, stamp in found.before.items() if p.rpartition("/")[0] not in aside}
    young = kept.racy(sql)
    found.changed = [p for p, stamp in scan.notes.items() if p in young or found.before.get(p) != stamp]
    found.gone = [path for path in found.before if path not in scan.notes and not scan.is_unknown(path)]
    found.files = {p for p in kept.attachments_in(sql, differ) if not scan.is_unknown(p)}
    found.has_new_files = kept.fact(sql, "scan") != problems_digest(scan) or found.files != scan.attachments
    return found


def everything(sql: sqlite3.Connection, scan: Scan) -> Difference:
    """As `compare`, of a scan that left nothing aside, with every note as changed."""
    assert not scan.settled
    found = compare(sql, scan)
    assert found is not None
    found.before, found.changed = kept.stamps(sql), list(scan.notes)
    found.gone = [path for path in found.before if path not in scan.notes and not scan.is_unknown(path)]
    return found


def problems_digest(scan: Scan) -> str:
    """Of what the walk had to say of files and folders as a whole."""
    return digest_of([str(problem) for problem in scan.problems])


def compare_named(sql: sqlite3.Connection, scan: Scan, paths: Iterable[str]) -> Difference:
    """As `compare`, of the notes at these paths alone, which `scan` looked at."""
    found = Difference(kept.moment(sql))
    known_as = known.stamps_of(sql, paths)
    found.before = {path: stamp for path, (stamp, _) in known_as.items()}
    racy = {path for path, (_, is_racy) in known_as.items() if is_racy}
    found.changed = [p for p, stamp in scan.notes.items() if p in racy or found.before.get(p) != stamp]
    found.gone = [path for path in found.before if path not in scan.notes and not scan.is_unknown(path)]
    return found
