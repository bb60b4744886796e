"""The days worth knowing beforehand, and those that are nobody's business."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.entries import Occasion
from mdmentor.core.model import Birthday, Contact, Interaction, Person, Promise
from tests.values import built, upcoming

TODAY = date(2026, 11, 23)


def person(
    contact: Contact | None = None,
    interactions: tuple[Interaction, ...] = (),
    promises: tuple[Promise, ...] = (),
) -> Person:
    return Person(contact or Contact("people/Ada.md", "Ada"), interactions, promises)


def born(month: int, day: int, year: int | None = None) -> Person:
    return person(Contact("people/Ada.md", "Ada", birthday=Birthday(month, day, year)))


def told(*persons: Person, today: date = TODAY, days: int = 60) -> list[tuple[str, str, str]]:
    return [(o.day.isoformat(), o.kind, o.text) for o in upcoming(persons, today, days)]


def test_a_birthday_has_the_age_where_the_year_is_known() -> None:
    assert told(born(11, 30, 1976)) == [("2026-11-30", "birthday", "turns 50")]
    assert told(born(11, 30)) == [("2026-11-30", "birthday", "")]


def test_a_birthday_after_new_year_is_in_the_next_year() -> None:
    assert told(born(1, 2, 1980)) == [("2027-01-02", "birthday", "turns 47")]


def test_a_birthday_today_is_listed_and_yesterdays_is_not() -> None:
    assert told(born(11, 23, 2000)) == [("2026-11-23", "birthday", "turns 26")]
    assert told(born(11, 22)) == []


def test_29_february_falls_on_the_28th_in_short_years() -> None:
    assert told(born(2, 29, 1980), today=date(2027, 2, 1)) == [("2027-02-28", "birthday", "turns 47")]
    assert told(born(2, 29, 1980), today=date(2028, 2, 1)) == [("2028-02-29", "birthday", "turns 48")]


@pytest.mark.parametrize("year", [2026, 2030, 1066])
def test_a_year_of_birth_that_is_a_slip_gives_no_age(year: int) -> None:
    assert told(born(11, 30, year)) == [("2026-11-30", "birthday", "")]


def test_the_days_asked_for_include_the_last() -> None:
    assert told(born(11, 24), days=1) == [("2026-11-24", "birthday", "")]
    assert told(born(11, 25), days=1) == []


def test_future_interactions_are_plans_and_past_or_private_ones_are_not() -> None:
    plans = (
        Interaction(TODAY, "call", "today", (), 1),
        Interaction(date(2026, 12, 1), "lunch", "at [[The station|the station]] #got", ("got",), 2),
        Interaction(date(2026, 12, 1), "", "", (), 3),
        Interaction(date(2026, 12, 2), "", "secret", ("private",), 4),
    )
    assert told(person(interactions=plans)) == [
        ("2026-12-01", "plan", ""),
        ("2026-12-01", "plan", "lunch: at the station"),
    ]


def test_a_plan_that_stands_twice_in_the_same_words_is_one() -> None:
    plans = tuple(Interaction(date(2026, 12, 1), "lunch", "x", (), line) for line in (1, 2))
    assert told(person(interactions=plans)) == [("2026-12-01", "plan", "lunch: x")]


def test_dated_promises_say_whose_they_are() -> None:
    promises = (
        Promise("send *the paper*", date(2026, 11, 30), False, 1),
        Promise("introduce Bob", date(2026, 12, 2), True, 2),
        Promise("some day", None, False, 3),
        Promise("long ago", date(2026, 11, 1), False, 4),
        Promise("secret", date(2026, 12, 1), False, 5, private=True),
    )
    assert told(person(promises=promises)) == [
        ("2026-11-30", "promise", "you promised: send the paper"),
        ("2026-12-02", "promise", "they promised: introduce Bob"),
    ]


def test_the_date_the_user_chose_is_an_occasion() -> None:
    assert told(person(Contact("a.md", "A", next=date(2026, 12, 5)))) == [("2026-12-05", "next", "")]


def test_a_confidential_contact_has_no_occasions() -> None:
    secret = Contact("a.md", "A", confidential=True, birthday=Birthday(11, 30), next=date(2026, 12, 5))
    plans = (Interaction(date(2026, 12, 1), "", "x", (), 1),)
    assert told(person(secret, plans, (Promise("x", date(2026, 12, 1), False, 2),))) == []


def test_a_contact_never_to_be_suggested_keeps_only_what_was_promised_or_planned() -> None:
    paused = Contact("a.md", "A", paused=True, birthday=Birthday(11, 30), next=date(2026, 12, 5))
    assert told(person(paused, (), (Promise("x", date(2026, 12, 1), False, 2),))) == [
        ("2026-12-01", "promise", "you promised: x")
    ]


def test_occasions_come_by_day_kind_name_and_path() -> None:
    people = [
        Person(Contact(path, name, birthday=Birthday(12, day)))
        for path, name, day in (
            ("c.md", "Bob", 1),
            ("b.md", "ada", 1),
            ("a.md", "Bob", 1),
            ("d.md", "Zoe", 2),
        )
    ]
    plan = Person(Contact("z.md", "Abe"), (Interaction(date(2026, 12, 1), "", "x", (), 1),))
    assert [(o.kind, o.path) for o in upcoming([plan, *people], TODAY)] == [
        ("birthday", "b.md"),
        ("birthday", "a.md"),
        ("birthday", "c.md"),
        ("plan", "z.md"),
        ("birthday", "d.md"),
    ]


PERSONS = built(
    Person,
    built(
        Contact,
        st.sampled_from(["a.md", "b.md", "c.md"]),
        st.sampled_from(["A", "a", "B"]),
        birthday=st.none() | st.dates().map(lambda day: Birthday(day.month, day.day, day.year)),
        next=st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    ),
    st.lists(
        built(Interaction, st.dates(), st.just(""), st.text(max_size=3), st.just(()), st.just(1)),
        max_size=3,
    ).map(tuple),
)


def test_no_birthday_comes_behind_the_end_of_the_calendar() -> None:
    ada = Person(Contact("a.md", "A", birthday=Birthday(1, 1, 2000)))
    assert upcoming([ada], date(9999, 1, 2), 400) == ()
    assert [o.day for o in upcoming([ada], date(9999, 1, 1), 400)] == [date(9999, 1, 1)]


@settings(max_examples=100)
@given(
    st.lists(PERSONS, max_size=4, unique_by=lambda person: person.contact.path),
    st.dates(),
    st.integers(0, 400),
)
def test_occasions_lie_in_the_days_asked_for_whatever_the_order(
    persons: list[Person], today: date, days: int
) -> None:
    found: tuple[Occasion, ...] = upcoming(persons, today, days)
    assert found == upcoming(persons[::-1], today, days)
    assert all(timedelta(0) <= o.day - today <= timedelta(days) for o in found)
