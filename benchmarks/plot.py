"""Draws how each cost grows with the vault: points as JSON on stdin, an SVG file as the argument.

The same points give the same bytes: no date, and ids from a fixed salt.
"""

from __future__ import annotations

import json
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

LINES = {
    "read": ("all bytes read (a floor)", "0.6", ":"),
    "walk": ("scandir + stat walk (a floor)", "0.6", "--"),
    "cold": ("cold reindex", "tab:red", "-"),
    "unchanged": ("unchanged reindex", "tab:blue", "-"),
    "one": ("reindex, one note changed", "tab:purple", "-"),
    "next": ("next, no watcher", "tab:green", "-"),
    "next, watched": ("next, a watcher running", "tab:olive", "-"),
    "save to page": ("watch: save to page", "tab:orange", "-"),
}
SIZES = {
    "peak": ("peak memory of a cold reindex", "tab:red"),
    "largest page": ("the largest page", "tab:blue"),
}


def main() -> None:
    points = {
        cost: sorted((int(n), v) for n, v in told.items()) for cost, told in json.load(sys.stdin).items()
    }
    plt.rcParams.update(
        {"svg.hashsalt": "mdmentor", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 10}
    )
    figure, (time, size) = plt.subplots(1, 2, figsize=(11, 5), width_ratios=(3, 2))
    for cost, (label, colour, style) in LINES.items():
        if points.get(cost):
            time.plot(
                *zip(*points[cost], strict=True), style, color=colour, label=label, marker="o", markersize=3
            )
    for cost, (label, colour) in SIZES.items():
        if points.get(cost):
            size.plot(*zip(*points[cost], strict=True), color=colour, label=label, marker="o", markersize=3)
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
