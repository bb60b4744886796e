"""Rows of the watcher: from a save to the page, one checkout of all notes, and a burst of new ones."""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.floors import walk
from benchmarks.memory import resident
from benchmarks.row import Limit, Row
from benchmarks.timing import once
from benchmarks.trial import PYTHON, Trial
from benchmarks.watcher import Watcher, digest, quiet_period, wait_for, watching

PERSON = "people/Zora Watched.md"
PAGE = "reach-out/Reach out next.md"
GIT = (
    "git",
    "-c",
    "user.name=a",
    "-c",
    "user.email=a@example.org",
    "-c",
    "gc.auto=0",
    "-c",
    "core.autocrlf=false",
)
WRITER = """
import sys, pathlib
root = pathlib.Path(sys.argv[1])
for n in range(int(sys.argv[2])):
    file = root / f"burst/{n % 60}/{n}.md"
    if n < 60: file.parent.mkdir(parents=True)
    file.write_text(f"Met [[Zora Watched]], {n}.\\n")
"""


# Milliseconds from the end of the quiet period to the page, by notes.
_MOST_LATE = {1_000: 50, 10_000: 80, 100_000: 300}


def watch(bench: Bench) -> list[Row]:
    """Milliseconds from the save of a contact's note to the page that tells of it."""
    quiet = quiet_period()
    rows = []
    for notes in bench.sizes:
        trial = bench.trial(notes)
        trial.settle()
        save(trial, "send the paper")
        with watching(trial) as watcher:
            times = sorted(save_to_page(watcher, bench.saves))
        (trial.root / PERSON).unlink()
        p50, p99 = statistics.median(times), times[min(int(len(times) * 0.99), len(times) - 1)]
        bench.note("save to page", notes, p50 / 1000)
        rows.append(
            Row(
                f"watch: save to page, {notes:,} notes, median",
                f"quiet period D of {quiet:.0f} ms",
                p50,
                "ms",
                Limit(quiet + _MOST_LATE[notes], quiet + 15) if notes in _MOST_LATE else None,
                headline=f"from a save to the page, with the watcher, {notes:,} notes",
                note=f"p99 {p99:.0f} ms of {len(times)} saves, half of them by rename",
            )
        )
    return rows


def save_to_page(watcher: Watcher, saves: int) -> list[float]:
    page = watcher.trial.root / PAGE
    chance = random.Random(1)
    times = []
    for number in range(saves):
        words = f"send the paper of turn {number:04d}"
        before = page.stat().st_mtime_ns
        save(watcher.trial, words, by_rename=number % 2 == 1)

        def is_told(words: str = words, before: int = before) -> bool:
            return page.stat().st_mtime_ns != before and words in page.read_text(encoding="utf-8")

        times.append(wait_for(is_told) * 1000)
        time.sleep(chance.uniform(0.15, 0.4))
    return times


def save(trial: Trial, words: str, *, by_rename: bool = False) -> None:
    """The note of a person who comes first today: a promise is due, thanks are owed, and it is their birthday."""
    today = datetime.now().astimezone().date()
    text = (
        f"---\ntags: [person]\nbirthday: 1980-{today:%m-%d}\n---\n# Zora Watched\n\n"
        f"- [ ] {words} 📅 {today}\n\n## Log\n\n- {today - timedelta(20)} call: #got the figures\n"
    )
    file = trial.root / PERSON
    target = file.with_name(".saving.tmp") if by_rename else file
    target.write_text(text, encoding="utf-8")
    if by_rename:
        target.replace(file)


def bursts(bench: Bench) -> list[Row]:
    """All notes changed by one checkout, then many written by another process, each under one watcher."""
    notes = bench.middle.notes
    trial = Trial(notes, bench.folder, "repository")
    rows = []
    try:
        make_branches(trial)
        with watching(trial) as watcher:
            rows.append(checkouts(watcher, min(bench.rounds, 3)))
            rows.append(written(watcher, bench.burst))
    finally:
        shutil.rmtree(trial.root, ignore_errors=True)  # it is another vault now than the generated one
    return rows


def make_branches(trial: Trial) -> None:
    """A repository with two branches on which every note differs."""
    save(trial, "send the paper of branch one")
    git(trial.root, "init", "-q", "-b", "one")
    (trial.root / ".gitignore").write_text("reach-out/\n")
    git(trial.root, "add", "-A")
    git(trial.root, "commit", "-q", "-m", "one")
    git(trial.root, "checkout", "-q", "-b", "two")
    for path, _ in list(walk(str(trial.root))):
        with open(path, "ab") as file:
            file.write(b"\nA line more, and then another checkout.\n")
    save(trial, "send the paper of branch two")
    git(trial.root, "commit", "-q", "-a", "-m", "two")


def git(folder: Path, *words: str) -> None:
    subprocess.run([*GIT, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def checkouts(watcher: Watcher, rounds: int) -> Row:
    """From the end of `git checkout` to index and page, beside a cold reindex of the same notes, in turn."""
    trial = watcher.trial
    other = trial.folder / "repository-cold.index"
    cold = replace(
        trial.reindex(),
        before=lambda: shutil.rmtree(other, ignore_errors=True),
        environment={**trial.environment, "MDMENTOR_CACHE": str(other)},
    )
    ratios, all_ratios, afters, git_took = [], [], [], []
    for number in range(rounds):
        branch = ("one", "two")[number % 2]
        time.sleep(1)
        started = time.perf_counter()
        git(trial.root, "checkout", "-q", branch)
        took = time.perf_counter() - started
        after = wait_for_all(watcher, f"send the paper of branch {branch}")
        floor = once(cold).wall
        ratios.append(after / floor)
        all_ratios.append((took + after) / floor)
        afters.append(after)
        git_took.append(took)
    if digest(trial, trial.cache) != digest(trial, other):
        raise SystemExit("after the checkouts the index tells something else than a cold one")
    return Row(
        f"{trial.notes:,} notes changed by one checkout while watching",
        "cold reindex",
        statistics.median(ratios),
        limit=Limit(1.3, 1.1),
        note=f"{statistics.median(afters):.2f} s after git was done, which took {statistics.median(git_took):.2f} s"
        f" (with that {statistics.median(all_ratios):.2f}x); the index is then the same as a cold one",
    )


def wait_for_all(watcher: Watcher, words: str) -> float:
    """Seconds until the index has every note as it is, and the page tells the words."""
    page = watcher.trial.root / PAGE
    seen: list[int] = []
    whole: list[bool] = []

    def is_done() -> bool:
        version = watcher.version()
        if seen != [version]:
            seen[:] = [version]
            whole[:] = [watcher.has_all()]
        return whole == [True] and words in page.read_text(encoding="utf-8")

    return wait_for(is_done, 0.01)


def written(watcher: Watcher, notes: int) -> Row:
    """New notes from another process, as a sync tool or an importer makes them."""
    trial = watcher.trial
    started = time.perf_counter()
    subprocess.run([PYTHON, "-c", WRITER, str(trial.root), str(notes)], check=True)
    took = time.perf_counter() - started
    after = wait_for(watcher.has_all, 0.05)
    return Row(
        f"{notes:,} notes written by another process while watching",
        "",
        after,
        "s",
        note=f"until all are indexed, after the {took:.1f} s that writing took;"
        f" the watcher then holds {resident(watcher.pid):.0f} MiB",
    )
