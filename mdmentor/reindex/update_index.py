"""The index brought up to date with the vault and the day; no note and no page is written here.

Whatever is looked up is looked up inside the transaction that writes, so that several processes can update one
index at a time.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import mdmentor
from mdmentor.core.digests import digest_of
from mdmentor.core.model import CONTACT, PAGE, Problem, Settings
from mdmentor.errors import WorldFailed
from mdmentor.index import ask, state
from mdmentor.reindex.changes import ChangeSet, find_changes
from mdmentor.reindex.report import MOST_NAMED, Changes
from mdmentor.reindex.run import Run
from mdmentor.vault import Scan

if TYPE_CHECKING:
    from mdmentor.index.writer import Writer
    from mdmentor.reindex.read import Outcome

_AT_ONCE = 200  # people whose rows go in together


def bring_up_to_date(run: Run) -> None:
    """Updates the index for a reading command, with no transaction where nothing changed."""
    scan = look(run)
    if is_current(run) and not find_changes(run.index.sql, scan, _problems(run, scan), only=run.only):
        return
    with run.index.writing() as writer:
        update_index(run, writer, scan)


def look(run: Run) -> Scan:
    """What lies in the vault: only the notes that the run names, where that shows as much as a walk would."""
    only = run.only
    if only and len(only) <= MOST_NAMED and all(path.endswith(".md") for path in only):
        has_problems = any(state.problems_of_no_note(run.index.sql, path) for path in only)
        if is_current(run) and not has_problems:
            scan = run.vault.look(only, run.settings)
            if not (scan.problems or scan.unknown or scan.ignored or scan.linked):
                scan.is_partial = True
                return scan
    return run.vault.scan(run.settings)


def is_current(run: Run) -> bool:
    """True where the index was made under these settings and for this day, whatever the notes say by now."""
    known = state.load(run.index.sql)
    return (
        not run.full
        and known.read_under == _read_under(run.settings)
        and known.assessed_for == _assessed_for(run)
    )


def update_index(run: Run, writer: Writer, scan: Scan) -> Changes:
    """Takes in what the scan found to be different, resolves links, and assesses those whom it concerns."""
    sql = run.index.sql
    before = state.load(sql)
    now = before._replace(read_under=_read_under(run.settings), assessed_for=_assessed_for(run))
    everything = run.full or now.read_under != before.read_under
    problems = _problems(run, scan)
    only = run.only if scan.is_partial else ()
    found = find_changes(sql, scan, problems, only=only, everything=everything)
    if found.known and not (scan.is_partial or scan.notes or run.full) and run.vault.is_empty():
        raise WorldFailed(
            f'the vault "{run.vault.folder}" is empty, though it held notes; is its drive mounted?',
            "where you emptied it yourself, run: mdmentor reindex --full",
        )
    changes = Changes(linked=None if scan.is_partial else scan.linked, leftovers=scan.leftovers)
    if not (found or everything or now != before):
        return changes
    _read_changed(run, writer, scan, found, changes, everything=everything)
    _forget_gone(run, writer, scan, found, changes)
    if not scan.is_partial:
        there = {path for path in found.files - scan.attachments if run.vault.stamp(path)}
        writer.put_attachments(found.files, scan.attachments | there)
        writer.put_problems(problems)
    writer.finish()
    live = ask.live_topics(sql)
    now = now._replace(live_topics=digest_of(sorted(live.items())), revision=before.revision + 1)
    is_for_all = everything or (now.assessed_for, now.live_topics) != (
        before.assessed_for,
        before.live_topics,
    )
    _assess(run, writer, live, everybody=is_for_all)
    state.save(sql, now)
    return changes


def _read_changed(
    run: Run, writer: Writer, scan: Scan, found: ChangeSet, changes: Changes, *, everything: bool
) -> None:
    """Takes in the notes that changed; with `everything` whatever their bytes are."""
    if not found.changed:
        return
    from mdmentor.reindex.read import NEEDS_REVIEW, SAME, Reader, read_notes

    jobs = ((path, *writer.number_of(path)) for path in found.changed)
    if everything:
        jobs = ((path, number, None) for path, number, _ in jobs)
    reader = Reader(run.vault.folder, run.settings, scan.started)
    progress = run.events.progress or (lambda done, count: None)
    count, done = len(found.changed), 0
    for outcomes, rows in read_notes(reader, run.workers, jobs, count):
        progress(done, count)
        done += len(outcomes)
        writer.take(rows)
        for one in outcomes:
            is_known = one.path in found.known
            if one.what == SAME:
                writer.touch(one.path, one.stamp, one.is_racy)
            elif one.what == NEEDS_REVIEW:
                _take_unsure(writer, one, may_keep=is_known and not everything)
            if one.hash:
                _count_change(changes, one.path, one.kind, is_new=not is_known)
    progress(count, count)


def _take_unsure(writer: Writer, one: Outcome, *, may_keep: bool) -> None:
    """Takes in a note that cannot be read, or has conflict marks: its previous rows stay, where it has any."""
    assert one.rows is not None
    if may_keep and not one.hash:
        writer.add_problem(one.problems[0])
    elif may_keep and writer.is_known_whole(one.path):
        writer.keep(one.path, one.stamp, one.hash, one.is_racy, one.problems)
    else:
        writer.take(one.rows)


def _forget_gone(run: Run, writer: Writer, scan: Scan, found: ChangeSet, changes: Changes) -> None:
    """Forgets the notes that are not there any more, as far as another process did not make them since the walk."""
    if found.gone:
        run.vault.hold()
    for path in found.gone:
        if run.vault.stamp(path) is None or _is_left_out(run, scan, path):
            kind = writer.remove(path)
            if kind and kind != PAGE:
                changes.removed += 1
                changes.name(path)


def _is_left_out(run: Run, scan: Scan, path: str) -> bool:
    """Whether a file that is there has no part in the vault (any more)."""
    seen = run.vault.look((path,), run.settings)
    return path not in seen.notes


def _count_change(changes: Changes, path: str, kind: str, *, is_new: bool) -> None:
    if kind == PAGE:
        return
    changes.name(path)
    if is_new:
        changes.added += 1
    else:
        changes.changed += 1


def _assess(run: Run, writer: Writer, live: dict[str, str], *, everybody: bool) -> None:
    """Assesses again those of whom something may have changed."""
    people = writer.take_ties()
    if not (everybody or people):
        return
    from mdmentor.reindex.assess import Assessor, assess_people

    sql = run.index.sql
    assessor = Assessor(run.settings, run.today, live)
    if everybody:
        count = ask.counts(sql).get(CONTACT, 0)
        assessed = assess_people(assessor, run.workers, ask.told_of_people(sql), count)
    else:
        paths = ask.paths_of(sql, people)
        assessed = assess_people(assessor, run.workers, ask.told_of_people(sql, paths), len(paths))
    while some := list(islice(assessed, _AT_ONCE)):
        writer.put_assessed(some)


def _problems(run: Run, scan: Scan) -> list[Problem]:
    return [*scan.problems, *run.settings_problems]


def _read_under(settings: Settings) -> str:
    return digest_of(mdmentor.__version__, settings.reading())


def _assessed_for(run: Run) -> str:
    """The day, and a digest of the version and the settings by whose rules people stand where they do."""
    chosen = run.settings.per_day, run.settings.tiers, run.settings.employer
    return f"{run.today.isoformat()} {digest_of(mdmentor.__version__, chosen)}"
