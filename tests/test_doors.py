"""What may pass which door: the table of the one rule, and that pages, commands and exports ask it."""

from __future__ import annotations

from datetime import date

import pytest

from mdmentor.core.model import Contact, Interaction, Person, Promise
from mdmentor.core.trust import (
    CONFIDENTIAL,
    INSIDE,
    LEFT_OUT,
    NAME_ONLY,
    OUTWARD,
    PRIVATE,
    SHOW,
    SHOWN,
    is_left_out,
    may_pass,
    public_person,
)

DOORS = (INSIDE, SHOW, OUTWARD)
# what, door -> without being asked, asked for this once
TABLE = [
    (PRIVATE, INSIDE, LEFT_OUT, LEFT_OUT),
    (PRIVATE, SHOW, LEFT_OUT, SHOWN),
    (PRIVATE, OUTWARD, LEFT_OUT, LEFT_OUT),
    (CONFIDENTIAL, INSIDE, NAME_ONLY, NAME_ONLY),
    (CONFIDENTIAL, SHOW, NAME_ONLY, SHOWN),
    (CONFIDENTIAL, OUTWARD, LEFT_OUT, SHOWN),
]


@pytest.mark.parametrize(("what", "door", "unasked", "asked"), TABLE)
def test_the_rule_says_what_the_table_says(what: str, door: str, unasked: str, asked: str) -> None:
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
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("confidential", [False, True])
def test_a_person_passes_as_the_rule_says(door: str, asked: bool, confidential: bool) -> None:
    whole = person(confidential=confidential)
    shown = public_person(whole, door, asked=asked)
    verdict = may_pass(CONFIDENTIAL, door, asked=asked) if confidential else SHOWN
    assert door != OUTWARD or is_left_out(whole.contact, asked=asked) == (verdict == LEFT_OUT)
    if verdict != SHOWN:
        assert shown == Person(Contact("people/Ada.md", "Ada", confidential=True))
    elif may_pass(PRIVATE, door, asked=asked) == SHOWN:
        assert shown == whole
    else:
        assert "secret" not in str(shown) and str(shown).count("open") == 2
