"""`merge A into B`: two notes about one person become one, with all that either says, and the whole vault follows."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import VaultOnDisk, with_tick

A, B = "people/Ann Lee.md", "people/Anne Lee.md"


def merged(vault: VaultOnDisk, gone: str, kept: str, *options: str) -> str:
    """What the note at B says after the merge of two such notes."""
    vault.add(A, gone)
    vault.add(B, kept)
    run = vault.run("merge", A, "into", B, "--yes", *options)
    assert run.code == 0, run.err
    assert not (vault.root / A).exists()
    return vault.read(B)


def head(vault: VaultOnDisk, gone: str, kept: str, *options: str) -> str:
    """The front matter of the note at B after the merge of two such front matters, without the alias."""
    text = merged(vault, f"---\n{gone}---\n", f"---\n{kept}---\n", *options)
    text = text.removeprefix("---\n").removesuffix("---\n").removesuffix("aliases: [Ann Lee]\n")
    return text.removesuffix("aliases:\n- Ann Lee\n").removesuffix("aliases:\n  - Ann Lee\n")


def contents(vault: VaultOnDisk) -> dict[str, bytes]:
    return {
        file.relative_to(vault.root).as_posix(): file.read_bytes()
        for file in sorted(vault.root.rglob("*.md"))
        if "reach-out" not in file.parts
    }


def test_all_that_either_says_is_in_the_note(vault: VaultOnDisk) -> None:
    vault.add("people/Bob.md", "")
    gone = (
        '---\n# my friend\nname: Ann Lee\nemail: ann@x.example # home\ncompany: "Tarn"\nlast_contact: 2026-05-01\n'
        "birthday: 1985-10-14\nmood: 'a: b'\naliases: Annie\n---\n# Ann Lee\n\nShe likes tea, see [[Anne Lee]].\n\n"
        "## Notes\n\n- plays chess\n\n## Gespräche\n\n- 2026-03-01 call: hello\n- 2026-01-01 tea: start\n  - more\n"
    )
    kept = (
        "---\nemail:\n  - anne@x.example\nbirthday: 10-14 # spring\nintroduced_by: [[Bob]]\n---\n# Anne Lee\n\n"
        "Met at PyCon.\n\n## Log\n\n- 2026-02-02 coffee: with [[Bob]]\n- 2026-01-01 tea: start\n"
    )
    assert merged(vault, gone, kept) == (
        "---\n# my friend\nemail:\n  - anne@x.example\n  - ann@x.example # home\nbirthday: 1985-10-14 # spring\n"
        "introduced_by: [[Bob]]\ncompany: \"Tarn\"\nlast_contact: 2026-05-01\nmood: 'a: b'\n"
        "aliases:\n  - Annie\n  - Ann Lee\n---\n# Anne Lee\n\nMet at PyCon.\n\n## Log\n\n- 2026-03-01 call: hello\n"
        "- 2026-02-02 coffee: with [[Bob]]\n- 2026-01-01 tea: start\n  - more\n\n# Ann Lee\n\n"
        "She likes tea, see [[Anne Lee]].\n\n## Notes\n\n- plays chess\n"
    )


def test_without_yes_every_line_is_printed_and_none_written(vault: VaultOnDisk) -> None:
    vault.add(A, "---\nphone: 1234567\n---\n- 2026-01-02 tea: yes\n")
    vault.add(B, "## Log\n- 2026-01-01 tea: no\n")
    vault.add("Home.md", "See [[Ann Lee]].\n")
    before = contents(vault)
    run = vault.run("merge", "Ann Lee", "Anne Lee")
    assert run.code == 0 and contents(vault) == before
    for line in ("phone: 1234567", "- 2026-01-02 tea: yes", "Home.md:1: See [[Anne Lee]]."):
        assert line in run.out
    assert f"{A}: deleted" in run.out and "nothing changed" in run.err
    shown = json.loads(vault.run("merge", "Ann", "Lee", "INTO", "Anne", "Lee", "--json").out)
    assert shown["written"] == [] and contents(vault) == before
    written = json.loads(vault.run("merge", "Ann Lee", "Anne Lee", "--json", "--yes").out)["written"]
    assert written == shown["changes"] and contents(vault) != before
    assert {"path": "Home.md", "line": 1, "text": "See [[Anne Lee]]."} in written


def test_one_undo_gives_back_every_byte_and_redo_does_it_again(vault: VaultOnDisk) -> None:
    vault.add("Home.md", b"\xef\xbb\xbfSee [[Ann Lee]].\r\n")
    vault.add(A, b"---\r\nphone: 1\r\n---\r\ntext")
    vault.add(B, "")
    before = contents(vault)
    assert vault.run("merge", A, B, "--yes").code == 0
    after = contents(vault)
    vault.reindex()
    assert vault.run("undo").code == 0 and contents(vault) == before
    vault.reindex()
    assert vault.run("undo", "--redo").code == 0 and contents(vault) == after


def test_undo_gives_the_note_back_for_nobody_else_to_read(vault: VaultOnDisk) -> None:
    vault.add(A, "one\n")
    vault.add(B, "---\ntype: person\n---\n")
    (vault.root / A).chmod(0o600)
    assert vault.run("merge", A, B, "--yes").code == 0
    assert vault.run("undo").code == 0
    assert (vault.root / A).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("gone", "kept", "joined"),
    [
        ("email: a@x.org\n", "email: b@x.org\n", "email: [b@x.org, a@x.org]\n"),
        ("email: A@x.org\n", "email: [a@x.org, b@x.org]\n", "email: [a@x.org, b@x.org]\n"),
        ("emails: [a@x.org]\n", "email: b@x.org\n", "email: [b@x.org, a@x.org]\n"),
        ("tags: [a, b]\n", "tags:\n  - b # why\n  - c\n", "tags:\n  - b # why\n  - c\n  - a\n"),
        ("tags:\n- a\n- '#b'\n", "tags: [ b,c ] \n", "tags: [ b,c, a] \n"),
        ("phone: 020 7946 0000\n", "phone: +44 20 7946 0000\n", "phone: +44 20 7946 0000\n"),
        ("mobile: 12345678\n", "phone: 87654321\n", "phone: 87654321\nmobile: 12345678\n"),
        ("company: [Tarn]\n", "company: Alder\n", "company: [Alder, Tarn]\n"),
        ("company: tarn\n", "company: Tarn # new\n", "company: Tarn # new\n"),
        ("org: Tarn\n", "company:\nrole: x\n", "company: Tarn\nrole: x\n"),
        ("last_contact: 2026-05-01\n", "last_contact: 2026-04-01\n", "last_contact: 2026-05-01\n"),
        ("last_contacted: 2026-03-01\n", "last_contact: 2026-04-01\n", "last_contact: 2026-04-01\n"),
        ("met: 2019-05-01\n", "met: 2020-05-01\n", "met: 2019-05-01\n"),
        ("met: 2019-05-01\n", "met: at PyCon\n", "met: [at PyCon, 2019-05-01]\n"),
        ("source: boss\n", "source: friend\n", "source: [friend, boss]\n"),
        ("cadence: 30d\n", "cadence: 30\n", "cadence: 30\n"),
        ("confidential: true\n", "confidential: false\n", "confidential: true\n"),
        ("confidential: no\n", "confidential: yes\n", "confidential: yes\n"),
        ("contact: never\n", "contact: yes please\n", "contact: never\n"),
        ("snooze: 2027-01-01\n", "snooze: 2026-12-24\n", "snooze: 2027-01-01\n"),
        ("mine: 'x'\n# why\nyours: \"y\"\n", "# top\nmine: x\n", "# top\nmine: x\n# why\nyours: \"y\"\n"),
        ("role:\n# why\nwants: []\nmine: 1\n", "x: 1\n", "x: 1\n# why\nmine: 1\n"),
        ("company: null\nrole: '{{role}}'\n", "company:\nrole: x\n", "company:\nrole: x\n"),
        ("role: x\n", "role: <% role %>\n", "role: x\n"),
        ("aliases: X\n", "nickname: Y\n", "nickname: Y\naliases:\n  - X\n  - Ann Lee\n"),
        ("type: person\n", "type: contact\n", "type: contact\n"),
        ("title: Ann Lee\n", "role: boss\n", "role: boss\n"),
        (
            "interactions:\n- date: 2026-01-02\n  text: b\n- date: 2026-01-01\n",
            "interactions:\n  - date: 2026-01-01\n",
            "interactions:\n  - date: 2026-01-01\n  - date: 2026-01-02\n    text: b\n",
        ),
        ("phone: 11111111 #private\n", "phone: 22222222\n", "phone:\n  - 22222222\n  - 11111111 #private\n"),
        ("tags: [a,\n  b]\n", "tags: [c,\n  d]\n", "tags: [c,\n  d,\n  a,\n  b]\n"),
    ],
)  # fmt: skip
def test_keys_are_joined(vault: VaultOnDisk, gone: str, kept: str, joined: str) -> None:
    assert head(vault, gone, kept) == joined


@pytest.mark.parametrize(
    ("gone", "kept", "key"),
    [
        ("company: Tarn\n", "company: Alder\n", "company"),
        ("org: Tarn\n", "company: Alder\n", "company"),
        ("role: boss\n", "title: friend\n", "title"),
        ("birthday: 1985-10-14\n", "birthday: 1986-10-14\n", "birthday"),
        ("cadence: monthly\n", "cadence: yearly\n", "cadence"),
        ("introduced_by: x\n", "introduced_by: y\n", "introduced_by"),
        ("mine: x\n", "mine: y\n", "mine"),
        ("mine: {a: b}\n", "mine: {a: c}\n", "mine"),
        ("mine: |\n  x\n", "mine: |\n  y\n", "mine"),
    ],
)
def test_two_values_of_one_key_are_for_the_user_to_choose(
    vault: VaultOnDisk, gone: str, kept: str, key: str
) -> None:
    for options in ((), ("--yes",), ("--yes", "--json"), ("--json",)):
        vault.add(A, f"---\n{gone}---\n")
        vault.add(B, f"---\n{kept}---\n")
        before = contents(vault)
        run = vault.run("merge", A, B, *options)
        assert run.code == 1 and f"--take {key}=A|B" in run.err and bool(run.out) == (options != ("--yes",))
        assert contents(vault) == before
    assert gone.partition(":")[2] in head(vault, gone, kept, "--take", f"{key}=A")
    assert kept == head(vault, gone, kept, "--take", f"{key}=b")


def test_the_name_of_either_may_be_taken(vault: VaultOnDisk) -> None:
    merged(vault, "---\nname: Ann B. Lee\n---\n", "# Anne Lee\n", "--take", "name=A")
    (who,) = vault.json("contacts")
    assert who["name"] == "Ann B. Lee" and who["aliases"] == ["Ann Lee"]


@pytest.mark.parametrize(
    ("gone", "kept"),
    [
        ("- 2026-01-02 b\n", "## Log\n\n- 2026-01-01 a\n- 2026-01-03 c\n"),
        ("# Ann Lee\n\n### Verlauf\n* 2026-01-02 b\n", "# Log\n* 2026-01-03 c\n* 2026-01-01 a\n\n# More\n\nx\n"),
        ("## Chats\n\n- 2026-01-02 b\n", "- 2026-01-01 a\n- 2026-01-03 c\n"),
        ("## Log\n\n### 2026-01-02 b\n\nwords\n", "## Log\n\n### 2026-01-03 c\n\n### 2026-01-01 a\n"),
        ("  - 2026-01-02 b\n    more\n\n", "## Log\n- 2026-01-01 a\n\n- 2026-01-03 c\n"),
        ("## Log\n- 2026-01-02 b\n- 2026-01-01 a\n", "# Anne Lee\n\n## Log\n\n## Notes\n\n- 2026 was good\n"),
        ("## Log\n- 2026-01-02 b\n", "# Anne Lee\n"),
        ("## Log\n- 2026-01-02 b\n- 2025-12-31 z\n- 2024-01-01 y\n- 2024-02-01 y\n",
         "## Log\n\n### 2026\n\n- 2026-01-03 c\n- 2026-01-01 a\n\n### 2025\n\n- 2025-01-01 k\n"),
    ],
)  # fmt: skip
def test_logs_become_one_in_the_order_that_they_have(vault: VaultOnDisk, gone: str, kept: str) -> None:
    text = merged(vault, gone, kept)
    days = [i["date"] for i in vault.json("show", "Anne Lee")["interactions"]]
    body = text.rpartition("---\n")[2]
    shown = [line.strip(" \t-*#")[:10] for line in body.splitlines() if line.strip(" \t-*#")[:4].isdigit()]
    shown = [day for day in shown if len(day) == 10 and day[4] == "-"]
    assert shown in (sorted(shown), sorted(shown, reverse=True)) and sorted(shown) == sorted(days)
    assert "# Ann Lee" not in text, "there is no other text"


def test_a_log_whatever_it_is_called_comes_to_a_note_without_one_as_it_is(vault: VaultOnDisk) -> None:
    log = "### Chats\n\n- 2026-01-02 b\n- 2026-01-01 a\n"
    text = merged(vault, f"# Ann Lee\n\n{log}\n## More\n\nwords\n", "# Anne Lee\n")
    assert text.endswith(f"---\n# Anne Lee\n\n{log}\n# Ann Lee\n\n## More\n\nwords\n")


def test_no_line_of_a_log_is_there_twice(vault: VaultOnDisk) -> None:
    log = "## Log\n\n- 2026-01-03 c: x\n- 2026-01-01 a: y\n  and more\n"
    text = merged(vault, log, log + "\nWords.\n")
    assert text.endswith(log + "\nWords.\n")
    twice = "## Log\n\n- 2026-01-01 a\n- 2026-01-01 a\n"
    assert merged(vault, twice, "## Log\n\n- 2026-01-01 a\n").endswith("---\n" + twice)


def test_private_lines_stay_private_and_where_they_are(vault: VaultOnDisk) -> None:
    gone = (
        "## Log #private\n\n- 2026-01-01 secret\n\n## Log\n\n- 2026-01-02 open\n- 2026-01-03 hush #private\n"
    )
    text = merged(vault, gone, "## Log\n\n- 2026-01-01 a\n")
    assert "## Log #private\n\n- 2026-01-01 secret\n" in text
    out = json.dumps(vault.json("show", "Anne Lee"))
    assert "open" in out and "secret" not in out and "hush" not in out


@pytest.mark.parametrize("says", ["#private\n", "---\ntags: private\n---\n"])
def test_a_note_tagged_private_stays_confidential_below_another(vault: VaultOnDisk, says: str) -> None:
    vault.add(A, "---\ncompany: Tarn\n---\nopen words\n")
    vault.add(B, f"{says}\nsecret words\n")
    assert vault.run("merge", B, A, "--yes").code == 0
    assert vault.json("contacts")[0]["confidential"]


def test_a_confidential_note_is_quoted_nowhere(vault: VaultOnDisk) -> None:
    vault.add(A, "---\nconfidential: true\ncompany: Tarn\nphone: 1234567\n---\nwords\n")
    vault.add(B, "---\ncompany: Alder\n---\n")
    run = vault.run("merge", A, B)
    assert run.code == 1 and "Tarn" not in run.err and "--take company=A|B" in run.err
    run = vault.run("merge", A, B, "--take", "company=B", "--yes")
    assert run.code == 0 and "words" not in run.out and "1234567" not in run.out
    assert vault.json("contacts", "--private")[0]["confidential"]


def test_links_of_all_forms_follow_and_code_does_not(vault: VaultOnDisk) -> None:
    vault.add(A, "see [[Anne Lee|her]] and [notes](../Home.md#x)\n")
    vault.add(
        "crm/Anne Lee.md", "---\ntype: person\nintroduced_by: '[[Ann Lee]]'\n---\n[self](Anne%20Lee.md)\n"
    )
    vault.add(
        "Home.md",
        "[[Ann Lee]] [[people/Ann Lee|Alias]] ![[ann lee#Log]] [x](people/Ann%20Lee.md#h) [y][r] `[[Ann Lee]]`\n"
        "```\n[[Ann Lee]]\n```\n\n[r]: <people/Ann Lee.md>\n",
    )
    vault.add(
        "people/Cy.md",
        "---\nintroduced_by: [[Ann Lee]]\ndistinct_from: ['[[Ann Lee]]', '[[Anne Lee]]']\n---\n",
    )
    vault.add("people/Dee.md", "---\nintroduced_by: Ann Lee\n---\n")
    vault.add("2026-01-05.md", "---\ntype: meeting\nattendees: [Ann Lee, Cy]\n---\n")
    run = vault.run("merge", A, "crm/Anne Lee.md", "--yes")
    assert run.code == 0, run.err
    assert vault.read("Home.md") == (
        "[[Anne Lee]] [[crm/Anne Lee|Alias]] ![[Anne Lee#Log]] [x](crm/Anne%20Lee.md#h) [y][r] `[[Ann Lee]]`\n"
        "```\n[[Ann Lee]]\n```\n\n[r]: <crm/Anne Lee.md>\n"
    )
    assert (
        vault.read("people/Cy.md")
        == "---\nintroduced_by: [[Anne Lee]]\ndistinct_from: ['[[Anne Lee]]']\n---\n"
    )
    assert vault.read("people/Dee.md") == "---\nintroduced_by: Anne Lee\n---\n"
    assert "attendees: [Anne Lee, Cy]" in vault.read("2026-01-05.md")
    text = vault.read("crm/Anne Lee.md")
    assert "introduced_by" not in text, "nobody introduced themselves"
    assert "see [[Anne Lee|her]] and [notes](../Home.md#x)" in text
    assert not [p for p in vault.problems() if "no note" in p]


def test_two_notes_of_one_file_name(vault: VaultOnDisk) -> None:
    vault.add("people/Ann Lee.md", "one\n")
    vault.add("work/Ann Lee.md", "---\ntype: person\n---\ntwo\n")
    vault.add("Home.md", "[[people/Ann Lee]] [[work/Ann Lee|Ann]] [[Ann Lee]]\n")
    assert vault.run("merge", "people/Ann Lee.md", "work/Ann Lee.md", "--yes").code == 0
    assert vault.read("Home.md") == "[[work/Ann Lee]] [[work/Ann Lee|Ann]] [[Ann Lee]]\n"
    assert vault.read("work/Ann Lee.md") == "---\ntype: person\n---\ntwo\n\n## From people/Ann Lee\n\none\n"


def test_fields_in_the_text_take_part(vault: VaultOnDisk) -> None:
    gone = "email:: a@x.org\ncompany:: Tarn\n"
    vault.add(A, gone)
    vault.add(B, "---\nemail: b@x.org\ncompany: Alder\n---\n")
    assert vault.run("merge", A, B).code == 1
    assert merged(
        vault, gone, "---\nemail: b@x.org\ncompany: Alder\n---\n", "--take", "company=A"
    ).startswith("---\nemail: [b@x.org, a@x.org]\ncompany: Tarn\n") or vault.json("contacts")[0]["email"] == [
        "b@x.org",
        "a@x.org",
    ]
    (who,) = vault.json("contacts")
    assert who["email"] == ["b@x.org", "a@x.org"] and who["company"] == ["Tarn"]


def test_newlines_and_the_last_one_stay_as_they_are(vault: VaultOnDisk) -> None:
    vault.add(A, b"---\nphone: 1234567\n---\nunix\n")
    vault.add(B, b"\xef\xbb\xbf---\r\nmine: x\r\n---\r\n# Anne Lee\r\nold\nmac\r\nend")
    assert vault.run("merge", A, B, "--yes").code == 0
    assert (vault.root / B).read_bytes() == (
        b"\xef\xbb\xbf---\r\nmine: x\r\nphone: 1234567\r\naliases:\r\n  - Ann Lee\r\n---\r\n# Anne Lee\r\n"
        b"old\nmac\r\nend\r\n\r\n## Ann Lee\r\n\r\nunix"
    )


def test_what_is_refused(vault: VaultOnDisk) -> None:
    vault.add(A, "")
    vault.add(B, "")
    vault.add("Home.md", "")
    vault.add("people/Torn.md", "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n")
    vault.add("people/Broken.md", "---\na: [\n---\n")
    vault.add("people/Twice.md", "---\na: 1\na: 2\n---\n")
    before = contents(vault)
    for names, code, words in (
        ((A, A), 2, "both names mean"),
        ((A, "Nobody"), 2, "Nobody"),
        ((A, "Home"), 2, "Home"),
        ((A,), 2, "merge A into B"),
        ((A, "into", B, "into", B), 2, "merge A into B"),
        ((A, B, "--take", "company"), 2, "KEY=A"),
        ((A, B, "--take", "compny=A"), 2, "compny"),
        (("people/Torn.md", B), 4, "unfinished merge"),
        ((A, "people/Broken.md"), 4, "people/Broken.md"),
        (("people/Twice.md", B), 4, "twice"),
    ):
        run = vault.run("merge", *names, "--yes")
        assert (run.code, words in run.err) == (code, True), (names, run.code, run.err)
        assert contents(vault) == before
    assert vault.run("distinct", A, B).code == 0
    run = vault.run("merge", B, A, "--yes")
    assert run.code == 4 and "distinct" in run.err


def test_a_note_that_may_not_be_written_now_is_refused(vault: VaultOnDisk) -> None:
    vault.add(A, "x\n")
    vault.add(B, "y\n")
    lock = vault.root / "people/.#Ann Lee.md"
    lock.symlink_to("me@here")
    assert vault.run("merge", A, B, "--yes").code == 4
    lock.unlink()
    (vault.root / ".git").mkdir()
    (vault.root / ".git/MERGE_HEAD").write_text("")
    run = vault.run("merge", A, B, "--yes")
    assert run.code == 4 and "git" in run.err and vault.read(A) == "x\n"


def test_text_that_is_left_open_is_refused(vault: VaultOnDisk) -> None:
    vault.add(A, "- 2026-01-01 a [[Anne Lee]]\n\nwords\n")
    vault.add(B, "```\nnever closed\n")
    run = vault.run("merge", A, B, "--yes")
    assert run.code == 4 and "close what is left open" in run.err
    vault.add(A, "[x][r]\n\n[r]: https://a.example\n")
    vault.add(B, "[x][R]\n\n[R]: https://b.example\n")
    run = vault.run("merge", A, B, "--yes")
    assert run.code == 4 and "both notes say what [r] means" in run.err


# For any two notes

QUICK = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # each example is a vault, and takes too long to make small

DAYS = st.integers(1, 28).map("2026-10-{:02}".format)
ENTRIES = st.lists(
    st.builds("- {} {}: {}".format, DAYS, st.sampled_from(["call", "tea"]), st.sampled_from("abc")),
    max_size=5,
)
KEYS = {
    "email": st.sampled_from(["a@x.example", "[a@x.example, b@x.example]", "\n  - c@x.example # home"]),
    "tags": st.sampled_from(["one", "[one, two]", "\n- 'two'\n- three"]),
    "company": st.sampled_from(["Tarn", '"Tarn"', "[Tarn, Alder]"]),
    "last_contact": DAYS,
    "mine": st.sampled_from(["'x' # why", "x"]),
    "met": DAYS,
    "phone": st.sampled_from(["+44 20 7946 0000", "020 7946 0000", "555 1234567"]),
    "confidential": st.sampled_from(["true", "false"]),
    "snooze": st.just("2026-12-24"),
    "contact": st.just("never"),
}
HEADS = st.fixed_dictionaries({}, optional=KEYS)
TEXTS = st.lists(
    st.sampled_from(
        [
            "# {name}\n\nwords",
            "see [[Ann Lee]] and [b](Anne%20Lee.md) and ![[people/Ann Lee#x|her]]",
            "## Notes\n\n- one\n- [ ] send [[Bob]] the paper 📅 2026-12-01",
            "### Deeper\n\n```\n[[Ann Lee]]\n```",
            "hush #private",
            "## Secret #private\n\n- 2026-10-01 call: secret",
            "| date | what |\n|---|---|\n| 2026-10-02 | tea |",
            "Title\n=====\n\nbelow",
            "> quoted [[Anne Lee]]",
        ]
    ),
    unique=True,
    max_size=4,
)
LOGS = st.builds(
    lambda heading, entries, newest: "\n".join(
        [*([heading, ""] if heading else []), *sorted(entries, reverse=newest)]
    ),
    st.sampled_from(["", "## Log", "# Verlauf", "### Interactions", "## Chats"]),
    ENTRIES,
    st.booleans(),
)


@st.composite
def notes(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Front matter, text, log and newline of a note."""
    head = "".join(f"{key}: {value}\n" for key, value in draw(HEADS).items())
    text = "\n\n".join(draw(TEXTS))
    return f"---\n{head}---\n" if head else "", text, draw(LOGS), draw(st.sampled_from(["\n", "\r\n"]))


