"""Taking in a note that cannot be read as it lies there: what was known of it goes on counting."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from mdmentor.core.model import ERROR, Note, Problem
from mdmentor.core.parse import MOST_BYTES, parse_note, unread_note
from mdmentor.core.settings import Settings
from mdmentor.digests import note_hash
from mdmentor.index import Index, conflicted
from mdmentor.reading import is_racy
from mdmentor.vault import Vault

if TYPE_CHECKING:
    from mdmentor.index.put import Writer
    from mdmentor.refresh import Changes


def take_with_care(
    vault: Vault,
    writer: Writer,
    index: Index,
    path: str,
    settings: Settings,
    started: int,
    before: Set[str],
    changes: Changes,
    *,
    force: bool,
) -> None:
    """Takes in a note that cannot be read, or in which a merge is not finished: what was known of it counts."""
    try:
        data, stamp = vault.read(path, MOST_BYTES)
    except FileNotFoundError:
        return  # gone since the scan: the next run will see
    except OSError as error:
        note = unread_note(
            path,
            "unreadable",
            f"the note cannot be read ({error.strerror or error})",
            "look at its permissions",
        )
        if path in before and not force:
            return _keep_with_problem(writer, note)
        writer.put(note, (0, 0, 0, 0), "", racy=True)
        return None
    digest = note_hash(data)
    racy = is_racy(stamp, started)
    note = parse_note(path, data, settings)
    if _is_conflicted(note):
        note = _healed(note, data, settings)
    if path in before and not force and _is_conflicted(note) and conflicted.is_known_whole(index.sql, path):
        writer.keep(path, stamp, digest, racy, _conflicts(note, data))
        changes.took(path, note.kind, is_new=False)
        return None
    writer.put(note, stamp, digest, racy)
    changes.took(path, note.kind, is_new=path not in before)
    return None


def _is_conflicted(note: Note) -> bool:
    return any(problem.code == "conflict-markers" for problem in note.problems)


def _healed(note: Note, data: bytes, settings: Settings) -> Note:
    """The note as it reads once the blocks in it are renewed, where a merge left its marks in those alone."""
    from mdmentor.core.merge.sides import without_block_marks

    text = data.decode("utf-8", "surrogateescape")
    healed = without_block_marks(text)
    return (
        note if healed == text else parse_note(note.path, healed.encode("utf-8", "surrogateescape"), settings)
    )


def _conflicts(note: Note, data: bytes) -> list[Problem]:
    """The problems of a note in which a merge is not finished; what it said before goes on counting.

    The one exception to "incremental = from scratch": an index built anew cannot know what a note said before, and
    reads both sides.
    """
    from mdmentor.core.conflict_marks import find_marks

    lines = find_marks(data.decode("utf-8", "replace")) or (1,)
    mend = f'choose what to keep and delete the marks, or run: mdmentor git resolve "{note.path}"'
    return [
        Problem(note.path, line, 1, ERROR, "conflict-markers", conflicted.KEPT, mend) for line in lines[:20]
    ]


def _keep_with_problem(writer: Writer, note: Note) -> None:
    """A note that was known and cannot be read now: unknown is not gone, so its rows stay."""
    writer.add_problem(note.problems[0])
