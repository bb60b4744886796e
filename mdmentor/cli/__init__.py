"""The command line: commands of a few lines that ask the rest of mdmentor and print what it says.

`main` is the one place where an exception becomes a line on stderr and an exit code.
"""

from __future__ import annotations

import contextlib
import os
import sys

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than this module
if TYPE_CHECKING:
    from typing import NoReturn


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns its exit code, as in the table of exit codes in the README.

    Without `arguments` they are those of the process, which then ends here.
    """
    if arguments is not None:
        return _run(arguments)
    from mdmentor.cli import streams

    streams.prepare()
    if sys.getfilesystemencoding() != "utf-8":
        _start_again_in_utf8()
    import gc

    gc.set_threshold(100_000)  # what a command makes holds next to no circles to look for
    _leave(_run(sys.argv[1:]))


def _start_again_in_utf8() -> NoReturn:
    """Replaces the process by one in Python's UTF-8 mode; returns only by ending it.

    Notes, their names and what git says are UTF-8, whatever the locale is set to. In another encoding names of files
    would be read as other letters, and links written so.
    """
    if sys.executable and "MDMENTOR_UTF8" not in os.environ:
        # MDMENTOR_UTF8 ends the circle where an option of the interpreter switches the mode off again
        os.environ.update(PYTHONUTF8="1", MDMENTOR_UTF8="1")
        with contextlib.suppress(OSError):
            os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    _say(
        f"file names are read as {sys.getfilesystemencoding()} here, and notes are UTF-8;"
        " set PYTHONUTF8=1, or a locale such as C.UTF-8"
    )
    _leave(5)


def _leave(code: int) -> NoReturn:
    """Ends the process at once: to take the interpreter down takes a tenth of the time of most commands."""
    from mdmentor.cli import streams

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


def _run(told: list[str]) -> int:
    if told[:1] == ["merge-driver"] and "--help" not in told:
        # git starts this once for each note of a merge: nothing else is loaded for it
        from mdmentor.cli.merge_driver import run

        return run(told[1:])
    from mdmentor.core.ignore import is_text

    for word in told:
        if not is_text(word):
            _say(f'"{word}" is not UTF-8; write it in UTF-8, or rename what it names')
            return 2
    from mdmentor.errors import AmbiguousName, MdmentorError

    try:
        return _run_by_click(told)
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
        return _unforeseen(error)


def _run_by_click(told: list[str]) -> int:
    import click

    from mdmentor.cli.app import program

    if "_MDMENTOR_COMPLETE" in os.environ:
        from mdmentor.cli.app import prepare

        prepare()
    try:
        result = program.main(told, prog_name="mdmentor", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except SystemExit:
        return 0  # click's way of saying that whoever read our output has seen enough
    except click.Abort:
        return _stopped()
    except click.ClickException as error:
        error.show()
        return 2


def _stopped() -> int:
    _say("stopped; what was written so far is whole")
    return 130


def _unforeseen(error: Exception) -> int:
    import sqlite3

    if isinstance(error, OSError):
        _say(f"the disk or the system said no ({error.strerror or error}); what was written so far is whole")
    elif isinstance(error, sqlite3.Error):
        _say(f"the index could not be used ({error}); what was written so far is whole, try again")
    else:
        _say(
            f"this should not happen ({type(error).__name__}: {error}); what was written so far is whole;"
            " MDMENTOR_DEBUG=1 shows where it comes from"
        )
    return 5


def _say(line: str, prefix: str = "mdmentor: ") -> None:
    from mdmentor.core.text import terminal

    print(prefix + terminal(line), file=sys.stderr)
