"""After any series of edits, looks and runs, pages and blocks are those made from nothing; and how little a run does."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from mdmentor.core.model import Settings
from mdmentor.index import Index, notes, state
from mdmentor.reindex import Events
from mdmentor.reindex.update_index import find_changes
from mdmentor.vault import Vault
from tests.conftest import VaultOnDisk

PATHS = [
    "people/Ada.md", "people/Bea.md", "people/Cem.md", "posts/Raise.md", "posts/Tea.md", "goals/Grow.md",
    "daily/2026-11-20.md", "notes/plain.md", "other/Ada.md", "notes/Acme.md", "people/Grace.md", "posts/Bread.md",
]  # fmt: skip
BODIES = [
    "",
    "## Log\n- 2026-11-20 call: tea with [[Bea]], see [[Raise]] #got\n- 2026-09-01 tea\n",
    "## Log\n- 2026-11-20 call: tea with [[Bea]], see [[Raise]] #got\n- 2026-09-01 tea #gave\n",
    "- [ ] send [[Ada]] the paper 📅 2026-11-25\n- [ ] hear from [[Bea]] #waiting\n",
    "---\nhelps_with: [raise, tea]\nmentor: ongoing\nsupport: [job]\nsource: boss\nbirthday: 12-01\n---\nAbout Tea.\n",
    "---\nintroduced_by: '[[Ada]]'\ncompany: Acme\n---\nknows Raise\n",
    "---\nintroduced_by: '[[Bea]]'\ncompany: '[[Acme]]'\ntopics: [tea]\n---\n",
    "---\ntopics: [raise]\n---\nwith [[Ada]] and [[Cem|him]]; Bea too\n",
    "---\ntopics: [raise]\naliases: [Acme Labs]\n---\n- talked with [[Ada]] of [[Tea]]\n- secret [[Bea]] #private\n",
    "---\nconfidential: true\n---\n## Log\n- 2026-11-01 tea with [[Ada]]\n",
    "---\nname: Zoe\ncontact: never\n---\n",
    "---\ncadence: evry month\n---\n[[Nowhere]]\n",
    "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
    "## Log\n- 2026-11-19 call: of Raise\n- 2026-09-01 tea, see [[Tea]] and [[Ada]]\n",
    "As Grace says of Bread: to [[Grow|it]]\n",
    "---\ntitle: Bread\nnext: 2026-11-01\n---\n## Log\n- 2026-11-19 call: of [[Bread]] with [[Grace]]\n",
    "# A talk on Raise\n\n- [ ] read [[Raise]] with [[Cem]]\n",
    "---\ntopics: [tea]\n---\n<!-- mdmentor:related -->\n<!-- /mdmentor -->\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n",
]
SETTINGS = [
    "",
    '[me]\nemployer = ["Acme"]\n',
    '[me]\nemployer = ["Acme Labs"]\n',
    "[reach_out]\nper_day = 1\n",
]


class Pages(RuleBasedStateMachine):
    """Any series of edits, looks and runs: after a run, no page or block is another than from scratch."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = Path(tempfile.mkdtemp())
        self.vault = VaultOnDisk(self.folder / "vault", self.folder / "cache")
        self.named: set[str] = set()
        self.vault.reindex()

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(path=st.sampled_from(PATHS), body=st.sampled_from(BODIES))
    def write(self, path: str, body: str) -> None:
        self.vault.add(path, body)
        self.named.add(path)

    @rule(path=st.sampled_from(PATHS))
    def remove(self, path: str) -> None:
        (self.vault.root / path).unlink(missing_ok=True)
        self.named.add(path)

    @rule(text=st.sampled_from(SETTINGS))
    def change_settings(self, text: str) -> None:
        self.vault.add("mdmentor.toml", text)
        self.named.clear()
        self.run()

    @rule(day=st.sampled_from([date(2026, 11, 23), date(2026, 11, 24)]))
    def another_day(self, day: date) -> None:
        self.vault.today = day
        self.run()

    @rule()
    def look(self) -> None:
        with self.vault.queries():
            pass

    @rule()
    def run(self) -> None:
        told = self.vault.reindex()
        checked = self.vault.reindex(check=True)
        assert checked.stale == []
        with self.vault.queries() as queries:
            assert told.problems == checked.problems == notes.count_problems(queries.index)
            assert notes.has_problems(queries.index) == any(told.problems)

    @rule(pages=st.integers(0, 5))
    def run_until_called_away(self, pages: int) -> None:
        calls = iter([False] * pages)
        self.vault.reindex(events=Events(is_interrupted=lambda: next(calls, True)))

    @rule()
    def run_for_what_was_named(self) -> None:
        self.vault.reindex(only=frozenset(self.named))
        self.named.clear()
        assert self.vault.reindex(check=True).stale == []


TestPages = Pages.TestCase
TestPages.settings = settings(
    max_examples=40, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_page_looked_at_first_is_written_before_a_run_is_interrupted(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-11-20 call\n")
    vault.reindex()
    vault.add("people/Ada.md", "## Log\n- 2026-11-20 call #got\n")
    report = vault.reindex(events=Events(is_interrupted=lambda: True))
    assert report.is_unfinished
    assert report.pages_written == ["reach-out/Reach out next.md"]
    report = vault.reindex()
    assert not report.is_unfinished
    assert "reach-out/Two-way street.md" in report.pages_written


def test_a_run_may_be_interrupted_between_two_posts(vault: VaultOnDisk) -> None:
    def times_asked() -> int:
        asked: list[bool] = []
        vault.reindex(full=True, events=Events(is_interrupted=lambda: bool(asked.append(False))))
        return len(asked)

    before = times_asked()
    for number in range(5):
        vault.add(f"posts/{number}.md", "")
    assert times_asked() == before + 5


def test_a_folder_that_is_gone_takes_its_notes_and_files_with_it(vault: VaultOnDisk) -> None:
    for name in ("a/1.md", "a/x.png", "b/1.md"):
        vault.add(name, "")
    vault.reindex()
    shutil.rmtree(vault.root / "a")
    assert vault.reindex().changes.removed == 1
    with vault.queries() as queries:
        assert {row[0] for row in queries.index.execute("SELECT path FROM note WHERE kind != 'page'")} == {
            "b/1.md"
        }
        assert "a/x.png" not in state.attachments(queries.index)


def test_nothing_below_a_folder_that_cannot_be_listed_is_forgotten(vault: VaultOnDisk) -> None:
    vault.add("a/1.md", "")
    vault.add("a/x.png", b"png")
    vault.reindex()
    scan = Vault(vault.root.resolve()).scan(Settings())
    scan.unknown.append("a")
    scan.notes.pop("a/1.md")
    scan.attachments.discard("a/x.png")
    with vault.queries() as queries:
        found = find_changes(queries.index, scan, [])
    assert not found.gone and "a/x.png" not in found.files


def test_once_stamps_are_old_enough_a_run_finds_nothing_to_read(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-01-01 tea\n")
    vault.reindex()
    long_ago = time.time_ns() - 10**12
    os.utime(vault.root / "people/Ada.md", ns=(long_ago, long_ago))
    time.sleep(2.1)  # its ctime cannot be set
    vault.reindex()
    index = Index(vault.root.resolve(), vault.cache)
    try:
        assert not find_changes(index, Vault(vault.root.resolve()).scan(Settings()), [])
    finally:
        index.close()
