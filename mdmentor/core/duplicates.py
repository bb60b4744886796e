"""Pairs of people who are or may be one person, the likeliest first.

The judge of `same_person` decides. Beside what it finds, two names are asked about that are written with an initial or
with a slip; these never say more than "unsure". Pairs and not groups: that A may be B and B may be C says nothing of A and C.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from mdmentor.core.same_person import MOST_HOLDERS, ORDER, SAME, UNSURE, Directory, Identity, latin_words

INITIAL, SLIP = "the initials fit", "the names differ by one letter"
_ORDER = (*ORDER, INITIAL, SLIP)
_BY_NAME = {"same name", "nearly the same name", "the names differ", INITIAL, SLIP}
_SHORT = 6  # letters; in shorter words another letter makes another name: Zhang and Zheng


class Pair(NamedTuple):
    a: str  # the path that comes first
    b: str
    verdict: str
    evidence: tuple[str, ...]  # in words, the strongest first


def find_pairs(
    people: Iterable[Identity], apart: Iterable[Sequence[str]] = (), hidden: Collection[str] = ()
) -> list[Pair]:
    """All pairs but those that are known to be `apart` (two paths and what else is known, in either order).

    Of the confidential contacts at the paths `hidden` the name alone is shown, and what the name says.
    """
    known = list(people)
    found = {(path, match.path): Pair(path, *match) for path, match in Directory(known).pairs()}
    for one, other, evidence in (*_with_initials(known), *_with_slips(known)):
        a, b = sorted((one, other))
        found.setdefault((a, b), Pair(a, b, UNSURE, (evidence,)))
    silent = {tuple(sorted(pair[:2])) for pair in apart}
    pairs = [pair for names, pair in found.items() if names not in silent]
    pairs.sort(key=lambda p: (p.verdict != SAME, _ORDER.index(p.evidence[0]), -len(p.evidence), p.a, p.b))
    return [pair if {pair.a, pair.b}.isdisjoint(hidden) else _with_names_alone(pair) for pair in pairs]


def _with_names_alone(pair: Pair) -> Pair:
    evidence = tuple(words for words in pair.evidence if words in _BY_NAME)
    is_whole = len(evidence) == len(pair.evidence)
    return pair._replace(evidence=evidence if is_whole else (*evidence, "confidential"))


def _all_words(people: Iterable[Identity]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(path, words) of every name of two words or more."""
    for person in people:
        for name in (person.name, *person.aliases):
            if len(words := latin_words(name)) > 1:
                yield person.path, words


def _with_initials(people: Iterable[Identity]) -> Iterator[tuple[str, str, str]]:
    """H. Müller and Hans Müller, Ann B. Smith and Ann Smith."""
    short: dict[str, set[str]] = {}
    whole: dict[str, set[str]] = {}
    for path, words in _all_words(people):
        whole.setdefault(f"- {' '.join(sorted(words))}", set()).add(path)
        for number, word in enumerate(words):
            rest = sorted(words[:number] + words[number + 1 :])
            if any(len(other) > 1 for other in rest):
                holders = short if len(word) == 1 else whole
                holders.setdefault(f"{word[0]} {' '.join(rest)}", set()).add(path)
                if len(word) == 1 and len(rest) > 1:
                    short.setdefault(f"- {' '.join(rest)}", set()).add(path)
    for key, paths in short.items():
        others = whole.get(key, set())
        if len(paths) <= MOST_HOLDERS and len(others) <= MOST_HOLDERS:
            yield from ((one, other, INITIAL) for one, other in product(paths, others) if one != other)


def _with_slips(people: Iterable[Identity]) -> Iterator[tuple[str, str, str]]:
    """Jon Smith and John Smith; nobody without rapidfuzz."""
    try:
        from rapidfuzz.distance import OSA
    except ImportError:
        return
    holders: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {}
    for path, words in _all_words(people):
        sounds = [re.sub(r"[aeiouyh]", "", word).replace("d", "t") for word in words]
        key = " ".join(sorted(re.sub(r"(.)\1+", r"\1", sound) for sound in sounds))
        holders.setdefault(key, {})[path, words] = None
    for group in holders.values():
        if len(group) > MOST_HOLDERS:
            continue
        for (one, ours), (other, theirs) in combinations(group, 2):
            differing = _differing(ours, theirs)
            if one != other and differing and OSA.distance(*differing, score_cutoff=1) == 1:
                yield one, other, SLIP


def _differing(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str] | None:
    """The one word in which two names differ, where it may be a slip; endings tell Maria from Mario."""
    mine, yours = sorted({*ours} - {*theirs}), sorted({*theirs} - {*ours})
    if len(ours) != len(theirs) or len(mine) != 1 or len(yours) != 1:
        return None
    one, other = mine[0], yours[0]
    if one[0] != other[0] or one[-1] != other[-1] or len(one) == len(other) < _SHORT:
        return None
    return one, other
