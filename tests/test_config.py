"""mdmentor.toml: what it may say, and what is told where it says something else."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdmentor.config import load_settings, read_settings
from mdmentor.core.model import Settings

WHOLE = """\
ignore = ["archive/", "*.draft.md"]
[me]
employer = ["Analytical Engines", "Acme, Inc."]
[contacts]
folders = ["people", "work/team/"]
[posts]
folders = ["./reading"]
[goals]
folders = []
[journal]
mentions = false
[reach_out]
per_day = 5
[tiers]
"Inner circle" = "2 weeks"
outer = 60
[pages]
folder = "pages/who next/"
make = ["dates", "Reach out next"]
openers = false
"""


def told(text: str) -> list[str]:
    return [f"{p.severity}: {p}" for p in read_settings(text)[1]]


def test_every_setting_is_read() -> None:
    assert read_settings(WHOLE) == (
        Settings(
            employer=("Analytical Engines", "Acme, Inc."),
            contact_folders=("people", "work/team"),
            post_folders=("reading",),
            goal_folders=(),
            journal_mentions=False,
            per_day=5,
            tiers=(("inner circle", 14), ("outer", 60)),
            pages_folder="pages/who next",
            pages_made=("Reach out next", "Dates"),
            openers=False,
            ignore=("archive/", "*.draft.md"),
        ),
        (),
    )


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n", "\ufeff[me]\n", "[me]\r\nemployer = []\r\n"])
def test_what_is_not_said_has_its_default(text: str) -> None:
    assert read_settings(text) == (Settings(), ())


def test_ignore_below_the_last_section_counts_as_well() -> None:
    text = '[pages]\nfolder = "next"\nignore = ["a/"]\n'
    assert read_settings(text) == (Settings(pages_folder="next", ignore=("a/",)), ())


NOT_KNOWN = {
    "[me]\nemploy = []": '2:1: key "employ" is not known in [me]; did you mean "employer"?',
    "[me]\nname = 1": '2:1: key "name" is not known in [me]; [me] takes employer',
    "\n[contact]\nfolders = []": "2:1: section [contact] is not known; did you mean [contacts]?",
    "per_day = 3": '1:1: key "per_day" is not known outside of a section; write it below [reach_out]',
    "ignor = []": '1:1: key "ignor" is not known outside of a section; did you mean "ignore"?',
    "openers = true": '1:1: key "openers" is not known outside of a section; write it below [pages]',
    "[xx]\na = 1": (
        "1:1: section [xx] is not known; there are [me], [contacts], [posts], [goals], [journal], [reach_out],"
        " [pages], [calendar], [tiers]"
    ),
}
NOT_FITTING = {
    "me = 3": '1:1: "me" is a section; write [me] on its own line',
    "[me]\nemployer = [1]": (
        '2:1: employer "[1]" is not a list of companies; write a list of companies; until then the default is used'
    ),
    "[reach_out]\n  per_day = true": (
        '2:3: per_day "true" is not a whole number from 1 to 50; write a whole number from 1 to 50;'
        " until then the default is used"
    ),
    'journal.mentions = "yes"': (
        '1:1: mentions "yes" is not true or false; write true or false; until then the default is used'
    ),
    "[tiers]\nclose = 'often'": (
        '2:1: tier "close" has "often", which is not a span of time; write "2 weeks" or "3 months"'
    ),
    "[reach_out]\nper_day = 3\nper_day = 4": (
        '3:12: "per_day = 4" repeats what is above, so it is left out; keep one of the two'
    ),
    'ignore = ["!"]': '1:1: pattern "!" names nothing, so it is left out; write it as in a .gitignore file',
}


@pytest.mark.parametrize("text", NOT_KNOWN)
def test_a_key_or_section_that_is_not_known_costs_a_warning_with_a_near_one(text: str) -> None:
    assert told(text) == ["warning: mdmentor.toml:" + NOT_KNOWN[text]]


@pytest.mark.parametrize("text", NOT_FITTING)
def test_a_value_that_does_not_fit_costs_an_error_at_its_line(text: str) -> None:
    assert told(text) == ["error: mdmentor.toml:" + NOT_FITTING[text]]


def test_one_text_is_taken_for_a_list_of_one_with_a_hint() -> None:
    assert read_settings('[me]\n# mine\nemployer = "Acme"')[0].employer == ("Acme",)
    assert told('[me]\n# mine\nemployer = "Acme"') == [
        'hint: mdmentor.toml:3:1: employer is one text; write it as a list: ["Acme"]'
    ]


@pytest.mark.parametrize("number", [0, -1, 51, 2.5, '"3"'])
def test_a_day_has_one_to_fifty_places(number: object) -> None:
    found, problems = read_settings(f"[reach_out]\nper_day = {number}")
    assert found.per_day == 3 and len(problems) == 1


@pytest.mark.parametrize(
    "folder",
    [
        "",
        ".",
        "..",
        "../out",
        "a/../b",
        "/abs",
        "~/x/..",
        "C:/x",
        "a\\\\b",
        ".hidden",
        "a//b",
        "a.",
        "a\\nb",
    ],
)
def test_pages_go_into_a_plain_folder_inside_the_vault(folder: str) -> None:
    found, problems = read_settings(f'[pages]\nfolder = "{folder}"')
    assert found.pages_folder == "reach-out" and len(problems) == 1


@pytest.mark.parametrize("folder", ["next", "./next/", "my pages/next", "日々", "~next"])
def test_any_plain_folder_will_do_for_the_pages(folder: str) -> None:
    found, problems = read_settings(f'[pages]\nfolder = "{folder}"')
    assert found.pages_folder == folder.removeprefix("./").rstrip("/") and not problems


def test_good_keys_count_beside_wrong_ones() -> None:
    text = '[reach_out]\nper_day = "many"\n[me]\nemployer = ["Acme"]\nboss = "x"\n[pages]\nfolder = "next"\n'
    found, problems = read_settings(text)
    assert found == Settings(employer=("Acme",), pages_folder="next")
    assert [p.line for p in problems] == [2, 5]


def test_a_line_that_is_no_toml_is_left_out_and_the_rest_counts() -> None:
    text = '[pages]\nfolder = "next"\n[me]\nemployer = Acme\n[reach_out]\nper_day = 5\n'
    assert read_settings(text)[0] == Settings(pages_folder="next", per_day=5)
    assert told(text) == [
        'error: mdmentor.toml:4:12: "employer = Acme" is not TOML, so it is left out; '
        'write key = "text", key = 3 or key = ["a", "b"]'
    ]


def test_a_list_that_is_not_closed_does_not_swallow_the_rest() -> None:
    found, problems = read_settings('[me]\nemployer = ["Acme",\n\n[pages]\nfolder = "next"\n')
    assert found == Settings(pages_folder="next")
    assert [(p.line, p.column) for p in problems] == [(2, 20)]


def test_a_tier_told_twice_in_other_spelling_has_its_last_span() -> None:
    assert read_settings("[tiers]\nInner = 7\ninner = 14\n")[0].tiers == (("inner", 14),)


def test_a_vault_without_the_file_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == (Settings(), ())


def test_the_file_may_have_a_mark_and_line_ends_of_windows(tmp_path: Path) -> None:
    (tmp_path / "mdmentor.toml").write_bytes(b"\xef\xbb\xbf[reach_out]\r\nper_day = 7\r\n")
    assert load_settings(tmp_path) == (Settings(per_day=7), ())


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "mdmentor.toml").mkdir()
    found, problems = load_settings(tmp_path)
    assert found == Settings()
    assert [(p.severity, p.path) for p in problems] == [("error", "mdmentor.toml")]


def test_a_file_that_is_not_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "mdmentor.toml").write_bytes(b'[me]\nemployer = ["Caf\xe9"]\n')
    found, problems = load_settings(tmp_path)
    assert found == Settings()
    assert [str(p) for p in problems] == [
        "mdmentor.toml:2:17: byte 0xe9 is not UTF-8, so the default settings are used; save the file as UTF-8"
    ]


NAMES = st.sampled_from(
    [
        "ignore",
        "me",
        "employer",
        "contacts",
        "folders",
        "pages",
        "folder",
        "tiers",
        "per_day",
        "journal",
        "x y",
        "",
    ]
)
VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.floats(), st.text(max_size=5), st.just("2 weeks")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=5,
)


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() else f"\\U{ord(c):08x}" for c in value) + '"'
    return repr(value)


@settings(max_examples=150)
@given(
    st.one_of(
        st.text(),
        st.dictionaries(NAMES, VALUES).map(
            lambda t: "\n".join(f'"{k}" = {as_toml(v)}' for k, v in t.items())
        ),
    )
)
def test_any_text_gives_settings(text: str) -> None:
    found, problems = read_settings(text)
    assert 1 <= found.per_day <= 50
    assert found.pages_folder and ".." not in found.pages_folder.split("/")
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert all(1 <= p.line <= lines and p.column >= 1 for p in problems)


@given(st.integers(1, 50), st.lists(st.sampled_from(["people", "Team", "a b"]), unique=True))
def test_what_is_written_as_settings_is_read_back(per_day: int, folders: list[str]) -> None:
    text = f"[reach_out]\nper_day = {per_day}\n[contacts]\nfolders = {as_toml(folders)}\n"
    assert tomllib.loads(text)
    assert read_settings(text) == (Settings(per_day=per_day, contact_folders=tuple(folders)), ())


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (".obsidian/templates.json", '{"folder": "meta/Forms/"}', ("meta/Forms",)),
        (".obsidian/plugins/templater-obsidian/data.json", '{"templates_folder": "tp"}', ("tp",)),
        (".obsidian/templates.json", '{"folder": "/"}', ()),
        (".obsidian/templates.json", '{"folder": 3}', ()),
    ],
)
def test_the_folders_of_templates_are_those_set_in_obsidian(
    tmp_path: Path, path: str, text: str, expected: tuple[str, ...]
) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    settings, problems = load_settings(tmp_path)
    assert settings == Settings(template_folders=expected)
    assert problems == ()


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            ".obsidian/daily-notes.json",
            '{"folder": "/Days/", "format": "DD-MM-YYYY"}',
            (("Days", "DD-MM-YYYY"),),
        ),
        (".obsidian/daily-notes.json", '{"folder": "Days"}', (("Days", "YYYY-MM-DD"),)),
        (".obsidian/daily-notes.json", "{}", ()),
        (
            ".obsidian/plugins/periodic-notes/data.json",
            '{"daily": {"format": "YYYY/MM/DD", "folder": "d", "enabled": true}, "weekly": {"format": "w"}}',
            (("d", "YYYY/MM/DD"),),
        ),
        (".obsidian/plugins/periodic-notes/data.json", '{"daily": {"format": "YYYY", "enabled": false}}', ()),
        (".obsidian/plugins/periodic-notes/data.json", '{"daily": {"format": "", "folder": ""}}', ()),
        (".obsidian/plugins/periodic-notes/data.json", '{"weekly": {"format": "w"}}', ()),
        (
            "logseq/config.edn",
            '{:a "x;y" ; :journal/file-name-format "no"\n :journal/page-title-format "do MMM yyyy"\n'
            ' #_:journals-directory "no"\n :journal/file-name-format "yyyy-MM-dd"}',
            (("journals", "YYYY-MM-DD"), ("journals", "Do MMM YYYY")),
        ),
        ("logseq/config.edn", "{}", (("journals", "YYYY_MM_DD"), ("journals", "MMM Do, YYYY"))),
    ],
)
def test_the_formats_of_daily_notes_are_those_set_in_obsidian_and_logseq(
    tmp_path: Path, path: str, text: str, expected: tuple[tuple[str, str], ...]
) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    settings, problems = load_settings(tmp_path)
    assert settings == Settings(day_formats=expected)
    assert problems == ()
    assert (settings.reading() == Settings().reading()) is not bool(expected)


@pytest.mark.parametrize(
    "text",
    ["a." * 400_000 + "b=1\n", "x = [" * 190_000, "".join(f"[a{i}]\n" for i in range(80_000)),
     "[tiers]\n" + "".join(f"k{i} = {i + 1}\n" for i in range(60_000)),
     "[me]\n" + "".join(f"k{i} = {i + 1}\n" for i in range(60_000))],
    ids=["dots", "brackets", "sections", "tiers", "keys"],
)  # fmt: skip
def test_no_file_of_settings_takes_long_to_read(text: str) -> None:
    started = time.process_time()
    read_settings(text)
    assert time.process_time() - started < 8


def test_a_page_that_does_not_exist_is_reported_with_the_near_title() -> None:
    found, problems = read_settings('[pages]\nmake = ["Mentrs", "Dates", "Diary"]\n')
    assert found.pages_made == ("Dates",)
    assert [str(p) for p in problems] == [
        'mdmentor.toml:2:1: there is no page "Mentrs"; did you mean "Mentors"?',
        'mdmentor.toml:2:1: there is no page "Diary"; the pages are Reach out next, Mentors, Two-way street, '
        "Posts and people, Dates, Network, Problems",
    ]


def test_no_page_is_made_where_none_is_named_and_all_where_none_is_known() -> None:
    assert read_settings("[pages]\nmake = []\n")[0].pages_made == ()
    assert read_settings('[pages]\nmake = ["Mentrs"]\n')[0].pages_made == Settings().pages_made
