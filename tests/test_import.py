"""People brought in from other programs: a plan first, then one edit; nothing overwritten, nothing twice."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from mdmentor.actions import import_people
from mdmentor.actions.import_people import Choices, Importer
from mdmentor.cli import doors
from mdmentor.cli.session import open_editor
from mdmentor.errors import RefusedToWrite
from mdmentor.formats.person import FormatPerson
from tests.conftest import Run, VaultOnDisk

ADA = "people/Ada Lovelace.md"


def card(*properties: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:3.0", *properties, "END:VCARD", ""))


ADAS_CARD = card(
    "UID:u-ada", "FN:Ada Lovelace", "EMAIL:ada@example.org", "TEL:+44 20 7946 0000", "ORG:Tarn", "TITLE:Countess",
    "BDAY:1815-12-10", "CATEGORIES:math", "NOTE:Likes engines.",
)  # fmt: skip


class Door:
    """A vault and files beside it that people come in by."""

    def __init__(self, vault: VaultOnDisk, folder: Path) -> None:
        self.vault = vault
        self.folder = folder

    def file(self, text: str | bytes, name: str = "people.vcf") -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    def run(self, text: str | bytes, *options: str, name: str = "people.vcf") -> Run:
        return self.vault.run("import", self.file(text, name), "--today", "2026-11-23", *options)

    def json(self, text: str | bytes, *options: str, name: str = "people.vcf") -> Any:
        run = self.run(text, "--json", *options, name=name)
        assert run.code in (0, 1), run.err
        return json.loads(run.out)

    def notes(self) -> dict[str, bytes]:
        root = self.vault.root
        return {
            path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
        }


@pytest.fixture
def door(vault: VaultOnDisk, tmp_path: Path) -> Door:
    vault.add("mdmentor.toml", "")
    return Door(vault, tmp_path / "files")


def test_without_yes_nothing_is_written_and_the_plan_is_printed(door: Door) -> None:
    door.vault.add("people/Grace.md", "---\nemail: g@example.org\n---\n")
    door.vault.add("people/Alan Turing.md", "")
    before = door.notes()
    cards = [
        ADAS_CARD,
        card("FN:Grace", "EMAIL:g@example.org", "BDAY:--0102"),
        card("FN:Alan Turing"),
        card("NOTE:nobody"),
    ]
    run = door.run("".join(cards))
    assert (run.code, door.notes()) == (0, before)
    assert run.out.splitlines() == [
        "New: 1",
        f"  Ada Lovelace: {ADA}",
        "Fills gaps in: 1",
        "  people/Grace.md: birthday",
        "Unsure, left for you to decide: 1",
        "  Alan Turing: perhaps people/Alan Turing.md (same name)",
        "Skipped: 1",
        "  people.vcf:23: the card names nobody",
    ]
    assert "nothing is written without --yes" in run.err
    assert door.json("".join(cards)) == {
        "format": "vcard",
        "new": [{"name": "Ada Lovelace", "path": ADA}],
        "filled": [{"path": "people/Grace.md", "keys": ["birthday"]}],
        "same": 0,
        "unsure": [{"name": "Alan Turing", "path": "people/Alan Turing.md", "why": "same name"}],
        "skipped": [{"line": 23, "why": "the card names nobody", "file": "people.vcf"}],
        "kept": [],
        "left_out": {},
        "not_asked_for": 0,
        "companies": {"Tarn": 1},
        "written": False,
    }


def test_a_new_person_gets_a_note_by_the_template(door: Door) -> None:
    found = door.json(ADAS_CARD, "--yes")
    assert found["written"] and found["new"] == [{"name": "Ada Lovelace", "path": ADA}]
    text = door.vault.read(ADA)
    assert "company: Tarn\nrole: Countess\nemail: ada@example.org\nmet:\n" in text
    assert "# Ada Lovelace" in text and "## Imported notes\n\nLikes engines.\n" in text
    shown = door.vault.json("show", "Ada Lovelace")
    assert (shown["email"], shown["phone"]) == (["ada@example.org"], ["+44 20 7946 0000"])
    assert (shown["company"], shown["role"], shown["birthday"]) == (["Tarn"], "Countess", "1815-12-10")
    assert set(shown["tags"]) == {"person", "math"}
    assert door.vault.problems() == []


def test_the_second_run_writes_nothing(door: Door) -> None:
    twice = ADAS_CARD + card("FN:Grace Hopper", "EMAIL:g@example.org", "NOTE:x", "NICKNAME:Amazing\\, Grace")
    door.json(twice, "--yes")
    before = door.notes()
    again = door.json(twice, "--yes")
    assert (again["new"], again["filled"], again["same"], again["written"]) == ([], [], 2, False)
    assert again["kept"] == [] and door.notes() == before


def test_a_number_too_short_to_be_anybodys_own_comes_in_once(door: Door) -> None:
    text = card("FN:Ada Lovelace", "TEL:1234567")
    door.json(text, "--yes")
    again = door.json(text, "--yes")
    assert (again["same"], again["unsure"], again["written"]) == (1, [], False)
    assert [one["why"] for one in door.json(text.replace("FN:Ada", "FN:Ann"))["unsure"]] == [
        "same phone number, the names differ"
    ]


def test_a_changed_card_changes_only_what_changed(door: Door) -> None:
    door.json(ADAS_CARD, "--yes")
    before = door.vault.read(ADA)
    changed = ADAS_CARD.replace("END:", "URL:https://ada.example\nEND:").replace("ORG:Tarn", "ORG:Alder Grid")
    found = door.json(changed, "--yes")
    assert found["filled"] == [{"path": ADA, "keys": ["url"]}]
    assert found["kept"] == [{"path": ADA, "key": "company", "kept": "Tarn", "file": "Alder Grid"}]
    after = door.vault.read(ADA)
    assert after.replace("url: https://ada.example\n", "") == before


def test_one_undo_takes_all_of_it_back(door: Door) -> None:
    door.vault.add("people/Grace.md", "---\r\nemail: g@example.org # work\r\n---\r\nText")
    before = door.notes()
    found = door.json(ADAS_CARD + card("FN:Grace", "EMAIL:g@example.org", "TEL:+44 20 1111 2222"), "--yes")
    assert len(found["new"]) == len(found["filled"]) == 1
    assert door.vault.read("people/Grace.md").endswith("phone: +44 20 1111 2222\r\n---\r\nText")
    run = door.vault.run("undo")
    assert run.code == 0 and "import people.vcf" in run.out
    assert door.notes() == before


@pytest.mark.parametrize(
    ("head", "properties"),
    [
        ("uid: u1", ["UID:u1"]),
        ("email: A@Example.org", ["EMAIL:a@example.org"]),
        ("phone: '020 7946 0000'", ["TEL:+44 (0)20 7946-0000"]),
        ("linkedin: https://www.linkedin.com/in/ada/", ["URL:http://linkedin.com/in/ada"]),
        ("company: Tarn Ltd", ["ORG:Tarn"]),
    ],
)
def test_somebody_who_is_there_is_found(door: Door, head: str, properties: list[str]) -> None:
    door.vault.add("people/Ada Lovelace.md", f"---\n{head}\n---\n")
    found = door.json(card("FN:Ada Lovelace", *properties), "--yes")
    assert (found["new"], found["unsure"], found["same"]) == ([], [], 1)


def test_a_name_alone_is_unsure_and_made_only_when_asked_for(door: Door) -> None:
    door.vault.add(ADA, "---\ncompany: Tarn\n---\n")
    text = card("FN:Ada Lovelace", "ORG:Alder Grid")
    found = door.json(text, "--yes")
    assert not found["written"]
    assert found["unsure"] == [{"name": "Ada Lovelace", "path": ADA, "why": "same name"}]
    made = "people/Ada Lovelace (Alder Grid).md"
    assert door.json(text, "--yes", "--make-unsure")["new"] == [{"name": "Ada Lovelace", "path": made}]
    assert "name: Ada Lovelace\n" in door.vault.read(made)
    assert not door.json(text, "--yes", "--make-unsure")["written"]


def test_nobody_is_made_twice_of_a_name_with_what_our_exports_say_besides(door: Door) -> None:
    for number, key in enumerate(
        ("LAST-CONTACT:2026-01-02", "TIER:warm", "HELPS-WITH:tea", "SNOOZE:2027-01-01")
    ):
        text = card(f"FN:Ada {number}", f"X-MDMENTOR-{key}")
        assert door.json(text, "--yes", "--make-unsure")["written"]
        assert not door.json(text, "--yes", "--make-unsure")["written"], key


def test_a_shared_mailbox_is_unsure(door: Door) -> None:
    door.vault.add("people/Ada King.md", "---\nemail: info@tarn.example\n---\n")
    found = door.json(card("FN:Grace Hopper", "EMAIL:info@tarn.example"))
    assert [one["why"] for one in found["unsure"]] == ["same shared mailbox, the names differ"]


def test_a_value_stays_unless_its_key_is_taken(door: Door) -> None:
    door.vault.add(ADA, "---\nemail: ada@example.org\nCompany: Alder Grid\nrole: Poet\n---\n")
    run = door.run(ADAS_CARD, "--yes")
    kept = f"  {ADA}: company: kept Alder Grid, the file says Tarn"
    assert kept in run.out.splitlines() and "Company: Alder Grid" in door.vault.read(ADA)
    found = door.json(ADAS_CARD, "--yes", "--take", "organisation")
    assert found["filled"] == [{"path": ADA, "keys": ["company"]}]
    assert [one["key"] for one in found["kept"]] == ["role"]
    assert "Company: Tarn\nrole: Poet\n" in door.vault.read(ADA)
    assert door.run(ADAS_CARD, "--take", "nonsense").code == 2


def test_a_relation_by_uid_becomes_a_link(door: Door) -> None:
    ada = card("UID:urn:uuid:u-ada", "FN:Ada Lovelace", "RELATED;TYPE=friend:urn:uuid:U-mary")
    door.json(ada + card("UID:u-mary", "FN:Mary Somerville"), "--yes")
    assert "- friend: [[Mary Somerville]]\n" in door.vault.read(ADA)


def test_free_text_and_relations_of_somebody_who_is_there_are_counted_as_left_out(door: Door) -> None:
    text = "---\nuid: u-ada\n---\n# Ada Lovelace\nShe *likes* engines. Brother of [[Bo Byron]].\n"
    door.vault.add(ADA, text)
    known = card("UID:u-ada", "FN:Ada Lovelace", "NOTE:likes\\nEngines", "RELATED;TYPE=sibling:Bo Byron")
    assert door.json(known)["left_out"] == {}
    cards = known + card("UID:u-ada", "FN:Ada Lovelace", "NOTE:Likes tea.", "RELATED;TYPE=child:Anne")
    found = door.json(cards, "--yes")
    assert found["left_out"] == {f"free text for {ADA}": 1, f"relations for {ADA}": 1}
    assert (found["written"], door.vault.read(ADA)) == (False, text)
    assert f"Left out: 1 x free text for {ADA}, 1 x relations for {ADA}" in door.run(cards).out


def test_more_addresses_are_added_and_none_is_lost(door: Door) -> None:
    door.vault.add(ADA, "---\nmail: ada@example.org\ntags: [person]\n---\n")
    door.json(
        card("FN:Ada Lovelace", "EMAIL:ADA@example.org", "EMAIL:ada@home.example", "CATEGORIES:math"), "--yes"
    )
    text = door.vault.read(ADA)
    assert "mail: [ada@example.org, ada@home.example]\ntags: [person, math]\n" in text


def test_fields_written_in_the_text_are_filled_where_they_are(door: Door) -> None:
    note = "title: Ada Lovelace\n---\nemail:: ada@example.org\ncompany:: Alder Grid\n"
    door.vault.add(ADA, f"---\n{note}")
    found = door.json(
        ADAS_CARD.replace("EMAIL:", "EMAIL:a@home.example\nEMAIL:"), "--yes", "--take", "company"
    )
    assert "role" in found["filled"][0]["keys"] and found["kept"] == []
    assert "\n---\nemail:: ada@example.org, a@home.example\ncompany:: Tarn\n" in door.vault.read(ADA)
    assert not door.json(ADAS_CARD, "--yes")["written"]


def test_the_template_folder_and_spelling_of_the_user_are_used(door: Door) -> None:
    for name in ("Bo Vik", "Cy Vik", "Di Vik"):
        door.vault.add(f"crm/{name}.md", "---\nTelephone: '1'\nOrganisation: X\ntags: [person]\n---\n")
    template = '---\naliases: ["{{title}}"]\nMail:\ncadence: monthly\nmet: {{date}}\ntype: person\n---\n# {{title}}\n\n## Log\n'
    door.vault.add("templates/person.md", template)
    door.json(ADAS_CARD, "--yes")
    text = door.vault.read("crm/Ada Lovelace.md")
    assert 'aliases: ["Ada Lovelace"]\nMail: ada@example.org\ncadence: monthly\nmet:\ntype: person\n' in text
    assert "Organisation: Tarn\n" in text and "Telephone: +44 20 7946 0000\n" in text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("AC/DC: live", "AC DC live"),
        ("CON", "CON_"),
        (".hidden", "hidden"),
        ("a" * 300, "a" * 120),
        ("Ünal " + "ü" * 100, "Ünal " + "ü" * 57),
        ("[[Ada]]", "Ada"),
        ("山田 太郎", "山田 太郎"),
    ],
)
def test_names_of_files_are_safe(door: Door, name: str, path: str) -> None:
    found = door.json(card(f"FN:{name}", "EMAIL:a@example.org"), "--yes")
    assert [one["path"] for one in found["new"]] == [f"people/{path}.md"]
    assert door.vault.kind(f"people/{path}.md") == "contact"


def test_people_of_one_name_are_numbered_by_company(door: Door) -> None:
    cards = [card("FN:Ada Lovelace", f"EMAIL:{n}@example.org", *([f"ORG:{c}"] if c else [])) for n, c in
             enumerate(["Tarn", "Alder/Grid", "", ""])]  # fmt: skip
    found = door.json("".join(cards), "--yes", "--make-unsure")
    assert [one["path"] for one in found["new"]] == [
        f"people/Ada Lovelace{end}.md" for end in ("", " (Alder Grid)", " 2", " 3")
    ]


def test_the_keys_of_our_own_exports_come_back(door: Door) -> None:
    own = [
        "CATEGORIES:math,person",
        "X-MDMENTOR-CADENCE:6 weeks",
        "X-MDMENTOR-SOURCE:teacher,friend",
        "X-MDMENTOR-INTRODUCED-BY:Grace Hopper",
        "X-MDMENTOR-MET:2019-10-14 PyCon",
        "X-MDMENTOR-HELPS-WITH:databases,raise talks",
        "X-MDMENTOR-CONFIDENTIAL:true",
        "X-MDMENTOR-NONSENSE:x",
    ]
    cards = card("FN:Ada Lovelace", "EMAIL:a@example.org", *own) + card(
        "FN:Grace Hopper", "EMAIL:g@example.org"
    )
    found = door.json(cards, "--yes")
    assert found["left_out"] == {"nonsense": 1}
    shown = door.vault.json("show", "Ada Lovelace", "--private")
    assert (shown["source"], shown["met"]) == (["teacher", "friend"], "PyCon")
    assert "cadence: 6 weeks\n" in door.vault.read(ADA)
    assert (shown["introduced_by"], shown["helps_with"]) == ("Grace Hopper", ["databases", "raise talks"])
    assert shown["confidential"] and sorted(shown["tags"]) == ["math", "person"]
    assert 'introduced_by: "[[Grace Hopper]]"\n' in door.vault.read(ADA)
    assert not door.json(cards, "--yes")["written"]


def test_a_last_contact_that_the_log_goes_beyond_is_no_gap(door: Door) -> None:
    door.vault.add(ADA, "---\nuid: u1\n---\n## Log\n- 2026-10-14 call\n")
    text = card("FN:Ada Lovelace", "UID:u1", "X-MDMENTOR-LAST-CONTACT:2026-10-14")
    assert not door.json(text, "--yes")["written"]
    found = door.json(text.replace("2026-10-14", "2026-11-01"), "--yes")
    assert found["filled"] == [{"path": ADA, "keys": ["last_contact"]}]


def test_a_long_note_of_monica_is_whole(door: Door) -> None:
    body = " ".join(f"word{n}" for n in range(1000))
    notes = {"type": "note", "values": [{"created_at": "2021-02-03", "properties": {"body": body}}]}
    ada = {"uuid": "u", "properties": {"first_name": "Ada", "last_name": "Lovelace"}, "data": [notes]}
    account = {"data": [{"type": "contact", "values": [ada]}]}
    door.json(json.dumps({"account": account}), "--yes", name="monica.json")
    assert body in door.vault.read(ADA)


def test_free_text_does_not_run_into_the_template_s_own_notes(door: Door) -> None:
    door.vault.add("templates/person.md", "---\ntype: person\n---\n## Notes\n- \n\n## Log\n")
    door.json(ADAS_CARD, "--yes")
    assert door.vault.read(ADA).endswith("## Notes\n- \n\n## Log\n\n## Imported notes\n\nLikes engines.\n")


def test_thousands_of_cards_of_one_person_are_read_in_linear_time(door: Door) -> None:
    cards = "".join(
        card("UID:u1", "FN:Ada Lovelace", f"TEL:+44 20 7{n:07}", f"EMAIL:a{n}@example.org", f"NOTE:note {n}")
        for n in range(2000)
    )
    start = time.process_time()
    found = door.json(cards)
    assert (len(found["new"]), found["same"]) == (1, 1999)
    door.vault.add(ADA, "---\nuid: u1\n---\n")
    found = door.json(cards)
    assert (len(found["filled"]), found["same"]) == (1, 1999)
    assert time.process_time() - start < 60


def test_a_hundred_people_are_one_edit_too(door: Door) -> None:
    cards = "".join(card(f"FN:Person {n}", f"EMAIL:p{n}@example.org") for n in range(100))
    before = door.notes()
    assert len(door.json(cards, "--yes")["new"]) == 100 == len(door.notes()) - len(before)
    assert door.vault.run("undo").code == 0 and door.notes() == before
    assert door.vault.run("undo", "--redo").code == 0 and len(door.notes()) == len(before) + 100


def cards_of(number: int) -> str:
    return "".join(card(f"FN:Person {n}", f"EMAIL:p{n}@example.org", "ORG:Tarn") for n in range(number))


def started(door: Door, *arguments: str) -> subprocess.Popen[bytes]:
    """Python at work on the vault in a process of its own."""
    command = [sys.executable, *arguments, "--vault", str(door.vault.root)]
    environment = {**os.environ, "MDMENTOR_CACHE": str(door.vault.cache)}
    return subprocess.Popen(command, env=environment, stdout=-3, stderr=-3)


# Runs mdmentor and kills it as it makes its 300th new file.
KILLED_AT_300 = """
import os, signal, sys
made = 0
def kill(event, arguments):
    global made
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_EXCL:
        made += 1
        if made == 300:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
