"""Names that look like one another."""

from __future__ import annotations

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from mdmentor.index.near import _NEAR, _near_filter
from tests.conftest import VaultOnDisk

words = st.text("abcdeéz 山\U00020000", max_size=12)


@given(words, words)
def test_the_quick_look_never_leaves_out_a_name_that_is_near(one: str, other: str) -> None:
    if SequenceMatcher(None, one, other).ratio() >= _NEAR:
        assert _near_filter(one)(other)


def test_a_missing_note_that_is_linked_often_is_told_with_its_near_name_each_time(vault: VaultOnDisk) -> None:
    vault.add("Charles Babbage.md", "")
    vault.add("a.md", "[[Charles Babage]] [[Charles Babage|he]]\n[[Nobody near]]\n")
    assert [p["fix"] for p in vault.json("check")["problems"]] == [
        'did you mean "Charles Babbage"?',
        'did you mean "Charles Babbage"?',
        "make the note, or leave it as a placeholder",
    ]
