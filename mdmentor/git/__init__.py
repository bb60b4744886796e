"""Whether git is at work in the vault, by its files, and git's own merge of texts.

The other modules run git to ask about a repository, and set it up for a vault. This one loads little, since the merge
driver starts once for each note.
"""

from __future__ import annotations

import os
from collections.abc import Callable

_LOCK = "index.lock"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", _LOCK)
# What is over when git calls a hook, though the files are still there.
_FINISHED = {"post-merge": ("MERGE_HEAD",), "post-rewrite": ("rebase-merge", "rebase-apply")}
# Changes that git stashed and restores after the hook: pages written now would be in their way.
_PUT_ASIDE = ("MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash")


def find_git_folder(root: str | os.PathLike[str]) -> str | None:
    """The git folder of the repository that the vault lies in; None outside of one."""
    folder = os.fspath(root)
    while True:
        entry = os.path.join(folder, ".git")
        if os.path.isdir(entry):
            return entry
        if os.path.isfile(entry):
            return _folder_named_in(entry)
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _folder_named_in(file: str) -> str | None:
    """The git folder of a worktree or submodule, where `.git` is a file that names it."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            text = opened.read(10_000).strip()
    except OSError:
        return None
    if not text.startswith("gitdir:"):
        return None
    return os.path.realpath(os.path.join(os.path.dirname(file), text.removeprefix("gitdir:").strip()))


def is_merging(root: str | os.PathLike[str], hook: str = "") -> bool:
    """True while a merge, rebase, cherry-pick or revert is open, or git holds its lock; no page is written then.

    `hook` names the hook that asks: what that hook ends is over, unless git is about to restore changes that it
    stashed (`--autostash`).
    """
    git = find_git_folder(root)
    if git is None:
        return False
    if hook and any(os.path.exists(os.path.join(git, name)) for name in _PUT_ASIDE):
        return True
    return any(
        os.path.exists(os.path.join(git, name)) for name in _UNDER_WAY if name not in _FINISHED.get(hook, ())
    )


def is_writing(root: str | os.PathLike[str]) -> bool:
    """True while git holds its lock, as in the middle of a checkout."""
    git = find_git_folder(root)
    return git is not None and os.path.exists(os.path.join(git, _LOCK))


def text_merge(size: int = 7) -> Callable[[str, str, str], tuple[str, bool]]:
    """A merge of three texts (base, ours, theirs), with conflict marks `size` characters long.

    It returns the text and whether it holds conflicts, and raises OSError where git cannot be run. The texts are in
    temporary files that only their owner can read.
    """

    def merge(base: str, ours: str, theirs: str) -> tuple[str, bool]:
        import tempfile  # most merges of a note need no text merge
        from pathlib import Path

        with tempfile.TemporaryDirectory(prefix="mdmentor-") as folder:
            files = [Path(folder, name) for name in ("ours", "base", "theirs")]
            for file, text in zip(files, (ours, base, theirs), strict=True):
                file.write_bytes(text.encode("utf-8", "surrogateescape"))
            mine, common, other = map(str, files)
            status = merge_files(mine, common, other, size)
            if status > 127:
                raise OSError("git merge-file failed")
            return files[0].read_bytes().decode("utf-8", "surrogateescape"), status > 0

    return merge


def merge_files(ours: str, base: str, theirs: str, size: int) -> int:
    """Merges three files into the first; the number of conflicts, or more than 127 where git failed."""
    command = ["git", "merge-file", "-q", f"--marker-size={size}", "-L", "ours", "-L", "base", "-L", "theirs"]
    command += ["--", ours, base, theirs]
    if hasattr(os, "posix_spawnp"):  # the module subprocess takes as long to import as git takes to merge
        _, status = os.waitpid(os.posix_spawnp("git", command, os.environ), 0)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 255
    import subprocess

    return subprocess.run(command, check=False).returncode & 0xFF
