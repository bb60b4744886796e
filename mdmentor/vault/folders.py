"""Folders of the vault: what is in them, by names and stats only, and how one is opened; no link is followed out of it.

A folder is opened component by component. What is then done relative to it happens in that folder, whatever takes its
place meanwhile. On systems that open nothing relative to a folder (Windows) the real path is checked instead.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from stat import S_ISLNK, S_ISREG

from mdmentor import files
from mdmentor.core import ignore
from mdmentor.core.model import ERROR, HINT, WARNING, Problem
from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed

Stamp = tuple[int, int, int, int]  # size in bytes, mtime and ctime in nanoseconds, inode
Rule = Callable[[str], bool]

stamp_of: Callable[[os.stat_result], Stamp] = attrgetter("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")

_OFFLOADED = ".md.icloud"
_CAN_LIST = os.scandir in os.supports_fd and hasattr(os, "O_DIRECTORY")

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


# --- what is in the vault -------------------------------------------------------------------------------------


class Scan:
    """What is in the vault at one moment."""

    def __init__(self) -> None:
        self.is_partial = False  # only some notes were examined
        self.notes: dict[str, int] = {}  # path -> `stamp_key`, which takes a third of the memory
        self.attachments: set[str] = set()  # paths of all other files
        self.unknown: list[str] = []  # folders that could not be listed: the notes below are not gone
        self.problems: list[Problem] = []
        self.ignored = 0  # notes left out by the settings' patterns
        self.ignored_paths: list[str] = []  # those, and the folders left out as a whole, which end in "/"
        self.linked = 0  # notes whose bytes are also elsewhere (links): they may change without an event here
        self.leftovers: set[str] = set()  # folders with temporary files of ours
        self.started = time.time_ns()

    def report(self, path: str, severity: str, code: str, what: str, fix: str) -> None:
        """Adds a problem of a file or folder as a whole."""
        self.problems.append(Problem(path, 1, 1, severity, code, what, fix))

    def report_unreadable(self, path: str, code: str, kind: str, error: OSError) -> None:
        """Adds a note or folder that cannot be examined, so that nothing is taken for deleted."""
        self.unknown.append(path)
        what = f"the {kind} ({error.strerror}), so its previous contents stay in the index"
        self.report(path, ERROR, code, what, "look at its permissions")

    def report_offloaded(self, note: str) -> None:
        """Adds a note of which iCloud left a placeholder alone: `.Ada.md.icloud`."""
        self.unknown.append(note)
        what = "iCloud keeps this note off the disk, so its previous contents stay in the index"
        self.report(note, WARNING, "offloaded", what, "open it once in your editor, which downloads it")

    def is_unknown(self, path: str) -> bool:
        """True for a path below a folder that could not be listed."""
        return any(not part or path.startswith(part + "/") or path == part for part in self.unknown)


def walk(root: str, patterns: Sequence[str]) -> Scan:
    """All notes below `root` with their stamps, without what the patterns leave out.

    A root that is gone looks empty here: call `identify` before and after.
    """
    scan = Scan()
    is_ignored = ignore.ignore_rule(patterns)
    below = [""]  # folders still to be listed
    while below:
        folder = below.pop()
        try:
            _add(scan, root, folder, is_ignored, below)
        except FileNotFoundError:
            pass  # deleted meanwhile
        except OSError as error:
            if not folder:
                what = f'the vault "{root}" cannot be listed ({error.strerror})'
                raise WorldFailed(what, "look at its permissions") from error
            scan.report_unreadable(folder, "unreadable-folder", "folder cannot be listed", error)
    scan.problems.sort(key=lambda p: (p.path, p.code))
    return scan


@contextlib.contextmanager
def _entries(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
    """The entries of a folder; held open where the system can, which looks up names faster than whole paths."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY) if _CAN_LIST else None
    try:
        with os.scandir(folder if handle is None else handle) as entries:
            yield entries
    finally:
        if handle is not None:
            os.close(handle)


