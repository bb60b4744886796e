"""The list stays calm: few a day, old ties now and then, nothing piled up. Real vaults, asked by the commands."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import TODAY, VaultOnDisk


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


def add(vault: VaultOnDisk, name: str, quiet: int, cadence: str = "monthly", body: str = "") -> None:
    vault.add(f"people/{name}.md", f"---\ncadence: {cadence}\nlast_contact: {ago(quiet)}\n---\n{body}")


def names(told: Any, pool: str = "") -> list[str]:
    return [s["name"] for s in told["suggestions"] if pool in ("", s["pool"])]


@pytest.fixture
def crowd(vault: VaultOnDisk) -> VaultOnDisk:
    """Sixty people who are late, and five whom one has not heard of for years."""
    for n in range(60):
        add(vault, f"Late {n:02}", 40 + n % 9)
    for n in range(5):
        add(vault, f"Old {n}", 600 + n, "quarterly")
    return vault


class TestBudget:
    @pytest.mark.parametrize("per_day", [1, 2, 5])
    def test_the_list_and_the_page_hold_as_many_as_the_settings_say(
        self, crowd: VaultOnDisk, per_day: int
    ) -> None:
        crowd.add("mdmentor.toml", f"[reach_out]\nper_day = {per_day}\n")
        add(crowd, "Ada", 1)  # somebody was spoken to, so it is an ordinary day
        told = crowd.json("next")
        crowd.reindex()
        assert len(names(told)) == per_day
        assert crowd.page("Reach out next").count("\n- [ ] **") == per_day
        assert told["also_due"] == 60 - per_day

    def test_more_are_listed_only_when_asked_for(self, crowd: VaultOnDisk) -> None:
        assert len(names(crowd.json("next"))) == 3
        assert len(names(crowd.json("next", "-n", "7"))) == 7

    def test_who_is_called_leaves_the_place_to_the_next_on_another_day_at_the_latest(
        self, crowd: VaultOnDisk
    ) -> None:
        first = names(crowd.json("next"))
        for name in first:
            assert crowd.run("log", name, "call: how are you", "--today", TODAY.isoformat()).code == 0
        crowd.today = TODAY + timedelta(1)
        assert not set(first) & set(names(crowd.json("next")))


class TestOldTies:
    def test_one_a_week_though_many_are_late_and_another_one_later(self, crowd: VaultOnDisk) -> None:
        add(crowd, "Ada", 1)
        weeks = []
        for week in range(6):
            seen = set()
            for day in range(7):
                crowd.today = TODAY + timedelta(7 * week + day)
                seen |= set(names(crowd.json("next"), "dormant"))
            weeks.append(seen)
        assert [len(seen) for seen in weeks] == [1] * 6
        assert len(set.union(*weeks)) > 1

    def test_none_follows_in_the_week_in_which_one_was_taken_up_again(self, vault: VaultOnDisk) -> None:
        for n in range(5):
            add(vault, f"Old {n}", 600 + n, "quarterly")
        (name,) = names(vault.json("next"), "dormant")
        assert vault.run("log", name, "call: after all this time", "--today", TODAY.isoformat()).code == 0
        for day in range(1, 7):
            vault.today = TODAY + timedelta(day)
            assert names(vault.json("next"), "dormant") == []
        vault.today = TODAY + timedelta(7)
        assert len(names(vault.json("next"), "dormant")) == 1


class TestStaggering:
    def test_thirty_people_of_one_party_come_round_on_many_days(self, vault: VaultOnDisk) -> None:
        for n in range(30):
            vault.add(
                f"people/Guest {n:02}.md",
                f"---\nsource: event\nmet: {ago(50)}\n---\n## Log\n- {ago(49)} mail: it was good to meet you\n",
            )
        due = [date.fromisoformat(person["due"]) for person in vault.json("contacts")]
        assert max(due.count(day) for day in due) <= 8
        assert min(due) >= TODAY - timedelta(49) + timedelta(90)
        assert max(due) <= TODAY - timedelta(49) + timedelta(99)

    def test_the_days_stay_the_same_in_a_copy_of_the_vault(self, crowd: VaultOnDisk, tmp_path: Any) -> None:
        import shutil

        shutil.copytree(crowd.root, tmp_path / "copy")
        copy = VaultOnDisk(tmp_path / "copy", tmp_path / "other cache")
        assert [c["due"] for c in crowd.json("contacts")] == [c["due"] for c in copy.json("contacts")]


class TestAllCaughtUp:
    def test_nobody_due_is_said_and_is_no_list(self, vault: VaultOnDisk) -> None:
        add(vault, "Ada", 2)
        told = vault.json("next")
        assert (told["suggestions"], told["also_due"], told["caught_up"]) == ([], 0, True)
        assert vault.run("next", "--today", TODAY.isoformat()).out.startswith("All caught up.")
        vault.reindex()
        page = vault.page("Reach out next")
        assert "All caught up." in page
        assert "- [ ]" not in page

    def test_a_good_moment_stands_below_it_and_is_never_called_due(self, vault: VaultOnDisk) -> None:
        add(vault, "Ada", 20)
        told = vault.json("next")
        assert names(told, "spare") == ["Ada"]
        assert told["caught_up"]
        out = vault.run("next", "--today", TODAY.isoformat()).out
        assert out.index("All caught up.") < out.index("A good moment") < out.index("Ada")

    def test_it_is_not_said_while_somebody_is_due(self, crowd: VaultOnDisk) -> None:
        assert "All caught up" not in crowd.run("next", "--today", TODAY.isoformat()).out


class TestAfterTwoWeeksAway:
    @pytest.fixture
    def back(self, crowd: VaultOnDisk) -> VaultOnDisk:
        """The crowd, in a vault in which a talk came in three weeks ago, and none since."""
        crowd.today = TODAY - timedelta(30)
        crowd.json("next")
        add(crowd, "Ada", 20, "yearly")
        crowd.today = TODAY
        return crowd

    def test_a_first_run_is_no_return(self, crowd: VaultOnDisk) -> None:
        assert not crowd.json("next")["fresh_start"]
        crowd.reindex()
        assert "afresh" not in crowd.page("Reach out next")

    def test_the_list_is_as_short_as_ever_with_what_is_owed_first(self, back: VaultOnDisk) -> None:
        add(back, "Zoe", 30, "none", f"## Log\n- {ago(30)} call: the slides #got\n")
        told = back.json("next")
        assert told["fresh_start"]
        assert len(names(told)) == 3
        assert names(told)[0] == "Zoe"

    def test_neither_list_nor_page_counts_what_has_gathered(self, back: VaultOnDisk) -> None:
        out = back.run("next", "--today", TODAY.isoformat()).out
        back.reindex()
        page = back.page("Reach out next")
        for text in (out, page):
            assert "57" not in text
            assert "can wait" in text
        assert "afresh" in page
        assert back.json("next")["also_due"] == 57

    def test_nor_does_a_block_in_a_note_of_ones_own(self, back: VaultOnDisk) -> None:
        back.add("Home.md", "<!-- mdmentor:next -->\n<!-- /mdmentor -->\n")
        back.reindex()
        assert back.read("Home.md").count("\n- [Late") == 3
        assert "Also due" not in back.read("Home.md")

    def test_a_talk_makes_it_an_ordinary_day_again(self, back: VaultOnDisk) -> None:
        back.run("log", "Ada", "call: back again", "--today", TODAY.isoformat())
        back.today = TODAY + timedelta(1)
        told = back.json("next")
        assert not told["fresh_start"]
        assert len(names(told)) == 3
        assert re.search(
            r"Also due: (Late \d\d, ){4}Late \d\d and \d\d more\.",
            " ".join(back.run("next", "--today", back.today.isoformat()).out.split()),
        )

    def test_thirteen_days_are_no_absence(self, back: VaultOnDisk) -> None:
        add(back, "Ada", 13)
        assert not back.json("next")["fresh_start"]

    def test_nor_are_two_weeks_in_which_little_has_gathered(self, vault: VaultOnDisk) -> None:
        for n in range(9):
            add(vault, f"Late {n}", 40)
        assert not vault.json("next")["fresh_start"]


class TestSnooze:
    @pytest.mark.parametrize(
        ("words", "until"),
        [
            ([], "2026-12-07"),
            (["week"], "2026-11-30"),
            (["month"], "2026-12-23"),
            (["tomorrow"], "2026-11-24"),
            (["friday"], "2026-11-27"),
            (["3w"], "2026-12-14"),
        ],
    )
    def test_one_word_or_none_is_enough(self, vault: VaultOnDisk, words: list[str], until: str) -> None:
        add(vault, "Ada", 60)
        assert names(vault.json("next")) == ["Ada"]
        run = vault.run("snooze", "ada", *words, "--today", TODAY.isoformat())
        assert run.code == 0, run.err
        assert vault.json("show", "Ada")["snooze"] == until
        assert names(vault.json("next")) == []
        vault.today = date.fromisoformat(until)
        assert names(vault.json("next")) == ["Ada"]

    def test_off_ends_it(self, vault: VaultOnDisk) -> None:
        add(vault, "Ada", 60)
        vault.run("snooze", "ada", "--today", TODAY.isoformat())
        vault.run("snooze", "ada", "off", "--today", TODAY.isoformat())
        assert names(vault.json("next")) == ["Ada"]

    def test_a_word_that_is_no_day_changes_nothing(self, vault: VaultOnDisk) -> None:
        add(vault, "Ada", 60)
        before = vault.read("people/Ada.md")
        assert vault.run("snooze", "ada", "whenever").code == 2
        assert vault.read("people/Ada.md") == before

    def test_a_promise_that_falls_due_meanwhile_is_told_by_why(self, vault: VaultOnDisk) -> None:
        add(vault, "Ada", 60, body="- [ ] send the paper 📅 2026-11-24\n")
        vault.run("snooze", "ada", "--today", TODAY.isoformat())
        told = " ".join(vault.json("why", "Ada")["not_listed_because"])
        assert "snoozed" in told.lower()
        assert "send the paper" in told
