"""What all pages share: front matter, title, sections, the lines at the foot, and what a page says of one person.

A page is the same text for the same notes, settings and day, on every machine: no clock, no locale, no path outside
the vault. What it says of one person is Markdown, escaped, or "" where there is nothing to say. Private lines are left
out, and everything but the name of a confidential note: that is checked here too, whatever was left out before.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core.entries import Card
from mdmentor.core.model import GENERATED, PAGES, REACH_OUT, Contact, Interaction, Promise, Relation
from mdmentor.core.text import clean, counted, link_target, md, md_link, plain_words, sentence, shorten
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_FOOT, COLLEAGUE_MARK, public_log

CONFIDENTIAL = "The rest of this note is confidential."

TALK_LENGTH = 200
PROMISE_LENGTH = 120
MOST = 5  # promises, posts or addresses of one kind; more would hide what matters

DayWords = Callable[[date], str]

_FOOT = "*Generated from your notes. {} you type here is moved to your inbox.*"


class Context(NamedTuple):
    """Where and when a page or block is read."""

    folder: str  # its folder, from the vault's root
    today: date
    pages: Sequence[str] = ()  # titles of the pages there are
    colleagues: Collection[str] = ()  # paths of those who work where the user works

    def link(self, name: str, path: str, *, bold: bool = False) -> str:
        """A link to somebody's note, with a mark behind it for a colleague."""
        stars = "**" if bold else ""
        mark = f" {COLLEAGUE_MARK}" if path in self.colleagues else ""
        return f"{stars}{md_link(name, self.folder, path)}{stars}{mark}"


def colleague_foot(lines: Iterable[str]) -> list[str]:
    """What the marks in `lines` mean, as a paragraph to put behind them; nothing where there is no mark."""
    return ["", COLLEAGUE_FOOT, ""] if any(COLLEAGUE_MARK in line for line in lines) else []


def section(title: str, lines: Iterable[str]) -> list[str]:
    """The lines below a heading; nothing at all for no lines."""
    lines = list(lines)
    return ["", f"## {title}", "", *lines, ""] if lines else []


def and_more(number: int, noun: str = "", tail: str = "") -> list[str]:
    """A list item for what is left out, `- and 5 others`; nothing for none."""
    return [f"- and {counted(number, noun) if noun else f'{number} more'}{tail}"] if number > 0 else []


def related_lines(relations: Iterable[Relation], at: Context) -> list[str]:
    """A list item for each related note, with why."""
    whys = ((one, md("; ".join(map(plain_words, one.reasons)))) for one in relations)
    return [f"- {at.link(one.title, one.path)}{f': {why}' if why else ''}" for one, why in whys]


def page(title: str, lines: Sequence[str], at: Context, *, intro: str = "") -> str:
    """A whole page: front matter, title, `intro` as a paragraph, the lines, links to the other pages there are.

    `title` is one of `PAGES`. Marks of colleagues are explained behind the lines. Runs of empty lines become one. The
    first page is acted upon later, so it says of which day it is. The last line says what was written, so that what
    is typed is found.
    """
    is_first = title == REACH_OUT
    linked = [name for name in PAGES if name in at.pages and name != title]
    others = " · ".join(f"[{name}]({link_target('', f'{name}.md')})" for name in linked)
    typed = "Ticks are carried out; anything else" if is_first else "What"
    whole = [
        *("---", GENERATED, *([f"day: {at.today.isoformat()}"] if is_first else []), "---", ""),
        *(f"# {title}", "", intro, "", *lines, *colleague_foot(lines)),
        *(["", "---", "", others, "", _FOOT.format(typed)] if others else []),
    ]
    kept = [line for line, before in zip(whole, ["", *whole], strict=False) if line or before]
    text = "\n".join(kept).rstrip("\n")
    body = text.partition("\n---\n")[2]
    from mdmentor.core.ticks import sums_of  # slow to load, and of no use for `next`

    return f"{text}\n\n{sums_of(body.splitlines())}\n"


