"""The least that any indexer of a vault must do, each as a whole process: `floors.py walk|read VAULT`.

Loads nothing that it does not need: its start is part of the floor.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as in `typing`, which would have to be loaded
if TYPE_CHECKING:
    from collections.abc import Iterator


def walk(root: str) -> Iterator[tuple[str, os.stat_result]]:
    """Path and stat of every note, dot folders left out."""
    stack = [root]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)
                elif entry.name.endswith(".md"):
                    yield entry.path, entry.stat(follow_symlinks=False)


def main() -> None:
    name, root = sys.argv[1:3]
    if name == "walk":
        print(sum(info.st_size for _, info in walk(root)))
    elif name == "read":
        total = 0
        for path, _ in walk(root):
            with open(path, "rb") as file:
                total += len(file.read())
        print(total)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
