"""Contributions: pages made of what each person brought are those made of the people themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.contribution import sources_of
from mdmentor.core.exchange import exchange
from mdmentor.core.mentoring import (
    fill_places,
    fill_support,
    in_turn,
)
from mdmentor.core.network_svg import dot_of, months_of, sum_up, with_introducers
from mdmentor.core.trust import public_person
from mdmentor.index import people as rows
from tests.conftest import VaultOnDisk
from tests.values import mentor_steps, places, supports, upcoming

names = st.sampled_from(["Ada", "Bea", "Cem", "Dora", "Émile"])
heads = st.sampled_from(
    [
        "",
        "source: [boss, friend]\nmentor: ongoing\nsupport: [job]\n",
        "confidential: true\nmentor: candidate\nsupport: job\nbirthday: 11-30\n",
        "contact: never\nsource: teacher\n",
        "birthday: 1980-12-01\nnext: 2026-12-05\nintroduced_by: '[[Ada]]'\n",
        "source: interviewer\ncompany: '[[Engines]]'\n",
    ]
)
lines = st.lists(
    st.sampled_from(
        [
            "- 2026-11-20 call: gave a hand, [[Bea]] too #gave",
            "- 2026-10-01 tea: how to ask #got",
            "- 2026-10-01 tea: how to ask #got #thanked",
            "- 2026-09-01 a word in confidence #got #private",
            "- 2026-12-10 dinner planned",
            "- 2025-12-24 letter #sent",
            "- [ ] send the paper 📅 2026-11-30",
            "- [ ] hidden 📅 2026-12-01 #private",
            "- [ ] lend a book #waiting",
        ]
    ),
    max_size=5,
)
day_notes = st.lists(
    st.sampled_from(
        [
            "with [[Ada]] and [[Bea]] #got",
            "- tea with [[Ada]]\n  - [ ] write\n  - see [[Cem]] #gave",
            "- saw [[Cem]] #gave",
            "- [ ] call [[Ada]]",
        ]
    ),
    max_size=3,
)


@given(st.dictionaries(names, st.tuples(heads, lines), max_size=5), day_notes)
@settings(max_examples=60, deadline=None)
def test_what_is_stored_of_everybody_makes_the_same_pages(
    tmp_path_factory: pytest.TempPathFactory, people: dict[str, tuple[str, list[str]]], told: list[str]
) -> None:
    vault = VaultOnDisk(tmp_path_factory.mktemp("v") / "vault", tmp_path_factory.mktemp("c"))
    for name, (head, log) in people.items():
        vault.add(f"people/{name}.md", f"---\n{head}---\n## Log\n" + "\n".join(log) + "\n")
    vault.add("daily/2026-11-05.md", "\n".join(told) + "\n")
    with vault.queries() as queries:
        sql, today, whole = queries.index, vault.today, list(rows.people(queries.index))
        public = [public_person(person) for person in whole]
        assert in_turn(rows.steps(sql), {"people/Ada.md"}) == mentor_steps(whole, today, {"people/Ada.md"})
        assert fill_places(rows.parts(sql, "sources")) == places(whole)
        assert fill_support(rows.parts(sql, "support")) == supports(whole)
        streets = [e for e in (exchange(p, today) for p in whole) if e.confidential or not e.is_empty]
        assert sorted(rows.exchanges(rows.part_rows(sql, "exchange")), key=lambda e: e.path) == sorted(
            streets, key=lambda e: e.path
        )
        for days in (0, 30, 60, 730):
            assert queries.occasions(days) == upcoming(public, today, days)
        introducers = rows.introducers(sql)
        assessments = queries.assessments()
        dots = [dot_of(c, assessments[c.path], sources_of(c)) for c in (person.contact for person in public)]
        assert with_introducers(rows.dots(rows.part_rows(sql, "dot")), introducers) == with_introducers(
            filter(None, dots), introducers
        )
        assert rows.count_left_out(sql) == dots.count(None)
        months = [months_of(person, today) for person in public]
        assert sum_up(rows.months(rows.part_rows(sql, "months")), today) == sum_up(months, today)


def test_a_contribution_follows_its_person_and_goes_with_them(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-10-01 tea #got\n")
    with vault.queries() as queries:
        assert [e.name for e in rows.exchanges(rows.part_rows(queries.index, "exchange"))] == ["Ada"]
    vault.add("people/Ada.md", "---\ntype: recipe\n---\n")
    with vault.queries() as queries:
        assert not list(rows.exchanges(rows.part_rows(queries.index, "exchange")))
        assert not rows.dots(rows.part_rows(queries.index, "dot"))


def test_a_new_day_makes_new_contributions(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nbirthday: 02-01\n---\n")
    with vault.queries() as queries:
        assert not queries.occasions(60)
    vault.today = date(2027, 1, 15)
    with vault.queries() as queries:
        assert [o.day for o in queries.occasions(60)] == [date(2027, 2, 1)]
