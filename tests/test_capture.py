"""Words typed when a talk is over become a day, a channel and a text, and ordinary words stay words."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import mark

from mdmentor.core.capture import Capture, find_doubt, read_capture
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
        ("3. November: asked", "2026-11-03", "", "asked"),
        ("coffee am 3. Nov: asked", "2026-11-03", "coffee", "asked"),
        ("am Dienstag, den 3. November: asked", "2026-11-03", "", "asked"),
        ("café le 3 novembre: asked", "2026-11-03", "café", "asked"),
        ("el 3 de noviembre de 2026: asked", "2026-11-03", "", "asked"),
        ("op 3 november: asked", "2026-11-03", "", "asked"),
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
        "fichier: les notes du projet",
    ],
)
def test_a_day_within_what_was_said_is_not_when_it_was_said(text: str) -> None:
    assert read_capture(text, TODAY).day is None
    assert find_doubt(text, TODAY) is None


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
    found = find_doubt(text, TODAY)
    assert found is not None and [str(one) for one in found.days] == [day]


@mark.parametrize(
    ("text", "day", "channel", "rest"),
    [
        ("14/8 call: plans", "2026-08-14", "call", "plans"),
        ("call 8/14: plans", "2026-08-14", "call", "plans"),
        ("14.8.26: call", "2026-08-14", "call", ""),
        ("14.8. call about it", "2026-08-14", "call", "about it"),
        ("14/08/2026 lunch", "2026-08-14", "lunch", ""),
        ("2026-11-20T14:30 call: plans", "2026-11-20", "call", "plans"),
        ("2026-11-20 14:30 call: plans", "2026-11-20", "call", "plans"),
        ("2026-11-20T14:30:05Z: call", "2026-11-20", "call", ""),
        ("call at noon yesterday: plans", "2026-11-22", "call", "plans"),
        ("at noon yesterday we spoke", "2026-11-22", "", "we spoke"),
        ("yesterday at 3pm: call", "2026-11-22", "call", ""),
        ("coffee at the weekend: plans", "2026-11-21", "coffee", "plans"),
        ("coffee with her at the weekend", "2026-11-21", "coffee", "with her"),
        ("over the weekend: walk", "2026-11-21", "walk", ""),
        ("in 3 days: call about it", "2026-11-26", "call", "about it"),
        ("call in 3 days", "2026-11-26", "call", ""),
        ("call her in two weeks", "2026-12-07", "call", "her"),
        ("lunch next week", "2026-11-30", "lunch", ""),
        ("10月12日吃饭", "2026-10-12", "", "吃饭"),
        ("2026年10月12日 吃饭", "2026-10-12", "", "吃饭"),
    ],
)
def test_days_in_numbers_with_times_and_in_more_words(text: str, day: str, channel: str, rest: str) -> None:
    found = read_capture(text, TODAY)
    assert (str(found.day), found.channel, found.text) == (day, channel, rest)
    assert find_doubt(text, TODAY) is None


@mark.parametrize(
    ("text", "words", "days"),
    [
        ("11/12 call: x", "11/12", ["2025-12-11", "2026-11-12"]),
        ("12/05/2026: coffee", "12/05/2026", ["2026-05-12", "2026-12-05"]),
        ("coffee with Ada 11/12", "11/12", ["2025-12-11", "2026-11-12"]),
        ("coffee on 03-04-2026: x", "on 03-04-2026", ["2026-04-03", "2026-03-04"]),
        ("31 feb: call", "31 feb", []),
        ("2026-13-45 call", "2026-13-45", []),
        ("30/02/2026 call", "30/02/2026", []),
        ("yesteday: coffee", "yesteday", []),
        ("thursdy: lunch", "thursdy", []),
        ("coffee last summer about it", "last summer", []),
        ("lunch this week", "this week", []),
        ("two fridays ago: coffee", "two fridays ago", []),
        ("lunch on the 3rd", "on the 3rd", []),
        ("in october: lunch", "in october", []),
        ("sent her card tomorrow", "tomorrow", ["2026-11-24"]),
        ("am 12.10. im Café getroffen", "12.10.", ["2026-10-12"]),
        ("le 12 octobre déjeuner", "12 octobre", ["2026-10-12"]),
        ("letzten Dienstag Kaffee", "letzten Dienstag", []),
        ("Kaffee am Dienstag", "am Dienstag", []),
        ("Dienstag Kaffee", "Dienstag", []),
        ("vor 3 Tagen Kaffee", "vor 3 Tagen", []),
        ("letzte Woche telefoniert", "letzte Woche", []),
        ("déjeuner il y a deux semaines", "il y a deux semaines", []),
        ("déjeuner mardi dernier", "mardi dernier", []),
        ("la semaine dernière déjeuner", "la semaine dernière", []),
        ("comida hace tres días", "hace tres días", []),
        ("昨天吃饭", "昨天", []),
    ],
)
def test_a_day_that_is_not_understood_or_may_be_two_is_a_doubt(
    text: str, words: str, days: list[str]
) -> None:
    assert read_capture(text, TODAY).day is None
    found = find_doubt(text, TODAY)
    assert found is not None and (found.words, [str(day) for day in found.days]) == (words, days)


@mark.parametrize(
    "text",
    [
        "call: deadline is 11/12", "call about the 11/12 deadline", "discussed 3/4 of the plan", "24/7 support call",
        "2nd call: x", "1.5 hours call", "talked about last year", "call: last summer was nice", "met at 5/6 cafe",
        "birthday: sent a card", "said she starts in march",
    ],
)  # fmt: skip
def test_numbers_and_times_within_what_was_said_are_none(text: str) -> None:
    assert read_capture(text, TODAY).day is None and find_doubt(text, TODAY) is None


def test_the_day_given_besides_settles_which_of_two_it_is() -> None:
    found = read_capture("11/12 call: x", TODAY, date(2026, 11, 12))
    assert (found.day, found.channel, found.text) == (date(2026, 11, 12), "call", "x")


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
