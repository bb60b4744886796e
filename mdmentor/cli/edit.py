"""Commands that change notes: each one edit, told by path and line, and taken back with undo."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import output, streams
from mdmentor.cli.app import (
    complete_contact,
    complete_key,
    complete_note,
    complete_people,
    json_option,
    today_option,
    vault_option,
)
from mdmentor.cli.dates import clock_today

if TYPE_CHECKING:
    from mdmentor.actions.edit import EditedLine
    from mdmentor.actions.history import History, JournalEntry
    from mdmentor.actions.inbox import Inbox
    from mdmentor.core.capture import Proposal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mdmentor.actions.edit import EditedLine, NoteEditor


@contextmanager
def hands(vault: str | None, today: date | None = None) -> Iterator[NoteEditor]:
    """The vault to be written in, after an edit that was cut short is taken back and the index is renewed."""
    from mdmentor.actions.edit import NoteEditor, fix
    from mdmentor.cli.session import open_queries_of, open_vault
    from mdmentor.index import cache_path, index_path

    where = open_vault(vault)
    for words in fix(where, index_path(where.folder, cache_path(os.environ.get("MDMENTOR_CACHE")))):
        output.say(words)
    with open_queries_of(vault, today) as queries:
        ready = NoteEditor(where, queries)
        try:
            yield ready
        finally:
            if ready.has_written:
                streams.tell_edited()
        for words in ready.words:
            output.say(words)
        if ready.store.warning:
            output.say(ready.store.warning)


def tell(written: Iterable[EditedLine]) -> None:
    """Prints the lines as they are now, each with its place."""
    lines = list(written)
    for one in lines:
        output.line(str(one))
    if not lines:
        output.say("it says so already; nothing was changed")


def log_conversation(
    vault: str | None,
    today: date | None,
    name: str,
    words: Callable[[], str],
    day: date | None,
    *,
    journal: bool,
) -> None:
    """What `log` does; the words are asked for once it is known who is meant."""
    from mdmentor.actions import log as use_case

    with hands(vault, today) as ready:
        people = use_case.find_people(ready.queries, name)
        text = words()
        write = use_case.journal if journal else use_case.log
        line, written = write(ready, people, text, day)
        tell(written)
        if known := use_case.said(line, text, day, ready.queries.today):
            output.say(known)


class PastDay(click.ParamType[date]):
    """A date, or words that look back: yesterday, last friday, 3 days ago, 14 oct."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from mdmentor.core.dates import parse_date, parse_when

        told = ctx.params.get("today") if ctx else None
        today = told if isinstance(told, date) else clock_today()  # click has an own value for "not given"
        day = parse_date(str(value)) or parse_when(str(value), today, past=True)
        if day is None:
            self.fail(f'"{value}" is no date; write 2026-11-23, yesterday or "last friday"', param, ctx)
        return day


@click.command("log")
@click.argument("name", metavar="NAME[, NAME]", shell_complete=complete_people)
@click.argument("text", nargs=-1)
@click.option(
    "--today", type=PastDay(), is_eager=True, metavar="DATE", help="As on this day, e.g. 2026-11-23."
)
@click.option("--date", "day", type=PastDay(), metavar="DATE", help='When it was: yesterday, "14 oct" ...')
@click.option("--journal", is_flag=True, help="Write into the day's note, with links, instead.")
@vault_option
def log(
    name: str, text: tuple[str, ...], vault: str | None, today: date | None, day: date | None, journal: bool
) -> None:
    """Put a talk with NAME on record: one line in the log of their note.

    The words may begin with when and how: "coffee yesterday: ...". Marks like #got and links stay. Without
    TEXT you are asked for it; - reads it from stdin.

    \b
    Example:
      mdmentor log ada "coffee yesterday: how to open the raise talk #got"
      mdmentor log "Ada, Grace" "dinner last friday: plans for the meetup"
    """
    log_conversation(vault, today, name, lambda: _words(text), day, journal=journal)


