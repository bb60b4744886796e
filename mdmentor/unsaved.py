"""The notes that editors hold with unsaved changes, as their language servers say: commands leave these alone.

A server keeps a file beside the index, and a lock while it lives: the file of a killed server is void. A command that
finds its note there is refused and leaves the path for the server, which tells its user.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

from mdmentor import files
from mdmentor.errors import RefusedToWrite

_FILE, _LOCK, _WANTED = ".unsaved", ".lock", ".wanted"


class UnsavedNotes:
    """The server's side of one vault."""

    def __init__(self, index: str | os.PathLike[str]) -> None:
        self._file = f"{os.fspath(index)}.{os.getpid()}{_FILE}"
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
            with open(f"{self._file}.new", "w", encoding="utf-8", opener=files.opener) as file:
                json.dump(notes, file)
            os.replace(f"{self._file}.new", self._file)

    def wanted(self) -> list[str]:
        """The notes that commands were refused to write since the last call."""
        wanted = f"{self._file}{_WANTED}"
        try:
            with open(wanted, encoding="utf-8") as file:
                found = file.read().splitlines()
            os.unlink(wanted)
        except (OSError, ValueError):
            return []
        return list(dict.fromkeys(found))

    def close(self) -> None:
        _remove(self._file)


def refuse_unsaved(index: str | os.PathLike[str], stamps: Mapping[str, Sequence[int] | None]) -> None:
    """Raises RefusedToWrite for a note that an editor holds with unsaved changes; `stamps` are those of the notes' files.

    A file whose stamp differs from the editor's was saved since, or written by something else.
    """
    for file in _files(index):
        with suppress(OSError, ValueError):
            with open(f"{file}{_LOCK}", "r+b") as lock:
                is_dead = files.take_lock(lock.fileno())
            if is_dead:
                _remove(file)
                continue
            with open(file, encoding="utf-8") as opened:
                said = json.load(opened)
            for path, stamp in stamps.items():
                if said.get(path, "") != (stamp and list(stamp)):
                    continue
                with open(f"{file}{_WANTED}", "a", encoding="utf-8", opener=files.opener) as wanted:
                    wanted.write(f"{path}\n")
                what = f"{path}: the note is open in an editor with changes that are not saved"
                raise RefusedToWrite(what, "save it there")


def _files(index: str | os.PathLike[str]) -> list[str]:
    """The files of all servers of a vault, dead ones too; none where there is no cache."""
    folder, name = os.path.split(index)
    with suppress(OSError):
        found = os.listdir(folder)
        return [os.path.join(folder, f) for f in found if f.startswith(f"{name}.") and f.endswith(_FILE)]
    return []


def _remove(file: str) -> None:
    for end in ("", _LOCK, _WANTED):
        with suppress(OSError):
            os.unlink(f"{file}{end}")
