"""The index of one vault: a SQLite file in the user's cache folder that may be deleted at any time.

Three rooms: `tables` opens it and heals it, `put` takes notes in, `ask` answers. Nothing outside this
package writes SQL.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from mdmentor.errors import WorldFailed
from mdmentor.index import ask, known, standings, tables
from mdmentor.index.put import Writer

__all__ = ["Index", "Writer", "ask", "cache_folder", "index_file", "known", "standings", "tables"]


def cache_folder(environment: str | None) -> Path:
    """Where indexes are kept: the folder named by MDMENTOR_CACHE, else the user's own for caches."""
    if environment:
        return Path(environment).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("mdmentor", appauthor=False))


def index_file(root: Path, cache: Path) -> Path:
    """Where the index of the vault at `root` lies."""
    return cache / f"{blake2b(os.fsencode(root), digest_size=8).hexdigest()}.sqlite"


class Index:
    """An open index. `warning` says in a line why it is kept in memory only, where that is so."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.file = index_file(root, cache)
        self.warning = ""
        self._root = os.fspath(root)
        self.sql = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            sql = tables.open_index(self.file, self._root)
            sql.execute("BEGIN IMMEDIATE")
            sql.execute("COMMIT")
            return sql
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise WorldFailed(
                    "another mdmentor has been writing the index for a minute", "try again later"
                ) from error
            self.warning = (
                f"the index cannot be kept in {self.file.parent} ({error}), so every note is read anew;"
                " name another folder with MDMENTOR_CACHE"
            )
            return tables.in_memory(self._root)

    def start_over(self) -> None:
        """Puts a damaged index aside for an empty one."""
        self.sql.close()
        self.sql = tables.start_over(self.file, self._root)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: all of it or nothing. Waits for whoever else is writing, for a minute at most."""
        try:
            self.sql.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise WorldFailed(
                f"the index cannot be written ({error})", "nothing was changed; try again later"
            ) from error
        try:
            yield Writer(self.sql)
            self.sql.execute("COMMIT")
        except BaseException:
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One moment of the index, whoever writes meanwhile."""
        self.sql.execute("BEGIN")
        try:
            yield self.sql
        finally:
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")

    def close(self) -> None:
        self.sql.close()