# --- what a page says of one person, line by line ---------------------------------------------------------------


def labelled(label: str, text: str) -> str:
    """`**Last talk:** ...`; "" for no text."""
    return f"**{label}:** {text}" if text else ""


def bullets(lines: Iterable[str], indent: str = "") -> list[str]:
    """A list item for each line that says something."""
    return [f"{indent}- {line}" for line in lines if line]


def work_text(contact: Contact) -> str:
    """`Head of analysis, Analytical Engines`."""
    return md(", ".join(filter(None, (clean(part) for part in (contact.role, *contact.company[:1])))))


def colleague_text(card: Card) -> str:
    """That the person works where the user works; "" for everybody else."""
    return f"**{sentence(COLLEAGUE)}**" if card.colleague and not card.person.contact.confidential else ""


def why_text(card: Card) -> str:
    """The reasons that count today, most important first, as sentences."""
    reasons = sorted(card.assessment.reasons, key=lambda reason: -reason.points)
    return md(" ".join(sentence(r.text) for r in reasons if r.points > 0 or r.kind == "drift"))


def last_talk_text(card: Card, day_words: DayWords) -> str:
    """The last contact in a line, as Markdown."""
    return md(last_talk_words(card, day_words))


def last_talk_words(card: Card, day_words: DayWords) -> str:
    """The last contact in a line: `call, 14 Oct, 6 weeks ago: asked how to open the raise talk`.

    A day with private lines alone is named without words. A message without an answer is marked as such, with the
    talk before it.
    """
    contact = card.person.contact
    log = public_log(card.person, card.assessment.today)
    last = card.assessment.last_contact or (log[-1].date if log else None)
    if last is None or contact.confidential:
        return ""
    on_the_day = [talk for talk in log if talk.date == last]
    if not on_the_day:
        return day_words(last)
    talk = _most_telling(on_the_day, contact.path)
    text = _talk(talk, day_words)
    if "sent" in talk.marks:
        text += " (no answer yet)"
        if before := [earlier for earlier in log if earlier.date < last and "sent" not in earlier.marks]:
            text += f"; before that {_talk(_most_telling(before, contact.path), day_words)}"
    return text


def todays_words(card: Card) -> str:
    """What the log says of today: `call: about the raise`; "" for nothing that may be shown."""
    today = card.assessment.today
    on_the_day = [talk for talk in public_log(card.person, today) if talk.date == today]
    if not on_the_day:
        return ""
    talk = _most_telling(on_the_day, card.person.contact.path)
    return ": ".join(filter(None, (clean(talk.channel), shorten(plain_words(talk.text), TALK_LENGTH))))


def _most_telling(interactions: Sequence[Interaction], own: str) -> Interaction:
    """Of the last day: an answered one before a sent one, one with words, no ticked promise, one of the `own` note.

    The line in somebody's own log is about them; a journal may sum up the whole day.
    """

    def tells(talk: Interaction) -> tuple[bool, ...]:
        return "sent" not in talk.marks, bool(plain_words(talk.text)), talk.due is None, talk.path == own

    return max((talk for talk in interactions if talk.date == interactions[-1].date), key=tells)


def _talk(talk: Interaction, day_words: DayWords) -> str:
    text = shorten(plain_words(talk.text), TALK_LENGTH)
    when = ", ".join(filter(None, (clean(talk.channel), day_words(talk.date))))
    return f"{when}: {text}" if text else when


def owed_lines(card: Card, day_words: DayWords) -> list[str]:
    """What is owed either way and is not among the reasons that count today, a line each."""
    reasons = card.assessment.reasons
    also = [r.text for r in reasons if not r.points and r.kind in ("promise", "waiting", "thanks")]
    lines = [labelled("Also", md(" ".join(map(sentence, also))))] if also else []
    if not any(reason.kind == "promise" for reason in reasons):
        lines += promise_lines(card, day_words, theirs=False)
    # a promise of theirs that is late is among the reasons, as "waiting"
    return lines + promise_lines(card, day_words, theirs=True, since=card.assessment.today)


