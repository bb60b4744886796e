"""Who works where the user works is marked wherever they are shown, by every name that the company has."""

from __future__ import annotations

import pytest

from tests.conftest import VaultOnDisk

MARK = "(works where you work)"
THINK = "think before you confide"
SENTENCE = f"orks where you work: {THINK}"
PAGES = ["Mentors", "Two-way street", "Posts and people", "Dates", "Network"]


@pytest.fixture
def work(vault: VaultOnDisk) -> VaultOnDisk:
    """Bob is inside, Eve is inside and confidential, Ada is not; Bob stands on every page."""
    vault.add("mdmentor.toml", '[me]\nemployer = ["Analytical Engines"]\n')
    for name, fields, log in (
        (
            "Bob",
            'company: "analytical  ENGINES, Inc."\nmentor: ongoing\nsupport: job\nsource: boss',
            "lunch: see [[Raise]] #got",
        ),
        (
            "Eve",
            "company: Analytical Engines\nconfidential: true\nmentor: ongoing",
            "lunch: see [[Raise]] #got",
        ),
        (
            "Ada",
            "company: Analytical\nintroduced_by: '[[Bob]]'\nmentor: ongoing",
            "lunch: see [[Raise]] #got",
        ),
    ):
        vault.add(
            f"people/{name}.md",
            f"---\nhelps_with: [pay]\nbirthday: 11-30\n{fields}\n---\n[[Raise]]\n\n"
            f"## Log\n- 2026-11-20 {log}\n"
            "- [ ] send the plan (by 2026-12-24)\n",
        )
    vault.add("posts/Raise.md", "---\ntopics: [pay]\n---\n")
    vault.add("goals/More.md", "---\ntopics: [pay]\n---\n")
    vault.add("journal/2026-11-21.md", "- tea with [[Bob]], [[Eve]] and [[Ada]]\n")
    vault.add(
        "Home.md",
        "[[Bob]] [[Eve]] [[Ada]]\n\n<!-- mdmentor:next -->\n<!-- /mdmentor -->\n\n"
        "<!-- mdmentor:related -->\n<!-- /mdmentor -->\n",
    )
    vault.add("Notes.md", "<!-- mdmentor:backlinks -->\n<!-- /mdmentor -->\n")
    vault.add("people/Cy.md", "[[Notes]]\n")
    vault.add(
        "people/Bob.md",
        vault.read("people/Bob.md") + "\n[[Notes]]\n\n<!-- mdmentor:card -->\n<!-- /mdmentor -->\n",
    )
    return vault


def lines_of(text: str, name: str) -> list[str]:
    return [line for line in text.splitlines() if f"[{name}](" in line]


@pytest.mark.parametrize("title", PAGES)
def test_each_page_marks_who_works_where_the_user_works_and_nobody_else(
    work: VaultOnDisk, title: str
) -> None:
    work.reindex()
    page = work.page(title)
    told = lines_of(page, "Bob")
    assert told and THINK in page
    if title != "Mentors":  # there the person's own entry says it in full
        assert all(
            f"[Bob](../people/Bob.md){stars} {MARK}" in line
            for line in told
            for stars in ("**" * ("**[Bob]" in line),)
        )
    for other in ("Ada", "Eve", "Cy"):
        assert f"[{other}](../people/{other}.md) {MARK}" not in page
        assert f"[{other}](../people/{other}.md)** {MARK}" not in page


def test_a_mentor_has_the_full_sentence_and_is_marked_in_the_lists_below(work: VaultOnDisk) -> None:
    work.reindex()
    page = work.page("Mentors")
    assert page.count(f"W{SENTENCE}.") == 1
    assert f"For the job: [Bob](../people/Bob.md) {MARK}" in page
    assert f"clients and associates**: [Bob](../people/Bob.md) {MARK}" in page


