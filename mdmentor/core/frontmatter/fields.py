"""The fields of one note by what they mean, and their values as texts, dates, words and answers.

`Fields` finds a field under any of its spellings and turns a value that does not fit into a problem at its
place. Which fields a contact has, and what they say of a person, is for `schema.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from mdmentor.core import dates, names
from mdmentor.core.frontmatter.keys import (
    CANONICAL,
    DATES_OF_THE_TIE,
    FALSE,
    GOAL_ACTIVE,
    GOAL_DONE,
    KEYS,
    KIND_TAGS,
    NO_DATES_OF_THE_TIE,
    SPELLED,
    TRUE,
    near_key,
    near_word,
)
from mdmentor.core.model import HINT, WARNING, Field, Goal, Problem

# Fields of which people have several: `email2`, `tel[work]` and `phone.home` are read as well.
_SEVERAL = frozenset({"email", "phone", "url", "company"})

_SUFFIX = r"[0-9]+$|\[.*|\..*"
_BETWEEN_COMMAS = r"(?:\[\[[^\[\]]{1,500}\]\]|[^,;\n])+"
_LINKS_ONLY = r"(?:\[\[[^\[\]]{1,500}\]\][,;\s]*)+"
_LINK = r"\[\[([^\[\]|]{1,500})(?:\|([^\[\]]{0,500}))?\]\]"
_NO_DATE = frozenset({"never", "none", "no", "unknown", "n/a", "-", "?"})
_ISO_LIKE = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}(?![0-9])"


@lru_cache(maxsize=4096)
def canonical_key(key: str) -> str:
    """What a folded key means, as a key of `vocabulary.KEYS`; "" for one that means nothing to us."""
    if found := CANONICAL.get(key):
        return found
    found = CANONICAL.get(re.sub(_SUFFIX, "", key), "")
    return found if found in _SEVERAL else ""


@lru_cache(maxsize=4096)
def is_date_of_the_tie(key: str) -> bool:
    """Whether a date under this folded key may be a day on which the tie was there: a meeting, a log, a note made.

    False for birthdays, for plans, and for a slip in a key that holds one of these. A key of the user's own may be
    anything, so its date counts unless a part of the key says otherwise.
    """
    leaf = key.rsplit(".", 1)[-1]
    if (
        found := canonical_key(key)
        or canonical_key(leaf)
        or CANONICAL.get(names.fold_key(near_key(leaf)), "")
    ):
        return found in DATES_OF_THE_TIE
    return not any(part in key for part in NO_DATES_OF_THE_TIE)


def _rank(field: Field) -> int:
    """Where a field's key stands among the spellings of its meaning; 0 is the canonical one."""
    key = field.key if field.key in CANONICAL else re.sub(_SUFFIX, "", field.key)
    return KEYS[CANONICAL[key]].index(key)


def field_of(fields: Sequence[Field], canonical: str) -> Field | None:
    """The field that holds this value under its canonical key or another spelling, in the vocabulary's order.

    One with a value goes before an empty one. None where the note has no such key.
    """
    spelled = SPELLED.get(canonical) or {names.fold_key(canonical)}
    found = [field for field in fields if field.key in spelled]
    if len(found) < 2:
        return found[0] if found else None
    spellings = KEYS.get(canonical, tuple(spelled))
    return min(found, key=lambda f: (not f.values, spellings.index(f.key)))


def filled(field: Field) -> tuple[str, ...]:
    """The field's values without those of a template that nobody filled in."""
    for value in field.values:
        if "{{" in value or "<%" in value:
            return tuple(value for value in field.values if "{{" not in value and "<%" not in value)
    return field.values


def _without_templates(field: Field) -> Field:
    """The field with its filled values alone, each in its place."""
    kept = [number for number, value in enumerate(field.values) if "{{" not in value and "<%" not in value]
    places = tuple(field.places[number] for number in kept) if field.places else ()
    return field._replace(values=tuple(field.values[number] for number in kept), places=places)


def shown(text: str) -> str:
    """The words of a text with links in it: "at [[PyCon 2019|PyCon]]" is "at PyCon"."""
    if "[[" not in text:
        return text
    return re.sub(_LINK, lambda match: match[2] or names.unlink(match[0]), text)


def items(values: Iterable[str], *, split: bool) -> Iterator[str]:
    """Each item of the values; `split` takes a text apart at its commas, links in a row always are."""
    for value in values:
        has_link = "[[" in value
        if not has_link and not (split and ("," in value or ";" in value or "\n" in value)):
            yield value.strip() if split else value
        elif split or re.fullmatch(_LINKS_ONLY, value):
            yield from (part.strip() for part in re.findall(_BETWEEN_COMMAS, value))
        else:
            yield value


