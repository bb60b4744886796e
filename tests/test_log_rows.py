"""Talks in the rows of a table, and in the list `interactions` of front matter."""

from __future__ import annotations

import pytest

from mdmentor.core.model import Note, Settings
from mdmentor.core.parse import parse_note
from tests.conftest import VaultOnDisk


def ada(text: str) -> Note:
    return parse_note("people/Ada.md", text.encode(), Settings())


def talks(text: str) -> list[tuple[str, str, str, int]]:
    return [(str(i.date), i.channel, i.text, i.line) for i in ada(text).interactions]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("| Date | Notes |\n|---|---|\n| 2026-10-14 | asked about pay |\n", ("2026-10-14", "", "asked about pay", 3)),
        ("| Date | Type | Notes |\n|---|---|---|\n| 2026-10-14 | Call | asked |\n", ("2026-10-14", "call", "asked", 3)),
        ("| Notes | When |\n|---|---|\n| asked about pay | [[2026-10-14]] |\n", ("2026-10-14", "", "asked about pay", 3)),
        ("a | b | c\n-|-|-\n14.10.2026 | tea | asked\n", ("2026-10-14", "tea", "asked", 3)),
        ("| Datum | Art | Was |\n|-|-|-|\n| 14 Oktober 2026 | Telefon | x |\n", ("2026-10-14", "telefon", "x", 3)),
        ("| When | What |\n|-|-|\n| 2026-10-14 | call: asked \\| told |\n", ("2026-10-14", "call", "asked | told", 3)),
        ("| When | Where | What |\n|-|-|-|\n| 2026-10-14 | Rome | walked |\n", ("2026-10-14", "", "Rome – walked", 3)),
        ("| Due | Date | What |\n|-|-|-|\n| 2026-12-01 | 2026-10-14 | x |\n", ("2026-10-14", "", "2026-12-01 – x", 3)),
        ("| Date | What |\n|-|-|\n| 2026-10-14 | |\n", ("2026-10-14", "", "", 3)),
    ],
)  # fmt: skip
def test_a_row_with_a_day_is_a_talk(table: str, expected: tuple[str, str, str, int]) -> None:
    assert talks(table) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "## Dates\n| Date | What |\n|-|-|\n| 2026-10-14 | x |\n",
        "| Child | Born |\n|-|-|\n| Tom | 2016-10-14 |\n",
        "| What | Due |\n|-|-|\n| x | 2026-10-14 |\n",
        "| Field | Value |\n|-|-|\n| **Birthday** | 1985-10-14 |\n",
        "| 2026-10-14 | What |\n|-|-|\n| x | y |\n",
        "> | Date | What |\n> |-|-|\n> | 2026-10-14 | x |\n",
        "```\n| Date | What |\n|-|-|\n| 2026-10-14 | x |\n```\n",
        "| Date | What |\n|-|-|\n| 2026-10-14 | read of her #mention |\n",
        "| What | More |\n|-|-|\n| asked on 2026-10-14 | y |\n",
    ],
)
def test_these_rows_are_no_talk(text: str) -> None:
    assert talks(text) == []


def test_marks_links_and_privacy_of_a_row(vault: VaultOnDisk) -> None:
    vault.add("posts/Raise.md", "")
    vault.add(
        "people/Ada.md",
        "## Log\n\n| Date | What |\n|-|-|\n| 2026-10-14 | the raise, [[Raise]] #got |\n| 2026-10-02 | tea |\n\n"
        "# Other\n\n| Date | What |\n|-|-|\n| 2026-09-14 | debts #private |\n",
    )
    shown = vault.json("show", "Ada")["interactions"]
    assert [(i["line"], i["text"], i["marks"]) for i in shown] == [
        (6, "", []),
        (5, "the raise, [[Raise]]", ["got"]),
    ]
    assert vault.json("show", "Ada", "--private")["interactions"][0]["marks"] == ["private"]
    assert "came up on 14 Oct 2026" in vault.json("related", "Ada")[0]["reasons"]
    assert vault.json("promises")["thanks"] != []


