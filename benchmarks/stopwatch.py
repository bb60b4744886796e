"""Runs one command and prints its wall seconds, processor seconds, peak memory and exit code: `stopwatch.py WORDS ...`.

A process of its own for each, and as small as can be: the system counts what a process held before it became the
command as the command's own, so a large harness would be measured instead.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    words = sys.argv[1:]
    null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    started = time.perf_counter()
    pid = os.posix_spawnp(words[0], words, os.environ, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
