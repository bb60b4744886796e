"""Headings, items, tasks, tags, blocks and problems of a body, and what must hold for any text at all."""

import textwrap
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mdmentor.core.body import read_body, read_fully, read_plainly
from mdmentor.core.model import Block, Body, Heading, Item


def read(text: str, first_line: int = 1) -> Body:
    return read_body("n.md", textwrap.dedent(text), first_line)


def told(text: str) -> list[tuple[str, int, int, str]]:
    return [(item.kind, item.line, item.last, item.text) for item in read(text).items]


def problems(text: str) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.severity, problem.code) for problem in read(text).problems]


def test_headings_of_both_kinds_are_found_at_the_files_lines():
    body = read("# Ada\n\n## Log ##\n\nBefore\nafter\n---\n\n#none\n\n> # quoted\n\n- # in a list\n", 9)
    assert body.headings == (Heading(1, "Ada", 9), Heading(2, "Log", 11), Heading(2, "Before after", 13))


def test_sections_are_the_headings_above_with_rising_levels():
    body = read("a\n\n## Log\n\nb\n\n#### Calls\n\n- c\n\n### 2026\n\n- d\n\n# New\n\ne\n")
    assert [(item.text, item.sections) for item in body.items] == [
        ("a", ()),
        ("Log", ()),
        ("b", ("Log",)),
        ("Calls", ("Log",)),
        ("c", ("Log", "Calls")),
        ("2026", ("Log",)),
        ("d", ("Log", "2026")),
        ("New", ()),
        ("e", ("New",)),
    ]


def test_a_list_item_has_only_its_own_text():
    assert told(
        """\
        - 2026-10-14 call:
          asked for advice
          - a thought
          - another
            with more

        * [[Ada]]
        12) twelve
        """
    ) == [
        ("item", 1, 2, "2026-10-14 call: asked for advice"),
        ("item", 3, 3, "a thought"),
        ("item", 4, 5, "another with more"),
        ("item", 7, 7, "[[Ada]]"),
        ("item", 8, 8, "twelve"),
    ]


def test_a_second_paragraph_belongs_to_its_item_until_something_else_stands_between():
    assert told("- call\n\n  told of the raise #got\n\n  - nested\n\n  after it\n\nplain\n") == [
        ("item", 1, 3, "call told of the raise #got"),
        ("item", 5, 5, "nested"),
        ("paragraph", 7, 7, "after it"),
        ("paragraph", 9, 9, "plain"),
    ]


def test_a_line_that_goes_on_without_indent_belongs_to_the_item():
    assert told("- call with\nAda\n\nplain\n") == [
        ("item", 1, 2, "call with Ada"),
        ("paragraph", 4, 4, "plain"),
    ]


def test_lists_nested_with_tabs_are_lists():
    assert told("- a\n\t- b\n\t\t- c\n\t\t  more\n- d") == [
        ("item", 1, 1, "a"),
        ("item", 2, 2, "b"),
        ("item", 3, 4, "c more"),
        ("item", 5, 5, "d"),
    ]


def test_only_a_blank_checkbox_is_open():
    body = read("- [ ] a\n* [x] b\n+ [-] c\n1. [/] d\n2) [ ] e\n- [y]f\n- [Ada](ada.md)\n- g\n")
    assert [(item.task, item.text) for item in body.items] == [
        ("open", "a"),
        ("done", "b"),
        ("done", "c"),
        ("done", "d"),
        ("open", "e"),
        ("", "[y]f"),
        ("", "[Ada](ada.md)"),
        ("", "g"),
    ]


def test_quotes_code_comments_tables_and_raw_html_are_no_items():
    assert told(
        """\
        > quoted

        > [!note] a callout
        > - [ ] not mine

        ```
        - code
        ```

            - indented code

        %%
        - hidden
        %%

        <!--
        - hidden
        -->

        <div>
        - raw
        </div>

        | a | b |
        |---|---|
        | c | d |

        $$
        - x
        $$

        told
        """
    ) == [("paragraph", 32, 32, "told")]


