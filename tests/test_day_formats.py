"""Formats of daily notes: what is written by one is read by it."""

from datetime import date, datetime, time
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.day_formats import day_in_format, format_of_logseq
from mdmentor.core.kinds import kind_of
from mdmentor.core.model import Settings
from mdmentor.core.templates import format_moment

FORMATS = [
    "YYYY-MM-DD", "DD-MM-YYYY", "MM-DD-YYYY", "YYYYMMDD", "YYMMDD", "D.M.YYYY", "M-D-YY", "DDDD YYYY", "YYYY-DDD",
    "dddd, MMMM Do YYYY", "ddd D MMM YY", "YYYY/MM/DD", "YYYY/MM-MMMM/YYYY-MM-DD-dddd", "YYYY/[Q]Q/MM/YYYYMMDD",
    "[Daily] YYYY-MM-DD", "YYYY/[W]WW/YYYY-MM-DD", "YYYY-MM-DD HHmm", "MMM Do, YYYY", "YYYY年M月D日", "[Day (]DD.MM.YYYY[)]",
    "GGGG-[W]WW/DD-MM-YYYY", "DDMMYYYY", "dd DD.MM.YYYY",
]  # fmt: skip


@given(
    st.sampled_from(FORMATS),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    st.sampled_from(["", "journal", "My Days/log"]),
)
def test_what_a_format_writes_it_reads(form: str, day: date, folder: str) -> None:
    name = format_moment(form, datetime.combine(day, time()))
    path = f"{folder}/{name}.md" if folder else f"{name}.md"
    assert day_in_format(path, folder, form) == day
    settings = Settings(day_formats=((folder, form),))
    assert kind_of(path, [], (), settings)[0] == "dated"


@given(
    st.text("YMDdoHWQ-/. []x", max_size=24),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
)
def test_a_format_is_ignored_or_reads_the_day_that_it_wrote(form: str, day: date) -> None:
    name = format_moment(form, datetime.combine(day, time()))
    if name is not None:
        assert day_in_format(f"{name}.md", "", form) in (day, None)


@pytest.mark.parametrize(
    "form",
    ["", "YYYY", "YYYY-MM", "MM-DD", "YYYY-[W]WW", "[nul]", "YYYYMD", "gggg-ww", "Day YYYY-MM-DD", "dddd " * 30,
     "YYYY-MM-DD " * 9, "dddd[a]" * 6 + "YYYY-MM-DD", "YYYY-MMM" * 100],
)  # fmt: skip
def test_a_format_that_does_not_name_one_whole_day_is_ignored(form: str) -> None:
    name = format_moment(form, datetime.combine(date(2026, 11, 22), time()))
    started = process_time()
    for path in (f"{name}.md", "a" * 250 + ".md"):
        assert day_in_format(path, "", form) is None
    assert process_time() - started < 2


@pytest.mark.parametrize(
    ("path", "folder", "form", "expected"),
    [
        ("log/03-04-2026.md", "log", "DD-MM-YYYY", "2026-04-03"),
        ("log/03-04-2026.md", "log", "MM-DD-YYYY", "2026-03-04"),
        ("old/03-04-2026.md", "log", "DD-MM-YYYY", "2026-04-03"),
        ("LOG/030426.md", "log", "DDMMYY", "2026-04-03"),
        ("old/030426.md", "log", "DDMMYY", None),
        ("log/2026/11/2026-12-22.md", "log", "YYYY/MM/YYYY-MM-DD", None),
        ("log/2026/11/2026-11-22.md", "log", "YYYY/MM/YYYY-MM-DD", "2026-11-22"),
        ("2026-11-22 Sonntag.md", "", "YYYY-MM-DD dddd", "2026-11-22"),
        ("2026/03-März/22.md", "", "YYYY/MM-MMMM/DD", "2026-03-22"),
        ("2026/W14/03-04-2026.md", "", "gggg/[W]ww/DD-MM-YYYY", "2026-04-03"),
        ("Week 5/030426.md", "", "[Week] w/DDMMYY", "2026-04-03"),
        ("31-02-2026.md", "", "DD-MM-YYYY", None),
        ("03-04-2026 x.md", "", "DD-MM-YYYY", "2026-04-03"),
        ("03-04-2026 - Monday planning.md", "", "DD-MM-YYYY", "2026-04-03"),
        ("log/2026/03-04 Fri_notes.md", "log", "YYYY/DD-MM", "2026-04-03"),
        ("03-04-20265.md", "", "DD-MM-YYYY", None),
        ("03-04-2026 2.md", "", "DD-MM-YYYY", None),
        ("03-04-2026x.md", "", "DD-MM-YYYY", None),
        ("366 2026.md", "", "DDDD YYYY", None),
        ("366 2024.md", "", "DDDD YYYY", "2024-12-31"),
    ],
)
def test_a_path_is_a_day_of_the_format_as_a_whole(
    path: str, folder: str, form: str, expected: str | None
) -> None:
    day = day_in_format(path, folder, form)
    assert (day and day.isoformat()) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("yyyy_MM_dd", "YYYY_MM_DD"),
        ("MMM do, yyyy", "MMM Do, YYYY"),
        ("EEEE, MMMM d yy", "dddd, MMMM D YY"),
        ("E yyyy-MM-dd 'at' EEE", "ddd YYYY-MM-DD [at] ddd"),
    ],
)
def test_formats_of_logseq_are_read_as_those_of_moment(form: str, expected: str) -> None:
    assert format_of_logseq(form) == expected
