"""The memory of a process and all that it started, taken together while they run. Linux only."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from benchmarks.timing import Command

PROC = Path("/proc")
EVERY = 0.02  # seconds


def peak_together(command: Command) -> float | None:
    """The largest sum, in MiB, of what its processes held at one moment, shared pages counted once.

    None where the system does not tell. The looks slow it down a little, so it is never timed meanwhile.
    """
    if not (PROC / "self" / "smaps_rollup").exists():
        return None
    command.before()
    process = subprocess.Popen(
        command.words,
        env={**os.environ, **command.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(held_by(pid) for pid in family(process.pid)))
        time.sleep(EVERY)
    return peak / 1024


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for one in found:
        try:
            for thread in (PROC / str(one) / "task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return found


def held_by(pid: int) -> int:
    """KiB that a process holds, of shared pages its share; 0 when it has ended."""
    try:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def resident(pid: int) -> float:
    """MiB that one process holds in memory; 0 where the system does not tell."""
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0
