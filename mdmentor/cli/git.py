"""Commands for a vault in git: git install, status, uninstall, resolve, and those that git itself calls."""

import time
from pathlib import Path

import click

from mdmentor.cli import output
from mdmentor.cli.options import clock_today, json_option, vault_option
from mdmentor.cli.session import open_editor, open_run, open_vault
from mdmentor.config import load_settings
from mdmentor.git import get_repository, run_merge_driver, setup
from mdmentor.vault import Vault, find_vault

MOST_SECONDS = 60.0  # that a hook takes: a pull should not wait for an index built from nothing


@click.group("git", context_settings={"help_option_names": ["-h", "--help"]})
@vault_option
def git(vault: str | None) -> None:
    """How git merges the notes of this vault, and what happens to the pages after a merge.

    \b
    Example:
      mdmentor git install
    """


@git.command("install", short_help="Set up this clone to merge notes.")
@click.option(
    "--ignore-pages/--keep-pages",
    default=None,
    help="Keep the pages out of git, or in it; default: leave that as it is.",
)
@vault_option
def install(vault: str | None, ignore_pages: bool | None) -> None:
    """Set up this clone: the merge driver, its lines in .gitattributes, and hooks that update the pages.

    Commits nothing. Run it once in each clone; a second run changes nothing.

    \b
    Example:
      mdmentor git install
      mdmentor git install --ignore-pages
    """
    root = open_vault(vault).root
    folder = load_settings(root)[0].pages_folder
    changed = setup.install(get_repository(root), folder, ignore_pages)
    output.lines(f"set up: {name}" for name in changed)
    if not changed:
        output.line("Everything was set up already.")
    if files := [name for name in changed if name.startswith(".git")]:
        output.say(f"commit {' and '.join(files)}, so that your other clones merge notes the same way")
    state = setup.read_state(root, folder)
    if state.pages_ignored and state.pages_tracked:
        output.say(f'the pages are still in git; remove them with: git rm -r --cached "{folder}"')
    if not state.program:
        output.say("mdmentor is not on the PATH of a shell; until it is, git merges notes as text")
    if not state.bound:
        output.say("another line of a .gitattributes file overrides this; see: git check-attr merge x.md")


@git.command("uninstall", short_help="Remove what install set up.")
@vault_option
def uninstall(vault: str | None) -> None:
    """Remove everything that install set up, and nothing else. Commits nothing.

    \b
    Example:
      mdmentor git uninstall
    """
    changed = setup.uninstall(get_repository(open_vault(vault).root))
    output.lines(f"removed: {name}" for name in changed)
    if not changed:
        output.line("Nothing was set up.")


@git.command("status", short_help="What is set up, and what to resolve.")
@vault_option
@json_option
def status(vault: str | None, as_json: bool) -> int:
    """What is set up in this clone, and what is to be resolved. Exits 1 where the setup is incomplete.

    \b
    Example:
      mdmentor git status
    """
    from mdmentor.actions.merge import pending

    where = open_vault(vault)
    state = setup.read_state(where.root, load_settings(where.root)[0].pages_folder)
    waiting, problems = pending(where), setup.find_problems(where.root)
    if as_json:
        shown = {"hooks": dict(state.hooks), "to_resolve": waiting, "problems": [*map(str, problems)]}
        output.json_document(state._asdict() | shown)
    else:
        output.lines(state.lines())
        output.lines(f'to resolve: {path}; run: mdmentor git resolve "{path}"' for path in waiting)
        output.say(*map(str, problems))
    return 1 if problems else 0


@git.command("resolve", short_help="Join two versions of a note.")
@click.argument("note", required=False)
@click.option(
    "--take",
    multiple=True,
    metavar="[KEY=]SIDE",
    help='Which side to keep where both differ: "role=ours", "role=theirs"; a side alone for everything else.',
)
@vault_option
def resolve(note: str | None, take: tuple[str, ...], vault: str | None) -> int:
    """Join the two versions of NOTE that a merge or a sync tool left, per key and per log line.

    For merges made on a phone or a web page, which have no merge driver. NOTE is a name or path, also of a
    conflict copy; without it all notes to resolve are listed. Exits 1 while something is left to decide.
    `undo` undoes it.

    \b
    Example:
      mdmentor git resolve "Ada Lovelace"
      mdmentor git resolve "Ada Lovelace" --take role=theirs
    """
    from mdmentor.actions import merge as action
    from mdmentor.index import find

    if note is None:
        waiting = action.pending(open_vault(vault))
        output.lines(waiting)
        if not waiting:
            output.say("nothing to resolve")
        return 1 if waiting else 0
    chosen = _read_sides(take)
    with open_editor(vault, clock_today()) as editor:
        path = find.path_in_vault(editor.queries.index, note)
        if not path or editor.vault.stamp(path) is None:
            path = editor.queries.find_note(note)
        versions = action.find_versions(editor, path)
        if versions is None:
            output.say(f"{path} has one version only; nothing to resolve")
            return 0
        keys, lines = action.resolve(editor, versions, chosen)
    path = versions.path
    if not keys and not lines:
        removed = f", and {versions.copy} is gone" if versions.copy else ""
        output.line(f"{path}: both sides are in it{removed}")
        if not versions.copy:
            output.say(f'look at it, then run: git add "{path}"')
        return 0
    for key in keys:
        ours, theirs = (" ".join(value).strip() or "(nothing)" for value in (key.ours, key.theirs))
        output.line(f"{path}: {key.key} has two values")
        output.line(f"  ours:   {ours}")
        output.line(f"  theirs: {theirs}")
        output.line(f'  keep one with: mdmentor git resolve "{note}" --take {key.key}=ours (or theirs)')
    both = "both sides changed these lines; choose in your editor, or with --take"
    output.lines(f"{path}:{line}: {both}" for line in lines)
    return 1


def _read_sides(take: tuple[str, ...]) -> dict[str, str]:
    """The side for each key; under "" that for all others."""
    chosen = {}
    for choice in take:
        key, _, side = choice.rpartition("=")
        if side not in ("ours", "theirs"):
            raise click.UsageError(f'"{choice}" is not a side; write --take ours, or --take role=theirs')
        chosen[key.strip()] = side
    return chosen


@git.command("hook", hidden=True)
@click.argument("name")
@click.argument("rest", nargs=-1)
def hook(name: str, rest: tuple[str, ...]) -> None:
    """Called by the hooks: updates the pages of this clone's vaults, silently and for a limited time."""
    from mdmentor.reindex import Events, reindex

    end = time.monotonic() + MOST_SECONDS

    def check_time(done: int, total: int) -> None:
        if time.monotonic() > end:
            raise TimeoutError

    for root in filter(Path.is_dir, map(Path.cwd().joinpath, setup.vaults(Path.cwd()))):
        try:
            with open_run(Vault(find_vault(str(root), None, root)), clock_today()) as run:
                reindex(run._replace(hook=name, events=Events(check_time)))
        except TimeoutError:
            output.say("there is much to read; to update the pages, run: mdmentor reindex")
            return
        except Exception:
            continue  # a hook never makes git's command fail; the next run reports what is wrong


@click.command("merge-driver", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def merge_driver(arguments: tuple[str, ...]) -> int:
    """The merge driver that git calls for notes, with: %O %A %B %L %P. Set up by: mdmentor git install.

    \b
    Example (as git install writes it into the clone's settings):
      mdmentor merge-driver %O %A %B %L %P
    """
    return run_merge_driver(arguments)
