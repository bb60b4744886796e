"""What one run found and did, for whoever started it."""

from __future__ import annotations

from dataclasses import dataclass, field

from mdmentor.errors import PagesNotWritten, WorldFailed

MOST_NAMED = 64  # notes that a report names one by one


@dataclass
class Changes:
    """The notes that were not as the index knew them."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    paths: list[str] = field(default_factory=list)  # of the notes; of very many the first
    linked: int | None = None  # notes whose bytes also lie elsewhere; None when the vault was not walked
    leftovers: set[str] = field(default_factory=set)  # folders where a killed run left its temporary files

    def name(self, path: str) -> None:
        if len(self.paths) < MOST_NAMED:
            self.paths.append(path)


@dataclass
class Report:
    """What one run found and did."""

    notes: int = 0
    contacts: int = 0
    posts: int = 0
    problems: tuple[int, int, int] = (0, 0, 0)  # problems, hints, links that name no note
    changes: Changes = field(default_factory=Changes)
    pages_written: list[str] = field(default_factory=list)
    taken_away: list[str] = field(default_factory=list)  # of these, the pages that there is no reason for now
    stale: list[str] = field(default_factory=list)  # with `check`: pages and blocks that would be written
    words: list[str] = field(default_factory=list)  # what the user should hear besides
    left: dict[str, str] = field(default_factory=dict)  # file left as it is -> why; among the words too
    looked_at: set[str] = field(default_factory=set)  # pages, and notes with blocks, that this run settled
    waiting: list[str] = field(default_factory=list)  # notes and pages that somebody is writing in just now
    waits_for_git: bool = False  # the pages wait until a merge or rebase is over
    is_unfinished: bool = False  # pages were left for the next run, since something was saved meanwhile
    failed: dict[str, WorldFailed] = field(default_factory=dict)  # file that the disk did not take -> why
    seconds: float = 0.0

    def leave(self, path: str, why: str) -> None:
        """The file stays as it is, and the user should hear why."""
        self.left[path] = why
        self.words.append(why)

    def raise_failure(self) -> None:
        """Raises PagesNotWritten where the disk did not take a file, with what was written all the same.

        A full disk refuses many files, and is reported once.
        """
        if not self.failed:
            return
        path, error = next(iter(self.failed.items()))
        others = len(self.failed) - 1
        named = f'"{path}" and {others} other file{"s" * (others != 1)}' if others else f'"{path}"'
        what = error.what.replace(f'"{path}"', named, 1)
        count = len(self.pages_written)
        written = f"{count} other{'s were' if count != 1 else ' was'} written"
        done = written if count else "no page was written" if self.words else "nothing was changed"
        raise PagesNotWritten(
            what, f"{done}; when that is put right, run: mdmentor reindex", tuple(self.words)
        )

    def to_json(self) -> dict[str, object]:
        return {
            "notes": self.notes,
            "contacts": self.contacts,
            "posts": self.posts,
            "added": self.changes.added,
            "changed": self.changes.changed,
            "removed": self.changes.removed,
            "pages_written": len(self.pages_written),
            "pages": self.pages_written,
            "problems": sum(self.problems),
            "seconds": round(self.seconds, 3),
        }
