"""Options, arguments and shell completion that several commands share.

Nothing here loads the index before a command runs, so that `--help` starts as fast as click does.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import BashComplete, CompletionItem

from mdmentor.cli import output

if TYPE_CHECKING:
    from mdmentor.actions.edit import EditedLine, NoteEditor
    from mdmentor.queries import Queries

F = TypeVar("F", bound=Callable[..., Any])


def clock_today() -> date:
    """Today in the user's own time zone."""
    return date.today()  # noqa: DTZ011


class Day(click.ParamType[date]):
    """A date as `2026-11-23` or in words: today, tomorrow, "in 2 weeks"; with `past`, yesterday or "last friday"."""

    name = "date"

    def __init__(self, *, past: bool = False) -> None:
        self.past = past

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            with suppress(ValueError):
                return date.fromisoformat(str(value))
        from mdmentor.core.dates import parse_date, parse_when

        given = ctx.params.get("today") if ctx and self.past else None
        today = (
            given if isinstance(given, date) else clock_today()
        )  # click marks "not given" by a value of its own
        day = parse_date(str(value)) or parse_when(str(value), today, past=self.past)
        if day is None:
            example = '2026-11-23, yesterday or "last friday"' if self.past else "2026-11-23"
            self.fail(f'"{value}" is not a date; write {example}', param, ctx)
        return day


def vault_option(function: F) -> F:
    return click.option(
        "--vault",
        metavar="DIR",
        help="The vault; default: MDMENTOR_VAULT, else the one around the current folder.",
    )(function)


def today_option(function: F) -> F:
    return click.option(
        "--today", type=Day(), metavar="DATE", help="Answer as on this day, e.g. 2026-11-23."
    )(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(function)


def private_option(function: F) -> F:
    return click.option("--private", is_flag=True, help="Also show private lines and confidential notes.")(
        function
    )


def number_option(default: int | None, most: int, words: str) -> Callable[[F], F]:
    """`-n N`, passed as `number`."""
    kind = click.IntRange(1, most)
    return click.option(
        "-n", "number", metavar="N", type=kind, default=default, show_default=default is not None, help=words
    )


@contextmanager
def open_queries(vault: str | None, today: date | None) -> Iterator[Queries]:
    """Queries on the vault, whose index has just been brought up to date."""
    from mdmentor.cli import session

    with session.open_queries(vault, today or clock_today()) as queries:
        yield queries


def reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that reads; the command is called with `queries` and `as_json`."""

    @functools.wraps(function)
    def command(*, vault: str | None, today: date | None, **arguments: Any) -> Any:
        with open_queries(vault, today) as queries:
            return function(queries=queries, **arguments)

    return vault_option(json_option(today_option(command)))


def editing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option of a command that changes notes; the command is called with an `editor`."""

    @functools.wraps(function)
    def command(*, vault: str | None, today: date | None = None, **arguments: Any) -> Any:
        with open_editor(vault, today) as editor:
            return function(editor=editor, **arguments)

    return vault_option(command)


@contextmanager
def open_editor(vault: str | None, today: date | None = None) -> Iterator[NoteEditor]:
    """The vault, ready to be edited: an interrupted edit is rolled back and the index is up to date."""
    from mdmentor.cli import session

    with session.open_editor(vault, today or clock_today()) as editor:
        yield editor


def print_edited(lines: Iterable[EditedLine]) -> None:
    """Prints the lines as they are now, each with its place."""
    texts = [str(line) for line in lines]
    for text in texts:
        output.line(text)
    if not texts:
        output.say("already set; nothing changed")


def name_argument(
    name: str, complete: Callable[..., list[Any]], *, required: bool = True
) -> Callable[[F], F]:
    """A name as the last argument, which needs no quotes: `why Ada Lovelace`."""

    def join(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> str | None:
        return " ".join(value) if value else None

    metavar = name.upper() if required else f"[{name.upper()}]"
    return click.argument(
        name, nargs=-1, required=required, metavar=metavar, shell_complete=complete, callback=join
    )


def complete_contact(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of contacts that begin with `incomplete`."""
    return _complete(ctx, incomplete, contacts_only=True)


def complete_people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """As `complete_contact`, for the last of several names: "Ada, Gr"."""
    before, comma, last = incomplete.rpartition(",")
    found = _complete(ctx, incomplete, contacts_only=True)
    if comma and not found:
        found = _complete(ctx, last.strip(), contacts_only=True)
        return [CompletionItem(f"{before}, {item.value}") for item in found]
    return found


def complete_note(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Names of notes that begin with `incomplete`."""
    return _complete(ctx, incomplete, contacts_only=False)


def complete_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Front-matter keys of a contact that begin with `incomplete`."""
    from mdmentor.core.frontmatter.keys import KEYS

    return [CompletionItem(key) for key in KEYS if key.startswith(incomplete.lower())]


def _complete(ctx: click.Context, incomplete: str, *, contacts_only: bool) -> list[CompletionItem[Any]]:
    """From the index as it stands; nothing on any error, since a completion has no place for a message."""
    from mdmentor.cli.session import names_for_shell

    try:
        names = names_for_shell(ctx.params.get("vault"), incomplete, contacts_only=contacts_only)
    except Exception:
        return []
    return [CompletionItem(name) for name in names]


class QuotingBashComplete(BashComplete):
    """click's completion for bash, with names of several words escaped.

    Escaped twice, as click's script takes each line in with `read`, which removes one level.
    """

    def format_completion(self, item: CompletionItem[Any]) -> str:
        is_quoted = os.environ.get("COMP_WORDS", "").split("\n")[-1][:1] in ("'", '"')
        value = (
            item.value if is_quoted else re.sub(r"""[\s"'\\$`&;|<>()*?\[\]{}!#~]""", r"\\\g<0>", item.value)
        )
        return f"{item.type},{value}".replace("\\", "\\\\")
