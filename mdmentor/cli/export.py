"""The command that writes people and dates as files that other programs read."""

from __future__ import annotations

import os
import sys
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mdmentor.cli import output
from mdmentor.cli.options import clock_today, today_option, vault_option
from mdmentor.core.text import counted
from mdmentor.export_files import WrittenCards, refuse_place, write_cards, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdmentor.queries import Queries

FORMATS = ("vcard", "csv", "json", "ics")


class Wanted(NamedTuple):
    """What the user asked of an export."""

    form: str
    file: str  # "-" for stdout
    folder: str | None
    force: bool
    confidential: bool
    bom: bool
    alarm: int | None  # minutes after midnight
    weekdays: bool
    as_json: bool  # a report instead of words; the document itself is no report


def _clock(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    from mdmentor.config import parse_clock

    minutes = parse_clock(value)
    if value is not None and minutes is None:
        raise click.BadParameter(f'"{value}" is not a time; write 09:00')
    return minutes


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS, case_sensitive=False))
@click.option("--output", "-o", "file", default="-", metavar="FILE", help="Where to; default: -, stdout.")
@click.option("--to", "folder", metavar="DIR", help="vcard: a file for each person, in this folder.")
@click.option("--force", is_flag=True, help="Replace files that mdmentor did not write.")
@click.option(
    "--with-confidential", "confidential", is_flag=True, help="Include confidential people, this once."
)
@click.option("--bom", is_flag=True, help="csv: begin with a byte order mark, so that Excel reads UTF-8.")
@click.option(
    "--alarms", "alarm", metavar="HH:MM", callback=_clock, help="ics: an alarm at this time of each day."
)
@click.option("--weekdays", is_flag=True, help="ics: on a weekend, put whom to reach out to on Monday.")
@click.option(
    "--json", "as_json", is_flag=True, help="Report what was written as JSON; with --output or --to."
)
@vault_option
@today_option
def export(vault: str | None, today: date | None, **given: Any) -> int:
    """Write your people as vcard (4.0), csv or json, or your calendar as ics.

    Nothing private is written, and nobody confidential unless you ask for it each time. An existing file is
    replaced only if mdmentor wrote it, and is not touched if nothing in it would change.

    \b
    Example:
      mdmentor export vcard --to ~/contacts
      mdmentor export csv --output people.csv
      mdmentor export ics --output ~/calendars/people.ics --alarms 09:00
    """
    from mdmentor.cli.session import open_queries

    wanted = Wanted(**given)
    _check(wanted)
    with open_queries(vault, today or clock_today()) as queries:
        return _to_folder(queries, wanted) if wanted.folder is not None else _to_file(queries, wanted)


def _check(wanted: Wanted) -> None:
    """Raises a usage error for options that do not go together."""
    if wanted.folder is not None and wanted.form != "vcard":
        raise click.UsageError("--to writes a folder of vCards: export vcard --to DIR")
    if wanted.folder is not None and wanted.file != "-":
        raise click.UsageError("give --output FILE or --to DIR, not both")
    if wanted.bom and wanted.form != "csv":
        raise click.UsageError("--bom is for csv")
    if (wanted.alarm is not None or wanted.weekdays) and wanted.form != "ics":
        raise click.UsageError("--alarms and --weekdays are for ics")
    if wanted.as_json and wanted.file == "-" and wanted.folder is None:
        raise click.UsageError("--json reports what was written: give --output FILE or --to DIR")
    if not wanted.file or wanted.folder == "":
        raise click.UsageError("the name of the file is empty")


def _to_file(queries: Queries, wanted: Wanted) -> int:
    file = os.path.expanduser(wanted.file)
    if file != "-":
        refuse_place(file, queries.index.root, queries.settings)
    pieces, confidential = _document(queries, wanted)
    if file == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())  # as it is: its line ends are its own
        _say_confidential(confidential, wanted)
        return 0
    is_new = write_file(file, "".join(pieces).encode(), force=wanted.force)
    words = f"{'wrote' if is_new else 'nothing new for'} {wanted.file}"
    _report(wanted, confidential, WrittenCards(int(is_new), 0, int(not is_new), ()), [words])
    return 0


def _document(queries: Queries, wanted: Wanted) -> tuple[Iterable[str], int]:
    """The pieces of the document, and how many people are confidential."""
    if wanted.form != "ics":
        from mdmentor.exports import render

        pieces, confidential = render(queries, wanted.form, asked=wanted.confidential)
        return chain(("\ufeff",) if wanted.bom else (), pieces), confidential
    from mdmentor.calendar_feed import Options, calendar_of
    from mdmentor.formats.calendar_writer import render_calendar

    calendar, confidential = calendar_of(queries, Options(wanted.confidential, wanted.alarm, wanted.weekdays))
    return [render_calendar(calendar)], confidential


def _report(wanted: Wanted, confidential: int, done: WrittenCards, words: Iterable[str]) -> None:
    """Says in these words what was written; or as JSON, with the numbers of confidential people left out or included."""
    if not wanted.as_json:
        output.say(*words)
        _say_confidential(confidential, wanted)
        return
    document = {
        "format": wanted.form,
        "to": wanted.folder or wanted.file,
        **done._asdict(),
        "left_out": 0 if wanted.confidential else confidential,
        "included": confidential if wanted.confidential else 0,
    }
    output.json_document(document)


def _to_folder(queries: Queries, wanted: Wanted) -> int:
    """Exits 1 where cards that somebody else changed were left as they are."""
    from mdmentor.core.trust import VCARD
    from mdmentor.exports import Exporter

    assert wanted.folder is not None
    folder = os.path.expanduser(wanted.folder)
    refuse_place(folder, queries.index.root, queries.settings)
    exporter = Exporter(queries, VCARD, asked=wanted.confidential)
    done = write_cards(folder, exporter.vcards(), force=wanted.force)
    written = counted(done.written, "card")
    words = [f"{wanted.folder}: {written} written, {done.removed} removed, {done.unchanged} unchanged"]
    left = "was changed by another program, so it was left as it is"
    words += [f"{os.path.join(wanted.folder, name)} {left}" for name in done.left]
    if done.left:
        words.append("take such changes in with: mdmentor import DIR, or replace them with --force")
    _report(wanted, exporter.confidential, done, words)
    return 1 if done.left else 0


def _say_confidential(number: int, wanted: Wanted) -> None:
    people = counted(number, "confidential person", "confidential people")
    are = "is" if number == 1 else "are"
    if number and wanted.confidential:
        output.say(f"{people} {are} included")
    elif number:
        output.say(f"{people} {are} left out; --with-confidential includes them")
