"""A look at the folders says "current" only where reading everything again would give the same answers."""

from __future__ import annotations

import os
import random
import shutil
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import mdmentor
from mdmentor.files import stamp_key
from mdmentor.index import Index
from mdmentor.reindex import plan_run
from mdmentor.reindex.update_index import find_changes
from mdmentor.reindex.update_index import is_current as is_index_current
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
        run = plan_run(Vault(vault.root.resolve()), index, vault.today)
        return is_index_current(run) and not find_changes(
            index, run.vault.scan(run.settings), run.settings_problems
        )
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


def test_a_damaged_index_heals_by_a_reading_command(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    wait_until_current(vault)
    told = ask(vault)
    file = next(vault.cache.glob("*.sqlite"))
    file.write_bytes(file.read_bytes()[:5000] + os.urandom(3000))
    assert ask(vault) == told


def test_a_folder_that_was_away_and_is_back_is_noticed_both_times(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    wait_until_current(vault)
    before = ask(vault)
    assert "Ada" in before
    people, away = vault.root / "people", vault.root.parent / "away"
    people.rename(away)
    assert "Ada" not in ask(vault)
    away.rename(people)  # every stamp is again what it was at first
    assert ask(vault) == before


def test_two_notes_that_exchange_their_stamps_have_another_sum() -> None:
    """As two files do that are renamed, on a disk that keeps no time of such a change."""
    numbers = random.Random(1)
    for number in range(100_000):
        one, other = f"{number}.md", f"{number + 1}.md"
        ours, theirs = ((1, numbers.getrandbits(60), 1, inode) for inode in (number, number + 1))
        before = stamp_key(one, ours) + stamp_key(other, theirs)
        assert before != stamp_key(one, theirs) + stamp_key(other, ours)


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
