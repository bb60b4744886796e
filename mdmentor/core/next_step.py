"""The next small step with a person who is, or could become, a mentor.

One plain sentence drawn from their own log: thanks and promises first, then what fits the step they stand
on. It never urges; where nothing is open it says so.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from mdmentor.core.exchange import Exchange, exchange, times
from mdmentor.core.frontmatter.keys import MENTOR_STEPS
from mdmentor.core.model import Contact, Interaction, Person, Promise
from mdmentor.core.names import unlink
from mdmentor.core.phrasing import pick
from mdmentor.core.text import ago, day_text, plain_words, shorten, span_text
from mdmentor.core.trust import public_log, public_person

STEPS = MENTOR_STEPS
CANDIDATE, CATCHING_UP, ASKED_ONCE, ONGOING, PAST = STEPS

# Days without contact after which one says hello before one asks anything.
LONG_QUIET = 120
# Days after which an ongoing mentor would like to hear how things go: the cadence of a mentor (design, 4).
MENTOR_CADENCE = 60
# Days after which thanks are told as late, and all the same as welcome.
LATE_THANKS = 120
# Days in which a message may wait for its answer.
ANSWER_DAYS = 30


class ContactStats(NamedTuple):
    """What the steps look at of one person."""

    contact: Contact
    today: date
    street: Exchange
    talks: tuple[Interaction, ...]  # public, without what had no answer yet; oldest first
    last: date | None  # the last day of contact; a private talk was one too
    unanswered: date | None  # when the user last wrote, if that had no answer yet
    plan: Interaction | None = None  # the next talk that is planned already, after today


def read_tie(person: Person, today: date) -> ContactStats:
    contact = person.contact
    told = public_log(person, today)
    days = [line.date for line in person.interactions if line.date <= today]
    if contact.last_contact and contact.last_contact <= today:
        days.append(contact.last_contact)
    last = max(days, default=None)
    sent = told[-1].date if told and "sent" in told[-1].marks and told[-1].date == last else None
    talks = tuple(line for line in told if "sent" not in line.marks)
    plans = (line for line in public_person(person).interactions if line.date > today)
    plan = min(plans, key=lambda line: (line.date, line.path, line.line), default=None)
    return ContactStats(contact, today, exchange(person, today), talks, last, sent, plan)


def next_step(step: str, tie: ContactStats) -> str:
    """One small thing to do next, as a plain sentence drawn from the log."""
    if step == PAST:
        return _next_for_past(tie)
    duty = _duty(tie)
    if duty:
        return duty
    if tie.plan:
        return _look_forward(tie.plan, tie.today)
    if step == ONGOING:
        return _next_for_ongoing(tie)
    if step == ASKED_ONCE:
        return _next_for_asked_once(tie)
    quiet = _days_quiet(tie)
    if quiet is None:
        where = " and say where you met" if tie.contact.met else "; ask nothing yet"
        return f"Write a short hello{where}."
    if quiet > LONG_QUIET:
        return f"Catch up informally; it has been {span_text(quiet)}. Ask how they are, nothing more."
    if step == CATCHING_UP and len({line.date for line in tie.talks}) > 1:
        topic = _first_topic(tie.contact.helps_with)
        return f"Ask one small thing, for instance about {topic}." if topic else "Ask one small thing."
    if tie.street.got:
        return "Catch up informally, and see how open they are to another question some day."
    return "Catch up once more, over a coffee or a call; there is no hurry to ask anything."


def _duty(tie: ContactStats) -> str:
    """What comes before any step: thanks, a promise, the patience that a message needs; "" for nothing."""
    if tie.street.thanks_line:
        return _thank(tie.street.thanks_line, tie)
    if tie.street.promises_mine:
        return _keep(tie.street.promises_mine[0], tie.today)
    if tie.unanswered:
        since = ago(tie.unanswered, tie.today)
        if (tie.today - tie.unanswered).days <= ANSWER_DAYS:
            return f"You wrote {since}; give it time."
        return f"You wrote {since} and have no answer yet; one more try, another way, is fine."
    return ""


def _thank(owed: Interaction, tie: ContactStats) -> str:
    """Thanks in words that fit how long they are open; several, since a page may hold many of them."""
    quiet = (tie.today - owed.date).days
    if (tie.today - tie.street.got[-1].date).days > LATE_THANKS:
        late = (
            "A late thank you is still welcome, with a word on what came of it.",
            "It is not too late for a line of thanks, and for what came of it.",
            "Say thank you all the same, and tell them what came of it.",
        )
        return pick(late, f"{tie.contact.path}\n{owed.date.isoformat()}")
    if owed.date != tie.street.got[-1].date:
        day = day_text(owed.date, tie.today)
        return f"Tell them what came of their help of {day} and since, and say thank you."
    if quiet <= 14:
        shapes = ["Say thank you while it is fresh.", "Send a line of thanks; the rest can wait."]
    else:
        shapes = [
            "Tell them what came of it, and say thank you.",
            "Say thank you, with a line on what came of it.",
            "Let them know what you made of it; that is thanks enough.",
            "Write a few lines of thanks, with what came of it.",
        ]
    return pick(shapes, f"{tie.contact.path}\n{owed.date.isoformat()}")


def _keep(promise: Promise, today: date) -> str:
    words = shorten(plain_words(promise.text), 70).rstrip(".")
    by = f" (by {day_text(promise.due, today)})" if promise.due else ""
    return f"First do what you promised{by}: {words}." if words else f"First do what you promised{by}."


def _look_forward(plan: Interaction, today: date) -> str:
    words = shorten(", ".join(filter(None, (plan.channel, plain_words(plan.text)))), 70).rstrip(".")
    what = f": {words}" if words else ""
    return f"Planned for {day_text(plan.date, today)}{what}. Anything else can wait until then."


def _next_for_asked_once(tie: ContactStats) -> str:
    wish = _first_topic(tie.contact.wants)
    if wish and not tie.street.gave:
        return f"Offer something in return: they would welcome help with {wish}."
    if tie.street.got:
        return "See how open they are: one more small question, or something that may be of use to them."
    return "Tell them what you made of their answer."


def _next_for_ongoing(tie: ContactStats) -> str:
    wish = _first_topic(tie.contact.wants)
    if wish and times(tie.street.gave) < max(1, times(tie.street.got)):
        return f"Give something back: they would welcome help with {wish}."
    quiet = _days_quiet(tie)
    if quiet is None:
        return "Write a few lines on how things are going."
    if quiet <= MENTOR_CADENCE:
        return _nothing_open(quiet)
    if "emotional" in tie.contact.support:
        return f"It has been {span_text(quiet)}. Ask how they are, and say how you really are."
    return f"It has been {span_text(quiet)}. Tell them how things have gone since, ups and downs alike."


def _next_for_past(tie: ContactStats) -> str:
    if tie.street.thanks_line:
        return _thank(tie.street.thanks_line, tie)
    quiet = _days_quiet(tie)
    if quiet is not None and quiet <= 365:
        return _nothing_open(quiet)
    return "A line once a year is plenty: where you are now, and what of theirs stayed with you."


def _nothing_open(quiet: int) -> str:
    when = "today" if quiet == 0 else "yesterday" if quiet == 1 else f"{span_text(quiet)} ago"
    return f"Nothing is open; you were in touch {when}."


def _days_quiet(tie: ContactStats) -> int | None:
    return (tie.today - tie.last).days if tie.last else None


def _first_topic(topics: Iterable[str]) -> str:
    return next((words for topic in topics if (words := shorten(plain_words(unlink(topic)), 50))), "")
