"""From the fields of a head to a contact, and to the tags, aliases, topics and goal of any note.

Everything is optional, and every spelling that people use is read. A value that does not fit becomes a problem at its
place and counts as absent; only what would guard somebody counts when in doubt. Unknown keys are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from mdmentor.core import dates, names
from mdmentor.core.frontmatter.keys import (
    EX,
    FALSE,
    FORMER,
    GOAL_ACTIVE,
    GOAL_DONE,
    KIND_TAGS,
    MENTOR_STEPS,
    MENTOR_WORDS,
    NEVER,
    NEVER_TAGS,
    SOURCE_WORDS,
    SPELLED,
    SUPPORT,
    SUPPORT_WORDS,
    TIERS,
    TRUE,
    canonical_key,
    near_key,
    near_word,
)
from mdmentor.core.frontmatter.values import (
    Fields,
    did_you_mean,
    field_of,
    filled,
    items,
    quoted,
    shown,
    unique,
)
from mdmentor.core.model import Birthday, Contact, Field, Goal, Problem, Settings

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
    """The person whom the fields describe, and what in them does not fit.

    `name`, `aliases` and `tags` are those of the whole note, `first_date` is the earliest date in its body. Problems
    with tags and aliases are left to `read_tags` and `read_aliases`.
    """
    card = Fields(path, fields)
    met, met_on = _met(card)
    cadence_days, cadence_none = _cadence(card)
    source, mentor = _source(card)
    last_contact = max(card.days("last_contact"), default=None)
    created = [dates.parse_date(value) for field in card.get("created") for value in field.values]
    first_dates = [day for day in (first_date, met_on, last_contact, *created) if day]
    contact = Contact(
        path=path,
        name=name,
        aliases=tuple(aliases),
        tags=tuple(tags),
        email=_email(card),
        phone=card.texts("phone", split=True),
        linkedin=next(iter(card.texts("linkedin")), ""),
        url=tuple(url.rstrip(",;") for url in card.texts("url")),
        company=_names(card, "company"),
        role=_role(card, name),
        location=card.text("location"),
        met=met,
        met_on=met_on,
        source=source,
        introduced_by=", ".join(_names(card, "introduced_by")),
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
        first_date=min(first_dates, default=None),
    )
    _hint_slips(card)
    return contact, tuple(card.problems)


def _email(card: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for field in card.get("email"):
        for value in field.values:
            named = re.fullmatch(_NAMED_MAIL, value)
            for part in [named[1]] if named else filter(None, re.split(_ADDRESS_GAPS, value)):
                match = re.fullmatch(_MAILTO, part)
                if match is None:
                    what = f"{field.name} {quoted(value)} is no address"
                    card.report(field, "not-an-address", what, "write it as name@place.org", value=value)
                    break
                found.append(match[1])
    return unique(found, str.lower)


def _names(card: Fields, key: str) -> tuple[str, ...]:
    """The names under the first spelling that the note uses; a comma may be part of a name."""
    for field in card.get(key):
        return unique([names.unlink(item) for item in items(field.values, split=False)], str)
    return ()


def _role(card: Fields, name: str) -> str:
    """The role; `title` often repeats the note's title, which is a name and no role."""
    for field in card.get("role"):
        role = ", ".join(map(shown, field.values))
        if field.key != "title" or names.fold_plain(role) != names.fold_plain(name):
            return role
    return ""


def _met(card: Fields) -> tuple[str, date | None]:
    """The words on how they met and the day, gathered from all fields about it."""
    words: list[str] = []
    day: date | None = None
    for field in card.get("met"):
        for value in field.values:
            if found := dates.find_date(value):
                day = day or found[0]
                value = value[: found[1]].rstrip() + " " + value[found[2] :].lstrip()
            elif match := re.match(_ISO, value):
                card.report_date(field, match[1])
                value = value[match.end() :]
            text = re.sub(_GAP_BEFORE, r"\1", re.sub(_EMPTY_BRACKETS, "", shown(value)))
            text = re.sub(_LOOSE, "", text)
            if text and text.lower() not in TRUE | FALSE:
                words.append(text)
    return ", ".join(dict.fromkeys(words)), day


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
                    mentor = mentor or ("past" if names.fold_topic(part).startswith(EX) else "ongoing")
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
        fix = did_you_mean(near_word(value, dates.SPANS), 'write "2 weeks" or "3 months"')
        card.report(field, "not-a-span", f"{field.name} {quoted(value)} is not a span of time", fix)
    return None, False


