"""The demo shows on each day what a day looks like: three people, three reasons, and what is owed each way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run, run_command

ROOT = Path(__file__).parent.parent
WEEK = [f"2026-11-{day}" for day in range(23, 30)]
ODD_DAYS = ["2026-12-31", "2027-01-01", "2027-02-28", "2027-03-01", "2028-02-28", "2028-02-29", "2028-03-01"]
FIRST_REASONS = {"Marta Lindqvist": "promise", "Leila Haddad": "thanks", "Noor Siddiqui": "new"}


def make_demo(folder: Path, day: str) -> Run:
    run = run_command(folder / "cache", "demo", str(folder / "demo"), "--today", day)
    assert run.code == 0, run.err
    return run


@pytest.mark.parametrize("day", [*WEEK, *ODD_DAYS])
def test_the_demo_shows_three_people_for_three_reasons(tmp_path: Path, day: str) -> None:
    shown = make_demo(tmp_path, day).out
    vault = ("--vault", str(tmp_path / "demo"), "--today", day)
    answer = json.loads(run_command(tmp_path / "cache", "next", "--json", *vault).out)
    people = {one["name"]: one for one in answer["suggestions"]}
    assert {name: one["reasons"][0]["kind"] for name, one in people.items()} == FIRST_REASONS
    assert [one["name"] for one in answer["birthdays"]] == ["Leila Haddad"]
    with_goal = [one for one in people.values() if "goal" in {reason["kind"] for reason in one["reasons"]}]
    assert [one["posts"][0] for one in with_goal] == ["posts/Ask for a raise.md"]
    for words in (
        "Read: Ask for a raise",
        "You promised to ",
        "They promised: a few of her aerial photos",
        "Try next: mdmentor why NAME",
        "mdmentor init",
    ):
        assert words in shown
    page = (tmp_path / "demo" / "reach-out" / "Reach out next.md").read_text(encoding="utf-8")
    assert "kept: send her the one page" in page and "**They promised:** a few of her" in page


def test_the_demo_has_no_problem_and_quotes_whole_sentences(tmp_path: Path) -> None:
    shown = make_demo(tmp_path, "2026-11-23").out
    assert "…" not in shown
    vault = ("--vault", str(tmp_path / "demo"), "--today", "2026-11-23")
    check = run_command(tmp_path / "cache", "check", *vault)
    assert check.code == 0, check.out


def test_the_readme_has_two_command_lines_that_do_all_the_set_up() -> None:
    """One for the sample vault and one for the tests, each alone on its line: CI runs the second as it stands."""
    lines = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 ")]
    assert [line.rpartition(" && ")[2] for line in lines] == [
        ".venv/bin/mdmentor demo demo-vault",
        ".venv/bin/python -m pytest",
    ]


def test_the_readme_shows_what_the_demo_prints_on_the_day_of_its_picture(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = re.search(r'^DAY = "(.+)"', (ROOT / "docs/pictures/draw.py").read_text(encoding="utf-8"), re.M)
    assert drawn is not None
    printed = make_demo(tmp_path, drawn[1]).out
    vault = ("--vault", str(tmp_path / "demo"), "--today", drawn[1])
    printed += run_command(tmp_path / "cache", "why", "Noor", *vault).out
    shown = [
        block for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) if block.startswith(("1. ", "Noor"))
    ]
    assert len(shown) == 2
    for block in shown:
        assert block in printed
    assert len(text.splitlines()) <= 130
    pictures = (ROOT / "docs" / "pictures").glob("*.png")
    assert 0 < sum(picture.stat().st_size for picture in pictures) <= 300_000


def test_a_day_is_told_by_its_talk_and_not_by_the_promise_ticked_with_it(tmp_path: Path) -> None:
    make_demo(tmp_path, "2026-11-23")
    vault = ("--vault", str(tmp_path / "demo"), "--today", "2026-11-23")
    for words in (["log", "Marta", "mail: sent it, she reads it tonight"], ["done", "Marta"]):
        assert run_command(tmp_path / "cache", *words, *vault).code == 0
    assert run_command(tmp_path / "cache", "reindex", *vault).code == 0
    page = (tmp_path / "demo" / "reach-out" / "Reach out next.md").read_text(encoding="utf-8")
    done = page.split("## Done today")[1].split("## ")[0]
    assert "Marta%20Lindqvist.md): mail: sent it, she reads it tonight" in done


def test_what_comes_up_names_nobody_confidential(tmp_path: Path) -> None:
    shown = make_demo(tmp_path, "2026-11-23").out
    assert "Coming up:" in shown and "Inês" not in shown


def test_undo_names_a_snooze(tmp_path: Path) -> None:
    make_demo(tmp_path, "2026-11-23")
    vault = ("--vault", str(tmp_path / "demo"))
    assert run_command(tmp_path / "cache", "snooze", "Yuki", "--today", "2026-11-23", *vault).code == 0
    assert run_command(tmp_path / "cache", "undo", *vault).out.startswith("undone: snooze Yuki Tanabe\n")
