"""Every command line of README.md and docs/ runs on the demo vault, and every help fits a terminal of 80 columns."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from mdmentor.cli.app import program
from mdmentor.sample import copy_template
from tests.conftest import TODAY, run_command

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHELL = {"", "sh", "bash", "shell", "console", "zsh", "text"}  # languages of a fenced block with commands

# Commands that are not run here, by their beginning, and why.
SKIPPED = {
    "git": "needs a repository with two clones; test_git.py types docs/git.md",
    "lsp": "speaks with an editor; test_lsp.py starts it",
    "merge-driver": "is called by git; test_git.py",
    "watch": "runs until stopped, or installs a service; test_watch.py and test_service.py",
}
# What stands in a document for a word of the reader's.
PLACEHOLDERS = {
    "NAME": "Marta",
    "NOTE": "Marta",
    "DIR": "a-folder",
    "import DIR": "~/.contacts/home",
    "FILE": "contacts.vcf",
    "DAY": "tomorrow",
    "A": "Ann Lee",
    "B": "Anne Lee",
    "merge A": "Jon Smith",
    "merge B": "John Smith",
}

# People and files that the documents speak of and that the demo does not have.
FILES = {
    "people/ada.md": "---\nname: Ada Lovelace\naliases: [Ada]\n---\n- [ ] send her the notes\n",
    "people/Grace.md": "---\nname: Grace Hopper\naliases: [Grace]\n---\n",
    "people/Ann Smith.md": "",
    "people/Ann Lee.md": "",
    "people/Anne Lee.md": '---\ndistinct_from: "[[Ann Lee]]"\n---\n',
    "people/Jon Smith.md": "---\nrole: cook\n---\n",
    "people/John Smith.md": "---\nrole: cook\n---\n",
    "contacts.vcf": "BEGIN:VCARD\nVERSION:4.0\nFN:Eve Moneypenny\nEND:VCARD\n",
    "contacts.csv": "First Name,Last Name,E-mail 1 - Value\nEve,Moneypenny,eve@example.org\n",
    "monica.json": json.dumps({"account": {"data": []}}),
    "home/.contacts/home/eve.vcf": "BEGIN:VCARD\nVERSION:4.0\nFN:Eve Moneypenny\nEND:VCARD\n",
}


Words = tuple[str, ...]  # the arguments of one call


@dataclass(frozen=True)
class Block:
    """Command lines to be run one after the other in one vault, and where they stand."""

    place: str
    calls: tuple[Words, ...]


def read_blocks(document: Path) -> Iterator[Block]:
    """The commands of each fenced block, and each one in backticks, in a table or in a sentence."""
    name, fence, block = document.relative_to(ROOT).as_posix(), None, list[Words]()
    text = document.read_text(encoding="utf-8").replace("\\\n", " ")
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r" *(```+|~~~+)(.*)", line)
        if fence is None and mark:
            fence, language, block = mark[1], mark[2].strip(), []
        elif fence is not None and mark and mark[1].startswith(fence) and not mark[2].strip():
            if block:
                yield Block(f"{name}:{number}", tuple(block))
            fence = None
        elif fence is not None:
            block += commands_of(line) if language in SHELL else []
        else:
            for quoted in re.findall(r"`((?:\S*/)?mdmentor [^`]+)`", line):
                yield Block(f"{name}:{number} {quoted}", tuple(commands_of(quoted.replace("\\|", "|"))))


def commands_of(line: str) -> list[Words]:
    """The calls of mdmentor in a line of a shell, without the prompt, the comment and what is piped to others."""
    if not re.search(r"(^|&&|;|\|)\s*(\S*/)?mdmentor(\s|$)", line.strip().removeprefix("$ ")):
        return []  # what a command prints need not read as a line of a shell
    lexer = shlex.shlex(line.strip().removeprefix("$ "), posix=True, punctuation_chars="&;|")
    lexer.whitespace_split = True
    calls, call = list[Words](), list[str]()
    for word in [*lexer, ";"]:
        if word.strip("&;|"):
            call.append(word)
            continue
        if call and call[0].rsplit("/", 1)[-1] == "mdmentor":
            calls.append(tuple(call[1:]))
        call = []
    return calls


BLOCKS = [block for document in DOCUMENTS for block in read_blocks(document)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("documents") / "vault"
    copy_template(root, TODAY, is_demo=True)
    (root / "people" / "Noor Siddiqui.md").unlink()  # a document makes this note
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On"])
    table.writerow(["Eve", "Moneypenny", "", "", "Alder Grid", "Analyst", "14 Oct 2026"])
    with zipfile.ZipFile(root / "linkedin.zip", "w") as archive:
        archive.writestr("Connections.csv", rows.getvalue())
    return root


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_the_command_lines_of_a_document_run(
    demo: Path, block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = tmp_path / "vault"
    shutil.copytree(demo, vault)
    monkeypatch.chdir(vault)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(vault / "home"))
    for call in block.calls:
        words = words_to_run(call)
        if words[:1] and words[0] in SKIPPED and words[-1] != "--help":
            continue
        monkeypatch.setattr(sys, "stdin", io.StringIO("coffee: how to open the raise talk\n"))
        run = run_command(tmp_path / "cache", *words)
        assert run.code in (0, 1), (words, run.err)
        assert "Traceback" not in run.err and "should not happen" not in run.err, (words, run.err)


def words_to_run(call: Words) -> list[str]:
    """The arguments, filled in. A command that is only named, without what it needs, has its help shown."""
    name = call[0] if call else ""
    words = [PLACEHOLDERS.get(f"{name} {word}", PLACEHOLDERS.get(word, word)) for word in call]
    words = [os.path.expanduser(word) for word in words]
    command = program.get_command(click.Context(program), name) if name[:1] not in ("", "-") else program
    assert command is not None, f"there is no command {name}"
    needs_more = isinstance(command, click.Group) or any(one.required for one in command.params)
    return [*words, "--help"] if needs_more and len(words) < 2 else words


def test_command_lines_are_found_in_blocks_tables_and_sentences() -> None:
    assert commands_of("$ pbpaste | mdmentor log ada - && .venv/bin/mdmentor next # today's") == [
        ("log", "ada", "-"),
        ("next",),
    ]
    assert commands_of('mdmentor log Ada "tea #got"') == [("log", "Ada", "tea #got")]
    assert commands_of("cd ~/notes; pip install mdmentor") == []
    assert commands_of("10:15 who's to be told: mdmentor next") == []
    assert len({block.place.split(":")[0] for block in BLOCKS}) >= 3 and len(BLOCKS) >= 40


def test_each_command_that_is_skipped_exists() -> None:
    context = click.Context(program)
    assert all(program.get_command(context, name) for name in SKIPPED)


def all_commands(group: click.Group, names: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield names
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from all_commands(command, (*names, name))
        else:
            yield (*names, name)


@pytest.mark.parametrize("columns", ["80", "200"])
@pytest.mark.parametrize("names", list(all_commands(program)), ids=" ".join)
def test_help_is_at_most_80_columns_wide(
    names: tuple[str, ...], columns: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    run = run_command(tmp_path, *names, "--help")
    assert run.code == 0 and run.out
    assert [line for line in run.out.splitlines() if len(line) > 80] == []
