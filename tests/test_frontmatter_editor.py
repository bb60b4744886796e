"""One key of the front matter changes, and every other byte of the note stays."""

from typing import Any

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch, mark, raises

from mdmentor.core.edit import Edit, UnsafeEdit
from mdmentor.core.frontmatter import editor, quote
from mdmentor.core.frontmatter.editor import add_to_list, set_field
from mdmentor.core.frontmatter.reader import read_head


def changed(note: str, key: str, value: str | list[str] | None) -> str:
    return set_field(note.encode(), key, value).decode()


def refusal(note: str | bytes, key: str = "next", value: str | list[str] | None = "2026-12-01") -> str:
    with raises(UnsafeEdit) as caught:
        set_field(note.encode() if isinstance(note, str) else note, key, value)
    assert caught.value.fix
    return caught.value.reason


# A value keeps the style it is written in


@mark.parametrize(
    ("before", "value", "after"),
    [
        ("cadence: 30", "6 weeks", "cadence: 6 weeks"),
        ("cadence:   30   # days", "60", "cadence:   60   # days"),
        ("cadence: 'monthly' # ok", "year's end", "cadence: 'year''s end' # ok"),
        ('cadence: "monthly"', 'the "long" one', 'cadence: "the \\"long\\" one"'),
        ("cadence:", "30", "cadence: 30"),
        ("cadence: ", "30", "cadence: 30"),
        ("cadence:  # in days", "30", "cadence: 30  # in days"),
        ("cadence: ~", "30", "cadence: 30"),
        ("cadence: {{cadence}}", "30", "cadence: 30"),
        ("cadence:\n  monthly", "30", "cadence:\n  30"),
        ("cadence: every\n  month", "30", "cadence: 30"),
        ("cadence: | # why\n  every\n   month\n", "30", "cadence: 30 # why\n"),
        ("cadence: >-\n  every\n\n  month\n\n# end", "30", "cadence: 30\n\n# end"),
        ('"cadence": 1', "30", '"cadence": 30'),
        ("cadence : 1", "30", "cadence : 30"),
        ("cadence: [[Monthly]]", "[[Yearly]]", 'cadence: "[[Yearly]]"'),
        ("cadence: [a, b] # c", "30", "cadence: 30 # c"),
        ("cadence: # c\n  - a\n  # between\n  - b\n# end", "30", "cadence: 30 # c\n# end"),
        ("cadence:\n- a\n- b", "30", "cadence: 30"),
    ],
)
def test_a_text_is_put_where_the_old_value_stood(before: str, value: str, after: str) -> None:
    frame = "---\nname: Ada\n{}\ncity: London\n---\n# Ada\n"
    assert changed(frame.format(before), "cadence", value) == frame.format(after)


