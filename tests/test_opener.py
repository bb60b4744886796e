"""A sentence or two to send: right English from any log, and nothing that the notes do not say."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.model import Assessment, Birthday, Contact, Interaction, Person, Promise, Reason, Relation
from mdmentor.core.opener import opener
from mdmentor.core.opener_words import first_name
from mdmentor.core.phrasing import (
    person_words,
    promise_words,
    spoken_when,
    thanks_words,
    topic_of_talk,
    where_met,
)
from tests.conftest import VaultOnDisk
from tests.values import built

TODAY = date(2026, 11, 23)
ADA = Contact("people/Ada Lovelace.md", "Ada Lovelace")


def line(
    day: str, text: str = "", *marks: str, channel: str = "", path: str = "", links: tuple[int, ...] = ()
) -> Interaction:
    return Interaction(date.fromisoformat(day), channel, text, marks, 9, links, path)


def assessment(*reasons: Reason, last: date | None = None) -> Assessment:
    return Assessment(ADA.path, ADA.name, TODAY, 0, "active", "", None, last, None, reasons)


def say(
    *log: Interaction,
    name: str = "Ada Lovelace",
    promises: tuple[Promise, ...] = (),
    kinds: tuple[str, ...] = (),
    posts: tuple[Relation, ...] = (),
    colleague: bool = False,
    **fields,
) -> str:
    person = Person(Contact("people/Ada Lovelace.md", name, **fields), log, promises)
    reasons = [Reason(kind, 'Can help with negotiation, for your goal "Raise".', 20) for kind in kinds]
    return opener(person, assessment(*reasons), posts, TODAY, colleague=colleague)


# --- what is said ------------------------------------------------------------------------------------


def test_a_talk_is_woven_in_where_its_words_fit():
    log = line("2026-09-14", "asked how to open the raise talk, see [[Ask for a raise]]", channel="coffee")
    assert "about how to open the raise talk" in say(log)


@pytest.mark.parametrize(
    "text",
    [
        "über die neue Stelle",
        "she asked about Ada's mother",
        "raise!!! / flat?? :)",
        "キャリアについて",
        "<b>about</b> |",
        "about",
        "[[",
        "",
    ],
)
def test_other_words_are_left_to_the_day_and_the_channel(text):
    said = say(line("2026-09-14", text, channel="coffee"))
    assert "our coffee" in said
    assert "September" in said
    assert "about" not in said


def test_an_unknown_channel_is_no_talk():
    assert "our " not in say(line("2026-09-14", "", channel="telefon"))


def test_thanks_say_what_for():
    said = say(line("2026-10-14", "introduced me to Grace Hopper", "got", channel="coffee"))
    assert "introducing me to Grace Hopper in October" in said


def test_a_promise_is_turned_towards_the_person():
    promises = (Promise("send her [[The paper|the paper]]", date(2026, 11, 25), False, 30),)
    assert "send you the paper" in say(promises=promises)


def test_what_they_did_besides_is_not_run_into_the_thanks():
    said = say(line("2026-10-14", "read my page and gave three comments", "got", channel="coffee"))
    assert "reading my page in October" in said and "gave" not in said


def test_two_people_introduced_are_both_named_and_not_where_they_work():
    said = say(line("2026-10-14", "introduced me to Grace Hopper and Radia", "got"))
    assert "introducing me to Grace Hopper and Radia in October" in said
    assert "introducing me to Sam in" in say(line("2026-10-14", "intro to Sam at Northwind", "got"))


@pytest.mark.parametrize("text", ["about her divorce", "she is ill", "his father died", "about the layoffs"])
def test_what_is_tender_is_not_brought_up_and_makes_no_light_hello(text):
    said = say(line("2026-11-14", text, channel="coffee"))
    assert said.partition(", ")[2].startswith(("I've been thinking of you", "you've been on my mind"))
    thanks = say(line("2026-11-14", f"helped with {text}", "got", channel="coffee"))
    assert "your help over coffee a couple of weeks ago" in thanks and text not in thanks


def test_an_address_on_the_web_is_no_topic():
    assert "http" not in say(line("2026-09-14", "talked about https://example.org/x", channel="call"))


def test_thanks_set_down_as_a_task_are_said_and_not_promised():
    promises = (Promise("thank her for the tip", date(2026, 11, 25), False, 30),)
    said = say(promises=promises)
    assert "thank you" in said and "for the tip" in said and "promise" not in said


@pytest.mark.parametrize(
    ("wants", "words"),
    [("a flat in Leeds", "looking for a flat in Leeds"), ("hiring", "going with hiring")],
)
def test_what_they_want_is_asked_after_in_words_that_fit(wants, words):
    assert words in say(wants=(wants,))


def test_a_post_that_is_just_what_they_want_is_offered_once():
    posts = (Relation("posts/x.md", "post", "Leading people", 1.0, ("x",)),)
    said = say(wants=("[[Leading people]]",), posts=posts)
    assert said.count("eading people") == 1 and "Shall I send it" in said


def test_where_one_met_is_something_to_begin_with():
    person = [Contact(f"people/{n}.md", "Ada", met="at PyCon 2026") for n in range(20)]
    said = {opener(Person(one, (), ()), assessment(), (), TODAY) for one in person}
    assert any("when we met at PyCon 2026" in words for words in said) and len(said) > 5


def test_a_promise_far_off_is_not_spoken_of():
    promises = (Promise("send the paper", date(2027, 2, 1), False, 30),)
    assert "paper" not in say(line("2026-09-14", channel="call"), promises=promises)


def test_a_promise_of_theirs_is_not_asked_after():
    promises = (Promise("send the paper", date(2026, 11, 20), True, 30),)
    assert "paper" not in say(promises=promises, kinds=("waiting",))


def test_a_promise_in_other_words_is_only_hinted_at():
    promises = (Promise("help her move on Saturday", date(2026, 11, 25), False, 30),)
    said = say(promises=promises)
    assert "move" not in said and "promise" in said


@pytest.mark.parametrize(
    "text", ["das Buch zurückgeben!", "birthday present", "buy her a present", "plan the surprise party"]
)
def test_a_promise_is_not_mentioned_where_it_may_be_none_or_a_surprise(text):
    said = say(promises=(Promise(text, date(2026, 11, 25), False, 30),), kinds=("promise",))
    assert "promise" not in said and "present" not in said and "Buch" not in said


def test_an_old_promise_is_spoken_of_with_a_word_of_regret():
    said = say(promises=(Promise("send her the paper", date(2026, 8, 25), False, 30),), kinds=("promise",))
    assert "send you the paper" in said and ("sorry" in said or "far too long" in said)


@pytest.mark.parametrize(
    "words", ["return the drill [[Ada Lovelace]]", "return the drill, if she still needs it"]
)
def test_only_the_deed_is_said(words):
    assert promise_words(words, ADA) == "return the drill"


def test_who_helped_and_the_link_at_the_end_are_left_out_of_thanks():
    assert "reading my CV a couple of weeks ago" in say(
        line("2026-11-14", "she read my CV and cut it", "got"), kinds=("thanks",)
    )
    text = "explained how the grant committee works [[Ada Lovelace]]"
    assert "explaining how the grant committee works" in say(
        line("2026-11-14", text, "got"), kinds=("thanks",)
    )


def test_a_first_line_of_an_old_friend_is_no_first_meeting():
    said = say(line("2026-11-20", "ran 10k together"), kinds=("new",))
    assert "meet" not in said and "what you do" not in said


def test_mail_one_way_is_nothing_that_was_enjoyed():
    assert "emails" not in say(line("2026-11-14", "sent the slides", "gave", channel="email"))


def test_no_favour_is_asked_of_somebody_who_has_not_answered():
    sent = line("2026-11-01", "asked how she is", "sent", channel="email")
    assert "negotiation" not in say(sent, kinds=("goal", "rhythm"), helps_with=("negotiation",))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((11, 23), "appy birthday"),
        ((11, 22), "elated birthday|late, but happy birthday"),
    ],
)
def test_good_wishes_are_for_the_day_and_the_day_after(day, words):
    said = say(kinds=("birthday",), birthday=Birthday(*day, 1970))
    assert any(part in said for part in words.split("|"))


def test_nobody_is_wished_a_happy_birthday_early():
    tomorrow = Birthday(11, 24, 1970)
    got = line("2026-10-14", "read my page", "got")
    assert say(kinds=("birthday", "rhythm"), birthday=tomorrow) == ""
    said = say(got, kinds=("thanks", "birthday"), birthday=tomorrow)
    assert "thank" in said and "birthday" not in said


def test_good_wishes_join_what_comes_first():
    today, got = Birthday(11, 23, 1970), line("2026-11-14", "read my page", "got")
    said = say(got, kinds=("thanks", "birthday"), birthday=today)
    assert "reading my page a couple of weeks ago" in said and said.endswith("appy birthday!")
    promise = (Promise("send her the paper", date(2026, 11, 25), False, 30),)
    said = say(promises=promise, kinds=("promise", "birthday"), birthday=today)
    assert "send you the paper" in said and ", happy birthday! I" in said


def test_the_first_reason_has_the_word():
    wants = {"wants": ("a flat in Leeds",), "helps_with": ("negotiation",)}
    promises = (Promise("send the paper", None, False, 30),)
    got = line("2026-11-14", "read my page", "got", channel="call")
    assert "reading my page" in say(got, kinds=("thanks", "goal", "rhythm"), **wants)
    assert "negotiation" in say(kinds=("goal", "rhythm"), promises=promises, **wants)
    assert "flat in Leeds" in say(kinds=("rhythm", "goal"), promises=promises, **wants)


@pytest.mark.parametrize(
    "text", ["email her", "call Ada back", "write to her about the flat", "ask her", "meet for lunch"]
)
def test_nobody_hears_that_one_promised_to_be_in_touch(text):
    said = say(promises=(Promise(text, date(2026, 11, 23), False, 30),), kinds=("promise",))
    assert "promised to" not in said and "would" not in said.replace("I would be glad", "")


@pytest.mark.parametrize(
    "text",
    [
        "about the loan; she is broke", "about her brother, they fell out", "about the garden, her mother died",
        "about the move, she told me in confidence", "about his debts", "about being laid off", "quarrelled about the car",
    ],
)  # fmt: skip
def test_nothing_is_quoted_of_a_line_that_is_tender_anywhere(text):
    said = say(line("2026-09-14", text, channel="call"))
    assert said.partition(", ")[2].startswith(("I've been thinking of you", "you've been on my mind"))
    got = say(line("2026-09-14", f"told me {text}", "got"))
    assert "about" not in got
    deed = say(promises=(Promise(f"write to her {text}", date(2026, 11, 23), False, 30),))
    assert "about" not in deed


@pytest.mark.parametrize(
    "text", ["Beerdigung ihrer Mutter", "il a été licencié", "她父亲去世了", "está enferma"]
)
def test_what_is_tender_is_known_in_other_languages(text):
    said = say(line("2026-11-14", text, channel="coffee"))
    assert "coffee" not in said


def test_no_request_follows_a_tender_talk():
    said = say(line("2026-11-14", "her father died"), kinds=("goal", "rhythm"), helps_with=("negotiation",))
    assert "negotiation" not in said


def test_the_first_word_of_a_line_is_a_talk_where_it_stands_alone_or_with_somebody():
    assert "our coffee" in say(line("2026-11-01", "coffee with [[Ada Lovelace]]"))
    assert "our coffee" not in say(line("2026-11-01", "coffee machine broke, [[Ada Lovelace]] laughed"))


def test_a_birthday_on_a_leap_day_is_wished_on_the_28th():
    person = Person(Contact(ADA.path, ADA.name, birthday=Birthday(2, 29)))
    day = date(2026, 2, 28)
    said = opener(person, Assessment(ADA.path, ADA.name, day, 0, "active", "", None, None, None), (), day)
    assert "birthday" in said and "tomorrow" not in said and "elated" not in said


def test_a_new_acquaintance_is_greeted_by_the_occasion():
    assert "at PyCon 2026" in say(kinds=("new",), met="PyCon 2026", met_on=date(2026, 11, 20))


def test_an_unanswered_message_is_no_talk():
    said = say(
        line("2026-03-01", "about the raise", channel="call"),
        line("2026-10-14", "asked for advice", "sent", channel="email"),
    )
    assert "raise" not in said and "advice" not in said
    assert "October" in said


def test_a_goal_asks_one_thing_about_its_topic():
    assert "negotiation" in say(kinds=("goal",), helps_with=("negotiation",))


def test_something_they_want_help_with_is_offered():
    assert "recruiting" in say(wants=("[[recruiting]]",))


def test_a_post_that_names_their_wish_is_offered():
    post = Relation("posts/Recruiting.md", "post", "Recruiting without fear", 1.0)
    assert '"Recruiting without fear"' in say(wants=("recruiting",), posts=(post,))


def test_a_gift_is_asked_after():
    assert "Bob Kahn" in say(line("2026-10-14", "introduced her to Bob Kahn", "gave", channel="email"))


def test_a_long_silence_asks_for_little():
    said = say(line("2022-05-14", channel="dinner"))
    assert "2022" in said or "long time" in said


def test_somebody_without_any_log_gets_a_hello():
    assert say().startswith(("Hi Ada, ", "Hello Ada, "))


# --- what is not said --------------------------------------------------------------------------------


def test_of_a_confidential_or_paused_contact_nothing_is_said():
    log = line("2026-10-14", "introduced me to Grace Hopper", "got")
    assert say(log, confidential=True) == ""
    assert say(log, paused=True) == ""


def test_a_private_talk_is_not_mentioned_but_ends_the_silence():
    said = say(
        line("2025-03-01", "", channel="coffee"),
        line("2026-11-20", "the diagnosis", "private", channel="call"),
    )
    assert "diagnosis" not in said and "call" not in said
    assert "long time" not in said and "a while" not in said


def test_a_colleague_is_thanked_without_what_was_talked_about():
    log = line("2026-09-14", "asked how to open the raise talk", "got", channel="coffee")
    assert "your help over coffee in September" in say(log, colleague=True)


@pytest.mark.parametrize(
    "told",
    [
        {"kinds": ("goal",), "helps_with": ("negotiation",)},
        {"wants": ("negotiation",)},
        {"promises": (Promise("write about negotiation", date(2026, 11, 25), False, 30),)},
    ],
)
def test_a_colleague_hears_nothing_of_goals_wishes_or_the_words_of_a_promise(told):
    assert "negotiation" in say(**told)
    assert "negotiation" not in say(**told, colleague=True)


@pytest.mark.parametrize("text", ["talked about Bob Kahn", "introduced her to Bob Kahn"])
def test_a_colleague_hears_nothing_of_the_last_talk_but_that_it_was(text):
    log = line("2026-09-14", text, "gave", channel="coffee")
    assert "Bob Kahn" in say(log)
    assert "Bob Kahn" not in say(log, colleague=True)


def test_what_a_diary_says_of_two_people_is_said_to_neither():
    log = line(
        "2026-09-14",
        "with [[Ada Lovelace]] and [[Bob]] about the layoffs",
        channel="lunch",
        path="journal/2026-09-14.md",
        links=(0, 1),
    )
    assert "layoffs" not in say(log)


def test_a_diary_line_about_one_person_alone_may_be_woven_in():
    log = line(
        "2026-09-14",
        "with [[Ada Lovelace]] about the new flat",
        channel="lunch",
        path="journal/2026-09-14.md",
        links=(0,),
    )
    assert "the new flat" in say(log)


# --- the pieces --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ada Lovelace", "Ada"),
        ("Dr. Ada Lovelace", "Ada"),
        ("Prof. Dr. med. Emmy Noether, PhD", "Emmy"),
        ("Lovelace, Ada", "Ada"),
        ("Ada, Countess of Lovelace", "Ada"),
        ("Prof. Noether", "Prof. Noether"),
        ("Aunt Rose", "Aunt Rose"),
        ("山田 太郎", "山田 太郎"),
        ("김 철수", "김 철수"),
        ("J. K. Rowling", "J. K. Rowling"),
        ("van der Berg", "van der Berg"),
        ("bell hooks", "bell"),
        ("Mary-Jane O'Neil", "Mary-Jane"),
        ("Jose\u0301 Ñandú", "José"),
        ("अदा लवलेस", "अदा"),
        ("Bob (plumber)", "Bob"),
        ("🌟 Ada", "Ada"),
        ("Martin Luther King, Jr.", "Martin"),
        ("@ada", ""),
        ("<script>", ""),
        ("ada@example.org", ""),
        ("Dr.", ""),
        ("", ""),
    ],
)
def test_people_are_called_by_their_first_name(name, called):
    assert first_name(name) == called


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-23", "today"),
        ("2026-11-22", "yesterday"),
        ("2026-11-18", "the other day"),
        ("2026-11-16", "last week"),
        ("2026-11-15", "a couple of weeks ago"),
        ("2026-11-02", "earlier this month"),
        ("2026-10-14", "in October"),
        ("2026-01-14", "in January"),
        ("2025-12-14", "in December 2025"),
        ("2025-11-14", "in November 2025"),
    ],
)
def test_days_are_put_as_one_says_them(day, words):
    assert spoken_when(date.fromisoformat(day), TODAY) == words


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("asked how to open the raise talk, see [[Ask for a raise]]", "how to open the raise talk"),
        ("talked about her new role", "your new role"),
        ("caught up about kids and moving to Lisbon", "kids and moving to Lisbon"),
        ("quick chat with Ada and Bob about the new flat", "the new flat"),
        ("discussed the talk and she liked it", "the talk"),
        ("asked if we could meet", ""),
        ("asked her if a sabbatical is possible", "whether a sabbatical is possible"),
        ("asked for advice on pensions", "pensions"),
        ("told me about Ada's mother", ""),
        ("talked about it", ""),
        ("talked about next week", ""),
        ("she was about to leave", ""),
        ("about to change jobs", ""),
        ("lunch", ""),
        ("talked about `code` and |", "code"),
    ],
)
def test_the_topic_of_a_talk_is_taken_only_where_it_fits(text, topic):
    assert topic_of_talk(line("2026-09-14", text), ADA) == topic


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("send the paper", "send the paper"),
        ("send her the paper", "send you the paper"),
        ("Send [[Ada Lovelace]] my draft", "send you my draft"),
        ("introduce Ada to Grace Hopper", "introduce you to Grace Hopper"),
        ("give the book back to her", "give the book back to you"),
        ("send Ada's draft back", ""),
        ("read their draft", "read your draft"),
        ("paper for Ada", ""),
        ("call, urgently!", ""),
        ("", ""),
    ],
)
def test_a_promise_reads_on_after_i_promised_to(text, words):
    assert promise_words(text, ADA) == words


@pytest.mark.parametrize(
    ("text", "channel", "words"),
    [
        ("introduced me to Grace Hopper", "", "introducing me to Grace Hopper in October"),
        ("introduced me to her whole team", "lunch", "your help over lunch in October"),
        ("gave me good advice on pensions", "", "your advice on pensions in October"),
        ("asked for feedback on my draft", "email", "your feedback on my draft in October"),
        ("helped me with the tax form", "", "your help with the tax form in October"),
        ("read my CV and marked it up", "", "reading my CV in October"),
        (
            "asked how to open the raise talk",
            "call",
            "taking the time in October to talk about how to open the raise talk",
        ),
        ("", "call", "your help on our call in October"),
        ("", "email", "your help in October"),
        ("half geholfen!", "", "your help in October"),
    ],
)
def test_thanks_read_on_after_thank_you_for(text, channel, words):
    assert thanks_words(line("2026-10-14", text, "got", channel=channel), ADA, TODAY) == words


@pytest.mark.parametrize(
    ("met", "words"),
    [
        ("PyCon 2026", "at PyCon 2026"),
        ("At the meetup in Leeds.", "at the meetup in Leeds"),
        ("Auf der Messe", ""),
        ("at her party", ""),
        ("Bob Kahn", ""),
        ("", ""),
    ],
)
def test_where_one_met_is_said_only_where_it_fits(met, words):
    assert where_met(Contact("a.md", "Ada", met=met)) == words


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Grace Hopper", "Grace Hopper"),
        ("Bob, who knows pensions", "Bob"),
        ("the team", ""),
        ("a Bob", ""),
        ("", ""),
    ],
)
def test_a_name_is_taken_whole_or_not_at_all(text, name):
    assert person_words(text) == name


# --- for all -----------------------------------------------------------------------------------------

any_text = st.text(max_size=40) | st.sampled_from(
    [
        "talked about x",
        "asked how to y",
        "introduced me to Bob",
        "send her the paper",
        "read my CV",
        "[[a|b]] about c",
    ]
)
any_day = st.dates(date(2019, 1, 1), date(2027, 12, 31))
any_line = built(
    Interaction,
    any_day,
    st.sampled_from(["", "call", "coffee", "email", "zoom", "telefon"]),
    any_text,
    st.sets(st.sampled_from(["gave", "got", "thanked", "sent", "private"])).map(lambda m: tuple(sorted(m))),
    st.integers(1, 99),
    st.sampled_from([(), (0,), (0, 1)]),
    st.sampled_from(["", "people/a.md", "journal/b.md"]),
)
any_person = built(
    Person,
    built(
        Contact,
        st.sampled_from(["people/a.md", "people/\udce9.md"]),
        any_text,
        aliases=st.lists(any_text, max_size=1).map(tuple),
        met=any_text,
        met_on=st.none() | any_day,
        source=st.sampled_from([(), ("teacher",), ("event",)]),
        introduced_by=any_text,
        last_contact=st.none() | any_day,
        helps_with=st.lists(any_text, max_size=2).map(tuple),
        wants=st.lists(any_text, max_size=2).map(tuple),
        birthday=st.none() | built(Birthday, st.integers(1, 12), st.integers(1, 31)),
    ),
    st.lists(any_line, max_size=5, unique_by=lambda told: (told.date, told.path, told.line)).map(tuple),
    st.lists(
        built(Promise, any_text, st.none() | any_day, st.booleans(), st.integers(1, 99)), max_size=1
    ).map(tuple),
)
any_kinds = st.sets(st.sampled_from(["promise", "new", "thanks", "birthday", "goal", "rhythm", "drift"]))


@given(any_person, any_kinds, any_day, st.booleans(), any_text)
@settings(max_examples=200)
def test_any_notes_give_one_calm_message(person, kinds, day, colleague, title):
    reasons = tuple(Reason(kind, f"Can help with {title}.", 20) for kind in sorted(kinds))
    where = Assessment("people/a.md", "", day, 0, "active", "", None, None, None, reasons)
    said = opener(person, where, (Relation("posts/p.md", "post", title, 1.0),), day, colleague=colleague)
    if not said:
        assert "birthday" in kinds
        return
    assert said.startswith(("Hi ", "Hello ", "Dear ", "Hello,"))
    assert said.endswith((".", "?", "day!", "ahead!"))
    assert (
        "{" not in said.replace(title, "")
        and "  " not in said
        and "\n" not in said
        and ("!" not in said.replace(title, "") or "birthday" in said)
    )


@given(any_person, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_the_log_does_not_matter(person, chance: random.Random):
    mixed = Person(
        person.contact, tuple(chance.sample(person.interactions, len(person.interactions))), person.promises
    )
    assert opener(mixed, assessment(), (), TODAY) == opener(person, assessment(), (), TODAY)


def test_people_in_one_situation_do_not_all_get_the_same_words():
    said = {
        opener(
            Person(Contact(f"people/{n}.md", "Ada"), (line("2026-05-14", channel="call"),)),
            assessment(),
            (),
            TODAY,
        )
        for n in range(40)
    }
    assert len(said) >= 8


def test_the_words_stay_while_nothing_is_logged():
    person = Person(ADA, (line("2025-05-14", channel="call"),))
    days = [TODAY + timedelta(days=n) for n in range(30)]
    assert len({opener(person, assessment(), (), day) for day in days}) == 1


def test_the_words_are_the_same_in_every_run():
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_opener import *\n"
        "for n in range(30):\n"
        "    log = (line('2026-05-14', 'talked about pensions', channel='call'),)\n"
        "    p = Person(Contact(f'people/{n}.md', 'Ada'), log)\n"
        "    print(opener(p, assessment(), (), TODAY))\n"
    )
    root = Path(__file__).parent.parent
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            encoding="utf-8",
        ).stdout
        for seed in ("0", "1")
    ]
    assert runs[0] == runs[1] != ""


def test_openers_can_be_switched_off(vault: VaultOnDisk):
    vault.add("people/Ada.md", "- 2026-11-01 call: read my page #got\n")
    vault.reindex()
    assert "You could say" in vault.page("Reach out next")
    vault.add("mdmentor.toml", "[pages]\nopeners = false\n")
    vault.reindex()
    assert "You could say" not in vault.page("Reach out next")
    assert "Ada" in vault.page("Reach out next")
    assert [one["opener"] for one in vault.json("next")["suggestions"]] == [""]
    assert "Say:" not in vault.run("next", "--today", "2026-11-23").out
    vault.add("mdmentor.toml", "[pages]\nopeners = true\n")
    vault.reindex()
    assert "You could say" in vault.page("Reach out next")
