"""What a command works with: the vault, its settings, an index that is up to date, and the day."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING

from mdmentor.cli import output
from mdmentor.errors import NoVault, WorldFailed
from mdmentor.files import has_open_edit
from mdmentor.index import Index, cache_path, index_path
from mdmentor.vault import Vault, find_vault, is_marked
from mdmentor.vault.folders import holds_more_than

if TYPE_CHECKING:
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.queries import Queries
    from mdmentor.reindex import Run

MOST_UNASKED = 50_000  # files and folders that are read without asking where nothing marks a vault


def open_vault(named: str | None) -> Vault:
    """The vault the user means. Raises NoVault.

    Asks before a large folder that nothing marks as a vault is read for the first time: it may be the whole disk.
    """
    root = find_root(named)
    if not (is_marked(root) or os.path.exists(index_of(root))) and holds_more_than(root, MOST_UNASKED):
        what = f'"{root}" contains more than {MOST_UNASKED:,} files, and neither mdmentor.toml nor .obsidian'
        if can_ask := output.can_ask():
            output.say(what)
        if not (can_ask and output.confirm("Read all of it as a vault", default=False)):
            import shlex

            raise NoVault(what, f"if it is your vault, run: mdmentor init {shlex.quote(root)}")
    return Vault(root)


def find_root(named: str | None) -> str:
    return find_vault(named, os.environ.get("MDMENTOR_VAULT"), os.getcwd())


def cache_folder() -> str:
    return cache_path(os.environ.get("MDMENTOR_CACHE"))


def index_of(root: str) -> str:
    """The path of a vault's index."""
    return index_path(root, cache_folder())


@contextmanager
def open_run(vault: Vault, today: date) -> Iterator[Run]:
    """A run on a vault, with a progress bar; the index is closed afterwards."""
    from mdmentor.reindex import Events, plan_run

    with closing(Index(vault.folder, cache_folder())) as index:
        if index.warning:
            output.say(index.warning)
        with output.progress_bar("reading notes") as progress:
            yield plan_run(vault, index, today, Events(progress))


@contextmanager
def open_queries(named: str | Vault | None, today: date) -> Iterator[Queries]:
    """Queries on the vault, after its index is brought up to date. A damaged index is rebuilt on the way."""
    from mdmentor.queries import Queries
    from mdmentor.reindex.update_index import bring_up_to_date

    vault = named if isinstance(named, Vault) else open_vault(named)
    with open_run(vault, today) as run:
        say_if_interrupted(vault)
        try:
            scan = bring_up_to_date(run)
        except sqlite3.DatabaseError as error:
            run.index.start_over(error)
            scan = bring_up_to_date(run)
        try:
            yield Queries(run.index, run.settings, run.today, vault, scan)
        except sqlite3.DatabaseError as error:
            run.index.start_over(error)
            raise WorldFailed("the index was damaged and is set aside", "run the command again") from error


@contextmanager
def open_editor(named: str | None, today: date) -> Iterator[NoteEditor]:
    """As `open_queries`, for editing notes: an interrupted edit is rolled back first."""
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.undo import roll_back_unfinished

    vault = open_vault(named)
    output.say(*roll_back_unfinished(vault, index_of(vault.folder)))
    with open_queries(vault, today) as queries:
        editor = NoteEditor(vault, queries)
        try:
            yield editor
        finally:
            output.has_edited |= editor.has_written
        output.say(*filter(None, (*editor.warnings, editor.history.warning)))


def say_if_interrupted(vault: Vault) -> None:
    """Warns, in a command that changes nothing, about an edit of notes that may be half done."""
    index = index_of(vault.folder)
    if has_open_edit(index):
        from mdmentor.actions.undo import describe_unfinished

        output.say(*describe_unfinished(vault, index))
