"""A vault to write notes into, and mdmentor run on it for real: real files, a real index, the real commands."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from mdmentor.cli import main
from mdmentor.index import Index, index_path, links, notes
from mdmentor.queries import Queries
from mdmentor.reindex import Events, Report, plan_run, reindex
from mdmentor.reindex.update_index import bring_up_to_date
from mdmentor.vault import Vault

# A build says the same of the same code; new examples are looked for on people's own machines.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

TODAY = date(2026, 11, 23)  # a Monday


def index_file(root: Path, cache: Path) -> Path:
    """The file that holds the index of the vault at `root`."""
    return Path(index_path(root, cache))


class VaultOnDisk:
    """A temporary vault. Every question is asked of an index brought up to date."""

    def __init__(self, root: Path, cache: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.cache = cache
        self.today = TODAY

    def add(self, path: str, text: str | bytes) -> Path:
        assert not path.startswith("/"), "this would be written outside of the vault"
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def page(self, title: str) -> str:
        return self.read(f"reach-out/{title}.md")

    @contextlib.contextmanager
    def queries(self) -> Iterator[Queries]:
        vault = Vault(self.root.resolve())
        index = Index(vault.root, self.cache)
        try:
            run = plan_run(vault, index, self.today)
            bring_up_to_date(run)
            yield Queries(index, run.settings, self.today)
        finally:
            index.close()

    def reindex(self, *, events: Events | None = None, **flags: Any) -> Report:
        vault = Vault(self.root.resolve())
        index = Index(vault.root, self.cache)
        try:
            return reindex(plan_run(vault, index, self.today, events)._replace(**flags))
        finally:
            index.close()

    def backlinks(self, path: str) -> list[str]:
        with self.queries() as queries:
            return [f"{b.source}:{b.line}" for b in links.backlinks(queries.index, path)]

    def kind(self, path: str) -> str:
        with self.queries() as queries:
            row = notes.note_row(queries.index, path)
            assert row is not None, f"{path} is not in the index"
            return row[2]

    def problems(self) -> list[str]:
        with self.queries() as queries:
            return [str(p) for p in queries.problems()]

    def run(self, *arguments: str) -> Run:
        """Runs a command in this process; its exit code and what it printed."""
        return run_command(self.cache, *arguments, "--vault", str(self.root))

    def json(self, *arguments: str) -> Any:
        """The JSON document that a reading command prints for TODAY."""
        run = self.run(*arguments, "--json", "--today", self.today.isoformat())
        assert run.out, run.err
        return json.loads(run.out)


def program(name: str) -> str:
    """An installed program, first the one beside this Python. Skips the test where there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def with_tick(page: str, words: str = "") -> str:
    """The page Reach out next with the first person's box ticked, and words behind the name."""
    ticked, count = re.subn(r"- \[ \] (\*\*\[.*\)\*\*)", rf"- [x] \1{words}", page, count=1)
    assert count, "nobody is on the page"
    return ticked


class Run:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


def run_command(cache: Path, *arguments: str) -> Run:
    """As `VaultOnDisk.run`, of no vault in particular."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    before = dict(os.environ)
    os.environ["MDMENTOR_CACHE"] = str(cache)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(list(arguments))
    finally:
        os.environ.clear()
        os.environ.update(before)
    for stream in (out, err):
        stream.seek(0)
    return Run(code, out.read(), err.read())


@pytest.fixture
def vault(tmp_path: Path) -> VaultOnDisk:
    return VaultOnDisk(tmp_path / "vault", tmp_path / "cache")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what the golden tests should expect")
    parser.addoption("--whole", metavar="DIR", help="write all outputs of the golden tests there, to compare")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
