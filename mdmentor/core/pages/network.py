"""The page "Network": the picture, and what it shows in words, for a terminal and for a blind reader.

Who is near, who has been quiet, who introduced whom, how many talks a month, who came from where. Of a
confidential person it tells the name; who stands where is decided in `picture`, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from mdmentor.core.model import NETWORK
from mdmentor.core.network_svg import people as rings
from mdmentor.core.network_svg import talks
from mdmentor.core.network_svg.layout import SHOWN
from mdmentor.core.network_svg.people import Dot, Network
from mdmentor.core.pages import page
from mdmentor.core.pages.person import colleague_foot, kept_to_yourself, marked_link
from mdmentor.core.text import counted, full_day, md

PICTURE = "network.svg"
CHART = "talks.svg"

INTRO = (
    "You in the middle. The nearer somebody stands, the more lately you talked, each against their own "
    "rhythm: three weeks are short for a yearly tie and long for a weekly one."
)
NOBODY = (
    'Nobody stands around you yet. Make a first note, by hand or with `mdmentor new contact "Ada Lovelace"`, '
    "and this picture begins."
)
NO_PLACES = (
    "No note says so yet: `source: teacher` (or boss, member, friend, event …) at the top of a note does."
)
QUIET = "Quiet ties are not lost: most people are glad to be remembered, whatever the time."
ONE_TALK = "A day with one person counts once."
# People of a ring told with their rhythm, and how many more by name alone.
_TOLD, _NAMED = 8, 40
_INTRODUCTIONS = 60
_PER_PLACE = 12

_SECTIONS = (
    ("Near", "", (rings.LATELY, rings.IN_RHYTHM)),
    ("A while ago", "", (rings.LATER, rings.LONG)),
    ("Old ties", QUIET, (rings.YEAR,)),
    ("No talk yet", "", (rings.NEVER,)),
)


def render_network(
    network: Network,
    talks_by_month: Sequence[tuple[str, int]],
    places: Sequence[tuple[str, Sequence[tuple[str, str]]]],
    folder: str,
    pages: Sequence[str],
    today: date,
) -> str:
    """The page's text; `folder` is the one it lies in, `pages` the titles of the pages there are.

    `places` are titles with the people found there, each as path and name.
    """
    dots, left_out, inside = network
    if not dots:
        lines = [NOBODY, "", f"![You in the middle, and nobody around you yet]({PICTURE})"]
        if left_out:
            lines += ["", _paused(left_out)]
    else:
        people = sorted(dots, key=rings.by_name)
        lines = [
            *_picture(people, left_out, inside),
            *_rings(people, folder, inside),
            *_introductions(people, folder, inside),
        ]
        closed = [(dot.path, rings.shown_name(dot)) for dot in people if dot.confidential]
        lines += kept_to_yourself(closed, folder)
    lines += _months(talks_by_month)
    if dots:
        lines += _places(dots, places, folder, inside)
        lines += colleague_foot(lines)
    intro = f"{INTRO} As of {full_day(today)}."
    return page.page(NETWORK, lines, intro=intro, pages=pages)


def _picture(people: Sequence[Dot], left_out: int, inside: Collection[str]) -> Iterator[str]:
    count = counted(len(people), "person", "people")
    yield f"![You in the middle of {count}, told in words below]({PICTURE})"
    yield ""
    there = {dot.kind for dot in people if not dot.confidential}
    kinds = [kind for kind in rings.KINDS if kind.word in there]
    told = {dot.path for dot in people if not dot.confidential}
    line = any(dot.introduced_by in told and dot.path in told for dot in people)
    introduction = " A curved line is an introduction." if line else ""
    if [kind.word for kind in kinds] == [rings.OTHER]:
        yield f"- Each mark is a person.{introduction}"
    elif kinds:
        marks = ", ".join(f"{kind.shape} for {kind.title[0].lower()}{kind.title[1:]}" for kind in kinds)
        yield f"- Each mark is a person: {marks}.{introduction}"
        yield f"- Around you: {rings.kinds_text(people)}."
    if any(dot.path in inside for dot in people):
        yield "- A circle around a mark: works where you work."
    if len(told) > SHOWN:
        yield f"- The picture shows at most {SHOWN} of them: mentors first, then introductions and the latest talks."
    if left_out:
        yield f"- {_paused(left_out)}"


def _paused(left_out: int) -> str:
    return f"Paused and not shown: {left_out}."


def _rings(people: Sequence[Dot], folder: str, inside: Collection[str]) -> Iterator[str]:
    in_ring: dict[int, list[Dot]] = {}
    for dot in people:
        if not dot.confidential:
            in_ring.setdefault(rings.ring_of(dot)[0], []).append(dot)
    for title, words, numbers in _SECTIONS:
        lines: list[str] = []
        for ring in numbers:
            there = in_ring.get(ring, [])
            if not there:
                continue
            there.sort(key=lambda dot: (rings.ring_of(dot)[1], rings.by_name(dot)))
            if len(numbers) > 1:
                text = rings.RING_TEXTS[ring]
                lines += ["", f"{text[0].upper()}{text[1:]} ({len(there)}):", ""]
            told = (
                _TOLD if len(there) > _TOLD + 2 else len(there)
            )  # a line for one or two names spares nothing
            lines += [f"- {_link(dot, folder, inside)}: {md(rings.quiet_text(dot))}" for dot in there[:told]]
            if there[told:]:
                lines.append(f"- and {_names(there[told:], folder, inside, _NAMED)}")
        yield from _section(title, [words, "", *lines] if lines and words else lines)


def _introductions(people: Sequence[Dot], folder: str, inside: Collection[str]) -> list[str]:
    by_path = {dot.path: dot for dot in people if not dot.confidential}
    introduced: dict[str, list[Dot]] = {}
    for dot in people:
        if dot.introduced_by in by_path and not dot.confidential:
            introduced.setdefault(dot.introduced_by, []).append(dot)
    ordered = sorted(introduced, key=lambda path: rings.by_name(by_path[path]))
    lines = [
        f"- {_link(by_path[path], folder, inside)} introduced"
        f" {_names(introduced[path], folder, inside, _PER_PLACE)}"
        for path in ordered[:_INTRODUCTIONS]
    ]
    if ordered[_INTRODUCTIONS:]:
        lines.append(f"- and {len(ordered) - _INTRODUCTIONS} more made introductions")
    return _section("Who introduced whom", lines)


def _months(talks_by_month: Sequence[tuple[str, int]]) -> list[str]:
    told = talks.talks_text(talks_by_month)
    if not any(count for _, count in talks_by_month):
        return _section("Talks by month", [told])
    years: dict[str, list[str]] = {}
    for month, count in talks_by_month:
        years.setdefault(month[:4], []).append(f"{talks.month_name(month)[:3]} {count}")
    numbers = [f"- {year}: {', '.join(counts)}" for year, counts in years.items()]
    image = f"![{told} The numbers follow]({CHART})"
    return _section("Talks by month", [image, "", f"{told} {ONE_TALK}", "", *numbers])


def _places(
    dots: Iterable[Dot],
    places: Iterable[tuple[str, Sequence[tuple[str, str]]]],
    folder: str,
    inside: Collection[str],
) -> list[str]:
    # whoever made the list: where a confidential person is known from is not told here
    silent = {dot.path for dot in dots if dot.confidential}
    lines, empty = [], []
    for title, people in places:
        there = sorted(((name, path) for path, name in people if path not in silent))
        links = [marked_link(name, folder, path, inside) for name, path in there[:_PER_PLACE]]
        if links:
            lines.append(f"- **{md(title)}**: {_listed(links, len(there))}")
        else:
            empty.append(f"{title[0].lower()}{title[1:]}")
    if not lines:
        return _section("Where people came from", [NO_PLACES])
    if empty:
        lines += ["", f"Nobody noted yet: {md('; '.join(empty))}."]
    return _section("Where people came from", lines)


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _link(dot: Dot, folder: str, inside: Collection[str]) -> str:
    return marked_link(rings.shown_name(dot), folder, dot.path, inside)


def _names(people: Sequence[Dot], folder: str, inside: Collection[str], most: int) -> str:
    return _listed([_link(dot, folder, inside) for dot in people[:most]], len(people))


def _listed(links: Sequence[str], total: int) -> str:
    """`A, B and C`, or `A, B and 5 more` where there are more people than links."""
    if total > len(links):
        return f"{', '.join(links)} and {total - len(links)} more"
    return " and ".join([", ".join(links[:-1]), links[-1]]) if len(links) > 1 else "".join(links)
