"""The page "Mentors": who stands on which step with the next small one, and where mentors are found.

It gives nobody a label that the notes do not give: whom only the log speaks for stands under a heading
of their own. Who is on the page is decided in `mentoring`, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core.mentoring import (
    ASKED_ONCE,
    CANDIDATE,
    CATCHING_UP,
    ONGOING,
    PAST,
    MentorStep,
    Place,
    Support,
)
from mdmentor.core.model import MENTORS
from mdmentor.core.pages import page
from mdmentor.core.pages.person import colleague_foot, colleague_mark, kept_to_yourself, marked_link
from mdmentor.core.text import day_text, md, md_link, shorten
from mdmentor.core.trust import COLLEAGUE

INTRO = (
    "It starts small and needs no name: catch up, ask one thing, see how open they are, build on what feels "
    "right. Behind each name stands the next small step."
)
NOBODY = (
    "Nobody is here yet. When somebody helps you, put `#got` behind that line in the log and they are "
    "suggested here; or write `mentor: candidate` at the top of their note."
)
FROM_THE_LOG = "They helped or were open before, by your notes. Whether there is more in it, only you know."
SOURCES = (
    "To place somebody, write `source: teacher` (or boss, member, friend, event …) at the top of their note; "
    "a tag such as `friend` or `colleague` does, too."
)

_TITLES = {
    CANDIDATE: "Candidates",
    CATCHING_UP: "Catching up",
    ASKED_ONCE: "Asked once",
    ONGOING: "Ongoing",
    PAST: "From earlier days",
}
SUPPORT_WORDS = {"job": "the job", "career": "the career", "emotional": "ups and downs"}
# People suggested by the log who are told with their line, and names told of one place.
_SHOWN = 8
# People of one step who are told, and how many more the log suggests by name alone.
_PER_STEP, _NAMED = 30, 30


def render_mentors(
    steps: Sequence[MentorStep],
    places: Sequence[Place],
    folder: str,
    pages: Sequence[str],
    today: date,
    inside: Collection[str] = (),
    support: Sequence[Support] = (),
) -> str:
    """The page's text; `folder` is the one it lies in, `pages` the titles of the pages there are.

    Shows the steps in the order given. `inside` are the paths of those at the places, or there for something,
    who work where the user works; of the steps that is told already.
    """
    lines: list[str] = []
    for step, title in _TITLES.items():
        named = [one for one in steps if one.step == step and not one.inferred]
        if named:
            lines += ["", f"## {title}", "", *_people(named[:_PER_STEP], folder, today)]
            if named[_PER_STEP:]:
                lines += [f"- and {len(named) - _PER_STEP} more: `mdmentor mentors` tells of all"]
    inferred = [one for one in steps if one.inferred]
    if inferred:
        lines += ["", "## Your notes speak for them", "", FROM_THE_LOG, ""]
        lines += _people(inferred[:_SHOWN], folder, today)
        if inferred[_SHOWN:]:
            others = ", ".join(_marked(one, folder) for one in inferred[_SHOWN : _SHOWN + _NAMED])
            more = len(inferred) - _SHOWN - _NAMED
            lines += ["", f"Also: {others}{f' and {more} more' if more > 0 else ''}."]
    if not lines:
        lines += [NOBODY]
    lines += _support(support, folder, inside)
    lines += _places(places, folder, inside)
    lines += colleague_foot(lines)
    lines += kept_to_yourself([(one.path, one.name) for one in steps if one.confidential], folder)
    return page.page(MENTORS, lines, intro=INTRO, pages=pages)


def _people(steps: Iterable[MentorStep], folder: str, today: date) -> Iterator[str]:
    for one in steps:
        name = f"**{md_link(one.name, folder, one.path)}**"
        support = [SUPPORT_WORDS[kind] for kind in one.support if kind in SUPPORT_WORDS]
        if support:
            name += f" (for {_and(support)})"
        yield f"- {name}: {md(one.next_step)}" if one.next_step else f"- {name}"
        if one.colleague:
            yield f"  - *{COLLEAGUE[0].upper()}{COLLEAGUE[1:]}.*"
        if one.said_on:
            yield f"  - {_said(one, one.said_on, folder, today)}"


def _said(one: MentorStep, day: date, folder: str, today: date) -> str:
    """The line that speaks for them; its day leads to the note it stands in, where that is not their own."""
    when = day_text(day, today)
    if one.said_where and one.said_where[0] not in ("", one.path):
        when = md_link(when, folder, one.said_where[0])
    return f"{when}: {md(shorten(one.said, 160))}" if one.said else f"{when}: they helped you"


def _support(support: Sequence[Support], folder: str, inside: Collection[str]) -> list[str]:
    """Who is there for what, where notes tell job, career and emotional support apart."""
    if not any(one.people for one in support):
        return []
    told = (
        f"- For {SUPPORT_WORDS[one.kind]}: {_names(one.people, folder, inside) or 'nobody noted yet'}"
        for one in support
    )
    return ["", "## Who is there for what", "", *told]


def _names(people: Sequence[tuple[str, str]], folder: str, inside: Collection[str]) -> str:
    shown = ", ".join(marked_link(name, folder, path, inside) for path, name in people[:_SHOWN])
    more = len(people) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _marked(one: MentorStep, folder: str) -> str:
    return md_link(one.name, folder, one.path) + colleague_mark(one.colleague)


def _places(places: Iterable[Place], folder: str, inside: Collection[str]) -> Iterator[str]:
    yield from ("", "## Where mentors are found", "")
    any_empty = False
    for place in places:
        shown = _names(place.people, folder, inside)
        any_empty |= not shown
        yield f"- **{place.title}**: {shown or place.hint}"
    if any_empty:
        yield from ("", SOURCES)


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
