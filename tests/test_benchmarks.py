"""The benchmarks run, tell the truth, and hide nothing; on a tiny vault, where no figure means anything."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # the benchmarks are in no package

from benchmarks import rows_cliffs, rows_merge, trial  # noqa: E402
from benchmarks.__main__ import APART, GROUPS  # noqa: E402
from benchmarks.bench import Bench  # noqa: E402
from benchmarks.report import render_results  # noqa: E402
from benchmarks.rivals import Rivals  # noqa: E402
from benchmarks.row import Limit, Row  # noqa: E402

NEEDS_MORE = {"cliffs", "rivals"}  # root, and a package registry


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Two vaults of a few notes; nothing waits until a stamp proves something."""
    folder = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trial, "NOT_RACY", 0)
        patch.setattr(rows_merge, "NOTES", 2)
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


def test_the_harness_needs_the_standard_library_alone() -> None:
    """So that it is small beside what it measures, and runs for anybody. The plot is drawn in another process."""
    needed = set()
    for file in (ROOT / "benchmarks").glob("*.py"):
        if file.name == "plot.py":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                needed |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                needed.add((node.module or "").partition(".")[0])
    assert needed - set(sys.stdlib_module_names) == {"benchmarks"}
