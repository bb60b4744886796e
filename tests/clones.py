"""A vault in git on two machines, with a bare repository between them: real git, hooks and program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parent.parent

ADA = """\
---
# how we know each other
name: Ada Lovelace
tags: [person]
role: Analyst
last_contact: 2026-09-01
---
# Ada Lovelace

- [ ] send her the paper
- [ ] ask about the engine

## Log

- 2026-09-01 call: first talk
"""


class Machine:
    """One clone with its own cache and its own PATH."""

    def __init__(self, root: Path, home: Path, *, has_program: bool = True) -> None:
        self.root = root
        self.home = home
        self.has_program = has_program
        home.mkdir(parents=True, exist_ok=True)
        program = home / "bin" / "mdmentor"
        if not program.exists():
            program.parent.mkdir()
            program.write_text(
                f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(PACKAGE)!r})\n"
                "from mdmentor.cli import main\nsys.exit(main())\n"
            )
            program.chmod(0o755)

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "MDMENTOR_"))}
        path = kept["PATH"]
        if self.has_program:
            path = f"{self.home / 'bin'}{os.pathsep}{path}"
        who = {"NAME": self.root.name, "EMAIL": "a@example.org"}
        names = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}
        return {
            **kept,
            **names,
            "PATH": path,
            "HOME": str(self.home),
            "MDMENTOR_CACHE": str(self.home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_EDITOR": "true",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.root, env=self.environment(), capture_output=True, encoding="utf-8", check=False
        )

    def git(self, *arguments: str, fails: bool = False) -> str:
        done = self.run("git", *arguments)
        assert bool(done.returncode) == fails, f"git {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def mdmentor(self, *arguments: str, code: int = 0) -> str:
        done = self.run(str(self.home / "bin" / "mdmentor"), *arguments)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def write(self, path: str, text: str | bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        text = self.read(path)
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        self.write(path, text)

    def commit(self, words: str = "more notes") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", words)

    def conflicts(self) -> list[str]:
        return self.git("-c", "core.quotePath=off", "diff", "--name-only", "--diff-filter=U").split("\n")[:-1]


def two_clones(folder: Path, *, install: bool = True) -> tuple[Machine, Machine]:
    """A laptop and a desktop with the same vault of one contact, the pages kept out of git."""
    origin = folder / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(origin)], check=True)
    laptop = Machine(folder / "laptop", folder / "home laptop")
    laptop.root.mkdir()
    laptop.git("init", "-q", "-b", "main")
    laptop.write("mdmentor.toml", "")
    laptop.write("people/Ada Lovelace.md", ADA)
    if install:
        laptop.mdmentor("git", "install", "--ignore-pages")
    laptop.commit("the vault")
    laptop.git("remote", "add", "origin", str(origin))
    laptop.git("push", "-q", "-u", "origin", "main")
    desktop = Machine(folder / "desktop", folder / "home desktop")
    subprocess.run(["git", "clone", "-q", str(origin), str(desktop.root)], check=True)
    if install:
        desktop.mdmentor("git", "install")
    return laptop, desktop
