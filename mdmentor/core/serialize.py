"""The JSON shapes of the command line: values to plain dicts whose keys never change their meaning.

Keys may be added, not changed. What a shape may show of a person has been decided before: cards hold
public persons, unless the user asked for private lines on that very command.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from mdmentor.core.model import (
    Assessment,
    Backlink,
    Birthday,
    Card,
    Choice,
    Interaction,
    Occasion,
    Problem,
    Promise,
    Relation,
    TopicEntry,
)

if TYPE_CHECKING:
    from mdmentor.core.exchange import Exchange
    from mdmentor.core.mentoring import MentorStep, Place, Support

Shape = dict[str, object]


def suggestion(assessment: Assessment, card: Card) -> Shape:
    """One suggestion, with its reasons in descending points. Of a confidential contact no date is told."""
    hushed = assessment.confidential
    return {
        "path": assessment.path,
        "name": assessment.name,
        "score": assessment.score,
        "pool": assessment.pool,
        "due": None if hushed else _day(assessment.due),
        "last_contact": None if hushed else _day(assessment.last_contact),
        "cadence_days": None if hushed else assessment.cadence_days,
        "reasons": [{"kind": r.kind, "text": r.text, "points": r.points} for r in assessment.reasons],
        "posts": [post.path for post in card.posts],
        "opener": card.opener,
        "colleague": card.colleague,
    }


def next_list(choice: Choice, cards: Mapping[str, Card], inside: Collection[str] = ()) -> Shape:
    """Today's list; `inside` here and below are the paths of those who work where the user works."""
    return {
        "today": choice.today.isoformat(),
        "suggestions": [suggestion(s, cards[s.path]) for s in choice.suggestions],
        "also_due": choice.also_due,
        "excluded": dict(choice.excluded),
        "caught_up": choice.is_caught_up,
        "fresh_start": choice.fresh_start,
        "coming_up": [
            {
                "path": s.path,
                "name": s.name,
                "due": None if s.confidential else _day(s.due),
                "colleague": s.path in inside,
            }
            for s in choice.coming_up
        ],
    }


def why(assessment: Assessment, card: Card, not_listed: tuple[str, ...], listed: bool) -> Shape:
    """One suggestion with whether it is on today's list, and if not, why not."""
    return {
        **suggestion(assessment, card),
        "listed": listed,
        "not_listed_because": list(not_listed),
        "notes": list(assessment.notes),
    }


def contact(card: Card) -> Shape:
    """All that may be told of one person."""
    who, assessment = card.person.contact, card.assessment
    return {
        "path": who.path,
        "name": who.name,
        "aliases": list(who.aliases),
        "tags": list(who.tags),
        "email": list(who.email),
        "phone": list(who.phone),
        "linkedin": who.linkedin,
        "url": list(who.url),
        "company": list(who.company),
        "role": who.role,
        "location": who.location,
        "met": who.met,
        "source": list(who.source),
        "introduced_by": who.introduced_by,
        "cadence_days": None if who.confidential else assessment.cadence_days,
        "last_contact": None if who.confidential else _day(assessment.last_contact),
        "due": None if who.confidential else _day(assessment.due),
        "snooze": _day(who.snooze),
        "paused": who.paused,
        "mentor": who.mentor,
        "support": list(who.support),
        "helps_with": list(who.helps_with),
        "wants": list(who.wants),
        "birthday": birthday(who.birthday),
        "colleague": card.colleague,
        "confidential": who.confidential,
        "interactions": [interaction(i) for i in card.person.interactions],
        "promises": [promise(p) for p in card.person.promises],
        "posts": [post.path for post in card.posts],
    }


def interaction(told: Interaction) -> Shape:
    return {
        "date": told.date.isoformat(),
        "channel": told.channel,
        "text": told.text,
        "marks": list(told.marks),
        "path": told.path,
        "line": told.line,
    }


def promise(told: Promise) -> Shape:
    return {
        "text": told.text,
        "due": _day(told.due),
        "by": "them" if told.theirs else "me",
        "path": told.path,
        "line": told.line,
    }


def backlink(told: Backlink) -> Shape:
    return {"source": told.source, "line": told.line, "context": told.context, "title": told.title}


def relation(told: Relation, inside: Collection[str] = ()) -> Shape:
    return {
        "path": told.path,
        "kind": told.kind,
        "title": told.title,
        "reasons": list(told.reasons),
        "colleague": told.path in inside,
    }


def owed_promise(told: Promise, who: Exchange, inside: Collection[str] = ()) -> Shape:
    """A promise with the person it is to or from."""
    return {**promise(told), "contact": who.path, "name": who.name, "colleague": who.path in inside}


def thanks(who: Exchange, since: date, line: Interaction | None, inside: Collection[str] = ()) -> Shape:
    """Thanks that are owed, with the line of the log that tells for what."""
    return {
        "contact": who.path,
        "name": who.name,
        "since": since.isoformat(),
        "text": line.text if line else "",
        "colleague": who.path in inside,
    }


def occasion(told: Occasion, inside: Collection[str] = ()) -> Shape:
    return {
        "date": told.day.isoformat(),
        "kind": told.kind,
        "path": told.path,
        "name": told.name,
        "text": told.text,
        "colleague": told.path in inside,
    }


def problem(told: Problem) -> Shape:
    return {
        "path": told.path,
        "line": told.line,
        "column": told.column,
        "severity": told.severity,
        "code": told.code,
        "what": told.what,
        "fix": told.fix,
    }


def mentor_step(told: MentorStep) -> Shape:
    return {
        "path": told.path,
        "name": told.name,
        "step": told.step,
        "next_step": told.next_step,
        "said": told.said,
        "said_where": {"path": told.said_where[0], "line": told.said_where[1]} if told.said_where else None,
        "support": list(told.support),
        "inferred": told.inferred,
        "colleague": told.colleague,
        "confidential": told.confidential,
    }


def place(told: Place, inside: Collection[str] = ()) -> Shape:
    """One of the eight places where mentors are found, with who is there."""
    return {
        "title": told.title,
        "sources": list(told.sources),
        "people": _people(told.people, inside),
        "hint": told.hint,
    }


def support(told: Support, inside: Collection[str] = ()) -> Shape:
    """One kind of support with who is there for it."""
    return {"kind": told.kind, "people": _people(told.people, inside)}


def topic(told: TopicEntry, inside: Collection[str] = ()) -> Shape:
    """A topic with who helps with it, and the posts and goals about it."""
    return {
        "topic": told.topic,
        "contacts": _people(told.contacts, inside),
        "posts": [{"path": path, "name": name} for path, name in told.posts],
        "goals": [{"path": path, "name": name} for path, name in told.goals],
    }


def _people(told: Iterable[tuple[str, str]], inside: Collection[str]) -> list[Shape]:
    return [{"path": path, "name": name, "colleague": path in inside} for path, name in told]


def birthday(told: Birthday | None) -> str | None:
    """`1815-12-10`, or `12-10` where the year is not known."""
    if told is None:
        return None
    day = f"{told.month:02d}-{told.day:02d}"
    return f"{told.year:04d}-{day}" if told.year else day


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
