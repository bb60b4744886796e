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
        ("Kontakte/Kontaktliste.md", {}, (), "note"),
        ("Kontakte/Adressbuch.md", {}, (), "note"),
        ("people/Address book.md", {}, (), "note"),
        ("people/New Contact 1.md", {}, (), "note"),
        ("people/Contact.md", {}, (), "note"),
        ("Kontakte/Neuer Kontakt.md", {}, (), "note"),
        ("people.ann-lee.meetings.md", {}, (), "note"),
        ("people.ann.lee.md", {}, (), "contact"),
        ("people/index.md", {}, (), "note"),
        ("people/templates/person.md", {}, ("person",), "note"),
        ("99 Templates/Person.md", {"type": "person"}, (), "note"),
        ("Page Templates/Person.md", {"type": "person"}, (), "note"),
        ("The Mall/People/Ada.md", {}, (), "contact"),
        ("people/2026-11-22 call.md", {}, (), "dated"),
        ("posts/Raise.md", {}, (), "post"),
        ("posts/2026-11-22-ask-for-a-raise.md", {}, (), "post"),
        ("2026-11-22 Ask for a raise.md", {}, ("post",), "post"),
        ("posts/2026-11-22.md", {}, (), "dated"),
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


@pytest.mark.parametrize(
    ("path", "values", "tags"),
    [
        ("Ada.md", {"class": "Person"}, ()),
        ("Ada.md", {"fileClass": "👤 Person"}, ()),
        ("Ada.md", {"note_type": "[[Person]]"}, ()),
        ("Ada.md", {"is": "[[Types/Human|human]]"}, ()),
        ("Ada.md", {"type": "note/person"}, ()),
        ("Ada.md", {"type": "Personne"}, ()),
        ("Ada.md", {"Kategorie": "x", "category": "Kontakte"}, ()),
        ("Ada.md", {"type": "Человек"}, ()),
        ("Ada.md", {"type": "人物"}, ()),
        ("Ada.md", {"type": "사람"}, ()),
        ("Ada.md", {"type": "henkilö"}, ()),
        ("Ada.md", {}, ("crm",)),
        ("Ada.md", {}, ("contacts",)),
        ("Ada.md", {}, ("type/person",)),
        ("Ada.md", {}, ("personnes/amis",)),
        ("10 - People/Ada.md", {}, ()),
        ("👥 Contacts/Ada.md", {}, ()),
        ("people_notes/Ada.md", {}, ()),
        ("Areas/03-Personen/Ada.md", {}, ()),
        ("FriendTracker/Ada.md", {}, ()),
        ("Amis/Ada.md", {}, ()),
        ("朋友/王.md", {}, ()),
        ("people/Ann Smith/Ann Smith.md", {}, ()),
        ("people/Ann/Ann.md", {}, ()),
        ("people/Ada.md", {"type": "friend"}, ()),
        ("Ada.md", {"KIND": "individual"}, ()),
        ("people/Ada.md", {}, ("company/acme",)),
        ("people/Freund.md", {}, ()),
        ("people/Mensch.md", {}, ()),
        ("people/New Person.md", {}, ()),
        ("people/Al List.md", {}, ()),
        ("people/Ann Notes.md", {}, ()),
        ("people/Ann Family.md", {}, ()),
        ("people/Ada.md", {"type": "personne misspelt"}, ()),
        ("notes/@Ann Smith.md", {}, ()),
        ("people.ann-smith.md", {}, ()),
        ("crm/Ada.md", {}, ()),
        ("people/20210507-ann_smith.md", {}, ()),
        ("Notes/Contacts/20210507-ann_smith.md", {}, ()),
        ("roam/20210507-ann_smith.md", {}, ("person",)),
        ("20220610T062201--ann-smith__person.md", {}, ("person",)),
    ],
)
def test_people_are_found_in_many_words_and_places(
    path: str, values: dict[str, object], tags: tuple[str, ...]
) -> None:
    assert kind(path, tags, **values) == "contact"


