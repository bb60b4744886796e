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
from collections.abc import Callable, Iterable, Iterator, Sequence

from mdmentor.errors import NoVault, RefusedToWrite, WorldFailed

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from pathlib import Path

    from mdmentor.core.problem import Problem
    from mdmentor.core.settings import Settings

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


class Scan:
    """What lies in the vault at one moment.

    No dataclass, and no `pathlib` in this module: the look whether anything changed is all that most commands
    do, and the two take longer to load than a thousand notes to look at.
    """

    def __init__(self) -> None:
        self.notes: dict[str, Stamp] = {}  # path -> stamp
        self.attachments: set[str] = set()  # paths of all other files
        self.unknown: list[str] = []  # folders that could not be listed: nothing below is gone
        self.problems: list[Problem] = []
        self.ignored = 0  # notes left out by the settings' patterns
        self.linked = 0  # notes whose bytes also lie elsewhere (links): they may change without an event here
        self.leftovers: set[str] = set()  # folders with temporary files of ours
        self.started = time.time_ns()  # when the looking began

    def tell(self, path: str, severity: str, code: str, what: str, mend: str) -> None:
        """Adds a problem of a file or folder as a whole."""
        from mdmentor.core.problem import Problem

        self.problems.append(Problem(path, 1, 1, severity, code, what, mend))

    def is_unknown(self, path: str) -> bool:
        """True for a path below a folder that could not be listed."""
        return any(not part or path.startswith(part + "/") or path == part for part in self.unknown)


def find_vault(named: str | None, environment: str | None, here: Path) -> Path:
    """The vault's root: the folder named by hand, else by the environment, else around the current one.

    Raises NoVault, with how to make one.
    """
    from pathlib import Path

    return Path(find_root(named, environment, os.fspath(here)))


def find_root(named: str | None, environment: str | None, here: str) -> str:
    """As `find_vault`."""
    for told, origin in ((named, "--vault"), (environment, "MDMENTOR_VAULT")):
        if told:
            root = os.path.expanduser(told)
            if not os.path.isdir(root):
                raise NoVault(
                    f'{origin} "{told}" is no folder',
                    "name an existing folder, or make one with: mdmentor init DIR",
                )
            return os.path.realpath(root)
    root = os.path.abspath(here)
    while True:
        if os.path.isfile(os.path.join(root, SETTINGS_FILE)) or os.path.isdir(
            os.path.join(root, ".obsidian")
        ):
            return os.path.realpath(root)
        if os.path.dirname(root) == root:
            break
        root = os.path.dirname(root)
    raise NoVault(
        "no vault here: neither this folder nor one above holds mdmentor.toml or .obsidian",
        "make one with: mdmentor init, or name one with --vault DIR",
    )