def test_what_an_item_hides_in_a_comment_is_not_in_its_text():
    assert told("- call %% #got %% with Ada <!-- #private --> .\n") == [("item", 1, 1, "call with Ada .")]


def test_empty_items_say_nothing():
    assert told("# People\n\n- \n\n## Log\n\n1.\n\n- [ ] \n-\n") == [
        ("heading", 1, 1, "People"),
        ("heading", 5, 5, "Log"),
    ]


def test_without_items_only_items_are_missing():
    text = "# A\n\n- [[B]] #got\n\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n"
    whole, part = read_body("n.md", text), read_body("n.md", text, items=False)
    assert whole.items and not part.items
    assert (part.headings, part.links, part.tags, part.blocks) == (
        whole.headings,
        whole.links,
        whole.tags,
        whole.blocks,
    )


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#got and #Got, then #career/raise", ("got", "career/raise")),
        ("#1984 #y2k #2-way", ("y2k", "2-way")),
        ("a#b (#c) [[#d]] https://e.org/#f `#g` #h.", ("h",)),
        ("# Title #one\n\n## #two", ("one", "two")),
        ("- #one\n- [ ] #two\n> #three\n", ("one", "two", "three")),
        ("#été #友達 #🌲 #ok_-/", ("été", "友達", "🌲", "ok_-/")),
        ("[see #no](a.md) [[a|b #no]] **#no** \\#no <a b=' #no'> #yes", ("yes",)),
        ("```\n#no\n```\n\n    #no\n\n%% #no %%\n\n#yes\n", ("yes",)),
        ("| a |\n|---|\n| #yes |\n", ("yes",)),
        ("#a\u00a0#b", ("a", "b")),
    ],
)
def test_tags_are_obsidians(text, tags):
    assert read(text).tags == tags


BLOCK = "<!-- mdmentor:related -->\n- [[Ada]] #tag\n# No\n<!-- /mdmentor -->\n"


def test_a_block_is_told_and_nothing_inside_it_counts():
    assert read("# Yes\n" + BLOCK + "after", 3) == Body(
        headings=(Heading(1, "Yes", 3),),
        items=(Item("heading", 3, 3, "Yes", "", (), 1), Item("paragraph", 8, 8, "after", "", ("Yes",))),
        blocks=(Block("related", 4, 7, "- [[Ada]] #tag\n# No"),),
    )


@pytest.mark.parametrize("kind", ["backlinks", "related", "next", "card"])
def test_every_kind_of_block_may_be_empty(kind):
    assert read(f"<!-- mdmentor:{kind} -->\n<!-- /mdmentor -->").blocks == (Block(kind, 1, 2, ""),)


@pytest.mark.parametrize(
    "before",
    [
        "text\n",
        "- item\n",
        "- item\n  - nested\n\n  ",
        "> quote\n",
        "<div>\n",
        "| a |\n|---|\n",
        "%%x%%\n",
        "\t\n  ",
    ],
)
def test_a_block_may_stand_anywhere_on_lines_of_its_own(before):
    assert [block.kind for block in read_body("n.md", before + BLOCK).blocks] == ["related"]


@pytest.mark.parametrize(
    "text",
    ["```\n" + BLOCK + "```\n", "~~~\n" + BLOCK, "- a\n\n  ```\n" + textwrap.indent(BLOCK, "  ") + "  ```\n"],
)
def test_markers_in_fenced_code_are_none(text):
    body = read_body("n.md", text)
    assert (body.blocks, body.problems) == ((), ())