@pytest.mark.parametrize(
    ("path", "values", "tags", "reason"),
    [
        ("people/_template.md", {}, (), "a template"),
        ("people/Person template.md", {}, (), "a template"),
        ("people/New person.md", {}, ("meta/template/page",), "a template"),
        ("people/New person.md", {"type": "template"}, (), "type template"),
        ("people/Acme.md", {"KIND": "org"}, (), "type org"),
        ("people/Acme.md", {}, ("company",), "tag company"),
        ("people/Acme.md", {}, ("type/organisation",), "tag type/organisation"),
        ("people/Personenvorlage.md", {}, (), "a template"),
        ("people/Gift ideas.md", {}, (), "about something else"),
        ("people/Meeting notes 2026.md", {}, (), "about something else"),
        ("people/Notes.md", {}, (), "about something else"),
        ("people/Contacts.md", {}, (), "an index note"),
        ("people/Family.md", {}, (), "an index note"),
        ("people/All people.md", {}, (), "an index note"),
        ("people/Contact list.md", {}, (), "an index note"),
        ("crm/Companies.md", {}, (), "an index note"),
        ("crm/Accounts/Acme.md", {}, (), "in the folder Accounts"),
        ("people/Neue Notiz 2.md", {}, (), "it has no name yet"),
        ("people/Firstname Lastname.md", {}, (), "it has no name yet"),
        ("people/{{title}}.md", {}, (), "its name is not filled in"),
        ("people/[Name].md", {}, (), "its name is not filled in"),
        ("people/Ada.md", {"name": "<% tp.file.title %>"}, (), "its name is not filled in"),
        ("people/Untitled.md", {}, (), "it has no name yet"),
        ("people/ .md", {}, (), "it has no name yet"),
        ("people/Untitled 3.md", {"type": "person"}, (), "it has no name yet"),
        ("people/Unbenannt.md", {}, (), "it has no name yet"),
        ("people/Board.md", {"kanban-plugin": "basic"}, (), "a board or a drawing"),
        ("people/Map.excalidraw.md", {}, (), "a board or a drawing"),
        ("people/00 People MOC.md", {}, (), "an index note"),
        ("people/People Index.md", {}, (), "an index note"),
        ("people/Contacts dashboard.md", {}, ("people",), "an index note"),
        ("people/Overview.md", {}, (), "an index note"),
        ("Contacts/Friends/Friends.md", {}, (), "an index note"),
        ("people/Acme.md", {"type": "company"}, (), "type company"),
        ("people/Ann again.md", {"type": "interaction"}, (), "type interaction"),
        ("CRM/Interactions/Call with Ann.md", {}, (), "in the folder Interactions"),
        ("people/Acme.md", {"category": "[[Organizations]]"}, (), "type organizations"),
        ("crm/Companies/Acme.md", {}, (), "in the folder Companies"),
        ("crm/02 - Deals/Acme.md", {}, (), "in the folder 02 - Deals"),
        ("Kontakte/Firmen/Acme.md", {}, (), "in the folder Firmen"),
        ("people/Ann/1on1 notes.md", {}, (), "about something else in the folder Ann"),
        ("people/Ann/CV.md", {}, (), "about something else in the folder Ann"),
        ("people/Ann/Ann resume 2026.md", {}, (), "about something else in the folder Ann"),
    ],
)
def test_what_lies_among_people_and_is_none_says_why(
    path: str, values: dict[str, object], tags: tuple[str, ...], reason: str
) -> None:
    assert kind_of(path, fields(**values), tags, Settings()) == ("note", f"not a contact: {reason}")


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("Network/Ada.md", ()),
        ("Rolodex/Ada.md", ()),
        ("Relationships/Ada.md", ()),
        ("Ada.md", ("friend",)),
        ("Ada.md", ("people-management/x",)),
        ("Human Resources/Policy.md", ()),
        ("Personal/Ada.md", ()),
    ],
)
def test_what_says_nothing_makes_nobody_a_contact(path: str, tags: tuple[str, ...]) -> None:
    assert kind(path, tags) == "note"


@pytest.mark.parametrize(
    "path",
    [
        "people/20210507-call_with_ann.md",
        "people/ann/20210507-ann_smith.md",
        "roam/20210507-ann_smith.md",
        "people/20210507.md",
    ],
)
def test_a_date_before_other_words_is_no_id(path: str) -> None:
    assert kind(path) == "dated"


def test_folders_of_the_settings_may_be_paths() -> None:
    settings = Settings(contact_folders=("Areas/My People",))
    assert kind_of("areas/my people/Ada.md", [], (), settings) == ("contact", "folder Areas/My People")
    assert kind_of("my team/Ada.md", [], (), settings)[0] == "note"
    assert kind_of("people/Ada.md", [], (), settings) == (
        "contact",
        "folder people",
    )  # they add to the usual ones


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("My Team/Companies/Acme.md", ("note", "not a contact: in the folder Companies")),
        ("My Team/Ann/1on1 notes.md", ("note", "not a contact: about something else in the folder Ann")),
        ("x/My Team/Ann/Ann.md", ("contact", "folder My Team")),
        ("CRM/Companies/Staff/Ann.md", ("contact", "folder CRM/Companies/Staff")),
        ("CRM/Companies/Staff/Deals/Ann.md", ("note", "not a contact: in the folder Deals")),
        ("CRM/Companies/Acme.md", ("note", "not a contact: in the folder Companies")),
    ],
)
def test_below_a_folder_of_the_settings_the_same_is_no_contact(path: str, expected: tuple[str, str]) -> None:
    settings = Settings(contact_folders=("My Team", "CRM/Companies/Staff"))
    assert kind_of(path, [], (), settings) == expected


