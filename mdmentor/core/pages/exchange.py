"""The page "Two-way street": thanks to give, promises in both directions, what was given and got.

Told in words: no scores, no ranking of people, no reproach. What may be told is decided in `exchange`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core.exchange import Exchange, Glimpse, balance_words
from mdmentor.core.model import TWO_WAY, Interaction, Promise
from mdmentor.core.pages import page
from mdmentor.core.pages.person import colleague_foot, colleague_mark, kept_to_yourself
from mdmentor.core.text import counted, day_text, md, md_link, plain_words, shorten

INTRO = "What went either way with people. It need not come out even; it only should not be forgotten."
NOTHING = (
    "Nothing is noted yet. In a log line, `#gave` says that you helped, `#got` that they did, `#thanked` "
    "that you thanked them. An open task, `- [ ] send the paper (by 2026-11-30)`, is a promise of yours; "
    "with `#waiting` it is theirs."
)
# Lines told per person; the latest ones.
_SHOWN = 6
# People told one by one, with whom something went either way last; and what is owed and promised of a kind.
_PEOPLE = 60
_OPEN = 60
_LENGTH = 160
_NEVER = date.max.isoformat()


def render_two_way(
    glimpses: Iterable[Glimpse],
    look: Callable[[str], Exchange],
    folder: str,
    pages: Sequence[str],
    today: date,
    inside: Collection[str] = (),
) -> str:
    """The page's text; `folder` is the one it lies in, `pages` the titles of the pages there are.

    `look` tells by the path what went either way with one of those glimpsed. People come by name, thanks by how long
    they are open, promises by their day with undated ones last. People whose paths are `inside` are marked as
    working where the user works.
    """
    people = sorted(glimpses, key=lambda one: (one.name.casefold(), one.name, one.path))
    mine = [(due, place, one) for one in people for place, due in enumerate(one.mine)]
    theirs = [(due, place, one) for one in people for place, due in enumerate(one.theirs)]
    lines = [
        *_section("Thanks to give", _thanks(people, look, folder, today, inside)),
        *_section("Promised by you", _promises(mine, look, folder, today, inside, theirs=False)),
        *_section("Promised to you", _promises(theirs, look, folder, today, inside, theirs=True)),
        *_section("Person by person", _balances(people, look, folder, today, inside)),
    ]
    lines = [*lines, *colleague_foot(lines)] or [NOTHING]
    lines += kept_to_yourself([(one.path, one.name) for one in people if one.confidential], folder)
    return page.page(TWO_WAY, lines, intro=INTRO, pages=pages)


def _section(title: str, lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return ["", f"## {title}", "", *lines] if lines else []


def _thanks(
    people: Iterable[Glimpse],
    look: Callable[[str], Exchange],
    folder: str,
    today: date,
    inside: Collection[str],
) -> Iterator[str]:
    owed = [one for one in people if one.thanks]
    for glimpsed in sorted(owed, key=lambda one: one.thanks)[:_OPEN]:
        one = look(glimpsed.path)
        assert one.thanks_line is not None, "glimpsed"
        since = f"since {_day(one.thanks_line, one, folder, today)}"
        yield f"- {_marked(one, folder, inside)}, {since}{_words(one.thanks_line.text)}"
    yield from _more(len(owed))


def _promises(
    promised: list[tuple[str, int, Glimpse]],
    look: Callable[[str], Exchange],
    folder: str,
    today: date,
    inside: Collection[str],
    *,
    theirs: bool,
) -> Iterator[str]:
    """Promises by (day, place among those of the person, person)."""
    for _, place, glimpsed in sorted(promised, key=lambda promise: promise[0] or _NEVER)[:_OPEN]:
        one = look(glimpsed.path)
        promise = (one.promises_theirs if theirs else one.promises_mine)[place]
        yield f"- {_marked(one, folder, inside)}{_due(promise, today)}{_words(promise.text)}"
    yield from _more(len(promised))


def _more(total: int) -> Iterator[str]:
    if total > _OPEN:
        yield f"- and {total - _OPEN} more: `mdmentor promises` tells them all"


def _due(promise: Promise, today: date) -> str:
    if promise.due is None:
        return ""
    day = day_text(promise.due, today)
    return f", by {day}" if promise.due >= today else f", was meant for {day}"


def _balances(
    people: Iterable[Glimpse],
    look: Callable[[str], Exchange],
    folder: str,
    today: date,
    inside: Collection[str],
) -> Iterator[str]:
    telling = [one for one in people if one.last]
    more = len(telling) - _PEOPLE
    if more > 0:
        by_last = sorted(telling, key=lambda one: one.last, reverse=True)
        last = {one.path for one in by_last[:_PEOPLE]}
        telling = [one for one in telling if one.path in last]
        yield f"The {_PEOPLE} people with whom something went either way last; {more} more by `mdmentor show`."
        yield ""
    for one in map(look, [one.path for one in telling]):
        yield f"- {_marked(one, folder, inside)}: {balance_words(one)}"
        lines = _exchanged(one)
        for line in lines[:_SHOWN]:
            yield f"  - {_day(line, one, folder, today)}, {_direction(line)}{_words(line.text)}"
        if lines[_SHOWN:]:
            yield f"  - and {counted(len(lines) - _SHOWN, 'earlier line')} in the notes"


def _exchanged(one: Exchange) -> list[Interaction]:
    """What was given, got and thanked for, the latest first, each line once."""
    lines = dict.fromkeys((*one.gave, *one.got, *one.thanked))
    return sorted(lines, key=lambda line: (-line.date.toordinal(), line.path, line.line))


def _direction(line: Interaction) -> str:
    """`you helped`, `they helped`, `you helped each other`; behind it `you thanked them` where they were."""
    gave, got = "gave" in line.marks, "got" in line.marks
    helped = (
        "you helped each other" if gave and got else "you helped" if gave else "they helped" if got else ""
    )
    return " and ".join(filter(None, (helped, "you thanked them" if "thanked" in line.marks else "")))


def _day(line: Interaction, one: Exchange, folder: str, today: date) -> str:
    """The day; it leads to the note where the line stands, unless that is the person's own."""
    day = day_text(line.date, today)
    return day if line.path in ("", one.path) else md_link(day, folder, line.path)


def _words(text: str) -> str:
    words = md(shorten(plain_words(text), _LENGTH))
    return f": {words}" if words else ""


def _marked(one: Exchange, folder: str, inside: Collection[str]) -> str:
    return f"**{_name(one, folder)}**{colleague_mark(one.path in inside)}"


def _name(one: Exchange, folder: str) -> str:
    return md_link(one.name, folder, one.path)
