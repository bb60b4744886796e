"""Raw text goes out as it came in, and edits touch what they name."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from mdmentor.core.conflict_marks import find_conflict
from mdmentor.core.edit import (
    Edit,
    RawNote,
    UnsafeEdit,
    apply,
    decode_raw,
    encode_raw,
    find_lines,
    line_end,
    line_start,
    newline_before,
    next_line,
)

TEXT = st.text("ab \n\r\té\ufeff\u2028", max_size=30)


@given(st.binary(max_size=30) | TEXT.map(str.encode))
def test_bytes_come_back_or_are_refused(data: bytes) -> None:
    try:
        note = decode_raw(data)
    except UnsafeEdit:
        return
    assert encode_raw(note) == data


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
    assert decode_raw(data).newline == newline


def test_what_is_no_text_is_told_with_its_line() -> None:
    with raises(UnsafeEdit, match="0xff in line 2"):
        decode_raw(b"a\n\xff")


def test_a_character_that_utf8_cannot_hold_is_refused() -> None:
    with raises(UnsafeEdit):
        encode_raw(RawNote("\ud800", False, "\n"))


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
    lines = find_lines(text)
    assert "".join(text[line.start : line.next] for line in lines) == text
    for line in lines:
        assert not set("\r\n") & set(text[line.start : line.end])
        assert text[line.end : line.next] in ("\n", "\r\n", "\r") or line == lines[-1]
        assert line_start(text, line.end) == line.start
        assert line_end(text, line.start) == line.end
        assert next_line(text, line.start) == line.next


def test_a_line_put_in_gets_the_newline_of_the_line_above() -> None:
    note = decode_raw(b"a\nb\r\nc\rd")
    assert [newline_before(note, offset) for offset in (0, 2, 5, 7, 8)] == [
        "\r\n",
        "\n",
        "\r\n",
        "\r",
        "\r\n",
    ]


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
