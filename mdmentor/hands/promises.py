"""A promise kept: its box is ticked, wherever it was written down."""

from __future__ import annotations

from collections.abc import Sequence

from mdmentor.core import names
from mdmentor.core.edit_lines import tick
from mdmentor.core.escape import plain_words
from mdmentor.core.model import Promise
from mdmentor.errors import AmbiguousName, UnknownName
from mdmentor.hands.write import Hands, Written


def done(hands: Hands, path: str, words: str) -> list[Written]:
    """Ticks the one open promise between the user and a contact that holds all the words.

    Raises UnknownName where none does, AmbiguousName with all of them where several do.
    """
    person = hands.answers.person(path)
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
        raise AmbiguousName(f"{len(found)} promises fit", "say which, by words of its own", lines)
    promise = found[0]

    def edit(data: bytes) -> tuple[bytes, int]:
        return tick(data, promise.line, promise.text), promise.line

    return hands.edit(f"done {name}", {promise.path: edit})


def find_promises(promises: Sequence[Promise], words: str) -> list[Promise]:
    """The promises that hold every word, or where several do, the one that is just these words."""
    wanted = names.fold_plain(words).split()
    found = [p for p in promises if all(word in names.fold_plain(p.text) for word in wanted)]
    exact = [p for p in found if names.fold_plain(plain_words(p.text)) == names.fold_plain(words)]
    return exact if len(exact) == 1 else found
