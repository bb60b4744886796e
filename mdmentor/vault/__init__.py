"""The folder of notes: finding it, listing it, reading a note, and the one way of writing one.

A scan looks at names and stats only and never follows a symlink out of the vault. Writing replaces a
whole file atomically, and only if it still holds what was read.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from mdmentor.core.ignore import ignore_rule, is_text, membership
from mdmentor.core.model import Settings
from mdmentor.errors import MdmentorError, NoVault, RefusedToWrite, WorldFailed
from mdmentor.files import READ, kind_of_file
from mdmentor.vault import atomic_write, folders
from mdmentor.vault.folders import Folder, Scan, Stamp

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_FILE = "mdmentor.toml"


class Vault:
    """One folder of notes on disk."""

    def __init__(self, root: Path | str) -> None:
        self.folder = os.fspath(root)
        self._prefix = folders.prefix_of(self.folder)
        self._identity: tuple[int, int] | None = None  # of the folder at the last scan
        self._written: dict[str, atomic_write.Mark] = {}  # files written here
        self.refuse_unsaved: Callable[[Iterable[str], Callable[[str], Stamp | None]], None]
        self.refuse_unsaved = lambda paths, stamp_of: None
        self._batch: contextlib.ExitStack | None = None  # of `syncing_once`: what is open until its end
        self._open: Folder | None = None  # the folder that is

    @property
    def root(self) -> Path:
        from pathlib import Path  # slow to load

        return Path(self.folder)

    @cached_property
    def _real_root(self) -> str:
        return os.path.realpath(self.folder)

    def absolute(self, path: str) -> str:
        """The path as the system opens it."""
        return self._prefix + path.replace("/", os.sep)

    def hold(self) -> None:
        """Raises NoVault unless the folder is there, and is the one that was scanned.

        A drive can be unplugged during a run: its notes are not deleted then, and nothing must be written.
        """
        if self._identity is not None and folders.identify(self.folder) != self._identity:
            raise folders.another_vault(self.folder)

    def is_empty(self) -> bool:
        """True where there is not even a settings file, as where a drive is not mounted."""
        with os.scandir(self.folder) as entries:
            return next(entries, None) is None

    def scan(self, settings: Settings) -> Scan:
        """All notes with their stamps. Raises NoVault where the root itself is gone."""
        self._identity = folders.identify(self.folder)
        scan = folders.walk(self.folder, settings.ignore)
        self.hold()
        return scan

    def look(self, paths: Iterable[str], settings: Settings) -> Scan:
        """What a scan would find out about these notes; nothing about a path that is not part of the vault."""
        scan = Scan()
        if self._identity is None:
            self._identity = folders.identify(self.folder)
        belongs, is_ignored = membership(settings), ignore_rule(settings.ignore)
        for path in paths:
            if belongs(path) and path.lower().endswith(".md"):
                stat_of = partial(os.stat, self.absolute(path))
                folders.see(scan, path, stat_of, self.folder, is_ignored)
        self.hold()
        return scan

    def read(self, path: str, most: int = sys.maxsize - 1) -> tuple[bytes, Stamp]:
        """A note's bytes with the stamp they were read under; of a longer one only `most` and one more.

        Raises OSError, also for a pipe or device that took the note's place.
        """
        handle = os.open(self.absolute(path), READ)
        try:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                raise OSError(f"this is {kind_of_file(info.st_mode)}, not a note")
            data = os.read(handle, min(info.st_size, most) + 1)
            # some file systems give less at once, or say another size
            while len(data) != info.st_size and (more := os.read(handle, min(most + 1 - len(data), 65536))):
                data += more
            return data, folders.stamp_of(info)
        finally:
            os.close(handle)

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of a file as it is now; None where there is none."""
        with contextlib.suppress(OSError):
            return folders.stamp_of(os.stat(self.absolute(path)))
        return None

    def mode(self, path: str) -> int:
        """The permissions of a file; those of a new one where there is none."""
        with contextlib.suppress(OSError):
            return stat.S_IMODE(os.stat(self.absolute(path)).st_mode)
        return 0o666

    def write(self, path: str, data: bytes, expected: bytes | None, mode: int = 0o666) -> bool:
        """Puts `data` at `path` if the file still holds `expected` (None: it does not exist); False for equal bytes.

        Atomic: a reader, or a run after a crash, sees the old bytes or the new ones. A new file has the permissions
        `mode` as far as the umask lets it. The mode and owner of an old one stay, and of a symlink its target is written, if that is in the vault. Raises
        RefusedToWrite when the file was changed or may not be changed, WorldFailed when the disk refuses, NoVault when
        the vault is gone.
        """
        where, name = self._real(path)
        if expected is not None and data == expected:
            return False
        made: list[str] | None = [] if expected is None else None
        gone = None if expected is None else atomic_write.changed(path)
        with (
            self._failing(f'"{path}" could not be written', gone, made),
            self._kept_open(where, made) as folder,
        ):
            self._written[path] = atomic_write.save(folder, name, data, expected, path, mode)
        return True

    @contextlib.contextmanager
    def syncing_once(self) -> Iterator[None]:
        """Within it all writes share one wait for the disk, at the end: a wait after each takes milliseconds.

        A folder stays open until another is used.
        """
        try:
            with contextlib.ExitStack() as self._batch:
                yield
        finally:
            self._batch = self._open = None
            if hasattr(os, "sync"):
                os.sync()

    def stamp_as_written(self, path: str) -> Stamp | None:
        """The stamp of a file that is still the one that `write` put there last, in this process; None for any other."""
        try:
            info = os.stat(self.absolute(path))
        except OSError:
            return None
        return folders.stamp_of(info) if self._written.get(path) == atomic_write.mark_of(info) else None

    def check_writable(self, path: str) -> None:
        """Raises RefusedToWrite for a note that is open with unsaved changes, or that `write` would refuse anyway."""
        self.refuse_if_being_edited(path)
        where, name = self._real(path)
        missing = contextlib.suppress(FileNotFoundError)
        with self._failing(f'"{path}" cannot be examined'), missing, self._opened(where) as folder:
            if atomic_write.is_there(folder, name):
                atomic_write.check_writable(folder, name, path)

    def refuse_if_being_edited(self, *paths: str) -> None:
        """Raises RefusedToWrite for a note that an editor holds with changes that are not saved yet.

        The language server knows those that it serves. Emacs leaves a link `.#name` while a buffer is modified; vim's
        swap file has a mark in its byte 1007. Other editors leave no trace, so comparing bytes has to do.
        """
        self.refuse_unsaved(paths, self.stamp)
        for path in paths:
            folder, name = os.path.split(self.absolute(path))
            link, swap = f".#{name}", f".{name}.swp"
            editor, trace = ("Emacs", link) if os.path.islink(os.path.join(folder, link)) else ("", "")
            if os.path.lexists(swapped := os.path.join(folder, swap)):
                with contextlib.suppress(OSError), open(swapped, "rb") as file:
                    head = file.read(1008)
                    if head[:2] == b"b0" and head[1007:] == b"\x55":
                        editor, trace = "vim", swap
            if editor:
                what = f"{path}: the note is open in {editor} with changes that are not saved"
                raise RefusedToWrite(what, f"save it there, or delete {trace} if {editor} is not running")

    def refuse_if_open(self, path: str) -> None:
        """Raises RefusedToWrite for a note that vim holds, even without changes: it would bring the old text back."""
        folder, name = os.path.split(self.absolute(path))
        swap = f".{name}.swp"
        if os.path.lexists(os.path.join(folder, swap)):
            raise RefusedToWrite(
                f"{path}: the note is open in vim", f"close it there, or delete {swap} if vim is not running"
            )

    def remove(self, path: str, expected: bytes) -> None:
        """Deletes a file if it still holds `expected`. A link to it is not followed."""
        parent, _, name = path.rpartition("/")
        where = "/".join(filter(None, self._real(parent)))
        with (
            self._failing(f'"{path}" could not be deleted', atomic_write.changed(path)),
            self._kept_open(where) as folder,
        ):
            atomic_write.delete(folder, name, expected, path)

    def move(self, old: str, new: str) -> tuple[str, ...]:
        """Gives a note or a folder another path; returns the folders that were made for it, outermost first.

        Raises RefusedToWrite where there is nothing at `old`, something else at `new`, or a link on the way to one
        of them; WorldFailed where the disk refuses.
        """
        self.hold()
        (old_folder, _, old_name), (new_folder, _, new_name) = old.rpartition("/"), new.rpartition("/")
        made: list[str] = []
        gone = RefusedToWrite(f'"{old}" is not there any more', "nothing changed")
        failing = self._failing(f'"{old}" could not be moved to "{new}"', gone, made)
        with failing, self._opened(old_folder) as here:
            if not atomic_write.is_there(here, old_name):
                raise gone
            if old_folder != new_folder and atomic_write.is_relative_link(here, old_name):
                what = f'"{old}" is a link, which would lead to nothing from "{new}"'
                raise RefusedToWrite(what, "move the file that it leads to")
            with self._opened(new_folder, made) as there:
                try:
                    atomic_write.rename_between(here, old_name, there, new_name)
                except FileExistsError as error:
                    raise RefusedToWrite(f'"{new}" is there already', "choose another name") from error
        return tuple(made)

    def remove_empty(self, paths: Iterable[str]) -> None:
        """Removes those of the folders that hold nothing, the last first."""
        for path in reversed(list(paths)):
            parent, _, name = path.rpartition("/")
            with contextlib.suppress(OSError, MdmentorError), self._opened(parent) as folder:
                os.rmdir(folder.at(name), dir_fd=folder.handle)

    def clean_up(self, path: str, age: float = 60) -> None:
        """Removes temporary files that a killed run of ours left in a folder, once they are `age` seconds old.

        Younger ones may belong to another run that is about to rename them.
        """
        with contextlib.suppress(OSError, MdmentorError):
            where = "/".join(filter(None, self._real(path)))
            with self._opened(where) as folder:
                atomic_write.delete_leftovers(folder, age)

    def _real(self, path: str) -> tuple[str, str]:
        """The folder, within the vault, and the name of the file that `path` leads to, through links too.

        Raises RefusedToWrite where that is outside, NoVault where the vault is gone.
        """
        parent, _, name = path.rpartition("/")
        is_open = self._open is not None and self._open.handle is not None and self._open.shown == parent
        if is_open and not os.path.islink(self.absolute(path)):
            return parent, name  # the folder was opened without following a link
        self.hold()
        root = self._real_root
        real = os.path.realpath(self.absolute(path)) if path else root
        prefix = folders.prefix_of(root)
        if real != root and not real.startswith(prefix):
            raise RefusedToWrite(f'"{path}" leads out of the vault', "nothing was written")
        folder, _, name = real[len(prefix) :].replace(os.sep, "/").rpartition("/")
        return folder, name

    def _opened(self, path: str, made: list[str] | None = None) -> contextlib.AbstractContextManager[Folder]:
        """As `folders.opened`, in the folder that was scanned. Raises NoVault where it is another one."""
        return folders.opened(self.folder, path, made, self._identity, self._batch is None)

    def _kept_open(
        self, path: str, made: list[str] | None = None
    ) -> contextlib.AbstractContextManager[Folder]:
        """As `_opened`; within `syncing_once` it stays open until another is."""
        if self._batch is None:
            return self._opened(path, made)
        if self._open is None or self._open.shown != path:
            self._batch.close()
            self._open = None
            self._open = self._batch.enter_context(self._opened(path, made))
        return contextlib.nullcontext(self._open)

    @contextlib.contextmanager
    def _failing(
        self, what: str, gone: RefusedToWrite | None = None, made: Sequence[str] | None = None
    ) -> Iterator[None]:
        """Raises WorldFailed with `what` for an OSError, and `gone` for a missing file.

        The folders that were `made` until then are removed.
        """
        try:
            yield
        except (OSError, MdmentorError) as error:
            self.remove_empty(made or ())
            if isinstance(error, MdmentorError):
                raise
            if gone is not None and isinstance(error, FileNotFoundError):
                raise gone from error
            # Windows lets nobody replace or move a file that another program has open
            is_open = getattr(error, "winerror", None) in (5, 32)
            fix = "close it in other programs, then try again" if is_open else "nothing changed"
            raise WorldFailed(f"{what} ({error.strerror or error})", fix) from error


