"""The page "Problems": what could not be read or resolved in the notes, each with its place and its mend.

Calm on purpose: nothing here stops anything else. The page is only made while there is a problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mdmentor.core.model import ERROR, HINT, PROBLEMS, WARNING, Problem
from mdmentor.core.names import unlink
from mdmentor.core.pages.page import page
from mdmentor.core.text import counted, md, md_link

_MOST_NAMES = 30
_SEVERITIES = (
    (ERROR, "To mend first", "These keep a note, or a part of it, from being read."),
    (WARNING, "Worth a look", "Read, but perhaps not as it was meant."),
    (HINT, "Hints", "All is well without these, too."),
)


def render_problems(problems: Sequence[Problem], total: int, folder: str, pages: Sequence[str]) -> str:
    """The page for `problems`, worst first, then by note; `total` counts those left out here, too."""
    if not problems:
        return page(PROBLEMS, ["Nothing to mend."], pages=pages)
    lines: list[str] = []
    loose = [problem for problem in problems if is_placeholder(problem)]
    problems = [problem for problem in problems if not is_placeholder(problem)]
    total -= len(loose)
    for severity, title, meaning in _SEVERITIES:
        those = sorted((p for p in problems if p.severity == severity), key=_by_place)
        if those:
            lines += [f"## {title}", "", meaning, ""]
        for path, of_note in groupby(those, key=lambda problem: problem.path):
            lines += [f"### {md_link(path or 'the vault', folder, path)}", "", *map(_line, of_note), ""]
    if total > len(problems):
        lines += [f"{counted(total - len(problems), 'more problem')}: `mdmentor check` tells them all.", ""]
    worse = sum(problem.severity != HINT for problem in problems)
    # what is left out is no worse than the last that is told, and names without a note come last
    things = total if worse == len(problems) and not loose else worse
    return page(PROBLEMS, [*lines, *_placeholders(loose, folder)], intro=_intro(things), pages=pages)


def is_placeholder(problem: Problem) -> bool:
    """True for a link to a name that no note bears and that looks like no other: perhaps a note to be."""
    return problem.code == "missing-note" and "did you mean" not in problem.fix


def _placeholders(loose: Sequence[Problem], folder: str) -> list[str]:
    """One line a name: a vault may well link names for years before it has notes for them."""
    if not loose:
        return []
    named: dict[str, list[Problem]] = {}
    for problem in sorted(loose, key=_by_place):
        named.setdefault(problem.what, []).append(problem)
    lines = [
        "## Names without a note",
        "",
        "Linked, but not written yet. That is fine; here they are, should you wonder.",
        "",
    ]
    by_use = sorted(named.items(), key=lambda item: (-len(item[1]), item[0].casefold(), item[0]))
    for what, places in by_use[:_MOST_NAMES]:
        first = places[0]
        link = md_link(first.path, folder, first.path)
        often = f"{counted(len(places), 'link')}, first in" if len(places) > 1 else "in"
        name = unlink(what.removeprefix("link ").removesuffix(" finds no note"))
        lines.append(f"- {md(name)}: {often} {link}, line {first.line}")
    if len(by_use) > _MOST_NAMES:
        lines += [
            "",
            f"And {counted(len(by_use) - _MOST_NAMES, 'name')} more: `mdmentor check` tells them all.",
        ]
    return [*lines, ""]


def _by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    return problem.path, problem.line, problem.column, problem.code, problem.what


def _line(problem: Problem) -> str:
    column = f", column {problem.column}" if problem.column > 1 else ""
    told = f"{problem.what}; {problem.fix}" if problem.fix else problem.what
    return f"- Line {problem.line}{column}: {md(told)}"


def _intro(worse: int) -> str:
    """One sentence for all of it; `worse` are the problems that are more than hints."""
    if not worse:
        return "All notes could be read. What stands here is worth knowing, and need not be mended."
    things = counted(worse, "thing")
    return (
        f"{things} in your notes could not be read as meant. Mended ones disappear from here by themselves."
    )
