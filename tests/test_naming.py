"""Which notes name another one in their text."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdmentor.index.naming import named_in_text, notes_naming
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
    with vault.answers() as answers:
        numbers = [row[0] for row in answers.sql.execute("SELECT id FROM note ORDER BY id")]
        asked = list(enumerate(titles))
        found = {n: named_in_text(answers.sql, asked, n) for n in numbers}
        for place, title in asked:
            naming = [n for n in numbers if place in found[n]]
            assert naming == notes_naming(answers.sql, title, ("note",))
