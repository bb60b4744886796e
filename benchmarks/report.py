"""The rows of a run -> RESULTS.md, and its summary in docs/speed.md. It says what is missed first, and hides no row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from benchmarks.costs import MIB, SECONDS
from benchmarks.row import Row

TOO_LARGE = 5  # MiB; a page that editors open slowly
Points = Mapping[str, Mapping[int, float]]
TITLES = {
    "limits": "Against the limits",
    "cliffs": "Out of the ordinary",
    "rivals": "Beside other tools",
}
WORDS = {
    "limits": "",
    "cliffs": (
        "A vault or a disk that is not as usual, beside the usual, so that a cliff would show. The limits here are"
        " of our own making: what is only of another shape may take half as long again."
    ),
    "rivals": (
        "Installed from PyPI as they are, each on the same notes, or on the same contacts in its own format."
        " They do different work, most of it less, some of it more; the figure says how many times as long as"
        " mdmentor each takes. Below 1 it is the quicker one."
    ),
}
HOW = """\
Every figure is a ratio of medians of whole processes that ran in turn (A B A B ...) in one run, with a warm file
cache where nothing else is said. So it holds on another machine, and while a machine's speed drifts; the seconds are
there to give it a scale. The vaults are generated (`make_vault.py`): about 2 KB a note, 30 % contacts, 10 % posts,
30 % dated notes, links of every form, some of it broken on purpose. Before anything is timed, what mdmentor finds in
them is compared with what the generator put there, to the last link. *Must* and *aim* are limits that were set
beforehand. *Taken* are the medians themselves, mdmentor's first.
"""


def render_results(
    machine: Sequence[tuple[str, str]],
    rows: Mapping[str, Sequence[Row]],
    skipped: Sequence[str],
    points: Points,
) -> str:
    """The whole file. `rows` are by part: limits, cliffs, rivals."""
    parts = [
        "# Results",
        "Written by `python -m benchmarks --write`.",
        _table(("", ""), machine),
        HOW.strip(),
    ]
    parts += ["## What is missed", missed([row for told in rows.values() for row in told])]
    for part, told in rows.items():
        if not told:
            continue
        parts.append(f"## {TITLES[part]}")
        if WORDS[part]:
            parts.append(WORDS[part])
        parts.append(_rows(told))
    if skipped:
        parts += ["Not measured here:", "\n".join(f"- {line}" for line in skipped)]
    if any(len(told) > 1 for told in points.values()):
        parts += ["## Growth", "![how each cost grows with the vault](growth.svg)", growth_table(points)]
        parts.append(at_a_million(points))
    return "\n\n".join(parts) + "\n"


def render_summary(machine: Sequence[tuple[str, str]], rows: Sequence[Row]) -> str:
    """What docs/speed.md says: the rows that a user feels, and all that is missed."""
    told = dict(machine)
    felt = [
        (
            row.headline,
            f"{row.figure()} {row.beside}" if row.unit == "x" else row.figure(),
            row.bounds()[0],
            row.note,
        )
        for row in rows
        if row.headline
    ]
    return "\n\n".join(
        (
            f"Last taken on {told['date'].partition(' ')[0]} ({told['processor']}; Python {told['Python']}):",
            _table(("what", "takes", "limit", "in figures"), felt),
            "Where it is weak:",
            missed(rows),
        )
    )


def missed(rows: Sequence[Row]) -> str:
    """The rows that do not hold their limit, and a count of the others."""
    late = [row for row in rows if "missed" in row.verdict]
    lines = [
        f"- **{row.what}**: {row.figure()}{f' ({row.beside})' if row.beside else ''}, where {row.bounds()[0]} must hold"
        for row in late
    ]
    held, reached = (sum(row.verdict == told for row in rows) for told in ("must met", "aim met"))
    lines.append(
        f"- Of the other figures that have a limit, {reached} reach what was aimed at, and {held} hold the limit alone."
    )
    return "\n".join(lines if late else ["- No limit is missed.", *lines])


def _rows(rows: Sequence[Row]) -> str:
    if any(row.limit for row in rows):
        cells = [(r.what, r.figure(), r.beside, *r.bounds(), r.verdict, r.note) for r in rows]
        return _table(
            ("what", "figure", "floor or rival", "must", "aim", "", "taken"), cells, right=(1, 3, 4)
        )
    return _table(
        ("what", "figure", "beside", "taken"),
        [(r.what, r.figure(), r.beside, r.note) for r in rows],
        right=(1,),
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    rule = ["---:" if place in right else "---" for place in range(len(head))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


def growth_table(points: Points) -> str:
    sizes = sorted({notes for told in points.values() for notes in told})
    rows = []
    for unit, costs in (("s", SECONDS), ("MiB", MIB)):
        for cost, label in costs.items():
            told = points.get(cost, {})
            cells = [f"{told[n]:.{3 if told[n] < 10 else 1}f} {unit}" if n in told else "" for n in sizes]
            rows.append((label, *cells, f"{slope(told):.2f}" if len(told) > 1 else ""))
    head = ("cost", *(f"{n:,} notes" for n in sizes), "grows with notes to the power of")
    return _table(head, rows, right=range(1, len(head)))


def slope(told: Mapping[int, float]) -> float:
    """The exponent between the two largest sizes: 1 is as the notes, 0 is flat."""
    few, many = sorted(told)[-2:]
    return math.log(told[many] / told[few]) / math.log(many / few)


def at_a_million(points: Points) -> str:
    """What the two largest sizes say of a million notes, drawn on in a straight line."""

    def then(cost: str) -> float:
        told = points[cost]
        few, many = sorted(told)[-2:]
        return told[many] + (told[many] - told[few]) / (many - few) * (1_000_000 - many)

    wanted = (*SECONDS, *MIB)
    if not all(len(points.get(cost, {})) > 1 for cost in wanted):
        return ""
    page = then("largest page")
    if page > TOO_LARGE:
        breaks = f"the pages: the largest would have {page:.0f} MiB, more than editors like to open"
    else:
        breaks = (
            f"the patience of who runs no watcher: each command would walk for {then('walk'):.0f} s first"
        )
    return (
        "**At 1,000,000 notes**, drawn on in a straight line from the two largest sizes, a cold reindex would take"
        f" {then('cold') / 60:.0f} minutes and {then('peak'):.0f} MiB, an unchanged one {then('unchanged'):.0f} s;"
        f" `next` would take {then('next'):.1f} s without a watcher and {then('next, watched'):.2f} s with one; a save"
        f" would reach its page after {then('save to page'):.2f} s. What would break first is {breaks}."
    )
