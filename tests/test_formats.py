"""The formats that people come in by: what other programs write, and what is wrong in it, as plain values."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.model import Birthday
from mdmentor.formats.google_csv import read_google_csv
from mdmentor.formats.linkedin import read_linkedin
from mdmentor.formats.monica import is_monica, read_monica
from mdmentor.formats.person import FormatPerson, Talk, Unreadable
from mdmentor.formats.vcard_reader import Card, split_cards

TODAY = date(2026, 11, 30)


def lines(text: str | bytes) -> list[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return data.splitlines(keepends=True)


def read_cards(lines: Iterable[bytes]) -> list[FormatPerson | Unreadable]:
    return [one.read() if isinstance(one, Card) else one for one in split_cards(lines)]


def vcards(text: str | bytes) -> list[FormatPerson | Unreadable]:
    return read_cards(lines(text))


def card(*properties: str, version: str = "3.0") -> FormatPerson:
    found = vcards("\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *properties, "END:VCARD", "")))
    assert len(found) == 1 and isinstance(found[0], FormatPerson), found
    return found[0]


IPHONE = """\
BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iPhone OS 17.1//EN
N:Hopper;Grace;Brewster;Dr.;
FN:Dr. Grace Brewster Hopper
NICKNAME:Amazing Grace
ORG:US Navy;Computing;
TITLE:Rear Admiral
item1.EMAIL;type=INTERNET;type=pref:grace@navy.example
EMAIL;type=INTERNET;type=HOME:grace@home.example
TEL;type=CELL;type=VOICE;type=pref:+1 (202) 555-0143
item2.URL;type=pref:https\\://grace.example
item2.X-ABLabel:_$!<HomePage>!$_
item3.X-ABRELATEDNAMES;type=pref:Roger Murray
item3.X-ABLabel:_$!<Brother>!$_
X-SOCIALPROFILE;type=linkedin;x-user=grace:http://www.linkedin.com/in/grace
item4.ADR;type=WORK;type=pref:;;1 Navy Yard;Arlington;VA;22202;USA
BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-09
NOTE:First line\\nsecond\\, with a comma
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
 AAAAAAAAAAAAAAAA
END:VCARD
"""


def test_a_card_of_an_iphone() -> None:
    assert vcards(IPHONE) == [
        FormatPerson(
            name="Dr. Grace Brewster Hopper",
            aliases=("Amazing Grace",),
            email=("grace@navy.example", "grace@home.example"),
            phone=("+1 (202) 555-0143",),
            url=("https://grace.example",),
            linkedin="http://www.linkedin.com/in/grace",
            company=("US Navy",),
            role="Rear Admiral",
            location="Arlington, USA",
            birthday=Birthday(12, 9),
            relations=(("brother", "Roger Murray"),),
            notes="First line\nsecond, with a comma",
            more=(
                ("department", ("Computing",)),
                ("postal_address", ("1 Navy Yard, 22202 Arlington, VA, USA",)),
            ),
            line=1,
            left_out=("photo",),
        )
    ]


OLD_PHONE = """\
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen;;;
TEL;CELL;PREF:0170 1234567
EMAIL;PREF;INTERNET:j@mueller.example
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:one=0D=0Atwo =
three
PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ
 AAAAAAAAAAA

