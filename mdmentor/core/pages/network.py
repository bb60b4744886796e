"""The page "Network": the picture, and what it shows in words, for a terminal and for a blind reader.

Who is near, who has been quiet, who introduced whom, how many talks a month, who came from where. Of a confidential
person only the name is here; the places are decided in `network_svg`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mdmentor.core import network_svg as rings
from mdmentor.core.model import NETWORK
from mdmentor.core.network_svg import Dot, Network
from mdmentor.core.network_svg.layout import SHOWN
from mdmentor.core.pages import Context, and_more, page, section
from mdmentor.core.text import counted, full_day, listing, md

PICTURE = "network.svg"
CHART = "talks.svg"

INTRO = (
    "You in the middle. The nearer somebody is, the more recently you talked, by the rhythm of that "
    "tie: three weeks is short for a yearly tie and long for a weekly one."
)
NOBODY = (
    'There is nobody around you yet. Make a first note, by hand or with `mdmentor new contact "Ada Lovelace"`, '
    "and this picture begins."
)
NO_PLACES = (
    "No note says so yet: `source: teacher` (or boss, member, friend, event …) at the top of a note does."
)
QUIET = "Quiet ties are not lost: most people are glad to be remembered, however long it has been."
ONE_TALK = "A day with one person counts once."
_WITH_RHYTHM, _NAMED = 8, 40  # people of a ring with their rhythm; how many more by name alone
_INTRODUCTIONS = 60
_PER_PLACE = 12
_MOST_GROUPS = 20  # of people without a source

_RINGS = (
    ("Near", "", (rings.LATELY, rings.IN_RHYTHM)),
    ("A while ago", "", (rings.LATER, rings.LONG)),
    ("Old ties", QUIET, (rings.YEAR,)),
    ("No talk yet", "", (rings.NEVER,)),
)
Places = Sequence[tuple[str, Sequence[tuple[str, str]]]]  # titles, each with the path and name of people


def render_network(
    network: Network, talks_by_month: Sequence[tuple[str, int]], places: Places, at: Context
) -> str:
    """The page's text; `places` are those where people were found."""
    people = sorted((dot for dot in network.dots if not dot.confidential), key=rings.by_name)
    if people:
        lines = [*_picture(people, network), *_rings(people, at)]
        lines += section("Who introduced whom", _introductions(people, at))
    else:
        lines = [NOBODY, "", f"![You in the middle, and nobody around you yet]({PICTURE})"]
        lines += ["", f"Paused and not shown: {network.paused}."] if network.paused else []
    lines += section("Talks by month", _months(talks_by_month))
    if people:
        lines += section("Where people came from", _places(people, places, at))
    return page(NETWORK, lines, at, intro=f"{INTRO} As of {full_day(at.today)}.")


def _picture(people: Sequence[Dot], network: Network) -> Iterator[str]:
    """The picture, and how to read it."""
    yield f"![You in the middle of {counted(len(people), 'person', 'people')}, described below]({PICTURE})"
    yield ""
    kinds = {dot.kind for dot in people}
    paths = {dot.path for dot in people}
    has_lines = any(dot.introduced_by in paths for dot in people)
    introduction = " A curved line is an introduction." if has_lines else ""
    if kinds == {rings.OTHER}:
        yield f"- Each mark is a person.{introduction}"
    elif kinds:
        marks = (f"{k.shape} for {k.title[0].lower()}{k.title[1:]}" for k in rings.KINDS if k.word in kinds)
        yield f"- Each mark is a person: {', '.join(marks)}.{introduction}"
    if any(dot.path in network.colleagues for dot in people):
        yield "- A circle around a mark: works where you work."
    if len(people) > SHOWN:
        yield f"- The picture shows at most {SHOWN} of them: mentors first, then introductions and the latest talks."
    if network.paused:
        yield f"- Paused and not shown: {network.paused}."


