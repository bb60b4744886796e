"""Reads a file that was not written for mdmentor or not asked for by name: settings, templates, other programs' JSON.

Such a file counts only if it is a plain file inside the vault of at most LARGEST bytes. Anything else (a pipe, a
device, a link that leads out, a huge file) is refused with a reason: it is never waited for, and never quoted.
"""

from __future__ import annotations

import os
import stat

LARGEST = 1_000_000  # bytes; what people write by hand is a hundredth of this

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)


class NotPlain(OSError):
    """The path names something that is not read; the text says why, as in "is a pipe, not a plain file"."""


def read_plain_file(root: str | os.PathLike[str], path: str) -> bytes:
    """The bytes of the file at `path`, relative to the vault at `root`.

    Raises FileNotFoundError where there is none, NotPlain where it is no plain file inside the vault, OSError where
    it cannot be read.
    """
    if "\0" in path or not _is_encodable(path):
        raise NotPlain("holds a character that no path can hold")
    top = os.path.realpath(root)
    real = os.path.realpath(os.path.join(top, path))
    if not real.startswith(top.rstrip(os.sep) + os.sep):
        raise NotPlain("leads out of the vault")
    return read_whole(real)


def read_whole(file: str | os.PathLike[str]) -> bytes:
    """As `read_plain_file`, for a file that need not lie in the vault, as git's own; its last part is no link."""
    try:
        _check(os.lstat(file))  # before it is opened: to open a device can have effects of its own
        handle = os.open(file, _FLAGS)
    except NotADirectoryError as error:
        raise FileNotFoundError(*error.args) from error
    try:
        info = os.fstat(handle)
        _check(info)
        parts = []
        left = LARGEST + 1
        while left > 0 and (part := os.read(handle, left)):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(handle)
    if left <= 0:
        raise NotPlain(_TOO_LARGE)
    return b"".join(parts)


_TOO_LARGE = f"is larger than {LARGEST // 1_000_000} MB"


def _check(info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise NotPlain(f"is {_SORTS.get(stat.S_IFMT(info.st_mode), 'something else')}, not a plain file")
    if info.st_size > LARGEST:
        raise NotPlain(_TOO_LARGE)


_SORTS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


def _is_encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
