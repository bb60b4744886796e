"""Killed at a system call: after one command that repairs, an edit is done as a whole or not at all, and no byte is lost.

strace kills a command as it enters its nth call of a kind. A few calls of each command are tried here; with
`MDMENTOR_TEST_EVERY_KILL=1` each of them is (some minutes).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.conftest import TODAY, VaultOnDisk, with_tick

EVERY = bool(os.environ.get("MDMENTOR_TEST_EVERY_KILL"))
TRIED = 5  # calls of each command, where not every one is
CALLS = (
    *("write", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchown", "fsync"),
)
INDEX_CALLS = ("pwrite64", "fdatasync", "ftruncate")  # of SQLite, which is tried where every call is
DAY = ("--today", TODAY.isoformat())

Notes = dict[str, bytes]


def can_trace() -> bool:
    """Whether strace is there and may be used here."""
    try:
        return (
            subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not can_trace(), reason="strace is not here, or may trace nothing")


class Case(NamedTuple):
    """A command to be killed, and what is done before it."""

    command: tuple[str, ...]
    prepare: Callable[[VaultOnDisk], object] = lambda vault: None
    is_edit: bool = True  # `undo` takes it back

    def __str__(self) -> str:
        return " ".join(self.command[:2])


def tick(vault: VaultOnDisk) -> None:
    page = vault.page("Reach out next")
    vault.add("reach-out/Reach out next.md", with_tick(page, ": tea"))
    vault.add("z.md", vault.read("z.md") + "more about [[Grace]]\n")


CARDS = "".join(
    f"BEGIN:VCARD\nFN:{name}\nEMAIL:{name[0]}@example.org\nORG:Tarn\nEND:VCARD\n"
    for name in ("Ann Else", "Bo Vik")
)
GRACES_UID = uuid5(NAMESPACE_URL, "mdmentor:people/Grace.md")  # that of our own export
CARDS += f"BEGIN:VCARD\nFN:Grace\nUID:{GRACES_UID}\nORG:Navy\nEND:VCARD\n"
RENAME = ("rename", "Ada", "crm/new/Eve")
CASES = (
    Case(("log", "Ada", "call: tea", *DAY)),
    Case(("log", "Ada, Grace", "dinner: plans", *DAY)),
    Case(("set", "Ada", "cadence", "weekly", *DAY)),
    Case(("new", "contact", "Noor"), lambda vault: vault.run("rename", "people", "who are they")),
    Case(RENAME),
    Case(("merge", "Ada", "into", "Grace", "--yes", *DAY)),
    Case(("undo",), lambda vault: vault.run("merge", "Ada", "Grace", "--yes"), is_edit=False),
    Case(("undo",), lambda vault: (vault.run(*RENAME), vault.reindex()), is_edit=False),
    Case(("undo", "--redo"), lambda vault: (vault.run(*RENAME), vault.run("undo"), vault.reindex())),
    Case(("inbox", "--yes", *DAY)),
    Case(("import", "VAULT/people.vcf", "--yes", *DAY), lambda vault: vault.add("people.vcf", CARDS)),
    Case(("reindex", *DAY), tick, is_edit=False),
)


@pytest.fixture
def filled(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add(
        "people/Ada.md", "---\ntags: [person]\ncadence: 30\n---\n# Ada\n\n## Log\n\n- 2026-01-01 call\n"
    )
    vault.add("people/Grace.md", "---\r\ntags: [person]\r\n---\r\n# Grace\r\n")
    vault.add("a.md", "[[Ada]]\n\n<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n")
    vault.add("z.md", "[[Ada]] and [it](people/Ada.md)\n")
    vault.add("Home.md", "## Inbox\n- coffee with Ada: one\n- tea with Grace: two\n- milk\n")
    vault.reindex()
    return vault


def notes_of(vault: VaultOnDisk) -> Notes:
    """Every file of the user's, but for the bytes in blocks; empty folders by name."""
    found: Notes = {}
    for file in vault.root.rglob("*"):
        path = str(file.relative_to(vault.root))
        if path.startswith("reach-out") or file.name.startswith(".mdmentor-"):
            continue
        if file.is_dir():
            if not any(file.iterdir()):
                found[f"{path}/"] = b""
            continue
        head, marker, rest = file.read_bytes().partition(b"<!-- mdmentor:backlinks -->\n")
        found[path] = head + marker + rest[rest.find(b"<!-- /mdmentor") :] if marker else head
    return found


