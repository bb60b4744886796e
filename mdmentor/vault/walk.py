"""A look at what lies in the vault: names and stats only; no symlink is followed out of it.

No dataclass, and no `pathlib`: the look whether anything changed is all that most commands do, and the two
take longer to load than a thousand notes to look at.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Sequence

from mdmentor.errors import NoVault, WorldFailed
from mdmentor.vault.ignore import (
    CONFLICT_COPY,
    OWN_TEMPORARY,
    is_named_like_one,
    is_temporary,
    is_text,
    pattern_rule,
)

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Entry = os.DirEntry[str]
    Rule = Callable[[str], bool]

    from mdmentor.core.model import Problem

Stamp = tuple[int, int, int, int]  # size in bytes, mtime and ctime in nanoseconds, inode

_AT_ONCE = 500  # entries of one folder in memory


class Scan:
    """What lies in the vault at one moment."""

    def __init__(self) -> None:
        self.is_partial = False  # only some notes were looked at
        self.notes: dict[str, Stamp] = {}  # path -> stamp
        self.attachments: set[str] = set()  # paths of all other files
        self.unknown: list[str] = []  # folders that could not be listed: nothing below is gone
        self.problems: list[Problem] = []
        self.ignored = 0  # notes left out by the settings' patterns
        self.linked = 0  # notes whose bytes also lie elsewhere (links): they may change without an event here
        self.leftovers: set[str] = set()  # folders with temporary files of ours
        self.started = time.time_ns()  # when the looking began

    def tell(self, path: str, severity: str, code: str, what: str, fix: str) -> None:
        """Adds a problem of a file or folder as a whole."""
        from mdmentor.core.model import Problem

        self.problems.append(Problem(path, 1, 1, severity, code, what, fix))

    def is_unknown(self, path: str) -> bool:
        """True for a path below a folder that could not be listed."""
        return any(not part or path.startswith(part + "/") or path == part for part in self.unknown)


def walk(
    root: str,
    ignore: Sequence[str],
) -> Scan:
    """All notes below `root` with their stamps, without what the patterns leave out.

    A root that is gone looks empty here: ask `identify` before and after.
    """
    scan = Scan()
    is_ignored = pattern_rule(ignore)
    below = [""]  # folders still to be looked at
    while below:
        folder = below.pop()
        try:
            _look_into(scan, root, folder, is_ignored, below)
        except FileNotFoundError:
            pass  # gone meanwhile; whether the vault itself is, is asked afterwards
        except OSError as error:
            if not folder:
                raise WorldFailed(
                    f'the vault "{root}" cannot be listed ({error.strerror})',
                    "look at its permissions",
                ) from error
            scan.unknown.append(folder)
            what = f"the folder cannot be listed ({error.strerror}), so what is known of it is kept"
            scan.tell(folder, "error", "unreadable-folder", what, "look at its permissions")
    scan.problems.sort(key=lambda p: (p.path, p.code))
    return scan


def _look_into(scan: Scan, root: str, folder: str, is_ignored: Rule | None, below: list[str]) -> None:
    """Looks at what lies right in one folder; the folders in it come to those below."""
    base = f"{folder}/" if folder else ""
    with os.scandir(prefix_of(root) + folder.replace("/", os.sep)) as entries:
        for entry in entries:
            _look_at(scan, root, base, entry, is_ignored, below)


def _look_at(
    scan: Scan,
    root: str,
    base: str,
    entry: Entry,
    is_ignored: Rule | None,
    below: list[str],
) -> None:
    """Takes one entry in among notes, files or folders, or the scan says why not."""
    name = entry.name
    path = base + name
    if name[0] == ".":
        if name.startswith(OWN_TEMPORARY):
            scan.leftovers.add(base[:-1])
    elif not is_text(name):
        scan.problems.append(_unnameable(path))
    elif entry.is_dir(follow_symlinks=False):
        if name != "node_modules" and not (is_ignored and is_ignored(path + "/")):
            below.append(path)
    elif name[-3:].lower() == ".md":
        if name[:2] == "~$":
            return
        if is_ignored and is_ignored(path):
            scan.ignored += 1
        else:
            see(scan, path, entry, root, is_ignored)
    elif entry.is_symlink() and os.path.isdir(prefix_of(root) + path):
        what = "the linked folder is not followed: a vault holds its notes itself"
        fix = "put the notes here, or leave it be"
        scan.tell(path, "hint", "symlink", what, fix)
    elif not is_temporary(name) and not (is_ignored and is_ignored(path)):
        scan.attachments.add(path)


def see(scan: Scan, path: str, entry: Entry | Path, root: str, is_ignored: Rule | None) -> None:
    """Takes one entry named like a note in among the notes, or the scan says why not."""
    try:
        info = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(info.st_mode):
            if not _leads_inside(prefix_of(root) + path, root):
                what = "the link leads out of the vault or to nothing, and is not followed"
                fix = "put the note itself here, or leave it be"
                scan.tell(path, "hint", "symlink", what, fix)
                return
            if note := _note_linked(prefix_of(root) + path, root, is_ignored):
                what = f'this is a link to the note "{note}", which is taken once, where it lies'
                scan.tell(path, "hint", "symlink", what, "link it by its own name, or delete this link")
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
        what = f"this is {sort_of_file(info.st_mode)}, not a note"
        scan.tell(path, "warning", "not-a-file", what, "give it another ending than .md")
    elif re.match(CONFLICT_COPY, path):
        what = "a sync tool left this copy of a note, and it takes no part"
        fix = f'join it with its note by: mdmentor git resolve "{path}"'
        scan.tell(path, "warning", "conflict-copy", what, fix)
    else:
        scan.notes[path] = (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_ino)
        scan.linked += info.st_nlink > 1


def _leads_inside(link: str, root: str) -> bool:
    real = os.path.realpath(link)
    return real.startswith(prefix_of(root)) and os.path.isfile(real)


def _note_linked(link: str, root: str, is_ignored: Rule | None) -> str:
    """The path of the note of this vault that a link leads to; "" where that is not seen by a scan."""
    note = os.path.realpath(link)[len(prefix_of(root)) :].replace(os.sep, "/")
    is_note = note[-3:].lower() == ".md" and is_named_like_one(note) and not re.match(CONFLICT_COPY, note)
    return "" if not is_note or (is_ignored and is_ignored(note)) else note


def _unnameable(path: str) -> Problem:
    shown = os.fsencode(path).decode("utf-8", "replace")
    what = "the name is not UTF-8, so what bears it takes no part"
    from mdmentor.core.model import WARNING, Problem

    return Problem(shown, 1, 1, WARNING, "name", what, "rename it")


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


def sort_of_file(mode: int) -> str:
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
