"""The watcher: events -> a quiet moment -> reindex, one worker, until it is stopped.

It keeps no knowledge of the notes of its own: what changed is always decided by `reindex`, from the disk.
It never stops for something that may pass; it says so once, waits, and tries again.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from mdmentor import git
from mdmentor.actions.history import history_folder
from mdmentor.config import load_settings
from mdmentor.core.ignore import ignore_rule
from mdmentor.errors import MdmentorError, NoVault
from mdmentor.heartbeat import Heartbeat, now
from mdmentor.index import Index, index_file
from mdmentor.reindex import Events as RunEvents
from mdmentor.reindex import Report, plan_run, reindex
from mdmentor.vault import SETTINGS_FILE, Vault
from mdmentor.watch import messages
from mdmentor.watch.event_queue import Noted, Notices
from mdmentor.watch.events import CannotWatch, Events
from mdmentor.watch.filter import Resting, sift
from mdmentor.watch.mounts import mounts_of

# So often in a row the pages that nobody looks at first are left for the next run, where save follows save.
_PUT_OFF = 20


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take; in seconds."""

    quiet: float = 0.1  # without an event, before a run
    most: float = 2.0  # after the first event, however many follow
    checkout: float = 30.0  # the same while git writes so many files that they have to be looked for
    rest: float = 3.0  # that a note must lie still before a block in it is renewed
    reconcile: float = 300.0  # between two walks that nothing called for
    beat: float = 60.0  # the longest sleep: so late is a wake-up of the machine noticed
    merge: float = 0.5  # between two looks at git while it merges
    retry: float = 2.0  # after something failed; doubled each time, up to a minute
    poll: float = 2.0  # between two walks where events do not arrive, if a walk is quick
    poll_share: float = 0.05  # of one processor's time that polling may take


