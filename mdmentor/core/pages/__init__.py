"""What all pages share: front matter, title, sections, links to people, and the lines at the foot.

A page is the same text for the same notes, settings and day, on every machine: no clock, no locale, no path outside
the vault. Texts are escaped before they come here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from mdmentor.core.model import GENERATED, PAGES, REACH_OUT, Relation
from mdmentor.core.text import counted, link_target, md, md_link, plain_words
from mdmentor.core.trust import COLLEAGUE_FOOT, COLLEAGUE_MARK

_FOOT = "*Generated from your notes. {} you type here is moved to your inbox.*"


class Context(NamedTuple):
    """Where and when a page or block is read."""

    folder: str  # its folder, from the vault's root
    today: date
    pages: Sequence[str] = ()  # titles of the pages there are
    colleagues: Collection[str] = ()  # paths of those who work where the user works

    def link(self, name: str, path: str) -> str:
        """A link to somebody's note, with a mark behind it for a colleague."""
        return md_link(name, self.folder, path) + colleague_mark(path in self.colleagues)


def colleague_mark(is_colleague: bool) -> str:
    return f" {COLLEAGUE_MARK}" if is_colleague else ""


def colleague_foot(lines: Iterable[str]) -> list[str]:
    """What the marks in `lines` mean, as a paragraph to put behind them; nothing where there is no mark."""
    return ["", COLLEAGUE_FOOT, ""] if any(COLLEAGUE_MARK in line for line in lines) else []


def section(title: str, lines: Iterable[str]) -> list[str]:
    """The lines below a heading; nothing at all for no lines."""
    lines = list(lines)
    return ["", f"## {title}", "", *lines, ""] if lines else []


def and_more(number: int, noun: str = "", tail: str = "") -> list[str]:
    """A list item for what is left out, `- and 5 others`; nothing for none."""
    return [f"- and {counted(number, noun) if noun else f'{number} more'}{tail}"] if number > 0 else []


def related_lines(relations: Iterable[Relation], at: Context) -> list[str]:
    """A list item for each related note, with why."""
    whys = ((one, md("; ".join(map(plain_words, one.reasons)))) for one in relations)
    return [f"- {at.link(one.title, one.path)}{f': {why}' if why else ''}" for one, why in whys]


def page(title: str, lines: Sequence[str], at: Context, *, intro: str = "") -> str:
    """A whole page: front matter, title, `intro` as a paragraph, the lines, links to the other pages there are.

    `title` is one of `PAGES`. Marks of colleagues are explained behind the lines. Runs of empty lines become one. The
    first page is acted upon later, so it says of which day it is. The last line says what was written, so that what
    is typed is found.
    """
    is_first = title == REACH_OUT
    linked = [name for name in PAGES if name in at.pages and name != title]
    others = " · ".join(f"[{name}]({link_target('', f'{name}.md')})" for name in linked)
    typed = "Ticks are carried out; anything else" if is_first else "What"
    whole = [
        *("---", GENERATED, *([f"day: {at.today.isoformat()}"] if is_first else []), "---", ""),
        *(f"# {title}", "", intro, "", *lines, *colleague_foot(lines)),
        *(["", "---", "", others, "", _FOOT.format(typed)] if others else []),
    ]
    kept = [line for line, before in zip(whole, ["", *whole], strict=False) if line or before]
    text = "\n".join(kept).rstrip("\n")
    body = text.partition("\n---\n")[2]
    from mdmentor.core.typed import sums_of  # slow to load, and of no use for `next`

    return f"{text}\n\n{sums_of(body.splitlines())}\n"
