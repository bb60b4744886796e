"""A kept answer is given only where computing would give the same one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import mdmentor
from mdmentor.cli.hands import log
from mdmentor.cli.next_list import next_
from mdmentor.cli.quick import Asked, read_plain, read_plain_log, read_plain_reindex
from mdmentor.cli.upkeep import reindex
from mdmentor.glance import glance
from mdmentor.index import Index
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk

LONG_AGO = time.time_ns() - 10**12  # files of that age are not looked at twice


def settle(vault: VaultOnDisk) -> None:
    """Makes all files old, so that their stamps count at once."""
    for file in vault.root.rglob("*"):
        if file.is_file() and file.stat().st_mtime_ns > LONG_AGO:
            os.utime(file, ns=(LONG_AGO, LONG_AGO))


def is_current(vault: VaultOnDisk) -> bool:
    index = Index(vault.root.resolve(), vault.cache)
    try:
        return glance(Vault(vault.root.resolve()), index, vault.today).is_current
    finally:
        index.close()


def wait_until_current(vault: VaultOnDisk) -> None:
    """Asks until stamps are old enough to be trusted."""
    for _ in range(60):
        vault.reindex()
        if is_current(vault):
            return
        time.sleep(0.1)
    raise AssertionError("the index never settles")


def ask(vault: VaultOnDisk, *words: str) -> str:
    return vault.run("next", *words, "--today", vault.today.isoformat()).out


PEOPLE = ["Ada", "Bea", "Cem"]
LOGS = ["", "- 2026-11-20 call\n", "- 2026-01-01 tea: about tea #got\n", "- [ ] send it 📅 2026-11-24\n"]
QUESTIONS = [(), ("--json",), ("-n", "1"), ("--topic", "tea"), ("--json", "--topic", "none")]


class Asking(RuleBasedStateMachine):
    """Edits and questions in any order: every answer is that of an index made from nothing."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(name=st.sampled_from(PEOPLE), log=st.sampled_from(LOGS), topic=st.booleans())
    def write(self, name: str, log: str, topic: bool) -> None:
        head = "---\nhelps_with: [tea]\n---\n" if topic else ""
        self.vault.add(f"people/{name}.md", f"{head}## Log\n{log}")

    @rule(name=st.sampled_from(PEOPLE))
    def remove(self, name: str) -> None:
        (self.vault.root / f"people/{name}.md").unlink(missing_ok=True)

    @rule(text=st.sampled_from(["", "[reach_out]\nper_day = 1\n", '[me]\nemployer = ["X"]\n', "broken"]))
    def change_settings(self, text: str) -> None:
        self.vault.add("mdmentor.toml", text)

    @rule(day=st.sampled_from([date(2026, 11, 23), date(2026, 11, 24)]))
    def another_day(self, day: date) -> None:
        self.vault.today = day

    @rule()
    def reindex(self) -> None:
        self.vault.reindex()

    @rule()
    def grow_old(self) -> None:
        settle(self.vault)

    @invariant()
    def an_answer_is_the_computed_one(self) -> None:
        for question in QUESTIONS:
            fresh = VaultOnDisk(self.vault.root, self.folder / "fresh")
            fresh.today = self.vault.today
            shutil.rmtree(fresh.cache, ignore_errors=True)
            told = ask(fresh, *question)
            assert ask(self.vault, *question) == told
            assert ask(self.vault, *question) == told


