"""One person twice: the pairs that may be one person, and telling two people apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.options import complete_contact, editing, json_option, reading, today_option

if TYPE_CHECKING:
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.queries import Queries

_VERDICTS = {"same": "the same", "unsure": "perhaps"}


@click.command("duplicates")
@reading
def duplicates(queries: Queries, as_json: bool) -> None:
    """Pairs of notes that are or may be about one person, the likeliest first, each with the evidence.

    An address, number or profile that both have says "the same"; a name alone only asks. Copies that sync tools
    leave are no pairs: see mdmentor check.

    \b
    Example:
      mdmentor duplicates
      mdmentor duplicates --json
    """
    from mdmentor.cli.doors import say_without_extra
    from mdmentor.duplicates import find_duplicates

    packages = ("anyascii", "rapidfuzz")
    say_without_extra("names in two scripts, or with a slip, are not compared", packages)
    pairs, named = find_duplicates(queries)
    if as_json:
        output.json_document({**pair._asdict(), "evidence": list(pair.evidence)} for pair in pairs)
        return
    for pair in pairs:
        output.line(f"{named[pair.a]} ({pair.a}) and {named[pair.b]} ({pair.b})", bold=True)
        output.paragraph(f"{_VERDICTS[pair.verdict]}: {', '.join(pair.evidence)}", "    ", first="  ")
    if pairs:
        output.say("if two of them are two people, say so with: mdmentor distinct A B")
    else:
        output.line("No two notes look like one person.")


@click.command("distinct")
@click.argument("one", metavar="A", shell_complete=complete_contact)
@click.argument("other", metavar="B", shell_complete=complete_contact)
@click.option("--remove", is_flag=True, help="Take it back: they may be one person after all.")
@json_option
@today_option
@editing
def distinct(editor: NoteEditor, one: str, other: str, remove: bool, as_json: bool) -> None:
    """Say that A and B are two people: `distinct_from` in each note, and nothing asks about them again.

    \b
    Example:
      mdmentor distinct "Ann Lee" "Anne Lee"
      mdmentor distinct people/Ann.md work/Ann.md --remove
    """
    from mdmentor.actions import distinct as action
    from mdmentor.cli.edit import print_edited

    first, second = (editor.queries.find_contact(name) for name in (one, other))
    change = action.no_longer_distinct if remove else action.distinct
    print_edited(change(editor, first, second), as_json=as_json)
