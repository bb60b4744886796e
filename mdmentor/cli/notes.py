"""Commands about the notes themselves: links, backlinks, related notes, search, topics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import complete_note, name_argument, number_option, private_option, reading
from mdmentor.core import serialize
from mdmentor.core.text import plain_words
from mdmentor.core.trust import COLLEAGUE_FOOT, COLLEAGUE_MARK

if TYPE_CHECKING:
    from mdmentor.queries import Queries


@click.command("links")
@name_argument("note", complete_note, required=False)
@private_option
@reading
def links(queries: Queries, as_json: bool, note: str | None, private: bool) -> None:
    """The links of NOTE, or of all notes, and where each leads.

    \b
    Example:
      mdmentor links "Ask for a raise"
    """
    from mdmentor.index import links

    found = list(links.links(queries.index, queries.find_note(note) if note else None, private=private))
    if as_json:
        output.json_document(found)
    elif not found:
        output.say("no links")
    else:
        rows = (
            (f"{link['source']}:{link['line']}:{link['column']}", str(link["raw"]), str(link["target"] or "(no note yet)"))
            for link in found
        )  # fmt: skip
        output.table(("Where", "Link", "Leads to"), rows)


@click.command("backlinks")
@name_argument("note", complete_note)
@private_option
@reading
def backlinks(queries: Queries, as_json: bool, note: str, private: bool) -> None:
    """Where NOTE is linked from, with the line around each link.

    \b
    Example:
      mdmentor backlinks "Ada Lovelace"
    """
    from mdmentor.index import links

    path = queries.find_note(note)
    found = links.backlinks(queries.index, path, private=private)
    if as_json:
        output.json_document([serialize.backlink(b) for b in found])
    elif not found:
        output.say(f"nothing links to {path}")
    else:
        rows = ((b.source, (f"{b.source}:{b.line}", plain_words(b.context))) for b in found)
        output.people_table(("Where", "Line"), rows, queries.colleague_paths())


@click.command("related")
@name_argument("note", complete_note)
@number_option(15, 1000, "How many at most.")
@reading
def related(queries: Queries, as_json: bool, note: str, number: int) -> None:
    """People and posts related to NOTE, strongest first, each with its reasons.

    \b
    Example:
      mdmentor related "Ask for a raise"
    """
    path = queries.find_note(note)
    found = queries.related(path)[:number]
    if as_json:
        output.json_document([serialize.relation(r, queries.colleague_paths()) for r in found])
    elif not found:
        output.say(f"nothing is related to {path} yet: no link, no conversation, no topic in common")
    else:
        rows = ((r.path, (r.title, r.kind, "; ".join(r.reasons))) for r in found)
        output.people_table(("Note", "Kind", "Why"), rows, queries.colleague_paths())


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@number_option(20, 1000, "How many at most.")
@private_option
@reading
def search(queries: Queries, as_json: bool, words: tuple[str, ...], number: int, private: bool) -> None:
    """Notes that contain all the WORDS, or words that begin so; accents and case do not matter.

    \b
    Example:
      mdmentor search raise talk
    """
    from mdmentor.index import find

    wanted = " ".join(words)
    found = find.search(queries.index, wanted, number, private=private)
    signs = find.words_of_signs(wanted)
    for word in signs:
        output.say(f'"{word}" has no letter or digit, so it is ignored; search for a word or its beginning')
    if as_json:
        output.json_document(found)
        return
    if not found and len(signs) < len(wanted.split()):
        output.say("no note contains these words")
    colleagues = queries.colleague_paths()
    for hit in found:
        output.line(f"{hit['path']}:{hit['line']}{_mark(hit['path'] in colleagues)}", bold=True)
        if hit["snippet"]:
            output.paragraph(str(hit["snippet"]), "  ")
    if any(hit["path"] in colleagues for hit in found):
        output.say(COLLEAGUE_FOOT)


@click.command("topics")
@reading
def topics(queries: Queries, as_json: bool) -> None:
    """Every topic with the people who help with it, the posts and the goals about it.

    \b
    Example:
      mdmentor topics
    """
    from mdmentor.index import find

    found, colleagues = find.topics(queries.index), queries.colleague_paths()

    def names(notes: Iterable[tuple[str, str]]) -> str:
        return ", ".join(name + _mark(path in colleagues) for path, name in notes)

    if as_json:
        output.json_document([serialize.topic(topic, colleagues) for topic in found])
    elif not found:
        output.say("no topics yet; give a post topics: [..] or a contact helps_with: [..]")
    else:
        rows = [(t.topic, names(t.contacts), names(t.posts), names(t.goals)) for t in found]
        output.table(("Topic", "People", "Posts", "Goals"), rows)
        if any(path in colleagues for topic in found for path, _ in topic.contacts):
            output.say(COLLEAGUE_FOOT)


def _mark(is_colleague: bool) -> str:
    return f" {COLLEAGUE_MARK}" if is_colleague else ""
