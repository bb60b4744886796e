"""Options, arguments and shell completion that several commands share.

Nothing here loads the index before a command runs, so that `--help` starts as fast as click does.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime
from typing import Any, TypeVar

import click
from click.shell_completion import BashComplete, CompletionItem

F = TypeVar("F", bound=Callable[..., Any])


def clock_today() -> date:
    """Today in the user's own time zone."""
    return date.today()  # noqa: DTZ011


def clock_on(day: date) -> datetime:
    """The present time of day, on that day."""
    return datetime.combine(day, datetime.now().astimezone().timetz())


class Day(click.ParamType[date]):
    """A date as `2026-11-23` or in words: today, tomorrow, "in 2 weeks"; with `past`, yesterday or "last friday"."""

    name = "date"

    def __init__(self, *, past: bool = False, today: date | None = None) -> None:
        self.past, self.today = past, today

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value)):
            with suppress(ValueError):
                return date.fromisoformat(str(value))
        from mdmentor.core.dates import parse_date, parse_when
        from mdmentor.core.day_words import days_in_numbers

        given = ctx.params.get("today") if ctx and self.past else self.today
        today = given if isinstance(given, date) else clock_today()  # click has its own value for "not given"
        day = parse_date(str(value)) or parse_when(str(value), today, past=self.past)
        if day is None and len(days := days_in_numbers(str(value), today, past=self.past)) > 1:
            self.fail(f'"{value}" may be {" or ".join(map(str, days))}; write the one you mean', param, ctx)
        if day is None:
            example = '2026-11-23, yesterday or "last friday"' if self.past else "2026-11-23"
            self.fail(f'"{value}" is not a date; write {example}', param, ctx)
        return day


def ask_for_day(words: str, today: date) -> date | None:
    """The day of a talk whose words hold one that was not understood, asked for on a terminal; None for no need."""
    from mdmentor.core.capture import find_doubt

    doubt = find_doubt(words, today) if sys.stdin.isatty() else None
    if doubt is None:
        return None
    likely = doubt.days[0] if len(doubt.days) == 1 else None
    question = f"{doubt}. On which day was it"
    kind = Day(past=True, today=today)
    day = click.prompt(question, type=kind, default=likely, prompt_suffix="? ", err=True)
    assert isinstance(day, date)
    return day


def _vault_of_the_line(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The option may stand before the command as well; the one nearest to its end wins."""
    outer = ctx.parent
    while value is None and outer is not None:
        value, outer = outer.params.get("vault"), outer.parent
    return value


vault_option = click.option(
    "--vault",
    metavar="DIR",
    callback=_vault_of_the_line,
    help="The vault; default: MDMENTOR_VAULT, else the one around the current folder.",
)
today_option = click.option(  # eager, since other days are counted from it
    "--today", type=Day(), is_eager=True, metavar="DATE", help="Answer as on this day, e.g. 2026-11-23."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
private_option = click.option(
    "--private", is_flag=True, help="Also show private lines and confidential notes."
)


def number_option(default: int | None, most: int, words: str, name: str = "-n") -> Callable[[F], F]:
    """An option for a number from 1 to `most`, passed as `number`."""
    kind, is_shown = click.IntRange(1, most), default is not None
    return click.option(
        name, "number", metavar="N", type=kind, default=default, show_default=is_shown, help=words
    )


def _opening(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The command `function` with the options of every command about a vault, given what `session.open_...` opens.

    It is called with `as_json` too, and returns the document to be printed or its exit code.
    """

    @functools.wraps(function)
    def command(*, vault: str | None, today: date | None, **arguments: Any) -> Any:
        from mdmentor.cli import output, session

        with getattr(session, f"open_{what}")(vault, today or clock_today()) as opened:
            answer = function(**{what: opened}, **arguments)
            if answer is None or isinstance(answer, int):
                return answer
            output.json_document(answer)

    return vault_option(json_option(today_option(command)))


reading = functools.partial(_opening, "queries")  # of a command that reads; it gets `queries`
editing = functools.partial(_opening, "editor")  # of a command that changes notes; it gets an `editor`


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


def _complete(
    ctx: click.Context, param: click.Parameter, incomplete: str, *, contacts_only: bool
) -> list[CompletionItem[Any]]:
    """From the index as it stands; nothing on any error, since a completion has no place for a message."""
    from mdmentor.cli.session import cache_folder, find_root
    from mdmentor.index import Index, find

    try:
        with closing(Index(find_root(ctx.params.get("vault")), cache_folder())) as index:
            names = find.names_that_begin(index, incomplete, contacts_only=contacts_only)
    except Exception:
        return []
    return [CompletionItem(name) for name in names]


complete_contact = functools.partial(_complete, contacts_only=True)
complete_note = functools.partial(_complete, contacts_only=False)


def complete_people(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """As `complete_contact`, for the last of several names: "Ada, Gr"."""
    before, comma, last = incomplete.rpartition(",")
    found = complete_contact(ctx, param, incomplete)
    if comma and not found:
        found = complete_contact(ctx, param, last.strip())
        return [CompletionItem(f"{before}, {item.value}") for item in found]
    return found


def complete_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
    """Front-matter keys of a contact that begin with `incomplete`."""
    from mdmentor.core.frontmatter.keys import KEYS

    return [CompletionItem(key) for key in KEYS if key.startswith(incomplete.lower())]


class QuotingBashComplete(BashComplete):
    """click's completion for bash, with names of several words escaped.

    Escaped twice, as click's script takes each line in with `read`, which removes one level.
    """

    def format_completion(self, item: CompletionItem[Any]) -> str:
        value = item.value
        if os.environ.get("COMP_WORDS", "").split("\n")[-1][:1] not in ("'", '"'):  # not quoted by the user
            value = re.sub(r"""[\s"'\\$`&;|<>()*?\[\]{}!#~]""", r"\\\g<0>", value)
        return f"{item.type},{value}".replace("\\", "\\\\")
