"""Conflict marks are recognized in one place, by one rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mdmentor
from mdmentor.core.conflict_marks import Conflict, find_conflict, find_marks, parse_mark, split_conflicts

BEGIN, BASE, MIDDLE, END = "<<<<<<< ours", "||||||| base", "=======", ">>>>>>> theirs"


@pytest.mark.parametrize(
    "line", [BEGIN, BASE, MIDDLE, END, "<<<<<<<", "<" * 12 + " x", BEGIN + "\r", "<<<<<<<\tx"]
)
def test_a_mark_is_seven_or_more_of_a_character_with_nothing_or_a_label_behind(line: str) -> None:
    mark = parse_mark(line)
    assert mark is not None and mark.sign == line[0] and mark.size == line.count(line[0])


@pytest.mark.parametrize(
    "line", ["", "<<<<<< x", "<<<<<<<x", " <<<<<<< x", "=======x", "> > > > > > >", "<<<<<<<<>"]
)
def test_any_other_line_is_no_mark(line: str) -> None:
    assert parse_mark(line) is None


@pytest.mark.parametrize("line", [BEGIN, BASE, END])
def test_each_mark_but_the_middle_one_shows_an_unfinished_merge(line: str) -> None:
    assert find_conflict(f"a\r\nb\r\n{line}\r\n") == 3


@pytest.mark.parametrize("text", ["Title\n=======\n", "|||||||\n", "|||||||| a |\n", "a <<<<<<< b\n"])
def test_headings_tables_and_text_show_none(text: str) -> None:
    assert find_conflict(text) is None and find_marks(text) == ()


def test_lines_between_marks_become_one_conflict() -> None:
    assert split_conflicts(["a", BEGIN, "b", BASE, "c", MIDDLE, "d", "=======", END, "e"]) == [
        "a", Conflict(["b"], ["c"], ["d", "======="], "ours"), "e",
    ]  # fmt: skip


def test_marks_of_another_size_are_text() -> None:
    lines = ["<" * 9 + " x", BEGIN, MIDDLE, END, "=" * 9, "d", ">" * 9]
    assert split_conflicts(lines) == [Conflict([BEGIN, MIDDLE, END], None, ["d"], "x")]


@pytest.mark.parametrize("lines", [[BEGIN, "a"], [END], [BEGIN, END], [BEGIN, BEGIN, MIDDLE, END]])
def test_marks_that_do_not_fit_together_give_none(lines: list[str]) -> None:
    assert split_conflicts(lines) is None


def test_no_other_module_recognizes_marks() -> None:
    signs = re.compile(r"<{7}|>{7}|[<>|=]\]?\{7|\"[<>|=]\" \* 7")
    package = Path(mdmentor.__file__).parent
    found = [file.name for file in package.rglob("*.py") if signs.search(file.read_text(encoding="utf-8"))]
    assert found == ["conflict_marks.py"]
