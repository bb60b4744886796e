"""Pairs of contacts that may be one person, as they may be shown."""

from __future__ import annotations

from mdmentor.core.duplicates import INITIAL, SLIP, Pair, find_pairs
from mdmentor.core.same_person import identity_of
from mdmentor.index import people
from mdmentor.queries import Queries

# Of a confidential contact the name alone is shown, and so is what the name says.
_BY_NAME = frozenset({"same name", "nearly the same name", "the names differ", INITIAL, SLIP})
_HIDDEN = "confidential"


def find_duplicates(queries: Queries) -> tuple[list[Pair], dict[str, str]]:
    """The pairs, the likeliest first, without those marked as different people; and the names in them, by path."""
    known = {contact.path: contact for contact in people.contacts(queries.index)}
    apart = {(one, other) for one, other, _ in people.apart(queries.index)}
    pairs = find_pairs(map(identity_of, known.values()), apart)
    secret = {path for path, contact in known.items() if contact.confidential}
    shown = [pair if secret.isdisjoint((pair.a, pair.b)) else _with_names_alone(pair) for pair in pairs]
    return shown, {path: known[path].name for pair in pairs for path in (pair.a, pair.b)}


def _with_names_alone(pair: Pair) -> Pair:
    evidence = tuple(words for words in pair.evidence if words in _BY_NAME)
    is_whole = len(evidence) == len(pair.evidence)
    return pair._replace(evidence=evidence if is_whole else (*evidence, _HIDDEN))
