"""Whatever stands in a note shows as the same words on a page, and does nothing else there."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mdmentor.core.text import (
    ago,
    clean,
    find_linked_path,
    link_target,
    md,
    md_link,
    plain_words,
    shorten,
    terminal,
    xml,
)

RENDERER = MarkdownIt("commonmark").enable("table").enable("strikethrough")
# Mostly what Markdown is made of, so that constructs come up often.
SYNTAX = st.text(alphabet="ab1 \n\t*_`~[](){}<>#+-=.!|$%^&:;/\\\"'é", max_size=30)
TEXTS = st.one_of(SYNTAX, st.text(max_size=40), st.lists(SYNTAX, max_size=3).map("://x ".join))


def blocks_of(source: str) -> list[str]:
    return [t.type for t in RENDERER.parse(source) if t.type.endswith("_open")]


def inline_of(source: str) -> list[Token]:
    return [child for t in RENDERER.parse(source) if t.type == "inline" for child in t.children or []]


def words_of(source: str) -> str:
    """The text of everything inline; raises where anything but text came up."""
    children = inline_of(source)
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)


# Each is a thing that a note's text could otherwise do to a page.
HOSTILE = r"""
[[Ada]]   [Ada](x.md)   ![x](y.png)   [^1]   ^[note]   [x]: http://x.org
**bold**   _it_   __init__   `code`   ~~no~~   ~no~   ==high==   %%hidden%%   $x$ and $y$   *   _   =
#tag   a #tag/nested   # Heading   ##   > quote   - item   + item   * item   1. item   12) item   - [ ] task
---   ***   ___   ===   --   ```   ~~~   :--   |---|   a | b
<b>x</b>   <!-- mdmentor:card -->   <!-- /mdmentor -->   <https://x.org>   <5@x.org>   &lt;   &#35;
text ^block-id   ^id   {{date}}   {% raw %}   <%* x %>   role:: head   back\   \*   \|   \\|
"""
ORDINARY = r"""
Ada Lovelace   Jean-Luc O'Neil (Paris)   asked, then thanked: 100% sure   José, 曾, Ελένη, עדה   C# and F#
AT&T, R&D   snake_case_name   ~5 weeks   2 + 2 = 4   5 < 6 > 4   a - b – c   C:\Users\ada   2026.
well… fine! 🎉   2 < 3
see https://example.org/~ada/#about?x=1&y=2_z   ada@example.org   x^2   10:30   {a}   std::vector
"""


def each(table: str) -> list[str]:
    return [text for line in table.strip().splitlines() for text in line.split("   ")]


@pytest.mark.parametrize("text", [*each(HOSTILE), "    code", "\ttab", "two\nlines", "a  \nb", "a\u2028# b"])
def test_markdown_shows_the_words_and_nothing_else(text: str) -> None:
    for before in ("", "- ", "- [ ] ", "## "):
        assert words_of(before + md(text)).endswith(clean(text))
    assert blocks_of(md(text)) == ["paragraph_open"]
    assert "%%" not in md(text) and "[[" not in md(text) and "==" not in md(text)
    assert not re.search(r"(?:^|\s)#\w", md(text))


@pytest.mark.parametrize("text", [*"`*[]|$_#^~", "==", "%%", "<b", "&lt;", "{{", "a:: b", "a\\"])
def test_each_sign_of_markdown_gets_its_backslash_without_another_beside_it(text: str) -> None:
    assert md(f"x {text}") != f"x {text}"


@pytest.mark.parametrize("text", each(ORDINARY))
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert md(text) == ("2026\\." if text == "2026." else text)


@settings(max_examples=200)
@given(TEXTS)
@example("1\\. x")
@example("a_\u0301b_ _c")
@example("€~5~ ~€")
def test_any_text_is_one_paragraph_with_the_same_words(text: str) -> None:
    source = md(text)
    assert words_of(source) == clean(text)
    assert blocks_of(source) == (["paragraph_open"] if clean(text) else [])


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_one_list_item_with_the_same_words(text: str) -> None:
    source = f"- {md(text)}\n"
    assert words_of(source) == clean(text)
    assert [b for b in blocks_of(source) if b != "paragraph_open"] == ["bullet_list_open", "list_item_open"]


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_one_table_cell_with_the_same_words(text: str) -> None:
    source = f"| A | B |\n|---|---|\n| {md(text)} | b |\n"
    assert blocks_of(source).count("td_open") == 2
    assert words_of(source) == "AB" + clean(text) + "b"


@settings(max_examples=200)
@given(TEXTS)
def test_any_text_is_one_heading_with_the_same_words(text: str) -> None:
    source = f"## {md(text)}\n"
    assert blocks_of(source) == ["heading_open"]
    assert words_of(source) == clean(text)


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_any_two_texts_side_by_side_open_nothing_together(first: str, second: str) -> None:
    source = f"x {md(first)} y {md(second)} z"
    assert words_of(source) == " ".join(f"x {clean(first)} y {clean(second)} z".split(" ")).strip()