TestAsking = Asking.TestCase
TestAsking.settings = settings(
    max_examples=12, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_answer_is_kept_and_given_again(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    wait_until_current(vault)
    told = ask(vault)
    index = Index(vault.root.resolve(), vault.cache)
    index.sql.execute("UPDATE kept SET text = replace(text, 'Ada', 'Eve')")  # so that one can tell
    index.close()
    assert ask(vault) == told.replace("Ada", "Eve")
    vault.add("people/Bea.md", "")
    assert "Eve" not in ask(vault)


@pytest.mark.parametrize("change", ["note", "settings", "attachment", "day", "page", "picture", "edit"])
def test_a_run_with_nothing_to_do_is_told_from_one_with(vault: VaultOnDisk, change: str) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    wait_until_current(vault)
    day = ["--today", "2026-11-23"]
    assert "Every page was up to date." in vault.run("reindex", *day).out
    if change == "note":
        vault.add("people/Bea.md", "")
    elif change == "settings":
        vault.add("mdmentor.toml", "[pages]\nfolder = 'pages'\n")
    elif change == "attachment":
        vault.add("picture.png", b"png")
        vault.add("people/Ada.md", "![[picture.png]]\n")
    elif change == "day":
        day = ["--today", "2026-11-30"]
    elif change == "page":
        (vault.root / "reach-out/Dates.md").unlink()
    elif change == "picture":
        (vault.root / "reach-out/network.svg").write_text("<svg>generated-by: mdmentor</svg>")
    else:
        (vault.root / "people/Ada.md").write_text("## Log\n- 2026-11-22 tea\n")
    assert "Every page was up to date." not in vault.run("reindex", *day).out
    assert vault.reindex().pages_written == [] or change == "day"


def test_a_damaged_index_heals_on_the_short_way_too(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    wait_until_current(vault)
    told = ask(vault)
    file = next(vault.cache.glob("*.sqlite"))
    file.write_bytes(file.read_bytes()[:5000] + os.urandom(3000))
    assert ask(vault) == told


words = st.lists(
    st.sampled_from(
        ["--json", "-n", "3", "0", "101", "--topic", "tea", "-x", "", "--today", "2026-11-23", "2026-W47-1", "today",
         "--vault", "--vault=x", "-n3", "a b", "２", "--", "--help"]
    ),
    max_size=7,
)  # fmt: skip


@given(words)
@example(["-n", "--json", "3"])
@settings(max_examples=200)
def test_a_plain_question_is_read_as_the_command_line_reads_it(rest: list[str]) -> None:
    asked = read_plain(["next", *rest])
    if asked is None:
        return
    context = next_.make_context("next", list(rest))
    told = context.params
    read = Asked(told["vault"], told["today"], told["as_json"], told["number"], told["topic"])
    assert vars(asked) == vars(read)


said = st.lists(
    st.sampled_from(
        ["Ada", "Ada, Grace", "coffee: tea", "#got", "-", "--", "", "--vault", "--vault=x", "--today", "2026-11-23",
         "2026-02-30", "yesterday", "--date", "--journal", "-x", "--help", "２０２６-11-23", "x y"]
    ),
    max_size=7,
)  # fmt: skip


@given(said)
@example(["--today", "2026-11-23", "Ada", "--vault", "x", "coffee:", "tea"])
@settings(max_examples=300)
def test_a_plain_log_is_read_as_the_command_line_reads_it(rest: list[str]) -> None:
    read = read_plain_log(["log", *rest])
    if read is None:
        return
    told = log.make_context("log", list(rest)).params
    assert not told["journal"] and told["day"] is None
    assert read == (told["vault"], told["today"], told["name"], " ".join(told["text"]))


wanted = st.lists(
    st.sampled_from(
        ["--full", "--check", "--json", "--vault", "--vault=x", "x", "", "--today", "2026-11-23", "2026-02-30", "today",
         "-x", "--", "--help", "２０２６-11-23"]
    ),
    max_size=7,
)  # fmt: skip


@given(wanted)
@example(["--check", "--today", "2026-11-23", "--vault", "x", "--full", "--json"])
@settings(max_examples=300)
def test_a_plain_reindex_is_read_as_the_command_line_reads_it(rest: list[str]) -> None:
    read = read_plain_reindex(["reindex", *rest])
    if read is None:
        return
    told = reindex.make_context("reindex", list(rest)).params
    flags = {f"--{name}" for name in ("full", "check") if told[name]} | (
        {"--json"} if told["as_json"] else set()
    )
    assert read == (told["vault"], told["today"], flags)


def test_a_reindex_on_the_short_way_does_what_the_long_one_does(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache), "PYTHONUTF8": "1"}
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:]); print('click' in sys.modules, file=sys.stderr)"
    for form, exit_code in (
        (["--check"], 1),
        ([], 0),
        (["--check"], 0),
        (["--full"], 0),
        (["--json", "--check"], 0),
    ):
        told = []
        for day in (["--today", "2026-11-23"], ["--today=2026-11-23"]):
            shutil.rmtree(vault.cache, ignore_errors=True)
            if exit_code or not form:
                shutil.rmtree(vault.root / "reach-out", ignore_errors=True)
            run = subprocess.run(
                [sys.executable, "-c", code.replace("main(sys", "code = main(sys") + "; sys.exit(code)",
                 "reindex", *form, "--vault", str(vault.root), *day],
                env=environment, capture_output=True, check=False,
            )  # fmt: skip
            assert run.returncode == exit_code
            assert run.stderr.split()[-1] == (b"True" if day[0] != "--today" else b"False")
            told.append(re.sub(rb'"seconds": [0-9.]+', b"", run.stdout))
        assert told[0] == told[1]


