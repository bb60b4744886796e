"""Markers where no block can begin are told, and examples in code are not."""

from __future__ import annotations

import pytest

from mdmentor.core.markdown.blocks import misplaced_markers
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
    assert misplaced_markers("n.md", f"- {OPEN}", 7, ())[0].line == 7
