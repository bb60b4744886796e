"""What is kept between runs to spare the next one work: what the last walk found, and facts about the index itself.

All of it is true for one state of the index alone, and forgotten with it. This module loads nothing but SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

Stamp = tuple[int, int, int, int]


def facts(sql: sqlite3.Connection) -> dict[str, str]:
    """All that the index knows of itself."""
    return dict(sql.execute("SELECT key, value FROM meta").fetchall())


def fact(sql: sqlite3.Connection, key: str) -> str:
    row = sql.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def moment(sql: sqlite3.Connection) -> int:
    """Another number once another connection has written to the index."""
    return int(sql.execute("PRAGMA data_version").fetchone()[0])


def folders(sql: sqlite3.Connection) -> dict[str, bytes]:
    """The folders in which something is known, each with the digest of what a walk finds in it; empty while not settled."""
    return dict(sql.execute("SELECT path, digest FROM folder").fetchall())


def settle(sql: sqlite3.Connection, found: Mapping[str, bytes], left: Iterable[str]) -> None:
    """Keeps the digests of folders whose notes are all known as they were found, and forgets those that are no more."""
    sql.executemany("DELETE FROM folder WHERE path = ?", ((path,) for path in left))
    sql.executemany("INSERT OR REPLACE INTO folder VALUES (?, ?)", found.items())


def stamps(sql: sqlite3.Connection) -> dict[str, Stamp]:
    """Every note known, with the stamp it was read under."""
    return {row[0]: row[1:] for row in sql.execute("SELECT path, size, mtime, ctime, inode FROM note")}


def hashes(sql: sqlite3.Connection) -> dict[str, str]:
    """Every note known, with the hash of the bytes it was read from."""
    return dict(sql.execute("SELECT path, hash FROM note").fetchall())


def stamps_in(sql: sqlite3.Connection, folders: Iterable[str]) -> dict[str, Stamp]:
    """As `stamps`, of the notes that lie right in these folders."""
    found: dict[str, Stamp] = {}
    columns = "SELECT path, size, mtime, ctime, inode FROM note WHERE"
    for folder in folders:
        if folder:
            # "0" comes right behind "/"
            below = "path > ?1 || '/' AND path < ?1 || '0' AND instr(substr(path, length(?1) + 2), '/') = 0"
            rows = sql.execute(f"{columns} {below}", (folder,))
        else:
            rows = sql.execute(f"{columns} instr(path, '/') = 0")
        found.update((row[0], row[1:]) for row in rows)
    return found


def attachments(sql: sqlite3.Connection) -> set[str]:
    return {row[0] for row in sql.execute("SELECT path FROM attachment")}


def attachments_in(sql: sqlite3.Connection, folders: Iterable[str]) -> set[str]:
    """Those that lie right in these folders."""
    wanted = set(folders)
    if not wanted:
        return set()
    return {path for path in attachments(sql) if path.rpartition("/")[0] in wanted}


def racy(sql: sqlite3.Connection) -> dict[str, Stamp]:
    """As `stamps`, of the notes saved so shortly before they were read that their stamp proves nothing yet."""
    rows = sql.execute("SELECT path, size, mtime, ctime, inode FROM note WHERE racy")
    return {row[0]: row[1:] for row in rows}


def has_owed(sql: sqlite3.Connection) -> bool:
    """Whether something changed that is on no page yet."""
    return sql.execute("SELECT 1 FROM owed LIMIT 1").fetchone() is not None


def put_facts(sql: sqlite3.Connection, told: Mapping[str, str]) -> None:
    sql.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", told.items())


def written_pages(sql: sqlite3.Connection) -> list[tuple[str, int, int, int, int]]:
    """Path and stamp of every page as we wrote it last."""
    return sql.execute("SELECT path, size, mtime, ctime, inode FROM page").fetchall()
