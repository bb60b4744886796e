"""File events of one vault: hints where to look, collected in a queue until it is quiet.

On Linux the events are read by `inotify`, which watches no ignored folder; elsewhere by watchdog. This module also
says when events cannot be relied on, which of the paths are news to the index, and which files somebody is writing in.
It reads no note, except to know one that mdmentor wrote.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import queue
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from mdmentor.actions.history import History
from mdmentor.core.ignore import is_named_like_one, membership
from mdmentor.core.model import Settings
from mdmentor.files import stamp_key
from mdmentor.index import Index, state
from mdmentor.vault import SETTINGS_FILE, Vault
from mdmentor.vault.folders import Stamp, prefix_of

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

    from mdmentor.watch.inotify import Tree

MOST_PATHS = 2000  # in the queue; for more a scan is quicker
SCAN = ""  # among the paths: names are not enough, so that the whole vault is scanned
PROBE = ".mdmentor-probe-"
PROBE_PATIENCE = 1.0  # seconds; an event takes less than one thousandth, on macOS up to one second
_SLACK = 5.0  # seconds, at most, between the writing of a note and the end of its edit
_MOUNTS = Path("/proc/self/mountinfo")
# Another machine, or the host of this one, may write there, and the kernel here is not notified.
_SHARED = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|9p|afs|ceph|gfs2|glusterfs|lustre|ocfs2|virtiofs|vboxsf|vmhgfs|prl_fs|davfs|ncpfs"
    r"|fuse\.(?:sshfs|rclone|s3fs|davfs\d?|gvfsd-fuse|glusterfs|ceph|grpcfuse|osxfs|vmhgfs-fuse|portal)"
)


class EventQueue:
    """Shared by the event threads and the watcher. Adding to it never touches the disk."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: set[str] = set()
        self._first = self._last = 0.0
        # a SimpleQueue may be put to from a signal handler, whatever the main thread holds
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.is_stopping = False

    def add(self, path: str) -> None:
        """Something happened at this path of the vault."""
        with self._lock:
            self._last = time.monotonic()
            if not self._paths:
                self._first = self._last
                self._wake.put(None)
            self._paths.add(path if len(self._paths) < MOST_PATHS else SCAN)

    def request_scan(self) -> None:
        """Something happened for which names are not enough."""
        self.add(SCAN)

    @property
    def needs_scan(self) -> bool:
        return SCAN in self._paths

    def stop(self) -> None:
        """Asks the watcher to end; may be called from a signal handler."""
        self.is_stopping = True
        self._wake.put(None)

    def wait(self, seconds: float) -> None:
        """Returns at the first event, at `stop`, or after so many seconds."""
        with contextlib.suppress(queue.Empty):
            self._wake.get(timeout=max(seconds, 0))

    def wait_for_quiet(self, quiet: float, most: float) -> None:
        """Returns after `quiet` seconds without an event, or `most` seconds after the first one."""
        while not self.is_stopping:
            with self._lock:
                rest = min(self._last + quiet, self._first + most) - time.monotonic()
                if rest <= 0 or not self._paths:
                    return
            time.sleep(rest)

    def take(self) -> set[str]:
        """Empties the queue; the paths that were in it, SCAN among them where the whole vault has to be scanned."""
        with self._lock:
            paths, self._paths = self._paths, set()
            return paths

    def has_outside(self, folder: str) -> bool:
        """Whether anything happened except below this folder; `folder` ends in "/"."""
        with self._lock:
            return any(not path.startswith(folder) for path in self._paths)


class CannotWatch(Exception):
    """No events can be had here; the text says why, and how to fix it."""


class Events:
    """The events of a vault, from `start` to `stop`."""

    def __init__(self, root: Path, events: EventQueue, is_left_out: Callable[[str], bool]) -> None:
        """`is_left_out` says which folders (paths that end in "/") are not watched."""
        self._root, self._queue, self._is_left_out = root, events, is_left_out
        self._source: Tree | _Watchdog | None = None
        self._probed = Event()

    def start(self) -> None:
        """Begins to collect events. Raises CannotWatch."""
        try:
            self._source = self._make_source()
            self._source.start()
        except (OSError, ImportError) as error:
            self.stop()
            raise CannotWatch(_describe(error)) from error
        if not self._has_events():
            self.stop()
            raise CannotWatch("file events do not arrive from this drive")

    def _make_source(self) -> Tree | _Watchdog:
        if sys.platform == "linux":
            from mdmentor.watch.inotify import Tree

            return Tree(os.fspath(self._root), self.hear, self._queue.request_scan, self._is_left_out)
        return _Watchdog(self._root, self._queue, self.hear)

    def hear(self, path: str, is_new_or_gone: bool) -> None:
        """Something happened to a file: adds it to the queue if it can matter."""
        name = path.rpartition("/")[2]
        if name.startswith("."):
            if name.startswith(PROBE):
                self._probed.set()
            return
        # a file that is not a note matters by its existence, not by its content
        is_read = name[-3:].lower() == ".md" or name == SETTINGS_FILE
        if (is_new_or_gone or is_read) and is_named_like_one(path):
            self._queue.add(path)

    def _has_events(self) -> bool:
        """Whether a hidden file that is made in the vault for a moment gives an event."""
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
        if self._source is not None:
            self._source.stop()
            self._source = None