def _tier(card: Fields, settings: Settings) -> str:
    """The tier's word, folded as the words of the settings are."""
    for field in card.get("tier"):
        word = names.fold_topic(field.values[0])
        known = (*TIERS, *(own for own, _ in settings.tiers))
        if word not in known:
            fix = "write close, warm or casual, or give it days in mdmentor.toml"
            fix = did_you_mean(near_word(word, known), fix)
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
    """True for somebody who is never suggested, by a field or by a tag such as `do-not-contact`."""
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
        value = next((word.lower() for word in field.values if word.lower() not in FALSE), "")
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
    """Reports known keys that hold keys of their own, and misspelt keys where the key meant is missing."""
    nested: set[str] = set()
    for field in card.unknown:
        name = field.name.partition(".")[0]
        if "." in field.name:
            outer = canonical_key(names.fold_key(name))
            is_read = outer in card or outer in nested or outer in ("", "confidential")
            if not is_read and filled(field).values:
                nested.add(outer)
                what = f"{name} holds keys of its own, which are not read"
                card.hint(field, "nested", what, f'write one value behind "{name}:"')
        near = near_key(field.key) if field.values and "." not in field.key else ""
        if near and near != "confidential" and canonical_key(names.fold_key(near)) not in card:
            card.hint(field, "near-key", f"key {quoted(field.name)} is not known", f'did you mean "{near}"?')


def contact_name(fields: Sequence[Field]) -> str:
    """The name that the front matter gives: `name`, else first and last name together, else ""."""
    if name := _words_under(fields, "name"):
        return name
    first, last = _words_under(fields, "first_name"), _words_under(fields, "last_name")
    return f"{first} {last}" if first and last else ""


def _words_under(fields: Sequence[Field], key: str) -> str:
    field = field_of(fields, key)
    values = filled(field).values if field else ()
    return " ".join(names.unlink(values[0]).split()) if values else ""


def read_tags(path: str, fields: Sequence[Field]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The note's tags without "#", as first spelled, each once. Read too: `a, b` and `a b` in one text."""
    card = Fields(path, ())
    found: list[str] = []
    for field in _under(fields, "tags"):
        parts = list(items(filled(field).values, split=True))
        if not field.is_list:
            parts = [p for part in parts for p in ([part] if "[[" in part else part.split())]
        tags = [names.unlink(tag).lstrip("#").strip() for tag in parts]
        for tag in tags:
            if tag.isdecimal():
                what = f"tag {quoted(tag)} has no letter, so it is none"
                card.hint(field, "numeric-tag", what, "add a letter to it")
            else:
                found.append(tag)
        _hint_list(card, field, tags)
    return unique(found, names.fold), tuple(card.problems)


def read_aliases(path: str, fields: Sequence[Field]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The note's other names, each once. Read too: `a, b` in one text, and nicknames."""
    card = Fields(path, ())
    found: list[str] = []
    for field in _under(fields, "aliases"):
        aliases = [names.unlink(name) for name in items(filled(field).values, split=not field.is_list)]
        found += aliases
        if field.key in ("aliases", "alias"):
            _hint_list(card, field, aliases)
    return unique(found, names.fold), tuple(card.problems)


def _under(fields: Sequence[Field], key: str) -> list[Field]:
    spelled = SPELLED[key]
    return [field for field in fields if field.key in spelled and field.values]


def _hint_list(card: Fields, field: Field, parts: Sequence[str]) -> None:
    texts = [text for text in parts if text]
    if texts and not field.is_list:
        what = f"{field.name} {quoted(field.values[0])} is one text, which other programs do not read"
        card.hint(field, "not-a-list", what, "write a list: " + quoted(f"[{', '.join(texts)}]"))


def post_topics(fields: Sequence[Field], tags: Sequence[str]) -> tuple[str, ...]:
    """What a post or a goal is about: its `topics`, else its tags without those that say what it is."""
    topics = Fields("", [field for field in fields if field.key in ("topics", "topic")]).topics("helps_with")
    if topics:
        return topics
    parts = [tag.partition("/") for tag in tags]
    found = ["".join(part) if part[0].lower() not in KIND_TAGS else part[2] for part in parts]
    return tuple(filter(None, found))


def type_goal(
    path: str, fields: Sequence[Field], title: str, tags: Sequence[str]
) -> tuple[Goal, tuple[Problem, ...]]:
    """The goal of the note. It is active unless its `status` says that it is done or paused."""
    card = Fields(path, ())
    active = True
    for field in filter(lambda field: field.values, map(filled, fields)):
        if field.key in ("done", "paused", "completed") and field.values[0].lower() not in FALSE:
            active = False
        elif field.key == "status":
            words = [names.fold_topic(value) for value in field.values]
            if not GOAL_DONE.isdisjoint(words):
                active = False
            elif GOAL_ACTIVE.isdisjoint(words):
                fix = did_you_mean(near_word(words[0], GOAL_DONE), "write active, paused or done")
                what = f"status {quoted(field.values[0])} is not known, so the goal counts as active"
                card.hint(field, "unknown-word", what, fix)
    return Goal(path, title, post_topics(fields, tags), active), tuple(card.problems)
