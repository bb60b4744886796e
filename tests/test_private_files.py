"""What lies in the cache is for its owner alone; an index that cannot be written costs one line."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mdmentor import files
from mdmentor.index import Index
from mdmentor.index.writer import writing
from tests.conftest import VaultOnDisk
from tests.watched import Process

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
OTHER = 65534  # any user but this one


def loose(folder: Path) -> list[str]:
    """Folders and files that others than their owner may use, with their modes."""
    found = [folder, *folder.rglob("*")]
    return [f"{p}: {stat.S_IMODE(p.lstat().st_mode):o}" for p in found if p.lstat().st_mode & 0o077]


@pytest.fixture
def used(vault: VaultOnDisk) -> VaultOnDisk:
    """A vault on which most things were done, under a umask that leaves everything readable."""
    before = os.umask(0o022)
    try:
        vault.add("people/Ada.md", "## Log\n- 2026-10-14 call: tea\n")
        vault.add("people/Bea.md", "see [[Ada]]\n")
        for command in (
            ["reindex"],
            ["log", "Ada", "call: tea"],
            ["rename", "Ada", "Ada Lovelace"],
            ["undo"],
        ):
            assert vault.run(*command).code == 0
    finally:
        os.umask(before)
    return vault


def test_all_that_is_kept_in_the_cache_is_for_its_owner_alone(used: VaultOnDisk) -> None:
    index = Index(used.root.resolve(), used.cache)
    with writing(index) as writer:
        writer.resolve_links()
    names = {file.suffix for file in used.cache.iterdir()}
    assert {".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock", ".edits"} <= names
    assert loose(used.cache) == []
    index.close()


def test_what_a_watcher_keeps_is_for_its_owner_alone(used: VaultOnDisk) -> None:
    watcher = Process(used, "watch")
    watcher.says("watching")
    assert {".json"} <= {file.suffix for file in used.cache.iterdir()}
    found = loose(used.cache)
    watcher.process.send_signal(signal.SIGTERM)
    watcher.process.wait(timeout=60)
    assert found == []


def test_what_an_earlier_version_left_open_to_others_is_tightened(used: VaultOnDisk) -> None:
    for path in [used.cache, *used.cache.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert used.run("next").code == 0
    assert loose(used.cache) == []


def test_a_folder_that_is_used_for_other_things_keeps_its_mode(used: VaultOnDisk) -> None:
    other = used.cache / "other.txt"
    other.write_text("not ours")
    other.chmod(0o644)
    used.cache.chmod(0o755)
    (file,) = used.cache.glob("*.sqlite")
    file.chmod(0o644)
    assert used.run("next").code == 0
    assert stat.S_IMODE(used.cache.stat().st_mode) == 0o755 and stat.S_IMODE(other.stat().st_mode) == 0o644
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other.unlink()
    used.cache.chmod(0o1777)
    files.tighten(str(used.cache))
    assert stat.S_IMODE(used.cache.stat().st_mode) == 0o1777


def as_plain_user(vault: VaultOnDisk, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as this user, but without what lets root read and write every file."""
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*plain, sys.executable, "-m", "mdmentor", *arguments, "--vault", str(vault.root)],
        env={**os.environ, "MDMENTOR_CACHE": str(vault.cache)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def give_away(*paths: Path) -> None:
    for path in paths:
        os.chown(path, OTHER, OTHER)


OF_ANOTHER = [
    "unreadable",
    "readable",
    "unreadable, so its folder",
    "readable, so its folder",
    "lock",
    "open",
]


@pytest.mark.skipif(sys.platform != "linux", reason="needs setpriv")
@pytest.mark.parametrize("harm", [*OF_ANOTHER, "read-only", "read-only folder"])
def test_an_index_that_cannot_be_written_costs_one_line(used: VaultOnDisk, harm: str) -> None:
    if harm in OF_ANOTHER and os.geteuid() != 0:
        pytest.skip("only root may give files away")
    (file,) = used.cache.glob("*.sqlite")
    held = Index(used.root.resolve(), used.cache) if harm == "open" else None
    if "readable" in harm:
        file.chmod(0o600 if harm.startswith("un") else 0o644)
        give_away(file)
        if "folder" in harm:
            used.cache.chmod(0o755)
            give_away(used.cache)
    elif harm == "read-only":
        file.chmod(0o400)
    elif harm == "read-only folder":
        used.cache.chmod(0o500)
    elif harm == "lock":
        give_away(Path(f"{file}.lock"))
    else:
        give_away(*(Path(f"{file}{tail}") for tail in ("", "-wal", "-shm")))
    try:
        for command in (["next"], ["contacts", "--json"], ["reindex"], ["log", "Bea", "call: tea"], ["next"]):
            run = as_plain_user(used, *command)
            assert run.returncode == 0, (command, run.stderr)
            lines = [line for line in run.stderr.splitlines() if "index" in line]
            assert len(lines) == 1 and "MDMENTOR_CACHE" in lines[0], run.stderr
    finally:
        used.cache.chmod(0o700)
        if held is not None:
            held.close()
    assert "call: tea" in used.read("people/Bea.md")
