"""Folders of the vault, opened component by component without following a link.

What is then done relative to an open folder happens in that folder, whatever is put in its place meanwhile. On
systems that open nothing relative to a folder (Windows) the real path is checked instead.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator

from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed

LONGEST_WAIT = 5.0  # seconds for another program to unlock a folder

_CAN_HOLD = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY") and hasattr(os, "O_NOFOLLOW")
_ROOT = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_BELOW = _ROOT | getattr(os, "O_NOFOLLOW", 0)


class Folder:
    """An open folder. Pass `at(name)` with `dir_fd=handle` to the functions of `os`."""

    def __init__(self, handle: int | None, path: str, shown: str) -> None:
        self.handle = handle  # None where the system opens nothing relative to a folder
        self._path = path
        self.shown = shown  # the path within the vault

    def at(self, name: str) -> str:
        return name if self.handle is not None else os.path.join(self._path, name)

    def sync(self) -> None:
        """Waits until the disk has the folder's names. What is in place stays in place where that fails."""
        if self.handle is not None:
            with contextlib.suppress(OSError):
                os.fsync(self.handle)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Lets one process of ours at a time compare and swap in this folder, where the file system has locks.

        Raises WorldFailed where another program does not give the folder free.
        """
        if self.handle is None or os.name != "posix":
            yield
            return
        import fcntl

        until = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise WorldFailed(
                        f'the folder "{self.shown or "."}" is locked by another program, so nothing was written to it',
                        "try again once that program is done",
                    ) from error
                time.sleep(0.005)
            except OSError:
                break  # this file system has no locks
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                fcntl.flock(self.handle, fcntl.LOCK_UN)


@contextlib.contextmanager
def opened(
    root: str, path: str, made: list[str] | None = None, identity: tuple[int, int] | None = None
) -> Iterator[Folder]:
    """A folder of the vault by its path ("" is the root), held open.

    With `made`, folders that are missing are made, and added to it, outermost first. Raises RefusedToWrite where a
    component is a link or no folder, NoVault where the root is not the one of this `identity` (device and inode),
    OSError where the system says no.
    """
    parts = path.split("/") if path else []
    if not {"", ".", ".."}.isdisjoint(parts):
        raise RefusedToWrite(f'"{path}" leads out of the vault', "nothing was written")
    if not _CAN_HOLD:
        yield _checked(root, path, parts, made)
        return
    handle = os.open(root, _ROOT)
    try:
        info = os.fstat(handle)
        if identity not in (None, (info.st_dev, info.st_ino)):
            raise another_vault(root)
        for number, part in enumerate(parts, 1):
            shown = "/".join(parts[:number])
            below = _open_below(handle, part, shown, made)
            os.close(handle)
            handle = below
        yield Folder(handle, os.path.join(root, *parts), path)
    finally:
        os.close(handle)


def another_vault(root: str) -> NoVault:
    return NoVault(f'the vault "{root}" is not the folder it was a moment ago', "is the drive mounted?")


def _open_below(handle: int, name: str, shown: str, made: list[str] | None) -> int:
    """Opens, and with `made` makes, a folder within an open one."""
    try:
        return os.open(name, _BELOW, dir_fd=handle)
    except FileNotFoundError:
        if made is None:
            raise
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise _not_followed(shown) from error
        raise
    try:
        os.mkdir(name, dir_fd=handle)
        made.append(shown)
    except FileExistsError:
        pass  # somebody else has just made it
    with contextlib.suppress(OSError):
        os.fsync(handle)
    return _open_below(handle, name, shown, None)


def _checked(root: str, path: str, parts: list[str], made: list[str] | None) -> Folder:
    """As `opened`, where no folder can be held open."""
    for number in range(1, len(parts) + 1):
        folder = os.path.join(root, *parts[:number])
        shown = "/".join(parts[:number])
        if os.path.islink(folder) or (os.path.lexists(folder) and not os.path.isdir(folder)):
            raise _not_followed(shown)
        if made is not None and not os.path.isdir(folder):
            os.mkdir(folder)
            made.append(shown)
    return Folder(None, os.path.join(root, *parts), path)


def refuse_links(root: str, path: str) -> None:
    """Raises RefusedToWrite where a folder on the way to `path` is a link, or no folder."""
    parts = path.split("/")[:-1]
    for number in range(1, len(parts) + 1):
        folder = os.path.join(root, *parts[:number])
        if os.path.islink(folder) or (os.path.lexists(folder) and not os.path.isdir(folder)):
            raise _not_followed("/".join(parts[:number]))


def _not_followed(shown: str) -> RefusedToWrite:
    return RefusedToWrite(
        f'"{shown}" is a link or no folder, so nothing was moved or written through it',
        "name a folder that lies in the vault itself",
    )
