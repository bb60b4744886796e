"""The tables of the index, and opening the file that holds them.

The index is a cache: a file that is damaged, or of another version or vault, is silently replaced as soon as no other
process has it open.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator

from mdmentor import files

# Any change of the tables, or of what the parser finds in a note, takes the next number.
VERSION = 45

PATIENCE = 30.0  # seconds for others to close an index that is to be replaced

USE_WAL = "PRAGMA journal_mode = WAL"  # with it readers and writers do not wait for each other

# `tokenize=ascii` is how FTS5 splits text into words: `names.search_form` has left nothing else to be split.
_TABLES = """
CREATE TABLE note (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, key TEXT NOT NULL, kind TEXT NOT NULL,
    title TEXT NOT NULL, day TEXT, why TEXT NOT NULL, data TEXT,
    stamp INTEGER NOT NULL, racy INTEGER NOT NULL, hash TEXT NOT NULL  -- the stamp is a `files.stamp_key`
);
CREATE INDEX note_key ON note(key);
CREATE TABLE name (
    note INTEGER NOT NULL, text TEXT NOT NULL, plain TEXT NOT NULL, what TEXT NOT NULL,
    begins TEXT NOT NULL, last TEXT NOT NULL  -- the first two words, none of a plain note, and the last one
);
CREATE TABLE topic (note INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE link (
    note INTEGER NOT NULL, seq INTEGER NOT NULL, line INTEGER, col INTEGER, kind TEXT, raw TEXT, wanted TEXT,
    key TEXT NOT NULL, fragment TEXT, text TEXT, field TEXT, entry INTEGER, private INTEGER NOT NULL,
    target INTEGER, file TEXT, PRIMARY KEY (note, seq)
) WITHOUT ROWID;
CREATE TABLE entry (
    note INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, line INTEGER NOT NULL, day TEXT,
    channel TEXT, text TEXT, marks TEXT, theirs INTEGER, private INTEGER NOT NULL, own INTEGER NOT NULL,
    ticked TEXT NOT NULL, due TEXT NOT NULL, PRIMARY KEY (note, seq)
) WITHOUT ROWID;
CREATE TABLE block (note INTEGER NOT NULL, kind TEXT NOT NULL);
CREATE TABLE problem (
    note INTEGER, path TEXT NOT NULL, line INTEGER, col INTEGER, severity TEXT, code TEXT, what TEXT, fix TEXT
);
CREATE TABLE attachment (path TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX attachment_key ON attachment(key);
CREATE TABLE body (note INTEGER PRIMARY KEY, title TEXT, shown TEXT, private TEXT);
CREATE VIRTUAL TABLE words USING fts5(title, shown, private, content='', tokenize=ascii);
INSERT INTO words (words, rank) VALUES ('hashsize', 4194304), ('automerge', 8), ('pgsz', 16000);
CREATE TABLE assessment (
    note INTEGER PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, pool TEXT NOT NULL,
    held TEXT NOT NULL, score REAL NOT NULL, duty INTEGER NOT NULL, turn INTEGER NOT NULL, due TEXT, snooze TEXT,
    last TEXT, revived INTEGER NOT NULL, data TEXT NOT NULL, morning TEXT  -- without what was done today
);
CREATE TABLE contribution (
    note INTEGER PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, is_left_out INTEGER NOT NULL, dot TEXT,
    sources TEXT, months TEXT, step TEXT, support TEXT, exchange TEXT, days TEXT
);
CREATE TABLE page (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER);
CREATE TABLE state (
    read_under TEXT NOT NULL, assessed_for TEXT NOT NULL, live_topics TEXT NOT NULL, revision INTEGER NOT NULL,
    pages_revision INTEGER NOT NULL, first_newest TEXT NOT NULL, have_topics INTEGER NOT NULL
);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

# Made once a run has put in most notes, which is faster than keeping them up row by row; first the one by which people
# are assessed.
_INDEXES = """
CREATE INDEX IF NOT EXISTS link_target ON link(target, entry) WHERE target IS NOT NULL;
CREATE INDEX IF NOT EXISTS note_kind ON note(kind);
CREATE INDEX IF NOT EXISTS note_birthday ON note(json_extract(data, '$.birthday')) WHERE kind = 'contact';
CREATE INDEX IF NOT EXISTS note_racy ON note(id) WHERE racy;
CREATE INDEX IF NOT EXISTS name_note ON name(note);
CREATE INDEX IF NOT EXISTS name_plain ON name(plain);
CREATE INDEX IF NOT EXISTS name_last ON name(last);
CREATE INDEX IF NOT EXISTS name_begins ON name(begins);
CREATE INDEX IF NOT EXISTS topic_note ON topic(note, key, kind);
CREATE INDEX IF NOT EXISTS topic_key ON topic(key, kind, note);
CREATE INDEX IF NOT EXISTS link_key ON link(key);
CREATE INDEX IF NOT EXISTS link_entry ON link(note, entry) WHERE entry IS NOT NULL;
CREATE INDEX IF NOT EXISTS link_introducer ON link(note, seq) WHERE field = 'introducedby';
CREATE INDEX IF NOT EXISTS link_none ON link(note, seq) WHERE target IS NULL AND file IS NULL;
CREATE INDEX IF NOT EXISTS block_note ON block(note);
CREATE INDEX IF NOT EXISTS problem_note ON problem(note);
CREATE UNIQUE INDEX IF NOT EXISTS assessment_path ON assessment(path);
CREATE INDEX IF NOT EXISTS assessment_best ON assessment(
    held, pool, score DESC, name_key, path, turn, revived, last, morning  -- all that counts and orders need
);
CREATE INDEX IF NOT EXISTS assessment_morning ON assessment(note) WHERE morning IS NOT NULL;
"""


class InUse(Exception):
    """An index that is damaged or of another version, which another process keeps open."""


class UseLock:
    """A lock file beside the index: shared by all who have the index open, exclusive for the one who replaces it.

    Used on POSIX only; other systems refuse to replace a file that is open.
    """

    def __init__(self, file: str) -> None:
        self._handle = files.opener(f"{file}.lock", os.O_RDWR | os.O_CREAT)

    def share(self) -> None:
        """Takes the shared lock; waits while another process replaces the file."""
        if os.name == "posix":
            import fcntl

            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def take_alone(self) -> None:
        """Waits until no other process has the index open. Raises InUse after `PATIENCE` seconds."""
        files.unlock(self._handle)
        if not files.lock(self._handle, PATIENCE):
            raise InUse

    def close(self) -> None:
        os.close(self._handle)


def open_index(file: str, root: str, lock: UseLock, damaged: str | None = None) -> sqlite3.Connection:
    """A connection to the index of the vault at `root`; to a new, empty one where there is none, or none that works.

    `damaged` is the id of an index that is to be replaced. Raises InUse, and OSError or sqlite3.OperationalError when
    the folder cannot be written.
    """
    lock.share()
    connection = _open_ours(file, root, damaged)
    if connection is None:
        lock.take_alone()
        # another process may have made it meanwhile
        connection = _open_ours(file, root, damaged) or _make(file, root)
        lock.share()
    return connection


def _open_ours(file: str, root: str, damaged: str | None) -> sqlite3.Connection | None:
    """A connection to a whole index of this version and vault with another id than `damaged`; None for anything else."""
    if not os.path.exists(file):
        return None
    connection = sqlite3.connect(file, timeout=60, isolation_level=None)
    try:
        with contextlib.suppress(sqlite3.OperationalError):  # some file systems have no WAL
            connection.execute(USE_WAL)
        _set_up(connection)
        is_current = connection.execute("PRAGMA user_version").fetchone()[0] == VERSION
        is_ours = is_current and _meta(connection, "root") == root
        if is_ours and (damaged is None or id_of(connection) != damaged):
            return connection
    except sqlite3.Error as error:
        if not is_damage(error):
            connection.close()
            raise
    except UnicodeDecodeError:
        pass  # SQLite's message on the damage quotes it, and Python cannot decode that
    connection.close()
    return None


def id_of(connection: sqlite3.Connection) -> str:
    """What distinguishes this index from every other one; "" where it cannot be read."""
    try:
        return _meta(connection, "id")
    except (sqlite3.Error, UnicodeDecodeError):
        return ""


def _meta(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def is_damage(error: sqlite3.Error) -> bool:
    """True for what a new file would fix: pages or tables that are not as they were written, or a file that is gone.

    False for a violated constraint, and for what may pass: a lock, a full or read-only disk.
    """
    name = getattr(error, "sqlite_errorname", "")
    if not name:  # Python's own message, on text that it cannot decode
        return "decode" in str(error)
    is_damaged = name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR"))
    return is_damaged or name in ("SQLITE_ERROR", "SQLITE_READONLY_DBMOVED")


def is_busy(error: sqlite3.Error) -> bool:
    """True where another process holds the lock that was asked for."""
    return (getattr(error, "sqlite_errorname", "") or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def check_writable(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.OperationalError where nobody can write. Another process that is writing shows that one can."""
    try:
        with without_waiting(connection):
            connection.execute("BEGIN IMMEDIATE")  # of a read-only file SQLite makes this a plain BEGIN
            try:
                connection.execute("DELETE FROM meta WHERE 0")
            finally:
                connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise


@contextlib.contextmanager
def without_waiting(connection: sqlite3.Connection) -> Iterator[None]:
    """Within it, a lock of another process raises at once."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute("PRAGMA busy_timeout = 60000")


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -8000")  # KB; 2 MB are read again and again


def _make(file: str, root: str) -> sqlite3.Connection:
    """A new index in place of any old one. It is made under another name, so that a kill leaves no half of one.

    It is without WAL until it has been filled, as WAL writes every page twice: each new page goes into the file, and
    a kill leaves a journal by which the next process makes it empty again.
    """
    new = f"{file}.new"
    _delete(file)
    _delete(new)
    with open(new, "xb", opener=files.opener):
        pass  # SQLite gives the files beside it the same mode
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 16384")  # most rows are texts of notes
        connection.execute("BEGIN IMMEDIATE")
        _lay_out(connection, root)
        connection.execute("COMMIT")
    finally:
        connection.close()
    os.replace(new, file)
    connection = sqlite3.connect(file, timeout=60, isolation_level=None)
    _set_up(connection)
    return connection


def _delete(file: str) -> None:
    """Deletes an index with the files that SQLite keeps beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{file}{tail}")


def in_memory(root: str) -> sqlite3.Connection:
    """An empty index that lasts as long as the process, for where nothing can be written."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _lay_out(connection, root)
    return connection


def make_indexes(execute: Callable[[str], object]) -> Iterator[None]:
    """Makes the indexes that are not there, one with each step."""
    for statement in _INDEXES.split(";\n"):
        execute(statement)
        yield


def drop_indexes(execute: Callable[[str], object]) -> None:
    """Drops the indexes that `make_indexes` makes, but for those by which the rows of a note are found."""
    for name in re.findall(r"EXISTS (\w+) ON", _INDEXES):
        if not name.endswith("_note"):
            execute(f"DROP INDEX {name}")


def _lay_out(connection: sqlite3.Connection, root: str) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('root', ?), ('id', ?)", (root, os.urandom(8).hex()))
    connection.execute(f"PRAGMA user_version = {VERSION}")
