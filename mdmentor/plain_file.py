"""Reads a file that was not written for mdmentor or not asked for by name: settings, templates, other programs' JSON.

Such a file counts only if it is a plain file inside the vault of at most LARGEST bytes. Anything else (a pipe, a
device, a link that leads out, a huge file) is refused with a reason: mdmentor never waits for it and never quotes it.
"""

from __future__ import annotations

import os
import stat

LARGEST = 1_000_000  # bytes; what people write by hand is a hundredth of this

READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # opening a pipe does not wait
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a link",
}


class NotPlain(OSError):
    """The path names something that is not read; the text says why, as in "is a pipe, not a plain file"."""


def kind_of_file(mode: int) -> str:
    """What a file is that is no plain file: "a pipe"."""
    return _KINDS.get(stat.S_IFMT(mode), "something else")


def read_plain_file(root: str | os.PathLike[str], path: str) -> bytes:
    """The bytes of the file at `path`, relative to the vault at `root`.

    Raises FileNotFoundError where there is none, NotPlain where it is not a plain file inside the vault, OSError
    where it cannot be read.
    """
    top = os.path.realpath(root)
    try:
        real = os.path.realpath(os.path.join(top, path))
    except ValueError as error:
        raise NotPlain("holds a character that no path can hold") from error
    if not real.startswith(top.rstrip(os.sep) + os.sep):
        raise NotPlain("leads out of the vault")
    return read_whole(real)


def read_whole(file: str | os.PathLike[str]) -> bytes:
    """As `read_plain_file`, for a file outside the vault, such as git's own; it must not be a link."""
    try:
        _check(os.lstat(file))  # before it is opened: opening a device can have effects of its own
        handle = os.open(file, READ | NO_FOLLOW | getattr(os, "O_NOCTTY", 0))
    except NotADirectoryError as error:
        raise FileNotFoundError(*error.args) from error
    with os.fdopen(handle, "rb") as opened:
        _check(os.fstat(handle))
        data = opened.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise NotPlain(_TOO_LARGE)
    return data


_TOO_LARGE = f"is larger than {LARGEST // 1_000_000} MB"


def _check(info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise NotPlain(f"is {kind_of_file(info.st_mode)}, not a plain file")
    if info.st_size > LARGEST:
        raise NotPlain(_TOO_LARGE)
