"""The index brought up to date with the vault and the day; no note and no page is written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import NamedTuple

import mdmentor
from mdmentor import glance
from mdmentor.anew import Anew, FormerNeeded, all_anew
from mdmentor.comparing import (
    Difference,
    Walked,
    compare,
    compare_named,
    everything,
    problems_digest,
    settled,
)
from mdmentor.core.model import CONTACT, PAGE, Problem
from mdmentor.core.settings import Settings
from mdmentor.digests import digest_of
from mdmentor.errors import WorldFailed
from mdmentor.index import Index, ask, kept, known, owed
from mdmentor.index.put import Writer
from mdmentor.reading import CARE, ROWS, SAME, Reader, read_notes
from mdmentor.vault import Scan, Vault
from mdmentor.workers import Workers

# Up to here it is quicker to look at the notes named by events than to walk the vault.
MOST_NAMED = 64

_AT_ONCE = 200  # people whose rows go in together

Progress = Callable[[int, int], None]  # notes done, notes to do


class Changes:
    """What `refresh` found to be different."""

    def __init__(self, *, is_new_day: bool, has_new_settings: bool, has_new_files: bool) -> None:
        self.added = self.changed = self.removed = 0
        self.is_new_day, self.has_new_settings = is_new_day, has_new_settings
        self.has_new_files = has_new_files  # attachments or problems of the folder itself
        self.has_other_pages = False  # of ours, which are no notes and counted nowhere
        self.linked: int | None = None  # as in the Report
        self.leftovers: set[str] = set()  # folders where a killed run left its temporary files
        self.paths: list[str] = []  # as in the Report

    def took(self, path: str, kind: str, *, is_new: bool) -> None:
        """A note of this kind was taken in."""
        if not self._name(path, kind):
            return
        if is_new:
            self.added += 1
        else:
            self.changed += 1

    def lost(self, path: str, kind: str) -> None:
        """A note of this kind was forgotten."""
        self.removed += self._name(path, kind)

    def _name(self, path: str, kind: str) -> bool:
        """Whether it is a note that counts."""
        if kind == PAGE:
            self.has_other_pages = True
        elif len(self.paths) < MOST_NAMED:
            self.paths.append(path)
        return kind != PAGE

    def __bool__(self) -> bool:
        return bool(
            self.added
            or self.changed
            or self.removed
            or self.is_new_day
            or self.has_new_settings
            or self.has_new_files
            or self.has_other_pages
        )


@dataclass(frozen=True, slots=True)
class _Task:
    """What the index is to be brought up to date with; `full` and `only` as in `refresh`."""

    vault: Vault
    index: Index
    settings: Settings
    settings_problems: tuple[Problem, ...]
    today: date
    full: bool
    only: Collection[str]


class _News(NamedTuple):
    """What one look at the vault, the settings and the day found, compared with one moment of the index."""

    scan: Scan
    found: Difference
    changes: Changes
    is_named: bool  # only the notes named were looked at
    facts: dict[str, str]  # to be kept of what the walk had to say
    files: str  # a digest of the files that hold settings

    def __bool__(self) -> bool:
        return bool(self.found.changed or self.found.gone or self.changes)


def refresh(
    vault: Vault,
    index: Index,
    settings: Settings,
    settings_problems: tuple[Problem, ...],
    today: date,
    *,
    full: bool = False,
    only: Collection[str] = (),
    walked: Walked | None = None,
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> Changes:
    """Brings the index up to date with the vault and the day; writes no note and no page.

    `only` names the notes that can have changed since the last run: these alone are looked at, if nothing
    speaks for a walk. `walked` is a walk just made, which spares another one unless somebody else has written to
    the index since. `workers` share the work where there is much to do.
    """
    task = _Task(vault, index, settings, settings_problems, today, full, only)
    with nullcontext(workers) if workers else Workers() as pool:
        run = partial(_refresh, workers=pool, progress=progress)
        try:
            return run(task, walked)
        except FormerNeeded:
            return run(replace(task, only=()), None, may_start_over=False)


def _refresh(
    task: _Task,
    walked: Walked | None,
    workers: Workers,
    progress: Progress | None,
    *,
    may_start_over: bool = True,
) -> Changes:
    vault, index, settings, today = task.vault, task.index, task.settings, task.today
    news = _find_news(task, walked)
    if not news:
        if not news.is_named:
            glance.settle(index, news.scan, news.found, glance.seen_under(settings, today, news.files))
        return news.changes
    with index.writing() as writer:
        if kept.moment(index.sql) != news.found.moment:
            # Another process has written since the comparison. From here on nobody else can.
            news = _find_news(task, None)
            if not news:
                return news.changes
        scan, found, changes, is_named, facts, files = news
        has_new_settings = changes.has_new_settings
        anew = None
        if may_start_over and not is_named and not writer.was_empty:
            anew = all_anew(vault, index.sql, scan, found, is_whole=has_new_settings)
        unsure = _take_in(
            vault,
            writer,
            workers,
            index,
            settings,
            scan,
            found,
            anew,
            changes,
            progress,
            force=has_new_settings,
        )
        if found.gone or anew is not None:
            vault.hold()
        for path in found.gone:
            if vault.stamp(path) is None or path not in scan.notes:
                changes.lost(path, writer.remove(path))
        if changes.has_new_files:
            writer.put_attachments(found.files, scan.attachments)
            writer.put_problems([*scan.problems, *task.settings_problems])
        writer.finish()
        is_for_all = changes.is_new_day or has_new_settings or anew is not None
        turn = ask.turn(index.sql) + bool(changes)
        parts = _rank(index, writer, workers, settings, today, everybody=is_for_all)
        if _is_inside_changed(index, settings, today) or parts is None:
            parts = {owed.ALL}
        if changes:
            ask.set_meta(index.sql, "turn", str(turn))
            owed.add(index.sql, parts | _owed_by(writer, has_new_files=changes.has_new_files), turn)
        writer.make_indexes()
        if not is_named:
            kept.put_facts(index.sql, facts)
            if not scan.unknown and files == glance.rules_digest(vault):
                sure = (writer.unsettled.union(found.folders) & scan.folders.keys()) - unsure
                kept.settle(index.sql, {path: scan.folders[path] for path in sure}, found.left)
                kept.put_facts(index.sql, glance.seen_under(settings, today, files))
        ranked_for = _ranked_for(settings, today)
        for key, value in (("reading", digest_of(settings.reading())), ("ranked", ranked_for)):
            ask.set_meta(index.sql, key, value)
    return changes


def _find_news(task: _Task, walked: Walked | None) -> _News:
    """Looks at the vault and compares it with the index as it is now."""
    vault, index, settings, today, full = task.vault, task.index, task.settings, task.today, task.full
    moment = kept.moment(index.sql)
    files = glance.rules_digest(vault)
    has_new_settings = full or ask.meta(index.sql, "reading") != digest_of(settings.reading())
    named = None if full else _look(vault, index, settings, today, task.only)
    if named is not None:
        scan = named
        found = compare_named(index.sql, scan, task.only)
    else:
        before = walked.scan if walked is not None and walked.moment == moment else None
        scan, found = _walk(vault, index, settings, before, is_whole=has_new_settings)
        if found.before and not (scan.notes or full) and vault.is_empty():
            raise WorldFailed(
                f'the vault "{vault.root}" is empty, though it held notes; is its drive mounted?',
                "where you emptied it yourself, run: mdmentor reindex --full",
            )
    found.moment = moment
    facts = {
        "scan": problems_digest(scan),
        "settings told": digest_of([str(p) for p in task.settings_problems]),
    }
    changes = Changes(
        is_new_day=ask.meta(index.sql, "ranked") != _ranked_for(settings, today),
        has_new_settings=has_new_settings,
        has_new_files=named is None
        and (found.has_new_files or ask.meta(index.sql, "settings told") != facts["settings told"]),
    )
    changes.linked = scan.linked if named is None else None
    changes.leftovers = scan.leftovers
    return _News(scan, found, changes, named is not None, facts, files)


def _take_in(
    vault: Vault,
    writer: Writer,
    workers: Workers,
    index: Index,
    settings: Settings,
    scan: Scan,
    found: Difference,
    anew: Anew | None,
    changes: Changes,
    progress: Progress | None,
    *,
    force: bool,
) -> set[str]:
    """Reads the notes that changed, or all where they are taken in `anew`; with `force` whatever they say.

    Answers the folders where a note was read otherwise than the walk saw it.
    """
    before: Set[str] = found.before.keys()
    notes, paths = scan.notes, found.changed
    if anew is not None:
        writer.start_over()
        notes, paths, before = anew.notes, list(anew.notes), anew.hashes.keys()
    unsure: set[str] = set()
    jobs = writer.expect(paths)
    if force:
        jobs = ((path, number, None) for path, number, _ in jobs)
    done = 0
    reader = Reader(vault.folder, settings, scan.started)
    for outcomes, rows in read_notes(reader, workers, jobs, len(paths)):
        if progress is not None:
            progress(done, len(paths))
        done += len(outcomes)
        writer.take(rows)
        taken = iter(rows["note"])
        for what, path, stamp, is_young in outcomes:
            if stamp != notes.get(path):
                unsure.add(path.rpartition("/")[0])
            if what == ROWS:
                row = next(taken)
                if force or anew is None or row[-1] != anew.hashes.get(path):
                    changes.took(path, str(row[3]), is_new=path not in before)
            elif anew is not None:
                raise FormerNeeded
            elif what == SAME:
                writer.touch(path, stamp, is_young)
            elif what == CARE:
                from mdmentor.care import take_with_care

                take_with_care(
                    vault, writer, index, path, settings, scan.started, before, changes, force=force
                )
    if progress is not None and paths:
        progress(len(paths), len(paths))
    return unsure


def _owed_by(writer: Writer, *, has_new_files: bool) -> set[str]:
    """What pages and blocks must tell anew for what the writer took in, parts of people aside."""
    people, linked = writer.ties | writer.changed, writer.linked | writer.changed
    if writer.is_much or writer.lost_people:
        return {owed.ALL}
    told = {*map(owed.person, people | writer.related), *map(owed.backlinks, linked)}
    if len(told) > owed.MOST:
        told = {owed.BLOCKS}
    told.update({owed.POSTS} if writer.bears_on_posts else ())
    told.update({owed.RELATIONS} if writer.relations_changed else ())
    told.update({owed.INTRODUCERS} if writer.introducers_changed else ())
    told.update({owed.PROBLEMS} if writer.problems_changed or has_new_files else ())
    return told


def _walk(
    vault: Vault, index: Index, settings: Settings, walked: Scan | None, *, is_whole: bool
) -> tuple[Scan, Difference]:
    """What lies in the vault, and what of that the index does not know; everything where all is read anew."""
    if is_whole:
        scan = vault.scan(settings)
        return scan, everything(index.sql, scan)
    scan = walked or vault.scan(settings, settled(index.sql))
    found = compare(index.sql, scan)
    if found is None:
        scan = vault.scan(settings)
        found = compare(index.sql, scan)
        assert found is not None, "nothing was left aside"
    return scan, found


def _look(vault: Vault, index: Index, settings: Settings, today: date, only: Collection[str]) -> Scan | None:
    """What there is of the notes named, where that tells as much as a walk would; else None."""
    if not only or len(only) > MOST_NAMED or not all(path.endswith(".md") for path in only):
        return None
    if not is_current(index, settings, today) or known.has_problem_of_its_own(index.sql, only):
        return None
    scan = vault.look(only, settings)
    return None if scan.problems or scan.unknown or scan.ignored or scan.linked else scan


def is_current(index: Index, settings: Settings, today: date) -> bool:
    """True where the index was made under these settings and for this day, whatever the notes say by now."""
    return ask.meta(index.sql, "reading") == digest_of(settings.reading()) and ask.meta(
        index.sql, "ranked"
    ) == _ranked_for(settings, today)


def _ranked_for(settings: Settings, today: date) -> str:
    """The day, the settings and the version by whose rules people stand where they do."""
    settled = digest_of(settings.per_day, settings.tiers, settings.employer)
    return "|".join((today.isoformat(), settled, mdmentor.__version__))


def _is_inside_changed(index: Index, settings: Settings, today: date) -> bool:
    """True when others than before work where the user works: a company's note may have been named anew."""
    told = ""
    if settings.employer:
        from mdmentor.answers import Answers

        told = digest_of(sorted(Answers(index, settings, today).inside_paths()))
    if told == ask.meta(index.sql, "inside"):
        return False
    ask.set_meta(index.sql, "inside", told)
    return True