class Vault:
    """One folder of notes on disk."""

    def __init__(self, root: Path | str) -> None:
        self._root = os.fspath(root)
        self._prefix = self._root.rstrip("/\\") + os.sep

    @property
    def root(self) -> Path:
        """The folder itself."""
        from pathlib import Path

        return Path(self._root)

    def absolute(self, path: str) -> str:
        """The path as the system opens it."""
        return self._prefix + (path if os.sep == "/" else path.replace("/", os.sep))

    def scan(self, settings: Settings) -> Scan:
        """All notes with their stamps, in one walk. Raises NoVault where the root itself is gone."""
        return self.walk(settings.ignore)

    def walk(self, ignore: Sequence[str]) -> Scan:
        """As `scan`, with the settings' patterns of what to leave out."""
        scan = Scan()
        is_ignored = pattern_rule(ignore)
        prefix = len(self._prefix)
        stack = [self._root]
        notes, attachments, is_file = scan.notes, scan.attachments, stat.S_ISREG
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
                            if name.startswith(OWN_TEMPORARY):
                                scan.leftovers.add(base.rstrip("/"))
                            continue
                        path = base + name
                        if not name.isascii() and not is_text(name):
                            scan.problems.append(_unnameable(path))
                            continue
                        if (
                            name[-3:] == ".md"
                            and name[0] != "~"
                            and path.find(".") == len(path) - 3
                            and "(" not in path
                            and not is_ignored
                        ):
                            # an ordinary note, as nearly all are; what follows would say the same of it
                            try:
                                info = entry.stat(follow_symlinks=False)
                            except OSError:
                                info = None
                            if info and is_file(info.st_mode) and info.st_nlink == 1:
                                notes[path] = info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino
                                continue
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
                            scan.tell(path, "hint", "symlink", what, mend)
                        elif not _TEMPORARY.match(name) and not (is_ignored and is_ignored(path)):
                            attachments.add(path)
            except FileNotFoundError as error:
                if folder == self._root:
                    raise NoVault(
                        f'the vault "{self._root}" is not there', "is the drive mounted?"
                    ) from error
            except OSError as error:
                if folder == self._root:
                    raise WorldFailed(
                        f'the vault "{self._root}" cannot be listed ({error.strerror})',
                        "look at its permissions",
                    ) from error
                scan.unknown.append(base.rstrip("/"))
                what = f"the folder cannot be listed ({error.strerror}), so what is known of it is kept"
                scan.tell(base.rstrip("/"), "error", "unreadable-folder", what, "look at its permissions")
        scan.problems.sort(key=lambda p: (p.path, p.code))
        return scan

    def look(self, paths: Iterable[str], settings: Settings) -> Scan:
        """What a scan would say of these notes alone; nothing of a path that is no part of the vault."""
        from pathlib import Path

        scan = Scan()
        belongs = membership(settings)
        for path in paths:
            if belongs(path) and path[-3:].lower() == ".md":
                self._see(scan, path, Path(self.absolute(path)))
        return scan

    def _see(self, scan: Scan, path: str, entry: os.DirEntry[str] | Path) -> None:
        """Takes one entry named like a note into the scan, or says why not."""
        try:
            info = entry.stat(follow_symlinks=False)
            if stat.S_ISLNK(info.st_mode):
                if not self._leads_inside(os.fspath(entry)):
                    what = "the link leads out of the vault or to nothing, and is not followed"
                    mend = "put the note itself here, or leave it be"
                    scan.tell(path, "hint", "symlink", what, mend)
                    return
                info = entry.stat()
                scan.linked += 1
        except FileNotFoundError:
            return  # gone between the listing and now: simply not there
        except OSError as error:
            scan.unknown.append(path)
            what = f"the note cannot be looked at ({error.strerror}), so what is known of it is kept"
            scan.tell(path, "error", "unreadable", what, "look at its permissions")
            return
        if not stat.S_ISREG(info.st_mode):
            what = f"this is {_sort_of_file(info.st_mode)}, not a note"
            scan.tell(path, "warning", "not-a-file", what, "give it another ending than .md")
        elif _CONFLICT_COPY.match(path):
            what = "a sync tool left this copy of a note, and it takes no part"
            mend = f'join it with its note by: mdmentor git resolve "{path}"'
            scan.tell(path, "warning", "conflict-copy", what, mend)
        else:
            scan.notes[path] = (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
            scan.linked += info.st_nlink > 1

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
                os.makedirs(os.path.dirname(target), exist_ok=True)
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
        with _alone_in(os.path.dirname(target)):
            _holds(target, expected, path)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(target)

    def move(self, old: str, new: str) -> tuple[str, ...]:
        """Gives a note or a folder another path; the folders that were made for it, outermost first.

        Raises RefusedToWrite where there is nothing at `old`, or something else at `new`; WorldFailed where
        the disk does not take it.
        """
        here, there = self.absolute(old), self.absolute(new)
        if not os.path.lexists(here):
            raise RefusedToWrite(f'"{old}" is not there any more', "nothing was changed")
        # a name that differs in case alone is the same file on some disks
        if os.path.lexists(there) and not os.path.samefile(here, there):
            raise RefusedToWrite(f'"{new}" is there already', "choose another name")
        made: list[str] = []
        parent = new.rpartition("/")[0]
        try:
            while parent and not os.path.isdir(self.absolute(parent)):
                made.insert(0, parent)
                parent = parent.rpartition("/")[0]
            for folder in made:
                os.mkdir(self.absolute(folder))
            os.rename(here, there)
        except OSError as error:
            self.remove_empty(made)
            reason = error.strerror or str(error)
            raise WorldFailed(
                f'"{old}" could not be moved to "{new}" ({reason})', "nothing was changed"
            ) from error
        return tuple(made)

    def remove_empty(self, folders: Iterable[str]) -> None:
        """Removes those of the folders that hold nothing, the last first."""
        for folder in reversed(list(folders)):
            with contextlib.suppress(OSError):
                os.rmdir(self.absolute(folder))

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
    return pattern_rule(settings.ignore)


def pattern_rule(patterns: Sequence[str]) -> Callable[[str], bool] | None:
    """As `ignore_rule`, for the patterns alone."""
    if not patterns:
        return None
    import pathspec

    # three asterisks and more mean one, as in git; taken literally they could be matched in countless ways
    lines = (re.sub(r"\*{3,}", "*", line) for line in patterns)
    spec = pathspec.GitIgnoreSpec.from_lines(lines)
    return spec.match_file


def membership(settings: Settings) -> Callable[[str], bool]:
    """Whether a path would be seen by a scan, going by its name alone: the same rule for the watcher."""
    is_ignored = ignore_rule(settings)

    def belongs(path: str) -> bool:
        if not is_named_like_one(path):
            return False
        if is_ignored is None:
            return True
        parts = path.split("/")
        folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
        return not is_ignored(path) and not any(is_ignored(folder) for folder in folders)

    return belongs


def is_named_like_one(path: str) -> bool:
    """False for what no settings bring into a vault: dot files and folders, node_modules, temporary files."""
    parts = path.split("/")
    return is_text(path) and not (
        any(part.startswith(".") for part in parts)
        or "node_modules" in parts[:-1]
        or _TEMPORARY.match(parts[-1])
    )


def is_text(name: str) -> bool:
    """False for a name made of bytes that are no UTF-8: it can be neither linked nor shown."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unnameable(path: str) -> Problem:
    shown = os.fsencode(path).decode("utf-8", "replace")
    what = "the name is not UTF-8, so what bears it takes no part"
    from mdmentor.core.problem import WARNING, Problem

    return Problem(shown, 1, 1, WARNING, "name", what, "rename it")


def is_part_of_vault(path: str, settings: Settings) -> bool:
    """Whether one path would be seen by a scan; for many, ask for the `membership` once."""
    return membership(settings)(path)


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
        with open(target, "rb") as file:
            now: bytes | None = file.read()
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
        with _alone_in(os.path.dirname(target)):
            check()
            os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def _alone_in(folder: str) -> Iterator[None]:
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
        os.fsync(handle)
    finally:
        os.close(handle)