from mdmentor.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX way to die")
def test_a_long_import_that_is_killed_leaves_nothing_after_the_next_command(door: Door) -> None:
    before = door.notes()
    command = ("-c", KILLED_AT_300, "import", door.file(cards_of(1000)), "--yes")
    assert started(door, *command).wait() == -signal.SIGKILL
    assert 200 < len(list((door.vault.root / "people").glob("*.md"))) < 300
    assert "was cut short" in door.vault.run("reindex").err
    # our temporary file may stay for a minute
    left = {path for path in door.notes() if not path.startswith("reach-out/") and "/.mdmentor-" not in path}
    assert left == set(before)
    assert len(door.json(cards_of(1000), "--yes")["new"]) == 1000


def test_two_imports_at_once_make_everybody_once(door: Door) -> None:
    file = door.file(cards_of(300))
    running = [started(door, "-m", "mdmentor", "import", file, "--yes") for _ in range(2)]
    assert sorted(one.wait() for one in running) in ([0, 0], [0, 4])
    assert len(list((door.vault.root / "people").iterdir())) == 300
    assert door.json(cards_of(300), "--yes")["same"] == 300
    assert door.vault.run("undo").code == 0 and not (door.vault.root / "people").exists()


def test_a_note_that_another_process_made_meanwhile_is_not_made_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDMENTOR_CACHE", str(door.vault.cache))
    with open_editor(str(door.vault.root), date(2026, 11, 23)) as editor:
        importer = Importer(editor, Choices(writes=True), datetime.now().astimezone())
        door.vault.add(ADA, "---\nemail: ada@example.org\n---\n")
        with pytest.raises(RefusedToWrite, match="was made meanwhile"):
            importer.add(FormatPerson(name="Ada Lovelace", email=("ada@example.org",)))


