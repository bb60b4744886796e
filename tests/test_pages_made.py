"""Which pages are made: `make` below [pages]."""

from __future__ import annotations

from tests.conftest import VaultOnDisk

ADA = "---\nsource: friend\n---\n- 2026-11-01 call: read my page #got\n"


def pages(vault: VaultOnDisk) -> list[str]:
    folder = vault.root / "reach-out"
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


def make(vault: VaultOnDisk, *titles: str) -> None:
    vault.add("mdmentor.toml", f"[pages]\nmake = {list(titles)}\n")


def test_only_the_pages_that_are_named_are_made_and_linked(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    make(vault, "Reach out next", "two-way street")
    vault.reindex()
    assert pages(vault) == ["Reach out next.md", "Two-way street.md"]
    assert "[Two-way street](" in vault.page("Reach out next")
    assert "[Mentors](" not in vault.page("Reach out next") and "[Dates](" not in vault.page("Two-way street")


def test_a_page_that_is_not_made_any_more_is_deleted_with_its_pictures(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    vault.reindex()
    assert {"Network.md", "network.svg", "talks.svg", "Mentors.md"} <= set(pages(vault))
    make(vault, "Dates")
    vault.reindex()
    assert pages(vault) == ["Dates.md"]
    assert vault.reindex().pages_written == []


def test_a_page_comes_back(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    make(vault, "Dates")
    vault.reindex()
    (vault.root / "mdmentor.toml").unlink()
    vault.reindex()
    assert {"Dates.md", "Mentors.md", "Network.md", "network.svg"} <= set(pages(vault))


def test_a_file_of_the_users_in_the_place_of_a_page_that_is_not_made_is_left(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    vault.add("reach-out/Mentors.md", "my own list\n")
    make(vault, "Dates")
    report = vault.reindex()
    assert vault.page("Mentors") == "my own list\n"
    assert not report.left and vault.problems() == []


def test_none_is_made_where_none_is_named_and_the_second_run_does_nothing(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    vault.reindex()
    make(vault)
    vault.reindex()
    assert pages(vault) == []
    assert vault.reindex(check=True).pages_written == []


def test_ticks_on_a_page_that_is_not_made_any_more_are_carried_out_first(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", ADA)
    vault.reindex()
    page = vault.page("Reach out next")
    vault.add(
        "reach-out/Reach out next.md", page.replace("- [ ]", "- [x]", 1).replace("  - [ ] ", "  - [x] ", 1)
    )
    make(vault, "Dates")
    vault.reindex()
    assert pages(vault) == ["Dates.md"]
    assert vault.read("people/Ada.md").count("\n- 20") + vault.read("people/Ada.md").startswith("- 20") > 1


def test_a_page_that_is_not_known_is_a_problem(vault: VaultOnDisk) -> None:
    make(vault, "Dates", "Mentos")
    assert vault.problems() == ['mdmentor.toml:2:1: there is no page "Mentos"; did you mean "Mentors"?']


def test_somebody_confidential_is_on_a_page_where_they_are_due_and_nowhere_else(vault: VaultOnDisk) -> None:
    text = "---\nconfidential: true\nsource: friend\nmentor: ongoing\nbirthday: 12-20\ncadence: 30 days\n{}---\n- 2026-{} call: x #got\n"
    vault.add("people/Dueone.md", text.format("", "10-01"))
    vault.add("people/Laterone.md", text.format("", "11-20").replace(" #got", ""))
    vault.add("people/Sleeper.md", text.format("snooze: 2026-12-24\n", "10-01"))
    vault.add("people/Broken.md", text.format("next: someday\n", "11-20").replace(" #got", ""))
    vault.reindex()
    shown = {title: vault.read(f"reach-out/{title}") for title in pages(vault)}
    assert "[Dueone](" in shown.pop("Reach out next.md")
    for text in (*shown.values(), vault.page("Reach out next")):
        assert not any(name in text for name in ("Laterone", "Sleeper", "Broken"))
    assert not any("Dueone" in text for text in shown.values())
