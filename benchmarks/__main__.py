"""Measures mdmentor as it stands, beside its floors and its rivals: `python -m benchmarks`.

    python -m benchmarks                        the whole table, up to 100,000 notes
    python -m benchmarks --write                the same, into RESULTS.md, docs/speed.md and growth.svg
    python -m benchmarks --sizes 1000 10000     without the largest vault
    python -m benchmarks --only next start      some rows alone
    python -m benchmarks --no-rivals            without other tools; then nothing is installed

Run it on a quiet machine. The whole takes about half an hour on two cores, needs 2 GB of disk for that time,
and tells as it goes. As root, on Linux, it also measures an empty file cache and a slow disk.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import mdmentor
from benchmarks.bench import Bench
from benchmarks.machine import machine
from benchmarks.report import render_results, render_summary
from benchmarks.rivals import Rivals
from benchmarks.row import Row
from benchmarks.rows_answers import log, next_, start
from benchmarks.rows_cliffs import cliffs
from benchmarks.rows_doors import export, import_
from benchmarks.rows_index import cold, memory, settled
from benchmarks.rows_lsp import lsp
from benchmarks.rows_merge import merge
from benchmarks.rows_rivals import rivals
from benchmarks.rows_watch import bursts, watch
from benchmarks.trial import HERE, PYTHON

GROUPS = {
    "cold": cold,
    "settled": settled,
    "next": next_,
    "log": log,
    "start": start,
    "memory": memory,
    "export": export,
    "import": import_,  # before the rows that delete notes: ext4 finds inodes more slowly for minutes afterwards
    "watch": watch,
    "bursts": bursts,
    "merge": merge,
    "lsp": lsp,
    "cliffs": cliffs,
    "rivals": rivals,
}
MARKS = ("<!-- measured -->", "<!-- /measured -->")
APART = ("cliffs", "rivals")  # the parts of RESULTS.md that are not the limits


def main() -> None:
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no watcher is left running
    # As pip leaves an installed program; from a checkout, modules may otherwise be compiled at every start.
    compileall.compile_dir(Path(mdmentor.__file__).parent, quiet=1)
    on = machine()
    for what, told in on:
        print(f"{what}: {told}")
    with scratch(options.folder) as folder:
        bench = Bench(
            folder,
            tuple(sorted(options.sizes)),
            options.rounds,
            options.saves,
            options.burst,
            Rivals(folder / "rivals", not options.no_rivals),
        )
        rows = measure(bench, options.only)
    if options.write:
        results = render_results(on, rows, bench.skipped, bench.points)
        (HERE / "RESULTS.md").write_text(results, encoding="utf-8")
        put_summary(
            HERE.parent / "docs" / "speed.md", render_summary(on, [r for part in rows.values() for r in part])
        )
        draw(bench, HERE / "growth.svg")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000], help="notes of the vaults")
    add("--only", nargs="+", choices=list(GROUPS), help="these rows alone")
    add("--rounds", type=int, default=5, help="how often each is taken (5); fewer where it takes long")
    add("--saves", type=int, default=100, help="saves under the watcher (100)")
    add("--burst", type=int, default=30_000, help="notes written in one burst (30,000)")
    add("--no-rivals", action="store_true", help="install and run no other tool")
    add("--folder", type=Path, help="keep vaults and rivals here for the next time; else a temporary folder")
    add(
        "--write",
        action="store_true",
        help="write RESULTS.md, its summary in docs/speed.md, and growth.svg (drawn with the extra bench)",
    )
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("--write wants the whole table: leave out --only")
    if min(options.sizes) < 100:
        parser.error("a vault of less than 100 notes says nothing")
    return options


@contextlib.contextmanager
def scratch(kept: Path | None) -> Iterator[Path]:
    """The folder for vaults: a temporary one that goes in the end, or the one that was named."""
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="mdmentor-benchmarks-")).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(bench: Bench, only: list[str] | None) -> dict[str, list[Row]]:
    """The rows, by the part of RESULTS.md that they belong to; each printed as soon as it is there."""
    rows: dict[str, list[Row]] = {"limits": [], **{part: [] for part in APART}}
    began = time.perf_counter()
    for name, take in GROUPS.items():
        if only and name not in only:
            continue
        started = time.perf_counter()
        for row in take(bench):
            rows[name if name in APART else "limits"].append(row)
            print(row.line(), flush=True)
        bench.say(f"{name} took {time.perf_counter() - started:.0f} s")
    bench.say(f"all of it took {(time.perf_counter() - began) / 60:.1f} minutes")
    return rows


def put_summary(page: Path, summary: str) -> None:
    """Between the two marks that the page has for it."""
    before, mark, rest = page.read_text(encoding="utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if mark and end:
        page.write_text(f"{before}{mark}\n{summary}\n{end}{after}", encoding="utf-8")


def draw(bench: Bench, file: Path) -> None:
    """In a process of its own: a library for drawing would make this one large, and with it what it measures."""
    words = [PYTHON, "-m", "benchmarks.plot", str(file)]
    told = subprocess.run(
        words, cwd=HERE.parent, input=json.dumps(bench.points), text=True, stderr=subprocess.PIPE, check=False
    )
    if told.returncode:
        why = told.stderr.strip().splitlines()[-1]
        bench.say(f"{file.name} stays as it was ({why}); to draw it: pip install -e '.[bench]'")


if __name__ == "__main__":
    main()
