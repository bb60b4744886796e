"""Raw text goes out as it came in, and edits touch what they name."""

import re

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from mdmentor.core.conflict_marks import find_conflict
from mdmentor.core.edit import (
    Edit,
    OpenNote,
    UnsafeEdit,
    apply,
    edited,
    line_end,
    line_start,
    line_starts,
    next_line,
)
from mdmentor.core.text import plain_newlines

TEXT = st.text("ab \n\r\té\ufeff\u2028", max_size=30)


@given(st.binary(max_size=30) | TEXT.map(str.encode))
def test_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        note = OpenNote(data)
    except UnsafeEdit:
        return
    assert edited(note, []) == data


@mark.parametrize(
    ("data", "newline"),
    [
        (b"a", "\n"),
        (b"a\nb\r\n", "\r\n"),
        (b"a\nb\nc\r\n", "\n"),
        (b"a\rb", "\r"),
        (b"\xef\xbb\xbfa\r\n", "\r\n"),
    ],
)
def test_the_usual_newline_is_the_most_frequent_one(data: bytes, newline: str) -> None:
    changed = edited(OpenNote(data), [Edit(0, 0, "x\n")])
    assert changed.removeprefix(b"\xef\xbb\xbf").startswith(f"x{newline}a".encode())


def test_what_is_no_text_is_told_with_its_line() -> None:
    with raises(UnsafeEdit, match="0xff in line 2"):
        OpenNote(b"a\n\xff")


def test_a_character_that_utf8_cannot_hold_is_refused() -> None:
    with raises(UnsafeEdit):
        edited(OpenNote(b"a"), [Edit(0, 0, "\ud800")])


def test_edits_are_made_together_and_insertions_keep_their_order() -> None:
    edits = [Edit(3, 4, "D"), Edit(1, 1, "x"), Edit(1, 1, "y"), Edit(1, 2, "B")]
    assert apply("abcd", edits) == "axyBcD"
    assert apply("abcd", []) == "abcd"


@mark.parametrize(
    "edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(-1, 0, "")], [Edit(2, 1, "")], [Edit(0, 9, "")]]
)
def test_edits_that_cannot_be_made_are_an_error(edits: list[Edit]) -> None:
    with raises(ValueError, match="overlap"):
        apply("abcd", edits)


@given(TEXT)
def test_lines_cover_the_text_and_hold_no_newline(text: str) -> None:
    text = plain_newlines(text)
    starts = line_starts(text)
    assert [text[start : line_end(text, start)] for start in starts] == text.split("\n")
    for start in starts:
        assert line_start(text, line_end(text, start)) == start
        assert next_line(text, start) == min([place for place in starts if place > start], default=len(text))


@given(
    st.lists(st.sampled_from(["a", "b ", "\n", "\r\n"])).map("".join),
    st.integers(0, 30),
    st.integers(0, 5),
    st.text("ab\n", max_size=3),
)
def test_what_no_edit_names_keeps_its_newlines(text: str, start: int, length: int, new: str) -> None:
    note = OpenNote(text.encode())
    start = min(start, len(note.text))
    end = min(start + length, len(note.text))
    result = OpenNote(edited(note, [Edit(start, end, new)]))
    assert result.text == note.text[:start] + new + note.text[end:]
    newlines = re.compile("\r\n|\n|\r")
    kept = newlines.findall(note.source)
    gone = note.text.count("\n", start, end)
    found = newlines.findall(result.source)
    first = note.text.count("\n", 0, start)
    assert found[:first] == kept[:first]
    assert found[len(found) - len(kept) + first + gone :] == kept[first + gone :]


@mark.parametrize(
    ("place", "data"),
    [
        (0, b"x\r\na\nb\r\nc\rd"),
        (2, b"a\nx\nb\r\nc\rd"),
        (4, b"a\nb\r\nx\r\nc\rd"),
        (6, b"a\nb\r\nc\rx\rd"),
        (7, b"a\nb\r\nc\rdx\r\n"),
    ],
)
def test_a_line_put_in_gets_the_newline_of_the_line_above(place: int, data: bytes) -> None:
    assert edited(OpenNote(b"a\nb\r\nc\rd"), [Edit(place, place, "x\n")]) == data


@mark.parametrize(
    ("text", "line"),
    [
        ("a\n<<<<<<< HEAD\n", 2),
        ("a\r\nb\r\n>>>>>>> x\r\n", 3),
        (">>>>>>>", 1),
        ("Title\n=======\n", None),
        (" <<<<<<< indented\n", None),
        ("<<<<<<<no\n", None),
        ("> > > > > > > quote\n", None),
    ],
)
def test_the_marks_of_a_merge_are_found(text: str, line: int | None) -> None:
    assert find_conflict(text) == line
