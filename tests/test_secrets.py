"""What is private or confidential is in no output: planted secrets are looked for everywhere."""

from __future__ import annotations

import pytest

from tests.conftest import VaultOnDisk

SECRET = "xyzzysecret"
READING = ["next", "contacts", "mentors", "promises", "dates", "links", "topics", "check", "status"]
NAMED = ["why", "show", "related", "backlinks"]


@pytest.fixture
def secrets(vault: VaultOnDisk) -> VaultOnDisk:
    """A vault in which every text that may not get out holds the secret word, wherever a note can hold one."""
    vault.add(
        "people/Ada.md",
        f"""---
cadence: 2w
helps_with: [raise]
---
# Ada
Open talk about work.

## Log
- 2026-11-20 call: {SECRET} about the boss #private #got
  - {SECRET} nested below it
- 2026-10-01 coffee: see [[Raise]] #got
- 2026-09-01 {SECRET}channel: {SECRET} [[{SECRET} note]] #PRIVATE
- [ ] {SECRET} promise 📅 2026-11-24 #private
- [ ] send the paper 📅 2026-11-25

A paragraph that goes on
over lines with {SECRET} #private
and ends with {SECRET}.

### {SECRET} heading #private

<!-- mdmentor:card -->
<!-- /mdmentor -->

<!-- mdmentor:backlinks -->
<!-- /mdmentor -->

<!-- mdmentor:related -->
<!-- /mdmentor -->
""",
    )
    vault.add(
        "people/Confidant.md",
        f"""---
confidential: true
aliases: [{SECRET}alias]
tags: [person, {SECRET}tag]
email: {SECRET}@example.org
phone: "{SECRET}"
company: "[[{SECRET} Ltd]]"
role: {SECRET}
location: {SECRET}
met: {SECRET} 2026-11-20
source: {SECRET}
introduced_by: "[[Ada]]"
cadence: {SECRET}
next: 2026-11-20
helps_with: [raise, {SECRET}]
wants: [{SECRET}]
mentor: {SECRET}
birthday: 1970-11-24
linkedin: {SECRET}
url: https://{SECRET}.example
---
# Confidant

[[Raise]] [[Ada]] [[{SECRET}]] #{SECRET}

## Log
- 2026-11-01 call: {SECRET} [[Raise]] #got
- 2026-13-99 {SECRET}
- [ ] {SECRET} 📅 2026-11-24
""",
    )
    vault.add("posts/Raise.md", f"---\ntopics: [raise]\n---\n{SECRET} #private\n\nAsk [[Ada]] or [[Confidant]].\n")
    vault.add(
        "journal/2026-11-21.md",
        f"- walk with [[Ada]], {SECRET} [[Raise]] #private\n- tea with [[Confidant]] and [[Ada]]\n- [ ] {SECRET} [[Ada]] #private\n",
    )
    vault.add("goals/More pay.md", "---\ntopics: [raise]\n---\n")
    vault.add(
        "Home.md",
        "<!-- mdmentor:next -->\n<!-- /mdmentor -->\n\n<!-- mdmentor:related -->\n<!-- /mdmentor -->\n[[Ada]] [[Confidant]]\n",
    )
    return vault


def test_no_page_no_block_and_no_picture_tells_a_secret(secrets: VaultOnDisk) -> None:
    before = {f: f.read_text().count(SECRET) for f in secrets.root.rglob("*.md")}
    secrets.reindex()
    pages = list((secrets.root / "reach-out").iterdir())
    assert {p.name for p in pages} >= {"Reach out next.md", "Network.md", "network.svg", "Two-way street.md"}
    for page in pages:
        assert SECRET not in page.read_text(), page.name
        assert "xyzzy" not in page.read_text().lower()
    for note, count in before.items():
        assert note.read_text().count(SECRET) == count, f"{note.name}: a block tells the secret"


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
@pytest.mark.parametrize("command", READING)
def test_no_list_tells_a_secret(secrets: VaultOnDisk, command: str, form: list[str]) -> None:
    run = secrets.run(command, *form, "--today", "2026-11-23")
    assert SECRET not in run.out + run.err


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["words", "json"])
@pytest.mark.parametrize("name", ["Ada", "Confidant", "people/Confidant.md", "posts/Raise.md"])
@pytest.mark.parametrize("command", NAMED)
def test_no_answer_about_one_note_tells_a_secret(
    secrets: VaultOnDisk, command: str, name: str, form: list[str]
) -> None:
    if command in ("why", "show") and name == "posts/Raise.md":
        return
    run = secrets.run(command, name, *form, "--today", "2026-11-23")
    assert run.out and SECRET not in run.out + run.err


@pytest.mark.parametrize("words", [SECRET, "xyzzy", "boss", f"{SECRET} boss"])
def test_search_does_not_find_what_is_private(secrets: VaultOnDisk, words: str) -> None:
    assert secrets.json("search", words) == []


def test_search_finds_what_is_private_when_asked_on_that_very_command(secrets: VaultOnDisk) -> None:
    found = secrets.json("search", SECRET, "--private")
    assert {hit["path"] for hit in found} == {
        "people/Ada.md",
        "people/Confidant.md",
        "posts/Raise.md",
        "journal/2026-11-21.md",
    }
    assert all(SECRET in hit["snippet"] for hit in found)


def test_show_tells_private_lines_when_asked_on_that_very_command(secrets: VaultOnDisk) -> None:
    told = secrets.json("show", "Ada", "--private")
    assert any(SECRET in i["text"] for i in told["interactions"])
    assert secrets.json("show", "Confidant", "--private")["email"] == [f"{SECRET}@example.org"]


def test_the_name_of_a_confidential_contact_may_be_found(secrets: VaultOnDisk) -> None:
    assert [hit["path"] for hit in secrets.json("search", "confidant")][:1] == ["people/Confidant.md"]
    told = secrets.json("show", "Confidant")
    assert told["name"] == "Confidant" and told["confidential"] is True
    empty = {key: value for key, value in told.items() if value}
    assert set(empty) == {"path", "name", "confidential"}


def test_of_a_confidential_contact_the_list_tells_the_name_alone(secrets: VaultOnDisk) -> None:
    told = next(s for s in secrets.json("next", "-n", "10")["suggestions"] if s["name"] == "Confidant")
    assert (told["due"], told["last_contact"], told["cadence_days"], told["posts"], told["opener"]) == (None, None, None, [], "")
    assert [r["kind"] for r in told["reasons"]] == ["confidential"]


def test_a_private_talk_still_counts_as_contact(secrets: VaultOnDisk) -> None:
    assert secrets.json("show", "Ada")["last_contact"] == "2026-11-21"


def test_an_alias_of_a_confidential_contact_is_not_offered_for_a_mistyped_name(secrets: VaultOnDisk) -> None:
    run = secrets.run("show", "xyzzysecretalia")
    assert run.code == 2 and "secretalias" not in run.err