def _words(text: tuple[str, ...]) -> str:
    """The text as given, read from stdin, or asked for."""
    if text == ("-",):
        from mdmentor.vault import is_text

        words = " ".join(sys.stdin.read().split())
        if not is_text(words):
            raise click.UsageError("what stdin holds is not UTF-8")
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
    "--email", default="", metavar="ADDRESS", help="Their address; warns if somebody has it already."
)
@vault_option
def new(kind: str, name: tuple[str, ...], vault: str | None, email: str) -> None:
    """Make a contact, post or goal called NAME from your own template, if the vault has one.

    \b
    Example:
      mdmentor new contact "Noor Siddiqui" --email noor@example.org
    """
    from mdmentor.actions.new import new as use_case

    with hands(vault) as ready:
        made = use_case(ready, kind, " ".join(name), datetime.now().astimezone(), email)
        output.line(made.written.path)
        for words in made.warnings:
            output.say(words)


@click.command("snooze")
@click.argument("name", shell_complete=complete_contact)
@click.argument("when", nargs=-1)
@today_option
@vault_option
def snooze(name: str, when: tuple[str, ...], vault: str | None, today: date | None) -> None:
    """Leave NAME in peace until a day, two weeks without one; "off" ends it.

    \b
    Example:
      mdmentor snooze ada
      mdmentor snooze ada month
      mdmentor snooze ada until 2026-12-24
    """
    from mdmentor.actions.fields import snooze as use_case

    with hands(vault, today) as ready:
        tell(use_case(ready, ready.queries.find_contact(name), " ".join(when)))


@click.command("set")
@click.argument("name", shell_complete=complete_note)
@click.argument("key", shell_complete=complete_key)
@click.argument("value", nargs=-1)
@click.option("--add", is_flag=True, help="Add to the key's list.")
@click.option("--remove", is_flag=True, help='Remove the key; so does the value "".')
@today_option
@vault_option
def set_(
    name: str,
    key: str,
    value: tuple[str, ...],
    vault: str | None,
    today: date | None,
    add: bool,
    remove: bool,
) -> None:
    """Set KEY in the front matter of NAME, under the spelling that the note has. A list is parted by commas.

    \b
    Example:
      mdmentor set ada cadence "6 weeks"
      mdmentor set ada helps_with --add negotiation
    """
    from mdmentor.actions.fields import set_value
    from mdmentor.errors import UnknownName

    if not value and not remove:
        raise click.UsageError('say the value, or take the key out with ""')
    words = " ".join(value)
    with hands(vault, today) as ready:
        try:
            path = ready.queries.find_contact(name)
        except UnknownName:
            path = ready.queries.find_note(name)
        written, hints = set_value(ready, path, key, None if remove or not words else words, add=add)
        tell(written)
        for known in hints:
            output.say(known)


@click.command("done")
@click.argument("name", shell_complete=complete_contact)
@click.argument("words", nargs=-1)
@vault_option
def done(name: str, words: tuple[str, ...], vault: str | None) -> None:
    """Tick the promise between you and NAME that holds WORDS, or that stands in the line of that number.

    \b
    Example:
      mdmentor done ada paper
      mdmentor done ada 31
    """
    from mdmentor.actions.promises import done as use_case

    with hands(vault) as ready:
        written, known = use_case(ready, ready.queries.find_contact(name), " ".join(words))
        tell(written)
        if known:
            output.say(known)


@click.command("rename")
@click.argument("old", shell_complete=complete_note)
@click.argument("new_name", metavar="NEW")
@click.option("--dry-run", is_flag=True, help="Only tell what would be changed.")
@click.option("--keep-alias", is_flag=True, help="Keep the old name as an alias.")
@vault_option
def rename(old: str, new_name: str, vault: str | None, dry_run: bool, keep_alias: bool) -> None:
    """Rename a note or folder, and every link to it, as a whole. NEW may be a path.

    \b
    Example:
      mdmentor rename "Ada Byron" "Ada Lovelace" --keep-alias
      mdmentor rename people crm/people --dry-run
    """
    from mdmentor.actions import rename as use_case

    with hands(vault) as ready:
        plan = use_case.plan_rename(ready, old, new_name, keep_alias=keep_alias)
        for words in plan.warnings:
            output.say(words)
        if not dry_run:
            use_case.rename(ready, plan)
        output.line(f"{plan.move.old} -> {plan.move.new}")
        _tell_lines(plan.lines())
        if dry_run:
            output.say("this is what would be changed; nothing was")


