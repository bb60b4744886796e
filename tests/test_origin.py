"""What stands behind a line that was a tick: written, read and taken off the words again."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from mdmentor.core.log_entries import render_origin, take_origins, tick_of

DAY = "2026-11-23"
DAYS = st.sampled_from([DAY, "2026-11-25", "2027-01-01"])


@given(DAYS, st.text(max_size=20))
def test_what_is_written_is_read(page_day: str, words: str) -> None:
    words = words.strip()
    line = f"{words} {render_origin(date.fromisoformat(page_day))}"
    assert take_origins(line) == (words, {line.count("\n") + 1: date.fromisoformat(page_day)})


def test_a_note_is_read_without_the_origins_of_its_ticks() -> None:
    text = "# Ada\n\n- 2026-11-23 call: yes <!-- ticked 2026-11-22 -->\n- other <!-- ticked -->\n"
    assert take_origins(text) == (text.replace(" <!-- ticked 2026-11-22 -->", ""), {3: date(2026, 11, 22)})


@mark.parametrize(
    "text", ["", "reached out", "see ([[Other]])", "<!-- ticked -->", "<!-- ticked 2026-11-23 --> x"]
)
def test_other_words_stay(text: str) -> None:
    assert take_origins(text) == (text, {}) and tick_of([text]) == ""


def test_entries_of_two_days_are_one_tick_by_words_and_page() -> None:
    first = tick_of(["- 2026-11-23 call: yes <!-- ticked 2026-11-23 -->"])
    later = tick_of(["* [[2026-11-25]] call: yes <!-- ticked 2026-11-23 -->"])
    assert first == later != ""
    assert first != tick_of(["- 2026-11-23 call: no <!-- ticked 2026-11-23 -->"])
    assert first != tick_of(["- 2026-11-25 call: yes <!-- ticked 2026-11-25 -->"])
    assert first == tick_of(["### 2026-11-23 call:", "", "yes <!-- ticked 2026-11-23 -->"])