@settings(max_examples=200)
@given(TEXTS, st.text(alphabet="ab/ .#?%()[]<>|é\\*_:$~='\"", min_size=1, max_size=20))
def test_any_text_is_the_text_of_one_link_to_its_path(text: str, path: str) -> None:
    path = f"people/{path.replace('/', ' ').replace('..', '.')}.md"
    children = inline_of(md_link(text, "reach-out", path))
    assert [c.type for c in children if c.type not in ("text", "text_special")] == ["link_open", "link_close"]
    assert children[0].type == "link_open" and children[-1].type == "link_close"
    assert find_linked_path(str(children[0].attrs["href"]), "reach-out") == path


@settings(max_examples=200)
@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["", "reach-out", "a/b", "people"]),
)
def test_the_path_of_a_link_can_be_read_back(parts: list[str], folder: str) -> None:
    path = "/".join(f"{part}.md" for part in parts)
    assert find_linked_path(link_target(folder, path), folder) == path


@pytest.mark.parametrize(
    ("folder", "path", "target"),
    [
        ("reach-out", "people/Ada Lovelace.md", "../people/Ada%20Lovelace.md"),
        ("", "people/Ada.md", "people/Ada.md"),
        ("people", "people/Ada.md", "Ada.md"),
        ("reach-out", "people/José (b. 1970).md", "../people/José%20%28b.%201970%29.md"),
        ("reach-out", "people/100% #1?.md", "../people/100%25%20%231%3F.md"),
        ("reach-out", "people/अनिता शर्मा.md", "../people/अनिता%20शर्मा.md"),
        ("", "a:b.md", "a%3Ab.md"),
        ("", "people/caf\udce9.md", "people/caf%E9.md"),
    ],
)
def test_link_targets(folder: str, path: str, target: str) -> None:
    assert link_target(folder, path) == target
    assert find_linked_path(target, folder) == path


def test_a_link_without_text_shows_the_name_of_the_file() -> None:
    assert md_link(" ", "reach-out", "people/Ada_L.md") == "[Ada_L](../people/Ada_L.md)"


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(), max_size=60))
def test_nothing_steers_a_terminal(text: str) -> None:
    shown = terminal(text)
    assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cs")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown)
    shown.encode("utf-8")


def test_an_escape_sequence_is_seen_but_does_nothing() -> None:
    assert terminal("\x1b[31mred\x07 \u202etxt") == "\ufffd[31mred\ufffd txt"


def test_marks_and_joiners_that_a_script_needs_stay() -> None:
    for text in ("می\u200cخواهم", "👩\u200d🔬", "אבג\u200f!"):
        assert clean(text) == text


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_any_text_is_one_node_of_xml(text: str) -> None:
    svg = ElementTree.fromstring(f'<svg a="{xml(text)}"><text>{xml(text)}</text></svg>')
    assert svg.get("a") == clean(text)
    assert [(node.tag, node.text or "") for node in svg.iter()] == [("svg", ""), ("text", clean(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asked how to open it, see [[Ask for a raise|raise]] #got", "asked how to open it, see raise"),
        ("see [[posts/Ask for a raise.md#Timing]].", "see Ask for a raise."),
        ("[the paper](papers/x.md) and ![[chart.png]]", "the paper and chart.png"),
        ("sent **twice**, _really_, ==soon==, `make`", "sent twice, really, soon, make"),
        ("helped #Got #thanked, see #networking", "helped, see #networking"),
        ("#gotcha stays, #private goes", "#gotcha stays, goes"),
        ("lunch %%he was sad%% in Paris <!-- no -->", "lunch in Paris"),
        ("2 * 3 * 4, snake_case_x, \\*so\\*", "2 * 3 * 4, snake_case_x, *so*"),
        ("<https://example.org>", "https://example.org"),
        ("#got", ""),
        ("[[#Timing]]", "Timing"),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    assert plain_words(text) == words


@settings(max_examples=200)
@given(TEXTS)
def test_plain_words_are_one_line(text: str) -> None:
    assert clean(plain_words(text)) == plain_words(text)


@settings(max_examples=200)
@given(st.text(max_size=80), st.integers(2, 60))
def test_shortened_text_fits_and_begins_as_the_text_does(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == clean(text) or (short.endswith("…") and clean(text).startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("the quick brown fox", 19, "the quick brown fox"),
        ("the quick brown fox", 18, "the quick brown…"),
        ("the quick, brown fox", 11, "the quick…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("一二三四五六七八", 5, "一二三四…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
    ],
)
def test_shorten_cuts_at_words(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "yesterday"), (13, "13 days ago"), (14, "2 weeks ago"), (74, "11 weeks ago"), (75, "2 months ago"),
        (365, "a year ago"), (540, "18 months ago"), (640, "21 months ago"), (714, "23 months ago"),
        (715, "2 years ago"), (-640, "in 21 months"),
    ],
)  # fmt: skip
def test_a_span_is_rounded_as_a_person_would_say_it(days: int, words: str) -> None:
    today = date(2026, 11, 23)
    assert ago(today - timedelta(days), today) == words
