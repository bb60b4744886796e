"""What hangs on a private line goes with it, and a note that is confidential keeps all but its name."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdmentor.core.model import Settings
from mdmentor.core.parse import parse_note
from mdmentor.core.privacy import hidden_lines, private_lines
from tests.conftest import VaultOnDisk


def hidden(*lines: str) -> str:
    """The lines kept back of a body, as a row of signs: x for hidden, . for shown."""
    found = private_lines("\n".join(lines))
    return "".join("x" if number in found else "." for number in range(1, len(lines) + 1))


def test_an_item_goes_with_its_continuation_and_what_is_nested_in_it() -> None:
    assert (
        hidden("- open", "- one #private", "  goes on", "  - nested", "", "  - behind a blank", "- open")
        == ".xxxxx."
    )
    assert hidden("- open", "  - one #private", "  - open") == ".x."
    assert hidden("   text", "10. one #private", "  - nested", "", "open") == "xxx.."


def test_an_item_goes_with_the_code_in_it() -> None:
    assert (
        hidden("- one #private", "  ```sh", "  # no heading", "", "  more", "  ```", "# Heading") == "xxxxxx."
    )


def test_a_paragraph_goes_as_a_whole_and_a_heading_above_it_stays() -> None:
    assert hidden("open", "", "begins", "goes on #private", "and ends", "", "open") == "..xxx.."
    assert hidden("# Heading", "a text #private", "goes on", "", "open") == ".xx.."
    assert hidden("Heading", "=======", "a text #private", "", "open") == "..x.."


def test_a_quote_a_callout_and_a_table_go_as_a_whole() -> None:
    assert hidden("> [!note] title", "> - item #private", ">", "> end", "", "open") == "xxxx.."
    assert hidden("| a | b |", "|---|---|", "| c | #private |", "| d | e |", "", "open") == "xxxx.."


def test_a_heading_goes_with_its_section() -> None:
    assert hidden("# A", "## B #private", "text", "### C", "text", "## D", "open") == ".xxxx.."
    assert hidden("B #private", "=========", "", "text", "", "C", "---", "", "D", "===") == "xxxxxxxx.."


def test_no_line_of_code_ends_a_private_section() -> None:
    assert (
        hidden("## B #private", "```", "# comment", "", "# comment", "```", "text", "", "# C") == "xxxxxxxx."
    )
    assert hidden("## B #private", "", "~~~~", "```", "", "# comment") == "xxxxxx"


def test_a_heading_in_code_that_is_left_open_goes_with_its_section() -> None:
    assert hidden("```", "code", "", "## B #private", "", "text") == "...xxx"


@pytest.mark.parametrize(
    "mark",
    [
        *("#private", "#Private", "(#private)", "#private.", "#private/family", "#PRIVATE,"),
        *("**#private**", "_#private_", "__#private__", "＃private", "#[[private]]", "。#private"),
    ],
)
def test_the_mark_counts_in_any_case_and_with_what_stands_around_it(mark: str) -> None:
    assert hidden(f"- one {mark}", "- two") == "x."


@pytest.mark.parametrize(
    "text",
    [
        "#privateer",
        "a#private",
        "#private-parts",
        "#private_parts",
        "https://x.example/#private",
        "/#private",
    ],
)
def test_what_only_looks_like_the_mark_is_none(text: str) -> None:
    assert hidden(f"- one {text}") == "."


def test_a_footnote_goes_with_all_its_paragraphs() -> None:
    assert hidden("[^1]: one #private", "    more", "", "    again", "", "[^2]: open") == "xxxx.."


def test_a_remark_that_is_the_mark_alone_hides_the_key_below_it() -> None:
    lines = ("---", "# #private", "role: baker", "  of bread", "company: Acme", "---")
    assert sorted(private_lines("\n".join(lines), 7)) == [2, 3, 4]


HEAD = """---
# a remark #private
role: baker
met: |
  at the clinic
  #private
