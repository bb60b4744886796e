"""What stands on a page, what never does, and that no text from a note can break one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mdmentor.core.entries import Card, Choice, GoalEntry, Mention, Occasion, PostEntry
from mdmentor.core.model import (
    PAGES,
    Assessment,
    Contact,
    Goal,
    Interaction,
    Person,
    Problem,
    Promise,
    Reason,
    Relation,
)
from mdmentor.core.pages import Context, page
from mdmentor.core.pages.lists import render_dates, render_posts, render_problems
from mdmentor.core.pages.reach_out import HOW_TO_TICK, render_reach_out
from mdmentor.core.text import ago, clean, day_text, every, find_linked_path, full_day, long_day
from mdmentor.core.ticks import SNOOZE
from tests.values import built

TODAY = date(2026, 11, 23)  # a Monday
AT = Context("reach-out", TODAY)
ADA = Contact(
    "people/Ada Lovelace.md",
    "Ada Lovelace",
    email=("ada@example.org",),
    phone=("+44 (0)20 7946 0000",),
    linkedin="linkedin.com/in/ada",
    company=("Analytical Engines",),
    role="Head of analysis",
)
RENDERER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def card_of(
    contact: Contact,
    interactions: Sequence[Interaction] = (),
    promises: Sequence[Promise] = (),
    reasons: Sequence[Reason] = (),
    *,
    pool: str = "active",
    held: str = "",
    due: date | None = None,
    snooze: date | None = None,
    posts: Sequence[Relation] = (),
    colleague: bool = False,
    opener: str = "",
) -> Card:
    past = [told.date for told in interactions if told.date <= TODAY]
    assessment = Assessment(
        contact.path,
        contact.name,
        TODAY,
        sum(reason.points for reason in reasons),
        pool,
        held,
        due,
        max(past, default=None),
        30,
        tuple(reasons),
        (),
        snooze,
    )
    person = Person(contact, tuple(interactions), tuple(promises))
    return Card(person, assessment, tuple(posts), colleague, opener)


def render(
    suggested: Sequence[Card] = (),
    coming: Sequence[Card] = (),
    snoozed: Sequence[Card] = (),
    also_due: int = 0,
    fresh: bool = False,
    pages: Sequence[str] = (),
    excluded: tuple[tuple[str, int], ...] = (("not due", 5),),
) -> str:
    """The page with a card for everybody named."""
    choice = Choice(
        TODAY,
        tuple(card.assessment for card in suggested),
        also_due,
        tuple(card.assessment for card in coming),
        tuple(card.assessment for card in snoozed),
        excluded,
        fresh,
    )
    cards = {card.person.contact.path: card for card in (*suggested, *coming, *snoozed)}
    return render_reach_out(choice, cards, AT._replace(pages=pages))


def body(text: str) -> str:
    """A page without its front matter and the sums of its lines."""
    return text.split("---\n", 2)[2].rpartition("\n[//]: # (")[0]


# The frame


def test_a_page_begins_with_front_matter_and_ends_with_one_newline() -> None:
    text = page("Dates", ["", "", "- one", "", "", "- two", ""], AT, intro="Intro.")
    assert text == "---\ngenerated-by: mdmentor\n---\n\n# Dates\n\nIntro.\n\n- one\n\n- two\n\n" + (
        "[//]: # (5e61a cc279 c86f1 a8a66)\n"
    )


def test_the_line_at_the_foot_links_the_other_pages_in_their_order() -> None:
    pages = ["Problems", "Dates", "Two-way street", "Reach out next"]
    assert (
        "\n---\n\n[Reach out next](Reach%20out%20next.md) · [Two-way street](Two-way%20street.md) · "
        "[Problems](Problems.md)\n"
    ) in page("Dates", ["- one"], AT._replace(pages=pages))
    assert page("Dates", ["- one"], AT._replace(pages=["Dates"])) == page("Dates", ["- one"], AT)


@pytest.mark.parametrize(
    ("day", "told", "how_far"),
    [
        (TODAY, "Mon 23 Nov", "today"),
        (TODAY - timedelta(1), "22 Nov", "yesterday"),
        (TODAY + timedelta(1), "Tue 24 Nov", "tomorrow"),
        (TODAY + timedelta(6), "Sun 29 Nov", "in 6 days"),
        (TODAY + timedelta(7), "30 Nov", "in 7 days"),
        (date(2026, 10, 19), "19 Oct", "5 weeks ago"),
        (date(2025, 11, 23), "23 Nov 2025", "a year ago"),
        (date(2023, 11, 1), "1 Nov 2023", "3 years ago"),
        (date(2027, 1, 5), "5 Jan 2027", "in 6 weeks"),
        (date(1, 1, 1), "1 Jan 1", "2026 years ago"),
    ],
)
def test_days_are_told_as_one_says_them(day: date, told: str, how_far: str) -> None:
    assert (day_text(day, TODAY), ago(day, TODAY)) == (told, how_far)


def test_long_and_full_days_name_the_year() -> None:
    assert long_day(TODAY) == "Monday, 23 November 2026"
    assert full_day(TODAY) == "23 Nov 2026"
    assert every(30) == "every month"


# Reach out next


def test_a_suggestion_tells_why_the_last_talk_what_is_owed_an_opener_the_posts_and_how_to_reach() -> None:
    card = card_of(
        ADA,
        [
            Interaction(
                date(2026, 10, 14), "coffee", "asked how to open it, see [[Raise|the post]]", ("got",), 9
            ),
            Interaction(date(2026, 12, 1), "call", "a plan", (), 10),
        ],
        [
            Promise("introduce me to *Charles*", date(2026, 12, 1), True, 12),
            Promise("return the *book*", None, False, 13),
        ],
        [
            Reason("rhythm", "you last talked on 14 Oct", 12),
            Reason("promise", "You promised to send the paper by 27 Nov.", 60),
            Reason("promise", "You promised to return the book.", 0),
        ],
        posts=[
            Relation("posts/Ask for a raise.md", "post", "Ask for a raise", 9, ("they link to each other",))
        ],
        colleague=True,
        opener="Hello Ada, how did it go?",
    )
    assert body(render([card], pages=["Reach out next", "Dates"])) == (
        "\n# Reach out next\n\nMonday, 23 November 2026.\n\n"
        "- [ ] **[Ada Lovelace](../people/Ada%20Lovelace.md)**\n"
        "  - Head of analysis, Analytical Engines\n"
        "  - **Why:** You promised to send the paper by 27 Nov. You last talked on 14 Oct.\n"
        "  - **Works where you work: think before you confide.**\n"
        "  - **Last talk:** coffee, 14 Oct, 6 weeks ago: asked how to open it, see the post\n"
        "  - **Also:** You promised to return the book.\n"
        "  - **They promised:** introduce me to Charles (by 1 Dec)\n"
        "  - **You could say:** “Hello Ada, how did it go?”\n"
        "  - **To read first:** [Ask for a raise](../posts/Ask%20for%20a%20raise.md)"
        " (they link to each other)\n"
        "  - **Reach:** [ada@example.org](mailto:ada@example.org) · [+44 (0)20 7946 0000](tel:+442079460000)"
        " · [linkedin.com/in/ada](https://linkedin.com/in/ada)\n"
        "  - [ ] kept: return the book\n  - [ ] snooze 2 weeks\n\n"
        f"{HOW_TO_TICK}\n\n"
        "---\n\n[Dates](Dates.md)\n\n"
        "*Generated from your notes. Ticks are carried out; anything else you type here is moved to your inbox.*\n"
    )


def test_a_name_alone_makes_a_suggestion() -> None:
    lines = render([card_of(Contact("people/X.md", "X"))]).splitlines()
    at = lines.index("- [ ] **[X](../people/X.md)**")
    assert lines[at + 1 : at + 3] == [f"  - [ ] {SNOOZE}", ""]


def test_the_page_tells_its_day_to_whoever_carries_out_a_tick() -> None:
    assert render([card_of(ADA)]).startswith("---\ngenerated-by: mdmentor\nday: 2026-11-23\n---\n")


def test_of_a_confidential_contact_only_the_name_is_told() -> None:
    secret = Contact("people/Eve.md", "Eve", role="SECRET", email=("SECRET@x.org",), confidential=True)
    told = card_of(
        secret,
        [Interaction(date(2026, 10, 1), "SECRET", "SECRET", (), 3)],
        [Promise("SECRET", date(2026, 11, 24), False, 4)],
        [Reason("promise", "SECRET", 60)],
        due=date(2026, 11, 29),
        snooze=date(2026, 12, 24),
        posts=[Relation("posts/S.md", "post", "SECRET", 1, ("SECRET",))],
        opener="SECRET",
        colleague=True,
    )
    text = render([told], [told], [told])
    assert "SECRET" not in text and "S.md" not in text
    assert "29 Nov" not in text and "24 Dec" not in text and "Works where" not in text
    assert (
        "**[Eve](../people/Eve.md)**\n  - The rest of this note is confidential.\n  - [ ] kept what was owed\n"
        in text
    )


def test_private_lines_are_never_told() -> None:
    card = card_of(
        ADA,
        [
            Interaction(date(2026, 9, 1), "call", "the summer", (), 3),
            Interaction(date(2026, 10, 14), "lunch", "SECRET", ("private",), 4),
        ],
        [Promise("SECRET", None, True, 5, private=True), Promise("SECRET", None, False, 5, private=True)],
    )
    text = render([card])
    assert "SECRET" not in text and "lunch" not in text
    assert "**Last talk:** 14 Oct, 6 weeks ago\n" in text


def test_what_was_sent_without_an_answer_is_told_with_the_talk_before_it() -> None:
    card = card_of(
        ADA,
        [
            Interaction(date(2026, 9, 1), "call", "the summer", (), 3),
            Interaction(date(2026, 11, 2), "mail", "wished her luck", ("sent",), 4),
        ],
    )
    assert (
        "**Last talk:** mail, 2 Nov, 3 weeks ago: wished her luck (no answer yet); "
        "before that call, 1 Sep, 3 months ago: the summer\n"
    ) in render([card])


def test_of_two_lines_about_one_day_the_one_in_the_contacts_own_log_is_told() -> None:
    day = date(2026, 11, 11)
    card = card_of(
        ADA,
        [
            Interaction(day, "", "A long afternoon with everybody.", (), 3, (), "journal/2026-11-11.md"),
            Interaction(day, "visit", "the engine", (), 4, (), ADA.path),
            Interaction(day, "", "Home by ten.", (), 9, (), "travel/2026-11-11.md"),
        ],
    )
    assert "**Last talk:** visit, 11 Nov, 12 days ago: the engine\n" in render([card])


def test_promises_that_no_reason_tells_are_told() -> None:
    card = card_of(
        ADA,
        promises=[
            Promise("send the paper [[x|on engines]]", date(2027, 1, 2), False, 5),
            Promise("", None, True, 6),
        ],
    )
    text = render([card])
    assert "  - **You promised:** send the paper on engines (by 2 Jan 2027)\n" in text
    assert "  - **They promised:** see the note\n" in text


def test_when_nothing_is_due_the_page_says_so_and_offers_a_good_moment_but_never_calls_it_due() -> None:
    text = render([card_of(ADA, pool="spare")])
    assert "All caught up.\n\n## A good moment\n" in text
    assert text.count("- [ ] **") == 1
    assert " due" not in text.replace("Nothing is due here", "")


def test_spare_people_stand_below_those_who_are_due() -> None:
    bob = Contact("people/Bob.md", "Bob")
    text = render([card_of(ADA), card_of(bob, pool="spare")])
    assert "All caught up" not in text
    assert text.index("[Ada") < text.index("## A good moment") < text.index("[Bob")


def test_the_rest_of_the_due_is_only_counted() -> None:
    assert "\nAlso due: 4 more.\n" in render([card_of(ADA)], also_due=4)


def test_after_an_absence_the_list_starts_afresh() -> None:
    text = render([card_of(ADA)], fresh=True)
    assert text.index("starts afresh") < text.index("- [ ]")


def test_who_comes_up_and_who_is_snoozed_is_told_with_the_day() -> None:
    text = render(
        coming=[card_of(ADA, due=date(2026, 11, 26))],
        snoozed=[
            card_of(
                Contact("people/Bob.md", "Bob"),
                reasons=[Reason("promise", "You promised to call.", 60), Reason("rhythm", "It is late.", 10)],
                held="snoozed",
                snooze=date(2026, 12, 7),
            )
        ],
    )
    assert "## Coming up\n\n- [Ada Lovelace](../people/Ada%20Lovelace.md), Thu 26 Nov\n" in text
    assert (
        "## Snoozed\n\n- [Bob](../people/Bob.md), until 7 Dec\n  - Held back: You promised to call.\n" in text
    )
    assert "It is late" not in text


def test_who_has_no_card_is_told_by_name_only() -> None:
    assessment = card_of(ADA, reasons=[Reason("rhythm", "SECRET", 9)], due=date(2026, 11, 26)).assessment
    text = render_reach_out(Choice(TODAY, (assessment,), 0, (assessment,), (assessment,), ()), {}, AT)
    assert "SECRET" not in text and "26 Nov" not in text
    assert text.count("[Ada Lovelace](../people/Ada%20Lovelace.md)") == 3


def test_a_vault_without_contacts_is_shown_how_to_make_the_first_one() -> None:
    text = render(excluded=())
    assert "no contacts here yet" in text and "people/Ada Lovelace.md" in text
    assert "All caught up" not in text


def test_a_vault_where_nobody_is_due_is_no_empty_vault() -> None:
    assert "All caught up" in render()


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        (Contact("a.md", "A", email=("a_b+c@x.org",)), "[a_b+c@x.org](mailto:a_b+c@x.org)"),
        (Contact("a.md", "A", email=("A <a@x.org>",)), "A \\<a@x.org>"),
        (Contact("a.md", "A", phone=("0171 / 12-34.56",)), "[0171 / 12-34.56](tel:0171123456)"),
        (Contact("a.md", "A", phone=("ask his office",)), "ask his office"),
        (
            Contact("a.md", "A", url=("https://www.x.org/~a/(b)?q=1#c",)),
            "[x.org/~a/(b)?q=1#c](https://www.x.org/~a/%28b%29?q=1#c)",
        ),
        (Contact("a.md", "A", url=("x.org/a/",)), "[x.org/a](https://x.org/a/)"),
        (Contact("a.md", "A", url=("javascript:alert(1)",)), "javascript:alert(1)"),
        (
            Contact("a.md", "A", url=("data:text/html,x", "file:///etc/passwd")),
            "data:text/html,x · file:///etc/passwd",
        ),
        (Contact("a.md", "A", phone=("(0)30 123456",)), "[(0)30 123456](tel:030123456)"),
        (Contact("a.md", "A", linkedin="in/ada"), "in/ada"),
        (Contact("a.md", "A", linkedin="ada-l"), "[ada-l](https://www.linkedin.com/in/ada-l)"),
    ],
)
def test_ways_to_reach_somebody_are_links_only_where_they_are_addresses(contact: Contact, told: str) -> None:
    assert f"  - **Reach:** {told}\n" in render([card_of(contact)])


# Dates


def test_dates_are_a_plain_list_by_month() -> None:
    occasions = [
        Occasion(TODAY, "birthday", "people/Ada.md", "Ada", "turns 50"),
        Occasion(date(2026, 11, 27), "promise", "people/Ada.md", "Ada", "you promised: send the paper"),
        Occasion(date(2027, 1, 2), "plan", "people/Bob.md", "Bob", ""),
        Occasion(date(2027, 1, 2), "next", "people/Bob.md", "Bob", ""),
    ]
    assert body(render_dates(occasions, AT)) == (
        "\n# Dates\n\nThe 60 days from Monday, 23 November 2026.\n\n"
        "## November 2026\n\n"
        "- **Today** [Ada](../people/Ada.md): birthday, turns 50\n"
        "- **Fri 27** [Ada](../people/Ada.md): you promised: send the paper\n\n"
        "## January 2027\n\n"
        "- **Sat 2** [Bob](../people/Bob.md): plan\n"
        "- **Sat 2** [Bob](../people/Bob.md): the day you chose to be in touch\n"
    )


def test_of_very_many_dates_the_nearest_are_told_and_the_others_counted() -> None:
    told = [Occasion(TODAY, "birthday", f"people/{n}.md", str(n), "") for n in range(150)]
    page = render_dates(told, AT)
    assert page.count("\n- ") == 120 and "And 30 more in these days: `mdmentor dates` lists them all." in page


def test_no_dates_are_told_in_a_sentence() -> None:
    assert "No birthday, plan or promise" in render_dates([], AT)


# Posts and people


def test_of_many_who_can_help_the_first_are_told_and_the_others_counted() -> None:
    people = tuple(Relation(f"people/{n}.md", "contact", f"P{n}", 9 - n, ()) for n in range(9))
    talks = tuple(Mention(TODAY, "people/0.md", "P0", "people/0.md", n, "") for n in range(7))
    post = PostEntry("posts/Raise.md", "Raise", (), people, talks)
    goal = GoalEntry(Goal("goals/Pay.md", "Pay"), people, ())
    page = render_posts([post], [goal], 0, AT)
    assert "- and 1 other: `mdmentor related` lists all\n" in page.split("## Posts")[0]
    assert "- and 4 others: `mdmentor related` lists all\n" in page.split("## Posts")[1]
    assert "- and 2 earlier talks\n" in page


def test_goals_and_posts_tell_who_can_help_and_where_it_came_up() -> None:
    ada = Relation("people/Ada.md", "contact", "Ada", 9, ("can help with raise", "they link to each other"))
    post = Relation("posts/Raise.md", "post", "Ask for a raise", 9)
    entry = PostEntry(
        "posts/Raise.md",
        "Ask for a raise",
        ("raise",),
        (ada,),
        (
            Mention(
                date(2025, 9, 1),
                "people/Bob.md",
                "Bob",
                "journal/2025-09-01.md",
                3,
                "lunch, see [[Raise]] #got",
            ),
            Mention(date(2026, 10, 14), "people/Ada.md", "Ada", "people/Ada.md", 9, "the talk"),
        ),
    )
    goals = [
        GoalEntry(Goal("goals/Pay.md", "A fair salary", ("raise",)), (ada,), (post,)),
        GoalEntry(Goal("goals/Lisbon.md", "Lisbon", ("moving",)), (), ()),
    ]
    assert body(render_posts([entry], goals, 1, AT)) == (
        "\n# Posts and people\n\n## Your goals\n\n### [A fair salary](../goals/Pay.md)\n\nWho can help:\n\n"
        "- [Ada](../people/Ada.md): can help with raise; they link to each other\n\nTo read first:\n\n"
        "- [Ask for a raise](../posts/Raise.md)\n\n### [Lisbon](../goals/Lisbon.md)\n\n"
        "Nobody in your notes is known to help with moving yet. Who might know somebody?\n\n"
        "## Posts\n\n### [Ask for a raise](../posts/Raise.md)\n\nAbout raise.\n\nWho can help:\n\n"
        "- [Ada](../people/Ada.md): can help with raise; they link to each other\n  - 14 Oct: the talk\n\n"
        "Where it came up:\n\n- [Bob](../people/Bob.md), [1 Sep 2025](../journal/2025-09-01.md): lunch, see Raise\n\n"
        "1 other post in the vault is not listed here.\n"
    )


def test_a_vault_without_posts_is_shown_what_one_is() -> None:
    assert "A post is a note in a folder named `posts`" in render_posts([], [], 0, AT)


# Problems


def test_problems_stand_by_severity_and_note_with_place_and_mend() -> None:
    problems = [
        Problem("posts/b.md", 12, 3, "hint", "link", 'no note named "Babage"', 'did you mean "Babbage"?'),
        Problem("people/a.md", 9, 1, "error", "merge", "is being merged", "finish the merge"),
        Problem("people/a.md", 4, 10, "error", "cadence", 'cadence "evry" is not a span', 'write "2 weeks"'),
    ]
    text = body(render_problems(problems, 5, AT))
    assert text.index("## Fix first") < text.index("## Hints")
    assert (
        "### [people/a.md](../people/a.md)\n\n"
        '- Line 4, column 10: cadence "evry" is not a span; write "2 weeks"\n'
        "- Line 9: is being merged; finish the merge\n"
    ) in text
    assert '- Line 12, column 3: no note named "Babage"; did you mean "Babbage"?\n' in text
    assert "2 things in your notes" in text and "2 more problems: `mdmentor check` lists them all." in text
    assert "All notes could be read." in body(render_problems(problems[:1], 1, AT))
    # of those left out any may be as bad as the last that is told
    assert "5 things in your notes" in body(render_problems(problems[1:], 5, AT))


def test_many_problems_of_a_kind_are_one_line() -> None:
    problems = [
        Problem(
            f"people/{n:02}.md",
            n,
            1,
            "warning",
            "cadence",
            f'cadence "evry {n}" is not a span',
            'write "2 weeks"',
        )
        for n in range(1, 13)
    ]
    text = body(
        render_problems([*problems, Problem("x.md", 1, 1, "warning", "day", "no day", "write one")], 13, AT)
    )
    (line,) = [line for line in text.splitlines() if "cadence" in line]
    assert line.startswith(
        '- [people/01.md](../people/01.md), line 1: cadence "evry 1" is not a span; write "2 weeks".'
    )
    assert "The same, 11 times more: [people/02.md](../people/02.md), line 2;" in line and line.endswith(
        "; and 3 more"
    )
    assert "### [x.md](../x.md)\n\n- Line 1: no day; write one\n" in text
    few = body(render_problems(problems[:3], 3, AT))
    assert few.count("### [people/") == 3


def test_names_that_are_linked_once_are_one_line() -> None:
    problems = [
        Problem(f"a{n}.md", n, 1, "hint", "missing-note", "no note", "write it", f"Name {n}")
        for n in range(1, 6)
    ]
    twice = [Problem("b.md", n, 1, "hint", "missing-note", "no note", "write it", "Often") for n in (1, 2)]
    text = body(render_problems([*problems, *twice], 7, AT))
    assert "- Often: 2 links, first in [b.md](../b.md), line 1\n" in text
    (line,) = [line for line in text.splitlines() if "Name 1" in line]
    assert line.startswith(
        "- Once each, in the notes that these lead to: [Name 1](../a1.md), [Name 2](../a2.md)"
    )
    assert "Name 1: in [a1.md]" in body(render_problems(problems[:3], 3, AT))


def test_a_problem_of_the_whole_vault_has_a_place_too() -> None:
    assert "### [the vault](" in render_problems([Problem("", 1, 1, "error", "x", "what", "fix")], 1, AT)


# What no text may do

HOSTILE = (
    "- [ ] reached out", "\n- [x] **[B](b.md)**",
    "\n# H", "\n---\n", "<!-- /mdmentor -->", "[x](y)", "\n\n> q", "```\n",
    "*i* `c` <b>", "\\[x](y) \\*i\\*", "*a*@x.org", "x.org/*a*/`b`",
)  # fmt: skip
TEXT = st.one_of(
    st.text(alphabet="ab1 \n\t*_`~[](){}<>#+-=.!|$%^&:;/\\\"'@é", max_size=12), st.sampled_from(HOSTILE)
)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
PATH = st.text(alphabet="ab ()[]<>#%*_|'\"é:\\", min_size=1, max_size=8).map(
    lambda name: f"people/x{name}.md"
)


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    return Contact(
        draw(PATH), draw(TEXT), email=draw(TEXTS), phone=draw(TEXTS), linkedin=draw(TEXT), url=draw(TEXTS),
        company=draw(TEXTS), role=draw(TEXT), confidential=draw(st.booleans()),
    )  # fmt: skip


RELATIONS = st.lists(  # each note once, as `relate` gives them
    built(Relation, PATH, st.just("post"), TEXT, st.just(1.0), TEXTS),
    max_size=2,
    unique_by=lambda one: one.path,
)


@st.composite
def cards(draw: st.DrawFn) -> Card:
    interactions = built(
        Interaction, DAYS, TEXT, TEXT, st.sampled_from([(), ("sent",), ("got",)]), st.just(1)
    )
    promises = built(Promise, TEXT, st.none() | DAYS, st.booleans(), st.just(1))
    reasons = built(
        Reason, st.sampled_from(["promise", "thanks", "waiting"]), TEXT, st.sampled_from([0.0, 9.0])
    )
    return card_of(
        draw(contacts()),
        sorted(draw(st.lists(interactions, max_size=3)), key=lambda told: told.date),
        draw(st.lists(promises, max_size=3)),
        draw(st.lists(reasons, max_size=3)),
        pool=draw(st.sampled_from(["active", "spare"])),
        due=draw(st.none() | DAYS),
        snooze=draw(st.none() | DAYS),
        posts=draw(RELATIONS),
        colleague=draw(st.booleans()),
        opener=draw(TEXT),
    )


def unique(cards: list[Card]) -> list[Card]:
    return list({card.person.contact.path: card for card in cards}.values())


def tokens_of(text: str) -> list[Token]:
    return [inner for t in RENDERER.parse(body(text)) for inner in (t, *(t.children or []))]


def harmless(tokens: list[Token]) -> bool:
    """Only what pages are made of: no code, HTML, quotes, images, emphasis, tables, ordered lists."""
    used = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    return used <= {
        "heading",
        "paragraph",
        "bullet_list",
        "list_item",
        "inline",
        "text",
        "text_special",
        "link",
        "strong",
    }


def inlines(tokens: list[Token], after: str) -> list[Token]:
    """The inline contents that stand first in each `after`."""
    kinds = [(t.type, t) for t in tokens if t.type in (after, "inline")]
    return [kinds[n + 1][1] for n, (kind, _) in enumerate(kinds[:-1]) if kind == after]


@settings(max_examples=150, deadline=None)
@given(st.lists(cards(), min_size=1, max_size=3).map(unique), st.lists(cards(), max_size=2))
def test_no_text_breaks_the_page_of_todays_few(suggested: list[Card], others: list[Card]) -> None:
    text = render(suggested, others, others)
    tokens = tokens_of(text)
    assert harmless(tokens)
    tasks = [t for t in inlines(tokens, "list_item_open") if t.content.startswith("[ ] ")]
    small = [t for t in tasks if not t.content.startswith("[ ] **[")]
    assert [t.content for t in small].count(f"[ ] {SNOOZE}") == len(suggested)
    named = [t for t in tasks if t.content.startswith("[ ] **[")]
    assert len(tasks) == len(named) + len(small)
    paths = [
        find_linked_path(
            str(next(c for c in t.children or [] if c.type == "link_open").attrs["href"]), AT.folder
        )
        for t in named
    ]
    due_first = sorted(suggested, key=lambda card: card.assessment.pool == "spare")
    assert paths == [card.person.contact.path for card in due_first]
    assert all(c.content.startswith("[ ]") == (c in tasks) for c in tokens if c.type == "inline")
    spare = any(card.assessment.pool == "spare" for card in suggested)
    assert [t.tag for t in tokens if t.type == "heading_open"] == ["h1", *["h2"] * (spare + 2 * bool(others))]
    schemes = {
        str(t.attrs["href"]).split(":")[0]
        for t in tokens
        if t.type == "link_open" and ":" in str(t.attrs["href"])
    }
    assert schemes <= {"mailto", "tel", "http", "https"}


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        built(Occasion, DAYS, st.sampled_from(["plan", "birthday"]), PATH, TEXT, TEXT),
        min_size=1,
        max_size=4,
    )
)
def test_no_text_breaks_the_page_of_dates(occasions: list[Occasion]) -> None:
    occasions.sort(key=lambda occasion: occasion.day)
    tokens = tokens_of(render_dates(occasions, AT))
    assert harmless(tokens)
    months = {(o.day.year, o.day.month) for o in occasions}
    assert len([t for t in tokens if t.type == "heading_open"]) == 1 + len(months)
    assert len([t for t in tokens if t.type == "list_item_open"]) == len(occasions)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(built(PostEntry, PATH, TEXT, TEXTS, RELATIONS.map(tuple), st.just(())), max_size=2),
    st.lists(
        built(GoalEntry, built(Goal, PATH, TEXT, TEXTS), RELATIONS.map(tuple), RELATIONS.map(tuple)),
        max_size=2,
    ),
    st.lists(built(Mention, DAYS, PATH, TEXT, PATH, st.just(1), TEXT), max_size=3),
)
def test_no_text_breaks_the_page_of_posts(
    posts: list[PostEntry], goals: list[GoalEntry], mentions: list[Mention]
) -> None:
    posts = [PostEntry(p.path, p.title, p.topics, p.people, tuple(mentions)) for p in posts]
    if not posts and not goals:
        return
    tokens = tokens_of(render_posts(posts, goals, 0, AT))
    assert harmless(tokens)
    headings = 1 + bool(posts) + len(posts) + bool(goals) + len(goals)
    assert len([t for t in tokens if t.type == "heading_open"]) == headings
    items = sum(len(p.people) + len(p.mentions) for p in posts) + sum(
        len(g.people) + len(g.posts) for g in goals
    )
    assert len([t for t in tokens if t.type == "list_item_open"]) == items


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        built(
            Problem, PATH, st.integers(1, 9), st.integers(1, 9), st.just("error"), st.just("x"), TEXT, TEXT
        ),
        min_size=1,
        max_size=4,
    )
)
def test_no_text_breaks_the_page_of_problems(problems: list[Problem]) -> None:
    tokens = tokens_of(render_problems(problems, len(problems), AT))
    assert harmless(tokens)
    items = len([t for t in tokens if t.type == "list_item_open"])
    assert items == len(problems) or (items == 1 and len(problems) == 4)  # four of a kind are one line


@settings(max_examples=50, deadline=None)
@given(st.lists(cards(), max_size=3).map(unique))
def test_pages_are_whole_lines_of_text(suggested: list[Card]) -> None:
    text = render(suggested, pages=PAGES)
    assert text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text
    assert all(clean(line) == line.strip() for line in text.splitlines())
