"""What a command works with: the vault, its settings, an index that is up to date, and the day."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from mdmentor.actions.history import has_open_edit
from mdmentor.cli import output
from mdmentor.cli.dates import clock_today
from mdmentor.errors import NoVault, WorldFailed
from mdmentor.index import Index, cache_path, index_path, schema
from mdmentor.vault import Vault, find_vault, is_marked
from mdmentor.vault.walk import holds_more_than

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from mdmentor.queries import Queries


MOST_UNASKED = (
    50_000  # files and folders that are read without asking where nothing says that they are a vault
)
_asked: set[str] = set()  # roots that the user said yes to


def open_vault(named: str | None) -> Vault:
    """The vault the user means. Raises NoVault.

    Before a large folder that nothing marks as a vault is read for the first time, the user is asked: it may be the
    whole disk.
    """
    root = find_vault(named, os.environ.get("MDMENTOR_VAULT"), os.getcwd())
    if not (is_marked(root) or root in _asked or _has_index(root)) and holds_more_than(root, MOST_UNASKED):
        _ask_about(root)
        _asked.add(root)
    return Vault(root)


def _has_index(root: str) -> bool:
    return os.path.exists(index_path(root, cache_path(os.environ.get("MDMENTOR_CACHE"))))


def _ask_about(root: str) -> None:
    """Raises NoVault unless the user says that the folder is to be read."""
    what = f'"{root}" holds more than {MOST_UNASKED:,} files, and neither mdmentor.toml nor .obsidian'
    if sys.stdin.isatty() and sys.stderr.isatty():
        import click

        output.say(what)
        if click.confirm("Read all of it as a vault", default=False, prompt_suffix="? ", err=True):
            return
    import shlex

    quoted = shlex.quote(root)
    raise NoVault(what, f"if it is your vault, make it one with: mdmentor init {quoted}")


def open_index(vault: Vault) -> Index:
    index = Index(vault.folder, cache_path(os.environ.get("MDMENTOR_CACHE")))
    if index.warning:
        output.say(index.warning)
    return index


@contextmanager
def open_queries_of(named: str | None, today: date | None) -> Iterator[Queries]:
    """The vault's answers, after a look at what changed. A damaged index is built again on the way."""
    vault, day = open_vault(named), today or clock_today()
    index = open_index(vault)
    try:
        say_what_was_cut_short(vault, index)
        with _answers(vault, index, day) as queries:
            yield queries
    finally:
        index.close()


def say_what_was_cut_short(vault: Vault, index: Index) -> None:
    """Says that an edit of notes may be half done, where a command that changes nothing finds it so."""
    if has_open_edit(index.path):
        from mdmentor.actions.edit import told_of_cut_short

        if words := told_of_cut_short(vault, index.path):
            output.say(words)


@contextmanager
def _answers(vault: Vault, index: Index, day: date) -> Iterator[Queries]:
    from mdmentor.queries import Queries
    from mdmentor.reindex.run import Events, plan_run
    from mdmentor.reindex.update_index import bring_up_to_date, is_current

    with output.progress_bar("reading notes") as progress:
        run = plan_run(vault, index, day, Events(progress))
        try:
            if not (is_current(run) and _is_watched(index)):
                bring_up_to_date(run)
        except sqlite3.DatabaseError as error:
            if not schema.is_damage(error):
                raise
            index.start_over()
            bring_up_to_date(run)
        finally:
            run.workers.shutdown()
    try:
        yield Queries(index, run.settings, day)
    except sqlite3.DatabaseError as error:
        if not schema.is_damage(error):
            raise
        index.start_over()
        raise WorldFailed("the index was damaged and has been put aside", "run the command again") from error


def _is_watched(index: Index) -> bool:
    """Whether a live watcher says that the index holds everything saved until now."""
    if not os.path.exists(f"{index.path.removesuffix('.sqlite')}.watcher.lock"):
        return False
    from mdmentor.heartbeat import vouches

    return vouches(index.file)


def names_for_shell(named: str | None, begin: str, *, contacts_only: bool) -> list[str]:
    """Names that begin so, as the index knows them now; a completion never reads notes and never fails aloud."""
    from mdmentor.index import ask

    try:
        vault = Vault(find_vault(named, os.environ.get("MDMENTOR_VAULT"), os.getcwd()))
        index = Index(vault.folder, cache_path(os.environ.get("MDMENTOR_CACHE")))
        try:
            return ask.names_that_begin(index.sql, begin, contacts_only=contacts_only)
        finally:
            index.close()
    except Exception:
        return []
