"""Mentors: who is on which step, what comes next, who could be one, and where mentors are found.

A step comes from the note's field `mentor`; without it the log may suggest a candidate, with the line that says why,
and never labels anybody. The next step is one plain sentence drawn from their own log: it never urges, and where
nothing is open it says so.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.exchange import Exchange, times
from mdmentor.core.frontmatter.keys import MENTOR_STEPS, SOURCE_WORDS
from mdmentor.core.model import Contact, Interaction, Person
from mdmentor.core.phrasing import pick
from mdmentor.core.ranking import TABLE
from mdmentor.core.text import ago, day_text, plain_words, shorten, span_text
from mdmentor.core.trust import last_day, public_log

STEPS = MENTOR_STEPS
CANDIDATE, CATCHING_UP, ASKED_ONCE, ONGOING, PAST = STEPS
SUPPORT = ("job", "career", "emotional")  # the words of the field `support`

LONG_QUIET = 120  # days without contact after which one says hello before one asks anything
FRESH_THANKS, LATE_THANKS = 14, 120  # days in which thanks are fresh, after which late and just as welcome
ANSWER_DAYS = 30  # in which a message may wait for its answer
PAST_MENTOR_QUIET = 365  # days after which somebody who was a mentor once gets a line again

_LONGEST_WORDS = 70  # characters of a promise or plan in a sentence
_LONGEST_TOPIC = 50


# --- where somebody is known from -------------------------------------------------------------------------

# Words that name a source in the field, but anything in a tag.
_NOT_AS_TAGS = {"report", "interview", "dinner", "organisation", "organization", "association", "society"}
_KIN = names.word_set("mum mom mama dad papa aunt auntie uncle grandma granny grandpa nana cousin oma opa")


def known_from(contact: Contact) -> tuple[str, ...]:
    """Words of the field `source`, else of the tags, in the note's order; () where nothing says so."""
    if contact.source:
        return contact.source
    words = [names.fold_topic(word) for tag in contact.tags for word in tag.split("/")]
    if named := [SOURCE_WORDS[word] for word in words if word in SOURCE_WORDS and word not in _NOT_AS_TAGS]:
        return tuple(dict.fromkeys(named))
    return ("family",) if names.fold_plain(contact.name).partition(" ")[0] in _KIN else ()


# --- the places and the kinds of support ------------------------------------------------------------------


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


# Source: the article on career mentors that the project starts from names these eight. Below each are the words of the
# field `source` that lead there, and what to do where nobody is there yet.
_PLACES = """
Teachers and professors
    teacher
    Whose course do you still think of? A line to tell them what became of it is a good start.
Former bosses, coworkers, clients and associates
    boss coworker client associate
    Think of the last place you left: who explained things well, and would be glad to hear from you?
Members of organisations you belong to
    member
    A club, a union, a choir, an alumni group: look through one list of members for a familiar name.
Family
    family
    An aunt, a cousin, a parent-in-law: ask one of them how they came to do the work they do.
Friends and social contacts
    friend
    Ask a friend whom they turn to with questions about work. That is often the way to somebody.
People you asked about their work
    informational-interview
    Ask one person in a field you wonder about for twenty minutes on what their days are like. Most say yes.
People who interviewed you for a job you did not get
    interviewer
    If one of them was kind, a short note is fine: you liked the talk and would like to stay in touch.
People met at a party or an event
    event
    After the next one, write down a name and a line the same evening; a hello within three days is enough.
"""
_TRIPLES = re.findall(r"(.+)\n +(.+)\n +(.+)\n", _PLACES)
PLACES = tuple(Place(title, tuple(sources.split()), hint) for title, sources, hint in _TRIPLES)


def fill_places(people: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Place, ...]:
    """The eight places for (path, name, sources) of everybody; a person may be in several."""
    everybody = list(people)
    return tuple(place._replace(people=_people_with(place.sources, everybody)) for place in PLACES)


def fill_support(people: Iterable[tuple[str, str, Iterable[str]]]) -> tuple[Support, ...]:
    """The three kinds of support for (path, name, kinds) of everybody."""
    everybody = list(people)
    return tuple(Support(kind, _people_with((kind,), everybody)) for kind in SUPPORT)


