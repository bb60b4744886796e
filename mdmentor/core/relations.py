"""How notes bear on each other, in order of weight, each with its reason in words.

A link either way weighs most, then having come up together, then shared topics (a rare one more than a
common one), then a mention of a name or alias without a link, in either note. Who is asked about, and where the evidence is
looked up, is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import log2

from mdmentor.core.model import CONTACT, NOTE, Relation
from mdmentor.core.text import full_day

LINK = 8.0  # a link is the user's own word that two notes belong together
BOTH_WAYS = 2.0  # and a link back confirms it
TOGETHER = 6.0  # a talk in which both came up
TOGETHER_AGAIN = 0.5  # each further one, up to four
TOPIC = 3.0  # a topic that only these two notes have; a common one weighs down to nothing
MENTION = 1.0


@dataclass(slots=True)
class Evidence:
    """What speaks for a relation between the note asked about and another one."""

    path: str
    kind: str
    title: str
    confidential: bool = False  # nothing but the title may be shown
    links_there: bool = False
    links_here: bool = False
    days: list[date] = field(default_factory=list)  # on which both came up, newest first
    topics: list[tuple[str, int]] = field(default_factory=list)  # shared ones, with how many notes have each
    is_mentioned: bool = False  # the other note's text names this one
    is_named: bool = False  # the text of this note names the other


def relate(evidence: Iterable[Evidence], notes: int, kind: str = NOTE) -> tuple[Relation, ...]:
    """The relations that the evidence bears out, heaviest first; ties by title, then path.

    `kind` is that of the note asked about: of a person one says "their note". `notes` is how many notes have
    topics at all: what is shared by half of them says little. A confidential note is told without reasons.
    """
    found = []
    for other in evidence:
        weight = 0.0
        reasons = []
        if other.links_there or other.links_here:
            weight += LINK + BOTH_WAYS * (other.links_there and other.links_here)
            reasons.append(_link_words(other, kind))
        if other.days:
            weight += TOGETHER + TOGETHER_AGAIN * min(len(other.days) - 1, 4)
            reasons.append(f"came up on {full_day(other.days[0])}{_more_words(len(other.days))}")
        rare = sorted(other.topics, key=lambda topic: (topic[1], topic[0]))
        if rare:
            weight += sum(_rarity(count, notes) for _, count in rare[:4])
            reasons.append(_topic_words(other, kind) + _and([text for text, _ in rare[:3]]))
        is_linked = other.links_there or other.links_here
        if (other.is_mentioned or other.is_named) and not is_linked:
            weight += MENTION
            reasons.append(_mention_words(other, kind))
        if weight:
            told = () if other.confidential else tuple(reasons)
            found.append(Relation(other.path, other.kind, other.title, round(weight, 2), told))
    return tuple(sorted(found, key=lambda r: (-r.weight, r.title.casefold(), r.path)))


def _link_words(other: Evidence, kind: str) -> str:
    if other.links_there and other.links_here:
        return "each links to the other"
    if other.links_there:
        return f"linked in {'their' if kind == CONTACT else 'this'} note"
    return "their note links here" if other.kind == CONTACT else "links here"


def _mention_words(other: Evidence, kind: str) -> str:
    if other.is_mentioned and other.is_named:
        return "each names the other without a link"
    if other.is_mentioned:
        return "named there without a link"
    return f"named in {'their' if kind == CONTACT else 'this'} note without a link"


def _topic_words(other: Evidence, kind: str) -> str:
    """A note is about its topics, a person can help with them."""
    if other.kind == CONTACT:
        return "both can help with " if kind == CONTACT else "can help with "
    return "about " if kind == CONTACT else "both are about "


def _more_words(times: int) -> str:
    return "" if times == 1 else " and once more" if times == 2 else f" and {times - 1} more times"


def _rarity(count: int, notes: int) -> float:
    """TOPIC for one that two notes share, falling to a tenth of it for one that all have."""
    if notes <= 2:
        return TOPIC
    return TOPIC * max(0.1, 1 - log2(max(count, 2) / 2) / log2(max(notes, 4) / 2))


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
