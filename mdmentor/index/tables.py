"""The tables of the index, and opening the file that holds them.

The index is a cache: whatever is wrong with the file - damage, another version, another vault - it is
put aside and built again, silently. Nothing in it is worth keeping.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator

# Any change of the tables, or of what the parser finds in a note, takes the next number.
VERSION = 12

# What SQLite keeps of the file in memory, in KiB as it wants them told: by itself, and where all is looked at anew,
# for which a large vault's links and entries are read in every order.
_CACHE = -2_000
CACHE_FOR_MUCH = -8_000

TOKENS = '"unicode61 remove_diacritics 2"'  # how text is cut into words

_TABLES = f"""
CREATE TABLE note (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, key TEXT NOT NULL, kind TEXT NOT NULL,
    title TEXT NOT NULL, day TEXT, why TEXT NOT NULL, data TEXT,
    size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, racy INTEGER NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX note_key ON note(key);
CREATE INDEX note_kind ON note(kind);
CREATE INDEX note_racy ON note(id) WHERE racy;
CREATE TABLE name (
    note INTEGER NOT NULL, text TEXT NOT NULL, plain TEXT NOT NULL, what TEXT NOT NULL, last TEXT  -- the last of several words
);
CREATE INDEX name_note ON name(note);
CREATE INDEX name_plain ON name(plain);
CREATE INDEX name_last ON name(last) WHERE last IS NOT NULL;
CREATE TABLE topic (note INTEGER NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL);
CREATE INDEX topic_note ON topic(note, key, kind);
CREATE INDEX topic_key ON topic(key, kind, note);
CREATE TABLE link (
    note INTEGER NOT NULL, seq INTEGER NOT NULL, line INTEGER, col INTEGER, kind TEXT, raw TEXT, wanted TEXT,
    key TEXT NOT NULL, fragment TEXT, text TEXT, field TEXT, entry INTEGER, private INTEGER NOT NULL,
    simple INTEGER NOT NULL, target INTEGER, file TEXT, PRIMARY KEY (note, seq)
) WITHOUT ROWID;
CREATE INDEX link_key ON link(key);
CREATE INDEX link_target ON link(target, entry) WHERE target IS NOT NULL;
CREATE INDEX link_entry ON link(note, entry) WHERE entry IS NOT NULL;
CREATE INDEX link_introducer ON link(note, seq) WHERE field = 'introducedby';
CREATE INDEX link_none ON link(note, seq) WHERE target IS NULL AND file IS NULL;
CREATE TABLE entry (
    note INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, line INTEGER NOT NULL, day TEXT,
    channel TEXT, text TEXT, marks TEXT, theirs INTEGER, private INTEGER NOT NULL, own INTEGER NOT NULL,
    PRIMARY KEY (note, seq)
) WITHOUT ROWID;
CREATE INDEX entry_day ON entry(day) WHERE kind = 'talk' AND NOT private;
CREATE TABLE block (note INTEGER NOT NULL, kind TEXT NOT NULL);
CREATE INDEX block_note ON block(note);
CREATE TABLE problem (
    note INTEGER, path TEXT NOT NULL, line INTEGER, col INTEGER, severity TEXT, code TEXT, what TEXT, mend TEXT
);
CREATE INDEX problem_note ON problem(note);
CREATE TABLE attachment (path TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX attachment_key ON attachment(key);
CREATE TABLE body (note INTEGER PRIMARY KEY, title TEXT, shown TEXT, private TEXT);
CREATE VIRTUAL TABLE words USING fts5(
    title, shown, private, content='', tokenize={TOKENS}
);
INSERT INTO words (words, rank) VALUES ('hashsize', 4194304);
CREATE TABLE standing (
    note INTEGER PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, pool TEXT NOT NULL,
    held TEXT NOT NULL, score REAL NOT NULL, duty INTEGER NOT NULL, turn INTEGER NOT NULL, due TEXT, snooze TEXT,
    last TEXT, revived INTEGER NOT NULL, data TEXT NOT NULL
);
CREATE UNIQUE INDEX standing_path ON standing(path);
CREATE INDEX standing_best ON standing(held, pool, score DESC, name_key, path);
CREATE INDEX standing_duty ON standing(held, pool, score DESC, name_key, path) WHERE duty;
CREATE INDEX standing_turn ON standing(turn, name_key, path) WHERE held = '' AND pool = 'dormant';
CREATE INDEX standing_soon ON standing(due, name_key, path) WHERE held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare';
CREATE INDEX standing_snooze ON standing(snooze, name_key, path) WHERE held = 'snoozed';
CREATE INDEX standing_last ON standing(last);
CREATE INDEX standing_revived ON standing(note) WHERE revived;
CREATE TABLE share (
    note INTEGER PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, is_left_out INTEGER NOT NULL, dot TEXT,
    sources TEXT, months TEXT, step TEXT, support TEXT, street TEXT, days TEXT
);
CREATE TABLE folder (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE page (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER);
CREATE TABLE owed (thing TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


def open_index(file: str, root: str) -> sqlite3.Connection:
    """A connection to the index of the vault at `root`; a new, empty one where the old cannot serve.

    Raises OSError or sqlite3.OperationalError when the folder cannot be written at all.
    """
    os.makedirs(os.path.dirname(file), exist_ok=True)
    connection = _open_ours(file, root)
    if connection is not None:
        return connection
    with _alone(file):
        # whoever was faster may have made it meanwhile
        connection = _open_ours(file, root)
        if connection is None:
            put_aside(file)
            connection = _make(file, root)
    return connection


def _open_ours(file: str, root: str) -> sqlite3.Connection | None:
    """A connection to a whole index of this version and vault; None for anything else."""
    if not os.path.exists(file):
        return None
    connection = None
    try:
        connection = _connect(file)
        if _is_ours(connection, root):
            return connection
    except sqlite3.DatabaseError as error:
        if is_passing(error):
            if connection is not None:
                connection.close()
            raise
    except UnicodeDecodeError:
        pass  # Python cannot give SQLite's own words on the damage, because they quote it
    if connection is not None:
        connection.close()
    return None


@contextlib.contextmanager
def _alone(file: str) -> Iterator[None]:
    """One process at a time makes an index or puts one aside."""
    with open(f"{file}.lock", "a+b") as lock:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_over(file: str, root: str) -> sqlite3.Connection:
    """A new index in place of a damaged one."""
    with _alone(file):
        put_aside(file)
        return _make(file, root)


def put_aside(file: str) -> None:
    """Removes an index that cannot serve, with the files SQLite keeps beside it."""
    for tail in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{file}{tail}")


def is_passing(error: sqlite3.Error) -> bool:
    """True for what is not the file's fault and may pass: a lock, a full or read-only disk."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_PERM")
    )


def _connect(file: str, *, wal: bool = True) -> sqlite3.Connection:
    """A connection; without `wal` in whatever way the file is written just now."""
    connection = sqlite3.connect(file, timeout=60, isolation_level=None)
    try:
        if wal:
            use_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_ours(connection: sqlite3.Connection, root: str) -> bool:
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return False
    row = connection.execute("SELECT value FROM meta WHERE key = 'root'").fetchone()
    return bool(row and row[0] == root)


def _make(file: str, root: str) -> sqlite3.Connection:
    """A new index. What fills it goes straight into the file, and not through the log of WAL a second time.

    It is made under another name: whoever opens the index meanwhile must find none, or a whole one, since an
    empty file that two set up at once fails one of them without any waiting.
    """
    new = f"{file}.new"
    put_aside(new)
    connection = _connect(new, wal=False)
    try:
        connection.execute("BEGIN IMMEDIATE")
        _lay_out(connection, root)
        connection.execute("COMMIT")
    finally:
        connection.close()
    os.replace(new, file)
    return _connect(file, wal=False)


def cache_as_usual(connection: sqlite3.Connection) -> None:
    """No more memory than most runs need."""
    connection.execute(f"PRAGMA cache_size = {_CACHE}")


def use_wal(connection: sqlite3.Connection) -> None:
    """From now on who reads and who writes need not wait for each other, where the file system can do it.

    While others have the file open it stays as it is, which serves as well, only not as fast.
    """
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if not is_passing(error):
            raise


def in_memory(root: str) -> sqlite3.Connection:
    """An empty index that lasts as long as the process, for where nothing can be kept."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _lay_out(connection, root)
    return connection


def _lay_out(connection: sqlite3.Connection, root: str) -> None:
    for statement in _TABLES.split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES ('root', ?)", (root,))
    connection.execute(f"PRAGMA user_version = {VERSION}")