def test_problems_hints_and_names_without_a_note_are_told_apart(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nbirthday: soon\naliases: Countess\n---\n[[Babbage]] and [[Grace]]\n")
    told = "1 problem, 1 hint, 2 links without a note; see: mdmentor check"
    for form in ([], [], ["--full"]):  # found, known from the last run, found again
        assert told in vault.run("reindex", *form).out
    assert told in vault.run("status").out
    assert '"problems": 4' in vault.run("reindex", "--json").out
    vault.add("people/Ada.md", "[[Babbage]] and [[Grace]]\n")
    assert "\n2 links without a note; see: mdmentor check" in vault.run("reindex").out
    vault.add("people/Ada.md", "")
    assert "see: mdmentor check" not in vault.run("reindex").out
    assert "no problems\n" in vault.run("status").out


def test_a_log_on_the_short_way_writes_what_the_long_one_writes(vault: VaultOnDisk) -> None:
    notes = []
    for form in (["--today", "2026-11-23"], ["--today=2026-11-23"]):
        vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
        run = vault.run("log", "Ada", "coffee yesterday: tea", "#got", *form)
        notes.append((run.code, run.out, run.err, vault.read("people/Ada.md")))
    assert notes[0] == notes[1]
    assert "- 2026-11-22 coffee: tea #got" in notes[0][3]
    for form in (["--today", "2026-11-23"], ["--today=2026-11-23"]):
        run = vault.run("log", "Nobody", "tea", *form)
        notes.append((run.code, run.out, run.err, ""))
    assert notes[2] == notes[3] and notes[2][0] == 2


def test_the_short_way_prints_what_the_long_one_prints(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada é.md",
        "## Log\n- 2026-01-01 tea: about tea, and more of it, and more, and more, and more\n",
    )
    wait_until_current(vault)
    environment = {**os.environ, "MDMENTOR_CACHE": str(vault.cache), "PYTHONUTF8": "1"}
    code = "import sys; from mdmentor.cli import main; main(sys.argv[1:]); print('click' in sys.modules, file=sys.stderr)"
    for form in ([], ["--json"], ["-n", "1"]):
        plain = [sys.executable, "-c", code, "next", *form, "--vault", str(vault.root), "--today"]
        first, again, long = (
            subprocess.run([*plain, *day], env=environment, capture_output=True, check=True)
            for day in (["2026-11-23"], ["2026-11-23"], ["2026-11-22", "--today=2026-11-23"])
        )
        assert first.stdout == again.stdout == long.stdout and long.stdout
        assert [run.stderr.split()[-1] for run in (first, again, long)] == [b"False", b"False", b"True"]


def test_another_folder_of_templates_in_obsidian_makes_the_index_old(vault: VaultOnDisk) -> None:
    vault.add("forms/Person.md", "---\ntags: [person]\n---\n")
    settle(vault)
    wait_until_current(vault)
    assert "Person" in ask(vault, "--json")
    vault.add(".obsidian/templates.json", '{"folder": "forms"}')
    assert not is_current(vault)
    assert "Person" not in ask(vault, "--json")


def test_another_version_makes_the_index_old(vault: VaultOnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.add("people/Ada.md", "")
    settle(vault)
    wait_until_current(vault)
    monkeypatch.setattr(mdmentor, "__version__", "99")
    assert not is_current(vault)
    wait_until_current(vault)
