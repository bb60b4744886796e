"""Notes that are damaged: what can be read of them counts, every problem is reported, and no byte of them changes."""

from __future__ import annotations

import pytest

from tests.conftest import VaultOnDisk

COMMANDS = {
    "log": ["log", "Ada", "call: x"],
    "set": ["set", "Ada", "cadence", "monthly"],
    "snooze": ["snooze", "Ada", "2 weeks"],
    "done": ["done", "Ada", "send"],
}
NUL = b"---\nname: Ada\n---\n\n- [ ] send it\n\n## Log\n- 2026-11-0\x001 call: x\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_note_with_a_nul_byte_is_a_contact_that_is_never_written(vault: VaultOnDisk, command: str) -> None:
    vault.add("people/Ada.md", NUL)
    vault.reindex()
    assert [c["name"] for c in vault.json("contacts")] == ["Ada"]
    told = [(p["path"], p["line"], p["column"], p["code"]) for p in vault.json("check")["problems"]]
    assert told == [("people/Ada.md", 8, 12, "nul-byte")]
    run = vault.run(*COMMANDS[command])
    assert run.code == 4 and "people/Ada.md: line 8 has a NUL byte in it" in run.err
    assert (vault.root / "people/Ada.md").read_bytes() == NUL


def test_a_block_in_a_note_with_a_nul_byte_is_not_renewed(vault: VaultOnDisk) -> None:
    text = b"# A\x00da\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n"
    vault.add("people/Ada.md", text)
    vault.reindex()
    assert (vault.root / "people/Ada.md").read_bytes() == text


@pytest.mark.parametrize("command", ["log", "set", "snooze", "done", "show", "why"])
@pytest.mark.parametrize("data", [bytes(range(256)) * 9, "# Ada\n".encode("utf-16")])
@pytest.mark.parametrize("name", ["Ada", "people/Ada.md"])
def test_a_command_on_a_note_that_cannot_be_read_says_why(
    vault: VaultOnDisk, command: str, data: bytes, name: str
) -> None:
    vault.add("people/Ada.md", data)
    arguments = COMMANDS.get(command, [command, "Ada"])
    run = vault.run(arguments[0], name, *arguments[2:])
    assert run.code == 4 and "people/Ada.md: " in run.err and "no contact is called" not in run.err
    assert (vault.root / "people/Ada.md").read_bytes() == data


def test_a_note_that_is_read_and_is_no_contact_is_still_none(vault: VaultOnDisk) -> None:
    vault.add("Ada.md", "")
    assert vault.run("show", "Ada").code == 2


def test_a_link_to_a_note_of_the_vault_is_no_second_person(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    (vault.root / "people/Countess.md").symlink_to("Ada.md")
    assert [c["path"] for c in vault.json("contacts")] == ["people/Ada.md"]
    told = [(p["path"], p["severity"], p["code"]) for p in vault.json("check")["problems"]]
    assert told == [("people/Countess.md", "hint", "symlink")]
    (vault.root / "people/Ada.md").rename(vault.root / ".hidden.md")
    (vault.root / "people/Countess.md").unlink()
    (vault.root / "people/Countess.md").symlink_to("../.hidden.md")
    assert [c["path"] for c in vault.json("contacts")] == ["people/Countess.md"]
