"""Linux's file events for one tree of folders, without those that are ignored.

watchdog's own observer watches every folder below the root, `.git` and `node_modules` among them, and says nothing of
a folder that it could not watch; so the calls of inotify(7) are made here. Events are noted in the order in which
things happened.
"""

from __future__ import annotations

import ctypes
import os
import select
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

IN_MODIFY, IN_ATTRIB, IN_CLOSE_WRITE = 0x2, 0x4, 0x8
IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE = 0x40, 0x80, 0x100, 0x200
IN_DELETE_SELF, IN_MOVE_SELF, IN_UNMOUNT = 0x400, 0x800, 0x2000
IN_Q_OVERFLOW, IN_IGNORED = 0x4000, 0x8000
IN_ONLYDIR, IN_DONT_FOLLOW, IN_ISDIR = 0x1000000, 0x2000000, 0x40000000

_GONE = IN_DELETE | IN_MOVED_FROM
_NEW_OR_GONE = _GONE | IN_CREATE | IN_MOVED_TO
_WATCHED = _NEW_OR_GONE | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW
_ROOT_GONE = IN_DELETE_SELF | IN_MOVE_SELF
_EVENT = struct.Struct("iIII")  # watch, mask, cookie, length of the name that follows
_BUFFER = 1 << 16


class Tree:
    """A watch on each folder of a vault. After `start` everything but `stop` happens in a thread of its own."""

    def __init__(
        self,
        root: str,
        hear: Callable[[str, bool], None],
        request_scan: Callable[[], None],
        is_left_out: Callable[[str], bool],
    ) -> None:
        """`hear` gets the path of a file and whether it is new or gone. Raises OSError where there are no events."""
        self._root, self._hear, self._request_scan, self._is_left_out = root, hear, request_scan, is_left_out
        self._folders: dict[int, str] = {}  # watch -> folder, "" for the root
        self._watches: dict[str, int] = {}
        self._is_stopped = False
        self._c = ctypes.CDLL(None, use_errno=True)
        self._events = self._call("inotify_init1", os.O_CLOEXEC)
        self._wake, self._waker = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _call(self, name: str, *arguments: int | bytes) -> int:
        """Calls a function of the C library. Raises OSError."""
        result: int = getattr(self._c, name)(*arguments)
        if result < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return result

    def start(self) -> None:
        """Watches every folder there is. Raises OSError where the system has no room for so many."""
        self._watch_tree("")
        self._thread.start()

    def stop(self) -> None:
        if self._is_stopped:
            return
        self._is_stopped = True
        os.write(self._waker, b"x")
        if self._thread.is_alive():
            self._thread.join(5)
        for handle in (self._events, self._wake, self._waker):
            os.close(handle)

    def is_alive(self) -> bool:
        """False when no more events will come, also because the vault's own folder is gone."""
        return self._thread.is_alive() and "" in self._watches

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._events, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while not self._is_stopped:
            if any(handle == self._events for handle, _ in poll.poll()):
                data, place = os.read(self._events, _BUFFER), 0
                while place < len(data):
                    watch, mask, _, length = _EVENT.unpack_from(data, place)
                    place += _EVENT.size + length
                    self._take(watch, mask, os.fsdecode(data[place - length : place].rstrip(b"\0")))

    def _take(self, watch: int, mask: int, name: str) -> None:
        if mask & IN_Q_OVERFLOW:  # events were lost, perhaps those of new folders
            self._request_scan()
            self._forget("")
            self._watch_again("")
            return
        folder = self._folders.get(watch)
        if folder is None:
            return
        if mask & IN_IGNORED:  # the folder is gone, or its drive is
            del self._folders[watch], self._watches[folder]
        if not name:
            if not folder and mask & (_ROOT_GONE | IN_UNMOUNT | IN_IGNORED):
                self._request_scan()
            return
        path = f"{folder}/{name}" if folder else name
        if not mask & IN_ISDIR:
            self._hear(path, bool(mask & _NEW_OR_GONE))
        elif not self._is_left_out(path + "/"):
            self._forget(path)
            if not mask & _GONE:
                self._watch_again(path)
            # last, so that the scan finds what happened before the folder was watched
            self._request_scan()

    def _watch_again(self, top: str) -> None:
        try:
            self._watch_tree(top)
        except OSError:
            self._request_scan()

    def _watch_tree(self, top: str) -> None:
        """Watches a folder and all below it that take part; those that are gone or may not be read are left out."""
        pending = [top]
        while pending:
            folder = pending.pop()
            where = f"{self._root}/{folder}" if folder else self._root
            try:
                self._watch(folder, where)
                with os.scandir(where) as entries:
                    names = [e.name for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False)]
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                if not folder and not os.path.isdir(where):
                    raise
                continue
            paths = [f"{folder}/{name}" if folder else name for name in names]
            new = [path for path in paths if path not in self._watches]
            pending += [path for path in new if not self._is_left_out(path + "/")]

    def _watch(self, folder: str, where: str) -> None:
        """Watches one folder. One that was moved has its watch already, now for its new place."""
        mask = _WATCHED if folder else _WATCHED | _ROOT_GONE
        watch = self._call("inotify_add_watch", self._events, os.fsencode(where), mask)
        if watch in self._folders:
            self._watches.pop(self._folders[watch], None)
        self._folders[watch], self._watches[folder] = folder, watch

    def _forget(self, top: str) -> None:
        for folder in [f for f in self._watches if not top or f == top or f.startswith(f"{top}/")]:
            watch = self._watches.pop(folder)
            del self._folders[watch]
            with suppress(OSError):  # gone with its folder
                self._call("inotify_rm_watch", self._events, watch)
