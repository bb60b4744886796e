"""Rows of the doors outward: what an export takes beside the list of the same people."""

from __future__ import annotations

from benchmarks.bench import Bench
from benchmarks.row import Limit, Row
from benchmarks.timing import in_turn

FORMATS = ("vcard", "csv", "json", "ics")


def export(bench: Bench) -> list[Row]:
    """Everybody in each format, from a current index."""
    trial = bench.middle
    trial.settle()
    commands = {form: trial.command("export", form) for form in FORMATS}
    took = in_turn({"contacts": trial.command("contacts", "--json"), **commands}, bench.rounds)
    people = trial.truth["contacts"]
    return [
        Row(
            f"export {form}, {people:,} contacts",
            "contacts --json",
            took.ratio(form, "contacts"),
            limit=Limit(6, 2),
            note=f"{took.seconds(form) * 1000:.0f} ms; {took.seconds('contacts') * 1000:.0f} ms",
        )
        for form in FORMATS
    ]
