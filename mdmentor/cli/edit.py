"""Commands that change notes: each is one edit, printed by path and line, and `undo` takes it back."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from mdmentor.cli import options, output

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mdmentor.actions.edit import EditedLine, NoteEditor
    from mdmentor.actions.notes import Plan


@click.command("log")
@click.argument("name", metavar="NAME[, NAME]", shell_complete=options.complete_people)
@click.argument("text", nargs=-1)
@click.option(
    "--date", "day", type=options.Day(past=True), metavar="DATE", help='When it was: yesterday, "14 oct" ...'
)
@click.option("--journal", is_flag=True, help="Write into the day's note instead, with links.")
@options.editing
def log(
    editor: NoteEditor, name: str, text: tuple[str, ...], day: date | None, journal: bool, as_json: bool
) -> None:
    """Log a conversation with NAME: one line in the log of their note.

    TEXT may begin with when and how: "coffee yesterday: ...". Marks such as #got, and links, stay. Without
    TEXT you are asked for it; - reads it from stdin.

    \b
    Example:
      mdmentor log ada "coffee yesterday: how to open the raise talk #got"
      mdmentor log "Ada, Grace" "dinner last friday: plans for the meetup"
    """
    from mdmentor.actions import log as action

    people = action.find_people(editor.queries, name)
    words = _read_text(text)  # asked for once it is known who is meant
    day = day or options.ask_for_day(words, editor.queries.today)
    written = (action.journal if journal else action.log)(editor, people, words, day)
    print_edited(written, as_json=as_json)


def print_edited(lines: Iterable[EditedLine], *, as_json: bool) -> None:
    """Prints the lines as they are now, each with its place."""
    if as_json:
        output.json_document({"written": [line._asdict() for line in lines]})
        return
    texts = [str(line) for line in lines]
    output.lines(texts)
    if not texts:
        output.say("already set; nothing changed")


def carry_out(editor: NoteEditor, plan: Plan, *, is_wanted: bool, as_json: bool, how: str = "") -> None:
    """Carries a plan out if that is wanted, and prints what it changes, or would change; `how` says how to do it."""
    output.say(*plan.warnings)
    if is_wanted:
        plan.carry_out(editor)
    if as_json:
        lines = [line._asdict() for line in plan.lines()]
        differences = [{"key": one.key, "a": one.gone, "b": one.kept} for one in plan.differences]
        preview = {"written": [], "changes": lines, "differences": differences}
        output.json_document({"written": lines} if is_wanted else preview)
        return
    output.line(" -> ".join(plan.move))
    output.lines(map(str, plan.lines()))
    if not is_wanted and not plan.differences:
        output.say(f"this is what would change; nothing changed{how}")


def _read_text(text: tuple[str, ...]) -> str:
    """The text as given, read from stdin, or asked for."""
    if text == ("-",):
        from mdmentor.core.ignore import is_text

        words = " ".join(sys.stdin.read().split())
        if not is_text(words):
            raise click.UsageError("stdin is not UTF-8")
        return words
    if text:
        return " ".join(text)
    if not sys.stdin.isatty():
        raise click.UsageError('say what it was: mdmentor log NAME "coffee: ...", or - to read it from stdin')
    return str(click.prompt("What was it", prompt_suffix="? ", err=True))


@click.command("new")
@click.argument("kind", type=click.Choice(["contact", "post", "goal"]))
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--email", default="", metavar="ADDRESS", help="Their address; warns if another contact has it."
)
@options.editing
def new(editor: NoteEditor, kind: str, name: tuple[str, ...], email: str, as_json: bool) -> None:
    """Make a contact, post or goal called NAME, from your own template if the vault has one.

    \b
    Example:
      mdmentor new contact "Noor Siddiqui" --email noor@example.org
    """
    from mdmentor.actions.new import new as action

    made = action(editor, kind, " ".join(name), options.clock_on(editor.queries.today), email)
    if as_json:
        print_edited([made], as_json=True)
    else:
        output.line(made.path)


@click.command("snooze")
@click.argument("name", shell_complete=options.complete_contact)
@click.argument("when", nargs=-1)
@options.editing
def snooze(editor: NoteEditor, name: str, when: tuple[str, ...], as_json: bool) -> None:
    """Hide NAME until a date, two weeks by default; "off" ends it.

    \b
    Example:
      mdmentor snooze ada
      mdmentor snooze ada month
      mdmentor snooze ada until 2026-12-24
    """
    from mdmentor.actions.fields import snooze as action

    print_edited(action(editor, editor.queries.find_contact(name), " ".join(when)), as_json=as_json)


@click.command("set")
@click.argument("name", shell_complete=options.complete_note)
@click.argument("key", shell_complete=options.complete_key)
@click.argument("value", nargs=-1)
@click.option("--add", is_flag=True, help="Add to the key's list.")
@click.option(
    "--remove",
    is_flag=True,
    help='Remove VALUE from the key\'s list, or the whole key; so does the value "".',
)
@click.option(
    "--force", is_flag=True, help="Set the key as written, though it is close to one that mdmentor knows."
)
@options.editing
def set_(editor: NoteEditor, name: str, key: str, value: tuple[str, ...], as_json: bool, **how: bool) -> None:
    """Set KEY of NAME, under the spelling and where the note has it. Separate a list by commas.

    That is in the front matter, or in the text as `key:: value`. A new key is put into the front matter.

    \b
    Example:
      mdmentor set ada cadence "6 weeks"
      mdmentor set ada helps_with --add negotiation
      mdmentor set ada helps_with negotiation --remove
    """
    from mdmentor.actions.fields import set_value
    from mdmentor.errors import UnknownName

    if how["add"] and how["remove"]:
        raise click.UsageError("--add and --remove do not go together")
    if not value and not how["remove"]:
        raise click.UsageError('give a value, or remove the key with ""')
    try:
        path = editor.queries.find_contact(name)
    except UnknownName as error:
        try:
            path = editor.queries.find_note(name)
        except UnknownName:
            raise error from None
    print_edited(set_value(editor, path, key, " ".join(value) or None, **how), as_json=as_json)


@click.command("done")
@click.argument("name", shell_complete=options.complete_contact)
@click.argument("words", nargs=-1)
@options.editing
def done(editor: NoteEditor, name: str, words: tuple[str, ...], as_json: bool) -> None:
    """Tick the promise between you and NAME with WORDS in it, or on the line of that number.

    \b
    Example:
      mdmentor done ada paper
      mdmentor done ada 31
    """
    from mdmentor.actions.fields import done as action

    print_edited(action(editor, editor.queries.find_contact(name), " ".join(words)), as_json=as_json)


@click.command("rename")
@click.argument("old", shell_complete=options.complete_note)
@click.argument("new_name", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Only print what would change.")
@click.option("--keep-alias", is_flag=True, help="Keep the old name as an alias.")
@options.editing
def rename(
    editor: NoteEditor, as_json: bool, old: str, new_name: str, dry_run: bool, keep_alias: bool
) -> None:
    """Rename a note or folder and every link to it, all or nothing. NEW may be a path; ./NAME is in the vault's root.

    \b
    Example:
      mdmentor rename "Ada Byron" "Ada Lovelace" --keep-alias
      mdmentor rename people crm/people --dry-run
    """
    from mdmentor.actions.notes import plan_rename

    plan = plan_rename(editor, old, new_name, keep_alias=keep_alias)
    carry_out(editor, plan, is_wanted=not dry_run, as_json=as_json)


@click.command("undo")
@click.option("--redo", "is_redo", is_flag=True, help="Redo what was undone last.")
@options.vault_option
def undo(vault: str | None, is_redo: bool) -> None:
    """Undo the last edit, as a whole; again, the one before it.

    \b
    Example:
      mdmentor undo
      mdmentor undo --redo
    """
    from mdmentor.actions.history import History
    from mdmentor.actions.undo import undo as action
    from mdmentor.cli.session import index_of, open_vault

    where = open_vault(vault)
    history = History(index_of(where.folder))
    entry = action(where, history, output.say, is_redo=is_redo)
    if entry is None:
        output.line("Nothing to redo." if is_redo else "Nothing to undo.")
        return
    output.has_edited = True
    output.line(f"{'redone' if is_redo else 'undone'}: {entry.what}")
    output.lines(change.path for change in entry.changes)
