"""Other processes that help where there are thousands of notes to read, or people to look at and to draw.

A kind of work is a module with a function `begin`, which answers what makes results of jobs; it is the same in
whatever process, and the results come back in the order of the jobs, so that what is made of them is the same
either way. Who asks works as well while no result is there to go on with. A process that does not start or ends
too early costs time only: its jobs are done here.
"""

import contextlib
import gc
import marshal
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib import import_module
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from mdmentor.core.settings import Settings

if TYPE_CHECKING:
    import subprocess
    from types import TracebackType

MOST_HELPERS = 2
_AHEAD = 3  # chunks a helper has at once: one that it works on, and others to go on with meanwhile; or as asked for
_MOST_AHEAD = 16  # chunks under way in all, so that few results wait for one before them
_PIPE = 1 << 20  # bytes, where the system lets a pipe hold so much: more than any usual chunk
_TURN = 0.0005  # seconds after which a thread lets another one take in what came, which somebody waits to get rid of
_GREETING = b"mdmentor helps\n"
_BRING_TO_DISK = "bring to disk"  # an order that nothing is answered to
_WORK = {"read": "mdmentor.reading", "assess": "mdmentor.assessing", "draw": "mdmentor.drawing"}

# Jobs and results are such values as `marshal` writes, so that every process can hand them to another.
Work = Callable[[list[Any]], list[Any]]


class Setting(NamedTuple):
    """Under what a run works, besides its jobs."""

    folder: str  # the vault's
    settings: Settings
    today: date
    started: int  # before anything is read, in nanoseconds


class Crew:
    """The helpers of one run: called when there first is enough to do for them, gone with the run."""

    def __init__(
        self, folder: str, settings: Settings, today: date, spawned: "Sequence[subprocess.Popen[bytes]]" = ()
    ) -> None:
        """`spawned` are processes that were told to come before anybody knew what there is to do."""
        self._setting = Setting(folder, settings, today, time.time_ns())
        self._spawned = list(spawned)
        self._helpers: list[_Helper] = []
        self._foreseen: dict[str, deque[_Given]] = {}  # by work

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        self.dismiss()

    def call(self) -> None:
        """Calls the helpers for work that is surely coming, so that they are there when it does."""
        if not self._helpers:
            spawned, self._spawned = self._spawned, []
            self._helpers = _start(self._setting, spawned or spawn())

    def is_there(self) -> bool:
        """Whether helpers have been called, so that what they are given to do costs no start."""
        return bool(self._helpers)

    def foresee(self, work: str, chunks: Iterator[list[Any]]) -> None:
        """Has helpers that are there begin with the first chunks of what they will be asked for; once for each work.

        If they are asked for something else then, they have lost time, and nothing more.
        """
        if work not in self._foreseen:
            self._foreseen[work] = deque()
            self._give(work, chunks, self._foreseen[work])

    def make_ready(self, *works: str) -> None:
        """Has helpers that are there load what they need for such work, which is surely coming."""
        for helper in self._helpers:
            for work in works:
                helper.give(work, [])  # of which nobody will ask what came out

    def bring_to_disk(self, file: str) -> None:
        """Has what was written of a file brought to the disk meanwhile, where a helper is there to wait for that.

        This process had better not: to close a file of SQLite's once more takes away the locks that it has on it.
        """
        for helper in self._helpers[:1]:
            helper.bring_to_disk(file)

    def dismiss(self) -> None:
        """Lets the helpers go, whatever they are at."""
        self._foreseen.clear()
        while self._helpers:
            self._helpers.pop().stop()
        while self._spawned:
            with self._spawned.pop() as process:
                process.kill()

    def do(
        self, work: str, jobs: Iterable[Any], count: int, *, many: int, chunk: int, ahead: int = _AHEAD
    ) -> Iterator[Any]:
        """The result of each of so many jobs, in their order, each asked for shortly before it is done.

        From `many` jobs on helpers are worth their start; whoever is there already helps with fewer as well, and
        begins at once. Each has so many chunks `ahead`: the more, the longer it can go on while nobody takes what
        it made; the fewer, the less is left to wait for in the end.
        """
        if count >= many:
            self.call()
        left = iter(jobs)
        chunks = iter(lambda: list(islice(left, chunk)), [])
        given = self._foreseen.pop(work, deque[_Given]())
        first = list(islice(chunks, len(given)))
        if first != [one.some for one in given]:
            chunks, given = chain(first, chunks), deque()
        self._give(work, chunks, given, ahead)
        return self._results(work, chunks, given)

    def _give(
        self, work: str, chunks: Iterator[list[Any]], given: deque["_Given"], ahead: int = _AHEAD
    ) -> None:
        """Gives helpers as many chunks, with what they were given before, as keep them at work for a while."""
        for helper, some in zip((self._helpers * ahead)[len(given) :], chunks, strict=False):
            given.append(_Given(helper, helper.give(work, some), some))

    def _results(self, work: str, chunks: Iterator[list[Any]], given: deque["_Given"]) -> Iterator[Any]:
        """The results of what was given to helpers, and of the other chunks, in their order."""
        here: Work | None = None
        while True:
            is_idle = not given or (not given[0].is_done() and len(given) < _MOST_AHEAD)
            if is_idle and (own := next(chunks, None)):
                here = here or _begin(work, self._setting)
                given.append(_Given(None, 0, here(own)))
                continue
            if not given:
                return
            helper, order, some = given.popleft()
            if helper is not None:
                results = helper.answer_to(order)
                if (following := next(chunks, None)) is not None:
                    given.append(_Given(helper, helper.give(work, following), following))
                if results is None:
                    here = here or _begin(work, self._setting)
                    results = here(some)
                some = results
            yield from some


