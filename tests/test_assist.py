"""What the assistance says about a few lines of text, asked directly, with a real index behind it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from mdmentor.core import serialize
from mdmentor.core.assist import display
from mdmentor.core.assist.actions import actions, fixes
from mdmentor.core.assist.buffer import Buffer
from mdmentor.core.assist.completion import complete
from mdmentor.core.edit import Edit, apply
from mdmentor.core.model import PAGE
from mdmentor.index import find
from tests.conftest import TODAY, VaultOnDisk, run_command

pytest.importorskip("pygls")
from mdmentor.lsp.session import Session  # needs pygls

MARTA = """---
aliases: [Märta]
company: Alder Grid
role: head of planning
cadence: 4 weeks
helps_with: [pay]
---
# Marta Lindqvist

## Log
- 2026-09-28 call: how to open [[Ask for a raise]]
- 2026-09-01 told me of his illness #private
- [ ] send the paper 📅 2026-11-26
"""


@pytest.fixture
def session(vault: VaultOnDisk) -> Iterator[Session]:
    vault.add("mdmentor.toml", '[me]\nemployer = ["Globex"]\n')
    vault.add("people/Marta Lindqvist.md", MARTA)
    vault.add("people/José Ruiz.md", "---\ncompany: Globex\n---\n# José Ruiz\n")
    vault.add(
        "people/Secret.md",
        "---\nconfidential: true\naliases: [Hush]\ncompany: Quiet\nhelps_with: [spying]\n---\n# Secret\n- 2026-11-01 said much\n",
    )
    vault.add("work/Jo Smith.md", "#person\n")
    vault.add("people/Jo Smith.md", "")
    vault.add(
        "posts/Ask for a raise.md",
        "---\ntopics: [pay]\n---\n# Ask for a raise\n\n## How to open\nSay it. ^first\n\n## Mine #private\nno\n",
    )
    vault.add("journal/2026-11-20.md", "- met [[José Ruiz]] #travel\n")
    vault.add("files/one page.pdf", b"x")
    with patch.dict(os.environ, {"MDMENTOR_CACHE": str(vault.cache)}):
        session = Session(str(vault.root.resolve()), lambda: TODAY)
        yield session
        session.close()


def offered(session: Session, path: str, marked: str) -> dict[str, str]:
    """What is offered at the bar: each label with its line after it was chosen."""
    at, text = marked.index("¦"), marked.replace("¦", "")
    found = complete(Buffer(path, text, session.settings), at, session)

    def line(edit: Edit) -> str:
        after = apply(text, [edit])
        return after[after.rfind("\n", 0, edit.start) + 1 :].split("\n")[0]

    return {one.label: line(Edit(one.start, one.end, one.text)) for one in found}


def test_a_name_is_offered_by_its_beginning_its_alias_and_without_accents(session: Session) -> None:
    found = offered(session, "a.md", "see [[ma¦")
    assert list(found.values()) == ["see [[Marta Lindqvist|Märta]]", "see [[Marta Lindqvist]]"]
    assert offered(session, "a.md", "see [[lindq¦]] and [[b]]") == {
        "Marta Lindqvist": "see [[Marta Lindqvist]] and [[b]]"
    }
    assert offered(session, "a.md", "[[jose¦") == {"José Ruiz": "[[José Ruiz]]"}
    assert offered(session, "a.md", "[[Jos¦|him]]") == {"José Ruiz": "[[José Ruiz|him]]"}
    assert offered(session, "a.md", "[[Jos¦#Log]]") == {"José Ruiz": "[[José Ruiz#Log]]"}
    assert offered(session, "a.md", "[[Jos¦ and [[Marta]]") == {"José Ruiz": "[[José Ruiz]] and [[Marta]]"}


def test_what_follows_the_link_stays(session: Session) -> None:
    assert offered(session, "a.md", "| [[ma¦ | x |\n")["Märta"] == "| [[Marta Lindqvist\\|Märta]] | x |"
    assert offered(session, "a.md", "[[ma¦ #tag [[x|y]]")["Märta"] == "[[Marta Lindqvist|Märta]] #tag [[x|y]]"
    assert offered(session, "a.md", "[[ma¦|her]] #x")["Märta"] == "[[Marta Lindqvist|her]] #x"
    assert offered(session, "a.md", "| [[ma¦\\|her]] |")["Märta"] == "| [[Marta Lindqvist\\|her]] |"


def test_two_of_one_name_get_their_paths(session: Session) -> None:
    found = complete(Buffer("a.md", "[[jo s", session.settings), 6, session)
    assert {one.text for one in found} == {"people/Jo Smith|Jo Smith]]", "work/Jo Smith|Jo Smith]]"}


@pytest.mark.parametrize(
    "text", ["`[[ma¦`", "```\n[[ma¦\n```", "%% [[ma¦ %%", "<!-- [[ma¦ -->", "    [[ma¦", "$$\n[[ma¦\n$$"]
)
def test_nothing_is_offered_where_no_link_can_be(session: Session, text: str) -> None:
    text = "words\n\n" + text
    assert offered(session, "a.md", text) == {}
    assert offered(session, "journal/2026-11-21.md", text.replace("[[", "@")) == {}


def test_an_at_sign_makes_a_link_in_lines_of_contact_alone(session: Session) -> None:
    wanted = {"@José Ruiz": "- lunch with [[José Ruiz]]"}
    assert offered(session, "journal/2026-11-21.md", "- lunch with @jos¦") == wanted
    assert offered(session, "people/New.md", "# New\n\n## Log\n- 2026-11-21 with @jos¦") == {
        "@José Ruiz": "- 2026-11-21 with [[José Ruiz]]"
    }
    assert offered(session, "people/New.md", "# New\n\nsome words @jos¦") == {}
    assert offered(session, "notes/a.md", "- lunch with @jos¦") == {}
    assert offered(session, "journal/2026-11-21.md", "- mail to me@jos¦") == {}
    assert offered(session, "journal/2026-11-21.md", "---\nx: @jos¦\n---\n") == {}


def test_headings_and_blocks_of_a_note_are_offered_but_for_private_ones(session: Session) -> None:
    assert list(offered(session, "a.md", "[[Ask for a raise#¦").values()) == [
        "[[Ask for a raise#Ask for a raise]]",
        "[[Ask for a raise#How to open]]",
    ]
    assert offered(session, "a.md", "[[Ask for a raise#^¦]]") == {"^first": "[[Ask for a raise#^first]]"}
    own = "# One\n\n## Mine #private\nno\n\n# Two\n[[#¦"
    assert list(offered(session, "a.md", own).values()) == ["[[#One]]", "[[#Two]]"]


def test_a_path_is_offered_encoded(session: Session) -> None:
    assert offered(session, "notes/a.md", "[x](ask¦") == {
        "../posts/Ask for a raise.md": "[x](../posts/Ask%20for%20a%20raise.md)"
    }
    assert offered(session, "a.md", "[x](one¦)") == {"files/one page.pdf": "[x](files/one%20page.pdf)"}


def test_front_matter_offers_the_keys_that_are_missing_as_the_note_spells_them(session: Session) -> None:
    found = offered(session, "people/New.md", "---\nLast Contact: 2026-01-01\nCompany: X\n¦\n---\n")
    assert found["Helps With"] == "Helps With: " and "Role" in found and "Company" not in found
    assert "Last Contact" not in found
    assert "introduced-by" in offered(session, "people/New.md", "---\nlast-contact: 2026-01-01\n¦\n---\n")
    assert "prm-tier" in offered(session, "people/New.md", "---\nprm-last-contacted: 2026-01-01\n¦\n---\n")
    assert "status" in offered(session, "x.md", "---\ntype: goal\n¦\n---\n")


def test_front_matter_offers_the_values_of_a_key(session: Session) -> None:
    assert list(offered(session, "people/New.md", "---\nmentor: ¦\n---\n")) == [
        "candidate", "catching-up", "asked-once", "ongoing", "past",
    ]  # fmt: skip
    assert offered(session, "people/New.md", "---\nsupport: ca¦\n---\n") == {"career": "support: career"}
    assert offered(session, "people/New.md", "---\nhelps_with: [x, p¦]\n---\n") == {
        "pay": "helps_with: [x, pay]"
    }
    assert offered(session, "people/New.md", "---\nhelps_with:\n  - p¦\n---\n") == {"pay": "  - pay"}
    assert list(offered(session, "people/New.md", "---\ncompany: ¦\n---\n")) == ["Alder Grid", "Globex"]
    assert "weekly" in offered(session, "people/New.md", "---\ncadence: ¦\n---\n")
    assert offered(session, "people/New.md", "---\nintroduced_by: jos¦\n---\n") == {
        "José Ruiz": 'introduced_by: "[[José Ruiz]]"'
    }
    assert offered(session, "people/New.md", '---\nintroduced_by: "[[jos¦"\n---\n') == {
        "José Ruiz": 'introduced_by: "[[José Ruiz]]"'
    }
    assert offered(session, "people/New.md", '---\nintroduced_by: "[[jos¦\n---\n') == {
        "José Ruiz": 'introduced_by: "[[José Ruiz]]"'
    }


def test_a_hash_offers_the_marks_in_lines_of_contact_and_then_tags(session: Session) -> None:
    found = list(offered(session, "journal/2026-11-21.md", "- met [[José Ruiz]] #¦"))
    assert found == [
        "#got",
        "#gave",
        "#thanked",
        "#sent",
        "#private",
        "#mention",
        "#waiting",
        "#person",
        "#travel",
    ]
    assert offered(session, "journal/2026-11-21.md", "- met [[José Ruiz]] #th¦") == {
        "#thanked": "- met [[José Ruiz]] #thanked"
    }
    assert list(offered(session, "notes/a.md", "words #¦")) == ["#person", "#travel"]


def card(session: Session, path: str, marked: str) -> str:
    at, text = marked.index("¦"), marked.replace("¦", "")
    found = display.hover(Buffer(path, text, session.settings), at, session)
    return found.text if found else ""


def test_a_link_to_a_person_shows_their_card(session: Session) -> None:
    text = card(session, "a.md", "[[Marta¦ Lindqvist]]")
    assert text.startswith("**Marta Lindqvist** · head of planning, Alder Grid")
    assert "call, 2026-09-28, 8 weeks ago" in text and "send the paper" in text and "Ask for a raise" in text
    assert "illness" not in text
    assert "works where you work" in card(session, "a.md", "[[José¦ Ruiz]]").lower()


def test_a_confidential_person_is_a_name_and_nothing_else(session: Session) -> None:
    assert card(session, "a.md", "[[Secret¦]]") == "**Secret**\n\nThe rest of this note is confidential."
    assert offered(session, "a.md", "[[hush¦") == {}
    assert "Quiet" not in offered(session, "people/New.md", "---\ncompany: ¦\n---\n")
    assert "spying" not in offered(session, "people/New.md", "---\nwants: ¦\n---\n")
    secret = session.buffer("people/Secret.md")
    assert [one.name for one in display.symbols(secret)] == ["Secret"]
    assert display.hints(secret, session) == []


def test_a_link_on_a_private_line_is_quoted_nowhere(session: Session) -> None:
    text = "# A\n- [[Hushplace]] #private\n"
    found = display.hover(Buffer("people/A.md", text, session.settings), text.index("place"), session)
    assert found and "Hush" not in found.text


def test_a_post_a_key_a_date_and_a_link_to_nothing_show_what_they_are(session: Session) -> None:
    assert "Marta Lindqvist" in card(session, "a.md", "[[Ask for¦ a raise]]")
    assert "candidate" in card(session, "people/New.md", "---\nmen¦tor: x\n---\n")
    assert card(session, "a.md", "by 2026-12-¦02") == "Wednesday, 2 December 2026, in 9 days"
    assert 'did you mean "Marta Lindqvist"' in card(session, "a.md", "[[Marta Lindqvst¦]]")


def test_the_title_says_where_the_tie_stands_and_a_promise_when_it_is_due(session: Session) -> None:
    buffer = session.buffer("people/Marta Lindqvist.md")
    assert [(buffer.line_at(hint.at), hint.text) for hint in display.hints(buffer, session)] == [
        (8, "last talk 8 weeks ago · due for 4 weeks"),
        (13, "in 3 days"),
    ]


def test_symbols_are_headings_and_entries_of_the_log_a_private_one_as_its_day(session: Session) -> None:
    assert [one.name for one in display.symbols(session.buffer("people/Marta Lindqvist.md"))] == [
        "Marta Lindqvist",
        "Log",
        "2026-09-28 call: how to open Ask for a raise",
        "2026-09-01",
    ]
    assert "Mine #private" not in [
        one.name for one in display.symbols(session.buffer("posts/Ask for a raise.md"))
    ]


def fixed(session: Session, path: str, text: str) -> list[tuple[str, bool]]:
    """Each fix of the note's problems as the text after it, and whether it is sure."""
    buffer = Buffer(path, text, session.settings)
    return [
        (apply(text, fix.edits), fix.is_sure)
        for problem in session.problems(buffer)
        for fix in fixes(buffer, problem, session)
    ]


