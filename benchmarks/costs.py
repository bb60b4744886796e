"""The costs that are followed from the smallest vault to the largest, and their names in plot and table."""

from __future__ import annotations

SECONDS = {
    "read": "all bytes read (a floor)",
    "walk": "scandir + stat walk (a floor)",
    "cold": "cold reindex",
    "unchanged": "unchanged reindex",
    "one": "reindex, one note changed",
    "next": "next, no watcher",
    "next, watched": "next, a watcher running",
    "save to page": "watch: save to page",
}
MIB = {
    "peak": "peak memory of a cold reindex",
    "largest page": "the largest page",
}
