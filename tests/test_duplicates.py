"""`duplicates` and `distinct`: pairs that may be one person, and two people told apart for good."""

from __future__ import annotations

import builtins
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mdmentor.core.duplicates import find_pairs
from mdmentor.core.model import Birthday
from mdmentor.core.same_person import Identity
from tests.conftest import VaultOnDisk

TABLE = Path(__file__).with_name("pairs.txt")
FIELDS = {"email": "emails", "phone": "phones", "url": "urls", "company": "company", "alias": "aliases"}


def identity(path: str, text: str) -> Identity:
    """Somebody as the table writes them: `Ada Lovelace; email=ada@tarn.example; company=Tarn`."""
    name, *rest = text.split("; ")
    values: dict[str, Any] = {}
    for key, _, value in (part.partition("=") for part in rest):
        if key == "birthday":
            *year, month, day = map(int, value.split("-"))
            values[key] = Birthday(month, day, *year)
        else:
            values[FIELDS.get(key, key)] = value if key == "uid" else tuple(value.split(", "))
    return Identity(path, name, **values)


def golden_pairs() -> Iterator[tuple[str, str, str]]:
    """(wanted verdict, verdict, the line) of each pair of the table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            wanted, one, other = line.split(" | ")
            found = find_pairs([identity("a", one), identity("b", other)])
            yield wanted.strip(), found[0].verdict if found else "none", line


def test_the_golden_pairs() -> None:
    judged = list(golden_pairs())
    assert len(judged) >= 150
    assert not [line for wanted, verdict, line in judged if verdict == "same" != wanted]
    same = [verdict for wanted, verdict, _ in judged if wanted == "same"]
    assert same.count("same") >= 0.95 * len(same) and "none" not in same
    others = [line for wanted, verdict, line in judged if wanted != "same" and verdict != wanted]
    assert not others


@pytest.fixture
def crowd(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("people/Hans Müller.md", "---\nemail: h@tarn.example\n---\n")
    vault.add("people/Mueller, Hans.md", "---\nemail: H@tarn.example\n---\n")
    vault.add("people/Jon Smith.md", "---\ncompany: Tarn # since May\n---\n")
    vault.add("people/John Smith.md", "words\n")
    vault.add("people/Bob Stone.md", "---\nphone: +44 20 7946 0000\n---\n")
    vault.add(
        "people/Robert Stone.md",
        "---\nconfidential: true\nphone: 020 7946 0000\n---\n",
    )
    vault.add("people/Nobody Else.md", "")
    return vault


def pairs(vault: VaultOnDisk) -> list[tuple[str, str]]:
    return [(Path(pair["a"]).stem, Path(pair["b"]).stem) for pair in vault.json("duplicates")]


def test_pairs_come_with_their_evidence_the_likeliest_first(crowd: VaultOnDisk) -> None:
    first, second, third = crowd.json("duplicates")
    assert first == {
        "a": "people/Hans Müller.md",
        "b": "people/Mueller, Hans.md",
        "verdict": "same",
        "evidence": ["same e-mail address", "same name"],
    }
    assert second["verdict"] == "same"
    assert (third["a"], third["verdict"]) == ("people/John Smith.md", "unsure")
    shown = crowd.run("duplicates")
    assert "Hans Müller (people/Hans Müller.md) and Mueller, Hans" in shown.out
    assert "  the same: same e-mail address, same name\n" in shown.out
    assert "mdmentor distinct A B" in shown.err


def test_of_a_confidential_contact_the_evidence_is_not_said(crowd: VaultOnDisk) -> None:
    pair = crowd.json("duplicates")[1]
    assert (pair["b"], pair["evidence"]) == (
        "people/Robert Stone.md",
        ["nearly the same name", "confidential"],
    )


def test_pairs_are_no_groups(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Lee.md", "---\nemail: a@tarn.example\n---\n")
    vault.add("people/Ann Berg.md", "---\nemail: [a@tarn.example, b@tarn.example]\n---\n")
    vault.add("people/Ann Stone.md", "---\nemail: b@tarn.example\n---\n")
    assert sorted(pairs(vault)) == [("Ann Berg", "Ann Lee"), ("Ann Berg", "Ann Stone")]


def test_copies_of_sync_tools_are_no_pairs(vault: VaultOnDisk) -> None:
    for name in (
        "Ann Lee",
        "Ann Lee (conflicted copy 2026-11-22)",
        "Ann Lee.sync-conflict-20261122-101010-ABCDEFG",
    ):
        vault.add(f"people/{name}.md", "---\nname: Ann Lee\nemail: a@tarn.example\n---\n")
    assert vault.json("duplicates") == []
    assert vault.run("duplicates").out == "No two notes look like one person.\n"


def test_two_people_are_told_apart_for_good_and_on_any_machine(crowd: VaultOnDisk, tmp_path: Path) -> None:
    before = crowd.read("people/Jon Smith.md"), crowd.read("people/John Smith.md")
    run = crowd.run("distinct", "Jon Smith", "john smith")
    assert (run.code, run.out.splitlines()) == (
        0,
        [
            'people/Jon Smith.md:4: - "[[John Smith]]"',
            'people/John Smith.md:3: - "[[Jon Smith]]"',
        ],
    )
    assert "company: Tarn # since May\n" in crowd.read("people/Jon Smith.md")
    assert ("John Smith", "Jon Smith") not in pairs(crowd)
    other = VaultOnDisk(tmp_path / "other", tmp_path / "other-cache")
    shutil.copytree(crowd.root, other.root, dirs_exist_ok=True)
    assert ("John Smith", "Jon Smith") not in pairs(other)
    again = crowd.run("distinct", "John Smith", "Jon Smith")
    assert (again.code, again.out) == (0, "") and "nothing changed" in again.err
    assert crowd.run("rename", "John Smith", "Jack Smith").code == 0
    assert not [pair for pair in pairs(crowd) if "Jon Smith" in pair]
    assert crowd.run("undo").code == crowd.run("undo").code == 0
    assert (crowd.read("people/Jon Smith.md"), crowd.read("people/John Smith.md")) == before
    assert ("John Smith", "Jon Smith") in pairs(crowd)


def test_told_apart_in_one_note_is_told_apart(crowd: VaultOnDisk) -> None:
    crowd.add("people/John Smith.md", "---\ndistinct_from: '[[Jon Smith]]'\n---\n")
    assert ("John Smith", "Jon Smith") not in pairs(crowd)
    written = crowd.json("distinct", "Jon Smith", "John Smith")["written"]
    assert [line["path"] for line in written] == ["people/Jon Smith.md"]


def test_remove_takes_it_back_and_leaves_the_others(crowd: VaultOnDisk) -> None:
    before = crowd.read("people/John Smith.md")
    crowd.run("distinct", "Jon Smith", "Bob Stone")
    crowd.run("distinct", "Jon Smith", "John Smith")
    assert 'distinct_from:\n  - "[[Bob Stone]]"\n  - "[[John Smith]]"\n' in crowd.read("people/Jon Smith.md")
    written = crowd.json("distinct", "John Smith", "Jon Smith", "--remove")["written"]
    assert {line["path"] for line in written} == {"people/John Smith.md", "people/Jon Smith.md"}
    assert 'distinct_from:\n  - "[[Bob Stone]]"\n---' in crowd.read("people/Jon Smith.md")
    assert "distinct_from" not in crowd.read("people/John Smith.md") and before in crowd.read(
        "people/John Smith.md"
    )
    assert ("John Smith", "Jon Smith") in pairs(crowd)
    nothing = crowd.run("distinct", "John Smith", "Jon Smith", "--remove")
    assert nothing.code == 2 and "neither note says" in nothing.err


def test_two_notes_of_one_name_are_told_apart_by_path(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Lee.md", "")
    vault.add("work/people/Ann Lee.md", "---\ntype: person\n---\n")
    assert pairs(vault) == [("Ann Lee", "Ann Lee")]
    assert vault.run("distinct", "Ann Lee", "Ann Lee").code == 2
    assert vault.run("distinct", "people/Ann Lee.md", "work/people/Ann Lee.md").code == 0
    assert pairs(vault) == []
    assert vault.run("distinct", "people/Ann Lee", "work/people/Ann Lee", "--remove").code == 0
    assert pairs(vault) == [("Ann Lee", "Ann Lee")]


@pytest.mark.parametrize("names", [("Bob Stone", "Bob Stone"), ("Bob Stone", "Zzz"), ("Zzz", "Bob Stone")])
def test_nothing_is_written_for_one_person_or_nobody(crowd: VaultOnDisk, names: tuple[str, str]) -> None:
    before = crowd.read("people/Bob Stone.md")
    run = crowd.run("distinct", *names)
    assert (run.code, run.out) == (2, "") and crowd.read("people/Bob Stone.md") == before


def test_to_be_told_apart_relates_nobody(crowd: VaultOnDisk) -> None:
    crowd.run("distinct", "Jon Smith", "Bob Stone")
    assert crowd.json("related", "Jon Smith") == []
    crowd.add("people/Jon Smith.md", crowd.read("people/Jon Smith.md") + "\nA friend of [[Bob Stone]].\n")
    assert [one["path"] for one in crowd.json("related", "Jon Smith")] == ["people/Bob Stone.md"]


def test_without_the_extra_the_rest_is_found_and_it_is_said_once(
    crowd: VaultOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "rapidfuzz":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr(
        "mdmentor.cli.doors.find_spec", lambda name: None if name == "rapidfuzz" else object()
    )
    run = crowd.run("duplicates", "--json")
    assert run.code == 0 and "same e-mail address" in run.out and "John Smith" not in run.out
    assert len(re.findall("mdmentor\\[doors\\]", run.err)) == 1


def test_ten_thousand_people_in_seconds() -> None:
    people = [
        Identity(
            f"p{n}",
            f"First{n % 300} Last{n % 977}",
            emails=(f"p{n}@example.org",),
            phones=(f"+44 20 7{n:07}",),
        )
        for n in range(10_000)
    ]
    start = time.process_time()
    assert len(find_pairs(people)) < 10_000
    assert time.process_time() - start < 10


def hints(vault: VaultOnDisk) -> dict[str, tuple[str, str]]:
    """Path -> what and fix of each hint at the same person."""
    found = vault.json("check")["problems"]
    return {p["path"]: (p["what"], p["fix"]) for p in found if p["code"] == "same-person"}


def test_check_and_the_page_hint_at_the_same_person_until_told_apart(crowd: VaultOnDisk) -> None:
    assert hints(crowd) == {
        "people/Bob Stone.md": (
            '"Bob Stone" is probably the same person as people/Robert Stone.md',
            'make one note of them: mdmentor merge "people/Robert Stone.md" into "people/Bob Stone.md";'
            ' if they are two people: mdmentor distinct "people/Bob Stone.md" "people/Robert Stone.md"',
        ),
        "people/Hans Müller.md": (
            '"Hans Müller" is probably the same person as people/Mueller, Hans.md (same e-mail address, same name)',
            'make one note of them: mdmentor merge "people/Mueller, Hans.md" into "people/Hans Müller.md";'
            ' if they are two people: mdmentor distinct "people/Hans Müller.md" "people/Mueller, Hans.md"',
        ),
        "people/Mueller, Hans.md": (
            '"Mueller, Hans" is probably the same person as people/Hans Müller.md (same e-mail address, same name)',
            'make one note of them: mdmentor merge "people/Hans Müller.md" into "people/Mueller, Hans.md";'
            ' if they are two people: mdmentor distinct "people/Mueller, Hans.md" "people/Hans Müller.md"',
        ),
        "people/Robert Stone.md": (
            '"Robert Stone" is probably the same person as people/Bob Stone.md',
            'make one note of them: mdmentor merge "people/Bob Stone.md" into "people/Robert Stone.md";'
            ' if they are two people: mdmentor distinct "people/Robert Stone.md" "people/Bob Stone.md"',
        ),
    }
    crowd.reindex()
    assert "probably the same person as" in crowd.page("Problems")
    assert crowd.run("distinct", "Hans Müller", "Mueller, Hans").code == 0
    assert crowd.run("distinct", "Bob Stone", "Robert Stone").code == 0
    assert hints(crowd) == {}
    assert crowd.run("undo").code == 0
    assert [*hints(crowd)] == ["people/Bob Stone.md", "people/Robert Stone.md"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("phone: +44 20 7946 0000", "phone: [1, (020) 7946-0000]"),
        ("linkedin: https://www.linkedin.com/in/ann/", "url: linkedin.com/in/Ann"),
        ("uid: u1", "uid: u1"),
        ("company: Tarn", "company: Tarn Ltd."),
    ],
)
def test_whatever_makes_two_people_one_is_hinted_at(vault: VaultOnDisk, one: str, other: str) -> None:
    vault.add("people/Ann Lee.md", f"---\n{one}\n---\n")
    vault.add("people/x.md", f"---\nname: Ann Lee\n{other}\n---\n")
    assert [*hints(vault)] == ["people/Ann Lee.md", "people/x.md"]
    assert [pair["verdict"] for pair in vault.json("duplicates")] == ["same"]


def test_hints_are_looked_for_again_only_when_something_compared_has_changed(vault: VaultOnDisk) -> None:
    def rows() -> list[tuple[str, int]]:
        with vault.queries() as queries:
            found = "SELECT path, rowid FROM problem WHERE code = 'same-person' ORDER BY path"
            return queries.index.execute(found).fetchall()

    vault.add("people/Ann Lee.md", "---\nphone: +44 20 7946 0000\n---\n")
    vault.add("people/x.md", "---\nname: Ann Lee\nphone: +44 20 7946 0000\n---\n")
    assert [*hints(vault)] == ["people/Ann Lee.md", "people/x.md"]
    first = rows()
    vault.add("people/x.md", "---\nname: Ann Lee\nphone: +44 20 7946 0000\n---\n- 2026-01-02 call: hi\n")
    vault.add("notes/y.md", "[[Ann Lee]]\n")
    assert len(hints(vault)) == 2 and rows() == first
    vault.add("people/x.md", "---\nname: Ann Lee\nphone: +44 20 7946 1111\n---\n")
    assert hints(vault) == {}
    vault.add("people/x.md", "---\nname: Ann Lee\nphone: +44 20 7946 0000\n---\n")
    assert len(hints(vault)) == 2
    vault.add("people/x.md", "---\ntype: company\nphone: +44 20 7946 0000\n---\n")
    assert hints(vault) == {}


def test_a_note_that_another_link_now_means_hints_again(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Lee.md", "---\nuid: u1\ndistinct_from: '[[two]]'\n---\n")
    vault.add("people/two.md", "---\nuid: u1\n---\n")
    assert hints(vault) == {}
    vault.add("two.md", "")
    assert [*hints(vault)] == ["people/Ann Lee.md", "people/two.md"]
    (vault.root / "two.md").unlink()
    assert hints(vault) == {}


def test_who_may_be_the_same_is_no_problem(vault: VaultOnDisk) -> None:
    vault.add("people/Bob Lee.md", "---\nemail: info@tarn.example\n---\n")
    vault.add("people/Robert Lee.md", "---\nemail: info@tarn.example\n---\n")
    assert hints(vault) == {} and len(pairs(vault)) == 1


def test_fields_in_the_text_tell_two_people_apart_too(vault: VaultOnDisk) -> None:
    for name in ("Ann Lee", "Ann Roe"):
        vault.add(f"people/{name}.md", "email:: a@tarn.example\n")
    assert vault.run("distinct", "Ann Lee", "Ann Roe").code == 0
    assert vault.read("people/Ann Lee.md") == "email:: a@tarn.example\ndistinct_from:: [[Ann Roe]]\n"
    assert pairs(vault) == [] and hints(vault) == {} and vault.json("related", "Ann Lee") == []
    assert vault.run("distinct", "Ann Roe", "Ann Lee", "--remove").code == 0
    assert "distinct_from" not in vault.read("people/Ann Lee.md") + vault.read("people/Ann Roe.md")
    assert len(pairs(vault)) == 1
