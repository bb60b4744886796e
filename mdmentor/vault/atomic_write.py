"""A file's new bytes put in place of the old: all of them or none, and only over what was read.

The new bytes are written to a temporary file beside the note, which then swaps names with it in one step. What came
out is looked at: where it is not what was read, because an editor saved in between, the two are swapped back. Where
the system cannot swap names (network drives, FAT, Windows), the bytes are compared right before the rename; a save
between the two calls is lost there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable
from functools import lru_cache

from mdmentor.core.digests import note_hash
from mdmentor.errors import RefusedToWrite
from mdmentor.vault.folders import Folder
from mdmentor.vault.ignore import OWN_TEMPORARY

# Linux: renameat2(2). macOS: renameatx_np(2), which differs in the flags alone.
_FUNCTION, _NO_REPLACE, _EXCHANGE = (
    ("renameatx_np", 4, 2) if sys.platform == "darwin" else ("renameat2", 1, 2)
)
# What a system, a sandbox or a file system answers that cannot do it; EPERM is also the answer of a plain rename.
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})

Call = Callable[[int, bytes, int, bytes, int], int]


def exchange(folder: int | None, one: str, other: str) -> bool:
    """Swaps two names of an open folder in one step; False where that cannot be done here."""
    return folder is not None and _renaming_rename(folder, one, folder, other, _EXCHANGE)


def rename_to_free(old_folder: int | None, old: str, new_folder: int | None, new: str) -> bool:
    """Renames unless the new name is taken (FileExistsError), in one step; False where that cannot be done here."""
    if old_folder is None or new_folder is None:
        return False
    return _renaming_rename(old_folder, old, new_folder, new, _NO_REPLACE)


def _renaming_rename(old_folder: int, old: str, new_folder: int, new: str, flags: int) -> bool:
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


_FOR_WRITER = 1.0  # seconds for a program that has the file open to finish its save

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _NO_FOLLOW
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_FOLLOW


# Inode, mtime in nanoseconds and size: what tells a file that we wrote from a later save.
Mark = tuple[int, int, int]


def mark_of(info: os.stat_result) -> Mark:
    return info.st_ino, info.st_mtime_ns, info.st_size


def save(folder: Folder, name: str, data: bytes, expected: bytes | None, path: str) -> Mark:
    """Gives a file new bytes if it holds `expected` (None: there is no such file). `path` is for messages.

    Returns the mark of the new file. Mode, owner and extended attributes stay. Raises RefusedToWrite where the file
    is not what was read, or where saving would change more of it than its bytes.
    """
    if expected is not None:
        check_writable(folder, name, path)
    temporary = _temporary_name()
    handle = os.open(folder.at(temporary), _NEW, 0o666 if expected is None else 0o600, dir_fd=folder.handle)
    own = os.fstat(handle).st_ino
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if expected is not None:
                _take_over(folder, name, temporary, file.fileno(), path)
            os.fsync(file.fileno())
            mark = mark_of(os.fstat(file.fileno()))
        with folder.locked():
            if expected is None:
                _put_to_free(folder, temporary, name, path)
            else:
                exchanged = _name_for_old(name, expected, data)
                _rename(folder, temporary, exchanged)
                temporary = exchanged
                _swap(folder, temporary, name, own, expected, path)
            folder.sync()
        return mark
    except BaseException:
        with contextlib.suppress(OSError):
            if expected is None or _inode(folder, temporary) == own:
                _discard(folder, temporary)
            else:  # stopped right after the swap: what came out may be somebody's save
                _settle(folder, temporary, name, own, expected)
        raise


def delete(folder: Folder, name: str, expected: bytes, path: str) -> None:
    """Deletes a file if it holds `expected`: it is moved aside first, and looked at there."""
    temporary = _name_for_old(name, expected)
    with folder.locked():
        try:
            check_writable(folder, name, path, is_deleted=True)
            _rename(folder, name, temporary)
        except FileNotFoundError:
            raise changed(path) from None
        if not _holds(folder, temporary, expected):
            _put_back(folder, temporary, name)
            raise changed(path)
        _discard(folder, temporary)
        folder.sync()


def rename_between(here: Folder, old: str, there: Folder, new: str) -> None:
    """Moves a file or folder from one folder to another. Raises FileExistsError where the new name is taken."""
    ends = {"src_dir_fd": here.handle, "dst_dir_fd": there.handle}
    try:
        if not rename_to_free(here.handle, old, there.handle, new):
            if is_there(there, new):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
            os.rename(here.at(old), there.at(new), **ends)
    except FileExistsError:
        # a name that differs in case alone is the same file on some disks
        if _inode(here, old) != _inode(there, new) or not _is_same_name(old, new):
            raise
        os.rename(here.at(old), there.at(new), **ends)
    there.sync()
    here.sync()


def _is_same_name(one: str, other: str) -> bool:
    import unicodedata

    return unicodedata.normalize("NFC", one).casefold() == unicodedata.normalize("NFC", other).casefold()


def is_there(folder: Folder, name: str) -> bool:
    """Whether the folder has something of this name, a link to nothing included."""
    return _inode(folder, name) is not None


def is_relative_link(folder: Folder, name: str) -> bool:
    """Whether this is a link that says where to go from its folder, so that it cannot be moved to another."""
    try:
        return not os.path.isabs(os.readlink(folder.at(name), dir_fd=folder.handle))
    except OSError:
        return False


def delete_leftovers(folder: Folder, age: float) -> None:
    """Deletes our own temporary files in a folder once they are `age` seconds old.

    A file that came out of an exchange may be an editor's save. If its bytes are neither those that were read nor
    those that were written, it becomes a conflict copy of its note instead.
    """
    with os.scandir(folder.handle if folder.handle is not None else folder.at("")) as entries:
        found = [entry for entry in entries if entry.name.startswith(OWN_TEMPORARY)]
        for entry in found:
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime < age:
                    continue
                old = re.fullmatch(_OLD, entry.name)
                if old is None or _hash_of(folder, entry.name) in old["hashes"].split("-"):
                    os.unlink(folder.at(entry.name), dir_fd=folder.handle)
                else:
                    _keep_aside(folder, entry.name, old["name"])


def _hash_of(folder: Folder, name: str) -> str:
    handle = os.open(folder.at(name), _READ, dir_fd=folder.handle)
    try:
        return _short_hash(_read_all(handle, sys.maxsize))
    finally:
        os.close(handle)


def _short_hash(data: bytes) -> str:
    return note_hash(data)[:16]


def changed(path: str) -> RefusedToWrite:
    return RefusedToWrite(f'"{path}" was changed meanwhile, so it was left as it is', "try again")


def check_writable(folder: Folder, name: str, path: str, *, is_deleted: bool = False) -> None:
    """Raises RefusedToWrite for a write-protected file, and for one that a rename would part from its other names."""
    try:
        info = os.stat(folder.at(name), dir_fd=folder.handle, follow_symlinks=False)
    except FileNotFoundError:
        raise changed(path) from None
    if not stat.S_ISREG(info.st_mode):
        if is_deleted:
            raise changed(path)
        raise RefusedToWrite(f"{path}: this is no plain file any more", "nothing was written")
    mode = stat.S_IMODE(info.st_mode)
    if not mode & 0o222:
        raise RefusedToWrite(
            f"{path}: the note is write-protected (mode {mode:04o})",
            f'make it writable first, for example: chmod u+w "{path}"',
        )
    if not _may_write(folder, name):
        raise RefusedToWrite(
            f"{path}: you may not write to this note (mode {mode:04o}, owner {info.st_uid})",
            "have its owner make it writable for you",
        )
    if info.st_nlink > 1 and not is_deleted:
        raise RefusedToWrite(
            f"{path}: the note has another name (a hard link), which would keep the old text",
            f'give it a file of its own first, for example: cp -p "{path}" new.md && mv new.md "{path}"',
        )


def _may_write(folder: Folder, name: str) -> bool:
    """Whether the note is ours to write; on a read-only disk the write itself says why not."""
    ours = os.access in os.supports_effective_ids
    if os.access(folder.at(name), os.W_OK, dir_fd=folder.handle, effective_ids=ours):
        return True
    where = folder.handle if folder.handle is not None else folder.at("")
    return hasattr(os, "statvfs") and bool(os.statvfs(where).f_flag & os.ST_RDONLY)


def _take_over(folder: Folder, name: str, temporary: str, new: int, path: str) -> None:
    """Gives the new file the mode, owner and extended attributes of the old one."""
    try:
        old = os.open(folder.at(name), _READ, dir_fd=folder.handle)
    except OSError:
        raise changed(path) from None
    try:
        info, own = os.fstat(old), os.fstat(new)
        if (info.st_uid, info.st_gid) != (own.st_uid, own.st_gid) and hasattr(os, "fchown"):
            try:
                os.fchown(new, info.st_uid, info.st_gid)
            except OSError as error:
                raise RefusedToWrite(
                    f"{path}: the note belongs to another user or group, which saving it here would change",
                    f'make it yours first, for example: chown "$USER" "{path}", or have its owner change it',
                ) from error
        if hasattr(os, "listxattr"):
            with contextlib.suppress(OSError):
                for attribute in os.listxattr(old):
                    with contextlib.suppress(OSError):
                        os.setxattr(new, attribute, os.getxattr(old, attribute))
        mode = stat.S_IMODE(info.st_mode)
        if os.chmod in os.supports_fd:
            os.chmod(new, mode)
        else:
            os.chmod(folder.at(temporary), mode)
    finally:
        os.close(old)


def _put_to_free(folder: Folder, temporary: str, name: str, path: str) -> None:
    """Gives the new file its name. Raises RefusedToWrite where that is taken by now."""
    try:
        _rename_to_free(folder, temporary, name)
    except FileExistsError:
        raise changed(path) from None


def _rename_to_free(folder: Folder, old: str, new: str) -> None:
    """Renames unless the new name is taken. Raises FileExistsError."""
    if rename_to_free(folder.handle, old, folder.handle, new):
        return
    if os.name != "posix":
        os.rename(folder.at(old), folder.at(new))  # refuses by itself
        return
    ends = {"src_dir_fd": folder.handle, "dst_dir_fd": folder.handle}
    try:
        os.link(old, new, follow_symlinks=False, **ends)
    except FileExistsError:
        raise
    except OSError:  # this disk has no links
        if _inode(folder, new) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from None
        _rename(folder, old, new)
    else:
        _discard(folder, old)


def _swap(folder: Folder, temporary: str, name: str, own: int, expected: bytes, path: str) -> None:
    """Puts the new file in place of the old one. Raises RefusedToWrite where that is not what was read."""
    try:
        is_swapped = exchange(folder.handle, temporary, name)
    except FileNotFoundError:
        raise changed(path) from None
    if not is_swapped:
        if not _holds(folder, name, expected):
            raise changed(path)
        _rename(folder, temporary, name)
    elif not _settle(folder, temporary, name, own, expected):
        raise changed(path)


def _settle(folder: Folder, temporary: str, name: str, own: int, expected: bytes) -> bool:
    """Looks at what came out of a swap: whether it was what was read. It is deleted then, else put back.

    Only here is it asked who has the file open: a disk that swaps names is a local one. NFS and SMB refuse a lease
    for reasons of their own.
    """
    if _holds(folder, temporary, expected, waits=True):
        _discard(folder, temporary)
        return True
    try:
        exchange(folder.handle, temporary, name)
        if _inode(folder, temporary) == own:
            _discard(folder, temporary)
            return False
        exchange(folder.handle, temporary, name)  # saved a second time, over ours: the newest keeps the name
    except OSError:
        _keep_aside(folder, temporary, name)
        raise
    _keep_aside(folder, temporary, name)
    return False


def _put_back(folder: Folder, temporary: str, name: str) -> None:
    """Gives a file its name again; where another one has it by now, both are kept."""
    try:
        _rename_to_free(folder, temporary, name)
    except OSError:
        _keep_aside(folder, temporary, name)


def _keep_aside(folder: Folder, temporary: str, name: str) -> None:
    """Keeps a save that lost its name to a newer one: as a conflict copy, which `check` tells of."""
    stem, ending = os.path.splitext(name)
    copy = f"{stem} (conflicted copy {time.strftime('%Y-%m-%d %H%M%S')}){ending}"
    with contextlib.suppress(OSError):
        _rename_to_free(folder, temporary, copy)


def _holds(folder: Folder, name: str, expected: bytes, *, waits: bool = False) -> bool:
    """Whether a file holds these bytes; with `waits` also that nobody is about to write others into it."""
    try:
        handle = os.open(folder.at(name), _READ, dir_fd=folder.handle)
    except OSError:
        return False
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode) or (waits and not _is_closed(handle)):
            return False
        return _read_all(handle, len(expected) + 1) == expected
    finally:
        os.close(handle)


def _is_closed(handle: int) -> bool:
    """Whether nobody has the file open for writing; a save in progress is waited for."""
    until = time.monotonic() + _FOR_WRITER
    while _is_open_for_writing(handle):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _read_all(handle: int, most: int) -> bytes:
    data = b""
    while len(data) < most and (more := os.read(handle, min(most - len(data), 1 << 20))):
        data += more
    return data


def _is_open_for_writing(handle: int) -> bool:
    """Whether some process has the file open for writing, as an editor that saves in place has; False if unknown.

    Linux grants a read lease on a file to its owner only while nobody has it open for writing.
    """
    try:
        import fcntl
        import signal

        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)  # does nothing; the usual SIGIO ends a process
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except (ImportError, AttributeError, OSError):
        return False
    return False


def _rename(folder: Folder, old: str, new: str) -> None:
    os.replace(folder.at(old), folder.at(new), src_dir_fd=folder.handle, dst_dir_fd=folder.handle)


def _discard(folder: Folder, temporary: str) -> None:
    """Deletes a temporary file; where that fails, `clean_up` deletes it later."""
    with contextlib.suppress(OSError):
        os.unlink(folder.at(temporary), dir_fd=folder.handle)


def _inode(folder: Folder, name: str) -> int | None:
    try:
        return os.stat(folder.at(name), dir_fd=folder.handle, follow_symlinks=False).st_ino
    except FileNotFoundError:
        return None


def _temporary_name() -> str:
    return f"{OWN_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}"


# A file under such a name holds, or is about to hold, what stood under the note's name. A kill may leave it there.
_OLD = rf"(?s){re.escape(OWN_TEMPORARY)}old-(?P<hashes>[0-9a-f-]+)\.[0-9a-f]{{12}}\.(?P<name>.+)"


def _name_for_old(name: str, *known: bytes) -> str:
    """The name for the old version of a note; `known` are the versions of it that may be deleted."""
    hashes = "-".join(map(_short_hash, known))
    note = name if len(os.fsencode(name)) < 180 else "note.md"  # no name is longer than 255 bytes
    return f"{OWN_TEMPORARY}old-{hashes}.{os.urandom(6).hex()}.{note}"
