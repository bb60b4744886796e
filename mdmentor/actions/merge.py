"""Makes one note of two: of two notes about one person, or of two versions of a note that git or a sync tool left.

Of two people all links follow, in one edit for `undo`; what the joined note says is decided in `core.merge.one_person`,
and the other note is deleted last. Two notes may also be marked as about different people, so that nothing asks again.
Versions come from git's index, from the marks in the file, or from a sync tool's copy beside the note, and are joined
per key and log entry; what cannot be decided is reported, with both values in the note.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from mdmentor.actions.edit import EditedLine, EditNote, NoteEditor, refusing
from mdmentor.actions.fill_gaps import is_one_address
from mdmentor.actions.history import Change, Move
from mdmentor.actions.notes import Moves, Plan
from mdmentor.config import load_settings
from mdmentor.core import names
from mdmentor.core.conflict_marks import find_marks
from mdmentor.core.frontmatter.inline_editor import add_to_field, read_fields, write_field
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.frontmatter.values import field_of
from mdmentor.core.ignore import note_of_copy
from mdmentor.core.markdown.targets import Paths, link_words
from mdmentor.core.merge import merge_note, sides_of
from mdmentor.core.merge.frontmatter import KeyConflict
from mdmentor.core.merge.keys import Choices, meaning_of
from mdmentor.core.merge.one_person import Opened, join_notes, open_note
from mdmentor.errors import NeedsChoice, RefusedToWrite, UnknownName
from mdmentor.git import blob, find_git_folder, is_merging, text_merge, unmerged
from mdmentor.index import find, people
from mdmentor.index.links import links_of
from mdmentor.vault import Vault

DISTINCT = "distinct_from"


def plan_merge(editor: NoteEditor, gone: str, kept: str, take: Mapping[str, str]) -> Plan:
    """What merging the contact at `gone` into the one at `kept` would change.

    `take` says by key whose value counts where both have one, "A" (gone) or "B" (kept). Raises UnknownName for one note
    twice or a key that neither has, RefusedToWrite for two who were said to be two people and where a note cannot be changed safely.
    """
    _refuse(editor, gone, kept)
    moves = Moves(editor, [Move(gone, kept)])
    changes = {change.path: change for change in moves.changes(links_only=True)}
    before = {path: editor.read(path) for path in (gone, kept)}
    linked = {path: changes.pop(path).after or b"" for path in (gone, kept) if path in changes}
    a, b = (_opened(editor, path, linked.get(path, before[path]), {gone, kept}) for path in (gone, kept))
    choices = Choices(take, is_hidden=a.note.confidential or b.note.confidential)
    with refusing(kept, before[kept]):
        joined = join_notes(a, b, choices, is_one_address, editor.queries.settings)
    keys = [*a.parts.head.entries, *b.parts.head.entries, *(field.name for field in (*a.fields, *b.fields))]
    known = {"name", *map(meaning_of, keys)}
    for key in take:
        if meaning_of(key) not in known:
            raise UnknownName(f'neither note has a key "{key}"', f"the keys are: {', '.join(sorted(known))}")
    changed = [_without_doubles(change) for change in changes.values()]
    changed += [Change(kept, before[kept], joined)] if joined != before[kept] else []
    changed.append(Change(gone, before[gone], None))
    what = f"merge {names.stem(gone)} into {names.stem(kept)}"
    return Plan(what, Move(gone, kept), tuple(changed), tuple(moves.files_naming()), tuple(choices.open))


def refuse_differences(plan: Plan) -> None:
    """Raises NeedsChoice, with the choice to be made for each key, where the two notes contradict each other."""
    said = []
    for one in plan.differences:
        both = f'is "{one.gone}" in A and "{one.kept}" in B' if one.gone and one.kept else "differs"
        said.append(f"{one.key} {both}")
    if said:
        choices = " ".join(f"--take {one.key}=A|B" for one in plan.differences)
        what = f"A ({plan.move.old}) and B ({plan.move.new}) differ: {'; '.join(said)}"
        raise NeedsChoice(what, f"say which one counts: {choices}")


def _refuse(editor: NoteEditor, gone: str, kept: str) -> None:
    _refuse_one(gone, kept)
    if is_merging(editor.vault.folder):
        raise RefusedToWrite("git is in the middle of a merge or rebase", "finish that first")
    for one, other, _ in people.apart(editor.queries.index):
        if {one, other} == {gone, kept}:
            what = f"{gone} and {kept} were said to be two people (distinct_from in {one})"
            raise RefusedToWrite(what, f'if they are one: mdmentor distinct "{gone}" "{kept}" --remove')
    if waiting := {gone, kept} & editor.queries.waiting.keys():
        what = f"a tick for {min(waiting)} waits on the page Reach out next"
        raise RefusedToWrite(what, "carry it out first: mdmentor reindex")


def _opened(editor: NoteEditor, path: str, data: bytes, pair: set[str]) -> Opened:
    """One of the two notes, without an `introduced_by` that names the person themselves."""
    index = editor.queries.index
    to_pair = (link for _, link, target in links_of(index, path) if target in pair)
    lines = {link.line for link in to_pair if canonical_key(link.field) == "introduced_by"}
    stems = {names.fold(names.stem(one)) for one in pair}
    called = stems | {names.fold(found.name) for one in pair if (found := people.contact(index, one))}
    with refusing(path, data):
        for field in read_fields(data):
            if canonical_key(field.key) == "introduced_by":
                linked = [field.place_of(value)[0] in lines for value in field.values]
                others = tuple(
                    value
                    for value, is_link in zip(field.values, linked, strict=True)
                    if names.fold(names.unlink(value)) not in (stems if is_link else called)
                    or ("[[" in value and not is_link)
                )
                if others != field.values:
                    data = write_field(data, field, others or None)
        return open_note(path, data, editor.queries.settings)


def _without_doubles(change: Change) -> Change:
    """The change in another note, without items of a list that are the same now."""
    data = change.after or b""
    with refusing(change.path, change.before or b""):
        before = {(f.name, f.is_inline): f.values for f in read_fields(change.before or b"")}
        for field in read_fields(data):
            once = tuple(dict.fromkeys(field.values))
            was = before.get((field.name, field.is_inline), ())
            if field.is_list and len(once) < len(field.values) and len(set(was)) == len(was):
                data = write_field(data, field, once)
    return change._replace(after=data)


def distinct(editor: NoteEditor, one: str, other: str) -> list[EditedLine]:
    """Marks both notes in one edit. Raises UnknownName for one note twice."""
    _refuse_one(one, other)
    paths = Paths(find.note_paths(editor.queries.index), ())
    said = {(path, target) for path, target, _ in people.apart(editor.queries.index)}

    def add(data: bytes, link: str) -> tuple[bytes, int]:
        field = field_of(read_fields(data), DISTINCT)
        after = add_to_field(data, field or DISTINCT, (link,))
        written = field_of(read_fields(after), DISTINCT)
        return after, written.place_of(link)[0] if written else 0

    edits: dict[str, EditNote] = {
        path: partial(add, link=f"[[{link_words(target, path, paths)}]]")
        for path, target in ((one, other), (other, one))
        if (path, target) not in said
    }
    return editor.edit(f"distinct {names.stem(one)}, {names.stem(other)}", edits)


def no_longer_distinct(editor: NoteEditor, one: str, other: str) -> list[EditedLine]:
    """Removes the mark from both notes in one edit. Raises UnknownName where neither has it."""
    _refuse_one(one, other)
    wanted: dict[str, set[str]] = defaultdict(set)
    for path, target, words in people.apart(editor.queries.index):
        if {path, target} == {one, other}:
            wanted[path].add(names.fold_key(names.without_md(words)))
    if not wanted:
        what = f"neither note says that {names.stem(one)} and {names.stem(other)} are two people"
        raise UnknownName(what, "see the pairs with: mdmentor duplicates")

    def remove(data: bytes, links: set[str]) -> tuple[bytes, int]:
        field = field_of(read_fields(data), DISTINCT)
        left = tuple(value for value in field.values if _target(value) not in links) if field else ()
        return write_field(data, field or DISTINCT, left or None), 0

    what = f"distinct {names.stem(one)}, {names.stem(other)} --remove"
    edits: dict[str, EditNote] = {path: partial(remove, links=wanted[path]) for path in sorted(wanted)}
    named = {one: names.stem(other), other: names.stem(one)}
    return [w._replace(text=f"{DISTINCT} {named[w.path]} is gone") for w in editor.edit(what, edits)]


def _target(value: str) -> str:
    """What the link in a value names, as it is folded for comparing."""
    inner = value.strip().removeprefix("[[").removesuffix("]]").split("|", 1)[0].split("#", 1)[0]
    return names.fold_key(names.without_md(inner.strip()))


def _refuse_one(one: str, other: str) -> None:
    if one == other:
        raise UnknownName(f"both names mean {one}", "give two notes, by name or path")


class Versions(NamedTuple):
    """The versions of one note. Without a common ancestor the `base` is what both have."""

    path: str
    now: bytes  # what the file holds
    base: bytes
    ours: bytes
    theirs: bytes
    copy: str = ""  # the sync tool's file that theirs comes from


def pending(vault: Vault) -> list[str]:
    """The notes and copies in the vault to be resolved, by path: unmerged in git, or a sync tool's copy."""
    copies = {p.path for p in vault.scan(load_settings(vault.root)[0]).problems if p.code == "conflict-copy"}
    left = unmerged(vault.root) if find_git_folder(vault.root) else {}
    return sorted(copies | {path for path in left if path.lower().endswith(".md")})


