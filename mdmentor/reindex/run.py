"""One run as values: what it works with, what the caller hears and is asked on the way, and what it found and did."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from mdmentor.config import load_settings
from mdmentor.core.model import Problem, Settings
from mdmentor.errors import PagesNotWritten, WorldFailed
from mdmentor.index import Index
from mdmentor.reindex.workers import Workers
from mdmentor.vault import Vault

MOST_NAMED = 64  # notes that a report names one by one

Progress = Callable[[int, int], None]  # notes done, notes to do


@dataclass(frozen=True, slots=True)
class Events:
    """What the caller hears, and is asked, while a run is under way."""

    progress: Progress | None = None
    # False for a file that somebody is writing in just now
    is_resting: Callable[[str], bool] = lambda path: True
    # asked between two pages: is there something newer to do?
    is_interrupted: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Run:
    """A vault with its index on one day, and how much of it to bring up to date."""

    vault: Vault
    index: Index
    today: date
    settings: Settings
    settings_problems: tuple[Problem, ...] = ()
    full: bool = False  # read every note, whether it changed or not
    check: bool = False  # write no file; what would be written is reported as stale
    only: Collection[str] = ()  # the notes that can have changed since the last run; empty: look at all
    hook: str = ""  # the git hook that called
    events: Events = Events()
    workers: Workers = field(default_factory=Workers)


def plan_run(vault: Vault, index: Index, today: date, events: Events = Events()) -> Run:
    """A run over all that changed, under the vault's settings as they are now."""
    settings, problems, _ = load_settings(vault.folder)
    return Run(vault, index, today, settings, problems, events=events)


@dataclass
class Changes:
    """The notes that differed from the index."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    paths: list[str] = field(default_factory=list)  # of the notes; of very many the first
    linked: int | None = None  # notes whose bytes also lie elsewhere; None when the vault was not walked
    leftovers: set[str] = field(default_factory=set)  # folders with temporary files of a killed run

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
    taken_away: list[str] = field(default_factory=list)  # of these, the pages that were deleted
    stale: list[str] = field(default_factory=list)  # with `check`: pages and blocks that would be written
    words: list[str] = field(default_factory=list)  # messages for the user
    left: dict[str, str] = field(default_factory=dict)  # file that was not written -> why; in `words` too
    looked_at: set[str] = field(default_factory=set)  # pages, and notes with blocks, that are done
    waiting: list[str] = field(default_factory=list)  # notes and pages that somebody is writing in just now
    waits_for_git: bool = False  # the pages wait until a merge or rebase is over
    is_unfinished: bool = False  # some pages are left for the next run, since something was saved meanwhile
    failed: dict[str, WorldFailed] = field(default_factory=dict)  # file that could not be written -> why
    seconds: float = 0.0

    def leave(self, path: str, why: str) -> None:
        """Records a file that was not written, and tells the user why."""
        self.left[path] = why
        self.words.append(why)

    def raise_failure(self) -> None:
        """Raises PagesNotWritten where a file could not be written, with what was written all the same.

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
