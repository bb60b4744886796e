"""From the fields of a head to a contact: every row of the front matter that a person's note may hold.

Everything is optional, and every spelling that people use is read. A value that does not fit becomes a
problem at its place and counts as absent; only what would guard somebody is taken at its word when in
doubt. Unknown keys are left alone. The tags, aliases, topics and goals of any note are read by `labels.py`
and told here too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.core import dates, names
from mdmentor.core.frontmatter.fields import (
    Fields,
    canonical_key,
    contact_name,
    field_of,
    filled,
    items,
    post_topics,
    quoted,
    read_aliases,
    read_tags,
    shown,
    type_goal,
)
from mdmentor.core.frontmatter.keys import (
    FALSE,
    FORMER,
    MENTOR_STEPS,
    MENTOR_WORDS,
    NEVER,
    NEVER_TAGS,
    PAST,
    SOURCE_WORDS,
    SOURCES,
    SUPPORT,
    SUPPORT_WORDS,
    TIERS,
    TRUE,
    near_key,
    near_word,
)
from mdmentor.core.model import Birthday, Contact, Field, Problem, Settings

__all__ = [
    "SOURCES",
    "contact_name",
    "field_of",
    "post_topics",
    "read_aliases",
    "read_tags",
    "type_contact",
    "type_goal",
]

_ADDRESS_GAPS = r"[,;\s]+"
_MAILTO = r"(?i)(?:\[[^\[\]]*\]\()?(?:mailto:)?<?([^\s<>()\[\],;]+@[^\s<>()\[\],;]+?)>?\)?"
_NAMED_MAIL = r"[^<>@]*<([^\s<>@]+@[^\s<>@]+)>"
_EMPTY_BRACKETS = r"\(\s*+\)|\[\s*+\]"
_LOOSE = r"^[\s,;:(-]+|(?<![\s,;:(-])[\s,;:(-]++$"
_GAP_BEFORE = r"(?<!\s)\s++([,;)])"
_ISO = r"([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})(?![0-9])"
_WHERE = r" (?:at|from|in|of|for|@|who) "


def type_contact(
    path: str,
    fields: Sequence[Field],
    *,
    name: str,
    aliases: Sequence[str],
    tags: Sequence[str],
    first_date: date | None,
    settings: Settings,
) -> tuple[Contact, tuple[Problem, ...]]:
    """The person that the fields tell of, and what in them does not fit.

    `name`, `aliases` and `tags` are those of the whole note, `first_date` is the earliest date told in its body.
    Problems with tags and aliases come from `read_tags` and `read_aliases`, and are not told again.
    """
    card = Fields(path, fields)
    met, met_on = _met(card)
    cadence_days, cadence_none = _cadence(card)
    source, mentor = _source(card)
    last_contact = max(card.days("last_contact"), default=None)
    created = [
        day for field in card.get("created") for value in field.values if (day := dates.parse_date(value))
    ]
    contact = Contact(
        path=path,
        name=name,
        aliases=tuple(aliases),
        tags=tuple(tags),
        email=_email(card),
        phone=card.texts("phone", split=True),
        linkedin=next(iter(card.texts("linkedin")), ""),
        url=tuple([url.rstrip(",;") for url in card.texts("url")]),
        company=_company(card),
        role=_role(card, name),
        location=card.text("location"),
        met=met,
        met_on=met_on,
        source=source,
        introduced_by=_introduced_by(card),
        cadence_days=cadence_days,
        cadence_none=cadence_none,
        tier=_tier(card, settings),
        last_contact=last_contact,
        next=next(iter(card.days("next")), None),
        snooze=next(iter(card.days("snooze")), None),
        paused=_paused(card, tags),
        helps_with=card.topics("helps_with"),
        wants=card.topics("wants"),
        mentor=_mentor(card) if "mentor" in card else mentor,
        support=card.words("support", SUPPORT_WORDS, SUPPORT),
        birthday=_birthday(card),
        confidential=_confidential(card),
        first_date=min([day for day in (first_date, met_on, last_contact, *created) if day], default=None),
    )
    _hint_slips(card)
    return contact, tuple(card.problems)


def _email(card: Fields) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for field in card.get("email"):
        for value in field.values:
            named = re.fullmatch(_NAMED_MAIL, value)
            for part in [named[1]] if named else filter(None, re.split(_ADDRESS_GAPS, value)):
                match = re.fullmatch(_MAILTO, part)
                if match is None:
                    what = f"{field.name} {quoted(value)} is no address"
                    card.report(field, "not-an-address", what, "write it as name@place.org", value=value)
                    break
                found.setdefault(match[1].lower(), match[1])
    return tuple(found.values())


def _company(card: Fields) -> tuple[str, ...]:
    """The companies under the first spelling that the note uses; a comma may be part of a name."""
    for field in card.get("company"):
        told = [names.unlink(item) for item in items(field.values, split=False)]
        return tuple(dict.fromkeys(filter(None, told)))
    return ()


def _role(card: Fields, name: str) -> str:
    """The role; `title` often repeats the note's title, which is a name and no role."""
    for field in card.get("role"):
        role = ", ".join([shown(value) for value in field.values])
        if field.key != "title" or names.fold_plain(role) != names.fold_plain(name):
            return role
    return ""


