"""Whether git is at work in the vault, by its files; what git says of a repository; and the merge driver that it calls.

The driver reads three files that git made, writes one of them last and at once, and touches nothing else: no vault, no
index, no settings. Whatever fails inside ends in git's own text merge, never in a note that lost a side. This module
loads little, since git starts the driver once for each note of a merge. Nothing here changes a repository.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from mdmentor.errors import UnknownName, WorldFailed, failing

if TYPE_CHECKING:
    from pathlib import Path
    from subprocess import CompletedProcess

_LOCK = "index.lock"
_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", _LOCK)
# What is over when git calls a hook, though the files are still there.
_FINISHED = {"post-merge": ("MERGE_HEAD",), "post-rewrite": ("rebase-merge", "rebase-apply")}
# Changes that git stashed and restores after the hook: pages written now would be in their way.
_PUT_ASIDE = ("MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash")


def find_git_folder(root: str | os.PathLike[str]) -> str | None:
    """The git folder of the vault's repository; None outside of one."""
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
    open_still = [name for name in _UNDER_WAY if name not in _FINISHED.get(hook, ())]
    return any(os.path.exists(os.path.join(git, name)) for name in open_still)


def is_writing(root: str | os.PathLike[str]) -> bool:
    """True while git holds its lock, as in the middle of a checkout."""
    git = find_git_folder(root)
    return git is not None and os.path.exists(os.path.join(git, _LOCK))


# --- what git says of a repository; git itself may be missing --------------------------------------------------

# Set by git for its hooks; with these git would answer about another folder.
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")


class Repository(NamedTuple):
    """A repository's work tree, and the vault in it."""

    top: Path
    vault: Path
    hooks: Path

    @property
    def vault_in_top(self) -> str:
        """The vault's folder as seen from the top, with "/"; "." for the top itself."""
        return self.vault.relative_to(self.top).as_posix()


def find_repository(vault: Path) -> Repository | None:
    """The repository around a vault; None where there is none. Raises WorldFailed if git cannot be asked."""
    from pathlib import Path

    done = run(vault, "rev-parse", "--show-toplevel")
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        if words and "not a git repository" not in words[0]:
            raise WorldFailed(f"git says: {words[0].removeprefix('fatal: ')}", "nothing changed")
        return None
    # one by one, as a path may contain a newline
    top = done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")
    hooks = ask(vault, "rev-parse", "--git-path", "hooks")
    where = Path(os.path.realpath(vault))
    return Repository(Path(os.path.realpath(top)), where, Path(os.path.normpath(where / hooks)))


def get_repository(vault: Path) -> Repository:
    """The repository around a vault. Raises UnknownName where there is none."""
    repository = find_repository(vault)
    if repository is None:
        raise UnknownName("the vault is not in a git repository", "make it one with: git init")
    return repository


def run(folder: Path, *arguments: str) -> CompletedProcess[bytes]:
    """Runs git in a folder and waits. Raises WorldFailed where there is no git."""
    import subprocess

    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    environment["LC_ALL"] = "C"
    command = ["git", *arguments]
    with failing("git could not be run", "install git, or check your PATH"):
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


def ask(folder: Path, *arguments: str) -> str:
    """What git answers, without the last newline; "" where it fails."""
    done = run(folder, *arguments)
    return "" if done.returncode else done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def blob(vault: Path, name: str) -> bytes | None:
    """The bytes of `:1:./path` or `HEAD:./path` as in a work tree; None where there are none."""
    done = run(vault, "cat-file", "--filters", name)
    return None if done.returncode else done.stdout


def unmerged(vault: Path) -> dict[str, tuple[int, ...]]:
    """The files of the vault that a merge left unmerged, each with its stages: 1 base, 2 ours, 3 theirs."""
    found: dict[str, tuple[int, ...]] = {}
    for line in ask(vault, "ls-files", "-u", "-z").split("\0"):
        entry, _, path = line.partition("\t")
        if path:
            found[path] = (*found.get(path, ()), int(entry.split()[2]))
    return found


# --- the merge -------------------------------------------------------------------------------------------------


def text_merge(base: str, ours: str, theirs: str, size: int = 7) -> tuple[str, bool]:
    """Three texts merged, and whether there are conflicts, with marks `size` characters long.

    Raises OSError where git cannot be run. The texts are in temporary files that only their owner can read.
    """
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


def run_merge_driver(arguments: Sequence[str]) -> int:
    """Merges the three files into the second; 0 is merged, 1 a conflict, 129 a failure, at which git stops.

    The arguments are the common version, ours, theirs, the length of conflict marks and the note's path.
    """
    if len(arguments) < 3:
        usage = "merge-driver is called by git, with: %O %A %B %L %P; set it up with: mdmentor git install"
        print(usage, file=sys.stderr)
        return 2
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
    """As `run_merge_driver`; raises OSError where a file cannot be read or written."""
    try:
        merged = _merge(base, ours, theirs, size)
    except Exception as error:
        if os.environ.get("MDMENTOR_DEBUG"):
            raise
        print(f"mdmentor: {name!r} is merged as text ({type(error).__name__})", file=sys.stderr)
        merged = None
    if merged is not None:
        data, has_conflict = merged
        with open(ours, "wb") as file:
            file.write(data)
        return int(has_conflict)
    status = merge_files(ours, base, theirs, size)
    if status > 127:  # git refuses: a binary file, which it leaves as a conflict as well
        return 1 if b"\0" in _read(ours) + _read(theirs) else 129
    return min(status, 1)


def _merge(base: str, ours: str, theirs: str, size: int) -> tuple[bytes, bool] | None:
    from mdmentor.core.model import is_generated

    was, mine, other = (_read(name) for name in (base, ours, theirs))
    if is_generated(mine) and is_generated(other):
        from mdmentor.core.page_merge import merge_page

        texts = (data.decode("utf-8", "surrogateescape") for data in (was, mine, other))
        return merge_page(*texts).encode("utf-8", "surrogateescape"), False
    from mdmentor.core.merge import merge_note

    merged = merge_note(was, mine, other, partial(text_merge, size=size), size)
    return None if merged is None else (merged.data, not merged.is_clean)


def _read(name: str) -> bytes:
    with open(name, "rb") as file:
        return file.read()
