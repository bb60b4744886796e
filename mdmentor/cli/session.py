"""What a command works with: the vault, its settings, an index that is up to date, and the day."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from mdmentor.answers import Answers
from mdmentor.cli import out
from mdmentor.cli.app import _today
from mdmentor.config import load_settings
from mdmentor.index import Index, ask, cache_folder, tables
from mdmentor.reindex import refresh
from mdmentor.vault import Vault, find_vault


def open_vault(named: str | None) -> Vault:
    """The vault the user means. Raises NoVault."""
    return Vault(find_vault(named, os.environ.get("MDMENTOR_VAULT"), Path.cwd()))


def open_index(vault: Vault) -> Index:
    index = Index(vault.root, cache_folder(os.environ.get("MDMENTOR_CACHE")))
    if index.warning:
        out.say(index.warning)
    return index


@contextmanager
def open_answers(named: str | None, today: date | None) -> Iterator[Answers]:
    """The vault's answers, after a look at what changed. A damaged index is built again on the way."""
    vault = open_vault(named)
    settings, problems, _ = load_settings(vault.root)
    day = today or _today()
    index = open_index(vault)
    try:
        with out.progress_bar("reading notes") as progress:
            try:
                refresh(vault, index, settings, problems, day, progress=progress)
            except sqlite3.DatabaseError as error:
                if tables.is_passing(error):
                    raise
                index.start_over()
                refresh(vault, index, settings, problems, day, progress=progress)
        yield Answers(index, settings, day)
    finally:
        index.close()


def names_for_shell(
    named: str | None, begin: str, *, contacts_only: bool
) -> list[click.shell_completion.CompletionItem]:
    """Names that begin so, as the index knows them now; a completion never reads notes and never fails aloud."""
    from click.shell_completion import CompletionItem

    try:
        vault = open_vault(named)
        index = Index(vault.root, cache_folder(os.environ.get("MDMENTOR_CACHE")))
        try:
            found = ask.names_that_begin(index.sql, begin, contacts_only=contacts_only)
        finally:
            index.close()
    except Exception:
        return []
    return [CompletionItem(name) for name in found]
