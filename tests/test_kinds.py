"""What kind of note a note is."""

import pytest

from mdmentor.core.kinds import day_of_name, kind_of
from mdmentor.core.model import Field, Settings
from mdmentor.core.names import fold_key


def fields(**values: object) -> list[Field]:
    told = []
    for key, value in values.items():
        items = tuple(value) if isinstance(value, list) else (str(value),)
        told.append(Field(key, fold_key(key), items, isinstance(value, list), 2, 1))
    return told


def kind(path: str, tags: tuple[str, ...] = (), **values: object) -> str:
    return kind_of(path, fields(**values), tags, Settings())[0]


@pytest.mark.parametrize(
    ("path", "values", "tags", "expected"),
    [
        ("people/Ada.md", {}, (), "contact"),
        ("Work/PEOPLE/team/Ada.md", {}, (), "contact"),
        ("CRM/Ada.md", {}, (), "contact"),
        ("Ada.md", {"type": "person"}, (), "contact"),
        ("Ada.md", {"Kind": "Contact"}, (), "contact"),
        ("Ada.md", {"type": "friend, person"}, (), "contact"),
        ("Ada.md", {"categories": ["[[People]]"], "type": ["[[Authors]]"]}, (), "contact"),
        ("Ada.md", {"category": "[[Categories/People|people]]"}, (), "contact"),
        ("Ada.md", {}, ("person/friend",), "contact"),
        ("Ada.md", {}, ("people",), "contact"),
        ("people/Acme.md", {"type": "company"}, (), "note"),
        ("Acme.md", {"type": "company"}, ("person",), "note"),
        ("people/Ada.md", {"type": []}, (), "contact"),
        ("People/People.md", {}, (), "note"),
        ("People/_People.md", {}, (), "note"),
        ("01 - Community/People/🗂️ People.md", {}, (), "note"),
        ("people/README.md", {}, (), "note"),
        ("people/index.md", {}, (), "note"),
        ("people/templates/person.md", {}, ("person",), "note"),
        ("99 Templates/Person.md", {"type": "person"}, (), "note"),
        ("people/2026-11-22 call.md", {}, (), "dated"),
        ("posts/Raise.md", {}, (), "post"),
        ("posts/Raise.md", {}, ("people",), "post"),
        ("Raise.md", {"type": "article"}, (), "post"),
        ("Raise.md", {}, ("post",), "post"),
        ("goals/Raise.md", {}, (), "goal"),
        ("Raise.md", {"type": "goal"}, (), "goal"),
        ("daily/2026-11-22.md", {}, (), "dated"),
        ("20261122 call.md", {}, (), "dated"),
        ("202611221530 slip.md", {}, (), "note"),
        ("2026-13-45.md", {}, (), "note"),
        ("Review.md", {"type": "meeting", "date": "2026-11-22"}, (), "dated"),
        ("Review.md", {"type": "meeting"}, (), "note"),
        ("reach-out/Dates.md", {"generated-by": "mdmentor"}, (), "page"),
        ("Mochizuki.md", {}, (), "note"),
        ("peoples/Ada.md", {}, (), "note"),
    ],
)
def test_the_kind_follows_type_then_name_then_folder_then_tag(
    path: str, values: dict[str, object], tags: tuple[str, ...], expected: str
) -> None:
    assert kind(path, tags, **values) == expected


def test_folders_of_the_settings_may_be_paths() -> None:
    settings = Settings(contact_folders=("Areas/My People",))
    assert kind_of("areas/my people/Ada.md", [], (), settings) == ("contact", "folder Areas/My People")
    assert kind_of("my people/Ada.md", [], (), settings)[0] == "note"


def test_a_name_that_starts_with_an_impossible_date_has_no_day() -> None:
    assert day_of_name("2026-02-30.md") is None
    assert str(day_of_name("journal/2026-02-28 Sunday.md")) == "2026-02-28"


def test_a_folder_of_templates_may_be_called_anything_in_obsidian() -> None:
    settings = Settings(template_folders=("meta/Schablonen",))
    assert kind_of("Meta/schablonen/Person.md", (), ("person",), settings) == (
        "note",
        "in a templates folder",
    )
    assert kind_of("meta/Schablonen 2/Ada.md", (), ("person",), settings)[0] == "contact"
