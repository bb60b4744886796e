"""Ignore patterns: what git makes of them, and no pattern and no name that takes long."""

from __future__ import annotations

import random
import re
import subprocess
import time
from pathlib import Path

import pytest

from mdmentor.config import read_settings
from mdmentor.core.ignore import LONGEST, MOST, ignore_rule, membership, parse_ignore
from mdmentor.core.model import Settings
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk

FILES = [
    "a.md", "ab.md", "b.md", "Ab.md", "x y.md", "#a.md", "!a.md", "a[b].md", "a-b.md", "a]b.md", "a*b.md",
    "a/a.md", "a/b.md", "a/b/a.md", "a/b/c/a.md", "a/b/c/d/b.md", "b/a.md", "b/a/b.md", "b/b/a/c.md", "c/ab/a.md",
    "ab/a/b/ab.md", "ab/ab.md", "a b/c.md", "c/a.txt", "a.d/b.txt", "d/a.md/b.md", "1.md", "12/3.md",
]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def not_ignored_by_git(root: Path, patterns: list[str]) -> list[str]:
    (root / ".git/info/exclude").write_text("".join(f"{line}\n" for line in patterns))
    command = ["git", "-C", str(root), "ls-files", "-z", "--others", "--exclude-standard"]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    return sorted(told.decode().split("\0")[:-1])


def seen(root: Path, patterns: list[str]) -> list[str]:
    scan = Vault(root).scan(Settings(ignore=tuple(patterns)))
    return sorted([*scan.notes, *scan.attachments])


BY_HAND = [
    ["*.md"], ["a"], ["/a"], ["a/"], ["/a/"], ["a/b"], ["/a/b/"], ["**/b"], ["b/**"], ["a/**/a.md"], ["**"], ["**/"],
    ["/**"], ["a/**/"], ["*/a.md"], ["/*"], ["/*", "!/a", "!a.md"], ["*", "!*.md"], ["*", "!*/", "!a.md"], ["a?"],
    ["?"], ["[ab].md"], ["[!a].md"], ["[^a]*"], ["[a-b]*.md"], ["[]ab]*"], ["a[[]b[]].md"], ["a[]-]b.md"],
    ["\\#a.md"], ["\\!a.md"], ["# a"], [""], ["x\\ y.md"], ["x y.md  "], ["a\\*b.md"], ["[[:digit:]].md"],
    ["[[:upper:]]*"], ["***/a.md"], ["a***.md"], ["**a.md"], ["a/**b"], ["**/a/**/b/**"], ["**/**/a.md"], ["[b-a].md"],
    ["a/*", "!a/b"], ["a/", "!a/b.md"], ["*.txt", "!a.d/*.txt"], ["[[:alpha:]-]*"], ["a\\b.md"], ["[\\]a]*"],
    ["?.md"], ["ab/*/b/*"], ["*b*"], ["*a*b*"], ["[a-]*.md"], ["[!-b]*.md"],
]  # fmt: skip


@pytest.mark.parametrize("patterns", BY_HAND, ids=str)
def test_a_pattern_leaves_out_what_git_leaves_out(tree: Path, patterns: list[str]) -> None:
    assert seen(tree, patterns) == not_ignored_by_git(tree, patterns)


def test_patterns_made_by_chance_leave_out_what_git_leaves_out(tree: Path) -> None:
    chance = random.Random(14)
    pieces = [
        "a",
        "b",
        "ab",
        ".md",
        "*",
        "**",
        "?",
        "/",
        "/",
        "[ab]",
        "[!b]",
        "c",
        "d",
        "**/",
        "/**",
        "-",
        "1",
    ]
    for _ in range(150):
        patterns = [
            chance.choice(("", "", "", "!", "/")) + "".join(chance.choices(pieces, k=chance.randint(1, 7)))
            for _ in range(chance.randint(1, 3))
        ]
        # git before 2.40 is not sure what asterisks in a row beside other signs mean
        good = [line for line in patterns if is_good(line) and not re.search(r"[^/!]\*\*|\*\*[^/]", line)]
        assert seen(tree, good) == not_ignored_by_git(tree, good), good


def is_good(line: str) -> bool:
    try:
        return parse_ignore(line) is not None
    except ValueError:
        return False


def test_a_path_is_left_out_with_its_folder_whoever_asks() -> None:
    belongs = membership(Settings(ignore=("drafts/", "!drafts/keep.md")))
    assert not belongs("drafts/keep.md") and not belongs("drafts/x/y.md")
    assert belongs("x/drafts.md")


SLOW = [
    "*a*a*a*a*a*a*a*ab",
    "*a" * 400 + "b",
    "*?" * 300 + "b",
    "*[a-z]" * 100 + "0",
    "?*" * 300 + "!b",
    "**/a" * 200 + "/b",
    "**/*a*" * 100 + "b",
    "**/" * 300 + "b",
    "/".join(["*a*"] * 200) + "b",
    "a*" * 450 + "b",
    "[!b]*" * 150 + "b",
    "*" * 900 + "b",
    "**/*/**/*/**/*/**/*/**/*/b",
]
NAMES = [
    "a" * 250 + ".md",
    "/".join(["a"] * 1500) + ".md",
    "/".join(["a" * 250] * 16),
    "ab" * 125,
    "a/" * 1800,
]


def test_no_pattern_takes_long_at_any_name() -> None:
    is_ignored = ignore_rule(SLOW)
    started = time.process_time()
    for name in NAMES:
        for _ in range(10):
            is_ignored(name)
    assert time.process_time() - started < 3.0


def test_a_run_over_many_slow_names_takes_no_time_to_speak_of(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", f"ignore = {SLOW!r}".replace("'", '"'))
    for number in range(300):
        vault.add(f"people/{'a' * 240}{number:03}.md", "x\n")
    started = time.process_time()
    assert len(vault.json("contacts")) and time.process_time() - started < 10


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("!", "names nothing"),
        ("/", "names nothing"),
        ("a[b", "has a bracket that is not closed"),
        ("a\\\\", "ends in a backslash"),
        ("a\\u0000b", "has a control character in it"),
        ("a\\nb", "has a control character in it"),
        ("[[:vowel:]]", "has a class [:vowel:] that is not known"),
        ("a" * (LONGEST + 1), f"is longer than {LONGEST} characters"),
    ],
)
def test_a_pattern_that_cannot_be_used_costs_one_problem_at_its_line(pattern: str, reason: str) -> None:
    found, problems = read_settings(f'# mine\nignore = ["keep/", "{pattern}"]\n')
    assert found.ignore == ("keep/",)
    assert len(problems) == 1 and problems[0].line == 2 and reason in problems[0].what


def test_more_patterns_than_can_be_asked_about_every_file_are_told() -> None:
    lines = ", ".join(f'"{number}"' for number in range(MOST + 1))
    found, problems = read_settings(f"ignore = [{lines}]")
    assert len(found.ignore) == MOST and len(problems) == 1
