"""mdmentor run on a terminal: a process with a pseudo-terminal of 80 columns, and keys typed at its prompts."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import VaultOnDisk

LONGEST_WAIT = 30.0  # seconds for a text to appear
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A command on a terminal. `output` holds all that it has shown so far, without colours."""

    def __init__(self, cache: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 80, 0, 0))
        environment = {**os.environ, "MDMENTOR_CACHE": str(cache), "TERM": "xterm", "NO_COLOR": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mdmentor", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            preexec_fn=_begin_session,
        )
        os.close(slave)
        self._raw = b""
        self._seen = 0
        self._is_closed = False

    @property
    def output(self) -> str:
        return _COLOURS.sub("", self._raw.decode(errors="replace")).replace("\r\n", "\n")

    def wait_for(self, text: str) -> None:
        """Waits until the text appears behind what was waited for before."""
        until = time.monotonic() + LONGEST_WAIT
        while (at := self.output.find(text, self._seen)) < 0:
            if not self._read(until):
                raise AssertionError(f"{text!r} did not appear in:\n{self.output[self._seen :]}")
        self._seen = at + len(text)

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def end(self, key: str = "") -> int:
        """Waits until the command ends, and returns its exit code.

        `key` is pressed, and again every second: a Ctrl-C that comes just before Python waits for input is not seen.
        """
        for _ in range(int(LONGEST_WAIT)):
            if key:
                self.type(key)
            until = time.monotonic() + (1.0 if key else LONGEST_WAIT)
            while self._read(until):
                pass
            if self._is_closed:
                break
        return self._process.wait(LONGEST_WAIT)

    def _read(self, until: float) -> bool:
        """Reads what is there; False when the command has ended, or after the time."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, until - time.monotonic()))
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux's end of a terminal
            data = b""
        self._is_closed = bool(ready) and not data
        self._raw += data
        return bool(data)


def _begin_session() -> None:
    """Makes the terminal that of the new process, so that Ctrl-C is a signal, whatever became of it here."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run_on_terminal(
    vault: VaultOnDisk, arguments: Sequence[str], dialogue: Sequence[tuple[str, str]]
) -> Terminal:
    """Runs a command to its end; `dialogue` has texts to wait for, each with the keys to be typed then."""
    terminal = Terminal(vault.cache, *arguments)
    for text, keys in dialogue:
        terminal.wait_for(text)
        terminal.type(keys)
    return terminal
