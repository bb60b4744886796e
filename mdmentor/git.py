"""What git is doing in the vault, as far as it bears on writing pages. Reads git's own files; never runs a merge."""

from __future__ import annotations

from pathlib import Path

_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "index.lock")


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


def is_merging(root: Path) -> bool:
    """True while a merge, rebase, cherry-pick or revert is open, or git holds its lock: no time to write pages."""
    git = find_git_folder(root)
    return git is not None and any((git / name).exists() for name in _UNDER_WAY)
