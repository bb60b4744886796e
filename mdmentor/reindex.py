"""The one use case: what changed in the vault -> index -> pages; command line, watcher and git hook all call it.

`refresh` brings the index up to date and touches no file; `reindex` goes on to the pages and blocks.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from mdmentor import pages_on_disk, site
from mdmentor.answers import Answers
from mdmentor.config import load_settings
from mdmentor.core import rank
from mdmentor.core.model import CONTACT, PAGE, POST, Note, Problem
from mdmentor.core.parse import MOST_BYTES, parse_note, unread_note
from mdmentor.core.settings import Settings
from mdmentor.index import Index, Writer, ask, standings, tables
from mdmentor.vault import Stamp, Vault

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

Progress = Callable[[int, int], None]  # notes done, notes to do


@dataclass(slots=True)
class Report:
    """What one run found and did."""

    notes: int = 0
    contacts: int = 0
    posts: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    pages_written: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)  # with `check`: pages and blocks that would be written
    problems: int = 0
    seconds: float = 0.0
    words: list[str] = field(default_factory=list)  # what the user should hear besides

    def to_json(self) -> dict[str, object]:
        return {
            "notes": self.notes,
            "contacts": self.contacts,
            "posts": self.posts,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "pages_written": self.pages_written,
            "problems": self.problems,
            "seconds": round(self.seconds, 3),
        }


@dataclass(slots=True)
class Changes:
    """What `refresh` found to be different; the numbers are ids in the index."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    is_new_day: bool = False
    has_new_settings: bool = False
    has_new_files: bool = False  # attachments or problems of the folder itself
    people_changed: bool = False  # somebody's ties, or a name by which people or companies are told
    notes: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(
            self.added
            or self.changed
            or self.removed
            or self.is_new_day
            or self.has_new_settings
            or self.has_new_files
        )


def refresh(
    vault: Vault,
    index: Index,
    settings: Settings,
    settings_problems: tuple[Problem, ...],
    today: date,
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> Changes:
    """Brings the index up to date with the vault and the day; writes no note and no page."""
    started = time.time_ns()
    scan = vault.scan(settings)
    scan.problems.extend(settings_problems)
    known = ask.stamps(index.sql)
    racy = ask.racy_paths(index.sql)
    has_new_settings = full or ask.meta(index.sql, "reading") != _digest(settings.reading())
    if has_new_settings:
        pending = list(scan.notes)
    else:
        pending = [path for path, stamp in scan.notes.items() if known.get(path) != stamp or path in racy]
    gone = [path for path in known if path not in scan.notes and not scan.is_unknown(path)] if known else []
    ranked_for = "|".join((today.isoformat(), _digest(settings.per_day, settings.tiers)))
    is_new_day = ask.meta(index.sql, "ranked") != ranked_for
    told = _digest([str(p) for p in scan.problems])
    has_new_files = ask.meta(index.sql, "scan") != told or ask.attachments(index.sql) != scan.attachments
    changes = Changes(is_new_day=is_new_day, has_new_settings=has_new_settings, has_new_files=has_new_files)
    if not (pending or gone or changes):
        return changes
    with index.writing() as writer:
        for number, path in enumerate(pending):
            if progress is not None and number % 64 == 0:
                progress(number, len(pending))
            _take(vault, writer, index, path, settings, started, known, changes, force=has_new_settings)
        if progress is not None and pending:
            progress(len(pending), len(pending))
        for path in gone:
            if vault.stamp(path) is None or path not in scan.notes:
                writer.remove(path)
                changes.removed += 1
        if has_new_files:
            writer.put_attachments(scan.attachments)
            writer.put_problems(scan.problems)
        writer.finish()
        _rank(index, writer, settings, today, everybody=is_new_day or has_new_settings)
        for key, value in (("reading", _digest(settings.reading())), ("ranked", ranked_for), ("scan", told)):
            ask.set_meta(index.sql, key, value)
    changes.notes = writer.changed
    changes.people_changed = writer.people_changed
    return changes


def _take(
    vault: Vault,
    writer: Writer,
    index: Index,
    path: str,
    settings: Settings,
    started: int,
    known: Mapping[str, Stamp],
    changes: Changes,
    *,
    force: bool,
) -> None:
    """Reads one note and takes it in if its bytes are new."""
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
        if path in known and not force:
            return _keep_with_problem(writer, note)
        writer.put(note, (0, 0, 0, 0), b"", racy=True)
        return None
    digest = blake2b(data, digest_size=16).digest()
    racy = max(stamp[1], stamp[2]) > started - RACY_NS
    if not force and ask.hash_of(index.sql, path) == digest:
        writer.touch(path, stamp, racy)
        return None
    writer.put(parse_note(path, data, settings), stamp, digest, racy)
    if path in known:
        changes.changed += 1
    else:
        changes.added += 1
    return None


def _keep_with_problem(writer: Writer, note: Note) -> None:
    """A note that was known and cannot be read now: unknown is not gone, so its rows stay."""
    writer.add_problem(note.problems[0])


def _rank(index: Index, writer: Writer, settings: Settings, today: date, *, everybody: bool) -> None:
    """Looks again at those whose standing may have changed."""
    live = ask.live_topics(index.sql)
    told = _digest(sorted(live.items()))
    if everybody or told != ask.meta(index.sql, "live"):
        standings.clear(index.sql)
        people = ask.people(index.sql)
    else:
        people = ask.people(index.sql, ask.paths_of(index.sql, writer.ties))
    standings.put(index.sql, (rank.assess(person, today, live, settings) for person in people))
    ask.set_meta(index.sql, "live", told)


def reindex(
    vault: Vault,
    index: Index,
    today: date,
    *,
    full: bool = False,
    check: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Brings index, pages and blocks up to date with the notes, the settings and the day.

    With `check` no file is written; what would be is told as stale. Writes pages only over files that bear
    our mark, and blocks only where nothing was changed by hand.
    """
    settings, settings_problems, _ = load_settings(vault.root)
    try:
        changes = refresh(vault, index, settings, settings_problems, today, full=full, progress=progress)
    except sqlite3.DatabaseError as error:
        if tables.is_passing(error):
            raise
        index.start_over()
        changes = refresh(vault, index, settings, settings_problems, today, full=full, progress=progress)
    report = Report(added=changes.added, changed=changes.changed, removed=changes.removed)
    answers = Answers(index, settings, today)
    untouched = pages_on_disk.are_as_written(vault, index)
    if changes or check or full or not untouched:
        everything = check or full or not untouched or changes.is_new_day or changes.has_new_settings
        with index.reading():
            wanted = site.build_pages(answers, people_changed=everything or changes.people_changed)
        result = pages_on_disk.bring_up_to_date(vault, answers, wanted, settings, check=check)
        report.pages_written, report.stale, report.words = result.written, result.stale, result.words
    counts = ask.counts(index.sql)
    report.notes = sum(counts.values()) - counts.get(PAGE, 0)
    report.contacts, report.posts = counts.get(CONTACT, 0), counts.get(POST, 0)
    report.problems = ask.count_problems(index.sql)
    return report


def _digest(*values: object) -> str:
    return blake2b(repr(values).encode(), digest_size=12).hexdigest()
