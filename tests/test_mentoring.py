"""Who stands on which step, what comes next, who could be a mentor, and where mentors are found."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.frontmatter.keys import SOURCES
from mdmentor.core.mentoring import PLACES, STEPS, MentorStep
from mdmentor.core.model import Contact, Interaction, Person, Promise
from tests.values import built, mentor_steps, places

TODAY = date(2026, 11, 23)


def line(day: str, text: str = "", *marks: str, path: str = "people/Ada.md", number: int = 9) -> Interaction:
    return Interaction(date.fromisoformat(day), "call", text, marks, number, (), path)


def ada(*log: Interaction, promises: tuple[Promise, ...] = (), **fields) -> Person:
    return Person(Contact("people/Ada.md", "Ada Lovelace", **fields), log, promises)


def step_of(person: Person) -> MentorStep:
    (step,) = mentor_steps([person], TODAY)
    return step


def next_of(*log: Interaction, **fields) -> str:
    return step_of(ada(*log, **fields)).next_step


# --- who is on the way -------------------------------------------------------------------------------


@pytest.mark.parametrize("step", STEPS)
def test_the_step_of_the_note_is_taken_as_it_is(step):
    found = step_of(ada(mentor=step))
    assert (found.step, found.inferred) == (step, False)


def test_advice_got_makes_a_candidate_by_the_log_alone():
    found = step_of(ada(line("2026-06-01", "told me about [[Ask for a raise|her raise]]", "got", number=14)))
    assert (found.step, found.inferred) == ("candidate", True)
    assert (found.said, found.said_where) == ("told me about her raise", ("people/Ada.md", 14))


def test_the_latest_advice_with_words_speaks_for_them():
    log = (
        line("2026-01-05", "read my CV", "got"),
        line("2026-03-05", "looked at the offer", "got"),
        line("2026-04-05", "", "got"),
    )
    assert step_of(ada(*log)).said == "looked at the offer"


def test_a_plain_log_makes_nobody_a_candidate():
    assert mentor_steps([ada(line("2026-06-01", "lunch", "gave"))], TODAY) == ()


@pytest.mark.parametrize("source", ["informational-interview", "interviewer"])
@pytest.mark.parametrize(
    "said", ["it clicked at once", "offered to stay in touch", "was very open about pay"]
)
def test_somebody_asked_or_interviewed_who_was_open_is_a_candidate(source, said):
    found = step_of(ada(line("2026-06-01", said), source=(source,)))
    assert (found.said, found.inferred) == (said, True)


@pytest.mark.parametrize(
    "said",
    [
        "was not open to a second talk",
        "asked what kind of work I do",
        "offered the job to somebody else",
        "didn't hit it off",
    ],
)
def test_a_cool_or_neutral_talk_is_no_recommendation(said):
    assert mentor_steps([ada(line("2026-06-01", said), source=("interviewer",))], TODAY) == ()


def test_a_second_talk_speaks_for_somebody_in_any_language():
    log = (line("2026-06-01", "über die Arbeit im Labor"), line("2026-07-01", "zweites Gespräch"))
    assert step_of(ada(*log, source=("informational-interview",))).said == "zweites Gespräch"


@pytest.mark.parametrize(
    "said",
    [
        "gave me great advice on the raise",
        "read my CV and sent comments",
        "how he handles reviews, he was so helpful",
        "introduced me to Grace",
        "useful feedback on the talk",
        "walked me through the figures",
    ],
)
def test_words_about_help_speak_for_anybody_without_a_mark(said):
    found = step_of(ada(line("2026-06-01", said), line("2026-07-01", "lunch"), source=("friend",)))
    assert (found.said, found.inferred, found.step) == (said, True, "candidate")


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ("gave her some advice on the raise", ()),
        ("asked me for advice", ()),
        ("never gave me advice", ()),
        ("useful feedback on the talk", ("gave",)),
        ("gave me great advice", ("private",)),
        ("wants my feedback", ()),
        ("about advice columns", ()),
        ("I read my poem to her", ()),
    ],
)
def test_words_of_help_that_went_elsewhere_speak_for_nobody(said, marks):
    assert mentor_steps([ada(line("2026-06-01", said, *marks))], TODAY) == ()


def test_those_with_a_mark_for_help_stand_before_those_whom_words_speak_for():
    people = [
        ada(line("2026-07-01", "helped me move")),
        Person(Contact("people/Bo.md", "Bo"), (line("2026-01-01", "", "got"),)),
    ]
    assert [step.name for step in mentor_steps(people, TODAY)] == ["Bo", "Ada Lovelace"]


def test_thanks_for_help_of_long_ago_and_of_late_are_no_late_thanks():
    said = next_of(line("2025-10-14", "", "got"), line("2026-11-20", "", "got"))
    assert said == "Tell them what came of their help on 14 Oct 2025 and since then, and say thank you."


def test_the_same_words_of_a_friend_make_no_candidate():
    assert mentor_steps([ada(line("2026-06-01", "it clicked at once"), source=("friend",))], TODAY) == ()


def test_a_private_line_speaks_for_nobody():
    log = (line("2026-06-01", "lent me money", "got", "private"),)
    assert mentor_steps([ada(*log)], TODAY) == ()


def test_somebody_never_to_be_contacted_is_no_candidate():
    assert mentor_steps([ada(line("2026-06-01", "", "got"), paused=True)], TODAY) == ()


def test_a_named_mentor_who_is_never_to_be_contacted_keeps_the_place_without_a_step_to_take():
    assert step_of(ada(line("2026-06-01", "read my CV", "got"), mentor="past", paused=True)).next_step == ""


def test_of_a_confidential_mentor_only_the_name_is_shown():
    found = step_of(
        ada(line("2026-06-01", "read my CV", "got"), mentor="ongoing", support=("job",), confidential=True)
    )
    assert found == MentorStep("", "people/Ada.md", "Ada Lovelace", confidential=True)


def test_a_mentor_at_ones_own_company_is_marked_and_a_confidential_one_never():
    for confidential in (False, True):
        (step,) = mentor_steps([ada(mentor="ongoing", confidential=confidential)], TODAY, {"people/Ada.md"})
        assert step.colleague is not confidential
    assert not step_of(ada(mentor="ongoing")).colleague


def test_the_kinds_of_support_are_those_of_the_note():
    assert step_of(ada(mentor="ongoing", support=("emotional", "job"))).support == ("emotional", "job")


# --- the next small step -----------------------------------------------------------------------------


def test_thanks_come_before_everything_else():
    promises = (Promise("send the paper", None, False, 30),)
    for step in STEPS:
        assert "thank" in next_of(line("2026-10-14", "read my CV", "got"), mentor=step, promises=promises)


def test_help_of_two_days_counts_since_the_first():
    log = (line("2026-09-14", "", "got"), line("2026-10-14", "", "got"))
    assert next_of(*log) == "Tell them what came of their help on 14 Sep and since then, and say thank you."


def test_late_thanks_are_called_welcome():
    said = {next_of(line(f"2026-01-{day}", "", "got")) for day in range(10, 31)}
    assert "A late thank you is still welcome, with a word on what came of it." in said
    assert len(said) == 3 and all("what came of it" in words for words in said)


def test_a_promise_comes_before_the_next_question():
    promises = (Promise("send [[The paper]]", date(2026, 11, 30), False, 30),)
    assert (
        next_of(mentor="ongoing", promises=promises)
        == "First do what you promised (by 30 Nov): send The paper."
    )


def test_a_talk_that_is_planned_already_is_the_next_step():
    met, planned = line("2026-11-20", "met"), line("2026-12-05", "at the Crown")
    assert next_of(met, planned, mentor="catching-up") == (
        "Planned for 5 Dec: call, at the Crown. Anything else can wait until then."
    )
    assert "lanned" not in next_of(met, line("2026-12-05", "at the Crown", "private"), mentor="ongoing")
    assert next_of(line("2026-11-20", "advice", "got"), planned).startswith(("Say thank", "Send a line"))


def test_a_message_without_an_answer_is_given_time():
    assert (
        next_of(line("2026-11-11", "hello", "sent"), mentor="catching-up")
        == "You wrote 12 days ago; give it time."
    )


def test_after_a_month_without_an_answer_another_way_is_fine():
    said = next_of(line("2026-10-11", "hello", "sent"), mentor="catching-up")
    assert said == "You wrote 6 weeks ago and have no answer yet; one more try, some other way, is fine."


def test_a_candidate_never_spoken_to_gets_a_hello():
    assert next_of(mentor="candidate", met="at PyCon") == "Write a short hello and say where you met."
    assert next_of(mentor="candidate") == "Write a short hello; ask nothing yet."


def test_after_a_long_quiet_one_asks_for_nothing():
    said = next_of(line("2026-04-11"), mentor="catching-up")
    assert said == "Catch up informally; it has been 7 months. Ask how they are, nothing more."


def test_after_one_talk_there_is_no_hurry():
    said = next_of(line("2026-10-11"), mentor="catching-up")
    assert said == "Catch up once more, over a coffee or a call; there is no hurry to ask anything."


def test_after_two_talks_one_small_thing_is_asked():
    log = (line("2026-09-11"), line("2026-10-11"))
    said = next_of(*log, mentor="catching-up", helps_with=("[[Negotiation]]",))
    assert said == "Ask one small thing, for instance about Negotiation."


def test_somebody_asked_once_is_given_something_back():
    log = (line("2026-10-11", "", "got", "thanked"),)
    assert next_of(*log, mentor="asked-once", wants=("recruiting",)) == (
        "Offer something in return: they would welcome help with recruiting."
    )
    assert next_of(*log, mentor="asked-once").startswith("See how open they are")


def test_an_ongoing_mentor_lately_in_touch_needs_nothing():
    assert next_of(line("2026-11-11"), mentor="ongoing") == "Nothing is open; you were in touch 12 days ago."


def test_a_private_talk_was_a_talk_too():
    log = (line("2026-04-11"), line("2026-11-22", "the diagnosis", "private"))
    assert next_of(*log, mentor="ongoing") == "Nothing is open; you were in touch yesterday."


def test_emotional_support_is_asked_for_in_its_own_words():
    said = next_of(line("2026-04-11"), mentor="ongoing", support=("emotional",))
    assert said == "It has been 7 months. Ask how they are, and say how you really are."


def test_a_mentor_of_earlier_days_hears_once_a_year():
    assert next_of(line("2026-04-11"), mentor="past") == "Nothing is open; you were in touch 7 months ago."
    assert next_of(line("2024-04-11"), mentor="past").startswith("A line once a year is plenty")


# --- the places --------------------------------------------------------------------------------------


def test_the_eight_places_hold_every_known_source_once():
    assert len(PLACES) == 8
    assert sorted(source for place in PLACES for source in place.sources) == sorted(SOURCES)


def test_people_stand_by_name_where_they_are_known_from():
    emmy = Person(Contact("people/Emmy.md", "Emmy Noether", source=("teacher", "friend")))
    people = {place.title: place.people for place in places([emmy, ada(source=("teacher",))])}
    assert people["Teachers and professors"] == (
        ("people/Ada.md", "Ada Lovelace"),
        ("people/Emmy.md", "Emmy Noether"),
    )
    assert people["Friends and social contacts"] == (("people/Emmy.md", "Emmy Noether"),)
    assert people["Family"] == ()


def test_every_place_has_a_hint():
    assert all(place.hint.endswith((".", "?")) for place in PLACES)


def test_a_confidential_or_paused_contact_stands_in_no_place():
    people = [ada(source=("teacher",), confidential=True), ada(source=("teacher",), paused=True)]
    assert places(people) == PLACES


# --- for all -----------------------------------------------------------------------------------------

logs = st.lists(
    built(
        Interaction,
        st.dates(date(2024, 1, 1), date(2026, 12, 24)),
        st.just("call"),
        st.sampled_from(["", "it clicked", "read my CV", "[[", "über die Arbeit"]),
        st.sets(st.sampled_from(["gave", "got", "thanked", "sent", "private"])).map(
            lambda m: tuple(sorted(m))
        ),
        st.integers(1, 99),
    ),
    max_size=5,
    unique_by=lambda told: (told.date, told.line),
)
people = st.lists(
    built(
        Person,
        built(
            Contact,
            st.uuids().map(lambda n: f"people/{n}.md"),
            st.sampled_from(["Ada", "Emmy", "山田 太郎", ""]),
            mentor=st.sampled_from(["", *STEPS]),
            source=st.lists(st.sampled_from(SOURCES), max_size=2).map(tuple),
            wants=st.sampled_from([(), ("[[",), ("recruiting",)]),
            paused=st.booleans(),
            confidential=st.booleans(),
        ),
        logs.map(tuple),
    ),
    max_size=6,
)


@given(people, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_people_and_of_their_logs_does_not_matter(persons, chance: random.Random):
    mixed = [
        Person(p.contact, tuple(chance.sample(p.interactions, len(p.interactions))))
        for p in chance.sample(persons, len(persons))
    ]
    assert mentor_steps(mixed, TODAY) == mentor_steps(persons, TODAY)
    assert places(mixed) == places(persons)


@given(people)
@settings(max_examples=150)
def test_nobody_gets_a_label_that_no_note_gives(persons):
    given_steps = {p.contact.path: p.contact.mentor for p in persons}
    for found in mentor_steps(persons, TODAY):
        if not found.confidential:
            assert found.step == (given_steps[found.path] or "candidate")
            assert found.inferred == (not given_steps[found.path])
