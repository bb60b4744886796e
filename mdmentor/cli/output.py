"""Printing: JSON for scripts, plain lines for pipes, tables and colour for a person at a terminal.

Data goes to stdout, words to stderr. Everything that comes from a note passes `terminal`, so that no note
can move the cursor or colour the screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from mdmentor.core.text import json_text, terminal

MOST_WIDE = 100  # characters: longer lines of prose are hard to read, however wide the window
MOST_WORD = 30  # of an address or a path, which may be broken in a table
GAP = "   "  # between two columns


def is_terminal() -> bool:
    """True when a person looks at stdout."""
    return sys.stdout.isatty()


def has_colour() -> bool:
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to fill: the window's, at most MOST_WIDE; MOST_WIDE where there is no window."""
    if not is_terminal():
        return MOST_WIDE
    import shutil

    return min(shutil.get_terminal_size((MOST_WIDE, 24)).columns, MOST_WIDE)


def _echo(text: str, *, err: bool = False, end: str = "\n") -> None:
    """A text as it is; on consoles and in encodings that need more care, by way of click."""
    stream = sys.stderr if err else sys.stdout
    if os.name == "posix" and (stream.encoding or "").lower() == "utf-8":
        stream.write(f"{text}{end}")
        return
    import click

    click.echo(text + end, nl=False, err=err)


def json_document(document: object) -> None:
    """One JSON document on stdout; of a list each entry on a line of its own, as soon as it is there."""
    import json

    if isinstance(document, dict):
        _echo(json_text(json.dumps(document, ensure_ascii=False, indent=2)))
        return
    assert isinstance(document, Iterable)
    to_text = json.JSONEncoder(ensure_ascii=False).encode
    begin = "["
    for entry in document:
        _echo(f"{begin}{json_text(to_text(entry))}", end="")
        begin = ",\n"
    _echo("[]" if begin == "[" else "]")


def line(text: str = "", *, bold: bool = False, dim: bool = False) -> None:
    """One line of data, its indent kept."""
    words = text.lstrip(" ")
    text = " " * (len(text) - len(words)) + terminal(words)
    if has_colour() and (bold or dim):
        text = f"\x1b[{1 if bold else 2}m{text}\x1b[0m"
    _echo(text)


def paragraph(text: str, indent: str = "", *, first: str | None = None, dim: bool = False) -> None:
    """A text wrapped to the window; `first` replaces the indent of its first line."""
    opening = indent if first is None else first
    for piece in wrap(terminal(text), width(), opening, indent) or [opening.rstrip()]:
        line(piece, dim=dim)


def wrap(text: str, wide: int, first: str, rest: str) -> list[str]:
    """The words of a text on lines of at most `wide` characters, unless a single word is longer.

    As `textwrap` does it, which takes longer to load than most commands take to print.
    """
    if not text.isprintable():  # there may be blanks of another kind
        import textwrap

        return textwrap.wrap(
            text,
            wide,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < wide:
            lines[-1] += f" {word}"
        else:
            lines.append((rest if lines else first) + word)
    return lines


def say(text: str) -> None:
    """Words for the person, on stderr."""
    _echo(f"mdmentor: {terminal(text)}", err=True)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal, or a short list for each row where the window is too narrow for one.

    Elsewhere the rows alone, their cells parted by tabs.
    """
    told = [[terminal(cell) for cell in row] for row in rows]
    if not is_terminal():
        for row in told:
            _echo("\t".join(cell.replace("\t", " ") for cell in row))
        return
    widths = _widths(head, told)
    if widths:
        _grid(head, told, widths)
    else:
        _lists(head, told)


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is, with no word and no date broken; empty where the window is too narrow."""
    import shutil

    from rich.cells import cell_len

    window = shutil.get_terminal_size((MOST_WIDE, 24)).columns
    widths, least = [], []
    for number, title in enumerate(head):
        cells = [row[number] for row in rows]
        words = [word for cell in (title, *cells) for word in cell.split()]
        widths.append(max(map(cell_len, (title, *cells))))
        least.append(min(max(map(cell_len, words), default=0), MOST_WORD))
    while sum(widths) + len(GAP) * (len(head) - 1) > window:
        room, widest = max(
            (width if width > floor else 0, n)
            for n, (width, floor) in enumerate(zip(widths, least, strict=True))
        )
        if not room:
            return []
        widths[widest] -= 1
    return widths


def _lists(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for row in rows:
        line(row[0], bold=True)
        for title, cell in zip(head[1:], row[1:], strict=True):
            if cell:
                paragraph(f"{title}: {cell}" if title else cell, "    ", first="  ")


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    style = "bold" if has_colour() else ""
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style=style)
    for title, wide in zip(head, widths, strict=True):
        grid.add_column(title, overflow="fold", width=wide)
    for row in rows:
        grid.add_row(*map(Text, row))
    needed = sum(widths) + len(GAP) * (len(widths) - 1)
    Console(no_color=not has_colour(), highlight=False, width=needed).print(grid)


def people_table(
    head: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]], inside: Collection[str]
) -> None:
    """A table about people, each row behind the path of its person; those `inside` are marked at its end."""
    from mdmentor.core.trust import COLLEAGUE_FOOT, COLLEAGUE_MARK

    told = list(rows)
    if not any(path in inside for path, _ in told):
        table(head, (cells for _, cells in told))
        return
    marks = [COLLEAGUE_MARK if path in inside else "" for path, _ in told]
    if is_terminal():
        table(head, ((*c[:-1], f"{c[-1]} {mark}".strip()) for mark, (_, c) in zip(marks, told, strict=True)))
    else:
        table((*head, ""), ((*cells, mark) for mark, (_, cells) in zip(marks, told, strict=True)))
    say(COLLEAGUE_FOOT)


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
