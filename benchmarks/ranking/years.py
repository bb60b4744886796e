"""Years lived once and kept: which ones a table needs, lived by several processes, resumed where one stopped."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from benchmarks.ranking.beyond import DROPPED, IDEAS
from benchmarks.ranking.life import DAYS, WORTH, Worth, Year, live
from benchmarks.ranking.rules import HORIZONS, RULES, Bound
from benchmarks.ranking.world import World

ROOT = Path(__file__).resolve().parents[2]
# The modules on which a year depends: when one changes, kept years are no longer true.
WORLDLY = tuple(f"benchmarks/ranking/{name}.py" for name in ("world", "life", "rules"))
RULING = tuple(
    f"mdmentor/core/{name}.py"
    for name in (
        "dates",
        "exchange",
        "ranking/__init__",
        "ranking/assess",
        "ranking/select",
    )
)


class OutOfTime(Exception):
    """The time given is over; what was lived is kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """One year to live."""

    world: World
    rule: str
    per_day: int
    worth: Worth = WORTH
    days: int = DAYS


@dataclass(slots=True)
class Years:
    """Lives the years that are asked for; one that two tables need is lived once."""

    workers: int
    keep: Path | None = None  # a file in which they outlast the run
    ends: float = float("inf")  # on the clock of time.monotonic
    lived: dict[Job, Year] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.keep is not None and self.keep.exists():
            digest, lived = pickle.loads(self.keep.read_bytes())
            if digest == code_digest():
                self.lived = lived

    def live_all(self, jobs: Iterable[Job]) -> dict[Job, Year]:
        """These years and all before. Raises OutOfTime, with those kept that were lived."""
        rest = iter([job for job in dict.fromkeys(jobs) if job not in self.lived])
        with ProcessPoolExecutor(self.workers) if self.workers > 1 else nullcontext() as pool:
            while some := list(islice(rest, 24 * self.workers)):
                if time.monotonic() > self.ends:
                    raise OutOfTime
                years = pool.map(run_job, some, chunksize=3) if pool else map(run_job, some)
                self.lived.update(zip(some, years, strict=True))
                self._save()
        return self.lived

    def _save(self) -> None:
        if self.keep is not None:
            self.keep.write_bytes(pickle.dumps((code_digest(), self.lived)))

    def gains(
        self, rules: Sequence[str], worlds: Sequence[World], per_day: int, worth: Worth, days: int
    ) -> tuple[dict[str, list[float]], dict[str, list[Year]]]:
        """Per rule and world the share of what the bound adds to doing nothing, and the years themselves."""
        everything = list(dict.fromkeys(["none", "bound", *rules]))
        years = self.live_all(Job(w, r, per_day, worth, days) for w in worlds for r in everything)
        lived = {
            rule: [years[Job(world, rule, per_day, worth, days)] for world in worlds] for rule in everything
        }
        gains: dict[str, list[float]] = {}
        for rule in rules:
            triples = zip(lived[rule], lived["none"], lived["bound"], strict=True)
            gains[rule] = [(y.worth - n.worth) / (b.worth - n.worth) for y, n, b in triples]
        return gains, lived


def run_job(job: Job) -> Year:
    """One year; for the bound the best of its policies by worth."""
    if job.rule == "bound":
        policies = (Bound(horizon, job.worth) for horizon in HORIZONS)
        years = (live(job.world, policy, job.per_day, job.days, job.worth) for policy in policies)
        return max(years, key=lambda year: year.worth)
    make, setup = RULES.get(job.rule) or ({**IDEAS, **DROPPED}[job.rule], False)
    return live(replace(job.world, setup=setup), make(), job.per_day, job.days, job.worth)


def code_digest() -> str:
    """A sum of the code that years depend on: the world, the rules and what of the product ranks.

    Ideas beyond the rule are left out, as each new one would throw away the years of all the others.
    """
    told = hashlib.sha256()
    for name in (*WORLDLY, *RULING):
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()
