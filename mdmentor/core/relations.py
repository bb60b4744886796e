"""How notes relate to each other, in order of weight, each with its reason in words.

A link either way weighs most, then having come up together, then shared topics (a rare one more than a
common one), then a mention of a name or alias without a link, in either note. The evidence is looked up elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from math import log2

from mdmentor.core.model import CONTACT, NOTE, Relation
from mdmentor.core.text import full_day, listing

LINK = 8.0  # a link is the user's own word that two notes belong together
BOTH_WAYS = 2.0  # and a link back confirms it
TOGETHER = 6.0  # a talk in which both came up
TOGETHER_AGAIN = 0.5  # each further one, up to four
TOPIC = 3.0  # a topic that only these two notes have; a common one weighs down to nothing
MENTION = 1.0


class Evidence:
    """What relates the note asked about to another one; of a confidential one only the title is shown."""

    def __init__(self, path: str, kind: str, title: str, confidential: bool = False) -> None:
        self.path, self.kind, self.title, self.confidential = path, kind, title, confidential
        self.links_there = self.links_here = False
        self.days: list[date] = []  # on which both came up, newest first
        self.topics: list[tuple[str, int]] = []  # shared ones, with how many notes have each
        self.is_mentioned = False  # the other note's text names this one
        self.is_named = False  # the text of this note names the other


def relate(evidence: Iterable[Evidence], notes: int, kind: str = NOTE) -> tuple[Relation, ...]:
    """The relations for which there is evidence, heaviest first; ties by title, then path.

    `kind` is that of the note asked about: of a person one says "their note". `notes` is how many notes have
    topics at all: what is shared by half of them says little. A confidential note comes without reasons.
    """
    found = []
    for other in evidence:
        weighed = [*_weigh(other, notes, kind)]
        if weight := sum(points for points, _ in weighed):
            reasons = () if other.confidential else tuple(words for _, words in weighed)
            found.append(Relation(other.path, other.kind, other.title, round(weight, 2), reasons))
    return tuple(sorted(found, key=lambda r: (-r.weight, r.title.casefold(), r.path)))


def _weigh(other: Evidence, notes: int, kind: str) -> Iterator[tuple[float, str]]:
    """The weight of each piece of evidence, with its reason in words."""
    this = "their note" if kind == CONTACT else "this note"
    if other.links_there and other.links_here:
        yield LINK + BOTH_WAYS, "each links to the other"
    elif other.links_there:
        yield LINK, f"linked in {this}"
    elif other.links_here:
        yield LINK, "their note links here" if other.kind == CONTACT else "links here"
    if other.days:
        again = len(other.days) - 1
        more = ("", " and once more")[again] if again < 2 else f" and {again} more times"
        yield TOGETHER + TOGETHER_AGAIN * min(again, 4), f"came up on {full_day(other.days[0])}{more}"
    if rare := sorted(other.topics, key=lambda topic: (topic[1], topic[0])):
        about = _TOPIC_WORDS[kind == CONTACT, other.kind == CONTACT]
        topics = listing([text for text, _ in rare[:3]])
        yield sum(_rarity(count, notes) for _, count in rare[:4]), f"{about} {topics}"
    if other.links_there or other.links_here:
        return
    if other.is_mentioned and other.is_named:
        yield MENTION, "each names the other without a link"
    elif other.is_mentioned:
        yield MENTION, "named there without a link"
    elif other.is_named:
        yield MENTION, f"named in {this} without a link"


# A note is about its topics, a person can help with them: by whether this note and the other one are contacts.
_TOPIC_WORDS = {
    (True, True): "both can help with",
    (False, True): "can help with",
    (True, False): "about",
    (False, False): "both are about",
}


def _rarity(count: int, notes: int) -> float:
    """TOPIC for one that two notes share, falling to a tenth of it for one that all have."""
    if notes <= 2:
        return TOPIC
    return TOPIC * max(0.1, 1 - log2(max(count, 2) / 2) / log2(max(notes, 4) / 2))