class Watcher:
    """Watches one vault. `run` returns after `stop`."""

    def __init__(
        self,
        vault: Vault,
        cache: Path,
        say: Callable[[str], None],
        *,
        today: Callable[[], date],
        polls: bool = False,
        pace: Pace = Pace(),
    ) -> None:
        """`say` gets one line at a time for the log, without its time."""
        self._vault, self._cache, self._say, self._today, self._pace = vault, cache, say, today, pace
        self._file = index_file(vault.root, cache)
        self._why_polling = "it was asked to" if polls else ""
        self._notices = Notices()
        self._resting = Resting(vault, pace.rest, history_folder(self._file))
        self._events: Events | None = None
        self._kept: Index | None = None  # an index that is in memory only must be the same each time
        self._settings, _, _ = load_settings(vault.root)
        self._day: date | None = None
        self._told = messages.Told()
        self._trouble = ""
        self._failures = 0
        self._missed = 0
        self._put_off = 0  # runs in a row that left pages for the next one
        self._has_links = False
        self._waiting: frozenset[str] = frozenset()
        self._waits_for_git = False
        self._reconcile_at = self._again_at = 0.0
        self._clock = (time.time(), time.monotonic())

    def stop(self) -> None:
        """Asks it to end after what it is doing; may be called from a signal handler or another thread."""
        self._notices.stop()

    def run(self) -> None:
        """Watches until stopped. Raises MdmentorError where it cannot begin at all."""
        self._heart = Heartbeat(self._file)
        try:
            self._say(f"watching {self._vault.root}; stop with Ctrl-C")
            self._vault.clean_up("")
            self._was_a_vault = self._is_marked()
            self._identity = self._identify()
            self._listen()
            self._notices.doubt("the start")
            while not self._notices.is_stopping:
                self._turn()
            self._say("stopped")
        finally:
            self._deafen()
            if self._kept is not None:
                self._kept.close()
            self._heart.close()

    def _turn(self) -> None:
        """Sleeps until there is something to do, and does it."""
        self._notices.wait(self._next_due() - time.monotonic())
        if self._has_slept():
            self._notices.doubt("the machine slept or its clock was set")
        self._notices.settle(self._pace.quiet, self._pace.most)
        if self._notices.has_doubts() and git.is_writing(self._vault.root):
            self._notices.settle(self._pace.quiet, self._pace.checkout)
        if self._notices.is_stopping or not self._is_there():
            return
        if self._events is not None and not self._events.is_alive():
            self._listen()
            self._notices.doubt("the events had stopped")
        moment = time.monotonic()
        is_due = moment >= self._reconcile_at or self._today() != self._day
        is_again = bool(self._again_at) and moment >= self._again_at
        if not (is_due or is_again or not self._notices.is_empty()):
            return
        noted = self._notices.take()
        if is_again and self._waits_for_git and not noted and git.is_merging(self._vault.root):
            self._again_at = moment + self._pace.merge
            return
        self._work(noted, is_due=is_due, is_again=is_again)

    def _next_due(self) -> float:
        """When the next timer is due, on the monotonic clock."""
        moment = time.monotonic()
        clock = datetime.now()  # noqa: DTZ005 - the user's own day ends at their midnight
        tomorrow = datetime.combine(clock.date() + timedelta(days=1), datetime.min.time())
        midnight = moment + (tomorrow - clock).total_seconds() + 0.05
        timers = [moment + self._pace.beat, self._reconcile_at, midnight]
        return min([*timers, self._again_at] if self._again_at else timers)

    def _has_slept(self) -> bool:
        """True when the two clocks moved apart: the machine slept, or its clock was set."""
        wall, monotonic = self._clock
        self._clock = (time.time(), time.monotonic())
        return abs((self._clock[0] - wall) - (self._clock[1] - monotonic)) > 5

    def _work(self, noted: Noted, *, is_due: bool, is_again: bool) -> None:
        """One run, for what was noted or because it is time."""
        started, day = time.monotonic(), self._today()
        try:
            index = self._open()
            try:
                only: frozenset[str] = frozenset()
                if not (is_due or noted.doubts or self._failures):
                    news = sift(self._vault, index, self._settings, noted.paths)
                    if not news and not is_again:
                        self._notices.settled(is_current=self._can_vouch())
                        return
                    if not news.needs_walk and all(path.endswith(".md") for path in self._waiting):
                        only = news.notes | self._waiting
                events = RunEvents(self._check, self._resting, self._is_called)
                run = plan_run(self._vault, index, day, events)
                report = reindex(replace(run, only=only))
            finally:
                if index is not self._kept:
                    index.close()
        except _Stopped:
            return
        except NoVault as error:
            if self._is_there():  # again
                self._fail(messages.trouble(error))
            return
        except (MdmentorError, sqlite3.Error, OSError) as error:
            for words in getattr(error, "words", ()):
                self._say(words)
            self._fail(messages.trouble(error))
            return
        is_silent = is_due and not noted and self._day == day and not self._why_polling
        self._day = day
        self._done(report, time.monotonic() - started, is_silent=is_silent)

    def _is_called(self) -> bool:
        """True where somebody has saved meanwhile: what is looked at first shall tell of it before the rest is made."""
        return self._put_off < _PUT_OFF and self._notices.has_outside(f"{self._settings.pages_folder}/")

    def _check(self, done: int, total: int) -> None:
        """Called while notes are read: a long run ends at once when the watcher is to stop."""
        if self._notices.is_stopping:
            raise _Stopped

    def _open(self) -> Index:
        """The index, opened for one run: so a file that another process put in its place is found."""
        if self._kept is not None:
            return self._kept
        index = Index(self._vault.root, self._cache)
        if index.warning:
            self._kept = index
            self._say(index.warning)
            self._heart.tell(last_problem=index.warning)
        return index

    def _done(self, report: Report, seconds: float, *, is_silent: bool) -> None:
        """Looks at what a run told: the log, the next timers, and whether the index may be vouched for.

        `is_silent` where nothing but the time had called for the run.
        """
        if self._trouble:
            self._say("it works again")
        self._trouble, self._failures = "", 0
        changes = report.changes
        if changes.linked is not None:
            self._has_links = changes.linked > 0
        for line in messages.changes_of(report, self._settings.pages_folder, self._waiting):
            self._say(line)
        for words in self._told.news_of(report):
            self._say(words)
            if words in report.left.values():
                self._heart.tell(last_problem=f"{now()} {words}")
        self._waiting, self._waits_for_git = frozenset(report.waiting), report.waits_for_git
        moment = time.monotonic()
        self._again_at = 0.0
        self._put_off = self._put_off + 1 if report.is_unfinished else 0
        if report.is_unfinished:
            self._again_at = moment
        elif self._waits_for_git:
            self._again_at = moment + self._pace.merge
        elif self._waiting:
            self._again_at = moment + self._resting.seconds_left()
        self._reconcile_at = moment + (
            max(self._pace.poll, seconds / self._pace.poll_share)
            if self._why_polling
            else self._pace.reconcile
        )
        self._take_settings()
        if is_silent and (changes.added or changes.changed or changes.removed) and not self._has_links:
            self._missed += 1
            if self._missed > 1:
                self._poll("changes were found that no event had told of")
        self._notices.settled(is_current=self._can_vouch())
        self._heart.tell(last_run=now(), answers=self._can_vouch())

    def _fail(self, why: str) -> None:
        """Says once what went wrong, and tries again, less and less often."""
        if why != self._trouble:
            self._say(why)
            self._heart.tell(last_problem=f"{now()} {why}", answers=False)
        self._trouble = why
        wait = min(self._pace.retry * 2**self._failures, 60)
        self._failures += 1
        self._again_at = time.monotonic() + wait
        self._reconcile_at = max(self._reconcile_at, self._again_at)

    def _take_settings(self) -> None:
        """Watches other folders when the settings leave out others than before."""
        before = self._settings
        self._settings, _, _ = load_settings(self._vault.root)
        if before.ignore != self._settings.ignore and self._events is not None:
            self._listen()
            self._notices.doubt("other folders are watched")

    def _can_vouch(self) -> bool:
        """Whether events alone tell of every change: in order, of every note, from this machine only."""
        return (
            self._events is not None
            and self._events.answers
            and not self._has_links
            and self._kept is None
            and not self._failures
            and self._is_on_own_drive
        )

    def _listen(self) -> None:
        """Begins to hear events, or says why it polls."""
        self._deafen()
        mounts = mounts_of(self._vault.root)
        self._is_on_own_drive = bool(mounts) and all(mount.is_own for mount in mounts)
        shared = next((mount for mount in mounts if mount.is_shared), None)
        if shared is not None and not self._why_polling:
            self._why_polling = (
                f"another machine may write to this drive ({shared.kind}) without an event here"
            )
        if self._why_polling:
            self._poll(self._why_polling)
            return
        is_ignored = ignore_rule(self._settings.ignore)
        self._events = Events(
            self._vault.root,
            self._notices,
            lambda folder: _is_left_out(folder, is_ignored),
            self._heart.questions,
            lambda question: self._heart.answer(question, is_current=self._notices.is_current()),
        )
        try:
            self._events.start()
        except CannotWatch as error:
            self._poll(str(error))

    def _poll(self, why: str) -> None:
        """Looks at intervals from now on."""
        self._deafen()
        self._why_polling = why
        self._say(f"looking for changes at intervals, because {why}")
        self._heart.tell(mode="polling", why=why, answers=False)
        self._reconcile_at = time.monotonic() + self._pace.poll

    def _deafen(self) -> None:
        if self._events is not None:
            self._events.stop()
            self._events = None

    def _is_there(self) -> bool:
        """False while the vault is gone or its drive is not mounted: unknown is not gone."""
        try:
            identity = self._identify()
            with os.scandir(self._vault.root) as entries:
                is_empty = next(entries, None) is None
        except OSError as error:
            self._fail(f"the vault cannot be looked at ({error.strerror or error}); waiting for it")
            return False
        if identity == self._identity:
            return True
        if is_empty or (self._was_a_vault and not self._is_marked()):
            self._fail("the vault is not where it was; is its drive mounted? waiting for it")
            return False
        self._identity = identity
        self._listen()
        self._notices.doubt("the vault's folder is another one")
        return True

    def _identify(self) -> tuple[int, int]:
        info = self._vault.root.stat()
        return info.st_dev, info.st_ino

    def _is_marked(self) -> bool:
        root = self._vault.root
        return (root / SETTINGS_FILE).exists() or (root / ".obsidian").exists()


class _Stopped(Exception):
    """The watcher was asked to end in the middle of a run; the run's transaction is undone."""


def _is_left_out(folder: str, is_ignored: Callable[[str], bool] | None) -> bool:
    """Whether a folder (its path ends in "/") and all below it take no part."""
    parts = folder.rstrip("/").split("/")
    if any(part.startswith(".") or part == "node_modules" for part in parts):
        return True
    return is_ignored is not None and any(
        is_ignored("/".join(parts[:n]) + "/") for n in range(1, len(parts) + 1)
    )