def built(note: tuple[str, str, str, str], name: str) -> bytes:
    head, text, log, newline = note
    parts = [part for part in (text.format(name=name), log) if part]
    return (head + "\n\n".join(parts) + ("\n" if parts else "")).replace("\n", newline).encode()


@contextlib.contextmanager
def new_vault() -> Iterator[VaultOnDisk]:
    home = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_TMPDIR")))
    try:
        vault = VaultOnDisk(home / "vault", home / "cache")
        vault.add("mdmentor.toml", "")
        vault.add(
            "people/Bob.md",
            "---\nintroduced_by: '[[Ann Lee]]'\n---\n[[Ann Lee|A]] [[Anne Lee]] `[[Ann Lee]]`\n",
        )
        vault.add(
            "2026-10-20.md", "- lunch with [[Ann Lee]] and [[people/Anne Lee]]\n- tea with [[Ann Lee]]\n"
        )
        yield vault
    finally:
        shutil.rmtree(home)


def targets(vault: VaultOnDisk) -> Counter[tuple[str, str]]:
    """Every link by the note that it is in and the note that it names, with A as B."""
    found = vault.json("links", "--private")
    return Counter((link["source"].replace(A, B), (link["target"] or "").replace(A, B)) for link in found)


def text_lines(text: str) -> Counter[str]:
    """The lines below the front matter that are more than a heading, with links to A as links to B."""
    body = re.sub(r"\A---\n.*?\n---\n", "", text.replace("\r\n", "\n"), flags=re.DOTALL)
    return Counter(line.strip() for line in body.splitlines() if line.strip() and not line.startswith("#"))


