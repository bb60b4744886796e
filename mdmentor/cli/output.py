"""Printing: JSON for scripts, plain lines for pipes, tables and colour on a terminal.

Data goes to stdout, messages to stderr. Everything that comes from a note passes `terminal`, so that no note can move
the cursor or colour the screen.
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date

import click

from mdmentor.core.text import json_text, terminal
from mdmentor.core.trust import COLLEAGUE_FOOT, COLLEAGUE_MARK

MOST_WIDE = 100  # characters: longer lines of prose are hard to read, however wide the window
_LONG = 1000  # notes to read from which a bar shows the progress

has_edited = False  # notes were changed as asked: the command has succeeded, whatever happens to its output


def is_terminal() -> bool:
    """True when a person looks at stdout."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """True when a person can see a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, *, default: bool) -> bool:
    return click.confirm(question, default=default, prompt_suffix="? ", err=True)


def has_colour() -> bool:
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _window() -> int:
    import shutil  # needed on a terminal only, and slow to load

    return shutil.get_terminal_size((MOST_WIDE, 24)).columns


def is_narrow() -> bool:
    """Whether a line of `MOST_WIDE` characters is too long for the window, or for COLUMNS where nobody looks."""
    columns = os.environ.get("COLUMNS", "")
    known = int(columns) if columns.isdecimal() and int(columns) else MOST_WIDE
    return (_window() if is_terminal() else known) < MOST_WIDE


def json_document(document: object) -> None:
    """One JSON document on stdout; of a list each entry on a line of its own, as soon as it is there."""
    if isinstance(document, dict):
        click.echo(json_text(json.dumps(document, ensure_ascii=False, indent=2)))
        return
    assert isinstance(document, Iterable)
    begin = "["
    for entry in document:
        click.echo(f"{begin}{json_text(json.dumps(entry, ensure_ascii=False))}", nl=False)
        begin = ",\n"
    click.echo("[]" if begin == "[" else "]")


def line(text: str = "", *, bold: bool = False, dim: bool = False) -> None:
    """One line of data, its indent kept."""
    words = text.lstrip(" ")
    text = " " * (len(text) - len(words)) + terminal(words)
    if (bold or dim) and has_colour():
        text = click.style(text, bold=bold or None, dim=dim or None)
    click.echo(text)


def lines(texts: Iterable[str]) -> None:
    for text in texts:
        line(text)


def paragraph(text: str, indent: str = "", *, first: str | None = None, dim: bool = False) -> None:
    """A text wrapped to the window; `first` replaces the indent of its first line."""
    width = min(_window(), MOST_WIDE) if is_terminal() else MOST_WIDE
    begin, *words = terminal(text).split(" ")
    shown = f"{indent if first is None else first}{begin}"
    for word in words:
        if len(shown) + 1 + len(word) > width:
            line(shown, dim=dim)
            shown = f"{indent}{word}"
        else:
            shown += f" {word}"
    line(shown.rstrip(), dim=dim)


def say(*texts: str) -> None:
    """Messages for the person, on stderr."""
    for text in texts:
        click.echo(f"mdmentor: {terminal(text)}", err=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; elsewhere the rows alone, their cells separated by tabs."""
    cells = [list(map(terminal, row)) for row in rows]
    if not is_terminal():
        texts = ["\t".join(cell.replace("\t", " ") for cell in row) + "\n" for row in cells]
        click.echo("".join(texts), nl=False)
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(*head, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for column in grid.columns:
        column.overflow = "fold"
    for row in cells:
        grid.add_row(*map(Text, row))
    Console(no_color=not has_colour(), highlight=False).print(grid)


def people_table(
    head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], colleagues: Collection[str]
) -> bool:
    """A table about people, each row with the path of its person, and colleagues marked at its end; False for no rows."""
    listed = list(rows)
    if any(path in colleagues for path, _ in listed):
        table((*head, ""), [(*cells, COLLEAGUE_MARK * (path in colleagues)) for path, cells in listed])
        say(COLLEAGUE_FOOT)
    elif listed:
        table(head, (cells for _, cells in listed))
    return bool(listed)


def names(people: Iterable[tuple[str, str]], colleagues: Collection[str]) -> str:
    """The names of people given as (path, name), with a mark behind those of colleagues."""
    return ", ".join(f"{name} {COLLEAGUE_MARK}" if path in colleagues else name for path, name in people)


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Gives a function that takes (done, total): it shows a bar on a terminal's stderr, if there is much to do."""
    with ExitStack() as stack:

        @functools.cache
        def bar(total: int) -> Callable[[int], None]:
            shown = stack.enter_context(click.progressbar(length=total, label=what, file=sys.stderr))
            return lambda done: shown.update(done - shown.pos)

        def update(done: int, total: int) -> None:
            if total >= _LONG and sys.stderr.isatty():
                bar(total)(done)

        yield update
