"""What other tools take for what they do on the same notes or the same contacts, beside what mdmentor takes."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.row import Row
from benchmarks.timing import Command, in_turn
from benchmarks.trial import Trial


def rivals(bench: Bench) -> list[Row]:
    trial, small = bench.middle, bench.trial(bench.sizes[0])
    others = bench.rivals
    cold = (
        ("headless-vault-kit", "scan", others.scan(trial), trial),
        ("graphmark", "stats (keeps no index: each run is like this)", others.graph(trial), trial),
        ("obsidiantools", "connect, gather (keeps no index)", others.gather(small), small),
        ("orbit-crm", "reindex of the people and their talks", others.orbit(trial, "reindex"), trial),
    )
    asked = (
        ("hermitcrm", "keep-in-touch", others.keep_in_touch(trial)),
        ("khard", "list", others.list_cards(trial)),
        ("orbit-crm", "status", others.orbit(trial, "status")),
    )
    rows = []
    for name, what, command, at in cold:
        rows += _beside(bench, name, what, command, "cold reindex", at.cold(), at)
    trial.settle()
    for name, what, command in asked:
        rows += _beside(bench, name, what, command, "next", trial.command("next"), trial)
    return rows


def _beside(
    bench: Bench, name: str, what: str, command: Command | None, own: str, ours: Command, trial: Trial
) -> list[Row]:
    """How many times as long as mdmentor a rival takes, in turn; no row where it did not install."""
    if command is None:
        return []
    took = in_turn({"rival": command, "ours": ours}, min(bench.rounds, 3))
    bench.say(f"{name}: {took.seconds('rival'):.2f} s")
    return [
        Row(
            f"{bench.rivals.named(name)} {what}, {trial.notes:,} notes",
            f"mdmentor {own}",
            took.ratio("rival", "ours"),
            note=f"{took.seconds('rival'):.2f} s, {took.peak('rival'):.0f} MiB; {took.seconds('ours'):.3f} s",
        )
    ]