END:VCARD
BEGIN:VCARD
VERSION:2.1
FN:No N here
TEL;HOME:1234567
END:VCARD
"""


def test_cards_of_an_old_android() -> None:
    first, second = vcards(OLD_PHONE)
    assert isinstance(first, FormatPerson) and isinstance(second, FormatPerson)
    assert first.name == "Jürgen Müller" and first.phone == ("0170 1234567",)
    assert first.notes == "one\ntwo three" and first.left_out == ("photo",)
    assert second.name == "No N here" and second.line == 12


EVOLUTION = """\
BEGIN:VCARD
VERSION:3.0
X-COUCHDB-APPLICATION-ANNOTATIONS:{"Evolution":{"revision":"2012-03-05T13:3
 2:54Z"}}
URL;X-COUCHDB-UUID="0abc9b8d-0845":http://www.tarn.exampl
 e
TEL;X-COUCHDB-UUID="c2fa1caa";TYPE=CELL:905-666
 -1234
TEL;TYPE=WORK,FAX:905-999-1234
UID:477343c8e6bf375a9bac1f96a5000837
N:Doe;John;Richter\\, James;Mr.;Sr.
X-EVOLUTION-FILE-AS:Doe\\, John
FN:Mr. John Richter\\, James Doe Sr.
X-EVOLUTION-SPOUSE:Maria
ORG:Tarn;Accounting;Dungeon
ADR;TYPE=HOME:ASB-123;;15 Crescent moon drive;Albaney;New York;12345;United
  States of America
BDAY:1980-03-22
REV:2012-03-05T13:32:54Z
END:VCARD"""
OUTLOOK = """\
BEGIN:VCARD
VERSION:2.1
N;LANGUAGE=en-us:Doe;John;;Mr.;III
FN:John Doe III
ORG:Tarn;Sales
TEL;WORK;VOICE:(905) 555-1234
TEL;WORK;FAX:(905) 555-9999
ADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;Line 1=0D=0ALine 2;Albany;NY;12345;USA
LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Line 1=0D=0A=
Albany
X-MS-OL-DEFAULT-POSTAL-ADDRESS:2
BDAY:19800322
EMAIL;PREF;INTERNET:john@tarn.example
X-MS-OL-DESIGN;CHARSET=utf-8:<card xmlns="x" ver="1.0"><fld name="name"/></card>
REV:20120306T205622Z
END:VCARD
"""


def test_cards_of_evolution_and_outlook() -> None:
    (evolution,) = vcards(EVOLUTION)
    assert isinstance(evolution, FormatPerson)
    assert (evolution.name, evolution.uid) == (
        "Mr. John Richter, James Doe Sr.",
        "477343c8e6bf375a9bac1f96a5000837",
    )
    assert (evolution.phone, evolution.url) == (("905-666-1234",), ("http://www.tarn.example",))
    assert evolution.relations == (("spouse", "Maria"),) and evolution.left_out == ("fax",)
    assert evolution.location == "Albaney, United States of America"
    (outlook,) = vcards(OUTLOOK)
    assert isinstance(outlook, FormatPerson)
    assert (outlook.name, outlook.email, outlook.company) == (
        "John Doe III",
        ("john@tarn.example",),
        ("Tarn",),
    )
    assert outlook.more[1] == ("postal_address", ("Line 1 Line 2, 12345 Albany, NY, USA",))
    assert outlook.birthday == Birthday(3, 22, 1980) and outlook.phone == ("(905) 555-1234",)


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp1252"])
def test_western_letters_in_any_encoding(encoding: str) -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:José Müller\nORG:Café Zoë\nEND:VCARD\n"
    (found,) = vcards(text.encode(encoding))
    assert isinstance(found, FormatPerson) and (found.name, found.company) == ("José Müller", ("Café Zoë",))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_cyrillic_letters_in_any_encoding(encoding: str) -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Мария Петрова\nEND:VCARD\n"
    (found,) = vcards(text.encode(encoding))
    assert isinstance(found, FormatPerson) and found.name == "Мария Петрова"


def test_a_letter_folded_in_its_middle() -> None:
    name = "ü".encode()
    data = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:M" + name[:1] + b"\r\n " + name[1:] + b"ller\r\nEND:VCARD\r\n"
    (found,) = vcards(data)
    assert isinstance(found, FormatPerson) and found.name == "Müller"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("BDAY:19720517", Birthday(5, 17, 1972)),
        ("BDAY:1972-05-17", Birthday(5, 17, 1972)),
        ("BDAY;VALUE=date:1972-05-17", Birthday(5, 17, 1972)),
        ("BDAY:1972-05-17T00:00:00Z", Birthday(5, 17, 1972)),
        ("BDAY:19720517T101010", Birthday(5, 17, 1972)),
        ("BDAY:--0517", Birthday(5, 17)),
        ("BDAY:--05-17", Birthday(5, 17)),
        ("BDAY:--0229", Birthday(2, 29)),
        ("BDAY:1604-02-29", Birthday(2, 29)),
        ("BDAY;X-APPLE-OMIT-YEAR=1900:1900-05-17", Birthday(5, 17)),
    ],
)
def test_birthdays(written: str, meant: Birthday) -> None:
    assert card("FN:Ada", written).birthday == meant


@pytest.mark.parametrize(
    "written", ["BDAY:1972", "BDAY;VALUE=text:circa 1800", "BDAY:1972-13-40", "BDAY:---17"]
)
def test_what_is_no_birthday_is_counted_as_left_out(written: str) -> None:
    found = card("FN:Ada", written)
    assert found.birthday is None and found.left_out == (f'birthday "{written.rpartition(":")[2]}"',)


THUNDERBIRD = """\
BEGIN:VCARD
VERSION:4.0
EMAIL;PREF=1:ada@example.org
EMAIL:ada@home.example
FN:Ada Lovelace
NICKNAME:Countess
N:Lovelace;Ada;;;
ADR;TYPE=work:;;12 Main St;Leeds;;LS1 4AP;UK
TEL;TYPE=work;VALUE=TEXT:+44 20 7946 0000
TEL;TYPE=fax;VALUE=TEXT:+44 20 7946 0009
BDAY;VALUE=DATE:18151210
ORG:Tarn;Optics
TITLE:Analyst
URL;TYPE=work;VALUE=URL:https://ada.example
X-CUSTOM1;VALUE=TEXT:one
UID:6e1c3ae8-0000-4000-8000-000000000001
END:VCARD
"""
KHARD = """\
BEGIN:VCARD
VERSION:3.0
UID:abcdef
FN:Ada Lovelace
N:Lovelace;Ada;;;
EMAIL;TYPE=work,pref:ada@example.org
TEL;TYPE=cell:+44 20 7946 0000
ORG:Tarn;Optics
X-ABLABEL-X:none
REV:20261130T101010Z
END:VCARD
"""


def test_cards_of_thunderbird_and_khard() -> None:
    thunderbird, khard = vcards(THUNDERBIRD + KHARD)
    assert thunderbird == FormatPerson(
        name="Ada Lovelace",
        uid="6e1c3ae8-0000-4000-8000-000000000001",
        aliases=("Countess",),
        email=("ada@example.org", "ada@home.example"),
        phone=("+44 20 7946 0000",),
        url=("https://ada.example",),
        company=("Tarn",),
        role="Analyst",
        location="Leeds, UK",
        birthday=Birthday(12, 10, 1815),
        more=(("department", ("Optics",)), ("postal_address", ("12 Main St, LS1 4AP Leeds, UK",))),
        line=1,
        left_out=("fax",),
    )
    assert isinstance(khard, FormatPerson)
    assert (khard.uid, khard.email, khard.company) == ("abcdef", ("ada@example.org",), ("Tarn",))
    assert (khard.phone, khard.left_out) == (("+44 20 7946 0000",), ())


@pytest.mark.parametrize(
    "text",
    [
        "Anrede;Vorname;Weitere Vornamen;Nachname;Firma;Position;E-Mail-Adresse;Mobiltelefon;Geburtstag;Notizen\n"
        ";Ada;;Lovelace;Tarn;Analyst;ada@example.org;+44 7654321;10.12.1815;hello\n",
        "Prénom,Nom,Société,Fonction,Adresse de messagerie,Tél. mobile,Anniversaire,Notes\n"
        "Ada,Lovelace,Tarn,Analyst,ada@example.org,+44 7654321,1815-12-10,hello\n",
        "Titre,Prénom,Nom,Société,Titre,Adresse de messagerie,Tél. mobile,Anniversaire,Notes,Profession\n"
        "Mme,Ada,Lovelace,Tarn,Analyst,ada@example.org,+44 7654321,10/12/1815,hello,\n",
        "Nombre,Apellidos,Organización,Cargo,Dirección de correo electrónico,Teléfono móvil,Cumpleaños,Notas\n"
        "Ada,Lovelace,Tarn,Analyst,ada@example.org,+44 7654321,1815-12-10,hello\n",
    ],
)
def test_the_table_of_an_outlook_in_another_language(text: str) -> None:
    (ada,) = read_google_csv(text.encode("cp1252").splitlines(keepends=True))
    assert isinstance(ada, FormatPerson)
    assert (ada.name, ada.company, ada.role) == ("Ada Lovelace", ("Tarn",), "Analyst")
    assert (ada.email, ada.phone, ada.notes) == (("ada@example.org",), ("+44 7654321",), "hello")
    assert ada.birthday == Birthday(12, 10, 1815)


@pytest.mark.parametrize(
    "text",
    [
        "Vorname,Nachname,E-Mail-Adresse,Suffix,Straße privat,Ort privat,Postleitzahl privat,Land/Region privat,Geburtstag\n"
        "Ada,Lovelace,ada@example.org,Jr.,12 Main St,Leeds,LS1 4AP,UK,0.0.00\n",
        "Prénom,Nom,Adresse de messagerie,Suffixe,Rue (bureau),Ville (bureau),Code postal (bureau),Pays/Région (bureau),Anniversaire\n"
        "Ada,Lovelace,ada@example.org,Jr.,12 Main St,Leeds,LS1 4AP,UK,00/00/00\n",
        "First Name,Last Name,E-mail Address,Suffix,Home Street,Home City,Home Postal Code,Home Country/Region,Birthday\n"
        "Ada,Lovelace,ada@example.org,Jr.,12 Main St,Leeds,LS1 4AP,UK,0/0/00\n",
    ],
)
def test_the_address_in_outlooks_table(text: str) -> None:
    (ada,) = read_google_csv(text.encode("cp1252").splitlines(keepends=True))
    assert isinstance(ada, FormatPerson)
    assert (ada.name, ada.location, ada.left_out) == ("Ada Lovelace Jr.", "Leeds, UK", ())
    assert dict(ada.more)["postal_address"] == ("12 Main St, LS1 4AP Leeds, UK",)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("5/4/1985", "5/17/1972"), (Birthday(5, 4, 1985), Birthday(5, 17, 1972))),
        (("5/4/1985", "17/5/1972"), (Birthday(4, 5, 1985), Birthday(5, 17, 1972))),
        (("5/4/1985", "1972-05-17"), (None, Birthday(5, 17, 1972))),
    ],
)
def test_one_day_in_the_table_shows_the_order_of_all(
    days: tuple[str, ...], expected: tuple[object, ...]
) -> None:
    rows = "".join(f"Ada,Lovelace,ada@example.org,{day}\n" for day in days)
    people = list(read_google_csv(lines(f"First Name,Last Name,E-mail Address,Birthday\n{rows}")))
    assert tuple(one.birthday for one in people if isinstance(one, FormatPerson)) == expected


def test_what_a_table_says_besides_is_read_or_counted() -> None:
    text = (
        "First Name,Last Name,E-mail Address,Other Phone,Home Fax,Spouse,Anniversary,Photo,Phone 1 - Label,Phone 1 - Value\n"
        "Ada,Lovelace,ada@example.org,+44 1,+44 2,William King,0/0/00,https://x/y,Work Fax,+44 3\n"
    )
    (ada,) = read_google_csv(lines(text))
    assert isinstance(ada, FormatPerson)
    assert (ada.phone, ada.relations) == (("+44 1",), (("spouse", "William King"),))
    assert sorted(ada.left_out) == ["fax", "fax", "photo"]


def test_the_day_of_a_connection_in_an_old_archive_of_linkedin() -> None:
    text = 'First Name,Last Name,Email Address,Company,Position,Connected On\nAda,Lovelace,,,,"5/7/18, 2:05 PM"\n'
    (ada,) = read_linkedin(text.encode().splitlines(keepends=True))
    assert isinstance(ada, FormatPerson)
    assert (ada.met_on, ada.left_out) == (date(2018, 5, 7), ())


def test_connections_of_a_linkedin_in_german() -> None:
    text = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Vernetzt am\nAda,Lovelace,,,Tarn,Analyst,14 Okt 2026\n"
    (ada,) = read_linkedin(text.encode().splitlines(keepends=True))
    assert isinstance(ada, FormatPerson)
    assert (ada.name, ada.company, ada.met_on) == ("Ada Lovelace", ("Tarn",), date(2026, 10, 14))


def test_the_table_of_thunderbird() -> None:
    text = (
        "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Mobile Number,"
        "Work City,Work Country,Job Title,Department,Organization,Web Page 1,Birth Year,Birth Month,Birth Day,Notes\n"
        "Ada,Lovelace,Ada Lovelace,Countess,ada@example.org,a@home.example,+44 1234567,+44 7654321,"
        "Leeds,UK,Analyst,Optics,Tarn,https://ada.example,1815,12,10,hello\n"
    )
    (ada,) = read_google_csv(text.encode().splitlines(keepends=True))
    assert ada == FormatPerson(
        name="Ada Lovelace",
        aliases=("Countess",),
        email=("ada@example.org", "a@home.example"),
        phone=("+44 7654321", "+44 1234567"),
        url=("https://ada.example",),
        company=("Tarn",),
        role="Analyst",
        location="Leeds, UK",
        birthday=Birthday(12, 10, 1815),
        notes="hello",
        more=(("department", ("Optics",)),),
        line=2,
    )


def test_a_second_name_is_an_alias_and_a_second_birthday_stands_in_for_an_odd_one() -> None:
    found = card(
        "FN;ALTID=1;LANGUAGE=en:Taro Yamada", "FN;ALTID=1;LANGUAGE=ja:山田 太郎", "BDAY;VALUE=text:circa 1800", "BDAY:--0412"
    )  # fmt: skip
    assert (found.name, found.aliases) == ("Taro Yamada", ("山田 太郎",))
    assert (found.birthday, found.left_out) == (Birthday(4, 12), ('birthday "circa 1800"',))


def test_whom_a_card_calls_dead_is_never_suggested() -> None:
    assert card("FN:Ada", "DEATHDATE:18521127").more == (("contact", ("never",)),)


def test_a_new_card() -> None:
    found = card(
        "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1",
        "FN:Ada Lovelace",
        "TEL;VALUE=uri;TYPE=home:tel:+33-01-23-45-67;ext=5",
        "EMAIL;PREF=2:second@example.org",
        "EMAIL;PREF=1:first@example.org",
        'RELATED;TYPE=friend;VALUE=text:"Charles Babbage"',
        "CATEGORIES:math,engines\\, analytical",
        "GEO:geo:1,2",
        "HOBBY:poetry",
        "X-MDMENTOR-CADENCE:6 weeks",
        "X-MDMENTOR-HELPS-WITH:databases,raise talks",
        version="4.0",
    )
    assert found.uid == "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert found.phone == ("+33-01-23-45-67 ext. 5",)
    assert found.email == ("first@example.org", "second@example.org")
    assert found.relations == (("friend", '"Charles Babbage"'),)
    assert found.tags == ("math", "engines, analytical")
    assert found.more == (("cadence", ("6 weeks",)), ("helps_with", ("databases", "raise talks")))
    assert found.left_out == ("geo", "hobby")


def test_what_a_phone_adds_of_its_own_is_read_or_counted() -> None:
    found = card(
        "FN:Ivan",
        "CATEGORIES:myContacts,friends",
        "X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;V=C3=A1nya;1;;;",
        "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-01-02;1;;;",
        "item1.X-ABDATE;type=pref:2010-06-01",
        "item1.X-ABLabel:_$!<Anniversary>!$_",
        "X-SKYPE:ivan",
        "X-PHONETIC-FIRST-NAME:Eevan",
        "X-MS-CARDPICTURE;TYPE=JPEG;ENCODING=BASE64:",
        " /9j/4AAQ",
    )
    assert (found.aliases, found.tags) == (("Ványa",), ("friends",))
    assert sorted(found.left_out) == ["contact_event", "photo", "x-abdate", "x-skype"]


def test_a_group_and_a_company_are_no_people() -> None:
    text = (
        "BEGIN:VCARD\nFN:Team\nKIND:group\nEND:VCARD\nBEGIN:VCARD\nFN:Tarn\nX-ABShowAs:COMPANY\nEND:VCARD\n"
    )
    assert vcards(text) == [
        Unreadable(1, "it is a group, no person"),
        Unreadable(5, "it is a company, no person"),
    ]


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        (["FN:", "N:Lovelace;Ada;;;"], "Ada Lovelace"),
        (["FN:Lovelace\\, Ada", "N:Lovelace;Ada;;;"], "Ada Lovelace"),
        (["FN:", "N:;;;;", "NICKNAME:Countess"], "Countess"),
        (["N:;;;;", "ORG:Tarn"], "Tarn"),
        (["EMAIL:ada@example.org"], "ada@example.org"),
        (["TEL:+44 20 7946 0000"], "+44 20 7946 0000"),
    ],
)
def test_a_card_without_a_written_name(properties: list[str], name: str) -> None:
    assert card(*properties).name == name


def test_each_unreadable_card_is_one_line_and_the_rest_is_read() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:Cut short\n"
        "BEGIN:VCARD\nFN:Ada\nEND:VCARD\nnoise\n"
        "BEGIN:VCARD\nFN:Grace\nAGENT:\nBEGIN:VCARD\nFN:Her agent\nEND:VCARD\nTEL:1\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:At the end"
    )
    first, second, ada, grace, last = vcards(text)
    assert first == Unreadable(1, "the card names nobody")
    assert second == Unreadable(5, "the card has no END:VCARD")
    assert isinstance(ada, FormatPerson) and (ada.name, ada.line) == ("Ada", 7)
    assert isinstance(grace, FormatPerson) and (grace.name, grace.phone) == ("Grace", ("1",))
    assert last == Unreadable(19, "the card has no END:VCARD")


def test_a_value_with_bare_line_ends_goes_on() -> None:
    assert card("FN:Ada", "NOTE:one", "two, and more", "TEL:1").notes == "one\ntwo, and more"


def test_a_very_large_photo_and_a_very_long_value_take_no_memory() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"BEGIN:VCARD\r\nVERSION:3.0\r\n".replace(b"\r\nV", b"\r\n")[:13]
        yield b"FN:Ada\r\n"
        yield b"PHOTO;ENCODING=b:"
        for _ in range(400):
            yield b"A" * 65536
        yield b"\r\n"
        yield b"X-LONG:"
        for _ in range(400):
            yield b"B" * 65536
        yield b"\r\n"
        for _ in range(50_000):
            yield b"NOTE;ENCODING=BASE64:" + b"C" * 500 + b"\r\n"
        yield b"END:VCARD\r\n"

    tracemalloc.start()
    (found,) = read_cards(pieces())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, FormatPerson) and found.name == "Ada"
    assert {"photo", "a very long x-long", "a very long note"} == set(found.left_out)
    assert peak < 12 << 20


@settings(max_examples=150)
@given(st.lists(st.sampled_from(
    ["BEGIN:VCARD", "END:VCARD", "FN:Ada", "N:A;B", "NOTE;ENCODING=QUOTED-PRINTABLE:=", " folded", "PHOTO:x", "noise",
     'TEL;TYPE="a:', "AGENT:", "EMAIL", ";:", ":", "item1.", "BDAY:--", "ADR:;;;", "\\", "é", "X:\x00"]
)))  # fmt: skip
def test_any_lines_are_read_without_an_error_and_each_card_comes_back_once(rows: list[str]) -> None:
    found = vcards("\n".join(rows))
    assert len(found) <= rows.count("BEGIN:VCARD")


def test_what_another_reader_reads_is_read_alike() -> None:
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nEMAIL:a@example.org\r\nORG:Tarn\\; Sons;X\r\nNOTE:a\\nb\r\n c\r\nEND:VCARD\r\n"
    theirs = vobject.readOne(text)
    (ours,) = vcards(text)
    assert isinstance(ours, FormatPerson)
    assert (ours.name, ours.notes) == (theirs.fn.value, theirs.note.value)
    assert ours.company == (theirs.org.value[0],)


GOOGLE_OLD = """\
Name,Given Name,Additional Name,Family Name,Yomi Name,Nickname,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - Country,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value
Ada Lovelace,Ada,,Lovelace,,Countess, --12-10,"two
lines",* myContacts ::: Mathematicians,Home,ada@home.example,* Work,ada@work.example ::: ada@old.example,Mobile,+44 20 7946 0000 ::: 020 7946 0001,Home,"12 Row
London",12 Row,London,UK,,Analytical Engines,Countess,Mentor,Mary Somerville,Profile,https://www.linkedin.com/in/ada
,,,,,,,,* myContacts,,,,,,,,,,,,,,,,,,
"""
GOOGLE_NEW = """\
First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value
Ada,King,Lovelace,,Lady,,,,Analytical Engines,Countess,Verse,1815-12-10,,https://lh3.example/photo,* myContacts ::: Friends,* ,ada@example.org,Mobile,+44 20 7946 0000
"""


def test_both_generations_of_googles_table() -> None:
    old, nobody = read_google_csv(lines(GOOGLE_OLD))
    assert old == FormatPerson(
        name="Ada Lovelace",
        aliases=("Countess",),
        email=("ada@work.example", "ada@old.example", "ada@home.example"),
        phone=("+44 20 7946 0000", "020 7946 0001"),
        linkedin="https://www.linkedin.com/in/ada",
        company=("Analytical Engines",),
        role="Countess",
        location="London, UK",
        birthday=Birthday(12, 10),
        tags=("Mathematicians",),
        relations=(("mentor", "Mary Somerville"),),
        notes="two\nlines",
        more=(("postal_address", ("12 Row, London, UK",)),),
        line=2,
    )
    assert nobody == Unreadable(5, "the row names nobody")
    (new,) = read_google_csv(lines(GOOGLE_NEW))
    assert isinstance(new, FormatPerson)
    assert (new.name, new.company, new.role) == (
        "Lady Ada King Lovelace",
        ("Analytical Engines",),
        "Countess",
    )
    assert (new.email, new.tags, new.birthday) == (
        ("ada@example.org",),
        ("Friends",),
        Birthday(12, 10, 1815),
    )


OUTLOOK_CSV = """\
"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business City","Business Country/Region","Business Phone","Mobile Phone","Birthday","Categories","E-mail Address","Notes","Profession","Web Page"
"Mr.","John","","Doe","III","Tarn","Sales","Seller","Albany","USA","(905) 555-1234","+1 905 555 0000","0/0/00","VIP;Friends","john@tarn.example","line
two","","http://tarn.example"
"""


def test_outlooks_table() -> None:
    assert list(read_google_csv(lines(OUTLOOK_CSV))) == [
        FormatPerson(
            name="John Doe III",
            email=("john@tarn.example",),
            phone=("+1 905 555 0000", "(905) 555-1234"),
            url=("http://tarn.example",),
            company=("Tarn",),
            role="Seller",
            location="Albany, USA",
            tags=("VIP", "Friends"),
            notes="line\ntwo",
            more=(("department", ("Sales",)),),
            line=2,
        )
    ]


LINKEDIN = """\
Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ada,Lovelace,https://www.linkedin.com/in/ada,,Tarn Ltd.,Engineer,14 Oct 2019
Grace,Hopper,https://www.linkedin.com/in/grace,grace@navy.example,Tarn,Admiral,14 Oct 2023
Mary,Somerville,https://www.linkedin.com/in/mary,,University of Turin,Professor of Science,1 Mar 2020
Alan,Turing,https://www.linkedin.com/in/alan,,University of Turin,PhD student,2 Mar 2020
,,,,,,3 Mar 2020
"""
POSITIONS = (
    "Company Name,Title,Description,Location,Started On,Finished On\nTarn GmbH,Dev,,,Jan 2018,Dec 2020\n"
)
EDUCATION = (
    "School Name,Start Date,End Date,Notes,Degree Name,Activities\nUniversity of Turin,2010,2014,,BSc,\n"
)


def test_an_archive_of_linkedin_with_guesses_marked_as_such() -> None:
    *people, nobody = read_linkedin(lines(LINKEDIN), lines(POSITIONS), lines(EDUCATION))
    found = [one for one in people if isinstance(one, FormatPerson)]
    assert found[0]._replace(source=(), source_guess="") == FormatPerson(
        name="Ada Lovelace",
        linkedin="https://www.linkedin.com/in/ada",
        company=("Tarn Ltd.",),
        role="Engineer",
        met_on=date(2019, 10, 14),
        line=5,
    )
    assert [one.source for one in found] == [("coworker",), (), ("teacher",), ("classmate",)]
    assert [bool(one.source_guess) for one in found] == [True, False, True, True]
    assert isinstance(nobody, Unreadable) and nobody.line == 9


def test_linkedin_without_the_preamble_with_semicolons_and_without_the_rest() -> None:
    table = LINKEDIN.partition("\n\n")[2].replace(",", ";")
    assert [one.line for one in read_linkedin(lines(table))] == [2, 3, 4, 5, 6]


MONICA = {
    "version": "1.0-preview.1",
    "account": {
        "data": [
            {
                "count": 3,
                "type": "contact",
                "values": [
                    {
                        "uuid": "u-ada",
                        "created_at": "2020-01-01T00:00:00Z",
                        "properties": {
                            "first_name": "Ada",
                            "last_name": "Lovelace",
                            "nickname": "Countess",
                            "company": "Tarn",
                            "job": "Engineer",
                            "description": "met at a ball",
                            "stay_in_touch_frequency": 30,
                            "tags": ["math"],
                            "birthdate": {"is_year_unknown": True, "date": "2020-12-10T00:00:00Z"},
                            "first_met_date": {"date": "2019-05-03T00:00:00Z"},
                            "first_met_through": "u-mary",
                        },
                        "data": [
                            {"type": "note", "values": [{"created_at": "2021-02-03T10:00:00Z", "properties": {"body": "likes\ntea"}}]},
                            {"type": "call", "values": [{"properties": {"called_at": "2021-01-02", "content": "rang"}}]},
                            {"type": "activity", "values": ["a-1"]},
                            {"type": "contact_field", "values": [{"properties": {"data": "ada@example.org", "type": "t-mail"}}]},
                            {
                                "type": "reminder",
                                "values": [
                                    {"properties": {"initial_date": "2020-01-01", "title": "old"}},
                                    {"properties": {"initial_date": "2027-01-05", "title": "ring"}},
                                ],
                            },
                            {"type": "photo", "values": ["p-1", "p-2"]},
                            {"type": "gift", "values": [{}]},
                        ],
                    },
                    {"uuid": "u-mary", "properties": {"first_name": "Mary", "last_name": "Somerville"}, "data": []},
                    {"uuid": "u-kid", "properties": {"first_name": "Byron", "is_partial": True}},
                ],
            },
            {
                "type": "relationship",
                "values": [{"properties": {"type": "child", "contact_is": "u-kid", "of_contact": "u-ada"}}],
            },
            {
                "type": "activity",
                "values": [{"uuid": "a-1", "properties": {"summary": "tea", "happened_at": "2021-03-04"}}],
            },
        ],
        "instance": {"contact_field_types": [{"uuid": "t-mail", "properties": {"name": "Email", "type": "email"}}]},
    },
}  # fmt: skip


def monicas(properties: dict[str, object], *reminders: dict[str, object]) -> FormatPerson:
    data = [{"type": "reminder", "values": [{"properties": one} for one in reminders]}]
    contact = {"uuid": "u", "properties": {"first_name": "Ada", **properties}, "data": data}
    (found,) = read_monica({"account": {"data": [{"type": "contact", "values": [contact]}]}}, TODAY)
    assert isinstance(found, FormatPerson)
    return found


@pytest.mark.parametrize(
    ("first", "unit", "number", "expected"),
    [
        ("2026-01-31", "month", 1, date(2026, 11, 30)),
        ("2026-01-15", "month", 6, date(2027, 1, 15)),
        ("2020-12-24", "year", 1, date(2026, 12, 24)),
        ("2020-03-01", "year", 2, date(2028, 3, 1)),
        ("2026-11-16", "week", 1, date(2026, 11, 30)),
        ("2026-11-17", "week", 2, date(2026, 12, 1)),
        ("2026-01-01", "one_time", 1, None),
    ],
)
def test_a_reminder_of_monica_that_comes_again(
    first: str, unit: str, number: int, expected: date | None
) -> None:
    reminder = {"initial_date": first, "frequency_type": unit, "frequency_number": number}
    assert monicas({}, reminder).next == expected
    assert monicas({}, {**reminder, "delible": False}).next is None  # of a birthday, made by Monica


def test_whom_monica_has_in_its_archive_or_among_the_dead_is_never_suggested() -> None:
    assert ("contact", ("never",)) in monicas({"is_dead": True}).more
    assert ("contact", ("never",)) in monicas({"is_active": False}).more
    assert monicas({"is_dead": False, "is_active": True}).more == ()


def test_the_last_talk_that_monica_counted_and_a_first_one_of_no_known_year() -> None:
    found = monicas({"last_talked_to": "2026-05-06T00:00:00Z", "first_met_date": {"date": "2020-05-01T00:00:00Z", "is_year_unknown": True}})  # fmt: skip
    assert (found.more, found.met_on) == ((("last_contact", ("2026-05-06",)),), None)


def test_an_account_of_monica() -> None:
    assert is_monica(MONICA) and not is_monica({"account": {}}) and not is_monica([])
    ada, mary, kid = read_monica(MONICA, TODAY)
    assert ada == FormatPerson(
        name="Ada Lovelace",
        uid="u-ada",
        aliases=("Countess",),
        email=("ada@example.org",),
        company=("Tarn",),
        role="Engineer",
        birthday=Birthday(12, 10),
        tags=("math",),
        met_on=date(2019, 5, 3),
        next=date(2027, 1, 5),
        introduced_by="Mary Somerville",
        relations=(("child", "Byron"),),
        notes="met at a ball",
        talks=(
            Talk(date(2021, 1, 2), "call", "rang"),
            Talk(date(2021, 2, 3), "note", "likes tea"),
            Talk(date(2021, 3, 4), "", "tea"),
        ),
        more=(("cadence", ("30 days",)),),
        line=1,
        left_out=("photo", "photo", "gift"),
    )
    assert isinstance(mary, FormatPerson) and mary.name == "Mary Somerville"
    assert kid == Unreadable(3, "Byron is in Monica only as a relative of somebody")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "values", "properties", "data", "uuid"]), inner),
    max_leaves=15,
)  # fmt: skip


@settings(max_examples=100)
@given(JSON, st.sampled_from(["contact", "relationship", "activity"]))
def test_any_account_is_read_without_an_error(values: object, kind: str) -> None:
    list(read_monica({"account": {"data": [{"type": kind, "values": values}, values]}}, TODAY))
