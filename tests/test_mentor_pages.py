"""The pages "Mentors" and "Two-way street": what a person reads, and that no note can break them."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mdmentor.core.exchange import exchange
from mdmentor.core.mentoring import PLACES
from mdmentor.core.model import Contact, Interaction, Person, Promise
from mdmentor.core.pages import Context
from mdmentor.core.pages.mentors import render_mentors, render_two_way
from tests.values import built, mentor_steps, places, supports

TODAY = date(2026, 11, 23)
AT = Context("reach-out", TODAY, ("Reach out next", "Mentors", "Two-way street"))


def line(day: str, text: str, *marks: str, path: str, number: int = 9) -> Interaction:
    return Interaction(date.fromisoformat(day), "call", text, marks, number, (), path)


def person(name: str, *log: tuple[str, ...], promises: tuple[Promise, ...] = (), **fields) -> Person:
    path = f"people/{name}.md"
    told = tuple(line(day, text, *marks, path=path) for day, text, *marks in log)
    return Person(Contact(path, name, **fields), told, promises)


CAST = (
    person(
        "Ada Lovelace",
        ("2026-08-01", "sent the template", "gave"),
        ("2026-10-14", "asked how to open the raise talk, see [[Ask for a raise]]", "got"),
        promises=(
            Promise("send the paper", date(2026, 11, 30), False, 30),
            Promise("introduce me to Grace", date(2026, 11, 20), True, 31),
        ),
        mentor="ongoing",
        support=("job", "career"),
        source=("boss",),
        company=("Analytical Engines",),
    ),
    person(
        "Aunt Rose", ("2026-04-10", "long call"), mentor="ongoing", support=("emotional",), source=("family",)
    ),
    person("Bob Kahn", ("2026-11-18", "introduced me to Radia", "got"), source=("event",)),
    person(
        "Emmy Noether",
        ("2024-10-02", "advice on a field", "got", "thanked"),
        mentor="past",
        source=("teacher",),
    ),
    person("Grace Hopper", mentor="candidate", met="at PyCon"),
    person("Secret Friend", ("2026-10-02", "whispered", "got"), mentor="ongoing", confidential=True),
)


def mentors(*people: Person) -> str:
    colleagues = {one.contact.path for one in people if "Analytical Engines" in one.contact.company}
    steps = mentor_steps(people, TODAY, colleagues)
    return render_mentors(steps, places(people), supports(people), AT._replace(colleagues=colleagues))


def two_way(*people: Person) -> str:
    return render_two_way([exchange(one, TODAY) for one in people], AT)


def section(page: str, title: str) -> list[str]:
    """The lines below a heading, without empty ones."""
    below = page.split(f"\n## {title}\n", 1)[1]
    return [text for text in below.split("\n## ")[0].split("\n---\n")[0].splitlines() if text]


# --- Mentors -----------------------------------------------------------------------------------------


def test_a_mentor_stands_with_the_next_step_and_the_line_that_speaks_for_them():
    assert section(mentors(*CAST), "Ongoing")[:3] == [
        "- **[Ada Lovelace](../people/Ada%20Lovelace.md)** (for the job and the career): "
        "Say thank you, with a line on what came of it.",
        "  - *Works where you work: think before you confide.*",
        "  - 14 Oct: asked how to open the raise talk, see Ask for a raise",
    ]


def test_the_steps_stand_in_their_order_and_empty_ones_do_not_stand():
    titles = [text[3:] for text in mentors(*CAST).splitlines() if text.startswith("## ")]
    assert titles == [
        "Candidates",
        "Ongoing",
        "From earlier days",
        "Your notes speak for them",
        "Who is there for what",
        "Where mentors are found",
    ]


def test_whom_only_the_log_speaks_for_is_not_called_a_candidate():
    page = mentors(CAST[2])
    assert "## Candidates" not in page
    assert section(page, "Your notes speak for them")[1:] == [
        "- **[Bob Kahn](../people/Bob%20Kahn.md)**: Say thank you while it is fresh.",
        "  - 18 Nov: introduced me to Radia",
    ]


def test_many_whom_the_log_speaks_for_are_listed_by_name():
    page = mentors(*(person(f"P{n:02}", ("2026-11-18", "advice", "got")) for n in range(12)))
    lines = section(page, "Your notes speak for them")
    assert sum(text.startswith("- ") for text in lines) == 8
    assert lines[-1] == "Also: " + ", ".join(f"[P{n:02}](../people/P{n:02}.md)" for n in range(8, 12)) + "."


def test_a_page_of_very_many_people_stays_readable_and_counts_the_others():
    day = "2026-11-18"
    crowd = [person(f"P{n:04}", (day, "advice", "got")) for n in range(1500)]
    crowd += [person(f"Q{n:04}", mentor="ongoing") for n in range(500)]
    crowd += [person(f"R{n:04}", mentor="ongoing", confidential=True) for n in range(200)]
    crowd += [
        Person(Contact(f"people/S{n:04}.md", f"S{n:04}"), (), (Promise("call", None, n % 2 == 0, 3),))
        for n in range(300)
    ]
    page = mentors(*crowd)
    assert "\n- and 470 more: `mdmentor mentors` lists all\n" in page
    assert "and 1462 more." in page and "R0000" not in page
    assert page.count("\n") < 200
    page = two_way(*crowd)
    assert "\n- and 1440 more: `mdmentor promises` lists them all\n" in page
    assert page.count("\n- and 90 more: `mdmentor promises` lists them all\n") == 2
    assert "\nThe 60 people with whom something went either way last; 1440 more by `mdmentor show`.\n" in page
    assert page.count("\n") < 500


def test_of_very_many_exchanges_the_latest_are_listed_by_name():
    crowd = [person(f"P{n:02}", (f"2026-09-{30 - n % 30:02}", "", "gave")) for n in range(61)]
    lines = section(two_way(*crowd), "Person by person")
    assert "60 people" in lines[0] and "1 more" in lines[0]
    names = [text[5:8] for text in lines[1:] if text.startswith("- **")]
    assert len(names) == 60 and names == sorted(names) and "P29" in names and "P59" not in names


def test_kinds_of_support_are_listed_apart():
    assert section(mentors(*CAST), "Who is there for what") == [
        "- For the job: [Ada Lovelace](../people/Ada%20Lovelace.md) (works where you work)",
        "- For the career: [Ada Lovelace](../people/Ada%20Lovelace.md) (works where you work)",
        "- For ups and downs: [Aunt Rose](../people/Aunt%20Rose.md)",
    ]


def test_those_who_are_there_for_something_are_listed_on_a_step_or_not():
    people = [
        person("Ada", support=("job",)),
        person("Bo", support=("job",), confidential=True),
        person("Cy", support=("job",), paused=True, mentor="past"),
    ]
    assert section(mentors(*people), "Who is there for what") == [
        "- For the job: [Ada](../people/Ada.md)",
        "- For the career: nobody yet",
        "- For ups and downs: nobody yet",
    ]


def test_without_any_support_there_is_no_such_heading():
    assert "Who is there for what" not in mentors(CAST[2])


def test_a_place_has_its_people_and_an_empty_one_its_hint():
    lines = section(mentors(*CAST), "Where mentors are found")
    assert "- **Family**: [Aunt Rose](../people/Aunt%20Rose.md)" in lines
    assert f"- **{PLACES[2].title}**: {PLACES[2].hint}" in lines
    assert sum(text.startswith("- **") for text in lines) == 8


def test_a_confidential_mentor_is_on_no_page():
    for page in (mentors(*CAST), two_way(*CAST)):
        assert "Secret" not in page and "whispered" not in page


def test_a_line_from_another_note_leads_there():
    told = line("2026-10-14", "advice", "got", path="journal/2026-10-14.md")
    page = mentors(Person(Contact("people/Ada.md", "Ada"), (told,)))
    assert "  - [14 Oct](../journal/2026-10-14.md): advice" in page


def test_the_page_of_an_empty_vault_says_how_to_begin():
    assert "Nobody is here yet" in mentors()


# --- Two-way street ----------------------------------------------------------------------------------


def test_thanks_promises_and_the_balance_stand_in_words():
    page = two_way(*CAST)
    assert section(page, "Thanks to give") == [
        "- **[Ada Lovelace](../people/Ada%20Lovelace.md)**, since 14 Oct: "
        "asked how to open the raise talk, see Ask for a raise",
        "- **[Bob Kahn](../people/Bob%20Kahn.md)**, since 18 Nov: introduced me to Radia",
    ]
    assert section(page, "Promised by you") == [
        "- **[Ada Lovelace](../people/Ada%20Lovelace.md)**, by 30 Nov: send the paper"
    ]
    assert section(page, "Promised to you") == [
        "- **[Ada Lovelace](../people/Ada%20Lovelace.md)**, was meant for 20 Nov: introduce me to Grace"
    ]
    assert section(page, "Person by person")[:3] == [
        "- **[Ada Lovelace](../people/Ada%20Lovelace.md)**: "
        "You helped once, they once; thanks are still open.",
        "  - 14 Oct, they helped: asked how to open the raise talk, see Ask for a raise",
        "  - 1 Aug, you helped: sent the template",
    ]


def test_a_line_of_help_both_ways_is_shown_once():
    told = section(
        two_way(person("Ada", ("2026-10-14", "swapped drafts", "gave", "got"))), "Person by person"
    )
    assert told[1] == "  - 14 Oct, you helped each other: swapped drafts"


def test_a_long_story_is_shown_by_its_latest_lines():
    told = section(
        two_way(person("Ada", *((f"2026-0{n}-01", "talk", "gave") for n in range(1, 9)))), "Person by person"
    )
    assert told[1] == "  - 1 Aug, you helped: talk"
    assert told[-1] == "  - and 2 earlier lines in the notes"


def test_a_promise_without_a_date_comes_last():
    promises = (Promise("call back", None, False, 3), Promise("send it", date(2026, 12, 1), False, 4))
    told = section(two_way(person("Ada", promises=promises)), "Promised by you")
    assert [text.rpartition(": ")[2] for text in told] == ["send it", "call back"]


def test_somebody_with_nothing_noted_is_not_on_the_page():
    assert "Grace" not in two_way(CAST[4])


def test_an_empty_page_says_how_to_begin():
    assert "Nothing is noted yet" in two_way(person("Ada"))


@pytest.mark.parametrize("page", [mentors(*CAST), two_way(*CAST), mentors(), two_way()])
def test_the_tone_is_calm(page):
    words = page.lower()
    assert "!" not in words
    assert not any(
        word in words for word in ("overdue", "score", "pipeline", "crm", "must", "fail", "guilt", "<span")
    )


# --- for all -----------------------------------------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "](javascript:1) [x](y)",
        "<!-- /mdmentor -->",
        "<script>alert(1)</script>",
        "| a | b |",
        "\n# Heading",
        "- [ ] task",
        "---",
        "```",
        "[[Ada]]",
        "#tag %%hidden%%",
        "![[embed]]",
        "***",
        "\u202etxet",
        "1. one",
    ]
)
hostile = st.lists(HOSTILE | st.text(max_size=8), max_size=3).map("".join)
any_line = built(
    Interaction,
    st.dates(date(2025, 1, 1), date(2026, 11, 23)),
    st.just("call"),
    hostile,
    st.sampled_from([("got",), ("gave",), ("got", "thanked")]),
    st.integers(1, 99),
    st.just(()),
    st.sampled_from(["people/a.md", "journal/b c.md"]),
)


@st.composite
def casts(draw):
    return [
        Person(
            Contact(
                f"people/{n}.md",
                draw(hostile),
                mentor=draw(st.sampled_from(["", "ongoing", "catching-up"])),
                source=draw(st.sampled_from([(), ("teacher",)])),
                support=draw(st.sampled_from([(), ("job",)])),
                helps_with=(draw(hostile),),
                wants=(draw(hostile),),
                confidential=draw(st.booleans()),
            ),
            tuple(
                draw(st.lists(any_line, max_size=3, unique_by=lambda told: (told.date, told.path, told.line)))
            ),
            tuple(
                draw(
                    st.lists(built(Promise, hostile, st.none(), st.booleans(), st.integers(1, 9)), max_size=1)
                )
            ),
        )
        for n in range(draw(st.integers(1, 4)))
    ]


@given(casts())
@settings(max_examples=150)
def test_no_note_can_break_a_page(cast):
    for page in (mentors(*cast), two_way(*cast)):
        tokens = MarkdownIt("commonmark").enable("table").parse(page.split("\n---\n", 1)[1])
        kinds = {token.type for token in tokens}
        assert kinds.isdisjoint({"html_block", "fence", "code_block", "table_open", "ordered_list_open"})
        headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
        assert len(headings) == len(set(headings)) and "Heading" not in headings
        for token in tokens:
            for child in token.children or ():
                assert child.type not in ("html_inline", "image")
                if child.type == "link_open":
                    assert str(child.attrs["href"]).endswith(".md")


@given(casts(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_people_does_not_change_a_byte(cast, chance: random.Random):
    mixed = chance.sample(cast, len(cast))
    assert mentors(*mixed) == mentors(*cast)
    assert two_way(*mixed) == two_way(*cast)