def find_vault(named: str | None, environment: str | None, here: str | Path) -> str:
    """The vault's root: the folder of the option, else of the environment, else one around the current folder.

    Raises NoVault, with how to make one.
    """
    for given, origin in ((named, "--vault"), (environment, "MDMENTOR_VAULT")):
        if given:
            root = os.path.expanduser(given)
            if not os.path.isdir(root):
                fix = "name an existing folder, or make one with: mdmentor init DIR"
                raise NoVault(f'{origin} "{given}" is not a folder', fix)
            return require_utf8(os.path.realpath(root))
    folder, below = os.path.abspath(here), ""
    while folder != below:
        if is_marked(folder):
            return require_utf8(os.path.realpath(folder))
        folder, below = os.path.dirname(folder), folder
    raise NoVault(
        "no vault here: neither this folder nor one above holds mdmentor.toml or .obsidian",
        "make one with: mdmentor init, or name one with --vault DIR",
    )


def is_marked(root: str) -> bool:
    """Whether a folder says of itself that it is a vault."""
    return os.path.isfile(os.path.join(root, SETTINGS_FILE)) or os.path.isdir(os.path.join(root, ".obsidian"))


def require_utf8(root: str) -> str:
    """The path again. Raises NoVault for one that is not UTF-8: it could be neither stored nor shown."""
    if not is_text(root):
        raise NoVault(f'the path "{root}" is not UTF-8', "rename the folder")
    return root