def _rank(
    index: Index,
    writer: Writer,
    workers: Workers,
    settings: Settings,
    today: date,
    *,
    everybody: bool,
) -> set[str] | None:
    """Looks again at those whose standing may have changed; the parts of their shares that did, None for all."""
    live = ask.live_topics(index.sql)
    live_now = digest_of(sorted(live.items()))
    everybody = everybody or live_now != ask.meta(index.sql, "live")
    if not (everybody or writer.ties):
        return set()
    from mdmentor.assessing import Assessor, assess_people
    from mdmentor.index import inserting, shares, standings

    parts: set[str] = set()
    assessor = Assessor(settings, today, live)
    if everybody:
        writer.make_last(standings.all_anew(index.sql))
        shares.clear(index.sql)
        count = ask.counts(index.sql).get(CONTACT, 0)
        assessed = assess_people(assessor, workers, ask.told_of_people(index.sql), count)
        while some := list(islice(assessed, _AT_ONCE)):
            inserting.insert(index.sql, "standing", [standing for standing, _ in some])
            inserting.insert(index.sql, "share", [share for _, share in some])
            writer.make_index()  # while workers assess the next
    else:
        paths = ask.paths_of(index.sql, writer.ties)
        assessed = assess_people(assessor, workers, ask.told_of_people(index.sql, paths), len(paths))
        while some := list(islice(assessed, _AT_ONCE)):
            parts |= shares.changed_parts(index.sql, (share for _, share in some))
            standings.put(index.sql, (standing for standing, _ in some))
            shares.put(index.sql, (share for _, share in some))
    ask.set_meta(index.sql, "live", live_now)
    return None if everybody else parts
