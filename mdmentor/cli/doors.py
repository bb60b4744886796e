"""The command that brings in people from other programs."""

from __future__ import annotations

import sys
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output
from mdmentor.cli.options import Day, editing, json_option, today_option
from mdmentor.errors import RefusedToWrite, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.import_people import Choices, ImportPlan

EXTRA = ("anyascii", "icalendar", "rapidfuzz")  # the packages of the extra `doors`
_INSTALL = 'install it with: pip install "mdmentor[doors]"'
_FORMATS = ("vcard", "google", "linkedin", "monica")
_SHOWN = 20  # new people named in a preview; of more the companies are counted, too
_COMPANIES = 15


def require_extra(what: str) -> None:
    """Raises UnknownName unless the extra `doors` is installed."""
    if missing := _missing(EXTRA):
        raise UnknownName(f"{what} needs {', '.join(missing)}", _INSTALL)


def say_without_extra(what: str, packages: tuple[str, ...]) -> None:
    """Says what is not done where one of these packages of the extra is missing."""
    if missing := _missing(packages):
        output.say(f"{what} without {', '.join(missing)}; {_INSTALL}")


def _missing(packages: tuple[str, ...]) -> list[str]:
    return [name for name in packages if find_spec(name) is None]


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
@json_option
@today_option
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
    require_extra("import")
    from mdmentor.actions.import_people import Choices, carry_out

    given["take"] = tuple(map(_key, given["take"]))
    choices = Choices(**given, writes=yes)
    plan, kind = _plan(editor, file, form or "", choices)
    is_refused = bool(plan.refused) and yes
    if is_refused and choices.is_strict:
        raise RefusedToWrite(f"{plan.refused[0].what}, so nothing was written", plan.refused[0].fix)
    if yes:
        carry_out(editor, plan)
    if as_json:
        output.json_document(_to_json(plan, kind))
    else:
        _print(plan, is_done=yes)
    return 1 if is_refused else 0


def _plan(editor: NoteEditor, file: str, form: str, choices: Choices) -> tuple[ImportPlan, str]:
    """What the import would do, and the format of the file."""
    from mdmentor.actions.import_people import Importer
    from mdmentor.actions.people_files import open_people

    importer = Importer(editor, choices, datetime.now().astimezone())
    with (
        output.progress_bar("reading people") as progress,
        open_people(file, form, editor.queries.today, sys.stdin, progress) as opened,
    ):
        for name, one in opened.people:
            importer.add(name, one)
    with output.progress_bar("making notes") as progress:
        return importer.plan(opened.name, progress), opened.format


def _key(word: str) -> str:
    """The canonical key that is meant. Raises a usage error for none."""
    from mdmentor.core.frontmatter.keys import key_named
    from mdmentor.formats.person import BESIDE

    if not (name := key_named(word).name) and word not in BESIDE:
        raise click.UsageError(f'"{word}" is not a key of a contact')
    return name or word


def _to_json(plan: ImportPlan, form: str) -> dict[str, object]:
    return {
        "format": form,
        "new": [{"name": one.name, "path": one.path} for one in plan.new],
        "filled": [{"path": one.path, "keys": list(one.keys)} for one in plan.filled],
        "same": plan.same,
        "unsure": [one._asdict() for one in plan.unsure],
        "skipped": [{"line": one.line, "why": one.why, "file": one.file} for one in plan.skipped],
        "kept": [{"path": k.path, "key": k.key, "kept": k.value, "file": k.other} for k in plan.kept],
        "left_out": dict(plan.left_out),
        "not_asked_for": plan.not_asked_for,
        "companies": plan.companies(),
        "written": bool(plan.changes),
    }


def _print(plan: ImportPlan, *, is_done: bool) -> None:
    _print_new(plan)
    _list("Fills gaps in", [f"{one.path}: {', '.join(one.keys)}" for one in plan.filled])
    if plan.same:
        output.line(f"Same: {plan.same}, with nothing new")
    unsure = [f"{one.name}: perhaps {one.path} ({one.why})" for one in plan.unsure]
    _list("Unsure, left for you to decide", unsure)
    kept = "{0.path}: {0.key}: kept {1}, the file says {0.other}"
    _list("Kept as the note has it", [kept.format(k, k.value or "what the note says") for k in plan.kept])
    _list("Skipped", map(str, plan.skipped))
    if plan.left_out:
        shown = ", ".join(f"{number} x {what}" for what, number in plan.left_out[:_COMPANIES])
        output.paragraph(f"Left out: {shown}")
    if plan.not_asked_for:
        output.line(f"Not asked for: {plan.not_asked_for}, by --only, --since or --limit")
    if plan.is_empty:
        output.line("Nothing to write.")
    elif is_done:
        output.say(f"{len(plan.new)} new, {len(plan.filled)} filled; take it back with: mdmentor undo")
    else:
        output.say("this is what would be written; nothing is written without --yes")


def _print_new(plan: ImportPlan) -> None:
    _list("New", [f"{one.name}: {one.path}" for one in plan.new[:_SHOWN]], len(plan.new))
    companies = [f"{name} {number}" for name, number in plan.companies().items()]
    if len(plan.new) > _SHOWN and companies:
        shown = ", ".join(companies[:_COMPANIES])
        more = f" and {len(companies) - _COMPANIES} more" if len(companies) > _COMPANIES else ""
        output.paragraph(f"By company: {shown}{more}", "    ", first="  ")


def _list(title: str, lines: Iterable[str], number: int | None = None) -> None:
    shown = list(lines)
    number = len(shown) if number is None else number
    if shown:
        output.line(f"{title}: {number}", bold=True)
        output.lines(f"  {line}" for line in shown)
        if number > len(shown):
            output.line(f"  and {number - len(shown)} more; --json lists all", dim=True)
