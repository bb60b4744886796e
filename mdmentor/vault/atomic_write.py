"""A file's new bytes put in place of the old: all of them or none, and only over what was read.

The new bytes are written to a temporary file beside the note, which then exchanges names with it in one step. If what
comes out is not what was read, because an editor saved in between, the two are exchanged back. Where the system cannot
exchange names (network drives, FAT, Windows), the bytes are compared right before the rename; a save between the two
calls is lost there.
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
from zlib import adler32, crc32

from mdmentor.core.ignore import OWN_TEMPORARY
from mdmentor.core.names import fold
from mdmentor.errors import RefusedToWrite
from mdmentor.files import NO_FOLLOW, READ
from mdmentor.vault.folders import Folder

# Linux: renameat2(2). macOS: renameatx_np(2), which differs in one flag.
_FUNCTION, _NO_REPLACE = ("renameatx_np", 4) if sys.platform == "darwin" else ("renameat2", 1)
_EXCHANGE = 2
# What a system, a sandbox or a file system answers that cannot do it; EPERM is also the answer of a plain rename.
_CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | NO_FOLLOW
_FOR_WRITER = 1.0  # seconds for a program that has the file open to finish its save

# Inode, mtime in nanoseconds and size: what distinguishes a file that we wrote from a later save.
Mark = tuple[int, int, int]


def mark_of(info: os.stat_result) -> Mark:
    return info.st_ino, info.st_mtime_ns, info.st_size


def exchange(folder: Folder, one: str, other: str) -> bool:
    """Exchanges two names in a folder in one step; False where the system cannot."""
    return _renameat(folder, one, folder, other, _EXCHANGE)


def _renameat(here: Folder, old: str, there: Folder, new: str, flags: int) -> bool:
    call = _find_call()
    if call is None or here.handle is None or there.handle is None:
        return False
    import ctypes

    if call(here.handle, os.fsencode(old), there.handle, os.fsencode(new), flags) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), old, None, new)


@lru_cache(maxsize=1)
def _find_call() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """The C library's function; None where it has none."""
    try:
        import ctypes

        call = getattr(ctypes.CDLL(None, use_errno=True), _FUNCTION)
    except (ImportError, OSError, AttributeError, TypeError):
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    found: Callable[[int, bytes, int, bytes, int], int] = call
    return found


def save(
    folder: Folder, name: str, data: bytes, expected: bytes | None, path: str, mode: int = 0o666
) -> Mark:
    """Gives a file new bytes if it holds `expected` (None: there is no such file).

    `path` is for messages, `mode` for a new file.

    Returns the mark of the new file. Mode, owner and extended attributes stay. Raises RefusedToWrite where the file
    is not what was read, or where saving would change more of it than its bytes.
    """
    if expected is not None:
        check_writable(folder, name, path)
    temporary = f"{OWN_TEMPORARY}{os.getpid()}-{os.urandom(6).hex()}"
    handle = os.open(folder.at(temporary), _NEW, mode if expected is None else 0o600, dir_fd=folder.handle)
    own = os.fstat(handle).st_ino
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:  # a buffer would ask the system three things more
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            if expected is not None:
                _copy_attributes(folder, name, temporary, file.fileno(), path)
            if folder.syncs:
                os.fsync(file.fileno())
            mark = mark_of(os.fstat(file.fileno()))
        with folder.locked():
            if expected is None:
                try:
                    _rename_to_free(folder, temporary, name)
                except FileExistsError:
                    raise changed(path) from None
            else:
                exchanged = _name_for_old(name, expected, data)
                _rename(folder, temporary, exchanged)
                temporary = exchanged
                _replace(folder, temporary, name, own, expected, path)
            folder.sync()
        return mark
    except BaseException:
        with contextlib.suppress(OSError):
            if expected is None or _inode(folder, temporary) == own:
                _discard(folder, temporary)
            else:  # stopped right after the exchange: what came out may be an editor's save
                _check_old(folder, temporary, name, own, expected)
        raise


