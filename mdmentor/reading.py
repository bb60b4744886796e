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
from collections.abc import Iterator, Sequence
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


def read_notes(vault: Vault, settings: Settings, started: int, jobs: Sequence[Job]) -> Iterator[Outcome]:
    """The outcome of each job, in their order."""
    helpers = _start(vault, settings, started, jobs) if len(jobs) >= MANY else []
    try:
        for number, first in enumerate(range(0, len(jobs), _CHUNK)):
            chunk = jobs[first : first + _CHUNK]
            told = helpers[number % len(helpers)].next() if helpers else None
            if told is not None:
                yield from told
            else:
                yield from (read_note(vault, settings, started, job) for job in chunk)
    finally:
        for helper in helpers:
            helper.stop()


class _Helper:
    """A process that reads every so manyth chunk of the notes."""

    def __init__(self, process: subprocess.Popen[bytes], work: bytes) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        self._answers: IO[bytes] = process.stdout
        # It takes all of the work in before it answers, so neither ever waits for the other.
        with contextlib.suppress(OSError), process.stdin as orders:
            orders.write(work)
        self._is_well: bool | None = None  # not known before its first answer

    def next(self) -> list[Outcome] | None:
        """The outcomes of its next chunk; None from where it ended too early."""
        if self._is_well is None:
            self._is_well = self._answers.read(len(_GREETING)) == _GREETING
        if self._is_well:
            size = int.from_bytes(self._answers.read(8), "big")
            data = self._answers.read(size)
            if size and len(data) == size:
                outcomes: list[Outcome] = marshal.loads(data)
                return outcomes
            self._is_well = False
        return None

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
            self._answers.close()
        self._process.wait()


def _start(vault: Vault, settings: Settings, started: int, jobs: Sequence[Job]) -> list[_Helper]:
    """The helpers, at work; none where this machine has no room for them or does not let them begin."""
    import pickle

    if (os.cpu_count() or 1) < 2 or not sys.executable or getattr(sys, "frozen", False):
        return []
    helpers: list[_Helper] = []
    try:
        processes = [_spawn() for _ in range(HELPERS)]
    except OSError:
        return []
    for number, process in enumerate(processes):
        own = [
            list(jobs[first : first + _CHUNK])
            for first in range(number * _CHUNK, len(jobs), HELPERS * _CHUNK)
        ]
        work = pickle.dumps((vault.folder, settings, started, own), pickle.HIGHEST_PROTOCOL)
        helpers.append(_Helper(process, work))
    return helpers


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

    # Values of notes hold no circles, so there is next to nothing to be found by looking for some.
    gc.set_threshold(100_000)
    root, settings, started, chunks = pickle.load(sys.stdin.buffer)
    vault, out = Vault(root), sys.stdout.buffer
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        out.write(_GREETING)
        out.flush()
        for chunk in chunks:
            data = marshal.dumps([read_note(vault, settings, started, job) for job in chunk])
            out.write(len(data).to_bytes(8, "big"))
            out.write(data)
            out.flush()
