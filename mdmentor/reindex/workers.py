"""The processes that share the work of a run or an import with thousands of notes.

Results come back in the order of the jobs, so that nothing depends on how the work was shared. Where a pool cannot
start, or breaks, its work is done in this process.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_BATCH = 64  # notes or people handed over at once
_AHEAD = 4  # batches in flight for each process: it never waits, and little is held in memory

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """The processes of one run, started when there first is enough to do for them."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the processes; what they have not started is cancelled."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, work: Callable[[list[Item]], Result], items: Iterable[Item], *, are_many: bool
    ) -> Iterator[Result]:
        """`work` of one batch of the items after the other. It, the items and the results must be picklable."""
        left = iter(items)
        batches = iter(lambda: list(islice(left, _BATCH)), [])
        if not are_many:
            yield from map(work, batches)
            return
        waiting: deque[Callable[[], Result]] = deque()
        for batch in batches:
            waiting.append(self._submit(work, batch))
            if len(waiting) >= _AHEAD * (os.cpu_count() or 1):
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()

    def begin(self, work: Callable[[Item], Result], prepare: Callable[[], Item]) -> Callable[[], Result]:
        """A function that gives the result of `work` on what `prepare` returns.

        Where the processes are there they work meanwhile; else nothing is done before that function is called.
        """
        return self._submit(work, prepare()) if self._pool else lambda: work(prepare())

    def _submit(self, work: Callable[[Item], Result], item: Item) -> Callable[[], Result]:
        """Gives work to the pool; a function that waits for the result, or does the work where no pool has done it."""
        from concurrent.futures import BrokenExecutor

        try:
            if self._pool is None:
                self._pool = _start()
            future = self._pool.submit(work, item)
        except (OSError, ValueError, ImportError, BrokenExecutor):
            return lambda: work(item)

        def result() -> Result:
            with suppress(BrokenExecutor):
                return future.result()
            return work(item)

        return result


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

    gc.set_threshold(100_000)  # parsing makes many values and hardly a cycle
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    import multiprocessing

    parent: Any = multiprocessing.parent_process()
    parent.join()
    os._exit(1)