def test_who_comes_up_and_who_is_snoozed_is_marked(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", '[me]\nemployer = ["AE"]\n')
    vault.add("people/Bob.md", "---\ncompany: AE\ncadence: monthly\n---\n## Log\n- 2026-11-22 lunch\n")
    vault.add("people/Eve.md", "---\ncompany: AE\nconfidential: true\nsnooze: 2027-01-01\n---\n")
    vault.add("people/Flo.md", "---\ncompany: AE\nsnooze: 2027-01-01\n---\n")
    vault.reindex()
    page = vault.page("Reach out next")
    assert f"[Bob](../people/Bob.md) {MARK}, 2" in page.split("## Coming up")[1]
    assert f"[Flo](../people/Flo.md) {MARK}, until 1 Jan 2027" in page.split("## Snoozed")[1]
    assert "Eve" not in page  # confidential, and not due
    assert page.count(THINK) == 1


def test_the_blocks_mark_them_too(work: VaultOnDisk) -> None:
    work.reindex()
    assert f"[Bob](people/Bob.md) {MARK}" in work.read("Home.md").split("mdmentor:related")[1]
    assert f"- [Bob](people/Bob.md) {MARK}: Notes" in work.read("Notes.md")
    assert f"W{SENTENCE}" in work.read("people/Bob.md")
    assert f"[Eve](people/Eve.md) {MARK}" not in work.read("Home.md")


def test_the_picture_marks_them_quietly_and_in_words(work: VaultOnDisk) -> None:
    work.reindex()
    svg = (work.root / "reach-out/network.svg").read_text()
    assert svg.count('href="#colleague"') == 1 and svg.count(f"; w{SENTENCE}</title>") == 1
    assert "Working where you work: 1." in svg
    assert "- A circle around a mark: works where you work." in work.page("Network")
    (work.root / "mdmentor.toml").unlink()
    work.reindex()
    assert "works where you work" not in (work.root / "reach-out/network.svg").read_text()


def test_json_says_it_of_every_person(work: VaultOnDisk) -> None:
    assert {t["title"]: t["colleague"] for t in work.json("related", "posts/Raise.md")} == {
        "Bob": True, "Ada": False, "More": False,
    }  # fmt: skip
    assert {m["name"]: m["colleague"] for m in work.json("mentors")["mentors"]} == {
        "Bob": True,
        "Ada": False,
        "Eve": False,
    }
    places = [p for place in work.json("mentors")["places"] for p in place["people"]]
    assert {p["name"]: p["colleague"] for p in places} == {"Bob": True}
    owed = work.json("promises")
    for told in (*owed["promises"], *owed["thanks"], *work.json("dates")):
        assert told["colleague"] is (told["name"] == "Bob")
    shown = work.json("next")
    for told in (*shown["suggestions"], *shown["coming_up"]):
        assert told["colleague"] is (told["name"] == "Bob")
    assert {c["name"]: c["colleague"] for t in work.json("topics") for c in t["contacts"]} == {
        "Bob": True,
        "Ada": False,
    }
    assert {c["name"] for c in work.json("contacts") if c["colleague"]} == {"Bob"}


@pytest.mark.parametrize(
    "command",
    [
        "contacts",
        "mentors",
        "promises",
        "dates",
        "related posts/Raise.md",
        "topics",
        "backlinks posts/Raise.md",
        "search pay",
    ],
)
def test_lists_on_the_command_line_mark_them_and_say_once_what_it_means(
    work: VaultOnDisk, command: str
) -> None:
    run = work.run(*command.split(" ", 1), "--today", "2026-11-23")
    told = run.out + run.err
    assert told.count(THINK) == 1
    assert not any(MARK in line for line in run.out.splitlines() if "Ada" in line and "Bob" not in line)
    assert not any(MARK in line for line in run.out.splitlines() if "Eve" in line and "Bob" not in line)


def test_without_an_employer_nobody_is_marked_and_no_word_is_said(work: VaultOnDisk) -> None:
    (work.root / "mdmentor.toml").unlink()
    work.reindex()
    for page in (work.root / "reach-out").iterdir():
        assert "works where you work" not in page.read_text()
    assert "mind what" not in (run := work.run("contacts")).out + run.err


COMPANY = "companies/ae-2024.md"
NOTE = "---\naliases: [AE, Engines of Analysis]\n---\n# Analytical Engines GmbH\n"


@pytest.mark.parametrize("employer", ["AE", "analytical engines", "Engines of Analysis Ltd.", "ae-2024"])
@pytest.mark.parametrize(
    "company",
    [
        "AE",
        "Analytical Engines",
        '"[[ae-2024]]"',
        '"[[companies/ae-2024|our firm]]"',
        "[[AE]]",
        "[Royal Society, engines of analysis]",
    ],
)
def test_all_names_of_a_companys_note_count_in_both_directions(
    vault: VaultOnDisk, employer: str, company: str
) -> None:
    vault.add("mdmentor.toml", f'[me]\nemployer = ["{employer}"]\n')
    vault.add(COMPANY, NOTE)
    vault.add("people/Bob.md", f"---\ncompany: {company}\n---\n")
    vault.add("people/Ada.md", '---\ncompany: "[[Royal Society]]"\n---\n')
    assert {c["name"]: c["colleague"] for c in vault.json("contacts")} == {"Ada": False, "Bob": True}


def test_the_words_that_a_link_shows_are_a_name_of_the_company_too(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Analytical Engines"]\n')
    vault.add("people/Bob.md", '---\norg: "[[ae|Analytical Engines]]"\n---\n')
    assert vault.json("show", "Bob")["colleague"] is True


def test_a_former_company_marks_nobody(vault: VaultOnDisk) -> None:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Analytical Engines"]\n')
    vault.add(
        "people/Bob.md",
        "---\ncompany: Royal Society\nformer_company: Analytical Engines\n"
        "met: at [[Analytical Engines]]\n---\n",
    )
    assert vault.json("show", "Bob")["colleague"] is False


@pytest.mark.parametrize("change", ["title", "alias", "file", "setting", "gone"])
def test_pages_of_people_are_rendered_again_when_a_companys_names_or_the_employer_change(
    vault: VaultOnDisk, change: str
) -> None:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Analytical Engines"]\n')
    vault.add("companies/ae.md", "---\naliases: [Engines Ltd]\n---\n# Something else\n")
    vault.add("people/Bob.md", "---\ncompany: AE\nbirthday: 11-30\n---\n")
    if change == "gone":
        vault.add("companies/ae.md", NOTE)
    vault.reindex()
    is_marked = MARK in vault.page("Dates")
    assert is_marked is (change == "gone")
    if change == "title":
        vault.add("companies/ae.md", "---\naliases: [Engines Ltd]\n---\n# Analytical Engines\n")
    elif change == "alias":
        vault.add(
            "companies/ae.md", "---\naliases: [Engines Ltd, Analytical Engines]\n---\n# Something else\n"
        )
    elif change == "file":
        vault.add("companies/Analytical Engines.md", "---\naliases: [AE]\n---\n")
    elif change == "setting":
        vault.add("mdmentor.toml", '[me]\nemployer = ["A.E."]\n')
    else:
        (vault.root / "companies/ae.md").unlink()
    vault.reindex()
    assert (MARK in vault.page("Dates")) is not is_marked
    assert MARK not in vault.page("Network") or not is_marked
