"""The one use case: what changed in the vault -> index -> pages. Command line, watcher and git hook all call it."""

from __future__ import annotations

import os
import sqlite3

from mdmentor.core.model import CONTACT, PAGE, POST
from mdmentor.files import has_open_edit
from mdmentor.index import notes, state
from mdmentor.index.writer import Writer, writing
from mdmentor.reindex.run import Changes, Events, Report, Run, plan_run
from mdmentor.reindex.update_index import look, update_index
from mdmentor.reindex.workers import Workers

__all__ = ["Changes", "Events", "Report", "Run", "plan_run", "reindex"]


def reindex(run: Run) -> Report:
    """Brings index, pages and blocks up to date with the notes, the settings and the day.

    Pages are written only over files with our mark, and blocks only where nothing was changed by hand. A run is one
    transaction. An index found damaged on the way is built again.
    """
    words: list[str] = []
    if not run.check and has_open_edit(run.index.path):
        from mdmentor.actions.undo import roll_back_unfinished

        words = roll_back_unfinished(run.vault, run.index.path)
        run = run._replace(only=())  # the notes that were rolled back changed too
    try:
        report = _run_once(run)
    except sqlite3.DatabaseError as error:
        run.index.start_over(error)
        report = _run_once(run._replace(only=()))
    report.words = words + report.words
    report.raise_failure()
    return report


def _run_once(run: Run) -> Report:
    report = Report()
    with writing(run.index) as writer, Workers() as workers:
        report.changes = update_index(run, writer, workers, look(run))
        if run.check or run.full or not are_pages_current(run):
            _bring_pages_up_to_date(run, writer, workers, report)
        counts = notes.counts(run.index)
        report.notes = sum(counts.values()) - counts.get(PAGE, 0)
        report.contacts, report.posts = counts.get(CONTACT, 0), counts.get(POST, 0)
        report.problems = notes.count_problems(run.index)
    if not run.check:
        for folder in report.changes.leftovers:
            run.vault.clean_up(folder)
    return report


def are_pages_current(run: Run) -> bool:
    """True while every page shows what the index holds, and is the file that we wrote last."""
    now, pages = state.load(run.index), state.page_stamps(run.index)
    return (
        now.pages_revision == now.revision
        and bool(pages or not run.settings.pages_made)
        and all(run.vault.stamp(path) == stamp for path, stamp in pages.items())
        and (not run.settings.calendar_file or os.path.exists(run.calendar_path))
    )


def _bring_pages_up_to_date(run: Run, writer: Writer, workers: Workers, report: Report) -> None:
    """Carries out the ticks on the page Reach out next, moves what was typed, then renders all pages and blocks."""
    from mdmentor.queries import Queries
    from mdmentor.reindex import page_texts, pages

    queries = Queries(run.index, run.settings, run.today)
    ticks = pages.carry_out_ticks(run, queries)
    report.words += ticks.refused()
    moved, written_to = pages.move_typed_text(run, queries, report)
    if paths := written_to | {written.path for written in ticks.written}:
        again = run._replace(only=paths, full=False)
        update_index(again, writer, workers, look(again))
        report.changes.changed += len(paths.difference(report.changes.paths))
        report.changes.paths = sorted(paths.union(report.changes.paths))
        report.words += [f"carried out: {written}" for written in ticks.written]
        queries = Queries(run.index, run.settings, run.today)
    seen = {ticks.path: ticks.seen} if ticks.path else {}
    page_writer = pages.PageWriter(run, writer, report, seen, moved)
    if page_writer.waits_for_git():
        return
    if not run.check:
        run.vault.clean_up(run.settings.pages_folder)
    begun = page_texts.begin_pages(queries, workers)
    try:
        page_writer.write(*page_texts.render_first_page(queries, ticks.left))
        page_writer.renew_blocks(queries, notes.notes_with_blocks(run.index))
        # without cached answers: a block that was renewed moves the lines below it
        queries = Queries(run.index, run.settings, run.today)
        for path, text in page_texts.render_other_pages(queries, begun, page_writer.pause):
            page_writer.write(path, text)
        pages.write_calendar(run, queries, report)
    except pages.Interrupted:
        report.is_unfinished = True
    page_writer.delete_left_behind()
    page_writer.finish(is_complete=not report.is_unfinished)
