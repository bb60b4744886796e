"""Which note a link names, exactly as Obsidian decides it.

Pure: the index hands in the paths whose name fits (`key_of`), this module picks one. Rules observed on
Obsidian 1.13: an exact path from the vault's root wins, then the source note's own folder, then the
shortest path; names compare on NFC without regard to case; an alias never resolves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from mdmentor.core import names
from mdmentor.core.model import Link


def key_of(target: str) -> str:
    """The key under which the note or file that a target names is found; "" for the note itself.

    The last segment of the path, folded, without `.md`: other files keep their extension.
    """
    if "/" in target or "\\" in target:
        target = target.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    key = names.fold(target)
    return key[:-3] if key.endswith(".md") else key


def resolve(link: Link, source: str, candidates: Sequence[str]) -> str | None:
    """The path that the link in the note `source` names, of those whose key is the link's; None for none.

    A link without a target (`[[#Heading]]`) is the source itself.
    """
    return resolve_target(link.target, source, candidates, is_markdown=link.kind in ("inline", "reference"))


def resolve_target(target: str, source: str, candidates: Sequence[str], *, is_markdown: bool) -> str | None:
    """As `resolve`, for a bare target. `./` and `../` are exact and never fall back to the bare name.

    Markdown links are tried from the source's folder first, as every other tool reads them, and then,
    as Obsidian does, anywhere in the vault.
    """
    return resolve_among(target, source, by_folded_path(candidates), is_markdown=is_markdown)


def by_folded_path(candidates: Iterable[str]) -> dict[str, str]:
    """The paths by what they are compared as; of several that are the same the first."""
    return {fold_path(path): path for path in sorted(candidates, reverse=True)}


def resolve_among(target: str, source: str, folded: Mapping[str, str], *, is_markdown: bool) -> str | None:
    """As `resolve_target`, with the candidates made ready once for many links."""
    target = target.strip().replace("\\", "/")
    if not target:
        return source
    folder = _folder_of(source)
    wanted = fold_path(target)
    if wanted.startswith("/"):
        return folded.get(wanted.lstrip("/"))
    if wanted.startswith(("./", "../")):
        exact = _join(folder, wanted)
        return folded.get(exact) if exact is not None else None
    if is_markdown and (near := folded.get(f"{folder}/{wanted}" if folder else wanted)):
        return near
    if wanted in folded:
        return folded[wanted]
    fits = [path for path in folded if path.endswith("/" + wanted)]
    if not fits:
        return None
    beside = f"{folder}/{wanted}" if folder else wanted
    if beside in fits:
        return folded[beside]
    return folded[min(fits, key=lambda path: (len(path), path))]


def certain_path(target: str, source: str) -> str | None:
    """The path, folded, where the one note that bears a target's name must lie for a link to name it for certain.

    That is where the resolver finds nothing else to weigh: behind `./`, `../` or `/` no other note would do, and
    otherwise a note at the very path that is named wins. None for a target that says no such path.
    """
    wanted = fold_path(target.strip().replace("\\", "/"))
    if wanted.startswith(("./", "../")):
        return _join(_folder_of(source), wanted)
    return wanted.lstrip("/") or None


@lru_cache(maxsize=16)  # the links of a note come one after the other
def _folder_of(source: str) -> str:
    """The folder of a note, folded."""
    return names.folder(fold_path(source, is_file=False))


def fold_path(path: str, *, is_file: bool = True) -> str:
    """A path for comparing: folded, without `.md`."""
    folded = names.fold(path)
    return folded[:-3] if is_file and folded.endswith(".md") else folded


def _join(folder: str, relative: str) -> str | None:
    """`../b/c` seen from `a/x` is `a/b/c`; None where it leads out of the vault."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not parts:
                return None
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)
