"""The page "Posts and people": who can help with what one reads and wants, and where it came up.

Why a post and a person belong together was found before; here it is only written down. Relations come without
anything of private or confidential notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from mdmentor.core.model import POSTS, GoalEntry, Mention, PostEntry, Relation
from mdmentor.core.pages.page import Context, and_more, page, section
from mdmentor.core.pages.person import CONFIDENTIAL
from mdmentor.core.text import counted, day_text, md, md_link, plain_words, shorten

# People, posts and talks shown of one post or goal; of the others the number.
MOST_FOR_A_POST = 5
MOST_FOR_A_GOAL = 8
MOST_MENTIONS = 5
_MENTION_LENGTH = 160
_NOTHING_YET = (
    "A post is a note in a folder named `posts`: an article worth keeping, or your own words. Give it "
    "`topics`, or link it in a log (`see [[Ask for a raise]]`), and this page says who can help with it "
    "and where it came up."
)


def render_posts(posts: Sequence[PostEntry], goals: Sequence[GoalEntry], more: int, at: Context) -> str:
    """The page for these posts and live goals, in their order; `more` is how many posts are left out."""
    lines = [
        *section("Your goals", [line for goal in goals for line in _goal(goal, at)]),
        *section("Posts", [line for post in posts for line in _post(post, at)]),
    ] or [_NOTHING_YET]
    if more:
        rest = f"{counted(more, 'other post')} in the vault {'is' if more == 1 else 'are'} not listed here."
        lines += ["", rest]
    return page(POSTS, lines, at)


def _goal(entry: GoalEntry, at: Context) -> list[str]:
    goal = entry.goal
    lines = [f"### {md_link(goal.title, at.folder, goal.path)}", ""]
    if goal.confidential:
        return [*lines, CONFIDENTIAL, ""]
    if entry.people:
        lines += _relations("Who can help:", entry.people, MOST_FOR_A_GOAL, at)
    else:
        what = _topics(goal.topics) or "this"
        lines += [f"Nobody in your notes is known to help with {what} yet. Who might know somebody?", ""]
    return lines + _relations("To read first:", entry.posts, MOST_FOR_A_POST, at)


def _post(entry: PostEntry, at: Context) -> list[str]:
    lines = [f"### {md_link(entry.title, at.folder, entry.path)}", ""]
    if entry.confidential:
        return [*lines, CONFIDENTIAL, ""]
    topics = _topics(entry.topics)
    lines += [f"About {topics}." if topics else "", ""]
    lines += _relations("Who can help:", entry.people, MOST_FOR_A_POST, at)
    if entry.mentions:
        newest = sorted(entry.mentions, key=lambda m: (-m.day.toordinal(), m.name.casefold(), m.path, m.line))
        lines += ["Where it came up:", "", *(_mention(m, at) for m in newest[:MOST_MENTIONS])]
        lines += [*and_more(len(newest) - MOST_MENTIONS, "earlier talk"), ""]
    elif not entry.people:
        lines += ["Nobody is linked with it yet.", ""]
    return lines


def _relations(title: str, relations: Sequence[Relation], most: int, at: Context) -> list[str]:
    """A line for each of the first `most`, and one for the others."""
    lines = [f"- {at.link(r.title, r.path)}{_why(r)}" for r in relations[:most]]
    lines += and_more(len(relations) - most, "other", ": `mdmentor related` lists all")
    return [title, "", *lines, ""] if lines else []


def _why(relation: Relation) -> str:
    why = "; ".join(map(plain_words, relation.reasons))
    return f": {md(why)}" if why else ""


def _mention(mention: Mention, at: Context) -> str:
    day = day_text(mention.day, at.today)
    if mention.path != mention.contact:  # in the contact's own note both would be the same link
        day = md_link(day, at.folder, mention.path)
    text = shorten(plain_words(mention.text), _MENTION_LENGTH)
    return f"- {day}, {at.link(mention.name, mention.contact)}{f': {md(text)}' if text else ''}"


def _topics(topics: Sequence[str]) -> str:
    return md(", ".join(filter(None, (plain_words(topic.lstrip("#")) for topic in topics))))
