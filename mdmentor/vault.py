"""The folder of notes: what lies in it, reading a note, and the one way of writing one.

A scan looks at names and stats only and never follows a symlink out of the vault. Writing replaces a
whole file atomically, and only if it still holds what was read.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from mdmentor.core.model import ERROR, HINT, WARNING, Problem
from mdmentor.core.settings import Settings
from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed

SETTINGS_FILE = "mdmentor.toml"

Stamp = tuple[int, int, int, int]  # size in bytes, mtime and ctime in nanoseconds, inode

# Files that editors, sync tools and we ourselves leave for a moment while saving.
_TEMPORARY = re.compile(
    r"(?:~\$.*|#.*#|.*~|.*\.tmp|.*\.swp|.*\.swx|4913|sed[A-Za-z0-9]{6}|.*\.crdownload|.*\.part)$",
    re.IGNORECASE,
)
_CONFLICT_COPY = re.compile(
    r".*(?:\.sync-conflict-\d{8}-\d{6}(?:-\w+)?|\((?:[^()]*['’]s )?conflicted copy[^()]*\)|\.conflicted(?:\.\d+)?"
    r"|\(case conflict[^()]*\))\.md$",
    re.IGNORECASE,
)
OWN_TEMPORARY = ".mdmentor-"  # dot files are no part of a vault, so ours are never taken for notes


@dataclass(slots=True)
class Scan:
    """What lies in the vault at one moment."""

    notes: dict[str, Stamp] = field(default_factory=dict)  # path -> stamp
    attachments: set[str] = field(default_factory=set)  # paths of all other files
    unknown: list[str] = field(
        default_factory=list
    )  # folders that could not be listed: nothing below is gone
    problems: list[Problem] = field(default_factory=list)
    ignored: int = 0  # notes left out by the settings' patterns

    def is_unknown(self, path: str) -> bool:
        """True for a path below a folder that could not be listed."""
        return any(not part or path.startswith(part + "/") or path == part for part in self.unknown)


def find_vault(named: str | None, environment: str | None, here: Path) -> Path:
    """The vault's root: the folder named by hand, else by the environment, else around the current one.

    Raises NoVault, with how to make one.
    """
    for told, origin in ((named, "--vault"), (environment, "MDMENTOR_VAULT")):
        if told:
            root = Path(told).expanduser()
            if not root.is_dir():
                raise NoVault(
                    f'{origin} "{told}" is no folder',
                    "name an existing folder, or make one with: mdmentor init DIR",
                )
            return Path(os.path.realpath(root))
    for root in (here, *here.parents):
        if (root / SETTINGS_FILE).is_file() or (root / ".obsidian").is_dir():
            return Path(os.path.realpath(root))
    raise NoVault(
        "no vault here: neither this folder nor one above holds mdmentor.toml or .obsidian",
        "make one with: mdmentor init, or name one with --vault DIR",
    )


class Vault:
    """One folder of notes on disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = os.fspath(root).rstrip("/\\") + os.sep

    def absolute(self, path: str) -> str:
        """The path as the system opens it."""
        return self._prefix + (path if os.sep == "/" else path.replace("/", os.sep))

    def scan(self, settings: Settings) -> Scan:
        """All notes with their stamps, in one walk. Raises NoVault where the root itself is gone."""
        scan = Scan()
        is_ignored = ignore_rule(settings)
        prefix = len(self._prefix)
        stack = [os.fspath(self.root)]
        attachments = scan.attachments
        while stack:
            folder = stack.pop()
            base = folder[prefix:].replace(os.sep, "/")
            if base:
                base += "/"
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        name = entry.name
                        if name[0] == ".":
                            continue
                        path = base + name
                        if entry.is_dir(follow_symlinks=False):
                            if name != "node_modules" and not (is_ignored and is_ignored(path + "/")):
                                stack.append(entry.path)
                        elif name[-3:].lower() == ".md":
                            if name[:2] == "~$":
                                continue
                            if is_ignored and is_ignored(path):
                                scan.ignored += 1
                                continue
                            self._see(scan, path, entry)
                        elif entry.is_symlink() and os.path.isdir(entry.path):
                            what = "the linked folder is not followed: a vault holds its notes itself"
                            mend = "put the notes here, or leave it be"
                            scan.problems.append(Problem(path, 1, 1, HINT, "symlink", what, mend))
                        elif not _TEMPORARY.match(name) and not (is_ignored and is_ignored(path)):
                            attachments.add(path)
            except FileNotFoundError as error:
                if folder == os.fspath(self.root):
                    raise NoVault(f'the vault "{self.root}" is not there', "is the drive mounted?") from error
            except OSError as error:
                if folder == os.fspath(self.root):
                    raise WorldFailed(
                        f'the vault "{self.root}" cannot be listed ({error.strerror})',
                        "look at its permissions",
                    ) from error
                scan.unknown.append(base.rstrip("/"))
                what = f"the folder cannot be listed ({error.strerror}), so what is known of it is kept"
                scan.problems.append(
                    Problem(
                        base.rstrip("/"), 1, 1, ERROR, "unreadable-folder", what, "look at its permissions"
                    )
                )
        scan.problems.sort(key=lambda p: (p.path, p.code))
        return scan

    def _see(self, scan: Scan, path: str, entry: os.DirEntry[str]) -> None:
        """Takes one entry named like a note into the scan, or says why not."""
        try:
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(info.st_mode):
                if not self._leads_inside(entry.path):
                    what = "the link leads out of the vault or to nothing, and is not followed"
                    mend = "put the note itself here, or leave it be"
                    scan.problems.append(Problem(path, 1, 1, HINT, "symlink", what, mend))
                    return
                info = entry.stat()
        except FileNotFoundError:
            return  # gone between the listing and now: simply not there
        except OSError as error:
            scan.unknown.append(path)
            what = f"the note cannot be looked at ({error.strerror}), so what is known of it is kept"
            scan.problems.append(Problem(path, 1, 1, ERROR, "unreadable", what, "look at its permissions"))
            return
        if not stat.S_ISREG(info.st_mode):
            what = f"this is {_sort_of_file(info.st_mode)}, not a note"
            scan.problems.append(
                Problem(path, 1, 1, WARNING, "not-a-file", what, "give it another ending than .md")
            )
        elif _CONFLICT_COPY.match(path):
            what = "a sync tool left this copy of a note, and it takes no part"
            mend = "move what you want to keep into the note itself, then delete the copy"
            scan.problems.append(Problem(path, 1, 1, WARNING, "conflict-copy", what, mend))
        else:
            scan.notes[path] = (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    def _leads_inside(self, link: str) -> bool:
        real = os.path.realpath(link)
        return real.startswith(self._prefix) and os.path.isfile(real)

    def read(self, path: str, most: int = -1) -> tuple[bytes, Stamp]:
        """A note's bytes (at most `most`) with the stamp they were read under.

        Raises OSError. A FIFO or device that took the note's place is not opened for waiting.
        """
        handle = os.open(
            self.absolute(path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(handle, "rb", buffering=0) as file:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(f"this is {_sort_of_file(info.st_mode)}, not a note")
            data = file.readall() if most < 0 or info.st_size <= most else file.read(most + 1) or b""
        return data, (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of a file as it is now; None where there is none."""
        try:
            info = os.stat(self.absolute(path))
        except OSError:
            return None
        return (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)

    def write(self, path: str, data: bytes, expected: bytes | None) -> bool:
        """Puts `data` at `path` if the file still holds `expected` (None: it does not exist); False for equal bytes.

        Atomic: a reader sees the old bytes or the new ones, and so does whoever looks after a crash.
        The file's mode stays, and of a symlink its target is written. Raises RefusedToWrite when the
        file holds something else by now, WorldFailed when the disk does not take it.
        """
        target = os.path.realpath(self.absolute(path))
        if not target.startswith(self._prefix):
            raise RefusedToWrite(f'"{path}" leads out of the vault', "nothing was written")
        try:
            if expected is None:
                Path(target).parent.mkdir(parents=True, exist_ok=True)
            elif data == expected:
                return False
            _replace(target, data, lambda: _holds(target, expected, path))
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorldFailed(f'"{path}" could not be written ({reason})', "nothing was changed") from error
        return True

    def remove(self, path: str, expected: bytes) -> None:
        """Deletes a file of ours if it still holds `expected`."""
        target = self.absolute(path)
        _holds(target, expected, path)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target)

    def clean_up(self, folder: str, age: float = 60) -> None:
        """Removes temporary files that a killed run of ours left in `folder`, once they are `age` seconds old.

        Younger ones may be another run's that is about to rename them.
        """
        where = self.absolute(folder) if folder else os.fspath(self.root)
        with contextlib.suppress(OSError), os.scandir(where) as entries:
            for entry in entries:
                if entry.name.startswith(OWN_TEMPORARY):
                    with contextlib.suppress(OSError):
                        if time.time() - entry.stat(follow_symlinks=False).st_mtime >= age:
                            os.unlink(entry.path)


def ignore_rule(settings: Settings) -> Callable[[str], bool] | None:
    """Whether the settings leave a path out (a folder's path ends in "/"); None where they name nothing."""
    if not settings.ignore:
        return None
    import pathspec

    spec = pathspec.GitIgnoreSpec.from_lines(settings.ignore)
    return spec.match_file


def is_part_of_vault(path: str, settings: Settings) -> bool:
    """Whether a path would be seen by a scan, going by its name alone: the same rule for the watcher."""
    parts = path.split("/")
    if (
        any(part.startswith(".") for part in parts)
        or "node_modules" in parts[:-1]
        or _TEMPORARY.match(parts[-1])
    ):
        return False
    is_ignored = ignore_rule(settings)
    if is_ignored is None:
        return True
    folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
    return not is_ignored(path) and not any(is_ignored(folder) for folder in folders)


def _sort_of_file(mode: int) -> str:
    for test, word in (
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if test(mode):
            return word
    return "no plain file"


def _holds(target: str, expected: bytes | None, path: str) -> None:
    """Raises RefusedToWrite unless the file is still what was read."""
    try:
        now: bytes | None = Path(target).read_bytes()
    except FileNotFoundError:
        now = None
    if now != expected:
        raise RefusedToWrite(f'"{path}" was changed meanwhile, so it was left as it is', "try again")


def _replace(target: str, data: bytes, check: Callable[[], None]) -> None:
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
        check()
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    if os.name == "posix":
        folder = os.open(os.path.dirname(target), os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
