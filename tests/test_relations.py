"""How notes relate to each other: the order of weight, and a reason in words for each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdmentor.core.model import CONTACT, POST
from mdmentor.core.relations import Evidence, relate
from tests.conftest import VaultOnDisk


def post(name: str, **facts: object) -> Evidence:
    found = Evidence(f"posts/{name}.md", POST, name)
    for fact, value in facts.items():
        assert hasattr(found, fact)
        setattr(found, fact, value)
    return found


def test_a_link_weighs_more_than_a_talk_and_that_more_than_a_topic_and_a_bare_name() -> None:
    told = relate(
        [
            post("named", is_mentioned=True),
            post("topic", topics=(("raise", 2),)),
            post("talk", days=(date(2026, 10, 14),)),
            post("link", links_there=True),
            post("nothing"),
        ],
        20,
        CONTACT,
    )
    assert [(r.title, r.reasons) for r in told] == [
        ("link", ("linked in their note",)),
        ("talk", ("came up on 14 Oct 2026",)),
        ("topic", ("about raise",)),
        ("named", ("named there without a link",)),
    ]


def test_a_rare_topic_weighs_more_than_a_common_one() -> None:
    told = relate([post("common", topics=(("work", 40),)), post("rare", topics=(("beekeeping", 2),))], 50)
    assert [r.title for r in told] == ["rare", "common"]


def test_links_both_ways_weigh_more_than_one() -> None:
    told = relate([post("one", links_here=True), post("both", links_here=True, links_there=True)], 2)
    assert [(r.title, r.reasons[0]) for r in told] == [
        ("both", "each links to the other"),
        ("one", "links here"),
    ]


facts = st.builds(
    post,
    st.sampled_from("abcdef"),
    links_there=st.booleans(),
    links_here=st.booleans(),
    days=st.lists(st.dates(), max_size=3).map(tuple),
    topics=st.lists(st.tuples(st.sampled_from(["x", "y"]), st.integers(2, 50)), max_size=2).map(tuple),
    is_mentioned=st.booleans(),
    is_named=st.booleans(),
)


@given(st.lists(facts, max_size=6, unique_by=lambda e: e.path), st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_does_not_matter(evidence: list[Evidence], random: object) -> None:
    told = relate(evidence, 50)
    random.shuffle(evidence)  # type: ignore[attr-defined]
    assert relate(evidence, 50) == told
    assert all(r.reasons and r.weight > 0 for r in told)


def test_the_index_finds_every_kind_of_evidence(vault: VaultOnDisk) -> None:
    vault.add(
        "people/Ada Lovelace.md", "---\nhelps_with: [raise]\n---\n## Log\n- 2026-10-14 call: see [[Talked]]\n"
    )
    vault.add("posts/Linked.md", "[[Ada Lovelace]]\n")
    vault.add("posts/Topic.md", "---\ntopics: [Raise]\n---\n")
    vault.add("posts/Talked.md", "")
    vault.add("posts/Together.md", "")
    vault.add("posts/Named.md", "as ada lovelace said\n")
    vault.add("posts/Other.md", "nothing of the kind\n")
    vault.add("2026-11-01.md", "- with [[Ada Lovelace]] about [[Together]]\n")
    told = {r["title"]: r["reasons"] for r in vault.json("related", "Ada Lovelace") if r["kind"] == "post"}
    assert told == {
        "Talked": ["linked in their note", "came up on 14 Oct 2026"],
        "Linked": ["links here", "named there without a link"][:1],
        "Together": ["came up on 1 Nov 2026"],
        "Topic": ["about raise"],
        "Named": ["named there without a link"],
    }


def related(vault: VaultOnDisk, note: str) -> dict[str, list[str]]:
    return {r["path"]: r["reasons"] for r in vault.json("related", note)}


@pytest.mark.parametrize(
    "text",
    [
        "As Ada Lovelace said.\n", "The Countess of Lovelace, they say.\n", "A **countess  of\nlovelace**.\n",
        "> Babbage-Byron,\n", "One of A. Byron's notes\n", "엄마 said 山田 was there\n", "Émilie knew\n", "Emilie\n",
    ],
)  # fmt: skip
def test_a_post_and_the_people_it_names_are_related_both_ways(vault: VaultOnDisk, text: str) -> None:
    vault.add(
        "people/Ada Lovelace.md",
        "---\naliases: [Countess of Lovelace, Babbage-Byron, A. Byron, 山田, Émilie]\n---\n",
    )
    vault.add("people/Bob.md", "---\naliases: [Bobby Tables]\n---\n")
    vault.add("posts/Engines.md", text)
    assert related(vault, "Ada Lovelace") == {"posts/Engines.md": ["named there without a link"]}
    assert related(vault, "Engines") == {"people/Ada Lovelace.md": ["named in this note without a link"]}


def test_a_person_whose_note_names_a_post_is_related_both_ways(vault: VaultOnDisk) -> None:
    vault.add("people/Ada.md", "## Log\n- 2026-10-14 call: she liked How to ask\n")
    vault.add("posts/x.md", "---\ntitle: Ask for a raise\naliases: [How to ask]\n---\n")
    assert related(vault, "Ada") == {"posts/x.md": ["named in their note without a link"]}
    assert related(vault, "posts/x.md") == {"people/Ada.md": ["named there without a link"]}


def test_names_on_both_sides_are_one_reason_and_a_link_makes_them_none(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "See Engines of old.\n")
    vault.add("posts/Engines of old.md", "By Ada Lovelace.\n")
    assert related(vault, "Ada") == {"posts/Engines of old.md": ["each names the other without a link"]}
    vault.add("posts/Engines of old.md", "By [[Ada Lovelace|Ada Lovelace]].\n")
    assert related(vault, "Ada") == {"posts/Engines of old.md": ["links here"]}


def test_a_name_on_a_private_line_or_in_our_own_block_names_nobody(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "---\naliases: [Countess]\n---\n")
    vault.add(
        "posts/Tea.md", "The Countess told me. #private\n\n<!-- mdmentor:related -->\n<!-- /mdmentor -->\n"
    )
    vault.add("posts/Raise.md", "---\nconfidential: true\n---\nThe Countess told me.\n")
    vault.reindex()
    for note in ("Tea", "Raise", "Ada Lovelace"):
        assert related(vault, note) == {}
    vault.add("people/Bea Smith.md", "---\nconfidential: true\naliases: [The Duchess]\n---\n")
    vault.add("posts/Tea.md", "The Duchess told me.\n")
    assert related(vault, "Tea") == {}


def test_a_mention_does_not_depend_on_how_many_there_are_or_when_they_came(vault: VaultOnDisk) -> None:
    vault.add("people/Ada Lovelace.md", "")
    for number in range(230):
        vault.add(f"notes/{number:03}.md", "Ada Lovelace again\n")
    assert len(vault.json("related", "Ada Lovelace", "-n", "1000")) == 230


def test_who_is_confidential_stands_under_no_post_and_no_goal(vault: VaultOnDisk) -> None:
    vault.add("people/Bea Smith.md", "---\nconfidential: true\nhelps_with: [tea]\n---\n")
    vault.add("people/Cem.md", "---\nhelps_with: [tea]\n---\n")
    vault.add("posts/Tea.md", "By Bea Smith, and [[Bea Smith]].\n")
    vault.add("goals/Sip.md", "---\ntopics: [tea]\n---\nAs Bea Smith does, and [[Bea Smith]].\n")
    vault.reindex()
    page = vault.page("Posts and people")
    assert "Cem" in page and "Bea" not in page
