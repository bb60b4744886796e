"""From the bytes of a file to a note: what it is called, and where its problems stand."""

from __future__ import annotations

import pytest

from mdmentor.core.model import Note
from mdmentor.core.parse import parse_note
from mdmentor.core.settings import Settings


def note_of(text: str, path: str = "people/ada.md") -> Note:
    return parse_note(path, text.encode(), Settings())


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("**Ada** *Lovelace*", "Ada Lovelace"),
        ("[[Countess|Ada Lovelace]] of Ockham", "Ada Lovelace of Ockham"),
        ("[Ada](https://ada.example)", "Ada"),
        ("Ada Lovelace #person", "Ada Lovelace"),
        ("Ada, my #1 in C#", "Ada, my #1 in C#"),
        ("#person", "ada"),
        ("[[Ada Lovelace|Countess]]", "Ada Lovelace"),
    ],
)
def test_the_name_in_a_heading_is_its_words_without_markdown(heading: str, name: str) -> None:
    assert note_of(f"# {heading}\n").title == name


def test_a_problem_with_one_item_of_a_list_stands_at_that_item() -> None:
    note = note_of("---\nemail:\n  - ada@example.org\n  - at home\nmentor: [ongoing, odd]\n---\n")
    assert [(p.line, p.column, p.code) for p in note.problems] == [
        (4, 5, "not-an-address"),
        (5, 19, "unknown-word"),
    ]


def test_a_plain_name_among_attendees_is_told_where_it_stands() -> None:
    note = note_of("---\nattendees: [Bob, Ada]\n---\n", "2026-11-22 Meeting.md")
    assert [(link.target, link.line, link.column) for link in note.links] == [("Bob", 2, 13), ("Ada", 2, 18)]


@pytest.mark.parametrize("key", ["cadence", "last_contact", "helps_with", "birthday", "Source"])
def test_a_known_key_that_holds_keys_of_its_own_is_told_once(key: str) -> None:
    note = note_of(f"---\n{key}:\n  first: 2026-01-01\n  second: x\n---\n")
    assert [(p.line, p.severity, p.code) for p in note.problems] == [(3, "hint", "nested")]
    assert f'write one value behind "{key}:"' in note.problems[0].mend


def test_phones_and_names_in_parts_are_read_without_a_word() -> None:
    note = note_of("---\nname:\n  first: Ada\n  last: Love\nphone:\n  home: 1\n  work: 2\n---\n")
    assert note.title == "Ada Love" and note.problems == ()
    assert note.contact is not None and note.contact.phone == ("1", "2")
