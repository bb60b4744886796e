"""Lives years of many seeds under every rule and tells what came of it: `python -m benchmarks.ranking.run`.

Prints the tables; with `--write` they become RESULTS.md, below the words of `reading.md`. `--quick` is a look in a
few seconds: one small world, forty days. The same seeds give the same numbers on every machine.

In full it takes about five minutes on two idle cores. `--keep FILE --minutes 3` does it in pieces: it stops after
so long, exits 75, and goes on where it stopped when run again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.ranking.tables import TABLES, Asked
from benchmarks.ranking.world import World
from benchmarks.ranking.years import OutOfTime, Years

HERE = Path(__file__).resolve().parent
GO_ON = 75  # sysexits' EX_TEMPFAIL


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="301-312", help="FIRST-LAST (default 301-312)")
    parser.add_argument("--size", type=int, default=80, help="number of contacts (default 80)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", choices=[*TABLES], action="append", help="only this table")
    parser.add_argument("--quick", action="store_true", help="one small world, forty days")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md instead of printing")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep lived years there, and use them")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so long")
    told = parser.parse_args(arguments)
    years = Years(1 if told.quick else told.workers, told.keep, time.monotonic() + 60 * told.minutes)
    asked = _quick(years) if told.quick else Asked(years, _seeds(told.seeds), told.size)
    try:
        lines = [line for name in told.table or TABLES for line in TABLES[name](asked)]
    except OutOfTime:
        print(f"{len(years.lived)} years lived; run again to go on", file=sys.stderr)
        return GO_ON
    if told.write:
        (HERE / "RESULTS.md").write_text(_results(lines, asked), encoding="utf-8")
    else:
        print("\n".join(lines))
    return 0


def _quick(years: Years) -> Asked:
    small = World(0, size=40)
    return Asked(years, (7,), 40, 40, (2, 1), (40,), (replace(small, queries=0.5),), ((small, 2),))


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _results(lines: Sequence[str], asked: Asked) -> str:
    """RESULTS.md: what the numbers say, which a person writes, above the numbers."""
    reading = (HERE / "reading.md").read_text(encoding="utf-8").rstrip()
    today = date.today().isoformat()  # noqa: DTZ011 - the day of whoever runs it
    made = (
        f"Made on {today} by `python -m benchmarks.ranking.run --write`. Seeds {asked.seeds[0]} to {asked.seeds[-1]}; the"
        " tables of sizes (three at 300 contacts, else four), worlds, weights and ideas (four) use the first of them."
        " None had a part in choosing a constant. A cell is the mean over the seeds ± its standard deviation."
    )
    return "\n".join([reading, "", "## The tables", "", made, *lines, ""])


if __name__ == "__main__":
    sys.exit(main())