def _people_with(
    words: tuple[str, ...], everybody: Iterable[tuple[str, str, Iterable[str]]]
) -> tuple[tuple[str, str], ...]:
    """Path and name of those who have one of the words, by name."""
    found = {(path, name) for path, name, has in everybody if not frozenset(words).isdisjoint(has)}
    return tuple(sorted(found, key=lambda one: (one[1].casefold(), one[1], one[0])))


# --- the steps --------------------------------------------------------------------------------------------

Turn = tuple[int, int, int]  # place of the step, who helped most first, who was in touch last first


class MentorStep(NamedTuple):
    """One person on the way of mentoring: their step, the evidence for it, what comes next."""

    step: str  # of STEPS; "" for a confidential contact, of whom only the name is shown
    path: str
    name: str
    said: str = ""  # the line that suggests them, for somebody named a mentor else the last talk; or ""
    said_on: date | None = None
    said_where: tuple[str, int] | None = None  # path and line of it
    next_step: str = ""  # plain text; "" where nothing is to be done
    support: tuple[str, ...] = ()  # of SUPPORT
    inferred: bool = False  # a candidate by the log alone
    colleague: bool = False  # works where the user works
    confidential: bool = False


class _Facts(NamedTuple):
    """What the steps look at of one person."""

    contact: Contact
    today: date
    exchange: Exchange
    talks: list[Interaction]  # public, without what had no answer yet; oldest first
    last: date | None  # the last day of contact, in a private talk too
    unanswered: date | None  # when the user last wrote, if that had no answer yet
    plan: Interaction | None  # the next talk that is planned already

    @property
    def quiet(self) -> int | None:
        """Days without contact; None where there was none."""
        return (self.today - self.last).days if self.last else None


def mentor_step(person: Person, street: Exchange, today: date) -> tuple[Turn, MentorStep] | None:
    """The step of one person, given whole, with their turn on the page; private lines are left out here.

    `street` is what went either way with them. None for somebody who is neither named a mentor nor suggested by the log, which is nearly everybody. Somebody
    who is never to be contacted is no candidate and gets no next step. `in_turn` fills in who is a colleague.
    """
    contact = person.contact
    if contact.confidential:
        # Whatever the note says: to be here only with a step would reveal that there is one.
        return (len(STEPS) + 1, 0, 0), MentorStep("", contact.path, contact.name, confidential=True)
    if not contact.mentor and contact.paused:
        return None
    log = public_log(person, today)
    talks = [line for line in log if "sent" not in line.marks]
    line = _speaking_line(contact, street.got, talks)
    if not contact.mentor and line is None:
        return None
    if line is None:
        line = next((talk for talk in reversed(talks) if plain_words(talk.text)), None)
    last = last_day(person, today)
    unanswered = last if log and "sent" in log[-1].marks and log[-1].date == last else None
    plans = [one for one in person.interactions if one.date > today and not one.is_private]
    plan = min(plans, key=lambda one: (one.date, one.path, one.line), default=None)
    facts = _Facts(contact, today, street, talks, last, unanswered, plan)
    step = contact.mentor or CANDIDATE
    found = MentorStep(step, contact.path, contact.name, support=contact.support, inferred=not contact.mentor)
    if not contact.paused:
        found = found._replace(next_step=_next_step(step, facts))
    if line:
        where = line.path, line.line
        found = found._replace(said=plain_words(line.text), said_on=line.date, said_where=where)
    latest = facts.last.toordinal() if facts.last else 0
    if not contact.mentor:
        return (len(STEPS), -times(facts.exchange.got), -latest), found
    return (STEPS.index(step) if step in STEPS else len(STEPS) + 1, 0, -latest), found


