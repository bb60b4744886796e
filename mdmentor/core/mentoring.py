"""Mentors: who stands on which step, who could be one, and where mentors are found.

A mentor need never be called one. Steps are taken from `mentor` where a note gives it; elsewhere the log
only ever suggests a candidate, with the line that speaks for them, and never gives anybody a label.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.exchange import times
from mdmentor.core.frontmatter.keys import SOURCE_WORDS
from mdmentor.core.model import Contact, Interaction, Person
from mdmentor.core.next_step import CANDIDATE, STEPS, ContactStats, next_step, read_tie
from mdmentor.core.text import plain_words

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


INTERVIEWEE = "informational-interview"
INTERVIEWER = "interviewer"

SUPPORT = ("job", "career", "emotional")  # the words of the field `support`

Turn = tuple[int, int, int]  # place of the step, who helped most first, who was in touch last first


class MentorStep(NamedTuple):
    """One person on the way of mentoring: where they stand, what speaks for them, what comes next."""

    step: str  # of STEPS; "" for a confidential contact, of whom nothing but the name is told
    path: str
    name: str
    said: str = ""  # the line that speaks for them, for somebody named a mentor else the last talk; or ""
    said_on: date | None = None
    said_where: tuple[str, int] | None = None  # path and line of it
    next_step: str = ""  # plain text; "" where nothing is to be done
    support: tuple[str, ...] = ()  # of "job", "career", "emotional"
    inferred: bool = False  # a candidate by the log alone
    colleague: bool = False  # works where the user works
    confidential: bool = False


class Place(NamedTuple):
    """One of the eight places where mentors are found, with the people met there."""

    title: str
    sources: tuple[str, ...]  # of the field `source`
    hint: str  # what to do where nobody is there yet
    people: tuple[tuple[str, str], ...] = ()  # path and name, by name


class Support(NamedTuple):
    """One kind of support, with the people who are there for it."""

    kind: str  # of SUPPORT
    people: tuple[tuple[str, str], ...] = ()  # path and name, by name


# Source: the article on career mentors that the project starts from names these eight.
PLACES = (
    Place(
        "Teachers and professors",
        ("teacher",),
        "Whose course do you still think of? A line to say what became of it is a good beginning.",
    ),
    Place(
        "Former bosses, coworkers, clients and associates",
        ("boss", "coworker", "client", "associate"),
        "Think of the last place you left: who explained things well, and would be glad to hear from you?",
    ),
    Place(
        "Members of organisations you belong to",
        ("member",),
        "A club, a union, a choir, an alumni group: look through one list of members for a familiar name.",
    ),
    Place(
        "Family",
        ("family",),
        "An aunt, a cousin, a parent-in-law: ask one of them how they came to the work they do.",
    ),
    Place(
        "Friends and social contacts",
        ("friend",),
        "Ask a friend whom they turn to with questions about work. That is often the way to somebody.",
    ),
    Place(
        "People you asked about their work",
        (INTERVIEWEE,),
        "Ask one person in a field you wonder about for twenty minutes on how their days look. Most say yes.",
    ),
    Place(
        "People who interviewed you for a job you did not get",
        (INTERVIEWER,),
        "If one of them was kind, a short note is fine: you liked the talk and would like to stay in touch.",
    ),
    Place(
        "People met at a party or an event",
        ("event",),
        "After the next one, note a name and a line the same evening; a hello within three days is enough.",
    ),
)


def mentor_steps(
    persons: Iterable[Person], today: date, inside: Collection[str] = ()
) -> tuple[MentorStep, ...]:
    """Everybody on a step and every candidate the log knows, in the order of the page.

    Steps in their own order, and on a step whoever was in touch last first; behind them the candidates of
    the log, by how often they helped; at the end all confidential contacts, with their name alone. Whoever
    is never to be contacted is no candidate and gets no next step. `inside` holds the paths of those who
    work where the user works. Give it whole persons; what is private is left out here.
    """
    return in_turn(filter(None, (mentor_step(person, today) for person in persons)), inside)


def mentor_step(person: Person, today: date) -> tuple[Turn, MentorStep] | None:
    """Where one person stands on the way, with their turn on the page; None for nearly everybody.

    Whether they work where the user works is not told here.
    """
    if not _may_stand(person):
        return None
    tie = read_tie(person, today)
    step = _step_of(tie)
    return None if step is None else (_turn(step, tie), step)


def in_turn(found: Iterable[tuple[Turn, MentorStep]], inside: Collection[str] = ()) -> tuple[MentorStep, ...]:
    """The steps in the order of the page; `inside` as in `mentor_steps`."""

    def key(pair: tuple[Turn, MentorStep]) -> tuple[Turn, str, str, str]:
        turn, step = pair
        return turn, step.name.casefold(), step.name, step.path

    return tuple(
        step._replace(colleague=True) if step.path in inside and not step.confidential else step
        for _, step in sorted(found, key=key)
    )


def _may_stand(person: Person) -> bool:
    """Cheap, and False for nearly everybody: is there anything that could put the person on the page?"""
    contact = person.contact
    if contact.confidential or contact.mentor:
        return True
    if INTERVIEWEE in contact.source or INTERVIEWER in contact.source:
        return True
    lines = person.interactions
    if [line for line in lines if line.marks and "got" in line.marks]:
        return True
    # no line does what all of them together do not
    told = "\n".join([line.text for line in lines]).lower()
    return _IN_HELP.search(told) is not None and any(map(_tells_of_help, lines))


def _step_of(tie: ContactStats) -> MentorStep | None:
    """Where the person stands; None for somebody neither named a mentor nor spoken for by the log."""
    contact = tie.contact
    if contact.confidential:
        # whatever the note says: to stand here only with a step would tell that there is one
        return MentorStep("", contact.path, contact.name, confidential=True)
    if not contact.mentor and contact.paused:
        return None
    line = _speaking_line(tie)
    if not contact.mentor and line is None:
        return None
    if line is None:
        line = next((talk for talk in reversed(tie.talks) if plain_words(talk.text)), None)
    step = contact.mentor or CANDIDATE
    found = MentorStep(
        step,
        contact.path,
        contact.name,
        next_step="" if contact.paused else next_step(step, tie),
        support=contact.support,
        inferred=not contact.mentor,
    )
    if line is None:
        return found
    said = plain_words(line.text)
    return found._replace(said=said, said_on=line.date, said_where=(line.path, line.line))


def _speaking_line(tie: ContactStats) -> Interaction | None:
    """The line of the log that speaks for the person as somebody to learn from; None where none does.

    The latest `#got`, rather one with words. Without any the latest line that says in words that they
    helped: nobody need know our marks. Else, of somebody asked about their work, or who interviewed the
    user, the latest line that tells they were open, or, where they made time a second time, the latest talk.
    """
    got = tie.street.got
    if got:
        return next((line for line in reversed(got) if plain_words(line.text)), got[-1])
    helped = next((line for line in reversed(tie.talks) if _tells_of_help(line)), None)
    if helped:
        return helped
    if INTERVIEWEE not in tie.contact.source and INTERVIEWER not in tie.contact.source:
        return None
    told = [line for line in tie.talks if plain_words(line.text) and not re.search(_DENIAL, line.text)]
    warm = [line for line in told if re.search(_WARM, line.text)]
    if warm:
        return warm[-1]
    return told[-1] if len({line.date for line in told}) > 1 else None


# What says in so many words that somebody helped. Another language needs the mark `#got`.
_HELP = (
    r"(?i)\b(?:(?:gave|offered) me\b|(?:her|his|their|good|great|useful|wise|honest|for|some) (?:advice|feedback)\b|"
    r"(?:advised|coached|encouraged|helped|introduced|mentored|recommended|taught) me\b|explained to me\b|"
    r"put me in touch\b|(?:put in a good word|vouched) for me\b|(?:talked|walked) me through\b|"
    r"showed me (?:how|what|the ropes)\b|(?:so|very|really|most|incredibly) helpful\b|"
    r"(?:read|reviewed|looked over|looked at|commented on|corrected) my\b)"
)
# What stands in each of these, in small letters: to look for it costs a fiftieth.
_IN_HELP = re.compile(r" (?:m[ey]\b|adv|feedb|helpf)")
# The help went the other way, or the words are of somebody's that they only passed on.
_OTHER_WAY = (
    r"(?i)\b(?:gave|offered|helped|advised|showed) (?:her|him|them)\b|\bmy (?:advice|feedback)\b|"
    r"\b(?:asked|asks|asking|wanted|wants|looking|need(?:s|ed)?) (?:me )?for\b|\bI (?:read|helped|gave|offered)\b"
)


def _tells_of_help(line: Interaction) -> bool:
    text = line.text
    return (
        _IN_HELP.search(text.lower()) is not None
        and re.search(_HELP, text) is not None
        and "gave" not in line.marks
        and not line.is_private
        and not re.search(_DENIAL, text)
        and not re.search(_OTHER_WAY, text)
    )


# What says in so many words that somebody was open or that it went well. A line in another language
# is judged by its marks, and by whether there was a second talk.
_WARM = (
    r"(?i)\b(?:clicked|hit it off|got on (?:well|great)|warm|generous|encourag\w+|welcoming|helpful|kindness|"
    r"(?:very|quite|really|so|was|were|is|seemed) (?:kind|open)|open to|offered to|happy to|glad to|"
    r"(?:keep|stay|be) in touch|come back|ask again|any ?time|liked (?:me|my|our|the talk))\b"
)
# "Was not open to a second talk": a line with a denial anywhere in it speaks for nobody.
_DENIAL = (
    r"(?i)\b(?:not|never|no|nothing|hardly|less|little|neither|nor|without|cannot|rude|cold|curt|dismissive|"
    r"un(?:kind|friendly|helpful|welcoming))\b|n['’]t\b"
)


def _turn(step: MentorStep, tie: ContactStats) -> Turn:
    place = STEPS.index(step.step) if step.step in STEPS else len(STEPS) + 1
    if step.inferred:
        place = len(STEPS)
    helped = times(tie.street.got) if step.inferred else 0
    latest = tie.last.toordinal() if tie.last and not step.confidential else 0
    return place, -helped, -latest


def places(persons: Iterable[Person]) -> tuple[Place, ...]:
    """The eight places with the people met there, by name; a person may stand in several."""
    return fill_places((p.contact.path, p.contact.name, sources_of(p.contact)) for p in persons)


def sources_of(contact: Contact) -> tuple[str, ...]:
    """Where somebody is known from, as far as the places may tell.

    A confidential contact stands in none, since where they are known from is theirs to tell; nor does
    somebody who is never to be contacted.
    """
    return () if contact.confidential or contact.paused else known_from(contact)


def fill_places(people: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Place, ...]:
    """The eight places for (path, name, sources) of everybody."""
    there: dict[str, list[tuple[str, str]]] = {}
    for path, name, sources in people:
        for source in sources:
            there.setdefault(source, []).append((path, name))
    return tuple(
        place._replace(people=_by_name(who for source in place.sources for who in there.get(source, ())))
        for place in PLACES
    )


def supports(persons: Iterable[Person]) -> tuple[Support, ...]:
    """Who is there for the job, for the career and for ups and downs, by name, on a step or not."""
    return fill_support((p.contact.path, p.contact.name, support_of(p.contact)) for p in persons)


def support_of(contact: Contact) -> tuple[str, ...]:
    """What somebody is there for, as far as that may be told; of whom, see `sources_of`."""
    return () if contact.confidential or contact.paused else contact.support


def fill_support(people: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Support, ...]:
    """The three kinds of support for (path, name, kinds) of everybody."""
    told = [(path, name, frozenset(kinds)) for path, name, kinds in people]
    return tuple(
        Support(kind, _by_name((path, name) for path, name, kinds in told if kind in kinds))
        for kind in SUPPORT
    )


def _by_name(people: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(set(people), key=lambda who: (who[1].casefold(), who[1], who[0])))
