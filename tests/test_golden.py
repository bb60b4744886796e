"""Golden vaults: whole vaults in, everything that comes out; a change of it is read by a person.

Three vaults: the demo, `tests/vaults/odd-notes`, and a thousand generated notes. `tests/golden/VAULT` holds of each

- `written/`: the pages and the notes with blocks, as `reindex` writes them
- `commands/`: what each reading command prints, as text and JSON, also for names that do not exist
- `edits/`: commands that change notes and ticks on the page, in turn on a copy, each with the difference it makes
- `index/`: what the index holds of each note, in words that do not depend on its tables (`index_dump.py`)

Of the thousand notes there are digests (`digests.txt`) and a few outputs as a sample. `tests/golden/no-vault` holds
the help of every command, and those that make a vault or merge two versions of a note.

After a change that is meant to change an output:

    python -m pytest tests/test_golden.py --update
    git diff tests/golden

Read the difference before you commit it. To see what stands behind a changed digest, write the whole outputs
before and after the change, and compare the two folders:

    python -m pytest tests/test_golden.py --whole /tmp/before       (and /tmp/after)
    git diff --no-index /tmp/before /tmp/after
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from mdmentor.cli import main
from mdmentor.cli.app import COMMANDS
from tests.conftest import TODAY, VaultOnDisk
from tests.golden_vaults import (
    CASES,
    MERGES,
    ON_TODAY,
    Case,
    Command,
    digests,
    edit_transcript,
    files_of,
    first_difference,
    plain_transcript,
    reading_commands,
    transcript,
    transcripts,
)
from tests.index_dump import dump

HERE = Path(__file__).parent
OLD = 1_700_000_000  # a time of change that proves a file unchanged


@dataclass(frozen=True)
class Golden:
    """Where expected outputs stand, and whether they are to be rewritten."""

    folder: Path
    update: bool
    whole: Path | None

    def expect(self, name: str, texts: Mapping[str, str], sample: frozenset[str] | None = None) -> None:
        """The outputs are those in the folder of this name, no more and no fewer.

        With `sample` only these are kept whole, and digests of all.
        """
        if self.whole:
            _write_all(self.whole / self.folder.name / name, texts)
        kept = dict(texts)
        if sample is not None:
            kept = {path: text for path, text in texts.items() if path in sample}
            kept["digests.txt"] = digests(texts)
        place = self.folder / name
        if self.update:
            shutil.rmtree(place, ignore_errors=True)
            _write_all(place, kept)
        expected = {path: data.decode() for path, data in files_of(place).items()}
        assert sorted(expected) == sorted(kept), f"{place}: other outputs than expected; see --update"
        for path, text in kept.items():
            if expected[path] != text:
                pytest.fail(
                    f"{place / path} differs; see {__file__}\n{first_difference(expected[path], text)}", False
                )


def _write_all(folder: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())


@dataclass(frozen=True)
class Indexed:
    """A vault of CASES that was indexed once; nobody may change it."""

    case: Case
    vault: VaultOnDisk
    before: Mapping[str, bytes]  # the files as they were before
    run: str  # what the first `reindex` printed


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What programs see beside the vault: a git without the user's settings, and a shell that finds mdmentor."""
    home = tmp_path_factory.mktemp("home")
    program = home / "bin" / "mdmentor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mdmentor "$@"\n')
    program.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("GIT_", "MDMENTOR_"))]:
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        patch.setenv("COLUMNS", "80")
        yield


@pytest.fixture(scope="module", params=list(CASES))
def indexed(
    request: pytest.FixtureRequest, surroundings: None, tmp_path_factory: pytest.TempPathFactory
) -> Indexed:
    vault = _new_vault(CASES[request.param], tmp_path_factory.mktemp(request.param))
    before = files_of(vault.root)
    return Indexed(CASES[request.param], vault, before, transcript(vault, ("reindex",), *ON_TODAY))


def _new_vault(case: Case, folder: Path) -> VaultOnDisk:
    vault = VaultOnDisk(folder / "vault", folder / "cache")
    case.make(vault.root)
    for file in vault.root.rglob("*"):
        os.utime(file, (OLD, OLD))
    return vault


@pytest.fixture
def golden(request: pytest.FixtureRequest, indexed: Indexed) -> Golden:
    return _golden(request, next(name for name, case in CASES.items() if case is indexed.case))


