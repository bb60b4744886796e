"""Rows of the merge driver: one contact's note, and one `git merge` of many."""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.row import Limit, Row
from benchmarks.rows_watch import git
from benchmarks.timing import Command, in_turn
from benchmarks.trial import PYTHON, START, program

NOTES = 60
LOG = "".join(
    f"- 20{year}-03-{day:02d} call: talked about {day} things\n" for year in (24, 25) for day in range(1, 16)
)
NOTE = """---
name: Person {n}
tags: [person]
role: Analyst
company: "[[Company {n}]]"
last_contact: 2026-09-01
helps_with:
  - pay
  - maths
---
# Person {n}

- [ ] send the paper

## Log

{log}
## Notes

Some words about them.
"""


def merge(bench: Bench) -> list[Row]:
    folder = bench.folder / "merging"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return [one_note(folder, bench.rounds * 2), many_notes(folder / "vault", min(bench.rounds, 3))]


def versions(number: int) -> tuple[str, str, str]:
    """One note as it was, as we changed it, as they did: date, tags and log differ on both sides."""
    was = NOTE.format(n=number, log=LOG)
    ours, theirs = (
        was.replace("2026-09-01", day)
        .replace("[person]", f"[person, {tag}]")
        .replace("\n## Notes", f"- {day} coffee: talked\n\n## Notes")
        for day, tag in (("2026-10-14", "berlin"), ("2026-10-20", "paris"))
    )
    return was, ours, theirs


def one_note(folder: Path, rounds: int) -> Row:
    """The three files that git gives to a driver; ours is overwritten, and so made anew each time."""
    was, ours, theirs = (folder / name for name in ("was", "ours", "theirs"))
    texts = versions(1)
    for file, text in zip((was, ours, theirs), texts, strict=True):
        file.write_text(text)

    def renew() -> None:
        ours.write_text(texts[1])

    names = [str(was), str(ours), str(theirs)]
    as_text = ["git", "merge-file", "-q", names[1], names[0], names[2]]
    took = in_turn(
        {
            "git": Command(as_text, renew, fine=range(128)),  # it tells the number of conflicts
            "start": START,
            "driver": Command([*program(), "merge-driver", *names, "7", "note.md"], renew),
        },
        rounds,
    )
    return Row(
        "merge driver, one contact note",
        "git merge-file + python -c pass",
        took.ratio("driver", "git", "start"),
        limit=Limit(4, 2.5),
        note=f"{took.seconds('driver') * 1000:.0f} ms; {(took.seconds('git') + took.seconds('start')) * 1000:.0f} ms",
    )


def many_notes(vault: Path, rounds: int) -> Row:
    """A whole `git merge` in which every note changed on both sides, with one driver and the other in turn."""
    make(vault)
    drivers = {
        "text": "git merge-file -q --marker-size=%L %A %O %B",
        "ours": f"{shlex.join(program())} merge-driver %O %A %B %L %P",
        "start": f"{shlex.quote(PYTHON)} -c pass",
    }
    times: dict[str, list[float]] = {name: [] for name in drivers}
    for number in range(rounds + 1):
        for name, driver in drivers.items():
            took = timed_merge(vault, driver)
            if number:
                times[name].append(took)
    text, own, started = (statistics.median(times[name]) for name in ("text", "ours", "start"))
    return Row(
        f"git merge of {NOTES} notes changed on both sides",
        "the same with git merge-file",
        own / text,
        note=f"{own / NOTES * 1000:.0f} ms a note; {own / started:.2f}x a driver that only starts Python",
    )


def make(vault: Path) -> None:
    """A repository whose branches `main` and `other` both changed every note."""
    vault.mkdir()
    git(vault, "init", "-q", "-b", "main")
    (vault / ".gitattributes").write_text("*.md merge=tried\n")
    for side, branch in enumerate(("base", "main", "other")):
        if branch == "other":
            git(vault, "checkout", "-q", "-b", "other", "HEAD~1")
        for number in range(NOTES):
            (vault / f"Person {number}.md").write_text(versions(number)[side])
        git(vault, "add", "-A")
        git(vault, "commit", "-q", "-m", branch)


def timed_merge(vault: Path, driver: str) -> float:
    """Seconds of one merge of `other` into `main`, which is then undone."""
    git(vault, "reset", "-q", "--hard")
    git(vault, "checkout", "-q", "main")
    git(vault, "config", "merge.tried.driver", driver)
    command = [
        "git",
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "merge",
        "-q",
        "--no-commit",
        "other",
    ]
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=vault,
        env=dict(os.environ),
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    took = time.perf_counter() - started
    git(vault, "reset", "-q", "--hard")
    return took
