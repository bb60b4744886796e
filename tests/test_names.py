"""Links find notes as Obsidian finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.names import by_folded_path, key_of, resolve_among


def find(target: str, source: str, *paths: str, markdown: bool = False) -> str | None:
    fitting = [p for p in paths if key_of(p) == key_of(target)]
    return resolve_among(target, source, by_folded_path(fitting), is_markdown=markdown)


@pytest.mark.parametrize(
    ("target", "source", "paths", "expected"),
    [
        ("Note", "a/x.md", ["Note.md", "a/Note.md"], "Note.md"),  # an exact path wins over a neighbour
        ("Note", "a/x.md", ["b/Note.md", "a/Note.md"], "a/Note.md"),  # then the own folder
        ("Note", "a/b/x.md", ["a/Note.md", "zz/Note.md"], "a/Note.md"),  # ancestors count for nothing: length
        ("Note", "a/b/x.md", ["a/Note.md", "z/Note.md"], "a/Note.md"),  # and then the path
        ("Note", "x.md", ["long folder/Note.md", "b/c/Note.md"], "b/c/Note.md"),  # characters, not folders
        ("LOG", "x.md", ["Log.md"], "Log.md"),
        ("Ext.MD", "x.md", ["Ext.md"], "Ext.md"),
        ("Note.md", "x.md", ["Note.md"], "Note.md"),
        ("b/Note", "x.md", ["a/b/Note.md", "b/Note.md"], "b/Note.md"),
        ("b/Note", "x.md", ["a/b/Note.md"], "a/b/Note.md"),  # the end of a path, whole segments only
        ("b/Note", "x.md", ["ab/Note.md"], None),
        ("todo", "x.md", ["another-todo.md"], None),
        ("./Note", "a/x.md", ["Note.md"], None),  # exact: no fall back to the bare name
        ("./Note", "a/x.md", ["a/Note.md"], "a/Note.md"),
        ("../Note", "a/b/x.md", ["a/Note.md", "Note.md"], "a/Note.md"),
        ("../../../Note", "a/x.md", ["Note.md"], None),
        ("/Note", "a/x.md", ["a/Note.md"], None),
        ("/Note", "a/x.md", ["Note.md", "a/Note.md"], "Note.md"),
        ("Jose\u0301", "x.md", ["Jos\u00e9.md"], "Jos\u00e9.md"),  # NFD finds NFC
        ("Sq]uare", "x.md", ["Sq]uare.md"], "Sq]uare.md"),
        ("v1.2 plan", "x.md", ["v1.2 plan.md"], "v1.2 plan.md"),
        ("People/Bob", "x.md", ["pages/people___Bob.md"], "pages/people___Bob.md"),  # a namespace of Logseq
        ("people/Bob", "x.md", ["pages/people%2FBob.md"], "pages/people%2FBob.md"),
        ("people/Bob", "x.md", ["pages/people___Bob.md", "a/people/Bob.md"], "a/people/Bob.md"),
        ("people___Bob", "x.md", ["pages/people___Bob.md"], "pages/people___Bob.md"),
        ("Bob", "x.md", ["pages/people___Bob.md"], None),  # to Logseq another page
        ("people/x/Bob", "x.md", ["pages/people___Bob.md"], None),
        ("", "a/x.md", [], "a/x.md"),  # [[#Heading]] is the note itself
    ],
)
def test_a_wikilink_finds_what_obsidian_finds(
    target: str, source: str, paths: list[str], expected: str | None
) -> None:
    assert find(target, source, *paths) == expected


def test_a_markdown_link_is_relative_first_and_then_vault_wide() -> None:
    assert find("Note.md", "a/x.md", "Note.md", "a/Note.md", markdown=True) == "a/Note.md"
    assert find("My Note.md", "a/x.md", "Sub/My Note.md", markdown=True) == "Sub/My Note.md"
    assert find("../b/Note.md", "a/x.md", "b/Note.md", markdown=True) == "b/Note.md"


PATHS = st.lists(
    st.from_regex(r"([abAB]{1,2}/){0,2}[NnOo]{1,2}\.md", fullmatch=True), min_size=1, max_size=6, unique=True
)


@given(PATHS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_does_not_matter(paths: list[str], random: object) -> None:
    shuffled = list(paths)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for target in ("n", "a/n", "./n", "../n", "/n"):
        assert find(target, "a/x.md", *paths) == find(target, "a/x.md", *shuffled)


@given(PATHS)
def test_every_note_is_found_by_its_whole_path(paths: list[str]) -> None:
    for path in paths:
        found = find(path, "zz/x.md", *paths)
        assert found is not None and found.lower() == path.lower()


@given(st.text(), st.text(), st.lists(st.text()))
def test_no_text_makes_it_fail(target: str, source: str, paths: list[str]) -> None:
    resolve_among(target, source, by_folded_path(paths), is_markdown=False)
    resolve_among(target, source, by_folded_path(paths), is_markdown=True)
