"""What belongs to a vault, going by names alone: one rule for the scan and for the watcher."""

from __future__ import annotations

from collections.abc import Callable, Sequence

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from mdmentor.core.model import Settings

# How files end that editors, sync tools and we ourselves leave for a moment while saving.
_PASSING = ("~", ".tmp", ".swp", ".swx", ".crdownload", ".part")
CONFLICT_COPY = (
    r"(?i).*(?:\.sync-conflict-\d{8}-\d{6}(?:-\w+)?|\((?:[^()]*['’]s )?conflicted copy[^()]*\)|\.conflicted(?:\.\d+)?"
    r"|\(case conflict[^()]*\))\.md$"
)
OWN_TEMPORARY = ".mdmentor-"  # dot files are no part of a vault, so ours are never taken for notes


def ignore_rule(settings: Settings) -> Callable[[str], bool] | None:
    """Whether the settings leave a path out by its own name (a folder's path ends in "/"); None where they name nothing."""
    return pattern_rule(settings.ignore)


def pattern_rule(patterns: Sequence[str]) -> Callable[[str], bool] | None:
    """As `ignore_rule`, for the patterns alone."""
    if not patterns:
        return None
    from mdmentor.core import ignore

    return ignore.ignore_rule(patterns)


def membership(settings: Settings) -> Callable[[str], bool]:
    """Whether a path would be seen by a scan, going by its name alone: the same rule for the watcher."""
    is_ignored = ignore_rule(settings)

    def belongs(path: str) -> bool:
        if not is_named_like_one(path):
            return False
        if is_ignored is None:
            return True
        parts = path.split("/")
        folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
        return not is_ignored(path) and not any(is_ignored(folder) for folder in folders)

    return belongs


def is_named_like_one(path: str) -> bool:
    """False for what no settings bring into a vault: dot files and folders, node_modules, temporary files."""
    parts = path.split("/")
    return is_text(path) and not (
        any(part.startswith(".") for part in parts) or "node_modules" in parts[:-1] or is_temporary(parts[-1])
    )


def is_temporary(name: str) -> bool:
    """True for a file that is there for a moment only, while another is saved."""
    low = name.lower()
    is_of_vim = low == "4913"
    is_of_sed = len(low) == 9 and low[:3] == "sed" and low.isascii() and low.isalnum()
    is_of_emacs = len(low) > 1 and low[0] == low[-1] == "#"
    return low.startswith("~$") or low.endswith(_PASSING) or is_of_vim or is_of_sed or is_of_emacs


def is_text(name: str) -> bool:
    """False for a name made of bytes that are no UTF-8: it can be neither linked nor shown."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_part_of_vault(path: str, settings: Settings) -> bool:
    """Whether one path would be seen by a scan; for many, ask for the `membership` once."""
    return membership(settings)(path)
