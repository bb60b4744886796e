"""The judge of whether two descriptions are of one person: addresses answer, names only ask."""

from __future__ import annotations

import time

import pytest

from mdmentor.core.model import Birthday
from mdmentor.core.same_person import (
    NONE,
    SAME,
    UNSURE,
    Directory,
    Identity,
    is_one_number,
    judge,
    phone_of,
    profile_of,
)


def who(name: str, path: str = "x", **known: object) -> Identity:
    values = {
        key: (value,) if isinstance(value, str) and key != "uid" else value for key, value in known.items()
    }
    return Identity(path, name, **values)  # type: ignore[arg-type]


LINKEDIN = "https://www.linkedin.com/in/ada/"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (who("Ada", uid="u1"), who("Countess", uid="u1")),
        (who("Ada Lovelace", emails="ada@example.org"), who("Ada King", emails="ADA@Example.org")),
        (who("Hans Müller", emails="h@example.org"), who("H. Müller", emails="h@example.org")),
        (who("Hans Müller", emails="h@example.org"), who("Müller, Hans", emails="h@example.org")),
        (who("Robert Smith", emails="r@example.org"), who("Bob Smith", emails="r@example.org")),
        (who("Anna Schmidt", emails="a@example.org"), who("Anna Weber", emails="a@example.org")),
        (who("ada@example.org", emails="ada@example.org"), who("Ada Lovelace", emails="ada@example.org")),
        (who("Ada Lovelace", phones="+44 20 7946 0000"), who("Ada Lovelace", phones="(020) 7946-0000")),
        (who("Ada Lovelace", phones="0044 20 7946 0000"), who("Ada L", phones="+44 (0)20 79460000")),
        (who("Ada Lovelace", urls=LINKEDIN), who("Ada King", urls="linkedin.com/in/Ada?utm=x")),
        (who("Ada Lovelace", company="Tarn Ltd."), who("Lovelace, Ada", company="Tarn")),
        (who("山田 太郎", company="Tarn"), who("山田太郎", company="Tarn")),
        (who("Jürgen Müller", company="Tarn"), who("Juergen Mueller", company="Tarn")),
        (who("José Silva", company="Tarn"), who("Jose Silva", company="Tarn")),
    ],
)
def test_one_person(one: Identity, other: Identity) -> None:
    assert judge(one, other)[0] == judge(other, one)[0] == SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (who("Ada Lovelace"), who("Ada Lovelace")),
        (who("Ada Lovelace", company="Tarn"), who("Ada Lovelace", company="Alder Grid")),
        (who("Ada Lovelace", emails="info@tarn.example"), who("Ada King", emails="info@tarn.example")),
        (who("Ada Lovelace", emails="x@example.org"), who("Grace Hopper", emails="x@example.org")),
        (who("Anna Smith", emails="smith@example.org"), who("Bob Smith", emails="smith@example.org")),
        (who("Anna Smith", phones="+44 20 7946 0000"), who("Bob Smith", phones="+44 20 7946 0000")),
        (who("Ada Lovelace", phones="5550143"), who("Ada Lovelace", phones="555-0143")),
        (who("Мария Петрова"), who("Maria Petrova")),
        (who("Bob Smith"), who("Robert Smith")),
        (who("Ada", company="Tarn"), who("Ada", company="Tarn")),
        (
            who("John Smith", company="Tarn", emails="john1@tarn.example"),
            who("John Smith", company="Tarn", emails="john2@tarn.example"),
        ),
        (
            who("John Smith", company="Tarn", birthday=Birthday(1, 2)),
            who("John Smith", company="Tarn", birthday=Birthday(3, 4, 1980)),
        ),
        (
            who("John Smith", company="Tarn", urls="linkedin.com/in/js1"),
            who("John Smith", company="Tarn", urls="linkedin.com/in/js2"),
        ),
    ],
)
def test_perhaps_one_person(one: Identity, other: Identity) -> None:
    assert judge(one, other)[0] == judge(other, one)[0] == UNSURE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (who("Maria Garcia"), who("Mario Garcia")),
        (who("Daniel Wood", company="Tarn"), who("Daniela Wood", company="Tarn")),
        (who("Wei Zhang", company="Tarn"), who("Wei Zheng", company="Tarn")),
        (who("Ada Lovelace", aliases="Ada"), who("Ada King", aliases="Ada")),  # a nickname names too many
        (who("Ada", company="Tarn"), who("Grace", company="Tarn")),
        (who("Ada", urls="https://tarn.example"), who("Grace", urls="https://tarn.example")),
        (who("Ada", phones="1234"), who("Grace", phones="1234")),
        (who("Ada", phones="+44 20 7946 0000"), who("Grace", phones="+49 20 7946 0000")),
    ],
)
def test_two_people(one: Identity, other: Identity) -> None:
    assert judge(one, other)[0] == judge(other, one)[0] == NONE


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("+44 20 7946 0000", "0044-20-79460000", True),
        ("+44 20 7946 0000", "020 7946 0000", True),
        ("+44 (0)20 7946 0000", "+442079460000", True),
        ("+1 202 555 0143", "1-202-555-0143", True),
        ("+7 912 345 67 89", "8 (912) 345-67-89", True),
        ("tel:+1-202-555-0143", "202.555.0143", True),
        ("+1 202 555 0143", "+1 302 555 0143", False),
        ("+86 138 0013 8000", "+86 158 0013 8000", False),
        ("+44 20 7946 0000", "+49 20 7946 0000", False),
    ],
)
def test_notations_of_one_number(one: str, other: str, are_one: bool) -> None:
    first, second = phone_of(one), phone_of(other)
    assert first and second and is_one_number(first, second) == is_one_number(second, first) == are_one


