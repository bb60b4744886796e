"""The watcher: keeps index and pages true while any editor, git or sync tool works on the vault.

Events -> a quiet moment -> reindex, in one thread, until it is stopped. Events are hints; `reindex` decides from the disk
what changed. What cannot be watched is polled. A failure that may pass is reported once, and the watcher tries again.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from mdmentor import git
from mdmentor.config import load_settings
from mdmentor.core.ignore import membership
from mdmentor.core.text import counted
from mdmentor.errors import MdmentorError, NoVault, describe_failure
from mdmentor.heartbeat import Heartbeat, now
from mdmentor.index import Index, index_path
from mdmentor.reindex import Events as RunEvents
from mdmentor.reindex import Report, Run, plan_run, reindex
from mdmentor.vault import Vault, is_marked
from mdmentor.watch.events import (
    SCAN,
    CannotWatch,
    EventQueue,
    Events,
    QuietPeriod,
    find_news,
    find_shared_drive,
)

_MOST_POSTPONED = 20  # runs in a row that leave the less important pages for the next one, while saves go on
_MOST_NAMES = 3  # in a log line


@dataclass(frozen=True, slots=True)
class Timing:
    """In seconds."""

    quiet: float = 0.1  # without an event, before a run
    most: float = 2.0  # after the first event, however many follow
    checkout: float = 30.0  # the same while git writes so many files that a scan is needed
    rest: float = 3.0  # without a save of a note, before a block in it is updated
    reconcile: float = 300.0  # between two scans for no reason
    beat: float = 60.0  # the longest sleep: how late a wake-up of the machine may be noticed
    merge: float = 0.5  # between two looks at git while it merges
    retry: float = 2.0  # after a failure; doubled each time, up to a minute
    poll: float = 2.0  # between two scans where events do not arrive, if a scan is quick
    poll_share: float = 0.05  # of one processor's time that polling may take


class Stopped(Exception):
    """The watcher was stopped in the middle of a run; the run's transaction is rolled back."""