def find_versions(editor: NoteEditor, path: str) -> Versions | None:
    """The versions of the note at `path`, or of the one that `path` is a copy of; None if there is but one.

    Raises RefusedToWrite where a file cannot be read, or its marks do not fit together.
    """
    note, root = note_of_copy(path), editor.vault.root
    if note:
        return _with_copy(editor, note, path)
    now = editor.read(path)
    stages = unmerged(root).get(path, ()) if find_git_folder(root) is not None else ()
    base = blob(root, f":1:./{path}") if 1 in stages else None
    text = now.decode("utf-8", "surrogateescape")
    if find_marks(text):
        sides = sides_of(text)
        if sides is None:
            raise RefusedToWrite(f"{path}: the marks in it do not fit together", "fix it in your editor")
        if base is None:
            base = _encode(sides.common if sides.base is None else sides.base)
        return Versions(path, now, base, _encode(sides.ours), _encode(sides.theirs))
    if {2, 3} <= set(stages):
        mine, other = blob(root, f":2:./{path}"), blob(root, f":3:./{path}")
        if mine is not None and other is not None and now == mine:
            # git left our version without any mark, as it does where a merge driver could not be run
            return Versions(path, now, base or b"", mine, other)
    copies = [p for p in pending(editor.vault) if note_of_copy(p) == path]
    return _with_copy(editor, path, copies[0]) if copies else None


