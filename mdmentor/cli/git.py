"""Commands for a vault in git: git install, status, uninstall, resolve, and what git itself calls."""

from __future__ import annotations

import time
from pathlib import Path

import click

from mdmentor.cli import output
from mdmentor.cli.app import json_option, open_queries, vault_option
from mdmentor.cli.dates import clock_today

# Seconds after which a hook gives up: whoever pulls should not have to wait for an index built from nothing.
LONGEST = 60.0


@click.group("git", context_settings={"help_option_names": ["-h", "--help"]})
def git() -> None:
    """How git merges the notes of this vault, and what happens to the pages after a merge.

    \b
    Example:
      mdmentor git install
    """


@git.command("install")
@click.option(
    "--ignore-pages/--keep-pages",
    default=None,
    help="Keep the pages out of git, or in it; without either the choice stays as it is.",
)
@vault_option
def install(vault: str | None, ignore_pages: bool | None) -> None:
    """Set up this clone: the merge driver, its lines in .gitattributes, and hooks that renew the pages.

    Commits nothing. Run it once in each clone; a second run changes nothing.

    \b
    Example:
      mdmentor git install
      mdmentor git install --ignore-pages
    """
    from mdmentor.cli.session import open_vault
    from mdmentor.config import load_settings
    from mdmentor.git import setup
    from mdmentor.git.repository import get_repository
    from mdmentor.git.state import read_state

    where = open_vault(vault)
    settings, _, _ = load_settings(where.root)
    repository = get_repository(where.root)
    changed = setup.install(repository, settings.pages_folder, ignore_pages)
    for name in changed:
        output.line(f"set up: {name}")
    if not changed:
        output.line("Everything was set up already.")
    files = [name for name in changed if name.startswith(".git")]
    if files:
        output.say(f"commit {' and '.join(files)}, so that your other clones merge notes the same way")
    state = read_state(where.root, settings.pages_folder)
    if state.pages_ignored and state.pages_tracked:
        output.say(
            f'the pages are still in git; take them out with: git rm -r --cached "{settings.pages_folder}"'
        )
    if not state.has_program:
        output.say("no shell finds mdmentor on its PATH yet; until then git merges notes as text")
    if not state.is_bound:
        output.say(
            "another line of a .gitattributes file has the last word on notes; see: git check-attr merge x.md"
        )


@git.command("uninstall")
@vault_option
def uninstall(vault: str | None) -> None:
    """Take away all that install set up, and nothing else. Commits nothing.

    \b
    Example:
      mdmentor git uninstall
    """
    from mdmentor.cli.session import open_vault
    from mdmentor.git import setup
    from mdmentor.git.repository import get_repository

    changed = setup.uninstall(get_repository(open_vault(vault).root))
    for name in changed:
        output.line(f"taken away: {name}")
    if not changed:
        output.line("Nothing was set up.")


@git.command("status")
@vault_option
@json_option
def status(vault: str | None, as_json: bool) -> int:
    """What is set up in this clone, and what waits to be resolved. Exits 1 where something is set up by half.

    \b
    Example:
      mdmentor git status
    """
    from mdmentor.actions.resolve_conflict import pending
    from mdmentor.cli.session import open_vault
    from mdmentor.config import load_settings
    from mdmentor.git.state import find_problems, read_state

    where = open_vault(vault)
    settings, _, _ = load_settings(where.root)
    state = read_state(where.root, settings.pages_folder)
    waiting = pending(where)
    problems = find_problems(where.root)
    if as_json:
        output.json_document(
            {**state.to_json(), "to_resolve": waiting, "problems": [str(p) for p in problems]}
        )
    else:
        if not state.top:
            output.line("The vault does not lie in a git repository.")
        else:
            program = "" if state.has_program else " (and no shell finds mdmentor on its PATH)"
            output.line(f"Repository: {state.top}")
            output.line(f"Merge driver: {state.driver}{program}")
            output.line(f"Notes are given to it: {'yes' if state.is_bound else 'no'}")
            output.line(f"Hooks: {', '.join(f'{name} {told}' for name, told in state.hooks)}")
            pages = "kept out of git" if state.pages_ignored else "in git"
            output.line(
                f"Pages: {pages}{', though some are in it' * (state.pages_ignored and state.pages_tracked)}"
            )
        for path in waiting:
            output.line(f'to resolve: {path}; run: mdmentor git resolve "{path}"')
        for problem in problems:
            output.say(str(problem))
    return 1 if problems else 0


