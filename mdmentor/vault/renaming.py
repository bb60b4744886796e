"""Renames that swap two names, or that replace nothing, where the system and the disk can do so."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from functools import lru_cache

# Linux: renameat2(2). macOS: renameatx_np(2), which differs in the flags alone.
_FUNCTION, _NO_REPLACE, _EXCHANGE = (
    ("renameatx_np", 4, 2) if sys.platform == "darwin" else ("renameat2", 1, 2)
)
# What a system, a sandbox or a file system answers that cannot do it; EPERM is also the answer of a plain rename.
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})

Call = Callable[[int, bytes, int, bytes, int], int]


def exchange(folder: int | None, one: str, other: str) -> bool:
    """Swaps two names of an open folder in one step; False where that cannot be done here."""
    return folder is not None and _rename(folder, one, folder, other, _EXCHANGE)


def rename_to_free(old_folder: int | None, old: str, new_folder: int | None, new: str) -> bool:
    """Renames unless the new name is taken (FileExistsError), in one step; False where that cannot be done here."""
    if old_folder is None or new_folder is None:
        return False
    return _rename(old_folder, old, new_folder, new, _NO_REPLACE)


def _rename(old_folder: int, old: str, new_folder: int, new: str, flags: int) -> bool:
    call = _find_call()
    if call is None:
        return False
    import ctypes

    if call(old_folder, os.fsencode(old), new_folder, os.fsencode(new), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), old, None, new)


@lru_cache(maxsize=1)
def _find_call() -> Call | None:
    """The C library's function; None where it has none."""
    if os.name != "posix":
        return None
    try:
        import ctypes

        call = getattr(ctypes.CDLL(None, use_errno=True), _FUNCTION)
    except (ImportError, OSError, AttributeError):
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    found: Call = call
    return found
