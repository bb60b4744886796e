"""Putting a file's new bytes in place of the old: all of them or none, and only over what was read."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator

from mdmentor.errors import RefusedToWrite
from mdmentor.vault.belonging import OWN_TEMPORARY


def check_holds(target: str, expected: bytes | None, path: str) -> None:
    """Raises RefusedToWrite unless the file is still what was read."""
    try:
        with open(target, "rb") as file:
            now: bytes | None = file.read()
    except FileNotFoundError:
        now = None
    if now != expected:
        raise RefusedToWrite(f'"{path}" was changed meanwhile, so it was left as it is', "try again")


def replace(target: str, data: bytes, check: Callable[[], None]) -> None:
    """Gives a file new bytes through a temporary one beside it; `check` raises where it must not be, at the last moment."""
    temporary = os.path.join(os.path.dirname(target), f"{OWN_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            mode = stat.S_IMODE(os.stat(target).st_mode)
        except FileNotFoundError:
            umask = os.umask(0)
            os.umask(umask)
            mode = 0o666 & ~umask
        os.chmod(temporary, mode)
        with alone_in(os.path.dirname(target)):
            check()
            os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def alone_in(folder: str) -> Iterator[None]:
    """Lets one process of ours at a time compare and swap in a folder; what it did there is on the disk after.

    Between the comparing and the swapping another writer's line could come in and be lost. File systems
    that know no locks leave that moment open, as does an editor, which asks for none.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        # What is in place is done: where the folder cannot be synced, only a power cut may bring the old state back.
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