def files(notes: Notes) -> Notes:
    """The notes without the folders that are empty."""
    return {path: data for path, data in notes.items() if not path.endswith("/")}


class Killer:
    """Runs one command again and again from the same beginning, and kills it where it is told to."""

    def __init__(self, vault: VaultOnDisk, kept: Path, case: Case) -> None:
        self.vault, self.kept, self.case = vault, kept, case
        case.prepare(vault)
        for name, folder in (("vault", vault.root), ("cache", vault.cache)):
            shutil.copytree(folder, kept / name)
        self.before = notes_of(vault)
        self.points = self._points()
        self.after = notes_of(vault)

    def kill(self, call: str, number: int) -> bool:
        """Whether the command was killed as it entered its nth call of this kind."""
        self._restore()
        return self._run("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}") != 0

    def _points(self) -> list[tuple[str, int]]:
        """(call, number) of every call that the command makes, in their order."""
        calls = (*CALLS, *INDEX_CALLS) if EVERY else CALLS
        log = self.kept / "calls"
        assert self._run("-e", f"trace=?{',?'.join(calls)}", log=log) == 0
        seen: Counter[str] = Counter()
        points = []
        for line in log.read_text(errors="replace").splitlines():
            call = line.split(maxsplit=1)[-1].partition("(")[0]
            if call in calls:
                seen[call] += 1
                points.append((call, seen[call]))
        return points

    def _run(self, *options: str, log: Path | None = None) -> int:
        command = [sys.executable, "-m", "mdmentor", *self.case.command, "--vault", str(self.vault.root)]
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", str(log or os.devnull), *options, *command],
            env={**os.environ, "MDMENTOR_CACHE": str(self.vault.cache)},
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode in (0, -signal.SIGKILL, 128 + signal.SIGKILL), done.stderr
        return done.returncode

    def _restore(self) -> None:
        for name, folder in (("vault", self.vault.root), ("cache", self.vault.cache)):
            shutil.rmtree(folder)
            shutil.copytree(self.kept / name, folder)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_killed_command_is_done_as_a_whole_or_not_at_all(
    filled: VaultOnDisk, tmp_path: Path, case: Case
) -> None:
    words = tuple(word.replace("VAULT", str(filled.root)) for word in case.command)
    case = case._replace(command=words)
    killer = Killer(filled, tmp_path / "kept", case)
    assert killer.before != killer.after and len(killer.points) > TRIED
    step = 1 if EVERY else max(1, len(killer.points) // TRIED)
    killed = [
        point for point in killer.points[step // 2 :: step] if killer.kill(*point) and holds(killer, point)
    ]
    print(f"{case}: {len(killed)} kills at {len(killer.points)} calls")
    assert len(killed) >= TRIED


def holds(killer: Killer, point: tuple[str, int]) -> bool:
    """Asserts that all is well after a kill."""
    vault, case, before, after = killer.vault, killer.case, killer.before, killer.after
    left = notes_of(vault)
    whole = {*before.values(), *after.values()}
    assert set(left.values()) <= whole, (point, "a note holds neither the old bytes nor the new")
    told = vault.run("contacts").err
    assert ("may be half done" in told) or files(left) in (files(before), files(after)), (point, told)
    vault.reindex()
    now = notes_of(vault)
    assert now in (before, after), point
    assert case.command[0] != "reindex" or now == after, point
    assert vault.run("contacts").err == "" and vault.reindex(check=True).stale == [], point
    if case.command[0] == "reindex":
        return True
    if now == before:
        run = vault.run(*case.command)  # whoever saw no answer asks again
        wanted = after
    else:
        run = vault.run("undo", *(() if case.is_edit else ("--redo",)))
        wanted = before
    assert run.code == 0 and notes_of(vault) == wanted, (point, run.err)
    return True
