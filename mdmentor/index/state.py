"""What the index was built from: the settings and the day, and the stamps of notes, attachments and pages."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from mdmentor.core.model import Problem
from mdmentor.index import Index

Stamp = tuple[int, int, int, int]  # size, mtime, ctime, inode


class IndexState(NamedTuple):
    """The one row of the table `state`, column by column."""

    read_under: str = ""  # the version and the settings by which notes were read
    assessed_for: str = ""  # the version, the day and the settings by which people were assessed
    live_topics: str = ""  # the topics of active goals
    revision: int = 0  # grows with every change that pages may show
    pages_revision: int = -1  # the revision that all pages and blocks show
    first_newest: str = ""  # the day of the latest contact when the index was made
    have_topics: int = 0  # how many notes have a topic


def load(index: Index) -> IndexState:
    row = index.execute("SELECT * FROM state").fetchone()
    return IndexState(*row) if row else IndexState()


def save(index: Index, state: IndexState) -> None:
    index.execute("DELETE FROM state")
    index.execute("INSERT INTO state VALUES (?, ?, ?, ?, ?, ?, ?)", state)


def holds(index: Index, notes: Mapping[str, int]) -> bool:
    """Whether the notes in the index are these, path -> `stamp_key`, and no stamp is racy."""
    count, total = index.execute("SELECT count(*), sum(stamp) FROM note").fetchone()
    is_same = (count, total or 0) == (len(notes), sum(notes.values()))
    return is_same and index.value("SELECT 1 FROM note WHERE racy") is None


def stamps(index: Index, only: Collection[str] | None = None) -> tuple[dict[str, int], set[str]]:
    """`stamp_key` of all notes, or of those of `only` that the index has; and all notes whose stamp is racy."""
    query = "SELECT path, stamp FROM note"
    if only is None:
        found = index.execute(query).fetchall()
    else:
        found = [row for path in only for row in index.execute(f"{query} WHERE path = ?", (path,))]
    return dict(found), set(index.column("SELECT path FROM note WHERE racy"))


def attachments(index: Index) -> set[str]:
    return set(index.column("SELECT path FROM attachment"))


def is_attachment(index: Index, path: str) -> bool:
    return index.value("SELECT 1 FROM attachment WHERE path = ?", (path,)) is not None


def problems_of_no_note(index: Index) -> list[Problem]:
    """The problems of the settings, and of files and folders as a whole, in the order they were put in."""
    columns = "path, line, col, severity, code, what, fix"
    rows = index.execute(f"SELECT {columns} FROM problem WHERE note IS NULL ORDER BY rowid")
    return [Problem(*row) for row in rows]


def page_stamps(index: Index) -> dict[str, Stamp]:
    """The pages with the stamps under which we wrote them last."""
    return {row[0]: row[1:] for row in index.execute("SELECT path, size, mtime, ctime, inode FROM page")}


def put_page(index: Index, path: str, stamp: Stamp) -> None:
    index.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", (path, *stamp))


def forget_page(index: Index, path: str) -> None:
    index.execute("DELETE FROM page WHERE path = ?", (path,))
