"""What all pages share: the front matter, the title, and the line of links below.

A page is the same text for the same notes, settings and day, on every machine: no clock, no locale, no
path outside the vault. What stands between title and links is each page's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mdmentor.core.kinds import GENERATED
from mdmentor.core.model import PAGES, REACH_OUT
from mdmentor.core.text import link_target

_FOOT = "*This page is made anew from your notes: what you write on it{} does not stay. Write in the notes.*"


def page(
    title: str,
    body_lines: Iterable[str],
    *,
    intro: str = "",
    pages: Sequence[str] = (),
    day: date | None = None,
) -> str:
    """A whole page: front matter, title, `intro` as a paragraph, the body, at its foot links to the other `pages` there are.

    Texts must be escaped already; `title` is one of `PAGES`. Runs of empty lines become one. `day` goes
    into the front matter of a page that is acted upon later and must say of which day it is.
    """
    head = ["---", GENERATED, *([f"day: {day.isoformat()}"] if day else []), "---"]
    others = navigation(title, pages)
    stays = ", but for ticks and words behind them," if title == REACH_OUT else ""
    foot = ["---", "", others, "", _FOOT.format(stays)] if others else []
    lines = [*head, "", f"# {title}", "", intro, "", *body_lines, "", *foot]
    return "\n".join(_single_spaced(lines)) + "\n"


def _single_spaced(lines: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def navigation(title: str, pages: Sequence[str]) -> str:
    """One line with a link to each page of `pages` in the order of `PAGES`, this one without; "" for none."""
    others = [name for name in PAGES if name in pages and name != title]
    return " · ".join(f"[{name}]({link_target('', f'{name}.md')})" for name in others)
