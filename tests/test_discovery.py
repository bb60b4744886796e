"""What `init` finds out about a vault that it has never seen, what it asks, and what it writes."""

from __future__ import annotations

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mdmentor.config import load_settings
from mdmentor.core.discovery import Findings, clue_of
from mdmentor.core.model import CONTACT, GOAL, POST, Settings
from mdmentor.core.parse import parse_note
from tests.conftest import Run, VaultOnDisk, run_command

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
PERSON = "---\ntype: person\n---\n"


def findings_of(notes: dict[str, str]) -> Findings:
    clues = [clue_of(parse_note(path, text.encode(), Settings())) for path, text in notes.items()]
    return Findings(clues, Settings())


def doubts_of(notes: dict[str, str]) -> dict[str, tuple[str, int, int, bool]]:
    return {d.folder: (d.kind, d.notes, d.found, d.is_proposed) for d in findings_of(notes).doubts}


def init(vault: VaultOnDisk, *arguments: str) -> Run:
    return run_command(vault.cache, "init", str(vault.root), *arguments)


def folders(vault: VaultOnDisk) -> dict[str, Any]:
    settings = tomllib.loads(vault.read("mdmentor.toml"))
    return {key: settings[key]["folders"] for key in ("contacts", "posts", "goals")}


def test_a_contacts_folder_is_counted_with_what_is_no_contact_in_it() -> None:
    notes = {f"03-Contacts/Ann {letter}mith.md": "" for letter in "ABC"}
    notes |= {"03-Contacts/README.md": "", "03-Contacts/Acme.md": "---\ntype: company\n---\n"}
    (place,) = findings_of(notes).places
    assert (place.kind, place.folder, place.notes, place.found) == (CONTACT, "03-Contacts", 5, 3)
    assert dict(place.others) == {
        "03-Contacts/Acme.md": "type company",
        "03-Contacts/README.md": "an index note",
    }


def test_a_folder_of_the_settings_is_named_as_it_is_written_in_the_vault() -> None:
    places = findings_of({"Work/CRM/Ann Smith.md": "", "Home/crm/Bob Stone.md": ""}).places
    assert {(place.folder, place.setting) for place in places} == {("Work/CRM", "crm"), ("Home/crm", "crm")}


def test_a_contacts_folder_whose_notes_say_themselves_what_they_are_is_counted_and_not_set() -> None:
    found = findings_of({"Menschen/Ann.md": PERSON, "Menschen/Bob.md": PERSON, "Menschen/Index.md": ""})
    (place,) = found.places
    assert (place.folder, place.setting, place.found, place.rules) == (
        "Menschen",
        "",
        2,
        (("type person", 2),),
    )
    assert not found.groups


def test_folders_of_years_and_months_are_one_group() -> None:
    notes = {f"Daily/2026/{month:02}-x/2026-{month:02}-10.md": "" for month in range(1, 13)}
    (group,) = findings_of(notes).groups
    assert (group.folder, group.notes, group.examples) == ("Daily", 12, ("2026-12-10",))


def test_a_folder_with_a_number_that_is_no_year_is_named() -> None:
    (group,) = findings_of({"40-49 Archive/41 Daily/2026-11-20.md": ""}).groups
    assert group.folder == "40-49 Archive/41 Daily"


def test_words_in_the_names_of_daily_notes_have_no_brackets() -> None:
    (group,) = findings_of({"daily.journal.2026.11.20.md": ""}).groups
    assert group.words == "called daily.journal.YYYY.MM.DD"


@pytest.mark.parametrize(
    "name", ["2026-W47", "2026-KW47 Rückblick", "2026-11 (30 days)", "2026-Q4 11", "2026-10 4"]
)
def test_a_week_or_a_month_is_no_day_that_is_not_clear(name: str) -> None:
    assert findings_of({f"Journal/{name}.md": "", "Journal/2026-11-20.md": ""}).unread_days == ()


