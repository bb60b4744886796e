"""Dates, birthdays and spans of time as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.dates import (
    SPANS,
    add_months,
    find_date,
    find_leading_date,
    is_no_cadence,
    next_birthday,
    parse_birthday,
    parse_date,
    parse_month_day,
    parse_span,
    parse_when,
)
from mdmentor.core.marks import find_due
from mdmentor.core.model import Birthday

TODAY = date(2026, 11, 23)  # a Monday
DAY = date(2026, 10, 14)
DATES = st.dates(date(1000, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-14",
        " 2026-10-14 ",
        "20261014",
        "2026/10/14",
        "2026-10-14T09:30",
        "2026-10-14T23:30:00Z",
        "2026-10-14 09:30:00+02:00",
        "20261014T093000",
        "[[2026-10-14]]",
        "[[Daily/2026-10-14|Wednesday]]",
        "14 Oct 2026",
        "14th of October 2026",
        "Oct 14, 2026",
        "october 14th, 2026",
        "Wed, 14 Oct. 2026",
        "Wednesday, October 14, 2026",
        "14/10/2026",
        "10/14/2026",
        "14-10-2026",
        "14.10.2026",
        "14/10/2026 09:30",
        "October 14, 2026 3:00 PM",
        "2026-10-14 3:00pm",
        "2026.10.14",
        "2026. 10. 14.",
        "2026年10月14日",
        "[[2026/10/14]]",
        "[[Wed, 2026/10/14]]",
        "[[2026-10-14 Wednesday]]",
        "[[daily.journal.2026.10.14]]",
    ],
)
def test_a_date_is_read_in_every_clear_form(text: str) -> None:
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2026",
        "3.4.26.1",
        "2026",
        "2026-10",
        "2026-W42",
        "14 Oct",
        "14 Octopus 2026",
        "soon",
    ],
)
def test_what_is_unclear_or_not_a_day_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2024-02-30", "20261301", "2026/00/10", "31 Feb 2026", "0000-01-01"]
)
def test_a_day_that_no_calendar_has_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@given(DATES, st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%b %d, %Y", "%a %d %b %Y", "[[%Y-%m-%d]]"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert parse_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1815-12-10", Birthday(12, 10, 1815)),
        ("12-10", Birthday(12, 10)),
        ("--12-10", Birthday(12, 10)),
        ("--1210", Birthday(12, 10)),
        ("10 Dec", Birthday(12, 10)),
        ("December 10th", Birthday(12, 10)),
        ("10 December 1815", Birthday(12, 10, 1815)),
        ("0000-12-10", Birthday(12, 10)),
        ("1604-12-10", Birthday(12, 10)),
        ("02-29", Birthday(2, 29)),
        ("1604-02-29", Birthday(2, 29)),
        ("2000-02-29", Birthday(2, 29, 2000)),
        ("1900-02-29", None),
        ("02-30", None),
        ("3.12.1815", Birthday(12, 3, 1815)),
        ("10. 12.", Birthday(12, 10)),
        ("29.2.", Birthday(2, 29)),
        ("1815年12月3日", Birthday(12, 3, 1815)),
        ("12月10日", Birthday(12, 10)),
        ("[[1815/12/10]]", Birthday(12, 10, 1815)),
        ("3.14.1815", None),
        ("14-10", None),
        ("10/12", None),
        ("", None),
    ],
)
def test_a_birthday_is_read_with_or_without_its_year(text: str, birthday: Birthday | None) -> None:
    assert parse_birthday(text) == birthday


@pytest.mark.parametrize(
    ("birthday", "today", "kept"),
    [
        (Birthday(12, 10), date(2026, 11, 23), date(2026, 12, 10)),
        (Birthday(11, 23), date(2026, 11, 23), date(2026, 11, 23)),
        (Birthday(11, 22), date(2026, 11, 23), date(2027, 11, 22)),
        (Birthday(2, 29), date(2026, 11, 23), date(2027, 2, 28)),
        (Birthday(2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (Birthday(2, 29), date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_birthday_is_kept_each_year(birthday: Birthday, today: date, kept: date) -> None:
    assert next_birthday(birthday, today) == kept


@given(st.dates(max_value=date(9998, 12, 31)), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_the_next_birthday_is_within_a_year(today: date, born: date) -> None:
    kept = next_birthday(Birthday(born.month, born.day), today)
    assert today <= kept <= today + timedelta(days=366)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30", 30),
        ("30d", 30),
        ("90 days", 90),
        ("2w", 14),
        ("6 weeks", 42),
        ("every 6 weeks", 42),
        ("Every two weeks", 14),
        ("every other week", 14),
        ("week", 7),
        ("weekly", 7),
        ("biweekly", 14),
        ("bi-weekly", 14),
        ("fortnightly", 14),
        ("monthly", 30),
        ("once a month", 30),
        ("3 months", 90),
        ("6 months", 182),
        ("18 months", 547),
        ("quarterly", 90),
        ("every quarter", 90),
        ("half-yearly", 182),
        ("twice a year", 182),
        ("four times a year", 91),
        ("yearly", 365),
        ("annually", 365),
        ("~ 2 years", 730),
        ("about 6 weeks", 42),
        ("monatlich", 30),
        ("wöchentlich", 7),
        ("jeden Monat", 30),
        ("alle zwei Wochen", 14),
        ("alle 3 Monate", 90),
        ("jedes Jahr", 365),
    ],
)
def test_a_span_is_read_as_days(text: str, days: int) -> None:
    assert parse_span(text) == days


@pytest.mark.parametrize(
    "text",
    ["", "0", "0 days", "evry month", "soon", "a few weeks", "-3", "999999999 years", "none", "3 or 4"],
)
def test_what_is_no_span_is_none(text: str) -> None:
    assert parse_span(text) is None


@pytest.mark.parametrize("text", SPANS)
def test_each_span_that_may_be_proposed_can_be_read(text: str) -> None:
    assert parse_span(text)


def test_a_wish_for_no_cadence_is_told_apart() -> None:
    assert all(is_no_cadence(text) for text in ("none", "Never", "no", "off", "0", "-"))
    assert not any(is_no_cadence(text) for text in ("", "monthly", "nobody", "30"))


@given(st.integers(1, 36_500))
def test_a_number_of_days_is_itself(days: int) -> None:
    assert parse_span(str(days)) == parse_span(f"{days}d") == parse_span(f"every {days} days") == days


@pytest.mark.parametrize(
    ("text", "gone", "to_come"),
    [
        ("today", "2026-11-23", "2026-11-23"),
        ("Yesterday", "2026-11-22", "2026-11-22"),
        ("tomorrow", "2026-11-24", "2026-11-24"),
        ("day before yesterday", "2026-11-21", "2026-11-21"),
        ("friday", "2026-11-20", "2026-11-27"),
        ("monday", "2026-11-16", "2026-11-30"),
        ("last friday", "2026-11-20", "2026-11-20"),
        ("next fri", "2026-11-27", "2026-11-27"),
        ("3 days ago", "2026-11-20", "2026-11-20"),
        ("a week ago", "2026-11-16", "2026-11-16"),
        ("in 2 weeks", "2026-12-07", "2026-12-07"),
        ("two weeks from now", "2026-12-07", "2026-12-07"),
        ("2w", "2026-11-09", "2026-12-07"),
        ("3 months", "2026-08-23", "2027-02-23"),
        ("next week", "2026-11-30", "2026-11-30"),
        ("last month", "2026-10-23", "2026-10-23"),
        ("next year", "2027-11-23", "2027-11-23"),
        ("14 oct", "2026-10-14", "2027-10-14"),
        ("Oct 14th", "2026-10-14", "2027-10-14"),
        ("11-23", "2026-11-23", "2026-11-23"),
        ("29 feb", "2024-02-29", "2028-02-29"),
        ("january", "2026-01-01", "2027-01-01"),
        ("next january", "2027-01-01", "2027-01-01"),
        ("2026-01-05", "2026-01-05", "2026-01-05"),
        ("[[2026-01-05]]", "2026-01-05", "2026-01-05"),
    ],
)
def test_words_for_a_day_look_back_or_ahead_as_asked(text: str, gone: str, to_come: str) -> None:
    assert str(parse_when(text, TODAY, past=True)) == gone
    assert str(parse_when(text, TODAY, past=False)) == to_come


@pytest.mark.parametrize(
    "text", ["", "soon", "14", "this week", "last foo", "in 9999 years", "99999 months ago", "03/04/2026"]
)
def test_words_for_no_day_are_none(text: str) -> None:
    assert parse_when(text, TODAY, past=True) is None
    assert parse_when(text, TODAY, past=False) is None


def test_a_month_later_is_clipped_to_its_last_day() -> None:
    assert parse_when("next month", date(2027, 1, 31), past=False) == date(2027, 2, 28)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert add_months(date(2026, 11, 23), 14) == date(2028, 1, 23)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("2026-10-14 call: x", " call: x"),
        ("  2026/10/14, x", ", x"),
        ("20261014 x", " x"),
        ("2026-10-14", ""),
        ("[[2026-10-14]] x", " x"),
        ("[[Daily/2026-10-14|Wed]]: x", ": x"),
        ("[2026-10-14](daily/2026-10-14.md) x", " x"),
        ("(2026-10-14) x", " x"),
        ("**2026-10-14** x", " x"),
        ("**2026-10-14:** x", " x"),
        ("_2026-10-14_ x", " x"),
        ("**[[2026-10-14]]** x", " x"),
        ("2026-10-14T09:30 x", " x"),
        ("2026-10-14 09:30 - x", " - x"),
        ("[[2026-10-14]] 10:15 x", " x"),
        ("2026-10-14 1:1 with Bob", " 1:1 with Bob"),
        ("Oct 14, 2026: x", ": x"),
        ("2026-10-14-notes", "-notes"),
        ("October 14, 2026 3:00 PM x", " x"),
        ("@October 14, 2026 x", " x"),
        ("2026.10.14 x", " x"),
        ("2026. 10. 14. x", " x"),
        ("2026年10月14日：x", "：x"),
        ("[[Wed, 2026/10/14]] x", " x"),
        ("[[2026-10-14 Wednesday]] x", " x"),
        ("[[2026-10-14-Mittwoch|Mi]] x", " x"),
        ("[[daily.journal.2026.10.14]] x", " x"),
    ],
)
def test_a_leading_date_is_found_and_taken_off(text: str, rest: str) -> None:
    found = find_leading_date(text)
    assert found is not None
    day, end = found
    assert (day, text[end:]) == (DAY, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "call 2026-10-14",
        "2026-02-30 x",
        "[[2026-02-30]]",
        "202610141530 x",
        "12345678",
        "[[Ada]] 2026-10-14",
        "[[2026-10-14 Budget]] x",
        "2026.10.14.5 x",
        "10-14 x",
    ],
)
def test_a_line_without_a_date_at_its_head_has_none(text: str) -> None:
    assert find_leading_date(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("send the paper 📅 2026-11-30", "send the paper"),
        ("send the paper 🗓️2026-11-30 #waiting", "send the paper #waiting"),
        ("send the paper due:: 2026-11-30", "send the paper"),
        ("send [due:: 2026-11-30] the paper", "send the paper"),
        ("send the paper (due:: 2026-11-30)", "send the paper"),
        ("send the paper (by 2026-11-30).", "send the paper."),
        ("send the paper (due 2026-11-30)", "send the paper"),
        ("send the paper by 2026-11-30, please", "send the paper, please"),
        ("send the paper due by [[2026-11-30]]", "send the paper"),
        ("due: 2026-11-30 send the paper", "send the paper"),
        ("send the paper by 30 Nov 2026", "send the paper"),
        ("das Buch zurückgeben (bis 30.11.2026)", "das Buch zurückgeben"),
        ("das Buch bis zum 30. November 2026 zurückgeben", "das Buch zurückgeben"),
        ("envoyer le livre avant le 30 novembre 2026", "envoyer le livre"),
        ("enviar el libro (antes del 30 de noviembre de 2026)", "enviar el libro"),
        ("mandare il libro entro il 30 novembre 2026", "mandare il libro"),
    ],
)
def test_the_day_of_a_task_is_found_and_taken_out(text: str, rest: str) -> None:
    assert find_due(text) == (date(2026, 11, 30), rest)


@pytest.mark.parametrize(
    "text",
    [
        "send the paper",
        "send it by friday",
        "standby 2026-11-30",
        "by 2026-02-30",
        "since 2026-11-30",
        "📅 soon",
    ],
)
def test_a_task_without_a_day_keeps_its_words(text: str) -> None:
    assert find_due(text) == (None, text)


def test_an_impossible_day_does_not_hide_a_possible_one() -> None:
    assert find_due("by 2026-02-30 or by 2026-03-01") == (date(2026, 3, 1), "by 2026-02-30 or")


def test_a_date_is_found_inside_a_text() -> None:
    assert find_date("PyCon 2019-05-03, hallway") == (date(2019, 5, 3), 6, 16)
    assert find_date("at [[2019-05-03]].") == (date(2019, 5, 3), 3, 17)
    assert find_date("see https://example.org/2019/05/03/ada") is None


WORDS = [
    "2026-10-14",
    "oct",
    " 14",
    "due",
    "by ",
    "::",
    "last ",
    "week",
    "friday",
    " ago",
    "in ",
    "[[",
    "]]",
    "T09:30",
]
PIECES = st.sampled_from([*"0123456789-/.:, []()*_📅#", *WORDS])


@settings(max_examples=200)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)), st.dates())
def test_any_text_is_read(text: str, today: date) -> None:
    parse_date(text)
    parse_birthday(text)
    days = parse_span(text)
    assert days is None or 1 <= days <= 36_500
    parse_when(text, today, past=True)
    parse_when(text, today, past=False)
    leading = find_leading_date(text)
    assert leading is None or 0 < leading[1] <= len(text)
    due, rest = find_due(text)
    assert due is not None or rest == text
    found = find_date(text)
    assert found is None or 0 <= found[1] < found[2] <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "14. Oktober 2026", "Mittwoch, den 14. Oktober 2026", "Mi., 14. Okt. 2026", "14 octobre 2026", "mer. 14 oct. 2026",
        "14 de octubre de 2026", "miércoles 14 octubre 2026", "14 ottobre 2026", "14 ott 2026", "14 de outubro de 2026",
        "14 out 2026", "14 oktober 2026", "woensdag 14 oktober 2026",
    ],
)  # fmt: skip
def test_months_and_weekdays_are_read_in_seven_languages(text: str) -> None:
    assert parse_date(text) == date(2026, 10, 14)
    found = find_leading_date(f"**{text}**: tea")
    assert found and found[0] == date(2026, 10, 14)


@pytest.mark.parametrize(
    "text",
    [
        "le 14 octobre 2026", "Le mercredi 14 octobre 2026", "le 14/10/2026", "am 14. Oktober 2026", "Am 14.10.2026",
        "Am Mittwoch, den 14. Oktober 2026", "Am Mittwoch, dem 14. Oktober 2026", "den 14. Oktober 2026",
        "el 14 de octubre de 2026", "El miércoles 14 de octubre de 2026", "il 14 ottobre 2026", "Em 14 de outubro de 2026",
        "no dia 14 de outubro de 2026", "op 14 oktober 2026", "Op woensdag 14 oktober 2026", "on 14 October 2026",
        "On [[2026-10-14]]", "**le 14 octobre 2026**",
    ],
)  # fmt: skip
def test_a_date_is_found_behind_the_word_that_a_sentence_has_there(text: str) -> None:
    found = find_leading_date(f"{text}: tea")
    assert found == (date(2026, 10, 14), len(text))
    assert find_leading_date("L’11 novembre 2026") == (date(2026, 11, 11), 18)


@pytest.mark.parametrize(
    "text", ["on holiday since 2026", "le 3 novembre", "open 2026-10-14", "elle 14 octobre 2026"]
)
def test_no_other_word_stands_before_a_date(text: str) -> None:
    assert find_leading_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14. März", (3, 14)),
        ("1er février", (2, 1)),
        ("3 out", None),
        ("3 set", None),
        ("14 people", None),
        ("set 3", None),
    ],
)
def test_a_day_without_a_year_is_no_word_of_another_meaning(
    text: str, expected: tuple[int, int] | None
) -> None:
    assert parse_month_day(text) == expected


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("31/12/1980", Birthday(12, 31, 1980)),
        ("12/31/1980", Birthday(12, 31, 1980)),
        ("31-12-1980", Birthday(12, 31, 1980)),
        ("31.12.1980", Birthday(12, 31, 1980)),
        ("5/5/1980", Birthday(5, 5, 1980)),
        ("31/12", Birthday(12, 31)),
        ("12/31", Birthday(12, 31)),
        ("31.12.", Birthday(12, 31)),
        ("31/12/80", Birthday(12, 31, 1980)),
        ("12/31/07", Birthday(12, 31, 2007)),
        ("05/06/1980", None),
        ("05/06", None),
        ("32/12/1980", None),
        ("30/02/1980", None),
    ],
)
def test_a_birthday_that_can_only_be_one_day_is_read_however_it_is_written(
    text: str, birthday: Birthday | None
) -> None:
    assert parse_birthday(text) == birthday


@pytest.mark.parametrize(
    ("text", "past", "day"),
    [
        ("14/8", True, date(2026, 8, 14)),
        ("8/14", True, date(2026, 8, 14)),
        ("14/12", True, date(2025, 12, 14)),
        ("14/12", False, date(2026, 12, 14)),
        ("14.8.26", True, date(2026, 8, 14)),
        ("14.8.", True, date(2026, 8, 14)),
        ("14. 8. 2026", True, date(2026, 8, 14)),
        ("4.8.26", True, date(2026, 8, 4)),
        ("14/8/26", True, date(2026, 8, 14)),
        ("11/11", True, date(2026, 11, 11)),
        ("11/12", True, None),
        ("12/05/2026", True, None),
        ("31/2", True, None),
        ("at the weekend", True, date(2026, 11, 21)),
        ("over the weekend", True, date(2026, 11, 21)),
        ("last weekend", True, date(2026, 11, 21)),
        ("this weekend", False, date(2026, 11, 28)),
        ("next weekend", True, date(2026, 11, 28)),
        ("in 3 days", True, date(2026, 11, 26)),
    ],
)
def test_days_in_numbers_and_weekends_are_read_where_they_are_one_day(
    text: str, past: bool, day: date | None
) -> None:
    assert parse_when(text, date(2026, 11, 23), past) == day
