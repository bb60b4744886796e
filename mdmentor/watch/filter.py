"""Which paths of events are news to the index, and which files are being written in at the moment.

Compares stamps on the disk with those in the index; reads no note, except to know one that mdmentor wrote.
"""

import time
from collections.abc import Iterable
from typing import NamedTuple

from mdmentor.actions.history import History
from mdmentor.core.model import Settings
from mdmentor.index import Index, state
from mdmentor.vault import SETTINGS_FILE, Stamp, Vault, membership

_SLACK = 5.0  # seconds, at most, between the writing of a note and the end of its edit


class News(NamedTuple):
    """The notes to look at, or the need to scan the whole vault."""

    notes: frozenset[str] = frozenset()
    needs_scan: bool = False

    def __bool__(self) -> bool:
        return bool(self.notes) or self.needs_scan


def find_news(vault: Vault, index: Index, settings: Settings, paths: Iterable[str]) -> News:
    """What of these paths the index does not know yet.

    Files that we wrote have the stamp that the index knows, so they are no news and start no run. A note whose stamp
    proves nothing yet is always news.
    """
    belongs = membership(settings)
    paths = [path for path in paths if belongs(path)]
    if SETTINGS_FILE in paths:
        return News(needs_scan=True)
    known, racy = state.stamps(index, [path for path in paths if path[-3:].lower() == ".md"])
    news = set()
    for path in paths:
        stamp = vault.stamp(path)
        page = state.page_stamp(index, path)
        if page is not None and page == stamp:
            continue
        if path[-3:].lower() == ".md":
            if (stamp is not None or path in known) and (path in racy or known.get(path) != stamp):
                news.add(path)
        elif page is not None or (stamp is not None) != state.is_attachment(index, path):
            return News(needs_scan=True)
    return News(frozenset(news))


class QuietPeriod:
    """Says whether a file has been quiet for long enough to be written to.

    By the file's own times; where those are in the future (a clock that was set back), by how long it was seen
    unchanged. What mdmentor wrote itself, a block here or a line by a command, does not count: nobody is typing.
    """

    def __init__(self, vault: Vault, seconds: float, history: str) -> None:
        """`history` is the folder of the journal of edits."""
        self._vault, self._seconds, self._history = vault, seconds, history
        self._seen: dict[str, tuple[Stamp, float]] = {}  # path -> its stamp, and since when it has that

    def is_over(self, path: str) -> bool:
        stamp, now = self._vault.stamp(path), time.monotonic()
        age = self._seconds if stamp is None else time.time() - max(stamp[1], stamp[2]) / 1e9
        seen = self._seen.get(path)
        if stamp is None or age >= self._seconds:
            is_over = True
        elif self._is_ours(path):
            # not over where somebody else had saved it shortly before
            is_over = seen is None or now - seen[1] >= self._seconds
        elif seen is None or seen[0] != stamp:
            self._seen[path] = stamp, now - max(age, 0)
            is_over = False
        else:
            is_over = now - seen[1] >= self._seconds
        if is_over:
            self._seen.pop(path, None)
        return is_over

    def _is_ours(self, path: str) -> bool:
        """Whether a file holds what mdmentor wrote last, in this process or by a command."""
        if self._vault.is_as_written(path):
            return True
        try:
            data, _ = self._vault.read(path)
        except OSError:
            return False
        return History(self._history).is_as_left(path, data, time.time() - self._seconds - _SLACK)

    def seconds_left(self) -> float:
        """How long until the first file that was refused may be asked for again."""
        first = min((since for _, since in self._seen.values()), default=time.monotonic())
        return max(first + self._seconds - time.monotonic(), 0) + 0.05
