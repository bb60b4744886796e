"""A sentence or two that the user could send, made by rules from the notes.

Which reason leads to which sentence: `_SITUATIONS` are asked in their order, the first that applies names one or
more lists of `SENTENCES`, and one sentence of these is drawn by the note's path, so that people in the same
situation get different words, and one person the same words on every machine.

An opener says nothing that the notes do not say, and of their words only those that fit an English sentence
(`phrasing` decides that): in another language, or with odd punctuation, only the day and the channel are used.
Nothing comes from private lines, and a confidential contact gets no opener at all.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core.dates import add_days
from mdmentor.core.exchange import find_thanks_owed
from mdmentor.core.model import Assessment, Contact, Interaction, Person, Promise, Relation
from mdmentor.core.phrasing import (
    first_name,
    introduced_to,
    is_tender,
    person_words,
    pick,
    promise_words,
    spoken_when,
    talk_noun,
    thanks_promised,
    thanks_words,
    thing_given,
    topic_of_talk,
    topics_in_words,
    where_met,
)
from mdmentor.core.ranking import TABLE
from mdmentor.core.ranking.stats import birthday_near
from mdmentor.core.text import plain_words, weekday_text
from mdmentor.core.trust import last_day, public_log, public_person

LATELY, A_WHILE, A_LONG_TIME = 14, 60, 365  # days without contact

_LONGEST_TITLE = 60  # characters of a post's title that fit in a sentence

# The cases of each situation, each with the sentences that fit; several of the last talk may apply together. Every
# sentence begins with a word of ours, which loses its capital behind the greeting; {close} is one of `_CLOSERS`.
_SENTENCES = """
birthday: today
    Happy birthday. I hope the day is a good one.
    All the best for your birthday today. I hope you have time to enjoy it.
    Happy birthday, and a good year ahead.
birthday: past
    Belated good wishes for your birthday. I hope it was a good day.
    I am late with my good wishes for your birthday, but they are warm. {close}
birthday: ahead
    All the best for your birthday {when}. I hope it is a good day.
    I am thinking of your birthday {when} already. I hope you have time to enjoy it.
promise: to thank
    I still wanted to thank you for {what}. It was good of you.
    Thank you again for {what}. {close}
promise: in words that fit
    I have not forgotten that I promised to {deed}. {close}
    I said I would {deed}, and I have not forgotten it. {close}
    I promised to {deed}, and it is still on my list. {close}
promise: in other words
    I still owe you something{since}, and I have not forgotten it. {close}
    My promise{since} is not forgotten. {close}
thanks: fresh
    Thank you again for {what}. I would like to tell you what came of it.
    I still wanted to thank you for {what}. It was good of you.
    Thank you for {what}. May I tell you some time what came of it?
thanks: late
    I never properly thanked you for {what}, and I would like to. {close}
    This comes late, but thank you for {what}. I would like to tell you what came of it.
new: met
    It was good to meet you {when}. I would like to stay in touch.
    I am glad we met {when}. Would you have time for a coffee one of these weeks?
    I enjoyed meeting you {when}. I would like to hear more about what you do.
new: introduced
    I am glad {by} introduced us. I would like to hear more about what you do.
    It was good to meet you {when}, and kind of {by} to introduce us. Shall we meet for a coffee?
sent
    I wrote {when}, and I know how full the days get. I would still be glad to hear how you are.
    This is just a small hello after my message {when}. There is no hurry with an answer.
    My message {when} needs no answer; I only wanted to know how you are.
goal
    I am thinking about {topic} at the moment, and you came to mind. May I ask you one thing about it?
    May I ask you one small thing about {topic}? A few lines or a short call would be plenty.
    I have a question about {topic} and would value your view. Have you time for a call or a coffee?
wants: the title of a post
    I have a text here that may be of use to you: "{title}". Shall I send it?
    I came across "{title}" and thought of you. Shall I send it to you?
wants: in the title of a post
    I have a text here that may help you with {topic}: "{title}". Shall I send it to you?
    I came across "{title}" and thought of you. How is it going with {topic}?
wants: something to find
    Are you still looking for {topic}? If I can be of any help, I would be glad to.
    I remembered that you were looking for {topic}. Say so if there is anything I can do.
wants: something to do
    How is it going with {topic}? If I can be of any help, I would be glad to.
    I was wondering how things are going with {topic}. Say so if there is anything I can do.
gift: an introduction
    Did you and {who} find the time to talk? I hope it was worth it.
    I was wondering whether you and {who} got to talk. {close}
gift: a thing
    I hope you found a use for {thing}. {close}
    I wondered whether {thing} came in useful. {close}
