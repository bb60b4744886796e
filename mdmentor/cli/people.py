"""Commands about people: whom to reach out to, why, one person's card, and the lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.app import complete_contact, name_argument, open_queries, reading
from mdmentor.core import serialize
from mdmentor.core.model import Assessment, Card, Promise
from mdmentor.core.text import ago, day_text, every, plain_words
from mdmentor.core.trust import COLLEAGUE, COLLEAGUE_MARK

if TYPE_CHECKING:
    from mdmentor.core.mentoring import MentorStep

private_option = click.option(
    "--private", is_flag=True, help="Show private lines and confidential notes too, here and now."
)


def _mark(is_colleague: bool) -> str:
    return f" {COLLEAGUE_MARK}" if is_colleague else ""


@click.command("why")
@name_argument("name", complete_contact)
@reading
def why(name: str, vault: str | None, as_json: bool, today: date | None) -> None:
    """All that speaks for or against suggesting NAME today, with the points.

    \b
    Example:
      mdmentor why ada
    """
    with open_queries(vault, today) as queries:
        from mdmentor.core.ranking.select import explain

        path = queries.find_contact(name)
        choice = queries.choice()
        listed = next((s for s in choice.suggestions if s.path == path), None)
        card = queries.card(path)
        assessment = listed or card.assessment
        not_listed = () if listed else explain(assessment, choice)
        if as_json:
            output.json_document(serialize.why(assessment, card, not_listed, listed is not None))
            return
        output.line(assessment.name, bold=True)
        output.line("On today's list." if listed else "Not on today's list.")
        for text in not_listed:
            output.paragraph(text, "  ")
        if card.colleague:
            output.paragraph(f"{COLLEAGUE[0].upper()}{COLLEAGUE[1:]}.")
        output.line()
        if assessment.reasons:
            for reason in assessment.reasons:
                output.paragraph(reason.text, " " * 8, first=f"{reason.points:6g}  ")
            output.line(f"{assessment.score:6g}  in all", bold=True)
        else:
            output.line("Nothing speaks for reaching out today.")
        for text in assessment.notes:
            if text not in not_listed:
                output.paragraph(text, "  ")
        output.line()
        _rhythm(assessment)


def _rhythm(assessment: Assessment) -> None:
    if assessment.confidential:
        return
    if assessment.last_contact:
        output.line(
            f"Last contact: {assessment.last_contact.isoformat()} ({ago(assessment.last_contact, assessment.today)})",
            dim=True,
        )
    if assessment.cadence_days:
        output.line(f"Rhythm: {every(assessment.cadence_days)}", dim=True)
    if assessment.due:
        output.line(f"Due: {assessment.due.isoformat()}", dim=True)


@click.command("show")
@name_argument("name", complete_contact)
@private_option
@reading
def show(name: str, vault: str | None, as_json: bool, today: date | None, private: bool) -> None:
    """The card of NAME: how to reach them, the tie, the log, what is promised.

    \b
    Example:
      mdmentor show Ada Lovelace --json
    """
    with open_queries(vault, today) as queries:
        card = queries.card(queries.find_contact(name), private=private)
        if as_json:
            output.json_document(serialize.contact(card))
            return
        _card(card, queries.today)


def _card(card: Card, today: date) -> None:
    who = card.person.contact
    output.line(who.name, bold=True)
    if who.confidential and not card.person.interactions and not who.email:
        output.line("The rest of this note is confidential.")
        return
    work = ", ".join(filter(None, (who.role, " and ".join(who.company))))
    facts = (
        ("Also", ", ".join(who.aliases)),
        ("Work", work),
        ("Trust", COLLEAGUE if card.colleague else ""),
        ("Place", who.location),
        ("E-mail", ", ".join(who.email)),
        ("Phone", ", ".join(who.phone)),
        ("Web", ", ".join((*((who.linkedin,) if who.linkedin else ()), *who.url))),
        ("Known as", ", ".join(who.source)),
        ("Met", who.met),
        ("Through", who.introduced_by),
        ("Birthday", serialize.birthday(who.birthday) or ""),
        ("Helps with", ", ".join(who.helps_with)),
        ("Wants", ", ".join(who.wants)),
        ("Mentor", who.mentor.replace("-", " ")),
        ("Support", ", ".join(who.support)),
        ("Posts", ", ".join(post.title for post in card.posts)),
        ("Note", who.path),
    )
    for title, text in facts:
        if text:
            output.paragraph(text, "  ", first=f"{title}: ")
    _rhythm(card.assessment)
    mine = list(card.person.promises)
    if mine:
        output.line()
        output.line("Promised", bold=True)
        for promise in mine:
            output.paragraph(_promise_words(promise, today), "    ", first="  - ")
    if card.person.interactions:
        output.line()
        output.line("Log, newest first", bold=True)
        for told in reversed(card.person.interactions[-10:]):
            marks = "".join(f" #{mark}" for mark in told.marks)
            channel = f"{told.channel}: " if told.channel else ""
            output.paragraph(
                f"{told.date.isoformat()} {channel}{plain_words(told.text)}{marks}", "    ", first="  - "
            )
        if len(card.person.interactions) > 10:
            output.line(f"  and {len(card.person.interactions) - 10} earlier, in {who.path}", dim=True)


def _promise_words(promise: Promise, today: date) -> str:
    who = "They: " if promise.theirs else "You: "
    due = (
        f", {'was due' if promise.due < today else 'by'} {day_text(promise.due, today)}"
        if promise.due
        else ""
    )
    return f"{who}{plain_words(promise.text)}{due}"


@click.command("contacts")
@click.option("--tag", help="Only those with this tag.")
@click.option("--topic", metavar="T", help="Only those who help with this topic.")
@click.option("--source", help="Only those known as this: teacher, boss, friend ...")
@click.option("--due", is_flag=True, help="Only those who are due.")
@private_option
@reading
def contacts(
    vault: str | None, as_json: bool, today: date | None, tag: str | None, topic: str | None,
    source: str | None, due: bool, private: bool,
) -> None:  # fmt: skip
    """Everybody, by name, with last contact, rhythm and due date.

    \b
    Example:
      mdmentor contacts --tag friend --due
    """
    from mdmentor.core.names import fold, fold_topic

    with open_queries(vault, today) as queries:
        assessments = queries.assessments()
        kept = []
        for who in queries.contacts(private=private):
            assessment = assessments[who.path]
            if tag and not any(fold(t) == fold(tag) or fold(t).startswith(fold(tag) + "/") for t in who.tags):
                continue
            if topic and fold_topic(topic) not in map(fold_topic, who.helps_with):
                continue
            if source and fold_topic(source) not in map(fold_topic, who.source):
                continue
            if due and (assessment.held or assessment.due is None or assessment.due > queries.today):
                continue
            kept.append(who)
        kept.sort(key=lambda who: (who.name.casefold(), who.path))
        if as_json:
            cards = queries.plain_cards((who.path for who in kept), private=private)
            output.json_document(map(serialize.contact, cards))
            return
        if not kept:
            output.say(
                "no contacts" + (" that fit" if tag or topic or source or due else "; see: mdmentor status")
            )
            return
        rows = []
        for who in kept:
            assessment = assessments[who.path]
            if who.confidential and not private:
                rows.append((who.path, (who.name, "", "", "", who.path)))
                continue
            state = "paused" if who.paused else output.day(assessment.due)
            last, days = output.day(assessment.last_contact), str(assessment.cadence_days or "")
            rows.append((who.path, (who.name, last, days, state, who.path)))
        output.people_table(("Name", "Last contact", "Days", "Due", "Note"), rows, queries.colleague_paths())


@click.command("mentors")
@reading
def mentors(vault: str | None, as_json: bool, today: date | None) -> None:
    """Who stands on which step towards a mentor, with the next small one.

    \b
    Example:
      mdmentor mentors
    """
    from mdmentor.core.pages.mentors import SUPPORT_WORDS

    with open_queries(vault, today) as queries:
        inside = queries.colleague_paths()
        steps, where, there_for = queries.mentor_steps(), queries.places(), queries.supports()
        if as_json:
            told = {
                "mentors": [serialize.mentor_step(s) for s in steps],
                "places": [serialize.place(p, inside) for p in where],
                "support": [serialize.support(s, inside) for s in there_for],
            }
            output.json_document(told)
            return
        if all(step.confidential for step in steps):
            output.paragraph(
                "Nobody yet. Mentors are found where people already know you; these places are open:"
            )
        step = ""
        for step_of in steps:
            title = _step_title(step_of)
            if title != step:
                step = title
                output.line()
                output.line(step, bold=True)
            name = step_of.name + _there_for(step_of)
            told_step = f"{name}: {step_of.next_step}" if step_of.next_step else name
            output.paragraph(told_step, "    ", first="  - ")
            if step_of.colleague:
                output.paragraph(f"{COLLEAGUE[0].upper()}{COLLEAGUE[1:]}.", "    ")
            if step_of.said:
                output.paragraph(f'"{plain_words(step_of.said)}"', "    ", dim=True)
        if any(one.people for one in there_for):
            output.line()
            output.line("Who is there for what", bold=True)
            for one in there_for:
                names = ", ".join(name + _mark(path in inside) for path, name in one.people)
                words = f"For {SUPPORT_WORDS[one.kind]}: {names or 'nobody noted yet'}"
                output.paragraph(words, "    ", first="  - ", dim=not names)
        output.line()
        output.line("Where mentors are found", bold=True)
        for place in where:
            names = ", ".join(name + _mark(path in inside) for path, name in place.people)
            output.paragraph(f"{place.title}: {names or place.hint}", "    ", first="  - ", dim=not names)


def _there_for(step: MentorStep) -> str:
    """` (for the career)` where the note tells what somebody is there for."""
    from mdmentor.core.pages.mentors import SUPPORT_WORDS

    words = [SUPPORT_WORDS[kind] for kind in step.support if kind in SUPPORT_WORDS]
    return f" (for {' and '.join(words)})" if words else ""


def _step_title(step: MentorStep) -> str:
    """The heading a person stands under, as on the page."""
    if step.confidential:
        return "Kept to yourself"
    return "Your notes speak for them" if step.inferred else step.step.replace("-", " ").capitalize()


@click.command("promises")
@click.option("--mine", is_flag=True, help="Only what you promised.")
@click.option("--theirs", is_flag=True, help="Only what others promised you.")
@reading
def promises(vault: str | None, as_json: bool, today: date | None, mine: bool, theirs: bool) -> None:
    """What is promised and owed, both ways: open promises by date, then thanks not given yet.

    \b
    Example:
      mdmentor promises --mine
    """
    with open_queries(vault, today) as queries:
        told, thanks = [], []
        for who in queries.exchanges():
            told += [(p, who) for p in who.promises_mine if not theirs]
            told += [(p, who) for p in who.promises_theirs if not mine]
            if who.thanks_owed_since and not mine and not theirs:
                thanks.append((who.thanks_owed_since, who, who.thanks_line))
        told.sort(
            key=lambda t: (
                t[0].due is None,
                t[0].due or queries.today,
                t[1].name.casefold(),
                t[0].path,
                t[0].line,
            )
        )
        thanks.sort(key=lambda t: (t[0], t[1].name.casefold(), t[1].path))
        inside = queries.colleague_paths()
        if as_json:
            output.json_document(
                {
                    "promises": [serialize.owed_promise(p, who, inside) for p, who in told],
                    "thanks": [serialize.thanks(who, since, line, inside) for since, who, line in thanks],
                }
            )
            return
        if not told and not thanks:
            output.line("Nothing is promised or owed.")
            return
        rows = [
            (
                who.path,
                (
                    output.day(p.due) or "no date",
                    "them" if p.theirs else "you",
                    who.name,
                    plain_words(p.text),
                ),
            )
            for p, who in told
        ]
        for since, who, line in thanks:
            what = "thanks for: " + (plain_words(line.text if line else "") or "help")
            rows.append((who.path, (f"since {since.isoformat()}", "you", who.name, what)))
        output.people_table(("When", "By", "With", "What"), rows, inside)


_OCCASIONS = {"next": "your choice"}  # the day that the user chose to be in touch


@click.command("dates")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, 730),
    default=60,
    show_default=True,
    help="How many days ahead.",
)
@reading
def dates(vault: str | None, as_json: bool, today: date | None, days: int) -> None:
    """Birthdays, plans and promises of the days to come.

    \b
    Example:
      mdmentor dates --days 14
    """
    with open_queries(vault, today) as queries:
        found = queries.occasions(days)
        if as_json:
            output.json_document([serialize.occasion(o, queries.colleague_paths()) for o in found])
            return
        if not found:
            output.line(f"Nothing in the next {days} days.")
            return
        output.people_table(
            ("Day", "What", "Who", ""),
            (
                (o.path, (o.day.isoformat(), _OCCASIONS.get(o.kind, o.kind), o.name, plain_words(o.text)))
                for o in found
            ),
            queries.colleague_paths(),
        )
