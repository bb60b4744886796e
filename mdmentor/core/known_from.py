"""Where somebody is known from, for pages that group people by it.

`source` says it; where a note has none, its tags and a word of kinship in the name do. That is good enough to
stand in a group, and for nothing else: no rhythm and no reason is made of it.
"""

from __future__ import annotations

from functools import lru_cache

from mdmentor.core import names
from mdmentor.core.frontmatter.keys import SOURCE_WORDS
from mdmentor.core.model import Contact

# Words that tell of somebody as a source, and of anything as a tag.
_NOT_AS_TAGS = frozenset(
    names.fold_topic(word)
    for word in ("report", "interview", "dinner", "organisation", "organization", "association", "society")
)
_KIN_WORDS = "mum mom mama dad papa aunt auntie uncle grandma granny grandpa nana cousin oma opa"
_KIN = frozenset(_KIN_WORDS.split())


def known_from(contact: Contact) -> tuple[str, ...]:
    """Words of the field `source`, in the note's order; () where nothing tells."""
    if contact.source:
        return contact.source
    told = dict.fromkeys([source for tag in contact.tags for source in _told_by(tag)])
    return tuple(told) if told or not _is_kin(contact.name) else ("family",)


@lru_cache(maxsize=64)  # asked for by several pages of the same person
def _is_kin(name: str) -> bool:
    return names.fold_plain(name).partition(" ")[0] in _KIN


@lru_cache(maxsize=4096)  # a vault has few tags, on many notes
def _told_by(tag: str) -> tuple[str, ...]:
    """The sources that one tag tells of, part by part."""
    words = map(names.fold_topic, tag.split("/"))
    return tuple(SOURCE_WORDS[word] for word in words if word in SOURCE_WORDS and word not in _NOT_AS_TAGS)
