"""The index brought up to date with the vault and the day; no note and no page is written here.

Everything is looked up inside the transaction that writes, so that several processes can update one index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import mdmentor
from mdmentor.core.model import CONTACT, PAGE, Note, Problem
from mdmentor.core.names import folder
from mdmentor.errors import WorldFailed
from mdmentor.files import sync
from mdmentor.index import Index, find, notes, people, state
from mdmentor.index.writer import Writer, trying, writing
from mdmentor.reindex.run import MOST_NAMED, Changes, Run
from mdmentor.reindex.workers import Workers
from mdmentor.vault.folders import Scan

if TYPE_CHECKING:
    from mdmentor.reindex.reading import Outcome, Reader


def bring_up_to_date(run: Run) -> Scan:
    """Updates the index for a reading command, without a transaction where nothing changed; what the vault holds."""
    scan, before, found = look(run), state.load(run.index), None
    if is_current(run):
        found = find_changes(run.index, scan, _problems(run, scan), only=run.only if scan.is_partial else ())
        if not found:
            return scan
    with writing(run.index) as writer, Workers() as workers:
        is_same = state.load(run.index) == before  # else another process has updated the index meanwhile
        update_index(run, writer, workers, scan, found if is_same else None)
    return scan


@contextmanager
def as_if_saved(run: Run, unsaved: Iterable[Note]) -> Iterator[None]:
    """Within it the index is as it would be if these notes had been saved; afterwards it is as before."""
    with trying(run.index) as writer, Workers() as workers:
        for note in unsaved:
            writer.put(note, (0, 0, 0, 0), "", True)
        writer.resolve_links()
        _assess(run, writer, workers, people.live_topics(run.index), iter(()), everybody=False)
        yield


def look(run: Run) -> Scan:
    """What is in the vault: only the notes that the run names, where that shows as much as a walk would."""
    only = run.only
    if only and len(only) <= MOST_NAMED and all(path.endswith(".md") for path in only):
        has_problems = any(problem.path in only for problem in state.problems_of_no_note(run.index))
        if is_current(run) and not has_problems:
            scan = run.vault.look(only, run.settings)
            if not (scan.problems or scan.unknown or scan.ignored or scan.linked):
                scan.is_partial = True
                return scan
    return run.vault.scan(run.settings)


def is_current(run: Run) -> bool:
    """True where the index was built under these settings and for this day, whatever changed in the notes."""
    now = state.load(run.index)
    return not run.full and (now.read_under, now.assessed_for) == _built_under(run)


class ChangeSet(NamedTuple):
    """What differs between the vault and the index."""

    known: dict[str, int]  # the notes in the index, path -> `stamp_key`, as far as they were looked up
    changed: list[str]  # in the order of the walk; new notes too
    gone: list[str]
    files: set[str]  # the attachments in the index, without those in folders that could not be listed
    has_other_files: bool
    has_other_problems: bool  # of the settings, or of files and folders as a whole
    read_again: frozenset[str] = frozenset()  # of the changed notes those whose bytes may be the same

    @property
    def has_more_than_changed(self) -> bool:
        return bool(self.gone or self.has_other_files or self.has_other_problems)

    def __bool__(self) -> bool:
        return bool(self.changed or self.has_more_than_changed)


def find_changes(
    index: Index,
    scan: Scan,
    problems: Sequence[Problem],
    *,
    only: Collection[str] = (),
    everything: bool = False,
) -> ChangeSet:
    """What the scan found that the index does not hold; `problems` are those that belong to no note.

    A note is the same while its stamp is, unless it was saved so shortly before it was read that the stamp proves
    nothing (git's "racy" rule). With `only` the scan covers these notes alone. With `everything` each note counts as
    changed.
    """
    attachments = () if only else state.attachments(index)
    files = {path for path in attachments if not scan.is_unknown(path)}
    has_other_files = not only and files != scan.attachments
    has_other_problems = not only and state.problems_of_no_note(index) != list(problems)
    if not (only or everything) and state.holds(index, scan.notes):  # in a fifth of the time
        return ChangeSet(scan.notes, [], [], files, has_other_files, has_other_problems)
    known, racy = state.stamps(index, only or None)
    changed = [p for p, stamp in scan.notes.items() if everything or p in racy or known.get(p) != stamp]
    gone = [path for path in known if path not in scan.notes and not scan.is_unknown(path)]
    return ChangeSet(known, changed, gone, files, has_other_files, has_other_problems)


def update_index(
    run: Run, writer: Writer, workers: Workers, scan: Scan, found: ChangeSet | None = None
) -> Changes:
    """Updates the rows of the notes that changed, resolves links, and assesses the people concerned.

    `found` is what differs, where that is known already.
    """
    before = state.load(run.index)
    read_under, assessed_for = _built_under(run)
    now = before._replace(read_under=read_under, assessed_for=assessed_for)
    everything = run.full or now.read_under != before.read_under
    problems = _problems(run, scan)
    only = run.only if scan.is_partial else ()
    found = found or find_changes(run.index, scan, problems, only=only, everything=everything)
    if found.known and not (scan.is_partial or scan.notes or run.full) and run.vault.is_empty():
        raise WorldFailed(
            f'the vault "{run.vault.folder}" is empty, though it held notes; is its drive mounted?',
            "where you emptied it yourself, run: mdmentor reindex --full",
        )
    changes = Changes()
    changes.linked, changes.leftovers = None if scan.is_partial else scan.linked, scan.leftovers
    if not (found or everything or now != before):
        return changes
    from mdmentor.reindex.reading import Reader

    run, found = _with_day_orders(run, found, is_partial=bool(only))
    has_news = found.has_more_than_changed or everything or now != before
    if found.changed:
        reader = Reader(run.vault.folder, run.settings, scan.started)
        has_news |= _read_changed(run, writer, workers, reader, found, changes, everything)
    if not has_news:  # some notes have a new stamp and nothing else, which no page shows
        return changes
    _remove_gone(run, writer, found, changes)
    if not scan.is_partial:
        there = {path for path in found.files - scan.attachments if run.vault.stamp(path)}
        writer.put_attachments(found.files, scan.attachments | there)
        writer.put_problems(problems)
    # another process has most of the index on the disk by the time that the transaction ends
    workers.begin(sync, lambda: run.index.path)
    writer.resolve_links()
    live = people.live_topics(run.index)
    now = now._replace(live_topics=repr(sorted(live.items())), revision=before.revision + 1)
    has_new_rules = (now.assessed_for, now.live_topics) != (before.assessed_for, before.live_topics)
    rest = writer.complete(everywhere=everything)
    _assess(run, writer, workers, live, rest, everybody=everything or has_new_rules)
    if not before.revision:
        now = now._replace(first_newest=people.newest_contact(run.index))
    state.save(run.index, now._replace(have_topics=find.notes_with_topics(run.index)))
    return changes


def _with_day_orders(run: Run, found: ChangeSet, *, is_partial: bool) -> tuple[Run, ChangeSet]:
    """The run with the day order of each folder, where 13-04-2026 settles 03-04-2026; and what to read again for it."""
    from mdmentor.core.day_formats import day_orders, have_two_numbers, two_numbers  # for an update alone

    if not have_two_numbers((*found.changed, *found.gone)):
        return run, found
    before = set(find.note_paths(run.index) if is_partial else found.known)
    now = before.union(found.changed).difference(found.gone)
    old, orders = day_orders(before), day_orders(now)
    again = {p for p in now if old.get(folder(p)) != orders.get(folder(p)) and two_numbers(p)}
    run = run._replace(settings=run.settings._replace(day_orders=tuple(sorted(orders.items()))))
    changed = [*found.changed, *sorted(again.difference(found.changed))]
    return run, found._replace(changed=changed, read_again=frozenset(again & before))


def _read_changed(
    run: Run,
    writer: Writer,
    workers: Workers,
    reader: Reader,
    found: ChangeSet,
    changes: Changes,
    everything: bool,
) -> bool:
    """Replaces the rows of the notes that changed; with `everything` also of notes with the same bytes.

    Whether anything but their stamps is new.
    """
    from mdmentor.reindex.reading import MANY_NOTES, NEEDS_REVIEW, SAME

    jobs = ((path, *writer.number_of(path)) for path in found.changed)
    jobs = ((p, number, None if everything or p in found.read_again else known) for p, number, known in jobs)
    progress = run.events.progress or (lambda done, count: None)
    count, done, has_news = len(found.changed), 0, False
    for outcomes, rows in workers.map(reader.read, jobs, are_many=count >= MANY_NOTES):
        progress(done, count)
        done += len(outcomes)
        if rows["note"] and MANY_NOTES <= count > len(found.known) / 2:
            writer.drop_indexes()
        writer.take(rows)
        for one in outcomes:
            is_known = one.path in found.known or one.path in found.read_again
            has_news |= one.what != SAME
            if one.what == SAME:
                has_news |= writer.touch(one.path, one.stamp, one.is_racy)
            elif one.what == NEEDS_REVIEW:
                _take_unsure(writer, one, may_keep=is_known and not everything)
            if one.hash and one.kind != PAGE:
                changes.name(one.path)
                changes.added += not is_known
                changes.changed += is_known
    progress(count, count)
    return has_news


def _take_unsure(writer: Writer, one: Outcome, *, may_keep: bool) -> None:
    """Records a note that cannot be read, or has conflict marks: its previous rows stay, where it has any."""
    assert one.rows is not None
    if may_keep and not one.hash:
        writer.add_problem(one.problems[0])
    elif may_keep and writer.is_known_whole(one.path):
        writer.keep(one.path, one.stamp, one.hash, one.is_racy, one.problems)
    else:
        writer.take(one.rows)


def _remove_gone(run: Run, writer: Writer, found: ChangeSet, changes: Changes) -> None:
    """Removes the notes that are gone, unless another process has made them since the walk."""
    if found.gone:
        run.vault.hold()
    for path in found.gone:
        if run.vault.stamp(path) and path in run.vault.look((path,), run.settings).notes:
            continue
        kind = writer.remove(path)
        if kind and kind != PAGE:
            changes.removed += 1
            changes.name(path)


def _assess(
    run: Run, writer: Writer, workers: Workers, live: dict[str, str], rest: Iterator[None], *, everybody: bool
) -> None:
    """Assesses everybody, or the people about whom something may have changed; `rest` is done while workers are busy."""
    ties = writer.take_ties()
    next(rest, None)
    if everybody or ties:
        from mdmentor.reindex.reading import MANY_PEOPLE, Assessor

        paths = None if everybody else notes.paths_of(run.index, ties)
        count = notes.counts(run.index).get(CONTACT, 0) if paths is None else len(paths)
        rows = people.person_rows(run.index, paths)
        assessor = Assessor(run.settings, run.today, live)
        for assessed in workers.map(assessor.assess, rows, are_many=count >= MANY_PEOPLE):
            writer.put_assessed(assessed)
            next(rest, None)
    for _ in rest:
        pass


def _problems(run: Run, scan: Scan) -> list[Problem]:
    return [*scan.problems, *run.settings_problems]


def _built_under(run: Run) -> tuple[str, str]:
    """The version with the settings by which notes are read, and people assessed; the latter with the day."""
    chosen = run.settings.per_day, run.settings.tiers, run.settings.employer, run.settings.openers
    calendar = run.settings.calendar_file, run.settings.calendar_alarm, run.settings.calendar_weekdays
    version = mdmentor.__version__
    return repr((version, run.settings.reading())), repr((version, run.today, chosen, calendar))