def with_links(text: str) -> str:
    """The text with each link to A naming B, but for those in code."""
    parts = re.split(r"(```\n.*?\n```)", text.replace("\r\n", "\n"), flags=re.DOTALL)
    return "".join(
        part if number % 2 else re.sub(r"(\[\[(?:people/)?)Ann Lee\b", r"\1Anne Lee", part)
        for number, part in enumerate(parts)
    )


@settings(max_examples=12, deadline=None, phases=QUICK)
@given(notes(), notes())
def test_no_line_and_no_link_is_lost_and_undo_gives_back_every_byte(
    gone: tuple[str, str, str, str], kept: tuple[str, str, str, str]
) -> None:
    with new_vault() as vault:
        vault.add(A, built(gone, "Ann Lee"))
        vault.add(B, built(kept, "Anne Lee"))
        before, links = contents(vault), targets(vault)
        ours, theirs = vault.read(B), vault.read(A)
        run = vault.run("merge", A, "into", B, "--yes")
        assert run.code == 0, run.err
        text = vault.read(B)
        wanted = text_lines(with_links(ours)) | text_lines(with_links(theirs))
        assert not wanted - text_lines(text), (wanted - text_lines(text), text)
        assert text_lines(text) <= text_lines(with_links(ours)) + text_lines(with_links(theirs))
        assert set(re.findall("[abc]@", gone[0] + kept[0])) <= set(re.findall("[abc]@", text))
        assert ("true" in gone[0] + kept[0]) == ("confidential: true" in text)
        assert ("never" in gone[0] + kept[0]) == ("never" in text)
        now = targets(vault)
        assert set(now) == set(links) and all(now[key] <= links[key] for key in now)
        assert not [p for p in vault.problems() if "[[Ann Lee" in p]
        assert vault.run("undo").code == 0 and contents(vault) == before
        assert vault.run("undo", "--redo").code == 0 and vault.read(B) == text
        assert vault.run("undo").code == 0 and contents(vault) == before


