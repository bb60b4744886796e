"""A long life in short: 100,000 file events under one watcher, its memory and open files told as they go by.

`python -m benchmarks.soak [--events N]` starts a real `mdmentor watch` on a vault of its own and saves, moves and
deletes notes in every way; exits 1 where memory or descriptors grew in the second half, or a page is stale.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.memory import resident
from benchmarks.watcher import wait_for
from mdmentor.files import stamp_key
from mdmentor.index import index_path
from mdmentor.vault.folders import stamp_of

BATCH = 500  # events, then a moment in which the watcher catches up
NOTES = 400
GROWTH = 8.0  # MiB that the second half may add; a leak of 200 bytes an event would show


class Busy:
    """A vault in which something happens all the time; `turn` makes one event or two."""

    def __init__(self, root: Path) -> None:
        self.root, self.chance, self.events = root, random.Random(1), 0
        root.mkdir(parents=True)
        (root / "mdmentor.toml").write_text("")
        for number in range(NOTES):
            self.save(number)

    def file(self, number: int) -> Path:
        return self.root / ("people" if number % 4 else "notes") / str(number % 7) / f"{number}.md"

    def save(self, number: int) -> None:
        file = self.file(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        other, day = self.chance.randrange(NOTES), self.chance.randrange(1, 29)
        file.write_text(
            f"---\ntags: [person]\n---\n# Nr {number}\n\n[[{other}]]\n\n## Log\n\n- 2026-10-{day:02} call: tea\n"
        )
        self.events += 1

    def turn(self) -> None:
        number = self.chance.randrange(NOTES)
        file = self.file(number)
        what = self.chance.random()
        if what < 0.6 or not file.exists():
            self.save(number)
        elif what < 0.75:  # as editors do that replace the file
            temporary = file.with_name(f".{file.name}.tmp")
            temporary.write_bytes(file.read_bytes() + b"more\n")
            temporary.replace(file)
            self.events += 2
        elif what < 0.85:
            file.unlink()
            self.events += 1
        elif what < 0.97:
            file.replace(self.file(self.chance.randrange(NOTES)).parent / f"moved {number}.md")
            self.events += 1
        else:  # a folder goes away and comes back
            away = file.parent.with_name("away")
            file.parent.rename(away)
            away.rename(file.parent)
            self.events += 2

    def tidy(self) -> None:
        """Keeps the vault at its size: what was moved is deleted."""
        for moved in self.root.rglob("moved *.md"):
            moved.unlink()
            self.events += 1

    def mark(self) -> int:
        """Saves a note after all others; its `stamp_key`."""
        file = self.root / "mark.md"
        file.write_text(f"{self.events}\n")
        return stamp_key("mark.md", stamp_of(file.stat()))


def is_indexed(index: Path, saved: int) -> bool:
    """Whether the watcher has indexed the mark with this `stamp_key`, and so all that was saved before it."""
    try:
        sql = sqlite3.connect(f"file:{index}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return False
    with contextlib.closing(sql), contextlib.suppress(sqlite3.OperationalError):
        return sql.execute("SELECT stamp FROM note WHERE path = 'mark.md'").fetchone() == (saved,)
    return False


def descriptors(pid: int) -> int:
    """Files that a process holds open; 0 where the system does not tell."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def soak(folder: Path, events: int) -> list[tuple[int, float, int]]:
    """Events so far, MiB and descriptors of the watcher, after each catching up. Exits where a page is stale then."""
    root, cache = folder / "vault", folder / "cache"
    vault = Busy(root)
    command = [sys.executable, "-m", "mdmentor", "watch", "--vault", str(root)]
    environment = {**os.environ, "MDMENTOR_CACHE": str(cache)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    file = Path(index_path(root.resolve(), cache))
    seen: list[tuple[int, float, int]] = []
    try:
        saved = vault.mark()
        wait_for(functools.partial(is_indexed, file, saved), patience=600)
        told = 0
        while vault.events < events:
            target = vault.events + BATCH
            while vault.events < target:
                vault.turn()
            vault.tidy()
            saved = vault.mark()
            wait_for(functools.partial(is_indexed, file, saved), patience=600)
            seen.append((vault.events, resident(process.pid), descriptors(process.pid)))
            if vault.events >= told:
                print("{:>8} events  {:6.1f} MiB  {} descriptors".format(*seen[-1]), flush=True)
                told += max(events // 20, 1)
    finally:
        process.terminate()
        process.wait(60)
    check = subprocess.run(
        [sys.executable, "-m", "mdmentor", "reindex", "--check", "--vault", str(root)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if check.returncode:
        raise SystemExit(f"the pages are stale:\n{check.stdout}{check.stderr}")
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=100_000)
    options = parser.parse_args()
    folder, started = Path(tempfile.mkdtemp(prefix="mdmentor-soak-")), time.monotonic()
    try:
        seen = soak(folder, options.events)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    second = seen[len(seen) // 2 :]
    growth = max(memory for _, memory, _ in second) - second[0][1]
    most, before = max(number for _, _, number in second), max(n for _, _, n in seen[: len(seen) // 2 + 1])
    print(
        f"{seen[-1][0]} events in {time.monotonic() - started:.0f} s; in the second half memory grew by"
        f" {growth:.1f} MiB at most, and {most} descriptors were open ({before} in the first)"
    )
    return 1 if growth > GROWTH or most > before else 0


if __name__ == "__main__":
    raise SystemExit(main())