class _Watchdog(logging.Handler):
    """The events of watchdog's observer, on systems where one watch covers the whole tree.

    watchdog reports an overflow of the system's queue in its log alone, so any warning there asks for a scan.
    """

    def __init__(self, root: Path, events: EventQueue, hear: Callable[[str, bool], None]) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        super().__init__(logging.WARNING)
        self._prefix = prefix_of(os.fspath(root))
        self._queue, self._hear = events, hear
        handler = FileSystemEventHandler()
        handler.on_any_event = self._take  # type: ignore[method-assign]
        self._observer = Observer()
        self._observer.schedule(handler, os.fspath(root), recursive=True)

    def emit(self, record: logging.LogRecord) -> None:
        self._queue.request_scan()

    def start(self) -> None:
        logger = logging.getLogger("watchdog.observers")
        logger.addHandler(self)
        logger.propagate = False  # it would print its warnings beside ours
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
                self._queue.request_scan()

    def is_alive(self) -> bool:
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def stop(self) -> None:
        logging.getLogger("watchdog.observers").removeHandler(self)
        self._observer.stop()
        if self._observer.is_alive():
            self._observer.join(5)


def _describe(error: Exception) -> str:
    """Why the system gives no events, and how to fix it."""
    limits = {
        errno.ENOSPC: ("watched folders", "fs.inotify.max_user_watches=1048576"),
        errno.EMFILE: ("watchers", "fs.inotify.max_user_instances=1024"),
    }
    if isinstance(error, OSError) and error.errno in limits:
        what, setting = limits[error.errno]
        fix = f"raise it with: sudo sysctl {setting}, then start the watcher again"
        return f"the system's limit for {what} is reached; {fix}"
    return f"the system gives no file events ({error})"


def find_shared_drive(root: Path, table: Path = _MOUNTS) -> str:
    """The file system of a drive in the vault that other machines may write to without an event here; else "".

    By the system's table of mounts; "" also where there is none.
    """
    try:
        text = table.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""
    found = re.findall(r"(?m)^(?:\S+ ){4}(\S+) .*? - (\S+)", text)
    mounts = [
        (Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), point)), kind) for point, kind in found
    ]
    above = [mount for mount in mounts if root.is_relative_to(mount[0])]
    above.sort(
        key=lambda mount: len(mount[0].parts)
    )  # of two mounts on one point the later hides the earlier
    below = [mount for mount in mounts if mount[0] != root and mount[0].is_relative_to(root)]
    return next((kind for _, kind in (*above[-1:], *below) if _SHARED.fullmatch(kind)), "")


def find_news(vault: Vault, index: Index, settings: Settings, paths: Iterable[str]) -> frozenset[str] | None:
    """The notes of these paths that the index does not know yet; None where the whole vault has to be scanned.

    Files that we wrote have the stamp that the index knows, so they are no news and start no run. A note whose stamp
    proves nothing yet is always news.
    """
    belongs = membership(settings)
    paths = [path for path in paths if belongs(path)]
    if SETTINGS_FILE in paths:
        return None
    known, racy = state.stamps(index, [path for path in paths if path[-3:].lower() == ".md"])
    pages = state.page_stamps(index)
    news = set()
    for path in paths:
        stamp = vault.stamp(path)
        if path in pages and pages[path] == stamp:
            continue
        if path[-3:].lower() == ".md":
            if path in racy or known.get(path) != (stamp_key(path, stamp) if stamp else None):
                news.add(path)
        elif path in pages or (stamp is not None) != state.is_attachment(index, path):
            return None
    return frozenset(news)


class QuietPeriod:
    """Says whether a file has been quiet for long enough to be written to.

    By the file's own times; where those are in the future (a clock that was set back), by how long it was seen
    unchanged. What mdmentor wrote itself, a block here or a line by a command, does not count: nobody is typing.
    """

    def __init__(self, vault: Vault, seconds: float, index: str) -> None:
        self._vault, self._seconds, self._index = vault, seconds, index
        self._seen: dict[str, tuple[Stamp, float]] = {}  # path -> its stamp, and since when it has that

    def is_over(self, path: str) -> bool:
        stamp, now = self._vault.stamp(path), time.monotonic()
        age = self._seconds if stamp is None else time.time() - max(stamp[1], stamp[2]) / 1e9
        seen = self._seen.get(path)
        if stamp is None or age >= self._seconds:
            is_over = True
        elif self._is_ours(path):
            # not over where somebody else had saved it shortly before
            is_over = seen is None or now - seen[1] >= self._seconds
        elif seen is None or seen[0] != stamp:
            self._seen[path] = stamp, now - max(age, 0)
            is_over = False
        else:
            is_over = now - seen[1] >= self._seconds
        if is_over:
            self._seen.pop(path, None)
        return is_over

    def _is_ours(self, path: str) -> bool:
        """Whether a file holds what mdmentor wrote last, in this process or by a command."""
        if self._vault.stamp_as_written(path) is not None:
            return True
        try:
            data, _ = self._vault.read(path)
        except OSError:
            return False
        return History(self._index).is_as_left(path, data, time.time() - self._seconds - _SLACK)

    def seconds_left(self) -> float:
        """How long until the first file that was refused may be asked for again."""
        first = min((since for _, since in self._seen.values()), default=time.monotonic())
        return max(first + self._seconds - time.monotonic(), 0) + 0.05