@settings(max_examples=8, deadline=None, phases=QUICK)
@given(HEADS, ENTRIES, st.data())
def test_pages_and_the_list_are_those_of_somebody_who_was_one_all_along(
    head: dict[str, str], entries: list[str], data: st.DataObject
) -> None:
    entries = sorted(
        {entry[:12]: entry for entry in entries}.values()
    )  # of two on one day either may be first
    has_key = {key: data.draw(st.booleans(), key) for key in head}
    has_entry = [data.draw(st.sampled_from("ab"), entry) for entry in entries]
    whole = "".join(f"{key}: {value}\n" for key, value in head.items())
    with new_vault() as one, new_vault() as two:
        one.add(B, f"---\n{whole}aliases: [Ann Lee]\n---\n## Log\n\n" + "".join(f"{e}\n" for e in entries))
        for path in ("people/Bob.md", "2026-10-20.md"):
            one.add(path, one.read(path).replace("[[Ann Lee", "[[Anne Lee"))
        for path, side in ((A, "a"), (B, "b")):
            keys = "".join(
                f"{key}: {value}\n" for key, value in head.items() if has_key[key] == (side == "a")
            )
            log = "".join(f"{e}\n" for e, s in zip(entries, has_entry, strict=True) if s == side)
            two.add(path, f"---\n{keys}---\n## Log\n\n{log}" if keys else f"## Log\n\n{log}")
        run = two.run("merge", A, "into", B, "--yes")
        assert run.code == 0, run.err
        two.cache = two.cache.with_name("fresh")
        assert shown(one) == shown(two)


