"""No note gets a name that Windows cannot check out, and no large folder is read that nobody called a vault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mdmentor.config import read_settings
from mdmentor.core import names
from mdmentor.vault.folders import holds_more_than
from tests.conftest import VaultOnDisk

RESERVED = [
    "CON", "con", "prn", "Aux", "nul", "aux.txt", "nul.tar.gz", "COM1", "com9", "LPT0", "lpt1.x", "COM²", "con .txt",
    "CONIN$", "conout$",
]  # fmt: skip
FREE = [
    "Conrad",
    "console",
    "auxiliary",
    "nullify",
    "COM10",
    "COM",
    "LPTX",
    "my con",
    "x.con",
    "com1a",
    "Con Air",
]


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("kind", ["contact", "post"])
def test_a_name_of_a_device_is_refused_with_one_that_would_do(
    vault: VaultOnDisk, kind: str, name: str
) -> None:
    assert names.is_reserved(name)
    for told in (name, f"{name}.md", f"x/{name}", f"{name}/x"):
        run = vault.run("new", kind, told)
        assert run.code == 2 and "; try " in run.err, told
    assert not list(vault.root.rglob("*.md"))
    suggested = run.err.split('try "')[1].split('"')[0]
    assert vault.run("new", kind, suggested).code == 0


@pytest.mark.parametrize("name", FREE)
def test_a_name_that_only_looks_so_is_taken(vault: VaultOnDisk, name: str) -> None:
    assert names.fits_everywhere(f"{name}.md") and vault.run("new", "contact", name).code == 0


@pytest.mark.parametrize("name", ["Ada.", "Ada..", "Ada . ", "x./Ada", "x /Ada", "Ada .", " Ada "])
def test_no_name_ends_in_a_dot_or_a_blank(vault: VaultOnDisk, name: str) -> None:
    run = vault.run("new", "contact", name)
    assert run.code in (0, 2)
    for file in vault.root.rglob("*"):
        assert not file.name.removesuffix(".md").endswith((".", " ")), run.out


@pytest.mark.parametrize(
    "settings",
    ['{"folder": "con"}', '{"format": "[nul]"}', '{"format": "YYYY-MM-DD HH:mm"}', '{"folder": "a."}',
     '{"folder": "../out"}', '{"format": "[../../out]"}', '{"folder": "a", "format": "[aux.]YYYY"}'],
)  # fmt: skip
def test_no_daily_note_gets_a_path_that_some_system_cannot_keep(vault: VaultOnDisk, settings: str) -> None:
    vault.add("people/Ada.md", "- 2026-01-01 call\n")
    vault.add(".obsidian/daily-notes.json", settings)
    before = sorted(vault.root.parent.rglob("*.md"))
    run = vault.run("log", "Ada", "tea", "--journal", "--today", "2026-11-23")
    assert run.code == 4 and "cannot be kept on every system" in run.err
    assert sorted(vault.root.parent.rglob("*.md")) == before


def test_the_pages_are_not_written_into_a_folder_of_such_a_name() -> None:
    assert read_settings('[pages]\nfolder = "aux"')[0].pages_folder == "reach-out"


def test_the_count_of_a_folder_stops_where_it_is_large(tmp_path: Path) -> None:
    for name in ("a/b.md", "a/c/d.txt", "e.md", ".git/x", "node_modules/f/g"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert holds_more_than(str(tmp_path), 5) and not holds_more_than(str(tmp_path), 6)


@pytest.mark.skipif(os.name != "posix", reason="the system's root")
def test_a_large_folder_that_is_no_vault_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.mkdir()
    for number in range(50_001):
        os.close(os.open(f"{large}/{number}.md", os.O_CREAT | os.O_WRONLY))
    environment = {**os.environ, "MDMENTOR_CACHE": str(tmp_path / "cache")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mdmentor", *arguments, "--vault", str(large)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )

    for command in (["next"], ["reindex"], ["log", "Ada", "x"], ["watch"], ["check"]):
        told = run(*command)
        assert told.returncode == 3 and "mdmentor init" in told.stderr and told.stderr.count("\n") == 1
    assert not list((tmp_path / "cache").rglob("*.sqlite")) and len(os.listdir(large)) == 50_001
    (large / "mdmentor.toml").write_text("ignore = ['*.md']\n")
    assert run("next").returncode == 0
