"""A sentence or two that the user could send, made by rules from the notes.

It says nothing that the notes do not say, and of their words only those that fit an English sentence as
they stand: what a rule does not recognise (another language, odd punctuation, somebody else's name in the
way) is left out, and the day and the channel speak instead. Nothing from private lines, and no opener at all
for a confidential contact.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core import names
from mdmentor.core import text as phrases
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
from mdmentor.core.ranking.constants import TABLE
from mdmentor.core.ranking.stats import birthday_near
from mdmentor.core.text import plain_words
from mdmentor.core.trust import public_log, public_person

# Days without contact that are "a while", and that are "a long time".
A_WHILE = 60
A_LONG_TIME = 365
# A meeting this long ago is no longer followed up as new (design, section 4).
NEW_DAYS = 30
# A promise is spoken of from so many days before its date (design, section 4).
PROMISE_DAYS = 5


def opener(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, *, colleague: bool = False
) -> str:
    """One or two sentences to begin with, as plain text; "" for a confidential or paused contact.

    The situation is the most pressing one that the notes tell: a birthday, a promise, thanks, a new
    acquaintance, an unanswered message, a goal, something they want help with, a gift, the last talk. The
    same notes and day give the same words; people in the same situation get different ones. With `colleague`
    (a colleague at one's own employer) nothing of goals or of what was talked about is said.
    """
    contact = person.contact
    if contact.confidential or contact.paused:
        return ""
    seen = _look(person, assessment, posts, today, colleague)
    kind, shapes = next(_situations(seen))
    day = seen.talk.date.isoformat() if seen.talk else ""
    key = f"{contact.path}\n{kind}\n{day}"
    words = pick(shapes, key).replace(_CLOSE, pick(_CLOSERS, f"{key}\nclose"))
    return f"{_greeting(contact, key)}, {_after_greeting(words)}"


class _Seen(NamedTuple):
    """What an opener may draw on."""

    contact: Contact
    today: date
    kinds: frozenset[str]  # of the standing's reasons
    goal_words: str  # the sentence of the reason "goal"
    log: tuple[Interaction, ...]
    talk: Interaction | None  # the last one that may be told and was no unanswered message
    last: date | None  # the last day of contact, told or not
    owed: Interaction | None
    promises: tuple[Promise, ...]
    posts: tuple[Relation, ...]
    colleague: bool

    @property
    def quiet(self) -> int:
        """Days since the last contact; 0 where none is known."""
        return (self.today - self.last).days if self.last else 0


def _look(
    person: Person, assessment: Assessment, posts: Sequence[Relation], today: date, colleague: bool
) -> _Seen:
    log = public_log(person, today)
    talks = [line for line in log if "sent" not in line.marks]
    days = [
        assessment.last_contact,
        person.contact.last_contact,
        *(line.date for line in person.interactions),
    ]
    goal = next((reason.text for reason in assessment.reasons if reason.kind == "goal"), "")
    return _Seen(
        contact=person.contact,
        today=today,
        kinds=frozenset(reason.kind for reason in assessment.reasons),
        goal_words=goal,
        log=log,
        talk=talks[-1] if talks else None,
        last=max((day for day in days if day and day <= today), default=None),
        owed=find_thanks_owed(person.interactions, today),
        promises=tuple(p for p in public_person(person).promises if not p.theirs),
        posts=tuple(posts),
        colleague=colleague,
    )


# A shape that ends in this gets one of the closing questions. No words of a note hold it (`plain_words`).
_CLOSE = "\x00"
_CLOSERS = (
    "How are you these days?",
    "How have you been?",
    "How are things with you?",
    "I would be glad to hear how you are.",
    "What is keeping you busy these days?",
)


def _situations(seen: _Seen) -> Iterator[tuple[str, Sequence[str]]]:
    """The situations that apply, the most pressing first; the last always does."""
    for kind, shapes in (
        ("birthday", _birthday(seen)),
        ("promise", _promise(seen)),
        ("thanks", _thanks(seen)),
        ("new", _new(seen)),
        ("sent", _unanswered(seen)),
        ("goal", _goal(seen)),
        ("wants", _wants(seen)),
        ("gift", _gift(seen)),
    ):
        if shapes:
            yield kind, shapes
    yield "talk", _last_talk(seen)


def _birthday(seen: _Seen) -> Sequence[str]:
    birthday = seen.contact.birthday
    day = birthday_near(birthday, seen.today, TABLE) if birthday else None
    if day is None:
        return ()
    if day < seen.today:
        return (
            "Belated good wishes for your birthday. I hope it was a good day.",
            f"I am late with my good wishes for your birthday, but they are warm. {_CLOSE}",
        )
    if day == seen.today:
        return (
            "Happy birthday. I hope the day is a good one.",
            "All the best for your birthday today. I hope you have time to enjoy it.",
            "Happy birthday, and a good year ahead.",
        )
    when = "tomorrow" if (day - seen.today).days == 1 else f"on {phrases.weekday_text(day)}"
    return (
        f"All the best for your birthday {when}. I hope it is a good day.",
        f"I am thinking of your birthday {when} already. I hope you have time to enjoy it.",
    )


def _promise(seen: _Seen) -> Sequence[str]:
    """A promise near its day or past it; any promise where the ranking speaks of one."""
    open_ones = [
        promise
        for promise in seen.promises
        if (promise.due and (promise.due - seen.today).days <= PROMISE_DAYS)
        or (promise.due is None and "promise" in seen.kinds)
    ]
    if not open_ones:
        return ()
    words = "" if seen.colleague else promise_words(open_ones[0].text, seen.contact)
    thanks = "" if seen.colleague else thanks_promised(open_ones[0].text, seen.contact)
    if thanks:
        return (
            f"I still wanted to thank you for {thanks}. It was good of you.",
            f"Thank you again for {thanks}. {_CLOSE}",
        )
    if words:
        return (
            f"I have not forgotten that I promised to {words}. {_CLOSE}",
            f"I said I would {words}, and I have not forgotten it. {_CLOSE}",
            f"I promised to {words}, and it is still on my list. {_CLOSE}",
        )
    since = f" from {_our_talk(seen)}" if _our_talk(seen) else ""
    return (
        f"I still owe you something{since}, and I have not forgotten it. {_CLOSE}",
        f"My promise{since} is not forgotten. {_CLOSE}",
    )


def _thanks(seen: _Seen) -> Sequence[str]:
    if seen.owed is None:
        return ()
    what = _plainly(seen, seen.owed) if seen.colleague else thanks_words(seen.owed, seen.contact, seen.today)
    if (seen.today - seen.owed.date).days > A_WHILE:
        return (
            f"I never properly thanked you for {what}, and I would like to. {_CLOSE}",
            f"This comes late, but thank you for {what}. I would like to tell you what came of it.",
        )
    return (
        f"Thank you again for {what}. I would like to tell you what came of it.",
        f"I still wanted to thank you for {what}. It was good of you.",
        f"Thank you for {what}. May I tell you some time what came of it?",
    )


def _plainly(seen: _Seen, line: Interaction) -> str:
    noun = talk_noun(line.channel)
    return f"our {noun} {spoken_when(line.date, seen.today)}" if noun else "your help"


def _new(seen: _Seen) -> Sequence[str]:
    """The first hello after a meeting: the ranking calls somebody new, or the note says they just met."""
    contact, met_on = seen.contact, seen.contact.met_on
    just_met = met_on is not None and 0 <= (seen.today - met_on).days <= NEW_DAYS
    if not ("new" in seen.kinds or (just_met and not seen.log)) or not (just_met or seen.talk):
        return ()
    day = met_on if met_on and just_met else seen.talk.date if seen.talk else seen.today
    when = where_met(contact) or spoken_when(day, seen.today)
    by = person_words(names.unlink(contact.introduced_by))
    if by:
        return (
            f"I am glad {by} introduced us. I would like to hear more about what you do.",
            f"It was good to meet you {when}, and kind of {by} to introduce us. Shall we meet for a coffee?",
        )
    return (
        f"It was good to meet you {when}. I would like to stay in touch.",
        f"I am glad we met {when}. Would you have time for a coffee one of these weeks?",
        f"I enjoyed meeting you {when}. I would like to hear more about what you do.",
    )


def _unanswered(seen: _Seen) -> Sequence[str]:
    """A second message to somebody who has not answered: light, with nothing to feel bad about."""
    line = seen.log[-1] if seen.log else None
    if line is None or "sent" not in line.marks or line.date != seen.last:
        return ()
    when = spoken_when(line.date, seen.today)
    return (
        f"I wrote {when}, and I know how full the days get. I would still be glad to hear how you are.",
        f"This is just a small hello after my message {when}. There is no hurry with an answer.",
        f"My message {when} needs no answer; I only wanted to know how you are.",
    )


def _goal(seen: _Seen) -> Sequence[str]:
    if "goal" not in seen.kinds or seen.colleague:
        return ()
    topics = topics_in_words(seen.contact.helps_with, seen.contact)
    topic = next((topic for topic in topics if _names_it(seen.goal_words, topic)), "")
    if not topic:
        return ()
    return (
        f"I am thinking about {topic} at the moment, and you came to mind. May I ask you one thing about it?",
        f"May I ask you one small thing about {topic}? A few lines or a short call would be plenty.",
        f"I have a question about {topic} and would value your view. Have you time for a call or a coffee?",
    )


def _wants(seen: _Seen) -> Sequence[str]:
    """Something to give: a thing they want help with, and a post that names it."""
    topics = () if seen.colleague else topics_in_words(seen.contact.wants, seen.contact)
    if not topics:
        return ()
    topic = topics[0]
    for post in seen.posts:
        title = plain_words(post.title)
        if names.fold_topic(title) == names.fold_topic(topic) and '"' not in title:
            return (
                f'I have a text here that may be of use to you: "{title}". Shall I send it?',
                f'I came across "{title}" and thought of you. Shall I send it to you?',
            )
        if _names_it(title, topic) and '"' not in title and len(title) <= 60:
            return (
                f'I have a text here that may help you with {topic}: "{title}". Shall I send it to you?',
                f'I came across "{title}" and thought of you. How is it going with {topic}?',
            )
    if topic.partition(" ")[0].lower() in ("a", "an", "some", "somebody", "someone"):
        return (
            f"Are you still looking for {topic}? If I can be of any help, I would be glad to.",
            f"I remembered that you were looking for {topic}. Say so if there is anything I can do.",
        )
    return (
        f"How is it going with {topic}? If I can be of any help, I would be glad to.",
        f"I was wondering how things are going with {topic}. Say so if there is anything I can do.",
    )


def _names_it(text: str, topic: str) -> bool:
    return f" {names.fold_topic(topic)} " in f" {names.fold_topic(text.strip('.'))} ".replace(",", " ")


def _gift(seen: _Seen) -> Sequence[str]:
    """What the user gave at the last talk: did it come to something?"""
    if seen.colleague or seen.talk is None or "gave" not in seen.talk.marks:
        return ()
    if who := introduced_to(seen.talk, seen.contact):
        return (
            f"Did you and {who} find the time to talk? I hope it was worth it.",
            f"I was wondering whether you and {who} got to talk. {_CLOSE}",
        )
    if thing := thing_given(seen.talk, seen.contact):
        return (
            f"I hope you found a use for {thing}. {_CLOSE}",
            f"I wondered whether {thing} came in useful. {_CLOSE}",
        )
    return ()


def _last_talk(seen: _Seen) -> Sequence[str]:
    """A hello that goes back to the last talk, as far as the notes tell of it."""
    talk, ours = seen.talk, _our_talk(seen)
    if talk and is_tender(talk.text):
        return (
            "I am thinking of you, and I would be glad to hear how you are.",
            "You are on my mind these days. I would be glad to hear how you are; a line is plenty.",
        )
    topic = topic_of_talk(talk, seen.contact) if talk and not seen.colleague else ""
    # After a later talk that may not be told, "since" would be wrong.
    is_last = talk is not None and talk.date == seen.last
    span = "a long time" if seen.quiet > A_LONG_TIME else "a while" if seen.quiet > A_WHILE else ""
    when = spoken_when(talk.date, seen.today) if talk else ""
    shapes: list[str] = []
    if topic:
        shapes.append(f"{when[0].upper()}{when[1:]} we talked about {topic}. {_CLOSE}")
        if ours:
            shapes.append(f"I was thinking of {ours}, when we talked about {topic}. {_CLOSE}")
        if span and is_last:
            shapes.append(f"It has been {span} since we talked about {topic}. {_CLOSE}")
    elif ours and seen.quiet < 14:
        shapes.append(f"I liked {ours}. I hope all is well with you.")
        shapes.append(f"It was good to be in touch {when}. I hope all is well with you.")
    elif ours:
        shapes.append(f"I was thinking of {ours}. {_CLOSE}")
        shapes.append(f"O{ours[1:]} came back to me today. {_CLOSE}")
        if span and is_last:
            shapes.append(f"It has been {span} since {ours}. {_CLOSE}")
        else:
            shapes.append(f"I liked {ours}, and wondered how things have been since.")
    elif span:
        shapes.append(f"It has been {span} since we were in touch. {_CLOSE}")
        shapes.append(f"You came to my mind today, and it has been {span}. {_CLOSE}")
    else:
        shapes.append("I have no particular reason to write; I only wondered how you are.")
        shapes.append(f"You came to my mind today. {_CLOSE}")
        shapes.append(f"This is just a hello from me. {_CLOSE}")
        if where := where_met(seen.contact):
            shapes.append(f"I was thinking of how we met {where}. {_CLOSE}")
    if span == "a long time":
        shapes.append("It has been a long time, and I would be glad to hear how you are. A line is plenty.")
    return shapes


def _our_talk(seen: _Seen) -> str:
    """`our coffee in October`; "" where the last talk has no name."""
    noun = talk_noun(seen.talk.channel) if seen.talk else ""
    return f"our {noun} {spoken_when(seen.talk.date, seen.today)}" if noun and seen.talk else ""


def _greeting(contact: Contact, key: str) -> str:
    name = first_name(contact.name)
    hello = "Dear" if name and "teacher" in contact.source else pick(("Hi", "Hello"), f"{key}\nhello")
    return f"{hello} {name}" if name else "Hello"


def _after_greeting(words: str) -> str:
    """All shapes open with a word of ours, and only "I" keeps its capital behind a greeting."""
    return words if words.startswith("I ") else words[0].lower() + words[1:]
