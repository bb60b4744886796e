"""What links have to say when notes get other paths, so that each still names the note that it named.

Pure: all paths of the vault and the links in question come in, the new targets go out. Writing them into the
notes is the business of `edit_links`. A link that finds no note finds none afterwards either, unless the new
name is just the one it waits for.
"""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.model import Link
from mdmentor.core.resolve import key_of, resolve_target


class Paths:
    """Where every note and attachment of a vault lies, by the key that names it."""

    def __init__(self, notes: Iterable[str], files: Iterable[str]) -> None:
        self.notes = tuple(notes)
        self.files = tuple(files)
        self._notes = _by_key(self.notes)
        self._files = _by_key(self.files)

    def resolve(self, target: str, source: str, *, is_markdown: bool) -> str | None:
        """What a link's target names, seen from the note `source`: a note before an attachment."""
        if not target.strip():
            return source
        key = key_of(target)
        for found in (self._notes.get(key), self._files.get(key)):
            if found and (path := resolve_target(target, source, found, is_markdown=is_markdown)):
                return path
        return None

    def moved(self, new_path: Callable[[str], str]) -> "Paths":
        return Paths(map(new_path, self.notes), map(new_path, self.files))


def _by_key(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(key_of(path), []).append(path)
    return found


class Naming(NamedTuple):
    """A link with the path that it names; None for a link that finds nothing."""

    source: str
    link: Link
    target: str | None


def is_markdown(link: Link) -> bool:
    """Whether a link is resolved from its note's folder first, as Markdown links are."""
    return link.kind in ("inline", "reference") or (link.kind == "embed" and not link.raw.startswith("![["))


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
    """Whether a link tells the whole way, as every program follows it: relative, or from the root."""
    told = link.target.strip().replace("\\", "/")
    if is_markdown(link) or told.startswith(("./", "../")):
        told = posixpath.normpath(posixpath.join(names.folder(source), told))
    elif "/" not in told:
        return False
    return names.fold(_bare(told.lstrip("/"))) == names.fold(_bare(path))


def link_words(path: str, source: str, paths: Paths) -> str:
    """The shortest wikilink's target that names the note at `path` from the note `source`."""
    for name in _ever_longer(path, 1, ""):
        if paths.resolve(name, source, is_markdown=False) == path:
            return name
    return names.stem(path)


def target_for(naming: Naming, source: str, target: str, after: Paths) -> str:
    """What the link has to say to name `target`, in the manner in which it did before."""
    link = naming.link
    is_md = is_markdown(link)
    for wanted in _iter_targets(naming, source, target, is_md):
        if after.resolve(wanted, source, is_markdown=is_md) == target:
            return wanted
    return "/" + target


def _iter_targets(naming: Naming, source: str, target: str, is_md: bool) -> Iterator[str]:
    """What the link may say, nearest to its old manner first: the whole way if it told that."""
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
    yield from _ever_longer(target, old.lstrip("./").count("/") + 1, ending)
    if is_md:
        yield relative


def _ever_longer(path: str, first: int, ending: str) -> Iterator[str]:
    """The last `first` parts of a path, then one more each time, up to the whole path."""
    parts = _with_ending(path, ending).split("/")
    for count in range(min(first, len(parts)), len(parts) + 1):
        yield "/".join(parts[-count:])


def _with_ending(path: str, ending: str) -> str:
    return path if ending or not path.lower().endswith(".md") else path[:-3]


def _bare(path: str) -> str:
    return path[:-3] if path.lower().endswith(".md") else path