def test_profiles_are_addresses_of_one_person() -> None:
    assert profile_of("http://uk.linkedin.com/in/Ada-1/?trk=x") == "linkedin.com/in/ada-1"
    assert profile_of("https://github.com/ada") == "github.com/ada"
    assert profile_of("https://mastodon.example/@ada") == "mastodon.example/@ada"
    assert (
        profile_of("https://tarn.example/team") == profile_of("https://www.linkedin.com/company/tarn") == ""
    )


def test_an_address_that_people_of_other_names_share_makes_nobody_one() -> None:
    people = [who(f"Person{n} Smith", f"p{n}", emails="desk@tarn.example") for n in range(3)]
    directory = Directory(people)
    found = directory.find(who("Person1 Smith", "new", emails="desk@tarn.example"))
    assert {match.verdict for match in found} == {UNSURE}


def test_the_same_card_three_times_is_one_person() -> None:
    people = [who("Ada Lovelace", f"p{n}", emails="ada@example.org") for n in range(3)]
    pairs = [(path, match.path, match.verdict) for path, match in Directory(people).pairs()]
    assert pairs == [("p0", "p1", SAME), ("p0", "p2", SAME), ("p1", "p2", SAME)]


def test_the_strongest_evidence_comes_first() -> None:
    directory = Directory(
        [
            who("Ada Lovelace", "name", company="Tarn"),
            who("Ada King", "mail", emails="ada@example.org"),
            who("Nobody Else", "uid", uid="u1"),
        ]
    )
    found = directory.find(who("Ada Lovelace", "new", company="Tarn", emails="ada@example.org", uid="u1"))
    assert [match.path for match in found] == ["uid", "mail", "name"]


def test_ten_thousand_people_are_compared_in_seconds() -> None:
    people = [
        who(f"First{n % 300} Last{n % 977}", f"p{n}", emails=f"p{n}@example.org", phones=f"+44 20 7{n:07}")
        for n in range(10_000)
    ]
    start = time.process_time()
    assert len(list(Directory(people).pairs())) < 10_000
    assert time.process_time() - start < 20
