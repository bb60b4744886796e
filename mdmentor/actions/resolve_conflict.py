"""Joins two versions of a note that a merge left, per key and log entry, where no driver did it.

The versions come from git's index, from the marks in the file, or from a sync tool's copy beside the note.
What cannot be decided is reported, with both values in the note; `undo` takes back what is written.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mdmentor.actions.edit import NoteEditor
from mdmentor.actions.history import Change
from mdmentor.config import load_settings
from mdmentor.core.conflict_marks import find_marks
from mdmentor.core.ignore import note_of_copy
from mdmentor.core.merge import merge_note, sides_of
from mdmentor.core.merge.frontmatter import KeyConflict
from mdmentor.errors import RefusedToWrite
from mdmentor.git import blob, find_git_folder, text_merge, unmerged
from mdmentor.vault import Vault


class Versions(NamedTuple):
    """The versions of one note. Without a common ancestor the `base` is what both have."""

    path: str
    now: bytes  # what the file holds
    base: bytes
    ours: bytes
    theirs: bytes
    copy: str = ""  # the sync tool's file that theirs comes from


class Outcome(NamedTuple):
    """What is left to decide in a note."""

    path: str
    keys: tuple[KeyConflict, ...] = ()
    lines: tuple[int, ...] = ()  # in which stretches with two versions begin
    copy: str = ""  # deleted with the merge

    @property
    def is_done(self) -> bool:
        return not self.keys and not self.lines


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


def resolve(editor: NoteEditor, versions: Versions, take: Mapping[str, str]) -> Outcome:
    """Merges the versions per key and entry, and writes the note. A copy is deleted once all of it is in the note.

    `take` decides what is in conflict, as in `merge_note`. Raises RefusedToWrite where only a person can decide.
    """
    path = versions.path
    merged = merge_note(versions.base, versions.ours, versions.theirs, text_merge(), take=take)
    if merged is None:
        what = f"{path}: the front matter of a version cannot be merged"
        raise RefusedToWrite(what, "choose what to keep in your editor")
    changes = [Change(path, versions.now, merged.data)] if merged.data != versions.now else []
    if versions.copy and merged.is_clean:
        changes.append(Change(versions.copy, versions.theirs, None))
    if changes:
        editor.change(f"git resolve {path}", changes)
    lines = find_marks(merged.data.decode("utf-8", "surrogateescape"))
    return Outcome(path, merged.keys, lines[len(merged.keys) :], versions.copy)


def _with_copy(editor: NoteEditor, path: str, copy: str) -> Versions:
    """A note and a copy of it: what either holds more is an addition, as there is no common ancestor."""
    now = editor.read(path)
    return Versions(path, now, b"", now, editor.read(copy), copy)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
