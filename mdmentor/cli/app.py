"""The list of commands and what they share: names and one-line helps, loaded without the commands themselves.

A command's module is imported when the command runs, so that `--version`, `--help` and the completion of
a name start as fast as click does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mdmentor import __version__
from mdmentor.cli.dates import Day

if TYPE_CHECKING:
    from mdmentor.queries import Queries
import os
import re

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

F = TypeVar("F", bound=Callable[..., Any])

# name: (module, function, help in a line); in the order of the help
GROUPS: tuple[tuple[str, dict[str, tuple[str, str, str]]], ...] = (
    (
        "Begin",
        {
            "demo": ("start", "demo", "Make a sample vault and show whom to reach out to in it."),
            "init": ("start", "init", "Make a vault, or tell an existing one that it is one."),
        },
    ),
    (
        "Every day",
        {
            "next": ("next", "next_", "Whom to reach out to next, why, and with what."),
            "why": ("people", "why", "All that speaks for or against suggesting somebody."),
            "show": ("people", "show", "One person's card."),
            "contacts": ("people", "contacts", "Everybody, with last contact and due date."),
            "mentors": ("people", "mentors", "Who stands on which step, and the next small one."),
            "promises": ("people", "promises", "What is promised and owed, both ways."),
            "dates": ("people", "dates", "Birthdays and plans of the next 60 days."),
        },
    ),
    (
        "Your notes, changed",
        {
            "log": ("edit", "log", "Put a talk on record, in a line."),
            "new": ("edit", "new", "Make a contact, a post or a goal."),
            "snooze": ("edit", "snooze", "Leave somebody in peace until a day."),
            "set": ("edit", "set_", "Set one key of a note's front matter."),
            "done": ("edit", "done", "Tick a promise."),
            "rename": ("edit", "rename", "Rename a note or folder, with every link to it."),
            "undo": ("edit", "undo", "Take back the last edit."),
            "inbox": ("edit", "inbox", "Put jotted lines where they belong."),
        },
    ),
    (
        "The notes",
        {
            "links": ("notes", "links", "The links of a note, or of all."),
            "backlinks": ("notes", "backlinks", "Where a note is linked from."),
            "related": ("notes", "related", "What bears on a note, and why."),
            "search": ("notes", "search", "Notes that hold some words."),
            "topics": ("notes", "topics", "Topics with their people and posts."),
        },
    ),
    (
        "The index and its pages",
        {
            "reindex": ("index", "reindex", "Bring index and pages up to date."),
            "watch": ("watch", "watch", "Keep them up to date until stopped."),
            "check": ("index", "check", "All problems in the notes, with their mend."),
            "status": ("index", "status", "What was found, by which rule, and what was skipped."),
            "completion": ("index", "completion", "How to have names completed by your shell."),
        },
    ),
    (
        "A vault in git",
        {
            "git": ("git", "git", "Merge driver and hooks for a vault in git."),
            "merge-driver": ("git", "merge_driver", "What git calls when it merges notes."),
        },
    ),
)
COMMANDS = {name: where for _, group in GROUPS for name, where in group.items()}


class Program(click.Group):
    """The group of all commands, each loaded when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function, short = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"mdmentor.cli.{module}"), function)
        command.short_help = short
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command in the message for a mistyped one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "; see them all with: mdmentor --help"
            raise click.UsageError(f'there is no command "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, group in GROUPS:
            with formatter.section(title):
                formatter.write_dl([(name, short) for name, (_, _, short) in group.items()], col_max=14)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, "--version", message="mdmentor %(version)s")
def program() -> None:
    """Keep the ties that carry a career alive, from your own Markdown notes.

    mdmentor reads your vault, and says whom to reach out to next, why, and with what. It never sends
    anything, and it changes a note only where you ask it to.

    \b
      mdmentor demo            try it on a sample vault
      mdmentor reindex         read your vault and write its pages
      mdmentor next            whom to reach out to today
    """


def vault_option(function: F) -> F:
    return click.option(
        "--vault",
        metavar="DIR",
        help="The vault; else MDMENTOR_VAULT, else the one around the current folder.",
    )(function)


def today_option(function: F) -> F:
    return click.option(
        "--today", type=Day(), metavar="DATE", help="Answer as on this day, e.g. 2026-11-23."
    )(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def reading(function: F) -> F:
    """The options that every reading command takes."""
    return vault_option(json_option(today_option(function)))


@contextmanager
def open_queries(vault: str | None, today: date | None) -> Iterator[Queries]:
    """The vault's answers, after a look at what changed."""
    from mdmentor.cli.session import open_queries_of

    with open_queries_of(vault, today) as queries:
        yield queries


def name_argument(
    name: str, complete: Callable[..., list[Any]], *, required: bool = True
) -> Callable[[F], F]:
    """A name as the command's last argument, that may be typed without quotes: `why Ada Lovelace`."""

    def joined(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> str | None:
        return " ".join(value) if value else None

    return click.argument(
        name,
        nargs=-1,
        required=required,
        metavar=name.upper() if required else f"[{name.upper()}]",
        shell_complete=complete,
        callback=joined,
    )


def complete_contact(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of contacts that begin so, for the shell; from the index as it stands, and nothing on any error."""
    return _names(ctx, incomplete, contacts_only=True)


def complete_people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """As `complete_contact`, for the last of several names: "Ada, Gr"."""
    return _names(ctx, incomplete, contacts_only=True, is_list=True)


def complete_note(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of notes that begin so, for the shell."""
    return _names(ctx, incomplete, contacts_only=False)


def complete_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Keys of a contact that begin so, for the shell."""
    from click.shell_completion import CompletionItem

    from mdmentor.core.frontmatter.keys import KEYS

    return [CompletionItem(key) for key in KEYS if key.startswith(incomplete.lower())]


def _names(ctx: click.Context, incomplete: str, *, contacts_only: bool, is_list: bool = False) -> list[Any]:
    from click.shell_completion import CompletionItem

    from mdmentor.cli.session import names_for_shell

    vault = ctx.params.get("vault")
    found = names_for_shell(
        vault if isinstance(vault, str) else None, incomplete, contacts_only=contacts_only
    )
    before, comma, last = incomplete.rpartition(",")
    if comma and is_list and not found:
        begin = last.strip()
        found = names_for_shell(vault if isinstance(vault, str) else None, begin, contacts_only=contacts_only)
        found = [f"{before}, {name}" for name in found]
    return [CompletionItem(name) for name in found]


_SPECIAL = re.compile(r"""[\s"'\\$`&;|<>()*?\[\]{}!#~]""")


class QuotingBashComplete(BashComplete):
    """As click's, with what bash takes for more than itself escaped; twice, since its script reads it with `read`."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        words = os.environ.get("COMP_WORDS", "").split("\n")
        is_quoted = words[-1][:1] in ("'", '"')
        value = item.value if is_quoted else _SPECIAL.sub(r"\\\g<0>", item.value)
        return f"{item.type},{value}".replace("\\", "\\\\")


def prepare() -> None:
    """Makes click use it."""
    add_completion_class(QuotingBashComplete, "bash")
