"""What is set up of git for a vault, and what is set up only by half. Changes nothing."""

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from mdmentor.core.model import WARNING, Problem
from mdmentor.git import find_git_folder
from mdmentor.git.repository import ask, find_repository, unmerged
from mdmentor.git.setup import DRIVER, HOOKS, hook_state, vaults
from mdmentor.plain_file import read_whole

_BOUND = re.compile(r"(?m)^[^#\s].*[ \t]merge=mdmentor\b")
_SECTION = re.compile(r'(?m)^\s*\[merge "mdmentor"\]')


class GitState(NamedTuple):
    """How a vault and git stand to each other; all empty outside of a repository."""

    top: str = ""
    driver: str = "missing"  # "installed", "missing" or "other": a line that is not ours
    is_bound: bool = False  # notes of the vault are given to the driver
    hooks: tuple[tuple[str, str], ...] = ()  # name -> "installed", "missing" or "outdated"
    has_program: bool = False  # a shell finds `mdmentor`
    pages_ignored: bool = False
    pages_tracked: bool = False
    unmerged: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return (
            self.driver == "installed"
            and self.is_bound
            and self.has_program
            and all(state == "installed" for _, state in self.hooks)
        )

    def to_json(self) -> dict[str, object]:
        return {
            "repository": self.top,
            "driver": self.driver,
            "bound": self.is_bound,
            "hooks": dict(self.hooks),
            "program": self.has_program,
            "pages_ignored": self.pages_ignored,
            "pages_tracked": self.pages_tracked,
            "unmerged": list(self.unmerged),
        }


def read_state(vault: Path, pages_folder: str) -> GitState:
    """What is set up for the vault in this clone. Raises WorldFailed where git cannot be asked."""
    repository = find_repository(vault)
    if repository is None:
        return GitState()
    driver = ask(vault, "config", "merge.mdmentor.driver")
    is_known = repository.vault_in_top in vaults(repository.top)
    states = tuple((name, hook_state(repository.hooks / name, name)) for name in HOOKS)
    if not is_known:
        states = tuple((name, "missing") for name, _ in states)
    return GitState(
        top=str(repository.top),
        driver="installed" if driver == DRIVER else "other" if driver else "missing",
        is_bound=_is_bound(vault),
        hooks=states,
        has_program=shutil.which("mdmentor") is not None,
        pages_ignored=bool(ask(vault, "check-ignore", "--no-index", f"{pages_folder}/x.md")),
        pages_tracked=bool(ask(vault, "ls-files", "--", pages_folder)),
        unmerged=tuple(unmerged(vault)),
    )


def find_problems(vault: Path) -> tuple[Problem, ...]:
    """The driver bound and not there, or there and not bound; git itself is only asked when in doubt."""
    git = find_git_folder(vault)
    if git is None:
        return ()
    attributes, config = _text(vault / ".gitattributes"), _text(_common(Path(git)) / "config")
    told, has_section = _BOUND.search(attributes), bool(_SECTION.search(config))
    if (told is not None) == has_section:
        return ()
    if told is not None and not ask(vault, "config", "merge.mdmentor.driver"):
        what = (
            "notes are to be merged by mdmentor, and this clone does not know how, so git merges them as text"
        )
        line = attributes.count("\n", 0, told.start()) + 1
        fix = "run: mdmentor git install"
        return (Problem(".gitattributes", line, 1, WARNING, "merge-driver", what, fix),)
    if told is None and not _is_bound(vault) and _is_here(vault):
        what = "mdmentor is set up to merge notes here, and no line says which, so git merges them as text"
        fix = "run: mdmentor git install, or to be rid of it: mdmentor git uninstall"
        return (Problem(".gitattributes", 1, 1, WARNING, "merge-driver", what, fix),)
    return ()


def _is_bound(vault: Path) -> bool:
    """Whether a note would be given to the driver, whatever file says so and whichever line comes last."""
    return ask(vault, "check-attr", "merge", "--", "x.md").endswith(": merge: mdmentor")


def _is_here(vault: Path) -> bool:
    repository = find_repository(vault)
    return repository is not None and repository.vault_in_top in vaults(repository.top)


def _common(git: Path) -> Path:
    """The folder that holds the config: of a worktree, that of the repository it belongs to."""
    told = _text(git / "commondir").strip()
    return git / told if told else git


def _text(file: Path) -> str:
    try:
        return read_whole(os.path.realpath(file)).decode("utf-8", "replace")
    except OSError:
        return ""
