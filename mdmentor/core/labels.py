"""What any note is called and is about: name, tags, aliases, topics, and the goal that a note tells.

Older shapes of these lists are read with a hint, since other programs have stopped reading them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mdmentor.core import names
from mdmentor.core.frontmatter.fields import Fields, field_of, filled, items, quoted
from mdmentor.core.frontmatter.keys import FALSE, GOAL_ACTIVE, GOAL_DONE, KIND_TAGS, SPELLED, near_word
from mdmentor.core.model import Field, Goal, Problem

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
                mend = f'did you mean "{near}"? else write active, paused or done' if near else ""
                what = f"status {quoted(values[0])} is not known, so the goal counts as active"
                card.hint(field, "unknown-word", what, mend or "write active, paused or done")
    return Goal(path, title, post_topics(fields, tags), active), tuple(card.problems)
