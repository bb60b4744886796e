"""The texts of the pages and blocks, as they should be now.

What a page shows is looked up in the index, and the page is rendered in whatever process has time for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mdmentor.core import model, names
from mdmentor.core.model import PROBLEMS, REACH_OUT, Block
from mdmentor.core.network_svg import Network, sum_up, with_introducers
from mdmentor.core.network_svg.svg import render_network_svg, render_talks_svg
from mdmentor.core.pages import Context, blocks
from mdmentor.core.pages.lists import render_dates, render_posts, render_problems
from mdmentor.core.pages.mentors import render_mentors, render_two_way
from mdmentor.core.pages.network import CHART, PICTURE, Places, render_network
from mdmentor.core.pages.reach_out import render_reach_out
from mdmentor.core.ticks import Tick, render_left
from mdmentor.index import links, notes, people
from mdmentor.index.people import PartRow
from mdmentor.queries import Queries
from mdmentor.reindex.workers import Workers

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody fixes more in a day; `check` lists them all

# What is shown of the network: dots, who introduced whom, how many are left out, talks by month, places; and where.
_NetworkShown = tuple[list[PartRow], dict[str, str], int, list[PartRow], Places, Context]
_Begun = dict[str, Callable[[], tuple[str, ...]]]  # by title: what gives the texts of a page and its pictures


def render_first_page(queries: Queries, left: Sequence[Tick]) -> tuple[str, str | None]:
    """(path, text) of the page Reach out next; `left` are the ticks that could not be carried out."""
    at = _context(queries)
    path = f"{at.folder}/{REACH_OUT}.md"
    if REACH_OUT not in at.pages:
        return path, None
    choice = queries.todays
    cards = queries.cards((*choice.suggestions, *choice.done, *choice.coming_up, *choice.snoozed))
    over = render_left(left, at.folder, at.today) if left else ()
    return path, render_reach_out(choice, cards, at, over)


def begin_pages(queries: Queries, workers: Workers) -> _Begun:
    """The pages that show people alone and no line of a note, rendered by other processes where they are there."""
    made = queries.settings.pages_made
    begun = {}
    if model.NETWORK in made:
        begun[model.NETWORK] = workers.begin(_render_network, lambda: _network(queries))
    if model.TWO_WAY in made:
        begun[model.TWO_WAY] = workers.begin(_render_two_way, lambda: _two_way(queries))
    return begun


def render_other_pages(
    queries: Queries, begun: _Begun, pause: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others, each rendered when it is asked for; None as the text of a page that is not made.

    `pause` is called before each page and each post: it may raise what ends the run.
    """
    at = _context(queries)
    for title in (model.TWO_WAY, model.MENTORS, model.DATES, PROBLEMS, model.POSTS, model.NETWORK):
        pause()
        files = (f"{title}.md", *((PICTURE, CHART) if title == model.NETWORK else ()))
        texts: Sequence[str | None] = (None,) * len(files)
        if title in at.pages:
            texts = begun[title]() if title in begun else (_render(title, queries, at, pause),)
        yield from zip((f"{at.folder}/{name}" for name in files), texts, strict=True)


def _two_way(queries: Queries) -> tuple[list[PartRow], Context]:
    return people.part_rows(queries.index, "exchange"), _context(queries)


def _render_two_way(shown: tuple[list[PartRow], Context]) -> tuple[str, ...]:
    rows, at = shown
    return (render_two_way(people.exchanges(rows), at),)


def _render(title: str, queries: Queries, at: Context, pause: Callable[[], None]) -> str:
    """The text of one of the pages that no other process renders."""
    if title == model.MENTORS:
        return render_mentors(queries.mentor_steps(), queries.places(), queries.supports(), at)
    if title == model.DATES:
        return render_dates(queries.occasions(DAYS_ON_THE_PAGE), at, DAYS_ON_THE_PAGE)
    if title == model.POSTS:
        posts, others = queries.posts_shown()
        entries = []
        for path, name in posts:
            pause()
            entries.append(queries.post_entry(path, name))
        return render_posts(entries, queries.goal_entries(), others, at)
    # confidential people are on the page of problems by number alone: `check` has their problems
    total = sum(notes.count_problems(queries.index))
    silent = people.confidential_paths(queries.index)
    found = [problem for problem in queries.problems(PROBLEMS_ON_THE_PAGE) if problem.path not in silent]
    return render_problems(found, total, at)


def _network(queries: Queries) -> _NetworkShown:
    index, found_at = queries.index, [(place.title, place.people) for place in queries.places()]
    dots, talks = people.part_rows(index, "dot"), people.part_rows(index, "months")
    return dots, people.introducers(index), people.count_left_out(index), talks, found_at, _context(queries)


def _render_network(shown: _NetworkShown) -> tuple[str, ...]:
    """The page and its two pictures, in whatever process this is called."""
    dots, introducers, left_out, talks, found_at, at = shown
    network = Network(with_introducers(people.dots(dots), introducers), left_out, at.colleagues)
    months = sum_up(people.months(talks), at.today)
    page = render_network(network, months, found_at, at)
    return page, render_network_svg(network, at.folder, at.today), render_talks_svg(months)


def _context(queries: Queries) -> Context:
    """Where the pages are, and which of those that the settings name are made: no page of problems without any."""
    has_problems = notes.has_problems(queries.index)
    pages = tuple(name for name in queries.settings.pages_made if name != PROBLEMS or has_problems)
    return Context(queries.settings.pages_folder, queries.today, pages, queries.colleague_paths())


def block_body(queries: Queries, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    at = Context(names.folder(path), queries.today, colleagues=queries.colleague_paths())
    if block.kind == "backlinks":
        return blocks.render_backlinks(links.backlinks(queries.index, path), at)
    if block.kind == "related":
        return blocks.render_related(queries.related(path)[: blocks.MOST_RELATED], at)
    if block.kind == "next":
        choice = queries.todays
        return blocks.render_next(choice, queries.cards(choice.suggestions), at)
    row = notes.note_row(queries.index, path)
    if row is None or row[2] != model.CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(queries.card(path), at)