# Vaults in the styles of well-known templates: the folders that are asked about, with (kind, notes, those that look
# like it, whether it is proposed).
STYLES: dict[str, tuple[dict[str, str], dict[str, tuple[str, int, int, bool]]]] = {
    "PARA": (
        {
            "2 Areas/Network/Ann Smith.md": "---\nemail: a@example.org\n---\n",
            "2 Areas/Network/Bob Stone.md": "---\nbirthday: 1980-01-02\n---\n",
            "2 Areas/Network/Ideas for dinners.md": "",
            "2 Areas/Health/Running Plan.md": "",
            "3 Resources/Dune Messiah.md": "---\nauthor: Herbert\n---\n",
        },
        {"2 Areas/Network": (CONTACT, 3, 2, True)},
    ),
    "a folder of a word that does not say it": (
        {"Rolodex/Ann Smith.md": "", "Rolodex/Work/Bob Stone.md": "", "Rolodex/Home/Mom.md": ""},
        {"Rolodex": (CONTACT, 3, 3, True)},
    ),
    "any folder of notes with e-mail addresses": (
        {"Stuff/Ann Smith.md": "---\nemail: a@example.org\n---\n", "Stuff/Sue Lee.md": "---\nphone: 1\n---\n"},
        {"Stuff": (CONTACT, 2, 2, True)},
    ),
    "German": (
        {"Familie/Oma.md": "", "Familie/Onkel Karl.md": "", "Beiträge/Mut.md": "", "Ziele/Mehr Lohn.md": ""},
        {
            "Familie": (CONTACT, 2, 2, True),
            "Beiträge": (POST, 1, 1, True),
            "Ziele": (GOAL, 1, 1, True),
        },
    ),
    "links from daily notes alone": (
        {
            "Them/Ann Smith.md": "", "Them/Bob Stone.md": "", "Them/Sue Lee.md": "",
            "2026-11-22.md": "met [[Ann Smith]], [[Bob Stone]] and [[Them/Sue Lee|Sue]]",
        },
        {"Them": (CONTACT, 3, 3, False)},
    ),
    "tags such as friend": (
        {"Notes/Ann Smith.md": "#friend\n", "Notes/Bob Stone.md": "---\ntype: mentor\n---\n"},
        {"Notes": (CONTACT, 2, 2, True)},
    ),
    "one folder of people among others": (
        {
            "Life/Team/Ann Smith.md": "", "Life/Team/Bob Stone.md": "", "Life/Money/Tax.md": "",
            "Life/Money/Rent.md": "",
        },
        {"Life/Team": (CONTACT, 2, 2, True)},
    ),
    "people with folders of their own": (
        {
            "Team/Ann Smith/Ann Smith.md": "", "Team/Ann Smith/1on1 notes.md": "", "Team/Bob Stone/Bob Stone.md": "",
            "Team/Team.md": "",
        },
        {"Team": (CONTACT, 3, 2, True)},
    ),
    "Chinese": (
        {"家族/妈妈.md": "", "家族/爸爸.md": "", "书/红楼梦.md": ""}, {"家族": (CONTACT, 2, 2, True)}
    ),
    "what only resembles people": (
        {
            "Habits/Morning Routine.md": "---\nfrequency: daily\n---\n",
            "Habits/Evening Walk.md": "---\nfrequency: daily\n---\n",
            "Restaurants/Blue Moon.md": "---\nphone: 1\ntype: restaurant\n---\n",
            "Companies/Acme Corp.md": "---\nemail: a@example.org\n---\n",
            "Templates/Person.md": PERSON,
            "Network/TCP.md": "", "Network/Routing.md": "", "Network/DNS.md": "", "Network/IP.md": "",
            "2026-11-22.md": "[[Morning Routine]] [[Evening Walk]]",
        },
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_folders_that_may_hold_people_posts_or_goals_are_asked_about(style: str) -> None:
    notes, expected = STYLES[style]
    assert doubts_of(notes) == expected


def test_people_in_no_folder_are_named_without_a_question() -> None:
    notes = {"20210507123000 Ann Smith.md": "#friend\n", "20210507123001 Big Idea.md": "", "Bob Stone.md": ""}
    found = findings_of(notes)
    assert found.loose == ("Ann Smith",) and not found.doubts


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("Daily/2026-11-22.md", "called YYYY-MM-DD"),
        ("22.11.2026.md", "called DD.MM.YYYY"),
        ("journals/2026_11_22.md", "called YYYY_MM_DD"),
        ("Cal/2026/11/22.md", "called YYYY/MM/DD"),
        ("Daily/Fri 2026-11-20.md", "called ddd YYYY-MM-DD"),
        ("Daily/2026-11-22 Sunday, a long day.md", "whose name starts with a date"),
    ],
)
def test_daily_notes_are_told_with_the_format_of_their_names(path: str, called: str) -> None:
    (group,) = findings_of({path: ""}).groups
    assert (group.words, group.folder) == (called, path.split("/")[0] if "/" in path else "")


