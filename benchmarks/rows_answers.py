"""Rows of what a person waits for at the prompt: `next`, `log`, and what every command pays to start."""

from __future__ import annotations

import contextlib

from benchmarks.bench import Bench
from benchmarks.row import Limit, Row
from benchmarks.rows_index import settle_all
from benchmarks.timing import Command, in_turn
from benchmarks.trial import IMPORT_CLICK, START
from benchmarks.watcher import watching


def next_(bench: Bench) -> list[Row]:
    """With a current index: all notes are compared with it."""
    trial = bench.middle
    trial.settle()
    took = in_turn({"start": START, "next": trial.command("next")}, bench.rounds)
    rows = [
        Row(
            f"next, {trial.notes:,} notes ({trial.truth['contacts']:,} contacts)",
            "python -c pass",
            took.ratio("next", "start"),
            limit=Limit(10, 7),
            headline="`next`, nothing changed",
            note=f"{took.seconds('next') * 1000:.0f} ms; index current",
        )
    ]
    return rows + (_next_growth(bench) if bench.ends else [])


def _next_growth(bench: Bench) -> list[Row]:
    """At all sizes in turn, without a watcher (then `next` walks the vault first) and with one."""
    trials = [bench.trial(notes) for notes in bench.sizes]
    few, many = bench.sizes[0], bench.sizes[-1]
    settle_all(trials)
    commands = {"start": START}
    for trial in trials:
        commands[f"walk {trial.notes}"] = trial.floor("walk")
        commands[f"next {trial.notes}"] = trial.command("next")
    alone = in_turn(commands, bench.rounds)
    with contextlib.ExitStack() as watchers:
        for trial in trials:
            watchers.enter_context(watching(trial))
        watched = in_turn({f"next {t.notes}": t.command("next") for t in trials}, bench.rounds)
    for trial in trials:
        bench.note("next", trial.notes, alone.seconds(f"next {trial.notes}"))
        bench.note("next, watched", trial.notes, watched.seconds(f"next {trial.notes}"))

    def aside(notes: int) -> float:
        """What `next` takes over the bare walk, which its own walk may be quicker than: then nothing."""
        over = alone.seconds(f"next {notes}") - (alone.seconds(f"walk {notes}") - alone.seconds("start"))
        return max(over, 0.0)

    limit = Limit(1.5, 1.2)
    return [
        Row(
            f"next, {many:,} notes, a watcher running",
            f"the same at {few:,}",
            watched.ratio(f"next {many}", f"next {few}"),
            limit=limit,
            note=f"{watched.seconds(f'next {many}') * 1000:.0f} ms; {watched.seconds(f'next {few}') * 1000:.0f} ms",
        ),
        Row(
            f"next, {many:,} notes, no watcher, the walk aside",
            f"the same at {few:,}",
            aside(many) / aside(few) if aside(few) else 0.0,
            limit=limit,
            note=f"{aside(many) * 1000:.0f} ms; {aside(few) * 1000:.0f} ms"
            f" (with the walk {alone.seconds(f'next {many}') * 1000:.0f} ms)",
        ),
    ]


def log(bench: Bench) -> list[Row]:
    """A line written into a contact's log; each time the index has the line before to take in."""
    trial = bench.middle
    trial.settle()
    command = trial.command("log", trial.person(), "coffee: talked about the raise #got")
    took = in_turn({"start": START, "log": command}, bench.rounds)
    return [
        Row(
            'log NAME "..."',
            "python -c pass",
            took.ratio("log", "start"),
            limit=Limit(14, 9),
            headline="`log`",
            note=f"{took.seconds('log') * 1000:.0f} ms; {trial.notes:,} notes",
        )
    ]


def start(bench: Bench) -> list[Row]:
    """What each command pays before it does anything."""
    trial = bench.middle
    trial.settle()
    name = trial.person()
    typed = f"mdmentor show {name.split()[0]}"
    completion = Command(
        trial.command(dated=False).words,
        environment={
            **trial.environment,
            "_MDMENTOR_COMPLETE": "bash_complete",
            "COMP_WORDS": typed,
            "COMP_CWORD": "2",
        },
    )
    commands = {
        "--version": trial.command("--version", dated=False),
        "--help": trial.command("--help", dated=False),
        "completion of a name": completion,
    }
    took = in_turn({"click": IMPORT_CLICK, **commands}, bench.rounds * 2)
    limit = Limit(1.5, 1.2)
    return [
        Row(
            name,
            "import click",
            took.ratio(name, "click"),
            limit=limit,
            note=f"{took.seconds(name) * 1000:.0f} ms",
        )
        for name in commands
    ]