def resolve(
    editor: NoteEditor, versions: Versions, take: Mapping[str, str]
) -> tuple[tuple[KeyConflict, ...], tuple[int, ...]]:
    """Merges the versions per key and entry, and writes the note; keys and lines that have two versions still.

    A copy is deleted once all of it is in the note. `take` decides what is in conflict, as in `merge_note`. Raises
    RefusedToWrite where only a person can decide.
    """
    path = versions.path
    merged = merge_note(versions.base, versions.ours, versions.theirs, text_merge, take=take)
    if merged is None:
        what = f"{path}: the front matter of a version cannot be merged"
        raise RefusedToWrite(what, "choose what to keep in your editor")
    changes = [Change(path, versions.now, merged.data)] if merged.data != versions.now else []
    if versions.copy and merged.is_clean:
        changes.append(Change(versions.copy, versions.theirs, None))
    if changes:
        editor.change(f"git resolve {path}", changes)
    lines = find_marks(merged.data.decode("utf-8", "surrogateescape"))
    return merged.keys, lines[len(merged.keys) :]


def _with_copy(editor: NoteEditor, path: str, copy: str) -> Versions:
    """A note and a copy of it: what either holds more is an addition, as there is no common ancestor."""
    now = editor.read(path)
    return Versions(path, now, b"", now, editor.read(copy), copy)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