email: a@b.example # #private
helps_with:
- bread
confidential: no # #private
snooze: 2027-01-01 # #private
cadence: monthly
---
text
"""


def test_in_the_front_matter_one_key_goes_with_its_value() -> None:
    assert hidden_lines("people/Ada.md", HEAD) == {2, 4, 5, 6, 7, 10, 11}


def test_a_hidden_key_counts_as_if_it_were_not_there_unless_it_guards_somebody() -> None:
    contact = parse_note("people/Ada.md", HEAD.encode(), Settings()).contact
    assert contact is not None
    assert (contact.role, contact.met, contact.email, contact.helps_with) == ("baker", "", (), ("bread",))
    assert contact.snooze is not None and not contact.confidential


@pytest.mark.parametrize("path", ["people/Ada.md", "posts/Ada.md", "goals/Ada.md", "2026-11-20.md", "Ada.md"])
def test_of_a_confidential_note_of_any_kind_nothing_but_the_title_may_be_shown(path: str) -> None:
    text = "---\nconfidential: yes\naliases: [x]\ntags: [x]\ntopics: [x]\n---\n- [[x]] #x\n- [ ] x [[x]]\n"
    note = parse_note(path, text.encode(), Settings())
    assert note.confidential and note.private_text == text
    assert (note.text, note.aliases, note.tags, note.topics) == ("", (), (), ())
    assert all(i.is_private for i in note.interactions) and all(p.private for p in note.promises)
    assert note.goal is None or (note.goal.topics, note.goal.confidential) == ((), True)
    assert hidden_lines(path, text) == set(range(1, 10))


def test_a_private_heading_is_no_title_and_a_tag_on_a_private_line_is_none() -> None:
    note = parse_note(
        "posts/A note.md", b"# Divorce #private\n\n- #law #private\n\n# Open\n#work and #law2\n", Settings()
    )
    assert (note.title, note.tags) == ("A note", ("work", "law2"))


LINES = st.sampled_from(
    [
        "- ",
        "  - ",
        "> ",
        "# ",
        "## ",
        "",
        "    ",
        "```",
        "---",
        "===",
        "| a | ",
        "1. ",
        "key: ",
        "- [ ] ",
        "<!-- ",
        "\t- ",
    ]
)


@given(
    st.lists(
        st.tuples(LINES, st.sampled_from(["", "open", "SECRET #private", "[[x]] SECRET #private #tag"])),
        max_size=14,
    )
)
# a heading of two lines, of which the second is private
@example([("---", "open"), ("\t- ", "SECRET #private"), ("===", "")])
@settings(max_examples=200)
def test_no_private_line_is_left_in_what_may_be_shown(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(start + words for start, words in lines)
    for path in ("people/a.md", "2026-01-01.md", "posts/a.md"):
        note = parse_note(path, text.encode(), Settings())
        shown = [note.title, note.text, *note.tags, *note.topics, *(p.what + p.fix for p in note.problems)]
        shown += [i.text for i in note.interactions if not i.is_private]
        shown += [p.text for p in note.promises if not p.private]
        assert not any("SECRET" in words for words in shown), path


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [a, private]\n---\n",
        "---\ntags: private\n---\n",
        "---\nTags: a, Private\n---\n",
        '---\ntags: ["#private", "a"]\n---\n',
        '---\ntag: "#confidential"\n---\n',
        "---\ntags:\n  - a\n  - private/family\n---\n",
        "---\nfiletags: :a:private:\n---\n",
        "---\ntags: [private\n---\n",
        "---\ntags: [a]\n---\ntags:: private\n",
        "tags:: a, [[private]]\n",
        "#a #private\n",
        "\n# Ada\n\n#private\n\n",
    ],
)
@pytest.mark.parametrize("path", ["people/Ada.md", "posts/Ada.md", "2026-11-20.md"])
def test_a_tag_of_the_whole_note_makes_it_confidential(path: str, text: str) -> None:
    note = parse_note(path, f"{text}\n- 2026-11-20 words\n".encode(), Settings())
    assert note.confidential and note.text == ""
    assert note.contact is None or note.contact.confidential
    assert len(hidden_lines(path, text)) == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "---\ntags: [private-equity, private equity, work/private]\n---\n",
        "---\ntags: [a] # #private\n---\n",
        "- talk of #private\n",
        "# Ada\n\nwords\n\n#private\n",
        "#private lunch\n",
    ],
)
def test_a_tag_of_a_line_or_another_word_hides_no_note(text: str) -> None:
    assert not parse_note("people/Ada.md", text.encode(), Settings()).confidential


def test_what_is_owed_to_somebody_confidential_brings_them_up_by_name_alone(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Raj.md",
        "---\nconfidential: true\n---\n- 2026-10-10 call: layoffs\n- [ ] contract 📅 2026-11-24\n",
    )
    vault.add("people/Ben.md", "- 2026-10-10 call\n- [ ] contract #private 📅 2026-11-24\n")
    (raj,) = vault.json("next")["suggestions"]
    assert (raj["name"], [one["kind"] for one in raj["reasons"]]) == ("Raj", ["confidential"])
    vault.reindex()
    text = vault.page("Reach out next")
    assert "kept what was owed" in text and "contract" not in text and "24" not in text.split("[//]")[0]
    vault.add("reach-out/Reach out next.md", text.replace("[ ] kept what", "[x] kept what"))
    vault.reindex()
    assert "- [x] contract" in vault.read("people/Raj.md")


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("confidential: SECRET", "write confidential: true"),
        ("confidental: true", 'write it as "confidential"'),
        ("birthday: SECRET", "see the line in the note; it is not shown here"),
    ],
)
def test_what_makes_a_note_confidential_unawares_is_said_with_the_fix(
    vault: VaultOnDisk, line: str, fix: str
) -> None:
    vault.add("people/Ada.md", f"---\n{line}\ntags: {'[]' if 'conf' in line else '[private]'}\n---\n")
    run = vault.run("check")
    assert run.code == 1 and fix in run.out and "secret" not in run.out.lower()
