"""Draws how each cost grows with the vault: points as JSON on stdin, an SVG file as the argument.

The same points give the same bytes: no date, and ids from a fixed salt.
"""

from __future__ import annotations

import json
import sys

import matplotlib

from benchmarks.costs import MIB, SECONDS

matplotlib.use("svg")
import matplotlib.pyplot as plt

STYLES = {
    "read": ("0.6", ":"),
    "walk": ("0.6", "--"),
    "cold": ("tab:red", "-"),
    "unchanged": ("tab:blue", "-"),
    "one": ("tab:purple", "-"),
    "next": ("tab:green", "-"),
    "next, watched": ("tab:olive", "-"),
    "save to page": ("tab:orange", "-"),
    "peak": ("tab:red", "-"),
    "largest page": ("tab:blue", "-"),
}


def main() -> None:
    points = {
        cost: sorted((int(n), v) for n, v in told.items()) for cost, told in json.load(sys.stdin).items()
    }
    plt.rcParams.update(
        {"svg.hashsalt": "mdmentor", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
    )
    figure, (time, size) = plt.subplots(1, 2, figsize=(11, 5), width_ratios=(3, 2))
    for axes, costs in ((time, SECONDS), (size, MIB)):
        for cost, label in costs.items():
            if points.get(cost):
                colour, style = STYLES[cost]
                across, up = zip(*points[cost], strict=True)
                axes.plot(across, up, style, color=colour, label=label, marker="o", markersize=3)
    for axes, unit in ((time, "seconds"), (size, "MiB")):
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("notes in the vault")
        axes.set_ylabel(unit)
        axes.grid(visible=True, which="major", linewidth=0.4)
        axes.legend(fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(sys.argv[1], metadata={"Date": None, "Creator": None})


if __name__ == "__main__":
    main()
