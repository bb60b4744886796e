"""The command line: commands of a few lines that ask the rest of mdmentor and print the answer.

`main` is the one place where an exception becomes a line on stderr and an exit code. A standard stream never stops a
command: a closed one becomes the null device, and output that fails is dropped, since a note may be changed before its
line is printed and the exit code must be that of what was done.
"""

import contextlib
import gc
import io
import os
import sys
from typing import Any, NoReturn, TextIO


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code; the README has a table of exit codes.

    Without `arguments` it takes those of the process, which then ends here.
    """
    if arguments is not None:
        return _run(arguments)
    _prepare_streams()
    if sys.getfilesystemencoding() != "utf-8":
        _start_again_in_utf8()
    gc.set_threshold(100_000)  # a command makes many values and next to no cycles
    _leave(_run(sys.argv[1:]))


def _start_again_in_utf8() -> NoReturn:
    """Replaces the process by one in Python's UTF-8 mode: notes, their names and git's output are UTF-8."""
    if sys.executable and "MDMENTOR_UTF8" not in os.environ:
        # MDMENTOR_UTF8 ends the loop where an option of the interpreter switches the mode off again
        os.environ.update(PYTHONUTF8="1", MDMENTOR_UTF8="1")
        with contextlib.suppress(OSError):
            os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    _say(
        f"file names are read as {sys.getfilesystemencoding()} here, but notes are UTF-8;"
        " set PYTHONUTF8=1, or a locale such as C.UTF-8"
    )
    _leave(5)


def _leave(code: int) -> NoReturn:
    """Ends the process at once: to shut the interpreter down takes a tenth of the time of most commands."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    error = _stdout.failure if _stdout else None
    if error and not isinstance(error, BrokenPipeError):  # a pipe is closed by its reader, such as `head`
        from mdmentor.cli import output

        words = f"the output could not be written ({error.strerror or error})"
        _say(f"{words}, but the notes are changed" if output.has_edited else words)
        code = code or (0 if output.has_edited else 5)
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["merge-driver"] and arguments[1:2] not in (["-h"], ["--help"]):
        # git starts this once for each note of a merge: nothing else is loaded for it
        from mdmentor.git import run_merge_driver

        return run_merge_driver(arguments[1:])
    from mdmentor.core.ignore import is_text
    from mdmentor.errors import MdmentorError

    for word in arguments:
        if not is_text(word):
            _say(f'"{word}" is not UTF-8; write it in UTF-8, or rename what it names')
            return 2
    try:
        return _run_by_click(arguments)
    except KeyboardInterrupt:
        _say("stopped; what was written so far is complete")
        return 130
    except MdmentorError as error:
        _say(f"{error}:" if error.candidates else str(error))
        for line in error.candidates:
            _say(f"  {line}", prefix="")
        return error.exit_code
    except Exception as error:
        if os.environ.get("MDMENTOR_DEBUG"):
            raise
        from mdmentor.errors import describe_failure

        debug = "; MDMENTOR_DEBUG=1 shows where it comes from"
        what, is_expected = describe_failure(error)
        _say(f"{what}; what was written so far is complete{'' if is_expected else debug}")
        return 5


def _run_by_click(arguments: list[str]) -> int:
    import click

    from mdmentor.cli.app import program

    try:
        result = program.main(arguments, prog_name="mdmentor", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except SystemExit:
        return 0  # click ends so where the reader of our output has closed the pipe
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show()
        return 2


def _say(line: str, prefix: str = "mdmentor: ") -> None:
    from mdmentor.core.text import terminal

    print(prefix + terminal(line), file=sys.stderr)


class _Sink(io.FileIO):
    """A file descriptor to write to; after the first failure all further output is dropped."""

    failure: OSError | None = None

    def write(self, data: Any, /) -> int:
        if self.failure is None:
            try:
                while (written := super().write(data)) is None:  # a full pipe that does not block
                    import select

                    select.select([], [self.fileno()], [])
                return written
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


_stdout: _Sink | None = None  # where stdout is guarded


def _prepare_streams() -> None:
    """Makes the three standard streams usable, whatever they are."""
    for number in (0, 1, 2):
        _open_if_closed(number)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)))
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
    sys.stdout = _guarded(sys.stdout, 1)
    sys.stderr = _guarded(sys.stderr, 2)


def _open_if_closed(number: int) -> None:
    """Opens the null device where a stream is closed; else the next file opened, perhaps the index, would take its place."""
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)
        else:
            os.set_inheritable(null, True)


def _guarded(stream: TextIO | None, number: int) -> TextIO:
    if stream is not None and (os.name != "posix" or stream.fileno() != number):
        # on Windows a pipe or file is not UTF-8; elsewhere the stream was replaced
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return stream
    global _stdout
    sink = _Sink(number, "w", closefd=False)
    if number == 1:
        _stdout = sink
    is_terminal = stream is not None and stream.isatty()
    return io.TextIOWrapper(
        io.BufferedWriter(sink),
        encoding="utf-8",  # as the notes are, whatever PYTHONIOENCODING or the locale says
        errors="backslashreplace",
        newline=None,
        line_buffering=number == 2 or is_terminal,
    )
