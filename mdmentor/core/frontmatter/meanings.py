"""What the keys of the front matter mean and may hold, in the words that an editor shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.core import names
from mdmentor.core.dates import add_days
from mdmentor.core.frontmatter import keys
from mdmentor.core.frontmatter.keys import canonical_key
from mdmentor.core.model import CONTACT, DATED, GOAL, POST, Settings
from mdmentor.core.text import ago

# Key -> what it means; in the order in which they are offered.
MEANINGS = {
    "name": "what the person is called; else the first heading, else the file's name",
    "aliases": "other names, a list",
    "tags": "a list, with or without #",
    "email": "one address or several",
    "phone": "one number or several",
    "company": "where they work: text, list or a link to a note",
    "role": "what they do there",
    "location": "where they live",
    "linkedin": "an address",
    "url": "one address or several",
    "met": "how you met: words, a date, or both",
    "source": "where you know them from",
    "introduced_by": "a link to the person who brought you together",
    "cadence": "how often you wish to be in touch",
    "tier": "how close you are, in place of a cadence",
    "last_contact": "a date; the later of this and the log counts",
    "next": "a date on which to be in touch; it goes before the cadence",
    "snooze": "a date; the person is not suggested before it",
    "contact": "never: the person is never suggested",
    "helps_with": "topics they can help with: words or links",
    "wants": "what you could do for them: words or links",
    "mentor": "the step you have come to with a mentor",
    "support": "what they are there for",
    "birthday": "1985-10-14, or 10-14 without the year",
    "confidential": "true: only the name may appear anywhere else",
    "first_name": "with last_name, in place of name",
    "last_name": "with first_name, in place of name",
    "paused": "true: the person is never suggested",
    "deceased": "true or a date: the person is never suggested",
    "created": "when the note was begun",
    "uid": "what other programs know them by",
    "distinct_from": "links to people who are not this one, whatever `duplicates` may say",
    "type": "what the note is",
    "topics": "what the note is about, a list",
    "status": "of a goal; done and paused end it",
    "date": "the day of a meeting",
    "attendees": "who took part: links or names, a list",
    "title": "what the note is called",
}
_OFFERED = {
    CONTACT: tuple(MEANINGS)[:25],
    POST: ("title", "topics", "tags", "aliases", "type", "confidential"),
    GOAL: ("type", "status", "topics", "tags", "confidential"),
    DATED: ("date", "type", "attendees", "tags"),
}
_OTHERS = {
    "type": ("person", "post", "goal", "meeting", "company", "project"),
    "status": ("active", "paused", "done"),
    "cadence": ("weekly", "2 weeks", "monthly", "6 weeks", "quarterly", "6 months", "yearly", "none"),
    "contact": ("never",),
    "confidential": ("true",),
    "paused": ("true",),
    "mentor": keys.MENTOR_STEPS,
    "support": keys.SUPPORT,
    "source": keys.SOURCES,
}


def meaning_of(name: str, kind: str) -> tuple[str, str]:
    """The key that is meant by a name as written in a note of this kind, and what it means; ("", "") for none."""
    folded = names.fold_key(name)
    own = {"topics": "topics", "title": "title"}.get(folded, "") if kind in (POST, GOAL) else ""
    own = own or (folded if folded in MEANINGS and not canonical_key(folded) else "")
    key = own or canonical_key(folded)
    return key, MEANINGS.get(key, "")


def accepted(key: str, settings: Settings, today: date) -> Sequence[tuple[str, str]]:
    """The values that a key accepts, each with a word about it; none where any text will do."""
    if key == "tier":
        return [(word, "") for word in (*keys.TIERS, *(own for own, _ in settings.tiers))]
    if key in ("next", "snooze"):
        return [(add_days(today, n).isoformat(), ago(add_days(today, n), today)) for n in (1, 7, 14, 30, 91)]
    if key in ("last_contact", "met", "date"):
        return [(add_days(today, -n).isoformat(), ago(add_days(today, -n), today)) for n in (0, 1)]
    return [(word, "") for word in _OTHERS.get(key, ())]


def missing_keys(written: Sequence[str], kind: str) -> list[tuple[str, str]]:
    """The keys that the front matter of such a note has not got yet, spelled as its others, with their meaning."""
    there = {meaning_of(name, kind)[0] or names.fold_key(name) for name in written}
    is_prm = any(names.fold_key(name).startswith("prm") for name in written)
    found = []
    for key in _OFFERED.get(kind, (*_OFFERED[CONTACT], "type")):
        if key in there or (key == "tier" and "cadence" in there) or (key == "cadence" and "tier" in there):
            continue
        spellings = keys.KEYS[key].spellings if key in keys.KEYS else (key,)
        own = next((s for s in spellings if s.startswith("prm_")), key) if is_prm else key
        found.append((_spelled(own, written), MEANINGS[key]))
    return found


def _spelled(key: str, like: Sequence[str]) -> str:
    """A key with the gaps and capitals of these."""
    first, *others = key.split("_")
    is_camel = any(re.search(r"[a-z][A-Z]", name) for name in like)
    gap = next((sign for sign in "-_ " if any(sign in name for name in like)), "" if is_camel else "_")
    if like and all(name[:1].isupper() for name in like):
        first = first.title()
    if is_camel or any(re.search(r"[ _-][A-Z]", name) for name in like):
        others = [word.title() for word in others]
    return gap.join([first, *others])
