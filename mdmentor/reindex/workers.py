"""What other processes do for a run with thousands of notes: reading notes, and assessing people.

Nothing is written and nothing is looked up in the index here. Results come back in the order of the jobs, so that the
index does not depend on how the work was shared. Where a pool cannot start, or breaks, its work is done in this process.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from mdmentor.core.contribution import contribution_of
from mdmentor.core.model import ERROR, Note, Problem, Settings
from mdmentor.core.parse import MOST_BYTES, parse_note, unread_note
from mdmentor.core.ranking.assess import assess
from mdmentor.files import note_hash
from mdmentor.index.people import assessment_row, contribution_row
from mdmentor.index.rows import NoteRows, PersonRow, Row, Stamp, add_rows, no_rows, person_from_row
from mdmentor.index.writer import KEPT
from mdmentor.vault import Vault

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

MANY_NOTES = 1_500  # from which a process pool is worth its start
MANY_PEOPLE = 1_000
_BATCH = 64  # notes or people handed over at once
_AHEAD = 2  # batches in flight for each process: it never waits, and little is held in memory

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

_MOST_CONFLICTS = 20  # lines with conflict marks that become problems, in one note

# Path, id and the hash in the index of a note; None as the hash to have it parsed in any case.
Job = tuple[str, int, str | None]

GONE = "gone"  # since the scan
SAME = "same"  # bytes as in the index; only the stamp may be new
READ = "read"
NEEDS_REVIEW = "needs review"  # unreadable, or with conflict marks: its previous rows may stay

_NO_STAMP: Stamp = (0, 0, 0, 0)


class Outcome(NamedTuple):
    """What became of one note."""

    what: str
    path: str
    stamp: Stamp = _NO_STAMP
    is_racy: bool = False  # the stamp is so young that it proves nothing yet
    hash: str = ""
    kind: str = ""
    rows: NoteRows | None = None  # of a note that needs review
    problems: tuple[Problem, ...] = ()  # of a note that needs review and keeps its previous rows


# What became of some notes, and the rows of those that were read.
Batch = tuple[list[Outcome], NoteRows]


class Reader(NamedTuple):
    """Reads notes of one vault, in whatever process it is called; `started` is when the run began, in nanoseconds."""

    folder: str
    settings: Settings
    started: int

    def read(self, jobs: list[Job]) -> Batch:
        """What became of the notes of some jobs."""
        vault, rows = Vault(self.folder), no_rows()
        return [self._read_note(vault, job, rows) for job in jobs], rows

    def _read_note(self, vault: Vault, job: Job, rows: NoteRows) -> Outcome:
        """What became of one note, whose rows are added."""
        path, number, known = job
        try:
            data, stamp = vault.read(path, MOST_BYTES)
        except FileNotFoundError:
            return Outcome(GONE, path)
        except OSError as error:
            what = f"the note cannot be read ({error.strerror or error})"
            note = unread_note(path, "unreadable", what, "look at its permissions")
            own = no_rows()
            add_rows(own, number, note, _NO_STAMP, "", racy=True)
            return Outcome(NEEDS_REVIEW, path, kind=note.kind, rows=own, problems=note.problems[:1])
        digest = note_hash(data)
        racy = max(stamp[1], stamp[2]) > self.started - RACY_NS
        if known == digest:
            return Outcome(SAME, path, stamp, racy)
        note = parse_note(path, data, self.settings)
        if _is_conflicted(note):
            from mdmentor.core.merge import without_block_marks

            text = data.decode("utf-8", "surrogateescape")
            healed = without_block_marks(text)
            if healed != text:
                # the marks are in our blocks alone, which are about to be renewed
                note = parse_note(path, healed.encode("utf-8", "surrogateescape"), self.settings)
        if _is_conflicted(note):
            own = no_rows()
            add_rows(own, number, note, stamp, digest, racy)
            return Outcome(NEEDS_REVIEW, path, stamp, racy, digest, note.kind, own, _conflicts(path, data))
        add_rows(rows, number, note, stamp, digest, racy)
        return Outcome(READ, path, stamp, racy, digest, note.kind)


def _is_conflicted(note: Note) -> bool:
    return any(problem.code == "conflict-markers" for problem in note.problems)


def _conflicts(path: str, data: bytes) -> tuple[Problem, ...]:
    """The problems of a note with conflict marks that keeps its previous rows.

    The one exception to "incremental = from scratch": an index built from nothing has no previous rows, and reads both
    sides.
    """
    from mdmentor.core.conflict_marks import find_marks

    lines = (find_marks(data.decode("utf-8", "replace")) or (1,))[:_MOST_CONFLICTS]
    fix = f'choose what to keep and delete the marks, or run: mdmentor git resolve "{path}"'
    return tuple(Problem(path, line, 1, ERROR, "conflict-markers", KEPT, fix) for line in lines)


class Assessor(NamedTuple):
    """Assesses people on one day under one set of settings, in whatever process it is called."""

    settings: Settings
    today: date
    live_topics: Mapping[str, str]

    def assess(self, people: list[PersonRow]) -> list[tuple[Row, Row]]:
        """The rows of assessment and contribution of each."""
        rows = []
        for row in people:
            person = person_from_row(row)
            assessment = assess(person, self.today, self.live_topics, self.settings)
            contribution = contribution_of(person, assessment, self.today)
            rows.append((assessment_row(row[0], assessment), contribution_row(row[0], contribution)))
        return rows


Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """The processes of one run, started when there first is enough to do for them."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the processes; what they have not started is cancelled."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, work: Callable[[list[Item]], Result], items: Iterable[Item], *, are_many: bool
    ) -> Iterator[Result]:
        """`work` of one batch of the items after the other. It, the items and the results must be picklable."""
        left = iter(items)
        batches = iter(lambda: list(islice(left, _BATCH)), [])
        if not are_many:
            yield from map(work, batches)
            return
        waiting: deque[Callable[[], Result]] = deque()
        for batch in batches:
            waiting.append(self._submit(work, batch))
            if len(waiting) >= _AHEAD * (os.cpu_count() or 1):
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    def _submit(self, work: Callable[[list[Item]], Result], batch: list[Item]) -> Callable[[], Result]:
        """Gives the batch to the pool; a function that waits for the result, or does the work where no pool has done it."""
        from concurrent.futures import BrokenExecutor

        try:
            if self._pool is None:
                self._pool = _start()
            future = self._pool.submit(work, batch)
        except (OSError, ValueError, ImportError, BrokenExecutor):
            return lambda: work(batch)

        def result() -> Result:
            with suppress(BrokenExecutor):
                return future.result()
            return work(batch)

        return result


def _start() -> ProcessPoolExecutor:
    import multiprocessing
    import threading
    from concurrent.futures import ProcessPoolExecutor

    # A fork starts in no time, but only a process with one thread can be forked safely.
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    return ProcessPoolExecutor(os.cpu_count(), context, initializer=_begin)


def _begin() -> None:
    """Has a worker leave Ctrl-C to the process that started it, and end with that process."""
    import gc
    import signal
    import threading

    gc.set_threshold(100_000)  # parsing makes many values and hardly a cycle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent: Any = multiprocessing.parent_process()
    parent.join()
    os._exit(1)
