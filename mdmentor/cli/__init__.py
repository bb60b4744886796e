"""The command line: commands of a few lines that ask the rest of mdmentor and print the answer.

`main` is the one place where an exception becomes a line on stderr and an exit code.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn

from mdmentor.cli import streams


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code; the README has a table of exit codes.

    Without `arguments` it takes those of the process, which then ends here.
    """
    if arguments is not None:
        return _run(arguments)
    streams.prepare()
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
    error = streams.failure()
    if error is not None:
        words = f"the output could not be written ({error.strerror or error})"
        _say(f"{words}, but the notes are changed" if streams.has_edited() else words)
        code = code or (0 if streams.has_edited() else 5)
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _run(arguments: list[str]) -> int:
    if arguments[:1] == ["merge-driver"] and arguments[1:2] not in (["-h"], ["--help"]):
        # git starts this once for each note of a merge: nothing else is loaded for it
        from mdmentor.git import run_merge_driver

        return run_merge_driver(arguments[1:])
    from mdmentor.core.ignore import is_text
    from mdmentor.errors import AmbiguousName, MdmentorError

    for word in arguments:
        if not is_text(word):
            _say(f'"{word}" is not UTF-8; write it in UTF-8, or rename what it names')
            return 2
    try:
        return _run_by_click(arguments)
    except KeyboardInterrupt:
        return _stopped()
    except AmbiguousName as error:
        _say(f"{error.what}; {error.fix}:")
        for line in error.candidates:
            _say(f"  {line}", prefix="")
        return error.exit_code
    except MdmentorError as error:
        _say(str(error))
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
        return _stopped()
    except click.ClickException as error:
        error.show()
        return 2


def _stopped() -> int:
    _say("stopped; what was written so far is complete")
    return 130


def _say(line: str, prefix: str = "mdmentor: ") -> None:
    from mdmentor.core.text import terminal

    print(prefix + terminal(line), file=sys.stderr)
