"""Lives years of many seeds under every rule and prints Markdown tables: `python -m benchmarks.ranking.run`.

Without more it prints the first four tables of RESULTS.md; `--table` picks some of all. The same seeds give
the same numbers on every machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from statistics import mean, stdev

from benchmarks.ranking.beyond import IDEAS
from benchmarks.ranking.life import DAYS, WORTH, Worth, Year, live
from benchmarks.ranking.rules import HORIZONS, RULES, Bound
from benchmarks.ranking.world import World

STRONG = ("longest quiet", "days overdue+setup", "two pools", "control", "control+goals", "mdmentor")
CHANGED = (
    World(0),
    World(0, half_life=0.5),
    World(0, half_life=2.0),
    World(0, answers=0.5),
    World(0, answers=1.5),
    World(0, size=40),
    World(0, size=160),
    World(0, kind_told=0.0),
    World(0, promises=0.5, thanks=0.5),
)
WEIGHTS = {
    "as declared": WORTH,
    "tie strength four times": Worth(strength=4.0, lost=-1.6),
    "duties half": Worth(kept=0.25, late=-0.12, broken=-0.25, thanked=0.15, unthanked=-0.1, birthday=0.1),
    "tie strength only": Worth(1.0, -0.4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Job:
    """One year to live."""

    world: World
    rule: str
    per_day: int
    worth: Worth = WORTH


@dataclass(frozen=True, slots=True)
class Runner:
    """What all tables are made with; a year that two tables need is lived once."""

    seeds: Sequence[int]
    per_day: int
    size: int
    workers: int
    lived: dict[Job, Year] = field(default_factory=dict)

    def worlds(self, like: World, *, half: bool = False) -> list[World]:
        seeds = self.seeds[: max(1, len(self.seeds) // 2)] if half else self.seeds
        return [replace(like, seed=seed) for seed in seeds]

    def live_all(self, jobs: Iterable[Job]) -> dict[Job, Year]:
        """The years of these jobs, and of all before."""
        todo = [job for job in dict.fromkeys(jobs) if job not in self.lived]
        with ProcessPoolExecutor(self.workers) as pool:
            self.lived.update(zip(todo, pool.map(run_job, todo, chunksize=2), strict=True))
        return self.lived


def run_job(job: Job) -> Year:
    """One year; for the bound the best of its policies by worth."""
    if job.rule == "bound":
        policies = (Bound(horizon, job.worth) for horizon in HORIZONS)
        years = (live(job.world, policy, job.per_day, DAYS, job.worth) for policy in policies)
        return max(years, key=lambda year: year.worth)
    make, setup = RULES.get(job.rule) or (IDEAS[job.rule], False)
    return live(replace(job.world, setup=setup), make(), job.per_day, DAYS, job.worth)


def find_gains(
    runner: Runner, rules: Sequence[str], worlds: Sequence[World], per_day: int, worth: Worth = WORTH
) -> tuple[dict[str, list[float]], dict[str, list[Year]]]:
    """Per rule and world the share of what the bound adds to doing nothing, and the years themselves."""
    everything = list(dict.fromkeys(["none", "bound", *rules]))
    years = runner.live_all(Job(w, r, per_day, worth) for w in worlds for r in everything)
    lived = {rule: [years[Job(world, rule, per_day, worth)] for world in worlds] for rule in everything}
    gains: dict[str, list[float]] = {}
    for rule in rules:
        triples = zip(lived[rule], lived["none"], lived["bound"], strict=True)
        gains[rule] = [(y.worth - n.worth) / (b.worth - n.worth) for y, n, b in triples]
    return gains, lived


# --- tables -----------------------------------------------------------------------------------------------

COLUMNS: dict[str, Callable[[Year], float]] = {
    "strength": lambda year: year.strength,
    "in rhythm": lambda year: year.in_rhythm,
    "lost": lambda year: year.lost,
    "promises": lambda year: _share([kept == 1 for kept in year.promises]),
    "thanks": lambda year: _share(year.thanks),
    "birthdays": lambda year: _share(year.birthdays),
    "goal talks": lambda year: year.goal_talks,
    "new": lambda year: _share(year.new),
    "nudges": lambda year: year.nudges,
    "too soon": lambda year: year.soon,
    "longest list": lambda year: year.longest,
    "calls": lambda year: year.calls,
}


def tell_everything(runner: Runner) -> None:
    """Every rule and every metric at one budget."""
    rules = [*RULES, "bound"]
    worlds = runner.worlds(World(0, size=runner.size))
    gains, lived = find_gains(runner, rules, worlds, runner.per_day)
    _heading(f"Every metric: {runner.size} contacts, {runner.per_day} a day")
    _row("rule", "gain", *COLUMNS)
    _row(*["---"] * (len(COLUMNS) + 2))
    for rule in rules:
        values = [mean(column(year) for year in lived[rule]) for column in COLUMNS.values()]
        _row(rule, _spread(gains[rule]), *(_number(value) for value in values))


def tell_budgets(runner: Runner) -> None:
    """Gain at three, two and one a day, and in how many paired seeds ours is ahead."""
    rules = [rule for rule in RULES if rule != "none"]
    worlds = runner.worlds(World(0, size=runner.size))
    told = {n: find_gains(runner, rules, worlds, n)[0] for n in (3, 2, 1)}
    _heading(f"Gain at every budget: {runner.size} contacts")
    _row("rule", *(f"{n} a day | ours ahead" for n in told))
    _row(*["---"] * 7)
    for rule in rules:
        cells = []
        for gains in told.values():
            wins = sum(ours > theirs for ours, theirs in zip(gains["mdmentor"], gains[rule], strict=True))
            cells += [_spread(gains[rule]), "" if rule == "mdmentor" else f"{wins} of {len(worlds)}"]
        _row(rule, *cells)


def tell_sizes(runner: Runner) -> None:
    """Gain in a small and a large vault, on half the seeds."""
    _heading(f"Gain by number of contacts: {runner.per_day} a day")
    told = [
        find_gains(runner, STRONG, runner.worlds(World(0, size=size), half=True), runner.per_day)[0]
        for size in (40, 80, 300)
    ]
    _by_rule(STRONG, ("40", "80", "300"), told)


def tell_worlds(runner: Runner) -> None:
    """Gain in worlds other than the one the constants were looked at in, on half the seeds."""
    _heading(f"Gain in changed worlds: {runner.per_day} a day")
    _row("world", *STRONG)
    _row(*["---"] * (len(STRONG) + 1))
    for like in CHANGED:
        gains, _ = find_gains(runner, STRONG, runner.worlds(like, half=True), runner.per_day)
        _row(_difference(like), *(f"{mean(gains[rule]):.2f}" for rule in STRONG))


def tell_weights(runner: Runner) -> None:
    """Gain when the metrics weigh otherwise, on half the seeds."""
    _heading(f"Gain under other weights: {runner.size} contacts, {runner.per_day} a day")
    worlds = runner.worlds(World(0, size=runner.size), half=True)
    _row("weights", *STRONG)
    _row(*["---"] * (len(STRONG) + 1))
    for name, worth in WEIGHTS.items():
        gains, _ = find_gains(runner, STRONG, worlds, runner.per_day, worth)
        _row(name, *(f"{mean(gains[rule]):.2f}" for rule in STRONG))


def tell_beyond(runner: Runner) -> None:
    """Ideas beyond our rule, each paired with it: the difference in gain, with its standard error."""
    _heading("Beyond the rule: difference in gain, paired, with standard error")
    places = [(World(0), 3), (World(0), 1), (World(0, size=40), 3), (World(0, half_life=0.5), 3)]
    places += [(World(0, answers=0.5), 3), (World(0, size=160), 3)]
    told = [find_gains(runner, list(IDEAS), runner.worlds(like), n)[0] for like, n in places]
    _row("idea", *(f"{_difference(like)}, {n} a day" for like, n in places), "all")
    _row(*["---"] * (len(places) + 2))
    for idea in IDEAS:
        if idea == "mdmentor":
            _row("(mdmentor)", *(f"{mean(gains[idea]):.3f}" for gains in told), "")
            continue
        leads = [
            [new - ours for new, ours in zip(gains[idea], gains["mdmentor"], strict=True)] for gains in told
        ]
        every = [lead for part in leads for lead in part]
        _row(idea, *(f"{mean(part):+.3f}" for part in leads), f"{mean(every):+.3f} ± {_error(every):.3f}")


TABLES: dict[str, Callable[[Runner], None]] = {
    "everything": tell_everything,
    "budgets": tell_budgets,
    "sizes": tell_sizes,
    "worlds": tell_worlds,
    "weights": tell_weights,
    "beyond": tell_beyond,
}
USUAL = ("everything", "budgets", "sizes", "worlds")  # the others take as long again


def _by_rule(rules: Sequence[str], heads: Sequence[str], told: Sequence[dict[str, list[float]]]) -> None:
    _row("rule", *heads)
    _row(*["---"] * (len(heads) + 1))
    for rule in rules:
        _row(rule, *(_spread(gains[rule]) for gains in told))


def _difference(world: World) -> str:
    """What is other in a world, as words: "half_life x0.5"."""
    plain = World(world.seed)
    fields = [name for name in World.__slots__ if getattr(world, name) != getattr(plain, name)]
    if not fields:
        return "as is"
    return ", ".join(
        f"{getattr(world, name)} contacts" if name == "size" else f"{name} x{getattr(world, name)}"
        for name in fields
    )


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _spread(values: Sequence[float]) -> str:
    return f"{mean(values):.2f} ± {stdev(values) if len(values) > 1 else 0:.2f}"


def _error(values: Sequence[float]) -> float:
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 1.5 else f"{value:.0f}"


def _heading(text: str) -> None:
    print(f"\n### {text}\n")


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="101-120", help="FIRST-LAST (default 101-120)")
    parser.add_argument("--per-day", type=int, default=3)
    parser.add_argument("--size", type=int, default=80, help="number of contacts")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--table", choices=[*TABLES], action="append", help="only this table")
    told = parser.parse_args(arguments)
    first, _, last = told.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    runner = Runner(seeds, told.per_day, told.size, told.workers)
    began = time.perf_counter()
    for name in told.table or USUAL:
        TABLES[name](runner)
    print(f"{time.perf_counter() - began:.0f} seconds", file=sys.stderr)


if __name__ == "__main__":
    main()
