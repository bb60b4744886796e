"""The index of one vault: a SQLite file in the user's cache folder that may be deleted at any time.

Three rooms: `tables` opens it and heals it, `put` takes notes in, `ask` answers. Nothing outside this
package writes SQL. Each room is entered when it is needed: to open an index loads next to nothing.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from mdmentor import private_files
from mdmentor.core.digests import blake2b
from mdmentor.errors import WorldFailed
from mdmentor.index import schema

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from pathlib import Path

    from mdmentor.index.writer import Writer

__all__ = ["Index", "cache_folder", "cache_path", "index_file", "index_path", "tables"]


def cache_folder(environment: str | None) -> Path:
    """Where indexes are kept: the folder named by MDMENTOR_CACHE, else the user's own for caches."""
    from pathlib import Path

    return Path(cache_path(environment))


def cache_path(environment: str | None) -> str:
    """As `cache_folder`."""
    if environment:
        return os.path.expanduser(environment)
    if usual := _usual_cache():
        return usual
    import platformdirs

    return platformdirs.user_cache_dir("mdmentor", appauthor=False)


def _usual_cache() -> str:
    """The user's folder on a Linux that is set up as most are; "" elsewhere.

    The same as `platformdirs` says, which takes as long to load as a `next` to be answered.
    """
    told, home = os.environ, os.environ.get("HOME", "")
    is_usual = sys.platform == "linux" and not told.get("XDG_CACHE_HOME") and "ANDROID_ROOT" not in told
    return f"{home.rstrip('/')}/.cache/mdmentor" if is_usual and home.startswith("/") else ""


def index_file(root: Path, cache: Path) -> Path:
    """Where the index of the vault at `root` lies."""
    from pathlib import Path

    return Path(index_path(os.fspath(root), os.fspath(cache)))


def index_path(root: str, cache: str) -> str:
    """As `index_file`."""
    return os.path.join(cache, f"{blake2b(os.fsencode(root), digest_size=8).hexdigest()}.sqlite")


class Index:
    """An open index. `warning` says in a line why it is kept in memory only, where that is so.

    `is_new` is true where there was none of this vault before.
    """

    def __init__(self, root: Path | str, cache: Path | str) -> None:
        self._root = os.fspath(root)
        self.path = index_path(self._root, os.fspath(cache))
        self.warning = ""
        self.is_new = not os.path.exists(self.path)
        self._lock: schema.UseLock | None = None
        self.sql = self._open()
        self._id = schema.id_of(self.sql)

    @property
    def file(self) -> Path:
        """Where it lies."""
        from pathlib import Path

        return Path(self.path)

    def _open(self, *, damaged: str | None = None) -> sqlite3.Connection:
        """A connection to the file, which is not the `damaged` one any more, or to an index in memory."""
        try:
            if self._lock is None:
                private_files.make_folder(os.path.dirname(self.path))
                private_files.tighten(os.path.dirname(self.path))
                self._lock = schema.UseLock(self.path)
            if damaged is None:
                sql = schema.open_index(self.path, self._root, self._lock)
            else:
                sql = schema.start_over(self.path, self._root, self._lock, damaged)
            try:
                schema.check_writable(sql)
            except sqlite3.Error:
                sql.close()
                raise
            return sql
        except schema.InUse:
            self.warning = (
                f"the index {self.path} is damaged or of another version of mdmentor, which still has it open,"
                " so every note is read anew; stop the other mdmentor"
            )
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.Error) and schema.is_busy(error):
                raise WorldFailed(
                    "another mdmentor has been writing the index for a minute", "try again later"
                ) from error
            self.warning = (
                f"the index cannot be kept in {os.path.dirname(self.path)} ({error}), so every note is read anew;"
                " name another folder with MDMENTOR_CACHE"
            )
        return schema.in_memory(self._root)

    def start_over(self) -> None:
        """Puts a damaged index aside for an empty one, unless another process has done so."""
        self.sql.close()
        self.sql = self._open(damaged=self._id)
        self._id = schema.id_of(self.sql)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: all of it or nothing. Waits for whoever else is writing, for a minute at most."""
        from mdmentor.index.writer import Writer

        try:
            self.sql.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise WorldFailed(
                f"the index cannot be written ({error})", "nothing was changed; try again later"
            ) from error
        try:
            writer = Writer(self.sql)
            yield writer
            self.sql.execute("COMMIT")
        except BaseException:
            if self.sql.in_transaction:
                self.sql.execute("ROLLBACK")
            raise

    @contextmanager
    def at_once(self) -> Iterator[bool]:
        """A small transaction for what can be done without: False where somebody else is writing just now."""
        self.sql.execute("PRAGMA busy_timeout = 0")
        try:
            self.sql.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            yield False
            return
        finally:
            self.sql.execute("PRAGMA busy_timeout = 60000")
        try:
            yield True
            self.sql.execute("COMMIT")
        except BaseException:
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
        if self._lock is not None:
            self._lock.close()
            self._lock = None
