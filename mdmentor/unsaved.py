"""The notes that editors hold with unsaved changes, as their language servers say: commands leave these alone.

A server keeps a file beside the index, and a lock while it lives: the file of a killed server is void. A command that
finds its note there is refused and leaves the path for the server, which tells its user.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from mdmentor import files
from mdmentor.errors import RefusedToWrite
from mdmentor.heartbeat import take_lock

_FILE, _LOCK, _WANTED = ".unsaved", ".lock", ".wanted"


class UnsavedNotes:
    """The server's side of one vault."""

    def __init__(self, index: str | os.PathLike[str]) -> None:
        self._file = Path(f"{os.fspath(index)}.{os.getpid()}{_FILE}")
        self._said: Mapping[str, object] = {}

    def say(self, notes: Mapping[str, object]) -> None:
        """Says which notes are not saved, each with the stamp of the file as it was opened.

        A cache that cannot be written does no harm.
        """
        if notes == self._said:
            return
        self._said = notes
        with suppress(OSError):
            if not self._file.exists():
                lock = open(f"{self._file}{_LOCK}", "a+b", opener=files.opener)  # noqa: SIM115 - held for life
                self._lock = lock
                take_lock(lock.fileno())
            with open(f"{self._file}.new", "w", encoding="utf-8", opener=files.opener) as file:
                json.dump(notes, file)
            os.replace(f"{self._file}.new", self._file)

    def wanted(self) -> list[str]:
        """The notes that commands were refused to write since the last call."""
        wanted = Path(f"{self._file}{_WANTED}")
        try:
            found = wanted.read_text(encoding="utf-8").splitlines()
            wanted.unlink()
        except (OSError, ValueError):
            return []
        return list(dict.fromkeys(found))

    def close(self) -> None:
        _remove(self._file)


def refuse_unsaved(index: str | os.PathLike[str], path: str, stamp: Sequence[int] | None) -> None:
    """Raises RefusedToWrite for a note that an editor holds with unsaved changes.

    A file whose stamp differs from the editor's was saved since, or written by something else.
    """
    now = None if stamp is None else list(stamp)
    name = os.fspath(index)
    for file in Path(name).parent.glob(f"{Path(name).name}.*{_FILE}"):
        with suppress(OSError, ValueError):
            with open(f"{file}{_LOCK}", "r+b") as lock:
                is_dead = take_lock(lock.fileno())
            if is_dead:
                _remove(file)
            elif json.loads(file.read_text(encoding="utf-8")).get(path, "") == now:
                with open(f"{file}{_WANTED}", "a", encoding="utf-8", opener=files.opener) as wanted:
                    wanted.write(f"{path}\n")
                what = f"{path}: the note is open in an editor with changes that are not saved"
                raise RefusedToWrite(what, "save it there")


def _remove(file: Path) -> None:
    for end in ("", _LOCK, _WANTED):
        with suppress(OSError):
            os.unlink(f"{file}{end}")