@mark.parametrize(
    ("before", "value", "after"),
    [
        ("tags: [a, b]", ["a", "b", "c"], "tags: [a, b, c]"),
        ("tags: [a, b]", ["c", "a", "b"], "tags: [c, a, b]"),
        ("tags: [ a,b ] # x", ["b"], "tags: [ b ] # x"),
        ("tags: [ a,b ] # x", ["a"], "tags: [ a ] # x"),
        ("tags: ['a', 'b']", ["a", "it's"], "tags: ['a', 'it''s']"),
        ("tags: [a]", ["b: c"], 'tags: ["b: c"]'),
        ("tags: [a]", [], "tags: []"),
        ("tags: []", ["a", "b"], "tags: [a, b]"),
        ("tags: [a, b,]", ["a", "b", "c"], "tags: [a, b, c,]"),
        ("tags: [\n  a, # x\n  b\n]", ["a", "c"], "tags: [\n  a, # x\n  c\n]"),
        ("tags: [\n  a,\n  b\n]", ["a", "b", "c"], "tags: [\n  a,\n  b,\n  c\n]"),
        ("tags: [[[A]], [[B]]]", ["[[A]]", "[[C]]"], 'tags: [[[A]], "[[C]]"]'),
        ("tags:\n  - a", ["a", "b"], "tags:\n  - a\n  - b"),
        ("tags:\n- a # x\n\n- b", ["a", "b", "c"], "tags:\n- a # x\n\n- b\n- c"),
        (
            "tags:\n    -   'a'\n    # y\n    -   'b' # z",
            ["a", "q"],
            "tags:\n    -   'a'\n    # y\n    -   'q' # z",
        ),
        ("tags:\n  - a # x\n  - b", ["b"], "tags:\n  - b"),
        ("tags:\n  - a\n  - b # x", ["z", "a", "b"], "tags:\n  - z\n  - a\n  - b # x"),
        ("tags: \n  - ", ["a"], "tags: \n  - a"),
        ("tags:\n  -\n  - b", ["a", "b"], "tags:\n  - a\n  - b"),
        ("tags:\n  - |\n    long\n    text\n  - b", ["a", "b"], "tags:\n  - a\n  - b"),
        ("tags:\n  - a\n  - b", [], "tags: []"),
        ("tags: a", ["a", "b"], "tags:\n  - a\n  - b"),
        ("tags: a # x", ["a", "b"], "tags:  # x\n  - a\n  - b"),
        ("tags:", ["a"], "tags:\n  - a"),
        ("tags: ", ["a"], "tags: \n  - a"),
        ("tags:\n  a", ["b", "c"], "tags:\n  [b, c]"),
        ("tags: |\n  a\n  b", ["b"], "tags: [b]"),
    ],
)
def test_a_list_keeps_its_style_and_the_items_that_stay(before: str, value: list[str], after: str) -> None:
    frame = "---\nname: Ada\n{}\ncity: London\n---\n# Ada\n"
    assert changed(frame.format(before), "tags", value) == frame.format(after)


def test_a_new_key_comes_before_the_closing_fence() -> None:
    assert changed("---\nname: Ada # x\n\n# end\n---\n", "next", "2026-12-01") == (
        "---\nname: Ada # x\n\n# end\nnext: 2026-12-01\n---\n"
    )


def test_a_new_key_is_indented_as_the_others_are() -> None:
    assert (
        changed("---\n  name: Ada\n---\n", "next", "2026-12-01")
        == "---\n  name: Ada\n  next: 2026-12-01\n---\n"
    )


def test_a_new_list_is_written_as_the_note_writes_lists() -> None:
    assert changed("---\ntags: [a]\n---\n", "aliases", ["Countess", "A, L"]) == (
        '---\ntags: [a]\naliases: [Countess, "A, L"]\n---\n'
    )
    assert (
        changed("---\ntags:\n- a\n---\n", "aliases", ["Countess"])
        == "---\ntags:\n- a\naliases:\n- Countess\n---\n"
    )
    assert (
        changed("---\nname: Ada\n---\n", "aliases", ["Countess"])
        == "---\nname: Ada\naliases:\n  - Countess\n---\n"
    )
    assert changed("---\nname: Ada\n---\n", "aliases", []) == "---\nname: Ada\naliases: []\n---\n"


def test_a_note_without_front_matter_gets_a_block_at_its_top() -> None:
    assert changed("# Ada\n", "next", "2026-12-01") == "---\nnext: 2026-12-01\n---\n# Ada\n"
    assert changed("", "tags", ["person"]) == "---\ntags:\n  - person\n---\n"


def test_an_empty_block_is_filled() -> None:
    assert changed("---\n---\nhi", "next", "soon") == "---\nnext: soon\n---\nhi"
    assert changed("---\n\n# a comment\n---\nhi", "next", "soon") == "---\n\n# a comment\nnext: soon\n---\nhi"


