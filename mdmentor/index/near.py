"""Names and paths that look like one that was typed and is not there, and the error that names them.

Loaded only after such a mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher, get_close_matches

from mdmentor.core import names
from mdmentor.core.model import NOTE, UNREAD
from mdmentor.core.names import fold_path, key_of
from mdmentor.core.text import shell_word
from mdmentor.errors import AmbiguousName, MdmentorError, RefusedToWrite, UnknownName
from mdmentor.index import Index, find, notes
from mdmentor.index.find import MOST_FOUND, contact_names, only_contacts, typed_word

_NEAR = 0.75  # how alike two names are, as difflib counts it, for one to be meant by the other


def explain_not_found(
    index: Index, name: str, found: Sequence[find.Found], *, contacts_only: bool
) -> MdmentorError:
    """The error for a name that means no note, or several: those in `found`."""
    word = "contact" if contacts_only else "note"
    if found:
        lines = tuple(f"{title}: {path}" for path, _, title in found)
        many = len(found) if len(found) < MOST_FOUND else f"{MOST_FOUND} or more"
        what = f'"{name}" matches {many} {word}s'
        return AmbiguousName(what, "say which, by the full name or the path", lines)
    if contacts_only and (unread := _unread_note(index, name)):
        return unread
    if find.is_path(name):
        return _no_note_at(index, name, contacts_only=contacts_only)
    if contacts_only and (others := find.notes_called(index, name, contacts_only=False)):
        return _not_a_contact(others[0][0])
    if contacts_only:
        fix = _or_a_new_one(near_contacts(index, name), name)
    elif found_near := near_names(index, name):
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
    likely = near_paths(index, path, contacts_only=contacts_only) or near_names(
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


def near_paths(index: Index, name: str, *, contacts_only: bool) -> list[str]:
    """The paths that look like one that is not there, at most three: those of its file name, else similar ones."""
    wanted = fold_path(typed_word(name).replace("\\", "/"))
    only = only_contacts(contacts_only)
    same = f"SELECT n.path FROM note n WHERE n.key = ?{only} ORDER BY n.path LIMIT {MOST_FOUND}"
    if found := index.column(same, (key_of(wanted),)):
        return sorted(found, key=lambda path: -SequenceMatcher(None, wanted, fold_path(path)).ratio())[:3]
    every = index.column(f"SELECT n.path FROM note n WHERE n.kind != 'page'{only} ORDER BY n.path")
    near = {fold_path(path): path for path in every}
    return [near[folded] for folded in get_close_matches(wanted, near, n=1, cutoff=_NEAR)]


def near_names(index: Index, name: str, *, contacts_only: bool = False) -> list[str]:
    """Names of the vault that look like `name`, the nearest first; for "did you mean"."""
    plain = names.fold_plain(names.stem(typed_word(name).replace("\\", "/")))
    if len(plain) < 3:
        return []
    query = "SELECT m.plain, m.text FROM name m"
    if contacts_only:
        query += " JOIN note n ON n.id = m.note AND n.kind = 'contact'"
    order = "ORDER BY m.plain, m.text LIMIT"
    begins = f"{query} WHERE m.plain >= ?1 AND m.plain < ?1 || char(1114111) {order} 400"
    found = index.execute(begins, (plain[:2],)).fetchall()
    words = names.search_words(plain)
    if len(words) > 1 and len(words[-1]) > 2 and len(found) < 400:
        found += index.execute(f"{query} WHERE m.last = ? {order} 100", words[-1:])
    near = dict(reversed(found))  # of each name the first way in which it is written
    return [near[name] for name in get_close_matches(plain, near, n=3, cutoff=_NEAR)]


def near_contacts(index: Index, name: str) -> list[str]:
    """Names of contacts that look like `name`, the nearest first, at most three; also by one word of theirs."""
    near = near_names(index, name, contacts_only=True)
    plain = names.fold_plain(names.stem(typed_word(name).replace("\\", "/")))
    if near or len(plain) < 3:
        return near
    whole: dict[str, str] = {}
    by_word: dict[str, list[str]] = {}
    for folded, _, title in contact_names(index):
        whole.setdefault(folded, title)
        for word in folded.split():
            by_word.setdefault(word, []).append(title)
    if found := get_close_matches(plain, whole, n=3, cutoff=_NEAR):
        return list(dict.fromkeys(whole[one] for one in found))
    words = [word for word in plain.split() if len(word) > 2]
    found = [near for word in words for near in get_close_matches(word, by_word, n=3, cutoff=_NEAR)]
    return list(dict.fromkeys(title for word in found for title in by_word[word]))[:3]
