"""File events of one vault, as hints: starts and ends the watching, and says when it cannot be relied on.

Linux's events are read by `tree`, which watches no ignored folder; elsewhere watchdog's own observer is
asked and its answers are sifted. Nothing here reads or writes a note.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

from mdmentor.vault import SETTINGS_FILE, is_named_like_one
from mdmentor.watch.event_queue import Notices

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

PROBE = ".mdmentor-probe-"
PROBE_PATIENCE = 1.0  # seconds; an event takes less than one thousandth, on macOS up to one second


class CannotWatch(Exception):
    """Events cannot be had here; the text says why, with the mend."""


class Source(Protocol):
    """Whatever reads events from the system."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def is_alive(self) -> bool: ...


class Events:
    """The events of a vault, from `start` to `stop`."""

    def __init__(
        self,
        root: Path,
        notices: Notices,
        is_left_out: Callable[[str], bool],
        questions: Path,
        answer: Callable[[str], None],
    ) -> None:
        """`is_left_out` says which folders (paths that end in "/") take no part.

        `answer` is called with the name of each file that appears in the folder `questions`.
        """
        self._root = root
        self._notices = notices
        self._is_left_out = is_left_out
        self._questions, self._answer = questions, answer
        self._source: Source | None = None
        self._log = _Warnings(notices)
        self._probed = Event()
        self.answers = False  # events come in order, so that questions can be answered

    def start(self) -> None:
        """Begins to note events. Raises CannotWatch."""
        logger = logging.getLogger("watchdog.observers")
        logger.addHandler(self._log)
        logger.propagate = False  # it would print its warnings beside ours
        try:
            self._source = self._make()
            self._source.start()
        except (OSError, ImportError) as error:
            self.stop()
            raise CannotWatch(_why(error)) from error
        if not self._is_heard():
            self.stop()
            raise CannotWatch("file events do not arrive from this drive")

    def _make(self) -> Source:
        if sys.platform == "linux":
            from mdmentor.watch.inotify import Tree

            self.answers = True
            return Tree(
                os.fspath(self._root),
                self.hear,
                self._notices.doubt,
                self._is_left_out,
                os.fspath(self._questions),
                self._answer,
            )
        return _Observed(self._root, self._notices, self.hear)

    def hear(self, path: str, is_gone_or_new: bool) -> None:
        """Something happened to a file: notes it if it can matter."""
        name = path.rpartition("/")[2]
        if name.startswith("."):
            if name.startswith(PROBE):
                self._probed.set()
            return
        # A file that is no note matters by being there, not by what is in it.
        if (is_gone_or_new or name[-3:].lower() == ".md" or name == SETTINGS_FILE) and is_named_like_one(
            path
        ):
            self._notices.note(path)

    def _is_heard(self) -> bool:
        """Whether a file made in the vault is told: a hidden one, for a moment."""
        probe = self._root / f"{PROBE}{os.getpid()}-{os.urandom(4).hex()}"
        try:
            probe.touch(exist_ok=False)
        except OSError:
            return True  # a vault that cannot be written is not probed
        try:
            return self._probed.wait(PROBE_PATIENCE)
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()

    def is_alive(self) -> bool:
        return self._source is not None and self._source.is_alive()

    def stop(self) -> None:
        logging.getLogger("watchdog.observers").removeHandler(self._log)
        if self._source is not None:
            self._source.stop()
            self._source = None


class _Warnings(logging.Handler):
    """watchdog tells an overflow of the system's queue to its log alone: any warning is a reason to look."""

    def __init__(self, notices: Notices) -> None:
        super().__init__(logging.WARNING)
        self._notices = notices

    def emit(self, record: logging.LogRecord) -> None:
        self._notices.doubt("events were lost")


class _Observed:
    """The events of watchdog's own observer, for systems where one watch holds the whole tree."""

    def __init__(self, root: Path, notices: Notices, hear: Callable[[str, bool], None]) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                take(event)

        self._prefix = os.fspath(root).rstrip("/\\") + os.sep
        self._notices, self._hear = notices, hear
        take = self._take
        self._observer = Observer()
        self._observer.schedule(Handler(), os.fspath(root), recursive=True)

    def start(self) -> None:
        self._observer.start()

    def _take(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        if kind in ("opened", "closed_no_write"):
            return
        for raw in (event.src_path, event.dest_path):
            path = os.fsdecode(raw)
            if not path.startswith(self._prefix):
                continue
            path = path[len(self._prefix) :].replace(os.sep, "/")
            if not event.is_directory:
                self._hear(path, kind in ("created", "deleted", "moved"))
            elif kind != "modified" and is_named_like_one(path + "/x"):
                self._notices.doubt("a folder changed")

    def is_alive(self) -> bool:
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def stop(self) -> None:
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join(5)


def _why(error: Exception) -> str:
    """Why the system gives no events, with what would mend it."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return (
            "the system's limit for watched folders is reached; raise it with:"
            " sudo sysctl fs.inotify.max_user_watches=1048576, then start the watcher again"
        )
    if isinstance(error, OSError) and error.errno == errno.EMFILE:
        return (
            "the system's limit for watchers is reached; raise it with:"
            " sudo sysctl fs.inotify.max_user_instances=1024, then start the watcher again"
        )
    return f"the system gives no file events ({error})"
