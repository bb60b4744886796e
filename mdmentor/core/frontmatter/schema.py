"""From the fields of a note to a contact, and to the tags, aliases, topics and goal of any note.

Everything is optional. A value that does not fit becomes a problem at its place and counts as absent; only what would
guard somebody counts when in doubt. Unknown keys are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mdmentor.core import dates, day_words, names
from mdmentor.core.frontmatter import keys
from mdmentor.core.frontmatter.values import Fields, did_you_mean, filled, items, quoted, shown, unique
from mdmentor.core.model import HINT, WARNING, Birthday, Contact, Field, Goal, Settings

_MAILTO = r"(?:\[[^\[\]]*\]\()?(?i:mailto:)?<?([^\s<>()\[\],;]+@[^\s<>()\[\],;]+?)>?\)?"
_NAMED_MAIL = r"[^<>@]*<([^\s<>@]+@[^\s<>@]+)>"
_EMPTY_BRACKETS = r"\(\s*+\)|\[\s*+\]"
_LOOSE = r"^[\s,;:(-]+|(?<![\s,;:(-])[\s,;:(-]++$"
_SIGNS = r"[][,;:()-]"  # beside which something may be left over
_GAP_BEFORE = r"(?<!\s)\s++([,;)])"
_ISO = r"([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})(?![0-9])"
_ON = r"(?i)(?:^|\s)(?:on|in|since|am|im|seit|le|en|depuis|el|il|em|op)\s*$"  # before a day that is taken out
_WHERE = r" (?:at|from|in|of|for|@|who) "


def type_contact(
    card: Fields,
    *,
    name: str,
    aliases: tuple[str, ...],
    tags: tuple[str, ...],
    first_date: date | None,
    settings: Settings,
) -> Contact:
    """The person whom the fields describe; what in them does not fit becomes a problem of the card.

    `name`, `aliases` and `tags` are those of the whole note, `first_date` is the earliest date in its body.
    """
    said = {key: _READERS[key](card) for key in card.known if key in _READERS}
    met, met_on = said.pop("met", ("", None))
    cadence_days, cadence_none = said.pop("cadence", (None, False))
    source, mentor = said.pop("source", ((), ""))
    first_dates = [first_date, met_on, said.get("last_contact"), *said.pop("created", ())]
    contact = Contact(
        card.path,
        name,
        aliases,
        tags,
        role=_role(card, name),
        met=met,
        met_on=met_on,
        source=source,
        cadence_days=cadence_days,
        cadence_none=cadence_none,
        tier=_tier(card, settings),
        paused=_paused(card, tags),
        mentor=said.pop("mentor", mentor),
        confidential=_confidential(card),
        first_date=min(filter(None, first_dates), default=None),
        **said,
    )
    _hint_slips(card)
    return contact


def _email(card: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for field, value in card.values("email"):
        named = re.fullmatch(_NAMED_MAIL, value) if "<" in value else None
        for part in [named[1]] if named else value.replace(",", " ").replace(";", " ").split():
            match = re.fullmatch(_MAILTO, part)
            if match is None:
                fix = "write it as name@place.org"
                card.report(field, value, "not-an-address", "is not an email address", fix)
                break
            found.append(match[1])
    return unique(found, str.lower)


def _names(card: Fields, key: str) -> tuple[str, ...]:
    """The names under the first spelling that the note uses; a comma may be part of a name."""
    return unique(map(names.unlink, items(card.known[key][0].values, split=False)), str)


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
    for field, value in card.values("met"):
        if found := dates.find_date(value):
            day = day or found[0]
            value = re.sub(_ON, "", value[: found[1]]).rstrip() + " " + value[found[2] :].lstrip()
        elif value[0].isdigit() and (match := re.match(_ISO, value)):
            card.report_date(field, match[1])
            value = value[match.end() :]
        text = shown(value).strip()
        if re.search(_SIGNS, text):
            text = re.sub(_GAP_BEFORE, r"\1", re.sub(_EMPTY_BRACKETS, "", text))
            text = re.sub(_LOOSE, "", text)
        if text and text.lower() not in keys.YES_OR_NO:
            words.append(text)
    return ", ".join(dict.fromkeys(words)), day


def _source(card: Fields) -> tuple[tuple[str, ...], str]:
    """Where the tie comes from, in canonical words where they are known, and the step of a "mentor" there."""
    found: list[str] = []
    mentor = ""
    for field, value in card.values("source"):
        apart = value if field.is_list else value.replace("/", ",").replace(" and ", ",")
        parts = items([apart], split=not field.is_list)
        known = [_source_word(part) for part in parts]
        if not any(known):  # words of the user's own, which may hold commas
            known, parts = [""], [value]
        for word, part in zip(known, parts, strict=True):
            if word == "mentor":
                mentor = mentor or ("past" if names.fold_topic(part).startswith(keys.EX) else "ongoing")
            else:
                found.append(word or shown(part).strip())
    return tuple(dict.fromkeys(filter(None, found))), mentor


def _source_word(text: str) -> str:
    """The canonical word for "ex-boss" or "my former boss at Globex", or "mentor"; "" for other words."""
    word = names.fold_topic(text)
    for candidate in (word, re.split(_WHERE, word, maxsplit=1)[0]):
        while candidate not in keys.SOURCE_WORDS and candidate.startswith(keys.FORMER):
            candidate = candidate.split(" ", 1)[1]
        if candidate in keys.SOURCE_WORDS:
            return keys.SOURCE_WORDS[candidate]
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
        fix = did_you_mean(keys.near_word(value, dates.SPANS), 'write "2 weeks" or "3 months"')
        card.report(field, value, "not-a-span", "is not a span of time", fix)
    return None, False


def _tier(card: Fields, settings: Settings) -> str:
    """The tier's word, folded as the words of the settings are."""
    for field in card.get("tier"):
        word = names.fold_topic(field.values[0])
        known = (*keys.TIERS, *(own for own, _ in settings.tiers))
        if word not in known:
            fix = "write close, warm or casual, or give it days in mdmentor.toml"
            fix = did_you_mean(keys.near_word(word, known), fix)
            card.report(field, field.values[0], "unknown-word", "is not a known tier", fix, HINT)
        return word
    return ""


