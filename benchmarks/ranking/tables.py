"""The tables of RESULTS.md, each as lines of Markdown: every number a mean over seeds, most with their spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from statistics import mean, stdev

from benchmarks.ranking.beyond import IDEAS
from benchmarks.ranking.life import DAYS, WORTH, Worth, Year
from benchmarks.ranking.rules import RULES
from benchmarks.ranking.world import World
from benchmarks.ranking.years import Years

OURS = "mdmentor"
STRONG = ("longest quiet", "days overdue+setup", "two pools", "control", "control+goals", OURS)
CHANGED = (
    World(0, half_life=0.5),
    World(0, half_life=2.0),
    World(0, queries=0.5),
    World(0, rhythm=2.0),
    World(0, kind_told=0.0, log_told=0.0, details_told=0.5),
    World(0, kind_told=1.1, log_told=2.0, details_told=2.0),
    World(0, promises=0.3, thanks=0.3),
    World(0, goals=0.0),
    World(0, remembered=0.6),
    World(0, bridges=False),
    World(0, parties=0),
)
WEIGHTS = {
    "tie strength four times": Worth(strength=4.0, lost=-1.6),
    "duties half": Worth(kept=0.25, late=-0.12, broken=-0.25, thanked=0.15, unthanked=-0.1, birthday=0.1),
    "nothing but promises and ties": Worth(
        thanked=0, unthanked=0, birthday=0, goal=0, new=0, nudge=0, soon=0
    ),
    "tie strength only": Worth(1.0, -0.4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
}
# Where an idea has to hold: budgets, sizes and worlds in which it was not thought of.
PLACES = (
    (World(0), 3),
    (World(0), 1),
    (World(0, queries=0.5, half_life=0.5), 3),
    (World(0, log_told=2.0, details_told=2.0), 2),
)
COLUMNS: dict[str, Callable[[Year], float]] = {
    "strength": lambda year: year.strength,
    "in rhythm": lambda year: year.in_rhythm,
    "lost": lambda year: year.lost,
    "promises": lambda year: _share([kept == 1 for kept in year.promises]),
    "thanks": lambda year: _share(year.thanks),
    "birthdays": lambda year: _share(year.birthdays),
    "in notes": lambda year: _share(year.told_birthdays),
    "goal talks": lambda year: year.goal_talks,
    "new": lambda year: _share(year.new),
    "nudges": lambda year: year.nudges,
    "too soon": lambda year: year.soon,
    "longest list": lambda year: year.longest,
    "calls": lambda year: year.calls,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the tables are made of."""

    years: Years
    seeds: Sequence[int]
    size: int = 80
    days: int = DAYS
    budgets: Sequence[int] = (3, 2, 1)
    sizes: Sequence[int] = (40, 80, 300)
    changed: Sequence[World] = CHANGED
    places: Sequence[tuple[World, int]] = PLACES

    def worlds(self, like: World) -> list[World]:
        """The world under every seed."""
        return [replace(like, seed=seed) for seed in self.seeds]

    def some_worlds(self, like: World, most: int = 4) -> list[World]:
        """The same under the first seeds alone, where a table asks for many worlds."""
        return self.worlds(like)[:most]

    def gains(
        self, rules: Sequence[str], worlds: Sequence[World], per_day: int, worth: Worth = WORTH
    ) -> tuple[dict[str, list[float]], dict[str, list[Year]]]:
        return self.years.gains(rules, worlds, per_day, worth, self.days)


def everything(asked: Asked) -> Iterator[str]:
    """Every rule and every metric at the largest budget."""
    rules = [*RULES, "bound"]
    per_day = asked.budgets[0]
    gains, lived = asked.gains(rules, asked.worlds(World(0, size=asked.size)), per_day)
    yield from _heading(f"Every metric: {asked.size} contacts, {per_day} a day", "rule", "gain", *COLUMNS)
    for rule in rules:
        values = [_spread([column(year) for year in lived[rule]]) for column in COLUMNS.values()]
        yield _row(rule, _spread(gains[rule]), *values)


def budgets(asked: Asked) -> Iterator[str]:
    """Gain at every budget, and in how many paired seeds ours is ahead."""
    rules = [rule for rule in RULES if rule != "none"]
    worlds = asked.worlds(World(0, size=asked.size))
    told = [(n, asked.gains(rules, worlds, n)[0]) for n in asked.budgets]
    heads = [head for n, _ in told for head in (f"{n} a day", "ours ahead")]
    yield from _heading(f"Gain at every budget: {asked.size} contacts", "rule", *heads)
    for rule in rules:
        yield _row(rule, *(cell for _, gains in told for cell in _with_wins(gains, rule)))


