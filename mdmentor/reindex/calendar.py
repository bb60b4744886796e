"""The calendar that the settings name, written where its bytes differ: never a note, never over a file of others."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mdmentor.errors import RefusedToWrite, UnknownName, WorldFailed
from mdmentor.reindex.run import Report, Run

if TYPE_CHECKING:
    from mdmentor.queries import Queries


def calendar_path(run: Run) -> str:
    """Where the calendar is: `~` is the home, and what does not begin at the root begins at the vault's."""
    return os.path.join(run.vault.folder, os.path.expanduser(run.settings.calendar_file))


def is_calendar_there(run: Run) -> bool:
    return not run.settings.calendar_file or os.path.exists(calendar_path(run))


def write_calendar(run: Run, queries: Queries, report: Report) -> None:
    """Writes the calendar if the settings name one; with `check` a stale one is reported as such."""
    name = run.settings.calendar_file
    if not name:
        return
    from mdmentor.calendar_feed import Options, calendar_of
    from mdmentor.export_files import holds, refuse_place, write_file
    from mdmentor.formats.calendar_writer import render_calendar

    options = Options(alarm=run.settings.calendar_alarm, weekdays=run.settings.calendar_weekdays)
    calendar, _ = calendar_of(queries, options)
    path, data = calendar_path(run), render_calendar(calendar).encode()
    report.looked_at.add(name)
    if run.check:
        report.stale += [] if holds(path, data) else [name]
        return
    try:
        refuse_place(path, run.vault.folder, run.settings)
        if write_file(path, data):
            report.pages_written.append(name)
    except (RefusedToWrite, UnknownName) as error:
        report.leave(name, f"the calendar was not written: {error.what}; name another file in mdmentor.toml")
    except WorldFailed as error:
        report.failed[name] = error
