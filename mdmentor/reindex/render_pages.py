"""The pages and blocks as they should be now: from answers to texts. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mdmentor.core.model import CONTACT, REACH_OUT, Block
from mdmentor.core.names import folder as folder_of
from mdmentor.core.pages import page
from mdmentor.index import ask
from mdmentor.queries import Answers

if TYPE_CHECKING:
    from mdmentor.core.ticks import Left

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody mends more in a day; `check` tells them all

Texts = dict[str, str | None]  # file name in the pages' folder -> text; None where there is no reason for one


def render_first_page(answers: Answers, left: Sequence[Left]) -> tuple[str, str]:
    """(path, text) of the page Reach out next; `left` are the ticks that could not be carried out."""
    folder = answers.settings.pages_folder
    return f"{folder}/{REACH_OUT}.md", _reach_out(answers, folder, _names(answers), left)


def render_other_pages(answers: Answers) -> Iterator[tuple[str, str | None]]:
    """(path, text) of the others, each made when it is asked for; no text where there is no reason for a page."""
    folder, names = answers.settings.pages_folder, _names(answers)
    for render in (_two_way, _mentors, _dates, _problems, _posts, _network):
        for file, text in render(answers, folder, names).items():
            yield f"{folder}/{file}", text


def _names(answers: Answers) -> tuple[str, ...]:
    """The pages that there are."""
    has_problems = ask.has_problems(answers.sql)
    return tuple(name for name in page.PAGES if name != page.PROBLEMS or has_problems)


def notes_with_blocks(answers: Answers) -> list[str]:
    """The notes with a block, by path."""
    return list(dict.fromkeys(path for path, _ in ask.blocks(answers.sql)))


def _reach_out(answers: Answers, folder: str, names: tuple[str, ...], left: Sequence[Left]) -> str:
    from mdmentor.core.pages.reach_out import render_reach_out

    choice = answers.todays()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    over: Sequence[str] = ()
    if left:
        from mdmentor.core.ticks import render_left

        over = render_left(left, folder, answers.today)
    return render_reach_out(choice, answers.cards(shown), folder, names, over)


def _posts(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.posts import render_posts

    told, others = answers.posts_told()
    entries = [answers.post_entry(path, title) for path, title in told]
    text = render_posts(
        entries,
        answers.goal_entries(),
        others,
        folder,
        names,
        answers.today,
        answers.inside_paths(),
    )
    return {f"{page.POSTS}.md": text}


def _dates(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.dates import render_dates

    text = render_dates(
        answers.occasions(DAYS_ON_THE_PAGE), answers.today, folder, names, inside=answers.inside_paths()
    )
    return {f"{page.DATES}.md": text}


def _problems(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.problems import render_problems

    total = sum(ask.count_problems(answers.sql))
    if not total:
        return {f"{page.PROBLEMS}.md": None}
    return {
        f"{page.PROBLEMS}.md": render_problems(answers.problems(PROBLEMS_ON_THE_PAGE), total, folder, names)
    }


def _mentors(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.mentors import render_mentors

    inside = answers.inside_paths()
    steps, places, support = answers.mentor_steps(), answers.places(), answers.supports()
    text = render_mentors(steps, places, folder, names, answers.today, inside, support)
    return {f"{page.MENTORS}.md": text}


def _two_way(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.pages.exchange import render_two_way

    inside = answers.inside_paths()
    text = render_two_way(answers.glimpses(), answers.exchange, folder, names, answers.today, inside)
    return {f"{page.TWO_WAY}.md": text}


def _network(answers: Answers, folder: str, names: tuple[str, ...]) -> Texts:
    from mdmentor.core.network_svg.people import with_introducers
    from mdmentor.core.network_svg.svg import render_network_svg
    from mdmentor.core.network_svg.talks import render_talks_svg, sum_up
    from mdmentor.core.pages.network import render_network
    from mdmentor.index import people

    sql, today = answers.sql, answers.today
    dots = with_introducers(people.dots(sql), answers.introducers())
    talks = sum_up(people.months(sql), today)
    places = [(place.title, place.people) for place in answers.places()]
    left_out, inside = people.count_left_out(sql), answers.inside_paths()
    return {
        f"{page.NETWORK}.md": render_network(dots, talks, places, folder, names, today, left_out, inside),
        "network.svg": render_network_svg(dots, folder, today, left_out, inside),
        "talks.svg": render_talks_svg(talks),
    }


def block_body(answers: Answers, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    from mdmentor.core.pages import blocks

    folder = folder_of(path)
    if block.kind == "backlinks":
        return blocks.render_backlinks(ask.backlinks(answers.sql, path), folder, answers.inside_paths())
    if block.kind == "related":
        return blocks.render_related(answers.related(path)[:10], folder, answers.inside_paths())
    if block.kind == "next":
        choice = answers.todays()
        return blocks.render_next(choice, answers.cards(choice.suggestions), folder)
    row = ask.note_row(answers.sql, path)
    if row is None or row[2] != CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(answers.card(path), folder)
