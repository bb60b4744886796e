"""The first and the last days of the calendar are days like any other."""

from __future__ import annotations

import pytest

from mdmentor.cli import main
from tests.conftest import VaultOnDisk

DAYS = [
    "0001-01-01",
    "0001-01-02",
    "0001-02-28",
    "0001-12-31",
    "0999-06-01",
    "9999-10-15",
    "9999-12-30",
    "9999-12-31",
]
COMMANDS = [
    ["next"], ["next", "-n", "20", "--json"], ["why", "Ada"], ["why", "Bob"], ["why", "Cy"], ["show", "Ada"],
    ["show", "Bob"], ["contacts"], ["mentors"], ["promises"], ["dates"], ["dates", "--json"], ["check"], ["status"],
    ["related", "Ada"], ["topics"], ["reindex"], ["log", "Ada", "yesterday: tea"], ["log", "Ada", "2 weeks ago: tea"],
    ["log", "Ada", "tea"], ["log", "Cy", "--journal", "last month: tea"], ["snooze", "Ada"],
    ["snooze", "Bob", "2 weeks"], ["snooze", "Cy", "tomorrow"], ["reindex", "--full"], ["next"],
]  # fmt: skip
NOTES = {
    "people/Ada.md": "---\nbirthday: 1985-02-29\ncadence: monthly\nsource: boss\nmentor: true\n---\n"
    "- 2026-01-01 call #got\n- [ ] send x 📅 2026-11-30\n",
    "people/Bob.md": "---\nbirthday: 12-31\ncadence: yearly\nnext: 9999-12-31\nlast_contact: 0001-01-01\n---\n"
    "- 0001-01-01 call #got\n- 9999-12-31 plan\n- [ ] x 📅 9999-12-31\n- [ ] y 📅 0001-01-01\n",
    "people/Cy.md": "---\nbirthday: 0001-01-01\nmet: 0001-01-01\ncadence: 9999999 days\n---\n",
    "people/Di.md": "---\nbirthday: 01-01\nsnooze: 9999-12-31\ncadence: 1d\n---\n- 9999-12-30 x #sent\n",
    "people/Ed.md": "---\nmet: 9999-12-31\n---\n",
    "journal/0001-01-01.md": "tea with [[Ada]]\n",
    "journal/9999-12-31.md": "tea with [[Ada]]\n",
}


@pytest.mark.parametrize("day", DAYS)
def test_no_command_fails_on_a_day_at_either_end_of_the_calendar(vault: VaultOnDisk, day: str) -> None:
    for path, text in NOTES.items():
        vault.add(path, text)
    for command in COMMANDS:
        run = vault.run(*command, "--today", day)
        assert run.code in (0, 1, 2, 4) and "should not happen" not in run.err, (command, run.err)
        assert run.code == 0 or command[0] in ("check", "log", "snooze"), (command, run.err)


@pytest.mark.parametrize("day", DAYS)
def test_a_demo_can_be_made_for_such_a_day(
    vault: VaultOnDisk, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MDMENTOR_CACHE", str(vault.cache))
    target = vault.root / "demo"
    assert main(["demo", str(target), "--today", day]) == 0
