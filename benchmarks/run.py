"""Times whole processes of mdmentor beside the floors they stand on: `python -m benchmarks.run [SIZES]`.

Each figure is a ratio of whole-process medians, the command and its floor in turn (A B A B ...), so that it
holds when the machine's speed drifts. Warm cache; the seconds are only there to give the ratios a scale.
What is found is checked against the generator's true counts before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = str(HERE / "floors.py")
TODAY = "2026-11-23"
Before = Callable[[], None]


class Bench:
    """One vault of N generated notes, with its own index folder."""

    def __init__(self, notes: int, folder: Path, runs: int) -> None:
        self.notes, self.runs = notes, runs
        self.vault, self.cache = folder / f"vault{notes}", folder / f"cache{notes}"
        if not self.vault.exists():
            made = subprocess.run(
                [sys.executable, str(HERE / "make_vault.py"), str(self.vault), "-n", str(notes)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            (folder / f"truth{notes}.json").write_text(made.stdout)
        self.truth = json.loads((folder / f"truth{notes}.json").read_text())
        self.environment = {**os.environ, "MDMENTOR_CACHE": str(self.cache), "NO_COLOR": "1"}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "mdmentor", *words, "--vault", str(self.vault)]

    def forget(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.vault / "reach-out", ignore_errors=True)

    def edit(self) -> None:
        subprocess.run([sys.executable, FLOORS, "edit", str(self.vault)], check=True, env=self.environment)

    def once(self, command: Sequence[str]) -> tuple[float, float]:
        """Wall seconds and peak MiB of one whole process."""
        started = time.perf_counter()
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        return seconds, usage.ru_maxrss / 1024

    def pair(
        self, command: Sequence[str], floor: Sequence[str], before: Before | None = None
    ) -> tuple[float, float, float]:
        """Median seconds, median ratio to the floor, and largest peak memory."""
        seconds, ratios, peaks = [], [], []
        for number in range(self.runs + 1):
            if before:
                before()
            taken, peak = self.once(command)
            least, _ = self.once(floor)
            if number:  # the first is a warm-up
                seconds.append(taken)
                ratios.append(taken / least)
                peaks.append(peak)
        return statistics.median(seconds), statistics.median(ratios), max(peaks)

    def check_truth(self) -> None:
        """Links, broken links and kinds must be exactly the generator's."""
        self.forget()
        told = json.loads(self.ask("reindex", "--json", "--today", TODAY))
        links = json.loads(self.ask("links", "--json", "--today", TODAY))
        broken = sum(link["target"] is None for link in links)
        found = (told["notes"], told["contacts"], told["posts"], len(links), broken)
        wanted = tuple(self.truth[key] for key in ("notes", "contacts", "posts", "links", "broken"))
        if found != wanted:
            raise SystemExit(f"{self.notes} notes: found {found}, the generator says {wanted}")

    def ask(self, *words: str) -> str:
        return subprocess.run(
            self.command(*words), env=self.environment, check=True, capture_output=True, text=True
        ).stdout


def measure(bench: Bench) -> list[tuple[str, str, float, float, float]]:
    """Rows of (what, floor, median seconds, ratio, peak MiB)."""
    walk, read = ([sys.executable, FLOORS, name, str(bench.vault)] for name in ("walk", "read"))
    start = [sys.executable, "-c", "pass"]
    click = [sys.executable, "-c", "import click"]
    reindex = bench.command("reindex", "--today", TODAY)
    rows = []

    def row(
        what: str, floor_name: str, command: Sequence[str], floor: Sequence[str], before: Before | None = None
    ) -> float:
        seconds, ratio, peak = bench.pair(command, floor, before)
        rows.append((what, floor_name, seconds, ratio, peak))
        print(
            f"{bench.notes:>7}  {what:<28} {seconds:8.3f} s  {ratio:6.1f}x {floor_name:<16} {peak:6.1f} MiB",
            flush=True,
        )
        return seconds

    row("cold reindex", "read all bytes", reindex, read, bench.forget)
    time.sleep(2.1)  # stamps this young are not trusted yet; settle them before timing "unchanged"
    bench.once(reindex)
    bench.once(reindex)
    row("unchanged reindex", "walk", reindex, walk)
    row("one note changed", "unchanged", reindex, reindex, bench.edit)
    bench.once(reindex)
    row("next", "python -c pass", bench.command("next", "--today", TODAY), start)
    row("search", "python -c pass", bench.command("search", "raise", "--today", TODAY), start)
    row("--version", "import click", [sys.executable, "-m", "mdmentor", "--version"], click)
    row("--help", "import click", [sys.executable, "-m", "mdmentor", "--help"], click)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "mdmentor-benchmarks")
    parser.add_argument(
        "--markdown", action="store_true", help="print a Markdown table at the end, for RESULTS.md"
    )
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tables = []
    for size in options.sizes:
        bench = Bench(size, options.folder, options.runs)
        bench.check_truth()
        tables.append((size, measure(bench)))
    if options.markdown:
        print(
            f"\n{datetime.now(UTC):%Y-%m-%d}, {platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}\n"
        )
        print("| notes | what | median | ratio to | peak |\n|---:|---|---:|---|---:|")
        for size, rows in tables:
            for what, floor, seconds, ratio, peak in rows:
                print(f"| {size} | {what} | {seconds:.3f} s | {ratio:.1f}x {floor} | {peak:.0f} MiB |")


if __name__ == "__main__":
    main()
