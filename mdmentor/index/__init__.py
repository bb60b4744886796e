"""The index of one vault: a SQLite file in the user's cache folder that may be deleted at any time.

`schema` holds the tables and replaces a damaged file, `writer` takes notes in, `state` holds what the index was built
from; the other modules are queries, each a function that takes the index. Nothing outside this package writes SQL.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zlib import adler32, crc32

from mdmentor import files
from mdmentor.errors import WorldFailed
from mdmentor.index import schema


def cache_path(environment: str | None) -> str:
    """The folder of all indexes: the one named by MDMENTOR_CACHE, else the user's own folder for caches."""
    if environment:
        return os.path.expanduser(environment)
    home = os.environ.get("HOME", "")
    is_plain_linux = sys.platform == "linux" and not {"XDG_CACHE_HOME", "ANDROID_ROOT"} & os.environ.keys()
    if is_plain_linux and home.startswith("/"):
        return f"{home.rstrip('/')}/.cache/mdmentor"  # as platformdirs says, which takes 10 ms to load
    import platformdirs

    return platformdirs.user_cache_dir("mdmentor", appauthor=False)


def index_path(root: str | os.PathLike[str], cache: str | os.PathLike[str]) -> str:
    """The file that holds the index of the vault at `root`; checksums name it, as they are quicker to load than hashes."""
    path = os.fsencode(root)
    return os.path.join(cache, f"{crc32(path):08x}{adler32(path):08x}.sqlite")


class Index:
    """An open index. `warning` says in one line why it is kept in memory only; "" where it is a file."""

    def __init__(self, root: str | os.PathLike[str], cache: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root)
        self.path = index_path(root, cache)
        self.warning = ""
        self._lock: schema.UseLock | None = None
        self._sql = self._open()
        self._id = schema.id_of(self._sql)

    def _open(self, *, damaged: str | None = None) -> sqlite3.Connection:
        """A connection to the index, unless its id is that of the `damaged` one; else to a new or an empty one."""
        try:
            files.make_folder(os.path.dirname(self.path))
            if self._lock is None:
                files.tighten(os.path.dirname(self.path))
                self._lock = schema.UseLock(self.path)
            sql = schema.open_index(self.path, self.root, self._lock, damaged)
            try:
                schema.check_writable(sql)
            except sqlite3.Error:
                sql.close()
                raise
            return sql
        except schema.InUse:
            self.warning = (
                f"the index {self.path} is damaged or of another version of mdmentor, which still has it open,"
                " so every note is read again; stop the other mdmentor"
            )
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, sqlite3.Error) and schema.is_busy(error):
                what = "another mdmentor has been writing the index for a minute"
                raise WorldFailed(what, "try again later") from error
            self.warning = (
                f"the index cannot be written in {os.path.dirname(self.path)} ({error}), so every note is read again;"
                " name another folder with MDMENTOR_CACHE"
            )
        return schema.in_memory(self.root)

    def start_over(self, error: sqlite3.DatabaseError | None = None) -> None:
        """Replaces a damaged index by an empty one, unless another process has done so. Raises an error of another kind."""
        if error and not schema.is_damage(error):
            raise error
        self._sql.close()
        self._sql = self._open(damaged=self._id)
        self._id = schema.id_of(self._sql)

    def execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._sql.execute(statement, values)

    def column(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self._sql.execute(statement, values)]

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first value of the first row; None where there is no row."""
        row = self._sql.execute(statement, values).fetchone()
        return row[0] if row else None

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._sql.executemany(statement, rows)

    def execute_if_free(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Executes an optional statement: it is skipped while another process writes, or on a full disk."""
        with contextlib.suppress(sqlite3.OperationalError), schema.without_waiting(self._sql):
            self._sql.execute(statement, values)

    def wait_at_most(self, seconds: float) -> None:
        """How long to wait for another process that is writing; at first it is a minute."""
        self._sql.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Within it all queries see one state of the index, and none takes a lock of its own."""
        self._sql.execute("BEGIN")
        try:
            yield
        finally:
            self._sql.execute("COMMIT")

    @property
    def in_transaction(self) -> bool:
        return self._sql.in_transaction

    def close(self) -> None:
        self._sql.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
