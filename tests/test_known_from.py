"""Where somebody is known from: the note's word first, then its tags, then a word of kinship."""

from __future__ import annotations

import pytest

from mdmentor.core.mentoring import known_from
from mdmentor.core.model import Contact
from tests.conftest import VaultOnDisk


def told(name: str = "Ada", **fields: tuple[str, ...]) -> tuple[str, ...]:
    return known_from(Contact("people/Ada.md", name, **fields))  # type: ignore[arg-type]


def test_the_notes_own_word_is_taken_alone() -> None:
    assert told(source=("boss", "choir"), tags=("friend",)) == ("boss", "choir")


@pytest.mark.parametrize(
    ("tags", "sources"),
    [
        (("person", "friend"), ("friend",)),
        (("people/colleagues",), ("coworker",)),
        (("Uncle", "mentor"), ("family",)),
        (("alumni", "friends"), ("member", "friend")),
        (("person", "report", "interview", "rust"), ()),
    ],
)
def test_else_its_tags_say_so(tags: tuple[str, ...], sources: tuple[str, ...]) -> None:
    assert told(tags=tags) == sources


@pytest.mark.parametrize(
    ("name", "sources"), [("Aunt Rose", ("family",)), ("Mum", ("family",)), ("Sister Mary", ())]
)
def test_else_a_word_of_kinship_in_the_name(name: str, sources: tuple[str, ...]) -> None:
    assert told(name) == sources


def test_a_vault_without_the_field_still_fills_the_places_and_the_picture(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\ntags: [colleague]\n---\n")
    vault.add("people/Bo.md", "---\ntags: [friend]\nconfidential: true\n---\n")
    vault.add("people/Aunt Rose.md", "")
    vault.reindex()
    assert "- **Family**: [Aunt Rose](../people/Aunt%20Rose.md)\n" in vault.page("Mentors")
    assert "associates**: [Ada](../people/Ada.md)\n" in vault.page("Mentors")
    assert "By kind: Family and friends 1, Work 1." in vault.read("reach-out/network.svg")
    assert vault.json("show", "Ada")["source"] == []
