"""Errors for names that mean no note, or several; loaded only after such a mistake."""

from __future__ import annotations

from collections.abc import Sequence

from mdmentor.core import names
from mdmentor.core.model import NOTE, UNREAD
from mdmentor.core.text import shell_word
from mdmentor.errors import AmbiguousName, MdmentorError, RefusedToWrite, UnknownName
from mdmentor.index import Index, find, near, notes


def explain_not_found(
    index: Index, name: str, found: Sequence[find.Found], *, contacts_only: bool
) -> MdmentorError:
    """The error for a name that means no note, or several: those in `found`."""
    word = "contact" if contacts_only else "note"
    if found:
        lines = tuple(f"{title}: {path}" for path, _, title in found)
        many = len(found) if len(found) < find.MOST_FOUND else f"{find.MOST_FOUND} or more"
        what = f'"{name}" matches {many} {word}s'
        return AmbiguousName(what, "say which, by the full name or the path", lines)
    if contacts_only and (unread := _unread_note(index, name)):
        return unread
    if find.is_path(name):
        return _no_note_at(index, name, contacts_only=contacts_only)
    if contacts_only and (others := find.notes_called(index, name, contacts_only=False)):
        return _not_a_contact(others[0][0])
    if contacts_only:
        fix = _or_a_new_one(near.near_contacts(index, name), name)
    elif found_near := near.near_names(index, name):
        fix = _did_you_mean(found_near[:1])
    elif not any(map(str.isalnum, name)):
        fix = "see what there is with: mdmentor status"
    else:
        import shlex

        fix = f"look for its words with: mdmentor search {shlex.quote(name)}"
    return UnknownName(f'no {word} is called "{name}"', fix)


def _unread_note(index: Index, name: str) -> RefusedToWrite | None:
    """The error for a name that means a note which could not be read."""
    found = find.notes_called(index, name, contacts_only=False) or find.notes_at(index, name)
    unread = {p.path: p for p in notes.problems(index) if p.code in UNREAD} if found else {}
    for path, kind, _ in found:
        if path in unread and kind == NOTE:
            return RefusedToWrite(f"{path}: {unread[path].what}", unread[path].fix)
    return None


def _no_note_at(index: Index, path: str, *, contacts_only: bool) -> UnknownName:
    """What is wrong with a path that leads to no note, or to one that is no contact's."""
    if there := find.notes_at(index, path):
        return _not_a_contact(there[0][0])
    likely = near.near_paths(index, path, contacts_only=contacts_only) or near.near_names(
        index, path, contacts_only=contacts_only
    )
    if contacts_only:
        return UnknownName(f'no note is at "{path}"', _or_a_new_one(likely, path))
    return UnknownName(
        f'no note is at "{path}"', _did_you_mean(likely) or "give its path from the vault's root"
    )


def _not_a_contact(path: str) -> UnknownName:
    return UnknownName(f"{path} is not a contact", "see them all with: mdmentor contacts")


def _did_you_mean(likely: Sequence[str]) -> str:
    words = " or ".join(f'"{name}"' for name in likely)
    return f"did you mean {words}?" if likely else ""


def _or_a_new_one(likely: Sequence[str], name: str) -> str:
    """The nearest names, and the command that makes a contact of this name."""
    word = names.unlink(name).removesuffix(".md").strip()
    if not any(map(str.isalnum, word)):
        return "see them all with: mdmentor contacts"
    meant = _did_you_mean(likely)
    if not {"", ".", ".."}.isdisjoint(word.split("/")):  # no new note can be there
        return meant or "see them all with: mdmentor contacts"
    make = f"mdmentor new contact {shell_word(word)}"
    return f"{meant} to make a new one: {make}" if meant else f"to make one: {make}"
