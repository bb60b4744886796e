"""Two contacts of one name are a hint at each, in `check` and on the page Problems."""

from __future__ import annotations

from tests.conftest import VaultOnDisk


def hints(vault: VaultOnDisk) -> list[tuple[str, str]]:
    found = vault.json("check")["problems"]
    return [(p["path"], p["what"]) for p in found if p["code"] == "same-name"]


def test_two_contacts_of_one_name_are_a_hint_at_each(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Smith.md", "")
    vault.add("work/smith.md", "---\ntype: person\nname: ann smith\n---\n")
    vault.add("people/Ann.md", "")
    vault.add("posts/Ann Smith.md", "")
    assert hints(vault) == [
        ("people/Ann Smith.md", '"Ann Smith" is also the name of the contact work/smith.md'),
        ("work/smith.md", '"ann smith" is also the name of the contact people/Ann Smith.md'),
    ]
    vault.reindex()
    page = vault.read("reach-out/Problems.md")
    assert "work/smith.md" in page and "Ann Smith" in page


def test_the_hints_go_when_one_of_them_is_renamed_or_deleted(vault: VaultOnDisk) -> None:
    for folder in "abc":
        vault.add(f"people/{folder}/Ann Smith.md", "")
    assert len(hints(vault)) == 3
    (vault.root / "people/a/Ann Smith.md").unlink()
    assert [path for path, _ in hints(vault)] == ["people/b/Ann Smith.md", "people/c/Ann Smith.md"]
    vault.add("people/c/Ann Smith.md", "---\nname: Ann B. Smith\n---\n")
    assert hints(vault) == []


def test_a_template_and_an_alias_are_no_namesakes(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Smith.md", "")
    vault.add("people/Bob.md", "---\naliases: [Ann Smith]\n---\n")
    vault.add("templates/Ann Smith.md", "---\ntype: person\n---\n")
    assert hints(vault) == []


def test_two_who_were_told_apart_are_no_namesakes(vault: VaultOnDisk) -> None:
    for folder in "ab":
        vault.add(f"people/{folder}/Ann Smith.md", "")
    assert len(hints(vault)) == 2
    assert vault.run("distinct", "people/a/Ann Smith.md", "people/b/Ann Smith.md").code == 0
    assert hints(vault) == []
    vault.add("people/c/Ann Smith.md", "")
    assert hints(vault) == [
        (
            f"people/{folder}/Ann Smith.md",
            f'"Ann Smith" is also the name of the contact people/{other}/Ann Smith.md',
        )
        for folder, other in ("ac", "bc", "cb")
    ]
    assert vault.run("distinct", "people/a/Ann Smith.md", "people/b/Ann Smith.md", "--remove").code == 0
    assert len(hints(vault)) == 3


def test_namesakes_who_are_one_person_for_another_reason_have_one_hint_each(vault: VaultOnDisk) -> None:
    for folder in "ab":
        vault.add(f"people/{folder}/Ann Smith.md", "---\nemail: ann@x.example\n---\n")
    assert [p["code"] for p in vault.json("check")["problems"]] == ["same-person", "same-person"]
