"""The page Reach out next as it lies there, before any tick on it is carried out; a look that loads next to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mdmentor.core.pages.page import LEFT_OVER, REACH_OUT, is_generated
from mdmentor.index import state
from mdmentor.queries import Answers
from mdmentor.vault import Vault

if TYPE_CHECKING:
    from mdmentor.actions.edit import Written
    from mdmentor.core.ticks import Left


class Carried:
    """What the page's ticks led to; `seen` is the page as it was read, "" for no page.

    A page `is_bare` that is as we wrote it, with nothing left over: no box on it is ticked.
    """

    def __init__(
        self, left: Iterable[Left] = (), path: str = "", seen: bytes = b"", *, is_bare: bool = False
    ) -> None:
        self.written: list[Written] = []
        self.left = list(left)
        self.path, self.seen, self.is_bare = path, seen, is_bare


def look_at_ticks(vault: Vault, answers: Answers) -> Carried:
    """The page as it is, and what was left on it before; nothing is carried out."""
    folder = answers.settings.pages_folder
    path = f"{folder}/{REACH_OUT}.md"
    try:
        data, stamp = vault.read(path)
    except OSError:
        return Carried()
    if not is_generated(data):
        return Carried()
    if stamp == state.page_stamp(answers.sql, path) and LEFT_OVER.encode() not in data:
        return Carried(path=path, seen=data, is_bare=True)
    from mdmentor.core.ticks import Left, find_ticks

    before = (tick for tick in find_ticks(data.decode(errors="replace"), folder) if tick.reason)
    return Carried([Left(tick, tick.reason) for tick in before], path, data)
