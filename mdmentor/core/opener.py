"""A sentence or two that the user could send, made by rules from the notes.

An opener speaks to the first of the assessment's reasons that has words; good wishes on the birthday itself, or the day
after, may join it. For each reason one or more lists of `SENTENCES` apply, and one sentence of these is drawn by the
note's path, so that people in the same situation get different words, and one person the same words on every machine.

An opener says nothing that the notes do not say, and of their words only those that fit an English sentence
(`phrasing` decides that): in another language, with odd punctuation, or about what is tender, only the day and the
channel are used. Nothing comes from private lines, and a confidential contact gets no opener at all. Nobody is wished a
happy birthday early: where one to come is the first reason, there is no opener.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names, phrasing
from mdmentor.core.dates import add_days
from mdmentor.core.exchange import thanks_owed
from mdmentor.core.model import Assessment, Contact, Interaction, Person, Promise, Relation
from mdmentor.core.opener_words import CLOSERS, SENTENCES, first_name, is_tender
from mdmentor.core.ranking import TABLE, birthday_near
from mdmentor.core.text import plain_words
from mdmentor.core.trust import last_day, public_log, public_person

LATELY, A_WHILE, A_LONG_TIME = 14, 60, 365  # days without contact
FRESH_THANKS = 3  # days after which one may speak of what came of the help
LATE_PROMISE = 21  # days after its date from which one says sorry

_LONGEST_TITLE = 60  # characters of a post's title that fit in a sentence


def opener(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, *, colleague: bool = False
) -> str:
    """One or two sentences to begin with, as plain text; "" where it is too early, or for a confidential or paused contact.

    With `colleague` (somebody who works where the user works) nothing is said of goals or of what was talked about.
    """
    contact = person.contact
    if contact.confidential or contact.paused:
        return ""
    facts = _read_facts(person, assessment, posts, today, colleague)
    situation = _first_situation(facts)
    if situation is None:
        return ""
    day = facts.talk.date.isoformat() if facts.talk else ""
    cases, gaps = situation
    kind = cases[0].partition(":")[0]
    key = f"{contact.path}\n{kind}\n{day}"
    sentence = phrasing.pick([one for case in cases for one in SENTENCES[case]], key)
    if kind != "birthday" and (wishes := _wishes(facts)):
        sentence = _join(sentence, wishes)
    words = sentence.format(**gaps, close=phrasing.pick(CLOSERS, f"{key}\nclose"))
    if not words.startswith(("I ", "I'")):
        words = words[0].lower() + words[1:]
    name, hello = first_name(contact.name), phrasing.pick(("Hi", "Hello"), f"{key}\nhello")
    if "teacher" in contact.source:
        hello = "Dear"
    return f"{hello} {name}, {words}" if name else f"Hello, {words}"


def _first_situation(facts: "_Facts") -> "_Situation | None":
    """The situation of the first reason that has words; None where that is a birthday to come."""
    for kind in facts.kinds or _DUTIES:
        if kind == "birthday" and facts.kinds and facts.birthday and facts.birthday > facts.today:
            return None
        if kind not in _OF_REASON or (kind in ("goal", "new") and facts.is_tender):
            break
        if situation := _OF_REASON[kind](facts):
            return situation
    if facts.is_tender:
        return _say("talk: tender")
    return next(filter(None, (situation(facts) for situation in _HELLOS)), None) or _last_talk(facts)


def _wishes(facts: "_Facts") -> str:
    """What may be said of a birthday besides the first reason; "" without one."""
    if "birthday" not in facts.kinds or not facts.birthday:
        return ""
    late = (facts.today - facts.birthday).days
    return "" if late < 0 else "happy belated birthday" if late else "happy birthday"


def _join(sentence: str, wishes: str) -> str:
    """The sentence with good wishes: `Thank you again for {what}, and happy birthday!`"""
    first = re.split(r"(?<=[.?!]) ", sentence, maxsplit=1)[0]
    if first.startswith(("Thank you", "It was good", "I enjoyed", "I wanted")) and ", and " not in first:
        return f"{first[:-1]}, and {wishes}!"
    return f"{wishes[0].upper()}{wishes[1:]}! {sentence.removesuffix(' {close}')}"


class _Facts(NamedTuple):
    """What an opener may draw on."""

    contact: Contact
    today: date
    kinds: tuple[str, ...]  # of the assessment's reasons that have points, in their order
    birthday: date | None  # near today
    goal_words: str  # the sentence of the reason "goal"
    log: tuple[Interaction, ...]  # what may be shown
    talk: Interaction | None  # the last of the log that was no message without an answer
    last: date | None  # the last day of contact, private talks included
    owed: Interaction | None
    promises: tuple[Promise, ...]
    posts: Sequence[Relation]
    colleague: bool

    @property
    def when(self) -> str:
        """When the last talk was: `in October`."""
        return phrasing.spoken_when(self.talk.date, self.today) if self.talk else ""

    @property
    def is_tender(self) -> bool:
        """Whether the last line was about something that a light word or a request would be out of place after."""
        return bool(self.log) and is_tender(self.log[-1].text)

    @property
    def our_talk(self) -> str:
        """`our coffee in October`; "" where the last talk has no name."""
        noun = phrasing.talk_noun(self.talk) if self.talk else ""
        return f"our {noun} {self.when}" if noun and noun not in phrasing.WRITTEN else ""


def _read_facts(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, colleague: bool
) -> _Facts:
    log = public_log(person, today)
    birthday = person.contact.birthday
    talks = [line for line in log if "sent" not in line.marks]
    return _Facts(
        contact=person.contact,
        today=today,
        kinds=tuple(reason.kind for reason in assessment.reasons if reason.points > 0),
        birthday=birthday_near(birthday, today, TABLE) if birthday else None,
        goal_words=next((reason.text for reason in assessment.reasons if reason.kind == "goal"), ""),
        log=log,
        talk=talks[-1] if talks else None,
        last=last_day(person, today),
        owed=next(reversed(thanks_owed(person.interactions, today)), None),
        promises=tuple(p for p in public_person(person).promises if not p.theirs),
        posts=posts,
        colleague=colleague,
    )


_Situation = tuple[tuple[str, ...], dict[str, str]]


def _say(*cases: str, **words: str) -> _Situation:
    """A situation: the lists of `SENTENCES` that fit, and the words for their gaps."""
    return cases, words


def _birthday(facts: _Facts) -> _Situation | None:
    """Good wishes on the day and the day after, never before it."""
    if facts.birthday is None or facts.birthday > facts.today:
        return None
    return _say("birthday: today" if facts.birthday == facts.today else "birthday: past")


def _promise(facts: _Facts) -> _Situation | None:
    """A promise near its day or past it."""
    soon = add_days(facts.today, TABLE.promise_ahead)
    promise = next((p for p in facts.promises if p.due and p.due <= soon), None)
    if promise is None:
        return None
    if not facts.colleague:
        if what := phrasing.thanks_promised(promise.text, facts.contact):
            return _say("promise: to thank", what=what)
        if deed := phrasing.promise_words(promise.text, facts.contact):
            is_late = promise.due is not None and (facts.today - promise.due).days > LATE_PROMISE
            return _say("promise: long overdue" if is_late else "promise: in words that fit", deed=deed)
    is_plain = facts.colleague or phrasing.may_be_mentioned(promise.text)
    return _say("promise: in other words") if is_plain and not _wishes(facts) else None


def _thanks(facts: _Facts) -> _Situation | None:
    line = facts.owed
    if line is None:
        return None
    what = phrasing.help_words(line, facts.today)
    if not facts.colleague:
        what = phrasing.thanks_words(line, facts.contact, facts.today)
    days = (facts.today - line.date).days
    case = "of these days" if days <= FRESH_THANKS else "fresh" if days <= A_WHILE else "late"
    return _say(f"thanks: {case}", what=what)


def _new(facts: _Facts) -> _Situation | None:
    """The first hello after a meeting: the ranking calls somebody new, or the note says they just met."""
    met_on = facts.contact.met_on
    if met_on is not None and not 0 <= (facts.today - met_on).days <= TABLE.new_ends:
        met_on = None
    day = met_on or (facts.talk.date if facts.talk else None)
    if day is None or not ("new" in facts.kinds or (met_on and not facts.log)):
        return None
    place = phrasing.where_met(facts.contact)
    when = place or phrasing.spoken_when(day, facts.today)
    by = phrasing.person_words(names.unlink(facts.contact.introduced_by))
    if not (met_on or place):  # the first talk that was written down need not be the first
        return None if _unanswered(facts) else _say("new: talked", when=when)
    return _say("new: introduced", by=by, when=when) if by else _say("new: met", when=when)


def _unanswered(facts: _Facts) -> _Situation | None:
    """A second message to somebody who has not answered: light, with nothing to feel bad about."""
    line = facts.log[-1] if facts.log else None
    if line is None or "sent" not in line.marks or line.date != facts.last:
        return None
    return _say("sent", when=phrasing.spoken_when(line.date, facts.today))


def _goal(facts: _Facts) -> _Situation | None:
    if facts.colleague or _unanswered(facts):
        return None
    topics = phrasing.topics_in_words(facts.contact.helps_with, facts.contact)
    topic = next((topic for topic in topics if _names_it(facts.goal_words, topic)), "")
    return _say("goal", topic=topic) if topic else None


def _wants(facts: _Facts) -> _Situation | None:
    """Something to give: a thing they want help with, and a post that names it."""
    topics = () if facts.colleague else phrasing.topics_in_words(facts.contact.wants, facts.contact)
    if not topics:
        return None
    topic = topics[0]
    for title in [plain_words(post.title) for post in facts.posts if '"' not in plain_words(post.title)]:
        if names.fold_topic(title) == names.fold_topic(topic):
            return _say("wants: the title of a post", title=title)
        if _names_it(title, topic) and len(title) <= _LONGEST_TITLE:
            return _say("wants: in the title of a post", title=title, topic=topic)
    is_thing = topic.partition(" ")[0].lower() in ("a", "an", "some", "somebody", "someone")
    return _say("wants: something to find" if is_thing else "wants: something to do", topic=topic)


def _names_it(text: str, topic: str) -> bool:
    return f" {names.fold_topic(topic)} " in f" {names.fold_topic(text.strip('.'))} ".replace(",", " ")


def _gift(facts: _Facts) -> _Situation | None:
    """What the user gave at the last talk: did it come to something?"""
    if facts.colleague or facts.talk is None or "gave" not in facts.talk.marks:
        return None
    if who := phrasing.phrase(phrasing.INTRODUCED, facts.talk, facts.contact):
        return _say("gift: an introduction", who=who)
    if thing := phrasing.phrase(phrasing.GAVE, facts.talk, facts.contact):
        return _say("gift: a thing", thing=thing)
    return None


_OF_REASON = {"promise": _promise, "thanks": _thanks, "new": _new, "birthday": _birthday, "goal": _goal}
_DUTIES = ("promise", "thanks", "new", "birthday")  # asked in this order where nothing has points
_HELLOS = (_unanswered, _wants, _gift)  # before the last talk, which always has something to say


def _last_talk(facts: _Facts) -> _Situation:
    """A hello that goes back to the last talk, as far as the notes know it."""
    talk, ours, when = facts.talk, facts.our_talk, facts.when
    topic = phrasing.topic_of_talk(talk, facts.contact) if talk and not facts.colleague else ""
    quiet = (facts.today - facts.last).days if facts.last else 0
    span = "a long time" if quiet > A_LONG_TIME else "a while" if quiet > A_WHILE else ""
    # After a later talk that is private, "since" would be wrong.
    since = span if talk is not None and talk.date == facts.last else ""
    met = phrasing.where_met(facts.contact)
    cases: list[str] = []
    if topic:
        cases = ["talk: topic"]
        cases += ["talk: topic and channel"] if ours else []
        cases += ["talk: topic, long ago"] if since else []
    elif ours and quiet < LATELY:
        cases = ["talk: channel, lately"]
    elif ours:
        cases = ["talk: channel"]
        cases += ["talk: channel, long ago"] if since else []
        cases += ["talk: channel, not long ago"] if talk and (facts.today - talk.date).days <= A_WHILE else []
    elif span:
        cases = ["talk: long ago"]
    else:
        cases = ["talk: nothing known", "talk: where we met"] if met else ["talk: nothing known"]
    cases += ["talk: after a long time"] if quiet > A_LONG_TIME else []
    words = {"topic": topic, "span": span, "met": met, "when": when, "ours": ours}
    return _say(*cases, **words, When=_capital(when), Ours=_capital(ours))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
