"""The pages and blocks as they should be now: from answers to texts. Writing them is `reindex`'s business."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from mdmentor.answers import Answers
from mdmentor.core.model import CONTACT, Block
from mdmentor.core.names import folder as folder_of
from mdmentor.core.pages import frame
from mdmentor.digests import digest_of
from mdmentor.index import ask, kept, owed
from mdmentor.index.bearing import LIST_TOLD

if TYPE_CHECKING:
    from mdmentor.core.ticks import Left

DAYS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 100  # nobody mends more in a day; `check` tells them all

# What each page tells of, as `owed` names it: it stays as it is while nothing of that changed. Of whom "Reach out
# next" tells is found out each time.
_TELLS_OF = {
    frame.MENTORS: {"step", "sources", "support"},
    frame.TWO_WAY: {"street"},
    frame.DATES: {"days"},
    frame.PROBLEMS: {owed.PROBLEMS},
    frame.POSTS: {owed.POSTS},
    frame.NETWORK: {"dot", "sources", "months", "is_left_out", owed.INTRODUCERS},
}


def build_pages(
    answers: Answers,
    changed: Collection[str] = (owed.ALL,),
    left: Sequence[Left] = (),
    is_called: Callable[[], bool] | None = None,
) -> Iterator[tuple[str, str | None]]:
    """(path, text) of each page that tells of something that `changed`; no text where there is no reason for one.

    The pages that are looked at first come first, each made when it is asked for. `left` are the ticks that
    could not be carried out. Where `is_called` says so between two pages, the rest is left out;
    not so where all pages get a link more, or less, at their feet.
    """
    folder = answers.settings.pages_folder
    names = _names(answers)
    has_problems = frame.PROBLEMS in names
    there = {name for name in frame.PAGES if f"{folder}/{name}.md" in ask.pages(answers.sql)}
    # the feet of all pages change with the page "Problems"
    has_new_feet = has_problems != (frame.PROBLEMS in there)
    everything = owed.ALL in changed or has_new_feet
    builders: dict[str, Builder] = {**_BUILDERS, frame.REACH_OUT: partial(_reach_out, left=left)}
    for name, build in builders.items():
        is_missing = name in names and name not in there
        if (
            everything
            or is_missing
            or (left and name == frame.REACH_OUT)
            or _is_touched(answers, name, changed)
        ):
            # new feet are owed nowhere: once the page "Problems" is there, or gone, nobody could tell
            may_not_wait = name == frame.REACH_OUT or has_new_feet
            if not may_not_wait and is_called is not None and is_called():
                return
            for file, text in build(answers, folder, names).items():
                yield f"{folder}/{file}", text


def _names(answers: Answers) -> tuple[str, ...]:
    """The pages that there are."""
    has_problems = ask.has_problems(answers.sql)
    return tuple(name for name in frame.PAGES if name != frame.PROBLEMS or has_problems)


def list_told(answers: Answers) -> str:
    """What the page "Reach out next" tells besides what is on cards: a digest of the list, and by number whose they are."""
    choice = answers.todays()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    rows = (ask.note_row(answers.sql, standing.path) for standing in shown)
    return " ".join((digest_of(choice), *(str(row[0]) for row in rows if row)))


def _is_touched(answers: Answers, name: str, changed: Collection[str]) -> bool:
    """Whether a page tells of something that `changed`."""
    if name != frame.REACH_OUT:
        return not _TELLS_OF[name].isdisjoint(changed)
    told = list_told(answers)
    cards = {owed.RELATIONS, owed.BLOCKS, *(owed.person(int(number)) for number in told.split()[1:])}
    return kept.fact(answers.sql, LIST_TOLD) != told or not cards.isdisjoint(changed)


def blocks_to_renew(answers: Answers, changed: Collection[str] = (owed.ALL,)) -> list[str]:
    """The notes with a block that tells of something that `changed`, by path."""
    everything = not {owed.ALL, owed.BLOCKS}.isdisjoint(changed)

    def is_touched(number: int, kind: str) -> bool:
        if kind == "backlinks":
            return owed.backlinks(number) in changed
        if kind == "card":
            return owed.RELATIONS in changed or owed.person(number) in changed
        return True

    found = ask.blocks(answers.sql)
    return list(dict.fromkeys(p for number, p, kind in found if everything or is_touched(number, kind)))


def _reach_out(
    answers: Answers, folder: str, names: tuple[str, ...], left: Sequence[Left] = ()
) -> dict[str, str | None]:
    from mdmentor.core.pages.reach_out import render_reach_out

    choice = answers.todays()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    over: Sequence[str] = ()
    if left:
        from mdmentor.core.ticks import render_left

        over = render_left(left, folder, answers.today)
    return {f"{frame.REACH_OUT}.md": render_reach_out(choice, answers.cards(shown), folder, names, over)}


def _posts(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
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
    return {f"{frame.POSTS}.md": text}


def _dates(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.dates import render_dates

    text = render_dates(
        answers.occasions(DAYS_ON_THE_PAGE), answers.today, folder, names, inside=answers.inside_paths()
    )
    return {f"{frame.DATES}.md": text}


def _problems(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.problems import render_problems

    total = sum(ask.count_problems(answers.sql))
    if not total:
        return {f"{frame.PROBLEMS}.md": None}
    return {
        f"{frame.PROBLEMS}.md": render_problems(answers.problems(PROBLEMS_ON_THE_PAGE), total, folder, names)
    }


def _mentors(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.mentors import render_mentors

    inside = answers.inside_paths()
    steps, places, support = answers.mentor_steps(), answers.places(), answers.supports()
    text = render_mentors(steps, places, folder, names, answers.today, inside, support)
    return {f"{frame.MENTORS}.md": text}


def _two_way(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.two_way import render_two_way

    inside = answers.inside_paths()
    text = render_two_way(answers.glimpses(), answers.exchange, folder, names, answers.today, inside)
    return {f"{frame.TWO_WAY}.md": text}


def _network(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.network import render_network
    from mdmentor.core.picture.network import render_network_svg
    from mdmentor.core.picture.rings import with_introducers
    from mdmentor.core.picture.talks import render_talks_svg, sum_up
    from mdmentor.index import shares

    sql, today = answers.sql, answers.today
    dots = with_introducers(shares.dots(sql), answers.introducers())
    talks = sum_up(shares.months(sql), today)
    places = [(place.title, place.people) for place in answers.places()]
    left_out, inside = shares.count_left_out(sql), answers.inside_paths()
    return {
        f"{frame.NETWORK}.md": render_network(dots, talks, places, folder, names, today, left_out, inside),
        "network.svg": render_network_svg(dots, folder, today, left_out, inside),
        "talks.svg": render_talks_svg(talks),
    }


Builder = Callable[[Answers, str, tuple[str, ...]], dict[str, str | None]]
_BUILDERS: dict[str, Builder] = {
    frame.REACH_OUT: _reach_out,
    frame.TWO_WAY: _two_way,
    frame.MENTORS: _mentors,
    frame.DATES: _dates,
    frame.PROBLEMS: _problems,
    frame.POSTS: _posts,
    frame.NETWORK: _network,
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
