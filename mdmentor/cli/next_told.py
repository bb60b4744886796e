"""What `next` has to say: whom to reach out to, why, and with what, as lines or as one JSON document."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from mdmentor.cli.told import Told

if TYPE_CHECKING:
    from mdmentor.answers import Answers
    from mdmentor.core.model import Card, Choice, Standing


def tell_next(answers: Answers, number: int | None, topic: str | None, *, as_json: bool) -> Told:
    """Today's list, of `number` people or as many as the settings say, and of those only who help with the topic."""
    choice = answers.choice(number, topic)
    cards = answers.cards(choice.suggestions)
    return _document(choice, cards, answers) if as_json else _lines(choice, cards, answers, topic)


def _document(choice: Choice, cards: dict[str, Card], answers: Answers) -> Told:
    from mdmentor.core import shapes

    told = Told()
    told.document(shapes.next_list(choice, cards, answers.inside_paths()))
    return told


def _lines(choice: Choice, cards: dict[str, Card], answers: Answers, topic: str | None) -> Told:
    from mdmentor.core.trust import INSIDE_FOOT

    told = Told()
    if not choice.suggestions and not choice.coming_up and not sum(count for _, count in choice.excluded):
        told.line(f'Nobody helps with "{topic}" as far as the notes tell.' if topic else "No contacts yet.")
        if not topic:
            told.line(
                "A note in a folder people, or with the tag person, makes one; see: mdmentor status", dim=True
            )
        return told
    if choice.fresh_start:
        told.paragraph("You were away for a while. Here is a fresh start; the rest can wait.")
    if choice.is_caught_up:
        told.line("All caught up.")
    for place, standing in enumerate(choice.suggestions, 1):
        if standing.pool == "spare" and (place == 1 or choice.suggestions[place - 2].pool != "spare"):
            told.line()
            told.line("A good moment, though nothing is due:")
        told.line()
        _suggestion(told, cards[standing.path], place)
    if choice.also_due and not choice.fresh_start:  # after an absence no number of what has gathered
        told.line()
        told.line(f"Also due: {choice.also_due} more.", dim=True)
    if choice.coming_up:
        told.line()
        soon = choice.coming_up[:5]
        names = ", ".join(_soon(s, choice.today, answers.is_inside(s.path)) for s in soon)
        told.paragraph(f"Coming up: {names}", "  ", first="", dim=True)
        if any(answers.is_inside(s.path) for s in soon):
            told.paragraph(INSIDE_FOOT, "  ", dim=True)
    return told


def _soon(standing: Standing, today: date, is_inside: bool) -> str:
    """`Ada Lovelace (30 Nov)`; of a confidential person the name alone."""
    from mdmentor.core.pages.frame import day_text
    from mdmentor.core.trust import INSIDE_MARK

    day = "" if standing.confidential or not standing.due else f" ({day_text(standing.due, today)})"
    return f"{standing.name}{day}{f' {INSIDE_MARK}' if is_inside else ''}"


def _suggestion(told: Told, card: Card, place: int) -> None:
    """One suggestion in a few lines, the most important first."""
    from mdmentor.core.escape import plain_words
    from mdmentor.core.pages.frame import ago
    from mdmentor.core.trust import INSIDE

    standing, who = card.standing, card.person.contact
    told.line(f"{place}. {standing.name}", bold=True)
    indent = "   "
    for reason in standing.reasons:
        told.paragraph(reason.text, indent)
    if who.confidential:
        return
    if card.inside:
        told.paragraph(INSIDE[0].upper() + INSIDE[1:] + ".", indent)
    last = next((i for i in reversed(card.person.interactions) if i.date <= standing.today), None)
    if last is not None and (words := plain_words(last.text)):
        channel = f", {last.channel}" if last.channel else ""
        when = f"({ago(last.date, standing.today)}{channel})"
        told.paragraph(f"Last: {words} {when}", indent + "  ", first=indent)
    if card.opener:
        told.paragraph(f'Say: "{card.opener}"', indent + "  ", first=indent)
    if card.posts:
        titles = ", ".join(post.title for post in card.posts)
        told.paragraph(f"Read: {titles}", indent + "  ", first=indent)
    reach = " · ".join(
        (*who.email[:1], *who.phone[:1], *((who.linkedin,) if who.linkedin else ()), *who.url[:1])
    )
    if reach:
        told.line(f"{indent}{reach}", dim=True)
