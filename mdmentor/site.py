"""The pages and blocks as they should be now: from answers to texts. Writing them is `reindex`'s business."""

from __future__ import annotations

from collections.abc import Callable

from mdmentor.answers import Answers
from mdmentor.core.model import CONTACT, POST, Block
from mdmentor.core.names import folder as folder_of
from mdmentor.core.occasions import upcoming
from mdmentor.core.pages import blocks, frame
from mdmentor.index import ask

POSTS_ON_THE_PAGE = 60
PROBLEMS_ON_THE_PAGE = 300

# Pages that tell of people alone: they stay as they are while nobody's ties and no name has changed.
OF_PEOPLE = frozenset({frame.MENTORS, frame.TWO_WAY, frame.DATES, frame.NETWORK})


def build_pages(answers: Answers, *, people_changed: bool = True) -> dict[str, str | None]:
    """Path -> text of each page; None for one that there is no reason for now. Left out: those that stay as they are."""
    folder = answers.settings.pages_folder
    has_problems = ask.count_problems(answers.sql) > 0
    names = tuple(name for name in frame.PAGES if name != frame.PROBLEMS or has_problems)
    pages: dict[str, str | None] = {}
    for name, build in _BUILDERS.items():
        if people_changed or name not in OF_PEOPLE:
            for file, text in build(answers, folder, names).items():
                pages[f"{folder}/{file}"] = text
    return pages


def _reach_out(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.reach_out import render_reach_out

    choice = answers.choice()
    shown = (*choice.suggestions, *choice.coming_up, *choice.snoozed)
    return {f"{frame.REACH_OUT}.md": render_reach_out(choice, answers.cards(shown), folder, names)}


def _posts(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.posts import render_posts

    posts = ask.notes_of_kind(answers.sql, POST)
    live = ask.live_topics(answers.sql)
    if len(posts) > POSTS_ON_THE_PAGE:
        first = dict.fromkeys(
            (path, title) for path, title, _ in ask.notes_with_topic(answers.sql, live, POST)
        )
        first |= dict.fromkeys(ask.posts_talked_of(answers.sql, POSTS_ON_THE_PAGE))
        posts_shown = list(dict.fromkeys([*first, *posts]))[:POSTS_ON_THE_PAGE]
    else:
        posts_shown = [*posts]
    entries = [answers.post_entry(path, title) for path, title in posts_shown]
    text = render_posts(
        entries, answers.goal_entries(), len(posts) - len(entries), folder, names, answers.today
    )
    return {f"{frame.POSTS}.md": text}


def _dates(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.dates import render_dates

    return {
        f"{frame.DATES}.md": render_dates(
            upcoming(answers.people(), answers.today), answers.today, folder, names
        )
    }


def _problems(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.pages.problems import render_problems

    total = ask.count_problems(answers.sql)
    if not total:
        return {f"{frame.PROBLEMS}.md": None}
    return {
        f"{frame.PROBLEMS}.md": render_problems(answers.problems(PROBLEMS_ON_THE_PAGE), total, folder, names)
    }


def _mentors(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.mentoring import mentor_steps, places
    from mdmentor.core.pages.mentors import render_mentors

    people = list(answers.everybody())  # what is private settles here, and is not told
    steps = mentor_steps(people, answers.today, answers.settings, answers.companies())
    return {f"{frame.MENTORS}.md": render_mentors(steps, places(people), folder, names, answers.today)}


def _two_way(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.exchange import exchange
    from mdmentor.core.pages.two_way import render_two_way

    told = [exchange(person, answers.today) for person in answers.everybody()]
    return {f"{frame.TWO_WAY}.md": render_two_way(told, folder, names, answers.today)}


def _network(answers: Answers, folder: str, names: tuple[str, ...]) -> dict[str, str | None]:
    from mdmentor.core.mentoring import places
    from mdmentor.core.pages.network import render_network
    from mdmentor.core.picture import (
        count_left_out,
        dots,
        render_network_svg,
        render_talks_svg,
        talks_per_month,
    )

    people = list(answers.people())
    found = dots(people, answers.standings(), answers.introducers())
    left_out = count_left_out(people)
    talks = talks_per_month(people, answers.today)
    where = [(place.title, place.people) for place in places(people)]
    return {
        f"{frame.NETWORK}.md": render_network(found, talks, where, folder, names, answers.today, left_out),
        "network.svg": render_network_svg(found, folder, answers.today, left_out),
        "talks.svg": render_talks_svg(talks),
    }


Builder = Callable[[Answers, str, tuple[str, ...]], dict[str, str | None]]
_BUILDERS: dict[str, Builder] = {
    frame.REACH_OUT: _reach_out,
    frame.MENTORS: _mentors,
    frame.TWO_WAY: _two_way,
    frame.POSTS: _posts,
    frame.DATES: _dates,
    frame.NETWORK: _network,
    frame.PROBLEMS: _problems,
}


def block_body(answers: Answers, path: str, block: Block) -> str:
    """What belongs between the two markers of a block in the note at `path`."""
    folder = folder_of(path)
    if block.kind == "backlinks":
        return blocks.render_backlinks(ask.backlinks(answers.sql, path), folder)
    if block.kind == "related":
        return blocks.render_related(answers.related(path)[:10], folder)
    if block.kind == "next":
        choice = answers.choice()
        return blocks.render_next(choice, answers.cards(choice.suggestions), folder)
    row = ask.note_row(answers.sql, path)
    if row is None or row[2] != CONTACT:
        return "A card is drawn in a contact's note, and this is none."
    return blocks.render_card(answers.card(path), folder)