def _birthday(card: Fields) -> Birthday | None:
    for field in card.get("birthday"):
        if birthday := dates.parse_birthday(field.values[0]):
            return birthday
        days = " or ".join(quoted(day) for day in day_words.readings(field.values[0]))
        fix = f"write it as {days or '1985-10-14 or 10-14'}"
        card.report(field, field.values[0], "not-a-date", "is not a birthday", fix)
    return None


def _paused(card: Fields, tags: Sequence[str]) -> bool:
    """True for somebody who is never suggested, by a field or by a tag such as `do-not-contact`."""
    paused = not keys.NEVER_TAGS.isdisjoint([names.fold_key(tag.rpartition("/")[2]) for tag in tags])
    for field in card.get("contact"):
        words = [names.fold_topic(value) for value in field.values]
        paused |= not keys.NEVER.isdisjoint(words)
        if words[0] not in keys.NEVER and keys.near_word(words[0], ("never",)):
            card.report(field, field.values[0], "unknown-word", "is not known", 'did you mean "never"?')
    for field in card.get("paused"):
        if day := dates.parse_date(field.values[0]):
            fix = f'write {field.name}: true, or "snooze: {day}"'
            card.report(field, field.values[0], "not-yes-or-no", "is neither yes nor no", fix)
        else:
            paused |= card.answer(field)
    return paused or any(field.values[0].lower() not in keys.FALSE for field in card.get("deceased"))


def _confidential(card: Fields) -> bool:
    """True unless it is clear that the note is not confidential."""
    found = False
    for field in card.get("confidential"):
        if value := _not_false(field):
            found = True
            if value.lower() not in keys.TRUE:
                what = "is neither yes nor no, so it counts as yes"
                card.report(field, value.lower(), "not-yes-or-no", what, "write confidential: true")
    for field in card.unknown:
        if keys.near_key(field.key) == "confidential" and _not_false(field):
            found = True
            what = f"key {quoted(field.name)} is read as confidential"
            card.hint(field, "near-key", what, 'write it as "confidential"', WARNING)
    return found


def _not_false(field: Field) -> str:
    """The first value that does not say no; "" where all do."""
    return next((value for value in field.values if value.lower() not in keys.FALSE), "")


def _hint_slips(card: Fields) -> None:
    """Reports known keys that hold keys of their own, and misspelt keys where the key meant is missing."""
    nested: set[str] = set()
    for field in card.unknown:
        name = field.name.partition(".")[0]
        if "." in field.name:
            outer = keys.canonical_key(names.fold_key(name))
            is_read = outer in card or outer in nested or outer in ("", "confidential")
            if not is_read and filled(field).values:
                nested.add(outer)
                what = f"{name} has keys of its own, which are not read"
                card.hint(field, "nested", what, f'write one value after "{name}:"')
        near = keys.near_key(field.key) if field.values and "." not in field.key else ""
        if near and near != "confidential" and keys.canonical_key(names.fold_key(near)) not in card:
            card.hint(field, "near-key", f"key {quoted(field.name)} is not known", f'did you mean "{near}"?')


