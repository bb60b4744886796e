"""The two-way street: what was given and got, and where thanks are open."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.exchange import balance_words, exchange, thanks_owed, times
from mdmentor.core.model import Contact, Interaction, Person, Promise
from tests.values import built

TODAY = date(2026, 11, 23)


def line(day: str, *marks: str, text: str = "", path: str = "people/Ada.md", number: int = 9) -> Interaction:
    return Interaction(date.fromisoformat(day), "call", text, marks, number, (), path)


def ada(*log: Interaction, **fields) -> Person:
    return Person(Contact("people/Ada.md", "Ada Lovelace", **fields), log)


def owed_since(*log: Interaction) -> date | None:
    found = exchange(ada(*log), TODAY).thanks_line
    return found.date if found else None


def test_thanks_are_owed_since_the_first_help_without_them():
    first = line("2026-09-01", "got", text="read my CV")
    street = exchange(ada(first, line("2026-10-14", "got")), TODAY)
    assert street.thanks_line == first


@pytest.mark.parametrize("mark", ["thanked", "gave"])
def test_later_thanks_or_a_later_gift_settle_all_before(mark):
    assert owed_since(line("2026-09-01", "got"), line("2026-10-14", "got"), line("2026-11-01", mark)) is None


def test_help_after_the_thanks_is_owed_again():
    log = (line("2026-09-01", "got"), line("2026-09-02", "thanked"), line("2026-10-14", "got"))
    assert owed_since(*log) == date(2026, 10, 14)


def test_thanks_in_the_same_line_count():
    assert owed_since(line("2026-09-01", "got", "thanked")) is None


def test_thanks_on_the_same_day_in_another_note_count():
    assert (
        owed_since(line("2026-09-01", "got"), line("2026-09-01", "thanked", path="journal/2026-09-01.md"))
        is None
    )


def test_a_gift_on_the_same_day_is_no_thanks():
    assert owed_since(line("2026-09-01", "got", "gave")) == date(2026, 9, 1)


def test_later_lines_are_neither_owed_nor_settle():
    assert owed_since(line("2026-12-01", "got")) is None
    assert owed_since(line("2026-09-01", "got"), line("2026-12-01", "thanked")) == date(2026, 9, 1)


def test_private_help_is_not_shown_and_not_owed():
    street = exchange(ada(line("2026-09-01", "got", "private", text="lent me money")), TODAY)
    assert street.is_empty and street.thanks_line is None
    assert balance_words(street) == ""


@pytest.mark.parametrize("mark", ["thanked", "gave"])
def test_private_thanks_settle_without_being_shown(mark):
    street = exchange(ada(line("2026-09-01", "got"), line("2026-09-05", mark, "private")), TODAY)
    assert street.thanks_line is None
    assert not street.thanked and not street.gave
    assert balance_words(street) == "They helped once; nothing is open."


def test_nobody_is_asked_to_thank_somebody_who_is_never_to_be_contacted():
    street = exchange(ada(line("2026-09-01", "got"), paused=True), TODAY)
    assert street.thanks_line is None
    assert balance_words(street) == "They helped once."


def test_of_a_confidential_contact_only_path_and_name_are_shown():
    street = exchange(ada(line("2026-09-01", "got"), confidential=True), TODAY)
    assert (street.path, street.name, street.confidential, street.is_empty) == (
        "people/Ada.md",
        "Ada Lovelace",
        True,
        True,
    )


def test_promises_stand_on_their_side():
    mine, theirs = Promise("send the paper", None, False, 4), Promise("introduce me", None, True, 5)
    hidden = Promise("ask about the diagnosis", None, False, 6, private=True)
    street = exchange(Person(Contact("people/Ada.md", "Ada"), (), (mine, theirs, hidden)), TODAY)
    assert (street.promises_mine, street.promises_theirs) == ((mine,), (theirs,))


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ([], ""),
        ([line("2026-09-01")], ""),
        ([line("2026-09-01", "gave")], "You helped once."),
        ([line("2026-09-01", "got")], "They helped once; thanks are still open."),
        ([line("2026-09-01", "got", "thanked")], "They helped once; you thanked them."),
        (
            [line("2026-09-01", "got"), line("2026-09-03", "gave")],
            "You helped once, they once; you gave back since.",
        ),
        (
            [line("2026-08-01", "gave"), line("2026-09-01", "got", "thanked"), line("2026-10-01", "gave")],
            "You helped twice, they once; you thanked them.",
        ),
        ([line(f"2026-0{n}-01", "gave") for n in range(1, 8)], "You helped often."),
    ],
)
def test_the_balance_is_put_in_words(log, words):
    assert balance_words(exchange(ada(*log), TODAY)) == words


def test_one_day_in_two_notes_counts_once():
    log = (line("2026-09-01", "gave"), line("2026-09-01", "gave", path="journal/2026-09-01.md"))
    assert times(log) == 1


def test_two_lines_of_one_note_are_twice():
    assert times((line("2026-09-01", "gave", number=9), line("2026-09-01", "gave", number=10))) == 2


any_line = built(
    Interaction,
    st.dates(date(2026, 9, 1), date(2026, 12, 1)),
    st.just(""),
    st.sampled_from(["", "the paper"]),
    st.sets(st.sampled_from(["gave", "got", "thanked", "sent", "private"])).map(
        lambda found: tuple(sorted(found))
    ),
    st.integers(1, 5),
    st.just(()),
    st.sampled_from(["people/Ada.md", "journal/2026-09-01.md"]),
)


@given(st.lists(any_line, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_the_log_does_not_matter(log, chance: random.Random):
    log = list({(told.date, told.path, told.line): told for told in log}.values())
    mixed = chance.sample(log, len(log))
    assert exchange(ada(*log), TODAY) == exchange(ada(*mixed), TODAY)


@given(st.lists(any_line, max_size=8))
@settings(max_examples=150)
def test_thanks_today_settle_everything(log):
    assert not thanks_owed([*log, line("2026-11-23", "thanked")], TODAY)


@given(st.lists(any_line, max_size=8))
@settings(max_examples=150)
def test_thanks_are_owed_for_a_line_of_help_that_may_be_shown(log):
    owed = next(iter(thanks_owed(log, TODAY)), None)
    if owed:
        assert "got" in owed.marks and not owed.is_private and owed.date <= TODAY
