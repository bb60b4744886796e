"""One run as a value: what it works with, and what the caller wants to hear and be asked on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date

from mdmentor.config import load_settings
from mdmentor.core.model import Problem, Settings
from mdmentor.index import Index
from mdmentor.reindex.workers import Workers
from mdmentor.vault import Vault

Progress = Callable[[int, int], None]  # notes done, notes to do


@dataclass(frozen=True, slots=True)
class Events:
    """What the caller hears, and is asked, while a run is under way."""

    progress: Progress | None = None
    is_resting: Callable[[str], bool] = lambda path: (
        True
    )  # False for a file that somebody is writing in just now
    is_interrupted: Callable[[], bool] = lambda: (
        False
    )  # asked between two pages: is there something newer to do?


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
    hook: str = ""  # the hook of git that called
    events: Events = Events()
    workers: Workers = field(default_factory=Workers)


def plan_run(vault: Vault, index: Index, today: date, events: Events = Events()) -> Run:
    """A run over all that changed, under the vault's settings as they are now."""
    settings, problems, _ = load_settings(vault.folder)
    return Run(vault, index, today, settings, problems, events=events)
