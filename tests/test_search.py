"""Search: any word of a note's text, as it is written, finds the note; accents and case do not matter."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.core.model import Settings
from mdmentor.core.names import search_form
from mdmentor.core.parse import parse_note
from mdmentor.index import find, schema
from mdmentor.index.rows import add_rows, no_rows
from mdmentor.index.writer import insert
from tests.conftest import VaultOnDisk

WORDS = [
    "Bjørn", "Сергей", "김민준", "プラグイン", "źródło", "Straße", "Γιώργος", "ΓΙΏΡΓΟΣ", "José", "Nguyễn", "İstanbul",
    "ısparta", "Łódź", "Þór", "Æsa", "Œuvre", "हिन्दी", "தமிழ்", "বাংলা", "ภาษาไทย", "ລາວ", "ខ្មែរ", "မြန်မာ", "עִבְרִית",
    "العَرَبِيَّة", "می‌خواهم", "ქართული", "Հայերէն", "አማርኛ", "ᏣᎳᎩ", "𞤀𞤁𞤂", "東京", "佐々木", "Tokyo東京タワー", "iPhone用",
    "ﬁnally", "ＡＢＣ", "ﾌﾟﾗｸﾞｲﾝ", "O’Brien", "O'Brien", "e-mail", "foo_bar", "user@example.org", "3.14", "№5", "½", "C++", "Ada™",
    "naïve—test", "x²", "a\u0301\u0302b", "葛\U000e0100飾",
]  # fmt: skip


def found_in(text: str, words: str) -> bool:
    """Whether a search for these words finds a note of this text, in an index of its own."""
    sql = schema.in_memory("vault")
    rows = no_rows()
    add_rows(rows, 1, parse_note("n.md", text.encode(), Settings()), (0, 0, 0, 0), "", False)
    for table in ("note", "body", "words"):
        insert(sql, table, rows[table])
    return bool(find.search(sql, words, 5))


@pytest.mark.parametrize("form", ["NFC", "NFD", "upper", "lower"])
@pytest.mark.parametrize("word", WORDS)
def test_a_word_finds_the_note_it_stands_in(word: str, form: str) -> None:
    text = f"before {word}, and (more)\n"
    asked = getattr(word, form)() if form in ("upper", "lower") else unicodedata.normalize(form, word)
    if form == "upper" and word == "Հայերէն":
        asked = word  # a ligature that has no single capital
    assert found_in(text, asked)
    assert found_in(f"before {asked}, and (more)\n", word)
    assert not found_in("before and more\n", asked)


letters = st.text(st.characters(categories=["L", "N", "Mn", "Mc"]), min_size=1, max_size=8)


@given(before=st.text(max_size=5), word=letters, after=st.sampled_from([" ", "\n", ".", ", x", "!)", "”"]))
@settings(max_examples=300, deadline=None)
def test_a_word_of_any_script_finds_the_note_it_stands_in(before: str, word: str, after: str) -> None:
    if not any(c.isalnum() for c in search_form(word)):
        return  # marks alone are no word
    plain = before.replace("`", "").replace("%", "").replace("<", "").replace("\x00", "")
    assert found_in(f"# T\n\nx {plain} {word}{after}\n", word)


@given(text=st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_all_normal_forms_of_a_text_fold_alike(text: str) -> None:
    folded = search_form(text).lower().split()
    for form in ("NFC", "NFD"):
        assert search_form(unicodedata.normalize(form, text)).lower().split() == folded


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("jose", "José"),
        ("strasse", "Straße"),
        ("bjorn", "Bjørn"),
        ("zrodlo", "źródło"),
        ("сергеи", "Сергей"),
        ("γιωργος", "Γιώργος"),
        ("민준", "김민준은"),
        ("太郎", "山田太郎"),
        ("ラグ", "プラグイン"),
        ("عربية", "عَرَبِيَّة"),
        ("ain't", "ain’t"),
        ("exa", "user@example.org"),
    ],
)
def test_plain_spellings_and_parts_find_it_too(asked: str, text: str) -> None:
    assert found_in(f"see {text} there\n", asked)


def test_marks_that_make_another_letter_count() -> None:
    assert not found_in("ハハ\n", "ババ")
    assert not found_in("हद\n", "हिन्दी")


@pytest.mark.parametrize("signs", ["***", "🎉", "— …", "&"])
def test_a_word_of_signs_alone_is_said_to_be_one(vault: VaultOnDisk, signs: str) -> None:
    vault.add("a.md", f"{signs} tea\n")
    run = vault.run("search", signs)
    assert run.out == "" and "no letter or digit" in run.err and signs.split()[0] in run.err
    run = vault.run("search", "tea", signs)
    assert "a.md:1" in run.out and "no letter or digit" in run.err
    assert vault.json("search", "tea", signs)[0]["path"] == "a.md"


def test_the_line_that_holds_the_word_is_shown(vault: VaultOnDisk) -> None:
    vault.add("a.md", "first\n" + "long " * 60 + "met Γιώργος there " + "and on " * 60 + "\n")
    (hit,) = vault.json("search", "γιωργος")
    assert hit["line"] == 2 and "Γιώργος" in hit["snippet"] and len(hit["snippet"]) < 200
    vault.add("b.md", "一" * 300 + "東京都" + "二" * 300 + "\n")
    (hit,) = vault.json("search", "東京")
    assert "東京" in hit["snippet"]


def test_which_of_equal_notes_are_shown_does_not_depend_on_the_order_they_were_read_in(
    vault: VaultOnDisk,
) -> None:
    for name in ("c", "d", "e"):
        vault.add(f"{name}.md", "tea\n")
    vault.reindex()
    for name in ("a", "b"):
        vault.add(f"{name}.md", "tea\n")
    assert [hit["path"] for hit in vault.json("search", "tea", "-n", "2")] == ["a.md", "b.md"]
