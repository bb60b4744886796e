"""What contacts are called."""

import pytest

from mdmentor.core.kinds import contact_name
from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note


@pytest.mark.parametrize(
    ("path", "heading", "name"),
    [
        ("people/Ann Smith.md", "", "Ann Smith"),
        ("people/Ann Smith.md", "Ann Smith", "Ann Smith"),
        ("people/Ann Smith.md", "Dr. Ann Smith", "Dr. Ann Smith"),
        ("people/Ann Smith.md", "Notes", "Ann Smith"),
        ("people/Ann Smith.md", "Hi Notes", "Ann Smith"),
        ("people/Ann Smith.md", "Contact info", "Ann Smith"),
        ("people/Ann Smith.md", "Über", "Ann Smith"),
        ("people/ann-smith.md", "Ann B. Smith", "Ann B. Smith"),
        ("people/ann-smith.md", "Meetings", "Ann Smith"),
        ("people/ann-smith.md", "", "Ann Smith"),
        ("people/ann-smith.md", "Hi Notes", "Ann Smith"),
        ("people/Ann Smith.md", "Notes on Ann Smith", "Ann Smith"),
        ("people/Ann Smith.md", "About Ann", "Ann Smith"),
        ("people/Log Smith.md", "Log Smith", "Log Smith"),
        ("people/2021-05-07 Ann Smith.md", "", "Ann Smith"),
        ("people/ann_smith.md", "", "Ann Smith"),
        ("people/josé-álvarez.md", "", "José Álvarez"),
        ("people/20210507-ann_smith.md", "", "Ann Smith"),
        ("people/20220610T062201--ann-smith__person_work.md", "", "Ann Smith"),
        ("people/20210507123000.md", "Ann Smith", "Ann Smith"),
        ("10-19 People/10.12 Ann Smith.md", "", "Ann Smith"),
        ("people/Ann Smith 5c6d7e8f90a14b2c3d4e5f60718293a4.md", "", "Ann Smith"),
        ("people/Ann Smith 5c6d7e8f90a14b2c3d4e5f60718293a4.md", "Ann B. Smith", "Ann B. Smith"),
        ("people/jdoe.md", "John Doe", "John Doe"),
        ("people/@Ann Smith.md", "", "Ann Smith"),
        ("people.ann-smith.md", "", "Ann Smith"),
        ("people.ann-smith.md", "Ann", "Ann"),
        ("people.bob.md", "", "Bob"),
        ("pages/people___Bob Stone.md", "", "Bob Stone"),
        ("pages/people%2FBob Stone.md", "", "Bob Stone"),
        ("people/👤 Ann Smith.md", "", "Ann Smith"),
        ("people/👩‍💻 Ann Smith.md", "👩‍💻 Ann Smith", "Ann Smith"),
        ("people/❤️Ann.md", "", "Ann"),
        ("people/Ann 😀.md", "", "Ann 😀"),
        ("people/🦊.md", "", "🦊"),
        ("people/Jean-Luc.md", "", "Jean-Luc"),
        ("people/O'Neill.md", "", "O'Neill"),
        ("people/@.md", "", "@"),
        ("people/王伟.md", "笔记", "王伟"),
    ],
)
def test_a_contact_is_called_by_its_file_or_a_heading_that_is_a_name(
    path: str, heading: str, name: str
) -> None:
    assert contact_name(path, heading) == name


def test_one_side_of_a_merge_is_no_name() -> None:
    text = b"<<<<<<< HEAD\nAnn B.\n=======\nAnn C.\n>>>>>>> theirs\n"
    assert parse_note("people/ann.md", text, Settings()).title == "ann"


@pytest.mark.parametrize("heading", ["{{title}}", "<% tp.file.title %>", "[Name]"])
def test_a_note_headed_by_the_field_of_a_template_is_no_contact(heading: str) -> None:
    note = parse_note("people/Somebody.md", f"# {heading}\n".encode(), Settings())
    assert (note.kind, note.why_kind) == ("note", "not a contact: its name is not filled in")
