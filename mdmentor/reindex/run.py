"""One run as values: what it works with, the callbacks of its caller, and what it found and did."""

import os
from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from mdmentor.config import load_settings
from mdmentor.core.model import Problem, Settings
from mdmentor.errors import PagesNotWritten, WorldFailed
from mdmentor.index import Index
from mdmentor.vault import Vault

MOST_NAMED = 64  # notes that a report names one by one

Progress = Callable[[int, int], None]  # notes done, notes to do


class Events(NamedTuple):
    """The callbacks of a run's caller."""

    progress: Progress | None = None
    # False for a file that somebody is writing in just now
    is_resting: Callable[[str], bool] = lambda path: True
    # asked between two pages: is there something newer to do?
    is_interrupted: Callable[[], bool] = lambda: False


class Run(NamedTuple):
    """A vault with its index on one day, and how much of it to bring up to date."""

    vault: Vault
    index: Index  # type: ignore[assignment]  # a tuple's own `index` is not needed of it
    today: date
    events: Events
    settings: Settings
    settings_problems: tuple[Problem, ...] = ()
    full: bool = False  # read every note, whether it changed or not
    check: bool = False  # write no file; what would be written is reported as stale
    only: Collection[str] = ()  # the notes that can have changed since the last run; empty: look at all
    hook: str = ""  # the git hook that called

    @property
    def calendar_path(self) -> str:
        """Where the calendar is: `~` is the home, and what does not begin at the root begins at the vault's."""
        return os.path.join(self.vault.folder, os.path.expanduser(self.settings.calendar_file))


def plan_run(vault: Vault, index: Index, today: date, events: Events | None = None) -> Run:
    """A run over all that changed, under the vault's settings as they are now."""
    return Run(vault, index, today, events or Events(), *load_settings(vault.folder))


class Changes:
    """The notes that differed from the index."""

    def __init__(self) -> None:
        self.added = self.changed = self.removed = 0
        self.paths: list[str] = []  # of the notes; of very many the first
        # notes whose bytes are also elsewhere; None without a walk of the vault
        self.linked: int | None = None
        self.leftovers: set[str] = set()  # folders with temporary files of a killed run

    def name(self, path: str) -> None:
        if len(self.paths) < MOST_NAMED:
            self.paths.append(path)


class Report:
    """What one run found and did."""

    def __init__(self) -> None:
        self.notes = self.contacts = self.posts = 0
        self.problems = (0, 0, 0)  # problems, hints, links that name no note
        self.changes = Changes()
        self.pages_written: list[str] = []
        self.taken_away: list[str] = []  # of these, the pages that were deleted
        self.stale: list[str] = []  # with `check`: pages and blocks that would be written
        self.words: list[str] = []  # messages for the user
        self.left: dict[str, str] = {}  # file that was not written -> why; in `words` too
        self.looked_at: set[str] = set()  # pages, and notes with blocks, that are done
        self.waiting: list[str] = []  # notes and pages that somebody is writing in just now
        self.waits_for_git = False  # the pages wait until a merge or rebase is over
        self.is_unfinished = False  # something was saved meanwhile: the next run does the other pages
        self.failed: dict[str, WorldFailed] = {}  # file that could not be written -> why
        self.seconds = 0.0

    def leave(self, path: str, why: str) -> None:
        """Records a file that was not written, and reports why."""
        self.left[path] = why
        self.words.append(why)

    def raise_failure(self) -> None:
        """Raises PagesNotWritten where a file could not be written, with what was written before and after.

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
        done = written if count else "no page was written" if self.words else "nothing changed"
        fix = f"{done}; when that is put right, run: mdmentor reindex"
        raise PagesNotWritten(what, fix, tuple(self.words))

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
            "stale": self.stale,
            "problems": sum(self.problems),
            "seconds": round(self.seconds, 3),
        }
