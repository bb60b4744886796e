"""Whatever happens to the standard streams, the exit code and the words tell what was done to the notes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mdmentor.cli import _guarded
from tests.conftest import VaultOnDisk

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a POSIX shell closes the streams")
NOTE = "---\ntags: [person]\n---\n# Ada\n\n- [ ] send the paper to [[Home]]\n"
INBOX = "# Home\n\n## Inbox\n\n- coffee with Ada: the plan\n"
CLOSED = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]
EDITS = [
    "set Ada cadence weekly",
    "log Ada call",
    "snooze Ada",
    "rename Ada Eve",
    "done Ada paper",
    "inbox --yes",
]
READS = [
    "next",
    "why Ada",
    "show Ada --json",
    "contacts",
    "links",
    "search paper",
    "status",
    "check",
    "--help",
]


@pytest.fixture
def ada(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("people/Ada.md", NOTE)
    vault.add("Home.md", INBOX)
    vault.reindex()
    return vault


def shell(vault: VaultOnDisk, words: str) -> subprocess.CompletedProcess[str]:
    """Runs a command line; "m" is mdmentor."""
    environment = {**os.environ, "MDMENTOR_VAULT": str(vault.root), "MDMENTOR_CACHE": str(vault.cache)}
    script = f'm() {{ "{sys.executable}" -m mdmentor "$@"; }}; {words}'
    return subprocess.run(
        ["bash", "-c", script], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def notes_of(vault: VaultOnDisk) -> dict[str, str]:
    return {str(f.relative_to(vault.root)): f.read_text() for f in vault.root.glob("people/*.md")} | {
        "Home.md": vault.read("Home.md")
    }


@pytest.mark.parametrize("streams", CLOSED)
@pytest.mark.parametrize("command", ["set Ada cadence weekly", "rename Ada Eve", "undo"])
def test_an_edit_is_done_and_said_to_be_with_any_stream_closed(
    ada: VaultOnDisk, command: str, streams: str
) -> None:
    if command == "undo":
        assert ada.run("log", "Ada", "call").code == 0
    before = notes_of(ada)
    run = shell(ada, f"m {command} {streams}")
    assert (run.returncode, run.stderr) == (0, "")
    assert notes_of(ada) != before
    assert ada.run("check").code in (0, 1), "the index is no file that was printed into"


def test_no_command_minds_that_all_streams_are_closed(ada: VaultOnDisk) -> None:
    commands = [
        *READS,
        "nonsense",
        "reindex",
        "reindex --check",
        "git status",
        "inbox",
        "inbox --yes",
        "done Ada paper",
    ]
    closed = "; ".join(f"m {command} <&- >&- 2>&-; echo $?" for command in commands)
    assert shell(ada, closed).stdout.split() == ["0"] * len(READS) + ["2"] + ["0"] * 6


def test_words_asked_for_on_a_closed_stdin_are_a_usage_error(ada: VaultOnDisk) -> None:
    for words in ("m log Ada <&-", "m log Ada - <&-"):
        run = shell(ada, words)
        assert run.returncode == 2 and "Traceback" not in run.stderr and "should not happen" not in run.stderr
    assert ada.read("people/Ada.md") == NOTE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("command", [*EDITS, "new contact Eve", "undo"])
def test_an_edit_whose_line_cannot_be_printed_is_still_said_to_be_done(
    ada: VaultOnDisk, command: str
) -> None:
    if command == "undo":
        assert ada.run("log", "Ada", "call").code == 0
    before = notes_of(ada)
    run = shell(ada, f"m {command} >/dev/full")
    assert run.returncode == 0
    (line,) = (line for line in run.stderr.splitlines() if "could not be written" in line)
    assert line.endswith("(No space left on device), but the notes are changed")
    assert notes_of(ada) != before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_an_answer_that_cannot_be_printed_is_a_failure(ada: VaultOnDisk) -> None:
    before = notes_of(ada)
    commands = [
        *(c for c in READS if c != "check"),
        "contacts --json",
        "rename Ada Eve --dry-run",
        "reindex --json",
    ]
    run = shell(ada, "; ".join(f"m {command} >/dev/full; echo $?" for command in commands))
    assert run.stdout.split() == ["5"] * len(commands)
    told = "mdmentor: the output could not be written (No space left on device)"
    assert run.stderr.splitlines().count(told) == len(commands)
    assert "Traceback" not in run.stderr and notes_of(ada) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_words_that_cannot_be_printed_change_no_exit_code(ada: VaultOnDisk) -> None:
    assert shell(ada, "m log Nobody call 2>/dev/full").returncode == 2
    assert shell(ada, "m contacts 2>/dev/full").returncode == 0
    assert shell(ada, "m log Ada call 2>/dev/full >/dev/full").returncode == 0


def test_an_edit_is_done_though_nobody_reads_what_it_prints(ada: VaultOnDisk) -> None:
    for number in range(300):
        ada.add(f"notes/a rather long name of a note {number}.md", "[[Ada]]\n")
    run = shell(ada, "set -o pipefail; m rename Ada Eve | head -n 1")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.strip() == "people/Ada.md -> people/Eve.md"
    assert ada.read("notes/a rather long name of a note 299.md") == "[[Eve]]\n"
    run = shell(ada, "set -o pipefail; m links | true")
    assert (run.returncode, run.stderr) == (0, "")


def test_a_pipe_of_another_encoding_is_written_in_utf8(tmp_path: Path) -> None:
    """As on Windows, where a pipe or file has the encoding of the system."""
    with open(tmp_path / "out.txt", "w", encoding="cp1252", newline="") as stream:
        print("Zoë 日本 ☐", file=_guarded(stream, 1))
    assert (tmp_path / "out.txt").read_bytes() == "Zoë 日本 ☐\n".encode()