def _rings(shown: Sequence[Dot], at: Context) -> Iterator[str]:
    in_ring: dict[int, list[Dot]] = {}
    for (ring, _), _, dot in sorted((rings.ring_of(dot), rings.by_name(dot), dot) for dot in shown):
        in_ring.setdefault(ring, []).append(dot)
    for title, words, numbers in _RINGS:
        lines = [words, ""] if words else []
        full = [ring for ring in numbers if ring in in_ring]
        for ring in full:
            there = in_ring[ring]
            if len(numbers) > 1:
                text = rings.RING_TEXTS[ring]
                lines += ["", f"{text[0].upper()}{text[1:]} ({len(there)}):", ""]
            # a line for one or two names spares nothing
            first = _WITH_RHYTHM if len(there) > _WITH_RHYTHM + 2 else len(there)
            lines += [f"- {_link(dot, at)}: {md(rings.quiet_text(dot))}" for dot in there[:first]]
            if there[first:]:
                lines.append(f"- and {_names(there[first:], _NAMED, at)}")
        yield from section(title, lines if full else [])


def _introductions(shown: Sequence[Dot], at: Context) -> list[str]:
    introduced: dict[str, list[Dot]] = {}
    for dot in shown:
        introduced.setdefault(dot.introduced_by, []).append(dot)
    pairs = [(dot, introduced[dot.path]) for dot in shown if dot.path in introduced]
    shown_pairs = pairs[:_INTRODUCTIONS]
    lines = [f"- {_link(by, at)} introduced {_names(who, _PER_PLACE, at)}" for by, who in shown_pairs]
    return lines + and_more(len(pairs) - _INTRODUCTIONS, tail=" made introductions")


def _months(talks_by_month: Sequence[tuple[str, int]]) -> list[str]:
    text = rings.talks_text(talks_by_month)
    if not any(count for _, count in talks_by_month):
        return [text]
    years: dict[str, list[str]] = {}
    for month, count in talks_by_month:
        years.setdefault(month[:4], []).append(f"{rings.month_name(month)[:3]} {count}")
    numbers = [f"- {year}: {', '.join(counts)}" for year, counts in years.items()]
    return [f"![A bar for each month; the numbers follow]({CHART})", "", f"{text} {ONE_TALK}", "", *numbers]


def _places(people: Sequence[Dot], places: Places, at: Context) -> list[str]:
    known = {dot.path for dot in people}
    found = [(title, [(name, path) for path, name in there if path in known]) for title, there in places]
    found += _grouped(people)
    lines, empty = [], []
    for title, there in found:
        if there:
            links = [at.link(name, path) for name, path in sorted(there)[:_PER_PLACE]]
            lines.append(f"- **{md(title)}**: {_listed(links, len(there))}")
        else:
            empty.append(f"{title[0].lower()}{title[1:]}")
    if len(empty) == len(places):
        return [*lines, "", NO_PLACES]
    return [*lines, "", f"Nobody yet: {md('; '.join(empty))}."] if empty else lines


def _grouped(people: Iterable[Dot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """People without a source by the tag, folder or company that most of them share; the largest group first.

    Each with the name and path of its people. Somebody who shares none of these with anybody is in no group.
    """
    left = [dot for dot in people if dot.groups]
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    while left and len(groups) < _MOST_GROUPS:
        counts = Counter(group for dot in left for group in dict.fromkeys(dot.groups))
        title = min(counts, key=lambda group: (-counts[group], group))
        if counts[title] < 2:
            break
        there = [(rings.shown_name(dot), dot.path) for dot in left if title in dot.groups]
        groups.append((title, there))
        left = [dot for dot in left if title not in dot.groups]
    return groups


def _link(dot: Dot, at: Context) -> str:
    return at.link(rings.shown_name(dot), dot.path)


def _names(people: Sequence[Dot], most: int, at: Context) -> str:
    return _listed([_link(dot, at) for dot in people[:most]], len(people))


def _listed(links: Sequence[str], total: int) -> str:
    """`A, B and C`, or `A, B and 5 more` where there are more people than links."""
    if total > len(links):
        return f"{', '.join(links)} and {total - len(links)} more"
    return listing(links)