def shown(vault: VaultOnDisk) -> dict[str, object]:
    """The pages, and what commands say of people; without the numbers of lines."""
    vault.reindex()
    pages = {
        file.relative_to(vault.root).as_posix(): re.sub(r":\d+\b", "", file.read_text(encoding="utf-8"))
        for file in (vault.root / "reach-out").rglob("*")
        if file.is_file() and file.name != "Problems.md"
    }
    answers = [
        vault.json(*words)
        for words in (("next",), ("contacts",), ("promises",), ("dates",), ("why", "Anne Lee"))
    ]
    return {**pages, "answers": re.sub(r'"line": \d+', "", json.dumps(answers))}


@pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals here")
def test_on_a_terminal_what_differs_is_asked(vault: VaultOnDisk) -> None:
    from tests.terminals import run_on_terminal

    vault.add(A, "---\nrole: cook\nlocation: Rome\n---\n")
    vault.add(B, "---\nrole: painter\nlocation: Oslo\n---\n")
    command = ("merge", A, B, "--vault", str(vault.root))
    asked = [('role: A "cook"', "a\n"), ("location:", "B\n")]
    terminal = run_on_terminal(vault, command, asked)
    assert terminal.end() == 0 and "--take location=B --take role=A --yes" in " ".join(
        terminal.output.split()
    )
    assert vault.read(B) == "---\nrole: painter\nlocation: Oslo\n---\n"
    assert run_on_terminal(vault, (*command, "--yes"), asked).end() == 0
    assert vault.read(B).startswith("---\nrole: cook\nlocation: Oslo\n")


