"""No answer depends on the order in which the notes came in: an index kept for long answers like one made anew."""

from __future__ import annotations

import random

import pytest

from mdmentor.index import find, near
from tests.conftest import VaultOnDisk

COMMANDS = (
    ["next"], ["contacts"], ["mentors"], ["promises"], ["dates"], ["links"], ["topics"], ["check"], ["search", "tea"],
    ["search", "tea", "-n", "3"], ["backlinks", "posts/Tea.md"], ["related", "posts/Tea.md"], ["related", "people/P1.md"],
    ["show", "people/P1.md"], ["why", "people/P1.md"], ["show", "Pers"], ["log", "Persom 11", "call"],
)  # fmt: skip


def notes() -> dict[str, str]:
    """Notes that tie wherever an order could be left open: the same days, topics, titles and words."""
    found = {
        "posts/Tea.md": "---\ntopics: [tea]\n---\n# Tea for everybody\n\nWith [[P1]], [[P2]] and Person 7.\n"
    }
    for number in range(40):
        topic = ("tea", "Tea", "#tea")[number % 3]
        found[f"people/P{number}.md"] = (
            f"---\naliases: [Person {number}, Twin, TWIN]\nhelps_with: ['{topic}']\nbirthday: 11-24\n"
            f"introduced_by: '[[P{(number + 1) % 40}]]'\nmentor: ongoing\n---\n"
            f"reads Tea for everybody\n\n## Log\n- 2026-10-14 call: tea with [[P{(number + 2) % 40}]], [[Tea]] #got\n"
            f"- 2026-10-14 call: more tea\n- [ ] send tea 📅 2026-11-25\n"
        )
    # A talk of these days: whether one returns from an absence is the one thing that an index built anew cannot know.
    found["people/Q.md"] = "## Log\n- 2026-11-20 call: hello\n"
    for number in range(9):
        found[f"daily/2026-10-1{number}.md"] = "- tea with [[P1]] and [[P2]], see [[Tea]]\n- [[Missing]]\n"
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_are_those_of_an_index_made_anew(vault: VaultOnDisk, seed: int) -> None:
    chance = random.Random(seed)
    told = list(notes().items())
    chance.shuffle(told)
    for at in range(0, len(told), 6):
        for path, text in told[at : at + 6]:
            vault.add(path, text)
        vault.run("contacts", "--today", "2026-11-23")
    for path, text in told[:12]:  # out and in again
        (vault.root / path).unlink()
        vault.run("contacts", "--today", "2026-11-23")
        vault.add(path, text)
    fresh = VaultOnDisk(vault.root, vault.cache.with_name("fresh"))
    for command in COMMANDS:
        flags = ["--json", "--today", "2026-11-23"]
        kept, anew = vault.run(*command, *flags), fresh.run(*command, *flags)
        assert (kept.out, kept.err, kept.code) == (anew.out, anew.err, anew.code), command


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_names_that_differ_in_case_alone_are_offered_in_one_order(vault: VaultOnDisk, order: str) -> None:
    text = {"A": "---\naliases: [Twin, Twine]\n---\n", "B": "---\naliases: [TWIN]\n---\n"}
    for name in order:
        vault.add(f"people/{name}.md", text[name])
        vault.reindex()
    with vault.queries() as queries:
        assert find.names_that_begin(queries.index, "tw", contacts_only=True) == ["TWIN", "Twin", "Twine"]
        assert near.near_names(queries.index, "Twinn") == ["TWIN", "Twine"]
