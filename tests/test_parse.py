"""From the bytes of a file to a note: what it is called, and where its problems stand."""

from __future__ import annotations

from datetime import date

import pytest

from mdmentor.core.frontmatter.keys import SPELLED
from mdmentor.core.model import Note, Settings
from mdmentor.core.parse import parse_note


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
    assert f'write one value after "{key}:"' in note.problems[0].fix


def test_phones_and_names_in_parts_are_read_without_a_word() -> None:
    note = note_of("---\nname:\n  first: Ada\n  last: Love\nphone:\n  home: 1\n  work: 2\n---\n")
    assert note.title == "Ada Love" and note.problems == ()
    assert note.contact is not None and note.contact.phone == ("1", "2")


def first_date(text: str) -> date | None:
    contact = note_of(text).contact
    assert contact is not None
    return contact.first_date


@pytest.mark.parametrize(
    "key", [k for key, ks in SPELLED.items() if key not in ("met", "last_contact", "created") for k in ks]
)
def test_no_known_key_but_those_of_the_tie_tells_since_when_somebody_is_known(key: str) -> None:
    assert first_date(f"---\n{key}: 1985-10-14\n---\n") is None


@pytest.mark.parametrize(
    "key",
    [
        "dob",
        "DOB",
        "Date of Birth",
        "date-of-birth",
        "dateOfBirth",
        "Birth Date",
        "brithday",
        "Geburtstag",
        "date de naissance",
        "Cumpleaños",
        "生日",
        "kids-birthday",
        "wife.birthday",
        "wedding_anniversary",
        "snoozed-until",
        "Next follow-up",
        "next_call",
        "reminder",
        "due",
        "date modified",
        "updated_at",
    ],
)
def test_a_birthday_or_plan_in_any_spelling_is_no_day_of_the_tie(key: str) -> None:
    assert first_date(f"---\n{key}: 1985-10-14\n---\n") is None
    assert first_date(f"---\ntype: person\n---\n{key}:: 1985-10-14\n") is None
    assert first_date(f"---\ntype: person\n---\n- **{key}**: 1985-10-14\n") is None
    assert first_date(f"---\n{key}: 1985-10-14\nmet: 2019-05-03\n---\n") == date(2019, 5, 3)


@pytest.mark.parametrize("key", ["met", "date met", "last-contact", "created", "since", "coffee", "date"])
def test_a_date_of_the_tie_or_under_a_key_of_ones_own_is_a_day_of_the_tie(key: str) -> None:
    assert first_date(f"---\n{key}: 2019-05-03\n---\n") == date(2019, 5, 3)
    assert first_date(f"---\ntype: person\n---\n{key}:: 2019-05-03\n") == date(2019, 5, 3)


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"---\nty\0pe: person\n---\n# Ada\n", 2, 3),
        (b"---\ntype: person\n---\n# A\0da\n", 4, 4),
        (b"\0---\ntype: person\n---\n# Ada\n", 1, 1),
        (b"---\r\ntype: person\r\n---\r\n# Ada\r\n\xc3\xa9\0\0", 5, 2),
        (b"---\ntype: person\n---\n# Ada\n" + b"words \n" * 20_000 + b"\0", 20_005, 1),
        (b"---\ntype: person\n---\n# Ada\n" + b"\0" * 5_000, 5, 1),
        ("---\ntype: person\n---\n# Ada\n".encode("utf-16-le"), 1, 2),
    ],
)
def test_a_nul_byte_is_a_problem_at_its_place_and_the_note_is_read_without(
    data: bytes, line: int, column: int
) -> None:
    note = parse_note("x/a.md", data, Settings())
    assert (note.kind, note.title) == ("contact", "Ada")
    assert [(p.line, p.column, p.severity, p.code) for p in note.problems] == [
        (line, column, "error", "nul-byte")
    ]
    assert "\0" not in note.text


def test_a_confidential_note_with_a_nul_byte_stays_confidential() -> None:
    assert note_of("---\nconfi\0dential: true\n---\n").confidential


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 9, b"\0" * 99, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\x01\x07"]
)
def test_a_binary_file_named_like_a_note_is_no_note(data: bytes) -> None:
    note = parse_note("people/a.md", data, Settings())
    assert (note.kind, [p.code for p in note.problems]) == ("note", ["binary"])


def test_the_categories_of_a_vcard_are_no_type_of_note() -> None:
    def codes(block: str) -> list[str]:
        note = parse_note("people/Ada.md", f"---\n{block}\n---\n".encode(), Settings())
        return [problem.code for problem in note.problems]

    assert codes("CATEGORIES: Art, Robotics") == []
    assert codes("categories: Art, Robotics") == ["unknown-type"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2026-11-12 Meeting with Ada", "Meeting with Ada"),
        ("Review (2026-11-12)", "Review"),
        ("12 Nov 2026 - Lunch", "Lunch"),
        ("2026-11-12", ""),
        ("Plan for 2027-01-01, 2026-11-12", "Plan for 2027-01-01, 2026-11-12"),
    ],
)
def test_the_title_of_a_meeting_is_its_words_without_its_day(name: str, words: str) -> None:
    text = '---\ntype: meeting\ndate: 2026-11-12\npeople: ["[[Ada]]"]\n---\n'
    assert [talk.text for talk in parse_note(f"{name}.md", text.encode(), Settings()).interactions] == [words]


@pytest.mark.parametrize(
    ("tag", "kind"), [("#company", "note"), ("#template", "note"), ("#friend", "contact")]
)
def test_a_tag_in_the_text_says_that_a_note_among_people_is_none(tag: str, kind: str) -> None:
    assert parse_note("people/Acme.md", f"Anvils. {tag}\n".encode(), Settings()).kind == kind
    typed = f"---\ntype: person\n---\nAt Acme. {tag}\n".encode()
    assert (parse_note("people/Ada.md", typed, Settings()).kind == "contact") == (tag != "#template")
    inline = f"type:: person\n\nAt Acme. {tag}\n".encode()
    assert (parse_note("Ada.md", inline, Settings()).kind == "contact") == (tag != "#template")


@pytest.mark.parametrize(
    ("path", "text", "name", "role"),
    [
        ("people.bob.md", "title: Bob Van Dyke", "Bob Van Dyke", ""),
        ("people/ann-smith.md", "title: Dr. Ann Smith", "Dr. Ann Smith", ""),
        ("people/ann-smith.md", "title: Head of planning", "Ann Smith", "Head of planning"),
        ("people/Ann.md", "title: Ann, boss\nname: Ann B", "Ann B", "Ann, boss"),
        ("people/Ann.md", "title: ann", "Ann", ""),
    ],
)
def test_a_title_that_adds_words_to_the_files_name_is_the_name(
    path: str, text: str, name: str, role: str
) -> None:
    note = parse_note(path, f"---\n{text}\n---\n".encode(), Settings())
    assert note.contact and (note.contact.name, note.contact.role) == (name, role)
