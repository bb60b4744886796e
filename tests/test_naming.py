"""Which notes name another one in their text."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdmentor.core.names import search_words
from mdmentor.index.links import named_in, names_borne, notes_named, notes_naming, short_phrases
from tests.conftest import VaultOnDisk

WORDS = st.sampled_from(
    ["ask", "Ask", "for", "a", "raise", "raises", "José", "jose", "don't", "C++", "山田太郎", "田太", "ÄRGER", "arger",
     "ß", "x_y", "—", ",", "\n", "#raise", "[[raise]]", "2026", "'", '"', "ﬁrst", "नमस्ते"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)


@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS.filter(str.strip), max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_one_text_is_found_to_name_what_a_look_through_all_finds(
    tmp_path_factory: object, texts: list[str], titles: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("naming")  # type: ignore[attr-defined]
    vault = VaultOnDisk(folder / "vault", folder / "cache")
    for number, text in enumerate(texts):
        vault.add(f"{number}.md", text)
    with vault.queries() as queries:
        numbers = [row[0] for row in queries.index.execute("SELECT id FROM note ORDER BY id")]
        asked = list(enumerate(titles))
        shown = dict(queries.index.execute("SELECT note, shown FROM body").fetchall())
        words = {n: search_words(shown[n]) for n in numbers}
        found = {n: named_in(words[n], short_phrases(words[n]), asked) for n in numbers}
        for place, title in asked:
            naming = [n for n in numbers if place in found[n]]
            assert naming == notes_naming(queries.index, [title], ("note",))


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS.map(lambda t: t.replace("\n", " ")), max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_note_names_those_by_whose_names_it_is_found(
    tmp_path_factory: object, texts: list[str], aliases: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("named")  # type: ignore[attr-defined]
    vault = VaultOnDisk(folder / "vault", folder / "cache")
    for number, text in enumerate(texts):
        vault.add(f"{number}.md", text)
    for number, alias in enumerate(aliases):
        vault.add(f"people/{number}.md", f"---\naliases: {json.dumps([alias])}\n---\n")
    with vault.queries() as queries:
        notes, people = (
            [
                row[0]
                for row in queries.index.execute("SELECT id FROM note WHERE kind = ? ORDER BY id", (kind,))
            ]
            for kind in ("note", "contact")
        )
        named = {n: set(notes_named(queries.index, n, ("contact",))) for n in notes}
        for person in people:
            naming = notes_naming(queries.index, names_borne(queries.index, person), ("note",))
            assert naming == [n for n in notes if person in named[n]]
