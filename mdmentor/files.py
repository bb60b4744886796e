"""Files that are no notes: those of others are read with care, our own are for their owner alone.

A file that was not written for mdmentor or not asked for by name (settings, templates, other programs' JSON) counts only
if it is a plain file inside the vault of at most LARGEST bytes. Anything else (a pipe, a device, a link that leads out, a
huge file) is refused with a reason: mdmentor never waits for it and never quotes it. Our own files in the user's cache
hold text of notes.
"""

import os
import re
import stat
import time
from contextlib import suppress
from zlib import crc32

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
    """A file that is not read; the text says why, as in "is a pipe, not a plain file"."""


def kind_of_file(mode: int) -> str:
    """What a file is that is no plain file: "a pipe"."""
    return _KINDS.get(stat.S_IFMT(mode), "something else")


def read_plain_file(root: str | os.PathLike[str], path: str) -> bytes:
    """The bytes of the file at `path`, relative to the vault at `root`.

    Raises FileNotFoundError where there is none, NotPlain where it cannot be read as a plain file inside the vault.
    """
    top = os.path.realpath(root)
    try:
        real = os.path.realpath(os.path.join(top, path))
    except ValueError as error:
        raise NotPlain("has a character that no path can have") from error
    if not real.startswith(top.rstrip(os.sep) + os.sep):
        raise NotPlain("leads out of the vault")
    return read_whole(real)


def read_whole(file: str | os.PathLike[str], most: int = LARGEST) -> bytes:
    """As `read_plain_file`, for a file outside the vault, such as git's own, of at most so many bytes; it must not be a link."""
    try:
        _check(os.lstat(file), most)  # before it is opened: opening a device can have effects of its own
        handle = os.open(file, READ | NO_FOLLOW | getattr(os, "O_NOCTTY", 0))
        with os.fdopen(handle, "rb") as opened:
            _check(os.fstat(handle), most)
            return opened.read(most)
    except NotADirectoryError as error:
        raise FileNotFoundError(*error.args) from error
    except (FileNotFoundError, NotPlain):
        raise
    except OSError as error:
        raise NotPlain(f"cannot be read ({error.strerror or error})") from error


def _check(info: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise NotPlain(f"is {kind_of_file(info.st_mode)}, not a plain file")
    if info.st_size > most:
        raise NotPlain(f"is larger than {most // 1_000_000} MB")


# What the files of one vault begin with: see `index.index_path`.
_OURS = r"[0-9a-f]{16}\."
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO

# States of an edit in the journal that is under way, or was interrupted:
DOING = "doing"  # the next command rolls it back
UNDOING = "undoing"
REDOING = "redoing"
UNDER_WAY = (DOING, UNDOING, REDOING)


def history_folder(index: str | os.PathLike[str]) -> str:
    """The folder of the journal of edits, beside the index; of each edit it holds `NUMBER.STATE.json`."""
    return f"{os.fspath(index).removesuffix('.sqlite')}.edits"


def has_open_edit(index: str | os.PathLike[str]) -> bool:
    """Whether an edit of notes is under way, or was interrupted."""
    try:
        names = os.listdir(history_folder(index))
    except OSError:
        return False
    return any(name.endswith(tuple(f".{state}.json" for state in UNDER_WAY)) for name in names)


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
        is_file_or_folder = stat.S_IFMT(found.st_mode) in (stat.S_IFREG, stat.S_IFDIR)
        if found.st_uid == os.geteuid() and is_file_or_folder and found.st_mode & _OF_OTHERS:
            os.chmod(path, stat.S_IMODE(found.st_mode) & ~_OF_OTHERS)
            return True
    return False


def replace_file(path: str, data: bytes, mode: int = 0o600) -> None:
    """Puts these bytes in place of a file in one step. Raises OSError, with the old file as it was."""
    from tempfile import mkstemp  # slow to load

    handle, temporary = mkstemp(prefix=".mdmentor-", dir=os.path.dirname(path))
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def sync(path: str) -> None:
    """Waits until the disk has a file's bytes, or a folder's names, where the system can."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def stamp_key(path: str, stamp: tuple[int, int, int, int]) -> int:
    """A note's path and stamp as one number, for comparing; so small that SQLite can add up those of all notes."""
    # a product: with a sum or a hash of both, two notes that exchange their stamps have the same sum as before
    return (crc32(path.encode()) | 1) * hash(stamp) & 0xFF_FFFF_FFFF


def note_hash(data: bytes) -> str:
    """A digest of a note's bytes, by which a change is recognized."""
    import hashlib  # takes 2 ms to load, which a command that reads no note does without

    return hashlib.blake2b(data, digest_size=16).hexdigest()


def lock(handle: int, seconds: float) -> bool:
    """Locks an open file or folder; False where another process still has it locked after so many seconds.

    True also where there are no locks.
    """
    if os.name != "posix":
        return True
    import fcntl

    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.005)
        except OSError:
            return True


def unlock(handle: int) -> None:
    if os.name == "posix":
        import fcntl

        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)


def take_lock(handle: int) -> bool:
    """Locks an open file for this process, without waiting; False where another one holds it."""
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
