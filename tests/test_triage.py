"""`triage`: people without a cadence or tier, one key each, on a real terminal and as a list."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import VaultOnDisk

TODAY = ("--today", "2026-11-23")
KEYS = "q quit: "
on_posix = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@pytest.fixture
def crowd(vault: VaultOnDisk) -> VaultOnDisk:
    """Four people to sort, Ann most spoken of, and three who need none."""
    vault.add("mdmentor.toml", '[me]\nemployer = ["Acme"]\n[tiers]\nwarm = "2 months"\n')
    vault.add(
        "people/Ann.md",
        "---\nname: Ann Smith\nrole: Analyst\ncompany: Acme\n---\n## Log\n- 2026-10-14 call: about *pay* #got\n- 2026-09-01 tea\n",
    )
    vault.add(
        "people/Bob.md",
        "Some words.\n\n## Log\n- 2026-11-01 lunch\n- 2026-11-02 secret plan #private\n- 2027-01-01 trip\n",
    )
    vault.add("people/Cleo.md", "---\nlast_contact: 2026-01-02\n---\n")
    vault.add(
        "people/Dora.md", "---\nconfidential: true\ncompany: Acme\n---\n## Log\n- 2026-11-01 call: hush\n"
    )
    vault.add("people/Eve.md", "---\ncadence: monthly\n---\n")
    vault.add("people/Fay.md", "---\ntier: close\n---\n")
    vault.add("people/Gus.md", "---\ncontact: never\n---\n")
    vault.add("people/Hal.md", "---\ncadence: none\n---\n")
    vault.add("ideas.md", "[[Ann]] and [[Ann]]\n[[Ann]]\n[[Dora]]\n")
    return vault


def names(vault: VaultOnDisk) -> list[str]:
    return [who["name"] for who in vault.json("triage")]


def test_those_most_spoken_of_come_first(crowd: VaultOnDisk) -> None:
    found = crowd.json("triage")
    assert [(who["name"], who["talks"], who["backlinks"]) for who in found] == [
        ("Ann Smith", 2, 2),
        ("Bob", 1, 0),
        ("Cleo", 0, 0),
        ("Dora", 0, 0),
    ]
    assert found[0]["last_contact"] == "2026-10-14" and found[0]["company"] == ["Acme"]
    assert found[0]["last_talk"] == {"date": "2026-10-14", "channel": "call", "text": "about *pay*"}
    assert found[0]["colleague"] and found[2]["last_contact"] == "2026-01-02"
    assert found[1]["last_contact"] == "2026-11-02" and found[1]["last_talk"]["channel"] == "lunch"


def test_of_a_confidential_contact_the_name_alone_is_shown(crowd: VaultOnDisk) -> None:
    dora = crowd.json("triage")[-1]
    assert dora.pop("path") == "people/Dora.md" and dora.pop("name") == "Dora" and dora.pop("confidential")
    assert not any(dora.values())
    assert "hush" not in crowd.run("triage", "--json").out + crowd.run("triage").out


def test_without_a_terminal_it_is_a_list(crowd: VaultOnDisk) -> None:
    run = crowd.run("triage", *TODAY)
    assert run.code == 0
    rows = [line.split("\t") for line in run.out.splitlines()]
    assert rows[0][:6] == ["Ann Smith", "2", "2", "2026-10-14", "Analyst, Acme", "people/Ann.md"]
    assert "secret" not in run.out and len(rows) == 4


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ({}, "there are no contacts yet"),
        ({"people/Eve.md": "---\ntier: warm\n---\n"}, "1 contact, each with a cadence or a tier"),
    ],
)
def test_it_says_so_where_nobody_is_to_be_sorted(
    vault: VaultOnDisk, notes: dict[str, str], words: str
) -> None:
    for path, text in notes.items():
        vault.add(path, text)
    run = vault.run("triage")
    assert run.code == 0 and words in run.out
    assert vault.json("triage") == []


@on_posix
class TestOnATerminal:
    @staticmethod
    def triage(vault: VaultOnDisk, *dialogue: tuple[str, str]) -> tuple[int, str]:
        from tests.terminals import run_on_terminal

        terminal = run_on_terminal(vault, ["triage", "--vault", str(vault.root), *TODAY], dialogue)
        return terminal.end(), terminal.output

    def test_one_key_each_is_written_into_the_note(self, crowd: VaultOnDisk) -> None:
        code, output = self.triage(crowd, (KEYS, "c"), (KEYS, "w"), (KEYS, "a"), (KEYS, "n"))
        assert code == 0
        assert "name: Ann Smith\nrole: Analyst\ncompany: Acme\ntier: close\n---\n" in crowd.read(
            "people/Ann.md"
        )
        assert crowd.read("people/Bob.md").startswith("---\ntier: warm\n---\nSome words.\n")
        assert "tier: casual\n" in crowd.read("people/Cleo.md")
        assert "contact: never\n" in crowd.read("people/Dora.md")
        assert "4 sorted, nobody left. Next: mdmentor next" in output
        assert names(crowd) == []
        assert max(map(len, output.splitlines())) <= 80

    def test_last_talk_and_company_stand_beside_the_name(self, crowd: VaultOnDisk) -> None:
        _, output = self.triage(crowd, (KEYS, "s"), (KEYS, "s"), (KEYS, "s"), (KEYS, "q"))
        assert (
            "Ann Smith, Analyst, Acme (4 left)\n"
            "  Works where you work: think before you confide.\n"
            "  Last talk 6 weeks ago, 2026-10-14 call: about pay\n"
            "  2 talks, linked from 2 lines\n"
        ) in output
        assert "  w warm: every 2 months\n" in output
        assert "Last contact 11 months ago, 2026-01-02" in output
        assert "hush" not in output and "secret" not in output

    def test_it_can_be_left_and_gone_on_with_and_the_skipped_come_last(self, crowd: VaultOnDisk) -> None:
        code, output = self.triage(crowd, (KEYS, "s"), (KEYS, "c"), (KEYS, "q"))
        assert code == 0 and "1 sorted, 3 left; go on with: mdmentor triage" in output
        assert "tier: close" in crowd.read("people/Bob.md") and "tier" not in crowd.read("people/Ann.md")
        assert names(crowd) == ["Cleo", "Dora", "Ann Smith"]
        _, output = self.triage(crowd, ("Cleo", "a"), ("Dora", "a"), ("Ann Smith", "a"))
        assert "3 sorted, nobody left" in output

    def test_the_skipped_come_once_more_in_the_same_session(self, crowd: VaultOnDisk) -> None:
        _, output = self.triage(
            crowd,
            ("Ann Smith", "s"),
            ("Bob", "c"),
            ("Cleo", "c"),
            ("Dora", "c"),
            ("Ann Smith", "s"),
            ("3 sorted, 1 left", ""),
        )
        assert output.count("Ann Smith") == 2

    def test_each_step_is_one_undo(self, crowd: VaultOnDisk) -> None:
        before = {path: crowd.read(f"people/{path}.md") for path in ("Ann", "Bob")}
        self.triage(crowd, (KEYS, "c"), (KEYS, "w"), (KEYS, "q"))
        assert crowd.run("undo").code == 0
        assert crowd.read("people/Bob.md") == before["Bob"] and crowd.read("people/Ann.md") != before["Ann"]
        assert crowd.run("undo").code == 0
        assert crowd.read("people/Ann.md") == before["Ann"]

    def test_u_takes_back_answers_and_skips(self, crowd: VaultOnDisk) -> None:
        before = crowd.read("people/Ann.md")
        _, output = self.triage(
            crowd,
            ("Ann Smith", "u"),
            ("nothing to undo", "c"),
            ("Bob", "s"),
            ("Cleo", "u"),
            ("Bob", "u"),
            ("Ann Smith again", "q"),
        )
        assert crowd.read("people/Ann.md") == before
        assert "0 sorted, 4 left" in output and names(crowd)[:2] == ["Ann Smith", "Bob"]

    def test_u_leaves_an_edit_of_somebody_else_alone(self, crowd: VaultOnDisk) -> None:
        from tests.terminals import Terminal

        terminal = Terminal(crowd.cache, "triage", "--vault", str(crowd.root), *TODAY)
        terminal.wait_for("Ann Smith")
        terminal.type("c")
        terminal.wait_for("Bob")
        assert crowd.run("set", "Cleo", "role", "Singer").code == 0
        terminal.type("u")
        terminal.wait_for("left as it is: the last edit is not that one any more")
        terminal.type("q")
        assert terminal.end() == 0
        assert "role: Singer" in crowd.read("people/Cleo.md") and "tier: close" in crowd.read("people/Ann.md")

    def test_a_note_that_changes_meanwhile_keeps_what_was_written(self, crowd: VaultOnDisk) -> None:
        from tests.terminals import Terminal

        terminal = Terminal(crowd.cache, "triage", "--vault", str(crowd.root), *TODAY)
        terminal.wait_for("Ann Smith")
        crowd.add("people/Ann.md", "---\ntier: casual\n---\n")
        crowd.add("people/Bob.md", "---\ncadence: weekly\n---\n")
        (crowd.root / "people/Cleo.md").unlink()
        terminal.type("c")
        terminal.wait_for("left as it is: the note was changed meanwhile")
        terminal.wait_for("people/Cleo.md: the note is gone")
        terminal.wait_for("Dora")
        terminal.type("w")
        assert terminal.end() == 0
        assert crowd.read("people/Ann.md") == "---\ntier: casual\n---\n"
        assert crowd.read("people/Bob.md") == "---\ncadence: weekly\n---\n"
        assert "tier: warm" in crowd.read("people/Dora.md")

    def test_a_note_that_cannot_be_changed_is_left_and_the_next_one_comes(self, crowd: VaultOnDisk) -> None:
        crowd.add("people/Ann.md", b"---\nname: Ann\xff\n---\n[[Bob]]\n")
        before = (crowd.root / "people/Ann.md").read_bytes()
        crowd.add("many.md", "[[Ann]]\n\n" * 5)
        code, output = self.triage(crowd, ("(4 left)", "c"), ("left as it is", ""), ("Bob", "q"))
        assert code == 0 and (crowd.root / "people/Ann.md").read_bytes() == before
        assert "0 sorted, 4 left" in output

    @pytest.mark.parametrize(("key", "code"), [("\x04", 0), ("\x03", 130)], ids=["end of input", "Ctrl-C"])
    def test_it_ends_where_input_ends_and_what_was_said_is_kept(
        self, crowd: VaultOnDisk, key: str, code: int
    ) -> None:
        from tests.terminals import run_on_terminal

        terminal = run_on_terminal(
            crowd, ["triage", "--vault", str(crowd.root), *TODAY], [("Ann Smith", "c"), ("Bob", "")]
        )
        assert terminal.end(key) == code
        output = terminal.output
        assert "1 sorted, 3 left; go on with: mdmentor triage" in output
        assert "tier: close" in crowd.read("people/Ann.md") and "Traceback" not in output

    def test_other_keys_do_nothing(self, crowd: VaultOnDisk) -> None:
        self.triage(crowd, ("Ann Smith", "\n\x1b[A\x1bOC\x1b[1;5Cx7 éC"), ("Bob", "\x1b[Cq"))
        assert "tier: close" in crowd.read("people/Ann.md") and "tier" not in crowd.read("people/Bob.md")

    def test_keys_typed_ahead_are_taken_in_turn(self, crowd: VaultOnDisk) -> None:
        self.triage(crowd, ("Ann Smith", "cwaq"))
        assert [
            f"tier: {tier}" in crowd.read(f"people/{who}.md")
            for who, tier in (("Ann", "close"), ("Bob", "warm"), ("Cleo", "casual"))
        ] == [True] * 3

    def test_a_contact_key_that_holds_an_address_is_kept(self, vault: VaultOnDisk) -> None:
        vault.add("people/Ann.md", "---\ncontact: ann@example.org\n---\n")
        self.triage(vault, ("Ann", "n"))
        assert vault.read("people/Ann.md") == "---\ncontact: ann@example.org\npaused: true\n---\n"
        assert vault.json("triage") == []

    def test_json_is_printed_on_a_terminal_too(self, crowd: VaultOnDisk) -> None:
        from tests.terminals import Terminal

        terminal = Terminal(crowd.cache, "triage", "--json", "--vault", str(crowd.root), *TODAY)
        assert terminal.end() == 0 and terminal.output.startswith("[{")