def quoted(text: str) -> str:
    """The user's words for a problem: in double quotes, none inside, not too long, on one line."""
    text = " ".join(text.replace('"', "'").split())
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


class Fields:
    """The filled fields of one note by meaning; reading them gathers `problems`."""

    def __init__(self, path: str, fields: Iterable[Field]) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.unknown: list[Field] = []
        self._found: dict[str, list[Field]] = {}
        for field in fields:
            key = canonical_key(field.key)
            if not key:
                self.unknown.append(field)
            elif values := filled(field):
                told = field if len(values) == len(field.values) else _without_templates(field)
                self._found.setdefault(key, []).append(told)
        for found in self._found.values():
            if len(found) > 1:
                found.sort(key=_rank)

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def get(self, key: str) -> Sequence[Field]:
        """Every filled field of that meaning, in the vocabulary's order, without values of a template."""
        return self._found.get(key, ())

    def text(self, key: str) -> str:
        """The first filled field as one text, its links as their words."""
        for field in self._found.get(key, ()):
            return ", ".join([shown(value) for value in field.values])
        return ""

    def texts(self, key: str, *, split: bool = False) -> tuple[str, ...]:
        """The items of every filled field, links as the name of their note, each once."""
        fields = self._found.get(key)
        if not fields:
            return ()
        found: dict[str, str] = {}
        for field in fields:
            for item in items(field.values, split=split and not field.is_list):
                name = names.unlink(item)
                if name:
                    found.setdefault(names.fold(name), name)
        return tuple(found.values())

    def topics(self, key: str) -> tuple[str, ...]:
        """The topics of every filled field, each once: as a list, a text with commas, links or tags."""
        texts = self.texts(key, split=True)
        if not texts:
            return ()
        found: dict[str, str] = {}
        for topic in texts:
            topic = topic.removeprefix("#").strip()
            if topic:
                found.setdefault(names.fold_topic(topic), topic)
        return tuple(found.values())

    def days(self, key: str) -> list[date]:
        """The dates of every filled field; what is no date is a problem and left out."""
        found = []
        for field in self._found.get(key, ()):
            for value in field.values:
                day = dates.parse_date(value)
                if day is not None:
                    found.append(day)
                elif value.lower() not in _NO_DATE:
                    self.report_date(field, value)
        return found

    def words(self, key: str, known: Mapping[str, str], canonical: Sequence[str]) -> tuple[str, ...]:
        """The values that are known words, each as its canonical one; any other is a problem."""
        found: list[str] = []
        for field in self._found.get(key, ()):
            for value in items(field.values, split=True):
                folded = names.fold_topic(value)
                if folded in known:
                    found.append(known[folded])
                elif folded not in FALSE and folded != "none":
                    self.report_word(field, value, canonical, known)
        return tuple(dict.fromkeys(found))

    def answer(self, field: Field) -> bool | None:
        """Yes or no; None where the field, with a problem, says neither."""
        value = field.values[0].lower()
        if value in TRUE or value in FALSE:
            return value in TRUE
        what = f"{field.name} {quoted(value)} says neither yes nor no"
        self.report(field, "not-yes-or-no", what, f"write {field.name}: true or {field.name}: false")
        return None

    def report(
        self, field: Field, code: str, what: str, fix: str, severity: str = WARNING, value: str = ""
    ) -> None:
        """A problem at the field, or at one value of it."""
        line, column = field.place_of(value)
        self.problems.append(Problem(self.path, line, column, severity, code, what, fix))

    def report_date(self, field: Field, value: str) -> None:
        what, fix = f"{field.name} {quoted(value)} is no date", "write it as 2026-10-14"
        if readings := dates.readings(value):
            fix = "write it as " + " or ".join(quoted(day) for day in readings)
        elif re.match(_ISO_LIKE, names.unlink(value)):
            what = f"{field.name} {quoted(value)} is a day that no calendar has"
            fix = "write one that exists, as in 2026-10-14"
        self.report(field, "not-a-date", what, fix, value=value)

    def report_word(
        self, field: Field, value: str, canonical: Sequence[str], known: Iterable[str] = ()
    ) -> None:
        """A word that is none of `canonical`, with the near one that was meant if there is one."""
        near = near_word(value, (*canonical, *known))
        choices = ", ".join(canonical[:-1]) + f" or {canonical[-1]}"
        fix = f'did you mean "{near}"? else write {choices}' if near else f"write {choices}"
        what = f"{field.name} {quoted(value)} is not known"
        self.report(field, "unknown-word", what, fix, value=value)

    def hint(self, field: Field, code: str, what: str, fix: str) -> None:
        self.report(field, code, what, fix, HINT)


