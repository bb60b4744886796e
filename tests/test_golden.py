"""Golden vaults: whole vaults in, whole pages and outputs out; a change of either is read by a person.

`pytest tests/test_golden.py --update` writes what comes out now; look at the difference before keeping it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mdmentor.template import copy_template
from tests.conftest import TODAY, VaultOnDisk

HERE = Path(__file__).parent
COMMANDS = {
    "next": ["next"],
    "next-json": ["next", "--json"],
    "why": ["why", "Graham"],
    "show": ["show", "Marta"],
    "contacts": ["contacts"],
    "mentors": ["mentors"],
    "promises": ["promises"],
    "dates": ["dates"],
    "related": ["related", "Ask for a raise"],
    "topics": ["topics"],
    "check": ["check"],
}


def expect(file: Path, text: str, update: bool) -> None:
    if update:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    assert file.read_bytes().decode() == text, f"{file.relative_to(HERE)} differs; see --update"


@pytest.fixture
def demo(tmp_path: Path) -> VaultOnDisk:
    vault = VaultOnDisk(tmp_path / "vault", tmp_path / "cache")
    copy_template(vault.root, TODAY, is_demo=True)
    vault.reindex()
    return vault


def test_the_sample_vaults_pages(demo: VaultOnDisk, update: bool) -> None:
    golden = HERE / "golden" / "demo"
    if update:
        shutil.rmtree(golden, ignore_errors=True)
    pages = sorted((demo.root / "reach-out").iterdir())
    for page in pages:
        expect(golden / page.name, page.read_bytes().decode(), update)
    assert {f.name for f in golden.iterdir()} == {p.name for p in pages}


def test_the_sample_vaults_home_note_with_its_blocks(demo: VaultOnDisk, update: bool) -> None:
    expect(HERE / "golden" / "demo-notes" / "Home.md", demo.read("Home.md"), update)
    expect(
        HERE / "golden" / "demo-notes" / "Ask for a raise.md", demo.read("posts/Ask for a raise.md"), update
    )


@pytest.mark.parametrize("name", list(COMMANDS))
def test_what_the_commands_print_of_the_sample_vault(demo: VaultOnDisk, name: str, update: bool) -> None:
    run = demo.run(*COMMANDS[name], "--today", TODAY.isoformat())
    assert run.code == 0
    expect(HERE / "golden" / "commands" / f"{name}.txt", run.out, update)


@pytest.mark.parametrize("name", sorted(p.name for p in (HERE / "vaults").iterdir() if p.is_dir()))
def test_a_golden_vault(name: str, tmp_path: Path, update: bool) -> None:
    """`tests/vaults/NAME/before` is indexed; the pages and changed notes must be `expected`."""
    source = HERE / "vaults" / name
    vault = VaultOnDisk(tmp_path / "vault", tmp_path / "cache")
    shutil.copytree(source / "before", vault.root, dirs_exist_ok=True)
    vault.reindex()
    expected = source / "expected"
    if update:
        shutil.rmtree(expected, ignore_errors=True)
    told = {f.relative_to(vault.root).as_posix(): f.read_bytes() for f in vault.root.rglob("*.md")}
    new = {
        p: d
        for p, d in told.items()
        if not (source / "before" / p).is_file() or (source / "before" / p).read_bytes() != d
    }
    for path, data in sorted(new.items()):
        expect(expected / path, data.decode(), update)
    assert {f.relative_to(expected).as_posix() for f in expected.rglob("*") if f.is_file()} == set(new)
