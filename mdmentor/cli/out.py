"""Printing: JSON for scripts, plain lines for pipes, tables and colour for a person at a terminal.

Data goes to stdout, words to stderr. Everything that comes from a note passes `terminal`, so that no note
can move the cursor or colour the screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import click

from mdmentor.core.escape import terminal

MOST_WIDE = 100  # characters: longer lines of prose are hard to read, however wide the window


def is_terminal() -> bool:
    """True when a person looks at stdout."""
    return sys.stdout.isatty()


def has_colour() -> bool:
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to fill: the window's, at most MOST_WIDE; MOST_WIDE where there is no window."""
    import shutil

    return min(shutil.get_terminal_size((MOST_WIDE, 24)).columns, MOST_WIDE) if is_terminal() else MOST_WIDE


def json_document(document: object) -> None:
    """One JSON document on stdout."""
    import json

    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def line(text: str = "", *, bold: bool = False, dim: bool = False) -> None:
    """One line of data, its indent kept."""
    words = text.lstrip(" ")
    text = " " * (len(text) - len(words)) + terminal(words)
    if has_colour() and (bold or dim):
        text = click.style(text, bold=bold or None, dim=dim or None)
    click.echo(text)


def paragraph(text: str, indent: str = "", *, first: str | None = None, dim: bool = False) -> None:
    """A text wrapped to the window; `first` replaces the indent of its first line."""
    import textwrap

    opening = indent if first is None else first
    wrapped = textwrap.wrap(
        terminal(text),
        width(),
        initial_indent=opening,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for piece in wrapped or [opening.rstrip()]:
        line(piece, dim=dim)


def say(text: str) -> None:
    """Words for the person, on stderr."""
    click.echo(f"mdmentor: {terminal(text)}", err=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; elsewhere the rows alone, their cells parted by tabs."""
    if not is_terminal():
        for row in rows:
            click.echo("\t".join(terminal(cell).replace("\t", " ") for cell in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold" if has_colour() else ""
    )
    for number, title in enumerate(head):
        grid.add_column(
            title,
            overflow="fold",
            no_wrap=False,
            ratio=None if number else 1,
            min_width=10 if not number else None,
        )
    for row in rows:
        grid.add_row(*(Text(terminal(cell)) for cell in row))
    Console(no_color=not has_colour(), highlight=False, width=width()).print(grid)


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Gives a function to tell progress to: a bar on stderr once the work is long, and only for a person."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(what)
    try:
        yield bar.tell
    finally:
        bar.close()


class _Bar:
    """Shows itself from a thousand notes on; below that the work is over before one has read a word."""

    LONG = 1000

    def __init__(self, what: str) -> None:
        self._what = what
        self._close: Callable[[], None] = lambda: None
        self._update: Callable[[int], None] | None = None

    def tell(self, done: int, total: int) -> None:
        if self._update is None:
            if total < self.LONG:
                return
            self._start(total)
        assert self._update is not None
        self._update(done)

    def _start(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
        bar = Progress(
            TextColumn(self._what), BarColumn(), MofNCompleteColumn(), console=console, transient=True
        )
        task = bar.add_task(self._what, total=total)
        bar.start()
        self._update = lambda done: bar.update(task, completed=done)
        self._close = bar.stop

    def close(self) -> None:
        self._close()