def _golden(request: pytest.FixtureRequest, name: str) -> Golden:
    whole = request.config.getoption("--whole")
    update = bool(request.config.getoption("--update"))
    return Golden(HERE / "golden" / name, update, Path(whole).resolve() if whole else None)


def test_what_reindex_writes(indexed: Indexed, golden: Golden) -> None:
    after = files_of(indexed.vault.root)
    written = {path: data.decode() for path, data in after.items() if indexed.before.get(path) != data}
    assert not indexed.before.keys() - after.keys()
    written["reindex.txt"] = indexed.run
    golden.expect("written", written, indexed.case.sample)


def test_what_reading_commands_print(indexed: Indexed, golden: Golden) -> None:
    texts = transcripts(indexed.vault, reading_commands(indexed.case))
    golden.expect("commands", {f"{name}.txt": text for name, text in texts.items()}, indexed.case.sample)


def test_what_edits_change(indexed: Indexed, golden: Golden, tmp_path: Path) -> None:
    texts = {}
    for name, steps in indexed.case.edits.items():
        vault = _new_vault(indexed.case, tmp_path / name)
        if name == "git":
            subprocess.run(["git", "init", "-q", "-b", "main"], cwd=vault.root, check=True)
        vault.run("reindex", *ON_TODAY)
        texts[f"{name}.txt"] = edit_transcript(vault, steps)
    golden.expect("edits", texts, indexed.case.sample)


def test_what_the_index_holds(indexed: Indexed, golden: Golden) -> None:
    with indexed.vault.queries() as queries:
        texts = dump(queries.index, TODAY)
    golden.expect("index", {f"{aspect}.txt": text for aspect, text in texts.items()}, indexed.case.sample)


@pytest.fixture
def no_vault(request: pytest.FixtureRequest, surroundings: None) -> Golden:
    return _golden(request, "no-vault")


def test_the_help_of_every_command(no_vault: Golden, tmp_path: Path) -> None:
    groups = [("git", name) for name in ("install", "uninstall", "status", "resolve")]
    pages = [(), *((name,) for name in COMMANDS if name != "merge-driver"), *groups]
    texts = {
        f"{'-'.join(('help', *page))}.txt": plain_transcript(tmp_path, (*page, "--help")) for page in pages
    }
    no_vault.expect("help", texts)


def test_commands_that_make_a_vault(
    no_vault: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = tmp_path / "old"
    for path in ("Friends/Ada.md", "Friends/Bo.md", "blog/2026-01-01 Hello.md"):
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_text("---\ntags: [person]\n---\n" if path.startswith("F") else "words\n")
    commands: list[Command] = [
        ("demo", "sample", *ON_TODAY),
        ("demo", "sample", *ON_TODAY),
        ("init", "new"),
        ("init", "new"),
        ("init", "old"),
        ("demo", "old"),
        ("completion", "bash"),
        ("nxet",),
        ("next", "--no-such-option"),
        ("next", "--vault", "missing"),
        ("next", "--today", "someday", "--vault", "new"),
    ]
    shown, before = [], files_of(tmp_path)
    for command in commands:
        text, after = plain_transcript(tmp_path, command), files_of(tmp_path)
        changed = [path for path in sorted(after) if before.get(path) != after[path] and "cache" not in path]
        shown.append(text + "".join(f"+ {path}\n" for path in changed) + "\n")
        before = after
    no_vault.expect("begin", {"begin.txt": "".join(shown), "old.toml": (old / "mdmentor.toml").read_text()})


def test_merges_of_two_versions_of_a_note(no_vault: Golden, tmp_path: Path) -> None:
    texts = {}
    for name, versions in MERGES.items():
        files = [tmp_path / part for part in ("base", "ours", "theirs")]
        for file, version in zip(files, versions, strict=True):
            file.write_bytes(version.encode())
        code = main(["merge-driver", *map(str, files), "7", "people/Ada.md"])
        texts[f"{name}.md"] = f"[exit {code}]\n{files[1].read_bytes().decode()}"
    no_vault.expect("merges", texts)


def test_every_command_has_golden_output() -> None:
    used = {command[0] for case in CASES.values() for command in reading_commands(case)}
    steps = [step for case in CASES.values() for steps in case.edits.values() for step in steps]
    used |= {step[0] for step in steps if isinstance(step, tuple)}
    used |= {"demo", "init", "completion", "merge-driver"}
    # those that have no end, and two whose output test_import.py and test_export.py hold
    assert set(COMMANDS) - used == {"watch", "lsp", "import", "export"}
