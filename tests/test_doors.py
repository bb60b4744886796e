"""What may pass which door: the table of the one rule, and that pages, commands and exports ask it."""

from __future__ import annotations

from datetime import date

import pytest

from mdmentor.core.model import Contact, Interaction, Person, Promise
from mdmentor.core.trust import (
    CONFIDENTIAL,
    CSV,
    DOORS,
    EDITOR,
    ICALENDAR,
    JSON,
    LEFT_OUT,
    NAME_ONLY,
    OPEN,
    PAGES,
    PRIVATE,
    SHOW,
    SHOWN,
    TERMINAL,
    VCARD,
    Door,
    is_left_out,
    may_pass,
    public_person,
)

OUTWARD = (VCARD, CSV, JSON, ICALENDAR)
# what, doors -> without being asked, asked for this once
TABLE = [
    (OPEN, DOORS, SHOWN, SHOWN),
    (PRIVATE, (PAGES, TERMINAL, EDITOR), LEFT_OUT, LEFT_OUT),
    (PRIVATE, (SHOW,), LEFT_OUT, SHOWN),
    (PRIVATE, OUTWARD, LEFT_OUT, LEFT_OUT),
    (CONFIDENTIAL, (PAGES, TERMINAL, EDITOR), NAME_ONLY, NAME_ONLY),
    (CONFIDENTIAL, (SHOW,), NAME_ONLY, SHOWN),
    (CONFIDENTIAL, OUTWARD, LEFT_OUT, SHOWN),
]
CASES = [(what, door, *verdicts) for what, doors, *verdicts in TABLE for door in doors]


def test_the_table_has_every_case_once() -> None:
    pairs = [(what, door) for what, door, *_ in CASES]
    assert sorted(pairs) == sorted((what, door) for what in (OPEN, PRIVATE, CONFIDENTIAL) for door in DOORS)


@pytest.mark.parametrize(("what", "door", "unasked", "asked"), CASES)
def test_the_rule_says_what_the_table_says(what: str, door: Door, unasked: str, asked: str) -> None:
    assert may_pass(what, door) == unasked
    assert may_pass(what, door, asked=True) == asked


def person(*, confidential: bool) -> Person:
    return Person(
        Contact("people/Ada.md", "Ada", email=("ada@example.org",), confidential=confidential),
        (
            Interaction(date(2026, 1, 2), "call", "open", (), 9),
            Interaction(date(2026, 1, 3), "call", "secret", ("private",), 10),
        ),
        (Promise("open", None, False, 12), Promise("secret", None, False, 13, private=True)),
    )


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize("confidential", [False, True])
def test_a_person_passes_as_the_rule_says(door: Door, asked: bool, confidential: bool) -> None:
    whole = person(confidential=confidential)
    shown = public_person(whole, door, asked=asked)
    verdict = may_pass(CONFIDENTIAL, door, asked=asked) if confidential else SHOWN
    assert is_left_out(whole.contact, door, asked=asked) == (verdict == LEFT_OUT)
    if verdict != SHOWN:
        assert shown == Person(Contact("people/Ada.md", "Ada", confidential=True))
    elif may_pass(PRIVATE, door, asked=asked) == SHOWN:
        assert shown == whole
    else:
        assert "secret" not in str(shown) and str(shown).count("open") == 2
