"""A process pool for runs with thousands of notes to read or people to assess.

Results come back in the order of the jobs, so that the index does not depend on how the work was shared. Where a pool
cannot start, or breaks, its work is done in this process.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future, ProcessPoolExecutor

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 8  # jobs in flight: enough to keep every process busy, few enough to hold little in memory


class Workers:
    """The processes of one run, started when there first is enough to do for them."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._is_broken = False

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def shutdown(self) -> None:
        """Ends the processes; what they have not started is cancelled."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def map(self, work: Callable[[Job], Result], jobs: Iterable[Job]) -> Iterator[Result]:
        """`work` of each job, in their order. `work` and what it takes and gives must be picklable."""
        waiting: deque[tuple[Job, Future[Result] | None]] = deque()
        for job in jobs:
            waiting.append((job, self._submit(work, job)))
            if len(waiting) >= _AHEAD:
                yield self._result(work, *waiting.popleft())
        while waiting:
            yield self._result(work, *waiting.popleft())

    def _submit(self, work: Callable[[Job], Result], job: Job) -> Future[Result] | None:
        """The job given to the pool; None where there is no pool."""
        from concurrent.futures.process import BrokenProcessPool

        if self._is_broken:
            return None
        try:
            if self._pool is None:
                self._pool = _start()
            return self._pool.submit(work, job)
        except (OSError, ValueError, ImportError, BrokenProcessPool):
            self._is_broken = True
            return None

    def _result(self, work: Callable[[Job], Result], job: Job, future: Future[Result] | None) -> Result:
        from concurrent.futures.process import BrokenProcessPool

        if future is not None:
            try:
                return future.result()
            except BrokenProcessPool:
                self._is_broken = True
        return work(job)


def _start() -> ProcessPoolExecutor:
    import multiprocessing
    import threading
    from concurrent.futures import ProcessPoolExecutor

    # A fork starts in no time, but only a process with one thread can be forked safely.
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if can_fork else "spawn")
    return ProcessPoolExecutor(os.cpu_count(), context, initializer=_begin)


def _begin() -> None:
    """Has a worker leave Ctrl-C to the process that started it, and end with that process."""
    import gc
    import signal
    import threading

    gc.set_threshold(
        100_000
    )  # a worker makes many values and hardly a cycle: looking for them takes a sixth of it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent: Any = multiprocessing.parent_process()
    parent.join()
    os._exit(1)