talk: tender
    I am thinking of you, and I would be glad to hear how you are.
    You are on my mind these days. I would be glad to hear how you are; a line is plenty.
talk: topic
    {When} we talked about {topic}. {close}
talk: topic and channel
    I was thinking of {ours}, when we talked about {topic}. {close}
talk: topic, long ago
    It has been {span} since we talked about {topic}. {close}
talk: channel, lately
    I liked {ours}. I hope all is well with you.
    It was good to be in touch {when}. I hope all is well with you.
talk: channel
    I was thinking of {ours}. {close}
    {Ours} came back to me today. {close}
talk: channel, not long ago
    I liked {ours}, and wondered how things have been since.
talk: channel, long ago
    It has been {span} since {ours}. {close}
talk: long ago
    It has been {span} since we were in touch. {close}
    You came to my mind today, and it has been {span}. {close}
talk: nothing known
    I have no particular reason to write; I only wondered how you are.
    You came to my mind today. {close}
    This is just a hello from me. {close}
talk: where we met
    I was thinking of how we met {met}. {close}
talk: after a long time
    It has been a long time, and I would be glad to hear how you are. A line is plenty.
"""
_CASES = (case.splitlines() for case in re.split(r"\n(?! )", _SENTENCES.strip()))
SENTENCES = {case: [sentence.strip() for sentence in sentences] for case, *sentences in _CASES}

_CLOSERS = (
    "How are you these days?",
    "How have you been?",
    "How are things with you?",
    "I would be glad to hear how you are.",
    "What is keeping you busy these days?",
)


def opener(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, *, colleague: bool = False
) -> str:
    """One or two sentences to begin with, as plain text; "" for a confidential or paused contact.

    With `colleague` (somebody who works where the user works) nothing is said of goals or of what was talked about.
    """
    contact = person.contact
    if contact.confidential or contact.paused:
        return ""
    facts = _read_facts(person, assessment, posts, today, colleague)
    situation = next(filter(None, (situation(facts) for situation in _SITUATIONS)), None) or _last_talk(facts)
    day = facts.talk.date.isoformat() if facts.talk else ""
    key = f"{contact.path}\n{situation.kind}\n{day}"
    sentence = pick([one for case in situation.cases for one in SENTENCES[case]], key)
    words = sentence.format(**situation.words, close=pick(_CLOSERS, f"{key}\nclose"))
    return f"{_greeting(contact, key)}, {_after_greeting(words)}"


def _greeting(contact: Contact, key: str) -> str:
    name = first_name(contact.name)
    hello = "Dear" if name and "teacher" in contact.source else pick(("Hi", "Hello"), f"{key}\nhello")
    return f"{hello} {name}" if name else "Hello"


def _after_greeting(words: str) -> str:
    return words if words.startswith("I ") else words[0].lower() + words[1:]


class _Facts(NamedTuple):
    """What an opener may draw on."""

    contact: Contact
    today: date
    kinds: frozenset[str]  # of the assessment's reasons
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
        return spoken_when(self.talk.date, self.today) if self.talk else ""

    @property
    def our_talk(self) -> str:
        """`our coffee in October`; "" where the last talk has no name."""
        noun = talk_noun(self.talk) if self.talk else ""
        return f"our {noun} {self.when}" if noun else ""


def _read_facts(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, colleague: bool
) -> _Facts:
    log = public_log(person, today)
    talks = [line for line in log if "sent" not in line.marks]
    return _Facts(
        contact=person.contact,
        today=today,
        kinds=frozenset(reason.kind for reason in assessment.reasons),
        goal_words=next((reason.text for reason in assessment.reasons if reason.kind == "goal"), ""),
        log=log,
        talk=talks[-1] if talks else None,
        last=last_day(person, today),
        owed=find_thanks_owed(person.interactions, today),
        promises=tuple(p for p in public_person(person).promises if not p.theirs),
        posts=posts,
        colleague=colleague,
    )


class _Situation(NamedTuple):
    """Lists of `SENTENCES` of one situation, and the words for their gaps."""

    cases: tuple[str, ...]
    words: dict[str, str]

    @property
    def kind(self) -> str:
        return self.cases[0].partition(":")[0]


def _say(*cases: str, **words: str) -> _Situation:
    return _Situation(cases, words)


def _birthday(facts: _Facts) -> _Situation | None:
    birthday, today = facts.contact.birthday, facts.today
    day = birthday_near(birthday, today, TABLE) if birthday else None
    if day is None:
        return None
    if day <= today:
        return _say("birthday: today" if day == today else "birthday: past")
    return _say("birthday: ahead", when="tomorrow" if (day - today).days == 1 else f"on {weekday_text(day)}")


def _promise(facts: _Facts) -> _Situation | None:
    """A promise near its day or past it; one without a day where the ranking speaks of promises."""
    soon = add_days(facts.today, TABLE.promise_ahead)
    near = (p for p in facts.promises if (p.due <= soon if p.due else "promise" in facts.kinds))
    promise = next(near, None)
    if promise is None:
        return None
    if not facts.colleague:
        if what := thanks_promised(promise.text, facts.contact):
            return _say("promise: to thank", what=what)
        if deed := promise_words(promise.text, facts.contact):
            return _say("promise: in words that fit", deed=deed)
    return _say("promise: in other words", since=f" from {facts.our_talk}" if facts.our_talk else "")


def _thanks(facts: _Facts) -> _Situation | None:
    line = facts.owed
    if line is None:
        return None
    if facts.colleague:
        noun = talk_noun(line)
        what = f"our {noun} {spoken_when(line.date, facts.today)}" if noun else "your help"
    else:
        what = thanks_words(line, facts.contact, facts.today)
    is_late = (facts.today - line.date).days > A_WHILE
    return _say("thanks: late" if is_late else "thanks: fresh", what=what)


def _new(facts: _Facts) -> _Situation | None:
    """The first hello after a meeting: the ranking calls somebody new, or the note says they just met."""
    met_on = facts.contact.met_on
    if met_on is not None and not 0 <= (facts.today - met_on).days <= TABLE.new_ends:
        met_on = None
    day = met_on or (facts.talk.date if facts.talk else None)
    if day is None or not ("new" in facts.kinds or (met_on and not facts.log)):
        return None
    when = where_met(facts.contact) or spoken_when(day, facts.today)
    by = person_words(names.unlink(facts.contact.introduced_by))
    return _say("new: introduced", by=by, when=when) if by else _say("new: met", when=when)


def _unanswered(facts: _Facts) -> _Situation | None:
    """A second message to somebody who has not answered: light, with nothing to feel bad about."""
    line = facts.log[-1] if facts.log else None
    if line is None or "sent" not in line.marks or line.date != facts.last:
        return None
    return _say("sent", when=spoken_when(line.date, facts.today))


def _goal(facts: _Facts) -> _Situation | None:
    if "goal" not in facts.kinds or facts.colleague:
        return None
    topics = topics_in_words(facts.contact.helps_with, facts.contact)
    topic = next((topic for topic in topics if _names_it(facts.goal_words, topic)), "")
    return _say("goal", topic=topic) if topic else None


def _wants(facts: _Facts) -> _Situation | None:
    """Something to give: a thing they want help with, and a post that names it."""
    topics = () if facts.colleague else topics_in_words(facts.contact.wants, facts.contact)
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
    if who := introduced_to(facts.talk, facts.contact):
        return _say("gift: an introduction", who=who)
    if thing := thing_given(facts.talk, facts.contact):
        return _say("gift: a thing", thing=thing)
    return None


# The most pressing one first; the last talk always has something to say.
_SITUATIONS = (_birthday, _promise, _thanks, _new, _unanswered, _goal, _wants, _gift)


def _last_talk(facts: _Facts) -> _Situation:
    """A hello that goes back to the last talk, as far as the notes know it."""
    talk, ours, when = facts.talk, facts.our_talk, facts.when
    if talk and is_tender(talk.text):
        return _say("talk: tender")
    topic = topic_of_talk(talk, facts.contact) if talk and not facts.colleague else ""
    quiet = (facts.today - facts.last).days if facts.last else 0
    span = "a long time" if quiet > A_LONG_TIME else "a while" if quiet > A_WHILE else ""
    # After a later talk that is private, "since" would be wrong.
    since = span if talk is not None and talk.date == facts.last else ""
    met = where_met(facts.contact)
    cases: list[str] = []
    if topic:
        cases = ["talk: topic"]
        cases += ["talk: topic and channel"] if ours else []
        cases += ["talk: topic, long ago"] if since else []
    elif ours and quiet < LATELY:
        cases = ["talk: channel, lately"]
    elif ours:
        cases = ["talk: channel", "talk: channel, long ago" if since else "talk: channel, not long ago"]
    elif span:
        cases = ["talk: long ago"]
    else:
        cases = ["talk: nothing known", "talk: where we met"] if met else ["talk: nothing known"]
    cases += ["talk: after a long time"] if quiet > A_LONG_TIME else []
    words = {"topic": topic, "span": span, "met": met, "when": when, "ours": ours}
    return _say(*cases, **words, When=_capital(when), Ours=_capital(ours))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
