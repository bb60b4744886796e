"""Commands about the notes themselves: links, backlinks, what bears on what, search, topics."""

from __future__ import annotations

from datetime import date

import click

from mdmentor.cli import output
from mdmentor.cli.app import complete_note, name_argument, open_queries, reading
from mdmentor.cli.people import private_option
from mdmentor.core import serialize
from mdmentor.core.text import plain_words
from mdmentor.core.trust import COLLEAGUE_FOOT, COLLEAGUE_MARK


@click.command("links")
@name_argument("note", complete_note, required=False)
@private_option
@reading
def links(note: str | None, vault: str | None, as_json: bool, today: date | None, private: bool) -> None:
    """The links of NOTE, or of all notes, with where each leads.

    \b
    Example:
      mdmentor links "Ask for a raise"
    """
    from mdmentor.index import ask

    with open_queries(vault, today) as queries:
        path = queries.find_note(note) if note else None
        found = list(ask.links(queries.sql, path, private=private))
        if as_json:
            output.json_document(found)
            return
        if not found:
            output.say("no links")
            return
        rows = (
            (f"{t['source']}:{t['line']}:{t['column']}", str(t["raw"]), str(t["target"] or "(no note yet)"))
            for t in found
        )
        output.table(("Where", "Link", "Leads to"), rows)


@click.command("backlinks")
@name_argument("note", complete_note)
@private_option
@reading
def backlinks(note: str, vault: str | None, as_json: bool, today: date | None, private: bool) -> None:
    """Where NOTE is linked from, with the line around each link.

    \b
    Example:
      mdmentor backlinks "Ada Lovelace"
    """
    from mdmentor.index import ask

    with open_queries(vault, today) as queries:
        path = queries.find_note(note)
        found = ask.backlinks(queries.sql, path, private=private)
        if as_json:
            output.json_document([serialize.backlink(b) for b in found])
            return
        if not found:
            output.say(f"nothing links to {path}")
            return
        rows = ((b.source, (f"{b.source}:{b.line}", plain_words(b.context))) for b in found)
        output.people_table(("Where", "Line"), rows, queries.colleague_paths())


@click.command("related")
@name_argument("note", complete_note)
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=15,
    show_default=True,
    help="How many at most.",
)
@reading
def related(note: str, vault: str | None, as_json: bool, today: date | None, number: int) -> None:
    """What bears on NOTE, strongest first, each with its reasons.

    \b
    Example:
      mdmentor related "Ask for a raise"
    """
    with open_queries(vault, today) as queries:
        path = queries.find_note(note)
        found = queries.related(path)[:number]
        if as_json:
            output.json_document([serialize.relation(r, queries.colleague_paths()) for r in found])
            return
        if not found:
            output.say(f"nothing bears on {path} yet: no link, no talk, no topic in common")
            return
        rows = ((r.path, (r.title, r.kind, "; ".join(r.reasons))) for r in found)
        output.people_table(("Note", "Kind", "Why"), rows, queries.colleague_paths())


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "-n",
    "number",
    metavar="N",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many at most.",
)
@private_option
@reading
def search(
    words: tuple[str, ...], vault: str | None, as_json: bool, today: date | None, number: int, private: bool
) -> None:
    """Notes that hold all the WORDS, or words that begin so; accents and case do not matter.

    \b
    Example:
      mdmentor search raise talk
    """
    from mdmentor.index import ask

    with open_queries(vault, today) as queries:
        wanted = " ".join(words)
        found = ask.search(queries.sql, wanted, number, private=private)
        signs = ask.words_of_signs(wanted)
        for word in signs:
            output.say(
                f'"{word}" holds no letter or digit, so it cannot be searched for; write a word or its beginning'
            )
        inside = queries.colleague_paths()
        if as_json:
            output.json_document(found)
            return
        if not found:
            if len(signs) < len(wanted.split()):
                output.say("no note holds these words")
            return
        for told in found:
            mark = f" {COLLEAGUE_MARK}" if told["path"] in inside else ""
            output.line(f"{told['path']}:{told['line']}{mark}", bold=True)
            if told["snippet"]:
                output.paragraph(str(told["snippet"]), "  ")
        if any(told["path"] in inside for told in found):
            output.say(COLLEAGUE_FOOT)


@click.command("topics")
@reading
def topics(vault: str | None, as_json: bool, today: date | None) -> None:
    """Every topic with the people who help with it, the posts and the goals about it.

    \b
    Example:
      mdmentor topics
    """
    from mdmentor.index import ask

    with open_queries(vault, today) as queries:
        found = ask.topics(queries.sql)
        inside = queries.colleague_paths()
        if as_json:
            output.json_document([serialize.topic(told, inside) for told in found])
            return
        if not found:
            output.say("no topics yet; give a post topics: [..] or a contact helps_with: [..]")
            return
        rows = [
            (
                told.topic,
                ", ".join(
                    name + (f" {COLLEAGUE_MARK}" if path in inside else "") for path, name in told.contacts
                ),
                ", ".join(name for _, name in told.posts),
                ", ".join(name for _, name in told.goals),
            )
            for told in found
        ]
        output.table(("Topic", "People", "Posts", "Goals"), rows)
        if any(path in inside for told in found for path, _ in told.contacts):
            output.say(COLLEAGUE_FOOT)
