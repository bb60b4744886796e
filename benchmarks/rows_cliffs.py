"""Vaults and disks out of the ordinary: each beside the ordinary, so that a cliff would show."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, repeat
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.disk import CannotBeHad, forget_cache, slow_reads, uncached, under
from benchmarks.row import Limit, Row
from benchmarks.timing import Rounds, in_turn
from benchmarks.trial import Vault

SAME = Limit(1.5, 1.2)  # times what the ordinary takes
READS = 400  # a second: a good hard disk, or a poor network drive
IN_ONE_FOLDER = 20_000  # notes
LARGEST_READ, TOO_LARGE = 7_900_000, 50_000_000  # bytes
LINE = "- a line of a long note that goes on about what was said, with [[a link]] and **some** `code` in it\n"


def cliffs(bench: Bench) -> list[Row]:
    rows = []
    for part in (disk_cache, slow_disk, one_folder, long_note, many_links):
        try:
            rows += part(bench)
        except CannotBeHad as why:
            bench.say(f"{part.__name__}: {why}")
            bench.skipped.append(f"{part.__name__.replace('_', ' ')}: {why}")
    return rows


def disk_cache(bench: Bench) -> list[Row]:
    """Nothing in the file cache, as after the machine was started: mdmentor's own files have to be read as well."""
    forget_cache()
    trial = bench.middle
    took = in_turn(
        {"read": uncached(trial.floor("read")), "cold": uncached(trial.cold())}, min(bench.rounds, 3)
    )
    rows = [
        _row(
            f"empty file cache: cold reindex, {trial.notes:,} notes",
            "read all bytes",
            took,
            "cold",
            "read",
            Limit(25, 15),
        )
    ]
    trial.settle()
    took = in_turn(
        {"walk": uncached(trial.floor("walk")), "unchanged": uncached(trial.reindex())},
        min(bench.rounds, 3),
    )
    rows.append(
        _row(
            "empty file cache: unchanged reindex",
            "scandir + stat walk",
            took,
            "unchanged",
            "walk",
            Limit(3, 2),
        )
    )
    return rows


def slow_disk(bench: Bench) -> list[Row]:
    """A disk that gives so many reads a second, and an empty file cache."""
    forget_cache()
    trial = bench.trial(bench.sizes[0])
    with slow_reads(bench.folder, READS) as group:
        trial.forget()
        took = in_turn(
            {
                "read": under(group, uncached(trial.floor("read"))),
                "cold": under(group, uncached(trial.cold())),
            },
            1,
        )
    what = f"disk of {READS} reads a second: cold reindex, {trial.notes:,} notes"
    return [_row(what, "read all bytes", took, "cold", "read", Limit(25, 15))]


def one_folder(bench: Bench) -> list[Row]:
    """The same notes in one folder and in 200."""
    notes = min(IN_ONE_FOLDER, bench.sizes[-1] * 2)
    with _bare_vault(bench, "flat") as flat, _bare_vault(bench, "spread") as spread:
        for number in range(notes):
            tag = "---\ntags: [person]\n---\n" if number % 3 == 0 else ""
            text = f"{tag}# Note {number}\n\n## Log\n\n- 2026-0{number % 9 + 1}-11 call: about [[Note {number // 2}]]\n"
            for vault, folder in ((flat, "notes"), (spread, f"notes/{number % 200}")):
                file = vault.root / folder / f"Note {number}.md"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        took = in_turn({"flat": flat.cold(), "spread": spread.cold()}, min(bench.rounds, 3))
        rows = [
            _row(
                f"{notes:,} notes in one folder: cold reindex", "in 200 folders", took, "flat", "spread", SAME
            )
        ]
        for vault in (flat, spread):
            vault.settle()
        took = in_turn({"flat": flat.reindex(), "spread": spread.reindex()}, bench.rounds)
        rows.append(
            _row(
                f"{notes:,} notes in one folder: unchanged reindex",
                "in 200 folders",
                took,
                "flat",
                "spread",
                SAME,
            )
        )
    return rows