def test_a_canvas_and_a_tick_that_waits_are_reported(vault: VaultOnDisk) -> None:
    vault.add(A, "---\ncadence: weekly\n---\n- 2026-01-01 tea: x\n")
    vault.add(B, "")
    vault.add("all.canvas", json.dumps({"nodes": [{"file": A}]}))
    assert "all.canvas names the old path too" in vault.run("merge", A, B).err
    vault.reindex()
    vault.add("reach-out/Reach out next.md", with_tick(vault.page("Reach out next")))
    run = vault.run("merge", A, B, "--yes", "--today", "2026-11-23")
    assert run.code == 4 and "mdmentor reindex" in run.err


@pytest.mark.parametrize("name", [A, B])
def test_a_note_that_vim_holds_is_not_merged_even_without_changes(vault: VaultOnDisk, name: str) -> None:
    vault.add(A, "one\n")
    vault.add(B, "two\n")
    swap = vault.add(name.replace("/", "/.") + ".swp", b"b0VIM 9.0".ljust(4096, b"\0"))
    before = contents(vault)
    run = vault.run("merge", A, "into", B, "--yes")
    assert run.code == 4 and f"{name}: the note is open in vim" in run.err
    assert contents(vault) == before
    swap.unlink()
    assert vault.run("merge", A, "into", B, "--yes").code == 0


