"""People out of the vault: what the files hold, what they leave out, and that they come back."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest
import vobject

from mdmentor.core.model import Birthday
from mdmentor.formats.content_lines import escape, render_lines, render_vcard
from mdmentor.formats.csv_writer import HEADER, render_csv
from mdmentor.formats.person import FormatPerson
from mdmentor.formats.vcard_reader import Card, split_cards
from mdmentor.index import people as rows
from tests.conftest import VaultOnDisk, program

ADA = """---
aliases: [Countess, "Ada, Countess of L."]
tags: [person, maths/poetry]
email: [ada@example.org, lovelace@engines.example]
phone: "+44 20 7946 0001"
linkedin: https://www.linkedin.com/in/ada
url: <https://ada.example/a;b,c>
company: "[[Engines; Ltd, London]]"
role: analyst, first of her kind
location: London, UK
met: 2025-03-01 at the fair
source: [boss, teacher]
introduced_by: "[[Grace Hopper]]"
cadence: 6 weeks
next: 2026-12-24
helps_with: [raise]
mentor: ongoing
birthday: 1815-12-10
---
## Log
- 2026-10-14 call: see [[Raise]]
"""


@pytest.fixture
def people(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Navy"]\n')
    vault.add("people/Ada Lovelace.md", ADA)
    vault.add(
        "people/Grace Hopper.md", "---\ncompany: Navy\nbirthday: 02-29\ncadence: none\ncontact: never\n---\n"
    )
    vault.add("people/Žofie 王.md", "---\nemail: z@example.org\nbirthday: 1990-05-17\n---\n")
    vault.add(
        "people/Spy.md", "---\nconfidential: true\nemail: spy@example.org\n---\n- 2026-10-01 call #private\n"
    )
    return vault


def write(vault: VaultOnDisk, form: str, *options: str) -> bytes:
    file = vault.root.parent / f"out.{form}"
    run = vault.run("export", form, "--output", str(file), "--today", "2026-11-23", *options)
    assert run.code == 0, run.err
    return file.read_bytes()


def test_a_card_says_what_the_note_says(people: VaultOnDisk) -> None:
    cards = list(vobject.readComponents(write(people, "vcard").decode()))
    assert [card.fn.value for card in cards] == ["Ada Lovelace", "Grace Hopper", "Žofie 王"]
    ada = cards[0]
    assert ada.version.value == "4.0" and ada.n.value.family == "Lovelace" and ada.n.value.given == "Ada"
    assert [mail.value for mail in ada.email_list] == ["ada@example.org", "lovelace@engines.example"]
    assert ada.org.value == ["Engines; Ltd, London"] and ada.title.value == "analyst, first of her kind"
    assert [card.bday.value for card in cards] == ["18151210", "--0229", "19900517"]
    assert len({card.uid.value for card in cards}) == 3


def test_cards_end_their_lines_with_cr_lf_and_fold_them_between_characters() -> None:
    text = render_lines(["NOTE:" + escape("é王🙂,;\\ \r\n" * 40)])
    lines = text.encode().split(b"\r\n")
    assert lines.pop() == b"" and all(len(line) <= 75 for line in lines) and len(lines) > 5
    assert all(line.decode() for line in lines)
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize(
    "text",
    ["a\r\nEND:VCARD\r\nBEGIN:VCARD", "a;b,c\\n", "\\", "\x00\x1b[31m", "x\u2028y", "=1+1", "\ufeff x"],
)
def test_no_text_ends_its_value(text: str) -> None:
    person = FormatPerson(name=f"A {text}", uid="u", aliases=(text,), url=(text,), role=text)
    card = render_vcard(person)
    assert card.count("END:VCARD\r\n") == 1 or "BEGIN" in text
    (one,) = split_cards(card.encode().splitlines(keepends=True))
    assert isinstance(one, Card)
    read = one.read()
    assert isinstance(read, FormatPerson) and read.uid == "u"


def test_what_is_read_of_a_card_of_ours_is_what_was_written() -> None:
    person = FormatPerson(
        name="Ada; King, of Lovelace",
        uid="a-1",
        aliases=("A, B", "C"),
        email=("a@example.org",),
        phone=("+44 1", "2"),
        url=("https://a.example/x;y,z",),
        linkedin="https://linkedin.com/in/ada",
        company=("E; F, G", "H"),
        role="first",
        location="London, UK",
        birthday=Birthday(2, 29),
        tags=("x", "y"),
        more=(("cadence", ("42",)), ("helps_with", ("a, b", "c"))),
    )
    (one,) = split_cards(render_vcard(person).encode().splitlines(keepends=True))
    assert isinstance(one, Card)
    read = one.read()
    assert isinstance(read, FormatPerson)
    assert read._replace(line=0) == person


def test_people_exported_come_back_and_leave_again_as_the_same_bytes(
    people: VaultOnDisk, tmp_path: Path
) -> None:
    first = write(people, "vcard", "--with-confidential")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "cache2")
    other.add("mdmentor.toml", "")
    file = tmp_path / "all.vcf"
    file.write_bytes(first)
    assert other.run("import", str(file), "--yes").code == 0
    assert write(other, "vcard", "--with-confidential") == first
    assert b"X-MDMENTOR-CADENCE:42" in first and b"CATEGORIES:colleague" in first


def test_ones_own_export_imported_again_is_the_same(people: VaultOnDisk, tmp_path: Path) -> None:
    people.add(
        "people/Kofi Mensah.md",
        "---\ncadence: quarterly\nsnooze: 2027-01-01\nurl: [https://a.example/b c, '{ {x}}']\naliases: ['==Kof==', '**K** M']\n"
        "phone: '==none=='\n---\n- 2026-10-01 tea\n",
    )
    write(people, "vcard", "--with-confidential")
    before = {path: path.read_bytes() for path in people.root.rglob("*.md")}
    found = people.json("import", str(people.root.parent / "out.vcard"), "--yes")
    assert (found["same"], found["new"], found["filled"], found["unsure"]) == (5, [], [], [])
    assert (found["kept"], found["written"]) == ([], False)
    assert {path: path.read_bytes() for path in people.root.rglob("*.md")} == before


IMPORTED = """\
BEGIN:VCARD
VERSION:3.0
UID:u-1
FN:Mary Somerville
ORG:Tarn;Optics
ADR:;;12 Main St\\, 3rd floor;Leeds;;LS1 4AP;UK
NOTE:Knows *everybody* [[Spy]]\\n\\n- met at: the fair #private
RELATED;TYPE=friend:Grace Hopper
RELATED;TYPE="old boss":Ann Else
RELATED;TYPE=friend:Spy
END:VCARD
"""


def test_free_text_relations_address_and_department_leave_as_they_came(
    people: VaultOnDisk, tmp_path: Path
) -> None:
    (tmp_path / "a.vcf").write_text(IMPORTED, encoding="utf-8")
    assert people.run("import", str(tmp_path / "a.vcf"), "--yes").code == 0
    card = next(one for one in write(people, "vcard").decode().split("BEGIN:") if "Mary" in one)
    assert "ORG:Tarn;Optics\r\n" in card and "ADR:;;;Leeds\\, UK;;;\r\n" in card
    assert "ADR:;;12 Main St\\, 3rd floor\\, LS1 4AP Leeds\\, UK;;;;\r\n" in card
    assert "NOTE:Knows *everybody* [ [Spy] ]\\n\\n- met at: the fair # private\r\n" in card
    assert 'RELATED;VALUE=text;TYPE="friend":Grace Hopper\r\n' in card
    assert 'TYPE="old boss":Ann Else\r\n' in card and ":Spy" not in card  # Spy is confidential
    other = VaultOnDisk(tmp_path / "other", tmp_path / "cache2")
    other.add("mdmentor.toml", "")
    assert other.run("import", str(people.root.parent / "out.vcard"), "--yes").code == 0
    assert card in write(other, "vcard").decode().split("BEGIN:")
    (note,) = other.root.rglob("Mary Somerville.md")
    assert "- friend: [[Grace Hopper]]\n- old boss: Ann Else\n" in note.read_text(encoding="utf-8")


def test_a_private_line_among_imported_notes_never_leaves(vault: VaultOnDisk) -> None:
    note = "\n## Imported notes\n\nOpen words\n\nHidden words #private\n\n## Diary\n\nMore words\n"
    head = "---\npostal_address: Hidden street # #private\ndepartment: Optics\n"
    vault.add("people/Ann.md", f"{head}---\n{note}")
    vault.add("people/Ben.md", f"{head}confidential: true\n---\n{note}")
    text = write(vault, "vcard", "--with-confidential").decode()
    assert text.count("NOTE:Open words\r\n") == 2 and text.count("X-MDMENTOR-DEPARTMENT:Optics") == 2
    assert "Hidden" not in text and "More words" not in text


def test_a_web_address_in_a_link_is_the_address(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ann.md",
        '---\nurl: "[my page](https://ann.example/a_(b))"\nlinkedin: "[me](https://linkedin.com/in/ann)"\n---\n',
    )
    text = write(vault, "vcard").decode()
    assert "URL:https://ann.example/a_(b)\r\n" in text and "linkedin:https://linkedin.com/in/ann\r\n" in text


def test_people_of_one_name_come_back_in_the_same_order(vault: VaultOnDisk, tmp_path: Path) -> None:
    for number in range(6):
        vault.add(f"people/{number}/Ada.md", f"---\nemail: a{number}@example.org\n---\n")
    first = write(vault, "vcard")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "cache2")
    other.add("mdmentor.toml", "")
    (tmp_path / "all.vcf").write_bytes(first)
    assert other.run("import", str(tmp_path / "all.vcf"), "--yes", "--make-unsure").code == 0
    assert write(other, "vcard") == first and first.count(b"BEGIN:VCARD") == 6


def test_a_second_export_touches_nothing(people: VaultOnDisk, tmp_path: Path) -> None:
    for form in ("vcard", "csv", "json"):
        write(people, form)
        file = people.root.parent / f"out.{form}"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        before = file.stat()
        write(people, form)
        assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in folder.iterdir()}


def test_a_folder_of_cards_follows_the_vault_and_leaves_what_others_wrote(
    people: VaultOnDisk, tmp_path: Path
) -> None:
    folder = tmp_path / "cards"
    export = ("export", "vcard", "--to", str(folder), "--today", "2026-11-23")
    assert people.run(*export).code == 0
    cards = sorted(folder.glob("*.vcf"))
    assert len(cards) == 3 and all(stat.S_IMODE(card.stat().st_mode) == 0o600 for card in cards)
    assert all(f"UID:{card.stem}\r\n" in card.read_bytes().decode() for card in cards)
    (folder / "mine.vcf").write_text("BEGIN:VCARD\nVERSION:4.0\nFN:Me\nEND:VCARD\n")
    before = stamps(folder)
    assert people.run(*export).code == 0 and stamps(folder) == before
    (people.root / "people/Ada Lovelace.md").unlink()
    run = people.run(*export)
    assert run.code == 0 and "1 removed" in run.err
    gone = set(before) - set(stamps(folder))
    assert len(gone) == 1 and (folder / "mine.vcf").exists()


def test_a_card_that_another_program_changed_is_left_as_it_is(people: VaultOnDisk, tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    export = ("export", "vcard", "--to", str(folder), "--today", "2026-11-23")
    people.run(*export)
    card = next(file for file in folder.glob("*.vcf") if b"FN:Ada" in file.read_bytes())
    card.write_bytes(card.read_bytes().replace(b"FN:Ada", b"FN:Augusta Ada"))
    run = people.run(*export)
    assert run.code == 1 and card.name in run.err and b"Augusta" in card.read_bytes()
    (people.root / "people/Ada Lovelace.md").unlink()
    assert people.run(*export).code == 1 and card.exists()
    people.add("people/Ada Lovelace.md", ADA)
    assert people.run(*export, "--force").code == 0 and b"Augusta" not in card.read_bytes()


def test_json_is_what_contacts_prints_with_the_version_of_its_keys(people: VaultOnDisk) -> None:
    document = json.loads(write(people, "json"))
    listed = [one for one in people.json("contacts") if not one["confidential"]]
    assert document == {"generated_by": "mdmentor", "schema_version": 1, "contacts": listed}
    both = json.loads(write(people, "json", "--with-confidential"))["contacts"]
    assert [one["email"] for one in both if one["name"] == "Spy"] == [["spy@example.org"]]
    assert all(one["interactions"] == [] for one in both if one["name"] == "Spy")


def test_nobody_confidential_is_named_by_a_link(people: VaultOnDisk) -> None:
    people.add(
        "people/Bo.md",
        "---\nintroduced_by: ['[[Spy]]', Kofi]\nmet: 2020-01-01 at a talk of [[Spy]]\nsource: from [[Spy|S.]]\n"
        "role: assistant of [[Spy]]\nhelps_with: ['how [[Spy]] works']\nwants: ['[[Spy]] as a client']\n---\n"
        "- 2026-10-02 tea: with [[spy|S.]] and [[Ada Lovelace]]\n- 2026-10-01 tea: [her](Spy.md), [she](<../a b/spy.md#x>)\n",
    )
    for form in ("vcard", "csv", "json"):
        text = write(people, form).decode()
        assert "spy" not in text.lower() and "Bo" in text
    text = write(people, "json").decode()
    assert "with somebody and [[Ada Lovelace]]" in text and '"somebody, somebody"' in text
    assert '"introduced_by": "Kofi"' in text and '"met": "at a talk of somebody"' in text
    assert '"role": "assistant of somebody"' in text and '"wants": ["somebody as a client"]' in text
    assert "INTRODUCED-BY:Spy" in write(people, "vcard", "--with-confidential").decode()


def test_an_export_that_stops_half_way_leaves_no_query_open(people: VaultOnDisk) -> None:
    with people.queries() as queries:
        paths = [one.path for one in rows.contacts(queries.index)]
        found = rows.person_rows(queries.index, paths)
        next(found)
    assert isinstance(found, Generator)
    found.close()


def test_an_empty_vault_gives_empty_documents(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", "")
    assert json.loads(write(vault, "json"))["contacts"] == []
    assert write(vault, "vcard") == b"" and write(vault, "csv").decode() == HEADER


def test_a_table_says_what_the_note_says(people: VaultOnDisk) -> None:
    rows = list(csv.DictReader(io.StringIO(write(people, "csv").decode(), newline="")))
    assert [row["name"] for row in rows] == ["Ada Lovelace", "Grace Hopper", "Žofie 王"]
    assert rows[0]["company"] == "Engines; Ltd, London" and rows[0]["cadence"] == "42"
    assert rows[0]["email"] == "ada@example.org; lovelace@engines.example"
    assert rows[0]["url"] == "https://ada.example/a;b,c" and rows[0]["met_on"] == "2025-03-01"
    assert (rows[1]["colleague"], rows[1]["birthday"], rows[1]["contact"]) == ("yes", "02-29", "never")
    assert write(people, "csv", "--bom").startswith(b"\xef\xbb\xbfname,")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝"])
def test_no_cell_is_a_formula(sign: str) -> None:
    text = "".join(render_csv([FormatPerson(name=f"{sign}1+cmd|' /C calc'!A0", phone=("+44 1",))]))
    row = next(csv.DictReader(io.StringIO(text, newline="")))
    assert row["name"].startswith("'") and row["phone"] == "'+44 1"
    assert text.count("\r\n") == 2 and text.count("\n") == 2


def test_libreoffice_takes_no_cell_for_a_formula(tmp_path: Path) -> None:
    office = program("soffice")
    signs = ("=", "+", "-", "@", "\t=", " =", "＝", '"=')
    people = [FormatPerson(name=f"{sign}1+1", role=f"{sign}SUM(1;2)", phone=("+44 1",)) for sign in signs]
    (tmp_path / "people.csv").write_bytes("".join(render_csv([*people, FormatPerson(name="2026")])).encode())
    command = [
        office,
        "--headless",
        f"-env:UserInstallation={tmp_path.as_uri()}/profile",
        "--convert-to",
        "fods",
    ]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(tmp_path / "people.csv")],
        capture_output=True,
        timeout=120,
        check=False,
    )
    sheet = tmp_path / "people.fods"
    if not sheet.exists():
        pytest.skip(f"soffice converts nothing here: {done.stderr[-200:]!r}")
    text = sheet.read_text(encoding="utf-8")
    assert "table:formula" not in text and text.count("1+1</text:p>") == len(signs)
    assert 'office:value="2026"' in text  # what is a number to it is one


def test_confidential_people_are_left_out_and_counted(people: VaultOnDisk) -> None:
    for form in ("vcard", "csv", "json"):
        run = people.run("export", form)
        assert run.code == 0 and "Spy" not in run.out and "spy@" not in run.out
        assert "1 confidential person is left out" in run.err
        run = people.run("export", form, "--with-confidential")
        assert "spy@example.org" in run.out and "1 confidential person is included" in run.err


def test_a_report_says_what_was_written(people: VaultOnDisk, tmp_path: Path) -> None:
    def report(*options: str) -> dict[str, object]:
        run = people.run("export", *options, "--json", "--today", "2026-11-23")
        assert run.err == ""
        found: dict[str, object] = json.loads(run.out)
        return found

    file, folder = str(tmp_path / "people.csv"), str(tmp_path / "cards")
    first = {"format": "csv", "to": file, "written": 1, "removed": 0, "unchanged": 0, "left": []}
    assert report("csv", "--output", file) == {**first, "left_out": 1, "included": 0}
    again = {**first, "written": 0, "unchanged": 1, "left_out": 1, "included": 0}
    assert report("csv", "--output", file) == again
    cards = report("vcard", "--to", folder, "--with-confidential")
    assert (cards["to"], cards["written"], cards["left_out"], cards["included"]) == (folder, 4, 0, 1)
    changed = next((tmp_path / "cards").glob("*.vcf"))
    changed.write_bytes(changed.read_bytes() + b"x")
    left = people.run("export", "vcard", "--to", folder, "--with-confidential", "--json")
    assert left.code == 1 and json.loads(left.out)["left"] == [changed.name]
    assert people.run("export", "csv", "--json").code == 2


def test_nothing_is_written_over_the_files_of_others_or_among_the_pages(
    people: VaultOnDisk, tmp_path: Path
) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("my own")
    run = people.run("export", "csv", "--output", str(file))
    assert run.code == 4 and file.read_text() == "my own" and "--force" in run.err
    assert people.run("export", "csv", "--output", str(file), "--force").code == 0
    assert file.read_bytes().startswith(b"name,")
    people.reindex()
    page = people.root / "reach-out/Network.md"
    before = page.read_bytes()
    for place in (page, people.root / "reach-out/x.csv", people.root / "people/New.md"):
        assert people.run("export", "csv", "--output", str(place), "--force").code == 4
        assert place.exists() == (place == page)
    assert people.run("export", "vcard", "--to", str(people.root / "reach-out")).code == 4
    assert page.read_bytes() == before
    assert people.run("export", "csv", "--output", str(tmp_path / "no/such/file.csv")).code == 2
    assert people.run("export", "csv", "--output", str(tmp_path), "--force").code == 4


@pytest.mark.parametrize(
    "options", [["csv", "--to", "x"], ["vcard", "--to", "x", "--output", "y"], ["json", "--bom"], ["pdf"], []]
)
def test_options_that_do_not_go_together_are_refused(people: VaultOnDisk, options: list[str]) -> None:
    assert people.run("export", *options).code == 2


def test_khard_lists_everybody_as_they_are(people: VaultOnDisk, tmp_path: Path) -> None:
    khard = program("khard")
    folder = tmp_path / "cards"
    people.run("export", "vcard", "--to", str(folder))
    config = tmp_path / "khard.conf"
    config.write_text(f"[addressbooks]\n[[people]]\npath = {folder}\n")

    def ask(*words: str) -> str:
        command = [khard, "-c", str(config), *words]
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, "HOME": str(tmp_path)}
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = ask("list", "--parsable", "--fields", "formatted_name")
    assert sorted(listed.split("\n")[:-1]) == ["Ada Lovelace", "Grace Hopper", "Žofie 王"]
    assert "ada@example.org" in ask("email", "--parsable", "ada@example.org")
    assert "+44 20 7946 0001" in ask("phone", "--parsable", "Lovelace")
    born = ask("birthdays", "--parsable")
    assert "1815.12.10\tAda Lovelace" in born and "1990.05.17\tŽofie 王" in born
    assert "Engines; Ltd, London" in ask("show", "Lovelace")


def test_somebody_whose_name_is_a_comment_is_called_as_their_note(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", '---\nname: "%%Ada%%"\n---\n')
    assert "FN:Ada\r\n" in vault.run("export", "vcard").out


@pytest.mark.parametrize("form", ["json", "ics"])
def test_of_somebody_confidential_who_is_asked_for_only_what_is_marked_private_stays(
    people: VaultOnDisk, form: str
) -> None:
    people.add(
        "people/Spy.md",
        "---\nconfidential: true\nbirthday: 12-03\n---\n- 2026-10-01 call: open words #got\n"
        "- 2026-10-02 call: xyzzy #private\n  - 2026-10-03 xyzzy nested\n- 2026-10-04 tea\n  - xyzzy below #private\n"
        "- [ ] send the paper 📅 2026-12-20\n- [ ] xyzzy owed 📅 2026-12-21 #private\n"
        "## Hidden #private\n- 2026-10-05 xyzzy\n- [ ] call xyzzy 📅 2026-12-22\n",
    )
    people.add("2026-10-06.md", "---\nconfidential: true\n---\n- xyzzy with [[Spy]]\n")
    text = write(people, form, "--with-confidential").decode().replace("\r\n ", "")
    assert "send the paper" in text and "xyzzy" not in text
    if form == "json":
        (spy,) = [one for one in json.loads(text)["contacts"] if one["name"] == "Spy"]
        assert [(one["text"], one["marks"]) for one in spy["interactions"]] == [
            ("open words", ["got"]),
            ("", []),
        ]
    for asked in ((), ("--with-confidential",)):
        assert "xyzzy" not in write(people, form, *asked).decode()
    assert "send the paper" not in write(people, form).decode()