TOPICS = ", ".join(f"topic{n}" for n in range(12))


@pytest.mark.parametrize(
    ("before", "after", "is_sure"),
    [
        ("see [[Märta]]", "see [[Marta Lindqvist|Märta]]", True),
        ("see [[Marta Lindqvst|her]]", "see [[Marta Lindqvist|her]]", False),
        ("---\ncadance: monthly\n---\n", "---\ncadence: monthly\n---\n", False),
        ("---\r\nmentor: ongoin\r\n---\r\n", "---\r\nmentor: ongoing\r\n---\r\n", False),
        ("---\ntags: a, b  # mine\n---\n", "---\ntags: [a, b]  # mine\n---\n", True),
        (f"---\ntags: {TOPICS}\n---\n", f"---\ntags: [{TOPICS}]\n---\n", True),
        ("---\nname: Ada\nrole: x\n\ntext\n", "---\nname: Ada\nrole: x\n---\n\ntext\n", True),
        ("---\nrole: boss: x\n---\n# X\n", '---\nrole: "boss: x"\n---\n# X\n', True),
        ('---\nrole: "x\n---\n# X\n', '---\nrole: "x"\n---\n# X\n', False),
        ("---\ntags: [a, b\n---\n# X\n", "---\ntags: [a, b]\n---\n# X\n", False),
        ("# X\n<!-- /mdmentor -->\nmore\n", "# X\nmore\n", True),
        (
            "---\nintroduced_by: [[Marta Lindqvist]]\n---\n",
            '---\nintroduced_by: "[[Marta Lindqvist]]"\n---\n',
            True,
        ),
    ],
)
def test_a_fix_puts_right_what_is_wrong_and_nothing_else(
    session: Session, before: str, after: str, is_sure: bool
) -> None:
    assert fixed(session, "people/New.md", before) == [(after, is_sure)]


