"""Where the vault is: the folder named by hand, by the environment, or around the current one."""

from __future__ import annotations

import os

from mdmentor.errors import NoVault
from mdmentor.vault.ignore import is_text

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_FILE = "mdmentor.toml"


def find_vault(named: str | None, environment: str | None, here: Path) -> Path:
    """The vault's root: the folder named by hand, else by the environment, else around the current one.

    Raises NoVault, with how to make one.
    """
    from pathlib import Path

    return Path(find_root(named, environment, os.fspath(here)))


def is_marked(root: str) -> bool:
    """Whether a folder says of itself that it is a vault."""
    return os.path.isfile(os.path.join(root, SETTINGS_FILE)) or os.path.isdir(os.path.join(root, ".obsidian"))


def holds_more_than(root: str, most: int) -> bool:
    """Whether a scan of the folder would meet more files and folders than that; it stops looking where it does."""
    count = 0
    below = [root]
    while below:
        try:
            with os.scandir(below.pop()) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    count += 1
                    if count > most:
                        return True
                    if entry.name != "node_modules" and entry.is_dir(follow_symlinks=False):
                        below.append(entry.path)
        except OSError:
            continue  # a scan tells of it
    return False


def require_utf8(root: str) -> str:
    """The path again. Raises NoVault for one that is not UTF-8: what is made of it could be neither kept nor shown."""
    if not is_text(root):
        raise NoVault(f'the path "{root}" is not UTF-8', "rename the folder")
    return root


def find_root(named: str | None, environment: str | None, here: str) -> str:
    """As `find_vault`."""
    for told, origin in ((named, "--vault"), (environment, "MDMENTOR_VAULT")):
        if told:
            root = os.path.expanduser(told)
            if not os.path.isdir(root):
                raise NoVault(
                    f'{origin} "{told}" is no folder',
                    "name an existing folder, or make one with: mdmentor init DIR",
                )
            return require_utf8(os.path.realpath(root))
    root = os.path.abspath(here)
    while True:
        if is_marked(root):
            return require_utf8(os.path.realpath(root))
        if os.path.dirname(root) == root:
            break
        root = os.path.dirname(root)
    raise NoVault(
        "no vault here: neither this folder nor one above holds mdmentor.toml or .obsidian",
        "make one with: mdmentor init, or name one with --vault DIR",
    )
