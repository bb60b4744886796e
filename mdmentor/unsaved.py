"""The notes that editors hold with unsaved changes, as language servers report: commands leave them alone.

A server keeps a file beside the index, and a lock while it lives: the file of a killed server is void. A command that
finds its note there is refused and leaves the path for the server, which tells its user.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from mdmentor import files
from mdmentor.errors import RefusedToWrite

_FILE, _LOCK, _WANTED = ".unsaved", ".lock", ".wanted"


class UnsavedNotes:
    """The server's side of one vault."""

    def __init__(self, index: str) -> None:
        self._file = f"{index}.{os.getpid()}{_FILE}"
        self._said: Mapping[str, object] = {}

    def say(self, notes: Mapping[str, object]) -> None:
        """Says which notes are not saved, each with the stamp of the file as it was opened.

        A cache that cannot be written does no harm.
        """
        if notes == self._said:
            return
        self._said = notes
        with suppress(OSError):
            if not os.path.exists(self._file):
                lock = open(f"{self._file}{_LOCK}", "a+b", opener=files.opener)  # noqa: SIM115 - held for life
                self._lock = lock
                files.take_lock(lock.fileno())
            files.replace_file(self._file, json.dumps(notes).encode())

    def wanted(self) -> list[str]:
        """The notes that commands were refused to write since the last call."""
        wanted, found = f"{self._file}{_WANTED}", dict[str, None]()
        with suppress(OSError, ValueError):
            with open(wanted, encoding="utf-8") as file:
                found = dict.fromkeys(file.read().splitlines())
            os.unlink(wanted)
        return list(found)

    def close(self) -> None:
        _remove(self._file)


def refuse_unsaved(index: str, paths: Iterable[str], stamp_of: Callable[[str], Sequence[int] | None]) -> None:
    """Raises RefusedToWrite for a note that an editor holds with unsaved changes; `stamp_of` gives the stamp of a file.

    A file whose stamp differs from the editor's was saved since, or written by something else.
    """
    from glob import escape, glob  # no reading command needs it

    for file in glob(f"{escape(index)}.*{_FILE}"):
        with suppress(OSError, ValueError):
            with open(f"{file}{_LOCK}", "r+b") as lock:
                is_dead = files.take_lock(lock.fileno())
            if is_dead:
                _remove(file)
                continue
            with open(file, encoding="utf-8") as opened:
                said = json.load(opened)
            for path in filter(said.__contains__, paths):
                stamp = stamp_of(path)
                if said[path] != (stamp and list(stamp)):
                    continue
                with open(f"{file}{_WANTED}", "a", encoding="utf-8", opener=files.opener) as wanted:
                    wanted.write(f"{path}\n")
                what = f"{path}: the note is open in an editor with changes that are not saved"
                raise RefusedToWrite(what, "save it there")


def _remove(file: str) -> None:
    for end in ("", _LOCK, _WANTED):
        with suppress(OSError):
            os.unlink(f"{file}{end}")
