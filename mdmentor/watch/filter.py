"""Which of the paths that events told of are news, and which files somebody is still writing in.

Asks the disk for stamps and the index for what it knows of them; reads no note.
"""

import time
from collections.abc import Iterable
from typing import NamedTuple

from mdmentor.actions.history import is_as_left
from mdmentor.core.model import Settings
from mdmentor.index import Index, state
from mdmentor.vault import SETTINGS_FILE, Stamp, Vault, membership

_SLACK = 5.0  # seconds between the writing of a note and the end of its edit, at most


class News(NamedTuple):
    """What is to be looked at: these notes, or, where names are not enough, the whole vault."""

    notes: frozenset[str] = frozenset()
    needs_walk: bool = False

    def __bool__(self) -> bool:
        return bool(self.notes) or self.needs_walk


def sift(vault: Vault, index: Index, settings: Settings, paths: Iterable[str]) -> News:
    """What of these paths the index does not know yet.

    Files that we wrote ourselves are known by the stamp they were left with, so they are no news and start
    no run. A note whose stamp proves nothing yet is always news.
    """
    belongs = membership(settings)
    paths = [path for path in paths if belongs(path)]
    if SETTINGS_FILE in paths:
        return News(needs_walk=True)
    known, racy = state.stamps(index.sql, [path for path in paths if path[-3:].lower() == ".md"])
    news = set()
    for path in paths:
        stamp = vault.stamp(path)
        page = state.page_stamp(index.sql, path)
        if page is not None and page == stamp:
            continue
        if path[-3:].lower() == ".md":
            if (stamp is not None or path in known) and (path in racy or known.get(path) != stamp):
                news.add(path)
        elif page is not None or (stamp is not None) != state.is_attachment(index.sql, path):
            return News(needs_walk=True)
    return News(frozenset(news))


class Resting:
    """Says whether a file has lain still for long enough to be written to.

    By the file's own times, which hold whoever wrote it and whenever we began to look; where those lie in the
    future (a clock that was set back), by how long we have seen it unchanged. What mdmentor wrote itself, a block
    here or a line by a command, is no unrest: nobody is typing.
    """

    def __init__(self, vault: Vault, seconds: float, edits: str) -> None:
        """`edits` is the folder of the kept edits."""
        self._vault, self._seconds, self._edits = vault, seconds, edits
        self._seen: dict[str, tuple[Stamp, float]] = {}

    def __call__(self, path: str) -> bool:
        stamp = self._vault.stamp(path)
        if stamp is None:
            self._seen.pop(path, None)
            return True
        age = time.time() - max(stamp[1], stamp[2]) / 1e9
        if age >= self._seconds:
            self._seen.pop(path, None)
            return True
        seen = self._seen.get(path)
        if self._is_ours(path):
            if seen is not None and time.monotonic() - seen[1] < self._seconds:
                return False  # somebody else had saved it shortly before
            self._seen.pop(path, None)
            return True
        if seen is None or seen[0] != stamp:
            # not older than this by its own times, unless they lie in the future
            self._seen[path] = (stamp, time.monotonic() - max(age, 0))
            return False
        if time.monotonic() - seen[1] >= self._seconds:
            del self._seen[path]
            return True
        return False

    def _is_ours(self, path: str) -> bool:
        """Whether a file holds what mdmentor wrote last, in this process or by a command that changed notes."""
        if self._vault.is_as_written(path):
            return True
        try:
            data, _ = self._vault.read(path)
        except OSError:
            return False
        return is_as_left(self._edits, path, data, time.time() - self._seconds - _SLACK)

    def seconds_left(self) -> float:
        """How long until the first file that was denied may be asked for again."""
        first = min((since for _, since in self._seen.values()), default=time.monotonic())
        return max(first + self._seconds - time.monotonic(), 0) + 0.05