def test_a_fence_left_open_inside_a_block_does_not_hide_its_end():
    body = read("<!-- mdmentor:card -->\n```\n<!-- /mdmentor -->\n[[Ada]]\n")
    assert len(body.blocks) == len(body.links) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!-- mdmentor:next -->\n[[Ada]]\n", [(1, "warning", "block-open")]),
        ("[[Ada]]\n<!-- /mdmentor -->\n", [(2, "warning", "block-stray-end")]),
        ("<!-- mdmentor:nxt -->\n[[Ada]]\n<!-- /mdmentor -->\n", [(1, "warning", "block-unknown")]),
        (
            "<!-- mdmentor:next -->\n[[Ada]]\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
            [(3, "warning", "block-nested")],
        ),
        (
            "<!-- mdmentor:next -->\n<!-- mdmentor:card -->\n[[Ada]]\n" + "<!-- /mdmentor -->\n" * 2,
            [(2, "warning", "block-nested"), (5, "warning", "block-stray-end")],
        ),
    ],
)
def test_a_damaged_block_is_told_and_its_text_counts(text, expected):
    body = read(text)
    assert problems(text) == expected
    assert (body.blocks, [link.target for link in body.links]) == ((), ["Ada"])


def test_a_sound_block_after_a_damaged_one_is_sound():
    text = "<!-- mdmentor:next -->\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n" + BLOCK
    assert [block.line for block in read(text).blocks] == [4]


def test_the_first_conflict_marker_tells_how_to_mend_it():
    body = read("# A\n\n<<<<<<< HEAD\n- [[B]]\n=======\n- [[C]]\n>>>>>>> theirs\n", 4)
    assert [str(problem) for problem in body.problems] == [
        'n.md:6:1: a merge is not finished: the line begins with "<<<<<<<"; '
        "finish the merge: keep the lines you want and remove the marker lines"
    ]
    assert body.problems[0].severity == "error"


@pytest.mark.parametrize(
    "text", ["Title\n=======\n", "```\n<<<<<<< HEAD\n```\n", "a <<<<<<< b\n", "<<<<<<<x\n"]
)
def test_what_only_looks_like_a_conflict_is_none(text):
    assert problems(text) == []


# What must hold for any text. The fragments are what notes are made of, whole and broken.
# fmt: off
FRAGMENTS = st.sampled_from([
    "word", "[[Ada]]", "[[Ada|x]]", "![[p.png]]", "[a](b.md)", "![i](x.png)", "[a](<b c.md>)",
    "[a](b.md 't')", "`c`", "`", "``", "[[", "]]", "[", "]", "](", "(", ")", "<https://e.org>", "<b>",
    "<!-- c -->", "<", "#tag", "#19", "$", "$5", "%%", "\\", "|", "a|b", "*", "_x_", "!", "é", "\u00a0",
    "\x0b", "\u2028", "&amp;", "[id]", "[id]: x.md", "[t][id]", "[^1]: ", "[x](C:/a.md)", "[h](http://x)",
    "[[https://x.org]]", "<<<<<<< x", "[a](b(c).md)", "<div>",
])
INDENTS = st.sampled_from(["", "", "", " ", "  ", "    ", "      ", "\t", " \t", "> ", ">", "> > "])
LEADS = st.sampled_from([
    "", "", "", "- ", "- ", "* ", "1. ", "2. ", "10) ", "-   ", "-     ", "- [ ] ", "- [x] ", "- > ",
    "- # ", "-", "1.", "# ", "## ", "###", "```", "~~~", "---", "===", "***", "> ", "a|b", "---|---", "%%",
    "$$", "[id]: ", "<div>", "<!-- mdmentor:card -->", "<!-- mdmentor:x -->", "<!-- /mdmentor -->",
])
CALM = st.sampled_from([
    "", "word", "[[Ada]] met", "see [a](b.md)", "#tag here", "`[[no]]` [[yes]]", "a | b", "$5", "1.",
    "end ##",
])
# fmt: on
LINES = st.builds(
    "{}{}{}".format, INDENTS, LEADS, st.one_of(CALM, st.lists(FRAGMENTS, max_size=4).map("".join))
)
BODIES = st.lists(st.one_of(st.just(""), LINES), max_size=7).map("\n".join)


@settings(max_examples=200, deadline=None)
@given(BODIES, st.booleans())
def test_reading_line_by_line_tells_what_the_parser_tells(text, items):
    plain = read_plainly("n.md", text, 3, items)
    assert plain is None or plain == read_fully("n.md", text, 3, items)


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
