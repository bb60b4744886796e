"""The command `next`: whom to reach out to, why, and with what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import number_option, reading
from mdmentor.core.text import ago, day_text, plain_words
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_FOOT

if TYPE_CHECKING:
    from mdmentor.core.model import Assessment, Card, Choice
    from mdmentor.queries import Queries


@click.command("next")
@number_option(None, 100, "How many people at most; default: per_day in the settings.")
@click.option("--topic", metavar="T", help="Only people who help with this topic.")
@reading
def next_(queries: Queries, as_json: bool, number: int | None, topic: str | None) -> None:
    """Whom to reach out to next, why, and with what.

    \b
    Example:
      mdmentor next -n 5
      mdmentor next --topic negotiation
    """
    choice = queries.choice(number, topic)
    cards = queries.cards(choice.suggestions)
    if as_json:
        from mdmentor.core import serialize

        output.json_document(serialize.next_list(choice, cards, queries.colleague_paths()))
    elif choice.suggestions or choice.coming_up or sum(count for _, count in choice.excluded):
        _print_list(choice, cards, queries)
    elif topic:
        output.line(f'No note says that somebody helps with "{topic}".')
    else:
        output.line("No contacts yet.")
        output.line(
            "A note in a folder people, or with the tag person, makes one; see: mdmentor status", dim=True
        )


def _print_list(choice: Choice, cards: dict[str, Card], queries: Queries) -> None:
    if choice.fresh_start:
        output.paragraph("You were away for a while. Here is a fresh start; the rest can wait.")
    if choice.is_caught_up:
        output.line("All caught up.")
    has_heading = False
    for place, assessment in enumerate(choice.suggestions, 1):
        if assessment.pool == "spare" and not has_heading:
            has_heading = True
            output.line()
            output.line("A good moment, though nothing is due:")
        output.line()
        _print_suggestion(cards[assessment.path], place)
    if choice.also_due and not choice.fresh_start:  # after an absence no number of what has piled up
        output.line()
        output.line(f"Also due: {choice.also_due} more.", dim=True)
    if choice.coming_up:
        output.line()
        soon = [(s, queries.is_colleague(s.path)) for s in choice.coming_up[:5]]
        names = ", ".join(_soon(assessment, choice.today, is_marked) for assessment, is_marked in soon)
        output.paragraph(f"Coming up: {names}", "  ", first="", dim=True)
        if any(is_marked for _, is_marked in soon):
            output.paragraph(COLLEAGUE_FOOT, "  ", dim=True)


def _soon(assessment: Assessment, today: date, is_colleague: bool) -> str:
    """`Ada Lovelace (30 Nov)`; of a confidential person the name alone."""
    day = "" if assessment.confidential or not assessment.due else f" ({day_text(assessment.due, today)})"
    return output.marked(assessment.name + day, is_colleague)


def _print_suggestion(card: Card, place: int) -> None:
    """One suggestion in a few lines, the most important first."""
    assessment, who = card.assessment, card.person.contact
    output.line(f"{place}. {assessment.name}", bold=True)
    indent = "   "
    for reason in assessment.reasons:
        output.paragraph(reason.text, indent)
    if who.confidential:
        return
    if card.colleague:
        output.paragraph(COLLEAGUE[0].upper() + COLLEAGUE[1:] + ".", indent)
    last = next((i for i in reversed(card.person.interactions) if i.date <= assessment.today), None)
    if last is not None and (words := plain_words(last.text)):
        channel = f", {last.channel}" if last.channel else ""
        when = f"({ago(last.date, assessment.today)}{channel})"
        output.paragraph(f"Last: {words} {when}", indent + "  ", first=indent)
    if card.opener:
        output.paragraph(f'Say: "{card.opener}"', indent + "  ", first=indent)
    if card.posts:
        titles = ", ".join(post.title for post in card.posts)
        output.paragraph(f"Read: {titles}", indent + "  ", first=indent)
    reach = (*who.email[:1], *who.phone[:1], who.linkedin, *who.url[:1])
    if any(reach):
        output.line(f"{indent}{' · '.join(filter(None, reach))}", dim=True)
