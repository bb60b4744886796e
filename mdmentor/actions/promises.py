"""A promise kept: its box is ticked, wherever it was written down."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mdmentor.actions.edit import EditedLine, NoteEditor
from mdmentor.core import names
from mdmentor.core.edit import tick
from mdmentor.core.model import Promise
from mdmentor.core.text import plain_words
from mdmentor.errors import AmbiguousName, UnknownName

# How the plugin Tasks says that a task comes again; it writes the next one when the box is ticked there.
_AGAIN = r"🔁|[\[(]\s*repeat\s*::"
_PLACE = r"(?:(?P<path>.+):)?(?P<line>\d+)"


def done(hands: NoteEditor, path: str, words: str) -> tuple[list[EditedLine], str]:
    """Ticks the one open promise between the user and a contact that holds all the words, or stands in that line.

    Gives what was written, and what the user should know beyond it; "" for nothing.

    Raises UnknownName where none does, AmbiguousName with all of them where several do.
    """
    person = hands.queries.person(path)
    found = find_promises(person.promises, words)
    name = person.contact.name
    if not found:
        told = f' with "{words.strip()}" in it' if words.strip() else ""
        raise UnknownName(
            f"there is no open promise between you and {name}{told}", "see them all with: mdmentor promises"
        )
    if len(found) > 1:
        lines = tuple(
            f"{p.path}:{p.line}: {'a private line' if p.private else plain_words(p.text)}" for p in found
        )
        raise AmbiguousName(f"{len(found)} promises fit", "say which, by words of its own or its line", lines)
    promise = found[0]
    again = False

    def edit(data: bytes) -> tuple[bytes, int]:
        nonlocal again
        after = tick(data, promise.line, promise.text)
        again = bool(re.search(_AGAIN, data.decode(errors="replace").splitlines()[promise.line - 1]))
        return after, promise.line

    written = hands.edit(f"done {name}", {promise.path: edit})
    return (
        written,
        "this one comes again, and the next one was not written; add it if you still mean to"
        if again
        else "",
    )


def find_promises(promises: Sequence[Promise], words: str) -> list[Promise]:
    """The promises that hold every word, or where several do, the one that is just these words.

    Where the words do not name one, they may be a line's number, or path and number as they are listed.
    """
    wanted = names.fold_plain(words).split()
    found = [p for p in promises if all(word in names.fold_plain(p.text) for word in wanted)]
    exact = [p for p in found if names.fold_plain(plain_words(p.text)) == names.fold_plain(words)]
    found = exact if len(exact) == 1 else found
    place = re.fullmatch(_PLACE, words.strip()) if len(found) != 1 else None
    if place is None:
        return found
    there = [p for p in promises if p.line == int(place["line"]) and place["path"] in (None, p.path)]
    return there or found
