"""As a user who is not root: what may not be read or written costs one line with the right exit code, and no byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import mdmentor
from mdmentor.files import history_folder
from tests.conftest import Run, VaultOnDisk, index_file

NOBODY = 65534
IS_ROOT = os.name == "posix" and os.geteuid() == 0
DAY = ("--today", "2026-11-23")


def as_plain_user(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command as nobody where we are root, else as who we are."""
    if not IS_ROOT:
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
    )


def find_python() -> str:
    """A Python of this version that a plain user may run, as one in root's home is not; "" for none."""
    if os.name != "posix":
        return ""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/local/bin/python{version}", f"/usr/bin/python{version}"):
        try:
            found = as_plain_user([python, "-c", "import json, sqlite3, mdmentor.cli.app"], ENVIRONMENT)
        except (OSError, subprocess.SubprocessError):
            continue
        if found.returncode == 0:
            return python
    return ""


PACKAGES = [str(Path(mdmentor.__file__).parents[1]), *(p for p in sys.path if p.endswith("-packages"))]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(PACKAGES)}
PYTHON = find_python()
pytestmark = pytest.mark.skipif(not PYTHON, reason="no plain user can run mdmentor from here")


class Plain(VaultOnDisk):
    """A vault of a plain user's, who also runs the commands."""

    def run(self, *arguments: str) -> Run:
        environment = {**ENVIRONMENT, "MDMENTOR_CACHE": str(self.cache), "HOME": str(self.root.parent)}
        command = [PYTHON, "-m", "mdmentor", *arguments, "--vault", str(self.root)]
        done = as_plain_user(command, environment)
        assert "Traceback" not in done.stderr and "should not happen" not in done.stderr, done.stderr
        return Run(done.returncode, done.stdout, done.stderr)

    def own(self) -> None:
        """Gives all of it to the user."""
        if IS_ROOT:
            for path in (self.root.parent, *self.root.parent.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def notes(self) -> dict[str, bytes]:
        return {str(f.relative_to(self.root)): f.read_bytes() for f in self.root.rglob("*.md")}


@pytest.fixture
def plain() -> Iterator[Plain]:
    top = Path(tempfile.mkdtemp(prefix="mdmentor-test-"))  # pytest's own folders are for root alone
    os.chmod(top, 0o755)
    vault = Plain(top / "vault", top / "cache")
    vault.add("mdmentor.toml", "")
    vault.add("people/Ada.md", "---\ncadence: 30\n---\n# Ada\n\n- 2026-01-01 call\n")
    vault.add("people/Grace.md", "# Grace\n")
    vault.add("a/a.md", "[[Ada]]\n")
    vault.add("z/z.md", "[[Ada]]\n")
    vault.own()
    try:
        assert vault.run("reindex").code == 0
        yield vault
    finally:
        for path in (top, *top.rglob("*")):
            if path.is_dir():
                os.chmod(path, 0o755)
        shutil.rmtree(top)


@pytest.mark.parametrize(
    "command", [("log", "Ada", "tea", *DAY), ("log", "Ada, Grace", "tea", *DAY), ("rename", "Ada", "Eve")]
)
def test_a_folder_that_may_not_be_written(plain: Plain, command: tuple[str, ...]) -> None:
    before = plain.notes()
    (plain.root / "people").chmod(0o555)
    run = plain.run(*command)
    assert run.code in (4, 5) and len(run.err.splitlines()) == 1 and run.out == ""
    assert plain.notes() == before
    (plain.root / "people").chmod(0o755)
    assert "Nothing to undo" in plain.run("undo").out
    assert plain.run(*command).code == 0


def test_a_rename_whose_last_note_may_not_be_written_changes_nothing(plain: Plain) -> None:
    before = plain.notes()
    (plain.root / "z").chmod(0o555)
    run = plain.run("rename", "Ada", "crm/Eve")
    assert run.code in (4, 5) and "z/z.md" in run.err
    assert plain.notes() == before and not (plain.root / "crm").exists()
    assert plain.run("contacts").err == ""


def test_an_undo_whose_last_note_may_not_be_written_changes_nothing(plain: Plain) -> None:
    before = plain.notes()
    assert plain.run("rename", "Ada", "crm/Eve").code == 0
    after = plain.notes()
    (plain.root / "a").chmod(0o555)
    assert plain.run("undo").code in (4, 5)
    assert plain.notes() == after
    (plain.root / "a").chmod(0o755)
    assert plain.run("undo").code == 0
    assert plain.notes() == before


def test_a_note_that_may_not_be_read(plain: Plain) -> None:
    (plain.root / "people/Ada.md").chmod(0)
    assert plain.run("next").code == 0
    assert "people/Ada.md" in plain.run("check").out
    assert plain.run("log", "people/Ada.md", "tea", *DAY).code == 4
    assert plain.run("rename", "Grace", "Eve").code == 0, "another note is no concern of its"


def test_a_vault_that_may_not_be_written_is_read(plain: Plain) -> None:
    before = plain.notes()
    for folder in (plain.root, *(f for f in plain.root.rglob("*") if f.is_dir())):
        folder.chmod(0o555)
    for command in (("next",), ("contacts",), ("search", "Grace"), ("status",), ("show", "Ada", "--json")):
        run = plain.run(*command)
        assert run.code == 0 and run.out, (command, run.err)
    assert plain.run("new", "contact", "Eve").code == 5
    run = plain.run("reindex", "--today", "2026-12-24")
    assert run.code == 5 and "Permission denied" in run.err and len(run.err.splitlines()) == 1
    assert plain.notes() == before


def test_a_cache_that_may_not_be_written(plain: Plain) -> None:
    before = plain.notes()
    shutil.rmtree(plain.cache)
    plain.cache.mkdir(mode=0o555)
    assert plain.run("contacts").code == 0
    run = plain.run("rename", "Ada", "Eve")
    assert run.code == 5 and "nothing changed" in run.err and plain.notes() == before
    run = plain.run("log", "Ada", "tea", *DAY)
    assert run.code == 0 and "undo cannot take it back" in run.err
    run = plain.run("undo")
    assert run.code == 5 and "cannot be read" in run.err and run.out == ""


@pytest.mark.skipif(not IS_ROOT, reason="only root can keep a folder from its owner")
def test_kept_edits_that_may_not_be_read(plain: Plain) -> None:
    assert plain.run("log", "Ada", "tea", *DAY).code == 0
    after = plain.notes()
    folder = Path(history_folder(index_file(plain.root.resolve(), plain.cache)))
    for file in (folder, folder / "000001.done.json"):
        os.chown(file, 0, 0)
        mode = file.stat().st_mode & 0o777
        file.chmod(0o700 if file.is_dir() else 0o600)
        run = plain.run("undo")
        assert run.code == 5 and run.out == "" and "Permission denied" in run.err
        assert plain.notes() == after
        os.chown(file, NOBODY, NOBODY)
        file.chmod(mode)
    assert plain.run("undo").code == 0
