"""Markers where no block can begin are reported, and examples in code are not; how a line is taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.markdown.blocks import LineParts, block_problems, fence_end, split_line
from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note

OPEN, CLOSE = "<!-- mdmentor:next -->", "<!-- /mdmentor -->"


def told(text: str) -> list[tuple[int, str, str]]:
    note = parse_note("n.md", text.encode(), Settings())
    return [(p.line, p.severity, p.code) for p in note.problems if p.code == "block-place"]


@pytest.mark.parametrize(
    "text",
    [
        f"> {OPEN}\n> {CLOSE}\n",
        f"> [!note]\n> - {OPEN}\n> - {CLOSE}\n",
        f"- {OPEN}\n- {CLOSE}\n",
        f"1. {OPEN}\n2. {CLOSE}\n",
        f"{OPEN}{CLOSE}\n",
        f"{OPEN} today {CLOSE}\n",
        "<!-- MDMENTOR:Next -->\n<!-- /MDMENTOR -->\n",
    ],
)
def test_a_marker_beside_something_else_is_told_with_its_line(text: str) -> None:
    for before in ("", "---\ncadence: 2w\n---\n# Home\n"):
        lines = [number for number, _, _ in told(before + text)]
        assert lines == [before.count("\n") + text.count("\n", 0, text.lower().index("<!-- md")) + 1]


@pytest.mark.parametrize(
    "text",
    [
        f"{OPEN}\n{CLOSE}\n",
        f"- item\n  {OPEN}\n  {CLOSE}\n",
        f"```\n> {OPEN}\n```\n",
        f"~~~~\n```\n- {OPEN}\n~~~~\n",
        f"    - {OPEN}\n",
        f"Write `{OPEN}` on a line.\n",
        f"{OPEN}\n> {OPEN}\n{CLOSE}\n",
        "mdmentor: next\n",
    ],
)
def test_a_sound_block_and_an_example_are_not_told(text: str) -> None:
    assert told(text) == []


def test_lines_are_those_of_the_file() -> None:
    assert block_problems("n.md", f"- {OPEN}", 7, ())[0].line == 7


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("- [ ] call", ("", "-", " ", "[ ] ", "call")),
        ("  12) call", ("  ", "12)", " ", "", "call")),
        ("> - [x]", ("> ", "-", " ", "[x]", "")),
        ("## Log", ("", "##", " ", "", "Log")),
        ("-call", ("", "", "", "", "-call")),
        ("- [Ada](ada.md)", ("", "-", " ", "", "[Ada](ada.md)")),
        ("*", ("", "*", "", "", "")),
    ],
)
def test_a_line_is_taken_apart(line: str, parts: tuple[str, ...]) -> None:
    assert split_line(line) == LineParts(*parts)


@given(st.text(alphabet=" \t>-*+1.)#[]x", max_size=12))
def test_the_parts_of_a_line_are_the_line(line: str) -> None:
    parts = split_line(line)
    assert "".join(parts) == line
    assert not parts.box_at or line[parts.box_at - 1 : parts.box_at + 2] == parts.box[:3]


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["text"], 0),
        (["```", "a", "```", "b"], 3),
        (["````", "```", "~~~~", "````"], 4),
        (["```", "a"], 2),
        (["``` `a` ```", "b"], 0),
        (["```", "``` x", "```", "b"], 3),
        (["```", "    ```", "b"], 3),
        (["    ```", "    ```", "b"], 2),
        (["> ```", "> ```", "b"], 2),
        (["```", "> ```", "```", "b"], 3),
    ],
)
def test_fenced_code_ends_behind_its_closing_fence(lines: list[str], end: int) -> None:
    assert fence_end(lines, 0) == end
