"""The command `next`: whom to reach out to, why, and with what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output
from mdmentor.cli.options import number_option, reading
from mdmentor.core.pages import last_talk_words, promise_words
from mdmentor.core.text import day_text, past_day, sentence
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_FOOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mdmentor.core.entries import BirthdayNear, Card, Choice
    from mdmentor.core.model import Assessment
    from mdmentor.queries import Queries


@click.command("next")
@number_option(None, 100, "How many people at most; default: per_day in the settings.")
@click.option("--topic", metavar="T", help="Only people who help with this topic.")
@reading
def next_(queries: Queries, as_json: bool, number: int | None, topic: str | None) -> Any:
    """Whom to reach out to next, why, and with what.

    \b
    Example:
      mdmentor next -n 5
      mdmentor next --topic negotiation
    """
    with queries.index.snapshot():
        choice = queries.choice(number, topic)
        cards = queries.cards(choice.suggestions)
    if waiting := ", ".join(one.name for one in queries.waiting.values()):
        some = "a tick waits" if len(queries.waiting) == 1 else f"{len(queries.waiting)} ticks wait"
        output.say(f"{some} on the page to be carried out ({waiting}); run: mdmentor reindex")
    if as_json:
        from mdmentor.core import serialize

        return serialize.next_list(choice, cards, queries.colleague_paths())
    if choice.suggestions or choice.done or choice.coming_up or sum(count for _, count in choice.excluded):
        _print_list(choice, cards, queries)
    elif topic is not None:
        output.line(f'No note says that somebody helps with "{topic}".')
    else:
        output.line("No contacts yet.")
        how = "To make one, put a note into a folder people, or give it the tag person; see: mdmentor status"
        output.line(how, dim=True)


def _print_list(choice: Choice, cards: dict[str, Card], queries: Queries) -> None:
    coming = [one for one in choice.coming_up if not one.confidential][:5]  # a name alone says nothing
    named = (*choice.others_due, *choice.done, *coming, *choice.tomorrow)
    paths = [one.path for one in named] + [one.path for one in choice.birthdays]
    colleagues = set(filter(queries.is_colleague, paths))

    def names(people: Sequence[Assessment | BirthdayNear]) -> str:
        return output.names(((one.path, one.name) for one in people), colleagues)

    if choice.fresh_start:
        output.paragraph("You were away for a while. Here is a fresh start; the rest can wait.")
    for one in choice.birthdays:
        when = "Today" if one.day == choice.today else "Tomorrow"
        age = f", turning {one.turns}" if one.turns else ""
        output.line(f"{when} is the birthday of {names([one])}{age}.")
    if choice.is_over:
        output.line("Done for today.")
        if choice.tomorrow:
            output.paragraph(f"Tomorrow: {names(choice.tomorrow)}.", "  ", first="")
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
        output.paragraph(f"Also due: {names(choice.others_due)}{more}.", "  ", first="", dim=True)
    if choice.done:
        output.line()
        output.paragraph(f"Done today: {names(choice.done)}.", "  ", first="", dim=True)
    if coming:
        output.line()
        output.line("Coming up:", dim=True)
        for soon in coming:
            why = f", {day_text(soon.due, choice.today)}: {soon.coming}" if soon.due else ""
            output.paragraph(names([soon]) + why, "    ", first="  ", dim=True)
    if colleagues:
        output.paragraph(COLLEAGUE_FOOT, "  ", dim=True)


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
    today = assessment.today
    last = last_talk_words(card, lambda day: past_day(day, today))
    facts = [f"Last: {last}"] if last else []
    promised = promise_words(card, lambda day: day_text(day, today), theirs=True, since=today)
    facts += [f"They promised: {words}" for words in promised]
    facts += [f'Say: "{card.opener}"'] if card.opener else []
    facts += [f"Read: {', '.join(post.title for post in card.posts)}"] if card.posts else []
    for fact in facts:
        output.paragraph(fact, indent + "  ", first=indent)
    reach = (*who.email[:1], *who.phone[:1], who.linkedin, *who.url[:1])
    if any(reach):
        output.line(f"{indent}{' · '.join(filter(None, reach))}", dim=True)
