"""Reading notes and assessing people for a run: what is given to other processes where there is much of it.

Nothing is written and nothing is looked up in the index here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from mdmentor.core.contribution import contribution_of
from mdmentor.core.model import ERROR, Note, Problem, Settings
from mdmentor.core.parse import MOST_BYTES, parse_note, unread_note
from mdmentor.core.ranking.assess import assess
from mdmentor.files import note_hash
from mdmentor.index.people import assessment_row, contribution_row
from mdmentor.index.rows import NoteRows, PersonRow, Row, Stamp, add_rows, no_rows, person_from_row
from mdmentor.index.writer import KEPT
from mdmentor.vault import Vault

MANY_NOTES = 1_500  # from which a process pool is worth its start
MANY_PEOPLE = 1_000

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

            # where the marks are in our blocks alone, these are about to be renewed
            healed = without_block_marks(data.decode("utf-8", "surrogateescape"))
            note = parse_note(path, healed.encode("utf-8", "surrogateescape"), self.settings)
            if _is_conflicted(note):
                own = no_rows()
                add_rows(own, number, note, stamp, digest, racy)
                return Outcome(
                    NEEDS_REVIEW, path, stamp, racy, digest, note.kind, own, _conflicts(path, data)
                )
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
        """The rows of assessment and contribution of each; step by step for all, which processors do faster."""
        persons = [person_from_row(row) for row in people]
        assessments = [assess(person, self.today, self.live_topics, self.settings) for person in persons]
        parts = [contribution_of(*each, self.today) for each in zip(persons, assessments, strict=True)]
        return [
            (assessment_row(row[0], assessment), contribution_row(row[0], part))
            for row, assessment, part in zip(people, assessments, parts, strict=True)
        ]
