"""Headings, items, tasks, tags, blocks and problems of a body; what holds for any text is in test_links."""

import textwrap

import pytest

from mdmentor.core.markdown import read_body, read_fully, read_plainly
from mdmentor.core.model import Block, Body, Item


def read(text: str, first_line: int = 1) -> Body:
    """The body, read in both ways if both can."""
    text = textwrap.dedent(text)
    body = read_fully("n.md", text, first_line)
    assert read_plainly("n.md", text, first_line) in (None, body)
    return body


def told(text: str) -> list[tuple[str, int, int, str]]:
    return [(i.kind, i.line, i.last, i.text) for i in read(text).items if i.kind != "row"]


def test_the_rows_of_a_table_are_items_with_their_cells() -> None:
    rows = list(read("a | b\n-|-\n| x [[y\\|z]] %%c%% | |\nq\n\n> a | b\n> -|-\n").items)
    assert [(i.kind, i.line, i.level, i.text) for i in rows] == [
        ("row", 1, 1, "a | b"),
        ("row", 3, 0, "x [[y\\|z]] | "),
        ("row", 4, 0, "q | "),
    ]


def problems(text: str) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.severity, problem.code) for problem in read(text).problems]


def test_days_in_angle_brackets_are_text_that_is_read_line_by_line() -> None:
    text = "- <2026-10-14 Wed> call [[Ada]]\n<2026-10-15>\n\nOn <2026-10-16 Fri 10:30> #tea\n"
    assert read_plainly("n.md", text, 1) is not None
    assert told(text) == [
        ("item", 1, 2, "<2026-10-14 Wed> call [[Ada]] <2026-10-15>"),
        ("paragraph", 4, 4, "On <2026-10-16 Fri 10:30> #tea"),
    ]
    assert (read(text).links[0].target, read(text).tags) == ("Ada", ("tea",))


def test_headings_of_both_kinds_are_found_at_the_files_lines():
    body = read("# Ada\n\n## Log ##\n\nBefore\nafter\n---\n\n#none\n\n> # quoted\n\n- # in a list\n", 9)
    assert [(found.level, found.text, found.line, found.last) for found in body.headings] == [
        (1, "Ada", 9, 9),
        (2, "Log", 11, 11),
        (2, "Before after", 13, 14),
    ]


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


def test_a_blank_checkbox_is_open_and_so_is_one_under_way():
    body = read("- [ ] a\n* [x] b\n+ [-] c\n1. [/] d\n2) [ ] e\n- [y]f\n- [Ada](ada.md)\n- g\n")
    assert [(item.task, item.text) for item in body.items] == [
        ("open", "a"),
        ("done", "b"),
        ("dropped", "c"),
        ("open", "d"),
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
        ("`x`#no [a](b.md)#no [[a]]#no <https://e.org>#no", ()),
        ("`x #no` [a #no](b.md) [[a #no]] #yes", ("yes",)),
        ("#a\u00a0#b", ("a", "b")),
    ],
)
def test_tags_are_obsidians(text, tags):
    assert read(text).tags == tags


BLOCK = "<!-- mdmentor:related -->\n- [[Ada]] #tag\n# No\n<!-- /mdmentor -->\n"


def test_a_block_is_told_and_nothing_inside_it_counts():
    heading = Item("heading", 3, 3, "Yes", "", (), 1)
    assert read("# Yes\n" + BLOCK + "after", 3) == Body(
        headings=(heading,),
        items=(heading, Item("paragraph", 8, 8, "after", "", ("Yes",))),
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text\n7. is no list", [("paragraph", 1, 2, "text 7. is no list")]),
        ("text\n2. is none", [("paragraph", 1, 2, "text 2. is none")]),
        ("text\n1. is one", [("paragraph", 1, 1, "text"), ("item", 2, 2, "is one")]),
        ("- a\n7. b", [("item", 1, 1, "a"), ("item", 2, 2, "b")]),
        ("- a\n  7. b", [("item", 1, 2, "a 7. b")]),
        ("1234567890. x", [("paragraph", 1, 1, "1234567890. x")]),
        ("-a\n*b*\n+c", [("paragraph", 1, 3, "-a *b* +c")]),
        ("-\n  a", [("item", 2, 2, "a")]),
        ("-\n\n  a", [("paragraph", 3, 3, "a")]),
        ("- a\n -  b\n  - c\n   - d", [("item", n, n, t) for n, t in enumerate("abcd", 1)]),
        ("- a\n      - b", [("item", 1, 2, "a - b")]),
        ("-     a\n- b", [("item", 2, 2, "b")]),
        ("- a\n\n      code\n\n  b", [("item", 1, 1, "a"), ("paragraph", 5, 5, "b")]),
        ("- - a\n  - b", [("item", 1, 1, "a"), ("item", 2, 2, "b")]),
        ("- # a\n\n  b", [("item", 1, 1, "a"), ("paragraph", 3, 3, "b")]),
        ("- > a\n- b", [("item", 2, 2, "b")]),
        ("> a\nlazy\n\nb", [("paragraph", 4, 4, "b")]),
        ("> a\n  lazy", []),
        ("> a\n- b", [("item", 2, 2, "b")]),
        ("a\n> b", [("paragraph", 1, 1, "a")]),
        ("a\n-", [("heading", 1, 1, "a")]),
        ("a\n  =\nb", [("heading", 1, 1, "a"), ("paragraph", 3, 3, "b")]),
        ("a\n---\nb", [("heading", 1, 1, "a"), ("paragraph", 3, 3, "b")]),
        ("- a\n---\nb", [("item", 1, 1, "a"), ("paragraph", 3, 3, "b")]),
        ("- - -\n* * *\n___\na", [("paragraph", 4, 4, "a")]),
        ("a\n    # b", [("paragraph", 1, 2, "a # b")]),
        ("a | b\n- | -\nc", [("paragraph", 1, 1, "a | b"), ("item", 2, 3, "| - c")]),
        ("a | b\n-|-\nc", []),
        ("# a|\n---\nb\n\nc", [("paragraph", 5, 5, "c")]),
        ("````\n```\n- a\n~~~\n````\nb", [("paragraph", 6, 6, "b")]),
        ("```\n    ```\n- a\n``` x\n", []),
        ("``` `a` ```\nb", [("paragraph", 1, 2, "``` `a` ``` b")]),
        ("a\n```\n- b\n```\nc", [("paragraph", 1, 1, "a"), ("paragraph", 5, 5, "c")]),
        ("- a\n```\nb\n```\n  c", [("item", 1, 1, "a"), ("paragraph", 5, 5, "c")]),
        ("[a]:\nb.md\nc", [("paragraph", 3, 3, "c")]),
        ("#\n\n#######\n\n#x", [("paragraph", 3, 3, "#######"), ("paragraph", 5, 5, "#x")]),
        ("a\n\u00a0\nb", [("paragraph", 1, 3, "a b")]),
        ("a\x0bb\u2028c\x85d", [("paragraph", 1, 1, "a\x0bb\u2028c\x85d")]),
        ("", []),
    ],
)
def test_lines_that_may_be_several_things_are_what_commonmark_says(text, expected):
    assert told(text) == expected