def long_note(bench: Bench) -> list[Row]:
    """One note just short of the largest that is read, beside the same text in many notes; then one of 50 MB."""
    size = min(LARGEST_READ, bench.sizes[-1] * 5_000)
    pieces = size // 50_000 + 1
    with (
        _bare_vault(bench, "long") as long,
        _bare_vault(bench, "cut") as cut,
        _bare_vault(bench, "huge") as huge,
    ):
        write_lines(long.root / "Long.md", size)
        write_lines(huge.root / "Huge.md", TOO_LARGE)
        for number in range(pieces):
            for vault in (cut, huge):
                write_lines(vault.root / f"Piece {number}.md", size // pieces)
        took = in_turn({"long": long.cold(), "cut": cut.cold(), "huge": huge.cold()}, min(bench.rounds, 3))
        if "Huge.md" not in huge.ask("check", "--json"):
            raise SystemExit("a note of 50 MB is left out without a word")
        what, beside = f"one note of {size / 1e6:.1f} MB", f"the same text in {pieces:,} notes"
        told, without = f"one note of {TOO_LARGE / 1e6:.0f} MB (reported as too large)", "without it"
        rows = [
            _row(f"{what}: cold reindex", beside, took, "long", "cut", SAME),
            _row(f"{told}: cold reindex", without, took, "huge", "cut", SAME),
        ]
        for vault in (long, cut, huge):
            vault.settle()
        took = in_turn({"long": long.reindex(), "cut": cut.reindex(), "huge": huge.reindex()}, bench.rounds)
        rows += [
            _row(f"{what}: unchanged reindex", beside, took, "long", "cut", SAME),
            _row(f"{told}: unchanged reindex", without, took, "huge", "cut", SAME),
        ]
    return rows


def write_lines(file: Path, size: int) -> None:
    """A note of about so many bytes."""
    with file.open("w", encoding="utf-8") as out:
        out.write(f"# {file.stem}\n\n")
        out.writelines(repeat(LINE, size // len(LINE)))


def many_links(bench: Bench) -> list[Row]:
    """One note that links every contact: with and without it; that note changed, and one whom it links."""
    trial = bench.middle
    hub, linked = trial.root / "Everybody.md", trial.root / "people" / "Zora Linked.md"
    names = [file.stem for file in sorted((trial.root / "people").rglob("*.md"))]
    text = "# Everybody\n\n" + "".join(f"- [[{name}]]\n" for name in (*names, linked.stem))
    turn = count()

    def without() -> None:
        trial.forget()
        hub.unlink(missing_ok=True)

    def save() -> None:
        hub.write_text(f"{text}\n{next(turn)}\n")

    def with_it() -> None:
        trial.forget()
        save()

    def talk() -> None:
        with linked.open("a") as file:
            file.write(f"- 2026-10-02 call: again, {next(turn)}\n")

    try:
        linked.write_text("---\ntags: [person]\n---\n# Zora Linked\n\n## Log\n\n- 2026-10-01 call: hello\n")
        cold = in_turn(
            {
                "without": replace(trial.reindex(), before=without),
                "with": replace(trial.reindex(), before=with_it),
            },
            min(bench.rounds, 3),
        )
        trial.settle()
        changed = in_turn(
            {
                "ordinary": trial.edited(),
                "hub": replace(trial.reindex(), before=save),
                "person": replace(trial.reindex(), before=talk),
            },
            bench.rounds,
        )
    finally:
        hub.unlink(missing_ok=True)
        linked.unlink(missing_ok=True)
    what, ordinary = f"{len(names):,} contacts linked from one note", "an ordinary note changed"
    return [
        _row(f"{what}: cold reindex", "without that note", cold, "with", "without", SAME),
        _row(f"{what}: that note changed", ordinary, changed, "hub", "ordinary", Limit(3, 2)),
        _row(f"{what}: one of them changed", ordinary, changed, "person", "ordinary", SAME),
    ]


@contextlib.contextmanager
def _bare_vault(bench: Bench, name: str) -> Iterator[Vault]:
    """An empty vault for notes that are made here; removed in the end."""
    vault = Vault(bench.folder / name)
    vault.remove()
    (vault.root / ".obsidian").mkdir(parents=True)
    try:
        yield vault
    finally:
        vault.remove()


def _row(what: str, beside: str, took: Rounds, own: str, floor: str, limit: Limit) -> Row:
    told = f"{took.seconds(own):.3f} s, {took.peak(own):.0f} MiB; {took.seconds(floor):.3f} s"
    return Row(what, beside, took.ratio(own, floor), limit=limit, note=told)
