"""Git's own text merge, for the parts of a note that are plain text.

Runs `git merge-file` on temporary files outside of the vault, readable by their owner alone. Loads next to
nothing, as the merge driver starts once for each note.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def text_merge(size: int = 7) -> Callable[[str, str, str], tuple[str, bool]]:
    """A merge of three texts (base, ours, theirs), with conflict marks `size` characters long.

    The merge gives the text and whether it holds conflicts. Raises OSError where git cannot be run.
    """

    def merge(base: str, ours: str, theirs: str) -> tuple[str, bool]:
        names: list[str] = []
        try:
            for text in (ours, base, theirs):
                names.append(_temporary(text.encode("utf-8", "surrogateescape")))
            status = merge_files(names[0], names[1], names[2], size)
            if status > 127:
                raise OSError("git merge-file failed")
            with open(names[0], "rb") as file:
                return file.read().decode("utf-8", "surrogateescape"), status > 0
        finally:
            for name in names:
                os.unlink(name)

    return merge


def merge_files(ours: str, base: str, theirs: str, size: int) -> int:
    """Merges three files into the first; the number of conflicts, or more than 127 where git could not."""
    command = ["git", "merge-file", "-q", f"--marker-size={size}", "-L", "ours", "-L", "base", "-L", "theirs"]
    command += ["--", ours, base, theirs]
    if hasattr(os, "posix_spawnp"):  # the module subprocess takes as long to import as git takes to merge
        _, status = os.waitpid(os.posix_spawnp("git", command, os.environ), 0)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 255
    import subprocess

    return subprocess.run(command, check=False).returncode & 0xFF


def _temporary(data: bytes) -> str:
    """A new file with these bytes."""
    folder = os.environ.get("TMPDIR") or os.environ.get("TEMP") or "/tmp"
    name = f"{folder}/mdmentor-{os.getpid()}-{os.urandom(8).hex()}"
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return name
