"""Commands about people: why somebody is suggested, one person's card, and the lists."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output
from mdmentor.cli.options import complete_contact, name_argument, number_option, private_option, reading
from mdmentor.core import serialize
from mdmentor.core.text import ago, day_text, every, plain_words, sentence, shorten
from mdmentor.core.trust import COLLEAGUE

if TYPE_CHECKING:
    from mdmentor.core.entries import Card
    from mdmentor.core.mentoring import MentorStep
    from mdmentor.core.model import Assessment, Contact
    from mdmentor.queries import Queries

MOST_LOG_LINES = 10  # on a card


def _item(text: str, *, dim: bool = False) -> None:
    output.paragraph(text, "    ", first="  - ", dim=dim)


def _title(text: str) -> None:
    output.line()
    output.line(text, bold=True)


@click.command("why")
@name_argument("name", complete_contact)
@reading
def why(queries: Queries, as_json: bool, name: str) -> Any:
    """Why NAME is suggested today, or why not, with the points.

    \b
    Example:
      mdmentor why ada
    """
    card, not_listed, is_listed = queries.why(queries.find_contact(name))
    assessment = card.assessment
    if as_json:
        return serialize.why(assessment, card, not_listed, is_listed)
    output.line(assessment.name, bold=True)
    output.line("On today's list." if is_listed else "Not on today's list.")
    for text in not_listed:
        output.paragraph(text, "  ")
    if card.colleague:
        output.paragraph(sentence(COLLEAGUE))
    output.line()
    for reason in assessment.reasons:
        output.paragraph(reason.text, " " * 8, first=f"{reason.points:6g}  ")
    if assessment.reasons:
        output.line(f"{assessment.score:6g}  in all", bold=True)
    else:
        output.line("There is no reason to reach out today.")
    for text in assessment.notes:
        if text not in not_listed:
            output.paragraph(text, "  ")
    output.line()
    _print_rhythm(assessment)


def _print_rhythm(assessment: Assessment) -> None:
    if assessment.confidential:
        return
    if assessment.last_contact:
        since = ago(assessment.last_contact, assessment.today)
        output.line(f"Last contact: {assessment.last_contact.isoformat()} ({since})", dim=True)
    if assessment.cadence_days:
        output.line(f"Rhythm: {every(assessment.cadence_days)}", dim=True)
    if assessment.due:
        output.line(f"Due: {assessment.due.isoformat()}", dim=True)


@click.command("show")
@name_argument("name", complete_contact)
@private_option
@reading
def show(queries: Queries, as_json: bool, name: str, private: bool) -> Any:
    """The card of NAME: how to reach them, the tie, the log, what is promised.

    \b
    Example:
      mdmentor show Ada Lovelace --json
    """
    card = queries.card(queries.find_contact(name), private=private)
    if as_json:
        return serialize.contact(card)
    _print_card(card, queries.today, private=private)


def _print_card(card: Card, today: date, *, private: bool) -> None:
    who = card.person.contact
    output.line(who.name, bold=True)
    if who.confidential and not private:
        output.line("The rest of this note is confidential.")
        return
    facts = {
        "Also": ", ".join(who.aliases),
        "Work": ", ".join(filter(None, (who.role, " and ".join(who.company)))),
        "Trust": COLLEAGUE if card.colleague else "",
        "Place": who.location,
        "E-mail": ", ".join(who.email),
        "Phone": ", ".join(who.phone),
        "Web": ", ".join(filter(None, (who.linkedin, *who.url))),
        "Known as": ", ".join(who.source),
        "Met": ", ".join(filter(None, (who.met, str(who.met_on or "")))),
        "Through": who.introduced_by,
        "Birthday": serialize.birthday(who.birthday) or "",
        "Helps with": ", ".join(who.helps_with),
        "Wants": ", ".join(who.wants),
        "Mentor": who.mentor.replace("-", " "),
        "Support": ", ".join(who.support),
        "Posts": ", ".join(post.title for post in card.posts),
        "Note": who.path,
    }
    for title, text in facts.items():
        if text:
            output.paragraph(text, "  ", first=f"{title}: ")
    _print_rhythm(card.assessment)
    if who.paused:
        output.line("Never suggested.", dim=True)
    elif who.snooze and who.snooze > today:
        output.line(f"Snoozed: until {day_text(who.snooze, today)}", dim=True)
    if card.person.promises:
        _title("Promised")
        for promise in card.person.promises:
            verb = "was due" if promise.due and promise.due < today else "by"
            due = f", {verb} {day_text(promise.due, today)}" if promise.due else ""
            _item(f"{'They' if promise.theirs else 'You'}: {plain_words(promise.text)}{due}")
    if card.person.planned:
        _title("Planned")
        for task in card.person.planned:
            when = f", {day_text(task.due, today)}" if task.due else ""
            _item(f"{plain_words(task.text)}{when}")
    talks = card.person.interactions
    if talks:
        _title("Log, newest first")
        for talk in reversed(talks[-MOST_LOG_LINES:]):
            words = ": ".join(filter(None, (talk.channel, plain_words(talk.text))))
            marks = (f"#{mark}" for mark in talk.marks)
            _item(" ".join(filter(None, (talk.date.isoformat(), words, *marks))))
        if len(talks) > MOST_LOG_LINES:
            output.line(f"  and {len(talks) - MOST_LOG_LINES} earlier, in {who.path}", dim=True)


@click.command("contacts")
@click.option("--tag", help="Only those with this tag.")
@click.option("--topic", metavar="T", help="Only those who help with this topic.")
@click.option("--source", help="Only those you know as this: teacher, boss, friend ...")
@click.option("--due", is_flag=True, help="Only those who are due.")
@click.option(
    "--sort",
    type=click.Choice(("name", "due", "last")),
    default="name",
    show_default=True,
    help="By name, by the day they are due, or by the last talk, the earliest first.",
)
@private_option
@reading
def contacts(queries: Queries, as_json: bool, private: bool, **wanted: Any) -> Any:
    """Everybody, with role, last talk, and when they are due; in a wide window with rhythm and note.

    \b
    Example:
      mdmentor contacts --tag friend --sort due
    """
    found = queries.find_contacts(**wanted, private=private)
    if as_json:
        every = queries.plain_cards((who.path for who, _ in found), asked=private)
        cards = {card.person.contact.path: card for card in every}
        return (serialize.contact(cards[who.path]) for who, _ in found)
    columns = 4 if output.is_narrow() else 6
    rows = ((who.path, _contact_cells(who, assessment, private)[:columns]) for who, assessment in found)
    head = ("Name", "Role", "Last talk", "Due", "Rhythm", "Note")[:columns]
    if not output.people_table(head, rows, queries.colleague_paths()):
        is_filtered = any(value for key, value in wanted.items() if key != "sort")
        output.say("no contacts match" if is_filtered else "no contacts; see: mdmentor status")


def _contact_cells(who: Contact, assessment: Assessment, private: bool) -> tuple[str, ...]:
    """Name, role, last talk, when they are due, the rhythm, and the note."""
    if who.confidential and not private:
        return who.name, "", "", "", "", who.path
    today, last, due = assessment.today, assessment.last_contact, assessment.due
    role = shorten(plain_words(who.role or "".join(who.company[:1])), 30)
    if who.paused:
        when = "paused"
    elif who.snooze and who.snooze > today:
        when = f"snoozed, {day_text(who.snooze, today)}"
    elif due and due < today and not assessment.held:
        when = f"overdue, {day_text(due, today)}"
    else:
        when = ("today" if due <= today else day_text(due, today)) if due else ""
    rhythm = every(assessment.cadence_days) if assessment.cadence_days else ""
    return who.name, role, ago(last, today) if last else "", when, rhythm, who.path


@click.command("mentors")
@reading
def mentors(queries: Queries, as_json: bool) -> Any:
    """Who is at which step towards being a mentor, and what comes next.

    \b
    Example:
      mdmentor mentors
    """
    from mdmentor.core.pages.mentors import SUPPORT_WORDS

    colleagues = queries.colleague_paths()
    steps, places, supports = queries.mentor_steps(), queries.places(), queries.supports()
    if as_json:
        return {
            "mentors": [serialize.mentor_step(s) for s in steps],
            "places": [serialize.place(p, colleagues) for p in places],
            "support": [serialize.support(s, colleagues) for s in supports],
        }
    if all(step.confidential for step in steps):
        output.paragraph(
            "Nobody yet. Mentors are found where people already know you; these places are open:"
        )
    for title, group in groupby(steps, _step_title):
        _title(title)
        for step in group:
            _print_step(step)
    if any(one.people for one in supports):
        _title("Who is there for what")
        for one in supports:
            names = output.names(one.people, colleagues)
            _item(f"For {SUPPORT_WORDS[one.kind]}: {names or 'nobody yet'}", dim=not names)
    _title("Where mentors are found")
    for place in places:
        names = output.names(place.people, colleagues)
        _item(f"{place.title}: {names or place.hint}", dim=not names)


def _print_step(step: MentorStep) -> None:
    from mdmentor.core.pages.mentors import SUPPORT_WORDS

    support = " and ".join(SUPPORT_WORDS[kind] for kind in step.support if kind in SUPPORT_WORDS)
    name = f"{step.name} (for {support})" if support else step.name
    _item(f"{name}: {step.next_step}" if step.next_step else name)
    if step.colleague:
        output.paragraph(sentence(COLLEAGUE), "    ")
    if step.said:
        output.paragraph(f'"{plain_words(step.said)}"', "    ", dim=True)


def _step_title(step: MentorStep) -> str:
    """The heading of a person, as on the page."""
    if step.confidential:
        return "Kept to yourself"
    return "Your notes speak for them" if step.inferred else step.step.replace("-", " ").capitalize()


@click.command("promises")
@click.option("--mine", is_flag=True, help="Only what you promised.")
@click.option("--theirs", is_flag=True, help="Only what others promised you.")
@reading
def promises(queries: Queries, as_json: bool, mine: bool, theirs: bool) -> Any:
    """What is promised and owed, both ways: open promises by date, then thanks not given yet.

    \b
    Example:
      mdmentor promises --mine
    """
    from mdmentor.core.exchange import owed
    from mdmentor.index import people

    colleagues, found = queries.colleague_paths(), people.part_rows(queries.index, "exchange")
    open_promises, thanks = owed(people.exchanges(found), mine=mine, theirs=theirs)
    if as_json:
        return {
            "promises": [serialize.owed_promise(p, who, colleagues) for p, who in open_promises],
            "thanks": [serialize.thanks(line, who, colleagues) for line, who in thanks],
        }
    rows = []
    for promise, who in open_promises:
        by, due = "them" if promise.theirs else "you", output.day(promise.due) or "no date"
        rows.append((who.path, (due, by, who.name, plain_words(promise.text))))
    for line, who in thanks:
        what = "thanks for: " + (plain_words(line.text) or "help")
        rows.append((who.path, (f"since {line.date}", "you", who.name, what)))
    if not output.people_table(("When", "By", "With", "What"), rows, colleagues):
        output.line("Nothing is promised or owed.")


@click.command("dates")
@number_option(60, 730, "How many days ahead.", "--days")
@reading
def dates(queries: Queries, as_json: bool, number: int) -> Any:
    """Birthdays, plans and promises of the coming days.

    \b
    Example:
      mdmentor dates --days 14
    """
    colleagues, found = queries.colleague_paths(), queries.occasions(number)
    if as_json:
        return [serialize.occasion(o, colleagues) for o in found]
    rows = []
    for one in found:
        kind = "your choice" if one.kind == "next" else one.kind  # the day that the user chose
        rows.append((one.path, (output.day(one.day), kind, one.name, plain_words(one.text))))
    if not output.people_table(("Day", "What", "Who", ""), rows, colleagues):
        output.line(f"Nothing in the next {number} days.")
