"""The commands: shapes of JSON, exit codes, names that are never guessed, and help worth reading."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from mdmentor.cli import main
from mdmentor.cli.app import COMMANDS, program
from tests.conftest import VaultOnDisk

READING = ["next", "contacts", "mentors", "promises", "dates", "links", "topics", "check", "status"]
NAMED = ["why", "show", "backlinks", "related"]


@pytest.fixture
def people(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add(
        "people/Ada Lovelace.md",
        '---\naliases: [Countess]\nemail: ada@example.org\ncompany: "[[Engines]]"\ncadence: 6 weeks\nbirthday: 1815-12-10\n'
        "helps_with: [raise]\nsource: coworker\n---\n# Ada Lovelace\n\n## Log\n\n"
        "- 2026-10-14 call: asked how to open the raise talk, see [[Ask for a raise]] #got\n"
        "- 2026-05-01 coffee\n\n- [ ] send the paper 📅 2026-11-25\n",
    )
    vault.add("people/Grace Hopper.md", "---\ntags: [person]\n---\n")
    vault.add("people/Grace Kelly.md", "---\ncontact: never\n---\n")
    vault.add(
        "posts/Ask for a raise.md",
        "---\ntopics: [raise]\n---\nAsk [[Ada Lovelace]] or [[Countess]] or [[Nobody]].\n",
    )
    vault.add("journal/2026-11-01.md", "- tea with [[Grace Hopper]] about [[Ask for a raise]]\n")
    return vault


def test_next_is_a_list_with_reasons_posts_and_an_opener(people: VaultOnDisk) -> None:
    told = people.json("next")
    assert told["today"] == "2026-11-23"
    first = told["suggestions"][0]
    assert first["path"] == "people/Ada Lovelace.md"
    assert {r["kind"] for r in first["reasons"]} >= {"promise", "thanks"}
    assert first["score"] == sum(r["points"] for r in first["reasons"])
    assert first["posts"] == ["posts/Ask for a raise.md"]
    assert first["last_contact"] == "2026-10-14"
    assert first["cadence_days"] == 42
    assert first["opener"]
    assert told["excluded"]["paused"] == 1
    assert isinstance(told["also_due"], int)


def test_next_takes_a_number_and_a_topic(people: VaultOnDisk) -> None:
    assert len(people.json("next", "-n", "1")["suggestions"]) == 1
    assert [s["name"] for s in people.json("next", "--topic", "#Raise")["suggestions"]] == ["Ada Lovelace"]
    assert people.json("next", "--topic", "cooking")["suggestions"] == []


def test_why_tells_of_anybody_listed_or_not(people: VaultOnDisk) -> None:
    listed = people.json("why", "ada")
    assert listed["listed"] is True and listed["not_listed_because"] == []
    other = people.json("why", "Grace Kelly")
    assert other["listed"] is False and other["not_listed_because"]


def test_show_has_the_whole_shape(people: VaultOnDisk) -> None:
    told = people.json("show", "countess")
    assert set(told) >= {
        "path", "name", "aliases", "tags", "email", "phone", "company", "role", "source", "cadence_days", "last_contact", "due",
        "snooze", "paused", "mentor", "helps_with", "birthday", "colleague", "confidential", "interactions", "promises", "posts",
    }  # fmt: skip
    assert told["interactions"][-1] == {
        "date": "2026-10-14",
        "channel": "call",
        "text": "asked how to open the raise talk, see [[Ask for a raise]]",
        "marks": ["got"],
        "path": "people/Ada Lovelace.md",
        "line": 14,
    }
    assert told["promises"][0]["due"] == "2026-11-25"
    assert told["birthday"] == "1815-12-10"
    assert told["company"] == ["Engines"]


def test_links_have_their_places(people: VaultOnDisk) -> None:
    told = people.json("links", "posts/Ask for a raise.md")
    assert told[0] == {
        "source": "posts/Ask for a raise.md", "line": 4, "column": 5, "kind": "wikilink", "raw": "[[Ada Lovelace]]",
        "target": "people/Ada Lovelace.md", "fragment": "", "text": "Ada Lovelace",
    }  # fmt: skip
    assert [link["target"] for link in told[1:]] == [None, None]


def test_backlinks_carry_the_line_around_the_link(people: VaultOnDisk) -> None:
    told = people.json("backlinks", "Grace Hopper")
    assert told == [
        {
            "source": "journal/2026-11-01.md",
            "line": 1,
            "context": "- tea with [[Grace Hopper]] about [[Ask for a raise]]",
            "title": "2026-11-01",
        }
    ]


def test_related_says_why(people: VaultOnDisk) -> None:
    told = people.json("related", "Ask for a raise")
    assert told[0]["path"] == "people/Ada Lovelace.md"
    assert "people/Grace Hopper.md" in [r["path"] for r in told]
    assert told[0]["kind"] == "contact"
    assert any("link" in reason for reason in told[0]["reasons"])


def test_check_says_so_where_no_note_was_taken_for_a_contact(vault: VaultOnDisk) -> None:
    vault.add("Ann.md", "words\n")
    run = vault.run("check")
    assert run.code == 0 and "no problems" in run.err and "no note counts as a contact" in run.err
    vault.add("people/Bob.md", "")
    assert "no note was taken" not in vault.run("check").err


def test_check_prints_problems_as_compilers_do_and_fails_on_warnings(people: VaultOnDisk) -> None:
    run = people.run("check")
    assert run.code == 1, "a link by an alias is a warning"
    assert "write [[Ada Lovelace|Countess]]" in run.out
    place = r"[^:]+:\d+:\d+: (error|warning|hint): [^;]+; .+"
    assert run.out.strip() and all(re.fullmatch(place, line) for line in run.out.splitlines()), run.out
    assert people.run("check", "--severity", "error").code == 0, "only what is asked for counts"
    assert people.run("check", "--severity", "hint").code == 1
    assert people.run("check", "--json").code == 1
    people.add("people/Bad.md", b"\xff")
    told = people.json("check")["problems"]
    assert told[0]["severity"] == "error" and told[0]["path"] == "people/Bad.md"
    assert set(told[0]) == {"path", "line", "column", "severity", "code", "what", "fix"}
    assert people.run("check").code == 1


def test_two_people_of_one_name_are_listed_and_never_guessed(people: VaultOnDisk) -> None:
    run = people.run("show", "grace")
    assert run.code == 2
    assert run.out == ""
    assert "Grace Hopper" in run.err and "Grace Kelly" in run.err


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "ada",
        "LOVELACE",
        "Countess",
        "people/Ada Lovelace.md",
        "people/Ada Lovelace",
        "[[Ada Lovelace]]",
    ],
)
def test_a_person_is_named_in_any_way_that_is_unambiguous(people: VaultOnDisk, name: str) -> None:
    assert people.json("show", name)["path"] == "people/Ada Lovelace.md"


def test_an_unknown_name_gets_the_nearest_one(people: VaultOnDisk) -> None:
    run = people.run("show", "Ada Lovelac e")
    assert run.code == 2 and 'did you mean "Ada Lovelace"?' in run.err


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_answers_in_json_and_in_words(people: VaultOnDisk, command: str) -> None:
    people.json(command)
    run = people.run(command, "--today", "2026-11-23")
    assert run.code == (1 if command == "check" else 0), "a link by an alias is a warning"


@pytest.mark.parametrize("command", READING)
def test_every_reading_command_has_words_for_an_empty_vault(vault: VaultOnDisk, command: str) -> None:
    vault.json(command)
    run = vault.run(command)
    assert run.code == 0
    assert run.out + run.err


def test_reading_commands_write_nothing_into_the_vault(people: VaultOnDisk) -> None:
    before = {f: f.read_bytes() for f in people.root.rglob("*") if f.is_file()}
    for command in READING:
        people.run(command)
    for command in NAMED:
        people.run(command, "Ada Lovelace")
    people.run("search", "raise")
    assert {f: f.read_bytes() for f in people.root.rglob("*") if f.is_file()} == before


def test_no_vault_is_exit_3_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MDMENTOR_VAULT", raising=False)
    assert main(["next"]) == 3
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "mdmentor init" in err


@pytest.mark.parametrize(
    "arguments", [["nxt"], ["next", "--no"], ["show"], ["next", "-n", "0"], ["next", "--today", "someday"]]
)
def test_wrong_usage_is_exit_2(people: VaultOnDisk, arguments: list[str]) -> None:
    assert people.run(*arguments).code == 2


def test_the_vault_may_be_named_before_the_command(
    people: VaultOnDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MDMENTOR_CACHE", str(people.cache))
    monkeypatch.chdir(tmp_path)
    vault, nowhere = str(people.root), str(tmp_path / "nowhere")
    assert main(["--vault", vault, "show", "ada"]) == 0
    assert main(["--vault", nowhere, "show", "ada", "--vault", vault]) == 0  # the nearer one wins
    assert main(["--vault", vault, "git", "status"]) == main(["git", "--vault", vault, "status"]) == 0
    assert main(["--vault", nowhere, "show", "ada"]) == 3
    shell = BashComplete(program, {}, "mdmentor", "_MDMENTOR_COMPLETE")
    assert [item.value for item in shell.get_completions(["--vault", vault, "log"], "ad")] == ["Ada Lovelace"]
    capsys.readouterr()
    assert main(["--vault", nowhere, "demo"]) == 2
    assert f"demo takes no --vault; write: mdmentor demo {nowhere}" in capsys.readouterr().err


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_with_an_example_and_is_in_the_documents(name: str) -> None:
    import click

    command = program.get_command(click.Context(program), name)
    assert command is not None and command.help
    assert "Example" in command.help and f"mdmentor {name}" in command.help
    root = Path(__file__).parent.parent
    for document in ("README.md", "docs/commands.md"):
        assert f"`{name}`" in (root / document).read_text(encoding="utf-8")


def test_plain_output_has_no_colour_and_no_control_characters(people: VaultOnDisk) -> None:
    people.add(
        "people/Evil.md", '---\nname: "Evil\\e[31m\\u202e name"\n---\n## Log\n- 2020-01-01 \x1b[2Jtext\n'
    )
    for command in ("next", "contacts", "check"):
        run = people.run(command)
        assert "\x1b" not in run.out and "\u202e" not in run.out


def test_a_closed_pipe_ends_quietly(people: VaultOnDisk) -> None:
    for number in range(3000):
        people.add(f"n{number // 500}/x{number}.md", "[[Ada Lovelace]]\n")
    environment = {**os.environ, "MDMENTOR_CACHE": str(people.cache)}
    command = [sys.executable, "-m", "mdmentor", "links", "--vault", str(people.root)]
    run = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None and run.stderr is not None
    run.stdout.readline()
    run.stdout.close()
    assert run.stderr.read() == b""
    assert run.wait() == 0


def test_init_in_an_empty_folder_makes_a_vault_that_reads_without_errors(tmp_path: Path) -> None:
    vault = VaultOnDisk(tmp_path / "new", tmp_path / "cache")
    assert main(["init", str(vault.root)]) == 0
    assert vault.run("check", "--severity", "warning").code == 0
    report = vault.reindex()
    assert report.contacts == 3 and report.posts == 6


def test_init_in_a_folder_with_notes_adds_the_settings_alone(vault: VaultOnDisk) -> None:
    vault.add("Menschen/Ada.md", "---\ntags: [person]\n---\n")
    vault.add("CRM/Grace.md", "x")
    before = {f.name for f in vault.root.rglob("*")}
    os.environ["MDMENTOR_CACHE"] = str(vault.cache)
    try:
        assert main(["init", str(vault.root)]) == 0
        assert {f.name for f in vault.root.rglob("*")} - before == {"mdmentor.toml"}
        assert 'folders = ["crm"]' in vault.read("mdmentor.toml")
        kept = vault.read("mdmentor.toml")
        assert main(["init", str(vault.root)]) == 0
        assert vault.read("mdmentor.toml") == kept
    finally:
        del os.environ["MDMENTOR_CACHE"]


def test_demo_makes_a_vault_and_names_whom_to_reach_out_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDMENTOR_CACHE", str(tmp_path / "cache"))
    assert main(["demo", str(tmp_path / "demo")]) == 0
    told = capsys.readouterr().out
    assert "1. " in told and "3. " in told
    assert (tmp_path / "demo" / "reach-out" / "Reach out next.md").is_file()
    assert main(["demo", str(tmp_path / "demo")]) == 0


def test_reindex_tells_its_report(people: VaultOnDisk) -> None:
    run = people.run("reindex", "--json", "--today", "2026-11-23")
    told = json.loads(run.out)
    assert set(told) >= {
        "notes",
        "contacts",
        "posts",
        "added",
        "changed",
        "removed",
        "pages_written",
        "problems",
        "seconds",
    }
    assert (told["notes"], told["contacts"], told["posts"], told["added"]) == (5, 3, 1, 5)
    assert "reach-out/Reach out next.md" in told["pages"] and told["pages_written"] == len(told["pages"])


def test_check_of_reindex_writes_nothing_and_exits_1_when_a_page_is_stale(people: VaultOnDisk) -> None:
    assert people.run("reindex", "--check", "--today", "2026-11-23").code == 1
    assert not (people.root / "reach-out").exists()
    people.run("reindex", "--today", "2026-11-23")
    assert people.run("reindex", "--check", "--today", "2026-11-23").code == 0
    people.add("people/Ada Lovelace.md", "changed\n")
    assert people.run("reindex", "--check", "--today", "2026-11-23").code == 1


@pytest.mark.parametrize(
    ("arguments", "begin", "wanted"),
    [
        (["log"], "ad", ["Ada Lovelace"]),
        (["log"], "Ada, grace", ["Ada, Grace Hopper", "Ada, Grace Kelly"]),
        (["snooze"], "countess", ["Countess"]),
        (["done"], "Ada, grace", []),
        (["rename"], "ask", ["Ask for a raise"]),
        (["set", "ada"], "cad", ["cadence"]),
    ],
)
def test_the_shell_completes_names_and_keys(
    people: VaultOnDisk, monkeypatch: pytest.MonkeyPatch, arguments: list[str], begin: str, wanted: list[str]
) -> None:
    people.run("contacts")
    monkeypatch.setenv("MDMENTOR_CACHE", str(people.cache))
    monkeypatch.chdir(people.root)
    (people.root / ".obsidian").mkdir()
    shell = BashComplete(program, {}, "mdmentor", "_MDMENTOR_COMPLETE")
    assert [item.value for item in shell.get_completions(arguments, begin)] == wanted


def test_everybody_in_one_list_is_told_as_each_of_them_alone(people: VaultOnDisk) -> None:
    told = people.json("contacts")
    assert len(told) == 3
    assert told == [people.json("show", person["path"]) for person in told]
    assert told[0]["posts"] == ["posts/Ask for a raise.md"]


def test_a_list_is_printed_one_entry_a_line(people: VaultOnDisk) -> None:
    first, *entries, last = people.run("contacts", "--json").out.splitlines()
    assert json.loads(first[1:].rstrip(","))["name"] == "Ada Lovelace"
    assert [json.loads(line.rstrip(","))["name"] for line in entries] == ["Grace Hopper"]
    assert json.loads(last[:-1])["name"] == "Grace Kelly"
    assert people.run("backlinks", "Grace Kelly", "--json").out == "[]\n"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (["show", "Ada"], ["Ada\\ Lovelace"]),
        (["show", '"Ada'], ["Ada Lovelace"]),
        (["set", "Ada\\ Lovelace", "cad"], ["cadence"]),
        (["backl"], ["backlinks"]),
    ],
)
def test_bash_gets_a_name_of_several_words_as_one(
    people: VaultOnDisk, typed: list[str], wanted: list[str]
) -> None:
    program_file = Path(sys.executable).parent / "mdmentor"
    if not program_file.exists() or not Path("/bin/bash").exists():
        pytest.skip("bash or the installed program is not here")
    people.run("contacts")
    script = (
        'eval "$(_MDMENTOR_COMPLETE=bash_source mdmentor)"; COMP_WORDS=(mdmentor "$@"); COMP_CWORD=$#;'
        ' COMPREPLY=(); _mdmentor_completion mdmentor; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "MDMENTOR_CACHE": str(people.cache), "MDMENTOR_VAULT": str(people.root)}
    environment["PATH"] = f"{program_file.parent}{os.pathsep}{environment['PATH']}"
    run = subprocess.run(
        ["/bin/bash", "-c", script, "bash", *typed],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines() == wanted


def test_the_documents_have_the_line_for_each_shell(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parent.parent / "docs" / "commands.md").read_text(encoding="utf-8")
    assert main(["completion"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert len(lines) == 3
    assert all(f"`{line}`" in text.replace("\\|", "|") for line in lines)


@pytest.mark.parametrize("command", ["why", "show", "links", "backlinks", "related"])
def test_a_name_of_several_words_needs_no_quotes(people: VaultOnDisk, command: str) -> None:
    told = people.run(command, "ada", "lovelace", "--json")
    assert (told.code, told.out) == (0, people.run(command, "Ada Lovelace", "--json").out)
    assert people.run(command, "Ada", "Nobody").code == 2


def test_demo_leaves_a_vault_of_ones_own_alone(
    people: VaultOnDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    (people.root / "mdmentor.toml").write_text("")
    assert main(["demo", str(people.root)]) == 4
    assert "is a vault of your own, not a sample; name a new folder" in capsys.readouterr().err
    assert not (people.root / "reach-out").exists()


def test_many_hints_are_summed_up_by_kind(vault: VaultOnDisk) -> None:
    vault.add("a.md", "[[Nowhere]]\n" * 120)
    vault.add("b.md", "---\ntags: one\n---\n")
    vault.add("c.md", "---\nrole: a\nrole: b\n---\n")
    told = vault.run("check")
    assert told.code == 1
    assert [line.split(";")[0] for line in told.out.splitlines()] == [
        'c.md:3:1: error: key "role" appears twice, first in line 2',
        'a.md:1:1: hint: no note named "Nowhere"',
        'b.md:2:7: hint: tags "one" is one text, which other programs do not read',
    ]
    assert told.out.splitlines()[1].endswith("as a placeholder (and 119 more missing-note)")
    assert told.err == (
        "mdmentor: some hints are summed up; for all of them: mdmentor check --severity hint\n"
        "mdmentor: 1 error, 121 hints\n"
    )
    assert len(vault.run("check", "--severity", "hint").out.splitlines()) == 122
    assert len(vault.json("check")["problems"]) == 122


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("command", ["--help", "--version", "contacts", "next"])
def test_what_cannot_be_printed_is_told_by_the_exit_code(people: VaultOnDisk, command: str) -> None:
    environment = {**os.environ, "MDMENTOR_VAULT": str(people.root), "MDMENTOR_CACHE": str(people.cache)}
    for _ in range(2):  # the second `next` is given from what was kept
        with open("/dev/full", "w") as nowhere:
            told = subprocess.run(
                [sys.executable, "-m", "mdmentor", command],
                env=environment,
                stdout=nowhere,
                stderr=subprocess.PIPE,
            )
        assert told.returncode == 5


def test_show_names_the_day_somebody_was_met_and_a_talk_without_words(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nmet: at a fair on 2019-03-04\n---\n- 2026-11-01 tea\n")
    vault.add("people/Bob.md", "---\nmet: 2019-03-04\n---\n")
    out = vault.run("show", "Ada").out
    assert "Met: at a fair, 2019-03-04\n" in out and "  - 2026-11-01 tea\n" in out
    assert "Met: 2019-03-04\n" in vault.run("show", "Bob").out


def test_show_says_who_is_snoozed_or_never_suggested(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nsnooze: 2027-01-05\n---\n")
    vault.add("people/Bob.md", "---\ncontact: never\nsnooze: 2027-01-05\n---\n")
    vault.add("people/Eve.md", "---\nsnooze: 2026-11-23\n---\n")
    day = ("--today", "2026-11-23")
    assert "Snoozed: until 5 Jan 2027" in vault.run("show", "Ada", *day).out
    bob = vault.run("show", "Bob", *day).out
    assert "Never suggested." in bob and "Snoozed" not in bob
    assert "Snoozed" not in vault.run("show", "Eve", *day).out


def test_show_private_shows_a_confidential_note_of_one_field(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nconfidential: true\nrole: pilot\n---\n")
    assert "pilot" not in vault.run("show", "Ada").out
    assert "Work: pilot" in vault.run("show", "Ada", "--private").out
