"""What git is doing in the vault, as far as it bears on writing pages. Reads git's files; never runs a merge.

The other modules here ask git and set it up for a vault. This one loads nothing, for the merge driver's sake.
"""

from __future__ import annotations

import os

_LOCK = "index.lock"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", _LOCK)
# What git has finished when it calls a hook, though its files still say otherwise.
_FINISHED = {"post-merge": ("MERGE_HEAD",), "post-rewrite": ("rebase-merge", "rebase-apply")}
# Changes that git put aside and brings back after the hook: pages written now would stand in their way.
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
    """The folder that is told by the file which stands for it in a worktree or submodule."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            told = opened.read(10_000).strip()
    except OSError:
        return None
    if not told.startswith("gitdir:"):
        return None
    return os.path.realpath(os.path.join(os.path.dirname(file), told.removeprefix("gitdir:").strip()))


def is_merging(root: str | os.PathLike[str], hook: str = "") -> bool:
    """True while a merge, rebase, cherry-pick or revert is open or git holds its lock: no time for pages.

    `hook` names the hook of git that asks: what that hook tells the end of is not open any more, unless git
    is about to bring back changes that it put aside (`--autostash`).
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
