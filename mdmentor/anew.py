"""Where nearly all notes are others than before, all are taken in anew, into emptied tables, as on a first run.

So it is after a checkout of another branch, or under settings by which notes are read otherwise: to take out what
was known of so many takes longer than to take all of them in. Who reads the index meanwhile sees the moment before.
"""

import sqlite3
from typing import NamedTuple

from mdmentor.comparing import Difference
from mdmentor.core.parse import MOST_BYTES
from mdmentor.digests import note_hash
from mdmentor.index import kept, known
from mdmentor.vault import Scan, Stamp, Vault

MANY = 500  # known notes that changed, from which this is looked into
_SHARE = 0.75  # of all known; with fewer, to read what did not change would cost more than is won
_SAMPLE = 16  # changed notes that tell whether the others are others too, or were only touched


class FormerNeeded(Exception):
    """What was known of a note must stay, and it is already forgotten: the run is to be made the ordinary way."""


class Anew(NamedTuple):
    """All notes as they lie in the vault, and the hashes they were known with."""

    notes: dict[str, Stamp]
    hashes: dict[str, str]


def all_anew(
    vault: Vault, sql: sqlite3.Connection, scan: Scan, found: Difference, *, is_whole: bool
) -> Anew | None:
    """The notes, where all are to be taken in anew; with `is_whole` all are to be read whatever they say."""
    # a new note has nothing to be taken out
    others = [path for path in found.changed if path in found.before]
    if len(others) < MANY or scan.unknown or known.has_kept(sql):
        return None
    hashes = kept.hashes(sql)
    if len(others) < _SHARE * len(hashes) or not (is_whole or _are_others(vault, others, hashes)):
        return None
    # what lies in a folder that the walk left aside lies there as it is known
    aside = known.stamps_of(sql, sorted(hashes.keys() - found.before.keys()))
    rest = {path: stamp for path, (stamp, _) in aside.items()}
    return Anew({**scan.notes, **rest} if rest else scan.notes, hashes)


def _are_others(vault: Vault, changed: list[str], hashes: dict[str, str]) -> bool:
    """Whether notes taken from all over say something else than they did."""
    for path in changed[:: max(len(changed) // _SAMPLE, 1)]:
        try:
            data, _ = vault.read(path, MOST_BYTES)
        except OSError:
            return False
        if hashes[path] == note_hash(data):
            return False
    return True