HOSTILE = [
    "a\\nconfidential: true",
    "---",
    "[[Target]]",
    "![[Target]]",
    "[x](Target.md)",
    "{{title}}",
    "<% tp.date.now() %>",
    "x: y",
    "#private",
    "a #private b",
    '"quoted" & \\, \\; more',
    "*emphasis* `code` <b>",
    "%% comment %%",
    "<!-- mdmentor:next -->",
    "- [ ] task 📅 2026-01-01",
    "null",
    "yes",
    "on 2026-01-01",
    "key:: value",
    "\u202eevil",
]


def test_a_name_that_no_contact_can_have_makes_no_note(door: Door) -> None:
    found = door.json(card("FN:README", "EMAIL:a@example.org"), "--yes")
    assert not found["written"]
    assert [one["why"] for one in found["skipped"]] == [
        "README: a note with this name would not be a contact"
    ]


def test_a_phones_category_of_private_contacts_keeps_nobody_back(door: Door) -> None:
    cards = card("FN:Ada Lovelace", "EMAIL:ada@example.org", "CATEGORIES:Private,private/family,Work")
    path = door.json(cards, "--yes")["new"][0]["path"]
    assert not door.vault.json("show", path)["confidential"]
    assert "Private-contact" in door.vault.read(path) and "private-contact/family" in door.vault.read(path)
    assert door.json(cards)["same"] == 1


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(
    "where", ["FN", "ORG", "TITLE", "NOTE", "CATEGORIES", "NICKNAME", "UID", "URL", "RELATED", "ADR"]
)
def test_no_value_is_anything_but_text(door: Door, where: str, text: str) -> None:
    door.vault.add("notes/Target.md", "")
    rest = [] if where == "FN" else ["FN:Ada Lovelace"]
    written = f"ADR:;;{text};{text};;;" if where == "ADR" else f"{where}:{text}"
    cards = card(*rest, written, "EMAIL:ada@example.org")
    found = door.json(cards, "--yes")
    assert len(found["new"]) == 1, found
    path = found["new"][0]["path"]
    note = door.vault.read(path)
    assert "confidential:" not in note.split("\n---\n")[0].replace("a confidential:", "")
    assert door.vault.backlinks("notes/Target.md") == []
    shown = door.vault.json("show", path)
    assert shown["email"] == ["ada@example.org"] and not shown["confidential"] and not shown["promises"]
    assert shown["interactions"] == []
    assert [p for p in door.vault.problems() if "error" in p] == []
    again = door.json(cards, "--yes")
    assert (again["same"], again["written"]) == (1, False), again


