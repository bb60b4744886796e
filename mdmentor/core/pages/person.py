"""What a page says of one person, line by line: the last talk, what is owed, how to reach them.

Each function gives Markdown, escaped, or "" where there is nothing to say. Private lines are never told,
and of a confidential note only the name: that is asked here too, whatever was left out before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date

from mdmentor.core.model import Card, Contact, Interaction, Promise, Relation
from mdmentor.core.text import clean, md, md_link, plain_words, shorten
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_FOOT, COLLEAGUE_MARK, public_log

CONFIDENTIAL = "The rest of this note is confidential."

TALK_LENGTH = 200
PROMISE_LENGTH = 120
MOST_KEPT = 60  # confidential names on one page
MOST = 5  # promises, posts or addresses of one kind; more would hide what matters

DayWords = Callable[[date], str]


def person_link(card: Card, folder: str) -> str:
    """A link to the contact's note under their name."""
    contact = card.person.contact
    return md_link(contact.name, folder, contact.path)


def marked_link(name: str, folder: str, path: str, inside: Collection[str]) -> str:
    """A link to somebody's note, with a short mark behind it if their path is among `inside`.

    `inside` are the paths of those who work where the user works. A list with such marks ends in the lines
    of `inside_foot`, which say what they mean.
    """
    return md_link(name, folder, path) + colleague_mark(path in inside)


def colleague_mark(is_colleague: bool) -> str:
    """The short mark with the blank before it; "" for everybody else."""
    return f" {COLLEAGUE_MARK}" if is_colleague else ""


def colleague_foot(lines: Iterable[str]) -> list[str]:
    """What the marks in `lines` mean, as a paragraph to put behind them; nothing where there is no mark."""
    return ["", COLLEAGUE_FOOT, ""] if any(COLLEAGUE_MARK in line for line in lines) else []


def kept_to_yourself(people: Sequence[tuple[str, str]], folder: str) -> list[str]:
    """The lines on confidential contacts, (path, name) of each: names alone, and of very many a number."""
    if not people:
        return []
    lines = [f"- {md_link(name, folder, path)}" for path, name in people[:MOST_KEPT]]
    if people[MOST_KEPT:]:
        lines.append(f"- and {len(people) - MOST_KEPT} more")
    return ["", "## Kept to yourself", "", "Only the names; the rest stays in their notes.", "", *lines]


def labelled(label: str, text: str) -> str:
    """`**Last talk:** ...`; "" for no text."""
    return f"**{label}:** {text}" if text else ""


def work_text(contact: Contact) -> str:
    """`Head of analysis, Analytical Engines`."""
    return md(", ".join(filter(None, (clean(part) for part in (contact.role, *contact.company[:1])))))


def sentence(text: str) -> str:
    """Plain words with a capital first and a mark at the end, as a sentence among others."""
    text = clean(text)
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def inside_text(card: Card) -> str:
    """That the person works where the user works; "" for everybody else."""
    return f"**{sentence(COLLEAGUE)}**" if card.colleague and not card.person.contact.confidential else ""


def why_text(card: Card) -> str:
    """The reasons that speak for today, most important first, as sentences."""
    told = sorted(card.assessment.reasons, key=lambda reason: -reason.points)
    return md(" ".join(sentence(r.text) for r in told if r.points > 0 or r.kind == "drift"))


def last_talk_text(card: Card, day_words: DayWords) -> str:
    """The last contact in a line: `call, 14 Oct, 6 weeks ago: asked how to open the raise talk`.

    A day that only private lines tell of is named without words. What was sent and not answered yet is
    told as such, with the talk before it.
    """
    today = card.assessment.today
    log = public_log(card.person, today)
    last = card.assessment.last_contact
    if last is None:
        last = log[-1].date if log else None
    if last is None or card.person.contact.confidential:
        return ""
    on_the_day = [told for told in log if told.date == last]
    if not on_the_day:
        return md(day_words(last))
    own = card.person.contact.path
    told = _most_telling(on_the_day, own)
    text = _talk(told, day_words)
    if "sent" in told.marks:
        before = [earlier for earlier in log if earlier.date < last and "sent" not in earlier.marks]
        text = f"{text} (no answer yet)"
        if before:
            text = f"{text}; before that {_talk(_most_telling(before, own), day_words)}"
    return md(text)


