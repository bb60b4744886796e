"""Links in a body: what is one, where it stands, what it names; and what must hold for any body."""

from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mdmentor.core.markdown import read_body, read_fully, read_plainly
from mdmentor.core.model import Link


def links(text: str) -> list[Link]:
    """The links, read in both ways if both can."""
    body = read_fully("n.md", text, 1)
    assert read_plainly("n.md", text, 1) in (None, body)
    return list(body.links)


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [(link.kind, link.target, link.fragment, link.text) for link in links(text)]


# What is written, and kind, target, fragment and shown text of the one link in it.
ONE_LINK = [
    ("[[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("[[ Ada | the Countess ]]", "wikilink", "Ada", "", "the Countess"),
    ("[[people/Ada.md]]", "wikilink", "people/Ada.md", "", "people/Ada.md"),
    ("[[Ext.MD]]", "wikilink", "Ext.MD", "", "Ext.MD"),
    ("[[Ada#Log]]", "wikilink", "Ada", "Log", "Ada#Log"),
    ("[[Ada#Log#2026]]", "wikilink", "Ada", "Log#2026", "Ada#Log#2026"),
    ("[[Ada#^b1|there]]", "wikilink", "Ada", "^b1", "there"),
    ("[[#Log]]", "wikilink", "", "Log", "#Log"),
    ("[[Ada|]]", "wikilink", "Ada", "", "Ada"),
    ("[[My%20Note]]", "wikilink", "My%20Note", "", "My%20Note"),
    ("[[a|b|c]]", "wikilink", "a", "", "b|c"),
    (r"[[A\|B]]", "wikilink", "A", "", "B"),
    ("[[Re: the raise]]", "wikilink", "Re: the raise", "", "Re: the raise"),
    ("[[C:/notes/Ada]]", "wikilink", "C:/notes/Ada", "", "C:/notes/Ada"),
    ("[[Sq]uare]]", "wikilink", "Sq]uare", "", "Sq]uare"),
    ("[[Sq[uare]]", "wikilink", "Sq[uare", "", "Sq[uare"),
    ("[[[Ada]]]", "wikilink", "Ada", "", "Ada"),
    ("[[half [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("[[健太|健太さん]]", "wikilink", "健太", "", "健太さん"),
    ("![[pic.png|100]]", "embed", "pic.png", "", "100"),
    ("![[Ada#Log]]", "embed", "Ada", "Log", "Ada#Log"),
    ("[Ada](ada.md)", "inline", "ada.md", "", "Ada"),
    ("[Ada](../people/Ada%20L.md#The%20log)", "inline", "../people/Ada L.md", "The log", "Ada"),
    ("[Ada](<Ada Lovelace.md>)", "inline", "Ada Lovelace.md", "", "Ada"),
    ('[Ada](ada.md "who knows")', "inline", "ada.md", "", "Ada"),
    ("[Ada](ada.md 'who')", "inline", "ada.md", "", "Ada"),
    ("[Ada]( ada.md )", "inline", "ada.md", "", "Ada"),
    ("[Ada](a(1).md)", "inline", "a(1).md", "", "Ada"),
    (r"[Ada](a\(1.md)", "inline", "a(1.md", "", "Ada"),
    ("[Ada](a&amp;b.md)", "inline", "a&b.md", "", "Ada"),
    ("[Ada](a%23b.md)", "inline", "a#b.md", "", "Ada"),
    ("[Ada](100%.md)", "inline", "100%.md", "", "Ada"),
    ("[Log](#log)", "inline", "", "log", "Log"),
    ("[Ada](C:/notes/ada.md)", "inline", "C:/notes/ada.md", "", "Ada"),
    ("[**Ada** L.](ada.md)", "inline", "ada.md", "", "**Ada** L."),
    ("[`ada`](ada.md)", "inline", "ada.md", "", "`ada`"),
    ("[](ada.md)", "inline", "ada.md", "", ""),
    ("![Ada](ada.png)", "embed", "ada.png", "", "Ada"),
    ("[Ada][1]\n\n[1]: ada.md", "reference", "ada.md", "", "Ada"),
    ("[Ada][]\n\n[ada]: <Ada L.md> 'who'", "reference", "Ada L.md", "", "Ada"),
    ("[Ada]\n\n[ADA]: people/ada%20l.md#log", "reference", "people/ada l.md", "log", "Ada"),
    ("![Ada][1]\n\n[1]: ada.png", "embed", "ada.png", "", "Ada"),
    ("see [the\npaper](p.md)", "inline", "p.md", "", "the paper"),
    ("# About [[Ada]] #", "wikilink", "Ada", "", "Ada"),
    ("> - [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("- [x] [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("|who|\n|---|\n|[[Ada\\|A]]|", "wikilink", "Ada", "", "A"),
    ("costs $5, ask [[Ada]] for $6", "wikilink", "Ada", "", "Ada"),
    ("100% sure, ask [[Ada]], 100%", "wikilink", "Ada", "", "Ada"),
    ("text\n    [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("<b>[[Ada]]</b>", "wikilink", "Ada", "", "Ada"),
    ("[^1]: see [[Ada]]\n\ntext[^1]", "wikilink", "Ada", "", "Ada"),
    ("[^1]: word\n\ntext[^1] [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("%%\nhidden [[no]]\n\n%% [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("[x](https://e.org) [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("`[[no]]` [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("``a ` [[no]]`` [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("`open [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("<https://e.org/[[no]]> [[Ada]]", "wikilink", "Ada", "", "Ada"),
    ("[see [[Ada]] there](b.md)", "wikilink", "Ada", "", "Ada"),
    ("1 < 2 [[Ada]]", "wikilink", "Ada", "", "Ada"),
]


@pytest.mark.parametrize(
    ("text", "kind", "target", "fragment", "shown"), ONE_LINK, ids=[c[0] for c in ONE_LINK]
)
def test_one_link_is_found_with_what_it_names(text, kind, target, fragment, shown):
    assert told(text) == [(kind, target, fragment, shown)]


NO_LINK = [
    "[[]]",
    "[[ ]]",
    "[[|x]]",
    "[[#]]",
    "[[Ada\nLovelace]]",
    "[[Ada",
    "[Ada]",
    "[Ada][1]",
    "[Ada]()",
    r"\[[Ada]]",
    r"\[Ada](ada.md)",
    "`[[Ada]]`",
    "`[[Ada]]\n[x](y.md)`",
    "```\n[[Ada]]\n```",
    "~~~ md\n[[Ada]]",
    "- item\n\n  ```\n  [[Ada]]\n  ```",
    "    [[Ada]]",
    "\t[[Ada]]",
    "%%[[Ada]]%%",
    "a %%[[Ada]]\n[[Bo]]%% b",
    "%%\n[[Ada]]\n\n- [[Bo]]\n%%",
    "%%\nnever closed [[Ada]]\n\n[[Bo]]",
    "<!-- [[Ada]] -->",
    "<!--\n\n[[Ada]]\n\n-->",
    "text <!-- [[Ada]]\n[[Bo]] -->",
    "$[[Ada]]$",
    "$$[[Ada]]$$",
    "$$\n[[Ada]]\n\n[[Bo]]\n$$",
    "<div>\n[[Ada]]\n</div>",
    '<a href="[[Ada]]">x</a>',
    "<https://e.org/[[Ada]]>",
    "[Ada](https://e.org/a.md)",
    "[Ada](mailto:ada@e.org)",
    "[Ada](obsidian://open?vault=x)",
    "[Ada](file:///ada.md)",
    "[Ada](tel:123)",
    "[Ada](magnet:?xt=1)",
    "[Ada](//e.org/ada.md)",
    "[Ada][1]\n\n[1]: https://e.org",
    "[1]: ada.md",
    "- [x] done\n\n[x]: ada.md",
    "[[https://e.org]]",
    "![the [[Ada]] plot](https://e.org/p.png)",
    "<!-- mdmentor:related -->\n[[Ada]]\n<!-- /mdmentor -->",
]


@pytest.mark.parametrize("text", NO_LINK)
def test_what_only_looks_like_a_link_is_none(text):
    assert told(text) == []


def test_an_embed_within_a_links_text_counts_beside_it():
    found = links("[![[x.png]] and ![i](y.png)](b.md)")
    assert [(link.column, link.kind, link.target) for link in found] == [
        (1, "inline", "b.md"),
        (2, "embed", "x.png"),
        (17, "embed", "y.png"),
    ]


def test_an_address_in_double_brackets_is_a_hint():
    body = read_body("n.md", "see\n- [[https://e.org/x]]", 5)
    assert [str(problem) for problem in body.problems] == [
        'n.md:6:3: "[[https://e.org/x]]" is an address, not a note; write "[words](https://e.org/x)"'
    ]
    assert [(problem.severity, problem.code) for problem in body.problems] == [("hint", "external-wikilink")]


def test_lines_are_those_of_the_file_and_columns_count_characters():
    found = read_body("n.md", "# Zoë 🌲\n\nÉtude: [[Zoë]], ![[b.png]]\n", 8).links
    assert [(link.line, link.column, link.raw) for link in found] == [
        (10, 8, "[[Zoë]]"),
        (10, 17, "![[b.png]]"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("> > [[Ada]]", 1, 5),
        ("-\ta [[Ada]]", 1, 5),
        ("- a\n\n\t- b\n\n\t\tmore [[Ada]]", 5, 8),
        ("1. a\n   > b\n   > c [[Ada]]", 3, 8),
        ("> quote\nlazy [[Ada]]", 2, 6),
        ("  ## a [[Ada]] ##", 1, 8),
        ("under\nlined [[Ada]]\n===", 2, 7),
        (r"a\|b [[Ada\|A]] | [[Ada]]" "\n---|---\n", 1, 19),
        ("a|b\n---|---\n x \\| y |  [[Ada]] |", 3, 12),
        ("- a | b\n  --|--\n  c | [[Ada]]", 3, 7),
        ("%%\nx\n%%   [[Ada]]", 3, 6),
        ("a `\n` [[Ada]]", 2, 3),
    ],
)
def test_the_place_is_right_in_every_kind_of_block(text, line, column):
    assert [(link.line, link.column) for link in links(text)][-1] == (line, column)


def test_a_link_over_two_lines_keeps_both():
    (link,) = links("> see [the\n> paper](p.md)")
    assert (link.line, link.column, link.raw) == (1, 7, "[the\npaper](p.md)")


def test_links_stand_in_the_order_of_the_text():
    text = "| [[A]] | [b](b.md) |\n|--|--|\n| ![[C]] | [d][d] |\n\n[d]: d.md\n\n- [[E]]\n"
    assert [link.target for link in links(text)] == ["A", "b.md", "C", "d.md", "E"]


NASTY = {
    "open wikilinks": "[[" * 50_000,
    "open wikilinks with words": "[[a " * 50_000,
    "brackets before one link": "[" * 50_000 + "](x)",
    "open images": "![" * 50_000,
    "open tags": '<a x="' * 50_000,
    "open comments": "<!-- " * 50_000,
    "dollars": "$a " * 50_000 + "\nb$",
    "open comment lines": "%%x\n" * 50_001,
    "backticks": "".join("`" * (n % 50 + 1) + " " for n in range(20_000)),
    "a long line": "word [[Ada]] " * 80_000,
    "nested quotes": ">" * 10_000 + " [[Ada]]",
    "nested lists": "\n".join("  " * n + "- x" for n in range(1_000)),
    "definitions": "[id]: x.md\n\n" + "[id]" * 20_000,
    "bars": "|" * 100_000 + "\nx",
    "open markers": "<!-- mdmentor:card -->\n" * 20_000 + "<!-- /mdmentor -->",
    "markers in raw html": "<div>\n<!-- mdmentor:card -->\n" * 20_000,
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_text_made_to_be_slow_is_read_all_the_same(text):
    # Quadratic reading of any of these runs into the time limit of the test run.
    assert read_body("n.md", text) is not None


def test_nesting_too_deep_to_be_read_is_told():
    body = read_body("n.md", "\n".join("  " * n + "- x" for n in range(60)))
    assert [(problem.code, problem.severity) for problem in body.problems] == [("too-deep", "hint")]


# What must hold for any text. The fragments are what notes are made of, whole and broken.
# fmt: off
FRAGMENTS = st.sampled_from([
    "word", "[[Ada]]", "[[Ada|x]]", "![[p.png]]", "[a](b.md)", "![i](x.png)", "[a](<b c.md>)",
    "[a](b.md 't')", "`c`", "`", "``", "[[", "]]", "[", "]", "](", "(", ")", "<https://e.org>", "<b>",
    "<!-- c -->", "<", "#tag", "#19", "$", "$5", "%%", "\\", "|", "a|b", "*", "_x_", "!", "é", "\u00a0",
    "\x0b", "\u2028", "&amp;", "[id]", "[id]: x.md", "[t][id]", "[^1]: ", "[x](C:/a.md)", "[h](http://x)",
    "[[https://x.org]]", "<<<<<<< x", "[a](b(c).md)", "<div>", "<2026-10-14 Wed>", "<2026-10-14>", "<2@e.org>", "<2",
])
INDENTS = st.sampled_from(["", "", "", " ", "  ", "    ", "      ", "\t", " \t", "> ", ">", "> > "])
LEADS = st.sampled_from([
    "", "", "", "- ", "- ", "* ", "1. ", "2. ", "10) ", "-   ", "-     ", "- [ ] ", "- [x] ", "- > ",
    "- # ", "-", "1.", "# ", "## ", "###", "```", "~~~", "---", "===", "***", "> ", "a|b", "---|---", "%%",
    "$$", "[id]: ", "<div>", "- 14. Okt ", "<!-- mdmentor:card -->", "<!-- mdmentor:x -->", "<!-- /mdmentor -->",
])
CALM = st.sampled_from([
    "", "word", "[[Ada]] met", "see [a](b.md)", "#tag here", "`[[no]]` [[yes]]", "a | b", "$5", "1.",
    "end ##", "see [a", "b](c.md)", "[[a", "b]]",
])
# fmt: on
LINES = st.builds(
    "{}{}{}".format, INDENTS, LEADS, st.one_of(CALM, st.lists(FRAGMENTS, max_size=4).map("".join))
)
BODIES = st.lists(st.one_of(st.just(""), LINES), max_size=7).map("\n".join)
# Mostly plain enough to be read line by line.
CALM_LINES = st.builds(
    "{}{}{}".format, INDENTS, st.sampled_from(["", "- ", "1. ", "2) ", "- [ ] ", "# "]), CALM
)
CALM_BODIES = st.lists(st.one_of(st.just(""), CALM_LINES), max_size=6).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(st.one_of(BODIES, CALM_BODIES))
def test_reading_line_by_line_tells_what_the_parser_tells(text):
    plain = read_plainly("n.md", text, 3)
    assert plain is None or plain == read_fully("n.md", text, 3)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), BODIES))
def test_any_text_is_read_and_every_link_stands_where_it_is_told(text):
    lines = text.replace("\r", " ").split("\n")
    for link in read_body("n.md", text, 3).links:
        rest = lines[link.line - 3][link.column - 1 :]
        assert rest.startswith(link.raw.split("\n")[0])
        assert link.raw[0] in "[!" and link.raw[-1] in "])"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), BODIES))
def test_items_are_stretches_of_lines_that_do_not_overlap(text):
    items = read_body("n.md", text).items
    assert all(item.text and item.line <= item.last for item in items)
    assert all(first.last < second.line for first, second in pairwise(items))


# Links as the parser alone finds them, in text that holds nothing which only notes know.
PLAIN_BODIES = BODIES.map(lambda text: text.translate(str.maketrans({"$": "s", "%": "p", "^": "c"}))).filter(
    lambda text: "[[" not in text and "mdmentor" not in text
)


@settings(max_examples=200, deadline=None)
@given(PLAIN_BODIES)
def test_markdown_links_are_those_of_the_parser(text):
    parser = MarkdownIt("commonmark").enable("table")
    parser.normalizeLink = str
    expected = []
    for token in parser.parse(text):
        for child in token.children or ():
            if child.type == "link_open" and child.info != "auto":
                expected.append(child.attrs["href"])
            elif child.type == "image":
                expected.append(child.attrs["src"])
    named = [unquote(href).partition("#")[::2] for href in expected if not href.startswith("http")]
    found = [(link.target, link.fragment) for link in read_body("n.md", text).links]
    assert found == [pair for target, rest in named if any(pair := (target.strip(), rest.strip()))]
