"""Reading many notes: where there are thousands, other processes parse them while this one writes the index.

Each note is read by one function, in whatever process, and the outcomes come back in the order of the jobs;
so the index that is made of them is the same either way. A process that does not start or ends too early
costs time only: its notes are read here. Nothing is written and nothing is looked up in the index.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING

from mdmentor.core.parse import MOST_BYTES, parse_note
from mdmentor.core.settings import Settings
from mdmentor.digests import blake2b
from mdmentor.index.note_rows import NoteRows, Stamp, rows_of
from mdmentor.vault import Vault

if TYPE_CHECKING:
    import subprocess

# A note saved so shortly before it was read may be saved again within the same tick of the file
# system's clock; its stamp proves nothing yet, so it is hashed again next time (git's "racy" rule).
RACY_NS = 2_000_000_000

MANY = 1_500  # notes from which other processes are worth their start, about as long as parsing 500
HELPERS = 2
_CHUNK = 64  # notes a helper hands over at once; a full pipe makes it wait, so little is ever in memory
_AHEAD = 2  # chunks a helper has at once: one that it reads, and one to go on with meanwhile
_GREETING = b"mdmentor reads\n"

# Path, the number that the note will bear, and the hash it is known with: None to have it parsed in any case.
Job = tuple[str, int, bytes | None]

GONE = "gone"  # since the scan: the next run will see
SAME = "same"  # as it is known; only the stamp may be new
ROWS = "rows"
CARE = "care"  # what to do with it depends on what is known of it
Outcome = tuple[str, str, Stamp, bool, NoteRows]  # what, path, stamp, whether that proves nothing yet, rows

_NONE: Stamp = (0, 0, 0, 0)


def read_note(vault: Vault, settings: Settings, started: int, job: Job) -> Outcome:
    """What one note holds; `started` is when the run began, in nanoseconds."""
    path, number, known = job
    try:
        data, stamp = vault.read(path, MOST_BYTES)
    except FileNotFoundError:
        return GONE, path, _NONE, False, {}
    except OSError:
        return CARE, path, _NONE, False, {}
    digest = blake2b(data, digest_size=16).digest()
    racy = is_racy(stamp, started)
    if known == digest:
        return SAME, path, stamp, racy, {}
    note = parse_note(path, data, settings)
    if any(problem.code == "conflict-markers" for problem in note.problems):
        return CARE, path, stamp, racy, {}
    return ROWS, path, stamp, racy, rows_of(number, note, stamp, digest, racy)


def is_racy(stamp: Stamp, started: int) -> bool:
    """Whether the stamp is so young that it proves nothing yet."""
    return max(stamp[1], stamp[2]) > started - RACY_NS


def read_notes(
    vault: Vault, settings: Settings, started: int, jobs: Iterable[Job], count: int
) -> Iterator[Outcome]:
    """The outcome of each of so many jobs, in their order. A job is asked for shortly before its note is read."""
    left = iter(jobs)
    chunks = iter(lambda: list(islice(left, _CHUNK)), [])
    helpers = _start(vault, settings, started) if count >= MANY else []
    given: deque[tuple[_Helper, list[Job]]] = deque()
    try:
        given.extend(
            (helper, helper.give(chunk)) for helper, chunk in zip(helpers * _AHEAD, chunks, strict=False)
        )
        while given:
            helper, chunk = given.popleft()
            told = helper.next()
            following = next(chunks, None)
            if following is not None:
                given.append((helper, helper.give(following)))
            yield from told or (read_note(vault, settings, started, job) for job in chunk)
        for chunk in chunks:
            yield from (read_note(vault, settings, started, job) for job in chunk)
    finally:
        for helper in helpers:
            helper.stop()


class _Helper:
    """A process that reads notes, chunk by chunk."""

    def __init__(self, process: subprocess.Popen[bytes], setting: bytes) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._orders: IO[bytes] = process.stdin
        self._answers: IO[bytes] = process.stdout
        self._tell(setting)
        self._is_well: bool | None = None  # not known before its first answer

    def give(self, chunk: list[Job]) -> list[Job]:
        """Has it read this chunk after those it has already; answers the same chunk."""
        self._tell(marshal.dumps(chunk))
        return chunk

    def next(self) -> list[Outcome] | None:
        """The outcomes of its next chunk; None from where it ended too early."""
        if self._is_well is None:
            self._is_well = self._answers.read(len(_GREETING)) == _GREETING
        if self._is_well:
            data = _receive(self._answers)
            if data is not None:
                outcomes: list[Outcome] = marshal.loads(data)
                return outcomes
            self._is_well = False
        return None

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
            self._answers.close()
        with contextlib.suppress(OSError):
            self._orders.close()
        self._process.wait()

    def _tell(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            _send(self._orders, data)


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """What was sent next; None from where nothing more comes, or not the whole of it."""
    size = int.from_bytes(pipe.read(8), "big")
    data = pipe.read(size)
    return data if size and len(data) == size else None


def _start(vault: Vault, settings: Settings, started: int) -> list[_Helper]:
    """The helpers, at work; none where this machine has no room for them or does not let them begin."""
    import pickle

    if (os.cpu_count() or 1) < 2 or not sys.executable or getattr(sys, "frozen", False):
        return []
    try:
        processes = [_spawn() for _ in range(HELPERS)]
    except OSError:
        return []
    setting = pickle.dumps((vault.folder, settings, started), pickle.HIGHEST_PROTOCOL)
    return [_Helper(process, setting) for process in processes]


def _spawn() -> subprocess.Popen[bytes]:
    import subprocess

    # No `multiprocessing`: it would run the caller's own main module again where it cannot fork.
    path = [part for part in sys.path if part] + [
        os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    ]
    code = f"import sys; sys.path[:] = {path!r}; from mdmentor.reading import serve; serve()"
    options = ["-I", "-S", "-X", f"utf8={int(sys.flags.utf8_mode)}"]
    return subprocess.Popen(
        [sys.executable, *options, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def serve() -> None:
    """A helper's life: reads the work from stdin, and answers chunk by chunk on stdout."""
    import pickle
    from queue import SimpleQueue
    from threading import Thread

    # Values of notes hold no circles, so there is next to nothing to be found by looking for some.
    gc.set_threshold(100_000)
    orders, out = sys.stdin.buffer, sys.stdout.buffer
    setting = _receive(orders)
    if setting is None:
        return
    root, settings, started = pickle.loads(setting)
    vault = Vault(root)
    chunks: SimpleQueue[list[Job] | None] = SimpleQueue()

    def take_orders() -> None:
        # Taken in at once, however long an answer waits: so neither ever waits for the other.
        while (order := _receive(orders)) is not None:
            chunks.put(marshal.loads(order))
        chunks.put(None)

    Thread(target=take_orders, daemon=True).start()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        out.write(_GREETING)
        out.flush()
        while (chunk := chunks.get()) is not None:
            _send(out, marshal.dumps([read_note(vault, settings, started, job) for job in chunk]))