def in_turn(
    found: Iterable[tuple[Turn, MentorStep]], colleagues: Collection[str] = ()
) -> tuple[MentorStep, ...]:
    """The steps in the order of the page, and on a step those who were in touch last first.

    Behind them come the candidates of the log, by how often they helped; at the end all confidential contacts, with
    their name alone. `colleagues` holds the paths of those who work where the user works.
    """
    ordered = sorted(found, key=lambda one: (one[0], one[1].name.casefold(), one[1].name, one[1].path))
    return tuple(s._replace(colleague=s.path in colleagues and not s.confidential) for _, s in ordered)


def _speaking_line(
    contact: Contact, got: Sequence[Interaction], talks: list[Interaction]
) -> Interaction | None:
    """The line of the log that suggests the person as a mentor; None without one.

    The latest `#got`, rather one with words. Without any the latest line that says in words that they
    helped: nobody need know our marks. Else, of somebody asked about their work, or who interviewed the
    user, the latest line that says they were open, or, where they made time a second time, the latest talk.
    """
    if got:
        return next((line for line in reversed(got) if plain_words(line.text)), got[-1])
    has_words = re.search(_HELP_HAS, "\n".join([line.text for line in talks]).lower())
    if has_words and (helped := next((line for line in reversed(talks) if _tells_of_help(line)), None)):
        return helped
    if {"informational-interview", "interviewer"}.isdisjoint(contact.source):
        return None
    good = [line for line in talks if plain_words(line.text) and not re.search(_DENIAL, line.text)]
    if warm := [line for line in good if re.search(_WARM, line.text)]:
        return warm[-1]
    return good[-1] if len({line.date for line in good}) > 1 else None


