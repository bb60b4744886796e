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
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

_BATCH = 64  # notes or people handed over at once
_AHEAD = 4  # batches in flight for each process: it never waits, and little is held in memory
_PATIENCE = 1.0  # seconds to wait for a result before checking that all processes are alive

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workers:
    """The processes of one run, started when there first is enough to do for them."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()
        self._close_results: Callable[[], None] = lambda: None

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
        from multiprocessing import active_children

        try:
            if self._pool is None:
                self._pool, self._close_results = _start()
            future = self._pool.submit(work, item)
            self._processes.update(active_children())
        except (OSError, ValueError, ImportError, BrokenExecutor):
            return lambda: work(item)

        def result() -> Result:
            with suppress(BrokenExecutor):
                return self._wait_for(future)
            return work(item)

        return result

    def _wait_for(self, future: Future[Result]) -> Result:
        """The result of the work. Raises BrokenExecutor where a process has been killed.

        The pool notices that by itself, but not where the process was writing a result: it waits for the rest for ever.
        """
        from multiprocessing import active_children

        while True:
            try:
                return future.result(_PATIENCE)
            except TimeoutError:
                if future.done():  # raised by the work
                    raise
            if not self._processes.issubset(active_children()):
                for process in self._processes:
                    process.kill()
                self._close_results()  # nobody holds the other end any more: the pool stops waiting


def _start() -> tuple[ProcessPoolExecutor, Callable[[], None]]:
    """A pool, and what closes the pipe through which it gets its results."""
    import multiprocessing
    import threading
    from concurrent.futures import ProcessPoolExecutor

    # A fork starts in no time, but only a process with one thread can be forked safely.
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    context: Any = multiprocessing.get_context("fork" if can_fork else "spawn")
    results: list[Any] = []

    class Context(type(context)):  # type: ignore[misc]
        """The context, which remembers the only simple queue that a pool makes."""

        def SimpleQueue(self) -> Any:
            results.append(super().SimpleQueue())
            return results[-1]

    pool = ProcessPoolExecutor(os.cpu_count(), Context(), initializer=_begin)
    return pool, lambda: results.pop().close() if results else None


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
