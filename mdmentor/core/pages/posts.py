"""The page "Posts and people": who can help with what one reads and wants, and where it came up.

Why a post and a person belong together was found before; here it is only told. What the relations hold of
private or confidential notes must be left out by whoever makes them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from mdmentor.core.model import POSTS, GoalEntry, Mention, PostEntry, Relation
from mdmentor.core.pages.page import page
from mdmentor.core.pages.person import CONFIDENTIAL, colleague_foot, marked_link
from mdmentor.core.text import counted, day_text, md, md_link, plain_words, shorten

# People and posts told of one post or goal, and talks; of the others the number.
MOST_FOR_A_POST = 5
MOST_FOR_A_GOAL = 8
MOST_MENTIONS = 5
_MENTION_LENGTH = 160


def render_posts(
    posts: Sequence[PostEntry],
    goals: Sequence[GoalEntry],
    more: int,
    folder: str,
    pages: Sequence[str],
    today: date,
    inside: Collection[str] = (),
) -> str:
    """The page for these posts and live goals, in their order; `more` is how many posts are not told here.

    People whose paths are `inside` are marked as working where the user works.
    """
    if not posts and not goals:
        return page(POSTS, _nothing_yet(more), pages=pages)
    lines: list[str] = []
    if goals:
        lines += ["## Your goals", ""]
        for goal in goals:
            lines += _goal(goal, folder, inside)
    if posts:
        lines += ["## Posts", ""]
        for post in posts:
            lines += _post(post, folder, today, inside)
    if more:
        lines += [_more(more), ""]
    return page(POSTS, [*lines, *colleague_foot(lines)], pages=pages)


def _goal(entry: GoalEntry, folder: str, inside: Collection[str]) -> list[str]:
    goal = entry.goal
    lines = [f"### {md_link(goal.title, folder, goal.path)}", ""]
    if goal.confidential:
        return [*lines, CONFIDENTIAL, ""]
    if entry.people:
        people = _relations(entry.people, MOST_FOR_A_GOAL, folder, inside)
        lines += ["Who can help:", "", *people, ""]
    else:
        topics = _topics(goal.topics)
        lines += [
            f"Nobody in your notes is known to help with {topics or 'this'} yet. Who might know somebody?",
            "",
        ]
    if entry.posts:
        posts = _relations(entry.posts, MOST_FOR_A_POST, folder)
        lines += ["To read first:", "", *posts, ""]
    return lines


def _post(entry: PostEntry, folder: str, today: date, inside: Collection[str]) -> list[str]:
    if entry.confidential:
        return [f"### {md_link(entry.title, folder, entry.path)}", "", CONFIDENTIAL, ""]
    topics = _topics(entry.topics)
    lines = [f"### {md_link(entry.title, folder, entry.path)}", "", f"About {topics}." if topics else "", ""]
    if entry.people:
        people = _relations(entry.people, MOST_FOR_A_POST, folder, inside)
        lines += ["Who can help:", "", *people, ""]
    if entry.mentions:
        newest = sorted(entry.mentions, key=lambda m: (-m.day.toordinal(), m.name.casefold(), m.path, m.line))
        lines += [
            "Where it came up:",
            "",
            *(_mention(m, folder, today, inside) for m in newest[:MOST_MENTIONS]),
        ]
        lines += [*_rest(len(newest) - MOST_MENTIONS, "earlier talk"), ""]
    if not entry.people and not entry.mentions:
        lines += ["Nobody is linked with it yet.", ""]
    return lines


def _relations(
    relations: Sequence[Relation], most: int, folder: str, inside: Collection[str] = ()
) -> list[str]:
    """A line for each of the first `most`, and one for the others."""
    lines = []
    for relation in relations[:most]:
        why = "; ".join(plain_words(reason) for reason in relation.reasons)
        link = marked_link(relation.title, folder, relation.path, inside)
        lines.append(f"- {link}: {md(why)}" if why else f"- {link}")
    rest = _rest(len(relations) - most, "other")
    return lines + [f"{line}: `mdmentor related` tells of all" for line in rest]


def _mention(mention: Mention, folder: str, today: date, inside: Collection[str]) -> str:
    day = md_link(day_text(mention.day, today), folder, mention.path)
    who = marked_link(mention.name, folder, mention.contact, inside)
    # In the contact's own note both would be the same link.
    start = (
        f"- {day_text(mention.day, today)}, {who}" if mention.path == mention.contact else f"- {day}, {who}"
    )
    text = shorten(plain_words(mention.text), _MENTION_LENGTH)
    return f"{start}: {md(text)}" if text else start


def _rest(count: int, noun: str) -> list[str]:
    return [f"- and {counted(count, noun)}"] if count > 0 else []


def _topics(topics: Sequence[str]) -> str:
    return md(", ".join(filter(None, (plain_words(topic.lstrip("#")) for topic in topics))))


def _more(more: int) -> str:
    return f"{counted(more, 'other post')} in the vault {'is' if more == 1 else 'are'} not told here."


def _nothing_yet(more: int) -> list[str]:
    lines = [
        "A post is a note in a folder named `posts`: an article worth keeping, or your own words. Give it "
        "`topics`, or link it in a log (`see [[Ask for a raise]]`), and this page says who can help with it "
        "and where it came up.",
    ]
    return [*lines, "", _more(more)] if more else lines
