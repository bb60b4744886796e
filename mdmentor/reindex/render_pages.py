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
from mdmentor.core.network_svg.people import Network, with_introducers
from mdmentor.core.network_svg.svg import render_network_svg
from mdmentor.core.network_svg.talks import render_talks_svg, sum_up
from mdmentor.core.pages import blocks
from mdmentor.core.pages.dates import render_dates
from mdmentor.core.pages.exchange import render_two_way
from mdmentor.core.pages.mentors import render_mentors
from mdmentor.core.pages.network import render_network
from mdmentor.core.pages.posts import render_posts
from mdmentor.core.pages.problems import render_problems
from mdmentor.core.pages.reach_out import render_reach_out
from mdmentor.core.ticks import Left, render_left
from mdmentor.index import contributions, links, notes
from mdmentor.queries import Queries

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody fixes more in a day; `check` lists them all


def render_first_page(queries: Queries, left: Sequence[Left]) -> tuple[str, str]:
    """(path, text) of the page Reach out next; `left` are the ticks that could not be carried out."""
    folder, choice = queries.settings.pages_folder, queries.todays()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    over = render_left(left, folder, queries.today) if left else ()
    text = render_reach_out(choice, queries.cards(shown), folder, _names(queries), over)
    return f"{folder}/{REACH_OUT}.md", text


def render_other_pages(queries: Queries) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others, each rendered when it is asked for; None as the text of a page with no content."""
    folder, names, today = queries.settings.pages_folder, _names(queries), queries.today
    colleagues = queries.colleague_paths()

    text = render_two_way(queries.glimpses(), queries.exchange, folder, names, today, colleagues)
    yield f"{folder}/{TWO_WAY}.md", text

    steps, places, support = queries.mentor_steps(), queries.places(), queries.supports()
    yield f"{folder}/{MENTORS}.md", render_mentors(steps, places, folder, names, today, colleagues, support)

    days = queries.occasions(DAYS_ON_THE_PAGE)
    yield f"{folder}/{DATES}.md", render_dates(days, today, folder, names, inside=colleagues)

    total = sum(notes.count_problems(queries.index))
    problems = queries.problems(PROBLEMS_ON_THE_PAGE) if total else []
    yield f"{folder}/{PROBLEMS}.md", render_problems(problems, total, folder, names) if total else None

    posts, others = queries.posts_shown()
    entries = [queries.post_entry(path, title) for path, title in posts]
    text = render_posts(entries, queries.goal_entries(), others, folder, names, today, colleagues)
    yield f"{folder}/{POSTS}.md", text

    dots = with_introducers(contributions.dots(queries.index), queries.introducers())
    talks = sum_up(contributions.months(queries.index), today)
    found_at = [(place.title, place.people) for place in places]
    network = Network(dots, contributions.count_left_out(queries.index), colleagues)
    yield f"{folder}/{NETWORK}.md", render_network(network, talks, found_at, folder, names, today)
    yield f"{folder}/network.svg", render_network_svg(network, folder, today)
    yield f"{folder}/talks.svg", render_talks_svg(talks)


def _names(queries: Queries) -> tuple[str, ...]:
    """The pages that there are."""
    has_problems = notes.has_problems(queries.index)
    return tuple(name for name in PAGES if name != PROBLEMS or has_problems)


def block_body(queries: Queries, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    folder = folder_of(path)
    if block.kind == "backlinks":
        found = links.backlinks(queries.index, path)
        return blocks.render_backlinks(found, folder, queries.colleague_paths())
    if block.kind == "related":
        return blocks.render_related(queries.related(path)[:10], folder, queries.colleague_paths())
    if block.kind == "next":
        choice = queries.todays()
        return blocks.render_next(choice, queries.cards(choice.suggestions), folder)
    row = notes.note_row(queries.index, path)
    if row is None or row[2] != CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(queries.card(path), folder)
