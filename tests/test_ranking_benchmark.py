"""The simulated year: one small world, lived for sixty days."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the benchmarks are in no package

from benchmarks.ranking.life import Year, live
from benchmarks.ranking.rules import HORIZONS, RULES, Bound
from benchmarks.ranking.world import World

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
