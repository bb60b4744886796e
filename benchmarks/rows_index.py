"""Rows of the index: built from nothing, found unchanged, one note changed; and the memory that it takes."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.bench import Bench
from benchmarks.memory import peak_together
from benchmarks.row import Limit, Row, in_unit
from benchmarks.timing import Command, Rounds, in_turn
from benchmarks.trial import Trial


def cold(bench: Bench) -> list[Row]:
    """No index, no pages. headless-vault-kit does the most comparable work of all that install."""
    trial = bench.middle
    rival = bench.rivals.scan(trial)
    commands = {"read": trial.floor("read"), "cold": trial.cold()}
    # of three rounds the median is off by as much as a thirtieth, and that is how near the limit is
    rounds = bench.rounds * 3
    took = in_turn(commands | ({"rival": rival} if rival else {}), rounds, least=rounds)
    rows = [
        Row(
            f"cold reindex, {trial.notes:,} notes",
            "read all bytes",
            took.ratio("cold", "read"),
            limit=Limit(22, 15),
            headline=f"the first run, {trial.notes:,} notes",
            note=f"{took.seconds('cold'):.2f} s, of processors {took.cpu('cold'):.2f} s; {took.seconds('read'):.3f} s",
        )
    ]
    if rival:
        name = bench.rivals.named("headless-vault-kit")
        rows.append(
            Row(
                f"cold reindex, {trial.notes:,} notes",
                f"times faster than {name} scan",
                took.ratio("rival", "cold"),
                limit=Limit(4, 6, is_least=True),
                note=f"{took.seconds('cold'):.2f} s; {took.seconds('rival'):.2f} s",
            )
        )
    _note(bench, trial, took)
    return rows


def memory(bench: Bench) -> list[Row]:
    """Peak of the largest process, as the system accounts for it, and of all processes together."""
    middle, largest = bench.middle.notes, bench.sizes[-1]
    peaks: dict[int, float] = {}
    sums: dict[int, float | None] = {}
    for notes in bench.sizes:
        trial = bench.trial(notes)
        took = in_turn({"read": trial.floor("read"), "cold": trial.cold()}, min(bench.rounds, 3))
        _note(bench, trial, took)
        peaks[notes] = took.peak("cold")
        bench.note("peak", notes, peaks[notes])
        bench.note("largest page", notes, trial.largest_page())
        if notes in (middle, largest):
            sums[notes] = peak_together(trial.cold())
    rows = [
        Row(
            f"peak memory, cold, {middle:,} notes",
            "",
            peaks[middle],
            "MiB",
            Limit(60, 40),
            headline=f"its memory, {middle:,} notes",
            note="the largest process" + _together(sums[middle], "MiB"),
        )
    ]
    if largest > middle:
        before, after = sums[middle], sums[largest]
        both = None if before is None or after is None else _kib_per_note(before, after, largest - middle)
        rows.append(
            Row(
                f"its growth per note, to {largest:,}",
                "",
                _kib_per_note(peaks[middle], peaks[largest], largest - middle),
                "KiB",
                Limit(1, 0.5),
                note=f"the largest process, {peaks[largest]:.0f} MiB at {largest:,}" + _together(both, "KiB"),
            )
        )
    return rows


def _together(value: float | None, unit: str) -> str:
    return "" if value is None else f"; all of its processes together {in_unit(value, unit)}"


def _kib_per_note(before: float, after: float, notes: int) -> float:
    return (after - before) * 1024 / notes


def settled(bench: Bench) -> list[Row]:
    """With a current index, at all sizes in turn: nothing changed, and one note changed."""
    trials = [bench.trial(notes) for notes in bench.sizes]
    commands: dict[str, Command] = {}
    for number, trial in enumerate(trials):
        walk = trial.floor("walk")
        if not number:  # before each round
            walk = replace(walk, before=lambda: settle_all(trials))
        commands |= {
            f"walk {trial.notes}": walk,
            f"unchanged {trial.notes}": trial.reindex(),
            f"one {trial.notes}": trial.edited(),
        }
    settle_all(trials)
    took = in_turn(commands, bench.rounds)
    for trial in trials:
        for cost in ("walk", "unchanged", "one"):
            bench.note(cost, trial.notes, took.seconds(f"{cost} {trial.notes}"))
    n = bench.middle.notes
    rows = [
        Row(
            f"unchanged reindex, {n:,} notes",
            "scandir + stat walk",
            took.ratio(f"unchanged {n}", f"walk {n}"),
            limit=Limit(3, 2),
            headline=f"a run that finds nothing changed, {n:,} notes",
            note=f"{took.seconds(f'unchanged {n}'):.3f} s; {took.seconds(f'walk {n}'):.3f} s",
        ),
        Row(
            f"one note changed, {n:,} notes",
            "unchanged reindex",
            took.ratio(f"one {n}", f"unchanged {n}"),
            limit=Limit(6, 2.5),
            headline=f"a run that finds one note changed, {n:,} notes",
            note=f"{took.seconds(f'one {n}'):.3f} s; {took.seconds(f'unchanged {n}'):.3f} s",
        ),
    ]
    if bench.ends:
        few, many = (trial.notes for trial in bench.ends)
        extra = {
            size: took.seconds(f"one {size}") - took.seconds(f"unchanged {size}") for size in (few, many)
        }
        rows.append(
            Row(
                f"(one changed − unchanged), {many:,} notes",
                f"the same at {few:,}",
                extra[many] / extra[few],
                limit=Limit(2, 1.2),
                note=f"{extra[many] * 1000:.0f} ms; {extra[few] * 1000:.0f} ms",
            )
        )
    return rows


def settle_all(trials: list[Trial]) -> None:
    """All indexes current, none of the notes so young that its stamp proves nothing."""
    for number, trial in enumerate(trials):
        trial.settle(wait=not number)


def _note(bench: Bench, trial: Trial, took: Rounds) -> None:
    bench.note("cold", trial.notes, took.seconds("cold"))
    bench.note("read", trial.notes, took.seconds("read"))
