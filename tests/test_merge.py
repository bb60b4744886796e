"""Three versions of a note become one: key by key, entry by entry, and never a line lost."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdmentor.core.conflict_marks import find_marks
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.log import read_own_log
from mdmentor.core.log_entries import LOG_HEADINGS, with_titles
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.blocks import sum_of
from mdmentor.core.merge import Merged, merge_note, sides_of, without_block_marks
from mdmentor.core.merge.lines import find_stretches
from mdmentor.core.names import fold_key
from mdmentor.core.page_merge import merge_page
from mdmentor.core.ticks import ELSEWHERE, find_ticks
from mdmentor.git import text_merge
from mdmentor.git.setup import with_own, without_own

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

GIT = text_merge


def merge(base: str, ours: str, theirs: str, **take: str) -> Merged:
    merged = merge_note(base.encode(), ours.encode(), theirs.encode(), GIT, take=take)
    assert merged is not None
    return merged


def merged_text(base: str, ours: str, theirs: str) -> str:
    """The merge as text; there must be nothing left to decide."""
    merged = merge(base, ours, theirs)
    assert merged.is_clean, merged.data.decode()
    return merged.data.decode()


def head(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "# Ada", ""])


def heads(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """The lines of the merged front matter."""
    text = merged_text(head(*base), head(*ours), head(*theirs))
    return text.split("\n---\n")[0].split("\n")[1:]


class TestFrontMatter:
    def test_keys_of_both_sides_are_kept_with_their_comments(self) -> None:
        base = ["# who", "name: Ada", "role: Analyst"]
        ours = ["# who she is", "name: Ada", "role: Analyst  # at AE", "email: 'ada@x.org'"]
        theirs = ["# who", "name: Ada", "role: Analyst", "# home", 'phone: "0123"']
        assert heads(base, ours, theirs) == [*ours, "# home", 'phone: "0123"']

    def test_a_key_taken_out_by_one_side_is_gone(self) -> None:
        assert heads(["a: 1", "b: 2"], ["b: 2"], ["a: 1", "b: 3"]) == ["b: 3"]

    def test_a_comment_outlives_the_key_that_the_other_side_took_out(self) -> None:
        assert heads(["a: 1", "b: 2"], ["# new", "a: 1", "b: 2"], ["b: 2"]) == ["# new", "b: 2"]

    @pytest.mark.parametrize(
        "key", ["last_contact", "Last Contacted", "prm-last-contacted", "snooze_until", "snooze"]
    )
    def test_the_later_day_wins_on_whichever_side_it_is(self, key: str) -> None:
        days = [f"{key}: 2026-09-01", f"{key}: 2026-10-14", f'{key}: "2026-10-20"']
        assert heads([days[0]], [days[1]], [days[2]]) == [days[2]]
        assert heads([days[0]], [days[2]], [days[1]]) == [days[2]]
        assert heads([], [days[1]], [days[2]]) == [days[2]]

    def test_a_day_that_is_no_day_is_a_conflict(self) -> None:
        merged = merge(
            head("snooze: 2026-01-01"), head("snooze: 2026-02-01"), head("snooze: after the summer")
        )
        assert [c.key for c in merged.keys] == ["snooze"]

    def test_comments_behind_a_value_come_from_both_sides(self) -> None:
        found = heads(
            ["last_contact: 2026-09-01"], ["last_contact: 2026-10-14 # a"], ["last_contact: 2026-10-20 # b"]
        )
        assert found[0].startswith("last_contact: 2026-10-20")
        assert "# b" in found[0] and "a" in found[0].partition("#")[2]

    @pytest.mark.parametrize(
        ("base", "ours", "theirs", "result"),
        [
            ("tags: [a, b]", "tags: [a, b, c]", "tags: [b, d]", "tags: [b, c, d]"),
            ("tags: [a, 'b, c']", "tags: [a, 'b, c', x]", "tags: ['b, c']", "tags: ['b, c', x]"),
            ("tags: a, b", "tags: a, b, c", "tags: b", "tags: b, c"),
            ("email: a@x", "email: [a@x, b@x]", "email: c@x", "email: [b@x, c@x]"),
            ("with: [[[Ada]], x]", "with: [[[Ada]], x, y]", "with: [[[Ada]]]", "with: [[[Ada]], y]"),
            ("links: []", "links: [a]", "links: [b]", "links: [a, b]"),
        ],
    )
    def test_lists_merge_as_sets(self, base: str, ours: str, theirs: str, result: str) -> None:
        assert heads([base], [ours], [theirs]) == [result]

    def test_a_block_list_keeps_its_lines_and_its_comments(self) -> None:
        base = ["helps_with:", "- pay", "- maths # her love"]
        ours = ["helps_with:", "- pay", "- maths # her love", "# later", "- poetry"]
        theirs = ["helps_with:", "  - maths # her love", '  - "engines: all"']
        assert heads(base, ours, theirs) == [
            "helps_with:", "- maths # her love", "# later", "- poetry", '- "engines: all"',
        ]  # fmt: skip

    def test_a_flow_list_of_theirs_comes_in_the_dress_of_ours(self) -> None:
        found = heads(["topics:", "  - a"], ["topics:", "  - a", "  - b"], ["topics: [a, c]"])
        assert found == ["topics:", "  - a", "  - b", "  - c"]

    def test_two_values_of_one_key_are_a_conflict_with_both_findable(self) -> None:
        merged = merge(head("role: Analyst"), head("role: Head"), head("role: CTO"))
        text = merged.data.decode()
        assert yaml.safe_load(text.split("---")[1]) == {"role": "Head"}
        assert text.split("---\n")[2].startswith(
            "<<<<<<< ours (front matter)\nrole: Head\n=======\nrole: CTO\n>>>>>>> theirs (front matter)\n"
        )

    def test_one_side_took_a_key_out_that_the_other_changed(self) -> None:
        merged = merge(head("role: Analyst"), head(), head("role: CTO"))
        assert [(c.key, c.ours, c.theirs) for c in merged.keys] == [("role", (), ("role: CTO",))]

    def test_a_choice_decides_a_conflict(self) -> None:
        texts = (head("role: A", "city: X"), head("role: B", "city: Y"), head("role: C", "city: Z"))
        merged = merge(*texts, role="theirs")
        assert [c.key for c in merged.keys] == ["city"]
        assert "role: C\n" in merged.data.decode() and "role: B" not in merged.data.decode()

    def test_another_spelling_of_the_same_value_is_no_conflict(self) -> None:
        assert heads(["role: A"], ["role: B"], ['role: "B"']) == ["role: B"]

    def test_long_texts_are_joined_by_git(self) -> None:
        base = ["bio: |", "  one", "  two", "  three", "  four", "  five"]
        ours = ["bio: |", "  one!", *base[2:]]
        theirs = [*base[:-1], "  five!"]
        assert heads(base, ours, theirs) == ["bio: |", "  one!", "  two", "  three", "  four", "  five!"]

    @pytest.mark.parametrize(
        "bad",
        ["a: 1\na: 2", "just words", "a: &x 1", 'a: "open', "\ta: 1", "a: [1,\nb: 2", "- a\n- b", "? a\n: b"],
    )
    def test_front_matter_that_cannot_be_taken_apart_is_left_to_the_text_merge(self, bad: str) -> None:
        for texts in ((bad, "a: 1", "a: 2"), ("a: 1", bad, "a: 2"), ("a: 1", "a: 2", bad)):
            assert merge_note(*(head(text).encode() for text in texts), GIT) is None

    def test_front_matter_that_only_one_side_has_comes_in(self) -> None:
        assert merged_text("# Ada\n", "# Ada\nmore\n", head("role: A")) == head("role: A") + "more\n"
        assert merged_text("# Ada\n", head("role: A"), head("city: X")) == head("role: A", "city: X")


OLD = "- 2026-09-01 call: old\n"


def log(*lines: str) -> str:
    return "# Ada\n\n## Log\n\n" + "".join(lines) + "\n## Notes\n\nWords.\n"


class TestLog:
    def test_entries_of_both_sides_come_in_the_order_of_a_log_that_grows_down(self) -> None:
        a, b = "- 2026-10-14 a\n", "- 2026-10-20 b\n"
        assert merged_text(log(OLD), log(OLD, b), log(OLD, a)) == log(OLD, a, b)

    def test_and_of_one_that_grows_up(self) -> None:
        a, b = "- 2026-10-14 a\n", "- 2026-10-20 b\n"
        assert merged_text(log(OLD), log(b, OLD), log(a, OLD)) == log(b, a, OLD)

    def test_the_same_line_of_both_sides_stands_once(self) -> None:
        a = "- 2026-10-14 a\n"
        assert merged_text(log(OLD), log(OLD, a), log(OLD, a, "- 2026-10-15 b\n")).count(a) == 1

    def test_an_entry_taken_out_stays_out(self) -> None:
        a, b = "- 2026-10-14 a\n", "- 2026-10-20 b\n"
        assert merged_text(log(OLD, a), log(OLD), log(OLD, a, b)) == log(OLD, b)

    def test_an_entry_reworded_on_both_sides_stands_in_both_wordings(self) -> None:
        one, two = "- 2026-09-01 call: old, and glad\n", "- 2026-09-01 call: quite old\n"
        assert merged_text(log(OLD), log(one), log(two)) == log(one, two)

    def test_what_hangs_on_an_entry_moves_with_it(self) -> None:
        a = "- 2026-10-14 a\n  - [ ] a promise\n\n  more words\n"
        assert merged_text(log(OLD), log(OLD, "- 2026-10-20 b\n"), log(OLD, a)) == log(
            OLD, a, "- 2026-10-20 b\n"
        )

    def test_words_below_one_entry_are_merged_by_git(self) -> None:
        merged = merge(log(OLD), log(OLD, "  - mine\n"), log(OLD, "  - theirs\n"))
        assert (
            merged.in_body and "  - mine\n" in merged.data.decode() and "  - theirs\n" in merged.data.decode()
        )

    def test_dated_headings_are_entries_too(self) -> None:
        def entry(day: str) -> str:
            return f"### 2026-{day} call\n\nWords of {day}.\n\n"

        base = "# Ada\n\n## Log\n\n" + entry("09-01")
        assert (
            merged_text(base, base + entry("10-20"), base + entry("10-14")).rstrip()
            == (base + entry("10-14") + entry("10-20")).rstrip()
        )

    def test_blank_lines_between_entries_are_kept_up(self) -> None:
        a, b, c = "- 2026-10-14 a\n", "- 2026-10-20 b\n", "- 2026-10-21 c\n"
        assert merged_text(log(OLD, "\n", a), log(OLD, "\n", a, "\n", c), log(OLD, "\n", a, "\n", b)) == log(
            OLD, "\n", a, "\n", b, "\n", c
        )

    def test_a_log_that_both_begin_is_one(self) -> None:
        base = "# Ada\n"
        ours, theirs = base + "\n## Log\n\n- 2026-10-14 a\n", base + "\n## Log\n\n- 2026-10-20 b\n"
        assert merged_text(base, ours, theirs) == base + "\n## Log\n\n- 2026-10-14 a\n- 2026-10-20 b\n"

    def test_a_log_taken_out_while_the_other_side_logs_is_a_conflict(self) -> None:
        merged = merge(log(OLD), "# Ada\n", log(OLD, "- 2026-10-14 a\n"))
        assert merged.in_body and "- 2026-10-14 a\n" in merged.data.decode()

    def test_lists_that_are_no_log_are_gits_business(self) -> None:
        base = "# Ada\n\n## Ideas\n\n- 2026-01-01 one\n"
        merged = merge(base, base + "- 2026-10-14 a\n", base + "- 2026-10-20 b\n")
        assert merged.in_body

    @given(
        st.lists(
            st.sampled_from(
                [
                    "## Log", "# History:", "### 2026", "### 2026-10-14 call", "- 2026-10-14 a",
                    "* [[2026-10-14]] b", "1. 20261014 c", "- **2026/10/14** d", "  - 2026-10-14 nested",
                    "- [x] 2026-10-14 done", "- [ ] 2026-10-14 open", "more words", "", "```", "-2026-10-14",
                    "- 2026-13-40 no day", "## Other", "- plain", "- [[journal/2026-10-14|then]] e",
                    "   - 2026-10-14 f", "####### 2026-10-14",
                ]
            ),
            max_size=12,
        )
    )  # fmt: skip
    @settings(max_examples=200, deadline=None)
    def test_what_is_taken_for_an_entry_is_one_to_the_reader(self, lines: list[str]) -> None:
        body = read_body("", "\n".join(lines))
        entries, problems = read_own_log("", tuple(with_titles(body.items)), body.links)
        known = {entry.line for entry in entries} | {problem.line for problem in problems}
        found = set()
        for stretch in find_stretches(lines).values():
            line = stretch.start + 1
            for number, entry in enumerate(stretch.entries):
                line += entry.gap if number else 0
                found.add(line)
                line += len(entry.lines)
        paragraphs = {n for item in body.items for n in range(item.line + 1, item.last + 1)}
        assert found - paragraphs <= known | {
            n for n, text in enumerate(lines, 1) if text.startswith("   - ")
        }

    def test_the_headings_are_folded_as_keys_are(self) -> None:
        assert all(fold_key(name) == name for name in LOG_HEADINGS)


class TestBody:
    def test_ticks_beside_each_other_are_both_kept(self) -> None:
        base = "- [ ] a\n- [ ] b\n- [ ] c\n"
        assert merged_text(base, base.replace("[ ] a", "[x] a"), base.replace("[ ] b", "[X] b")) == (
            "- [x] a\n- [X] b\n- [ ] c\n"
        )

    def test_text_is_merged_by_git(self) -> None:
        base = "one\n\ntwo\n\nthree\n"
        assert merged_text(base, "ONE\n\ntwo\n\nthree\n", "one\n\ntwo\n\nTHREE\n") == "ONE\n\ntwo\n\nTHREE\n"
        assert merge(base, base.replace("two", "2"), base.replace("two", "zwei")).in_body

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize("bom", ["", "\ufeff"])
    def test_newlines_mark_and_missing_end_stay(self, newline: str, bom: str) -> None:
        base = (bom + log(OLD).rstrip("\n")).replace("\n", newline)
        ours = base.replace("old", "old" + newline + "- 2026-10-14 a")
        theirs = base.replace("Words", "More words")
        assert merged_text(base, ours, theirs) == ours.replace("Words", "More words")

    def test_a_side_that_changes_all_newlines_gets_its_way(self) -> None:
        base = log(OLD)
        theirs = base.replace("\n", "\r\n")
        ours = base.replace("Words", "More words")
        assert merged_text(base, ours, theirs) == ours.replace("\n", "\r\n")

    @pytest.mark.parametrize(
        "odd",
        [
            *(b"\xff\n", b"a\r\nb\n", b"a\rb\n", b"\0\n", "\ue000\n".encode(), b"<<<<<<< x\n"),
            *(b"----\na: 1\n----\n", b"\n---\na: 1\n---\n"),
        ],
    )
    def test_what_is_not_plain_is_left_to_the_text_merge(self, odd: bytes) -> None:
        assert merge_note(b"a\n", b"b\n", odd, GIT) is None


def block(*lines: str) -> str:
    content = "".join(f"{line}\n" for line in lines)
    return f"<!-- mdmentor:related -->\n{content}<!-- sum {sum_of(list(lines))} -->\n<!-- /mdmentor -->\n"


class TestBlocks:
    def test_blocks_drop_out_of_the_merge(self) -> None:
        base, ours, theirs = (f"a\n\n{block(*lines)}\nb\n" for lines in (("- x",), ("- y",), ("- z", "- w")))
        assert merged_text(base, ours, theirs.replace("b\n", "c\n")) == ours.replace("b\n", "c\n")

    def test_words_written_into_a_block_are_kept(self) -> None:
        base, ours, theirs = (f"a\n\n{block(*lines)}\nb\n" for lines in (("- x",), ("- y",), ("- z",)))
        edited = theirs.replace("- z\n", "- z\nmy words\n")
        assert "my words" in merged_text(base, ours, edited)
        assert "my words" in merged_text(base, edited, ours)

    def test_a_block_edited_on_both_sides_is_text(self) -> None:
        base = f"a\n\n{block('- x')}\nb\n"
        merged = merge(base, base.replace("- x\n", "- x\nmine\n"), base.replace("- x\n", "- x\ntheirs\n"))
        assert merged.in_body and b"mine" in merged.data and b"theirs" in merged.data

    def test_marks_inside_a_block_alone_can_be_taken_away(self) -> None:
        inside = block("- x").split("\n")[1:3]
        other = block("- y").split("\n")[1:3]
        marks = ["<<<<<<< HEAD", *inside, "=======", *other, ">>>>>>> t"]
        text = "\n".join(["a", "<!-- mdmentor:related -->", *marks, "<!-- /mdmentor -->", "b", ""])
        assert without_block_marks(text) == "a\n" + block("- x") + "b\n"
        mine = text.replace("- y", "my words")
        assert without_block_marks(mine) == mine

    def test_front_matter_does_not_hide_them(self) -> None:
        text = f"---\nbio: |\n  ```\n---\na\n{block('- x')}b\n"
        first, rest = text.split("- x\n", 1)
        marked = f"{first}<<<<<<< HEAD\n- x\n=======\n- x\n>>>>>>> t\n{rest}"
        assert without_block_marks(marked) == text


class TestMarks:
    def test_both_sides_are_told(self) -> None:
        sides = sides_of("a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\nd\n=======\n")
        assert sides is not None
        assert (sides.ours, sides.theirs, sides.common, sides.base) == (
            "a\nb\nd\n=======\n", "a\nc\nd\n=======\n", "a\nd\n=======\n", None,
        )  # fmt: skip

    def test_what_was_before_is_told_where_the_marks_hold_it(self) -> None:
        sides = sides_of("<<<<<<< x\nb\n||||||| o\na\n=======\nc\n>>>>>>> y\n")
        assert sides is not None and sides.base == "a\n"

    @pytest.mark.parametrize(
        "text", ["a\n", "<<<<<<< x\na\n", ">>>>>>> y\n", "<<<<<<< x\n<<<<<<< y\n=======\n>>>>>>> y\n"]
    )
    def test_marks_that_do_not_fit_give_nothing(self, text: str) -> None:
        assert sides_of(text) is None

    def test_lines_of_the_marks_count_from_one(self) -> None:
        assert find_marks("a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\n<<<<<<< z\n") == (2, 7)


PAGE = """\
---
generated-by: mdmentor
day: 2026-11-23
---