@git.command("resolve")
@click.argument("note", required=False)
@click.option(
    "--take",
    multiple=True,
    metavar="[KEY=]SIDE",
    help='What to keep where both sides differ: "role=ours", "role=theirs"; a side for all that is left.',
)
@vault_option
def resolve(note: str | None, take: tuple[str, ...], vault: str | None) -> int:
    """Join the two versions of NOTE that a merge or a sync tool left, per key and per log line.

    For merges made by a phone or on a web page, which know no driver. NOTE is a name or path, also of a
    conflict copy; without it all that waits is listed. Exits 1 while something is left to decide. Undo
    takes it back.

    \b
    Example:
      mdmentor git resolve "Ada Lovelace"
      mdmentor git resolve "Ada Lovelace" --take role=theirs
    """
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.resolve_conflict import find_versions, pending
    from mdmentor.actions.resolve_conflict import resolve as run
    from mdmentor.cli.session import open_vault
    from mdmentor.index import ask

    where = open_vault(vault)
    if note is None:
        waiting = pending(where)
        for path in waiting:
            output.line(path)
        if not waiting:
            output.say("nothing waits to be resolved")
        return 1 if waiting else 0
    chosen = _sides(take)
    with open_queries(vault, None) as queries:
        path = ask.path_in_vault(queries.sql, note)
        if not path or where.stamp(path) is None:
            path = queries.find_note(note)
        versions = find_versions(where, path)
        if versions is None:
            output.say(f"{path} has one version only; nothing is left to resolve")
            return 0
        outcome = run(NoteEditor(where, queries), versions, chosen)
    if outcome.is_done:
        output.line(
            f"{outcome.path}: both sides are in it" + f", and {outcome.copy} is gone" * bool(outcome.copy)
        )
        if not outcome.copy:
            output.say(f'look at it, then run: git add "{outcome.path}"')
        return 0
    for key in outcome.keys:
        mine, other = (" ".join(lines).strip() or "(nothing)" for lines in (key.ours, key.theirs))
        output.line(f"{outcome.path}: {key.key} has two values")
        output.line(f"  ours:   {mine}")
        output.line(f"  theirs: {other}")
        output.line(f'  keep one with: mdmentor git resolve "{note}" --take {key.key}=ours (or theirs)')
    for line in outcome.lines:
        output.line(
            f"{outcome.path}:{line}: both sides changed these lines; choose in your editor, or with --take"
        )
    return 1


def _sides(take: tuple[str, ...]) -> dict[str, str]:
    chosen = {}
    for told in take:
        key, _, side = told.rpartition("=")
        if side not in ("ours", "theirs"):
            raise click.UsageError(f'"{told}" names no side; write --take ours, or --take role=theirs')
        chosen[key.strip()] = side
    return chosen


@git.command("hook", hidden=True)
@click.argument("name")
@click.argument("rest", nargs=-1)
def hook(name: str, rest: tuple[str, ...]) -> None:
    """What the hooks call: renews the pages of this clone's vaults, in silence and not for ever."""
    from mdmentor.git.setup import vaults

    top = Path.cwd()
    end = time.monotonic() + LONGEST
    for told in vaults(top):
        try:
            _renew(top / told, name, end)
        except TimeoutError:
            output.say("there is much to read; the pages are renewed by: mdmentor reindex")
            return
        except Exception:
            continue  # a hook never makes git's command fail; the next run tells what is wrong


def _renew(root: Path, name: str, end: float) -> None:
    from dataclasses import replace

    from mdmentor.cli.session import open_index
    from mdmentor.reindex import Events, plan_run, reindex
    from mdmentor.vault import Vault, find_vault

    def in_time(done: int, total: int) -> None:
        if time.monotonic() > end:
            raise TimeoutError

    if not root.is_dir():
        return
    vault = Vault(find_vault(str(root), None, root))
    index = open_index(vault)
    try:
        reindex(replace(plan_run(vault, index, clock_today(), Events(in_time)), hook=name))
    finally:
        index.close()


@click.command("merge-driver", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def merge_driver(arguments: tuple[str, ...]) -> int:
    """What git calls for each note of a merge: %O %A %B %L %P. Set up by: mdmentor git install.

    \b
    Example (as git install writes it into the clone's settings):
      mdmentor merge-driver %O %A %B %L %P
    """
    from mdmentor.cli.merge_driver import run

    return run(arguments)