def sizes(asked: Asked) -> Iterator[str]:
    """The strong rules in small and large vaults at every budget, on some of the seeds."""
    places = [(size, n) for size in asked.sizes for n in asked.budgets]
    told = [
        asked.gains(STRONG, asked.some_worlds(World(0, size=s), 4 if s < 100 else 3), n)[0] for s, n in places
    ]
    heads = [f"{size}, {n} a day" for size, n in places]
    yield from _heading("Gain by number of contacts and budget, ours ahead in so many seeds", "rule", *heads)
    for rule in STRONG:
        cells = [" | ".join(_with_wins(gains, rule)) for gains in told]
        yield _row(rule, *(_in_one_cell(cell) for cell in cells))


def worlds(asked: Asked) -> Iterator[str]:
    """Worlds other than the one the constants were looked at in, on some of the seeds."""
    per_day = asked.budgets[0]
    yield from _heading(f"Gain in changed worlds: {per_day} a day", "world", *STRONG, "best rival behind in")
    for like in (World(0), *asked.changed):
        gains, _ = asked.gains(STRONG, asked.some_worlds(like), per_day)
        best = max((rule for rule in STRONG if rule != OURS), key=lambda rule: mean(gains[rule]))
        wins = f"{best}: {_wins(gains, best)}"
        yield _row(_difference(like), *(_spread(gains[rule]) for rule in STRONG), wins)


def weights(asked: Asked) -> Iterator[str]:
    """Gain when the metrics weigh otherwise, on some of the seeds."""
    per_day = asked.budgets[0]
    yield from _heading(
        f"Gain under other weights: {asked.size} contacts, {per_day} a day", "weights", *STRONG
    )
    for name, worth in {"as declared": WORTH, **WEIGHTS}.items():
        found = asked.some_worlds(World(0, size=asked.size))
        gains, _ = asked.gains(STRONG, found, per_day, worth)
        yield _row(name, *(_spread(gains[rule]) for rule in STRONG))


def beyond(asked: Asked) -> Iterator[str]:
    """Ideas beyond our rule, each paired with it: the difference in gain, and how sure it is."""
    heads = [f"{_difference(like)}, {n} a day" for like, n in asked.places]
    yield from _heading(
        "Beyond the rule: difference in gain, paired with ours",
        "idea",
        *heads,
        "all ± standard error",
        "ahead in",
    )
    rules = [OURS, *IDEAS]
    told = [asked.gains(rules, asked.some_worlds(like), n)[0] for like, n in asked.places]
    yield _row("(mdmentor)", *(f"{mean(gains[OURS]):.3f}" for gains in told), "", "")
    for idea in IDEAS:
        leads = [[new - old for new, old in zip(gains[idea], gains[OURS], strict=True)] for gains in told]
        every = [lead for part in leads for lead in part]
        ahead = f"{sum(lead > 0 for lead in every)} of {len(every)}"
        yield _row(
            idea,
            *(f"{mean(part):+.3f}" for part in leads),
            f"{mean(every):+.3f} ± {_error(every):.3f}",
            ahead,
        )


TABLES: dict[str, Callable[[Asked], Iterator[str]]] = {
    "everything": everything,
    "budgets": budgets,
    "sizes": sizes,
    "worlds": worlds,
    "weights": weights,
    "beyond": beyond,
}


def _with_wins(gains: dict[str, list[float]], rule: str) -> tuple[str, str]:
    return _spread(gains[rule]), "" if rule == OURS else _wins(gains, rule)


def _wins(gains: dict[str, list[float]], rule: str) -> str:
    wins = sum(ours > theirs for ours, theirs in zip(gains[OURS], gains[rule], strict=True))
    return f"{wins} of {len(gains[rule])}"


def _in_one_cell(cell: str) -> str:
    gain, _, wins = cell.partition(" | ")
    return f"{gain} ({wins})" if wins else gain


def _difference(world: World) -> str:
    """What is other in a world, as words: "half_life x0.5"."""
    told = []
    for name in (each.name for each in fields(World)):
        value = getattr(world, name)
        if name == "seed" or value == getattr(World(0), name):
            continue
        if name == "size":
            told.append(f"{value} contacts")
        elif isinstance(value, bool):
            told.append(f"{'' if value else 'no '}{name}")
        else:
            told.append(f"{name} {'= ' if name in ('parties', 'skip', 'remembered') else 'x'}{value}")
    return ", ".join(told).replace("_", " ") or "as is"


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _spread(values: Sequence[float]) -> str:
    sd = stdev(values) if len(values) > 1 else 0.0
    return f"{mean(values):.0f} ± {sd:.0f}" if mean(values) >= 1.5 else f"{mean(values):.2f} ± {sd:.2f}"


def _error(values: Sequence[float]) -> float:
    return stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def _heading(text: str, *heads: str) -> Iterator[str]:
    yield from ("", f"### {text}", "")
    yield _row(*heads)
    yield _row(*["---"] * len(heads))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
