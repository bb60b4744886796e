"""Commands about notes of one person: list pairs that may be one, merge two, or keep two apart."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output
from mdmentor.cli.options import complete_contact, editing, reading

if TYPE_CHECKING:
    from mdmentor.actions.edit import NoteEditor
    from mdmentor.actions.notes import Plan
    from mdmentor.core.merge.keys import Difference
    from mdmentor.queries import Queries

_VERDICTS = {"same": "the same", "unsure": "perhaps"}


@click.command("duplicates")
@reading
def duplicates(queries: Queries, as_json: bool) -> Any:
    """Pairs of notes that are or may be about one person, the likeliest first, each with the evidence.

    An address, number or profile in common says "the same"; a name alone only says "perhaps". Copies that sync
    tools leave are not listed here: see mdmentor check.

    \b
    Example:
      mdmentor duplicates
      mdmentor duplicates --json
    """
    from mdmentor.cli.doors import INSTALL, missing
    from mdmentor.core.duplicates import find_pairs
    from mdmentor.core.same_person import identity_of
    from mdmentor.index import people

    if packages := missing("anyascii", "rapidfuzz"):
        what = "names in different scripts, or with a typo, are not compared"
        output.say(f"{what} without {packages}; {INSTALL}")
    known = {who.path: who for who in people.contacts(queries.index)}
    hidden = {path for path, who in known.items() if who.confidential}
    pairs = find_pairs(map(identity_of, known.values()), people.apart(queries.index), hidden)
    if as_json:
        return (pair._asdict() for pair in pairs)
    for pair in pairs:
        output.line(f"{known[pair.a].name} ({pair.a}) and {known[pair.b].name} ({pair.b})", bold=True)
        output.paragraph(f"{_VERDICTS[pair.verdict]}: {', '.join(pair.evidence)}", "    ", first="  ")
    if pairs:
        output.say("one person: mdmentor merge A into B; two people: mdmentor distinct A B")
    else:
        output.line("No two notes look like one person.")


@click.command("merge")
@click.argument("words", metavar="A [into] B", nargs=-1, required=True, shell_complete=complete_contact)
@click.option(
    "--take",
    "taken",
    metavar="KEY=A|B",
    multiple=True,
    help="Whose value of KEY counts where A and B differ. May be given several times.",
)
@click.option("--yes", is_flag=True, help="Go ahead; without this, it only prints what would change.")
@editing
def merge(
    editor: NoteEditor, words: tuple[str, ...], taken: tuple[str, ...], yes: bool, as_json: bool
) -> None:
    """Make one note of two about one person: all that A says goes into B, every link to A names B, A is deleted.

    Lists are joined and gaps filled, both logs become one, other text of A comes below a heading, A's names become
    aliases. Where the two contradict each other you are asked, or say --take. One `mdmentor undo` takes it back.

    \b
    Example:
      mdmentor merge "Jon Smith" into "John Smith"
      mdmentor merge "Jon Smith" "John Smith" --take role=B --yes
    """
    from mdmentor.actions import merge as action
    from mdmentor.cli.edit import carry_out

    given = [*map(_side, taken)]
    take = dict(given)
    gone, kept = (editor.queries.find_contact(name) for name in _two_names(words))
    plan = action.plan_merge(editor, gone, kept, take)
    if plan.differences and sys.stdin.isatty() and not as_json:
        take |= {one.key: _ask(plan, one) for one in plan.differences}
        plan = action.plan_merge(editor, gone, kept, take)
    if yes and not as_json:
        action.refuse_differences(plan)
    asked = sorted(f" --take {key}={side}" for key, side in take.items() if (key, side) not in given)
    how = f"; to do it, add:{''.join(asked)} --yes"
    carry_out(editor, plan, is_wanted=yes and not plan.differences, as_json=as_json, how=how)
    action.refuse_differences(plan)


def _two_names(words: tuple[str, ...]) -> tuple[str, str]:
    """A and B of `A into B`, where a name may take several words, or of `A B`."""
    at = [number for number, word in enumerate(words) if word.lower() == "into"]
    if len(at) == 1 and 0 < at[0] < len(words) - 1:
        return " ".join(words[: at[0]]), " ".join(words[at[0] + 1 :])
    if len(words) != 2:
        raise click.UsageError("say: mdmentor merge A into B; put a name of several words in quotes")
    return words[0], words[1]


def _side(text: str) -> tuple[str, str]:
    key, sign, side = text.partition("=")
    if not key.strip() or not sign or side.strip().upper() not in ("A", "B"):
        raise click.UsageError(f'--take "{text}" is not KEY=A or KEY=B')
    return key.strip(), side.strip().upper()


def _ask(plan: Plan, one: Difference) -> str:
    """The side that the user chooses for a key that differs."""
    words = f'{one.key}: A "{one.gone}" ({plan.move.old}) or B "{one.kept}" ({plan.move.new})'
    kind = click.Choice(["A", "B"], case_sensitive=False)
    return str(click.prompt(words, type=kind, prompt_suffix="? ", err=True)).upper()


@click.command("distinct")
@click.argument("one", metavar="A", shell_complete=complete_contact)
@click.argument("other", metavar="B", shell_complete=complete_contact)
@click.option("--remove", is_flag=True, help="Take it back: they may be one person after all.")
@editing
def distinct(editor: NoteEditor, one: str, other: str, remove: bool, as_json: bool) -> None:
    """Say that A and B are two people: `distinct_from` in each note, and nothing asks about them again.

    \b
    Example:
      mdmentor distinct "Ann Lee" "Anne Lee"
      mdmentor distinct people/Ann.md work/Ann.md --remove
    """
    from mdmentor.actions import merge as action
    from mdmentor.cli.edit import print_edited

    first, second = (editor.queries.find_contact(name) for name in (one, other))
    change = action.no_longer_distinct if remove else action.distinct
    print_edited(change(editor, first, second), as_json=as_json)
