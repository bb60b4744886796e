"""The documents on vaults of other tools: their command lines run, their settings are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from mdmentor.config import load_settings
from tests.conftest import VaultOnDisk, run_command
from tests.test_styles import STYLES, read_style

DOCUMENT = (Path(__file__).parent.parent / "docs" / "from-other-tools.md").read_text(encoding="utf-8")
_LINES = re.findall(r"(?m)^mdmentor .+$", DOCUMENT)
_IN_WORDS = re.findall(r"`(mdmentor \w+ [^`]+)`", DOCUMENT)
TOOLS = "Dataview, Periodic Notes, Personal CRM, Friend Tracker, VCF Contacts, Logseq, Dendron, SilverBullet, org-roam, Monica"


@pytest.fixture
def old_vault(vault: VaultOnDisk) -> VaultOnDisk:
    """The vault in the style of Obsidian with Dataview."""
    for path, text in read_style(next(file for file in STYLES if file.stem == "dataview"))[1].items():
        vault.add(path, text)
    return vault


@pytest.mark.parametrize("line", [*_LINES, *_IN_WORDS])
def test_a_command_line_of_the_document_runs(old_vault: VaultOnDisk, line: str) -> None:
    command = shlex.split(line, comments=True)[1:]
    is_init = command[0] == "init"  # which takes no --vault
    where = [str(old_vault.root)] if is_init else ["--vault", str(old_vault.root)]
    run = run_command(old_vault.cache, *command, *where)
    assert run.code == 0, run.err


def test_the_settings_of_the_document_are_read_without_a_problem(vault: VaultOnDisk) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert blocks
    for block in blocks:
        vault.add("mdmentor.toml", block)
        assert load_settings(vault.root)[1] == ()


def test_the_table_names_each_tool() -> None:
    table = DOCUMENT.split("## By tool")[1].split("\n## ")[0]
    named = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    for tool in TOOLS.split(", "):
        assert any(tool in name for name in named), tool
