"""The pages and blocks as they should be now: from queries to texts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mdmentor.core.model import (
    CONTACT,
    DATES,
    MENTORS,
    NETWORK,
    PAGES,
    POSTS,
    PROBLEMS,
    REACH_OUT,
    TWO_WAY,
    Block,
)
from mdmentor.core.names import folder as folder_of
from mdmentor.core.network_svg import Network, with_introducers
from mdmentor.core.network_svg.svg import render_network_svg
from mdmentor.core.network_svg.talks import render_talks_svg, sum_up
from mdmentor.core.pages import Context, blocks
from mdmentor.core.pages.lists import render_dates, render_posts, render_problems
from mdmentor.core.pages.mentors import render_mentors, render_two_way
from mdmentor.core.pages.network import CHART, PICTURE, render_network
from mdmentor.core.pages.reach_out import render_reach_out
from mdmentor.core.ticks import Left, render_left
from mdmentor.index import links, notes, people
from mdmentor.queries import Queries

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody fixes more in a day; `check` lists them all


def render_first_page(queries: Queries, left: Sequence[Left]) -> tuple[str, str]:
    """(path, text) of the page Reach out next; `left` are the ticks that could not be carried out."""
    at = _context(queries)
    choice = queries.todays()
    cards = queries.cards((*choice.suggestions, *choice.coming_up, *choice.snoozed))
    over = render_left(left, at.folder, at.today) if left else ()
    return f"{at.folder}/{REACH_OUT}.md", render_reach_out(choice, cards, at, over)


def render_other_pages(queries: Queries) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others, each rendered when it is asked for; None as the text of a page with no content."""
    at = _context(queries)
    folder = at.folder

    yield f"{folder}/{TWO_WAY}.md", render_two_way(queries.exchanges(), at)

    places = queries.places()
    yield f"{folder}/{MENTORS}.md", render_mentors(queries.mentor_steps(), places, queries.supports(), at)

    yield f"{folder}/{DATES}.md", render_dates(queries.occasions(DAYS_ON_THE_PAGE), at, DAYS_ON_THE_PAGE)

    total = sum(notes.count_problems(queries.index))
    problems = queries.problems(PROBLEMS_ON_THE_PAGE) if total else []
    yield f"{folder}/{PROBLEMS}.md", render_problems(problems, total, at) if total else None

    posts, others = queries.posts_shown()
    entries = [queries.post_entry(path, title) for path, title in posts]
    yield f"{folder}/{POSTS}.md", render_posts(entries, queries.goal_entries(), others, at)

    dots = with_introducers(people.dots(queries.index), queries.introducers())
    network = Network(dots, people.count_left_out(queries.index), at.colleagues)
    talks = sum_up(people.months(queries.index), at.today)
    found_at = [(place.title, place.people) for place in places]
    yield f"{folder}/{NETWORK}.md", render_network(network, talks, found_at, at)
    yield f"{folder}/{PICTURE}", render_network_svg(network, folder, at.today)
    yield f"{folder}/{CHART}", render_talks_svg(talks)


def _context(queries: Queries) -> Context:
    has_problems = notes.has_problems(queries.index)
    pages = tuple(name for name in PAGES if name != PROBLEMS or has_problems)
    return Context(queries.settings.pages_folder, queries.today, pages, queries.colleague_paths())


def block_body(queries: Queries, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    at = Context(folder_of(path), queries.today, colleagues=queries.colleague_paths())
    if block.kind == "backlinks":
        return blocks.render_backlinks(links.backlinks(queries.index, path), at)
    if block.kind == "related":
        return blocks.render_related(queries.related(path)[: blocks.MOST_RELATED], at)
    if block.kind == "next":
        choice = queries.todays()
        return blocks.render_next(choice, queries.cards(choice.suggestions), at)
    row = notes.note_row(queries.index, path)
    if row is None or row[2] != CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(queries.card(path), at)
