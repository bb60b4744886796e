"""Times one `git merge` of many notes with our driver and with less: `python -m benchmarks.merging [NOTES]`.

Every note was logged to and edited on both sides. The floors are the same merge with `git merge-file` as the
driver (what a machine without mdmentor runs), and with an interpreter that does nothing. Each figure is a
median of whole merges taken in turn; the ratios are what counts.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mdmentor.git.setup import DRIVER

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

{words}
"""
TEXT_DRIVER = "git merge-file -q -L ours -L base -L theirs --marker-size=%L %A %O %B"


def note(number: int) -> str:
    log = "".join(
        f"- 20{year}-03-{day:02d} call: talked about {day} things\n"
        for year in (24, 25)
        for day in range(1, 16)
    )
    return NOTE.format(n=number, log=log, words="Some words about them.\n" * 5)


def git(folder: Path, *arguments: str, check: bool = True) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "gc.auto=0"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=check, capture_output=True)


def make(folder: Path, notes: int) -> None:
    """A repository whose branches `main` and `other` both changed every note."""
    git(folder, "init", "-q", "-b", "main")
    (folder / ".gitattributes").write_text("*.md merge=tried\n")
    texts = {folder / f"Person {n}.md": note(n) for n in range(notes)}
    for branch, day, tag in (
        ("base", "", ""),
        ("main", "2026-10-14", "berlin"),
        ("other", "2026-10-20", "paris"),
    ):
        if branch == "other":
            git(folder, "checkout", "-q", "-b", "other", "HEAD~1")
        for file, text in texts.items():
            if day:
                text = text.replace("2026-09-01", day).replace("[person]", f"[person, {tag}]")
                text = text.replace("\n## Notes", f"- {day} coffee: talked\n\n## Notes")
            file.write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", branch)


def timed(folder: Path, driver: str) -> float:
    """Seconds of one merge of `other` into `main`."""
    git(folder, "reset", "-q", "--hard")
    git(folder, "checkout", "-q", "main")
    git(folder, "config", "merge.tried.driver", driver)
    started = time.perf_counter()
    git(folder, "merge", "-q", "--no-commit", "other", check=False)
    took = time.perf_counter() - started
    git(folder, "reset", "-q", "--hard")
    return took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notes", nargs="?", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "vault"
        folder.mkdir()
        make(folder, told.notes)
        program = Path(name) / "bin" / "mdmentor"
        program.parent.mkdir()
        # as pip writes it
        program.write_text(
            f"#!{sys.executable}\nimport sys\nfrom mdmentor.cli import main\nsys.exit(main())\n"
        )
        program.chmod(0o755)
        os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        drivers = {
            "git merge-file": TEXT_DRIVER,
            "interpreter alone": f"{shlex.quote(sys.executable)} -c pass",
            "mdmentor": DRIVER,
        }
        times: dict[str, list[float]] = {name: [] for name in drivers}
        for run in range(told.runs + 1):
            for name, driver in drivers.items():
                took = timed(folder, driver)
                if run:  # the first round warms the caches
                    times[name].append(took)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{told.notes} notes changed on both sides, median of {told.runs} merges")
    for name, median in medians.items():
        ratio = median / medians["git merge-file"]
        each = median / told.notes * 1000
        print(f"  {name:18} {median:7.2f} s  {each:6.1f} ms a note  {ratio:5.2f} x git merge-file")
    print(f"  mdmentor is {medians['mdmentor'] / medians['interpreter alone']:.2f} x the interpreter's start")


if __name__ == "__main__":
    main()
