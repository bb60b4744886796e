"""Our own files and folders in the user's cache. They hold text of notes, so they are for their owner alone."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress

# What the files of one vault begin with: see `index.index_path`.
_OURS = r"[0-9a-f]{16}\."
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def opener(path: str, flags: int) -> int:
    """To be passed to `open`: a file that it creates can be read by its owner alone."""
    return os.open(path, flags, 0o600)


def make_folder(path: str | os.PathLike[str]) -> None:
    """Makes a folder, and those missing above it, for their owner alone. Raises OSError."""
    folder = os.fspath(path)
    if not os.path.isdir(folder):
        if parent := os.path.dirname(folder):
            make_folder(parent)
        with suppress(FileExistsError):
            os.mkdir(folder, 0o700)


def tighten(cache: str) -> None:
    """Takes the rights of others from our files in a cache folder, and from the folder if it holds nothing else.

    Only from what belongs to this user; what cannot be changed is left as it is.
    """
    if os.name != "posix":
        return
    with suppress(OSError), os.scandir(cache) as entries:
        names = [entry.name for entry in entries]
        ours = [name for name in names if re.match(_OURS, name)]
        for name in ours:
            _tighten(os.path.join(cache, name))
        # a folder such as /tmp, named as the cache, is used by others too
        if len(ours) == len(names) and not os.stat(cache).st_mode & stat.S_ISVTX:
            _strip(cache)


def _tighten(path: str) -> None:
    """As `tighten`, for one of our files or folders with all that is in it."""
    if _strip(path) and os.path.isdir(path) and not os.path.islink(path):
        with suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                _tighten(entry.path)


def _strip(path: str) -> bool:
    """Takes all rights of others away; True if there were any."""
    with suppress(OSError):
        found = os.lstat(path)
        is_ours = found.st_uid == os.geteuid() and (
            stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
        )
        if is_ours and found.st_mode & _OF_OTHERS:
            os.chmod(path, stat.S_IMODE(found.st_mode) & ~_OF_OTHERS)
            return True
    return False