class Watcher:
    """Watches one vault. `run` returns after `stop`."""

    def __init__(
        self,
        vault: Vault,
        cache: str | Path,
        say: Callable[[str], None],
        *,
        today: Callable[[], date],
        polls: bool = False,
        timing: Timing = Timing(),
    ) -> None:
        """`say` gets one line at a time for the log, without its time."""
        self._vault, self._cache, self._say, self._today, self._timing = vault, cache, say, today, timing
        self._file = index_path(vault.root, cache)
        self._queue = EventQueue()
        self._quiet = QuietPeriod(vault, timing.rest, self._file)
        self._reported: dict[str, str] = {}  # files that a run left as they are, with why
        self._events: Events | None = None
        self._why_polling = "--poll was given" if polls else ""
        self._memory: Index | None = None  # an index that is in memory only must be the same each time
        self._settings = load_settings(vault.root)[0]
        self._day: date | None = None
        self._failure, self._failures = "", 0
        self._missed = 0  # times that changes were found which no event had reported
        self._postponed = 0  # runs in a row that left pages for the next one
        self._has_links = False
        self._waiting: frozenset[str] = frozenset()
        self._waits_for_git = False
        self._reconcile_at = self._again_at = 0.0
        self._clock = (time.time(), time.monotonic())

    def stop(self) -> None:
        """Asks it to end after what it is doing; may be called from a signal handler or another thread."""
        self._queue.stop()

    def run(self) -> None:
        """Watches until stopped. Raises MdmentorError where it cannot begin at all."""
        self._heart = Heartbeat(Path(self._file))
        try:
            self._say(f"watching {self._vault.root}; stop with Ctrl-C")
            self._vault.clean_up("")
            self._was_marked = is_marked(self._vault.folder)
            self._identity = os.stat(self._vault.folder)
            self._listen()
            self._queue.request_scan()
            while not self._queue.is_stopping:
                self._step()
            self._say("stopped")
        finally:
            self._stop_listening()
            if self._memory is not None:
                self._memory.close()
            self._heart.close()

    def _step(self) -> None:
        """Sleeps until there is something to do, and does it."""
        self._queue.wait(self._next_due() - time.monotonic())
        if self._has_slept():
            self._queue.request_scan()
        self._queue.wait_for_quiet(self._timing.quiet, self._timing.most)
        if self._queue.needs_scan and git.is_writing(self._vault.root):
            self._queue.wait_for_quiet(self._timing.quiet, self._timing.checkout)
        if self._queue.is_stopping or not self._is_there():
            return
        if self._events is not None and not self._events.is_alive():
            self._listen()
            self._queue.request_scan()
        moment = time.monotonic()
        is_due = moment >= self._reconcile_at or self._today() != self._day
        is_again = bool(self._again_at) and moment >= self._again_at
        batch = self._queue.take()
        if is_again and self._waits_for_git and not batch and not is_due and git.is_merging(self._vault.root):
            self._again_at = moment + self._timing.merge
        elif is_due or is_again or batch:
            self._work(batch, is_due=is_due, is_again=is_again)

    def _next_due(self) -> float:
        """When the next timer is due, on the monotonic clock."""
        moment = time.monotonic()
        clock = datetime.now()  # noqa: DTZ005 - the user's own day ends at their midnight
        tomorrow = datetime.combine(clock.date() + timedelta(days=1), datetime.min.time())
        midnight = moment + (tomorrow - clock).total_seconds() + 0.05
        timers = [moment + self._timing.beat, self._reconcile_at, midnight]
        return min([*timers, self._again_at] if self._again_at else timers)

    def _has_slept(self) -> bool:
        """True when the two clocks moved apart: the machine slept, or its clock was set."""
        wall, monotonic = self._clock
        self._clock = (time.time(), time.monotonic())
        return abs((self._clock[0] - wall) - (self._clock[1] - monotonic)) > 5

    def _work(self, batch: set[str], *, is_due: bool, is_again: bool) -> None:
        """One run, for what happened or because it is time."""
        started, day = time.monotonic(), self._today()
        is_whole = bool(is_due or SCAN in batch or self._failures)
        try:
            index = self._open()
            try:
                run = self._plan(index, day, batch, is_whole=is_whole, is_again=is_again)
                if run is None:
                    return
                report = reindex(run)
            finally:
                if index is not self._memory:
                    index.close()
        except Stopped:
            return
        except (MdmentorError, sqlite3.Error, OSError) as error:
            if isinstance(error, NoVault) and not self._is_there():
                return
            for words in getattr(error, "words", ()):
                self._say(words)
            self._fail(f"{describe_failure(error)[0]}; trying again")
            return
        is_silent = is_due and not batch and self._day == day and not self._why_polling
        self._day = day
        self._finish(report, time.monotonic() - started, is_silent=is_silent)

    def _plan(
        self, index: Index, day: date, batch: set[str], *, is_whole: bool, is_again: bool
    ) -> Run | None:
        """A run over the notes that are news, or all where names are not enough; None where nothing is new."""
        only: frozenset[str] = frozenset()
        if not is_whole:
            news = find_news(self._vault, index, self._settings, batch)
            if news is not None:
                if not news and not is_again:
                    return None
                if all(path.endswith(".md") for path in self._waiting):
                    only = news | self._waiting
        events = RunEvents(self._check_stopped, self._quiet.is_over, self._is_interrupted)
        return plan_run(self._vault, index, day, events)._replace(only=only)

    def _is_interrupted(self) -> bool:
        """True where a note was saved meanwhile: the first page is updated again before the others are written."""
        pages = f"{self._settings.pages_folder}/"
        return self._postponed < _MOST_POSTPONED and self._queue.has_outside(pages)

    def _check_stopped(self, done: int, total: int) -> None:
        """Called while notes are read: `stop` ends a long run at once."""
        if self._queue.is_stopping:
            raise Stopped

    def _open(self) -> Index:
        """The index, opened for each run, so that a file that another process put in its place is found."""
        if self._memory is not None:
            return self._memory
        index = Index(self._vault.root, self._cache)
        if index.warning:
            self._memory = index
            self._say(index.warning)
            self._heart.update(last_problem=index.warning)
        return index

    def _finish(self, report: Report, seconds: float, *, is_silent: bool) -> None:
        """Logs a report and sets the next timers. `is_silent`: the run had no reason but the time."""
        if self._failure:
            self._say("it works again")
        self._failure, self._failures = "", 0
        changes = report.changes
        if changes.linked is not None:
            self._has_links = changes.linked > 0
        for line in describe_changes(report, self._settings.pages_folder, self._waiting):
            self._say(line)
        self._say_what_was_left(report)
        self._waiting, self._waits_for_git = frozenset(report.waiting), report.waits_for_git
        self._set_timers(report, seconds)
        self._take_settings()
        if is_silent and (changes.added or changes.changed or changes.removed) and not self._has_links:
            self._missed += 1
            if self._missed > 1:
                self._poll("changes were found that no event had reported")
        self._heart.update(last_run=now())

    def _say_what_was_left(self, report: Report) -> None:
        """Reports each file that a run left as it is once, however often it is met, until it is fixed."""
        for path in report.looked_at - report.left.keys():
            self._reported.pop(path, None)
        known = {why for path, why in report.left.items() if self._reported.get(path) == why}
        self._reported |= report.left
        for words in report.words:
            if words not in known:
                self._say(words)
                if words in report.left.values():
                    self._heart.update(last_problem=f"{now()} {words}")

    def _set_timers(self, report: Report, seconds: float) -> None:
        moment = time.monotonic()
        self._again_at = 0.0
        self._postponed = self._postponed + 1 if report.is_unfinished else 0
        if report.is_unfinished:
            self._again_at = moment
        elif self._waits_for_git:
            self._again_at = moment + self._timing.merge
        elif self._waiting:
            self._again_at = moment + self._quiet.seconds_left()
        pause = self._timing.reconcile
        if self._why_polling:
            pause = max(self._timing.poll, seconds / self._timing.poll_share)
        self._reconcile_at = moment + pause

    def _fail(self, why: str) -> None:
        """Reports a failure once, and tries again, less and less often."""
        if why != self._failure:
            self._say(why)
            self._heart.update(last_problem=f"{now()} {why}")
        self._failure = why
        self._again_at = time.monotonic() + min(self._timing.retry * 2**self._failures, 60)
        self._failures += 1
        self._reconcile_at = max(self._reconcile_at, self._again_at)

    def _take_settings(self) -> None:
        """Watches other folders when the settings ignore others than before."""
        before, self._settings = self._settings, load_settings(self._vault.root)[0]
        if before.ignore != self._settings.ignore and self._events is not None:
            self._listen()
            self._queue.request_scan()

    def _listen(self) -> None:
        """Begins to collect events, or says why it polls."""
        self._stop_listening()
        kind = find_shared_drive(self._vault.root)
        if self._why_polling or kind:
            shared = f"another machine may write to this drive ({kind}) without an event here"
            self._poll(self._why_polling or shared)
            return
        belongs = membership(self._settings)
        self._events = Events(self._vault.root, self._queue, lambda folder: not belongs(folder))
        try:
            self._events.start()
        except CannotWatch as error:
            self._poll(str(error))

    def _poll(self, why: str) -> None:
        """Looks at intervals from now on."""
        self._stop_listening()
        self._why_polling = why
        self._say(f"looking for changes at intervals, because {why}")
        self._heart.update(mode="polling", why=why)
        self._reconcile_at = time.monotonic() + self._timing.poll

    def _stop_listening(self) -> None:
        if self._events is not None:
            self._events.stop()
            self._events = None

    def _is_there(self) -> bool:
        """False while the vault is gone or its drive is not mounted: that its notes are gone too is not known."""
        try:
            identity = os.stat(self._vault.folder)
            is_empty = self._vault.is_empty()
        except OSError as error:
            self._fail(f"the vault cannot be read ({error.strerror or error}); waiting for it")
            return False
        if os.path.samestat(identity, self._identity):
            return True
        if is_empty or (self._was_marked and not is_marked(self._vault.folder)):
            self._fail("the vault is not where it was; is its drive mounted? waiting for it")
            return False
        self._identity = identity
        self._listen()
        self._queue.request_scan()
        return True