def _most_telling(interactions: Sequence[Interaction], own: str) -> Interaction:
    """Of those on the last day an answered one before a sent one, one with words, one of the `own` note.

    The line in somebody's own log is about them; a journal may tell the same day as a whole.
    """
    last = interactions[-1].date
    of_the_day = [told for told in interactions if told.date == last]
    return max(of_the_day, key=lambda t: ("sent" not in t.marks, bool(plain_words(t.text)), t.path == own))


def _talk(told: Interaction, day_words: DayWords) -> str:
    text = shorten(plain_words(told.text), TALK_LENGTH)
    when = ", ".join(filter(None, (clean(told.channel), day_words(told.date))))
    return f"{when}: {text}" if text else when


def owed_lines(card: Card, day_words: DayWords) -> list[str]:
    """What is owed either way and is not among the reasons that speak for today, a line each."""
    reasons = card.assessment.reasons
    told = [r.text for r in reasons if not r.points and r.kind in ("promise", "waiting", "thanks")]
    lines = [labelled("Also", md(" ".join(map(sentence, told))))] if told else []
    if not any(reason.kind == "promise" for reason in reasons):
        lines += promise_lines(card, day_words, theirs=False)
    # A promise of theirs that is late is among the reasons, as "waiting".
    return lines + promise_lines(card, day_words, theirs=True, since=card.assessment.today)


def promise_lines(card: Card, day_words: DayWords, *, theirs: bool, since: date = date.min) -> list[str]:
    """The open promises of one side, `You promised: send the paper (by 30 Nov)`, at most `MOST`."""
    if card.person.contact.confidential:
        return []
    open_ones = [p for p in card.person.promises if p.theirs == theirs and not p.private]
    open_ones = [p for p in open_ones if (p.due or date.max) >= since]
    who = "They promised" if theirs else "You promised"
    lines = [labelled(who, _promise(promise, day_words)) for promise in open_ones[:MOST]]
    if len(open_ones) > MOST:
        lines.append(labelled(who, f"{len(open_ones) - MOST} more, see the note"))
    return lines


def _promise(promise: Promise, day_words: DayWords) -> str:
    text = shorten(plain_words(promise.text), PROMISE_LENGTH) or "see the note"
    return md(f"{text} (by {day_words(promise.due)})" if promise.due else text)


def posts_text(posts: Iterable[Relation], folder: str, most: int = MOST) -> str:
    """Links to the posts that bear on a person, each with the reason that weighs most."""
    told = []
    for post in list(posts)[:most]:
        link = md_link(post.title, folder, post.path)
        told.append(f"{link} ({md(plain_words(post.reasons[0]))})" if post.reasons else link)
    return "; ".join(told)


def reach_text(contact: Contact) -> str:
    """How to reach a person: mail, telephone and web addresses as written, as links where they are such."""
    if contact.confidential:
        return ""
    told = [_mail(address) for address in contact.email[:MOST]]
    told += [_telephone(number) for number in contact.phone[:MOST]]
    told += [_web(address) for address in (contact.linkedin, *contact.url[:MOST])]
    return " · ".join(filter(None, told))


_MAIL = r"[^\s@<>()\[\]\\,;:\"'`|]+@[^\s@<>()\[\]\\,;:\"'`|/]+"
_TELEPHONE = r"\+?[0-9][0-9 ()/.\u00a0-]{3,30}"
# "javascript:" and its like are no address to go to; "example.org/ada" is one that people write.
_WEB = r"(?i)https?://[^\s/]+\S*|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?"


def _mail(text: str) -> str:
    text = clean(text)
    if not re.fullmatch(_MAIL, text):
        return md(text)
    from urllib.parse import quote  # as slow to load as all of this module, and needed for cards alone

    return f"[{md(text)}](mailto:{quote(text, safe='@.+-_', errors='replace')})"


def _telephone(text: str) -> str:
    text = clean(text)
    if not re.fullmatch(_TELEPHONE, text):
        return md(text)
    return f"[{md(text)}](tel:{re.sub(r'[^0-9+]', '', text.replace('(0)', ''))})"


def _web(text: str) -> str:
    text = clean(text)
    if not re.fullmatch(_WEB, text):
        return md(text)
    from urllib.parse import quote

    address = text if "://" in text else f"https://{text}"
    shown = re.sub(r"^https?://(?:www\.)?|/$", "", text)
    target = re.sub("%(?![0-9A-Fa-f]{2})", "%25", quote(address, safe="%/:?#@!&+,=~-._", errors="replace"))
    return f"[{md(shorten(shown, 50))}]({target})"