def test_between_two_readings_of_a_day_both_are_offered(session: Session) -> None:
    found = fixed(session, "people/New.md", "---\nnext: 03/04/2027\n---\n")
    assert found == [
        ("---\nnext: 2027-04-03\n---\n", False),
        ("---\nnext: 2027-03-04\n---\n", False),
    ]


def done(session: Session, path: str, marked: str) -> dict[str, str]:
    at, text = marked.index("¦"), marked.replace("¦", "")
    buffer = Buffer(path, text, session.settings)
    return {one.title: apply(text, one.edits) for one in actions(buffer, at, at, session)}


def test_a_contact_can_be_logged_snoozed_thanked_and_a_promise_ticked(session: Session) -> None:
    text = "# Ada\n\n## Log\n- 2026-11-01 lunch #got\n- [ ] send it¦\n"
    found = done(session, "people/Ada.md", text)
    assert "- 2026-11-23" in found["Log a talk today"]
    assert "snooze: 2026-12-07" in found["Snooze for 2 weeks"]
    assert "#thanked" in found["Mark as thanked"]
    assert "- [x] send it ✅ 2026-11-23\n" in found["Tick the promise: send it"]  # as `done` writes it


@pytest.mark.parametrize(
    ("line", "thanked"),
    [
        ("| 2026-11-01 | lunch #got |", "| 2026-11-01 | lunch #got #thanked |"),
        ("- 2026-11-01 lunch #got ^id", "- 2026-11-01 lunch #got #thanked ^id"),
        ("- 2026-11-01 lunch #got", "- 2026-11-01 lunch #got #thanked"),
    ],
)
def test_thanks_are_marked_where_they_are_read(session: Session, line: str, thanked: str) -> None:
    text = f"# Ada\n\n| Date | What |\n|---|---|\n{line}¦\n"
    after = done(session, "people/Ada.md", text)["Mark this as thanked"]
    assert after == text.replace(f"{line}¦", thanked)
    (talk,) = Buffer("people/Ada.md", after, session.settings).note.interactions
    assert "thanked" in talk.marks