def test_byte_order_mark_and_windows_newlines_stay() -> None:
    note = b"\xef\xbb\xbf---\r\nname: Ada\r\ntags:\r\n  - a\r\n---\r\n\r\nhi"
    assert set_field(note, "next", "soon") == note.replace(b"---\r\n\r\n", b"next: soon\r\n---\r\n\r\n")
    assert set_field(note, "tags", ["a", "b"]) == note.replace(b"- a\r\n", b"- a\r\n  - b\r\n")
    assert set_field(b"\xef\xbb\xbfhi\r\n", "a", "1") == b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nhi\r\n"


def test_a_key_goes_with_all_its_lines_and_nothing_else() -> None:
    note = (
        "---\nname: Ada\n# about tags\ntags: # x\n  - a\n  # y\n  - b # z\n\n# below\nnext: soon\n---\nhi\n"
    )
    assert changed(note, "tags", None) == "---\nname: Ada\n# about tags\n\n# below\nnext: soon\n---\nhi\n"
    assert changed(note, "absent", None) == note


def test_a_note_closed_by_dots_is_changed_inside_them() -> None:
    assert changed("---\nname: Ada\n...\nhi\n", "next", "soon") == "---\nname: Ada\nnext: soon\n...\nhi\n"


def test_what_stands_there_already_is_not_written_again() -> None:
    note = "---\na: 'x'\nb: [x,  y]\nc: [[Ada]]\nd:\n- \"p\"\n---\n"
    for key, value in (("a", "x"), ("b", ["x", "y"]), ("c", "[[Ada]]"), ("d", ["p"])):
        assert changed(note, key, value) == note


# How a new value is quoted


@mark.parametrize(
    "text",
    [
        "30",
        "-5",
        "1.5",
        "true",
        "false",
        "monthly",
        "2026-10-14",
        "2026-10-14T10:30:00",
        "10-14",
        "job",
        "a#b",
        "a:b",
        "https://x.org/a?b=c#d",
        "José",
        "山田太郎",
        "don't",
        "ada@x.org",
        "0178x",
        "1.2.3",
        "é🌲",
        "x,y",
    ],
)
def test_a_text_that_every_reader_takes_as_it_is_stays_plain(text: str) -> None:
    assert quote(text) == text


@mark.parametrize(
    "text",
    [
        "no",
        "NO",
        "yes",
        "off",
        "y",
        "null",
        "~",
        "True",
        "0123",
        "0178",
        "1.10",
        "12:30",
        "1e3",
        "0x1F",
        "1_000",
        ".5",
        "+4917012345",
        "2024-02-30",
        "2026-1-5",
        "@ada",
        "#person",
        "a #b",
        "a: b",
        "a:",
        "- a",
        "-",
        "[[Ada]]",
        "[a",
        "{a",
        "see [[Ada]]",
        "",
        " a",
        "a ",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "`a`",
        "'a'",
        '"a"',
        "?",
        ": a",
        "=",
        "<<",
        "...",
        "---",
        "a\tb",
        "a\nb",
        "a\u2028b",
        "\ufeffa",
        "a\x07b",
        "99999999999999999999",
        "2026-10-14T99:00:00",
        "\x85",
        "\\",
    ],
)
def test_a_text_that_some_reader_takes_otherwise_is_quoted(text: str) -> None:
    written = quote(text)
    assert written.startswith('"') if text != "\\" else written == "\\"
    assert yaml.load(f"a: {written}\n", yaml.BaseLoader) == {"a": text}


