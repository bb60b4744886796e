"""What stands behind a line that was a tick: written, read and taken off the words again."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from mdmentor.core.log_entries import find_page_day, render_origin, take_origins, tick_of, without_origin

DAY = "2026-11-23"
DAYS = st.sampled_from([DAY, "2026-11-25", "2027-01-01"])


@given(DAYS, st.text(max_size=20))
def test_what_is_written_is_read(page_day: str, words: str) -> None:
    words = words.strip()
    line = f"{words} {render_origin(date.fromisoformat(page_day))}"
    assert find_page_day(line, DAY) == page_day
    assert without_origin(line) == words


def test_a_note_is_read_without_the_origins_of_its_ticks() -> None:
    text = "# Ada\n\n- 2026-11-23 call: yes <!-- ticked 2026-11-22 -->\n- other <!-- ticked -->\n"
    assert take_origins(text) == (text.replace(" <!-- ticked 2026-11-22 -->", ""), {3: date(2026, 11, 22)})


@mark.parametrize("target", ["Reach out next", "reach-out/Reach out next"])
@mark.parametrize("shown", ["", f"|Reach out next of {DAY}"])
def test_the_link_of_former_versions_is_read(target: str, shown: str) -> None:
    line = f"called ([[{target}{shown}]])"
    assert find_page_day(line, DAY) == DAY
    assert without_origin(line) == "called"


@mark.parametrize(
    "text",
    [
        "",
        "reached out",
        "see ([[Other]])",
        "([[Reach out next]]) and more",
        "[[Reach out next]]",
        "([[a]]) ]])",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert without_origin(text) == text and find_page_day(text, DAY) == "" and tick_of([text], DAY) == ""


def test_entries_of_two_days_are_one_tick_by_words_and_page() -> None:
    first = tick_of(["- 2026-11-23 call: yes ([[Reach out next]])"], "20261123")
    later = tick_of(
        ["* [[2026-11-25]] call: yes ([[Reach out next|Reach out next of 2026-11-23]])"], "20261125"
    )
    assert first == later != ""
    assert first != tick_of(["- 2026-11-23 call: no ([[Reach out next]])"], "20261123")
    assert first != tick_of(["- 2026-11-25 call: yes ([[Reach out next]])"], "20261125")
    assert first == tick_of(["### 2026-11-23 call:", "", "yes ([[Reach out next]])"], "20261123")