def test_no_value_is_anything_but_text_in_many_notes_of_one_form(door: Door) -> None:
    door.vault.add("notes/Target.md", "")
    letters = "ABCDEFGHIKLMNOPQRSTUVWXZ"
    texts = ["Tarn", *HOSTILE]
    names = [f"Person {letters[n]}x" for n in range(len(texts))]
    cards = "".join(
        card(f"FN:{name}", f"EMAIL:{name[7]}@example.org", f"ORG:{text}", f"TITLE:{text}", f"NOTE:{text}")
        for name, text in zip(names, texts, strict=True)
    )
    assert [one["name"] for one in door.json(cards, "--yes")["new"]] == names
    assert door.vault.backlinks("notes/Target.md") == [] == door.vault.problems()
    shown = [door.vault.json("show", name) for name in names]
    assert [one["email"] for one in shown] == [[f"{name[7]}@example.org"] for name in names]
    assert all(one["company"] == [one["role"]] for one in shown)
    assert not any(one["confidential"] or one["promises"] or one["interactions"] for one in shown)
    again = door.json(cards, "--yes")
    assert (again["same"], again["written"]) == (len(names), False), again


def test_notes_are_the_same_where_several_processes_make_them(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    properties = ["ORG:Tarn", "TITLE:x: y", "NOTE:a\\n#private", "RELATED;TYPE=child:Person 1", "NICKNAME:P"]
    people = [card(f"FN:Person {n}", f"UID:u-{n}", *properties[: n % 6]) for n in range(150)]
    cards = "".join([*people, card("FN:README", "UID:u-r")])
    alone, one = door.json(cards, "--yes"), door.notes()
    assert door.vault.run("undo").code == 0
    monkeypatch.setattr(import_people, "_MANY", 3)
    assert (door.json(cards, "--yes"), door.notes()) == (alone, one)
    assert len(alone["skipped"]) == 1 and len(alone["new"]) == 150


@pytest.mark.parametrize("body", ["", "# {{title}}\n", "# People\n"])
def test_everybody_is_called_as_in_the_file_in_many_notes_of_one_form(door: Door, body: str) -> None:
    door.vault.add("templates/Person.md", f"---\ntags: [person]\n---\n{body}")
    names = [
        "Ann Lee", "J. R. Smith", "Mary-Jane O'Neill Jr.", "Bo Li 2", "Élodie d’Arc", "Plato", "ann-smith", "people.ann smith",
        "20210507 Ann Dale", "Ann _Moor_", "Ann *Hill*", "1. Ann Fox", f"Ann {'ab12' * 8}", "Ann 2026-01-02", "Ann Berg #lead",
    ]  # fmt: skip
    cards = "".join(card(f"FN:{name}", f"EMAIL:p{n}@example.org") for n, name in enumerate(names))
    made = {one["name"]: one["path"] for one in door.json(cards, "--yes")["new"]}
    assert [door.vault.json("show", path)["name"] for path in made.values()] == list(made)
    assert set(names) - {*made} <= {"Ann 2026-01-02"}  # a day makes it a dated note


def test_a_preview_of_many_people_takes_little_memory_for_each(door: Door) -> None:
    def peak(number: int) -> int:
        """Bytes at the most, in a process of its own."""
        cards = "".join(
            card(f"UID:u-{n}", f"FN:Person {n}", f"EMAIL:p{n}@example.org", f"TEL:+44 20 {n:08}", "ORG:Tarn",
                 f"NOTE:{'words ' * 100}")
            for n in range(number)
        )  # fmt: skip
        command = ["import", door.file(cards), "--vault", str(door.vault.root)]
        code = f"import resource; from mdmentor.cli import main; main({command!r})"
        code += "; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        environment = {**os.environ, "MDMENTOR_CACHE": str(door.vault.cache)}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        return int(run.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024)

    assert peak(6000) - peak(1000) < 5000 * 4000


def test_a_file_of_broken_and_very_large_cards_brings_in_whoever_can_be_read(door: Door) -> None:
    photo = b"PHOTO;ENCODING=b;TYPE=JPEG:" + b"QUFB" * 1_300_000 + b"\r\n"
    cards = [
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\n"
        + photo
        + b"EMAIL:ada@example.org\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nTEL;HOME:+44 20 1234567\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nFN:Gr\xc3\xa4ce \xff\xfe Hopper\r\nEMAIL:g@example.org\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:M=C3=BC=\r\nller;J=C3=BCrgen\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nNOTE:nobody\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nFN:Cut Short\r\n",
    ]
    found = door.json(b"".join(cards), "--yes")
    assert [one["name"] for one in found["new"]][:2] == ["Ada Lovelace", "+44 20 1234567"]
    assert [one["name"] for one in found["new"]][3] == "Jürgen Müller" and len(found["new"]) == 4
    assert [(one["line"], one["why"]) for one in found["skipped"]] == [
        (20, "the card names nobody"),
        (23, "the card has no END:VCARD"),
    ]
    assert found["left_out"] == {"photo": 1} and door.vault.problems() == []
    assert all(file.stat().st_size < 1000 for file in (door.vault.root / "people").iterdir())


def test_a_file_that_several_processes_read_keeps_its_order(door: Door) -> None:
    large = f"NOTE:{'words ' * 4000}"
    odd = {1005: "NOTE:nobody", 1100: "KIND:group", 1200: f"FN:Large\n{large}", 1250: "FN:Person 1249"}
    cards = [card(odd.get(n, f"FN:Person {n}"), f"UID:u{n}") for n in range(1300)]
    found = door.json("".join(cards))
    names = ["Large" if n == 1200 else f"Person {n}" for n in range(1300) if n not in (1005, 1100, 1250)]
    assert [one["name"] for one in found["new"]] == names
    assert [(one["name"], one["path"]) for one in found["unsure"]] == [
        ("Person 1249", "people/Person 1249.md")
    ]
    assert [(one["file"], one["line"]) for one in found["skipped"]] == [
        ("people.vcf", 1 + 5 * 1005),
        ("people.vcf", 1 + 5 * 1100),
    ]


def test_a_note_that_cannot_be_edited_safely_costs_itself_or_with_strict_all(door: Door) -> None:
    broken = "---\nemail: g@example.org\ncompany: A\ncompany: B\n---\n"
    door.vault.add("people/Grace.md", broken)
    text = ADAS_CARD + card("FN:Grace", "EMAIL:g@example.org", "BDAY:--0102")
    before = door.notes()
    strict = door.run(text, "--yes", "--strict")
    assert (strict.code, door.notes()) == (4, before) and "people/Grace.md" in strict.err
    assert door.run(text).code == 0
    run = door.run(text, "--yes")
    assert run.code == 1 and 'people.vcf:13: people/Grace.md: line 4: key "company" appears twice' in run.out
    assert door.vault.read("people/Grace.md") == broken and (door.vault.root / ADA).is_file()


def test_a_private_value_is_neither_shown_nor_written_beside(door: Door) -> None:
    note = "---\nemail: ada@example.org\ncompany: Secret Ltd # #private\n---\n"
    door.vault.add(ADA, note)
    run = door.run(ADAS_CARD.replace("TEL:+44 20 7946 0000\n", ""), "--yes")
    assert "Secret" not in run.out + run.err and f"{ADA}: company: kept what the note says" in run.out
    assert "company: Secret Ltd # #private\n" in door.vault.read(ADA)


def test_of_a_confidential_note_nothing_is_shown(door: Door) -> None:
    door.vault.add(ADA, "---\nconfidential: true\nemail: ada@example.org\ncompany: Secret Ltd\n---\n")
    run = door.run(ADAS_CARD)
    assert "Secret" not in run.out + run.err and "kept what the note says" in run.out


def test_the_same_person_twice_in_a_file_is_one(door: Door) -> None:
    found = door.json(
        ADAS_CARD + ADAS_CARD.replace("u-ada", "u-2").replace("Countess", "Poet") + ADAS_CARD, "--yes"
    )
    assert len(found["new"]) == 1 and found["same"] == 2


CONNECTIONS = """\
Notes:
"A preamble"

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ada,Lovelace,https://www.linkedin.com/in/ada,,Tarn,Engineer,14 Oct 2019
Grace,Hopper,https://www.linkedin.com/in/grace,,Alder Grid,Admiral,14 Oct 2023
Mary,Somerville,https://www.linkedin.com/in/mary,,Tarn,Science,1 Mar 2026
"""


def test_linkedin_is_narrowed_by_company_day_and_number(door: Door) -> None:
    def names(*options: str) -> list[str]:
        return [one["name"] for one in door.json(CONNECTIONS, *options, name="c.csv")["new"]]

    assert names() == ["Ada Lovelace", "Grace Hopper", "Mary Somerville"]
    assert names("--only", "tarn") == ["Ada Lovelace", "Mary Somerville"]
    assert names("--since", "2023-10-14") == ["Grace Hopper", "Mary Somerville"]
    assert names("--only", "Tarn", "--since", "2020-01-01") == ["Mary Somerville"]
    assert names("--limit", "1") == ["Ada Lovelace"]
    assert door.json(CONNECTIONS, "--limit", "1", name="c.csv")["not_asked_for"] == 2
    assert door.json(CONNECTIONS, name="c.csv")["companies"] == {"Tarn": 2, "Alder Grid": 1}


def test_many_people_are_counted_by_company(door: Door) -> None:
    rows = "".join(f"P{n},Q,,,Tarn {n % 3},X,1 Mar 2026\n" for n in range(50))
    run = door.run(CONNECTIONS + rows, name="c.csv")
    assert "  and 33 more; --json lists all" in run.out
    assert "  By company: Tarn 0 17, Tarn 1 17, Tarn 2 16, Tarn 2, Alder Grid 1" in run.out


def archive(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(f"Export/{name}.csv", text)
    return data.getvalue()


def test_the_archive_of_linkedin_tells_coworkers_as_a_guess(door: Door) -> None:
    positions = "Company Name,Title,Started On,Finished On\nTarn,Dev,Jan 2018,Dec 2020\n"
    data = archive(Connections=CONNECTIONS, Positions=positions, Other="x" * 1000)
    found = door.json(data, "--yes", name="linkedin.zip")
    assert found["format"] == "linkedin" and len(found["new"]) == 3
    text = door.vault.read(ADA)
    assert "source: coworker  # a guess: you connected while you worked at the same company\n" in text
    assert "met: 2019-10-14\n" in text
    assert door.vault.json("show", "Ada Lovelace")["source"] == ["coworker"]
    assert door.vault.json("show", "Grace Hopper")["source"] == []
    assert not door.json(data, "--yes", name="linkedin.zip")["written"]


def unsafe_archive(name: str, text: bytes = b"x", times: int = 1) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Connections.csv", CONNECTIONS)
        packed.writestr(name, text * times)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        unsafe_archive("../evil.csv"),
        unsafe_archive("a/../../evil.csv"),
        unsafe_archive("/etc/evil.csv"),
        unsafe_archive("C:\\evil.csv"),
        unsafe_archive("bomb.csv", b"\0" * (1 << 20), 100),
        unsafe_archive("Positions.csv", b"\0" * (1 << 20), 100),
        unsafe_archive("a.csv")[:-30],
        archive(Positions="x"),
        b"PK\x03\x04 no archive at all",
    ],
)
def test_an_archive_that_is_not_safe_is_refused(door: Door, data: bytes) -> None:
    before = door.notes()
    run = door.run(data, "--yes", name="linkedin.zip")
    assert (run.code, door.notes()) == (2, before) and "linkedin.zip" in run.err


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"just words\n", "BEGIN:VCARD"),
        (b"a,b\n1,2\n", "Connections.csv"),
        (b'{"a": 1}', "not from Monica"),
        (b"{", "cannot be read as JSON"),
        (b"[" * 100_000, "not in a format that mdmentor knows"),
        (b'{"a":' * 100_000, "cannot be read as JSON"),
        (bytes(range(256)) * 100, "not in a format that mdmentor knows"),
    ],
)
def test_a_file_of_no_known_format_says_what_was_looked_for(door: Door, data: bytes, says: str) -> None:
    run = door.run(data, name="file")
    assert run.code == 2 and says in run.err