@mark.parametrize("part", ["[", "{", "- ", "? ", "a: [", "!a "])
def test_a_text_that_nests_deep_is_quoted(part: str) -> None:
    assert quote(part * 3000) == f'"{part * 3000}"'
    assert quote("a: " + part * 3000) == f'"a: {part * 3000}"'


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "'", '"']), st.booleans())
def test_any_text_reads_back_from_its_quoting(text: str, style: str, in_flow: bool) -> None:
    written = quote(text, style, in_flow=in_flow)
    frame = "a: [x, {}, y]\n" if in_flow else "a: {}\n"
    expected = ["x", text, "y"] if in_flow else text
    assume("\0" not in text)
    assert yaml.load(frame.format(written), yaml.BaseLoader) == {"a": expected}
    assert "\n" not in written and "\r" not in written


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
    | st.from_regex(r"[-+.0-9xoe:_TZ ]{1,12}", fullmatch=True)
)
def test_a_plain_text_means_the_same_to_a_typing_reader(text: str) -> None:
    written = quote(text)
    read = yaml.safe_load(f"a: {written}\n")["a"]
    assert read == text or str(read) == text or read is True or read is False or hasattr(read, "year")
    assert isinstance(read, str) or not isinstance(read, bool) or text in ("true", "false")


# What is refused


@mark.parametrize(
    ("note", "why"),
    [
        ("---\nname: Ada\n", "never closed"),
        ("---\nname: @ada\n---\n", "line 2"),
        ("---\nname: a: b\n---\n", "line 2"),
        ("---\nname: 'Ada\n---\n", "line 2"),
        ("---\n{name: Ada}\n---\n", "braces"),
        ("+++\nname = 'Ada'\n+++\n# Ada\n", "TOML"),
        ("---\njust words\n---\n", "dashes"),
        ("---\n- a\n- b\n---\n", "dashes"),
        ("---\na: 1\nb: 2\na: 3\n---\n", "twice"),
        ("---\na:\n  b: 1\n  b: 2\n---\n", "twice"),
        ("---\na: 1\n\tb: 2\n---\n", ""),
        ("---\na: x\n \t y\n---\n", "tab"),
        ("---\na: [x,\n\ty]\n---\n", "tab"),
        ('---\na: "x\n\ty"\n---\n', "tab"),
        ("---\na:\n  - b: 1\n    b: 2\n---\n", "twice"),
        ("---\na: 1\n---\nhi\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\n", "line 5"),
        ("---\n<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n---\n", "line 2"),
        ("---\nbase: &b\n  x: 1\n<<: *b\n---\n", "merges"),
        ("---\nnext: &d 2026-01-01\n---\n", "anchor"),
        ("---\nx: &d 2026-01-01\nnext: *d\n---\n", "alias"),
        ("---\nnext: !!str 2026-01-01\n---\n", "tag"),
        ("---\nnext: [&d a]\n---\n", "anchor"),
        ("---\n? next\n: a\n---\n", "question mark"),
        ("---\nnext:\n  on: monday\n---\n", "keys of its own"),
        ("---\nnext: a\u2028x: b\n---\n", ""),
        ("---\nname: Ada\x01\n---\n", "control character"),
        (b"---\nname: Jos\xe9\n---\n", "UTF-8"),
        ("---\nname: Ada\n---\n".encode("utf-16"), "UTF-8"),
        ("---\nname: Ada\n---\n".encode("utf-16-le"), "NUL"),
    ],
)
def test_a_note_that_cannot_be_changed_with_certainty_is_refused(note: str | bytes, why: str) -> None:
    assert why in refusal(note)


@mark.parametrize(
    "slip",
    [
        Edit(4, 5, "B"),  # another key's name
        Edit(0, 0, "\n"),  # what stands above
        Edit(21, 22, "X"),  # the body
        Edit(7, 7, " # c\nnew: x"),  # a key too many
        Edit(15, 15, "0"),  # another value than was asked
    ],
)
def test_an_edit_that_would_do_more_or_less_than_was_asked_is_refused(
    monkeypatch: MonkeyPatch, slip: Edit
) -> None:
    """The edits are read again: should they ever be wrong, no note suffers."""
    note, honest = "---\na: 1\nnext: 2\n---\nxyz\n", editor._changed

    def slipping(*arguments: Any) -> list[Edit]:
        return [*honest(*arguments), slip]

    assert changed(note, "next", "3") == note.replace("2", "3")
    monkeypatch.setattr(editor, "_changed", slipping)
    assert "cannot be changed without touching" in refusal(note, "next", "3")