_TAG_GAPS = r"[,\s]+"


def contact_name(fields: Sequence[Field]) -> str:
    """The name that the front matter gives: `name`, else first and last name together, else ""."""
    if name := _words_under(fields, "name"):
        return name
    first = _words_under(fields, "first_name")
    last = _words_under(fields, "last_name") if first else ""
    return f"{first} {last}" if last else ""


def _words_under(fields: Sequence[Field], key: str) -> str:
    field = field_of(fields, key)
    values = filled(field) if field else ()
    return " ".join(names.unlink(values[0]).split()) if values else ""


def read_tags(path: str, fields: Sequence[Field]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The note's tags without "#", as first spelled, each once. Read too: `a, b` and `a b` in one text."""
    card: Fields | None = None
    found: dict[str, str] = {}
    spelled = SPELLED["tags"]
    for field in fields:
        if field.key not in spelled or not field.values:
            continue
        card = card or Fields(path, ())
        if field.is_list:
            told = list(items(filled(field), split=True))
        else:
            told = [
                part
                for value in filled(field)
                for part in ([value] if "[[" in value else re.split(_TAG_GAPS, value))
            ]
        tags = [names.unlink(tag).lstrip("#").strip() for tag in told]
        for tag in filter(None, tags):
            if tag.isdecimal():
                card.hint(
                    field,
                    "numeric-tag",
                    f"tag {quoted(tag)} has no letter, so it is none",
                    "add a letter to it",
                )
            else:
                found.setdefault(names.fold(tag), tag)
        if not field.is_list:
            _hint_list(card, field, tags)
    return tuple(found.values()), tuple(card.problems) if card else ()


def read_aliases(path: str, fields: Sequence[Field]) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The note's other names, each once. Read too: `a, b` in one text, and nicknames."""
    card: Fields | None = None
    found: dict[str, str] = {}
    spelled = SPELLED["aliases"]
    for field in fields:
        if field.key not in spelled or not field.values:
            continue
        card = card or Fields(path, ())
        told = [names.unlink(name) for name in items(filled(field), split=not field.is_list)]
        for name in filter(None, told):
            found.setdefault(names.fold(name), name)
        if not field.is_list and field.key in ("aliases", "alias"):
            _hint_list(card, field, told)
    return tuple(found.values()), tuple(card.problems) if card else ()


def _hint_list(card: Fields, field: Field, told: list[str]) -> None:
    texts = [text for text in told if text]
    if texts:
        what = f"{field.name} {quoted(field.values[0])} is one text, which other programs do not read"
        card.hint(field, "not-a-list", what, "write a list: " + quoted(f"[{', '.join(texts)}]"))


def post_topics(fields: Sequence[Field], tags: Sequence[str]) -> tuple[str, ...]:
    """What a post or a goal is about: its `topics`, else its tags without those that say what it is."""
    told = Fields("", (field for field in fields if field.key in ("topics", "topic"))).topics("helps_with")
    if told:
        return told
    topics = []
    for tag in tags:
        kind, _, topic = tag.partition("/")
        if kind.lower() not in KIND_TAGS:
            topics.append(tag)
        elif topic:
            topics.append(topic)
    return tuple(topics)


def type_goal(
    path: str, fields: Sequence[Field], title: str, tags: Sequence[str]
) -> tuple[Goal, tuple[Problem, ...]]:
    """The goal that the note tells. It is active unless its `status` says that it is done or paused."""
    card = Fields(path, ())
    active = True
    for field in fields:
        values = filled(field)
        if not values:
            continue
        if field.key in ("done", "paused", "completed") and values[0].lower() not in FALSE:
            active = False
        elif field.key == "status":
            words = [names.fold_topic(value) for value in values]
            if any(word in GOAL_DONE for word in words):
                active = False
            elif not any(word in GOAL_ACTIVE for word in words):
                near = near_word(words[0], GOAL_DONE)
                fix = f'did you mean "{near}"? else write active, paused or done' if near else ""
                what = f"status {quoted(values[0])} is not known, so the goal counts as active"
                card.hint(field, "unknown-word", what, fix or "write active, paused or done")
    return Goal(path, title, post_topics(fields, tags), active), tuple(card.problems)
