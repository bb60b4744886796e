"""One look that tells whether anything changed since the index was brought up to date.

The index keeps a digest of what was found in each folder; equal digests later mean an equal walk, and so an index
that is current. This module loads next to nothing, decides nothing, and where in doubt it says no.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping

import mdmentor
from mdmentor.comparing import Difference, Walked, compare, settled
from mdmentor.digests import blake2b
from mdmentor.index import Index, kept
from mdmentor.plain_file import read_plain_file
from mdmentor.vault import SETTINGS_FILE, Scan, Vault

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from datetime import date

    from mdmentor.core.settings import Settings
    from mdmentor.report import Report

# Obsidian's own settings that bear on how a note is read, as in `config`, which takes too long to load here.
OBSIDIAN_FILES = (
    ".obsidian/templates.json",
    ".obsidian/plugins/templater-obsidian/data.json",
    ".obsidian/daily-notes.json",
)
_SEPARATOR = "\n"
_COUNTS = 6  # kept of the last run: notes, contacts, posts, and three sorts of problems


class Glance:
    """What one look found.

    `is_current`: the index tells of the notes as they lie there now, for that day, under these settings.
    `walked` is the walk, if any.
    """

    def __init__(self, is_current: bool, walked: Walked | None = None) -> None:
        self.is_current, self.walked = is_current, walked


def glance(vault: Vault, index: Index, today: date) -> Glance:
    """Walks the vault, unless a live watcher vouches for the index, and compares."""
    try:
        told = kept.facts(index.sql)
    except sqlite3.DatabaseError:
        return Glance(False)
    if told.get("seen under") != _SEPARATOR.join((today.isoformat(), rules_digest(vault))):
        return Glance(False)
    if _is_watched(index):
        return Glance(True)
    ignore = tuple(filter(None, told.get("ignore", "").split(_SEPARATOR)))
    try:
        moment = kept.moment(index.sql)
        scan = vault.walk(ignore, settled(index.sql))
        found = compare(index.sql, scan)
    except sqlite3.DatabaseError:
        return Glance(False)
    if found is None:
        return Glance(False)
    walked = Walked(scan, moment)
    if scan.unknown or found.is_news():
        return Glance(False, walked)
    settle(index, scan, found)
    return Glance(True, walked)


def settle(index: Index, scan: Scan, found: Difference, facts: Mapping[str, str] | None = None) -> None:
    """Keeps that the folders hold what the index knows, and these facts, after a walk that found no news."""
    is_new = any(kept.fact(index.sql, key) != value for key, value in (facts or {}).items())
    if scan.unknown or not (is_new or found.differs()):
        return
    with index.at_once() as is_ours:
        # where somebody else has written since, this walk proves nothing of what the index holds now
        if is_ours and kept.moment(index.sql) == found.moment:
            kept.settle(index.sql, {path: scan.folders[path] for path in found.folders}, found.left)
            kept.put_facts(index.sql, facts or {})


def seen_under(settings: Settings, today: date, files: str) -> dict[str, str]:
    """The facts under which `glance` compares: for which day, and under which settings, read from which files."""
    return {
        "seen under": _SEPARATOR.join((today.isoformat(), files)),
        "ignore": _SEPARATOR.join(settings.ignore),
    }


def rules_digest(vault: Vault) -> str:
    """The version by whose rules is read, and a digest of each file that holds settings.

    For a file that is not there it is "", for one that cannot be read something else.
    """
    told = [mdmentor.__version__]
    for path in (SETTINGS_FILE, *OBSIDIAN_FILES):
        try:
            told.append(blake2b(read_plain_file(vault.folder, path), digest_size=16).hexdigest())
        except FileNotFoundError:
            told.append("")
        except OSError as error:
            told.append(f"? {error}")
    return ",".join(told)


def _is_watched(index: Index) -> bool:
    lock = f"{index.path.removesuffix('.sqlite')}.watcher.lock"
    if not os.path.exists(lock):
        return False
    from mdmentor.heartbeat import vouches

    return vouches(index.file)


def report_of_nothing(vault: Vault, index: Index, seen: Glance) -> Report | None:
    """What a run would report that finds nothing to do: index and pages are as they should be.

    None where there is something to do, or may be.
    """
    try:
        told = kept.facts(index.sql)
        turn, *counts = told.get("counts", "").split(" ")
        is_whole = (
            seen.is_current
            and bool(turn)
            and turn == told.get("turn")
            and len(counts) == _COUNTS
            and not kept.has_owed(index.sql)
            and not (seen.walked and seen.walked.scan.leftovers)
            and not has_open_edit(index)
            and pages_are_as_written(vault, index)
        )
    except sqlite3.DatabaseError:
        return None  # damaged: the run will find out, and heal it
    if not is_whole:
        return None
    from mdmentor.report import Report

    notes, contacts, posts, problems, hints, loose = map(int, counts)
    linked = seen.walked.scan.linked if seen.walked else None
    return Report(
        notes=notes, contacts=contacts, posts=posts, problems=(problems, hints, loose), linked=linked
    )


def pages_are_as_written(vault: Vault, index: Index) -> bool:
    """True while every page on the disk is the file that we wrote last."""
    pages = kept.written_pages(index.sql)
    return bool(pages) and all(vault.stamp(path) == tuple(stamp) for path, *stamp in pages)


def has_open_edit(index: Index) -> bool:
    """Whether an edit of notes was cut short, and waits to be taken back."""
    return os.path.exists(f"{index.path.removesuffix('.sqlite')}.edits/open")


def known_problems(index: Index) -> tuple[int, int, int] | None:
    """How many problems, hints and loose links the last run counted; None where none did."""
    counts = kept.fact(index.sql, "counts").split(" ")[1:]
    return (int(counts[3]), int(counts[4]), int(counts[5])) if len(counts) == _COUNTS else None


def remember_counts(index: Index, report: Report) -> None:
    """Keeps what `report_of_nothing` tells."""
    told = kept.facts(index.sql)
    found = (report.notes, report.contacts, report.posts, *report.problems)
    counts = " ".join((told.get("turn", ""), *map(str, found)))
    if told.get("counts") != counts:
        with index.at_once() as is_ours:
            if is_ours and kept.facts(index.sql).get("turn") == told.get("turn"):
                kept.put_facts(index.sql, {"counts": counts})
