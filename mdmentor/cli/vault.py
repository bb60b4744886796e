"""Commands about the vault: links and topics of its notes, a search, and the index with its pages."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from mdmentor.cli import options, output
from mdmentor.core import serialize
from mdmentor.core.model import CONTACT, ERROR, HINT, WARNING
from mdmentor.core.text import counted, plain_words, problem_words
from mdmentor.core.trust import COLLEAGUE_FOOT
from mdmentor.errors import PagesNotWritten, WorldFailed

if TYPE_CHECKING:
    from mdmentor.queries import Queries

SEVERITIES = (ERROR, WARNING, HINT)
MOST_HINTS = 100  # that are printed one by one; an old vault may have tens of thousands


@click.command("links")
@options.name_argument("note", options.complete_note, required=False)
@options.private_option
@options.reading
def links(queries: Queries, as_json: bool, note: str | None, private: bool) -> Any:
    """The links of NOTE, or of all notes, and where each leads.

    \b
    Example:
      mdmentor links "Ask for a raise"
    """
    from mdmentor.index import links

    found = links.links(queries.index, queries.find_note(note) if note else None, private=private)
    if as_json:
        return found
    rows = []
    for link in found:
        place = f"{link['source']}:{link['line']}:{link['column']}"
        rows.append(("", (place, str(link["raw"]), str(link["target"] or "(no note yet)"))))
    if not output.people_table(("Where", "Link", "Leads to"), rows, ()):
        output.say("no links")


@click.command("backlinks")
@options.name_argument("note", options.complete_note)
@options.private_option
@options.reading
def backlinks(queries: Queries, as_json: bool, note: str, private: bool) -> Any:
    """Where NOTE is linked from, with the line around each link.

    \b
    Example:
      mdmentor backlinks "Ada Lovelace"
    """
    from mdmentor.index import links

    path = queries.find_note(note)
    found = links.backlinks(queries.index, path, private=private)
    if as_json:
        return map(serialize.backlink, found)
    rows = ((b.source, (f"{b.source}:{b.line}", plain_words(b.context))) for b in found)
    if not output.people_table(("Where", "Line"), rows, queries.colleague_paths()):
        output.say(f"nothing links to {path}")


@click.command("related")
@options.name_argument("note", options.complete_note)
@options.number_option(15, 1000, "How many at most.")
@options.reading
def related(queries: Queries, as_json: bool, note: str, number: int) -> Any:
    """People and posts related to NOTE, strongest first, each with its reasons.

    \b
    Example:
      mdmentor related "Ask for a raise"
    """
    path, colleagues = queries.find_note(note), queries.colleague_paths()
    found = queries.related(path)[:number]
    if as_json:
        return (serialize.relation(r, colleagues) for r in found)
    rows = ((r.path, (r.title, r.kind, "; ".join(r.reasons))) for r in found)
    if not output.people_table(("Note", "Kind", "Why"), rows, colleagues):
        output.say(f"nothing is related to {path} yet: no link, no conversation, no topic in common")


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@options.number_option(20, 1000, "How many at most.")
@options.private_option
@options.reading
def search(queries: Queries, as_json: bool, words: tuple[str, ...], number: int, private: bool) -> Any:
    """Notes that contain all the WORDS, or words that begin so; accents and case do not matter.

    \b
    Example:
      mdmentor search raise talk
    """
    from mdmentor.index import find

    wanted = " ".join(words)
    found = find.search(queries.index, wanted, number, private=private)
    signs = find.words_of_signs(wanted)
    why = "has no letter or digit, so it is ignored; search for a word or its beginning"
    output.say(*(f'"{word}" {why}' for word in signs))
    if as_json:
        return found
    if not found and len(signs) < len(wanted.split()):
        output.say("no note has these words in it")
    colleagues = queries.colleague_paths()
    for hit in found:
        place = str(hit["path"]), f"{hit['path']}:{hit['line']}"
        output.line(output.names([place], colleagues), bold=True)
        if hit["snippet"]:
            output.paragraph(str(hit["snippet"]), "  ")
    if any(hit["path"] in colleagues for hit in found):
        output.say(COLLEAGUE_FOOT)


@click.command("topics")
@options.reading
def topics(queries: Queries, as_json: bool) -> Any:
    """Every topic with the people who help with it, the posts and the goals about it.

    \b
    Example:
      mdmentor topics
    """
    from mdmentor.index import find

    found, colleagues = find.topics(queries.index), queries.colleague_paths()
    names = partial(output.names, colleagues=colleagues)
    if as_json:
        return [serialize.topic(topic, colleagues) for topic in found]
    if not found:
        output.say("no topics yet; give a post topics: [..] or a contact helps_with: [..]")
    else:
        rows = [(t.topic, names(t.contacts), names(t.posts), names(t.goals)) for t in found]
        output.table(("Topic", "People", "Posts", "Goals"), rows)
        if any(path in colleagues for topic in found for path, _ in topic.contacts):
            output.say(COLLEAGUE_FOOT)


@click.command("reindex")
@click.option("--full", is_flag=True, help="Read every note again, not only those that changed.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a page or block is stale.")
@options.vault_option
@options.json_option
@click.option(
    "--today", type=options.Day(), metavar="DATE", help="Write the pages for this day, e.g. 2026-11-23."
)
def reindex(vault: str | None, as_json: bool, today: date | None, full: bool, check: bool) -> int:
    """Bring the index and the pages up to date with the notes.

    Writes the pages in their folder, and between the markers in your notes where you put some; nothing
    else. A second run writes nothing.

    \b
    Example:
      mdmentor reindex
      mdmentor reindex --check     in a script: exits 1 if a page is stale
    """
    from mdmentor.cli import session
    from mdmentor.reindex import reindex

    started = time.perf_counter()
    where = session.open_vault(vault)
    try:
        with session.open_run(where, today or options.clock_today()) as run:
            if check:
                session.say_if_interrupted(where)
            report = reindex(run._replace(full=full, check=check))
    except PagesNotWritten as error:
        output.say(*error.words)
        raise
    report.seconds = time.perf_counter() - started
    output.say(*report.words)
    if as_json:
        output.json_document(report.to_json())
        return 1 if report.stale else 0
    numbers = {what: getattr(report.changes, what) for what in ("added", "changed", "removed")}
    changed = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    notes = counted(report.notes, "note") + (f" ({changed})" if changed else "")
    output.line(f"{notes}: {counted(report.contacts, 'contact')}, {counted(report.posts, 'post')}.")
    output.lines(f"stale: {path}" for path in report.stale)
    gone = report.taken_away
    output.lines(f"{'removed' if path in gone else 'wrote'} {path}" for path in report.pages_written)
    if not (report.left or (report.stale if check else report.pages_written)):
        output.line("Every page is up to date." if check else "Every page was up to date.")
    if any(report.problems):
        output.line(f"{problem_words(report.problems)}; see: mdmentor check")
    return 1 if report.stale else 0


@click.command("watch")
@click.option("--poll", is_flag=True, help="Check at intervals, for drives that send no file events.")
@click.option("--install", is_flag=True, help="Start it now and whenever you log in.")
@click.option("--uninstall", is_flag=True, help="Undo --install.")
@options.vault_option
def watch(vault: str | None, poll: bool, install: bool, uninstall: bool) -> None:
    """Keep index and pages up to date until stopped, in whatever editor you write.

    Prints a line for what changed and what was written. Ctrl-C ends it. `mdmentor status` says whether
    it runs.

    \b
    Example:
      mdmentor watch
      mdmentor watch --install     starts it now and at each login
    """
    from mdmentor.cli.session import cache_folder, open_vault
    from mdmentor.watch import Watcher, service

    if install and uninstall:
        raise click.UsageError("give --install or --uninstall, not both")
    where = open_vault(vault)
    if install or uninstall:
        output.lines(service.install(where.root, polls=poll) if install else service.uninstall(where.root))
        return
    watcher = Watcher(where, cache_folder(), _print_with_time, today=options.clock_today, polls=poll)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: watcher.stop())
    watcher.run()


def _print_with_time(text: str) -> None:
    output.line(f"{time.strftime('%H:%M:%S')} {text}")
    sys.stdout.flush()  # a service's log is read while it runs


@click.command("check")
@click.option("--severity", type=click.Choice(SEVERITIES), help="Only these and worse, one per line.")
@options.reading
def check(queries: Queries, as_json: bool, severity: str | None) -> int:
    """All problems in the notes, each with its place and how to fix it.

    Prints path:line:column: severity: what is wrong; how to fix it, as compilers do. Exits 1 where it prints
    an error or a warning; hints alone are fine. More than a hundred hints are summed up by kind; --severity hint
    lists them all.

    \b
    Example:
      mdmentor check --severity warning
    """
    from pathlib import Path  # slow to load

    from mdmentor.git.setup import find_problems
    from mdmentor.index import notes

    shown = SEVERITIES[: SEVERITIES.index(severity or HINT) + 1]
    every = (*queries.problems(), *find_problems(Path(queries.index.root)))
    found = [problem for problem in every if problem.severity in shown]
    counts = Counter(problem.severity for problem in found)
    if as_json:
        output.json_document({"problems": [serialize.problem(p) for p in found]})
    else:
        is_summed_up = severity is None and counts[HINT] > MOST_HINTS
        listed = [problem for problem in found if not (is_summed_up and problem.severity == HINT)]
        output.lines(problem.with_severity() for problem in listed)
        if is_summed_up:
            hints = [problem for problem in found if problem.severity == HINT]
            firsts = {hint.code: hint for hint in reversed(hints)}
            for code, number in Counter(hint.code for hint in hints).most_common():
                more = f" (and {number - 1} more {code})" if number > 1 else ""
                output.line(firsts[code].with_severity() + more)
            output.say("some hints are summed up; for all of them: mdmentor check --severity hint")
        words = (counted(counts[severity], severity) for severity in SEVERITIES if counts[severity])
        output.say(", ".join(words) or "no problems")
        if not found and CONTACT not in notes.counts(queries.index):
            output.say("but no note counts as a contact; see: mdmentor status")
    return 1 if counts[ERROR] or counts[WARNING] else 0


@click.command("status")
@click.option("--contacts", is_flag=True, help="List everybody who counts as a contact, and by which rule.")
@click.option("--skipped", is_flag=True, help="List everything that was left out, and why.")
@options.reading
def status(queries: Queries, as_json: bool, contacts: bool, skipped: bool) -> Any:
    """What was found in the vault and by which rule, what was skipped and why, and the age of the index.

    --json always has both lists.

    \b
    Example:
      mdmentor status
      mdmentor status --contacts
      mdmentor status --skipped
    """
    from mdmentor.status import Status

    assert queries.scan is not None
    report = Status(queries, queries.scan)
    if as_json:
        return report.to_json()
    if contacts or skipped:
        output.lines(report.contact_lines() if contacts else ())
        output.lines(report.skipped_lines() if skipped else ())
        return
    for text in report.lines():
        first = "  " * text.startswith("  ")
        output.paragraph(text.strip(), first + "    ", first=first)


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), required=False)
def completion(shell: str | None) -> None:
    """How to set up the completion of commands and names in your SHELL.

    \b
    Example:
      mdmentor completion zsh
    """
    source = "_MDMENTOR_COMPLETE={}_source mdmentor"
    lines = {
        "bash": ("~/.bashrc", f'eval "$({source})"'),
        "zsh": ("~/.zshrc, below the one with compinit", f'eval "$({source})"'),
        "fish": ("~/.config/fish/completions/mdmentor.fish", f"{source} | source"),
    }
    for name in (shell,) if shell else lines:
        file, line = lines[name]
        output.line(f"{name}: put this line into {file}")
        output.line(f"  {line.format(name)}")


@click.command("lsp")
@options.vault_option
@options.today_option
def lsp(vault: str | None, today: date | None) -> int:
    """A language server for your editor, on the standard streams; docs/editors.md says how to set it up.

    It offers people, notes, keys and marks while you write, shows who is behind a link, and reports and fixes
    what check would report. Needs the extra: pip install "mdmentor[lsp]".

    \b
    Example:
      mdmentor lsp
    """
    try:
        from mdmentor.lsp.start import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol"):
            raise
        what = "the language server is not installed"
        raise WorldFailed(what, 'run: pip install "mdmentor[lsp]"') from error
    return serve(vault, lambda: today or options.clock_today())