def _begin(work: str, setting: Setting) -> Work:
    begun: Work = import_module(_WORK[work]).begin(setting)
    return begun


class _Helper:
    """A process that works, chunk by chunk."""

    def __init__(self, process: "subprocess.Popen[bytes]", setting: bytes) -> None:
        from queue import SimpleQueue
        from threading import Thread

        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._orders: IO[bytes] = process.stdin
        self._answers: IO[bytes] = process.stdout
        for pipe in (self._orders, self._answers):
            _widen(pipe)
        self._heard: SimpleQueue[bytes | None] = SimpleQueue()  # None where nothing more comes
        self._orders_given = 0
        self._answers_taken = 0  # off what was heard, as they come in the order of the orders
        self._kept: dict[int, bytes] = {}  # of these those that nobody asked for yet, by order
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._tell(setting)

    def give(self, work: str, chunk: list[Any]) -> int:
        """Has it work on this chunk after those it has already; the number of the order."""
        self._tell(marshal.dumps((work, chunk)))
        self._orders_given += 1
        return self._orders_given - 1

    def bring_to_disk(self, file: str) -> None:
        """Has it do so beside all else; nothing is answered to that."""
        self._tell(marshal.dumps((_BRING_TO_DISK, [file])))

    def has_answered(self, order: int) -> bool:
        """Whether `answer_to` need not wait."""
        return order in self._kept or self._answers_taken + self._heard.qsize() > order

    def answer_to(self, order: int) -> list[Any] | None:
        """The results of the chunk given under this order; None from where it ended too early."""
        while order not in self._kept:
            data = self._heard.get()
            if data is None:
                self._heard.put(None)
                return None
            # what was ordered before may be asked for later, or never
            self._kept[self._answers_taken] = data
            self._answers_taken += 1
        results: list[Any] = marshal.loads(self._kept.pop(order))
        return results

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._listener.join()
        self._answers.close()
        with contextlib.suppress(OSError):
            self._orders.close()

    def _listen(self) -> None:
        """Takes its answers in as they come, so that it need not wait until they are wanted."""
        with contextlib.suppress(OSError):
            if self._answers.read(len(_GREETING)) == _GREETING:
                while (data := _receive(self._answers)) is not None:
                    self._heard.put(data)
        self._heard.put(None)

    def _tell(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            _send(self._orders, data)


class _Given(NamedTuple):
    """A chunk that a helper was given under this order, or the results of one that was done here."""

    helper: _Helper | None
    order: int
    some: list[Any]

    def is_done(self) -> bool:
        return self.helper is None or self.helper.has_answered(self.order)


def _widen(pipe: IO[bytes]) -> None:
    """Has a pipe hold a whole chunk, where the system lets it, so that neither end waits for the other's turn."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """What was sent next; None from where nothing more comes, or not the whole of it."""
    size = int.from_bytes(pipe.read(8), "big")
    data = pipe.read(size)
    return data if size and len(data) == size else None


def spawn(work: str = "") -> "list[subprocess.Popen[bytes]]":
    """Has helpers come, and load what they need for some work; a `Crew` tells them the rest.

    None where this machine has no room for them or does not let them begin. Any that no crew takes on ends when
    nothing more can come from here.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        return []
    try:
        return [_spawn(work) for _ in range(min(MOST_HELPERS, (os.cpu_count() or 1) - 1))]
    except OSError:
        return []


def _start(setting: Setting, processes: "Sequence[subprocess.Popen[bytes]]") -> list[_Helper]:
    """The helpers, at work."""
    import pickle

    if not processes:
        return []
    sys.setswitchinterval(_TURN)
    told = pickle.dumps(setting, pickle.HIGHEST_PROTOCOL)
    return [_Helper(process, told) for process in processes]


def _spawn(work: str) -> "subprocess.Popen[bytes]":
    import subprocess

    # No `multiprocessing`: it would run the caller's own main module again where it cannot fork.
    path = [part for part in sys.path if part] + [
        os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    ]
    code = f"import sys; sys.path[:] = {path!r}; from mdmentor.crew import serve; serve({work!r})"
    options = ["-I", "-S", "-X", f"utf8={int(sys.flags.utf8_mode)}"]
    return subprocess.Popen(
        [sys.executable, *options, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def serve(work: str = "") -> None:
    """A helper's life: takes orders from stdin, and answers chunk by chunk on stdout. What it is for it loads at once."""
    import pickle
    from queue import SimpleQueue
    from threading import Thread

    # Values of notes hold no circles, so there is next to nothing to be found by looking for some.
    gc.set_threshold(100_000)
    sys.setswitchinterval(_TURN)
    orders, out = sys.stdin.buffer, sys.stdout.buffer
    if work:
        import_module(_WORK[work])
    told = _receive(orders)
    if told is None:
        return
    setting = pickle.loads(told)
    chunks: SimpleQueue[tuple[str, list[Any]] | None] = SimpleQueue()

    def take_orders() -> None:
        # Taken in at once, however long an answer waits: so neither ever waits for the other.
        while (order := _receive(orders)) is not None:
            chunks.put(marshal.loads(order))
        chunks.put(None)

    Thread(target=take_orders, daemon=True).start()
    begun: dict[str, Work] = {}
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        out.write(_GREETING)
        out.flush()
        while (order := chunks.get()) is not None:
            work, chunk = order
            if work == _BRING_TO_DISK:
                Thread(target=_bring_to_disk, args=chunk, daemon=True).start()
                continue
            if work not in begun:
                begun[work] = _begin(work, setting)
            _send(out, marshal.dumps(begun[work](chunk)))


def _bring_to_disk(file: str) -> None:
    with contextlib.suppress(OSError):
        handle = os.open(file, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
