"""What a link has to say so that it names a note: the shortest path that does, in the form that it had before.

A key names notes in any folder, so what a link says depends on all paths of the vault. Nothing is written here.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.model import Link


class Paths:
    """Where every note and attachment of a vault is, by the key that names it."""

    def __init__(self, notes: Iterable[str], files: Iterable[str]) -> None:
        self.notes = tuple(notes)
        self.files = tuple(files)
        self._by_key = [_by_key(self.notes), _by_key(self.files)]

    def resolve(self, target: str, source: str, *, is_markdown: bool) -> str | None:
        """What a link's target names, seen from the note `source`: a note before an attachment."""
        if not target.strip():
            return source
        for paths in self._by_key:
            found = paths.get(names.key_of(target), ())
            if path := names.resolve_among(
                target, source, names.by_folded_path(found), is_markdown=is_markdown
            ):
                return path
        return None

    def moved(self, new_path: Callable[[str], str]) -> "Paths":
        """The paths after each was changed by `new_path`."""
        return Paths(map(new_path, self.notes), map(new_path, self.files))


def _by_key(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(names.key_of(path), []).append(path)
    return found


class Naming(NamedTuple):
    """A link with the path that it names; None for a link that names no note."""

    source: str
    link: Link
    target: str | None


def is_wikilink(link: Link) -> bool:
    """Whether a link is written in double brackets, an embed or not."""
    return link.raw.startswith(("[[", "![["))


def is_markdown(link: Link) -> bool:
    """Whether a link is resolved from its note's folder first, as Markdown links are."""
    return link.kind in ("inline", "reference") or (link.kind == "embed" and not is_wikilink(link))


def new_targets(
    links: Iterable[Naming], before: Paths, moves: Mapping[str, str]
) -> dict[str, list[tuple[Link, str]]]:
    """For each note, by its old path, the links that must say something else, with what they have to say.

    `moves` gives the new path of every note and attachment that gets one. A link is left as it is while it
    names the same note; if it would name another, it gets the shortest path that does not.
    """

    def new_path(path: str) -> str:
        return moves.get(path, path)

    after = before.moved(new_path)
    found: dict[str, list[tuple[Link, str]]] = {}
    for naming in links:
        if naming.target is None or not naming.link.target.strip():
            continue
        link, source, target = naming.link, new_path(naming.source), new_path(naming.target)
        old_name, new_name = (path.rsplit("/", 1)[-1] for path in (naming.target, target))
        is_same = after.resolve(link.target, source, is_markdown=is_markdown(link)) == target
        was_exact = _is_exact(link, naming.source, naming.target)
        if is_same and old_name == new_name and (not was_exact or _is_exact(link, source, target)):
            continue
        wanted = target_for(naming, source, target, after)
        if wanted != link.target:
            found.setdefault(naming.source, []).append((link, wanted))
    return found


def _is_exact(link: Link, source: str, path: str) -> bool:
    """Whether a link gives the whole path, as every program follows it: relative, or from the root."""
    target = link.target.strip().replace("\\", "/")
    if is_markdown(link) or target.startswith(("./", "../")):
        target = posixpath.normpath(posixpath.join(names.folder(source), target))
    elif "/" not in target:
        return False
    return names.fold_path(target.lstrip("/")) == names.fold_path(path)


def link_words(path: str, source: str, paths: Paths) -> str:
    """The shortest wikilink's target that names the note at `path` from the note `source`."""
    for name in (names.logseq_page(path), *_ever_longer(path, 1, "")):
        if paths.resolve(name, source, is_markdown=False) == path:
            return name
    return names.stem(path)


def target_for(naming: Naming, source: str, target: str, after: Paths) -> str:
    """What the link has to say to name `target`, in the form that it had before."""
    link = naming.link
    is_md = is_markdown(link)
    for wanted in _iter_targets(naming, source, target, is_md):
        if after.resolve(wanted, source, is_markdown=is_md) == target:
            return wanted
    return "/" + target


def _iter_targets(naming: Naming, source: str, target: str, is_md: bool) -> Iterator[str]:
    """What the link may say, nearest to its old form first: the whole path if it gave that."""
    old = naming.link.target.strip().replace("\\", "/")
    ending = ".md" if old.lower().endswith(".md") or not target.lower().endswith(".md") else ""
    relative = _with_ending(posixpath.relpath(target, names.folder(source) or "."), ending)
    was_exact = _is_exact(naming.link, naming.source, naming.target or "")
    if old.startswith("/"):
        yield "/" + _with_ending(target, ending)
    elif old.startswith(("./", "../")) or (is_md and was_exact):
        yield f"./{relative}" if old.startswith("./") and not relative.startswith("../") else relative
    elif was_exact:
        yield _with_ending(target, ending)
    if "/" in old and names.logseq_page(naming.target or "").casefold() == names.fold_path(old):
        yield names.logseq_page(target)
    yield from _ever_longer(target, old.lstrip("./").count("/") + 1, ending)
    if is_md:
        yield relative


def _ever_longer(path: str, first: int, ending: str) -> Iterator[str]:
    """The last `first` parts of a path, then one more each time, up to the whole path."""
    parts = _with_ending(path, ending).split("/")
    for count in range(min(first, len(parts)), len(parts) + 1):
        yield "/".join(parts[-count:])


def _with_ending(path: str, ending: str) -> str:
    return path if ending else names.without_md(path)
