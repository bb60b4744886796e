"""The merge driver that git calls for each note of a merge; it loads nothing else of the command line.

It reads three files that git made, writes one of them last and at once, and touches nothing else: no vault, no index,
no settings. Whatever fails inside ends in git's own text merge, never in a note that lost a side.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from mdmentor.git import merge_files, text_merge

USAGE = "merge-driver is called by git, with: %O %A %B %L %P; set it up with: mdmentor git install"


def run(arguments: Sequence[str]) -> int:
    """Merges the three files into the second; 0 is merged, 1 a conflict, 129 a failure, at which git stops.

    The arguments are the common version, ours, theirs, the length of conflict marks and the note's path.
    """
    if len(arguments) < 3 or arguments[0] in ("-h", "--help"):
        print(USAGE, file=sys.stderr)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    base, ours, theirs = arguments[:3]
    size = int(arguments[3]) if arguments[3:] and arguments[3].isascii() and arguments[3].isdecimal() else 7
    name = arguments[4] if len(arguments) > 4 else "a note"
    try:
        for file in (base, ours, theirs):
            os.stat(file)
        return _merge_files(base, ours, theirs, size, name)
    except OSError as error:
        where = f"{error.filename!r}: " if error.filename else ""
        print(f"mdmentor: {name!r} is not merged ({where}{error.strerror or error})", file=sys.stderr)
        return 129


def _merge_files(base: str, ours: str, theirs: str, size: int, name: str) -> int:
    """As `run`; raises OSError where a file cannot be read or written."""
    try:
        merged = _merge(base, ours, theirs, size)
    except Exception as error:
        if os.environ.get("MDMENTOR_DEBUG"):
            raise
        print(f"mdmentor: {name!r} is merged as text ({type(error).__name__})", file=sys.stderr)
        merged = None
    if merged is None:
        return _merge_as_text(base, ours, theirs, size)
    data, has_conflict = merged
    with open(ours, "wb") as file:
        file.write(data)
    return int(has_conflict)


def _merge(base: str, ours: str, theirs: str, size: int) -> tuple[bytes, bool] | None:
    from mdmentor.core.model import is_generated

    was, mine, other = (_read(name) for name in (base, ours, theirs))
    if is_generated(mine) and is_generated(other):
        from mdmentor.core.merge.page import merge_page

        texts = (data.decode("utf-8", "surrogateescape") for data in (was, mine, other))
        return merge_page(*texts).encode("utf-8", "surrogateescape"), False
    from mdmentor.core.merge.note import merge_note

    merged = merge_note(was, mine, other, text_merge(size), size)
    return None if merged is None else (merged.data, not merged.is_clean)


def _read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()


def _merge_as_text(base: str, ours: str, theirs: str, size: int) -> int:
    status = merge_files(ours, base, theirs, size)
    if status > 127:  # git refuses: a binary file, which it leaves as a conflict as well
        return 1 if b"\0" in _read(ours) + _read(theirs) else 129
    return min(status, 1)