def _replace(folder: Folder, temporary: str, name: str, own: int, expected: bytes, path: str) -> None:
    """Puts the new file in place of the old one. Raises RefusedToWrite where that is not what was read."""
    try:
        is_exchanged = exchange(folder, temporary, name)
    except FileNotFoundError:
        raise changed(path) from None
    if is_exchanged:
        if not _check_old(folder, temporary, name, own, expected):
            raise changed(path)
    elif _holds(folder, name, expected):
        _rename(folder, temporary, name)
    else:
        raise changed(path)


def _check_old(folder: Folder, temporary: str, name: str, own: int, expected: bytes) -> bool:
    """Whether the file that came out of an exchange is what was read. It is deleted then, else put back.

    Only here does it matter who has the file open: a disk that exchanges names is a local one. NFS and SMB refuse a
    lease for reasons of their own.
    """
    if _holds(folder, temporary, expected, waits=True):
        _discard(folder, temporary)
        return True
    try:
        exchange(folder, temporary, name)
        if _inode(folder, temporary) == own:
            _discard(folder, temporary)
            return False
        exchange(folder, temporary, name)  # saved a second time, over ours: the newest keeps the name
    except OSError:
        _keep_copy(folder, temporary, name)
        raise
    _keep_copy(folder, temporary, name)
    return False


def delete(folder: Folder, name: str, expected: bytes, path: str) -> None:
    """Deletes a file if it holds `expected`: it is renamed first, and compared after that."""
    temporary = _name_for_old(name, expected)
    with folder.locked():
        check_writable(folder, name, path, is_deleted=True)
        try:
            _rename(folder, name, temporary)
        except FileNotFoundError:
            raise changed(path) from None
        if not _holds(folder, temporary, expected):
            try:
                _rename_to_free(folder, temporary, name)
            except OSError:
                _keep_copy(folder, temporary, name)
            raise changed(path)
        _discard(folder, temporary)
        folder.sync()


def rename_between(here: Folder, old: str, there: Folder, new: str) -> None:
    """Moves a file or folder from one folder to another. Raises FileExistsError where the new name is taken."""
    ends = {"src_dir_fd": here.handle, "dst_dir_fd": there.handle}
    try:
        if not _renameat(here, old, there, new, _NO_REPLACE):
            if is_there(there, new):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
            os.rename(here.at(old), there.at(new), **ends)
    except FileExistsError:
        # a name that differs in case alone is the same file on some disks
        if _inode(here, old) != _inode(there, new) or fold(old) != fold(new):
            raise
        os.rename(here.at(old), there.at(new), **ends)
    there.sync()
    here.sync()


def is_there(folder: Folder, name: str) -> bool:
    """Whether the folder has something of this name, even a link to nothing."""
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
                if old := re.fullmatch(_OLD, entry.name):
                    with os.fdopen(_open(folder, entry.name), "rb") as file:
                        digest = _checksum(file.read())
                    if digest not in old["hashes"].split("-"):
                        _keep_copy(folder, entry.name, old["name"])
                        continue
                _discard(folder, entry.name)


# A file under such a name holds, or is about to hold, what was under the note's name. A kill may leave it there.
_OLD = rf"(?s){re.escape(OWN_TEMPORARY)}old-(?P<hashes>[0-9a-f-]+)\.[0-9a-f]{{12}}\.(?P<name>.+)"


def _checksum(data: bytes) -> str:
    return f"{crc32(data):08x}{adler32(data):08x}"  # a hash proper takes longer to load than `log` to write


def _name_for_old(name: str, *known: bytes) -> str:
    """The name for the old version of a note; `known` are the versions of it that may be deleted."""
    hashes = "-".join(map(_checksum, known))
    note = name if len(os.fsencode(name)) < 180 else "note.md"  # no name is longer than 255 bytes
    return f"{OWN_TEMPORARY}old-{hashes}.{os.urandom(6).hex()}.{note}"


