"""Names that look like one another."""

from __future__ import annotations

from tests.conftest import VaultOnDisk


def test_a_missing_note_that_is_linked_often_is_told_with_its_near_name_each_time(vault: VaultOnDisk) -> None:
    vault.add("Charles Babbage.md", "")
    vault.add("a.md", "[[Charles Babage]] [[Charles Babage|he]]\n[[Nobody near]]\n")
    assert [p["fix"] for p in vault.json("check")["problems"]] == [
        'did you mean "Charles Babbage"?',
        'did you mean "Charles Babbage"?',
        "make the note, or leave it as a placeholder",
    ]