def test_a_key_inside_another_is_not_written_beside_it() -> None:
    assert "inside" in refusal("---\nname:\n  first: Ada\n---\n", "name.first", "Augusta")


def test_a_list_of_more_than_texts_is_not_written_over() -> None:
    assert "not just text" in refusal("---\nnext:\n  - a: 1\n---\n", "next", ["x"])
    assert changed("---\nnext:\n  - a: 1\n  - x\n---\n", "next", None) == "---\n---\n"


def test_a_value_that_no_file_can_hold_is_refused() -> None:
    assert "UTF-8" in refusal("---\na: 1\n---\n", "next", "a\udc80b")


# Adding to a list


@mark.parametrize(
    ("before", "after"),
    [
        ("tags: [a]", "tags: [a, new]"),
        ("tags:\n  - a\n", "tags:\n  - a\n  - new\n"),
        ("tags: new", "tags: new"),
        ("tags: [new]", "tags: [new]"),
        ("tags: a", "tags:\n  - a\n  - new"),
        ("tags: a, b", "tags:\n  - a\n  - b\n  - new"),
        ("tags: a b", "tags:\n  - a\n  - b\n  - new"),
        ("aliases: x\ntags:", "aliases: x\ntags:\n  - new"),
        ("tags: ~", "tags:\n  - new"),
        ("tags:\n  - ", "tags:\n  - new"),
        ("tags: []", "tags: [new]"),
    ],
)
def test_an_item_is_added_at_the_end_of_its_list(before: str, after: str) -> None:
    assert add_to_list(f"---\n{before}\n---\n".encode(), "tags", "new").decode() == f"---\n{after}\n---\n"


def test_a_text_with_a_comma_is_one_item_where_no_older_list_is_meant() -> None:
    note = b"---\ncompany: Smith, Jones & Co\n---\n"
    assert add_to_list(note, "company", "Lloyd's") == (
        b"---\ncompany:\n  - Smith, Jones & Co\n  - Lloyd's\n---\n"
    )


def test_a_tag_that_yaml_takes_for_a_comment_is_not_lost() -> None:
    with raises(UnsafeEdit, match="#person"):
        add_to_list(b"---\ntags: #person\n---\n", "tags", "friend")


# What holds for all notes

DOUBLE = '"'
KEYS = ("name", "tags", "Last contact", "e-mail", "größe", "next", "x1", "prm-tier")
WORDS = st.text("abzé山 ", min_size=1, max_size=8).map(str.strip).filter(bool)
VALUES = (
    st.sampled_from(
        [
            "no",
            "0123",
            "12:30",
            "2026-10-14",
            "[[Ada]]",
            "a: b",
            "it's",
            '"q"',
            "true",
            "# x",
            "- y",
            "a, b",
            "\\n",
        ]
    )
    | WORDS
)
COMMENT = st.sampled_from(["", "", " # c", "  # [x: ', \""])


