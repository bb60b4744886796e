"""Times the watcher, from a save to index and page, and in a burst: `python -m benchmarks.watching [SIZES]`.

A real `mdmentor watch` runs in a process of its own on a generated vault. The quiet moment (100 ms) that it
waits on purpose is part of every figure. Times depend on the machine; the quiet moment gives them a scale.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
PERSON = "people/Zora Watched.md"
PAGE = "reach-out/Two-way street.md"
PATIENCE = 60.0  # seconds


class Vault:
    """A generated vault of N notes with a watcher on it."""

    def __init__(self, notes: int, folder: Path) -> None:
        self.root, self.cache = folder / f"watched{notes}", folder / f"watched-cache{notes}"
        shutil.rmtree(self.cache, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)
        maker = [sys.executable, str(HERE / "make_vault.py"), str(self.root), "-n", str(notes)]
        subprocess.run(maker, check=True, capture_output=True)
        self.save(PERSON, "---\ntags: [person]\n---\n# Zora Watched\n")
        self.environment = {**os.environ, "MDMENTOR_CACHE": str(self.cache)}

    def save(self, path: str, text: str, *, by_rename: bool = False) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if by_rename:
            temporary = file.with_name(".saving.tmp")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(file)
        else:
            file.write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def watching(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "mdmentor", "watch", "--vault", str(self.root)]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(lambda: any(self.cache.glob("*.watcher.json")) and bool(self.beat()), 600)
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def beat(self) -> str:
        """When its last run was; "" before the first one is over."""
        with contextlib.suppress(OSError, ValueError, StopIteration):
            return str(json.loads(next(self.cache.glob("*.watcher.json")).read_text())["last_run"])
        return ""

    @contextlib.contextmanager
    def index(self) -> Iterator[sqlite3.Connection]:
        sql = sqlite3.connect(next(self.cache.glob("*.sqlite")), timeout=60, isolation_level=None)
        try:
            yield sql
        finally:
            sql.close()


def wait_for(is_so: Callable[[], bool], patience: float = PATIENCE) -> float:
    """Seconds until the condition holds."""
    started = time.perf_counter()
    while not is_so():
        if time.perf_counter() - started > patience:
            raise SystemExit("waited in vain")
        time.sleep(0.0005)
    return time.perf_counter() - started


def save_to_index(vault: Vault, saves: int) -> list[float]:
    """Milliseconds from a save to the commit of its rows; half written in place, half renamed into place."""
    chance = random.Random(1)
    notes = sorted(str(f.relative_to(vault.root)) for f in (vault.root / "notes").rglob("*.md"))
    times = []
    with vault.index() as sql:
        for number in range(saves):
            path = chance.choice(notes)
            vault.save(path, f"# A note\n\nsaved {number} {time.time_ns()}\n", by_rename=number % 2 == 1)
            size, moment = (info := (vault.root / path).stat()).st_size, info.st_mtime_ns

            def is_there(path: str = path, size: int = size, moment: int = moment) -> bool:
                row = sql.execute("SELECT size, mtime FROM note WHERE path = ?", (path,)).fetchone()
                return bool(row == (size, moment))

            times.append(wait_for(is_there) * 1000)
            time.sleep(chance.uniform(0.05, 0.4))
    return times


def save_to_page(vault: Vault, saves: int) -> list[float]:
    """Milliseconds from the save of a contact's note to the page that tells of it."""
    page = vault.root / PAGE
    times = []
    for number in range(saves):
        words = f"the promise of turn {number}."
        text = f"---\ntags: [person]\n---\n# Zora Watched\n\n- [ ] {words}\n"
        vault.save(PERSON, text, by_rename=number % 2 == 1)

        def is_told(words: str = words) -> bool:
            return words in page.read_text(encoding="utf-8")

        times.append(wait_for(is_told) * 1000)
        time.sleep(0.5)
    return times


def burst(vault: Vault, notes: int) -> tuple[float, float]:
    """Seconds that another process took to write many notes, and seconds after that until all are indexed."""
    code = (
        "import sys, pathlib\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "for n in range(int(sys.argv[2])):\n"
        "    file = root / f'burst/{n % 60}/{n}.md'\n"
        "    if n < 60: file.parent.mkdir(parents=True)\n"
        "    file.write_text(f'[[Zora Watched]] {n}')\n"
    )
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(vault.root), str(notes)], check=True)
    taken = time.perf_counter() - started
    with vault.index() as sql:

        def are_there() -> bool:
            time.sleep(0.01)
            found = sql.execute("SELECT count(*) FROM note WHERE path LIKE 'burst/%'").fetchone()
            return bool(found[0] == notes)

        return taken, wait_for(are_there, 600)


def told(what: str, times: list[float]) -> str:
    ordered = sorted(times)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return f"{what:<16} p50 {statistics.median(ordered):7.1f} ms   p99 {p99:7.1f} ms   ({len(ordered)} saves)"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 10000])
    parser.add_argument("--saves", type=int, default=60)
    parser.add_argument("--burst", type=int, default=10000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "mdmentor-benchmarks")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        vault = Vault(size, options.folder)
        with vault.watching() as process:
            print(
                f"{size:>7} notes  {told('save to index', save_to_index(vault, options.saves))}", flush=True
            )
            print(
                f"{size:>7} notes  {told('save to page', save_to_page(vault, options.saves // 3))}",
                flush=True,
            )
            written, after = burst(vault, options.burst)
            memory = resident(process.pid)
            print(
                f"{size:>7} notes  a burst of {options.burst}: written in {written:.1f} s,"
                f" indexed {after:.1f} s later; the watcher holds {memory:.0f} MiB",
                flush=True,
            )


def resident(pid: int) -> float:
    """MiB of memory that a process holds; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return 0.0


if __name__ == "__main__":
    main()
