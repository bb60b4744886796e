"""What is private or confidential is in no output: planted secrets are looked for everywhere."""

from __future__ import annotations

import json
import re

import pytest

from mdmentor.index import find
from tests.conftest import VaultOnDisk

SECRET = "xyzzysecret"
READING = [
    "next",
    "contacts",
    "mentors",
    "promises",
    "dates",
    "links",
    "topics",
    "check",
    "status",
    "triage",
    "duplicates",
]
NAMED = ["why", "show", "related", "backlinks"]


@pytest.fixture
def secrets(vault: VaultOnDisk) -> VaultOnDisk:
    """A vault in which every text that may not get out holds the secret word, wherever a note can hold one."""
    vault.add(
        "people/Ada.md",
        f"""---
# {SECRET} remark #private
cadence: 2w
helps_with: [raise]
role: {SECRET} role # #private
aliases: # #private
  - {SECRET} alias
wants: ["{SECRET} #private"]
met: |
  {SECRET} at the clinic
  #private
company: "[[{SECRET} company]]" # #private
birthday: 1970-11-24 # #private
introduced_by: "[[Confidant]]" # #private
topic: {SECRET} # #private
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

{SECRET} in the section below it, [[{SECRET} of the section]]
- [ ] {SECRET} there

#### {SECRET} deeper

```sh
# {SECRET} in code
```
{SECRET} behind the code

### An open heading
{SECRET} right below a heading #private
which goes on with {SECRET}

> [!warning] {SECRET} callout
> #private
> - {SECRET} in it

| {SECRET} cell | Raise |
|---|---|
| [[Raise\\|{SECRET} alias]] | #private |

- a talk with many lines
  that ends in {SECRET} #private ^{SECRET}block
  - ![[{SECRET}.pdf]] [{SECRET}](../files/{SECRET}%20one.pdf)
  - #{SECRET}tag #person
- [ ] {SECRET} #waiting #private (by 2026-11-24)
  - [ ] {SECRET} nested (by 2026-11-24)
- {SECRET} of the family #private/family

## {SECRET} underlined #private
---

{SECRET} below it

## Log

### 2026-08-01 call #private

{SECRET} was told, see [[Raise]]

### 2026-08-02 coffee

{SECRET} and more #private
- {SECRET} #private [[Raise]] #got

### 2026-08-03 tea

{SECRET} and more #private/family

## Blocks

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
# a remark on {SECRET}
{SECRET}: {SECRET}
{SECRET}: {SECRET}
employer: &{SECRET} [[{SECRET}]]
org: *{SECRET}unknown
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
    vault.add(
        "posts/Raise.md", f"---\ntopics: [raise]\n---\n{SECRET} #private\n\nAsk [[Ada]] or [[Confidant]].\n"
    )
    vault.add(
        "journal/2026-11-21.md",
        f"- walk with [[Ada]], {SECRET} [[Raise]] #private\n- tea with [[Confidant]] and [[Ada]]\n"
        f"- [ ] {SECRET} [[Ada]] #private\n- lunch with [[Ada]]\n  - {SECRET} [[Raise]] [[{SECRET}]] #got #private\n"
        f"    - {SECRET} too #gave\n  - [ ] {SECRET} #private/x (by 2026-11-25)\n",
    )
    vault.add("goals/More pay.md", "---\ntopics: [raise]\n---\n")
    for folder, name in (
        ("goals", "Leaving"),
        ("posts", "Diary"),
        ("notes", "Thoughts"),
        ("journal", "2026-11-20"),
    ):
        vault.add(
            f"{folder}/{name}.md",
            f"""---
confidential: true
topics: [{SECRET}, raise]
aliases: [{SECRET}]
tags: [{SECRET}]
status: {SECRET}
people: [Ada, {SECRET}]
---
{SECRET} with [[Ada]] and [[Raise]], told by [[{SECRET}]] #{SECRET} #got

- [ ] {SECRET} for [[Ada]] (by 2026-11-25)

<!-- mdmentor:related -->
<!-- /mdmentor -->
""",
        )
    vault.add(
        "journal/2026-11-19.md", f"# {SECRET} day #private\n\n{SECRET}\n\n# Open\n- lunch with [[Ada]]\n"
    )
    vault.add(
        "posts/Open.md",
        f"# {SECRET} title #private\n\n- #{SECRET} #private\n\n# Later\nsee [[Diary]] #raise\n",
    )
    vault.add("mdmentor.toml", '[me]\nemployer = ["Engines"]\n')
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
@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Confidant",
        "people/Confidant.md",
        "posts/Raise.md",
        "posts/Diary.md",
        "posts/Open.md",
        "goals/Leaving.md",
    ],
)
@pytest.mark.parametrize("command", NAMED)
def test_no_answer_about_one_note_tells_a_secret(
    secrets: VaultOnDisk, command: str, name: str, form: list[str]
) -> None:
    if command in ("why", "show") and not name.startswith(("people/", "Ada", "Confidant")):
        return
    run = secrets.run(command, name, *form, "--today", "2026-11-23")
    assert run.out + run.err and SECRET not in run.out + run.err


@pytest.mark.parametrize("words", [SECRET, "xyzzy", "boss", f"{SECRET} boss"])
def test_search_does_not_find_what_is_private(secrets: VaultOnDisk, words: str) -> None:
    assert secrets.json("search", words) == []


def test_search_finds_what_is_private_when_asked_on_that_very_command(secrets: VaultOnDisk) -> None:
    found = secrets.json("search", SECRET, "--private")
    assert {hit["path"] for hit in found} == {
        "people/Ada.md",
        "people/Confidant.md",
        "posts/Raise.md",
        "posts/Open.md",
        "posts/Diary.md",
        "goals/Leaving.md",
        "notes/Thoughts.md",
        "journal/2026-11-21.md",
        "journal/2026-11-20.md",
        "journal/2026-11-19.md",
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
    assert (told["due"], told["last_contact"], told["cadence_days"], told["posts"], told["opener"]) == (
        None,
        None,
        None,
        [],
        "",
    )
    assert [r["kind"] for r in told["reasons"]] == ["confidential"]


def test_a_private_talk_still_counts_as_contact(secrets: VaultOnDisk) -> None:
    assert secrets.json("show", "Ada")["last_contact"] == "2026-11-21"


def test_the_day_of_a_private_talk_leaves_by_no_door(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada.md",
        "---\ncadence: 1 week\n---\n- 2026-01-05 call: open\n- 2026-11-04 call: shut #private\n",
    )
    vault.add("people/Bea.md", "---\ncadence: 1 week\n---\n- 2026-11-05 call: open\n")
    outward = {
        form: vault.run("export", form, "--today", "2026-11-23").out for form in ("json", "ics", "csv")
    }
    assert "You last talked on 5 Nov" in outward["ics"].replace("\r\n ", "")
    for text in (*outward.values(), vault.run("export", "vcard").out):
        assert not re.search("2026-?11-?04|4 Nov", text.replace("\r\n ", "")) and "Ada" in text
    ada, bea = json.loads(outward["json"])["contacts"]
    assert (ada["last_contact"], ada["due"]) == ("2026-01-05", None)
    assert (bea["last_contact"], bea["due"]) == ("2026-11-05", "2026-11-12")


def test_an_alias_of_a_confidential_contact_is_not_offered_for_a_mistyped_name(secrets: VaultOnDisk) -> None:
    run = secrets.run("show", "xyzzysecretalia")
    assert run.code == 2 and "secretalias" not in run.err


def test_of_a_confidential_note_of_any_kind_the_title_alone_is_told(secrets: VaultOnDisk) -> None:
    secrets.reindex()
    page = secrets.page("Posts and people")
    goal = page.split("### [Leaving]")[1].split("\n### ")[0].split("\n## ")[0]
    post = page.split("### [Diary]")[1].split("\n### ")[0].split("\n---")[0]
    for told in (goal, post):
        assert told.split("\n", 1)[1].strip() == "The rest of this note is confidential."
    assert "Leaving" not in secrets.page("Reach out next")
    assert [r["reasons"] for r in secrets.json("related", "posts/Open.md") if r["title"] == "Diary"] == [[]]
    assert "posts/Diary.md" not in secrets.json("show", "Ada")["posts"]


def test_a_talk_told_in_a_confidential_day_counts_and_is_told_nowhere(secrets: VaultOnDisk) -> None:
    secrets.add("journal/2026-11-22.md", f"---\nconfidential: true\n---\n- {SECRET} [[Ada]] #got\n")
    told = secrets.json("show", "Ada")
    assert told["last_contact"] == "2026-11-22"
    assert "2026-11-22" not in [i["date"] for i in told["interactions"]]
    assert SECRET not in secrets.run("promises", "--today", "2026-11-23").out


@pytest.mark.parametrize("begin", ["", "x", "xyzzy"])
def test_no_secret_is_completed_on_the_command_line(secrets: VaultOnDisk, begin: str) -> None:
    with secrets.queries() as queries:
        for contacts_only in (True, False):
            found = find.names_that_begin(queries.index, begin, contacts_only=contacts_only)
            assert not any(SECRET in name for name in found)
            assert begin or found


def test_a_problem_of_a_private_line_is_told_with_its_place_and_without_a_word_of_it(
    secrets: VaultOnDisk,
) -> None:
    secrets.add("people/Bo.md", f"## Log\n- 2026-13-40 {SECRET} #private\n- 2026-13-41 open\n")
    told = [p for p in secrets.json("check")["problems"] if p["path"] == "people/Bo.md"]
    assert [(p["line"], p["code"]) for p in told] == [(2, "log-date"), (3, "log-date")]
    assert "2026-13-40" not in told[0]["what"] and '"2026-13-41"' in told[1]["what"]


@pytest.mark.parametrize(
    "line",
    [
        "confidential: true",
        "Confidential: yes",
        "confidental: true",
        "confidential: maybe",
        "confidential: true # #private",
    ],
)
def test_what_was_meant_to_be_guarded_is_guarded(vault: VaultOnDisk, line: str) -> None:
    for folder in ("people", "posts", "goals"):
        vault.add(f"{folder}/A {folder}.md", f"---\n{line}\ntopics: [{SECRET}]\n---\n{SECRET}\n")
    vault.reindex()
    assert SECRET not in "".join(p.read_text() for p in (vault.root / "reach-out").iterdir())
    assert SECRET not in vault.run("topics").out and vault.json("search", SECRET) == []


def test_whoever_ticks_or_logs_hears_no_secret(secrets: VaultOnDisk) -> None:
    """The commands that write tell what they did, and of a note no more than that."""
    for arguments in (
        ("log", "Ada", f"lunch: {SECRET} #private"),
        ("snooze", "Confidant", "2w"),
        ("log", "Confidant", f"call: {SECRET}"),
        ("set", "Confidant", "role", "baker"),
        ("done", "Ada"),
    ):
        run = secrets.run(*arguments)
        assert SECRET not in run.out + run.err


def test_a_rename_shows_no_private_line_beforehand(secrets: VaultOnDisk) -> None:
    refused = secrets.run("rename", "posts/Raise.md", "Ask for more", "--dry-run")
    assert "people/Confidant.md" in refused.err and SECRET not in refused.out + refused.err
    (secrets.root / "people/Confidant.md").write_text(f"---\nconfidential: true\n---\n{SECRET} [[Raise]]\n")
    run = secrets.run("rename", "posts/Raise.md", "Ask for more", "--dry-run")
    assert "people/Confidant.md:4\n" in run.out and "people/Ada.md:" in run.out
    assert SECRET not in run.out + run.err


@pytest.mark.parametrize("form", [(), ("--json",), ("--yes",)], ids=["words", "json", "yes"])
def test_the_inbox_offers_a_private_line_without_its_words(vault: VaultOnDisk, form: tuple[str, ...]) -> None:
    vault.add("people/Ada.md", "# Ada\n")
    vault.add(
        "Home.md",
        f"## Inbox\n\n- Ada: lunch, {SECRET} #private\n- nobody: {SECRET}\n  #private\n- Ada: tea\n",
    )
    run = vault.run("inbox", *form, "--today", "2026-11-23")
    assert run.code == 0 and "tea" in run.out and SECRET not in run.out + run.err


def test_that_a_post_came_up_with_somebody_confidential_is_not_told(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "---\nconfidential: true\n---\n## Log\n- 2026-11-02 call, see [[Tea]]\n")
    vault.add("people/Bea.md", "")
    vault.add("posts/Tea.md", "")
    vault.add("daily/2026-11-20.md", "- walk with [[Ada]] and [[Bea]], on [[Tea]]\n")
    vault.reindex()
    told = vault.page("Posts and people").partition("## Posts")[2]
    assert "Bea" in told and "20 Nov" in told
    assert not [
        line for line in told.splitlines() if line.startswith("- ") and "Ada.md" in line.partition(": ")[0]
    ]
    assert "2 Nov" not in told


@pytest.mark.parametrize("form", ["vcard", "csv", "json", "ics"])
def test_no_export_holds_a_secret(secrets: VaultOnDisk, form: str) -> None:
    file = secrets.root.parent / f"out.{form}"
    run = secrets.run("export", form, "--output", str(file), "--today", "2026-11-23")
    assert run.code == 0 and "1 confidential person is left out" in run.err
    data = file.read_bytes().decode()
    assert "Ada" in data and "Confidant" not in data and "xyzzy" not in data.lower() + run.err.lower()


@pytest.mark.parametrize("form", ["vcard", "csv", "json"])
def test_no_option_takes_a_private_line_out(secrets: VaultOnDisk, form: str) -> None:
    """Of somebody confidential the open fields leave when asked for, a private line or field never."""
    note = secrets.root / "people/Confidant.md"
    note.write_text(
        "---\nconfidential: true\nemail: open@example.org\n"
        f"role: {SECRET} # #private\n---\n- 2026-10-01 call: {SECRET} #private\n- [ ] {SECRET} #private\n"
    )
    run = secrets.run("export", form, "--with-confidential", "--today", "2026-11-23")
    assert "open@example.org" in run.out and "xyzzy" not in run.out.lower() + run.err.lower()


def test_no_calendar_of_the_settings_holds_a_secret(secrets: VaultOnDisk) -> None:
    secrets.add("mdmentor.toml", '[me]\nemployer = ["Engines"]\n[calendar]\nfile = "people.ics"\n')
    secrets.reindex()
    text = secrets.read("people.ics").replace("\r\n ", "")
    assert "send the paper" in text and "Confidant" not in text and "xyzzy" not in text.lower()
    assert "1 confidential person is left out" in text


@pytest.mark.parametrize("says", ["filetags: :private:", "tag: [person, private]"])
def test_a_tag_private_keeps_back_what_the_key_confidential_does(secrets: VaultOnDisk, says: str) -> None:
    for file in secrets.root.rglob("*.md"):
        file.write_text(file.read_text().replace("confidential: true", says))
    test_no_page_no_block_and_no_picture_tells_a_secret(secrets)
    for command in (*READING, "show Confidant", "related posts/Diary.md", "export csv", "export json"):
        run = secrets.run(*command.split(), "--today", "2026-11-23")
        assert run.code in (0, 1) and SECRET not in run.out + run.err, command
