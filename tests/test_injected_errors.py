"""Commands that change notes, while the system refuses one of their calls: exit code, words and notes agree.

strace makes the system calls fail. `MDMENTOR_TEST_ERRORS=all` runs every command against every call and error.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytest import fixture, mark

from tests.conftest import Run, VaultOnDisk
from tests.watched import wait_until

STRACE = shutil.which("strace")
IS_ALL = os.environ.get("MDMENTOR_TEST_ERRORS") == "all"


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
    lay_out(vault)
    return vault


def lay_out(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", "")
    vault.add(ADA, note("Ada"))
    vault.add(GRACE, note("Grace"))
    vault.add("talks/meeting.md", "with [[Ada]] and [[Grace]]\n")
    vault.run("next")


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
    """The notes' bytes by path; pages and temporary files of ours aside."""
    files = (file for file in vault.root.rglob("*") if file.is_file() and "reach-out" not in file.parts)
    files = (file for file in files if not file.name.startswith(".mdmentor-"))
    return {file.relative_to(vault.root).as_posix(): file.read_bytes() for file in files}


def leftovers(vault: VaultOnDisk) -> list[Path]:
    """Temporary files of ours, wherever they lie."""
    return list(vault.root.parent.rglob(".mdmentor-*"))


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
@mark.parametrize("error", ["EINVAL", "EIO"] if IS_ALL else ["EINVAL"])
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


# Somebody else saves between our look at a note and our rename.


def start_delayed(vault: VaultOnDisk, *arguments: str, calls: str = "renameat2") -> subprocess.Popen[str]:
    """Starts a command that waits for a moment before it puts a note in `people` in place; returns while it waits."""
    process = start(vault, *arguments, inject=f"{calls}:delay_enter=400000", path="people")
    trace = vault.cache.with_name("trace")
    wait_until(lambda: trace.exists() and "rename" in trace.read_text(), "the command is about to rename")
    return process


def save_by_rename(file: Path, data: bytes) -> None:
    """Saves as vim, Emacs and VS Code do."""
    other = file.with_name("editors-own.tmp")
    other.write_bytes(data)
    other.replace(file)


def save_in_place(file: Path, data: bytes) -> None:
    """Saves as Obsidian and nano do."""
    file.write_bytes(data)


@mark.parametrize("save", [save_by_rename, save_in_place])
def test_an_editors_save_right_before_the_rename_is_kept(
    two: VaultOnDisk, save: Callable[[Path, bytes], None]
) -> None:
    process = start_delayed(two, "log", "Ada", "call: ours", *DAY)
    save(two.root / ADA, (note("Ada") + "\nthe editor's words\n").encode())
    done = finish(process)
    assert done.code == 0, done.err
    text = two.read(ADA)
    assert "the editor's words" in text and text.count("call: ours") == 1
    assert leftovers(two) == []


def test_a_note_deleted_right_before_the_rename_stays_deleted(two: VaultOnDisk) -> None:
    process = start_delayed(two, "set", "Ada", "cadence", "weekly")
    (two.root / ADA).unlink()
    done = finish(process)
    assert done.code == 4 and "gone" in done.err
    assert not (two.root / ADA).exists() and leftovers(two) == []


def test_a_note_made_right_before_a_new_one_gets_its_name_is_kept(two: VaultOnDisk) -> None:
    process = start_delayed(two, "new", "contact", "people/Bea")
    two.add("people/Bea.md", "somebody else's\n")
    assert finish(process).code == 4
    assert two.read("people/Bea.md") == "somebody else's\n" and leftovers(two) == []


def test_a_note_saved_right_before_undo_deletes_it_is_kept(two: VaultOnDisk) -> None:
    assert run(two, "new", "contact", "people/Bea").code == 0
    process = start_delayed(two, "undo", calls="renameat")
    two.add("people/Bea.md", "my first words\n")
    assert finish(process).code == 4
    assert two.read("people/Bea.md") == "my first words\n" and leftovers(two) == []


def test_a_note_that_takes_the_new_name_right_before_a_rename_is_kept(two: VaultOnDisk) -> None:
    process = start_delayed(two, "rename", "Ada", "people/Bea")
    two.add("people/Bea.md", "somebody else's\n")
    assert finish(process).code == 4
    assert two.read("people/Bea.md") == "somebody else's\n"
    assert two.read(ADA) == note("Ada") and two.read("talks/meeting.md") == "with [[Ada]] and [[Grace]]\n"


def test_a_folder_swapped_for_a_link_right_before_the_rename_leads_nothing_out(
    two: VaultOnDisk, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "Ada.md").write_text("not in the vault\n")
    process = start_delayed(two, "log", "Ada", "call: ours", *DAY)
    (two.root / "people").rename(two.root / "moved")
    (two.root / "people").symlink_to(outside)
    finish(process)
    assert [file.name for file in outside.iterdir()] == ["Ada.md"]
    assert (outside / "Ada.md").read_text() == "not in the vault\n"
    assert leftovers(two) == []


@mark.parametrize("error", ["ENOSYS", "EINVAL", "EPERM"] if IS_ALL else ["ENOSYS"])
@mark.parametrize("prepare", COMMANDS if IS_ALL else COMMANDS[:4], ids=lambda f: f.__name__)
def test_where_names_cannot_be_swapped_everything_works(
    two: VaultOnDisk, prepare: Prepare, error: str
) -> None:
    arguments = prepare(two)
    before = contents(two)
    done = run_with(two, f"renameat2:error={error}", *arguments)
    assert done.code == 0, done.err
    assert injected(two) > 0 and contents(two) != before and leftovers(two) == []
    assert run(two, "undo", *(["--redo"] if arguments[0] == "undo" else [])).code == 0
    assert contents(two) == before


