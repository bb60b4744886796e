"""The texts of the pages and blocks, as they should be now.

What a page shows is looked up in the index, and the page is rendered in whatever process has time for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mdmentor.core import model, names
from mdmentor.core.entries import GoalEntry, PostEntry
from mdmentor.core.model import PROBLEMS, REACH_OUT, Block, Problem
from mdmentor.core.network_svg import Network, sum_up, with_introducers
from mdmentor.core.network_svg.svg import render_network_svg, render_talks_svg
from mdmentor.core.pages import Context, blocks
from mdmentor.core.pages.lists import render_dates, render_posts, render_problems
from mdmentor.core.pages.mentors import render_mentors, render_two_way
from mdmentor.core.pages.network import CHART, PICTURE, Places, render_network
from mdmentor.core.pages.reach_out import render_reach_out
from mdmentor.core.ticks import Tick, render_left
from mdmentor.index import links, notes, people
from mdmentor.queries import Queries
from mdmentor.reindex.workers import Workers

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody fixes more in a day; `check` lists them all

_Pause = Callable[[], None]  # called between two steps; it may raise what ends the run


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


def render_other_pages(
    queries: Queries, workers: Workers, pause: _Pause = lambda: None
) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others; None as the text of a page that is not made.

    Where other processes are there they render while the next page is looked up; else each page is made when it is
    asked for. `pause` is called before each of them, and before each post.
    """
    at = _context(queries)

    def begin(title: str) -> Callable[[], tuple[str, ...]]:
        return workers.begin(_render, lambda: (title, _OTHERS[title][0](queries, pause), at))

    begun = {title: begin(title) for title in _OTHERS if title in at.pages}
    for title in (model.TWO_WAY, model.MENTORS, model.DATES, PROBLEMS, model.POSTS, model.NETWORK):
        pause()
        files = (f"{title}.md", *((PICTURE, CHART) if title == model.NETWORK else ()))
        texts = begun[title]() if title in begun else (None,) * len(files)
        yield from zip((f"{at.folder}/{name}" for name in files), texts, strict=True)


def _render(job: tuple[str, tuple[Any, ...], Context]) -> tuple[str, ...]:
    """The page of this title, with its pictures, from what it shows and where it is read."""
    title, found, at = job
    texts: str | tuple[str, ...] = _OTHERS[title][1](*found, at)
    return (texts,) if isinstance(texts, str) else texts


def _find_network(queries: Queries, _: _Pause) -> tuple[Any, ...]:
    index = queries.index
    dots, talks = people.part_rows(index, "dot"), people.part_rows(index, "months")
    found_at = [(place.title, place.people) for place in queries.places()]
    return dots, people.introducers(index), people.count_left_out(index), talks, found_at


def _render_network(
    dots: list[people.PartRow],
    introducers: Mapping[str, str],
    left_out: int,
    talks: list[people.PartRow],
    found_at: Places,
    at: Context,
) -> tuple[str, ...]:
    network = Network(with_introducers(people.dots(dots), introducers), left_out, at.colleagues)
    months = sum_up(people.months(talks), at.today)
    page = render_network(network, months, found_at, at)
    return page, render_network_svg(network, at.folder, at.today), render_talks_svg(months)


def _find_posts(queries: Queries, pause: _Pause) -> tuple[list[PostEntry], tuple[GoalEntry, ...], int]:
    posts, others = queries.posts_shown()
    entries = []
    for path, title in posts:  # each may take 10 ms
        pause()
        entries.append(queries.post_entry(path, title))
    return entries, queries.goal_entries(), others


def _find_problems(queries: Queries, _: _Pause) -> tuple[list[Problem], int]:
    # confidential people are on the page of problems by number alone: `check` has their problems
    silent = people.confidential_paths(queries.index)
    found = [problem for problem in queries.problems(PROBLEMS_ON_THE_PAGE) if problem.path not in silent]
    return found, sum(notes.count_problems(queries.index))


# What looks up what each page shows, and what renders it; first those that take longest to render.
_OTHERS: dict[
    str, tuple[Callable[[Queries, _Pause], tuple[Any, ...]], Callable[..., str | tuple[str, ...]]]
] = {
    model.NETWORK: (_find_network, _render_network),
    model.TWO_WAY: (
        lambda queries, _: (people.part_rows(queries.index, "exchange"),),
        lambda rows, at: render_two_way(people.exchanges(rows), at),
    ),
    model.POSTS: (_find_posts, render_posts),
    model.DATES: (
        lambda queries, _: (queries.occasions(DAYS_ON_THE_PAGE),),
        lambda occasions, at: render_dates(occasions, at, DAYS_ON_THE_PAGE),
    ),
    model.MENTORS: (
        lambda queries, _: (queries.mentor_steps(), queries.places(), queries.supports()),
        render_mentors,
    ),
    PROBLEMS: (_find_problems, render_problems),
}


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
