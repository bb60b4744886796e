"""What git is doing in the vault, as far as it bears on writing pages. Reads git's files; never runs a merge.

The other modules here ask git and set it up for a vault. This one loads nothing, for the merge driver's sake.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_LOCK = "index.lock"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", _LOCK)
# What git has finished when it calls a hook, though its files still say otherwise.
_FINISHED = {"post-merge": ("MERGE_HEAD",), "post-rewrite": ("rebase-merge", "rebase-apply")}
# Changes that git put aside and brings back after the hook: pages written now would stand in their way.
_PUT_ASIDE = ("MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash")


def find_git_folder(root: Path) -> Path | None:
    """The git folder of the repository that the vault lies in; None outside of one."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.is_dir():
            return entry
        if entry.is_file():  # a worktree or submodule names its folder in a file
            try:
                told = entry.read_text(encoding="utf-8", errors="replace").strip()
            except OSError:
                return None
            if told.startswith("gitdir:"):
                return (folder / told.removeprefix("gitdir:").strip()).resolve()
            return None
    return None


def is_merging(root: Path, hook: str = "") -> bool:
    """True while a merge, rebase, cherry-pick or revert is open or git holds its lock: no time for pages.

    `hook` names the hook of git that asks: what that hook tells the end of is not open any more, unless git
    is about to bring back changes that it put aside (`--autostash`).
    """
    git = find_git_folder(root)
    if git is None:
        return False
    if hook and any((git / name).exists() for name in _PUT_ASIDE):
        return True
    return any((git / name).exists() for name in _UNDER_WAY if name not in _FINISHED.get(hook, ()))


def is_writing(root: Path) -> bool:
    """True while git holds its lock, as in the middle of a checkout."""
    git = find_git_folder(root)
    return git is not None and (git / _LOCK).exists()
