"""What all rows share: the sizes, the vaults, the number of rounds, and the points of the plot."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.rivals import Rivals
from benchmarks.trial import Trial

MIDDLE = 10_000  # notes; the size that the limits speak of


@dataclass
class Bench:
    """One run of the benchmark."""

    folder: Path
    sizes: tuple[int, ...]
    rounds: int
    saves: int
    burst: int
    rivals: Rivals
    skipped: list[str] = field(default_factory=list)
    points: dict[str, dict[int, float]] = field(default_factory=dict)
    _trials: dict[int, Trial] = field(default_factory=dict)

    def trial(self, notes: int) -> Trial:
        """The vault of that size; made, and checked against the generator's truth, when it is first asked for."""
        if notes not in self._trials:
            started = time.perf_counter()
            trial = Trial(notes, self.folder)
            trial.check_truth()
            self._trials[notes] = trial
            self.say(f"vault of {notes:,} notes, all of it found ({time.perf_counter() - started:.0f} s)")
        return self._trials[notes]

    @property
    def middle(self) -> Trial:
        return self.trial(MIDDLE if MIDDLE in self.sizes else self.sizes[-1])

    @property
    def ends(self) -> tuple[Trial, Trial] | None:
        """The smallest and the largest vault; None with one size only."""
        return (self.trial(self.sizes[0]), self.trial(self.sizes[-1])) if len(self.sizes) > 1 else None

    def note(self, cost: str, notes: int, value: float) -> None:
        """Keeps a point for the plot."""
        self.points.setdefault(cost, {})[notes] = value

    def say(self, line: str) -> None:
        print(f"  .. {line}", flush=True)
