"""Words typed when a talk is over become a day, a channel and a text, and ordinary words stay words."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from mdmentor.core.capture import Capture, find_unread_day, read_capture
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
        ("gestern: lange geredet", "2026-11-22", "", "lange geredet"),
        ("gestern Abend: lange geredet", "2026-11-22", "", "lange geredet"),
        ("Kaffee mit Anna gestern: ihr Umzug", "2026-11-22", "", "Kaffee mit Anna: ihr Umzug"),
        ("Oma angerufen vorgestern #got", "2026-11-21", "", "Oma angerufen #got"),
        ("heute: telefoniert", "2026-11-23", "", "telefoniert"),
        ("hier : déjeuner avec Anne", "2026-11-22", "", "déjeuner avec Anne"),
        ("ayer - comida", "2026-11-22", "", "comida"),
        ("call ieri: il lavoro", "2026-11-22", "call", "il lavoro"),
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
        ("14.10. call: asked", "2026-10-14", "call", "asked"),
        ("on 3.4.2025: asked", "2025-04-03", "", "asked"),
        ("fri lunch: fish", "2026-11-20", "lunch", "fish"),
        ("sun: rain", "2026-11-22", "", "rain"),
        ("wed 18 nov call: asked", "2026-11-18", "call", "asked"),
        ("wednesday, 18 november 2026: asked", "2026-11-18", "", "asked"),
        ("the 14th of october: asked", "2026-10-14", "", "asked"),
        ("half a year ago: asked", "2026-05-23", "", "asked"),
        ("had coffee yesterday and talked about it", "2026-11-22", "coffee", "talked about it"),
        ("we had a call on friday", "2026-11-20", "call", ""),
        ("lunch with Bob on friday about the raise", "2026-11-20", "lunch", "with Bob about the raise"),
        ("dinner with Grace 2 weeks ago", "2026-11-09", "dinner", "with Grace"),
        ("sent her paper back last week #sent", "2026-11-16", "", "sent her paper back #sent"),
        ("saw them at the fair last friday.", "2026-11-20", "", "saw them at the fair."),
        ("two\nlines\tof words", None, "", "two lines of words"),
    ],
)  # fmt: skip
def test_when_and_how_are_read_at_the_beginning(text: str, day: str | None, channel: str, words: str) -> None:
    wanted = date.fromisoformat(day) if day else None
    told = read_capture(text, TODAY)
    assert (told.day, told.channel, told.text) == (wanted, channel, words)


@mark.parametrize(
    "text",
    [
        "may be able to help in spring",
        "march on, she said",
        "second thoughts about it",
        "sunday is her day off",
        "heute ist ihr Geburtstag",
        "hier war es schön",
        "Treffen hier: der Garten",
        "hoy es su santo",
        "2 weeks of holiday to come",
        "now she wants the job",
        "Grace: said no",
        "asked what happened yesterday",
        "said she resigned yesterday",
        "sat down with her",
        "sun, sand and beer",
        "mon ami is well",
        "version 1.2.3 is out",
        "took 3.5. of it",
        "half the year is gone",
        "",
    ],
)
def test_words_that_only_look_like_a_day_stay_words(text: str) -> None:
    assert read_capture(text, TODAY) == Capture(None, "", text)


@mark.parametrize(
    "text",
    [
        "call: she resigned yesterday",
        "call about the 14 oct deadline: it is near",
        "call sat in the sun",
        "mail: reply tomorrow",
    ],
)
def test_a_day_within_what_was_said_is_not_when_it_was_said(text: str) -> None:
    told = read_capture(text, TODAY)
    assert told.day is None
    assert find_unread_day(text, told, TODAY) is None


@mark.parametrize(
    ("text", "day"),
    [
        ("she resigned yesterday and told me", "2026-11-22"),
        ("on monday we talked", "2026-11-16"),
        ("gestern haben wir geredet", "2026-11-22"),
        ("asked what happened 3 days ago", "2026-11-20"),
    ],
)
def test_a_day_that_was_not_read_can_be_told(text: str, day: str) -> None:
    found = find_unread_day(text, read_capture(text, TODAY), TODAY)
    assert found is not None and found[1].isoformat() == day


@mark.parametrize(
    ("text", "runs_on"),
    [
        ("called her, she said yes", True),
        ("call about it", True),
        ("call: about it", False),
        ("called, she said yes", False),
        ("coffee how to open it", False),
        ("coffee yesterday about it", False),
        ("call", False),
    ],
)
def test_it_is_told_whether_the_words_run_on_behind_the_channel(text: str, runs_on: bool) -> None:
    assert read_capture(text, TODAY).runs_on is runs_on


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read_and_keeps_its_last_word(text: str) -> None:
    told = read_capture(text, TODAY)
    assert "\n" not in told.text
    if told.day is None and not told.channel:
        assert told.text.split() == text.replace("\0", "").split() or not text.isprintable()
