"""The targets of links written anew where a note was renamed; the rest of each link stays as it is.

A link is looked for just where it was read, and only the part that names the note is replaced: heading, shown
text, brackets, title and the manner of quoting stay. The note's links are read again afterwards; unless just
those asked for name another note, the whole change is refused with UnsafeEdit.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.edit import Edit, RawNote, UnsafeEdit, apply, encode_raw, find_lines, read_for_edit
from mdmentor.core.frontmatter.editor import FrontMatter, locate
from mdmentor.core.frontmatter.reader import Head
from mdmentor.core.frontmatter.tree import SCALAR
from mdmentor.core.markdown.line_reader import read_body
from mdmentor.core.model import Link
from mdmentor.core.names import key_of, resolve_target

_AGAIN = "the note has changed meanwhile, try again"
_BY_HAND = "change the link in your editor"

_WIKILINK = re.compile(r"!?\[\[[ \t]*(?P<target>[^\r\n]*?)[ \t]*(?=\\?\||#|\]\])")
_NOT_IN_WIKILINK = r"[\[\]|#^\r\n]|%%|\\$"
_TITLE = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"
_DESTINATION = r"(?:<(?P<angle>(?:[^<>\\\r\n]|\\.)*)>|(?P<bare>[^\s<]\S*?|))"
_INLINE_END = re.compile(rf"\]\(\s*{_DESTINATION}(?:\s+{_TITLE})?\s*\)\Z", re.DOTALL)
_DEFINITION = (
    rf"(?m)^[ \t>]*(?:[-*+][ \t]+)?\[(?P<label>(?:[^\[\]\\]|\\.)+)\]:"
    rf"[ \t]*(?:(?:\r\n|\n|\r)[ \t>]*)?{_DESTINATION}(?=[ \t]*(?:[\r\n]|\Z)|[ \t]+[\"'(])"
)
_ESCAPE = r"\\([!-/:-@\[-`{-~])"
_ENCODED = frozenset(' ()<>"\\%#?^`{}|[]&:')


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """The part of a link that names the note, by offsets in the raw text, and what is to stand there."""

    start: int
    end: int
    written: str


def rename_links(data: bytes, links: Sequence[tuple[Link, str]]) -> bytes:
    """The note with each link naming what is given beside it: a wikilink's words, or a Markdown link's path.

    The new target is plain text; it is escaped or percent-encoded as its place needs and the old one was.
    For a reference link the definition changes, and with it all links that use it. Raises UnsafeEdit.
    """
    note, head = read_for_edit(data)
    before = _read_links(note, head)
    front = locate(note.text, head) if any(link.kind == "frontmatter" for link, _ in links) else None
    numbers = {_place(link): number for number, link in enumerate(before)}
    lines = find_lines(note.text)
    wanted: dict[int, str] = {}
    targets: set[Target] = set()
    for link, new in links:
        number = numbers.get(_place(link))
        if number is None:
            raise UnsafeEdit(f'line {link.line} holds no link "{link.raw}"', _AGAIN)
        wanted[number] = new.strip()
        start = lines[link.line - 1].start + link.column - 1
        targets.add(find_target(note.text, start, front, before[number], new.strip()))
    ordered = sorted(targets)
    if any(below.start < above.end or below.start == above.start for above, below in pairwise(ordered)):
        raise UnsafeEdit("two links share one place and are to name different notes", _BY_HAND)
    changed = apply(note.text, [Edit(target.start, target.end, target.written) for target in ordered])
    result = encode_raw(note._replace(text=changed))
    after, after_head = read_for_edit(result)
    _check(before, _read_links(after, after_head), wanted)
    if _shape(head) != _shape(after_head):
        raise UnsafeEdit("the front matter would read otherwise with the new name in it", _BY_HAND)
    return result


def _place(link: Link) -> tuple[int, int, str]:
    return link.line, link.column, link.raw


def _shape(head: Head) -> list[tuple[str, bool, int]]:
    return [(field.name, field.is_list, len(field.values)) for field in head.fields]


def _read_links(note: RawNote, head: Head) -> tuple[Link, ...]:
    """All links of a note, from top to bottom, as they are read everywhere."""
    lines = [note.text[line.start : line.end] for line in find_lines(note.text)]
    body = read_body("", "\n".join(lines[head.body_line - 1 :]), head.body_line, items=False)
    return tuple(sorted((*head.links, *body.links), key=lambda link: (link.line, link.column)))


def _check(before: Sequence[Link], after: Sequence[Link], wanted: dict[int, str]) -> None:
    """Raises UnsafeEdit unless just the links wanted name another note now."""
    shared = {before[n].target: new for n, new in wanted.items() if _is_reference(before[n])}
    is_same = len(before) == len(after)
    for number, (old, new) in enumerate(zip(before, after, strict=False)):
        target = wanted.get(number, old.target)
        if number not in wanted and _is_reference(old) and new.target != old.target:
            target = shared.get(old.target, old.target)
        same_words = new.text == old.text or old.raw.startswith(("[[", "![["))
        is_same &= (
            new.target == target and same_words and (new.kind, new.fragment) == (old.kind, old.fragment)
        )
    if not is_same:
        raise UnsafeEdit("a link would not read as it should with the new name in it", _BY_HAND)


def _is_reference(link: Link) -> bool:
    return not link.raw.startswith(("[[", "![[")) and not link.raw.endswith(")")


def find_target(text: str, start: int, front: FrontMatter | None, link: Link, new: str) -> Target:
    """Where the target of the link at `start` stands, with the new one as it has to be written there."""
    if not link.target or not new:
        raise UnsafeEdit(f'"{link.raw}" names no note but a place in its own', _BY_HAND)
    if link.raw.startswith(("[[", "![[")):
        return _wikilink_target(text, start, front, link, new)
    from urllib.parse import unquote  # slow to load, and there are more wikilinks

    places = _definition_places(text, link) if _is_reference(link) else _inline_places(text, start, link)
    for first, last, is_angle in places:
        path = text[first:last].split("#", 1)[0]
        if unquote(unescape(re.sub(_ESCAPE, r"\1", path))).strip() == link.target:
            return Target(first, first + len(path), encoded_path(new, path, is_angle))
    raise UnsafeEdit(f'the path of "{link.raw}" was not found', _BY_HAND)


def _wikilink_target(text: str, start: int, front: FrontMatter | None, link: Link, new: str) -> Target:
    if re.search(_NOT_IN_WIKILINK, new):
        raise UnsafeEdit(f'a wikilink cannot name "{new}"', "leave out [ ] | # ^ and %%")
    found = _WIKILINK.match(text, start)
    if found is None:
        raise UnsafeEdit(f'"{link.raw}" stands on several lines', _BY_HAND)
    written = new
    for entry in front.entries if front else ():
        for node in entry.value.walk():
            if node.kind == SCALAR and node.start <= start < node.end and node.style in ("'", '"'):
                written = _escaped(new, node.style)
    return Target(found.start("target"), found.end("target"), written)


def _escaped(text: str, style: str) -> str:
    return text.replace("'", "''") if style == "'" else text.replace("\\", "\\\\").replace('"', '\\"')


def _inline_places(text: str, start: int, link: Link) -> Iterator[tuple[int, int, bool]]:
    """Where the destination of an inline link may stand: behind each "](" that fits to its end."""
    lines = (re.escape(line) for line in link.raw.split("\n"))
    source = re.compile(r"(?:\r\n|\n|\r)[ \t>]*".join(lines)).match(text, start)
    raw = source[0] if source else ""
    for bracket in re.finditer(r"\](?=\()", raw):
        if found := _INLINE_END.match(raw, bracket.start()):
            group = "bare" if found["angle"] is None else "angle"
            yield start + found.start(group), start + found.end(group), group == "angle"


def _definition_places(text: str, link: Link) -> Iterator[tuple[int, int, bool]]:
    """Where the destinations of the definitions stand that a reference link may use."""
    named = re.search(r"\]\[([^\[\]]+)\]\Z", link.raw)
    label = named[1] if named else link.raw.removeprefix("!").removesuffix("[]")[1:-1]
    for found in re.finditer(_DEFINITION, text):
        if _label_key(found["label"]) == _label_key(label):
            group = "bare" if found["angle"] is None else "angle"
            yield found.start(group), found.end(group), group == "angle"


def _label_key(label: str) -> str:
    return " ".join(label.split()).casefold()


def encoded_path(path: str, old: str, is_angle: bool) -> str:
    """A path as the destination of a Markdown link, with as little encoded as the old one had.

    Letters beyond ASCII stay readable unless the old path had them encoded.
    """
    with_letters = bool(re.search(r"%[89A-Fa-f][0-9A-Fa-f]", old))
    kept = ' ()[]{}|^`"?&:' if is_angle and "%" not in old else ""
    from urllib.parse import quote

    pieces = []
    for character in path:
        is_encoded = character in _ENCODED and character not in kept
        if (
            is_encoded
            or character < " "
            or (character > "\x7f" and (with_letters or not character.isprintable()))
        ):
            pieces.append(quote(character, safe=""))
        else:
            pieces.append(character)
    return "".join(pieces)


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

    def moved(self, new_path: Callable[[str], str]) -> Paths:
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
