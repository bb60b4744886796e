"""The simulated year: one small world, lived for sixty days."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are in no package

from benchmarks.ranking.beyond import IDEAS, Beyond
from benchmarks.ranking.life import Desk, Pick, Rule, Year, _Life, live
from benchmarks.ranking.rules import HORIZONS, RULES, Bound, Mdmentor
from benchmarks.ranking.run import GO_ON, main
from benchmarks.ranking.tables import TABLES
from benchmarks.ranking.world import ContactStats, World, day_of, draw_ties
from benchmarks.ranking.years import Job, OutOfTime, Years

SMALL = World(seed=7, size=40)


def lived(rule: str, per_day: int = 2) -> Year:
    make, _ = RULES[rule]
    return live(SMALL, make(), per_day, days=60)


@pytest.mark.parametrize("rule", ["mdmentor", "two pools", "random"])
def test_a_seed_is_the_same_year_every_time(rule: str) -> None:
    assert lived(rule) == lived(rule)


@pytest.mark.parametrize("per_day", [1, 3])
def test_our_list_is_never_longer_than_the_day(per_day: int) -> None:
    assert lived("mdmentor", per_day).longest <= per_day


def test_a_list_is_better_than_none_and_worse_than_seeing_nearly_all() -> None:
    none, ours = lived("none"), lived("mdmentor")
    bound = max(live(SMALL, Bound(horizon), 2, days=60).worth for horizon in HORIZONS)
    assert none.worth < ours.worth < bound
    assert none.calls == 0


def test_every_rule_lives_through_it() -> None:
    for rule in RULES:
        year = lived(rule)
        assert 0 <= year.strength <= 1
        assert 0 <= year.in_rhythm <= 1


def test_thirty_people_are_met_at_one_party_however_small_the_vault() -> None:
    ties = draw_ties(World(1, size=40), 365)
    firsts = [tie.appears for tie in ties]
    assert max(firsts.count(day) for day in firsts if day) == 30
    assert len([tie for tie in ties if not tie.appears]) == 40


class _Watched(Rule):
    """A rule that is also asked on a desk where all that is hidden is other."""

    def __init__(self, rule: Rule, twin: Rule) -> None:
        self.rule = rule
        self.twin = twin

    def pick(self, desk: Desk) -> list[Pick]:
        picked = self.rule.pick(desk)
        assert self.twin.pick(replace(desk, ties=[_other(tie) for tie in desk.ties])) == picked
        return picked


def _other(tie: ContactStats) -> ContactStats:
    return replace(tie, half_life=1.0, rhythm=999.0, queries=0.01, value=99.0, depth=0.0, strength=0.5)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "none"])
def test_no_rule_sees_what_the_notes_do_not_say(rule: str) -> None:
    make, setup = RULES[rule]
    live(replace(SMALL, setup=setup), _Watched(make(), make()), 2, days=40)


@pytest.mark.parametrize("idea", [idea for idea in IDEAS if not idea.startswith("oracle")])
def test_no_idea_sees_it_either(idea: str) -> None:
    live(SMALL, _Watched(IDEAS[idea](), IDEAS[idea]()), 2, days=20)


def test_an_idea_that_changes_nothing_is_our_rule() -> None:
    assert live(SMALL, Beyond(), 2, days=60) == live(SMALL, Mdmentor(), 2, days=60)


@pytest.mark.parametrize("workers", [1, 2])
def test_years_go_on_where_they_stopped(tmp_path: Path, workers: int) -> None:
    jobs = [Job(SMALL, rule, 1, days=20) for rule in ("none", "random")]
    keep = tmp_path / "years"
    with pytest.raises(OutOfTime):
        Years(workers, keep, ends=0.0).live_all(jobs)
    whole = dict(Years(workers, keep).live_all(jobs))
    assert Years(workers, keep, ends=0.0).live_all(jobs) == whole


def test_a_quick_look_prints_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n### ") == len(TABLES)
    assert all(f"| {rule} |" in out for rule in (*RULES, *IDEAS))
    assert " nan " not in out


def test_out_of_time_shows_in_the_exit_code(tmp_path: Path) -> None:
    assert main(["--seeds", "1", "--minutes", "0", "--keep", str(tmp_path / "years")]) == GO_ON


def test_the_results_hold_the_reading_and_every_table() -> None:
    folder = Path(__file__).resolve().parents[1] / "benchmarks/ranking"
    results = (folder / "RESULTS.md").read_text(encoding="utf-8")
    assert results.startswith((folder / "reading.md").read_text(encoding="utf-8").rstrip())
    assert results.count("\n### ") >= len(TABLES)
    assert "Seeds 301 to 312" in results
    for name in (*RULES, *IDEAS):
        assert f"\n| {name} |" in results, f"{name} is missing: run python -m benchmarks.ranking.run --write"


class _Ticking(Mdmentor):
    """Looks at the list again after the day's calls, as somebody does who ticks boxes on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.day, self.first = -1, set[str]()

    def pick(self, desk: Desk) -> list[Pick]:
        picked = super().pick(desk)
        names = {pick.path for pick in picked}
        if desk.number == self.day:
            assert names <= self.first, "somebody new came the same day"
        self.day, self.first = desk.number, names
        return picked


def test_a_place_once_used_brings_nobody_new_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def again(life: _Life, day: int, known: list[ContactStats]) -> None:
        follow(life, day, known)
        people = [tie.person or life._person(tie) for tie in known]
        for tie, person in zip(known, people, strict=True):
            tie.person = person
        topics = {topic: "" for first, last, topic in life.goals if first <= day <= last}
        seen.append(len(life.rule.pick(Desk(day, day_of(day), life.per_day, known, topics, life.days))))

    follow = _Life._follow_the_list
    monkeypatch.setattr(_Life, "_follow_the_list", again)
    live(SMALL, _Ticking(), 2, days=60)
    assert seen and min(seen) == 0
