"""What mdmentor itself writes into a vault, kept out of edits: pages, which are made again, and blocks in notes.

An edit is compared with what a note holds now but for its blocks, so a reindex in between is no change by the user.
"""

from __future__ import annotations

import os
from contextlib import suppress

from mdmentor.actions.history import Move
from mdmentor.core.kinds import is_generated
from mdmentor.core.model import REACH_OUT
from mdmentor.core.text import link_target
from mdmentor.errors import MdmentorError, RefusedToWrite
from mdmentor.vault import Vault

_TRIES = 5


def is_same(path: str, one: bytes | None, other: bytes | None) -> bool:
    """Whether a note holds the same twice, whatever stands in those of its blocks that nobody edited by hand."""
    if one == other:
        return True
    if one is None or other is None or b"mdmentor:" not in one or b"mdmentor:" not in other:
        return False
    return _without_blocks(path, one) == _without_blocks(path, other)


def _without_blocks(path: str, data: bytes) -> bytes:
    from mdmentor.core.markdown.blocks import EDITED, block_state
    from mdmentor.core.parse import blocks_of

    lines = data.splitlines(keepends=True)
    for block in sorted(blocks_of(path, data), key=lambda b: -b.line):
        if block_state(block.content) != EDITED:
            del lines[block.line : block.last - 1]
    return b"".join(lines)


def follow_move(vault: Vault, move: Move) -> None:
    """Has the boxes on the page Reach out next name a moved note where it is now, so that a tick still means it.

    The page is no part of the edit that moved the note. Where it cannot be written now, or is being ticked,
    a tick of a moved person is told by the next reindex, which finds nobody at the old path.
    """
    from mdmentor.config import load_settings

    folder = load_settings(vault.folder)[0].pages_folder
    path = f"{folder}/{REACH_OUT}.md"
    old, new = (link_target(folder, there) for there in move)
    for _ in range(_TRIES):
        try:
            before, stamp = vault.read(path)
        except OSError:
            return
        if not is_generated(before):
            return
        text = before.decode(errors="surrogateescape")
        for end in (")", "/"):  # the note itself, and what lies in a folder
            text = text.replace(f"]({old}{end}", f"]({new}{end}")
        with suppress(MdmentorError, OSError):
            try:
                is_written = vault.write(path, text.encode(errors="surrogateescape"), before)
            except RefusedToWrite:
                continue
            if is_written and vault.is_as_written(path):
                # the watcher waits until nobody types on the page, which our own write does not mean
                os.utime(vault.absolute(path), ns=(stamp[1], stamp[1]))
        return
