"""A renamed note keeps its links, and the links keep everything but the name."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pytest import mark, raises

from mdmentor.core.edit import UnsafeEdit
from mdmentor.core.frontmatter.reader import read_head
from mdmentor.core.markdown import read_body
from mdmentor.core.markdown.links import rename_links
from mdmentor.core.model import Link


def links_of(data: bytes) -> list[Link]:
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    head = read_head("a.md", text)
    return [*head.links, *read_body("a.md", text[head.body_start :], head.body_line).links]


def renamed(note: str, new: str, old: str = "") -> str:
    """The note with all its links, or those to `old`, naming `new`."""
    links = [link for link in links_of(note.encode()) if not old or link.target == old]
    return rename_links(note.encode(), [(link, new) for link in links]).decode()


@mark.parametrize(
    ("note", "after"),
    [
        ("see [[Old]] and [[Old|x]]", "see [[New one]] and [[New one|x]]"),
        ("![[Old#Head|x]] [[Old#^id]]", "![[New one#Head|x]] [[New one#^id]]"),
        ("[[ Old | x ]]", "[[ New one | x ]]"),
        ("[[people/Old.md]]", "[[New one]]"),
        ("| a |\n|---|\n| [[Old\\|x]] |\n", "| a |\n|---|\n| [[New one\\|x]] |\n"),
        ("- [[Old]]\n\n  > [[Old]]\n", "- [[New one]]\n\n  > [[New one]]\n"),
        ("`[[Old]]` %%[[Old]]%% [[Old]]", "`[[Old]]` %%[[Old]]%% [[New one]]"),
        ("---\nb: [[Old]]\n---\n", "---\nb: [[New one]]\n---\n"),
        ("---\nb: \"[[Old|x]]\"\nc:\n  - '[[Old]]' # [[Old]]\n---\n[[Old]]", None),
    ],
)
def test_a_wikilink_names_the_new_note_and_keeps_the_rest(note: str, after: str | None) -> None:
    assert renamed(note, "New one") == (
        after or note.replace("[[Old", "[[New one").replace("# [[New one", "# [[Old")
    )


@mark.parametrize(
    ("note", "after"),
    [
        ("[a](Old%20b.md)", "[a](New%20%282%29.md)"),
        ("[a](<Old b.md>)", "[a](<New (2).md>)"),
        ("[a]( Old%20b.md#h 'title' )", "[a]( New%20%282%29.md#h 'title' )"),
        ('![i](<Old b.md#h> "t")', '![i](<New (2).md#h> "t")'),
        ("[![x](y.png) z](Old%20b.md)", "[![x](y.png) z](New%20%282%29.md)"),
        ("[a [b] `](c)`](Old%20b.md)", "[a [b] `](c)`](New%20%282%29.md)"),
        (
            "[a][B] [b] [b][]\r\n\r\n[b]: Old%20b.md (t)\r\n",
            "[a][B] [b] [b][]\r\n\r\n[b]: New%20%282%29.md (t)\r\n",
        ),
    ],
)
def test_a_markdown_link_is_encoded_as_it_was(note: str, after: str) -> None:
    assert renamed(note, "New (2).md", "Old b.md") == after


def test_a_definition_that_cannot_be_told_from_code_is_left_alone() -> None:
    with raises(UnsafeEdit):
        renamed("```\n[b]: old.md\n```\n\n[b]\n\n[b]: old.md\n", "new.md")


def test_letters_of_any_script_stay_readable_unless_they_were_encoded() -> None:
    assert renamed("[a](old.md)", "José.md") == "[a](José.md)"
    assert renamed("[a](Zo%C3%AB.md)", "José.md") == "[a](Jos%C3%A9.md)"


def test_a_name_is_escaped_as_its_quotes_in_front_matter_need() -> None:
    note = "---\na: \"[[Old]]\"\nb: '[[Old]]'\nc: see [[Old]]\nd: [[Old]]\n---\n"
    assert renamed(note, 'O\'B "x"') == (
        '---\na: "[[O\'B \\"x\\"]]"\nb: \'[[O\'\'B "x"]]\'\nc: see [[O\'B "x"]]\nd: [[O\'B "x"]]\n---\n'
    )


def test_a_name_that_front_matter_would_read_otherwise_is_refused() -> None:
    with raises(UnsafeEdit):
        renamed("---\na: see [[Old]]\n---\n", "Re: raise")
    assert renamed('---\na: "see [[Old]]"\n---\n', "Re: raise") == '---\na: "see [[Re: raise]]"\n---\n'


@mark.parametrize("new", ["a|b", "a#b", "a^b", "a]b", "[a", "a\nb", "a%%b", "a\\", ""])
def test_a_name_that_no_wikilink_can_hold_is_refused(new: str) -> None:
    with raises(UnsafeEdit):
        renamed("[[Old]]", new)


def test_a_link_that_is_not_there_any_more_is_refused() -> None:
    link = links_of(b"see [[Old]]\n")[0]
    for note in (b"look, see [[Old]]\n", b"see [[Other]]\n", b"", b"see `[[Old]]`\n"):
        with raises(UnsafeEdit, match="changed meanwhile"):
            rename_links(note, [(link, "New")])


def test_one_place_cannot_name_two_notes() -> None:
    note = b"[a] [a]\n\n[a]: old.md\n"
    first, second = links_of(note)
    with raises(UnsafeEdit):
        rename_links(note, [(first, "b.md"), (second, "c.md")])
    assert rename_links(note, [(first, "b.md")]) == b"[a] [a]\n\n[a]: b.md\n"


def test_a_note_in_a_merge_is_left_alone() -> None:
    note = b"[[Old]]\n<<<<<<< HEAD\n"
    with raises(UnsafeEdit, match="merge"):
        rename_links(note, [(Link(1, 1, "wikilink", "[[Old]]", "Old", "", "Old"), "New")])


NAMES = st.sampled_from(
    [
        "Old",
        "Old b",
        "people/Old",
        "Zoë",
        "O'B",
        'x "y"',
        "a, b",
        "R&D",
        "100%",
        "Re: x",
        "山田",
        "(a)",
        "a_b",
    ]
)
SHAPES = st.sampled_from(
    [
        "[[{}]]",
        "[[{}|x]]",
        "![[{}#h]]",
        "- [[{}]] [[{}]]\n",
        "| a |\n|-|\n| [[{}\\|x]] |\n\n",
        "`[[{}]]`",
        "\n> [[{}]]\n\n",
        "[t](<{}.md>)",
        '[t](<{}.md#h> "x")',
        "[r]\n\n[r]: <{}.md>\n\n",
        "<!-- [[{}]] -->",
        "\n```\n[[{}]]\n```\n",
        "# [[{}]]\n",
    ]
)
HEADS = st.sampled_from(
    ["", '---\na: "[[{}]]"\n---\n', "---\na:\n  - '[[{}|x]]'\nb: [[{}]]\n---\n", "---\nt: x\n---\n"]
)


@settings(max_examples=200, deadline=None)
@given(HEADS, st.lists(st.tuples(SHAPES, NAMES), max_size=6), NAMES, NAMES, st.booleans(), st.booleans())
def test_only_the_links_asked_for_name_another_note(
    head: str, parts: list[tuple[str, str]], named: str, new: str, crlf: bool, bom: bool
) -> None:
    text = head.replace("{}", named) + "".join(shape.replace("{}", name) + " " for shape, name in parts)
    note = b"\xef\xbb\xbf" * bom + text.replace("\n", "\r\n" if crlf else "\n").encode()
    links = links_of(note)
    asked = [link for link in links if link.target.removesuffix(".md") == named]
    assume(asked)
    told = {id(link): new + ".md" * link.target.endswith(".md") for link in asked}
    try:
        result = rename_links(note, [(link, told[id(link)]) for link in asked])
    except UnsafeEdit:
        assume(head or any("[r]:" in shape for shape, _ in parts))
        return
    after = links_of(result)
    assert [link.target for link in after] == [told.get(id(link), link.target) for link in links]
    back = [(link, old.target) for link, old in zip(after, links, strict=True) if id(old) in told]
    assert rename_links(result, back) == note or "%" in named + new
