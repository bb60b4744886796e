"""Front matter as people leave it: what is read, where it is, and what is reported."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mdmentor.core.frontmatter import broken
from mdmentor.core.frontmatter.fields import Reading, read_values
from mdmentor.core.frontmatter.reader import Head, read_head
from mdmentor.core.privacy import is_confidential


def head_of(block: str) -> Head:
    return read_head("ada.md", f"---\n{block}\n---\n# Ada\n")


def values(head: Head) -> dict[str, tuple[str, ...]]:
    return {field.name: field.values for field in head.fields}


def messages(head: Head) -> list[str]:
    return [f"{p.severity} {p.code}: {p}" for p in head.problems]


def test_values_stay_the_text_that_was_typed() -> None:
    head = head_of("country: NO\nphone: 0123\ntime: 12:30\nversion: 1.10\nday: 2024-02-30\nyes: on")
    assert values(head) == {
        "country": ("NO",),
        "phone": ("0123",),
        "time": ("12:30",),
        "version": ("1.10",),
        "day": ("2024-02-30",),
        "yes": ("on",),
    }
    assert head.state == "ok" and not head.problems


def test_a_field_knows_the_place_of_its_value() -> None:
    head = head_of("name: Ada\n# a comment\nempty:\nLast contact:   '2026-10-14'\ntags:\n  - person")
    assert [(f.name, f.key, f.line, f.column) for f in head.fields] == [
        ("name", "name", 2, 7),
        ("empty", "empty", 4, 1),
        ("Last contact", "lastcontact", 5, 17),
        ("tags", "tags", 7, 3),
    ]


def test_lists_are_read_in_both_styles_and_lose_their_empty_items() -> None:
    head = head_of("a: [x, 'y z', \"\"]\nb:\n- x\n-\n- y\nc: []\nd:\n  - ")
    assert values(head) == {"a": ("x", "y z"), "b": ("x", "y"), "c": (), "d": ()}
    assert all(field.is_list for field in head.fields)


@pytest.mark.parametrize("empty", ["", "''", '""', "~", "null", "# only a comment", "{}"])
def test_an_empty_value_is_none(empty: str) -> None:
    assert values(head_of(f"name: {empty}")) == {"name": ()}


def test_a_surname_that_yaml_takes_for_nothing_stays() -> None:
    assert values(head_of("name: Null")) == {"name": ("Null",)}


def test_a_nested_map_is_read_with_dotted_names() -> None:
    head = head_of("name:\n  first: Ada\n  last: {maiden: Byron, now: King}\nx: 1")
    assert values(head) == {
        "name.first": ("Ada",),
        "name.last.maiden": ("Byron",),
        "name.last.now": ("King",),
        "x": ("1",),
    }


def test_a_map_in_a_list_is_read_in_its_own_words() -> None:
    head = head_of("log:\n- date: 2024-01-01\n  text: coffee\n- [a, b]")
    assert values(head) == {"log": ("date: 2024-01-01 text: coffee", "[a, b]")}


def test_texts_over_several_lines_are_one_value() -> None:
    assert values(head_of("a: >\n  one\n  two\nb: |\n  one\n  two\nc: one\n  two")) == {
        "a": ("one two",),
        "b": ("one\ntwo",),
        "c": ("one two",),
    }


def test_json_between_the_fences_is_read() -> None:
    card = {"name": "Ada", "tags": ["person"], "born": {"year": 1815}}
    head = head_of(json.dumps(card))
    assert values(head) == {"name": ("Ada",), "tags": ("person",), "born.year": ("1815",)}
    assert head.state == "ok"


def test_anchors_are_read() -> None:
    head = head_of("a: &x [one, two]\nb: *x")
    assert values(head) == {"a": ("one", "two"), "b": ("one", "two")}


def test_an_alias_of_itself_ends() -> None:
    head = head_of("a: &x {b: *x}\nname: Ada")
    assert values(head)["name"] == ("Ada",)
    assert [p.severity for p in head.problems] == ["error"]


# Fences


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("---\nname: Ada\n---\nHello", "Hello", 4),
        ("---\nname: Ada\n---", "", 4),
        ("---  \nname: Ada\n---\t\n\nHello", "\nHello", 4),
        ("---\nname: Ada\n...\nHello", "Hello", 4),
        ("---\nname: Ada\n...\n---\nHello", "Hello", 5),
        ("\n \n-----\nname: Ada\n----\nHello", "Hello", 6),
    ],
)
def test_fences_are_found(text: str, body: str, line: int) -> None:
    head = read_head("ada.md", text)
    assert values(head) == {"name": ("Ada",)}
    assert text[head.body_start :] == body
    assert (head.body_line, head.end_line) == (line, line - 1)


def test_a_fence_that_only_we_read_is_reported() -> None:
    assert messages(read_head("ada.md", "\n---\nname: Ada\n---\n")) == [
        "hint fence: ada.md:2:1: other programs find front matter only after three dashes in the "
        "first line; "
        "begin the note with --- on its first line"
    ]
    assert not read_head("ada.md", "--- \nname: Ada\n---\n").problems


def test_an_empty_block_is_front_matter_without_fields() -> None:
    head = read_head("ada.md", "---\n---\nHello")
    assert (head.state, head.fields, head.body_line) == ("ok", (), 3)


@pytest.mark.parametrize(
    "text", ["", "Hello", "# Ada\n---\nname: x\n---\n", " x\n---", "<b>\n---\n", "--\nname: Ada\n--\n"]
)
def test_a_note_without_a_fence_has_no_head(text: str) -> None:
    assert read_head("ada.md", text) == Head("none")


@pytest.mark.parametrize(
    "block",
    [
        "Some prose that begins\nbelow a rule.",
        "- one\n- two",
        "Dear diary, today: rain\nand more rain\nand sun",
        "[x](y) z",
        "> quote",
    ],
)
def test_a_note_that_opens_with_a_rule_keeps_all_its_text(block: str) -> None:
    text = f"---\n{block}\n\n---\nmore"
    head = read_head("ada.md", text)
    assert (head.state, head.body_start, head.body_line, head.end_line) == ("not-mapping", 0, 1, 0)
    assert [(p.severity, p.code, p.line) for p in head.problems] == [("hint", "not-mapping", 1)]
    assert not head.fields


def test_keys_without_a_blank_are_reported_as_meant() -> None:
    head = head_of("name:Ada\nemail:ada@example.org")
    assert head.state == "not-mapping"
    assert messages(head) == [
        "warning not-mapping: ada.md:2:1: front matter needs a space after the colon, so this is "
        "read as text; "
        'write it as "key: value"'
    ]


def test_an_unclosed_block_is_reported_once_and_stays_body() -> None:
    head = read_head("ada.md", "---\nname: Ada\ntags: [person]\n\nHello\n")
    assert (head.state, head.body_start, head.body_line) == ("unclosed", 0, 1)
    assert messages(head) == [
        "error unclosed: ada.md:1:1: front matter is never closed; "
        "write --- on a line of its own below line 3"
    ]


def test_a_rule_above_prose_is_no_unclosed_block() -> None:
    assert not read_head("ada.md", "---\n\nHello, world.\n").problems


# Links


def test_links_are_found_quoted_or_not_with_their_place_and_field() -> None:
    head = head_of(
        "met: \"with [[Bob]] and [[Eve#Log|her]]\"\npeople:\n- [[Ada Lovelace|Ada]]\n- '[[Carl]]'\n"
        "Org: [[A, B]]"
    )
    assert [(x.line, x.column, x.raw, x.target, x.fragment, x.text, x.field) for x in head.links] == [
        (2, 12, "[[Bob]]", "Bob", "", "Bob", "met"),
        (2, 24, "[[Eve#Log|her]]", "Eve", "Log", "her", "met"),
        (4, 3, "[[Ada Lovelace|Ada]]", "Ada Lovelace", "", "Ada", "people"),
        (5, 4, "[[Carl]]", "Carl", "", "Carl", "people"),
        (6, 6, "[[A, B]]", "A, B", "", "A, B", "org"),
    ]
    assert {link.kind for link in head.links} == {"frontmatter"}
    assert values(head) == {
        "met": ("with [[Bob]] and [[Eve#Log|her]]",),
        "people": ("[[Ada Lovelace|Ada]]", "[[Carl]]"),
        "Org": ("[[A, B]]",),
    }


def test_links_in_comments_are_none() -> None:
    head = head_of("# see [[Bob]]\nname: Ada # [[Eve]]\nnote: |\n  [[Carl]]\n# [[Dan]]\nx: 1")
    assert [link.target for link in head.links] == ["Carl"]


def test_a_link_is_read_without_the_escapes_around_it() -> None:
    head = head_of("a: '[[O''Brien]]'\nb: \"[[Caf\\u00e9]]\"\nc: \"[[Ada\n  Lovelace]]\"")
    assert [(x.raw, x.target) for x in head.links] == [
        ("[[O''Brien]]", "O'Brien"),
        ("[[Caf\\u00e9]]", "Café"),
        ("[[Ada\n  Lovelace]]", "Ada Lovelace"),
    ]


def test_an_unquoted_link_is_read_with_a_hint() -> None:
    assert messages(head_of("org: [[Acme]]")) == [
        'hint unquoted-link: ada.md:2:6: link "[[Acme]]" is not quoted, so other programs '
        "read it as a list; "
        'quote it: "[[Acme]]"'
    ]


def test_a_list_of_unquoted_links_is_a_list() -> None:
    head = head_of("a: [[[Ada]], [[Bob]]]\nb: [[Ada], [Bob]]")
    assert values(head) == {"a": ("[[Ada]]", "[[Bob]]"), "b": ("[Ada]", "[Bob]")}
    assert [link.target for link in head.links] == ["Ada", "Bob"]


# What is not valid YAML


def test_a_link_with_text_behind_it_costs_a_warning() -> None:
    head = head_of("name: Ada\nmet: [[PyCon]] in May\npeople:\n- [[Bob]]'s team\n- Eve\ntags: [person]")
    assert values(head) == {
        "name": ("Ada",),
        "met": ("[[PyCon]] in May",),
        "people": ("[[Bob]]'s team", "Eve"),
        "tags": ("person",),
    }
    assert [link.target for link in head.links] == ["PyCon", "Bob"]
    assert messages(head) == [
        'warning unquoted-link: ada.md:3:6: "[[PyCon]] in May" starts with an unquoted link; '
        'quote it: "[[PyCon]] in May"',
        'warning unquoted-link: ada.md:5:3: "[[Bob]]\'s team" starts with an unquoted link; '
        'quote it: "[[Bob]]\'s team"',
    ]
    assert head.state == "bad"


def test_several_unquoted_links_in_a_row_are_a_list() -> None:
    assert values(head_of("people: [[Ada]], [[Bob]]\nname: x"))["people"] == ("[[Ada]]", "[[Bob]]")


@pytest.mark.parametrize(
    ("line", "value", "problem"),
    [
        (
            "x: @home",
            "@home",
            '"@home" starts with "@", which means something else in front matter; quote it: "@home"',
        ),
        (
            "x: `C:`",
            "`C:`",
            '"`C:`" starts with "`", which means something else in front matter; quote it: "`C:`"',
        ),
        (
            "x: *Italic*",
            "*Italic*",
            '"*Italic*" starts with "*", which means something else in front matter; quote it: "*Italic*"',
        ),
        ("x: a: b: c", "a: b: c", '"a: b: c" has a colon that reads as a key; quote it: "a: b: c"'),
        ('x: "Ada', "Ada", 'the value has no closing quote; write " at its end'),
        (
            'x: "a" and "b"',
            'a" and "b',
            'the value has a quote in its middle; write \\" for each quote inside',
        ),
        ("x: 'it's'", "it's", "the value has a quote in its middle; write two of them: ''"),
        (
            "x: % done",
            "% done",
            '"% done" starts with "%", which means something else in front matter; quote it: "% done"',
        ),
    ],
)
def test_one_bad_line_costs_one_error_and_nothing_else(line: str, value: str, problem: str) -> None:
    head = head_of(f"name: Ada\n{line}\ntags: [person]")
    assert values(head) == {"name": ("Ada",), "x": (value,), "tags": ("person",)}
    assert messages(head) == [f"error yaml: ada.md:3:4: {problem}"]
    assert (head.state, head.body_line) == ("bad", 6)


def test_a_list_that_is_not_closed_is_read() -> None:
    head = head_of("tags: [person, maths\nname: Ada")
    assert values(head) == {"tags": ("person", "maths"), "name": ("Ada",)}
    assert messages(head) == [
        'error yaml: ada.md:2:7: "[person, maths" is not a complete list; write "]" at its end, or '
        "quote its items"
    ]


def test_a_tab_before_an_item_is_reported() -> None:
    head = head_of("name: Ada\ntags:\n\t- person\n\t- maths\nemail: a@b.org")
    assert values(head) == {"name": ("Ada",), "tags": ("person", "maths"), "email": ("a@b.org",)}
    assert messages(head) == ["error yaml: ada.md:4:1: front matter is indented with a tab; use spaces"]


def test_a_line_indented_by_chance_is_read() -> None:
    head = head_of("name: Ada\n email: a@b.org\nrole: x")
    assert values(head) == {"name": ("Ada",), "email": ("a@b.org",), "role": ("x",)}
    assert [p.severity for p in head.problems] == ["error"]


def test_of_several_bad_lines_the_first_is_reported() -> None:
    head = head_of("a: @x\nb: @y\nc: @z")
    assert values(head) == {"a": ("@x",), "b": ("@y",), "c": ("@z",)}
    assert len(head.problems) == 1


def test_an_unfilled_template_is_kept_with_a_hint() -> None:
    head = head_of("created: {{date}}\nname: <% tp.file.title %>\nwhen: {{date}} {{time}}\ntags: [person]")
    assert values(head) == {
        "created": ("{{date}}",),
        "name": ("<% tp.file.title %>",),
        "when": ("{{date}} {{time}}",),
        "tags": ("person",),
    }
    assert [(p.severity, p.code, p.line) for p in head.problems] == [
        ("hint", "unfilled-template", 2),
        ("hint", "unfilled-template", 3),
        ("hint", "unfilled-template", 4),
    ]


def test_tags_with_a_sharp_are_tags_although_yaml_takes_them_for_a_comment() -> None:
    head = head_of("tags: #person #maths\nname: Ada # a comment\nrole: # none yet")
    assert values(head) == {"tags": ("#person #maths",), "name": ("Ada",), "role": ()}
    assert [(p.code, p.line, p.column) for p in head.problems] == [("commented-tag", 2, 7)]
    assert values(head_of("tags:\n  - #person\n  - maths")) == {"tags": ("#person", "maths")}
    assert values(head_of("tags: [#person, #maths]\nx: 1")) == {"tags": ("#person", "#maths"), "x": ("1",)}


def test_a_key_that_stands_twice_keeps_its_last_value_and_is_reported() -> None:
    head = head_of("email: a@b.org\nname: Ada\nemail: c@d.org")
    assert values(head) == {"name": ("Ada",), "email": ("c@d.org",)}
    assert messages(head) == [
        'error duplicate-key: ada.md:4:1: key "email" appears twice, first in line 2; '
        "keep one of them; the last one counts until then"
    ]
    assert head.state == "ok"


def test_a_nested_key_that_stands_twice_is_overwritten_as_a_whole() -> None:
    assert values(head_of("a:\n  b: 1\n  c: 2\nx: 1\na: {b: 3}")) == {"x": ("1",), "a.b": ("3",)}


def test_the_marks_of_a_merge_are_reported_and_both_sides_are_read() -> None:
    head = head_of(
        "name: Ada\n<<<<<<< HEAD\nlast: 2026-01-01\n||||||| base\nlast: 2025-05-05\n=======\n"
        "last: 2026-02-02\n>>>>>>> theirs\nx: 1"
    )
    assert [(f.name, f.values[0], f.line) for f in head.fields] == [
        ("name", "Ada", 2),
        ("last", "2026-01-01", 4),
        ("last", "2026-02-02", 8),
        ("x", "1", 10),
    ]
    assert messages(head) == [
        "error conflict-markers: ada.md:3:1: notes are being merged by git, and the front matter "
        "has both sides in it; choose what to keep, and delete the lines <<<<<<<, ======= and >>>>>>>"
    ]


def test_a_merge_of_the_whole_head_is_reported() -> None:
    head = read_head(
        "ada.md", "<<<<<<< HEAD\n---\nname: Ada\n---\n=======\n---\nname: Bob\n---\n>>>>>>> theirs\n"
    )
    assert values(head) == {"name": ("Ada",)}
    assert [(p.code, p.line) for p in head.problems] == [("conflict-markers", 1)]
    assert head.body_line == 5


def test_a_control_character_is_reported_and_read_as_a_blank() -> None:
    head = head_of("name: Ada\0Lovelace\nx: 1")
    assert values(head) == {"name": ("Ada Lovelace",), "x": ("1",)}
    assert messages(head) == [
        "error control-character: ada.md:2:10: front matter has the control character U+0000, "
        "read as a space; delete it"
    ]


def test_line_ends_that_editors_do_not_show_move_no_place() -> None:
    head = head_of("name: Ada\u2028Lovelace\nx: '[[Bob]]'\x85\ny: 1")
    assert [(f.name, f.line) for f in head.fields] == [("name", 2), ("x", 3), ("y", 4)]
    assert [link.line for link in head.links] == [3]
    assert not head.problems


# What would break a reader


DEEP = {
    "brackets": "a: " + "[" * 10_000,
    "braces": "a: " + "{" * 10_000,
    "closed brackets": "a: " + "[" * 5_000 + "]" * 5_000,
    "dashes": "a:\n" + "- " * 10_000 + "x",
    "question marks": "? " * 10_000,
    "indents": "\n".join(" " * n + "a:" for n in range(300)),
    "aliases": "\n".join(
        ["a: &a [x, x]"] + [f"{b}: &{b} {{p: *{a}, q: *{a}}}" for a, b in pairwise("abcdefghijklmnopqrst")]
    ),
    "values": "a: [" + "x," * 25_000 + "]",
}


@pytest.mark.parametrize("block", DEEP.values(), ids=DEEP.keys())
def test_a_block_that_would_exhaust_a_parser_is_refused_with_one_problem(block: str) -> None:
    head = head_of(f"name: Ada\n{block}")
    assert values(head).get("name", ("Ada",)) == ("Ada",)
    errors = [p for p in head.problems if p.severity == "error"]
    assert len(errors) == 1


def test_a_block_of_the_largest_size_is_read_and_a_larger_one_is_refused() -> None:
    line = "key{n:04}: " + "x" * 90 + "\n"
    block = "".join(line.format(n=n) for n in range(600))
    assert len(head_of(block).fields) == 600
    head = head_of("confidential: yes\n" + block + block)
    assert (head.state, values(head)["confidential"]) == ("bad", ("yes",))
    assert [(p.severity, p.line) for p in head.problems] == [("error", 2)]
    assert head.body_line > 1200


def test_prose_between_two_rules_may_be_as_long_as_it_likes() -> None:
    text = "---\n" + "Once upon a time.\n" * 5_000 + "---\nThe end."
    head = read_head("story.md", text)
    assert (head.state, head.body_start) == ("not-mapping", 0)
    assert [p.severity for p in head.problems] == ["hint"]


def test_deep_nesting_that_people_could_write_is_read() -> None:
    assert values(head_of("a: " + "{a: " * 40 + "x" + "}" * 40)) == {".".join(["a"] * 41): ("x",)}


# What was meant to be guarded is guarded


@pytest.mark.parametrize(
    "text",
    [
        "---\nname: Ada\nconfidential: true\n\nnever closed",
        "---\nname:Ada\nconfidential: yes\nprose\n---\n",
        "---\nname: [[[\n  confidential: maybe\n---\n",
    ],
)
def test_confidential_is_seen_where_nothing_else_can_be_read(text: str) -> None:
    head = read_head("ada.md", text)
    assert head.state != "ok"
    assert values(head)["confidential"][0] in ("true", "yes", "maybe")


@pytest.mark.parametrize("value", ["false", "no", "", "# yes"])
def test_a_note_that_is_not_confidential_does_not_become_so(value: str) -> None:
    head = read_head("ada.md", f"---\nname: Ada\nconfidential: {value}\n\nnever closed")
    assert not is_confidential(head.fields)


# A note that cannot be read is reported, and stays what it was

BIO = "bio: |\n  She is one\n  of a kind\n  and more\n-\n"


@pytest.mark.parametrize(
    "text",
    [
        f"---\ntype: person\n{BIO}---\n",
        f"---\n{BIO}type: person\n---\n",
        f"---\n{BIO.replace('  ', '')}type: person\n---\n",
        f"---\ntags: []\n{BIO}type: person\n---\n",
        "---\nfoo\nbar\ntype: person\nx\ny\nz\n---\n",
        "---\ntype:person\nname:Ada\n---\n",
        "---\n- type: person\n- name: Ada\n---\n",
        '---\nname: "Ada\ntype: person\nnote: x"\n---\n',
        "---\ntype: [person\nname: Ada\n---\n",
        "---\n\ttype: person\n---\n",
        f"---\ntype: person\n{BIO}\n\nnever closed",
        "---\nbio: |\n  one\n\n  two\ntype: person\n\nnever closed",
        "---yaml\ntype: person\nname: Ada\n---\n",
        "--- type: person\nname: Ada\n---\n",
        "---\ntype: person\n" + "x: y\n" * 20_000 + "---\n",
    ],
)
def test_front_matter_that_cannot_be_read_is_reported_and_its_type_counts(text: str) -> None:
    head = read_head("ada.md", text)
    assert [p.severity in ("error", "warning") for p in head.problems] == [True], head.problems
    assert values(head)["type"] == ("person",)
    guarded = text.replace("type: person\n", "type: person\nconfidential: true\n")
    assert is_confidential(read_head("ada.md", guarded).fields) or guarded == text


def test_what_is_confidential_stays_so_far_down_in_front_matter_that_is_too_large() -> None:
    head = read_head("ada.md", "---\ntype: person\n" + "x: y\n" * 20_000 + "confidential: true\n---\n")
    assert is_confidential(head.fields)


def test_the_text_of_a_long_value_is_kept_where_the_line_below_it_is_broken() -> None:
    assert values(head_of(BIO.rstrip())) == {"bio": ("She is one of a kind and more",)}
    head = head_of("bio: |\n  role: a cook\n\n  - too\n- name: x")
    assert values(head)["bio"] == ("role: a cook - too",)


def test_a_value_without_a_blank_keeps_its_place() -> None:
    head = head_of("type:person\nname: Ada\nemail:x")
    assert [(f.name, f.values, f.line, f.column) for f in head.fields] == [
        ("type", ("person",), 2, 6),
        ("name", ("Ada",), 3, 7),
        ("email", ("x",), 4, 7),
    ]


# For all


PIECES = ["[[", "]]", "{{", "}}", "<<<<<<< ", "- ", ": ", "---\n", "name: ", "confidential: "]
SIGNS = st.sampled_from([*"---\n\n\n::  \t[]{}#&*!|>'\"%@`?,.~<=abc012é\0\u2028", *PIECES])
HEADS = st.lists(SIGNS, max_size=60).map("".join).map(lambda block: f"---\n{block}")


@settings(max_examples=200)
@given(st.one_of(st.text(), HEADS, HEADS.map(lambda text: text + "\n---\nbody")))
def test_any_text_is_read_and_every_place_is_in_it(text: str) -> None:
    head = read_head("ada.md", text)
    lines = text.split("\n")
    assert head.state in ("none", "ok", "bad", "unclosed", "not-mapping")
    assert text.count("\n", 0, head.body_start) + 1 == head.body_line or head.body_start == len(text)
    assert (head.end_line > 0) == (head.state in ("ok", "bad"))
    if text.startswith("---\n"):
        # an empty line below dashes that nothing closes makes them a rule, to every program
        is_rule = head.state == "unclosed" and not lines[1].strip()
        assert head.state == "ok" or head.problems or is_rule
    places = [(f.line, f.column) for f in head.fields] + [(x.line, x.column) for x in head.links]
    for line, column in places + [(p.line, p.column) for p in head.problems]:
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    for link in head.links:
        at = sum(len(line) + 1 for line in lines[: link.line - 1]) + link.column - 1
        assert text[at : at + len(link.raw)].translate({0x85: " ", 0x2028: " "}) == link.raw.translate(
            {0x85: " ", 0x2028: " "}
        )


WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"
    ),
    min_size=1,
)


@settings(max_examples=200)
@given(
    st.dictionaries(WORDS.filter(str.strip), st.one_of(WORDS, st.lists(WORDS, min_size=1)), min_size=1),
    st.booleans(),
)
@example({"name": "~\xa0"}, False)
def test_what_a_program_writes_is_read_back(card: dict[str, str | list[str]], flow: bool) -> None:
    head = head_of(
        yaml.safe_dump(
            card, allow_unicode=True, sort_keys=False, default_flow_style=None if flow else False
        ).rstrip("\n")
    )
    wanted = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in card.items()}
    assert head.state == "ok", head.problems
    assert {f.name: f.values for f in head.fields} == {
        key.strip(): tuple(v for value in texts if (v := value.strip())) for key, texts in wanted.items()
    } or len({key.strip() for key in card}) < len(card)


@settings(max_examples=100)
@given(block=HEADS.map(lambda text: text[4:].replace("\0", "").replace("\u2028", "")))
def test_the_slower_parser_reads_the_same(block: str) -> None:
    fast = read_values("a.md", block, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CBaseLoader", raising=False)
        slow = read_values("a.md", block, 2)
    if isinstance(fast, Reading) and isinstance(slow, Reading):
        assert fast == slow


def test_prose_is_distinguished_from_front_matter() -> None:
    assert broken.is_meant("name: Ada\nx: @y\n  - z")
    assert broken.is_meant('{"name": 1}')
    assert broken.is_meant("@todo\nname: Ada\ntags: [person]")
    assert not broken.is_meant("Once upon a time\nname: Ada")
    assert not broken.is_meant("Note: this\nis prose\nof three lines")
