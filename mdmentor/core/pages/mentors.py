"""The pages "Mentors" and "Two-way street": who is on which step, and what went either way.

Nobody gets a label that the notes do not give, a score, or a reproach: people whom only the log suggests are under a
heading of their own. Who is on the pages, and what may be shown, is decided in `mentoring` and `exchange`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core.exchange import Exchange, balance_words, owed
from mdmentor.core.mentoring import STEPS, MentorStep, Place, Support
from mdmentor.core.model import MENTORS, TWO_WAY, Interaction, Promise
from mdmentor.core.pages import Context, and_more, page, section
from mdmentor.core.text import day_text, listing, md, md_link, plain_words, sentence, shorten
from mdmentor.core.trust import COLLEAGUE

MENTORS_INTRO = (
    "It starts small and needs no title: catch up, ask one thing, see how open they are, build on what feels "
    "right. Each name comes with the next small step."
)
NOBODY = (
    "Nobody is here yet. When somebody helps you, put `#got` after that line in the log and they are "
    "suggested here; or write `mentor: candidate` at the top of their note."
)
FROM_THE_LOG = (
    "By your notes, they have helped you or been open before. Only you know whether there is more to it."
)
SOURCES = (
    "To place somebody, write `source: teacher` (or boss, member, friend, event …) at the top of their note; "
    "a tag such as `friend` or `colleague` works, too."
)
TWO_WAY_INTRO = "What people have done for you, and you for them. It need not come out even; it just should not be forgotten."
NOTHING = (
    "Nothing is noted yet. In a log line, `#gave` says that you helped, `#got` that they did, `#thanked` "
    "that you thanked them. An open task, `- [ ] send the paper (by 2026-11-30)`, is a promise of yours; "
    "with `#waiting` it is theirs."
)

_TITLES = ("Candidates", "Catching up", "Asked once", "Ongoing", "From earlier days")  # of the steps
SUPPORT_WORDS = {"job": "the job", "career": "the career", "emotional": "ups and downs"}
_SHOWN = 8  # people suggested by the log with their line; names of one place
_PER_STEP, _NAMED = 30, 30  # people of one step; how many more the log suggests by name alone
_LINES = 6  # of what went either way with one person; the latest ones
_PEOPLE, _OPEN = 60, 60  # people with such lines; thanks, or promises of one side
_LENGTH = 160


def render_mentors(
    steps: Sequence[MentorStep], places: Sequence[Place], support: Sequence[Support], at: Context
) -> str:
    """The page Mentors, with the steps in the order given."""
    lines: list[str] = []
    for step, title in zip(STEPS, _TITLES, strict=True):
        named = [one for one in steps if one.step == step and not one.inferred]
        rest = and_more(len(named) - _PER_STEP, tail=": `mdmentor mentors` lists all")
        lines += section(title, [*_people(named[:_PER_STEP], at), *rest])
    inferred = [one for one in steps if one.inferred]
    if inferred:
        below = [FROM_THE_LOG, "", *_people(inferred[:_SHOWN], at)]
        if inferred[_SHOWN:]:
            others = inferred[_SHOWN : _SHOWN + _NAMED]
            links = (at.link(one.name, one.path) for one in others)
            more = len(inferred) - _SHOWN - _NAMED
            below += ["", f"Also: {', '.join(links)}{f' and {more} more' if more > 0 else ''}."]
        lines += section("Your notes speak for them", below)
    lines = lines or [NOBODY]
    if any(one.people for one in support):
        names = [(SUPPORT_WORDS[one.kind], _names(one.people, at) or "nobody yet") for one in support]
        lines += section("Who is there for what", (f"- For {word}: {called}" for word, called in names))
    found = [f"- **{place.title}**: {_names(place.people, at) or place.hint}" for place in places]
    found += [] if all(place.people for place in places) else ["", SOURCES]
    lines += section("Where mentors are found", found)
    return page(MENTORS, lines, at, intro=MENTORS_INTRO)


def _people(steps: Iterable[MentorStep], at: Context) -> Iterator[str]:
    for one in steps:
        name = f"**{md_link(one.name, at.folder, one.path)}**"
        support = [SUPPORT_WORDS[kind] for kind in one.support if kind in SUPPORT_WORDS]
        if support:
            name += f" (for {listing(support)})"
        yield f"- {name}: {md(one.next_step)}" if one.next_step else f"- {name}"
        if one.colleague:
            yield f"  - *{sentence(COLLEAGUE)}*"
        if one.said_on:
            day = _day(one.said_on, one.said_where[0] if one.said_where else "", one.path, at)
            yield f"  - {day}: {md(shorten(one.said, _LENGTH)) if one.said else 'they helped you'}"


def _day(day: date, path: str, own: str, at: Context) -> str:
    """The day; it leads to the note at `path`, where the line is, unless that is the person's own."""
    text = day_text(day, at.today)
    return text if path in ("", own) else md_link(text, at.folder, path)


