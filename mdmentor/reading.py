"""Reading a note: what lies on the disk, and the rows that it makes in the index.

Nothing is written and nothing is looked up in the index, so that other processes can read as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.core.parse import MOST_BYTES, parse_note
from mdmentor.core.settings import Settings
from mdmentor.digests import note_hash
from mdmentor.index.note_rows import NoteRows, Stamp, add_rows, no_rows
from mdmentor.vault import Vault

if TYPE_CHECKING:
    from mdmentor.workers import Workers

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

MANY = 1_500  # notes from which other processes are worth their start
_BATCH = 64  # notes handed over at once

# Path, the number that the note will bear, and the hash it is known with: None to have it parsed in any case.
Job = tuple[str, int, str | None]

GONE = "gone"  # since the scan: the next run will see
SAME = "same"  # as it is known; only the stamp may be new
ROWS = "rows"
CARE = "care"  # what to do with it depends on what is known of it
Outcome = tuple[str, str, Stamp, bool]  # what, path, stamp, whether that proves nothing yet
# Of some notes what became of each, and the rows of those that have any, in the same order.
Batch = tuple[list[Outcome], NoteRows]

_NONE: Stamp = (0, 0, 0, 0)


class Reader(NamedTuple):
    """Reads notes of one vault, in whatever process it is called; `started` is when the run began, in nanoseconds."""

    folder: str
    settings: Settings
    started: int

    def read(self, jobs: list[Job]) -> Batch:
        """What became of the notes of some jobs."""
        vault, rows = Vault(self.folder), no_rows()
        return [read_note(vault, self.settings, self.started, job, rows) for job in jobs], rows


def read_notes(reader: Reader, workers: Workers, jobs: Iterable[Job], count: int) -> Iterator[Batch]:
    """What becomes of so many jobs, in their order, in batches. A job is asked for shortly before its note is read."""
    left = iter(jobs)
    batches = iter(lambda: list(islice(left, _BATCH)), [])
    return workers.map(reader.read, batches) if count >= MANY else map(reader.read, batches)


def read_note(vault: Vault, settings: Settings, started: int, job: Job, rows: NoteRows) -> Outcome:
    """What became of one note, whose rows are added; `started` is when the run began, in nanoseconds."""
    path, number, known = job
    try:
        data, stamp = vault.read(path, MOST_BYTES)
    except FileNotFoundError:
        return GONE, path, _NONE, False
    except OSError:
        return CARE, path, _NONE, False
    digest = note_hash(data)
    racy = is_racy(stamp, started)
    if known == digest:
        return SAME, path, stamp, racy
    note = parse_note(path, data, settings)
    if note.problems and any(problem.code == "conflict-markers" for problem in note.problems):
        return CARE, path, stamp, racy
    add_rows(rows, number, note, stamp, digest, racy)
    return ROWS, path, stamp, racy


def is_racy(stamp: Stamp, started: int) -> bool:
    """Whether the stamp is so young that it proves nothing yet."""
    return max(stamp[1], stamp[2]) > started - RACY_NS