def test_what_was_got_is_marked_as_thanked_in_its_line_of_a_journal(session: Session) -> None:
    found = done(session, "journal/2026-11-21.md", "- lunch with [[José Ruiz]] #got¦\n- call [[José Ruiz]]\n")
    assert found == {
        "Mark this as thanked": "- lunch with [[José Ruiz]] #got #thanked\n- call [[José Ruiz]]\n"
    }


def test_a_name_in_the_text_becomes_a_link_unless_two_bear_it(session: Session) -> None:
    found = done(session, "a.md", "José¦ Ruiz and again José Ruiz and `José Ruiz`\n")
    assert found["Link José Ruiz to José Ruiz"] == "[[José Ruiz]] and again José Ruiz and `José Ruiz`\n"
    assert (
        found["Link all 2 of José Ruiz to José Ruiz"]
        == "[[José Ruiz]] and again [[José Ruiz]] and `José Ruiz`\n"
    )
    assert done(session, "a.md", "met Jo¦ Smith\n") == {}
    assert done(session, "a.md", "met Märta¦\n") == {
        "Link Märta to Marta Lindqvist": "met [[Marta Lindqvist|Märta]]\n"
    }


def test_addresses_in_front_matter_lead_somewhere(session: Session) -> None:
    text = (
        '---\nemail: a@b.org\nphone: "+44 20 7946"\nlinkedin: adal\nurl: ada.example/x\n---\n[[José Ruiz]]\n'
    )
    found = list(display.targets(Buffer("people/New.md", text, session.settings), session))
    assert [one.address for one in found[:4]] == [
        "mailto:a@b.org",
        "tel:+44207946",
        "https://www.linkedin.com/in/adal",
        "https://ada.example/x",
    ]
    assert found[4].path == "people/José Ruiz.md"


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+49 (0)30 1234567", "tel:+49301234567"),
        ("(415) 555-2671", "tel:4155552671"),
        ("(0)30 1234567", "tel:0301234567"),
    ],
)
def test_a_number_is_linked_as_it_is_dialled(session: Session, written: str, dialled: str) -> None:
    buffer = Buffer("people/Ada.md", f"---\nphone: {written}\n---\n", session.settings)
    assert [lead.address for lead in display.targets(buffer, session)] == [dialled]


