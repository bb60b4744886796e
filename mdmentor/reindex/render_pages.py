"""The pages and blocks as they should be now: from answers to texts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

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
from mdmentor.index import ask
from mdmentor.queries import Queries

if TYPE_CHECKING:
    from mdmentor.core.ticks import Left

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody mends more in a day; `check` tells them all

Texts = dict[str, str | None]  # file name in the pages' folder -> text; None where there is no reason for one


def render_first_page(queries: Queries, left: Sequence[Left]) -> tuple[str, str]:
    """(path, text) of the page Reach out next; `left` are the ticks that could not be carried out."""
    folder = queries.settings.pages_folder
    return f"{folder}/{REACH_OUT}.md", _reach_out(queries, folder, _names(queries), left)


def render_other_pages(queries: Queries) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others, each made when it is asked for; no text where there is no reason for a page."""
    folder, names = queries.settings.pages_folder, _names(queries)
    for render in (_two_way, _mentors, _dates, _problems, _posts, _network):
        for file, text in render(queries, folder, names).items():
            yield f"{folder}/{file}", text


def _names(queries: Queries) -> tuple[str, ...]:
    """The pages that there are."""
    has_problems = ask.has_problems(queries.sql)
    return tuple(name for name in PAGES if name != PROBLEMS or has_problems)


def notes_with_blocks(queries: Queries) -> list[str]:
    """The notes with a block, by path."""
    return list(dict.fromkeys(path for path, _ in ask.blocks(queries.sql)))


def _reach_out(queries: Queries, folder: str, names: tuple[str, ...], left: Sequence[Left]) -> str:
    from mdmentor.core.pages.reach_out import render_reach_out

    choice = queries.todays()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    over: Sequence[str] = ()
    if left:
        from mdmentor.core.ticks import render_left

        over = render_left(left, folder, queries.today)
    return render_reach_out(choice, queries.cards(shown), folder, names, over)


def _posts(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.posts import render_posts

    told, others = queries.posts_told()
    entries = [queries.post_entry(path, title) for path, title in told]
    text = render_posts(
        entries,
        queries.goal_entries(),
        others,
        folder,
        names,
        queries.today,
        queries.colleague_paths(),
    )
    return {f"{POSTS}.md": text}


def _dates(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.dates import render_dates

    text = render_dates(
        queries.occasions(DAYS_ON_THE_PAGE), queries.today, folder, names, inside=queries.colleague_paths()
    )
    return {f"{DATES}.md": text}


def _problems(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.problems import render_problems

    total = sum(ask.count_problems(queries.sql))
    if not total:
        return {f"{PROBLEMS}.md": None}
    return {f"{PROBLEMS}.md": render_problems(queries.problems(PROBLEMS_ON_THE_PAGE), total, folder, names)}


def _mentors(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.mentors import render_mentors

    inside = queries.colleague_paths()
    steps, places, support = queries.mentor_steps(), queries.places(), queries.supports()
    text = render_mentors(steps, places, folder, names, queries.today, inside, support)
    return {f"{MENTORS}.md": text}


def _two_way(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.exchange import render_two_way

    inside = queries.colleague_paths()
    text = render_two_way(queries.glimpses(), queries.exchange, folder, names, queries.today, inside)
    return {f"{TWO_WAY}.md": text}


def _network(queries: Queries, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.network_svg.people import Network, with_introducers
    from mdmentor.core.network_svg.svg import render_network_svg
    from mdmentor.core.network_svg.talks import render_talks_svg, sum_up
    from mdmentor.core.pages.network import render_network
    from mdmentor.index import people

    sql, today = queries.sql, queries.today
    dots = with_introducers(people.dots(sql), queries.introducers())
    talks = sum_up(people.months(sql), today)
    places = [(place.title, place.people) for place in queries.places()]
    network = Network(dots, people.count_left_out(sql), queries.colleague_paths())
    return {
        f"{NETWORK}.md": render_network(network, talks, places, folder, names, today),
        "network.svg": render_network_svg(network, folder, today),
        "talks.svg": render_talks_svg(talks),
    }


def block_body(queries: Queries, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    from mdmentor.core.pages import blocks

    folder = folder_of(path)
    if block.kind == "backlinks":
        return blocks.render_backlinks(ask.backlinks(queries.sql, path), folder, queries.colleague_paths())
    if block.kind == "related":
        return blocks.render_related(queries.related(path)[:10], folder, queries.colleague_paths())
    if block.kind == "next":
        choice = queries.todays()
        return blocks.render_next(choice, queries.cards(choice.suggestions), folder)
    row = ask.note_row(queries.sql, path)
    if row is None or row[2] != CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(queries.card(path), folder)