def test_a_name_that_starts_with_an_impossible_date_has_no_day() -> None:
    assert day_of_name("2026-02-30.md") is None
    assert str(day_of_name("journal/2026-02-28 Sunday.md")) == "2026-02-28"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2026-11-22", "2026-11-22"),
        ("20261122", "2026-11-22"),
        ("20261122-lunch", "2026-11-22"),
        ("2026_11_22", "2026-11-22"),
        ("2026.11.22", "2026-11-22"),
        ("2026-11-22T1530", "2026-11-22"),
        ("(2026-11-22) lunch", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("3.4.2026", "2026-04-03"),
        ("22-11-2026", "2026-11-22"),
        ("22_11_2026", "2026-11-22"),
        ("11-22-2026", "2026-11-22"),
        ("11-11-2026", "2026-11-11"),
        ("2026-Nov-22", "2026-11-22"),
        ("2026 November 22", "2026-11-22"),
        ("November 22nd, 2026", "2026-11-22"),
        ("november 1st, 2026", "2026-11-01"),
        ("Nov 22 2026 call", "2026-11-22"),
        ("22 Nov 2026", "2026-11-22"),
        ("22-NOV-2026", "2026-11-22"),
        ("3rd of Sept 2026", "2026-09-03"),
        ("22Nov2026", "2026-11-22"),
        ("22 de noviembre de 2026", "2026-11-22"),
        ("dimanche 1er novembre 2026", "2026-11-01"),
        ("2026年11月22日", "2026-11-22"),
        ("Fri 2026-11-20", "2026-11-20"),
        ("Friday, November 20th, 2026", "2026-11-20"),
        ("Fri 2026-11-20 lunch with Ada", "2026-11-20"),
        ("2026/11/22", "2026-11-22"),
        ("journal/2026/11/2", "2026-11-02"),
        ("2026/11/22 Sunday", "2026-11-22"),
        ("daily.journal.2026.11.22", "2026-11-22"),
        ("Call with Ada 2026-11-22", "2026-11-22"),
        ("Call with Ada, 22 Nov 2026", "2026-11-22"),
        ("Call_20261122", "2026-11-22"),
        ("Board meeting (2026-11-22)", "2026-11-22"),
        ("1-1 with Ada 22.11.2026", "2026-11-22"),
        ("Paris November 22nd, 2026", "2026-11-22"),
        ("2026-11-20 to 2026-11-22", "2026-11-20"),
        ("202611221530 idea", None),
        ("202611221530", None),
        ("idea 202611221530", None),
        ("Invoice 120261122", None),
        ("order12345678", None),
        ("v20261122", None),
        ("2026-02-30", None),
        ("31.02.2026", None),
        ("11.22.2026", None),
        ("31 Feb 2026", None),
        ("2026-13-45", None),
        ("03-04-2026", None),
        ("Lunch 03-04-2026", None),
        ("2026-11", None),
        ("November 2026", None),
        ("2026/11/31", None),
        ("2026/11/22 things to do", None),
        ("2026-W47", None),
        ("Mayor 22, 2026", None),
        ("Plan 2026-11-22 and after", None),
        ("1-2026-11-22", None),
        ("Version 1.22.11.2026", None),
        ("Ada", None),
        ("", None),
        ("٢٠٢٦-١١-٢٢", None),
        ("2026-aprİl-22", None),
    ],
)
def test_a_day_is_read_at_the_start_or_the_end_of_a_name(name: str, day: str | None) -> None:
    found = day_of_name(f"{name}.md")
    assert (found and found.isoformat()) == day
    if "/" not in name:
        assert day_of_name(f"log/{name}.md") == found


@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        ("journal/Tea.md", {"date": "2026-11-22"}, "dated"),
        ("02 Daily Notes/2026/Tea.md", {"date": "22 Nov 2026"}, "dated"),
        ("Tagebuch/Tee.md", {"date": "2026-11-22", "type": "journal"}, "dated"),
        ("日記/茶.md", {"date": "2026-11-22"}, "dated"),
        ("journal/Tea.md", {}, "note"),
        ("journal/Tea.md", {"date": "some day"}, "note"),
        ("journal/Tea.md", {"date": "2026-02-30"}, "note"),
        ("journal/Ada.md", {"date": "2026-11-22", "type": "person"}, "contact"),
        ("journal/Bread.md", {"date": "2026-11-22", "type": "post"}, "post"),
        ("journal/templates/Day.md", {"date": "2026-11-22"}, "note"),
        ("notes/Tea.md", {"date": "2026-11-22"}, "note"),
        ("journalists/Tea.md", {"date": "2026-11-22"}, "note"),
    ],
)
def test_a_note_with_a_date_in_a_folder_of_daily_notes_is_dated(
    path: str, values: dict[str, object], expected: str
) -> None:
    assert kind(path, (), **values) == expected


def test_a_folder_of_templates_may_be_called_anything_in_obsidian() -> None:
    settings = Settings(template_folders=("meta/Schablonen",))
    assert kind_of("Meta/schablonen/Person.md", (), ("person",), settings) == (
        "note",
        "in a templates folder",
    )
    assert kind_of("meta/Schablonen 2/Ada.md", (), ("person",), settings)[0] == "contact"
