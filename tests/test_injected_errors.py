"""Commands that change notes, while the system refuses one of their calls: exit code, words and notes agree.

strace makes the system calls fail. `MDMENTOR_TEST_ERRORS=all` runs every command against every call and error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from pytest import fixture, mark

from tests.conftest import Run, VaultOnDisk

STRACE = shutil.which("strace")


def can_trace() -> bool:
    """Whether strace is there and may trace: containers often forbid it."""
    if STRACE is None or sys.platform != "linux":
        return False
    one = [STRACE, "-f", "--seccomp-bpf", "-e", "trace=fsync", "-o", os.devnull, "true"]
    return subprocess.run(one, capture_output=True, check=False).returncode == 0


pytestmark = mark.skipif(not can_trace(), reason="needs strace, and the right to trace")

ADA, GRACE = "people/Ada.md", "people/Grace.md"
DAY = ("--today", "2026-11-23")


def note(name: str) -> str:
    return f"---\ntags: [person]\n---\n# {name}\n\n- [ ] send the paper\n\n## Log\n\n- 2026-05-01 coffee: plans\n"


@fixture
def two(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add(ADA, note("Ada"))
    vault.add(GRACE, note("Grace"))
    vault.add("talks/meeting.md", "with [[Ada]] and [[Grace]]\n")
    vault.run("next")
    return vault


def run(vault: VaultOnDisk, *arguments: str) -> Run:
    """Runs a command in a process of its own."""
    return finish(start(vault, *arguments))


def run_with(vault: VaultOnDisk, inject: str, *arguments: str, path: str = "people") -> Run:
    """Runs a command whose calls on a path of the vault are tampered with as strace's `inject` says."""
    return finish(start(vault, *arguments, inject=inject, path=path))


def start(vault: VaultOnDisk, *arguments: str, inject: str = "", path: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)]
    if inject:
        calls = inject.partition(":")[0]
        traced = ["-P", str(vault.root / path)] if path else []
        tracing = [str(STRACE), "-f", "--seccomp-bpf", "-o", str(vault.cache.with_name("trace")), *traced]
        command = [*tracing, "-e", f"trace={calls}", "-e", f"inject={inject}", *command]
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> Run:
    out, err = process.communicate(timeout=60)
    return Run(process.returncode, out, err)


def injected(vault: VaultOnDisk) -> int:
    """How many calls strace made fail in the last run."""
    return vault.cache.with_name("trace").read_text().count("(INJECTED)")


def contents(vault: VaultOnDisk) -> dict[str, bytes]:
    """The notes' bytes by path; pages of ours aside."""
    files = (file for file in vault.root.rglob("*") if file.is_file() and "reach-out" not in file.parts)
    return {file.relative_to(vault.root).as_posix(): file.read_bytes() for file in files}


def log_both(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("log", "Ada, Grace", "call: both", *DAY)


def set_cadence(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("set", "Ada", "cadence", "weekly")


def new_contact(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("new", "contact", "people/Bea")


def rename_ada(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("rename", "Ada", "people/Lady Ada")


def done_paper(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("done", "Ada", "paper")


def snooze_ada(vault: VaultOnDisk) -> tuple[str, ...]:
    return ("snooze", "Ada", "2w", *DAY)


def undo_log(vault: VaultOnDisk) -> tuple[str, ...]:
    assert run(vault, *log_both(vault)).code == 0
    return ("undo",)


def undo_rename(vault: VaultOnDisk) -> tuple[str, ...]:
    assert run(vault, *rename_ada(vault)).code == 0
    return ("undo",)


Prepare = Callable[[VaultOnDisk], tuple[str, ...]]
COMMANDS: tuple[Prepare, ...] = (
    log_both, set_cadence, new_contact, rename_ada, done_paper, snooze_ada, undo_log, undo_rename,
)  # fmt: skip


@mark.parametrize("prepare", COMMANDS, ids=lambda f: f.__name__)
@mark.parametrize("error", ["EINVAL", "EIO"])
def test_a_folder_that_cannot_be_synced_does_not_undo_what_is_in_place(
    two: VaultOnDisk, prepare: Prepare, error: str
) -> None:
    arguments = prepare(two)
    before = contents(two)
    done = run_with(two, f"fsync:error={error}", *arguments)
    assert injected(two) > 0
    assert done.code == 0, done.err
    after = contents(two)
    assert after != before
    if arguments[0] == "log":
        assert b"call: both" in after[ADA] and b"call: both" in after[GRACE]
    assert run(two, "undo", *(["--redo"] if arguments[0] == "undo" else [])).code == 0
    assert contents(two) == before