def _names(people: Sequence[tuple[str, str]], at: Context) -> str:
    shown = ", ".join(at.link(name, path) for path, name in people[:_SHOWN])
    more = len(people) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def render_two_way(exchanges: Iterable[Exchange], at: Context) -> str:
    """The page Two-way street: people by name, thanks by how long they are open, promises by day, undated ones last."""
    people = sorted(exchanges, key=lambda one: (one.name.casefold(), one.name, one.path))
    promises, thanks = owed(people)
    lines = section("Thanks to give", _thanks(thanks, at))
    lines += section("Promised by you", _promises([one for one in promises if not one[0].theirs], at))
    lines += section("Promised to you", _promises([one for one in promises if one[0].theirs], at))
    lines += section("Person by person", _balances(people, at))
    return page(TWO_WAY, lines or [NOTHING], at, intro=TWO_WAY_INTRO)


def _thanks(thanks: Sequence[tuple[Interaction, Exchange]], at: Context) -> Iterator[str]:
    for line, one in thanks[:_OPEN]:
        yield f"- {_who(one, at)}, since {_day(line.date, line.path, one.path, at)}{_words(line.text)}"
    yield from and_more(len(thanks) - _OPEN, tail=": `mdmentor promises` lists them all")


def _promises(promised: Sequence[tuple[Promise, Exchange]], at: Context) -> Iterator[str]:
    for promise, one in promised[:_OPEN]:
        by = "by" if (promise.due or at.today) >= at.today else "was meant for"
        due = f", {by} {day_text(promise.due, at.today)}" if promise.due else ""
        yield f"- {_who(one, at)}{due}{_words(promise.text)}"
    yield from and_more(len(promised) - _OPEN, tail=": `mdmentor promises` lists them all")


def _balances(people: Iterable[Exchange], at: Context) -> Iterator[str]:
    """What went either way, person by person; of very many people those with whom something did last."""
    lines = {one.path: _exchanged(one) for one in people if one.gave or one.got}
    last = sorted(lines, key=lambda path: lines[path][0].date, reverse=True)[:_PEOPLE]
    if len(lines) > _PEOPLE:
        more = len(lines) - _PEOPLE
        yield f"The {_PEOPLE} people with whom something went either way last; {more} more by `mdmentor show`."
        yield ""
    for one in people:
        if one.path in last:
            yield f"- {_who(one, at)}: {balance_words(one)}"
            for line in lines[one.path][:_LINES]:
                day = _day(line.date, line.path, one.path, at)
                yield f"  - {day}, {_direction(line)}{_words(line.text)}"
            rest = and_more(len(lines[one.path]) - _LINES, "earlier line", " in the notes")
            yield from (f"  {line}" for line in rest)


def _exchanged(one: Exchange) -> list[Interaction]:
    """What was given, got and thanked for, the latest first, each line once."""
    lines = dict.fromkeys((*one.gave, *one.got, *one.thanked))
    return sorted(lines, key=lambda line: (-line.date.toordinal(), line.path, line.line))


def _direction(line: Interaction) -> str:
    """`you helped`, `they helped`, `you helped each other`; behind it `you thanked them` where they were."""
    helped = "you helped" if "gave" in line.marks else "they helped" if "got" in line.marks else ""
    if {"gave", "got"}.issubset(line.marks):
        helped = "you helped each other"
    return " and ".join(filter(None, (helped, "you thanked them" if "thanked" in line.marks else "")))


def _words(text: str) -> str:
    words = md(shorten(plain_words(text), _LENGTH))
    return f": {words}" if words else ""


def _who(one: Exchange, at: Context) -> str:
    return at.link(one.name, one.path, bold=True)
