"""The commands to begin with: demo and init."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import Day, clock_today
from mdmentor.core.text import counted, terminal
from mdmentor.errors import RefusedToWrite, UnknownName
from mdmentor.sample import SECTIONS, copy_template, is_empty_folder, is_sample, settings_text
from mdmentor.vault import SETTINGS_FILE, Vault, is_marked, require_utf8

if TYPE_CHECKING:
    from mdmentor.core.discovery import Findings
    from mdmentor.core.model import Settings


@click.command("demo")
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path), default=Path("mdmentor-demo")
)
@click.option("--today", type=Day(), metavar="DATE", help="Make it as on this day, e.g. 2026-11-23.")
@click.pass_context
def demo(ctx: click.Context, folder: Path, today: date | None) -> None:
    """Make a sample vault in DIR (mdmentor-demo), index it, and print whom to reach out to next.

    None of your files are touched. A second run shows the vault that is there.

    \b
    Example:
      mdmentor demo /tmp/try-it
    """
    from mdmentor.cli.next import next_
    from mdmentor.cli.session import open_run
    from mdmentor.reindex import reindex

    day = today or clock_today()
    root = _folder_for_vault(folder, "name a new folder")
    if not (folder / SETTINGS_FILE).is_file():
        copy_template(folder, day, is_demo=True)
    elif not is_sample(folder):
        raise RefusedToWrite(f'"{folder}" is a vault of your own, not a sample', "name a new folder")
    with open_run(Vault(root), day) as run:
        report, pages = reindex(run), folder / run.settings.pages_folder
    people, posts = counted(report.contacts, "contact"), counted(report.posts, "post")
    output.line(f"A sample vault of {counted(report.notes, 'note')} is in {folder}: {people}, {posts}.")
    output.line("This is whom to reach out to next:")
    ctx.invoke(next_, vault=str(folder), as_json=False, today=day, number=None, topic=None)
    output.line()
    output.line(f"The pages are in {pages}; begin with: {pages / 'Reach out next.md'}")
    output.line(f"Try next: mdmentor why NAME{_option(folder)}, and for your own vault: mdmentor init DIR")


def _folder_for_vault(folder: Path, fix: str) -> Path:
    """The folder's whole path. Raises UnknownName for a file, or a path that is not UTF-8."""
    if folder.exists() and not folder.is_dir():
        raise UnknownName(f'"{folder}" is a file', fix)
    return Path(require_utf8(str(folder.resolve())))


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path), default=Path())
@click.option("--yes", is_flag=True, help="Accept what is proposed, without asking.")
@click.option("--empty", is_flag=True, help="Make a vault without the invented people.")
def init(folder: Path, yes: bool, empty: bool) -> None:
    """Make a vault in DIR (default: here), or look at the notes that are there.

    A new or empty folder gets a small vault to begin with. In a folder with notes you see who counts as a contact
    and by which rule, are asked about folders that may be full of people, and get a file mdmentor.toml that names
    them. Without a terminal nothing is asked, and what is uncertain is left out. No file is overwritten.

    \b
    Example:
      mdmentor init ~/notes
      mdmentor init --empty ~/new-notes
    """
    root = _folder_for_vault(folder, "name a folder")
    if outer := next((parent for parent in root.parents if is_marked(str(parent))), None):
        output.say(f'"{outer}" is a vault, and this folder is part of it; it becomes a vault of its own')
    if is_empty_folder(folder):
        question = "Put three invented people in it, to see how a note may look"
        is_asked = not (empty or yes) and output.can_ask()
        has_people = output.confirm(question, default=True) if is_asked else not empty
        count = copy_template(folder, clock_today(), has_people=has_people)
        output.line(f"Made a vault of {counted(count, 'file')} in {root}.")
        if has_people:
            output.line("Its people and posts are examples: read them, then delete what you do not want.")
        else:
            output.line('Nobody is in it yet; the first one: mdmentor new contact "Ada Lovelace"')
    else:
        _explore(root, _option(folder), yes=yes)
    output.line(f"Next: mdmentor reindex{_option(folder)}")


def _option(folder: Path) -> str:
    """What a command needs to find the vault in this folder from here."""
    is_found = folder == Path() and not os.environ.get("MDMENTOR_VAULT")
    return "" if is_found else f" --vault {shlex.quote(str(folder))}"


def _explore(root: Path, option: str, *, yes: bool) -> None:
    """Says what the notes in a folder are, asks where that is uncertain, and writes mdmentor.toml if there is none."""
    from mdmentor.config import load_settings
    from mdmentor.core.discovery import doubt_lines, lines, loose_words

    vault, is_there = Vault(root), (root / SETTINGS_FILE).exists()
    settings, problems = load_settings(vault.folder)
    findings = _discover(vault, settings)
    output.paragraph(f"{root}: {counted(findings.notes, 'note')}")
    _print_indented(["", *lines(findings)])
    taken, is_asked = [], output.can_ask() and not (yes or is_there)
    for doubt in findings.doubts:
        _print_indented(["", *doubt_lines(doubt)])
        kind = SECTIONS[doubt.kind]
        question = f'  Count the notes in "{terminal(doubt.folder)}" as {kind}'
        default = doubt.is_proposed
        if output.confirm(question, default=default) if is_asked else default and yes and not is_there:
            taken.append(doubt)
            output.line(f"  counted as {kind}")
        elif is_asked:
            output.line("  left out, as you said")
        else:
            where = f'add "{doubt.folder}" to folders below [{kind}] in {SETTINGS_FILE}'
            _print_indented([f"  left out; to count its notes as {kind}, {where}"])
    _print_indented(["", *filter(None, [loose_words(findings)])])
    if is_there:
        output.line(f"{SETTINGS_FILE} is there already; nothing changed.")
        output.say(*(problem.with_severity() for problem in problems))
        return
    vault.write(SETTINGS_FILE, settings_text(findings, taken).encode(), None)
    output.line(f"Added {SETTINGS_FILE}; nothing else changed.")
    output.line(f"To see everybody: mdmentor status --contacts{option}")


def _print_indented(lines: Iterable[str]) -> None:
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        output.paragraph(line.strip(), f"{indent}  ", first=indent)


def _discover(vault: Vault, settings: Settings) -> Findings:
    """What the notes of a folder are. Notes that cannot be read are left out; `check` reports them."""
    from mdmentor.core.discovery import Findings, clue_of
    from mdmentor.core.parse import MOST_BYTES, parse_note

    paths, clues = sorted(vault.scan(settings).notes), []
    with output.progress_bar("reading notes") as progress:
        for number, path in enumerate(paths, 1):
            with suppress(OSError):
                clues.append(clue_of(parse_note(path, vault.read(path, MOST_BYTES)[0], settings)))
            progress(number, len(paths))
    return Findings(clues, settings)
