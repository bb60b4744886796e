"""The vaults that are measured, and mdmentor's commands on them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.floors import walk
from benchmarks.timing import Command, once

HERE = Path(__file__).resolve().parent
PYTHON = sys.executable
TODAY = "2026-11-23"  # a fixed day, so that two runs do the same work
PAGES = "reach-out"
NOT_RACY = 2.1  # seconds after which the stamp of a saved note proves that it has not changed since
START = Command([PYTHON, "-c", "pass"])
IMPORT_CLICK = Command([PYTHON, "-c", "import click"])


class Vault:
    """A vault with an index folder of its own beside it, and mdmentor's commands on it."""

    def __init__(self, root: Path) -> None:
        self.root, self.cache = root, root.with_name(f"{root.name}.index")
        self.environment = {
            "MDMENTOR_CACHE": str(self.cache),
            "MDMENTOR_VAULT": str(root),
            "NO_COLOR": "1",
        }

    def command(self, *words: str, dated: bool = True) -> Command:
        """As a person would run it: the installed program."""
        day = ["--today", TODAY] if dated else []
        return Command([*program(), *words, *day], environment=self.environment)

    def reindex(self) -> Command:
        return self.command("reindex")

    def cold(self) -> Command:
        """A reindex that finds neither index nor pages."""
        return replace(self.reindex(), before=self.forget)

    def floor(self, name: str) -> Command:
        return Command([PYTHON, str(HERE / "floors.py"), name, str(self.root)])

    def ask(self, *words: str) -> str:
        """What a command prints."""
        done = subprocess.run(
            self.command(*words).words,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return done.stdout

    def forget(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.root / PAGES, ignore_errors=True)

    def settle(self, *, wait: bool = True) -> None:
        """Index and pages current, and no note so young that its stamp proves nothing."""
        if wait:
            time.sleep(NOT_RACY)
        for _ in range(2):
            once(self.reindex())

    def largest_page(self) -> float:
        """MiB of the largest of the pages."""
        return max(file.stat().st_size for file in (self.root / PAGES).iterdir()) / 2**20

    def remove(self) -> None:
        self.forget()
        shutil.rmtree(self.root, ignore_errors=True)


class Trial(Vault):
    """A vault of N generated notes, of which the truth is known."""

    def __init__(self, notes: int, folder: Path, name: str = "vault") -> None:
        super().__init__(folder / f"{name}-{notes}")
        self.notes, self.folder = notes, folder
        told = folder / f"{name}-{notes}.json"
        if not told.exists() or not self._is_untouched(told):
            self.remove()
            told.write_text(generate(self.root, notes))
            (self.root / "mdmentor.toml").touch()  # unmarked, a folder of more than 50,000 files is refused
        self.truth: dict[str, int] = json.loads(told.read_text())
        self._edits = 0

    def _is_untouched(self, told: Path) -> bool:
        """Whether the notes are as they were generated; a benchmark leaves its edits, or takes them away."""
        if not self.root.exists():
            return False
        self.forget()
        found = sum(info.st_size for _, info in walk(str(self.root)))
        return bool(found == json.loads(told.read_text())["bytes"])

    def check_truth(self) -> None:
        """Ends the benchmark unless mdmentor finds exactly what the generator put there."""
        self.forget()
        done = subprocess.run(
            [PYTHON, str(HERE / "truth.py"), *program()],
            env={**os.environ, **self.environment},
            input=json.dumps(self.truth),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"wrong in the vault of {self.notes:,} notes: {done.stderr}")

    def edit(self) -> None:
        """One note changed: a line with a link to a person, at the end of one of the posts."""
        self._edits += 1
        posts = sorted(Path(self.root, "posts").rglob("*.md"))[:50]
        with open(posts[self._edits * 7 % len(posts)], "a", encoding="utf-8") as file:
            file.write(f"\nThought {self._edits}: ask [[{self.person(self._edits)}]].\n")

    def edited(self) -> Command:
        """A reindex that finds one note changed."""
        return replace(self.reindex(), before=self.edit)

    def person(self, number: int = 0) -> str:
        """The name of one of the first fifty contacts."""
        people = sorted(Path(self.root, "people").rglob("*.md"))[:50]
        return people[number * 13 % len(people)].stem


def generate(vault: Path, notes: int) -> str:
    """Makes the vault; returns the generator's truth about it, as JSON."""
    done = subprocess.run(
        [PYTHON, str(HERE / "make_vault.py"), str(vault), "-n", str(notes)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def program() -> list[str]:
    """The installed program of this interpreter, else its module."""
    script = Path(PYTHON).parent / "mdmentor"
    return [str(script)] if script.exists() else [PYTHON, "-m", "mdmentor"]
