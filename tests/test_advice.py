"""Whom to reach out to next, from outside: what notes say, asked by `next` and `why`. Beside `test_contract.py`,
which goes through the rule sentence by sentence, this looks at what lies between the sentences."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import TODAY, VaultOnDisk

ADA = "people/Ada.md"


def ago(days: int) -> str:
    return (TODAY - timedelta(days)).isoformat()


def ahead(days: int) -> str:
    return (TODAY + timedelta(days)).isoformat()


def why(vault: VaultOnDisk, head: str = "", body: str = "") -> Any:
    vault.add(ADA, f"---\n{head}\n---\n{body}")
    return vault.json("why", "Ada")


def points(told: Any) -> dict[str, float]:
    return {reason["kind"]: reason["points"] for reason in told["reasons"]}


def texts(told: Any, kind: str) -> list[str]:
    return [reason["text"] for reason in told["reasons"] if reason["kind"] == kind]


class TestDuties:
    @pytest.mark.parametrize("due", [5, 1, 0, -3])
    def test_a_promise_is_told_though_there_was_a_talk_yesterday(self, vault: VaultOnDisk, due: int) -> None:
        body = f"- [ ] send the paper 📅 {ahead(due)}\n\n## Log\n- {ago(1)} call: about boats\n"
        told = why(vault, "cadence: yearly", body)
        assert (told["listed"], points(told)["promise"]) == (True, 60)

    def test_one_left_open_by_yesterdays_talk_rests_until_the_day_before_its_date(
        self, vault: VaultOnDisk
    ) -> None:
        told = why(vault, "cadence: yearly", f"- [ ] send it 📅 {ahead(3)}\n\n## Log\n- {ago(1)} call: hi\n")
        assert (told["listed"], points(told)["promise"]) == (False, 0)
        assert "Waits until 25 Nov" in " ".join(told["notes"])
        vault.today += timedelta(2)
        assert vault.json("why", "Ada")["listed"]

    def test_thanks_left_open_by_a_talk_rest_for_a_week(self, vault: VaultOnDisk) -> None:
        log = f"## Log\n- {ago(1)} mail: hello\n- {ago(9)} call: the slides #got\n"
        assert points(why(vault, "cadence: yearly", log))["thanks"] == 0
        vault.today += timedelta(6)
        assert points(vault.json("why", "Ada"))["thanks"] == 40

    def test_a_promise_on_a_line_of_another_note_is_theirs_too(self, vault: VaultOnDisk) -> None:
        vault.add("journal.md", f"- [ ] send [[Ada]] the paper 📅 {ahead(1)}\n")
        assert points(why(vault, f"last_contact: {ago(1)}"))["promise"] == 60

    def test_a_promise_kept_is_owed_no_more(self, vault: VaultOnDisk) -> None:
        why(vault, f"last_contact: {ago(1)}", f"- [ ] send the paper 📅 {ahead(1)}\n")
        assert vault.run("done", "Ada", "paper").code == 0
        assert not vault.json("why", "Ada")["listed"]

    @pytest.mark.parametrize("mark", ["thanked", "gave"])
    def test_thanks_are_owed_until_they_are_said_or_help_is_given(
        self, vault: VaultOnDisk, mark: str
    ) -> None:
        assert points(why(vault, "cadence: yearly", f"## Log\n- {ago(9)} call: the slides #got\n")) == {
            "thanks": 40
        }
        assert vault.run("log", "Ada", f"mail: a word #{mark}", "--today", ago(1)).code == 0
        assert "thanks" not in points(vault.json("why", "Ada"))

    def test_a_new_got_is_owed_again(self, vault: VaultOnDisk) -> None:
        log = f"## Log\n- {ago(2)} call: an introduction #got\n- {ago(9)} mail: thanks #thanked\n"
        assert points(why(vault, "cadence: yearly", log))["thanks"] == 40

    @pytest.mark.parametrize(
        ("today", "told"),
        [("2027-02-26", True), ("2027-02-28", True), ("2027-03-01", True), ("2027-03-02", False)],
    )
    def test_the_29th_of_february_is_kept_on_the_28th_of_a_short_year(
        self, vault: VaultOnDisk, today: str, told: bool
    ) -> None:
        vault.today = date.fromisoformat(today)  # the 28th is a Sunday
        assert ("birthday" in points(why(vault, "birthday: 1980-02-29\ncadence: none"))) is told

    def test_it_is_kept_on_its_own_day_in_a_long_one(self, vault: VaultOnDisk) -> None:
        vault.today = date(2028, 2, 29)
        (text,) = texts(why(vault, "birthday: 02-29\ncadence: none"), "birthday")
        assert "today" in text

    def test_somebody_dormant_to_whom_something_is_owed_waits_for_no_turn(self, vault: VaultOnDisk) -> None:
        for n in range(6):
            vault.add(f"people/Old {n}.md", f"---\nlast_contact: {ago(600 + n)}\n---\n")
        told = why(vault, f"last_contact: {ago(700)}", f"- [ ] send the paper 📅 {ahead(1)}\n")
        assert (told["listed"], told["pool"]) == (True, "active")


class TestGuards:
    @pytest.mark.parametrize(("quiet", "listed"), [(24, False), (26, True)])
    def test_a_quarter_of_the_cadence_holds_a_good_moment_back(
        self, vault: VaultOnDisk, quiet: int, listed: bool
    ) -> None:
        told = why(vault, f"cadence: 50\nlast_contact: {ago(quiet)}")
        assert told["listed"] is listed
        assert told["pool"] == ("spare" if listed else told["pool"])

    def test_two_messages_without_an_answer_make_the_rhythm_twice_as_long(self, vault: VaultOnDisk) -> None:
        sent = "## Log\n- {} mail: hello #sent\n- {} mail: hello again #sent\n"
        assert "rhythm" not in points(why(vault, "cadence: 30", sent.format(ago(70), ago(59))))
        assert points(why(vault, "cadence: 30", sent.format(ago(80), ago(66))))["rhythm"] >= 10

    def test_they_let_a_goal_wait_and_an_answer_ends_the_waiting(self, vault: VaultOnDisk) -> None:
        vault.add("goals/Raise.md", "---\ntopics: [pay]\n---\n")
        sent = f"## Log\n- {ago(50)} mail: hello #sent\n- {ago(25)} mail: hello again #sent\n"
        head = "cadence: 100\nhelps_with: [pay]"
        assert "goal" not in points(why(vault, head, sent))
        assert "goal" in points(why(vault, head, sent.replace(f"{ago(25)} mail: hello again #sent", "")))
        assert "goal" in points(why(vault, head, sent + f"- {ago(24)} call: she rang\n"))

    def test_they_hold_back_no_promise(self, vault: VaultOnDisk) -> None:
        sent = f"\n## Log\n- {ago(20)} mail: hello #sent\n- {ago(9)} mail: hello again #sent\n"
        assert why(vault, "cadence: 100", f"- [ ] send it 📅 {TODAY}\n{sent}")["listed"]


class TestNeverContacted:
    @pytest.mark.parametrize(
        ("head", "body", "since"),
        [
            (f"met: {ago(40)}", "", "14 Oct"),
            ("", f"Somebody told me of her on {ago(40)}.\n", "14 Oct"),
        ],
    )
    def test_the_quiet_is_counted_from_the_meeting_else_from_the_notes_first_date(
        self, vault: VaultOnDisk, head: str, body: str, since: str
    ) -> None:
        told = why(vault, f"{head}\ncadence: 30", body)
        assert told["last_contact"] is None
        assert points(told)["rhythm"] == pytest.approx(12.1, abs=0.1)
        assert since in texts(told, "rhythm")[0]

    @pytest.mark.parametrize(
        "line",
        [
            f"- [ ] call her 📅 {ago(40)}",
            f"Born {ago(9000)}.",
            f"A secret of {ago(40)} #private",
            f"> {ago(40)}",
            f"```\n{ago(40)}\n```",
        ],
    )
    def test_a_plan_a_birth_a_private_line_and_a_quote_are_no_such_date(
        self, vault: VaultOnDisk, line: str
    ) -> None:
        assert "rhythm" not in points(why(vault, "cadence: 30", f"{line}\n"))

    def test_somebody_without_a_date_is_new_and_comes_before_a_good_moment(self, vault: VaultOnDisk) -> None:
        vault.add("people/Half.md", f"---\ncadence: 100\nlast_contact: {ago(90)}\n---\n")
        why(vault)
        told = vault.json("next")
        assert [(s["name"], s["pool"]) for s in told["suggestions"]] == [("Ada", "active"), ("Half", "spare")]
        assert texts(told["suggestions"][0], "new")[0].startswith("New:")


class TestWhy:
    @pytest.mark.parametrize(
        ("head", "said"),
        [
            ("contact: never", "Never suggested."),
            (f"snooze: {ahead(9)}\nlast_contact: {ago(90)}", "Snoozed until 2 Dec."),
            (f"cadence: none\nlast_contact: {ago(90)}", "no rhythm"),
            (f"cadence: 100\nlast_contact: {ago(9)}", "You were last in touch on 14 Nov"),
            (f"next: {ahead(9)}\nlast_contact: {ago(90)}", "You chose 2 Dec"),
        ],
    )
    def test_anybody_not_on_the_list_is_told_why(self, vault: VaultOnDisk, head: str, said: str) -> None:
        told = why(vault, head)
        assert not told["listed"]
        assert said in " ".join(told["not_listed_because"])
        assert said in " ".join(vault.run("why", "Ada", "--today", TODAY.isoformat()).out.split())

    def test_somebody_on_the_list_has_reasons_and_no_reason_against(self, vault: VaultOnDisk) -> None:
        told = why(vault, f"cadence: 30\nlast_contact: {ago(60)}")
        assert told["listed"]
        assert told["reasons"]
        assert told["not_listed_because"] == []


def test_everybody_is_suggested_due_or_counted_under_a_reason(vault: VaultOnDisk) -> None:
    heads = {
        "Paused": "contact: never",
        "Asleep": f"snooze: {ahead(9)}",
        "Asleep too": f"snooze: {ahead(2)}",
        "Unwished": f"cadence: none\nlast_contact: {ago(90)}",
        "Fresh": f"cadence: 100\nlast_contact: {ago(2)}",
        **{f"Late {n}": f"cadence: 30\nlast_contact: {ago(60)}" for n in range(5)},
    }
    for name, head in heads.items():
        vault.add(f"people/{name}.md", f"---\n{head}\n---\n")
    told = vault.json("next")
    assert told["excluded"] == {"no rhythm": 1, "not due": 1, "paused": 1, "snoozed": 2}
    assert len(told["suggestions"]) + told["also_due"] + sum(told["excluded"].values()) == len(heads)


def test_neither_hash_seed_nor_time_zone_nor_the_files_order_changes_the_list(
    vault: VaultOnDisk, tmp_path: Any
) -> None:
    for n in range(40):
        vault.add(f"people/Guest {n:02}.md", f"---\nsource: event\nlast_contact: {ago(70 + n)}\n---\n")
    other = VaultOnDisk(tmp_path / "other", tmp_path / "other cache")
    for n in reversed(range(40)):
        other.add(f"people/Guest {n:02}.md", vault.read(f"people/Guest {n:02}.md"))
    told = set()
    for root, seed, zone in (
        (vault, "0", "UTC"),
        (other, "1", "Pacific/Kiritimati"),
        (vault, "2", "America/Adak"),
    ):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "MDMENTOR_CACHE": str(tmp_path / seed),
        }
        command = [
            sys.executable,
            "-m",
            "mdmentor",
            "next",
            "--json",
            "-n",
            "9",
            "--today",
            TODAY.isoformat(),
        ]
        run = subprocess.run(
            [*command, "--vault", str(root.root)], env=environment, capture_output=True, text=True, check=True
        )
        told.add(json.dumps(json.loads(run.stdout)))
    assert len(told) == 1


def test_a_later_talk_never_brings_somebody_nearer_the_top(vault: VaultOnDisk) -> None:
    before = None
    for quiet in (300, 120, 60, 31, 10, 0):
        score = why(
            vault, "cadence: 30", f"## Log\n- {ago(quiet)} call: about boats\n- {ago(400)} call: hello\n"
        )["score"]
        assert before is None or score <= before
        before = score
