"""Lines of the inbox: whom they mean is found or told as unclear, and never guessed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pytest import mark

from mdmentor.actions.edit import NoteEditor
from mdmentor.actions.inbox import Filing
from mdmentor.core.inbox import find_jottings, guess_name, propose
from mdmentor.vault import Vault
from tests.conftest import TODAY, VaultOnDisk
from tests.terminals import run_on_terminal

PEOPLE = {
    "ada": ["Ada"],
    "ada lovelace": ["Ada"],
    "[[ada]]": ["Ada"],
    "grace": ["Grace Hopper", "Grace Kelly"],
    "grace hopper": ["Grace Hopper"],
    "will": ["Will"],
    "mary": ["Mary"],
}


def read(words: str) -> tuple[tuple[str, ...], str, str, str, str]:
    """Who, day, channel, text and why not, for one line of an inbox."""
    (jotting,) = find_jottings(f"# Home\n\n## Inbox\n- {words}\n")
    told = propose(jotting, TODAY, lambda name: PEOPLE.get(name.lower(), []))
    return told.people, str(told.capture.day or ""), told.capture.channel, told.capture.text, told.why_not


@mark.parametrize(
    ("words", "people", "day", "channel", "text"),
    [
        ("coffee with Ada: how to open #got", ["Ada"], "", "coffee", "how to open #got"),
        ("coffee with ada: how to open", ["Ada"], "", "coffee", "how to open"),
        ("Ada called yesterday about the raise", ["Ada"], "2026-11-22", "called", "about the raise"),
        ("[[Ada]] lunch: plans", ["Ada"], "", "lunch", "plans"),
        ("[[Ada|the Countess]] lunch: plans", ["Ada"], "", "lunch", "plans"),
        ("tea with Ada and Grace Hopper last friday: x", ["Ada", "Grace Hopper"], "2026-11-20", "tea", "x"),
        ("**Ada** lunch: plans", ["Ada"], "", "lunch", "plans"),
        ("saw Ada and Mary at the fair last friday", ["Ada", "Mary"], "2026-11-20", "", "saw Ada and Mary at the fair"),
        ("emailed ada about it", ["Ada"], "", "", "emailed ada about it"),
        ("Ada: sent me the paper, says Mary", ["Ada"], "", "", "sent me the paper, says Mary"),
        ("spoke to Mary about Ada", ["Mary"], "", "", "spoke to Mary about Ada"),
    ],
)  # fmt: skip
def test_a_line_says_who_when_how_and_what(
    words: str, people: list[str], day: str, channel: str, text: str
) -> None:
    assert read(words) == (tuple(people), day, channel, text, "")


@mark.parametrize(
    ("words", "why_not"),
    [
        ("met Grace: asked her", '"Grace" matches 2 contacts'),
        ("bought milk", "no contact is named"),
        ("I will buy art", "no contact is named"),
        ("with Mary and then with Ada", "several people"),
        ("Ada", "nothing but a name"),
        ("will call Ada", "in the future"),
        ("tomorrow: lunch with Ada", "in the future"),
        ("[ ] call Ada", "in the future"),
        ("Ada will call", "in the future"),
        ("Ada: ask about the plan", "in the future"),
        ("Ada asked what happened yesterday", 'write it first: "yesterday: ..."'),
    ],
)
def test_what_is_not_clear_is_told_and_not_filed(words: str, why_not: str) -> None:
    assert why_not in read(words)[4]


def test_what_hangs_on_a_line_goes_with_it() -> None:
    found = find_jottings("## Inbox\n- lunch with Ada\n  - she said no\n- b\n\n## Other\n- c\n")
    assert [(j.line, j.last, j.words) for j in found] == [(2, 3, "lunch with Ada; she said no"), (4, 4, "b")]


def filled(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("people/Ada Lovelace.md", "# Ada Lovelace\n\n## Log\n\n- 2026-05-01 coffee\n")
    vault.add("people/Grace Hopper.md", "")
    vault.add("people/Grace Kelly.md", "")
    vault.add(
        "Home.md",
        "# Home\r\n\r\n## Inbox\r\n\r\n- coffee with Ada yesterday: plans #got\r\n- met Grace\r\n- milk\r\n",
    )
    return vault


def test_the_clear_lines_are_filed_and_the_others_stay(vault: VaultOnDisk) -> None:
    filled(vault)
    run = vault.run("inbox", "--yes", "--today", "2026-11-23")
    assert run.code == 0, run.err
    assert "people/Ada Lovelace.md:6: - 2026-11-22 coffee: plans #got" in run.out
    assert "people/Grace Hopper.md" in run.out and "people/Grace Kelly.md" in run.out
    assert vault.read("people/Ada Lovelace.md").endswith(
        "- 2026-05-01 coffee\n- 2026-11-22 coffee: plans #got\n"
    )
    assert vault.read("Home.md") == "# Home\r\n\r\n## Inbox\r\n\r\n- met Grace\r\n- milk\r\n"
    assert vault.run("undo").code == 0
    assert "coffee with Ada yesterday" in vault.read("Home.md")
    assert "plans" not in vault.read("people/Ada Lovelace.md")


def test_the_inbox_as_json_changes_nothing(vault: VaultOnDisk) -> None:
    filled(vault)
    told = vault.json("inbox")
    assert told["path"] == "Home.md"
    assert [line["clear"] for line in told["lines"]] == [True, False, False]
    assert told["lines"][0]["people"] == ["people/Ada Lovelace.md"]
    assert told["lines"][1]["candidates"] == ["people/Grace Hopper.md", "people/Grace Kelly.md"]
    assert "coffee with Ada" in vault.read("Home.md")


def test_without_a_yes_nothing_is_filed(vault: VaultOnDisk) -> None:
    filled(vault)
    before = vault.read("Home.md")
    assert vault.run("inbox").code == 0
    assert vault.read("Home.md") == before


def test_a_talk_without_words_is_proposed_without_a_colon_behind(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "")
    vault.add("Home.md", "## Inbox\n- lunch with Ada yesterday\n")
    assert "  people/Ada.md: 2026-11-22 lunch\n" in vault.run("inbox", "--today", "2026-11-23").out


def test_a_note_that_cannot_be_changed_keeps_its_line_and_stops_no_other(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add("people/Bad.md", b"caf\xe9\n")
    vault.add("Home.md", "## Inbox\n- tea with Bad: no\n- coffee with Ada: plans\n")
    run = vault.run("inbox", "--yes", "--today", "2026-11-23")
    assert run.code == 4
    assert "left there: people/Bad.md: byte 0xe9 in line 1 is not UTF-8" in run.out
    assert vault.read("Home.md") == "## Inbox\n- tea with Bad: no\n"
    assert vault.read("people/Ada Lovelace.md").endswith("- 2026-11-23 coffee: plans\n")


def test_a_run_is_one_edit_and_one_undo_takes_all_of_it_back(vault: VaultOnDisk) -> None:
    filled(vault)
    vault.add(
        "Home.md",
        "## Inbox\n- coffee with Ada: one\n- call with Grace Hopper yesterday: two\n- Ada, Grace Hopper: dinner\n"
        "- lunch with Ada yesterday: three\n- milk\n",
    )
    before = {str(f): f.read_bytes() for f in vault.root.rglob("*.md")}
    run = vault.run("inbox", "--yes", "--today", "2026-11-23")
    assert run.code == 0, run.err
    for line in run.out.splitlines():
        if line.startswith("people/"):
            path, number, text = line.split(":", 2)
            assert vault.read(path).splitlines()[int(number) - 1] == text.strip(), (
                "each line is told where it lies"
            )
    assert sum(line.startswith("people/") for line in run.out.splitlines()) == 5
    assert vault.read("Home.md") == "## Inbox\n- milk\n"
    run = vault.run("undo")
    assert run.out.splitlines() == [
        "undone: inbox: log Ada Lovelace, Grace Hopper",
        "people/Ada Lovelace.md",
        "Home.md",
        "people/Grace Hopper.md",
    ]
    assert {str(f): f.read_bytes() for f in vault.root.rglob("*.md")} == before
    assert vault.run("undo").out == "Nothing to undo.\n"
    assert vault.run("undo", "--redo").code == 0 and vault.read("Home.md") == "## Inbox\n- milk\n"


def test_lines_in_the_note_that_holds_the_inbox_are_filed_too(vault: VaultOnDisk) -> None:
    filled(vault)
    text = vault.read("people/Ada Lovelace.md")
    vault.add(
        "people/Ada Lovelace.md", f"{text}\n## Inbox\n\n- tea with Ada: one\n- call with Ada: two\n- milk\n"
    )
    (vault.root / "Home.md").unlink()
    assert vault.run("inbox", "--yes", "--today", "2026-11-23").code == 0
    assert vault.read("people/Ada Lovelace.md") == (
        f"{text}- 2026-11-23 tea: one\n- 2026-11-23 call: two\n\n## Inbox\n\n- milk\n"
    )


def at_the_terminal(vault: VaultOnDisk, *dialogue: tuple[str, str]) -> str:
    command = ("inbox", "--vault", str(vault.root), "--today", "2026-11-23")
    terminal = run_on_terminal(vault, command, dialogue)
    assert terminal.end() == 0, terminal.output
    return terminal.output


HOME = "# Home\n\n## Inbox\n\n- coffee with Ada: plans\n- lunch with Noor Siddiqui: hello\n- call with Ada: more\n"


def people_and_home(vault: VaultOnDisk, home: str = HOME) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("people/Ada.md", "# Ada\n")
    vault.add("Home.md", home)
    return vault


def test_c_creates_the_contact_that_a_line_names_and_one_undo_takes_the_run_back(vault: VaultOnDisk) -> None:
    people_and_home(vault)
    ask = "[q]uit"
    out = at_the_terminal(vault, (ask, "y\n"), (ask, "c\n"), ("Name", "\n"), (ask, "y\n"), (ask, "s\n"))
    assert "people/Noor Siddiqui.md" in out
    assert "- 2026-11-23 lunch: hello\n" in vault.read("people/Noor Siddiqui.md")
    assert "- 2026-11-23 coffee: plans\n" in vault.read("people/Ada.md")
    assert vault.read("Home.md") == "# Home\n\n## Inbox\n\n- call with Ada: more\n"
    assert vault.run("undo").code == 0
    assert vault.read("Home.md") == HOME and vault.read("people/Ada.md") == "# Ada\n"
    assert not (vault.root / "people/Noor Siddiqui.md").exists()
    assert vault.run("undo").out == "Nothing to undo.\n"
    assert vault.run("undo", "--redo").code == 0
    assert "lunch: hello" in vault.read("people/Noor Siddiqui.md")


def test_e_edits_the_words_s_skips_and_q_quits(vault: VaultOnDisk) -> None:
    people_and_home(vault)
    ask = "[q]uit"
    dialogue = [
        (ask, "e\n"),
        ("Words", "tea with Ada yesterday: other plans\n"),
        (ask, "\n"),
        (ask, "s\n"),
        (ask, "q\n"),
    ]
    at_the_terminal(vault, *dialogue)
    assert vault.read("people/Ada.md").endswith("- 2026-11-22 tea: other plans\n")
    assert vault.read("Home.md") == HOME.replace("- coffee with Ada: plans\n", "")


def test_a_terminal_asks_for_a_day_that_is_not_understood(vault: VaultOnDisk) -> None:
    home = "# Home\n\n## Inbox\n\n- 11/12 coffee with Ada: plans\n"
    people_and_home(vault, home)
    at_the_terminal(vault, ("[q]uit", "y\n"), ("On which day was it", "12 nov\n"))
    assert vault.read("people/Ada.md").endswith("- 2026-11-12 coffee: plans\n")


@mark.parametrize("when", ["11/12", "12/05/2026", "last summer", "31 feb"])
def test_a_line_with_a_day_that_is_not_understood_stays_and_the_command_says_so(
    vault: VaultOnDisk, when: str
) -> None:
    home = f"# Home\n\n## Inbox\n\n- {when} coffee with Ada: plans\n- call with Ada: x\n"
    people_and_home(vault, home)
    run = vault.run("inbox", "--yes", "--today", "2026-11-23")
    assert run.code == 2 and when in run.out
    assert vault.read("Home.md") == home.replace("- call with Ada: x\n", "")
    assert "call: x" in vault.read("people/Ada.md") and "plans" not in vault.read("people/Ada.md")


def test_a_plan_is_not_filed_as_a_talk(vault: VaultOnDisk) -> None:
    home = "# Home\n\n## Inbox\n\n- in 3 days: call with Ada\n"
    people_and_home(vault, home)
    assert "in the future" in vault.run("inbox", "--yes", "--today", "2026-11-23").out
    assert vault.read("Home.md") == home


def test_what_was_filed_as_json(vault: VaultOnDisk) -> None:
    people_and_home(vault)
    written = json.loads(vault.run("inbox", "--yes", "--json", "--today", "2026-11-23").out)["written"]
    assert [(w["path"], w["text"]) for w in written] == [
        ("people/Ada.md", "- 2026-11-23 coffee: plans"),
        ("people/Ada.md", "- 2026-11-23 call: more"),
    ]


@mark.parametrize(
    ("words", "name"),
    [
        ("lunch with Noor Siddiqui: hello", "Noor Siddiqui"),
        ("Met Jean-Luc O'Hara at the fair", "Jean-Luc O'Hara"),
        ("call [[Noor|N]] about it", "Noor"),
        ("Noor called", "Noor"),
        ("bought milk", ""),
        ("lunch with José: x", "José"),
    ],
)
def test_the_name_of_somebody_who_is_no_contact_yet_is_guessed(words: str, name: str) -> None:
    assert guess_name(words) == name


def test_a_first_name_that_a_contact_made_in_this_run_has_too_is_not_clear(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "")
    vault.add("Home.md", "## Inbox\n- tea with Ada: plans\n")
    with vault.queries() as queries:
        filing = Filing(NoteEditor(Vault(vault.root), queries))
        (line,) = filing.proposals
        assert line.people == ("people/Ada Lovelace.md",)
        made = filing.create("Ada Byron", datetime(2026, 11, 23, 12, tzinfo=UTC))
        assert filing.propose(line, "tea with Ada Byron: plans").people == (made,)
        assert set(filing.propose(line, "tea with Ada: plans").candidates) == {*line.people, made}
