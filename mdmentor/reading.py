"""Reading a note: what lies on the disk, and the rows that it makes in the index.

Nothing is written and nothing is looked up in the index, so that a helper can read as well (see `crew`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mdmentor.core.parse import MOST_BYTES, parse_note
from mdmentor.core.settings import Settings
from mdmentor.crew import Crew, Setting, Work
from mdmentor.digests import blake2b
from mdmentor.index.note_rows import NoteRows, Stamp, rows_of
from mdmentor.vault import Vault

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

MANY = 1_500  # notes from which helpers are worth their start, about as long as parsing 500
_CHUNK = 64  # notes handed over at once; a full pipe makes a helper wait, so little is ever in memory

# Path, the number that the note will bear, and the hash it is known with: None to have it parsed in any case.
Job = tuple[str, int, bytes | None]

GONE = "gone"  # since the scan: the next run will see
SAME = "same"  # as it is known; only the stamp may be new
ROWS = "rows"
CARE = "care"  # what to do with it depends on what is known of it
Outcome = tuple[str, str, Stamp, bool, NoteRows]  # what, path, stamp, whether that proves nothing yet, rows

_NONE: Stamp = (0, 0, 0, 0)


def read_notes(crew: Crew, jobs: Iterable[Job], count: int) -> Iterator[Outcome]:
    """The outcome of each of so many jobs, in their order. A job is asked for shortly before its note is read."""
    return crew.do("read", jobs, count, many=MANY, chunk=_CHUNK)


def call_when_many(crew: Crew, count: int) -> None:
    """Calls the helpers as soon as there are notes enough for them, if all of these will be read."""
    if count >= MANY:
        crew.call()


def begin(setting: Setting) -> Work:
    """What reads the notes of a chunk of jobs."""
    vault = Vault(setting.folder)

    def read_all(jobs: list[Job]) -> list[Outcome]:
        return [read_note(vault, setting.settings, setting.started, job) for job in jobs]

    return read_all


def read_note(vault: Vault, settings: Settings, started: int, job: Job) -> Outcome:
    """What one note holds; `started` is when the run began, in nanoseconds."""
    path, number, known = job
    try:
        data, stamp = vault.read(path, MOST_BYTES)
    except FileNotFoundError:
        return GONE, path, _NONE, False, {}
    except OSError:
        return CARE, path, _NONE, False, {}
    digest = blake2b(data, digest_size=16).digest()
    racy = is_racy(stamp, started)
    if known == digest:
        return SAME, path, stamp, racy, {}
    note = parse_note(path, data, settings)
    if any(problem.code == "conflict-markers" for problem in note.problems):
        return CARE, path, stamp, racy, {}
    return ROWS, path, stamp, racy, rows_of(number, note, stamp, digest, racy)


def is_racy(stamp: Stamp, started: int) -> bool:
    """Whether the stamp is so young that it proves nothing yet."""
    return max(stamp[1], stamp[2]) > started - RACY_NS
