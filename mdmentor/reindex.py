"""The one use case: what changed in the vault -> index -> pages; command line, watcher and git hook all call it.

What makes pages is loaded once a page is out of date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from mdmentor import glance
from mdmentor.comparing import Walked
from mdmentor.config import load_settings
from mdmentor.core.model import CONTACT, PAGE, POST, Problem
from mdmentor.core.settings import Settings
from mdmentor.index import Index, ask, owed, tables
from mdmentor.index.bearing import LIST_TOLD, POSTS_TOLD
from mdmentor.report import Report
from mdmentor.vault import Vault
from mdmentor.workers import Workers

if TYPE_CHECKING:
    from mdmentor.answers import Answers
    from mdmentor.hands.ticked import Carried
    from mdmentor.refresh import Progress


def reindex(
    vault: Vault,
    index: Index,
    today: date,
    *,
    full: bool = False,
    check: bool = False,
    only: Collection[str] = (),
    is_resting: Callable[[str], bool] | None = None,
    is_called: Callable[[], bool] | None = None,
    hook: str = "",
    walked: Walked | None = None,
    progress: Progress | None = None,
) -> Report:
    """Brings index, pages and blocks up to date with the notes, the settings and the day.

    With `check` no file is written; what would be is told as stale. Writes pages only over files that bear
    our mark, and blocks only where nothing was changed by hand. `only` as in `refresh`. A file that
    `is_resting` denies is being written by somebody else: it is left for a later run, and told as waiting.
    `is_called` tells, between two pages, that there is something newer to do: the first page is the one that is
    looked at, the others are still owed then, and the report says that the run is unfinished.
    `hook` names the hook of git that calls, and `walked` is a walk just made. An index found damaged on the way is built again.
    """
    settings, problems, _ = load_settings(vault.folder)
    with Workers() as workers:
        run = partial(
            _reindex,
            vault,
            index,
            workers,
            settings,
            problems,
            today,
            full,
            check,
            is_resting,
            is_called,
            hook,
            progress,
        )
        try:
            return run(only, walked)
        except sqlite3.DatabaseError as error:
            if not tables.is_damage(error):
                raise
            index.start_over()
            return run((), None)
        finally:
            with suppress(sqlite3.Error):
                tables.cache_as_usual(index.sql)


def _reindex(
    vault: Vault,
    index: Index,
    workers: Workers,
    settings: Settings,
    settings_problems: tuple[Problem, ...],
    today: date,
    full: bool,
    check: bool,
    is_resting: Callable[[str], bool] | None,
    is_called: Callable[[], bool] | None,
    hook: str,
    progress: Progress | None,
    only: Collection[str],
    walked: Walked | None,
) -> Report:
    words = [] if check else _mend_edits(vault, index)
    if words:
        walked, only = None, ()  # a note that was taken back is not as the walk found it
    from mdmentor.refresh import refresh

    changes = refresh(
        vault,
        index,
        settings,
        settings_problems,
        today,
        full=full,
        only=only,
        walked=walked,
        workers=workers,
        progress=progress,
    )
    report = Report()
    report.added, report.changed, report.removed = changes.added, changes.changed, changes.removed
    report.linked, report.paths = changes.linked, changes.paths
    if not check:
        for folder in changes.leftovers:
            vault.clean_up(folder)
    untouched = glance.pages_are_as_written(vault, index)
    has_other_problems = False
    if check or full or not untouched or owed.told(index.sql):
        from mdmentor import site
        from mdmentor.answers import Answers
        from mdmentor.pages_on_disk import bring_up_to_date, remember

        answers = Answers(index, settings, today)
        ticks = _answer_ticks(vault, answers, check=check, is_resting=is_resting, hook=hook)
        if ticks.written:
            paths = {written.path for written in ticks.written}
            refresh(vault, index, settings, settings_problems, today, only=paths, workers=workers)
            report.changed += len(paths.difference(report.paths))
            report.paths = sorted(paths.union(report.paths))
            words += [f"carried out: {written}" for written in ticks.written]
        everything = check or full or not untouched or bool(ticks.written)
        seen = {ticks.path: ticks.seen} if ticks.path else {}

        def leave_off() -> bool:
            report.is_unfinished = report.is_unfinished or (is_called is not None and is_called())
            return report.is_unfinished

        with index.reading():
            turn = ask.turn(index.sql)
            things = frozenset({owed.ALL}) if everything else owed.told(index.sql)
            result = bring_up_to_date(
                vault,
                answers,
                site.build_pages(answers, things, left=ticks.left, is_called=leave_off),
                (path for path in site.blocks_to_renew(answers, things) if not report.is_unfinished),
                check=check,
                is_resting=is_resting,
                hook=hook,
                seen=seen,
            )
            list_told = "" if ticks.left else site.list_told(answers)
            posts_told = None if things.isdisjoint((owed.ALL, owed.POSTS)) else _numbers_of_posts(answers)
        has_other_problems = result.wrote_notes() or not things.isdisjoint((owed.ALL, owed.PROBLEMS))
        if not check:
            remember(vault, answers, settings, result)
        result.raise_failure(words)
        report.pages_written, report.stale, report.words = result.written, result.stale, result.words
        report.taken_away = result.taken_away
        report.left, report.looked_at = result.left, result.looked_at
        report.waiting, report.waits_for_git = result.waiting, result.waits_for_git
        if not (check or report.is_unfinished or result.waiting or result.waits_for_git):
            with index.writing():
                owed.settle(index.sql, turn)
                ask.set_meta(index.sql, LIST_TOLD, list_told)
                if posts_told is not None:
                    ask.set_meta(index.sql, POSTS_TOLD, posts_told)
                    if ask.turn(index.sql) != turn:
                        # whoever has written since did not know of which posts the page tells now
                        owed.add(index.sql, (owed.POSTS,), turn + 1)
    report.words = words + report.words
    counts = ask.counts(index.sql)
    report.notes = sum(counts.values()) - counts.get(PAGE, 0)
    report.contacts, report.posts = counts.get(CONTACT, 0), counts.get(POST, 0)
    report.problems = _count_problems(index, is_known=not has_other_problems)
    glance.remember_counts(index, report)
    return report


def _numbers_of_posts(answers: Answers) -> str:
    """The notes of which the page "Posts and people" tells, besides goals, by number."""
    rows = (ask.note_row(answers.sql, path) for path, _ in answers.posts_told()[0])
    return ",".join(str(row[0]) for row in rows if row)


def _count_problems(index: Index, *, is_known: bool) -> tuple[int, int, int]:
    """How many problems, hints and loose links there are; counted anew unless they are those of the last run."""
    known = glance.known_problems(index) if is_known else None
    return known or ask.count_problems(index.sql)


def _mend_edits(vault: Vault, index: Index) -> list[str]:
    """Takes back an edit of notes that was cut short; words for the user."""
    if not glance.has_open_edit(index):
        return []
    from mdmentor.hands.write import mend

    return mend(vault, index.path)


def _answer_ticks(
    vault: Vault,
    answers: Answers,
    *,
    check: bool,
    is_resting: Callable[[str], bool] | None,
    hook: str,
) -> Carried:
    """What was ticked on the page Reach out next, carried out unless nothing may be written just now."""
    from mdmentor import git
    from mdmentor.hands.ticked import look_at_ticks

    found = look_at_ticks(vault, answers)
    if not found.path or found.is_bare or check or git.is_merging(vault.folder, hook):
        return found
    is_as_left = vault.stamp(found.path) == ask.pages(answers.sql).get(found.path)
    if not is_as_left and is_resting is not None and not is_resting(found.path):
        return found
    from mdmentor.hands.ticks import carry_out_ticks

    return carry_out_ticks(vault, answers)