def describe_changes(report: Report, pages_folder: str, waiting: Collection[str]) -> Iterator[str]:
    """Log lines for what a run changed and wrote; files in `waiting` were reported as such before."""
    found = report.changes
    numbers = {"new": found.added, "changed": found.changed, "gone": found.removed}
    changes = ", ".join(f"{number} {word}" for word, number in numbers.items() if number)
    written = [path for path in report.pages_written if path not in report.taken_away]
    prefix = f"{pages_folder}/"
    pages = [path.removeprefix(prefix) for path in written if path.startswith(prefix)]
    calendars = [path for path in written if path.endswith(".ics")]
    blocks = [path for path in written if not path.startswith(prefix) and path not in calendars]
    if changes:
        named = f": {_names(sorted(found.paths), sum(numbers.values()))}" if found.paths else ""
        yield f"{changes}{named} ({counted(report.notes, 'note')} in all)"
    if pages:
        yield f"wrote {_names(pages)} in {prefix}"
    if calendars:
        yield f"wrote {_names(calendars)}"
    if report.taken_away:
        yield f"removed {_names(report.taken_away)}"
    if blocks:
        yield f"updated the blocks in {_names(blocks)}"
    if late := [path for path in report.waiting if path not in waiting]:
        yield f"waiting for quiet in {_names(late)}"


def _names(names: list[str], total: int = 0) -> str:
    """The first few names, and how many more there are; `names` need not hold all of the `total`."""
    shown = ", ".join(names[:_MOST_NAMES])
    more = max(total, len(names)) - len(names[:_MOST_NAMES])
    return f"{shown} and {more} more" if more else shown