@pytest.mark.parametrize(
    "key",
    [
        "base: &b {a: 1}\nother:\n  <<: *b",
        "more:\n  size: &s 1\n  width: *s",
        "kind2: !tag text",
        "more:\n  - &x one\n  - *x",
    ],
)
def test_anchors_and_tags_of_unknown_keys_stay_as_they_are(vault: VaultOnDisk, key: str) -> None:
    assert head(vault, f"{key}\n", "email: a@x.example\n") == f"email: a@x.example\n{key}\n"
    assert head(vault, "email: a@x.example\n", f"{key}\n") == f"{key}\nemail: a@x.example\n"


def test_with_yes_and_json_open_differences_are_a_document_too(vault: VaultOnDisk) -> None:
    vault.add(A, "---\nrole: x\n---\n")
    vault.add(B, "---\nrole: y\n---\n")
    before = contents(vault)
    run = vault.run("merge", A, "into", B, "--yes", "--json")
    found = json.loads(run.out)
    assert (run.code, found["written"], contents(vault)) == (1, [], before)
    assert found["differences"] == [{"key": "role", "a": "x", "b": "y"}]


@pytest.mark.parametrize("kept", ["", "## Log\n- 2026-01-08 tea: b\n", "words\n"])
def test_a_heading_of_its_own_is_in_the_note_though_nothing_is_left_below_it(
    vault: VaultOnDisk, kept: str
) -> None:
    text = merged(vault, "# My neighbour\n\n## Goals\n\n## Log\n- 2026-01-09 call: a\n", kept)
    assert "# My neighbour\n" in text and "## Goals\n" in text and text.count("## Log") == 1
