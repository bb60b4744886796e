"""What events have told since the last run: paths and doubts, on their way from the readers to the worker.

Noting costs a few microseconds and never touches the disk: whoever reads events must not fall behind.
"""

import queue
import time
from threading import Lock
from typing import NamedTuple

# From here on names help nobody: a walk finds what there is.
MOST_PATHS = 2000


class Noted(NamedTuple):
    """All that was told between two runs. A doubt says why names alone are not enough."""

    paths: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.doubts)


class Notices:
    """The one place that event threads and the worker share."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: set[str] = set()
        self._doubts: list[str] = []
        self._first = self._last = 0.0
        self._is_current = False
        # A SimpleQueue may be put to from a signal handler, whatever the main thread holds.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.is_stopping = False

    def note(self, path: str) -> None:
        """Something happened at this path of the vault."""
        with self._lock:
            self._happened()
            if len(self._paths) < MOST_PATHS:
                self._paths.add(path)
            elif "a burst" not in self._doubts:
                self._doubts.append("a burst")

    def doubt(self, why: str) -> None:
        """Something happened that names cannot tell."""
        with self._lock:
            self._happened()
            if why not in self._doubts:
                self._doubts.append(why)

    def _happened(self) -> None:
        self._last = time.monotonic()
        self._is_current = False
        if not self._paths and not self._doubts:
            self._first = self._last
            self._wake.put(None)

    def stop(self) -> None:
        """Asks the worker to end; may be called from a signal handler."""
        self.is_stopping = True
        self._wake.put(None)

    def wait(self, seconds: float) -> None:
        """Returns when something is noted, when it is time to stop, or after so many seconds."""
        try:
            self._wake.get(timeout=max(seconds, 0))
        except queue.Empty:
            return

    def settle(self, quiet: float, most: float) -> None:
        """Returns once nothing was noted for `quiet` seconds, or `most` seconds after the first notice."""
        while not self.is_stopping:
            with self._lock:
                if not self._paths and not self._doubts:
                    return
                rest = min(self._last + quiet, self._first + most) - time.monotonic()
            if rest <= 0:
                return
            time.sleep(rest)

    def take(self) -> Noted:
        """All that was noted, which is then no longer there."""
        with self._lock:
            noted = Noted(frozenset(self._paths), tuple(self._doubts))
            self._paths.clear()
            self._doubts.clear()
            return noted

    def is_empty(self) -> bool:
        with self._lock:
            return not self._paths and not self._doubts

    def has_doubts(self) -> bool:
        """Whether names alone are not enough any more."""
        with self._lock:
            return bool(self._doubts)

    def has_outside(self, folder: str) -> bool:
        """Whether anything was noted but what happened below this folder; `folder` ends in "/"."""
        with self._lock:
            return bool(self._doubts) or any(not path.startswith(folder) for path in self._paths)

    def settled(self, *, is_current: bool) -> None:
        """Whether the index holds all that was taken; what was noted since counts against it."""
        with self._lock:
            self._is_current = is_current and not self._paths and not self._doubts

    def is_current(self) -> bool:
        """True while the index holds all that any event has told."""
        with self._lock:
            return self._is_current
