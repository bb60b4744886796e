"""The benchmarks run, tell the truth, and hide nothing; on a tiny vault, where no figure means anything."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the benchmarks are in no package

from benchmarks import rows_cliffs, rows_lsp, rows_merge, trial  # noqa: E402
from benchmarks.__main__ import APART, GROUPS, MARKS, put_summary  # noqa: E402
from benchmarks.bench import Bench  # noqa: E402
from benchmarks.costs import MIB, SECONDS  # noqa: E402
from benchmarks.report import at_a_million, render_results, render_summary  # noqa: E402
from benchmarks.rivals import Rivals  # noqa: E402
from benchmarks.row import Limit, Row  # noqa: E402
from benchmarks.timing import once  # noqa: E402
from benchmarks.trial import START  # noqa: E402

NEEDS_MORE = {"cliffs", "rivals"}  # root, and a package registry


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two vaults of a few notes; nothing waits until a stamp proves something."""
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "NOT_RACY", 0)
        patch.setattr(rows_merge, "NOTES", 2)
        patch.setattr(rows_lsp, "EDITS", 10)
        patch.setattr(rows_lsp, "ASKED", 10)
        yield Bench(folder, (40, 60), 1, 2, 10, Rivals(folder / "rivals", are_wanted=False))


@pytest.mark.parametrize("group", [name for name in GROUPS if name not in NEEDS_MORE])
def test_each_group_of_rows_is_measured(bench: Bench, group: str) -> None:
    rows = GROUPS[group](bench)
    assert rows
    assert all(row.what and row.figure() for row in rows)


@pytest.mark.parametrize("cliff", [rows_cliffs.one_folder, rows_cliffs.long_note, rows_cliffs.many_links])
def test_each_cliff_that_needs_no_root_is_looked_for(bench: Bench, cliff) -> None:  # type: ignore[no-untyped-def]
    rows = cliff(bench)
    assert rows
    assert all(row.value > 0 and row.limit for row in rows)


def test_nothing_is_timed_where_the_answers_are_wrong(bench: Bench) -> None:
    wrong = trial.Trial(40, bench.folder, "wrong")
    post = next((wrong.root / "posts").rglob("*.md"))
    post.write_text(post.read_text(encoding="utf-8") + "\n[[One link more]]\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"links: .* found, .* put there"):
        wrong.check_truth()


def test_a_vault_that_was_edited_is_made_anew(bench: Bench) -> None:
    before = trial.Trial(40, bench.folder, "again")
    before.edit()
    trial.Trial(40, bench.folder, "again").check_truth()


def test_the_results_begin_with_what_is_missed() -> None:
    rows = [
        Row("quick", "a floor", 1.0, limit=Limit(3, 2)),
        Row("slow", "a floor", 4.0, limit=Limit(3, 2), note="4 s"),
        Row("not fast enough", "a rival", 5.0, limit=Limit(6, 9, is_least=True)),
    ]
    text = render_results([("date", "today")], {"limits": rows, "cliffs": [], "rivals": []}, [], {})
    told = text.partition("## What is missed")[2].partition("## Against the limits")[0]
    assert "- **slow**: 4.00x (a floor), where ≤ 3x must hold" in told
    assert "- **not fast enough**: 5.00x (a rival), where ≥ 6x must hold" in told
    assert "quick" not in told


def test_the_results_tell_what_could_not_be_measured() -> None:
    rows = {"limits": [], **{part: [] for part in APART}}
    text = render_results([], rows, ["slow disk: it needs root"], {})
    assert "- slow disk: it needs root" in text


def test_the_summary_goes_between_its_marks(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{MARKS[0]}\nfigures of another day\n{MARKS[1]}\nafter\n", encoding="utf-8")
    rows = [Row("next", "python -c pass", 9.0, limit=Limit(8, 5.5), headline="`next`", note="90 ms")]
    machine = [("date", "2026-11-26 12:00 UTC"), ("processor", "one, 2 cores"), ("Python", "3.11")]
    put_summary(readme, render_summary(machine, rows))
    told = readme.read_text(encoding="utf-8")
    assert told.startswith(f"before\n{MARKS[0]}\nLast taken on 2026-11-26 ")
    assert told.endswith(f"{MARKS[1]}\nafter\n")
    assert "| `next` | 9.00x python -c pass | ≤ 8x | 90 ms |" in told
    assert "- **next**: 9.00x (python -c pass), where ≤ 8x must hold" in told
    assert "another day" not in told


def test_the_documents_have_a_place_for_the_summary() -> None:
    readme = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    assert readme.index(MARKS[0]) < readme.index(MARKS[1])


def test_a_million_notes_are_drawn_on_in_a_straight_line() -> None:
    points = {cost: {10_000: 1.0, 100_000: 2.0} for cost in (*SECONDS, *MIB)}
    assert "an unchanged one 12 s" in at_a_million(points)
    assert "What would break first is the pages" in at_a_million(points)
    assert at_a_million({}) == ""


def test_the_plot_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="it comes with the extra bench")
    points = json.dumps({"cold": {"1000": 0.4, "10000": 3.0}, "peak": {"1000": 36.0, "10000": 44.0}})
    drawn = []
    for name in ("one.svg", "two.svg"):
        words = [sys.executable, "-m", "benchmarks.plot", str(tmp_path / name)]
        subprocess.run(words, cwd=ROOT, input=points, text=True, check=True)
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]
    assert b"cold reindex" in drawn[0]


def test_the_soak_run_starts() -> None:
    words = [sys.executable, "-m", "benchmarks.soak", "--help"]
    assert "--events" in subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_a_large_harness_is_not_taken_for_what_it_measures() -> None:
    ballast = bytearray(100 * 2**20)
    ballast[::4096] = b"x" * len(ballast[::4096])  # so that all of it is really held
    assert once(START).peak < 50


def test_the_harness_needs_the_standard_library_alone() -> None:
    """So that it is small beside what it measures, and runs for anybody."""
    without_packages = [sys.executable, "-S", "-m", "benchmarks", "--help"]
    told = subprocess.run(without_packages, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "python -m benchmarks --only next start" in told