def _add(scan: Scan, root: str, folder: str, is_ignored: Rule, below: list[str]) -> None:
    """Adds each entry of a folder to the notes, the attachments or the folders still to be listed, or reports why not."""
    prefix = f"{folder}/" if folder else ""
    with _entries(_absolute(root, folder)) as entries:
        for entry in entries:
            name = entry.name
            path = prefix + name
            if name[0] == ".":
                if name.startswith(ignore.OWN_TEMPORARY):
                    scan.leftovers.add(folder)
                elif name.endswith(_OFFLOADED) and not is_ignored(note := prefix + name[1 : -len(".icloud")]):
                    scan.report_offloaded(note)
            elif not name.isascii() and not ignore.is_text(name):
                shown = os.fsencode(path).decode("utf-8", "replace")
                scan.report(shown, WARNING, "name", "the name is not UTF-8, so it is left out", "rename it")
            elif entry.is_dir(follow_symlinks=False):
                if name == "node_modules":
                    continue
                if is_ignored(path + "/"):
                    scan.ignored_paths.append(path + "/")
                else:
                    below.append(path)
            elif name[-3:].lower() == ".md":
                if name[:2] == "~$":
                    continue
                if is_ignored(path):
                    scan.ignored += 1
                    scan.ignored_paths.append(path)
                else:
                    see(scan, path, entry.stat, root, is_ignored)
            elif entry.is_symlink() and os.path.isdir(_absolute(root, path)):
                what = "the linked folder is not followed: a vault keeps its notes inside it"
                scan.report(path, HINT, "symlink", what, "put the notes here, or leave it as it is")
            elif not ignore.is_temporary(name) and not is_ignored(path):
                scan.attachments.add(path)


def see(scan: Scan, path: str, stat: Callable[..., os.stat_result], root: str, is_ignored: Rule) -> None:
    """Adds a file named like a note to the notes, or reports why not; `stat` is called as that of an `os.DirEntry`."""
    try:
        info = stat(follow_symlinks=False)
        if S_ISLNK(info.st_mode):
            target = os.path.realpath(_absolute(root, path))
            if not (target.startswith(prefix_of(root)) and os.path.isfile(target)):
                what = "the link leads out of the vault or to nothing, and is not followed"
                scan.report(path, HINT, "symlink", what, "put the note itself here, or leave it as it is")
                return
            note = target[len(prefix_of(root)) :].replace(os.sep, "/")
            is_note = note.lower().endswith(".md") and ignore.is_named_like_one(note)
            if is_note and not ignore.note_of_copy(note) and not is_ignored(note):
                what = f'this is a link to the note "{note}", which is read once, under its own path'
                fix = "link it by its own name, or delete this link"
                scan.report(path, HINT, "symlink", what, fix)
                return
            info = stat()
            scan.linked += 1
    except FileNotFoundError:  # deleted since the folder was listed, or only in the cloud
        folder, name = os.path.split(_absolute(root, path))
        if os.path.lexists(os.path.join(folder, f".{name}.icloud")):
            scan.report_offloaded(path)
        return
    except OSError as error:
        scan.report_unreadable(path, "unreadable", "note cannot be examined", error)
        return
    if not S_ISREG(info.st_mode):
        what = f"this is {files.kind_of_file(info.st_mode)}, not a note"
        scan.report(path, WARNING, "not-a-file", what, "rename it to something other than .md")
    elif "onfli" in path.lower() and ignore.note_of_copy(path):  # conflict, Konflikt, conflit, conflito
        what = "a sync tool left this copy of a note, and it is left out"
        fix = f'join it with its note by: mdmentor git resolve "{path}"'
        scan.report(path, WARNING, "conflict-copy", what, fix)
    else:
        scan.notes[path] = files.stamp_key(path, stamp_of(info))
        if info.st_nlink > 1:
            scan.linked += 1


def _absolute(root: str, path: str) -> str:
    return prefix_of(root) + path.replace("/", os.sep)


def holds_more_than(root: str, most: int) -> bool:
    """Whether a scan of the folder would find more files and folders than that; it stops as soon as it knows."""
    count = 0
    for _, below, names in os.walk(root):
        below[:] = [name for name in below if not name.startswith(".")]
        count += len(below) + sum(not name.startswith(".") for name in names)
        if count > most:
            return True
        below[:] = [name for name in below if name != "node_modules"]
    return False


def identify(root: str) -> tuple[int, int]:
    """Which folder it is, whatever its name: device and inode. Raises NoVault where there is none."""
    try:
        info = os.stat(root)
    except OSError as error:
        raise NoVault(f'the vault "{root}" is not there', "is the drive mounted?") from error
    return info.st_dev, info.st_ino


def prefix_of(root: str) -> str:
    """What the absolute path of everything in the vault begins with."""
    return root.rstrip("/\\") + os.sep