def test_rows_below_a_dated_heading_belong_to_it() -> None:
    text = "## 2026-10-14\n\n| Date | What |\n|-|-|\n| 2026-10-02 | tea #got |\n\nWords.\n"
    assert talks(text) == [("2026-10-14", "", "Words.", 1)]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("- date: 2026-10-14\n    type: call\n    notes: asked, said thanks", ("2026-10-14", "call", "asked, said thanks")),
        ("- {date: 2026-10-14, text: 'call: asked'}", ("2026-10-14", "call", "asked")),
        ("- text: called her\n    date: 2026-10-14", ("2026-10-14", "", "called her")),
        ("- 2026-10-14 call: asked", ("2026-10-14", "call", "asked")),
        ("- date: '[[2026-10-14]]'\n    note: |\n      two\n      lines", ("2026-10-14", "", "two lines")),
    ],
)  # fmt: skip
def test_a_map_in_the_list_interactions_is_a_talk(listed: str, expected: tuple[str, str, str]) -> None:
    assert talks(f"---\ntype: person\ninteractions:\n  {listed}\n---\n") == [(*expected, 4)]


@pytest.mark.parametrize(
    "front",
    ["interactions: 5", "interactions: 2026-10-14", "interactions:\n  - text: asked", "interactions: []", "interactions:",
     "interactions:\n  - due: 2026-10-14", "other:\n  - date: 2026-10-14"],
)  # fmt: skip
def test_these_lists_hold_no_talk(front: str) -> None:
    assert talks(f"---\ntype: person\n{front}\n---\n") == []


def test_marks_links_and_privacy_of_listed_talks(vault: VaultOnDisk) -> None:
    vault.add("posts/Raise.md", "")
    vault.add(
        "people/Ada.md",
        "---\ntype: person\ninteractions:\n  - date: 2026-10-14\n    text: 'sent [[Raise]] #gave'\n"
        "  - date: 2026-10-02\n    text: tea\n---\n",
    )
    vault.add("people/Bob.md", "---\ninteractions:\n  - date: 2026-10-14\n    text: debts # #private\n---\n")
    shown = vault.json("show", "Ada")["interactions"]
    assert [(i["line"], i["text"], i["marks"]) for i in shown] == [
        (6, "", []),
        (4, "sent [[Raise]]", ["gave"]),
    ]
    assert "came up on 14 Oct 2026" in vault.json("related", "Ada")[0]["reasons"]
    assert "debts" not in vault.run("show", "Bob").out
    assert vault.json("show", "Bob")["interactions"] == []


def test_logging_beside_listed_talks_and_tables_changes_no_other_byte(vault: VaultOnDisk) -> None:
    text = (
        "---\ntype: person\ninteractions:\n  - date: 2026-10-14\n    text: tea\n---\n"
        "| Date | What |\n|-|-|\n| 2026-10-02 | tea |\n"
    )
    vault.add("people/Ada.md", text)
    assert vault.run("log", "Ada", "call: asked", "--today", "2026-11-20").code == 0
    assert vault.read("people/Ada.md") == text + "\n## Log\n\n- 2026-11-20 call: asked\n"
    assert vault.run("undo").code == 0
    assert vault.read("people/Ada.md") == text


def test_an_entry_of_the_list_without_a_day_is_a_hint() -> None:
    head = "---\ninteractions:\n  - date: 2026-10-14\n    text: asked\n  - date: yesterday\n    text: tea\n"
    note = ada(f'{head}  - just words\n  - "read of her #mention"\n---\n')
    assert [(p.line, p.severity, p.code) for p in note.problems] == [
        (5, "hint", "not-understood"),
        (7, "hint", "not-understood"),
    ]
    assert len(note.interactions) == 1
