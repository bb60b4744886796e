"""A task is ticked and a block renewed by its line, or nothing happens."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark, raises

from mdmentor.core.edit import UnsafeEdit, replace_blocks, tick


def replace_between(data: bytes, first: int, last: int, content: str) -> bytes:
    return replace_blocks(data, [(first, last, content)])


@mark.parametrize(
    ("line", "text"),
    [
        ("- [ ] send the paper", "send the paper"),
        ("* [ ] send the paper 📅 2026-11-30 #waiting", "send the paper"),
        ("  1. [ ] send (by 2026-11-30), then call", "send, then call"),
        ("> - [ ] send the paper", "send the paper"),
        ("- [\t] send", "send"),
        ("- [/] send", "send"),
    ],
)
def test_an_open_task_is_ticked_in_one_character(line: str, text: str) -> None:
    note = f"\ufeff# Ada\r\n{line}\r\n- [ ] other"
    before, _, behind = line.partition("[")
    ticked = f"{before}[x{behind[1:]}"
    assert tick(note.encode(), 2, text).decode() == note.replace(line, ticked)


def test_a_task_may_go_on_over_several_lines() -> None:
    note = b"- [ ] send the\n  paper\n- [ ] paper\n"
    assert tick(note, 1, "send the paper") == note.replace(b"[ ]", b"[x]", 1)
    with raises(UnsafeEdit, match="different task"):
        tick(b"- [ ] send the\n- [ ] paper\n", 1, "send the paper")


@mark.parametrize(
    ("line", "text", "why"),
    [
        (1, "send", "no task"),
        (2, "call", "different task"),
        (2, "", "different task"),
        (3, "send", "ticked already"),
        (4, "send", "no task"),
        (0, "send", "no task"),
        (9, "send", "no task"),
    ],
)
def test_a_line_that_is_not_that_open_task_is_refused(line: int, text: str, why: str) -> None:
    with raises(UnsafeEdit, match=why):
        tick(b"# Ada\n- [ ] send the paper\n- [x] send\n- send\n", line, text)


def test_the_inside_of_a_block_is_renewed_in_the_notes_newlines() -> None:
    note = b"\xef\xbb\xbfa\r\n<!-- mdmentor:card -->\r\nold\r\n<!-- /mdmentor -->\r\nb"
    assert replace_between(note, 2, 4, "x\n\ny") == note.replace(b"old\r\n", b"x\r\n\r\ny\r\n")
    assert replace_between(note, 2, 4, "") == note.replace(b"old\r\n", b"")
    assert replace_between(note, 2, 4, "old\n") == note


def test_a_block_within_a_list_stays_within_it() -> None:
    note = b"- a\n  <!-- mdmentor:card -->\n  <!-- /mdmentor -->\n"
    assert replace_between(note, 2, 3, "x\n\n- y") == (
        b"- a\n  <!-- mdmentor:card -->\n  x\n\n  - y\n  <!-- /mdmentor -->\n"
    )


@mark.parametrize(("first", "last"), [(1, 3), (2, 3), (2, 5), (3, 4), (4, 2), (2, 99), (0, 4)])
def test_lines_that_are_not_the_two_markers_are_refused(first: int, last: int) -> None:
    note = b"a\n<!-- mdmentor:card -->\nold\n<!-- /mdmentor -->\n<!-- /mdmentor -->\n"
    with raises(UnsafeEdit, match="not where it was"):
        replace_between(note, first, last, "x")


def test_content_that_would_end_the_block_is_refused() -> None:
    with raises(UnsafeEdit, match="end it early"):
        replace_between(b"<!-- mdmentor:card -->\n<!-- /mdmentor -->\n", 1, 2, "a\n<!-- /mdmentor -->\nb")


@given(
    st.text("ab\n\r#-é", max_size=20),
    st.lists(st.text("xy -#", max_size=6), max_size=4).filter(lambda lines: not lines or lines[-1] != ""),
    st.text("ab\n\r#-é", max_size=20),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_stands_around_a_block_stays(above: str, lines: list[str], below: str, newline: str) -> None:
    start = f"# {above}\n<!-- mdmentor:next -->{newline}".encode()
    end = f"<!-- /mdmentor -->{newline}{below}".encode()
    first = len(start.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    note = start + f"old{newline}".encode() + end
    result = replace_between(note, first, first + 2, "\n".join(lines))
    assert result.startswith(start) and result.endswith(end)
    inside = result[len(start) : len(result) - len(end)].decode()
    assert inside.split(newline)[:-1] == lines
    assert replace_between(result, first, first + 1 + inside.count("\n"), "\n".join(lines)) == result
