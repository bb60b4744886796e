"""Commands to begin with: demo and init."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from mdmentor.cli import output
from mdmentor.cli.dates import Day, clock_today
from mdmentor.config import load_settings
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
def demo(ctx: click.Context, folder: Path, today: object) -> None:
    """Make a sample vault in DIR (mdmentor-demo), index it, and print whom to reach out to next.

    Nothing of yours is touched. Asked for again, it shows the vault that is there.

    \b
    Example:
      mdmentor demo /tmp/try-it
    """
    from mdmentor.cli.next import next_
    from mdmentor.cli.session import open_index
    from mdmentor.reindex import plan_run, reindex
    from mdmentor.sample import copy_template, is_sample

    day = today or clock_today()
    if folder.exists() and not folder.is_dir():
        raise UnknownName(f'"{folder}" is a file', "name a new folder")
    root = require_utf8(str(folder.resolve()))
    if not (folder / SETTINGS_FILE).is_file():
        copy_template(folder, day, is_demo=True)  # type: ignore[arg-type]
    elif not is_sample(folder):
        raise RefusedToWrite(f'"{folder}" is a vault, and no sample', "name a new folder")
    vault = Vault(root)
    index = open_index(vault)
    try:
        report = reindex(plan_run(vault, index, day))  # type: ignore[arg-type]
    finally:
        index.close()
    output.line(
        f"A sample vault of {counted(report.notes, 'note')} is in {folder}: {counted(report.contacts, 'contact')}, {counted(report.posts, 'post')}."
    )
    output.line("This is whom to reach out to next:")
    ctx.invoke(next_, vault=str(folder), as_json=False, today=day, number=None, topic=None)
    settings, _, _ = load_settings(vault.root)
    output.line()
    output.line(
        f"The pages are in {folder / settings.pages_folder}; begin with: {folder / settings.pages_folder / 'Reach out next.md'}"
    )
    output.line(
        f"More of the same: mdmentor why NAME --vault {folder}, and your own vault: mdmentor init DIR"
    )


@click.command("init")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path), default=Path())
def init(folder: Path) -> None:
    """Make a vault in DIR (here), or tell the notes that are there already that they are one.

    A new or empty folder gets a small vault to begin with. A folder with notes only gets a file
    mdmentor.toml that names what was found. Nothing is ever overwritten.

    \b
    Example:
      mdmentor init ~/notes
    """
    from mdmentor.sample import copy_template

    if folder.exists() and not folder.is_dir():
        raise UnknownName(f'"{folder}" is a file', "name a folder")
    shown = Path(require_utf8(str(folder.resolve())))
    if (folder / SETTINGS_FILE).exists():
        output.line(f"{shown} is a vault already; nothing was changed.")
    elif not folder.exists() or not any(folder.iterdir()):
        count = copy_template(folder, clock_today())
        output.line(f"Made a vault of {counted(count, 'file')} in {shown}.")
        output.line("Its people and posts are examples: read them, then delete what you do not want.")
    else:
        _adopt(folder.resolve())
    output.line(f"Next: mdmentor reindex --vault {folder}")


def _adopt(root: Path) -> None:
    """Writes mdmentor.toml for notes that were there before."""
    from mdmentor.cli.session import open_index
    from mdmentor.index import ask
    from mdmentor.reindex.run import Events, plan_run
    from mdmentor.reindex.update_index import bring_up_to_date
    from mdmentor.sample import settings_text

    vault = Vault(root)
    index = open_index(vault)
    try:
        with output.progress_bar("reading notes") as progress:
            bring_up_to_date(plan_run(vault, index, clock_today(), Events(progress)))
        counts = ask.counts(index.sql)
        folders: dict[str, Counter[str]] = {}
        for kind, rule, number in ask.rules(index.sql):
            if rule.startswith("folder "):
                folders.setdefault(kind, Counter())[rule.removeprefix("folder ")] += number
    finally:
        index.close()
    vault.write(SETTINGS_FILE, settings_text(folders).encode(), None)
    found = [
        counted(counts.get(kind, 0), word)
        for kind, word in ((CONTACT, "contact"), (POST, "post"), (GOAL, "goal"))
    ]
    output.line(f"{root}: {counted(sum(counts.values()), 'note')}, among them {', '.join(found)}.")
    output.line(
        f"Added {SETTINGS_FILE}; nothing else was changed. How it was decided: mdmentor status --vault {root}"
    )
    if not counts.get(CONTACT):
        output.line(
            "No contacts yet: put notes about people into a folder people, or give them the tag person."
        )