@st.composite
def entries(draw: st.DrawFn, key: str) -> str:
    """The lines of one key with a value in any style."""
    kind = draw(
        st.sampled_from(
            ["empty", "plain", "quoted", "link", "flow", "flow lines", "block", "text", "map", "lines"]
        )
    )
    comment = draw(COMMENT)
    items = draw(st.lists(VALUES, min_size=1, max_size=4))
    style = draw(st.sampled_from(["", "'", '"']))
    margin = " " * draw(st.integers(0, 4))
    start = f"{key}{draw(st.sampled_from(['', '', ' ']))}:"
    if kind == "empty":
        return start + draw(st.sampled_from(["", " ", "   "])) + comment
    if kind == "plain":
        return f"{start}{draw(st.sampled_from([' ', '   ']))}{quote(items[0])}{comment}"
    if kind == "quoted":
        return f"{start} {quote(items[0], style or DOUBLE)}{comment or draw(st.sampled_from(['', '  ']))}"
    if kind == "link":
        return f"{start} [[{draw(WORDS)}]]{comment}"
    if kind == "flow":
        inside = draw(st.sampled_from([", ", ",  ", " , "])).join(
            quote(item, style, in_flow=True) for item in items
        )
        return f"{start} {draw(st.sampled_from(['[{}]', '[ {} ]', '[{},]'])).format(inside)}{comment}"
    if kind == "flow lines":
        return (
            f"{start} [\n"
            + ",\n".join(f"   {quote(item, style, in_flow=True)}" for item in items)
            + f"\n ]{comment}"
        )
    if kind == "block":
        gap = " " * draw(st.integers(1, 3))
        lines = [start + comment]
        for item in items:
            lines += draw(st.sampled_from([[], [], [""], [margin + "# between"]]))
            lines.append(f"{margin}-{gap}{quote(item, style)}{draw(COMMENT)}")
        return "\n".join(lines)
    if kind == "text":
        mark = draw(st.sampled_from(["|", ">", "|-", ">-"]))
        return "\n".join(
            [f"{start} {mark}{comment}", *(f"  {margin}{word}" for word in ("one", " # two", "", "three"))]
        )
    if kind == "map":
        return f"{start}{comment}\n {margin}first: {quote(items[0], style)}\n {margin}last: x"
    return f"{start}{comment}\n   {quote(items[0], style)}"


@st.composite
def notes(draw: st.DrawFn) -> tuple[bytes, list[str], list[str]]:
    """A note, its keys, and its parts: what stands before each key, the key's lines, and what comes below."""
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=5))
    between = st.sampled_from(["", "", "", "\n", "# note: [x\n", "# far\n\n"])
    parts = ["---" + draw(st.sampled_from(["", "", " "])) + "\n"]
    for key in keys:
        parts += [draw(between), draw(entries(key)) + "\n"]
    parts += [
        draw(between),
        "---" + draw(st.sampled_from(["\n", " \n", "", "\n\n# Ada\n", "\nlast\n---\nx: y"])),
    ]
    newline = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    parts = [part.replace("\n", newline) for part in parts]
    bom = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return bom + "".join(parts).encode(), keys, parts


