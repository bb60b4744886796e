"""Commands about the index and its pages: reindex, check, status, completion."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import click

from mdmentor.cli import output
from mdmentor.cli.app import json_option, open_queries, reading, vault_option
from mdmentor.cli.dates import Day, clock_today
from mdmentor.core.model import ERROR, HINT
from mdmentor.errors import PagesNotWritten

if TYPE_CHECKING:
    from mdmentor.reindex.report import Report

_MOST_HINTS = 100  # in lines of their own; a vault of years may hold tens of thousands


@click.command("reindex")
@click.option("--full", is_flag=True, help="Read every note anew, not only those that changed.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page or block is stale.")
@vault_option
@json_option
@click.option("--today", type=Day(), metavar="DATE", help="Write the pages of this day, e.g. 2026-11-23.")
def reindex(vault: str | None, as_json: bool, today: date | None, full: bool, check: bool) -> int:
    """Bring the index and the pages up to date with the notes.

    Writes the pages in their folder, and between the markers in your notes where you put some; nothing
    else. A second run writes nothing.

    \b
    Example:
      mdmentor reindex
      mdmentor reindex --check     in a script: exits 1 if a page is stale
    """
    import time
    from dataclasses import replace

    from mdmentor.cli.session import open_index, open_vault, say_what_was_cut_short
    from mdmentor.reindex import Events, plan_run
    from mdmentor.reindex import reindex as bring_up_to_date

    started = time.perf_counter()
    where, day = open_vault(vault), today or clock_today()
    index = open_index(where)
    try:
        if check:
            say_what_was_cut_short(where, index)
        with output.progress_bar("reading notes") as progress:
            run = plan_run(where, index, day, Events(progress))
            report = bring_up_to_date(replace(run, full=full, check=check))
    except PagesNotWritten as error:
        for words in error.words:
            output.say(words)
        raise
    finally:
        index.close()
    report.seconds = time.perf_counter() - started
    for words in report.words:
        output.say(words)
    if as_json:
        output.json_document(report.to_json())
    else:
        _print_report(report, check)
    return 1 if report.stale else 0


def _print_report(report: Report, check: bool) -> None:
    from mdmentor.core.text import counted, problem_words

    changes = report.changes
    numbers = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
    moved = ", ".join([f"{number} {what}" for what, number in numbers.items() if number])
    notes = counted(report.notes, "note") + (f" ({moved})" if moved else "")
    output.line(f"{notes}: {counted(report.contacts, 'contact')}, {counted(report.posts, 'post')}.")
    for path in report.stale:
        output.line(f"stale: {path}")
    for path in report.pages_written:
        output.line(f"took away {path}" if path in report.taken_away else f"wrote {path}")
    if check and not report.stale:
        output.line("Every page is up to date.")
    elif not check and not report.pages_written:
        output.line("Every page was up to date.")
    if any(report.problems):
        output.line(f"{problem_words(report.problems)}; see: mdmentor check")


@click.command("check")
@click.option(
    "--severity", type=click.Choice(["error", "warning", "hint"]), help="Only this and worse, each in a line."
)
@reading
def check(vault: str | None, as_json: bool, today: date | None, severity: str | None) -> int:
    """All problems in the notes, each with its place and its mend. Exits 1 where there are errors.

    More than a hundred hints are summed up by kind; --severity hint tells each of them.

    \b
    Example:
      mdmentor check --severity warning
    """
    from mdmentor.cli.session import open_vault
    from mdmentor.git.state import find_problems

    order = ("error", "warning", "hint")
    with open_queries(vault, today) as queries:
        told = [*queries.problems(), *find_problems(open_vault(vault).root)]
        found = [p for p in told if order.index(p.severity) <= order.index(severity or "hint")]
        if as_json:
            from mdmentor.core import serialize

            output.json_document({"problems": [serialize.problem(p) for p in found]})
        else:
            hints = [p for p in found if p.severity == HINT] if severity is None else []
            hints = hints if len(hints) > _MOST_HINTS else []
            for problem in found:
                if not hints or problem.severity != HINT:
                    output.line(f"{problem.severity}: {problem}")
            for code, many in sorted(Counter(p.code for p in hints).items(), key=lambda item: -item[1]):
                first = next(p for p in hints if p.code == code)
                more = f"{many} hints {code}, the first: " if many > 1 else "hint: "
                output.line(f"{more}{first}")
            if hints:
                output.line("All of them: mdmentor check --severity hint")
            counts = {word: sum(p.severity == word for p in found) for word in order}
            counted = ", ".join(
                f"{count} {word}{'s' * (count != 1)}" for word, count in counts.items() if count
            )
            output.say(counted or "no problems")
    return 1 if any(p.severity == ERROR for p in found) else 0


@click.command("status")
@reading
def status(vault: str | None, as_json: bool, today: date | None) -> None:
    """What was found in the vault and by which rule, what was skipped and why, and the age of the index.

    \b
    Example:
      mdmentor status
    """
    from mdmentor.cli.session import open_vault
    from mdmentor.status import describe

    with open_queries(vault, today) as queries:
        where = open_vault(vault)
        told = describe(where, queries)
        if as_json:
            output.json_document(told.to_json())
            return
        for text in told.lines():
            output.paragraph(text, "    ", first="") if not text.startswith("  ") else output.paragraph(
                text.strip(), "      ", first="  "
            )


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), required=False)
def completion(shell: str | None) -> None:
    """How to have commands and names completed by your SHELL.

    \b
    Example:
      mdmentor completion zsh
    """
    lines = {
        "bash": ("~/.bashrc", 'eval "$(_MDMENTOR_COMPLETE=bash_source mdmentor)"'),
        "zsh": ("~/.zshrc, below the one with compinit", 'eval "$(_MDMENTOR_COMPLETE=zsh_source mdmentor)"'),
        "fish": (
            "~/.config/fish/completions/mdmentor.fish",
            "_MDMENTOR_COMPLETE=fish_source mdmentor | source",
        ),
    }
    for name in (shell,) if shell else lines:
        file, text = lines[name]
        output.line(f"{name}: put this line into {file}")
        output.line(f"  {text}")
