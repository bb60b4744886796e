"""Whole processes, timed in turn: the one way in which anything is timed here.

A figure is a ratio of two commands that ran one after the other, round after round (A B A B ...), so it holds
when the machine's speed drifts. The first round warms the caches and is not counted.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOPWATCH = [sys.executable, "-I", "-S", str(Path(__file__).with_name("stopwatch.py"))]
LONG, VERY_LONG = 4.0, 20.0  # seconds; what takes longer is run three times, or once


@dataclass(frozen=True)
class Command:
    """A process to be timed, and what must be done before each time (untimed)."""

    words: Sequence[str]
    before: Callable[[], object] = lambda: None
    environment: Mapping[str, str] = field(default_factory=dict)
    fine: range = range(2)  # exit codes; 1 tells of problems in the notes


@dataclass(frozen=True)
class Taken:
    """One run: wall seconds, processor seconds, and peak MiB of its largest process."""

    wall: float
    cpu: float
    peak: float


def once(command: Command) -> Taken:
    """Runs it once. An exit code that is not fine ends the benchmark."""
    command.before()
    done = subprocess.run(
        [*STOPWATCH, *command.words],
        env={**os.environ, **command.environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    wall, cpu, maxrss, code = done.stdout.split()
    if int(code) not in command.fine:
        raise SystemExit(f"{' '.join(command.words)} ended with {code}")
    return Taken(float(wall), float(cpu), peak_of(int(maxrss)))


def peak_of(maxrss: int) -> float:
    """MiB; the system tells KiB on Linux and bytes on macOS."""
    return maxrss / (2**20 if os.uname().sysname == "Darwin" else 2**10)


class Rounds:
    """What several commands took that ran in turn."""

    def __init__(self, taken: Mapping[str, list[Taken]]) -> None:
        self.taken = taken

    def seconds(self, name: str) -> float:
        """The median."""
        return statistics.median(run.wall for run in self.taken[name])

    def cpu(self, name: str) -> float:
        """The median of processor seconds, of all its processes."""
        return statistics.median(run.cpu for run in self.taken[name])

    def ratio(self, name: str, *floors: str) -> float:
        """The median, over the rounds, of what it took to what the floors took together in the same round."""
        least = zip(*(self.taken[floor] for floor in floors), strict=True)
        sums = [sum(run.wall for run in runs) for runs in least]
        return statistics.median(own.wall / floor for own, floor in zip(self.taken[name], sums, strict=True))

    def peak(self, name: str) -> float:
        return max(run.peak for run in self.taken[name])

    def count(self) -> int:
        return len(next(iter(self.taken.values())))


def in_turn(commands: Mapping[str, Command], rounds: int, *, least: int = 3) -> Rounds:
    """Runs all of them, round after round; no more rounds than the `least` where one of them takes long."""
    first = {name: once(command) for name, command in commands.items()}
    slowest = max(run.wall for run in first.values())
    if slowest > VERY_LONG:
        return Rounds({name: [run] for name, run in first.items()})
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(min(rounds, least) if slowest > LONG else rounds):
        for name, command in commands.items():
            taken[name].append(once(command))
    return Rounds(taken)
