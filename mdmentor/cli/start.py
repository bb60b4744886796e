"""Commands to begin with: demo and init."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from mdmentor.cli import output
from mdmentor.cli.options import Day, clock_today
from mdmentor.core.model import CONTACT, GOAL, POST
from mdmentor.core.text import counted
from mdmentor.errors import RefusedToWrite, UnknownName
from mdmentor.vault import SETTINGS_FILE, Vault, require_utf8


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
    from mdmentor.sample import copy_template, is_sample

    day = today or clock_today()
    root = _folder_for_vault(folder, "name a new folder")
    if not (folder / SETTINGS_FILE).is_file():
        copy_template(folder, day, is_demo=True)
    elif not is_sample(folder):
        raise RefusedToWrite(f'"{folder}" is a vault, and not a sample', "name a new folder")
    with open_run(Vault(root), day) as run:
        report, pages = reindex(run), folder / run.settings.pages_folder
    people, posts = counted(report.contacts, "contact"), counted(report.posts, "post")
    output.line(f"A sample vault of {counted(report.notes, 'note')} is in {folder}: {people}, {posts}.")
    output.line("This is whom to reach out to next:")
    ctx.invoke(next_, vault=str(folder), as_json=False, today=day, number=None, topic=None)
    output.line()
    output.line(f"The pages are in {pages}; begin with: {pages / 'Reach out next.md'}")
    output.line(f"Try next: mdmentor why NAME --vault {folder}, and for your own vault: mdmentor init DIR")


def _folder_for_vault(folder: Path, fix: str) -> Path:
    """The folder's whole path. Raises UnknownName for a file, or a path that is not UTF-8."""
    if folder.exists() and not folder.is_dir():
        raise UnknownName(f'"{folder}" is a file', fix)
    return Path(require_utf8(str(folder.resolve())))


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Make a vault in DIR (here), or add settings to the notes that are there already.

    A new or empty folder gets a small vault to begin with. A folder with notes only gets a file
    mdmentor.toml that names what was found. Nothing is ever overwritten.

    \b
    Example:
      mdmentor init ~/notes
    """
    from mdmentor.sample import copy_template

    root = _folder_for_vault(folder, "name a folder")
    if (folder / SETTINGS_FILE).exists():
        output.line(f"{root} is a vault already; nothing changed.")
    elif not folder.exists() or not any(folder.iterdir()):
        count = copy_template(folder, clock_today())
        output.line(f"Made a vault of {counted(count, 'file')} in {root}.")
        output.line("Its people and posts are examples: read them, then delete what you do not want.")
    else:
        _add_settings(root)
    output.line(f"Next: mdmentor reindex --vault {folder}")


def _add_settings(root: Path) -> None:
    """Writes mdmentor.toml for notes that were there before."""
    from mdmentor.cli.session import open_run
    from mdmentor.index import notes
    from mdmentor.reindex.update_index import bring_up_to_date
    from mdmentor.sample import settings_text

    with open_run(Vault(root), clock_today()) as run:
        bring_up_to_date(run)
        counts = notes.counts(run.index)
        folders: dict[str, Counter[str]] = {}
        for kind, rule, number in notes.rules(run.index):
            if rule.startswith("folder "):
                folders.setdefault(kind, Counter())[rule.removeprefix("folder ")] += number
    run.vault.write(SETTINGS_FILE, settings_text(folders).encode(), None)
    words = {CONTACT: "contact", POST: "post", GOAL: "goal"}
    found = ", ".join(counted(counts.get(kind, 0), word) for kind, word in words.items())
    output.line(f"{root}: {counted(sum(counts.values()), 'note')}, among them {found}.")
    output.line(f"Added {SETTINGS_FILE}; nothing else changed. To see why: mdmentor status --vault {root}")
    if not counts.get(CONTACT):
        output.line(
            "No contacts yet: put notes about people in a folder people, or give them the tag person."
        )
