"""Asks git about the repository of a vault. Runs `git`, which may be missing; changes nothing."""

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from mdmentor.errors import UnknownName, WorldFailed

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


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Runs git in a folder and waits. Raises WorldFailed where there is no git."""
    environment = {key: value for key, value in os.environ.items() if key not in _OF_HOOKS}
    environment["LC_ALL"] = "C"
    command = ["git", *arguments]
    try:
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorldFailed(f"git could not be run ({reason})", "install git, or check your PATH") from error


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
