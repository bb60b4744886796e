"""The folder of notes: what lies in it, reading a note, and the one way of writing one.

A scan looks at names and stats only and never follows a symlink out of the vault. Writing replaces a
whole file atomically, and only if it still holds what was read.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence

from mdmentor.errors import MdmentorError, RefusedToWrite, WorldFailed
from mdmentor.vault import walk as walking
from mdmentor.vault.atomic_write import (
    Mark,
    changed,
    check_writable,
    delete,
    delete_leftovers,
    is_relative_link,
    is_there,
    mark_of,
    rename_between,
    save,
)
from mdmentor.vault.folders import Folder, another_vault, opened, refuse_links
from mdmentor.vault.ignore import ignore_rule, is_named_like_one, is_part_of_vault, is_text, membership
from mdmentor.vault.locate import SETTINGS_FILE, find_root, find_vault, require_utf8
from mdmentor.vault.walk import Scan, Stamp

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from pathlib import Path

    from mdmentor.core.model import Settings

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Vault:
    """One folder of notes on disk."""

    def __init__(self, root: Path | str) -> None:
        self._root = os.fspath(root)
        self._prefix = walking.prefix_of(self._root)
        self._identity: tuple[int, int] | None = None  # of the folder that was looked at last
        self._marks: dict[str, Mark] = {}  # of the files written here

    @property
    def root(self) -> Path:
        """The folder itself."""
        from pathlib import Path

        return Path(self._root)

    @property
    def folder(self) -> str:
        """As `root`, for whoever has no use for a Path: its module is slow to load."""
        return self._root

    def absolute(self, path: str) -> str:
        """The path as the system opens it."""
        return self._prefix + (path if os.sep == "/" else path.replace("/", os.sep))

    def hold(self) -> None:
        """Raises NoVault unless the folder is there, and still the one that was looked at.

        A drive can go in the middle of a run: what is missing then is not gone, and nothing is to be written.
        """
        if self._identity is not None and walking.identify(self._root) != self._identity:
            raise another_vault(self._root)

    def is_empty(self) -> bool:
        """True where there is not even a settings file: as a drive leaves the place it was mounted on."""
        with os.scandir(self._root) as entries:
            return next(entries, None) is None

    def scan(
        self,
        settings: Settings,
    ) -> Scan:
        """All notes with their stamps, in one walk. Raises NoVault where the root itself is gone."""
        return self.walk(settings.ignore)

    def walk(
        self,
        ignore: Sequence[str],
    ) -> Scan:
        """As `scan`, with the settings' patterns of what to leave out."""
        self._identity = walking.identify(self._root)
        scan = walking.walk(self._root, ignore)
        self.hold()
        return scan

    def look(self, paths: Iterable[str], settings: Settings) -> Scan:
        """What a scan would say of these notes alone; nothing of a path that is no part of the vault."""
        from pathlib import Path

        scan = Scan()
        if self._identity is None:
            self._identity = walking.identify(self._root)
        belongs = membership(settings)
        for path in paths:
            if belongs(path) and path[-3:].lower() == ".md":
                walking.see(scan, path, Path(self.absolute(path)), self._root, ignore_rule(settings))
        self.hold()
        return scan

    def read(self, path: str, most: int = -1) -> tuple[bytes, Stamp]:
        """A note's bytes (at most `most`) with the stamp they were read under.

        Raises OSError. A FIFO or device that took the note's place is not opened for waiting.
        """
        handle = os.open(self.absolute(path), _READ)
        try:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(f"this is {walking.sort_of_file(info.st_mode)}, not a note")
            most = most if most >= 0 else sys.maxsize
            # One byte more is asked for than there should be: who gets no more than that is at the end.
            data = os.read(handle, min(info.st_size, most) + 1)
            while len(data) != info.st_size and len(data) <= most and (more := os.read(handle, 65536)):
                data += more
        finally:
            os.close(handle)
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
        The file's mode and owner stay, and of a symlink its target is written, if that lies in the vault. Raises
        RefusedToWrite when the file holds something else by now or may not be changed, WorldFailed when the disk
        does not take it, NoVault when the vault is not there any more.
        """
        self.hold()
        where, name = self._real(path)
        if expected is not None and data == expected:
            return False
        made: list[str] = []
        try:
            with self._opened(where, made if expected is None else None) as folder:
                self._marks[path] = save(folder, name, data, expected, path)
        except (OSError, MdmentorError) as error:
            self.remove_empty(made)
            if isinstance(error, MdmentorError):
                raise
            if expected is not None and isinstance(error, FileNotFoundError):
                raise changed(path) from error
            reason = error.strerror or str(error)
            raise WorldFailed(f'"{path}" could not be written ({reason})', "nothing was changed") from error
        return True

    def is_as_written(self, path: str) -> bool:
        """Whether a file is still the one that `write` put there last, in this process."""
        try:
            return self._marks.get(path) == mark_of(os.stat(self.absolute(path)))
        except OSError:
            return False

    def check_writable(self, path: str) -> None:
        """Raises RefusedToWrite for a note that `write` would refuse whatever it is to hold."""
        where, name = self._real(path)
        try:
            with self._opened(where) as folder:
                if is_there(folder, name):
                    check_writable(folder, name, path)
        except FileNotFoundError:
            pass  # not there yet
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorldFailed(f'"{path}" cannot be looked at ({reason})', "nothing was changed") from error

    def remove(self, path: str, expected: bytes) -> None:
        """Deletes a file of ours if it still holds `expected`."""
        folder_path, _, name = path.rpartition("/")
        try:
            with self._opened("/".join(filter(None, self._real(folder_path)))) as folder:
                delete(folder, name, expected, path)
        except FileNotFoundError:
            raise changed(path) from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorldFailed(f'"{path}" could not be deleted ({reason})', "nothing was changed") from error

    def move(self, old: str, new: str) -> tuple[str, ...]:
        """Gives a note or a folder another path; the folders that were made for it, outermost first.

        Raises RefusedToWrite where there is nothing at `old`, something else at `new`, or a link on the way to one
        of them; WorldFailed where the disk does not take it.
        """
        self.hold()
        (old_folder, _, old_name), (new_folder, _, new_name) = old.rpartition("/"), new.rpartition("/")
        made: list[str] = []
        try:
            with self._opened(old_folder) as here:
                if not is_there(here, old_name):
                    raise FileNotFoundError
                if old_folder != new_folder and is_relative_link(here, old_name):
                    raise RefusedToWrite(
                        f'"{old}" is a link, which would lead to nothing from "{new}"',
                        "move the file that it leads to",
                    )
                with self._opened(new_folder, made) as there:
                    rename_between(here, old_name, there, new_name)
        except FileExistsError:
            self.remove_empty(made)
            raise RefusedToWrite(f'"{new}" is there already', "choose another name") from None
        except FileNotFoundError:
            self.remove_empty(made)
            raise RefusedToWrite(f'"{old}" is not there any more', "nothing was changed") from None
        except MdmentorError:
            self.remove_empty(made)
            raise
        except OSError as error:
            self.remove_empty(made)
            reason = error.strerror or str(error)
            raise WorldFailed(
                f'"{old}" could not be moved to "{new}" ({reason})', "nothing was changed"
            ) from error
        return tuple(made)

    def refuse_links(self, path: str) -> None:
        """Raises RefusedToWrite where `move` would, since a folder on the way to `path` is a link."""
        refuse_links(self._root, path)

    def remove_empty(self, folders: Iterable[str]) -> None:
        """Removes those of the folders that hold nothing, the last first."""
        for path in reversed(list(folders)):
            parent, _, name = path.rpartition("/")
            with contextlib.suppress(OSError, MdmentorError), self._opened(parent) as folder:
                os.rmdir(folder.at(name), dir_fd=folder.handle)

    def clean_up(self, path: str, age: float = 60) -> None:
        """Removes temporary files that a killed run of ours left in a folder, once they are `age` seconds old.

        Younger ones may be another run's that is about to rename them.
        """
        with (
            contextlib.suppress(OSError, MdmentorError),
            self._opened("/".join(filter(None, self._real(path)))) as folder,
        ):
            delete_leftovers(folder, age)

    def _real(self, path: str) -> tuple[str, str]:
        """The folder, within the vault, and the name of the file that `path` leads to, through links too.

        Raises RefusedToWrite where that lies outside.
        """
        root = os.path.realpath(self._root)
        real = os.path.realpath(self.absolute(path)) if path else root
        prefix = walking.prefix_of(root)
        if real != root and not real.startswith(prefix):
            raise RefusedToWrite(f'"{path}" leads out of the vault', "nothing was written")
        folder, _, name = real[len(prefix) :].replace(os.sep, "/").rpartition("/")
        return folder, name

    @contextlib.contextmanager
    def _opened(self, path: str, made: list[str] | None = None) -> Iterator[Folder]:
        """As `folders.opened`, in the folder that was looked at last. Raises NoVault where it is another one."""
        with opened(self._root, path, made, self._identity) as folder:
            yield folder


__all__ = [
    "SETTINGS_FILE",
    "Scan",
    "Stamp",
    "Vault",
    "find_root",
    "find_vault",
    "ignore_rule",
    "is_named_like_one",
    "is_part_of_vault",
    "is_text",
    "membership",
    "require_utf8",
]
