"""Which note a name or path on the command line means: the whole name first, and a path only literally."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk

ADA = "people/Ada.md"
NOT_THERE = (
    "clients/Ada.md", "clients/Ada", "./clients/Ada", "./Ada", "./Ada.md", "Ada.md", "../far/Ada.md", "../people/Ada.md",
    "/etc/Ada.md", "/Ada", "/people/Ada.md", "clients\\Ada.md", "..\\far\\Ada", "C:\\far\\Ada.md", "people/x/../../Ada.md",
    "people/Ada/Ada.md", "people/Ada.txt", "[[clients/Ada]]", "[[clients/Ada|Ada]]", "[Ada](clients/Ada.md)", "people/Ad",
)  # fmt: skip
THERE = (
    "people/Ada.md", "people/Ada", "./people/Ada.md", "people\\Ada.md", ".\\people\\Ada", "people//Ada.md",
    "people/./Ada.md", "clients/../people/Ada.md", "People/ADA.MD", "[[people/Ada]]", "[[people/Ada.md|A.]]", "[[Ada#Log]]",
    "[Ada](people/Ada.md)", "Ada", "ada", "Countess", "[[Ada.md]]",
)  # fmt: skip
COMMANDS = (
    ("show",), ("why",), ("log", "call: x"), ("log", "call: x", "--journal"), ("snooze", "month"), ("set", "role", "boss"),
    ("done", "paper"), ("rename", "Bea"), ("links",), ("backlinks",), ("related",),
)  # fmt: skip


@pytest.fixture
def ada(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add(ADA, "---\naliases: [Countess]\n---\n- [ ] send the paper\n")
    vault.add("clients/Bob.md", "A client\n")
    vault.add("people/Grace.md", "")
    return vault


def bytes_of(vault: VaultOnDisk) -> dict[str, bytes]:
    return {str(p.relative_to(vault.root)): p.read_bytes() for p in vault.root.rglob("*.md")}


@pytest.mark.parametrize("path", NOT_THERE)
def test_a_path_that_is_not_there_is_refused_and_the_nearest_named(ada: VaultOnDisk, path: str) -> None:
    before = bytes_of(ada)
    run = ada.run("show", path)
    assert (run.code, run.out) == (2, "")
    assert "people/Ada.md" in run.err or 'did you mean "Ada"' in run.err
    assert ada.run("log", path, "call: x").code == 2
    assert bytes_of(ada) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_it(ada: VaultOnDisk, command: tuple[str, ...]) -> None:
    before = bytes_of(ada)
    run = ada.run(command[0], "clients/Ada.md", *command[1:])
    assert (run.code, run.out) == (2, "") and 'did you mean "people/Ada.md"?' in run.err
    assert bytes_of(ada) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_one_that_is_there(ada: VaultOnDisk, command: tuple[str, ...]) -> None:
    run = ada.run(command[0], "./people/Ada.md", *command[1:])
    assert run.code == 0, run.err


@pytest.mark.parametrize("name", THERE)
def test_a_note_is_named_by_its_path_from_the_vaults_root(ada: VaultOnDisk, name: str) -> None:
    assert ada.json("show", name)["path"] == ADA


def test_an_absolute_path_within_the_vault_counts_also_through_a_link_to_the_vault(
    ada: VaultOnDisk, tmp_path: Path
) -> None:
    link = tmp_path / "linked"
    link.symlink_to(ada.root)
    for root in (ada.root, link):
        assert ada.json("show", f"{root}/people/Ada.md")["path"] == ADA
        assert ada.json("show", f"{root}/people/Ada")["path"] == ADA
        run = ada.run("show", f"{root}/clients/Ada.md")
        assert run.code == 2 and 'did you mean "people/Ada.md"?' in run.err


def test_a_file_outside_of_the_vault_is_never_looked_at(ada: VaultOnDisk, tmp_path: Path) -> None:
    other = tmp_path / "far" / "Ada.md"
    other.parent.mkdir()
    other.write_text("not yours\n")
    for command in (
        ("log", str(other), "x"),
        ("git", "resolve", "../far/Ada.md"),
        ("git", "resolve", str(other)),
    ):
        assert ada.run(*command).code == 2
    assert other.read_text() == "not yours\n"


def test_several_notes_of_the_file_name_are_all_named(ada: VaultOnDisk) -> None:
    ada.add("contacts/Ada.md", "")
    run = ada.run("show", "clients/Ada.md")
    assert run.code == 2 and 'did you mean "contacts/Ada.md" or "people/Ada.md"?' in run.err


def test_a_note_that_is_no_contact_is_told_as_such(ada: VaultOnDisk) -> None:
    run = ada.run("show", "clients/Bob.md")
    assert run.code == 2 and "clients/Bob.md is not a contact" in run.err


@pytest.mark.parametrize("name", ["AC/DC", "R/GA.md", "C:\\Ada", "AC/"])
def test_a_name_with_a_slash_or_an_ending_is_a_name_first(ada: VaultOnDisk, name: str) -> None:
    ada.add("people/odd.md", "---\nname: AC/DC\naliases: ['R/GA.md', 'C:\\Ada']\n---\n")
    ada.add("AC/DC.md", "a plain note\n")
    assert ada.json("show", name)["path"] == "people/odd.md"


def test_of_two_people_of_one_name_the_one_at_the_root_is_named_by_its_path(vault: VaultOnDisk) -> None:
    vault.add("Ada.md", "---\ntype: person\n---\n")
    vault.add("people/Ada.md", "")
    assert vault.run("show", "Ada").code == 2
    for path in ("Ada.md", "./Ada"):
        assert vault.json("show", path)["path"] == "Ada.md"
    assert vault.json("show", "people/Ada")["path"] == "people/Ada.md"


@pytest.mark.parametrize("between", [", ", " and ", " & ", " + ", ", and "])
@pytest.mark.parametrize("way", ["{}", "team/{}.md", "team/{}", "./team/{}.md", "{}s"])
def test_a_whole_name_or_path_is_never_split(vault: VaultOnDisk, between: str, way: str) -> None:
    both = f"Ada{between}Grace"
    vault.add(f"team/{both}.md", f"---\ntype: person\naliases: ['{both}s']\n---\n")
    for name in ("Ada", "Grace"):
        vault.add(f"people/{name}.md", "")
    run = vault.run("log", way.format(both), "call: x")
    assert run.code == 0, run.err
    assert "call: x" in vault.read(f"team/{both}.md")
    assert vault.read("people/Ada.md") == vault.read("people/Grace.md") == ""


def test_the_path_of_a_note_that_is_no_contact_is_not_split_either(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", "")
    vault.add("teams/Ada & Grace.md", "the team\n")
    for name in ("Ada", "Grace"):
        vault.add(f"people/{name}.md", "")
    assert vault.run("log", "teams/Ada & Grace.md", "call: x").code == 0
    assert "call: x" in vault.read("teams/Ada & Grace.md")
    assert vault.read("people/Ada.md") == vault.read("people/Grace.md") == ""


@pytest.mark.parametrize(
    "path", ["people/Ada and Grace.md", "Ada, Grace.md", "people/Ada & Grace", "clients/Ada + Grace.md"]
)
def test_a_path_of_several_names_that_is_not_there_is_refused(ada: VaultOnDisk, path: str) -> None:
    ada.add("Grace.md", "---\ntype: person\n---\n")
    before = bytes_of(ada)
    assert ada.run("log", path, "call: x").code == 2
    assert bytes_of(ada) == before


@pytest.mark.parametrize(
    "several",
    [
        "people/Ada.md, people/Grace.md",
        "people/Ada and people/Grace",
        "people/Ada.md & Grace",
        "Ada, people/Grace.md",
        "Countess, Grace",
    ],
)
def test_several_people_may_be_named_by_their_paths(ada: VaultOnDisk, several: str) -> None:
    run = ada.run("log", several, "call: both")
    assert run.code == 0, run.err
    assert "call: both" in ada.read(ADA) and "call: both" in ada.read("people/Grace.md")


def test_people_named_in_full_are_not_taken_for_a_part_of_another_name(ada: VaultOnDisk) -> None:
    ada.add("people/x.md", "---\nname: Ada and Grace Foundation\n---\n")
    assert ada.run("log", "Ada and Grace", "call: both").code == 0
    assert "call: both" in ada.read(ADA) and "call: both" in ada.read("people/Grace.md")


def test_a_line_of_the_inbox_with_a_link_to_no_note_is_left_there(ada: VaultOnDisk) -> None:
    ada.add(
        "Home.md",
        "## Inbox\n\n- call with [[clients/Ada]]: the raise\n- call with [[people/Ada]]: the talk\n",
    )
    ada.run("inbox", "--yes")
    assert "the talk" in ada.read(ADA) and "the raise" not in ada.read(ADA)
    assert "the raise" in ada.read("Home.md")


@pytest.mark.parametrize(
    "command",
    [
        ("why",), ("show",), ("log", "call: x"), ("snooze",), ("set", "role", "x"), ("done", "x"),
        ("log", "--journal", "call: x"),
    ],
)  # fmt: skip
def test_for_a_name_that_nobody_has_the_nearest_and_the_command_that_makes_one_are_named(
    ada: VaultOnDisk, command: tuple[str, ...]
) -> None:
    ada.add("people/Charles Babbage.md", "# Charles Babbage\n")
    ada.add("people/Grace Hopper.md", "# Grace Hopper\n")
    for name, near in (
        ("Charls Babage", "Charles Babbage"),
        ("Babage", "Charles Babbage"),
        ("Zharles Xabbage", "Charles Babbage"),
        ("Hoper", "Grace Hopper"),
    ):
        run = ada.run(command[0], name, *command[1:])
        assert run.code == 2 and f'did you mean "{near}"?' in run.err, run.err
        assert f'mdmentor new contact "{name}"' in run.err and run.out == ""
    run = ada.run(command[0], "Noor Siddiqui", *command[1:])
    assert run.code == 2 and 'to make one: mdmentor new contact "Noor Siddiqui"' in run.err
    assert ada.run("new", "contact", "Noor Siddiqui").code == 0
    run = ada.run(command[0], "people/Nobody.md", *command[1:])
    assert run.code == 2 and 'mdmentor new contact "people/Nobody"' in run.err


def test_of_several_people_the_one_whom_nobody_knows_is_named(ada: VaultOnDisk) -> None:
    run = ada.run("log", "Ada, Noor", "dinner: x")
    assert run.code == 2 and 'mdmentor new contact "Noor"' in run.err


def test_a_name_is_quoted_for_the_shell_in_the_command(ada: VaultOnDisk) -> None:
    assert "mdmentor new contact 'A \"$B\"'" in ada.run("why", 'A "$B"').err
    assert "see them all with: mdmentor contacts" in ada.run("why", "!!").err


def test_the_name_of_a_note_that_is_no_contact_says_so(vault: VaultOnDisk) -> None:
    vault.add("posts/Raise.md", "")
    run = vault.run("show", "raise")
    assert (run.code, run.out) == (2, "") and "posts/Raise.md is not a contact" in run.err


@pytest.mark.parametrize("name", ["../Ada", "/etc/passwd", "people/", "a//b"])
def test_no_command_is_named_that_would_be_refused(vault: VaultOnDisk, name: str) -> None:
    run = vault.run("show", name)
    assert run.code == 2 and "new contact" not in run.err


def test_a_topic_of_nobody_is_no_empty_vault(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    for topic in ("", "whales"):
        assert f'helps with "{topic}"' in vault.run("next", "--topic", topic).out