@pytest.mark.parametrize("name", ["demo", "odd-notes"])
def test_problems_and_links_of_every_note_are_those_of_the_commands(tmp_path: Path, name: str) -> None:
    vault = VaultOnDisk(tmp_path / "vault", tmp_path / "cache")
    if name == "demo":
        assert run_command(vault.cache, "demo", str(vault.root)).code == 0
    else:
        shutil.copytree(Path(__file__).parent / "vaults" / name, vault.root, dirs_exist_ok=True)
        vault.add("mdmentor.toml", "")
        vault.add("people/Twin.md", "# Twin\n[[nobody]] [[Hush]]\n")
        vault.add("people/b/Twin.md", "# Twin\n[x](nowhere.md) ![[gone.png]] #private\n")
    problems, linked = vault.json("check")["problems"], vault.json("links")
    with patch.dict(os.environ, {"MDMENTOR_CACHE": str(vault.cache)}):
        session = Session(str(vault.root.resolve()), lambda: TODAY)
    paths = sorted({*find.note_paths(session.index)} - {*find.paths_of_kind(session.index, PAGE)})
    for path in paths:
        buffer = session.buffer(path)
        found = [serialize.problem(problem) for problem in session.problems(buffer)]
        assert sorted(map(str, found)) == sorted(str(p) for p in problems if p["path"] == path)
        shown = [link for link in buffer.links() if link.line not in buffer.hidden]
        assert sorted(
            (one.line, one.column, one.raw, str(session.resolve(one, path))) for one in shown
        ) == sorted(
            (one["line"], one["column"], one["raw"], str(one["target"]))
            for one in linked
            if one["source"] == path
        )
    session.close()
    assert len(paths) > 8
