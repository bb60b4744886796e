"""Reading a note: what lies on the disk, and the rows that it makes in the index.

Nothing is written and nothing is looked up in the index, so that a helper can read as well (see `crew`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from mdmentor.core.parse import MOST_BYTES, parse_note
from mdmentor.core.settings import Settings
from mdmentor.crew import Crew, Setting, Work
from mdmentor.digests import note_hash
from mdmentor.index.note_rows import FIRST, NoteRows, Stamp, add_rows, no_rows
from mdmentor.vault import Vault

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

MANY = 1_500  # notes from which helpers are worth their start, about as long as parsing 500
_BATCH = 64  # notes handed over at once; a full pipe makes a helper wait, so little is ever in memory

_AHEAD = 6  # batches of plain notes are soon read, and what is written of all texts at once takes a while

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


def read_notes(crew: Crew, jobs: Iterable[Job], count: int) -> Iterator[Batch]:
    """What becomes of so many jobs, in their order, in batches. A job is asked for shortly before its note is read."""
    return crew.do("read", _batches(jobs), count, many=MANY, chunk=1, ahead=_AHEAD)


def _batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    left = iter(jobs)
    return iter(lambda: list(islice(left, _BATCH)), [])


def begin_when_many(crew: Crew, notes: Collection[str]) -> None:
    """Has helpers begin with the first notes as soon as there are enough of them, if all will be taken in anew."""
    if len(notes) >= MANY:
        crew.call()
        whole = islice(notes, len(notes) - len(notes) % _BATCH)  # more may come to the last batch
        jobs = ((path, number, None) for number, path in enumerate(whole, FIRST))
        crew.foresee("read", ([batch] for batch in _batches(jobs)))


def dismiss_when_few(crew: Crew, notes: Collection[str]) -> None:
    """Lets helpers go that were called before anybody knew how many notes there are."""
    if len(notes) < MANY:
        crew.dismiss()


def begin(setting: Setting) -> Work:
    """What reads the notes of batches of jobs."""
    vault = Vault(setting.folder)

    def read_batch(jobs: list[Job]) -> Batch:
        rows = no_rows()
        return [read_note(vault, setting.settings, setting.started, job, rows) for job in jobs], rows

    return lambda batches: [read_batch(jobs) for jobs in batches]


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