# Reach out next

- [ ] **[Ada](../people/Ada.md)**
  - **Why:** because
  - [ ] reached out
  - [ ] snooze 2 weeks

- [ ] **[Bob](../people/Bob.md)**
  - [ ] reached out
  - [ ] snooze 2 weeks

---

[Mentors](Mentors.md)
"""
TICKED = PAGE.replace("  - [ ] reached out", "  - [x] reached out, had tea", 1)


class TestPages:
    def test_a_tick_of_theirs_is_set_on_ours_with_its_words(self) -> None:
        assert merge_page(PAGE, PAGE, TICKED) == TICKED

    def test_ticks_of_both_sides_are_kept(self) -> None:
        ours = PAGE.replace("(../people/Bob.md)**\n  - [ ] reached", "(../people/Bob.md)**\n  - [x] reached")
        merged = merge_page(PAGE, ours, TICKED)
        assert merged.count("[x]") == 2 and len(merged) == len(ours) + len(", had tea")

    def test_the_same_tick_with_other_words_stands_twice(self) -> None:
        merged = merge_page(PAGE, TICKED, TICKED.replace("had tea", "had coffee"))
        assert merged == TICKED.replace("had tea\n", "had tea\n  - [x] reached out, had coffee\n")

    def test_a_tick_that_was_carried_out_here_does_not_come_back(self) -> None:
        assert merge_page(TICKED, PAGE, TICKED.replace("because", "for another reason")) == PAGE

    def test_a_tick_for_somebody_who_is_not_on_our_page_waits_below_a_heading(self) -> None:
        start = PAGE.index("- [ ] **[Ada]")
        ours = PAGE[:start] + PAGE[PAGE.index("- [ ] **[Bob]") :]
        merged = merge_page(PAGE, ours, TICKED)
        suggestion = "- [ ] **[Ada](../people/Ada.md)**\n  - [x] reached out, had tea\n"
        assert f"\n\n{ELSEWHERE}\n\n{suggestion}\n---\n\n[Mentors]" in merged
        assert merge_page(PAGE, merged, TICKED) == merged

    def test_a_tick_from_another_days_page_says_so(self) -> None:
        merged = merge_page(PAGE, PAGE, TICKED.replace("2026-11-23", "2026-11-20"))
        ticks = find_ticks(merged, "reach-out")
        assert [(t.path, t.action, t.words, t.day) for t in ticks] == [
            ("people/Ada.md", "reached out", "had tea", date(2026, 11, 20))
        ]

    def test_words_behind_a_box_that_is_not_ticked_are_kept(self) -> None:
        theirs = PAGE.replace("[ ] reached out", "[ ] reached out, nearly", 1)
        assert merge_page(PAGE, PAGE, theirs) == theirs

    def test_words_that_were_there_before_are_ticked_with_their_box(self) -> None:
        base = PAGE.replace("[ ] reached out", "[ ] reached out, nearly", 1)
        theirs = base.replace("[ ] reached out, nearly", "[x] reached out, nearly")
        assert merge_page(base, base, theirs) == theirs

    def test_a_name_with_words_is_ticked_where_either_side_ticked_it(self) -> None:
        typed, ticked = (PAGE.replace("- [ ] **[Bob](../people/Bob.md)**", new) for new in (
            "- [ ] **[Bob](../people/Bob.md)** had tea", "- [x] **[Bob](../people/Bob.md)**"
        ))  # fmt: skip
        both = PAGE.replace("- [ ] **[Bob](../people/Bob.md)**", "- [x] **[Bob](../people/Bob.md)** had tea")
        assert merge_page(PAGE, PAGE, typed) == typed
        assert merge_page(PAGE, ticked, typed) == merge_page(PAGE, typed, ticked) == both

    def test_another_time_to_snooze_takes_the_place_of_the_usual_one(self) -> None:
        theirs = PAGE.replace("[ ] snooze 2 weeks", "[x] snooze 4 weeks", 1)
        assert merge_page(PAGE, PAGE, theirs) == theirs

    def test_ticks_that_wait_below_the_heading_are_found_again(self) -> None:
        start = PAGE.index("- [ ] **[Ada]")
        ours = PAGE[:start] + PAGE[PAGE.index("- [ ] **[Bob]") :]
        (tick,) = find_ticks(merge_page(PAGE, ours, TICKED), "reach-out")
        assert (tick.path, tick.words, tick.is_ticked) == ("people/Ada.md", "had tea", True)

    @pytest.mark.parametrize(("old", "new"), [("- [", "* ["), ("- [", "1. ["), ("  - ", "\t- ")])
    def test_ticks_are_found_on_a_page_that_an_editor_wrote_in_its_own_way(self, old: str, new: str) -> None:
        theirs = TICKED.replace("- [ ] **[Bob]", "- [x] **[Bob]").replace(old, new)
        ticks = find_ticks(merge_page(PAGE, PAGE, theirs), "reach-out")
        assert [(t.path, t.action, t.words) for t in ticks if t.is_ticked] == [
            ("people/Ada.md", "reached out", "had tea"), ("people/Bob.md", "reached out", ""),
        ]  # fmt: skip

    def test_the_box_of_the_suggestion_itself_counts_too(self) -> None:
        theirs = PAGE.replace("- [ ] **[Bob]", "- [x] **[Bob]")
        assert merge_page(PAGE, PAGE, theirs) == theirs


class TestOwnLines:
    @given(st.none() | st.text("ab\n #", max_size=20), st.lists(st.text("ab *=", max_size=9), max_size=3))
    def test_putting_lines_in_and_taking_them_out_gives_back_the_text(
        self, text: str | None, lines: list[str]
    ) -> None:
        after = with_own(text, lines)
        assert without_own(after) != after
        assert with_own(after, lines) == after
        assert without_own(with_own(after, [*lines, "more"])) == text


# Each line added by either side is in the result or in a conflict.

DAYS = st.sampled_from(["2026-09-01", "2026-10-14", "2026-10-20", "2026-11-02"])
WORDS = st.sampled_from(["pay", "maths", "a b", '"x: y"', "'it''s'", "[[Grace]]", "new", "old"])
Told = list[tuple[str, list[str]]]  # key -> the lines of its field
FIELDS = st.one_of(
    st.tuples(st.just("last_contact"), DAYS.map(lambda day: [f"last_contact: {day}"])),
    st.tuples(st.sampled_from(["role", "city"]), WORDS).map(lambda f: (f[0], [f"{f[0]}: {f[1]}"])),
    st.tuples(st.sampled_from(["tags", "helps_with"]), st.lists(WORDS, max_size=3, unique=True)).map(
        lambda f: (f[0], [f"{f[0]}: [{', '.join(f[1])}]"])
    ),
    st.tuples(st.sampled_from(["tags", "topics"]), st.lists(WORDS, max_size=3, unique=True)).map(
        lambda f: (f[0], [f"{f[0]}:", *(f"  - {word}" for word in f[1])])
    ),
    st.tuples(st.just("bio"), st.lists(WORDS, min_size=1, max_size=3)).map(
        lambda f: ("bio", ["bio: |", *(f"  {word}" for word in f[1])])
    ),
    st.tuples(st.sampled_from(["#1", "#2"]), st.sampled_from(["# why", "# how"]).map(lambda c: [c])),
)  # fmt: skip
ENTRIES = st.tuples(
    DAYS, st.sampled_from(["call", "tea", "mail"]), st.sampled_from(["", "\n  - more", "\n  and on"])
).map(lambda e: f"- {e[0]} {e[1]}{e[2]}")
BODY = st.sampled_from(
    [
        *("Words.", "Other words.", "", "- [ ] send it", "- [x] send it", "- [ ] ask", "## Notes", "- x"),
        *(block("- z").rstrip("\n"), block("- w").rstrip("\n"), "```", "=======", "---"),
    ]
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    fields = dict(draw(st.lists(FIELDS, max_size=5)))
    lines = [line for told in fields.values() for line in told]
    body = draw(st.lists(BODY, max_size=5))
    entries = draw(st.lists(ENTRIES, max_size=4))
    top = ["---", *lines, "---"] if lines else []
    text = "\n".join(
        [
            *top,
            "# Ada",
            *body,
            *(["", "## Log", "", *entries] if entries else []),
            *draw(st.lists(BODY, max_size=2)),
        ]
    )
    return text + draw(st.sampled_from(["\n", ""]))


@st.composite
def versions(draw: st.DrawFn) -> tuple[str, str, str]:
    """A note and two descendants of it, each with some of its lines gone and some lines of another."""
    base = draw(notes())
    return base, draw(descendants(base)), draw(descendants(base))


@st.composite
def descendants(draw: st.DrawFn, base: str) -> str:
    if draw(st.booleans()):
        return draw(notes())
    lines = base.split("\n")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(lines)))
        if draw(st.booleans()):
            lines[place:place] = draw(st.one_of(BODY, ENTRIES, FIELDS.map(lambda f: "\n".join(f[1])))).split(
                "\n"
            )
        else:
            del lines[place : place + 1]
    return "\n".join(lines)


def kept_lines(text: str) -> list[str]:
    """What must not be lost of a version: its lines without what stands in blocks of ours."""
    lines, inside = [], False
    for line in text.split("\n"):
        if line.startswith("<!-- mdmentor"):
            inside = True
        if not inside and line.strip():
            lines.append(line)
        if line.startswith("<!-- /mdmentor"):
            inside = False
    return lines


def is_in(line: str, result: str, base: str) -> bool:
    """Whether a line, or of a list the items that are new and of a day a later one, is found in a text."""
    if line.startswith("last_contact: "):
        days = [told[14:24] for told in result.split("\n") if told.startswith("last_contact: ")]
        return max(days, default="") >= line[14:24]
    if line.startswith(("tags: [", "helps_with: [")):
        items = line.partition("[")[2].removesuffix("]").split(", ")
        return all(item.strip("\"'") in result for item in items if item not in base)
    if line.endswith(":"):
        return True  # a key without a value says nothing
    plain = line.strip().removeprefix("- ").removeprefix("[x] ").removeprefix("[ ] ").strip("\"'")
    # an item that was there before may have come in another dress only
    return plain in result or (line.startswith("  - ") and plain in base)


def as_set(value: object) -> object:
    """A value to compare: the order of a list does not count, and an empty one is none."""
    return sorted(map(str, value)) or None if isinstance(value, list) else value


def said_by(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """What a note says, whatever the order: its fields, and the lines of its body."""
    head = read_head("", text)
    fields = {field.name: sorted(set(field.values)) for field in head.fields}
    return fields, sorted(line.strip() for line in kept_lines(text[head.body_start :]))


class TestProperties:
    @given(versions())
    @example(
        (
            "---\nbio: |\n  pay\ntags:\n  - pay\n---\n# Ada\n",
            "bio: |\n  pay\ntags:\n  - pay\n---\n# Ada\n",
            "---\nbio: |\n  pay\ntags:\n# why\n  - pay\n---\n# Ada\n",
        )
    )
    @settings(max_examples=200, deadline=None)
    def test_no_line_that_a_side_added_is_lost(self, texts: tuple[str, str, str]) -> None:
        base, ours, theirs = texts
        merged = merge_note(base.encode(), ours.encode(), theirs.encode(), GIT)
        if merged is None:
            return
        result = merged.data.decode()
        for side in (ours, theirs):
            for line in kept_lines(side):
                if line not in base.split("\n"):
                    assert is_in(line, result, base), f"{line!r} is lost in\n{result}"

    @given(versions())
    @settings(max_examples=100, deadline=None)
    def test_a_side_that_changed_nothing_has_no_say(self, texts: tuple[str, str, str]) -> None:
        base, ours, _ = (text.encode() for text in texts)
        for sides in ((base, ours), (ours, base), (ours, ours)):
            merged = merge_note(base, *sides, GIT)
            assert merged is None or (merged.is_clean and merged.data == ours)

    @given(notes())
    @settings(max_examples=50, deadline=None)
    def test_three_times_the_same_note_is_that_note(self, note: str) -> None:
        merged = merge_note(note.encode(), note.encode(), note.encode(), GIT)
        assert merged is not None and merged.is_clean and merged.data.decode() == note

    @given(versions())
    @settings(max_examples=200, deadline=None)
    def test_the_sides_may_change_places(self, texts: tuple[str, str, str]) -> None:
        """Then the same comes out but for the order of items and lines, and the same is left to decide."""
        base, ours, theirs = (text.encode() for text in texts)
        merged, turned = merge_note(base, ours, theirs, GIT), merge_note(base, theirs, ours, GIT)
        assert (merged is None) == (turned is None)
        if merged is None or turned is None:
            return
        assert {c.key: (c.ours, c.theirs) for c in merged.keys} == {
            c.key: (c.theirs, c.ours) for c in turned.keys
        }
        assert merged.in_body == turned.in_body
        if merged.is_clean:
            assert said_by(merged.data.decode()) == said_by(turned.data.decode())

    @given(versions())
    @settings(max_examples=100, deadline=None)
    def test_both_sides_of_a_conflict_can_be_told_and_chosen(self, texts: tuple[str, str, str]) -> None:
        base, ours, theirs = (text.encode() for text in texts)
        merged = merge_note(base, ours, theirs, GIT)
        if merged is None or merged.is_clean:
            return
        sides = sides_of(merged.data.decode())
        assert sides is not None
        for name, side in (("ours", sides.ours), ("theirs", sides.theirs)):
            chosen = merge_note(base, ours, theirs, GIT, take={"": name})
            assert chosen is not None and chosen.is_clean
            # where a side has no front matter at all, the choice leaves neither fences nor comments
            words = [
                sorted(set(text.split()) - {"---", "#", "why", "how"})
                for text in (chosen.data.decode(), side)
            ]
            assert words[0] == words[1]

    @given(st.lists(FIELDS, max_size=5), st.lists(FIELDS, max_size=5), st.lists(FIELDS, max_size=5))
    @settings(max_examples=150, deadline=None)
    def test_merged_front_matter_is_yaml_if_both_sides_were(
        self, base: Told, ours: Told, theirs: Told
    ) -> None:
        sides = (base, ours, theirs)
        texts = [head(*(line for told in dict(side).values() for line in told)) for side in sides]
        merged = merge_note(*(text.encode() for text in texts), GIT)
        if merged is None:
            return
        found = [yaml.safe_load(text.split("---\n")[1]) or {} for text in texts]
        result = yaml.safe_load(merged.data.decode().split("---\n")[1]) or {}
        undecided = {conflict.key for conflict in merged.keys}
        for key in set().union(*found) - undecided:
            was, mine, other = (as_set(side.get(key)) for side in found)
            if mine in (was, other):
                assert as_set(result.get(key)) == other
            elif other == was:
                assert as_set(result.get(key)) == mine