def test_what_is_no_file_is_refused(door: Door) -> None:
    for path in ("/dev/null", str(door.folder / "gone.vcf"), str(door.vault.root)):
        assert door.vault.run("import", path).code == 2


def test_the_format_is_told_by_content_and_may_be_named(door: Door) -> None:
    assert door.json(ADAS_CARD, name="x.csv")["format"] == "vcard"
    assert door.json(CONNECTIONS, name="x.vcf")["format"] == "linkedin"
    google = "First Name,Last Name,E-mail 1 - Value\nAda,Lovelace,ada@example.org\n"
    assert door.json(google, name="x")["format"] == "google"
    assert door.json(google.encode("utf-16"), name="x")["new"][0]["name"] == "Ada Lovelace"
    assert door.json(b"\xef\xbb\xbf" + ADAS_CARD.encode(), name="x")["format"] == "vcard"
    assert door.json(ADAS_CARD.replace("\n", "\r"), name="x")["new"][0]["name"] == "Ada Lovelace"
    assert door.run(google, "--format", "vcard").code == 2
    assert door.json(google, "--format", "google")["new"]


def test_a_folder_of_vcards(door: Door) -> None:
    door.file(ADAS_CARD, "cards/a.vcf")
    door.file(card("FN:Grace Hopper"), "cards/below/g.VCF")
    door.file("nothing", "cards/x.vcf")
    door.file("no card", "cards/readme.txt")
    run = door.vault.run("import", str(door.folder / "cards"), "--json")
    found = json.loads(run.out)
    assert [one["name"] for one in found["new"]] == ["Ada Lovelace", "Grace Hopper"]
    assert found["skipped"] == [{"line": 1, "why": "there is no BEGIN:VCARD", "file": "x.vcf"}]


