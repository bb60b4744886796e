"""The command `next`: whom to reach out to, why, and with what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import number_option, reading
from mdmentor.core.pages import last_talk_words, promise_words
from mdmentor.core.text import day_text, past_day, sentence
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_FOOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdmentor.core.entries import Card, Choice
    from mdmentor.core.model import Assessment
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
    with queries.index.snapshot():
        choice = queries.choice(number, topic)
        cards = queries.cards(choice.suggestions)
    if waiting := [one.name for one in queries.waiting().values()]:
        some = "a tick waits" if len(waiting) == 1 else f"{len(waiting)} ticks wait"
        output.say(f"{some} on the page to be carried out ({', '.join(waiting)}); run: mdmentor reindex")
    if as_json:
        from mdmentor.core import serialize

        output.json_document(serialize.next_list(choice, cards, queries.colleague_paths()))
    elif choice.suggestions or choice.done or choice.coming_up or sum(count for _, count in choice.excluded):
        _print_list(choice, cards, queries)
    elif topic is not None:
        output.line(f'No note says that somebody helps with "{topic}".')
    else:
        output.line("No contacts yet.")
        how = "To make one, put a note into a folder people, or give it the tag person; see: mdmentor status"
        output.line(how, dim=True)


def _print_list(choice: Choice, cards: dict[str, Card], queries: Queries) -> None:
    if choice.fresh_start:
        output.paragraph("You were away for a while. Here is a fresh start; the rest can wait.")
    _print_birthdays(choice, queries)
    if choice.is_over:
        output.line("Done for today.")
        if choice.tomorrow:
            output.paragraph(f"Tomorrow: {_named(choice.tomorrow, queries)}.", "  ", first="")
    elif choice.is_caught_up:
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
        rest = choice.also_due - len(choice.others_due)
        more = f" and {rest} more" if rest else ""
        output.paragraph(f"Also due: {_named(choice.others_due, queries)}{more}.", "  ", first="", dim=True)
    if choice.done:
        output.line()
        output.paragraph(f"Done today: {_named(choice.done, queries)}.", "  ", first="", dim=True)
    coming = [one for one in choice.coming_up if not one.confidential][:5]  # a name alone says nothing
    if coming:
        output.line()
        output.line("Coming up:", dim=True)
        for one in coming:
            output.paragraph(_soon(one, choice.today, queries), "    ", first="  ", dim=True)
    named = (*choice.others_due, *choice.done, *coming, *choice.tomorrow)
    paths = [one.path for one in named] + [one.path for one in choice.birthdays]
    if any(map(queries.is_colleague, paths)):
        output.paragraph(COLLEAGUE_FOOT, "  ", dim=True)


def _print_birthdays(choice: Choice, queries: Queries) -> None:
    for one in choice.birthdays:
        when = "Today" if one.day == choice.today else "Tomorrow"
        age = f", turning {one.turns}" if one.turns else ""
        who = output.marked(one.name, queries.is_colleague(one.path))
        output.line(f"{when} is the birthday of {who}{age}.")


def _named(people: Sequence[Assessment], queries: Queries) -> str:
    return ", ".join(output.marked(one.name, queries.is_colleague(one.path)) for one in people)


def _soon(assessment: Assessment, today: date, queries: Queries) -> str:
    """`Ada Lovelace, 30 Nov: why`."""
    name = output.marked(assessment.name, queries.is_colleague(assessment.path))
    if not assessment.due:
        return name
    return f"{name}, {day_text(assessment.due, today)}: {assessment.coming}"


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
        output.paragraph(sentence(COLLEAGUE), indent)
    if last := last_talk_words(card, lambda day: past_day(day, assessment.today)):
        output.paragraph(f"Last: {last}", indent + "  ", first=indent)
    today = assessment.today
    for promised in promise_words(card, lambda day: day_text(day, today), theirs=True, since=today):
        output.paragraph(f"They promised: {promised}", indent + "  ", first=indent)
    if card.opener:
        output.paragraph(f'Say: "{card.opener}"', indent + "  ", first=indent)
    if card.posts:
        titles = ", ".join(post.title for post in card.posts)
        output.paragraph(f"Read: {titles}", indent + "  ", first=indent)
    reach = (*who.email[:1], *who.phone[:1], who.linkedin, *who.url[:1])
    if any(reach):
        output.line(f"{indent}{' · '.join(filter(None, reach))}", dim=True)