def _tell_lines(written: Iterable[EditedLine]) -> None:
    for one in written:
        output.line(str(one))


@click.command("undo")
@click.option("--redo", "is_redo", is_flag=True, help="Do again what was taken back last.")
@vault_option
def undo(vault: str | None, is_redo: bool) -> None:
    """Take back the last edit, as a whole; again, the one before it.

    \b
    Example:
      mdmentor undo
      mdmentor undo --redo
    """
    from mdmentor.actions import edit
    from mdmentor.actions.history import History, store_folder
    from mdmentor.cli.session import open_vault
    from mdmentor.index import cache_folder, index_file

    where = open_vault(vault)
    cache: Path = cache_folder(os.environ.get("MDMENTOR_CACHE"))
    store: History = History(store_folder(index_file(where.root, cache)))
    turn = edit.redo if is_redo else edit.undo
    record: JournalEntry | None = turn(where, store, output.say)
    if record is None:
        output.line("There is nothing to do again." if is_redo else "There is nothing to take back.")
        return
    streams.tell_edited()
    output.line(f"{'done again' if is_redo else 'taken back'}: {record.what}")
    for change in record.changes:
        output.line(change.path)


@click.command("inbox")
@click.option("--yes", is_flag=True, help="File every line that is clear, without asking.")
@vault_option
@json_option
@today_option
def inbox(vault: str | None, as_json: bool, today: date | None, yes: bool) -> None:
    """Offer the lines under the heading Inbox of your home note, and file those you say yes to.

    \b
    Example:
      mdmentor inbox
      mdmentor inbox --yes
    """
    from mdmentor.actions.inbox import Filing, read_inbox
    from mdmentor.errors import RefusedToWrite

    with hands(vault, today) as ready:
        found = read_inbox(ready)
        if as_json and not yes:
            output.json_document({"path": found.path, "lines": [_shape(p) for p in found.proposals]})
            return
        if not found.proposals:
            output.line(
                f"The inbox of {found.path} is empty." if found.path else "No note has a heading Inbox."
            )
        filing, is_refused = Filing(ready, found), False
        try:
            for proposal in found.proposals:
                _offer(found, proposal)
                if not proposal.why_not and (yes or _is_wanted()):
                    try:
                        filing.add(proposal)
                    except RefusedToWrite as error:
                        output.line(f"  left there: {error}")
                        is_refused = True
        finally:  # Ctrl-C at a question: what was said yes to before is filed
            for written in filing.carry_out():
                output.line(str(written))
        if is_refused:
            raise RefusedToWrite("not every line could be put where it belongs", "see above, then try again")


_PRIVATE = "a private line"


def _is_private(proposal: Proposal) -> bool:
    from mdmentor.core.privacy import private_lines

    return bool(private_lines(proposal.jotting.words))


def _offer(found: Inbox, proposal: Proposal) -> None:
    is_private = _is_private(proposal)
    output.line(f"{found.path}:{proposal.jotting.line}: {_PRIVATE if is_private else proposal.jotting.words}")
    if proposal.why_not:
        output.line(f"  left there: {proposal.why_not}")
        for path in proposal.candidates:
            output.line(f"    {path}")
        return
    told = proposal.told
    when = told.day.isoformat() if told.day else "today"
    text = _PRIVATE if is_private else told.text
    output.line(f"  {', '.join(proposal.people)}: {' '.join(filter(None, (when, told.channel)))}: {text}")


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        return False
    return click.confirm("  File it", default=True, prompt_suffix="? ", err=True)


def _shape(proposal: Proposal) -> dict[str, object]:
    told = proposal.told
    is_private = _is_private(proposal)
    return {
        "line": proposal.jotting.line,
        "words": "" if is_private else proposal.jotting.words,
        "people": list(proposal.people),
        "date": told.day.isoformat() if told.day else None,
        "channel": told.channel,
        "text": "" if is_private else told.text,
        "clear": not proposal.why_not,
        "why_not": proposal.why_not,
        "candidates": list(proposal.candidates),
    }