def test_stdin(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(ADAS_CARD.encode()))
    monkeypatch.setattr("sys.stdin", stream)
    run = door.vault.run("import", "-", "--yes")
    assert run.code == 0 and (door.vault.root / ADA).is_file()


def test_monicas_account_becomes_logs_links_and_dates(door: Door) -> None:
    values: list[dict[str, Any]] = [
        {
            "uuid": "u-ada",
            "properties": {"first_name": "Ada", "last_name": "Lovelace", "tags": ["math"]},
            "data": [
                {"type": "call", "values": [{"properties": {"called_at": "2021-01-02", "content": "rang [[X]] #private"}}]},
                {"type": "note", "values": [{"created_at": "2021-02-03T10:00:00Z", "properties": {"body": "tea\n- 2020-01-01 x"}}]},
                {"type": "activity", "values": [{"properties": {"happened_at": "2021-03-04", "summary": "tea"}},
                    {"properties": {"happened_at": "2021-04-05", "summary": "Dinner: long", "description": "at - home"}},
                    {"properties": {"happened_at": "2021-04-06", "summary": "🎂"}}]},
                {"type": "reminder", "values": [{"properties": {"initial_date": "2027-01-05"}}]},
                {"type": "photo", "values": ["p"]},
            ],
        },
        {"uuid": "u-mary", "properties": {"first_name": "Mary", "last_name": "Somerville"}},
    ]  # fmt: skip
    relation = {"properties": {"type": "friend", "contact_is": "u-mary", "of_contact": "u-ada"}}
    account = {
        "data": [{"type": "contact", "values": values}, {"type": "relationship", "values": [relation]}]
    }
    text = json.dumps({"version": "1.0-preview.1", "account": account})
    found = door.json(text, "--yes", name="monica.json")
    assert found["format"] == "monica" and found["left_out"] == {"photo": 1}
    shown = door.vault.json("show", "Ada Lovelace")
    assert [(one["date"], one["channel"]) for one in shown["interactions"]] == [
        ("2021-01-02", "call"),
        ("2021-02-03", "note"),
        ("2021-03-04", "tea"),
        ("2021-04-05", "dinner"),
        ("2021-04-06", ""),
    ]
    assert "next: 2027-01-05\n" in door.vault.read(ADA)
    assert door.vault.backlinks("people/Mary Somerville.md") == [
        f"{ADA}:{door.vault.read(ADA).count(chr(10))}"
    ]
    again = door.json(text, "--yes", name="monica.json")
    assert (again["same"], again["written"]) == (2, False)
    values[0]["data"][0]["values"].append({"properties": {"called_at": "2021-03-04", "content": "again"}})
    text = json.dumps({"version": "1.0-preview.1", "account": account})
    assert door.json(text, "--yes", name="monica.json")["filled"] == [{"path": ADA, "keys": ["log"]}]


def test_without_the_extra_it_says_what_to_install(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "EXTRA", ("anyascii", "no_such_package"))
    run = door.run(ADAS_CARD)
    assert run.code == 2 and 'pip install "mdmentor[doors]"' in run.err and "no_such_package" in run.err


@pytest.mark.parametrize("name", ["@ada", "😀", "!!!", "ada@example.org Tarn"])
def test_somebody_whose_name_has_no_words_is_not_made_twice(vault: VaultOnDisk, name: str) -> None:
    vault.add("mdmentor.toml", "")
    cards = vault.root.parent / "cards.vcf"
    cards.write_text(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n", encoding="utf-8")
    assert vault.run("import", str(cards), "--yes").code == 0
    again = json.loads(vault.run("import", str(cards), "--yes", "--json").out)
    assert again["new"] == [] and len(again["unsure"]) == 1
