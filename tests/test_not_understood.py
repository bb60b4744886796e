"""What starts with a date in a contact's own note and is not understood is a hint at its line."""

from __future__ import annotations

import pytest

from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note
from tests.conftest import VaultOnDisk

HEAD = "---\ntype: person\n---\n"


def hints(vault: VaultOnDisk, text: str) -> list[tuple[int, str]]:
    vault.add("people/Ada.md", HEAD + text)
    found = vault.json("check")["problems"]
    return [(p["line"], p["severity"]) for p in found if p["code"] in ("not-understood", "log-date")]


@pytest.mark.parametrize(
    "line",
    [
        "- 14/8 call", "- 8/14 call", "- 14.8. call", "- 14 Aug call", "- Aug 14: call", "- 14/08/26 call",
        "- 2026–10–14 call", "- le 3/11/2026: x", "- Am 14. Oktober: x", "- el 14 de octubre: x", "- **14/8** call", "- 14/8: lunch", "- [x] 14/8 call",
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", ["", "## Log\n"])
def test_a_day_that_is_not_understood_is_a_hint(vault: VaultOnDisk, line: str, above: str) -> None:
    number = 4 + above.count("\n")
    assert hints(vault, f"{above}{line}\n") == [(number, "hint")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("### 14/8 call\n", 4), ("## 14 Aug: call\n", 4), ("## 14/08/26\n", 4), ("- 14. Oktober: call\n", 4),
        ("| When | What |\n|-|-|\n| 14/8 | call |\n", 6), ("| When | What |\n|-|-|\n| 03/04/2026 | call |\n", 6),
        ("2026-10-14 call\n", 4), ("- Okt 2026: call\n", 4), ("- 2026-10: call\n", 4),
    ],
)  # fmt: skip
def test_headings_rows_and_paragraphs_are_hints_too(vault: VaultOnDisk, text: str, line: int) -> None:
    assert hints(vault, text) == [(line, "hint")]


def test_a_day_that_no_calendar_has_is_reported_once(vault: VaultOnDisk) -> None:
    assert hints(vault, "- 2026-13-40 call: x\n") == [(4, "hint")]
    assert hints(vault, "## Log\n- 2026-13-40 call: x\n") == [(5, "warning")], "a line of the log is lost"


@pytest.mark.parametrize(
    "text",
    [
        "## Log\n- 2026-10-14 call\n", "## Log\n### 2026-10-14 call\n2026-10-15 it went on\n- 14/8 was meant\n",
        "## Plans\n- 2026-12-01 lunch\n", "- [ ] 14/8 call\n", "- 24/7 on call\n", "- 3/4 of the team\n",
        "- 2.5 kids\n", "## 1.2. Notes\n", "- 2019-21 at Acme\n", "- 2019-12-x\n", "## Career\n- 2019-10 joined\n", "- 10 people\n", "> - 14/8 call\n", "    - 14/8\n",
        "- 1/2 of it\n", "- Marcus 12\n", "- 192.168.1.1 is hers\n", "- 14/8/3/2 is a path\n",
        "## Log\n- 2026-10-14 #mention\n", "## Chats\n- 2026-10-14 call\n", "- 14.10.2026 call\n", "- <2026-10-14 Wed> call\n", "- 14. Oktober 2026: call\n", "- Career\n  - 14/8 promoted\n",
        "| When | What |\n|-|-|\n| 2026-10-14 | call |\n", "| 14/8 | What |\n|-|-|\n| x | y |\n",
        "On 14 October 2026 the firm was founded\n", "- Le 24/7 x\n", "- On holiday\n", "## Next steps\n- 14/8 call\n", "## Geburtstage\n- 14/8 call\n",
    ],
)  # fmt: skip
def test_what_is_understood_or_no_day_is_no_hint(vault: VaultOnDisk, text: str) -> None:
    assert hints(vault, text) == []


def test_words_of_a_private_line_are_not_shown(vault: VaultOnDisk) -> None:
    assert hints(vault, "- 14/8 call about debts #private\n") == [(4, "hint")]
    out = vault.run("check").out
    assert "14/8" not in out and "debts" not in out and "people/Ada.md:4:1: hint: " in out


@pytest.mark.parametrize(
    ("day", "fix"),
    [("3/4/2026", 'write it as "2026-04-03" or "2026-03-04"'), ("next week", "write it as 2026-10-14")],
)
def test_the_date_of_a_meeting_that_is_not_understood_is_a_problem(
    vault: VaultOnDisk, day: str, fix: str
) -> None:
    vault.add("Talk.md", f"---\ntype: meeting\ndate: {day}\n---\nWith [[Ada]].\n")
    (problem,) = (found for found in vault.json("check")["problems"] if found["code"] == "not-a-date")
    assert (problem["path"], problem["line"], problem["column"], problem["fix"]) == ("Talk.md", 3, 7, fix)
    assert problem["severity"] == "warning"


def test_a_meeting_without_its_date_yet_is_no_problem(vault: VaultOnDisk) -> None:
    vault.add("Talk.md", "---\ntype: meeting\ndate:\n---\n")
    vault.add("2026-10-14 Talk.md", "---\ntype: meeting\ndate: 3/4/2026\n---\n")
    assert vault.json("check")["problems"] == []


def test_in_other_notes_a_date_is_no_hint(vault: VaultOnDisk) -> None:
    vault.add("plain.md", "- 14/8 call\n")
    assert vault.json("check")["problems"] == []


def test_a_long_line_of_digits_is_read_in_linear_time() -> None:
    assert parse_note("people/Ada.md", b"- " + b"1/" * 200_000, Settings()).problems == ()
