"""Today's list: who gets a place, what is shown of the others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.entries import Choice
from mdmentor.core.model import Assessment, Contact, Interaction, Person, Promise, Settings
from mdmentor.core.ranking.assess import assess
from mdmentor.core.ranking.select import Shortlist, choose, explain, has_duty, shortlist

TODAY = date(2026, 11, 25)  # a Wednesday
TUESDAY = date(2026, 11, 24)
GOALS = {"raise": "Ask for a raise"}


def person(name: str, quiet: int | None, *marks: str, owed: int | None = None, **told: object) -> Person:
    path = f"people/{name}.md"
    log = () if quiet is None else (Interaction(TODAY - timedelta(quiet), "", "", marks, 1, (), path),)
    due = () if owed is None else (Promise("send it", TODAY + timedelta(owed), False, 2, path=path),)
    return Person(Contact(path=path, name=name, **told), log, due)  # type: ignore[arg-type]


def short(people: Iterable[Person], today: date = TODAY, size: int = 50) -> Shortlist:
    return shortlist((assess(p, today, GOALS, Settings()) for p in people), today, size)


def listed(people: Iterable[Person], today: date = TODAY, per_day: int = 3) -> list[str]:
    return names(choose(short(people, today), per_day))


def names(choice: Choice) -> list[str]:
    return [assessment.name for assessment in choice.suggestions]


LATE = [person(f"Late {n}", 60 + n, cadence_days=30) for n in range(9)]
OWED = [person(f"Owed {n}", 9, owed=n) for n in range(4)]
OLD = [person(f"Old {n}", 500 + n) for n in range(5)]


class TestPlaces:
    def test_they_go_by_score(self) -> None:
        assert listed(LATE[:2] + OWED[:2]) == ["Owed 0", "Owed 1", "Late 1"]

    def test_ties_are_broken_by_name_without_case_then_by_path(self) -> None:
        same = [
            person("bob", 60),
            person("Ada", 60),
            person("x", 60)._replace(contact=Contact("a.md", "BOB")),
        ]
        same = [p._replace(contact=p.contact._replace(cadence_days=30)) for p in same]
        assessments = [assess(p, TODAY, {}, Settings())._replace(score=12.0, held="") for p in same]
        choice = choose(shortlist(assessments, TODAY, 9), 3)
        assert [s.path for s in choice.suggestions] == ["people/Ada.md", "a.md", "people/bob.md"]

    def test_who_is_due_and_found_no_place_is_counted(self) -> None:
        assert choose(short(LATE), 3).also_due == 6

    def test_free_places_go_to_a_good_moment_and_come_last(self) -> None:
        choice = choose(short([person("Half", 40, cadence_days=60), *LATE[:1]]), 3)
        assert names(choice) == ["Late 0", "Half"]
        assert not choice.is_caught_up

    def test_only_good_moments_is_all_caught_up(self) -> None:
        assert choose(short([person("Half", 40, cadence_days=60)]), 3).is_caught_up

    def test_a_day_without_places_lists_nobody(self) -> None:
        choice = choose(short(LATE + OLD), 0)
        assert (choice.suggestions, choice.also_due) == ((), 9)

    def test_a_smaller_shortlist_gives_the_same_list(self) -> None:
        everybody = LATE + OWED + OLD
        assert choose(short(everybody, size=4), 3).suggestions == choose(short(everybody), 3).suggestions


class TestDormant:
    def test_one_of_them_gets_a_free_place_on_any_day(self) -> None:
        chosen = listed(LATE[:2] + OLD)
        assert len(chosen) == 3
        assert chosen[2].startswith("Old")

    def test_it_is_the_same_person_all_week_and_never_two(self) -> None:
        week = [TODAY + timedelta(n) for n in range(-2, 5)]
        chosen = {name for day in week for name in listed(OLD, day)}
        assert len(chosen) == 1

    def test_another_week_may_bring_somebody_else(self) -> None:
        chosen = {listed(OLD, TODAY + timedelta(weeks=n))[0] for n in range(20)}
        assert len(chosen) > 1

    def test_on_a_tuesday_and_friday_one_takes_the_last_of_full_places(self) -> None:
        week = [TUESDAY + timedelta(n) for n in range(-1, 6)]
        weekdays = [
            day.weekday() for day in week if any(n.startswith("Old") for n in listed(LATE + OLD, day))
        ]
        assert weekdays == [1, 4]

    def test_a_duty_is_never_pushed_out(self) -> None:
        assert listed(OWED + OLD, TUESDAY) == ["Owed 0", "Owed 1", "Owed 2"]

    def test_nor_is_one_to_a_confidential_contact(self) -> None:
        hidden = [person(f"Hidden {n}", 9, owed=n, confidential=True) for n in range(3)]
        assert listed(hidden + OLD, TUESDAY) == ["Hidden 0", "Hidden 1", "Hidden 2"]

    def test_after_one_was_taken_up_again_this_week_the_place_is_used(self) -> None:
        again = person("Again", 1)
        before = Interaction(TODAY - timedelta(600), "", "", (), 9)
        again = again._replace(interactions=(before, *again.interactions))
        assert not listed([again, *OLD])
        assert choose(short([again, *OLD], TODAY + timedelta(weeks=1)), 3).suggestions


class TestAfterAnAbsence:
    def test_no_talk_for_two_weeks_and_many_due_is_a_fresh_start(self) -> None:
        wanted = [person(f"Wanted {n}", 200, cadence_days=20, helps_with=("raise",)) for n in range(9)]
        thanks = [person("Zoe", 60, "got", cadence_none=True)]
        choice = choose(short(LATE + wanted + thanks), 3)
        assert choice.fresh_start
        assert names(choice)[0] == "Zoe"

    def test_a_few_people_due_are_none(self) -> None:
        assert not choose(short(LATE), 3).fresh_start

    def test_a_talk_with_anybody_last_week_makes_it_an_ordinary_day(self) -> None:
        assert not choose(short([*LATE, *LATE, person("Ada", 7)]), 3).fresh_start

    def test_a_vault_without_any_talk_is_new_not_absent(self) -> None:
        assert not choose(short([person(f"N{n}", None) for n in range(30)]), 3).fresh_start


class TestTheOthers:
    def test_coming_up_is_soonest_first_and_without_who_is_listed(self) -> None:
        soon = [person(f"Soon {n}", 5 + n, cadence_days=50) for n in range(4)]
        choice = choose(short([*soon, person("Half", 40, cadence_days=60)]), 3)
        assert names(choice) == ["Half"]
        due = [s.due for s in choice.coming_up]
        assert len(due) == 4
        assert due == sorted(due, key=lambda day: day or date.min)

    def test_the_soonest_to_wake_comes_first_among_the_snoozed(self) -> None:
        people = [person(f"S{n}", 60, snooze=TODAY + timedelta(9 - n)) for n in range(3)]
        choice = choose(short(people), 3)
        assert [s.name for s in choice.snoozed] == ["S2", "S1", "S0"]
        assert choice.excluded == (("snoozed", 3),)

    def test_everybody_is_listed_counted_or_of_a_pool(self) -> None:
        people = [*LATE, person("P", 9, paused=True), person("N", 9, cadence_none=True), person("Q", 9)]
        choice = choose(short(people), 3)
        assert choice.excluded == (("no rhythm", 1), ("not due", 1), ("paused", 1))
        assert len(choice.suggestions) + choice.also_due + sum(n for _, n in choice.excluded) == len(people)


class TestExplain:
    def explain(self, someone: Person, others: list[Person]) -> tuple[str, ...]:
        assessment = assess(someone, TODAY, GOALS, Settings())
        return explain(assessment, choose(short([someone, *others]), 3))

    def test_who_is_listed_needs_no_words(self) -> None:
        assert self.explain(OWED[0], LATE) == ()

    def test_without_a_place(self) -> None:
        assert self.explain(LATE[0], LATE[1:]) == ("Today's 3 places went to others first.",)

    def test_not_due(self) -> None:
        assert self.explain(person("Ada", 9, cadence_days=60), LATE) == (
            "Nothing is due today.",
            "You were last in touch on 16 Nov; the rhythm comes round on 15 Jan 2027.",
        )

    def test_snoozed_with_a_promise(self) -> None:
        asleep = person("Ada", 9, owed=1, snooze=TODAY + timedelta(8))
        assert self.explain(asleep, LATE) == (
            "Not suggested while snoozed.",
            "Snoozed until 3 Dec.",
            "Held back until then: You promised to send it by 26 Nov.",
        )

    def test_dormant_paused_and_no_rhythm(self) -> None:
        assert "one such person is suggested a week" in self.explain(OLD[0], LATE)[0]
        assert self.explain(person("P", 9, paused=True), LATE)[0] == "Never suggested."
        assert self.explain(person("N", 9, cadence_none=True), LATE)[0] == "Nothing is due today."


people = st.lists(
    st.builds(
        person,
        st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
        st.none() | st.integers(-5, 900),
        st.sampled_from(["got", "sent", ""]),
        owed=st.none() | st.integers(-20, 20),
        cadence_days=st.none() | st.integers(5, 400),
        snooze=st.none() | st.integers(-9, 9).map(lambda n: TODAY + timedelta(n)),
        paused=st.booleans(),
        helps_with=st.sampled_from([(), ("raise",)]),
    ),
    max_size=25,
    unique_by=lambda p: p.contact.path,
)


@given(people, st.integers(0, 5), st.randoms())
def test_the_order_of_the_people_does_not_matter(everybody: list[Person], size: int, random: object) -> None:
    mixed = list(everybody)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert choose(short(mixed), size) == choose(short(everybody), size)


@given(people, st.integers(0, 5))
def test_the_list_is_never_too_long_and_nobody_held_back_is_suggested(
    everybody: list[Person], size: int
) -> None:
    choice = choose(short(everybody), size)
    assert len(choice.suggestions) <= size
    assert not any(s.held for s in choice.suggestions)
    assert len({s.path for s in choice.suggestions}) == len(choice.suggestions)
    assert sum(s.pool == "dormant" for s in choice.suggestions) <= 1
    spare = [s.pool == "spare" for s in choice.suggestions]
    assert spare == sorted(spare)


@given(people, st.integers(1, 5))
def test_a_promise_near_is_listed_before_somebody_who_is_only_late(
    everybody: list[Person], size: int
) -> None:
    choice = choose(short(everybody), size)
    awake = [s for p in everybody if not (s := assess(p, TODAY, GOALS, Settings())).held]
    promised = {s.path for s in awake if s.reasons[0].kind == "promise" and s.reasons[0].points}
    listed = [s.path for s in choice.suggestions]
    late = [s.path for s in choice.suggestions if not has_duty(s)]
    if late:
        assert promised <= set(listed[: listed.index(late[0])])


@given(people, st.integers(1, 4))
def test_two_weeks_bring_at_most_one_dormant_person_each(everybody: list[Person], size: int) -> None:
    """Each day the last of the list is called, so people leave the dormant pool as they do in life."""
    by_path = {p.contact.path: p for p in everybody}
    monday = TODAY - timedelta(TODAY.weekday())
    for week in range(2):
        dormant: set[str] = set()
        for n in range(7):
            day = monday + timedelta(7 * week + n)
            choice = choose(short(by_path.values(), day), size)
            dormant |= {s.path for s in choice.suggestions if s.pool == "dormant"}
            for called in choice.suggestions[-1:]:
                someone = by_path[called.path]
                talk = Interaction(day, "", "", (), 9)
                by_path[called.path] = someone._replace(interactions=(*someone.interactions, talk))
        woken = sum(1 for p in everybody if p.contact.snooze and monday < p.contact.snooze)
        assert len(dormant) <= 1 + woken  # who wakes up in the week may stand first in its queue


@given(people)
def test_a_dormant_person_comes_in_every_week_that_has_no_more_duties_than_places(
    everybody: list[Person],
) -> None:
    monday = TODAY - timedelta(TODAY.weekday())
    week = [short(everybody, monday + timedelta(n)) for n in range(7)]
    if not all(s.dormant and not s.revived for s in week):
        return
    if any(sum(has_duty(a) for a in s.active) >= 3 for s in week):
        return
    assert any(s.pool == "dormant" for day in week for s in choose(day, 3).suggestions)


def test_standings_of_nobody_are_all_caught_up() -> None:
    choice = choose(shortlist([], TODAY, 9), 3)
    assert choice == Choice(TODAY, (), 0, (), (), ())
    assert choice.is_caught_up


def test_the_columns_of_the_docstring_are_enough_for_the_shortlist() -> None:
    """The same shortlist out of a table of columns, as an index makes it."""
    import sqlite3

    everybody = [
        *LATE,
        *OWED,
        *OLD,
        *(person(f"Half {n}", 40 + n, cadence_days=60) for n in range(5)),
        *(person(f"Soon {n}", n, cadence_days=60) for n in range(5)),
        *(person(f"Snooze {n}", n, snooze=TODAY + timedelta(9 - n)) for n in range(5)),
    ]
    assessments = {p.contact.path: assess(p, TODAY, GOALS, Settings()) for p in everybody}
    rows = [
        (s.pool, s.held, s.score, has_duty(s), s.turn, s.name.lower(), s.path, str(s.due), str(s.snooze))
        for s in assessments.values()
    ]
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE s (pool, held, score, duty, turn, name_key, path, due, snooze)")
    base.executemany("INSERT INTO s VALUES (?,?,?,?,?,?,?,?,?)", rows)

    def ask(where: str, order: str) -> tuple[Assessment, ...]:
        found = base.execute(f"SELECT path FROM s WHERE {where} ORDER BY {order}, name_key, path LIMIT 4")
        return tuple(assessments[path] for (path,) in found)

    made = shortlist(assessments.values(), TODAY, 4)
    assert made.active == ask("held = '' AND pool = 'active'", "score DESC")
    assert made.duties == ask("held = '' AND pool = 'active' AND duty", "score DESC")
    assert made.dormant == ask("held = '' AND pool = 'dormant'", "turn")
    assert made.spare == ask("held = '' AND pool = 'spare'", "score DESC")
    soon = "(held IN ('not due', 'no rhythm') OR held = '' AND pool = 'spare')"
    assert made.coming_up == ask(f"due <> 'None' AND due > '{TODAY.isoformat()}' AND {soon}", "due")
    assert made.snoozed == ask("held = 'snoozed'", "snooze")
