"""Linux's file events for one tree of folders, ignored folders left out, by watchdog's reader of inotify.

watchdog's own observer watches every folder below the root, `.git` and `node_modules` among them, passes each
event through three threads, and keeps silent about a folder it could not watch. Here the reader's thread
notes the event at once, so events are noted in the order in which things happened.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

_NEW = InotifyConstants.IN_CREATE | InotifyConstants.IN_MOVED_TO
_GONE = InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVED_FROM
_WRITTEN = InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_MODIFY | InotifyConstants.IN_ATTRIB
_LOST = InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF | InotifyConstants.IN_UNMOUNT
_WATCHED = Mask(_NEW | _GONE | _WRITTEN | InotifyConstants.IN_ONLYDIR | InotifyConstants.IN_DONT_FOLLOW)
_ROOT = Mask(_WATCHED | InotifyConstants.IN_DELETE_SELF | InotifyConstants.IN_MOVE_SELF)
_ASKED = Mask(InotifyConstants.IN_CREATE | InotifyConstants.IN_ONLYDIR)


class Tree:
    """A watch on each folder of a vault. All but `start` and `stop` happens in the reader's thread."""

    def __init__(
        self,
        root: str,
        hear: Callable[[str, bool], None],
        doubt: Callable[[str], None],
        is_left_out: Callable[[str], bool],
        questions: str,
        answer: Callable[[str], None],
    ) -> None:
        """Raises OSError where the system gives no events or has no room for more."""
        self._root = root
        self._hear, self._doubt, self._is_left_out = hear, doubt, is_left_out
        self._questions, self._answer = questions, answer
        self._folders: dict[WatchDescriptor, str] = {}
        self._watches: dict[str, WatchDescriptor] = {}
        self._numbers: dict[WatchDescriptor, CallbackId] = {}
        self._number = 0
        self._asked: WatchDescriptor | None = None
        self._is_stopped = False
        self._reader = InotifyFD()

    def start(self) -> None:
        """Watches every folder there is. Raises OSError where the system has no room for so many."""
        self._add("")
        if Path(self._questions).is_dir():
            self._asked = self._reader.add_callback(os.fsencode(self._questions), _ASKED, self, CallbackId(0))
        self._reader.start()

    def stop(self) -> None:
        self._is_stopped = True
        self._reader.stop()
        if self._reader.is_alive() and threading.current_thread() is not self._reader:
            self._reader.join(5)

    def is_alive(self) -> bool:
        """False when nothing will be told any more, also because the vault's own folder went away."""
        return self._reader.is_alive() and "" in self._watches

    def on_event(self, event: InotifyEvent) -> None:
        """One event of the system's: a path is heard, a folder's coming and going changes the tree."""
        name = os.fsdecode(event.name)
        if event.wd == self._asked:
            if "." not in name:
                self._answer(name)
            return
        folder = self._folders.get(event.wd)
        if folder is None:
            return
        if not name:
            if not folder and event.mask & _LOST:
                self._doubt("the vault's folder is gone")
            return
        path = f"{folder}/{name}" if folder else name
        if event.mask & InotifyConstants.IN_ISDIR:
            if not self._is_left_out(path + "/"):
                self._folder_changed(path, event.mask)
        else:
            self._hear(path, event.mask & (_NEW | _GONE) > 0)

    def _folder_changed(self, path: str, mask: int) -> None:
        self._forget(path)
        if not mask & _GONE:
            try:
                self._add(path)
            except OSError:
                self._doubt("a folder cannot be watched")
        # Only now: what happened before the folder was watched is found by the walk that a doubt asks for.
        self._doubt("a folder changed")

    def on_watch_deleted(self, wd: WatchDescriptor) -> None:
        """The folder is gone, or its drive is."""
        folder = self._folders.pop(wd, None)
        if folder is not None:
            del self._watches[folder], self._numbers[wd]
        if folder == "" and not self._is_stopped:
            self._doubt("the vault's folder is gone")

    def on_queue_overflow(self) -> None:
        """Events were lost, among them perhaps those of new folders: the tree is looked at again."""
        self._doubt("events were lost")
        self._forget("")
        try:
            self._add("")
        except OSError:
            self._doubt("a folder cannot be watched")

    def _add(self, top: str) -> None:
        """Watches a folder and all below it that take part."""
        pending = [top]
        while pending:
            folder = pending.pop()
            if folder in self._watches:
                continue
            where = f"{self._root}/{folder}" if folder else self._root
            # Without the right to read it the system refuses, and watchdog would keep a watch that is none.
            if not os.access(where, os.R_OK):
                if not folder and not Path(where).is_dir():
                    raise FileNotFoundError(2, "the vault's folder is not there")
                continue
            try:
                mask = _WATCHED if folder else _ROOT
                self._watch(folder, os.fsencode(where), mask)
            except (FileNotFoundError, NotADirectoryError):
                continue  # gone again
            try:
                with os.scandir(where) as entries:
                    for entry in entries:
                        if entry.name[0] != "." and entry.is_dir(follow_symlinks=False):
                            path = f"{folder}/{entry.name}" if folder else entry.name
                            if not self._is_left_out(path + "/"):
                                pending.append(path)
            except OSError:
                continue

    def _watch(self, folder: str, where: bytes, mask: Mask) -> None:
        """Watches one folder. One that was moved has its watch already, now for its new place."""
        self._number += 1
        wd = self._reader.add_callback(where, mask, self, CallbackId(self._number))
        if wd in self._folders:
            self._watches.pop(self._folders[wd], None)
            self._reader.remove_callbacks([(wd, self._numbers[wd])])
        self._folders[wd], self._watches[folder] = folder, wd
        self._numbers[wd] = CallbackId(self._number)

    def _forget(self, top: str) -> None:
        below = top + "/"
        for folder in [f for f in self._watches if not top or f == top or f.startswith(below)]:
            wd = self._watches.pop(folder)
            del self._folders[wd]
            self._reader.remove_callbacks([(wd, self._numbers.pop(wd))])
