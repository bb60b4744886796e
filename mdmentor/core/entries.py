"""What commands and pages show: today's list, a person's card, posts, goals, topics, and days worth knowing."""

from datetime import date
from typing import NamedTuple

from mdmentor.core.model import Assessment, Goal, Person, Relation


class BirthdayNear(NamedTuple):
    """A birthday today or tomorrow; of somebody confidential without the age."""

    path: str
    name: str
    day: date
    turns: int | None = None


class Choice(NamedTuple):
    """Today's list: who is suggested, who is done, and how many others there are."""

    today: date
    suggestions: tuple[Assessment, ...]  # with `done` at most the day's budget; pool "spare" comes last
    also_due: int  # people who are due and found no place today
    coming_up: tuple[Assessment, ...]  # the next to be due after today, soonest first
    snoozed: tuple[Assessment, ...]  # soonest to wake first
    excluded: tuple[tuple[str, int], ...]  # why people are not on the list, with how many; by reason
    fresh_start: bool = False  # the first list after an absence
    done: tuple[Assessment, ...] = ()  # who was on the list and was reached out to today
    others_due: tuple[Assessment, ...] = ()  # the first of those who are due and found no place
    has_begun: bool = False  # a place of today was used: its person is done, or was snoozed on the page
    tomorrow: tuple[Assessment, ...] = ()  # who comes tomorrow, where today is over
    birthdays: tuple[BirthdayNear, ...] = ()  # of today and tomorrow

    @property
    def is_caught_up(self) -> bool:
        """Whether nobody is due today; suggestions are then only good moments."""
        return not self.also_due and all(s.pool == "spare" for s in self.suggestions)

    @property
    def is_over(self) -> bool:
        """Whether all who were due on today's list are done."""
        return self.has_begun and all(s.pool == "spare" for s in self.suggestions)


class Card(NamedTuple):
    """One person with everything a page or command shows of them."""

    person: Person
    assessment: Assessment
    posts: tuple[Relation, ...] = ()  # the posts related to this person, best first
    colleague: bool = False  # works where the user works
    opener: str = ""


class Mention(NamedTuple):
    """A place in the log where a post came up."""

    day: date
    contact: str  # path
    name: str
    path: str  # of the note
    line: int
    text: str


class PostEntry(NamedTuple):
    """A post with the people related to it."""

    path: str
    title: str
    topics: tuple[str, ...]
    people: tuple[Relation, ...]
    mentions: tuple[Mention, ...] = ()
    confidential: bool = False  # only the title may be shown


class GoalEntry(NamedTuple):
    """A live goal, the people who can help with it and the posts to read first."""

    goal: Goal
    people: tuple[Relation, ...]
    posts: tuple[Relation, ...]


class TopicEntry(NamedTuple):
    """A topic with the notes that have it, each as path and title."""

    topic: str
    contacts: tuple[tuple[str, str], ...]
    posts: tuple[tuple[str, str], ...]
    goals: tuple[tuple[str, str], ...]


class Occasion(NamedTuple):
    """A day worth knowing beforehand: a birthday, a plan, a promise, a date the user chose."""

    day: date
    kind: str  # "birthday", "plan", "promise", "next"
    path: str  # the contact's note
    name: str
    text: str  # "turns 50", the plan's or promise's words; "" where the kind says it all
