"""Status names everybody taken for a contact with the rule, and everything left out with the reason."""

from __future__ import annotations

import os

import pytest

from tests.conftest import VaultOnDisk

PERSON = "---\ntype: person\n---\n"


def reasons(vault: VaultOnDisk) -> dict[str, str]:
    found = vault.json("status")["skipped"]
    assert all(row["reason"] == row["why"] and set(row) == {"path", "reason", "why"} for row in found)
    assert len({row["path"] for row in found}) == len(found), "each once"
    return {row["path"]: row["reason"] for row in found}


def test_contacts_are_listed_with_the_rule(vault: VaultOnDisk) -> None:
    vault.add("people/ann-smith.md", "")
    vault.add("Bo.md", "---\ntags: [person/friend]\n---\n")
    vault.add("Cy.md", PERSON)
    vault.add("plain.md", "words\n")
    assert vault.json("status")["contacts"] == [
        {"path": "people/ann-smith.md", "name": "Ann Smith", "rule": "folder people"},
        {"path": "Bo.md", "name": "Bo", "rule": "tag person/friend"},
        {"path": "Cy.md", "name": "Cy", "rule": "type person"},
    ]
    assert vault.run("status", "--contacts").out.splitlines() == [
        "Contacts: 3",
        "  people/ann-smith.md: Ann Smith, by folder people",
        "  Bo.md: Bo, by tag person/friend",
        "  Cy.md: Cy, by type person",
    ]


LEFT_OUT = {
    "people/Acme.md": ("---\ntype: company\n---\n", "type company"),
    "people/People.md": ("", "an index note"),
    "people/README.md": ("", "an index note"),
    "people/Untitled.md": ("", "it has no name yet"),
    "people/Board.md": ("---\nkanban-plugin: basic\n---\n", "a board or a drawing"),
    "people/templates/Person.md": (PERSON, "in a templates folder"),
    "people/2026-11-20.md": ("", "a dated note"),
    "people/How to ask.md": ("---\ntype: post\n---\n", "a post"),
    "people/Learn to sew.md": ("---\ntype: goal\n---\n", "a goal"),
    "Bell.md": ("---\ntype: company\ntags: [person]\n---\n", "type company"),
    "people/companies/Bell.md": ("", "in the folder companies"),
    "people/Wide.md": ("\ufeffAnn".encode("utf-16"), "UTF-16"),
    "people/Blob.md": (b"\0\1\2\3" * 90, "binary"),
    "people/Ann (conflicted copy 2026-11-22).md": ("", "sync tool"),
    "people/Old.md": ("", "ignored by a pattern"),
    "people/Ann.txt": ("", "not a Markdown note"),
    "templates/Person.md": (PERSON, "in a templates folder"),
}


@pytest.mark.parametrize("path", LEFT_OUT)
def test_nothing_in_a_contacts_folder_is_left_out_without_a_reason(vault: VaultOnDisk, path: str) -> None:
    text, reason = LEFT_OUT[path]
    vault.add("mdmentor.toml", 'ignore = ["Old.md"]\n')
    vault.add("people/Ann.md", "")
    vault.add(path, text)
    found = reasons(vault)
    assert list(found) == [path] and reason in found[path]
    assert vault.run("status", "--skipped").out.splitlines() == ["Skipped: 1", f"  {path}: {found[path]}"]
    assert [row["path"] for row in vault.json("status")["contacts"]] == ["people/Ann.md"]


def test_a_link_in_the_file_system_is_listed(vault: VaultOnDisk) -> None:
    vault.add("people/Ann.md", "")
    os.symlink("Ann.md", vault.root / "people/Bo.md")
    assert "link to the note" in reasons(vault)["people/Bo.md"]


def test_a_folder_left_out_by_the_settings_is_listed_as_a_whole(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", 'ignore = ["old/"]\n')
    vault.add("people/old/Ann.md", "")
    assert reasons(vault) == {"people/old/": "ignored by a pattern in the settings"}


def test_without_flags_a_few_are_listed_and_with_one_all(vault: VaultOnDisk) -> None:
    for number in range(30):
        vault.add(f"people/Untitled {number:02}.md", "")
    out = vault.run("status").out
    assert out.count("Untitled") == 5 and "and 25 more; see: mdmentor status --skipped" in out
    out = vault.run("status", "--skipped").out
    assert out.count("Untitled") == 30 and "more" not in out
    both = vault.run("status", "--contacts", "--skipped").out.splitlines()
    assert both[0] == "Contacts: 0" and both[1] == "Skipped: 30"


def test_a_folder_of_many_templates_is_one_line_and_whole_in_json(vault: VaultOnDisk) -> None:
    for number in range(7):
        vault.add(f"99 Templates/Card {number}.md", PERSON)
    for number in range(5):
        vault.add(f"99 Templates/few/Card {number}.md", PERSON)
    vault.add("people/Acme.md", "---\ntype: company\n---\n")
    lines = vault.run("status", "--skipped").out.splitlines()
    assert lines[0] == "Skipped: 13" and lines[1] == "  99 Templates/: 7 notes in a templates folder"
    assert lines[2] == "  99 Templates/few/Card 0.md: in a templates folder"
    assert lines[-1] == "  people/Acme.md: not a contact: type company" and len(lines) == 8
    assert len(reasons(vault)) == 13
    assert "and 2 more; see: mdmentor status --skipped" in vault.run("status").out


def test_of_a_confidential_note_the_words_stay_in_it(vault: VaultOnDisk) -> None:
    vault.add("Ann.md", "---\ntags: [person/debtor]\nconfidential: true\n---\n# Ann\nsecret words\n")
    vault.add("people/Bo.md", "---\ntype: company\nconfidential: true\n---\n")
    assert vault.json("status")["contacts"] == [{"path": "Ann.md", "name": "Ann", "rule": "tag person"}]
    assert reasons(vault) == {"people/Bo.md": "not a contact: type"}
    for flags in ([], ["--contacts"], ["--skipped"], ["--json"]):
        out = vault.run("status", *flags).out
        assert "debtor" not in out and "secret" not in out and "company" not in out