def test_a_rename_and_the_folders_made_for_it_are_on_the_disk(two: VaultOnDisk) -> None:
    process = start(two, "rename", "Ada", "far/away/Ada", inject="fsync,mkdirat,renameat2:delay_exit=1")
    done = finish(process)
    assert done.code == 0, done.err
    lines = two.cache.with_name("trace").read_text().splitlines()
    moved = next(
        number for number, line in enumerate(lines) if "renameat2" in line and line.count('"Ada.md"') == 2
    )
    made = [number for number, line in enumerate(lines) if "mkdirat" in line]
    assert len(made) == 2 and all("fsync" in lines[number + 1] for number in made), lines
    assert sum("fsync" in line for line in lines[moved + 1 : moved + 3]) == 2, lines


# Any call of any command fails: once, or from then on.

CALLS = {  # call -> the errors it fails with, and the path whose calls alone fail ("" for all of the process)
    "renameat2": (("EIO", "ENOSPC"), "people"),
    "renameat": (("EIO",), ""),
    "rename": (("EIO", "ENOSPC"), ""),
    "openat": (("ENOSPC", "EACCES", "EMFILE"), "people"),
    "fsync": (("EIO", "ENOSPC"), ""),
    "write": (("ENOSPC", "EIO"), ""),
    "unlinkat": (("EIO",), ""),
    "unlink": (("EIO",), ""),
    "mkdirat": (("ENOSPC",), ""),
    "mkdir": (("ENOSPC",), ""),
    "fchmod": (("EPERM",), ""),
    "flock": (("EAGAIN", "ENOLCK"), "people"),
}
MOST = 40  # of one kind of call, after which a command has failed in enough ways
QUICK = {  # what every run of the tests tries: command, call, error, and which of the calls fails
    (log_both, "renameat2", "EIO", "2"), (log_both, "renameat2", "ENOSPC", "2+"), (log_both, "openat", "EMFILE", "4+"),
    (log_both, "fsync", "EIO", "4"), (rename_ada, "renameat2", "EIO", "2+"), (new_contact, "renameat2", "EIO", "1"),
    (undo_rename, "renameat2", "ENOSPC", "2+"), (undo_rename, "renameat", "EIO", "2+"), (set_cadence, "openat", "EACCES", "2"),
}  # fmt: skip


def check_truth(vault: VaultOnDisk, prepare: Prepare, inject: str, path: str) -> bool:
    """Runs a command that fails so, and checks code, words, notes and undo; False where no call was left to fail."""
    arguments = prepare(vault)
    before = contents(vault)
    failed = run_with(vault, inject, *arguments, path=path)
    if not injected(vault):
        return False
    where = (arguments[0], inject, failed.code, failed.err)
    now = contents(vault)
    assert failed.code in (0, 2, 3, 4, 5), where
    assert "Traceback" not in failed.err and "should not happen" not in failed.err, where
    if failed.code == 0:
        assert now != before, where
    else:
        assert failed.err or inject.startswith("write:"), where  # which may fail on stderr too
    if now != before:
        assert "nothing changed" not in failed.err and "as they were" not in failed.err, where
    is_half = "half" in failed.err or (failed.code != 0 and not failed.err and now != before)
    back = ("undo", "--redo") if arguments[0] == "undo" else ("undo",)
    healed = run(vault, "contacts")
    if is_half:
        assert failed.code == 5, where
        healed = run(vault, "reindex")
        assert healed.code in (0, 1), (where, healed.err)
        assert contents(vault) == before, (where, healed.err)
        return True
    assert contents(vault) == now, (where, healed.err)
    if now == before:
        again = run(vault, *arguments)
        assert again.code == 0 and contents(vault) != before, (where, again.err)
        now = contents(vault)
    elif "undo cannot take it back" in failed.err:
        return True
    if not IS_ALL:
        return True
    taken_back = run(vault, *back)
    assert taken_back.code == 0, (where, taken_back.err)
    assert contents(vault) == before, where
    done_again = run(vault, *(("undo",) if len(back) == 2 else ("undo", "--redo")))
    assert done_again.code == 0 and contents(vault) == now, (where, done_again.err)
    return True


@mark.parametrize(
    ("prepare", "call", "error", "when"), sorted(QUICK, key=str), ids=lambda x: getattr(x, "__name__", x)
)
def test_what_is_said_of_a_failed_call_is_true(
    two: VaultOnDisk, prepare: Prepare, call: str, error: str, when: str
) -> None:
    assert check_truth(two, prepare, f"{call}:error={error}:when={when}", CALLS[call][1])


EVERY = [(call, error) for call, (errors, _) in CALLS.items() for error in errors] if IS_ALL else []


@mark.parametrize("prepare", COMMANDS, ids=lambda f: f.__name__)
@mark.parametrize(("call", "error"), EVERY)
def test_what_is_said_of_any_failed_call_is_true(
    tmp_path: Path, prepare: Prepare, call: str, error: str
) -> None:
    for plus in ("", "+"):
        for when in range(1, MOST):
            vault = VaultOnDisk(tmp_path / f"{when}{plus}" / "vault", tmp_path / f"{when}{plus}" / "cache")
            lay_out(vault)
            if not check_truth(vault, prepare, f"{call}:error={error}:when={when}{plus}", CALLS[call][1]):
                break
