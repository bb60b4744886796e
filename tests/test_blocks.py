"""Blocks in users' notes: what they tell, and how one that somebody wrote in is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mdmentor.core.entries import Card, Choice
from mdmentor.core.markdown.blocks import EDITED, EMPTY, OURS, block_state
from mdmentor.core.model import Assessment, Backlink, Contact, Interaction, Person, Promise, Reason, Relation
from mdmentor.core.pages import Context
from mdmentor.core.pages.blocks import (
    block_content,
    render_backlinks,
    render_card,
    render_next,
    render_related,
)
from tests.values import built

TODAY = date(2026, 11, 23)
AT = Context("", TODAY)
ADA = Contact("people/Ada.md", "Ada", helps_with=("[[Ask for a raise|raise]]", "nerves"))
STANDING = Assessment(
    ADA.path, "Ada", TODAY, 9, "active", "", None, date(2026, 10, 14), 30,
    (Reason("rhythm", "You last talked on 14 Oct.", 9), Reason("promise", "You promised to write.", 60)),
)  # fmt: skip
CARD = Card(
    Person(
        ADA,
        (
            Interaction(date(2026, 10, 14), "call", "the raise #got", ("got",), 4),
            Interaction(date(2026, 10, 15), "lunch", "SECRET", ("private",), 5),
        ),
        (
            Promise("send the paper", date(2026, 11, 30), False, 6),
            Promise("introduce Bob", None, True, 7),
            Promise("SECRET", None, False, 8, private=True),
        ),
    ),
    STANDING,
    (Relation("posts/Ask.md", "post", "Ask for a raise", 3, ("they link to each other",)),),
    colleague=True,
)


# Whether a block may be filled


@pytest.mark.parametrize("content", ["", "\n", "  \n\t\n"])
def test_nothing_between_the_markers_is_empty(content: str) -> None:
    assert block_state(content) == EMPTY


@pytest.mark.parametrize(
    "content", ["mine", "- [Ada](Ada.md)\n", "- x\n<!-- sum 00000000 -->", "<!-- sum x -->"]
)
def test_anybody_elses_words_are_edited(content: str) -> None:
    assert block_state(content) == EDITED


@settings(max_examples=200)
@given(st.text(alphabet="ab -*\n\t", max_size=40))
def test_what_was_filled_is_ours(body: str) -> None:
    assert block_state(block_content(body)) == OURS


def test_one_changed_or_added_letter_makes_it_edited() -> None:
    content = block_content("- one\n- two")
    assert block_state(content.replace("two", "too")) == EDITED
    assert block_state(content + "\nmine") == EDITED
    assert block_state("mine\n" + content) == EDITED
    assert block_state(content.replace("- one\n", "")) == EDITED


def test_what_editors_and_git_change_by_themselves_does_not_make_it_edited() -> None:
    content = block_content("- one\n  - two")
    for changed in (
        content.replace("\n", "\r\n"),
        content.replace("\n", " \n"),
        f"\n{content}\n\n",
        content.replace("\n<!--", "\n\n<!--"),
        content.replace("\n", "\n    "),
    ):
        assert block_state(changed) == OURS


@pytest.mark.parametrize(
    "line", ["<!-- /mdmentor -->", "  <!-- mdmentor:card -->", "<!-- sum 12345678 -->", "<!--/mdmentor-->"]
)
def test_a_body_with_a_marker_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="marker"):
        block_content(f"- one\n{line}")


# What stands in them


def test_backlinks_are_told_by_note_with_the_text_around_them() -> None:
    backlinks = [
        Backlink("journal/2026-11-02.md", "2026-11-02", 4, "coffee with [[Ada|her]] #got"),
        Backlink("posts/Ask.md", "Ask", 4, "thanks to [[Ada]]"),
        Backlink("posts/Ask.md", "Ask", 9, "as [[Ada]] says"),
        Backlink("x.md", "X", 1, ""),
    ]
    assert render_backlinks(backlinks, Context("people", TODAY)) == (
        "- [2026-11-02](../journal/2026-11-02.md): coffee with her\n"
        "- [Ask](../posts/Ask.md)\n  - thanks to Ada\n  - as Ada says\n"
        "- [X](../x.md)"
    )
    assert render_backlinks([], AT) == "No note links here yet."


def test_related_notes_are_told_with_why() -> None:
    relations = [
        Relation("posts/Ask.md", "post", "Ask", 3, ("both are about pay", "it links here")),
        Relation("b.md", "note", "B", 1),
    ]
    assert (
        render_related(relations, AT)
        == "- [Ask](posts/Ask.md): both are about pay; it links here\n- [B](b.md)"
    )


def test_a_card_tells_the_tie_and_nothing_private() -> None:
    card = CARD._replace(assessment=STANDING._replace(last_contact=date(2026, 10, 15)))
    assert render_card(card, Context("people", TODAY)).splitlines() == [
        "- **Rhythm:** every month",
        "- **Last talk:** 15 Oct 2026",
        "- **You promised:** send the paper (by 30 Nov 2026)",
        "- **They promised:** introduce Bob",
        "- **Helps with:** raise, nerves",
        "- **Posts:** [Ask for a raise](../posts/Ask.md) (they link to each other)",
        "- **Works where you work: think before you confide.**",
    ]


def test_a_card_does_not_change_as_the_days_go_by() -> None:
    later = CARD._replace(assessment=STANDING._replace(today=TODAY + timedelta(400)))
    assert render_card(CARD, Context("people", TODAY)) == render_card(later, Context("people", TODAY))
    assert "- **Last talk:** call, 14 Oct 2026: the raise" in render_card(CARD, Context("people", TODAY))


def test_the_card_of_a_confidential_note_is_empty() -> None:
    secret = CARD._replace(person=CARD.person._replace(contact=ADA._replace(confidential=True)))
    assert (
        render_card(secret, Context("people", TODAY))
        == "This note is confidential, so nothing is shown here."
    )


def test_the_next_few_are_told_in_a_line_each() -> None:
    choice = Choice(TODAY, (STANDING,), 2, (), (), ())
    assert (
        render_next(choice, {ADA.path: CARD}, AT._replace(colleagues={ADA.path}))
        == "- [Ada](people/Ada.md) (works where you work): You promised to write.\n\nAlso due: 2 more.\n\n"
        "Colleagues are marked: think before you confide."
    )
    assert render_next(choice, {}, AT).startswith("- [Ada](people/Ada.md)\n")


def test_when_nobody_is_due_the_block_says_so() -> None:
    spare = STANDING._replace(pool="spare")
    assert render_next(Choice(TODAY, (), 0, (), (), ()), {}, AT) == "All caught up."
    assert (
        render_next(Choice(TODAY, (spare,), 0, (), (), ()), {}, AT)
        == "All caught up.\n\n- [Ada](people/Ada.md)"
    )


TEXT = st.one_of(
    st.text(alphabet="ab1 \n*_`~[](){}<>#+-=.!|$%^&\\", max_size=12),
    st.sampled_from(
        ["<!-- /mdmentor -->", "\n<!-- sum 12345678 -->\n", "\n- x", "\\<!-- /mdmentor -->", "\\[x](y) `z`"]
    ),
)
PATHS = st.text(alphabet="ab <>-!/", min_size=1, max_size=8).map(
    lambda name: f"x/{name.replace('/', ' ')}.md"
)


@settings(max_examples=200)
@given(
    st.lists(built(Backlink, PATHS, TEXT, st.just(1), TEXT), min_size=1, max_size=4),
    st.lists(TEXT, max_size=3),
)
def test_no_text_ends_a_block_or_adds_to_it(backlinks: list[Backlink], reasons: list[str]) -> None:
    relations = [Relation(b.source, "post", b.title, 1.0, tuple(reasons)) for b in backlinks]
    parser = MarkdownIt("commonmark")
    in_x = Context("x", TODAY)
    for body in (render_backlinks(backlinks, in_x), render_related(relations, in_x)):
        assert block_state(block_content(body)) == OURS
        tokens = [inner for t in parser.parse(body) for inner in (t, *(t.children or []))]
        assert {t.type.removesuffix("_open").removesuffix("_close") for t in tokens} <= {
            "bullet_list", "list_item", "paragraph", "inline", "text", "text_special", "link",
        }  # fmt: skip
    assert len([t for t in tokens if t.type == "list_item_open"]) == len(relations)