# What a key says of a contact, where the note has it.
_READERS: Mapping[str, Callable[[Fields], Any]] = {
    "email": _email,
    "phone": lambda card: card.texts("phone", split=True),
    "linkedin": lambda card: next(iter(card.addresses("linkedin")), ""),
    "url": lambda card: card.addresses("url"),
    "company": lambda card: _names(card, "company"),
    "location": lambda card: card.text("location"),
    "met": _met,
    "source": _source,
    "introduced_by": lambda card: ", ".join(_names(card, "introduced_by")),
    "cadence": _cadence,
    "last_contact": lambda card: max(card.days("last_contact"), default=None),
    "next": lambda card: next(iter(card.days("next")), None),
    "snooze": lambda card: next(iter(card.days("snooze")), None),
    "helps_with": lambda card: card.topics("helps_with"),
    "wants": lambda card: card.topics("wants"),
    "mentor": lambda card: next(iter(card.words("mentor", keys.MENTOR_WORDS, keys.MENTOR_STEPS)), ""),
    "support": lambda card: card.words("support", keys.SUPPORT_WORDS, keys.SUPPORT),
    "birthday": _birthday,
    "created": lambda card: [dates.parse_date(value) for _, value in card.values("created")],
    "uid": lambda card: card.text("uid"),
}


def contact_name(card: Fields) -> str:
    """The name that the front matter gives: `name`, else first and last name together, else "".

    Beside a first or last name alone a `name` of one word may be the other: `prénom: Ada`, `nom: Lovelace`.
    """
    found = [card.get(key) for key in ("name", "first_name", "last_name")]
    name, first, last = [" ".join(names.unlink(f[0].values[0]).split()) if f else "" for f in found]
    if name and bool(first) != bool(last) and " " not in name and name not in (first, last):
        return f"{first or name} {last or name}"
    return name or (f"{first} {last}" if first and last else "")


def read_tags(card: Fields) -> tuple[str, ...]:
    """The note's tags without "#", as first spelled, each once. Read too: `a, b`, `a b` and `:a:b:` in one text."""
    found: list[str] = []
    for field in card.get("tags"):
        is_org = field.key == "filetags"
        parts: Iterable[str] = items(field.values, split=True)
        if not field.is_list:
            gaps = r"[:\s]+" if is_org else r"\s+"
            parts = [p for part in parts for p in ([part] if "[[" in part else re.split(gaps, part))]
        tags = [names.unlink(tag).lstrip("#").strip() for tag in parts]
        for tag in tags:
            if tag.isdecimal():
                what = f"tag {quoted(tag)} has no letter, so it is not a tag"
                card.hint(field, "numeric-tag", what, "add a letter to it")
            else:
                found.append(tag)
        if not is_org and not field.is_list:
            _hint_list(card, field, tags)
    return unique(found, names.fold)


def read_aliases(card: Fields) -> tuple[str, ...]:
    """The note's other names, each once. Read too: `a, b` in one text, and nicknames."""
    found: list[str] = []
    for field in card.get("aliases"):
        aliases = [names.unlink(name) for name in items(field.values, split=not field.is_list)]
        found += aliases
        if field.key in ("aliases", "alias") and not field.is_list:
            _hint_list(card, field, aliases)
    return unique(found, names.fold)


WRITE_LIST = "write a list: "  # the rest of the fix is what to write


def _hint_list(card: Fields, field: Field, parts: Sequence[str]) -> None:
    if texts := [text for text in parts if text]:
        what = f"{field.name} {quoted(field.values[0])} is one text, which other programs do not read"
        card.hint(field, "not-a-list", what, f"{WRITE_LIST}[{' '.join(', '.join(texts).split())}]")


def post_topics(card: Fields, tags: Sequence[str]) -> tuple[str, ...]:
    """What a post or a goal is about: its `topics`, else its tags without those that say what it is."""
    own = [field for field in card.get("helps_with") if field.key in ("topics", "topic")]
    if topics := Fields("", own).topics("helps_with"):
        return topics
    parts = [tag.partition("/") for tag in tags]
    found = ["".join(part) if part[0].lower() not in keys.KIND_TAGS else part[2] for part in parts]
    return tuple(filter(None, found))


def type_goal(card: Fields, title: str, tags: Sequence[str]) -> Goal:
    """The goal of the note. It is active unless its `status` says that it is done or paused."""
    active = True
    for field in filter(lambda field: field.values, map(filled, card.all)):
        if field.key in ("done", "paused", "completed") and field.values[0].lower() not in keys.FALSE:
            active = False
        elif field.key == "status":
            words = [names.fold_topic(value) for value in field.values]
            if not keys.GOAL_DONE.isdisjoint(words):
                active = False
            elif keys.GOAL_ACTIVE.isdisjoint(words):
                fix = did_you_mean(keys.near_word(words[0], keys.GOAL_DONE), "write active, paused or done")
                what = "is not known, so the goal counts as active"
                card.report(field, field.values[0], "unknown-word", what, fix, HINT)
    return Goal(card.path, title, post_topics(card, tags), active)