def base(data: bytes) -> dict[str, object]:
    """The front matter as YAML reads it with all values as text."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    block = text.split("\n", 1)[1]
    lines = block.split("\n")
    end = next(number for number, line in enumerate(lines) if line.rstrip() == "---")
    return dict(yaml.load("".join(line + "\n" for line in lines[:end]), yaml.BaseLoader) or {})


def is_map(part: str) -> bool:
    return "first:" in part


@settings(max_examples=200, deadline=None)
@given(notes(), st.data())
def test_only_the_value_asked_for_differs(
    made: tuple[bytes, list[str], list[str]], data: st.DataObject
) -> None:
    note, keys, parts = made
    assume(keys)
    number = data.draw(st.integers(0, len(keys) - 1))
    key, place = keys[number], 2 + 2 * number
    assume(not is_map(parts[place]))
    value = data.draw(VALUES | st.lists(VALUES, max_size=4) | st.none())
    result = set_field(note, key, value)
    before, after = base(note), base(result)
    if value is None:
        assert key not in after
    elif result != note:
        assert after[key] == value
    assert {k: v for k, v in after.items() if k != key} == {k: v for k, v in before.items() if k != key}
    head = note[: len(note) - len("".join(parts[place:]).encode())]
    tail = "".join(parts[place + 1 :]).encode()
    assert result.startswith(head) and result.endswith(tail) and len(result) >= len(head) + len(tail)
    assert set_field(result, key, value) == result


@settings(max_examples=200, deadline=None)
@given(notes(), VALUES | st.lists(VALUES, max_size=3))
def test_a_key_that_was_added_can_be_taken_out_again(
    made: tuple[bytes, list[str], list[str]], value: str | list[str]
) -> None:
    note, _, parts = made
    added = set_field(note, "added", value)
    tail = parts[-1].encode()
    assert added.startswith(note[: len(note) - len(tail)]) and added.endswith(tail)
    assert base(added) == {**base(note), "added": value}
    assert set_field(added, "added", None) == note


@settings(max_examples=200, deadline=None)
@given(notes(), st.data(), VALUES)
def test_an_item_that_was_added_can_be_taken_out_again(
    made: tuple[bytes, list[str], list[str]], data: st.DataObject, item: str
) -> None:
    note, _, _ = made
    lists = [key for key, value in base(note).items() if isinstance(value, list) and item not in value]
    lists = [
        key for key in lists if base(note)[key] and all(isinstance(v, str) and v for v in base(note)[key])
    ]  # type: ignore[attr-defined]
    assume(lists)
    key = data.draw(st.sampled_from(lists))
    before = base(note)[key]
    added = add_to_list(note, key, item)
    assert base(added)[key] == [*before, item]  # type: ignore[misc]
    assert set_field(added, key, before) == note  # type: ignore[arg-type]


YAMLISH = st.text("ab:- \n\t\r[]{}#'\"|>&*!?,.\\%@`<~=é\u2028\ufeff\x85", max_size=40)


SNIPPETS = st.sampled_from([
    "  ", "\t", "\n", "\r\n", "\n\n", "- ", ": ", " #", "'", '"', "[", "]", "{", "}", "|", ">+", "&x ", "*x",
    "!t ", "<<: ", "? ", "...\n", "---\n", "a: ", "\u2028", "\x85", "\ufeff", "\x01", "%", "@", "`", "~", ",",
    "\n  ", "\n- x", "\n# c\n",
])  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A note that something was typed into, or cut out of, at any place."""
    note = draw(notes())[0].decode()
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(note)))
        note = note[:start] + draw(SNIPPETS) + note[start + draw(st.integers(0, 3)) :]
    return note.encode()


@settings(max_examples=200, deadline=None)
@given(
    damaged()
    | st.binary(max_size=40)
    | YAMLISH.map(lambda text: f"---\n{text}\n---\nhi\n".encode())
    | YAMLISH.map(str.encode),
    st.sampled_from(["a", "b", *KEYS]),
    VALUES | st.lists(VALUES, max_size=3) | st.none(),
)
def test_any_bytes_are_refused_or_changed_as_promised(
    note: bytes, key: str, value: str | list[str] | None
) -> None:
    try:
        result = set_field(note, key, value)
    except UnsafeEdit:
        return
    if result == note:
        return
    old = read_head("", note.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    new = read_head("", result.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    found = [field for field in new.fields if field.name == key]
    if value is None:
        assert not found
    else:
        assert found[0].values == (tuple(value) if isinstance(value, list) else (value,) if value else ())
        assert found[0].is_list == isinstance(value, list)
    others = [(f.name, f.values, f.is_list) for f in old.fields if f.name != key]
    assert [(f.name, f.values, f.is_list) for f in new.fields if f.name != key] == others
    assert set_field(result, key, value) == result


_PIECES = [
    "yes",
    "No",
    "a",
    "B",
    " ",
    ":",
    ": ",
    " #",
    "#",
    "'",
    '"',
    "1",
    "-",
    ",",
    "[",
    "{",
    "é",
    "\u00a0",
    "\t",
    "~",
    "null",
    "e5",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=5).map("".join) | st.text(max_size=8))
def test_a_text_written_as_yaml_reads_as_itself(text: str) -> None:
    for line in (f"key: {quote(text)}", f"key: [{quote(text, in_flow=True)}]"):
        value = yaml.safe_load(line)["key"]
        value = value[0] if isinstance(value, list) else value
        assert value == text or not isinstance(value, str)  # true, a number or a date is meant as such