def _introduced_by(card: Fields) -> str:
    for field in card.get("introduced_by"):
        return ", ".join(names.unlink(item) for item in items(field.values, split=False))
    return ""


def _met(card: Fields) -> tuple[str, date | None]:
    """The words on how they met and the day, gathered from all that tells of it."""
    told: list[str] = []
    day: date | None = None
    for field in card.get("met"):
        for value in field.values:
            if found := dates.find_date(value):
                day = day or found[0]
                value = value[: found[1]].rstrip() + " " + value[found[2] :].lstrip()
            elif match := re.match(_ISO, value):
                card.report_date(field, match[1])
                value = value[match.end() :]
            words = shown(value)
            if "(" in words or "[" in words:
                words = re.sub(_EMPTY_BRACKETS, "", words)
            if "," in words or ";" in words or ")" in words:
                words = re.sub(_GAP_BEFORE, r"\1", words)
            if not (words[:1].isalnum() and words[-1].isalnum()):
                words = re.sub(_LOOSE, "", words)
            if words and words.lower() not in TRUE and words.lower() not in FALSE:
                told.append(words)
    return ", ".join(dict.fromkeys(told)), day


def _source(card: Fields) -> tuple[tuple[str, ...], str]:
    """Where the tie comes from, in canonical words where they are known, and the step of a "mentor" there."""
    found: list[str] = []
    mentor = ""
    for field in card.get("source"):
        for value in field.values:
            apart = value if field.is_list else value.replace("/", ",").replace(" and ", ",")
            parts = list(items([apart], split=not field.is_list))
            known = [_source_word(part) for part in parts]
            if not any(known):  # words of the user's own, which may hold commas
                known, parts = [""], [value]
            for word, part in zip(known, parts, strict=True):
                if word == "mentor":
                    mentor = mentor or ("past" if names.fold_topic(part).startswith(PAST) else "ongoing")
                else:
                    found.append(word or shown(part).strip())
    return tuple(dict.fromkeys(filter(None, found))), mentor


def _source_word(text: str) -> str:
    """The canonical word for "ex-boss" or "my former boss at Globex", or "mentor"; "" for other words."""
    word = names.fold_topic(text)
    for candidate in (word, re.split(_WHERE, word, maxsplit=1)[0]):
        while candidate not in SOURCE_WORDS and candidate.startswith(FORMER):
            candidate = candidate.split(" ", 1)[1]
        if candidate in SOURCE_WORDS:
            return SOURCE_WORDS[candidate]
        if candidate in ("mentor", "mentors"):
            return "mentor"
    return ""