# What says in so many words that somebody helped, in small letters: without (?i) this takes a third of the time.
# Another language needs the mark `#got`.
_HELP = (
    r"(?<!\w)(?:(?:gave|offered) me\b|(?:her|his|their|good|great|useful|wise|honest|for|some) (?:advice|feedback)\b|"
    r"(?:advised|coached|encouraged|helped|introduced|mentored|recommended|taught) me\b|explained to me\b|"
    r"put me in touch\b|(?:put in a good word|vouched) for me\b|(?:talked|walked) me through\b|"
    r"showed me (?:how|what|the ropes)\b|(?:so|very|really|most|incredibly) helpful\b|"
    r"(?:read|reviewed|looked over|looked at|commented on|corrected) my\b)"
)
_HELP_HAS = r" (?:me|my|advice|feedback|helpful)\b"  # one of them in any case: most lines have none
# The help went the other way, or the words are of somebody's that they only passed on.
_OTHER_WAY = (
    r"(?i)\b(?:gave|offered|helped|advised|showed) (?:her|him|them)\b|\bmy (?:advice|feedback)\b|"
    r"\b(?:asked|asks|asking|wanted|wants|looking|need(?:s|ed)?) (?:me )?for\b|\bI (?:read|helped|gave|offered)\b"
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


def _tells_of_help(line: Interaction) -> bool:
    text = line.text.lower()
    if "gave" in line.marks or not (re.search(_HELP_HAS, text) and re.search(_HELP, text)):
        return False
    return not re.search(_DENIAL, line.text) and not re.search(_OTHER_WAY, line.text)


# --- the next small step ----------------------------------------------------------------------------------


def _next_step(step: str, facts: _Facts) -> str:
    """One small thing to do next, as a plain sentence: thanks and promises first, then what fits the step."""
    if step == PAST:
        return _next_for_past(facts)
    if duty := _duty(facts):
        return duty
    if plan := facts.plan:
        words = shorten(", ".join(filter(None, (plan.channel, plain_words(plan.text)))), _LONGEST_WORDS)
        what = ": ".join(filter(None, (day_text(plan.date, facts.today), words.rstrip("."))))
        return f"Planned for {what}. Anything else can wait until then."
    if step == ONGOING:
        return _next_for_ongoing(facts)
    if step == ASKED_ONCE:
        return _next_for_asked_once(facts)
    if facts.quiet is None:
        where = " and say where you met" if facts.contact.met else "; ask nothing yet"
        return f"Write a short hello{where}."
    if facts.quiet > LONG_QUIET:
        return f"Catch up informally; it has been {span_text(facts.quiet)}. Ask how they are, nothing more."
    if step == CATCHING_UP and len({line.date for line in facts.talks}) > 1:
        topic = _first_topic(facts.contact.helps_with)
        return f"Ask one small thing, for instance about {topic}." if topic else "Ask one small thing."
    if facts.exchange.got:
        return "Catch up informally, and see how open they are to another question some day."
    return "Catch up once more, over a coffee or a call; there is no hurry to ask anything."


def _duty(facts: _Facts) -> str:
    """What comes before any step: thanks, a promise, the patience that a message needs; "" for nothing."""
    if facts.exchange.thanks_line:
        return _thank(facts.exchange.thanks_line, facts)
    if mine := facts.exchange.promises_mine:
        words = shorten(plain_words(mine[0].text), _LONGEST_WORDS).rstrip(".")
        by = f" (by {day_text(mine[0].due, facts.today)})" if mine[0].due else ""
        return f"First do what you promised{by}{f': {words}' if words else ''}."
    if not facts.unanswered:
        return ""
    since = ago(facts.unanswered, facts.today)
    if (facts.today - facts.unanswered).days <= ANSWER_DAYS:
        return f"You wrote {since}; give it time."
    return f"You wrote {since} and have no answer yet; one more try, some other way, is fine."


# Several, since a page may hold many of them.
_LATE_THANKS = (
    "A late thank you is still welcome, with a word on what came of it.",
    "It is not too late for a line of thanks, and for what came of it.",
    "Say thank you all the same, and tell them what came of it.",
)
_FRESH_THANKS = ("Say thank you while it is fresh.", "Send a line of thanks; the rest can wait.")
_THANKS = (
    "Tell them what came of it, and say thank you.",
    "Say thank you, with a line on what came of it.",
    "Let them know what you made of it; that is thanks enough.",
    "Write a few lines of thanks, with what came of it.",
)


def _thank(owed: Interaction, facts: _Facts) -> str:
    """Thanks in words that fit how long they are open."""
    latest = facts.exchange.got[-1].date
    days = (facts.today - latest).days
    if days <= LATE_THANKS and owed.date != latest:
        day = day_text(owed.date, facts.today)
        return f"Tell them what came of their help on {day} and since then, and say thank you."
    sentences = _LATE_THANKS if days > LATE_THANKS else _FRESH_THANKS if days <= FRESH_THANKS else _THANKS
    return pick(sentences, f"{facts.contact.path}\n{owed.date.isoformat()}")


def _next_for_asked_once(facts: _Facts) -> str:
    wish = _first_topic(facts.contact.wants)
    if wish and not facts.exchange.gave:
        return f"Offer something in return: they would welcome help with {wish}."
    if facts.exchange.got:
        return "See how open they are: one more small question, or something that may be of use to them."
    return "Tell them what you made of their answer."


def _next_for_ongoing(facts: _Facts) -> str:
    wish = _first_topic(facts.contact.wants)
    if wish and times(facts.exchange.gave) < max(1, times(facts.exchange.got)):
        return f"Give something back: they would welcome help with {wish}."
    if facts.quiet is None:
        return "Write a few lines on how things are going."
    if facts.quiet <= TABLE.mentor:
        return _nothing_open(facts)
    is_close = "emotional" in facts.contact.support
    ask = "Ask how they are, and say how you really are."
    tell = "Tell them how things have gone since, ups and downs alike."
    return f"It has been {span_text(facts.quiet)}. {ask if is_close else tell}"


def _next_for_past(facts: _Facts) -> str:
    if facts.exchange.thanks_line:
        return _thank(facts.exchange.thanks_line, facts)
    if facts.quiet is not None and facts.quiet <= PAST_MENTOR_QUIET:
        return _nothing_open(facts)
    return "A line once a year is plenty: where you are now, and what you still have from them."


def _nothing_open(facts: _Facts) -> str:
    return f"Nothing is open; you were in touch {ago(facts.last or facts.today, facts.today)}."


def _first_topic(topics: Iterable[str]) -> str:
    shown = (shorten(plain_words(names.unlink(topic)), _LONGEST_TOPIC) for topic in topics)
    return next(filter(None, shown), "")
