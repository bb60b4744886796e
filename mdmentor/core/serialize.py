"""The JSON shapes of the command line: values to plain dicts whose keys never change their meaning.

Keys may be added, not changed. What may be shown of a person was decided before: cards hold public persons, unless the
user asked for private lines. `colleagues` are the paths of the contacts who work where the user works.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from mdmentor.core.entries import Card, Choice, Occasion, TopicEntry
from mdmentor.core.model import Assessment, Backlink, Birthday, Interaction, Problem, Promise, Relation

if TYPE_CHECKING:
    from mdmentor.core.exchange import Exchange
    from mdmentor.core.mentoring import MentorStep, Place, Support

Shape = dict[str, object]


def _fields(value: object, names: str) -> Shape:
    """The attributes of these names, with lists for tuples and dates in ISO form."""
    return {name: _plain(getattr(value, name)) for name in names.split()}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def suggestion(assessment: Assessment, card: Card) -> Shape:
    """One suggestion, with its reasons in descending points; of a confidential contact without dates."""
    dates = _fields(assessment, "due last_contact cadence_days")
    return {
        **_fields(assessment, "path name score pool"),
        **(dict.fromkeys(dates) if assessment.confidential else dates),
        "reasons": [_fields(reason, "kind text points") for reason in assessment.reasons],
        "posts": [post.path for post in card.posts],
        "opener": card.opener,
        "colleague": card.colleague,
    }


def next_list(choice: Choice, cards: Mapping[str, Card], colleagues: Collection[str] = ()) -> Shape:
    """Today's list."""

    def named(one: Assessment, reason: str, **more: object) -> Shape:
        return {**_fields(one, "path name"), **more, "reason": reason, "colleague": one.path in colleagues}

    also_due = [named(one, one.reasons[0].text if one.reasons else "") for one in choice.others_due]
    dues = [None if one.confidential else _plain(one.due) for one in choice.coming_up]
    coming_up = [named(one, one.coming, due=due) for one, due in zip(choice.coming_up, dues, strict=True)]
    return {
        "today": choice.today.isoformat(),
        "suggestions": [suggestion(one, cards[one.path]) for one in choice.suggestions],
        "also_due": choice.also_due,
        "also_due_people": also_due,
        "done_today": [_fields(one, "path name") for one in choice.done],
        "birthdays": [
            {**_fields(one, "path name"), "date": one.day.isoformat(), "turns": one.turns}
            for one in choice.birthdays
        ],
        "excluded": dict(choice.excluded),
        "caught_up": choice.is_caught_up,
        "fresh_start": choice.fresh_start,
        "done_for_today": choice.is_over,
        "tomorrow": [_fields(one, "path name") for one in choice.tomorrow],
        "coming_up": coming_up,
    }


def why(assessment: Assessment, card: Card, not_listed: tuple[str, ...], listed: bool) -> Shape:
    """One suggestion with whether it is on today's list, and if not, why not."""
    why_not: Shape = {"listed": listed, "not_listed_because": list(not_listed)}
    return {**suggestion(assessment, card), **why_not, "notes": list(assessment.notes)}


def contact(card: Card) -> Shape:
    """All that may be shown of one person."""
    who = card.person.contact
    dates = _fields(card.assessment, "cadence_days last_contact due")
    return {
        **_fields(who, "path name aliases tags email phone linkedin url company role location met source"),
        "introduced_by": who.introduced_by,
        **(dict.fromkeys(dates) if who.confidential else dates),
        **_fields(who, "snooze paused mentor support helps_with wants"),
        "birthday": birthday(who.birthday),
        "colleague": card.colleague,
        "confidential": who.confidential,
        "interactions": [interaction(one) for one in card.person.interactions],
        "promises": [promise(one) for one in card.person.promises],
        "planned": [_fields(one, "text due path line") for one in card.person.planned],
        "posts": [post.path for post in card.posts],
    }


def interaction(one: Interaction) -> Shape:
    return _fields(one, "date channel text marks path line")


def promise(one: Promise) -> Shape:
    by = "them" if one.theirs else "me"
    return {**_fields(one, "text due"), "by": by, **_fields(one, "path line")}


def backlink(one: Backlink) -> Shape:
    return _fields(one, "source line context title")


def relation(one: Relation, colleagues: Collection[str] = ()) -> Shape:
    return {**_fields(one, "path kind title reasons"), "colleague": one.path in colleagues}


def owed_promise(one: Promise, who: Exchange, colleagues: Collection[str] = ()) -> Shape:
    """A promise with the person it is to or from."""
    return {**promise(one), "contact": who.path, "name": who.name, "colleague": who.path in colleagues}


def thanks(line: Interaction, who: Exchange, colleagues: Collection[str] = ()) -> Shape:
    """Thanks that are due, with the line of the log that says for what."""
    whose = {"contact": who.path, "name": who.name, "since": line.date.isoformat()}
    return {**whose, "text": line.text, "colleague": who.path in colleagues}


def occasion(one: Occasion, colleagues: Collection[str] = ()) -> Shape:
    shown = _fields(one, "kind path name text")
    return {"date": one.day.isoformat(), **shown, "colleague": one.path in colleagues}


def problem(one: Problem) -> Shape:
    return _fields(one, "path line column severity code what fix")


def mentor_step(one: MentorStep) -> Shape:
    where = one.said_where
    return {
        **_fields(one, "path name step next_step said"),
        "said_where": {"path": where[0], "line": where[1]} if where else None,
        **_fields(one, "support inferred colleague confidential"),
    }


def place(one: Place, colleagues: Collection[str] = ()) -> Shape:
    """One of the eight places where mentors are found, with who is there."""
    return {**_fields(one, "title sources"), "people": _people(one.people, colleagues), "hint": one.hint}


def support(one: Support, colleagues: Collection[str] = ()) -> Shape:
    """One kind of support with who is there for it."""
    return {"kind": one.kind, "people": _people(one.people, colleagues)}


def topic(one: TopicEntry, colleagues: Collection[str] = ()) -> Shape:
    """A topic with who helps with it, and the posts and goals about it."""
    return {
        "topic": one.topic,
        "contacts": _people(one.contacts, colleagues),
        "posts": [{"path": path, "name": name} for path, name in one.posts],
        "goals": [{"path": path, "name": name} for path, name in one.goals],
    }


def _people(people: Iterable[tuple[str, str]], colleagues: Collection[str]) -> list[Shape]:
    return [{"path": path, "name": name, "colleague": path in colleagues} for path, name in people]


def birthday(one: Birthday | None) -> str | None:
    """`1815-12-10`, or `12-10` where the year is not known."""
    if one is None:
        return None
    day = f"{one.month:02d}-{one.day:02d}"
    return f"{one.year:04d}-{day}" if one.year else day
