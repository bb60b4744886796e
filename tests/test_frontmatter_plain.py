"""The pattern for plain front matter: it reads what YAML reads, of the blocks that it does not leave to YAML."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdmentor.core.frontmatter import fields
from mdmentor.core.frontmatter.reader import LARGEST

CARD = """\
name: Ada Lovelace
aliases: ["Countess", 'Ada K.', A.A.L]
company: "[[Analytical Engines|Engines]]"
role:
how_met: "a \\"party\\" of Babbage's: talk #1"
topics:
  - maths
  -  "[[Engines]]"
  - 'O''Brien'
last_contact: 2026-10-14
time: 12:30
url: https://example.org/a#b?c=d, and more
empty: []
tags:
- person
"""


def same(block: str) -> bool:
    """Whether the block is read by the pattern, and then as YAML reads it."""
    plain = fields._read_plain(block, 2)
    if plain is not None:
        assert plain == fields._read_yaml("ada.md", block, 2, keep_all=False)
    return plain is not None


def test_what_most_notes_have_is_read_as_yaml_reads_it() -> None:
    assert same(CARD)


@pytest.mark.parametrize(
    "text", ["José", "日本", "+44 20", "a - b", "a#b", "a:b", "x,y", "[x", 'a "b"', "~x"]
)
def test_a_text_that_means_itself_is_read_in_every_place_or_left_to_yaml(text: str) -> None:
    for block in (
        f"k: {text}\n",
        f"k: [{text}]\n",
        f"k: [a, {text} ,b]\n",
        f"k:\n  - {text}\n",
        f"k: '{text}'\n",
    ):
        same(block)


@pytest.mark.parametrize(
    "line",
    [
        "k: a: b",
        "k: a:",
        "k: a #b",
        "k: # b",
        "k: #b",
        "k: ~",
        "k: &a b",
        "k: *a",
        "k: !a b",
        "k: |\n  b",
        "k: >\n  b",
        "k: b\n  c",
        "k: b\n  - c",
        "k: b\n\n  c",
        "k:\n  b",
        "k:\n  l: b",
        "k:\n  - b\n    c",
        "k:\n  - b\n    - c",
        "k:\n  - b\n - c",
        "k:\n  - b\n- c",
        "k:\n  - l: b",
        "k:\n  -",
        "k:\n  - - b",
        "k: {b: c}",
        "k: [[b]]",
        "k: [b: c]",
        "k: [b, ]",
        "k: [b",
        "k: [b] c",
        "k: [b]\n  - c",
        'k: "b" c',
        'k: "b\n  c"',
        'k: "\\n"',
        'k: "b" # c',
        "k: 'b' 'c'",
        "k: b\tc",
        "k: {{date}}",
        "k: <% b %>",
        "k:\tb",
        "? k",
        "k:b",
        " k: b",
        "'k': b",
        "- b",
        "<<: b",
        "--- b",
        "%k: b",
        "b",
        "# b",
        "",
    ],
)
def test_whatever_may_mean_something_else_is_left_to_yaml(line: str) -> None:
    for block in (f"{line}\n", f"name: Ada\n{line}\n", f"{line}\nname: Ada\n", f"{line}\r\n"):
        assert not same(block)


# fmt: off
PIECES = [
    "a", "b c", "é", "日本", "1", "12:30", "null", "~", "\xa0", "\ufeff", "[[Ada|A]]", "{{x}}", "<%", "...", "---",
    " ", "  ", "\t", ":", ": ", " #", "#", ",", ", ", "-", "- ", "?", "+", "(", "/", ".", "=", "&", "*", "!", "|",
    ">", "%", "@", "`", "\\", '\\"', "[", "]", "{", "}", "'", "''", '"', "\n", "\n  ", "\n  - ", "\nk: ", "\nk:\n- ",
]
# fmt: on
NAMES = st.sampled_from(["name", "a b", "x-y", "_x", "é", "tags", "k 1", "2", "A_b", "a-"])
TEXTS = st.one_of(
    st.sampled_from(
        ["a", "b c", "12:30", "a#b", "'c d'", '"e \\" f"', "'[[G''s]]'", "h [[i]] j", "''", "null"]
    ),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
)
GAPS = st.sampled_from(["", " ", " ", "  "])
INDENTS = st.sampled_from(["", "  ", "    "])
ENTRIES = st.one_of(
    st.builds("{}:{}{}{}".format, NAMES, GAPS, TEXTS, GAPS),
    st.builds("{}:{}".format, NAMES, GAPS),
    st.builds(
        lambda name, gap, comma, texts: f"{name}: [{gap}{comma.join(texts)}{gap}]",
        NAMES, GAPS, st.sampled_from([", ", ",", " , "]), st.lists(TEXTS, max_size=3),
    ),
    st.builds(
        lambda name, indent, gap, texts: f"{name}:" + "".join(f"\n{indent}- {gap}{text}" for text in texts),
        NAMES, INDENTS, GAPS, st.lists(TEXTS, min_size=1, max_size=3),
    ),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(ENTRIES, min_size=1, max_size=3).map(lambda entries: "\n".join(entries) + "\n"))
@example("tags: \n")
@example('k: ""\nl: [""]\nm:\n- ""\n')
@example("k: '\xa0'\nl: a\xa0\n")
def test_no_block_is_read_differently(block: str) -> None:
    same(block)


@pytest.mark.parametrize("part", ["a ", "a:", "k: a\n", "'", '"', "a, ", "- a\n", "\\", "[", " ", "#"])
@pytest.mark.parametrize("before", ["", "k: ", "k: [", "k: '", 'k: "', "k:\n- ", "k: [a, '", "a"])
def test_no_block_takes_long(before: str, part: str) -> None:
    block = before + part * ((LARGEST - len(before) - 1) // len(part)) + "\n"
    start = time.process_time()
    fields._read_plain(block, 2)
    assert time.process_time() - start < 1


def test_a_plain_note_is_read_without_yaml() -> None:
    code = (
        "import sys; from mdmentor.core.frontmatter.reader import read_head;"
        f"head = read_head('ada.md', '---\\n' + {CARD!r} + '---\\n# Ada\\n');"
        "assert head.state == 'ok' and len(head.fields) == 11;"
        "assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
