"""The parts of a user's own note that we fill, between the two markers that the user put there.

Below the content is a line with its sum, so that a block somebody edited is recognised and left alone. Days are
dates here, never "5 weeks ago": a user's note changes when facts do, not day by day (only the block `next` is of the
day). Nothing here writes into a note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from mdmentor.core import pages
from mdmentor.core.entries import Card, Choice
from mdmentor.core.markdown.blocks import SUM, block_lines, split_line, sum_of
from mdmentor.core.model import Backlink, Relation
from mdmentor.core.pages import Context, bullets, labelled
from mdmentor.core.pages.reach_out import CAUGHT_UP, OVER
from mdmentor.core.text import every, full_day, md, plain_words, shorten

MOST_BACKLINKS = 50
MOST_RELATED = 10
_CONTEXT_LENGTH = 160
# What a line begins with that opens or closes a block. Escaped text begins no line so.
_MARKER = r"[ \t]*<!--\s*/?mdmentor\b"


def render_backlinks(backlinks: Sequence[Backlink], at: Context) -> str:
    """A list item for each note that links here, with the text around its links."""
    if not backlinks:
        return "No note links here yet."
    lines = []
    shown = backlinks[:MOST_BACKLINKS]
    for (path, title), links in groupby(shown, key=lambda link: (link.source, link.title)):
        contexts = [shorten(plain_words(split_line(b.context).text), _CONTEXT_LENGTH) for b in links]
        texts = [md(text) for text in dict.fromkeys(contexts) if text]
        item = f"- {at.link(title, path)}"
        lines += [f"{item}: {texts[0]}"] if len(texts) == 1 else [item, *(f"  - {text}" for text in texts)]
    lines += pages.and_more(len(backlinks) - MOST_BACKLINKS, "other")
    return _with_foot(lines)


def _with_foot(lines: Sequence[str]) -> str:
    return "\n".join([*lines, *pages.colleague_foot(lines)]).rstrip("\n")


def render_related(relations: Sequence[Relation], at: Context) -> str:
    """A list item for each related note, with why."""
    return _with_foot(pages.related_lines(relations[:MOST_RELATED], at)) or "Nothing related is known yet."


def render_next(choice: Choice, cards: Mapping[str, Card], at: Context) -> str:
    """Today's few in a line each, with the reason that weighs most: for a home note."""
    lines = [OVER] if choice.is_over else [CAUGHT_UP] if choice.is_caught_up else []
    lines += [""] if lines and choice.suggestions else []
    for assessment in choice.suggestions:
        card = cards.get(assessment.path)
        is_hidden = card is None or card.person.contact.confidential or not assessment.reasons
        why = "" if is_hidden else f": {md(max(assessment.reasons, key=lambda reason: reason.points).text)}"
        lines.append(f"- {at.link(assessment.name, assessment.path)}{why}")
    if choice.also_due and not choice.fresh_start:
        lines += ["", f"Also due: {choice.also_due} more."]
    return _with_foot(lines)


def render_card(card: Card, at: Context) -> str:
    """A compact card: rhythm, last talk, what is owed either way, what they help with, the posts for them."""
    contact = card.person.contact
    if contact.confidential:
        return "This note is confidential, so nothing is shown here."
    days = card.assessment.cadence_days
    lines = [
        labelled("Rhythm", "" if days is None else every(days)),
        labelled("Last talk", pages.last_talk_text(card, full_day)),
        *pages.promise_lines(card, full_day, theirs=False),
        *pages.promise_lines(card, full_day, theirs=True),
        labelled("Helps with", md(", ".join(map(plain_words, contact.helps_with)))),
        labelled("Posts", pages.posts_text(card.posts, at.folder)),
        pages.colleague_text(card),
    ]
    return "\n".join(bullets(lines)) or "Nothing is logged yet."


def block_content(body: str) -> str:
    """The inside of a block: `body` and the line with its sum, "\\n" newlines, none at the end.

    Raises ValueError where a line of `body` would be taken for a marker or a sum.
    """
    lines = block_lines(body)
    if any(re.match(_MARKER, line) or SUM.match(line.lstrip()) for line in lines):
        raise ValueError("a block's body may hold no marker")
    return "\n".join([*lines, f"<!-- sum {sum_of(lines)} -->"])
