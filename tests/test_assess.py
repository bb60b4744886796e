"""Where one person stands: every part of the rule, one behaviour a test."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.model import Assessment, Birthday, Contact, Interaction, Person, Promise, Settings
from mdmentor.core.ranking import KINDS, TABLE, Constants
from mdmentor.core.ranking.assess import assess
from mdmentor.core.ranking.select import has_duty
from tests.values import built

TODAY = date(2026, 11, 25)  # a Wednesday
GOALS = {"raise": "Ask for a raise"}


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def talk(days: int, *marks: str, text: str = "", channel: str = "call") -> Interaction:
    return Interaction(ago(days), channel, text, marks, 10 + days, (), "people/Ada.md")


def person(*log: Interaction, promises: tuple[Promise, ...] = (), **told: object) -> Person:
    path = str(told.pop("path", "people/Ada.md"))
    return Person(Contact(path=path, name="Ada", **told), log, promises)  # type: ignore[arg-type]


def stand(someone: Person, today: date = TODAY, **chosen: object) -> Assessment:
    return assess(someone, today, GOALS, Settings(**chosen))  # type: ignore[arg-type]


def points(assessment: Assessment, kind: str) -> float:
    return sum(reason.points for reason in assessment.reasons if reason.kind == kind)


def texts(assessment: Assessment, kind: str) -> list[str]:
    return [reason.text for reason in assessment.reasons if reason.kind == kind]


def promise(days: int | None, text: str = "send the paper", *, theirs: bool = False) -> Promise:
    return Promise(text, None if days is None else TODAY + timedelta(days), theirs, 5, path="people/Ada.md")


class TestPromises:
    def test_a_promise_speaks_from_five_days_before_its_date(self) -> None:
        assert points(stand(person(talk(2), promises=(promise(5),))), "promise") == 60
        assert points(stand(person(talk(2), promises=(promise(6),))), "promise") == 0

    @pytest.mark.parametrize(
        ("text", "told"),
        [("[[Ada]]: send it", "promised to send it by"), ("Bob: the book", ": Bob: the book.")],
    )
    def test_a_promise_that_begins_with_their_name_is_told_without_it(self, text: str, told: str) -> None:
        (sentence,) = texts(stand(person(promises=(promise(5, text),))), "promise")
        assert told in sentence

    def test_a_promise_past_its_date_still_speaks(self) -> None:
        assert points(stand(person(talk(2), promises=(promise(-40),))), "promise") == 60

    def test_a_promise_is_shown_with_its_words_and_date(self) -> None:
        told = texts(stand(person(talk(2), promises=(promise(5),))), "promise")
        assert told == ["You promised to send the paper by 30 Nov."]

    def test_a_task_that_is_no_sentence_stands_behind_a_colon(self) -> None:
        told = texts(stand(person(promises=(promise(5, "the [[Raise talk|talk]] slides"),))), "promise")
        assert told == ["You promised by 30 Nov: the talk slides."]

    def test_a_promise_without_a_date_is_shown_and_gives_no_points(self) -> None:
        assessment = stand(person(talk(2), promises=(promise(None),)))
        assert texts(assessment, "promise") == ["You promised to send the paper."]
        assert (assessment.score, assessment.held) == (0, "not due")

    def test_two_promises_to_one_person_give_points_once(self) -> None:
        assessment = stand(person(talk(2), promises=(promise(1), promise(2, "call back"))))
        assert [r.points for r in assessment.reasons] == [60, 0]

    def test_what_they_promised_is_a_sentence_without_points_once_its_date_is_past(self) -> None:
        assessment = stand(person(talk(2), promises=(promise(-3, "the contract", theirs=True),)))
        assert texts(assessment, "waiting") == ["You have been waiting since 22 Nov for: the contract."]
        assert assessment.score == 0
        assert not texts(stand(person(talk(2), promises=(promise(3, theirs=True),))), "waiting")

    def test_a_private_promise_stays_in_the_note_altogether(self) -> None:
        hidden = promise(1, "ask about the divorce")._replace(private=True)
        assert not texts(stand(person(talk(2), promises=(hidden,))), "promise")


class TestADateTheUserChose:
    def test_it_speaks_like_a_promise_when_it_is_reached(self) -> None:
        assessment = stand(person(talk(5), next=TODAY, cadence_days=365))
        assert assessment.score == 60
        assert texts(assessment, "promise") == ["You chose 25 Nov to be in touch."]

    def test_it_beats_the_cadence_until_then(self) -> None:
        assessment = stand(person(talk(300), next=TODAY + timedelta(9), cadence_days=30))
        assert (assessment.held, assessment.due) == ("not due", TODAY + timedelta(9))
        assert assessment.notes == ("You chose 4 Dec to be in touch.",)

    def test_it_is_done_once_there_was_contact_on_that_day_or_later(self) -> None:
        assessment = stand(person(talk(3), next=ago(4), cadence_days=30))
        assert (assessment.score, assessment.held) == (0, "not due")


class TestNew:
    @pytest.mark.parametrize(("days", "expected"), [(0, 0), (1, 50), (3, 50), (4, 20), (30, 20), (31, 0)])
    def test_a_first_meeting_asks_for_a_follow_up_for_thirty_days(self, days: int, expected: float) -> None:
        assert points(stand(person(met_on=ago(days), source=("event",))), "new") == expected

    def test_a_talk_on_the_day_one_met_is_no_follow_up(self) -> None:
        assessment = stand(person(talk(2), met_on=ago(2)))
        assert texts(assessment, "new") == ["You met on 23 Nov and have not followed up yet."]

    def test_a_message_after_the_meeting_is_one(self) -> None:
        assert not texts(stand(person(talk(2), talk(1, "sent"), met_on=ago(2))), "new")

    def test_the_only_line_of_a_log_is_a_first_meeting_where_the_source_is_one(self) -> None:
        assert points(stand(person(talk(2), source=("event",))), "new") == 50

    def test_the_only_line_of_a_log_is_a_first_meeting_where_it_says_so(self) -> None:
        assert points(stand(person(talk(2, text="Met at the harbour, knows boats"))), "new") == 50

    def test_one_call_with_an_old_friend_is_no_first_meeting(self) -> None:
        assert not texts(stand(person(talk(2, text="met for soup"), source=("friend",))), "new")
        assert not texts(stand(person(talk(2, text="about the garden"))), "new")

    def test_never_contacted_counts_from_the_first_date_in_the_note(self) -> None:
        assessment = stand(person(first_date=ago(200), source=("event",)))
        assert assessment.pool == "active"
        assert texts(assessment, "rhythm") == [
            "New: in your notes since 9 May, and nothing is logged yet; "
            "the note names no rhythm, so every 3 months is assumed."
        ]

    def test_a_first_date_that_need_not_be_a_meeting_is_new_with_fewer_points(self) -> None:
        assert points(stand(person(first_date=ago(2))), "new") == 20

    def test_somebody_without_any_date_is_new_and_ranks_as_just_due(self) -> None:
        assessment = stand(person())
        assert (assessment.score, assessment.pool, assessment.held, assessment.due) == (
            10,
            "active",
            "",
            TODAY,
        )
        assert texts(assessment, "new") == ["New: nothing is logged yet, and the note has no date."]
        assert not has_duty(assessment)


class TestThanks:
    def test_help_without_thanks_speaks_and_says_what_it_was(self) -> None:
        assessment = stand(
            person(talk(22, "got", text="how to open the raise talk, see [[Ask for a raise]]"))
        )
        assert texts(assessment, "thanks") == [
            "You got help on 3 Nov (how to open the raise talk, see Ask for a raise) "
            "and have not said thanks yet."
        ]
        assert (assessment.score, assessment.due) == (40, ago(22))

    @pytest.mark.parametrize("mark", ["thanked", "gave"])
    def test_thanks_or_help_given_on_the_day_or_later_settles_it(self, mark: str) -> None:
        assert not texts(stand(person(talk(22, "got"), talk(20, mark))), "thanks")
        same_day = texts(stand(person(talk(22, "got"), talk(22, mark))), "thanks")
        assert bool(same_day) == (mark == "gave")  # help both ways at one table was still help

    def test_thanks_before_the_help_settle_nothing(self) -> None:
        assert texts(stand(person(talk(22, "got"), talk(23, "thanked"))), "thanks")

    def test_help_on_a_private_line_is_never_shown_and_thanks_on_one_settle(self) -> None:
        assert not texts(stand(person(talk(22, "got", "private", text="about my boss"))), "thanks")
        assert not texts(stand(person(talk(22, "got"), talk(20, "thanked", "private"))), "thanks")


class TestBirthday:
    @pytest.mark.parametrize(
        ("birthday", "first", "last"),
        [
            (date(2026, 11, 25), date(2026, 11, 24), date(2026, 11, 26)),  # a Wednesday
            (date(2026, 11, 29), date(2026, 11, 27), date(2026, 11, 30)),  # a Sunday
            (date(2026, 11, 28), date(2026, 11, 27), date(2026, 11, 30)),  # a Saturday
            (date(2026, 11, 30), date(2026, 11, 27), date(2026, 12, 1)),  # a Monday
            (date(2026, 11, 27), date(2026, 11, 26), date(2026, 11, 30)),  # a Friday
            (date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 4)),  # across the year's end
        ],
    )
    def test_it_counts_from_the_day_before_to_the_day_after_and_over_a_weekend(
        self, birthday: date, first: date, last: date
    ) -> None:
        someone = person(birthday=Birthday(birthday.month, birthday.day), last_contact=date(2026, 11, 1))
        told = [
            day
            for day in (birthday + timedelta(n) for n in range(-9, 10))
            if points(stand(someone, day), "birthday") == 25
        ]
        assert told == [first + timedelta(n) for n in range((last - first).days + 1)]

    def test_the_29th_of_february_falls_on_the_28th_in_a_short_year(self) -> None:
        someone = person(birthday=Birthday(2, 29, 1980), last_contact=date(2026, 1, 1))
        assert texts(stand(someone, date(2027, 2, 28)), "birthday") == [
            "Their birthday is today, 28 Feb (turning 47)."
        ]
        assert texts(stand(someone, date(2028, 2, 28)), "birthday") == [
            "Their birthday is tomorrow, 29 Feb (turning 48)."
        ]

    def test_a_call_on_the_day_settles_it_and_one_on_the_eve_does_not(self) -> None:
        born = Birthday(TODAY.month, TODAY.day)
        assert not texts(stand(person(talk(0), birthday=born)), "birthday")
        assert texts(stand(person(talk(1), birthday=born)), "birthday") == [
            "Their birthday is today, 25 Nov."
        ]


class TestGoal:
    def test_who_can_help_with_a_live_goal_is_active_before_the_rhythm_comes_round(self) -> None:
        assessment = stand(person(talk(21), helps_with=("[[Raise]]",)))
        assert (assessment.score, assessment.pool) == (20, "active")
        assert texts(assessment, "goal") == ['Can help with Raise, for your goal "Ask for a raise".']

    def test_the_goal_rests_for_three_weeks_after_a_talk_and_says_so(self) -> None:
        assessment = stand(person(talk(20), helps_with=("raise",)))
        assert assessment.held == "not due"
        assert assessment.notes[0] == (
            "Waits until 26 Nov, as you were in touch recently: "
            'Can help with raise, for your goal "Ask for a raise".'
        )

    def test_a_topic_of_no_live_goal_says_nothing(self) -> None:
        assert not texts(stand(person(talk(30), helps_with=("gardening",))), "goal")


class TestRhythm:
    def test_twice_late_counts_the_same_for_a_monthly_and_a_yearly_tie(self) -> None:
        monthly = stand(person(talk(60), cadence_days=30))
        yearly = stand(person(talk(730), cadence_days=365))
        assert points(monthly, "rhythm") == points(yearly, "rhythm") == 15

    def test_the_points_are_capped_at_eight_times_late(self) -> None:
        assert points(stand(person(talk(240), cadence_days=30)), "rhythm") == 25
        assert points(stand(person(talk(360), cadence_days=30)), "rhythm") == 25

    def test_the_sentence_says_what_was_wished_and_when_one_talked(self) -> None:
        assert texts(stand(person(talk(60), cadence_days=42)), "rhythm") == [
            "You last talked on 26 Sep; you wanted to be in touch every 6 weeks."
        ]
        assert texts(stand(person(talk(360), tier="Close")), "rhythm") == [
            "You last talked on 30 Nov 2025; the tier Close means every month."
        ]

    @pytest.mark.parametrize(
        ("told", "days"),
        [
            ({"cadence_days": 45, "mentor": "ongoing"}, 45),
            ({"tier": "close", "source": ("boss",)}, 30),
            ({"mentor": "ongoing"}, 60),
            ({"mentor": "past", "source": ("boss",)}, 120),
            ({"source": ("family",)}, 60),
            ({"source": ("coworker",)}, 120),
            ({"source": ("event", "boss")}, 90),
            ({"source": ("sauna club",)}, 180),
            ({}, 180),
            ({"cadence_none": True}, None),
        ],
    )
    def test_the_cadence_is_given_or_by_tier_or_the_default(
        self, told: dict[str, object], days: int | None
    ) -> None:
        assert stand(person(talk(1), **told)).cadence_days == days

    def test_a_tier_may_be_a_word_of_the_users(self) -> None:
        assert stand(person(talk(1), tier="Inner circle"), tiers=(("inner circle", 21),)).cadence_days == 21

    def test_last_contact_is_the_later_of_field_and_log_and_never_a_plan(self) -> None:
        assert stand(person(talk(9), last_contact=ago(20))).last_contact == ago(9)
        assert stand(person(talk(30), last_contact=ago(20))).last_contact == ago(20)
        assert stand(person(talk(30), talk(-3), last_contact=TODAY + timedelta(5))).last_contact == ago(30)

    def test_due_dates_come_later_than_the_cadence_by_at_most_a_tenth(self) -> None:
        due = [stand(person(talk(1), path=f"people/{n}.md", tier="warm")).due or TODAY for n in range(200)]
        late = {(day - ago(1)).days - 90 for day in due}
        assert late == set(range(10))

    def test_a_cadence_that_the_note_gives_is_kept_to_the_day(self) -> None:
        due = {stand(person(talk(1), path=f"people/{n}.md", cadence_days=30)).due for n in range(50)}
        assert due == {ago(1) + timedelta(30)}

    def test_thirty_people_met_on_one_day_do_not_all_come_round_on_one_day(self) -> None:
        party = [
            stand(person(talk(50), path=f"people/{n}.md", met_on=ago(60), source=("event",)))
            for n in range(30)
        ]
        days = [assessment.due for assessment in party]
        assert max(days.count(day) for day in days) <= 8

    def test_a_path_is_the_same_however_the_file_system_spells_it(self) -> None:
        composed = stand(person(talk(1), path="people/Jos\u00e9.md")).due
        assert composed == stand(person(talk(1), path="people/Jose\u0301.md")).due

    def test_without_a_rhythm_only_other_things_speak(self) -> None:
        assert stand(person(talk(900), cadence_none=True)).held == "no rhythm"
        assert stand(person(cadence_none=True)).held == "no rhythm"
        assert stand(person(talk(90), cadence_none=True, helps_with=("raise",))).held == ""


class TestMessagesWithoutAnAnswer:
    def test_two_of_them_double_the_cadence(self) -> None:
        one = stand(person(talk(50, "sent"), cadence_days=30))
        two = stand(person(talk(60, "sent"), talk(50, "sent"), cadence_days=30))
        assert (points(one, "rhythm") > 0, points(two, "rhythm")) == (True, 0)
        assert two.cadence_days == 30
        assert two.notes[-1] == "2 messages without an answer yet, so the rhythm slows down."

    @pytest.mark.parametrize(("quiet", "expected"), [(40, 0), (89, 0), (90, 20)])
    def test_two_of_them_let_a_goal_wait_for_ninety_days(self, quiet: int, expected: float) -> None:
        someone = person(talk(quiet + 10, "sent"), talk(quiet, "sent"), helps_with=("raise",))
        assert points(stand(someone), "goal") == expected

    def test_two_of_them_hold_back_no_duty(self) -> None:
        someone = person(talk(30, "sent"), talk(20, "sent"), promises=(promise(1),))
        assert stand(someone).score == 60

    def test_any_later_talk_is_an_answer(self) -> None:
        answered = stand(person(talk(60, "sent"), talk(50, "sent"), talk(40), cadence_days=30))
        assert points(answered, "rhythm") > 0

    def test_a_later_last_contact_in_the_front_matter_is_one_too(self) -> None:
        someone = person(talk(60, "sent"), talk(50, "sent"), cadence_days=30)
        later = someone._replace(contact=someone.contact._replace(last_contact=ago(40)))
        same = someone._replace(contact=someone.contact._replace(last_contact=ago(50)))
        assert points(stand(later), "rhythm") > 0
        assert points(stand(same), "rhythm") == 0

    def test_two_on_one_day_are_one(self) -> None:
        assert points(stand(person(talk(50, "sent"), talk(50, "sent"), cadence_days=30)), "rhythm") > 0

    def test_a_message_counts_as_contact_for_the_rhythm(self) -> None:
        assert stand(person(talk(60), talk(3, "sent"), cadence_days=30)).held == "not due"

    def test_the_sentence_says_that_one_wrote(self) -> None:
        told = texts(stand(person(talk(60, "sent"), cadence_days=42)), "rhythm")
        assert told == [
            "You last wrote on 26 Sep, with no answer yet; you wanted to be in touch every 6 weeks."
        ]


class TestGuards:
    def test_the_quiet_guard_never_holds_back_a_duty(self) -> None:
        born = Birthday(TODAY.month, TODAY.day)
        assessment = stand(person(talk(1, "got"), promises=(promise(1),), birthday=born))
        assert [r.kind for r in assessment.reasons] == ["promise", "thanks", "birthday"]
        assert assessment.held == ""

    def test_half_a_cadence_makes_a_good_moment_and_a_day_less_does_not(self) -> None:
        half = stand(person(talk(30), cadence_days=60))
        assert (half.pool, half.held) == ("spare", "")
        assert texts(half, "spare") == ["You last talked on 26 Oct; nothing is due, but it is a good moment."]
        assert stand(person(talk(29), cadence_days=60)).held == "not due"

    def test_a_good_moment_has_fewer_points_than_somebody_due(self) -> None:
        assert 0 < stand(person(talk(59), cadence_days=60)).score < 10

    def test_somebody_paused_is_never_suggested_and_nothing_is_shown(self) -> None:
        assessment = stand(person(talk(90, "got"), promises=(promise(1),), paused=True))
        assert (assessment.held, assessment.score, assessment.reasons) == ("paused", 0, ())

    def test_a_promise_due_during_a_snooze_is_shown_as_held_back(self) -> None:
        assessment = stand(person(talk(90), promises=(promise(1),), snooze=TODAY + timedelta(3)))
        assert assessment.held == "snoozed"
        assert assessment.notes == (
            "Snoozed until 28 Nov.",
            "Held back until then: You promised to send the paper by 26 Nov.",
        )

    def test_a_snooze_is_over_on_its_date(self) -> None:
        assert stand(person(talk(90), cadence_days=30, snooze=TODAY)).held == ""


class TestDormant:
    def test_quiet_for_over_a_year_is_dormant(self) -> None:
        assert stand(person(talk(365))).pool == "active"
        assert stand(person(talk(366))).pool == "dormant"

    def test_a_yearly_tie_is_not_dormant_at_a_year(self) -> None:
        assert stand(person(talk(420), cadence_days=365)).pool == "active"
        assert stand(person(talk(548), cadence_days=365)).pool == "dormant"

    def test_a_duty_to_somebody_dormant_makes_them_active(self) -> None:
        assert stand(person(talk(900), promises=(promise(1),))).pool == "active"

    def test_a_talk_after_a_year_is_a_tie_revived_this_week(self) -> None:
        assert stand(person(talk(500), talk(1))).revived
        assert not stand(person(talk(500), talk(3))).revived  # the Sunday before
        assert not stand(person(talk(300), talk(1))).revived

    def test_who_helps_with_a_goal_has_the_first_turn(self) -> None:
        others = [stand(person(talk(500), path=f"people/{n}.md")).turn for n in range(50)]
        assert stand(person(talk(500), helps_with=("raise",))).turn < min(others)


class TestDrift:
    def test_silence_out_of_their_own_rhythm_is_a_sentence_without_points(self) -> None:
        log = tuple(talk(days) for days in (60, 74, 88, 102))
        assessment = stand(person(*log))
        assert texts(assessment, "drift") == [
            "You used to talk about every 2 weeks; now it has been 9 weeks."
        ]
        assert points(assessment, "drift") == 0

    def test_fewer_than_three_gaps_are_no_rhythm(self) -> None:
        assert not texts(stand(person(talk(60), talk(74), talk(88))), "drift")

    def test_two_lines_on_one_day_are_one_contact_day(self) -> None:
        assert not texts(stand(person(talk(60), talk(60), talk(74), talk(88))), "drift")


class TestConfidential:
    def test_reasons_carry_no_words_and_no_dates_of_the_note(self) -> None:
        assessment = stand(
            person(
                talk(90, "got", text="about leaving"),
                promises=(promise(1, "send the draft contract"), promise(-2, "answer", theirs=True)),
                helps_with=("raise",),
                birthday=Birthday(TODAY.month, TODAY.day),
                cadence_days=30,
                snooze=TODAY + timedelta(3),
                confidential=True,
            )
        )
        said = " ".join([*(r.text for r in assessment.reasons), *assessment.notes])
        assert [r.kind for r in assessment.reasons] == ["confidential"]
        assert assessment.reasons[0].points == assessment.score > 0
        assert not any(character.isdigit() for character in said)
        assert not any(word in said for word in ("leaving", "contract", "raise", "Nov"))


# --- what holds for everybody -----------------------------------------------------------------------------

days = st.integers(0, 900)
marks = st.lists(st.sampled_from(["gave", "got", "thanked", "sent", "private"]), max_size=2, unique=True)
logs = st.lists(st.builds(lambda n, m: talk(n, *m, text="met about boats"), st.integers(-30, 900), marks))
maybe_day = st.none() | st.integers(-60, 900).map(ago)
contacts = built(
    Contact,
    path=st.text(min_size=1, max_size=8),
    name=st.text(min_size=1, max_size=8),
    source=st.lists(st.sampled_from(["family", "boss", "event", "other"]), max_size=2).map(tuple),
    cadence_days=st.none() | st.integers(1, 400),
    cadence_none=st.booleans(),
    tier=st.sampled_from(["", "close", "casual"]),
    mentor=st.sampled_from(["", "ongoing"]),
    met_on=maybe_day,
    first_date=maybe_day,
    last_contact=maybe_day,
    next=maybe_day,
    snooze=maybe_day,
    paused=st.booleans(),
    confidential=st.booleans(),
    helps_with=st.sampled_from([(), ("raise",)]),
    birthday=st.none() | built(Birthday, st.integers(1, 12), st.integers(1, 31)),
)
promises = st.lists(
    st.builds(promise, st.none() | st.integers(-50, 50), st.text(max_size=9), theirs=st.booleans()),
    max_size=7,
)
people = built(Person, contacts, logs.map(tuple), promises.map(tuple))


@given(people, st.randoms())
def test_the_order_of_interactions_and_promises_does_not_matter(someone: Person, random: object) -> None:
    log, owed = list(someone.interactions), list(someone.promises)
    random.shuffle(log)  # type: ignore[attr-defined]
    random.shuffle(owed)  # type: ignore[attr-defined]
    assert stand(someone._replace(interactions=tuple(log), promises=tuple(owed))) == stand(someone)


@given(people)
def test_the_score_is_the_sum_of_the_points_in_descending_order(someone: Person) -> None:
    assessment = stand(someone)
    assert assessment.score == round(sum(r.points for r in assessment.reasons), 2)
    order = [(-r.points, KINDS.index(r.kind)) for r in assessment.reasons]
    assert order == sorted(order)


@given(people)
def test_who_is_snoozed_or_paused_is_held(someone: Person) -> None:
    assessment = stand(someone)
    if someone.contact.paused:
        assert assessment.held == "paused"
    elif someone.contact.snooze and someone.contact.snooze > TODAY:
        assert assessment.held == "snoozed"
    else:
        assert assessment.held in ("", "not due", "no rhythm", "done today")
    assert (assessment.cadence_days is None) == someone.contact.cadence_none


@settings(max_examples=200)
@given(people, days)
def test_a_later_contact_never_raises_the_score(someone: Person, when: int) -> None:
    before = stand(someone)
    unanswered = any("messages without an answer" in note for note in before.notes)
    if before.last_contact is None or ago(when) <= before.last_contact or unanswered:
        return  # two exceptions of `assess`: the first contact of all, and an answer
    chosen = someone.contact.next
    if chosen is not None and before.last_contact < chosen <= ago(when):
        return  # the third: it was asked for by a chosen date, which stood in the place of the rhythm
    if someone.contact.confidential and any("sent" in i.marks for i in someone.interactions):
        return  # the note about messages is not told there
    later = someone._replace(interactions=(*someone.interactions, talk(when, text="the weather")))
    assert stand(later).score <= before.score


@given(people, days)
def test_a_plan_is_no_contact(someone: Person, ahead: int) -> None:
    planned = someone._replace(interactions=(*someone.interactions, talk(-1 - ahead)))
    assert stand(planned) == stand(someone)


@given(people, days)
def test_no_day_is_too_strange(someone: Person, shift: int) -> None:
    for today in (date.min + timedelta(shift), date.max - timedelta(shift)):
        stand(someone, today)


def test_neither_the_hash_seed_nor_the_time_zone_matters() -> None:
    told = {_standings_elsewhere(seed, zone) for seed, zone in (("0", "UTC"), ("1", "Pacific/Kiritimati"))}
    assert len(told) == 1


def _standings_elsewhere(seed: str, zone: str) -> str:
    code = (
        "from datetime import date, timedelta\n"
        "from mdmentor.core.model import Contact, Person, Interaction\n"
        "from mdmentor.core.ranking.assess import assess\n"
        "from mdmentor.core.model import Settings\n"
        "day = date(2026, 11, 25)\n"
        "for n in range(40):\n"
        "    log = (Interaction(day - timedelta(n * 20), '', '', ('got',) if n % 3 else (), 1),)\n"
        "    someone = Person(Contact(f'{n}.md', str(n), helps_with=('raise', 'go')), log)\n"
        "    print(assess(someone, day, {'raise': 'A', 'go': 'B'}, Settings()))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_every_constant_has_its_reason_beside_it() -> None:
    lines = inspect.getsource(Constants).splitlines()
    told = {
        match[1]
        for before, line in pairwise(lines)
        if (match := re.match(r"    (\w+): ", line)) and ("  # " in line or before.strip().startswith("#"))
    }
    assert told == set(Constants._fields)


def test_duties_go_before_wishes() -> None:
    assert TABLE.promise > TABLE.new > TABLE.thanks > TABLE.birthday >= TABLE.rhythm_cap > TABLE.goal
