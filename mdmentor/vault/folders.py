"""Folders of the vault, opened component by component without following a link.

What is then done relative to an open folder happens in that folder, whatever takes its place meanwhile. On
systems that open nothing relative to a folder (Windows) the real path is checked instead.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator

from mdmentor import files
from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed

LONGEST_WAIT = 5.0  # seconds for another program to unlock a folder

_CAN_HOLD = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY") and hasattr(os, "O_NOFOLLOW")
_ROOT = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_BELOW = _ROOT | getattr(os, "O_NOFOLLOW", 0)


class Folder:
    """An open folder. Pass `at(name)` with `dir_fd=handle` to the functions of `os`.

    Without `syncs` no write in it waits for the disk: the caller sees to that.
    """

    def __init__(self, handle: int | None, path: str, shown: str, syncs: bool = True) -> None:
        self.handle = handle  # None where the system opens nothing relative to a folder
        self._path = path
        self.shown = shown  # the path within the vault
        self.syncs = syncs

    def at(self, name: str) -> str:
        return name if self.handle is not None else os.path.join(self._path, name)

    def sync(self) -> None:
        """Waits until the disk has the folder's names. What is in place stays in place where that fails."""
        if self.handle is not None and self.syncs:
            with contextlib.suppress(OSError):
                os.fsync(self.handle)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Lets one process of ours at a time compare and rename in this folder, where the file system has locks.

        Raises WorldFailed where another program does not unlock the folder.
        """
        if self.handle is None:
            yield
            return
        if not files.lock(self.handle, LONGEST_WAIT):
            what = f'the folder "{self.shown or "."}" is locked by another program'
            raise WorldFailed(f"{what}, so nothing was written to it", "try again once that program is done")
        try:
            yield
        finally:
            files.unlock(self.handle)


@contextlib.contextmanager
def opened(
    root: str,
    path: str,
    made: list[str] | None = None,
    identity: tuple[int, int] | None = None,
    syncs: bool = True,
) -> Iterator[Folder]:
    """A folder of the vault by its path ("" is the root), held open.

    With `made`, missing folders are made, and added to it, outermost first. Raises RefusedToWrite where a component
    is a link or not a folder, NoVault where the root is not the one of this `identity` (device and inode), OSError
    where the system refuses.
    """
    parts = path.split("/") if path else []
    if not {"", ".", ".."}.isdisjoint(parts):
        raise RefusedToWrite(f'"{path}" leads out of the vault', "nothing was written")
    shown = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
    where = os.path.join(root, *parts)
    if not _CAN_HOLD:
        refuse_links(root, f"{path}/")
        for folder in shown:
            if made is not None and not os.path.isdir(os.path.join(root, folder)):
                os.mkdir(os.path.join(root, folder))
                made.append(folder)
        yield Folder(None, where, path, syncs)
        return
    handle = os.open(root, _ROOT)
    try:
        info = os.fstat(handle)
        if identity not in (None, (info.st_dev, info.st_ino)):
            raise another_vault(root)
        for part, folder in zip(parts, shown, strict=True):
            below = _open_below(handle, part, folder, made)
            os.close(handle)
            handle = below
        yield Folder(handle, where, path, syncs)
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
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, dir_fd=handle)
        made.append(shown)
    with contextlib.suppress(OSError):
        os.fsync(handle)
    return _open_below(handle, name, shown, None)


def refuse_links(root: str, path: str) -> None:
    """Raises RefusedToWrite where a folder on the way to `path` is a link, or not a folder."""
    parts = path.split("/")
    for number in range(1, len(parts)):
        folder = os.path.join(root, *parts[:number])
        if os.path.islink(folder) or (os.path.lexists(folder) and not os.path.isdir(folder)):
            raise _not_followed("/".join(parts[:number]))


def _not_followed(shown: str) -> RefusedToWrite:
    what = f'"{shown}" is a link or not a folder, so nothing was moved or written through it'
    return RefusedToWrite(what, "name a folder inside the vault")