def _cadence(card: Fields) -> tuple[int | None, bool]:
    """Days between two talks, and whether none are wanted."""
    for field in card.get("cadence"):
        value = field.values[0]
        if dates.is_no_cadence(value):
            return None, True
        days = dates.parse_span(value)
        if days is not None:
            return days, False
        near = near_word(value, dates.SPANS)
        fix = 'write "2 weeks" or "3 months"'
        fix = f'did you mean "{near}"? else {fix}' if near else fix
        card.report(field, "not-a-span", f"{field.name} {quoted(value)} is not a span of time", fix)
    return None, False


def _tier(card: Fields, settings: Settings) -> str:
    """The tier's word, folded as the words of the settings are."""
    for field in card.get("tier"):
        word = names.fold_topic(field.values[0])
        known = (*TIERS, *(own for own, _ in settings.tiers))
        if word not in known:
            near = near_word(word, known)
            fix = "write close, warm or casual, or give it days in mdmentor.toml"
            fix = f'did you mean "{near}"? else {fix}' if near else fix
            what = f"{field.name} {quoted(field.values[0])} names no rhythm"
            card.hint(field, "unknown-word", what, fix)
        return word
    return ""


def _mentor(card: Fields) -> str:
    return next(iter(card.words("mentor", MENTOR_WORDS, MENTOR_STEPS)), "")


def _birthday(card: Fields) -> Birthday | None:
    for field in card.get("birthday"):
        value = field.values[0]
        birthday = dates.parse_birthday(value)
        if birthday is not None:
            return birthday
        what = f"{field.name} {quoted(value)} is no birthday"
        card.report(field, "not-a-date", what, "write it as 1985-10-14 or 10-14")
    return None


def _paused(card: Fields, tags: Sequence[str]) -> bool:
    """True for somebody who is not to be suggested: told by a field, or by a tag like `do-not-contact`."""
    paused = not NEVER_TAGS.isdisjoint(map(names.fold_key, tags))
    for field in card.get("contact"):
        value = names.fold_topic(field.values[0])
        paused |= any(names.fold_topic(value) in NEVER for value in field.values)
        if value not in NEVER and near_word(value, ("never",)):
            what = f"contact {quoted(value)} is not known"
            card.report(field, "unknown-word", what, 'did you mean "never"?')
    for field in card.get("paused"):
        value = field.values[0]
        if day := dates.parse_date(value):
            what = f"{field.name} {quoted(value)} says neither yes nor no"
            card.report(field, "not-yes-or-no", what, f'write {field.name}: true, or "snooze: {day}"')
        else:
            paused |= bool(card.answer(field))
    for field in card.get("deceased"):
        paused |= field.values[0].lower() not in FALSE
    return paused


def _confidential(card: Fields) -> bool:
    """True unless it is clear that the note is not confidential: what was meant to be guarded is guarded."""
    found = False
    for field in card.get("confidential"):
        value = next((v for told in field.values if (v := told.lower()) not in FALSE), "")
        if value:
            found = True
            if value not in TRUE:
                what = f"confidential {quoted(value)} says neither yes nor no, so it counts as yes"
                card.report(field, "not-yes-or-no", what, "write confidential: true")
    for field in card.unknown:
        if near_key(field.key) == "confidential" and any(v.lower() not in FALSE for v in field.values):
            found = True
            what = f"key {quoted(field.name)} is read as confidential"
            card.report(field, "near-key", what, "write it so")
    return found


def _hint_slips(card: Fields) -> None:
    """Tells of known keys that hold keys of their own, and of slips of the pen where the key meant is missing."""
    told: set[str] = set()
    for field in card.unknown:
        outer = canonical_key(names.fold_key(field.name.split(".", 1)[0])) if "." in field.name else ""
        if outer and outer not in card and outer not in told and outer != "confidential" and filled(field):
            told.add(outer)
            name = field.name.split(".", 1)[0]
            what = f"{name} holds keys of its own, which are not read"
            card.hint(field, "nested", what, f'write one value behind "{name}:"')
        near = near_key(field.key) if field.values and "." not in field.key else ""
        if near and near != "confidential" and canonical_key(names.fold_key(near)) not in card:
            card.hint(field, "near-key", f"key {quoted(field.name)} is not known", f'did you mean "{near}"?')
