"""The commands that bring in people from other programs, and write people and dates as files that these read."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import date, datetime
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from mdmentor.cli import output
from mdmentor.cli.options import Day, clock_today, editing, today_option, vault_option
from mdmentor.core.text import counted
from mdmentor.errors import RefusedToWrite, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.import_people import ImportPlan
    from mdmentor.queries import Queries

EXTRA = ("anyascii", "icalendar", "rapidfuzz")  # the packages of the extra `doors`
INSTALL = 'install it with: pip install "mdmentor[doors]"'
EXPORTS = ("vcard", "csv", "json", "ics")
_FORMATS = ("vcard", "google", "linkedin", "monica")
_SHOWN = 20  # new people named in a preview; of more the companies are counted, too
_COUNTED = 15  # companies, and kinds of what is left out


def missing(*packages: str) -> str:
    """Those of these packages of the extra `doors` that are not installed."""
    return ", ".join(name for name in packages if find_spec(name) is None)


@click.command("import")
@click.argument("file")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="The file's format; default: recognized by what is in it.",
)
@click.option("--yes", is_flag=True, help="Go ahead; without this, nothing is written.")
@click.option("--only", default="", metavar="COMPANY", help="Only people at this company.")
@click.option("--since", type=Day(past=True), metavar="DATE", help="Only people met on or after this day.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most this many new people.")
@click.option("--take", multiple=True, metavar="KEY", help="Where this key differs, take the file's value.")
@click.option(
    "--make-unsure", "makes_unsure", is_flag=True, help="Also make notes for people who may be there already."
)
@click.option("--strict", "is_strict", is_flag=True, help="Write nothing if a note cannot be changed safely.")
@editing
def import_(editor: NoteEditor, file: str, form: str | None, yes: bool, as_json: bool, **given: Any) -> int:
    """Bring in the people of FILE: vCards (or a folder of them), CSV of Google or Outlook, LinkedIn's archive or
    its Connections.csv, Monica's JSON; - is stdin.

    Shows what it would do. With --yes it makes notes of new people and fills gaps in the notes of those who
    are there already, as one edit that undo takes back. A value already in a note stays.

    \b
    Example:
      mdmentor import contacts.vcf
      mdmentor import Connections.csv --only "Alder Grid" --since 2025-01-01 --yes
    """
    if packages := missing(*EXTRA):
        raise UnknownName(f"import needs {packages}", INSTALL)
    from mdmentor.actions.import_people import Choices, Importer, carry_out
    from mdmentor.actions.people_files import open_people
    from mdmentor.reindex.workers import Workers

    given["take"] = tuple(map(_key, given["take"]))
    choices = Choices(**given, writes=yes)
    importer = Importer(editor, choices, datetime.now().astimezone())
    with Workers() as workers:
        with (
            output.progress_bar("reading people") as progress,
            open_people(file, form or "", editor.queries.today, sys.stdin, progress, workers) as opened,
        ):
            for one in opened.people:
                importer.add(one)
        with output.progress_bar("making notes") as progress:
            plan = importer.plan(progress, workers)
    is_refused = bool(plan.refused) and yes
    if is_refused and choices.is_strict:
        raise RefusedToWrite(f"{plan.refused[0].what}, so nothing was written", plan.refused[0].fix)
    if yes:
        carry_out(editor, plan, opened.name)
    if as_json:
        output.json_document(_import_json(plan, opened.format))
    else:
        _print_import(plan, is_done=yes)
    return 1 if is_refused else 0


def _key(word: str) -> str:
    """The canonical key that is meant. Raises a usage error for none."""
    from mdmentor.core.frontmatter.keys import key_named
    from mdmentor.formats.person import BESIDE

    if not (name := key_named(word).name) and word not in BESIDE:
        raise click.UsageError(f'"{word}" is not a key of a contact')
    return name or word


def _import_json(plan: ImportPlan, form: str) -> dict[str, object]:
    shown: dict[str, object] = {**vars(plan), "written": bool(plan.changes)}
    for name in ("new", "filled", "unsure", "skipped", "kept"):
        shown[name] = [one._asdict() for one in getattr(plan, name)]
    del shown["refused"], shown["changes"]
    shown |= {"left_out": _most_first(plan.left_out), "companies": _most_first(plan.companies)}
    return {"format": form, **shown}


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _print_import(plan: ImportPlan, *, is_done: bool) -> None:
    _list("New", [f"{one.name}: {one.path}" for one in plan.new], _SHOWN)
    companies = [f"{name} {number}" for name, number in _most_first(plan.companies).items()]
    if len(plan.new) > _SHOWN and companies:
        output.paragraph(f"By company: {_first(companies)}", "    ", first="  ")
    _list("Fills gaps in", [f"{one.path}: {', '.join(one.keys)}" for one in plan.filled])
    if plan.same:
        output.line(f"Same: {plan.same}, with nothing new")
    unsure = [f"{one.name}: perhaps {one.path} ({one.why})" for one in plan.unsure]
    _list("Unsure, left for you to decide", unsure)
    kept = "{0.path}: {0.key}: kept {1}, the file says {0.file}"
    _list("Kept as the note has it", [kept.format(k, k.kept or "what the note says") for k in plan.kept])
    _list("Skipped", [*map(str, plan.skipped)])
    if plan.left_out:
        left_out = [f"{number} x {what}" for what, number in _most_first(plan.left_out).items()]
        output.paragraph(f"Left out: {_first(left_out)}")
    if plan.not_asked_for:
        output.line(f"Not asked for: {plan.not_asked_for}, by --only, --since or --limit")
    if not plan.new and not plan.filled:
        output.line("Nothing to write.")
    elif is_done:
        output.say(f"{len(plan.new)} new, {len(plan.filled)} filled; take it back with: mdmentor undo")
    else:
        output.say("this is what would be written; nothing is written without --yes")


def _first(words: list[str]) -> str:
    more = f" and {len(words) - _COUNTED} more" if len(words) > _COUNTED else ""
    return ", ".join(words[:_COUNTED]) + more


def _list(title: str, lines: list[str], most: int = sys.maxsize) -> None:
    if lines:
        output.line(f"{title}: {len(lines)}", bold=True)
        output.lines(f"  {line}" for line in lines[:most])
    if len(lines) > most:
        output.line(f"  and {len(lines) - most} more; --json lists all", dim=True)


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
@click.argument("form", metavar="FORMAT", type=click.Choice(EXPORTS, case_sensitive=False))
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
    _check_export(wanted)
    with open_queries(vault, today or clock_today()) as queries:
        if wanted.file != "-" or wanted.folder is not None:
            return _write_export(queries, wanted)
        pieces, confidential = _document(queries, wanted)
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())  # as it is: its line ends are its own
        _say_confidential(confidential, wanted)
        return 0


def _check_export(wanted: Wanted) -> None:
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


def _document(queries: Queries, wanted: Wanted) -> tuple[Iterable[str], int]:
    """The pieces of the document, and how many people are confidential."""
    if wanted.form != "ics":
        from mdmentor.exports import Exporter

        exporter = Exporter(queries, wanted.form, asked=wanted.confidential)
        return chain(["\ufeff"] if wanted.bom else (), exporter.render()), exporter.confidential
    from mdmentor.calendar_feed import Options, calendar_of
    from mdmentor.formats.content_lines import render_calendar

    calendar, confidential = calendar_of(queries, Options(wanted.confidential, wanted.alarm, wanted.weekdays))
    return [render_calendar(calendar)], confidential


def _write_export(queries: Queries, wanted: Wanted) -> int:
    """Writes the file or folder, and says what was written; 1 where cards that somebody else changed were left."""
    from mdmentor.export_files import WrittenCards, refuse_place, write_cards, write_file

    named = wanted.file if wanted.folder is None else wanted.folder
    place = os.path.expanduser(named)
    refuse_place(place, queries.index.root, queries.settings)
    if wanted.folder is None:
        pieces, confidential = _document(queries, wanted)
        is_new = write_file(place, "".join(pieces).encode(), force=wanted.force)
        done = WrittenCards(int(is_new), 0, int(not is_new), ())
        words = [f"{'wrote' if is_new else 'nothing new for'} {named}"]
    else:
        from mdmentor.exports import Exporter

        exporter = Exporter(queries, "vcard", asked=wanted.confidential)
        confidential = exporter.confidential
        done = write_cards(place, exporter.vcards(), force=wanted.force)
        written = counted(done.written, "card")
        words = [f"{named}: {written} written, {done.removed} removed, {done.unchanged} unchanged"]
        left = "was changed by another program, so it was left as it is"
        words += [f"{os.path.join(named, name)} {left}" for name in done.left]
        if done.left:
            words.append("take such changes in with: mdmentor import DIR, or replace them with --force")
    if wanted.as_json:
        left_out, included = (0, confidential) if wanted.confidential else (confidential, 0)
        numbers = done._asdict() | {"left_out": left_out, "included": included}
        output.json_document({"format": wanted.form, "to": named, **numbers})
    else:
        output.say(*words)
        _say_confidential(confidential, wanted)
    return 1 if done.left else 0


def _say_confidential(number: int, wanted: Wanted) -> None:
    if number:
        people = counted(number, "confidential person is", "confidential people are")
        left_out = "left out; --with-confidential includes them"
        output.say(f"{people} {'included' if wanted.confidential else left_out}")