def promise_lines(card: Card, day_words: DayWords, *, theirs: bool, since: date = date.min) -> list[str]:
    """The open promises of one side, `You promised: send the paper (by 30 Nov)`, at most `MOST`."""
    words = promise_words(card, day_words, theirs=theirs, since=since)
    return [labelled("They promised" if theirs else "You promised", md(text)) for text in words]


def promise_words(card: Card, day_words: DayWords, *, theirs: bool, since: date = date.min) -> list[str]:
    """The open promises of one side without those due before `since`: `send the paper (by 30 Nov)`."""
    if card.person.contact.confidential:
        return []
    promises = [p for p in card.person.promises if p.theirs == theirs and not p.private]
    texts = [_promise(p, day_words) for p in promises if (p.due or date.max) >= since]
    if len(texts) > MOST:
        texts[MOST:] = [f"{len(texts) - MOST} more, see the note"]
    return texts


def _promise(promise: Promise, day_words: DayWords) -> str:
    text = shorten(plain_words(promise.text), PROMISE_LENGTH) or "see the note"
    return f"{text} (by {day_words(promise.due)})" if promise.due else text


def posts_text(posts: Sequence[Relation], folder: str, most: int = MOST) -> str:
    """Links to the posts related to a person, each with the reason that weighs most."""
    shown = [(md_link(post.title, folder, post.path), post.reasons[:1]) for post in posts[:most]]
    return "; ".join(f"{link} ({md(plain_words(why[0]))})" if why else link for link, why in shown)


def reach_text(contact: Contact) -> str:
    """How to reach a person: mail, telephone and web addresses as written, as links where they are such."""
    if contact.confidential:
        return ""
    texts = {
        "email": contact.email[:MOST],
        "phone": contact.phone[:MOST],
        "linkedin": [contact.linkedin],
        "url": contact.url[:MOST],
    }
    shown = (_linked(key, clean(text)) for key, some in texts.items() for text in some)
    return " · ".join(filter(None, shown))


def _linked(key: str, text: str) -> str:
    address = address_of(key, text)
    shown = text if key in ("email", "phone") else shorten(re.sub(_NOT_SHOWN, "", text), 50)
    return f"[{md(shown)}]({address})" if address else md(text)


_NOT_SHOWN = r"^https?://(?:www\.)?|/$"
_MAIL = r"[^\s@<>()\[\]\\,;:\"'`|]+@[^\s@<>()\[\]\\,;:\"'`|/]+"
_TELEPHONE = r"[+(]?[0-9][0-9 ()/.\u00a0-]{3,30}"
# "javascript:" and its like are no address to go to; "example.org/ada" is one that people write.
_WEB = r"(?i)https?://[^\s/]+\S*|(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?"


def address_of(key: str, text: str) -> str:
    """What a value of `email`, `phone`, `linkedin` or `url` leads to; "" for one that is no such address."""
    from urllib.parse import quote

    if key == "email" and re.fullmatch(_MAIL, text):
        return f"mailto:{quote(text, safe='@.+-_', errors='replace')}"
    if key == "phone" and re.fullmatch(_TELEPHONE, text):
        # +44 (0)20: the zero is dialled within the country alone
        return "tel:" + re.sub(r"(?<=\d)\s*\(0\)|[^0-9+]", "", text)
    if key == "linkedin" and re.fullmatch(r"[\w-]+", text):
        return f"https://www.linkedin.com/in/{quote(text, errors='replace')}"
    if key in ("linkedin", "url") and re.fullmatch(_WEB, text):
        address = re.sub("%(?![0-9A-Fa-f]{2})", "%25", text if "://" in text else f"https://{text}")
        return quote(address, safe="%/:?#@!&+,=~-._", errors="replace")
    return ""