def _keep_copy(folder: Folder, temporary: str, name: str) -> None:
    """Keeps a save that lost its name to a newer one: as a conflict copy, which `check` reports."""
    stem, ending = os.path.splitext(name)
    copy = f"{stem} (conflicted copy {time.strftime('%Y-%m-%d %H%M%S')}){ending}"
    with contextlib.suppress(OSError):
        _rename_to_free(folder, temporary, copy)


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
        raise RefusedToWrite(f"{path}: this is not a plain file any more", "nothing was written")
    mode = stat.S_IMODE(info.st_mode)
    if not mode & 0o222:
        command = "chmod u+w" if os.name == "posix" else "attrib -r"
        fix = f'make it writable first, for example: {command} "{path}"'
        raise RefusedToWrite(f"{path}: the note is write-protected (mode {mode:04o})", fix)
    if not _may_write(folder, name):
        what = f"{path}: you may not write to this note (mode {mode:04o}, owner {info.st_uid})"
        raise RefusedToWrite(what, "have its owner make it writable for you")
    if info.st_nlink > 1 and not is_deleted:
        raise RefusedToWrite(
            f"{path}: the note has another name (a hard link), which would keep the old text",
            f'make it a separate file first, for example: cp -p "{path}" new.md && mv new.md "{path}"',
        )


def _may_write(folder: Folder, name: str) -> bool:
    """Whether the note is ours to write; on a read-only disk the write itself says why not."""
    ours = os.access in os.supports_effective_ids
    if os.access(folder.at(name), os.W_OK, dir_fd=folder.handle, effective_ids=ours):
        return True
    where = folder.handle if folder.handle is not None else folder.at("")
    return hasattr(os, "statvfs") and bool(os.statvfs(where).f_flag & os.ST_RDONLY)


def _copy_attributes(folder: Folder, name: str, temporary: str, new: int, path: str) -> None:
    """Gives the new file the mode, owner and extended attributes of the old one."""
    try:
        old = _open(folder, name)
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
        os.chmod(new if os.chmod in os.supports_fd else folder.at(temporary), stat.S_IMODE(info.st_mode))
    finally:
        os.close(old)


def _holds(folder: Folder, name: str, expected: bytes, *, waits: bool = False) -> bool:
    """Whether a file holds these bytes; with `waits` also that no program is about to write others into it."""
    try:
        handle = _open(folder, name)
    except OSError:
        return False
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode) or (waits and not _is_closed(handle)):
            return False
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(len(expected) + 1) == expected
    finally:
        os.close(handle)


def _is_closed(handle: int) -> bool:
    """Whether no program has the file open for writing, as an editor has that saves in place; True if unknown.

    Waits for a save in progress. Linux grants a read lease on a file to its owner only while no program has it open
    for writing.
    """
    until = time.monotonic() + _FOR_WRITER
    while True:
        try:
            import fcntl
            import signal

            fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)  # does nothing; the usual SIGIO ends a process
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
            fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)
        except (ImportError, AttributeError, OSError):
            return True


def _rename_to_free(folder: Folder, old: str, new: str) -> None:
    """Renames a file unless the new name is taken. Raises FileExistsError."""
    if _renameat(folder, old, folder, new, _NO_REPLACE):
        return
    if os.name != "posix":
        os.rename(folder.at(old), folder.at(new))  # refuses by itself
        return
    try:
        os.link(old, new, follow_symlinks=False, src_dir_fd=folder.handle, dst_dir_fd=folder.handle)
    except FileExistsError:
        raise
    except OSError:  # this disk has no links
        if is_there(folder, new):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new) from None
        _rename(folder, old, new)
    else:
        _discard(folder, old)


def _open(folder: Folder, name: str) -> int:
    return os.open(folder.at(name), READ | NO_FOLLOW, dir_fd=folder.handle)


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