def test_the_format_that_the_vault_sets_is_called_so(vault: VaultOnDisk) -> None:
    vault.add(".obsidian/daily-notes.json", '{"format": "YYYY/MM/DD dddd", "folder": "Cal"}')
    vault.add("Cal/2026/11/22 Sunday.md", "")
    out = init(vault).out
    assert "  Cal: 1 note called YYYY/MM/DD dddd, as set in this vault, such as 2026/11/22 Sunday\n" in out


def test_days_in_a_journal_that_are_not_clear_are_named() -> None:
    found = findings_of({"Journal/03-04-2026.md": "", "Journal/2026-04-03.md": "", "Journal/Ideas 2.md": ""})
    assert found.unread_days == ("Journal/03-04-2026.md",)


def test_of_a_confidential_note_no_more_is_kept_than_what_it_is() -> None:
    note = parse_note(
        "Team/Ann Smith.md", b"---\nconfidential: true\nbirthday: 1980-01-02\n---\n", Settings()
    )
    assert not clue_of(note).evidence
    tagged = parse_note("Ann.md", b"---\nconfidential: true\ntags: [person/affair]\n---\n", Settings())
    assert "affair" not in str(clue_of(tagged))


class TestInit:
    def test_says_what_it_found_by_which_rule(self, vault: VaultOnDisk) -> None:
        for name in ("Ann Smith", "Bob Stone"):
            vault.add(f"03-Contacts/{name}.md", "")
        vault.add("03-Contacts/README.md", "")
        vault.add("Elsewhere/Sue Lee.md", PERSON)
        vault.add("@Tim Low.md", "")
        vault.add("posts/Courage.md", "")
        out = init(vault).out
        for line in (
            "Contacts: 4",
            "  03-Contacts: 3 notes, 2 look like people",
            "    the other note: README.md (an index note)",
            "  type person: 1 note, such as Sue Lee",
            '  names that begin with "@" or "people.": 1 note, such as Tim Low',
            "  posts: 1 note",
        ):
            assert f"{line}\n" in out
        assert folders(vault) == {"contacts": ["03-Contacts"], "posts": ["posts"], "goals": ["goals"]}

    def test_without_a_terminal_writes_nothing_that_is_uncertain(self, vault: VaultOnDisk) -> None:
        vault.add("Network/Ann Smith.md", "---\nemail: a@example.org\n---\n")
        vault.add("people/Bob Stone.md", "")
        out = init(vault).out
        assert "Not sure about Network: 1 note, 1 looks like a person\n  such as Ann Smith (e-mail)\n" in out
        assert folders(vault)["contacts"] == ["people"]
        assert "#   Network: 1 note, 1 looks like a person\n" in vault.read("mdmentor.toml")

    def test_takes_what_it_proposes_with_yes(self, vault: VaultOnDisk) -> None:
        vault.add("Network/Ann Smith.md", "---\nemail: a@example.org\n---\n")
        vault.add("blog/Hello.md", "")
        for name in ("Cara Low", "Dan High", "Eva Mid"):
            vault.add(f"Them/{name}.md", "")
        vault.add("2026-11-22.md", "[[Cara Low]] [[Dan High]] [[Eva Mid]]")
        init(vault, "--yes")
        assert folders(vault) == {"contacts": ["Network"], "posts": ["blog"], "goals": ["goals"]}
        assert [who["name"] for who in vault.json("contacts")] == ["Ann Smith"]

    def test_writes_settings_that_are_read_without_a_problem(self, vault: VaultOnDisk) -> None:
        for folder in ('Contacts "old"', "Contacts \x7f#\t", "Contacts " + "x" * 100, "Contacts 👥"):
            vault.add(f"{folder}/Ann Smith.md", "")
        vault.add("Network \x7f/Ann Smith.md", "---\nemail: a@example.org\n---\n")
        before = {who["path"] for who in vault.json("contacts")}
        init(vault)
        problems, text = load_settings(vault.root)[1], (vault.root / "mdmentor.toml").read_text()
        assert problems == () and len(folders(vault)["contacts"]) == 4
        assert {who["path"] for who in vault.json("contacts")} == before
        assert max(map(len, text.splitlines())) < 130

    def test_every_setting_has_a_comment(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ann Smith.md", "")
        init(vault)
        lines = vault.read("mdmentor.toml").splitlines()
        for number, line in enumerate(lines):
            if line and not line.startswith(("#", "[", " ")):
                assert lines[number - 1].startswith("#"), line

    def test_says_what_is_there_when_it_is_run_again(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ann Smith.md", "")
        init(vault)
        vault.add("Network/Bob Stone.md", "---\nemail: a@example.org\n---\n")
        before = vault.read("mdmentor.toml")
        run = init(vault, "--yes")
        assert run.code == 0 and vault.read("mdmentor.toml") == before
        assert "  people: 1 note, 1 looks like a person\n" in run.out
        assert "mdmentor.toml is there already; nothing changed.\n" in run.out
        assert 'add "Network" to folders below [contacts]' in " ".join(run.out.split())

    def test_prints_what_the_documents_show(self, vault: VaultOnDisk) -> None:
        document = (Path(__file__).parent.parent / "docs" / "from-other-tools.md").read_text(encoding="utf-8")
        shown = document.split("notes: 12 notes\n\n")[1].split("```")[0]
        for name in ("Ann Smith", "Bob Stone", "Cara Low"):
            vault.add(f"03-Contacts/{name}.md", "")
        vault.add("03-Contacts/People MOC.md", "")
        vault.add("Inbox/Dan High.md", PERSON)
        for day in (20, 21, 22):
            vault.add(f"Daily/2026-11-{day}.md", "")
        for name in ("Eva Mid", "Finn Old"):
            vault.add(f"Network/{name}.md", "---\nbirthday: 1990-01-02\n---\n")
        vault.add("Network/Ideas.md", "---\ntype: idea\n---\n")
        vault.add("Network/Where to meet.md", "")
        out = init(vault).out
        assert shown.strip() == out.split("12 notes\n\n")[1].split("  left out")[0].strip()

    def test_many_folders_are_counted(self, vault: VaultOnDisk) -> None:
        for number in range(12):
            vault.add(f"Club {number:02}/people/Ann {'ABCDEFGHIJKL'[number]}.md", "")
        out = init(vault).out
        assert "  Club 07/people: 1 note, 1 looks like a person\n  4 notes in 4 other folders\n" in out

    def test_warns_in_a_folder_of_another_vault(self, vault: VaultOnDisk) -> None:
        vault.add("mdmentor.toml", "")
        vault.add("inner/people/Ann Smith.md", "")
        run = run_command(vault.cache, "init", str(vault.root / "inner"))
        assert run.code == 0 and "is a vault, and this folder is part of it" in run.err

    def test_changes_no_note(self, vault: VaultOnDisk) -> None:
        shutil.copytree(Path(__file__).parent / "vaults" / "odd-notes", vault.root, dirs_exist_ok=True)
        (vault.root / "mdmentor.toml").unlink(missing_ok=True)
        before = {file: file.read_bytes() for file in vault.root.rglob("*") if file.is_file()}
        assert init(vault, "--yes").code == 0
        after = {file: file.read_bytes() for file in vault.root.rglob("*") if file.is_file()}
        assert {file.name for file in set(after) - set(before)} == {"mdmentor.toml"}
        assert {file: after[file] for file in before} == before

    def test_empty_makes_a_vault_without_invented_people(self, vault: VaultOnDisk) -> None:
        run = init(vault, "--empty")
        assert run.code == 0 and "Nobody is in it yet" in run.out
        assert vault.json("contacts") == [] and "invented" not in vault.read("Home.md")
        assert {path.name for path in vault.root.iterdir()} >= {"people", "journal", "posts", "Home.md"}
        assert not list((vault.root / "people").iterdir())
        assert vault.run("check").code == 0

    def test_a_folder_with_hidden_files_alone_is_empty(self, vault: VaultOnDisk) -> None:
        vault.add(".git/HEAD", "ref: refs/heads/main\n")
        assert init(vault).code == 0
        assert len(vault.json("contacts")) == 3

    @on_posix
    def test_asks_on_a_terminal(self, vault: VaultOnDisk) -> None:
        from tests.terminals import run_on_terminal

        for name in ("Ann Smith", "Bob Stone"):
            vault.add(f"Network/{name}.md", "---\nemail: a@example.org\n---\n")
            vault.add(f"Rolodex/{name} Junior.md", "")
        vault.add("blog/Hello.md", "")
        dialogue = [('"Network" as contacts [Y/n]?', "n\n"), ('"Rolodex" as contacts [Y/n]?', "\n")]
        terminal = run_on_terminal(vault, ["init", str(vault.root)], [*dialogue, ('"blog" as posts', "y\n")])
        assert terminal.end() == 0
        assert folders(vault) == {"contacts": ["Rolodex"], "posts": ["blog"], "goals": ["goals"]}
        assert "  left out, as you said\n" in terminal.output and "  left out; to" not in terminal.output
        assert all(len(line) <= 80 or str(vault.root) in line for line in terminal.output.splitlines())

    @on_posix
    @pytest.mark.parametrize("keys", ["\x04", "\x03"], ids=["end of input", "Ctrl-C"])
    def test_writes_nothing_where_a_question_is_left(self, vault: VaultOnDisk, keys: str) -> None:
        from tests.terminals import run_on_terminal

        vault.add("Network/Ann Smith.md", "---\nemail: a@example.org\n---\n")
        terminal = run_on_terminal(vault, ["init", str(vault.root)], [("[Y/n]?", "")])
        assert terminal.end(keys) == 130
        assert not (vault.root / "mdmentor.toml").exists()

    @on_posix
    @pytest.mark.parametrize(("answer", "people"), [("y\n", 3), ("n\n", 0)])
    def test_asks_which_in_an_empty_folder(self, vault: VaultOnDisk, answer: str, people: int) -> None:
        from tests.terminals import run_on_terminal

        terminal = run_on_terminal(vault, ["init", str(vault.root)], [("invented people in it", answer)])
        assert terminal.end() == 0
        assert len(vault.json("contacts")) == people


def test_init_names_the_vault_only_where_it_is_not_found_from_here(
    vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.add("my notes/a.md", "x\n")
    monkeypatch.delenv("MDMENTOR_VAULT", raising=False)
    monkeypatch.chdir(vault.root)
    there = "mdmentor status --contacts --vault 'my notes'\nNext: mdmentor reindex --vault 'my notes'\n"
    assert run_command(vault.cache, "init", "my notes", "--yes").out.endswith(there)
    monkeypatch.chdir(vault.root / "my notes")
    assert run_command(vault.cache, "init", "--yes").out.endswith("Next: mdmentor reindex\n")
    monkeypatch.setenv("MDMENTOR_VAULT", str(vault.root))
    assert run_command(vault.cache, "init", "--yes").out.endswith("Next: mdmentor reindex --vault .\n")


def test_init_says_what_is_wrong_with_settings_that_are_there(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", '[reach_out]\nper_day = "three"\n[contacts\n')
    vault.add("people/Ann Smith.md", "")
    run = init(vault)
    assert run.code == 0 and "mdmentor.toml is there already; nothing changed." in run.out
    assert "mdmentor.toml:3:10: error" in run.err
    vault.add("mdmentor.toml", '[reach_out]\nper_day = "three"\n')
    assert "mdmentor.toml:2:" in init(vault).err
    vault.add("mdmentor.toml", "")
    assert init(vault).err == ""
