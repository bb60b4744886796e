"""Words typed when a talk is over become a day, a channel and a text, and ordinary words stay words."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from mdmentor.core.capture import Capture, read_capture
from tests.conftest import TODAY


@mark.parametrize(
    ("text", "day", "channel", "words"),
    [
        ("coffee yesterday: how to open it #got", "2026-11-22", "coffee", "how to open it #got"),
        ("yesterday coffee: tea, in fact", "2026-11-22", "coffee", "tea, in fact"),
        ("last friday, lunch with Bob", "2026-11-20", "lunch", "with Bob"),
        ("coffee on friday: plans", "2026-11-20", "coffee", "plans"),
        ("sunday lunch: fish", "2026-11-22", "lunch", "fish"),
        ("3 days ago call about it", "2026-11-20", "call", "about it"),
        ("a week ago: tea", "2026-11-16", "tea", ""),
        ("14 oct: mail", "2026-10-14", "mail", ""),
        ("Oct 14th 2025 call", "2025-10-14", "call", ""),
        ("24 dec: call", "2025-12-24", "call", ""),
        ("2026-10-14 call: asked", "2026-10-14", "call", "asked"),
        ("[[2026-10-14]] asked", "2026-10-14", "", "asked"),
        ("last night drinks: much fun", "2026-11-22", "drinks", "much fun"),
        ("this morning: a run", "2026-11-23", "", "a run"),
        ("walk with Grace yesterday: the plan", "2026-11-22", "walk", "with Grace: the plan"),
        ("called about [[Ask for a raise|it]]", None, "called", "about [[Ask for a raise|it]]"),
        ("pottery: made a pot", None, "pottery", "made a pot"),
        ("coffee", None, "coffee", ""),
        ("two\nlines\tof words", None, "", "two lines of words"),
    ],
)  # fmt: skip
def test_when_and_how_are_read_at_the_beginning(text: str, day: str | None, channel: str, words: str) -> None:
    wanted = date.fromisoformat(day) if day else None
    assert read_capture(text, TODAY) == Capture(wanted, channel, words)


@mark.parametrize(
    "text",
    [
        "may be able to help in spring",
        "march on, she said",
        "second thoughts about it",
        "sunday is her day off",
        "2 weeks of holiday to come",
        "now she wants the job",
        "Grace: said no",
        "asked what happened yesterday",
        "",
    ],
)
def test_words_that_only_look_like_a_day_stay_words(text: str) -> None:
    assert read_capture(text, TODAY) == Capture(None, "", text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read_and_keeps_its_last_word(text: str) -> None:
    told = read_capture(text, TODAY)
    assert "\n" not in told.text
    if told.day is None and not told.channel:
        assert told.text.split() == text.replace("\0", "").split() or not text.isprintable()
